//! Two generations compared, all rows of all tables.
//!
//! Both tables are read in the order of their key and walked side by side, so that memory stays
//! small whatever the tables hold. Indexes are not looked at: they hold what the rows hold.

use std::cmp::Ordering;

use projections::port::Table;
use rusqlite::Rows;
use rusqlite::types::ValueRef;
use uuid::Uuid;

use super::{ViewsError, ViewsReader, ViewsWriter, database, sql};

/// A row in which two generations differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The key of the row, by column.
    pub key: Vec<(&'static str, String)>,
    /// What differs.
    pub kind: DifferenceKind,
}

/// How a row differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The current generation has it, the rebuilt one has not.
    OnlyCurrent,
    /// The rebuilt generation has it, the current one has not.
    OnlyRebuilt,
    /// Both have it, with other values in these columns.
    Changed(Vec<ColumnDifference>),
}

/// A column in which a row differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDifference {
    /// The column.
    pub column: &'static str,
    /// What the current generation holds there.
    pub current: String,
    /// What the rebuilt one holds there.
    pub rebuilt: String,
}

/// A stored value; ordered as SQLite orders values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    Null,
    Integer(i64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

/// Tells every difference, and how many rows the rebuilt generation has.
pub fn differences(
    current: &ViewsReader,
    rebuilt: &ViewsWriter,
    found: &mut dyn FnMut(Difference),
) -> Result<u64, ViewsError> {
    let mut n_rows = 0;
    for table in &rebuilt.tables {
        let names = |n| table.columns[..n].iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        let (all, key) = (names(table.columns.len()), names(sql::key(table)));
        let select = format!("SELECT {all} FROM {} ORDER BY {key}", table.name);
        let of_current = |cause| database(&current.path, cause);
        let of_rebuilt = |cause| database(&rebuilt.path, cause);
        let mut theirs = current.connection.prepare(&select).map_err(of_current)?;
        let mut ours = rebuilt.connection.prepare(&select).map_err(of_rebuilt)?;
        let mut theirs = theirs.query([]).map_err(of_current)?;
        let mut ours = ours.query([]).map_err(of_rebuilt)?;
        let mut their = next(&mut theirs, table).map_err(of_current)?;
        let mut our = next(&mut ours, table).map_err(of_rebuilt)?;
        loop {
            let order = match (&their, &our) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(their), Some(our)) => their[..sql::key(table)].cmp(&our[..sql::key(table)]),
            };
            match (&their, &our) {
                (Some(their), Some(our)) if order == Ordering::Equal => {
                    if their != our {
                        found(difference(table, our, DifferenceKind::Changed(columns(table, their, our))));
                    }
                }
                (Some(their), _) if order == Ordering::Less => {
                    found(difference(table, their, DifferenceKind::OnlyCurrent));
                }
                (_, Some(our)) => found(difference(table, our, DifferenceKind::OnlyRebuilt)),
                _ => unreachable!("a row that comes first is there"),
            }
            if order != Ordering::Greater {
                their = next(&mut theirs, table).map_err(of_current)?;
            }
            if order != Ordering::Less {
                n_rows += 1;
                our = next(&mut ours, table).map_err(of_rebuilt)?;
            }
        }
    }
    Ok(n_rows)
}

fn next(rows: &mut Rows<'_>, table: &Table) -> rusqlite::Result<Option<Vec<Held>>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let held = |n| {
        Ok(match row.get_ref(n)? {
            ValueRef::Integer(integer) => Held::Integer(integer),
            ValueRef::Text(text) => Held::Text(text.to_owned()),
            ValueRef::Blob(blob) => Held::Blob(blob.to_owned()),
            // No column is REAL: tables are STRICT.
            ValueRef::Null | ValueRef::Real(_) => Held::Null,
        })
    };
    (0..table.columns.len()).map(held).collect::<rusqlite::Result<_>>().map(Some)
}

fn difference(table: &Table, row: &[Held], kind: DifferenceKind) -> Difference {
    let key = table.columns.iter().zip(&row[..sql::key(table)]);
    Difference {
        table: table.name,
        key: key.map(|(column, held)| (column.name, held.shown())).collect(),
        kind,
    }
}

fn columns(table: &Table, current: &[Held], rebuilt: &[Held]) -> Vec<ColumnDifference> {
    let pairs = table.columns.iter().zip(current.iter().zip(rebuilt));
    let differing = pairs.filter(|(_, (current, rebuilt))| current != rebuilt);
    let told = |(column, (current, rebuilt)): (&projections::port::Column, (&Held, &Held))| {
        ColumnDifference { column: column.name, current: current.shown(), rebuilt: rebuilt.shown() }
    };
    differing.map(told).collect()
}

impl Held {
    fn shown(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Integer(integer) => integer.to_string(),
            Self::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Self::Blob(blob) => Uuid::from_slice(blob).map_or_else(
                |_| blob.iter().map(|byte| format!("{byte:02x}")).collect(),
                |id| id.to_string(),
            ),
        }
    }
}
