//! When a leaver goes and what a leaver gets; which years of use the shares cover.

use serde::{Deserialize, Serialize};

use crate::dates::{Day, Year};
use crate::money::Balance;

/// When a resignation filed on a day takes effect, and the last day on which it is paid.
///
/// Filed up to the end of the last month: the last day of that month this year, else of the next
/// year; payable within the month that follows. The day of acceptance plays no part, so a resignation
/// may have taken effect when it is accepted.
/// Source: WVV 6:120 §1 (default rule); DOMAIN E19, F5 11.
pub fn resignation_term(filed_on: Day, last_month: u32) -> (Day, Day) {
    let end_of = |year: Year| {
        let first = Day::try_new(i32::from(year.number()), last_month.clamp(1, 12), 1);
        first.expect("every month has a first day").month().last_day()
    };
    let this_year = end_of(filed_on.year());
    let leaves_on = if filed_on <= this_year { this_year } else { end_of(filed_on.year().next()) };
    (leaves_on, leaves_on.plus_days(1).month().last_day())
}

/// What a leaver gets: the least of what was paid in, its nominal value and its net-asset value.
///
/// Never less than nothing: net assets below zero are not the leaver's debt.
/// Source: WVV 6:120; KB 28-06-2019 art. 6 §1; statutes art. 20; DOMAIN F5 9.
pub fn separation_share(
    shares: u32,
    paid_in: Balance,
    nominal: Balance,
    net_assets_per_share: Balance,
) -> Balance {
    let ceiling = paid_in.min(nominal);
    // No more than the ceiling matters, and with it the product cannot overflow.
    ceiling.min(net_assets_per_share.max(Balance::ZERO).min(ceiling).multiplied(shares))
}

/// Years of use by one person, and whether the shares held cover them.
///
/// One share per calendar year of use: a year without use costs nothing.
/// Source: share duty, DOMAIN C1 and F5 12.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearsOfUse(u128);

impl YearsOfUse {
    /// The earliest year that can be noted.
    const FIRST: u16 = 1990;

    /// Notes a year of use.
    pub fn insert(&mut self, year: Year) {
        self.0 |= Self::bit(year);
    }

    /// How many years were used.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// How many more shares are needed to use the given year.
    pub fn shares_needed_for(self, year: Year, shares: u32) -> u32 {
        let years = (self.0 | Self::bit(year)).count_ones();
        years.saturating_sub(shares)
    }

    /// The last year that the shares cover when every year from the given one on is used.
    pub fn covered_until(self, from: Year, shares: u32) -> Option<Year> {
        let left = u16::try_from(shares.checked_sub(self.count())?).ok()?;
        (left > 0).then(|| Year::new(from.number() + left - 1))
    }

    fn bit(year: Year) -> u128 {
        1 << (year.number().saturating_sub(Self::FIRST)).min(127)
    }
}
