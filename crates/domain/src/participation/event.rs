//! What can have happened where members take part.

use serde::{Deserialize, Serialize};

use crate::correction::{Correction, claims_of_correction};
use crate::dates::{Day, Hours};
use crate::envelope::{Claim, Kind};
use crate::evidence::Evidence;
use crate::ids::{BoardDecisionId, GroupId, MeetingId, ResolutionId};
use crate::kinds::kinds;
use crate::stream::StreamEvent;
use crate::text::{Code, ReasonCode};

/// What a body thinks of what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// It is in favour.
    Favourable,
    /// It is in favour, with reservations.
    WithReservations,
    /// It is against.
    Unfavourable,
}

/// What can have happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum ParticipationEvent {
    /// A group began: a Smart in Progress group, a SmartLab, a workers' assembly, a committee.
    #[serde(rename = "group.opened")]
    GroupOpened { kind: Code, topic: Code },
    /// It met.
    #[serde(rename = "group.met")]
    GroupMet { kind: Code, participants: u32, hours: Hours, minutes: Evidence },
    /// It ended.
    #[serde(rename = "group.closed")]
    GroupClosed { kind: Code, reason: ReasonCode },
    /// A recommendation was made, by a group or by members on their own.
    #[serde(rename = "recommendation.made")]
    RecommendationMade {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        topic: Code,
        text: Evidence,
    },
    /// A group debated it.
    #[serde(rename = "recommendation.debated")]
    RecommendationDebated { group: GroupId, minutes: Evidence },
    /// The board accepted it as it was made.
    #[serde(rename = "recommendation.validated")]
    RecommendationValidated { decision: BoardDecisionId },
    /// The board accepted it in other words.
    #[serde(rename = "recommendation.amended")]
    RecommendationAmended { decision: BoardDecisionId, text: Evidence },
    /// The board did not accept it.
    #[serde(rename = "recommendation.rejected")]
    RecommendationRejected { decision: BoardDecisionId, reason: ReasonCode },
    /// The general meeting voted on it.
    #[serde(rename = "recommendation.voted")]
    RecommendationVoted { meeting: MeetingId, resolution: ResolutionId, adopted: bool },
    /// What it asks for was done.
    #[serde(rename = "recommendation.carried_out")]
    RecommendationCarriedOut { evidence: Evidence },
    /// Staff elected a body, such as the works council.
    #[serde(rename = "body.elected")]
    BodyElected { kind: Code, seats: u32, term_ends_on: Day, minutes: Evidence },
    /// The body gave its advice.
    #[serde(rename = "advice.given")]
    AdviceGiven { topic: Code, opinion: Opinion, text: Evidence },
    /// A case was brought before the ethics committee.
    #[serde(rename = "ethics_case.opened")]
    EthicsCaseOpened { topic: Code, request: Evidence },
    /// The committee concluded it, with a recommendation or without.
    #[serde(rename = "ethics_case.concluded")]
    EthicsCaseConcluded {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recommendation: Option<Evidence>,
    },
    /// An earlier event was wrong.
    #[serde(rename = "participation.corrected")]
    Corrected(Correction<ParticipationEvent>),
}

kinds!(ParticipationEvent {
    GroupOpened = "group.opened" v 1,
    GroupMet = "group.met" v 1,
    GroupClosed = "group.closed" v 1,
    RecommendationMade = "recommendation.made" v 1,
    RecommendationDebated = "recommendation.debated" v 1,
    RecommendationValidated = "recommendation.validated" v 1,
    RecommendationAmended = "recommendation.amended" v 1,
    RecommendationRejected = "recommendation.rejected" v 1,
    RecommendationVoted = "recommendation.voted" v 1,
    RecommendationCarriedOut = "recommendation.carried_out" v 1,
    BodyElected = "body.elected" v 1,
    AdviceGiven = "advice.given" v 1,
    EthicsCaseOpened = "ethics_case.opened" v 1,
    EthicsCaseConcluded = "ethics_case.concluded" v 1,
    Corrected = "participation.corrected" v 1,
});

impl StreamEvent for ParticipationEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            // One document may hold several recommendations, one decision answer them all.
            Self::GroupOpened { .. }
            | Self::GroupMet { .. }
            | Self::GroupClosed { .. }
            | Self::RecommendationMade { .. }
            | Self::RecommendationDebated { .. }
            | Self::RecommendationValidated { .. }
            | Self::RecommendationAmended { .. }
            | Self::RecommendationRejected { .. }
            | Self::RecommendationVoted { .. }
            | Self::RecommendationCarriedOut { .. }
            | Self::BodyElected { .. }
            | Self::AdviceGiven { .. }
            | Self::EthicsCaseOpened { .. }
            | Self::EthicsCaseConcluded { .. } => Vec::new(),
        }
    }
}
