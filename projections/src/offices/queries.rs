//! The offices that are open on a day, and the caseload of their advisers.

use std::collections::BTreeMap;

use domain::ids::OfficeId;
use domain::{Day, Position, Year};
use serde::Serialize;

use crate::port::{ReadError, Reader, Times};
use crate::row::Row;
use crate::units::{holder_counts, last_day};

/// One office as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OfficeOverview {
    /// The office.
    pub office: OfficeId,
    /// Its town.
    pub place: String,
    /// When it opened.
    pub opened_on: Day,
    /// When it closed, if it did.
    pub closed_on: Option<Day>,
    /// Advisers assigned to it.
    pub n_advisers: i64,
}

/// How many holders an adviser accompanies at the end of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Caseload {
    /// The year.
    pub year: Year,
    /// Offices open at its end.
    pub offices: i64,
    /// Persons who advise in at least one of them.
    pub advisers: i64,
    /// Active holders of the year.
    pub holders: i64,
    /// Holders per adviser to the nearest whole one, a half up; nothing without advisers.
    pub holders_per_adviser: Option<i64>,
}

/// Every office that was opened by then, by town.
pub fn offices(reader: &dyn Reader, times: Times) -> Result<Vec<OfficeOverview>, ReadError> {
    let found = reader.query(
        "SELECT office, position, voids, step, code, n, effective_on
         FROM office_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY office, position, line",
        &[times.day(), times.position()],
    )?;
    let mut by_office: BTreeMap<OfficeId, Vec<Line>> = BTreeMap::new();
    for cells in &found {
        let mut row = Row::new(cells);
        let office = OfficeId::new(row.id()?);
        let (position, voids) = (row.position()?, row.optional_position()?);
        let is_adviser = row.text()? == "adviser";
        let code = row.optional_text()?.map(str::to_owned);
        let (n, effective_on) = (row.integer()?, row.day()?);
        by_office.entry(office).or_default().push(Line {
            position,
            voids,
            is_adviser,
            code,
            n,
            effective_on,
        });
    }
    let mut offices: Vec<_> =
        by_office.into_iter().filter_map(|(office, lines)| stands(office, &lines)).collect();
    offices.sort_by(|a, b| (&a.place, a.opened_on, a.office).cmp(&(&b.place, b.opened_on, b.office)));
    Ok(offices)
}

/// Offices and advisers at the end of a year, or on the day asked for when that is earlier.
pub fn caseload(reader: &dyn Reader, year: Year, times: Times) -> Result<Caseload, ReadError> {
    let found = reader.query(
        "SELECT (SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM office_lines
                 WHERE step = 'office' AND effective_on <= ?1 AND position <= ?2),
                (SELECT COUNT(*) FROM (SELECT adviser FROM office_lines
                 WHERE step = 'adviser' AND effective_on <= ?1 AND position <= ?2
                 GROUP BY adviser HAVING SUM(n) > 0) AS advisers)",
        &[last_day(year, times), times.position()],
    )?;
    let (offices, advisers) = match found.first() {
        None => (0, 0),
        Some(cells) => {
            let mut row = Row::new(cells);
            (row.integer()?, row.integer()?)
        }
    };
    let holders = holder_counts(reader, year, times)?.active;
    let holders_per_adviser = (advisers > 0).then(|| (2 * holders + advisers) / (2 * advisers));
    Ok(Caseload { year, offices, advisers, holders, holders_per_adviser })
}

struct Line {
    position: Position,
    voids: Option<Position>,
    is_adviser: bool,
    code: Option<String>,
    n: i64,
    effective_on: Day,
}

/// One office of its lines; none when its opening was taken back.
fn stands(office: OfficeId, lines: &[Line]) -> Option<OfficeOverview> {
    let voided = |position: Position| lines.iter().any(|line| line.voids == Some(position));
    let standing =
        || lines.iter().filter(|line| !line.is_adviser && line.voids.is_none() && !voided(line.position));
    let opened = standing().find(|line| line.n > 0)?;
    Some(OfficeOverview {
        office,
        place: opened.code.clone()?,
        opened_on: opened.effective_on,
        closed_on: standing().find(|line| line.n < 0).map(|line| line.effective_on),
        n_advisers: lines.iter().filter(|line| line.is_adviser).map(|line| line.n).sum(),
    })
}
