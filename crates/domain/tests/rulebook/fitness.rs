//! The rulebook of fitness: nobody does risky work without having been found fit for it.

use domain::StreamEvent;
use domain::fitness::{Fit, Fitness, FitnessCommand, FitnessEvent, Whereabouts};
use domain::text::RiskCode;
use domain::unit::{UnitCommand, UnitKnown};

use crate::fixtures::*;
use crate::harness::{Given, given};

pub const HEIGHT: RiskCode = RiskCode::literal("height");

pub fn declare_risk() -> FitnessCommand {
    FitnessCommand::DeclareRisk { risk: HEIGHT, evidence: paper("risk-analysis") }
}

pub fn require(by: &str) -> FitnessCommand {
    FitnessCommand::RequireExam { risk: HEIGHT, by: day(by) }
}

pub fn pass(until: &str) -> FitnessCommand {
    FitnessCommand::PassExam { risk: HEIGHT, fit_until: day(until), evidence: paper("certificate") }
}

pub fn fail() -> FitnessCommand {
    FitnessCommand::FailExam { risk: HEIGHT, evidence: paper("certificate") }
}

pub fn expire() -> FitnessCommand {
    FitnessCommand::ExpireExam { risk: HEIGHT }
}

pub fn accident(on: &str) -> FitnessCommand {
    FitnessCommand::ReportAccident {
        accident: ACCIDENT,
        happened_on: day(on),
        whereabouts: Whereabouts::OnTheWay,
        evidence: paper("accident-form"),
    }
}

pub fn at_risk() -> Given<Fitness> {
    given([]).when(declare_risk()).accepted()
}

pub fn to_examine() -> Given<Fitness> {
    at_risk().when(require("2025-03-31")).accepted()
}

/// Fit from 3 March until the end of the year.
pub fn fit() -> Given<Fitness> {
    to_examine().when(pass("2025-12-31")).accepted()
}

#[test]
fn an_examination_follows_a_risk_and_its_outcome_follows_the_examination() {
    let refused = |worker: Given<Fitness>, asked, said: &str| worker.when(asked).is_refused_saying(said);
    refused(
        given([]),
        require("2025-03-31"),
        "risk height is not declared; this needs one that is declared and not to be examined already",
    );
    refused(
        at_risk(),
        declare_risk(),
        "risk height is declared and not examined; this needs one that is not declared",
    );
    refused(
        at_risk(),
        fail(),
        "risk height is declared and not examined; this needs one that is to be examined",
    );
    refused(fit(), pass("2025-12-31"), "risk height is passed; this needs one that is to be examined");
    refused(to_examine(), expire(), "risk height is to be examined; this needs one that is passed");
    let unfit = to_examine().when(fail()).accepted();
    refused(unfit.clone(), expire(), "risk height is failed; this needs one that is passed");
    unfit.when(require("2025-04-30")).accepted().when(pass("2025-12-31")).accepted();
}

#[test]
fn days_follow_each_other() {
    at_risk()
        .when(require("2025-03-02"))
        .is_refused_saying("an examination by 2025-03-02 cannot be required on 2025-03-03");
    to_examine()
        .when(pass("2025-03-02"))
        .is_refused_saying("fit until 2025-03-02 is over before it begins on 2025-03-03");
    to_examine().when(pass("2025-03-03")).accepted();
    fit().on("2025-12-31").when(expire()).is_refused_saying(
        "the worker is fit for risk height until 2025-12-31; that is not over on 2025-12-31",
    );
    fit()
        .on("2026-01-01")
        .when(expire())
        .then([FitnessEvent::ExamExpired { risk: HEIGHT, fit_until: day("2025-12-31") }]);
    given::<Fitness>([])
        .when(accident("2025-03-04"))
        .is_refused_saying("an accident of 2025-03-04 cannot be reported on 2025-03-03");
}

#[test]
fn an_accident_is_reported_once_and_may_be_taken_back() {
    let reported = given::<Fitness>([]).when(accident("2025-03-03"));
    let event = reported.event();
    assert_eq!(event.claims().len(), 1);
    let back =
        given::<Fitness>([event]).with_original(1).when(FitnessCommand::Correct(correct(1, None))).accepted();
    assert_eq!(back.state, Fitness::default());
}

#[test]
fn the_last_step_of_a_risk_is_taken_back_first() {
    let refused = fit().with_original(2).when(FitnessCommand::Correct(correct(2, None))).refusal();
    assert_eq!(
        refused.to_string(),
        "exam.required cannot be taken back: later steps of the same risk rest upon it"
    );
    // A certificate that was read wrongly: unfit, not fit.
    let back = fit().with_original(3).when(FitnessCommand::Correct(correct(3, None))).accepted();
    assert_eq!(back.state.fit_for(HEIGHT), None);
    back.when(fail()).accepted();
    let later = fit().with_original(3).when(FitnessCommand::Correct(correct(3, Some(pass("2025-06-30")))));
    let until = later.accepted().state.fit_for(HEIGHT).expect("fit, but not as long").until;
    assert_eq!(until, day("2025-06-30"));
}

#[test]
fn an_examination_that_is_required_again_leaves_the_worker_fit_until_its_outcome() {
    let again = fit().when(require("2025-12-15")).accepted();
    let whole_year = Fit { from: day("2025-03-03"), until: day("2025-12-31") };
    assert_eq!(again.state.fit_for(HEIGHT), Some(whole_year));
    assert_eq!(again.state.fit_for(token("night-work")), None);
    assert_eq!(again.when(fail()).accepted().state.fit_for(HEIGHT), None);
}

// What a contract asks.

/// Work at a height, on these days.
fn climb(days: &[(&str, &str)]) -> UnitCommand {
    let mut asked = declare(JOB, days, "400.00");
    if let UnitCommand::DeclareContract { risk, .. } = &mut asked {
        *risk = Some(HEIGHT);
    }
    asked
}

fn knowing(fit: Option<Fit>) -> Given<domain::unit::Unit> {
    given([opened()]).with(UnitKnown { fit, ..available("1000.00") })
}

const TWO_DAYS: &[(&str, &str)] = &[("2025-03-03", "7.00"), ("2025-03-05", "7.00")];

fn between(from: &str, until: &str) -> Option<Fit> {
    Some(Fit { from: day(from), until: day(until) })
}

#[test]
fn risky_work_needs_a_worker_who_was_found_fit() {
    knowing(None)
        .when(climb(TWO_DAYS))
        .is_refused_saying(&format!("worker {BOB} was not found fit for risk height"));
    knowing(None).when(declare(JOB, TWO_DAYS, "400.00")).accepted();
    knowing(between("2025-03-03", "2025-03-05")).when(climb(TWO_DAYS)).accepted();
}

// columns: fit from | until
#[test]
fn a_worker_is_fit_on_every_day_of_risky_work() {
    for (from, until) in [("2025-03-03", "2025-03-04"), ("2025-03-04", "2025-12-31")] {
        knowing(between(from, until)).when(climb(TWO_DAYS)).is_refused_saying(&format!(
            "worker {BOB} is fit for risk height from {from} to {until}, not on all days from 2025-03-03 to 2025-03-05"
        ));
    }
}

#[test]
fn an_amended_job_bears_the_same_risk() {
    let declared = knowing(between("2025-03-03", "2025-03-05")).when(climb(TWO_DAYS)).accepted();
    let later = days(&[("2025-03-05", "7.00"), ("2025-03-06", "7.00")]);
    let amend = UnitCommand::AmendContract { contract: JOB, days: later, budget: amount("400.00") };
    assert_eq!(declared.state.risk_of(&amend), Some((BOB, HEIGHT)));
    let refused = declared.when(amend).refusal();
    assert_eq!(domain::Refusal::code(&refused), "unit.not_fit_long_enough");
}
