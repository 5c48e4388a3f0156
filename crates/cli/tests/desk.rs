//! What the desk is asked: bank reconciliation, covers, courses, fitness, resources.

mod support;

use serde_json::Value;
use support::*;

const COURSE: &str = "00000000-0000-4000-8000-000000003001";
const STATEMENT: &str = "00000000-0000-4000-8000-000000003002";
const ACCOUNT: &str = "00000000-0000-4000-8000-000000003003";
const LINE: &str = "00000000-0000-4000-8000-000000003004";
const ROOM: &str = "00000000-0000-4000-8000-000000003005";

/// A document of its own.
fn paper(n: u32) -> String {
    let digest = format!("{n:032}").repeat(2);
    EVIDENCE.replace("DOC-1", &format!("DOC-{n}")).replace(&format!("{:064}", 1), &digest)
}

/// A statement of 60.00 comes in, Alice is covered, gives a course, may climb, and books a room.
fn a_day_at_the_desk() -> Vec<String> {
    let on = "2025-03-12";
    let with = |n: u32, fields: &str| format!(r#"{{{fields}"evidence":{}}}"#, paper(n));
    let statement = format!(
        r#"{{"account":"{ACCOUNT}","opening":"0.00","closing":"60.00","lines":[{{"line":"{LINE}","amount":"60.00","kind":"transfer"}}],"evidence":{}}}"#,
        paper(40)
    );
    let submit = with(41, &format!(r#""unit":"{ATELIER}","holder":"{ALICE}","#));
    let book = format!(
        r#"{{"booking":"{}","unit":"{ATELIER}","holder":"{ALICE}","slot":{{"on":"2025-03-13","from":"09:00","to":"11:30"}}}}"#,
        id(9_001)
    );
    vec![
        command(201, on, "bank.import_statement", STATEMENT, &statement),
        command(202, on, "course.submit_course", COURSE, &submit),
        command(203, on, "course.validate_course", COURSE, &with(42, "")),
        command(204, on, "cover.activate_cover", MEMBERSHIP, &with(43, r#""policy":"POL-7","#)),
        command(205, on, "fitness.declare_risk", ALICE, &with(44, r#""risk":"height","#)),
        command(206, on, "resource.open_resource", ROOM, r#"{"kind":"room","per_hour":"0.00"}"#),
        command(207, on, "resource.book_resource", ROOM, &book),
    ]
}

fn json(place: &Place, args: &[&str]) -> Value {
    let said = place.run(&[args, &["--output", "json"]].concat()).expect_code(0);
    serde_json::from_str(&said.stdout).expect("one JSON object")
}

#[test]
fn the_desk_answers_as_of_a_day_and_as_known_at_a_position() {
    let place = Place::with_a_unit_at_work();
    let before = place.n_events().to_string();
    place.send(&a_day_at_the_desk().join("\n")).expect_code(0);
    let found = json(&place, &["reconciliation"]);
    assert_eq!(found["closing"], "60.00");
    assert_eq!(found["open"], "60.00");
    assert_eq!(found["booked"], json(&place, &["statement", "550"])["balance"]);
    assert_eq!(found["unexplained"], "0.00");
    assert_eq!(found["open_lines"][0]["line"], LINE);
    assert_eq!(json(&place, &["reconciliation", "--known-at", &before])["closing"], "0.00");
    let covered = json(&place, &["covers", "--as-of", "2025-03-12"]);
    assert_eq!(covered["covered"][0]["person"], ALICE);
    let earlier = json(&place, &["covers", "--as-of", "2025-03-11"]);
    assert_eq!(earlier["covered"].as_array().unwrap().len(), 0);
    assert_eq!(json(&place, &["courses"])["courses"][0]["state"], "validated");
    assert_eq!(json(&place, &["fitness"])["workers"][0]["state"], "not_examined");
    let resources = json(&place, &["resources"]);
    assert_eq!(resources["resources"][0]["hours"], "2.50");
    assert_eq!(resources["units"][0]["unit"], ATELIER);
}

#[test]
fn the_desk_is_read_as_tables_and_rows_not_shown_are_counted() {
    let place = Place::with_a_unit_at_work();
    place.send(&a_day_at_the_desk().join("\n")).expect_code(0);
    for (question, shown) in [
        ("reconciliation", "Bookings not matched"),
        ("covers", "covered since"),
        ("courses", "exempt turnover"),
        ("fitness", "to examine by"),
        ("resources", "paid to the pool"),
    ] {
        let said = place.run(&[question]).expect_code(0);
        assert!(said.stdout.contains(shown), "{question} shows no {shown:?}:\n{}", said.stdout);
    }
    let said = place.run(&["courses", "--limit", "0"]).expect_code(0);
    assert_eq!(said.stderr, "0 of 1 courses shown; ask for more with --limit\n");
}
