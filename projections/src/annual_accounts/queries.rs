//! The trial balance of a year, and the headings filled from it.

use domain::{Balance, Day, Year};
use ledger::{Account, Book, Side};

use super::layout::{Heading, Holds, LAYOUT, Statement, heading_of};
use crate::balances::trial_balance;
use crate::port::{ReadError, Reader, Times};

/// What an account held before a year, what the year moved, and what it holds after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Balance sheet on the last day of a year, and what the year brought in and cost: every heading, in
/// the order of the model.
pub fn annual_accounts(reader: &dyn Reader, year: Year, times: Times) -> Result<Vec<HeadingRow>, ReadError> {
    Ok(filled(&annual_trial_balance(reader, Book::General, year, times)?))
}

fn filled(accounts: &[AnnualRow]) -> Vec<HeadingRow> {
    let row = |heading| HeadingRow { heading, amount: on_side(heading.side, credit_of(heading, accounts)) };
    LAYOUT.iter().map(row).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An account that opened with so much and was moved by so much, in whole euros on its normal side.
    fn row(account: Account, opening: i64, moved: i64) -> AnnualRow {
        let euros = |n: i64| Balance::from_cents(n * 100);
        let (debit, credit) = match account.normal_side() {
            Side::Debit => (euros(moved), Balance::ZERO),
            Side::Credit => (Balance::ZERO, euros(moved)),
        };
        AnnualRow { account, opening: euros(opening), debit, credit, closing: euros(opening + moved) }
    }

    fn expect(accounts: &[AnnualRow], expected: &[(Statement, &str, &str)]) {
        let rows = filled(accounts);
        for (statement, code, amount) in expected {
            let is_asked =
                |row: &&HeadingRow| row.heading.statement == *statement && row.heading.code == *code;
            let found = rows.iter().find(is_asked).expect("the model has such a heading").amount;
            assert_eq!(found.to_string(), *amount, "{statement:?} {code}");
        }
    }

    #[test]
    fn an_appropriated_profit_goes_to_reserves_and_the_rest_is_carried_forward() {
        use Statement::{Assets, Liabilities, Result};
        // 100 brought forward; 50 earned, of which 10 go to the reserves and 40 are carried forward.
        let accounts = [
            row(Account::AvailableReserves, 0, 10),
            row(Account::ProfitBroughtForward, 100, 40),
            row(Account::Banks, 100, 50),
            row(Account::ToOtherReserves, 0, 10),
            row(Account::ProfitCarriedForward, 0, 40),
            row(Account::Sales, 0, 50),
        ];
        let expected = [
            (Assets, "20/58", "150.00"),
            (Liabilities, "13", "10.00"),
            (Liabilities, "14", "140.00"),
            (Liabilities, "10/49", "150.00"),
            (Result, "9905", "50.00"),
            (Result, "14P", "100.00"),
            (Result, "9906", "150.00"),
            (Result, "691/2", "10.00"),
            (Result, "14", "140.00"),
        ];
        expect(&accounts, &expected);
    }

    #[test]
    fn a_loss_that_nobody_appropriated_is_carried_forward_all_the_same() {
        use Statement::{Assets, Liabilities, Result};
        // 30 lost the year before and 5 in the year; 100 of contribution.
        let accounts =
            [row(Account::Contribution, 100, 0), row(Account::Banks, 70, -5), row(Account::Rent, 30, 5)];
        let expected = [
            (Assets, "20/58", "65.00"),
            (Liabilities, "14", "-35.00"),
            (Liabilities, "10/49", "65.00"),
            (Result, "61", "5.00"),
            (Result, "9904", "-5.00"),
            (Result, "14P", "-30.00"),
            (Result, "14", "-35.00"),
        ];
        expect(&accounts, &expected);
    }
}
