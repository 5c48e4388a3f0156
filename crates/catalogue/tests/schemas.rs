//! A schema accepts what the rules' parser accepts, and nothing else, for every version ever stored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use domain::Event;
use domain::schema::{self, Shape};
use jsonschema::Validator;
use reference_year::ReferenceYear;
use serde_json::Value;

use crate::samples::{self, Sample};
use crate::{is_up_to_date, path};

fn text(schema: &Value) -> String {
    serde_json::to_string_pretty(schema).expect("a schema is JSON") + "\n"
}

fn validator(schema: &Value) -> Validator {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(schema).unwrap_or_else(|error| panic!("{}: {error}", schema["title"]))
}

fn of_version(sample: &Sample) -> Validator {
    let file = format!("schemas/events/{}/v{}.schema.json", sample.event_type, sample.version);
    let text = fs::read_to_string(path(&file)).unwrap_or_else(|error| panic!("{file}: {error}; bless again"));
    validator(&serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}")))
}

/// The files of a folder that should not lie there.
fn strangers(folder: &str, known: &BTreeSet<String>) -> Vec<String> {
    let entries = fs::read_dir(path(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("a file").file_name().into_string().expect("ASCII"));
    names.filter(|name| !known.contains(name)).collect()
}

#[test]
fn the_schemas_of_events_follow_from_the_types() {
    let shapes = schema::events();
    let known: BTreeSet<_> = Event::kinds().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(shapes.iter().map(|shape| shape.name.clone()).collect::<BTreeSet<_>>(), known);
    let written = |shape: &Shape| {
        let version = schema::newest(&shape.name).expect("a known event").version;
        let file = format!("schemas/events/{}/v{version}.schema.json", shape.name);
        is_up_to_date(&file, &text(&shape.schema)).err()
    };
    let old: Vec<String> = shapes.iter().filter_map(written).collect();
    assert!(old.is_empty(), "{}", old.join("\n"));
    assert_eq!(strangers("schemas/events", &known), [""; 0]);
}

#[test]
fn the_schemas_of_commands_follow_from_the_types() {
    let shapes = schema::commands();
    let file = |shape: &Shape| format!("schemas/commands/{}.schema.json", shape.name);
    let old: Vec<String> =
        shapes.iter().filter_map(|shape| is_up_to_date(&file(shape), &text(&shape.schema)).err()).collect();
    assert!(old.is_empty(), "{}", old.join("\n"));
    let known = shapes.iter().map(|shape| format!("{}.schema.json", shape.name)).collect();
    assert_eq!(strangers("schemas/commands", &known), [""; 0]);
}

#[test]
fn every_golden_sample_is_valid_under_the_schema_of_its_version() {
    for sample in samples::all() {
        let what = format!("{} v{}", sample.event_type, sample.version);
        let said = of_version(&sample).validate(&sample.payload).err().map(|error| error.to_string());
        assert_eq!(said, None, "{what}");
        assert_eq!(sample.event().kind().name, sample.event_type);
    }
}

#[test]
fn a_broken_sample_is_valid_no_more_unless_the_parser_takes_it_too() {
    let mut n_refused = 0;
    for sample in samples::all() {
        let validator = of_version(&sample);
        for (how, broken) in broken(&sample.payload) {
            let (valid, read) = (validator.is_valid(&broken), sample.read(&broken));
            let what = format!("{} v{}, {how}", sample.event_type, sample.version);
            assert_eq!(valid, read.is_ok(), "{what}: {broken}: {:?}", read.err());
            n_refused += u32::from(!valid);
        }
    }
    assert!(n_refused > 1_000, "{n_refused}");
}

/// A payload broken in one place: a field is missing, unknown, or written in another form.
fn broken(payload: &Value) -> Vec<(String, Value)> {
    let mut pointers = Vec::new();
    places(payload, String::new(), &mut pointers);
    let mut found = Vec::new();
    for at in pointers {
        let mut with = |how: &str, change: &dyn Fn(&mut Value)| {
            let mut other = payload.clone();
            change(other.pointer_mut(&at).expect("a place"));
            if other != *payload {
                found.push((format!("{how} at {at}"), other));
            }
        };
        match payload.pointer(&at).expect("a place") {
            Value::Object(fields) => {
                with("an unknown field", &|place| place["surprise"] = Value::from(1));
                for name in fields.keys() {
                    with(&format!("without {name}"), &|place| {
                        place.as_object_mut().expect("an object").remove(name);
                    });
                }
            }
            Value::String(_) => {
                with("a third decimal", &|place| {
                    *place = format!("{}0", place.as_str().expect("text")).into()
                });
                with("a number", &|place| *place = Value::from(12.5));
                with("nothing", &|place| *place = Value::from(""));
            }
            Value::Number(_) => with("text", &|place| *place = Value::from(place.to_string())),
            _ => {}
        }
    }
    found
}

/// Every place of a value, as JSON pointers.
fn places(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| places(field, format!("{at}/{name}"), found));
        }
        Value::Array(parts) => {
            parts.iter().enumerate().for_each(|(n, part)| places(part, format!("{at}/{n}"), found));
        }
        _ => {}
    }
    found.push(at);
}

#[test]
fn every_command_of_the_reference_year_is_valid_under_its_schema() {
    let validators: BTreeMap<String, Validator> =
        schema::commands().into_iter().map(|shape| (shape.name, validator(&shape.schema))).collect();
    let mut seen = BTreeSet::new();
    for command in ReferenceYear::plan(1, "0.001".parse().expect("a scale")).commands(&[]) {
        let command: Value = serde_json::from_str(&command.to_json()).expect("commands are JSON");
        let name = command["command"].as_str().expect("a name");
        let said = validators[name].validate(&command["body"]).err().map(|error| error.to_string());
        assert_eq!(said, None, "{name}: {command}");
        seen.insert(name.to_owned());
    }
    assert!(seen.len() > 30, "{seen:?}");
}
