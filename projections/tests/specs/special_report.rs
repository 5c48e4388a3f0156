//! The figures of a year, each with its definition.

use std::collections::BTreeSet;

use domain::Year;
use projections::port::Times;
use projections::special_report::figures;

use crate::world::*;

#[test]
fn the_figures_of_a_small_year_are_told() {
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
