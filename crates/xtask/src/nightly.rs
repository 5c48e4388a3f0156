//! The long run: full scale, many kills, many property cases, the benches; one dated row a night.
//!
//! Every step runs, whatever became of the one before, and the row tells each outcome. The tests
//! are the ordinary ones with larger numbers: `COLEDGER_KILLS` is the number of kills of the crash
//! test, `PROPTEST_CASES` the number of cases per property (of random lives too, however few the test
//! asks for), `COLEDGER_HLEDGER_SCALE` the scale of the year that hledger checks month by month. They
//! run optimised, with overflow checks as everywhere.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, bail};
use chrono::Utc;

use crate::step::{self, shown};
use crate::system;

const REPORT: &str = "docs/NIGHTLY.md";

/// Runs everything and appends its row to the report.
pub fn run() -> Result<()> {
    system::install_missing(system::FOR_TESTS.iter().chain(system::FOR_BENCHES))?;
    let long_tests = crate::tests("long tests")
        .arg("--release")
        .env("COLEDGER_KILLS", "50")
        .env("PROPTEST_CASES", "5000")
        .env("COLEDGER_HLEDGER_SCALE", "1");
    let mut outcomes = Vec::new();
    let mut failed = Vec::new();
    for step in [crate::demo("1"), long_tests, crate::bench()] {
        let (duration, success) = step.run()?;
        let word = if success { "passed" } else { "**failed**" };
        outcomes.push(format!("{word}, {}", shown(duration)));
        if !success {
            failed.push(format!("{}: {}", step.name(), step.typed()));
        }
    }
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    let row = format!("| {} | {} | {cores} | {} |", Utc::now().format("%F"), commit(), outcomes.join(" | "));
    append(&row)?;
    println!("\n{REPORT} has a new row:\n{row}");
    if !failed.is_empty() {
        bail!("failed tonight; by hand:\n  {}", failed.join("\n  "));
    }
    step::remove_scratch();
    Ok(())
}

fn append(row: &str) -> Result<()> {
    let mut report =
        OpenOptions::new().append(true).open(REPORT).with_context(|| format!("cannot open {REPORT}"))?;
    writeln!(report, "{row}").with_context(|| format!("cannot write {REPORT}"))
}

/// The commit that was tested, with a `+` when files differ from it.
fn commit() -> String {
    let git = |args: &[&str]| {
        Command::new("git")
            .args(args)
            .output()
            .ok()
            .filter(|output| output.status.success())
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(head) = git(&["rev-parse", "--short", "HEAD"]) else {
        return "no commit".to_owned();
    };
    let clean = git(&["status", "--porcelain"]).is_some_and(|changes| changes.is_empty());
    if clean { head } else { format!("{head}+") }
}
