//! How courses are booked: not at all; what is invoiced for them is.
//!
//! Source: DOMAIN F3 (course).

use domain::course::CourseEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(CourseEvent {
    Submitted = "course.submitted" @ 1,
    Validated = "course.validated" @ 1,
    Refused = "course.refused" @ 1,
    Listed = "course.listed" @ 1,
    Withdrawn = "course.withdrawn" @ 1,
    EnquiryReceived = "enquiry.received" @ 1,
    Corrected = "course.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &CourseEvent) -> Result<Posting, UnknownRule> {
    use CourseEvent as E;
    match (event, revision) {
        (E::Submitted { .. } | E::Refused { .. } | E::EnquiryReceived { .. }, 1) => {
            no_entry(Why::RequestOnly)
        }
        // From when until when training is exempt; the invoice that cites the course is booked.
        (E::Validated { .. } | E::Withdrawn { .. }, 1) => no_entry(Why::RuleOnly),
        (E::Listed { .. }, 1) => no_entry(Why::StatementOnly),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
