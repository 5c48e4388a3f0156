//! Opening what is there, and saying what to do about what is not as it should be.

mod fixtures;

use std::fs;

use domain::envelope::{Position, Sequence};
use domain::evidence::Digest;
use fixtures::{ATELIER, BAKERY, Counting, START, command, event, new_log};
use rusqlite::Connection;
use store::checkpoint::CheckpointError;
use store::{Cache, CheckpointSigner, FactsSnapshot, Log, LogId, LogReader, Snapshot, StoreError};
use tempfile::tempdir;
use uuid::Uuid;

#[test]
fn a_directory_without_a_log_is_named() {
    let dir = tempdir().unwrap();
    let error = Log::open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::NoLog { .. }), "{error:?}");
    assert!(error.to_string().contains("coledger init"), "{error}");
    assert!(fs::read_dir(dir.path()).unwrap().next().is_none(), "nothing is made by looking");
}

#[test]
fn a_log_is_created_once() {
    let dir = tempdir().unwrap();
    let log = new_log(dir.path());
    let error = Log::create(dir.path(), LogId::new(Uuid::from_u128(8)), &mut Counting(9)).unwrap_err();
    assert!(matches!(error, StoreError::AlreadyExists { .. }), "{error:?}");
    assert_eq!(Log::open(dir.path()).unwrap().verifier(), log.verifier());
}

#[test]
fn a_creation_that_was_interrupted_is_finished_by_the_next() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("log.db"), b"").unwrap();
    let error = Log::open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error:?}");
    assert_eq!(new_log(dir.path()).head().position, START);
}

#[cfg(unix)]
#[test]
fn keys_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    drop(new_log(dir.path()));
    for name in ["signing-key.pem", "request-secret.key"] {
        let mode = fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_log_without_its_keys_says_which_one_is_missing() {
    for name in ["signing-key.pem", "request-secret.key"] {
        let dir = tempdir().unwrap();
        drop(new_log(dir.path()));
        fs::remove_file(dir.path().join(name)).unwrap();
        let error = Log::open(dir.path()).unwrap_err();
        assert!(matches!(error, StoreError::BadKeyFile { .. }), "{error:?}");
        assert!(error.to_string().contains(name), "{error}");
        LogReader::open(dir.path()).expect("reading needs no key");
    }
}

#[test]
fn the_same_request_has_the_same_digest_after_reopening_and_another_in_another_log() {
    let (one, other) = (tempdir().unwrap(), tempdir().unwrap());
    let actor = "board".parse().unwrap();
    let digest = new_log(one.path()).request_digest(&actor, b"{}");
    assert_eq!(Log::open(one.path()).unwrap().request_digest(&actor, b"{}"), digest);
    let log = Log::create(other.path(), LogId::new(Uuid::from_u128(7)), &mut Counting(99)).unwrap();
    assert_ne!(log.request_digest(&actor, b"{}"), digest);
}

#[test]
fn a_log_of_a_newer_format_is_not_touched() {
    let dir = tempdir().unwrap();
    drop(new_log(dir.path()));
    Connection::open(dir.path().join("log.db")).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let error = Log::open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::NewerFormat { found: 2, known: 1, .. }), "{error:?}");
    assert!(error.to_string().contains("use a newer coledger"), "{error}");
}

#[test]
fn a_database_of_something_else_is_not_taken_for_a_log() {
    let dir = tempdir().unwrap();
    Connection::open(dir.path().join("log.db")).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(matches!(Log::open(dir.path()), Err(StoreError::NotOurs { .. })));
    let error = Log::create(dir.path(), LogId::new(Uuid::from_u128(7)), &mut Counting(0)).unwrap_err();
    assert!(matches!(error, StoreError::NotOurs { .. }), "{error:?}");
}

#[test]
fn a_file_that_is_no_database_is_named_as_such() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("log.db"), "not a database, ".repeat(1_000)).unwrap();
    let error = Log::open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::NotADatabase { .. }), "{error:?}");
}

#[test]
fn a_damaged_page_is_named_as_damage() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    for n in 1..=200 {
        log.append(Position(n - 1), &[command(n.into(), 10, vec![event(ATELIER, n)])]).unwrap();
    }
    drop(log);
    let path = dir.path().join("log.db");
    let mut bytes = fs::read(&path).unwrap();
    // Past the first pages, which hold the schema: every later page loses its header.
    bytes.chunks_mut(4_096).skip(8).for_each(|page| page[..64].fill(0xFF));
    fs::write(&path, bytes).unwrap();
    let read = Log::open(dir.path()).and_then(|log| log.reader().read(Position(1), 1_000));
    let error = read.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("restore the last backup"), "{error}");
}

#[test]
fn a_full_cache_for_imports_writes_the_same_log() {
    let dir = tempdir().unwrap();
    let root = {
        let mut log = new_log(dir.path());
        log.append(START, &[command(1, 10, vec![event(ATELIER, 1)])]).unwrap();
        log.head().root
    };
    let mut log = Log::open_with(dir.path(), Cache::Bulk).unwrap();
    assert_eq!(log.head().root, root);
    log.append(Position(1), &[command(2, 10, vec![event(ATELIER, 2)])]).unwrap();
}

#[test]
fn a_closed_log_leaves_nothing_to_recover_though_a_reader_closes_last() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let reader = LogReader::open(dir.path()).unwrap();
    log.append(START, &[command(1, 10, vec![event(ATELIER, 1)])]).unwrap();
    assert_eq!(reader.head().unwrap().position, Position(1));
    drop(log);
    drop(reader);
    let left = fs::metadata(dir.path().join("log.db-wal")).map_or(0, |wal| wal.len());
    assert_eq!(left, 0, "bytes of WAL that whoever opens the log next would have to read first");
}

#[test]
fn a_snapshot_is_used_only_when_it_fits_the_log() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let receipts = log.append(START, &[command(1, 10, vec![event(ATELIER, 1), event(BAKERY, 1)])]).unwrap();
    let snapshot = Snapshot {
        stream: ATELIER,
        sequence: Sequence(1),
        position: Position(1),
        leaf_hash: receipts[0].leaf_hashes[0],
        state_version: 3,
        state: b"folded".to_vec(),
    };
    assert_eq!(log.reader().load_snapshot(ATELIER, 3).unwrap(), None);
    log.save_snapshot(&snapshot).unwrap();
    assert_eq!(log.reader().load_snapshot(ATELIER, 3).unwrap(), Some(snapshot.clone()));
    assert_eq!(log.reader().load_snapshot(ATELIER, 4).unwrap(), None, "another shape");
    assert_eq!(log.reader().load_snapshot(BAKERY, 3).unwrap(), None, "another stream");

    let other_leaf = Snapshot { leaf_hash: Digest([1; 32]), ..snapshot.clone() };
    let other_stream = Snapshot { stream: BAKERY, ..snapshot.clone() };
    let beyond_the_end = Snapshot { position: Position(9), ..snapshot.clone() };
    for unfit in [other_leaf, other_stream, beyond_the_end] {
        log.save_snapshots(std::slice::from_ref(&unfit)).unwrap();
        assert_eq!(log.reader().load_snapshot(unfit.stream, 3).unwrap(), None, "{unfit:?}");
    }
}

#[test]
fn facts_are_used_only_when_they_fit_the_log() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let receipts = log.append(START, &[command(1, 10, vec![event(ATELIER, 1)])]).unwrap();
    let leaf_hash = receipts[0].leaf_hashes[0];
    let facts = FactsSnapshot { position: Position(1), leaf_hash, version: 2, state: b"facts".to_vec() };
    log.save_facts(&facts).unwrap();
    assert_eq!(LogReader::open(dir.path()).unwrap().load_facts(2).unwrap(), Some(facts.clone()));
    assert_eq!(log.reader().load_facts(1).unwrap(), None, "another shape");
    log.save_facts(&FactsSnapshot { leaf_hash: Digest([1; 32]), ..facts }).unwrap();
    assert_eq!(log.reader().load_facts(2).unwrap(), None, "another leaf");
}

#[test]
fn a_checkpoint_states_the_head_and_is_kept() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let empty = log.checkpoint().unwrap();
    log.append(START, &[command(1, 10, vec![event(ATELIER, 1)])]).unwrap();
    let note = log.checkpoint().unwrap();
    assert_eq!(log.checkpoint().unwrap(), note, "the same head has the same checkpoint");
    let stated = log.verifier().verify(&note).unwrap();
    assert_eq!((stated.size, stated.root), (log.head().position, log.head().root));
    assert_eq!(stated.origin, format!("coledger/{}", log.log_id()));
    let reader = LogReader::open(dir.path()).unwrap();
    assert_eq!(reader.checkpoints().unwrap(), [empty, note.clone()]);
    assert_eq!(reader.last_checkpoint().unwrap(), Some(note));
}

#[test]
fn a_checkpoint_that_does_not_fit_the_log_is_not_kept() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    log.append(START, &[command(1, 10, vec![event(ATELIER, 1), event(ATELIER, 2)])]).unwrap();
    let pem = fs::read_to_string(dir.path().join("signing-key.pem")).unwrap();
    let signer = CheckpointSigner::from_pem(&log.log_id().origin(), &pem).unwrap();
    let older = log.reader().root_at(Position(1)).unwrap();
    log.add_checkpoint(&signer.sign(Position(1), older)).expect("an older head of this log");
    let refused = |log: &mut Log, note: &str| match log.add_checkpoint(note) {
        Err(StoreError::Checkpoint(error)) => error,
        other => panic!("{other:?}"),
    };
    let ahead = signer.sign(Position(3), older);
    assert!(matches!(refused(&mut log, &ahead), CheckpointError::AheadOfLog { .. }));
    let rewritten = signer.sign(Position(2), older);
    assert!(matches!(refused(&mut log, &rewritten), CheckpointError::OtherRoot { .. }));
    let stranger = CheckpointSigner::from_seed(&log.log_id().origin(), &[1; 32]);
    let root = log.head().root;
    assert!(matches!(
        refused(&mut log, &stranger.sign(Position(2), root)),
        CheckpointError::NotSigned { .. }
    ));
}
