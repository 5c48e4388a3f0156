//! Grants as they stand on a day, and what each year was awarded, received and passed on.

use std::collections::BTreeMap;
use std::fmt;

use domain::ids::{GrantId, PersonId, ProjectId, UnitId};
use domain::{Balance, Day, Position, Year};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times};
use crate::row::Row;

/// One grant in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantOverview {
    /// The grant.
    pub grant: GrantId,
    /// Who awards it.
    pub funder: PersonId,
    /// For whom it is.
    pub purpose: Purpose,
    /// The project it supports; none when it was announced before awards named one.
    pub project: Option<ProjectId>,
    /// Day of the award.
    pub announced_on: Option<Day>,
    /// What was awarded.
    pub announced: Balance,
    /// What the funder paid.
    pub received: Balance,
    /// What the beneficiary was paid.
    pub passed_on: Balance,
    /// What own activity earned of it.
    pub recognised: Balance,
    /// What went back to the funder.
    pub returned: Balance,
    /// What the funder has still to pay.
    pub to_receive: Balance,
    /// What was received for the beneficiary and is still here.
    pub to_pass_on: Balance,
    /// What own activity can still earn of it.
    pub to_recognise: Balance,
}

/// For whom a grant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To pass on to this person.
    PassThrough(PersonId),
    /// For the own activity of this unit.
    Own(UnitId),
}

/// What was awarded, received and used in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct YearTotals {
    /// The year.
    pub year: Year,
    /// Grants awarded.
    pub n_announced: i64,
    /// What was awarded.
    pub announced: Balance,
    /// Projects that these grants support, each once; awards that name no project count none.
    pub n_projects: i64,
    /// Payments by funders.
    pub n_received: i64,
    /// What they paid.
    pub received: Balance,
    /// Grants passed on.
    pub n_passed_on: i64,
    /// What beneficiaries were paid.
    pub passed_on: Balance,
    /// What own activity earned.
    pub recognised: Balance,
    /// What went back to funders.
    pub returned: Balance,
}

/// Every grant as it stands on a day, as known at a position, by grant id.
pub fn grants(reader: &dyn Reader, times: Times) -> Result<Vec<GrantOverview>, ReadError> {
    let found = reader.query(
        "SELECT grant_id, position, voids, step, funder, beneficiary, unit, project, amount, effective_on
         FROM grant_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY grant_id, position, line",
        &[times.day(), times.position()],
    )?;
    let lines = found.iter().map(|cells| Line::read(cells)).collect::<Result<Vec<_>, _>>()?;
    Ok(lines.chunk_by(|a, b| a.grant == b.grant).filter_map(stands).collect())
}

/// Each year in which anything happened to a grant, up to the day asked for.
///
/// What is taken back later is taken off the year in which that takes effect, as in the books.
pub fn years(reader: &dyn Reader, times: Times) -> Result<Vec<YearTotals>, ReadError> {
    let sum = |step: &str, column: &str| {
        format!("CAST(SUM(CASE WHEN step = '{step}' THEN {column} ELSE 0 END) AS BIGINT)")
    };
    let columns = [
        sum("announced", "n"),
        sum("announced", "amount"),
        sum("received", "n"),
        sum("received", "amount"),
        sum("passed_on", "n"),
        sum("passed_on", "amount"),
        sum("recognised", "amount"),
        sum("returned", "amount"),
    ];
    let sql = format!(
        "SELECT effective_on / 10000, {}
         FROM grant_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY effective_on / 10000
         ORDER BY 1",
        columns.join(", ")
    );
    let projects = projects(reader, times)?;
    let totals = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        let year = row.year()?;
        Ok(YearTotals {
            year,
            n_announced: row.integer()?,
            announced: row.balance()?,
            n_projects: projects.get(&year).copied().unwrap_or(0),
            n_received: row.integer()?,
            received: row.balance()?,
            n_passed_on: row.integer()?,
            passed_on: row.balance()?,
            recognised: row.balance()?,
            returned: row.balance()?,
        })
    };
    reader.query(&sql, &[times.day(), times.position()])?.iter().map(totals).collect()
}

/// How many projects the awards of each year support that were not taken back in it.
fn projects(reader: &dyn Reader, times: Times) -> Result<BTreeMap<Year, i64>, ReadError> {
    let found = reader.query(
        "SELECT year, COUNT(*)
         FROM (
             SELECT effective_on / 10000 AS year, project
             FROM grant_lines
             WHERE project IS NOT NULL AND effective_on <= ?1 AND position <= ?2
             GROUP BY effective_on / 10000, project
             HAVING SUM(n) > 0
         ) AS supported
         GROUP BY year",
        &[times.day(), times.position()],
    )?;
    let counted = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok((row.year()?, row.integer()?))
    };
    found.iter().map(counted).collect()
}

struct Line<'a> {
    grant: GrantId,
    position: Position,
    voids: Option<Position>,
    step: &'a str,
    funder: Option<PersonId>,
    beneficiary: Option<PersonId>,
    unit: Option<UnitId>,
    project: Option<ProjectId>,
    amount: Balance,
    effective_on: Day,
}

impl<'a> Line<'a> {
    fn read(cells: &'a [Cell]) -> Result<Self, ReadError> {
        let mut row = Row::new(cells);
        Ok(Self {
            grant: GrantId::new(row.id()?),
            position: row.position()?,
            voids: row.optional_position()?,
            step: row.text()?,
            funder: row.optional_person()?,
            beneficiary: row.optional_person()?,
            unit: row.optional_unit()?,
            project: row.optional_id()?.map(ProjectId::new),
            amount: row.balance()?,
            effective_on: row.day()?,
        })
    }

    fn purpose(&self) -> Option<Purpose> {
        self.beneficiary.map(Purpose::PassThrough).or(self.unit.map(Purpose::Own))
    }
}

/// One grant of its lines; none when nothing that stands names its funder.
fn stands(lines: &[Line<'_>]) -> Option<GrantOverview> {
    let voided = |position: Position| lines.iter().any(|line| line.voids == Some(position));
    let standing = || lines.iter().filter(|line| line.voids.is_none() && !voided(line.position));
    let sum = |step: &str| lines.iter().filter(|line| line.step == step).map(|line| line.amount).sum();
    let first = standing().find(|line| line.funder.is_some())?;
    let purpose = first.purpose()?;
    let award = standing().find(|line| line.step == "announced");
    let [announced, received, passed_on, recognised, returned]: [Balance; 5] =
        ["announced", "received", "passed_on", "recognised", "returned"].map(sum);
    let (to_pass_on, to_recognise) = match purpose {
        Purpose::PassThrough(_) => (received - passed_on - returned, Balance::ZERO),
        Purpose::Own(_) => (Balance::ZERO, announced - recognised - returned),
    };
    Some(GrantOverview {
        grant: first.grant,
        funder: first.funder?,
        purpose,
        project: award.and_then(|line| line.project),
        announced_on: award.map(|line| line.effective_on),
        announced,
        received,
        passed_on,
        recognised,
        returned,
        to_receive: announced - received,
        to_pass_on,
        to_recognise,
    })
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PassThrough(person) => write!(f, "person:{person}"),
            Self::Own(unit) => write!(f, "unit:{unit}"),
        }
    }
}
