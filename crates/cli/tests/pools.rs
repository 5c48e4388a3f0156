//! Shared money as it is asked for: loans, grants, the guarantee fund, where money comes from and goes.

mod support;

use insta::assert_snapshot;
use serde_json::Value;
use support::*;

const SECOND: &str = "00000000-0000-4000-8000-00000000f002";
const OVEN: &str = "00000000-0000-4000-8000-000000001001";
const KILN: &str = "00000000-0000-4000-8000-000000001002";
const PRIZE: &str = "00000000-0000-4000-8000-000000002001";
const FUNDER: &str = "00000000-0000-4000-8000-00000000a009";

/// A document of its own.
fn paper(n: u32) -> String {
    let digest = format!("{n:032}").repeat(2);
    EVIDENCE.replace("DOC-1", &format!("DOC-{n}")).replace(&format!("{:064}", 1), &digest)
}

/// Alice's unit is lent budget, and she is lent money; a client pays, another does not; a prize is
/// passed on.
fn shared_money() -> Vec<String> {
    let unit = |n, day, name, body: String| command(n, day, name, ATELIER, &body);
    let loan = |n, day, loan, name, body: String| command(n, day, name, loan, &body);
    let prize = |n, day, name, body: String| command(n, day, name, PRIZE, &body);
    let ask = |n: u32, kind: &str, sum: &str| {
        format!(r#"{{"borrower":"{ALICE}","project":"{}","kind":{kind},"amount":"{sum}"}}"#, id(8_000 + n))
    };
    let give = |n: u32, sum: &str, due: &str| {
        format!(r#"{{"principal":"{sum}","instalments":3,"first_due_on":"{due}","evidence":{}}}"#, paper(n))
    };
    let with = |n: u32| format!(r#"{{"evidence":{}}}"#, paper(n));
    let sum = |sum: &str, n: u32| format!(r#"{{"amount":"{sum}","evidence":{}}}"#, paper(n));
    let on_payment = r#"{"name":"budget.spendable_on","value":{"choice":"payment"},"valid_from":"2025-03-10","source":"board","verified":true}"#;
    let invoice = format!(
        r#"{{"series":"F","draft":{{"invoice":"{SECOND}","holder":"{ALICE}","client":"{CLIENT}","lines":[{{"vat":"standard","price":{{"net":"500.00"}}}}],"evidence":{EVIDENCE}}}}}"#
    );
    let paid = format!(
        r#"{{"invoice":"{INVOICE}","payment":"{}","received":"1210.00","evidence":{}}}"#,
        id(7_001),
        paper(20)
    );
    let award = format!(
        r#"{{"funder":"{FUNDER}","kind":{{"pass_through":{{"beneficiary":"{ALICE}"}}}},"amount":"5000.00","project":"{}","evidence":{}}}"#,
        id(8_003),
        paper(30)
    );
    vec![
        command(101, "2025-03-07", "statutes.publish_parameter", "statutes", on_payment),
        unit(102, "2025-03-12", "unit.issue_invoice", invoice),
        unit(
            103,
            "2025-03-13",
            "unit.grant_advance",
            format!(r#"{{"invoice":"{SECOND}","amount":"200.00"}}"#),
        ),
        unit(104, "2025-04-02", "unit.receive_payment", paid),
        unit(
            105,
            "2025-08-01",
            "unit.mark_doubtful",
            format!(r#"{{"invoice":"{SECOND}","reason":"bankrupt","evidence":{}}}"#, paper(21)),
        ),
        loan(
            106,
            "2025-03-20",
            OVEN,
            "loan.request_loan",
            ask(1, &format!(r#"{{"internal":{{"unit":"{ATELIER}"}}}}"#), "300.00"),
        ),
        loan(107, "2025-03-21", OVEN, "loan.grant_loan", give(22, "300.00", "2025-04-30")),
        loan(108, "2025-03-22", OVEN, "loan.disburse_loan", with(23)),
        loan(109, "2025-05-05", OVEN, "loan.pay_instalment", sum("150.00", 24)),
        loan(110, "2025-04-01", KILN, "loan.request_loan", ask(2, r#""cash""#, "900.00")),
        loan(111, "2025-04-02", KILN, "loan.grant_loan", give(25, "600.00", "2025-05-31")),
        loan(112, "2025-04-03", KILN, "loan.disburse_loan", with(26)),
        loan(113, "2025-05-31", KILN, "loan.call_instalment", "{}".to_owned()),
        loan(114, "2025-05-31", KILN, "loan.pay_instalment", sum("200.00", 27)),
        prize(115, "2025-06-01", "grant.announce_grant", award),
        prize(116, "2025-06-10", "grant.receive_grant", sum("5000.00", 31)),
        prize(117, "2025-06-12", "grant.pass_on_grant", sum("3500.00", 32)),
    ]
}

fn place() -> Place {
    let place = Place::with_a_unit_at_work();
    place.send(&shared_money().join("\n")).expect_code(0);
    place
}

fn json(place: &Place, args: &[&str]) -> Value {
    let said = place.run(&[args, &["--output", "json"]].concat()).expect_code(0);
    serde_json::from_str(&said.stdout).unwrap()
}

#[test]
fn shared_money_as_people_read_it() {
    let place = place();
    redacted(&place, || {
        assert_snapshot!("loans", place.run(&["loans", "--as-of", "2025-07-10"]).told());
        assert_snapshot!("loan", place.run(&["loans", "--loan", KILN, "--as-of", "2025-07-10"]).told());
        assert_snapshot!("grants", place.run(&["grants"]).told());
        assert_snapshot!("fund_by_unit", place.run(&["guarantee-fund"]).told());
        assert_snapshot!("fund_by_month", place.run(&["guarantee-fund", "--by", "month"]).told());
        assert_snapshot!("fund_of_a_unit", place.run(&["guarantee-fund", "--unit", ATELIER]).told());
        assert_snapshot!("money_flow", place.run(&["money-flow", "--year", "2025", "--lang", "nl"]).told());
        assert_snapshot!(
            "money_flow_behind",
            place.run(&["money-flow", "--year", "2025", "--flow", "loans_disbursed"]).told()
        );
    });
}

#[test]
fn shared_money_as_programs_read_it() {
    let place = place();
    let told = |args: &[&str]| {
        let formats = ["json", "csv"].map(|format| {
            let said = place.run(&[args, &["--output", format]].concat()).expect_code(0);
            format!("── {format}\n{}{}", said.stdout, said.stderr)
        });
        formats.concat()
    };
    redacted(&place, || {
        assert_snapshot!("formats_loans", told(&["loans", "--unit", ATELIER]));
        assert_snapshot!("formats_loan", told(&["loans", "--loan", OVEN]));
        assert_snapshot!("formats_grants", told(&["grants"]));
        assert_snapshot!("formats_fund", told(&["guarantee-fund"]));
        assert_snapshot!("formats_money_flow", told(&["money-flow", "--year", "2025"]));
    });
}

#[test]
fn what_is_shared_can_be_asked_of_a_day_and_of_an_earlier_position() {
    let place = Place::with_a_unit_at_work();
    let before = place.n_events().to_string();
    place.send(&shared_money().join("\n")).expect_code(0);
    let fact = |args: &[&str], key: &str| json(&place, args)[key].as_str().unwrap().to_owned();
    assert_eq!(fact(&["loans"], "outstanding"), "550.00");
    assert_eq!(fact(&["loans", "--as-of", "2025-04-02"], "outstanding"), "300.00");
    assert_eq!(fact(&["loans", "--known-at", &before], "outstanding"), "0.00");
    assert_eq!(fact(&["grants"], "to_pass_on"), "1500.00");
    assert_eq!(fact(&["grants", "--as-of", "2025-06-11"], "to_pass_on"), "5000.00");
    assert_eq!(fact(&["guarantee-fund"], "outstanding"), "0.00");
    assert_eq!(fact(&["guarantee-fund", "--as-of", "2025-07-31"], "outstanding"), "200.00");
    let flow = ["money-flow", "--year", "2025"];
    assert_eq!(fact(&flow, "closing"), fact(&["statement", "550"], "balance"));
    assert_eq!(fact(&[&flow[..], &["--known-at", &before]].concat(), "closing"), "60.00");
}

#[test]
fn loans_are_picked_by_unit_state_and_id() {
    let place = place();
    let picked = |args: &[&str]| {
        let answer = json(&place, &[&["loans", "--as-of", "2025-07-10"], args].concat());
        let rows = answer["loans"].as_array().unwrap().clone();
        rows.iter().map(|row| row["loan"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(picked(&[]), [OVEN, KILN]);
    assert_eq!(picked(&["--unit", ATELIER]), [OVEN]);
    assert_eq!(picked(&["--state", "in_arrears"]), [OVEN, KILN]);
    assert_eq!(picked(&["--state", "repaid"]), [""; 0]);
    let none = place.run(&["loans", "--loan", PRIZE]).expect_code(2);
    assert!(none.stderr.contains("expected a loan that was asked for by then"), "{}", none.stderr);
    let wrong = place.run(&["loans", "--state", "late"]).expect_code(64);
    assert!(wrong.stderr.contains("expected one of requested, refused, granted"), "{}", wrong.stderr);
    let wrong = place.run(&["money-flow", "--year", "2025", "--flow", "dividends"]).expect_code(64);
    assert!(wrong.stderr.contains("expected one of opening, clients"), "{}", wrong.stderr);
}

#[test]
fn rows_that_are_not_shown_are_counted() {
    let place = place();
    let said = place.run(&["loans", "--limit", "1"]).expect_code(0);
    assert_eq!(said.stderr, "1 of 2 loans shown; ask for more with --limit\n");
    let flow = ["money-flow", "--year", "2025", "--flow", "loans_disbursed", "--limit", "0"];
    assert_eq!(place.run(&flow).expect_code(0).stderr, "0 of 1 events shown; ask for more with --limit\n");
}
