//! General meetings, mandates and the board through the writer: who may vote is what the register said
//! on the record date as known when the roll was sealed; who sits is what mandates say.

mod common;

use app::writer::{Answer, CommandError, Writer, WriterThread};
use common::*;
use domain::board::{BoardCommand, BoardItem};
use domain::correction::Correct;
use domain::evidence::Digest;
use domain::ids::{BoardMeetingId, MandateId, MeetingId, MemberId, PersonId};
use domain::mandate::{AppointedBy, MandateCommand, MandateKind};
use domain::meeting::{
    AsKnown, Ballot, Channel, Choice, Electorate, Item, ItemKind, ItemNumber, MeetingCommand, MeetingKind,
    Presence,
};
use domain::member::{Category, MemberCommand};
use domain::text::Token;
use domain::{Event, Position, Receipt, Request, StreamId, Year};
use store::LogReader;
use tempfile::{TempDir, tempdir};
use uuid::Uuid;

const MEETING: MeetingId = MeetingId::new(Uuid::from_u128(0x6E1));
const BOARD: BoardMeetingId = BoardMeetingId::new(Uuid::from_u128(0xB0A4D));
const RECORD: &str = "2025-05-31";
const HELD: &str = "2025-06-12";

/// A cooperative of ALICE and twelve others, a share each; the last three are partners.
struct Coop {
    dir: TempDir,
    writer: Writer,
    _thread: WriterThread,
    n: u128,
}

fn person(n: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(0x9E4_0000 + n))
}

fn member(n: u128) -> MemberId {
    MemberId::new(Uuid::from_u128(0x3E3_0000 + n))
}

fn item(n: u8) -> ItemNumber {
    ItemNumber::try_new(n).unwrap()
}

fn mandate(n: u128) -> MandateId {
    MandateId::new(Uuid::from_u128(0x5EA7_0000 + n))
}

impl Coop {
    fn new() -> Self {
        let dir = tempdir().unwrap();
        let (writer, thread) = create(dir.path());
        let mut coop = Self { dir, writer, _thread: thread, n: 10_000 };
        for n in 1..=12 {
            coop.admit(n, if n > 9 { Category::Partner } else { Category::User }, "2025-02-01");
        }
        coop
    }

    fn ask(&mut self, on: &str, request: Request) -> Answer {
        self.n += 1;
        self.writer.send_blocking(command(self.n, on, request))
    }

    fn admit(&mut self, n: u128, category: Category, on: &str) {
        let subscribe = MemberCommand::SubscribeShares {
            class: Token::literal("A"),
            shares: 1,
            evidence: evidence(900 + n),
        };
        let ask = MemberCommand::RequestAdmission { person: person(n), category };
        for asked in [ask, MemberCommand::GrantAdmission {}, subscribe] {
            accept(self.ask(on, Request::Member(member(n), asked)));
        }
    }

    fn meeting(&mut self, on: &str, asked: MeetingCommand) -> Answer {
        self.ask(on, Request::Meeting(MEETING, asked))
    }

    fn mandate(&mut self, n: u128, on: &str, asked: MandateCommand) -> Answer {
        self.ask(on, Request::Mandate(mandate(n), asked))
    }

    fn board(&mut self, on: &str, asked: BoardCommand) -> Answer {
        self.ask(on, Request::Board(BOARD, asked))
    }

    /// Every event of the log.
    fn log(&self) -> Vec<domain::Recorded> {
        let reader = LogReader::open(self.dir.path()).unwrap();
        reader.read(Position(1), 100_000).unwrap().iter().map(|stored| stored.decode().unwrap()).collect()
    }

    /// The roll as anybody computes it who reads the log: position and digest.
    fn roll(&self) -> (Position, Digest) {
        let mut electorate = Electorate::default();
        let log = self.log();
        for recorded in &log {
            if let (StreamId::Member(member), Event::Member(event)) = (recorded.stream, &recorded.event) {
                electorate.fold(member, recorded.position, recorded.effective_on, event);
            }
        }
        let at = log.last().unwrap().position;
        let roll = electorate.roll(AsKnown { on: day(RECORD), at });
        (at, app::digest_of_roll(&roll))
    }

    fn convene(&mut self, agenda: Vec<Item>) -> Receipt {
        accept(self.meeting(
            "2025-05-20",
            MeetingCommand::ConveneMeeting {
                kind: MeetingKind::Ordinary,
                second_of: None,
                held_on: day(HELD),
                record_on: day(RECORD),
                channel: Channel::Hybrid,
                agenda,
                evidence: evidence(50),
            },
        ))
    }

    fn seal(&mut self) -> Receipt {
        let (known_at, digest) = self.roll();
        accept(self.meeting("2025-06-01", MeetingCommand::SealRoll { known_at, digest }))
    }

    fn attend(&mut self, n: u128) -> Answer {
        self.meeting(
            HELD,
            MeetingCommand::RecordAttendance { person: person(n), presence: Presence::InPerson },
        )
    }

    /// Called, sealed, attended by the first ten, and begun.
    fn begin(&mut self, agenda: Vec<Item>) {
        self.convene(agenda);
        self.seal();
        self.open();
    }

    fn open(&mut self) {
        for n in 1..=10 {
            accept(self.attend(n));
        }
        let (chair, secretary) = (person(1), person(2));
        accept(
            self.meeting(HELD, MeetingCommand::OpenMeeting { chair, secretary, scrutineers: vec![chair] }),
        );
    }

    fn vote(&mut self, n: u8, who: u128, choice: Choice) -> Answer {
        self.meeting(HELD, cast(n, who, choice))
    }

    fn appoint(&mut self, n: u128, kind: MandateKind, appointed: AppointedBy) -> Answer {
        let (person, evidence) = (person(n), evidence(60));
        self.mandate(n, HELD, MandateCommand::GrantMandate { person, kind, appointed, until: None, evidence })
    }
}

fn cast(n: u8, who: u128, choice: Choice) -> MeetingCommand {
    MeetingCommand::CastVote { item: item(n), voter: person(who), by: person(who), choice }
}

fn on_agenda(n: u8, kind: ItemKind) -> Item {
    Item { number: item(n), kind, ballot: Ballot::Open, text: Digest([n; 32]) }
}

fn election(seats: u32) -> ItemKind {
    ItemKind::Election { mandate: MandateKind::DirectorA, seats }
}

#[test]
fn the_roll_is_the_registers_of_the_record_date_and_nobody_seals_another() {
    let mut coop = Coop::new();
    coop.convene(vec![on_agenda(1, ItemKind::Ordinary)]);
    let (known_at, digest) = coop.roll();
    let other = MeetingCommand::SealRoll { known_at, digest: Digest([1; 32]) };
    assert_eq!(refusal(coop.meeting("2025-06-01", other)), "meeting.roll_differs");
    // Somebody is admitted meanwhile; even of a later day, it is a change of what the list rests on.
    coop.admit(20, Category::User, "2025-06-01");
    let late = MeetingCommand::SealRoll { known_at, digest };
    assert_eq!(refusal(coop.meeting("2025-06-01", late)), "meeting.roll_moved_on");
    let (now, same) = coop.roll();
    assert_eq!((same, now > known_at), (digest, true));
    coop.seal();
    let sealed = coop.log().pop().unwrap().event.to_json();
    assert!(sealed.contains(r#""users":10,"partners":3,"shares_issued":13"#), "{sealed}");
}

#[test]
fn whoever_was_no_member_on_the_record_date_does_not_vote() {
    let mut coop = Coop::new();
    coop.admit(20, Category::User, "2025-06-01");
    coop.begin(vec![on_agenda(1, ItemKind::Ordinary)]);
    assert_eq!(refusal(coop.attend(20)), "meeting.not_on_roll");
    assert_eq!(refusal(coop.attend(99)), "meeting.not_on_roll");
    assert_eq!(refusal(coop.vote(1, 20, Choice::InFavour)), "meeting.not_on_roll");
    accept(coop.vote(1, 1, Choice::InFavour));
}

#[test]
fn what_is_recorded_after_the_sealing_changes_nobodys_vote_even_with_effect_before() {
    let mut coop = Coop::new();
    coop.convene(vec![on_agenda(1, ItemKind::Ordinary)]);
    coop.seal();
    // A new category, and a new member, of days before the record date.
    let change = MemberCommand::ChangeCategory { to: Category::Partner };
    accept(coop.ask("2025-05-30", Request::Member(member(1), change)));
    coop.admit(20, Category::User, "2025-05-30");
    coop.open();
    assert_eq!(refusal(coop.attend(20)), "meeting.not_on_roll");
    let first = coop.log().into_iter().find_map(|recorded| match recorded.event {
        Event::Meeting(domain::meeting::MeetingEvent::AttendanceRecorded { voter, .. }) => voter,
        _ => None,
    });
    assert_eq!(first.unwrap().category, Category::User);
}

#[test]
fn a_vote_is_refused_with_its_numbers_and_nothing_is_written() {
    let mut coop = Coop::new();
    coop.begin(vec![on_agenda(1, ItemKind::Ordinary)]);
    accept(coop.vote(1, 1, Choice::InFavour));
    let head = coop.log().len();
    let refusals = [
        (cast(1, 20, Choice::InFavour), format!("person {} is not on the roll of 2025-05-31", person(20))),
        (cast(1, 1, Choice::Against), format!("the vote of person {} on item 1 was cast already", person(1))),
        (cast(2, 2, Choice::InFavour), "item 2 is not on the agenda of 1 items".to_owned()),
    ];
    for (asked, sentence) in refusals {
        let Err(CommandError::Refused(refused)) = coop.meeting(HELD, asked) else { panic!("accepted") };
        assert_eq!(refused.to_string(), sentence);
    }
    accept(coop.meeting(HELD, MeetingCommand::CloseMeeting {}));
    assert_eq!(refusal(coop.vote(1, 2, Choice::InFavour)), "meeting.closed");
    assert_eq!(coop.log().len(), head + 1);
}

#[test]
fn the_roll_and_who_voted_are_there_again_after_a_restart() {
    let mut coop = Coop::new();
    coop.begin(vec![on_agenda(1, ItemKind::Ordinary)]);
    accept(coop.vote(1, 1, Choice::InFavour));
    let Coop { dir, writer, _thread, n } = coop;
    drop((writer, _thread));
    let (writer, thread) = open(dir.path());
    let mut coop = Coop { dir, writer, _thread: thread, n };
    assert_eq!(refusal(coop.vote(1, 1, Choice::InFavour)), "meeting.voted_already");
    assert_eq!(refusal(coop.vote(1, 20, Choice::InFavour)), "meeting.not_on_roll");
    accept(coop.vote(1, 2, Choice::Against));
}

#[test]
fn a_vote_corrected_is_checked_against_the_sealed_roll_too() {
    let mut coop = Coop::new();
    coop.begin(vec![on_agenda(1, ItemKind::Ordinary)]);
    let cast_at = accept(coop.vote(1, 1, Choice::InFavour)).first;
    let correct = |instead| {
        let (reason, authority) = (Token::literal("mistake"), Token::literal("board"));
        let replacement = Some(Box::new(instead));
        MeetingCommand::Correct(Correct { position: cast_at, reason, authority, replacement })
    };
    let by_stranger = correct(cast(1, 20, Choice::Against));
    assert_eq!(refusal(coop.meeting(HELD, by_stranger)), "meeting.not_on_roll");
    accept(coop.meeting(HELD, correct(cast(1, 1, Choice::Against))));
}

#[test]
fn whoever_is_elected_sits_and_nobody_else() {
    let mut coop = Coop::new();
    coop.convene(vec![on_agenda(1, election(1))]);
    for n in [1, 2] {
        let (kind, meeting, item, evidence) = (MandateKind::DirectorA, MEETING, item(1), evidence(70));
        let propose = MandateCommand::ProposeCandidate { person: person(n), kind, meeting, item, evidence };
        accept(coop.mandate(n, "2025-05-25", propose));
    }
    coop.seal();
    coop.open();
    let elect = |n| Choice::Elect(vec![person(n)]);
    assert_eq!(refusal(coop.vote(1, 1, elect(3))), "meeting.not_a_candidate");
    accept(coop.vote(1, 1, elect(1)));
    let by_meeting = AppointedBy::Meeting { meeting: MEETING, item: item(1) };
    assert_eq!(refusal(coop.appoint(1, MandateKind::DirectorA, by_meeting)), "mandate.not_appointed");
    accept(coop.meeting(HELD, MeetingCommand::DecideItem { item: item(1) }));
    accept(coop.appoint(1, MandateKind::DirectorA, by_meeting));
    assert_eq!(refusal(coop.appoint(2, MandateKind::DirectorA, by_meeting)), "mandate.not_appointed");
    let evidence = evidence(71);
    let late = MandateCommand::ProposeCandidate {
        person: person(3),
        kind: MandateKind::DirectorA,
        meeting: MEETING,
        item: item(1),
        evidence,
    };
    assert_eq!(refusal(coop.mandate(3, HELD, late)), "mandate.no_election");
}

#[test]
fn a_seat_is_for_its_category_and_for_one_person_once() {
    let mut coop = Coop::new();
    let before = AppointedBy::Before {};
    accept(coop.appoint(1, MandateKind::DirectorA, before));
    assert_eq!(refusal(coop.appoint(10, MandateKind::DirectorA, before)), "mandate.other_category");
    accept(coop.appoint(10, MandateKind::DirectorB, before));
    let twice = MandateCommand::GrantMandate {
        person: person(1),
        kind: MandateKind::DirectorA,
        appointed: before,
        until: None,
        evidence: evidence(60),
    };
    assert_eq!(refusal(coop.mandate(30, HELD, twice)), "mandate.sits_already");
}

#[test]
fn e12_the_thirteenth_user_finds_no_seat() {
    let mut coop = Coop::new();
    for n in 21..=33 {
        coop.admit(n, Category::User, "2025-03-01");
    }
    for n in 21..=32 {
        accept(coop.appoint(n, MandateKind::DirectorA, AppointedBy::Before {}));
    }
    let thirteenth = coop.appoint(33, MandateKind::DirectorA, AppointedBy::Before {});
    let Err(CommandError::Refused(refused)) = thirteenth else { panic!("accepted") };
    assert_eq!(refused.to_string(), "12 of the 12 seats of kind director_a are taken");
    let leave = MandateCommand::EndMandate { reason: Token::literal("resigned"), evidence: evidence(61) };
    accept(coop.mandate(21, HELD, leave));
    accept(coop.appoint(33, MandateKind::DirectorA, AppointedBy::Before {}));
}

#[test]
fn e11_a_director_with_a_conflict_does_not_vote_and_who_does_not_sit_is_not_there() {
    let mut coop = Coop::new();
    for n in 1..=3 {
        accept(coop.appoint(n, MandateKind::DirectorA, AppointedBy::Before {}));
    }
    let on = |n| BoardItem { item: item(n), subject: Token::literal("lease"), text: Digest([n; 32]) };
    let convene = BoardCommand::ConveneBoard {
        meets_on: day("2025-07-01"),
        agenda: vec![on(1), on(2)],
        evidence: evidence(80),
    };
    accept(coop.board("2025-06-20", convene));
    let declare = |n| MandateCommand::DeclareConflict {
        board: BOARD,
        item: item(n),
        nature: Token::literal("lease"),
        effect: "1200.00".parse().unwrap(),
        evidence: evidence(81),
    };
    assert_eq!(refusal(coop.mandate(1, "2025-06-25", declare(3))), "mandate.no_board_item");
    accept(coop.mandate(1, "2025-06-25", declare(1)));
    let present = |of: &[u128]| BoardCommand::MeetBoard { present: of.iter().map(|n| person(*n)).collect() };
    assert_eq!(refusal(coop.board("2025-07-01", present(&[1, 2, 4]))), "board.not_a_director");
    accept(coop.board("2025-07-01", present(&[1, 2])));
    let decide = |n, of: &[u128]| BoardCommand::DecideBoard {
        item: item(n),
        in_favour: of.iter().map(|n| person(*n)).collect(),
        against: Vec::new(),
        abstained: Vec::new(),
        evidence: evidence(82),
    };
    assert_eq!(refusal(coop.board("2025-07-01", decide(1, &[1, 2]))), "board.conflicted");
    accept(coop.board("2025-07-01", decide(1, &[2])));
    accept(coop.board("2025-07-01", decide(2, &[1, 2])));
    assert_eq!(refusal(coop.mandate(2, "2025-07-01", declare(2))), "mandate.decided_already");
    // The board adopted it, so the day-to-day management is appointed by it.
    let by_board = |n| AppointedBy::Board { board: BOARD, item: item(n) };
    accept(coop.appoint(4, MandateKind::DayToDay, by_board(1)));
    assert_eq!(refusal(coop.appoint(5, MandateKind::DayToDay, by_board(3))), "mandate.not_appointed");
}

#[test]
fn a_director_gets_the_allowance_that_the_meeting_adopted() {
    let mut coop = Coop::new();
    accept(coop.appoint(1, MandateKind::DirectorA, AppointedBy::Before {}));
    coop.begin(vec![
        on_agenda(1, ItemKind::Allowance { amount: amount("600.00") }),
        on_agenda(2, ItemKind::Ordinary),
    ]);
    let year = Year::new(2025);
    let allow = |n| MandateCommand::VoteAllowance { meeting: MEETING, item: item(n), year };
    for n in [1, 2] {
        accept(coop.vote(n, 1, Choice::InFavour));
    }
    assert_eq!(refusal(coop.mandate(1, HELD, allow(1))), "mandate.not_allowed");
    for n in [1, 2] {
        accept(coop.meeting(HELD, MeetingCommand::DecideItem { item: item(n) }));
    }
    assert_eq!(refusal(coop.mandate(1, HELD, allow(2))), "mandate.not_allowed");
    accept(coop.mandate(1, HELD, allow(1)));
    let pay =
        |text: &str, n| MandateCommand::PayAllowance { year, amount: amount(text), evidence: evidence(n) };
    assert_eq!(refusal(coop.mandate(1, HELD, pay("600.01", 90))), "mandate.above_voted");
    accept(coop.mandate(1, HELD, pay("300.00", 90)));
    // The same order does not pay twice.
    assert_eq!(refusal(coop.mandate(1, HELD, pay("300.00", 90))), "command.already_in_log");
}

#[test]
fn a_second_meeting_has_the_items_for_which_the_first_lacked_the_quorum() {
    let mut coop = Coop::new();
    let second_id = MeetingId::new(Uuid::from_u128(0x6E2));
    let statutes = on_agenda(1, ItemKind::Statutes);
    let call = |second_of, held_on: &str| MeetingCommand::ConveneMeeting {
        kind: MeetingKind::Extraordinary,
        second_of,
        held_on: day(held_on),
        record_on: day(RECORD),
        channel: Channel::InPerson,
        agenda: vec![statutes],
        evidence: evidence(51),
    };
    accept(coop.meeting("2025-05-20", call(None, HELD)));
    let second = |of, coop: &mut Coop| coop.ask(HELD, Request::Meeting(second_id, call(of, "2025-07-01")));
    coop.seal();
    for n in 1..=6 {
        accept(coop.attend(n));
    }
    let chair = person(1);
    let open = MeetingCommand::OpenMeeting { chair, secretary: chair, scrutineers: Vec::new() };
    accept(coop.meeting(HELD, open));
    // Six of thirteen shares are there.
    assert_eq!(refusal(coop.vote(1, 1, Choice::InFavour)), "meeting.no_quorum");
    assert_eq!(refusal(second(Some(MEETING), &mut coop)), "meeting.not_of_first_meeting");
    accept(coop.meeting(HELD, MeetingCommand::CloseMeeting {}));
    accept(second(Some(MEETING), &mut coop));
}
