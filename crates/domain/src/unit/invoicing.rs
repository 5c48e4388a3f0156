//! Invoices, credit notes and payments: how a unit's budget fills, and empties again.
//!
//! The contribution is rated once per invoice, half up, at the rate of its day; the unit has the
//! rest. Credit notes give back in the same proportion, and the last one takes the remainder, so
//! that nothing is left over. What a unit no longer has to give back is borne by the guarantee fund.
//! Whatever closes an invoice, a payment or a credit note, releases what of it is still pending.
//! Source: DOMAIN E28, F2 (invoice.issued, credit note, invoice.paid), F5 1–4.

use super::debts::Debt;
use super::event::UnitEvent;
use super::{
    CreditDraft, CreditLine, Credited, Invoice, InvoiceDraft, InvoiceLine, Purpose, Unit, UnitRefusal,
    document_total, relied_upon, unknown,
};
use crate::correction::CorrectionRefused;
use crate::dates::Day;
use crate::evidence::Evidence;
use crate::ids::{CourseId, InvoiceId, PaymentId};
use crate::money::{Amount, Balance, Rounding};
use crate::parameters::Parameter;
use crate::stream::Facts;
use crate::text::DocumentNumber;
use crate::vat::{Price, VatCategory, VatLine, net_of, tax_on};

impl Unit {
    /// Decides an invoice that bears the given number.
    pub fn issue_invoice(
        &self,
        draft: &InvoiceDraft,
        number: DocumentNumber,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let (vat, net, gross) = self.charged(draft, facts)?;
        let (day, parameters) = (facts.effective_on, &facts.parameters);
        let course = course_of(draft, &vat, facts)?;
        let contribution_rate = parameters.rate(Parameter::ContributionRate, day)?;
        let contribution = net.times(contribution_rate, Rounding::HalfUp);
        Ok(UnitEvent::InvoiceIssued {
            invoice: draft.invoice,
            number,
            holder: draft.holder,
            client: draft.client,
            order: draft.order,
            course,
            vat,
            net,
            gross,
            contribution_rate,
            contribution,
            unit_share: net.balance() - contribution,
            spendable: parameters.choice(Parameter::BudgetSpendableOn, day)?.as_str() == "issue",
            due_on: due_on(facts)?,
            evidence: draft.evidence,
        })
    }

    /// What an invoice charges, for work or for a deposit: VAT by category, net and gross.
    pub(super) fn charged(
        &self,
        draft: &InvoiceDraft,
        facts: &Facts<Self>,
    ) -> Result<(Vec<VatLine>, Amount, Amount), UnitRefusal> {
        facts.require_open_year()?;
        self.require_open()?;
        self.require_holder(draft.holder)?;
        if let Some(order) = draft.order {
            self.require_open_order(order)?;
        }
        let vat = vat_of(&draft.lines, facts)?;
        let (net, gross) = totals(&vat)?;
        Ok((vat, net, gross))
    }

    /// Decides a credit note that bears the given number.
    pub fn credit_invoice(
        &self,
        draft: &CreditDraft,
        number: DocumentNumber,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        facts.require_open_year()?;
        self.require_open()?;
        let invoice = self.invoice(draft.invoice)?;
        if invoice.purpose != Purpose::Work {
            return self.credit_deposit(draft, number);
        }
        invoice.require_not_doubtful(draft.invoice)?;
        invoice.require_nothing_advanced(draft.invoice)?;
        let vat = invoice.vat_to_credit(&draft.lines)?;
        let (net, gross) = totals(&vat)?;
        let contribution = invoice.contribution_to_credit(net);
        let of_unit = net.balance() - contribution;
        let from_pending = of_unit.min(invoice.pending());
        let from_available = (of_unit - from_pending).min(facts.known.available).max(Balance::ZERO);
        // Nobody pays any more on an invoice that this closes, so nothing else could release the rest.
        let closes = invoice.open_principal() <= gross.balance();
        let released = if closes { invoice.pending() - from_pending } else { Balance::ZERO };
        Ok(UnitEvent::InvoiceCredited {
            invoice: draft.invoice,
            credit_note: draft.credit_note,
            number,
            client: invoice.client,
            vat,
            net,
            gross,
            contribution,
            from_pending,
            from_available,
            from_fund: of_unit - from_pending - from_available,
            released,
            reason: draft.reason,
            evidence: draft.evidence,
        })
    }

    pub(super) fn receive_payment(
        &self,
        id: InvoiceId,
        payment: PaymentId,
        received: Amount,
        evidence: Evidence,
    ) -> Result<Vec<UnitEvent>, UnitRefusal> {
        let invoice = self.invoice(id)?;
        if let Some(doubtful) = &invoice.debt.doubtful {
            return Ok(vec![doubtful.paid(id, invoice.client, payment, received, evidence)]);
        }
        let open = invoice.open().max(Balance::ZERO);
        let settled = received.balance().min(open);
        let (recovered, released) = invoice.recovered_and_released(settled);
        let paid = UnitEvent::InvoicePaid {
            invoice: id,
            payment,
            client: invoice.client,
            received,
            settled,
            excess: received.balance() - settled,
            released,
            evidence,
        };
        let recovered = Amount::try_from(recovered).ok();
        let recovered = recovered.map(|amount| UnitEvent::AdvanceRecovered { invoice: id, payment, amount });
        Ok(std::iter::once(paid).chain(recovered).collect())
    }

    pub(super) fn invoice(&self, id: InvoiceId) -> Result<&Invoice, UnitRefusal> {
        self.invoices.get(&id).ok_or_else(|| unknown("invoice", id))
    }

    pub(super) fn evolve_invoicing(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::InvoiceIssued {
                invoice,
                client,
                order,
                vat,
                net,
                gross,
                contribution,
                unit_share,
                spendable,
                due_on,
                ..
            } => {
                self.answer_order(*order);
                self.invoices.insert(
                    *invoice,
                    Invoice {
                        purpose: Purpose::Work,
                        client: *client,
                        vat: vat.clone(),
                        net: *net,
                        gross: *gross,
                        contribution: *contribution,
                        unit_share: *unit_share,
                        spendable: *spendable,
                        due_on: *due_on,
                        credited: Credited::default(),
                        settled: Balance::ZERO,
                        released: Balance::ZERO,
                        debt: Debt::default(),
                    },
                );
            }
            UnitEvent::InvoiceCredited {
                invoice,
                vat,
                net,
                gross,
                contribution,
                from_pending,
                released,
                ..
            } => {
                let invoice = self.known_invoice(*invoice);
                invoice.released = invoice.released + *released;
                invoice.credit(vat, *net, *gross);
                let credited = &mut invoice.credited;
                credited.contribution = credited.contribution + *contribution;
                credited.from_pending = credited.from_pending + *from_pending;
            }
            UnitEvent::InvoicePaid { invoice, settled, released, .. } => {
                let invoice = self.known_invoice(*invoice);
                invoice.settled = invoice.settled + *settled;
                invoice.released = invoice.released + *released;
            }
            _ => unreachable!("only events of invoicing come here"),
        }
    }

    pub(super) fn known_invoice(&mut self, id: InvoiceId) -> &mut Invoice {
        self.invoices.get_mut(&id).expect("events name invoices that were issued")
    }

    pub(super) fn void_invoicing(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        match original {
            UnitEvent::InvoiceIssued { .. } | UnitEvent::InvoiceCredited { .. } => Err(relied_upon(
                original,
                "its number is spent and the client has it; issue a credit note or a new invoice",
            )),
            UnitEvent::InvoicePaid { invoice, settled, released, .. } => {
                let gone = || {
                    relied_upon(
                        original,
                        "the invoice was credited, paid on, advanced upon, deducted or doubtful since",
                    )
                };
                let invoice = self.invoices.get_mut(invoice).ok_or_else(gone)?;
                let relied = invoice.debt.doubtful.is_some()
                    || invoice.debt.granted != Balance::ZERO
                    || invoice.purpose == Purpose::DeductedDeposit;
                if relied || invoice.settled < *settled || invoice.released < *released {
                    return Err(gone());
                }
                invoice.settled = invoice.settled - *settled;
                invoice.released = invoice.released - *released;
                // Nothing could release what a credit note has settled already.
                if invoice.pending() > Balance::ZERO && invoice.open_principal() <= Balance::ZERO {
                    return Err(gone());
                }
                Ok(())
            }
            _ => unreachable!("only events of invoicing come here"),
        }
    }
}

impl Invoice {
    /// What the client still owes of the invoice itself.
    pub(super) fn open_principal(&self) -> Balance {
        self.gross.balance() - self.credited.gross - self.settled
    }

    /// What the client still owes, with the indemnity, and is not written off.
    pub(super) fn open(&self) -> Balance {
        match &self.debt.doubtful {
            Some(doubtful) => doubtful.gross,
            None => self.open_principal() + self.debt.indemnity,
        }
    }

    /// What of an advance a payment recovers, and what it releases.
    ///
    /// What pays the rest of the invoice releases what is left, so that no cent stays behind; what is
    /// owed beside the invoice is paid after it. What was advanced is recovered first: the unit has it
    /// already.
    pub(super) fn recovered_and_released(&self, settled: Balance) -> (Balance, Balance) {
        match Amount::try_from(settled) {
            Err(_) => (Balance::ZERO, Balance::ZERO),
            Ok(_) if settled >= self.open_principal() => (self.debt.advanced, self.pending()),
            Ok(part) => {
                let of_unit = self.unit_share.share(part, self.gross);
                let recovered = self.to_recover(of_unit, settled);
                (recovered, (of_unit - recovered).max(Balance::ZERO).min(self.pending()))
            }
        }
    }

    /// The VAT lines of a credit note.
    pub(super) fn vat_to_credit(&self, lines: &[CreditLine]) -> Result<Vec<VatLine>, UnitRefusal> {
        let mut vat: Vec<VatLine> = Vec::with_capacity(1);
        for line in lines {
            let of_invoice = self.vat.iter().find(|found| found.category == line.vat);
            let of_invoice = of_invoice.ok_or_else(|| {
                let left = Balance::ZERO;
                UnitRefusal::CreditsTooMuch { category: line.vat, asked: line.net.balance(), left }
            })?;
            match vat.iter_mut().find(|found| found.category == line.vat) {
                Some(found) => found.base = found.base + line.net,
                None => vat.push(VatLine { base: line.net, tax: Balance::ZERO, ..*of_invoice }),
            }
        }
        for line in &mut vat {
            line.tax = self.tax_to_credit(line.category, line.base)?;
        }
        Ok(vat)
    }

    /// Takes what a credit note gives back.
    pub(super) fn credit(&mut self, vat: &[VatLine], net: Amount, gross: Amount) {
        let credited = &mut self.credited;
        for line in vat {
            match credited.by_category.iter_mut().find(|found| found.category == line.category) {
                Some(found) => {
                    found.base = found.base + line.base;
                    found.tax = found.tax + line.tax;
                }
                None => credited.by_category.push(*line),
            }
        }
        credited.net = credited.net + net.balance();
        credited.gross = credited.gross + gross.balance();
    }

    /// What of the unit's share is not yet spendable.
    pub(super) fn pending(&self) -> Balance {
        if self.spendable {
            return Balance::ZERO;
        }
        self.unit_share - self.released - self.credited.from_pending
    }

    /// The contribution that goes with a net amount given back; the last part takes the remainder.
    ///
    /// Half up, but never so little or so much that a later part would have to give back more
    /// contribution than net, or less than nothing.
    fn contribution_to_credit(&self, net: Amount) -> Balance {
        let left = self.contribution - self.credited.contribution;
        let net_left_after = self.net.balance() - self.credited.net - net.balance();
        self.contribution.share(net, self.net).min(left).max(left - net_left_after)
    }

    /// The tax that goes with a net amount given back; the last part takes the remainder.
    fn tax_to_credit(&self, category: VatCategory, net: Amount) -> Result<Balance, UnitRefusal> {
        let sums = |lines: &[VatLine]| {
            let found = lines.iter().find(|line| line.category == category);
            found.map_or((Balance::ZERO, Balance::ZERO), |line| (line.base.balance(), line.tax))
        };
        let ((base, tax), (base_before, tax_before)) = (sums(&self.vat), sums(&self.credited.by_category));
        let left = base - base_before;
        let asked = net.balance();
        match asked.cmp(&left) {
            std::cmp::Ordering::Greater => Err(UnitRefusal::CreditsTooMuch { category, asked, left }),
            std::cmp::Ordering::Equal => Ok(tax - tax_before),
            std::cmp::Ordering::Less => {
                let whole = Amount::try_from(base).expect("an invoiced category is above zero");
                Ok(tax.share(net, whole).min(tax - tax_before))
            }
        }
    }
}

/// The VAT lines of a document that charges something, one per category.
pub(super) fn vat_of(lines: &[InvoiceLine], facts: &Facts<Unit>) -> Result<Vec<VatLine>, UnitRefusal> {
    let mut vat: Vec<VatLine> = Vec::with_capacity(1);
    for line in lines {
        let rate = line.vat.rate(&facts.parameters, facts.effective_on)?;
        if let (VatCategory::Exempt, Price::Inclusive(asked)) = (line.vat, line.price) {
            return Err(UnitRefusal::VatOnExempt { asked });
        }
        let net = net_of(line.price, rate)?;
        match vat.iter_mut().find(|found| found.category == line.vat) {
            Some(found) => found.base = found.base + net,
            None => vat.push(VatLine { category: line.vat, rate, base: net, tax: Balance::ZERO }),
        }
    }
    for line in &mut vat {
        line.tax = tax_on(line.base, line.rate);
    }
    Ok(vat)
}

/// The course that the exempt part of a document is; none when nothing of it is exempt.
///
/// Source: WBTW art. 44 §2 4°; DOMAIN E30, F3. \[R\]
pub(super) fn course_of(
    draft: &InvoiceDraft,
    vat: &[VatLine],
    facts: &Facts<Unit>,
) -> Result<Option<CourseId>, UnitRefusal> {
    let exempt = vat.iter().find(|line| line.category == VatCategory::Exempt);
    match (exempt, draft.course) {
        (None, None) => Ok(None),
        (None, Some(course)) => Err(UnitRefusal::CourseWithoutTraining { course }),
        (Some(line), None) => Err(UnitRefusal::NoCourse { exempt: line.base }),
        (Some(_), Some(course)) => {
            let on = facts.effective_on;
            match facts.known.course.unwrap_or_default().unfit_on(on) {
                Some(found) => Err(UnitRefusal::CourseNotValid { course, found, on }),
                None => Ok(Some(course)),
            }
        }
    }
}

/// The last day on which a document issued today may be paid.
pub(super) fn due_on(facts: &Facts<Unit>) -> Result<Day, UnitRefusal> {
    let term = facts.parameters.count(Parameter::InvoiceTermDays, facts.effective_on)?;
    Ok(facts.effective_on.plus_days(i32::try_from(term).expect("terms are short")))
}

/// Net and gross total of a document's VAT lines; refused when it has no line or bears too much.
pub(super) fn totals(vat: &[VatLine]) -> Result<(Amount, Amount), UnitRefusal> {
    let net: Balance = vat.iter().map(|line| line.base.balance()).sum();
    let tax: Balance = vat.iter().map(|line| line.tax).sum();
    if vat.is_empty() {
        return Err(UnitRefusal::NoLines);
    }
    Ok((document_total(net)?, document_total(net + tax)?))
}
