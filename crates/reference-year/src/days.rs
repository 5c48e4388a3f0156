//! The span of the generated log, as small day numbers: from 2024-01-01, which is day 0.
//!
//! The year before is the opening state; the run goes on into January 2026 so that the wages of
//! December are paid, and ends when the accounts are approved in June. Working days come from the domain's two calendars.

use domain::Day;
use domain::calendar::{Calendar, is_legal_holiday};

use crate::draw::narrow;

/// Days after 2024-01-01.
pub(crate) type Dx = u16;

/// 2024-12-31.
pub(crate) const LAST_OF_2024: Dx = 365;
/// 2025-01-01.
pub(crate) const FIRST_OF_2025: Dx = 366;
/// 2025-12-31.
pub(crate) const LAST_OF_2025: Dx = 730;
/// 2026-01-01.
pub(crate) const FIRST_OF_2026: Dx = 731;
/// 2026-01-12: the run of bookings ends; what follows closes the year.
pub(crate) const END: Dx = 742;
/// 2026-05-01.
pub(crate) const MAY_OF_2026: Dx = 851;
/// 2025-06-30: resignations filed in the first half-year take effect.
pub(crate) const HALF_OF_2025: Dx = 546;

/// First day of each month of 2025, and of January 2026.
pub(crate) const MONTHS: [Dx; 13] = [366, 397, 425, 456, 486, 517, 547, 578, 609, 639, 670, 700, 731];

/// Facts about the days of the span that are asked often.
pub(crate) struct Span {
    days: Vec<Day>,
    bank_day_until: Vec<Dx>,
    wage_days_after: Vec<[Dx; 4]>,
    /// Per month of 2025, as bits from the first day: Monday to Friday, without legal holidays.
    pub(crate) workdays: [u32; 12],
    /// As before, with Saturdays.
    pub(crate) workdays_and_saturdays: [u32; 12],
    /// Every day but legal holidays.
    pub(crate) all_days: [u32; 12],
}

impl Span {
    pub(crate) fn new() -> Self {
        let first = Day::try_new(2024, 1, 1).expect("a day");
        let dx = |day: Day| narrow::<i32, Dx>(day.number() - first.number());
        let days: Vec<Day> = (0..=i32::from(MAY_OF_2026) + 60).map(|n| first.plus_days(n)).collect();
        let bank = |day: &Day| dx(Calendar::Civil.last_working_day_until((*day).max(first.plus_days(1))));
        let wage = |day: &Day| [4, 5, 6, 7].map(|n| dx(Calendar::Wage.nth_working_day_after(*day, n)));
        let span_days = &days[..=usize::from(END) + 20];
        let mut span = Self {
            bank_day_until: span_days.iter().map(bank).collect(),
            wage_days_after: span_days.iter().map(wage).collect(),
            workdays: [0; 12],
            workdays_and_saturdays: [0; 12],
            all_days: [0; 12],
            days,
        };
        for month in 0..12 {
            for on in MONTHS[month]..MONTHS[month + 1] {
                let (day, bit) = (span.day(on), 1 << (on - MONTHS[month]));
                span.workdays[month] |= if Calendar::Civil.works_on(day) { bit } else { 0 };
                span.workdays_and_saturdays[month] |= if Calendar::Wage.works_on(day) { bit } else { 0 };
                span.all_days[month] |= if is_legal_holiday(day) { 0 } else { bit };
            }
        }
        span
    }

    /// The day with this number.
    pub(crate) fn day(&self, on: Dx) -> Day {
        self.days[usize::from(on)]
    }

    /// The same day of the month so many months later, or the last of a shorter month.
    pub(crate) fn months_after(&self, on: Dx, months: u32) -> Dx {
        let later = self.day(on).plus_months(months).expect("the reference year lies within the calendar");
        narrow(later.number() - self.days[0].number())
    }

    /// The last day until this one on which banks settle.
    pub(crate) fn bank_day_until(&self, on: Dx) -> Dx {
        self.bank_day_until[usize::from(on)]
    }

    /// The `n`-th working day after this one, as wage terms count; `n` from 4 to 7.
    pub(crate) fn wage_day_after(&self, on: Dx, n: u32) -> Dx {
        self.wage_days_after[usize::from(on)][usize::try_from(n - 4).expect("small")]
    }
}

/// The week of a day, from Monday; 2024-01-01 was one.
pub(crate) fn week(on: Dx) -> usize {
    usize::from(on / 7)
}

/// The days of a month's bits, in order.
pub(crate) fn days_of(month: u8, mut bits: u32) -> impl Iterator<Item = Dx> {
    let first = MONTHS[usize::from(month)];
    std::iter::from_fn(move || {
        (bits != 0).then(|| {
            let on = first + narrow::<u32, Dx>(bits.trailing_zeros());
            bits &= bits - 1;
            on
        })
    })
}

/// The first day of a month's bits, which must not be empty.
pub(crate) fn first_of(month: u8, bits: u32) -> Dx {
    MONTHS[usize::from(month)] + narrow::<u32, Dx>(bits.trailing_zeros())
}

/// The last day of a month's bits, which must not be empty.
pub(crate) fn last_of(month: u8, bits: u32) -> Dx {
    MONTHS[usize::from(month)] + narrow::<u32, Dx>(31 - bits.leading_zeros())
}
