//! Deposits: what a client pays before the work, and how the invoice for the work takes it in.
//!
//! A deposit is invoiced with its VAT, which is due at once; it is a debt to the client and no turnover,
//! so neither the unit nor the pool has a share of it yet. The invoice for the work charges the whole
//! and deducts the deposits that were paid: what they settle of it releases the unit's share as any
//! payment does. A deposit for work that is not done is credited.
//! Left out: the repayment of a deposit that was paid and then credited, and doubtful deposits.
//! Source: WBTW art. 17 and 22bis \[R\]; DOMAIN F2 (deposit invoice), F3 (deposit.invoiced).

use super::debts::Debt;
use super::event::UnitEvent;
use super::invoicing::{course_of, due_on, totals};
use super::{
    CreditDraft, Credited, Invoice, InvoiceDraft, Purpose, Unit, UnitRefusal, relied_upon, wrong_state,
};
use crate::correction::CorrectionRefused;
use crate::ids::InvoiceId;
use crate::money::{Amount, Balance};
use crate::stream::{Facts, Stream};
use crate::text::DocumentNumber;
use crate::vat::{VatCategory, VatLine};

impl Unit {
    /// Decides a deposit invoice that bears the given number.
    pub fn invoice_deposit(
        &self,
        draft: &InvoiceDraft,
        number: DocumentNumber,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let (vat, net, gross) = self.charged(draft, facts)?;
        let course = course_of(draft, &vat, facts)?;
        Ok(UnitEvent::DepositInvoiced {
            invoice: draft.invoice,
            number,
            holder: draft.holder,
            client: draft.client,
            order: draft.order,
            course,
            vat,
            net,
            gross,
            due_on: due_on(facts)?,
            evidence: draft.evidence,
        })
    }

    /// Decides an invoice for work that deducts the deposits paid for it.
    pub fn issue_final_invoice(
        &self,
        draft: &InvoiceDraft,
        deposits: &[InvoiceId],
        number: DocumentNumber,
        facts: &Facts<Self>,
    ) -> Result<Vec<UnitEvent>, UnitRefusal> {
        if deposits.is_empty() {
            return Err(UnitRefusal::NoDeposits);
        }
        let issued = self.issue_invoice(draft, number, facts)?;
        let mut after = self.clone();
        after.evolve(&issued);
        let mut events = vec![issued];
        let mut deducted: Vec<VatLine> = Vec::new();
        for deposit in deposits {
            let event = after.deduct_deposit(*deposit, draft.invoice, number, &mut deducted)?;
            after.evolve(&event);
            events.push(event);
        }
        Ok(events)
    }

    /// Decides what a paid deposit settles of the invoice for the work; adds it to what was deducted.
    fn deduct_deposit(
        &self,
        id: InvoiceId,
        of: InvoiceId,
        number: DocumentNumber,
        deducted: &mut Vec<VatLine>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let (deposit, invoice) = (self.standing_deposit(id)?, self.invoice(of)?);
        if deposit.client != invoice.client {
            return Err(wrong_state("deposit", id, "of another client", "of the client invoiced"));
        }
        let vat = deposit.left();
        if vat.is_empty() {
            return Err(wrong_state("deposit", id, "credited", "not credited in full"));
        }
        let open = deposit.open_principal();
        if open > Balance::ZERO {
            return Err(UnitRefusal::DepositNotPaid { deposit: id, open });
        }
        deducted.extend(&vat);
        for line in &vat {
            let (base, tax) = sums(deducted, line.category);
            let (base_invoiced, tax_invoiced) = sums(&invoice.vat, line.category);
            for (deducted, invoiced) in [(base, base_invoiced), (tax, tax_invoiced)] {
                if deducted > invoiced {
                    let category = line.category;
                    return Err(UnitRefusal::DepositsTooHigh { category, deducted, invoiced });
                }
            }
        }
        let (net, gross) = totals(&vat)?;
        // Nothing was advanced upon an invoice that is just being issued.
        let (_, released) = invoice.recovered_and_released(gross.balance());
        let client = deposit.client;
        Ok(UnitEvent::DepositDeducted { deposit: id, invoice: of, number, client, vat, net, gross, released })
    }

    /// Decides a credit note on a deposit.
    pub(super) fn credit_deposit(
        &self,
        draft: &CreditDraft,
        number: DocumentNumber,
    ) -> Result<UnitEvent, UnitRefusal> {
        let deposit = self.standing_deposit(draft.invoice)?;
        let vat = deposit.vat_to_credit(&draft.lines)?;
        let (net, gross) = totals(&vat)?;
        Ok(UnitEvent::DepositCredited {
            invoice: draft.invoice,
            credit_note: draft.credit_note,
            number,
            client: deposit.client,
            vat,
            net,
            gross,
            reason: draft.reason,
            evidence: draft.evidence,
        })
    }

    fn standing_deposit(&self, id: InvoiceId) -> Result<&Invoice, UnitRefusal> {
        let found = self.invoice(id)?;
        match found.purpose {
            Purpose::Deposit => Ok(found),
            Purpose::Work => Err(wrong_state("invoice", id, "for work", "a deposit")),
            Purpose::DeductedDeposit => {
                Err(wrong_state("deposit", id, "deducted", "not deducted; credit the invoice for the work"))
            }
        }
    }

    pub(super) fn evolve_deposits(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::DepositInvoiced { invoice, client, order, vat, net, gross, due_on, .. } => {
                self.answer_order(*order);
                let deposit = Invoice {
                    purpose: Purpose::Deposit,
                    client: *client,
                    vat: vat.clone(),
                    net: *net,
                    gross: *gross,
                    contribution: Balance::ZERO,
                    unit_share: Balance::ZERO,
                    spendable: true,
                    due_on: *due_on,
                    credited: Credited::default(),
                    settled: Balance::ZERO,
                    released: Balance::ZERO,
                    debt: Debt::default(),
                };
                self.invoices.insert(*invoice, deposit);
            }
            UnitEvent::DepositDeducted { deposit, invoice, gross, released, .. } => {
                self.known_invoice(*deposit).purpose = Purpose::DeductedDeposit;
                let invoice = self.known_invoice(*invoice);
                invoice.settled = invoice.settled + gross.balance();
                invoice.released = invoice.released + *released;
            }
            UnitEvent::DepositCredited { invoice, vat, net, gross, .. } => {
                self.known_invoice(*invoice).credit(vat, *net, *gross);
            }
            _ => unreachable!("only events of deposits come here"),
        }
    }

    pub(super) fn void_deposits(&self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        Err(relied_upon(
            original,
            match original {
                UnitEvent::DepositDeducted { .. } => "it came with the invoice for the work; credit that",
                _ => "its number is spent and the client has it; issue a credit note or a new invoice",
            },
        ))
    }
}

impl Invoice {
    /// Refuses what only an invoice for work can bear.
    pub(super) fn require_for_work(&self, id: InvoiceId) -> Result<(), UnitRefusal> {
        match self.purpose {
            Purpose::Work => Ok(()),
            Purpose::Deposit | Purpose::DeductedDeposit => {
                Err(wrong_state("invoice", id, "a deposit", "for work done; credit the deposit instead"))
            }
        }
    }

    /// What no credit note took back, by category.
    fn left(&self) -> Vec<VatLine> {
        let left = self.vat.iter().filter_map(|line| {
            let (base, tax) = sums(&self.credited.by_category, line.category);
            let base = Amount::try_from(line.base.balance() - base).ok()?;
            Some(VatLine { base, tax: line.tax - tax, ..*line })
        });
        left.collect()
    }
}

/// Base and tax of a category over several lines.
fn sums(lines: &[VatLine], category: VatCategory) -> (Balance, Balance) {
    let of_category = lines.iter().filter(|line| line.category == category);
    of_category.fold((Balance::ZERO, Balance::ZERO), |(base, tax), line| {
        (base + line.base.balance(), tax + line.tax)
    })
}
