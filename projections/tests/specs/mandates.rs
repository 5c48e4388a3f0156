//! Mandates and the seats of the board, as of a day, as known at a position.

use domain::ids::MandateId;
use domain::mandate::{AppointedBy, MandateEvent, MandateKind};
use domain::parameters::{Parameter, Value};
use domain::statutes::{Source, StatutesEvent};
use domain::text::ReasonCode;
use domain::{Position, StreamId, Year};
use projections::mandates::{self, MandateOverview, State};
use projections::port::Times;
use uuid::Uuid;

use crate::vote_register::{item, meeting_id};
use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

pub fn mandate(n: u128) -> StreamId {
    StreamId::Mandate(MandateId::new(Uuid::from_u128(0x8000 + n)))
}

pub fn proposed(n: u128) -> MandateEvent {
    let (kind, meeting, item, evidence) = (MandateKind::DirectorA, meeting_id(), item(1), evidence());
    MandateEvent::CandidateProposed { person: person(n), kind, meeting, item, evidence }
}

pub fn granted(n: u128, kind: MandateKind, from: &str, until: &str) -> MandateEvent {
    let (from, until, appointed, evidence) = (day(from), day(until), AppointedBy::Before {}, evidence());
    MandateEvent::Granted { person: person(n), kind, appointed, from, until, evidence }
}

pub fn renewed(n: u128, kind: MandateKind, before: &str, until: &str) -> MandateEvent {
    let (before, until, appointed, evidence) = (day(before), day(until), AppointedBy::Before {}, evidence());
    MandateEvent::Renewed { person: person(n), kind, appointed, before, until, evidence }
}

pub fn ended(n: u128, kind: MandateKind, on: &str) -> MandateEvent {
    let (reason, evidence) = (ReasonCode::literal("resigned"), evidence());
    MandateEvent::Ended { person: person(n), kind, ended_on: day(on), reason, evidence }
}

pub fn voted(n: u128, sum: &str) -> MandateEvent {
    let (meeting, item, year) = (meeting_id(), item(2), Year::new(2025));
    MandateEvent::AllowanceVoted { person: person(n), meeting, item, year, amount: amount(sum) }
}

pub fn paid(n: u128, sum: &str) -> MandateEvent {
    let (year, amount, evidence) = (Year::new(2025), amount(sum), evidence());
    MandateEvent::AllowancePaid { person: person(n), year, amount, evidence }
}

fn seats(name: Parameter, n: u32, from: &str, to: Option<&str>) -> StatutesEvent {
    StatutesEvent::ParameterPublished {
        name,
        value: Value::Count(n),
        valid_from: day(from),
        valid_to: to.map(day),
        source: Source::try_new("statutes").unwrap(),
        verified: true,
    }
}

fn ask(world: &mut World, times: Times) -> Vec<MandateOverview> {
    mandates::mandates(world.views(), times).unwrap()
}

#[test]
fn a_mandate_goes_from_candidacy_to_its_end() {
    let mut world = World::new();
    let kind = MandateKind::DirectorA;
    world.happens("2025-05-25", mandate(1), proposed(1));
    world.happens("2025-06-12", mandate(1), granted(1, kind, "2025-06-12", "2029-06-11"));
    let before = world.happens("2029-06-01", mandate(1), renewed(1, kind, "2029-06-11", "2033-06-11"));
    let end = world.happens("2030-01-15", mandate(1), ended(1, kind, "2030-01-15"));
    let stands = |world: &mut World, times| {
        let found = ask(world, times).remove(0);
        (found.state, found.until.map(|until| until.to_string()))
    };
    let until = |text: &str| Some(text.to_owned());
    assert_eq!(stands(&mut world, as_of("2025-05-31")), (State::Candidate, None));
    assert_eq!(stands(&mut world, as_of("2025-06-12")), (State::InForce, until("2029-06-11")));
    assert_eq!(stands(&mut world, as_of("2029-06-12")), (State::InForce, until("2033-06-11")));
    assert_eq!(stands(&mut world, NOW), (State::Ended, until("2033-06-11")));
    let without_renewal = Times { as_of: Some(day("2029-06-12")), known_at: Some(Position(before.0 - 1)) };
    assert_eq!(stands(&mut world, without_renewal), (State::Expired, until("2029-06-11")));
    world.corrects("2030-02-01", end, None);
    assert_eq!(stands(&mut world, NOW), (State::InForce, until("2033-06-11")));
    assert_eq!(stands(&mut world, known_at(end)), (State::Ended, until("2033-06-11")));
}

#[test]
fn seats_taken_are_counted_against_those_the_statutes_have() {
    let mut world = World::new();
    let (users, partners) = (Parameter::BoardSeatsUsers, Parameter::BoardSeatsPartners);
    world.happens("2025-01-01", StreamId::Statutes, seats(users, 12, "2017-01-01", None));
    world.happens("2025-01-01", StreamId::Statutes, seats(partners, 6, "2017-01-01", None));
    world.happens("2025-01-01", StreamId::Statutes, seats(users, 14, "2026-01-01", None));
    for (n, kind) in [
        (1, MandateKind::DirectorA),
        (2, MandateKind::DirectorA),
        (3, MandateKind::DirectorB),
        (4, MandateKind::DayToDay),
    ] {
        world.happens("2025-01-02", mandate(n), granted(n, kind, "2025-01-02", "2029-01-01"));
    }
    world.happens("2025-03-01", mandate(2), ended(2, MandateKind::DirectorA, "2025-03-01"));
    let counted = |world: &mut World, on: &str| {
        let found = ask(world, as_of(on));
        let seats = mandates::seats(world.views(), &found, as_of(on)).unwrap();
        seats.iter().map(|of| (of.kind, of.seats, of.taken)).collect::<Vec<_>>()
    };
    let (a, b) = (MandateKind::DirectorA, MandateKind::DirectorB);
    assert_eq!(counted(&mut world, "2025-02-28"), [(a, Some(12), 2), (b, Some(6), 1)]);
    assert_eq!(counted(&mut world, "2025-03-01"), [(a, Some(12), 1), (b, Some(6), 1)]);
    assert_eq!(counted(&mut world, "2026-01-01"), [(a, Some(14), 1), (b, Some(6), 1)]);
    assert_eq!(counted(&mut world, "2016-12-31"), [(a, None, 0), (b, None, 0)]);
}

#[test]
fn an_allowance_paid_and_taken_back_is_not_paid() {
    let mut world = World::new();
    world.happens("2025-01-02", mandate(1), granted(1, MandateKind::DirectorA, "2025-01-02", "2029-01-01"));
    world.happens("2025-06-12", mandate(1), voted(1, "600.00"));
    world.happens("2025-07-01", mandate(1), paid(1, "200.00"));
    let wrong = world.happens("2025-08-01", mandate(1), paid(1, "300.00"));
    let sums = |world: &mut World, times| {
        let found = ask(world, times).remove(0);
        (found.allowance_voted, found.allowance_paid)
    };
    assert_eq!(sums(&mut world, NOW), (euro("600.00"), euro("500.00")));
    world.corrects("2025-08-02", wrong, Some(paid(1, "250.00").into()));
    assert_eq!(sums(&mut world, NOW), (euro("600.00"), euro("450.00")));
    assert_eq!(sums(&mut world, known_at(wrong)), (euro("600.00"), euro("500.00")));
    assert_eq!(sums(&mut world, as_of("2025-06-30")), (euro("600.00"), euro("0.00")));
}
