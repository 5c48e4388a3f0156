//! Members: who is a member, in which category, since when; who left, when and how.
//!
//! One line per step of a membership, from request to end. What a step does not say (the person, the
//! category) is null and comes from the steps before it. A correction adds a line that names the
//! step it takes back, so both times are answered from the lines alone.
//! Left out: shares, which are the share register's question; names, which lie in the vault.
//! Source: WVV 6:120 (exit); KB 8-01-1962 art. 1 (objective reasons of refusals).

mod queries;

use domain::ids::{MemberId, PersonId};
use domain::member::{Category, ExclusionOutcome, ExitCause, MemberEvent};
use domain::text::ReasonCode;
use domain::{Day, Event, StreamId};

pub use queries::{Counts, Departure, How, Membership, Standing, counts, members};

use crate::port::{Change, Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// The steps of memberships.
pub static LINES: Table = Table {
    name: "member_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("member"),
        Column::id("person"),
        Column::text("category"),
        Column::text("step"),
        Column::integer("sign"),
        Column::integer("effective_on"),
        Column::integer("until"),
        Column::text("reason"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index {
        name: "member_lines_member",
        columns: &["member", "effective_on", "position"],
        unless_null: None,
    }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Members;

/// What one step says.
#[derive(Default)]
struct Step {
    name: &'static str,
    person: Option<PersonId>,
    category: Option<Category>,
    until: Option<Day>,
    reason: Option<ReasonCode>,
}

impl Projection for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn question(&self) -> &'static str {
        "who is a member, since when; who left, when and how"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Member(member) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            if let Event::Member(event) = change.event.as_ref()
                && let Some(step) = step(event)
            {
                insert(rows, seen, (line, &change), member, &step);
            }
        }
    }
}

fn step(event: &MemberEvent) -> Option<Step> {
    let named = |name| Step { name, ..Step::default() };
    Some(match event {
        MemberEvent::AdmissionRequested { person, category } => {
            Step { person: Some(*person), category: Some(*category), ..named("requested") }
        }
        MemberEvent::AdmissionGranted { person, category } => {
            Step { person: Some(*person), category: Some(*category), ..named("granted") }
        }
        MemberEvent::AdmissionRefused { person, reason } => {
            Step { person: Some(*person), reason: Some(*reason), ..named("refused") }
        }
        MemberEvent::CategoryChanged { from: _, to } => Step { category: Some(*to), ..named("category") },
        MemberEvent::ResignationRequested { .. } => named("resignation_requested"),
        MemberEvent::ResignationAccepted { leaves_on, payable_by: _ } => {
            Step { until: Some(*leaves_on), ..named("resignation_accepted") }
        }
        MemberEvent::ResignationRefused { reason } => {
            Step { reason: Some(*reason), ..named("resignation_refused") }
        }
        MemberEvent::MembershipEnded { person, reason } => {
            Step { person: Some(*person), reason: Some(*reason), ..named("ended") }
        }
        MemberEvent::ExclusionDecided { outcome, reason, .. } => match outcome {
            ExclusionOutcome::Excluded => Step { reason: Some(*reason), ..named("excluded") },
            ExclusionOutcome::Kept => Step { reason: Some(*reason), ..named("exclusion_rejected") },
        },
        MemberEvent::ExitByLaw { cause, .. } => {
            let cause = match cause {
                ExitCause::Death => ReasonCode::literal("death"),
                ExitCause::Bankruptcy => ReasonCode::literal("bankruptcy"),
                ExitCause::Incapacity => ReasonCode::literal("incapacity"),
            };
            Step { reason: Some(cause), ..named("left_by_law") }
        }
        MemberEvent::SharesSubscribed { .. }
        | MemberEvent::SharesPaidUp { .. }
        | MemberEvent::SharesCancelled { .. }
        | MemberEvent::SharesTransferred { .. }
        | MemberEvent::SharesReceived { .. }
        | MemberEvent::ExclusionProposed { .. }
        | MemberEvent::ExclusionRemarksReceived { .. }
        | MemberEvent::RefundDetermined { .. }
        | MemberEvent::RefundPaid { .. }
        | MemberEvent::CurrentAccountCredited { .. }
        | MemberEvent::CurrentAccountRepaid { .. }
        | MemberEvent::RefundSuspended { .. }
        | MemberEvent::RefundResumed { .. }
        | MemberEvent::Corrected(_) => return None,
    })
}

fn insert(
    rows: &mut dyn Rows,
    seen: Seen<'_>,
    (line, change): (i64, &Change<'_>),
    member: MemberId,
    step: &Step,
) {
    rows.insert(
        &LINES,
        &[
            seen.position(),
            Value::Integer(line),
            Value::Id(member.uuid()),
            step.person.map_or(Value::Null, |person| Value::Id(person.uuid())),
            step.category.map_or(Value::Null, |category| Value::Text(category_word(category))),
            Value::Text(step.name),
            Value::Integer(change.sign),
            seen.effective_on(),
            step.until.map_or(Value::Null, day),
            step.reason.as_ref().map_or(Value::Null, |reason| Value::Text(reason.as_str())),
            change.voids(),
        ],
    );
}

const fn category_word(category: Category) -> &'static str {
    match category {
        Category::User => "user",
        Category::Partner => "partner",
    }
}

fn category_of(word: &str) -> Option<Category> {
    [Category::User, Category::Partner].into_iter().find(|category| category_word(*category) == word)
}
