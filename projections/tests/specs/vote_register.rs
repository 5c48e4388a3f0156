//! General meetings from call to minutes, as of a day, as known at a position.

use domain::evidence::Digest;
use domain::ids::MeetingId;
use domain::mandate::MandateKind;
use domain::meeting::{
    AsKnown, Ballot, CandidateResult, Channel, Choice, Electorate, Item, ItemKind, ItemNumber, Majority,
    MeetingEvent, MeetingKind, Presence, Tally, Voter, Votes,
};
use domain::member::Category;
use domain::{Event, Position, StreamId};
use projections::port::Times;
use projections::vote_register::{self, MeetingOverview};
use proptest::prelude::*;
use uuid::Uuid;

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };
const HELD: &str = "2025-06-12";

pub fn meeting_id() -> MeetingId {
    MeetingId::new(Uuid::from_u128(0x7000))
}

pub fn meeting() -> StreamId {
    StreamId::Meeting(meeting_id())
}

pub fn item(n: u8) -> ItemNumber {
    ItemNumber::try_new(n).unwrap()
}

pub fn convened(agenda: &[(u8, ItemKind, Ballot)]) -> MeetingEvent {
    let on = |(n, kind, ballot): &(u8, ItemKind, Ballot)| Item {
        number: item(*n),
        kind: *kind,
        ballot: *ballot,
        text: Digest([*n; 32]),
    };
    MeetingEvent::Convened {
        kind: MeetingKind::Ordinary,
        second_of: None,
        held_on: day(HELD),
        record_on: day("2025-05-31"),
        notice_days: 20,
        channel: Channel::Hybrid,
        agenda: agenda.iter().map(on).collect(),
        evidence: evidence(),
    }
}

pub fn sealed() -> MeetingEvent {
    MeetingEvent::RollSealed {
        record_on: day("2025-05-31"),
        known_at: Position(1),
        digest: Digest([7; 32]),
        users: 4,
        partners: 1,
        shares_issued: 50,
    }
}

pub fn attended(n: u128, shares: u32) -> MeetingEvent {
    let voter = (shares > 0).then_some(Voter { category: Category::User, shares });
    MeetingEvent::AttendanceRecorded { person: person(n), presence: Presence::Remote, voter }
}

pub fn proxy(giver: u128, holder: u128, shares: u32) -> MeetingEvent {
    let voter = Voter { category: Category::Partner, shares };
    MeetingEvent::ProxyGiven { giver: person(giver), holder: person(holder), voter, evidence: evidence() }
}

pub fn revoked(giver: u128, holder: u128) -> MeetingEvent {
    let voter = Voter { category: Category::Partner, shares: 1 };
    MeetingEvent::ProxyRevoked { giver: person(giver), holder: person(holder), voter, evidence: evidence() }
}

pub fn opened() -> MeetingEvent {
    MeetingEvent::Opened {
        chair: person(1),
        secretary: person(2),
        scrutineers: vec![person(3)],
        votes_represented: 3,
        shares_represented: 30,
        quorum: Some(25),
    }
}

pub fn voted(n: u8, voter: u128, by: u128, choice: Choice) -> MeetingEvent {
    MeetingEvent::VoteCast { item: item(n), voter: person(voter), by: person(by), choice }
}

pub fn balloted(n: u8, voter: u128) -> MeetingEvent {
    MeetingEvent::BallotCast { item: item(n), voter: person(voter), by: person(voter) }
}

pub fn tallied(n: u8, in_favour: u32, against: u32) -> MeetingEvent {
    let votes = Votes { in_favour, against, abstained: 0 };
    let tally = Tally::Resolution { votes, invalid: 0 };
    MeetingEvent::TallyRecorded { item: item(n), tally, scrutineers: vec![person(3)], evidence: evidence() }
}

pub fn decided(n: u8, in_favour: u32, against: u32) -> MeetingEvent {
    MeetingEvent::ResolutionDecided {
        item: item(n),
        kind: ItemKind::Ordinary,
        majority: Majority::MoreThan("0.5".parse().unwrap()),
        quorum: None,
        shares_represented: 30,
        votes_represented: 3,
        votes_greatest: 1,
        votes: Votes { in_favour, against, abstained: 0 },
        adopted: in_favour > against,
    }
}

pub fn elected(n: u8) -> MeetingEvent {
    let result = |n, votes, elected| CandidateResult { candidate: person(n), votes, elected };
    MeetingEvent::ElectionDecided {
        item: item(n),
        mandate: MandateKind::DirectorA,
        seats: 1,
        votes_represented: 3,
        votes_greatest: 1,
        results: vec![result(1, 2, true), result(2, 0, false)],
        abstained: 1,
    }
}

pub fn signed() -> MeetingEvent {
    MeetingEvent::MinutesSigned { signers: vec![person(1)], evidence: evidence() }
}

fn overview(world: &mut World, times: Times) -> MeetingOverview {
    vote_register::meetings(world.views(), times).unwrap().remove(0)
}

/// Called on 20 May, sealed on 1 June, held on 12 June by 1 and 2; 3 gave 1 the vote, 4 took it back.
fn held() -> World {
    let mut world = World::new();
    let agenda = [(1, ItemKind::Ordinary, Ballot::Open), (2, ItemKind::Discharge, Ballot::Secret)];
    world.happens("2025-05-20", meeting(), convened(&agenda));
    world.happens("2025-06-01", meeting(), sealed());
    world.happens("2025-06-02", meeting(), proxy(3, 1, 20));
    world.happens("2025-06-03", meeting(), proxy(4, 1, 20));
    world.happens("2025-06-04", meeting(), revoked(4, 1));
    for (n, shares) in [(1, 4), (2, 6)] {
        world.happens(HELD, meeting(), attended(n, shares));
    }
    world.happens(HELD, meeting(), opened());
    world
}

#[test]
fn a_meeting_goes_from_call_to_minutes() {
    let mut world = held();
    let found = overview(&mut world, NOW);
    assert_eq!((found.users, found.partners, found.shares_issued), (4, 1, 50));
    assert_eq!((found.present, found.votes_represented, found.shares_represented), (2, 3, 30));
    assert_eq!((found.quorum, found.state.as_str()), (Some(25), "opened"));
    assert_eq!(found.roll.as_deref(), Some("07".repeat(32).as_str()));
    world.happens(HELD, meeting(), MeetingEvent::Closed {});
    let closed_at = world.happens("2025-06-20", meeting(), signed());
    let state = |world: &mut World, times| overview(world, times).state;
    assert_eq!(state(&mut world, NOW), "signed");
    assert_eq!(state(&mut world, as_of("2025-06-19")), "closed");
    assert_eq!(state(&mut world, as_of("2025-05-31")), "convened");
    assert_eq!(state(&mut world, known_at(Position(closed_at.0 - 1))), "closed");
    assert_eq!(vote_register::meetings(world.views(), as_of("2025-05-19")).unwrap(), []);
}

#[test]
fn who_holds_whose_vote_is_what_was_given_and_not_taken_back() {
    let mut world = held();
    let proxies = |world: &mut World, times| {
        let found = vote_register::proxies(world.views(), meeting_id(), times).unwrap();
        found.iter().map(|proxy| (proxy.giver, proxy.holder)).collect::<Vec<_>>()
    };
    assert_eq!(proxies(&mut world, NOW), [(person(3), person(1))]);
    assert_eq!(proxies(&mut world, as_of("2025-06-03")), [(person(3), person(1)), (person(4), person(1))]);
    let there = vote_register::attendance(world.views(), meeting_id(), NOW).unwrap();
    let found: Vec<_> = there.iter().map(|of| (of.person, of.shares, of.proxies)).collect();
    assert_eq!(found, [(person(1), 4, 1), (person(2), 6, 0)]);
    assert_eq!((there[0].presence.as_str(), there[0].category.as_deref()), ("remote", Some("user")));
}

#[test]
fn open_votes_are_counted_as_they_are_cast_and_say_who_cast_most() {
    let mut world = held();
    world.happens(HELD, meeting(), voted(1, 1, 1, Choice::InFavour));
    world.happens(HELD, meeting(), voted(1, 3, 1, Choice::Against));
    let wrong = world.happens(HELD, meeting(), voted(1, 2, 2, Choice::Against));
    let counts = |world: &mut World, times| {
        let item = vote_register::items(world.views(), meeting_id(), times).unwrap().remove(0);
        (item.voters, [item.in_favour, item.against, item.abstained], item.votes_greatest, item.adopted)
    };
    assert_eq!(counts(&mut world, NOW), (3, [1, 2, 0], 2, None));
    let right: Event = voted(1, 2, 2, Choice::Abstain).into();
    let corrected = world.corrects(HELD, wrong, Some(right));
    assert_eq!(counts(&mut world, NOW), (3, [1, 1, 1], 2, None));
    assert_eq!(counts(&mut world, known_at(wrong)), (3, [1, 2, 0], 2, None));
    let votes = vote_register::votes(world.views(), meeting_id(), NOW).unwrap();
    assert_eq!((votes.len(), votes[2].position, votes[2].choice.as_deref()), (3, corrected, Some("abstain")));
    world.happens(HELD, meeting(), decided(1, 1, 1));
    assert_eq!(counts(&mut world, NOW), (3, [1, 1, 0], 2, Some(false)));
}

#[test]
fn of_a_secret_vote_it_is_known_who_voted_and_how_many_for_what() {
    let mut world = held();
    world.happens(HELD, meeting(), balloted(2, 1));
    world.happens(HELD, meeting(), balloted(2, 2));
    let votes = vote_register::votes(world.views(), meeting_id(), NOW).unwrap();
    let found: Vec<_> = votes.iter().map(|vote| (vote.voter, vote.choice.clone())).collect();
    assert_eq!(found, [(person(1), None), (person(2), None)]);
    let tally = world.happens(HELD, meeting(), tallied(2, 2, 0));
    let item = |world: &mut World, times| {
        let found = vote_register::items(world.views(), meeting_id(), times).unwrap().remove(1);
        (found.ballot, found.voters, found.in_favour, found.adopted)
    };
    assert_eq!(item(&mut world, NOW), ("secret".to_owned(), 2, 2, None));
    assert_eq!(item(&mut world, known_at(Position(tally.0 - 1))), ("secret".to_owned(), 2, 0, None));
    world.happens(HELD, meeting(), decided(2, 2, 0));
    assert_eq!(item(&mut world, NOW), ("secret".to_owned(), 2, 2, Some(true)));
}

#[test]
fn an_election_says_who_stood_and_who_sits() {
    let mut world = World::new();
    let kind = ItemKind::Election { mandate: MandateKind::DirectorA, seats: 1 };
    world.happens("2025-05-20", meeting(), convened(&[(1, kind, Ballot::Open)]));
    world.happens(HELD, meeting(), voted(1, 1, 1, Choice::Elect(vec![person(1)])));
    world.happens(HELD, meeting(), elected(1));
    let votes = vote_register::votes(world.views(), meeting_id(), NOW).unwrap();
    assert_eq!((votes[0].choice.as_deref(), &votes[0].candidates[..]), (Some("elect"), &[person(1)][..]));
    let item = vote_register::items(world.views(), meeting_id(), NOW).unwrap().remove(0);
    let found: Vec<_> = item.candidates.iter().map(|of| (of.candidate, of.votes, of.elected)).collect();
    assert_eq!(found, [(person(1), 2, true), (person(2), 0, false)]);
    assert_eq!((item.kind.as_str(), item.abstained, item.adopted), ("election", 1, None));
}

#[test]
fn a_call_that_was_taken_back_is_no_meeting() {
    let mut world = World::new();
    let call = convened(&[(1, ItemKind::Ordinary, Ballot::Open)]);
    let called = world.happens("2025-05-20", meeting(), call);
    world.corrects("2025-05-21", called, None);
    assert_eq!(vote_register::meetings(world.views(), NOW).unwrap(), []);
    assert_eq!(vote_register::items(world.views(), meeting_id(), NOW).unwrap(), []);
    assert_eq!(vote_register::meetings(world.views(), known_at(called)).unwrap().len(), 1);
}

/// The roll as the writer's facts fold it.
fn folded(world: &World, on: &str, at: Position) -> String {
    let mut electorate = Electorate::default();
    for recorded in &world.log {
        if let (StreamId::Member(member), Event::Member(event)) = (recorded.stream, &recorded.event) {
            electorate.fold(member, recorded.position, recorded.effective_on, event);
        }
    }
    electorate.roll(AsKnown { on: day(on), at }).document()
}

#[test]
fn the_roll_of_the_registers_is_the_roll_of_the_facts() {
    let mut world = World::new();
    for n in 1..=4 {
        world.happens("2025-01-02", member(n), requested(n, Category::User));
        world.happens("2025-01-03", member(n), granted(n, Category::User));
    }
    world.happens("2025-01-10", member(1), subscribed(1, "A", 3));
    let wrong = world.happens("2025-01-11", member(2), subscribed(2, "A", 30));
    world.happens("2025-02-01", member(3), subscribed(3, "A", 1));
    world.happens("2025-03-01", member(3), cancelled(3, 1, "0.00", "30.00"));
    let (person, reason) = (person(3), domain::text::ReasonCode::literal("asked"));
    world.happens("2025-03-02", member(3), domain::member::MemberEvent::MembershipEnded { person, reason });
    let to = Category::Partner;
    let moved = domain::member::MemberEvent::CategoryChanged { from: Category::User, to };
    world.happens("2025-03-03", member(1), moved);
    world.corrects("2025-03-04", wrong, Some(subscribed(2, "A", 3).into()));
    let last = Position(world.log.len() as u64);
    for on in ["2025-01-09", "2025-01-10", "2025-02-15", "2025-03-01", "2025-03-03", "2025-03-04"] {
        for at in (8..=last.0).map(Position) {
            let times = Times { as_of: Some(day(on)), known_at: Some(at) };
            let found = vote_register::roll(world.views(), times).unwrap().document();
            assert_eq!(found, folded(&world, on, at), "on {on} as known at {at:?}");
        }
    }
    let now = vote_register::roll(world.views(), as_of("2025-03-04")).unwrap();
    assert_eq!((now.voters.len(), now.shares_issued), (2, 6));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn votes_and_counts_agree_with_a_naive_list_at_every_position(
        steps in proptest::collection::vec((0_u128..12, 0_usize..3, any::<bool>()), 1..30),
    ) {
        let mut world = held();
        let choices = [Choice::InFavour, Choice::Against, Choice::Abstain];
        let words = ["in_favour", "against", "abstain"];
        // The votes that stand: where, whose, which; and what stood at each position.
        let mut cast: Vec<(Position, u128, usize)> = Vec::new();
        let mut stood = Vec::new();
        for (voter, n, replaces) in steps {
            let vote = voted(1, voter, voter, choices[n].clone());
            let first = cast.iter().position(|(_, other, _)| *other == voter);
            let at = match first {
                None => {
                    let at = world.happens(HELD, meeting(), vote);
                    cast.push((at, voter, n));
                    at
                }
                Some(i) => {
                    let (wrong, ..) = cast[i];
                    // A correction cannot be corrected itself.
                    if world.log[wrong.0 as usize - 1].event.as_correction().is_some() {
                        continue;
                    }
                    cast.remove(i);
                    let at = world.corrects(HELD, wrong, replaces.then(|| vote.into()));
                    if replaces {
                        cast.push((at, voter, n));
                    }
                    at
                }
            };
            stood.push((at, cast.clone()));
        }
        for (at, naive) in stood {
            let votes = vote_register::votes(world.views(), meeting_id(), known_at(at)).unwrap();
            let found: Vec<_> =
                votes.iter().map(|vote| (vote.position, vote.voter, vote.choice.as_deref())).collect();
            let expected: Vec<_> =
                naive.iter().map(|(at, voter, n)| (*at, person(*voter), Some(words[*n]))).collect();
            prop_assert_eq!(found, expected);
            let item = vote_register::items(world.views(), meeting_id(), known_at(at)).unwrap().remove(0);
            let count = |of: usize| naive.iter().filter(|(_, _, n)| *n == of).count() as i64;
            prop_assert_eq!([item.in_favour, item.against, item.abstained], [0, 1, 2].map(count));
            prop_assert_eq!(item.voters as usize, naive.len());
        }
    }
}
