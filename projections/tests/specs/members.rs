//! Who is a member, in which category, since when; who left, when and how.

use domain::member::{Category, MemberEvent};
use domain::text::ReasonCode;
use projections::members::{Counts, How, Membership, Standing, counts, members};
use projections::port::Times;

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

fn ask(world: &mut World, times: Times) -> Vec<Membership> {
    members(world.views(), times).unwrap()
}

fn standing(world: &mut World, times: Times) -> Standing {
    ask(world, times)[0].standing
}

#[test]
fn a_member_is_one_from_the_day_of_admission() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), requested(1, Category::User));
    let position = world.happens("2025-02-01", member(1), granted(1, Category::User));
    assert_eq!(ask(&mut world, as_of("2025-01-09")), []);
    assert_eq!(standing(&mut world, as_of("2025-01-31")), Standing::Requested);
    assert_eq!(standing(&mut world, as_of("2025-02-01")), Standing::Member);
    let before = known_at(domain::Position(position.0 - 1));
    assert_eq!(standing(&mut world, before), Standing::Requested);
    let found = ask(&mut world, NOW).remove(0);
    assert_eq!((found.person, found.category), (person(1), Category::User));
    assert_eq!(found.since, Some(day("2025-02-01")));
}

#[test]
fn who_resigns_is_a_member_up_to_and_including_the_day_it_takes_effect() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), requested(1, Category::User));
    world.happens("2025-01-10", member(1), granted(1, Category::User));
    world.happens("2025-03-01", member(1), asked_to_resign("2025-03-01"));
    let (leaves_on, payable_by) = (day("2025-06-30"), day("2025-07-31"));
    world.happens("2025-03-15", member(1), MemberEvent::ResignationAccepted { leaves_on, payable_by });
    assert_eq!(standing(&mut world, as_of("2025-06-30")), Standing::Member);
    assert_eq!(standing(&mut world, as_of("2025-07-01")), Standing::Left);
    let ended = MemberEvent::MembershipEnded { person: person(1), reason: ReasonCode::literal("resigned") };
    world.happens("2025-07-10", member(1), ended);
    let departure = ask(&mut world, NOW).remove(0).departure.unwrap();
    assert_eq!((departure.on, departure.how), (leaves_on, How::Resigned));
}

#[test]
fn an_end_before_the_day_of_the_resignation_is_the_day_of_leaving() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), requested(1, Category::User));
    world.happens("2025-01-10", member(1), granted(1, Category::User));
    world.happens("2025-07-03", member(1), asked_to_resign("2025-07-03"));
    let (leaves_on, payable_by) = (day("2026-06-30"), day("2026-07-31"));
    world.happens("2025-11-13", member(1), MemberEvent::ResignationAccepted { leaves_on, payable_by });
    let ended = MemberEvent::MembershipEnded { person: person(1), reason: ReasonCode::literal("no-shares") };
    world.happens("2025-11-24", member(1), ended);
    assert_eq!(standing(&mut world, as_of("2025-11-23")), Standing::Member);
    assert_eq!(standing(&mut world, as_of("2025-11-24")), Standing::Left);
    let departure = ask(&mut world, NOW).remove(0).departure.unwrap();
    assert_eq!((departure.on, departure.how), (day("2025-11-24"), How::Ended("no-shares".to_owned())));
}

#[test]
fn a_resignation_answered_after_it_took_effect_counts_from_its_answer() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), requested(1, Category::User));
    world.happens("2025-01-10", member(1), granted(1, Category::User));
    world.happens("2025-07-01", member(1), asked_to_resign("2025-06-30"));
    let (leaves_on, payable_by) = (day("2025-06-30"), day("2025-07-31"));
    world.happens("2025-07-08", member(1), MemberEvent::ResignationAccepted { leaves_on, payable_by });
    // Before the answer nobody could know; from then on the last day is the one in June.
    assert_eq!(standing(&mut world, as_of("2025-07-07")), Standing::Member);
    assert_eq!(standing(&mut world, as_of("2025-07-08")), Standing::Left);
    assert_eq!(ask(&mut world, NOW).remove(0).departure.unwrap().on, leaves_on);
}

#[test]
fn a_resignation_taken_back_by_a_correction_leaves_a_member() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), requested(1, Category::User));
    world.happens("2025-01-10", member(1), granted(1, Category::User));
    let (leaves_on, payable_by) = (day("2025-06-30"), day("2025-07-31"));
    let accepted = MemberEvent::ResignationAccepted { leaves_on, payable_by };
    let position = world.happens("2025-03-15", member(1), accepted);
    world.corrects("2025-04-01", position, None);
    assert_eq!(standing(&mut world, NOW), Standing::Member);
    assert_eq!(standing(&mut world, known_at(position)), Standing::Left);
}

#[test]
fn a_refusal_keeps_its_reason_and_an_end_without_resignation_too() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), requested(1, Category::Partner));
    let reason = ReasonCode::literal("statutes.9");
    world.happens("2025-01-20", member(1), MemberEvent::AdmissionRefused { person: person(1), reason });
    world.happens("2025-01-10", member(2), requested(2, Category::User));
    world.happens("2025-01-10", member(2), granted(2, Category::User));
    let reason = ReasonCode::literal("deceased");
    world.happens("2025-05-01", member(2), MemberEvent::MembershipEnded { person: person(2), reason });
    let found = ask(&mut world, NOW);
    assert_eq!(found[0].refused_because.as_deref(), Some("statutes.9"));
    assert_eq!(found[1].departure.as_ref().unwrap().how, How::Ended("deceased".into()));
    assert_eq!(counts(&found), Counts { refused: 1, left: 1, ..Counts::default() });
}

#[test]
fn members_are_counted_by_category_on_a_day() {
    let mut world = World::new();
    for (n, category) in [(1, Category::User), (2, Category::User), (3, Category::Partner)] {
        world.happens("2025-01-10", member(n), requested(n, category));
        world.happens("2025-01-10", member(n), granted(n, category));
    }
    let (from, to) = (Category::User, Category::Partner);
    world.happens("2025-02-01", member(2), MemberEvent::CategoryChanged { from, to });
    world.happens("2025-03-01", member(4), requested(4, Category::User));
    let before = counts(&ask(&mut world, as_of("2025-01-31")));
    assert_eq!(before, Counts { users: 2, partners: 1, ..Counts::default() });
    let now = counts(&ask(&mut world, NOW));
    assert_eq!(now, Counts { users: 1, partners: 2, requested: 1, ..Counts::default() });
}
