//! The share that was checked, the checks under way, and what was found.

use std::fmt;

use domain::control::{CheckId, Timing};
use domain::{Day, Position, Year};
use serde::Serialize;

use super::timing_of;
use crate::port::{Cell, ReadError, Reader, Times, Value};
use crate::row::Row;

/// Which share of the actions of a kind was checked in a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sampling {
    /// The year in which the actions took effect.
    pub year: Year,
    /// Before or after the fact.
    pub timing: Timing,
    /// Stored name of the event.
    pub kind: String,
    /// Actions of the kind.
    pub actions: i64,
    /// Of which drawn and taken up.
    pub drawn: i64,
    /// Of which checked for a reason.
    pub for_a_reason: i64,
    /// The rate at the end of the year, in millionths; nothing when none holds then.
    pub objective_millionths: Option<i64>,
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Begun, without outcome.
    UnderWay,
    /// Nothing was found.
    Passed,
    /// Something was found and is not put right.
    Failed,
    /// What was found was put right.
    Remedied,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckOverview {
    /// The check.
    pub check: CheckId,
    /// Stored name of the event that it checks.
    pub kind: String,
    /// Whether it was drawn; else there was a reason.
    pub drawn: bool,
    /// How far it has come.
    pub state: CheckState,
    /// When it began.
    pub begun_on: Day,
    /// Day of its last step.
    pub last_on: Day,
}

/// How often something was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// What was found.
    pub finding: String,
    /// In how many checks.
    pub n: i64,
    /// In how many of them it is put right.
    pub remedied: i64,
}

/// An action that no check has begun for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// The check that it would be.
    pub check: CheckId,
    /// Its day of effect.
    pub effective_on: Day,
}

/// The share checked, per year of the action, timing and kind.
pub fn sampling(reader: &dyn Reader, times: Times) -> Result<Vec<Sampling>, ReadError> {
    let found = reader.query(
        "SELECT a.effective_on / 10000, a.timing, a.kind, COUNT(*),
                CAST(COALESCE(SUM(b.drawn), 0) AS BIGINT),
                CAST(COALESCE(SUM(b.n - b.drawn), 0) AS BIGINT)
         FROM control_actions a
         LEFT JOIN (SELECT timing, action, SUM(drawn) AS drawn, SUM(n) AS n
                    FROM control_lines
                    WHERE step = 'begun' AND effective_on <= ?1 AND position <= ?2
                    GROUP BY timing, action) b
           ON b.timing = a.timing AND b.action = a.position
         WHERE a.effective_on <= ?1 AND a.position <= ?2
         GROUP BY a.effective_on / 10000, a.timing, a.kind
         ORDER BY 1, 2 DESC, 3",
        &[times.day(), times.position()],
    )?;
    let mut all = Vec::with_capacity(found.len());
    for cells in &found {
        let mut row = Row::new(cells);
        let year = row.year()?;
        let timing = row.parsed("before or after", timing_of)?;
        let kind = row.text()?.to_owned();
        let (actions, drawn, for_a_reason) = (row.integer()?, row.integer()?, row.integer()?);
        let objective_millionths = objective(reader, timing, year, times)?;
        all.push(Sampling { year, timing, kind, actions, drawn, for_a_reason, objective_millionths });
    }
    Ok(all)
}

/// The rate that holds at the end of a year, as known then: of several, the one published last.
fn objective(
    reader: &dyn Reader,
    timing: Timing,
    year: Year,
    times: Times,
) -> Result<Option<i64>, ReadError> {
    let found = reader.query(
        "SELECT rate
         FROM control_rules r
         WHERE kind IS NULL AND timing = ?1 AND voids IS NULL AND position <= ?2
           AND valid_from <= ?3 AND (valid_to IS NULL OR valid_to >= ?3)
           AND NOT EXISTS (SELECT 1 FROM control_rules v WHERE v.voids = r.position AND v.position <= ?2)
         ORDER BY position DESC
         LIMIT 1",
        &[Value::Text(timing.word()), times.position(), crate::units::last_day(year, times)],
    )?;
    found.first().map(|cells| Row::new(cells).integer()).transpose()
}

/// Every check that began by then, in the order of the actions.
pub fn checks(reader: &dyn Reader, times: Times) -> Result<Vec<CheckOverview>, ReadError> {
    let step = |name: &str| format!("CAST(SUM(CASE WHEN step = '{name}' THEN n ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT timing, action, MAX(kind), CAST(SUM(drawn) AS BIGINT), {}, {}, {},
                MIN(CASE WHEN step = 'begun' AND n > 0 THEN effective_on END), MAX(effective_on)
         FROM control_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY timing, action
         HAVING SUM(CASE WHEN step = 'begun' THEN n ELSE 0 END) > 0
         ORDER BY action, timing DESC",
        step("passed"),
        step("failed"),
        step("remedied")
    );
    let check = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        let timing = row.parsed("before or after", timing_of)?;
        let action = row.position()?;
        let kind = row.text()?.to_owned();
        let drawn = row.integer()? > 0;
        let (passed, failed, remedied) = (row.integer()?, row.integer()?, row.integer()?);
        let state = match (passed, failed, remedied) {
            (.., 1) => CheckState::Remedied,
            (_, 1, _) => CheckState::Failed,
            (1, ..) => CheckState::Passed,
            _ => CheckState::UnderWay,
        };
        let (begun_on, last_on) = (row.day()?, row.day()?);
        Ok(CheckOverview { check: CheckId { timing, action }, kind, drawn, state, begun_on, last_on })
    };
    reader.query(&sql, &[times.day(), times.position()])?.iter().map(check).collect()
}

/// What was found, the most frequent first.
pub fn findings(reader: &dyn Reader, times: Times) -> Result<Vec<Found>, ReadError> {
    let found = reader.query(
        "SELECT f.finding, CAST(SUM(f.n) AS BIGINT),
                CAST(SUM(CASE WHEN r.n > 0 THEN f.n ELSE 0 END) AS BIGINT)
         FROM control_findings f
         LEFT JOIN (SELECT timing, action, SUM(n) AS n
                    FROM control_lines
                    WHERE step = 'remedied' AND effective_on <= ?1 AND position <= ?2
                    GROUP BY timing, action) r
           ON r.timing = f.timing AND r.action = f.action
         WHERE f.effective_on <= ?1 AND f.position <= ?2
         GROUP BY f.finding
         HAVING SUM(f.n) <> 0
         ORDER BY 2 DESC, 1",
        &[times.day(), times.position()],
    )?;
    let one = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(Found { finding: row.text()?.to_owned(), n: row.integer()?, remedied: row.integer()? })
    };
    found.iter().map(one).collect()
}

/// Actions for which no check ever began, in the order of the log; what was drawn among them is due.
pub fn unchecked(reader: &dyn Reader) -> Result<Vec<Unchecked>, ReadError> {
    let found = reader.query(
        "SELECT timing, position, effective_on
         FROM control_actions a
         WHERE NOT EXISTS (SELECT 1 FROM control_lines c
                           WHERE c.timing = a.timing AND c.action = a.position AND c.step = 'begun')
         ORDER BY position, timing DESC",
        &[],
    )?;
    let one = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        let timing = row.parsed("before or after", timing_of)?;
        let action: Position = row.position()?;
        Ok(Unchecked { check: CheckId { timing, action }, effective_on: row.day()? })
    };
    found.iter().map(one).collect()
}

impl Sampling {
    /// The share drawn, in hundredths of a percent, to the nearest, a half up.
    pub fn reached_hundredths(&self) -> Option<i64> {
        (self.actions > 0).then(|| (20_000 * self.drawn + self.actions) / (2 * self.actions))
    }

    /// The objective, in hundredths of a percent, to the nearest, a half up.
    pub fn objective_hundredths(&self) -> Option<i64> {
        self.objective_millionths.map(|millionths| (millionths + 50) / 100)
    }
}

impl CheckState {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnderWay => "under_way",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Remedied => "remedied",
        }
    }
}

impl fmt::Display for CheckState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
