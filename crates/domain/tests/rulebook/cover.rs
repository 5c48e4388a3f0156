//! The rulebook of cover: per member and day, in private life too.

use domain::StreamEvent;
use domain::cover::{Cover, CoverCommand, CoverEvent, CoverKnown, CoverRefusal};
use domain::fitness::Whereabouts;
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, given};

pub const MEMBER: CoverKnown = CoverKnown { person: Some(ALICE) };

pub fn activate() -> CoverCommand {
    CoverCommand::ActivateCover { policy: token("POL-7"), evidence: paper("policy") }
}

pub fn lapse() -> CoverCommand {
    CoverCommand::LapseCover { reason: token("policy-ended") }
}

pub fn file(accident_on: &str) -> CoverCommand {
    CoverCommand::FileClaim {
        claim: CLAIM,
        accident_on: day(accident_on),
        whereabouts: Whereabouts::Private,
        evidence: paper("accident-form"),
    }
}

pub fn accept(sum: &str) -> CoverCommand {
    CoverCommand::AcceptClaim { claim: CLAIM, amount: amount(sum), evidence: paper("insurer-letter") }
}

pub fn refuse() -> CoverCommand {
    let (reason, evidence) = (token("not-an-accident"), paper("insurer-letter"));
    CoverCommand::RefuseClaim { claim: CLAIM, reason, evidence }
}

pub fn pay(sum: &str) -> CoverCommand {
    CoverCommand::PayClaim { claim: CLAIM, amount: amount(sum), evidence: paper("insurer-payment") }
}

/// Covered from 1 January 2025.
pub fn covered() -> Given<Cover> {
    given([]).with(MEMBER).on("2025-01-01").when(activate()).accepted().on("2025-03-03")
}

/// Covered in January and February.
pub fn lapsed() -> Given<Cover> {
    covered().on("2025-03-01").when(lapse()).accepted().on("2025-03-03")
}

pub fn filed() -> Given<Cover> {
    covered().when(file("2025-02-14")).accepted()
}

#[test]
fn only_a_member_is_covered() {
    given::<Cover>([])
        .with(CoverKnown::default())
        .when(activate())
        .is_refused(CoverRefusal::NotAMember { member: ALICES_MEMBERSHIP });
    given::<Cover>([])
        .with(MEMBER)
        .when(file("2025-03-03"))
        .is_refused(CoverRefusal::NeverCovered { member: ALICES_MEMBERSHIP });
    // What happened under cover is paid for after the membership, too.
    let gone = filed().with(CoverKnown::default());
    gone.when(accept("100.00")).accepted().when(pay("100.00")).accepted();
}

#[rstest]
#[case("2024-12-31", "from 2025-01-01 to 2025-02-28 and from 2025-03-03 on")]
#[case("2025-03-01", "from 2025-01-01 to 2025-02-28 and from 2025-03-03 on")]
#[case("2025-03-02", "from 2025-01-01 to 2025-02-28 and from 2025-03-03 on")]
fn a_claim_for_a_day_without_cover_is_refused_with_the_days_covered(#[case] on: &str, #[case] days: &str) {
    let again = lapsed().when(activate()).accepted();
    again.when(file(on)).is_refused_saying(&format!("the member was not covered on {on}: covered {days}"));
}

#[rstest]
#[case("2025-01-01")]
#[case("2025-02-28")]
#[case("2025-03-03")]
fn the_first_and_the_last_day_of_cover_are_covered(#[case] on: &str) {
    let again = lapsed().when(activate()).accepted();
    let event = again.when(file(on)).event();
    assert_eq!(event.claims().len(), 1, "a claim is filed once");
}

#[test]
fn nobody_is_covered_twice_on_a_day_and_what_does_not_run_cannot_lapse() {
    covered()
        .when(activate())
        .is_refused_saying("cover from 2025-03-03 would overlap the days covered from 2025-01-01 on");
    lapsed().on("2025-02-28").when(activate()).is_refused_saying(
        "cover from 2025-02-28 would overlap the days covered from 2025-01-01 to 2025-02-28",
    );
    lapsed().on("2025-03-01").when(activate()).then([CoverEvent::Activated {
        person: ALICE,
        from: day("2025-03-01"),
        policy: token("POL-7"),
        evidence: paper("policy"),
    }]);
    lapsed().when(lapse()).is_refused_saying(
        "no cover runs on 2025-03-03 that could lapse: covered from 2025-01-01 to 2025-02-28",
    );
    covered()
        .on("2025-01-01")
        .when(lapse())
        .is_refused_saying("no cover runs on 2025-01-01 that could lapse: covered from 2025-01-01 on");
}

#[test]
fn cover_does_not_end_before_a_day_that_is_claimed_for() {
    filed()
        .on("2025-02-14")
        .when(lapse())
        .is_refused_saying(&format!("claim {CLAIM} is for 2025-02-14; cover cannot lapse on 2025-02-14"));
    filed().on("2025-02-15").when(lapse()).accepted();
}

#[test]
fn an_accident_is_claimed_for_after_it_happened() {
    covered()
        .when(file("2025-03-04"))
        .is_refused_saying("an accident of 2025-03-04 cannot be claimed for on 2025-03-03");
}

#[test]
fn the_insurer_answers_once_and_pays_no_more_than_it_accepted() {
    covered().when(accept("1.00")).is_refused(CoverRefusal::UnknownClaim { claim: CLAIM });
    let said =
        |found: &str, expected: &str| format!("claim {CLAIM} is {found}; this needs one that is {expected}");
    filed().when(pay("1.00")).is_refused_saying(&said("filed and not answered", "accepted"));
    let no = filed().when(refuse()).accepted();
    no.clone().when(accept("1.00")).is_refused_saying(&said("refused", "filed and not answered"));
    no.when(pay("1.00")).is_refused_saying(&said("refused", "accepted"));
    let part = filed().when(accept("100.00")).accepted().when(pay("60.00")).accepted();
    part.clone()
        .when(pay("40.01"))
        .is_refused_saying("40.01 is more than the 40.00 left of the 100.00 accepted");
    part.when(pay("40.00")).accepted();
}

#[test]
fn what_later_events_rest_upon_is_not_taken_back() {
    let said = |cover: Given<Cover>, n| {
        cover.with_original(n).when(CoverCommand::Correct(correct(n, None))).refusal().to_string()
    };
    let begins = |found: String, kind: &str| assert!(found.starts_with(kind), "{found}");
    begins(said(lapsed(), 1), "cover.activated cannot be taken back: the cover lapsed since");
    begins(said(filed(), 1), "cover.activated cannot be taken back: claims were filed");
    let again = lapsed().when(activate()).accepted();
    begins(said(again, 2), "cover.lapsed cannot be taken back: the member was covered again since");
    let accepted = filed().when(accept("100.00")).accepted();
    begins(said(accepted.clone(), 2), "claim.filed cannot be taken back: the insurer answered since");
    let paid = accepted.when(pay("60.00")).accepted();
    begins(said(paid.clone(), 3), "claim.accepted cannot be taken back: the insurer paid since");
    // Less was paid than was first recorded.
    let back = paid.with_original(4).when(CoverCommand::Correct(correct(4, Some(pay("50.00"))))).accepted();
    back.clone().when(pay("50.01")).refusal();
    back.when(pay("50.00")).accepted();
    // The cover began a month later.
    let later = covered().on("2025-02-01").with_original(1);
    let later = later.when(CoverCommand::Correct(correct(1, Some(activate())))).accepted().on("2025-03-03");
    later.clone().when(file("2025-01-31")).refusal();
    later.when(file("2025-02-01")).accepted();
}
