//! The rulebook of shared resources: one booking at a time, paid for from the unit's budget.

use domain::resource::{
    Resource, ResourceCommand, ResourceEvent, ResourceKind, ResourceKnown, ResourceRefusal, Slot,
};
use domain::unit::BudgetKnown;
use domain::{Balance, StreamEvent};
use proptest::prelude::*;
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, given};
use crate::loan::budget;

pub fn open(per_hour: &str) -> ResourceCommand {
    ResourceCommand::OpenResource { kind: ResourceKind::Machine, per_hour: balance(per_hour) }
}

pub fn slot(on: &str, from: &str, to: &str) -> Slot {
    let time = |text: &str| text.parse().expect("a fixture's time is a quarter of an hour");
    Slot { on: day(on), from: time(from), to: time(to) }
}

pub fn book(booking: domain::ids::BookingId, slot: Slot) -> ResourceCommand {
    ResourceCommand::BookResource { booking, unit: ATELIER, holder: ALICE, slot }
}

/// The morning of 3 March.
pub fn book_morning() -> ResourceCommand {
    book(BOOKING, slot("2025-03-03", "09:00", "12:15"))
}

pub fn charge() -> ResourceCommand {
    ResourceCommand::ChargeBooking { booking: BOOKING }
}

/// A holder of the unit asks, which may spend so much.
pub fn holder(available: &str) -> ResourceKnown {
    ResourceKnown { budget: budget(available), is_holder: true }
}

/// At 8.00 an hour.
pub fn machine() -> Given<Resource> {
    given([]).with(holder("100.00")).when(open("8.00")).accepted()
}

pub fn booked() -> Given<Resource> {
    machine().when(book_morning()).accepted()
}

#[test]
fn a_resource_opens_once_at_a_price_of_nothing_or_more() {
    machine().when(open("9.00")).is_refused_saying("the resource was opened already, at 8.00 an hour");
    given::<Resource>([])
        .when(open("-0.01"))
        .is_refused_saying("a price of -0.01 an hour is outside 0.00 to 4166666666.66");
    given::<Resource>([]).when(open("0.00")).accepted();
    given::<Resource>([]).with(holder("0.00")).when(book_morning()).is_refused(ResourceRefusal::NotOpened);
    given::<Resource>([]).when(charge()).is_refused(ResourceRefusal::NotOpened);
}

#[test]
fn a_price_at_its_limit_can_be_charged_for_a_whole_day() {
    let day_long = book(BOOKING, slot("2025-03-03", "00:00", "24:00"));
    let dear = given::<Resource>([]).with(holder("100000000000.00")).when(open("4166666666.66")).accepted();
    dear.when(day_long).accepted().when(charge()).accepted();
}

#[test]
fn only_a_holder_books_for_an_open_unit() {
    let said = format!("person {ALICE} holds no open unit {ATELIER} and cannot book for it");
    let stranger = ResourceKnown { is_holder: false, ..holder("100.00") };
    machine().with(stranger).when(book_morning()).is_refused_saying(&said);
    let closed = ResourceKnown { budget: BudgetKnown::default(), is_holder: true };
    machine().with(closed).when(book_morning()).is_refused_saying(&said);
}

#[rstest]
#[case("08:00", "09:15")]
#[case("12:00", "13:00")]
#[case("10:00", "10:15")]
#[case("00:00", "24:00")]
fn the_same_time_is_not_booked_twice(#[case] from: &str, #[case] to: &str) {
    booked().when(book(OTHER_BOOKING, slot("2025-03-03", from, to))).is_refused_saying(&format!(
        "booked already on 2025-03-03 from 09:00 to 12:15, by booking {BOOKING}"
    ));
    booked().when(book(OTHER_BOOKING, slot("2025-03-04", from, to))).accepted();
}

#[test]
fn one_booking_may_begin_when_another_ends() {
    let before = booked().when(book(OTHER_BOOKING, slot("2025-03-03", "08:00", "09:00")));
    assert_eq!(before.event().claims().len(), 1, "a booking is made once");
    booked().when(book(OTHER_BOOKING, slot("2025-03-03", "12:15", "13:00"))).accepted();
    machine()
        .when(book(BOOKING, slot("2025-03-03", "09:00", "09:00")))
        .is_refused_saying("a booking from 09:00 to 09:00 is over before it begins");
}

#[test]
fn a_booking_is_charged_once_and_after_it_was_used() {
    machine().when(charge()).is_refused(ResourceRefusal::UnknownBooking { booking: BOOKING });
    booked().on("2025-03-02").when(charge()).is_refused_saying(&format!(
        "booking {BOOKING} is for 2025-03-03; it cannot be charged on 2025-03-02"
    ));
    // Three hours and a quarter at 8.00.
    let charged = booked().when(charge()).then([ResourceEvent::Charged {
        booking: BOOKING,
        unit: ATELIER,
        hours: hours("3.25"),
        per_hour: balance("8.00"),
        amount: amount("26.00"),
    }]);
    charged.when(charge()).is_refused(ResourceRefusal::ChargedAlready { booking: BOOKING });
}

#[test]
fn a_unit_pays_from_budget_that_is_there() {
    booked()
        .with(holder("25.99"))
        .when(charge())
        .is_refused_saying(&format!("26.00 is more than the 25.99 available to unit {ATELIER}"));
    let closed = ResourceKnown::default();
    booked().with(closed).when(charge()).is_refused(ResourceRefusal::UnitNotOpen { unit: ATELIER });
}

#[test]
fn what_is_free_is_not_charged() {
    let free = given::<Resource>([])
        .with(holder("0.00"))
        .when(open("0.00"))
        .accepted()
        .when(book_morning())
        .accepted();
    free.when(charge()).is_refused_saying("3.25 hours at 0.00 come to 0.00: nothing is charged");
}

#[test]
fn what_later_events_rest_upon_is_not_taken_back() {
    let said = |resource: Given<Resource>, n| {
        resource.with_original(n).when(ResourceCommand::Correct(correct(n, None))).refusal().to_string()
    };
    assert_eq!(said(booked(), 1), "resource.opened cannot be taken back: it was booked since");
    let charged = booked().when(charge()).accepted();
    assert_eq!(said(charged.clone(), 2), "resource.booked cannot be taken back: it was charged since");
    let back = charged.with_original(3).when(ResourceCommand::Correct(correct(3, None))).accepted();
    // A shorter booking, made after all.
    let shorter = book(BOOKING, slot("2025-03-03", "09:00", "10:00"));
    let back = back.with_original(2).when(ResourceCommand::Correct(correct(2, Some(shorter)))).accepted();
    let ResourceEvent::Charged { amount: paid, .. } = back.when(charge()).event() else {
        panic!("it was charged");
    };
    assert_eq!(paid, amount("8.00"));
}

proptest! {
    #[test]
    fn a_charge_is_the_price_times_the_hours_half_up(
        per_hour in 1_i64..1_000_000,
        from in 0_u32..96,
        length in 1_u32..96,
    ) {
        let to = (from + length).min(96);
        let time = |quarters: u32| format!("{:02}:{:02}", quarters / 4, quarters % 4 * 15);
        let price = Balance::from_cents(per_hour).to_string();
        let asked = book(BOOKING, slot("2025-03-03", &time(from), &time(to)));
        let used = given::<Resource>([]).with(holder("100000000.00")).when(open(&price)).accepted().when(asked).accepted();
        let quarters = i64::from(to - from);
        match used.when(charge()).events_or_none().first() {
            Some(ResourceEvent::Charged { amount, .. }) => {
                prop_assert_eq!(amount.cents(), (per_hour * quarters + 2) / 4);
            }
            _ => prop_assert!((per_hour * quarters + 2) / 4 == 0),
        }
    }
}
