//! Grants from award to use, as of a day, as known at a position.

use domain::grant::{GrantEvent, GrantKind};
use domain::ids::ProjectId;
use domain::text::ReasonCode;
use domain::{Balance, Position};
use projections::grants::{self, GrantOverview, Purpose};
use projections::port::Times;
use uuid::Uuid;

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

pub fn to_pass_on() -> GrantKind {
    GrantKind::PassThrough { beneficiary: person(1) }
}

pub fn own() -> GrantKind {
    GrantKind::Own { unit: unit_id(1) }
}

pub fn announced(kind: GrantKind, sum: &str) -> GrantEvent {
    announced_for(Some(project(1)), kind, sum)
}

pub fn announced_for(project: Option<ProjectId>, kind: GrantKind, sum: &str) -> GrantEvent {
    GrantEvent::Announced { funder: person(9), kind, amount: amount(sum), project, evidence: evidence() }
}

fn project(n: u128) -> ProjectId {
    ProjectId::new(Uuid::from_u128(n))
}

pub fn received(kind: GrantKind, sum: &str) -> GrantEvent {
    GrantEvent::Received { funder: person(9), kind, amount: amount(sum), evidence: evidence() }
}

pub fn passed_on(sum: &str) -> GrantEvent {
    GrantEvent::PassedOn { beneficiary: person(1), amount: amount(sum), evidence: evidence() }
}

pub fn returned(kind: GrantKind, sum: &str) -> GrantEvent {
    let reason = ReasonCode::literal("not_used");
    GrantEvent::Returned { funder: person(9), kind, amount: amount(sum), reason, evidence: evidence() }
}

pub fn recognised(sum: &str) -> GrantEvent {
    GrantEvent::Recognised {
        unit: unit_id(1),
        amount: amount(sum),
        contribution_rate: "0.065".parse().unwrap(),
        contribution: Balance::ZERO,
        unit_share: euro(sum),
        evidence: evidence(),
    }
}

fn ask(world: &mut World, times: Times) -> GrantOverview {
    grants::grants(world.views(), times).unwrap().remove(0)
}

#[test]
fn what_is_received_to_pass_on_is_passed_on_or_given_back() {
    let mut world = World::new();
    world.happens("2025-02-01", grant(1), announced(to_pass_on(), "5000.00"));
    world.happens("2025-03-01", grant(1), received(to_pass_on(), "4000.00"));
    let paid = world.happens("2025-04-01", grant(1), passed_on("3500.00"));
    world.happens("2025-05-01", grant(1), returned(to_pass_on(), "500.00"));
    let left = |world: &mut World, on| {
        let found = ask(world, as_of(on));
        (found.to_receive.to_string(), found.to_pass_on.to_string())
    };
    assert_eq!(left(&mut world, "2025-02-28"), ("5000.00".to_owned(), "0.00".to_owned()));
    assert_eq!(left(&mut world, "2025-03-31"), ("1000.00".to_owned(), "4000.00".to_owned()));
    assert_eq!(left(&mut world, "2025-04-30"), ("1000.00".to_owned(), "500.00".to_owned()));
    assert_eq!(left(&mut world, "2025-05-31"), ("1000.00".to_owned(), "0.00".to_owned()));
    let found = ask(&mut world, NOW);
    assert_eq!(found.purpose, Purpose::PassThrough(person(1)));
    assert_eq!((found.funder, found.announced_on), (person(9), Some(day("2025-02-01"))));
    world.corrects("2025-06-01", paid, None);
    assert_eq!(ask(&mut world, NOW).to_pass_on, euro("3500.00"));
    assert_eq!(ask(&mut world, known_at(paid)).to_pass_on, euro("500.00"));
}

#[test]
fn own_activity_may_earn_a_grant_before_it_is_received() {
    let mut world = World::new();
    world.happens("2025-02-01", grant(1), announced(own(), "1000.00"));
    world.happens("2025-03-01", grant(1), recognised("600.00"));
    let found = ask(&mut world, NOW);
    assert_eq!(found.purpose, Purpose::Own(unit_id(1)));
    assert_eq!((found.to_receive, found.to_recognise), (euro("1000.00"), euro("400.00")));
    assert_eq!(found.to_pass_on, euro("0.00"));
}

#[test]
fn an_award_that_was_taken_back_is_no_grant() {
    let mut world = World::new();
    let mistaken = world.happens("2025-02-01", grant(1), announced(own(), "1000.00"));
    world.corrects("2025-02-02", mistaken, None);
    assert_eq!(grants::grants(world.views(), NOW).unwrap(), []);
    world.happens("2025-02-03", grant(1), announced(to_pass_on(), "800.00"));
    assert_eq!(ask(&mut world, NOW).purpose, Purpose::PassThrough(person(1)));
}

#[test]
fn each_year_counts_what_was_awarded_received_and_passed_on_in_it() {
    let mut world = World::new();
    for (n, sum) in [(1, "3500.00"), (2, "7000.00")] {
        world.happens("2024-12-01", grant(n), announced(to_pass_on(), sum));
        world.happens("2025-01-15", grant(n), received(to_pass_on(), sum));
        world.happens("2025-01-20", grant(n), passed_on(sum));
    }
    let years = grants::years(world.views(), NOW).unwrap();
    let counted: Vec<_> = years.iter().map(|y| (y.n_announced, y.n_received, y.n_passed_on)).collect();
    assert_eq!(counted, [(2, 0, 0), (0, 2, 2)]);
    assert_eq!((years[1].received, years[1].passed_on), (euro("10500.00"), euro("10500.00")));
    assert_eq!(years[0].announced, euro("10500.00"));
    assert_eq!(grants::years(world.views(), as_of("2024-12-31")).unwrap().len(), 1);
}

#[test]
fn a_year_counts_each_project_once_that_its_grants_support() {
    let mut world = World::new();
    let mut award = |n, of| world.happens("2025-02-01", grant(n), announced_for(of, to_pass_on(), "100.00"));
    let (_, same, other) =
        (award(1, Some(project(1))), award(2, Some(project(1))), award(3, Some(project(2))));
    // Announced before awards named their project.
    award(4, None);
    let count = |world: &mut World, times| grants::years(world.views(), times).unwrap()[0].n_projects;
    assert_eq!(count(&mut world, NOW), 2);
    let named: Vec<_> = grants::grants(world.views(), NOW).unwrap().iter().map(|g| g.project).collect();
    assert_eq!(named, [Some(project(1)), Some(project(1)), Some(project(2)), None]);
    world.corrects("2025-03-01", same, None);
    assert_eq!(count(&mut world, NOW), 2, "another grant supports it still");
    let before = world.corrects("2025-03-01", other, None);
    assert_eq!(count(&mut world, NOW), 1);
    assert_eq!(count(&mut world, known_at(Position(before.0 - 1))), 2);
    assert_eq!(count(&mut world, as_of("2025-02-28")), 2);
}
