//! The way of a recommendation: from members to the board, to the meeting, to the work.

use serde::{Deserialize, Serialize};

use super::{
    Participation, ParticipationCommand, ParticipationEvent, ParticipationId, ParticipationRefusal,
    StillThere, one_less,
};
use crate::evidence::Evidence;
use crate::ids::GroupId;
use crate::parameters::CodeList;
use crate::stream::Facts;
use crate::text::Code;

/// A recommendation that was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Recommendation {
    n_debates: u32,
    answer: Option<Answer>,
    /// Whether the meeting adopted it, once it has voted.
    adopted: Option<bool>,
    carried_out: bool,
}

/// What the board said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Answer {
    Validated,
    Amended,
    Rejected,
}

pub(super) fn make(
    group: Option<GroupId>,
    topic: Code,
    text: Evidence,
    facts: &Facts<Participation>,
) -> Result<ParticipationEvent, ParticipationRefusal> {
    if let Some(group) = group {
        require_known(group, facts)?;
    }
    facts.parameters.require_code(CodeList::Topic, topic, facts.effective_on)?;
    Ok(ParticipationEvent::RecommendationMade { group, topic, text })
}

impl Recommendation {
    pub(super) fn decide(
        &self,
        id: ParticipationId,
        command: &ParticipationCommand,
        facts: &Facts<Participation>,
    ) -> Result<ParticipationEvent, ParticipationRefusal> {
        use ParticipationCommand as C;
        use ParticipationEvent as E;
        Ok(match command {
            C::DebateRecommendation { group, minutes } => {
                self.require_unanswered(id)?;
                require_known(*group, facts)?;
                E::RecommendationDebated { group: *group, minutes: *minutes }
            }
            C::ValidateRecommendation { decision } => {
                self.require_unanswered(id)?;
                E::RecommendationValidated { decision: *decision }
            }
            C::AmendRecommendation { decision, text } => {
                self.require_unanswered(id)?;
                E::RecommendationAmended { decision: *decision, text: *text }
            }
            C::RejectRecommendation { decision, reason } => {
                self.require_unanswered(id)?;
                E::RecommendationRejected { decision: *decision, reason: *reason }
            }
            C::VoteRecommendation { meeting, resolution, adopted } => {
                self.require_accepted(id)?;
                if self.adopted.is_some() {
                    return Err(ParticipationRefusal::VotedAlready { id });
                }
                // A meeting that votes on what was done already would vote on nothing.
                self.require_not_carried_out(id)?;
                E::RecommendationVoted { meeting: *meeting, resolution: *resolution, adopted: *adopted }
            }
            C::CarryOutRecommendation { evidence } => {
                self.require_accepted(id)?;
                if self.adopted == Some(false) {
                    return Err(ParticipationRefusal::VotedDown { id });
                }
                self.require_not_carried_out(id)?;
                E::RecommendationCarriedOut { evidence: *evidence }
            }
            _ => unreachable!("commands are asked of what they are for"),
        })
    }

    pub(super) fn evolve(&mut self, event: &ParticipationEvent) {
        use ParticipationEvent as E;
        match event {
            E::RecommendationDebated { .. } => self.n_debates += 1,
            E::RecommendationValidated { .. } => self.answer = Some(Answer::Validated),
            E::RecommendationAmended { .. } => self.answer = Some(Answer::Amended),
            E::RecommendationRejected { .. } => self.answer = Some(Answer::Rejected),
            E::RecommendationVoted { adopted, .. } => self.adopted = Some(*adopted),
            E::RecommendationCarriedOut { .. } => self.carried_out = true,
            _ => unreachable!("events belong to what they happened to"),
        }
    }

    pub(super) fn void(&mut self, original: &ParticipationEvent) -> Result<StillThere, &'static str> {
        use ParticipationEvent as E;
        let went_on = self.adopted.is_some() || self.carried_out;
        match original {
            E::RecommendationMade { .. } => {
                if self.n_debates > 0 || self.answer.is_some() {
                    return Err("it was debated or answered since");
                }
                return Ok(StillThere(false));
            }
            // The board may have answered without a debate.
            E::RecommendationDebated { .. } => self.n_debates = one_less(self.n_debates)?,
            E::RecommendationValidated { .. }
            | E::RecommendationAmended { .. }
            | E::RecommendationRejected { .. } => {
                if went_on {
                    return Err("the meeting voted on it, or it was carried out since");
                }
                self.answer = None;
            }
            E::RecommendationVoted { .. } => {
                if self.carried_out {
                    return Err("it was carried out since");
                }
                self.adopted = None;
            }
            E::RecommendationCarriedOut { .. } => self.carried_out = false,
            _ => unreachable!("events belong to what they happened to"),
        }
        Ok(StillThere(true))
    }

    fn require_unanswered(&self, id: ParticipationId) -> Result<(), ParticipationRefusal> {
        let answer = match self.answer {
            None => return Ok(()),
            Some(Answer::Validated) => "validated",
            Some(Answer::Amended) => "amended",
            Some(Answer::Rejected) => "rejected",
        };
        Err(ParticipationRefusal::AnsweredAlready { id, answer })
    }

    fn require_accepted(&self, id: ParticipationId) -> Result<(), ParticipationRefusal> {
        match self.answer {
            Some(Answer::Validated | Answer::Amended) => Ok(()),
            Some(Answer::Rejected) => Err(ParticipationRefusal::Rejected { id }),
            None => Err(ParticipationRefusal::NotAnswered { id }),
        }
    }

    fn require_not_carried_out(&self, id: ParticipationId) -> Result<(), ParticipationRefusal> {
        match self.carried_out {
            true => Err(ParticipationRefusal::CarriedOutAlready { id }),
            false => Ok(()),
        }
    }
}

fn require_known(group: GroupId, facts: &Facts<Participation>) -> Result<(), ParticipationRefusal> {
    match facts.known.group_is_known {
        true => Ok(()),
        false => Err(ParticipationRefusal::UnknownGroup { group }),
    }
}
