//! What the rules of meetings, mandates and the board are told of each other and of the members.
//!
//! Who may vote, who sits where and who is conflicted are facts; what a meeting or a board decided is
//! read from its own stream, which is warm while it goes on.

use domain::Day;
use domain::board::{Board, BoardCommand, BoardKnown};
use domain::ids::{BoardMeetingId, MandateId, MeetingId, PersonId};
use domain::mandate::{AppointedBy, BoardItemState, Mandate, MandateCommand, MandateKind, MandateKnown};
use domain::meeting::{
    Item, ItemKind, ItemNumber, Meeting, MeetingCommand, MeetingKnown, Outcome, RollKnown,
};
use domain::{Stream, StreamId};
use ledger::Posting;

use super::{Core, Stopped, WithoutEntry, broken};
use crate::writer::warm::Warm;

// None of them rests on what a correction's entry booked.
impl WithoutEntry for MeetingKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for MandateKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl WithoutEntry for BoardKnown {
    fn without(&mut self, _: &Posting, _: StreamId) {}
}

impl Core {
    pub(super) fn meeting_known(
        &mut self,
        id: MeetingId,
        asked: &MeetingCommand,
    ) -> Result<MeetingKnown, Stopped> {
        let without_quorum = match asked.asks_first_meeting() {
            Some(first) => self.state_of::<Meeting>(first)?.without_quorum(),
            None => Vec::new(),
        };
        let meeting = self.state_of::<Meeting>(id)?;
        let (record_on, sealed) = (meeting.record_on(), meeting.sealed());
        let is_election = |item: &Item| matches!(item.kind, ItemKind::Election { .. });
        let item =
            asked.asks_candidates().and_then(|item| meeting.item(item)).filter(|item| is_election(item));
        let item = item.map(|item| item.number);
        let voter = asked.asks_voter().zip(sealed);
        Ok(MeetingKnown {
            roll: record_on
                .filter(|_| asked.asks_roll())
                .map_or(RollKnown::default(), |on| self.facts.roll(on)),
            voter: voter.and_then(|(person, sealed)| self.facts.voter(person, sealed)),
            candidates: item.map_or(Vec::new(), |item| self.facts.bodies().candidates(id, item).to_vec()),
            without_quorum,
        })
    }

    pub(super) fn mandate_known(
        &mut self,
        id: MandateId,
        asked: &MandateCommand,
        day: Day,
    ) -> Result<MandateKnown, Stopped> {
        let asked = match asked {
            MandateCommand::Correct(correct) => correct.replacement.as_deref().unwrap_or(asked),
            _ => asked,
        };
        let holder = match asked {
            MandateCommand::ProposeCandidate { person, kind, .. }
            | MandateCommand::GrantMandate { person, kind, .. } => Some((*person, *kind)),
            _ => self.state_of::<Mandate>(id)?.holder(),
        };
        let mut known = MandateKnown::default();
        let Some((person, kind)) = holder else { return Ok(known) };
        known.category = self.facts.category(person, day);
        let bodies = self.facts.bodies();
        known.seated = bodies.seated(kind, day, id);
        known.sits_already = bodies.sits_already(person, day, id);
        match asked {
            MandateCommand::GrantMandate { appointed, .. }
            | MandateCommand::RenewMandate { appointed, .. } => {
                known.is_appointed = self.is_appointed(person, kind, *appointed)?;
            }
            MandateCommand::ProposeCandidate { meeting, item, .. } => {
                known.election = self.election(*meeting, *item)?;
            }
            MandateCommand::VoteAllowance { meeting, item, .. } => {
                let meeting = self.state_of::<Meeting>(*meeting)?;
                known.allowance = match (meeting.outcome(*item), meeting.item(*item).map(|item| item.kind)) {
                    (Some(Outcome::Adopted), Some(ItemKind::Allowance { amount })) => Some(amount),
                    _ => None,
                };
            }
            MandateCommand::DeclareConflict { board, item, .. } => {
                let board = self.state_of::<Board>(*board)?;
                known.board_item = match (board.has_item(*item), board.adopted(*item)) {
                    (false, _) => BoardItemState::NotOnAgenda,
                    (true, None) => BoardItemState::Open,
                    (true, Some(_)) => BoardItemState::Decided,
                };
            }
            MandateCommand::EndMandate { .. }
            | MandateCommand::PayAllowance { .. }
            | MandateCommand::Correct(_) => {}
        }
        Ok(known)
    }

    pub(super) fn board_known(&self, id: BoardMeetingId, asked: &BoardCommand, day: Day) -> BoardKnown {
        let asked = match asked {
            BoardCommand::Correct(correct) => correct.replacement.as_deref().unwrap_or(asked),
            _ => asked,
        };
        let bodies = self.facts.bodies();
        let conflicted = match asked {
            BoardCommand::DecideBoard { item, .. } => bodies.conflicted(id, *item).to_vec(),
            _ => Vec::new(),
        };
        BoardKnown { directors: bodies.directors(day), conflicted }
    }

    fn is_appointed(
        &mut self,
        person: PersonId,
        kind: MandateKind,
        by: AppointedBy,
    ) -> Result<bool, Stopped> {
        Ok(match by {
            AppointedBy::Before {} => true,
            AppointedBy::Board { board, item } => self.state_of::<Board>(board)?.adopted(item) == Some(true),
            AppointedBy::Meeting { meeting, item } => {
                let meeting = self.state_of::<Meeting>(meeting)?;
                let elects = meeting.item(item).is_some_and(
                    |item| matches!(item.kind, ItemKind::Election { mandate, .. } if mandate == kind),
                );
                let elected = |outcome: &Outcome| matches!(outcome, Outcome::Elected(persons) if persons.contains(&person));
                elects && meeting.outcome(item).is_some_and(elected)
            }
        })
    }

    /// What an item elects, while that is not decided.
    fn election(&mut self, meeting: MeetingId, item: ItemNumber) -> Result<Option<MandateKind>, Stopped> {
        let meeting = self.state_of::<Meeting>(meeting)?;
        if meeting.outcome(item).is_some() {
            return Ok(None);
        }
        Ok(meeting.item(item).and_then(|item| match item.kind {
            ItemKind::Election { mandate, .. } => Some(mandate),
            _ => None,
        }))
    }

    fn state_of<S: Warm>(&mut self, id: S::Id) -> Result<&S, Stopped>
    where
        domain::Event: From<S::Event>,
        S: Stream,
    {
        self.warm.load(S::stream_id(id), self.log.reader()).map_err(broken)?;
        Ok(self.warm.state::<S>(id))
    }
}
