//! The rulebook of invoicing: the contribution once, at the rate of the day; what is given back in the
//! same proportion; what is paid becomes spendable.

use domain::correction::CorrectionRefused;
use domain::parameters::{Parameter, Value};
use domain::unit::{CreditDraft, InvoiceLine, Unit, UnitCommand, UnitEvent, UnitRefusal};
use domain::vat::{VatCategory, VatLine};
use domain::{Balance, Refused};
use rstest::rstest;

use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, Jointly, credit, given, issue, of_unit};

const STANDARD: VatCategory = VatCategory::Standard;
const REDUCED: VatCategory = VatCategory::Reduced;

/// The unit's event of an invoice or credit note, under a number of a fresh series.
fn the_event(decided: Jointly) -> UnitEvent {
    of_unit(decided.expect("nothing forbids it")).remove(0)
}

/// A unit that issued one invoice with these lines, spendable on payment.
pub fn invoiced(lines: &[InvoiceLine]) -> Given<Unit> {
    let unit = given([opened()]).with(available("0.00"));
    let event = the_event(issue(&given([]), &unit, &invoice(lines)));
    unit.and([event])
}

fn credited(unit: Given<Unit>, draft: &CreditDraft) -> Given<Unit> {
    let series = given([]);
    let event = the_event(credit(&series, &unit, draft));
    unit.and([event])
}

fn refused(decided: Jointly, refusal: UnitRefusal) {
    assert_eq!(decided, Err(Refused::Unit(refusal)));
}

fn line(category: VatCategory, rate: &str, base: &str, tax: &str) -> VatLine {
    VatLine { category, rate: crate::fixtures::rate(rate), base: amount(base), tax: balance(tax) }
}

// Invoices.

#[test]
fn e28_an_invoice_says_what_the_client_owes_and_what_the_unit_gets() {
    let unit = given([opened()]);
    let event = the_event(issue(&given([]), &unit, &invoice(&[net(STANDARD, "1000.00")])));
    let expected = UnitEvent::InvoiceIssued {
        invoice: INVOICE,
        number: token("F/2025/000001"),
        holder: ALICE,
        client: CLIENT,
        order: None,
        course: None,
        vat: vec![line(STANDARD, "0.21", "1000.00", "210.00")],
        net: amount("1000.00"),
        gross: amount("1210.00"),
        contribution_rate: rate("0.065"),
        contribution: balance("65.00"),
        unit_share: balance("935.00"),
        spendable: false,
        due_on: day("2025-04-02"),
        evidence: paper("invoice"),
    };
    assert_eq!(event, expected);
}

#[test]
fn lines_of_one_vat_category_are_taxed_together() {
    // DOMAIN C1: 3 × 10.03 at 21 % is 6.32, not 3 × 2.11.
    let lines =
        [net(STANDARD, "10.03"), net(REDUCED, "1.00"), net(STANDARD, "10.03"), net(STANDARD, "10.03")];
    let UnitEvent::InvoiceIssued { vat, .. } =
        the_event(issue(&given([]), &given([opened()]), &invoice(&lines)))
    else {
        panic!("an invoice was issued");
    };
    assert_eq!(vat, [line(STANDARD, "0.21", "30.09", "6.32"), line(REDUCED, "0.06", "1.00", "0.06")]);
}

#[test]
fn zero_rate_and_reverse_charge_bear_no_tax() {
    let lines = [net(VatCategory::Zero, "10.00"), net(VatCategory::ReverseCharge, "20.00")];
    let event = the_event(issue(&given([]), &given([opened()]), &invoice(&lines)));
    assert!(
        matches!(event, UnitEvent::InvoiceIssued { net, gross, .. } if net == gross && net == amount("30.00"))
    );
}

#[test]
fn a_unit_spends_on_issue_or_on_payment_as_published() {
    for (word, expected) in [("issue", true), ("payment", false)] {
        let unit = given([opened()]).publishing(Parameter::BudgetSpendableOn, Value::Choice(token(word)));
        let event = the_event(issue(&given([]), &unit, &invoice(&[net(STANDARD, "1.00")])));
        assert!(matches!(event, UnitEvent::InvoiceIssued { spendable, .. } if spendable == expected));
    }
}

#[test]
fn only_a_holder_invoices_and_only_for_an_order_that_stands() {
    let (series, unit) = (given([]), given([opened()]));
    let mut draft = invoice(&[net(STANDARD, "1.00")]);
    draft.holder = BOB;
    draft.order = Some(ORDER);
    refused(issue(&series, &unit, &draft), UnitRefusal::NotAHolder { person: BOB });
    draft.holder = ALICE;
    let unknown = UnitRefusal::Unknown { what: "order", id: ORDER.to_string() };
    refused(issue(&series, &unit, &draft), unknown);
    refused(issue(&series, &given([]), &draft), UnitRefusal::NotOpen { found: "not opened" });
    let closed = given([opened()]).in_a_year_that_is_not_open();
    assert_eq!(issue(&series, &closed, &draft).unwrap_err().code(), "year.not_open");
}

#[test]
fn an_invoice_has_a_line() {
    refused(issue(&given([]), &given([opened()]), &invoice(&[])), UnitRefusal::NoLines);
}

#[test]
fn an_invoice_stays_below_what_one_field_may_carry() {
    let huge = net(STANDARD, "100000000000.00");
    let refusal = issue(&given([]), &given([opened()]), &invoice(&[huge, huge])).unwrap_err();
    assert_eq!(refusal.code(), "unit.total_too_large");
    assert_eq!(
        refusal.to_string(),
        "a total of 200000000000.00 is more than the 100000000000.00 that one document may bear"
    );
}

#[test]
fn a_price_with_vat_that_no_net_price_gives_is_refused() {
    let lines = [inclusive(STANDARD, "10.00")];
    assert_eq!(
        issue(&given([]), &given([opened()]), &invoice(&lines)).unwrap_err().to_string(),
        "10.00 with VAT at 0.21 would be 8.26 + 1.74, but 8.26 bears 1.73; state a net price"
    );
}

// Credit notes.

#[test]
fn a_credit_note_gives_back_what_was_charged_in_the_same_proportion() {
    let unit = invoiced(&[net(STANDARD, "1000.00")]);
    let event = the_event(credit(&given([]), &unit, &credit_note(0, &[(STANDARD, "400.00")])));
    let expected = UnitEvent::InvoiceCredited {
        invoice: INVOICE,
        credit_note: CREDIT_NOTE,
        number: token("F/2025/000001"),
        client: CLIENT,
        vat: vec![line(STANDARD, "0.21", "400.00", "84.00")],
        net: amount("400.00"),
        gross: amount("484.00"),
        contribution: balance("26.00"),
        from_pending: balance("374.00"),
        from_available: Balance::ZERO,
        from_fund: Balance::ZERO,
        released: Balance::ZERO,
        reason: token("client-complaint"),
        evidence: paper("credit-note"),
    };
    assert_eq!(event, expected);
}

/// What a credit note takes from pending, from available and from the fund, and what it releases.
fn given_back(unit: &Given<Unit>, standard: &str) -> [Balance; 4] {
    match the_event(credit(&given([]), unit, &credit_note(0, &[(STANDARD, standard)]))) {
        UnitEvent::InvoiceCredited { from_pending, from_available, from_fund, released, .. } => {
            [from_pending, from_available, from_fund, released]
        }
        other => panic!("a credit note was issued: {other:?}"),
    }
}

#[test]
fn what_the_unit_spent_already_is_borne_by_what_is_available_and_then_by_the_fund() {
    // columns: available | from available | from fund
    for (has, from_available_, from_fund_) in
        [("1000.00", "935.00", "0.00"), ("900.00", "900.00", "35.00"), ("-10.00", "0.00", "935.00")]
    {
        let paid = invoiced(&[net(STANDARD, "1000.00")]).when(receive(PAYMENT, "1210.00")).accepted();
        let asked = credit_note(0, &[(STANDARD, "1000.00")]);
        let event = the_event(credit(&given([]), &paid.with(available(has)), &asked));
        let UnitEvent::InvoiceCredited { from_pending, from_available, from_fund, .. } = event else {
            panic!("a credit note was issued");
        };
        assert_eq!(
            [from_pending, from_available, from_fund],
            [Balance::ZERO, balance(from_available_), balance(from_fund_)]
        );
    }
}

#[test]
fn no_more_is_given_back_than_was_charged_per_vat_category() {
    let unit = invoiced(&[net(STANDARD, "100.00"), net(REDUCED, "50.00")]);
    let too_much = |category, asked, left| UnitRefusal::CreditsTooMuch {
        category,
        asked: balance(asked),
        left: balance(left),
    };
    refused(
        credit(&given([]), &unit, &credit_note(0, &[(REDUCED, "50.01")])),
        too_much(REDUCED, "50.01", "50.00"),
    );
    refused(
        credit(&given([]), &unit, &credit_note(0, &[(VatCategory::Zero, "1.00")])),
        too_much(VatCategory::Zero, "1.00", "0.00"),
    );
    let unit = credited(unit, &credit_note(0, &[(STANDARD, "60.00")]));
    // Two lines of one category count together.
    refused(
        credit(&given([]), &unit, &credit_note(1, &[(STANDARD, "40.00"), (STANDARD, "0.01")])),
        too_much(STANDARD, "40.01", "40.00"),
    );
    assert!(credit(&given([]), &unit, &credit_note(1, &[(STANDARD, "40.00"), (REDUCED, "50.00")])).is_ok());
}

#[test]
fn a_credit_note_names_an_invoice_of_the_unit_and_has_a_line() {
    let unknown = UnitRefusal::Unknown { what: "invoice", id: INVOICE.to_string() };
    refused(credit(&given([]), &given([opened()]), &credit_note(0, &[(STANDARD, "1.00")])), unknown);
    let unit = invoiced(&[net(STANDARD, "1.00")]);
    refused(credit(&given([]), &unit, &credit_note(0, &[])), UnitRefusal::NoLines);
    refused(
        credit(&given([]), &given([]), &credit_note(0, &[])),
        UnitRefusal::NotOpen { found: "not opened" },
    );
}

// Ten parts of 0.10 would give back 0.01 each, each rounded up: 0.10 of 0.07.
#[test]
fn many_small_credit_notes_never_give_back_more_contribution_than_was_charged() {
    let mut unit = invoiced(&[net(STANDARD, "1.00")]);
    let mut contributions = Vec::new();
    for n in 0..10 {
        let event = the_event(credit(&given([]), &unit, &credit_note(n, &[(STANDARD, "0.10")])));
        let UnitEvent::InvoiceCredited { contribution, from_pending, .. } = &event else {
            panic!("a credit note was issued");
        };
        assert!(!contribution.is_negative() && !from_pending.is_negative());
        contributions.push(*contribution);
        unit = unit.and([event]);
    }
    assert_eq!(contributions.into_iter().sum::<Balance>(), balance("0.07"));
}

// A hundred parts of 1.00, each rounded down to 0.06, would leave 0.50 for a last one of 0.01.
#[test]
fn the_last_credit_note_never_takes_more_contribution_than_it_gives_back() {
    let mut unit = invoiced(&[net(STANDARD, "100.01")]);
    let mut given_back = Balance::ZERO;
    for n in 0..=100 {
        let part = if n < 100 { "1.00" } else { "0.01" };
        let event = the_event(credit(&given([]), &unit, &credit_note(n, &[(STANDARD, part)])));
        let UnitEvent::InvoiceCredited { contribution, from_pending, from_available, from_fund, net, .. } =
            &event
        else {
            panic!("a credit note was issued");
        };
        let parts = [*contribution, *from_pending, *from_available, *from_fund];
        assert!(parts.iter().all(|part| !part.is_negative()), "{parts:?}");
        assert_eq!(parts.into_iter().sum::<Balance>(), net.balance());
        given_back = given_back + *contribution;
        unit = unit.and([event]);
    }
    assert_eq!(given_back, balance("6.50"));
}

// Payments.

fn paid(received: &str, settled: &str, excess: &str, released: &str) -> UnitEvent {
    UnitEvent::InvoicePaid {
        invoice: INVOICE,
        payment: PAYMENT,
        client: CLIENT,
        received: amount(received),
        settled: balance(settled),
        excess: balance(excess),
        released: balance(released),
        evidence: paper("bank-line"),
    }
}

#[test]
fn a_payment_settles_the_invoice_and_releases_the_units_share() {
    let unit = || invoiced(&[net(STANDARD, "1000.00")]);
    unit().when(receive(PAYMENT, "1210.00")).then([paid("1210.00", "1210.00", "0.00", "935.00")]);
    unit().when(receive(PAYMENT, "605.00")).then([paid("605.00", "605.00", "0.00", "467.50")]);
}

#[test]
fn what_is_paid_beyond_the_invoice_is_excess() {
    let unit = || invoiced(&[net(STANDARD, "1000.00")]);
    unit()
        .when(receive(PAYMENT, "1300.00"))
        .then([paid("1300.00", "1210.00", "90.00", "935.00")])
        .when(receive(PAYMENT, "5.00"))
        .then([paid("5.00", "0.00", "5.00", "0.00")]);
}

#[test]
fn the_last_payment_releases_what_is_left_to_the_cent() {
    let unit = invoiced(&[net(STANDARD, "100.01")]);
    // 93.51 of 121.01 in thirds: 31.17, 31.17, 31.17.
    unit.when(receive(PAYMENT, "40.34"))
        .then([paid("40.34", "40.34", "0.00", "31.17")])
        .when(receive(PAYMENT, "40.34"))
        .then([paid("40.34", "40.34", "0.00", "31.17")])
        .when(receive(PAYMENT, "40.33"))
        .then([paid("40.33", "40.33", "0.00", "31.17")]);
}

#[test]
fn a_payment_of_an_invoice_that_was_spendable_on_issue_releases_nothing() {
    let unit = given([opened()]).publishing(Parameter::BudgetSpendableOn, Value::Choice(token("issue")));
    let event = the_event(issue(&given([]), &unit, &invoice(&[net(STANDARD, "1000.00")])));
    unit.and([event]).when(receive(PAYMENT, "1210.00")).then([paid("1210.00", "1210.00", "0.00", "0.00")]);
}

#[test]
fn after_a_credit_note_the_rest_settles_the_invoice() {
    let unit = invoiced(&[net(STANDARD, "1000.00")]);
    credited(unit, &credit_note(0, &[(STANDARD, "400.00")]))
        .when(receive(PAYMENT, "1210.00"))
        .then([paid("1210.00", "726.00", "484.00", "561.00")]);
}

#[test]
fn a_payment_names_an_invoice_of_the_unit() {
    given::<Unit>([opened()])
        .when(receive(PAYMENT, "1.00"))
        .is_refused(UnitRefusal::Unknown { what: "invoice", id: INVOICE.to_string() });
}

// Corrections.

#[test]
fn an_invoice_and_a_credit_note_are_credited_or_issued_anew_never_corrected() {
    let because = "its number is spent and the client has it; issue a credit note or a new invoice";
    let unit = credited(invoiced(&[net(STANDARD, "1000.00")]), &credit_note(0, &[(STANDARD, "400.00")]));
    for (n, kind) in [(2, "invoice.issued"), (3, "invoice.credited")] {
        cannot_correct(unit.clone(), n, &format!("{kind} cannot be taken back: {because}"));
    }
}

#[test]
fn a_payment_booked_on_the_wrong_invoice_is_taken_back() {
    let unit = invoiced(&[net(STANDARD, "1000.00")]).when(receive(PAYMENT, "1210.00")).accepted();
    let replaced = corrected(unit.clone(), 3, Some(receive(PAYMENT, "605.00")));
    replaced.when(receive(PAYMENT, "605.00")).then([paid("605.00", "605.00", "0.00", "467.50")]);
    corrected(unit, 3, None)
        .when(receive(PAYMENT, "1210.00"))
        .then([paid("1210.00", "1210.00", "0.00", "935.00")]);
}

#[test]
fn a_payment_whose_invoice_was_credited_in_full_since_is_not_taken_back() {
    let paid = invoiced(&[net(STANDARD, "1000.00")]).when(receive(PAYMENT, "1210.00")).accepted();
    let since = credited(paid.with(available("5000.00")), &credit_note(0, &[(STANDARD, "1000.00")]));
    let because = "the invoice was credited, paid on, advanced upon, deducted or doubtful since";
    let kind = "invoice.paid";
    since
        .with_original(3)
        .when(UnitCommand::Correct(correct(3, None)))
        .is_refused(CorrectionRefused::ReliedUpon { kind, because });
}

#[test]
fn an_invoice_closed_by_a_credit_note_leaves_nothing_pending() {
    let lines = [net(STANDARD, "100.00"), net(VatCategory::Zero, "100.00")];
    let unit = invoiced(&lines).when(receive(PAYMENT, "100.00")).accepted();
    // 84.62 of 187.00 are released and 102.38 pending; the client owes 121.00 and is credited them. The
    // unit gives back its 93.50, and the 8.88 left of what the client did pay for become available.
    assert_eq!(given_back(&unit, "100.00"), ["93.50", "0.00", "0.00", "8.88"].map(balance));
    // A cent less leaves the invoice open, and a payment of that cent releases the rest.
    assert_eq!(given_back(&unit, "99.99"), ["93.49", "0.00", "0.00", "0.00"].map(balance));
}

// columns: available | from available | from fund
#[rstest]
#[case("1000.00", "374.00", "0.00")]
#[case("300.00", "300.00", "74.00")]
fn a_credit_note_on_a_paid_invoice_has_nothing_to_release(
    #[case] has: &str,
    #[case] from_available: &str,
    #[case] from_fund: &str,
) {
    let paid = invoiced(&[net(STANDARD, "1000.00")]).when(receive(PAYMENT, "1210.00")).accepted();
    let found = given_back(&paid.with(available(has)), "400.00");
    assert_eq!(found, ["0.00", from_available, from_fund, "0.00"].map(balance));
}

#[test]
fn an_invoice_that_was_spendable_on_issue_has_nothing_to_release() {
    let unit = given([opened()]).publishing(Parameter::BudgetSpendableOn, Value::Choice(token("issue")));
    let event = the_event(issue(&given([]), &unit, &invoice(&[net(STANDARD, "1000.00")])));
    let unit = unit.and([event]).with(available("935.00"));
    assert_eq!(given_back(&unit, "1000.00"), ["0.00", "935.00", "0.00", "0.00"].map(balance));
}

#[test]
fn a_payment_is_taken_back_of_an_invoice_that_a_credit_note_closed() {
    let lines = [net(STANDARD, "100.00"), net(VatCategory::Zero, "100.00")];
    let paid_in_part = invoiced(&lines).when(receive(PAYMENT, "100.00")).accepted();
    let closed = credited(paid_in_part, &credit_note(0, &[(STANDARD, "100.00")]));
    // The 84.62 are pending again, beside the 93.50 given back and the 8.88 that stay released.
    corrected(closed, 3, None)
        .when(receive(PAYMENT, "100.00"))
        .then([paid("100.00", "100.00", "0.00", "84.62")]);
}
