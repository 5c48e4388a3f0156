//! A log that holds an event in two versions, and one in a version that nobody here knows.

mod support;

use domain::dates::RecordedAt;
use domain::envelope::{Kind, Prepared, PreparedCommand, Sequence};
use domain::ids::CommandId;
use domain::{Digest, StreamId};
use serde_json::Value;
use store::Log;
use support::*;
use uuid::Uuid;

const OLD_PRIZE: &str = "00000000-0000-4000-8000-000000002001";
const MISTAKEN: &str = "00000000-0000-4000-8000-000000002002";
const NEW_PRIZE: &str = "00000000-0000-4000-8000-000000002003";
const FUNDER: &str = "00000000-0000-4000-8000-00000000a009";

/// An award for Alice as it was written before awards named their project.
fn old_award(document: &str) -> String {
    format!(
        r#"{{"grant.announced":{{"funder":"{FUNDER}","kind":{{"pass_through":{{"beneficiary":"{ALICE}"}}}},"amount":"5000.00","evidence":{{"document":"{document}","digest":"{:064}"}}}}}}"#,
        document.len()
    )
}

/// Appends a row as an older, or a newer, program would have.
fn append(place: &Place, n: u128, stream: &str, version: u16, payload: String) {
    let mut log = Log::open(place.path()).unwrap();
    let head = log.head().position;
    let sample = include_str!("../../../schemas/events/grant.announced/v1.sample.json");
    let sample: Value = serde_json::from_str(sample).unwrap();
    let sealed: Digest = sample["entries"]["grant.announced@1"].as_str().unwrap().parse().unwrap();
    let request_digest = Digest([n as u8; 32]);
    let event = Prepared {
        stream: StreamId::parse("grant", stream).unwrap(),
        sequence: Sequence(1),
        kind: Kind { name: "grant.announced", version },
        effective_on: "2025-06-01".parse().unwrap(),
        payload,
        metadata: format!(r#"{{"actor":"board","request":"{request_digest}"}}"#),
        posting_rule: "grant.announced@1".parse().unwrap(),
        entry_digest: sealed,
    };
    let command = PreparedCommand {
        command: CommandId::new(Uuid::from_u128(n)),
        request_digest,
        events: vec![event],
        claims: Vec::new(),
        recorded_at: RecordedAt::from_micros(1),
    };
    log.append(head, &[command]).unwrap();
}

fn json(place: &Place, args: &[&str]) -> Value {
    let said = place.run(&[args, &["--output", "json"]].concat()).expect_code(0);
    serde_json::from_str(&said.stdout).unwrap()
}

#[test]
fn a_log_that_holds_two_versions_goes_on_as_one() {
    let place = Place::with_a_unit_at_work();
    append(&place, 1, OLD_PRIZE, 1, old_award("AWARD-1"));
    append(&place, 2, MISTAKEN, 1, old_award("AWARD-2"));
    let mistaken = place.n_events();
    // The writer reads the old award when money comes, corrects one, and writes a new one.
    let paper = |n: u32| EVIDENCE.replace("DOC-1", &format!("DOC-{n}"));
    let project = id(8_003);
    let award = format!(
        r#"{{"funder":"{FUNDER}","kind":{{"pass_through":{{"beneficiary":"{ALICE}"}}}},"amount":"700.00","project":"{project}","evidence":{}}}"#,
        paper(52)
    );
    let said = [
        command(
            201,
            "2025-06-10",
            "grant.receive_grant",
            OLD_PRIZE,
            &format!(r#"{{"amount":"5000.00","evidence":{}}}"#, paper(50)),
        ),
        command(
            202,
            "2025-06-11",
            "grant.correct",
            MISTAKEN,
            &format!(r#"{{"position":{mistaken},"reason":"typing-error","authority":"board"}}"#),
        ),
        command(203, "2025-06-12", "grant.announce_grant", NEW_PRIZE, &award),
    ];
    place.send(&said.join("\n")).expect_code(0);

    place.run(&["verify"]).expect_code(0);
    place.run(&["doctor"]).expect_code(0);
    let events = place.run(&["events", "--output", "json"]).expect_code(0).stdout;
    let stored: Vec<(String, String)> = events
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["event"].as_str().unwrap().starts_with("grant."))
        .map(|event| [&event["event"], &event["version"]].map(|of| of.as_str().unwrap().to_owned()).into())
        .collect();
    let expected = [
        ("grant.announced", "1"),
        ("grant.announced", "1"),
        ("grant.received", "1"),
        ("grant.corrected", "2"),
        ("grant.announced", "2"),
    ];
    assert_eq!(stored, expected.map(|(name, version)| (name.to_owned(), version.to_owned())));

    let questions: [&[&str]; 3] = [
        &["grants", "--output", "json"],
        &["explain", "balance", "489", "--output", "json"],
        &["balance", "--output", "json"],
    ];
    let answers = || questions.map(|question| place.run(question).expect_code(0).stdout);
    let before = answers();
    place.run(&["projections", "diff"]).expect_code(0);
    place.run(&["projections", "rebuild"]).expect_code(0);
    assert_eq!(answers(), before);

    let told = json(&place, &["grants"]);
    let projects: Vec<&Value> = told["grants"].as_array().unwrap().iter().map(|of| &of["project"]).collect();
    assert_eq!(projects, [&Value::Null, &Value::String(project)]);
    assert_eq!(told["years"][0]["n_projects"], 1);
    let owed = json(&place, &["explain", "balance", "489"]);
    assert_eq!(owed["balance"], "5000.00");
}

#[test]
fn an_older_version_is_verified_in_its_own_form() {
    let place = Place::with_a_unit_at_work();
    let spaced = old_award("AWARD-1").replacen(':', ": ", 1);
    append(&place, 1, OLD_PRIZE, 1, spaced);
    let said = place.run(&["verify"]).expect_code(1).stdout;
    assert!(said.contains("event.not_canonical"), "{said}");
}

#[test]
fn a_version_from_a_newer_program_is_refused_by_name() {
    let place = Place::with_a_unit_at_work();
    append(&place, 1, OLD_PRIZE, 3, old_award("AWARD-1").replace("funder", "given_by"));
    let position = place.n_events();
    let said = place.run(&["grants"]).expect_code(3).stderr;
    let sentence = "grant.announced version 3 is not known here; a newer program wrote it";
    assert!(said.contains(&format!("position {position}: {sentence}")), "{said}");
    assert!(said.trim_end().ends_with("[event.version]"), "{said}");
    let said = place.run(&["verify"]).expect_code(1).stdout;
    let sentence = r#"version "3" of grant.announced; the newest known is 2"#;
    assert!(said.contains("event.version") && said.contains(sentence), "{said}");
    assert!(!said.contains("event.undecodable"), "{said}");
}
