//! Rebuilding the read models beside a bare loop over the same log.
//!
//! The yardstick scans the rows, decodes the JSON into the typed event and folds a map of balances
//! from the movements, on one core. Ours decodes, posts by the sealed rule, compares the entry with
//! its seal and folds all projections: first into rows that are thrown away (budget 0.6 of the
//! yardstick), then with every row and index written (0.2). On two cores, reading and decoding beside
//! folding and writing is at least 1.5 times one core.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use benches::{compare, fixture, head, rate, timed};
use domain::Position;
use ledger::{Line, Posting};
use projections::port::{Rows, Seen, Table, Value};
use store::LogReader;

const SCALE: &str = "0.3";

fn main() {
    // The bench calls itself pinned to one core; that process does the one-core measurements.
    let args: Vec<String> = std::env::args().collect();
    if let Some(dir) = args.iter().position(|arg| arg == "--one-core").and_then(|n| args.get(n + 1)) {
        return one_core(Path::new(dir));
    }
    let dir = tempfile::tempdir().expect("a directory");
    let events = fixture::write_log(dir.path(), SCALE);
    head(&format!("Rebuild from {events} events, on one core"));
    let pinned = |args: &[&str]| {
        let this = std::env::current_exe().expect("this program");
        Command::new("taskset").args(["-c", "0"]).arg(this).args(args).status()
    };
    let path = dir.path().to_str().expect("a path");
    if !pinned(&["--one-core", path]).is_ok_and(|status| status.success()) {
        println!("taskset is missing: not pinned to one core");
        one_core(dir.path());
    }
    head("Rebuild with every row, on two cores beside one");
    compare(
        "two cores",
        "events/s",
        1.5,
        || rate(events, rebuild(dir.path())),
        || {
            let ((), took) = timed(|| {
                pinned(&["--one-core", path, "--rebuild-only"]).expect("pinned");
            });
            rate(events, took)
        },
    );
}

fn one_core(dir: &Path) {
    if std::env::args().any(|arg| arg == "--rebuild-only") {
        rebuild(dir);
        return;
    }
    let events = LogReader::open(dir).and_then(|reader| reader.head()).expect("a head").position.0;
    compare(
        "decode, post, fold, no rows",
        "events/s",
        0.6,
        || rate(events, without_rows(dir)),
        || rate(events, bare(dir)),
    );
    compare(
        "with every row and index",
        "events/s",
        0.2,
        || rate(events, rebuild(dir)),
        || rate(events, bare(dir)),
    );
}

fn bare(dir: &Path) -> std::time::Duration {
    let reader = LogReader::open(dir).expect("a reader");
    let mut balances: HashMap<Line, i64> = HashMap::new();
    let ((), took) = timed(|| {
        each_batch(&reader, |stored| {
            let recorded = stored.decode().expect("decoded");
            let posting =
                ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).expect("posted");
            if let Posting::Entry(entry) = posting {
                for movement in &entry.movements {
                    *balances.entry(movement.debit).or_default() += movement.amount.cents();
                    *balances.entry(movement.credit).or_default() -= movement.amount.cents();
                }
            }
        });
    });
    assert_eq!(balances.values().sum::<i64>(), 0);
    took
}

fn without_rows(dir: &Path) -> std::time::Duration {
    let reader = LogReader::open(dir).expect("a reader");
    let mut projections = projections::all();
    let mut rows = Nowhere(0);
    let ((), took) = timed(|| {
        each_batch(&reader, |stored| {
            let recorded = stored.decode().expect("decoded");
            let posting =
                ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).expect("posted");
            assert_eq!(ledger::entry_digest(&posting), recorded.entry_digest);
            for projection in &mut projections {
                projection.fold(Seen { recorded: &recorded, posting: &posting }, &mut rows);
            }
        });
    });
    assert!(rows.0 > 0);
    took
}

fn rebuild(dir: &Path) -> std::time::Duration {
    let (projector, took) = timed(|| app::projector::Projector::rebuild(dir, &mut |_| {}).expect("rebuilt"));
    drop(projector);
    took
}

fn each_batch(reader: &LogReader, mut each: impl FnMut(&domain::Stored)) {
    let mut from = Position(1);
    loop {
        let batch = reader.read(from, 16_384).expect("rows");
        let Some(last) = batch.last() else { return };
        from = Position(last.position.0 + 1);
        batch.iter().for_each(&mut each);
    }
}

/// Takes rows and forgets them.
struct Nowhere(u64);

impl Rows for Nowhere {
    fn insert(&mut self, _: &'static Table, _: &[Value<'_>]) {
        self.0 += 1;
    }

    fn add(&mut self, _: &'static Table, _: &[Value<'_>], _: &[i64]) {
        self.0 += 1;
    }
}
