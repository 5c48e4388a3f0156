//! Opening a log's file for reading, without writing or creating anything, not even beside it.
//!
//! SQLite in WAL mode wants an index of its journal in shared memory, a file that it makes when it
//! is not there. Which of three ways leaves everything as it is depends on what lies beside:
//!
//! ```text
//! no -wal, or an empty one     immutable: the file is all there is, nobody has it open
//! -wal and -shm                somebody has it open: shared memory read-only, a transaction as usual
//! -wal without -shm            copied while open: the index in this program's own memory
//! ```
//!
//! The first and third take no lock, so the file's length and time are compared before and after.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{VerifyError, from_sqlite};

/// `application_id` of a log: "CLOG".
const APPLICATION_ID: i64 = 0x434C_4F47;
/// Greatest `user_version` known here.
pub(crate) const FORMAT: i64 = 1;
/// How long another's lock is waited for, in milliseconds.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// Pages kept in memory, in KiB.
const CACHE_KIB: i64 = 32 * 1_024;

/// A log's file and how it may be opened.
#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Immutable,
    Shared,
    OwnIndex,
}

/// What a file looks like from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint(Vec<Option<(u64, SystemTime)>>);

impl LogFile {
    /// The log in a directory, or the file itself.
    pub(crate) fn at(dir_or_file: &Path) -> Result<Self, VerifyError> {
        let path = if dir_or_file.is_dir() { dir_or_file.join("log.db") } else { dir_or_file.to_owned() };
        if !path.is_file() {
            return Err(VerifyError::NoLog { path: dir_or_file.to_owned() });
        }
        let wal_bytes = std::fs::metadata(beside(&path, "-wal")).map_or(0, |wal| wal.len());
        let way = match (beside(&path, "-shm").exists(), wal_bytes) {
            (_, 0) => Way::Immutable,
            (true, _) => Way::Shared,
            (false, _) => Way::OwnIndex,
        };
        let file = Self { path, way };
        file.check_kind()?;
        Ok(file)
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The key file that lies beside a log.
    pub(crate) fn signing_key(&self) -> PathBuf {
        self.path.with_file_name("signing-key.pem")
    }

    /// Whether it is read without a lock.
    pub(crate) fn is_unlocked(&self) -> bool {
        self.way != Way::Shared
    }

    /// Length and time of the file and its journal.
    pub(crate) fn fingerprint(&self) -> Result<Fingerprint, VerifyError> {
        let look = |path: &Path| match std::fs::metadata(path) {
            Ok(found) => Ok(Some((found.len(), found.modified()?))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        // An empty journal is as good as none, and SQLite removes and makes it as it likes.
        let wal = look(&beside(&self.path, "-wal")).map(|wal| wal.filter(|(bytes, _)| *bytes > 0));
        [look(&self.path), wal]
            .into_iter()
            .collect::<Result<_, _>>()
            .map(Fingerprint)
            .map_err(|cause| VerifyError::Unreadable { path: self.path.clone(), cause: Box::new(cause) })
    }

    /// A new connection that can only read.
    pub(crate) fn connect(&self) -> Result<Connection, VerifyError> {
        self.try_connect().map_err(|error| self.failed(error))
    }

    fn try_connect(&self) -> rusqlite::Result<Connection> {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let how = match self.way {
            Way::Immutable => "immutable=1",
            Way::Shared => "readonly_shm=1",
            Way::OwnIndex => "vfs=unix-none",
        };
        let connection = Connection::open_with_flags(format!("{}?mode=ro&{how}", uri(&self.path)), flags)?;
        connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        if self.way == Way::OwnIndex {
            connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        }
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(connection)
    }

    fn check_kind(&self) -> Result<(), VerifyError> {
        let connection = self.connect()?;
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let application_id = pragma("application_id").map_err(|error| self.failed(error))?;
        let found = pragma("user_version").map_err(|error| self.failed(error))?;
        if application_id != APPLICATION_ID || found < 1 {
            return Err(VerifyError::NotALog { path: self.path.clone() });
        }
        if found > FORMAT {
            return Err(VerifyError::NewerFormat { path: self.path.clone(), found, known: FORMAT });
        }
        Ok(())
    }

    fn failed(&self, error: rusqlite::Error) -> VerifyError {
        from_sqlite(&self.path, 0, error)
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The path as a URI: what has a meaning in one is written as its code.
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b':' | b'\\' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}
