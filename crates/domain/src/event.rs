//! Every event of every stream, as one type.

use crate::correction::Correction;
use crate::envelope::{Claim, Kind, Position, StreamId};
use crate::series::SeriesEvent;
use crate::statutes::StatutesEvent;
use crate::stream::{Stream, StreamEvent};
use crate::upcast::Upcaster;

macro_rules! events {
    ($($(#[$doc:meta])* $stream:ident: $module:ident::$state:ident;)*) => {
        /// An event of any stream.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event {
            /// Of the statutes.
            Statutes(StatutesEvent),
            /// Of a numbering series.
            Series(SeriesEvent),
            $($(#[$doc])* $stream(<crate::$module::$state as Stream>::Event),)*
        }

        impl Event {
            /// Every stored name and version that this program knows.
            pub fn kinds() -> impl Iterator<Item = Kind> {
                [
                    StatutesEvent::KINDS,
                    SeriesEvent::KINDS,
                    $(<<crate::$module::$state as Stream>::Event>::KINDS,)*
                ]
                .into_iter()
                .flatten()
                .copied()
            }

            /// Stored name and version.
            pub fn kind(&self) -> Kind {
                match self {
                    Self::Statutes(event) => event.kind(),
                    Self::Series(event) => event.kind(),
                    $(Self::$stream(event) => event.kind(),)*
                }
            }

            /// What must be new in the log for this event to be appended.
            pub fn claims(&self) -> Vec<Claim> {
                match self {
                    Self::Statutes(event) => event.claims(),
                    Self::Series(event) => event.claims(),
                    $(Self::$stream(event) => event.claims(),)*
                }
            }

            /// The event as JSON text, externally tagged by its stored name.
            pub fn to_json(&self) -> String {
                let mut json = Vec::new();
                self.write_json(&mut json).expect("events have only text keys");
                String::from_utf8(json).expect("JSON is written as UTF-8")
            }

            /// Writes the JSON text to where it is wanted.
            pub fn write_json(&self, out: impl std::io::Write) -> Result<(), serde_json::Error> {
                match self {
                    Self::Statutes(event) => serde_json::to_writer(out, event),
                    Self::Series(event) => serde_json::to_writer(out, event),
                    $(Self::$stream(event) => serde_json::to_writer(out, event),)*
                }
            }

            /// Reads the JSON text of an event of the given stream, in today's shape.
            pub fn parse(stream: StreamId, json: &str) -> Result<Self, serde_json::Error> {
                match stream {
                    StreamId::Statutes => serde_json::from_str(json).map(Self::Statutes),
                    StreamId::Series(_) => serde_json::from_str(json).map(Self::Series),
                    $(StreamId::$stream(_) => serde_json::from_str(json).map(Self::$stream),)*
                }
            }

            /// A correction as what it means: the position and event that are void, and what holds instead.
            pub fn as_correction(&self) -> Option<(Position, Event, Option<Event>)> {
                match self {
                    Self::Statutes(event) => event.as_correction().map(split),
                    Self::Series(event) => event.as_correction().map(split),
                    $(Self::$stream(event) => event.as_correction().map(split),)*
                }
            }
        }

        $(impl From<<crate::$module::$state as Stream>::Event> for Event {
            fn from(event: <crate::$module::$state as Stream>::Event) -> Self {
                Self::$stream(event)
            }
        })*
    };
}
crate::for_each_stream! { events }

impl Event {
    /// Reads the payload of a row in the version that the row names.
    ///
    /// A version that is no older one is read as today's; whether it is today's, the reader compares.
    pub fn read(
        stream: StreamId,
        event_type: &str,
        event_version: &str,
        payload: &str,
    ) -> Result<Self, serde_json::Error> {
        match Upcaster::of_row(stream.aggregate_type(), event_type, event_version) {
            Some(upcaster) => upcaster.read(payload),
            None => Self::parse(stream, payload),
        }
    }
}

impl From<StatutesEvent> for Event {
    fn from(event: StatutesEvent) -> Self {
        Self::Statutes(event)
    }
}

impl From<SeriesEvent> for Event {
    fn from(event: SeriesEvent) -> Self {
        Self::Series(event)
    }
}

fn split<E: Clone + Into<Event>>(correction: &Correction<E>) -> (Position, Event, Option<Event>) {
    let replacement = correction.replacement.as_deref().cloned().map(Into::into);
    (correction.position, (*correction.original).clone().into(), replacement)
}
