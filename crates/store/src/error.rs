//! What the machine can fail at, typed by what the caller or the operator can do about it.
//!
//! Each message says which file and what to do; the driver's own words are the source beneath it.

use std::error::Error;
use std::path::{Path, PathBuf};

use domain::envelope::{Claim, Position, Sequence, StreamId};
use domain::ids::CommandId;
use rusqlite::ErrorCode;

/// A cause whose type stays behind the door.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// Why the log or the vault could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The directory holds no log.
    #[error("there is no log in {}; create one with `coledger init`", dir.display())]
    NoLog {
        /// Where it was looked for.
        dir: PathBuf,
    },
    /// The directory holds a log already.
    #[error("there is a log in {} already; open it, or choose another directory", dir.display())]
    AlreadyExists {
        /// Where it was to be created.
        dir: PathBuf,
    },
    /// The file is a database of something else, or its creation was interrupted.
    #[error(
        "{} is no coledger file; when its creation was interrupted, run `coledger init` again, else choose another directory",
        path.display()
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file is no SQLite database at all.
    #[error("{} is not a database; restore it from a backup", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What the driver said.
        #[source]
        cause: BoxError,
    },
    /// A newer program wrote the file.
    #[error(
        "{} has format {found}, and this program knows formats up to {known}; use a newer coledger",
        path.display()
    )]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// Pages of the file contradict each other.
    #[error(
        "{} is damaged; stop writing, keep a copy of the directory, restore the last backup and run `coledger verify`",
        path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What the driver said.
        #[source]
        cause: BoxError,
    },
    /// The file can be read, but its parts contradict each other.
    #[error("{}: {what}; run `coledger verify` to find where, then restore the last backup", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// What does not agree with what.
        what: String,
    },
    /// A row holds something that no program of ours writes.
    #[error("{}: the {column} at position {position} cannot be read; run `coledger verify`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Which row.
        position: Position,
        /// Which column.
        column: &'static str,
    },
    /// No room is left.
    #[error("the disk that holds {} is full; nothing of this batch was written; free some space and send it again", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
        /// What the driver said.
        #[source]
        cause: BoxError,
    },
    /// The file or its directory may not be written.
    #[error("{} may not be written; check the owner and mode of the file and its directory", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// What the driver said.
        #[source]
        cause: BoxError,
    },
    /// Another process holds the file for longer than we wait.
    #[error(
        "another process has held {} for more than {waited_ms} ms; let it finish, then try again",
        path.display()
    )]
    Locked {
        /// The file.
        path: PathBuf,
        /// How long we waited, in milliseconds.
        waited_ms: u64,
        /// What the driver said.
        #[source]
        cause: BoxError,
    },
    /// A trigger or constraint of the database refused the change.
    #[error("the database refuses a change to {}: {reason}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// The sentence in the trigger.
        reason: String,
    },
    /// The SQLite library linked in is older than the first one that is safe in WAL mode.
    #[error(
        "this program was built with SQLite {found}, which can damage a log; build it with {needed} or later"
    )]
    OutdatedSqlite {
        /// Version linked in.
        found: &'static str,
        /// First safe version.
        needed: &'static str,
    },
    /// A key file does not hold what it should.
    #[error("{} is no {what}; restore it from the backup of keys", path.display())]
    BadKeyFile {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// A checkpoint does not belong to this log.
    #[error("the checkpoint is not one of this log")]
    Checkpoint(#[from] crate::checkpoint::CheckpointError),
    /// The operating system refused something.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// What was being done, as a verb.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Anything else that the driver reports.
    #[error("cannot {doing} {}", path.display())]
    Failed {
        /// What was being done, as a verb.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the driver said.
        #[source]
        cause: BoxError,
    },
}

/// Why a batch was not appended; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended meanwhile: reload and decide again.
    #[error("the log moved on: expected position {expected}, found {found}")]
    Moved {
        /// The position that the batch was decided on.
        expected: Position,
        /// The position of the log.
        found: Position,
    },
    /// A command of the batch was accepted before, or stands in the batch twice.
    #[error("command {command} is accepted already")]
    CommandExists {
        /// Which one.
        command: CommandId,
    },
    /// A key of the batch is taken.
    #[error("this {} is in the log already, since position {holder}", claim.what.word())]
    ClaimTaken {
        /// The key.
        claim: Claim,
        /// First position of the command that holds it.
        holder: Position,
    },
    /// An event does not follow the last one of its stream.
    #[error("{stream} is at sequence {}, so its next event cannot have {}", found.0, given.0)]
    OutOfSequence {
        /// Which stream.
        stream: StreamId,
        /// Where it stands, counting the batch so far.
        found: Sequence,
        /// What the batch says.
        given: Sequence,
    },
    /// Every accepted command writes at least one event.
    #[error("command {command} has no events")]
    NoEvents {
        /// Which one.
        command: CommandId,
    },
    /// The disk or the database said no.
    ///
    /// When the very commit failed it may still be found done after a crash: a command that got
    /// this answer is sent again under its id, and is then accepted or answered its receipt.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long a connection waits for another process, in milliseconds.
pub const BUSY_TIMEOUT_MS: u64 = 5_000;

/// Gives an error of the driver the type that says what to do.
pub(crate) fn from_sqlite(doing: &'static str, path: &Path, error: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    let code = error.sqlite_error_code();
    if code == Some(ErrorCode::ConstraintViolation) {
        let reason = match &error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            other => other.to_string(),
        };
        return StoreError::Refused { path, reason };
    }
    let cause: BoxError = Box::new(error);
    match code {
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { path, cause },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { path, cause },
        Some(ErrorCode::DiskFull) => StoreError::DiskFull { path, cause },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly { path, cause },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Locked { path, waited_ms: BUSY_TIMEOUT_MS, cause }
        }
        _ => StoreError::Failed { doing, path, cause },
    }
}
