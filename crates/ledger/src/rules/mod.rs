//! The posting rules: an accounting manual, one file per stream.
//!
//! A rule has a name, `event@revision`, that is chosen when the event is appended and sealed with it.
//! A changed rule is a new arm with the next revision, never an edit: what was booked is booked.
//! Every stream's table of current rules and its manual match on every event, so a new event does
//! not compile until somebody has chosen how it is booked.
//! Source: DESIGN 5; DOMAIN F2.

mod activity;
mod bank;
mod board;
mod control;
mod course;
mod cover;
mod filing;
mod fitness;
mod grant;
mod loan;
mod mandate;
mod meeting;
mod member;
mod office;
mod participation;
mod resource;
mod series;
mod statutes;
mod structure;
mod unit;
mod year;

use domain::correction::Correction;
use domain::envelope::{Kind, RuleName, StreamId};
use domain::event::Event;
use domain::stream::StreamEvent;

use crate::chart::Book;
use crate::posting::{Draft, Entry, Journal, Posting, Why};

/// A posting rule by name: which event it books, and in which revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PostingRule {
    /// Stored name of the event.
    pub event: &'static str,
    /// Revision of the rule, from 1.
    pub revision: u16,
    /// Both together, as sealed: `invoice.issued@1`.
    pub name: RuleName,
}

/// No rule of this name books this event here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no rule {rule} is known here that books {event}; a newer program may have sealed it")]
pub struct UnknownRule {
    /// The rule asked for.
    pub rule: RuleName,
    /// Stored name of the event.
    pub event: &'static str,
}

/// The rule that books an event today; chosen at append and sealed.
pub fn rule_for(event: &Event) -> RuleName {
    match event {
        Event::Statutes(event) => statutes::rule_for(event),
        Event::Year(event) => year::rule_for(event),
        Event::Member(event) => member::rule_for(event),
        Event::Unit(event) => unit::rule_for(event),
        Event::Series(event) => series::rule_for(event),
        Event::Loan(event) => loan::rule_for(event),
        Event::Grant(event) => grant::rule_for(event),
        Event::Structure(event) => structure::rule_for(event),
        Event::Filing(event) => filing::rule_for(event),
        Event::Course(event) => course::rule_for(event),
        Event::Fitness(event) => fitness::rule_for(event),
        Event::Cover(event) => cover::rule_for(event),
        Event::Bank(event) => bank::rule_for(event),
        Event::Resource(event) => resource::rule_for(event),
        Event::Participation(event) => participation::rule_for(event),
        Event::Activity(event) => activity::rule_for(event),
        Event::Control(event) => control::rule_for(event),
        Event::Office(event) => office::rule_for(event),
        Event::Meeting(event) => meeting::rule_for(event),
        Event::Mandate(event) => mandate::rule_for(event),
        Event::Board(event) => board::rule_for(event),
    }
}

/// The rules that book events today, in the order of the streams.
pub fn current_rules() -> impl Iterator<Item = PostingRule> {
    [
        statutes::CURRENT,
        year::CURRENT,
        member::CURRENT,
        unit::CURRENT,
        series::CURRENT,
        loan::CURRENT,
        grant::CURRENT,
        structure::CURRENT,
        filing::CURRENT,
        course::CURRENT,
        fitness::CURRENT,
        cover::CURRENT,
        bank::CURRENT,
        resource::CURRENT,
        participation::CURRENT,
        activity::CURRENT,
        control::CURRENT,
        office::CURRENT,
        meeting::CURRENT,
        mandate::CURRENT,
        board::CURRENT,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Books an event of a stream by a rule, as often as asked and always alike.
pub fn post(rule: RuleName, stream: StreamId, event: &Event) -> Result<Posting, UnknownRule> {
    let revision = revision_of(rule, event.kind())?;
    match event {
        Event::Statutes(event) => statutes::post(revision, event),
        Event::Year(event) => year::post(revision, event),
        Event::Member(event) => member::post(revision, event),
        Event::Series(event) => series::post(revision, event),
        Event::Loan(event) => loan::post(revision, event),
        Event::Grant(event) => grant::post(revision, event),
        Event::Structure(event) => structure::post(revision, event),
        Event::Filing(event) => filing::post(revision, event),
        Event::Course(event) => course::post(revision, event),
        Event::Fitness(event) => fitness::post(revision, event),
        Event::Cover(event) => cover::post(revision, event),
        Event::Bank(event) => bank::post(revision, event),
        Event::Resource(event) => resource::post(revision, event),
        Event::Participation(event) => participation::post(revision, event),
        Event::Activity(event) => activity::post(revision, event),
        Event::Control(event) => control::post(revision, event),
        Event::Office(event) => office::post(revision, event),
        Event::Meeting(event) => meeting::post(revision, event),
        Event::Mandate(event) => mandate::post(revision, event),
        Event::Board(event) => board::post(revision, event),
        Event::Unit(event) => {
            let StreamId::Unit(unit) = stream else {
                unreachable!("events are read by the type of their stream");
            };
            unit::post(revision, unit, event)
        }
    }
}

/// The revision in a rule's name, when the rule is one of this event.
fn revision_of(rule: RuleName, kind: Kind) -> Result<u16, UnknownRule> {
    let parts = rule.as_str().rsplit_once('@');
    let revision = parts.filter(|(event, revision)| *event == kind.name && !revision.starts_with('0'));
    let revision = revision.and_then(|(_, revision)| revision.parse().ok());
    revision.ok_or(UnknownRule { rule, event: kind.name })
}

/// The answer to a revision that this program does not have.
fn unknown<E: StreamEvent>(event: &E, revision: u16) -> Result<Posting, UnknownRule> {
    let event = event.kind().name;
    let rule = format!("{event}@{revision}").parse().expect("names of rules are tokens");
    Err(UnknownRule { rule, event })
}

/// An event that is not booked, and why.
fn no_entry(why: Why) -> Result<Posting, UnknownRule> {
    Ok(Posting::NoEntry(why))
}

/// Books a correction: the exact mirror of the sealed entry, then what holds instead.
///
/// `replaced_by` is the revision of the rule for what holds instead. It belongs to the correction's
/// own rule: when any rule of a stream changes, the stream's correction gets a new revision too, so
/// that corrections already sealed are booked as they were.
fn correction<E: StreamEvent>(
    correction: &Correction<E>,
    replaced_by: u16,
    post: impl Fn(u16, &E) -> Result<Posting, UnknownRule>,
) -> Result<Posting, UnknownRule> {
    let original = &*correction.original;
    let original = post(revision_of(correction.original_rule, original.kind())?, original)?;
    let instead = correction.replacement.as_deref().map(|event| post(replaced_by, event)).transpose()?;
    let instead = instead.as_ref();
    let (mirrored, added) = (original.movements(), instead.map_or(&[][..], Posting::movements));
    let mut movements = Vec::with_capacity(mirrored.len() + added.len());
    movements.extend(mirrored.iter().map(|movement| movement.mirrored()));
    movements.extend_from_slice(added);
    if movements.is_empty() {
        return no_entry(Why::NothingToMirror);
    }
    // The statutory part comes first, as in every entry; the order within each book stays.
    movements.sort_by_key(|movement| movement.book());
    let general = movements.iter().any(|movement| movement.book() == Book::General);
    let document = |posting: &Posting| posting.entry().and_then(|entry| entry.document);
    Ok(Posting::Entry(Entry {
        journal: if general { Journal::Miscellaneous } else { Journal::BudgetOnly },
        movements,
        document: instead.and_then(document).or_else(|| document(&original)),
    }))
}

/// Writes a stream's table of current rules: `rule_for`, and the list of them.
macro_rules! table_of_rules {
    ($events:ident { $($variant:ident = $event:literal @ $revision:literal),* $(,)? }) => {
        pub(super) const CURRENT: &[$crate::rules::PostingRule] = &[$($crate::rules::PostingRule {
            event: $event,
            revision: $revision,
            name: domain::envelope::RuleName::literal(concat!($event, "@", $revision)),
        }),*];

        pub(super) fn rule_for(event: &$events) -> domain::envelope::RuleName {
            match event {
                $($events::$variant { .. } => {
                    const { domain::envelope::RuleName::literal(concat!($event, "@", $revision)) }
                })*
            }
        }
    };
}
use table_of_rules;
