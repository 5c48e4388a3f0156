//! Doubtful and lost debts: what is feared, what is lost, and what is paid after all.
//!
//! A debt becomes doubtful as a whole. The loss of its net part is borne at once, in the proportion in
//! which the invoice was shared: by the guarantee fund for the unit, by the pool for the contribution
//! and for an indemnity. The unit keeps its budget, which waits for nobody any more. What the client
//! pays later goes back to who bore the loss. Writing off moves nothing between owners; the VAT is
//! recovered when a judgment of bankruptcy gives the right to it, and stays doubtful until then.
//! Left out: credit notes on a doubtful debt, and payments on what was written off.
//! Source: WBTW art. 77 §1 7°; DOMAIN C2 (DebtDoubtful, BadDebtCovered), F2 (debt.doubtful, debt.written_off).

use serde::{Deserialize, Serialize};

use super::event::UnitEvent;
use super::{Invoice, Unit, UnitRefusal, relied_upon, wrong_state};
use crate::correction::CorrectionRefused;
use crate::dates::Day;
use crate::evidence::Evidence;
use crate::ids::{ClientId, InvoiceId, PaymentId};
use crate::money::{Amount, Balance};
use crate::stream::Facts;
use crate::text::ReasonCode;

/// What is still doubtful of an invoice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Doubtful {
    /// Not paid and not written off.
    pub(super) gross: Balance,
    /// The part of it that is written down.
    net: Balance,
    /// Who bore the loss so far.
    from_fund: Balance,
    from_pool: Balance,
}

impl Unit {
    pub(super) fn mark_doubtful(
        &self,
        id: InvoiceId,
        reason: ReasonCode,
        evidence: Evidence,
    ) -> Result<Vec<UnitEvent>, UnitRefusal> {
        let invoice = self.invoice(id)?;
        invoice.require_for_work(id)?;
        if invoice.debt.doubtful.is_some() {
            return Err(wrong_state("invoice", id, "doubtful", "not doubtful yet"));
        }
        let gross = invoice.open_amount(id, invoice.open())?;
        let principal = invoice.open_principal().max(Balance::ZERO);
        let (of_invoice, from_fund) = invoice.open_net(principal);
        // An indemnity bears no VAT, and was income of the pool.
        let indemnity = gross.balance() - principal;
        let doubtful = UnitEvent::InvoiceDoubtful {
            invoice: id,
            client: invoice.client,
            gross,
            net: of_invoice + indemnity,
            from_fund,
            from_pool: of_invoice - from_fund + indemnity,
            released: invoice.pending(),
            reason,
            evidence,
        };
        // The fund bears the loss now, so it no longer waits for the client.
        let absorbed = Amount::try_from(invoice.debt.advanced).ok();
        let absorbed = absorbed.map(|amount| UnitEvent::AdvanceAbsorbed { invoice: id, amount });
        Ok(std::iter::once(doubtful).chain(absorbed).collect())
    }

    pub(super) fn write_off(
        &self,
        id: InvoiceId,
        judgment_on: Option<Day>,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let invoice = self.invoice(id)?;
        if let Some(day) = judgment_on.filter(|day| *day > facts.effective_on) {
            return Err(UnitRefusal::BadDay { day, problem: "after the day of the write-off" });
        }
        let (net, vat) = match &invoice.debt.doubtful {
            None => (Balance::ZERO, Balance::ZERO),
            Some(doubtful) => (doubtful.net, doubtful.gross - doubtful.net),
        };
        let vat_recoverable = if judgment_on.is_some() { vat } else { Balance::ZERO };
        let doubtful = net + vat_recoverable;
        if doubtful == Balance::ZERO {
            return Err(UnitRefusal::NotDoubtful { invoice: id, open: invoice.open(), doubtful });
        }
        Ok(UnitEvent::InvoiceWrittenOff {
            invoice: id,
            client: invoice.client,
            net,
            vat_recoverable,
            judgment_on,
            evidence,
        })
    }

    pub(super) fn evolve_losses(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::InvoiceDoubtful { invoice, gross, net, from_fund, from_pool, released, .. } => {
                let invoice = self.known_invoice(*invoice);
                invoice.released = invoice.released + *released;
                invoice.debt.doubtful = Some(Doubtful {
                    gross: gross.balance(),
                    net: *net,
                    from_fund: *from_fund,
                    from_pool: *from_pool,
                });
            }
            UnitEvent::InvoiceRecovered { invoice, settled, net, to_fund, to_pool, .. } => {
                let doubtful = self.doubtful(*invoice);
                doubtful.gross = doubtful.gross - *settled;
                doubtful.net = doubtful.net - *net;
                doubtful.from_fund = doubtful.from_fund - *to_fund;
                doubtful.from_pool = doubtful.from_pool - *to_pool;
            }
            UnitEvent::InvoiceWrittenOff { invoice, net, vat_recoverable, .. } => {
                let doubtful = self.doubtful(*invoice);
                doubtful.gross = doubtful.gross - *net - *vat_recoverable;
                doubtful.net = doubtful.net - *net;
            }
            _ => unreachable!("only events of losses come here"),
        }
    }

    pub(super) fn void_losses(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        let gone = || relied_upon(original, "it was paid or written off since");
        match original {
            UnitEvent::InvoiceDoubtful { invoice, gross, net, released, .. } => {
                let invoice = self.known_invoice(*invoice);
                let untouched = |found: &&Doubtful| found.gross == gross.balance() && found.net == *net;
                invoice.debt.doubtful.as_ref().filter(untouched).ok_or_else(gone)?;
                if invoice.debt.granted != Balance::ZERO {
                    return Err(relied_upon(original, "the fund advanced upon the invoice"));
                }
                invoice.debt.doubtful = None;
                invoice.released = invoice.released - *released;
                Ok(())
            }
            // All of it was excess: it left no mark on the debt, which may be doubtful no more.
            UnitEvent::InvoiceRecovered { settled: Balance::ZERO, .. } => Ok(()),
            UnitEvent::InvoiceRecovered { invoice, settled, net, to_fund, to_pool, .. } => {
                let doubtful = self.doubtful(*invoice);
                // What was written off can no longer be shared with what would be doubtful again.
                if doubtful.net != doubtful.from_fund + doubtful.from_pool {
                    return Err(gone());
                }
                doubtful.gross = doubtful.gross + *settled;
                doubtful.net = doubtful.net + *net;
                doubtful.from_fund = doubtful.from_fund + *to_fund;
                doubtful.from_pool = doubtful.from_pool + *to_pool;
                Ok(())
            }
            UnitEvent::InvoiceWrittenOff { invoice, net, vat_recoverable, .. } => {
                let doubtful = self.doubtful(*invoice);
                doubtful.gross = doubtful.gross + *net + *vat_recoverable;
                doubtful.net = doubtful.net + *net;
                Ok(())
            }
            _ => unreachable!("only events of losses come here"),
        }
    }

    fn doubtful(&mut self, id: InvoiceId) -> &mut Doubtful {
        self.known_invoice(id).debt.doubtful.as_mut().expect("events name debts that are doubtful")
    }
}

impl Doubtful {
    /// What a payment settles, and what of it goes back to who bore the loss; the last one takes the
    /// remainder.
    pub(super) fn paid(
        &self,
        invoice: InvoiceId,
        client: ClientId,
        payment: PaymentId,
        received: Amount,
        evidence: Evidence,
    ) -> UnitEvent {
        let settled = received.balance().min(self.gross);
        let net = part(self.net, settled, self.gross);
        let to_fund = part(self.from_fund, net, self.net).max(net - self.from_pool).max(Balance::ZERO);
        UnitEvent::InvoiceRecovered {
            invoice,
            payment,
            client,
            received,
            settled,
            excess: received.balance() - settled,
            net,
            to_fund,
            to_pool: net - to_fund,
            evidence,
        }
    }
}

impl Invoice {
    pub(super) fn require_not_doubtful(&self, id: InvoiceId) -> Result<(), UnitRefusal> {
        match &self.debt.doubtful {
            None => Ok(()),
            Some(found) => Err(UnitRefusal::DebtIsDoubtful { invoice: id, doubtful: found.gross }),
        }
    }

    /// The net part of what is open of the invoice itself, and the unit's share in it.
    pub(super) fn open_net(&self, principal: Balance) -> (Balance, Balance) {
        let gross = self.gross.balance() - self.credited.gross;
        let net = self.net.balance() - self.credited.net;
        let of_unit = net - (self.contribution - self.credited.contribution);
        (part(net, principal, gross), part(of_unit, principal, gross))
    }
}

/// The share `part / whole` of a balance, half up; nothing of nothing.
fn part(balance: Balance, part: Balance, whole: Balance) -> Balance {
    match (Amount::try_from(part), Amount::try_from(whole)) {
        (Ok(part), Ok(whole)) => balance.share(part, whole),
        _ => Balance::ZERO,
    }
}
