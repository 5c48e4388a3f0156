//! Every developer chore: `cargo xtask test | check | bless | bench | nightly`.
//!
//! A chore is a list of [`Step`]s, each one command that can be typed by hand; this program only
//! puts them in order, times them, and says which one failed and how to repeat it.
//! Left out: anything that only one machine can do. CI runs `cargo xtask test` and nothing else.

mod nightly;
mod step;
mod system;

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};

use crate::step::{Step, run_in_order};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Every developer chore of coledger")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what is missing, then check, run every test, and run the demo at a small scale
    Test {
        /// Run this one step
        #[arg(long, value_name = "STEP")]
        only: Option<Stage>,
    },
    /// Formatting, clippy and documentation, warnings as errors
    Check,
    /// Accept generated files: snapshots, schemas, golden samples, test vectors
    Bless,
    /// Run the benches; they print ratios, not only times
    Bench,
    /// Full scale and many rounds; adds a dated row to docs/NIGHTLY.md
    Nightly,
}

/// The steps of `test`, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// System packages that the build needs
    System,
    /// cargo fmt
    Fmt,
    /// cargo clippy
    Clippy,
    /// cargo doc
    Docs,
    /// Unit tests, specs and end-to-end tests
    Tests,
    /// Examples in the documentation
    Doctests,
    /// The reference year at scale 0.01, whose figures must equal the published ones
    Demo,
}

fn main() -> ExitCode {
    match run(Cli::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    env::set_current_dir(root()).context("cannot enter the workspace")?;
    match chore {
        Chore::Test { only } => test(only),
        Chore::Check => run_in_order("test --only ", &check()),
        Chore::Bless => bless(),
        Chore::Bench => {
            system::install_missing(system::FOR_TESTS.iter().chain(system::FOR_BENCHES))?;
            run_in_order("", &[bench()])
        }
        Chore::Nightly => nightly::run(),
    }
}

fn test(only: Option<Stage>) -> Result<()> {
    let wanted = |stage| only.is_none_or(|only| only == stage);
    if wanted(Stage::System) {
        system::install_missing(system::FOR_TESTS)?;
    }
    let steps: Vec<Step> = Stage::value_variants()
        .iter()
        .filter(|stage| wanted(**stage))
        .filter_map(|stage| step_of(*stage))
        .collect();
    run_in_order("test --only ", &steps)?;
    step::remove_scratch();
    Ok(())
}

/// The step's command; `System` has none of its own, since it may need several or nothing.
fn step_of(stage: Stage) -> Option<Step> {
    Some(match stage {
        Stage::System => return None,
        Stage::Fmt => Step::cargo("fmt", &["fmt", "--all", "--check"]),
        Stage::Clippy => {
            Step::cargo("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        }
        Stage::Docs => {
            Step::cargo("docs", &["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings")
        }
        Stage::Tests => tests("tests"),
        Stage::Doctests => Step::cargo("doctests", &["test", "--workspace", "--doc"]),
        Stage::Demo => demo("0.01"),
    })
}

fn check() -> Vec<Step> {
    [Stage::Fmt, Stage::Clippy, Stage::Docs].into_iter().filter_map(step_of).collect()
}

/// Every test but the doctests, with nextest when it is installed: it runs crates side by side.
fn tests(name: &'static str) -> Step {
    if has_nextest() {
        Step::cargo(name, &["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        Step::cargo(name, &["test", "--workspace", "--tests", "--no-fail-fast"])
    }
}

/// Builds the reference year in a fresh directory; its exit code is 1 when a figure differs.
fn demo(scale: &str) -> Step {
    let dir = step::scratch().join(format!("demo-{scale}"));
    Step::cargo("demo", &["run", "--release", "--", "demo", "--scale", scale, "--dir"]).arg(dir.display())
}

/// Only bench targets: a bare `cargo bench` would build every library's unit tests as well.
fn bench() -> Step {
    Step::cargo("bench", &["bench", "--workspace", "--bench", "*"])
}

/// Runs the tests in the mode in which those that compare a generated file rewrite it instead.
///
/// Inline snapshots are left alone: insta never rewrites source files by itself.
fn bless() -> Result<()> {
    let step = tests("bless").env("INSTA_UPDATE", "always").env("COLEDGER_BLESS", "1");
    run_in_order("", &[step])?;
    println!("\nAccepted. What changed, to be read and explained in the commit:\n");
    Command::new("git").args(["status", "--short"]).status().context("cannot run git")?;
    Ok(())
}

fn has_nextest() -> bool {
    Command::new(step::cargo())
        .args(["nextest", "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
}

/// The workspace's root, two rooms up from this one.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[cfg(test)]
mod specs {
    use super::*;

    #[test]
    fn every_step_can_be_repeated_by_the_name_it_is_reported_under() {
        for stage in Stage::value_variants() {
            if let Some(step) = step_of(*stage) {
                assert_eq!(Stage::from_str(step.name(), false), Ok(*stage));
            }
        }
    }

    #[test]
    fn a_command_is_shown_as_it_can_be_typed() {
        let docs = step_of(Stage::Docs).expect("docs is one command");
        assert_eq!(docs.typed(), "RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps");
        assert_eq!(bench().typed(), "cargo bench --workspace --bench '*'");
    }
}
