//! How the entity's own doings are booked: overheads, staff, assets, taxes, accruals, vouchers.
//!
//! All of it is paid out of what the members share: every charge here is borne by the mutual pool, and
//! every income here belongs to it, but for what members' work costs beside wages and contributions,
//! which the margin kept on the wages bears. Buying an asset or paying a debt leaves the result alone, so the
//! budget ledger does not hear of it.
//! Source: DOMAIN F2 (overhead purchase, staff pay, depreciation, tax, bank fee; year-end premium,
//! accident, medical).

use domain::money::Balance;
use domain::structure::{
    AssetKind, Bill, BookableAccount, BookedMovement, CostKind, StructureEvent, TaxKind,
};

use super::{Draft, UnknownRule, correction, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Journal, Posting};

table_of_rules!(StructureEvent {
    PurchaseRecorded = "purchase.recorded" @ 1,
    PersonnelCostRecorded = "personnel_cost.recorded" @ 1,
    PurchasePaid = "purchase.paid" @ 1,
    PurchaseCredited = "purchase.credited" @ 1,
    StaffPayRecorded = "staff_pay.recorded" @ 1,
    StaffPayPaid = "staff_pay.paid" @ 1,
    AssetAcquired = "asset.acquired" @ 1,
    AssetDepreciated = "asset.depreciated" @ 1,
    AssetDisposed = "asset.disposed" @ 1,
    BankFeeCharged = "bank_fee.charged" @ 1,
    TaxAssessed = "tax.assessed" @ 1,
    TaxPaid = "tax.paid" @ 1,
    AccrualRecorded = "accrual.recorded" @ 1,
    AccrualReversed = "accrual.reversed" @ 1,
    VoucherBooked = "voucher.booked" @ 1,
    OpeningBalanceBooked = "opening_balance.booked" @ 1,
    Corrected = "structure.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &StructureEvent) -> Result<Posting, UnknownRule> {
    use StructureEvent as E;
    let (pool, result) = (Account::Pool, Account::ProfitAndLoss);
    Ok(match (event, revision) {
        // The cost is net and the VAT that cannot be recovered; the pool bears it.
        (E::PurchaseRecorded { supplier, kind, bill, evidence, .. }, 1) => {
            Draft::new(Journal::Purchases, Some(evidence.document), 3)
                .book(charge(*kind), Account::Suppliers.of(*supplier), bill.cost())
                .book(Account::VatOnPurchases, Account::Suppliers.of(*supplier), bill.vat_recoverable)
                .book(pool, result, bill.cost())
                .done()
        }
        // Insurance, premium and medical service are owed to whoever provides them. The margin kept on
        // the wages was meant for them; the pool has no part in it.
        (E::PersonnelCostRecorded { supplier, bill, evidence, .. }, 1) => {
            Draft::new(Journal::Purchases, Some(evidence.document), 3)
                .book(Account::MembersPersonnelCosts, Account::Suppliers.of(*supplier), bill.cost())
                .book(Account::VatOnPurchases, Account::Suppliers.of(*supplier), bill.vat_recoverable)
                .book(Account::Margin, result, bill.cost())
                .done()
        }
        // What is owed is paid.
        (E::PurchasePaid { supplier, amount, evidence, .. }, 1) => {
            Draft::new(Journal::Bank, Some(evidence.document), 1)
                .book(Account::Suppliers.of(*supplier), Account::Banks, *amount)
                .done()
        }
        // A supplier's credit note takes the cost back; its VAT goes back to the State (grid 63).
        (E::PurchaseCredited { supplier, kind, bill, evidence, .. }, 1) => {
            let Bill { vat_recoverable, .. } = *bill;
            Draft::new(Journal::Purchases, Some(evidence.document), 3)
                .book(Account::Suppliers.of(*supplier), charge(*kind), bill.cost())
                .book(Account::Suppliers.of(*supplier), Account::VatOnCreditsReceived, vat_recoverable)
                .book(result, pool, bill.cost())
                .done()
        }

        // Gross pay is owed in three parts, and the employer's contributions come on top. The payroll
        // office states them for all support staff together, so no person is named.
        (E::StaffPayRecorded { gross, employer, employee, withholding, net, evidence, .. }, 1) => {
            Draft::new(Journal::Payroll, Some(evidence.document), 5)
                .book(Account::EmployeePay, Account::Remuneration, *net)
                .book(Account::EmployeePay, Account::WithholdingTax, *withholding)
                .book(Account::EmployeePay, Account::Nsso, *employee)
                .book(Account::EmployerContributions, Account::Nsso, *employer)
                .book(pool, result, gross.balance() + *employer)
                .done()
        }
        (E::StaffPayPaid { net, evidence, .. }, 1) => Draft::new(Journal::Bank, Some(evidence.document), 1)
            .book(Account::Remuneration, Account::Banks, *net)
            .done(),

        // What serves for years is no cost of the day on which it is bought.
        (E::AssetAcquired { supplier, kind, bill, evidence, .. }, 1) => {
            Draft::new(Journal::Purchases, Some(evidence.document), 2)
                .book(asset(*kind), Account::Suppliers.of(*supplier), bill.cost())
                .book(Account::VatOnPurchases, Account::Suppliers.of(*supplier), bill.vat_recoverable)
                .done()
        }
        // Each month of use bears its share of it.
        (E::AssetDepreciated { kind, amount, .. }, 1) => Draft::new(Journal::Miscellaneous, None, 2)
            .book(Account::Depreciation, depreciated(*kind), *amount)
            .book(pool, result, *amount)
            .done(),
        // The asset leaves at its cost, with what was depreciated of it. What it fetched beyond the rest
        // is a gain of the pool; what it fetched short of it, a loss.
        (E::AssetDisposed { kind, cost, depreciated: so_far, proceeds, vat, evidence, .. }, 1) => {
            let book_value = cost.balance() - *so_far;
            let gain = *proceeds - book_value;
            let (gain, loss) =
                if gain.is_negative() { (Balance::ZERO, -gain) } else { (gain, Balance::ZERO) };
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 7)
                .book(depreciated(*kind), asset(*kind), *so_far)
                .book(Account::Banks, asset(*kind), *proceeds - gain)
                .book(Account::Banks, Account::GainOnAssets, gain)
                .book(Account::LossOnAssets, asset(*kind), loss)
                .book(Account::Banks, Account::VatOnSales, *vat)
                .book(result, pool, gain)
                .book(pool, result, loss)
                .done()
        }

        (E::BankFeeCharged { amount, evidence }, 1) => Draft::new(Journal::Bank, Some(evidence.document), 2)
            .book(Account::BankFees, Account::Banks, *amount)
            .book(pool, result, *amount)
            .done(),
        (E::TaxAssessed { kind, amount, evidence, .. }, 1) => {
            let tax = match kind {
                TaxKind::Result => Account::IncomeTax,
                TaxKind::Business => Account::BusinessTaxes,
            };
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 2)
                .book(tax, Account::EstimatedTaxes, *amount)
                .book(pool, result, *amount)
                .done()
        }
        (E::TaxPaid { amount, evidence, .. }, 1) => Draft::new(Journal::Bank, Some(evidence.document), 1)
            .book(Account::EstimatedTaxes, Account::Banks, *amount)
            .done(),

        // The year bears what it used, though the invoice has not come.
        (E::AccrualRecorded { kind, amount, evidence, .. }, 1) => {
            Draft::new(Journal::Miscellaneous, Some(evidence.document), 2)
                .book(charge(*kind), Account::AccruedCharges, *amount)
                .book(pool, result, *amount)
                .done()
        }
        (E::AccrualReversed { kind, amount, .. }, 1) => Draft::new(Journal::Miscellaneous, None, 2)
            .book(Account::AccruedCharges, charge(*kind), *amount)
            .book(result, pool, *amount)
            .done(),

        // As the voucher says; what it adds to the result is the pool's. An opening balance names no
        // account of the result.
        (
            E::VoucherBooked { movements, evidence, .. } | E::OpeningBalanceBooked { movements, evidence },
            1,
        ) => {
            let n = movements.len();
            let draft = Draft::new(Journal::Miscellaneous, Some(evidence.document), 2 * n);
            let draft = movements.iter().fold(draft, |draft, BookedMovement { debit, credit, amount }| {
                draft.book(account(*debit), account(*credit), *amount)
            });
            let budget = |draft: Draft, BookedMovement { debit, credit, amount }: &BookedMovement| {
                draft.book_if(account(*debit).makes_result(), pool, result, *amount).book_if(
                    account(*credit).makes_result(),
                    result,
                    pool,
                    *amount,
                )
            };
            movements.iter().fold(draft, budget).done()
        }

        (E::Corrected(corrected), 1) => return correction(corrected, 1, post),
        (_, 0 | 2..) => return unknown(event, revision),
    })
}

/// The charge account of a kind of overheads.
fn charge(kind: CostKind) -> Account {
    match kind {
        CostKind::Rent => Account::Rent,
        CostKind::OfficeSupplies => Account::OfficeSupplies,
        CostKind::Insurance => Account::OtherInsurance,
        CostKind::Telecom => Account::Telecom,
        CostKind::Services => Account::ServicesBought,
        CostKind::Other => Account::OtherOverheads,
    }
}

/// The account on which a kind of asset stands at its cost.
fn asset(kind: AssetKind) -> Account {
    match kind {
        AssetKind::Software => Account::Software,
        AssetKind::Machines => Account::Machines,
        AssetKind::Furniture => Account::Furniture,
        AssetKind::Vehicles => Account::Vehicles,
    }
}

/// The account on which stands what was depreciated of a kind of asset.
fn depreciated(kind: AssetKind) -> Account {
    match kind {
        AssetKind::Software => Account::SoftwareDepreciated,
        AssetKind::Machines => Account::MachinesDepreciated,
        AssetKind::Furniture => Account::FurnitureDepreciated,
        AssetKind::Vehicles => Account::VehiclesDepreciated,
    }
}

/// The account of the chart that a voucher names.
fn account(named: BookableAccount) -> Account {
    Account::from_code(named.code()).expect("every account that vouchers may name stands in the chart")
}
