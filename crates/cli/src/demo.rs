//! The main job: the cooperative's year 2025, through the real command path, beside what it published.
//!
//! ```text
//! plan ─► vault ─► commands ─► log ─► checkpoint ─► verify ─► figures beside the published ones
//! ```
//!
//! Names go into the vault first, then every command is decided, posted and appended like any other,
//! while the read models follow on another core. The auditor's verifier then recomputes the log. The
//! published figures stand in `figures-2025.json` and nowhere in the generator's events: what is
//! compared was computed from invoices, contracts and days. At a smaller scale they are compared with
//! the published figure times the scale. A figure that differs makes the exit code 1.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use app::books::{self, Books};
use app::clock::SyntheticClock;
use app::writer::Answer as CommandAnswer;
use app::{LogId, PersonRecord, Randomness, Vault};
use domain::{Position, Year};
use projections::port::Times;
use projections::special_report::{Figure, FigureValue, figures};
use reference_year::{ReferenceYear, Scale, Target};
use rust_decimal::Decimal;
use serde::Deserialize;
use uuid::Uuid;

use crate::args::DemoArgs;
use crate::failure::{BadInput, Exit};
use crate::output::{Answer, Cell, Column, Output, Sheet};

const PUBLISHED: &str = include_str!("../figures-2025.json");
/// Names written to the vault in one transaction.
const PEOPLE_PER_BATCH: usize = 5_000;
/// The progress bar moves after so many commands.
const COMMANDS_PER_STEP: u64 = 512;

/// Builds the year and compares.
pub fn run(args: &DemoArgs, out: &Output) -> Result<ExitCode> {
    let (dir, temporary) = place(args)?;
    let begin = Instant::now();
    let year = ReferenceYear::plan(args.seed, args.scale);
    let built = build(&dir, args, &year, out)?;
    out.note(&format!("{} events written in {:.1?}", built.head, begin.elapsed()));

    let begin = Instant::now();
    let root = verify(&dir, out)?;
    out.note(&format!("verified in {:.1?}", begin.elapsed()));

    let begin = Instant::now();
    let views = books::read(&dir, &mut |_| {})?;
    let computed = figures(&views, Year::new(2025), Times::default())?;
    let (sheet, n_different) = compare(&computed, &year, args.scale)?;
    out.note(&format!("figures computed in {:.1?}", begin.elapsed()));

    let kept = temporary.is_none() || args.keep;
    let answer = Answer::new()
        .fact("log", if kept { dir.display().to_string() } else { "removed; --dir keeps it".to_owned() })
        .fact("data", "synthetic; only the published figures are real")
        .fact("commands", built.n_commands)
        .fact("events", built.head.0)
        .fact("root", root)
        .sheet(sheet);
    out.answer(&answer)?;
    if n_different > 0 {
        out.note(&format!("{n_different} figures differ from the published ones"));
        return Ok(Exit::Differs.into());
    }
    Ok(Exit::Ok.into())
}

/// A temporary directory, removed at the end unless it is kept.
struct Temporary {
    dir: PathBuf,
    keep: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed stays in the system's temporary directory.
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

fn place(args: &DemoArgs) -> Result<(PathBuf, Option<Temporary>)> {
    if let Some(dir) = &args.dir {
        if dir.join("log.db").exists() {
            bail!(BadInput::new(format!(
                "there is a log in {} already; name an empty directory",
                dir.display()
            )));
        }
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        return Ok((dir.clone(), None));
    }
    let dir = std::env::temp_dir().join(format!("coledger-demo-{}", std::process::id()));
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    Ok((dir.clone(), Some(Temporary { dir, keep: args.keep })))
}

struct Built {
    head: Position,
    n_commands: u64,
}

/// What became of the commands so far.
struct Tally {
    accepted: AtomicU64,
    last: AtomicU64,
    refused: Mutex<Option<String>>,
    receipts: Option<Mutex<Box<dyn Write + Send>>>,
}

impl Tally {
    fn note(&self, answer: CommandAnswer) {
        match answer {
            Ok(accepted) => {
                self.accepted.fetch_add(1, Ordering::Relaxed);
                self.last.fetch_max(accepted.receipt.last.0, Ordering::Relaxed);
                if let Some(receipts) = &self.receipts {
                    let line = serde_json::to_string(&accepted.receipt).expect("receipts are plain JSON");
                    let mut receipts = receipts.lock().unwrap_or_else(PoisonError::into_inner);
                    // Nobody is left to tell when whoever reads receipts has gone.
                    let _ = writeln!(receipts, "{line}").and_then(|()| receipts.flush());
                }
            }
            Err(error) => {
                let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
                refused.get_or_insert_with(|| format!("{error} [{}]", error.code()));
            }
        }
    }

    fn refusal(&self) -> Option<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn build(dir: &Path, args: &DemoArgs, year: &ReferenceYear, out: &Output) -> Result<Built> {
    Books::create(dir, LogId::new(Uuid::from_u128(u128::from(args.seed))), &mut Seeded(args.seed))?;
    fill_vault(dir, year)?;
    let parameters = app::seed::reviewed_parameters()?;
    ReferenceYear::check(&parameters)?;
    let receipts: Option<Mutex<Box<dyn Write + Send>>> = match args.receipts.as_deref() {
        None => None,
        Some(path) if path == Path::new("-") => Some(Mutex::new(Box::new(io::stdout()))),
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Some(Mutex::new(Box::new(file)))
        }
    };
    let tally = Arc::new(Tally {
        accepted: AtomicU64::new(0),
        last: AtomicU64::new(0),
        refused: Mutex::new(None),
        receipts,
    });
    let books = Books::open_for_import(dir, Arc::new(SyntheticClock))?;
    let mut progress = out.progress("writing", year.n_commands(&parameters));
    let mut sent = 0;
    for command in year.commands(&parameters) {
        let tally = Arc::clone(&tally);
        books.writer().queue_blocking(command, move |answer| tally.note(answer));
        sent += 1;
        if sent % COMMANDS_PER_STEP == 0 {
            progress.at(sent);
        }
    }
    drop(progress);
    books.writer().sign_checkpoint_blocking()?;
    books.close()?;
    if let Some(refusal) = tally.refusal() {
        bail!("a command of the reference year was refused: {refusal}");
    }
    let accepted = tally.accepted.load(Ordering::Relaxed);
    Ok(Built { head: Position(tally.last.load(Ordering::Relaxed)), n_commands: accepted })
}

/// Names go into the vault before the log speaks of the persons.
fn fill_vault(dir: &Path, year: &ReferenceYear) -> Result<()> {
    let mut vault = Vault::open(dir, Box::new(app::OsRandomness))?;
    let people: Vec<(Uuid, PersonRecord)> = year
        .people()
        .map(|(id, person)| {
            let (name, address) = (person.name, person.address);
            (id.uuid(), PersonRecord { name, address, national_number: None, iban: None })
        })
        .collect();
    for batch in people.chunks(PEOPLE_PER_BATCH) {
        vault.put_all(batch.iter().map(|(id, record)| (*id, record)))?;
    }
    Ok(())
}

fn verify(dir: &Path, out: &Output) -> Result<String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let options = verify::Options { threads, ..verify::Options::default() };
    let mut progress = None;
    let report = verify::verify(dir, &options, &mut |done, of| {
        progress.get_or_insert_with(|| out.progress("verifying", of)).at(done);
    })?;
    drop(progress);
    if let Some(finding) = report.findings.first() {
        let more = report.findings.len() as u64 + report.findings_left_out - 1;
        bail!("the log does not verify: {finding} (and {more} more)");
    }
    Ok(report.root.to_string())
}

/// A published figure.
#[derive(Deserialize)]
struct Published {
    id: String,
    value: serde_json::Value,
    #[serde(rename = "match")]
    matches: String,
    below: Option<String>,
}

#[derive(Deserialize)]
struct PublishedFigures {
    figures: Vec<Published>,
}

fn compare(computed: &[Figure], year: &ReferenceYear, scale: Scale) -> Result<(Sheet, usize)> {
    let published: PublishedFigures = serde_json::from_str(PUBLISHED).context("figures-2025.json")?;
    let is_full = scale == Scale::FULL;
    let columns = [
        Column::left("figure", "figure"),
        Column::left("unit", "unit"),
        Column::right("expected", if is_full { "published" } else { "published × scale" }),
        Column::right("computed", "computed"),
        Column::left("equal", "equal"),
    ];
    let mut sheet = Sheet::new("figures", format!("Figures of 2025 at scale {scale}"), &columns);
    let mut n_different = 0;
    for figure in computed {
        // What the reference year does not draw is not compared.
        let Some(target) = year.quotas().target(figure.id) else { continue };
        let found = published.figures.iter().find(|published| published.id == figure.id);
        let found = found.with_context(|| format!("figure {} was never published", figure.id))?;
        let (expected, equal) =
            if is_full { at_full_scale(found, figure.value)? } else { at_a_scale(target, figure.value) };
        n_different += usize::from(!equal);
        sheet.row([
            Cell::from(figure.label),
            Cell::from(figure.unit),
            Cell::from(expected),
            Cell::shown(figure.value),
            Cell::from(if equal { "yes" } else { "NO" }),
        ]);
    }
    Ok((sheet, n_different))
}

fn decimal(value: FigureValue) -> Decimal {
    match value {
        FigureValue::Count(count) => Decimal::from(count),
        FigureValue::Money(balance) => Decimal::new(balance.cents(), 2),
        FigureValue::Hours(hundredths) | FigureValue::Hundredths(hundredths) => Decimal::new(hundredths, 2),
        FigureValue::Tenths(tenths) => Decimal::new(tenths, 1),
    }
}

fn at_full_scale(published: &Published, computed: FigureValue) -> Result<(String, bool)> {
    let text = published.value.as_str().map_or_else(|| published.value.to_string(), str::to_owned);
    let value: Decimal = text.parse().with_context(|| format!("figure {}", published.id))?;
    let below: Option<Decimal> = published.below.as_deref().map(str::parse).transpose()?;
    let computed = decimal(computed);
    let is_below = below.is_none_or(|below| computed < below);
    let (expected, equal) = match published.matches.as_str() {
        "exact" => (text, computed == value),
        "more_than" => (format!("> {text}"), computed > value && is_below),
        "at_least" => (format!("≥ {text}"), computed >= value),
        "at_most" => (format!("≤ {text}"), computed <= value),
        "about" => {
            let two_percent = value * Decimal::new(2, 2);
            (format!("± {text}"), (computed - value).abs() <= two_percent)
        }
        other => bail!("figure {}: no rule compares by {other:?}", published.id),
    };
    Ok((expected, equal))
}

fn at_a_scale(target: Target, computed: FigureValue) -> (String, bool) {
    let computed = decimal(computed);
    match target {
        Target::Exactly(value) => (value.to_string(), computed == Decimal::from(value)),
        Target::MoreThan(least, below) => {
            let is_below = below.is_none_or(|below| computed < Decimal::from(below));
            (format!("≥ {least}"), computed >= Decimal::from(least) && is_below)
        }
    }
}

/// Bytes from a seed: a synthetic log keeps no secrets, and is the same on every machine.
///
/// Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (SplitMix64).
struct Seeded(u64);

impl Randomness for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^= mixed >> 31;
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_figures_are_those_of_the_reference() {
        let reference =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/figures-2025.json");
        if let Ok(reference) = std::fs::read_to_string(reference) {
            let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(parsed(&reference), parsed(PUBLISHED));
        }
    }

    #[test]
    fn a_figure_that_differs_by_one_is_not_equal() {
        let published: PublishedFigures = serde_json::from_str(PUBLISHED).unwrap();
        let contracts = published.figures.iter().find(|figure| figure.id == "employment_contracts").unwrap();
        assert!(at_full_scale(contracts, FigureValue::Count(222_421)).unwrap().1);
        assert!(!at_full_scale(contracts, FigureValue::Count(222_420)).unwrap().1);
        let turnover = published.figures.iter().find(|figure| figure.id == "turnover").unwrap();
        let money = |text: &str| FigureValue::Money(text.parse().unwrap());
        assert!(at_full_scale(turnover, money("198400000.00")).unwrap().1);
        assert!(!at_full_scale(turnover, money("198000000.00")).unwrap().1);
        assert!(!at_full_scale(turnover, money("199000000.00")).unwrap().1);
    }
}
