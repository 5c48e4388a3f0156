//! What wage must be paid by when, what is paid, and what was late.

use domain::ids::{ContractId, EmploymentId, SalaryId};
use domain::unit::{UnitEvent, Work, WorkDay};
use domain::{Balance, Hours};
use ledger::Account;
use projections::balances::balance;
use projections::receivables::receivables;
use projections::wages_due::{WageDue, WageTotals, totals, wages_due};
use uuid::Uuid;

use crate::receivables::{invoice, invoice_id, invoice_of_order, order_id, pays};
use crate::world::*;

fn contract_id(n: u128) -> ContractId {
    ContractId::new(Uuid::from_u128(0x8000 + n))
}

fn salary_id(n: u128) -> SalaryId {
    SalaryId::new(Uuid::from_u128(0x9000 + n))
}

fn worked(on: &str) -> Vec<WorkDay> {
    vec![WorkDay { on: day(on), hours: Hours::from_hundredths(700) }]
}

/// Job `n` of one day, perhaps for a client or in answer to an order.
fn job(n: u128, on: &str, for_client: Option<u128>, of_order: Option<u128>) -> UnitEvent {
    let mut event = job_declared(n, 1, "1690.00");
    if let UnitEvent::ContractDeclared { contract, days, client: invoiced, order, .. } = &mut event {
        (*contract, *days) = (contract_id(n), worked(on));
        (*invoiced, *order) = (for_client.map(client), of_order.map(order_id));
    }
    event
}

fn moved(n: u128, on: &str, budget: &str) -> UnitEvent {
    let mut event = job_amended(n, false, (1, "1690.00"), (1, budget));
    if let UnitEvent::ContractAmended { contract, days, .. } = &mut event {
        (*contract, *days) = (contract_id(n), worked(on));
    }
    event
}

fn ended(n: u128, last_day: &str, due_on: &str) -> UnitEvent {
    UnitEvent::ContractEnded {
        contract: contract_id(n),
        worker: person(n),
        last_day: day(last_day),
        wage_due_on: day(due_on),
    }
}

/// Salary `n` of 772.72 for job `n`.
fn calculated(n: u128, due: &str) -> UnitEvent {
    let mut event = wage_calculated(n);
    if let UnitEvent::SalaryCalculated { salary, work, due_on, .. } = &mut event {
        (*salary, *work, *due_on) = (salary_id(n), Work::Contract(contract_id(n)), day(due));
    }
    event
}

fn paid(n: u128, due: &str) -> UnitEvent {
    let mut event = wage_paid(n);
    if let UnitEvent::SalaryPaid { salary, due_on, .. } = &mut event {
        (*salary, *due_on) = (salary_id(n), day(due));
    }
    event
}

fn due_on(world: &mut World, on: &str) -> Vec<WageDue> {
    let open = receivables(world.views(), as_of(on), day(on)).unwrap();
    wages_due(world.reader(), as_of(on), day(on), &open).unwrap()
}

fn one_on(world: &mut World, on: &str) -> WageDue {
    let found = due_on(world, on);
    let [one] = &found[..] else { panic!("one wage is due or late on {on}, found {found:?}") };
    one.clone()
}

#[test]
fn a_wage_goes_from_work_that_is_over_to_paid() {
    let mut world = World::new();
    let declared = world.happens("2025-04-10", unit(1), job(1, "2025-04-17", None, None));
    assert_eq!(due_on(&mut world, "2025-04-17"), [], "the work is not over");
    let found = one_on(&mut world, "2025-04-18");
    assert_eq!((found.position, found.due_on, found.net), (declared, None, None));
    assert_eq!((found.last_day, found.budget), (Some(day("2025-04-17")), euro("1690.00")));
    let over = world.happens("2025-04-18", unit(1), ended(1, "2025-04-17", "2025-04-26"));
    let found = one_on(&mut world, "2025-04-18");
    assert_eq!((found.position, found.due_on), (over, Some(day("2025-04-26"))));
    world.happens("2025-04-20", unit(1), calculated(1, "2025-04-26"));
    let found = one_on(&mut world, "2025-04-20");
    assert_eq!((found.position, found.salary, found.net), (over, Some(salary_id(1)), Some(euro("772.72"))));
    assert_eq!((found.worker, found.work), (person(1), Work::Contract(contract_id(1))));
    world.happens("2025-04-25", unit(1), paid(1, "2025-04-26"));
    assert_eq!(due_on(&mut world, "2025-04-25"), []);
    assert_eq!(one_on(&mut world, "2025-04-24").paid_on, None);
}

// DOMAIN F5 14: the seventh working day is a Saturday, on which banks do not work.
#[test]
fn a_wage_due_on_a_saturday_is_ordered_on_friday() {
    let mut world = World::new();
    world.happens("2025-04-10", unit(1), job(1, "2025-04-17", None, None));
    world.happens("2025-04-18", unit(1), ended(1, "2025-04-17", "2025-04-26"));
    let found = one_on(&mut world, "2025-04-18");
    assert_eq!((found.due_on, found.order_by), (Some(day("2025-04-26")), Some(day("2025-04-25"))));
}

#[test]
fn a_wage_paid_late_stays_listed_with_its_days() {
    let mut world = World::new();
    world.happens("2025-04-10", unit(1), job(1, "2025-04-17", None, None));
    world.happens("2025-04-20", unit(1), calculated(1, "2025-04-26"));
    assert_eq!(one_on(&mut world, "2025-04-26").days_late, 0);
    assert_eq!(one_on(&mut world, "2025-04-28").days_late, 2);
    let payment = world.happens("2025-04-30", unit(1), paid(1, "2025-04-26"));
    let found = one_on(&mut world, "2025-12-31");
    assert_eq!((found.paid_on, found.days_late), (Some(day("2025-04-30")), 4));
    // The bank sent it back: it is owed again.
    world.corrects("2025-05-02", payment, None);
    let found = one_on(&mut world, "2025-05-03");
    assert_eq!((found.paid_on, found.days_late), (None, 7));
    assert_eq!(one_on(&mut world, "2025-05-01").paid_on, Some(day("2025-04-30")));
}

#[test]
fn work_cancelled_or_moved_is_due_as_it_now_stands() {
    let mut world = World::new();
    world.happens("2025-04-10", unit(1), job(1, "2025-04-17", None, None));
    let moved = world.happens("2025-04-11", unit(1), moved(1, "2025-04-29", "1000.00"));
    assert_eq!(due_on(&mut world, "2025-04-20"), []);
    let found = one_on(&mut world, "2025-04-30");
    assert_eq!(
        (found.position, found.last_day, found.budget),
        (moved, Some(day("2025-04-29")), euro("1000.00"))
    );
    let mut cancelled = job_cancelled("1000.00");
    if let UnitEvent::ContractCancelled { contract, .. } = &mut cancelled {
        *contract = contract_id(1);
    }
    world.happens("2025-04-12", unit(1), cancelled);
    assert_eq!(due_on(&mut world, "2025-04-30"), []);
}

#[test]
fn an_end_or_a_wage_taken_back_leaves_the_job_as_it_was() {
    let mut world = World::new();
    let declared = world.happens("2025-04-10", unit(1), job(1, "2025-04-17", None, None));
    let over = world.happens("2025-04-18", unit(1), ended(1, "2025-04-17", "2025-04-26"));
    world.corrects("2025-04-19", over, None);
    let found = one_on(&mut world, "2025-04-19");
    assert_eq!((found.position, found.due_on), (declared, None));
    let wage = world.happens("2025-04-20", unit(1), calculated(1, "2025-04-26"));
    assert_eq!(one_on(&mut world, "2025-04-20").position, wage);
    world.corrects("2025-04-21", wage, None);
    assert_eq!(one_on(&mut world, "2025-04-21").salary, None);
}

#[test]
fn a_month_of_open_ended_work_is_due_once_its_wage_is_calculated() {
    let mut world = World::new();
    world.happens("2025-05-31", unit(1), days_declared(1, 10));
    let employment = EmploymentId::new(Uuid::from_u128(2));
    let month = Work::Month { employment, month: day("2025-05-01").month() };
    assert_eq!(
        (one_on(&mut world, "2025-06-01").work, one_on(&mut world, "2025-06-01").due_on),
        (month, None)
    );
    let mut wage = calculated(1, "2025-06-10");
    if let UnitEvent::SalaryCalculated { work, .. } = &mut wage {
        *work = month;
    }
    world.happens("2025-06-02", unit(1), wage);
    let found = one_on(&mut world, "2025-06-02");
    assert_eq!((found.work, found.due_on), (month, Some(day("2025-06-10"))));
}

#[test]
fn a_wage_rests_on_the_open_invoices_of_its_order_or_client() {
    let mut world = World::new();
    world.happens("2025-04-01", unit(1), job(1, "2025-04-10", None, Some(1)));
    world.happens("2025-04-01", unit(1), job(2, "2025-04-11", Some(1), None));
    world.happens("2025-04-01", unit(1), job(3, "2025-04-12", None, None));
    world.happens("2025-04-01", unit(2), job(4, "2025-04-13", Some(1), None));
    world.happens("2025-04-02", unit(1), invoice_of_order(1, 1, 1, "100.00", "2025-05-02"));
    world.happens("2025-04-03", unit(1), invoice(2, 1, "100.00", "2025-05-03"));
    let rests_on = |world: &mut World| -> Vec<_> {
        due_on(world, "2025-04-30").into_iter().map(|wage| wage.rests_on).collect()
    };
    let (first, second) = (invoice_id(1), invoice_id(2));
    assert_eq!(rests_on(&mut world), [vec![first], vec![first, second], vec![], vec![]]);
    world.happens("2025-04-20", unit(1), pays(1, 1, "100.00"));
    assert_eq!(rests_on(&mut world), [vec![], vec![second], vec![], vec![]]);
}

// DOMAIN I7.
#[test]
fn what_is_unpaid_is_what_account_455_holds() {
    let mut world = World::new();
    for n in 1..=3 {
        world.happens("2025-04-10", unit(n), job(n, "2025-04-17", None, None));
        world.happens("2025-04-20", unit(n), calculated(n, "2025-04-26"));
    }
    world.happens("2025-04-10", unit(1), job(4, "2025-04-17", None, None));
    world.happens("2025-04-25", unit(1), paid(1, "2025-04-26"));
    world.happens("2025-04-28", unit(2), paid(2, "2025-04-26"));
    for (on, unpaid) in [("2025-04-19", 0), ("2025-04-20", 3), ("2025-04-25", 2), ("2025-04-28", 1)] {
        let found = totals(&due_on(&mut world, on));
        let held = balance(world.views(), Account::Remuneration.total(), as_of(on)).unwrap().balance;
        assert_eq!((found.n_unpaid, found.unpaid), (unpaid, held), "on {on}");
    }
    let found = totals(&due_on(&mut world, "2025-04-28"));
    let expected = WageTotals {
        n_unpaid: 1,
        unpaid: euro("772.72"),
        n_uncalculated: 1,
        n_late: 1,
        n_paid_late: 1,
        n_on_open_invoice: 0,
    };
    assert_eq!(found, expected);
    assert_ne!(found.unpaid, Balance::ZERO);
}
