//! The rulebook of holiday pay, Dimona and social documents.

use domain::Year;
use domain::ids::EmploymentId;
use domain::payroll::WorkerKind;
use domain::unit::{SocialDocument, Unit, UnitCommand, UnitEvent, UnitRefusal, Work};

use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, given};

/// BOB works a day on 3 March under an employment contract.
fn employed_on_a_job() -> Given<Unit> {
    given([opened(), declared(JOB), employed(JOB)])
}

/// CAROL works under an open-ended employment from 3 March.
fn employed_open_ended(kind: WorkerKind) -> Given<Unit> {
    let conclude = UnitCommand::ConcludeOpenEnded { employment: OPEN_ENDED, worker: CAROL, kind };
    given([opened()]).with(available("1000.00")).when(conclude).accepted()
}

/// BOB's wage of 100.00 gross is calculated.
fn waged() -> Given<Unit> {
    employed_on_a_job().when(calculate(SALARY, Work::Contract(JOB))).accepted()
}

fn month_of_carol(budget: &str) -> UnitCommand {
    UnitCommand::DeclareWorkDays {
        employment: OPEN_ENDED,
        holder: ALICE,
        month: month("2025-03"),
        risk: None,
        days: days(&[("2025-03-03", "7.00")]),
        budget: amount(budget),
    }
}

fn income(year: u16) -> UnitCommand {
    issue_document(SocialDocument::Income { worker: BOB, year: Year::new(year) })
}

fn c4(employment: EmploymentId) -> UnitCommand {
    issue_document(SocialDocument::Unemployment { employment })
}

fn wrong(what: &'static str, id: impl ToString, found: &'static str, expected: &'static str) -> UnitRefusal {
    UnitRefusal::WrongState { what, id: id.to_string(), found, expected }
}

fn dimona(found: &'static str, expected: &'static str) -> UnitRefusal {
    wrong("dimona of employment", EMPLOYMENT, found, expected)
}

// 15.34 % of 100.00.
#[test]
fn an_employees_wage_earns_holiday_pay_once() {
    waged()
        .when(accrue(SALARY))
        .then([UnitEvent::HolidayPayAccrued {
            salary: SALARY,
            worker: BOB,
            gross: amount("100.00"),
            rate: rate("0.1534"),
            amount: amount("15.34"),
            evidence: paper("payslip"),
        }])
        .when(accrue(SALARY))
        .is_refused(wrong("salary", SALARY, "with holiday pay", "without it"));
    waged().when(accrue(OTHER_SALARY)).is_refused_saying(&format!("this unit has no salary {OTHER_SALARY}"));
}

#[test]
fn an_artist_has_holiday_pay_from_the_holiday_fund() {
    let artist = employed_open_ended(WorkerKind::Artist)
        .when(month_of_carol("169.00"))
        .accepted()
        .when(calculate(SALARY, Work::Month { employment: OPEN_ENDED, month: month("2025-03") }))
        .accepted();
    artist.when(accrue(SALARY)).is_refused(wrong("salary", SALARY, "an artist's", "an employee's"));
}

#[test]
fn holiday_pay_is_paid_less_what_was_withheld() {
    let owed = waged().when(accrue(SALARY)).accepted();
    let paid = owed.clone().when(pay_holidays(BOB, "2.00", "3.34")).then([UnitEvent::HolidayPayPaid {
        worker: BOB,
        salaries: vec![SALARY],
        accrued: amount("15.34"),
        employee: balance("2.00"),
        tax: balance("3.34"),
        net: amount("10.00"),
        evidence: paper("payslip"),
    }]);
    paid.when(pay_holidays(BOB, "0.00", "0.00")).is_refused(UnitRefusal::NoHolidayPay { worker: BOB });
    for (employee, tax) in [("-0.01", "0.00"), ("0.00", "-0.01"), ("10.00", "5.34")] {
        owed.clone().when(pay_holidays(BOB, employee, tax)).is_refused_saying(&format!(
            "{employee} of contributions and {tax} of tax are outside 0.00 to the 15.34 of holiday pay owed"
        ));
    }
}

#[test]
fn holiday_pay_waits_until_no_employment_is_in_force() {
    let employee = employed_open_ended(WorkerKind::Employee)
        .when(month_of_carol("169.00"))
        .accepted()
        .when(calculate(SALARY, Work::Month { employment: OPEN_ENDED, month: month("2025-03") }))
        .accepted()
        .when(accrue(SALARY))
        .accepted();
    let pay = || pay_holidays(CAROL, "0.00", "0.00");
    employee.clone().when(pay()).is_refused(wrong("employment", OPEN_ENDED, "in force", "ended"));
    let end = UnitCommand::EndEmployment { employment: OPEN_ENDED, reason: token("by-consent") };
    employee.when(end).accepted().when(pay()).accepted();
}

#[test]
fn holiday_pay_is_taken_back_in_order() {
    let owed = waged().when(accrue(SALARY)).accepted();
    cannot_correct(
        owed.clone(),
        4,
        "salary.calculated cannot be taken back: the salary was paid, earned holiday pay or was corrected since",
    );
    corrected(owed.clone(), 5, None).when(accrue(SALARY)).accepted();
    let paid = owed.when(pay_holidays(BOB, "0.00", "0.00")).accepted();
    cannot_correct(paid.clone(), 5, "holiday_pay.accrued cannot be taken back: it was paid since");
    let unpaid = corrected(paid.clone(), 6, None);
    unpaid.when(pay_holidays(BOB, "0.00", "0.00")).accepted();
    corrected(paid, 6, Some(pay_holidays(BOB, "1.00", "1.00")));
}

#[test]
fn e24_an_employment_is_declared_before_the_work_begins() {
    let sent = |days_late, late| UnitEvent::DimonaSent {
        employment: EMPLOYMENT,
        worker: BOB,
        first_day: day("2025-03-03"),
        days_late,
        late,
        evidence: paper("dimona"),
    };
    employed_on_a_job().on("2025-02-28").when(send(None)).then([sent(0, None)]);
    // E24: no later than the first day of work.
    employed_on_a_job().when(send(None)).then([sent(0, None)]);
    employed_on_a_job()
        .on("2025-03-04")
        .when(send(None))
        .is_refused_saying("work begins on 2025-03-03; a Dimona of 2025-03-04 is late and must say why");
    let reason = || Some(token("system-down"));
    employed_on_a_job().on("2025-03-04").when(send(reason())).then([sent(1, reason())]);
    // A reason for nothing is not kept.
    employed_on_a_job().when(send(reason())).then([sent(0, None)]);
}

#[test]
fn e24_a_declaration_accepted_after_the_first_day_stays_late() {
    let sent = employed_on_a_job().when(send(None)).accepted();
    for (on, expected) in [("2025-03-03", 0), ("2025-03-05", 2)] {
        let event = sent.clone().on(on).when(accept()).event();
        assert!(
            matches!(event, UnitEvent::DimonaAccepted { days_late, .. } if days_late == expected),
            "{event:?}"
        );
    }
}

#[test]
fn a_declaration_goes_from_state_to_state() {
    let sent = employed_on_a_job().when(send(None)).accepted();
    let accepted = sent.clone().when(accept()).accepted();
    let refused = sent.clone().when(refuse()).accepted();
    let cancelled = accepted.clone().when(cancel()).accepted();
    employed_on_a_job().when(accept()).is_refused(dimona("not sent", "sent"));
    employed_on_a_job().when(cancel()).is_refused(dimona("not sent", "sent or accepted"));
    sent.clone().when(send(None)).is_refused(dimona("sent", "not standing"));
    accepted.clone().when(send(None)).is_refused(dimona("accepted", "not standing"));
    accepted.clone().when(accept()).is_refused(dimona("accepted", "sent"));
    refused.clone().when(accept()).is_refused(dimona("refused", "sent"));
    refused.clone().when(cancel()).is_refused(dimona("refused", "sent or accepted"));
    cancelled.clone().when(refuse()).is_refused(dimona("cancelled", "sent"));
    sent.when(cancel()).accepted();
    refused.when(send(None)).accepted().when(accept()).accepted();
    cancelled.when(send(None)).accepted();
}

#[test]
fn no_wage_is_calculated_before_a_declaration_that_was_sent_is_accepted() {
    let sent = employed_on_a_job().when(send(None)).accepted();
    let wage = || calculate(SALARY, Work::Contract(JOB));
    sent.clone().when(wage()).is_refused(dimona("sent", "accepted"));
    sent.clone().when(refuse()).accepted().when(wage()).is_refused(dimona("refused", "accepted"));
    let accepted = sent.when(accept()).accepted();
    let waged = accepted.when(wage()).accepted();
    cannot_correct(
        waged.clone(),
        5,
        "dimona.accepted cannot be taken back: the declaration moved on since, or a wage rests upon it",
    );
    waged.when(cancel()).is_refused(wrong("employment", EMPLOYMENT, "worked under", "not worked under"));
    let send = UnitCommand::SendDimona { employment: OPEN_ENDED, late: None, evidence: paper("dimona") };
    employed_open_ended(WorkerKind::Employee)
        .when(send)
        .accepted()
        .when(month_of_carol("169.00"))
        .is_refused(wrong("dimona of employment", OPEN_ENDED, "sent", "accepted"));
}

#[test]
fn each_step_of_a_declaration_is_taken_back_while_it_is_the_last() {
    let moved_on = "the declaration moved on since, or a wage rests upon it";
    let sent = employed_on_a_job().when(send(None)).accepted();
    corrected(sent.clone(), 4, None).when(send(None)).accepted();
    for step in [accept(), refuse(), cancel()] {
        let further = sent.clone().when(step).accepted();
        cannot_correct(further.clone(), 4, &format!("dimona.sent cannot be taken back: {moved_on}"));
        corrected(further, 5, None).when(accept()).accepted();
    }
    // An employment that was declared is not taken back.
    cannot_correct(
        sent,
        3,
        "employment.concluded cannot be taken back: later events of the same job or employment rest upon it",
    );
}

#[test]
fn the_document_for_unemployment_benefit_is_issued_once_the_employment_is_over() {
    let over = employed_on_a_job();
    over.clone().on("2025-03-02").when(c4(EMPLOYMENT)).is_refused(wrong(
        "employment",
        EMPLOYMENT,
        "in force",
        "over",
    ));
    let issued = over.when(c4(EMPLOYMENT)).accepted();
    let again = wrong("social document of worker", BOB, "issued", "not issued yet");
    issued.clone().when(c4(EMPLOYMENT)).is_refused(again);
    corrected(issued, 4, None).when(c4(EMPLOYMENT)).accepted();
    let open_ended = employed_open_ended(WorkerKind::Employee);
    open_ended.clone().when(c4(OPEN_ENDED)).is_refused(wrong("employment", OPEN_ENDED, "in force", "over"));
    let end = UnitCommand::EndEmployment { employment: OPEN_ENDED, reason: token("by-consent") };
    open_ended.when(end).accepted().when(c4(OPEN_ENDED)).accepted();
}

#[test]
fn a_statement_of_income_is_issued_after_the_year_to_whom_was_paid() {
    waged()
        .on("2025-12-31")
        .when(income(2025))
        .is_refused(UnitRefusal::BadDay { day: day("2025-12-31"), problem: "before the year is over" });
    let issued = waged().on("2026-01-15").when(income(2025)).accepted();
    let again = wrong("social document of worker", BOB, "issued", "not issued yet");
    issued.clone().when(income(2025)).is_refused(again);
    issued.on("2027-01-15").when(income(2026)).accepted();
    employed_on_a_job()
        .on("2026-01-15")
        .when(income(2025))
        .is_refused_saying(&format!("this unit has no wage of worker {BOB}"));
}
