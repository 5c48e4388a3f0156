//! Prepared batches of 1,000 commands beside a bare insert of the same rows into SQLite.
//!
//! Both write the events, commands and claims of the reference year at a small scale, in transactions
//! of the same size, WAL and `synchronous=FULL`, with the same cache, on the same disk. The yardstick
//! has the same three tables with the same keys and nothing else: no hashes, no tree, no triggers, no
//! head to compare and no receipts.
//! Budget: ours keeps at least 0.6 of its rows per second.

use std::path::Path;

use benches::{compare, head, rate, timed};
use domain::{Position, PreparedCommand, Stored};
use rusqlite::Connection;
use store::{Log, LogId, OsRandomness};
use uuid::Uuid;

const COMMANDS_PER_BATCH: usize = 1_000;

fn main() {
    let (commands, rows) = benches::fixture::prepared("0.05");
    let n = rows.len() as u64;
    head(&format!("Append {n} events in batches of {COMMANDS_PER_BATCH} commands"));
    compare(
        "append of prepared batches",
        "events/s",
        0.6,
        || rate(n, ours(&commands)),
        || rate(n, bare(&commands, &rows)),
    );
}

fn ours(commands: &[PreparedCommand]) -> std::time::Duration {
    let dir = tempfile::tempdir().expect("a directory");
    let mut log = Log::create(dir.path(), LogId::new(Uuid::nil()), &mut OsRandomness).expect("a log");
    let ((), took) = timed(|| {
        for batch in commands.chunks(COMMANDS_PER_BATCH) {
            let head = log.head().position;
            log.append(head, batch).expect("appended");
        }
    });
    took
}

fn bare(commands: &[PreparedCommand], rows: &[Stored]) -> std::time::Duration {
    let dir = tempfile::tempdir().expect("a directory");
    let mut connection = open(&dir.path().join("bare.db"));
    let ((), took) = timed(|| {
        let mut rest = rows;
        for batch in commands.chunks(COMMANDS_PER_BATCH) {
            let events: usize = batch.iter().map(|command| command.events.len()).sum();
            let (now, later) = rest.split_at(events);
            insert(&mut connection, batch, now);
            rest = later;
        }
    });
    took
}

fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("a database");
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 4000;
             CREATE TABLE events (
                 aggregate_type TEXT NOT NULL,
                 aggregate_id TEXT NOT NULL,
                 sequence INTEGER NOT NULL,
                 event_type TEXT NOT NULL,
                 event_version TEXT NOT NULL,
                 payload TEXT NOT NULL,
                 metadata TEXT NOT NULL,
                 position INTEGER PRIMARY KEY,
                 recorded_at INTEGER NOT NULL,
                 effective_on TEXT NOT NULL,
                 command_id BLOB NOT NULL,
                 posting_rule TEXT NOT NULL,
                 entry_digest BLOB NOT NULL,
                 leaf_hash BLOB NOT NULL,
                 UNIQUE (aggregate_type, aggregate_id, sequence)
             ) STRICT;
             CREATE TABLE commands (
                 command_id BLOB NOT NULL PRIMARY KEY,
                 first_position INTEGER NOT NULL,
                 last_position INTEGER NOT NULL,
                 request_digest BLOB NOT NULL,
                 recorded_at INTEGER NOT NULL
             ) STRICT, WITHOUT ROWID;
             CREATE TABLE claims (
                 what INTEGER NOT NULL,
                 key BLOB NOT NULL,
                 position INTEGER NOT NULL,
                 PRIMARY KEY (what, key)
             ) STRICT, WITHOUT ROWID;",
        )
        .expect("tables");
    connection
}

fn insert(connection: &mut Connection, commands: &[PreparedCommand], rows: &[Stored]) {
    let transaction = connection.transaction().expect("a transaction");
    {
        let mut insert = transaction
            .prepare_cached(
                "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )
            .expect("a statement");
        for row in rows {
            let Position(position) = row.position;
            insert
                .execute((
                    &row.aggregate_type,
                    &row.aggregate_id,
                    row.sequence.0.cast_signed(),
                    &row.event_type,
                    &row.event_version,
                    &row.payload,
                    &row.metadata,
                    position.cast_signed(),
                    row.recorded_at.micros(),
                    row.effective_on.to_string(),
                    row.command.uuid().as_bytes().as_slice(),
                    &row.posting_rule,
                    row.entry_digest.0.as_slice(),
                    row.leaf_hash.0.as_slice(),
                ))
                .expect("inserted");
        }
    }
    {
        let mut insert_command = transaction
            .prepare_cached("INSERT INTO commands VALUES (?1, ?2, ?3, ?4, ?5)")
            .expect("a statement");
        let mut insert_claim =
            transaction.prepare_cached("INSERT INTO claims VALUES (?1, ?2, ?3)").expect("a statement");
        let mut first = rows[0].position.0.cast_signed();
        for command in commands {
            let next = first + i64::try_from(command.events.len()).expect("few events");
            insert_command
                .execute((
                    command.command.uuid().as_bytes().as_slice(),
                    first,
                    next - 1,
                    command.request_digest.0.as_slice(),
                    command.recorded_at.micros(),
                ))
                .expect("inserted");
            for claim in &command.claims {
                insert_claim.execute((claim.what as u8, claim.key.as_slice(), first)).expect("inserted");
            }
            first = next;
        }
    }
    transaction.commit().expect("committed");
}
