//! The auditor's verifier: it recomputes a log from its first event on and reports what does not fit.
//!
//! It knows the published formats (`docs/LOG-FORMAT.md`, `schemas/`) and the pure rules of `domain`
//! and `ledger`, and never the side that writes: leaf, tree and checkpoint are implemented here a
//! second time, so that one mistake cannot hide in both. It opens files for reading only, creates
//! none, and goes on after a finding, since an auditor wants all of them.
//!
//! ```text
//! log.db ─► rows ─► event (on all cores) ─► order (one after another) ─► tables ─► Report
//!           scan    leaf, decode, post      tree, sequences, books,      commands, claims,
//!                                           ties, snapshots refolded     head, checkpoints
//! ```
//!
//! A change to a stored byte that leaves anything inconsistent is found here. A suffix rewritten
//! consistently by whoever holds the signing key is found only with something that was kept
//! elsewhere: a later checkpoint or a receipt, given in [`Options`].
//! Left out: who was allowed to act, which the log does not prove; the shape of the facts' snapshot,
//! which is the writer's own; the vault.

mod error;
mod event;
mod file;
mod finding;
mod leaf;
mod note;
mod order;
mod report;
mod rows;
mod schema;
mod states;
mod tables;
mod ties;
mod tree;

pub use error::VerifyError;
pub use finding::{Finding, Held, Row};
pub use report::{CheckedKey, FINDINGS_MAX, Options, Report};

use std::path::Path;

/// Verifies the log in a directory, or the `log.db` given itself.
///
/// `progress` is told how many events are done, and of how many. Findings are in the report; an
/// error means that the log could not be read, or that what was given to compare it with is of
/// another form.
pub fn verify(
    dir_or_file: &Path,
    options: &Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, VerifyError> {
    let file = file::LogFile::at(dir_or_file)?;
    let against = order::Against::new(options)?;
    let before = file.fingerprint()?;
    let report = order::run(&file, &against, options.threads.max(1), progress)?;
    if file.is_unlocked() && file.fingerprint()? != before {
        return Err(VerifyError::ChangedMeanwhile { path: file.path().to_owned() });
    }
    Ok(report)
}
