//! The guarantee fund: what it advanced to units whose clients have not paid, and what it bore.
//!
//! One line per change, with its unit and invoice. An advance is a memo: it is recovered when the client
//! pays, or absorbed when the debt becomes doubtful, and until then it is outstanding. What the fund
//! bears is a loss: the unit's share of a doubtful debt, what a unit could not give back on a credit
//! note, or the deficit of a unit as a whole; what a client pays after all comes back to it. Absorbing an advance bears nothing by itself.
//! The lines come from events and not from the books, so that each can be checked against the other:
//! outstanding is what `advances` holds, and regained less borne is what `fund` holds.
//! Left out: what the general meeting adds to the fund, which has no event yet.
//! Source: special report on 2025 (guarantee fund); DOMAIN E30, F2 (advance, debt.doubtful), I5.

mod queries;

use domain::ids::InvoiceId;
use domain::unit::UnitEvent;
use domain::{Balance, Event, StreamId};

pub use queries::{Cover, InvoiceCover, MonthCover, UnitCover, invoices, months, totals, units};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value};

/// Changes of the fund.
pub static LINES: Table = Table {
    name: "fund_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("unit"),
        Column::id("invoice"),
        Column::text("kind"),
        Column::integer("amount"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index {
        name: "fund_lines_unit",
        columns: &["unit", "invoice", "effective_on", "position", "kind", "amount"],
        unless_null: None,
    }],
};

/// The fold of advances and losses into lines.
#[derive(Debug, Default)]
pub struct GuaranteeFund;

impl Projection for GuaranteeFund {
    fn name(&self) -> &'static str {
        "guarantee_fund"
    }

    fn question(&self) -> &'static str {
        "what the guarantee fund advanced, got back, absorbed and bore, and for which invoices"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Unit(unit) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Unit(event) = change.event.as_ref() else { continue };
            let Some((kind, invoice, amount)) = changed(event) else { continue };
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Id(unit.uuid()),
                    invoice.map_or(Value::Null, |invoice| Value::Id(invoice.uuid())),
                    Value::Text(kind),
                    Value::Integer(change.sign * amount.cents()),
                    seen.effective_on(),
                ],
            );
        }
    }
}

/// What an event changes, for which invoice; a spec holds that nothing else moves the fund's accounts.
///
/// A deficit is of the unit as a whole.
fn changed(event: &UnitEvent) -> Option<(&'static str, Option<InvoiceId>, Balance)> {
    let (kind, invoice, amount) = match event {
        UnitEvent::AdvanceGranted { invoice, amount } => ("advanced", invoice, amount.balance()),
        UnitEvent::AdvanceRecovered { invoice, amount, .. } => ("recovered", invoice, amount.balance()),
        UnitEvent::AdvanceAbsorbed { invoice, amount } => ("absorbed", invoice, amount.balance()),
        UnitEvent::InvoiceDoubtful { invoice, from_fund, .. }
        | UnitEvent::InvoiceCredited { invoice, from_fund, .. } => ("borne", invoice, *from_fund),
        UnitEvent::InvoiceRecovered { invoice, to_fund, .. } => ("regained", invoice, *to_fund),
        UnitEvent::DeficitAbsorbed { amount, .. } => return Some(("borne", None, amount.balance())),
        _ => return None,
    };
    (amount != Balance::ZERO).then_some((kind, Some(*invoice), amount))
}
