//! The rulebook of leaving: excluded after being heard, out by law, paid as far as the tests allow;
//! and of money that members lend.

use domain::member::{
    ExclusionOutcome, ExitCause, Member, MemberCommand, MemberEvent, MemberKnown, MemberRefusal, Remarks,
    Standing,
};
use domain::year::Tested;
use domain::{Balance, Year};
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, given};

/// Four members hold shares, and the tests of the year came out like this.
pub fn tested(passed: bool, room: &str) -> MemberKnown {
    let tests = Some(Tested { passed, room: balance(room) });
    MemberKnown { shareholders: 4, member_already: None, tests }
}

pub fn propose() -> MemberCommand {
    MemberCommand::ProposeExclusion { reason: token("statutes.19"), evidence: paper("proposal") }
}

pub fn remarks(remarks: Remarks) -> MemberCommand {
    MemberCommand::ReceiveRemarks { remarks, evidence: paper("letter") }
}

pub fn decide(outcome: ExclusionOutcome) -> MemberCommand {
    let (reason, evidence) = (token("statutes.19"), paper("decision"));
    MemberCommand::DecideExclusion { outcome, reason, evidence }
}

pub fn by_law(cause: ExitCause) -> MemberCommand {
    MemberCommand::ExitByLaw { cause, evidence: paper("extract") }
}

pub fn pay(asked: &str) -> MemberCommand {
    MemberCommand::PayRefund { amount: amount(asked), evidence: paper("bank-line") }
}

pub fn lend(lent: &str, interest: Option<&str>) -> MemberCommand {
    let (amount, interest, evidence) = (amount(lent), interest.map(rate), paper("bank-line"));
    MemberCommand::CreditCurrentAccount { amount, interest, evidence }
}

pub fn repay(repaid: &str) -> MemberCommand {
    MemberCommand::RepayCurrentAccount { amount: amount(repaid), evidence: paper("bank-line") }
}

fn paid(paid: &str) -> MemberEvent {
    MemberEvent::RefundPaid { person: ALICE, amount: amount(paid), evidence: paper("bank-line") }
}

fn suspended(n: &str) -> MemberEvent {
    MemberEvent::RefundSuspended { person: ALICE, amount: amount(n) }
}

fn resumed(n: &str) -> MemberEvent {
    MemberEvent::RefundResumed { person: ALICE, amount: amount(n) }
}

fn cancel() -> MemberCommand {
    MemberCommand::CancelShares { reason: token("exclusion") }
}

/// ALICE holds two shares, and her exclusion was proposed on 3 March.
fn proposed() -> Given<Member> {
    given(shareholder(ALICE, 2)).with(tested(true, "0.00")).when(propose()).accepted()
}

/// ALICE is out, and a refund of 60.00 was determined.
fn owed() -> Given<Member> {
    given(shareholder(ALICE, 2))
        .with(tested(true, "0.00"))
        .when(by_law(ExitCause::Bankruptcy))
        .accepted()
        .when(cancel())
        .accepted()
        .when(MemberCommand::DetermineRefund {
            net_assets_per_share: balance("42.17"),
            evidence: paper("approved-accounts"),
        })
        .accepted()
}

#[test]
fn e20_an_exclusion_is_proposed_for_a_reason_and_leaves_a_month_for_remarks() {
    let event = |remarks_until| MemberEvent::ExclusionProposed {
        reason: token("statutes.19"),
        remarks_until: day(remarks_until),
        evidence: paper("proposal"),
    };
    let member = || given::<Member>(shareholder(ALICE, 2));
    member().when(propose()).then([event("2025-04-03")]);
    member().on("2025-01-31").when(propose()).then([event("2025-02-28")]);
    let remarks_until = day("2025-04-03");
    proposed().when(propose()).is_refused(MemberRefusal::AlreadyProposed { remarks_until });
    given::<Member>([])
        .when(propose())
        .is_refused(MemberRefusal::WrongStanding { found: Standing::None, expected: "in force" });
}

#[test]
fn e20_a_member_is_heard_before_an_exclusion_is_decided() {
    proposed().on("2025-04-02").when(decide(ExclusionOutcome::Excluded)).is_refused_saying(
        "remarks are awaited until 2025-04-03; an exclusion cannot be decided on 2025-04-02",
    );
    proposed().on("2025-04-03").when(decide(ExclusionOutcome::Excluded)).accepted();
    for answer in [Remarks::Written, Remarks::Waived] {
        proposed().when(remarks(answer)).accepted().when(decide(ExclusionOutcome::Excluded)).accepted();
    }
}

#[test]
fn nothing_is_answered_or_decided_that_was_not_proposed() {
    let member = || given::<Member>(shareholder(ALICE, 2));
    member().when(remarks(Remarks::Waived)).is_refused(MemberRefusal::NothingProposed);
    member().when(decide(ExclusionOutcome::Kept)).is_refused(MemberRefusal::NothingProposed);
}

#[test]
fn nobody_is_excluded_who_left_meanwhile() {
    let answered = given::<Member>(admitted(ALICE)).when(propose()).accepted();
    answered
        .when(remarks(Remarks::Written))
        .accepted()
        .when(MemberCommand::EndMembership { reason: token("by-consent") })
        .accepted()
        .when(decide(ExclusionOutcome::Excluded))
        .is_refused(MemberRefusal::WrongStanding {
            found: Standing::Ended,
            expected: "in force or resigned",
        });
}

#[test]
fn who_is_excluded_loses_the_shares_at_once_and_who_is_kept_does_not() {
    let heard = || proposed().when(remarks(Remarks::Written)).accepted();
    heard().when(decide(ExclusionOutcome::Excluded)).accepted().when(cancel()).accepted();
    heard()
        .when(decide(ExclusionOutcome::Kept))
        .accepted()
        .when(cancel())
        .is_refused(MemberRefusal::WrongStanding { found: Standing::Member, expected: "resigned" });
}

#[rstest]
#[case(ExitCause::Death)]
#[case(ExitCause::Bankruptcy)]
#[case(ExitCause::Incapacity)]
fn the_law_ends_a_membership_and_its_shares(#[case] cause: ExitCause) {
    given::<Member>(shareholder(ALICE, 2))
        .with(tested(true, "0.00"))
        .when(by_law(cause))
        .then([MemberEvent::ExitByLaw { cause, evidence: paper("extract") }])
        .when(cancel())
        .accepted()
        .when(by_law(cause))
        .is_refused(MemberRefusal::WrongStanding { found: Standing::Out, expected: "in force or resigned" });
}

#[test]
fn e13_a_refund_above_what_was_determined_is_refused() {
    owed()
        .with(tested(true, "100.00"))
        .when(pay("60.01"))
        .is_refused_saying("a refund of 60.01 is above the 60.00 that was determined and is not yet paid");
    owed()
        .with(tested(true, "100.00"))
        .when(pay("20.00"))
        .then([paid("20.00")])
        .when(pay("40.01"))
        .is_refused(MemberRefusal::RefundAboveLimit { asked: amount("40.01"), limit: balance("40.00") });
    given::<Member>(shareholder(ALICE, 2))
        .when(pay("0.01"))
        .is_refused(MemberRefusal::RefundAboveLimit { asked: amount("0.01"), limit: Balance::ZERO });
}

#[test]
fn e14_nothing_is_refunded_before_both_tests_are_recorded() {
    owed()
        .with(MemberKnown { tests: None, ..tested(true, "0.00") })
        .when(pay("60.00"))
        .is_refused(MemberRefusal::NotTested { year: Year::new(2025) });
}

#[test]
fn e14_a_refund_is_suspended_whole_when_a_test_failed() {
    owed().with(tested(false, "50.00")).when(pay("60.00")).then([suspended("60.00")]);
    owed().with(tested(true, "-0.01")).when(pay("60.00")).then([suspended("60.00")]);
}

#[test]
fn e14_a_refund_within_the_room_is_paid_whole() {
    owed().with(tested(true, "60.00")).when(pay("60.00")).then([paid("60.00")]);
}

// F5 10: 60.00 due, net assets 12,000, floor 11,950. What waits bears no interest.
#[test]
fn e15_a_suspended_refund_is_resumed_by_later_tests_without_interest() {
    let waiting = owed()
        .with(tested(true, "50.00"))
        .when(pay("60.00"))
        .then([paid("50.00"), suspended("10.00")])
        .with(tested(true, "0.00"))
        .when(pay("10.00"));
    waiting.is_refused(MemberRefusal::RefundAboveLimit { asked: amount("10.00"), limit: Balance::ZERO });
    let waiting = owed().and([paid("50.00"), suspended("10.00")]);
    waiting
        .clone()
        .with(tested(true, "0.00"))
        .when(MemberCommand::ResumeRefund {})
        .is_refused_saying("10.00 stays suspended: the latest tests leave room for 0.00");
    waiting
        .on("2025-11-03")
        .with(tested(true, "4.00"))
        .when(MemberCommand::ResumeRefund {})
        .then([resumed("4.00")])
        .when(pay("4.00"))
        .then([paid("4.00")])
        .with(tested(true, "500.00"))
        .when(MemberCommand::ResumeRefund {})
        .then([resumed("6.00")])
        .when(pay("6.00"))
        .then([paid("6.00")])
        .when(MemberCommand::ResumeRefund {})
        .is_refused(MemberRefusal::NothingSuspended);
}

#[test]
fn a_refund_is_paid_even_after_the_membership_ended() {
    owed()
        .when(MemberCommand::EndMembership { reason: token("bankruptcy") })
        .accepted()
        .with(tested(true, "60.00"))
        .when(pay("60.00"))
        .then([paid("60.00")]);
}

#[test]
fn a_payment_that_never_left_is_taken_back_and_the_rest_stays() {
    let n = owed().events.len();
    let taken_back = |n| MemberCommand::Correct(correct(n, None));
    let paid = owed().with(tested(true, "50.00")).when(pay("60.00")).accepted();
    paid.clone()
        .with_original(n + 1)
        .when(taken_back(n + 1))
        .accepted()
        .when(pay("50.01"))
        .is_refused(MemberRefusal::RefundAboveLimit { asked: amount("50.01"), limit: balance("50.00") });
    paid.clone().with_original(n + 2).when(taken_back(n + 2)).is_refused_saying(
        "refund.suspended cannot be taken back: the tests of its day say so; resume it when later tests pass",
    );
    paid.with_original(n)
        .when(taken_back(n))
        .is_refused_saying("refund.determined cannot be taken back: it was paid or suspended since");
}

#[test]
fn a_member_lends_without_interest_and_is_paid_back_within_five_years() {
    let evidence = paper("bank-line");
    let member = || given::<Member>(shareholder(ALICE, 1));
    let lent = MemberEvent::CurrentAccountCredited {
        person: ALICE,
        amount: amount("500.00"),
        repayable_by: day("2030-03-03"),
        evidence,
    };
    let repaid = |n| MemberEvent::CurrentAccountRepaid { person: ALICE, amount: amount(n), evidence };
    member()
        .when(lend("500.00", None))
        .then([lent])
        .when(repay("200.00"))
        .then([repaid("200.00")])
        .when(repay("300.01"))
        .is_refused_saying("300.01 is more than the 300.00 that the member has lent");
    member()
        .when(lend("500.00", Some("0.02")))
        .is_refused_saying("a current account bears no interest; 0.02 was asked for");
    given::<Member>([])
        .when(lend("500.00", None))
        .is_refused(MemberRefusal::WrongStanding { found: Standing::None, expected: "in force" });
}

#[test]
fn what_was_lent_is_taken_back_unless_it_was_paid_back() {
    let lent = given::<Member>(shareholder(ALICE, 1)).when(lend("500.00", None)).accepted();
    let n = lent.events.len();
    let taken_back = |n| MemberCommand::Correct(correct(n, None));
    lent.clone()
        .with_original(n)
        .when(taken_back(n))
        .accepted()
        .when(repay("0.01"))
        .is_refused(MemberRefusal::MoreThanLent { asked: amount("0.01"), lent: Balance::ZERO });
    let repaid = lent.when(repay("200.00")).accepted();
    repaid
        .clone()
        .with_original(n)
        .when(taken_back(n))
        .is_refused_saying("current_account.credited cannot be taken back: it was paid back since");
    repaid.with_original(n + 1).when(taken_back(n + 1)).accepted().when(repay("500.00")).accepted();
}
