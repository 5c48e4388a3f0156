//! The rulebook of work: budget is reserved before work is done, and buys at least the minimum wage.

use domain::Year;
use domain::ids::ContractId;
use domain::member::YearsOfUse;
use domain::parameters::{Parameter, Value};
use domain::payroll::WorkerKind;
use domain::unit::{Term, Unit, UnitCommand, UnitEvent, UnitKnown, UnitRefusal, Work};
use rstest::rstest;

use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, given};

const ONE_DAY: &[(&str, &str)] = &[("2025-03-03", "7.00")];

fn confirm(net: &str) -> UnitCommand {
    UnitCommand::ConfirmOrder { order: ORDER, client: CLIENT, net: amount(net), evidence: paper("order") }
}

fn confirmed(net: &str) -> UnitEvent {
    UnitEvent::OrderConfirmed { order: ORDER, client: CLIENT, net: amount(net), evidence: paper("order") }
}

fn cancel_order() -> UnitCommand {
    UnitCommand::CancelOrder { order: ORDER, reason: token("client-withdrew") }
}

fn order_cancelled() -> UnitEvent {
    UnitEvent::OrderCancelled { order: ORDER, reason: token("client-withdrew") }
}

fn for_order(mut command: UnitCommand) -> UnitCommand {
    if let UnitCommand::DeclareContract { order, client, .. } = &mut command {
        (*order, *client) = (Some(ORDER), Some(CLIENT));
    }
    command
}

fn unit() -> Given<Unit> {
    given([opened()]).with(available("1000.00"))
}

fn with_job() -> Given<Unit> {
    unit().and([declared(JOB)])
}

fn amend(days: &[(&str, &str)], budget: &str) -> UnitCommand {
    UnitCommand::AmendContract { contract: JOB, days: self::days(days), budget: amount(budget) }
}

fn cancel() -> UnitCommand {
    UnitCommand::CancelContract { contract: JOB, reason: token("client-withdrew") }
}

fn cancelled() -> UnitEvent {
    UnitEvent::ContractCancelled { contract: JOB, budget: amount("169.00"), reason: token("client-withdrew") }
}

fn end() -> UnitCommand {
    UnitCommand::EndContract { contract: JOB }
}

fn ended() -> UnitEvent {
    let (last_day, wage_due_on) = (day("2025-03-03"), day("2025-03-11"));
    UnitEvent::ContractEnded { contract: JOB, worker: BOB, last_day, wage_due_on }
}

fn employ() -> UnitCommand {
    UnitCommand::ConcludeEmployment { employment: EMPLOYMENT, contract: JOB }
}

fn open_ended() -> UnitEvent {
    UnitEvent::EmploymentConcluded {
        employment: OPEN_ENDED,
        worker: BOB,
        kind: WorkerKind::Employee,
        term: Term::OpenEnded { from: day("2025-03-03") },
        n_days: 0,
        hours: hours("0.00"),
    }
}

fn end_open_ended() -> UnitCommand {
    UnitCommand::EndEmployment { employment: OPEN_ENDED, reason: token("by-consent") }
}

fn declare_days(month: &str, days: &[(&str, &str)], budget: &str) -> UnitCommand {
    UnitCommand::DeclareWorkDays {
        employment: OPEN_ENDED,
        holder: ALICE,
        month: self::month(month),
        risk: None,
        days: self::days(days),
        budget: amount(budget),
    }
}

fn wrong_state(
    what: &'static str,
    id: impl ToString,
    found: &'static str,
    expected: &'static str,
) -> UnitRefusal {
    UnitRefusal::WrongState { what, id: id.to_string(), found, expected }
}

fn unknown(what: &'static str, id: impl ToString) -> UnitRefusal {
    UnitRefusal::Unknown { what, id: id.to_string() }
}

// Orders.

#[test]
fn an_order_is_confirmed_and_may_be_cancelled_once() {
    unit()
        .when(confirm("500.00"))
        .then([confirmed("500.00")])
        .when(cancel_order())
        .then([order_cancelled()])
        .when(cancel_order())
        .is_refused(wrong_state("order", ORDER, "cancelled", "confirmed"));
    unit().when(cancel_order()).is_refused(unknown("order", ORDER));
}

#[test]
fn a_job_answers_an_order_that_stands() {
    let asked = || for_order(declare(JOB, ONE_DAY, "169.00"));
    unit().and([confirmed("500.00")]).when(asked()).accepted();
    unit().when(asked()).is_refused(unknown("order", ORDER));
    unit().and([confirmed("500.00"), order_cancelled()]).when(asked()).is_refused(wrong_state(
        "order",
        ORDER,
        "cancelled",
        "confirmed",
    ));
}

#[test]
fn an_order_is_corrected_until_a_job_or_an_invoice_answers_it() {
    let replaced = corrected(unit().and([confirmed("500.00")]), 2, Some(confirm("50.00")));
    replaced.when(cancel_order()).then([order_cancelled()]);
    corrected(unit().and([confirmed("500.00")]), 2, None)
        .when(cancel_order())
        .is_refused(unknown("order", ORDER));

    let because = "later events of the same job or employment rest upon it";
    let says = format!("order.confirmed cannot be taken back: {because}");
    cannot_correct(unit().and([confirmed("500.00"), order_cancelled()]), 2, &says);
    let answered =
        unit().and([confirmed("500.00")]).when(for_order(declare(JOB, ONE_DAY, "169.00"))).accepted();
    cannot_correct(answered.clone(), 2, &says);
    // Once the job is taken back, so can the order be.
    corrected(corrected(answered, 3, None), 2, None);

    let invoiced = unit().and([confirmed("500.00")]);
    let mut draft = invoice(&[net(domain::vat::VatCategory::Standard, "500.00")]);
    draft.order = Some(ORDER);
    let issued = crate::harness::issue(&given([]), &invoiced, &draft).expect("nothing forbids it");
    cannot_correct(invoiced.and(crate::harness::of_unit(issued)), 2, &says);
}

#[test]
fn a_cancelled_order_is_restored_by_correction() {
    corrected(unit().and([confirmed("500.00"), order_cancelled()]), 3, None)
        .when(cancel_order())
        .then([order_cancelled()]);
}

// Jobs.

#[test]
fn a_job_reserves_a_budget_that_buys_its_gross_wage() {
    unit().when(declare(JOB, ONE_DAY, "169.00")).then([declared(JOB)]);
}

#[test]
fn a_job_costs_no_more_than_is_available() {
    let unit = |available_| given::<Unit>([opened()]).with(available(available_));
    unit("169.00").when(declare(JOB, ONE_DAY, "169.00")).accepted();
    unit("168.99")
        .when(declare(JOB, ONE_DAY, "169.00"))
        .is_refused(UnitRefusal::OverBudget { budget: balance("169.00"), available: balance("168.99") });
    unit("-1.00")
        .when(declare(JOB, ONE_DAY, "169.00"))
        .is_refused_saying("a budget of 169.00 is more than the -1.00 available to the unit");
}

#[test]
fn only_a_holder_declares_a_job() {
    let mut asked = declare(JOB, ONE_DAY, "169.00");
    if let UnitCommand::DeclareContract { holder, .. } = &mut asked {
        *holder = CAROL;
    }
    unit().when(asked).is_refused(UnitRefusal::NotAHolder { person: CAROL });
}

// columns: days | problem
#[rstest]
#[case::none(&[], None)]
#[case::twice(&[("2025-03-04", "7.00"), ("2025-03-04", "7.00")], Some(("2025-03-04", "out of order or declared twice")))]
#[case::backwards(&[("2025-03-04", "7.00"), ("2025-03-03", "7.00")], Some(("2025-03-03", "out of order or declared twice")))]
#[case::two_months(&[("2025-03-31", "7.00"), ("2025-04-01", "7.00")], Some(("2025-04-01", "not in the month of the first day")))]
fn days_of_a_job_lie_in_one_month_in_order(
    #[case] days: &[(&str, &str)],
    #[case] problem: Option<(&str, &'static str)>,
) {
    let refusal = match problem {
        None => UnitRefusal::NoDays,
        Some((on, problem)) => UnitRefusal::BadDay { day: day(on), problem },
    };
    unit().when(declare(JOB, days, "900.00")).is_refused(refusal.clone());
    with_job().when(amend(days, "900.00")).is_refused(refusal);
}

// columns: hours | accepted
#[rstest]
#[case("0.24", false)]
#[case("0.25", true)]
#[case("11.00", true)]
#[case("11.01", false)]
fn a_working_day_has_bounds(#[case] worked: &str, #[case] accepted: bool) {
    let asked = unit().when(declare(JOB, &[("2025-03-03", worked)], "900.00"));
    if accepted {
        asked.accepted();
    } else {
        asked.is_refused_saying(&format!("{worked} hours on 2025-03-03 are outside 0.25 to 11.00"));
    }
}

#[test]
fn e25_a_budget_buys_at_least_the_minimum_wage_for_the_hours() {
    unit().when(declare(JOB, ONE_DAY, "151.72")).is_refused(UnitRefusal::BelowMinimumWage {
        budget: amount("151.72"),
        gross: balance("89.77"),
        minimum: balance("89.78"),
        hours: hours("7.00"),
    });
    unit().when(declare(JOB, ONE_DAY, "151.73")).accepted();
    // By the minimum of the days worked, not of the day on which they are declared.
    unit().when(declare(JOB, &[("2025-01-31", "7.00")], "151.72")).accepted();
}

fn duty(shares: u32, years: &[u16], grace_contracts_used: u32) -> UnitKnown {
    let mut years_of_use = YearsOfUse::default();
    years.iter().for_each(|year| years_of_use.insert(Year::new(*year)));
    UnitKnown { shares, years_of_use, grace_contracts_used, ..available("1000.00") }
}

// columns: shares | years of use before | jobs declared without shares | accepted
#[rstest]
#[case::a_share_covers_the_first_year(1, &[], 0, true)]
#[case::a_year_once_covered_stays_so(1, &[2025], 0, true)]
#[case::three_jobs_are_possible_without_shares(0, &[], 2, true)]
#[case::the_fourth_is_not(0, &[], 3, false)]
#[case::a_second_year_needs_a_second_share(1, &[2024], 3, false)]
#[case::two_shares_cover_two_years(2, &[2024], 3, true)]
fn e22_every_year_of_use_needs_a_share(
    #[case] shares: u32,
    #[case] years: &[u16],
    #[case] grace_used: u32,
    #[case] accepted: bool,
) {
    let asked = unit().with(duty(shares, years, grace_used)).when(declare(JOB, ONE_DAY, "169.00"));
    if accepted {
        asked.then([declared(JOB)]);
    } else {
        asked.is_refused(UnitRefusal::ShareDuty { shares, needed: 1, grace: 3 });
    }
}

#[test]
fn who_asks_is_judged_first_then_the_order_the_shares_the_days_the_wage_and_at_last_the_budget() {
    let poor = duty(0, &[], 3);
    let mut stranger = for_order(declare(JOB, &[], "1.00"));
    if let UnitCommand::DeclareContract { holder, .. } = &mut stranger {
        *holder = CAROL;
    }
    unit().with(poor).when(stranger).is_refused(UnitRefusal::NotAHolder { person: CAROL });
    unit().with(poor).when(for_order(declare(JOB, &[], "1.00"))).is_refused(unknown("order", ORDER));
    unit().with(poor).when(declare(JOB, &[], "1.00")).is_refused(UnitRefusal::ShareDuty {
        shares: 0,
        needed: 1,
        grace: 3,
    });
    unit().with(available("0.00")).when(declare(JOB, &[], "1.00")).is_refused(UnitRefusal::NoDays);
    let refusal = unit().with(available("0.00")).when(declare(JOB, ONE_DAY, "1.00")).refusal();
    assert!(matches!(refusal, UnitRefusal::BelowMinimumWage { .. }), "{refusal}");
    let refusal = unit().with(available("0.00")).when(declare(JOB, ONE_DAY, "169.00")).refusal();
    assert!(matches!(refusal, UnitRefusal::OverBudget { .. }), "{refusal}");
}

#[test]
fn a_job_is_amended_within_what_is_available_on_top_of_its_own_budget() {
    let two_days = &[("2025-03-03", "7.00"), ("2025-03-04", "7.00")];
    let amended = |employment| UnitEvent::ContractAmended {
        contract: JOB,
        worker: BOB,
        employment,
        days_before: 1,
        hours_before: hours("7.00"),
        budget_before: amount("169.00"),
        days: days(two_days),
        hours: hours("14.00"),
        budget: amount("338.00"),
        coefficient: rate("1.69"),
        gross: amount("200.00"),
        minimum_gross: amount("179.56"),
    };
    let with = |available_| with_job().with(available(available_));
    with("169.00").when(amend(two_days, "338.00")).then([amended(None)]);
    with("168.99")
        .when(amend(two_days, "338.00"))
        .is_refused(UnitRefusal::OverBudget { budget: balance("169.00"), available: balance("168.99") });
    with("169.00").and([employed(JOB)]).when(amend(two_days, "338.00")).then([amended(Some(EMPLOYMENT))]);
    // A smaller budget needs nothing available.
    with("-50.00").when(amend(ONE_DAY, "160.00")).accepted();
}

#[test]
fn a_job_without_employment_contract_is_cancelled_and_its_budget_freed() {
    with_job().when(cancel()).then([cancelled()]).when(cancel()).is_refused(wrong_state(
        "contract",
        JOB,
        "cancelled",
        "declared",
    ));
    with_job().and([employed(JOB)]).when(cancel()).is_refused(wrong_state(
        "contract",
        JOB,
        "under an employment contract",
        "without one; amend it instead",
    ));
    unit().when(cancel()).is_refused(unknown("contract", JOB));
}

#[test]
fn the_work_ends_on_its_last_day_at_the_earliest() {
    with_job().when(end()).then([ended()]);
    with_job().on("2025-03-02").when(end()).is_refused(UnitRefusal::WorkNotOver {
        last_day: day("2025-03-03"),
        effective_on: day("2025-03-02"),
    });
    // The wage term runs from the work, not from the day it is reported.
    with_job().on("2025-03-20").when(end()).then([ended()]);
}

#[test]
fn work_that_is_over_is_neither_amended_nor_cancelled_nor_ended_again() {
    for asked in [amend(ONE_DAY, "169.00"), cancel(), end(), employ()] {
        with_job().and([ended()]).when(asked).is_refused(wrong_state("contract", JOB, "ended", "declared"));
    }
}

// Employment.

#[test]
fn one_employment_contract_is_concluded_for_a_job() {
    with_job().when(employ()).then([employed(JOB)]).when(employ()).is_refused(wrong_state(
        "contract",
        JOB,
        "under an employment contract",
        "without one",
    ));
    unit().when(employ()).is_refused(unknown("contract", JOB));
}

#[test]
fn an_open_ended_employment_begins_on_the_day_it_is_concluded() {
    let kind = WorkerKind::Employee;
    unit()
        .when(UnitCommand::ConcludeOpenEnded { employment: OPEN_ENDED, worker: BOB, kind })
        .then([open_ended()]);
}

#[test]
fn an_open_ended_employment_ends_once() {
    let ended =
        UnitEvent::EmploymentEnded { employment: OPEN_ENDED, worker: BOB, reason: token("by-consent") };
    unit()
        .and([open_ended()])
        .when(end_open_ended())
        .then([ended])
        .when(end_open_ended())
        .is_refused(wrong_state("employment", OPEN_ENDED, "ended", "in force"));
    unit().when(end_open_ended()).is_refused(unknown("employment", OPEN_ENDED));
    with_job()
        .and([employed(JOB)])
        .when(UnitCommand::EndEmployment { employment: EMPLOYMENT, reason: token("by-consent") })
        .is_refused(wrong_state("employment", EMPLOYMENT, "fixed-term", "open-ended"));
}

#[test]
fn the_days_of_a_month_are_declared_once_under_an_open_ended_employment() {
    let declared = UnitEvent::WorkDaysDeclared {
        employment: OPEN_ENDED,
        holder: ALICE,
        worker: BOB,
        kind: WorkerKind::Employee,
        month: month("2025-03"),
        risk: None,
        days: days(&[("2025-03-03", "7.00")]),
        hours: hours("7.00"),
        budget: amount("169.00"),
        coefficient: rate("1.69"),
        gross: amount("100.00"),
        minimum_gross: amount("89.78"),
    };
    let employed = || unit().and([open_ended()]);
    employed()
        .when(declare_days("2025-03", ONE_DAY, "169.00"))
        .then([declared])
        .when(declare_days("2025-03", ONE_DAY, "169.00"))
        .is_refused(wrong_state("month", "2025-03", "declared", "not yet declared"));
    employed()
        .with(available("168.99"))
        .when(declare_days("2025-03", ONE_DAY, "169.00"))
        .is_refused(UnitRefusal::OverBudget { budget: balance("169.00"), available: balance("168.99") });
    employed()
        .with(duty(0, &[], 3))
        .when(declare_days("2025-03", ONE_DAY, "169.00"))
        .is_refused(UnitRefusal::ShareDuty { shares: 0, needed: 1, grace: 3 });
    let bad_day = |text, problem| UnitRefusal::BadDay { day: day(text), problem };
    employed()
        .when(declare_days("2025-04", ONE_DAY, "169.00"))
        .is_refused(bad_day("2025-03-03", "not in the month declared"));
    employed()
        .when(declare_days("2025-03", &[("2025-03-02", "7.00")], "169.00"))
        .is_refused(bad_day("2025-03-02", "before the employment begins"));
    unit().when(declare_days("2025-03", ONE_DAY, "169.00")).is_refused(unknown("employment", OPEN_ENDED));
    employed()
        .when(end_open_ended())
        .accepted()
        .when(declare_days("2025-03", ONE_DAY, "169.00"))
        .is_refused(wrong_state("employment", OPEN_ENDED, "ended", "in force"));
}

// Corrections.

const MOVED_ON: &str = "later events of the same job or employment rest upon it";

fn moved_on(kind: &str) -> String {
    format!("{kind} cannot be taken back: {MOVED_ON}")
}

#[test]
fn a_job_is_corrected_until_something_rests_upon_it() {
    corrected(with_job(), 2, Some(declare(JOB, ONE_DAY, "200.00"))).when(cancel()).then([
        UnitEvent::ContractCancelled {
            contract: JOB,
            budget: amount("200.00"),
            reason: token("client-withdrew"),
        },
    ]);
    corrected(with_job(), 2, None).when(cancel()).is_refused(unknown("contract", JOB));

    let amended = with_job().when(amend(ONE_DAY, "170.00")).accepted();
    for later in
        [with_job().and([employed(JOB)]), with_job().and([ended()]), with_job().and([cancelled()]), amended]
    {
        cannot_correct(later, 2, &moved_on("contract.declared"));
    }
}

#[test]
fn an_amended_job_is_amended_back_not_corrected() {
    cannot_correct(
        with_job().when(amend(ONE_DAY, "170.00")).accepted(),
        3,
        "contract.amended cannot be taken back: amend the contract back instead",
    );
}

#[test]
fn a_cancelled_or_ended_job_is_declared_again_by_correction() {
    corrected(with_job().and([cancelled()]), 3, None).when(cancel()).then([cancelled()]);
    corrected(with_job().and([ended()]), 3, None).when(end()).then([ended()]);
    // An end that was taken back is no cancellation to take back.
    let ended_since = corrected(with_job().and([cancelled()]), 3, None).when(end()).accepted();
    cannot_correct(ended_since, 3, &moved_on("contract.cancelled"));
}

#[test]
fn an_employment_contract_is_taken_back_while_its_job_stands_as_it_was() {
    corrected(with_job().and([employed(JOB)]), 3, None).when(cancel()).then([cancelled()]);
    cannot_correct(with_job().and([employed(JOB), ended()]), 3, &moved_on("employment.concluded"));
    // Its days were counted anew by the amendment, which would then amend nothing.
    let two_days = &[("2025-03-03", "7.00"), ("2025-03-04", "7.00")];
    let amended = with_job().and([employed(JOB)]).when(amend(two_days, "338.00")).accepted();
    cannot_correct(amended, 3, &moved_on("employment.concluded"));
}

#[test]
fn an_open_ended_employment_is_taken_back_until_days_are_declared_or_it_ends() {
    let concluded = || unit().and([open_ended()]);
    corrected(concluded(), 2, None).when(end_open_ended()).is_refused(unknown("employment", OPEN_ENDED));
    let with_days = concluded().when(declare_days("2025-03", ONE_DAY, "169.00")).accepted();
    cannot_correct(with_days.clone(), 2, &moved_on("employment.concluded"));
    corrected(corrected(with_days, 3, None), 2, None);
    let ended = concluded().when(end_open_ended()).accepted();
    cannot_correct(ended.clone(), 2, &moved_on("employment.concluded"));
    corrected(ended, 3, None).when(end_open_ended()).accepted();
}

#[test]
fn a_months_days_are_corrected_until_its_wage_is_calculated_and_again_once_that_is_taken_back() {
    let month = month("2025-03");
    let asked = || declare_days("2025-03", ONE_DAY, "169.00");
    let declared = unit().and([open_ended()]).when(asked()).accepted();
    corrected(declared.clone(), 3, Some(declare_days("2025-03", &[("2025-03-03", "8.00")], "200.00")));
    let work = Work::Month { employment: OPEN_ENDED, month };
    let calculated = declared.when(calculate(SALARY, work)).accepted();
    cannot_correct(calculated.clone(), 3, &moved_on("work_days.declared"));
    corrected(corrected(calculated, 4, None), 3, None).when(asked()).accepted();
}

#[test]
fn an_id_is_claimed_where_it_first_appears() {
    use domain::StreamEvent;
    let words = |event: &UnitEvent| event.claims().iter().map(|claim| claim.what.word()).collect::<Vec<_>>();
    assert_eq!(words(&confirmed("1.00")), ["order"]);
    assert_eq!(words(&declared(JOB)), ["contract"]);
    assert_eq!(words(&employed(JOB)), ["employment"]);
    assert_eq!(words(&ended()), [""; 0]);
    // A correction is claimed too, so that nothing is corrected twice; a replacement of the same
    // id claims nothing else anew, one of another id does.
    let again = |contract: ContractId| {
        let declare = declare(contract, ONE_DAY, "200.00");
        let ask = UnitCommand::Correct(correct(2, Some(declare)));
        words(&with_job().with_original(2).when(ask).event())
    };
    assert_eq!(again(JOB), ["correction of this event"]);
    assert_eq!(again(OTHER_JOB), ["correction of this event", "contract"]);
}

#[test]
fn rules_ask_for_the_parameters_they_need() {
    unit()
        .without_parameters()
        .when(declare(JOB, ONE_DAY, "169.00"))
        .is_refused_saying("parameter share.grace_contracts has no value on 2025-03-03; publish one first");
    unit()
        .publishing(Parameter::WageDayHoursMax, Value::Count(6))
        .when(declare(JOB, ONE_DAY, "169.00"))
        .is_refused_saying("7.00 hours on 2025-03-03 are outside 0.25 to 6.00");
}
