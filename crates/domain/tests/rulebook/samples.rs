//! The golden samples: one event of every version ever stored, and what it books, in `schemas/events`.
//!
//! A sample holds the columns of an event's row, and the digest of its entry under each revision of its
//! posting rule. `COLEDGER_BLESS=1 cargo test -p domain` adds what is missing: a new event, a new version,
//! a new revision. It never rewrites what is there, since logs hold such rows: a payload that reads back
//! otherwise wants a new version with an upcaster, a digest that differs a new revision.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use domain::envelope::{Kind, RuleName};
use domain::{Event, StreamId, Upcaster};
use serde::Deserialize;
use serde_json::Value;

use crate::stories;

/// A file of `schemas/events`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    aggregate_type: String,
    aggregate_id: String,
    event_type: String,
    event_version: u16,
    payload: Value,
    /// By posting rule, the digest of the entry.
    entries: BTreeMap<String, String>,
}

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "schemas", "events"].iter().collect()
}

fn path(name: &str, version: u16) -> PathBuf {
    folder().join(name).join(format!("v{version}.sample.json"))
}

/// What an event books by each revision of its rule up to today's.
fn entries(stream: StreamId, event: &Event) -> BTreeMap<String, String> {
    let today = ledger::rule_for(event);
    let (name, last) = today.as_str().rsplit_once('@').expect("rules are named event@revision");
    let last: u16 = last.parse().expect("a revision is a number");
    let digest = |revision| {
        let rule: RuleName = format!("{name}@{revision}").parse().expect("names of rules are tokens");
        let posting = ledger::post(rule, stream, event).expect("every revision up to today's is kept");
        (rule.to_string(), ledger::entry_digest(&posting).to_string())
    };
    (1..=last).map(digest).collect()
}

/// The text of a sample; its payload is the very text that a log stores.
fn text(stream: StreamId, kind: Kind, payload: &str, entries: &BTreeMap<String, String>) -> String {
    let mut text = String::from("{\n");
    let mut line = |key: &str, value: &str| writeln!(text, "  \"{key}\": {value},").expect("memory suffices");
    line("aggregate_type", &format!("\"{}\"", stream.aggregate_type()));
    line("aggregate_id", &format!("\"{}\"", stream.aggregate_id()));
    line("event_type", &format!("\"{}\"", kind.name));
    line("event_version", &kind.version.to_string());
    line("payload", payload);
    let entries: Vec<_> =
        entries.iter().map(|(rule, digest)| format!("    \"{rule}\": \"{digest}\"")).collect();
    text + "  \"entries\": {\n" + &entries.join(",\n") + "\n  }\n}\n"
}

/// The sample that stands there, with its text; nothing when there is none.
fn read(name: &str, version: u16) -> Option<(Sample, String)> {
    let text = fs::read_to_string(path(name, version)).ok()?;
    let sample = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name} v{version}: {error}"));
    Some((sample, text))
}

impl Sample {
    fn stream(&self) -> StreamId {
        StreamId::parse(&self.aggregate_type, &self.aggregate_id).expect("a sample names its stream")
    }

    /// The event as today's program reads it.
    fn event(&self) -> Event {
        let (stream, payload) = (self.stream(), self.payload.to_string());
        let read = Event::read(stream, &self.event_type, &self.event_version.to_string(), &payload);
        read.unwrap_or_else(|error| panic!("{} v{}: {error}", self.event_type, self.event_version))
    }
}

/// Adds the samples and digests that are missing.
fn bless() {
    let mut seen = BTreeMap::new();
    for (stream, event) in stories::all() {
        seen.entry(event.kind().name).or_insert((stream, event));
    }
    for (name, (stream, event)) in seen {
        let kind = event.kind();
        let made = |stream, event: &Event, entries: &_| text(stream, kind, &event.to_json(), entries);
        let wanted = match read(name, kind.version) {
            None => made(stream, &event, &entries(stream, &event)),
            Some((sample, found)) => {
                let (stream, event) = (sample.stream(), sample.event());
                // What is written otherwise today is left as it is: the test says so.
                if made(stream, &event, &sample.entries) != found {
                    continue;
                }
                let mut entries = entries(stream, &event);
                entries.extend(sample.entries);
                made(stream, &event, &entries)
            }
        };
        fs::create_dir_all(folder().join(name)).expect("schemas can be written");
        fs::write(path(name, kind.version), wanted).expect("schemas can be written");
    }
}

/// An event once stored is known for ever, so no sample loses its event.
fn nothing_else_lies_there() {
    let known: BTreeMap<_, _> = Event::kinds().map(|kind| (kind.name, kind.version)).collect();
    for found in fs::read_dir(folder()).expect("schemas/events") {
        let name = found.expect("a folder").file_name().into_string().expect("names are ASCII");
        let version = *known.get(name.as_str()).unwrap_or_else(|| panic!("{name} is no event any more"));
        let files = fs::read_dir(folder().join(&name)).expect("a folder of samples and schemas").count();
        assert_eq!(files, 2 * usize::from(version), "{name} has one sample and one schema per version");
    }
}

#[test]
fn every_version_ever_stored_is_read_and_booked_as_it_was() {
    if std::env::var_os("COLEDGER_BLESS").is_some() {
        bless();
    }
    for kind in Event::kinds() {
        for version in 1..=kind.version {
            let what = format!("{} v{version}", kind.name);
            let Some((sample, found)) = read(kind.name, version) else {
                panic!("there is no sample of {what}; COLEDGER_BLESS=1 writes it");
            };
            assert_eq!((sample.event_type.as_str(), sample.event_version), (kind.name, version), "{what}");
            let (stream, event) = (sample.stream(), sample.event());
            assert_eq!(event.kind().name, kind.name, "{what}");
            assert_eq!(sample.entries, entries(stream, &event), "what {what} books");
            // An older version is written no more, but its upcaster knows the form it was written in.
            let payload = match Upcaster::of_row(&sample.aggregate_type, kind.name, &version.to_string()) {
                Some(upcaster) => upcaster.rewrite(&sample.payload.to_string()).expect("it was read"),
                None => event.to_json(),
            };
            let written = text(stream, Kind { version, ..kind }, &payload, &sample.entries);
            assert_eq!(found, written, "{what} is written otherwise: that wants a new version");
        }
    }
    nothing_else_lies_there();
}
