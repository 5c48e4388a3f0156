//! Belgian working days, by two named calendars.
//!
//! Social law counts Saturday as a working day, civil law does not; so a wage term and a payment
//! term that begin on the same day end on different ones. Bridge days and Good Friday count in both.
//! Source: Act 12-04-1965 art. 9 (wages); Civil Code art. 1.7 (terms); Act 04-01-1974 and
//! KB 18-04-1974 (the ten legal holidays). DOMAIN F5 13 and 14.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::dates::Day;

/// Which days of the week count as working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Monday to Saturday: terms of social law.
    Wage,
    /// Monday to Friday: terms of civil law, and the days on which banks settle.
    Civil,
}

impl Calendar {
    /// Whether the day is a working day in this calendar.
    pub fn works_on(self, day: Day) -> bool {
        let at_rest =
            matches!((self, day.naive().weekday()), (_, Weekday::Sun) | (Self::Civil, Weekday::Sat));
        !at_rest && !is_legal_holiday(day)
    }

    /// The `n`-th working day after the given day, which itself does not count.
    pub fn nth_working_day_after(self, day: Day, n: u32) -> Day {
        let mut found = day;
        for _ in 0..n {
            found = found.plus_days(1);
            while !self.works_on(found) {
                found = found.plus_days(1);
            }
        }
        found
    }

    /// The given day when it is a working day, else the last one before it.
    pub fn last_working_day_until(self, day: Day) -> Day {
        let mut found = day;
        while !self.works_on(found) {
            found = found.plus_days(-1);
        }
        found
    }
}

/// Whether the day is one of Belgium's ten legal holidays.
pub fn is_legal_holiday(day: Day) -> bool {
    let date = day.naive();
    let fixed = matches!(
        (date.month(), date.day()),
        (1, 1) | (5, 1) | (7, 21) | (8, 15) | (11, 1) | (11, 11) | (12, 25)
    );
    // Easter Monday, Ascension Day and Whit Monday, in days after Easter Sunday.
    fixed || matches!(date.signed_duration_since(easter_sunday(date.year())).num_days(), 1 | 39 | 50)
}

/// Easter Sunday of the Gregorian calendar.
///
/// Source: Anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).
fn easter_sunday(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    let part = |value: i32| u32::try_from(value).expect("Easter lies in March or April");
    NaiveDate::from_ymd_opt(year, part(month), part(day)).expect("Easter is a day")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    // DOMAIN F5 13: the wage term of seven working days, by both calendars.
    #[rstest]
    #[case::good_friday_counts("2025-04-17", "2025-04-26", "2025-04-29")]
    #[case::ascension_bridge_counts("2025-05-23", "2025-06-02", "2025-06-04")]
    #[case::first_of_may("2025-04-29", "2025-05-08", "2025-05-09")]
    #[case::christmas_and_new_year("2025-12-22", "2025-12-31", "2026-01-02")]
    fn seven_working_days_after_the_work(#[case] ends: &str, #[case] wage: &str, #[case] civil: &str) {
        assert_eq!(Calendar::Wage.nth_working_day_after(day(ends), 7), day(wage));
        assert_eq!(Calendar::Civil.nth_working_day_after(day(ends), 7), day(civil));
    }

    // DOMAIN F5 14: the bank does not work on the seventh day, so the order goes out the day before.
    #[test]
    fn a_term_that_ends_on_saturday_is_ordered_on_friday() {
        assert_eq!(Calendar::Civil.last_working_day_until(day("2025-04-26")), day("2025-04-25"));
    }

    #[rstest]
    #[case(2024, "2024-03-31")]
    #[case(2025, "2025-04-20")]
    #[case(2026, "2026-04-05")]
    #[case(2038, "2038-04-25")]
    fn easter_falls_on(#[case] year: i32, #[case] sunday: &str) {
        assert_eq!(easter_sunday(year), day(sunday).naive());
    }

    #[test]
    fn a_year_has_ten_legal_holidays() {
        let first = day("2025-01-01");
        assert_eq!((0..365).filter(|n| is_legal_holiday(first.plus_days(*n))).count(), 10);
    }
}
