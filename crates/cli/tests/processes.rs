//! Open invoices, wages due, and the processes that follow from them, as they are read.

mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use domain::Position;
use insta::assert_snapshot;
use store::LogReader;
use support::*;

const OTHER_INVOICE: &str = "00000000-0000-4000-8000-00000000f002";
const TODAY: [&str; 2] = ["--today", "2025-04-20"];

/// Alice's unit at work, invoiced twice and paid in part; both invoices are late on 20 April.
fn at_work() -> Place {
    let place = Place::with_a_unit_at_work();
    let pay = format!(
        r#"{{"invoice":"{INVOICE}","payment":"{}","received":"200.00","evidence":{EVIDENCE}}}"#,
        id(9_002)
    );
    let commands = [
        issue_invoice(20, OTHER_INVOICE, r#""50.00""#),
        command(21, "2025-03-20", "unit.receive_payment", ATELIER, &pay),
    ];
    place.send(&commands.join("\n")).expect_code(0);
    place
}

fn run(place: &Place, more: &[&str]) -> Said {
    place.run(&[&["processes", "run"], &TODAY[..], more].concat())
}

fn json(said: &Said) -> serde_json::Value {
    serde_json::from_str(&said.stdout).unwrap()
}

#[test]
fn what_clients_owe_is_told_by_invoice_unit_and_client() {
    let place = at_work();
    let asked = ["receivables", "--as-of", "2025-04-20"];
    redacted(&place, || {
        assert_snapshot!("receivables", place.run(&asked).told());
        assert_snapshot!(
            "receivables_by_client",
            place.run(&[&asked[..], &["--by", "client"]].concat()).told()
        );
        let csv = place.run(&[&asked[..], &["--output", "csv"]].concat());
        assert_snapshot!("receivables_csv", csv.told());
    });
    let answer =
        |more: &[&str]| json(&place.run(&[&asked[..], &["--output", "json"], more].concat()).expect_code(0));
    let totals = |more: &[&str]| answer(more)["totals"][0]["open"].as_str().unwrap().to_owned();
    assert_eq!(totals(&[]), "1070.50");
    assert_eq!(totals(&["--by", "unit"]), "1070.50");
    assert_eq!(totals(&["--unit", ATELIER]), "1070.50");
    assert_eq!(totals(&["--client", ALICE]), "0.00");
    let before = (Place::n_at_init() + 8).to_string();
    assert_eq!(totals(&["--known-at", &before]), "1210.00");
    let books =
        json(&place.run(&["statement", "400", "--as-of", "2025-04-20", "--output", "json"]).expect_code(0));
    assert_eq!(books["balance"], "1070.50");
}

#[test]
fn what_is_late_is_asked_of_a_day() {
    let place = Place::with_log();
    let said = place.run(&["receivables"]).expect_code(64);
    assert!(said.stderr.contains("--as-of <DAY>"), "{}", said.stderr);
    place.run(&["wages-due"]).expect_code(64);
    place.run(&["processes", "run"]).expect_code(64);
}

#[test]
fn wages_are_told_with_their_days() {
    let place = at_work();
    let asked = ["wages-due", "--as-of", "2025-03-11"];
    redacted(&place, || {
        assert_snapshot!("wages_due_before_the_end", place.run(&asked).told());
        run(&place, &["--only", "contract_ends"]).expect_code(0);
        let asked = ["wages-due", "--as-of", "2025-04-21"];
        assert_snapshot!("wages_due", place.run(&asked).told());
        assert_snapshot!("wages_due_csv", place.run(&[&asked[..], &["--output", "csv"]].concat()).told());
    });
    let late = json(&place.run(&["wages-due", "--as-of", "2025-04-21", "--output", "json"]).expect_code(0));
    assert_eq!((&late["wages"][0]["due_on"], &late["totals"][0]["late"]), (&"2025-03-18".into(), &1.into()));
    let of_other = place.run(&["wages-due", "--as-of", "2025-04-21", "--unit", ALICE, "--output", "csv"]);
    assert_eq!(of_other.expect_code(0).stdout.lines().count(), 1);
}

#[test]
fn processes_ask_once_for_what_is_due() {
    let place = at_work();
    let before = place.n_events();
    redacted(&place, || {
        assert_snapshot!("dry_run", run(&place, &["--dry-run"]).told());
    });
    assert_eq!(place.n_events(), before, "a dry run writes nothing");
    redacted(&place, || {
        assert_snapshot!("run", run(&place, &["--output", "csv"]).told());
        assert_snapshot!("run_again", run(&place, &[]).told());
    });
    assert_eq!(place.n_events(), before + 3);
    place.run(&["verify"]).expect_code(0);
}

#[test]
fn only_the_processes_named_are_run() {
    let place = at_work();
    let said = json(&run(&place, &["--only", "reminders", "--output", "json"]).expect_code(0));
    let named: Vec<_> = said["counts"].as_array().unwrap().iter().map(|row| row["process"].clone()).collect();
    assert_eq!(named, ["reminders"]);
    assert_eq!(said["counts"][0]["done"], 2);
    let unknown = run(&place, &["--only", "wishes"]).expect_code(64);
    let expected = "expected one of contract_ends, advances, reminders, instalments";
    assert!(unknown.stderr.contains(expected), "{}", unknown.stderr);
}

#[test]
fn what_the_rules_refuse_is_a_work_list_and_exit_code_2() {
    let place = at_work();
    let before = place.n_events();
    redacted(&place, || {
        let said = place.run(&["processes", "run", "--today", "2026-01-15"]);
        assert_snapshot!("work_list", said.told());
        said.expect_code(2);
    });
    assert_eq!(place.n_events(), before);
    let said = place.run(&["processes", "run", "--today", "2016-01-15"]).expect_code(2);
    let expected = "error: parameter reminder.first_days has no value on 2016-01-15; publish one first [parameter.missing]\n";
    assert_eq!(said.stderr, expected);
}

/// What the log holds, but for the instants and the hashes over them.
fn held(dir: &Path) -> Vec<(String, String, String, String)> {
    let stored = LogReader::open(dir).unwrap().read(Position(1), 10_000).unwrap();
    stored.into_iter().map(|e| (e.event_type, e.payload, e.metadata, e.command.to_string())).collect()
}

#[test]
fn a_process_killed_at_any_moment_and_run_again_gives_the_log_of_one_run() {
    const INVOICES: u32 = 1_500;
    let whole = Place::with_a_unit_at_work();
    let invoices: Vec<_> =
        (0..INVOICES).map(|n| issue_invoice(100 + n, &id(100_000 + n), r#""10.00""#)).collect();
    whole.send(&invoices.join("\n")).expect_code(0);
    let killed = Place::empty();
    for file in fs::read_dir(whole.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), killed.path().join(file.file_name())).unwrap();
    }
    run(&whole, &[]).expect_code(0);
    let mut n_kills_inside = 0;
    let before = held(killed.path()).len();
    // Each round is left alone for longer, until one ends by itself.
    for wait_ms in (20..).step_by(20) {
        let mut child = killed
            .command(&["processes", "run", TODAY[0], TODAY[1]])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait_ms));
        let _ = child.kill();
        if child.wait().unwrap().success() {
            break;
        }
        let done = held(killed.path()).len() - before;
        n_kills_inside += u32::from(done > 0 && done < INVOICES as usize);
        assert!(wait_ms < 60_000, "a run ends within a minute");
    }
    println!("{n_kills_inside} kills between the first step and the last");
    assert_eq!(held(killed.path()), held(whole.path()));
}
