//! What events and commands look like in JSON, as JSON Schema, for those who read them elsewhere.
//!
//! Everything follows from the Rust types. Words that are written in a form of their own (amounts,
//! days, digests) say that form here, so that a third decimal or a made-up day is refused by any validator too.
//! What a schema cannot say, the rules do: that parts sum to the whole, that a stream exists.
//! Only built with the feature `schema`, by the tests that write `schemas/`.
//! Source: JSON Schema 2020-12; docs/adr/0007-json-verbatim.md.

use std::borrow::Cow;
use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::dates::{Day, Hours, Month, TimeOfDay};
use crate::envelope::Kind;
use crate::event::Event;
use crate::evidence::Digest;
use crate::joint::JointCommand;
use crate::money::{Amount, Balance, Rate};
use crate::series::{Series, SeriesEvent};
use crate::statutes::{SOURCE_BYTES_MAX, Source, Statutes, StatutesCommand, StatutesEvent};
use crate::stream::Stream;
use crate::structure::BookableAccount;
use crate::text::Token;
use crate::unit::ReminderLevel;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of one event or command.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Type of the stream it belongs to.
    pub stream: &'static str,
    /// Stored name of the event, or public name of the command.
    pub name: String,
    /// The schema: of an event's payload, or of a command's body.
    pub schema: Value,
}

macro_rules! shapes {
    ($($(#[$doc:meta])* $stream:ident: $module:ident::$state:ident;)*) => {
        /// The payload of every event, in its newest version.
        pub fn events() -> Vec<Shape> {
            let mut shapes = events_of::<StatutesEvent>(Statutes::TYPE);
            shapes.extend(events_of::<SeriesEvent>(Series::TYPE));
            $(shapes.extend(events_of::<<crate::$module::$state as Stream>::Event>(
                <crate::$module::$state as Stream>::TYPE,
            ));)*
            shapes
        }

        /// The body of every command of one stream.
        fn commands_of_streams() -> Vec<Shape> {
            let mut shapes = commands_of::<StatutesCommand>(Statutes::TYPE);
            $(shapes.extend(commands_of::<<crate::$module::$state as Stream>::Command>(
                <crate::$module::$state as Stream>::TYPE,
            ));)*
            shapes
        }
    };
}
crate::for_each_stream! { shapes }

/// The body of every command.
pub fn commands() -> Vec<Shape> {
    let mut shapes = commands_of_streams();
    shapes.extend(JointCommand::shapes());
    shapes
}

/// The newest version of the event with this name.
pub fn newest(name: &str) -> Option<Kind> {
    Event::kinds().find(|kind| kind.name == name)
}

fn events_of<E: JsonSchema>(stream: &'static str) -> Vec<Shape> {
    let variants = variants_of::<E>(SchemaSettings::draft2020_12().for_serialize());
    let shape = |(name, mut schema): (String, Value)| {
        let version = newest(&name).map_or(0, |kind| kind.version);
        schema["title"] = json!(format!("{name}, version {version}"));
        Shape { stream, name, schema: sorted(schema) }
    };
    variants.into_iter().map(shape).collect()
}

fn commands_of<C: JsonSchema>(stream: &'static str) -> Vec<Shape> {
    let variants = variants_of::<C>(SchemaSettings::draft2020_12().for_deserialize());
    let shape = |(tag, mut schema): (String, Value)| {
        let name = format!("{stream}.{tag}");
        let mut body = schema["properties"][&tag].take();
        body["$schema"] = json!(DIALECT);
        if let Some(definitions) = schema.get_mut("$defs") {
            body["$defs"] = definitions.take();
        }
        body["title"] = json!(name);
        if body.get("description").is_none() {
            body["description"] = schema["description"].take();
        }
        Shape { stream, name, schema: sorted(body) }
    };
    variants.into_iter().map(shape).collect()
}

/// The body of a command of several streams.
pub(crate) fn body_of<C: JsonSchema>(stream: &'static str, name: &str) -> Shape {
    let mut schema =
        SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<C>();
    let name = format!("{stream}.{name}");
    schema.insert("title".to_owned(), json!(name));
    let mut schema = schema.to_value();
    close(&mut schema);
    Shape { stream, name, schema: sorted(schema) }
}

/// Each variant of an externally tagged enum as a schema of its own, by its tag.
fn variants_of<E: JsonSchema>(settings: SchemaSettings) -> Vec<(String, Value)> {
    let mut generator = settings.into_generator();
    generator.subschema_for::<E>();
    let mut definitions: Map<String, Value> = generator.take_definitions(true).into_iter().collect();
    definitions.values_mut().for_each(close);
    let own = &definitions[&*E::schema_name()];
    let variants = own["oneOf"].as_array().expect("an enum of events or commands").clone();
    let alone = |mut variant: Value| {
        let tag = variant["required"][0].as_str().expect("a tag").to_owned();
        variant["$schema"] = json!(DIALECT);
        let used = used_by(&variant, &definitions);
        if !used.is_empty() {
            let of = |name: &String| (name.clone(), definitions[name].clone());
            variant["$defs"] = Value::Object(used.iter().map(of).collect());
        }
        (tag, variant)
    };
    variants.into_iter().map(alone).collect()
}

/// No object has a field that its schema does not name: every event and command denies them.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("type").is_some_and(|is| is == "object") {
                fields.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(parts) => parts.iter_mut().for_each(close),
        _ => {}
    }
}

/// The definitions that a schema refers to, directly or through others.
fn used_by(schema: &Value, definitions: &Map<String, Value>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut left = vec![schema];
    while let Some(schema) = left.pop() {
        match schema {
            Value::Object(fields) => {
                let to = fields.get("$ref").and_then(Value::as_str);
                if let Some(name) = to.and_then(|to| to.strip_prefix("#/$defs/"))
                    && used.insert(name.to_owned())
                {
                    left.push(&definitions[name]);
                }
                left.extend(fields.values());
            }
            Value::Array(parts) => left.extend(parts),
            _ => {}
        }
    }
    used
}

/// The same schema with its keys in order, whatever a map of serde_json keeps.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(parts) => Value::Array(parts.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// Says the form of types that are written as text or number of their own.
macro_rules! written {
    ($($type:ident: $schema:tt;)*) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

written! {
    Amount: {
        "description": "A sum above zero in euro, with exactly two decimals.",
        "type": "string",
        "pattern": r"^([1-9][0-9]{0,12}\.[0-9]{2}|0\.(0[1-9]|[1-9][0-9]))$",
        "examples": ["12.50"]
    };
    Balance: {
        "description": "A signed sum in euro, with exactly two decimals.",
        "type": "string",
        "pattern": r"^(0\.00|-?([1-9][0-9]{0,12}\.[0-9]{2}|0\.(0[1-9]|[1-9][0-9])))$",
        "examples": ["-12.50"]
    };
    Rate: {
        "description": "A rate or coefficient, as a decimal number in text.",
        "type": "string",
        "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$",
        "examples": ["0.065"]
    };
    Hours: {
        "description": "Hours, with exactly two decimals.",
        "type": "string",
        "pattern": r"^(0|[1-9][0-9]*)\.[0-9]{2}$",
        "examples": ["7.50"]
    };
    TimeOfDay: {
        "description": "A time of a day in quarters of an hour, up to 24:00.",
        "type": "string",
        "pattern": "^(([01][0-9]|2[0-3]):(00|15|30|45)|24:00)$",
        "examples": ["09:15"]
    };
    Day: {
        "description": "A day of the calendar between 1900 and 2199.",
        "type": "string",
        "format": "date",
        "pattern": "^(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    };
    Month: {
        "description": "A month of the calendar between 1900 and 2199.",
        "type": "string",
        "pattern": "^(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])$"
    };
    Digest: {
        "description": "A SHA-256 digest in hexadecimal digits.",
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
    };
    Source: {
        "description": "Where a parameter comes from: one line of text without control characters.",
        "type": "string",
        "minLength": 1,
        "maxLength": SOURCE_BYTES_MAX
    };
    ReminderLevel: {
        "description": "The first, second or third reminder.",
        "type": "integer",
        "minimum": 1,
        "maximum": 3
    };
}

impl JsonSchema for BookableAccount {
    fn schema_name() -> Cow<'static, str> {
        "BookableAccount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let codes: Vec<&str> = Self::ALL.iter().map(|account| account.code()).collect();
        json_schema!({
            "description": "Code of an account that a voucher may name.",
            "type": "string",
            "enum": codes
        })
    }
}

impl<const N: usize> JsonSchema for Token<N> {
    fn schema_name() -> Cow<'static, str> {
        format!("Token{N}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": format!("A word of at most {N} letters, digits and . _ - / : @; never a sentence."),
            "type": "string",
            "pattern": "^[A-Za-z0-9._/:@-]+$",
            "maxLength": N
        })
    }
}
