//! What the entity itself does: overheads, support staff, assets, taxes, accruals, vouchers.
//!
//! One stream per fiscal year, so that a stream stays small. A thing begins in the stream of its year
//! and stays there: what was bought in December is paid in January by an event of December's stream.
//! The cost of all this is borne by the mutual pool; only what members' work costs beside wages and
//! contributions, such as insurance of work accidents, is borne by the margin kept on their wages.
//! Left out: charges within the group, which need a group of logs; refunds by suppliers.
//!
//! ```text
//! event.rs     what can have happened          purchases.rs  overheads, staff pay, taxes, accruals
//! command.rs   what may be asked, and refused  assets.rs     bought, depreciated, disposed of
//! mod.rs       state, decide, fold, void       vouchers.rs   vouchers and opening balances
//! accounts.rs  what a voucher may name
//! ```
//!
//! Source: DOMAIN E26, F2 (overhead purchase, staff pay, depreciation, tax, bank fee; year-end premium,
//! accident, medical), F3.

mod accounts;
mod assets;
mod command;
mod event;
mod purchases;
mod vouchers;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use accounts::{AccountCode, BookableAccount};
pub use command::{AskedMovement, StructureCommand, StructureRefusal};
pub use event::{AssetKind, Bill, BookedMovement, CostKind, PersonnelCostKind, StructureEvent, TaxKind};

use crate::correction::{Correction, CorrectionRefused, decide_correction, evolve_correction};
use crate::dates::{Month, Year};
use crate::envelope::StreamId;
use crate::ids::{AccrualId, AssetId, PurchaseId, StaffPayId, SupplierId, TaxId};
use crate::money::{Amount, Balance, CENTS_MAX};
use crate::stream::{Facts, Stream, StreamEvent};

/// What began in a year.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    opened: bool,
    purchases: BTreeMap<PurchaseId, Purchase>,
    staff_pays: BTreeMap<StaffPayId, StaffPay>,
    assets: BTreeMap<AssetId, Asset>,
    taxes: BTreeMap<TaxId, Tax>,
    accruals: BTreeMap<AccrualId, Accrual>,
}

/// What a supplier charged, and what is left of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Purchase {
    supplier: SupplierId,
    bought: Bought,
    cost_left: Balance,
    vat_left: Balance,
    credits: u32,
    open: Balance,
    paid: Balance,
}

/// What a supplier charged for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Bought {
    Overheads(CostKind),
    PersonnelCost,
    Asset,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StaffPay {
    net: Amount,
    paid: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Asset {
    kind: AssetKind,
    cost: Amount,
    life_months: u32,
    /// The month that is depreciated next.
    next: Month,
    months: u32,
    depreciated: Balance,
    disposed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tax {
    amount: Amount,
    paid: Balance,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Accrual {
    kind: CostKind,
    amount: Amount,
    reversed: bool,
}

impl Stream for Structure {
    const TYPE: &'static str = "structure";
    const STATE_VERSION: u16 = 2;
    type Id = Year;
    type Command = StructureCommand;
    type Event = StructureEvent;
    type Refusal = StructureRefusal;
    type Known = ();

    fn stream_id(year: Year) -> StreamId {
        StreamId::Structure(year)
    }

    fn decide(
        &self,
        year: Year,
        command: &StructureCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<StructureEvent>, StructureRefusal> {
        use StructureCommand as C;
        let event = match command {
            C::Correct(correct) => return decide_correction(self, year, correct, facts),

            // What begins, begins in its year.
            C::RecordPurchase { purchase, supplier, kind, bill, evidence } => {
                begins_in(year, facts)?;
                bill_adds_up(bill)?;
                StructureEvent::PurchaseRecorded {
                    purchase: *purchase,
                    supplier: *supplier,
                    kind: *kind,
                    bill: *bill,
                    evidence: *evidence,
                }
            }
            C::RecordPersonnelCost { purchase, supplier, kind, bill, evidence } => {
                begins_in(year, facts)?;
                bill_adds_up(bill)?;
                StructureEvent::PersonnelCostRecorded {
                    purchase: *purchase,
                    supplier: *supplier,
                    kind: *kind,
                    bill: *bill,
                    evidence: *evidence,
                }
            }
            C::RecordStaffPay { pay, month, gross, employer, employee, withholding, net, evidence } => {
                begins_in(year, facts)?;
                purchases::staff_pay_adds_up(*gross, [*employer, *employee, *withholding], *net)?;
                StructureEvent::StaffPayRecorded {
                    pay: *pay,
                    month: *month,
                    gross: *gross,
                    employer: *employer,
                    employee: *employee,
                    withholding: *withholding,
                    net: *net,
                    evidence: *evidence,
                }
            }
            C::AcquireAsset { asset, purchase, supplier, kind, bill, life_months, in_use_from, evidence } => {
                begins_in(year, facts)?;
                bill_adds_up(bill)?;
                assets::life_is_possible(*life_months, bill.cost())?;
                StructureEvent::AssetAcquired {
                    asset: *asset,
                    purchase: *purchase,
                    supplier: *supplier,
                    kind: *kind,
                    bill: *bill,
                    life_months: *life_months,
                    in_use_from: *in_use_from,
                    evidence: *evidence,
                }
            }
            C::ChargeBankFee { amount, evidence } => {
                begins_in(year, facts)?;
                StructureEvent::BankFeeCharged { amount: *amount, evidence: *evidence }
            }
            C::AssessTax { tax, kind, amount, evidence } => {
                begins_in(year, facts)?;
                StructureEvent::TaxAssessed { tax: *tax, kind: *kind, amount: *amount, evidence: *evidence }
            }
            C::RecordAccrual { accrual, kind, amount, evidence } => {
                begins_in(year, facts)?;
                StructureEvent::AccrualRecorded {
                    accrual: *accrual,
                    kind: *kind,
                    amount: *amount,
                    evidence: *evidence,
                }
            }
            C::BookVoucher { voucher, movements, evidence } => {
                begins_in(year, facts)?;
                let movements = vouchers::movements_of_voucher(movements)?;
                StructureEvent::VoucherBooked { voucher: *voucher, movements, evidence: *evidence }
            }
            C::BookOpeningBalance { movements, evidence } => {
                self.may_open(year, facts)?;
                let movements = vouchers::movements_of_opening(movements)?;
                StructureEvent::OpeningBalanceBooked { movements, evidence: *evidence }
            }

            // What follows from it may come later.
            C::PayPurchase { purchase, amount, evidence } => {
                self.pay_purchase(*purchase, *amount, *evidence)?
            }
            C::CreditPurchase { purchase, bill, evidence } => {
                self.credit_purchase(*purchase, *bill, *evidence)?
            }
            C::PayStaff { pay, evidence } => self.pay_staff(*pay, *evidence)?,
            C::DepreciateAsset { asset, month } => self.depreciate(*asset, *month, facts)?,
            C::DisposeAsset { asset, proceeds, vat, evidence } => {
                self.dispose(*asset, (*proceeds, *vat), *evidence)?
            }
            C::PayTax { tax, amount, evidence } => self.pay_tax(*tax, *amount, *evidence)?,
            C::ReverseAccrual { accrual } => self.reverse_accrual(*accrual)?,
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &StructureEvent) {
        use StructureEvent as E;
        match event {
            E::PurchaseRecorded { .. }
            | E::PersonnelCostRecorded { .. }
            | E::PurchasePaid { .. }
            | E::PurchaseCredited { .. }
            | E::StaffPayRecorded { .. }
            | E::StaffPayPaid { .. }
            | E::TaxAssessed { .. }
            | E::TaxPaid { .. }
            | E::AccrualRecorded { .. }
            | E::AccrualReversed { .. } => self.evolve_purchases(event),
            E::AssetAcquired { .. } | E::AssetDepreciated { .. } | E::AssetDisposed { .. } => {
                self.evolve_assets(event)
            }
            E::OpeningBalanceBooked { .. } => self.opened = true,
            E::BankFeeCharged { .. } | E::VoucherBooked { .. } => {}
            E::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &StructureEvent) -> Result<(), CorrectionRefused> {
        use StructureEvent as E;
        if !self.stands(original) {
            return Err(relied_upon(original, "it was taken back before"));
        }
        match original {
            E::PurchaseRecorded { .. }
            | E::PersonnelCostRecorded { .. }
            | E::PurchasePaid { .. }
            | E::PurchaseCredited { .. }
            | E::StaffPayRecorded { .. }
            | E::StaffPayPaid { .. }
            | E::TaxAssessed { .. }
            | E::TaxPaid { .. }
            | E::AccrualRecorded { .. }
            | E::AccrualReversed { .. } => self.void_purchases(original),
            E::AssetAcquired { .. } | E::AssetDepreciated { .. } | E::AssetDisposed { .. } => {
                self.void_assets(original)
            }
            E::OpeningBalanceBooked { .. } => {
                self.opened = false;
                Ok(())
            }
            E::BankFeeCharged { .. } | E::VoucherBooked { .. } => Ok(()),
            E::Corrected(correction) => Err(CorrectionRefused::AlreadyVoid { position: correction.position }),
        }
    }

    fn corrected(correction: Correction<StructureEvent>) -> StructureEvent {
        StructureEvent::Corrected(correction)
    }
}

impl Structure {
    /// Whether what an event did is still there to be taken back.
    fn stands(&self, event: &StructureEvent) -> bool {
        use StructureEvent as E;
        match event {
            E::PurchaseRecorded { purchase, .. } | E::PersonnelCostRecorded { purchase, .. } => {
                self.purchases.contains_key(purchase)
            }
            E::PurchasePaid { purchase, amount, .. } => {
                self.purchases.get(purchase).is_some_and(|found| found.paid >= amount.balance())
            }
            E::PurchaseCredited { purchase, .. } => {
                self.purchases.get(purchase).is_some_and(|found| found.credits > 0)
            }
            E::StaffPayRecorded { pay, .. } => self.staff_pays.contains_key(pay),
            E::StaffPayPaid { pay, .. } => self.staff_pays.get(pay).is_some_and(|found| found.paid),
            E::AssetAcquired { asset, .. } => self.assets.contains_key(asset),
            E::AssetDepreciated { asset, .. } => self.assets.get(asset).is_some_and(|found| found.months > 0),
            E::AssetDisposed { asset, .. } => self.assets.get(asset).is_some_and(|found| found.disposed),
            E::TaxAssessed { tax, .. } => self.taxes.contains_key(tax),
            E::TaxPaid { tax, amount, .. } => {
                self.taxes.get(tax).is_some_and(|found| found.paid >= amount.balance())
            }
            E::AccrualRecorded { accrual, .. } => self.accruals.contains_key(accrual),
            E::AccrualReversed { accrual, .. } => {
                self.accruals.get(accrual).is_some_and(|found| found.reversed)
            }
            E::OpeningBalanceBooked { .. } => self.opened,
            E::BankFeeCharged { .. } | E::VoucherBooked { .. } | E::Corrected(_) => true,
        }
    }
}

/// A thing begins on a day of its year; what replaces a wrong event was begun by that event.
fn begins_in(year: Year, facts: &Facts<Structure>) -> Result<(), StructureRefusal> {
    let effective_on = facts.effective_on;
    if effective_on.year() == year || facts.original.is_some() {
        return Ok(());
    }
    Err(StructureRefusal::WrongYear { year, effective_on })
}

fn bill_adds_up(bill: &Bill) -> Result<(), StructureRefusal> {
    not_negative("recoverable VAT", bill.vat_recoverable)?;
    not_negative("VAT not recoverable", bill.vat_not_recoverable)?;
    fits_a_document(bill.owed())
}

fn not_negative(what: &'static str, found: Balance) -> Result<(), StructureRefusal> {
    if found.is_negative() {
        return Err(StructureRefusal::NegativePart { what, found });
    }
    Ok(())
}

fn fits_a_document(total: Balance) -> Result<(), StructureRefusal> {
    let max = Balance::from_cents(CENTS_MAX);
    if total > max {
        return Err(StructureRefusal::TotalTooLarge { total, max });
    }
    Ok(())
}

fn unknown(what: &'static str, id: impl fmt::Display) -> StructureRefusal {
    StructureRefusal::Unknown { what, id: id.to_string() }
}

fn wrong_state(what: &'static str, id: impl fmt::Display, found: &'static str) -> StructureRefusal {
    StructureRefusal::WrongState { what, id: id.to_string(), found }
}

fn relied_upon(original: &StructureEvent, because: &'static str) -> CorrectionRefused {
    CorrectionRefused::ReliedUpon { kind: original.kind().name, because }
}
