//! Where money comes from and where it goes, for a picture that the meeting can read.
//!
//! Every movement between a bank or cash account and another account belongs to one flow, which the
//! table in `flows` tells; movements among banks belong to none. So sources less uses of any period are
//! the change of what banks and cash hold. One line per event and flow. A correction counts under the
//! flow of what it corrects, so a payment taken back makes that flow smaller and is no flow of its own.
//! Amounts are as paid, VAT included: what clients pay of it goes on to the State.
//! Left out: turnover and charges as earned and incurred, which the annual accounts tell.
//! Source: DESIGN 6; special report on 2025 (means used).

mod flows;
mod queries;

use ledger::{Class, Line, Posting};

pub use flows::{FLOWS, Flow, Way, flow_of};
pub use queries::{Behind, FlowSum, MoneyFlow, Period, behind, money_flow};

use crate::port::{Column, Projection, Rows, Seen, Shape, Table, Value};

/// What each event moved of each flow, positive into the banks.
pub static LINES: Table = Table {
    name: "money_flow_lines",
    columns: &[
        Column::integer("position"),
        Column::text("flow"),
        Column::integer("amount"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// The fold of movements of money into lines.
#[derive(Debug, Default)]
pub struct MoneyFlows;

impl Projection for MoneyFlows {
    fn name(&self) -> &'static str {
        "money_flow"
    }

    fn question(&self) -> &'static str {
        "where money comes from and where it goes"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let Posting::Entry(entry) = seen.posting else { return };
        let event = &seen.recorded.event;
        let mut moved = Vec::<(&'static Flow, i64)>::new();
        for movement in &entry.movements {
            let cents = movement.amount.cents();
            let (other, cents) = match (is_money(movement.debit), is_money(movement.credit)) {
                (true, false) => (movement.credit.account, cents),
                (false, true) => (movement.debit.account, -cents),
                (true, true) | (false, false) => continue,
            };
            let corrected = event.as_correction().map(|(_, original, _)| original.kind());
            let flow = flow_of(other, corrected.unwrap_or(event.kind()).name);
            match moved.iter_mut().find(|(found, _)| found.key == flow.key) {
                Some((_, sum)) => *sum += cents,
                None => moved.push((flow, cents)),
            }
        }
        for (flow, cents) in moved.into_iter().filter(|(_, cents)| *cents != 0) {
            let line = [seen.position(), Value::Text(flow.key), Value::Integer(cents), seen.effective_on()];
            rows.insert(&LINES, &line);
        }
    }
}

fn is_money(line: Line) -> bool {
    line.account.class() == Class::Treasury
}
