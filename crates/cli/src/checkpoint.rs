//! `checkpoint` and `verify`: the head signed, and the whole log recomputed.
//!
//! The verifier is the auditor's own and shares no code with the writing side. A checkpoint kept
//! elsewhere, given back to it, shows a rewriting that the log alone cannot show.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;

use anyhow::Result;
use app::LogReader;
use app::inspect::clock_of;
use app::writer::Writer;
use domain::Receipt;
use verify::{CheckedKey, Options, Report};

use crate::args::{DirArgs, Format, VerifyArgs};
use crate::failure::{BadInput, Exit};
use crate::output::{Answer, Cell, Column, Output, Sheet};

/// Signs the head and prints the note, verbatim.
pub fn sign(at: &DirArgs, out: &Output) -> Result<ExitCode> {
    let clock = clock_of(&LogReader::open(&at.dir)?)?;
    let (writer, thread) = Writer::open(&at.dir, clock)?;
    let note = writer.sign_checkpoint_blocking();
    drop(writer);
    thread.join();
    let note = note?;
    match out.format() {
        Format::Table | Format::Csv => out.bytes(note.as_bytes())?,
        Format::Json => out.answer(&Answer::new().fact("note", note))?,
    }
    Ok(Exit::Ok.into())
}

/// Verifies the log and prints the report.
pub fn verify(args: &VerifyArgs, out: &Output) -> Result<ExitCode> {
    let options = Options {
        threads: args.threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from)),
        trusted: args.checkpoint.iter().map(|path| read(path)).collect::<Result<_, _>>()?,
        receipts: receipts(&args.receipts)?,
        expect_key: args.key.clone(),
    };
    let mut progress = None;
    let report = verify::verify(&args.at.dir, &options, &mut |done, of| {
        progress.get_or_insert_with(|| out.progress("verifying", of)).at(done);
    })?;
    drop(progress);
    match out.format() {
        Format::Table => out.bytes(report.to_string().as_bytes())?,
        Format::Json | Format::Csv => out.answer(&answer(&report))?,
    }
    Ok(if report.is_verified() { Exit::Ok } else { Exit::Differs }.into())
}

fn answer(report: &Report) -> Answer {
    let columns = [Column::left("code", "code"), Column::left("message", "finding")];
    let mut findings = Sheet::new("findings", "Findings", &columns);
    for finding in &report.findings {
        findings.row([Cell::from(finding.code()), Cell::shown(finding)]);
    }
    let (key, key_from) = match &report.key {
        CheckedKey::Given(key) => (Cell::shown(key), "given"),
        CheckedKey::Beside(key) => (Cell::shown(key), "beside the log"),
        CheckedKey::None => (Cell::Nothing, "none"),
    };
    Answer::new()
        .fact("verified", report.is_verified())
        .fact("log", report.origin.as_str())
        .fact("events", report.events)
        .fact("commands", report.commands)
        .fact("streams", report.streams)
        .fact("snapshots", report.snapshots)
        .fact("checkpoints", report.checkpoints)
        .fact("kept_elsewhere", report.held)
        .fact("key", key)
        .fact("key_from", key_from)
        .fact("root", Cell::shown(report.root))
        .fact("findings_left_out", report.findings_left_out)
        .sheet(findings)
}

/// The receipts in files as `do` prints them: one a line, errors among them skipped.
fn receipts(paths: &[PathBuf]) -> Result<Vec<Receipt>> {
    let mut receipts = Vec::new();
    for path in paths {
        for (n, line) in read(path)?.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with("{\"error\":") {
                continue;
            }
            let no_receipt = |error| {
                BadInput::new(format!(
                    "{}, line {}: expected a receipt as `do` prints it, found {error}",
                    path.display(),
                    n + 1
                ))
            };
            receipts.push(serde_json::from_str(line).map_err(no_receipt)?);
        }
    }
    Ok(receipts)
}

fn read(path: &Path) -> Result<String, BadInput> {
    fs::read_to_string(path)
        .map_err(|cause| BadInput::unreadable(format!("cannot read {}", path.display()), cause))
}
