//! All balances of 100,000 entries from the log, beside hledger and ledger on the same entries.
//!
//! Ours decodes each event, posts it by its sealed rule and folds a map of every account and party;
//! the yardsticks read the exported journals. Measured in processor seconds, so that threads count.
//! They parse text and we do not, which is a good part of the difference and worth knowing: it is what
//! an auditor pays who asks a second program.
//! Budget: 30 times hledger's, 4 times ledger's entries per processor second.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use benches::{compare, fixture, head, rate};
use domain::Position;
use ledger::{Line, Posting};
use nix::sys::resource::{Usage, UsageWho, getrusage};
use store::LogReader;

/// Makes a little over 100,000 entries.
const SCALE: &str = "0.08";

fn main() {
    let dir = tempfile::tempdir().expect("a directory");
    let (log, journals) = (dir.path().join("log"), dir.path().join("journals"));
    std::fs::create_dir(&log).expect("a directory");
    fixture::write_log(&log, SCALE);
    export(&log, &journals);
    let journal = journals.join("all.journal");
    let n = entries(&log);
    head(&format!("All balances of {n} entries, in processor seconds"));
    for (program, budget) in [("hledger", 30.0), ("ledger", 4.0)] {
        compare(
            &format!("beside {program} bal"),
            "entries/s",
            budget,
            || rate(n, ours(&log)),
            || rate(n, theirs(program, &journal)),
        );
    }
}

/// Writes both books as journals, with the program that users have.
fn export(log: &Path, to: &Path) {
    let exported = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--package", "cli", "--bin", "coledger", "--"])
        .args(["export", "hledger", "--quiet", "--dir"])
        .args([log, Path::new("--to"), to])
        .stdout(Stdio::null())
        .status();
    assert!(exported.expect("cargo starts").success(), "the journals are written");
}

fn entries(log: &Path) -> u64 {
    let mut n = 0;
    each_posting(log, |_| n += 1);
    n
}

fn ours(log: &Path) -> Duration {
    let before = spent(UsageWho::RUSAGE_SELF);
    let mut balances: HashMap<Line, i64> = HashMap::new();
    each_posting(log, |posting| {
        for movement in posting.movements() {
            *balances.entry(movement.debit).or_default() += movement.amount.cents();
            *balances.entry(movement.credit).or_default() -= movement.amount.cents();
        }
    });
    assert_eq!(balances.values().sum::<i64>(), 0);
    spent(UsageWho::RUSAGE_SELF) - before
}

/// Shows what each event booked that booked anything.
fn each_posting(log: &Path, mut each: impl FnMut(&Posting)) {
    let reader = LogReader::open(log).expect("a reader");
    let mut from = Position(1);
    loop {
        let batch = reader.read(from, 16_384).expect("rows");
        let Some(last) = batch.last() else { return };
        from = Position(last.position.0 + 1);
        for stored in &batch {
            let recorded = stored.decode().expect("decoded");
            let posting =
                ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).expect("posted");
            if posting.entry().is_some() {
                each(&posting);
            }
        }
    }
}

fn theirs(program: &str, journal: &Path) -> Duration {
    let before = spent(UsageWho::RUSAGE_CHILDREN);
    let ran = Command::new(program)
        .arg("-f")
        .arg(journal)
        .args(["bal", "--flat"])
        .env("LC_ALL", "C.UTF-8")
        .stdout(Stdio::null())
        .status();
    let ran = ran.unwrap_or_else(|_| panic!("{program} must be installed; `cargo xtask bench` installs it"));
    assert!(ran.success(), "{program} reads the journals");
    spent(UsageWho::RUSAGE_CHILDREN) - before
}

/// Processor time spent by this process, or by those that it waited for.
fn spent(who: UsageWho) -> Duration {
    let usage: Usage = getrusage(who).expect("the system counts");
    let micros = |time: nix::sys::time::TimeVal| {
        u64::try_from(time.tv_sec()).expect("time passes") * 1_000_000
            + u64::try_from(time.tv_usec()).expect("time passes")
    };
    Duration::from_micros(micros(usage.user_time()) + micros(usage.system_time()))
}
