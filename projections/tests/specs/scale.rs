//! A full year's worth of events through every projection, on one core, and how fast questions are.
//!
//! `cargo test --release -p projections --test specs -- --ignored --nocapture`

use std::time::Instant;

use domain::{Day, Event, Position, Year};
use ledger::{Account, Book, Line};
use projections::port::{Reader, Times};

use crate::world::*;

const UNITS: u128 = 25_000;

#[test]
#[ignore = "a measurement: takes a minute in release"]
fn a_full_year_is_folded_and_asked() {
    let mut world = World::new();
    let n_days = 800;
    let mut n = 0_u64;
    let mut events = Vec::new();
    for holder in 0..UNITS {
        events.push((unit(holder), Event::from(opened(holder))));
    }
    for i in 0..222_000_u128 {
        let holder = i * 7919 % UNITS;
        let stream = unit(holder);
        events.push((stream, job_declared(holder, 3, "1690.00").into()));
        events.push((stream, employed(holder, 3).into()));
        events.push((stream, invoiced(holder, "975.00").into()));
        events.push((stream, paid_by_client(holder, "975.00").into()));
        events.push((stream, wage_calculated(holder).into()));
        events.push((stream, wage_paid(holder).into()));
        if i % 2 == 0 {
            events.push((stream, expense_approved(holder, "50.00").into()));
        }
    }
    let total = events.len() as u64;
    let postings: Vec<_> = events
        .iter()
        .map(|(stream, event)| ledger::post(ledger::rule_for(event), *stream, event).unwrap())
        .collect();
    let start = Instant::now();
    let (mut folding, mut committing) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
    let mut batch = Instant::now();
    for ((stream, event), posting) in events.into_iter().zip(&postings) {
        n += 1;
        let on = Day::from_number(19_500 + i32::try_from(n * n_days / total).unwrap()).unwrap();
        let recorded = recorded(Position(n), on, stream, event);
        world.fold(&recorded, posting);
        if n.is_multiple_of(20_000) {
            folding += batch.elapsed();
            let commit = Instant::now();
            world.commit(Position(n));
            committing += commit.elapsed();
            batch = Instant::now();
        }
    }
    world.commit(Position(n));
    eprintln!("{n} events in {:?}: fold {folding:?}, rows {committing:?}", start.elapsed());
    let commit = Instant::now();
    world.make_indexes();
    eprintln!("indexes {:?}", commit.elapsed());

    let views = world.reader();
    let middle = Times { as_of: None, known_at: Some(Position(n / 2 + 5000)) };
    let half = Times { as_of: Day::try_new(2024, 10, 1), known_at: None };
    let timed = |what: &str, run: &dyn Fn() -> String| {
        run();
        let start = Instant::now();
        let answer = run();
        eprintln!("{what}: {:?} {answer}", start.elapsed());
    };
    for (name, times) in [("now", Times::default()), ("known", middle), ("as of", half)] {
        timed(&format!("trial balance {name}"), &|| {
            projections::balances::trial_balance(views, Book::General, times).unwrap().len().to_string()
        });
        for line in [
            Account::Banks.total(),
            Account::UnitAvailable.of(unit_id(77)),
            Account::Customers.of(client(77)),
        ] {
            timed(&format!("balance {name} {line}"), &|| {
                format!("{:?}", projections::balances::balance(views, line, times).unwrap().balance)
            });
            timed(&format!("statement {name} {line}"), &|| statement(views, line, times));
        }
        timed(&format!("lines {name}"), &|| {
            let lines = projections::balances::lines(views, Account::UnitAvailable, times, None, 50).unwrap();
            format!("{:?}", lines.last().unwrap().balance)
        });
        timed(&format!("year totals {name}"), &|| {
            format!("{:?}", projections::units::year_totals(views, Year::new(2025), times).unwrap().days)
        });
        timed(&format!("holder counts {name}"), &|| {
            format!("{:?}", projections::units::holder_counts(views, Year::new(2025), times).unwrap())
        });
        timed(&format!("overviews {name}"), &|| {
            projections::units::overviews(views, times, None, 100).unwrap().len().to_string()
        });
    }
}

fn statement(views: &dyn Reader, line: Line, times: Times) -> String {
    let page = projections::balances::statement(views, line, times, Default::default(), 100).unwrap();
    let Some(last) = page.last() else { return "empty".into() };
    let next = projections::balances::statement(views, line, times, last.cursor, 100).unwrap();
    format!("{} {}", last.balance, next.len())
}
