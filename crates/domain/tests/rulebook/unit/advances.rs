//! The rulebook of advances: how much, for how long, and who waits for the client meanwhile.

use domain::Balance;
use domain::parameters::{Parameter, Value};
use domain::unit::{Unit, UnitEvent, UnitRefusal};
use domain::vat::VatCategory;

use super::invoicing::invoiced;
use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, given, issue, of_unit};

/// A unit that invoiced 1,210.00, of which 935.00 is pending.
fn owed() -> Given<Unit> {
    invoiced(&[net(VatCategory::Standard, "1000.00")])
}

/// What a payment recovers of an advance and what it releases.
fn paid(unit: &Given<Unit>, received: &str) -> [String; 2] {
    let before = unit.events.len();
    let events = unit.clone().when(receive(PAYMENT, received)).accepted().events.split_off(before);
    let released = match &events[0] {
        UnitEvent::InvoicePaid { released, .. } => *released,
        other => panic!("a payment was received: {other:?}"),
    };
    let recovered = match events.get(1) {
        None => Balance::ZERO,
        Some(UnitEvent::AdvanceRecovered { payment: PAYMENT, amount, .. }) => amount.balance(),
        Some(other) => panic!("an advance was recovered: {other:?}"),
    };
    [recovered, released].map(|part| part.to_string())
}

#[test]
fn i5_no_more_is_advanced_than_is_pending_of_the_invoice() {
    owed().when(advance("935.00")).accepted();
    owed().when(advance("935.01")).is_refused_saying(&format!(
        "an advance of 935.01 is more than the 935.00 left to advance: 935.00 is pending on invoice {INVOICE} \
         and 0.00 was advanced"
    ));
    owed().when(advance("900.00")).accepted().when(advance("35.01")).is_refused(
        UnitRefusal::AdvanceTooHigh {
            invoice: INVOICE,
            asked: amount("35.01"),
            most: balance("35.00"),
            pending: balance("35.00"),
            advanced: balance("900.00"),
        },
    );
}

#[test]
fn nothing_is_advanced_on_what_is_spendable_paid_or_doubtful() {
    let on_issue = given([opened()]).publishing(Parameter::BudgetSpendableOn, Value::Choice(token("issue")));
    let draft = invoice(&[net(VatCategory::Standard, "1000.00")]);
    let spendable =
        on_issue.clone().and(of_unit(issue(&given([]), &on_issue, &draft).expect("nothing forbids it")));
    assert!(matches!(spendable.when(advance("0.01")).refusal(), UnitRefusal::AdvanceTooHigh { .. }));
    let paid = owed().when(receive(PAYMENT, "1210.00")).accepted();
    paid.when(advance("0.01")).is_refused(UnitRefusal::NothingOpen { invoice: INVOICE, open: Balance::ZERO });
    let doubtful = UnitRefusal::DebtIsDoubtful { invoice: INVOICE, doubtful: balance("1210.00") };
    owed().when(doubt()).accepted().when(advance("0.01")).is_refused(doubtful);
}

#[test]
fn e30_a_payment_recovers_the_advance_before_it_releases_anything() {
    let advanced = owed().when(advance("500.00")).accepted();
    // columns: received | recovered, released
    assert_eq!(paid(&advanced, "605.00"), ["467.50", "0.00"]);
    assert_eq!(paid(&advanced, "968.00"), ["500.00", "248.00"]);
    assert_eq!(paid(&advanced, "1210.00"), ["500.00", "435.00"]);
    let part = advanced.when(receive(OTHER_PAYMENT, "605.00")).accepted();
    assert_eq!(paid(&part, "605.00"), ["32.50", "435.00"]);
    assert_eq!(paid(&owed(), "605.00"), ["0.00", "467.50"]);
}

#[test]
fn e30_the_fund_absorbs_its_advance_with_the_doubtful_debt() {
    let advanced = owed().when(advance("500.00")).accepted();
    let before = advanced.events.len();
    let after = advanced.when(doubt()).accepted();
    let UnitEvent::InvoiceDoubtful { from_fund, released, .. } = &after.events[before] else {
        panic!("a debt became doubtful");
    };
    // The unit keeps what it has and gets what it waited for.
    assert_eq!((*from_fund, *released), (balance("935.00"), balance("435.00")));
    assert_eq!(
        after.events[before + 1..],
        [UnitEvent::AdvanceAbsorbed { invoice: INVOICE, amount: amount("500.00") }]
    );
    cannot_correct(
        after,
        before + 1,
        "invoice.doubtful cannot be taken back: the fund advanced upon the invoice",
    );
}

#[test]
fn an_advance_is_taken_back_until_something_of_it_is_recovered() {
    let advanced = owed().when(advance("500.00")).accepted();
    corrected(advanced.clone(), 3, Some(advance("935.00"))).when(advance("0.01")).refusal();
    corrected(advanced.clone(), 3, None).when(advance("935.00")).accepted();
    let paid = advanced.when(receive(PAYMENT, "605.00")).accepted();
    cannot_correct(
        paid.clone(),
        3,
        "advance.granted cannot be taken back: it was recovered or absorbed since",
    );
    cannot_correct(
        paid.clone(),
        4,
        "invoice.paid cannot be taken back: the invoice was credited, paid on, advanced upon, deducted or doubtful since",
    );
    cannot_correct(
        paid,
        5,
        "advance.recovered cannot be taken back: it came with what happened to the invoice",
    );
}
