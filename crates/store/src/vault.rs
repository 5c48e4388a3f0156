//! The vault: who people are, apart from what they did.
//!
//! Events hold ids; names, addresses, national numbers and bank accounts lie here, one record per
//! person or client, each sealed with a key of its own. The keys lie in another file, which is
//! backed up apart and kept short. Destroying a key erases the person, in backups of the records
//! too, and leaves every hash and balance of the log as it was.
//! One vault serves all logs of a group. It is written before the log: a record that no event names
//! is swept later; an event whose person is unknown would be a loss.
//! Source: GDPR art. 17 and 32; DESIGN 3a. Left out: documents, erasure certificates and lists.

mod keys;
mod record;

use std::fmt;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use domain::evidence::Digest;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{BUSY_TIMEOUT_MS, StoreError, from_sqlite};
use crate::files::{self, KEYS_FILE, VAULT_FILE};
use crate::secrets::{Randomness, hmac};
use crate::sqlite::connection::{self, Access, Cache, FileKind};
use keys::{Found, KeyRing};

pub use record::PersonRecord;

/// `vault.db`: application id "CVLT", format 1.
const VAULT_KIND: FileKind = FileKind {
    application_id: 0x4356_4C54,
    format: 1,
    schema: include_str!("../../../schemas/sqlite/0001_vault.sql"),
};
/// First part of what a seal is bound to.
const SEAL_V1: &[u8] = b"coledger/vault/v1";

/// Records of persons and clients, and their keys.
pub struct Vault {
    records: Connection,
    path: PathBuf,
    keys: KeyRing,
    randomness: Box<dyn Randomness + Send>,
}

/// What the vault knows of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// The record.
    Known(PersonRecord),
    /// There was one; its key is destroyed.
    Erased,
    /// There never was one.
    Unknown,
}

/// Why the vault could not answer.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// An erased person stays erased; whoever comes back is given a new id.
    #[error("{subject} is erased, and a record cannot be put under that id again")]
    Erased {
        /// Who.
        subject: Uuid,
    },
    /// The key does not open the record: one of the two files was replaced or damaged.
    #[error(
        "the record of {subject} does not open with its key; restore vault.db and keys.db of the same day"
    )]
    DoesNotOpen {
        /// Who.
        subject: Uuid,
    },
    /// The disk or the database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Vault {
    /// Opens the vault in this directory, or makes an empty one.
    pub fn open(dir: &Path, randomness: Box<dyn Randomness + Send>) -> Result<Self, StoreError> {
        files::make_dir(dir)?;
        let keys = KeyRing::open(&dir.join(KEYS_FILE))?;
        let path = dir.join(VAULT_FILE);
        let records = open_private(&path, VAULT_KIND)?;
        Ok(Self { records, path, keys, randomness })
    }

    /// Keeps a record, over the older one if there is one.
    pub fn put(&mut self, subject: Uuid, record: &PersonRecord) -> Result<(), VaultError> {
        self.put_all([(subject, record)])
    }

    /// Keeps many records, all or none, with one sync per file.
    pub fn put_all<'r>(
        &mut self,
        records: impl IntoIterator<Item = (Uuid, &'r PersonRecord)>,
    ) -> Result<(), VaultError> {
        let records: Vec<_> = records.into_iter().collect();
        // Keys first: a key without a record opens nothing, a record without a key is lost.
        let keys =
            self.keys.get_or_make(records.iter().map(|(subject, _)| *subject), &mut *self.randomness)?;
        let failed = |error| from_sqlite("write", &self.path, error);
        let transaction =
            self.records.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        for ((subject, record), secrets) in records.iter().zip(&keys) {
            let mut nonce = [0; 24];
            self.randomness.fill(&mut nonce);
            let version = transaction
                .prepare_cached("SELECT coalesce(max(version), 0) + 1 FROM records WHERE subject = ?1")
                .and_then(|mut select| select.query_row([subject.as_bytes()], |row| row.get(0)))
                .map_err(failed)?;
            let plain = record.to_json();
            let sealed = XChaCha20Poly1305::new((&*secrets.key).into())
                .encrypt(
                    XNonce::from_slice(&nonce),
                    Payload { msg: &plain, aad: &bound_to(*subject, version) },
                )
                .expect("a record is far below the cipher's limit");
            transaction
                .prepare_cached(
                    "INSERT INTO records (subject, version, nonce, sealed)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (subject) DO UPDATE
                     SET version = excluded.version, nonce = excluded.nonce, sealed = excluded.sealed",
                )
                .and_then(|mut insert| insert.execute(params![subject.as_bytes(), version, nonce, sealed]))
                .map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(())
    }

    /// Looks somebody up.
    pub fn get(&self, subject: Uuid) -> Result<Lookup, VaultError> {
        let key = match self.keys.find(subject)? {
            Found::Key(secrets) => secrets.key,
            Found::Destroyed => return Ok(Lookup::Erased),
            Found::Nothing => return Ok(Lookup::Unknown),
        };
        let row = self
            .records
            .prepare_cached("SELECT version, nonce, sealed FROM records WHERE subject = ?1")
            .and_then(|mut select| {
                select
                    .query_row([subject.as_bytes()], |row| {
                        Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 24]>(1)?, row.get::<_, Vec<u8>>(2)?))
                    })
                    .optional()
            })
            .map_err(|error| from_sqlite("read", &self.path, error))?;
        let Some((version, nonce, sealed)) = row else { return Ok(Lookup::Unknown) };
        let plain = XChaCha20Poly1305::new((&*key).into())
            .decrypt(XNonce::from_slice(&nonce), Payload { msg: &sealed, aad: &bound_to(subject, version) })
            .map(Zeroizing::new)
            .map_err(|_| VaultError::DoesNotOpen { subject })?;
        PersonRecord::from_json(&plain).map(Lookup::Known).ok_or(VaultError::DoesNotOpen { subject })
    }

    /// Destroys somebody's key, and the record with it; false when there is no key to destroy.
    ///
    /// On success neither file nor its WAL holds the key or the record any more. When that failed
    /// half-way (`Locked`: a reader still uses old pages), ask again: it is finished then.
    pub fn erase(&mut self, subject: Uuid) -> Result<bool, VaultError> {
        let destroyed = self.keys.destroy(subject)?;
        self.records
            .execute("DELETE FROM records WHERE subject = ?1", [subject.as_bytes()])
            .map_err(|error| from_sqlite("erase from", &self.path, error))?;
        truncate_wal(&self.records, &self.path)?;
        Ok(destroyed)
    }

    /// HMAC-SHA-256 over the record under a salt of that person; `None` when there is no record.
    ///
    /// An event may hold it to pin what the vault said; with the salt destroyed it tells nothing.
    pub fn salted_digest(&self, subject: Uuid) -> Result<Option<Digest>, VaultError> {
        match (self.get(subject)?, self.keys.find(subject)?) {
            (Lookup::Known(record), Found::Key(secrets)) => {
                Ok(Some(hmac(&secrets.salt, &[&record.to_json()])))
            }
            _ => Ok(None),
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.path.display())
    }
}

/// What a seal is bound to, so that records cannot be exchanged or older ones put back unnoticed.
fn bound_to(subject: Uuid, version: i64) -> Vec<u8> {
    [SEAL_V1, subject.as_bytes(), &version.to_be_bytes()].concat()
}

/// Opens a file that only its owner can read and that overwrites what it deletes.
fn open_private(path: &Path, kind: FileKind) -> Result<Connection, StoreError> {
    files::touch_private(path)?;
    connection::create(path, kind, |_| Ok(()))?;
    let connection = connection::open(path, kind, Access::Write(Cache::Standard))?;
    connection
        .pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))
        .map_err(|error| from_sqlite("open", path, error))?;
    Ok(connection)
}

/// Moves all pages into the file and empties the WAL, in which older pages could be read.
fn truncate_wal(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let busy: bool = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(|error| from_sqlite("empty the WAL of", path, error))?;
    if busy {
        let cause = "a reader still uses older pages".into();
        return Err(StoreError::Locked { path: path.to_owned(), waited_ms: BUSY_TIMEOUT_MS, cause });
    }
    Ok(())
}
