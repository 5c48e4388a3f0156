//! A wage is due and the client has not paid: the guarantee fund advances what the unit waits for.
//!
//! The event that said when the wage is due triggers it, one step: one advance for a wage. It is
//! granted from the day on which the order to pay goes to the bank, as long as the wage is not paid,
//! upon one open invoice behind the wage: the oldest that the fund can still advance the whole budget
//! of the wage upon, or else the one that it can advance most upon. Where nothing waits, because budget
//! may be spent on issue or the client paid, nothing is advanced.
//! Source: DOMAIN E27, E30, F1 (guarantee fund), F2 (advance.granted).

use std::collections::BTreeMap;

use domain::ids::InvoiceId;
use domain::unit::UnitCommand;
use domain::{Amount, Balance, Day, Position, Request};
use projections::receivables::Receivable;
use projections::wages_due::WageDue;

use super::{Planned, Process};

/// The one step of a wage.
pub const STEP: u32 = 1;

/// The advances that due wages call for; `was_granted` says for which wages one stands in the log.
pub fn advances(
    wages: &[WageDue],
    receivables: &[Receivable],
    was_granted: impl Fn(Position) -> bool,
    today: Day,
) -> Vec<Planned> {
    let mut left: BTreeMap<InvoiceId, Balance> =
        receivables.iter().map(|receivable| (receivable.invoice, receivable.advance_max)).collect();
    let mut planned = Vec::new();
    for wage in wages {
        let is_due = wage.paid_on.is_none() && wage.order_by.is_some_and(|day| day <= today);
        if !is_due || was_granted(wage.position) {
            continue;
        }
        let most = |invoice: &&InvoiceId| left.get(*invoice).copied().unwrap_or(Balance::ZERO);
        let whole = wage.rests_on.iter().find(|invoice| most(invoice) >= wage.budget);
        // Of equals the oldest, which comes first.
        let Some(invoice) = whole.or_else(|| wage.rests_on.iter().rev().max_by_key(most)).copied() else {
            continue;
        };
        let amount = most(&&invoice).min(wage.budget);
        let Ok(advanced) = Amount::try_from(amount) else { continue };
        left.entry(invoice).and_modify(|left| *left = *left - amount);
        planned.push(Planned {
            process: Process::Advances,
            trigger: wage.position,
            step: STEP,
            request: Request::Unit(wage.unit, UnitCommand::GrantAdvance { invoice, amount: advanced }),
        });
    }
    planned
}
