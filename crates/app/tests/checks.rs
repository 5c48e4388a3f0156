//! Checks on real books: the log draws, the process begins, and nobody chooses.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use app::books;
use app::processes::{Outcome, Process, Step, dry_run, run};
use app::{LogReader, seed};
use common::*;
use domain::control::{CheckId, ControlCommand, Timing, lots_below};
use domain::parameters::{Parameter, Value};
use domain::statutes::StatutesCommand;
use domain::{Position, Request};
use projections::controls;
use projections::port::Times;
use tempfile::tempdir;

const TODAY: &str = "2025-03-03";

/// Invoices are checked from now on: half of them beforehand, all of them afterwards.
fn checked() -> Vec<Request> {
    let reviewed = seed::reviewed_parameters().unwrap();
    let code = reviewed.iter().find(|one| matches!(one, StatutesCommand::PublishCode { .. })).unwrap();
    let codes = Timing::ALL.map(|timing| {
        let mut publish = code.clone();
        if let StatutesCommand::PublishCode { list, code, .. } = &mut publish {
            (*list, *code) = (timing.list(), "invoice.issued".parse().unwrap());
        }
        publish
    });
    let rates = [(Parameter::ControlBeforeRate, "0.5"), (Parameter::ControlAfterRate, "1")];
    let rates = rates.map(|(name, rate)| {
        let is_it =
            |one: &&StatutesCommand| matches!(one, StatutesCommand::PublishParameter { name: found, .. } if *found == name);
        let mut publish = reviewed.iter().find(is_it).unwrap().clone();
        if let StatutesCommand::PublishParameter { value, .. } = &mut publish {
            *value = Value::Rate(rate.parse().unwrap());
        }
        publish
    });
    codes.into_iter().chain(rates).map(Request::Statutes).collect()
}

fn ran(dir: &Path) -> Vec<Step> {
    let (writer, thread) = open(dir);
    let steps = run(dir, &writer, &[Process::Checks], day(TODAY), &mut |_| {}).unwrap();
    drop(writer);
    thread.join();
    steps
}

/// What anybody draws who has the log and nothing else.
fn drawn(dir: &Path, timing: Timing, rate: &str) -> BTreeSet<Position> {
    let log = LogReader::open(dir).unwrap().read(Position(1), 10_000).unwrap();
    let below = lots_below(rate.parse().unwrap());
    let invoices = log.iter().filter(|stored| stored.event_type == "invoice.issued");
    invoices.filter(|stored| timing.lot(stored.leaf_hash) < below).map(|stored| stored.position).collect()
}

fn begun(steps: &[Step], timing: Timing) -> BTreeSet<Position> {
    let of = steps.iter().filter(|step| matches!(step.outcome, Outcome::Done(_)));
    let checks = of.filter_map(|step| match step.planned.request {
        Request::Control(check, _) if check.timing == timing => Some(check.action),
        _ => None,
    });
    checks.collect()
}

#[test]
fn the_log_draws_and_the_process_begins_just_those_checks_and_once() {
    let dir = tempdir().unwrap();
    let dir = dir.path();
    let (writer, thread) = create(dir);
    accept(writer.send_blocking(invoice(500, "2025-03-01", "10.00")));
    for (request, id) in checked().into_iter().zip(600..) {
        accept(writer.send_blocking(command(id, "2025-03-02", request)));
    }
    for id in 700..740 {
        accept(writer.send_blocking(invoice(id, TODAY, "100.00")));
    }
    drop(writer);
    thread.join();
    let early = drawn(dir, Timing::After, "1").into_iter().next().unwrap();
    let mut before = drawn(dir, Timing::Before, "0.5");
    let mut after = drawn(dir, Timing::After, "1");
    // What was recorded before the publication is not subject to it.
    before.remove(&early);
    after.remove(&early);
    assert_eq!(after.len(), 40);
    assert!((8..=32).contains(&before.len()), "{} of 40 at one half", before.len());

    let planned = dry_run(dir, &[Process::Checks], day(TODAY), &mut |_| {}).unwrap();
    assert_eq!(planned.len(), before.len() + after.len());
    let steps = ran(dir);
    assert_eq!(begun(&steps, Timing::Before), before);
    assert_eq!(begun(&steps, Timing::After), after);
    assert_eq!(ran(dir).len(), 0, "what has begun is not called for again");

    let views = books::read(dir, &mut |_| {}).unwrap();
    let sampling = controls::sampling(&views, Times::default()).unwrap();
    let told: Vec<_> = sampling.iter().map(|one| (one.timing, one.actions, one.drawn)).collect();
    let n_before = i64::try_from(before.len()).unwrap();
    assert_eq!(told, [(Timing::Before, 40, n_before), (Timing::After, 40, 40)]);

    // Who asks for a check that the log did not draw is refused, whoever asks.
    let (writer, thread) = open(dir);
    let spared = after.difference(&before).next().copied().unwrap();
    let sample = |id, action| {
        let check = CheckId { timing: Timing::Before, action };
        command(id, TODAY, Request::Control(check, ControlCommand::SampleCheck {}))
    };
    assert_eq!(refusal(writer.send_blocking(sample(800, spared))), "control.not_drawn");
    assert_eq!(refusal(writer.send_blocking(sample(801, Position(999_999)))), "control.no_such_action");
    assert_eq!(refusal(writer.send_blocking(sample(802, Position(1)))), "parameter.unknown_code");
    let taken = before.first().copied().unwrap();
    assert_eq!(refusal(writer.send_blocking(sample(803, taken))), "control.begun_already");
    drop(writer);
    thread.join();
}
