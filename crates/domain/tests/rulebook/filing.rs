//! The rulebook of filings: once per period, what the books hold, and paid no more than filed.

use domain::filing::{
    Due, Filing, FilingCommand, FilingEvent, FilingKind, FilingKnown, FilingRefusal, Period,
};
use domain::{FilingId, Year};
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, given};

/// `vat-2025-q1`.
pub const VAT_OF_THE_QUARTER: FilingId =
    match FilingId::try_new(FilingKind::Vat, Period::Quarter(Year::new(2025), 1)) {
        Some(id) => id,
        None => panic!("VAT is filed by quarter"),
    };

pub fn id(text: &str) -> FilingId {
    text.parse().expect("a fixture's return has a kind and a period")
}

/// 210.00 of VAT due, 50.00 to recover; 380.70 owed to NSSO and 96.58 withheld.
pub fn due() -> FilingKnown {
    let due = Due {
        on_sales: balance("200.00"),
        on_credits_received: balance("10.00"),
        on_purchases: balance("30.00"),
        on_lost_debts: balance("15.00"),
        on_credits_issued: balance("5.00"),
        nsso: balance("380.70"),
        withholding: balance("96.58"),
    };
    FilingKnown { due, later: None }
}

pub fn of(filing: &str) -> Given<Filing> {
    given([]).of(id(filing)).with(due()).on("2026-01-20")
}

pub fn file() -> FilingCommand {
    FilingCommand::File { receipt: paper("receipt") }
}

pub fn pay(text: &str) -> FilingCommand {
    FilingCommand::Pay { amount: amount(text), evidence: paper("bank-line") }
}

#[test]
fn a_vat_return_declares_what_the_books_hold() {
    of("vat-2025-03").when(file()).then([FilingEvent::VatReturnFiled {
        on_sales: balance("200.00"),
        on_credits_received: balance("10.00"),
        on_purchases: balance("30.00"),
        on_lost_debts: balance("15.00"),
        on_credits_issued: balance("5.00"),
        net: balance("160.00"),
        receipt: paper("receipt"),
    }]);
}

#[test]
fn wages_are_declared_as_they_are_booked() {
    let receipt = paper("receipt");
    of("dmfa-2025-q1").when(file()).then([FilingEvent::DmfaFiled { owed: balance("380.70"), receipt }]);
    let owed = balance("96.58");
    of("withholding-2025-03").when(file()).then([FilingEvent::WithholdingReturnFiled { owed, receipt }]);
}

// columns: the return | what it leaves to pay
#[rstest]
#[case("vat-2025-03", "160.00")]
#[case("vat-2025-q1", "160.00")]
#[case("dmfa-2025-q1", "380.70")]
#[case("withholding-2025-03", "96.58")]
fn what_was_filed_is_paid_and_no_more(#[case] filing: &str, #[case] owed: &str) {
    of(filing).when(pay("0.01")).is_refused_saying(&format!("{filing} was not filed"));
    let filed = of(filing).when(file()).accepted().when(pay("0.01")).accepted();
    let open = amount(owed).balance() - balance("0.01");
    filed
        .clone()
        .when(pay(owed))
        .is_refused_saying(&format!("{owed} is more than the {open} that {filing} leaves open"));
    filed.when(pay(&open.to_string())).accepted();
}

#[test]
fn vat_to_recover_is_received() {
    let mut known = due();
    known.due.on_purchases = balance("230.00");
    let filed = of("vat-2025-03").with(known).when(file()).accepted();
    filed
        .clone()
        .when(pay("40.01"))
        .is_refused_saying("40.01 is more than the 40.00 that vat-2025-03 leaves open");
    filed.when(pay("40.00")).then([FilingEvent::VatReturnPaid {
        direction: domain::filing::Direction::Received,
        amount: amount("40.00"),
        evidence: paper("bank-line"),
    }]);
}

#[rstest]
#[case("vat-2025-03")]
#[case("dmfa-2025-q4")]
#[case("withholding-2025-12")]
#[case("customer-listing-2025")]
#[case("accounts-2025")]
fn a_period_is_filed_once_when_it_is_over_and_in_order(#[case] filing: &str) {
    let known = || FilingKnown { later: Some(id(filing)), ..due() };
    let last_day = id(filing).last_day();
    of(filing).on(&last_day.to_string()).when(file()).accepted();
    let early = last_day.plus_days(-1);
    of(filing).on(&early.to_string()).when(file()).is_refused_saying(&format!(
        "{filing} covers the time up to {last_day} and cannot be filed on {early}"
    ));
    of(filing).when(file()).accepted().when(file()).is_refused_saying(&format!("{filing} was filed already"));
    of(filing)
        .with(known())
        .when(file())
        .is_refused(FilingRefusal::LaterPeriodFiled { filing: id(filing), later: id(filing) });
}

#[rstest]
#[case("customer-listing-2025")]
#[case("accounts-2025")]
fn listings_and_accounts_are_filed_and_never_paid(#[case] filing: &str) {
    let filed = of(filing).when(file()).accepted();
    filed.when(pay("1.00")).is_refused_saying(&format!("nothing is paid on {filing}"));
}

#[test]
fn a_return_is_taken_back_before_it_is_paid_and_before_the_next_one() {
    let take_back = |n| FilingCommand::Correct(correct(n, None));
    let filed = of("vat-2025-03").when(file()).accepted();
    let paid = filed.clone().when(pay("1.00")).accepted();
    paid.clone()
        .with_original(1)
        .when(take_back(1))
        .is_refused_saying("vat_return.filed cannot be taken back: it was paid since, or taken back before");
    let later = FilingKnown { later: Some(id("vat-2025-04")), ..due() };
    filed
        .clone()
        .with(later)
        .with_original(1)
        .when(take_back(1))
        .is_refused_saying("vat-2025-03 cannot be filed any more, since vat-2025-04 has been");
    // A payment is taken back whatever was filed since.
    let unpaid = paid.with(later).with_original(2).when(take_back(2)).accepted();
    unpaid.with(due()).with_original(1).when(take_back(1)).accepted().when(file()).accepted();
}

#[test]
fn an_id_names_a_return_and_a_period_that_go_together() {
    let good = [
        ("vat-2025-03", "2025-03-31"),
        ("vat-2024-q1", "2024-03-31"),
        ("dmfa-2025-q2", "2025-06-30"),
        ("withholding-2024-02", "2024-02-29"),
        ("withholding-2025-q4", "2025-12-31"),
        ("customer-listing-2025", "2025-12-31"),
        ("accounts-2025", "2025-12-31"),
    ];
    for (text, last_day) in good {
        assert_eq!((id(text).to_string().as_str(), id(text).last_day()), (text, day(last_day)));
    }
    let bad = [
        "vat",
        "vat-",
        "vat-2025",
        "vat-2025-13",
        "vat-2025-q5",
        "vat-2025-q0",
        "vat-2025-q1x",
        "vat-1899-q1",
        "dmfa-2025-03",
        "dmfa-2025",
        "accounts-2025-03",
        "accounts-2025-q1",
        "customer-2025",
        "VAT-2025-03",
    ];
    for text in bad {
        assert!(text.parse::<FilingId>().is_err(), "{text}");
    }
}
