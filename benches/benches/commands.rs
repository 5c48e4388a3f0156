//! Commands through the full path beside appending 4 KiB and syncing them.
//!
//! Ours decides, posts, appends and answers a durable receipt, for 1, 16 and 64 callers at once. The
//! yardstick writes 4 KiB to the end of a growing file on the same disk and calls fdatasync, one
//! after another: what a ledger without rules would do for each command.
//! Budget: ours is at least 0.4 of it with one caller, and at least 4 times it with 64.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use app::writer::Writer;
use benches::{compare, head, rate};
use domain::Command;
use reference_year::ReferenceYear;
use store::{Log, LogId, OsRandomness};
use uuid::Uuid;

/// How long each measurement lasts, in milliseconds.
const LASTS_MS: u64 = 3_000;

fn main() {
    head("Commands through the full path, beside 4 KiB + fdatasync");
    for (callers, budget) in [(1, 0.4), (16, 1.0), (64, 4.0)] {
        compare(&format!("{callers} callers"), "/s", budget, || ours(callers), synced_appends);
    }
}

fn ours(callers: usize) -> f64 {
    let dir = tempfile::tempdir().expect("a directory");
    let year = ReferenceYear::plan(1, "0.1".parse().expect("a scale"));
    let parameters = app::seed::reviewed_parameters().expect("reviewed parameters");
    let mut commands = year.commands(&parameters);
    let (writer, thread) = open(dir.path());
    // The opening commands rest upon one another; the measured ones begin after them.
    let opening: Vec<Command> = commands.by_ref().take(2_000).collect();
    send_at_once(&writer, opening);
    let begin = Instant::now();
    let mut done = 0;
    while begin.elapsed() < Duration::from_millis(LASTS_MS) {
        let now: Vec<Command> = commands.by_ref().take(callers).collect();
        done += now.len() as u64;
        send_at_once(&writer, now);
    }
    let measured = rate(done, begin.elapsed());
    drop(writer);
    thread.join();
    measured
}

/// As many callers as commands, each waiting for its own receipt.
fn send_at_once(writer: &Writer, commands: Vec<Command>) {
    let (said, answers) = std::sync::mpsc::channel();
    for command in commands {
        let said = said.clone();
        writer.queue_blocking(command, move |answer| said.send(answer).expect("somebody waits"));
    }
    drop(said);
    answers.into_iter().for_each(|answer| drop(answer.expect("the reference year is never refused")));
}

fn open(dir: &Path) -> (Writer, app::writer::WriterThread) {
    Log::create(dir, LogId::new(Uuid::nil()), &mut OsRandomness).expect("a log");
    Writer::open(dir, std::sync::Arc::new(app::clock::SyntheticClock)).expect("a writer")
}

fn synced_appends() -> f64 {
    let mut file: File = tempfile::tempfile().expect("a file");
    let block = [0x5A_u8; 4096];
    let begin = Instant::now();
    let mut done = 0;
    while begin.elapsed() < Duration::from_millis(LASTS_MS) {
        file.write_all(&block).and_then(|()| file.sync_data()).expect("written");
        done += 1;
    }
    rate(done, begin.elapsed())
}
