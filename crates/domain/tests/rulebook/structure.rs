//! The rulebook of the structure: what the entity itself buys, pays, depreciates and books.

use domain::Year;
use domain::ids::{AccrualId, AssetId, PurchaseId, StaffPayId, SupplierId, TaxId, VoucherId};
use domain::structure::{
    AskedMovement, AssetKind, Bill, BookableAccount, BookedMovement, CostKind, PersonnelCostKind, Structure,
    StructureCommand, StructureEvent, StructureRefusal, TaxKind,
};
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use crate::fixtures::*;
use crate::harness::{Given, given};

pub const SUPPLIER: SupplierId = SupplierId::new(Uuid::from_u128(0x5099));
pub const PURCHASE: PurchaseId = PurchaseId::new(Uuid::from_u128(0x9C1));
pub const OTHER_PURCHASE: PurchaseId = PurchaseId::new(Uuid::from_u128(0x9C2));
pub const INSURANCE: PurchaseId = PurchaseId::new(Uuid::from_u128(0x9C3));
pub const STAFF_PAY: StaffPayId = StaffPayId::new(Uuid::from_u128(0x57AFF));
pub const MACHINE: AssetId = AssetId::new(Uuid::from_u128(0xA55E7));
pub const TAX: TaxId = TaxId::new(Uuid::from_u128(0x7A4));
pub const ACCRUAL: AccrualId = AccrualId::new(Uuid::from_u128(0xACC));
pub const VOUCHER: VoucherId = VoucherId::new(Uuid::from_u128(0x0D1));

pub fn bill(net: &str, recoverable: &str, not_recoverable: &str) -> Bill {
    let (vat_recoverable, vat_not_recoverable) = (balance(recoverable), balance(not_recoverable));
    Bill { net: amount(net), vat_recoverable, vat_not_recoverable }
}

/// The rent of March, of whose VAT half is recoverable: cost 1105.00, owed 1210.00.
pub fn buy() -> StructureCommand {
    StructureCommand::RecordPurchase {
        purchase: PURCHASE,
        supplier: SUPPLIER,
        kind: CostKind::Rent,
        bill: bill("1000.00", "105.00", "105.00"),
        evidence: paper("rent-march"),
    }
}

pub fn pay(amount: &str) -> StructureCommand {
    let amount = crate::fixtures::amount(amount);
    StructureCommand::PayPurchase { purchase: PURCHASE, amount, evidence: paper("bank-line") }
}

pub fn credit(net: &str, recoverable: &str, not_recoverable: &str) -> StructureCommand {
    let bill = bill(net, recoverable, not_recoverable);
    StructureCommand::CreditPurchase { purchase: PURCHASE, bill, evidence: paper("rent-credit") }
}

/// What insuring the members' work of March costs: 500.00, all of it cost.
pub fn insure() -> StructureCommand {
    StructureCommand::RecordPersonnelCost {
        purchase: INSURANCE,
        supplier: SUPPLIER,
        kind: PersonnelCostKind::WorkAccidents,
        bill: bill("500.00", "0.00", "0.00"),
        evidence: paper("insurance-march"),
    }
}

pub fn pay_insurance(amount: &str) -> StructureCommand {
    let (purchase, amount) = (INSURANCE, crate::fixtures::amount(amount));
    StructureCommand::PayPurchase { purchase, amount, evidence: paper("bank-line") }
}

pub fn credit_insurance() -> StructureCommand {
    let (purchase, bill) = (INSURANCE, bill("1.00", "0.00", "0.00"));
    StructureCommand::CreditPurchase { purchase, bill, evidence: paper("insurance-credit") }
}

pub fn staff(gross: &str, employer: &str, employee: &str, withholding: &str, net: &str) -> StructureCommand {
    StructureCommand::RecordStaffPay {
        pay: STAFF_PAY,
        month: month("2025-03"),
        gross: amount(gross),
        employer: balance(employer),
        employee: balance(employee),
        withholding: balance(withholding),
        net: amount(net),
        evidence: paper("payroll-march"),
    }
}

pub fn acquire(net: &str, life_months: u32) -> StructureCommand {
    StructureCommand::AcquireAsset {
        asset: MACHINE,
        purchase: OTHER_PURCHASE,
        supplier: SUPPLIER,
        kind: AssetKind::Machines,
        bill: bill(net, "0.00", "0.00"),
        life_months,
        in_use_from: month("2025-03"),
        evidence: paper("machine"),
    }
}

pub fn depreciate(text: &str) -> StructureCommand {
    StructureCommand::DepreciateAsset { asset: MACHINE, month: month(text) }
}

pub fn dispose(proceeds: &str, vat: &str) -> StructureCommand {
    StructureCommand::DisposeAsset {
        asset: MACHINE,
        proceeds: balance(proceeds),
        vat: balance(vat),
        evidence: paper("sale"),
    }
}

pub fn assess() -> StructureCommand {
    let (tax, kind, amount) = (TAX, TaxKind::Result, amount("500.00"));
    StructureCommand::AssessTax { tax, kind, amount, evidence: paper("assessment") }
}

pub fn pay_tax(text: &str) -> StructureCommand {
    StructureCommand::PayTax { tax: TAX, amount: amount(text), evidence: paper("bank-line") }
}

pub fn accrue() -> StructureCommand {
    let (accrual, kind, amount) = (ACCRUAL, CostKind::Services, amount("300.00"));
    StructureCommand::RecordAccrual { accrual, kind, amount, evidence: paper("calculation") }
}

pub fn moves(debit: &str, credit: &str, text: &str) -> AskedMovement {
    AskedMovement { debit: token(debit), credit: token(credit), amount: amount(text) }
}

pub fn voucher(movements: Vec<AskedMovement>) -> StructureCommand {
    StructureCommand::BookVoucher { voucher: VOUCHER, movements, evidence: paper("voucher") }
}

pub fn open_balance(movements: Vec<AskedMovement>) -> StructureCommand {
    StructureCommand::BookOpeningBalance { movements, evidence: paper("balance-sheet-2024") }
}

pub fn structure() -> Given<Structure> {
    given([])
}

#[test]
fn a_purchase_is_paid_in_parts_and_no_more() {
    let bought = structure().when(buy()).accepted().when(pay("1000.00")).accepted();
    let refused = StructureRefusal::PaysTooMuch { open: balance("210.00"), asked: amount("210.01") };
    bought.clone().when(pay("210.01")).is_refused(refused);
    bought
        .when(pay("210.00"))
        .accepted()
        .when(pay("0.01"))
        .is_refused_saying("0.01 is more than the 0.00 still owed");
}

#[test]
fn what_members_work_costs_is_paid_like_a_purchase_and_no_credit_note_gives_it_back() {
    let insured = structure().when(insure()).accepted();
    insured.clone().on("2026-01-12").when(pay_insurance("500.00")).accepted();
    insured
        .clone()
        .when(pay_insurance("500.01"))
        .is_refused_saying("500.01 is more than the 500.00 still owed");
    insured.when(credit_insurance()).is_refused_saying(&format!(
        "purchase {INSURANCE} is a cost of the members' work; correct it instead"
    ));
    structure()
        .on("2026-03-03")
        .when(insure())
        .is_refused_saying("the structure of 2025 does not begin anything on 2026-03-03");
}

#[test]
fn a_credit_note_lowers_what_is_owed_and_gives_back_each_part_once() {
    let credited = structure().when(buy()).accepted().when(credit("600.00", "100.00", "5.00")).accepted();
    credited
        .clone()
        .when(pay("505.01"))
        .is_refused(StructureRefusal::PaysTooMuch { open: balance("505.00"), asked: amount("505.01") });
    credited
        .clone()
        .when(credit("500.01", "0.00", "0.00"))
        .is_refused_saying("a credit of 500.01 is more than the 500.00 of cost left to credit");
    credited
        .when(credit("1.00", "5.01", "0.00"))
        .is_refused_saying("a credit of 5.01 is more than the 5.00 of recoverable VAT left to credit");
}

#[test]
fn what_began_in_december_is_paid_in_january_and_nothing_begins_out_of_its_year() {
    let bought = structure().on("2025-12-31").when(buy()).accepted();
    bought.on("2026-01-02").when(pay("1210.00")).accepted();
    structure()
        .on("2026-01-02")
        .when(buy())
        .is_refused(StructureRefusal::WrongYear { year: Year::new(2025), effective_on: day("2026-01-02") });
}

// columns: gross | employer | employee | withholding | net | accepted
#[rstest]
#[case("1000.00", "250.00", "130.70", "96.58", "772.72", true)]
#[case("1000.00", "250.00", "130.70", "96.58", "772.73", false)]
#[case("1000.00", "250.00", "130.70", "96.58", "772.71", false)]
#[case("1000.00", "0.00", "0.00", "0.00", "1000.00", true)]
fn gross_less_deductions_is_net_exactly(
    #[case] gross: &str,
    #[case] employer: &str,
    #[case] employee: &str,
    #[case] withholding: &str,
    #[case] net: &str,
    #[case] accepted: bool,
) {
    let asked = structure().when(staff(gross, employer, employee, withholding, net));
    if accepted {
        asked.accepted();
    } else {
        assert_eq!(
            asked.refusal().to_string(),
            format!("1000.00 gross less 227.28 is 772.72, not a net pay of {net}")
        );
    }
}

#[test]
fn staff_is_paid_once_and_an_accrual_reversed_once() {
    let pay = || StructureCommand::PayStaff { pay: STAFF_PAY, evidence: paper("bank-line") };
    let paid =
        structure().when(staff("10.00", "0.00", "1.00", "1.00", "8.00")).accepted().when(pay()).accepted();
    paid.when(pay()).is_refused_saying(&format!("staff pay {STAFF_PAY} is paid already"));
    let reverse = || StructureCommand::ReverseAccrual { accrual: ACCRUAL };
    let reversed = structure().when(accrue()).accepted().on("2026-01-01").when(reverse()).accepted();
    reversed.when(reverse()).is_refused_saying(&format!("accrual {ACCRUAL} is reversed already"));
}

fn depreciated(text: &str, share: &str) -> StructureEvent {
    let (asset, kind) = (MACHINE, AssetKind::Machines);
    StructureEvent::AssetDepreciated { asset, kind, month: month(text), amount: amount(share) }
}

#[test]
fn an_asset_is_depreciated_month_by_month_and_the_last_month_takes_the_rest() {
    let machine = structure().when(acquire("100.00", 3)).accepted().on("2025-05-31");
    machine
        .when(depreciate("2025-03"))
        .then([depreciated("2025-03", "33.33")])
        .when(depreciate("2025-04"))
        .then([depreciated("2025-04", "33.33")])
        .when(depreciate("2025-05"))
        .then([depreciated("2025-05", "33.34")])
        .when(depreciate("2025-06"))
        .is_refused_saying(&format!("asset {MACHINE} is depreciated in full: 100.00"));
}

#[test]
fn months_are_depreciated_in_order_and_once_begun() {
    let machine = || structure().when(acquire("100.00", 3)).accepted();
    machine()
        .when(depreciate("2025-04"))
        .is_refused_saying("the next month to depreciate is 2025-03, not 2025-04");
    let once = machine().when(depreciate("2025-03")).accepted();
    once.clone()
        .when(depreciate("2025-03"))
        .is_refused_saying("the next month to depreciate is 2025-04, not 2025-03");
    once.when(depreciate("2025-04")).is_refused_saying("2025-04 has not begun on 2025-03-03");
}

#[test]
fn what_is_disposed_of_is_depreciated_no_more() {
    let sold = structure().when(acquire("100.00", 3)).accepted().when(dispose("50.00", "10.50")).accepted();
    sold.when(depreciate("2025-03")).is_refused_saying(&format!("asset {MACHINE} is disposed of already"));
}

proptest! {
    #[test]
    fn depreciation_sums_to_cost(cents in 1_i64..10_000_000, life in 1_u32..=600) {
        let cost = domain::Amount::from_cents(cents).expect("above zero");
        let asked = structure().on("2025-03-03").when(acquire(&cost.to_string(), life));
        if i64::from(life) > cents {
            let refused = asked.refusal();
            let out_of_range = matches!(refused, StructureRefusal::LifeOutOfRange { .. });
            prop_assert!(out_of_range);
            return Ok(());
        }
        let (mut machine, mut sum, mut next) = (asked.accepted().on("2150-12-31"), 0, month("2025-03"));
        for _ in 0..life {
            let outcome = machine.when(StructureCommand::DepreciateAsset { asset: MACHINE, month: next });
            machine = outcome.accepted();
            let Some(StructureEvent::AssetDepreciated { amount, .. }) = machine.events.last() else {
                panic!("a month was depreciated");
            };
            sum += amount.cents();
            prop_assert!(sum <= cents);
            next = next.next();
            // What was asked before is of no interest here, and copying it is slow.
            machine.asked.clear();
            machine.events.clear();
        }
        prop_assert_eq!(sum, cents);
        let refused = machine.when(StructureCommand::DepreciateAsset { asset: MACHINE, month: next }).refusal();
        let fully = matches!(refused, StructureRefusal::FullyDepreciated { .. });
        prop_assert!(fully);
    }
}

#[test]
fn a_voucher_moves_accounts_of_its_list_and_no_other() {
    structure().when(voucher(vec![moves("6500", "179", "12.00")])).then([StructureEvent::VoucherBooked {
        voucher: VOUCHER,
        movements: vec![BookedMovement {
            debit: BookableAccount::Interest,
            credit: BookableAccount::SundryDebtsLong,
            amount: amount("12.00"),
        }],
        evidence: paper("voucher"),
    }]);
    for reserved in ["400", "455", "550", "700", "pool", "no-such"] {
        let sentence = format!("account {reserved} is reserved to events of its own; no voucher may name it");
        structure().when(voucher(vec![moves(reserved, "179", "12.00")])).is_refused_saying(&sentence);
        structure().when(voucher(vec![moves("179", reserved, "12.00")])).is_refused_saying(&sentence);
    }
}

#[test]
fn an_opening_balance_stands_once_on_the_first_day_and_has_no_result() {
    let first = || structure().on("2025-01-01");
    let balance = || open_balance(vec![moves("550", "133", "1000.00")]);
    first()
        .when(balance())
        .accepted()
        .when(balance())
        .is_refused(StructureRefusal::AlreadyOpened { year: Year::new(2025) });
    structure()
        .when(balance())
        .is_refused_saying("an opening balance of 2025 takes effect on 2025-01-01, not on 2025-03-03");
    first()
        .when(open_balance(vec![moves("6500", "133", "1.00")]))
        .is_refused_saying("account 6500 is reserved to events of its own; no opening balance may name it");
}

#[test]
fn an_asset_is_paid_as_the_purchase_it_names() {
    let machine = structure().when(acquire("100.00", 3)).accepted();
    let pay = |text| StructureCommand::PayPurchase {
        purchase: OTHER_PURCHASE,
        amount: amount(text),
        evidence: paper("bank-line"),
    };
    machine.clone().when(pay("100.01")).is_refused_saying("100.01 is more than the 100.00 still owed");
    machine.when(pay("100.00")).accepted();
}

fn correct_first(
    given: Given<Structure>,
    instead: Option<StructureCommand>,
) -> crate::harness::Outcome<Structure> {
    given.with_original(1).when(StructureCommand::Correct(correct(1, instead)))
}

// columns: what began | what rests upon it
#[rstest]
#[case(buy(), pay("1.00"))]
#[case(buy(), credit("1.00", "0.00", "0.00"))]
#[case(acquire("100.00", 3), depreciate("2025-03"))]
#[case(acquire("100.00", 3), dispose("0.00", "0.00"))]
#[case(assess(), pay_tax("1.00"))]
#[case(accrue(), StructureCommand::ReverseAccrual { accrual: ACCRUAL })]
fn what_later_events_rest_upon_is_taken_back_after_them(
    #[case] began: StructureCommand,
    #[case] then: StructureCommand,
) {
    let both = structure().when(began.clone()).accepted().when(then.clone()).accepted();
    let refused = correct_first(both.clone(), None).refusal().to_string();
    assert!(refused.contains("cannot be taken back"), "{refused}");
    let neither = both.with_original(2).when(StructureCommand::Correct(correct(2, None))).accepted();
    let neither = correct_first(neither, None).accepted();
    // As if nothing had happened: the same may begin and follow again.
    neither.when(began).accepted().when(then).accepted();
}

#[test]
fn a_correction_in_the_next_year_may_say_what_should_have_begun() {
    let bought = structure().when(buy()).accepted().on("2026-02-01");
    let corrected = correct_first(bought, Some(buy())).accepted();
    corrected.when(pay("1210.00")).accepted();
}
