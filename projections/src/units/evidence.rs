//! The events behind the numbers of a year: each line that was added up, each person that was counted.
//!
//! The same conditions as in the totals, so the parts of an answer add up to it; a test says so.

use domain::ids::{PersonId, UnitId};
use domain::{Day, Position, Year};

use super::queries::{Measure, NOT_VOIDED, held, last_day};
use crate::port::{Cell, ReadError, Reader, Times, Value, day};
use crate::row::Row;

/// An event, and what it contributes to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Where the event stands.
    pub position: Position,
    /// Day of effect.
    pub effective_on: Day,
    /// The unit in which it happened, if it happened in one.
    pub unit: Option<UnitId>,
    /// What it counts as: `invoice`, `credit_note`, `employment`, `work_days`, `expense`, `wage`,
    /// `reminder`, `loan_granted`, `loan_disbursed`, `grant_passed_on`.
    pub kind: String,
    /// Whose it is: the worker, the holder who acted, or the person who is counted.
    pub person: Option<PersonId>,
    /// What it adds: cents, hundredths of an hour, or one.
    pub adds: i64,
}

/// The lines of a year behind a sum, in the order of the log; behind a count of persons the first
/// line of each.
pub(super) fn of_lines(
    reader: &dyn Reader,
    Measure { kinds, column }: Measure,
    year: Year,
    times: Times,
) -> Result<Vec<Contribution>, ReadError> {
    const IN_YEAR: &str = "effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2";
    let sql = match column {
        "person" => format!(
            "SELECT lines.position, lines.effective_on, lines.unit, lines.kind, lines.person, lines.n
             FROM (SELECT person, MIN(position) AS position
                   FROM unit_lines
                   WHERE kind IN ({kinds}) AND n = 1 AND {IN_YEAR} AND {NOT_VOIDED}
                   GROUP BY person) AS firsts
             JOIN unit_lines AS lines ON lines.position = firsts.position AND lines.person = firsts.person
             WHERE lines.kind IN ({kinds}) AND lines.n = 1
             ORDER BY lines.position, lines.line"
        ),
        _ => format!(
            "SELECT position, effective_on, unit, kind, person, {column}
             FROM unit_lines
             WHERE kind IN ({kinds}) AND {column} <> 0 AND {IN_YEAR}
             ORDER BY position, line"
        ),
    };
    let parameters = [last_day(year, times), times.position(), day(year.first_day())];
    read(reader, &sql, &parameters)
}

/// For each person who held an active unit in a year the event with which that begins; when asked
/// for new ones, only of those who held none in any year before.
pub(super) fn of_holders(
    reader: &dyn Reader,
    (year, only_new): (Year, bool),
    times: Times,
    until: Value<'_>,
) -> Result<Vec<Contribution>, ReadError> {
    let new = if only_new { "WHERE first_year = ?3" } else { "" };
    let sql = format!(
        "SELECT lines.position, lines.effective_on, lines.unit, lines.kind, persons.person, lines.n
         FROM (SELECT person, MIN(active_year) AS first_year,
                      MIN(CASE WHEN active_year = ?3 THEN first_position END) AS position
               FROM ({}) AS held
               GROUP BY person) AS persons
         JOIN unit_lines AS lines ON lines.position = persons.position AND lines.n = 1
         {new}
         ORDER BY lines.position, persons.person",
        held()
    );
    read(reader, &sql, &[until, times.position(), Value::Integer(year.number().into())])
}

fn read(reader: &dyn Reader, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Contribution>, ReadError> {
    reader.query(sql, parameters)?.iter().map(|cells| Contribution::read(cells)).collect()
}

impl Contribution {
    /// From a row of these columns.
    pub(crate) fn read(cells: &[Cell]) -> Result<Self, ReadError> {
        let mut row = Row::new(cells);
        Ok(Self {
            position: row.position()?,
            effective_on: row.day()?,
            unit: row.optional_unit()?,
            kind: row.text()?.to_owned(),
            person: row.optional_person()?,
            adds: row.integer()?,
        })
    }
}
