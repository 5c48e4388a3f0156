//! The tables beside `events`: each follows from the events, and is compared with what does.
//!
//! `commands` and `claims` are too large to hold. What follows from the events is summed up while
//! they pass, and so are the rows of the table: a sum of keyed hashes, which is the same whatever
//! the order. Only when the sums differ is each row looked up, to name those that do not fit.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::{Claim, Digest, Event, Metadata, StreamId};
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row as SqlRow, params};
use rustc_hash::FxHashSet;

use crate::file::FORMAT;
use crate::finding::{Finding, Held, Row};
use crate::note::{LogKey, Note, Signed};
use crate::report::Findings;
use crate::tree::Tree;

/// An integer, or one that fits nowhere when the column holds something else.
pub(crate) fn integer(row: &SqlRow<'_>, index: usize) -> rusqlite::Result<i64> {
    Ok(match row.get_ref(index)? {
        ValueRef::Integer(found) => found,
        _ => i64::MIN,
    })
}

/// Bytes; none when the column holds something else.
pub(crate) fn blob<'a>(row: &'a SqlRow<'_>, index: usize) -> rusqlite::Result<&'a [u8]> {
    Ok(match row.get_ref(index)? {
        ValueRef::Blob(found) => found,
        _ => &[],
    })
}

/// Text; what is not UTF-8 is replaced, since it fits nowhere either way.
pub(crate) fn text(row: &SqlRow<'_>, index: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(index)? {
        ValueRef::Text(found) => String::from_utf8_lossy(found).into_owned(),
        _ => String::new(),
    })
}

/// A sum over rows that does not depend on their order.
///
/// Two SipHashes under random keys: who changes a table cannot aim at the sum.
#[derive(Debug)]
pub(crate) struct Sum {
    keys: [RandomState; 2],
    sum: u128,
}

impl Sum {
    pub(crate) fn new() -> Self {
        Self { keys: [RandomState::new(), RandomState::new()], sum: 0 }
    }

    /// A sum of nothing, to be compared with this one.
    fn empty_like(&self) -> Self {
        Self { keys: self.keys.clone(), sum: 0 }
    }

    fn add(&mut self, row: &[u8]) {
        let [high, low] = [&self.keys[0], &self.keys[1]].map(|key| u128::from(key.hash_one(row)));
        self.sum = self.sum.wrapping_add(high << 64 | low);
    }

    /// Adds a row of `commands`.
    pub(crate) fn add_command(&mut self, row: &CommandRow) {
        let mut bytes = [0; 72];
        bytes[..16].copy_from_slice(&row.command);
        bytes[16..24].copy_from_slice(&row.first.to_be_bytes());
        bytes[24..32].copy_from_slice(&row.last.to_be_bytes());
        bytes[32..40].copy_from_slice(&row.recorded_at.to_be_bytes());
        bytes[40..].copy_from_slice(&row.request.unwrap_or(Digest([0; 32])).0);
        self.add(&bytes);
    }

    /// Adds a row of `claims`.
    pub(crate) fn add_claim(&mut self, what: i64, key: &[u8; 16], position: i64) {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&what.to_be_bytes());
        bytes[8..24].copy_from_slice(key);
        bytes[24..].copy_from_slice(&position.to_be_bytes());
        self.add(&bytes);
    }
}

/// A row of `commands`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommandRow {
    pub command: [u8; 16],
    pub first: i64,
    pub last: i64,
    pub recorded_at: i64,
    /// None when the metadata of the first event does not say.
    pub request: Option<Digest>,
}

impl CommandRow {
    fn read(row: &SqlRow<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            command: blob(row, 0)?.try_into().unwrap_or_default(),
            first: integer(row, 1)?,
            last: integer(row, 2)?,
            recorded_at: integer(row, 3)?,
            request: blob(row, 4)?.try_into().ok().map(Digest),
        })
    }
}

const COMMAND_COLUMNS: &str = "command_id, first_position, last_position, recorded_at, request_digest";

/// Compares `commands` with what follows from the events.
pub(crate) fn commands(
    connection: &Connection,
    expected: &Sum,
    findings: &mut Findings,
) -> rusqlite::Result<()> {
    let mut found = expected.empty_like();
    let mut select = connection.prepare(&format!("SELECT {COMMAND_COLUMNS} FROM commands"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        found.add_command(&CommandRow::read(row)?);
    }
    if found.sum == expected.sum {
        return Ok(());
    }
    commands_one_by_one(connection, findings)
}

fn commands_one_by_one(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<()> {
    let mut named = FxHashSet::default();
    let mut select =
        connection.prepare(&format!("SELECT {COMMAND_COLUMNS} FROM commands WHERE command_id = ?1"))?;
    let mut command_at = connection.prepare("SELECT command_id FROM events WHERE position = ?1")?;
    let mut command_at = |position: i64| {
        let found = command_at.query_row([position], |row| Ok(blob(row, 0)?.to_vec()));
        found.optional().map(Option::unwrap_or_default)
    };
    let mut compare = |expected: &CommandRow| -> rusqlite::Result<()> {
        let position = expected.first;
        let command = hyphenated(&expected.command);
        let found = select.query_row([expected.command], CommandRow::read).optional()?;
        let row = Row::Command { command: command.clone() };
        let Some(found) = found else {
            findings.add(Finding::RowMissing { position, row });
            return Ok(());
        };
        if found.first < expected.first && command_at(found.first)? == expected.command {
            named.insert(expected.command);
            findings.add(Finding::CommandScattered { position, command, first: found.first });
            return Ok(());
        }
        let digest = |digest: Option<Digest>| digest.map_or("none".to_owned(), |digest| digest.to_string());
        let expected_request = expected.request.or(found.request);
        let columns = [
            ("first position", expected.first.to_string(), found.first.to_string()),
            ("last position", expected.last.to_string(), found.last.to_string()),
            ("instant", expected.recorded_at.to_string(), found.recorded_at.to_string()),
            ("request digest", digest(expected_request), digest(found.request)),
        ];
        for (what, expected_text, found) in
            columns.into_iter().filter(|(_, expected, found)| expected != found)
        {
            named.insert(expected.command);
            findings.add(Finding::RowDiffers {
                position,
                row: row.clone(),
                what,
                expected: expected_text,
                found,
            });
        }
        Ok(())
    };
    let mut run: Option<CommandRow> = None;
    let mut events = connection
        .prepare("SELECT position, command_id, recorded_at, metadata FROM events ORDER BY position")?;
    let mut rows = events.query([])?;
    while let Some(row) = rows.next()? {
        let (position, command) = (integer(row, 0)?, blob(row, 1)?.try_into().unwrap_or_default());
        match &mut run {
            Some(run) if run.command == command => run.last = position,
            _ => {
                if let Some(run) = run.take() {
                    compare(&run)?;
                }
                let metadata = serde_json::from_str::<Metadata>(&text(row, 3)?).ok();
                let request = metadata.and_then(|metadata| metadata.request);
                let recorded_at = integer(row, 2)?;
                run = Some(CommandRow { command, first: position, last: position, recorded_at, request });
            }
        }
    }
    if let Some(run) = run {
        compare(&run)?;
    }
    let mut table = connection.prepare(&format!("SELECT {COMMAND_COLUMNS} FROM commands"))?;
    let mut rows = table.query([])?;
    while let Some(row) = rows.next()? {
        let row = CommandRow::read(row)?;
        if !named.contains(&row.command) && command_at(row.first)? != row.command {
            let command = hyphenated(&row.command);
            findings.add(Finding::RowExtra { position: row.first, row: Row::Command { command } });
        }
    }
    Ok(())
}

/// Compares `claims` with what follows from the events.
pub(crate) fn claims(
    connection: &Connection,
    expected: &Sum,
    findings: &mut Findings,
) -> rusqlite::Result<()> {
    let mut found = expected.empty_like();
    each_claim(connection, |what, key, position| {
        found.add_claim(what, key, position);
        Ok(())
    })?;
    if found.sum == expected.sum {
        return Ok(());
    }
    claims_one_by_one(connection, findings)
}

fn each_claim(
    connection: &Connection,
    mut take: impl FnMut(i64, &[u8; 16], i64) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut select = connection.prepare("SELECT what, key, position FROM claims")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let key = blob(row, 1)?.try_into().unwrap_or_default();
        take(integer(row, 0)?, &key, integer(row, 2)?)?;
    }
    Ok(())
}

fn claims_one_by_one(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<()> {
    let claim_row = |what: i64, key: &[u8; 16]| Row::Claim { what, key: hex(key) };
    let mut named = FxHashSet::default();
    let mut lookup = connection.prepare("SELECT position FROM claims WHERE what = ?1 AND key = ?2")?;
    let mut events = connection.prepare(
        "SELECT aggregate_type, aggregate_id, payload, position, command_id, event_type, event_version
         FROM events
         ORDER BY position",
    )?;
    let mut rows = events.query([])?;
    let mut run: Option<([u8; 16], i64)> = None;
    while let Some(row) = rows.next()? {
        let (position, command) = (integer(row, 3)?, blob(row, 4)?.try_into().unwrap_or_default());
        let first = match run {
            Some((before, first)) if before == command => first,
            _ => position,
        };
        run = Some((command, first));
        for Claim { what, key } in claims_of(row)? {
            let what = i64::from(what as u8);
            let found = lookup.query_row(params![what, key], |row| integer(row, 0)).optional()?;
            let row = claim_row(what, &key);
            match found {
                None => findings.add(Finding::RowMissing { position, row }),
                Some(found) if found != first => {
                    named.insert((what, key));
                    let (expected, found) = (first.to_string(), found.to_string());
                    findings.add(Finding::RowDiffers { position, row, what: "position", expected, found });
                }
                Some(_) => {}
            }
        }
    }
    let mut command = connection.prepare(
        "SELECT aggregate_type, aggregate_id, payload, position, command_id, event_type, event_version
         FROM events
         WHERE position >= ?1
         ORDER BY position",
    )?;
    each_claim(connection, |what, key, position| {
        if !named.contains(&(what, *key)) && !is_claimed(&mut command, what, key, position)? {
            findings.add(Finding::RowExtra { position, row: claim_row(what, key) });
        }
        Ok(())
    })
}

/// Whether an event of the command that begins at a position claims a key.
fn is_claimed(
    command: &mut rusqlite::Statement<'_>,
    what: i64,
    key: &[u8; 16],
    position: i64,
) -> rusqlite::Result<bool> {
    let mut rows = command.query([position])?;
    let mut first: Option<Vec<u8>> = None;
    while let Some(row) = rows.next()? {
        let id = blob(row, 4)?;
        if first.is_none() && integer(row, 3)? != position {
            return Ok(false);
        }
        if first.get_or_insert_with(|| id.to_vec()) != id {
            return Ok(false);
        }
        if claims_of(row)?.iter().any(|claim| i64::from(claim.what as u8) == what && claim.key == *key) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What an event claims; nothing when it cannot be decoded, which is a finding of its own.
fn claims_of(row: &SqlRow<'_>) -> rusqlite::Result<Vec<Claim>> {
    let Some(stream) = StreamId::parse(&text(row, 0)?, &text(row, 1)?) else { return Ok(Vec::new()) };
    let (payload, event_type, version) = (text(row, 2)?, text(row, 5)?, text(row, 6)?);
    let event = || Event::read(stream, &event_type, &version, &payload);
    let read = || event().map(|event| event.claims()).unwrap_or_default();
    Ok(catch_unwind(AssertUnwindSafe(read)).unwrap_or_default())
}

/// Reads the log's id; its origin is `coledger/<id>`.
pub(crate) fn origin(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<String> {
    let mut select = connection.prepare("SELECT id, format, log_id FROM log")?;
    let mut rows = select.query([])?;
    let (mut origin, mut fits, mut n_rows) = (None, true, 0);
    while let Some(row) = rows.next()? {
        n_rows += 1;
        let id: Option<[u8; 16]> = blob(row, 2)?.try_into().ok();
        fits &= id.is_some() && integer(row, 0)? == 1 && integer(row, 1)? == FORMAT;
        origin = origin.or(id);
    }
    if n_rows != 1 || !fits {
        findings.add(Finding::Identity { expected: FORMAT });
    }
    Ok(format!("coledger/{}", hyphenated(&origin.unwrap_or_default())))
}

/// Compares `log_head` with the tree and the last event.
pub(crate) fn head(
    connection: &Connection,
    tree: &Tree,
    (last_position, last_recorded_at): (i64, i64),
    findings: &mut Findings,
) -> rusqlite::Result<()> {
    let mut select =
        connection.prepare("SELECT position, root, compact_range, recorded_at FROM log_head WHERE id = 1")?;
    let mut rows = select.query([])?;
    let (size, mut n_rows) = (tree.size(), 0);
    while let Some(row) = rows.next()? {
        n_rows += 1;
        let position = integer(row, 0)?;
        if position != last_position {
            findings.add(Finding::HeadPosition { expected: last_position, found: position });
        }
        let (expected, root) = (Digest(tree.root()), blob(row, 1)?);
        if root != expected.0 {
            findings.add(Finding::HeadRoot { size, expected, found: hex(root) });
        }
        if blob(row, 2)? != tree.compact_range() {
            findings.add(Finding::HeadCompactRange { size });
        }
        let found = integer(row, 3)?;
        if found != last_recorded_at {
            findings.add(Finding::HeadRecordedAt { expected: last_recorded_at, found });
        }
    }
    // SQLite skips CHECK constraints on a file that it may not write, so ids are looked at here.
    let others: i64 =
        connection.query_row("SELECT count(*) FROM log_head WHERE id <> 1", [], |row| row.get(0))?;
    if (n_rows, others) != (1, 0) {
        findings.add(Finding::HeadRows { found: n_rows + others });
    }
    Ok(())
}

/// The facts must end with an event of the log.
pub(crate) fn facts(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<()> {
    let mut select = connection.prepare("SELECT position, leaf_hash, id FROM facts")?;
    let mut leaf: CachedStatement<'_> =
        connection.prepare_cached("SELECT leaf_hash FROM events WHERE position = ?1")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let position = integer(row, 0)?;
        let found = leaf.query_row([position], |row| Ok(blob(row, 0)?.to_vec())).optional()?;
        if found.as_deref() != Some(blob(row, 1)?) || integer(row, 2)? != 1 {
            findings.add(Finding::FactsPlace { position });
        }
    }
    Ok(())
}

/// A row of `checkpoints`.
pub(crate) struct StoredCheckpoint {
    size: i64,
    root: Vec<u8>,
    note: Result<Note, &'static str>,
}

impl StoredCheckpoint {
    /// Reads them all; they are few.
    pub(crate) fn load(connection: &Connection) -> rusqlite::Result<Vec<Self>> {
        connection
            .prepare("SELECT size, root, note FROM checkpoints ORDER BY size")?
            .query_map([], |row| {
                let note = Note::parse(&text(row, 2)?);
                Ok(Self { size: integer(row, 0)?, root: blob(row, 1)?.to_vec(), note })
            })?
            .collect()
    }

    /// The size at which the root is wanted.
    pub(crate) fn size(&self) -> Option<u64> {
        self.note.as_ref().ok().map(|note| note.size)
    }

    /// Compares row, note and log.
    pub(crate) fn check(&self, log: &Log<'_>, findings: &mut Findings) {
        let size = self.size;
        let note = match &self.note {
            Ok(note) => note,
            Err(problem) => {
                findings.add(Finding::CheckpointMalformed { size, problem });
                return;
            }
        };
        if i64::try_from(note.size) != Ok(size) || note.root.0 != *self.root {
            findings.add(Finding::CheckpointRow { size });
        }
        log.check_note(note, Held::Stored, findings);
    }
}

/// The log as recomputed, to compare checkpoints with.
pub(crate) struct Log<'a> {
    pub origin: &'a str,
    pub events: u64,
    /// Roots at the sizes that were wanted.
    pub roots: &'a BTreeMap<u64, [u8; 32]>,
    pub key: Option<&'a LogKey>,
}

impl Log<'_> {
    /// Compares a checkpoint with the log.
    pub(crate) fn check_note(&self, note: &Note, held: Held, findings: &mut Findings) {
        let size = note.size;
        if note.origin != self.origin {
            let (expected, found) = (self.origin.to_owned(), note.origin.clone());
            findings.add(Finding::CheckpointOrigin { held, size, expected, found });
        }
        if let Some(key) = self.key.filter(|key| key.signed(note) != Signed::Yes) {
            findings.add(Finding::CheckpointSignature { held, size, key: key.to_string() });
        }
        match self.roots.get(&size).map(|root| Digest(*root)) {
            None => findings.add(Finding::CheckpointAhead { held, size, found: self.events }),
            Some(expected) if expected != note.root => {
                findings.add(Finding::CheckpointRoot { held, size, expected, found: note.root });
            }
            Some(_) => {}
        }
    }
}

/// Sixteen bytes as a UUID is written.
pub(crate) fn hyphenated(id: &[u8; 16]) -> String {
    let digits = hex(id);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
