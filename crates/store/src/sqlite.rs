//! The log on SQLite: one file, one writer, any number of readers.
//!
//! ```text
//! connection  opening: format, identity, pragmas; an unsafe SQLite is refused
//! log         Log: the writing connection, its head, keys, checkpoints
//! append      one batch, one transaction, one sync
//! reader      LogReader: events, streams, receipts, claims
//! rows        columns ⇄ fields
//! snapshots   folded states, used only when they fit the log
//! ```
//!
//! Tables and triggers: `schemas/sqlite/0001_log.sql`. WAL with `synchronous=FULL`: a commit has
//! reached the disk when it returns, and readers never wait for the writer.
//! Read models do not live here: in this file they would stall appends for most of a second.

mod append;
pub(crate) mod connection;
mod log;
mod reader;
mod rows;
mod snapshots;

pub use connection::{Cache, SQLITE_VERSION_MIN, sqlite_version};
pub use log::{Head, Log, LogId};
pub use reader::LogReader;
pub use rows::StoredRow;
pub use snapshots::{FactsSnapshot, Snapshot};
