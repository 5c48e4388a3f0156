//! The rulebook of production units: who holds one, and when it closes.
//!
//! Work, invoicing, expenses and pay have files of their own.

mod advances;
mod budget;
mod debts;
mod deposits;
mod expenses;
pub mod invoicing;
mod losses;
mod pay;
mod social;
mod work;

use domain::correction::CorrectionRefused;
use domain::stream::YearNotOpen;
use domain::unit::{Unit, UnitCommand, UnitEvent, UnitKnown, UnitRefusal};
use domain::{Balance, Position, Year};

use crate::fixtures::*;
use crate::harness::{Given, given};

/// A correction of the n-th event is accepted.
fn corrected(given: Given<Unit>, n: usize, instead: Option<UnitCommand>) -> Given<Unit> {
    given.with_original(n).when(UnitCommand::Correct(correct(n, instead))).accepted()
}

/// A correction of the n-th event is refused in these words.
fn cannot_correct(given: Given<Unit>, n: usize, says: &str) {
    given.with_original(n).when(UnitCommand::Correct(correct(n, None))).is_refused_saying(says);
}

#[test]
fn a_person_opens_a_unit_and_holds_it() {
    given::<Unit>([]).when(UnitCommand::OpenUnit { holder: ALICE }).then([opened()]);
}

#[test]
fn a_unit_opens_once() {
    let again = || UnitCommand::OpenUnit { holder: BOB };
    given::<Unit>([opened()]).when(again()).is_refused(UnitRefusal::AlreadyOpened);
    given::<Unit>([opened(), UnitEvent::Closed {}]).when(again()).is_refused(UnitRefusal::AlreadyOpened);
}

#[test]
fn nothing_happens_in_a_unit_that_is_not_open() {
    let join = || UnitCommand::JoinUnit { holder: BOB };
    given::<Unit>([]).when(join()).is_refused(UnitRefusal::NotOpen { found: "not opened" });
    given::<Unit>([opened(), UnitEvent::Closed {}])
        .when(join())
        .is_refused(UnitRefusal::NotOpen { found: "closed" });
}

#[test]
fn e5_a_closed_year_is_refused_before_a_closed_unit() {
    given::<Unit>([])
        .in_a_year_that_is_not_open()
        .when(UnitCommand::CloseUnit {})
        .is_refused(YearNotOpen { effective_on: day("2025-03-03"), year: Year::new(2025) });
}

#[test]
fn others_may_hold_the_unit_too_each_once() {
    given::<Unit>([opened()])
        .when(UnitCommand::JoinUnit { holder: BOB })
        .then([UnitEvent::HolderJoined { holder: BOB }])
        .when(UnitCommand::JoinUnit { holder: BOB })
        .is_refused(UnitRefusal::AlreadyHolder { person: BOB });
    given::<Unit>([opened()])
        .when(UnitCommand::JoinUnit { holder: ALICE })
        .is_refused(UnitRefusal::AlreadyHolder { person: ALICE });
}

#[test]
fn a_holder_leaves_but_never_the_last_one() {
    given::<Unit>([opened(), UnitEvent::HolderJoined { holder: BOB }])
        .when(UnitCommand::LeaveUnit { holder: ALICE })
        .then([UnitEvent::HolderLeft { holder: ALICE }])
        .when(UnitCommand::LeaveUnit { holder: BOB })
        .is_refused(UnitRefusal::LastHolder);
    given::<Unit>([opened()])
        .when(UnitCommand::LeaveUnit { holder: BOB })
        .is_refused(UnitRefusal::NotAHolder { person: BOB });
}

#[test]
fn only_an_empty_unit_closes() {
    given::<Unit>([opened()]).when(UnitCommand::CloseUnit {}).then([UnitEvent::Closed {}]);
    for (pending, available, reserved) in
        [("0.01", "0.00", "0.00"), ("0.00", "0.01", "0.00"), ("0.00", "0.00", "0.01")]
    {
        let [pending, available, reserved] = [pending, available, reserved].map(balance);
        given::<Unit>([opened()])
            .with(UnitKnown { pending, available, reserved, ..UnitKnown::default() })
            .when(UnitCommand::CloseUnit {})
            .is_refused(UnitRefusal::NotEmpty { pending, available, reserved });
    }
}

#[test]
fn a_unit_that_is_overdrawn_does_not_close() {
    given::<Unit>([opened()])
        .with(available("-5.00"))
        .when(UnitCommand::CloseUnit {})
        .is_refused_saying("the unit still holds 0.00 pending, -5.00 available, 0.00 reserved");
}

#[test]
fn opening_joining_leaving_and_closing_are_not_corrected() {
    let because = "holders join and leave by events of their own";
    let events = [opened(), UnitEvent::HolderJoined { holder: BOB }, UnitEvent::HolderLeft { holder: BOB }];
    for (n, kind) in [(1, "unit.opened"), (2, "unit.holder_joined"), (3, "unit.holder_left")] {
        cannot_correct(given(events.clone()), n, &format!("{kind} cannot be taken back: {because}"));
    }
    // A closed unit takes no command, not even a correction of its closing.
    given::<Unit>([opened(), UnitEvent::Closed {}])
        .with_original(2)
        .when(UnitCommand::Correct(correct(2, None)))
        .is_refused(UnitRefusal::NotOpen { found: "closed" });
}

#[test]
fn a_correction_may_not_leave_the_unit_overdrawn() {
    let overdrawn = given::<Unit>([opened()]).with(available("-0.01"));
    overdrawn
        .clone()
        .with_original(1)
        .when(UnitCommand::Correct(correct(1, None)))
        .is_refused(UnitRefusal::WouldOverdraw { available: balance("-0.01") });
    overdrawn
        .with(UnitKnown { available: Balance::ZERO, ..available("0.00") })
        .when(UnitCommand::Correct(correct(1, None)))
        .is_refused(CorrectionRefused::NotInStream { position: Position(1) });
}
