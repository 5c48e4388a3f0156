//! The books of one entity: its log, the writer of it, and read models that follow.
//!
//! This is the door that http and cli use: create or open a directory, send commands, wait until
//! the read models have seen a position, read them at one consistent cut.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::Position;
use domain::envelope::StreamId;
use domain::event::Event;
use domain::statutes::StatutesEvent;
use store::{Cache, Log, LogId, LogReader, Randomness, StoreError};
use tokio::sync::watch;

use crate::clock::{Clock, SyntheticClock, SystemClock};
use crate::projector::{ProjectError, Projector};
use crate::views::{ViewsError, ViewsReader};
use crate::writer::{WriteError, Writer, WriterThread};

/// How long the projector rests before it looks whether the log has moved, in milliseconds.
const PROJECTOR_REST_MS: u64 = 5;

/// How long read models that another process keeps may stand still before a query gives up.
const KEPT_ELSEWHERE_WAIT_MS: u64 = 30_000;
/// How long a query rests before it looks again.
const KEPT_ELSEWHERE_REST_MS: u64 = 5;

/// The books could not be opened or followed.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    /// The log said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer said no.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The read models said no.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The projector has stopped; `coledger doctor` says where and why.
    #[error("the read models stand still at position {at} and will not reach {wanted}")]
    Behind {
        /// Where they stand.
        at: Position,
        /// What was waited for.
        wanted: Position,
    },
}

/// Log, writer and read models of one entity, opened for writing.
pub struct Books {
    dir: PathBuf,
    writer: Writer,
    writer_thread: WriterThread,
    projector: ProjectorThread,
}

struct ProjectorThread {
    /// Dropping it stops the thread after it has caught up.
    stop: Sender<()>,
    seen: watch::Receiver<Position>,
    thread: JoinHandle<Result<(), ProjectError>>,
}

impl Books {
    /// Creates an empty log in a directory; its first command is `statutes.open_log`.
    pub fn create(dir: &Path, id: LogId, randomness: &mut dyn Randomness) -> Result<(), BooksError> {
        Log::create(dir, id, randomness)?;
        Ok(())
    }

    /// Opens the books for writing, with the clock that fits the log: synthetic or the machine's.
    pub fn open(dir: &Path) -> Result<Self, BooksError> {
        let clock: Arc<dyn Clock> = match is_synthetic(&LogReader::open(dir)?)? {
            Some(true) => Arc::new(SyntheticClock),
            Some(false) | None => Arc::new(SystemClock),
        };
        Self::open_with(dir, clock)
    }

    /// Opens the books for writing, with the given clock.
    pub fn open_with(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, BooksError> {
        Self::start(dir, Log::open(dir)?, clock)
    }

    /// Opens the books for millions of commands in a row: more memory, fewer syncs of the file.
    pub fn open_for_import(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, BooksError> {
        Self::start(dir, Log::open_with(dir, Cache::Bulk)?, clock)
    }

    fn start(dir: &Path, log: Log, clock: Arc<dyn Clock>) -> Result<Self, BooksError> {
        let (writer, writer_thread) = Writer::start(log, clock)?;
        let projector = ProjectorThread::start(dir, writer.head())?;
        Ok(Self { dir: dir.to_owned(), writer, writer_thread, projector })
    }

    /// The way for commands.
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Waits until the read models have seen a position, so that what was written can be read.
    pub fn wait_for(&self, wanted: Position) -> Result<(), BooksError> {
        let mut seen = self.projector.seen.clone();
        loop {
            let at = *seen.borrow_and_update();
            if at >= wanted {
                return Ok(());
            }
            if self.projector.thread.is_finished() || seen.has_changed().is_err() {
                return Err(BooksError::Behind { at, wanted });
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The read models at one consistent cut, no older than the given position.
    pub fn read_at_least(&self, position: Position) -> Result<ViewsReader, BooksError> {
        self.wait_for(position)?;
        let views = ViewsReader::open(&self.dir).map_err(ProjectError::from)?;
        Ok(views.expect("the projector has begun a generation"))
    }

    /// Answers everything queued, saves the facts, lets the read models catch up, and closes.
    pub fn close(self) -> Result<(), BooksError> {
        let Self { writer, writer_thread, projector, .. } = self;
        drop(writer);
        writer_thread.join();
        drop(projector.stop);
        projector.thread.join().expect("the projector does not panic")?;
        Ok(())
    }
}

impl ProjectorThread {
    fn start(dir: &Path, mut head: watch::Receiver<Position>) -> Result<Self, BooksError> {
        let mut projector = Projector::open(dir)?;
        let (said, seen) = watch::channel(projector.position());
        let (stop, stopped): (Sender<()>, Receiver<()>) = channel();
        let thread = std::thread::Builder::new()
            .name("projector".to_owned())
            .spawn(move || {
                loop {
                    let stopping = match stopped.try_recv() {
                        Err(std::sync::mpsc::TryRecvError::Disconnected) => true,
                        Ok(()) | Err(std::sync::mpsc::TryRecvError::Empty) => false,
                    };
                    let tell = |position| {
                        said.send_replace(position);
                    };
                    projector.fold_to_head(&mut { tell })?;
                    if stopping {
                        projector.catch_up(&mut |_| {})?;
                        return Ok(());
                    }
                    if *head.borrow_and_update() <= projector.position() {
                        let _ = stopped.recv_timeout(Duration::from_millis(PROJECTOR_REST_MS));
                    }
                }
            })
            .expect("the system gives a thread");
        Ok(Self { stop, seen, thread })
    }
}

/// Whether a log is synthetic, by its first event; nothing while it is empty.
pub fn is_synthetic(reader: &LogReader) -> Result<Option<bool>, BooksError> {
    let Some(first) = reader.event_at(Position(1))? else { return Ok(None) };
    let recorded = first.decode().map_err(WriteError::from)?;
    match (recorded.stream, recorded.event) {
        (StreamId::Statutes, Event::Statutes(StatutesEvent::LogOpened { synthetic, .. })) => {
            Ok(Some(synthetic))
        }
        _ => Ok(None),
    }
}

/// Brings the read models of a log up to date without writing the log, and opens them.
///
/// When another process keeps them, it is waited for, as long as it moves.
pub fn read(dir: &Path, progress: &mut dyn FnMut(Position)) -> Result<ViewsReader, BooksError> {
    let wanted = LogReader::open(dir)?.head()?.position;
    let (mut at, mut stood_still_ms) = (Position(0), 0);
    loop {
        match Projector::open(dir) {
            Ok(mut projector) => {
                projector.catch_up(progress)?;
                return Ok(projector.read()?);
            }
            Err(ProjectError::Views(ViewsError::KeptElsewhere { .. })) => {}
            Err(error) => return Err(error.into()),
        }
        // A generation that is just being made or swapped cannot be opened for a moment.
        if let Ok(Some(views)) = ViewsReader::open(dir) {
            let seen = views.checkpoint().position;
            if seen >= wanted {
                return Ok(views);
            }
            progress(seen);
            stood_still_ms = if seen > at { 0 } else { stood_still_ms };
            at = seen;
        }
        if stood_still_ms >= KEPT_ELSEWHERE_WAIT_MS {
            return Err(BooksError::Behind { at, wanted });
        }
        std::thread::sleep(Duration::from_millis(KEPT_ELSEWHERE_REST_MS));
        stood_still_ms += KEPT_ELSEWHERE_REST_MS;
    }
}
