//! Folded states that spare a replay: of streams, and of the facts across streams.
//!
//! A snapshot names the event it ends with and that event's leaf hash. It is used only when the log
//! still has that very leaf there and the shape is the one the reader knows; a missing one costs
//! time, never truth. The bytes are the caller's; the store does not look inside.

use domain::envelope::{Position, Sequence, StreamId};
use domain::evidence::Digest;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use crate::error::{StoreError, from_sqlite};
use crate::sqlite::log::Log;
use crate::sqlite::reader::LogReader;
use crate::sqlite::rows::{position, sequence, signed};

/// The folded state of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Which stream.
    pub stream: StreamId,
    /// Its last event that is folded in.
    pub sequence: Sequence,
    /// Position of that event.
    pub position: Position,
    /// Leaf hash of that event.
    pub leaf_hash: Digest,
    /// Version of the state's shape.
    pub state_version: u16,
    /// The state.
    pub state: Vec<u8>,
}

/// The folded facts across all streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactsSnapshot {
    /// Last event that is folded in.
    pub position: Position,
    /// Its leaf hash.
    pub leaf_hash: Digest,
    /// Version of the facts' shape.
    pub version: u16,
    /// The facts.
    pub state: Vec<u8>,
}

impl Log {
    /// Stores one snapshot over the older one of its stream.
    pub fn save_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.save_snapshots(std::slice::from_ref(snapshot))
    }

    /// Stores snapshots over the older ones of their streams, in one transaction.
    pub fn save_snapshots(&mut self, snapshots: &[Snapshot]) -> Result<(), StoreError> {
        self.release_cut()?;
        let reader = &mut self.reader;
        let mut save = || -> rusqlite::Result<()> {
            let transaction = reader.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            {
                let mut insert = transaction.prepare_cached(
                    "INSERT OR REPLACE INTO snapshots (
                         aggregate_type, aggregate_id, sequence, position, leaf_hash, state_version, state
                     )
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?;
                for snapshot in snapshots {
                    insert.execute(params![
                        snapshot.stream.aggregate_type(),
                        snapshot.stream.aggregate_id(),
                        signed(snapshot.sequence.0),
                        signed(snapshot.position.0),
                        snapshot.leaf_hash.0,
                        snapshot.state_version,
                        snapshot.state,
                    ])?;
                }
            }
            transaction.commit()
        };
        save().map_err(|error| from_sqlite("write a snapshot to", &reader.path, error))
    }

    /// Stores the facts over the older ones.
    pub fn save_facts(&mut self, facts: &FactsSnapshot) -> Result<(), StoreError> {
        self.release_cut()?;
        self.reader
            .connection
            .prepare_cached(
                "INSERT OR REPLACE INTO facts (id, position, leaf_hash, version, state)
                 VALUES (1, ?1, ?2, ?3, ?4)",
            )
            .and_then(|mut insert| {
                insert.execute(params![
                    signed(facts.position.0),
                    facts.leaf_hash.0,
                    facts.version,
                    facts.state
                ])
            })
            .map_err(|error| from_sqlite("write the facts to", &self.reader.path, error))?;
        Ok(())
    }
}

impl LogReader {
    /// The stream's snapshot of this shape, when it still fits the log.
    pub fn load_snapshot(
        &self,
        stream: StreamId,
        state_version: u16,
    ) -> Result<Option<Snapshot>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT s.sequence, s.position, s.leaf_hash, s.state
                 FROM snapshots AS s
                 JOIN events AS e ON e.position = s.position
                 WHERE s.aggregate_type = ?1
                 AND s.aggregate_id = ?2
                 AND s.state_version = ?3
                 AND e.leaf_hash = s.leaf_hash
                 AND e.aggregate_type = s.aggregate_type
                 AND e.aggregate_id = s.aggregate_id
                 AND e.sequence = s.sequence",
            )
            .and_then(|mut select| {
                select
                    .query_row(
                        params![stream.aggregate_type(), stream.aggregate_id(), state_version],
                        |row| {
                            Ok(Snapshot {
                                stream,
                                sequence: sequence(row.get(0)?),
                                position: position(row.get(1)?),
                                leaf_hash: Digest(row.get(2)?),
                                state_version,
                                state: row.get(3)?,
                            })
                        },
                    )
                    .optional()
            })
            .map_err(|error| self.failed(error))
    }

    /// The facts of this shape, when they still fit the log.
    pub fn load_facts(&self, version: u16) -> Result<Option<FactsSnapshot>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT f.position, f.leaf_hash, f.state
                 FROM facts AS f
                 JOIN events AS e ON e.position = f.position
                 WHERE f.version = ?1
                 AND e.leaf_hash = f.leaf_hash",
            )
            .and_then(|mut select| {
                select
                    .query_row(params![version], |row| {
                        Ok(FactsSnapshot {
                            position: position(row.get(0)?),
                            leaf_hash: Digest(row.get(1)?),
                            version,
                            state: row.get(2)?,
                        })
                    })
                    .optional()
            })
            .map_err(|error| self.failed(error))
    }
}
