//! Members taking part: groups and their meetings, the way of recommendations, bodies, cases of ethics.
//!
//! One line per step of a thing; a correction adds a line that takes it away. How far a recommendation
//! has come follows from the steps that stand.
//! Left out: who took part, which the log does not know.
//! Source: special report on 2025 (participation); DOMAIN A1 (F24, F29–F31), A4.

mod queries;

use domain::participation::{ParticipationEvent, ParticipationId};
use domain::text::Code;
use domain::{Event, StreamId};
use uuid::Uuid;

pub use queries::{
    Funnel, GroupOverview, RecommendationOverview, Stage, YearCounts, funnel, groups, recommendations, years,
};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value};

/// The steps of groups, recommendations, bodies and cases; `group` is a word of SQL.
pub static LINES: Table = Table {
    name: "participation_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::text("what"),
        Column::id("thing"),
        Column::text("step"),
        Column::text("kind"),
        Column::text("topic"),
        Column::id("group_id"),
        Column::id("decision"),
        Column::id("resolution"),
        Column::integer("n"),
        Column::integer("participants"),
        Column::integer("hours"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index {
        name: "participation_lines_thing",
        columns: &["what", "thing", "position"],
        unless_null: None,
    }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Participations;

/// What one step says.
#[derive(Default)]
struct Step {
    name: &'static str,
    kind: Option<Code>,
    topic: Option<Code>,
    group: Option<Uuid>,
    /// The board's decision.
    decision: Option<Uuid>,
    /// The meeting's resolution.
    resolution: Option<Uuid>,
    participants: i64,
    hours: i64,
}

impl Projection for Participations {
    fn name(&self) -> &'static str {
        "participation"
    }

    fn question(&self) -> &'static str {
        "which groups met, how far recommendations have come, what the ethics committee treated"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Participation(id) = seen.stream() else { return };
        let thing = match id {
            ParticipationId::Group(id) => id.uuid(),
            ParticipationId::Recommendation(id) => id.uuid(),
            ParticipationId::Body(id) => id.uuid(),
            ParticipationId::EthicsCase(id) => id.uuid(),
        };
        let or_null = |id: Option<Uuid>| id.map_or(Value::Null, Value::Id);
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Participation(event) = change.event.as_ref() else { continue };
            let Some(step) = step(event) else { continue };
            let [kind, topic] = [step.kind, step.topic].map(|code| code.map(|code| code.to_string()));
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Text(id.word()),
                    Value::Id(thing),
                    Value::Text(step.name),
                    kind.as_deref().map_or(Value::Null, Value::Text),
                    topic.as_deref().map_or(Value::Null, Value::Text),
                    or_null(step.group),
                    or_null(step.decision),
                    or_null(step.resolution),
                    Value::Integer(change.sign),
                    Value::Integer(change.sign * step.participants),
                    Value::Integer(change.sign * step.hours),
                    seen.effective_on(),
                    change.voids(),
                ],
            );
        }
    }
}

fn step(event: &ParticipationEvent) -> Option<Step> {
    use ParticipationEvent as E;
    let named = |name| Step { name, ..Step::default() };
    Some(match event {
        E::GroupOpened { kind, topic } => Step { kind: Some(*kind), topic: Some(*topic), ..named("opened") },
        E::GroupMet { kind, participants, hours, .. } => Step {
            kind: Some(*kind),
            participants: i64::from(*participants),
            hours: i64::from(hours.hundredths()),
            ..named("met")
        },
        E::GroupClosed { kind, .. } => Step { kind: Some(*kind), ..named("closed") },
        E::RecommendationMade { group, topic, .. } => {
            Step { topic: Some(*topic), group: group.map(|id| id.uuid()), ..named("made") }
        }
        E::RecommendationDebated { group, .. } => Step { group: Some(group.uuid()), ..named("debated") },
        E::RecommendationValidated { decision } => {
            Step { decision: Some(decision.uuid()), ..named("validated") }
        }
        E::RecommendationAmended { decision, .. } => {
            Step { decision: Some(decision.uuid()), ..named("amended") }
        }
        E::RecommendationRejected { decision, .. } => {
            Step { decision: Some(decision.uuid()), ..named("rejected") }
        }
        E::RecommendationVoted { resolution, adopted, .. } => {
            let name = if *adopted { "adopted" } else { "voted_down" };
            Step { resolution: Some(resolution.uuid()), ..named(name) }
        }
        E::RecommendationCarriedOut { .. } => named("carried_out"),
        E::BodyElected { kind, .. } => Step { kind: Some(*kind), ..named("elected") },
        E::AdviceGiven { topic, .. } => Step { topic: Some(*topic), ..named("advised") },
        E::EthicsCaseOpened { topic, .. } => Step { topic: Some(*topic), ..named("case_opened") },
        E::EthicsCaseConcluded { recommendation: Some(_) } => named("concluded_with"),
        E::EthicsCaseConcluded { recommendation: None } => named("concluded_without"),
        E::Corrected(_) => return None,
    })
}
