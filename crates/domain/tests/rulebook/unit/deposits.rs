//! The rulebook of deposits: what a client pays before the work, and what becomes of it.

use domain::ids::InvoiceId;
use domain::unit::{InvoiceDraft, InvoiceLine, Unit, UnitEvent, UnitKnown, UnitRefusal};
use domain::vat::{VatCategory, VatLine};
use domain::{Balance, Refused};

use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, credit, given, invoice_deposit, issue, issue_final, of_unit};

const STANDARD: VatCategory = VatCategory::Standard;

/// A deposit of 363.00 that CLIENT owes: 300.00 and its tax.
fn asked() -> Given<Unit> {
    with_deposit(given([opened()]), INVOICE, &[net(STANDARD, "300.00")])
}

fn with_deposit(unit: Given<Unit>, id: InvoiceId, lines: &[InvoiceLine]) -> Given<Unit> {
    let draft = InvoiceDraft { invoice: id, ..invoice(lines) };
    let decided = invoice_deposit(&given([]), &unit, &draft).expect("nothing forbids it");
    unit.and(of_unit(decided))
}

/// The deposit was paid.
fn paid() -> Given<Unit> {
    asked().when(receive(PAYMENT, "363.00")).accepted()
}

/// The invoice for the work, of so much.
fn work(lines: &[InvoiceLine]) -> InvoiceDraft {
    InvoiceDraft { invoice: OTHER_INVOICE, ..invoice(lines) }
}

fn finally(unit: &Given<Unit>, deposits: &[InvoiceId], price: &str) -> Result<Vec<UnitEvent>, Refused> {
    issue_final(&given([]), unit, &work(&[net(STANDARD, price)]), deposits).map(of_unit)
}

fn says(refused: Result<Vec<UnitEvent>, Refused>) -> String {
    refused.expect_err("a rule forbids it").to_string()
}

#[test]
fn a_deposit_is_invoiced_with_its_tax_and_nobody_has_a_share_of_it() {
    let event = asked().events.pop().expect("a deposit was invoiced");
    let UnitEvent::DepositInvoiced { vat, net, gross, due_on, .. } = event else { panic!("{event:?}") };
    let line =
        VatLine { category: STANDARD, rate: rate("0.21"), base: amount("300.00"), tax: balance("63.00") };
    assert_eq!((vat, net, gross), (vec![line], amount("300.00"), amount("363.00")));
    assert_eq!(due_on, day("2025-04-02"));
    let payment = asked().when(receive(PAYMENT, "363.00")).event();
    assert!(matches!(payment, UnitEvent::InvoicePaid { released: Balance::ZERO, .. }), "{payment:?}");
}

#[test]
fn the_invoice_for_the_work_charges_the_whole_and_deducts_the_deposit() {
    let events = finally(&paid(), &[INVOICE], "1000.00").expect("nothing forbids it");
    let [UnitEvent::InvoiceIssued { gross, contribution, unit_share, .. }, deducted] = &events[..] else {
        panic!("an invoice and a deposit: {events:?}");
    };
    // E28: the contribution is rated once, on the whole.
    assert_eq!(
        (*gross, *contribution, *unit_share),
        (amount("1210.00"), balance("65.00"), balance("935.00"))
    );
    let UnitEvent::DepositDeducted { net, gross, released, .. } = deducted else { panic!("{deducted:?}") };
    // 935.00 × 363.00 / 1,210.00.
    assert_eq!((*net, *gross, *released), (amount("300.00"), amount("363.00"), balance("280.50")));
    let rest = paid().and(events);
    let receive_rest = |text| domain::unit::UnitCommand::ReceivePayment {
        invoice: OTHER_INVOICE,
        payment: OTHER_PAYMENT,
        received: amount(text),
        evidence: paper("bank-line"),
    };
    let payment = rest.when(receive_rest("847.00")).event();
    let UnitEvent::InvoicePaid { settled, excess, released, .. } = payment else { panic!("{payment:?}") };
    assert_eq!((settled, excess, released), (balance("847.00"), Balance::ZERO, balance("654.50")));
}

#[test]
fn a_deposit_of_the_whole_price_settles_the_invoice() {
    let events = finally(&paid(), &[INVOICE], "300.00").expect("nothing forbids it");
    let Some(UnitEvent::DepositDeducted { released, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!(*released, balance("280.50"));
}

#[test]
fn several_deposits_are_deducted_at_once_each_once() {
    const THIRD: InvoiceId = InvoiceId::new(uuid::Uuid::from_u128(0x3));
    let two = with_deposit(asked(), THIRD, &[net(STANDARD, "200.00")]);
    let pay = |invoice, received| domain::unit::UnitCommand::ReceivePayment {
        invoice,
        payment: PAYMENT,
        received: amount(received),
        evidence: paper("bank-line"),
    };
    let two = two.when(pay(INVOICE, "363.00")).accepted().when(pay(THIRD, "242.00")).accepted();
    assert_eq!(finally(&two, &[INVOICE, THIRD], "500.00").expect("nothing forbids it").len(), 3);
    assert_eq!(
        says(finally(&two, &[INVOICE, THIRD], "499.99")),
        "deposits of 500.00 are more than the 499.99 invoiced in VAT category Standard"
    );
    assert_eq!(
        says(finally(&two, &[INVOICE, INVOICE], "1000.00")),
        format!(
            "deposit {INVOICE} is deducted; this needs one that is not deducted; credit the invoice for the work"
        )
    );
}

#[test]
fn the_tax_deducted_is_no_more_than_the_tax_charged() {
    // Two deposits of 0.03 bear 0.01 each; 0.06 bears 0.01.
    const THIRD: InvoiceId = InvoiceId::new(uuid::Uuid::from_u128(0x3));
    let one = with_deposit(given([opened()]), INVOICE, &[net(STANDARD, "0.03")]);
    let two = with_deposit(one, THIRD, &[net(STANDARD, "0.03")]);
    let pay = |invoice| domain::unit::UnitCommand::ReceivePayment {
        invoice,
        payment: PAYMENT,
        received: amount("0.04"),
        evidence: paper("bank-line"),
    };
    let two = two.when(pay(INVOICE)).accepted().when(pay(THIRD)).accepted();
    assert_eq!(
        says(finally(&two, &[INVOICE, THIRD], "0.06")),
        "deposits of 0.02 are more than the 0.01 invoiced in VAT category Standard"
    );
}

// columns: unit | deposits | sentence
#[test]
fn a_deposit_is_not_deducted() {
    let unpaid = asked().when(receive(PAYMENT, "362.99")).accepted();
    let credited = {
        let note = credit_note(0, &[(STANDARD, "300.00")]);
        let decided = credit(&given([]), &asked(), &note).expect("nothing forbids it");
        asked().and(of_unit(decided))
    };
    let of_another = {
        let unit = given([opened()]);
        let other = domain::ids::ClientId::new(uuid::Uuid::from_u128(0x07E4));
        let draft = InvoiceDraft { client: other, ..invoice(&[net(STANDARD, "300.00")]) };
        let decided = invoice_deposit(&given([]), &unit, &draft).expect("nothing forbids it");
        unit.and(of_unit(decided)).when(receive(PAYMENT, "363.00")).accepted()
    };
    let for_work = {
        let unit = given([opened()]);
        let decided = issue(&given([]), &unit, &invoice(&[net(STANDARD, "300.00")]));
        unit.and(of_unit(decided.expect("nothing forbids it")))
    };
    let is = |what: &str, found: &str, expected: &str| {
        format!("{what} {INVOICE} is {found}; this needs one that is {expected}")
    };
    let table: [(Given<Unit>, &[InvoiceId], String); 6] = [
        (paid(), &[], "expected at least one deposit to deduct, found none".to_owned()),
        (given([opened()]), &[INVOICE], format!("this unit has no invoice {INVOICE}")),
        (unpaid, &[INVOICE], format!("0.01 is still open on deposit {INVOICE}; only a paid one is deducted")),
        (credited, &[INVOICE], is("deposit", "credited", "not credited in full")),
        (of_another, &[INVOICE], is("deposit", "of another client", "of the client invoiced")),
        (for_work, &[INVOICE], is("invoice", "for work", "a deposit")),
    ];
    for (unit, deposits, sentence) in table {
        assert_eq!(says(finally(&unit, deposits, "1000.00")), sentence);
    }
    let reduced = work(&[net(VatCategory::Reduced, "1000.00")]);
    assert_eq!(
        says(issue_final(&given([]), &paid(), &reduced, &[INVOICE]).map(of_unit)),
        "deposits of 300.00 are more than the 0.00 invoiced in VAT category Standard"
    );
}

#[test]
fn a_deposit_for_work_that_is_not_done_is_credited() {
    let note = |n, part: &str| credit_note(n, &[(STANDARD, part)]);
    let credited = |unit: Given<Unit>, n, part: &str| {
        let events = of_unit(credit(&given([]), &unit, &note(n, part)).expect("nothing forbids it"));
        unit.and(events)
    };
    let part = credited(asked(), 0, "100.00");
    let Some(UnitEvent::DepositCredited { net, gross, .. }) = part.events.last() else {
        panic!("a deposit was credited: {:?}", part.events);
    };
    assert_eq!((*net, *gross), (amount("100.00"), amount("121.00")));
    // The rest is owed, and what was credited is not deducted.
    let rest = part.when(receive(PAYMENT, "242.00")).accepted();
    let events = finally(&rest, &[INVOICE], "1000.00").expect("nothing forbids it");
    assert!(
        matches!(&events[1], UnitEvent::DepositDeducted { gross, .. } if *gross == amount("242.00")),
        "{events:?}"
    );
    let refused = credit(&given([]), &rest, &note(1, "200.01")).unwrap_err();
    assert_eq!(refused.to_string(), "200.01 is more than the 200.00 left to credit in VAT category Standard");
    let deducted = rest.and(events);
    let refused = credit(&given([]), &deducted, &note(1, "1.00")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "deposit {INVOICE} is deducted; this needs one that is not deducted; credit the invoice for the work"
        )
    );
}

#[test]
fn a_deposit_is_never_doubtful_and_nothing_is_advanced_upon_it() {
    asked().when(doubt()).is_refused(UnitRefusal::WrongState {
        what: "invoice",
        id: INVOICE.to_string(),
        found: "a deposit",
        expected: "for work done; credit the deposit instead",
    });
    asked().when(advance("0.01")).is_refused(UnitRefusal::AdvanceTooHigh {
        invoice: INVOICE,
        asked: amount("0.01"),
        most: Balance::ZERO,
        pending: Balance::ZERO,
        advanced: Balance::ZERO,
    });
    // But its client is reminded as any other.
    asked().on("2025-04-12").when(remind(1)).accepted();
}

#[test]
fn deposits_are_not_corrected_but_credited() {
    let spent = "its number is spent and the client has it; issue a credit note or a new invoice";
    cannot_correct(asked(), 2, &format!("deposit.invoiced cannot be taken back: {spent}"));
    let note = credit_note(0, &[(STANDARD, "300.00")]);
    let credited = of_unit(credit(&given([]), &asked(), &note).expect("nothing forbids it"));
    cannot_correct(asked().and(credited), 3, &format!("deposit.credited cannot be taken back: {spent}"));
    let deducted = paid().and(finally(&paid(), &[INVOICE], "1000.00").expect("nothing forbids it"));
    cannot_correct(
        deducted.clone(),
        5,
        "deposit.deducted cannot be taken back: it came with the invoice for the work; credit that",
    );
    cannot_correct(
        deducted,
        3,
        "invoice.paid cannot be taken back: the invoice was credited, paid on, advanced upon, deducted or doubtful since",
    );
    corrected(paid(), 3, Some(receive(OTHER_PAYMENT, "363.00")));
}

#[test]
fn e30_exempt_training_bears_no_vat() {
    let course = Some(crate::course::validated().state.standing(ATELIER));
    let unit = given([opened()]).with(UnitKnown { course, ..available("0.00") });
    let training = |line| InvoiceDraft { course: Some(COURSE), ..invoice(&[line]) };
    let exempt = |line| issue(&given([]), &unit, &training(line)).map(of_unit);
    let events = exempt(net(VatCategory::Exempt, "121.00")).expect("nothing forbids it");
    let UnitEvent::InvoiceIssued { vat, gross, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!((vat[0].tax, *gross), (Balance::ZERO, amount("121.00")));
    let asked = "exempt training bears no VAT, but a price of 121.00 with VAT was asked; state a net price";
    assert_eq!(says(exempt(inclusive(VatCategory::Exempt, "121.00"))), asked);
    let deposit = invoice(&[inclusive(VatCategory::Exempt, "121.00")]);
    assert_eq!(says(invoice_deposit(&given([]), &given([opened()]), &deposit).map(of_unit)), asked);
}
