//! What members and staff do together, as it is asked for: groups, activities, checks, offices.

mod support;

use insta::assert_snapshot;
use serde_json::Value;
use support::*;

const GROUP: &str = "00000000-0000-4000-8000-00000000b001";
const WAY: &str = "recommendation-00000000-0000-4000-8000-00000000b002";
const CASE: &str = "ethics_case-00000000-0000-4000-8000-00000000b003";
const OFFICE: &str = "00000000-0000-4000-8000-00000000b004";
const DECISION: &str = "00000000-0000-4000-8000-00000000b005";

/// A document of its own.
fn paper(n: u32) -> String {
    let digest = format!("{n:032}").repeat(2);
    EVIDENCE.replace("DOC-1", &format!("DOC-{n}")).replace(&format!("{:064}", 1), &digest)
}

/// A group meets, the board amends what it recommends, a case is pending; a session, a survey, a job and
/// a plan; an office with an adviser; and what was invoiced afterwards is checked for a reason.
fn together() -> Vec<String> {
    let group = format!("group-{GROUP}");
    let activity = |n: u32| format!("00000000-0000-4000-8000-00000001{n:04}");
    let say =
        |n: u32, day: &str, name: &str, stream: &str, body: String| command(n, day, name, stream, &body);
    vec![
        say(
            201,
            "2025-03-10",
            "participation.open_group",
            &group,
            r#"{"kind":"working-group","topic":"unemployment-reform"}"#.to_owned(),
        ),
        say(
            202,
            "2025-03-17",
            "participation.meet_group",
            &group,
            format!(r#"{{"participants":12,"hours":"2.50","minutes":{}}}"#, paper(202)),
        ),
        say(
            203,
            "2025-03-18",
            "participation.make_recommendation",
            WAY,
            format!(r#"{{"group":"{GROUP}","topic":"wages","text":{}}}"#, paper(203)),
        ),
        say(
            204,
            "2025-04-18",
            "participation.amend_recommendation",
            WAY,
            format!(r#"{{"decision":"{DECISION}","text":{}}}"#, paper(204)),
        ),
        say(
            205,
            "2025-04-20",
            "participation.open_ethics_case",
            CASE,
            format!(r#"{{"topic":"other","request":{}}}"#, paper(205)),
        ),
        say(
            206,
            "2025-05-05",
            "activity.hold_activity",
            &activity(1),
            r#"{"kind":"info-session","scope":"own","place":"liege","participants":25,"hours":"2.00"}"#
                .to_owned(),
        ),
        say(
            207,
            "2025-11-05",
            "activity.close_survey",
            &activity(2),
            format!(
                r#"{{"invited":20000,"answers":2200,"results":[{{"question":"satisfaction","n":2200,"result":{{"mean":{{"sum":16280,"best":10}}}}}},{{"question":"stay","n":2200,"result":{{"share":{{"yes":1628}}}}}}],"evidence":{}}}"#,
                paper(207)
            ),
        ),
        say(
            208,
            "2025-05-06",
            "activity.create_job",
            &activity(3),
            format!(r#"{{"project":"gembloux","full_time_share":"0.80","evidence":{}}}"#, paper(208)),
        ),
        say(
            209,
            "2025-05-07",
            "activity.approve_plan",
            &activity(4),
            format!(r#"{{"kind":"diversity","actions":["mentors","open-day"],"document":{}}}"#, paper(209)),
        ),
        say(
            210,
            "2025-05-08",
            "activity.carry_out_plan_action",
            &activity(4),
            format!(r#"{{"action":"mentors","evidence":{}}}"#, paper(210)),
        ),
        say(211, "2025-05-09", "office.open_office", OFFICE, r#"{"place":"liege"}"#.to_owned()),
        say(
            212,
            "2025-05-09",
            "office.assign_adviser",
            OFFICE,
            format!(r#"{{"adviser":"{ALICE}","track":"production"}}"#),
        ),
        say(213, "2025-05-10", "control.open_check", "after-3", r#"{"reason":"complaint"}"#.to_owned()),
        say(
            214,
            "2025-05-11",
            "control.fail_check",
            "after-3",
            format!(r#"{{"findings":["wrong-rate"],"evidence":{}}}"#, paper(214)),
        ),
    ]
}

fn place() -> Place {
    let place = Place::with_a_unit_at_work();
    place.send(&together().join("\n")).expect_code(0);
    place
}

fn json(place: &Place, args: &[&str]) -> Value {
    let said = place.run(&[args, &["--output", "json"]].concat()).expect_code(0);
    serde_json::from_str(&said.stdout).unwrap()
}

#[test]
fn what_was_done_together_as_people_read_it() {
    let place = place();
    redacted(&place, || {
        assert_snapshot!("participation", place.run(&["participation"]).told());
        assert_snapshot!("activities", place.run(&["activities", "--year", "2025"]).told());
        assert_snapshot!("controls", place.run(&["controls"]).told());
        assert_snapshot!("offices", place.run(&["offices", "--year", "2025"]).told());
    });
}

#[test]
fn what_was_done_together_can_be_asked_of_a_day_and_of_an_earlier_position() {
    let place = Place::with_a_unit_at_work();
    let before = place.n_events().to_string();
    place.send(&together().join("\n")).expect_code(0);
    let fact = |args: &[&str], key: &str| json(&place, args)[key].as_i64().unwrap();
    assert_eq!(fact(&["participation"], "accepted"), 1);
    assert_eq!(fact(&["participation", "--as-of", "2025-04-17"], "accepted"), 0);
    assert_eq!(fact(&["participation", "--known-at", &before], "made"), 0);
    assert_eq!(fact(&["offices"], "n_open"), 1);
    assert_eq!(fact(&["offices", "--as-of", "2025-05-08"], "n_open"), 0);
    assert_eq!(fact(&["offices", "--year", "2025"], "holders_per_adviser"), 1);
    assert_eq!(fact(&["controls", "--known-at", &before], "n_checks"), 0);
    let state = |args: &[&str]| json(&place, args)["checks"][0]["state"].as_str().map(str::to_owned);
    assert_eq!(state(&["controls"]).as_deref(), Some("failed"));
    assert_eq!(state(&["controls", "--as-of", "2025-05-10"]).as_deref(), Some("under_way"));
    let counts = |args: &[&str]| json(&place, args)["counts"].as_array().unwrap().len();
    assert_eq!(counts(&["activities"]), 4);
    assert_eq!(counts(&["activities", "--as-of", "2025-05-05"]), 1);
    assert_eq!(counts(&["activities", "--year", "2024"]), 0);
}

#[test]
fn only_what_is_open_of_the_checks_is_shown_when_asked() {
    let place = place();
    let shown = |args: &[&str]| json(&place, args)["checks"].as_array().unwrap().len();
    assert_eq!(shown(&["controls", "--open"]), 1);
    let remedy = command(
        301,
        "2025-05-12",
        "control.remedy_check",
        "after-3",
        &format!(r#"{{"evidence":{}}}"#, paper(301)),
    );
    place.send(&remedy).expect_code(0);
    assert_eq!((shown(&["controls", "--open"]), shown(&["controls"])), (0, 1));
    let said = place.run(&["controls", "--limit", "0"]).expect_code(0);
    assert_eq!(said.stderr, "0 of 1 checks shown; ask for more with --limit\n");
}

#[test]
fn a_figure_of_the_special_report_opens_to_its_events() {
    let place = place();
    let figures = json(&place, &["report", "figures", "--year", "2025"]).to_string();
    assert!(figures.contains("survey_satisfaction") && figures.contains("\"7.4\""), "{figures}");
    let opened = json(&place, &["explain", "figure", "gembloux_fte", "--year", "2025"]).to_string();
    assert!(opened.contains("0.80"), "{opened}");
}

#[test]
fn a_refusal_names_the_field_that_it_is_about() {
    let place = place();
    let refused = |name: &str, stream: &str, body: &str| {
        let said =
            place.run_with(&["do", "--output", "json"], &command(401, "2025-06-01", name, stream, body));
        let answer: Value = serde_json::from_str(said.expect_code(2).stdout.trim()).unwrap();
        let of = |key: &str| answer["error"][key].as_str().unwrap_or_default().to_owned();
        (of("code"), of("field"))
    };
    let told = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    assert_eq!(refused("control.sample_check", "before-3", "{}"), told("parameter.unknown_code", ""));
    assert_eq!(
        refused("office.open_office", &OFFICE.replace("b004", "b009"), r#"{"place":"atlantis"}"#),
        told("parameter.unknown_code", "body.place")
    );
    assert_eq!(
        refused("office.open_office", OFFICE, r#"{"place":"liege"}"#),
        told("office.already_opened", "stream")
    );
    assert_eq!(
        refused("participation.validate_recommendation", WAY, &format!(r#"{{"decision":"{DECISION}"}}"#)),
        told("participation.answered_already", "")
    );
    assert_eq!(refused("control.open_check", "during-3", "{}"), told("command.malformed", "stream"));
}
