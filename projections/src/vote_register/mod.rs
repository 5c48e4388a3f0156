//! The register of votes: roll, proxies, attendance, votes, results and minutes of general meetings.
//!
//! One line per step of a meeting, per item of its agenda, per person's step (a proxy, attendance, a
//! vote) and per count (a tally, a decision). Of a secret vote a line says who voted; there is none
//! that could say how. A correction adds a line that names the step it takes back, so both times are
//! answered from the lines alone.
//! Left out: the list of voters itself, which the registers of members and shares hold; who wrote the
//! minutes, and the texts of the proposals, which are documents.
//! Source: WVV 6:70–6:86; KB 28-06-2019 art. 6 §1; DOMAIN F4 (7).

mod queries;
mod roll;

use domain::evidence::Digest;
use domain::ids::PersonId;
use domain::meeting::{Choice, Item, ItemNumber, MeetingEvent, Tally, Voter, Votes};
use domain::member::Category;
use domain::{Event, StreamId};

pub use queries::{
    Attendance, Candidate, ItemOverview, MeetingOverview, Proxy, VoteLine, attendance, items, meetings,
    proxies, votes,
};
pub use roll::roll;

use crate::port::{Change, Column, Index, Projection, Rows, Seen, Shape, Table, Value, day, integer};

/// The steps of meetings: convened, sealed, opened, closed, signed.
pub static MEETINGS: Table = Table {
    name: "meeting_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("meeting"),
        Column::text("step"),
        Column::integer("sign"),
        Column::text("kind"),
        Column::integer("held_on"),
        Column::integer("record_on"),
        Column::integer("known_at"),
        Column::text("digest"),
        Column::integer("users"),
        Column::integer("partners"),
        Column::integer("shares"),
        Column::integer("quorum"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// The items of agendas, each under the line of its call.
pub static ITEMS: Table = Table {
    name: "meeting_items",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::integer("item"),
        Column::id("meeting"),
        Column::text("kind"),
        Column::text("ballot"),
        Column::text("digest"),
    ],
    shape: Shape::Lines { key: 3 },
    indexes: &[],
};

/// The steps of persons: a proxy given or revoked, attendance, a vote in the open or in secret.
pub static VOTES: Table = Table {
    name: "vote_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("meeting"),
        Column::text("step"),
        Column::integer("sign"),
        Column::integer("item"),
        Column::id("person"),
        Column::id("by_person"),
        Column::text("word"),
        Column::text("category"),
        Column::integer("shares"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index {
        name: "vote_lines_meeting",
        columns: &["meeting", "step", "position"],
        unless_null: None,
    }],
};

/// Tallies and decisions.
pub static DECISIONS: Table = Table {
    name: "decision_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("meeting"),
        Column::text("step"),
        Column::integer("sign"),
        Column::integer("item"),
        Column::integer("in_favour"),
        Column::integer("against"),
        Column::integer("abstained"),
        Column::integer("votes_represented"),
        Column::integer("shares_represented"),
        Column::integer("votes_greatest"),
        Column::integer("adopted"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// Candidates, each under the line of the vote that names them or of the election that was decided.
pub static CANDIDATES: Table = Table {
    name: "candidate_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::integer("n"),
        Column::id("meeting"),
        Column::id("candidate"),
        Column::integer("votes"),
        Column::integer("elected"),
    ],
    shape: Shape::Lines { key: 3 },
    indexes: &[Index {
        name: "candidate_lines_meeting",
        columns: &["meeting", "position"],
        unless_null: None,
    }],
};

/// The fold of meetings into lines.
#[derive(Debug, Default)]
pub struct VoteRegister;

/// What a line says of the whole meeting.
#[derive(Default)]
struct Step {
    name: &'static str,
    kind: Option<&'static str>,
    held_on: Option<domain::Day>,
    record_on: Option<domain::Day>,
    known_at: Option<domain::Position>,
    digest: Option<Digest>,
    users: u64,
    partners: u64,
    shares: u64,
    quorum: Option<u64>,
}

/// What a line counts.
#[derive(Default)]
struct Counted {
    name: &'static str,
    votes: Votes,
    votes_represented: u64,
    shares_represented: u64,
    votes_greatest: u64,
    adopted: Option<bool>,
}

impl Projection for VoteRegister {
    fn name(&self) -> &'static str {
        "vote_register"
    }

    fn question(&self) -> &'static str {
        "who could vote at each general meeting, who did, and what was decided"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&MEETINGS, &ITEMS, &VOTES, &DECISIONS, &CANDIDATES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Meeting(meeting) = seen.stream() else { return };
        let meeting = Value::Id(meeting.uuid());
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Meeting(event) = change.event.as_ref() else { continue };
            let mut to =
                Lines { rows: &mut *rows, seen, meeting, line: Value::Integer(line), change: &change };
            to.write(event);
        }
    }
}

/// Where the lines of one event go.
struct Lines<'a> {
    rows: &'a mut dyn Rows,
    seen: Seen<'a>,
    meeting: Value<'a>,
    line: Value<'static>,
    change: &'a Change<'a>,
}

impl Lines<'_> {
    fn write(&mut self, event: &MeetingEvent) {
        match event {
            MeetingEvent::Convened { kind, held_on, record_on, agenda, .. } => {
                self.meeting(&Step {
                    name: "convened",
                    kind: Some(kind.word()),
                    held_on: Some(*held_on),
                    record_on: Some(*record_on),
                    ..Step::default()
                });
                agenda.iter().for_each(|item| self.item(item));
            }
            MeetingEvent::RollSealed { record_on, known_at, digest, users, partners, shares_issued } => {
                self.meeting(&Step {
                    name: "sealed",
                    record_on: Some(*record_on),
                    known_at: Some(*known_at),
                    digest: Some(*digest),
                    users: u64::from(*users),
                    partners: u64::from(*partners),
                    shares: *shares_issued,
                    ..Step::default()
                });
            }
            MeetingEvent::Opened { quorum, .. } => {
                self.meeting(&Step { name: "opened", quorum: *quorum, ..Step::default() });
            }
            MeetingEvent::Closed {} => self.meeting(&Step { name: "closed", ..Step::default() }),
            MeetingEvent::MinutesSigned { evidence, .. } => {
                self.meeting(&Step { name: "signed", digest: Some(evidence.digest), ..Step::default() });
            }
            MeetingEvent::ProxyGiven { giver, holder, voter, .. } => {
                self.person("proxy_given", None, (*giver, Some(*holder)), None, Some(*voter));
            }
            MeetingEvent::ProxyRevoked { giver, holder, voter, .. } => {
                self.person("proxy_revoked", None, (*giver, Some(*holder)), None, Some(*voter));
            }
            MeetingEvent::AttendanceRecorded { person, presence, voter } => {
                self.person("attended", None, (*person, None), Some(presence.word()), *voter);
            }
            MeetingEvent::VoteCast { item, voter, by, choice } => {
                let named = match choice {
                    Choice::Elect(candidates) => candidates.as_slice(),
                    Choice::InFavour | Choice::Against | Choice::Abstain => &[],
                };
                self.person("voted", Some(*item), (*voter, Some(*by)), Some(word(choice)), None);
                for (n, candidate) in (1..).zip(named) {
                    self.candidate(n, *candidate, 1, None);
                }
            }
            MeetingEvent::BallotCast { item, voter, by } => {
                self.person("balloted", Some(*item), (*voter, Some(*by)), None, None);
            }
            MeetingEvent::TallyRecorded { item, tally, .. } => {
                let votes = match tally {
                    Tally::Resolution { votes, .. } => *votes,
                    Tally::Election { abstained, .. } => Votes { abstained: *abstained, ..Votes::default() },
                };
                self.count(*item, &Counted { name: "tallied", votes, ..Counted::default() });
            }
            MeetingEvent::ResolutionDecided {
                item,
                shares_represented,
                votes_represented,
                votes_greatest,
                votes,
                adopted,
                ..
            } => {
                self.count(
                    *item,
                    &Counted {
                        name: "decided",
                        votes: *votes,
                        votes_represented: u64::from(*votes_represented),
                        shares_represented: *shares_represented,
                        votes_greatest: u64::from(*votes_greatest),
                        adopted: Some(*adopted),
                    },
                );
            }
            MeetingEvent::ElectionDecided {
                item,
                votes_represented,
                votes_greatest,
                results,
                abstained,
                ..
            } => {
                self.count(
                    *item,
                    &Counted {
                        name: "elected",
                        votes: Votes { abstained: *abstained, ..Votes::default() },
                        votes_represented: u64::from(*votes_represented),
                        votes_greatest: u64::from(*votes_greatest),
                        ..Counted::default()
                    },
                );
                for (n, result) in (1..).zip(results) {
                    self.candidate(n, result.candidate, i64::from(result.votes), Some(result.elected));
                }
            }
            MeetingEvent::Corrected(_) => {}
        }
    }

    fn meeting(&mut self, step: &Step) {
        let digest = step.digest.map(|digest| digest.to_string());
        self.rows.insert(
            &MEETINGS,
            &[
                self.seen.position(),
                self.line,
                self.meeting,
                Value::Text(step.name),
                Value::Integer(self.change.sign),
                step.kind.map_or(Value::Null, Value::Text),
                step.held_on.map_or(Value::Null, day),
                step.record_on.map_or(Value::Null, day),
                step.known_at.map_or(Value::Null, |position| Value::Integer(integer(position.0))),
                digest.as_deref().map_or(Value::Null, Value::Text),
                Value::Integer(integer(step.users)),
                Value::Integer(integer(step.partners)),
                Value::Integer(integer(step.shares)),
                step.quorum.map_or(Value::Null, |shares| Value::Integer(integer(shares))),
                self.seen.effective_on(),
                self.change.voids(),
            ],
        );
    }

    fn item(&mut self, item: &Item) {
        self.rows.insert(
            &ITEMS,
            &[
                self.seen.position(),
                self.line,
                Value::Integer(item.number.number().into()),
                self.meeting,
                Value::Text(item.kind.word()),
                Value::Text(item.ballot.word()),
                Value::Text(&item.text.to_string()),
            ],
        );
    }

    fn person(
        &mut self,
        name: &'static str,
        item: Option<ItemNumber>,
        (person, by): (PersonId, Option<PersonId>),
        word: Option<&'static str>,
        voter: Option<Voter>,
    ) {
        self.rows.insert(
            &VOTES,
            &[
                self.seen.position(),
                self.line,
                self.meeting,
                Value::Text(name),
                Value::Integer(self.change.sign),
                item.map_or(Value::Null, |item| Value::Integer(item.number().into())),
                Value::Id(person.uuid()),
                by.map_or(Value::Null, |person| Value::Id(person.uuid())),
                word.map_or(Value::Null, Value::Text),
                voter.map_or(Value::Null, |voter| Value::Text(category_word(voter.category))),
                voter.map_or(Value::Null, |voter| Value::Integer(voter.shares.into())),
                self.seen.effective_on(),
                self.change.voids(),
            ],
        );
    }

    fn count(&mut self, item: ItemNumber, counted: &Counted) {
        self.rows.insert(
            &DECISIONS,
            &[
                self.seen.position(),
                self.line,
                self.meeting,
                Value::Text(counted.name),
                Value::Integer(self.change.sign),
                Value::Integer(item.number().into()),
                Value::Integer(counted.votes.in_favour.into()),
                Value::Integer(counted.votes.against.into()),
                Value::Integer(counted.votes.abstained.into()),
                Value::Integer(integer(counted.votes_represented)),
                Value::Integer(integer(counted.shares_represented)),
                Value::Integer(integer(counted.votes_greatest)),
                counted.adopted.map_or(Value::Null, |adopted| Value::Integer(adopted.into())),
                self.seen.effective_on(),
                self.change.voids(),
            ],
        );
    }

    fn candidate(&mut self, n: i64, candidate: PersonId, votes: i64, elected: Option<bool>) {
        self.rows.insert(
            &CANDIDATES,
            &[
                self.seen.position(),
                self.line,
                Value::Integer(n),
                self.meeting,
                Value::Id(candidate.uuid()),
                Value::Integer(votes),
                elected.map_or(Value::Null, |elected| Value::Integer(elected.into())),
            ],
        );
    }
}

const fn word(choice: &Choice) -> &'static str {
    match choice {
        Choice::InFavour => "in_favour",
        Choice::Against => "against",
        Choice::Abstain => "abstain",
        Choice::Elect(_) => "elect",
    }
}

const fn category_word(category: Category) -> &'static str {
    match category {
        Category::User => "user",
        Category::Partner => "partner",
    }
}
