//! Events of older versions: read as they were written, and raised to what they say today.
//!
//! The writer appends the newest version of an event only, but what was appended stays for ever. So
//! an older version keeps its shape as a type of its own, which reads and writes exactly what stands
//! in logs, and becomes today's event. The one list below serves every reader of ours, the verifier, and any
//! store of cqrs-es, since each entry is a cqrs-es `EventUpcaster`.
//! Left out: raising in steps. An old shape becomes today's event at once, so the next change does
//! not compile until somebody has said what it means for each older shape.
//! Source: docs/adr/0013-older-versions-are-types.md.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::event::Event;
use crate::grant::{Grant, v1::GrantEventV1};
use crate::stream::Stream;

/// Raises one older version of one event to today's.
#[derive(Debug)]
pub struct Upcaster {
    aggregate_type: &'static str,
    event_type: &'static str,
    version: u16,
    read: fn(&str) -> Result<Event, serde_json::Error>,
    rewrite: fn(&str) -> Result<String, serde_json::Error>,
}

/// Every older version of every event, for ever.
pub static UPCASTERS: &[Upcaster] = &[
    Upcaster::new::<Grant, GrantEventV1>("grant.announced", 1),
    Upcaster::new::<Grant, GrantEventV1>("grant.corrected", 1),
];

impl Upcaster {
    const fn new<S, Old>(event_type: &'static str, version: u16) -> Self
    where
        S: Stream,
        S::Event: From<Old>,
        Event: From<S::Event>,
        Old: Serialize + DeserializeOwned,
    {
        Self {
            aggregate_type: S::TYPE,
            event_type,
            version,
            read: |payload| serde_json::from_str::<Old>(payload).map(|old| S::Event::from(old).into()),
            rewrite: |payload| serde_json::to_string(&serde_json::from_str::<Old>(payload)?),
        }
    }

    /// The upcaster of a row with this type of stream, name and version; none when it is of no older version.
    pub fn of_row(aggregate_type: &str, event_type: &str, event_version: &str) -> Option<&'static Self> {
        UPCASTERS.iter().find(|upcaster| {
            upcaster.aggregate_type == aggregate_type && upcaster.is_for(event_type, event_version)
        })
    }

    /// Stored name of the event.
    pub const fn event_type(&self) -> &'static str {
        self.event_type
    }

    /// The version it raises.
    pub const fn version(&self) -> u16 {
        self.version
    }

    /// Reads a payload of this version as today's event.
    pub fn read(&self, payload: &str) -> Result<Event, serde_json::Error> {
        (self.read)(payload)
    }

    /// A payload of this version in the one form in which it was ever written.
    pub fn rewrite(&self, payload: &str) -> Result<String, serde_json::Error> {
        (self.rewrite)(payload)
    }

    fn is_for(&self, event_type: &str, event_version: &str) -> bool {
        // "01" and "+1" read as 1 and are no version that was ever stored.
        self.event_type == event_type
            && !event_version.starts_with(['0', '+'])
            && event_version.parse() == Ok(self.version)
    }
}

impl EventUpcaster for &'static Upcaster {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        self.is_for(event_type, event_version)
    }

    /// A payload that is not of this version becomes null, since cqrs-es gives no way to refuse it
    /// here: null is no event of any stream, so that decoding it fails.
    fn upcast(&self, event: SerializedEvent) -> SerializedEvent {
        match self.read(&event.payload.to_string()) {
            Ok(raised) => SerializedEvent {
                event_version: raised.kind().version.to_string(),
                payload: serde_json::from_str(&raised.to_json()).expect("events are JSON"),
                ..event
            },
            Err(_) => SerializedEvent { payload: Value::Null, ..event },
        }
    }
}
