//! Snapshots of streams, folded again from their first event.
//!
//! Only streams that have a snapshot are folded, and only up to it. Of the stored bytes a hash is
//! kept until then. A snapshot of another version of the state is stale and unused; its place is
//! checked, its bytes are not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::series::Series;
use domain::statutes::Statutes;
use domain::{Event, Stream, StreamId};
use rusqlite::Connection;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256};

use crate::event::{Checked, said};
use crate::finding::Finding;
use crate::report::Findings;
use crate::tables::{blob, integer, text};

macro_rules! states {
    ($($(#[$doc:meta])* $stream:ident: $module:ident::$state:ident;)*) => {
        /// The folded state of one stream.
        enum State {
            Statutes(Statutes),
            Series(Series),
            $($stream(domain::$module::$state),)*
        }

        impl State {
            fn empty(stream: StreamId) -> Self {
                match stream {
                    StreamId::Statutes => Self::Statutes(Default::default()),
                    StreamId::Series(_) => Self::Series(Default::default()),
                    $(StreamId::$stream(_) => Self::$stream(Default::default()),)*
                }
            }

            fn version(&self) -> u16 {
                match self {
                    Self::Statutes(_) => Statutes::STATE_VERSION,
                    Self::Series(_) => Series::STATE_VERSION,
                    $(Self::$stream(_) => <domain::$module::$state as Stream>::STATE_VERSION,)*
                }
            }

            fn evolve(&mut self, event: &Event) {
                match (self, event) {
                    (Self::Statutes(state), Event::Statutes(event)) => state.evolve(event),
                    (Self::Series(state), Event::Series(event)) => state.evolve(event),
                    $((Self::$stream(state), Event::$stream(event)) => state.evolve(event),)*
                    _ => unreachable!("events are read by the type of their stream"),
                }
            }

            fn hash(&self) -> [u8; 32] {
                let bytes = match self {
                    Self::Statutes(state) => postcard::to_stdvec(state),
                    Self::Series(state) => postcard::to_stdvec(state),
                    $(Self::$stream(state) => postcard::to_stdvec(state),)*
                };
                Sha256::digest(bytes.expect("a state can be written")).into()
            }
        }
    };
}
domain::for_each_stream! { states }

/// A stored snapshot and the state that is on its way to it.
struct Fold {
    state: State,
    sequence: i64,
    position: i64,
    leaf_hash: Vec<u8>,
    state_version: i64,
    /// SHA-256 of the stored bytes.
    stored: [u8; 32],
}

/// All snapshots that have not been reached yet.
pub(crate) struct Folds {
    by_stream: FxHashMap<StreamId, Fold>,
    pub refolded: u64,
    pub other_versions: u64,
}

impl Folds {
    /// Reads what the snapshots say.
    pub(crate) fn load(connection: &Connection, findings: &mut Findings) -> rusqlite::Result<Self> {
        let mut select = connection.prepare(
            "SELECT aggregate_type, aggregate_id, sequence, position, leaf_hash, state_version, state
             FROM snapshots",
        )?;
        let mut rows = select.query([])?;
        let mut by_stream = FxHashMap::default();
        while let Some(row) = rows.next()? {
            let (aggregate_type, aggregate_id) = (text(row, 0)?, text(row, 1)?);
            let stream = StreamId::parse(&aggregate_type, &aggregate_id);
            let Some(stream) = stream.filter(|stream| stream.aggregate_id() == aggregate_id) else {
                findings.add(Finding::SnapshotUnknownStream { aggregate_type, aggregate_id });
                continue;
            };
            let fold = Fold {
                state: State::empty(stream),
                sequence: integer(row, 2)?,
                position: integer(row, 3)?,
                leaf_hash: blob(row, 4)?.to_vec(),
                state_version: integer(row, 5)?,
                stored: Sha256::digest(blob(row, 6)?).into(),
            };
            by_stream.insert(stream, fold);
        }
        Ok(Self { by_stream, refolded: 0, other_versions: 0 })
    }

    /// The streams whose events are needed.
    pub(crate) fn streams(&self) -> FxHashSet<StreamId> {
        self.by_stream.keys().copied().collect()
    }

    /// Folds one event, and compares when its stream's snapshot is reached.
    pub(crate) fn take(&mut self, checked: &Checked, findings: &mut Findings) {
        let Some(stream) = checked.stream else { return };
        let Some(fold) = self.by_stream.get_mut(&stream) else { return };
        let Some(event) = &checked.event else {
            // That it could not be decoded is a finding already; no state follows from it.
            self.by_stream.remove(&stream);
            return;
        };
        // A state that a panic left half changed is thrown away.
        if let Err(stopped) = catch_unwind(AssertUnwindSafe(|| fold.state.evolve(event))) {
            let (position, cause) = (checked.position, said(&*stopped));
            findings.add(Finding::SnapshotUnfoldable { stream, position, cause });
            self.by_stream.remove(&stream);
            return;
        }
        if checked.sequence != fold.sequence {
            return;
        }
        let (sequence, position) = (fold.sequence, fold.position);
        if position != checked.position || fold.leaf_hash != checked.leaf {
            findings.add(Finding::SnapshotPlace { stream, sequence, position });
        }
        if fold.state_version != i64::from(fold.state.version()) {
            self.other_versions += 1;
        } else {
            self.refolded += 1;
            if fold.state.hash() != fold.stored {
                findings.add(Finding::SnapshotState { stream, sequence, position });
            }
        }
        self.by_stream.remove(&stream);
    }

    /// Names the snapshots that were never reached.
    pub(crate) fn finish(&mut self, findings: &mut Findings) {
        let mut rest: Vec<_> = self.by_stream.drain().collect();
        rest.sort_unstable_by_key(|(stream, _)| *stream);
        for (stream, fold) in rest {
            let (sequence, position) = (fold.sequence, fold.position);
            findings.add(Finding::SnapshotPlace { stream, sequence, position });
        }
    }
}
