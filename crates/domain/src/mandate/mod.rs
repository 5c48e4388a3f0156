//! A mandate: who sits where, since when, until when, and what the office may be paid.
//!
//! One stream per mandate, from candidacy or appointment to end. Directors and the auditor are
//! appointed by the general meeting, the day-to-day delegate and the ethics committee by the board.
//! Directors sit in two groups of seats, for users and for staff and partners. The office is unpaid,
//! save an allowance up to what the meeting voted for the year; a wage for other work is no part of it.
//! Left out: co-optation until the next meeting, suspension, the pay of the statutory auditor, which
//! is a purchase.
//!
//! ```text
//! event.rs    kinds of mandates, what can have happened    bodies.rs  who sits where, over all mandates
//! command.rs  what may be asked, and refused               mod.rs     state, rules, fold, void
//! ```
//!
//! Source: WVV 6:58, 6:64; KB 8-01-1962 art. 1; KB 28-06-2019 art. 6 §1; DOMAIN A4, E11, E12, F3, F4 (6).

mod bodies;
mod command;
mod event;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use bodies::Bodies;
pub use command::{BoardItemState, MandateCommand, MandateKnown, MandateRefusal};
pub use event::{AppointedBy, MandateEvent, MandateKind};

use crate::correction::{Correction, CorrectionRefused, decide_correction, evolve_correction};
use crate::dates::{Day, Year};
use crate::envelope::StreamId;
use crate::ids::{BoardMeetingId, MandateId, PersonId};
use crate::meeting::ItemNumber;
use crate::money::Balance;
use crate::stream::{Facts, Stream, StreamEvent};

/// One mandate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mandate {
    person: Option<PersonId>,
    kind: Option<MandateKind>,
    /// From and until; none for a candidate who is not appointed.
    term: Option<(Day, Day)>,
    ended: bool,
    /// Whether it began with a candidacy.
    proposed: bool,
    #[serde(with = "crate::pairs")]
    allowances: BTreeMap<Year, Allowed>,
    conflicts: BTreeSet<(BoardMeetingId, ItemNumber)>,
}

/// What the meeting allowed for a year, and what was paid of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Allowed {
    voted: Balance,
    paid: Balance,
}

impl Stream for Mandate {
    const TYPE: &'static str = "mandate";
    const STATE_VERSION: u16 = 1;
    type Id = MandateId;
    type Command = MandateCommand;
    type Event = MandateEvent;
    type Refusal = MandateRefusal;
    type Known = MandateKnown;

    fn stream_id(id: MandateId) -> StreamId {
        StreamId::Mandate(id)
    }

    fn decide(
        &self,
        id: MandateId,
        command: &MandateCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<MandateEvent>, MandateRefusal> {
        let on = facts.effective_on;
        let event = match command {
            MandateCommand::ProposeCandidate { person, kind, meeting, item, evidence } => {
                if let Some(person) = self.person {
                    return Err(MandateRefusal::Taken { person });
                }
                if facts.known.election != Some(*kind) {
                    return Err(MandateRefusal::NoElection { item: *item, kind: *kind });
                }
                require_category(*person, *kind, facts)?;
                MandateEvent::CandidateProposed {
                    person: *person,
                    kind: *kind,
                    meeting: *meeting,
                    item: *item,
                    evidence: *evidence,
                }
            }
            MandateCommand::GrantMandate { person, kind, appointed, until, evidence } => {
                let (person, kind) = (*person, *kind);
                if let Some(other) = self.person.filter(|other| *other != person || self.kind != Some(kind)) {
                    return Err(MandateRefusal::Taken { person: other });
                }
                if let Some((from, until)) = self.term {
                    return Err(MandateRefusal::GrantedAlready { from, until });
                }
                require_category(person, kind, facts)?;
                require_appointed(person, kind, *appointed, facts)?;
                require_seat(person, kind, facts)?;
                let until = last_day(on, kind, *until, facts)?;
                let (appointed, evidence) = (*appointed, *evidence);
                MandateEvent::Granted { person, kind, appointed, from: on, until, evidence }
            }
            MandateCommand::RenewMandate { appointed, evidence } => {
                let (person, kind, (_, last)) = self.in_force(on)?;
                require_category(person, kind, facts)?;
                require_appointed(person, kind, *appointed, facts)?;
                let until = last_day(last.plus_days(1), kind, None, facts)?;
                let (appointed, evidence) = (*appointed, *evidence);
                MandateEvent::Renewed { person, kind, appointed, before: last, until, evidence }
            }
            MandateCommand::EndMandate { reason, evidence } => {
                let (person, kind, _) = self.in_force(on)?;
                MandateEvent::Ended { person, kind, ended_on: on, reason: *reason, evidence: *evidence }
            }
            MandateCommand::DeclareConflict { board, item, nature, effect, evidence } => {
                let (person, kind, _) = self.in_force(on)?;
                if !kind.is_director() {
                    return Err(MandateRefusal::NotADirector { person, kind });
                }
                let item = *item;
                match facts.known.board_item {
                    BoardItemState::NotOnAgenda => return Err(MandateRefusal::NoBoardItem { item }),
                    BoardItemState::Decided => return Err(MandateRefusal::DecidedAlready { item }),
                    BoardItemState::Open => {}
                }
                if self.conflicts.contains(&(*board, item)) {
                    return Err(MandateRefusal::DeclaredAlready { item });
                }
                let (board, nature, effect, evidence) = (*board, *nature, *effect, *evidence);
                MandateEvent::ConflictDeclared { person, board, item, nature, effect, evidence }
            }
            MandateCommand::VoteAllowance { meeting, item, year } => {
                let (person, kind, _) = self.in_force(on)?;
                if !kind.is_director() {
                    return Err(MandateRefusal::NotADirector { person, kind });
                }
                let item = *item;
                let amount = facts.known.allowance.ok_or(MandateRefusal::NotAllowed { item })?;
                if let Some(voted) = self.allowed(*year).map(|of| of.voted).filter(|of| *of != Balance::ZERO)
                {
                    return Err(MandateRefusal::VotedAlready { year: *year, voted });
                }
                MandateEvent::AllowanceVoted { person, meeting: *meeting, item, year: *year, amount }
            }
            MandateCommand::PayAllowance { year, amount, evidence } => {
                let person = self.person.ok_or(MandateRefusal::NotGranted)?;
                let Allowed { voted, paid } = self.allowed(*year).unwrap_or_default();
                if paid + amount.balance() > voted {
                    return Err(MandateRefusal::AboveVoted { amount: *amount, year: *year, voted, paid });
                }
                MandateEvent::AllowancePaid { person, year: *year, amount: *amount, evidence: *evidence }
            }
            MandateCommand::Correct(correct) => {
                // Whoever ended leaves a seat that somebody else may have taken.
                let original = facts.original.as_ref().map(|original| &original.event);
                if let Some(MandateEvent::Ended { person, kind, .. }) = original {
                    require_seat(*person, *kind, facts)?;
                }
                return decide_correction(self, id, correct, facts);
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &MandateEvent) {
        match event {
            MandateEvent::CandidateProposed { person, kind, .. } => {
                (self.person, self.kind) = (Some(*person), Some(*kind));
                self.proposed = true;
            }
            MandateEvent::Granted { person, kind, from, until, .. } => {
                (self.person, self.kind) = (Some(*person), Some(*kind));
                self.term = Some((*from, *until));
            }
            MandateEvent::Renewed { until, .. } => {
                self.term = self.term.map(|(from, _)| (from, *until));
            }
            MandateEvent::Ended { .. } => self.ended = true,
            MandateEvent::ConflictDeclared { board, item, .. } => {
                self.conflicts.insert((*board, *item));
            }
            MandateEvent::AllowanceVoted { year, amount, .. } => {
                self.allowances.entry(*year).or_default().voted = amount.balance();
            }
            MandateEvent::AllowancePaid { year, amount, .. } => {
                let allowed = self.allowances.entry(*year).or_default();
                allowed.paid = allowed.paid + amount.balance();
            }
            MandateEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &MandateEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            MandateEvent::CandidateProposed { .. } => {
                return relied_upon("members may have voted on it; the candidate may decline the mandate");
            }
            MandateEvent::Granted { until, .. } => {
                let stands = self.term.is_some_and(|(_, last)| last == *until) && !self.ended;
                if !stands || !self.allowances.is_empty() || !self.conflicts.is_empty() {
                    return relied_upon("the mandate was renewed, ended or acted upon since; end it instead");
                }
                self.term = None;
                if !self.proposed {
                    (self.person, self.kind) = (None, None);
                }
            }
            MandateEvent::Renewed { before, until, .. } => {
                let Some((from, last)) = self.term.filter(|_| !self.ended) else {
                    return relied_upon("the mandate ended since");
                };
                if last != *until {
                    return relied_upon("the mandate was renewed again since");
                }
                self.term = Some((from, *before));
            }
            MandateEvent::Ended { .. } => self.ended = false,
            MandateEvent::ConflictDeclared { .. } => {
                return relied_upon("the board may have decided without the director");
            }
            MandateEvent::AllowanceVoted { year, .. } => {
                if self.allowed(*year).is_some_and(|allowed| allowed.paid != Balance::ZERO) {
                    return relied_upon("it was paid since");
                }
                self.allowances.remove(year);
            }
            MandateEvent::AllowancePaid { year, amount, .. } => {
                let allowed = self.allowances.entry(*year).or_default();
                allowed.paid = allowed.paid - amount.balance();
            }
            MandateEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<MandateEvent>) -> MandateEvent {
        MandateEvent::Corrected(correction)
    }
}

impl Mandate {
    /// Whose mandate it is, or would be, and of which kind.
    pub fn holder(&self) -> Option<(PersonId, MandateKind)> {
        self.person.zip(self.kind)
    }

    /// Person, kind and term of a mandate that is in force on a day.
    fn in_force(&self, on: Day) -> Result<(PersonId, MandateKind, (Day, Day)), MandateRefusal> {
        let (Some((person, kind)), Some((from, until))) = (self.holder(), self.term) else {
            return Err(MandateRefusal::NotGranted);
        };
        if self.ended || on < from || until < on {
            return Err(MandateRefusal::NotInForce { person, from, until, on });
        }
        Ok((person, kind, (from, until)))
    }

    fn allowed(&self, year: Year) -> Option<Allowed> {
        self.allowances.get(&year).copied()
    }
}

/// A seat for users goes to a user, and one for staff and partners to one of those.
fn require_category(
    person: PersonId,
    kind: MandateKind,
    facts: &Facts<Mandate>,
) -> Result<(), MandateRefusal> {
    let found = facts.known.category;
    match kind.category() {
        Some(expected) if found != Some(expected) => {
            Err(MandateRefusal::OtherCategory { person, expected, found })
        }
        _ => Ok(()),
    }
}

fn require_appointed(
    person: PersonId,
    kind: MandateKind,
    appointed: AppointedBy,
    facts: &Facts<Mandate>,
) -> Result<(), MandateRefusal> {
    let (item, expected) = match (appointed, kind.is_appointed_by_meeting()) {
        (AppointedBy::Before {}, _) => return Ok(()),
        (AppointedBy::Meeting { item, .. }, true) | (AppointedBy::Board { item, .. }, false) => {
            return if facts.known.is_appointed {
                Ok(())
            } else {
                Err(MandateRefusal::NotAppointed { person, item })
            };
        }
        (AppointedBy::Meeting { item, .. }, false) => (item, "the board"),
        (AppointedBy::Board { item, .. }, true) => (item, "the general meeting"),
    };
    Err(MandateRefusal::OtherAppointer { kind, item, expected })
}

/// One person, one seat, and no more seats than the statutes have.
fn require_seat(person: PersonId, kind: MandateKind, facts: &Facts<Mandate>) -> Result<(), MandateRefusal> {
    let Some(seats) = kind.seats() else { return Ok(()) };
    if let Some(mandate) = facts.known.sits_already {
        return Err(MandateRefusal::SitsAlready { person, mandate });
    }
    let (seats, seated) = (facts.parameters.count(seats, facts.effective_on)?, facts.known.seated);
    if seated >= seats {
        return Err(MandateRefusal::NoSeatLeft { kind, seated, seats });
    }
    Ok(())
}

/// The last day of a term that begins on a day: as many years as the statutes say, or fewer when asked.
fn last_day(
    from: Day,
    kind: MandateKind,
    asked: Option<Day>,
    facts: &Facts<Mandate>,
) -> Result<Day, MandateRefusal> {
    let years = facts.parameters.count(kind.years(), facts.effective_on)?;
    let after =
        from.plus_months(years.saturating_mul(12)).ok_or(MandateRefusal::BeyondCalendar { from, years })?;
    let most = after.plus_days(-1);
    match asked {
        Some(until) if until < from || most < until => {
            Err(MandateRefusal::TermOutOfRange { from, until, most, years })
        }
        asked => Ok(asked.unwrap_or(most)),
    }
}
