//! Samples of what the entity itself does, and of what it files.

use domain::filing::{Direction, FilingEvent};
use domain::ids::{AccrualId, AssetId, PurchaseId, StaffPayId, SupplierId, TaxId, VoucherId};
use domain::structure::{
    AssetKind, Bill, BookableAccount, BookedMovement, CostKind, PersonnelCostKind, StructureEvent, TaxKind,
};
use domain::{FilingId, StreamId, Year};

use super::{ID, amount, balance, correction, day, evidence};

pub const SUPPLIER: SupplierId = SupplierId::new(ID);

pub fn in_structure() -> StreamId {
    StreamId::Structure(Year::new(2025))
}

pub fn in_filing() -> StreamId {
    StreamId::Filing("vat-2025-03".parse::<FilingId>().unwrap())
}

/// 100.00 net with 21.00 VAT, of which 10.00 comes back.
pub fn bill() -> Bill {
    Bill { net: amount("100.00"), vat_recoverable: balance("10.00"), vat_not_recoverable: balance("11.00") }
}

pub fn purchase_recorded(kind: CostKind) -> StructureEvent {
    let (purchase, evidence) = (PurchaseId::new(ID), evidence("AAN-1"));
    StructureEvent::PurchaseRecorded { purchase, supplier: SUPPLIER, kind, bill: bill(), evidence }
}

pub fn personnel_cost_recorded() -> StructureEvent {
    let (purchase, evidence) = (PurchaseId::new(ID), evidence("AAN-5"));
    let kind = PersonnelCostKind::WorkAccidents;
    StructureEvent::PersonnelCostRecorded { purchase, supplier: SUPPLIER, kind, bill: bill(), evidence }
}

pub fn purchase_credited() -> StructureEvent {
    let (purchase, kind, evidence) = (PurchaseId::new(ID), CostKind::Rent, evidence("AAN-2"));
    StructureEvent::PurchaseCredited { purchase, supplier: SUPPLIER, kind, bill: bill(), evidence }
}

pub fn staff_pay_recorded() -> StructureEvent {
    StructureEvent::StaffPayRecorded {
        pay: StaffPayId::new(ID),
        month: day("2025-03-03").month(),
        gross: amount("1000.00"),
        employer: balance("250.00"),
        employee: balance("130.70"),
        withholding: balance("96.58"),
        net: amount("772.72"),
        evidence: evidence("LON-9"),
    }
}

pub fn asset_acquired(kind: AssetKind) -> StructureEvent {
    StructureEvent::AssetAcquired {
        asset: AssetId::new(ID),
        purchase: PurchaseId::new(ID),
        supplier: SUPPLIER,
        kind,
        bill: bill(),
        life_months: 36,
        in_use_from: day("2025-03-03").month(),
        evidence: evidence("AAN-3"),
    }
}

pub fn asset_depreciated(kind: AssetKind) -> StructureEvent {
    let (asset, month) = (AssetId::new(ID), day("2025-03-03").month());
    StructureEvent::AssetDepreciated { asset, kind, month, amount: amount("3.08") }
}

/// An asset of 111.00, of which 71.00 is depreciated, sold for so much.
pub fn asset_disposed(proceeds: &str, vat: &str) -> StructureEvent {
    StructureEvent::AssetDisposed {
        asset: AssetId::new(ID),
        kind: AssetKind::Machines,
        cost: amount("111.00"),
        depreciated: balance("71.00"),
        proceeds: balance(proceeds),
        vat: balance(vat),
        evidence: evidence("DIV-1"),
    }
}

pub fn tax_assessed(kind: TaxKind) -> StructureEvent {
    StructureEvent::TaxAssessed {
        tax: TaxId::new(ID),
        kind,
        amount: amount("500.00"),
        evidence: evidence("AJ-1"),
    }
}

pub fn accrual_recorded() -> StructureEvent {
    let (accrual, kind) = (AccrualId::new(ID), CostKind::Services);
    StructureEvent::AccrualRecorded { accrual, kind, amount: amount("300.00"), evidence: evidence("DIV-2") }
}

pub fn voucher_booked(debit: BookableAccount, credit: BookableAccount) -> StructureEvent {
    let movements = vec![BookedMovement { debit, credit, amount: amount("12.00") }];
    StructureEvent::VoucherBooked { voucher: VoucherId::new(ID), movements, evidence: evidence("DIV-3") }
}

pub fn opening_balance_booked(debit: BookableAccount, credit: BookableAccount) -> StructureEvent {
    let movements = vec![BookedMovement { debit, credit, amount: amount("5000.00") }];
    StructureEvent::OpeningBalanceBooked { movements, evidence: evidence("DIV-4") }
}

/// At least one sample of every event of the structure.
pub fn of_structure() -> Vec<StructureEvent> {
    use BookableAccount as B;
    let paid = evidence("BNK-40");
    vec![
        purchase_recorded(CostKind::Rent),
        StructureEvent::PurchasePaid {
            purchase: PurchaseId::new(ID),
            supplier: SUPPLIER,
            amount: amount("121.00"),
            evidence: paid,
        },
        purchase_credited(),
        staff_pay_recorded(),
        StructureEvent::StaffPayPaid { pay: StaffPayId::new(ID), net: amount("772.72"), evidence: paid },
        asset_acquired(AssetKind::Machines),
        asset_depreciated(AssetKind::Machines),
        asset_disposed("50.00", "10.50"),
        asset_disposed("30.00", "0.00"),
        StructureEvent::BankFeeCharged { amount: amount("7.50"), evidence: paid },
        tax_assessed(TaxKind::Result),
        StructureEvent::TaxPaid { tax: TaxId::new(ID), amount: amount("100.00"), evidence: paid },
        accrual_recorded(),
        StructureEvent::AccrualReversed {
            accrual: AccrualId::new(ID),
            kind: CostKind::Services,
            amount: amount("300.00"),
        },
        voucher_booked(B::Interest, B::SundryDebtsLong),
        opening_balance_booked(B::Banks, B::AvailableReserves),
        StructureEvent::Corrected(correction(staff_pay_recorded(), None)),
        personnel_cost_recorded(),
    ]
}

pub fn vat_return_filed() -> FilingEvent {
    FilingEvent::VatReturnFiled {
        on_sales: balance("200.00"),
        on_credits_received: balance("10.00"),
        on_purchases: balance("30.00"),
        on_lost_debts: balance("15.00"),
        on_credits_issued: balance("5.00"),
        net: balance("160.00"),
        receipt: evidence("INTERVAT-1"),
    }
}

pub fn vat_return_paid(direction: Direction) -> FilingEvent {
    FilingEvent::VatReturnPaid { direction, amount: amount("160.00"), evidence: evidence("BNK-41") }
}

/// At least one sample of every event of a filing.
pub fn of_filing() -> Vec<FilingEvent> {
    let (direction, amount, evidence) = (Direction::Paid, amount("96.58"), evidence("BNK-42"));
    let receipt = evidence;
    vec![
        vat_return_filed(),
        vat_return_paid(Direction::Paid),
        FilingEvent::DmfaFiled { owed: balance("380.70"), receipt },
        FilingEvent::DmfaPaid { direction, amount, evidence },
        FilingEvent::WithholdingReturnFiled { owed: balance("96.58"), receipt },
        FilingEvent::WithholdingReturnPaid { direction, amount, evidence },
        FilingEvent::CustomerListingFiled { receipt },
        FilingEvent::AccountsFiled { receipt },
        FilingEvent::Corrected(correction(vat_return_filed(), None)),
    ]
}
