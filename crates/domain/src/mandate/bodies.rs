//! Who sits where, over all mandates: what rules of other streams ask.
//!
//! Folded from the events of all mandates: terms, candidates by item of a general meeting, conflicts by
//! item of a board meeting.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::{MandateEvent, MandateKind};
use crate::dates::Day;
use crate::ids::{BoardMeetingId, MandateId, MeetingId, PersonId};
use crate::meeting::ItemNumber;

/// Who sits where, who stands for what, who is conflicted on what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bodies {
    terms: BTreeMap<MandateId, Term>,
    #[serde(with = "crate::pairs")]
    candidates: BTreeMap<(MeetingId, ItemNumber), Vec<PersonId>>,
    #[serde(with = "crate::pairs")]
    conflicts: BTreeMap<(BoardMeetingId, ItemNumber), Vec<PersonId>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Term {
    person: PersonId,
    kind: MandateKind,
    from: Day,
    until: Day,
    ended_on: Option<Day>,
}

impl Term {
    /// In force up to and including the last day; not on the day on which it was ended.
    fn holds_on(&self, day: Day) -> bool {
        self.from <= day && day <= self.until && self.ended_on.is_none_or(|ended| day < ended)
    }

    /// Whether it holds on some day from this one on.
    fn holds_from(&self, day: Day) -> bool {
        day <= self.until && self.ended_on.is_none_or(|ended| day < ended && self.from < ended)
    }
}

impl Bodies {
    /// Folds an event of a mandate; a correction is taken apart before.
    pub fn fold(&mut self, mandate: MandateId, event: &MandateEvent, happened: bool) {
        match (event, happened) {
            (MandateEvent::CandidateProposed { person, meeting, item, .. }, true) => {
                self.candidates.entry((*meeting, *item)).or_default().push(*person);
            }
            (MandateEvent::Granted { person, kind, from, until, .. }, true) => {
                let (person, kind, from, until) = (*person, *kind, *from, *until);
                self.terms.insert(mandate, Term { person, kind, from, until, ended_on: None });
            }
            (MandateEvent::Granted { .. }, false) => {
                self.terms.remove(&mandate);
            }
            (MandateEvent::Renewed { before, until, .. }, happened) => {
                let until = if happened { *until } else { *before };
                self.terms.entry(mandate).and_modify(|term| term.until = until);
            }
            (MandateEvent::Ended { ended_on, .. }, happened) => {
                let ended_on = happened.then_some(*ended_on);
                self.terms.entry(mandate).and_modify(|term| term.ended_on = ended_on);
            }
            (MandateEvent::ConflictDeclared { person, board, item, .. }, true) => {
                self.conflicts.entry((*board, *item)).or_default().push(*person);
            }
            // Neither a candidacy nor a declaration is taken back.
            (MandateEvent::CandidateProposed { .. } | MandateEvent::ConflictDeclared { .. }, false)
            | (
                MandateEvent::AllowanceVoted { .. }
                | MandateEvent::AllowancePaid { .. }
                | MandateEvent::Corrected(_),
                _,
            ) => {}
        }
    }

    /// The directors in force on a day, by person.
    pub fn directors(&self, on: Day) -> Vec<PersonId> {
        let sits = |term: &&Term| term.kind.is_director() && term.holds_on(on);
        let mut found: Vec<_> = self.terms.values().filter(sits).map(|term| term.person).collect();
        found.sort_unstable();
        found
    }

    /// Most mandates of a kind, one apart, that are in force on one day from this one on.
    pub fn seated(&self, kind: MandateKind, on: Day, apart: MandateId) -> u32 {
        let others: Vec<_> = self.others(apart).filter(|term| term.kind == kind).collect();
        let days = others.iter().map(|term| term.from.max(on));
        let at_once = |day| others.iter().filter(|term| term.holds_on(day)).count();
        let most = std::iter::once(on).chain(days).map(at_once).max().unwrap_or(0);
        u32::try_from(most).expect("seats are counted in 32 bits")
    }

    /// A seat on the board that a person has by another mandate from a day on.
    pub fn sits_already(&self, person: PersonId, on: Day, apart: MandateId) -> Option<MandateId> {
        let sits = |term: &Term| term.person == person && term.kind.is_director() && term.holds_from(on);
        self.terms.iter().find(|(id, term)| **id != apart && sits(term)).map(|(id, _)| *id)
    }

    /// Who stands for election under an item.
    pub fn candidates(&self, meeting: MeetingId, item: ItemNumber) -> &[PersonId] {
        self.candidates.get(&(meeting, item)).map_or(&[], Vec::as_slice)
    }

    /// Who declared a conflict on an item.
    pub fn conflicted(&self, board: BoardMeetingId, item: ItemNumber) -> &[PersonId] {
        self.conflicts.get(&(board, item)).map_or(&[], Vec::as_slice)
    }

    fn others(&self, apart: MandateId) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |(id, _)| **id != apart).map(|(_, term)| term)
    }
}
