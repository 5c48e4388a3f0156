//! What follows from the types is written down, and fails here when it no longer follows.
//!
//! ```text
//! schemas   schemas/events/*/v*.schema.json, schemas/commands/*.schema.json
//! events    docs/EVENTS.md, the catalogue of events
//! samples   the golden samples of schemas/events, read as files
//! ```
//!
//! `COLEDGER_BLESS=1 cargo test -p catalogue` writes what is missing or old. A schema of a version that
//! is no longer the newest stays as it is.

mod events;
mod samples;
mod schemas;

use std::path::{Path, PathBuf};
use std::{env, fs};

/// A path from the workspace's root.
fn path(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(of)
}

/// Compares a generated file with what stands there; writes it when asked to.
fn is_up_to_date(file: &str, wanted: &str) -> Result<(), String> {
    let path = path(file);
    if env::var_os("COLEDGER_BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        fs::write(&path, wanted).expect("files can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    if found == wanted {
        return Ok(());
    }
    let differs = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    Err(format!("{file} is not what the types say; COLEDGER_BLESS=1 writes it: {differs:?}"))
}
