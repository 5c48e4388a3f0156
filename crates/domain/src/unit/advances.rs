//! Advances by the guarantee fund: a unit spends what its client has not paid yet.
//!
//! Wages are paid whether or not the client has paid. An advance makes pending budget available, never
//! more than is pending on the invoice, nor more than the unit's share of what is open. It is a memo of
//! the fund, not a loan: the client's payment recovers it before it releases anything, and when the
//! debt becomes doubtful the fund absorbs it.
//! Left out: credit notes on an invoice with an advance.
//! Source: DOMAIN E30, F2 (advance.granted, invoice.paid), I5.

use super::event::UnitEvent;
use super::{Invoice, Unit, UnitRefusal, relied_upon};
use crate::correction::CorrectionRefused;
use crate::ids::InvoiceId;
use crate::money::{Amount, Balance};

impl Unit {
    pub(super) fn grant_advance(&self, id: InvoiceId, asked: Amount) -> Result<UnitEvent, UnitRefusal> {
        let invoice = self.invoice(id)?;
        invoice.require_not_doubtful(id)?;
        invoice.open_amount(id, invoice.open_principal())?;
        let (pending, advanced) = (invoice.pending(), invoice.debt.advanced);
        let (_, of_unit) = invoice.open_net(invoice.open_principal());
        let most = pending.min(of_unit - advanced);
        if asked.balance() > most {
            return Err(UnitRefusal::AdvanceTooHigh { invoice: id, asked, most, pending, advanced });
        }
        Ok(UnitEvent::AdvanceGranted { invoice: id, amount: asked })
    }

    pub(super) fn evolve_advances(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::AdvanceGranted { invoice, amount } => {
                let invoice = self.known_invoice(*invoice);
                invoice.released = invoice.released + amount.balance();
                invoice.debt.granted = invoice.debt.granted + amount.balance();
                invoice.debt.advanced = invoice.debt.advanced + amount.balance();
            }
            UnitEvent::AdvanceRecovered { invoice, amount, .. }
            | UnitEvent::AdvanceAbsorbed { invoice, amount } => {
                let debt = &mut self.known_invoice(*invoice).debt;
                debt.advanced = debt.advanced - amount.balance();
            }
            _ => unreachable!("only events of advances come here"),
        }
    }

    pub(super) fn void_advances(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        match original {
            UnitEvent::AdvanceGranted { invoice, amount } => {
                let invoice = self.known_invoice(*invoice);
                let debt = &mut invoice.debt;
                if debt.advanced != debt.granted {
                    return Err(relied_upon(original, "it was recovered or absorbed since"));
                }
                debt.granted = debt.granted - amount.balance();
                debt.advanced = debt.advanced - amount.balance();
                invoice.released = invoice.released - amount.balance();
                Ok(())
            }
            UnitEvent::AdvanceRecovered { .. } | UnitEvent::AdvanceAbsorbed { .. } => {
                Err(relied_upon(original, "it came with what happened to the invoice"))
            }
            _ => unreachable!("only events of advances come here"),
        }
    }
}

impl Invoice {
    pub(super) fn require_nothing_advanced(&self, id: InvoiceId) -> Result<(), UnitRefusal> {
        let advanced = self.debt.advanced;
        if advanced == Balance::ZERO {
            return Ok(());
        }
        Err(UnitRefusal::AdvanceOutstanding { invoice: id, advanced })
    }

    /// What of an advance a part payment recovers: all that it brings the unit, and at least as much
    /// as leaves no more advanced than the unit's share of what is still open.
    pub(super) fn to_recover(&self, of_unit: Balance, settled: Balance) -> Balance {
        let advanced = self.debt.advanced;
        let (_, still_open) = self.open_net(self.open_principal() - settled);
        of_unit.min(advanced).max(advanced - still_open)
    }
}
