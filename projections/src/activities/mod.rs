//! What was done for the object: activities, publications, training, legal cases, surveys, plans, jobs.
//!
//! One line per step of a thing, with what it adds to each count; a correction adds a line that takes
//! it away, so every answer is a sum of lines. A survey has a line per question as well. What a partner
//! did is counted apart from the cooperative's own.
//! Left out: what an activity cost, which the books tell.
//! Source: special report on 2025 (activities for the object); DOMAIN A1 (F18, F20–F23, F25–F28), F1.

mod queries;

use domain::activity::{ActivityEvent, Scope, SurveyResult, hundredths};
use domain::text::Code;
use domain::{Event, StreamId};

pub use queries::{ActivityCount, Plan, Stock, SurveyAnswer, counts, plans, stocks, surveys};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value};

/// The steps of things that were done.
pub static LINES: Table = Table {
    name: "activity_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("activity"),
        Column::text("step"),
        Column::text("code"),
        Column::text("scope"),
        Column::text("place"),
        Column::integer("n"),
        Column::integer("participants"),
        Column::integer("hours"),
        Column::integer("share"),
        Column::integer("planned"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "activity_lines_step", columns: &["step", "effective_on"], unless_null: None }],
};

/// What surveys say, question by question.
pub static ANSWERS: Table = Table {
    name: "activity_answers",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("activity"),
        Column::text("question"),
        Column::integer("n"),
        Column::integer("total"),
        Column::integer("best"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Activities;

/// What one step says.
#[derive(Default)]
struct Step {
    name: &'static str,
    code: Option<Code>,
    scope: Option<Scope>,
    place: Option<Code>,
    /// +1 when something is there from now on, −1 when it is there no more.
    n: i64,
    participants: i64,
    hours: i64,
    /// Of full time, in hundredths.
    share: i64,
    /// Actions that a plan holds.
    planned: i64,
}

impl Projection for Activities {
    fn name(&self) -> &'static str {
        "activities"
    }

    fn question(&self) -> &'static str {
        "what was done for the object, how often, by whom, with how many people"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES, &ANSWERS] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Activity(activity) = seen.stream() else { return };
        let text = |code: &Option<Code>| code.map(|code| code.to_string());
        let mut answer = 0;
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Activity(event) = change.event.as_ref() else { continue };
            let Some(step) = step(event) else { continue };
            let (code, place) = (text(&step.code), text(&step.place));
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Id(activity.uuid()),
                    Value::Text(step.name),
                    code.as_deref().map_or(Value::Null, Value::Text),
                    step.scope.map_or(Value::Null, |scope| Value::Text(word(scope))),
                    place.as_deref().map_or(Value::Null, Value::Text),
                    Value::Integer(change.sign * step.n),
                    Value::Integer(change.sign * step.participants),
                    Value::Integer(change.sign * step.hours),
                    Value::Integer(change.sign * step.share),
                    Value::Integer(change.sign * step.planned),
                    seen.effective_on(),
                    change.voids(),
                ],
            );
            let ActivityEvent::SurveyClosed { results, .. } = event else { continue };
            for answered in results {
                let (total, best) = match answered.result {
                    SurveyResult::Share { yes } => (yes, 0),
                    SurveyResult::Mean { sum, best } => (sum, best),
                };
                rows.insert(
                    &ANSWERS,
                    &[
                        seen.position(),
                        Value::Integer(answer),
                        Value::Id(activity.uuid()),
                        Value::Text(answered.question.as_str()),
                        Value::Integer(change.sign * i64::from(answered.n)),
                        Value::Integer(change.sign * i64::from(total)),
                        Value::Integer(i64::from(best)),
                        seen.effective_on(),
                    ],
                );
                answer += 1;
            }
        }
    }
}

fn step(event: &ActivityEvent) -> Option<Step> {
    use ActivityEvent as E;
    let of = |name, code: &Code| Step { name, code: Some(*code), n: 1, ..Step::default() };
    let full_time = |share| i64::from(hundredths(share).expect("a job is a share of full time"));
    Some(match event {
        E::Held { kind, scope, place, participants, hours } => Step {
            scope: Some(*scope),
            place: Some(*place),
            participants: i64::from(*participants),
            hours: i64::from(hours.hundredths()),
            ..of("held", kind)
        },
        E::PublicationReleased { kind, scope, .. } => Step { scope: Some(*scope), ..of("publication", kind) },
        E::LegalCaseHandled { kind } => of("legal_case", kind),
        E::TrainingDayHeld { kind, participants, hours } => Step {
            participants: i64::from(*participants),
            hours: i64::from(hours.hundredths()),
            ..of("training_day", kind)
        },
        E::SurveyClosed { answers, .. } => {
            Step { name: "survey", n: 1, participants: i64::from(*answers), ..Step::default() }
        }
        E::ArticlePublished { guide, .. } => of("article", guide),
        E::JobCreated { project, full_time_share, .. } => {
            Step { share: full_time(*full_time_share), ..of("job", project) }
        }
        E::JobEnded { project, full_time_share, .. } => {
            Step { n: -1, share: -full_time(*full_time_share), ..of("job", project) }
        }
        E::AffiliationJoined { kind, .. } => of("affiliation", kind),
        E::AffiliationLeft { kind, .. } => Step { n: -1, ..of("affiliation", kind) },
        E::PlanApproved { kind, actions, .. } => {
            let planned = i64::try_from(actions.len()).expect("plans are short");
            Step { planned, ..of("plan", kind) }
        }
        E::PlanActionCarriedOut { kind, .. } => of("plan_action", kind),
        E::StrategyAdopted { .. } => Step { name: "strategy", n: 1, ..Step::default() },
        E::Corrected(_) => return None,
    })
}

const fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "own",
        Scope::Partner => "partner",
    }
}
