//! The figures of a year, each with its definition.

use std::collections::BTreeSet;

use domain::loan::LoanKind;
use domain::{Position, Year};
use projections::port::Times;
use projections::special_report::{explain, figures};
use projections::units::Contribution;

use crate::grants::passed_on;
use crate::loans::{granted_to, lent};
use crate::receivables::reminded;
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
    lending(&mut world);
    world.happens("2025-04-01", unit(1), reminded(1, 1, "2025-04-01"));
    world.happens("2025-04-15", unit(1), reminded(1, 2, "2025-04-15"));
    let third = world.happens("2025-04-16", unit(1), reminded(1, 3, "2025-04-16"));
    world.corrects("2025-04-17", third, None);
    world
}

/// One loan of the year before, one granted then and disbursed in the year, one granted only; a grant.
fn lending(world: &mut World) {
    for (n, granted_on, disbursed_on, principal) in [
        (1, "2024-03-01", Some("2024-03-02"), "100.00"),
        (2, "2024-12-20", Some("2025-01-05"), "250.50"),
        (3, "2025-03-01", None, "400.00"),
    ] {
        world.happens(granted_on, loan(n), granted_to(n, LoanKind::Cash, principal, &["2025-12-01"]));
        if let Some(on) = disbursed_on {
            world.happens(on, loan(n), lent(n, LoanKind::Cash, principal));
        }
    }
    world.happens("2025-05-01", grant(1), passed_on("3500.00"));
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
    payment_reminders 2 count
    loans_granted 1 count
    loans_granted_amount 400.00 EUR
    projects_supported 1 count
    projects_supported_amount 250.50 EUR
    projects_supported_since_launch 2 count
    projects_supported_since_launch_amount 350.50 EUR
    grants_passed_on 1 count
    grants_passed_on_amount 3500.00 EUR
    legal_cases 0 count
    offices 0 count
    advisers 0 persons
    info_sessions 0 count
    guide_articles 0 count
    training_days 0 days
    training_participants 0 persons
    survey_answers 0 persons
    survey_satisfaction 0 out of 10
    survey_stay_share 0 percent
    survey_main_activity_share 0 percent
    working_groups_unemployment_reform 0 count
    gembloux_jobs 0 count
    gembloux_fte 0.00 FTE
    publications 0 count
    events 0 count
    coopinside_cities 0 count
    ethics_topics 0 count
    ethics_recommendations 0 count
    ethics_meetings 0 count
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
    // What was taken back is one line more, below zero.
    assert_eq!(
        opened("payment_reminders"),
        [
            "16 2025-04-01 reminder 1",
            "17 2025-04-15 reminder 1",
            "18 2025-04-16 reminder 1",
            "19 2025-04-17 reminder -1",
        ]
    );
    // Granted in December, disbursed in January: a project of the year, and no loan granted in it.
    assert_eq!(opened("loans_granted"), ["14 2025-03-01 loan_granted 1"]);
    assert_eq!(opened("projects_supported_amount"), ["13 2025-01-05 loan_disbursed 25050"]);
    assert_eq!(opened("grants_passed_on"), ["15 2025-05-01 grant_passed_on 1"]);
    // Hours lead to full-time equivalents.
    assert_eq!(opened("full_time_equivalents"), opened("declared_hours"));
    // Who held an active unit in 2025 counts once, with the first event of that year.
    assert_eq!(opened("new_holders"), ["5 2025-01-11 invoice 1"]);
    assert_eq!(opened("active_holders"), ["4 2025-01-11 invoice 1", "5 2025-01-11 invoice 1"]);
    let increase = opened("active_holders_increase");
    assert_eq!(increase, ["2 2024-01-11 invoice -1", "4 2025-01-11 invoice 1", "5 2025-01-11 invoice 1"]);
}

#[test]
fn loans_and_grants_are_counted_as_their_own_read_models_count_them() {
    let mut world = small_year();
    let found = figures(world.views(), Year::new(2025), Times::default()).unwrap();
    let value = |id: &str| found.iter().find(|figure| figure.id == id).unwrap().value.to_string();
    let years = projections::loans::years(world.views(), Times::default()).unwrap();
    let of_2025 = years.iter().find(|totals| totals.year == Year::new(2025)).unwrap();
    assert_eq!(value("loans_granted"), of_2025.n_granted.to_string());
    assert_eq!(value("loans_granted_amount"), of_2025.granted.to_string());
    assert_eq!(value("projects_supported"), of_2025.n_disbursed.to_string());
    assert_eq!(value("projects_supported_amount"), of_2025.disbursed.to_string());
    let since: i64 = years.iter().map(|totals| totals.n_disbursed).sum();
    assert_eq!(value("projects_supported_since_launch"), since.to_string());
    let grants = projections::grants::years(world.views(), Times::default()).unwrap();
    assert_eq!(value("grants_passed_on_amount"), grants[0].passed_on.to_string());
}
