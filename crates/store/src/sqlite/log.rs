//! The writing connection: the log's identity, head, keys and checkpoints.
//!
//! One `Log` appends at full speed; a second one on the same directory is safe and only slower,
//! because each append compares the head it was decided on with the one on disk.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use domain::dates::RecordedAt;
use domain::envelope::Position;
use domain::evidence::Digest;
use domain::text::Actor;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::checkpoint::{CheckpointError, CheckpointSigner, CheckpointVerifier};
use crate::error::{StoreError, from_sqlite};
use crate::files::{self, LOG_FILE, REQUEST_SECRET_FILE, SIGNING_KEY_FILE};
use crate::merkle::CompactRange;
use crate::secrets::{Randomness, RequestSecret};
use crate::sqlite::connection::{self, Access, Cache, FileKind};
use crate::sqlite::reader::LogReader;
use crate::sqlite::rows::{digest, position, signed};

/// `log.db`: application id "CLOG", format 1.
pub(crate) const LOG_KIND: FileKind = FileKind {
    application_id: 0x434C_4F47,
    format: 1,
    schema: include_str!("../../../../schemas/sqlite/0001_log.sql"),
};

/// Names a log for ever; its checkpoints bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId(Uuid);

/// Where a log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Position of the last event, 0 in an empty log.
    pub position: Position,
    /// RFC 6962 root over all leaves.
    pub root: Digest,
    /// When the last event was recorded; 1970 in an empty log.
    pub recorded_at: RecordedAt,
    pub(crate) tree: CompactRange,
}

/// A log opened for writing.
pub struct Log {
    pub(crate) reader: LogReader,
    pub(crate) head: Head,
    dir: PathBuf,
    secret: RequestSecret,
    signer: CheckpointSigner,
}

impl LogId {
    /// The id with this UUID.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// Its UUID.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// First line of its checkpoints and name of its key: `coledger/<log id>`.
    pub fn origin(self) -> String {
        format!("coledger/{self}")
    }
}

impl Head {
    /// The empty log's head.
    pub fn empty() -> Self {
        let tree = CompactRange::new();
        Self { position: Position(0), root: tree.root(), recorded_at: RecordedAt::from_micros(0), tree }
    }

    /// The Merkle tree, ready to grow.
    pub fn tree(&self) -> &CompactRange {
        &self.tree
    }
}

impl Drop for Log {
    /// Moves what was appended into the file, so that nobody finds it to be recovered first.
    ///
    /// SQLite does so when the last connection closes, but not when that one only reads. Nothing
    /// depends on it: what cannot be moved now, the next writer moves.
    fn drop(&mut self) {
        let connection = &self.reader.connection;
        // Whoever reads just now is not waited for.
        let asked = connection.busy_timeout(Duration::ZERO);
        drop(asked.and_then(|()| connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")));
    }
}

impl Log {
    /// Creates a log with its keys in this directory, and opens it.
    ///
    /// Keys that are there are kept: they may be of a creation that was interrupted.
    pub fn create(dir: &Path, id: LogId, randomness: &mut dyn Randomness) -> Result<Self, StoreError> {
        files::make_dir(dir)?;
        let path = dir.join(LOG_FILE);
        let exists = || StoreError::AlreadyExists { dir: dir.to_owned() };
        if path.exists() && connection::open(&path, LOG_KIND, Access::Read).is_ok() {
            return Err(exists());
        }
        RequestSecret::load_or_make(&dir.join(REQUEST_SECRET_FILE), randomness)?;
        let key_path = dir.join(SIGNING_KEY_FILE);
        if files::read_secret(&key_path)?.is_none() {
            let mut seed = zeroize::Zeroizing::new([0; 32]);
            randomness.fill(&mut *seed);
            files::write_secret(&key_path, &CheckpointSigner::from_seed(&id.origin(), &seed).to_pem())?;
        }
        let head = Head::empty();
        let made = connection::create(&path, LOG_KIND, |connection| {
            connection.execute(
                "INSERT INTO log (id, format, log_id) VALUES (1, ?1, ?2)",
                params![LOG_KIND.format, id.uuid().as_bytes()],
            )?;
            connection.execute(
                "INSERT INTO log_head (id, position, root, compact_range, recorded_at)
                 VALUES (1, 0, ?1, ?2, 0)",
                params![head.root.0, head.tree.to_bytes()],
            )?;
            Ok(())
        })?;
        if !made {
            return Err(exists());
        }
        Self::open(dir)
    }

    /// Opens the log in this directory for daily work.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(dir, Cache::Standard)
    }

    /// Opens the log in this directory with so much memory for pages.
    pub fn open_with(dir: &Path, cache: Cache) -> Result<Self, StoreError> {
        let reader = LogReader::open_as(dir, Access::Write(cache))?;
        let secret_path = dir.join(REQUEST_SECRET_FILE);
        let missing = |path, what| StoreError::BadKeyFile { path, what };
        let secret = RequestSecret::load(&secret_path)?
            .ok_or_else(|| missing(secret_path, "request secret of 64 hexadecimal digits"))?;
        let key_path = dir.join(SIGNING_KEY_FILE);
        let signer = files::read_secret(&key_path)?
            .and_then(|pem| CheckpointSigner::from_pem(&reader.log_id().origin(), &pem))
            .ok_or_else(|| missing(key_path, "Ed25519 key in PKCS#8 PEM"))?;
        let head = reader.head()?;
        reader.check_last_position(&head)?;
        Ok(Self { reader, head, dir: dir.to_owned(), secret, signer })
    }

    /// Where this handle last saw the log; [`Self::reload_head`] asks the file.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Holds one consistent cut for the reads to come, until the next write or [`Self::reload_head`].
    ///
    /// Spares each of many small reads its own lock; what is read is what the log held now.
    pub fn hold_cut(&mut self) -> Result<(), StoreError> {
        let connection = &self.reader.connection;
        if !connection.is_autocommit() {
            return Ok(());
        }
        connection.execute_batch("BEGIN").map_err(|error| from_sqlite("read", &self.reader.path, error))
    }

    pub(crate) fn release_cut(&mut self) -> Result<(), StoreError> {
        let connection = &self.reader.connection;
        if connection.is_autocommit() {
            return Ok(());
        }
        connection.execute_batch("COMMIT").map_err(|error| from_sqlite("read", &self.reader.path, error))
    }

    /// Reads the head again, after somebody else appended.
    pub fn reload_head(&mut self) -> Result<&Head, StoreError> {
        self.release_cut()?;
        self.head = self.reader.head()?;
        Ok(&self.head)
    }

    /// Reads on this connection: it sees whatever this handle has appended.
    pub fn reader(&self) -> &LogReader {
        &self.reader
    }

    /// The log's name.
    pub fn log_id(&self) -> LogId {
        self.reader.log_id()
    }

    /// The directory it lies in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Recognises a request: an HMAC over actor and content under this log's secret.
    pub fn request_digest(&self, actor: &Actor, content: &[u8]) -> Digest {
        self.secret.digest(actor, content)
    }

    /// The public key of this log's checkpoints.
    pub fn verifier(&self) -> CheckpointVerifier {
        self.signer.verifier()
    }

    /// Signs the head and stores the checkpoint; the same head gives the same note.
    pub fn checkpoint(&mut self) -> Result<String, StoreError> {
        self.reload_head()?;
        let note = self.signer.sign(self.head.position, self.head.root);
        self.add_checkpoint(&note)?;
        Ok(note)
    }

    /// Stores a checkpoint signed by this log's key, after comparing it with the log itself.
    ///
    /// One of a size that is stored already is left as it is.
    pub fn add_checkpoint(&mut self, note: &str) -> Result<(), StoreError> {
        let checkpoint = self.verifier().verify(note)?;
        let head = self.reader.head()?;
        let size = checkpoint.size;
        if size > head.position {
            return Err(CheckpointError::AheadOfLog { size, found: head.position }.into());
        }
        let root = if size == head.position { head.root } else { self.reader.root_at(size)? };
        if root != checkpoint.root {
            return Err(CheckpointError::OtherRoot { size }.into());
        }
        if self.reader.checkpoint_at(size)?.is_some() {
            return Ok(());
        }
        self.reader
            .connection
            .prepare_cached("INSERT INTO checkpoints (size, root, note) VALUES (?1, ?2, ?3)")
            .and_then(|mut insert| insert.execute(params![signed(size.0), root.0, note]))
            .map_err(|error| from_sqlite("write", &self.reader.path, error))?;
        Ok(())
    }
}

/// Reads the head row and checks that its parts agree.
pub(crate) fn read_head(connection: &Connection, path: &Path) -> Result<Head, StoreError> {
    let row = connection
        .prepare_cached("SELECT position, root, compact_range, recorded_at FROM log_head WHERE id = 1")
        .and_then(|mut select| {
            select
                .query_row([], |row| {
                    let root = digest(row.get_ref(1)?.as_blob()?);
                    let tree = CompactRange::from_bytes(row.get_ref(2)?.as_blob()?);
                    Ok((position(row.get(0)?), root, tree, RecordedAt::from_micros(row.get(3)?)))
                })
                .optional()
        })
        .map_err(|error| from_sqlite("read the head of", path, error))?;
    let inconsistent = |what: &str| StoreError::Inconsistent { path: path.to_owned(), what: what.to_owned() };
    match row.ok_or_else(|| inconsistent("the head of the log is missing"))? {
        (position, Some(root), Ok(tree), recorded_at) if tree.size() == position.0 && tree.root() == root => {
            Ok(Head { position, root, recorded_at, tree })
        }
        _ => Err(inconsistent("position, root and tree of the head do not agree")),
    }
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for LogId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({} at {} in {})", self.log_id(), self.head.position, self.dir.display())
    }
}
