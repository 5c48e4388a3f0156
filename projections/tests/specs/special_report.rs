//! The figures of a year, each with its definition.

use std::collections::BTreeSet;

use domain::{Position, Year};
use projections::port::Times;
use projections::special_report::{explain, figures};
use projections::units::Contribution;

use crate::world::*;

fn small_year() -> World {
    let mut world = World::new();
    world.happens("2024-01-10", unit(1), opened(1));
    world.happens("2024-01-11", unit(1), invoiced(1, "50.00"));
    world.happens("2025-01-10", unit(2), opened(2));
    world.happens("2025-01-11", unit(1), invoiced(1, "1000.00"));
    world.happens("2025-01-11", unit(2), invoiced(2, "500.50"));
    world.happens("2025-01-31", unit(2), credited("0.50"));
    world.happens("2025-02-01", unit(2), employed(3, 4));
    world.happens("2024-02-01", unit(2), employed_open_ended(4));
    world.happens("2025-02-28", unit(2), days_declared(4, 1));
    world
}

#[test]
fn the_figures_of_a_small_year_are_told() {
    let mut world = small_year();
    let found = figures(world.views(), Year::new(2025), Times::default()).unwrap();
    let text: Vec<_> = found.iter().map(|f| format!("{} {} {}", f.id, f.value, f.unit)).collect();
    insta::assert_snapshot!(text.join("\n"), @r"
    turnover 1500.00 EUR
    invoices_issued 2 count
    active_holders 2 persons
    active_holders_increase 1 persons
    new_holders 1 persons
    persons_employed 2 persons
    employment_contracts 1 count
    declared_days 5 days
    declared_hours 35.50 hours
    full_time_equivalents 0 FTE
    open_ended_contracts 1 persons
    ");
}

#[test]
fn a_year_without_events_has_figures_of_nothing() {
    let mut world = World::new();
    let found = figures(world.views(), Year::new(2025), Times::default()).unwrap();
    assert!(found.iter().all(|figure| ["0", "0.00"].contains(&figure.value.to_string().as_str())));
    let ids: BTreeSet<_> = found.iter().map(|figure| figure.id).collect();
    assert_eq!(ids.len(), found.len(), "each figure has an id of its own");
}

#[test]
fn every_figure_opens_to_events_that_add_up_to_it() {
    let mut world = small_year();
    let year = Year::new(2025);
    for times in [Times::default(), as_of("2025-01-20"), known_at(Position(5))] {
        for figure in figures(world.views(), year, times).unwrap() {
            let opened = explain(world.views(), figure.id, year, times).unwrap().unwrap();
            assert_eq!(opened.figure, figure);
            if figure.id == "full_time_equivalents" {
                continue;
            }
            assert_eq!(opened.total, figure.value, "{} {times:?}", figure.id);
            assert!(opened.contributions.is_sorted_by_key(|found| found.position));
        }
    }
    assert_eq!(explain(world.views(), "dividends", year, Times::default()).unwrap(), None);
}

#[test]
fn each_event_behind_a_figure_is_named_by_its_position() {
    let mut world = small_year();
    let mut opened = |id: &str| {
        let found = explain(world.views(), id, Year::new(2025), Times::default()).unwrap().unwrap();
        let told = |c: &Contribution| format!("{} {} {} {}", c.position, c.effective_on, c.kind, c.adds);
        found.contributions.iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(
        opened("turnover"),
        ["4 2025-01-11 invoice 100000", "5 2025-01-11 invoice 50050", "6 2025-01-31 credit_note -50"]
    );
    // Hours lead to full-time equivalents.
    assert_eq!(opened("full_time_equivalents"), opened("declared_hours"));
    // Who held an active unit in 2025 counts once, with the first event of that year.
    assert_eq!(opened("new_holders"), ["5 2025-01-11 invoice 1"]);
    assert_eq!(opened("active_holders"), ["4 2025-01-11 invoice 1", "5 2025-01-11 invoice 1"]);
    let increase = opened("active_holders_increase");
    assert_eq!(increase, ["2 2024-01-11 invoice -1", "4 2025-01-11 invoice 1", "5 2025-01-11 invoice 1"]);
}
