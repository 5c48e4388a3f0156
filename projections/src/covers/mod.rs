//! Covers: who is insured against accidents on a day, and what became of claims.
//!
//! One line per step of a member's cover and claims; a correction adds a line that names the step it
//! takes back.
//! Source: DOMAIN A4 (private-life accident cover), F3 (cover).

mod queries;

use domain::cover::CoverEvent;
use domain::ids::ClaimId;
use domain::{Amount, Event, StreamId};

pub use queries::{Claim, ClaimState, MemberCover, claims, covered};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// The steps of covers; `about_on` is the day that a step is about.
pub static LINES: Table = Table {
    name: "cover_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("member_id"),
        Column::id("person"),
        Column::text("step"),
        Column::integer("about_on"),
        Column::id("claim_id"),
        Column::integer("amount"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "cover_lines_member", columns: &["member_id", "position"], unless_null: None }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Covers;

impl Projection for Covers {
    fn name(&self) -> &'static str {
        "covers"
    }

    fn question(&self) -> &'static str {
        "who is covered against accidents on a day, and what became of claims"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Cover(member) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Cover(event) = change.event.as_ref() else { continue };
            let (step, person, (about_on, claim, amount)) = match event {
                CoverEvent::Activated { person, from, .. } => {
                    ("activated", person, (Some(*from), None, None))
                }
                CoverEvent::Lapsed { person, end, .. } => ("lapsed", person, (Some(*end), None, None)),
                CoverEvent::ClaimFiled { claim, person, accident_on, .. } => {
                    ("filed", person, (Some(*accident_on), Some(*claim), None))
                }
                CoverEvent::ClaimAccepted { claim, person, amount, .. } => {
                    ("accepted", person, (None, Some(*claim), Some(*amount)))
                }
                CoverEvent::ClaimRefused { claim, person, .. } => {
                    ("refused", person, (None, Some(*claim), None))
                }
                CoverEvent::ClaimPaid { claim, person, amount, .. } => {
                    ("paid", person, (None, Some(*claim), Some(*amount)))
                }
                CoverEvent::Corrected(_) => continue,
            };
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Id(member.uuid()),
                    Value::Id(person.uuid()),
                    Value::Text(step),
                    about_on.map_or(Value::Null, day),
                    claim.map_or(Value::Null, |claim: ClaimId| Value::Id(claim.uuid())),
                    Value::Integer(amount.map_or(0, |amount: Amount| amount.cents())),
                    seen.effective_on(),
                    change.voids(),
                ],
            );
        }
    }
}
