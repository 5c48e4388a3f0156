//! Grants by outside funders: what was awarded, what came, and what of it is still to be used.
//!
//! One line per step of a grant, with the amount it moves; a correction adds a line that takes the
//! amount back, so every answer is a sum of lines. A grant to pass on is used when its beneficiary is
//! paid, a grant for a unit's own activity when that activity is recognised.
//! Left out: the contribution on what is recognised, which the budget ledger tells.
//! Source: special report on 2025 (grants passed on); DOMAIN A1 (F16), E30.

mod queries;

use domain::grant::{GrantEvent, GrantKind};
use domain::ids::{PersonId, ProjectId, UnitId};
use domain::{Amount, Event, StreamId};

pub use queries::{GrantOverview, Purpose, YearTotals, grants, years};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value};

/// The steps of grants; `grant` is a word of SQL.
pub static LINES: Table = Table {
    name: "grant_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("grant_id"),
        Column::text("step"),
        Column::id("funder"),
        Column::id("beneficiary"),
        Column::id("unit"),
        Column::id("project"),
        Column::integer("n"),
        Column::integer("amount"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "grant_lines_grant", columns: &["grant_id", "position"], unless_null: None }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Grants;

/// What one step says.
struct Step {
    name: &'static str,
    funder: Option<PersonId>,
    beneficiary: Option<PersonId>,
    unit: Option<UnitId>,
    /// Named by the award; none in awards that were recorded before they named one.
    project: Option<ProjectId>,
    amount: Amount,
}

impl Projection for Grants {
    fn name(&self) -> &'static str {
        "grants"
    }

    fn question(&self) -> &'static str {
        "which grants were awarded and received, and what of them is still to be passed on"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Grant(grant) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Grant(event) = change.event.as_ref() else { continue };
            let Some(step) = step(event) else { continue };
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Id(grant.uuid()),
                    Value::Text(step.name),
                    step.funder.map_or(Value::Null, |person| Value::Id(person.uuid())),
                    step.beneficiary.map_or(Value::Null, |person| Value::Id(person.uuid())),
                    step.unit.map_or(Value::Null, |unit| Value::Id(unit.uuid())),
                    step.project.map_or(Value::Null, |project| Value::Id(project.uuid())),
                    Value::Integer(change.sign),
                    Value::Integer(change.sign * step.amount.cents()),
                    seen.effective_on(),
                    change.voids(),
                ],
            );
        }
    }
}

fn step(event: &GrantEvent) -> Option<Step> {
    let of = |name, kind: &GrantKind, funder: &PersonId, amount: &Amount| {
        let (beneficiary, unit) = match kind {
            GrantKind::PassThrough { beneficiary } => (Some(*beneficiary), None),
            GrantKind::Own { unit } => (None, Some(*unit)),
        };
        Step { name, funder: Some(*funder), beneficiary, unit, project: None, amount: *amount }
    };
    Some(match event {
        GrantEvent::Announced { funder, kind, amount, project, .. } => {
            Step { project: *project, ..of("announced", kind, funder, amount) }
        }
        GrantEvent::Received { funder, kind, amount, .. } => of("received", kind, funder, amount),
        GrantEvent::Returned { funder, kind, amount, .. } => of("returned", kind, funder, amount),
        GrantEvent::Recognised { unit, amount, .. } => {
            let (funder, beneficiary, project) = (None, None, None);
            Step { name: "recognised", funder, beneficiary, unit: Some(*unit), project, amount: *amount }
        }
        GrantEvent::PassedOn { beneficiary, amount, .. } => {
            let (funder, unit, project) = (None, None, None);
            let beneficiary = Some(*beneficiary);
            Step { name: "passed_on", funder, beneficiary, unit, project, amount: *amount }
        }
        GrantEvent::Corrected(_) => return None,
    })
}
