//! Closing the full year, and asking for its balance sheet.
//!
//! The year is written up to the deferral of the units' balances, which begins the closing. Then the
//! rest is timed until the read models show it: the deferral, December's last wages and payments, the
//! tests, audit, approval and allocation of both years. The balance sheet is asked beside the plain sum
//! of the journal's movements by account, in SQL, on the same file.
//! Budget: 20 times that sum. Beside the ratio stand two times that users were promised: 10 seconds for
//! the closing, 100 milliseconds for the balance sheet. `COLEDGER_SCALE` asks for less than the year.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use app::books::Books;
use app::clock::SyntheticClock;
use benches::{compare, head, rate, timed};
use domain::command::{Command, Request};
use domain::year::YearCommand;
use domain::{Balance, Position, Year};
use projections::annual_accounts::annual_accounts;
use projections::port::Times;
use reference_year::ReferenceYear;
use rusqlite::Connection;
use store::{LogId, OsRandomness};
use uuid::Uuid;

const CLOSING_MAX: Duration = Duration::from_secs(10);
const BALANCE_SHEET_MAX: Duration = Duration::from_millis(100);
/// Answers per measurement.
const ANSWERS: u32 = 20;

fn main() {
    let scale = std::env::var("COLEDGER_SCALE").unwrap_or_else(|_| "1".to_owned());
    let dir = tempfile::tempdir().expect("a directory");
    let (events, closing) = write_and_close(dir.path(), &scale);
    let year = Year::new(2025);
    head(&format!("The balance sheet of {events} events"));
    let mut slowest = Duration::ZERO;
    let views = app::books::read(dir.path(), &mut |_| {}).expect("read models");
    compare(
        "annual accounts beside the sum of movements",
        "answers/s",
        20.0,
        || {
            let (rows, took) = timed(|| {
                (0..ANSWERS)
                    .map(|_| annual_accounts(&views, year, Times::default()).expect("accounts"))
                    .next_back()
            });
            let rows = rows.expect("they were asked");
            assert!(rows.iter().any(|row| row.amount != Balance::ZERO));
            slowest = slowest.max(took / ANSWERS);
            rate(u64::from(ANSWERS), took)
        },
        || rate(1, summed(dir.path())),
    );
    say("closing the year", closing, CLOSING_MAX);
    say("the balance sheet, slowest of all pairs", slowest, BALANCE_SHEET_MAX);
}

/// Writes the year; answers its events, and how long everything from the deferral on took.
fn write_and_close(dir: &Path, scale: &str) -> (u64, Duration) {
    let year = ReferenceYear::plan(1, scale.parse().expect("a scale"));
    let parameters = app::seed::reviewed_parameters().expect("reviewed parameters");
    let commands: Vec<Command> = year.commands(&parameters).collect();
    let deferral = Request::Year(Year::new(2025), YearCommand::DeferUnitBalances {});
    let begin = commands.iter().position(|command| command.request == deferral).expect("the year closes");
    let (year, closing) = commands.split_at(begin);

    Books::create(dir, LogId::new(Uuid::nil()), &mut OsRandomness).expect("a log");
    let books = Books::open_for_import(dir, Arc::new(SyntheticClock)).expect("books");
    write(&books, year);
    let (last, took) = timed(|| write(&books, closing));
    books.close().expect("closed");
    (last.0, took)
}

/// Sends commands and waits until the read models show them.
fn write(books: &Books, commands: &[Command]) -> Position {
    let (said, answers) = channel();
    for command in commands {
        let said = said.clone();
        books.writer().queue_blocking(command.clone(), move |answer| {
            drop(said.send(answer.map(|accepted| accepted.receipt.last)));
        });
    }
    drop(said);
    let last = answers.into_iter().map(|answer| answer.expect("the reference year is never refused")).max();
    let last = last.expect("there were commands");
    books.wait_for(last).expect("projected");
    last
}

/// The plain sum of all movements by account.
fn summed(dir: &Path) -> Duration {
    let generation = app::views::current_generation(dir).expect("a pointer").expect("a generation");
    let file = Connection::open(dir.join(format!("views-{generation:04}.db"))).expect("read models");
    let sum = "SELECT account, sum(cents) FROM (
                 SELECT debit AS account, amount AS cents FROM journal_movements
                 UNION ALL SELECT credit, -amount FROM journal_movements)
               GROUP BY account";
    let (total, took) = timed(|| {
        let mut select = file.prepare(sum).expect("prepared");
        let rows = select.query_map([], |row| row.get::<_, i64>(1)).expect("asked");
        rows.map(|cents| cents.expect("a sum")).sum::<i64>()
    });
    assert_eq!(total, 0);
    took
}

fn say(what: &str, took: Duration, at_most: Duration) {
    let kept = if took <= at_most { "kept" } else { "MISSED" };
    println!("\n{what}: {took:.3?}, at most {at_most:?}: {kept}");
}
