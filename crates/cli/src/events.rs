//! `events`: the log as it stands, in order.
//!
//! Rows are printed as they are read, so that the whole log can go through a pipe in little memory.
//! In JSON an event has every column of its row, payload and metadata verbatim.

use std::process::ExitCode;

use anyhow::Result;
use app::LogReader;
use domain::{Position, RecordedAt, Sequence, Stored, StreamId};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::args::{EventsArgs, Format};
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};

/// Events read and printed at a time.
const EVENTS_PER_PART: usize = 1_000;

const COLUMNS: [Column; 6] = [
    Column::right("position", "position"),
    Column::left("recorded_at", "recorded"),
    Column::left("effective_on", "effective"),
    Column::left("stream", "stream"),
    Column::left("event", "event"),
    Column::left("posting_rule", "rule"),
];

/// An event with every column of its row.
#[derive(Serialize)]
struct EventJson<'a> {
    position: Position,
    recorded_at: RecordedAt,
    effective_on: domain::Day,
    stream: String,
    sequence: Sequence,
    event: &'a str,
    version: &'a str,
    payload: Verbatim<'a>,
    metadata: Verbatim<'a>,
    command: domain::ids::CommandId,
    posting_rule: &'a str,
    entry_digest: domain::Digest,
    leaf_hash: domain::Digest,
}

/// Stored JSON as it is; as text where it is none, which only a damaged log holds.
#[derive(Serialize)]
#[serde(untagged)]
enum Verbatim<'a> {
    Json(&'a RawValue),
    Text(&'a str),
}

/// Prints the events asked for.
pub fn run(args: &EventsArgs, out: &Output) -> Result<ExitCode> {
    let reader = LogReader::open(&args.at.dir)?;
    let head = reader.head()?.position;
    let limit = out.rows_shown(args.limit);
    let mut left = limit;
    let mut next = args.from;
    let mut is_first = true;
    while left > 0 && next <= head {
        let (read, after) = read_part(&reader, next, head, args.stream)?;
        let asked = read.iter().filter(|event| args.event_type.is_none_or(|asked| event.event_type == asked));
        let part: Vec<&Stored> = asked.take(usize::try_from(left).unwrap_or(usize::MAX)).collect();
        left -= part.len() as u64;
        next = match part.last() {
            Some(last) if left == 0 => Position(last.position.0 + 1),
            _ => after,
        };
        if !part.is_empty() || is_first {
            print(&part, is_first, out)?;
            is_first = false;
        }
    }
    if is_first {
        print(&[], true, out)?;
    }
    if left == 0 && next <= head && args.limit.is_none() {
        out.note(&format!(
            "{limit} events shown of a log of {head}; go on with --from {next}, or ask with --limit"
        ));
    }
    Ok(Exit::Ok.into())
}

/// Some events from a position on, and the position after them.
fn read_part(
    reader: &LogReader,
    from: Position,
    head: Position,
    stream: Option<StreamId>,
) -> Result<(Vec<Stored>, Position)> {
    match stream {
        None => {
            let events = reader.read(from, EVENTS_PER_PART)?;
            let after = events.last().map_or(head, |last| last.position);
            Ok((events, Position(after.0 + 1)))
        }
        // A stream is short: it is read whole.
        Some(stream) => {
            let mut events = reader.read_stream(stream, Sequence(0))?;
            events.retain(|event| event.position >= from);
            Ok((events, Position(head.0 + 1)))
        }
    }
}

fn print(events: &[&Stored], is_first: bool, out: &Output) -> Result<()> {
    if out.format() == Format::Json {
        return events.iter().try_for_each(|event| out.json_line(&to_json(event)));
    }
    let mut sheet = Sheet::new("events", "Events", &COLUMNS);
    for event in events {
        sheet.row([
            Cell::from(event.position),
            Cell::shown(instant(event.recorded_at)),
            Cell::shown(event.effective_on),
            Cell::Text(stream_of(event)),
            Cell::shown(&event.event_type),
            Cell::shown(&event.posting_rule),
        ]);
    }
    out.part(&sheet, is_first)
}

fn to_json(event: &Stored) -> EventJson<'_> {
    let verbatim = |text| serde_json::from_str(text).map_or(Verbatim::Text(text), Verbatim::Json);
    EventJson {
        position: event.position,
        recorded_at: event.recorded_at,
        effective_on: event.effective_on,
        stream: stream_of(event),
        sequence: event.sequence,
        event: &event.event_type,
        version: &event.event_version,
        payload: verbatim(&event.payload),
        metadata: verbatim(&event.metadata),
        command: event.command,
        posting_rule: &event.posting_rule,
        entry_digest: event.entry_digest,
        leaf_hash: event.leaf_hash,
    }
}

/// A stream as `--stream` takes it.
fn stream_of(event: &Stored) -> String {
    if event.aggregate_type == event.aggregate_id {
        return event.aggregate_type.clone();
    }
    format!("{}/{}", event.aggregate_type, event.aggregate_id)
}

/// An instant in UTC, to the microsecond.
pub fn instant(at: RecordedAt) -> impl std::fmt::Display {
    at.utc().format("%Y-%m-%dT%H:%M:%S%.6fZ")
}
