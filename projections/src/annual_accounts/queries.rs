//! The trial balance of a year, and the headings filled from it.

use domain::{Balance, Day, Year};
use ledger::{Account, Book, Side};
use serde::Serialize;

use super::layout::{Heading, Holds, LAYOUT, Statement, heading_of};
use crate::balances::trial_balance;
use crate::port::{ReadError, Reader, Times};

/// What an account held before a year, what the year moved, and what it holds after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AnnualRow {
    /// The account.
    pub account: Account,
    /// What it held on the eve of the year, positive on its normal side.
    pub opening: Balance,
    /// All that the year debited.
    pub debit: Balance,
    /// All that the year credited.
    pub credit: Balance,
    /// What it holds on the last day, positive on its normal side.
    pub closing: Balance,
}

/// A heading with its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadingRow {
    /// The heading.
    pub heading: &'static Heading,
    /// Its amount, positive on the heading's side.
    pub amount: Balance,
}

/// Balance sheet and result of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnualAccounts {
    /// Every heading, in the order of the model.
    pub rows: Vec<HeadingRow>,
}

/// Every account of a book that was moved in a year or before it, in the order of the chart.
///
/// The year ends on the day asked for when that comes first. Classes 6 and 7 open with what earlier
/// years left there, since only an entry empties an account.
pub fn annual_trial_balance(
    reader: &dyn Reader,
    book: Book,
    year: Year,
    times: Times,
) -> Result<Vec<AnnualRow>, ReadError> {
    let until = |last| Times { as_of: Some(times.as_of.map_or(last, |day| day.min(last))), ..times };
    let eve = Day::from_number(year.first_day().number() - 1);
    let before = eve.map_or(Ok(Vec::new()), |eve| trial_balance(reader, book, until(eve)))?;
    let after = trial_balance(reader, book, until(year.last_day()))?;
    // What was moved before the year was moved by its end, so every account before is one after.
    let mut before = before.into_iter().peekable();
    let row = |after: ledger::TrialRow| {
        let opened = before.next_if(|row| row.account == after.account);
        let (opening, debit, credit) =
            opened.map_or_else(Default::default, |row| (row.balance, row.debit, row.credit));
        let (debit, credit) = (after.debit - debit, after.credit - credit);
        AnnualRow { account: after.account, opening, debit, credit, closing: after.balance }
    };
    Ok(after.into_iter().map(row).collect())
}

/// Balance sheet on the last day of a year, and what the year brought in and cost.
pub fn annual_accounts(reader: &dyn Reader, year: Year, times: Times) -> Result<AnnualAccounts, ReadError> {
    let accounts = annual_trial_balance(reader, Book::General, year, times)?;
    let filled =
        |heading| HeadingRow { heading, amount: on_side(heading.side, credit_of(heading, &accounts)) };
    Ok(AnnualAccounts { rows: LAYOUT.iter().map(filled).collect() })
}

impl AnnualAccounts {
    /// The amount of a heading of the model.
    pub fn amount(&self, statement: Statement, code: &str) -> Option<Balance> {
        let is_asked = |row: &&HeadingRow| row.heading.statement == statement && row.heading.code == code;
        self.rows.iter().find(is_asked).map(|row| row.amount)
    }
}

/// What a heading sums, positive where credit outweighs debit.
fn credit_of(heading: &Heading, accounts: &[AnnualRow]) -> Balance {
    let sum = |counts: &dyn Fn(&Heading) -> bool, of: fn(&AnnualRow) -> Balance| -> Balance {
        let counted = accounts.iter().filter(|row| heading_of(row.account).is_some_and(counts));
        counted.map(|row| on_side(row.account.normal_side(), of(row))).sum()
    };
    let own = |other: &Heading| std::ptr::eq(other, heading);
    let of_result = |other: &Heading| other.statement == Statement::Result;
    let opening = |row: &AnnualRow| row.opening;
    let closing = |row: &AnnualRow| row.closing;
    match heading.holds {
        Holds::Accounts(_) if heading.statement == Statement::Result => {
            sum(&own, closing) - sum(&own, opening)
        }
        Holds::Accounts(_) => sum(&own, closing),
        Holds::Sum(codes) => {
            let of_part = LAYOUT.iter().filter(|other| other.statement == heading.statement);
            of_part.filter(|o| codes.contains(&o.code)).map(|other| credit_of(other, accounts)).sum()
        }
        Holds::CarriedForward(_) => sum(&own, closing) + sum(&of_result, closing),
        Holds::BroughtForward => {
            let carried = |other: &Heading| matches!(other.holds, Holds::CarriedForward(_));
            sum(&carried, closing) + sum(&of_result, opening)
        }
    }
}

/// A credit balance as its side shows it, or the other way round.
fn on_side(side: Side, balance: Balance) -> Balance {
    match side {
        Side::Debit => -balance,
        Side::Credit => balance,
    }
}
