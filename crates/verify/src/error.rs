//! Why a log could not be verified at all.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A cause whose type is nobody's business outside this room.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The log could not be read, or there is nothing to compare it with.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no such file.
    #[error("{} holds no log: expected a directory with log.db in it, or that file", path.display())]
    NoLog {
        /// What was given.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{} is no log of coledger", path.display())]
    NotALog {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote it.
    #[error("{} has format {found}; this program knows up to {known}: verify it with a newer one", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Format found.
        found: i64,
        /// Greatest format known.
        known: i64,
    },
    /// The database file is damaged, so that not every row can be read.
    #[error("{} is damaged and cannot be read beyond position {after}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Last position that was read, 0 when none was.
        after: u64,
        /// What SQLite said.
        #[source]
        cause: BoxError,
    },
    /// The system said no.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it said.
        #[source]
        cause: BoxError,
    },
    /// Somebody wrote the file while it was read without its lock.
    #[error("{} was written while it was verified; verify it again", path.display())]
    ChangedMeanwhile {
        /// The file.
        path: PathBuf,
    },
    /// A key is not of the published form.
    #[error("expected a key of the form name+id+base64, found {found:?}")]
    BadKey {
        /// What was given.
        found: String,
    },
    /// A checkpoint that was given is none.
    #[error("checkpoint {number} of those given is no signed checkpoint: {problem}")]
    BadCheckpoint {
        /// Which of those given, from 1.
        number: usize,
        /// What is missing.
        problem: &'static str,
    },
    /// A receipt that was given is none.
    #[error("receipt {number} of those given has {found} leaf hashes for positions {first} to {last}")]
    BadReceipt {
        /// Which of those given, from 1.
        number: usize,
        /// First position stated.
        first: u64,
        /// Last position stated.
        last: u64,
        /// Leaf hashes found.
        found: usize,
    },
}

/// Names what SQLite could not do.
pub(crate) fn from_sqlite(path: &Path, after: u64, error: rusqlite::Error) -> VerifyError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) if after == 0 => VerifyError::NotALog { path },
        // A schema that no longer fits, or a value of an impossible type, is damage too.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) | None => {
            VerifyError::Corrupt { path, after, cause: Box::new(error) }
        }
        Some(_) => VerifyError::Unreadable { path, cause: Box::new(error) },
    }
}
