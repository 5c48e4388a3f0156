//! Logs of the reference year to measure on: made once per bench through the real command path.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use app::clock::SyntheticClock;
use app::writer::Writer;
use domain::{Position, Prepared, PreparedCommand, Stored};
use reference_year::ReferenceYear;
use store::{Log, LogId, LogReader, OsRandomness};
use uuid::Uuid;

/// Writes the reference year at a scale into a log in this directory; answers how many events.
pub fn write_log(dir: &Path, scale: &str) -> u64 {
    let year = ReferenceYear::plan(1, scale.parse().expect("a scale"));
    Log::create(dir, LogId::new(Uuid::nil()), &mut OsRandomness).expect("a log");
    let (writer, thread) = Writer::open(dir, Arc::new(SyntheticClock)).expect("a writer");
    let (said, answers) = channel();
    let parameters = app::seed::reviewed_parameters().expect("reviewed parameters");
    for command in year.commands(&parameters) {
        let said = said.clone();
        writer.queue_blocking(command, move |answer| {
            drop(said.send(answer.map(|accepted| accepted.receipt.last)))
        });
    }
    drop((said, writer));
    let last = answers.into_iter().map(|answer| answer.expect("the reference year is never refused")).max();
    thread.join();
    last.map_or(0, |position| position.0)
}

/// The reference year at a scale as prepared commands, and as the rows that they become.
pub fn prepared(scale: &str) -> (Vec<PreparedCommand>, Vec<Stored>) {
    let dir = tempfile::tempdir().expect("a directory");
    write_log(dir.path(), scale);
    let reader = LogReader::open(dir.path()).expect("a reader");
    let rows = reader.read(Position(1), usize::MAX).expect("rows");
    let mut commands: Vec<PreparedCommand> = Vec::new();
    for row in &rows {
        let recorded = row.decode().expect("decoded");
        let event = Prepared {
            stream: recorded.stream,
            sequence: recorded.sequence,
            kind: recorded.event.kind(),
            effective_on: recorded.effective_on,
            payload: row.payload.clone(),
            metadata: row.metadata.clone(),
            posting_rule: recorded.posting_rule,
            entry_digest: recorded.entry_digest,
        };
        let claims = recorded.event.claims();
        match commands.last_mut() {
            Some(command) if command.command == recorded.command => {
                command.events.push(event);
                command.claims.extend(claims);
            }
            _ => commands.push(PreparedCommand {
                command: recorded.command,
                request_digest: recorded.entry_digest,
                events: vec![event],
                claims,
                recorded_at: recorded.recorded_at,
            }),
        }
    }
    (commands, rows)
}
