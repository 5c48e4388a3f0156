//! The one room that sees both disk and read models: it loads, decides, posts, appends and projects.
//!
//! ```text
//! Books       a log with its writer and read models, opened together     what http and cli talk to
//! writer      queue ─► decide ─► append ─► receipt
//! facts       what rules ask across streams, folded in memory
//! projector   log ─► read models
//! processes   when this has happened, ask for that: rows ─► commands
//! views       read models on SQLite, by generation
//! seed        the reviewed parameters of a new log
//! clock       where instants come from
//! inspect     what a log and its read models say of themselves    for doctor and queries
//! ```
//!
//! http and cli see neither the store nor the ledger: the few words they need are passed on here.

pub mod books;
pub mod clock;
pub mod facts;
pub mod inspect;
pub mod processes;
pub mod projector;
pub mod seed;
pub mod views;
pub mod writer;

pub use facts::digest_of_roll;
pub use ledger::{Account, Book, Language, Line, LineError, Party};
pub use store::sqlite::sqlite_version;
pub use store::{
    Head, LogId, LogReader, OsRandomness, PersonRecord, Randomness, StoreError, StoredRow, Vault, VaultError,
};
