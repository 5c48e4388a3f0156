//! The checks that go in order, and the pipeline that brings them their events.
//!
//! ```text
//! scanner ──► workers ──► here            chunks go round: a buffer is used again when it is done,
//!    ▲                     │              so memory does not grow with the log
//!    └──── empty buffers ◄─┘
//! ```
//!
//! All reading of rows is one transaction on one connection. SQLite's own check of the file runs
//! beside it on a connection of its own.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use domain::envelope::Receipt;
use domain::{Digest, StreamId};
use ledger::Balances;
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use crate::error::{VerifyError, from_sqlite};
use crate::event::{Checked, CheckedChunk, check_chunk, said};
use crate::file::LogFile;
use crate::finding::{Finding, Held};
use crate::note::{LogKey, Note};
use crate::report::{CheckedKey, Findings, Options, Report};
use crate::rows::{self, Chunk};
use crate::schema;
use crate::states::Folds;
use crate::tables::{self, CommandRow, StoredCheckpoint, Sum, hyphenated};
use crate::ties::Ties;
use crate::tree::Tree;

/// Buffers per worker: one in work, one waiting before it, two after it.
const CHUNKS_PER_WORKER: usize = 4;
/// Lines of SQLite's own check that are listed.
const FILE_PROBLEMS_MAX: u32 = 100;

/// What to compare the log with, as given.
pub(crate) struct Against {
    given_key: Option<LogKey>,
    notes: Vec<Note>,
    receipts: Vec<Receipt>,
}

impl Against {
    /// Reads what was given; the log is not asked yet.
    pub(crate) fn new(options: &Options) -> Result<Self, VerifyError> {
        let key = |text: &String| {
            LogKey::parse(text.trim()).ok_or_else(|| VerifyError::BadKey { found: text.clone() })
        };
        let given_key = options.expect_key.as_ref().map(key).transpose()?;
        let note = |(number, note): (usize, &String)| {
            Note::parse(note).map_err(|problem| VerifyError::BadCheckpoint { number, problem })
        };
        let notes = (1..).zip(&options.trusted).map(note).collect::<Result<_, _>>()?;
        for (number, receipt) in (1..).zip(&options.receipts) {
            let (first, last, found) = (receipt.first.0, receipt.last.0, receipt.leaf_hashes.len());
            if first == 0 || last < first || last - first != (found as u64).wrapping_sub(1) {
                return Err(VerifyError::BadReceipt { number, first, last, found });
            }
        }
        Ok(Self { given_key, notes, receipts: options.receipts.clone() })
    }
}

/// Verifies an open file.
pub(crate) fn run(
    file: &LogFile,
    against: &Against,
    threads: usize,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, VerifyError> {
    let connection = file.connect()?;
    let failed = |error| from_sqlite(file.path(), 0, error);
    connection.execute_batch("BEGIN").map_err(failed)?;
    let mut findings = Findings::default();
    schema::check(&connection, &mut findings).map_err(failed)?;
    let origin = tables::origin(&connection, &mut findings).map_err(failed)?;
    let beside = || LogKey::beside(&origin, &file.signing_key());
    let key = against.given_key.clone().or_else(beside);
    if let Some(given) = against.given_key.as_ref().filter(|key| key.name() != origin) {
        let (expected, found) = (given.name().to_owned(), origin.clone());
        findings.add(Finding::OtherLog { expected, found });
    }
    let checkpoints = StoredCheckpoint::load(&connection).map_err(failed)?;
    let folds = Folds::load(&connection, &mut findings).map_err(failed)?;
    let of = connection
        .query_row("SELECT coalesce(max(position), 0) FROM events", [], |row| row.get(0))
        .map(|last: i64| u64::try_from(last).unwrap_or(0))
        .map_err(failed)?;
    let sizes = checkpoints.iter().filter_map(StoredCheckpoint::size);
    let sizes = sizes.chain(against.notes.iter().map(|note| note.size));
    let mut order = Order::new(findings, folds, sizes, &against.receipts);

    let (connection, problems) =
        pipeline(file, connection, threads, &mut order, &mut |done| progress(done, of))?;
    let failed = |error| from_sqlite(file.path(), of, error);
    order.finish(&connection).map_err(failed)?;

    let Order { tree, roots, mut findings, folds, .. } = order;
    let log = tables::Log { origin: &origin, events: tree.size(), roots: &roots, key: key.as_ref() };
    checkpoints.iter().for_each(|checkpoint| checkpoint.check(&log, &mut findings));
    against.notes.iter().for_each(|note| log.check_note(note, Held::Elsewhere, &mut findings));
    problems.into_iter().for_each(|problem| findings.add(Finding::File { problem }));
    let (findings, findings_left_out) = findings.into_parts();
    Ok(Report {
        events: tree.size(),
        commands: order.n_commands,
        streams: order.sequences.len() as u64,
        snapshots: folds.refolded,
        snapshots_of_other_versions: folds.other_versions,
        checkpoints: checkpoints.len() as u64,
        held: (against.notes.len() + against.receipts.len()) as u64,
        key: match key {
            None => CheckedKey::None,
            Some(key) if against.given_key.is_some() => CheckedKey::Given(key.to_string()),
            Some(key) => CheckedKey::Beside(key.to_string()),
        },
        root: Digest(tree.root()),
        origin,
        findings,
        findings_left_out,
    })
}

/// Sends every row through the checks; gives back the connection and what SQLite says of the file.
fn pipeline(
    file: &LogFile,
    connection: Connection,
    threads: usize,
    order: &mut Order,
    progress: &mut dyn FnMut(u64),
) -> Result<(Connection, Vec<String>), VerifyError> {
    let folded = order.folds.streams();
    let n_chunks = threads * CHUNKS_PER_WORKER;
    let (to_workers, work) = sync_channel::<Chunk>(n_chunks);
    let (to_order, checked) = sync_channel::<CheckedChunk>(n_chunks);
    let (give_back, spare) = channel();
    for _ in 0..n_chunks {
        give_back.send(Chunk::default()).expect("the other end is here");
    }
    let work = Mutex::new(work);
    thread::scope(|scope| {
        let problems = scope.spawn(|| file_problems(file));
        let scanner = scope.spawn(move || scan(connection, &to_workers, &spare));
        for _ in 0..threads {
            let (work, folded, to_order) = (&work, &folded, to_order.clone());
            scope.spawn(move || {
                let mut buffer = Vec::new();
                while let Some(chunk) = next(work) {
                    if to_order.send(check_chunk(chunk, folded, &mut buffer)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_order);
        in_order(&checked, &give_back, order, progress);
        let (connection, scanned) = scanner.join().expect("the scanner does not panic");
        scanned.map_err(|(after, error)| from_sqlite(file.path(), after, error))?;
        Ok((connection, problems.join().expect("SQLite's check does not panic")?))
    })
}

fn next(work: &Mutex<Receiver<Chunk>>) -> Option<Chunk> {
    work.lock().expect("no worker panics while it waits").recv().ok()
}

/// How a scan ended: at the end, or after this position with this error.
type Scanned = Result<(), (u64, rusqlite::Error)>;

/// Reads all rows in order into chunks.
fn scan(
    connection: Connection,
    to_workers: &SyncSender<Chunk>,
    spare: &Receiver<Chunk>,
) -> (Connection, Scanned) {
    let mut after = 0;
    let mut walk = || -> rusqlite::Result<()> {
        let mut select = connection.prepare(rows::SELECT)?;
        let mut rows = select.query([])?;
        for number in 0.. {
            let Ok(mut chunk) = spare.recv() else { return Ok(()) };
            chunk.restart(number);
            let mut filled = Ok(());
            while !chunk.is_full() && filled.is_ok() {
                match rows.next() {
                    Ok(None) => break,
                    Ok(Some(row)) => filled = chunk.push(row),
                    Err(error) => filled = Err(error),
                }
            }
            after = chunk.last_position().unwrap_or(after);
            let is_last = !chunk.is_full();
            if to_workers.send(chunk).is_err() || is_last || filled.is_err() {
                return filled;
            }
        }
        Ok(())
    };
    let scanned = walk().map_err(|error| (u64::try_from(after).unwrap_or(0), error));
    (connection, scanned)
}

/// Takes chunks as they come and events as they stand in the log.
fn in_order(
    checked: &Receiver<CheckedChunk>,
    give_back: &Sender<Chunk>,
    order: &mut Order,
    progress: &mut dyn FnMut(u64),
) {
    let mut early = BTreeMap::new();
    let mut number = 0;
    for chunk in checked {
        early.insert(chunk.number, chunk);
        while let Some(CheckedChunk { events, findings, chunk, .. }) = early.remove(&number) {
            findings.into_iter().for_each(|finding| order.findings.add(finding));
            events.into_iter().for_each(|event| order.take(event));
            progress(order.tree.size());
            number += 1;
            // When the scanner is done nobody wants it any more.
            let _ = give_back.send(chunk);
        }
    }
}

/// SQLite's own check: pages, indexes, column types, constraints.
fn file_problems(file: &LogFile) -> Result<Vec<String>, VerifyError> {
    let connection = file.connect()?;
    let check = || -> rusqlite::Result<Vec<String>> {
        connection
            .prepare(&format!("PRAGMA integrity_check({FILE_PROBLEMS_MAX})"))?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    let mut problems = check().map_err(|error| from_sqlite(file.path(), 0, error))?;
    problems.retain(|problem| problem != "ok");
    Ok(problems)
}

/// Everything that is known of the log up to the last event taken.
struct Order {
    findings: Findings,
    tree: Tree,
    last_position: i64,
    last_recorded_at: i64,
    sequences: FxHashMap<StreamId, i64>,
    command: Option<CommandRow>,
    n_commands: u64,
    commands: Sum,
    claims: Sum,
    /// None after an entry that could not be added up.
    balances: Option<Balances>,
    ties: Ties,
    folds: Folds,
    /// Sizes at which the root is wanted, the smallest last.
    sizes: Vec<u64>,
    roots: BTreeMap<u64, [u8; 32]>,
    receipts: Vec<Receipt>,
    /// Receipt and place in it, by position.
    receipted: BTreeMap<u64, Vec<(usize, usize)>>,
}

impl Order {
    fn new(findings: Findings, folds: Folds, sizes: impl Iterator<Item = u64>, receipts: &[Receipt]) -> Self {
        let mut sizes: Vec<u64> = sizes.collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let mut receipted: BTreeMap<u64, Vec<(usize, usize)>> = BTreeMap::new();
        for (number, receipt) in receipts.iter().enumerate() {
            for (place, position) in (receipt.first.0..=receipt.last.0).enumerate() {
                receipted.entry(position).or_default().push((number, place));
            }
        }
        let mut order = Self {
            findings,
            tree: Tree::default(),
            last_position: 0,
            last_recorded_at: 0,
            sequences: FxHashMap::default(),
            command: None,
            n_commands: 0,
            commands: Sum::new(),
            claims: Sum::new(),
            balances: Some(Balances::default()),
            ties: Ties::default(),
            folds,
            sizes,
            roots: BTreeMap::new(),
            receipts: receipts.to_vec(),
            receipted,
        };
        order.note_root();
        order
    }

    /// Takes the next event of the log.
    fn take(&mut self, mut event: Checked) {
        self.check_place(&event);
        self.check_command(&event);
        self.check_receipts(&event);
        self.book(&event);
        self.ties.take(event.position, std::mem::take(&mut event.ties), &mut self.findings);
        self.folds.take(&event, &mut self.findings);
        self.tree.push(event.leaf);
        self.note_root();
    }

    fn check_place(&mut self, event: &Checked) {
        let position = event.position;
        let expected = self.last_position.saturating_add(1);
        if position != expected {
            self.findings.add(Finding::PositionGap { expected, found: position });
        }
        let (found, before) = (event.recorded_at, self.last_recorded_at);
        if found < before && self.tree.size() > 0 {
            self.findings.add(Finding::RecordedEarlier { position, found, before });
        }
        // Going on from what was found names each fault once.
        (self.last_position, self.last_recorded_at) = (position, found);
        let Some(stream) = event.stream else { return };
        let last = self.sequences.entry(stream).or_default();
        let expected = last.saturating_add(1);
        *last = event.sequence;
        if event.sequence != expected {
            let found = event.sequence;
            self.findings.add(Finding::SequenceGap { position, stream, expected, found });
        }
    }

    fn check_command(&mut self, event: &Checked) {
        let (position, recorded_at) = (event.position, event.recorded_at);
        match &mut self.command {
            Some(row) if row.command == event.command => {
                row.last = position;
                if event.request.is_some_and(|request| request.is_some()) {
                    let command = hyphenated(&row.command);
                    self.findings.add(Finding::RequestMisplaced { position, command });
                }
                if recorded_at != row.recorded_at {
                    let expected = row.recorded_at;
                    self.findings.add(Finding::CommandInstant { position, expected, found: recorded_at });
                }
            }
            _ => {
                self.end_command();
                if event.request == Some(None) {
                    let command = hyphenated(&event.command);
                    self.findings.add(Finding::RequestMissing { position, command });
                }
                self.command = Some(CommandRow {
                    command: event.command,
                    first: position,
                    last: position,
                    recorded_at,
                    request: event.request.flatten(),
                });
            }
        }
        let first = self.command.map_or(position, |row| row.first);
        for claim in &event.claims {
            self.claims.add_claim(i64::from(claim.what as u8), &claim.key, first);
        }
    }

    fn end_command(&mut self) {
        if let Some(row) = self.command.take() {
            self.n_commands += 1;
            self.commands.add_command(&row);
            self.ties.end_command(row.last, &mut self.findings);
        }
    }

    fn check_receipts(&mut self, event: &Checked) {
        let Ok(position) = u64::try_from(event.position) else { return };
        if self.receipted.first_key_value().is_none_or(|(next, _)| *next > position) {
            return;
        }
        for (number, place) in self.receipted.remove(&position).unwrap_or_default() {
            let receipt = &self.receipts[number];
            let differs = if receipt.leaf_hashes[place].0 != event.leaf {
                "leaf hash"
            } else if *receipt.command.uuid().as_bytes() != event.command {
                "command"
            } else if receipt.recorded_at.micros() != event.recorded_at {
                "instant"
            } else {
                continue;
            };
            let command = receipt.command.to_string();
            self.findings.add(Finding::Receipt { position, command, what: differs });
        }
    }

    fn book(&mut self, event: &Checked) {
        let (Some(entry), Some(balances)) = (&event.entry, &mut self.balances) else { return };
        // Sums of cents stop at 64 bits; half an entry is thrown away with the rest.
        if let Err(stopped) = catch_unwind(AssertUnwindSafe(|| balances.apply_entry(entry))) {
            let (position, identity) = (event.position, said(&*stopped));
            self.findings.add(Finding::BooksBroken { position, identity });
            self.balances = None;
        }
    }

    fn note_root(&mut self) {
        while self.sizes.last() == Some(&self.tree.size()) {
            self.sizes.pop();
            self.roots.insert(self.tree.size(), self.tree.root());
        }
    }

    /// What can be said only at the end.
    fn finish(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.end_command();
        let position = self.last_position;
        if let Some(Err(broken)) = self.balances.as_ref().map(Balances::identities) {
            self.findings.add(Finding::BooksBroken { position, identity: broken.to_string() });
        }
        self.folds.finish(&mut self.findings);
        for (position, places) in std::mem::take(&mut self.receipted) {
            for (number, _) in places {
                let (command, found) = (self.receipts[number].command.to_string(), self.tree.size());
                self.findings.add(Finding::ReceiptAhead { position, command, found });
            }
        }
        let last = (self.last_position, self.last_recorded_at);
        tables::head(connection, &self.tree, last, &mut self.findings)?;
        tables::commands(connection, &self.commands, &mut self.findings)?;
        tables::claims(connection, &self.claims, &mut self.findings)?;
        tables::facts(connection, &mut self.findings)
    }
}
