//! The cooperative's rules, pure: streams, commands, events and refusals; money, dates and ids.
//!
//! No IO, no clock, no randomness: time, ids and knowledge of other streams come in as arguments.
//!
//! ```text
//! money dates calendar text ids evidence   words that everything is written in
//! envelope event command                   what is stored, what can happen, what may be asked
//! upcast                                   how what was stored in an older version is read
//! stream correction joint                  how a stream decides, corrects, and acts with others
//! parameters vat payroll                   rates as data, and the arithmetic that uses them
//! statutes year member unit series         the streams
//! loan grant                               … and what is lent and given
//! structure filing                         … what the entity itself buys, owns and declares
//! course fitness cover resource            … what members learn, bear, are insured for and share
//! bank                                     … and what the bank says of all that was paid
//! participation activity control office    … what members and staff do together
//! meeting mandate board                    … and how its members and directors decide
//! streams                                  the list of them
//! ```

pub mod activity;
pub mod bank;
pub mod board;
pub mod calendar;
pub mod command;
pub mod control;
pub mod correction;
pub mod course;
pub mod cover;
pub mod dates;
pub mod envelope;
pub mod event;
pub mod evidence;
pub mod filing;
pub mod fitness;
pub mod grant;
pub mod ids;
pub mod joint;
mod kinds;
pub mod loan;
pub mod mandate;
pub mod meeting;
pub mod member;
pub mod money;
pub mod office;
mod pairs;
pub mod parameters;
pub mod participation;
pub mod payroll;
pub mod resource;
#[cfg(feature = "schema")]
pub mod schema;
pub mod series;
pub mod statutes;
pub mod stream;
mod streams;
pub mod structure;
pub mod text;
pub mod unit;
pub mod upcast;
pub mod vat;
pub mod year;

pub use command::{Command, Malformed, Refused, Request};
pub use dates::{Day, Hours, Month, RecordedAt, Year};
pub use envelope::{
    Claim, Claimed, DecodeError, Kind, Metadata, Position, Prepared, PreparedCommand, Receipt, Recorded,
    RuleName, Sequence, SeriesId, Stored, StreamId,
};
pub use event::Event;
pub use evidence::{Digest, Evidence};
pub use filing::FilingId;
pub use money::{Amount, Balance, Rate, Rounding};
pub use stream::{Bridge, BridgeEvent, Facts, Refusal, Stream, StreamEvent};
pub use upcast::{UPCASTERS, Upcaster};
