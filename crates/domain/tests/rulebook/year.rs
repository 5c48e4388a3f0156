//! The rulebook of fiscal years: opened once, tested, closed in one order, never reopened.

use domain::correction::CorrectionRefused;
use domain::stream::YearNotOpen;
use domain::unit::Unit;
use domain::year::{FiscalYear, Stage, YearCommand, YearEvent, YearKnown, YearRefusal};
use domain::{Balance, Year};
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, given};

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

/// The books of a year: what was made in it, and what the units hold at its end.
pub fn books(made: &str, held: &str) -> YearKnown {
    YearKnown { made: balance(made), held: balance(held), shares: 400, ..YearKnown::default() }
}

pub fn test(net_assets: &str, unavailable_equity: &str, debts_payable_months: u32) -> YearCommand {
    let (net_assets, unavailable_equity) = (balance(net_assets), balance(unavailable_equity));
    let evidence = paper("board-report");
    YearCommand::RecordTests { net_assets, unavailable_equity, debts_payable_months, evidence }
}

pub fn allocate(to_reserves: Option<&str>) -> YearCommand {
    let to_reserves = to_reserves.map(amount);
    YearCommand::AllocateResult { to_reserves, dividend: None, evidence: paper("minutes") }
}

fn audit() -> YearCommand {
    YearCommand::AuditAccounts { evidence: paper("auditors-report") }
}

fn approve() -> YearCommand {
    YearCommand::ApproveAccounts { evidence: paper("minutes") }
}

fn deferred(n: &str) -> YearEvent {
    YearEvent::UnitBalancesDeferred { amount: amount(n) }
}

/// The year was closed, audited and approved; it is 20 May 2026.
fn approved() -> Given<FiscalYear> {
    let evidence = paper("minutes");
    given([opened(), YearEvent::Closed {}])
        .and([YearEvent::AccountsAudited { evidence }, YearEvent::AccountsApproved { evidence }])
        .on("2026-05-20")
}

fn out_of_order(found: Stage, expected: &'static str) -> YearRefusal {
    YearRefusal::OutOfOrder { year: YEAR, found, expected }
}

// columns: net assets | unavailable equity | months | a share | room | net-asset test | liquidity test
#[rstest]
#[case::both_pass("12000.00", "11950.00", 12, "30.00", "50.00", true, true)]
#[case::a_month_short("12000.00", "11950.00", 11, "30.00", "50.00", true, false)]
#[case::below_the_floor("11949.99", "11950.00", 12, "29.87", "-0.01", false, true)]
#[case::exactly_the_floor("11950.00", "11950.00", 12, "29.87", "0.00", true, true)]
#[case::negative("-0.01", "-50.00", 0, "-0.01", "-0.01", false, false)]
fn e14_the_board_tests_net_assets_and_liquidity(
    #[case] net_assets: &str,
    #[case] unavailable_equity: &str,
    #[case] months: u32,
    #[case] per_share: &str,
    #[case] room: &str,
    #[case] net_assets_passed: bool,
    #[case] liquidity_passed: bool,
) {
    given::<FiscalYear>([opened()])
        .with(books("0.00", "0.00"))
        .when(test(net_assets, unavailable_equity, months))
        .then([YearEvent::TestsRecorded {
            net_assets: balance(net_assets),
            shares: 400,
            net_assets_per_share: balance(per_share),
            unavailable_equity: balance(unavailable_equity),
            room: balance(room),
            net_assets_passed,
            debts_payable_months: months,
            horizon_months: 12,
            liquidity_passed,
            evidence: paper("board-report"),
        }]);
}

#[test]
fn tests_are_of_the_open_year_in_which_they_are_made() {
    given::<FiscalYear>([opened()])
        .on("2026-01-01")
        .when(test("1.00", "0.00", 12))
        .is_refused(YearRefusal::OutsideYear { year: YEAR, effective_on: day("2026-01-01") });
    given::<FiscalYear>([]).when(test("1.00", "0.00", 12)).is_refused(out_of_order(Stage::Unknown, "open"));
}

#[test]
fn i4_what_units_have_not_spent_is_deferred_as_the_books_have_it() {
    let open = || given::<FiscalYear>([opened()]).with(books("1000.00", "400.00")).on("2025-12-31");
    open()
        .when(YearCommand::DeferUnitBalances {})
        .then([deferred("400.00")])
        .when(YearCommand::DeferUnitBalances {})
        .is_refused(YearRefusal::AlreadyDeferred { year: YEAR, amount: amount("400.00") });
    open()
        .on("2025-12-30")
        .when(YearCommand::DeferUnitBalances {})
        .is_refused_saying("unit balances of 2025 are deferred on 2025-12-31, not on 2025-12-30");
    open()
        .with(books("1000.00", "0.00"))
        .when(YearCommand::DeferUnitBalances {})
        .is_refused(YearRefusal::NothingToDefer { year: YEAR, held: Balance::ZERO });
    open()
        .and([YearEvent::Closed {}])
        .when(YearCommand::DeferUnitBalances {})
        .is_refused(out_of_order(Stage::Closed, "open"));
}

#[test]
fn i4_a_year_closes_when_what_is_deferred_is_what_the_units_hold() {
    let closing = |held, deferred_before| {
        let known = YearKnown { deferred: balance(deferred_before), ..books("1000.00", held) };
        given::<FiscalYear>([opened(), deferred("400.00")]).with(known).on("2025-12-31")
    };
    closing("400.00", "400.00").when(YearCommand::CloseYear {}).then([YearEvent::Closed {}]);
    // A unit invoiced after the deferral.
    closing("450.00", "400.00")
        .when(YearCommand::CloseYear {})
        .is_refused_saying("400.00 stands deferred at the end of 2025, and the units hold 450.00");
    // What the year before had deferred never came back.
    closing("400.00", "700.00").when(YearCommand::CloseYear {}).is_refused(YearRefusal::DeferredIsNotHeld {
        year: YEAR,
        deferred: balance("700.00"),
        held: balance("400.00"),
    });
    // The auditor may choose to defer nothing at all.
    closing("400.00", "0.00").when(YearCommand::CloseYear {}).then([YearEvent::Closed {}]);
}

#[test]
fn a_deferral_is_corrected_on_the_last_day_and_only_until_the_year_closes() {
    let open = || given::<FiscalYear>([opened(), deferred("400.00")]).with(books("0.00", "450.00"));
    let instead = || YearCommand::Correct(correct(2, Some(YearCommand::DeferUnitBalances {})));
    open()
        .on("2025-12-31")
        .with_original(2)
        .when(instead())
        .accepted()
        .when(YearCommand::DeferUnitBalances {})
        .is_refused(YearRefusal::AlreadyDeferred { year: YEAR, amount: amount("450.00") });
    open()
        .on("2026-01-01")
        .with_original(2)
        .when(instead())
        .is_refused_saying("unit balances of 2025 are deferred on 2025-12-31, not on 2026-01-01");
    let relied_upon = |kind, because| CorrectionRefused::ReliedUpon { kind, because };
    open()
        .and([YearEvent::Closed {}])
        .on("2025-12-31")
        .with_original(2)
        .when(instead())
        .is_refused(relied_upon("unit_balances.deferred", "the year was closed upon it"));
}

#[test]
fn i4_what_was_deferred_comes_back_once_on_the_first_of_january() {
    let closed = || given::<FiscalYear>([opened(), deferred("400.00"), YearEvent::Closed {}]);
    closed()
        .on("2026-01-01")
        .when(YearCommand::ReverseUnitBalances {})
        .then([YearEvent::UnitBalancesReversed { amount: amount("400.00") }])
        .when(YearCommand::ReverseUnitBalances {})
        .is_refused(YearRefusal::NothingToReverse { year: YEAR });
    closed()
        .on("2026-01-02")
        .when(YearCommand::ReverseUnitBalances {})
        .is_refused_saying("unit balances of 2025 come back on 2026-01-01, not on 2026-01-02");
    closed()
        .on("2026-01-01")
        .in_a_year_that_is_not_open()
        .when(YearCommand::ReverseUnitBalances {})
        .is_refused(YearNotOpen { effective_on: day("2026-01-01"), year: YEAR.next() });
    given::<FiscalYear>([opened(), deferred("400.00")])
        .on("2026-01-01")
        .when(YearCommand::ReverseUnitBalances {})
        .is_refused(out_of_order(Stage::Open, "closed"));
}

#[test]
fn a_year_is_closed_audited_approved_and_allocated_in_this_order() {
    let year = |events: &[YearEvent]| given::<FiscalYear>(events.to_vec()).on("2026-05-20");
    let evidence = paper("minutes");
    let (closed, audited) = (YearEvent::Closed {}, YearEvent::AccountsAudited { evidence });
    year(&[opened()]).when(audit()).is_refused(out_of_order(Stage::Open, "closed"));
    year(&[opened(), closed.clone()]).when(approve()).is_refused(out_of_order(Stage::Closed, "audited"));
    year(&[opened(), closed.clone(), audited])
        .when(allocate(None))
        .is_refused_saying("fiscal year 2025 is Audited; this needs one that is approved");
    year(&[opened(), closed])
        .when(audit())
        .accepted()
        .when(approve())
        .accepted()
        .when(allocate(None))
        .accepted()
        .when(allocate(None))
        .is_refused(out_of_order(Stage::Allocated, "approved"));
}

#[test]
fn e5_each_step_of_closing_takes_effect_in_an_open_year() {
    for (events, asked) in [
        (vec![opened(), YearEvent::Closed {}], audit()),
        (approved().events[..3].to_vec(), approve()),
        (approved().events, allocate(None)),
    ] {
        given::<FiscalYear>(events)
            .on("2025-12-31")
            .in_a_year_that_is_not_open()
            .when(asked)
            .is_refused(YearNotOpen { effective_on: day("2025-12-31"), year: YEAR });
    }
    approved()
        .on("2025-12-31")
        .in_a_year_that_is_not_open()
        .with_original(4)
        .when(YearCommand::Correct(correct(4, None)))
        .is_refused(YearNotOpen { effective_on: day("2025-12-31"), year: YEAR });
}

// columns: made | deferred in the year less what came back | to the reserves | result | carried forward
#[rstest]
#[case::profit("1000.00", "400.00", Some("100.00"), "600.00", "500.00")]
#[case::all_to_the_reserves("1000.00", "400.00", Some("600.00"), "600.00", "0.00")]
#[case::loss("300.00", "400.00", None, "-100.00", "-100.00")]
#[case::more_came_back_than_was_deferred("300.00", "-50.00", None, "350.00", "350.00")]
fn the_result_is_what_the_books_say_and_the_rest_is_carried_forward(
    #[case] made: &str,
    #[case] deferred_change: &str,
    #[case] to_reserves: Option<&str>,
    #[case] result: &str,
    #[case] carried_forward: &str,
) {
    let known = YearKnown { deferred_change: balance(deferred_change), ..books(made, "0.00") };
    approved().with(known).when(allocate(to_reserves)).then([YearEvent::ResultAllocated {
        result: balance(result),
        to_reserves: to_reserves.map_or(Balance::ZERO, balance),
        carried_forward: balance(carried_forward),
        evidence: paper("minutes"),
    }]);
}

#[test]
fn e16_a_dividend_is_refused_with_its_amount() {
    let dividend = Some(amount("0.01"));
    let asked = YearCommand::AllocateResult { to_reserves: None, dividend, evidence: paper("minutes") };
    approved()
        .with(books("1000.00", "0.00"))
        .when(asked.clone())
        .is_refused_saying("a dividend of 0.01 was asked for; the cooperative pays none");
    // That is said before anything else.
    given::<FiscalYear>([]).when(asked).is_refused(YearRefusal::NoDividend { amount: amount("0.01") });
}

#[test]
fn reserves_are_made_of_profit() {
    approved()
        .with(books("1000.00", "0.00"))
        .when(allocate(Some("1000.01")))
        .is_refused_saying("1000.01 to the reserves is more than the result of 1000.00");
    approved()
        .with(books("-5.00", "0.00"))
        .when(allocate(Some("0.01")))
        .is_refused(YearRefusal::MoreThanResult { asked: amount("0.01"), result: balance("-5.00") });
}

#[test]
fn the_last_step_of_closing_can_be_taken_back() {
    let relied_upon = |kind| CorrectionRefused::ReliedUpon { kind, because: "the closing went on since" };
    let audited_and_approved = || approved();
    audited_and_approved()
        .with_original(3)
        .when(YearCommand::Correct(correct(3, None)))
        .is_refused(relied_upon("accounts.audited"));
    audited_and_approved()
        .with_original(4)
        .when(YearCommand::Correct(correct(4, None)))
        .accepted()
        .with_original(3)
        .when(YearCommand::Correct(correct(3, None)))
        .accepted()
        .when(audit())
        .accepted();
}
