//! How offices and advisers are booked: not at all; rent and pay are, as overheads.

use domain::office::OfficeEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(OfficeEvent {
    Opened = "office.opened" @ 1,
    Closed = "office.closed" @ 1,
    AdviserAssigned = "adviser.assigned" @ 1,
    AdviserReleased = "adviser.released" @ 1,
    Corrected = "office.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &OfficeEvent) -> Result<Posting, UnknownRule> {
    use OfficeEvent as E;
    match (event, revision) {
        // Rent and pay are overheads of the structure.
        (E::Opened { .. } | E::Closed { .. } | E::AdviserAssigned { .. } | E::AdviserReleased { .. }, 1) => {
            no_entry(Why::NoPecuniaryEffect)
        }
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
