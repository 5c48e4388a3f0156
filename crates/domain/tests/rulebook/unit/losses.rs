//! The rulebook of doubtful and lost debts: who bears what, and who gets back what is paid after all.

use domain::unit::{Unit, UnitCommand, UnitEvent, UnitRefusal};
use domain::vat::VatCategory;
use domain::{Amount, Balance};
use proptest::prelude::*;

use super::invoicing::invoiced;
use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, credit, given};

/// A unit that invoiced 1,210.00 on 3 March, due on 2 April; it is now July.
fn owed() -> Given<Unit> {
    invoiced(&[net(VatCategory::Standard, "1000.00")]).on("2025-07-02")
}

fn doubtful() -> Given<Unit> {
    owed().when(doubt()).accepted()
}

/// Gross, net, from the fund, from the pool, released.
fn feared(unit: Given<Unit>) -> [String; 5] {
    match unit.when(doubt()).event() {
        UnitEvent::InvoiceDoubtful { gross, net, from_fund, from_pool, released, .. } => {
            [gross.balance(), net, from_fund, from_pool, released].map(|part| part.to_string())
        }
        other => panic!("a debt became doubtful: {other:?}"),
    }
}

/// Settled, over, net, to the fund, to the pool.
fn recovered(unit: &Given<Unit>, received: &str) -> [String; 5] {
    match unit.clone().when(receive(PAYMENT, received)).event() {
        UnitEvent::InvoiceRecovered { settled, excess, net, to_fund, to_pool, .. } => {
            [settled, excess, net, to_fund, to_pool].map(|part| part.to_string())
        }
        other => panic!("a payment was received: {other:?}"),
    }
}

/// Net and VAT.
fn lost(unit: &Given<Unit>, judgment_on: Option<&str>) -> [String; 2] {
    match unit.clone().when(write_off(judgment_on)).event() {
        UnitEvent::InvoiceWrittenOff { net, vat_recoverable, .. } => {
            [net, vat_recoverable].map(|part| part.to_string())
        }
        other => panic!("a debt was written off: {other:?}"),
    }
}

#[test]
fn the_fund_bears_the_share_of_the_unit_and_the_pool_its_own() {
    // columns: gross, net, from fund, from pool, released
    assert_eq!(feared(owed()), ["1210.00", "1000.00", "935.00", "65.00", "935.00"]);
    let part_paid = owed().when(receive(OTHER_PAYMENT, "605.00")).accepted();
    assert_eq!(feared(part_paid), ["605.00", "500.00", "467.50", "32.50", "467.50"]);
    // An indemnity bears no VAT and was the pool's.
    let charged = owed().when(of_business()).accepted();
    assert_eq!(feared(charged), ["1284.69", "1074.69", "935.00", "139.69", "935.00"]);
}

#[test]
fn a_debt_is_doubtful_once_and_only_what_is_open() {
    doubtful().when(doubt()).is_refused(UnitRefusal::WrongState {
        what: "invoice",
        id: INVOICE.to_string(),
        found: "doubtful",
        expected: "not doubtful yet",
    });
    let paid = owed().when(receive(PAYMENT, "1210.00")).accepted();
    paid.when(doubt()).is_refused(UnitRefusal::NothingOpen { invoice: INVOICE, open: Balance::ZERO });
}

#[test]
fn what_is_paid_on_a_doubtful_debt_goes_back_to_who_bore_the_loss() {
    // columns: received | settled, over, net, to fund, to pool
    assert_eq!(recovered(&doubtful(), "605.00"), ["605.00", "0.00", "500.00", "467.50", "32.50"]);
    assert_eq!(recovered(&doubtful(), "1300.00"), ["1210.00", "90.00", "1000.00", "935.00", "65.00"]);
    let part = doubtful().when(receive(OTHER_PAYMENT, "0.01")).accepted();
    assert_eq!(recovered(&part, "1209.99"), ["1209.99", "0.00", "999.99", "934.99", "65.00"]);
}

#[test]
fn a_write_off_without_a_doubtful_debt_is_refused_with_the_numbers() {
    let says = |open: &str| {
        format!(
            "of the {open} open on invoice {INVOICE}, 0.00 is doubtful and can be written off; this needs more"
        )
    };
    owed().when(write_off(None)).is_refused_saying(&says("1210.00"));
    let lost = doubtful().when(write_off(None)).accepted();
    lost.when(write_off(None)).is_refused_saying(&says("210.00"));
}

#[test]
fn vat_is_recovered_only_once_a_judgment_gives_the_right() {
    // columns: judgment | net, VAT
    assert_eq!(lost(&doubtful(), None), ["1000.00", "0.00"]);
    assert_eq!(lost(&doubtful(), Some("2025-06-15")), ["1000.00", "210.00"]);
    let without = doubtful().when(write_off(None)).accepted();
    assert_eq!(lost(&without, Some("2025-06-15")), ["0.00", "210.00"]);
    doubtful().when(write_off(Some("2025-07-03"))).is_refused(UnitRefusal::BadDay {
        day: day("2025-07-03"),
        problem: "after the day of the write-off",
    });
}

#[test]
fn what_is_written_off_is_not_owed_any_more() {
    let lost = doubtful().when(write_off(None)).accepted();
    // What is left is the VAT, which nobody wrote down.
    assert_eq!(recovered(&lost, "300.00"), ["210.00", "90.00", "0.00", "0.00", "0.00"]);
    let all = doubtful().when(write_off(Some("2025-06-15"))).accepted();
    assert_eq!(recovered(&all, "300.00"), ["0.00", "300.00", "0.00", "0.00", "0.00"]);
}

#[test]
fn a_doubtful_debt_is_neither_credited_nor_raised() {
    let refusal = || UnitRefusal::DebtIsDoubtful { invoice: INVOICE, doubtful: balance("1210.00") };
    let note = credit_note(0, &[(VatCategory::Standard, "1.00")]);
    assert_eq!(credit(&given([]), &doubtful(), &note), Err(refusal().into()));
    doubtful().when(of_business()).is_refused(refusal());
}

#[test]
fn doubt_is_taken_back_until_something_is_paid_or_lost() {
    assert_eq!(feared(corrected(doubtful(), 3, None)), feared(owed()));
    let says = "invoice.doubtful cannot be taken back: it was paid or written off since";
    let paid = doubtful().when(receive(PAYMENT, "605.00")).accepted();
    cannot_correct(paid.clone(), 3, says);
    cannot_correct(doubtful().when(write_off(None)).accepted(), 3, says);
    // A payment that was none is as if it had never come.
    let instead = Some(receive(OTHER_PAYMENT, "121.00"));
    let right = corrected(paid.clone(), 4, instead);
    assert_eq!(recovered(&right, "1089.00"), ["1089.00", "0.00", "900.00", "841.50", "58.50"]);
    let lost = paid.when(write_off(None)).accepted();
    cannot_correct(
        lost.clone(),
        4,
        "invoice.recovered cannot be taken back: it was paid or written off since",
    );
    assert_eq!(
        recovered(&corrected(lost, 5, None), "605.00"),
        ["605.00", "0.00", "500.00", "467.50", "32.50"]
    );
}

#[test]
fn a_payment_that_was_all_excess_is_taken_back_also_when_the_doubt_is_gone() {
    let paid = doubtful().when(receive(PAYMENT, "1210.00")).accepted();
    let paid_twice = paid.when(receive(OTHER_PAYMENT, "10.00")).accepted();
    let owed_again = corrected(corrected(paid_twice, 4, None), 3, None);
    assert_eq!(feared(corrected(owed_again, 5, None)), feared(owed()));
}

#[test]
fn payments_and_indemnities_stand_once_the_rest_is_doubtful() {
    let part = owed().when(of_business()).accepted().when(receive(PAYMENT, "5.00")).accepted();
    let feared = part.when(doubt()).accepted();
    let because = "the invoice was paid, credited or doubtful since";
    cannot_correct(feared.clone(), 3, &format!("invoice.indemnity_charged cannot be taken back: {because}"));
    let because = "the invoice was credited, paid on, advanced upon, deducted or doubtful since";
    cannot_correct(feared, 4, &format!("invoice.paid cannot be taken back: {because}"));
}

proptest! {
    #[test]
    fn what_is_feared_is_paid_or_lost_to_the_cent(
        nets in [1_i64..200_000, 1_i64..200_000],
        before in 0_i64..150,
        after in proptest::collection::vec(1_i64..60, 0..6),
        judgment in any::<bool>(),
    ) {
        let text = |cents: i64| Amount::from_cents(cents).expect("above zero").to_string();
        let lines = [net(VatCategory::Standard, &text(nets[0])), net(VatCategory::Reduced, &text(nets[1]))];
        let mut unit = invoiced(&lines).on("2025-07-02");
        let whole = nets[0] + nets[1];
        if let Ok(part) = Amount::from_cents(whole * before / 100) {
            unit = unit.when(receive(OTHER_PAYMENT, &part.to_string())).accepted();
        }
        let Some(UnitEvent::InvoiceDoubtful { gross, net, from_fund, from_pool, .. }) =
            unit.clone().when(doubt()).events_or_none().pop() else { return Ok(()) };
        prop_assert_eq!(from_fund + from_pool, net);
        prop_assert!(net <= gross.balance() && !from_fund.is_negative() && !from_pool.is_negative());
        let (mut left, mut fund, mut pool) = (gross.balance(), from_fund, from_pool);
        unit = unit.when(doubt()).accepted();
        for part in after {
            let Ok(part) = Amount::from_cents(whole * part / 100) else { continue };
            let event = unit.clone().when(receive(PAYMENT, &part.to_string())).event();
            let UnitEvent::InvoiceRecovered { settled, to_fund, to_pool, net, .. } = &event else {
                panic!("a payment was received: {event:?}");
            };
            prop_assert_eq!(*to_fund + *to_pool, *net);
            (left, fund, pool) = (left - *settled, fund - *to_fund, pool - *to_pool);
            prop_assert!(!left.is_negative() && !fund.is_negative() && !pool.is_negative());
            prop_assert!(fund + pool <= left, "{} and {} of {}", fund, pool, left);
            unit = unit.and([event]);
        }
        let asked: UnitCommand = write_off(judgment.then_some("2025-06-15"));
        if let Some(UnitEvent::InvoiceWrittenOff { net, vat_recoverable, .. }) = unit.when(asked).events_or_none().pop() {
            prop_assert_eq!(net, fund + pool);
            prop_assert_eq!(vat_recoverable, if judgment { left - net } else { Balance::ZERO });
        } else {
            prop_assert_eq!(fund + pool, Balance::ZERO);
        }
    }
}
