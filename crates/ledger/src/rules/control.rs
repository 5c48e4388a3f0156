//! How checks are booked: not at all; what a finding changes is corrected where it was booked.

use domain::control::ControlEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(ControlEvent {
    Sampled = "check.sampled" @ 1,
    Opened = "check.opened" @ 1,
    Passed = "check.passed" @ 1,
    Failed = "check.failed" @ 1,
    Remedied = "check.remedied" @ 1,
    Corrected = "control.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &ControlEvent) -> Result<Posting, UnknownRule> {
    use ControlEvent as E;
    match (event, revision) {
        // A finding is put right by a correction of what was booked, which books itself.
        (
            E::Sampled { .. } | E::Opened { .. } | E::Passed { .. } | E::Failed { .. } | E::Remedied { .. },
            1,
        ) => no_entry(Why::NoPecuniaryEffect),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
