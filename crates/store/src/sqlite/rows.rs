//! Columns of `events` and their fields; numbers that SQLite signs and we do not.

use std::path::Path;

use domain::dates::{Day, RecordedAt};
use domain::envelope::{Position, Sequence, Stored};
use domain::evidence::Digest;
use domain::ids::CommandId;
use rusqlite::Row;
use uuid::Uuid;

use crate::error::{StoreError, from_sqlite};
use crate::leaf::Envelope;

/// The columns in the order that [`read_row`] expects.
pub(crate) const EVENT_COLUMNS: &str = "position, recorded_at, effective_on, aggregate_type, \
     aggregate_id, sequence, event_type, event_version, payload, metadata, command_id, \
     posting_rule, entry_digest, leaf_hash";

/// One row of the log as it lies in SQLite's buffer; valid until the next row is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredRow<'a> {
    /// Every column that the leaf hash covers.
    pub envelope: Envelope<'a>,
    /// SHA-256 of the leaf, as stored.
    pub leaf_hash: Digest,
}

impl StoredRow<'_> {
    /// The same row in memory of its own.
    pub fn to_stored(&self) -> Stored {
        self.envelope.to_stored(self.leaf_hash)
    }
}

/// Reads a row that was selected with [`EVENT_COLUMNS`].
pub(crate) fn read_row<'a>(path: &Path, row: &'a Row<'_>) -> Result<StoredRow<'a>, StoreError> {
    let position = position(row.get(0).map_err(|e| from_sqlite("read", path, e))?);
    let unreadable = |column| StoreError::Unreadable { path: path.to_owned(), position, column };
    let text = |index: usize, column| {
        row.get_ref(index).ok().and_then(|value| value.as_str().ok()).ok_or_else(|| unreadable(column))
    };
    let number = |index: usize, column| row.get::<_, i64>(index).map_err(|_| unreadable(column));
    let digest = |index: usize, column| {
        row.get_ref(index)
            .ok()
            .and_then(|value| value.as_blob().ok())
            .and_then(digest)
            .ok_or_else(|| unreadable(column))
    };
    Ok(StoredRow {
        envelope: Envelope {
            position,
            recorded_at: RecordedAt::from_micros(number(1, "recorded_at")?),
            effective_on: text(2, "effective_on")?.parse::<Day>().map_err(|_| unreadable("effective_on"))?,
            aggregate_type: text(3, "aggregate_type")?,
            aggregate_id: text(4, "aggregate_id")?,
            sequence: sequence(number(5, "sequence")?),
            event_type: text(6, "event_type")?,
            event_version: text(7, "event_version")?,
            payload: text(8, "payload")?,
            metadata: text(9, "metadata")?,
            command: row
                .get_ref(10)
                .ok()
                .and_then(|value| value.as_blob().ok())
                .and_then(|bytes| Uuid::from_slice(bytes).ok())
                .map(CommandId::new)
                .ok_or_else(|| unreadable("command_id"))?,
            posting_rule: text(11, "posting_rule")?,
            entry_digest: digest(12, "entry_digest")?,
        },
        leaf_hash: digest(13, "leaf_hash")?,
    })
}

/// A digest of exactly 32 bytes.
pub(crate) fn digest(bytes: &[u8]) -> Option<Digest> {
    bytes.try_into().ok().map(Digest)
}

/// SQLite's integers are signed; places are counted from 1, so a negative one reads as 0: no place.
pub(crate) fn position(number: i64) -> Position {
    Position(u64::try_from(number).unwrap_or(0))
}

/// As [`position`], for places in a stream.
pub(crate) fn sequence(number: i64) -> Sequence {
    Sequence(u64::try_from(number).unwrap_or(0))
}

/// The signed form; a place beyond it reads as the last there can be.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
