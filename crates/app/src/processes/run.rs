//! Plans at the head of the log, asks in order, and tells what became of each step.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use domain::parameters::{NoParameter, Parameters};
use domain::{Day, Digest, Position, Refused, Sequence, StreamId};
use projections::controls::{Unchecked, unchecked};
use projections::loans::loans_with_schedules;
use projections::port::{ReadError, Reader, Times};
use projections::receivables::receivables;
use projections::wages_due::wages_due;
use store::{LogReader, StoreError};

use super::checks::checks;
use super::instalments::instalments;
use super::reminders::{ReminderDays, reminders};
use super::{Planned, Process, advances, command_id, contract_ends};
use crate::books::{self, BooksError};
use crate::facts::Facts;
use crate::writer::{CommandError, WriteError, Writer, post_sealed};

/// Leaf hashes read at a time: positions from the first to the last wanted.
const LEAVES_PER_READ: u64 = 10_000;

/// A step and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What was called for.
    pub planned: Planned,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A dry run: it would be asked.
    Planned,
    /// It happened; the position of its first event.
    Done(Position),
    /// It stands in the log since an earlier run; the position of its first event.
    AlreadyDone(Position),
    /// A rule said no: it is for people.
    Refused(Refused),
}

/// The processes could not be planned or asked.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// A parameter has no value today; nothing was asked.
    #[error(transparent)]
    NoParameter(#[from] NoParameter),
    /// The books said no.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An event cannot be understood.
    #[error(transparent)]
    Log(#[from] WriteError),
    /// The read models cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The machine failed under a command; run again, and what is done is known by its id.
    #[error(transparent)]
    Command(CommandError),
}

/// Runs processes one after another, each at the head that the ones before it left.
///
/// The read models are brought there, or waited for when somebody else keeps them.
pub fn run(
    dir: &Path,
    writer: &Writer,
    processes: &[Process],
    today: Day,
    progress: &mut dyn FnMut(Position),
) -> Result<Vec<Step>, ProcessError> {
    let log = LogReader::open(dir)?;
    let parameters = parameters(&log)?;
    // What is missing is said before anything is written.
    if processes.contains(&Process::Reminders) {
        ReminderDays::on(&parameters, today)?;
    }
    let mut steps = Vec::new();
    for process in processes {
        let views = books::read(dir, progress)?;
        let planned = plan(*process, &views, &log, &parameters, today)?;
        steps.extend(submit(writer, &log, planned, today)?);
    }
    Ok(steps)
}

/// What would be asked, process by process, of the log as it stands; nothing is written to it.
///
/// What one process does may call for a step of the next: that shows in a run only.
pub fn dry_run(
    dir: &Path,
    processes: &[Process],
    today: Day,
    progress: &mut dyn FnMut(Position),
) -> Result<Vec<Step>, ProcessError> {
    let log = LogReader::open(dir)?;
    let parameters = parameters(&log)?;
    let views = books::read(dir, progress)?;
    let mut steps = Vec::new();
    for process in processes {
        for planned in plan(*process, &views, &log, &parameters, today)? {
            let outcome = done(&log, &planned)?.map_or(Outcome::Planned, Outcome::AlreadyDone);
            steps.push(Step { planned, outcome });
        }
    }
    Ok(steps)
}

/// The steps that one process calls for, by rows that are at the head of the log.
pub fn plan(
    process: Process,
    views: &dyn Reader,
    log: &LogReader,
    parameters: &Parameters,
    today: Day,
) -> Result<Vec<Planned>, ProcessError> {
    // All that is recorded, whatever its day: the rules will decide on all of it too.
    let recorded = Times::default();
    let open = || receivables(views, recorded, today);
    Ok(match process {
        Process::ContractEnds => contract_ends::contract_ends(&wages_due(views, recorded, today, &open()?)?),
        Process::Advances => {
            let open = open()?;
            let wages = wages_due(views, recorded, today, &open)?;
            let mut granted = BTreeSet::new();
            for wage in &wages {
                let id = command_id(process, wage.position, advances::STEP);
                if log.receipt_of(id)?.is_some() {
                    granted.insert(wage.position);
                }
            }
            advances::advances(&wages, &open, |wage| granted.contains(&wage), today)
        }
        Process::Reminders => reminders(&open()?, ReminderDays::on(parameters, today)?, today),
        Process::Instalments => instalments(&loans_with_schedules(views, recorded)?, today),
        Process::Checks => checks(&with_leaves(unchecked(views)?, log)?, parameters),
    })
}

/// Actions with the hashes of their leaves; both are in the order of the log.
fn with_leaves(actions: Vec<Unchecked>, log: &LogReader) -> Result<Vec<(Unchecked, Digest)>, ProcessError> {
    let mut found = Vec::with_capacity(actions.len());
    let mut rest = &actions[..];
    while let Some(first) = rest.first().map(|action| action.check.action) {
        let near = rest.partition_point(|action| action.check.action.0 < first.0 + LEAVES_PER_READ);
        let (now, later) = rest.split_at(near);
        let last = now.last().map_or(first, |action| action.check.action);
        let leaves = log.leaf_hashes(first, last)?;
        let leaf = |action: &Unchecked| leaves[(action.check.action.0 - first.0) as usize];
        found.extend(now.iter().map(|action| (*action, leaf(action))));
        rest = later;
    }
    Ok(found)
}

/// Asks for steps in order, and waits for what becomes of each.
pub fn submit(
    writer: &Writer,
    log: &LogReader,
    planned: Vec<Planned>,
    today: Day,
) -> Result<Vec<Step>, ProcessError> {
    let mut asked = Vec::with_capacity(planned.len());
    for planned in planned {
        // Asked again under another day, the same step would be another content.
        if let Some(position) = done(log, &planned)? {
            asked.push((planned, Err(position)));
            continue;
        }
        let (reply, answer) = channel();
        writer.queue_blocking(planned.command(today), move |said| drop(reply.send(said)));
        asked.push((planned, Ok(answer)));
    }
    let mut steps = Vec::with_capacity(asked.len());
    for (planned, answer) in asked {
        let outcome = match answer {
            Err(position) => Outcome::AlreadyDone(position),
            Ok(answer) => match answer.recv().unwrap_or(Err(CommandError::Stopped)) {
                Ok(accepted) if accepted.repeated => Outcome::AlreadyDone(accepted.receipt.first),
                Ok(accepted) => Outcome::Done(accepted.receipt.first),
                // Somebody ran the same process meanwhile, for another day.
                Err(CommandError::Refused(Refused::OtherContent { position, .. })) => {
                    Outcome::AlreadyDone(position)
                }
                Err(CommandError::Refused(refused)) => Outcome::Refused(refused),
                Err(error) => return Err(ProcessError::Command(error)),
            },
        };
        steps.push(Step { planned, outcome });
    }
    Ok(steps)
}

/// The parameters that the log has published: its statutes, and nothing else of it.
fn parameters(log: &LogReader) -> Result<Arc<Parameters>, ProcessError> {
    let mut facts = Facts::default();
    for stored in log.read_stream(StreamId::Statutes, Sequence(0))? {
        let recorded = stored.decode().map_err(WriteError::from)?;
        let posting = post_sealed(&recorded)?;
        facts.evolve(recorded.stream, recorded.effective_on, &recorded.event, &posting);
    }
    Ok(Arc::clone(facts.parameters()))
}

/// Where a step stands in the log.
fn done(log: &LogReader, planned: &Planned) -> Result<Option<Position>, ProcessError> {
    Ok(log.receipt_of(planned.id())?.map(|(receipt, _)| receipt.first))
}
