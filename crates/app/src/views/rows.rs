//! Rows on their way into SQLite, and out of it.
//!
//! Rows of a batch are kept in memory, per table, and written by one prepared statement each at the
//! end. Totals are summed in memory first, so a key is written once per batch however often it was
//! added to.

use std::collections::hash_map::Entry;

use projections::port::{Cell, ReadError, Rows, Table, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql, params_from_iter};
use rustc_hash::FxHashMap;
use uuid::Uuid;

use super::sql;

/// Lines inserted by one statement: starting one costs as much as a line.
const ROWS_PER_STATEMENT: usize = 32;

/// The rows of one batch.
pub struct RowBuffer {
    tables: Vec<TableRows>,
    /// Index into `tables` by the address of the static, which is only compared and never followed.
    by_table: FxHashMap<usize, usize>,
    scratch: Vec<u8>,
}

struct TableRows {
    table: &'static Table,
    lines: Vec<Held>,
    text: String,
    totals: FxHashMap<Box<[u8]>, Vec<i64>>,
}

#[derive(Clone, Copy)]
enum Held {
    Null,
    Integer(i64),
    Text { start: u32, length: u32 },
    Id(Uuid),
}

impl RowBuffer {
    /// An empty buffer for rows of these tables.
    pub fn new(tables: &[&'static Table]) -> Self {
        let rows = |table: &&'static Table| TableRows {
            table,
            lines: Vec::new(),
            text: String::new(),
            totals: FxHashMap::default(),
        };
        let by_table =
            tables.iter().enumerate().map(|(n, table)| (std::ptr::from_ref(*table).addr(), n)).collect();
        Self { tables: tables.iter().map(rows).collect(), by_table, scratch: Vec::new() }
    }

    fn of(&mut self, table: &'static Table) -> &mut TableRows {
        let n = self.by_table[&std::ptr::from_ref(table).addr()];
        &mut self.tables[n]
    }

    /// Writes all rows and forgets them.
    pub(super) fn flush(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        for rows in &mut self.tables {
            if rows.lines.is_empty() && rows.totals.is_empty() {
                continue;
            }
            let mut many = connection.prepare_cached(&sql::write_rows(rows.table, ROWS_PER_STATEMENT))?;
            let mut write = connection.prepare_cached(&sql::write_rows(rows.table, 1))?;
            let columns = rows.table.columns.len();
            let full = rows.lines.chunks_exact(columns * ROWS_PER_STATEMENT);
            let rest = full.remainder().chunks_exact(columns);
            for lines in full {
                bind_and_run(&mut many, lines.iter().map(|held| held.value(&rows.text)))?;
            }
            for line in rest {
                bind_and_run(&mut write, line.iter().map(|held| held.value(&rows.text)))?;
            }
            // In the order of the key, so that the B-tree is walked once.
            let mut totals: Vec<_> = rows.totals.drain().collect();
            totals.sort_unstable();
            for (key, sums) in totals {
                let key = decode_key(&key);
                bind_and_run(&mut write, key.chain(sums.into_iter().map(Value::Integer)))?;
            }
            rows.lines.clear();
            rows.text.clear();
        }
        Ok(())
    }
}

impl Rows for RowBuffer {
    fn insert(&mut self, table: &'static Table, row: &[Value<'_>]) {
        assert_eq!(row.len(), table.columns.len(), "a row of {} has all its columns", table.name);
        let rows = self.of(table);
        for value in row {
            rows.lines.push(match *value {
                Value::Null => Held::Null,
                Value::Integer(integer) => Held::Integer(integer),
                Value::Id(id) => Held::Id(id),
                Value::Text(text) => {
                    let start =
                        u32::try_from(rows.text.len()).expect("a batch holds less than 4 GiB of text");
                    rows.text.push_str(text);
                    Held::Text { start, length: u32::try_from(text.len()).expect("texts are short") }
                }
            });
        }
    }

    fn add(&mut self, table: &'static Table, key: &[Value<'_>], sums: &[i64]) {
        assert_eq!(
            key.len() + sums.len(),
            table.columns.len(),
            "a total of {} has all its columns",
            table.name
        );
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        encode_key(key, &mut scratch);
        let rows = self.of(table);
        match rows.totals.get_mut(scratch.as_slice()) {
            Some(totals) => {
                for (total, sum) in totals.iter_mut().zip(sums) {
                    *total = total.checked_add(*sum).expect("sums of cents fit in 64 bits");
                }
            }
            None => match rows.totals.entry(scratch.as_slice().into()) {
                Entry::Vacant(vacant) => {
                    vacant.insert(sums.to_vec());
                }
                Entry::Occupied(_) => unreachable!("the key was not found above"),
            },
        }
        self.scratch = scratch;
    }
}

impl Held {
    fn value<'a>(&self, text: &'a str) -> Value<'a> {
        match *self {
            Self::Null => Value::Null,
            Self::Integer(integer) => Value::Integer(integer),
            Self::Id(id) => Value::Id(id),
            Self::Text { start, length } => {
                let start = start as usize;
                Value::Text(&text[start..start + length as usize])
            }
        }
    }
}

fn encode_key(key: &[Value<'_>], bytes: &mut Vec<u8>) {
    for value in key {
        match value {
            Value::Null => bytes.push(0),
            // The sign bit is turned round so that bytes sort as the numbers do.
            Value::Integer(integer) => {
                bytes.push(1);
                bytes.extend((integer ^ i64::MIN).to_be_bytes());
            }
            Value::Text(text) => {
                bytes.push(2);
                bytes.extend(text.as_bytes());
                bytes.push(0);
            }
            Value::Id(id) => {
                bytes.push(3);
                bytes.extend(id.as_bytes());
            }
        }
    }
}

fn decode_key(bytes: &[u8]) -> impl Iterator<Item = Value<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (tag, after) = rest.split_first()?;
        let (value, length) = match tag {
            0 => (Value::Null, 0),
            1 => {
                let integer = i64::from_be_bytes(after[..8].try_into().expect("eight bytes")) ^ i64::MIN;
                (Value::Integer(integer), 8)
            }
            2 => {
                let end = after.iter().position(|byte| *byte == 0).expect("texts end with a zero byte");
                (Value::Text(std::str::from_utf8(&after[..end]).expect("it was text")), end + 1)
            }
            _ => (Value::Id(Uuid::from_slice(&after[..16]).expect("sixteen bytes")), 16),
        };
        rest = &after[length..];
        Some(value)
    })
}

struct Bound<'a>(Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match &self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(integer) => ValueRef::Integer(*integer),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Id(id) => ValueRef::Blob(id.as_bytes()),
        }))
    }
}

fn bind_and_run<'v>(
    statement: &mut Statement<'_>,
    values: impl Iterator<Item = Value<'v>>,
) -> rusqlite::Result<()> {
    for (n, value) in values.enumerate() {
        statement.raw_bind_parameter(n + 1, Bound(value))?;
    }
    statement.raw_execute()?;
    Ok(())
}

pub(super) fn query(
    connection: &Connection,
    sql: &str,
    parameters: &[Value<'_>],
) -> Result<Vec<Vec<Cell>>, ReadError> {
    let run = || {
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(parameters.iter().map(|value| Bound(*value))))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cells: rusqlite::Result<Vec<Cell>> = (0..columns)
                .map(|n| {
                    Ok(match row.get_ref(n)? {
                        ValueRef::Null => Cell::Null,
                        ValueRef::Integer(integer) => Cell::Integer(integer),
                        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                        ValueRef::Blob(blob) => match Uuid::from_slice(blob) {
                            Ok(id) => Cell::Id(id),
                            Err(_) => Cell::Null,
                        },
                        // No column is REAL: tables are STRICT and money is whole cents.
                        ValueRef::Real(_) => Cell::Null,
                    })
                })
                .collect();
            found.push(cells?);
        }
        Ok(found)
    };
    run().map_err(|error: rusqlite::Error| ReadError::Unreadable(Box::new(error)))
}
