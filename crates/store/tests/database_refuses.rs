//! What the database itself refuses, whoever connects: plain connections that set no pragma.

mod fixtures;

use fixtures::{ATELIER, START, claiming, command, event, new_log};
use rusqlite::Connection;
use store::{Log, StoreError};
use tempfile::{TempDir, tempdir};

/// A log of three events, one claim and one checkpoint, and a stranger's connection to it.
fn log_and_stranger() -> (TempDir, Log, Connection) {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let events = vec![event(ATELIER, 1), event(ATELIER, 2), event(ATELIER, 3)];
    log.append(START, &[claiming(command(1, 10, events), 1)]).unwrap();
    log.checkpoint().unwrap();
    let stranger = Connection::open(dir.path().join("log.db")).unwrap();
    let recursive: bool = stranger.pragma_query_value(None, "recursive_triggers", |row| row.get(0)).unwrap();
    assert!(!recursive, "the stranger sets no pragma");
    (dir, log, stranger)
}

fn check_refused(statement: &str, reason: &str) {
    let (_dir, mut log, stranger) = log_and_stranger();
    let before = log.reader().read(domain::envelope::Position(1), 10).unwrap();
    let error = stranger.execute_batch(statement).expect_err(statement).to_string();
    assert!(error.contains(reason), "{statement}\nwas refused for another reason: {error}");
    assert_eq!(log.reader().read(domain::envelope::Position(1), 10).unwrap(), before, "{statement}");
    log.append(log.head().position, &[command(2, 10, vec![event(ATELIER, 4)])]).expect("the log goes on");
}

/// A whole row like the last one, with some columns replaced.
fn insert_like_last(verb: &str, position: &str, sequence: &str, tail: &str) -> String {
    format!(
        "{verb} INTO events SELECT aggregate_type, aggregate_id, {sequence}, event_type, event_version,
         '{{}}', metadata, {position}, recorded_at, effective_on, command_id, posting_rule, entry_digest,
         leaf_hash FROM events WHERE position = 3 {tail}"
    )
}

#[test]
fn e2_an_event_is_never_changed_or_deleted() {
    check_refused("UPDATE events SET payload = '{}' WHERE position = 1", "never changed");
    check_refused("UPDATE OR REPLACE events SET position = 1 WHERE position = 2", "never changed");
    check_refused("UPDATE OR IGNORE events SET leaf_hash = zeroblob(32)", "never changed");
    check_refused("DELETE FROM events WHERE position = 3", "never deleted");
    check_refused("DELETE FROM events", "never deleted");
}

#[test]
fn an_event_is_never_replaced() {
    for verb in ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT"] {
        check_refused(&insert_like_last(verb, "3", "3", ""), "last + 1");
        check_refused(&insert_like_last(verb, "3", "4", ""), "last + 1");
        check_refused(&insert_like_last(verb, "4", "3", ""), "last + 1");
    }
    let upsert = "AND true ON CONFLICT (position) DO UPDATE SET payload = '{}'";
    check_refused(&insert_like_last("INSERT", "3", "4", upsert), "last + 1");
    let upsert = "AND true ON CONFLICT (aggregate_type, aggregate_id, sequence) DO UPDATE SET payload = '{}'";
    check_refused(&insert_like_last("INSERT", "4", "3", upsert), "last + 1");
}

#[test]
fn an_event_is_never_inserted_out_of_order() {
    for (position, sequence) in [("0", "4"), ("5", "4"), ("4", "5"), ("4", "0"), ("-1", "5")] {
        check_refused(&insert_like_last("INSERT", position, sequence, ""), "last + 1");
    }
    // To the trigger this looks like no position at all, for which SQLite takes the last + 1.
    for verb in ["INSERT", "INSERT OR REPLACE"] {
        check_refused(&insert_like_last(verb, "-1", "4", ""), "CHECK constraint failed: position > 0");
    }
}

#[test]
fn an_event_is_never_recorded_before_the_last_one() {
    let next = insert_like_last("INSERT", "4", "4", "");
    check_refused(&next.replace("recorded_at", "recorded_at - 1"), "recorded_at never decreases");
    let (_dir, _log, stranger) = log_and_stranger();
    stranger.execute_batch(&next).expect("at the same instant nothing speaks against it");
}

#[test]
fn an_append_by_plain_postgres_es_is_refused_with_the_reason() {
    // The statement of postgres-es 0.5 (and sqlite-es), with its seven columns.
    check_refused(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         VALUES ('unit', 'x', 1, 'test.happened', '1', '{}', '{}')",
        "postgres-es may read this table but not write it",
    );
}

#[test]
fn accepted_commands_claims_checkpoints_and_identity_are_never_changed() {
    for table in ["commands", "claims", "checkpoints", "log"] {
        let column = match table {
            "commands" => "last_position = 9",
            "claims" => "position = 9",
            "checkpoints" => "note = ''",
            _ => "log_id = zeroblob(16)",
        };
        check_refused(&format!("UPDATE {table} SET {column}"), "never changed");
        check_refused(&format!("DELETE FROM {table}"), "never deleted");
        check_refused(&format!("REPLACE INTO {table} SELECT * FROM {table}"), "coledger: ");
        check_refused(&format!("INSERT OR IGNORE INTO {table} SELECT * FROM {table}"), "coledger: ");
    }
    check_refused(
        "INSERT INTO claims SELECT * FROM claims WHERE true ON CONFLICT DO UPDATE SET position = 9",
        "never replaced",
    );
}

#[test]
fn the_head_only_moves_forward() {
    check_refused("UPDATE log_head SET position = 2", "only moves forward");
    check_refused("UPDATE log_head SET root = zeroblob(32)", "only moves forward");
    check_refused("DELETE FROM log_head", "keeps its head");
    check_refused("REPLACE INTO log_head SELECT * FROM log_head", "never replaced");
}

#[test]
fn a_log_whose_head_was_moved_by_force_does_not_open() {
    let (dir, log, stranger) = log_and_stranger();
    drop(log);
    stranger.execute_batch("UPDATE log_head SET position = 9").unwrap();
    let error = Log::open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::Inconsistent { .. }), "{error:?}");
}
