//! The annual accounts and the trial balance of a year, as they are read.

mod support;

use insta::assert_snapshot;
use support::*;

#[test]
fn the_annual_accounts_of_a_small_year() {
    let place = Place::with_a_unit_at_work();
    redacted(&place, || {
        assert_snapshot!("accounts", place.run(&["accounts", "--year", "2025", "--lang", "fr"]).told());
        assert_snapshot!("accounts_of_the_year_after", place.run(&["accounts", "--year", "2026"]).told());
        assert_snapshot!("trial_balance", place.run(&["trial-balance", "--year", "2025"]).told());
        assert_snapshot!(
            "trial_balance_of_the_year_after",
            place.run(&["trial-balance", "--year", "2026", "--book", "gl", "--lang", "nl"]).told()
        );
    });
}

#[test]
fn programs_get_every_heading_in_json_and_csv() {
    let place = Place::with_a_unit_at_work();
    let json = place.run(&["accounts", "--year", "2025", "--output", "json"]).expect_code(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let amount = |part: &str, code: &str| {
        let rows = json[part].as_array().unwrap();
        rows.iter().find(|row| row["code"] == code).unwrap()["amount"].as_str().unwrap().to_owned()
    };
    assert_eq!(amount("assets", "20/58"), "1270.00");
    assert_eq!(amount("liabilities", "10/49"), "1270.00");
    assert_eq!(amount("assets", "20"), "0.00");
    assert_eq!(amount("result", "9904"), "1000.00");
    let csv = place.run(&["accounts", "--year", "2025", "--output", "csv"]).expect_code(0).stdout;
    assert!(csv.starts_with("part,code,name,amount,year_before\nassets,20,Formation expenses,0.00,0.00\n"));
    let n_rows: usize =
        ["assets", "liabilities", "result"].map(|p| json[p].as_array().unwrap().len()).iter().sum();
    assert_eq!(csv.lines().count(), n_rows + 1);
}

#[test]
fn annual_accounts_can_be_asked_of_a_day_and_of_an_earlier_position() {
    let place = Place::with_a_unit_at_work();
    let turnover = |more: &[&str]| {
        let asked = [&["accounts", "--year", "2025", "--output", "csv"], more].concat();
        let csv = place.run(&asked).expect_code(0).stdout;
        csv.lines().find(|line| line.starts_with("result,70,")).unwrap().to_owned()
    };
    assert_eq!(turnover(&[]), "result,70,Turnover,1000.00,0.00");
    assert_eq!(turnover(&["--as-of", "2025-03-04"]), "result,70,Turnover,0.00,0.00");
    assert_eq!(turnover(&["--known-at", "47"]), "result,70,Turnover,0.00,0.00");
}

#[test]
fn a_fiscal_year_has_a_year_before_it() {
    let place = Place::with_log();
    place.run(&["accounts", "--year", "1901"]).expect_code(0);
    let refused = place.run(&["accounts", "--year", "1900"]).expect_code(64);
    assert!(refused.stderr.contains("expected a year from 1901 to 2199, such as 2025"), "{}", refused.stderr);
}
