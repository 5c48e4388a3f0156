//! How meetings of the board are booked: not at all; what they decide is booked when it is carried out.

use domain::board::BoardEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(BoardEvent {
    Convened = "board.convened" @ 1,
    Met = "board.met" @ 1,
    Decided = "board.decided" @ 1,
    Corrected = "board.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &BoardEvent) -> Result<Posting, UnknownRule> {
    use BoardEvent as E;
    match (event, revision) {
        (E::Convened { .. } | E::Met { .. } | E::Decided { .. }, 1) => no_entry(Why::DecisionOnly),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
