//! Samples of what members and staff do together, from the golden samples of the rulebook: none of it
//! is booked, so that nothing in them matters here but which event it is.

use std::fs;
use std::path::PathBuf;

use domain::{Event, StreamId};
use serde_json::Value;

const STREAMS: [&str; 4] = ["participation", "activity", "control", "office"];

/// Every golden sample of these streams, by the name of the event.
pub fn samples() -> Vec<(StreamId, Event)> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "schemas", "events"].iter().collect();
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|found| found.unwrap().file_name()).collect();
    names.sort();
    let read = |name: std::ffi::OsString| {
        let text = fs::read_to_string(folder.join(name).join("v1.sample.json")).unwrap();
        let sample: Value = serde_json::from_str(&text).unwrap();
        let column = |name: &str| sample[name].as_str().unwrap();
        let stream = StreamId::parse(column("aggregate_type"), column("aggregate_id")).unwrap();
        let of_ours = STREAMS.contains(&stream.aggregate_type());
        of_ours.then(|| (stream, Event::parse(stream, &sample["payload"].to_string()).unwrap()))
    };
    names.into_iter().filter_map(read).collect()
}
