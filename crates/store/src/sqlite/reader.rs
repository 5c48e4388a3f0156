//! Reading the log: events in order, one stream, receipts, claims, checkpoints.
//!
//! A reader is one read-only connection, cheap to open and `Send`; open one per thread. Each call
//! reads one consistent state, and a later call never sees less than an earlier one.

use std::path::{Path, PathBuf};

use domain::dates::RecordedAt;
use domain::envelope::{Claim, Position, Receipt, Sequence, Stored, StreamId};
use domain::evidence::Digest;
use domain::ids::CommandId;
use rusqlite::{Connection, OptionalExtension, Params, params};
use uuid::Uuid;

use crate::error::{StoreError, from_sqlite};
use crate::files::LOG_FILE;
use crate::merkle::CompactRange;
use crate::sqlite::connection::{self, Access};
use crate::sqlite::log::{Head, LOG_KIND, LogId, read_head};
use crate::sqlite::rows::{EVENT_COLUMNS, StoredRow, digest, position, read_row, sequence, signed};

/// A log opened for reading.
pub struct LogReader {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    log_id: LogId,
}

impl LogReader {
    /// Opens the log in this directory; nothing is written, and the writer is never kept waiting.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_as(dir, Access::Read)
    }

    pub(crate) fn open_as(dir: &Path, access: Access) -> Result<Self, StoreError> {
        let path = dir.join(LOG_FILE);
        if !path.exists() {
            return Err(StoreError::NoLog { dir: dir.to_owned() });
        }
        let connection = connection::open(&path, LOG_KIND, access)?;
        let id: [u8; 16] = connection
            .query_row("SELECT log_id FROM log WHERE id = 1", [], |row| row.get(0))
            .map_err(|error| from_sqlite("read the identity of", &path, error))?;
        Ok(Self { connection, path, log_id: LogId::new(Uuid::from_bytes(id)) })
    }

    /// The log's name.
    pub fn log_id(&self) -> LogId {
        self.log_id
    }

    /// Where the log stands now.
    pub fn head(&self) -> Result<Head, StoreError> {
        read_head(&self.connection, &self.path)
    }

    /// At most `max` events from this position on, in order.
    pub fn read(&self, from: Position, max: usize) -> Result<Vec<Stored>, StoreError> {
        let to = from.0.saturating_add(max as u64).saturating_sub(1);
        let mut events = Vec::with_capacity(max.min(4_096));
        if max > 0 {
            self.scan(from, Position(to), |row| {
                events.push(row.to_stored());
                Ok::<(), StoreError>(())
            })?;
        }
        Ok(events)
    }

    /// Shows every event from one position to another, both included, in order, without copying.
    ///
    /// Stops at the first error of the visitor, and at a gap.
    pub fn scan<E: From<StoreError>>(
        &self,
        from: Position,
        to: Position,
        mut visit: impl FnMut(&StoredRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut next = from.0.max(1);
        let sql =
            format!("SELECT {EVENT_COLUMNS} FROM events WHERE position BETWEEN ?1 AND ?2 ORDER BY position");
        self.visit(&sql, params![signed(next), signed(to.0)], |row| {
            if row.envelope.position.0 != next {
                let what = format!("position {next} is missing");
                return Err(StoreError::Inconsistent { path: self.path.clone(), what }.into());
            }
            next += 1;
            visit(row)
        })
    }

    /// The events of one stream after this place, in order.
    pub fn read_stream(&self, stream: StreamId, after: Sequence) -> Result<Vec<Stored>, StoreError> {
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM events
             WHERE aggregate_type = ?1 AND aggregate_id = ?2 AND sequence > ?3
             ORDER BY sequence"
        );
        let mut events = Vec::new();
        self.visit(&sql, params![stream.aggregate_type(), stream.aggregate_id(), signed(after.0)], |row| {
            events.push(row.to_stored());
            Ok::<(), StoreError>(())
        })?;
        Ok(events)
    }

    /// The event at this position; `None` beyond the end.
    pub fn event_at(&self, position: Position) -> Result<Option<Stored>, StoreError> {
        Ok(self.read(position, 1)?.pop().filter(|stored| stored.position == position))
    }

    /// Sequence of the stream's last event, 0 when it has none.
    pub fn stream_version(&self, stream: StreamId) -> Result<Sequence, StoreError> {
        stream_version(&self.connection, stream).map_err(|error| self.failed(error))
    }

    /// The receipt that was given for this command, and the digest of its request.
    pub fn receipt_of(&self, command: CommandId) -> Result<Option<(Receipt, Digest)>, StoreError> {
        let row = self
            .connection
            .prepare_cached(
                "SELECT first_position, last_position, request_digest, recorded_at
                 FROM commands
                 WHERE command_id = ?1",
            )
            .and_then(|mut select| {
                select
                    .query_row([command.uuid().as_bytes()], |row| {
                        Ok((
                            position(row.get(0)?),
                            position(row.get(1)?),
                            Digest(row.get(2)?),
                            RecordedAt::from_micros(row.get(3)?),
                        ))
                    })
                    .optional()
            })
            .map_err(|error| self.failed(error))?;
        let Some((first, last, request_digest, recorded_at)) = row else { return Ok(None) };
        let leaf_hashes = self.leaf_hashes(first, last)?;
        Ok(Some((Receipt { command, first, last, recorded_at, leaf_hashes }, request_digest)))
    }

    /// First position of the command that holds this key, when one does.
    pub fn claim_holder(&self, claim: &Claim) -> Result<Option<Position>, StoreError> {
        claim_holder(&self.connection, claim).map_err(|error| self.failed(error))
    }

    /// Leaf hashes as stored, from one position to another, both included.
    pub fn leaf_hashes(&self, first: Position, last: Position) -> Result<Vec<Digest>, StoreError> {
        let mut hashes = Vec::new();
        self.each_leaf_hash(first, last, |hash| hashes.push(hash))?;
        Ok(hashes)
    }

    /// The root that the log had at this size, from the leaf hashes as stored.
    pub fn root_at(&self, size: Position) -> Result<Digest, StoreError> {
        let mut tree = CompactRange::new();
        self.each_leaf_hash(Position(1), size, |hash| tree.push(hash))?;
        Ok(tree.root())
    }

    /// The stored checkpoint of this size.
    pub fn checkpoint_at(&self, size: Position) -> Result<Option<String>, StoreError> {
        self.one("SELECT note FROM checkpoints WHERE size = ?1", params![signed(size.0)])
    }

    /// The stored checkpoint of the greatest size.
    pub fn last_checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.one("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1", [])
    }

    /// All stored checkpoints, smallest first.
    pub fn checkpoints(&self) -> Result<Vec<String>, StoreError> {
        self.connection
            .prepare_cached("SELECT note FROM checkpoints ORDER BY size")
            .and_then(|mut select| select.query_map([], |row| row.get(0))?.collect())
            .map_err(|error| self.failed(error))
    }

    /// The head must stand on the last event.
    pub(crate) fn check_last_position(&self, head: &Head) -> Result<(), StoreError> {
        let last = self
            .connection
            .query_row("SELECT coalesce(max(position), 0) FROM events", [], |row| row.get(0))
            .map(position)
            .map_err(|error| self.failed(error))?;
        // Another process may have appended between the two reads, so more events are no fault.
        if last < head.position {
            let what = format!("the head is at {}, but the last event at {last}", head.position);
            return Err(StoreError::Inconsistent { path: self.path.clone(), what });
        }
        Ok(())
    }

    pub(crate) fn failed(&self, error: rusqlite::Error) -> StoreError {
        from_sqlite("read", &self.path, error)
    }

    fn one(&self, sql: &str, parameters: impl Params) -> Result<Option<String>, StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut select| select.query_row(parameters, |row| row.get(0)).optional())
            .map_err(|error| self.failed(error))
    }

    fn visit<E: From<StoreError>>(
        &self,
        sql: &str,
        parameters: impl Params,
        mut visit: impl FnMut(&StoredRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut select = self.connection.prepare_cached(sql).map_err(|error| self.failed(error))?;
        let mut rows = select.query(parameters).map_err(|error| self.failed(error))?;
        while let Some(row) = rows.next().map_err(|error| self.failed(error))? {
            visit(&read_row(&self.path, row)?)?;
        }
        Ok(())
    }

    fn each_leaf_hash(
        &self,
        first: Position,
        last: Position,
        mut take: impl FnMut(Digest),
    ) -> Result<(), StoreError> {
        let mut found = 0;
        let mut walk = || -> rusqlite::Result<()> {
            let mut select = self.connection.prepare_cached(
                "SELECT leaf_hash FROM events WHERE position BETWEEN ?1 AND ?2 ORDER BY position",
            )?;
            let mut rows = select.query(params![signed(first.0), signed(last.0)])?;
            while let Some(row) = rows.next()? {
                if let Some(hash) = digest(row.get_ref(0)?.as_blob()?) {
                    found += 1;
                    take(hash);
                }
            }
            Ok(())
        };
        walk().map_err(|error| self.failed(error))?;
        if found != (last.0 + 1).saturating_sub(first.0) {
            let what = format!("events from {first} to {last} are missing");
            return Err(StoreError::Inconsistent { path: self.path.clone(), what });
        }
        Ok(())
    }
}

fn stream_version(connection: &Connection, stream: StreamId) -> rusqlite::Result<Sequence> {
    connection
        .prepare_cached(
            "SELECT coalesce(max(sequence), 0)
             FROM events
             WHERE aggregate_type = ?1
             AND aggregate_id = ?2",
        )?
        .query_row([stream.aggregate_type(), &stream.aggregate_id()], |row| row.get(0))
        .map(sequence)
}

fn claim_holder(connection: &Connection, claim: &Claim) -> rusqlite::Result<Option<Position>> {
    connection
        .prepare_cached("SELECT position FROM claims WHERE what = ?1 AND key = ?2")?
        .query_row(params![claim.what as u8, claim.key], |row| row.get(0))
        .optional()
        .map(|found| found.map(position))
}

impl std::fmt::Debug for LogReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogReader({} in {})", self.log_id, self.path.display())
    }
}
