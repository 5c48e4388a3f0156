//! Courses: the catalogue, who asked about it, and what was invoiced exempt of VAT as each course.
//!
//! One line per step of a course, per exempt invoice that cites it, and per credit note that takes some
//! of such an invoice back; a correction adds a line that names the step it takes back. Deposits are no
//! turnover, so they are not here.
//! Source: WBTW art. 44 §2 4° \[R\]; DOMAIN A1 (F17), A4 (training, catalogue), E30.

mod queries;

use domain::course::CourseEvent;
use domain::ids::{CourseId, InvoiceId, UnitId};
use domain::unit::UnitEvent;
use domain::vat::{VatCategory, VatLine};
use domain::{Balance, Event, StreamId};

pub use queries::{CourseOverview, CourseState, courses};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value};

/// The steps of courses and what was invoiced as them; `n` counts participants or documents.
pub static LINES: Table = Table {
    name: "course_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("course_id"),
        Column::id("invoice_id"),
        Column::id("unit"),
        Column::text("step"),
        Column::integer("n"),
        Column::integer("amount"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "course_lines_course", columns: &["course_id", "position"], unless_null: None }],
};

/// The fold of steps and documents into lines.
#[derive(Debug, Default)]
pub struct Courses;

/// What one line says.
struct Step {
    name: &'static str,
    course: Option<CourseId>,
    invoice: Option<InvoiceId>,
    unit: UnitId,
    n: i64,
    amount: Balance,
}

impl Projection for Courses {
    fn name(&self) -> &'static str {
        "courses"
    }

    fn question(&self) -> &'static str {
        "which courses are validated and listed, and what was invoiced exempt of VAT as each"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        for (line, change) in (0..).zip(seen.changes()) {
            let step = match (seen.stream(), change.event.as_ref()) {
                (StreamId::Course(course), Event::Course(event)) => step(course, event),
                (StreamId::Unit(unit), Event::Unit(event)) => document(unit, event),
                _ => None,
            };
            let Some(Step { name, course, invoice, unit, n, amount }) = step else { continue };
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    course.map_or(Value::Null, |course| Value::Id(course.uuid())),
                    invoice.map_or(Value::Null, |invoice| Value::Id(invoice.uuid())),
                    Value::Id(unit.uuid()),
                    Value::Text(name),
                    Value::Integer(n),
                    Value::Integer(amount.cents()),
                    seen.effective_on(),
                    change.voids(),
                ],
            );
        }
    }
}

fn step(course: CourseId, event: &CourseEvent) -> Option<Step> {
    let of = |name, unit: &UnitId, n| {
        let (course, invoice) = (Some(course), None);
        Some(Step { name, course, invoice, unit: *unit, n, amount: Balance::ZERO })
    };
    match event {
        CourseEvent::Submitted { unit, .. } => of("submitted", unit, 0),
        CourseEvent::Validated { unit, .. } => of("validated", unit, 0),
        CourseEvent::Refused { unit, .. } => of("refused", unit, 0),
        CourseEvent::Listed { unit } => of("listed", unit, 0),
        CourseEvent::Withdrawn { unit, .. } => of("withdrawn", unit, 0),
        CourseEvent::EnquiryReceived { unit, participants, .. } => {
            of("enquiry", unit, i64::from(*participants))
        }
        CourseEvent::Corrected(_) => None,
    }
}

/// What an invoice charges, or a credit note gives back, without VAT; a credit note cites no course.
fn document(unit: UnitId, event: &UnitEvent) -> Option<Step> {
    let exempt = |vat: &[VatLine]| -> Option<Balance> {
        Some(vat.iter().find(|line| line.category == VatCategory::Exempt)?.base.balance())
    };
    match event {
        UnitEvent::InvoiceIssued { invoice, course: Some(course), vat, .. } => {
            let (name, course, invoice) = ("invoiced", Some(*course), Some(*invoice));
            Some(Step { name, course, invoice, unit, n: 1, amount: exempt(vat)? })
        }
        UnitEvent::InvoiceCredited { invoice, vat, .. } => {
            let (name, course, invoice) = ("credited", None, Some(*invoice));
            Some(Step { name, course, invoice, unit, n: 1, amount: exempt(vat)? })
        }
        _ => None,
    }
}
