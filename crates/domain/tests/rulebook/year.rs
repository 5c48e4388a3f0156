//! The rulebook of fiscal years: opened once, closed after the last day, never reopened.

use domain::Year;
use domain::correction::CorrectionRefused;
use domain::stream::YearNotOpen;
use domain::unit::Unit;
use domain::year::{FiscalYear, YearCommand, YearEvent, YearRefusal};

use crate::fixtures::*;
use crate::harness::given;

const YEAR: Year = Year::new(2025);

fn opened() -> YearEvent {
    YearEvent::Opened { first_day: day("2025-01-01"), last_day: day("2025-12-31") }
}

#[test]
fn a_fiscal_year_is_a_calendar_year() {
    given::<FiscalYear>([]).when(YearCommand::OpenYear {}).then([opened()]);
}

#[test]
fn a_year_opens_once() {
    let refused = YearRefusal::AlreadyOpened { year: YEAR };
    given::<FiscalYear>([opened()]).when(YearCommand::OpenYear {}).is_refused(refused.clone());
    given::<FiscalYear>([opened(), YearEvent::Closed {}]).when(YearCommand::OpenYear {}).is_refused(refused);
}

#[test]
fn a_year_opens_within_the_calendar() {
    given::<FiscalYear>([]).of(Year::new(2150)).when(YearCommand::OpenYear {}).accepted();
    given::<FiscalYear>([])
        .of(Year::new(2151))
        .when(YearCommand::OpenYear {})
        .is_refused(YearRefusal::BeyondCalendar { year: Year::new(2151), last: Year::new(2150) });
}

#[test]
fn a_year_closes_on_its_last_day_at_the_earliest() {
    let opened = || given::<FiscalYear>([opened()]);
    opened().on("2025-12-31").when(YearCommand::CloseYear {}).then([YearEvent::Closed {}]);
    opened().on("2026-04-30").when(YearCommand::CloseYear {}).then([YearEvent::Closed {}]);
    opened()
        .on("2025-12-30")
        .when(YearCommand::CloseYear {})
        .is_refused_saying("fiscal year 2025 ends on 2025-12-31 and cannot close on 2025-12-30");
}

#[test]
fn only_an_open_year_closes() {
    let refused = YearRefusal::NotOpen { year: YEAR };
    given::<FiscalYear>([]).on("2025-12-31").when(YearCommand::CloseYear {}).is_refused(refused.clone());
    // Not open is said before not over.
    given::<FiscalYear>([]).on("2025-01-01").when(YearCommand::CloseYear {}).is_refused(refused.clone());
    given::<FiscalYear>([opened(), YearEvent::Closed {}])
        .on("2025-12-31")
        .when(YearCommand::CloseYear {})
        .is_refused(refused);
}

#[test]
fn nothing_takes_effect_in_a_year_that_is_not_open() {
    given::<Unit>([opened_unit()])
        .on("2024-12-31")
        .in_a_year_that_is_not_open()
        .when(declare(JOB, &[("2025-03-03", "7.00")], "169.00"))
        .is_refused(YearNotOpen { effective_on: day("2024-12-31"), year: Year::new(2024) });
}

#[test]
fn opening_and_closing_a_year_cannot_be_taken_back() {
    let given = || given::<FiscalYear>([opened(), YearEvent::Closed {}]);
    given().with_original(1).when(YearCommand::Correct(correct(1, None))).is_refused(
        CorrectionRefused::ReliedUpon {
            kind: "year.opened",
            because: "bookings may have taken effect in it",
        },
    );
    given().with_original(2).when(YearCommand::Correct(correct(2, None))).is_refused(
        CorrectionRefused::ReliedUpon {
            kind: "year.closed",
            because: "what was closed was reported; book in the next year",
        },
    );
}

fn opened_unit() -> domain::unit::UnitEvent {
    crate::fixtures::opened()
}
