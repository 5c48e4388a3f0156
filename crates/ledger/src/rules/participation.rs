//! How taking part is booked: not at all.

use domain::participation::ParticipationEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(ParticipationEvent {
    GroupOpened = "group.opened" @ 1,
    GroupMet = "group.met" @ 1,
    GroupClosed = "group.closed" @ 1,
    RecommendationMade = "recommendation.made" @ 1,
    RecommendationDebated = "recommendation.debated" @ 1,
    RecommendationValidated = "recommendation.validated" @ 1,
    RecommendationAmended = "recommendation.amended" @ 1,
    RecommendationRejected = "recommendation.rejected" @ 1,
    RecommendationVoted = "recommendation.voted" @ 1,
    RecommendationCarriedOut = "recommendation.carried_out" @ 1,
    BodyElected = "body.elected" @ 1,
    AdviceGiven = "advice.given" @ 1,
    EthicsCaseOpened = "ethics_case.opened" @ 1,
    EthicsCaseConcluded = "ethics_case.concluded" @ 1,
    Corrected = "participation.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &ParticipationEvent) -> Result<Posting, UnknownRule> {
    use ParticipationEvent as E;
    match (event, revision) {
        // What a group, the board or the meeting wants costs nothing before somebody acts on it.
        (
            E::GroupOpened { .. }
            | E::GroupMet { .. }
            | E::GroupClosed { .. }
            | E::RecommendationMade { .. }
            | E::RecommendationDebated { .. }
            | E::RecommendationValidated { .. }
            | E::RecommendationAmended { .. }
            | E::RecommendationRejected { .. }
            | E::RecommendationVoted { .. }
            | E::RecommendationCarriedOut { .. }
            | E::BodyElected { .. }
            | E::AdviceGiven { .. }
            | E::EthicsCaseOpened { .. }
            | E::EthicsCaseConcluded { .. },
            1,
        ) => no_entry(Why::NoPecuniaryEffect),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
