//! The golden samples, as files: what was stored, in every version.

use std::fs;

use domain::{Event, StreamId};
use serde_json::Value;

use crate::path;

/// A file of `schemas/events`.
pub struct Sample {
    pub stream: StreamId,
    pub event_type: String,
    pub version: u16,
    pub payload: Value,
}

impl Sample {
    /// The event as today's program reads it.
    pub fn event(&self) -> Event {
        self.read(&self.payload).expect("a golden sample is read")
    }

    /// A payload of this event and version as today's program reads it.
    pub fn read(&self, payload: &Value) -> Result<Event, serde_json::Error> {
        Event::read(self.stream, &self.event_type, &self.version.to_string(), &payload.to_string())
    }
}

/// The sample of one version of an event.
pub fn sample(event_type: &str, version: u16) -> Sample {
    let file = format!("schemas/events/{event_type}/v{version}.sample.json");
    let text = fs::read_to_string(path(&file)).unwrap_or_else(|error| panic!("{file}: {error}; bless again"));
    let mut sample: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let word = |key: &str| sample[key].as_str().expect("text").to_owned();
    let stream = StreamId::parse(&word("aggregate_type"), &word("aggregate_id")).expect("a stream");
    Sample { stream, event_type: word("event_type"), version, payload: sample["payload"].take() }
}

/// Every sample: each version of each event that this program knows.
pub fn all() -> impl Iterator<Item = Sample> {
    Event::kinds().flat_map(|kind| (1..=kind.version).map(move |version| sample(kind.name, version)))
}
