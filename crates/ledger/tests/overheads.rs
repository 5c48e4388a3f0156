//! The accounting manual of the structure and of filings, as vouchers an accountant can dispute.

mod common;

use std::collections::BTreeSet;

use common::overheads::*;
use common::*;
use domain::Event;
use domain::filing::Direction;
use domain::structure::{AssetKind, BookableAccount, CostKind, StructureEvent, TaxKind};
use insta::assert_snapshot;
use ledger::{Account, Class, Posting, post, rule_for};
use rstest::rstest;

#[test]
fn overheads_are_borne_by_the_pool_with_the_vat_that_nobody_gives_back() {
    assert_snapshot!(voucher(purchase_recorded(CostKind::Rent)), @r"
    purchase.recorded@1 in AAN on AAN-1
    GL   111.00  D 6100 Rent  C 440 Suppliers of SUPPLIER
    GL    10.00  D 411059 VAT recoverable on purchases (grid 59)  C 440 Suppliers of SUPPLIER
    BL   111.00  D pool  C PL
    ");
}

#[test]
fn what_members_work_costs_beside_wages_is_borne_by_the_margin() {
    assert_snapshot!(voucher(personnel_cost_recorded()), @r"
    personnel_cost.recorded@1 in AAN on AAN-5
    GL   111.00  D 6230 Other costs of members' work  C 440 Suppliers of SUPPLIER
    GL    10.00  D 411059 VAT recoverable on purchases (grid 59)  C 440 Suppliers of SUPPLIER
    BL   111.00  D margin  C PL
    ");
}

#[test]
fn a_credit_note_of_a_supplier_goes_back_to_the_pool_and_its_vat_to_the_state() {
    assert_snapshot!(voucher(purchase_credited()), @r"
    purchase.credited@1 in AAN on AAN-2
    GL   111.00  D 440 Suppliers of SUPPLIER  C 6100 Rent
    GL    10.00  D 440 Suppliers of SUPPLIER  C 451063 VAT payable on credit notes received (grid 63)
    BL   111.00  D PL  C pool
    ");
}

#[test]
fn staff_pay_is_owed_in_three_parts_and_borne_by_the_pool() {
    assert_snapshot!(voucher(staff_pay_recorded()), @r"
    staff_pay.recorded@1 in LON on LON-9
    GL   772.72  D 6202 Pay of employees  C 455 Remuneration
    GL    96.58  D 6202 Pay of employees  C 453 Withheld tax
    GL   130.70  D 6202 Pay of employees  C 454 National Social Security Office
    GL   250.00  D 621 Employer's social security contributions  C 454 National Social Security Office
    BL  1250.00  D pool  C PL
    ");
}

#[test]
fn an_asset_is_no_cost_of_the_day_it_is_bought() {
    assert_snapshot!(voucher(asset_acquired(AssetKind::Machines)), @r"
    asset.acquired@1 in AAN on AAN-3
    GL   111.00  D 230 Installations and machines  C 440 Suppliers of SUPPLIER
    GL    10.00  D 411059 VAT recoverable on purchases (grid 59)  C 440 Suppliers of SUPPLIER
    ");
    assert_snapshot!(voucher(asset_depreciated(AssetKind::Machines)), @r"
    asset.depreciated@1 in DIV on -
    GL     3.08  D 630 Depreciation  C 2309 Depreciation of installations and machines, accumulated
    BL     3.08  D pool  C PL
    ");
}

#[test]
fn a_disposal_leaves_a_gain_or_a_loss_to_the_pool() {
    assert_snapshot!(voucher(asset_disposed("50.00", "10.50")), @r"
    asset.disposed@1 in DIV on DIV-1
    GL    71.00  D 2309 Depreciation of installations and machines, accumulated  C 230 Installations and machines
    GL    40.00  D 550 Banks  C 230 Installations and machines
    GL    10.00  D 550 Banks  C 741 Gain on disposal of fixed assets
    GL    10.50  D 550 Banks  C 451054 VAT payable on sales (grid 54)
    BL    10.00  D PL  C pool
    ");
    assert_snapshot!(voucher(asset_disposed("30.00", "0.00")), @r"
    asset.disposed@1 in DIV on DIV-1
    GL    71.00  D 2309 Depreciation of installations and machines, accumulated  C 230 Installations and machines
    GL    30.00  D 550 Banks  C 230 Installations and machines
    GL    10.00  D 641 Loss on disposal of fixed assets  C 230 Installations and machines
    BL    10.00  D pool  C PL
    ");
    assert_snapshot!(voucher(asset_disposed("0.00", "0.00")), @r"
    asset.disposed@1 in DIV on DIV-1
    GL    71.00  D 2309 Depreciation of installations and machines, accumulated  C 230 Installations and machines
    GL    40.00  D 641 Loss on disposal of fixed assets  C 230 Installations and machines
    BL    40.00  D pool  C PL
    ");
}

#[test]
fn taxes_fees_and_accruals_are_borne_by_the_pool() {
    assert_snapshot!(voucher(tax_assessed(TaxKind::Result)), @r"
    tax.assessed@1 in DIV on AJ-1
    GL   500.00  D 6700 Tax on the result  C 450 Estimated tax debts
    BL   500.00  D pool  C PL
    ");
    assert_snapshot!(voucher(accrual_recorded()), @r"
    accrual.recorded@1 in DIV on DIV-2
    GL   300.00  D 602 Services, works and studies  C 492 Accrued charges
    BL   300.00  D pool  C PL
    ");
    let [_, fee, reversed] = [0, 9, 13].map(|n| of_structure().swap_remove(n));
    assert_snapshot!(voucher(fee), @r"
    bank_fee.charged@1 in BNK on BNK-40
    GL     7.50  D 657200 Bank fees  C 550 Banks
    BL     7.50  D pool  C PL
    ");
    assert_snapshot!(voucher(reversed), @r"
    accrual.reversed@1 in DIV on -
    GL   300.00  D 492 Accrued charges  C 602 Services, works and studies
    BL   300.00  D PL  C pool
    ");
}

#[test]
fn what_is_owed_is_paid_by_the_bank() {
    let [purchase, staff, tax] = [1, 4, 11].map(|n| of_structure().swap_remove(n));
    assert_snapshot!(voucher(purchase), @r"
    purchase.paid@1 in BNK on BNK-40
    GL   121.00  D 440 Suppliers of SUPPLIER  C 550 Banks
    ");
    assert_snapshot!(voucher(staff), @r"
    staff_pay.paid@1 in BNK on BNK-40
    GL   772.72  D 455 Remuneration  C 550 Banks
    ");
    assert_snapshot!(voucher(tax), @r"
    tax.paid@1 in BNK on BNK-40
    GL   100.00  D 450 Estimated tax debts  C 550 Banks
    ");
}

#[test]
fn a_voucher_that_touches_the_result_touches_the_pool() {
    use BookableAccount as B;
    assert_snapshot!(voucher(voucher_booked(B::Interest, B::SundryDebtsLong)), @r"
    voucher.booked@1 in DIV on DIV-3
    GL    12.00  D 6500 Interest on debts  C 179 Sundry debts of more than one year
    BL    12.00  D pool  C PL
    ");
    assert_snapshot!(voucher(voucher_booked(B::InvestmentGrants, B::CapitalGrantIncome)), @r"
    voucher.booked@1 in DIV on DIV-3
    GL    12.00  D 15 Investment grants  C 753 Capital-grant income
    BL    12.00  D PL  C pool
    ");
    assert_snapshot!(voucher(opening_balance_booked(B::Banks, B::AvailableReserves)), @r"
    opening_balance.booked@1 in DIV on DIV-4
    GL  5000.00  D 550 Banks  C 133 Available reserves
    ");
}

#[test]
fn a_vat_return_empties_the_grids_onto_the_current_account() {
    assert_snapshot!(voucher(vat_return_filed()), @r"
    vat_return.filed@1 in DIV on INTERVAT-1
    GL   200.00  D 451054 VAT payable on sales (grid 54)  C 4512 VAT current account
    GL    10.00  D 451063 VAT payable on credit notes received (grid 63)  C 4512 VAT current account
    GL    30.00  D 4512 VAT current account  C 411059 VAT recoverable on purchases (grid 59)
    GL    15.00  D 4512 VAT current account  C 411062 VAT recoverable, adjustments (grid 62)
    GL     5.00  D 4512 VAT current account  C 411064 VAT recoverable on credit notes issued (grid 64)
    ");
    assert_snapshot!(voucher(vat_return_paid(Direction::Paid)), @r"
    vat_return.paid@1 in BNK on BNK-41
    GL   160.00  D 4512 VAT current account  C 550 Banks
    ");
    assert_snapshot!(voucher(vat_return_paid(Direction::Received)), @r"
    vat_return.paid@1 in BNK on BNK-41
    GL   160.00  D 550 Banks  C 4512 VAT current account
    ");
}

#[test]
fn declaring_wages_books_nothing_and_paying_them_clears_what_is_owed() {
    let [dmfa, dmfa_paid, withholding, withholding_paid, listing] =
        [2, 3, 4, 5, 6].map(|n| of_filing().swap_remove(n));
    assert_snapshot!(voucher(dmfa), @"dmfa.filed@1: no entry, because it declares what is owed already; each wage booked its part");
    assert_snapshot!(voucher(dmfa_paid), @r"
    dmfa.paid@1 in BNK on BNK-42
    GL    96.58  D 454 National Social Security Office  C 550 Banks
    ");
    assert_snapshot!(voucher(withholding), @"withholding_return.filed@1: no entry, because it declares what is owed already; each wage booked its part");
    assert_snapshot!(voucher(withholding_paid), @r"
    withholding_return.paid@1 in BNK on BNK-42
    GL    96.58  D 453 Withheld tax  C 550 Banks
    ");
    assert_snapshot!(voucher(listing), @"customer_listing.filed@1: no entry, because it deposits a document with an office; nothing is owed by it");
}

// columns: kind of overheads | charge account
#[rstest]
#[case(CostKind::Rent, "6100")]
#[case(CostKind::OfficeSupplies, "6120")]
#[case(CostKind::Insurance, "6146")]
#[case(CostKind::Telecom, "6162")]
#[case(CostKind::Services, "602")]
#[case(CostKind::Other, "6190")]
fn each_kind_of_overheads_has_its_charge_account(#[case] kind: CostKind, #[case] code: &str) {
    let (_, posting) = posted(purchase_recorded(kind));
    assert_eq!(posting.movements()[0].debit.account.code(), code);
}

// columns: kind of asset | its cost | its depreciation
#[rstest]
#[case(AssetKind::Software, "215000", "215009")]
#[case(AssetKind::Machines, "230", "2309")]
#[case(AssetKind::Furniture, "240", "2409")]
#[case(AssetKind::Vehicles, "241", "2419")]
fn each_kind_of_asset_has_its_accounts(#[case] kind: AssetKind, #[case] cost: &str, #[case] lost: &str) {
    let (_, acquired) = posted(asset_acquired(kind));
    assert_eq!(acquired.movements()[0].debit.account.code(), cost);
    let (_, depreciated) = posted(asset_depreciated(kind));
    assert_eq!(depreciated.movements()[0].credit.account.code(), lost);
}

#[test]
fn a_business_tax_is_a_charge_of_the_business() {
    let (_, posting) = posted(tax_assessed(TaxKind::Business));
    assert_eq!(posting.movements()[0].debit.account, Account::BusinessTaxes);
}

// The domain's list and the chart: who adds a code to the one must find it in the other.
#[test]
fn every_account_that_a_voucher_may_name_stands_in_the_chart() {
    for account in BookableAccount::ALL {
        let found = Account::from_code(account.code());
        assert!(found.is_some(), "{account} is no account of the chart");
        let makes_result = matches!(found.unwrap().class(), Class::Charges | Class::Income);
        assert_eq!(makes_result, found.unwrap().makes_result(), "{account} appropriates or defers");
        assert!(!Account::ALWAYS_ZERO.contains(&found.unwrap()), "{account} must stay zero");
        assert!(!(makes_result && account.in_openings()), "{account} opens a result");
    }
}

#[test]
fn no_other_rule_moves_an_account_that_vouchers_may_name() {
    let kinds = [CostKind::Rent, CostKind::OfficeSupplies, CostKind::Insurance, CostKind::Telecom];
    let mut events = samples();
    let more = kinds.into_iter().chain([CostKind::Services, CostKind::Other]).map(purchase_recorded);
    events.extend(more.map(|event| (in_structure(), event.into())));
    let named: BTreeSet<_> = BookableAccount::ALL
        .iter()
        .filter(|account| account.in_vouchers())
        .filter_map(|account| Account::from_code(account.code()))
        .collect();
    for (stream, event) in events {
        if matches!(
            event,
            Event::Structure(
                StructureEvent::VoucherBooked { .. } | StructureEvent::OpeningBalanceBooked { .. }
            )
        ) {
            continue;
        }
        let posting: Posting = post(rule_for(&event), stream, &event).unwrap();
        for movement in posting.movements() {
            for line in [movement.debit, movement.credit] {
                assert!(!named.contains(&line.account), "{} moves {line} too", event.kind().name);
            }
        }
    }
}
