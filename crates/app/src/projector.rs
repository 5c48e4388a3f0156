//! The projector: pulls events by position and folds them into the read models.
//!
//! ```text
//! read the log ─► decode, post, compare the entry with its seal, fold all projections ─► one commit
//! one thread      one thread                                                             the caller's
//! ```
//!
//! Each event is decoded once for all projections. All rows and the one checkpoint move in one
//! transaction, so an event has its effect exactly once, whatever crashes when. Memory is bounded by
//! the batches under way, not by the log. A generation that starts empty is written without indexes,
//! which come at the end.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

use domain::{Digest, Position, Stored};
use projections::port::{Projection, ReadError, Seen, Table};
use store::LogReader;

use crate::views::{
    Difference, NextGeneration, RowBuffer, ViewsCheckpoint, ViewsError, ViewsReader, ViewsWriter,
    begin_generation, differences, remove_generation, swap_generation,
};
use crate::writer::{WriteError, post_sealed};

/// Events of one batch, written in one transaction. Their rows stay in a core's cache.
const BATCH_EVENTS: usize = 2_048;
/// Batches that may wait between two threads.
const BATCHES_AHEAD_MAX: usize = 2;

/// The read models could not follow the log.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The log cannot be read or understood; the position is in the cause.
    #[error("the read models stopped at position {at}")]
    Log {
        /// Everything up to here can be folded.
        at: Position,
        /// What is wrong with the event after it.
        #[source]
        cause: WriteError,
    },
    /// The rows reflect another history than this log's.
    #[error(
        "the read models reflect position {at} of another log; `coledger projections rebuild` makes them anew"
    )]
    OtherLog {
        /// The position they claim.
        at: Position,
    },
    /// The rows cannot be written.
    #[error(transparent)]
    Views(#[from] ViewsError),
    /// The rows cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Keeps the read models of one log.
pub struct Projector {
    dir: PathBuf,
    reader: LogReader,
    views: ViewsWriter,
    projections: Vec<Box<dyn Projection>>,
    tables: Vec<&'static Table>,
}

/// What two generations were compared on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The position that both reflect.
    pub position: Position,
    /// How many tables were compared.
    pub n_tables: usize,
    /// How many rows the rebuilt generation has.
    pub n_rows: u64,
}

/// The rows of one batch, and where the log stands after it.
struct Batch {
    rows: RowBuffer,
    end: ViewsCheckpoint,
}

impl Projector {
    /// Opens the current generation of a log's read models, or begins one.
    pub fn open(dir: &Path) -> Result<Self, ProjectError> {
        let mut projections = projections::all();
        let tables = tables(&projections);
        let views = ViewsWriter::open(dir, &tables)?;
        let reader = LogReader::open(dir).map_err(|e| stopped(Position(0), e.into()))?;
        let checkpoint = views.checkpoint();
        if checkpoint.position > Position(0) {
            let at = checkpoint.position;
            let head = reader.head().map_err(|e| stopped(Position(0), e.into()))?.position;
            let same = at <= head
                && reader.leaf_hashes(at, at).map_err(|e| stopped(Position(0), e.into()))?
                    == [checkpoint.leaf_hash];
            if !same {
                return Err(ProjectError::OtherLog { at });
            }
        }
        for projection in &mut projections {
            projection.resume(&views)?;
        }
        Ok(Self { dir: dir.to_owned(), reader, views, projections, tables })
    }

    /// Builds the next generation beside the current one, from the first event, and swaps it in.
    pub fn rebuild(dir: &Path, progress: &mut dyn FnMut(Position)) -> Result<Self, ProjectError> {
        let projections = projections::all();
        let tables = tables(&projections);
        let NextGeneration { generation, writer: views } = begin_generation(dir, &tables)?;
        let reader = LogReader::open(dir).map_err(|e| stopped(Position(0), e.into()))?;
        let mut projector = Self { dir: dir.to_owned(), reader, views, projections, tables };
        projector.catch_up(progress)?;
        projector.views.make_durable()?;
        swap_generation(dir, generation)?;
        Ok(projector)
    }

    /// Compares the current generation with one built from the first event beside it, row by row.
    ///
    /// Nothing is swapped in and what was built is removed; nobody else writes read models meanwhile.
    pub fn compare(
        dir: &Path,
        progress: &mut dyn FnMut(Position),
        found: &mut dyn FnMut(Difference),
    ) -> Result<Compared, ProjectError> {
        // Brings a generation of this program's shape to the head, so that there is one to compare.
        Self::open(dir)?.catch_up(progress)?;
        let projections = projections::all();
        let tables = tables(&projections);
        let NextGeneration { generation, writer: views } = begin_generation(dir, &tables)?;
        let compared = || {
            // Opened under the lock: from here on it does not move.
            let current = ViewsReader::open(dir)?.expect("an opened projector has a generation");
            let at = current.checkpoint();
            let reader = LogReader::open(dir).map_err(|e| stopped(Position(0), e.into()))?;
            let mut beside = Self { dir: dir.to_owned(), reader, views, projections, tables };
            beside.fold_to(at.position, progress)?;
            if beside.views.checkpoint() != at {
                return Err(ProjectError::OtherLog { at: at.position });
            }
            let n_rows = differences(&current, &beside.views, found)?;
            Ok(Compared { position: at.position, n_tables: beside.tables.len(), n_rows })
        };
        let compared = compared();
        remove_generation(dir, generation);
        compared
    }

    /// The position that the read models reflect.
    pub fn position(&self) -> Position {
        self.views.checkpoint().position
    }

    /// Folds everything up to the log's head, and makes missing indexes.
    pub fn catch_up(&mut self, progress: &mut dyn FnMut(Position)) -> Result<Position, ProjectError> {
        self.fold_to_head(progress)?;
        self.views.make_indexes()?;
        Ok(self.position())
    }

    /// Folds everything up to the log's head; a generation begun empty stays without indexes.
    pub fn fold_to_head(&mut self, progress: &mut dyn FnMut(Position)) -> Result<(), ProjectError> {
        let head = self.reader.head().map_err(|e| stopped(self.position(), e.into()))?.position;
        self.fold_to(head, progress)
    }

    /// Folds everything up to a position that the log has reached.
    fn fold_to(&mut self, head: Position, progress: &mut dyn FnMut(Position)) -> Result<(), ProjectError> {
        let from = self.position();
        let Self { reader, projections, tables, views, .. } = self;
        // A short way needs no further threads.
        if head.0 - from.0 <= BATCH_EVENTS as u64 {
            if from < head {
                let mut batch = make_rows(&read_batch(reader, from, head)?, projections, tables)?;
                views.commit(&mut batch.rows, batch.end)?;
                progress(batch.end.position);
            }
            return Ok(());
        }
        // Whoever cannot hand on has a receiver that stopped at an error of its own.
        std::thread::scope(|scope| {
            let (events, read_ahead) = sync_channel(BATCHES_AHEAD_MAX);
            let (batches, made_ahead) = sync_channel(BATCHES_AHEAD_MAX);
            scope.spawn(move || {
                let mut at = from;
                while at < head {
                    let stored = read_batch(reader, at, head);
                    at = stored.as_deref().ok().and_then(<[_]>::last).map_or(head, |last| last.position);
                    if events.send(stored).is_err() {
                        return;
                    }
                }
            });
            scope.spawn(move || {
                for stored in read_ahead {
                    let batch = stored.and_then(|stored| make_rows(&stored, projections, tables));
                    if batches.send(batch).is_err() {
                        return;
                    }
                }
            });
            for batch in made_ahead {
                let mut batch = batch?;
                views.commit(&mut batch.rows, batch.end)?;
                progress(batch.end.position);
            }
            Ok(())
        })
    }

    /// A reader of the current generation, at one consistent cut.
    pub fn read(&self) -> Result<ViewsReader, ProjectError> {
        Ok(ViewsReader::open(&self.dir)?.expect("an opened projector has a generation"))
    }
}

/// Reads the next events after a position, at most a batch of them.
fn read_batch(reader: &LogReader, after: Position, head: Position) -> Result<Vec<Stored>, ProjectError> {
    let max = usize::try_from(head.0 - after.0).unwrap_or(BATCH_EVENTS).min(BATCH_EVENTS);
    reader.read(Position(after.0 + 1), max).map_err(|e| stopped(after, e.into()))
}

/// Makes the rows of some events, at least one.
fn make_rows(
    stored: &[Stored],
    projections: &mut [Box<dyn Projection>],
    tables: &[&'static Table],
) -> Result<Batch, ProjectError> {
    let mut rows = RowBuffer::new(tables);
    let mut end = ViewsCheckpoint { position: Position(0), leaf_hash: Digest([0; 32]) };
    for stored in stored {
        let before = Position(stored.position.0 - 1);
        let recorded = stored.decode().map_err(|e| stopped(before, e.into()))?;
        let posting = post_sealed(&recorded).map_err(|e| stopped(before, e))?;
        for projection in &mut *projections {
            projection.fold(Seen { recorded: &recorded, posting: &posting }, &mut rows);
        }
        end = ViewsCheckpoint { position: stored.position, leaf_hash: stored.leaf_hash };
    }
    Ok(Batch { rows, end })
}

fn stopped(at: Position, cause: WriteError) -> ProjectError {
    ProjectError::Log { at, cause }
}

fn tables(projections: &[Box<dyn Projection>]) -> Vec<&'static Table> {
    projections.iter().flat_map(|projection| projection.tables()).copied().collect()
}
