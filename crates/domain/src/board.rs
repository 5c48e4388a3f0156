//! A meeting of the board: agenda, who is there, what is decided by whom.
//!
//! One stream per meeting. Only directors sit and vote, one vote each; who has an interest in an item
//! neither deliberates nor votes on it. Abstentions count in neither numerator nor denominator.
//! Left out: written decisions, proxies between directors, a casting vote of the chair.
//! Source: WVV 6:64; DOMAIN E11, F3 (board); the statutes' own quorum is a parameter.

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Day;
use crate::envelope::{Claim, Kind, StreamId};
use crate::evidence::{Digest, Evidence};
use crate::ids::{BoardMeetingId, PersonId};
use crate::kinds::{kinds, refusal_codes};
use crate::meeting::{ItemNumber, quorum_of};
use crate::parameters::{NoParameter, Parameter};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::ReasonCode;

/// One item of a board's agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BoardItem {
    /// Its number.
    pub item: ItemNumber,
    /// What it is about, from a published list: `special-report.2025`, `recommendation.14`.
    pub subject: ReasonCode,
    /// SHA-256 of the text that is proposed.
    pub text: Digest,
}

/// One meeting of the board.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Board {
    meets_on: Option<Day>,
    agenda: Vec<BoardItem>,
    present: Option<Vec<PersonId>>,
    /// Items decided, and whether the proposal was adopted.
    decided: Vec<(ItemNumber, bool)>,
}

/// What can have happened to a meeting of the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum BoardEvent {
    /// The directors were called to meet.
    #[serde(rename = "board.convened")]
    Convened { meets_on: Day, agenda: Vec<BoardItem>, evidence: Evidence },
    /// They met.
    #[serde(rename = "board.met")]
    Met {
        present: Vec<PersonId>,
        /// Directors in office that day.
        seated: u32,
        /// How many of them had to be there.
        quorum: u32,
    },
    /// They decided upon a proposal.
    #[serde(rename = "board.decided")]
    Decided {
        item: ItemNumber,
        subject: ReasonCode,
        present: Vec<PersonId>,
        in_favour: Vec<PersonId>,
        against: Vec<PersonId>,
        abstained: Vec<PersonId>,
        /// Who neither deliberated nor voted, having declared an interest.
        conflicted: Vec<PersonId>,
        adopted: bool,
        evidence: Evidence,
    },
    /// An earlier event was wrong.
    #[serde(rename = "board.corrected")]
    Corrected(Correction<BoardEvent>),
}

kinds!(BoardEvent {
    Convened = "board.convened" v 1,
    Met = "board.met" v 1,
    Decided = "board.decided" v 1,
    Corrected = "board.corrected" v 1,
});

/// What may be asked of a meeting of the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum BoardCommand {
    /// Call the directors to meet.
    ConveneBoard { meets_on: Day, agenda: Vec<BoardItem>, evidence: Evidence },
    /// Record who is there.
    MeetBoard { present: Vec<PersonId> },
    /// Record who voted how on an item.
    DecideBoard {
        item: ItemNumber,
        in_favour: Vec<PersonId>,
        against: Vec<PersonId>,
        abstained: Vec<PersonId>,
        evidence: Evidence,
    },
    /// Correct an earlier event.
    Correct(Correct<BoardCommand>),
}

/// What a board's rules ask about mandates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardKnown {
    /// The directors in force on the day.
    pub directors: Vec<PersonId>,
    /// Who declared a conflict on the item that the command names.
    pub conflicted: Vec<PersonId>,
}

/// Which rules of the board can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum BoardRefusal {
    /// A meeting is called once.
    #[error("this meeting of the board was convened already, for {meets_on}")]
    AlreadyConvened { meets_on: Day },
    /// Nothing happens at a meeting to which nobody was called.
    #[error("this meeting of the board was not convened")]
    NotConvened,
    /// One is called before one meets.
    #[error("the board cannot be convened on {convened_on} for {meets_on}")]
    InThePast { convened_on: Day, meets_on: Day },
    /// A board has something to decide.
    #[error("expected at least 1 item on the agenda, found 0")]
    NoAgenda,
    /// Each item has a number of its own.
    #[error("item {item} stands twice on the agenda")]
    ItemTwice { item: ItemNumber },
    /// A board meets once per call.
    #[error("the board met already, with {present} directors")]
    AlreadyMet { present: usize },
    /// A board meets on its day.
    #[error("the board was convened for {meets_on}; it cannot meet on {effective_on}")]
    OtherDay { meets_on: Day, effective_on: Day },
    /// Source: DOMAIN E12 (who sits is checked against mandates).
    #[error("person {person} is none of the {seated} directors in office on {on}")]
    NotADirector { person: PersonId, seated: usize, on: Day },
    /// A director is there once, and votes once.
    #[error("person {person} is named twice")]
    NamedTwice { person: PersonId },
    /// Source: statutes, by parameter.
    #[error("{present} of {seated} directors are there; {quorum} are needed")]
    NoQuorum { present: u32, seated: u32, quorum: u32 },
    /// Nothing is decided before the board met.
    #[error("the board did not meet")]
    NotMet,
    /// Only what is on the agenda is decided.
    #[error("item {item} is not on the agenda of {items} items")]
    NotOnAgenda { item: ItemNumber, items: usize },
    /// What is decided stays decided.
    #[error("item {item} is decided already")]
    DecidedAlready { item: ItemNumber },
    /// Who is not there does not vote.
    #[error("person {person} is none of the {present} directors who are there")]
    NotPresent { person: PersonId, present: usize },
    /// Source: WVV 6:64; DOMAIN E11.
    #[error("person {person} declared a conflict on item {item} and cannot vote on it")]
    Conflicted { person: PersonId, item: ItemNumber },
    /// Somebody must decide; else the general meeting does. Source: WVV 6:64.
    #[error("nobody voted on item {item}: {conflicted} of {present} directors have a conflict")]
    NobodyVoted { item: ItemNumber, conflicted: usize, present: usize },
    /// A parameter is missing.
    #[error(transparent)]
    NoParameter(#[from] NoParameter),
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(BoardRefusal {
    AlreadyConvened = "board.already_convened",
    NotConvened = "board.not_convened",
    InThePast = "board.in_the_past",
    NoAgenda = "board.no_agenda",
    ItemTwice = "board.item_twice",
    AlreadyMet = "board.already_met",
    OtherDay = "board.other_day",
    NotADirector = "board.not_a_director",
    NamedTwice = "board.named_twice",
    NoQuorum = "board.no_quorum",
    NotMet = "board.not_met",
    NotOnAgenda = "board.not_on_agenda",
    DecidedAlready = "board.decided_already",
    NotPresent = "board.not_present",
    Conflicted = "board.conflicted",
    NobodyVoted = "board.nobody_voted",
    NoParameter = "parameter.missing",
});

impl StreamEvent for BoardEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            // One set of minutes holds many decisions.
            Self::Convened { .. } | Self::Met { .. } | Self::Decided { .. } => Vec::new(),
        }
    }
}

impl Stream for Board {
    const TYPE: &'static str = "board";
    const STATE_VERSION: u16 = 1;
    type Id = BoardMeetingId;
    type Command = BoardCommand;
    type Event = BoardEvent;
    type Refusal = BoardRefusal;
    type Known = BoardKnown;

    fn stream_id(id: BoardMeetingId) -> StreamId {
        StreamId::Board(id)
    }

    fn decide(
        &self,
        id: BoardMeetingId,
        command: &BoardCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<BoardEvent>, BoardRefusal> {
        let event = match command {
            BoardCommand::ConveneBoard { meets_on, agenda, evidence } => {
                let (convened_on, meets_on) = (facts.effective_on, *meets_on);
                if let Some(meets_on) = self.meets_on {
                    return Err(BoardRefusal::AlreadyConvened { meets_on });
                }
                if meets_on < convened_on {
                    return Err(BoardRefusal::InThePast { convened_on, meets_on });
                }
                if agenda.is_empty() {
                    return Err(BoardRefusal::NoAgenda);
                }
                for (n, BoardItem { item, .. }) in agenda.iter().enumerate() {
                    if agenda[..n].iter().any(|other| other.item == *item) {
                        return Err(BoardRefusal::ItemTwice { item: *item });
                    }
                }
                BoardEvent::Convened { meets_on, agenda: agenda.clone(), evidence: *evidence }
            }
            BoardCommand::MeetBoard { present } => self.meet(present, facts)?,
            BoardCommand::DecideBoard { .. } => self.vote(command, facts)?,
            BoardCommand::Correct(correct) => return decide_correction(self, id, correct, facts),
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &BoardEvent) {
        match event {
            BoardEvent::Convened { meets_on, agenda, .. } => {
                self.meets_on = Some(*meets_on);
                self.agenda = agenda.clone();
            }
            BoardEvent::Met { present, .. } => self.present = Some(present.clone()),
            BoardEvent::Decided { item, adopted, .. } => self.decided.push((*item, *adopted)),
            BoardEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &BoardEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            BoardEvent::Convened { .. } if self.present.is_some() => {
                return relied_upon("the board met since");
            }
            BoardEvent::Convened { .. } => *self = Self::default(),
            BoardEvent::Met { .. } if !self.decided.is_empty() => {
                return relied_upon("those who were there decided since");
            }
            BoardEvent::Met { .. } => self.present = None,
            BoardEvent::Decided { adopted: true, .. } => {
                return relied_upon("what was adopted may be carried out; decide anew");
            }
            BoardEvent::Decided { item, .. } => self.decided.retain(|(decided, _)| decided != item),
            BoardEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<BoardEvent>) -> BoardEvent {
        BoardEvent::Corrected(correction)
    }
}

impl Board {
    /// Whether an item was adopted; none while it is not decided.
    pub fn adopted(&self, item: ItemNumber) -> Option<bool> {
        self.decided.iter().find(|(decided, _)| *decided == item).map(|(_, adopted)| *adopted)
    }

    /// Whether an item is on the agenda.
    pub fn has_item(&self, item: ItemNumber) -> bool {
        self.agenda.iter().any(|of| of.item == item)
    }

    fn meet(&self, present: &[PersonId], facts: &Facts<Self>) -> Result<BoardEvent, BoardRefusal> {
        let meets_on = self.meets_on.ok_or(BoardRefusal::NotConvened)?;
        let effective_on = facts.effective_on;
        if let Some(present) = &self.present {
            return Err(BoardRefusal::AlreadyMet { present: present.len() });
        }
        if meets_on != effective_on {
            return Err(BoardRefusal::OtherDay { meets_on, effective_on });
        }
        let directors = &facts.known.directors;
        if let Some(person) = present.iter().find(|person| !directors.contains(person)) {
            let (person, seated) = (*person, directors.len());
            return Err(BoardRefusal::NotADirector { person, seated, on: effective_on });
        }
        require_once(present.iter())?;
        let share = facts.parameters.rate(Parameter::BoardQuorum, effective_on)?;
        let count = |of: &[PersonId]| u32::try_from(of.len()).expect("a board is counted in 32 bits");
        let (seated, there) = (count(directors), count(present));
        let quorum = u32::try_from(quorum_of(seated.into(), share)).expect("a share of a board").max(1);
        if there < quorum {
            return Err(BoardRefusal::NoQuorum { present: there, seated, quorum });
        }
        Ok(BoardEvent::Met { present: present.to_vec(), seated, quorum })
    }

    fn vote(&self, command: &BoardCommand, facts: &Facts<Self>) -> Result<BoardEvent, BoardRefusal> {
        let BoardCommand::DecideBoard { item, in_favour, against, abstained, evidence } = command else {
            unreachable!("asked for a decision");
        };
        let item = *item;
        self.meets_on.ok_or(BoardRefusal::NotConvened)?;
        let present = self.present.as_ref().ok_or(BoardRefusal::NotMet)?;
        let items = self.agenda.len();
        let asked = self.agenda.iter().find(|asked| asked.item == item);
        let asked = asked.ok_or(BoardRefusal::NotOnAgenda { item, items })?;
        if self.adopted(item).is_some() {
            return Err(BoardRefusal::DecidedAlready { item });
        }
        let voters = || in_favour.iter().chain(against).chain(abstained);
        if let Some(person) = voters().find(|person| !present.contains(person)) {
            return Err(BoardRefusal::NotPresent { person: *person, present: present.len() });
        }
        if let Some(person) = voters().find(|person| facts.known.conflicted.contains(person)) {
            return Err(BoardRefusal::Conflicted { person: *person, item });
        }
        require_once(voters())?;
        let is_conflicted = |person: &&PersonId| facts.known.conflicted.contains(person);
        let conflicted: Vec<_> = present.iter().filter(is_conflicted).copied().collect();
        if in_favour.is_empty() && against.is_empty() && abstained.is_empty() {
            let (conflicted, present) = (conflicted.len(), present.len());
            return Err(BoardRefusal::NobodyVoted { item, conflicted, present });
        }
        Ok(BoardEvent::Decided {
            item,
            subject: asked.subject,
            // Who has a conflict is there, and takes no part in it.
            present: present.clone(),
            in_favour: in_favour.clone(),
            against: against.clone(),
            abstained: abstained.clone(),
            conflicted,
            adopted: in_favour.len() > against.len(),
            evidence: *evidence,
        })
    }
}

fn require_once<'a>(named: impl Iterator<Item = &'a PersonId>) -> Result<(), BoardRefusal> {
    let mut seen = std::collections::BTreeSet::new();
    for person in named {
        if !seen.insert(person) {
            return Err(BoardRefusal::NamedTwice { person: *person });
        }
    }
    Ok(())
}
