//! What the entity itself can have done.
//!
//! Every amount that was split when deciding stands in the event: the month's depreciation, the book
//! value at disposal, what a reversal takes back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::accounts::BookableAccount;
use crate::correction::{Correction, claims_of_correction};
use crate::dates::Month;
use crate::envelope::{Claim, Claimed, Kind};
use crate::evidence::Evidence;
use crate::ids::{AccrualId, AssetId, PurchaseId, StaffPayId, SupplierId, TaxId, VoucherId};
use crate::kinds::kinds;
use crate::money::{Amount, Balance};
use crate::stream::StreamEvent;

/// What an overhead purchase is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CostKind {
    /// Rent of offices.
    Rent,
    /// Office supplies.
    OfficeSupplies,
    /// Insurance, other than of work accidents.
    Insurance,
    /// Internet and telephone.
    Telecom,
    /// Services, works and studies.
    Services,
    /// Anything else.
    Other,
}

/// Which cost of the members' work the employer bears beside wages and contributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PersonnelCostKind {
    /// Insurance of work accidents.
    WorkAccidents,
    /// The premium at the end of the year, with its contributions.
    YearEndPremium,
    /// The external service for prevention and its medical examinations.
    MedicalService,
}

/// What kind of thing is depreciated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    /// Software.
    Software,
    /// Machines and installations.
    Machines,
    /// Furniture and office equipment.
    Furniture,
    /// Vehicles.
    Vehicles,
}

/// Which tax is assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaxKind {
    /// On the result of the year.
    Result,
    /// On carrying on a business.
    Business,
}

/// What a supplier charges or gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// Without VAT.
    pub net: Amount,
    /// VAT that the State gives back.
    pub vat_recoverable: Balance,
    /// VAT that it does not: part of the cost.
    pub vat_not_recoverable: Balance,
}

/// A movement of a voucher: one debit, one credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BookedMovement {
    /// What is debited.
    pub debit: BookableAccount,
    /// What is credited.
    pub credit: BookableAccount,
    /// How much.
    pub amount: Amount,
}

/// What the entity itself can have done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum StructureEvent {
    /// A supplier's invoice for overheads was recorded.
    #[serde(rename = "purchase.recorded")]
    PurchaseRecorded {
        purchase: PurchaseId,
        supplier: SupplierId,
        kind: CostKind,
        bill: Bill,
        evidence: Evidence,
    },
    /// What an insurer, fund or service charges for the members' work was recorded.
    #[serde(rename = "personnel_cost.recorded")]
    PersonnelCostRecorded {
        purchase: PurchaseId,
        supplier: SupplierId,
        kind: PersonnelCostKind,
        bill: Bill,
        evidence: Evidence,
    },
    /// A supplier was paid, in whole or in part.
    #[serde(rename = "purchase.paid")]
    PurchasePaid { purchase: PurchaseId, supplier: SupplierId, amount: Amount, evidence: Evidence },
    /// A supplier's credit note was recorded.
    #[serde(rename = "purchase.credited")]
    PurchaseCredited {
        purchase: PurchaseId,
        supplier: SupplierId,
        kind: CostKind,
        bill: Bill,
        evidence: Evidence,
    },
    /// The pay of the support staff for a month was recorded, as the payroll office states it.
    #[serde(rename = "staff_pay.recorded")]
    StaffPayRecorded {
        pay: StaffPayId,
        month: Month,
        gross: Amount,
        employer: Balance,
        employee: Balance,
        withholding: Balance,
        net: Amount,
        evidence: Evidence,
    },
    /// The net pay of the support staff was paid.
    #[serde(rename = "staff_pay.paid")]
    StaffPayPaid { pay: StaffPayId, net: Amount, evidence: Evidence },
    /// A thing was bought that serves for more than a year.
    #[serde(rename = "asset.acquired")]
    AssetAcquired {
        asset: AssetId,
        purchase: PurchaseId,
        supplier: SupplierId,
        kind: AssetKind,
        bill: Bill,
        life_months: u32,
        in_use_from: Month,
        evidence: Evidence,
    },
    /// A month of its useful life went by.
    #[serde(rename = "asset.depreciated")]
    AssetDepreciated { asset: AssetId, kind: AssetKind, month: Month, amount: Amount },
    /// It was sold or scrapped.
    #[serde(rename = "asset.disposed")]
    AssetDisposed {
        asset: AssetId,
        kind: AssetKind,
        cost: Amount,
        depreciated: Balance,
        proceeds: Balance,
        vat: Balance,
        evidence: Evidence,
    },
    /// The bank charged a fee.
    #[serde(rename = "bank_fee.charged")]
    BankFeeCharged { amount: Amount, evidence: Evidence },
    /// A tax is owed.
    #[serde(rename = "tax.assessed")]
    TaxAssessed { tax: TaxId, kind: TaxKind, amount: Amount, evidence: Evidence },
    /// A tax was paid, in whole or in part.
    #[serde(rename = "tax.paid")]
    TaxPaid { tax: TaxId, amount: Amount, evidence: Evidence },
    /// A cost belongs to the year whose invoice has not come.
    #[serde(rename = "accrual.recorded")]
    AccrualRecorded { accrual: AccrualId, kind: CostKind, amount: Amount, evidence: Evidence },
    /// The invoice came, or never will.
    #[serde(rename = "accrual.reversed")]
    AccrualReversed { accrual: AccrualId, kind: CostKind, amount: Amount },
    /// What has no event of its own was booked.
    #[serde(rename = "voucher.booked")]
    VoucherBooked { voucher: VoucherId, movements: Vec<BookedMovement>, evidence: Evidence },
    /// What the balance sheet held before the first day of the year.
    #[serde(rename = "opening_balance.booked")]
    OpeningBalanceBooked { movements: Vec<BookedMovement>, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "structure.corrected")]
    Corrected(Correction<StructureEvent>),
}

kinds!(StructureEvent {
    PurchaseRecorded = "purchase.recorded" v 1,
    PersonnelCostRecorded = "personnel_cost.recorded" v 1,
    PurchasePaid = "purchase.paid" v 1,
    PurchaseCredited = "purchase.credited" v 1,
    StaffPayRecorded = "staff_pay.recorded" v 1,
    StaffPayPaid = "staff_pay.paid" v 1,
    AssetAcquired = "asset.acquired" v 1,
    AssetDepreciated = "asset.depreciated" v 1,
    AssetDisposed = "asset.disposed" v 1,
    BankFeeCharged = "bank_fee.charged" v 1,
    TaxAssessed = "tax.assessed" v 1,
    TaxPaid = "tax.paid" v 1,
    AccrualRecorded = "accrual.recorded" v 1,
    AccrualReversed = "accrual.reversed" v 1,
    VoucherBooked = "voucher.booked" v 1,
    OpeningBalanceBooked = "opening_balance.booked" v 1,
    Corrected = "structure.corrected" v 1,
});

impl Bill {
    /// What it costs: net and the VAT that nobody gives back.
    pub fn cost(&self) -> Balance {
        self.net.balance() + self.vat_not_recoverable
    }

    /// What is owed to the supplier.
    pub fn owed(&self) -> Balance {
        self.cost() + self.vat_recoverable
    }
}

impl StreamEvent for StructureEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        let of = |what, id: Uuid| Claim { what, key: *id.as_bytes() };
        // The same paper cannot be booked twice, be it a purchase here or an expense of a unit.
        let paper = |evidence: &Evidence| Claim::of_document(evidence);
        match self {
            Self::PurchaseRecorded { purchase, evidence, .. }
            | Self::PersonnelCostRecorded { purchase, evidence, .. } => {
                vec![of(Claimed::Purchase, purchase.uuid()), paper(evidence)]
            }
            Self::AssetAcquired { asset, purchase, evidence, .. } => vec![
                of(Claimed::Asset, asset.uuid()),
                of(Claimed::Purchase, purchase.uuid()),
                paper(evidence),
            ],
            Self::PurchaseCredited { evidence, .. } | Self::OpeningBalanceBooked { evidence, .. } => {
                vec![paper(evidence)]
            }
            Self::StaffPayRecorded { pay, evidence, .. } => {
                vec![of(Claimed::StaffPay, pay.uuid()), paper(evidence)]
            }
            Self::TaxAssessed { tax, evidence, .. } => {
                vec![of(Claimed::Tax, tax.uuid()), paper(evidence)]
            }
            Self::AccrualRecorded { accrual, .. } => vec![of(Claimed::Accrual, accrual.uuid())],
            Self::VoucherBooked { voucher, .. } => vec![of(Claimed::Voucher, voucher.uuid())],
            Self::Corrected(correction) => claims_of_correction(correction),
            // A bank statement is the paper of many payments and fees.
            Self::PurchasePaid { .. }
            | Self::StaffPayPaid { .. }
            | Self::AssetDepreciated { .. }
            | Self::AssetDisposed { .. }
            | Self::BankFeeCharged { .. }
            | Self::TaxPaid { .. }
            | Self::AccrualReversed { .. } => Vec::new(),
        }
    }
}
