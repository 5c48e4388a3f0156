//! The entity's own part of the random cooperative: overheads, staff, assets, taxes, returns.
//!
//! Returns are filed quarter after quarter, each for all that is due by then; the sums kept here are
//! naive, so that what a return declares is compared with what the accounts hold.

use std::collections::BTreeMap;

use domain::filing::{Due, Filing, FilingCommand, FilingKind, FilingKnown, Period};
use domain::ids::*;
use domain::money::{Amount, Balance};
use domain::structure::{
    AskedMovement, AssetKind, Bill, CostKind, PersonnelCostKind, Structure, StructureCommand, StructureEvent,
    TaxKind,
};
use domain::{FilingId, Month, Rounding, Year};
use uuid::Uuid;

use crate::common::{day, evidence, rate};

pub const YEAR: Year = Year::new(2025);
pub const N_KINDS: u8 = 12;

/// What was ever named, and what became due.
#[derive(Default)]
pub struct Entity {
    pub structure: Structure,
    purchases: Vec<PurchaseId>,
    staff_pays: Vec<StaffPayId>,
    assets: Vec<(AssetId, Month)>,
    taxes: Vec<TaxId>,
    accruals: Vec<AccrualId>,
    pub filings: BTreeMap<FilingId, Filing>,
    /// All that entries of other streams made due, less what returns declared.
    pub due: Due,
}

fn latest<T: Copy>(things: &[T], pick: usize) -> Option<T> {
    let recent = &things[things.len().saturating_sub(4)..];
    (!recent.is_empty()).then(|| recent[pick % recent.len()])
}

pub fn bill(net: Amount, size: u32) -> Bill {
    let vat = net.times(rate("0.21"), Rounding::HalfUp);
    let none = Balance::ZERO;
    let (vat_recoverable, vat_not_recoverable) =
        if size.is_multiple_of(3) { (none, vat) } else { (vat, none) };
    Bill { net, vat_recoverable, vat_not_recoverable }
}

pub fn staff_pay(pay: StaffPayId, gross: Amount) -> Option<StructureCommand> {
    let part = |text| gross.times(rate(text), Rounding::HalfUp);
    let (employee, withholding, employer) = (part("0.1307"), part("0.0966"), part("0.25"));
    let net = Amount::try_from(gross.balance() - employee - withholding).ok()?;
    let (month, evidence) = (day("2025-03-01").month(), evidence("LON-1"));
    Some(StructureCommand::RecordStaffPay {
        pay,
        month,
        gross,
        employer,
        employee,
        withholding,
        net,
        evidence,
    })
}

impl Entity {
    /// The command of a step, where something is there that it can name.
    pub fn command(
        &mut self,
        kind: u8,
        new: Uuid,
        pick: usize,
        (some, size): (Amount, u32),
    ) -> Option<StructureCommand> {
        use StructureCommand as C;
        let evidence = evidence("DIV-1");
        let supplier = SupplierId::new(Uuid::from_u128(5));
        Some(match kind {
            0 => {
                let purchase = PurchaseId::new(new);
                self.purchases.push(purchase);
                let kinds = [CostKind::Rent, CostKind::Services, CostKind::Other];
                let kind = kinds[size as usize % 3];
                let bill = bill(some, size);
                if size.is_multiple_of(4) {
                    let kind = PersonnelCostKind::YearEndPremium;
                    return Some(C::RecordPersonnelCost { purchase, supplier, kind, bill, evidence });
                }
                C::RecordPurchase { purchase, supplier, kind, bill, evidence }
            }
            1 => C::PayPurchase { purchase: latest(&self.purchases, pick)?, amount: some, evidence },
            2 => {
                // The half of what a purchase may have been, so that some are credited twice.
                let net = Amount::from_cents((some.cents() / 2).max(1)).unwrap();
                let purchase = latest(&self.purchases, pick)?;
                C::CreditPurchase { purchase, bill: bill(net, size), evidence }
            }
            3 if size.is_multiple_of(2) => {
                let pay = StaffPayId::new(new);
                self.staff_pays.push(pay);
                staff_pay(pay, some)?
            }
            3 => C::PayStaff { pay: latest(&self.staff_pays, pick)?, evidence },
            4 => {
                let (asset, purchase) = (AssetId::new(new), PurchaseId::new(new));
                let in_use_from = day("2025-03-01").month();
                self.assets.push((asset, in_use_from));
                self.purchases.push(purchase);
                let (kind, bill, life_months) = (AssetKind::Machines, bill(some, size), 1 + size % 5);
                C::AcquireAsset { asset, purchase, supplier, kind, bill, life_months, in_use_from, evidence }
            }
            5 | 6 => {
                let recent = self.assets.len().saturating_sub(4);
                let (asset, next) = self.assets[recent..].get_mut(pick % 4)?;
                let month = *next;
                *next = next.next();
                C::DepreciateAsset { asset: *asset, month }
            }
            7 => {
                let (asset, _) = latest(&self.assets, pick)?;
                let proceeds = if size.is_multiple_of(4) { Balance::ZERO } else { some.balance() };
                let vat = proceeds.times(rate("0.21"), Rounding::HalfUp);
                C::DisposeAsset { asset, proceeds, vat, evidence }
            }
            8 if size.is_multiple_of(2) => C::ChargeBankFee { amount: some, evidence },
            8 if pick.is_multiple_of(5) => {
                let (debit, credit) = ("550".parse().unwrap(), "133".parse().unwrap());
                let movements = vec![AskedMovement { debit, credit, amount: some }];
                C::BookOpeningBalance { movements, evidence }
            }
            8 => {
                let voucher = VoucherId::new(new);
                let pairs = [("6500", "179"), ("15", "753"), ("58", "570"), ("6203", "6204")];
                let (debit, credit) = pairs[pick % 4];
                let (debit, credit) = (debit.parse().unwrap(), credit.parse().unwrap());
                let movement = AskedMovement { debit, credit, amount: some };
                C::BookVoucher { voucher, movements: vec![movement; 1 + pick % 2], evidence }
            }
            9 if size.is_multiple_of(2) => {
                let tax = TaxId::new(new);
                self.taxes.push(tax);
                C::AssessTax { tax, kind: TaxKind::Result, amount: some, evidence }
            }
            9 => C::PayTax { tax: latest(&self.taxes, pick)?, amount: some, evidence },
            _ if size.is_multiple_of(2) => {
                let accrual = AccrualId::new(new);
                self.accruals.push(accrual);
                C::RecordAccrual { accrual, kind: CostKind::Services, amount: some, evidence }
            }
            _ => C::ReverseAccrual { accrual: latest(&self.accruals, pick)? },
        })
    }

    /// The next return of a kind, or a payment on the one filed last.
    pub fn filing(&self, pick: usize, some: Amount, size: u32) -> (FilingId, FilingCommand) {
        let kinds = [FilingKind::Vat, FilingKind::Dmfa, FilingKind::Withholding];
        let kind = kinds[pick % 3];
        let filed = self.filings.keys().filter(|id| id.kind() == kind).max_by_key(|id| id.last_day());
        let evidence = evidence("OFFICE-1");
        match filed {
            Some(last) if !size.is_multiple_of(3) => (*last, FilingCommand::Pay { amount: some, evidence }),
            last => {
                // All that happens here happens before the end of September 2025.
                let n = self.filings.keys().filter(|id| id.kind() == kind).count();
                let n = if last.is_some() { n } else { 0 };
                let (year, quarter) = (2025 + (n + 2) / 4, (n + 2) % 4 + 1);
                let year = Year::new(u16::try_from(year).unwrap());
                let period = Period::Quarter(year, u8::try_from(quarter).unwrap());
                (FilingId::try_new(kind, period).unwrap(), FilingCommand::File { receipt: evidence })
            }
        }
    }

    pub fn known(&self, id: FilingId) -> FilingKnown {
        let later = |other: &&FilingId| other.kind() == id.kind() && other.last_day() > id.last_day();
        FilingKnown { due: self.due, later: self.filings.keys().find(later).copied() }
    }
}

/// The command that would have been right instead of the one that led to an event.
pub fn replacement(event: &StructureEvent, instead: Amount, size: u32) -> Option<StructureCommand> {
    let evidence = evidence("RIGHT-3");
    match event {
        StructureEvent::PurchaseRecorded { purchase, supplier, kind, .. } => {
            let (purchase, supplier, kind, bill) = (*purchase, *supplier, *kind, bill(instead, size));
            Some(StructureCommand::RecordPurchase { purchase, supplier, kind, bill, evidence })
        }
        StructureEvent::PurchasePaid { purchase, .. } => {
            Some(StructureCommand::PayPurchase { purchase: *purchase, amount: instead, evidence })
        }
        StructureEvent::StaffPayRecorded { pay, .. } => staff_pay(*pay, instead),
        StructureEvent::BankFeeCharged { .. } => {
            Some(StructureCommand::ChargeBankFee { amount: instead, evidence })
        }
        _ => None,
    }
}
