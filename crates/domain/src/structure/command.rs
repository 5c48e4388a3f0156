//! What may be asked of the structure, and which rules can say no.

use serde::{Deserialize, Serialize};

use super::accounts::AccountCode;
use super::event::{AssetKind, Bill, CostKind, PersonnelCostKind, TaxKind};
use crate::correction::{Correct, CorrectionRefused};
use crate::dates::{Day, Month, Year};
use crate::evidence::Evidence;
use crate::ids::{AccrualId, AssetId, PurchaseId, StaffPayId, SupplierId, TaxId, VoucherId};
use crate::kinds::refusal_codes;
use crate::money::{Amount, Balance};
use crate::stream::YearNotOpen;

/// A movement that a voucher asks for: one debit, one credit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskedMovement {
    /// What is to be debited.
    pub debit: AccountCode,
    /// What is to be credited.
    pub credit: AccountCode,
    /// How much.
    pub amount: Amount,
}

/// What may be asked of the structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum StructureCommand {
    /// Record a supplier's invoice for overheads.
    RecordPurchase {
        purchase: PurchaseId,
        supplier: SupplierId,
        kind: CostKind,
        bill: Bill,
        evidence: Evidence,
    },
    /// Record what an insurer, fund or service charges for the members' work.
    RecordPersonnelCost {
        purchase: PurchaseId,
        supplier: SupplierId,
        kind: PersonnelCostKind,
        bill: Bill,
        evidence: Evidence,
    },
    /// Pay a supplier, in whole or in part.
    PayPurchase { purchase: PurchaseId, amount: Amount, evidence: Evidence },
    /// Record a supplier's credit note.
    CreditPurchase { purchase: PurchaseId, bill: Bill, evidence: Evidence },
    /// Record the pay of the support staff for a month.
    RecordStaffPay {
        pay: StaffPayId,
        month: Month,
        gross: Amount,
        employer: Balance,
        employee: Balance,
        withholding: Balance,
        net: Amount,
        evidence: Evidence,
    },
    /// Pay the net pay of the support staff.
    PayStaff { pay: StaffPayId, evidence: Evidence },
    /// Buy a thing that serves for more than a year; it is paid as the purchase it names.
    AcquireAsset {
        asset: AssetId,
        purchase: PurchaseId,
        supplier: SupplierId,
        kind: AssetKind,
        bill: Bill,
        life_months: u32,
        in_use_from: Month,
        evidence: Evidence,
    },
    /// Depreciate it for a month.
    DepreciateAsset { asset: AssetId, month: Month },
    /// Sell it, or scrap it for nothing.
    DisposeAsset { asset: AssetId, proceeds: Balance, vat: Balance, evidence: Evidence },
    /// Record a fee of the bank.
    ChargeBankFee { amount: Amount, evidence: Evidence },
    /// Record that a tax is owed.
    AssessTax { tax: TaxId, kind: TaxKind, amount: Amount, evidence: Evidence },
    /// Pay a tax, in whole or in part.
    PayTax { tax: TaxId, amount: Amount, evidence: Evidence },
    /// Charge a cost whose invoice has not come.
    RecordAccrual { accrual: AccrualId, kind: CostKind, amount: Amount, evidence: Evidence },
    /// Take such a cost back.
    ReverseAccrual { accrual: AccrualId },
    /// Book what has no event of its own.
    BookVoucher { voucher: VoucherId, movements: Vec<AskedMovement>, evidence: Evidence },
    /// Book what the balance sheet held before the first day of the year.
    BookOpeningBalance { movements: Vec<AskedMovement>, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<StructureCommand>),
}

/// Which rules of the structure can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum StructureRefusal {
    /// A thing begins in the stream of its year; what follows from it may come later.
    #[error("the structure of {year} does not begin anything on {effective_on}")]
    WrongYear { year: Year, effective_on: Day },
    /// What a command names must exist in this stream.
    #[error("no {what} {id} is known in the structure of this year")]
    Unknown { what: &'static str, id: String },
    /// What a command names must be at the stage it needs.
    #[error("{what} {id} is {found} already")]
    WrongState { what: &'static str, id: String, found: &'static str },
    /// A part of a document is nothing or more.
    #[error("{what} of {found} is below 0.00")]
    NegativePart { what: &'static str, found: Balance },
    /// One document carries so much at most.
    #[error("a total of {total} is more than the {max} that one document may carry")]
    TotalTooLarge { total: Balance, max: Balance },
    /// Nobody is paid more than is owed.
    #[error("{asked} is more than the {open} still owed")]
    PaysTooMuch { open: Balance, asked: Amount },
    /// A credit note gives back what was charged and not yet given back.
    #[error("a credit of {asked} is more than the {left} of {what} left to credit")]
    CreditsTooMuch { what: &'static str, left: Balance, asked: Balance },
    /// An asset's price changes by disposal or correction only.
    #[error("purchase {purchase} is an asset's; correct or dispose of the asset instead")]
    CreditOfAsset { purchase: PurchaseId },
    /// What members' work costs was borne by the margin, so no credit note gives it back to the pool.
    #[error("purchase {purchase} is a cost of the members' work; correct it instead")]
    CreditOfPersonnelCost { purchase: PurchaseId },
    /// Gross less deductions is net, exactly. Source: DOMAIN E26.
    #[error("{gross} gross less {deductions} is {expected}, not a net pay of {net}")]
    NetDoesNotAddUp { gross: Amount, deductions: Balance, expected: Balance, net: Amount },
    /// A useful life is at least a month, and each of its months bears a cent at least.
    #[error("a useful life of {life_months} months is outside 1 to {max} for a cost of {cost}")]
    LifeOutOfRange { life_months: u32, max: u32, cost: Balance },
    /// Months are depreciated in order, each once.
    #[error("the next month to depreciate is {expected}, not {asked}")]
    OtherMonth { expected: Month, asked: Month },
    /// A month bears its cost once it has begun.
    #[error("{month} has not begun on {effective_on}")]
    MonthNotBegun { month: Month, effective_on: Day },
    /// Nothing is left to depreciate.
    #[error("asset {asset} is depreciated in full: {cost}")]
    FullyDepreciated { asset: AssetId, cost: Amount },
    /// A voucher moves something.
    #[error("a voucher needs one movement at least")]
    NoMovements,
    /// A voucher names accounts of its list only; others are moved by events of their own.
    #[error("account {account} is reserved to events of its own; no {paper} may name it")]
    ReservedAccount { account: AccountCode, paper: &'static str },
    /// An account is not moved against itself.
    #[error("account {account} cannot be debited and credited in one movement")]
    SameAccount { account: AccountCode },
    /// A year opens its balance once.
    #[error("the opening balance of {year} was booked already")]
    AlreadyOpened { year: Year },
    /// An opening balance takes effect on the first day.
    #[error("an opening balance of {year} takes effect on {first_day}, not on {effective_on}")]
    NotFirstDay { year: Year, first_day: Day, effective_on: Day },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(StructureRefusal {
    WrongYear = "structure.wrong_year",
    Unknown = "structure.unknown",
    WrongState = "structure.wrong_state",
    NegativePart = "structure.negative_part",
    TotalTooLarge = "structure.total_too_large",
    PaysTooMuch = "structure.pays_too_much",
    CreditsTooMuch = "structure.credits_too_much",
    CreditOfAsset = "structure.credit_of_asset",
    CreditOfPersonnelCost = "structure.credit_of_personnel_cost",
    NetDoesNotAddUp = "structure.net_does_not_add_up",
    LifeOutOfRange = "structure.life_out_of_range",
    OtherMonth = "structure.other_month",
    MonthNotBegun = "structure.month_not_begun",
    FullyDepreciated = "structure.fully_depreciated",
    NoMovements = "structure.no_movements",
    ReservedAccount = "structure.reserved_account",
    SameAccount = "structure.same_account",
    AlreadyOpened = "structure.already_opened",
    NotFirstDay = "structure.not_first_day",
});
