//! Read models on SQLite: one file per generation, all tables and one checkpoint in it.
//!
//! `views-<generation>.db` holds every read model of a generation; rows and checkpoint move together
//! in one transaction, so that a reader sees one consistent cut. The file `views.current` names the
//! generation that queries use; a rebuild fills the next file beside it and then swaps the name.
//! Everything here can be deleted and rebuilt from the log.

mod compare;
mod rows;
mod sql;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::{Digest, Position};
use projections::port::{Cell, ReadError, Reader, Table, Value};
use rusqlite::{Connection, OpenFlags, OptionalExtension};

pub use compare::{ColumnDifference, Difference, DifferenceKind, differences};
pub use rows::RowBuffer;

/// Pages of cache while rows are written in bulk, in KiB.
const CACHE_KIB_BULK: i64 = 192 * 1024;
/// What lets SQLite sort an index on threads beside the one that reads the rows: it does so only
/// when what overflows the cache goes to files, and the smaller the runs, the sooner they start
/// (measured for one index: 4.9 s in memory, 2.7 s in runs of 32 MiB, 2.1 s in runs of 4 MiB).
const SORT_ON_THREADS: &str = "PRAGMA temp_store = FILE; PRAGMA threads = 3; PRAGMA cache_size = -4096;";
/// Pages of cache of a reader, in KiB.
const CACHE_KIB_READ: i64 = 32 * 1024;

/// The read models could not be written or opened.
#[derive(Debug, thiserror::Error)]
pub enum ViewsError {
    /// The database said no.
    #[error("the read models in {path} cannot be used; `coledger projections rebuild` makes them anew")]
    Database {
        /// The file.
        path: PathBuf,
        /// What the driver said.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file system said no.
    #[error("cannot use {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Another process keeps these read models up to date; two would count the same events twice.
    #[error("another process writes the read models in {}; let it finish, then try again", dir.display())]
    KeptElsewhere {
        /// Their directory.
        dir: PathBuf,
    },
}

/// Which position the rows of a generation reflect, and the leaf that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewsCheckpoint {
    /// All events up to here are in the rows.
    pub position: Position,
    /// Leaf hash of that event; of zeros at position 0.
    pub leaf_hash: Digest,
}

/// The writing side of one generation.
pub struct ViewsWriter {
    connection: Connection,
    path: PathBuf,
    tables: Vec<&'static Table>,
    checkpoint: ViewsCheckpoint,
    indexed: bool,
    /// The right to write; the system takes it back when the process ends, however it ends.
    _lock: fs::File,
}

/// The reading side of one generation, for one consistent cut.
pub struct ViewsReader {
    connection: Connection,
    path: PathBuf,
    checkpoint: ViewsCheckpoint,
}

impl ViewsWriter {
    /// Opens the current generation, or begins one when there is none or its tables have changed.
    pub fn open(dir: &Path, tables: &[&'static Table]) -> Result<Self, ViewsError> {
        let lock = take_lock(dir)?;
        if let Some(generation) = current_generation(dir)? {
            let path = generation_path(dir, generation);
            if path.exists()
                && let Some(views) = Self::attach(path, tables, &lock)?
            {
                return Ok(views);
            }
        }
        let next = begin_locked(dir, tables, lock)?;
        swap_generation(dir, next.generation)?;
        Ok(next.writer)
    }

    /// The position that the rows reflect.
    pub fn checkpoint(&self) -> ViewsCheckpoint {
        self.checkpoint
    }

    /// Writes the buffered rows and moves the checkpoint, in one transaction.
    pub fn commit(&mut self, rows: &mut RowBuffer, to: ViewsCheckpoint) -> Result<(), ViewsError> {
        let path = &self.path;
        let transaction = self.connection.transaction().map_err(|e| database(path, e))?;
        rows.flush(&transaction).map_err(|e| database(path, e))?;
        transaction
            .prepare_cached("UPDATE views_checkpoint SET position = ?1, leaf_hash = ?2")
            .and_then(|mut update| update.execute((to.position.0.cast_signed(), to.leaf_hash.0)))
            .map_err(|e| database(path, e))?;
        transaction.commit().map_err(|e| database(path, e))?;
        self.checkpoint = to;
        Ok(())
    }

    /// Makes the indexes that a bulk build left out; without effect when they exist.
    pub fn make_indexes(&mut self) -> Result<(), ViewsError> {
        if self.indexed {
            return Ok(());
        }
        self.connection.execute_batch(SORT_ON_THREADS).map_err(|e| database(&self.path, e))?;
        for index in self.tables.iter().flat_map(|table| sql::create_indexes(table)) {
            self.connection.execute_batch(&index).map_err(|e| database(&self.path, e))?;
        }
        self.connection
            .execute_batch("UPDATE views_checkpoint SET indexed = 1; PRAGMA wal_checkpoint(TRUNCATE);")
            .map_err(|e| database(&self.path, e))?;
        self.indexed = true;
        pragmas(&self.connection, CACHE_KIB_BULK).map_err(|e| database(&self.path, e))
    }

    /// Puts a generation that was written without journal on disk, before it is swapped in.
    pub fn make_durable(&self) -> Result<(), ViewsError> {
        let sync = fs::File::open(&self.path).and_then(|file| file.sync_all());
        sync.map_err(|cause| ViewsError::File { path: self.path.clone(), cause })
    }

    /// Opens a file of read models; nothing when it holds other tables than asked for.
    fn attach(path: PathBuf, tables: &[&'static Table], lock: &fs::File) -> Result<Option<Self>, ViewsError> {
        let connection = Connection::open(&path).map_err(|e| database(&path, e))?;
        pragmas(&connection, CACHE_KIB_BULK).map_err(|e| database(&path, e))?;
        let found = connection
            .query_row("SELECT fingerprint, position, leaf_hash, indexed FROM views_checkpoint", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional();
        let (fingerprint, position, leaf_hash, indexed): (String, i64, [u8; 32], bool) = match found {
            Ok(Some(found)) => found,
            // A file cut short by a crash holds no checkpoint: it is begun anew.
            Ok(None) | Err(_) => return Ok(None),
        };
        if fingerprint != sql::fingerprint(tables) {
            return Ok(None);
        }
        let position = Position(position.cast_unsigned());
        let checkpoint = ViewsCheckpoint { position, leaf_hash: Digest(leaf_hash) };
        // Both descriptors stand for the one lock.
        let lock = lock.try_clone().map_err(|cause| ViewsError::File { path: path.clone(), cause })?;
        Ok(Some(Self { connection, path, tables: tables.to_vec(), checkpoint, indexed, _lock: lock }))
    }
}

impl Reader for ViewsWriter {
    fn query(&self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Vec<Cell>>, ReadError> {
        rows::query(&self.connection, sql, parameters)
    }
}

impl ViewsReader {
    /// Opens the current generation for reading, at one consistent cut.
    pub fn open(dir: &Path) -> Result<Option<Self>, ViewsError> {
        let Some(generation) = current_generation(dir)? else { return Ok(None) };
        let path = generation_path(dir, generation);
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|e| database(&path, e))?;
        let read = |connection: &Connection| {
            connection.pragma_update(None, "cache_size", -CACHE_KIB_READ)?;
            connection.busy_timeout(std::time::Duration::from_secs(10))?;
            connection.execute_batch("BEGIN")?;
            connection.query_row("SELECT position, leaf_hash FROM views_checkpoint", [], |row| {
                Ok(ViewsCheckpoint {
                    position: Position(row.get::<_, i64>(0)?.cast_unsigned()),
                    leaf_hash: Digest(row.get(1)?),
                })
            })
        };
        let checkpoint = read(&connection).map_err(|e| database(&path, e))?;
        Ok(Some(Self { connection, path, checkpoint }))
    }

    /// The position that this cut reflects.
    pub fn checkpoint(&self) -> ViewsCheckpoint {
        self.checkpoint
    }
}

impl Reader for ViewsReader {
    fn query(&self, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Vec<Cell>>, ReadError> {
        rows::query(&self.connection, sql, parameters)
    }
}

/// A generation that is being built beside the current one.
pub struct NextGeneration {
    /// Its number.
    pub generation: u32,
    /// Its writing side.
    pub writer: ViewsWriter,
}

/// Begins the generation after the newest one in the directory, to be filled beside the current one.
///
/// Nobody reads it before it is swapped in, so it is written without journal until
/// [`ViewsWriter::make_durable`]: what a crash leaves behind is never looked at.
pub fn begin_generation(dir: &Path, tables: &[&'static Table]) -> Result<NextGeneration, ViewsError> {
    let next = begin_locked(dir, tables, take_lock(dir)?)?;
    let unjournaled = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;";
    next.writer.connection.execute_batch(unjournaled).map_err(|e| database(&next.writer.path, e))?;
    Ok(next)
}

/// One process at a time writes the read models of a directory.
fn take_lock(dir: &Path) -> Result<fs::File, ViewsError> {
    let path = dir.join("views.lock");
    let failed = |cause| ViewsError::File { path: path.clone(), cause };
    let file = fs::File::options().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(ViewsError::KeptElsewhere { dir: dir.to_owned() }),
        Err(fs::TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

fn begin_locked(dir: &Path, tables: &[&'static Table], lock: fs::File) -> Result<NextGeneration, ViewsError> {
    let generation = generations(dir)?.into_iter().max().unwrap_or(0) + 1;
    let path = generation_path(dir, generation);
    let connection = Connection::open(&path).map_err(|e| database(&path, e))?;
    let create = || {
        pragmas(&connection, CACHE_KIB_BULK)?;
        connection.execute_batch("BEGIN")?;
        for table in tables {
            connection.execute_batch(&sql::create_table(table))?;
        }
        connection.execute_batch(
            "CREATE TABLE views_checkpoint (
                 position INTEGER NOT NULL,
                 leaf_hash BLOB NOT NULL,
                 fingerprint TEXT NOT NULL,
                 indexed INTEGER NOT NULL
             ) STRICT",
        )?;
        connection.execute(
            "INSERT INTO views_checkpoint VALUES (0, ?1, ?2, 0)",
            ([0_u8; 32], sql::fingerprint(tables)),
        )?;
        connection.execute_batch("COMMIT")
    };
    create().map_err(|e| database(&path, e))?;
    let checkpoint = ViewsCheckpoint { position: Position(0), leaf_hash: Digest([0; 32]) };
    let writer =
        ViewsWriter { connection, path, tables: tables.to_vec(), checkpoint, indexed: false, _lock: lock };
    Ok(NextGeneration { generation, writer })
}

/// Makes a generation the current one, durably, and removes the files of all earlier ones.
pub fn swap_generation(dir: &Path, generation: u32) -> Result<(), ViewsError> {
    let (pointer, temporary) = (dir.join("views.current"), dir.join("views.current.next"));
    let file = |path: &Path, cause| ViewsError::File { path: path.to_owned(), cause };
    let mut next = fs::File::create(&temporary).map_err(|e| file(&temporary, e))?;
    writeln!(next, "{generation}").and_then(|()| next.sync_all()).map_err(|e| file(&temporary, e))?;
    fs::rename(&temporary, &pointer).map_err(|e| file(&pointer, e))?;
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(|e| file(dir, e))?;
    for old in generations(dir)?.into_iter().filter(|old| *old < generation) {
        remove_generation(dir, old);
    }
    Ok(())
}

/// Removes the file of a generation; readers that hold it open finish on it, the name goes at once.
pub fn remove_generation(dir: &Path, generation: u32) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", generation_path(dir, generation).display()));
    }
}

/// The generation that queries use, when there is one.
pub fn current_generation(dir: &Path) -> Result<Option<u32>, ViewsError> {
    let pointer = dir.join("views.current");
    match fs::read_to_string(&pointer) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(ViewsError::File { path: pointer, cause }),
    }
}

fn generations(dir: &Path) -> Result<Vec<u32>, ViewsError> {
    let file = |cause| ViewsError::File { path: dir.to_owned(), cause };
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).map_err(file)? {
        let name = entry.map_err(file)?.file_name();
        let number = |name: &str| name.strip_prefix("views-")?.strip_suffix(".db")?.parse::<u32>().ok();
        found.extend(name.to_str().and_then(number));
    }
    Ok(found)
}

fn generation_path(dir: &Path, generation: u32) -> PathBuf {
    dir.join(format!("views-{generation:04}.db"))
}

fn pragmas(connection: &Connection, cache_kib: i64) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

fn database(path: &Path, cause: rusqlite::Error) -> ViewsError {
    ViewsError::Database { path: path.to_owned(), cause: Box::new(cause) }
}
