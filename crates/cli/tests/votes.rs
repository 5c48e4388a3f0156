//! General meetings and mandates as they are asked for: the roll, votes, results, who sits where.

mod support;

use serde_json::Value;
use support::*;

const MEETING: &str = "00000000-0000-4000-8000-00000000b001";
const SEAT: &str = "00000000-0000-4000-8000-00000000b101";

fn person(n: u32) -> String {
    id(50_000 + n)
}

/// A place whose commands are numbered for it.
struct Coop {
    place: Place,
    n: u32,
}

impl Coop {
    /// Three users and a partner, two shares each.
    fn new() -> Self {
        let mut coop = Self { place: Place::with_log(), n: 100 };
        for n in 1..=4 {
            let (category, who) = (if n == 4 { "partner" } else { "user" }, person(n));
            let member = id(60_000 + n);
            coop.ask(
                "2025-02-01",
                "member.request_admission",
                &member,
                &format!(r#"{{"person":"{who}","category":"{category}"}}"#),
            );
            coop.ask("2025-02-01", "member.grant_admission", &member, "{}");
            coop.ask(
                "2025-02-01",
                "member.subscribe_shares",
                &member,
                &format!(r#"{{"class":"A","shares":2,"evidence":{EVIDENCE}}}"#),
            );
        }
        coop
    }

    fn send(&mut self, day: &str, name: &str, stream: &str, body: &str) -> Said {
        self.n += 1;
        self.place.send(&command(self.n, day, name, stream, body))
    }

    fn ask(&mut self, day: &str, name: &str, stream: &str, body: &str) {
        self.send(day, name, stream, body).expect_code(0);
    }

    fn meeting(&mut self, day: &str, name: &str, body: &str) {
        self.ask(day, &format!("meeting.{name}"), MEETING, body);
    }

    fn json(&self, args: &[&str]) -> Value {
        let said = self.place.run(&[args, &["--output", "json"]].concat()).expect_code(0);
        serde_json::from_str(&said.stdout).unwrap()
    }

    /// A meeting called, its roll sealed with what `register roll` says, attended and voted on.
    fn held() -> Self {
        let mut coop = Self::new();
        let text = "0".repeat(64);
        let on = |n: u32, kind: &str, ballot: &str| {
            format!(r#"{{"number":{n},"kind":"{kind}","ballot":"{ballot}","text":"{text}"}}"#)
        };
        let agenda = [on(1, "accounts", "open"), on(2, "discharge", "secret")].join(",");
        coop.meeting("2025-05-20", "convene_meeting", &format!(
            r#"{{"kind":"ordinary","held_on":"2025-06-12","record_on":"2025-05-31","channel":"hybrid","agenda":[{agenda}],"evidence":{EVIDENCE}}}"#
        ));
        let roll = coop.json(&["register", "roll", "--record-on", "2025-05-31"]);
        let (known_at, digest) =
            (roll["known_at"].as_i64().unwrap(), roll["digest"].as_str().unwrap().to_owned());
        coop.meeting("2025-06-01", "seal_roll", &format!(r#"{{"known_at":{known_at},"digest":"{digest}"}}"#));
        let (one, two, three) = (person(1), person(2), person(3));
        coop.meeting(
            "2025-06-02",
            "give_proxy",
            &format!(r#"{{"giver":"{three}","holder":"{one}","evidence":{EVIDENCE}}}"#),
        );
        for who in [&one, &two] {
            coop.meeting(
                "2025-06-12",
                "record_attendance",
                &format!(r#"{{"person":"{who}","presence":"in_person"}}"#),
            );
        }
        coop.meeting(
            "2025-06-12",
            "open_meeting",
            &format!(r#"{{"chair":"{one}","secretary":"{two}","scrutineers":["{two}"]}}"#),
        );
        coop.meeting(
            "2025-06-12",
            "cast_vote",
            &format!(r#"{{"item":1,"voter":"{one}","by":"{one}","choice":"in_favour"}}"#),
        );
        coop.meeting(
            "2025-06-12",
            "cast_vote",
            &format!(r#"{{"item":1,"voter":"{two}","by":"{two}","choice":"abstain"}}"#),
        );
        coop.meeting("2025-06-12", "decide_item", r#"{"item":1}"#);
        coop.meeting("2025-06-12", "cast_ballot", &format!(r#"{{"item":2,"voter":"{two}","by":"{two}"}}"#));
        coop
    }
}

#[test]
fn the_roll_is_printed_with_the_digest_that_seals_it() {
    let coop = Coop::new();
    let roll = coop.json(&["register", "roll", "--record-on", "2025-05-31"]);
    let fact = |key: &str| roll[key].as_i64().unwrap();
    assert_eq!((fact("users"), fact("partners"), fact("shares_issued")), (3, 1, 8));
    assert_eq!(roll["voters"].as_array().unwrap().len(), 4);
    assert_eq!(roll["voters"][3]["category"], "partner");
    let nobody = coop.json(&["register", "roll", "--record-on", "2025-01-31"]);
    assert_eq!(nobody["voters"].as_array().unwrap().len(), 0);
    assert_ne!(nobody["digest"], roll["digest"]);
}

#[test]
fn a_meeting_is_shown_with_its_agenda_attendance_proxies_and_results() {
    let coop = Coop::held();
    let all = coop.json(&["register", "votes"]);
    assert_eq!((&all["meetings"][0]["state"], &all["meetings"][0]["present"]), (&"opened".into(), &2.into()));
    let one = coop.json(&["register", "votes", "--meeting", MEETING]);
    assert_eq!(one["votes_represented"], 3);
    assert_eq!(one["shares_represented"], 6);
    let item = &one["items"][0];
    assert_eq!(
        (&item["in_favour"], &item["abstained"], &item["outcome"]),
        (&1.into(), &1.into(), &"adopted".into())
    );
    assert_eq!((&one["items"][1]["voters"], &one["items"][1]["outcome"]), (&1.into(), &Value::Null));
    assert_eq!(one["proxies"][0]["holder"], person(1));
    assert_eq!(one["attendance"][0]["proxies"], 1);
    let before = coop.json(&["register", "votes", "--meeting", MEETING, "--as-of", "2025-06-01"]);
    assert_eq!((&before["state"], &before["present"]), (&"sealed".into(), &0.into()));
}

#[test]
fn of_a_secret_vote_it_is_shown_who_voted_and_not_how() {
    let coop = Coop::held();
    let votes =
        |item: &str| coop.json(&["register", "votes", "--meeting", MEETING, "--item", item])["votes"].clone();
    assert_eq!(
        (&votes("1")[0]["choice"], &votes("1")[1]["choice"]),
        (&"in_favour".into(), &"abstain".into())
    );
    assert_eq!((&votes("2")[0]["voter"], &votes("2")[0]["choice"]), (&person(2).into(), &Value::Null));
}

#[test]
fn a_vote_is_refused_with_its_sentence_and_its_field() {
    let mut coop = Coop::held();
    let head = coop.place.n_events();
    let stranger = person(9);
    let body = format!(r#"{{"item":1,"voter":"{stranger}","by":"{stranger}","choice":"against"}}"#);
    let said = coop.send("2025-06-12", "meeting.cast_vote", MEETING, &body).expect_code(2);
    let told = format!("{}{}", said.stdout, said.stderr);
    assert!(told.contains("meeting.decided"), "{told}");
    let body = format!(r#"{{"item":2,"voter":"{stranger}","by":"{}"}}"#, person(2));
    let said = coop.send("2025-06-12", "meeting.cast_ballot", MEETING, &body).expect_code(2);
    let told = format!("{}{}", said.stdout, said.stderr);
    assert!(told.contains(&format!("person {stranger} is not on the roll of 2025-05-31")), "{told}");
    assert!(told.contains("body.voter"), "{told}");
    assert_eq!(coop.place.n_events(), head);
}

#[test]
fn mandates_are_shown_by_day_kind_and_end_beside_the_seats() {
    let mut coop = Coop::new();
    let one = person(1);
    let grant = format!(
        r#"{{"person":"{one}","kind":"director_a","appointed":{{"before":{{}}}},"evidence":{EVIDENCE}}}"#
    );
    coop.ask("2025-03-01", "mandate.grant_mandate", SEAT, &grant);
    let asked = |args: &[&str]| coop.json(&[&["mandates"], args].concat());
    let now = asked(&["--as-of", "2025-06-01"]);
    assert_eq!(
        (&now["mandates"][0]["state"], &now["mandates"][0]["until"]),
        (&"in_force".into(), &"2029-02-28".into())
    );
    assert_eq!((&now["seats"][0]["seats"], &now["seats"][0]["taken"]), (&12.into(), &1.into()));
    let count = |args: &[&str]| asked(args)["mandates"].as_array().unwrap().len();
    assert_eq!(count(&["--as-of", "2025-02-28"]), 0);
    assert_eq!(count(&["--kind", "director_b"]), 0);
    assert_eq!(count(&["--as-of", "2029-02-01", "--expiring", "26"]), 0);
    assert_eq!(count(&["--as-of", "2029-02-01", "--expiring", "27"]), 1);
    assert_eq!(asked(&["--as-of", "2029-03-01"])["mandates"][0]["state"], "expired");
    let wrong = coop.place.run(&["mandates", "--kind", "chair"]).expect_code(64);
    assert!(wrong.stderr.contains("expected one of director_a, director_b"), "{}", wrong.stderr);
    let unknown = coop.place.run(&["register", "votes", "--meeting", MEETING]).expect_code(2);
    assert!(unknown.stderr.contains("expected a meeting that was convened by then"), "{}", unknown.stderr);
}
