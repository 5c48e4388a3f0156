//! Groups: they open, meet and close.

use serde::{Deserialize, Serialize};

use super::{
    Participation, ParticipationCommand, ParticipationEvent, ParticipationId, ParticipationRefusal,
    StillThere, one_less,
};
use crate::parameters::CodeList;
use crate::stream::Facts;
use crate::text::Code;

/// A group that was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    kind: Code,
    n_meetings: u32,
    closed: bool,
}

pub(super) fn open(
    kind: Code,
    topic: Code,
    facts: &Facts<Participation>,
) -> Result<ParticipationEvent, ParticipationRefusal> {
    facts.parameters.require_code(CodeList::Group, kind, facts.effective_on)?;
    facts.parameters.require_code(CodeList::Topic, topic, facts.effective_on)?;
    Ok(ParticipationEvent::GroupOpened { kind, topic })
}

impl Group {
    pub(super) const fn opened(kind: Code) -> Self {
        Self { kind, n_meetings: 0, closed: false }
    }

    pub(super) fn decide(
        &self,
        id: ParticipationId,
        command: &ParticipationCommand,
    ) -> Result<ParticipationEvent, ParticipationRefusal> {
        if self.closed {
            return Err(ParticipationRefusal::GroupClosed { id });
        }
        let kind = self.kind;
        Ok(match command {
            ParticipationCommand::MeetGroup { participants, hours, minutes } => {
                let (participants, hours, minutes) = (*participants, *hours, *minutes);
                if participants == 0 || hours.hundredths() == 0 {
                    return Err(ParticipationRefusal::NobodyMet { participants, hours });
                }
                ParticipationEvent::GroupMet { kind, participants, hours, minutes }
            }
            ParticipationCommand::CloseGroup { reason } => {
                ParticipationEvent::GroupClosed { kind, reason: *reason }
            }
            _ => unreachable!("commands are asked of what they are for"),
        })
    }

    pub(super) fn evolve(&mut self, event: &ParticipationEvent) {
        match event {
            ParticipationEvent::GroupMet { .. } => self.n_meetings += 1,
            ParticipationEvent::GroupClosed { .. } => self.closed = true,
            _ => unreachable!("events belong to what they happened to"),
        }
    }

    pub(super) fn void(&mut self, original: &ParticipationEvent) -> Result<StillThere, &'static str> {
        match original {
            ParticipationEvent::GroupOpened { .. } => {
                if self.n_meetings > 0 || self.closed {
                    return Err("the group met or was closed since");
                }
                return Ok(StillThere(false));
            }
            ParticipationEvent::GroupMet { .. } => self.n_meetings = one_less(self.n_meetings)?,
            ParticipationEvent::GroupClosed { .. } => self.closed = false,
            _ => unreachable!("events belong to what they happened to"),
        }
        Ok(StillThere(true))
    }
}
