//! 30,000 votes in one general meeting beside 30,000 commands of other streams, in the same log.
//!
//! Ours casts the vote of every member on the next item of one meeting: one stream, which is 30,000
//! events longer with each pair and carries all who attend in its state. The yardstick has every member
//! subscribe a share: as many commands of one event each, in as many streams.
//! Budget: votes keep at least 0.8 of the rate of the others, in the last pair as in the first.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use app::clock::SyntheticClock;
use app::writer::{Writer, WriterThread};
use benches::{compare, head, pairs, rate, timed};
use domain::evidence::Digest;
use domain::ids::{CommandId, EntityId, MeetingId, MemberId, PersonId};
use domain::meeting::{
    AsKnown, Ballot, Channel, Choice, Electorate, Item, ItemKind, ItemNumber, MeetingCommand, MeetingKind,
    Presence,
};
use domain::member::{Category, MemberCommand};
use domain::statutes::StatutesCommand;
use domain::text::Token;
use domain::year::YearCommand;
use domain::{Command, Day, Event, Evidence, Position, Request, StreamId, Year};
use store::{Log, LogId, LogReader, OsRandomness};
use uuid::Uuid;

const VOTERS: u128 = 30_000;
const MEETING: MeetingId = MeetingId::new(Uuid::from_u128(1));
const HELD: &str = "2025-06-12";

fn main() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut hall = Hall::open(dir.path());
    hall.begin(dir.path());
    head(&format!("{VOTERS} votes in one meeting, beside as many other commands"));
    let (mut item, mut n) = (0, 0);
    // One hall for both: the two closures take turns.
    let hall = std::cell::RefCell::new(hall);
    compare(
        "votes by name",
        "/s",
        0.8,
        || {
            item += 1;
            let votes = (1..=VOTERS).map(|voter| {
                let (item, voter) = (number(item), person(voter));
                of_meeting(MeetingCommand::CastVote { item, voter, by: voter, choice: Choice::InFavour })
            });
            hall.borrow_mut().ask_all(HELD, votes)
        },
        || {
            n += 1;
            hall.borrow_mut()
                .ask_all(HELD, (1..=VOTERS).map(|voter| Request::Member(member(voter), subscribe(n))))
        },
    );
}

/// A log with a meeting in it, and its writer.
struct Hall {
    writer: Writer,
    _thread: WriterThread,
    n_commands: u128,
}

impl Hall {
    fn open(dir: &Path) -> Self {
        Log::create(dir, LogId::new(Uuid::nil()), &mut OsRandomness).expect("a log");
        let (writer, thread) = Writer::open(dir, Arc::new(SyntheticClock)).expect("a writer");
        Self { writer, _thread: thread, n_commands: 0 }
    }

    /// Opens the books, admits everybody, calls the meeting, seals its roll; all attend, and it begins.
    fn begin(&mut self, dir: &Path) {
        let (entity, currency) = (EntityId::new(Uuid::nil()), Token::literal("EUR"));
        let open = StatutesCommand::OpenLog { entity, currency, synthetic: true };
        let parameters = app::seed::reviewed_parameters().expect("reviewed parameters");
        let opening = std::iter::once(open).chain(parameters).map(Request::Statutes);
        let year = Request::Year(Year::new(2025), YearCommand::OpenYear {});
        self.ask_all("2025-01-02", opening.chain([year]));
        self.ask_all(
            "2025-01-02",
            (1..=VOTERS).flat_map(|voter| {
                let (person, category) = (person(voter), Category::User);
                let ask = MemberCommand::RequestAdmission { person, category };
                let steps = [ask, MemberCommand::GrantAdmission {}, subscribe(0)];
                steps.map(|asked| Request::Member(member(voter), asked))
            }),
        );
        let items = u8::try_from(pairs()).expect("few pairs");
        let text = Digest([0; 32]);
        let item = |n| Item { number: number(n), kind: ItemKind::Ordinary, ballot: Ballot::Open, text };
        let convene = MeetingCommand::ConveneMeeting {
            kind: MeetingKind::Ordinary,
            second_of: None,
            held_on: day(HELD),
            record_on: day("2025-05-31"),
            channel: Channel::Remote,
            agenda: (1..=items).map(item).collect(),
            evidence: evidence(),
        };
        self.ask_all("2025-05-20", [of_meeting(convene)]);
        let (known_at, digest) = roll(dir);
        self.ask_all("2025-06-01", [of_meeting(MeetingCommand::SealRoll { known_at, digest })]);
        self.ask_all(
            HELD,
            (1..=VOTERS).map(|voter| {
                let (person, presence) = (person(voter), Presence::Remote);
                of_meeting(MeetingCommand::RecordAttendance { person, presence })
            }),
        );
        let (chair, scrutineers) = (person(1), Vec::new());
        let open = MeetingCommand::OpenMeeting { chair, secretary: chair, scrutineers };
        self.ask_all(HELD, [of_meeting(open)]);
    }

    /// Asks all this, and answers how many of it were accepted per second.
    fn ask_all(&mut self, on: &str, asked: impl IntoIterator<Item = Request>) -> f64 {
        let first = self.n_commands + 1;
        let command = |(n, request)| Command {
            id: CommandId::new(Uuid::from_u128(n)),
            actor: Token::literal("service:bench"),
            effective_on: day(on),
            request,
        };
        let commands: Vec<Command> = (first..).zip(asked).map(command).collect();
        self.n_commands += commands.len() as u128;
        let n = commands.len() as u64;
        let (said, answers) = channel();
        let ((), took) = timed(|| {
            for command in commands {
                let said = said.clone();
                self.writer.queue_blocking(command, move |answer| said.send(answer).expect("somebody waits"));
            }
            drop(said);
            answers.into_iter().for_each(|answer| drop(answer.expect("nothing forbids it")));
        });
        rate(n, took)
    }
}

/// The roll as anybody computes it who reads the log.
fn roll(dir: &Path) -> (Position, Digest) {
    let reader = LogReader::open(dir).expect("a reader");
    let (mut electorate, mut at) = (Electorate::default(), Position(0));
    for stored in reader.read(Position(1), usize::MAX).expect("rows") {
        let recorded = stored.decode().expect("decoded");
        at = recorded.position;
        if let (StreamId::Member(member), Event::Member(event)) = (recorded.stream, &recorded.event) {
            electorate.fold(member, at, recorded.effective_on, event);
        }
    }
    let roll = electorate.roll(AsKnown { on: day("2025-05-31"), at });
    (at, app::digest_of_roll(&roll))
}

fn of_meeting(asked: MeetingCommand) -> Request {
    Request::Meeting(MEETING, asked)
}

fn subscribe(n: u32) -> MemberCommand {
    MemberCommand::SubscribeShares { class: Token::literal("A"), shares: 1 + n % 2, evidence: evidence() }
}

fn number(n: u8) -> ItemNumber {
    ItemNumber::try_new(n).expect("few items")
}

fn person(n: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(n << 64))
}

fn member(n: u128) -> MemberId {
    MemberId::new(Uuid::from_u128(n << 32))
}

fn evidence() -> Evidence {
    Evidence { document: Token::literal("DOC-1"), digest: Digest([7; 32]) }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}
