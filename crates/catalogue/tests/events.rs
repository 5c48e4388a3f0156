//! docs/EVENTS.md: every event of every stream, what it says, what it books, who hears it.
//!
//! Names, fields and sentences come from the types; what is booked, and which read models hear it, is what
//! its golden sample shows.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::envelope::Sequence;
use domain::ids::CommandId;
use domain::schema::{self, Shape};
use domain::{Digest, Position, Recorded, RecordedAt};
use ledger::{Book, Posting};
use projections::port::{Projection, Rows, Seen, Table, Value as Cell};
use serde_json::Value;

use crate::is_up_to_date;
use crate::samples::{Sample, sample};

/// Notices whether anything is written.
#[derive(Default)]
struct Heard(bool);

impl Rows for Heard {
    fn insert(&mut self, _: &'static Table, _: &[Cell<'_>]) {
        self.0 = true;
    }

    fn add(&mut self, _: &'static Table, _: &[Cell<'_>], _: &[i64]) {
        self.0 = true;
    }
}

fn first_sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].to_owned()
}

/// The form of a field: the name of its type, or what JSON calls it.
fn form(schema: &Value) -> String {
    if let Some(to) = schema["$ref"].as_str() {
        return to.rsplit('/').next().unwrap_or(to).to_owned();
    }
    if let Some(either) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        return either.iter().map(form).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(array) if array == "array" => format!("list of {}", form(&schema["items"])),
        Value::String(of) => of.clone(),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "object".to_owned(),
    }
}

/// The fields of an event: those of its payload, or of the type that it is.
fn fields(shape: &Shape) -> String {
    let mut body = &shape.schema["properties"][&shape.name];
    if let Some(of) = body["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        body = &shape.schema["$defs"][of];
    }
    let required: BTreeSet<&str> =
        body["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(properties) = body["properties"].as_object().filter(|of| !of.is_empty()) else {
        return "none".to_owned();
    };
    let mut names: Vec<&String> = properties.keys().collect();
    names.sort_by_key(|name| (!required.contains(name.as_str()), name.as_str()));
    let told = |name: &String| {
        let may = if required.contains(name.as_str()) { "" } else { ", may be left out" };
        format!("`{name}` ({}{may})", form(&properties[name]))
    };
    names.into_iter().map(told).collect::<Vec<_>>().join(", ")
}

fn recorded(sample: &Sample) -> Recorded {
    let event = sample.event();
    Recorded {
        position: Position(2),
        recorded_at: RecordedAt::from_micros(1),
        effective_on: "2025-03-03".parse().expect("a day"),
        stream: sample.stream,
        sequence: Sequence(2),
        event_version: sample.version,
        posting_rule: ledger::rule_for(&event),
        event,
        command: CommandId::new(Default::default()),
        entry_digest: Digest([0; 32]),
    }
}

/// The movements of a posting by book, or why there are none.
fn booked(recorded: &Recorded, posting: &Posting) -> String {
    let rule = recorded.posting_rule;
    if let Posting::NoEntry(why) = posting {
        return format!("`{rule}`: no entry, because {}", why.text());
    }
    let of = |book: Book, name: &str| {
        let movements = posting.movements().iter().filter(|movement| movement.book() == book);
        let pairs: Vec<String> = movements
            .map(|movement| format!("{} / {}", movement.debit.account.code(), movement.credit.account.code()))
            .collect();
        (!pairs.is_empty()).then(|| format!("{name} {}", pairs.join(", ")))
    };
    let books = [of(Book::General, "general ledger"), of(Book::Budget, "budget ledger")];
    format!("`{rule}`: {}", books.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn heard_by(recorded: &Recorded, posting: &Posting) -> String {
    let hears = |projection: &mut Box<dyn Projection>| {
        let mut heard = Heard::default();
        // A fold that misses what must have come before stops, and so it hears the event.
        let fold = AssertUnwindSafe(|| projection.fold(Seen { recorded, posting }, &mut heard));
        let stopped = catch_unwind(fold).is_err();
        (heard.0 || stopped).then(|| format!("*{}*", projection.name()))
    };
    let heard: Vec<String> = projections::all().iter_mut().filter_map(hears).collect();
    if !heard.is_empty() {
        return heard.join(", ");
    }
    let name = recorded.event.kind().name;
    let listed = projections::LOG_ONLY.iter().find(|(event, _)| *event == name);
    listed.map_or("none by its sample".to_owned(), |(_, why)| format!("none: {why}"))
}

fn page() -> String {
    let mut page = String::from(
        "# Events\n\n\
         Every event that a log can hold, by stream. Written from the types by `cargo xtask bless`; a test fails \
         when it no longer follows from them. The form of each payload is its schema, and one of each version ever \
         stored is its sample, beside it in `schemas/events`. What is booked, debit / credit, and which read models \
         hear it, is what the sample of the newest version shows: another kind of grant or client may book otherwise.\n",
    );
    let mut stream = "";
    for shape in schema::events() {
        let kind = schema::newest(&shape.name).expect("a known event");
        let sample = sample(&shape.name, kind.version);
        let recorded = recorded(&sample);
        let posting =
            ledger::post(recorded.posting_rule, sample.stream, &recorded.event).expect("today's rule");
        if stream != shape.stream {
            stream = shape.stream;
            write!(page, "\n## {stream}\n").expect("text grows");
        }
        let said = first_sentence(shape.schema["description"].as_str().expect("events have a sentence"));
        let older: Vec<String> = (1..kind.version).map(|version| version.to_string()).collect();
        let older = if older.is_empty() { String::new() } else { format!(", reads {}", older.join(", ")) };
        let (name, version) = (&shape.name, kind.version);
        write!(
            page,
            "\n### {name}\n\n{said} [Version {version}{older}](../schemas/events/{name}).\n\n\
             - fields: {}\n- books: {}\n- heard by: {}\n",
            fields(&shape),
            booked(&recorded, &posting),
            heard_by(&recorded, &posting),
        )
        .expect("text grows");
    }
    page
}

#[test]
fn the_catalogue_of_events_is_what_the_code_says() {
    if let Err(old) = is_up_to_date("docs/EVENTS.md", &page()) {
        panic!("{old}");
    }
}
