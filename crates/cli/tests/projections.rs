//! The read models listed, and compared with what the log gives.

mod support;

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use rusqlite::Connection;
use support::*;

/// The files of read models that lie there.
fn generations(place: &Place) -> Vec<String> {
    let names = fs::read_dir(place.path()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> =
        names.filter(|name| name.starts_with("views-") && name.ends_with(".db")).collect();
    found.sort();
    found
}

/// Read models brought up to date, and their file.
fn up_to_date() -> (Place, PathBuf) {
    let place = Place::with_a_unit_at_work();
    place.run(&["balance"]).expect_code(0);
    let [file] = &generations(&place)[..] else { panic!("one generation lies there") };
    let file = place.path().join(file);
    (place, file)
}

#[test]
fn read_models_are_listed_as_they_stand() {
    let (place, _) = up_to_date();
    redacted(&place, || {
        assert_snapshot!("list", place.run(&["projections", "list"]).told());
    });
    fs::remove_file(place.path().join("views.current")).unwrap();
    let none = place.run(&["projections", "list", "--output", "json"]).expect_code(0);
    let none: serde_json::Value = serde_json::from_str(&none.stdout).unwrap();
    assert_eq!(
        (&none["generation"], &none["position"], &none["lag"]),
        (&().into(), &0.into(), &Place::n_at_work().into())
    );
    assert!(generations(&place).len() == 1, "listing builds nothing");
}

#[test]
fn read_models_that_follow_from_the_log_are_equal() {
    let (place, _) = up_to_date();
    let before = generations(&place);
    redacted(&place, || {
        assert_snapshot!("diff_equal", place.run(&["projections", "diff"]).told());
    });
    assert_eq!(generations(&place), before, "what was built is removed, what was there stays");
}

#[test]
fn rows_changed_added_or_removed_behind_our_back_are_found() {
    let (place, file) = up_to_date();
    let before = generations(&place);
    let views = Connection::open(file).unwrap();
    let change = |sql: &str| assert_eq!(views.execute(sql, []).unwrap(), 1, "{sql}");
    let invoice = Place::n_at_work() - 2;
    change(&format!(
        "UPDATE journal_movements SET amount = amount + 1 WHERE position = {invoice} AND line = 0"
    ));
    change("DELETE FROM account_days WHERE account = '550'");
    change("INSERT INTO account_days VALUES ('551', 20250303, 0, 1, 0)");
    drop(views);
    redacted(&place, || {
        assert_snapshot!("diff_different", place.run(&["projections", "diff"]).told());
        let csv = place.run(&["projections", "diff", "--output", "csv"]).expect_code(1).stdout;
        assert_eq!(csv.lines().count(), 4, "a head and three differences: {csv}");
    });
    assert_eq!(generations(&place), before, "what was built is removed, what was there stays");
    place.run(&["projections", "rebuild"]).expect_code(0);
    place.run(&["projections", "diff"]).expect_code(0);
}
