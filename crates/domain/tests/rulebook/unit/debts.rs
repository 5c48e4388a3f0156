//! The rulebook of debts: who is reminded when, what paying late costs, and what is agreed about it.

use domain::unit::{Unit, UnitCommand, UnitEvent, UnitRefusal};
use domain::vat::VatCategory;
use domain::{Amount, Balance};

use super::invoicing::invoiced;
use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::Given;

/// A unit that invoiced 1,210.00 on 3 March, due on 2 April; it is now that day.
fn owed_on(text: &str) -> Given<Unit> {
    invoiced(&[net(VatCategory::Standard, "1000.00")]).on(text)
}

fn disputed() -> UnitCommand {
    UnitCommand::DisputeInvoice { invoice: INVOICE, reason: token("poor-work") }
}

fn settled() -> UnitCommand {
    UnitCommand::SettleDispute { invoice: INVOICE, reason: token("withdrawn") }
}

fn handed_over() -> UnitCommand {
    UnitCommand::HandOverInvoice { invoice: INVOICE, collector: BAILIFF }
}

fn in_state(found: &'static str, expected: &'static str) -> UnitRefusal {
    UnitRefusal::WrongState { what: "invoice", id: INVOICE.to_string(), found, expected }
}

/// What a payment settles and releases, and what is over.
fn paid(unit: &Given<Unit>, received: &str) -> [String; 3] {
    match unit.clone().when(receive(PAYMENT, received)).event() {
        UnitEvent::InvoicePaid { settled, released, excess, .. } => {
            [settled, released, excess].map(|part| part.to_string())
        }
        other => panic!("a payment was received: {other:?}"),
    }
}

// Reminders.

#[test]
fn a_client_is_reminded_of_what_is_open_and_how_late_it_is() {
    let part_paid = owed_on("2025-04-12").when(receive(PAYMENT, "210.00")).accepted();
    part_paid.when(remind(1)).then([UnitEvent::InvoiceReminded {
        invoice: INVOICE,
        client: CLIENT,
        level: 1.try_into().expect("a level"),
        channel: domain::unit::Channel::Email,
        sent_on: day("2025-04-12"),
        days_overdue: 10,
        open: amount("1000.00"),
    }]);
}

#[test]
fn an_invoice_is_overdue_from_the_day_after_its_due_date() {
    owed_on("2025-04-02")
        .when(remind(1))
        .is_refused_saying("the invoice is due on 2025-04-02; it is not overdue on 2025-04-02");
    owed_on("2025-04-03").when(remind(1)).accepted();
}

#[test]
fn each_level_is_sent_once_and_in_order() {
    let once = owed_on("2025-04-12").when(remind(1)).accepted();
    once.clone()
        .on("2025-04-20")
        .when(remind(1))
        .is_refused_saying("reminder 1 was sent on 2025-04-12 already");
    once.clone().when(remind(3)).is_refused_saying("reminder 3 comes after 2 others; 1 were sent");
    let thrice = once.when(remind(2)).accepted().when(remind(3)).accepted();
    let level = 3.try_into().expect("a level");
    thrice.when(remind(3)).is_refused(UnitRefusal::RemindedAlready { level, sent_on: day("2025-04-12") });
}

#[test]
fn nobody_is_reminded_of_what_is_paid_or_disputed() {
    let paid = owed_on("2025-04-12").when(receive(PAYMENT, "1210.00")).accepted();
    paid.when(remind(1)).is_refused(UnitRefusal::NothingOpen { invoice: INVOICE, open: Balance::ZERO });
    let disputed = owed_on("2025-04-12").when(disputed()).accepted();
    disputed.clone().when(remind(1)).is_refused(in_state("disputed", "undisputed"));
    disputed.when(settled()).accepted().when(remind(1)).accepted();
}

#[test]
fn a_reminder_that_was_not_sent_is_taken_back_unless_another_followed() {
    let twice = owed_on("2025-04-12").when(remind(1)).accepted().when(remind(2)).accepted();
    let because = "invoice.reminded cannot be taken back: a later reminder or an indemnity followed it";
    cannot_correct(twice.clone(), 3, because);
    corrected(twice, 4, None).when(remind(2)).accepted();
    let charged = owed_on("2025-04-12").when(remind(1)).accepted().when(of_business()).accepted();
    cannot_correct(charged, 3, because);
}

// Indemnities.

#[test]
fn a_consumer_is_reminded_before_an_indemnity_is_asked() {
    owed_on("2025-07-01").when(of_consumer("20.00")).is_refused(in_state("not reminded", "reminded"));
}

#[test]
fn an_indemnity_above_its_cap_is_refused_with_the_numbers() {
    let reminded = owed_on("2025-04-12").when(remind(1)).accepted().on("2025-05-01");
    reminded
        .when(of_consumer("100.51"))
        .is_refused_saying("an indemnity of 100.51 is more than the 100.50 that a debt of 1210.00 may bear");
}

#[test]
fn an_indemnity_is_charged_once() {
    let charged = owed_on("2025-07-02").when(of_business()).accepted();
    charged.when(of_business()).is_refused(in_state("charged with an indemnity", "without one"));
}

#[test]
fn what_a_client_owes_grows_by_the_indemnity_and_the_invoice_is_settled_first() {
    let charged = owed_on("2025-07-02").when(of_business()).accepted();
    // columns: received | settled, released, over
    assert_eq!(paid(&charged, "605.00"), ["605.00", "467.50", "0.00"]);
    assert_eq!(paid(&charged, "1210.00"), ["1210.00", "935.00", "0.00"]);
    assert_eq!(paid(&charged, "1284.70"), ["1284.69", "935.00", "0.01"]);
    let rest = charged.when(receive(OTHER_PAYMENT, "1210.00")).accepted();
    assert_eq!(paid(&rest, "100.00"), ["74.69", "0.00", "25.31"]);
}

#[test]
fn an_indemnity_is_taken_back_until_it_is_paid() {
    let charged = owed_on("2025-07-02").when(of_business()).accepted();
    let part = charged.clone().when(receive(PAYMENT, "1210.00")).accepted();
    assert_eq!(paid(&corrected(part.clone(), 3, None), "5.00"), ["0.00", "0.00", "5.00"]);
    let all = part.when(receive(OTHER_PAYMENT, "0.01")).accepted();
    cannot_correct(
        all,
        3,
        "invoice.indemnity_charged cannot be taken back: the invoice was paid, credited or doubtful since",
    );
}

#[test]
fn a_credit_note_on_the_whole_invoice_releases_nothing_more_though_an_indemnity_stays() {
    let charged = owed_on("2025-07-02").when(of_business()).accepted();
    let part = charged.when(receive(PAYMENT, "605.00")).accepted();
    let note = credit_note(0, &[(VatCategory::Standard, "500.00")]);
    let decided =
        crate::harness::credit(&crate::harness::given([]), &part, &note).expect("nothing forbids it");
    let event = crate::harness::of_unit(decided).remove(0);
    assert!(
        matches!(&event, UnitEvent::InvoiceCredited { from_pending, released: Balance::ZERO, .. }
            if *from_pending == balance("467.50")),
        "{event:?}"
    );
    assert_eq!(paid(&part.and([event]), "80.00"), ["74.69", "0.00", "5.31"]);
}

// Disputes, plans and hand-over.

#[test]
fn a_dispute_begins_and_ends_once() {
    let once = owed_on("2025-03-10").when(disputed()).accepted();
    once.clone().when(disputed()).is_refused(in_state("disputed", "undisputed"));
    let over = once.clone().when(settled()).accepted();
    over.when(settled()).is_refused(in_state("undisputed", "disputed"));
    cannot_correct(
        once,
        3,
        "invoice.disputed cannot be taken back: disputes begin and end by events of their own",
    );
}

#[test]
fn a_payment_plan_pays_what_is_open_day_after_day() {
    let owed = || owed_on("2025-04-12");
    owed()
        .when(plan(&[("2025-05-31", "600.00"), ("2025-06-30", "610.01")]))
        .is_refused_saying("the instalments sum to 1210.01; 1210.00 is open");
    for days in [["2025-04-12", "2025-05-31"], ["2025-05-31", "2025-05-31"]] {
        let asked = plan(&[(days[0], "600.00"), (days[1], "610.00")]);
        assert!(owed().when(asked).refusal().to_string().ends_with("is not after the day before it"));
    }
    let agreed = owed().when(plan(&[("2025-05-31", "600.00"), ("2025-06-30", "610.00")])).accepted();
    agreed
        .when(plan(&[("2025-07-31", "1210.00")]))
        .is_refused(in_state("under a payment plan", "without one"));
}

#[test]
fn under_a_payment_plan_only_an_instalment_is_overdue() {
    let parts = plan(&[("2025-05-31", "600.00"), ("2025-06-30", "610.00")]);
    let agreed = owed_on("2025-04-12").when(parts).accepted();
    let not_overdue = |due_on, effective_on| UnitRefusal::NotOverdue {
        due_on: day(due_on),
        effective_on: day(effective_on),
    };
    agreed.clone().on("2025-05-31").when(remind(1)).is_refused(not_overdue("2025-05-31", "2025-05-31"));
    agreed.clone().on("2025-06-01").when(remind(1)).accepted();
    let part = agreed.when(receive(PAYMENT, "600.00")).accepted().on("2025-06-01");
    part.clone().when(remind(1)).is_refused(not_overdue("2025-06-30", "2025-06-01"));
    // Without the plan the invoice is as late as it was.
    corrected(part, 3, None).when(remind(1)).accepted();
}

#[test]
fn an_invoice_is_handed_over_once_and_only_what_is_open() {
    let over = owed_on("2025-07-01").when(handed_over()).accepted();
    over.clone().when(handed_over()).is_refused(in_state("handed over", "with the cooperative"));
    corrected(over, 3, None).when(handed_over()).accepted();
    let paid = owed_on("2025-07-01").when(receive(PAYMENT, "1210.00")).accepted();
    paid.when(handed_over()).is_refused(UnitRefusal::NothingOpen { invoice: INVOICE, open: Balance::ZERO });
}

// A sum that no field carries is refused, not cut.
#[test]
fn an_indemnity_stays_below_what_one_field_may_carry() {
    let huge = Amount::from_cents(domain::money::CENTS_MAX).expect("the most there is").to_string();
    let owed = invoiced(&[net(VatCategory::Zero, &huge)]).on("2025-07-02");
    assert_eq!(domain::Refusal::code(&owed.when(of_business()).refusal()), "unit.total_too_large");
}
