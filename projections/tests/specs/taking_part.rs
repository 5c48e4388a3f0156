//! One sample of every event of participation, activities, checks and offices, as the rulebook keeps it.

use std::fs;
use std::path::PathBuf;

use domain::{Event, StreamId};
use serde_json::Value;

const STREAMS: [&str; 4] = ["participation", "activity", "control", "office"];

/// All of them, in their streams.
pub fn samples() -> Vec<(StreamId, Event)> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "schemas", "events"].iter().collect();
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let text = fs::read_to_string(entry.unwrap().path().join("v1.sample.json")).unwrap();
        let sample: Value = serde_json::from_str(&text).unwrap();
        let column = |name: &str| sample[name].as_str().unwrap();
        let stream = StreamId::parse(column("aggregate_type"), column("aggregate_id")).unwrap();
        let of_ours = STREAMS.contains(&stream.aggregate_type());
        of_ours.then(|| (stream, Event::parse(stream, &sample["payload"].to_string()).unwrap()))
    };
    fs::read_dir(folder).unwrap().filter_map(read).collect()
}
