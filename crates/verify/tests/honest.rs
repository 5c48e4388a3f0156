//! A log that nobody touched verifies, however it lies on disk, and nothing is left behind.

mod fixtures;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use fixtures::{Placing, check, check_with, codes, invoice, story, write};
use rusqlite::Connection;
use store::{Log, LogId};
use uuid::Uuid;
use verify::{CheckedKey, Options, VerifyError, verify};

/// Every file with its length, content and time.
fn listing(dir: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let entries = std::fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            let content = std::fs::read(entry.path()).unwrap();
            (name, (content, entry.metadata().unwrap().modified().unwrap()))
        })
        .collect()
}

fn verified(dir: &Path) -> verify::Report {
    let report = check(dir);
    assert!(report.is_verified(), "{report}");
    report
}

#[test]
fn an_honest_log_verifies_and_is_left_as_it_was() {
    let written = write(&story());
    let before = listing(written.dir.path());
    let report = verified(written.dir.path());
    assert_eq!(listing(written.dir.path()), before, "nothing is written, nothing is created");
    assert_eq!((report.events, report.commands, report.streams), (14, 11, 5));
    assert_eq!((report.snapshots, report.checkpoints, report.held), (5, 2, 0));
    assert_eq!(report.key, CheckedKey::Beside(written.key.clone()));
    let head = store::LogReader::open(written.dir.path()).unwrap().head().unwrap();
    assert_eq!(report.root, head.root);
}

#[test]
fn the_file_itself_may_be_given_and_needs_no_key_beside_it() {
    let written = write(&story());
    let copy = tempfile::tempdir().unwrap();
    let file = copy.path().join("what?is#this 100%.db");
    std::fs::copy(written.file(), &file).unwrap();
    let report = verified(&file);
    assert_eq!(report.key, CheckedKey::None);
    assert!(report.to_string().contains("signatures were not checked"), "{report}");
}

#[test]
fn a_log_verifies_against_what_was_kept_elsewhere() {
    let written = write(&story());
    let options = Options {
        trusted: written.checkpoints.to_vec(),
        receipts: written.receipts.clone(),
        expect_key: Some(written.key.clone()),
        ..Options::default()
    };
    let report = check_with(written.dir.path(), options);
    assert!(report.is_verified(), "{report}");
    assert_eq!(report.held, 13);
    assert_eq!(report.key, CheckedKey::Given(written.key));
}

#[test]
fn an_empty_log_verifies() {
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), LogId::new(Uuid::from_u128(7)), &mut fixtures::Counting(0)).unwrap();
    let report = verified(dir.path());
    assert_eq!(report.events, 0);
    assert_eq!(report.root.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn a_log_of_many_chunks_verifies_with_any_number_of_threads() {
    let dir = tempfile::tempdir().unwrap();
    let mut log =
        Log::create(dir.path(), LogId::new(Uuid::from_u128(7)), &mut fixtures::Counting(0)).unwrap();
    let (mut placing, story) = (Placing::default(), story());
    let all = story.into_iter().take(7).chain((1..=2_000).map(|n| invoice(n, fixtures::ATELIER)));
    let batch: Vec<_> = (1..).zip(all).map(|(n, did)| placing.prepare(n, &did)).collect();
    log.append(log.head().position, &batch).unwrap();
    let root = log.head().root;
    drop(log);
    for threads in [0, 1, 2, 7] {
        let (mut last, mut of_all) = (0, 0);
        let report = verify(dir.path(), &Options { threads, ..Options::default() }, &mut |done, of| {
            assert!(done >= last && done <= of, "progress goes forward");
            (last, of_all) = (done, of);
        });
        let report = report.unwrap();
        assert!(report.is_verified(), "{report}");
        assert_eq!((report.events, report.root), (4_008, root));
        assert_eq!((last, of_all), (4_008, 4_008));
    }
}

#[test]
fn a_log_that_is_being_written_verifies_up_to_where_it_was() {
    let written = write(&story());
    let mut log = Log::open(written.dir.path()).unwrap();
    let mut placing = Placing::default();
    story().iter().for_each(|did| drop(placing.prepare(1, did)));
    let command = placing.prepare(12, &invoice(2, fixtures::ATELIER));
    log.append(log.head().position, &[command]).unwrap();
    let names: Vec<_> = listing(written.dir.path()).into_keys().collect();
    assert!(names.contains(&"log.db-shm".to_owned()), "{names:?}");
    let report = verified(written.dir.path());
    assert_eq!(report.events, 16, "what lies in the journal is read too");
    let after: Vec<_> = listing(written.dir.path()).into_keys().collect();
    assert_eq!(after, names);
}

#[test]
fn a_copy_taken_with_its_journal_verifies_and_the_journal_stays() {
    let written = write(&story());
    let copy = tempfile::tempdir().unwrap();
    {
        let mut log = Log::open(written.dir.path()).unwrap();
        let mut placing = Placing::default();
        story().iter().for_each(|did| drop(placing.prepare(1, did)));
        let command = placing.prepare(12, &invoice(2, fixtures::ATELIER));
        log.append(log.head().position, &[command]).unwrap();
        for name in ["log.db", "log.db-wal", "signing-key.pem"] {
            std::fs::copy(written.dir.path().join(name), copy.path().join(name)).unwrap();
        }
    }
    let before = listing(copy.path());
    let report = verified(copy.path());
    assert_eq!(report.events, 16, "what lies in the journal is read too");
    assert_eq!(listing(copy.path()), before, "nothing is written, nothing is created");
}

fn refused(path: &Path) -> VerifyError {
    verify(path, &Options::default(), &mut |_, _| {}).unwrap_err()
}

#[test]
fn what_is_no_log_is_named_as_such() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(refused(dir.path()), VerifyError::NoLog { .. }));
    let file = dir.path().join("log.db");
    std::fs::write(&file, "dear diary, today I balanced my books and they balanced").unwrap();
    assert!(matches!(refused(dir.path()), VerifyError::NotALog { .. }));
    std::fs::write(&file, "").unwrap();
    assert!(matches!(refused(dir.path()), VerifyError::NotALog { .. }));
    std::fs::remove_file(&file).unwrap();
    Connection::open(&file).unwrap().execute_batch("CREATE TABLE events (position INTEGER)").unwrap();
    assert!(matches!(refused(&file), VerifyError::NotALog { .. }));
}

#[test]
fn a_log_of_a_newer_program_is_refused() {
    let written = write(&story());
    Connection::open(written.file()).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let error = refused(written.dir.path());
    assert!(matches!(error, VerifyError::NewerFormat { found: 2, known: 1, .. }), "{error:?}");
    assert!(error.to_string().contains("newer"), "{error}");
}

#[test]
fn a_damaged_file_is_never_taken_for_a_good_one() {
    let written = write(&story());
    let bytes = std::fs::read(written.file()).unwrap();
    let copy = written.copy();
    let file = copy.path().join("log.db");
    for page in 1..bytes.len() / 4_096 {
        let mut damaged = bytes.clone();
        damaged[page * 4_096..(page + 1) * 4_096].fill(0xA5);
        std::fs::write(&file, &damaged).unwrap();
        match verify(&file, &Options::default(), &mut |_, _| {}) {
            Ok(report) => assert!(!report.is_verified(), "page {page}: {report}"),
            Err(VerifyError::Corrupt { .. }) => {}
            Err(other) => panic!("page {page}: {other:?}"),
        }
    }
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    match verify(&file, &Options::default(), &mut |_, _| {}) {
        Ok(report) => assert!(!report.is_verified(), "half a file: {report}"),
        Err(error) => assert!(matches!(error, VerifyError::Corrupt { .. }), "{error:?}"),
    }
}

#[test]
fn what_is_given_to_compare_with_must_be_of_its_form() {
    let written = write(&story());
    let ask = |options: Options| verify(written.dir.path(), &options, &mut |_, _| {}).unwrap_err();
    let error = ask(Options { expect_key: Some("key".to_owned()), ..Options::default() });
    assert!(matches!(error, VerifyError::BadKey { .. }), "{error:?}");
    let error = ask(Options { trusted: vec!["note".to_owned()], ..Options::default() });
    assert!(matches!(error, VerifyError::BadCheckpoint { number: 1, .. }), "{error:?}");
    let mut receipt = written.receipts[0].clone();
    receipt.leaf_hashes.clear();
    let error = ask(Options { receipts: vec![receipt], ..Options::default() });
    assert!(matches!(error, VerifyError::BadReceipt { number: 1, .. }), "{error:?}");
}

#[test]
fn the_key_of_another_log_is_found() {
    let written = write(&story());
    let other = tempfile::tempdir().unwrap();
    let log = Log::create(other.path(), LogId::new(Uuid::from_u128(8)), &mut fixtures::Counting(9)).unwrap();
    let options = Options { expect_key: Some(log.verifier().to_string()), ..Options::default() };
    let report = check_with(written.dir.path(), options);
    assert_eq!(codes(&report), ["checkpoint.signature", "log.other"]);
}
