//! How grants are booked: passed on, or earned by own activity.
//!
//! A grant to pass on is owed to its beneficiary from the day it is received, and is nobody's income:
//! 489 of the beneficiary returns to nothing. A grant for own activity is claimed and deferred when it
//! is awarded in writing, and becomes income, with an owner, as the activity is carried out.
//! Source: DOMAIN C2, F2 (own grant, I7), E30.

use domain::grant::{GrantEvent, GrantKind};

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(GrantEvent {
    Announced = "grant.announced" @ 1,
    Received = "grant.received" @ 1,
    Recognised = "grant.recognised" @ 1,
    PassedOn = "grant.passed_on" @ 1,
    Returned = "grant.returned" @ 1,
    Corrected = "grant.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &GrantEvent) -> Result<Posting, UnknownRule> {
    use GrantEvent as E;
    use GrantKind::{Own, PassThrough};
    Ok(match (event, revision) {
        // What is to be passed on is no claim of the cooperative's.
        (E::Announced { kind: PassThrough { .. }, .. }, 1) => return no_entry(Why::PromiseOnly),
        // The award is a claim on the funder, and income of later work.
        (E::Announced { kind: Own { .. }, funder, amount, evidence, .. }, 1) => {
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 1)
                .book(Account::SundryReceivables.of(*funder), Account::DeferredIncome, *amount)
                .done()
        }
        // The funder pays; what is to be passed on is owed to the beneficiary at once.
        (E::Received { kind: PassThrough { beneficiary }, amount, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::Banks, Account::SundryPayables.of(*beneficiary), *amount)
                .done()
        }
        (E::Received { kind: Own { .. }, funder, amount, evidence }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::Banks, Account::SundryReceivables.of(*funder), *amount)
                .done()
        }
        // Work done makes it income: the unit's, less the contribution to the pool, as of an invoice.
        (E::Recognised { unit, amount, contribution, unit_share, evidence, .. }, 1) => {
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 3)
                .book(Account::DeferredIncome, Account::OperatingSubsidies, *amount)
                .book(Account::ProfitAndLoss, Account::UnitAvailable.of(*unit), *unit_share)
                .book(Account::ProfitAndLoss, Account::Pool, *contribution)
                .done()
        }
        // The beneficiary gets it.
        (E::PassedOn { beneficiary, amount, evidence }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::SundryPayables.of(*beneficiary), Account::Banks, *amount)
                .done()
        }
        // What is left goes back the way it came: no longer owed to the beneficiary, or no longer deferred.
        (E::Returned { kind, amount, evidence, .. }, 1) => {
            let from = match kind {
                PassThrough { beneficiary } => Account::SundryPayables.of(*beneficiary),
                Own { .. } => Account::DeferredIncome.total(),
            };
            Draft::new(Journal::Bank, Some(evidence.document), 1).book(from, Account::Banks, *amount).done()
        }

        (E::Corrected(corrected), 1) => return correction(corrected, 1, post),
        (_, 0 | 2..) => return unknown(event, revision),
    })
}
