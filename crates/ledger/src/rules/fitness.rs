//! How fitness is booked: not at all; examinations are billed as purchases.
//!
//! Source: DOMAIN F2 (medical), F3 (fitness).

use domain::fitness::FitnessEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(FitnessEvent {
    RiskDeclared = "risk.declared" @ 1,
    ExamRequired = "exam.required" @ 1,
    ExamPassed = "exam.passed" @ 1,
    ExamFailed = "exam.failed" @ 1,
    ExamExpired = "exam.expired" @ 1,
    AccidentReported = "accident.reported" @ 1,
    Corrected = "fitness.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &FitnessEvent) -> Result<Posting, UnknownRule> {
    use FitnessEvent as E;
    match (event, revision) {
        (E::RiskDeclared { .. } | E::ExamRequired { .. } | E::AccidentReported { .. }, 1) => {
            no_entry(Why::RequestOnly)
        }
        // It says which work a worker may do.
        (E::ExamPassed { .. } | E::ExamFailed { .. } | E::ExamExpired { .. }, 1) => no_entry(Why::RightsOnly),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
