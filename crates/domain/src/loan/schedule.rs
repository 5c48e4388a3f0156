//! When a loan is paid back: equal monthly instalments that sum to what is owed.

use serde::{Deserialize, Serialize};

use crate::dates::Day;
use crate::money::{Amount, Balance};

/// The most instalments of one schedule: thirty years, and what keeps its event small.
pub const INSTALMENTS_MAX: u32 = 360;

/// One part of what is owed, of a loan or by a client under a payment plan, and when it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// The day on which it falls due, the last one to pay it.
    pub due_on: Day,
    /// How much falls due.
    pub amount: Amount,
}

/// Splits what is owed into monthly instalments; the last takes what rounding down leaves.
///
/// Each falls due on the first one's day of the month, or on the month's last day where the month is
/// shorter: 31 January, 28 February, 31 March. Nothing when there are no instalments or more than
/// [`INSTALMENTS_MAX`], when one would be less than a cent, or when the last lies beyond the calendar.
///
/// Source: DOMAIN E29, F5 18.
pub fn schedule(owed: Amount, instalments: u32, first_due_on: Day) -> Option<Vec<Instalment>> {
    if !(1..=INSTALMENTS_MAX).contains(&instalments) {
        return None;
    }
    let part = owed.cents() / i64::from(instalments);
    let last = owed.cents() - part * i64::from(instalments - 1);
    (0..instalments)
        .map(|n| {
            let cents = if n + 1 == instalments { last } else { part };
            let due_on = first_due_on.plus_months(n)?;
            Some(Instalment { due_on, amount: Amount::from_cents(cents).ok()? })
        })
        .collect()
}

/// What falls due at most a year after the day; the rest is a receivable of more than a year.
///
/// Source: KB 29-04-2019 art. 3:89 (receivables of more than a year are shown apart); DOMAIN C2.
pub(super) fn within_a_year(schedule: &[Instalment], on: Day) -> Balance {
    let year_after = on.plus_months(12);
    let near = schedule.iter().filter(|part| year_after.is_none_or(|day| part.due_on <= day));
    near.map(|part| part.amount.balance()).sum()
}
