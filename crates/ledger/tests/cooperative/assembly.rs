//! General meetings and mandates of the random cooperative, beside a naive list of votes.
//!
//! Members who come and go are called, attend, give proxies, vote by name and in secret; directors are
//! paid what a meeting allowed. After every command the votes that the meeting counts are those of the
//! list: one per member on the sealed roll, no more per caster than the cap, and no more papers than
//! voters.

use super::*;
use domain::Digest;
use domain::mandate::{
    AppointedBy, Bodies, Mandate, MandateCommand, MandateEvent, MandateKind, MandateKnown,
};
use domain::meeting::{
    AsKnown, Ballot, Channel, Choice, Electorate, Item, ItemKind, ItemNumber, Meeting, MeetingCommand,
    MeetingEvent, MeetingKind, MeetingKnown, Outcome, Presence, RollKnown, Tally, Votes, votes_cap,
};

/// The meeting that goes on, the mandates, and what is known of both.
#[derive(Default)]
pub struct Assembly {
    pub id: Option<MeetingId>,
    pub meeting: Meeting,
    pub mandates: BTreeMap<MandateId, Mandate>,
    pub electorate: Electorate,
    pub bodies: Bodies,
    /// Item, voter, who cast it, and the choice of an open vote.
    cast: Vec<(ItemNumber, PersonId, PersonId, Option<Choice>)>,
    closed: bool,
}

const OPEN_ITEM: u8 = 1;
const SECRET_ITEM: u8 = 2;
const ALLOWANCE_ITEM: u8 = 3;
/// What a list of voters would digest to; both sides of a sealing compute it alike.
const ROLL: Digest = Digest([3; 32]);

fn item(n: u8) -> ItemNumber {
    ItemNumber::try_new(n).unwrap()
}

impl Assembly {
    /// Folds an event of a meeting or a mandate; below zero what a correction takes back.
    pub fn fold(&mut self, stream: StreamId, event: &Event, sign: i64) {
        if let Some((_, original, instead)) = event.as_correction() {
            self.fold(stream, &original, -sign);
            instead.iter().for_each(|event| self.fold(stream, event, sign));
            return;
        }
        match (stream, event) {
            (StreamId::Mandate(mandate), Event::Mandate(event)) => self.bodies.fold(mandate, event, sign > 0),
            (_, Event::Meeting(MeetingEvent::VoteCast { item, voter, by, choice })) => {
                self.list((*item, *voter, *by, Some(choice.clone())), sign);
            }
            (_, Event::Meeting(MeetingEvent::BallotCast { item, voter, by })) => {
                self.list((*item, *voter, *by, None), sign);
            }
            (_, Event::Meeting(MeetingEvent::TallyRecorded { item, tally, .. })) if sign > 0 => {
                let Tally::Resolution { votes, invalid } = tally else { panic!("a resolution is tallied") };
                let papers = votes.in_favour + votes.against + votes.abstained + invalid;
                assert!(papers as usize <= self.of(*item).count(), "no more papers than voters");
            }
            (_, Event::Meeting(MeetingEvent::Closed {})) => self.closed = sign > 0,
            _ => {}
        }
    }

    fn list(&mut self, cast: (ItemNumber, PersonId, PersonId, Option<Choice>), sign: i64) {
        if sign > 0 {
            assert!(self.of(cast.0).all(|(_, voter, ..)| *voter != cast.1), "E6: one vote per member");
            self.cast.push(cast);
        } else {
            let before = self.cast.len();
            self.cast.retain(|(item, voter, ..)| (*item, *voter) != (cast.0, cast.1));
            assert_eq!(self.cast.len(), before - 1, "what is taken back was cast");
        }
    }

    fn of(
        &self,
        item: ItemNumber,
    ) -> impl Iterator<Item = &(ItemNumber, PersonId, PersonId, Option<Choice>)> {
        self.cast.iter().filter(move |(of, ..)| *of == item)
    }

    /// Asks the meeting what it counts, and compares with the list.
    pub fn agrees(&self, parameters: &Arc<Parameters>) {
        let (Some(id), Some(sealed)) = (self.id, self.meeting.sealed()) else { return };
        for (_, voter, ..) in &self.cast {
            assert!(self.electorate.voter(*voter, sealed).is_some(), "{voter} votes and is on the roll");
        }
        for n in [OPEN_ITEM, ALLOWANCE_ITEM] {
            let asked = MeetingCommand::DecideItem { item: item(n) };
            let facts = facts(parameters, LATER, MeetingKnown::default());
            let Ok(decided) = decide(&self.meeting, id, &asked, &facts) else { continue };
            let [MeetingEvent::ResolutionDecided { votes, votes_represented, votes_greatest, .. }] =
                &decided[..]
            else {
                panic!("one resolution is decided: {decided:?}");
            };
            let count = |of: Choice| {
                self.of(item(n)).filter(|(.., choice)| *choice == Some(of.clone())).count() as u32
            };
            let listed = Votes {
                in_favour: count(Choice::InFavour),
                against: count(Choice::Against),
                abstained: count(Choice::Abstain),
            };
            assert_eq!(*votes, listed, "item {n} counts what was cast");
            let by = |caster: PersonId| self.of(item(n)).filter(|(_, _, by, _)| *by == caster).count();
            let greatest = self.of(item(n)).map(|(_, _, caster, _)| by(*caster)).max().unwrap_or(0);
            assert_eq!(*votes_greatest as usize, greatest, "item {n}: who cast most");
            assert!(greatest <= votes_cap(*votes_represented, rate("0.1")) as usize, "E7: item {n}");
        }
    }
}

impl Cooperative {
    /// One step of a meeting's life, or of what follows from it.
    pub(super) fn assemble(&mut self, what: u8, pick: usize, some: Amount, size: u32) {
        match (what, self.assembly.id.is_some() && !self.assembly.closed) {
            (_, false) => self.call_a_meeting(),
            (0, _) => {
                let (person, presence) = (self.voter(pick, size), Presence::Remote);
                self.ask_meeting(LATER, MeetingCommand::RecordAttendance { person, presence });
            }
            (1, _) if size.is_multiple_of(3) => {
                let (chair, scrutineers) = (HOLDER, vec![HOLDER]);
                self.ask_meeting(LATER, MeetingCommand::OpenMeeting { chair, secretary: chair, scrutineers });
            }
            (1, _) => {
                let (giver, holder, evidence) =
                    (self.voter(pick, size), self.voter(pick / 4, size), evidence("PROXY-1"));
                let revokes = size.is_multiple_of(5);
                self.ask_meeting(
                    LATER,
                    match revokes {
                        true => MeetingCommand::RevokeProxy { giver, evidence },
                        false => MeetingCommand::GiveProxy { giver, holder, evidence },
                    },
                );
            }
            (2, _) => {
                let (voter, item) = (self.voter(pick, size), item(1 + (size % 4) as u8));
                let held_by = self.voter(pick / 4, size);
                let by = if size.is_multiple_of(3) { held_by } else { voter };
                let choices = [Choice::InFavour, Choice::InFavour, Choice::Against, Choice::Abstain];
                let choice = choices[pick / 16 % 4].clone();
                self.ask_meeting(
                    LATER,
                    match item.number() {
                        SECRET_ITEM => MeetingCommand::CastBallot { item, voter, by },
                        _ => MeetingCommand::CastVote { item, voter, by, choice },
                    },
                );
            }
            _ => self.conclude(pick, some, size),
        }
    }

    fn call_a_meeting(&mut self) {
        let at = Position(self.log.len() as u64);
        if self.assembly.electorate.roll(AsKnown { on: day(DAY), at }).voters.is_empty() {
            return;
        }
        self.assembly.id = Some(MeetingId::new(self.id()));
        self.assembly.meeting = Meeting::default();
        self.assembly.cast.clear();
        self.assembly.closed = false;
        let on_agenda = |n, kind, ballot| Item { number: item(n), kind, ballot, text: ROLL };
        let agenda = vec![
            on_agenda(OPEN_ITEM, ItemKind::Accounts, Ballot::Open),
            on_agenda(SECRET_ITEM, ItemKind::Discharge, Ballot::Secret),
            on_agenda(ALLOWANCE_ITEM, ItemKind::Allowance { amount: amount("2000.00") }, Ballot::Open),
        ];
        self.ask_meeting(
            DAY,
            MeetingCommand::ConveneMeeting {
                kind: MeetingKind::Ordinary,
                second_of: None,
                held_on: day(LATER),
                record_on: day(DAY),
                channel: Channel::Hybrid,
                agenda,
                evidence: evidence("NOTICE-1"),
            },
        );
        self.ask_meeting(DAY, MeetingCommand::SealRoll { known_at: at, digest: ROLL });
    }

    /// Items are counted and decided, the meeting ends, directors get what it allowed.
    fn conclude(&mut self, pick: usize, some: Amount, size: u32) {
        let item = item(1 + (pick % 3) as u8);
        match size % 7 {
            0 => {
                let voters = self.assembly.of(self::item(SECRET_ITEM)).count() as u32;
                // Sometimes one paper too many.
                let votes = Votes { in_favour: voters / 2, against: voters - voters / 2, abstained: 0 };
                let (tally, scrutineers) =
                    (Tally::Resolution { votes, invalid: u32::from(size % 5 == 0) }, vec![HOLDER]);
                let (item, evidence) = (self::item(SECRET_ITEM), evidence("TALLY-1"));
                self.ask_meeting(LATER, MeetingCommand::RecordTally { item, tally, scrutineers, evidence });
            }
            1 if size % 4 == 0 => self.ask_meeting(LATER, MeetingCommand::CloseMeeting {}),
            1 | 2 => self.ask_meeting(LATER, MeetingCommand::DecideItem { item }),
            3 => {
                let (person, mandate) = (self.voter(pick, size), MandateId::new(self.id()));
                let (kind, appointed) = (MandateKind::DirectorA, AppointedBy::Before {});
                let (until, evidence) = (None, evidence("DEED-1"));
                let grant = MandateCommand::GrantMandate { person, kind, appointed, until, evidence };
                self.ask_mandate(mandate, grant);
            }
            n => {
                let mandates: Vec<_> = self.assembly.mandates.keys().copied().collect();
                let (Some(mandate), Some(meeting)) = (one_of(&mandates, pick), self.assembly.id) else {
                    return;
                };
                let (item, year) = (self::item(ALLOWANCE_ITEM), YEAR);
                let command = match n {
                    4 => MandateCommand::VoteAllowance { meeting, item, year },
                    _ => MandateCommand::PayAllowance { year, amount: some, evidence: evidence("BNK-9") },
                };
                self.ask_mandate(mandate, command);
            }
        }
    }

    /// Mostly somebody on the roll, sometimes anybody.
    fn voter(&self, pick: usize, size: u32) -> PersonId {
        let sealed = self.assembly.meeting.sealed();
        let roll = sealed.map(|sealed| self.assembly.electorate.roll(sealed)).unwrap_or_default();
        let on_roll: Vec<_> = roll.voters.keys().copied().collect();
        let anybody: Vec<_> = self.register.member_of.keys().copied().collect();
        let of = if size % 13 == 0 || on_roll.is_empty() { anybody } else { on_roll };
        of[pick % of.len()]
    }

    pub fn ask_meeting(&mut self, on: &str, command: MeetingCommand) {
        let Some(id) = self.assembly.id else { return };
        let facts = facts(&self.parameters, on, self.meeting_known(&command));
        let decided = decide(&self.assembly.meeting, id, &command, &facts).unwrap_or_default();
        let stream = StreamId::Meeting(id);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    pub fn meeting_known(&self, command: &MeetingCommand) -> MeetingKnown {
        let Assembly { electorate, meeting, .. } = &self.assembly;
        let changed_at = electorate.changed_at();
        let roll = electorate.roll(AsKnown { on: day(DAY), at: changed_at });
        let voter = command.asks_voter().zip(meeting.sealed());
        MeetingKnown {
            roll: RollKnown {
                digest: ROLL,
                users: roll.count(Category::User),
                partners: roll.count(Category::Partner),
                shares_issued: roll.shares_issued,
                changed_at,
            },
            voter: voter.and_then(|(person, sealed)| electorate.voter(person, sealed)),
            candidates: Vec::new(),
            without_quorum: Vec::new(),
        }
    }

    pub fn ask_mandate(&mut self, mandate: MandateId, command: MandateCommand) {
        let known = self.mandate_known(mandate, &command);
        let state = self.assembly.mandates.get(&mandate).cloned().unwrap_or_default();
        let facts = facts(&self.parameters, LATER, known);
        let decided = decide(&state, mandate, &command, &facts).unwrap_or_default();
        let stream = StreamId::Mandate(mandate);
        self.record_all(decided.into_iter().map(|event| (stream, event.into())).collect());
    }

    pub fn mandate_known(&self, mandate: MandateId, command: &MandateCommand) -> MandateKnown {
        let Assembly { electorate, bodies, meeting, mandates, .. } = &self.assembly;
        let person = match command {
            MandateCommand::GrantMandate { person, .. } => Some(*person),
            _ => mandates.get(&mandate).and_then(Mandate::holder).map(|(person, _)| person),
        };
        let allows = meeting.outcome(item(ALLOWANCE_ITEM)) == Some(&Outcome::Adopted);
        MandateKnown {
            category: person.and_then(|person| electorate.category(person, day(LATER))),
            seated: bodies.seated(MandateKind::DirectorA, day(LATER), mandate),
            sits_already: person.and_then(|person| bodies.sits_already(person, day(LATER), mandate)),
            allowance: allows.then(|| amount("2000.00")),
            ..MandateKnown::default()
        }
    }
}

/// The vote that would have been right instead.
pub fn meeting_replacement(event: &MeetingEvent) -> Option<MeetingCommand> {
    match event {
        MeetingEvent::VoteCast { item, voter, by, .. } => {
            let (item, voter, by, choice) = (*item, *voter, *by, Choice::Abstain);
            Some(MeetingCommand::CastVote { item, voter, by, choice })
        }
        _ => None,
    }
}

/// The payment that would have been right instead.
pub fn mandate_replacement(event: &MandateEvent, instead: Amount) -> Option<MandateCommand> {
    match event {
        MandateEvent::AllowancePaid { year, .. } => {
            Some(MandateCommand::PayAllowance { year: *year, amount: instead, evidence: evidence("RIGHT-4") })
        }
        _ => None,
    }
}
