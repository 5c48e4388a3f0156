//! Checks before and after the fact: what could have been drawn, what was, and what was found.
//!
//! An action is an event of a kind that was published as one to check before it stood in the log. Each
//! is a line, so that the share that was checked can be held against the objective, and so that what
//! was drawn and never checked shows. Checks have a line per step; a correction adds a line that takes
//! one away. The lot of an action is not kept: the log says it.
//! Source: strategy Smart 2025 (objective 5 %); DOMAIN A4.

mod queries;

use domain::control::{Because, CheckId, ControlEvent, Timing, lots_below};
use domain::parameters::{Validity, Value as ParameterValue};
use domain::statutes::StatutesEvent;
use domain::text::Code;
use domain::{Event, StreamId};

pub use queries::{
    CheckOverview, CheckState, Found, Sampling, Unchecked, checks, findings, sampling, unchecked,
};

use crate::port::{Column, Index, Projection, ReadError, Reader, Rows, Seen, Shape, Table, Value, day};
use crate::row::Row;

/// What is to be checked and at which rate; a line without kind says a rate, in millionths.
pub static RULES: Table = Table {
    name: "control_rules",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::text("timing"),
        Column::text("kind"),
        Column::integer("rate"),
        Column::integer("valid_from"),
        Column::integer("valid_to"),
        Column::integer("n"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// Actions of which a share is checked.
pub static ACTIONS: Table = Table {
    name: "control_actions",
    columns: &[
        Column::integer("position"),
        Column::text("timing"),
        Column::text("kind"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// The steps of checks.
pub static LINES: Table = Table {
    name: "control_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::text("timing"),
        Column::integer("action"),
        Column::text("step"),
        Column::text("kind"),
        Column::integer("drawn"),
        Column::integer("n"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index {
        name: "control_lines_action",
        columns: &["timing", "action", "step"],
        unless_null: None,
    }],
};

/// What checks found.
pub static FINDINGS: Table = Table {
    name: "control_findings",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::text("timing"),
        Column::integer("action"),
        Column::text("finding"),
        Column::integer("n"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// The fold of rules, actions and checks; it remembers what is to be checked.
#[derive(Debug, Default)]
pub struct Controls {
    checked: Vec<(Timing, Code, Validity)>,
}

impl Projection for Controls {
    fn name(&self) -> &'static str {
        "controls"
    }

    fn question(&self) -> &'static str {
        "which share of actions was checked before and after the fact, and what was found"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&RULES, &ACTIONS, &LINES, &FINDINGS] }
    }

    fn resume(&mut self, reader: &dyn Reader) -> Result<(), ReadError> {
        let found = reader.query(
            "SELECT timing, kind, valid_from, valid_to
             FROM control_rules
             WHERE kind IS NOT NULL
             GROUP BY timing, kind, valid_from, valid_to
             HAVING SUM(n) > 0",
            &[],
        )?;
        for cells in &found {
            let mut row = Row::new(cells);
            let timing = row.parsed("before or after", timing_of)?;
            let kind = row.parsed("the stored name of an event", |text| text.parse().ok())?;
            let validity = Validity { valid_from: row.day()?, valid_to: row.optional_day()? };
            self.checked.push((timing, kind, validity));
        }
        Ok(())
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        match seen.stream() {
            StreamId::Statutes => self.fold_rules(seen, rows),
            StreamId::Control(check) => fold_check(check, seen, rows),
            _ => {}
        }
        let (kind, on) = (seen.recorded.event.kind().name, seen.recorded.effective_on);
        for timing in Timing::ALL {
            let is_checked = self.checked.iter().any(|(of, checked, validity)| {
                *of == timing
                    && checked.as_str() == kind
                    && validity.valid_from <= on
                    && validity.valid_to.is_none_or(|to| on <= to)
            });
            if is_checked {
                rows.insert(
                    &ACTIONS,
                    &[seen.position(), Value::Text(timing.word()), Value::Text(kind), seen.effective_on()],
                );
            }
        }
    }
}

impl Controls {
    fn fold_rules(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Statutes(event) = change.event.as_ref() else { continue };
            let (timing, kind, rate, validity) = match event {
                StatutesEvent::CodePublished { list, code, valid_from, valid_to, .. } => {
                    let Some(timing) = Timing::ALL.into_iter().find(|timing| timing.list() == *list) else {
                        continue;
                    };
                    let validity = Validity { valid_from: *valid_from, valid_to: *valid_to };
                    self.change(change.sign > 0, (timing, *code, validity));
                    (timing, Some(code.to_string()), None, validity)
                }
                StatutesEvent::ParameterPublished { name, value, valid_from, valid_to, .. } => {
                    let Some(timing) = Timing::ALL.into_iter().find(|timing| timing.rate() == *name) else {
                        continue;
                    };
                    let ParameterValue::Rate(rate) = value else { continue };
                    let validity = Validity { valid_from: *valid_from, valid_to: *valid_to };
                    (timing, None, Some(i64::from(lots_below(*rate))), validity)
                }
                StatutesEvent::LogOpened { .. }
                | StatutesEvent::Adopted { .. }
                | StatutesEvent::Corrected(_) => continue,
            };
            rows.insert(
                &RULES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Text(timing.word()),
                    kind.as_deref().map_or(Value::Null, Value::Text),
                    rate.map_or(Value::Null, Value::Integer),
                    day(validity.valid_from),
                    validity.valid_to.map_or(Value::Null, day),
                    Value::Integer(change.sign),
                    change.voids(),
                ],
            );
        }
    }

    fn change(&mut self, added: bool, rule: (Timing, Code, Validity)) {
        if added {
            self.checked.push(rule);
        } else if let Some(at) = self.checked.iter().rposition(|found| *found == rule) {
            self.checked.remove(at);
        }
    }
}

fn fold_check(check: CheckId, seen: Seen<'_>, rows: &mut dyn Rows) {
    let timing = Value::Text(check.timing.word());
    let action = Value::Integer(i64::try_from(check.action.0).expect("positions fit"));
    let mut found = 0;
    for (line, change) in (0..).zip(seen.changes()) {
        let Event::Control(event) = change.event.as_ref() else { continue };
        let (step, kind, drawn) = match event {
            ControlEvent::Sampled { kind, .. } => ("begun", Some(kind.to_string()), 1),
            ControlEvent::Opened { kind, because, .. } => {
                ("begun", Some(kind.to_string()), i64::from(matches!(because, Because::Drawn { .. })))
            }
            ControlEvent::Passed { .. } => ("passed", None, 0),
            ControlEvent::Failed { .. } => ("failed", None, 0),
            ControlEvent::Remedied { .. } => ("remedied", None, 0),
            ControlEvent::Corrected(_) => continue,
        };
        rows.insert(
            &LINES,
            &[
                seen.position(),
                Value::Integer(line),
                timing,
                action,
                Value::Text(step),
                kind.as_deref().map_or(Value::Null, Value::Text),
                Value::Integer(change.sign * drawn),
                Value::Integer(change.sign),
                seen.effective_on(),
                change.voids(),
            ],
        );
        let ControlEvent::Failed { findings, .. } = event else { continue };
        for finding in findings {
            rows.insert(
                &FINDINGS,
                &[
                    seen.position(),
                    Value::Integer(found),
                    timing,
                    action,
                    Value::Text(finding.as_str()),
                    Value::Integer(change.sign),
                    seen.effective_on(),
                ],
            );
            found += 1;
        }
    }
}

fn timing_of(text: &str) -> Option<Timing> {
    Timing::ALL.into_iter().find(|timing| timing.word() == text)
}
