//! Rows of `events` in chunks: read once, kept in one buffer per chunk, which is used again.
//!
//! Columns are taken as they are stored. One that is of another type or length than published is
//! noted with the row, and the row goes on without it.

use std::ops::Range;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::leaf::Columns;

/// Rows in a chunk.
pub(crate) const CHUNK_ROWS: usize = 512;

/// The columns in the order in which [`Chunk::push`] reads them.
pub(crate) const SELECT: &str = "
    SELECT position, recorded_at, sequence, command_id, entry_digest, leaf_hash, effective_on,
        aggregate_type, aggregate_id, event_type, event_version, payload, metadata, posting_rule
    FROM events
    ORDER BY position";

const COLUMNS: [&str; 14] = [
    "position",
    "recorded_at",
    "sequence",
    "command_id",
    "entry_digest",
    "leaf_hash",
    "effective_on",
    "aggregate_type",
    "aggregate_id",
    "event_type",
    "event_version",
    "payload",
    "metadata",
    "posting_rule",
];
const FIRST_TEXT: usize = 6;
const N_TEXTS: usize = COLUMNS.len() - FIRST_TEXT;

/// Some rows, one after another.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// Which chunk of the log, from 0.
    pub number: u64,
    rows: Vec<Fixed>,
    texts: Vec<u8>,
}

/// What of a row has a fixed width, and where its texts lie.
#[derive(Debug)]
struct Fixed {
    position: i64,
    recorded_at: i64,
    sequence: i64,
    command_id: [u8; 16],
    entry_digest: [u8; 32],
    leaf_hash: [u8; 32],
    texts: [Range<usize>; N_TEXTS],
    wrong: Option<Wrong>,
}

/// A column that is not as published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrong {
    pub column: &'static str,
    pub expected: &'static str,
}

/// One row, borrowed from its chunk.
#[derive(Debug)]
pub(crate) struct RowRef<'a> {
    pub columns: Columns<'a>,
    pub leaf_hash: [u8; 32],
    /// The first column that could not be taken; the columns hold nothing in its place.
    pub wrong: Option<Wrong>,
}

impl Chunk {
    /// Empties it for the next rows.
    pub(crate) fn restart(&mut self, number: u64) {
        self.number = number;
        self.rows.clear();
        self.texts.clear();
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() == CHUNK_ROWS
    }

    /// Position of the last row.
    pub(crate) fn last_position(&self) -> Option<i64> {
        self.rows.last().map(|row| row.position)
    }

    /// Copies a row that was selected with [`SELECT`].
    pub(crate) fn push(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let mut wrong = None;
        let mut note = |index: usize, expected| {
            wrong.get_or_insert(Wrong { column: COLUMNS[index], expected });
        };
        let position = row.get(0)?;
        let mut numbers = [0; 2];
        for (number, index) in numbers.iter_mut().zip(1..) {
            match row.get_ref(index)? {
                ValueRef::Integer(found) => *number = found,
                _ => note(index, "an integer"),
            }
        }
        let mut blob = |index: usize, bytes: &mut [u8], expected| match row.get_ref(index)? {
            ValueRef::Blob(found) if found.len() == bytes.len() => {
                bytes.copy_from_slice(found);
                Ok::<(), rusqlite::Error>(())
            }
            _ => {
                note(index, expected);
                Ok(())
            }
        };
        let (mut command_id, mut entry_digest, mut leaf_hash) = ([0; 16], [0; 32], [0; 32]);
        blob(3, &mut command_id, "16 bytes")?;
        blob(4, &mut entry_digest, "32 bytes")?;
        blob(5, &mut leaf_hash, "32 bytes")?;
        let mut texts = [const { 0..0 }; N_TEXTS];
        for (range, index) in texts.iter_mut().zip(FIRST_TEXT..) {
            match row.get_ref(index)? {
                ValueRef::Text(text) if index != FIRST_TEXT || text.len() == 10 => {
                    let start = self.texts.len();
                    self.texts.extend_from_slice(text);
                    *range = start..self.texts.len();
                }
                _ if index == FIRST_TEXT => note(index, "a day of ten bytes"),
                _ => note(index, "text"),
            }
        }
        let [recorded_at, sequence] = numbers;
        self.rows.push(Fixed {
            position,
            recorded_at,
            sequence,
            command_id,
            entry_digest,
            leaf_hash,
            texts,
            wrong,
        });
        Ok(())
    }

    /// The rows in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        self.rows.iter().map(|row| {
            let [day, aggregate_type, aggregate_id, event_type, version, payload, metadata, rule] =
                row.texts.each_ref().map(|range| &self.texts[range.clone()]);
            let columns = Columns {
                position: row.position,
                recorded_at: row.recorded_at,
                effective_on: day,
                aggregate_type,
                aggregate_id,
                sequence: row.sequence,
                event_type,
                event_version: version,
                payload,
                metadata,
                command_id: row.command_id,
                posting_rule: rule,
                entry_digest: row.entry_digest,
            };
            RowRef { columns, leaf_hash: row.leaf_hash, wrong: row.wrong }
        })
    }
}
