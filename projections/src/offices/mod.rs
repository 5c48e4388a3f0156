//! Offices and advisers: where members are accompanied, by how many, and how many holders there are.
//!
//! One line per step of an office; a correction adds a line that takes it away, so that what is open on
//! a day is a sum of lines. Advisers are persons: who serves two offices is counted once.
//! Source: special report on 2025 (offices, advisers); DOMAIN A1 (F19), A2 10, F3.

mod queries;

use domain::ids::PersonId;
use domain::office::OfficeEvent;
use domain::text::Code;
use domain::{Event, StreamId};

pub use queries::{Caseload, OfficeOverview, caseload, offices};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value};

/// The steps of offices.
pub static LINES: Table = Table {
    name: "office_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("office"),
        Column::text("step"),
        Column::text("code"),
        Column::id("adviser"),
        Column::integer("n"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "office_lines_office", columns: &["office", "position"], unless_null: None }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Offices;

impl Projection for Offices {
    fn name(&self) -> &'static str {
        "offices"
    }

    fn question(&self) -> &'static str {
        "which offices are open, who advises there, how many holders each adviser has"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Office(office) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Office(event) = change.event.as_ref() else { continue };
            let Some((step, code, adviser, n)) = step(event) else { continue };
            let code = code.map(|code| code.to_string());
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Id(office.uuid()),
                    Value::Text(step),
                    code.as_deref().map_or(Value::Null, Value::Text),
                    adviser.map_or(Value::Null, |adviser| Value::Id(adviser.uuid())),
                    Value::Integer(change.sign * n),
                    seen.effective_on(),
                    change.voids(),
                ],
            );
        }
    }
}

/// What a step is about, its town or track, whom it concerns, and whether it adds or takes away.
fn step(event: &OfficeEvent) -> Option<(&'static str, Option<Code>, Option<PersonId>, i64)> {
    Some(match event {
        OfficeEvent::Opened { place } => ("office", Some(*place), None, 1),
        OfficeEvent::Closed { .. } => ("office", None, None, -1),
        OfficeEvent::AdviserAssigned { adviser, track } => ("adviser", Some(*track), Some(*adviser), 1),
        OfficeEvent::AdviserReleased { adviser, track, .. } => ("adviser", Some(*track), Some(*adviser), -1),
        OfficeEvent::Corrected(_) => return None,
    })
}
