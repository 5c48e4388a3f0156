//! `doctor`: what is there, whether it holds at a quick look, and what to do about what does not.
//!
//! Changes nothing and never gives up half-way: what cannot be read is a line of its own. It looks at
//! the last events only; `verify` looks at all of them.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use app::LogReader;
use app::inspect::{self, Tail, ViewsState};
use app::sqlite_version;
use domain::Position;

use crate::args::DirArgs;
use crate::events::instant;
use crate::failure::{Exit, sentence_of};
use crate::output::{Answer, Cell, Column, Output, Sheet};

/// Last events that are hashed, decoded and posted again.
const TAIL_EVENTS: u64 = 1_000;
/// Less free room than this is a problem.
const FREE_BYTES_MIN: u64 = 512 * 1024 * 1024;
/// Facts saved longer ago than so many events make every start slow.
const FACTS_LAG_EVENTS_MAX: u64 = 1_000_000;

const COLUMNS: [Column; 4] = [
    Column::left("check", "check"),
    Column::left("state", "state"),
    Column::left("found", "found"),
    Column::left("advice", "what to do"),
];

/// The files of a log, and what each costs when it is lost.
const FILES: [(&str, &str); 5] = [
    ("log.db", "restore the last backup"),
    ("signing-key.pem", "restore it from the backup of keys; without it no checkpoint can be signed"),
    (
        "request-secret.key",
        "restore it from the backup of keys; without it repeated commands are not recognised",
    ),
    ("vault.db", ""),
    ("keys.db", ""),
];

/// What was looked at so far.
struct Findings {
    sheet: Sheet,
    problems: u64,
}

/// Looks, and says what to do.
pub fn run(at: &DirArgs, out: &Output) -> Result<ExitCode> {
    let dir = at.dir.as_path();
    let mut findings = Findings { sheet: Sheet::new("checks", "Checks", &COLUMNS), problems: 0 };
    findings.ok("program", format!("coledger {}, SQLite {}", env!("CARGO_PKG_VERSION"), sqlite_version()));
    check_disk(dir, &mut findings);
    match LogReader::open(dir) {
        Err(error) => findings.problem_said("log", &error.into()),
        Ok(reader) => {
            check_files(dir, &mut findings);
            check_log(dir, &reader, &mut findings);
            check_views(dir, &reader, &mut findings);
        }
    }
    let Findings { sheet, problems } = findings;
    let answer = Answer::new().fact("directory", Cell::shown(dir.display())).fact("problems", problems);
    out.answer(&answer.sheet(sheet))?;
    Ok(if problems == 0 { Exit::Ok } else { Exit::Differs }.into())
}

fn check_disk(dir: &Path, findings: &mut Findings) {
    match free_bytes(dir) {
        None => findings.ok("disk", "free room unknown".to_owned()),
        Some(free) if free < FREE_BYTES_MIN => findings.problem(
            "disk",
            format!("{} free", size(free)),
            "free some room before writing; a batch that does not fit is refused whole",
        ),
        Some(free) => findings.ok("disk", format!("{} free", size(free))),
    }
}

#[cfg(unix)]
fn free_bytes(dir: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(dir).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

fn check_files(dir: &Path, findings: &mut Findings) {
    for (name, advice) in FILES {
        match fs::metadata(dir.join(name)) {
            Ok(found) => findings.ok(name, size(found.len())),
            // The vault comes with the first person in it.
            Err(_) if advice.is_empty() => findings.ok(name, "none yet".to_owned()),
            Err(cause) => findings.problem(name, cause.to_string(), advice),
        }
    }
}

fn check_log(dir: &Path, reader: &LogReader, findings: &mut Findings) {
    match inspect::identity(dir) {
        Ok(identity) => {
            findings.ok("log", identity.log.to_string());
            findings.ok("key", identity.key);
        }
        Err(error) => findings.problem_said("key", &error.into()),
    }
    match app::books::is_synthetic(reader) {
        Ok(Some(true)) => findings.ok("synthetic", "yes: made-up time, no real books".to_owned()),
        Ok(Some(false)) => findings.ok("synthetic", "no".to_owned()),
        Ok(None) => {
            findings.problem("synthetic", "the log has no event yet".to_owned(), "run `coledger init` again")
        }
        Err(error) => findings.problem_said("synthetic", &error.into()),
    }
    let head = match reader.head() {
        Ok(head) => head,
        Err(error) => return findings.problem_said("head", &error.into()),
    };
    findings.ok("head", format!("position {}, recorded {}", head.position, instant(head.recorded_at)));
    findings.ok("root", head.root.to_string());
    match inspect::check_tail(reader, TAIL_EVENTS) {
        Ok(tail) => check_tail(&tail, findings),
        Err(error) => findings.problem_said("last events", &error.into()),
    }
    match inspect::facts_saved_at(reader) {
        Ok(saved) => check_facts(saved, head.position, findings),
        Err(error) => findings.problem_said("facts", &error.into()),
    }
    match reader.last_checkpoint() {
        Ok(Some(note)) => {
            let signed_at = note.lines().nth(1).unwrap_or_default();
            findings.ok("checkpoint", format!("signed at position {signed_at}"));
        }
        Ok(None) => findings.note(
            "checkpoint",
            "none signed yet",
            "sign one with `coledger checkpoint` and keep it elsewhere",
        ),
        Err(error) => findings.problem_said("checkpoint", &error.into()),
    }
}

fn check_tail(tail: &Tail, findings: &mut Findings) {
    let Tail { from, to, years_opened, parameters_published, faults } = tail;
    for fault in faults {
        let advice = "stop writing, keep a copy of the directory, and run `coledger verify`";
        findings.problem("last events", fault.to_string(), advice);
    }
    if faults.is_empty() && *to > Position(0) {
        findings
            .ok("last events", format!("{from} to {to}: hashed, decoded and posted again, all as sealed"));
    }
    let whole_log_seen = *from == Position(1) && *to > Position(0);
    if whole_log_seen && (*years_opened == 0 || *parameters_published == 0) {
        let found =
            format!("{years_opened} fiscal years opened, {parameters_published} parameters published");
        let advice = "creation was interrupted: send year.open_year and statutes.publish_parameter, \
                      or delete the directory and run `coledger init` again";
        findings.problem("beginning", found, advice);
    }
}

fn check_facts(saved: Option<Position>, head: Position, findings: &mut Findings) {
    let lag = head.0 - saved.map_or(0, |at| at.0.min(head.0));
    let found = saved.map_or(format!("not saved yet, {lag} events to fold"), |at| {
        format!("saved at position {at}, {lag} events behind")
    });
    if lag > FACTS_LAG_EVENTS_MAX {
        let advice = "every start folds those events again; one `coledger checkpoint` saves the facts";
        return findings.note("facts", &found, advice);
    }
    findings.ok("facts", found);
}

fn check_views(dir: &Path, reader: &LogReader, findings: &mut Findings) {
    match inspect::views_state(dir, reader) {
        Ok(None) => findings.ok("read models", "none yet; the next query builds them".to_owned()),
        Ok(Some(ViewsState { generation, checkpoint, of_this_log: true })) => {
            let at = checkpoint.position;
            let head = reader.head().map_or(at, |head| head.position);
            let lag = head.0.saturating_sub(at.0);
            let found = format!("generation {generation}, position {at}, {lag} events behind");
            findings.ok("read models", found);
        }
        Ok(Some(ViewsState { generation, checkpoint, of_this_log: false })) => findings.problem(
            "read models",
            format!("generation {generation} reflects position {} of another log", checkpoint.position),
            "run `coledger projections rebuild`",
        ),
        Err(error) => findings.problem_said("read models", &error.into()),
    }
}

impl Findings {
    fn ok(&mut self, check: &str, found: String) {
        self.sheet.row([Cell::from(check), Cell::from("ok"), Cell::from(found), Cell::Nothing]);
    }

    /// Nothing is wrong, and still there is something to do.
    fn note(&mut self, check: &str, found: &str, advice: &str) {
        self.sheet.row([Cell::from(check), Cell::from("note"), Cell::from(found), Cell::from(advice)]);
    }

    fn problem(&mut self, check: &str, found: String, advice: &str) {
        self.problems += 1;
        self.sheet.row([Cell::from(check), Cell::from("problem"), Cell::from(found), Cell::from(advice)]);
    }

    /// A problem whose own sentence says what to do, after its first semicolon.
    fn problem_said(&mut self, check: &str, error: &anyhow::Error) {
        let said = sentence_of(error);
        let sentence = error.to_string();
        match sentence.split_once("; ") {
            Some((found, advice)) => {
                let causes = said.strip_prefix(&sentence).unwrap_or_default();
                self.problem(check, format!("{found}{causes}"), advice);
            }
            None => self.problem(check, said, "run `coledger verify`"),
        }
    }
}

/// Bytes in the unit that people read.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    let unit = UNITS.into_iter().find(|(_, unit)| bytes >= *unit);
    unit.map_or(format!("{bytes} bytes"), |(name, unit)| {
        let tenths = bytes / (unit / 10).max(1);
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    })
}
