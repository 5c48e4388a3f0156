//! Loans to members: what was asked, granted, lent, paid back and lost, and what falls due when.
//!
//! One line per step of a loan, and one per instalment of each schedule it was given. A correction
//! adds a line that names the step it takes back, so both times are answered from the lines alone.
//! Granted is not lent: a loan granted in December and disbursed in January counts in two years.
//! Left out: how far a claim falls due within a year, which the accounts 416 and 2910 tell.
//! Source: special report on 2025, financing; DOMAIN A1 (F13–F15), E29.

mod queries;

use domain::ids::{PersonId, ProjectId, UnitId};
use domain::loan::{Instalment, LoanEvent, LoanKind};
use domain::{Event, StreamId};

pub use queries::{
    Filter, LoanOverview, Scheduled, State, YearTotals, loan, loans, loans_with_schedules, years,
};

use crate::port::{Change, Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// The steps of loans.
pub static LINES: Table = Table {
    name: "loan_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("loan"),
        Column::text("step"),
        Column::integer("sign"),
        Column::id("borrower"),
        Column::id("project"),
        Column::id("unit"),
        Column::integer("n"),
        Column::integer("amount"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "loan_lines_loan", columns: &["loan", "position"], unless_null: None }],
};

/// The instalments of schedules, each under the line that gave the schedule.
pub static INSTALMENTS: Table = Table {
    name: "loan_instalments",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::integer("n"),
        Column::id("loan"),
        Column::integer("due_on"),
        Column::integer("amount"),
    ],
    shape: Shape::Lines { key: 3 },
    indexes: &[Index { name: "loan_instalments_loan", columns: &["loan", "position"], unless_null: None }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Loans;

/// What one step says.
#[derive(Clone, Copy, Default)]
struct Step<'a> {
    name: &'static str,
    borrower: Option<PersonId>,
    project: Option<ProjectId>,
    unit: Option<UnitId>,
    n: u32,
    cents: i64,
    schedule: &'a [Instalment],
}

impl Projection for Loans {
    fn name(&self) -> &'static str {
        "loans"
    }

    fn question(&self) -> &'static str {
        "which loans were asked for, granted and lent, and what is outstanding and due of each"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES, &INSTALMENTS] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Loan(loan) = seen.stream() else { return };
        let loan = Value::Id(loan.uuid());
        for (line, change) in (0..).zip(seen.changes()) {
            if let Event::Loan(event) = change.event.as_ref()
                && let Some(step) = step(event)
            {
                insert(rows, seen, (line, &change), loan, &step);
            }
        }
    }
}

fn step(event: &LoanEvent) -> Option<Step<'_>> {
    let of = |name, borrower: &PersonId| Step { name, borrower: Some(*borrower), ..Step::default() };
    Some(match event {
        LoanEvent::Requested { borrower, project, kind, amount } => Step {
            project: Some(*project),
            unit: unit(*kind),
            cents: amount.cents(),
            ..of("requested", borrower)
        },
        LoanEvent::Granted { borrower, project, kind, principal, schedule, .. } => Step {
            project: Some(*project),
            unit: unit(*kind),
            cents: principal.cents(),
            schedule,
            ..of("granted", borrower)
        },
        LoanEvent::Refused { borrower, project, .. } => {
            Step { project: Some(*project), ..of("refused", borrower) }
        }
        LoanEvent::Disbursed { borrower, project, kind, principal, .. } => Step {
            project: Some(*project),
            unit: unit(*kind),
            cents: principal.cents(),
            ..of("disbursed", borrower)
        },
        LoanEvent::InstalmentDue { borrower, n, amount, .. } => {
            Step { n: *n, cents: amount.cents(), ..of("due", borrower) }
        }
        LoanEvent::InstalmentPaid { borrower, kind, n, amount, .. } => {
            Step { unit: unit(*kind), n: *n, cents: amount.cents(), ..of("paid", borrower) }
        }
        LoanEvent::Rescheduled { borrower, kind, outstanding, schedule, .. } => {
            Step { unit: unit(*kind), cents: outstanding.cents(), schedule, ..of("rescheduled", borrower) }
        }
        LoanEvent::Doubtful { borrower, outstanding, .. } => {
            Step { cents: outstanding.cents(), ..of("doubtful", borrower) }
        }
        LoanEvent::WrittenOff { borrower, kind, amount, .. } => {
            Step { unit: unit(*kind), cents: amount.cents(), ..of("written_off", borrower) }
        }
        LoanEvent::Repaid { borrower, project, paid, .. } => {
            Step { project: Some(*project), cents: paid.cents(), ..of("repaid", borrower) }
        }
        LoanEvent::Corrected(_) => return None,
    })
}

/// The unit that is lent budget; none for a loan in cash.
const fn unit(kind: LoanKind) -> Option<UnitId> {
    match kind {
        LoanKind::Internal { unit } => Some(unit),
        LoanKind::Cash => None,
    }
}

fn insert(
    rows: &mut dyn Rows,
    seen: Seen<'_>,
    (line, change): (i64, &Change<'_>),
    loan: Value<'_>,
    step: &Step<'_>,
) {
    let (position, line) = (seen.position(), Value::Integer(line));
    rows.insert(
        &LINES,
        &[
            position,
            line,
            loan,
            Value::Text(step.name),
            Value::Integer(change.sign),
            step.borrower.map_or(Value::Null, |person| Value::Id(person.uuid())),
            step.project.map_or(Value::Null, |project| Value::Id(project.uuid())),
            step.unit.map_or(Value::Null, |unit| Value::Id(unit.uuid())),
            Value::Integer(step.n.into()),
            Value::Integer(step.cents),
            seen.effective_on(),
            change.voids(),
        ],
    );
    // The schedule of a step that is taken back stands under that step already.
    let schedule = if change.sign > 0 { step.schedule } else { &[] };
    for (n, instalment) in (1..).zip(schedule) {
        rows.insert(
            &INSTALMENTS,
            &[
                position,
                line,
                Value::Integer(n),
                loan,
                day(instalment.due_on),
                Value::Integer(instalment.amount.cents()),
            ],
        );
    }
}
