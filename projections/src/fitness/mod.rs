//! Fitness: who is fit for which risk until when, who waits for an examination, and accidents.
//!
//! One line per step; a correction adds a line that names the step it takes back. Nothing here says why
//! somebody is fit or not.
//! Source: DOMAIN A4 (prevention), F3 (fitness).

mod queries;

use domain::fitness::{FitnessEvent, Whereabouts};
use domain::text::RiskCode;
use domain::{Day, Event, StreamId};

pub use queries::{Accident, FitnessState, WorkerFitness, accidents, workers};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// The steps of workers' fitness; `code` is a risk, or where an accident happened.
pub static LINES: Table = Table {
    name: "fitness_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("person"),
        Column::text("step"),
        Column::text("code"),
        Column::integer("from_on"),
        Column::integer("until_on"),
        Column::id("accident"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "fitness_lines_person", columns: &["person", "position"], unless_null: None }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct FitnessOfWorkers;

impl Projection for FitnessOfWorkers {
    fn name(&self) -> &'static str {
        "fitness"
    }

    fn question(&self) -> &'static str {
        "who is fit for which risky work until when, and which accidents were reported"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Fitness(person) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Fitness(event) = change.event.as_ref() else { continue };
            let mut insert = |step, code: &str, (from, until): (Option<Day>, Option<Day>), accident| {
                rows.insert(
                    &LINES,
                    &[
                        seen.position(),
                        Value::Integer(line),
                        Value::Id(person.uuid()),
                        Value::Text(step),
                        Value::Text(code),
                        from.map_or(Value::Null, day),
                        until.map_or(Value::Null, day),
                        accident,
                        seen.effective_on(),
                        change.voids(),
                    ],
                );
            };
            let mut of = |step, risk: &RiskCode, days| insert(step, risk.as_str(), days, Value::Null);
            match event {
                FitnessEvent::RiskDeclared { risk, .. } => of("declared", risk, (None, None)),
                FitnessEvent::ExamRequired { risk, by } => of("to_examine", risk, (None, Some(*by))),
                FitnessEvent::ExamPassed { risk, fit, .. } => {
                    of("fit", risk, (Some(fit.from), Some(fit.until)));
                }
                FitnessEvent::ExamFailed { risk, .. } => of("unfit", risk, (None, None)),
                FitnessEvent::ExamExpired { risk, fit_until } => {
                    of("expired", risk, (None, Some(*fit_until)))
                }
                FitnessEvent::AccidentReported { accident, happened_on, whereabouts, .. } => {
                    let accident = Value::Id(accident.uuid());
                    insert("accident", word(*whereabouts), (Some(*happened_on), None), accident);
                }
                FitnessEvent::Corrected(_) => {}
            }
        }
    }
}

const fn word(whereabouts: Whereabouts) -> &'static str {
    match whereabouts {
        Whereabouts::AtWork => "at_work",
        Whereabouts::OnTheWay => "on_the_way",
        Whereabouts::Private => "private",
    }
}
