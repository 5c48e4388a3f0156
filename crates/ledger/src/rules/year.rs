//! How events of a fiscal year are booked: not at all, until closing entries have events.

use domain::year::YearEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(YearEvent {
    Opened = "year.opened" @ 1,
    Closed = "year.closed" @ 1,
    Corrected = "year.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &YearEvent) -> Result<Posting, UnknownRule> {
    use YearEvent as E;
    match (event, revision) {
        (E::Opened { .. } | E::Closed {}, 1) => no_entry(Why::PeriodOnly),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
