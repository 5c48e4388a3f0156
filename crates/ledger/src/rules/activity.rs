//! How activities are booked: not at all; what they cost is, by the invoices of suppliers and the pay of staff.

use domain::activity::ActivityEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(ActivityEvent {
    Held = "activity.held" @ 1,
    PublicationReleased = "publication.released" @ 1,
    LegalCaseHandled = "legal_case.handled" @ 1,
    TrainingDayHeld = "training_day.held" @ 1,
    SurveyClosed = "survey.closed" @ 1,
    ArticlePublished = "article.published" @ 1,
    JobCreated = "job.created" @ 1,
    JobEnded = "job.ended" @ 1,
    AffiliationJoined = "affiliation.joined" @ 1,
    AffiliationLeft = "affiliation.left" @ 1,
    PlanApproved = "plan.approved" @ 1,
    PlanActionCarriedOut = "plan_action.carried_out" @ 1,
    StrategyAdopted = "strategy.adopted" @ 1,
    Corrected = "activity.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &ActivityEvent) -> Result<Posting, UnknownRule> {
    use ActivityEvent as E;
    match (event, revision) {
        // Counted for the special report; the money stands in the purchases and the pay behind it.
        (
            E::Held { .. }
            | E::PublicationReleased { .. }
            | E::LegalCaseHandled { .. }
            | E::TrainingDayHeld { .. }
            | E::SurveyClosed { .. }
            | E::ArticlePublished { .. }
            | E::JobCreated { .. }
            | E::JobEnded { .. }
            | E::AffiliationJoined { .. }
            | E::AffiliationLeft { .. }
            | E::PlanApproved { .. }
            | E::PlanActionCarriedOut { .. }
            | E::StrategyAdopted { .. },
            1,
        ) => no_entry(Why::NoPecuniaryEffect),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
