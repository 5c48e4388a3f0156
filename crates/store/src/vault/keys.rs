//! The keys of the vault: one 256-bit key and one salt per person, and how they are destroyed.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{StoreError, from_sqlite};
use crate::secrets::Randomness;
use crate::sqlite::connection::FileKind;
use crate::vault::{VaultError, open_private, truncate_wal};

/// `keys.db`: application id "CKEY", format 1.
const KEYS_KIND: FileKind = FileKind {
    application_id: 0x434B_4559,
    format: 1,
    schema: include_str!("../../../../schemas/sqlite/0001_keys.sql"),
};

pub(super) struct KeyRing {
    connection: Connection,
    path: PathBuf,
}

/// What a person's record is sealed and salted with.
pub(super) struct Secrets {
    pub key: Zeroizing<[u8; 32]>,
    pub salt: Zeroizing<[u8; 32]>,
}

pub(super) enum Found {
    Key(Secrets),
    Destroyed,
    Nothing,
}

impl KeyRing {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: open_private(path, KEYS_KIND)?, path: path.to_owned() })
    }

    pub(super) fn find(&self, subject: Uuid) -> Result<Found, StoreError> {
        find(&self.connection, subject).map_err(|error| from_sqlite("read", &self.path, error))
    }

    /// The keys of these people, in order; new ones are on disk when this returns.
    pub(super) fn get_or_make(
        &mut self,
        subjects: impl Iterator<Item = Uuid>,
        randomness: &mut dyn Randomness,
    ) -> Result<Vec<Secrets>, VaultError> {
        let failed = |error| from_sqlite("write", &self.path, error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let mut keys = Vec::new();
        for subject in subjects {
            let secrets = match find(&transaction, subject).map_err(failed)? {
                Found::Key(secrets) => secrets,
                Found::Destroyed => return Err(VaultError::Erased { subject }),
                Found::Nothing => {
                    let mut made = Secrets { key: Zeroizing::new([0; 32]), salt: Zeroizing::new([0; 32]) };
                    randomness.fill(&mut *made.key);
                    randomness.fill(&mut *made.salt);
                    transaction
                        .prepare_cached("INSERT INTO subjects (subject, key, salt) VALUES (?1, ?2, ?3)")
                        .and_then(|mut insert| {
                            insert.execute(params![subject.as_bytes(), *made.key, *made.salt])
                        })
                        .map_err(failed)?;
                    made
                }
            };
            keys.push(secrets);
        }
        transaction.commit().map_err(failed)?;
        Ok(keys)
    }

    /// Overwrites a key with nothing; false when there is none.
    pub(super) fn destroy(&mut self, subject: Uuid) -> Result<bool, StoreError> {
        let changed = self
            .connection
            .execute(
                "UPDATE subjects
                 SET key = NULL, salt = NULL
                 WHERE subject = ?1
                 AND key IS NOT NULL",
                [subject.as_bytes()],
            )
            .map_err(|error| from_sqlite("erase from", &self.path, error))?;
        truncate_wal(&self.connection, &self.path)?;
        Ok(changed > 0)
    }
}

fn find(connection: &Connection, subject: Uuid) -> rusqlite::Result<Found> {
    let row = connection
        .prepare_cached("SELECT key, salt FROM subjects WHERE subject = ?1")?
        .query_row([subject.as_bytes()], |row| {
            let key: Option<[u8; 32]> = row.get(0)?;
            let salt: Option<[u8; 32]> = row.get(1)?;
            Ok(key.map(Zeroizing::new).zip(salt.map(Zeroizing::new)))
        })
        .optional()?;
    Ok(match row {
        None => Found::Nothing,
        Some(None) => Found::Destroyed,
        Some(Some((key, salt))) => Found::Key(Secrets { key, salt }),
    })
}
