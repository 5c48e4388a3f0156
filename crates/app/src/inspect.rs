//! What a log and its read models say of themselves, without changing anything.
//!
//! Quick questions only: who the log is, where it stands, whether its last events still hold, how
//! far the read models lag. Whether the whole log holds is for `verify` to say, on its own code.

use std::path::Path;
use std::sync::Arc;

use domain::Position;
use store::{Log, LogId, LogReader, StoreError};

use crate::books::{BooksError, is_synthetic};
use crate::clock::{Clock, SyntheticClock, SystemClock};
use crate::facts::FACTS_VERSION;
use crate::views::{ViewsCheckpoint, ViewsError, ViewsReader, current_generation};
use crate::writer::{WriteError, post_sealed};

/// Whose log it is, and by which key its checkpoints are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The log's name.
    pub log: LogId,
    /// First line of its checkpoints.
    pub origin: String,
    /// Public key of its checkpoints, as `name+id+key`.
    pub key: String,
}

/// What is wrong with one of the last events.
#[derive(Debug, thiserror::Error)]
pub enum TailFault {
    /// The row is not the one that was hashed.
    #[error("position {0}: the stored row does not have the leaf hash that stands beside it")]
    LeafDiffers(Position),
    /// The row cannot be understood, or no longer gives the entry that was sealed.
    #[error(transparent)]
    Event(WriteError),
}

/// The last events, hashed, decoded and posted again.
#[derive(Debug)]
pub struct Tail {
    /// The first position that was looked at.
    pub from: Position,
    /// The last one.
    pub to: Position,
    /// Fiscal years opened among these events.
    pub years_opened: u64,
    /// Parameters published among these events.
    pub parameters_published: u64,
    /// What does not hold, at most [`FAULTS_MAX`].
    pub faults: Vec<TailFault>,
}

/// Faults that are told of one tail; the first already says that the log needs `verify`.
pub const FAULTS_MAX: usize = 10;

/// Where the read models stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewsState {
    /// Number of the current generation.
    pub generation: u32,
    /// What its rows reflect.
    pub checkpoint: ViewsCheckpoint,
    /// Whether the log has that very event there.
    pub of_this_log: bool,
}

/// The log's name and public key; its key files must be readable.
pub fn identity(dir: &Path) -> Result<Identity, StoreError> {
    let log = Log::open(dir)?;
    Ok(Identity { log: log.log_id(), origin: log.log_id().origin(), key: log.verifier().to_string() })
}

/// The clock that a log takes: made up in a synthetic log, else the machine's.
pub fn clock_of(reader: &LogReader) -> Result<Arc<dyn Clock>, BooksError> {
    Ok(match is_synthetic(reader)? {
        Some(true) => Arc::new(SyntheticClock),
        Some(false) | None => Arc::new(SystemClock),
    })
}

/// Hashes, decodes and posts the last events again, at most so many.
pub fn check_tail(reader: &LogReader, max: u64) -> Result<Tail, StoreError> {
    let to = reader.head()?.position;
    let from = Position(to.0.saturating_sub(max) + 1);
    let (mut years_opened, mut parameters_published) = (0, 0);
    let (mut faults, mut buffer) = (Vec::new(), Vec::new());
    reader.scan(from, to, |row| {
        let mut fault = |fault| {
            if faults.len() < FAULTS_MAX {
                faults.push(fault);
            }
        };
        if row.envelope.leaf_hash_using(&mut buffer) != row.leaf_hash {
            fault(TailFault::LeafDiffers(row.envelope.position));
        }
        years_opened += u64::from(row.envelope.event_type == "year.opened");
        parameters_published += u64::from(row.envelope.event_type == "parameters.published");
        let recorded = row.to_stored().decode().map_err(WriteError::from);
        if let Err(error) = recorded.and_then(|recorded| post_sealed(&recorded)) {
            fault(TailFault::Event(error));
        }
        Ok::<(), StoreError>(())
    })?;
    Ok(Tail { from, to, years_opened, parameters_published, faults })
}

/// The position of the saved facts that fit the log; nothing when the next start folds all of it.
pub fn facts_saved_at(reader: &LogReader) -> Result<Option<Position>, StoreError> {
    Ok(reader.load_facts(FACTS_VERSION)?.map(|facts| facts.position))
}

/// Where the read models stand; nothing while there are none.
pub fn views_state(dir: &Path, reader: &LogReader) -> Result<Option<ViewsState>, InspectViewsError> {
    let Some(generation) = current_generation(dir)? else { return Ok(None) };
    let Some(views) = ViewsReader::open(dir)? else { return Ok(None) };
    let checkpoint = views.checkpoint();
    let at = checkpoint.position;
    let of_this_log = at == Position(0)
        || at <= reader.head()?.position && reader.leaf_hashes(at, at)? == [checkpoint.leaf_hash];
    Ok(Some(ViewsState { generation, checkpoint, of_this_log }))
}

/// The read models or the log beside them could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum InspectViewsError {
    /// The read models.
    #[error(transparent)]
    Views(#[from] ViewsError),
    /// The log.
    #[error(transparent)]
    Store(#[from] StoreError),
}
