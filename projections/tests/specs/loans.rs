//! Loans from request to last instalment, as of a day, as known at a position.

use domain::ids::ProjectId;
use domain::loan::{Instalment, LoanEvent, LoanKind, Receivable};
use domain::text::ReasonCode;
use domain::{Balance, Event, Year};
use projections::loans::{self, Filter, LoanOverview, Scheduled, State};
use projections::port::Times;
use uuid::Uuid;

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };
const CASH: LoanKind = LoanKind::Cash;

pub fn asked_for(n: u128, kind: LoanKind, sum: &str) -> LoanEvent {
    LoanEvent::Requested { borrower: person(n), project: project(n), kind, amount: amount(sum) }
}

/// Granted in equal parts that fall due on these days.
pub fn granted_to(n: u128, kind: LoanKind, part: &str, due: &[&str]) -> LoanEvent {
    let schedule = schedule(part, due);
    let principal = sum_of(&schedule).try_into().unwrap();
    let (borrower, project) = (person(n), project(n));
    LoanEvent::Granted { borrower, project, kind, principal, schedule, evidence: evidence() }
}

pub fn lent(n: u128, kind: LoanKind, sum: &str) -> LoanEvent {
    LoanEvent::Disbursed {
        borrower: person(n),
        project: project(n),
        kind,
        principal: amount(sum),
        receivable: Receivable { within_year: euro(sum), ..Receivable::default() },
        evidence: evidence(),
    }
}

pub fn paid_back(of: u128, kind: LoanKind, n: u32, sum: &str) -> LoanEvent {
    let receivable = Receivable { within_year: euro(sum), ..Receivable::default() };
    let (borrower, amount) = (person(of), amount(sum));
    LoanEvent::InstalmentPaid { borrower, kind, n, amount, receivable, evidence: evidence() }
}

fn given_up(n: u128, sum: &str) -> LoanEvent {
    LoanEvent::WrittenOff {
        borrower: person(n),
        kind: CASH,
        amount: amount(sum),
        receivable: Receivable { doubtful: euro(sum), ..Receivable::default() },
        reason: ReasonCode::literal("bankrupt"),
        evidence: evidence(),
    }
}

fn project(n: u128) -> ProjectId {
    ProjectId::new(Uuid::from_u128(0x7000 + n))
}

fn schedule(part: &str, due: &[&str]) -> Vec<Instalment> {
    due.iter().map(|on| Instalment { due_on: day(on), amount: amount(part) }).collect()
}

fn sum_of(schedule: &[Instalment]) -> Balance {
    schedule.iter().map(|part| part.amount.balance()).sum()
}

/// 300.00 in cash, to pay back on the last days of March, April and May.
fn running() -> World {
    let mut world = World::new();
    world.happens("2025-02-01", loan(1), asked_for(1, CASH, "300.00"));
    world.happens(
        "2025-02-10",
        loan(1),
        granted_to(1, CASH, "100.00", &["2025-03-31", "2025-04-30", "2025-05-31"]),
    );
    world.happens("2025-02-20", loan(1), lent(1, CASH, "300.00"));
    world
}

fn ask(world: &mut World, times: Times) -> LoanOverview {
    loans::loan(world.views(), loan_id(1), times).unwrap().expect("it was asked for").0
}

fn schedule_of(world: &mut World, times: Times) -> Vec<Scheduled> {
    loans::loan(world.views(), loan_id(1), times).unwrap().unwrap().1
}

#[test]
fn granted_is_not_lent() {
    let mut world = running();
    assert_eq!(loans::loan(world.views(), loan_id(1), as_of("2025-01-31")).unwrap(), None);
    let states = ["2025-02-01", "2025-02-10", "2025-02-20"].map(|on| ask(&mut world, as_of(on)).state);
    assert_eq!(states, [State::Requested, State::Granted, State::Running]);
    let granted = ask(&mut world, as_of("2025-02-19"));
    assert_eq!((granted.granted, granted.outstanding), (euro("300.00"), euro("0.00")));
    assert_eq!(ask(&mut world, NOW).outstanding, euro("300.00"));
}

#[test]
fn a_payment_settles_the_oldest_instalment_first() {
    let mut world = running();
    let due = LoanEvent::InstalmentDue {
        borrower: person(1),
        n: 1,
        amount: amount("100.00"),
        due_on: day("2025-03-31"),
    };
    world.happens("2025-03-31", loan(1), due);
    world.happens("2025-04-02", loan(1), paid_back(1, CASH, 1, "150.00"));
    let parts = schedule_of(&mut world, NOW);
    let shown = |part: &Scheduled| (part.n, part.due_on.to_string(), part.open.to_string(), part.called);
    let expected = [
        (1, "2025-03-31".to_owned(), "0.00".to_owned(), true),
        (2, "2025-04-30".to_owned(), "50.00".to_owned(), false),
        (3, "2025-05-31".to_owned(), "100.00".to_owned(), false),
    ];
    assert_eq!(parts.iter().map(shown).collect::<Vec<_>>(), expected);
    let found = ask(&mut world, NOW);
    assert_eq!((found.paid, found.outstanding), (euro("150.00"), euro("150.00")));
}

#[test]
fn arrears_begin_the_day_after_an_instalment_was_due() {
    let mut world = running();
    world.happens("2025-03-15", loan(1), paid_back(1, CASH, 1, "40.00"));
    let told = |world: &mut World, on| {
        let found = ask(world, as_of(on));
        (found.state, found.days_overdue, found.overdue.to_string())
    };
    assert_eq!(told(&mut world, "2025-03-31"), (State::Running, 0, "0.00".to_owned()));
    assert_eq!(told(&mut world, "2025-04-01"), (State::InArrears, 1, "60.00".to_owned()));
    assert_eq!(told(&mut world, "2025-05-01"), (State::InArrears, 31, "160.00".to_owned()));
    // Nobody says which day is today, so nothing is late.
    assert_eq!(ask(&mut world, NOW).state, State::Running);
}

#[test]
fn another_schedule_begins_with_what_was_outstanding() {
    let mut world = running();
    world.happens("2025-04-02", loan(1), paid_back(1, CASH, 1, "60.00"));
    let later = schedule("120.00", &["2025-08-31", "2025-09-30"]);
    let rescheduled = world.happens(
        "2025-05-01",
        loan(1),
        LoanEvent::Rescheduled {
            borrower: person(1),
            kind: CASH,
            outstanding: sum_of(&later).try_into().unwrap(),
            schedule: later,
            moved_beyond_year: Balance::ZERO,
            evidence: evidence(),
        },
    );
    world.happens("2025-09-01", loan(1), paid_back(1, CASH, 1, "130.00"));
    let open = |parts: Vec<Scheduled>| parts.iter().map(|part| part.open.to_string()).collect::<Vec<_>>();
    assert_eq!(open(schedule_of(&mut world, NOW)), ["0.00", "110.00"]);
    assert_eq!(ask(&mut world, as_of("2025-08-31")).state, State::Running);
    assert_eq!(open(schedule_of(&mut world, known_at(rescheduled))), ["120.00", "120.00"]);
    assert_eq!(open(schedule_of(&mut world, as_of("2025-04-30"))), ["40.00", "100.00", "100.00"]);
}

#[test]
fn what_is_paid_and_what_is_given_up_end_a_loan() {
    let mut world = running();
    world.happens("2025-04-02", loan(1), paid_back(1, CASH, 1, "300.00"));
    let repaid = LoanEvent::Repaid {
        borrower: person(1),
        project: project(1),
        paid: amount("300.00"),
        written_off: Balance::ZERO,
    };
    world.happens("2025-04-02", loan(1), repaid);
    let found = ask(&mut world, NOW);
    assert_eq!((found.state, found.outstanding), (State::Repaid, euro("0.00")));
    assert_eq!(found.ended_on, Some(day("2025-04-02")));

    let mut world = running();
    let doubtful = LoanEvent::Doubtful {
        borrower: person(1),
        outstanding: amount("300.00"),
        receivable: Receivable { within_year: euro("300.00"), ..Receivable::default() },
        reason: ReasonCode::literal("bankrupt"),
        evidence: evidence(),
    };
    world.happens("2025-06-10", loan(1), doubtful);
    let found = ask(&mut world, as_of("2025-06-10"));
    assert_eq!((found.state, found.overdue), (State::Doubtful, euro("300.00")));
    world.happens("2025-07-01", loan(1), given_up(1, "100.00"));
    assert_eq!(ask(&mut world, NOW).state, State::Doubtful);
    world.happens("2025-07-02", loan(1), given_up(1, "200.00"));
    let found = ask(&mut world, NOW);
    assert_eq!((found.state, found.written_off), (State::WrittenOff, euro("300.00")));
    assert_eq!(found.ended_on, Some(day("2025-07-02")));
}

#[test]
fn a_payment_that_was_taken_back_is_open_again() {
    let mut world = running();
    let paid = world.happens("2025-04-02", loan(1), paid_back(1, CASH, 1, "100.00"));
    let instead: Event = paid_back(1, CASH, 1, "90.00").into();
    world.corrects("2025-04-10", paid, Some(instead));
    let paid_as = |world: &mut World, times| ask(world, times).paid.to_string();
    assert_eq!(paid_as(&mut world, known_at(paid)), "100.00");
    assert_eq!(paid_as(&mut world, as_of("2025-04-09")), "100.00");
    assert_eq!(paid_as(&mut world, NOW), "90.00");
    let years = loans::years(world.views(), NOW).unwrap();
    assert_eq!((years[0].n_paid, years[0].paid), (1, euro("90.00")));
}

#[test]
fn a_request_that_was_taken_back_is_asked_for_by_nobody() {
    let mut world = World::new();
    let mistaken = world.happens("2025-02-01", loan(1), asked_for(1, CASH, "300.00"));
    world.corrects("2025-02-02", mistaken, None);
    assert_eq!(loans::loans(world.views(), Filter::default(), NOW).unwrap(), []);
    world.happens("2025-02-03", loan(1), asked_for(2, CASH, "200.00"));
    assert_eq!(ask(&mut world, NOW).borrower, person(2));
}

#[test]
fn loans_are_asked_by_unit_and_by_state() {
    let mut world = running();
    let of_unit = LoanKind::Internal { unit: unit_id(7) };
    world.happens("2025-02-01", loan(2), asked_for(2, of_unit, "50.00"));
    world.happens("2025-02-01", loan(3), asked_for(3, CASH, "50.00"));
    let (borrower, reason) = (person(3), ReasonCode::literal("no_means"));
    world.happens("2025-02-02", loan(3), LoanEvent::Refused { borrower, project: project(3), reason });
    let mut found = |filter| {
        let found = loans::loans(world.views(), filter, NOW).unwrap();
        found.iter().map(|loan| loan.loan).collect::<Vec<_>>()
    };
    let all = Filter::default();
    assert_eq!(found(all), [1, 2, 3].map(loan_id));
    assert_eq!(found(Filter { unit: Some(unit_id(7)), ..all }), [loan_id(2)]);
    assert_eq!(found(Filter { state: Some(State::Refused), ..all }), [loan_id(3)]);
    assert_eq!(found(Filter { unit: Some(unit_id(7)), state: Some(State::Refused) }), []);
}

/// The published figures: 67 loans granted, 70 projects supported, since three of them were granted
/// the year before.
#[test]
fn a_loan_granted_in_december_and_lent_in_january_counts_in_two_years() {
    let mut world = World::new();
    for (n, granted_on, lent_on) in
        [(1, "2024-12-20", "2025-01-10"), (2, "2025-03-01", "2025-03-02"), (3, "2025-12-30", "2026-01-05")]
    {
        world.happens(granted_on, loan(n), asked_for(n, CASH, "100.00"));
        world.happens(granted_on, loan(n), granted_to(n, CASH, "100.00", &["2026-06-30"]));
        world.happens(lent_on, loan(n), lent(n, CASH, "100.00"));
    }
    world.happens("2025-06-30", loan(2), paid_back(2, CASH, 1, "30.00"));
    let years = loans::years(world.views(), NOW).unwrap();
    let counted: Vec<_> = years.iter().map(|y| (y.year, y.n_granted, y.n_disbursed)).collect();
    let year = Year::new;
    assert_eq!(counted, [(year(2024), 1, 0), (year(2025), 2, 2), (year(2026), 0, 1)]);
    let of_2025 = years[1];
    assert_eq!((of_2025.granted, of_2025.disbursed), (euro("200.00"), euro("200.00")));
    assert_eq!((of_2025.n_paid, of_2025.paid), (1, euro("30.00")));
    assert_eq!(loans::years(world.views(), as_of("2025-03-01")).unwrap()[1].n_disbursed, 1);
}
