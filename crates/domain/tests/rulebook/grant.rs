//! The rulebook of grants: what is to be passed on nets to nothing, what is earned has owners.

use domain::correction::CorrectionRefused;
use domain::grant::{Grant, GrantCommand, GrantEvent, GrantKind, GrantRefusal};
use domain::unit::BudgetKnown;
use domain::{Balance, StreamEvent};
use proptest::prelude::*;

use crate::fixtures::*;
use crate::harness::{Given, given};
use crate::loan::budget;

pub const PASS_THROUGH: GrantKind = GrantKind::PassThrough { beneficiary: ALICE };
pub const OWN: GrantKind = GrantKind::Own { unit: ATELIER };

pub fn announce(kind: GrantKind, amount: &str) -> GrantCommand {
    GrantCommand::AnnounceGrant {
        funder: FUNDER,
        kind,
        amount: self::amount(amount),
        project: PROJECT,
        evidence: paper("award-letter"),
    }
}

pub fn receive(amount: &str) -> GrantCommand {
    GrantCommand::ReceiveGrant { amount: self::amount(amount), evidence: paper("bank-line") }
}

pub fn recognise(amount: &str) -> GrantCommand {
    GrantCommand::RecogniseGrant { amount: self::amount(amount), evidence: paper("activity-report") }
}

pub fn pass_on(amount: &str) -> GrantCommand {
    GrantCommand::PassOnGrant { amount: self::amount(amount), evidence: paper("payment-order") }
}

pub fn give_back(amount: &str) -> GrantCommand {
    let (amount, reason) = (self::amount(amount), token("not-used"));
    GrantCommand::ReturnGrant { amount, reason, evidence: paper("payment-order") }
}

pub fn announced(kind: GrantKind, amount: &str) -> Given<Grant> {
    given([]).with(budget("0.00")).when(announce(kind, amount)).accepted()
}

/// Announced and received in full.
pub fn received(kind: GrantKind, amount: &str) -> Given<Grant> {
    announced(kind, amount).when(receive(amount)).accepted()
}

#[test]
fn e30_a_grant_is_passed_on_once() {
    let passed = received(PASS_THROUGH, "5260.00").when(pass_on("5000.00")).then([GrantEvent::PassedOn {
        beneficiary: ALICE,
        amount: amount("5000.00"),
        evidence: paper("payment-order"),
    }]);
    passed.clone().when(pass_on("260.00")).is_refused_saying(
        "260.00 cannot be passed on: 5000.00 of the 5260.00 received was passed on already",
    );
    passed.when(give_back("260.00")).accepted();
}

#[test]
fn e30_passed_on_and_returned_are_at_most_what_was_received() {
    announced(PASS_THROUGH, "5000.00")
        .when(pass_on("1.00"))
        .is_refused_saying("1.00 is more than the 0.00 left of the 0.00 received");
    let left = received(PASS_THROUGH, "5000.00").when(give_back("1000.00")).accepted();
    left.when(pass_on("4000.01"))
        .is_refused_saying("4000.01 is more than the 4000.00 left of the 5000.00 received");
}

#[test]
fn nothing_happens_to_a_grant_that_was_not_announced_and_it_is_announced_once() {
    given::<Grant>([]).when(receive("1.00")).is_refused(GrantRefusal::NotAnnounced);
    announced(OWN, "500.00")
        .when(announce(OWN, "700.00"))
        .is_refused(GrantRefusal::AlreadyAnnounced { amount: amount("500.00") });
}

#[test]
fn a_funder_pays_no_more_than_it_announced() {
    let part = announced(OWN, "500.00").when(receive("300.00")).accepted();
    part.clone()
        .when(receive("200.01"))
        .is_refused_saying("200.01 is more than the 200.00 still to come of the 500.00 announced");
    part.when(receive("200.00")).accepted();
}

#[test]
fn a_grant_is_passed_on_or_earned_and_never_both() {
    received(PASS_THROUGH, "500.00")
        .when(recognise("1.00"))
        .is_refused_saying("this grant is to pass on; expected one that is for own activity");
    received(OWN, "500.00")
        .when(pass_on("1.00"))
        .is_refused_saying("this grant is for own activity; expected one that is to pass on");
}

#[test]
fn own_activity_is_earned_less_the_contribution_received_or_not() {
    // 6.5 % of 100.10 is 6.5065; half up gives 6.51.
    let earned = announced(OWN, "500.00").when(recognise("100.10")).then([GrantEvent::Recognised {
        unit: ATELIER,
        amount: amount("100.10"),
        contribution_rate: rate("0.065"),
        contribution: balance("6.51"),
        unit_share: balance("93.59"),
        evidence: paper("activity-report"),
    }]);
    earned
        .when(recognise("399.91"))
        .is_refused_saying("399.91 is more than the 399.90 still to recognise of the 500.00 announced");
}

#[test]
fn what_was_earned_is_not_returned_and_what_was_returned_is_not_earned() {
    let earned = received(OWN, "500.00").when(recognise("300.00")).accepted();
    earned
        .clone()
        .when(give_back("200.01"))
        .is_refused_saying("200.01 is more than the 200.00 left of the 500.00 received");
    let returned = earned.when(give_back("200.00")).accepted();
    returned
        .when(recognise("0.01"))
        .is_refused_saying("0.01 is more than the 0.00 still to recognise of the 500.00 announced");
}

#[test]
fn only_an_open_unit_earns() {
    announced(OWN, "500.00")
        .with(BudgetKnown::default())
        .when(recognise("1.00"))
        .is_refused(GrantRefusal::UnitNotOpen { unit: ATELIER });
}

#[test]
fn one_payment_order_passes_one_grant_on() {
    let event = received(PASS_THROUGH, "500.00").when(pass_on("500.00")).event();
    assert_eq!(event.claims(), [domain::Claim::of_document(&paper("payment-order"))]);
}

#[test]
fn what_later_events_rest_upon_is_not_taken_back() {
    let refused = |grant: Given<Grant>, n| {
        let refusal = grant.with_original(n).when(GrantCommand::Correct(correct(n, None))).refusal();
        assert!(
            matches!(refusal, GrantRefusal::Correction(CorrectionRefused::ReliedUpon { .. })),
            "{refusal}"
        );
    };
    let passed = received(PASS_THROUGH, "500.00").when(pass_on("500.00")).accepted();
    refused(passed.clone(), 1);
    refused(passed.clone(), 2);
    refused(announced(OWN, "500.00").when(recognise("1.00")).accepted(), 1);
    let again = passed.with_original(3).when(GrantCommand::Correct(correct(3, None))).accepted();
    again.when(pass_on("400.00")).accepted();
}

#[test]
fn taking_earned_budget_back_leaves_the_unit_no_debt() {
    let earned = received(OWN, "500.00").when(recognise("300.00")).accepted().with_original(3);
    earned.clone().with(budget("-0.01")).when(GrantCommand::Correct(correct(3, None))).is_refused_saying(
        &format!("without it unit {ATELIER} would have -0.01 available; credit or repay first"),
    );
    earned.when(GrantCommand::Correct(correct(3, Some(recognise("200.00"))))).accepted();
}

proptest! {
    #[test]
    fn e30_a_grant_to_pass_on_can_always_be_netted_to_nothing(
        announced_cents in 1_i64..1_000_000,
        steps in proptest::collection::vec((0_u8..3, 1_i64..1_000_000), 0..12),
    ) {
        let text = |cents: i64| Balance::from_cents(cents).to_string();
        let mut grant = announced(PASS_THROUGH, &text(announced_cents));
        let (mut got, mut passed, mut returned) = (0, 0, 0);
        for (step, cents) in steps {
            let asked = [receive, pass_on, give_back][usize::from(step)](&text(cents));
            let decided = domain::stream::decide(&grant.state, grant.id, &asked, &grant.facts);
            if decided.is_ok() {
                *[&mut got, &mut passed, &mut returned][usize::from(step)] += cents;
            }
            grant = grant.and(decided.unwrap_or_default());
            prop_assert!(got <= announced_cents && passed + returned <= got);
        }
        if passed + returned < got {
            grant.when(give_back(&text(got - passed - returned))).accepted();
        }
    }

    #[test]
    fn e28_unit_and_pool_make_what_was_earned(cents in 1_i64..10_000_000) {
        let text = Balance::from_cents(cents).to_string();
        let event = announced(OWN, &text).when(recognise(&text)).event();
        let GrantEvent::Recognised { amount, contribution, unit_share, .. } = event else {
            panic!("it was recognised");
        };
        prop_assert_eq!(contribution + unit_share, amount.balance());
        // Half up: the exact share lies within half a cent.
        prop_assert!((contribution.cents() * 1_000 - cents * 65).abs() <= 500);
    }
}
