//! The log on disk: one ordered, append-only, tamper-evident file per legal entity.
//!
//! ```text
//! Log        one writing connection: append, snapshots, checkpoints     one transaction per call
//! LogReader  reading connections, as many as wanted: events, streams, receipts
//! LogStore   the same for cqrs-es: reads here, commits through the one writer
//! Vault      names and addresses in files of their own, encrypted and erasable per person
//! ```
//!
//! The store gives positions, instants and leaf hashes; what happened and how it is booked has been
//! decided before. Randomness and ids come in from outside. No type of the driver crosses this door.
//! Formats are public: `docs/LOG-FORMAT.md`.
//! Left out: Postgres, tiles, proofs and witnesses, which come with their own issues.

pub mod checkpoint;
pub mod cqrs;
pub mod error;
pub mod files;
pub mod leaf;
pub mod merkle;
pub mod secrets;
pub mod sqlite;
pub mod vault;

pub use checkpoint::{Checkpoint, CheckpointSigner, CheckpointVerifier};
pub use cqrs::{CommitError, CommitPort, LogStore, StreamCommit};
pub use error::{AppendError, BoxError, StoreError};
pub use leaf::Envelope;
pub use secrets::{OsRandomness, Randomness};
pub use sqlite::{Cache, FactsSnapshot, Head, Log, LogId, LogReader, Snapshot, StoredRow};
pub use vault::{Lookup, PersonRecord, Vault, VaultError};
