//! How events of a fiscal year are booked: what units have not spent, and what the year leaves.
//!
//! Deferring shifts income between two years and allocating shares the result out; neither makes any,
//! so both stand in the general ledger alone and the budget ledger does not see them. No rule here
//! knows an account of dividends.
//! Source: statutes art. 43; DOMAIN E16, F2 (year), I4.

use domain::year::YearEvent;

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(YearEvent {
    Opened = "year.opened" @ 1,
    Closed = "year.closed" @ 1,
    TestsRecorded = "tests.recorded" @ 1,
    UnitBalancesDeferred = "unit_balances.deferred" @ 1,
    UnitBalancesReversed = "unit_balances.reversed" @ 1,
    AccountsAudited = "accounts.audited" @ 1,
    AccountsApproved = "accounts.approved" @ 1,
    ResultAllocated = "result.allocated" @ 1,
    Corrected = "year.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &YearEvent) -> Result<Posting, UnknownRule> {
    use YearEvent as E;
    match (event, revision) {
        (E::Opened { .. } | E::Closed {}, 1) => no_entry(Why::PeriodOnly),
        (E::TestsRecorded { .. } | E::AccountsAudited { .. } | E::AccountsApproved { .. }, 1) => {
            no_entry(Why::RequestOnly)
        }
        // What clients paid for and units have not spent is no result of the cooperative.
        (E::UnitBalancesDeferred { amount }, 1) => Ok(Draft::new(Journal::Miscellaneous, None, 1)
            .book(Account::UnitBudgetsDeferred, Account::DeferredUnitBudgets, *amount)
            .done()),
        (E::UnitBalancesReversed { amount }, 1) => Ok(Draft::new(Journal::Miscellaneous, None, 1)
            .book(Account::DeferredUnitBudgets, Account::UnitBudgetsDeferred, *amount)
            .done()),
        // Profit goes to the reserves and is carried forward; a loss is only carried forward.
        (E::ResultAllocated { to_reserves, carried_forward, evidence, .. }, 1) => {
            let entry = Draft::new(Journal::Miscellaneous, Some(evidence.document), 2).book(
                Account::ToOtherReserves,
                Account::AvailableReserves,
                *to_reserves,
            );
            let entry = if carried_forward.is_negative() {
                entry.book(Account::LossBroughtForward, Account::LossCarriedForward, -*carried_forward)
            } else {
                entry.book(Account::ProfitCarriedForward, Account::ProfitBroughtForward, *carried_forward)
            };
            Ok(entry.done())
        }
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
