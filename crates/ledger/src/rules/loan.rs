//! How loans to members are booked, as budget of a unit or in cash.
//!
//! An internal loan is an advance of budget inside one legal entity: the general ledger has nobody to
//! claim it from. In the budget ledger the loan pool falls below nothing by what it has lent, the unit
//! has it to spend, and an instalment goes the way back. What is given up is borne by the pool.
//!
//! A loan in cash is a claim of the general ledger: 416 for what falls due within a year, 2910 for the
//! rest, 417 once it is doubtful. It makes no result, so it may not touch an owner of the budget ledger:
//! a debit of `loan_pool` would need a second owner to credit, and the member's budget gets nothing.
//! So it is remembered in a memo pair, which leaves I1–I3 alone and is I6 by itself: `cash_loans` of a
//! borrower is what 416, 2910 and 417 hold of that borrower.
//! Source: DOMAIN C2, F2 (loans, I6), E29.

use domain::ids::PersonId;
use domain::loan::{LoanEvent, LoanKind, Receivable};

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::line::Line;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(LoanEvent {
    Requested = "loan.requested" @ 1,
    Granted = "loan.granted" @ 1,
    Refused = "loan.refused" @ 1,
    Disbursed = "loan.disbursed" @ 1,
    InstalmentDue = "instalment.due" @ 1,
    InstalmentPaid = "instalment.paid" @ 1,
    Rescheduled = "loan.rescheduled" @ 1,
    Doubtful = "loan.doubtful" @ 1,
    WrittenOff = "loan.written_off" @ 1,
    Repaid = "loan.repaid" @ 1,
    Corrected = "loan.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &LoanEvent) -> Result<Posting, UnknownRule> {
    use LoanEvent as E;
    Ok(match (event, revision) {
        (E::Requested { .. } | E::Refused { .. }, 1) => return no_entry(Why::RequestOnly),
        // Granted is not lent.
        (E::Granted { .. }, 1) => return no_entry(Why::PromiseOnly),
        (E::InstalmentDue { .. } | E::Repaid { .. }, 1) => return no_entry(Why::BookedWithLoan),

        // The pool lends budget to the unit.
        (E::Disbursed { kind: LoanKind::Internal { unit }, principal, evidence, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, Some(evidence.document), 1)
                .book(Account::LoanPool, Account::UnitAvailable.of(*unit), *principal)
                .done()
        }
        // Money leaves the bank and is owed by the borrower, nearer and farther parts apart.
        (E::Disbursed { kind: LoanKind::Cash, borrower, principal, receivable, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 3)
                .book(Account::SundryReceivables.of(*borrower), Account::Banks, receivable.within_year)
                .book(Account::ReceivablesLong.of(*borrower), Account::Banks, receivable.beyond_year)
                .book(Account::CashLoans.of(*borrower), Account::CashLoansControl, *principal)
                .done()
        }

        // The unit gives budget back.
        (E::InstalmentPaid { kind: LoanKind::Internal { unit }, amount, evidence, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, Some(evidence.document), 1)
                .book(Account::UnitAvailable.of(*unit), Account::LoanPool, *amount)
                .done()
        }
        // The borrower pays: the nearer claim is settled before the farther one, a doubtful one before
        // both. What was written down on it was lost by the pool, and comes back to the pool.
        (E::InstalmentPaid { kind: LoanKind::Cash, borrower, amount, receivable, evidence, .. }, 1) => {
            let Receivable { within_year, beyond_year, doubtful } = *receivable;
            Draft::new(Journal::Bank, Some(evidence.document), 6)
                .book(Account::Banks, Account::DoubtfulSundry.of(*borrower), doubtful)
                .book(Account::Banks, Account::SundryReceivables.of(*borrower), within_year)
                .book(Account::Banks, Account::ReceivablesLong.of(*borrower), beyond_year)
                .book(write_down(*borrower), Account::CurrentAssetWriteDownsReversed, doubtful)
                .book(Account::ProfitAndLoss, Account::Pool, doubtful)
                .book(Account::CashLoansControl, Account::CashLoans.of(*borrower), *amount)
                .done()
        }

        // Later days: what falls due beyond a year is claimed apart. Budget has no such split.
        (E::Rescheduled { kind: LoanKind::Internal { .. }, .. }, 1) => {
            return no_entry(Why::BookedWithLoan);
        }
        (E::Rescheduled { kind: LoanKind::Cash, borrower, moved_beyond_year, evidence, .. }, 1) => {
            let (long, short) =
                (Account::ReceivablesLong.of(*borrower), Account::SundryReceivables.of(*borrower));
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 1)
                .book(long, short, *moved_beyond_year)
                .done()
        }

        // The whole claim becomes doubtful and is written down; the pool bears the probable loss now.
        (E::Doubtful { borrower, outstanding, receivable, evidence, .. }, 1) => {
            let doubtful = Account::DoubtfulSundry.of(*borrower);
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 4)
                .book(doubtful, Account::SundryReceivables.of(*borrower), receivable.within_year)
                .book(doubtful, Account::ReceivablesLong.of(*borrower), receivable.beyond_year)
                .book(Account::CurrentAssetWriteDownsMade, write_down(*borrower), *outstanding)
                .book(Account::Pool, Account::ProfitAndLoss, *outstanding)
                .done()
        }

        // What the unit will not give back is borne by the pool; the loan pool is whole again.
        (E::WrittenOff { kind: LoanKind::Internal { .. }, amount, evidence, .. }, 1) => {
            Draft::new(Journal::BudgetOnly, Some(evidence.document), 1)
                .book(Account::Pool, Account::LoanPool, *amount)
                .done()
        }
        // The loss is final: it takes the place of the write-down, so the result and the pool, which bore
        // it when it became doubtful, stay as they are.
        (E::WrittenOff { kind: LoanKind::Cash, borrower, amount, evidence, .. }, 1) => {
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 3)
                .book(Account::LossOnCurrentAssets, Account::DoubtfulSundry.of(*borrower), *amount)
                .book(write_down(*borrower), Account::CurrentAssetWriteDownsReversed, *amount)
                .book(Account::CashLoansControl, Account::CashLoans.of(*borrower), *amount)
                .done()
        }

        (E::Corrected(corrected), 1) => return correction(corrected, 1, post),
        (_, 0 | 2..) => return unknown(event, revision),
    })
}

fn write_down(borrower: PersonId) -> Line {
    Account::SundryWriteDowns.of(borrower)
}
