//! The narrow port between projections and whatever keeps their rows.
//!
//! A projection declares tables as data and writes rows in two ways only: a *line* is inserted and
//! never changes; a *total* is added to. So a rebuild equals a replay, a correction is one more
//! line, and a batch of rows can be written in any order. Queries read through [`Reader`] in SQL
//! that SQLite and PostgreSQL both run. Neither driver is known here.
//!
//! How values are stored: ids as 16 bytes (SQLite) or `uuid` (PostgreSQL), days as integers such as
//! 20250331, money as integer cents, hours as integer hundredths.

use chrono::Datelike;
use domain::{Day, Position, Recorded, StreamId};
use ledger::Posting;
use uuid::Uuid;

/// A table of a read model.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name, unique among all read models.
    pub name: &'static str,
    /// Its columns, in the order in which rows are written.
    pub columns: &'static [Column],
    /// Lines or totals.
    pub shape: Shape,
    /// Indexes beside the key.
    pub indexes: &'static [Index],
}

/// Whether rows are inserted once or added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Inserted and never changed; the first `key` columns are the primary key.
    Lines {
        /// How many columns form the key.
        key: usize,
    },
    /// The first `key` columns are the primary key, all others are integer sums that are added to.
    Totals {
        /// How many columns form the key.
        key: usize,
    },
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A whole number: cents, hundredths, counts, positions, days.
    Integer,
    /// Short text.
    Text,
    /// A UUID.
    Id,
}

/// An index beside the key.
#[derive(Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name, unique among all read models.
    pub name: &'static str,
    /// The columns it covers, in order.
    pub columns: &'static [&'static str],
    /// Only rows in which this column is not null, when given.
    pub unless_null: Option<&'static str>,
}

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(&'a str),
    /// A UUID.
    Id(Uuid),
}

/// A value as a query gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// A UUID.
    Id(Uuid),
}

/// Where a projection writes its rows.
pub trait Rows {
    /// Inserts a line that never changes.
    fn insert(&mut self, table: &'static Table, row: &[Value<'_>]);

    /// Adds to the sums under a key; a key not seen before starts at zero.
    fn add(&mut self, table: &'static Table, key: &[Value<'_>], sums: &[i64]);
}

/// Where queries read.
pub trait Reader {
    /// Runs a query with parameters `?1`, `?2` … and returns its rows.
    fn query(&self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Vec<Cell>>, ReadError>;
}

/// A query could not be answered.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The rows could not be read.
    #[error("the read models cannot be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row did not have the columns that the query asked for.
    #[error("column {column} of a row holds {found}, not {expected}")]
    Column {
        /// Which column, from 0.
        column: usize,
        /// What it holds.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
}

/// One event on its way through the projections, with its posting, decoded once for all.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The event with its envelope.
    pub recorded: &'a Recorded,
    /// What it books.
    pub posting: &'a Posting,
}

/// What an event changes: a correction takes one event back and may put another in its place.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// +1 when it happened, −1 when it is void from here on.
    pub sign: i64,
    /// Where the void event stands; nothing when it happened here.
    pub voids: Option<Position>,
    /// What happened or is void.
    pub event: std::borrow::Cow<'a, domain::Event>,
}

/// One question's fold of events into rows.
pub trait Projection: Send {
    /// Its name: the folder's.
    fn name(&self) -> &'static str;

    /// The question that it answers, in words.
    fn question(&self) -> &'static str;

    /// Its tables.
    fn tables(&self) -> &'static [&'static Table];

    /// Takes up after a restart what it keeps in memory, from its own rows.
    fn resume(&mut self, reader: &dyn Reader) -> Result<(), ReadError> {
        let _ = reader;
        Ok(())
    }

    /// Folds one event into rows.
    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows);
}

/// Both times of a question: effective up to a day, as known at a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Only what took effect up to this day.
    pub as_of: Option<Day>,
    /// Only what was recorded up to this position.
    pub known_at: Option<Position>,
}

impl<'a> Seen<'a> {
    /// The changes it makes: one, or for a correction one back and perhaps one forth.
    pub fn changes(&self) -> impl Iterator<Item = Change<'a>> {
        use std::borrow::Cow;
        let recorded = self.recorded;
        let changes = match recorded.event.as_correction() {
            None => [Some(Change { sign: 1, voids: None, event: Cow::Borrowed(&recorded.event) }), None],
            Some((position, original, replacement)) => [
                Some(Change { sign: -1, voids: Some(position), event: Cow::Owned(original) }),
                replacement.map(|event| Change { sign: 1, voids: None, event: Cow::Owned(event) }),
            ],
        };
        changes.into_iter().flatten()
    }

    /// The event's place in the log, as a value.
    pub fn position(&self) -> Value<'static> {
        Value::Integer(integer(self.recorded.position.0))
    }

    /// The day of effect, as a value.
    pub fn effective_on(&self) -> Value<'static> {
        day(self.recorded.effective_on)
    }

    /// The stream it belongs to.
    pub fn stream(&self) -> StreamId {
        self.recorded.stream
    }
}

impl Change<'_> {
    /// The position of the void event, as a value.
    pub fn voids(&self) -> Value<'static> {
        self.voids.map_or(Value::Null, |position| Value::Integer(integer(position.0)))
    }
}

impl Column {
    /// A column of whole numbers.
    pub const fn integer(name: &'static str) -> Self {
        Self { name, kind: ColumnKind::Integer }
    }

    /// A column of short text.
    pub const fn text(name: &'static str) -> Self {
        Self { name, kind: ColumnKind::Text }
    }

    /// A column of UUIDs.
    pub const fn id(name: &'static str) -> Self {
        Self { name, kind: ColumnKind::Id }
    }
}

impl Times {
    /// The latest day that counts, as an integer; the last of all when none is given.
    pub fn day(self) -> Value<'static> {
        self.as_of.map_or(Value::Integer(99_991_231), day)
    }

    /// The latest position that counts; the last of all when none is given.
    pub fn position(self) -> Value<'static> {
        Value::Integer(self.known_at.map_or(i64::MAX, |position| integer(position.0)))
    }
}

/// A day as rows hold it: 20250331.
pub fn day(day: Day) -> Value<'static> {
    let date = day.naive();
    Value::Integer(i64::from(date.year()) * 10_000 + i64::from(date.month() * 100 + date.day()))
}

/// The day of an integer such as 20250331.
pub fn day_of(number: i64) -> Option<Day> {
    let part = |value: i64| u32::try_from(value).ok();
    Day::try_new(i32::try_from(number / 10_000).ok()?, part(number / 100 % 100)?, part(number % 100)?)
}

/// A count or position as rows hold it.
pub fn integer(value: u64) -> i64 {
    i64::try_from(value).expect("counts and positions stay below 2^63")
}

impl Cell {
    /// The whole number; zero when null, as of an empty sum.
    pub fn integer(&self, column: usize) -> Result<i64, ReadError> {
        match self {
            Self::Integer(value) => Ok(*value),
            Self::Null => Ok(0),
            other => Err(other.is_not(column, "a whole number")),
        }
    }

    /// The text.
    pub fn text(&self, column: usize) -> Result<&str, ReadError> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(other.is_not(column, "text")),
        }
    }

    /// The UUID.
    pub fn id(&self, column: usize) -> Result<Uuid, ReadError> {
        match self {
            Self::Id(id) => Ok(*id),
            other => Err(other.is_not(column, "an id")),
        }
    }

    /// The UUID, or nothing when null.
    pub fn optional_id(&self, column: usize) -> Result<Option<Uuid>, ReadError> {
        match self {
            Self::Null => Ok(None),
            other => other.id(column).map(Some),
        }
    }

    fn is_not(&self, column: usize, expected: &'static str) -> ReadError {
        ReadError::Column { column, found: format!("{self:?}"), expected }
    }
}
