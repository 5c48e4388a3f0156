//! The rulebook of budget: how far below nothing, to whom else, and who bears what is missing.

use domain::joint::TransferBudget;
use domain::stream::YearNotOpen;
use domain::unit::{Unit, UnitCommand, UnitEvent, UnitKnown, UnitRefusal};
use domain::{Balance, Event, Refused, StreamId, Year};

use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, give_budget, given};

const ONE_DAY: &[(&str, &str)] = &[("2025-03-03", "7.00")];

/// A unit that has 100.00 and may go 200.00 below nothing.
fn guaranteed() -> Given<Unit> {
    given([opened()]).with(available("100.00")).when(guarantee("200.00")).accepted()
}

fn atelier() -> Given<Unit> {
    given([opened()]).with(available("300.00"))
}

fn garage() -> Given<Unit> {
    given([UnitEvent::Opened { holder: BOB }]).of(GARAGE)
}

fn holding(pending: &str, available: &str, reserved: &str) -> Given<Unit> {
    let [pending, available, reserved] = [pending, available, reserved].map(balance);
    given([opened()]).with(UnitKnown { pending, available, reserved, ..UnitKnown::default() })
}

#[test]
fn a_guarantee_line_is_set_and_set_anew() {
    let set = |before: &str, line: &str| UnitEvent::GuaranteeLineSet {
        before: balance(before),
        line: balance(line),
        evidence: paper("line"),
    };
    atelier()
        .when(guarantee("200.00"))
        .then([set("0.00", "200.00")])
        .when(guarantee("0.00"))
        .then([set("200.00", "0.00")]);
    atelier()
        .when(guarantee("-0.01"))
        .is_refused(UnitRefusal::NegativeGuaranteeLine { asked: balance("-0.01") });
}

#[test]
fn e23_a_job_is_declared_on_what_is_available_and_the_guarantee_line() {
    guaranteed().when(declare(JOB, ONE_DAY, "300.00")).accepted();
    guaranteed().when(declare(JOB, ONE_DAY, "300.01")).is_refused_saying(
        "a budget of 300.01 is more than the 100.00 available to the unit and its guarantee line of 200.00",
    );
    // Without a line, what is available is all.
    given::<Unit>([opened()])
        .with(available("100.00"))
        .when(declare(JOB, ONE_DAY, "300.00"))
        .is_refused(UnitRefusal::OverBudget { budget: balance("300.00"), available: balance("100.00") });
}

#[test]
fn e23_the_line_counts_for_a_larger_budget_and_for_days_of_a_month_too() {
    let amend = |budget: &str| UnitCommand::AmendContract {
        contract: JOB,
        days: days(ONE_DAY),
        budget: amount(budget),
    };
    let working = guaranteed().and([declared(JOB)]);
    working.clone().when(amend("469.00")).accepted();
    let refused = UnitRefusal::BeyondGuaranteeLine {
        budget: balance("300.01"),
        available: balance("100.00"),
        line: balance("200.00"),
    };
    working.when(amend("469.01")).is_refused(refused.clone());
    let month = UnitCommand::DeclareWorkDays {
        employment: OPEN_ENDED,
        holder: ALICE,
        month: month("2025-03"),
        risk: None,
        days: days(ONE_DAY),
        budget: amount("300.01"),
    };
    let worker = UnitCommand::ConcludeOpenEnded {
        employment: OPEN_ENDED,
        worker: BOB,
        kind: domain::payroll::WorkerKind::Employee,
    };
    guaranteed().when(worker).accepted().when(month).is_refused(refused);
}

#[test]
fn the_line_does_not_count_for_expenses_or_transfers() {
    guaranteed()
        .when(claim(EXPENSE, "100.01", "0.00", "0.00"))
        .accepted()
        .when(UnitCommand::ApproveExpense { expense: EXPENSE })
        .is_refused(UnitRefusal::OverBudget { budget: balance("100.01"), available: balance("100.00") });
    let refused = give_budget(&guaranteed(), &garage(), &to_garage("100.01")).unwrap_err();
    assert_eq!(refused.to_string(), "a budget of 100.01 is more than the 100.00 available to the unit");
}

#[test]
fn a_line_is_not_lowered_below_what_is_in_use() {
    let overdrawn = guaranteed().with(available("-150.00"));
    overdrawn.clone().when(guarantee("150.00")).accepted();
    overdrawn
        .when(guarantee("149.99"))
        .is_refused_saying("a guarantee line of 149.99 is less than the 150.00 in use");
}

#[test]
fn a_correction_may_leave_the_unit_as_far_below_nothing_as_its_line_goes() {
    let claimed = guaranteed().when(claim(EXPENSE, "10.00", "0.00", "0.00")).accepted();
    corrected(claimed.clone().with(available("-200.00")), 3, None);
    cannot_correct(
        claimed.with(available("-200.01")),
        3,
        "without it the unit would have -200.01 available; credit or repay first",
    );
    cannot_correct(guaranteed(), 2, "guarantee_line.set cannot be taken back: set the line anew instead");
}

#[test]
fn budget_goes_from_one_unit_to_another() {
    let decided = give_budget(&atelier(), &garage(), &to_garage("300.00")).expect("nothing forbids it");
    let (amount, reason, evidence) = (amount("300.00"), token("shared-work"), paper("order"));
    let gone = UnitEvent::BudgetTransferred { to: GARAGE, holder: ALICE, amount, reason, evidence };
    let come = UnitEvent::BudgetReceived { from: ATELIER, amount, reason, evidence };
    let expected: Vec<(StreamId, Event)> =
        vec![(StreamId::Unit(ATELIER), gone.into()), (StreamId::Unit(GARAGE), come.into())];
    assert_eq!(decided, expected);
}

// columns: giver | receiver | what is asked | sentence
#[test]
fn budget_is_not_transferred() {
    let closed = || [opened(), UnitEvent::Closed {}];
    let by = |holder| TransferBudget { holder, ..to_garage("1.00") };
    let to_itself = TransferBudget { to: ATELIER, ..to_garage("1.00") };
    let table: [(Given<Unit>, Given<Unit>, TransferBudget, String); 7] = [
        (
            atelier(),
            garage(),
            to_garage("300.01"),
            "a budget of 300.01 is more than the 300.00 available to the unit".to_owned(),
        ),
        (atelier(), garage(), by(BOB), format!("person {BOB} does not hold this unit")),
        (atelier(), atelier(), to_itself, format!("unit {ATELIER} cannot transfer budget to itself")),
        (
            given(closed()),
            garage(),
            to_garage("1.00"),
            "the unit is closed; this needs an open one".to_owned(),
        ),
        (
            atelier(),
            given(closed()),
            to_garage("1.00"),
            format!("unit {GARAGE} is closed; only an open one receives budget"),
        ),
        (
            atelier(),
            given([]),
            to_garage("1.00"),
            format!("unit {GARAGE} is not opened; only an open one receives budget"),
        ),
        (
            atelier().with(available("-5.00")),
            garage(),
            to_garage("0.01"),
            "a budget of 0.01 is more than the -5.00 available to the unit".to_owned(),
        ),
    ];
    for (giver, receiver, asked, says) in table {
        assert_eq!(give_budget(&giver, &receiver, &asked).unwrap_err().to_string(), says);
    }
    let year_is_closed = atelier().in_a_year_that_is_not_open();
    let refused = give_budget(&year_is_closed, &garage(), &to_garage("1.00")).unwrap_err();
    let not_open = YearNotOpen { effective_on: day("2025-03-03"), year: Year::new(2025) };
    assert_eq!(refused, Refused::Unit(not_open.into()));
}

#[test]
fn a_transfer_is_not_corrected_but_made_back() {
    let decided = give_budget(&atelier(), &garage(), &to_garage("1.00")).expect("nothing forbids it");
    let [(_, Event::Unit(gone)), (_, Event::Unit(come))] = &decided[..] else {
        panic!("two units: {decided:?}")
    };
    let says = |kind: &str| format!("{kind} cannot be taken back: transfer the budget back instead");
    cannot_correct(atelier().and([gone.clone()]), 2, &says("budget.transferred"));
    cannot_correct(garage().and([come.clone()]), 2, &says("budget.received"));
}

#[test]
fn the_fund_bears_what_a_unit_spent_and_will_not_earn() {
    let absorbed = |text: &str| UnitEvent::DeficitAbsorbed {
        amount: amount(text),
        reason: token("client-bankrupt"),
        evidence: paper("decision"),
    };
    holding("0.00", "-150.00", "0.00").when(absorb()).then([absorbed("150.00")]);
    // What it waits for and what it has set aside come first.
    holding("60.00", "-150.00", "40.00").when(absorb()).then([absorbed("50.00")]);
    holding("110.00", "-150.00", "40.00").when(absorb()).is_refused_saying(
        "the unit has no deficit: 110.00 pending, -150.00 available and 40.00 reserved are 0.00 or more",
    );
    holding("0.00", "0.00", "0.00").when(absorb()).is_refused(UnitRefusal::NoDeficit {
        pending: Balance::ZERO,
        available: Balance::ZERO,
        reserved: Balance::ZERO,
    });
}

#[test]
fn an_absorbed_deficit_is_taken_back_within_the_line() {
    let absorbed = guaranteed().with(available("-150.00")).when(absorb()).accepted();
    corrected(absorbed.clone(), 3, None).when(absorb()).accepted();
    corrected(absorbed.clone(), 3, Some(absorb()));
    let lowered = absorbed.with(available("0.00")).when(guarantee("0.00")).accepted();
    cannot_correct(
        lowered.with(available("-150.00")),
        3,
        "without it the unit would have -150.00 available; credit or repay first",
    );
}
