//! The files in a log's directory and how secret ones are written.
//!
//! A secret file is readable by its owner alone, and whole or absent: it is written beside its
//! place, synced, and then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::StoreError;

/// The log of one legal entity.
pub const LOG_FILE: &str = "log.db";
/// Ed25519 key that signs checkpoints, PKCS#8 in PEM.
pub const SIGNING_KEY_FILE: &str = "signing-key.pem";
/// Secret of the request digests, 64 hexadecimal digits.
pub const REQUEST_SECRET_FILE: &str = "request-secret.key";
/// Encrypted records of persons, one file per group.
pub const VAULT_FILE: &str = "vault.db";
/// One key per person, one file per group, backed up apart from everything else.
pub const KEYS_FILE: &str = "keys.db";

pub(crate) fn make_dir(dir: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(dir).map_err(|cause| failed("create", dir, cause))
}

/// Reads a secret file; `None` when there is none.
pub(crate) fn read_secret(path: &Path) -> Result<Option<Zeroizing<String>>, StoreError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(failed("read", path, cause)),
    }
}

/// Writes a secret file durably, whole or not at all.
pub(crate) fn write_secret(path: &Path, text: &str) -> Result<(), StoreError> {
    let beside = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        // A leftover of an interrupted attempt may have another mode.
        match fs::remove_file(&beside) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
            _ => {}
        }
        let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    };
    write().map_err(|cause| failed("write", path, cause))
}

/// Makes an empty file that only its owner can read, unless the file is there.
pub(crate) fn touch_private(path: &Path) -> Result<(), StoreError> {
    private(OpenOptions::new().append(true).create(true))
        .open(path)
        .map(drop)
        .map_err(|cause| failed("create", path, cause))
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn failed(doing: &'static str, path: &Path, cause: std::io::Error) -> StoreError {
    match cause.kind() {
        std::io::ErrorKind::StorageFull => {
            StoreError::DiskFull { path: path.to_owned(), cause: Box::new(cause) }
        }
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { path: path.to_owned(), cause: Box::new(cause) }
        }
        _ => StoreError::File { doing, path: path.to_owned(), cause },
    }
}
