//! Overheads, costs of members' work, the pay of the support staff, taxes and accruals: what is owed, and
//! that it is paid.
//!
//! Nobody is paid more than is owed, a wage adds up exactly, and an accrual is reversed once.
//! Source: DOMAIN E26, F2 (overhead purchase, staff pay, tax).

use super::{
    Accrual, Bill, Bought, Purchase, StaffPay, Structure, StructureEvent, StructureRefusal, Tax,
    bill_adds_up, fits_a_document, not_negative, relied_upon, unknown, wrong_state,
};
use crate::correction::CorrectionRefused;
use crate::evidence::Evidence;
use crate::ids::{AccrualId, PurchaseId, StaffPayId, SupplierId, TaxId};
use crate::money::{Amount, Balance};

/// Gross less what is withheld is net, to the cent; the parts are employer, employee, withholding.
///
/// The payroll office computes the pay; what it states is checked and not computed again.
pub(super) fn staff_pay_adds_up(
    gross: Amount,
    [employer, employee, withholding]: [Balance; 3],
    net: Amount,
) -> Result<(), StructureRefusal> {
    not_negative("employer's contributions", employer)?;
    not_negative("employee's contributions", employee)?;
    not_negative("withholding tax", withholding)?;
    let deductions = employee + withholding;
    let expected = gross.balance() - deductions;
    if expected != net.balance() {
        return Err(StructureRefusal::NetDoesNotAddUp { gross, deductions, expected, net });
    }
    fits_a_document(gross.balance() + employer)
}

impl Structure {
    pub(super) fn pay_purchase(
        &self,
        id: PurchaseId,
        amount: Amount,
        evidence: Evidence,
    ) -> Result<StructureEvent, StructureRefusal> {
        let purchase = self.purchases.get(&id).ok_or_else(|| unknown("purchase", id))?;
        pays_what_is_owed(purchase.open, amount)?;
        Ok(StructureEvent::PurchasePaid { purchase: id, supplier: purchase.supplier, amount, evidence })
    }

    pub(super) fn credit_purchase(
        &self,
        id: PurchaseId,
        bill: Bill,
        evidence: Evidence,
    ) -> Result<StructureEvent, StructureRefusal> {
        let purchase = self.purchases.get(&id).ok_or_else(|| unknown("purchase", id))?;
        let kind = match purchase.bought {
            Bought::Overheads(kind) => kind,
            Bought::PersonnelCost => return Err(StructureRefusal::CreditOfPersonnelCost { purchase: id }),
            Bought::Asset => return Err(StructureRefusal::CreditOfAsset { purchase: id }),
        };
        bill_adds_up(&bill)?;
        let parts = [
            ("cost", purchase.cost_left, bill.cost()),
            ("recoverable VAT", purchase.vat_left, bill.vat_recoverable),
        ];
        for (what, left, asked) in parts {
            if asked > left {
                return Err(StructureRefusal::CreditsTooMuch { what, left, asked });
            }
        }
        let supplier = purchase.supplier;
        Ok(StructureEvent::PurchaseCredited { purchase: id, supplier, kind, bill, evidence })
    }

    pub(super) fn pay_staff(
        &self,
        id: StaffPayId,
        evidence: Evidence,
    ) -> Result<StructureEvent, StructureRefusal> {
        let pay = self.staff_pays.get(&id).ok_or_else(|| unknown("staff pay", id))?;
        if pay.paid {
            return Err(wrong_state("staff pay", id, "paid"));
        }
        Ok(StructureEvent::StaffPayPaid { pay: id, net: pay.net, evidence })
    }

    pub(super) fn pay_tax(
        &self,
        id: TaxId,
        amount: Amount,
        evidence: Evidence,
    ) -> Result<StructureEvent, StructureRefusal> {
        let tax = self.taxes.get(&id).ok_or_else(|| unknown("tax", id))?;
        pays_what_is_owed(tax.amount.balance() - tax.paid, amount)?;
        Ok(StructureEvent::TaxPaid { tax: id, amount, evidence })
    }

    pub(super) fn reverse_accrual(&self, id: AccrualId) -> Result<StructureEvent, StructureRefusal> {
        let accrual = self.accruals.get(&id).ok_or_else(|| unknown("accrual", id))?;
        if accrual.reversed {
            return Err(wrong_state("accrual", id, "reversed"));
        }
        Ok(StructureEvent::AccrualReversed { accrual: id, kind: accrual.kind, amount: accrual.amount })
    }

    pub(super) fn evolve_purchases(&mut self, event: &StructureEvent) {
        use StructureEvent as E;
        match event {
            E::PurchaseRecorded { purchase, supplier, kind, bill, .. } => {
                self.purchases.insert(*purchase, Purchase::new(*supplier, Bought::Overheads(*kind), bill));
            }
            E::PersonnelCostRecorded { purchase, supplier, bill, .. } => {
                self.purchases.insert(*purchase, Purchase::new(*supplier, Bought::PersonnelCost, bill));
            }
            E::PurchasePaid { purchase, amount, .. } => self.purchase(*purchase).pay(amount.balance()),
            E::PurchaseCredited { purchase, bill, .. } => {
                let purchase = self.purchase(*purchase);
                purchase.credits += 1;
                purchase.credit(bill.cost(), bill.vat_recoverable);
            }
            E::StaffPayRecorded { pay, net, .. } => {
                self.staff_pays.insert(*pay, StaffPay { net: *net, paid: false });
            }
            E::StaffPayPaid { pay, .. } => self.staff_pay(*pay).paid = true,
            E::TaxAssessed { tax, amount, .. } => {
                self.taxes.insert(*tax, Tax { amount: *amount, paid: Balance::ZERO });
            }
            E::TaxPaid { tax, amount, .. } => {
                let tax = self.tax(*tax);
                tax.paid = tax.paid + amount.balance();
            }
            E::AccrualRecorded { accrual, kind, amount, .. } => {
                self.accruals.insert(*accrual, Accrual { kind: *kind, amount: *amount, reversed: false });
            }
            E::AccrualReversed { accrual, .. } => self.accrual(*accrual).reversed = true,
            _ => unreachable!("only what is owed comes here"),
        }
    }

    pub(super) fn void_purchases(&mut self, original: &StructureEvent) -> Result<(), CorrectionRefused> {
        use StructureEvent as E;
        let stands = |untouched: bool, because| match untouched {
            true => Ok(()),
            false => Err(relied_upon(original, because)),
        };
        match original {
            E::PurchaseRecorded { purchase, .. } | E::PersonnelCostRecorded { purchase, .. } => {
                let found = self.purchase(*purchase);
                stands(found.is_untouched(), "it was paid or credited since")?;
                self.purchases.remove(purchase);
            }
            E::PurchasePaid { purchase, amount, .. } => self.purchase(*purchase).pay(-amount.balance()),
            E::PurchaseCredited { purchase, bill, .. } => {
                let purchase = self.purchase(*purchase);
                purchase.credits -= 1;
                purchase.credit(-bill.cost(), -bill.vat_recoverable);
            }
            E::StaffPayRecorded { pay, .. } => {
                stands(!self.staff_pay(*pay).paid, "it was paid since")?;
                self.staff_pays.remove(pay);
            }
            E::StaffPayPaid { pay, .. } => self.staff_pay(*pay).paid = false,
            E::TaxAssessed { tax, .. } => {
                stands(self.tax(*tax).paid == Balance::ZERO, "it was paid since")?;
                self.taxes.remove(tax);
            }
            E::TaxPaid { tax, amount, .. } => {
                let tax = self.tax(*tax);
                tax.paid = tax.paid - amount.balance();
            }
            E::AccrualRecorded { accrual, .. } => {
                stands(!self.accrual(*accrual).reversed, "it was reversed since")?;
                self.accruals.remove(accrual);
            }
            E::AccrualReversed { accrual, .. } => self.accrual(*accrual).reversed = false,
            _ => unreachable!("only what is owed comes here"),
        }
        Ok(())
    }

    pub(super) fn purchase(&mut self, id: PurchaseId) -> &mut Purchase {
        self.purchases.get_mut(&id).expect("events name purchases that were recorded")
    }

    fn staff_pay(&mut self, id: StaffPayId) -> &mut StaffPay {
        self.staff_pays.get_mut(&id).expect("events name staff pays that were recorded")
    }

    fn tax(&mut self, id: TaxId) -> &mut Tax {
        self.taxes.get_mut(&id).expect("events name taxes that were assessed")
    }

    fn accrual(&mut self, id: AccrualId) -> &mut Accrual {
        self.accruals.get_mut(&id).expect("events name accruals that were recorded")
    }
}

impl Purchase {
    pub(super) fn new(supplier: SupplierId, bought: Bought, bill: &Bill) -> Self {
        Self {
            supplier,
            bought,
            cost_left: bill.cost(),
            vat_left: bill.vat_recoverable,
            credits: 0,
            open: bill.owed(),
            paid: Balance::ZERO,
        }
    }

    pub(super) fn is_untouched(&self) -> bool {
        self.credits == 0 && self.paid == Balance::ZERO
    }

    fn pay(&mut self, amount: Balance) {
        self.paid = self.paid + amount;
        self.open = self.open - amount;
    }

    fn credit(&mut self, cost: Balance, vat: Balance) {
        self.cost_left = self.cost_left - cost;
        self.vat_left = self.vat_left - vat;
        self.open = self.open - cost - vat;
    }
}

fn pays_what_is_owed(open: Balance, asked: Amount) -> Result<(), StructureRefusal> {
    if asked.balance() > open {
        return Err(StructureRefusal::PaysTooMuch { open, asked });
    }
    Ok(())
}
