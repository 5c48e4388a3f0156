//! What is wrong with a command is one error that names the field, what was found and what would be
//! right; nothing is written by it, and it stops nobody else.

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::Value;
use support::*;

/// Sends one bad command and shows the one error it gets.
fn error_of(place: &Place, input: &str) -> Value {
    let before = place.n_events();
    let said = place.run_with(&["do", "--output", "json"], input).expect_code(2);
    assert_eq!(said.stdout.lines().count(), 1, "one error: {}", said.stdout);
    assert_eq!(said.stderr, "");
    assert_eq!(place.n_events(), before, "nothing is written");
    let answer: Value = serde_json::from_str(&said.stdout).unwrap();
    answer["error"].clone()
}

#[test]
fn each_bad_command_gets_one_error_with_its_field() {
    let place = Place::with_a_unit_at_work();
    let unknown = "00000000-0000-4000-8000-0000000000ff";
    let other_invoice = "00000000-0000-4000-8000-00000000f002";
    let cancel = |contract: &str| {
        let body = format!(r#"{{"contract":"{contract}","reason":"client-gone"}}"#);
        command(100, "2025-03-08", "unit.cancel_contract", ATELIER, &body)
    };
    let open = |holder: &str| {
        command(100, "2025-03-08", "unit.open_unit", unknown, &format!(r#"{{"holder":{holder}}}"#))
    };
    let cases = [
        ("cut short", r#"{"id":"#.to_owned()),
        ("no JSON", "hello".to_owned()),
        ("not an object", "[1,2]".to_owned()),
        ("more after it", format!("{}{}", cancel(CONTRACT), cancel(CONTRACT))),
        ("no id at all", cancel(CONTRACT).replace(&id(100), "01890a5d-nope")),
        ("no id", cancel(CONTRACT).replacen(&format!(r#""id":"{}","#, id(100)), "", 1)),
        ("field unknown", cancel(CONTRACT).replace(r#""reason""#, r#""because""#)),
        ("outer field unknown", cancel(CONTRACT).replacen(r#""actor""#, r#""who":1,"actor""#, 1)),
        ("command unknown", cancel(CONTRACT).replace("unit.cancel_contract", "unit.abolish_contract")),
        ("family unknown", cancel(CONTRACT).replace("unit.cancel_contract", "guild.cancel_contract")),
        ("no stream", cancel(CONTRACT).replace(&format!(r#""stream":"{ATELIER}","#), "")),
        ("stream is no id", cancel(CONTRACT).replace(ATELIER, "atelier")),
        ("no such day", cancel(CONTRACT).replace("2025-03-08", "2025-02-30")),
        ("three decimals", issue_invoice(100, other_invoice, r#""1000.005""#)),
        ("a float", issue_invoice(100, other_invoice, "1000.00")),
        ("a whole number", issue_invoice(100, other_invoice, "1000")),
        ("nothing", issue_invoice(100, other_invoice, r#""0.00""#)),
        ("a name for an id", open(r#""Alice""#)),
        ("a sentence for a code", cancel(CONTRACT).replace("client-gone", "the client left")),
        ("a day in no open year", cancel(CONTRACT).replace("2025-03-08", "2031-03-08")),
        ("unknown unit", cancel(CONTRACT).replace(ATELIER, unknown)),
        ("unknown contract", cancel(unknown)),
        ("unknown membership", subscribe_shares(100).replace(MEMBERSHIP, unknown)),
        ("not a holder", issue_invoice(100, other_invoice, r#""10.00""#).replace(ALICE, unknown)),
        ("an invoice twice", issue_invoice(100, INVOICE, r#""10.00""#)),
        ("more than is available", {
            let contract = a_unit_at_work()[6].replace(&id(7), &id(100)).replace(CONTRACT, unknown);
            contract.replace(r#""300.00""#, r#""9000.00""#)
        }),
        ("an id used with other content", issue_invoice(6, other_invoice, r#""10.00""#)),
    ];
    let mut told = String::new();
    for (name, input) in cases {
        let error = error_of(&place, &input);
        let text = |key: &str| error[key].as_str().unwrap_or("-").to_owned();
        told += &format!("{name}\n  {} · {}\n  {}\n", text("code"), text("field"), text("message"));
        assert_eq!(error["line"], 1);
    }
    redacted(&place, || assert_snapshot!("bad_commands", told));
}

#[test]
fn in_a_stream_the_others_go_on_and_a_summary_counts() {
    let place = Place::with_log();
    let mut lines = a_unit_at_work();
    lines.insert(1, "hello".to_owned());
    lines.insert(3, r#"{"id": cut short"#.to_owned());
    lines.insert(7, issue_invoice(101, INVOICE, "12.5"));
    lines.push(issue_invoice(102, INVOICE, r#""10.00""#).replace("2025-03-05", "2030-03-05"));
    lines.push(lines[0].clone());
    let said = place.send(&lines.join("\n")).expect_code(2);
    assert_eq!(said.stdout.lines().count(), 9, "eight receipts and one repeated");
    redacted(&place, || assert_snapshot!("stream", said.told()));
    assert_eq!(place.n_events(), Place::n_at_work(), "eight commands, of which one writes two events");
    let quiet = place.run_with(&["do", "--quiet"], &lines[..2].join("\n")).expect_code(2);
    assert_eq!(quiet.stderr.lines().count(), 1, "the error and no summary: {}", quiet.stderr);
}

#[test]
fn a_command_sent_again_gets_its_first_receipt() {
    let place = Place::with_a_unit_at_work();
    let before = place.n_events();
    let receipt = |said: Said| -> Value { serde_json::from_str(&said.expect_code(0).stdout).unwrap() };
    let again = receipt(place.send(&a_unit_at_work()[5]));
    let once_more = receipt(place.run(&["do", "--json", &a_unit_at_work()[5]]));
    assert_eq!(again["repeated"], true);
    assert_eq!(again, once_more);
    assert_eq!(again["leaf_hashes"].as_array().unwrap().len(), 2);
    assert_eq!(place.n_events(), before);
}

#[test]
fn a_command_may_be_printed_over_several_lines() {
    let place = Place::with_log();
    let pretty = |line: &String| {
        let value: Value = serde_json::from_str(line).unwrap();
        serde_json::to_string_pretty(&value).unwrap()
    };
    let file = place.path().join("commands.json");
    let commands: Vec<String> = a_unit_at_work().iter().map(pretty).collect();
    std::fs::write(&file, commands.join("\n")).unwrap();
    let said = place.run(&["do", file.to_str().unwrap()]).expect_code(0);
    assert_eq!(said.stdout.lines().count(), 8);
}

#[test]
fn a_receipt_is_told_before_the_next_command_is_read() {
    let place = Place::with_log();
    let mut child = place.command(&["do"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut receipts = BufReader::new(child.stdout.take().unwrap()).lines();
    for command in a_unit_at_work() {
        writeln!(stdin, "{command}").unwrap();
        stdin.flush().unwrap();
        let receipt: Value = serde_json::from_str(&receipts.next().unwrap().unwrap()).unwrap();
        assert_eq!(receipt["repeated"], false);
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_long_stream_is_answered_in_its_own_order() {
    let place = Place::with_a_unit_at_work();
    let invoice = |n: u32| format!("00000000-0000-4000-8001-{n:012}");
    let lines: Vec<String> = (0..3_000)
        .map(|n| match n % 10 {
            9 => "nonsense".to_owned(),
            _ => issue_invoice(10_000 + n, &invoice(n), r#""10.00""#),
        })
        .collect();
    let said = place.run_with(&["do", "--output", "json"], &lines.join("\n")).expect_code(2);
    let answers: Vec<Value> = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len());
    for (n, answer) in (0..).zip(&answers) {
        match n % 10 {
            9 => assert_eq!(answer["error"]["line"], n + 1),
            _ => assert_eq!(answer["command"], id(10_000 + n)),
        }
    }
    assert_eq!(place.n_events(), Place::n_at_work() + 2 * 2_700);
    place.run(&["verify"]).expect_code(0);
}
