//! How mandates are booked: unpaid, save the allowance that the general meeting voted.
//!
//! The allowance is a charge on 618 of the director, never a part of the result on 695, which stays
//! nothing. The pool bears it, as it bears all overheads.
//! Source: KB 28-06-2019 art. 6 §1; DOMAIN E16, F4 (6).

use domain::mandate::MandateEvent;

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(MandateEvent {
    CandidateProposed = "candidate.proposed" @ 1,
    Granted = "mandate.granted" @ 1,
    Renewed = "mandate.renewed" @ 1,
    Ended = "mandate.ended" @ 1,
    ConflictDeclared = "conflict.declared" @ 1,
    AllowanceVoted = "allowance.voted" @ 1,
    AllowancePaid = "allowance.paid" @ 1,
    Corrected = "mandate.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &MandateEvent) -> Result<Posting, UnknownRule> {
    use MandateEvent as E;
    match (event, revision) {
        (
            E::CandidateProposed { .. }
            | E::Granted { .. }
            | E::Renewed { .. }
            | E::Ended { .. }
            | E::ConflictDeclared { .. },
            1,
        ) => no_entry(Why::RightsOnly),
        (E::AllowanceVoted { .. }, 1) => no_entry(Why::DecisionOnly),
        // A meeting fee or an expense made good: a charge of the year in which it is paid.
        (E::AllowancePaid { person, amount, evidence, .. }, 1) => {
            Ok(Draft::new(Journal::Bank, Some(evidence.document), 2)
                .book(Account::DirectorsAllowances.of(*person), Account::Banks, *amount)
                .book(Account::Pool, Account::ProfitAndLoss, *amount)
                .done())
        }
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
