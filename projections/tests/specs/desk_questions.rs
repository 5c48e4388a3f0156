//! Bank reconciliation, covers, courses, fitness and resources, as of a day, as known at a position.

use std::collections::BTreeMap;

use domain::course::CourseEvent;
use domain::fitness::FitnessEvent;
use domain::unit::UnitEvent;
use domain::vat::{VatCategory, VatLine};
use domain::{Balance, Position};
use projections::bank::{self, Reconciliation};
use projections::courses::{self, CourseOverview, CourseState};
use projections::covers::{self, ClaimState};
use projections::fitness::{self, FitnessState};
use projections::port::Times;
use projections::resources;
use proptest::prelude::*;

use crate::desk::*;
use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

fn reconciled(world: &mut World, times: Times) -> Reconciliation {
    bank::reconcile(world.views(), times).unwrap()
}

/// Booked, closing, open, unmatched, unexplained.
fn sums(found: &Reconciliation) -> [String; 5] {
    [found.booked, found.closing, found.open, found.unmatched, found.unexplained].map(|sum| sum.to_string())
}

#[test]
fn the_books_are_the_statements_less_open_lines_plus_what_no_line_shows() {
    let mut world = World::new();
    world.happens("2025-05-01", unit(1), invoiced(1, "100.00"));
    let paid = world.happens("2025-05-10", unit(1), paid_by_client(1, "90.00"));
    assert_eq!(sums(&reconciled(&mut world, NOW)), ["90.00", "0.00", "0.00", "90.00", "0.00"]);
    world.happens("2025-05-11", statement(1), imported(1, "50.00", Some(9), &[(1, "90.00"), (2, "7.00")]));
    let found = reconciled(&mut world, NOW);
    assert_eq!(sums(&found), ["90.00", "147.00", "147.00", "90.00", "0.00"]);
    assert_eq!(found.unmatched_bookings[0].position, paid);
    let matched_at =
        world.happens("2025-05-12", statement(1), matched(1, (1, "90.00"), (paid, "90.00"), "0.00"));
    let waits = world.happens("2025-05-12", statement(1), unmatched(1, (2, "7.00")));
    let found = reconciled(&mut world, NOW);
    assert_eq!(sums(&found), ["97.00", "147.00", "50.00", "0.00", "0.00"]);
    let account = found.accounts[0];
    assert_eq!((account.matched, account.suspended), (euro("90.00"), euro("7.00")));
    assert_eq!((account.open, account.in_books), (euro("50.00"), euro("97.00")));
    assert_eq!((account.n_statements, account.last_on), (1, day("2025-05-11")));
    let open: Vec<_> = found.open_lines.iter().map(|line| (line.amount, line.suspended)).collect();
    assert_eq!(open, [(euro("7.00"), euro("7.00")), (euro("50.00"), Balance::ZERO)]);
    // Both times: before the match took effect, and as it was known before anything was matched.
    let before = reconciled(&mut world, as_of("2025-05-11"));
    assert_eq!(sums(&before), ["90.00", "147.00", "147.00", "90.00", "0.00"]);
    assert_eq!(reconciled(&mut world, known_at(Position(matched_at.0 - 1))), before);
    // Taken back, the line is open again and the booking is unmatched.
    world.corrects("2025-05-13", matched_at, None);
    world.corrects("2025-05-13", waits, None);
    assert_eq!(sums(&reconciled(&mut world, NOW)), ["90.00", "147.00", "147.00", "90.00", "0.00"]);
}

#[test]
fn what_waited_on_suspense_and_what_came_back_are_booked_once() {
    let mut world = World::new();
    world.happens("2025-05-01", unit(1), invoiced(1, "100.00"));
    world.happens("2025-05-11", statement(1), imported(1, "0.00", None, &[(1, "90.00"), (2, "-90.00")]));
    world.happens("2025-05-11", statement(1), unmatched(1, (1, "90.00")));
    assert_eq!(reconciled(&mut world, NOW).booked, euro("90.00"));
    let paid = world.happens("2025-05-12", unit(1), paid_by_client(1, "90.00"));
    assert_eq!(sums(&reconciled(&mut world, NOW)), ["180.00", "0.00", "-90.00", "90.00", "0.00"]);
    world.happens("2025-05-12", statement(1), matched(1, (1, "90.00"), (paid, "90.00"), "90.00"));
    assert_eq!(sums(&reconciled(&mut world, NOW)), ["90.00", "0.00", "-90.00", "0.00", "0.00"]);
    world.happens("2025-05-13", statement(1), came_back(1, (2, "-90.00"), paid));
    assert_eq!(sums(&reconciled(&mut world, NOW)), ["0.00", "0.00", "0.00", "0.00", "0.00"]);
    let undone = world.corrects("2025-05-14", paid, None);
    world.happens("2025-05-14", statement(1), matched(1, (2, "-90.00"), (undone, "-90.00"), "-90.00"));
    let found = reconciled(&mut world, NOW);
    assert_eq!(sums(&found), ["0.00", "0.00", "0.00", "0.00", "0.00"]);
    assert_eq!((found.open_lines, found.unmatched_bookings), (vec![], vec![]));
}

#[test]
fn a_statement_that_does_not_continue_the_one_before_shows_as_unexplained() {
    // The writer refuses it; a log that was made otherwise is found out.
    let mut world = World::new();
    world.happens("2025-05-11", statement(1), imported(1, "0.00", None, &[(1, "90.00")]));
    world.happens("2025-05-12", statement(2), imported(1, "95.00", None, &[(2, "5.00")]));
    assert_eq!(reconciled(&mut world, NOW).unexplained, euro("-5.00"));
    let taken_back = world.happens("2025-05-12", statement(3), imported(2, "0.00", None, &[(3, "1.00")]));
    world.corrects("2025-05-13", taken_back, None);
    let found = reconciled(&mut world, NOW);
    assert_eq!(found.accounts.len(), 1, "a statement taken back is of no account");
}

#[test]
fn a_member_is_covered_from_the_first_day_to_the_day_before_the_end() {
    let mut world = World::new();
    world.happens("2025-01-01", cover_of(1), activated("2025-01-01"));
    world.happens("2025-03-01", cover_of(1), lapsed("2025-03-01"));
    world.happens("2025-05-01", cover_of(1), activated("2025-05-01"));
    let covered = |world: &mut World, on| {
        let found = covers::covered(world.views(), as_of(on)).unwrap();
        found.first().map(|cover| cover.from.to_string())
    };
    let since = |text: &str| Some(text.to_owned());
    for (on, from) in [
        ("2024-12-31", None),
        ("2025-01-01", since("2025-01-01")),
        ("2025-02-28", since("2025-01-01")),
        ("2025-03-01", None),
        ("2025-04-30", None),
        ("2025-05-01", since("2025-05-01")),
    ] {
        assert_eq!(covered(&mut world, on), from, "{on}");
    }
    assert_eq!(covers::covered(world.views(), NOW).unwrap().len(), 1);
    assert_eq!(covers::covered(world.views(), known_at(Position(2))).unwrap(), []);
}

#[test]
fn a_claim_stands_as_the_insurer_said_last_and_a_correction_takes_effect() {
    let mut world = World::new();
    world.happens("2025-01-01", cover_of(1), activated("2025-01-01"));
    world.happens("2025-03-10", cover_of(1), filed("2025-03-03"));
    world.happens("2025-04-01", cover_of(1), accepted("800.00"));
    let paid = world.happens("2025-04-10", cover_of(1), claim_paid("500.00"));
    world.corrects("2025-04-20", paid, Some(claim_paid("300.00").into()));
    let claim = |world: &mut World, times| covers::claims(world.views(), times).unwrap().remove(0);
    let now = claim(&mut world, NOW);
    assert_eq!((now.state, now.accepted, now.paid), (ClaimState::Accepted, euro("800.00"), euro("300.00")));
    assert_eq!((now.member, now.accident_on), (member_id(1), day("2025-03-03")));
    assert_eq!(claim(&mut world, as_of("2025-04-19")).paid, euro("500.00"));
    assert_eq!(claim(&mut world, known_at(Position(4))).paid, euro("500.00"));
    assert_eq!(claim(&mut world, as_of("2025-03-31")).state, ClaimState::Filed);
}

/// An invoice of 100.00 that is all exempt training, or none of it.
fn training(exempt: bool) -> UnitEvent {
    let mut event = invoiced(1, "100.00");
    if let UnitEvent::InvoiceIssued { course: cited, vat, net, .. } = &mut event {
        let category = if exempt { VatCategory::Exempt } else { VatCategory::Standard };
        *vat = vec![VatLine { category, rate: "0".parse().unwrap(), base: *net, tax: Balance::ZERO }];
        let domain::StreamId::Course(id) = course(1) else { unreachable!() };
        *cited = exempt.then_some(id);
    }
    event
}

fn course_now(world: &mut World, times: Times) -> CourseOverview {
    courses::courses(world.views(), times).unwrap().remove(0)
}

#[test]
fn a_course_tells_its_stage_its_enquiries_and_its_exempt_turnover() {
    let mut world = World::new();
    world.happens("2025-03-01", course(1), submitted(1));
    let validated_at = world.happens("2025-03-03", course(1), validated(1, "2025-03-03"));
    world.happens("2025-03-04", course(1), CourseEvent::Listed { unit: unit_id(1) });
    world.happens("2025-03-05", course(1), enquired(1, 12));
    world.happens("2025-03-06", unit(1), training(false));
    world.happens("2025-03-06", unit(1), training(true));
    let mut credit = credited("10.00");
    if let UnitEvent::InvoiceCredited { vat, net, .. } = &mut credit {
        let rate = "0".parse().unwrap();
        *vat = vec![VatLine { category: VatCategory::Exempt, rate, base: *net, tax: Balance::ZERO }];
    }
    world.happens("2025-04-01", unit(1), credit);
    let gone = world.happens("2025-06-01", course(1), withdrawn(1, "2025-06-01"));
    let found = course_now(&mut world, as_of("2025-03-31"));
    assert_eq!((found.state, found.valid_from), (CourseState::Listed, Some(day("2025-03-03"))));
    assert_eq!((found.n_enquiries, found.n_participants), (1, 12));
    assert_eq!((found.n_invoices, found.turnover), (1, euro("100.00")));
    let found = course_now(&mut world, NOW);
    assert_eq!((found.state, found.turnover), (CourseState::Withdrawn, euro("90.00")));
    assert_eq!(found.withdrawn_from, Some(day("2025-06-01")));
    world.corrects("2025-06-02", gone, None);
    assert_eq!(course_now(&mut world, NOW).state, CourseState::Listed);
    let early = course_now(&mut world, known_at(Position(validated_at.0 - 1)));
    assert_eq!(early.state, CourseState::Submitted);
}

#[test]
fn a_worker_is_fit_until_the_day_the_examination_said() {
    let mut world = World::new();
    world.happens(
        "2025-03-01",
        fitness_of(1),
        FitnessEvent::RiskDeclared { risk: HEIGHT, evidence: evidence() },
    );
    world.happens(
        "2025-03-02",
        fitness_of(1),
        FitnessEvent::ExamRequired { risk: HEIGHT, by: day("2025-03-31") },
    );
    let fit = world.happens("2025-03-03", fitness_of(1), passed("2025-03-03", "2025-06-30"));
    let on = |world: &mut World, times| fitness::workers(world.views(), times).unwrap().remove(0);
    let waiting = on(&mut world, as_of("2025-03-02"));
    assert_eq!((waiting.state, waiting.examine_by), (FitnessState::NotExamined, Some(day("2025-03-31"))));
    assert_eq!(on(&mut world, as_of("2025-06-30")).state, FitnessState::Fit);
    assert_eq!(on(&mut world, as_of("2025-07-01")).state, FitnessState::Expired);
    world.corrects("2025-03-04", fit, None);
    assert_eq!(on(&mut world, NOW).state, FitnessState::NotExamined);
    assert_eq!(on(&mut world, known_at(fit)).state, FitnessState::Fit);
    world.happens(
        "2025-03-05",
        fitness_of(1),
        FitnessEvent::ExamFailed { risk: HEIGHT, evidence: evidence() },
    );
    assert_eq!(on(&mut world, NOW).state, FitnessState::Unfit);
    let accident = FitnessEvent::AccidentReported {
        accident: domain::ids::AccidentId::new(uuid::Uuid::from_u128(5)),
        happened_on: day("2025-03-06"),
        whereabouts: domain::fitness::Whereabouts::OnTheWay,
        evidence: evidence(),
    };
    world.happens("2025-03-07", fitness_of(2), accident);
    let accidents = fitness::accidents(world.views(), NOW).unwrap();
    assert_eq!((accidents[0].happened_on, &*accidents[0].whereabouts), (day("2025-03-06"), "on_the_way"));
    assert_eq!(fitness::accidents(world.views(), as_of("2025-03-06")).unwrap(), []);
}

#[test]
fn a_resource_tells_its_bookings_and_what_units_paid() {
    let mut world = World::new();
    world.happens("2025-03-01", resource(1), opened_at("8.00"));
    world.happens("2025-03-01", resource(1), booked(1, 1, "2025-03-03", "09:00", "12:15"));
    let second = world.happens("2025-03-02", resource(1), booked(2, 2, "2025-03-04", "09:00", "10:00"));
    let paid = world.happens("2025-03-03", resource(1), charged(1, 1, "3.25", "26.00"));
    let used = |world: &mut World, times| {
        let found = resources::resources(world.views(), times).unwrap().remove(0);
        (found.used.n_bookings, found.used.hours.to_string(), found.used.charged.to_string())
    };
    assert_eq!(used(&mut world, NOW), (2, "4.25".to_owned(), "26.00".to_owned()));
    assert_eq!(used(&mut world, as_of("2025-03-01")), (1, "3.25".to_owned(), "0.00".to_owned()));
    let units = resources::units(world.views(), NOW).unwrap();
    assert_eq!((units[0].unit, units[0].used.charged), (unit_id(1), euro("26.00")));
    assert_eq!((units[1].unit, units[1].used.n_bookings), (unit_id(2), 1));
    world.corrects("2025-03-05", second, None);
    world.corrects("2025-03-05", paid, None);
    assert_eq!(used(&mut world, NOW), (1, "3.25".to_owned(), "0.00".to_owned()));
    assert_eq!(used(&mut world, known_at(paid)), (2, "4.25".to_owned(), "26.00".to_owned()));
}

/// What a line is, in the naive model.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Open,
    Suspended,
    Matched,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_reconciliation_is_that_of_a_naive_model(steps in proptest::collection::vec((0_u8..6, 1_i64..500), 1..30)) {
        let mut world = World::new();
        world.happens("2025-05-01", unit(1), invoiced(1, "100000.00"));
        let text = |cents: i64| Balance::from_cents(cents).to_string();
        // Payments with what is left of them, lines with what they are.
        let mut payments: BTreeMap<Position, (i64, bool)> = BTreeMap::new();
        let mut lines: Vec<(u128, i64, Fate)> = Vec::new();
        let (mut closing, mut statements, mut matches) = (0, 0, Vec::new());
        for (step, cents) in steps {
            match step {
                0 | 1 => {
                    let at = world.happens("2025-05-10", unit(1), paid_by_client(1, &text(cents)));
                    payments.insert(at, (cents, false));
                    let n = 100 + lines.len() as u128;
                    statements += 1;
                    let event = imported(1, &text(closing), None, &[(n, &text(cents))]);
                    world.happens("2025-05-11", statement(statements), event);
                    closing += cents;
                    lines.push((n, cents, Fate::Open));
                }
                2 => {
                    let Some(line) = lines.iter_mut().find(|line| line.2 == Fate::Open) else { continue };
                    world.happens("2025-05-12", statement(1), unmatched(1, (line.0, &text(line.1))));
                    line.2 = Fate::Suspended;
                }
                3 | 4 => {
                    let Some(line) = lines.iter_mut().rev().find(|line| line.2 != Fate::Matched) else { continue };
                    let free = payments.iter_mut().find(|(_, (moved, taken))| *moved == line.1 && !*taken);
                    let Some((at, (_, taken))) = free else { continue };
                    let released = if line.2 == Fate::Suspended { line.1 } else { 0 };
                    let sum = text(line.1);
                    let event = matched(1, (line.0, &sum), (*at, &sum), &text(released));
                    let position = world.happens("2025-05-13", statement(1), event);
                    matches.push((position, line.0, *at, line.2));
                    (*taken, line.2) = (true, Fate::Matched);
                }
                _ => {
                    let Some((position, line, at, before)) = matches.pop() else { continue };
                    world.corrects("2025-05-14", position, None);
                    payments.get_mut(&at).unwrap().1 = false;
                    lines.iter_mut().find(|found| found.0 == line).unwrap().2 = before;
                }
            }
            let found = reconciled(&mut world, NOW);
            let of = |fate| lines.iter().filter(|line| line.2 == fate).map(|line| line.1).sum::<i64>();
            let paid: i64 = payments.values().map(|(moved, _)| moved).sum();
            let free: i64 = payments.values().filter(|(_, taken)| !taken).map(|(moved, _)| moved).sum();
            prop_assert_eq!(found.closing.cents(), closing);
            prop_assert_eq!(found.booked.cents(), paid + of(Fate::Suspended));
            prop_assert_eq!(found.open.cents(), of(Fate::Open));
            prop_assert_eq!(found.unmatched.cents(), free);
            prop_assert_eq!(found.unexplained, Balance::ZERO);
        }
    }
}
