//! Who holds units, and what is invoiced, worked and spent in them.

use domain::Year;
use projections::port::Times;
use projections::units::{
    HolderCounts, UnitOverview, YearTotals, holder_counts, holders, overview, overviews, year_totals,
};

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };
const YEAR: Year = Year::new(2025);

fn totals(world: &mut World, times: Times) -> YearTotals {
    year_totals(world.views(), YEAR, times).unwrap()
}

fn counted(world: &mut World, times: Times) -> [i64; 3] {
    let HolderCounts { active, active_before, new } = holder_counts(world.views(), YEAR, times).unwrap();
    [active, active_before, new]
}

#[test]
fn turnover_is_invoiced_without_vat_less_credit_notes_of_the_year() {
    let mut world = World::new();
    world.happens("2024-12-31", unit(1), invoiced(1, "999.00"));
    let first = world.happens("2025-01-01", unit(1), invoiced(1, "100.00"));
    world.happens("2025-12-31", unit(1), credited("30.00"));
    world.happens("2026-01-01", unit(1), invoiced(1, "999.00"));
    let found = totals(&mut world, NOW);
    assert_eq!((found.n_invoices, found.turnover), (1, euro("70.00")));
    assert_eq!(totals(&mut world, as_of("2025-06-30")).turnover, euro("100.00"));
    assert_eq!(totals(&mut world, known_at(first)).turnover, euro("100.00"));
}

#[test]
fn declared_days_are_those_of_employments_net_of_amendments() {
    let mut world = World::new();
    world.happens("2025-04-30", unit(1), job_declared(1, 3, "500.00"));
    world.happens("2025-04-30", unit(1), job_amended(1, false, (3, "500.00"), (4, "600.00")));
    assert_eq!(totals(&mut world, NOW).days, 0, "a planned job declares nothing");
    world.happens("2025-04-30", unit(1), employed(1, 4));
    world.happens("2025-05-02", unit(1), job_amended(1, true, (4, "600.00"), (2, "300.00")));
    world.happens("2025-05-31", unit(1), days_declared(2, 10));
    let found = totals(&mut world, NOW);
    assert_eq!((found.days, found.hours_hundredths), (12, 1_400 + 7_500));
    let unit = overview(world.views(), unit_id(1), NOW).unwrap().unwrap();
    assert_eq!((unit.n_jobs, unit.work_budget), (1, euro("2300.00")));
}

#[test]
fn a_cancelled_job_gives_its_budget_back() {
    let mut world = World::new();
    world.happens("2025-04-30", unit(1), job_declared(1, 3, "500.00"));
    world.happens("2025-05-01", unit(1), job_cancelled("500.00"));
    let found = overview(world.views(), unit_id(1), NOW).unwrap().unwrap();
    assert_eq!((found.n_jobs, found.work_budget), (0, euro("0.00")));
}

#[test]
fn a_person_is_employed_once_however_many_contracts() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), employed(1, 2));
    world.happens("2025-02-10", unit(2), employed(1, 2));
    world.happens("2024-03-10", unit(2), employed_open_ended(2));
    world.happens("2025-03-31", unit(2), days_declared(2, 5));
    world.happens("2024-03-10", unit(2), employed_open_ended(3));
    let found = totals(&mut world, NOW);
    assert_eq!((found.n_employments, found.persons_employed, found.persons_open_ended), (2, 2, 1));
}

#[test]
fn an_employment_taken_back_employs_nobody_from_then_on() {
    let mut world = World::new();
    let position = world.happens("2025-01-10", unit(1), employed(1, 2));
    world.corrects("2025-01-11", position, None);
    let found = totals(&mut world, NOW);
    assert_eq!((found.n_employments, found.persons_employed, found.days), (0, 0, 0));
    let found = totals(&mut world, known_at(position));
    assert_eq!((found.n_employments, found.persons_employed, found.days), (1, 1, 2));
}

#[test]
fn a_holder_is_active_by_what_happens_in_a_unit_that_is_held() {
    let mut world = World::new();
    world.happens("2024-01-10", unit(1), opened(1));
    world.happens("2024-02-10", unit(1), invoiced(1, "10.00"));
    world.happens("2025-02-10", unit(1), expense_approved(1, "10.00"));
    world.happens("2025-01-10", unit(2), opened(2));
    world.happens("2025-02-10", unit(2), invoiced(2, "10.00"));
    // Opened, and a job only planned: not active.
    world.happens("2025-01-10", unit(3), opened(3));
    world.happens("2025-01-10", unit(3), job_declared(3, 2, "10.00"));
    // Works, but holds no unit.
    world.happens("2025-02-10", unit(2), employed(4, 2));
    assert_eq!(counted(&mut world, NOW), [2, 1, 1]);
    assert_eq!(counted(&mut world, as_of("2025-01-31")), [0, 1, 0]);
}

#[test]
fn who_returns_after_a_year_without_activity_is_not_new() {
    let mut world = World::new();
    world.happens("2022-01-10", unit(1), opened(1));
    world.happens("2022-02-10", unit(1), invoiced(1, "10.00"));
    world.happens("2025-02-10", unit(2), opened(1));
    world.happens("2025-02-10", unit(2), invoiced(1, "10.00"));
    assert_eq!(counted(&mut world, NOW), [1, 0, 0]);
}

#[test]
fn a_holder_counts_for_the_years_in_which_the_unit_was_held() {
    let mut world = World::new();
    world.happens("2024-01-10", unit(1), opened(1));
    world.happens("2024-02-10", unit(1), invoiced(1, "10.00"));
    world.happens("2024-03-10", unit(1), joined(2));
    world.happens("2024-12-31", unit(1), left(1));
    world.happens("2025-02-10", unit(1), invoiced(2, "10.00"));
    // The third joins a unit that was active before: new all the same.
    world.happens("2025-06-10", unit(1), joined(3));
    assert_eq!(counted(&mut world, NOW), [2, 2, 1]);
    let found = holders(world.views(), unit_id(1), NOW).unwrap();
    assert_eq!(found, [(person(2), day("2024-03-10")), (person(3), day("2025-06-10"))]);
}

#[test]
fn activity_that_is_taken_back_in_its_year_does_not_count() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), opened(1));
    let position = world.happens("2025-02-10", unit(1), expense_approved(1, "10.00"));
    world.corrects("2025-02-11", position, None);
    assert_eq!(counted(&mut world, NOW), [0, 0, 0]);
    assert_eq!(counted(&mut world, known_at(position)), [1, 0, 1]);
    assert_eq!(counted(&mut world, as_of("2025-02-10")), [1, 0, 1]);
}

#[test]
fn a_correction_in_a_later_year_neither_restates_the_closed_year_nor_hides_activity_of_its_own() {
    let mut world = World::new();
    world.happens("2024-01-10", unit(1), opened(1));
    let position = world.happens("2024-12-10", unit(1), expense_approved(1, "10.00"));
    world.happens("2025-01-10", unit(1), invoiced(1, "10.00"));
    world.corrects("2025-01-15", position, None);
    assert_eq!(counted(&mut world, NOW), [1, 1, 0]);
}

#[test]
fn units_come_in_pages() {
    let mut world = World::new();
    for n in [2, 1, 3] {
        world.happens("2025-01-10", unit(n), opened(n));
        world.happens("2025-01-11", unit(n), invoiced(n, "10.00"));
    }
    world.happens("2025-01-12", unit(1), wage_calculated(1));
    let first = overviews(world.views(), NOW, None, 2).unwrap();
    assert_eq!(first.iter().map(|u| u.unit).collect::<Vec<_>>(), [unit_id(1), unit_id(2)]);
    let UnitOverview { n_holders, opened_on, n_wages, wages, turnover, .. } = first[0].clone();
    assert_eq!((n_holders, opened_on, turnover), (1, Some(day("2025-01-10")), euro("10.00")));
    assert_eq!((n_wages, wages), (1, euro("1250.00")));
    assert_eq!(overviews(world.views(), NOW, Some(unit_id(2)), 2).unwrap()[0].unit, unit_id(3));
}
