//! What may be asked where members take part, and which rules can say no.

use serde::{Deserialize, Serialize};

use super::{Opinion, ParticipationId};
use crate::correction::{Correct, CorrectionRefused};
use crate::dates::{Day, Hours};
use crate::evidence::Evidence;
use crate::ids::{BoardDecisionId, GroupId, MeetingId, ResolutionId};
use crate::kinds::refusal_codes;
use crate::parameters::UnknownCode;
use crate::stream::YearNotOpen;
use crate::text::{Code, ReasonCode};

/// What may be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum ParticipationCommand {
    /// Open a group.
    OpenGroup { kind: Code, topic: Code },
    /// Record that it met.
    MeetGroup { participants: u32, hours: Hours, minutes: Evidence },
    /// Close it.
    CloseGroup { reason: ReasonCode },
    /// Record a recommendation.
    MakeRecommendation {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
        topic: Code,
        text: Evidence,
    },
    /// Record that a group debated it.
    DebateRecommendation { group: GroupId, minutes: Evidence },
    /// Record that the board accepted it as made.
    ValidateRecommendation { decision: BoardDecisionId },
    /// Record that the board accepted it in other words.
    AmendRecommendation { decision: BoardDecisionId, text: Evidence },
    /// Record that the board did not accept it.
    RejectRecommendation { decision: BoardDecisionId, reason: ReasonCode },
    /// Record what the general meeting resolved on it.
    VoteRecommendation { meeting: MeetingId, resolution: ResolutionId, adopted: bool },
    /// Record that it was carried out.
    CarryOutRecommendation { evidence: Evidence },
    /// Record the election of a body.
    ElectBody { kind: Code, seats: u32, term_ends_on: Day, minutes: Evidence },
    /// Record its advice.
    GiveAdvice { topic: Code, opinion: Opinion, text: Evidence },
    /// Bring a case before the ethics committee.
    OpenEthicsCase { topic: Code, request: Evidence },
    /// Record how the committee concluded.
    ConcludeEthicsCase {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recommendation: Option<Evidence>,
    },
    /// Correct an earlier event.
    Correct(Correct<ParticipationCommand>),
}

/// Which rules of participation can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum ParticipationRefusal {
    /// The key says what a stream is about.
    #[error("{id} is no {expected}")]
    OtherThing { id: ParticipationId, expected: &'static str },
    /// A thing begins once.
    #[error("{id} stands in the log already")]
    BegunAlready { id: ParticipationId },
    /// Nothing happens to what did not begin.
    #[error("{id} does not stand in the log")]
    NotBegun { id: ParticipationId },
    /// A group that has ended meets no more.
    #[error("{id} is closed")]
    GroupClosed { id: ParticipationId },
    /// A meeting has somebody in it and takes time.
    #[error("{participants} participants in {hours} hours: nobody met")]
    NobodyMet { participants: u32, hours: Hours },
    /// A recommendation comes from a group that exists, and is debated in one.
    #[error("group {group} was never opened")]
    UnknownGroup { group: GroupId },
    /// The board answers once, and ends the debate.
    #[error("the board has {answer} {id} already")]
    AnsweredAlready { id: ParticipationId, answer: &'static str },
    /// The meeting votes, and work begins, on what the board accepted.
    #[error("the board has not answered {id} yet")]
    NotAnswered { id: ParticipationId },
    /// What the board rejected goes no further.
    #[error("the board has rejected {id}")]
    Rejected { id: ParticipationId },
    /// The meeting votes once on a recommendation.
    #[error("the general meeting has voted on {id} already")]
    VotedAlready { id: ParticipationId },
    /// What the meeting voted down is not carried out.
    #[error("the general meeting has voted {id} down")]
    VotedDown { id: ParticipationId },
    /// What was carried out is done.
    #[error("{id} was carried out already")]
    CarriedOutAlready { id: ParticipationId },
    /// An elected body has seats.
    #[error("a body has at least 1 seat, found {seats}")]
    NoSeats { seats: u32 },
    /// A term ends after it begins.
    #[error("a term that begins on {elected_on} cannot end on {term_ends_on}")]
    TermEndsTooEarly { elected_on: Day, term_ends_on: Day },
    /// A case is concluded once.
    #[error("{id} was concluded already")]
    ConcludedAlready { id: ParticipationId },
    /// A code is not published.
    #[error(transparent)]
    UnknownCode(#[from] UnknownCode),
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(ParticipationRefusal {
    OtherThing = "participation.other_thing",
    BegunAlready = "participation.begun_already",
    NotBegun = "participation.not_begun",
    GroupClosed = "participation.group_closed",
    NobodyMet = "participation.nobody_met",
    UnknownGroup = "participation.unknown_group",
    AnsweredAlready = "participation.answered_already",
    NotAnswered = "participation.not_answered",
    Rejected = "participation.rejected",
    VotedAlready = "participation.voted_already",
    VotedDown = "participation.voted_down",
    CarriedOutAlready = "participation.carried_out_already",
    NoSeats = "participation.no_seats",
    TermEndsTooEarly = "participation.term_ends_too_early",
    ConcludedAlready = "participation.concluded_already",
    UnknownCode = "parameter.unknown_code",
});

impl ParticipationCommand {
    /// The group that it names, beside the stream; a correction names that of its replacement.
    pub fn names_group(&self) -> Option<GroupId> {
        match self {
            Self::MakeRecommendation { group, .. } => *group,
            Self::DebateRecommendation { group, .. } => Some(*group),
            Self::Correct(correct) => correct.replacement.as_deref().and_then(Self::names_group),
            _ => None,
        }
    }

    /// Of what it is asked, as in the keys.
    pub(super) const fn asks_of(&self) -> &'static str {
        match self {
            Self::OpenGroup { .. } | Self::MeetGroup { .. } | Self::CloseGroup { .. } => "group",
            Self::MakeRecommendation { .. }
            | Self::DebateRecommendation { .. }
            | Self::ValidateRecommendation { .. }
            | Self::AmendRecommendation { .. }
            | Self::RejectRecommendation { .. }
            | Self::VoteRecommendation { .. }
            | Self::CarryOutRecommendation { .. } => "recommendation",
            Self::ElectBody { .. } | Self::GiveAdvice { .. } => "body",
            Self::OpenEthicsCase { .. } | Self::ConcludeEthicsCase { .. } => "ethics_case",
            Self::Correct(_) => "thing",
        }
    }

    /// Whether a stream begins with it and only with it; a body is elected again and again.
    pub(super) const fn begins(&self) -> bool {
        matches!(self, Self::OpenGroup { .. } | Self::MakeRecommendation { .. } | Self::OpenEthicsCase { .. })
    }
}
