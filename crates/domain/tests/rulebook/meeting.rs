//! The rulebook of general meetings: who may vote, with how many votes, and what they decide.

use domain::correction::CorrectionRefused;
use domain::evidence::Digest;
use domain::ids::{MeetingId, PersonId};
use domain::mandate::MandateKind;
use domain::meeting::{
    AsKnown, Ballot, CandidateVotes, Channel, Choice, Electorate, Item, ItemKind, ItemNumber, Meeting,
    MeetingCommand, MeetingEvent, MeetingKind, MeetingKnown, MeetingRefusal, Presence, RollKnown, Tally,
    Voter, Votes, elected,
};
use domain::member::{Category, ExitCause, MemberEvent};
use domain::parameters::{Parameter, Value};
use domain::{Day, Position, Rate};
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use crate::fixtures::*;
use crate::harness::{Given, given};

pub const FIRST: MeetingId = MeetingId::new(Uuid::from_u128(0x6E1));
pub const CONVENED: &str = "2025-05-20";
pub const RECORD: &str = "2025-05-31";
pub const HELD: &str = "2025-06-12";

/// The n-th of many members.
pub fn voter(n: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(0x707E_0000 + n))
}

pub fn item(n: u8) -> ItemNumber {
    ItemNumber::try_new(n).expect("a fixture's item has a number")
}

pub fn digest(n: u8) -> Digest {
    Digest([n; 32])
}

pub fn on_agenda(n: u8, kind: ItemKind, ballot: Ballot) -> Item {
    Item { number: item(n), kind, ballot, text: digest(n) }
}

pub fn open_vote(kind: ItemKind) -> Vec<Item> {
    vec![on_agenda(1, kind, Ballot::Open)]
}

pub fn secret_vote(kind: ItemKind) -> Vec<Item> {
    vec![on_agenda(1, kind, Ballot::Secret)]
}

pub const OBJECT: ItemKind = ItemKind::Object { report: Digest([9; 32]) };
pub const TWO_DIRECTORS: ItemKind = ItemKind::Election { mandate: MandateKind::DirectorA, seats: 2 };

pub fn convene(agenda: Vec<Item>) -> MeetingCommand {
    MeetingCommand::ConveneMeeting {
        kind: MeetingKind::Extraordinary,
        second_of: None,
        held_on: day(HELD),
        record_on: day(RECORD),
        channel: Channel::Hybrid,
        agenda,
        evidence: paper("notice"),
    }
}

pub fn convened(agenda: Vec<Item>) -> Given<Meeting> {
    given([]).on(CONVENED).when(convene(agenda)).accepted()
}

pub fn roll(shares_issued: u64) -> RollKnown {
    RollKnown { digest: digest(7), users: 900, partners: 100, shares_issued, changed_at: Position(40) }
}

pub fn seal(known_at: u64, n: u8) -> MeetingCommand {
    MeetingCommand::SealRoll { known_at: Position(known_at), digest: digest(n) }
}

/// Whom the next command is about is on the roll, with so many shares.
pub fn holding(shares: u32) -> MeetingKnown {
    let voter = Some(Voter { category: Category::User, shares });
    MeetingKnown { voter, ..MeetingKnown::default() }
}

/// The roll is sealed; so many shares are in issue.
pub fn sealed(agenda: Vec<Item>, shares_issued: u64) -> Given<Meeting> {
    convened(agenda)
        .on("2025-06-01")
        .with(MeetingKnown { roll: roll(shares_issued), ..MeetingKnown::default() })
        .when(seal(40, 7))
        .accepted()
        .with(holding(1))
        .on(HELD)
}

pub fn attends(n: u128, shares: u32) -> MeetingEvent {
    let voter = Some(Voter { category: Category::User, shares });
    MeetingEvent::AttendanceRecorded { person: self::voter(n), presence: Presence::InPerson, voter }
}

pub fn attend(person: PersonId) -> MeetingCommand {
    MeetingCommand::RecordAttendance { person, presence: Presence::Remote }
}

pub fn give(giver: u128, holder: u128) -> MeetingCommand {
    MeetingCommand::GiveProxy { giver: voter(giver), holder: voter(holder), evidence: paper("proxy") }
}

pub fn open() -> MeetingCommand {
    MeetingCommand::OpenMeeting { chair: ALICE, secretary: BOB, scrutineers: vec![CAROL] }
}

/// So many members with a share each attend, and the meeting has begun.
pub fn begun(agenda: Vec<Item>, present: u128) -> Given<Meeting> {
    sealed(agenda, 2_000).and((1..=present).map(|n| attends(n, 1))).when(open()).accepted()
}

pub fn cast(n: u8, who: u128, choice: Choice) -> MeetingCommand {
    MeetingCommand::CastVote { item: item(n), voter: voter(who), by: voter(who), choice }
}

pub fn cast_for(giver: u128, by: u128) -> MeetingCommand {
    MeetingCommand::CastVote { item: item(1), voter: voter(giver), by: voter(by), choice: Choice::InFavour }
}

pub fn ballot(who: u128) -> MeetingCommand {
    MeetingCommand::CastBallot { item: item(1), voter: voter(who), by: voter(who) }
}

pub fn tally(in_favour: u32, against: u32, abstained: u32, invalid: u32) -> MeetingCommand {
    let votes = Votes { in_favour, against, abstained };
    let tally = Tally::Resolution { votes, invalid };
    MeetingCommand::RecordTally { item: item(1), tally, scrutineers: vec![CAROL], evidence: paper("tally") }
}

pub fn tally_of(votes: &[(u128, u32)], abstained: u32, invalid: u32) -> MeetingCommand {
    let votes =
        votes.iter().map(|(n, votes)| CandidateVotes { candidate: voter(*n), votes: *votes }).collect();
    let tally = Tally::Election { votes, abstained, invalid };
    MeetingCommand::RecordTally { item: item(1), tally, scrutineers: vec![CAROL], evidence: paper("tally") }
}

pub const DECIDE: MeetingCommand = MeetingCommand::DecideItem { item: item_one() };

const fn item_one() -> ItemNumber {
    match ItemNumber::try_new(1) {
        Ok(item) => item,
        Err(_) => panic!("1 is an item's number"),
    }
}

/// So many vote each way, in the open, with so many shares issued; what is decided.
pub fn decided(kind: ItemKind, [in_favour, against, abstained]: [u128; 3]) -> bool {
    let n = in_favour + against + abstained;
    let votes = (1..=n).map(|n| {
        let choice = match n {
            n if n <= in_favour => Choice::InFavour,
            n if n <= in_favour + against => Choice::Against,
            _ => Choice::Abstain,
        };
        MeetingEvent::VoteCast { item: item(1), voter: voter(n), by: voter(n), choice }
    });
    match begun(open_vote(kind), n.max(1_000)).and(votes).when(DECIDE).event() {
        MeetingEvent::ResolutionDecided { votes, adopted, .. } => {
            assert_eq!(
                [votes.in_favour, votes.against, votes.abstained].map(u128::from),
                [in_favour, against, abstained]
            );
            adopted
        }
        other => panic!("a resolution is decided: {other:?}"),
    }
}

// The call.

#[test]
fn e10_a_meeting_is_called_fifteen_days_before() {
    let called = |on| given::<Meeting>([]).on(on).when(convene(open_vote(ItemKind::Ordinary)));
    called("2025-05-28").accepted();
    called("2025-05-29").is_refused_saying(
        "14 days from 2025-05-29 to the meeting of 2025-06-12 are fewer than the 15 of notice",
    );
    given::<Meeting>([])
        .on("2025-05-29")
        .publishing(Parameter::MeetingNoticeDays, Value::Count(14))
        .when(convene(open_vote(ItemKind::Ordinary)))
        .accepted();
}

#[test]
fn a_call_has_items_with_numbers_of_their_own_and_is_made_once() {
    let twice = vec![open_vote(ItemKind::Ordinary), open_vote(ItemKind::Accounts)].concat();
    given::<Meeting>([]).when(convene(twice)).is_refused(MeetingRefusal::ItemTwice { item: item(1) });
    given::<Meeting>([]).when(convene(Vec::new())).is_refused(MeetingRefusal::NoAgenda);
    convened(open_vote(ItemKind::Ordinary))
        .when(convene(open_vote(ItemKind::Ordinary)))
        .is_refused(MeetingRefusal::AlreadyConvened { held_on: day(HELD) });
}

#[test]
fn statutes_and_object_are_changed_at_an_extraordinary_meeting() {
    for kind in [ItemKind::Statutes, OBJECT] {
        let mut asked = convene(open_vote(kind));
        if let MeetingCommand::ConveneMeeting { kind, .. } = &mut asked {
            *kind = MeetingKind::Ordinary;
        }
        given::<Meeting>([]).when(asked).is_refused_saying(
            "item 1 changes the statutes; expected an extraordinary meeting, found ordinary",
        );
    }
}

#[test]
fn whoever_votes_was_a_member_when_the_meeting_began() {
    let mut asked = convene(open_vote(ItemKind::Ordinary));
    if let MeetingCommand::ConveneMeeting { record_on, .. } = &mut asked {
        *record_on = day("2025-06-13");
    }
    given::<Meeting>([])
        .when(asked)
        .is_refused_saying("the record date 2025-06-13 lies after the meeting of 2025-06-12");
}

// The roll.

#[test]
fn a_roll_is_sealed_as_the_register_has_it() {
    let before = convened(open_vote(ItemKind::Ordinary))
        .with(MeetingKnown { roll: roll(2_000), ..MeetingKnown::default() });
    before
        .clone()
        .on("2025-05-30")
        .when(seal(40, 7))
        .is_refused_saying("the roll of 2025-05-31 cannot be sealed on 2025-05-30 already");
    let before = before.on("2025-06-01");
    before
        .clone()
        .when(seal(39, 7))
        .is_refused_saying("the roll was computed as known at position 39; the register changed at 40");
    assert!(matches!(
        before.clone().when(seal(40, 6)).refusal(),
        MeetingRefusal::RollDiffers { users: 900, .. }
    ));
    // Events of other streams may lie between; the roll rests on the last one of the register.
    let sealed = before.when(seal(55, 7)).then([MeetingEvent::RollSealed {
        record_on: day(RECORD),
        known_at: Position(40),
        digest: digest(7),
        users: 900,
        partners: 100,
        shares_issued: 2_000,
    }]);
    sealed.when(seal(55, 7)).is_refused(MeetingRefusal::RollAlreadySealed { known_at: Position(40) });
}

/// What the register of members says of a few people, a position each.
fn register(events: &[(&str, MemberEvent)]) -> Electorate {
    let mut electorate = Electorate::default();
    for (position, (on, event)) in (1..).zip(events) {
        electorate.fold(ALICES_MEMBERSHIP, Position(position), day(on), event);
    }
    electorate
}

fn known(on: &str, at: u64) -> AsKnown {
    AsKnown { on: day(on), at: Position(at) }
}

fn moved(to: Category) -> MemberEvent {
    let from = if to == Category::User { Category::Partner } else { Category::User };
    MemberEvent::CategoryChanged { from, to }
}

#[test]
fn a_change_of_category_after_the_record_date_changes_nothing_on_the_roll() {
    let [requested, granted] = admitted(ALICE);
    let found = register(&[
        ("2025-01-02", requested),
        ("2025-01-03", granted),
        ("2025-01-04", subscribed(ALICE, 2)),
        ("2025-06-01", moved(Category::Partner)),
    ]);
    let voter = |on, at| found.voter(ALICE, known(on, at)).map(|voter| voter.category);
    assert_eq!(voter(RECORD, 4), Some(Category::User));
    assert_eq!(voter("2025-06-01", 4), Some(Category::Partner));
    // Recorded later, with effect before: nobody knew it when the roll was sealed.
    let late = register(&[
        ("2025-01-03", admitted(ALICE)[1].clone()),
        ("2025-01-04", subscribed(ALICE, 2)),
        ("2025-05-30", moved(Category::Partner)),
    ]);
    assert_eq!(late.voter(ALICE, known(RECORD, 2)).map(|voter| voter.category), Some(Category::User));
    assert_eq!(late.voter(ALICE, known(RECORD, 3)).map(|voter| voter.category), Some(Category::Partner));
}

#[test]
fn the_roll_has_members_with_a_share_and_nobody_else() {
    let [requested, granted] = admitted(ALICE);
    let leaves_on = day("2025-06-30");
    let found = register(&[
        ("2025-01-02", requested),
        ("2025-01-03", granted),
        ("2025-01-05", subscribed(ALICE, 2)),
        ("2025-03-01", MemberEvent::ResignationAccepted { leaves_on, payable_by: leaves_on }),
        ("2025-07-05", cancelled(2)),
    ]);
    let shares = |on: &str| found.voter(ALICE, known(on, 5)).map(|voter| voter.shares);
    assert_eq!(["2025-01-02", "2025-01-03", "2025-01-04"].map(shares), [None; 3]);
    // Whoever resigned votes up to and including the day on which that takes effect.
    assert_eq!(["2025-01-05", "2025-06-30"].map(shares), [Some(2); 2]);
    assert_eq!(["2025-07-01", "2025-07-05"].map(shares), [None; 2]);
    assert_eq!(found.roll(known("2025-07-01", 5)).shares_issued, 2);
    assert_eq!(found.roll(known("2025-07-05", 5)).shares_issued, 0);
    assert_eq!(found.voter(BOB, known("2025-03-01", 5)), None);
}

#[test]
fn who_left_by_law_or_came_back_votes_as_the_register_says() {
    let granted = || admitted(ALICE)[1].clone();
    let found = register(&[
        ("2025-01-03", granted()),
        ("2025-01-05", subscribed(ALICE, 2)),
        ("2025-02-01", MemberEvent::ExitByLaw { cause: ExitCause::Bankruptcy, evidence: paper("judgment") }),
        ("2025-02-02", cancelled(2)),
        ("2025-04-01", granted()),
        ("2025-04-02", subscribed(ALICE, 1)),
    ]);
    let shares = |on: &str| found.voter(ALICE, known(on, 6)).map(|voter| voter.shares);
    assert_eq!(["2025-01-31", "2025-02-01", "2025-03-31"].map(shares), [Some(2), None, None]);
    assert_eq!(["2025-04-01", "2025-04-02"].map(shares), [None, Some(1)]);
}

#[test]
fn what_was_corrected_counts_from_the_correction_on() {
    let granted = admitted(ALICE)[1].clone();
    let mistaken = subscribed(ALICE, 20);
    let correction = domain::correction::Correction {
        position: Position(2),
        original_rule: crate::harness::first_rule(&mistaken),
        original: Box::new(mistaken.clone()),
        reason: token("typing-error"),
        authority: token("board"),
        replacement: Some(Box::new(subscribed(ALICE, 2))),
    };
    let found = register(&[
        ("2025-01-03", granted),
        ("2025-01-05", mistaken),
        ("2025-02-01", MemberEvent::Corrected(correction)),
    ]);
    let shares = |on: &str, at| found.voter(ALICE, known(on, at)).map(|voter| voter.shares);
    assert_eq!([shares("2025-03-01", 2), shares("2025-03-01", 3)], [Some(20), Some(2)]);
    assert_eq!(shares("2025-01-31", 3), Some(20));
    assert_eq!(found.changed_at(), Position(3));
    let document = format!("{ALICE} user 2\nissued 2\n");
    assert_eq!(found.roll(known("2025-03-01", 3)).document(), document);
}

fn cancelled(shares: u32) -> MemberEvent {
    let reason = token("resignation");
    let paid = balance("60.00");
    MemberEvent::SharesCancelled { person: ALICE, shares, paid, unpaid: balance("0.00"), reason }
}

// Proxies and attendance.

#[test]
fn a_proxy_is_given_once_to_somebody_else_and_within_the_limit() {
    let sealed = sealed(open_vote(ItemKind::Ordinary), 2_000);
    sealed.clone().when(give(1, 1)).is_refused(MeetingRefusal::ProxyToSelf { person: voter(1) });
    let given = sealed.when(give(1, 2)).accepted().when(give(3, 2)).accepted();
    given
        .clone()
        .when(give(1, 4))
        .is_refused(MeetingRefusal::ProxyGivenAlready { giver: voter(1), holder: voter(2) });
    given.clone().when(give(4, 2)).is_refused(MeetingRefusal::TooManyProxies {
        holder: voter(2),
        held: 2,
        max: 2,
    });
    let back = MeetingCommand::RevokeProxy { giver: voter(1), evidence: paper("letter") };
    let revoked = given.when(back.clone()).accepted();
    revoked.clone().when(back).is_refused(MeetingRefusal::NoProxy { giver: voter(1) });
    revoked.when(give(4, 2)).accepted().when(give(1, 5)).accepted();
}

#[test]
fn who_is_not_on_the_roll_gives_no_proxy_and_attends_only_to_hold_one() {
    let sealed = sealed(open_vote(ItemKind::Ordinary), 2_000);
    let strangers = sealed.clone().with(MeetingKnown::default());
    let refusal = MeetingRefusal::NotOnRoll { person: voter(1), record_on: day(RECORD) };
    strangers.clone().when(give(1, 2)).is_refused(refusal.clone());
    strangers.when(attend(voter(1))).is_refused(refusal);
    let held = sealed.when(give(3, 1)).accepted().with(MeetingKnown::default());
    held.when(attend(voter(1))).then([MeetingEvent::AttendanceRecorded {
        person: voter(1),
        presence: Presence::Remote,
        voter: None,
    }]);
}

#[test]
fn whoever_gave_the_vote_away_takes_it_back_before_attending() {
    let given = sealed(open_vote(ItemKind::Ordinary), 2_000).when(give(1, 2)).accepted();
    given
        .clone()
        .when(attend(voter(1)))
        .is_refused(MeetingRefusal::Represented { person: voter(1), holder: voter(2) });
    let back = MeetingCommand::RevokeProxy { giver: voter(1), evidence: paper("letter") };
    let there = given.when(back).accepted().when(attend(voter(1))).accepted();
    there.clone().when(attend(voter(1))).is_refused(MeetingRefusal::PresentAlready { person: voter(1) });
    there.when(give(1, 2)).is_refused(MeetingRefusal::PresentAlready { person: voter(1) });
}

#[test]
fn one_attends_as_the_call_says() {
    let mut asked = convene(open_vote(ItemKind::Ordinary));
    if let MeetingCommand::ConveneMeeting { channel, .. } = &mut asked {
        *channel = Channel::InPerson;
    }
    given::<Meeting>([])
        .on(CONVENED)
        .when(asked)
        .accepted()
        .on("2025-06-01")
        .with(MeetingKnown { roll: roll(9), ..MeetingKnown::default() })
        .when(seal(40, 7))
        .accepted()
        .with(holding(1))
        .when(attend(voter(1)))
        .is_refused_saying("one attends this meeting in_person, not remote");
}

#[test]
fn what_is_represented_is_counted_once_whoever_comes_first() {
    // 2 attends and holds the votes of 1 and 3, given before and after coming; 4 holds one and stays away.
    let opened = sealed(open_vote(ItemKind::Statutes), 100)
        .with(holding(10))
        .when(give(1, 2))
        .accepted()
        .when(attend(voter(2)))
        .accepted()
        .when(give(3, 2))
        .accepted()
        .when(give(5, 4))
        .accepted()
        .when(open())
        .event();
    let MeetingEvent::Opened { votes_represented, shares_represented, quorum, .. } = opened else {
        panic!("the meeting began");
    };
    assert_eq!((votes_represented, shares_represented, quorum), (3, 30, Some(50)));
}

#[test]
fn a_meeting_begins_once_on_its_day_with_somebody_there() {
    let sealed = sealed(open_vote(ItemKind::Ordinary), 2_000);
    sealed.clone().when(open()).is_refused(MeetingRefusal::NobodyRepresented);
    let there = sealed.and([attends(1, 1)]);
    there
        .clone()
        .on("2025-06-13")
        .when(open())
        .is_refused_saying("the meeting was convened for 2025-06-12; it cannot begin on 2025-06-13");
    let begun = there.when(open()).accepted();
    begun.clone().when(open()).is_refused(MeetingRefusal::AlreadyOpened);
    begun.when(give(7, 8)).is_refused(MeetingRefusal::TooLateForProxies);
}

// Votes.

#[test]
fn e6_a_member_has_one_vote_whatever_the_shares() {
    let begun = sealed(open_vote(ItemKind::Ordinary), 2_000)
        .and([attends(1, 900), attends(2, 1)])
        .when(open())
        .accepted();
    let voted = begun
        .with(holding(900))
        .when(cast(1, 1, Choice::InFavour))
        .accepted()
        .when(cast(1, 2, Choice::Against))
        .accepted();
    voted
        .clone()
        .when(cast(1, 1, Choice::Against))
        .is_refused_saying(&format!("the vote of person {} on item 1 was cast already", voter(1)));
    let MeetingEvent::ResolutionDecided { votes, adopted, .. } = voted.when(DECIDE).event() else {
        panic!("a resolution is decided");
    };
    assert_eq!((votes.in_favour, votes.against, adopted), (1, 1, false));
}

#[test]
fn who_is_no_member_does_not_vote() {
    begun(open_vote(ItemKind::Ordinary), 3)
        .with(MeetingKnown::default())
        .when(cast(1, 99, Choice::InFavour))
        .is_refused_saying(&format!("person {} is not on the roll of 2025-05-31", voter(99)));
}

#[test]
fn who_does_not_attend_votes_by_proxy_only() {
    let begun = sealed(open_vote(ItemKind::Ordinary), 2_000)
        .and((1..=19).map(|n| attends(n, 1)))
        .when(give(20, 1))
        .accepted()
        .when(open())
        .accepted();
    begun
        .clone()
        .when(cast(1, 21, Choice::InFavour))
        .is_refused(MeetingRefusal::NotPresent { person: voter(21) });
    begun
        .clone()
        .when(cast(1, 20, Choice::InFavour))
        .is_refused(MeetingRefusal::NotPresent { person: voter(20) });
    begun
        .clone()
        .when(cast_for(20, 2))
        .is_refused(MeetingRefusal::NotTheProxy { by: voter(2), voter: voter(20) });
    begun.when(cast_for(20, 1)).accepted();
}

#[test]
fn e10_what_is_not_on_the_agenda_is_not_voted_on() {
    begun(open_vote(ItemKind::Ordinary), 3)
        .when(cast(2, 1, Choice::InFavour))
        .is_refused_saying("item 2 is not on the agenda of 1 items");
}

#[test]
fn nothing_is_voted_before_the_meeting_begins_or_after_it_ends() {
    let there = sealed(open_vote(ItemKind::Ordinary), 2_000).and([attends(1, 1)]);
    there.clone().when(cast(1, 1, Choice::InFavour)).is_refused(MeetingRefusal::NotOpened);
    let closed = begun(open_vote(ItemKind::Ordinary), 3).when(MeetingCommand::CloseMeeting {}).accepted();
    closed.clone().when(cast(1, 1, Choice::InFavour)).is_refused(MeetingRefusal::Closed);
    closed.clone().when(attend(voter(4))).is_refused(MeetingRefusal::Closed);
    closed.when(DECIDE).is_refused(MeetingRefusal::Closed);
}

#[test]
fn what_is_decided_is_not_voted_on_again() {
    let decided = begun(open_vote(ItemKind::Ordinary), 3).when(DECIDE).accepted();
    decided.clone().when(cast(1, 1, Choice::InFavour)).is_refused(MeetingRefusal::Decided { item: item(1) });
    decided.when(DECIDE).is_refused(MeetingRefusal::Decided { item: item(1) });
}

#[test]
fn who_comes_late_is_represented_from_then_on() {
    let late = sealed(open_vote(ItemKind::Statutes), 10).and((1..=4).map(|n| attends(n, 1)));
    let begun = late.when(open()).accepted();
    begun.clone().when(cast(1, 1, Choice::InFavour)).is_refused_saying(
        "item 1 needs 5 of the 10 issued shares represented, found 4; a second meeting needs none",
    );
    begun.when(attend(voter(5))).accepted().when(cast(1, 1, Choice::InFavour)).accepted();
}

#[test]
fn e7_nobody_casts_more_than_a_tenth_and_the_decision_says_who_cast_most() {
    let begun = sealed(open_vote(ItemKind::Ordinary), 2_000)
        .and((1..=29).map(|n| attends(n, 1)))
        .when(give(30, 1))
        .accepted()
        .when(give(31, 1))
        .accepted()
        .when(open())
        .accepted();
    // 31 represented: nobody casts more than 3.
    let all = begun
        .when(cast_for(1, 1))
        .accepted()
        .when(cast_for(30, 1))
        .accepted()
        .when(cast_for(31, 1))
        .accepted();
    let MeetingEvent::ResolutionDecided { votes_greatest, votes_represented, .. } = all.when(DECIDE).event()
    else {
        panic!("a resolution is decided");
    };
    assert_eq!((votes_greatest, votes_represented), (3, 31));
}

// Quorum and majorities: the golden vectors of DOMAIN F5 19 to 21 stand in golden.rs.

#[test]
fn e8_abstentions_count_in_neither_numerator_nor_denominator() {
    assert!(decided(ItemKind::Ordinary, [1, 0, 999]));
    assert!(!decided(ItemKind::Ordinary, [0, 0, 1_000]));
    assert!(!decided(ItemKind::Ordinary, [500, 500, 0]));
    assert!(decided(ItemKind::Accounts, [501, 500, 0]));
}

#[rstest]
#[case::statutes(ItemKind::Statutes, [750, 250, 0], true)]
#[case::statutes_fail(ItemKind::Statutes, [749, 250, 1], false)]
#[case::object(OBJECT, [800, 200, 0], true)]
#[case::object_fails(OBJECT, [799, 200, 1], false)]
fn e9_statutes_need_three_quarters_and_the_object_four_fifths(
    #[case] kind: ItemKind,
    #[case] votes: [u128; 3],
    #[case] adopted: bool,
) {
    assert_eq!(decided(kind, votes), adopted);
}

#[test]
fn the_statutes_own_majority_prevails() {
    let votes = (1..=10).map(|n| {
        let choice = if n <= 6 { Choice::InFavour } else { Choice::Against };
        MeetingEvent::VoteCast { item: item(1), voter: voter(n), by: voter(n), choice }
    });
    let two_thirds: Rate = rate("0.6666");
    let event = begun(open_vote(ItemKind::Ordinary), 10)
        .and(votes)
        .publishing(Parameter::MeetingOrdinaryMajority, Value::Rate(two_thirds))
        .when(DECIDE)
        .event();
    assert!(matches!(event, MeetingEvent::ResolutionDecided { adopted: false, .. }));
}

#[test]
fn e9_a_second_meeting_decides_without_quorum_what_the_first_could_not() {
    let failed = begun(
        vec![on_agenda(1, ItemKind::Statutes, Ballot::Open), on_agenda(2, ItemKind::Ordinary, Ballot::Open)],
        3,
    )
    .when(MeetingCommand::CloseMeeting {})
    .accepted();
    let without_quorum = failed.state.without_quorum();
    assert_eq!(without_quorum, open_vote(ItemKind::Statutes));
    let second = |agenda| match convene(agenda) {
        MeetingCommand::ConveneMeeting { kind, channel, agenda, evidence, .. } => {
            MeetingCommand::ConveneMeeting {
                kind,
                second_of: Some(FIRST),
                held_on: day("2025-07-10"),
                record_on: day(RECORD),
                channel,
                agenda,
                evidence,
            }
        }
        other => other,
    };
    let known = MeetingKnown { without_quorum, roll: roll(2_000), ..holding(1) };
    let given = given::<Meeting>([]).on(HELD).with(known);
    let other = Item { text: digest(8), ..on_agenda(1, ItemKind::Statutes, Ballot::Open) };
    given
        .clone()
        .when(second(vec![other]))
        .is_refused_saying(&format!("item 1 is none for which meeting {FIRST} lacked the quorum"));
    let begun = given
        .when(second(open_vote(ItemKind::Statutes)))
        .accepted()
        .when(seal(40, 7))
        .accepted()
        .and([attends(1, 1)])
        .on("2025-07-10")
        .when(open())
        .accepted();
    let event = begun.when(cast(1, 1, Choice::InFavour)).accepted().when(DECIDE).event();
    assert!(matches!(event, MeetingEvent::ResolutionDecided { adopted: true, quorum: None, .. }));
}

#[test]
fn a_meeting_that_had_its_quorum_leaves_nothing_to_a_second_one() {
    let closed = sealed(open_vote(ItemKind::Statutes), 4)
        .and((1..=2).map(|n| attends(n, 1)))
        .when(open())
        .accepted()
        .when(MeetingCommand::CloseMeeting {})
        .accepted();
    assert_eq!(closed.state.without_quorum(), []);
}

// Secret votes.

#[test]
fn a_secret_vote_says_who_voted_and_never_how() {
    let begun = begun(secret_vote(ItemKind::Discharge), 3);
    begun.clone().when(cast(1, 1, Choice::InFavour)).is_refused_saying("item 1 is voted on secret, not open");
    let voted = begun.when(ballot(1)).then([MeetingEvent::BallotCast {
        item: item(1),
        voter: voter(1),
        by: voter(1),
    }]);
    voted.when(ballot(1)).is_refused(MeetingRefusal::VotedAlready { voter: voter(1), item: item(1) });
    self::begun(open_vote(ItemKind::Discharge), 3)
        .when(ballot(1))
        .is_refused_saying("item 1 is voted on open, not secret");
}

#[test]
fn a_tally_counts_no_more_papers_than_voters() {
    let voted =
        begun(secret_vote(ItemKind::Discharge), 3).when(ballot(1)).accepted().when(ballot(2)).accepted();
    voted.clone().when(DECIDE).is_refused(MeetingRefusal::NotTallied { item: item(1) });
    voted
        .clone()
        .when(tally(1, 1, 0, 1))
        .is_refused_saying("3 votes are tallied under item 1, where 2 voted");
    let tallied = voted.when(tally(1, 0, 0, 1)).accepted();
    tallied.clone().when(tally(1, 0, 0, 1)).is_refused(MeetingRefusal::TalliedAlready { item: item(1) });
    tallied.clone().when(ballot(3)).is_refused(MeetingRefusal::TalliedAlready { item: item(1) });
    let event = tallied.when(DECIDE).event();
    assert!(matches!(
        event,
        MeetingEvent::ResolutionDecided { adopted: true, votes: Votes { in_favour: 1, .. }, .. }
    ));
}

#[test]
fn only_scrutineers_of_the_meeting_count() {
    let voted = begun(secret_vote(ItemKind::Discharge), 3).when(ballot(1)).accepted();
    let by = |scrutineers| match tally(1, 0, 0, 0) {
        MeetingCommand::RecordTally { item, tally, evidence, .. } => {
            MeetingCommand::RecordTally { item, tally, scrutineers, evidence }
        }
        other => other,
    };
    voted.clone().when(by(vec![])).is_refused(MeetingRefusal::Nobody { what: "scrutineer" });
    voted.clone().when(by(vec![ALICE])).is_refused(MeetingRefusal::NotAScrutineer { person: ALICE });
    voted.when(tally_of(&[], 1, 0)).is_refused_saying("item 1 is a resolution, which the vote does not fit");
}

// Elections.

/// 1 to 4 stand for two seats.
fn standing() -> MeetingKnown {
    MeetingKnown { candidates: (1..=4).map(voter).collect(), ..holding(1) }
}

#[test]
fn whoever_gets_most_votes_sits() {
    let voted = begun(open_vote(TWO_DIRECTORS), 5)
        .with(standing())
        .when(cast(1, 1, Choice::Elect(vec![voter(1), voter(2)])))
        .accepted()
        .when(cast(1, 2, Choice::Elect(vec![voter(2)])))
        .accepted()
        .when(cast(1, 3, Choice::Elect(vec![voter(3), voter(1)])))
        .accepted()
        .when(cast(1, 4, Choice::Abstain))
        .accepted();
    let MeetingEvent::ElectionDecided { results, abstained, seats: 2, .. } = voted.when(DECIDE).event()
    else {
        panic!("an election is decided");
    };
    let found: Vec<_> = results.iter().map(|of| (of.candidate, of.votes, of.elected)).collect();
    assert_eq!(found, [(voter(1), 2, true), (voter(2), 2, true), (voter(3), 1, false), (voter(4), 0, false)]);
    assert_eq!(abstained, 1);
}

#[test]
fn one_votes_for_those_who_stand_once_each_and_for_no_more_than_there_are_seats() {
    let begun = begun(open_vote(TWO_DIRECTORS), 5).with(standing());
    let vote = |of: &[u128]| cast(1, 1, Choice::Elect(of.iter().map(|n| voter(*n)).collect()));
    begun
        .clone()
        .when(vote(&[9]))
        .is_refused(MeetingRefusal::NotACandidate { person: voter(9), item: item(1) });
    begun
        .clone()
        .when(vote(&[1, 1]))
        .is_refused(MeetingRefusal::NamedTwice { person: voter(1), item: item(1) });
    begun
        .clone()
        .when(vote(&[1, 2, 3]))
        .is_refused_saying("3 candidates are named under item 1, which fills 2 seats");
    begun.clone().when(vote(&[])).is_refused(MeetingRefusal::Nobody { what: "candidate" });
    begun
        .when(cast(1, 1, Choice::InFavour))
        .is_refused_saying("item 1 is an election, which the vote does not fit");
    self::begun(open_vote(ItemKind::Ordinary), 5)
        .with(standing())
        .when(vote(&[1]))
        .is_refused_saying("item 1 is a resolution, which the vote does not fit");
}

#[test]
fn a_secret_election_is_tallied_by_candidate() {
    let voted = begun(secret_vote(TWO_DIRECTORS), 5)
        .with(standing())
        .when(ballot(1))
        .accepted()
        .when(ballot(2))
        .accepted()
        .when(ballot(3))
        .accepted();
    // Three papers with two names each hold six at most.
    voted
        .clone()
        .when(tally_of(&[(1, 3), (2, 3), (3, 1)], 0, 0))
        .is_refused(MeetingRefusal::TallyAboveVoters { item: item(1), tallied: 4, voters: 3 });
    voted.clone().when(tally_of(&[(1, 4)], 0, 0)).is_refused(MeetingRefusal::TallyAboveVoters {
        item: item(1),
        tallied: 4,
        voters: 3,
    });
    voted.clone().when(tally_of(&[(1, 3)], 1, 0)).refusal();
    voted
        .clone()
        .when(tally_of(&[(9, 1)], 0, 0))
        .is_refused(MeetingRefusal::NotACandidate { person: voter(9), item: item(1) });
    voted
        .clone()
        .when(tally(1, 0, 0, 0))
        .is_refused_saying("item 1 is an election, which the vote does not fit");
    let event = voted.when(tally_of(&[(1, 2), (2, 1)], 0, 1)).accepted().when(DECIDE).event();
    let MeetingEvent::ElectionDecided { results, .. } = event else { panic!("an election is decided") };
    let elected: Vec<_> = results.iter().filter(|of| of.elected).map(|of| of.candidate).collect();
    assert_eq!(elected, [voter(1), voter(2)]);
}

// columns: votes by candidate | seats | who is elected
#[rstest]
#[case::most(&[5, 3, 1], 2, &[1, 2])]
#[case::a_tie_for_the_last_seat_elects_neither(&[5, 3, 3], 2, &[1])]
#[case::a_tie_that_fits_elects_both(&[3, 3, 1], 2, &[1, 2])]
#[case::nobody_sits_without_a_vote(&[2, 0], 2, &[1])]
#[case::all_tie(&[1, 1, 1], 1, &[])]
#[case::no_seats(&[4], 0, &[])]
fn a_seat_goes_to_whoever_has_more_votes_than_the_next(
    #[case] votes: &[u32],
    #[case] seats: u32,
    #[case] expected: &[u128],
) {
    let votes = (1..).zip(votes).map(|(n, votes)| CandidateVotes { candidate: voter(n), votes: *votes });
    let sits: Vec<_> =
        elected(votes.collect(), seats).into_iter().filter(|of| of.elected).map(|of| of.candidate).collect();
    assert_eq!(sits, expected.iter().map(|n| voter(*n)).collect::<Vec<_>>());
}

// The end, and corrections.

#[test]
fn minutes_are_signed_once_when_the_meeting_is_closed() {
    let sign = |signers: &[PersonId]| MeetingCommand::SignMinutes {
        signers: signers.to_vec(),
        evidence: paper("minutes"),
    };
    let begun = begun(open_vote(ItemKind::Ordinary), 3);
    begun.clone().when(sign(&[ALICE])).is_refused(MeetingRefusal::NotClosed);
    let closed = begun.when(MeetingCommand::CloseMeeting {}).accepted();
    closed.clone().when(MeetingCommand::CloseMeeting {}).is_refused(MeetingRefusal::Closed);
    closed.clone().when(sign(&[])).is_refused(MeetingRefusal::Nobody { what: "signer" });
    let signed = closed.when(sign(&[ALICE, BOB])).accepted();
    signed.when(sign(&[ALICE])).is_refused(MeetingRefusal::SignedAlready);
}

#[test]
fn a_vote_that_was_written_down_wrongly_is_corrected_until_the_item_is_decided() {
    let voted = begun(open_vote(ItemKind::Ordinary), 2).when(cast(1, 1, Choice::Against)).accepted();
    let n = voted.events.len();
    let decided = voted.clone().when(DECIDE).accepted();
    let instead = correct(n, Some(cast(1, 1, Choice::InFavour)));
    let corrected = voted.with_original(n).when(MeetingCommand::Correct(instead)).accepted();
    let event = corrected.when(DECIDE).event();
    assert!(matches!(event, MeetingEvent::ResolutionDecided { adopted: true, .. }));
    assert!(matches!(
        decided.with_original(n).when(MeetingCommand::Correct(correct(n, None))).refusal(),
        MeetingRefusal::Correction(CorrectionRefused::ReliedUpon { .. })
    ));
}

#[test]
fn a_vote_taken_back_may_be_cast_again() {
    let voted = begun(secret_vote(ItemKind::Ordinary), 2).when(ballot(1)).accepted();
    let n = voted.events.len();
    let back = voted.with_original(n).when(MeetingCommand::Correct(correct(n, None))).accepted();
    back.when(ballot(1)).accepted();
}

#[test]
fn what_the_meeting_began_with_is_not_corrected_any_more() {
    let begun = begun(open_vote(ItemKind::Ordinary), 2).when(cast(1, 1, Choice::InFavour)).accepted();
    for n in 1..=begun.events.len() - 1 {
        let asked = begun.clone().with_original(n).when(MeetingCommand::Correct(correct(n, None)));
        assert!(
            matches!(asked.refusal(), MeetingRefusal::Correction(CorrectionRefused::ReliedUpon { .. })),
            "event {n}"
        );
    }
}

#[test]
fn a_mistaken_proxy_and_attendance_leave_nothing_behind() {
    let before = sealed(open_vote(ItemKind::Ordinary), 2_000);
    let there = before.when(give(1, 2)).accepted().when(attend(voter(2))).accepted();
    let n = there.events.len();
    let state = there.clone().with_original(n).when(MeetingCommand::Correct(correct(n, None))).accepted();
    let state = state.with_original(n - 1).when(MeetingCommand::Correct(correct(n - 1, None))).accepted();
    state.clone().when(open()).is_refused(MeetingRefusal::NobodyRepresented);
    // The roll may be sealed anew then.
    let anew = state.with_original(2).when(MeetingCommand::Correct(correct(2, None))).accepted();
    anew.when(attend(voter(1))).is_refused(MeetingRefusal::RollNotSealed);
}

#[test]
fn a_meeting_closed_by_mistake_goes_on() {
    let closed = begun(open_vote(ItemKind::Ordinary), 2).when(MeetingCommand::CloseMeeting {}).accepted();
    let n = closed.events.len();
    let goes_on = closed.with_original(n).when(MeetingCommand::Correct(correct(n, None))).accepted();
    goes_on.when(cast(1, 1, Choice::InFavour)).accepted();
}

#[test]
fn an_item_number_is_from_1_to_64() {
    assert!(ItemNumber::try_new(64).is_ok());
    for n in [0, 65, 255] {
        assert_eq!(
            ItemNumber::try_new(n).unwrap_err().to_string(),
            format!("expected the number of an agenda item from 1 to 64, found {n}")
        );
    }
}

/// Naive votes: a list of who voted how.
#[derive(Default)]
struct Naive {
    cast: Vec<(u128, u128, u8)>,
}

proptest! {
    #[test]
    fn votes_agree_with_a_naive_list_whatever_is_asked(
        present in 1_u128..30,
        proxies in proptest::collection::vec((0_u128..40, 0_u128..40), 0..6),
        asks in proptest::collection::vec((0_u128..40, 0_u128..40, 0_u8..3, any::<bool>()), 0..60),
    ) {
        let mut state = sealed(open_vote(ItemKind::Ordinary), 2_000).and((1..=present).map(|n| attends(n, 1)));
        let mut held = std::collections::BTreeMap::new();
        for (giver, holder) in proxies {
            let asked = state.clone().when(give(giver, holder)).events_or_none();
            if !asked.is_empty() {
                held.insert(giver, holder);
            }
            state = state.and(asked);
        }
        state = state.when(open()).accepted();
        let mut naive = Naive::default();
        let takes_part = |n: u128| (1..=present).contains(&n);
        let represented =
            present as usize + held.iter().filter(|(giver, holder)| !takes_part(**giver) && takes_part(**holder)).count();
        let cap = (represented / 10).max(1);
        for (giver, by, choice, own) in asks {
            let by = if own { giver } else { by };
            let choice_of = [Choice::InFavour, Choice::Against, Choice::Abstain][usize::from(choice)].clone();
            let asked = MeetingCommand::CastVote { item: item(1), voter: voter(giver), by: voter(by), choice: choice_of };
            let may = takes_part(by)
                && (by == giver || held.get(&giver) == Some(&by))
                && naive.cast.iter().all(|(voter, ..)| *voter != giver)
                && naive.cast.iter().filter(|(_, caster, _)| *caster == by).count() < cap;
            let happened = state.clone().when(asked).events_or_none();
            prop_assert_eq!(!happened.is_empty(), may, "{} by {}", giver, by);
            if may {
                naive.cast.push((giver, by, choice));
            }
            state = state.and(happened);
            let MeetingEvent::ResolutionDecided { votes, votes_represented, votes_greatest, .. } =
                state.clone().when(DECIDE).event() else { panic!("a resolution") };
            let count = |of: u8| naive.cast.iter().filter(|(_, _, choice)| *choice == of).count() as u32;
            prop_assert_eq!([votes.in_favour, votes.against, votes.abstained], [count(0), count(1), count(2)]);
            prop_assert_eq!(votes_represented as usize, represented);
            let most = naive.cast.iter().map(|(_, by, _)| naive.cast.iter().filter(|(_, other, _)| other == by).count());
            prop_assert_eq!(votes_greatest as usize, most.max().unwrap_or(0));
        }
    }

    #[test]
    fn a_cap_is_a_tenth_and_never_less_than_one(represented in 0_u32..1_000_000) {
        let cap = domain::meeting::votes_cap(represented, rate("0.1"));
        prop_assert!(cap == 1 || cap * 10 <= represented);
        prop_assert!((cap + 1) * 10 > represented);
    }
}

#[test]
fn days_of_a_call_are_days() {
    // A meeting before its call has less than no notice, and the sentence says so.
    let on: Day = day("2025-06-13");
    let refusal =
        given::<Meeting>([]).on(&on.to_string()).when(convene(open_vote(ItemKind::Ordinary))).refusal();
    assert!(matches!(refusal, MeetingRefusal::NoticeTooShort { days: -1, .. }));
}
