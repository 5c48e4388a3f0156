//! The rulebook of pay: from the budget reserved for a job to a net wage within seven working days.

use domain::correction::CorrectionRefused;
use domain::parameters::{Parameter, Value};
use domain::payroll::{Wage, WorkerKind};
use domain::unit::{Unit, UnitCommand, UnitEvent, UnitRefusal, Work};
use domain::{Balance, Rate};

use super::corrected;
use crate::fixtures::*;
use crate::harness::{Given, given};

const THE_JOB: Work = Work::Contract(JOB);

/// BOB worked a day under contract for a budget of 169.00.
fn worked() -> Given<Unit> {
    given([opened(), declared(JOB), employed(JOB)])
}

fn calculate_with(bonus: &str, withholding: Option<&str>) -> UnitCommand {
    let withholding_rate = withholding.map(rate);
    let evidence = paper("payslip");
    UnitCommand::CalculateSalary {
        salary: SALARY,
        work: THE_JOB,
        work_bonus: balance(bonus),
        withholding_rate,
        evidence,
    }
}

fn calculated() -> UnitEvent {
    UnitEvent::SalaryCalculated {
        salary: SALARY,
        work: THE_JOB,
        worker: BOB,
        kind: WorkerKind::Employee,
        wage: Wage {
            gross: amount("100.00"),
            base: amount("100.00"),
            employee: balance("13.07"),
            taxable: balance("86.93"),
            tax: balance("9.66"),
            net: amount("77.27"),
            employer: balance("25.00"),
            holiday: Balance::ZERO,
            cost: amount("125.00"),
        },
        withholding_rate: rate("0.1111"),
        work_bonus: Balance::ZERO,
        budget: amount("169.00"),
        margin: balance("44.00"),
        due_on: day("2025-03-11"),
        evidence: paper("payslip"),
    }
}

fn pay() -> UnitCommand {
    UnitCommand::PaySalary { salary: SALARY, evidence: paper("bank-line") }
}

fn paid() -> UnitEvent {
    UnitEvent::SalaryPaid {
        salary: SALARY,
        worker: BOB,
        net: amount("77.27"),
        due_on: day("2025-03-11"),
        evidence: paper("bank-line"),
    }
}

fn wrong_state(what: &'static str, id: String, found: &'static str, expected: &'static str) -> UnitRefusal {
    UnitRefusal::WrongState { what, id, found, expected }
}

#[test]
fn a_wage_consumes_its_reserved_budget_and_is_paid() {
    worked().when(calculate(SALARY, THE_JOB)).then([calculated()]).when(pay()).then([paid()]);
}

#[test]
fn a_wage_is_calculated_once() {
    worked().and([calculated()]).when(calculate(OTHER_SALARY, THE_JOB)).is_refused(wrong_state(
        "contract",
        JOB.to_string(),
        "calculated",
        "declared or ended",
    ));
}

#[test]
fn a_wage_is_paid_once() {
    worked().and([calculated(), paid()]).when(pay()).is_refused(wrong_state(
        "salary",
        SALARY.to_string(),
        "paid",
        "calculated",
    ));
    worked().when(pay()).is_refused(UnitRefusal::Unknown { what: "salary", id: SALARY.to_string() });
}

#[test]
fn a_wage_needs_a_job_under_an_employment_contract() {
    given::<Unit>([opened(), declared(JOB)]).when(calculate(SALARY, THE_JOB)).is_refused(wrong_state(
        "contract",
        JOB.to_string(),
        "without employment contract",
        "under one",
    ));
    given::<Unit>([opened()])
        .when(calculate(SALARY, THE_JOB))
        .is_refused(UnitRefusal::Unknown { what: "contract", id: JOB.to_string() });
    given::<Unit>([opened()])
        .when(calculate(SALARY, Work::Month { employment: OPEN_ENDED, month: month("2025-03") }))
        .is_refused(UnitRefusal::Unknown { what: "month", id: "2025-03".to_owned() });
    let reason = token("client-withdrew");
    given::<Unit>([opened(), declared(JOB)])
        .when(UnitCommand::CancelContract { contract: JOB, reason })
        .accepted()
        .when(calculate(SALARY, THE_JOB))
        .is_refused(wrong_state("contract", JOB.to_string(), "cancelled", "declared or ended"));
}

#[test]
fn a_wage_follows_the_work() {
    worked().on("2025-03-02").when(calculate(SALARY, THE_JOB)).is_refused(UnitRefusal::WorkNotOver {
        last_day: day("2025-03-03"),
        effective_on: day("2025-03-02"),
    });
    let ended = worked().when(UnitCommand::EndContract { contract: JOB }).accepted();
    ended.when(calculate(SALARY, THE_JOB)).then([calculated()]);
}

#[test]
fn a_worker_asks_for_more_withholding_tax_never_for_less() {
    let UnitEvent::SalaryCalculated { wage, withholding_rate, .. } =
        worked().when(calculate_with("0.00", Some("0.18"))).event()
    else {
        panic!("a wage was calculated");
    };
    assert_eq!((wage.tax, wage.net), (balance("15.65"), amount("71.28")));
    assert_eq!(withholding_rate, rate("0.18"));
    worked()
        .when(calculate_with("0.00", Some("0.1110")))
        .is_refused(UnitRefusal::WithholdingTooLow { asked: rate("0.1110"), minimum: rate("0.1111") });
    worked().when(calculate_with("0.00", Some("0.1111"))).then([calculated()]);
}

#[test]
fn deductions_leave_something_to_pay() {
    let refusal = worked().when(calculate_with("0.00", Some("1"))).refusal();
    assert_eq!(refusal.to_string(), "deductions of 100.00 leave nothing of a gross wage of 100.00");
    // However absurd the rate, a rule answers, not a crash.
    let refusal = worked().when(calculate_with("0.00", Some("79228162514264337593543950335"))).refusal();
    assert_eq!(refusal.to_string(), "deductions of 100.00 leave nothing of a gross wage of 100.00");
}

#[test]
fn a_work_bonus_lowers_the_contribution_down_to_nothing() {
    for (bonus, contribution) in [("1.57", "11.50"), ("13.07", "0.00"), ("99.00", "0.00")] {
        let UnitEvent::SalaryCalculated { wage, .. } = worked().when(calculate_with(bonus, None)).event()
        else {
            panic!("a wage was calculated");
        };
        assert_eq!(wage.employee, balance(contribution));
    }
    worked()
        .when(calculate_with("-0.01", None))
        .is_refused(UnitRefusal::NegativeWorkBonus { found: balance("-0.01") });
}

#[test]
fn e23_a_wage_costs_no_more_than_was_reserved() {
    worked()
        .publishing(Parameter::NssoEmployerRate, Value::Rate(rate("0.6901")))
        .when(calculate(SALARY, THE_JOB))
        .is_refused(UnitRefusal::CostOverReserved { cost: amount("169.01"), budget: amount("169.00") });
    worked()
        .publishing(Parameter::NssoEmployerRate, Value::Rate(rate("0.69")))
        .when(calculate(SALARY, THE_JOB))
        .accepted();
}

#[test]
fn the_time_is_judged_before_the_bonus_and_the_bonus_before_the_tax() {
    let asked = || calculate_with("-1.00", Some("0.01"));
    assert!(matches!(worked().on("2025-03-02").when(asked()).refusal(), UnitRefusal::WorkNotOver { .. }));
    assert!(matches!(worked().when(asked()).refusal(), UnitRefusal::NegativeWorkBonus { .. }));
    assert!(matches!(
        worked().when(calculate_with("1.00", Some("0.01"))).refusal(),
        UnitRefusal::WithholdingTooLow { .. }
    ));
}

#[test]
fn a_wage_is_calculated_at_the_rates_of_the_work() {
    let later = |value: Rate| {
        let mut given = worked();
        let published = domain::parameters::Published {
            valid_from: day("2025-04-01"),
            valid_to: None,
            value: Value::Rate(value),
        };
        std::sync::Arc::make_mut(&mut given.facts.parameters).publish(Parameter::NssoEmployeeRate, published);
        given
    };
    // Calculated in April for work in March.
    later(rate("0.20")).on("2025-04-02").when(calculate(SALARY, THE_JOB)).then([calculated()]);
}

// Corrections.

#[test]
fn a_wage_is_corrected_until_it_is_paid() {
    let replaced = corrected(worked().and([calculated()]), 4, Some(calculate_with("1.57", None)));
    replaced.when(pay()).accepted();
    let because = "the salary was paid, earned holiday pay or was corrected since";
    worked()
        .and([calculated(), paid()])
        .with_original(4)
        .when(UnitCommand::Correct(correct(4, None)))
        .is_refused(CorrectionRefused::ReliedUpon { kind: "salary.calculated", because });
}

#[test]
fn a_payment_of_a_wage_that_bounced_is_taken_back() {
    corrected(worked().and([calculated(), paid()]), 5, None).when(pay()).then([paid()]);
}

#[test]
fn a_wage_taken_back_leaves_the_job_as_it_was() {
    // The job had not been ended: it can be amended again.
    let contract = JOB;
    let days = days(&[("2025-03-03", "7.00")]);
    let amend = UnitCommand::AmendContract { contract, days, budget: amount("169.00") };
    corrected(worked().and([calculated()]), 4, None).when(amend.clone()).accepted();
    // The job had been ended: it stays so.
    let ended = worked().when(UnitCommand::EndContract { contract }).accepted().and([calculated()]);
    corrected(ended, 5, None).when(amend).is_refused(wrong_state(
        "contract",
        JOB.to_string(),
        "ended",
        "declared",
    ));
}
