//! Each worker's fitness for each risk on a day, and the accidents.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{AccidentId, PersonId};
use domain::text::RiskCode;
use domain::{Day, Position};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times};
use crate::row::Row;

/// One worker and one risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WorkerFitness {
    /// Who.
    pub person: PersonId,
    /// For what.
    pub risk: RiskCode,
    /// Whether the worker may do work that bears the risk.
    pub state: FitnessState,
    /// The last day for which the last examination found the worker fit.
    pub fit_until: Option<Day>,
    /// By when an examination is required that has no outcome yet.
    pub examine_by: Option<Day>,
}

/// Whether a worker may do work that bears a risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FitnessState {
    /// Never examined.
    NotExamined,
    /// Found fit, and the time is not over.
    Fit,
    /// Found unfit.
    Unfit,
    /// Found fit once; the time is over.
    Expired,
}

/// An accident that was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Accident {
    /// The accident.
    pub accident: AccidentId,
    /// Who had it.
    pub person: PersonId,
    /// When.
    pub happened_on: Day,
    /// Where: `at_work`, `on_the_way` or `private`.
    pub whereabouts: String,
}

/// Every worker's fitness for every risk declared, on a day; without a day nothing expires unsaid.
pub fn workers(reader: &dyn Reader, times: Times) -> Result<Vec<WorkerFitness>, ReadError> {
    let cells = cells(reader, times)?;
    let mut found: BTreeMap<(PersonId, &str), WorkerFitness> = BTreeMap::new();
    for line in lines(&cells)? {
        let Line { person, step, code, until, .. } = line;
        if step == "accident" {
            continue;
        }
        let Ok(risk) = code.parse::<RiskCode>() else { continue };
        let state = FitnessState::NotExamined;
        let new = || WorkerFitness { person, risk, state, fit_until: None, examine_by: None };
        let worker = found.entry((person, code)).or_insert_with(new);
        match step {
            "to_examine" => worker.examine_by = until,
            "fit" => {
                (worker.state, worker.fit_until, worker.examine_by) = (FitnessState::Fit, until, None);
            }
            "unfit" => {
                (worker.state, worker.fit_until, worker.examine_by) = (FitnessState::Unfit, None, None);
            }
            "expired" => worker.state = FitnessState::Expired,
            _ => {}
        }
    }
    let on_the_day = |mut worker: WorkerFitness| {
        let over = worker.fit_until.zip(times.as_of).is_some_and(|(until, day)| until < day);
        if worker.state == FitnessState::Fit && over {
            worker.state = FitnessState::Expired;
        }
        worker
    };
    Ok(found.into_values().map(on_the_day).collect())
}

/// The accidents reported up to a day, in the order of the log.
pub fn accidents(reader: &dyn Reader, times: Times) -> Result<Vec<Accident>, ReadError> {
    let cells = cells(reader, times)?;
    let accident = |line: Line<'_>| {
        Some(Accident {
            accident: line.accident?,
            person: line.person,
            happened_on: line.from?,
            whereabouts: line.code.to_owned(),
        })
    };
    Ok(lines(&cells)?.into_iter().filter_map(accident).collect())
}

impl FitnessState {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotExamined => "not_examined",
            Self::Fit => "fit",
            Self::Unfit => "unfit",
            Self::Expired => "expired",
        }
    }
}

struct Line<'a> {
    position: Position,
    voids: Option<Position>,
    person: PersonId,
    step: &'a str,
    code: &'a str,
    from: Option<Day>,
    until: Option<Day>,
    accident: Option<AccidentId>,
}

fn cells(reader: &dyn Reader, times: Times) -> Result<Vec<Vec<Cell>>, ReadError> {
    reader.query(
        "SELECT position, voids, person, step, code, from_on, until_on, accident
         FROM fitness_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY position, line",
        &[times.day(), times.position()],
    )
}

/// The steps that stand, in the order of the log.
fn lines(cells: &[Vec<Cell>]) -> Result<Vec<Line<'_>>, ReadError> {
    let read = |cells| {
        let mut row = Row::new(cells);
        Ok(Line {
            position: row.position()?,
            voids: row.optional_position()?,
            person: row.person()?,
            step: row.text()?,
            code: row.text()?,
            from: row.optional_day()?,
            until: row.optional_day()?,
            accident: row.optional_id()?.map(AccidentId::new),
        })
    };
    let all = cells.iter().map(|cells| read(cells)).collect::<Result<Vec<_>, _>>()?;
    let voided: BTreeSet<_> = all.iter().filter_map(|line| line.voids).collect();
    Ok(all.into_iter().filter(|line| line.voids.is_none() && !voided.contains(&line.position)).collect())
}
