//! Appending a batch: one transaction, one sync, all or nothing.
//!
//! The head on disk is compared with the one that the batch was decided on, inside the write lock;
//! whoever decided on an older one gets `Moved` and nothing is written. Everything else that is
//! refused here has been looked up before by the writer: this is the belt to its braces.

use std::fmt::Write;

use domain::dates::RecordedAt;
use domain::envelope::{Claim, Position, Prepared, PreparedCommand, Receipt, Sequence, StreamId};
use domain::evidence::Digest;
use domain::ids::CommandId;
use rusqlite::{CachedStatement, ErrorCode, Transaction, TransactionBehavior, params};

use crate::error::{AppendError, from_sqlite};
use crate::leaf::Envelope;
use crate::sqlite::log::{Head, Log, read_head};
use crate::sqlite::rows::signed;

// OR ROLLBACK, here and in the triggers: what is refused takes the whole batch with it, as it must,
// and SQLite then copies fewer pages for undoing single statements (a fifth of an append, measured).
// For the same reason SQLite numbers the events, which cannot but give the last + 1: a trigger beside
// an explicit rowid always may abort, as SQLite sees it.
const INSERT_EVENT: &str = "
    INSERT OR ROLLBACK INTO events (
        aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
        recorded_at, effective_on, command_id, posting_rule, entry_digest, leaf_hash
    )
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const INSERT_COMMAND: &str = "
    INSERT OR ROLLBACK INTO commands (command_id, first_position, last_position, request_digest, recorded_at)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const INSERT_CLAIM: &str = "
    INSERT OR ROLLBACK INTO claims (what, key, position)
    VALUES (?1, ?2, ?3)";
const UPDATE_HEAD: &str = "
    UPDATE log_head
    SET position = ?1, root = ?2, compact_range = ?3, recorded_at = ?4
    WHERE id = 1";

impl Log {
    /// Appends commands in order, after the position that they were decided on.
    ///
    /// Gives each event its position and leaf hash, and each command its instant, which is never
    /// before the last one. When this returns the batch is on disk.
    pub fn append(
        &mut self,
        expected: Position,
        batch: &[PreparedCommand],
    ) -> Result<Vec<Receipt>, AppendError> {
        self.release_cut()?;
        let path = self.reader.path.clone();
        let failed = |error| from_sqlite("append to", &path, error);
        let transaction = self
            .reader
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let found = read_head(&transaction, &path)?;
        self.head = found.clone();
        if found.position != expected {
            return Err(AppendError::Moved { expected, found: found.position });
        }
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let mut appending = Appending::new(&transaction, found).map_err(failed)?;
        let mut receipts = Vec::with_capacity(batch.len());
        let stopped = batch.iter().find_map(|command| match appending.command(command) {
            Ok(receipt) => {
                receipts.push(receipt);
                None
            }
            Err(stopped) => Some(stopped),
        });
        let mut head = appending.finish();
        if let Some(stopped) = stopped {
            drop(transaction);
            return Err(self.explain(stopped, batch, &receipts));
        }
        head.root = head.tree.root();
        transaction
            .prepare_cached(UPDATE_HEAD)
            .and_then(|mut update| {
                update.execute(params![
                    signed(head.position.0),
                    head.root.0,
                    head.tree.to_bytes(),
                    head.recorded_at.micros(),
                ])
            })
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.head = head;
        Ok(receipts)
    }

    /// Says what stopped a batch, whose transaction is rolled back by now.
    fn explain(&self, stopped: Stopped, batch: &[PreparedCommand], receipts: &[Receipt]) -> AppendError {
        match stopped {
            Stopped::NoEvents(command) => AppendError::NoEvents { command },
            Stopped::Command(command) => AppendError::CommandExists { command },
            Stopped::Claim(claim) => {
                self.reader.claim_holder(&claim).map_or_else(AppendError::Store, |holder| {
                    let next = receipts.last().map_or(self.head.position, |receipt| receipt.last).0 + 1;
                    let firsts = receipts.iter().map(|receipt| receipt.first).chain([Position(next)]);
                    let mut in_batch =
                        batch.iter().zip(firsts).filter(|(command, _)| command.claims.contains(&claim));
                    let holder = holder.or_else(|| in_batch.next().map(|(_, first)| first));
                    AppendError::ClaimTaken { claim, holder: holder.unwrap_or_default() }
                })
            }
            Stopped::Sequence(stream, given) => {
                self.reader.stream_version(stream).map_or_else(AppendError::Store, |found| {
                    // Those of the batch that fitted count on from what is stored.
                    let reached = batch.iter().take(receipts.len() + 1).flat_map(|command| &command.events);
                    let found = reached
                        .filter(|event| event.stream == stream)
                        .zip(found.0 + 1..)
                        .take_while(|(event, next)| event.sequence.0 == *next)
                        .last()
                        .map_or(found, |(event, _)| event.sequence);
                    AppendError::OutOfSequence { stream, found, given }
                })
            }
            Stopped::Driver(error) => from_sqlite("append to", &self.reader.path, error).into(),
        }
    }
}

/// A batch under way: its statements, the head it has reached, and buffers used again.
struct Appending<'t> {
    insert_event: CachedStatement<'t>,
    insert_command: CachedStatement<'t>,
    insert_claim: CachedStatement<'t>,
    head: Head,
    leaf: Vec<u8>,
    version: String,
}

/// Why a command of the batch stops it.
enum Stopped {
    NoEvents(CommandId),
    Command(CommandId),
    Claim(Claim),
    Sequence(StreamId, Sequence),
    Driver(rusqlite::Error),
}

impl Stopped {
    /// What a trigger or constraint refused is named; other errors stay the driver's.
    fn at(error: rusqlite::Error, named: Self) -> Self {
        if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
            named
        } else {
            Self::Driver(error)
        }
    }
}

impl<'t> Appending<'t> {
    fn new(transaction: &'t Transaction<'_>, head: Head) -> rusqlite::Result<Self> {
        Ok(Self {
            insert_event: transaction.prepare_cached(INSERT_EVENT)?,
            insert_command: transaction.prepare_cached(INSERT_COMMAND)?,
            insert_claim: transaction.prepare_cached(INSERT_CLAIM)?,
            head,
            leaf: Vec::with_capacity(4_096),
            version: String::new(),
        })
    }

    /// The head that the batch has reached; its statements go back to the cache.
    fn finish(self) -> Head {
        self.head
    }

    fn command(&mut self, prepared: &PreparedCommand) -> Result<Receipt, Stopped> {
        let command = prepared.command;
        let first = Position(self.head.position.0 + 1);
        let recorded_at = self.head.recorded_at.max(prepared.recorded_at);
        let leaf_hashes = prepared
            .events
            .iter()
            .map(|event| self.event(prepared, event, recorded_at))
            .collect::<Result<Vec<Digest>, Stopped>>()?;
        let last = self.head.position;
        if leaf_hashes.is_empty() {
            return Err(Stopped::NoEvents(command));
        }
        self.head.recorded_at = recorded_at;
        self.insert_command
            .execute(params![
                command.uuid().as_bytes(),
                signed(first.0),
                signed(last.0),
                prepared.request_digest.0,
                recorded_at.micros(),
            ])
            .map_err(|error| Stopped::at(error, Stopped::Command(command)))?;
        for claim in &prepared.claims {
            self.insert_claim
                .execute(params![claim.what as u8, claim.key, signed(first.0)])
                .map_err(|error| Stopped::at(error, Stopped::Claim(*claim)))?;
        }
        Ok(Receipt { command, first, last, recorded_at, leaf_hashes })
    }

    fn event(
        &mut self,
        prepared: &PreparedCommand,
        event: &Prepared,
        recorded_at: RecordedAt,
    ) -> Result<Digest, Stopped> {
        let position = Position(self.head.position.0 + 1);
        let aggregate_id = event.stream.aggregate_id();
        self.version.clear();
        write!(self.version, "{}", event.kind.version).expect("a String takes any text");
        let envelope = Envelope {
            position,
            recorded_at,
            effective_on: event.effective_on,
            aggregate_type: event.stream.aggregate_type(),
            aggregate_id: &aggregate_id,
            sequence: event.sequence,
            event_type: event.kind.name,
            event_version: &self.version,
            payload: &event.payload,
            metadata: &event.metadata,
            command: prepared.command,
            posting_rule: event.posting_rule.as_str(),
            entry_digest: event.entry_digest,
        };
        let leaf_hash = envelope.leaf_hash_using(&mut self.leaf);
        self.insert_event
            .execute(params![
                envelope.aggregate_type,
                envelope.aggregate_id,
                signed(envelope.sequence.0),
                envelope.event_type,
                envelope.event_version,
                envelope.payload,
                envelope.metadata,
                envelope.recorded_at.micros(),
                envelope.effective_on.to_string(),
                envelope.command.uuid().as_bytes(),
                envelope.posting_rule,
                envelope.entry_digest.0,
                leaf_hash.0,
            ])
            .map_err(|error| Stopped::at(error, Stopped::Sequence(event.stream, event.sequence)))?;
        self.head.tree.push(leaf_hash);
        self.head.position = position;
        Ok(leaf_hash)
    }
}

#[cfg(test)]
mod tests {
    //! Failures that need a hand on the connection; what can be seen from outside is in `tests/`.

    use std::time::Duration;

    use domain::envelope::Kind;
    use domain::ids::UnitId;
    use rusqlite::Connection;
    use tempfile::{TempDir, tempdir};
    use uuid::Uuid;

    use super::*;
    use crate::error::StoreError;
    use crate::secrets::OsRandomness;
    use crate::sqlite::{LogId, LogReader};

    const ATELIER: StreamId = StreamId::Unit(UnitId::new(Uuid::from_u128(0xA)));

    fn new_log() -> (TempDir, Log) {
        let dir = tempdir().unwrap();
        let log = Log::create(dir.path(), LogId::new(Uuid::from_u128(7)), &mut OsRandomness).unwrap();
        (dir, log)
    }

    /// A command of one event, so large that a hundred of them need many pages.
    fn command(n: u64) -> PreparedCommand {
        let event = Prepared {
            stream: ATELIER,
            sequence: Sequence(n),
            kind: Kind { name: "test.happened", version: 1 },
            effective_on: "2025-03-31".parse().unwrap(),
            payload: "x".repeat(3_000),
            metadata: "{}".to_owned(),
            posting_rule: "none@1".parse().unwrap(),
            entry_digest: Digest([0; 32]),
        };
        PreparedCommand {
            command: CommandId::new(Uuid::from_u128(u128::from(n))),
            request_digest: Digest([0; 32]),
            events: vec![event],
            claims: Vec::new(),
            recorded_at: RecordedAt::from_micros(1),
        }
    }

    #[test]
    fn a_disk_that_fills_up_in_the_middle_of_a_batch_leaves_nothing_of_it() {
        let (dir, mut log) = new_log();
        log.append(Position(0), &[command(1)]).unwrap();
        let before = log.head().clone();
        let pages: i64 = log.reader.connection.pragma_query_value(None, "page_count", |r| r.get(0)).unwrap();
        log.reader.connection.pragma_update(None, "max_page_count", pages + 20).unwrap();
        let batch: Vec<_> = (2..=100).map(command).collect();
        let error = log.append(Position(1), &batch).unwrap_err();
        assert!(matches!(error, AppendError::Store(StoreError::DiskFull { .. })), "{error:?}");
        assert!(error.to_string().contains("free some space"), "{error}");
        assert_eq!(*log.head(), before);
        let reader = LogReader::open(dir.path()).unwrap();
        assert_eq!(reader.head().unwrap(), before);
        assert_eq!(reader.read(Position(1), 200).unwrap().len(), 1);
        // Once there is room the same batch goes in.
        log.reader.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
        log.append(Position(1), &batch).unwrap();
        assert_eq!(reader.head().unwrap().position, Position(100));
    }

    #[test]
    fn a_log_that_may_not_be_written_is_named_as_such() {
        let (_dir, mut log) = new_log();
        log.reader.connection.pragma_update(None, "query_only", true).unwrap();
        let error = log.append(Position(0), &[command(1)]).unwrap_err();
        assert!(matches!(error, AppendError::Store(StoreError::ReadOnly { .. })), "{error:?}");
    }

    #[test]
    fn another_process_that_holds_the_log_is_named_as_the_reason() {
        let (dir, mut log) = new_log();
        log.reader.connection.busy_timeout(Duration::from_millis(10)).unwrap();
        let other = Connection::open(dir.path().join("log.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let error = log.append(Position(0), &[command(1)]).unwrap_err();
        assert!(matches!(error, AppendError::Store(StoreError::Locked { .. })), "{error:?}");
        other.execute_batch("ROLLBACK").unwrap();
        log.append(Position(0), &[command(1)]).unwrap();
    }
}
