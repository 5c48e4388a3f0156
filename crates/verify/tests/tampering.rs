//! Each way of changing a log is found, under its code.
//!
//! The stranger has the file and takes the database's own guards away first.

mod fixtures;

use domain::member::MemberEvent;
use domain::unit::UnitEvent;
use domain::{Event, Position};
use fixtures::{Did, amount, check, check_with, codes, seal_again, story, tamper, write};
use rusqlite::{Connection, params};
use verify::{FINDINGS_MAX, Options};

/// What a stranger does in SQL, and every code that the verifier then reports.
struct Case {
    what: &'static str,
    sql: &'static str,
    found: &'static [&'static str],
}

const fn case(what: &'static str, sql: &'static str, found: &'static [&'static str]) -> Case {
    Case { what, sql, found }
}

fn check_cases(cases: &[Case]) {
    let written = write(&story());
    let mut wrong = String::new();
    for Case { what, sql, found } in cases {
        let copy = written.copy();
        tamper(copy.path(), |connection| connection.execute_batch(sql)).expect(what);
        let report = check(copy.path());
        if codes(&report) != *found {
            wrong += &format!("CASE {what}: {:?}, expected {found:?}\n{report}\n", codes(&report));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

// Position 10 is an invoice, the second event of its command. The row's leaf no longer fits, and so
// neither does the root, in the head and in the checkpoint after it.
#[test]
fn a_change_of_any_column_of_an_event_is_found() {
    check_cases(&[
        case(
            "position",
            "UPDATE events SET position = 99 WHERE position = 14",
            &[
                "checkpoint.root",
                "command.differs",
                "facts.place",
                "head.compact_range",
                "head.position",
                "head.root",
                "leaf.hash",
                "order.position",
                "snapshot.place",
            ],
        ),
        case(
            "recorded_at",
            "UPDATE events SET recorded_at = recorded_at + 1 WHERE position = 10",
            &["checkpoint.root", "command.instant", "head.compact_range", "head.root", "leaf.hash"],
        ),
        case(
            "recorded_at, back",
            "UPDATE events SET recorded_at = 5 WHERE position = 12",
            &[
                "checkpoint.root",
                "command.differs",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "order.recorded_at",
            ],
        ),
        case(
            "effective_on",
            "UPDATE events SET effective_on = '2025-03-04' WHERE position = 10",
            &["checkpoint.root", "head.compact_range", "head.root", "leaf.hash"],
        ),
        case(
            "effective_on, no day",
            "UPDATE events SET effective_on = '2025-02-30' WHERE position = 10",
            &["checkpoint.root", "event.unreadable", "head.compact_range", "head.root", "leaf.hash"],
        ),
        case(
            "effective_on, too long",
            "UPDATE events SET effective_on = '2025-02-28Z' WHERE position = 10",
            &["event.unreadable", "order.sequence", "snapshot.unfoldable"],
        ),
        case(
            "aggregate_type",
            "UPDATE events SET aggregate_type = 'year' WHERE position = 11",
            &[
                "checkpoint.root",
                "claim.extra",
                "event.unknown_stream",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "order.sequence",
                "snapshot.state",
            ],
        ),
        case(
            "aggregate_type, unknown",
            "UPDATE events SET aggregate_type = 'nothing' WHERE position = 11",
            &[
                "checkpoint.root",
                "claim.extra",
                "event.unknown_stream",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "order.sequence",
                "snapshot.state",
            ],
        ),
        case(
            "aggregate_id",
            "UPDATE events SET aggregate_id = '00000000-0000-0000-0000-000000000a7f' WHERE position = 14",
            &[
                "checkpoint.root",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "order.sequence",
                "snapshot.place",
            ],
        ),
        case(
            "aggregate_id, otherwise written",
            "UPDATE events SET aggregate_id = upper(aggregate_id) WHERE position = 14",
            &[
                "checkpoint.root",
                "event.unknown_stream",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "snapshot.place",
            ],
        ),
        case(
            "sequence",
            "UPDATE events SET sequence = 9 WHERE position = 14",
            &[
                "checkpoint.root",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "order.sequence",
                "snapshot.place",
            ],
        ),
        case(
            "event_type",
            "UPDATE events SET event_type = 'unit.holder_left' WHERE position = 14",
            &[
                "checkpoint.root",
                "event.name",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "snapshot.place",
            ],
        ),
        case(
            "event_version",
            "UPDATE events SET event_version = '2' WHERE position = 10",
            &["checkpoint.root", "event.version", "head.compact_range", "head.root", "leaf.hash"],
        ),
        case(
            "event_version, otherwise written",
            "UPDATE events SET event_version = '01' WHERE position = 10",
            &["checkpoint.root", "event.version", "head.compact_range", "head.root", "leaf.hash"],
        ),
        case(
            "payload",
            "UPDATE events SET payload = replace(payload, '\"935.00\"', '\"936.00\"') WHERE position = 10",
            &[
                "books.entry",
                "books.total",
                "checkpoint.root",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "posting.digest",
                "snapshot.state",
            ],
        ),
        case(
            "payload, no event",
            "UPDATE events SET payload = '{}' WHERE position = 14",
            &["checkpoint.root", "event.undecodable", "head.compact_range", "head.root", "leaf.hash"],
        ),
        case(
            "payload, a space more",
            "UPDATE events SET payload = replace(payload, ':', ': ') WHERE position = 14",
            &[
                "checkpoint.root",
                "event.not_canonical",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "snapshot.place",
            ],
        ),
        case(
            "metadata",
            "UPDATE events SET metadata = replace(metadata, 'board', 'bored') WHERE position = 10",
            &["checkpoint.root", "head.compact_range", "head.root", "leaf.hash"],
        ),
        case(
            "metadata, unsorted",
            "UPDATE events SET metadata = '{\"request\":\"' || substr(metadata, 29, 64) || '\",\"actor\":\"board\"}' WHERE position = 7",
            &["checkpoint.root", "head.compact_range", "head.root", "leaf.hash", "metadata.malformed"],
        ),
        case(
            "metadata, more in it",
            "UPDATE events SET metadata = '{\"actor\":\"board\",\"name\":\"Alice\"}' WHERE position = 10",
            &["checkpoint.root", "head.compact_range", "head.root", "leaf.hash", "metadata.malformed"],
        ),
        case(
            "metadata, request gone",
            "UPDATE events SET metadata = '{\"actor\":\"board\"}' WHERE position = 7",
            &["checkpoint.root", "head.compact_range", "head.root", "leaf.hash", "metadata.request_missing"],
        ),
        case(
            "metadata, request twice",
            "UPDATE events SET metadata = (SELECT metadata FROM events WHERE position = 9) WHERE position = 10",
            &[
                "checkpoint.root",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "metadata.request_misplaced",
            ],
        ),
        case(
            "command_id",
            "UPDATE events SET command_id = zeroblob(16) WHERE position = 7",
            &[
                "checkpoint.root",
                "command.extra",
                "command.missing",
                "head.compact_range",
                "head.root",
                "leaf.hash",
            ],
        ),
        case(
            "command_id, another's",
            "UPDATE events SET command_id = (SELECT command_id FROM events WHERE position = 7) WHERE position = 14",
            &[
                "checkpoint.root",
                "command.differs",
                "command.scattered",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "metadata.request_missing",
                "snapshot.place",
            ],
        ),
        case(
            "command_id, too short",
            "UPDATE events SET command_id = x'00' WHERE position = 7",
            &["command.extra", "command.missing", "event.unreadable", "order.sequence", "snapshot.state"],
        ),
        case(
            "posting_rule",
            "UPDATE events SET posting_rule = 'invoice.issued@2' WHERE position = 10",
            &["checkpoint.root", "head.compact_range", "head.root", "leaf.hash", "posting.unknown_rule"],
        ),
        case(
            "entry_digest",
            "UPDATE events SET entry_digest = zeroblob(32) WHERE position = 10",
            &["checkpoint.root", "head.compact_range", "head.root", "leaf.hash", "posting.digest"],
        ),
        case("leaf_hash", "UPDATE events SET leaf_hash = zeroblob(32) WHERE position = 10", &["leaf.hash"]),
        case(
            "leaf_hash, too long",
            "UPDATE events SET leaf_hash = zeroblob(33) WHERE position = 10",
            &["event.unreadable", "order.sequence", "snapshot.unfoldable"],
        ),
    ]);
}

#[test]
fn events_removed_swapped_or_inserted_are_found() {
    check_cases(&[
        case(
            "the last one removed",
            "DELETE FROM events WHERE position = 14",
            &[
                "checkpoint.ahead",
                "command.differs",
                "facts.place",
                "head.compact_range",
                "head.position",
                "head.root",
                "snapshot.place",
            ],
        ),
        case(
            "one removed",
            "DELETE FROM events WHERE position = 7",
            &[
                "checkpoint.ahead",
                "checkpoint.root",
                "command.extra",
                "head.compact_range",
                "head.root",
                "order.position",
                "order.sequence",
                "snapshot.state",
            ],
        ),
        case(
            "one removed, the rest moved up",
            "DELETE FROM events WHERE position = 7; UPDATE events SET position = -position WHERE position > 7; UPDATE events SET position = -position - 1 WHERE position < 0",
            &[
                "checkpoint.ahead",
                "checkpoint.root",
                "claim.differs",
                "command.differs",
                "command.extra",
                "facts.place",
                "head.compact_range",
                "head.position",
                "head.root",
                "leaf.hash",
                "order.sequence",
                "snapshot.place",
                "snapshot.state",
            ],
        ),
        case(
            "two swapped",
            "UPDATE events SET position = -8 WHERE position = 7; UPDATE events SET position = 7 WHERE position = 8; UPDATE events SET position = 8 WHERE position = -8",
            &[
                "checkpoint.root",
                "claim.differs",
                "command.differs",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "order.recorded_at",
                "order.sequence",
            ],
        ),
        case(
            "one inserted at the end",
            "INSERT INTO events SELECT aggregate_type, aggregate_id, 8, event_type, event_version, payload, metadata, 15, recorded_at, effective_on, zeroblob(16), posting_rule, entry_digest, leaf_hash FROM events WHERE position = 14",
            &[
                "command.missing",
                "head.compact_range",
                "head.position",
                "head.root",
                "leaf.hash",
                "metadata.request_missing",
            ],
        ),
        case(
            "one inserted before the first",
            "INSERT INTO events SELECT aggregate_type, aggregate_id, 0, event_type, event_version, payload, metadata, 0, 0, effective_on, zeroblob(16), posting_rule, entry_digest, leaf_hash FROM events WHERE position = 1",
            &[
                "checkpoint.root",
                "command.missing",
                "head.compact_range",
                "head.root",
                "leaf.hash",
                "order.position",
                "order.sequence",
            ],
        ),
        case(
            "all removed",
            "DELETE FROM events",
            &[
                "checkpoint.ahead",
                "claim.extra",
                "command.extra",
                "facts.place",
                "head.compact_range",
                "head.position",
                "head.recorded_at",
                "head.root",
                "snapshot.place",
            ],
        ),
    ]);
}

#[test]
fn a_change_of_the_tables_beside_the_events_is_found() {
    check_cases(&[
        case("head position", "UPDATE log_head SET position = 13", &["head.position"]),
        case("head root", "UPDATE log_head SET root = zeroblob(32)", &["head.root"]),
        case(
            "head range",
            "UPDATE log_head SET compact_range = substr(compact_range, 2)",
            &["head.compact_range"],
        ),
        case("head instant", "UPDATE log_head SET recorded_at = recorded_at + 1", &["head.recorded_at"]),
        case("head removed", "DELETE FROM log_head", &["head.rows"]),
        case(
            "head doubled",
            "INSERT INTO log_head SELECT 2, position, root, compact_range, recorded_at FROM log_head",
            &["head.rows"],
        ),
        case(
            "log id",
            "UPDATE log SET log_id = zeroblob(16)",
            &["checkpoint.other_log", "checkpoint.signature"],
        ),
        case("log format", "UPDATE log SET format = 0", &["log.identity"]),
        case(
            "log removed",
            "DELETE FROM log",
            &["checkpoint.other_log", "checkpoint.signature", "log.identity"],
        ),
        case(
            "command id",
            "UPDATE commands SET command_id = zeroblob(16) WHERE first_position = 5",
            &["command.extra", "command.missing"],
        ),
        case("command removed", "DELETE FROM commands WHERE first_position = 5", &["command.missing"]),
        case(
            "command added",
            "INSERT INTO commands VALUES (zeroblob(16), 5, 6, zeroblob(32), 0)",
            &["command.extra"],
        ),
        case(
            "command beyond the end",
            "INSERT INTO commands VALUES (zeroblob(16), 50, 60, zeroblob(32), 0)",
            &["command.extra"],
        ),
        case(
            "command first",
            "UPDATE commands SET first_position = 6 WHERE first_position = 5",
            &["command.differs"],
        ),
        case(
            "command last",
            "UPDATE commands SET last_position = 5 WHERE first_position = 5",
            &["command.differs"],
        ),
        case(
            "command digest",
            "UPDATE commands SET request_digest = zeroblob(32) WHERE first_position = 5",
            &["command.differs"],
        ),
        case(
            "command instant",
            "UPDATE commands SET recorded_at = 0 WHERE first_position = 5",
            &["command.differs"],
        ),
        case("claim removed", "DELETE FROM claims WHERE what = 4", &["claim.missing"]),
        case("claim added", "INSERT INTO claims VALUES (4, zeroblob(16), 8)", &["claim.extra"]),
        case("claim beyond the end", "INSERT INTO claims VALUES (4, zeroblob(16), 88)", &["claim.extra"]),
        case("claim what", "UPDATE claims SET what = 5 WHERE what = 4", &["claim.extra", "claim.missing"]),
        case(
            "claim key",
            "UPDATE claims SET key = zeroblob(16) WHERE what = 4",
            &["claim.extra", "claim.missing"],
        ),
        case("claim position", "UPDATE claims SET position = 10 WHERE what = 4", &["claim.differs"]),
        case("checkpoint size", "UPDATE checkpoints SET size = 8 WHERE size = 7", &["checkpoint.row"]),
        case(
            "checkpoint root",
            "UPDATE checkpoints SET root = zeroblob(32) WHERE size = 7",
            &["checkpoint.row"],
        ),
        case(
            "checkpoint note",
            "UPDATE checkpoints SET note = replace(note, char(10) || '7' || char(10), char(10) || '8' || char(10)) WHERE size = 7",
            &["checkpoint.root", "checkpoint.row", "checkpoint.signature"],
        ),
        case(
            "checkpoint note beyond the end",
            "UPDATE checkpoints SET note = replace(note, char(10) || '7' || char(10), char(10) || '77' || char(10)) WHERE size = 7",
            &["checkpoint.ahead", "checkpoint.row", "checkpoint.signature"],
        ),
        case(
            "checkpoint note, no note",
            "UPDATE checkpoints SET note = 'trust me'",
            &["checkpoint.malformed"],
        ),
        case(
            "snapshot of nothing",
            "UPDATE snapshots SET aggregate_type = 'nothing' WHERE aggregate_type = 'unit'",
            &["snapshot.unknown_stream"],
        ),
        case(
            "snapshot of another",
            "UPDATE snapshots SET aggregate_id = '00000000-0000-0000-0000-000000000000' WHERE aggregate_type = 'unit'",
            &["snapshot.place"],
        ),
        case(
            "snapshot sequence",
            "UPDATE snapshots SET sequence = sequence - 1 WHERE aggregate_type = 'unit'",
            &["snapshot.place", "snapshot.state"],
        ),
        case(
            "snapshot ahead",
            "UPDATE snapshots SET sequence = 99 WHERE aggregate_type = 'unit'",
            &["snapshot.place"],
        ),
        case(
            "snapshot position",
            "UPDATE snapshots SET position = 1 WHERE aggregate_type = 'unit'",
            &["snapshot.place"],
        ),
        case(
            "snapshot leaf",
            "UPDATE snapshots SET leaf_hash = zeroblob(32) WHERE aggregate_type = 'unit'",
            &["snapshot.place"],
        ),
        case(
            "snapshot state",
            "UPDATE snapshots SET state = (SELECT state FROM snapshots WHERE aggregate_type = 'year') WHERE aggregate_type = 'unit'",
            &["snapshot.state"],
        ),
        case("facts position", "UPDATE facts SET position = 13", &["facts.place"]),
        case("facts leaf", "UPDATE facts SET leaf_hash = zeroblob(32)", &["facts.place"]),
    ]);
}

#[test]
fn a_removed_or_weakened_guard_is_found() {
    let written = write(&story());
    let cases = [
        ("DROP TRIGGER events_update", "schema.missing"),
        (
            "DROP TRIGGER log_head_update; CREATE TRIGGER log_head_update BEFORE UPDATE ON log_head WHEN 0 BEGIN SELECT 1; END",
            "schema.changed",
        ),
        (
            "CREATE TRIGGER events_after AFTER INSERT ON events BEGIN DELETE FROM events WHERE 0; END",
            "schema.extra",
        ),
        ("CREATE TABLE notes (text TEXT)", "schema.extra"),
        ("CREATE INDEX by_command ON events (command_id)", "schema.extra"),
    ];
    for (sql, code) in cases {
        let copy = written.copy();
        Connection::open(copy.path().join("log.db")).unwrap().execute_batch(sql).unwrap();
        assert_eq!(codes(&check(copy.path())), [code], "{sql}");
    }
}

#[test]
fn a_guard_that_was_put_back_as_it_was_is_no_finding() {
    let written = write(&story());
    tamper(written.dir.path(), |_| Ok(())).unwrap();
    assert!(check(written.dir.path()).is_verified());
}

/// Changes the text of one payload, seals the row again with its new leaf hash, and looks.
fn check_sealed_again(position: u64, from: &str, to: &str, expected: &[&str]) {
    let written = write(&story());
    tamper(written.dir.path(), |connection| {
        let changed = connection.execute(
            "UPDATE events SET payload = replace(payload, ?1, ?2) WHERE position = ?3 AND instr(payload, ?1)",
            params![from, to, position as i64],
        )?;
        assert_eq!(changed, 1, "the payload holds {from}");
        seal_again(connection, written.dir.path(), position)
    })
    .unwrap();
    let report = check(written.dir.path());
    assert_eq!(codes(&report), expected, "{report}");
}

#[test]
fn a_payload_changed_together_with_its_leaf_hash_is_found_by_the_root() {
    let root = ["checkpoint.root", "head.compact_range", "head.root"];
    check_sealed_again(12, "\"2025-03-04\"", "\"2025-03-05\"", &[&root[..], &["snapshot.state"]].concat());
    // What is booked is found by its entry as well.
    let booked = ["checkpoint.root", "head.compact_range", "head.root", "posting.digest", "snapshot.state"];
    check_sealed_again(12, "\"budget\":\"182.00\"", "\"budget\":\"183.00\"", &booked);
    let owner = [
        "books.entry",
        "books.total",
        "checkpoint.root",
        "head.compact_range",
        "head.root",
        "posting.digest",
        "snapshot.state",
    ];
    check_sealed_again(10, "\"unit_share\":\"935.00\"", "\"unit_share\":\"936.00\"", &owner);
}

/// The story with another last but one command: what a keeper wishes had happened.
fn other_story() -> Vec<Did> {
    let mut story = story();
    let event = &mut story[9][0].1;
    let Event::Unit(UnitEvent::ContractDeclared { budget, .. }) = event else { panic!("{event:?}") };
    *budget = amount("282.00");
    story
}

#[test]
fn a_suffix_rewritten_by_the_keeper_is_found_only_by_who_holds_something_later() {
    let (written, rewritten) = (write(&story()), write(&other_story()));
    let look = |options: Options| check_with(rewritten.dir.path(), options);
    // It is consistent, and signed by the log's own key: alone, nothing can be seen.
    let alone = look(Options { expect_key: Some(written.key.clone()), ..Options::default() });
    assert!(alone.is_verified(), "{alone}");
    assert!(alone.to_string().contains("kept elsewhere; none was given"), "{alone}");

    let [before, after] = written.checkpoints.clone();
    let earlier = look(Options { trusted: vec![before], ..Options::default() });
    assert!(earlier.is_verified(), "what lies before the rewriting is as it was: {earlier}");
    let later = look(Options { trusted: vec![after], ..Options::default() });
    assert_eq!(codes(&later), ["held.root"]);
    assert_eq!(later.findings[0].position(), Some(14));

    let receipts = |n: usize| Options { receipts: vec![written.receipts[n].clone()], ..Options::default() };
    assert!(look(receipts(8)).is_verified(), "that command was left alone");
    let own = look(receipts(9));
    assert_eq!(codes(&own), ["held.receipt"]);
    assert_eq!(own.findings[0].position(), Some(12));
}

#[test]
fn a_log_cut_short_consistently_is_found_by_who_holds_something_later() {
    let (written, cut) = (write(&story()), write(&story()[..9]));
    let alone = check(cut.dir.path());
    assert!(alone.is_verified(), "{alone}");
    let options = Options {
        trusted: vec![written.checkpoints[1].clone()],
        receipts: vec![written.receipts[9].clone()],
        ..Options::default()
    };
    assert_eq!(codes(&check_with(cut.dir.path(), options)), ["held.ahead", "held.receipt_ahead"]);
}

#[test]
fn a_held_checkpoint_that_somebody_changed_is_found() {
    let written = write(&story());
    let look = |note: String| {
        codes(&check_with(written.dir.path(), Options { trusted: vec![note], ..Options::default() }))
    };
    let note = written.checkpoints[1].clone();
    assert_eq!(look(note.replace("\n14\n", "\n13\n")), ["held.root", "held.signature"]);
    assert_eq!(look(note.replacen("coledger", "coledgers", 1)), ["held.other_log", "held.signature"]);
}

#[test]
fn an_event_that_no_rule_could_have_produced_is_a_finding_and_no_crash() {
    let mut story = story();
    let Event::Unit(UnitEvent::InvoicePaid { invoice, .. }) = &mut story[8][0].1 else { panic!() };
    // Paid is an invoice that was never issued: folding it stops.
    *invoice = domain::ids::InvoiceId::new(uuid::Uuid::from_u128(5));
    let dir = tempfile::tempdir().unwrap();
    let id = store::LogId::new(uuid::Uuid::from_u128(7));
    let mut log = store::Log::create(dir.path(), id, &mut fixtures::Counting(0)).unwrap();
    let mut placing = fixtures::Placing::default();
    for (n, did) in (1..).zip(&story) {
        log.append(log.head().position, &[placing.prepare(n, did)]).unwrap();
    }
    let leaf_hash = log.reader().event_at(Position(14)).unwrap().unwrap().leaf_hash;
    let (stream, state) = (fixtures::ATELIER, Vec::new());
    let sequence = log.reader().stream_version(stream).unwrap();
    let snapshot = store::Snapshot {
        stream,
        sequence,
        position: Position(14),
        leaf_hash,
        state_version: fixtures::state_version(stream),
        state,
    };
    log.save_snapshot(&snapshot).unwrap();
    drop(log);
    let report = check(dir.path());
    assert_eq!(codes(&report), ["snapshot.unfoldable"], "{report}");
    assert_eq!(report.findings[0].position(), Some(11));
}

#[test]
fn a_snapshot_of_another_version_is_stale_and_no_finding() {
    let written = write(&story());
    tamper(written.dir.path(), |connection| {
        connection.execute("UPDATE snapshots SET state_version = 0 WHERE aggregate_type = 'unit'", [])
    })
    .unwrap();
    let report = check(written.dir.path());
    assert!(report.is_verified(), "{report}");
    assert_eq!((report.snapshots, report.snapshots_of_other_versions), (4, 1));
}

#[test]
fn findings_beyond_the_list_are_counted() {
    let member = |n: u128| domain::StreamId::Member(domain::ids::MemberId::new(uuid::Uuid::from_u128(n)));
    let asked = || MemberEvent::AdmissionRequested {
        person: fixtures::ALICE,
        category: domain::member::Category::User,
    };
    let mut story = story();
    story.extend((0..1_500).map(|n| vec![(member(n), Event::from(asked()))]));
    let written = write(&story);
    tamper(written.dir.path(), |connection| {
        connection.execute("UPDATE events SET leaf_hash = zeroblob(32) WHERE position > 14", [])
    })
    .unwrap();
    let report = check(written.dir.path());
    assert_eq!((report.findings.len(), report.findings_left_out), (FINDINGS_MAX, 501));
    assert!(report.to_string().contains("and 501 more"));
}

#[test]
fn an_index_that_says_otherwise_than_its_table_is_found_by_the_file_check() {
    let written = write(&story());
    let key = b"00000000-0000-0000-0000-000000000a7e";
    let bytes = std::fs::read(written.file()).unwrap();
    let mut n_changed = 0;
    for (page, content) in bytes.chunks(4_096).enumerate() {
        // 0x0A marks a leaf of an index; no rows of `events` lie in one.
        let Some(at) =
            content.windows(key.len()).position(|window| window == key).filter(|_| content[0] == 0x0A)
        else {
            continue;
        };
        let copy = written.copy();
        let mut changed = bytes.clone();
        changed[page * 4_096 + at] = b'1';
        std::fs::write(copy.path().join("log.db"), &changed).unwrap();
        assert_eq!(codes(&check(copy.path())), ["file.inconsistent"], "page {page}");
        n_changed += 1;
    }
    assert!(n_changed >= 1, "streams have an index");
}
