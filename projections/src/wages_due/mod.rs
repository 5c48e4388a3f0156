//! Wages due: what must be paid by when, what is paid, and what was late.
//!
//! A wage is due by the day that its events say: when the work of a job ended, or when the wage was
//! calculated. That day is counted in the wage calendar, in which Saturday is a working day; banks
//! keep the civil one, so the order to pay goes out on the last bank day until then. A job without a
//! wage stands in one table, a calculated wage in another; both are sums of lines.
//! Left out: deductions and holiday pay, which are not the worker's net wage.
//! Source: Act 12-04-1965 art. 9 (term); DOMAIN E27, F2 I7, F5 13–14.

mod queries;

use domain::ids::{ClientId, OrderId, PersonId, SalaryId, UnitId};
use domain::unit::{UnitEvent, Work, WorkDay};
use domain::{Day, Event, StreamId};
use uuid::Uuid;

pub use queries::{WageDue, WageTotals, totals, wages_due};

use crate::port::{Change, Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// Jobs and months of open-ended work, from declaration to the calculation of their wage.
pub static JOBS: Table = Table {
    name: "wage_jobs",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("unit"),
        Column::id("work"),
        Column::integer("month"),
        Column::text("step"),
        Column::id("worker"),
        Column::id("client"),
        Column::id("order_id"),
        Column::integer("last_day"),
        Column::integer("due_on"),
        Column::integer("budget"),
        Column::integer("uncalculated"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[
        // Holds all that finding the jobs without a wage reads.
        Index {
            name: "wage_jobs_work",
            columns: &["work", "month", "effective_on", "position", "uncalculated"],
            unless_null: None,
        },
    ],
};

/// Wages, calculated and paid.
pub static WAGES: Table = Table {
    name: "wage_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("salary"),
        Column::text("step"),
        Column::id("unit"),
        Column::id("work"),
        Column::integer("month"),
        Column::id("worker"),
        Column::integer("budget"),
        Column::integer("net"),
        Column::integer("due_on"),
        Column::integer("unpaid"),
        Column::integer("days_late"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[
        // Holds all that finding the wages unpaid or paid late reads.
        Index {
            name: "wage_lines_salary",
            columns: &["salary", "effective_on", "position", "unpaid", "days_late"],
            unless_null: None,
        },
        Index { name: "wage_lines_voids", columns: &["voids"], unless_null: Some("voids") },
    ],
};

/// The fold of work and pay into lines.
#[derive(Debug, Default)]
pub struct WagesDue;

/// A step of a job.
#[derive(Default)]
struct Job {
    step: &'static str,
    worker: Option<PersonId>,
    client: Option<ClientId>,
    order: Option<OrderId>,
    last_day: Option<Day>,
    due_on: Option<Day>,
    budget: Option<i64>,
    /// Whether one more or one less job waits for its wage.
    uncalculated: i64,
}

/// A step of a wage.
struct Wage {
    step: &'static str,
    salary: SalaryId,
    work: Option<Work>,
    worker: PersonId,
    budget: Option<i64>,
    net: i64,
    due_on: Day,
    /// Whether one more or one less wage waits to be paid.
    unpaid: i64,
    days_late: i64,
}

impl Projection for WagesDue {
    fn name(&self) -> &'static str {
        "wages_due"
    }

    fn question(&self) -> &'static str {
        "what wage must be paid by when, what is paid, what was late and by how many days"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&JOBS, &WAGES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Unit(unit) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Unit(event) = change.event.as_ref() else { continue };
            if let Some((work, job)) = job(event) {
                insert_job(rows, seen, (line, &change), unit, (work, &job));
            }
            if let Some(wage) = wage(event, seen.recorded.effective_on) {
                insert_wage(rows, seen, (line, &change), unit, &wage);
            }
        }
    }
}

/// What an event says of a job or month.
fn job(event: &UnitEvent) -> Option<(Work, Job)> {
    let step = |step| Job { step, ..Job::default() };
    Some(match event {
        UnitEvent::ContractDeclared { contract, worker, client, order, days, budget, .. } => {
            let declared = Job { client: *client, order: *order, uncalculated: 1, ..step("declared") };
            (
                Work::Contract(*contract),
                Job { worker: Some(*worker), last_day: last(days), budget: Some(budget.cents()), ..declared },
            )
        }
        UnitEvent::WorkDaysDeclared { employment, month, worker, days, budget, .. } => {
            let declared = Job { uncalculated: 1, ..step("declared") };
            (
                Work::Month { employment: *employment, month: *month },
                Job { worker: Some(*worker), last_day: last(days), budget: Some(budget.cents()), ..declared },
            )
        }
        UnitEvent::ContractAmended { contract, days, budget, .. } => (
            Work::Contract(*contract),
            Job { last_day: last(days), budget: Some(budget.cents()), ..step("amended") },
        ),
        UnitEvent::ContractCancelled { contract, .. } => {
            (Work::Contract(*contract), Job { uncalculated: -1, ..step("cancelled") })
        }
        UnitEvent::ContractEnded { contract, wage_due_on, .. } => {
            (Work::Contract(*contract), Job { due_on: Some(*wage_due_on), ..step("ended") })
        }
        UnitEvent::SalaryCalculated { work, .. } => (*work, Job { uncalculated: -1, ..step("calculated") }),
        _ => return None,
    })
}

/// What an event that takes effect on a day says of a wage.
fn wage(event: &UnitEvent, on: Day) -> Option<Wage> {
    Some(match event {
        UnitEvent::SalaryCalculated { salary, work, worker, wage, budget, due_on, .. } => Wage {
            step: "calculated",
            salary: *salary,
            work: Some(*work),
            worker: *worker,
            budget: Some(budget.cents()),
            net: wage.net.cents(),
            due_on: *due_on,
            unpaid: 1,
            days_late: 0,
        },
        UnitEvent::SalaryPaid { salary, worker, net, due_on, .. } => Wage {
            step: "paid",
            salary: *salary,
            work: None,
            worker: *worker,
            budget: None,
            net: -net.cents(),
            due_on: *due_on,
            unpaid: -1,
            days_late: i64::from((on.number() - due_on.number()).max(0)),
        },
        _ => return None,
    })
}

fn last(days: &[WorkDay]) -> Option<Day> {
    days.last().map(|day| day.on)
}

/// A job is known by its contract, a month by its employment and itself: 202505, and 0 for a job.
fn key(work: Work) -> (Uuid, i64) {
    match work {
        Work::Contract(contract) => (contract.uuid(), 0),
        Work::Month { employment, month } => (employment.uuid(), month_number(month.first_day())),
    }
}

fn month_number(first_day: Day) -> i64 {
    match day(first_day) {
        Value::Integer(number) => number / 100,
        _ => unreachable!("days are integers"),
    }
}

fn insert_job(
    rows: &mut dyn Rows,
    seen: Seen<'_>,
    (line, change): (i64, &Change<'_>),
    unit: UnitId,
    (work, job): (Work, &Job),
) {
    let (id, month) = key(work);
    rows.insert(
        &JOBS,
        &[
            seen.position(),
            Value::Integer(line),
            Value::Id(unit.uuid()),
            Value::Id(id),
            Value::Integer(month),
            Value::Text(job.step),
            job.worker.map_or(Value::Null, |worker| Value::Id(worker.uuid())),
            job.client.map_or(Value::Null, |client| Value::Id(client.uuid())),
            job.order.map_or(Value::Null, |order| Value::Id(order.uuid())),
            job.last_day.map_or(Value::Null, day),
            job.due_on.map_or(Value::Null, day),
            job.budget.map_or(Value::Null, Value::Integer),
            Value::Integer(change.sign * job.uncalculated),
            seen.effective_on(),
            change.voids(),
        ],
    );
}

fn insert_wage(
    rows: &mut dyn Rows,
    seen: Seen<'_>,
    (line, change): (i64, &Change<'_>),
    unit: UnitId,
    wage: &Wage,
) {
    let work = wage.work.map(key);
    rows.insert(
        &WAGES,
        &[
            seen.position(),
            Value::Integer(line),
            Value::Id(wage.salary.uuid()),
            Value::Text(wage.step),
            Value::Id(unit.uuid()),
            work.map_or(Value::Null, |(id, _)| Value::Id(id)),
            work.map_or(Value::Null, |(_, month)| Value::Integer(month)),
            Value::Id(wage.worker.uuid()),
            wage.budget.map_or(Value::Null, Value::Integer),
            Value::Integer(change.sign * wage.net),
            day(wage.due_on),
            Value::Integer(change.sign * wage.unpaid),
            // Taken back on another day than it was paid on, it would not add up to zero.
            Value::Integer(if change.sign > 0 { wage.days_late } else { 0 }),
            seen.effective_on(),
            change.voids(),
        ],
    );
}
