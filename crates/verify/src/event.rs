//! What can be said of one event by itself: its leaf, its decoding, its metadata, its entry.
//!
//! This is the work that is done on all cores. Rules of `domain` and `ledger` assert what they
//! believe impossible; on a log that somebody changed the impossible happens, so a rule that stops
//! is a finding here and not the end of the program.

use std::any::Any;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::{Claim, Day, Digest, Event, Kind, Metadata, RuleName, StreamId, Upcaster};
use ledger::{Account, Balances, Class, Entry, Posting, entry_digest, post};
use rustc_hash::FxHashSet;

use crate::finding::Finding;
use crate::leaf::Columns;
use crate::rows::{Chunk, RowRef};
use crate::ties;

/// What the checks that go in order need to know of an event.
#[derive(Debug)]
pub(crate) struct Checked {
    pub position: i64,
    pub recorded_at: i64,
    pub sequence: i64,
    pub command: [u8; 16],
    /// As recomputed; as stored where a column could not be taken.
    pub leaf: [u8; 32],
    /// None when the row names no stream.
    pub stream: Option<StreamId>,
    /// None when the metadata could not be read.
    pub request: Option<Option<Digest>>,
    /// None when it could not be decoded, or nobody folds it.
    pub event: Option<Event>,
    pub entry: Option<Entry>,
    /// Nothing when it could not be booked.
    pub ties: ties::Change,
    pub claims: Vec<Claim>,
}

/// A chunk after the checks of each of its events.
#[derive(Debug)]
pub(crate) struct CheckedChunk {
    pub number: u64,
    pub events: Vec<Checked>,
    pub findings: Vec<Finding>,
    /// The buffer, to be used again.
    pub chunk: Chunk,
}

/// Checks every event of a chunk; keeps the events of `folded` streams.
pub(crate) fn check_chunk(chunk: Chunk, folded: &FxHashSet<StreamId>, buffer: &mut Vec<u8>) -> CheckedChunk {
    let mut findings = Vec::new();
    let events = chunk.rows().map(|row| check(&row, folded, buffer, &mut findings)).collect();
    CheckedChunk { number: chunk.number, events, findings, chunk }
}

fn check(
    row: &RowRef<'_>,
    folded: &FxHashSet<StreamId>,
    buffer: &mut Vec<u8>,
    findings: &mut Vec<Finding>,
) -> Checked {
    let columns = &row.columns;
    let position = columns.position;
    let mut checked = Checked {
        position,
        recorded_at: columns.recorded_at,
        sequence: columns.sequence,
        command: columns.command_id,
        leaf: row.leaf_hash,
        stream: None,
        request: None,
        event: None,
        entry: None,
        ties: ties::Change::default(),
        claims: Vec::new(),
    };
    if let Some(wrong) = row.wrong {
        findings.push(Finding::Unreadable { position, column: wrong.column, expected: wrong.expected });
        if wrong.column == "leaf_hash" {
            checked.leaf = columns.hash(buffer);
        }
        return checked;
    }
    checked.leaf = columns.hash(buffer);
    if checked.leaf != row.leaf_hash {
        let (expected, found) = (Digest(checked.leaf), Digest(row.leaf_hash));
        findings.push(Finding::LeafHash { position, expected, found });
    }
    let Some(texts) = Texts::of(columns, findings) else { return checked };
    checked.request = read_metadata(position, texts.metadata, findings);
    checked.stream = StreamId::parse(texts.aggregate_type, texts.aggregate_id)
        .filter(|stream| stream.aggregate_id() == texts.aggregate_id);
    let Some(stream) = checked.stream else {
        findings.push(Finding::UnknownStream {
            position,
            aggregate_type: texts.aggregate_type.to_owned(),
            aggregate_id: texts.aggregate_id.to_owned(),
        });
        return checked;
    };
    // Nothing outside is changed by the rules, so nothing can be left half done.
    let known = catch_unwind(AssertUnwindSafe(|| {
        let event = read_event(position, stream, &texts, findings)?;
        if let Some(posting) = book(position, stream, &event, columns, texts.posting_rule, findings) {
            let day = texts.effective_on.parse::<Day>().ok();
            checked.ties = ties::Change::of(stream, &event, posting.entry(), day.map(Day::year));
            if let Posting::Entry(entry) = posting {
                checked.entry = Some(entry);
            }
        }
        checked.claims = event.claims();
        Some(event)
    }));
    match known {
        Ok(event) => checked.event = event.filter(|_| folded.contains(&stream)),
        Err(stopped) => findings.push(Finding::Impossible { position, cause: said(&*stopped) }),
    }
    checked
}

/// What a rule said when it stopped.
pub(crate) fn said(stopped: &(dyn Any + Send)) -> String {
    stopped
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| stopped.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "it stops without a word".to_owned())
}

/// The columns that must be text.
struct Texts<'a> {
    effective_on: &'a str,
    aggregate_type: &'a str,
    aggregate_id: &'a str,
    event_type: &'a str,
    event_version: &'a str,
    payload: &'a str,
    metadata: &'a str,
    posting_rule: &'a str,
}

impl<'a> Texts<'a> {
    /// The texts, when all are UTF-8 and the day is one of the calendar.
    fn of(columns: &Columns<'a>, findings: &mut Vec<Finding>) -> Option<Self> {
        let position = columns.position;
        let mut unreadable = |column, expected| {
            findings.push(Finding::Unreadable { position, column, expected });
        };
        let mut text = |bytes: &'a [u8], column| {
            let text = std::str::from_utf8(bytes).ok();
            if text.is_none() {
                unreadable(column, "UTF-8");
            }
            text
        };
        let texts = [
            text(columns.effective_on, "effective_on"),
            text(columns.aggregate_type, "aggregate_type"),
            text(columns.aggregate_id, "aggregate_id"),
            text(columns.event_type, "event_type"),
            text(columns.event_version, "event_version"),
            text(columns.payload, "payload"),
            text(columns.metadata, "metadata"),
            text(columns.posting_rule, "posting_rule"),
        ];
        if texts[0].is_some_and(|day| day.parse::<Day>().is_err()) {
            unreadable("effective_on", "a day YYYY-MM-DD between 1900 and 2199");
        }
        let [
            Some(effective_on),
            Some(aggregate_type),
            Some(aggregate_id),
            Some(event_type),
            Some(event_version),
            Some(payload),
            Some(metadata),
            Some(posting_rule),
        ] = texts
        else {
            return None;
        };
        Some(Self {
            effective_on,
            aggregate_type,
            aggregate_id,
            event_type,
            event_version,
            payload,
            metadata,
            posting_rule,
        })
    }
}

/// Reads actor and request; the text must be the one form in which they are written.
fn read_metadata(position: i64, text: &str, findings: &mut Vec<Finding>) -> Option<Option<Digest>> {
    let read = serde_json::from_str::<Metadata>(text).ok();
    let read = read.filter(|metadata| difference(text, |out| serde_json::to_writer(out, metadata)).is_none());
    if read.is_none() {
        findings.push(Finding::Metadata { position, found: text.chars().take(200).collect() });
    }
    read.map(|metadata| metadata.request)
}

/// Decodes the payload; the row must name the same event, and the text must be its one form.
fn read_event(
    position: i64,
    stream: StreamId,
    texts: &Texts<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Event> {
    let upcaster = Upcaster::of_row(stream.aggregate_type(), texts.event_type, texts.event_version);
    let read = match upcaster {
        Some(upcaster) => upcaster.read(texts.payload),
        None => Event::parse(stream, texts.payload),
    };
    let event = match read {
        Ok(event) => event,
        Err(cause) => {
            // A version that is not known here says more than what does not fit the one that is.
            let newest = Event::kinds().find(|kind| kind.name == texts.event_type);
            findings.push(match newest {
                Some(kind) if upcaster.is_none() && texts.event_version != kind.version.to_string() => {
                    other_version(position, kind, texts)
                }
                _ => Finding::Undecodable { position, cause: cause.to_string() },
            });
            return None;
        }
    };
    let kind = event.kind();
    if kind.name != texts.event_type {
        let (row, payload) = (texts.event_type.to_owned(), kind.name);
        findings.push(Finding::OtherName { position, row, payload });
    }
    // Compared as text, since "+1" and "01" would read as 1.
    let is_newest =
        || difference(texts.event_version, |out| serde_json::to_writer(out, &kind.version)).is_none();
    if upcaster.is_none() && !is_newest() {
        findings.push(other_version(position, kind, texts));
    }
    // An older version has the one form of its own shape.
    let older = upcaster.map(|upcaster| upcaster.rewrite(texts.payload).expect("it was read a moment ago"));
    let written = match &older {
        Some(older) => difference(texts.payload, |out| out.write_all(older.as_bytes())),
        None => difference(texts.payload, |out| event.write_json(out)),
    };
    if let Some(at) = written {
        findings.push(Finding::NotCanonical { position, event_type: kind.name, at });
    }
    Some(event)
}

/// The finding on a row whose version is neither today's nor an older one.
fn other_version(position: i64, newest: Kind, texts: &Texts<'_>) -> Finding {
    let found = texts.event_version.to_owned();
    Finding::OtherVersion { position, event_type: newest.name, found, known: newest.version }
}

/// Books the event by its sealed rule; the digest must be the sealed one, and the books must hold.
fn book(
    position: i64,
    stream: StreamId,
    event: &Event,
    columns: &Columns<'_>,
    rule: &str,
    findings: &mut Vec<Finding>,
) -> Option<Posting> {
    let known = rule.parse::<RuleName>().ok().and_then(|rule| post(rule, stream, event).ok());
    let Some(posting) = known else {
        findings.push(Finding::UnknownRule { position, rule: rule.to_owned() });
        return None;
    };
    let (expected, found) = (entry_digest(&posting), Digest(columns.entry_digest));
    if expected != found {
        findings.push(Finding::EntryDigest { position, rule: rule.to_owned(), expected, found });
    }
    if let Some(entry) = posting.entry().filter(|entry| !keeps_identities(entry)) {
        let mut alone = Balances::default();
        alone.apply_entry(entry);
        let identity = alone.identities().err().map_or_else(String::new, |broken| broken.to_string());
        findings.push(Finding::EntryBreaksBooks { position, identity });
    }
    Some(posting)
}

/// Whether an entry by itself leaves I2 and I3 as they were; I1 holds of every movement.
///
/// The identities are sums, so books whose entries all do this hold them after every event.
fn keeps_identities(entry: &Entry) -> bool {
    let (mut mirror, mut result, mut owners) = (0_i128, 0_i128, 0_i128);
    for movement in &entry.movements {
        let cents = i128::from(movement.amount.cents());
        for (line, debited) in [(movement.debit, cents), (movement.credit, -cents)] {
            match line.account.class() {
                _ if line.account == Account::ProfitAndLoss => mirror += debited,
                Class::Owners => owners -= debited,
                _ if line.account.makes_result() => result -= debited,
                _ => {}
            }
        }
    }
    mirror == result && owners == mirror
}

/// The first byte at which what is written differs from the text; `None` when it is the text.
fn difference<E>(text: &str, write: impl FnOnce(&mut Comparing<'_>) -> Result<(), E>) -> Option<usize> {
    let mut comparing = Comparing { rest: text.as_bytes() };
    let same = write(&mut comparing).is_ok() && comparing.rest.is_empty();
    (!same).then(|| text.len() - comparing.rest.len())
}

/// A writer that keeps nothing and stops at the first byte that differs.
struct Comparing<'a> {
    rest: &'a [u8],
}

impl io::Write for Comparing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(rest) = self.rest.strip_prefix(bytes) {
            self.rest = rest;
            return Ok(bytes.len());
        }
        let same = self.rest.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        self.rest = &self.rest[same..];
        Err(io::ErrorKind::InvalidData.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
