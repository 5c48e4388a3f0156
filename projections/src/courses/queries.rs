//! Each course as it stands on a day, with its enquiries and its exempt turnover.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{CourseId, InvoiceId, UnitId};
use domain::{Balance, Day, Position};
use serde::Serialize;

use crate::port::{ReadError, Reader, Times};
use crate::row::Row;

/// One course in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CourseOverview {
    /// The course.
    pub course: CourseId,
    /// The unit that gives it.
    pub unit: UnitId,
    /// Where it stands.
    pub state: CourseState,
    /// First day on which it is exempt training.
    pub valid_from: Option<Day>,
    /// First day on which it is given no more.
    pub withdrawn_from: Option<Day>,
    /// Enquiries by clients.
    pub n_enquiries: i64,
    /// Participants they asked for.
    pub n_participants: i64,
    /// Exempt invoices that cite it.
    pub n_invoices: i64,
    /// What they charged without VAT, less credit notes.
    pub turnover: Balance,
}

/// Where a course stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseState {
    /// Nobody decided yet.
    Submitted,
    /// No training in the sense of the exemption.
    Refused,
    /// Exempt training.
    Validated,
    /// In the catalogue, too.
    Listed,
    /// Given no more.
    Withdrawn,
}

/// Every course as it stands on a day, as known at a position, by id.
pub fn courses(reader: &dyn Reader, times: Times) -> Result<Vec<CourseOverview>, ReadError> {
    let found = reader.query(
        "SELECT position, voids, course_id, invoice_id, unit, step, n, amount, effective_on
         FROM course_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY position, line",
        &[times.day(), times.position()],
    )?;
    let lines = found.iter().map(|cells| Line::read(cells)).collect::<Result<Vec<_>, _>>()?;
    let voided: BTreeSet<Position> = lines.iter().filter_map(|line| line.voids).collect();
    let mut courses: BTreeMap<CourseId, CourseOverview> = BTreeMap::new();
    let mut cited: BTreeMap<InvoiceId, CourseId> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.voids.is_none() && !voided.contains(&line.position)) {
        let of_invoice = line.invoice.and_then(|invoice| cited.get(&invoice).copied());
        // A credit note of what was never invoiced as a course is none of ours.
        let Some(course) = line.course.or(of_invoice) else { continue };
        let overview = courses.entry(course).or_insert_with(|| CourseOverview::of(course, line.unit));
        match (line.step, line.invoice) {
            ("submitted", _) => overview.unit = line.unit,
            ("validated", _) => {
                overview.state = CourseState::Validated;
                overview.valid_from = Some(line.on);
            }
            ("refused", _) => overview.state = CourseState::Refused,
            ("listed", _) => overview.state = CourseState::Listed,
            ("withdrawn", _) => {
                overview.state = CourseState::Withdrawn;
                overview.withdrawn_from = Some(line.on);
            }
            ("enquiry", _) => {
                overview.n_enquiries += 1;
                overview.n_participants += line.n;
            }
            ("invoiced", Some(invoice)) => {
                cited.insert(invoice, course);
                overview.n_invoices += line.n;
                overview.turnover = overview.turnover + line.amount;
            }
            _ => overview.turnover = overview.turnover - line.amount,
        }
    }
    Ok(courses.into_values().collect())
}

impl CourseOverview {
    fn of(course: CourseId, unit: UnitId) -> Self {
        Self {
            course,
            unit,
            state: CourseState::Submitted,
            valid_from: None,
            withdrawn_from: None,
            n_enquiries: 0,
            n_participants: 0,
            n_invoices: 0,
            turnover: Balance::ZERO,
        }
    }
}

impl CourseState {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Refused => "refused",
            Self::Validated => "validated",
            Self::Listed => "listed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

struct Line<'a> {
    position: Position,
    voids: Option<Position>,
    course: Option<CourseId>,
    invoice: Option<InvoiceId>,
    unit: UnitId,
    step: &'a str,
    n: i64,
    amount: Balance,
    on: Day,
}

impl<'a> Line<'a> {
    fn read(cells: &'a [crate::port::Cell]) -> Result<Self, ReadError> {
        let mut row = Row::new(cells);
        Ok(Self {
            position: row.position()?,
            voids: row.optional_position()?,
            course: row.optional_id()?.map(CourseId::new),
            invoice: row.optional_id()?.map(InvoiceId::new),
            unit: row.unit()?,
            step: row.text()?,
            n: row.integer()?,
            amount: row.balance()?,
            on: row.day()?,
        })
    }
}
