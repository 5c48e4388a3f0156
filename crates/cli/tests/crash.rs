//! Kills the process at random moments: what was acknowledged is there, whole, and nothing else.
//!
//! Each round starts `coledger demo` at a small scale, reads the receipts that it writes as they
//! come, sends SIGKILL at a random moment and then asks: does the log verify, is every acknowledged
//! receipt in it with the very leaf hashes it named, is no command there by half, and do the read
//! models catch up to the rows that a rebuild from the first event gives. The seed is printed.
//! `COLEDGER_KILLS` says how many rounds (50 when not set), `COLEDGER_KILL_SEED` repeats a run.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::{Position, Receipt};
use rusqlite::types::Value;
use store::LogReader;

/// A scale whose demo takes longer than the longest wait before a kill, or nearly so.
const SCALE: &str = "0.005";
/// Longest wait before a kill, in milliseconds.
const WAIT_MS_MAX: u64 = 1_500;

#[test]
fn whatever_was_acknowledged_survives_a_kill_at_any_moment() {
    let kills: u32 = read_env("COLEDGER_KILLS").unwrap_or(50);
    let seed: u64 = read_env("COLEDGER_KILL_SEED").unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        u64::try_from(now.as_nanos() % 1_000_000_007).unwrap()
    });
    println!("COLEDGER_KILL_SEED={seed}");
    let mut random = SplitMix(seed);
    let mut acknowledged = 0;
    for kill in 0..kills {
        let dir = tempfile::tempdir().unwrap();
        let wait = Duration::from_millis(random.next() % WAIT_MS_MAX);
        let receipts = run_and_kill(dir.path(), wait);
        acknowledged += receipts.len();
        check(dir.path(), &receipts, &format!("seed {seed}, kill {kill} after {wait:?}"));
    }
    assert!(acknowledged > 0, "no kill came after a receipt; raise the longest wait");
    println!("{kills} kills, {acknowledged} receipts acknowledged before them, all found");
}

fn read_env<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// The receipts that were readable outside the process before it was killed.
fn run_and_kill(dir: &Path, wait: Duration) -> Vec<Receipt> {
    let log = dir.join("books");
    let mut demo = Command::new(env!("CARGO_BIN_EXE_coledger"))
        .args(["demo", "--scale", SCALE, "--receipts", "-", "--dir"])
        .arg(&log)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(demo.stdout.take().unwrap()).lines();
    let reading = std::thread::spawn(move || {
        let receipts = lines.map_while(Result::ok).filter(|line| line.starts_with("{\"command\""));
        // A line cut in two by the kill was not acknowledged to anybody.
        receipts.filter_map(|line| serde_json::from_str(&line).ok()).collect::<Vec<Receipt>>()
    });
    let deadline = Instant::now() + wait;
    while Instant::now() < deadline && demo.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = demo.kill();
    demo.wait().unwrap();
    reading.join().unwrap()
}

fn check(dir: &Path, receipts: &[Receipt], context: &str) {
    let log = dir.join("books");
    if !log.join("log.db").exists() {
        assert!(receipts.is_empty(), "{context}: receipts without a log");
        return;
    }
    let reader = match LogReader::open(&log) {
        Ok(reader) => reader,
        // Killed while the empty log was being made: nothing was acknowledged, and it says so.
        Err(error) => {
            assert!(receipts.is_empty(), "{context}: {error}");
            return;
        }
    };
    for receipt in receipts {
        let found = reader.receipt_of(receipt.command).unwrap();
        let (found, _) = found.unwrap_or_else(|| panic!("{context}: command {} is lost", receipt.command));
        assert_eq!(&found, receipt, "{context}");
    }
    if reader.head().unwrap().position == Position(0) {
        return;
    }
    let options = verify::Options { threads: 1, ..verify::Options::default() };
    let report = verify::verify(&log, &options, &mut |_, _| {}).unwrap();
    assert!(report.findings.is_empty(), "{context}: {:?}", report.findings);
    drop(reader);
    drop(app::books::read(&log, &mut |_| {}).unwrap());
    let caught_up = rows(&log);
    let rebuilt = app::projector::Projector::rebuild(&log, &mut |_| {}).unwrap();
    drop(rebuilt);
    assert_eq!(caught_up, rows(&log), "{context}: a rebuild gives other rows");
}

/// Every row of every read model of the current generation, by table.
fn rows(log: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let generation = std::fs::read_to_string(log.join("views.current")).unwrap();
    let file = log.join(format!("views-{:0>4}.db", generation.trim()));
    let views = rusqlite::Connection::open(file).unwrap();
    let mut tables = views
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'views_checkpoint'")
        .unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(!names.is_empty());
    let all = |name: &String| {
        let mut select = views.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = select.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|n| row.get(n)).collect();
        let mut rows: Vec<Vec<Value>> = select.query_map([], row).unwrap().map(Result::unwrap).collect();
        rows.sort_by_key(|row| format!("{row:?}"));
        rows
    };
    names.iter().map(|name| (name.clone(), all(name))).collect()
}

/// A small generator for moments; Steele, Lea, Flood: SplitMix64.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}
