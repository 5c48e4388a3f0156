//! The envelope: an event together with who, when, where and how it was booked.
//!
//! ```text
//! Prepared  what the writer hands to the store     no position, no instant yet
//! Stored    one row of the log, text verbatim      every column the leaf hash covers
//! Recorded  a stored row decoded into typed form   what rules, postings and projections read
//! ```
//!
//! Payload and metadata are kept as the very text that was hashed. Streams are named by type and
//! key, as cqrs-es names aggregates.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::control::CheckId;
use crate::dates::{Day, RecordedAt, Year};
use crate::event::Event;
use crate::evidence::{Digest, Evidence};
use crate::filing::FilingId;
use crate::ids::{
    ActivityId, BoardMeetingId, CommandId, CourseId, GrantId, LoanId, MandateId, MeetingId, MemberId,
    OfficeId, PersonId, ResourceId, StatementId, UnitId,
};
use crate::money::TextVisitor;
use crate::participation::ParticipationId;
use crate::series::Series;
use crate::statutes::Statutes;
use crate::stream::Stream;
use crate::text::{Actor, SeriesCode, Token};
use crate::upcast::Upcaster;

/// Place of an event in the whole log, from 1 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Position(pub u64);

/// Place of an event in its stream, from 1 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(pub u64);

/// Name and revision of the posting rule that booked an event, such as `invoice.issued@1`.
pub type RuleName = Token<40>;

/// The stored name and version of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    /// `stream.event_in_past_tense`, written out and never derived from an identifier.
    pub name: &'static str,
    /// Version of the payload's shape, from 1.
    pub version: u16,
}

/// A numbering series of one fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId {
    /// Code of the series; invoices and credit notes have their own.
    pub code: SeriesCode,
    /// The year in which it counts.
    pub year: Year,
}

/// The typed key of a stream, as it is stored and sent.
pub(crate) trait StreamKey: fmt::Display + Sized {
    /// What a key looks like, for the caller who sent another.
    const EXPECTED: &'static str;

    /// Reads a key.
    fn from_key(key: &str) -> Option<Self>;
}

macro_rules! stream_ids {
    ($($(#[$doc:meta])* $stream:ident: $module:ident::$state:ident;)*) => {
        /// Names one stream: its type and its key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StreamId {
            /// The one stream of statutes and parameters.
            Statutes,
            /// Of a numbering series.
            Series(SeriesId),
            $($(#[$doc])* $stream(<crate::$module::$state as Stream>::Id),)*
        }

        impl StreamId {
            /// The stored type, such as `statutes`, `member` or `unit`.
            pub const fn aggregate_type(self) -> &'static str {
                match self {
                    Self::Statutes => Statutes::TYPE,
                    Self::Series(_) => Series::TYPE,
                    $(Self::$stream(_) => <crate::$module::$state as Stream>::TYPE,)*
                }
            }

            /// The stored key: the word `statutes`, a year, an id, `F/2025`, or `vat-2025-03`.
            pub fn aggregate_id(self) -> String {
                match self {
                    Self::Statutes => Statutes::TYPE.to_owned(),
                    Self::Series(id) => id.to_string(),
                    $(Self::$stream(id) => id.to_string(),)*
                }
            }

            /// The stream with this stored type and key, when this program knows it.
            pub fn parse(aggregate_type: &str, aggregate_id: &str) -> Option<Self> {
                if aggregate_type == Statutes::TYPE {
                    return (aggregate_id == Statutes::TYPE).then_some(Self::Statutes);
                }
                if aggregate_type == Series::TYPE {
                    return aggregate_id.parse().ok().map(Self::Series);
                }
                $(if aggregate_type == <crate::$module::$state as Stream>::TYPE {
                    return StreamKey::from_key(aggregate_id).map(Self::$stream);
                })*
                None
            }
        }
    };
}
crate::for_each_stream! { stream_ids }

/// What the writer knows of an event before the store gives it a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place in that stream.
    pub sequence: Sequence,
    /// Stored name and version.
    pub kind: Kind,
    /// When it takes effect.
    pub effective_on: Day,
    /// The event as JSON, externally tagged by its name.
    pub payload: String,
    /// A JSON object of text values with sorted keys.
    pub metadata: String,
    /// The posting rule chosen for it.
    pub posting_rule: RuleName,
    /// SHA-256 of the journal entry that the rule makes of it.
    pub entry_digest: Digest,
}

/// One accepted command, ready to be appended whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedCommand {
    /// Its id, once only in a log.
    pub command: CommandId,
    /// HMAC over actor and content, by the log's own secret.
    pub request_digest: Digest,
    /// At least one event.
    pub events: Vec<Prepared>,
    /// Keys that must be new in this log.
    pub claims: Vec<Claim>,
    /// When it is recorded at the earliest; the log's own last instant prevails when later.
    pub recorded_at: RecordedAt,
}

/// Something that may stand in a log once only: an id, a document, the correction of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    /// What is claimed.
    pub what: Claimed,
    /// The key: a UUID's bytes, the first half of a digest, or a position.
    pub key: [u8; 16],
}

/// The kinds of things that are unique in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Claimed {
    /// An order's id.
    Order = 1,
    /// A contract's id.
    Contract = 2,
    /// An employment contract's id.
    Employment = 3,
    /// An invoice's id.
    Invoice = 4,
    /// A credit note's id.
    CreditNote = 5,
    /// A payment's id.
    Payment = 6,
    /// An expense claim's id.
    Expense = 7,
    /// A salary calculation's id.
    Salary = 8,
    /// A receipt or supplier invoice, by its digest.
    Document = 9,
    /// The correction of an event, by the event's position: nothing is corrected twice.
    Correction = 10,
    /// A project that a loan pays for.
    Project = 11,
    /// A purchase's id.
    Purchase = 12,
    /// A staff pay's id.
    StaffPay = 13,
    /// An asset's id.
    Asset = 14,
    /// A tax's id.
    Tax = 15,
    /// An accrual's id.
    Accrual = 16,
    /// A voucher's id.
    Voucher = 17,
    /// An enquiry's id.
    Enquiry = 18,
    /// An accident's id.
    Accident = 19,
    /// The id of a claim upon an insurer.
    InsuranceClaim = 20,
    /// The id of a bank line.
    BankLine = 21,
    /// A booking's id.
    Booking = 22,
}

impl Claim {
    /// What a document claims that may be used once only.
    pub fn of_document(evidence: &Evidence) -> Self {
        let mut key = [0; 16];
        key.copy_from_slice(&evidence.digest.0[..16]);
        Self { what: Claimed::Document, key }
    }

    /// What the correction of the event at a position claims.
    pub fn of_correction(position: Position) -> Self {
        let mut key = [0; 16];
        key[8..].copy_from_slice(&position.0.to_be_bytes());
        Self { what: Claimed::Correction, key }
    }
}

impl Claimed {
    /// The word for it in messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Contract => "contract",
            Self::Employment => "employment",
            Self::Invoice => "invoice",
            Self::CreditNote => "credit note",
            Self::Payment => "payment",
            Self::Expense => "expense",
            Self::Salary => "salary",
            Self::Document => "document",
            Self::Correction => "correction of this event",
            Self::Project => "project",
            Self::Purchase => "purchase",
            Self::StaffPay => "staff pay",
            Self::Asset => "asset",
            Self::Tax => "tax",
            Self::Accrual => "accrual",
            Self::Voucher => "voucher",
            Self::Enquiry => "enquiry",
            Self::Accident => "accident",
            Self::InsuranceClaim => "claim",
            Self::BankLine => "line",
            Self::Booking => "booking",
        }
    }
}

/// One row of the log, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Place in the log.
    pub position: Position,
    /// Instant of recording.
    pub recorded_at: RecordedAt,
    /// Day of effect.
    pub effective_on: Day,
    /// Type of the stream.
    pub aggregate_type: String,
    /// Key of the stream.
    pub aggregate_id: String,
    /// Place in the stream.
    pub sequence: Sequence,
    /// Stored name of the event.
    pub event_type: String,
    /// Stored version of the event.
    pub event_version: String,
    /// The event as JSON, verbatim.
    pub payload: String,
    /// Actor and request digest as JSON, verbatim.
    pub metadata: String,
    /// The command that caused it.
    pub command: CommandId,
    /// The sealed posting rule.
    pub posting_rule: String,
    /// The sealed digest of its journal entry.
    pub entry_digest: Digest,
    /// SHA-256 of the leaf.
    pub leaf_hash: Digest,
}

/// A stored event, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Place in the log.
    pub position: Position,
    /// Instant of recording.
    pub recorded_at: RecordedAt,
    /// Day of effect.
    pub effective_on: Day,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Place in the stream.
    pub sequence: Sequence,
    /// The version it was stored with, kept when an older shape is read.
    pub event_version: u16,
    /// What happened.
    pub event: Event,
    /// The command that caused it.
    pub command: CommandId,
    /// The sealed posting rule.
    pub posting_rule: RuleName,
    /// The sealed digest of its journal entry.
    pub entry_digest: Digest,
}

/// Who asked, and what exactly, as text values with sorted keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Who acts.
    pub actor: Actor,
    /// HMAC over actor and content; in the first event of a command only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Digest>,
}

/// What a caller gets for an accepted command, and gets again when it is repeated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The command.
    pub command: CommandId,
    /// Position of its first event.
    pub first: Position,
    /// Position of its last event.
    pub last: Position,
    /// When it was recorded.
    pub recorded_at: RecordedAt,
    /// Leaf hashes of its events, in order.
    pub leaf_hashes: Vec<Digest>,
}

/// Why a stored row cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// No stream of this name is known to this program.
    #[error("position {}: unknown stream {aggregate_type:?} {aggregate_id:?}", position.0)]
    UnknownStream {
        /// Where.
        position: Position,
        /// Stored type.
        aggregate_type: String,
        /// Stored key.
        aggregate_id: String,
    },
    /// A version of an event that this program does not know: written by a newer one.
    #[error("position {}: {event_type} version {event_version} is not known here; a newer program wrote it", position.0)]
    UnknownVersion {
        /// Where.
        position: Position,
        /// Stored name.
        event_type: String,
        /// Stored version.
        event_version: String,
    },
    /// The payload is not the event that its row names.
    #[error("position {}: the payload is no {event_type}", position.0)]
    Payload {
        /// Where.
        position: Position,
        /// Stored name.
        event_type: String,
        /// What the parser said.
        #[source]
        cause: serde_json::Error,
    },
    /// The row's name and the payload's tag differ.
    #[error("position {}: the row says {row:?}, the payload is {payload:?}", position.0)]
    Mismatch {
        /// Where.
        position: Position,
        /// Name in the row.
        row: String,
        /// Name in the payload.
        payload: &'static str,
    },
}

impl Stored {
    fn is_of(&self, kind: Kind) -> bool {
        self.event_type == kind.name && self.event_version.parse() == Ok(kind.version)
    }

    /// Decodes the row; the stored name, version and stream must agree with the payload.
    ///
    /// An older version is raised to today's event; [`Recorded::event_version`] stays what is stored.
    pub fn decode(&self) -> Result<Recorded, DecodeError> {
        let stream = StreamId::parse(&self.aggregate_type, &self.aggregate_id).ok_or_else(|| {
            DecodeError::UnknownStream {
                position: self.position,
                aggregate_type: self.aggregate_type.clone(),
                aggregate_id: self.aggregate_id.clone(),
            }
        })?;
        let unknown_version = || DecodeError::UnknownVersion {
            position: self.position,
            event_type: self.event_type.clone(),
            event_version: self.event_version.clone(),
        };
        let event_version: u16 = self.event_version.parse().map_err(|_| unknown_version())?;
        let upcaster = Upcaster::of_row(&self.aggregate_type, &self.event_type, &self.event_version);
        let read = match upcaster {
            Some(upcaster) => upcaster.read(&self.payload),
            None => Event::parse(stream, &self.payload),
        };
        let event = read.map_err(|cause| {
            if upcaster.is_none() && !Event::kinds().any(|kind| self.is_of(kind)) {
                return unknown_version();
            }
            DecodeError::Payload { position: self.position, event_type: self.event_type.clone(), cause }
        })?;
        let kind = event.kind();
        if kind.name != self.event_type {
            return Err(DecodeError::Mismatch {
                position: self.position,
                row: self.event_type.clone(),
                payload: kind.name,
            });
        }
        if upcaster.is_none() && event_version != kind.version {
            return Err(unknown_version());
        }
        Ok(Recorded {
            position: self.position,
            recorded_at: self.recorded_at,
            effective_on: self.effective_on,
            stream,
            sequence: self.sequence,
            event_version,
            event,
            command: self.command,
            posting_rule: self.posting_rule.parse().map_err(|_| unknown_version())?,
            entry_digest: self.entry_digest,
        })
    }
}

macro_rules! keys {
    ($($id:ident: $expected:literal;)*) => {$(
        impl StreamKey for $id {
            const EXPECTED: &'static str = $expected;

            fn from_key(key: &str) -> Option<Self> {
                key.parse().ok()
            }
        }
    )*};
}
keys! {
    MemberId: "a member's id (a UUID)";
    UnitId: "a unit's id (a UUID)";
    LoanId: "a loan's id (a UUID)";
    GrantId: "a grant's id (a UUID)";
    MeetingId: "a general meeting's id (a UUID)";
    MandateId: "a mandate's id (a UUID)";
    BoardMeetingId: "a board meeting's id (a UUID)";
    CourseId: "a course's id (a UUID)";
    PersonId: "a worker's id (a UUID)";
    StatementId: "a bank statement's id (a UUID)";
    ResourceId: "a resource's id (a UUID)";
    FilingId: "a return and its period such as \"vat-2025-03\"";
    ParticipationId: "group-, recommendation-, body- or ethics_case- and an id (a UUID)";
    ActivityId: "an activity's id (a UUID)";
    CheckId: "a check such as \"before-4711\"";
    OfficeId: "an office's id (a UUID)";
}

impl StreamKey for Year {
    const EXPECTED: &'static str = "a year such as \"2025\"";

    fn from_key(key: &str) -> Option<Self> {
        parse_year(key)
    }
}

fn parse_year(text: &str) -> Option<Year> {
    (text.len() == 4).then(|| text.parse().ok()).flatten().filter(|y| (1900..2200).contains(y)).map(Year::new)
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.aggregate_type(), self.aggregate_id())
    }
}

impl fmt::Display for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.code, self.year)
    }
}

impl FromStr for SeriesId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.rsplit_once('/')
            .and_then(|(code, year)| Some(Self { code: code.parse().ok()?, year: parse_year(year)? }))
            .ok_or_else(|| format!("expected a series and its year such as \"F/2025\", found {text:?}"))
    }
}

impl Serialize for SeriesId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SeriesId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "a series and its year such as \"F/2025\"",
            parse: |text| text.parse(),
        })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
