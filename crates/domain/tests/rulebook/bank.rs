//! The rulebook of bank statements: opening and movements make the closing, and no cent is booked twice.

use domain::bank::{
    BankCommand, BankEvent, BankKnown, BankRefusal, BookedOnBank, LineKind, MatchedPart, PreviousStatement,
    Statement, StatementLine,
};
use domain::ids::LineId;
use domain::{Balance, Position, StreamEvent};
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use crate::fixtures::*;
use crate::harness::{Given, given};

/// What the first statement opens with is a line under the statement's own id.
pub const OPENING: LineId = LineId::new(STATEMENT.uuid());

pub fn line_id(n: u128) -> LineId {
    LineId::new(Uuid::from_u128(0x114E00 + n))
}

pub fn line(n: u128, sum: &str) -> StatementLine {
    StatementLine {
        line: line_id(n),
        amount: balance(sum),
        kind: LineKind::Transfer,
        remittance: None,
        party: None,
    }
}

pub fn import(opening: &str, lines: &[StatementLine], closing: &str) -> BankCommand {
    BankCommand::ImportStatement {
        account: ACCOUNT,
        opening: balance(opening),
        closing: balance(closing),
        lines: lines.to_vec(),
        evidence: paper("statement-1"),
    }
}

/// Two lines: 1,210.00 came in, 772.72 went out.
pub fn import_two() -> BankCommand {
    import("1000.00", &[line(1, "1210.00"), line(2, "-772.72")], "1437.28")
}

pub fn parts(parts: &[(u64, &str)]) -> Vec<MatchedPart> {
    let part =
        |(position, sum): &(u64, &str)| MatchedPart { position: Position(*position), amount: balance(sum) };
    parts.iter().map(part).collect()
}

pub fn matches(line: LineId, of: &[(u64, &str)], difference: &str) -> BankCommand {
    BankCommand::MatchLine { line, parts: parts(of), difference: balance(difference) }
}

pub fn unmatch(n: u128) -> BankCommand {
    BankCommand::UnmatchLine { line: line_id(n) }
}

pub fn returned(n: u128, payment: u64) -> BankCommand {
    BankCommand::ReturnLine { line: line_id(n), payment: Position(payment) }
}

/// The events at these positions booked so much on 550, of which so much was matched.
pub fn booked(found: &[(u64, &str, &str)]) -> BankKnown {
    let one = |(position, moved, matched): &(u64, &str, &str)| BookedOnBank {
        position: Position(*position),
        moved: balance(moved),
        matched: balance(matched),
    };
    BankKnown { booked: found.iter().map(one).collect(), ..BankKnown::default() }
}

/// The statement before this one.
pub fn after(on: &str, closing: &str) -> BankKnown {
    let previous = Some(PreviousStatement { on: day(on), closing: balance(closing) });
    BankKnown { previous, ..BankKnown::default() }
}

/// Event 40 booked 1,210.00 in, event 41 booked 772.72 out; event 7 opened the books with 1,000.00.
pub fn books() -> BankKnown {
    booked(&[(7, "1000.00", "0.00"), (40, "1210.00", "0.00"), (41, "-772.72", "0.00")])
}

/// Imported, with the books known.
pub fn imported() -> Given<Statement> {
    given([]).when(import_two()).accepted().with(books())
}

#[test]
fn the_first_statement_brings_what_the_account_held_as_a_line() {
    imported().when(matches(OPENING, &[(7, "1000.00")], "0.00")).accepted();
    // A later statement brings what the one before closed with: no line of its own.
    let later = given::<Statement>([]).with(after("2025-03-02", "1000.00")).when(import_two()).accepted();
    later
        .when(unmatch(1))
        .accepted()
        .when(BankCommand::UnmatchLine { line: OPENING })
        .is_refused(BankRefusal::UnknownLine { line: OPENING });
    let empty = given::<Statement>([]).when(import("0.00", &[], "0.00")).event();
    let BankEvent::StatementImported { opening_line: None, .. } = empty else {
        panic!("an account that held nothing brings no line");
    };
}

#[rstest]
#[case(
    "1000.00",
    "1437.29",
    "1000.00 and movements of 437.28 do not make the 1437.29 that the statement closes with"
)]
#[case(
    "1000.01",
    "1437.28",
    "1000.01 and movements of 437.28 do not make the 1437.28 that the statement closes with"
)]
fn opening_and_movements_make_the_closing(#[case] opening: &str, #[case] closing: &str, #[case] said: &str) {
    let lines = [line(1, "1210.00"), line(2, "-772.72")];
    given::<Statement>([]).when(import(opening, &lines, closing)).is_refused_saying(said);
}

#[test]
fn a_statement_begins_when_and_where_the_one_before_ended() {
    given::<Statement>([])
        .with(after("2025-03-02", "999.99"))
        .when(import_two())
        .is_refused_saying("the statement opens with 1000.00; the one before closed with 999.99");
    given::<Statement>([]).with(after("2025-03-04", "1000.00")).when(import_two()).is_refused_saying(
        "the last statement of the account is of 2025-03-04; one of 2025-03-03 cannot follow it",
    );
    given::<Statement>([]).with(after("2025-03-03", "1000.00")).when(import_two()).accepted();
}

#[test]
fn a_statement_is_imported_once_and_its_lines_move_something() {
    imported().when(import_two()).is_refused(BankRefusal::AlreadyImported);
    given::<Statement>([]).when(unmatch(1)).is_refused(BankRefusal::NotImported);
    let zero = [line(1, "0.00")];
    given::<Statement>([])
        .when(import("1.00", &zero, "1.00"))
        .is_refused(BankRefusal::EmptyLine { line: line_id(1) });
    let twice = [line(1, "1.00"), line(1, "1.00")];
    given::<Statement>([])
        .when(import("0.00", &twice, "2.00"))
        .is_refused(BankRefusal::LineTwice { line: line_id(1) });
    let under_the_statements_id = [StatementLine { line: OPENING, ..line(1, "1.00") }];
    given::<Statement>([])
        .when(import("0.00", &under_the_statements_id, "1.00"))
        .is_refused(BankRefusal::LineTwice { line: OPENING });
    let claims = given::<Statement>([]).when(import_two()).event().claims();
    assert_eq!(claims.len(), 3, "the file and each of its two lines stand in the log once");
}

#[test]
fn a_sum_that_no_computer_holds_makes_no_closing() {
    let most = Balance::from_cents(domain::money::CENTS_MAX).to_string();
    let lines: Vec<_> = (1..=1_000_000).map(|n| line(n, &most)).collect();
    let refused = given::<Statement>([]).when(import("0.00", &lines, "0.00")).refusal();
    assert_eq!(domain::Refusal::code(&refused), "bank.does_not_add_up");
}

#[test]
fn a_line_is_matched_once_and_to_the_cent() {
    let matched =
        imported().when(matches(line_id(1), &[(40, "1210.00")], "0.00")).then([BankEvent::LineMatched {
            account: ACCOUNT,
            line: line_id(1),
            amount: balance("1210.00"),
            parts: parts(&[(40, "1210.00")]),
            difference: Balance::ZERO,
            released: Balance::ZERO,
            evidence: paper("statement-1"),
        }]);
    matched.when(matches(line_id(1), &[(40, "1210.00")], "0.00")).is_refused_saying(&format!(
        "line {} of 1210.00 is matched; this needs one that is not matched",
        line_id(1)
    ));
    imported().when(matches(line_id(1), &[(40, "1209.00")], "0.00")).is_refused_saying(&format!(
        "line {} of 1210.00 is not the 1209.00 named and a difference of 0.00",
        line_id(1)
    ));
    imported().when(matches(line_id(1), &[], "0.00")).is_refused(BankRefusal::NoParts { line: line_id(1) });
    imported()
        .when(matches(line_id(9), &[(40, "1.00")], "0.00"))
        .is_refused(BankRefusal::UnknownLine { line: line_id(9) });
}

#[rstest]
#[case::nothing_there(&[(50, "1210.00")], "the event at position 50 booked no payment on account 550")]
#[case::too_much(&[(40, "1210.01")], "1210.01 is outside the 1210.00 left to match of the 1210.00 booked on 550 at position 40")]
#[case::the_other_way(&[(41, "772.72")], "772.72 is outside the -772.72 left to match of the -772.72 booked on 550 at position 41")]
#[case::nothing_of_it(&[(40, "0.00")], "0.00 is outside the 1210.00 left to match of the 1210.00 booked on 550 at position 40")]
#[case::twice(&[(40, "1210.00"), (40, "0.01")], "0.01 is outside the 0.00 left to match of the 1210.00 booked on 550 at position 40")]
fn nothing_is_matched_that_was_not_booked_or_was_matched_before(
    #[case] of: &[(u64, &str)],
    #[case] said: &str,
) {
    imported().when(matches(line_id(1), of, "0.00")).is_refused_saying(said);
}

#[test]
fn one_line_may_be_many_bookings_and_one_booking_many_lines() {
    let wages = booked(&[(40, "-500.00", "0.00"), (41, "-300.00", "-27.28"), (42, "10.00", "0.00")]);
    let several = imported().with(wages.clone());
    several.when(matches(line_id(2), &[(40, "-500.00"), (41, "-272.72")], "0.00")).accepted();
    imported()
        .with(wages)
        .when(matches(line_id(2), &[(40, "-500.00"), (41, "-272.73")], "0.01"))
        .is_refused_saying(
            "-272.73 is outside the -272.72 left to match of the -300.00 booked on 550 at position 41",
        );
}

#[test]
fn the_pool_bears_a_small_difference_and_no_other() {
    let little = matches(line_id(1), &[(40, "1209.00")], "1.00");
    imported().when(little.clone()).accepted();
    let short = booked(&[(40, "1211.00", "0.00")]);
    imported().with(short).when(matches(line_id(1), &[(40, "1211.00")], "-1.00")).accepted();
    imported()
        .when(matches(line_id(1), &[(40, "1208.99")], "1.01"))
        .is_refused_saying("a difference of 1.01 is more than the 1.00 that the pool bears without asking");
    let missing = imported().without_parameters().when(little).refusal();
    assert_eq!(domain::Refusal::code(&missing), "parameter.missing");
    // To the cent, nobody needs the parameter.
    imported().without_parameters().when(matches(line_id(1), &[(40, "1210.00")], "0.00")).accepted();
}

#[test]
fn what_waited_on_suspense_leaves_it_when_it_is_matched() {
    let waits = imported().when(unmatch(1)).then([BankEvent::LineUnmatched {
        account: ACCOUNT,
        line: line_id(1),
        amount: balance("1210.00"),
        evidence: paper("statement-1"),
    }]);
    waits.clone().when(unmatch(1)).is_refused_saying(&format!(
        "line {} of 1210.00 is on the suspense account; this needs one that is open",
        line_id(1)
    ));
    let event = waits.when(matches(line_id(1), &[(40, "1210.00")], "0.00")).event();
    let BankEvent::LineMatched { released, .. } = event else { panic!("it was matched") };
    assert_eq!(released, balance("1210.00"));
}

#[test]
fn what_comes_back_is_what_left() {
    let back = |moved, matched| {
        let lines = [line(3, "772.72")];
        let account = given::<Statement>([]).when(import("0.00", &lines, "772.72")).accepted();
        account.with(booked(&[(41, moved, matched)])).when(returned(3, 41))
    };
    back("-772.72", "-772.72").accepted();
    back("-772.71", "-772.71").is_refused_saying(&format!(
        "line {} of 772.72 does not give back the -772.71 booked at position 41",
        line_id(3)
    ));
    back("-772.72", "0.00").is_refused_saying(
        "of the -772.72 booked at position 41, 0.00 is on a statement; only what left comes back",
    );
    imported().when(returned(1, 50)).is_refused(BankRefusal::NothingBooked { position: Position(50) });
}

#[test]
fn a_match_is_taken_back_and_made_again_as_if_it_had_not_been() {
    let matched = imported().when(matches(line_id(1), &[(40, "1210.00")], "0.00")).accepted();
    // The books know it as matched; the correction does not count what it takes back.
    let known = booked(&[(40, "1210.00", "1210.00")]);
    let again = BankCommand::Correct(correct(2, Some(matches(line_id(1), &[(40, "1209.50")], "0.50"))));
    let again = matched.clone().with(known).with_original(2).when(again).accepted();
    again.when(unmatch(1)).refusal();
    let back = matched.with_original(2).when(BankCommand::Correct(correct(2, None))).accepted();
    back.when(unmatch(1)).accepted();
}

#[test]
fn what_later_events_rest_upon_is_not_taken_back() {
    let said = |statement: Given<Statement>, n| {
        statement.with_original(n).when(BankCommand::Correct(correct(n, None))).refusal().to_string()
    };
    assert_eq!(
        said(imported().when(unmatch(1)).accepted(), 1),
        "statement.imported cannot be taken back: lines of it were matched or put on suspense since"
    );
    let later = BankKnown { has_later: true, ..books() };
    assert_eq!(
        said(imported().with(later), 1),
        "later statements of the account rest upon this one; it closed with 1437.28"
    );
    let matched = imported().when(unmatch(1)).accepted();
    let matched = matched.when(matches(line_id(1), &[(40, "1210.00")], "0.00")).accepted();
    assert_eq!(said(matched.clone(), 2), "line.unmatched cannot be taken back: the line was matched since");
    // A match of what was suspended goes back to suspense.
    let back = matched.with_original(3).when(BankCommand::Correct(correct(3, None))).accepted();
    back.clone().when(unmatch(1)).refusal();
    let back = back.with_original(2).when(BankCommand::Correct(correct(2, None))).accepted();
    let back = back.with_original(1).when(BankCommand::Correct(correct(1, None))).accepted();
    back.when(import_two()).accepted();
}

proptest! {
    #[test]
    fn a_statement_is_taken_whole_if_it_adds_up_and_else_not_at_all(
        opening in -1_000_000_i64..1_000_000,
        sums in proptest::collection::vec(-1_000_000_i64..1_000_000, 0..8),
        off in -1_i64..=1,
    ) {
        let text = |cents: i64| Balance::from_cents(cents).to_string();
        let lines: Vec<_> = (1..).zip(&sums).map(|(n, cents)| line(n, &text(*cents))).collect();
        let closing = opening + sums.iter().sum::<i64>() + off;
        let events = given::<Statement>([])
            .when(import(&text(opening), &lines, &text(closing)))
            .events_or_none();
        let right = off == 0 && sums.iter().all(|cents| *cents != 0);
        prop_assert_eq!(events.len(), usize::from(right));
        if let Some(BankEvent::StatementImported { lines: taken, .. }) = events.first() {
            prop_assert_eq!(taken.len(), sums.len());
        }
    }
}
