//! The rulebook of offices: who accompanies members where.

use domain::office::{Office, OfficeCommand, OfficeEvent, OfficeRefusal};

use crate::fixtures::*;
use crate::harness::{Given, given};

pub fn open() -> OfficeCommand {
    OfficeCommand::OpenOffice { place: token("liege") }
}

pub fn close(reason: &str) -> OfficeCommand {
    OfficeCommand::CloseOffice { reason: token(reason) }
}

pub fn assign(adviser: domain::ids::PersonId) -> OfficeCommand {
    OfficeCommand::AssignAdviser { adviser, track: token("production") }
}

pub fn release(adviser: domain::ids::PersonId) -> OfficeCommand {
    OfficeCommand::ReleaseAdviser { adviser, reason: token("left") }
}

pub fn opened() -> Given<Office> {
    given::<Office>([]).when(open()).accepted()
}

#[test]
fn an_office_opens_once_in_a_town_that_is_published() {
    let office = given::<Office>([]).when(open()).then([OfficeEvent::Opened { place: token("liege") }]);
    office.clone().when(open()).is_refused(OfficeRefusal::AlreadyOpened { office: OFFICE });
    let closed = office.when(close("lease")).accepted();
    closed.when(open()).is_refused(OfficeRefusal::AlreadyOpened { office: OFFICE });
    given::<Office>([])
        .when(OfficeCommand::OpenOffice { place: token("atlantis") })
        .is_refused_saying("atlantis is not in the list of codes place on 2025-03-03; publish it first");
}

#[test]
fn nobody_is_assigned_where_no_office_is_open() {
    given::<Office>([]).when(assign(ALICE)).is_refused(OfficeRefusal::NotOpen { office: OFFICE });
    let closed = opened().when(close("lease")).accepted();
    closed.when(assign(ALICE)).is_refused(OfficeRefusal::NotOpen { office: OFFICE });
}

#[test]
fn an_adviser_is_assigned_once_and_released_when_assigned() {
    let assigned = opened().when(assign(ALICE)).accepted();
    assigned.clone().when(assign(ALICE)).is_refused_saying(&format!(
        "adviser {ALICE} is assigned to office {OFFICE} already, for production"
    ));
    assigned
        .clone()
        .when(release(BOB))
        .is_refused(OfficeRefusal::NotAssigned { office: OFFICE, adviser: BOB });
    let released = assigned.when(release(ALICE)).then([OfficeEvent::AdviserReleased {
        adviser: ALICE,
        track: token("production"),
        reason: token("left"),
    }]);
    released.when(assign(ALICE)).accepted();
}

#[test]
fn an_office_closes_when_nobody_is_left_in_it() {
    let assigned = opened().when(assign(ALICE)).accepted().when(assign(BOB)).accepted();
    assigned
        .clone()
        .when(close("lease"))
        .is_refused_saying(&format!("office {OFFICE} still has 2 advisers; release them first"));
    assigned.when(release(ALICE)).accepted().when(release(BOB)).accepted().when(close("lease")).accepted();
}

#[test]
fn a_mistake_is_taken_back_while_nothing_rests_upon_it() {
    let correcting =
        |given: Given<Office>, n| given.with_original(n).when(OfficeCommand::Correct(correct(n, None)));
    let assigned = opened().when(assign(ALICE)).accepted();
    correcting(assigned.clone(), 1).is_refused_saying(
        "office.opened cannot be taken back: advisers are assigned to it, or it was closed since",
    );
    correcting(assigned.clone(), 2).accepted().when(assign(ALICE)).accepted();
    let released = assigned.when(release(ALICE)).accepted();
    correcting(released.clone(), 2)
        .is_refused_saying("adviser.assigned cannot be taken back: the adviser was released since");
    correcting(released.clone(), 3).accepted().when(release(ALICE)).accepted();
    let closed = released.when(close("lease")).accepted();
    correcting(closed.clone(), 3).is_refused_saying(
        "adviser.released cannot be taken back: the adviser was assigned again, or the office closed since",
    );
    correcting(closed, 4).accepted().when(assign(BOB)).accepted();
}
