//! Bodies elected by staff and their advice; cases before the ethics committee.

use serde::{Deserialize, Serialize};

use super::{
    Participation, ParticipationCommand, ParticipationEvent, ParticipationId, ParticipationRefusal,
    StillThere, one_less,
};
use crate::evidence::Evidence;
use crate::parameters::CodeList;
use crate::stream::Facts;
use crate::text::Code;

/// A body that was elected, perhaps several times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Body {
    n_elections: u32,
    n_advices: u32,
}

/// A case before the ethics committee.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct EthicsCase {
    concluded: bool,
}

/// A body stays in office until the next one is elected, so that its advice has no last day.
pub(super) fn of_body(
    command: &ParticipationCommand,
    facts: &Facts<Participation>,
) -> Result<ParticipationEvent, ParticipationRefusal> {
    let known = |list, code| facts.parameters.require_code(list, code, facts.effective_on);
    Ok(match command {
        ParticipationCommand::ElectBody { kind, seats, term_ends_on, minutes } => {
            let (kind, seats, term_ends_on, minutes) = (*kind, *seats, *term_ends_on, *minutes);
            known(CodeList::Body, kind)?;
            if seats == 0 {
                return Err(ParticipationRefusal::NoSeats { seats });
            }
            let elected_on = facts.effective_on;
            if term_ends_on <= elected_on {
                return Err(ParticipationRefusal::TermEndsTooEarly { elected_on, term_ends_on });
            }
            ParticipationEvent::BodyElected { kind, seats, term_ends_on, minutes }
        }
        ParticipationCommand::GiveAdvice { topic, opinion, text } => {
            known(CodeList::Topic, *topic)?;
            ParticipationEvent::AdviceGiven { topic: *topic, opinion: *opinion, text: *text }
        }
        _ => unreachable!("commands are asked of what they are for"),
    })
}

pub(super) fn open_case(
    topic: Code,
    request: Evidence,
    facts: &Facts<Participation>,
) -> Result<ParticipationEvent, ParticipationRefusal> {
    facts.parameters.require_code(CodeList::Topic, topic, facts.effective_on)?;
    Ok(ParticipationEvent::EthicsCaseOpened { topic, request })
}

impl Body {
    pub(super) const fn elected() -> Self {
        Self { n_elections: 1, n_advices: 0 }
    }

    pub(super) fn evolve(&mut self, event: &ParticipationEvent) {
        match event {
            ParticipationEvent::BodyElected { .. } => self.n_elections += 1,
            ParticipationEvent::AdviceGiven { .. } => self.n_advices += 1,
            _ => unreachable!("events belong to what they happened to"),
        }
    }

    pub(super) fn void(&mut self, original: &ParticipationEvent) -> Result<StillThere, &'static str> {
        match original {
            ParticipationEvent::BodyElected { .. } => {
                if self.n_elections == 1 && self.n_advices > 0 {
                    return Err("the body gave advice since");
                }
                self.n_elections = one_less(self.n_elections)?;
            }
            ParticipationEvent::AdviceGiven { .. } => self.n_advices = one_less(self.n_advices)?,
            _ => unreachable!("events belong to what they happened to"),
        }
        Ok(StillThere(self.n_elections > 0))
    }
}

impl EthicsCase {
    pub(super) fn decide(
        &self,
        id: ParticipationId,
        command: &ParticipationCommand,
    ) -> Result<ParticipationEvent, ParticipationRefusal> {
        let ParticipationCommand::ConcludeEthicsCase { recommendation } = command else {
            unreachable!("commands are asked of what they are for");
        };
        if self.concluded {
            return Err(ParticipationRefusal::ConcludedAlready { id });
        }
        Ok(ParticipationEvent::EthicsCaseConcluded { recommendation: *recommendation })
    }

    pub(super) fn evolve(&mut self, _concluded: &ParticipationEvent) {
        self.concluded = true;
    }

    pub(super) fn void(&mut self, original: &ParticipationEvent) -> Result<StillThere, &'static str> {
        match original {
            ParticipationEvent::EthicsCaseOpened { .. } if self.concluded => {
                Err("the case was concluded since")
            }
            ParticipationEvent::EthicsCaseOpened { .. } => Ok(StillThere(false)),
            _ => {
                self.concluded = false;
                Ok(StillThere(true))
            }
        }
    }
}
