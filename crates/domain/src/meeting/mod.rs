//! A general meeting: call, roll, proxies, attendance, votes, resolutions and minutes.
//!
//! One stream per meeting. One member has one vote, whatever the shares. The roll is sealed as of the
//! record date and as known at a position: whoever changes category or joins later changes nothing at
//! this meeting. Open votes stand by name; of a secret vote the log says who voted and never how.
//! What is represented decides upon the quorum, and upon how many votes one person may cast.
//! The state keeps one entry per person who takes part or is represented; a vote sets one bit in it,
//! so that the last of many votes costs no more than the first.
//!
//! ```text
//! agenda.rs   items, ballots, majorities, elections    roll.rs     who may vote
//! event.rs    what can have happened                   voting.rs   who may cast a vote, what is decided
//! command.rs  what may be asked, and refused           mod.rs      call, roll, proxies, attendance, fold
//! ```
//!
//! Left out: votes sent in before the meeting, people who leave during it, written resolutions.
//! Source: WVV 6:70, 6:80, 6:85, 6:86; KB 28-06-2019 art. 6 §1; DOMAIN B1, B2, E6–E10, F5 19–21.

mod agenda;
mod command;
mod event;
mod roll;
mod voting;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use agenda::{
    Ballot, CandidateResult, CandidateVotes, Channel, Choice, ITEMS_MAX, Item, ItemKind, ItemNumber,
    ItemNumberError, Majority, MeetingKind, Presence, Tally, Votes, elected, quorum_of, votes_cap,
};
pub use command::{MeetingCommand, MeetingKnown, MeetingRefusal, RollKnown};
pub use event::MeetingEvent;
pub use roll::{AsKnown, Electorate, Roll, Voter};
pub use voting::Outcome;

use crate::correction::{Correction, CorrectionRefused, decide_correction, evolve_correction};
use crate::dates::Day;
use crate::envelope::StreamId;
use crate::ids::{MeetingId, PersonId};
use crate::parameters::Parameter;
use crate::stream::{Facts, Stream, StreamEvent};
use voting::Counted;

/// One general meeting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    call: Option<Call>,
    roll: Option<Sealed>,
    /// Who takes part or is represented.
    people: BTreeMap<PersonId, Part>,
    /// Whose votes each proxy holds.
    givers: BTreeMap<PersonId, Vec<PersonId>>,
    represented: Represented,
    began: Option<Began>,
    counted: BTreeMap<ItemNumber, Counted>,
    /// Votes cast on all items.
    votes_cast: u32,
    closed: bool,
    signed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Call {
    second_of: Option<MeetingId>,
    held_on: Day,
    record_on: Day,
    channel: Channel,
    agenda: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Sealed {
    known: AsKnown,
    shares_issued: u64,
}

/// How one person takes part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Part {
    /// The person's own entry in the roll, by shares; none for whoever only holds proxies.
    shares: Option<u32>,
    present: bool,
    proxy: Option<PersonId>,
    /// One bit per item on which the person's own vote was cast.
    voted: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Represented {
    votes: u32,
    shares: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Began {
    scrutineers: Vec<PersonId>,
    quorum: Option<u64>,
}

impl Stream for Meeting {
    const TYPE: &'static str = "meeting";
    const STATE_VERSION: u16 = 1;
    type Id = MeetingId;
    type Command = MeetingCommand;
    type Event = MeetingEvent;
    type Refusal = MeetingRefusal;
    type Known = MeetingKnown;

    fn stream_id(id: MeetingId) -> StreamId {
        StreamId::Meeting(id)
    }

    fn decide(
        &self,
        id: MeetingId,
        command: &MeetingCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<MeetingEvent>, MeetingRefusal> {
        let event = match command {
            MeetingCommand::ConveneMeeting { .. } => self.convene(command, facts)?,
            MeetingCommand::SealRoll { known_at, digest } => {
                let call = self.called()?;
                if let Some(sealed) = &self.roll {
                    return Err(MeetingRefusal::RollAlreadySealed { known_at: sealed.known.at });
                }
                let (record_on, effective_on) = (call.record_on, facts.effective_on);
                if effective_on < record_on {
                    return Err(MeetingRefusal::BeforeRecordDate { record_on, effective_on });
                }
                let RollKnown { digest: found, users, partners, shares_issued, changed_at } =
                    facts.known.roll;
                if *known_at < changed_at {
                    return Err(MeetingRefusal::RollMovedOn { known_at: *known_at, changed_at });
                }
                if *digest != found {
                    return Err(MeetingRefusal::RollDiffers { stated: *digest, found, users, partners });
                }
                // The last event it rests on, not what was asked: nobody can seal what is yet to come.
                let known_at = changed_at;
                MeetingEvent::RollSealed {
                    record_on,
                    known_at,
                    digest: found,
                    users,
                    partners,
                    shares_issued,
                }
            }
            MeetingCommand::GiveProxy { giver, holder, evidence } => {
                let (giver, holder) = (*giver, *holder);
                let voter = self.voter(giver, facts)?;
                self.require_proxies_open()?;
                if giver == holder {
                    return Err(MeetingRefusal::ProxyToSelf { person: giver });
                }
                let part = self.part(giver);
                if let Some(holder) = part.proxy {
                    return Err(MeetingRefusal::ProxyGivenAlready { giver, holder });
                }
                if part.present {
                    return Err(MeetingRefusal::PresentAlready { person: giver });
                }
                let held = self.givers.get(&holder).map_or(0, |givers| givers.len() as u32);
                let max = facts.parameters.count(Parameter::MeetingProxiesMax, facts.effective_on)?;
                if held >= max {
                    return Err(MeetingRefusal::TooManyProxies { holder, held, max });
                }
                MeetingEvent::ProxyGiven { giver, holder, voter, evidence: *evidence }
            }
            MeetingCommand::RevokeProxy { giver, evidence } => {
                let voter = self.voter(*giver, facts)?;
                self.require_proxies_open()?;
                let holder = self.part(*giver).proxy.ok_or(MeetingRefusal::NoProxy { giver: *giver })?;
                MeetingEvent::ProxyRevoked { giver: *giver, holder, voter, evidence: *evidence }
            }
            MeetingCommand::RecordAttendance { person, presence } => {
                self.attend(*person, *presence, facts)?
            }
            MeetingCommand::OpenMeeting { chair, secretary, scrutineers } => {
                let quorum = self.open(facts)?;
                MeetingEvent::Opened {
                    chair: *chair,
                    secretary: *secretary,
                    scrutineers: scrutineers.clone(),
                    votes_represented: self.represented.votes,
                    shares_represented: self.represented.shares,
                    quorum,
                }
            }
            MeetingCommand::CastVote { item, voter, by, choice } => {
                self.may_cast(*item, (*voter, *by), Ballot::Open, facts)?;
                self.require_choice(*item, choice, facts)?;
                MeetingEvent::VoteCast { item: *item, voter: *voter, by: *by, choice: choice.clone() }
            }
            MeetingCommand::CastBallot { item, voter, by } => {
                self.may_cast(*item, (*voter, *by), Ballot::Secret, facts)?;
                MeetingEvent::BallotCast { item: *item, voter: *voter, by: *by }
            }
            MeetingCommand::RecordTally { item, tally, scrutineers, evidence } => {
                self.require_tally(*item, tally, scrutineers, facts)?;
                MeetingEvent::TallyRecorded {
                    item: *item,
                    tally: tally.clone(),
                    scrutineers: scrutineers.clone(),
                    evidence: *evidence,
                }
            }
            MeetingCommand::DecideItem { item } => self.decide_item(*item, facts)?,
            MeetingCommand::CloseMeeting {} => {
                self.running()?;
                MeetingEvent::Closed {}
            }
            MeetingCommand::SignMinutes { signers, evidence } => {
                self.began()?;
                if !self.closed {
                    return Err(MeetingRefusal::NotClosed);
                }
                if self.signed {
                    return Err(MeetingRefusal::SignedAlready);
                }
                if signers.is_empty() {
                    return Err(MeetingRefusal::Nobody { what: "signer" });
                }
                MeetingEvent::MinutesSigned { signers: signers.clone(), evidence: *evidence }
            }
            MeetingCommand::Correct(correct) => return decide_correction(self, id, correct, facts),
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &MeetingEvent) {
        match event {
            MeetingEvent::Convened { second_of, held_on, record_on, channel, agenda, .. } => {
                self.call = Some(Call {
                    second_of: *second_of,
                    held_on: *held_on,
                    record_on: *record_on,
                    channel: *channel,
                    agenda: agenda.clone(),
                });
            }
            MeetingEvent::RollSealed { record_on, known_at, shares_issued, .. } => {
                let known = AsKnown { on: *record_on, at: *known_at };
                self.roll = Some(Sealed { known, shares_issued: *shares_issued });
            }
            MeetingEvent::ProxyGiven { giver, holder, voter, .. } => self.give(*giver, *holder, *voter),
            MeetingEvent::ProxyRevoked { giver, holder, .. } => self.take_back(*giver, *holder),
            MeetingEvent::AttendanceRecorded { person, voter, .. } => {
                let part = self.people.entry(*person).or_default();
                part.present = true;
                part.shares = voter.map(|voter| voter.shares);
                self.count_represented(*person, 1);
            }
            MeetingEvent::Opened { scrutineers, quorum, .. } => {
                self.began = Some(Began { scrutineers: scrutineers.clone(), quorum: *quorum });
            }
            MeetingEvent::VoteCast { item, voter, choice, .. } => {
                self.mark(*item, *voter);
                self.counted.entry(*item).or_default().add(choice);
            }
            MeetingEvent::BallotCast { item, voter, .. } => self.mark(*item, *voter),
            MeetingEvent::TallyRecorded { item, tally, .. } => {
                self.counted.entry(*item).or_default().take(tally);
            }
            MeetingEvent::ResolutionDecided { item, adopted, .. } => {
                let outcome = if *adopted { Outcome::Adopted } else { Outcome::Rejected };
                self.counted.entry(*item).or_default().outcome = Some(outcome);
            }
            MeetingEvent::ElectionDecided { item, results, .. } => {
                let elected = results.iter().filter(|of| of.elected).map(|of| of.candidate).collect();
                self.counted.entry(*item).or_default().outcome = Some(Outcome::Elected(elected));
            }
            MeetingEvent::Closed {} => self.closed = true,
            MeetingEvent::MinutesSigned { .. } => self.signed = true,
            MeetingEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &MeetingEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            MeetingEvent::Convened { .. } => {
                if self.roll.is_some() {
                    return relied_upon("the roll was sealed since");
                }
                self.call = None;
            }
            MeetingEvent::RollSealed { .. } => {
                if !self.people.is_empty() {
                    return relied_upon("proxies were given or attendance was recorded since");
                }
                self.roll = None;
            }
            MeetingEvent::ProxyGiven { .. } | MeetingEvent::ProxyRevoked { .. } if self.began.is_some() => {
                return relied_upon("the meeting began with the votes that it represents");
            }
            MeetingEvent::ProxyGiven { giver, holder, .. } => {
                if self.part(*giver).proxy != Some(*holder) {
                    return relied_upon("it was taken back since");
                }
                self.take_back(*giver, *holder);
            }
            MeetingEvent::ProxyRevoked { giver, holder, voter, .. } => {
                let part = self.part(*giver);
                if part.present || part.proxy.is_some() {
                    return relied_upon("the member attends or gave another proxy since");
                }
                self.give(*giver, *holder, *voter);
            }
            MeetingEvent::AttendanceRecorded { person, .. } => {
                if self.votes_cast > 0 || self.counted.values().any(|counted| counted.outcome.is_some()) {
                    return relied_upon("votes were cast on what is represented");
                }
                self.count_represented(*person, -1);
                self.people.remove(person);
            }
            MeetingEvent::Opened { .. } => {
                if self.closed || !self.counted.is_empty() {
                    return relied_upon("the meeting voted or ended since");
                }
                self.began = None;
            }
            MeetingEvent::VoteCast { item, .. } | MeetingEvent::BallotCast { item, .. }
                if self.is_counted(*item) =>
            {
                return relied_upon("the votes on the item were counted since");
            }
            MeetingEvent::VoteCast { item, voter, choice, .. } => {
                self.unmark(*item, *voter);
                self.counted.entry(*item).or_default().remove(choice);
            }
            MeetingEvent::BallotCast { item, voter, .. } => self.unmark(*item, *voter),
            MeetingEvent::TallyRecorded { item, .. } => {
                let counted = self.counted.entry(*item).or_default();
                if counted.outcome.is_some() {
                    return relied_upon("the item was decided on it");
                }
                counted.forget_tally();
            }
            MeetingEvent::ResolutionDecided { .. } | MeetingEvent::ElectionDecided { .. } => {
                return relied_upon("it was announced to the meeting; another meeting may decide anew");
            }
            MeetingEvent::Closed {} => {
                if self.signed {
                    return relied_upon("the minutes were signed since");
                }
                self.closed = false;
            }
            MeetingEvent::MinutesSigned { .. } => self.signed = false,
            MeetingEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<MeetingEvent>) -> MeetingEvent {
        MeetingEvent::Corrected(correction)
    }
}

impl Meeting {
    /// The record date, as known now; none before the meeting is convened.
    pub fn record_on(&self) -> Option<Day> {
        self.call.as_ref().map(|call| call.record_on)
    }

    /// What the sealed roll rests on; none before it is sealed.
    pub fn sealed(&self) -> Option<AsKnown> {
        self.roll.map(|roll| roll.known)
    }

    /// The item of this number, when it is on the agenda.
    pub fn item(&self, item: ItemNumber) -> Option<&Item> {
        self.call.as_ref()?.agenda.iter().find(|found| found.number == item)
    }

    /// What became of an item; none before it is decided.
    pub fn outcome(&self, item: ItemNumber) -> Option<&Outcome> {
        self.counted.get(&item)?.outcome.as_ref()
    }

    /// The items that a second meeting may decide: this one ended without the quorum for them.
    pub fn without_quorum(&self) -> Vec<Item> {
        let lacked = self.began.as_ref().and_then(|began| began.quorum);
        let (true, Some(needed), Some(call)) = (self.closed, lacked, &self.call) else { return Vec::new() };
        if self.represented.shares >= needed {
            return Vec::new();
        }
        call.agenda.iter().filter(|item| item.kind.needs_quorum()).copied().collect()
    }

    /// The event of a call, after the rules of a call.
    fn convene(&self, command: &MeetingCommand, facts: &Facts<Self>) -> Result<MeetingEvent, MeetingRefusal> {
        let MeetingCommand::ConveneMeeting { kind, second_of, held_on, record_on, channel, agenda, evidence } =
            command
        else {
            unreachable!("asked for a call");
        };
        let (held_on, record_on, convened_on) = (*held_on, *record_on, facts.effective_on);
        if let Some(call) = &self.call {
            return Err(MeetingRefusal::AlreadyConvened { held_on: call.held_on });
        }
        let min = facts.parameters.count(Parameter::MeetingNoticeDays, convened_on)?;
        let days = held_on.number() - convened_on.number();
        let notice_days = u32::try_from(days).ok().filter(|days| *days >= min);
        let notice_days =
            notice_days.ok_or(MeetingRefusal::NoticeTooShort { convened_on, held_on, days, min })?;
        if record_on > held_on {
            return Err(MeetingRefusal::RecordAfterMeeting { record_on, held_on });
        }
        if agenda.is_empty() {
            return Err(MeetingRefusal::NoAgenda);
        }
        for (n, item) in agenda.iter().enumerate() {
            let number = item.number;
            if agenda[..n].iter().any(|other| other.number == number) {
                return Err(MeetingRefusal::ItemTwice { item: number });
            }
            if !item.kind.needs_quorum() {
                continue;
            }
            if *kind != MeetingKind::Extraordinary {
                return Err(MeetingRefusal::NeedsExtraordinary { item: number, found: kind.word() });
            }
            let lacked = |first: &Item| first.kind == item.kind && first.text == item.text;
            if let Some(first) = second_of.filter(|_| !facts.known.without_quorum.iter().any(lacked)) {
                return Err(MeetingRefusal::NotOfFirstMeeting { item: number, first });
            }
        }
        Ok(MeetingEvent::Convened {
            kind: *kind,
            second_of: *second_of,
            held_on,
            record_on,
            notice_days,
            channel: *channel,
            agenda: agenda.clone(),
            evidence: *evidence,
        })
    }

    fn attend(
        &self,
        person: PersonId,
        presence: Presence,
        facts: &Facts<Self>,
    ) -> Result<MeetingEvent, MeetingRefusal> {
        let call = self.called()?;
        let sealed = self.roll.ok_or(MeetingRefusal::RollNotSealed)?;
        if self.closed {
            return Err(MeetingRefusal::Closed);
        }
        if !call.channel.admits(presence) {
            let (found, expected) = (presence.word(), call.channel.word());
            return Err(MeetingRefusal::OtherChannel { found, expected });
        }
        let part = self.part(person);
        if part.present {
            return Err(MeetingRefusal::PresentAlready { person });
        }
        if let Some(holder) = part.proxy {
            return Err(MeetingRefusal::Represented { person, holder });
        }
        let voter = facts.known.voter;
        if voter.is_none() && !self.givers.contains_key(&person) {
            return Err(MeetingRefusal::NotOnRoll { person, record_on: sealed.known.on });
        }
        Ok(MeetingEvent::AttendanceRecorded { person, presence, voter })
    }

    /// Whether the meeting may begin, and with which quorum.
    fn open(&self, facts: &Facts<Self>) -> Result<Option<u64>, MeetingRefusal> {
        let call = self.called()?;
        let sealed = self.roll.ok_or(MeetingRefusal::RollNotSealed)?;
        if self.began.is_some() {
            return Err(MeetingRefusal::AlreadyOpened);
        }
        let (held_on, effective_on) = (call.held_on, facts.effective_on);
        if held_on != effective_on {
            return Err(MeetingRefusal::OtherDay { held_on, effective_on });
        }
        if self.represented.votes == 0 {
            return Err(MeetingRefusal::NobodyRepresented);
        }
        if call.second_of.is_some() || !call.agenda.iter().any(|item| item.kind.needs_quorum()) {
            return Ok(None);
        }
        let share = facts.parameters.rate(Parameter::MeetingQuorum, effective_on)?;
        Ok(Some(quorum_of(sealed.shares_issued, share)))
    }

    fn called(&self) -> Result<&Call, MeetingRefusal> {
        self.call.as_ref().ok_or(MeetingRefusal::NotConvened)
    }

    fn began(&self) -> Result<&Began, MeetingRefusal> {
        self.called()?;
        self.began.as_ref().ok_or(MeetingRefusal::NotOpened)
    }

    fn running(&self) -> Result<&Began, MeetingRefusal> {
        let began = self.began()?;
        if self.closed {
            return Err(MeetingRefusal::Closed);
        }
        Ok(began)
    }

    /// The person's entry in the sealed roll.
    fn voter(&self, person: PersonId, facts: &Facts<Self>) -> Result<Voter, MeetingRefusal> {
        self.called()?;
        let record_on = self.roll.ok_or(MeetingRefusal::RollNotSealed)?.known.on;
        facts.known.voter.ok_or(MeetingRefusal::NotOnRoll { person, record_on })
    }

    fn require_proxies_open(&self) -> Result<(), MeetingRefusal> {
        if self.began.is_some() {
            return Err(MeetingRefusal::TooLateForProxies);
        }
        Ok(())
    }

    fn part(&self, person: PersonId) -> Part {
        self.people.get(&person).copied().unwrap_or_default()
    }

    fn give(&mut self, giver: PersonId, holder: PersonId, voter: Voter) {
        let part = self.people.entry(giver).or_default();
        part.proxy = Some(holder);
        part.shares = Some(voter.shares);
        self.givers.entry(holder).or_default().push(giver);
        if self.part(holder).present {
            self.represent(voter.shares, 1);
        }
    }

    fn take_back(&mut self, giver: PersonId, holder: PersonId) {
        let shares = self.part(giver).shares.expect("whoever gave a proxy is on the roll");
        if self.part(holder).present {
            self.represent(shares, -1);
        }
        let givers = self.givers.get_mut(&holder).expect("a proxy given is held");
        givers.retain(|other| *other != giver);
        if givers.is_empty() {
            self.givers.remove(&holder);
        }
        self.people.remove(&giver);
    }

    /// Counts what the person's attendance represents: the own vote, and those held.
    fn count_represented(&mut self, person: PersonId, sign: i64) {
        let own = self.part(person).shares;
        let held = self.givers.get(&person).into_iter().flatten();
        let held = held.map(|giver| self.part(*giver).shares.expect("whoever gave a proxy is on the roll"));
        for shares in own.into_iter().chain(held).collect::<Vec<_>>() {
            self.represent(shares, sign);
        }
    }

    fn represent(&mut self, shares: u32, sign: i64) {
        let (votes, sum) = (i64::from(self.represented.votes) + sign, sign * i64::from(shares));
        self.represented.votes = u32::try_from(votes).expect("votes are counted once each");
        self.represented.shares = self.represented.shares.checked_add_signed(sum).expect("shares too");
    }

    fn mark(&mut self, item: ItemNumber, voter: PersonId) {
        self.people.entry(voter).or_default().voted |= item.bit();
        self.counted.entry(item).or_default().voters += 1;
        self.votes_cast += 1;
    }

    fn unmark(&mut self, item: ItemNumber, voter: PersonId) {
        self.people.entry(voter).or_default().voted &= !item.bit();
        self.counted.entry(item).or_default().voters -= 1;
        self.votes_cast -= 1;
    }

    fn is_counted(&self, item: ItemNumber) -> bool {
        self.counted.get(&item).is_some_and(|counted| counted.tallied || counted.outcome.is_some())
    }
}
