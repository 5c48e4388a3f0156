//! How numbers are booked: not at all; the documents that bear them are.

use domain::series::SeriesEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(SeriesEvent {
    NumberTaken = "number.taken" @ 1,
    Corrected = "series.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &SeriesEvent) -> Result<Posting, UnknownRule> {
    use SeriesEvent as E;
    match (event, revision) {
        (E::NumberTaken { .. }, 1) => no_entry(Why::NumberOnly),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
