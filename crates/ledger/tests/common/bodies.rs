//! Fixtures of general meetings, mandates and the board: one sample of every event.

use domain::board::{BoardEvent, BoardItem};
use domain::ids::{BoardMeetingId, MandateId, MeetingId};
use domain::mandate::{AppointedBy, MandateEvent, MandateKind};
use domain::meeting::{
    Ballot, CandidateResult, Channel, Choice, Item, ItemKind, ItemNumber, Majority, MeetingEvent,
    MeetingKind, Presence, Tally, Voter, Votes,
};
use domain::member::Category;
use domain::text::ReasonCode;
use domain::{Digest, Event, Position, StreamId, Year};
use uuid::Uuid;

use super::{ALICE, BOB, amount, balance, correction, day, evidence, rate};

const MEETING: MeetingId = MeetingId::new(Uuid::from_u128(0x6E1));
const MANDATE: MandateId = MandateId::new(Uuid::from_u128(0x5EA7));
const BOARD: BoardMeetingId = BoardMeetingId::new(Uuid::from_u128(0xB0A4D));

pub fn allowance_paid(text: &str) -> MandateEvent {
    let (year, amount) = (Year::new(2025), amount(text));
    MandateEvent::AllowancePaid { person: ALICE, year, amount, evidence: evidence("BNK-50") }
}

pub fn in_mandate() -> StreamId {
    StreamId::Mandate(MANDATE)
}

/// One sample of every event of the three streams.
pub fn samples() -> Vec<(StreamId, Event)> {
    let mut samples: Vec<(StreamId, Event)> = Vec::new();
    samples.extend(of_meeting().into_iter().map(|e| (StreamId::Meeting(MEETING), e.into())));
    samples.extend(of_mandate().into_iter().map(|e| (in_mandate(), e.into())));
    samples.extend(of_board().into_iter().map(|e| (StreamId::Board(BOARD), e.into())));
    samples
}

fn of_meeting() -> Vec<MeetingEvent> {
    let item = ItemNumber::try_new(1).unwrap();
    let (evidence, digest) = (evidence("MINUTES-1"), Digest([7; 32]));
    let voter = Voter { category: Category::User, shares: 1 };
    let agenda = vec![Item { number: item, kind: ItemKind::Ordinary, ballot: Ballot::Open, text: digest }];
    let votes = Votes { in_favour: 1, against: 0, abstained: 0 };
    let cast = MeetingEvent::VoteCast { item, voter: ALICE, by: ALICE, choice: Choice::InFavour };
    vec![
        MeetingEvent::Convened {
            kind: MeetingKind::Ordinary,
            second_of: None,
            held_on: day("2025-06-12"),
            record_on: day("2025-05-31"),
            notice_days: 20,
            channel: Channel::Hybrid,
            agenda,
            evidence,
        },
        MeetingEvent::RollSealed {
            record_on: day("2025-05-31"),
            known_at: Position(9),
            digest,
            users: 2,
            partners: 0,
            shares_issued: 2,
        },
        MeetingEvent::ProxyGiven { giver: BOB, holder: ALICE, voter, evidence },
        MeetingEvent::ProxyRevoked { giver: BOB, holder: ALICE, voter, evidence },
        MeetingEvent::AttendanceRecorded { person: ALICE, presence: Presence::InPerson, voter: Some(voter) },
        MeetingEvent::Opened {
            chair: ALICE,
            secretary: BOB,
            scrutineers: vec![BOB],
            votes_represented: 1,
            shares_represented: 1,
            quorum: None,
        },
        cast.clone(),
        MeetingEvent::BallotCast { item, voter: ALICE, by: ALICE },
        MeetingEvent::TallyRecorded {
            item,
            tally: Tally::Resolution { votes, invalid: 0 },
            scrutineers: vec![BOB],
            evidence,
        },
        MeetingEvent::ResolutionDecided {
            item,
            kind: ItemKind::Ordinary,
            majority: Majority::MoreThan(rate("0.5")),
            quorum: None,
            shares_represented: 1,
            votes_represented: 1,
            votes_greatest: 1,
            votes,
            adopted: true,
        },
        MeetingEvent::ElectionDecided {
            item,
            mandate: MandateKind::DirectorA,
            seats: 1,
            votes_represented: 1,
            votes_greatest: 1,
            results: vec![CandidateResult { candidate: ALICE, votes: 1, elected: true }],
            abstained: 0,
        },
        MeetingEvent::Closed {},
        MeetingEvent::MinutesSigned { signers: vec![ALICE], evidence },
        MeetingEvent::Corrected(correction(cast, None)),
    ]
}

fn of_mandate() -> Vec<MandateEvent> {
    let item = ItemNumber::try_new(1).unwrap();
    let (person, kind, evidence) = (ALICE, MandateKind::DirectorA, evidence("MINUTES-1"));
    let appointed = AppointedBy::Meeting { meeting: MEETING, item };
    let (from, until) = (day("2025-06-12"), day("2029-06-11"));
    let (year, reason) = (Year::new(2025), ReasonCode::literal("resigned"));
    vec![
        MandateEvent::CandidateProposed { person, kind, meeting: MEETING, item, evidence },
        MandateEvent::Granted { person, kind, appointed, from, until, evidence },
        MandateEvent::Renewed { person, kind, appointed, before: until, until: day("2033-06-11"), evidence },
        MandateEvent::Ended { person, kind, ended_on: from, reason, evidence },
        MandateEvent::ConflictDeclared {
            person,
            board: BOARD,
            item,
            nature: ReasonCode::literal("lease"),
            effect: balance("-1200.00"),
            evidence,
        },
        MandateEvent::AllowanceVoted { person, meeting: MEETING, item, year, amount: amount("600.00") },
        allowance_paid("450.00"),
        MandateEvent::Corrected(correction(allowance_paid("450.00"), Some(allowance_paid("400.00")))),
    ]
}

fn of_board() -> Vec<BoardEvent> {
    let item = ItemNumber::try_new(1).unwrap();
    let (subject, text, evidence) = (ReasonCode::literal("lease"), Digest([7; 32]), evidence("MINUTES-2"));
    let agenda = vec![BoardItem { item, subject, text }];
    let met = BoardEvent::Met { present: vec![ALICE, BOB], seated: 2, quorum: 1 };
    vec![
        BoardEvent::Convened { meets_on: day("2025-06-12"), agenda, evidence },
        met.clone(),
        BoardEvent::Decided {
            item,
            subject,
            present: vec![ALICE, BOB],
            in_favour: vec![BOB],
            against: Vec::new(),
            abstained: Vec::new(),
            conflicted: vec![ALICE],
            adopted: true,
            evidence,
        },
        BoardEvent::Corrected(correction(met, None)),
    ]
}
