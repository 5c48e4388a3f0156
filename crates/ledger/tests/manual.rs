//! The accounting manual: what each event does, as a voucher that an accountant can dispute.

mod common;

use std::collections::BTreeSet;

use common::desk::{
    claim_paid, line_matched, line_returned, line_unmatched, resource_charged, statement_imported,
};
use common::*;
use domain::loan::LoanKind;
use domain::member::MemberEvent;
use domain::payroll::WorkerKind;
use domain::unit::{ClientKind, ExpenseKind, Payee, UnitEvent};
use domain::year::YearEvent;
use domain::{Event, RuleName, StreamId};
use insta::assert_snapshot;
use ledger::{Account, Balances, Posting, current_rules, entry_digest, post, rule_for};
use rstest::rstest;

#[test]
fn a_subscription_is_owed_and_is_equity() {
    assert_snapshot!(voucher(shares_subscribed()), @r"
    shares.subscribed@1 in INB on SUB-1
    GL    30.00  D 410 Called contribution, unpaid  C 1109 Contribution available, other
    ");
}

#[test]
fn a_share_is_paid_by_the_member_and_touches_no_unit() {
    let event = MemberEvent::SharesPaidUp { amount: amount("30.00"), evidence: evidence("BNK-30") };
    assert_snapshot!(voucher(event), @r"
    shares.paid_up@1 in BNK on BNK-30
    GL    30.00  D 550 Banks  C 410 Called contribution, unpaid
    ");
}

#[test]
fn a_cancelled_share_is_no_longer_owed_and_what_was_paid_stays_in_equity() {
    assert_snapshot!(voucher(shares_cancelled("12.00")), @r"
    shares.cancelled@1 in INB on -
    GL    12.00  D 1109 Contribution available, other  C 410 Called contribution, unpaid
    ");
    assert_snapshot!(voucher(shares_cancelled("0.00")), @"shares.cancelled@1: no entry, because the contribution stays in equity until its refund is determined");
}

#[test]
fn a_separation_share_is_owed_and_the_rest_stays_in_equity() {
    assert_snapshot!(voucher(refund_determined("150.00", "106.75")), @r"
    refund.determined@2 in INB on RAV-9
    GL   106.75  D 1109 Contribution available, other  C 489 Other sundry payables of ALICE
    GL    43.25  D 1109 Contribution available, other  C 1109NR Contribution available, not refunded to leavers
    ");
    assert_snapshot!(voucher(refund_determined("150.00", "150.00")), @r"
    refund.determined@2 in INB on RAV-9
    GL   150.00  D 1109 Contribution available, other  C 489 Other sundry payables of ALICE
    ");
}

#[test]
fn a_leaver_without_anything_to_get_back_is_settled() {
    assert_snapshot!(voucher(refund_determined("150.00", "0.00")), @r"
    refund.determined@2 in INB on RAV-9
    GL   150.00  D 1109 Contribution available, other  C 1109NR Contribution available, not refunded to leavers
    ");
    assert_snapshot!(voucher(refund_determined("0.00", "0.00")), @"refund.determined@2: no entry, because all its amounts are nothing");
}

#[test]
fn a_separation_share_determined_before_persons_were_named_is_booked_as_it_was() {
    let MemberEvent::RefundDetermined { shares, paid_in, nominal, net_assets_per_share, amount, .. } =
        refund_determined("150.00", "150.00")
    else {
        unreachable!("it is one");
    };
    let before = MemberEvent::RefundDetermined {
        person: None,
        shares,
        paid_in,
        nominal,
        net_assets_per_share,
        amount,
        not_refunded: balance("0.00"),
        evidence: evidence("RAV-9"),
    };
    let rule: RuleName = "refund.determined@1".parse().unwrap();
    let posting = post(rule, StreamId::Member(MEMBER), &before.into()).unwrap();
    let movement = posting.movements()[0];
    assert_eq!(movement.credit, Account::SundryPayables.total());
}

#[test]
fn a_separation_share_is_paid_and_what_tests_do_not_allow_waits() {
    assert_snapshot!(voucher(refund_paid("50.00")), @r"
    refund.paid@1 in BNK on BNK-31
    GL    50.00  D 489 Other sundry payables of ALICE  C 550 Banks
    ");
    let (person, amount) = (ALICE, amount("10.00"));
    assert_snapshot!(voucher(MemberEvent::RefundSuspended { person, amount }), @r"
    refund.suspended@1 in INB on -
    GL    10.00  D 489 Other sundry payables of ALICE  C 489S Suspended separation shares of ALICE
    ");
    assert_snapshot!(voucher(MemberEvent::RefundResumed { person, amount }), @r"
    refund.resumed@1 in INB on -
    GL    10.00  D 489S Suspended separation shares of ALICE  C 489 Other sundry payables of ALICE
    ");
}

#[test]
fn what_a_member_lends_is_a_debt_of_more_than_a_year() {
    assert_snapshot!(voucher(current_account_credited("500.00")), @r"
    current_account.credited@1 in BNK on BNK-34
    GL   500.00  D 550 Banks  C 174 Other loans of more than one year of ALICE
    ");
    assert_snapshot!(voucher(current_account_repaid("200.00")), @r"
    current_account.repaid@1 in BNK on BNK-35
    GL   200.00  D 174 Other loans of more than one year of ALICE  C 550 Banks
    ");
}

#[test]
fn unspent_unit_balances_are_income_of_the_next_year() {
    assert_snapshot!(voucher(YearEvent::UnitBalancesDeferred { amount: amount("400.00") }), @r"
    unit_balances.deferred@1 in DIV on -
    GL   400.00  D 7009U Unspent unit budgets deferred  C 493U Deferred income, unspent unit budgets
    ");
    assert_snapshot!(voucher(YearEvent::UnitBalancesReversed { amount: amount("400.00") }), @r"
    unit_balances.reversed@1 in DIV on -
    GL   400.00  D 493U Deferred income, unspent unit budgets  C 7009U Unspent unit budgets deferred
    ");
}

#[test]
fn a_profit_is_shared_between_reserves_and_what_is_carried_forward() {
    assert_snapshot!(voucher(result_allocated("600.00", "100.00", "500.00")), @r"
    result.allocated@1 in DIV on MINUTES-1
    GL   100.00  D 6921 Appropriation to other reserves  C 133 Available reserves
    GL   500.00  D 693 Profit to carry forward  C 140 Profit brought forward
    ");
}

#[test]
fn a_loss_is_carried_forward() {
    assert_snapshot!(voucher(result_allocated("-100.00", "0.00", "-100.00")), @r"
    result.allocated@1 in DIV on MINUTES-1
    GL   100.00  D 141 Loss brought forward  C 793 Loss to carry forward
    ");
}

#[test]
fn a_year_without_result_is_allocated_without_an_entry() {
    assert_snapshot!(voucher(result_allocated("0.00", "0.00", "0.00")), @"result.allocated@1: no entry, because all its amounts are nothing");
}

#[test]
fn a_declared_job_reserves_budget() {
    assert_snapshot!(voucher(contract_declared("182.00")), @r"
    contract.declared@1 in BUD on -
    BL   182.00  D unit.available of ATELIER  C unit.reserved of ATELIER
    ");
}

#[test]
fn an_amended_job_moves_the_difference() {
    assert_snapshot!(voucher(contract_amended("182.00", "200.00")), @r"
    contract.amended@1 in BUD on -
    BL    18.00  D unit.available of ATELIER  C unit.reserved of ATELIER
    ");
    assert_snapshot!(voucher(contract_amended("200.00", "182.00")), @r"
    contract.amended@1 in BUD on -
    BL    18.00  D unit.reserved of ATELIER  C unit.available of ATELIER
    ");
    assert_snapshot!(voucher(contract_amended("182.00", "182.00")), @"contract.amended@1: no entry, because all its amounts are nothing");
}

#[test]
fn a_cancelled_job_frees_its_budget() {
    let contract = domain::ids::ContractId::new(uuid::Uuid::from_u128(1));
    let (budget, reason) = (amount("182.00"), "asked".parse().unwrap());
    assert_snapshot!(voucher(UnitEvent::ContractCancelled { contract, budget, reason }), @r"
    contract.cancelled@1 in BUD on -
    BL   182.00  D unit.reserved of ATELIER  C unit.available of ATELIER
    ");
}

#[test]
fn an_invoice_is_turnover_of_the_entity_and_budget_of_the_unit() {
    assert_snapshot!(voucher(invoice_issued("1000.00", "210.00", "65.00", false)), @r"
    invoice.issued@1 in VEN on F/2025/000001
    GL  1000.00  D 400 Customers of ACME  C 700 Sales and services
    GL   210.00  D 400 Customers of ACME  C 451054 VAT payable on sales (grid 54)
    BL   935.00  D PL  C unit.pending of ATELIER
    BL    65.00  D PL  C pool
    ");
}

#[test]
fn where_budget_is_spendable_on_issue_it_is_available_at_once() {
    assert_snapshot!(voucher(invoice_issued("1000.00", "210.00", "65.00", true)), @r"
    invoice.issued@1 in VEN on F/2025/000001
    GL  1000.00  D 400 Customers of ACME  C 700 Sales and services
    GL   210.00  D 400 Customers of ACME  C 451054 VAT payable on sales (grid 54)
    BL   935.00  D PL  C unit.pending of ATELIER
    BL    65.00  D PL  C pool
    BL   935.00  D unit.pending of ATELIER  C unit.available of ATELIER
    ");
}

#[test]
fn an_invoice_without_tax_and_too_small_for_a_contribution_moves_neither() {
    assert_snapshot!(voucher(invoice_issued("0.07", "0.00", "0.00", false)), @r"
    invoice.issued@1 in VEN on F/2025/000001
    GL     0.07  D 400 Customers of ACME  C 700 Sales and services
    BL     0.07  D PL  C unit.pending of ATELIER
    ");
}

#[test]
fn a_credit_note_takes_back_from_each_owner_and_the_fund_bears_the_rest() {
    assert_snapshot!(
        voucher(invoice_credited("100.00", "21.00", ["6.50", "50.00", "40.00", "3.50"])),
        @r"
    invoice.credited@1 in VEN on C/2025/000001
    GL   100.00  D 700 Sales and services  C 400 Customers of ACME
    GL    21.00  D 411064 VAT recoverable on credit notes issued (grid 64)  C 400 Customers of ACME
    BL    50.00  D unit.pending of ATELIER  C PL
    BL    40.00  D unit.available of ATELIER  C PL
    BL     3.50  D fund  C PL
    BL     6.50  D pool  C PL
    "
    );
}

#[test]
fn a_credit_note_that_closes_an_invoice_releases_what_is_still_pending() {
    assert_snapshot!(voucher(invoice_closed("100.00", "21.00", ["6.50", "93.50", "0.00", "0.00"], "8.88")), @r"
    invoice.credited@1 in VEN on C/2025/000001
    GL   100.00  D 700 Sales and services  C 400 Customers of ACME
    GL    21.00  D 411064 VAT recoverable on credit notes issued (grid 64)  C 400 Customers of ACME
    BL    93.50  D unit.pending of ATELIER  C PL
    BL     6.50  D pool  C PL
    BL     8.88  D unit.pending of ATELIER  C unit.available of ATELIER
    ");
}

#[test]
fn a_deposit_is_owed_as_work_and_is_nobodys_budget() {
    assert_snapshot!(voucher(deposit_invoiced("300.00", "63.00")), @r"
    deposit.invoiced@1 in VEN on F/2025/000002
    GL   300.00  D 400 Customers of ACME  C 460 Advances received on orders of ACME
    GL    63.00  D 400 Customers of ACME  C 451054 VAT payable on sales (grid 54)
    ");
}

#[test]
fn a_deducted_deposit_settles_its_part_of_the_invoice_and_its_tax() {
    assert_snapshot!(voucher(deposit_deducted("300.00", "63.00", "280.50")), @r"
    deposit.deducted@1 in VEN on F/2025/000003
    GL   300.00  D 460 Advances received on orders of ACME  C 400 Customers of ACME
    GL    63.00  D 451054 VAT payable on sales (grid 54)  C 400 Customers of ACME
    BL   280.50  D unit.pending of ATELIER  C unit.available of ATELIER
    ");
}

#[test]
fn a_credited_deposit_is_not_owed_as_work_any_more() {
    assert_snapshot!(voucher(deposit_credited("100.00", "21.00")), @r"
    deposit.credited@1 in VEN on C/2025/000002
    GL   100.00  D 460 Advances received on orders of ACME  C 400 Customers of ACME
    GL    21.00  D 411064 VAT recoverable on credit notes issued (grid 64)  C 400 Customers of ACME
    ");
}

#[test]
fn a_part_below_nothing_goes_the_other_way() {
    assert_snapshot!(voucher(invoice_credited("0.14", "0.00", ["-0.01", "0.15", "0.00", "0.00"])), @r"
    invoice.credited@1 in VEN on C/2025/000001
    GL     0.14  D 700 Sales and services  C 400 Customers of ACME
    BL     0.15  D unit.pending of ATELIER  C PL
    BL     0.01  D PL  C pool
    ");
}

#[test]
fn a_payment_settles_and_releases_and_what_is_over_waits() {
    assert_snapshot!(voucher(invoice_paid("1210.00", "0.00", "935.00")), @r"
    invoice.paid@1 in BNK on BNK-31
    GL  1210.00  D 550 Banks  C 400 Customers of ACME
    BL   935.00  D unit.pending of ATELIER  C unit.available of ATELIER
    ");
    assert_snapshot!(voucher(invoice_paid("1210.00", "90.00", "935.00")), @r"
    invoice.paid@1 in BNK on BNK-31
    GL  1210.00  D 550 Banks  C 400 Customers of ACME
    GL    90.00  D 550 Banks  C 499 Suspense accounts
    BL   935.00  D unit.pending of ATELIER  C unit.available of ATELIER
    ");
    assert_snapshot!(voucher(invoice_paid("0.00", "90.00", "0.00")), @r"
    invoice.paid@1 in BNK on BNK-31
    GL    90.00  D 550 Banks  C 499 Suspense accounts
    ");
}

#[test]
fn an_expense_note_is_owed_to_the_member() {
    assert_snapshot!(
        voucher(expense_approved(ExpenseKind::Lodging, Payee::Member, "100.00", "21.00")),
        @r"
    expense.approved@1 in AAN on NOTE-7
    GL   100.00  D 616501 Hotels  C 489 Other sundry payables of ALICE
    GL    21.00  D 411059 VAT recoverable on purchases (grid 59)  C 489 Other sundry payables of ALICE
    BL   100.00  D unit.available of ATELIER  C PL
    "
    );
    assert_snapshot!(voucher(expense_paid(Payee::Member)), @r"
    expense.paid@1 in BNK on BNK-32
    GL   121.00  D 489 Other sundry payables of ALICE  C 550 Banks
    ");
}

#[test]
fn a_supplier_invoice_is_owed_to_the_supplier() {
    assert_snapshot!(
        voucher(expense_approved(ExpenseKind::Services, Payee::Supplier, "121.00", "0.00")),
        @r"
    expense.approved@1 in AAN on NOTE-7
    GL   121.00  D 602 Services, works and studies  C 440 Suppliers
    BL   121.00  D unit.available of ATELIER  C PL
    "
    );
    assert_snapshot!(voucher(expense_paid(Payee::Supplier)), @r"
    expense.paid@1 in BNK on BNK-32
    GL   121.00  D 440 Suppliers  C 550 Banks
    ");
}

#[rstest]
#[case(ExpenseKind::PublicTransport, "616503")]
#[case(ExpenseKind::Travel, "616505")]
#[case(ExpenseKind::Lodging, "616501")]
#[case(ExpenseKind::PerDiem, "616502")]
#[case(ExpenseKind::Office, "6120")]
#[case(ExpenseKind::Telecom, "6162")]
#[case(ExpenseKind::Materials, "601")]
#[case(ExpenseKind::Services, "602")]
fn a_kind_of_expense_is_a_charge(#[case] kind: ExpenseKind, #[case] code: &str) {
    let (_, posting) = posted(expense_approved(kind, Payee::Member, "10.00", "0.00"));
    assert_eq!(posting.movements()[0].debit.account.code(), code);
}

#[test]
fn an_indemnity_is_income_of_the_pool_without_vat() {
    assert_snapshot!(voucher(indemnity_charged(ClientKind::B2b, "40.00", "34.69")), @r"
    invoice.indemnity_charged@1 in DIV on -
    GL    40.00  D 400 Customers of ACME  C 743 Sundry income
    GL    34.69  D 400 Customers of ACME  C 756 Sundry financial income
    BL    74.69  D PL  C pool
    ");
    assert_snapshot!(voucher(indemnity_charged(ClientKind::B2c, "20.00", "0.00")), @r"
    invoice.indemnity_charged@1 in DIV on -
    GL    20.00  D 400 Customers of ACME  C 743 Sundry income
    BL    20.00  D PL  C pool
    ");
}

#[test]
fn a_doubtful_debt_is_borne_by_the_fund_and_the_pool() {
    assert_snapshot!(voucher(invoice_doubtful("935.00", "65.00", "467.50")), @r"
    invoice.doubtful@1 in DIV on DOS-1
    GL  1210.00  D 407 Doubtful customers of ACME  C 400 Customers of ACME
    GL  1000.00  D 6340 Write-downs on trade debtors, made  C 409 Write-downs on customers
    BL   935.00  D fund  C PL
    BL    65.00  D pool  C PL
    BL   467.50  D unit.pending of ATELIER  C unit.available of ATELIER
    ");
}

#[test]
fn what_is_paid_after_all_goes_back_to_the_fund_and_the_pool() {
    assert_snapshot!(voucher(invoice_recovered("605.00", "5.00", "467.50", "32.50")), @r"
    invoice.recovered@1 in BNK on BNK-34
    GL   605.00  D 550 Banks  C 407 Doubtful customers of ACME
    GL     5.00  D 550 Banks  C 499 Suspense accounts
    GL   500.00  D 409 Write-downs on customers  C 6341 Write-downs on trade debtors, reversed
    BL   467.50  D PL  C fund
    BL    32.50  D PL  C pool
    ");
}

#[test]
fn a_lost_debt_replaces_its_write_down_and_moves_nothing_between_owners() {
    assert_snapshot!(voucher(invoice_written_off("500.00", "105.00")), @r"
    invoice.written_off@1 in DIV on PV-1
    GL   500.00  D 642 Loss on trade debtors  C 407 Doubtful customers of ACME
    GL   105.00  D 411062 VAT recoverable, adjustments (grid 62)  C 407 Doubtful customers of ACME
    GL   500.00  D 409 Write-downs on customers  C 6341 Write-downs on trade debtors, reversed
    ");
    assert_snapshot!(voucher(invoice_written_off("500.00", "0.00")), @r"
    invoice.written_off@1 in DIV on PV-1
    GL   500.00  D 642 Loss on trade debtors  C 407 Doubtful customers of ACME
    GL   500.00  D 409 Write-downs on customers  C 6341 Write-downs on trade debtors, reversed
    ");
}

#[test]
fn an_advance_makes_pending_budget_available_and_is_a_memo_of_the_fund() {
    let invoice = domain::ids::InvoiceId::new(uuid::Uuid::from_u128(1));
    let (payment, amount) = (domain::ids::PaymentId::new(uuid::Uuid::from_u128(1)), amount("500.00"));
    assert_snapshot!(voucher(UnitEvent::AdvanceGranted { invoice, amount }), @r"
    advance.granted@1 in BUD on -
    BL   500.00  D unit.pending of ATELIER  C unit.available of ATELIER
    BL   500.00  D advances  C advances_control
    ");
    assert_snapshot!(voucher(UnitEvent::AdvanceRecovered { invoice, payment, amount }), @r"
    advance.recovered@1 in BUD on -
    BL   500.00  D advances_control  C advances
    ");
    assert_snapshot!(voucher(UnitEvent::AdvanceAbsorbed { invoice, amount }), @r"
    advance.absorbed@1 in BUD on -
    BL   500.00  D advances_control  C advances
    ");
}

#[test]
fn holiday_pay_is_a_charge_when_it_is_earned_and_the_margin_bears_it() {
    assert_snapshot!(voucher(holiday_pay_accrued("153.40")), @r"
    holiday_pay.accrued@1 in LON on LON-2
    GL   153.40  D 625 Provision for holiday pay  C 456 Holiday pay of BOB
    BL   153.40  D margin  C PL
    ");
    assert_snapshot!(voucher(holiday_pay_paid("153.40", "20.05", "33.35")), @r"
    holiday_pay.paid@1 in BNK on BNK-35
    GL    33.35  D 456 Holiday pay of BOB  C 453 Withheld tax
    GL    20.05  D 456 Holiday pay of BOB  C 454 National Social Security Office
    GL   100.00  D 456 Holiday pay of BOB  C 550 Banks
    ");
}

#[test]
fn budget_that_is_transferred_changes_its_owner_only() {
    assert_snapshot!(voucher(budget_transferred("300.00")), @r"
    budget.transferred@1 in BUD on ORDER-2
    BL   300.00  D unit.available of ATELIER  C unit.available of GARAGE
    ");
}

#[test]
fn a_deficit_is_borne_by_the_fund() {
    assert_snapshot!(voucher(deficit_absorbed("150.00")), @r"
    deficit.absorbed@1 in BUD on DECISION-1
    BL   150.00  D fund  C unit.available of ATELIER
    ");
}

#[test]
fn a_wage_is_owed_to_worker_state_and_social_security() {
    assert_snapshot!(voucher(salary_calculated(WorkerKind::Employee, "1690.00")), @r"
    salary.calculated@1 in LON on LON-3
    GL   772.72  D 6202 Pay of employees  C 455 Remuneration of BOB
    GL    96.58  D 6202 Pay of employees  C 453 Withheld tax
    GL   130.70  D 6202 Pay of employees  C 454 National Social Security Office
    GL   250.00  D 621 Employer's social security contributions  C 454 National Social Security Office
    BL  1250.00  D unit.reserved of ATELIER  C PL
    BL   440.00  D unit.reserved of ATELIER  C margin
    ");
}

#[test]
fn an_artist_costs_holiday_contributions_too() {
    assert_snapshot!(voucher(salary_calculated(WorkerKind::Artist, "1441.07")), @r"
    salary.calculated@1 in LON on LON-3
    GL   763.42  D 6202 Pay of employees  C 455 Remuneration of BOB
    GL    95.42  D 6202 Pay of employees  C 453 Withheld tax
    GL   141.16  D 6202 Pay of employees  C 454 National Social Security Office
    GL   270.00  D 621 Employer's social security contributions  C 454 National Social Security Office
    GL   171.07  D 621 Employer's social security contributions  C 454 National Social Security Office
    BL  1441.07  D unit.reserved of ATELIER  C PL
    ");
}

#[test]
fn a_net_wage_is_paid_to_the_worker() {
    let salary = domain::ids::SalaryId::new(uuid::Uuid::from_u128(1));
    let (due_on, evidence) = (day("2025-03-12"), evidence("BNK-33"));
    let event = UnitEvent::SalaryPaid { salary, worker: BOB, net: amount("772.72"), due_on, evidence };
    assert_snapshot!(voucher(event), @r"
    salary.paid@1 in BNK on BNK-33
    GL   772.72  D 455 Remuneration of BOB  C 550 Banks
    ");
}

#[test]
fn an_internal_loan_is_budget_lent_by_the_pool_and_no_claim_of_the_entity() {
    assert_snapshot!(voucher(loan_disbursed(INTERNAL, ["700.00", "300.00", "0.00"])), @r"
    loan.disbursed@1 in BUD on ORDER-1
    BL  1000.00  D loan_pool  C unit.available of ATELIER
    ");
    assert_snapshot!(voucher(instalment_paid(INTERNAL, ["100.00", "0.00", "0.00"])), @r"
    instalment.paid@1 in BUD on BNK-34
    BL   100.00  D unit.available of ATELIER  C loan_pool
    ");
    assert_snapshot!(voucher(loan_written_off(INTERNAL, ["200.00", "0.00", "0.00"])), @r"
    loan.written_off@1 in BUD on MINUTES-3
    BL   200.00  D pool  C loan_pool
    ");
    assert_snapshot!(voucher(loan_rescheduled(INTERNAL, "250.00")), @"loan.rescheduled@1: no entry, because the loan is booked when it is lent, and again when it is paid back");
}

#[test]
fn a_loan_in_cash_is_owed_by_the_borrower_and_touches_no_owner() {
    assert_snapshot!(voucher(loan_disbursed(LoanKind::Cash, ["700.00", "300.00", "0.00"])), @r"
    loan.disbursed@1 in BNK on ORDER-1
    GL   700.00  D 416 Sundry receivables of ALICE  C 550 Banks
    GL   300.00  D 2910 Current-account receivables of more than one year of ALICE  C 550 Banks
    BL  1000.00  D cash_loans of ALICE  C cash_loans_control
    ");
    assert_snapshot!(voucher(instalment_paid(LoanKind::Cash, ["60.00", "40.00", "0.00"])), @r"
    instalment.paid@1 in BNK on BNK-34
    GL    60.00  D 550 Banks  C 416 Sundry receivables of ALICE
    GL    40.00  D 550 Banks  C 2910 Current-account receivables of more than one year of ALICE
    BL   100.00  D cash_loans_control  C cash_loans of ALICE
    ");
    assert_snapshot!(voucher(loan_rescheduled(LoanKind::Cash, "250.00")), @r"
    loan.rescheduled@1 in DIV on PLAN-2
    GL   250.00  D 2910 Current-account receivables of more than one year of ALICE  C 416 Sundry receivables of ALICE
    ");
    assert_snapshot!(voucher(loan_rescheduled(LoanKind::Cash, "-250.00")), @r"
    loan.rescheduled@1 in DIV on PLAN-2
    GL   250.00  D 416 Sundry receivables of ALICE  C 2910 Current-account receivables of more than one year of ALICE
    ");
}

#[test]
fn a_doubtful_loan_is_borne_by_the_pool_at_once_and_its_final_loss_by_nobody_again() {
    assert_snapshot!(voucher(loan_doubtful()), @r"
    loan.doubtful@1 in DIV on LETTER-2
    GL   700.00  D 417 Doubtful sundry receivables of ALICE  C 416 Sundry receivables of ALICE
    GL   300.00  D 417 Doubtful sundry receivables of ALICE  C 2910 Current-account receivables of more than one year of ALICE
    GL  1000.00  D 6510 Write-downs on current assets, made  C 419 Write-downs on sundry receivables of ALICE
    BL  1000.00  D pool  C PL
    ");
    assert_snapshot!(voucher(instalment_paid(LoanKind::Cash, ["0.00", "0.00", "100.00"])), @r"
    instalment.paid@1 in BNK on BNK-34
    GL   100.00  D 550 Banks  C 417 Doubtful sundry receivables of ALICE
    GL   100.00  D 419 Write-downs on sundry receivables of ALICE  C 6511 Write-downs on current assets, reversed
    BL   100.00  D PL  C pool
    BL   100.00  D cash_loans_control  C cash_loans of ALICE
    ");
    assert_snapshot!(voucher(loan_written_off(LoanKind::Cash, ["0.00", "0.00", "900.00"])), @r"
    loan.written_off@1 in DIV on MINUTES-3
    GL   900.00  D 652 Loss on current assets  C 417 Doubtful sundry receivables of ALICE
    GL   900.00  D 419 Write-downs on sundry receivables of ALICE  C 6511 Write-downs on current assets, reversed
    BL   900.00  D cash_loans_control  C cash_loans of ALICE
    ");
}

#[test]
fn a_grant_to_pass_on_is_owed_to_its_beneficiary_and_income_of_nobody() {
    assert_snapshot!(voucher(grant_announced(PASS_THROUGH)), @"grant.announced@1: no entry, because it is a promise of both sides; it is booked when one of them has performed");
    assert_snapshot!(voucher(grant_received(PASS_THROUGH)), @r"
    grant.received@1 in BNK on BNK-35
    GL  1000.00  D 550 Banks  C 489 Other sundry payables of ALICE
    ");
    assert_snapshot!(voucher(grant_passed_on()), @r"
    grant.passed_on@1 in BNK on ORDER-2
    GL   900.00  D 489 Other sundry payables of ALICE  C 550 Banks
    ");
    assert_snapshot!(voucher(grant_returned(PASS_THROUGH)), @r"
    grant.returned@1 in BNK on ORDER-3
    GL   100.00  D 489 Other sundry payables of ALICE  C 550 Banks
    ");
}

#[test]
fn a_grant_for_own_activity_is_deferred_until_it_is_earned() {
    assert_snapshot!(voucher(grant_announced(OWN)), @r"
    grant.announced@1 in DIV on AWARD-1
    GL  1000.00  D 416 Sundry receivables of FUNDER  C 493 Deferred income
    ");
    assert_snapshot!(voucher(grant_received(OWN)), @r"
    grant.received@1 in BNK on BNK-35
    GL  1000.00  D 550 Banks  C 416 Sundry receivables of FUNDER
    ");
    assert_snapshot!(voucher(grant_recognised()), @r"
    grant.recognised@1 in DIV on WORK-1
    GL   100.10  D 493 Deferred income  C 740 Operating subsidies
    BL    93.59  D PL  C unit.available of ATELIER
    BL     6.51  D PL  C pool
    ");
    assert_snapshot!(voucher(grant_returned(OWN)), @r"
    grant.returned@1 in BNK on ORDER-3
    GL   100.00  D 493 Deferred income  C 550 Banks
    ");
}

#[test]
fn a_correction_mirrors_what_was_booked_and_books_what_holds_instead() {
    let wrong = invoice_paid("1210.00", "90.00", "935.00");
    let right = invoice_paid("121.00", "0.00", "93.50");
    assert_snapshot!(voucher(UnitEvent::Corrected(correction(wrong, Some(right)))), @r"
    unit.corrected@1 in DIV on BNK-31
    GL  1210.00  D 400 Customers of ACME  C 550 Banks
    GL    90.00  D 499 Suspense accounts  C 550 Banks
    GL   121.00  D 550 Banks  C 400 Customers of ACME
    BL   935.00  D unit.available of ATELIER  C unit.pending of ATELIER
    BL    93.50  D unit.pending of ATELIER  C unit.available of ATELIER
    ");
}

// What the general meeting voted for a director is a charge of the pool, and on no account of the result.
#[test]
fn an_allowance_of_a_director_is_a_charge_that_the_pool_bears() {
    assert_snapshot!(voucher(common::bodies::allowance_paid("450.00")), @r"
    allowance.paid@1 in BNK on BNK-50
    GL   450.00  D 618 Directors' allowances of ALICE  C 550 Banks
    BL   450.00  D pool  C PL
    ");
}

#[test]
fn a_correction_of_budget_alone_stays_out_of_the_statutory_journals() {
    assert_snapshot!(voucher(UnitEvent::Corrected(correction(contract_declared("182.00"), None))), @r"
    unit.corrected@1 in BUD on -
    BL   182.00  D unit.reserved of ATELIER  C unit.available of ATELIER
    ");
}

#[test]
fn a_correction_of_what_was_not_booked_is_not_booked() {
    let claimed = samples().into_iter().find_map(|(_, event)| match event {
        Event::Unit(event @ UnitEvent::ExpenseClaimed { .. }) => Some(event),
        _ => None,
    });
    assert_snapshot!(voucher(UnitEvent::Corrected(correction(claimed.unwrap(), None))), @"unit.corrected@1: no entry, because neither what is void nor what replaces it is booked");
}

#[test]
fn a_bank_line_that_is_what_was_paid_books_nothing() {
    assert_snapshot!(voucher(statement_imported()), @"statement.imported@1: no entry, because it states what is booked already; nothing is owed by it");
    assert_snapshot!(voucher(line_matched("0.00", "0.00")), @"line.matched@1: no entry, because it states what is booked already; nothing is owed by it");
}

#[test]
fn a_bank_line_that_nobody_knows_waits_on_suspense_until_it_is_matched() {
    assert_snapshot!(voucher(line_unmatched("1210.00")), @r"
    line.unmatched@1 in BNK on STAT-1
    GL  1210.00  D 550 Banks  C 499 Suspense accounts
    ");
    assert_snapshot!(voucher(line_unmatched("-50.00")), @r"
    line.unmatched@1 in BNK on STAT-1
    GL    50.00  D 499 Suspense accounts  C 550 Banks
    ");
    // The payment's own event booked 550; so what is left is the payment.
    assert_snapshot!(voucher(line_matched("0.00", "1210.00")), @r"
    line.matched@1 in BNK on STAT-1
    GL  1210.00  D 499 Suspense accounts  C 550 Banks
    ");
}

#[test]
fn a_payment_that_comes_back_waits_until_its_event_is_corrected() {
    assert_snapshot!(voucher(line_returned()), @r"
    line.returned@1 in BNK on STAT-1
    GL   772.72  D 550 Banks  C 499 Suspense accounts
    ");
}

#[test]
fn a_small_difference_is_the_pools() {
    assert_snapshot!(voucher(line_matched("0.50", "0.00")), @r"
    line.matched@1 in BNK on STAT-1
    GL     0.50  D 550 Banks  C 743 Sundry income
    BL     0.50  D PL  C pool
    ");
    assert_snapshot!(voucher(line_matched("-0.50", "0.00")), @r"
    line.matched@1 in BNK on STAT-1
    GL     0.50  D 643 Sundry operating charges  C 550 Banks
    BL     0.50  D pool  C PL
    ");
}

#[test]
fn using_a_shared_resource_moves_budget_to_the_pool_and_sells_nothing() {
    assert_snapshot!(voucher(resource_charged()), @r"
    resource.charged@1 in BUD on -
    BL    26.00  D unit.available of ATELIER  C pool
    ");
}

#[test]
fn what_the_insurer_pays_a_member_is_no_money_of_the_entity() {
    assert_snapshot!(voucher(claim_paid()), @"claim.paid@1: no entry, because an insurer pays it to the member; no money of the entity moves by it");
}

#[test]
fn silence_has_a_reason() {
    let silent = samples().into_iter().filter_map(|(stream, event)| {
        let rule = rule_for(&event);
        match post(rule, stream, &event).unwrap() {
            Posting::Entry(_) => None,
            Posting::NoEntry(why) => Some(format!("{rule}: {why}\n")),
        }
    });
    assert_snapshot!(silent.collect::<String>(), @r"
    log.opened@1: it opens or closes a period; opening and closing entries are events of their own
    statutes.adopted@1: it sets a rule or a rate; what follows from it is booked when it is applied
    parameters.published@1: it sets a rule or a rate; what follows from it is booked when it is applied
    code.published@1: it sets a rule or a rate; what follows from it is booked when it is applied
    year.opened@1: it opens or closes a period; opening and closing entries are events of their own
    year.closed@1: it opens or closes a period; opening and closing entries are events of their own
    tests.recorded@1: it asks, or answers a question; nothing is owed until it is carried out
    accounts.audited@1: it asks, or answers a question; nothing is owed until it is carried out
    accounts.approved@1: it asks, or answers a question; nothing is owed until it is carried out
    admission.requested@1: it asks, or answers a question; nothing is owed until it is carried out
    admission.granted@1: it says who may act or belongs; nothing is owed by it
    admission.refused@1: it asks, or answers a question; nothing is owed until it is carried out
    category.changed@1: it says who may act or belongs; nothing is owed by it
    shares.cancelled@1: the contribution stays in equity until its refund is determined
    shares.transferred@1: the contribution stays on the same account; only its holder changes
    shares.received@1: the contribution stays on the same account; only its holder changes
    resignation.requested@1: it asks, or answers a question; nothing is owed until it is carried out
    resignation.accepted@1: it asks, or answers a question; nothing is owed until it is carried out
    resignation.refused@1: it asks, or answers a question; nothing is owed until it is carried out
    exclusion.proposed@1: it asks, or answers a question; nothing is owed until it is carried out
    exclusion.remarks_received@1: it asks, or answers a question; nothing is owed until it is carried out
    exclusion.decided@1: it says who may act or belongs; nothing is owed by it
    exit.by_law@1: it says who may act or belongs; nothing is owed by it
    membership.ended@1: it says who may act or belongs; nothing is owed by it
    unit.opened@1: it says who may act or belongs; nothing is owed by it
    unit.holder_joined@1: it says who may act or belongs; nothing is owed by it
    unit.holder_left@1: it says who may act or belongs; nothing is owed by it
    unit.closed@1: it says who may act or belongs; nothing is owed by it
    order.confirmed@1: it is a promise of both sides; it is booked when one of them has performed
    order.cancelled@1: it is a promise of both sides; it is booked when one of them has performed
    contract.ended@1: its budget is reserved already; the rest is booked when the wage is calculated
    employment.concluded@1: it is a promise of both sides; it is booked when one of them has performed
    employment.ended@1: it is a promise of both sides; it is booked when one of them has performed
    invoice.reminded@1: it asks, or answers a question; nothing is owed until it is carried out
    invoice.disputed@1: it asks, or answers a question; nothing is owed until it is carried out
    invoice.dispute_settled@1: it asks, or answers a question; nothing is owed until it is carried out
    payment_plan.agreed@1: it is a promise of both sides; it is booked when one of them has performed
    invoice.handed_over@1: it asks, or answers a question; nothing is owed until it is carried out
    expense.claimed@1: it asks, or answers a question; nothing is owed until it is carried out
    expense.refused@1: it asks, or answers a question; nothing is owed until it is carried out
    dimona.sent@1: it asks, or answers a question; nothing is owed until it is carried out
    dimona.accepted@1: it asks, or answers a question; nothing is owed until it is carried out
    dimona.refused@1: it asks, or answers a question; nothing is owed until it is carried out
    dimona.cancelled@1: it asks, or answers a question; nothing is owed until it is carried out
    social_document.issued@1: it states what is booked already; nothing is owed by it
    guarantee_line.set@1: it sets a rule or a rate; what follows from it is booked when it is applied
    budget.received@1: the event of the giver books both halves of it
    number.taken@1: it takes a number; the document that bears the number is booked
    loan.requested@1: it asks, or answers a question; nothing is owed until it is carried out
    loan.granted@1: it is a promise of both sides; it is booked when one of them has performed
    loan.refused@1: it asks, or answers a question; nothing is owed until it is carried out
    instalment.due@1: the loan is booked when it is lent, and again when it is paid back
    loan.repaid@1: the loan is booked when it is lent, and again when it is paid back
    grant.announced@1: it is a promise of both sides; it is booked when one of them has performed
    dmfa.filed@1: it declares what is owed already; each wage booked its part
    withholding_return.filed@1: it declares what is owed already; each wage booked its part
    customer_listing.filed@1: it deposits a document with an office; nothing is owed by it
    accounts.filed@1: it deposits a document with an office; nothing is owed by it
    activity.corrected@1: neither what is void nor what replaces it is booked
    activity.held@1: it tells what people did, and moves no money
    advice.given@1: it tells what people did, and moves no money
    adviser.assigned@1: it tells what people did, and moves no money
    adviser.released@1: it tells what people did, and moves no money
    affiliation.joined@1: it tells what people did, and moves no money
    affiliation.left@1: it tells what people did, and moves no money
    article.published@1: it tells what people did, and moves no money
    body.elected@1: it tells what people did, and moves no money
    check.failed@1: it tells what people did, and moves no money
    check.opened@1: it tells what people did, and moves no money
    check.passed@1: it tells what people did, and moves no money
    check.remedied@1: it tells what people did, and moves no money
    check.sampled@1: it tells what people did, and moves no money
    control.corrected@1: neither what is void nor what replaces it is booked
    ethics_case.concluded@1: it tells what people did, and moves no money
    ethics_case.opened@1: it tells what people did, and moves no money
    group.closed@1: it tells what people did, and moves no money
    group.met@1: it tells what people did, and moves no money
    group.opened@1: it tells what people did, and moves no money
    job.created@1: it tells what people did, and moves no money
    job.ended@1: it tells what people did, and moves no money
    legal_case.handled@1: it tells what people did, and moves no money
    office.closed@1: it tells what people did, and moves no money
    office.corrected@1: neither what is void nor what replaces it is booked
    office.opened@1: it tells what people did, and moves no money
    participation.corrected@1: neither what is void nor what replaces it is booked
    plan.approved@1: it tells what people did, and moves no money
    plan_action.carried_out@1: it tells what people did, and moves no money
    publication.released@1: it tells what people did, and moves no money
    recommendation.amended@1: it tells what people did, and moves no money
    recommendation.carried_out@1: it tells what people did, and moves no money
    recommendation.debated@1: it tells what people did, and moves no money
    recommendation.made@1: it tells what people did, and moves no money
    recommendation.rejected@1: it tells what people did, and moves no money
    recommendation.validated@1: it tells what people did, and moves no money
    recommendation.voted@1: it tells what people did, and moves no money
    strategy.adopted@1: it tells what people did, and moves no money
    survey.closed@1: it tells what people did, and moves no money
    training_day.held@1: it tells what people did, and moves no money
    statutes.corrected@1: neither what is void nor what replaces it is booked
    year.corrected@1: neither what is void nor what replaces it is booked
    series.corrected@1: neither what is void nor what replaces it is booked
    meeting.convened@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    roll.sealed@1: it says who may act or belongs; nothing is owed by it
    proxy.given@1: it says who may act or belongs; nothing is owed by it
    proxy.revoked@1: it says who may act or belongs; nothing is owed by it
    attendance.recorded@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    meeting.opened@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    vote.cast@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    ballot.cast@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    tally.recorded@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    resolution.decided@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    election.decided@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    meeting.closed@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    minutes.signed@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    meeting.corrected@1: neither what is void nor what replaces it is booked
    candidate.proposed@1: it says who may act or belongs; nothing is owed by it
    mandate.granted@1: it says who may act or belongs; nothing is owed by it
    mandate.renewed@1: it says who may act or belongs; nothing is owed by it
    mandate.ended@1: it says who may act or belongs; nothing is owed by it
    conflict.declared@1: it says who may act or belongs; nothing is owed by it
    allowance.voted@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    board.convened@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    board.met@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    board.decided@1: it calls people together, counts votes, or says what was decided; what follows is booked when it is carried out
    board.corrected@1: neither what is void nor what replaces it is booked
    course.submitted@1: it asks, or answers a question; nothing is owed until it is carried out
    course.validated@1: it sets a rule or a rate; what follows from it is booked when it is applied
    course.refused@1: it asks, or answers a question; nothing is owed until it is carried out
    course.listed@1: it states what is booked already; nothing is owed by it
    course.withdrawn@1: it sets a rule or a rate; what follows from it is booked when it is applied
    enquiry.received@1: it asks, or answers a question; nothing is owed until it is carried out
    course.corrected@1: neither what is void nor what replaces it is booked
    risk.declared@1: it asks, or answers a question; nothing is owed until it is carried out
    exam.required@1: it asks, or answers a question; nothing is owed until it is carried out
    exam.passed@1: it says who may act or belongs; nothing is owed by it
    exam.failed@1: it says who may act or belongs; nothing is owed by it
    exam.expired@1: it says who may act or belongs; nothing is owed by it
    accident.reported@1: it asks, or answers a question; nothing is owed until it is carried out
    fitness.corrected@1: neither what is void nor what replaces it is booked
    cover.activated@1: it says who may act or belongs; nothing is owed by it
    cover.lapsed@1: it says who may act or belongs; nothing is owed by it
    claim.filed@1: it asks, or answers a question; nothing is owed until it is carried out
    claim.accepted@1: an insurer pays it to the member; no money of the entity moves by it
    claim.refused@1: it asks, or answers a question; nothing is owed until it is carried out
    claim.paid@1: an insurer pays it to the member; no money of the entity moves by it
    cover.corrected@1: neither what is void nor what replaces it is booked
    statement.imported@1: it states what is booked already; nothing is owed by it
    resource.opened@1: it sets a rule or a rate; what follows from it is booked when it is applied
    resource.booked@1: it is a promise of both sides; it is booked when one of them has performed
    ");
}

#[test]
fn every_event_has_a_rule_of_its_own_name() {
    let samples = samples();
    let kinds: BTreeSet<_> = Event::kinds().map(|kind| kind.name).collect();
    let sampled: BTreeSet<_> = samples.iter().map(|(_, event)| event.kind().name).collect();
    assert_eq!(sampled, kinds, "there is a sample of every event");
    for (stream, event) in &samples {
        let rule = rule_for(event);
        let found = current_rules().find(|found| found.name == rule).expect("the rule is listed");
        assert_eq!(found.event, event.kind().name);
        assert_eq!(rule.to_string(), format!("{}@{}", found.event, found.revision));
        assert!(post(rule, *stream, event).is_ok(), "{rule} books its event");
    }
    assert_eq!(current_rules().count(), kinds.len());
}

// A correction mirrors by the rule that was sealed and replaces by the rule of its own revision.
// Whoever gives a rule another revision gives the corrections of its stream one too.
#[test]
fn corrections_replace_by_the_rules_of_their_own_revision() {
    let changed: Vec<_> =
        current_rules().filter(|rule| rule.revision > 1).map(|rule| rule.name.to_string()).collect();
    assert_eq!(changed, ["refund.determined@2", "member.corrected@2"]);
    let (owed, of_alice) = (Account::SundryPayables.total(), Account::SundryPayables.of(ALICE));
    let refund = |n| refund_determined(n, n);
    let mut corrected = correction(refund("150.00"), Some(refund("100.00")));
    corrected.original_rule = "refund.determined@1".parse().unwrap();
    let event: Event = MemberEvent::Corrected(corrected).into();
    for (rule, instead) in [("member.corrected@1", owed), ("member.corrected@2", of_alice)] {
        let posting = post(rule.parse().unwrap(), StreamId::Member(MEMBER), &event).unwrap();
        let [mirrored, replaced] = posting.movements() else { panic!("{rule}: {posting:?}") };
        assert_eq!((mirrored.debit, mirrored.amount), (owed, amount("150.00")), "{rule}");
        assert_eq!((replaced.credit, replaced.amount), (instead, amount("100.00")), "{rule}");
    }
}

#[test]
fn a_rule_that_is_not_known_is_an_error_and_books_nothing() {
    let event: Event = contract_declared("182.00").into();
    let unknown = ["contract.declared@0", "contract.declared@2", "contract.declared@01", "contract.declared"];
    let other = ["contract.cancelled@1", "contract.declared@1@1", "@1", "contract.declared@"];
    for name in unknown.into_iter().chain(other) {
        let rule: RuleName = name.parse().unwrap();
        let error = post(rule, StreamId::Unit(ATELIER), &event).unwrap_err();
        assert_eq!((error.rule, error.event), (rule, "contract.declared"));
    }
}

#[test]
fn a_correction_of_an_event_booked_by_an_unknown_rule_is_an_error() {
    let mut corrected = correction(contract_declared("182.00"), None);
    corrected.original_rule = "contract.declared@9".parse().unwrap();
    let event: Event = UnitEvent::Corrected(corrected).into();
    let error = post(rule_for(&event), StreamId::Unit(ATELIER), &event).unwrap_err();
    let said = "no rule contract.declared@9 is known here that books contract.declared; \
        a newer program may have sealed it";
    assert_eq!(error.to_string(), said);
}

#[test]
fn e16_no_rule_uses_an_account_that_must_stay_zero() {
    for (stream, event) in samples() {
        for movement in post(rule_for(&event), stream, &event).unwrap().movements() {
            for line in [movement.debit, movement.credit] {
                assert!(!Account::ALWAYS_ZERO.contains(&line.account), "{} uses {line}", event.kind().name);
            }
        }
    }
}

#[test]
fn owners_of_units_always_name_their_unit() {
    let units = [Account::UnitPending, Account::UnitAvailable, Account::UnitReserved];
    for (stream, event) in samples() {
        for movement in post(rule_for(&event), stream, &event).unwrap().movements() {
            for line in [movement.debit, movement.credit] {
                assert_eq!(units.contains(&line.account), matches!(line.of, Some(ledger::Party::Unit(_))));
            }
        }
    }
}

#[test]
fn e2_an_event_and_its_correction_net_to_nothing() {
    for (stream, event) in samples() {
        let corrected: Event = match event.clone() {
            Event::Statutes(e) => domain::statutes::StatutesEvent::Corrected(correction(e, None)).into(),
            Event::Year(e) => domain::year::YearEvent::Corrected(correction(e, None)).into(),
            Event::Member(e) => MemberEvent::Corrected(correction(e, None)).into(),
            Event::Unit(e) => UnitEvent::Corrected(correction(e, None)).into(),
            Event::Series(e) => domain::series::SeriesEvent::Corrected(correction(e, None)).into(),
            Event::Loan(e) => domain::loan::LoanEvent::Corrected(correction(e, None)).into(),
            Event::Grant(e) => domain::grant::GrantEvent::Corrected(correction(e, None)).into(),
            Event::Structure(e) => domain::structure::StructureEvent::Corrected(correction(e, None)).into(),
            Event::Filing(e) => domain::filing::FilingEvent::Corrected(correction(e, None)).into(),
            Event::Course(e) => domain::course::CourseEvent::Corrected(correction(e, None)).into(),
            Event::Fitness(e) => domain::fitness::FitnessEvent::Corrected(correction(e, None)).into(),
            Event::Cover(e) => domain::cover::CoverEvent::Corrected(correction(e, None)).into(),
            Event::Bank(e) => domain::bank::BankEvent::Corrected(correction(e, None)).into(),
            Event::Resource(e) => domain::resource::ResourceEvent::Corrected(correction(e, None)).into(),
            Event::Participation(e) => {
                domain::participation::ParticipationEvent::Corrected(correction(e, None)).into()
            }
            Event::Activity(e) => domain::activity::ActivityEvent::Corrected(correction(e, None)).into(),
            Event::Control(e) => domain::control::ControlEvent::Corrected(correction(e, None)).into(),
            Event::Office(e) => domain::office::OfficeEvent::Corrected(correction(e, None)).into(),
            Event::Meeting(e) => domain::meeting::MeetingEvent::Corrected(correction(e, None)).into(),
            Event::Mandate(e) => domain::mandate::MandateEvent::Corrected(correction(e, None)).into(),
            Event::Board(e) => domain::board::BoardEvent::Corrected(correction(e, None)).into(),
        };
        let mut balances = Balances::default();
        for event in [&event, &corrected] {
            balances.apply(&post(rule_for(event), stream, event).unwrap());
        }
        for row in balances.trial_balance() {
            assert_eq!(row.balance.cents(), 0, "{} leaves {row:?}", event.kind().name);
        }
        assert_eq!(balances.owners(), [], "{}", event.kind().name);
    }
}

// What was booked cannot drift: the digest of one sample of every event, by its rule. A line here
// never changes; a new rule adds one.
#[test]
fn the_sealed_digests_of_the_samples_are() {
    let lines = samples().into_iter().map(|(stream, event)| {
        let rule = rule_for(&event);
        let digest = entry_digest(&post(rule, stream, &event).unwrap()).to_string();
        format!("{} {rule}\n", &digest[..16])
    });
    assert_snapshot!(lines.collect::<String>(), @r"
    6cf0695d1999a5d0 log.opened@1
    db7e627ae07c3eaa statutes.adopted@1
    db7e627ae07c3eaa parameters.published@1
    db7e627ae07c3eaa code.published@1
    6cf0695d1999a5d0 year.opened@1
    6cf0695d1999a5d0 year.closed@1
    6a57f5ed77d0e21d tests.recorded@1
    31ca7a4147752732 unit_balances.deferred@1
    8d68ac58ddfc0099 unit_balances.reversed@1
    6a57f5ed77d0e21d accounts.audited@1
    6a57f5ed77d0e21d accounts.approved@1
    abcd2f9499a661a0 result.allocated@1
    6a57f5ed77d0e21d admission.requested@1
    a630dac983d32621 admission.granted@1
    6a57f5ed77d0e21d admission.refused@1
    a630dac983d32621 category.changed@1
    077f712adc8ec6e2 shares.subscribed@1
    a6e0b9ed439b86df shares.paid_up@1
    032a97bc51d9913b shares.cancelled@1
    57befe19b3e7bb02 shares.cancelled@1
    3867967b0e0afd72 shares.transferred@1
    3867967b0e0afd72 shares.received@1
    6a57f5ed77d0e21d resignation.requested@1
    6a57f5ed77d0e21d resignation.accepted@1
    6a57f5ed77d0e21d resignation.refused@1
    6a57f5ed77d0e21d exclusion.proposed@1
    6a57f5ed77d0e21d exclusion.remarks_received@1
    a630dac983d32621 exclusion.decided@1
    a630dac983d32621 exit.by_law@1
    705553232a6128d6 refund.determined@2
    d6b4156a191d0edc refund.paid@1
    70ac6c40d09a26e4 current_account.credited@1
    3f1de1b0e10f17e9 current_account.repaid@1
    40ce72a8f7497bc5 refund.suspended@1
    17ed9bbe2691666b refund.resumed@1
    a630dac983d32621 membership.ended@1
    a630dac983d32621 unit.opened@1
    a630dac983d32621 unit.holder_joined@1
    a630dac983d32621 unit.holder_left@1
    a630dac983d32621 unit.closed@1
    89f1b9149cd6374a order.confirmed@1
    89f1b9149cd6374a order.cancelled@1
    6615fd3a16bfa6d5 contract.declared@1
    cd3b00b55a1f14bd contract.amended@1
    83c3246c5b2a0baa contract.cancelled@1
    5affd15c7b6bd28a contract.ended@1
    89f1b9149cd6374a employment.concluded@1
    89f1b9149cd6374a employment.ended@1
    6615fd3a16bfa6d5 work_days.declared@1
    04c1ff0237fd71bf invoice.issued@1
    d46b637467996e78 invoice.credited@1
    2042731fbb915a55 invoice.paid@1
    6aacb76a4c3e7662 deposit.invoiced@1
    0451bb23281b4727 deposit.deducted@1
    54b6416c1a041529 deposit.credited@1
    6a57f5ed77d0e21d invoice.reminded@1
    11828af10fcff331 invoice.indemnity_charged@1
    6a57f5ed77d0e21d invoice.disputed@1
    6a57f5ed77d0e21d invoice.dispute_settled@1
    89f1b9149cd6374a payment_plan.agreed@1
    6a57f5ed77d0e21d invoice.handed_over@1
    541de7bd5443387f invoice.doubtful@1
    4b3942b4b20dc946 invoice.recovered@1
    df627386dbe0dd35 invoice.written_off@1
    e79be1914ee6eab3 advance.granted@1
    e2062cf29c24d7ae advance.recovered@1
    8d0a078b72807844 advance.absorbed@1
    6a57f5ed77d0e21d expense.claimed@1
    3d1b1bf2f17e26c1 expense.approved@1
    6a57f5ed77d0e21d expense.refused@1
    f4ec8987c7f0d1df expense.paid@1
    8cdc8871211ade14 salary.calculated@1
    feb8ec374de15028 salary.paid@1
    6787a9b20fea08aa holiday_pay.accrued@1
    7284e080b6de5134 holiday_pay.paid@1
    6a57f5ed77d0e21d dimona.sent@1
    6a57f5ed77d0e21d dimona.accepted@1
    6a57f5ed77d0e21d dimona.refused@1
    6a57f5ed77d0e21d dimona.cancelled@1
    0b4ea6436a2df3ba social_document.issued@1
    db7e627ae07c3eaa guarantee_line.set@1
    599c79c7dda20271 budget.transferred@1
    788d78b485ebf760 budget.received@1
    1834863bd708d4be deficit.absorbed@1
    84c91e23d2590409 number.taken@1
    6a57f5ed77d0e21d loan.requested@1
    89f1b9149cd6374a loan.granted@1
    6a57f5ed77d0e21d loan.refused@1
    4004da881251874f loan.disbursed@1
    be5991f168fe4782 loan.disbursed@1
    16a334a57d6a11ec instalment.due@1
    80c513c88c9549b3 instalment.paid@1
    dab1c92567b6bfbf instalment.paid@1
    a959c3c812b7d1e3 loan.rescheduled@1
    417de9e85acccefb loan.doubtful@1
    c0579d0ecb435023 loan.written_off@1
    57488cc0c4d797bc loan.written_off@1
    16a334a57d6a11ec loan.repaid@1
    89f1b9149cd6374a grant.announced@1
    4c18952b20c9f1b5 grant.announced@1
    df048c6b34713c80 grant.received@1
    017007fd9e175abf grant.received@1
    1bdd258fa08043c5 grant.recognised@1
    022c1a87c803c991 grant.passed_on@1
    3ae86e59d67190f9 grant.returned@1
    ae473b7d50df3d5f grant.returned@1
    ab7fd4408c2c0a06 purchase.recorded@1
    43af0f981d4938e7 purchase.paid@1
    d703fcaaa26e1ae1 purchase.credited@1
    6e4e4e765466f175 staff_pay.recorded@1
    8dc019d62d8ac984 staff_pay.paid@1
    6c24fd113b898709 asset.acquired@1
    7521c02c2c0c8fc2 asset.depreciated@1
    9947beb71dd2864d asset.disposed@1
    7b42e89956938cd4 asset.disposed@1
    c444ff65171485d8 bank_fee.charged@1
    ec6a0d7fe098d220 tax.assessed@1
    a29caf4ec9ae0f11 tax.paid@1
    7e295dbcd2afc9fa accrual.recorded@1
    bfbacc9c81ceb71d accrual.reversed@1
    582becea9afd9a3a voucher.booked@1
    3920fb3fdeb4335e opening_balance.booked@1
    c337fc5d13c5b101 structure.corrected@1
    99a15d364507fcb4 personnel_cost.recorded@1
    2218c041e2aca424 vat_return.filed@1
    859dce46f685f28e vat_return.paid@1
    b3a26cd4a3e8eb0d dmfa.filed@1
    d569be4b0e00c5ae dmfa.paid@1
    b3a26cd4a3e8eb0d withholding_return.filed@1
    9f49d2583106f02d withholding_return.paid@1
    4edda5d4a15544be customer_listing.filed@1
    4edda5d4a15544be accounts.filed@1
    055149b259677feb filing.corrected@1
    f9c0cf6f75e30b14 activity.corrected@1
    097f6e55a25ce781 activity.held@1
    097f6e55a25ce781 advice.given@1
    097f6e55a25ce781 adviser.assigned@1
    097f6e55a25ce781 adviser.released@1
    097f6e55a25ce781 affiliation.joined@1
    097f6e55a25ce781 affiliation.left@1
    097f6e55a25ce781 article.published@1
    097f6e55a25ce781 body.elected@1
    097f6e55a25ce781 check.failed@1
    097f6e55a25ce781 check.opened@1
    097f6e55a25ce781 check.passed@1
    097f6e55a25ce781 check.remedied@1
    097f6e55a25ce781 check.sampled@1
    f9c0cf6f75e30b14 control.corrected@1
    097f6e55a25ce781 ethics_case.concluded@1
    097f6e55a25ce781 ethics_case.opened@1
    097f6e55a25ce781 group.closed@1
    097f6e55a25ce781 group.met@1
    097f6e55a25ce781 group.opened@1
    097f6e55a25ce781 job.created@1
    097f6e55a25ce781 job.ended@1
    097f6e55a25ce781 legal_case.handled@1
    097f6e55a25ce781 office.closed@1
    f9c0cf6f75e30b14 office.corrected@1
    097f6e55a25ce781 office.opened@1
    f9c0cf6f75e30b14 participation.corrected@1
    097f6e55a25ce781 plan.approved@1
    097f6e55a25ce781 plan_action.carried_out@1
    097f6e55a25ce781 publication.released@1
    097f6e55a25ce781 recommendation.amended@1
    097f6e55a25ce781 recommendation.carried_out@1
    097f6e55a25ce781 recommendation.debated@1
    097f6e55a25ce781 recommendation.made@1
    097f6e55a25ce781 recommendation.rejected@1
    097f6e55a25ce781 recommendation.validated@1
    097f6e55a25ce781 recommendation.voted@1
    097f6e55a25ce781 strategy.adopted@1
    097f6e55a25ce781 survey.closed@1
    097f6e55a25ce781 training_day.held@1
    f9c0cf6f75e30b14 statutes.corrected@1
    f9c0cf6f75e30b14 year.corrected@1
    d6f1abd18170af7c member.corrected@2
    83c3246c5b2a0baa unit.corrected@1
    f9c0cf6f75e30b14 series.corrected@1
    696d566fe468aa9f loan.corrected@1
    69e4d9b591f0cf7d grant.corrected@1
    7f0ecaee3f8e573e meeting.convened@1
    a630dac983d32621 roll.sealed@1
    a630dac983d32621 proxy.given@1
    a630dac983d32621 proxy.revoked@1
    7f0ecaee3f8e573e attendance.recorded@1
    7f0ecaee3f8e573e meeting.opened@1
    7f0ecaee3f8e573e vote.cast@1
    7f0ecaee3f8e573e ballot.cast@1
    7f0ecaee3f8e573e tally.recorded@1
    7f0ecaee3f8e573e resolution.decided@1
    7f0ecaee3f8e573e election.decided@1
    7f0ecaee3f8e573e meeting.closed@1
    7f0ecaee3f8e573e minutes.signed@1
    f9c0cf6f75e30b14 meeting.corrected@1
    a630dac983d32621 candidate.proposed@1
    a630dac983d32621 mandate.granted@1
    a630dac983d32621 mandate.renewed@1
    a630dac983d32621 mandate.ended@1
    a630dac983d32621 conflict.declared@1
    7f0ecaee3f8e573e allowance.voted@1
    b9768a015eea27cc allowance.paid@1
    878f332463fe455c mandate.corrected@1
    7f0ecaee3f8e573e board.convened@1
    7f0ecaee3f8e573e board.met@1
    7f0ecaee3f8e573e board.decided@1
    f9c0cf6f75e30b14 board.corrected@1
    6a57f5ed77d0e21d course.submitted@1
    db7e627ae07c3eaa course.validated@1
    6a57f5ed77d0e21d course.refused@1
    0b4ea6436a2df3ba course.listed@1
    db7e627ae07c3eaa course.withdrawn@1
    6a57f5ed77d0e21d enquiry.received@1
    f9c0cf6f75e30b14 course.corrected@1
    6a57f5ed77d0e21d risk.declared@1
    6a57f5ed77d0e21d exam.required@1
    a630dac983d32621 exam.passed@1
    a630dac983d32621 exam.failed@1
    a630dac983d32621 exam.expired@1
    6a57f5ed77d0e21d accident.reported@1
    f9c0cf6f75e30b14 fitness.corrected@1
    a630dac983d32621 cover.activated@1
    a630dac983d32621 cover.lapsed@1
    6a57f5ed77d0e21d claim.filed@1
    137ea3a10aa0afe1 claim.accepted@1
    6a57f5ed77d0e21d claim.refused@1
    137ea3a10aa0afe1 claim.paid@1
    f9c0cf6f75e30b14 cover.corrected@1
    0b4ea6436a2df3ba statement.imported@1
    d597b14f4e863ee5 line.matched@1
    e97b3339eae99304 line.unmatched@1
    67dd0f5ca8569b7b line.returned@1
    59be787ec199a566 bank.corrected@1
    db7e627ae07c3eaa resource.opened@1
    89f1b9149cd6374a resource.booked@1
    121314cfb2bda3ce resource.charged@1
    1032bc81c396758a resource.corrected@1
    ");
}
