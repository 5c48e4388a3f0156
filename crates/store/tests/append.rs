//! What the log promises about appending: order, once, all or nothing, and safe in company.

mod fixtures;

use domain::dates::RecordedAt;
use domain::envelope::{Position, Sequence};
use domain::ids::CommandId;
use fixtures::{ATELIER, BAKERY, START, claim, claiming, command, event, new_log};
use store::merkle::CompactRange;
use store::{AppendError, Envelope, Log, LogReader, StoreError};
use tempfile::tempdir;
use uuid::Uuid;

#[test]
fn events_get_positions_from_one_in_the_order_in_which_they_were_handed_in() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let batch =
        [command(1, 10, vec![event(ATELIER, 1), event(BAKERY, 1)]), command(2, 20, vec![event(ATELIER, 2)])];
    let receipts = log.append(START, &batch).unwrap();
    assert_eq!((receipts[0].first, receipts[0].last), (Position(1), Position(2)));
    assert_eq!((receipts[1].first, receipts[1].last), (Position(3), Position(3)));
    log.append(Position(3), &[command(3, 30, vec![event(BAKERY, 2)])]).unwrap();

    let reader = LogReader::open(dir.path()).unwrap();
    let stored = reader.read(Position(1), 100).unwrap();
    let places: Vec<_> =
        stored.iter().map(|s| (s.position.0, s.aggregate_id.clone(), s.sequence.0)).collect();
    let (a, b) = (ATELIER.aggregate_id(), BAKERY.aggregate_id());
    assert_eq!(places, [(1, a.clone(), 1), (2, b.clone(), 1), (3, a, 2), (4, b, 2)]);
    assert_eq!(reader.read(Position(2), 2).unwrap(), stored[1..3]);
    assert_eq!(reader.read(Position(5), 2).unwrap(), []);
    assert_eq!(reader.read(Position(1), 0).unwrap(), []);
    assert_eq!(reader.event_at(Position(2)).unwrap().as_ref(), Some(&stored[1]));
    assert_eq!(reader.event_at(Position(0)).unwrap(), None);
    assert_eq!(reader.read_stream(ATELIER, Sequence(1)).unwrap(), [stored[2].clone()]);
    assert_eq!(reader.stream_version(BAKERY).unwrap(), Sequence(2));
}

#[test]
fn what_is_read_is_what_was_handed_in_byte_for_byte() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let prepared = event(ATELIER, 1);
    let receipts = log.append(START, &[command(1, 10, vec![prepared.clone()])]).unwrap();
    let stored = log.reader().event_at(Position(1)).unwrap().unwrap();
    assert_eq!(stored.payload, prepared.payload);
    assert_eq!(stored.metadata, prepared.metadata);
    assert_eq!(stored.effective_on, prepared.effective_on);
    assert_eq!(stored.posting_rule, "none@1");
    assert_eq!(stored.entry_digest, prepared.entry_digest);
    assert_eq!((stored.event_type.as_str(), stored.event_version.as_str()), ("test.happened", "1"));
    assert_eq!(stored.leaf_hash, receipts[0].leaf_hashes[0]);
    assert_eq!(stored.leaf_hash, Envelope::from(&stored).leaf_hash());
}

#[test]
fn the_root_is_the_merkle_root_of_all_leaves_and_survives_reopening() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    assert_eq!(log.head().root, CompactRange::new().root());
    for n in 1..=13 {
        log.append(Position(n - 1), &[command(n.into(), 10, vec![event(ATELIER, n)])]).unwrap();
    }
    let head = log.head().clone();
    drop(log);
    let log = Log::open(dir.path()).unwrap();
    assert_eq!(*log.head(), head);
    let mut tree = CompactRange::new();
    let scan = log.reader().scan(Position(1), head.position, |row| {
        tree.push(row.envelope.leaf_hash());
        Ok::<(), StoreError>(())
    });
    scan.unwrap();
    assert_eq!(tree.root(), head.root);
    assert_eq!(log.reader().root_at(head.position).unwrap(), head.root);
}

#[test]
fn the_instant_of_recording_never_goes_back() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let batch = [command(1, 50, vec![event(ATELIER, 1)]), command(2, 40, vec![event(ATELIER, 2)])];
    let receipts = log.append(START, &batch).unwrap();
    assert_eq!(receipts[1].recorded_at, RecordedAt::from_micros(50));
    let later = log.append(Position(2), &[command(3, 10, vec![event(ATELIER, 3)])]).unwrap();
    assert_eq!(later[0].recorded_at, RecordedAt::from_micros(50));
}

#[test]
fn a_receipt_is_given_again_for_as_long_as_the_log_lives() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    let given = command(1, 10, vec![event(ATELIER, 1), event(ATELIER, 2)]);
    let receipts = log.append(START, &[claiming(given.clone(), 5)]).unwrap();
    drop(log);
    let reader = LogReader::open(dir.path()).unwrap();
    let found = reader.receipt_of(given.command).unwrap();
    assert_eq!(found, Some((receipts[0].clone(), given.request_digest)));
    assert_eq!(reader.receipt_of(CommandId::new(Uuid::from_u128(9))).unwrap(), None);
    assert_eq!(reader.claim_holder(&claim(5)).unwrap(), Some(Position(1)));
    assert_eq!(reader.claim_holder(&claim(6)).unwrap(), None);
}

/// Appends one good command, then a batch that must be refused, and checks that nothing moved.
fn check_refused(batch: Vec<domain::envelope::PreparedCommand>, expected: impl Fn(&AppendError) -> bool) {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    log.append(START, &[claiming(command(1, 10, vec![event(ATELIER, 1)]), 1)]).unwrap();
    let before = log.head().clone();
    let error = log.append(Position(1), &batch).unwrap_err();
    assert!(expected(&error), "{error:?}");
    assert_eq!(*log.head(), before, "after: {error}");
    let reader = LogReader::open(dir.path()).unwrap();
    assert_eq!(reader.head().unwrap(), before);
    assert_eq!(reader.read(Position(1), 10).unwrap().len(), 1);
    assert_eq!(reader.receipt_of(CommandId::new(Uuid::from_u128(2))).unwrap(), None);
    assert_eq!(reader.claim_holder(&claim(2)).unwrap(), None);
    log.append(Position(1), &[claiming(command(2, 20, vec![event(ATELIER, 2)]), 2)])
        .expect("the log goes on");
}

#[test]
fn a_batch_with_a_command_that_was_accepted_before_is_refused_whole() {
    let good = claiming(command(2, 20, vec![event(ATELIER, 2)]), 2);
    let again = command(1, 20, vec![event(ATELIER, 3)]);
    check_refused(
        vec![good.clone(), again.clone()],
        |error| matches!(error, AppendError::CommandExists { command } if *command == again.command),
    );
    let twice = command(2, 20, vec![event(ATELIER, 3)]);
    check_refused(
        vec![good.clone(), twice],
        |error| matches!(error, AppendError::CommandExists { command } if *command == good.command),
    );
}

#[test]
fn a_batch_with_a_key_that_is_taken_is_refused_whole() {
    let good = claiming(command(2, 20, vec![event(ATELIER, 2)]), 2);
    let taken = |key| claiming(command(3, 20, vec![event(ATELIER, 3)]), key);
    for (key, holder) in [(1, Position(1)), (2, Position(2))] {
        check_refused(
            vec![good.clone(), taken(key)],
            |error| matches!(error, AppendError::ClaimTaken { claim: c, holder: h } if *c == claim(key) && *h == holder),
        );
    }
}

#[test]
fn a_batch_with_an_event_that_does_not_follow_its_stream_is_refused_whole() {
    let good = claiming(command(2, 20, vec![event(ATELIER, 2)]), 2);
    for wrong in [0, 1, 2, 4] {
        check_refused(vec![good.clone(), command(3, 20, vec![event(ATELIER, wrong)])], |error| {
            matches!(error, AppendError::OutOfSequence { stream, found, given }
                if *stream == ATELIER && *found == Sequence(2) && *given == Sequence(wrong))
        });
    }
}

#[test]
fn a_command_without_events_is_refused() {
    let good = claiming(command(2, 20, vec![event(ATELIER, 2)]), 2);
    check_refused(vec![good, command(3, 20, vec![])], |error| matches!(error, AppendError::NoEvents { .. }));
}

#[test]
fn of_two_writers_the_one_that_decided_on_an_older_head_is_told_so() {
    let dir = tempdir().unwrap();
    let mut first = new_log(dir.path());
    let mut second = Log::open(dir.path()).unwrap();
    first.append(START, &[command(1, 10, vec![event(ATELIER, 1)])]).unwrap();
    let late = [command(2, 10, vec![event(ATELIER, 1)])];
    let error = second.append(START, &late).unwrap_err();
    assert!(matches!(error, AppendError::Moved { expected: START, found: Position(1) }), "{error:?}");
    assert_eq!(second.head(), first.head(), "who is told so has seen the new head");
    second.append(Position(1), &[command(2, 10, vec![event(ATELIER, 2)])]).unwrap();
    assert_eq!(first.reload_head().unwrap(), second.head());
}

#[test]
fn two_writers_at_once_leave_one_order_without_gaps() {
    let dir = tempdir().unwrap();
    drop(new_log(dir.path()));
    let write = |stream, base: u128| {
        let mut log = Log::open(dir.path()).unwrap();
        let mut sequence = 0;
        while sequence < 40 {
            let at = log.head().position;
            let next = command(base + u128::from(sequence), 10, vec![event(stream, sequence + 1)]);
            match log.append(at, &[next]) {
                Ok(_) => sequence += 1,
                Err(AppendError::Moved { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| write(ATELIER, 1_000));
        scope.spawn(|| write(BAKERY, 2_000));
    });
    let reader = LogReader::open(dir.path()).unwrap();
    let head = reader.head().unwrap();
    assert_eq!(head.position, Position(80));
    assert_eq!(reader.read(Position(1), 100).unwrap().len(), 80);
    assert_eq!(reader.root_at(head.position).unwrap(), head.root);
}

#[test]
fn who_has_seen_a_position_never_finds_a_new_event_below_it() {
    let dir = tempdir().unwrap();
    let mut log = new_log(dir.path());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let reader = LogReader::open(dir.path()).unwrap();
            let mut seen = Vec::new();
            while seen.len() < 300 {
                let all = reader.read(Position(1), 1_000).unwrap();
                assert_eq!(all[..seen.len()], seen, "what was seen stays");
                seen = all;
            }
        });
        for n in 1..=300 {
            log.append(Position(n - 1), &[command(n.into(), 10, vec![event(ATELIER, n)])]).unwrap();
        }
    });
}

#[test]
fn the_same_commands_give_the_same_root_in_every_log() {
    let root = |sizes: &[usize]| {
        let dir = tempdir().unwrap();
        let mut log = new_log(dir.path());
        let all: Vec<_> = (1..=12).map(|n| command(n.into(), 10, vec![event(ATELIER, n)])).collect();
        let mut rest = all.as_slice();
        for size in sizes {
            let (batch, after) = rest.split_at(*size);
            log.append(log.head().position, batch).unwrap();
            rest = after;
        }
        log.head().root
    };
    assert_eq!(root(&[12]), root(&[1, 2, 3, 6]));
}
