//! Every event of every stream, as one type.

use crate::envelope::{Claim, Kind, StreamId};
use crate::filing::FilingEvent;
use crate::grant::GrantEvent;
use crate::loan::LoanEvent;
use crate::member::MemberEvent;
use crate::series::SeriesEvent;
use crate::statutes::StatutesEvent;
use crate::stream::StreamEvent;
use crate::structure::StructureEvent;
use crate::unit::UnitEvent;
use crate::upcast::Upcaster;
use crate::year::YearEvent;

/// An event of any stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Of the statutes.
    Statutes(StatutesEvent),
    /// Of a fiscal year.
    Year(YearEvent),
    /// Of a member.
    Member(MemberEvent),
    /// Of a production unit.
    Unit(UnitEvent),
    /// Of a numbering series.
    Series(SeriesEvent),
    /// Of a loan.
    Loan(LoanEvent),
    /// Of a grant.
    Grant(GrantEvent),
    /// Of the structure.
    Structure(StructureEvent),
    /// Of a filing.
    Filing(FilingEvent),
}

macro_rules! each_stream {
    ($event:expr, $inner:ident => $answer:expr) => {
        match $event {
            Event::Statutes($inner) => $answer,
            Event::Year($inner) => $answer,
            Event::Member($inner) => $answer,
            Event::Unit($inner) => $answer,
            Event::Series($inner) => $answer,
            Event::Loan($inner) => $answer,
            Event::Grant($inner) => $answer,
            Event::Structure($inner) => $answer,
            Event::Filing($inner) => $answer,
        }
    };
}

impl Event {
    /// Every stored name and version that this program knows.
    pub fn kinds() -> impl Iterator<Item = Kind> {
        [
            StatutesEvent::KINDS,
            YearEvent::KINDS,
            MemberEvent::KINDS,
            UnitEvent::KINDS,
            SeriesEvent::KINDS,
            LoanEvent::KINDS,
            GrantEvent::KINDS,
            StructureEvent::KINDS,
            FilingEvent::KINDS,
        ]
        .into_iter()
        .flatten()
        .copied()
    }

    /// Stored name and version.
    pub fn kind(&self) -> Kind {
        each_stream!(self, event => event.kind())
    }

    /// What must be new in the log for this event to be appended.
    pub fn claims(&self) -> Vec<Claim> {
        each_stream!(self, event => event.claims())
    }

    /// The event as JSON text, externally tagged by its stored name.
    pub fn to_json(&self) -> String {
        let json = each_stream!(self, event => serde_json::to_string(event));
        json.expect("events have only text keys")
    }

    /// Reads the JSON text of an event of the given stream, in today's shape.
    pub fn parse(stream: StreamId, json: &str) -> Result<Self, serde_json::Error> {
        match stream {
            StreamId::Statutes => serde_json::from_str(json).map(Self::Statutes),
            StreamId::Year(_) => serde_json::from_str(json).map(Self::Year),
            StreamId::Member(_) => serde_json::from_str(json).map(Self::Member),
            StreamId::Unit(_) => serde_json::from_str(json).map(Self::Unit),
            StreamId::Series(_) => serde_json::from_str(json).map(Self::Series),
            StreamId::Loan(_) => serde_json::from_str(json).map(Self::Loan),
            StreamId::Grant(_) => serde_json::from_str(json).map(Self::Grant),
            StreamId::Structure(_) => serde_json::from_str(json).map(Self::Structure),
            StreamId::Filing(_) => serde_json::from_str(json).map(Self::Filing),
        }
    }

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

    /// A correction as what it means: the position and event that are void, and what holds instead.
    pub fn as_correction(&self) -> Option<(crate::Position, Event, Option<Event>)> {
        match self {
            Self::Statutes(StatutesEvent::Corrected(c)) => Some(split(c)),
            Self::Year(YearEvent::Corrected(c)) => Some(split(c)),
            Self::Member(MemberEvent::Corrected(c)) => Some(split(c)),
            Self::Unit(UnitEvent::Corrected(c)) => Some(split(c)),
            Self::Series(SeriesEvent::Corrected(c)) => Some(split(c)),
            Self::Loan(LoanEvent::Corrected(c)) => Some(split(c)),
            Self::Grant(GrantEvent::Corrected(c)) => Some(split(c)),
            Self::Structure(StructureEvent::Corrected(c)) => Some(split(c)),
            Self::Filing(FilingEvent::Corrected(c)) => Some(split(c)),
            Self::Statutes(_)
            | Self::Year(_)
            | Self::Member(_)
            | Self::Unit(_)
            | Self::Series(_)
            | Self::Loan(_)
            | Self::Grant(_)
            | Self::Structure(_)
            | Self::Filing(_) => None,
        }
    }
}

fn split<E: Clone + Into<Event>>(
    correction: &crate::correction::Correction<E>,
) -> (crate::Position, Event, Option<Event>) {
    let replacement = correction.replacement.as_deref().cloned().map(Into::into);
    (correction.position, (*correction.original).clone().into(), replacement)
}

macro_rules! from_events_of {
    ($($stream:ident: $event:ident;)*) => {$(
        impl From<$event> for Event {
            fn from(event: $event) -> Self {
                Self::$stream(event)
            }
        }
    )*};
}

from_events_of! {
    Statutes: StatutesEvent;
    Year: YearEvent;
    Member: MemberEvent;
    Unit: UnitEvent;
    Series: SeriesEvent;
    Loan: LoanEvent;
    Grant: GrantEvent;
    Structure: StructureEvent;
    Filing: FilingEvent;
}
