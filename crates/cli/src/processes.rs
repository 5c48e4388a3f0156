//! `processes run`: what has happened calls for what comes next, asked once; the refused are a work list.
//!
//! A refusal stops nobody and nothing is lost by it: the step is tried again by the next run, as long
//! as its rows call for it. It ends with the exit code of a refusal, so that whoever runs this every
//! morning hears that there is work for people.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Result;
use app::LogReader;
use app::inspect::clock_of;
use app::processes::{self, Outcome, Process, ProcessError, Step};
use app::writer::Writer;
use domain::Position;

use crate::args::{Format, ProcessesRunArgs};
use crate::failure::{Exit, chain_of};
use crate::output::{Answer, Cell, Column, Output, Sheet};

const STEP_COLUMNS: [Column; 10] = [
    Column::left("process", "process"),
    Column::right("trigger", "triggered at"),
    Column::right("step", "step"),
    Column::left("command", "command"),
    Column::left("stream", "stream"),
    Column::left("outcome", "outcome"),
    Column::right("position", "position"),
    Column::left("code", "code"),
    Column::left("message", "why not"),
    Column::left("asked", "asked"),
];

const COUNT_COLUMNS: [Column; 5] = [
    Column::left("process", "process"),
    Column::right("planned", "planned"),
    Column::right("done", "done"),
    Column::right("already_done", "already done"),
    Column::right("refused", "refused"),
];

/// What became of the steps of one process.
#[derive(Clone, Copy, Default)]
struct Count {
    planned: u64,
    done: u64,
    already_done: u64,
    refused: u64,
}

/// Runs processes, or shows what they would ask.
pub fn run(args: &ProcessesRunArgs, out: &Output) -> Result<ExitCode> {
    let dir = &args.at.dir;
    // In the order in which they run, whatever the order of the options.
    let chosen: Vec<Process> = Process::ALL
        .into_iter()
        .filter(|process| args.only.is_empty() || args.only.contains(process))
        .collect();
    let reader = LogReader::open(dir)?;
    let mut bar = out.progress("bringing the read models up to date", reader.head()?.position.0);
    let mut progress = |position: Position| bar.at(position.0);
    let steps = if args.dry_run {
        processes::dry_run(dir, &chosen, args.today, &mut progress)
    } else {
        let (writer, thread) = Writer::open(dir, clock_of(&reader)?)?;
        let ran = processes::run(dir, &writer, &chosen, args.today, &mut progress);
        drop(writer);
        thread.join();
        ran
    };
    drop(bar);
    let steps = steps.map_err(as_told)?;
    tell(args, &chosen, &steps, out)?;
    let refused = steps.iter().any(|step| matches!(step.outcome, Outcome::Refused(_)));
    Ok(if refused { Exit::Refused } else { Exit::Ok }.into())
}

/// What lies inside, which has codes and exit codes of its own.
fn as_told(error: ProcessError) -> anyhow::Error {
    match error {
        ProcessError::NoParameter(error) => error.into(),
        ProcessError::Books(error) => error.into(),
        ProcessError::Store(error) => error.into(),
        ProcessError::Log(error) => error.into(),
        ProcessError::Read(error) => error.into(),
        ProcessError::Command(error) => error.into(),
    }
}

fn tell(args: &ProcessesRunArgs, chosen: &[Process], steps: &[Step], out: &Output) -> Result<()> {
    let mut counts: BTreeMap<Process, Count> =
        chosen.iter().map(|process| (*process, Count::default())).collect();
    for step in steps {
        let count = counts.entry(step.planned.process).or_default();
        *match step.outcome {
            Outcome::Planned => &mut count.planned,
            Outcome::Done(_) => &mut count.done,
            Outcome::AlreadyDone(_) => &mut count.already_done,
            Outcome::Refused(_) => &mut count.refused,
        } += 1;
    }
    // People look at what is left to do; programs get every step.
    let for_people = out.format() == Format::Table;
    let columns = if for_people { &STEP_COLUMNS[..9] } else { &STEP_COLUMNS[..] };
    let title = if args.dry_run { "Would be asked" } else { "Work list" };
    let mut sheet = Sheet::new("steps", title, columns);
    let limit = out.rows_shown(None);
    let (mut n_listed, mut n_shown) = (0_u64, 0_u64);
    for step in steps {
        let is_listed = matches!(step.outcome, Outcome::Refused(_) | Outcome::Planned) || !for_people;
        n_listed += u64::from(is_listed);
        if is_listed && n_shown < limit {
            n_shown += 1;
            sheet.row(cells(step, args).into_iter().take(columns.len()));
        }
    }
    let mut totals = Sheet::new("counts", "Steps", &COUNT_COLUMNS);
    for (process, count) in counts {
        totals.row([
            Cell::from(process.name()),
            Cell::from(count.planned),
            Cell::from(count.done),
            Cell::from(count.already_done),
            Cell::from(count.refused),
        ]);
    }
    let answer = Answer::new().fact("today", Cell::shown(args.today)).fact("dry_run", args.dry_run);
    // Without rows a table is only a head.
    let answer = if for_people && n_listed == 0 { answer } else { answer.sheet(sheet) };
    out.answer(&answer.sheet(totals))?;
    if n_shown < n_listed {
        out.note(&format!("{n_shown} of {n_listed} steps shown; --output csv tells all"));
    }
    Ok(())
}

fn cells(step: &Step, args: &ProcessesRunArgs) -> [Cell; 10] {
    let planned = &step.planned;
    let (outcome, position, code, message) = match &step.outcome {
        Outcome::Planned => ("planned", Cell::Nothing, Cell::Nothing, Cell::Nothing),
        Outcome::Done(position) => ("done", Cell::from(*position), Cell::Nothing, Cell::Nothing),
        Outcome::AlreadyDone(position) => {
            ("already_done", Cell::from(*position), Cell::Nothing, Cell::Nothing)
        }
        Outcome::Refused(refused) => {
            ("refused", Cell::Nothing, Cell::from(refused.code()), Cell::from(chain_of(refused)))
        }
    };
    [
        Cell::from(planned.process.name()),
        Cell::from(planned.trigger),
        Cell::from(u64::from(planned.step)),
        Cell::from(planned.request.name()),
        Cell::shown(planned.request.stream()),
        Cell::from(outcome),
        position,
        code,
        message,
        Cell::from(planned.command(args.today).to_json()),
    ]
}
