//! Opening a database file: its format and identity are checked before anything else is asked.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::{BUSY_TIMEOUT_MS, StoreError, from_sqlite};

/// First SQLite whose WAL mode cannot damage a database (3.7.0 to 3.51.2 can).
pub const SQLITE_VERSION_MIN: i32 = 3_051_003;
/// Statements kept prepared per connection; more than this store has.
const STATEMENTS_MAX: usize = 64;

/// How much memory a writing connection may spend on pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cache {
    /// 64 MiB: daily work.
    #[default]
    Standard,
    /// 256 MiB and rarer checkpoints: imports of millions of events.
    Bulk,
}

impl Cache {
    fn kibibytes(self) -> i64 {
        match self {
            Self::Standard => 64 * 1_024,
            Self::Bulk => 256 * 1_024,
        }
    }

    /// Pages in the WAL after which they are moved into the file; each move syncs both files, so
    /// few large ones cost an import a quarter less than SQLite's usual 1,000 pages (measured).
    fn checkpoint_pages(self) -> i64 {
        match self {
            Self::Standard => 4_000,
            Self::Bulk => 64_000,
        }
    }
}

/// What kind of file it is; each kind has its own application id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileKind {
    /// SQLite's `application_id`, four letters.
    pub application_id: i64,
    /// SQLite's `user_version`.
    pub format: i64,
    /// The tables.
    pub schema: &'static str,
}

/// How to use an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Writing; page cache in KiB and pages per WAL checkpoint.
    Write(Cache),
    /// Reading only.
    Read,
}

/// Version of the SQLite linked in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Opens a file of this kind and checks that it is one this program knows.
pub(crate) fn open(path: &Path, kind: FileKind, access: Access) -> Result<Connection, StoreError> {
    let connection = open_raw(path, access)?;
    let failed = |error| from_sqlite("open", path, error);
    let application_id = pragma(&connection, "application_id").map_err(failed)?;
    if application_id != kind.application_id {
        return Err(StoreError::NotOurs { path: path.to_owned() });
    }
    let found = pragma(&connection, "user_version").map_err(failed)?;
    if found > kind.format {
        return Err(StoreError::NewerFormat { path: path.to_owned(), found, known: kind.format });
    }
    set_pragmas(&connection, access).map_err(failed)?;
    Ok(connection)
}

/// Makes the tables in one transaction with whatever `fill` adds; `false` when they are there.
///
/// A creation that was interrupted left an empty file, which is filled now.
pub(crate) fn create(
    path: &Path,
    kind: FileKind,
    fill: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<bool, StoreError> {
    let mut connection = open_raw(path, Access::Write(Cache::Standard))?;
    let make = || -> rusqlite::Result<Option<bool>> {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        set_pragmas(&connection, Access::Write(Cache::Standard))?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match pragma(&transaction, "application_id")? {
            found if found == kind.application_id => return Ok(Some(false)),
            0 => {}
            _ => return Ok(None),
        }
        if transaction.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))? {
            return Ok(None);
        }
        transaction.execute_batch(kind.schema)?;
        transaction.pragma_update(None, "application_id", kind.application_id)?;
        transaction.pragma_update(None, "user_version", kind.format)?;
        fill(&transaction)?;
        transaction.commit()?;
        Ok(Some(true))
    };
    make()
        .map_err(|error| from_sqlite("create", path, error))?
        .ok_or_else(|| StoreError::NotOurs { path: path.to_owned() })
}

fn open_raw(path: &Path, access: Access) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        return Err(StoreError::OutdatedSqlite { found: sqlite_version(), needed: "3.51.3" });
    }
    // Connections are Send and not shared, so SQLite's own mutexes are not needed.
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | match access {
            Access::Write(_) => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
    let failed = |error| from_sqlite("open", path, error);
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS)).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(connection)
}

fn set_pragmas(connection: &Connection, access: Access) -> rusqlite::Result<()> {
    // Without it INSERT OR REPLACE deletes rows without telling the DELETE triggers.
    connection.pragma_update(None, "recursive_triggers", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if let Access::Write(cache) = access {
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "cache_size", -cache.kibibytes())?;
        connection.pragma_update(None, "wal_autocheckpoint", cache.checkpoint_pages())?;
    }
    Ok(())
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sqlite_linked_in_cannot_damage_a_database_in_wal_mode() {
        assert!(rusqlite::version_number() >= SQLITE_VERSION_MIN, "{}", sqlite_version());
    }
}
