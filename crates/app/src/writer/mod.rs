//! The one writer of a log: a bounded queue in, receipts out.
//!
//! ```text
//! callers ─► queue ─► drain what is there ─► prepare each in turn ─► append the batch ─► receipts
//! ```
//!
//! No timer: a batch is whatever was queued while the last one was written, so a single caller waits
//! for one sync and sixty-four callers share one. Decisions run one after another on current state,
//! so two members cannot take one number or spend one budget twice. When another process has written
//! meanwhile, the compare-and-swap says so: everything is reloaded and decided again.

mod core;
mod known;
mod warm;

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use domain::ids::CommandId;
use domain::text::Actor;
use domain::{Command, Day, DecodeError, Position, Receipt, Refused, RuleName};
use store::cqrs::Committing;
use store::{CommitError, CommitPort, Log, StoreError, StreamCommit};
use tokio::sync::{mpsc, oneshot, watch};

use self::core::{CommitFailed, Core, Outcome};
use crate::clock::Clock;

pub(crate) use self::core::post_sealed;

/// Commands that may wait in the queue; callers wait beyond that.
const QUEUE_COMMANDS_MAX: usize = 16_384;
/// Commands written in one transaction at most.
const BATCH_COMMANDS_MAX: usize = 8_192;
/// How often a batch is decided anew because another process wrote, before giving up.
const MOVED_RETRIES_MAX: u32 = 32;

/// An accepted command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What the caller keeps.
    pub receipt: Receipt,
    /// Whether it was accepted before, so that nothing was written this time.
    pub repeated: bool,
}

/// What a caller gets.
pub type Answer = Result<Accepted, CommandError>;

/// Why a command was not accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommandError {
    /// A rule said no; nothing was written, and the id may be tried again.
    #[error(transparent)]
    Refused(Refused),
    /// The stream has other events since the command was decided: load and decide again.
    #[error("the stream moved on while the command was decided")]
    Moved,
    /// The machine failed; the command may be sent again under the same id.
    #[error(transparent)]
    Failed(Arc<WriteError>),
    /// The writer has stopped.
    #[error("the writer of this log has stopped")]
    Stopped,
}

impl CommandError {
    /// Stable code of the answer.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::Moved => "stream.moved",
            Self::Failed(error) => error.code(),
            Self::Stopped => "writer.stopped",
        }
    }
}

/// The machine failed while reading, deciding or writing.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored event cannot be understood.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A stored event names a posting rule that this program does not know.
    #[error(transparent)]
    UnknownRule(ledger::UnknownRule),
    /// A stored event posts another entry than the one that was sealed.
    #[error(
        "position {position}: rule {rule} no longer gives the entry that was sealed; run `coledger verify`"
    )]
    EntryDrifted {
        /// Where.
        position: Position,
        /// Which rule.
        rule: RuleName,
    },
    /// A synthetic log takes a synthetic clock only, and a real log the machine's.
    #[error("a synthetic log keeps synthetic time and a real log real time; this clock is of the other kind")]
    WrongClock,
    /// Other processes write so much that no batch gets through.
    #[error("other processes kept writing this log; the batch was decided {0} times and never appended")]
    Crowded(u32),
}

impl WriteError {
    /// Stable code of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "log.store",
            // As the verifier calls it.
            Self::Decode(DecodeError::UnknownVersion { .. }) => "event.version",
            Self::Decode(_) => "log.unreadable",
            Self::UnknownRule(_) => "log.unknown_rule",
            Self::EntryDrifted { .. } => "log.entry_drifted",
            Self::WrongClock => "log.wrong_clock",
            Self::Crowded(_) => "log.crowded",
        }
    }
}

enum Work {
    Command(Box<Command>),
    Commit(Box<StreamCommit>, CommandId, Actor, Day),
    SignCheckpoint(oneshot::Sender<Result<String, Arc<WriteError>>>),
}

type Reply = Box<dyn FnOnce(Answer) + Send>;

struct Job {
    work: Work,
    reply: Reply,
}

/// A handle to the writer; clones share one queue.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    head: watch::Receiver<Position>,
}

/// The writer's own thread; joining it waits until the queue is empty and the facts are saved.
pub struct WriterThread(JoinHandle<()>);

impl WriterThread {
    /// Waits until every handle is gone and everything queued is answered.
    pub fn join(self) {
        self.0.join().expect("the writer answers all callers and does not panic");
    }
}

impl Writer {
    /// Opens the log in a directory for writing, with the given clock.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<(Self, WriterThread), WriteError> {
        Self::start(Log::open(dir)?, clock)
    }

    /// Starts the writer of an opened log.
    pub fn start(log: Log, clock: Arc<dyn Clock>) -> Result<(Self, WriterThread), WriteError> {
        let core = Core::open(log, clock)?;
        let (queue, jobs) = mpsc::channel(QUEUE_COMMANDS_MAX);
        let (moved, head) = watch::channel(core.position());
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || run(core, jobs, &moved))
            .expect("the system gives a thread");
        Ok((Self { queue, head }, WriterThread(thread)))
    }

    /// Sends a command and waits for its receipt.
    pub async fn send(&self, command: Command) -> Answer {
        let (reply, answer) = oneshot::channel();
        let reply = Box::new(move |said| drop(reply.send(said)));
        let job = Job { work: Work::Command(Box::new(command)), reply };
        self.queue.send(job).await.map_err(|_| CommandError::Stopped)?;
        answer.await.unwrap_or(Err(CommandError::Stopped))
    }

    /// Queues a command from a plain thread; the answer goes to `reply`. Waits while the queue is full.
    pub fn queue_blocking(&self, command: Command, reply: impl FnOnce(Answer) + Send + 'static) {
        let job = Job { work: Work::Command(Box::new(command)), reply: Box::new(reply) };
        if let Err(refused) = self.queue.blocking_send(job) {
            (refused.0.reply)(Err(CommandError::Stopped));
        }
    }

    /// Sends a command from a plain thread and waits for its receipt.
    pub fn send_blocking(&self, command: Command) -> Answer {
        let (reply, answer) = std::sync::mpsc::channel();
        self.queue_blocking(command, move |said| drop(reply.send(said)));
        answer.recv().unwrap_or(Err(CommandError::Stopped))
    }

    /// Signs the head of the log and stores the note beside it.
    pub fn sign_checkpoint_blocking(&self) -> Result<String, CommandError> {
        let (reply, answer) = oneshot::channel();
        let job = Job { work: Work::SignCheckpoint(reply), reply: Box::new(drop) };
        self.queue.blocking_send(job).map_err(|_| CommandError::Stopped)?;
        answer.blocking_recv().map_err(|_| CommandError::Stopped)?.map_err(CommandError::Failed)
    }

    /// The position of the last event appended, and word of every change of it.
    pub fn head(&self) -> watch::Receiver<Position> {
        self.head.clone()
    }
}

/// Lets `cqrs_es` commit through the writer; metadata must say `command_id`, `actor`, `effective_on`.
impl CommitPort for Writer {
    fn commit(&self, commit: StreamCommit) -> Committing<'_> {
        Box::pin(async move {
            let (id, actor, day) = said_in(&commit)?;
            let (reply, answer) = oneshot::channel();
            let work = Work::Commit(Box::new(commit), id, actor, day);
            let job = Job { work, reply: Box::new(move |said| drop(reply.send(said))) };
            let stopped = || CommitError::Failed(Box::new(CommandError::Stopped));
            self.queue.send(job).await.map_err(|_| stopped())?;
            match answer.await.map_err(|_| stopped())? {
                Ok(accepted) => Ok(accepted.receipt),
                Err(CommandError::Moved) => Err(CommitError::Moved),
                Err(refused @ CommandError::Refused(_)) => Err(CommitError::Refused(Box::new(refused))),
                Err(failed) => Err(CommitError::Failed(Box::new(failed))),
            }
        })
    }
}

/// A commit does not say who asked, or when it takes effect.
#[derive(Clone, Debug, thiserror::Error)]
#[error("metadata must say {key}: {expected}")]
struct MetadataMissing {
    key: &'static str,
    expected: &'static str,
}

fn said_in(commit: &StreamCommit) -> Result<(CommandId, Actor, Day), CommitError> {
    let said = |key: &'static str, expected: &'static str| {
        let missing = MetadataMissing { key, expected };
        let value = commit.metadata.get(key).map(String::as_str);
        value.ok_or(missing.clone()).map(|value| (value, missing))
    };
    let read = || {
        let (id, no_id) = said("command_id", "the command's id (a UUID)")?;
        let (actor, no_actor) = said("actor", "who acts, such as service:desk")?;
        let (day, no_day) = said("effective_on", "the day of effect, such as 2025-03-31")?;
        Ok((
            id.parse().map_err(|_| no_id)?,
            actor.parse().map_err(|_| no_actor)?,
            day.parse().map_err(|_| no_day)?,
        ))
    };
    read().map_err(|missing: MetadataMissing| CommitError::Refused(Box::new(missing)))
}

fn run(mut core: Core, mut jobs: mpsc::Receiver<Job>, moved: &watch::Sender<Position>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH_COMMANDS_MAX {
            match jobs.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        process(&mut core, batch);
        moved.send_if_modified(|position| std::mem::replace(position, core.position()) != core.position());
    }
    if let Err(error) = core.save_for_next_start() {
        tracing::warn!(%error, "snapshots could not be saved; the next start reads more of the log");
    }
}

/// Prepares all jobs in turn, commits what was prepared, and answers everybody.
fn process(core: &mut Core, jobs: Vec<Job>) {
    let mut waiting = jobs;
    let mut tries = 0;
    while !waiting.is_empty() {
        let mut prepared = Vec::with_capacity(waiting.len());
        let mut later = Vec::new();
        for job in waiting {
            if !later.is_empty() {
                later.push(job);
                continue;
            }
            match prepare(core, job) {
                Prepared::InBatch(job) => prepared.push(job),
                Prepared::Answered => {}
                Prepared::Later(job) => later.push(job),
            }
        }
        match core.commit() {
            Ok(receipts) => {
                for (job, receipt) in prepared.into_iter().zip(receipts) {
                    (job.reply)(Ok(Accepted { receipt, repeated: false }));
                }
            }
            Err(CommitFailed::Moved) if tries < MOVED_RETRIES_MAX => {
                tries += 1;
                prepared.append(&mut later);
                later = prepared;
            }
            Err(failed) => {
                let error = match failed {
                    CommitFailed::Moved => Arc::new(WriteError::Crowded(tries)),
                    CommitFailed::Broken(error) => error,
                };
                for job in prepared {
                    (job.reply)(Err(CommandError::Failed(Arc::clone(&error))));
                }
            }
        }
        waiting = later;
    }
}

enum Prepared {
    InBatch(Job),
    Answered,
    Later(Job),
}

fn prepare(core: &mut Core, job: Job) -> Prepared {
    let outcome = match job.work {
        Work::Command(ref command) => core.prepare(command),
        Work::Commit(ref commit, id, actor, day) => match core.prepare_commit(commit, (id, actor, day)) {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Answered(Err(CommandError::Failed(Arc::new(error)))),
        },
        // The head that is signed has everything that was sent before.
        Work::SignCheckpoint(_) if core.has_batch() => return Prepared::Later(job),
        Work::SignCheckpoint(reply) => {
            drop(reply.send(core.sign_checkpoint().map_err(Arc::new)));
            return Prepared::Answered;
        }
    };
    match outcome {
        Outcome::Prepared => Prepared::InBatch(job),
        Outcome::Answered(answer) => {
            (job.reply)(answer);
            Prepared::Answered
        }
        Outcome::CommitFirst => Prepared::Later(job),
    }
}
