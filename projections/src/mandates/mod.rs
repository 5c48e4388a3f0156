//! Mandates: who stands for what, who sits where since when and until when, and what they were paid.
//!
//! One line per step of a mandate, from candidacy to end, and one per published number of seats. A
//! correction adds a line that names the step it takes back, so both times are answered from the lines
//! alone.
//! Left out: what a director has an interest in, which the board's minutes tell; wages for other work.
//! Source: DOMAIN A4, E12, F4 (6).

mod queries;

use domain::ids::PersonId;
use domain::mandate::{MandateEvent, MandateKind};
use domain::parameters::{Parameter, Value as Published};
use domain::statutes::StatutesEvent;
use domain::{Day, Event, StreamId, Year};

pub use queries::{MandateOverview, Seats, State, mandates, seats};

use crate::port::{Change, Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// The steps of mandates.
pub static LINES: Table = Table {
    name: "mandate_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("mandate"),
        Column::text("step"),
        Column::integer("sign"),
        Column::id("person"),
        Column::text("kind"),
        Column::integer("from_on"),
        Column::integer("until_on"),
        Column::integer("year"),
        Column::integer("amount"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "mandate_lines_mandate", columns: &["mandate", "position"], unless_null: None }],
};

/// How many seats there are of a kind, as published.
pub static SEATS: Table = Table {
    name: "seat_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::text("kind"),
        Column::integer("sign"),
        Column::integer("seats"),
        Column::integer("valid_from"),
        Column::integer("valid_to"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// The fold of mandates into lines.
#[derive(Debug, Default)]
pub struct Mandates;

/// What one step says.
#[derive(Clone, Copy, Default)]
struct Step {
    name: &'static str,
    person: Option<PersonId>,
    kind: Option<MandateKind>,
    from: Option<Day>,
    until: Option<Day>,
    year: Option<Year>,
    cents: i64,
}

impl Projection for Mandates {
    fn name(&self) -> &'static str {
        "mandates"
    }

    fn question(&self) -> &'static str {
        "who sits where, until when, and which seats are free"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES, &SEATS] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        for (line, change) in (0..).zip(seen.changes()) {
            match (seen.stream(), change.event.as_ref()) {
                (StreamId::Mandate(mandate), Event::Mandate(event)) => {
                    if let Some(step) = step(event) {
                        insert(rows, seen, (line, &change), Value::Id(mandate.uuid()), &step);
                    }
                }
                (
                    StreamId::Statutes,
                    Event::Statutes(StatutesEvent::ParameterPublished {
                        name,
                        value,
                        valid_from,
                        valid_to,
                        ..
                    }),
                ) => {
                    if let (Some(kind), Published::Count(seats)) = (seats_of(*name), value) {
                        rows.insert(
                            &SEATS,
                            &[
                                seen.position(),
                                Value::Integer(line),
                                Value::Text(kind.word()),
                                Value::Integer(change.sign),
                                Value::Integer((*seats).into()),
                                day(*valid_from),
                                valid_to.map_or(Value::Null, day),
                                change.voids(),
                            ],
                        );
                    }
                }
                _ => {}
            }
        }
    }
}

fn seats_of(parameter: Parameter) -> Option<MandateKind> {
    MandateKind::ALL.into_iter().find(|kind| kind.seats() == Some(parameter))
}

fn step(event: &MandateEvent) -> Option<Step> {
    let of = |name, person: &PersonId| Step { name, person: Some(*person), ..Step::default() };
    Some(match event {
        MandateEvent::CandidateProposed { person, kind, .. } => {
            Step { kind: Some(*kind), ..of("proposed", person) }
        }
        MandateEvent::Granted { person, kind, from, until, .. } => {
            Step { kind: Some(*kind), from: Some(*from), until: Some(*until), ..of("granted", person) }
        }
        MandateEvent::Renewed { person, kind, until, .. } => {
            Step { kind: Some(*kind), until: Some(*until), ..of("renewed", person) }
        }
        MandateEvent::Ended { person, kind, ended_on, .. } => {
            Step { kind: Some(*kind), from: Some(*ended_on), ..of("ended", person) }
        }
        MandateEvent::AllowanceVoted { person, year, amount, .. } => {
            Step { year: Some(*year), cents: amount.cents(), ..of("voted", person) }
        }
        MandateEvent::AllowancePaid { person, year, amount, .. } => {
            Step { year: Some(*year), cents: amount.cents(), ..of("paid", person) }
        }
        MandateEvent::ConflictDeclared { .. } | MandateEvent::Corrected(_) => return None,
    })
}

fn insert(
    rows: &mut dyn Rows,
    seen: Seen<'_>,
    (line, change): (i64, &Change<'_>),
    mandate: Value<'_>,
    step: &Step,
) {
    rows.insert(
        &LINES,
        &[
            seen.position(),
            Value::Integer(line),
            mandate,
            Value::Text(step.name),
            Value::Integer(change.sign),
            step.person.map_or(Value::Null, |person| Value::Id(person.uuid())),
            step.kind.map_or(Value::Null, |kind| Value::Text(kind.word())),
            step.from.map_or(Value::Null, day),
            step.until.map_or(Value::Null, day),
            step.year.map_or(Value::Null, |year| Value::Integer(year.number().into())),
            Value::Integer(step.cents),
            seen.effective_on(),
            change.voids(),
        ],
    );
}
