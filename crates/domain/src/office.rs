//! Offices of the cooperative and the advisers who accompany members there.
//!
//! One stream per office. An adviser is assigned to a track of coaching; who serves two offices is one
//! person, so that persons are counted over all offices. How many holders an adviser has is a question
//! to the read model, not a fact of this stream.
//! Left out: which adviser accompanies which member, which is personal and changes daily.
//! Source: special report on 2025 (offices, advisers); DOMAIN A1 (F19), A4, F3.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::envelope::{Claim, Kind, StreamId};
use crate::ids::{OfficeId, PersonId};
use crate::kinds::{kinds, refusal_codes};
use crate::parameters::{CodeList, UnknownCode};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::{Code, ReasonCode};

/// One office.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Office {
    stage: Stage,
    /// Its advisers, each with the track of coaching.
    advisers: BTreeMap<PersonId, Code>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    #[default]
    NotOpened,
    Open,
    Closed,
}

/// What can have happened to an office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum OfficeEvent {
    /// An office opened in a town.
    #[serde(rename = "office.opened")]
    Opened { place: Code },
    /// It closed.
    #[serde(rename = "office.closed")]
    Closed { reason: ReasonCode },
    /// An adviser began to accompany members there.
    #[serde(rename = "adviser.assigned")]
    AdviserAssigned { adviser: PersonId, track: Code },
    /// An adviser no longer does.
    #[serde(rename = "adviser.released")]
    AdviserReleased { adviser: PersonId, track: Code, reason: ReasonCode },
    /// An earlier event was wrong.
    #[serde(rename = "office.corrected")]
    Corrected(Correction<OfficeEvent>),
}

kinds!(OfficeEvent {
    Opened = "office.opened" v 1,
    Closed = "office.closed" v 1,
    AdviserAssigned = "adviser.assigned" v 1,
    AdviserReleased = "adviser.released" v 1,
    Corrected = "office.corrected" v 1,
});

/// What may be asked of an office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum OfficeCommand {
    /// Open an office.
    OpenOffice { place: Code },
    /// Close it.
    CloseOffice { reason: ReasonCode },
    /// Let an adviser accompany members there.
    AssignAdviser { adviser: PersonId, track: Code },
    /// End that.
    ReleaseAdviser { adviser: PersonId, reason: ReasonCode },
    /// Correct an earlier event.
    Correct(Correct<OfficeCommand>),
}

/// Which rules of offices can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum OfficeRefusal {
    /// An office opens once.
    #[error("office {office} was opened already")]
    AlreadyOpened { office: OfficeId },
    /// Nothing happens in an office that is not open.
    #[error("office {office} is not open")]
    NotOpen { office: OfficeId },
    /// An office is closed when nobody is left in it.
    #[error("office {office} still has {n_advisers} advisers; release them first")]
    HasAdvisers { office: OfficeId, n_advisers: usize },
    /// An adviser is assigned once to an office.
    #[error("adviser {adviser} is assigned to office {office} already, for {track}")]
    AssignedAlready { office: OfficeId, adviser: PersonId, track: Code },
    /// Only who is assigned is released.
    #[error("adviser {adviser} is not assigned to office {office}")]
    NotAssigned { office: OfficeId, adviser: PersonId },
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

refusal_codes!(OfficeRefusal {
    AlreadyOpened = "office.already_opened",
    NotOpen = "office.not_open",
    HasAdvisers = "office.has_advisers",
    AssignedAlready = "office.assigned_already",
    NotAssigned = "office.not_assigned",
    UnknownCode = "parameter.unknown_code",
});

impl StreamEvent for OfficeEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Opened { .. }
            | Self::Closed { .. }
            | Self::AdviserAssigned { .. }
            | Self::AdviserReleased { .. } => Vec::new(),
        }
    }
}

impl Stream for Office {
    const TYPE: &'static str = "office";
    const STATE_VERSION: u16 = 1;
    type Id = OfficeId;
    type Command = OfficeCommand;
    type Event = OfficeEvent;
    type Refusal = OfficeRefusal;
    type Known = ();

    fn stream_id(id: OfficeId) -> StreamId {
        StreamId::Office(id)
    }

    fn decide(
        &self,
        office: OfficeId,
        command: &OfficeCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<OfficeEvent>, OfficeRefusal> {
        let known = |list, code| facts.parameters.require_code(list, code, facts.effective_on);
        if let OfficeCommand::OpenOffice { place } = command {
            if self.stage != Stage::NotOpened {
                return Err(OfficeRefusal::AlreadyOpened { office });
            }
            known(CodeList::Place, *place)?;
            return Ok(vec![OfficeEvent::Opened { place: *place }]);
        }
        if let OfficeCommand::Correct(correct) = command {
            return decide_correction(self, office, correct, facts);
        }
        if self.stage != Stage::Open {
            return Err(OfficeRefusal::NotOpen { office });
        }
        let event = match command {
            OfficeCommand::OpenOffice { .. } | OfficeCommand::Correct(_) => unreachable!("answered above"),
            OfficeCommand::CloseOffice { reason } => {
                let n_advisers = self.advisers.len();
                if n_advisers > 0 {
                    return Err(OfficeRefusal::HasAdvisers { office, n_advisers });
                }
                OfficeEvent::Closed { reason: *reason }
            }
            OfficeCommand::AssignAdviser { adviser, track } => {
                let adviser = *adviser;
                if let Some(track) = self.advisers.get(&adviser).copied() {
                    return Err(OfficeRefusal::AssignedAlready { office, adviser, track });
                }
                known(CodeList::Coaching, *track)?;
                OfficeEvent::AdviserAssigned { adviser, track: *track }
            }
            OfficeCommand::ReleaseAdviser { adviser, reason } => {
                let (adviser, reason) = (*adviser, *reason);
                let track = self.advisers.get(&adviser).copied();
                let track = track.ok_or(OfficeRefusal::NotAssigned { office, adviser })?;
                OfficeEvent::AdviserReleased { adviser, track, reason }
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &OfficeEvent) {
        match event {
            OfficeEvent::Opened { .. } => self.stage = Stage::Open,
            OfficeEvent::Closed { .. } => self.stage = Stage::Closed,
            OfficeEvent::AdviserAssigned { adviser, track } => {
                self.advisers.insert(*adviser, *track);
            }
            OfficeEvent::AdviserReleased { adviser, .. } => {
                self.advisers.remove(adviser);
            }
            OfficeEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &OfficeEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            OfficeEvent::Opened { .. } => {
                if self.stage != Stage::Open || !self.advisers.is_empty() {
                    return relied_upon("advisers are assigned to it, or it was closed since");
                }
                self.stage = Stage::NotOpened;
            }
            OfficeEvent::Closed { .. } => {
                if self.stage != Stage::Closed {
                    return relied_upon("it was taken back before");
                }
                self.stage = Stage::Open;
            }
            OfficeEvent::AdviserAssigned { adviser, track } => {
                if self.advisers.get(adviser) != Some(track) {
                    return relied_upon("the adviser was released since");
                }
                self.advisers.remove(adviser);
            }
            OfficeEvent::AdviserReleased { adviser, track, .. } => {
                if self.stage != Stage::Open || self.advisers.contains_key(adviser) {
                    return relied_upon("the adviser was assigned again, or the office closed since");
                }
                self.advisers.insert(*adviser, *track);
            }
            OfficeEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<OfficeEvent>) -> OfficeEvent {
        OfficeEvent::Corrected(correction)
    }
}
