//! How events of the statutes are booked: not at all.

use domain::statutes::StatutesEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(StatutesEvent {
    LogOpened = "log.opened" @ 1,
    Adopted = "statutes.adopted" @ 1,
    ParameterPublished = "parameters.published" @ 1,
    CodePublished = "code.published" @ 1,
    Corrected = "statutes.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &StatutesEvent) -> Result<Posting, UnknownRule> {
    use StatutesEvent as E;
    match (event, revision) {
        // Opening balances, should there be any, are an event of their own.
        (E::LogOpened { .. }, 1) => no_entry(Why::PeriodOnly),
        (E::Adopted { .. } | E::ParameterPublished { .. } | E::CodePublished { .. }, 1) => {
            no_entry(Why::RuleOnly)
        }
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
