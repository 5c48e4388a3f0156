//! Whatever byte of whatever column is changed, the verifier finds it.

mod fixtures;

use std::sync::LazyLock;

use fixtures::{Written, check, story, tamper, write};
use proptest::prelude::*;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql};

static WRITTEN: LazyLock<Written> = LazyLock::new(|| write(&story()));

/// Every column that says something of the log.
///
/// Left out are `facts.version` and `facts.state`, whose shape is the writer's own, and
/// `snapshots.state_version`, since a snapshot of another version is stale and unused.
const COLUMNS: [(&str, &[&str]); 8] = [
    (
        "events",
        &[
            "aggregate_type",
            "aggregate_id",
            "sequence",
            "event_type",
            "event_version",
            "payload",
            "metadata",
            "position",
            "recorded_at",
            "effective_on",
            "command_id",
            "posting_rule",
            "entry_digest",
            "leaf_hash",
        ],
    ),
    ("commands", &["command_id", "first_position", "last_position", "request_digest", "recorded_at"]),
    ("claims", &["what", "key", "position"]),
    ("checkpoints", &["size", "root", "note"]),
    ("log_head", &["id", "position", "root", "compact_range", "recorded_at"]),
    ("log", &["id", "format", "log_id"]),
    ("snapshots", &["aggregate_type", "aggregate_id", "sequence", "position", "leaf_hash", "state"]),
    ("facts", &["id", "position", "leaf_hash"]),
];

/// Bytes that go in as text, whether or not they are UTF-8.
struct AnyText(Vec<u8>);

impl ToSql for AnyText {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(&self.0)))
    }
}

/// Which column, which row and which byte, each taken modulo how many there are.
#[derive(Clone, Debug)]
struct Flip {
    column: usize,
    row: usize,
    byte: usize,
    mask: u8,
}

fn columns() -> Vec<(&'static str, &'static str)> {
    COLUMNS.iter().flat_map(|(table, columns)| columns.iter().map(|column| (*table, *column))).collect()
}

fn flips() -> impl Strategy<Value = Flip> {
    let column = 0..columns().len();
    (column, any::<usize>(), any::<usize>(), 1..=u8::MAX).prop_map(|(column, row, byte, mask)| Flip {
        column,
        row,
        byte,
        mask,
    })
}

/// Flips the byte; an error when a key that is unique would stand twice.
fn flip(connection: &Connection, flip: &Flip) -> rusqlite::Result<String> {
    let (table, column) = columns()[flip.column];
    let keys = connection
        .prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?
        .query_map([table], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let rows = connection
        .prepare(&format!("SELECT {column}, {} FROM {table}", keys.join(", ")))?
        .query_map([], |row| (0..=keys.len()).map(|index| row.get(index)).collect())?
        .collect::<rusqlite::Result<Vec<Vec<Value>>>>()?;
    let row = &rows[flip.row % rows.len()];
    let at = |bytes: &[u8]| flip.byte % bytes.len();
    let flipped: Box<dyn ToSql> = match row[0].clone() {
        Value::Integer(number) => {
            let mut bytes = number.to_be_bytes();
            bytes[flip.byte % 8] ^= flip.mask;
            Box::new(i64::from_be_bytes(bytes))
        }
        Value::Text(text) => {
            let mut bytes = text.into_bytes();
            let at = at(&bytes);
            bytes[at] ^= flip.mask;
            Box::new(AnyText(bytes))
        }
        Value::Blob(mut bytes) => {
            let at = at(&bytes);
            bytes[at] ^= flip.mask;
            Box::new(bytes)
        }
        other => panic!("{table}.{column} holds {other:?}"),
    };
    let place: Vec<String> = keys.iter().zip(2..).map(|(key, n)| format!("{key} = ?{n}")).collect();
    let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {}", place.join(" AND "));
    let mut parameters: Vec<&dyn ToSql> = vec![&*flipped];
    parameters.extend(row[1..].iter().map(|key| key as &dyn ToSql));
    assert_eq!(connection.execute(&sql, &*parameters)?, 1, "{sql}");
    Ok(format!("{table}.{column} of {:?}", &row[1..]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_flipped_byte_is_found(wanted in flips()) {
        let copy = WRITTEN.copy();
        let done = tamper(copy.path(), |connection| flip(connection, &wanted));
        prop_assume!(done.is_ok());
        let report = check(copy.path());
        prop_assert!(!report.is_verified(), "{} was changed unseen\n{report}", done.unwrap());
    }
}

#[test]
fn a_flipped_byte_in_every_column_is_found() {
    for column in 0..columns().len() {
        let copy = WRITTEN.copy();
        let wanted = Flip { column, row: 1, byte: 7, mask: 64 };
        let changed = tamper(copy.path(), |connection| flip(connection, &wanted)).unwrap();
        let report = check(copy.path());
        assert!(!report.is_verified(), "{changed} was changed unseen\n{report}");
    }
}
