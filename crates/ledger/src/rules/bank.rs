//! How bank statements are booked: only what no other event books.
//!
//! Payments are booked on 550 by the events that make them, so a statement and a match book nothing. A
//! line that nobody knows, and one that gives a payment back, waits on 499; once it is matched, 499
//! returns to nothing, and what is left is the payment's own entry. A small difference is the pool's.
//! Source: DOMAIN C2 (customer paid, unmatched), F2 (invoice.paid; bank fee, difference, return).

use domain::bank::BankEvent;
use domain::money::Balance;

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(BankEvent {
    StatementImported = "statement.imported" @ 1,
    LineMatched = "line.matched" @ 1,
    LineUnmatched = "line.unmatched" @ 1,
    LineReturned = "line.returned" @ 1,
    Corrected = "bank.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &BankEvent) -> Result<Posting, UnknownRule> {
    use BankEvent as E;
    let (pool, result) = (Account::Pool, Account::ProfitAndLoss);
    Ok(match (event, revision) {
        (E::StatementImported { .. }, 1) => return no_entry(Why::StatementOnly),
        // What the line is was booked where it was paid.
        (E::LineMatched { released: Balance::ZERO, difference: Balance::ZERO, .. }, 1) => {
            return no_entry(Why::StatementOnly);
        }
        // Suspense gives back what it held for the line; what came in too much is income of the pool, and
        // what came in short a charge on it.
        (E::LineMatched { released, difference, evidence, .. }, 1) => {
            let (more, less) = match difference.is_negative() {
                true => (Balance::ZERO, -*difference),
                false => (*difference, Balance::ZERO),
            };
            Draft::new(Journal::Bank, Some(evidence.document), 3)
                .book(Account::Suspense, Account::Banks, *released)
                .book(Account::Banks, Account::SundryIncome, more)
                .book(Account::SundryCharges, Account::Banks, less)
                .book(result, pool, *difference)
                .done()
        }
        // The money is there or gone, and nobody knows why yet, or it has to be paid once more.
        (E::LineUnmatched { amount, evidence, .. } | E::LineReturned { amount, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::Banks, Account::Suspense, *amount)
                .done()
        }
        (E::Corrected(corrected), 1) => return correction(corrected, 1, post),
        (_, 0 | 2..) => return unknown(event, revision),
    })
}
