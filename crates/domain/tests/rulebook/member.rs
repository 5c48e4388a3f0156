//! The rulebook of membership: open and voluntary, one's own means, at most the nominal value back.

use domain::correction::{Correction, CorrectionRefused};
use domain::joint::TransferShares;
use domain::member::{
    Category, Member, MemberCommand, MemberEvent, MemberKnown, MemberRefusal, PaidFrom, Standing,
};
use domain::parameters::{Parameter, Value};
use domain::stream::YearNotOpen;
use domain::{Balance, Event, Position, StreamId};
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, given, transfer};

const FOUR: MemberKnown = known(4);

/// So many members hold shares.
const fn known(shareholders: u32) -> MemberKnown {
    MemberKnown { shareholders, member_already: None, tests: None }
}

fn request() -> MemberCommand {
    MemberCommand::RequestAdmission { person: ALICE, category: Category::User }
}

fn requested() -> MemberEvent {
    MemberEvent::AdmissionRequested { person: ALICE, category: Category::User }
}

fn resign() -> MemberCommand {
    resign_as_filed_on("2025-03-03")
}

fn asked_to_resign() -> MemberEvent {
    MemberEvent::ResignationRequested { filed_on: day("2025-03-03"), evidence: paper("signed-letter") }
}

fn resigned() -> MemberEvent {
    MemberEvent::ResignationAccepted { leaves_on: day("2025-06-30"), payable_by: day("2025-07-31") }
}

fn cancel() -> MemberCommand {
    MemberCommand::CancelShares { reason: token("resignation") }
}

fn refund(net_assets_per_share: &str) -> MemberCommand {
    let evidence = paper("approved-accounts");
    MemberCommand::DetermineRefund { net_assets_per_share: balance(net_assets_per_share), evidence }
}

fn end() -> MemberCommand {
    MemberCommand::EndMembership { reason: token("resignation") }
}

/// ALICE with so many shares paid in full, whose resignation is accepted.
fn leaver(shares: u32) -> Given<Member> {
    given(shareholder(ALICE, shares)).and([asked_to_resign(), resigned()]).on("2025-06-30").with(FOUR)
}

fn wrong_standing(found: Standing, expected: &'static str) -> MemberRefusal {
    MemberRefusal::WrongStanding { found, expected }
}

// Admission.

#[test]
fn anybody_may_ask_to_become_a_member() {
    given::<Member>([]).when(request()).then([requested()]);
}

#[test]
fn one_asks_once() {
    let refused = |found| wrong_standing(found, "not yet requested");
    given::<Member>([requested()]).when(request()).is_refused(refused(Standing::Requested));
    given::<Member>(admitted(ALICE)).when(request()).is_refused(refused(Standing::Member));
}

#[test]
fn a_person_has_one_membership_at_a_time() {
    let known = MemberKnown { member_already: Some(BOBS_MEMBERSHIP), ..FOUR };
    given::<Member>([])
        .with(known)
        .when(request())
        .is_refused(MemberRefusal::AlreadyMember { person: ALICE, member: BOBS_MEMBERSHIP });
    // Where the membership stands is said first.
    given::<Member>([requested()])
        .with(known)
        .when(request())
        .is_refused(wrong_standing(Standing::Requested, "not yet requested"));
}

#[test]
fn a_request_is_granted_or_refused_for_a_reason() {
    given::<Member>([requested()])
        .when(MemberCommand::GrantAdmission {})
        .then([MemberEvent::AdmissionGranted { person: ALICE, category: Category::User }]);
    let reason = token("statutes.10");
    given::<Member>([requested()])
        .when(MemberCommand::RefuseAdmission { reason })
        .then([MemberEvent::AdmissionRefused { person: ALICE, reason }])
        .when(MemberCommand::GrantAdmission {})
        .is_refused(wrong_standing(Standing::Ended, "requested"));
}

#[test]
fn nobody_is_admitted_without_asking() {
    let refused = || wrong_standing(Standing::None, "requested");
    given::<Member>([]).when(MemberCommand::GrantAdmission {}).is_refused(refused());
    given::<Member>([])
        .when(MemberCommand::RefuseAdmission { reason: token("statutes.10") })
        .is_refused(refused());
}

#[test]
fn a_member_moves_to_the_other_category() {
    let (from, to) = (Category::User, Category::Partner);
    given::<Member>(admitted(ALICE))
        .when(MemberCommand::ChangeCategory { to })
        .then([MemberEvent::CategoryChanged { from, to }])
        .when(MemberCommand::ChangeCategory { to })
        .is_refused(MemberRefusal::SameCategory { category: Category::Partner });
    given::<Member>([requested()])
        .when(MemberCommand::ChangeCategory { to })
        .is_refused(wrong_standing(Standing::Requested, "in force"));
}

// Shares.

#[test]
fn a_member_subscribes_shares_at_their_nominal_value() {
    given::<Member>(admitted(ALICE)).when(subscribe(5)).then([subscribed(ALICE, 5)]);
}

#[test]
fn only_a_member_subscribes() {
    given::<Member>([requested()])
        .when(subscribe(1))
        .is_refused(wrong_standing(Standing::Requested, "in force"));
    given::<Member>(admitted(ALICE))
        .and([asked_to_resign()])
        .when(subscribe(1))
        .is_refused(wrong_standing(Standing::Resigning, "in force"));
}

#[test]
fn no_share_is_no_subscription() {
    given::<Member>(admitted(ALICE)).when(subscribe(0)).is_refused(MemberRefusal::NoShares);
}

#[test]
fn nobody_holds_more_shares_than_the_register_can_count() {
    let max = 1_000_000;
    given::<Member>(admitted(ALICE)).when(subscribe(max)).accepted();
    given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 2)])
        .when(subscribe(max - 1))
        .is_refused(MemberRefusal::TooManyShares { held: 2, asked: max - 1, max });
    given::<Member>(admitted(ALICE)).when(subscribe(u32::MAX)).is_refused_saying(
        "4294967295 more shares on the 0 held are above the 1000000 that one member may hold",
    );
}

#[test]
fn without_a_nominal_value_nothing_is_subscribed() {
    given::<Member>(admitted(ALICE))
        .without_parameters()
        .when(subscribe(1))
        .is_refused_saying("parameter share.nominal has no value on 2025-03-03; publish one first");
}

#[test]
fn shares_are_paid_in_parts_up_to_what_was_subscribed() {
    given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 2)])
        .when(pay_up("45.00"))
        .then([paid_up("45.00")])
        .when(pay_up("15.01"))
        .is_refused(MemberRefusal::MoreThanSubscribed { amount: amount("15.01"), unpaid: balance("15.00") });
    given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 2), paid_up("45.00")])
        .when(pay_up("15.00"))
        .then([paid_up("15.00")]);
}

#[rstest]
#[case(PaidFrom::UnitBudget)]
#[case(PaidFrom::ExpenseNote)]
fn e17_shares_are_paid_from_ones_own_means(#[case] paid_from: PaidFrom) {
    let (amount, evidence) = (amount("999.00"), paper("bank-line"));
    // Where the money comes from is said before how much of it.
    given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 1)])
        .when(MemberCommand::PayUpShares { amount, paid_from, evidence })
        .is_refused(MemberRefusal::NotOwnMeans { amount, found: paid_from });
}

#[test]
fn a_member_who_asked_to_resign_may_still_pay_up() {
    given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 1), asked_to_resign()])
        .when(pay_up("30.00"))
        .then([paid_up("30.00")]);
    given::<Member>([]).when(pay_up("30.00")).is_refused(wrong_standing(Standing::None, "in force"));
}

#[test]
fn a_closed_year_is_refused_before_anything_else() {
    given::<Member>([])
        .in_a_year_that_is_not_open()
        .when(subscribe(0))
        .is_refused(YearNotOpen { effective_on: day("2025-03-03"), year: domain::Year::new(2025) });
}

// Transfers.

fn bob(events: impl IntoIterator<Item = MemberEvent>) -> Given<Member> {
    given(events).of(BOBS_MEMBERSHIP)
}

fn to_bob(shares: u32) -> TransferShares {
    TransferShares { to: BOBS_MEMBERSHIP, shares, evidence: paper("deed") }
}

fn refused_transfer(from: &Given<Member>, to: &Given<Member>, asked: &TransferShares, says: &str) {
    assert_eq!(transfer(from, to, asked).unwrap_err().to_string(), says);
}

#[test]
fn a_transfer_leaves_one_register_and_enters_the_other() {
    let (from, to) = (given(shareholder(ALICE, 3)), bob(admitted(BOB)));
    let decided = transfer(&from, &to, &to_bob(2)).expect("nothing forbids it");
    let (paid, evidence) = (amount("60.00"), paper("deed"));
    let gone = MemberEvent::SharesTransferred {
        from: ALICE,
        to: BOB,
        to_member: BOBS_MEMBERSHIP,
        shares: 2,
        paid,
        evidence,
    };
    let come = MemberEvent::SharesReceived {
        from: ALICE,
        from_member: ALICES_MEMBERSHIP,
        to: BOB,
        shares: 2,
        paid,
        evidence,
    };
    assert_eq!(
        decided,
        vec![
            (StreamId::Member(ALICES_MEMBERSHIP), Event::Member(gone.clone())),
            (StreamId::Member(BOBS_MEMBERSHIP), Event::Member(come.clone())),
        ]
    );
    // Both registers hold what they should: ALICE one share, BOB two, all paid.
    let asked = TransferShares { to: ALICES_MEMBERSHIP, ..to_bob(3) };
    refused_transfer(
        &to.and([come]),
        &from.clone().and([gone.clone()]),
        &asked,
        "the member holds 2 shares and cannot part with 3",
    );
    refused_transfer(
        &from.and([gone]),
        &bob(admitted(BOB)),
        &to_bob(2),
        "the member holds 1 shares and cannot part with 2",
    );
}

#[test]
fn a_member_cannot_transfer_more_shares_than_held() {
    refused_transfer(
        &given(shareholder(ALICE, 10)),
        &bob(admitted(BOB)),
        &to_bob(12),
        "the member holds 10 shares and cannot part with 12",
    );
}

#[test]
fn a_transfer_of_nothing_is_none() {
    let (from, to) = (given(shareholder(ALICE, 1)), bob(admitted(BOB)));
    assert_eq!(transfer(&from, &to, &to_bob(0)).unwrap_err(), MemberRefusal::NoShares.into());
}

#[test]
fn only_shares_paid_in_full_change_hands() {
    let from = given(admitted(ALICE)).and([subscribed(ALICE, 2), paid_up("30.00")]);
    refused_transfer(
        &from,
        &bob(admitted(BOB)),
        &to_bob(1),
        "30.00 is still unpaid on the member's shares; pay them up before a transfer",
    );
}

#[test]
fn shares_go_to_another_member_in_force() {
    let from = given(shareholder(ALICE, 1));
    let asked = TransferShares { to: ALICES_MEMBERSHIP, ..to_bob(1) };
    refused_transfer(&from, &from, &asked, "a member cannot transfer shares to itself");
    refused_transfer(&from, &bob([]), &to_bob(1), "the membership is None; this needs one that is in force");
    let leaving = bob(admitted(BOB)).and([asked_to_resign()]);
    refused_transfer(
        &from,
        &leaving,
        &to_bob(1),
        "the membership is Resigning; this needs one that is in force",
    );
}

#[test]
fn a_transfer_never_leaves_fewer_than_three_shareholders() {
    let from = given(shareholder(ALICE, 1)).with(known(3));
    refused_transfer(
        &from,
        &bob(shareholder(BOB, 1)),
        &to_bob(1),
        "3 members hold shares; at least 3 must remain",
    );
    // BOB becomes a shareholder as ALICE ceases to be one: three remain.
    assert!(transfer(&from, &bob(admitted(BOB)), &to_bob(1)).is_ok());
    // With four, three remain.
    assert!(transfer(&from.with(FOUR), &bob(shareholder(BOB, 1)), &to_bob(1)).is_ok());
}

#[test]
fn shares_carry_what_was_paid_on_them_whatever_the_nominal_value_is_today() {
    let dearer = Value::Amount(amount("35.00"));
    let from = given(shareholder(ALICE, 2)).publishing(Parameter::ShareNominal, dearer);
    let carried = |from: &Given<Member>, shares| {
        let decided = transfer(from, &bob(admitted(BOB)), &to_bob(shares)).expect("nothing forbids it");
        let Event::Member(MemberEvent::SharesTransferred { paid, .. }) = decided[0].1 else {
            panic!("shares were transferred");
        };
        paid
    };
    assert_eq!((carried(&from, 1), carried(&from, 2)), (amount("30.00"), amount("60.00")));
    // Two bought at 30.00, one at 35.00.
    let mixed = from.when(subscribe(1)).accepted().when(pay_up("35.00")).accepted();
    assert_eq!((carried(&mixed, 1), carried(&mixed, 3)), (amount("31.67"), amount("95.00")));
}

#[test]
fn a_transfer_is_bound_to_an_open_year() {
    let from = given(shareholder(ALICE, 1)).in_a_year_that_is_not_open();
    assert_eq!(transfer(&from, &bob([]), &to_bob(9)).unwrap_err().code(), "year.not_open");
}

#[test]
fn nobody_receives_more_shares_than_the_register_can_count() {
    let (from, to) = (given(shareholder(ALICE, 2)), bob(shareholder(BOB, 999_999)));
    assert_eq!(transfer(&from, &to, &to_bob(2)).unwrap_err().code(), "member.too_many_shares");
}

// Leaving.

#[test]
fn a_member_asks_to_leave_by_letter_and_is_answered() {
    given::<Member>(admitted(ALICE))
        .when(resign())
        .then([asked_to_resign()])
        .when(MemberCommand::AcceptResignation {})
        .then([resigned()]);
    let reason = token("debt-to-the-unit");
    given::<Member>(admitted(ALICE))
        .and([asked_to_resign()])
        .when(MemberCommand::RefuseResignation { reason })
        .then([MemberEvent::ResignationRefused { reason }])
        .when(resign())
        .then([asked_to_resign()]);
}

#[test]
fn a_resignation_counts_from_the_day_it_was_filed_however_late_it_is_answered() {
    let resigned = |leaves_on, payable_by| MemberEvent::ResignationAccepted {
        leaves_on: day(leaves_on),
        payable_by: day(payable_by),
    };
    given::<Member>(admitted(ALICE))
        .on("2025-07-08")
        .when(resign_as_filed_on("2025-06-30"))
        .then([MemberEvent::ResignationRequested {
            filed_on: day("2025-06-30"),
            evidence: paper("signed-letter"),
        }])
        .on("2025-07-15")
        .when(MemberCommand::AcceptResignation {})
        .then([resigned("2025-06-30", "2025-07-31")]);
    given::<Member>(admitted(ALICE))
        .on("2025-07-08")
        .when(resign_as_filed_on("2025-07-01"))
        .accepted()
        .when(MemberCommand::AcceptResignation {})
        .then([resigned("2026-06-30", "2026-07-31")]);
}

#[test]
fn nobody_files_a_resignation_in_the_future() {
    let refused =
        || MemberRefusal::FiledInFuture { filed_on: day("2025-03-04"), effective_on: day("2025-03-03") };
    given::<Member>(admitted(ALICE)).when(resign_as_filed_on("2025-03-04")).is_refused(refused());
    given::<Member>(admitted(ALICE))
        .when(resign_as_filed_on("2025-03-04"))
        .is_refused_saying("a resignation filed on 2025-03-04 cannot be asked for on 2025-03-03 already");
    given::<Member>(admitted(ALICE)).when(resign_as_filed_on("2025-03-03")).accepted();
    // Where the membership stands is said first.
    given::<Member>([requested()])
        .when(resign_as_filed_on("2025-03-04"))
        .is_refused(wrong_standing(Standing::Requested, "in force"));
}

#[test]
fn only_a_member_resigns_and_only_a_request_is_answered() {
    given::<Member>([requested()]).when(resign()).is_refused(wrong_standing(Standing::Requested, "in force"));
    given::<Member>(admitted(ALICE))
        .and([asked_to_resign()])
        .when(resign())
        .is_refused(wrong_standing(Standing::Resigning, "in force"));
    let refused = || wrong_standing(Standing::Member, "asking to resign");
    given::<Member>(admitted(ALICE)).when(MemberCommand::AcceptResignation {}).is_refused(refused());
    given::<Member>(admitted(ALICE))
        .when(MemberCommand::RefuseResignation { reason: token("none") })
        .is_refused(refused());
}

#[test]
fn shares_are_cancelled_on_the_day_the_resignation_takes_effect() {
    let cancelled = MemberEvent::SharesCancelled {
        person: ALICE,
        shares: 2,
        paid: balance("60.00"),
        unpaid: Balance::ZERO,
        reason: token("resignation"),
    };
    leaver(2).when(cancel()).then([cancelled.clone()]);
    leaver(2).on("2025-07-15").when(cancel()).then([cancelled]);
    leaver(2).on("2025-06-29").when(cancel()).is_refused(MemberRefusal::NotYetLeft {
        leaves_on: day("2025-06-30"),
        effective_on: day("2025-06-29"),
    });
}

// columns: paid | still unpaid when the shares are cancelled
#[rstest]
#[case("45.00", "15.00")]
#[case("60.00", "0.00")]
fn cancelled_shares_say_what_was_paid_and_what_never_was(#[case] paid: &str, #[case] unpaid: &str) {
    given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 2), paid_up(paid), asked_to_resign(), resigned()])
        .with(FOUR)
        .on("2025-06-30")
        .when(cancel())
        .then([MemberEvent::SharesCancelled {
            person: ALICE,
            shares: 2,
            paid: balance(paid),
            unpaid: balance(unpaid),
            reason: token("resignation"),
        }]);
}

#[test]
fn shares_of_a_member_in_force_are_not_cancelled() {
    given::<Member>(shareholder(ALICE, 2))
        .with(FOUR)
        .when(cancel())
        .is_refused(wrong_standing(Standing::Member, "resigned"));
}

#[test]
fn there_are_shares_to_cancel_only_once() {
    leaver(1)
        .when(cancel())
        .accepted()
        .when(cancel())
        .is_refused(MemberRefusal::NotEnoughShares { held: 0, asked: 1 });
}

#[test]
fn e21_three_shareholders_remain_at_all_times() {
    leaver(1)
        .with(known(3))
        .when(cancel())
        .is_refused(MemberRefusal::TooFewShareholders { shareholders: 3, min: 3 });
    // Not yet left is said before too few would remain.
    leaver(1).with(known(3)).on("2025-06-01").when(cancel()).is_refused(MemberRefusal::NotYetLeft {
        leaves_on: day("2025-06-30"),
        effective_on: day("2025-06-01"),
    });
}

// columns: paid in | net assets per share | refunded | kept by the cooperative
#[rstest]
#[case::never_above_what_was_paid_in("60.00", "42.17", "60.00", "0.00")]
#[case::never_above_the_net_assets("60.00", "21.35", "42.70", "17.30")]
#[case::only_what_was_really_paid("30.00", "42.17", "30.00", "0.00")]
#[case::nothing_when_there_are_no_net_assets("60.00", "0.00", "0.00", "60.00")]
#[case::never_less_than_nothing("60.00", "-5.00", "0.00", "60.00")]
#[case::nothing_when_a_cent_was_paid_and_nothing_is_left("0.01", "-5.00", "0.00", "0.01")]
fn e13_a_leaver_gets_at_most_the_nominal_value_paid_in(
    #[case] paid: &str,
    #[case] net_assets_per_share: &str,
    #[case] refunded: &str,
    #[case] kept: &str,
) {
    given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 2), paid_up(paid), asked_to_resign(), resigned()])
        .with(FOUR)
        .on("2025-06-30")
        .when(cancel())
        .accepted()
        .when(refund(net_assets_per_share))
        .then([MemberEvent::RefundDetermined {
            person: Some(ALICE),
            shares: 2,
            paid_in: balance(paid),
            nominal: balance("60.00"),
            net_assets_per_share: balance(net_assets_per_share),
            amount: balance(refunded),
            not_refunded: balance(kept),
            evidence: paper("approved-accounts"),
        }]);
}

#[test]
fn a_refund_never_exceeds_the_nominal_value_of_the_day() {
    leaver(2)
        .when(cancel())
        .accepted()
        .publishing(Parameter::ShareNominal, Value::Amount(amount("25.00")))
        .when(refund("42.17"))
        .then([MemberEvent::RefundDetermined {
            person: Some(ALICE),
            shares: 2,
            paid_in: balance("60.00"),
            nominal: balance("50.00"),
            net_assets_per_share: balance("42.17"),
            amount: balance("50.00"),
            not_refunded: balance("10.00"),
            evidence: paper("approved-accounts"),
        }]);
}

#[test]
fn a_refund_is_determined_once_and_only_for_cancelled_shares() {
    leaver(2).when(refund("30.00")).is_refused(MemberRefusal::NothingToRefund);
    leaver(2)
        .when(cancel())
        .accepted()
        .when(refund("30.00"))
        .accepted()
        .when(refund("30.00"))
        .is_refused(MemberRefusal::NothingToRefund);
}

#[test]
fn a_leaver_who_paid_nothing_and_gets_nothing_is_settled_all_the_same() {
    let settled = given::<Member>(admitted(ALICE))
        .and([subscribed(ALICE, 2), asked_to_resign(), resigned()])
        .with(FOUR)
        .on("2025-06-30")
        .when(cancel())
        .accepted()
        .when(refund("30.00"))
        .then([MemberEvent::RefundDetermined {
            person: Some(ALICE),
            shares: 2,
            paid_in: Balance::ZERO,
            nominal: balance("60.00"),
            net_assets_per_share: balance("30.00"),
            amount: Balance::ZERO,
            not_refunded: Balance::ZERO,
            evidence: paper("approved-accounts"),
        }]);
    settled.when(refund("30.00")).is_refused(MemberRefusal::NothingToRefund);
}

#[test]
fn a_membership_ends_when_no_shares_are_held() {
    let ended = || MemberEvent::MembershipEnded { person: ALICE, reason: token("resignation") };
    given::<Member>(admitted(ALICE)).when(end()).then([ended()]);
    leaver(2).when(cancel()).accepted().when(end()).then([ended()]);
    leaver(2).when(end()).is_refused(MemberRefusal::SharesHeld { held: 2 });
    given::<Member>([requested()])
        .when(end())
        .is_refused(wrong_standing(Standing::Requested, "in force or resigned"));
}

// Corrections.

fn corrected(given: Given<Member>, n: usize, instead: Option<MemberCommand>) -> Given<Member> {
    given.with_original(n).when(MemberCommand::Correct(correct(n, instead))).accepted()
}

fn cannot_correct(given: Given<Member>, n: usize, says: &str) {
    given.with_original(n).when(MemberCommand::Correct(correct(n, None))).is_refused_saying(says);
}

#[test]
fn a_mistyped_payment_is_replaced_under_the_same_rules() {
    let wrong = || given::<Member>(admitted(ALICE)).and([subscribed(ALICE, 2), paid_up("50.00")]);
    let asked = correct(4, Some(pay_up("60.00")));
    wrong()
        .with_original(4)
        .when(MemberCommand::Correct(asked.clone()))
        .then([MemberEvent::Corrected(Correction {
            position: Position(4),
            original: Box::new(paid_up("50.00")),
            original_rule: token("shares.paid_up@1"),
            reason: asked.reason,
            authority: asked.authority,
            replacement: Some(Box::new(paid_up("60.00"))),
        })])
        .when(pay_up("0.01"))
        .is_refused(MemberRefusal::MoreThanSubscribed { amount: amount("0.01"), unpaid: Balance::ZERO });
    // 60.01 is too much, and that is judged as if the 50.00 had never been paid.
    wrong()
        .with_original(4)
        .when(MemberCommand::Correct(correct(4, Some(pay_up("60.01")))))
        .is_refused(MemberRefusal::MoreThanSubscribed { amount: amount("60.01"), unpaid: balance("60.00") });
}

#[test]
fn a_payment_that_never_was_is_void() {
    let wrong = given(admitted(ALICE)).and([subscribed(ALICE, 2), paid_up("60.00")]);
    corrected(wrong, 4, None).when(pay_up("60.00")).then([paid_up("60.00")]);
}

#[test]
fn a_payment_of_shares_that_are_gone_cannot_be_taken_back() {
    let gone = leaver(2).when(cancel()).accepted();
    cannot_correct(
        gone,
        4,
        "shares.paid_up cannot be taken back: the shares were cancelled or transferred since",
    );
}

#[test]
fn a_subscription_is_corrected_while_nothing_rests_upon_it() {
    let unpaid = given(admitted(ALICE)).and([subscribed(ALICE, 3)]);
    corrected(unpaid, 3, Some(subscribe(2)))
        .when(pay_up("60.01"))
        .is_refused(MemberRefusal::MoreThanSubscribed { amount: amount("60.01"), unpaid: balance("60.00") });
    cannot_correct(
        given(shareholder(ALICE, 3)),
        3,
        "shares.subscribed cannot be taken back: the shares were paid, transferred or cancelled since",
    );
}

#[test]
fn a_change_of_category_is_taken_back_unless_it_changed_again() {
    let (user, partner) = (Category::User, Category::Partner);
    let to = |from, to| MemberEvent::CategoryChanged { from, to };
    let once = given(admitted(ALICE)).and([to(user, partner)]);
    corrected(once, 3, None)
        .when(MemberCommand::ChangeCategory { to: user })
        .is_refused(MemberRefusal::SameCategory { category: user });
    cannot_correct(
        given(admitted(ALICE)).and([to(user, partner), to(partner, user)]),
        3,
        "category.changed cannot be taken back: the category changed again since",
    );
}

#[test]
fn admission_and_its_end_are_final() {
    for n in [1, 2] {
        let given = given::<Member>(admitted(ALICE));
        let kind = if n == 1 { "admission.requested" } else { "admission.granted" };
        cannot_correct(given, n, &format!("{kind} cannot be taken back: end the membership instead"));
    }
    let refused =
        given([requested(), MemberEvent::AdmissionRefused { person: ALICE, reason: token("statutes.10") }]);
    cannot_correct(refused, 2, "admission.refused cannot be taken back: end the membership instead");
    let ended = given(admitted(ALICE)).when(end()).accepted();
    cannot_correct(ended, 3, "membership.ended cannot be taken back: the person may have been admitted anew");
}

#[test]
fn a_transfer_is_not_corrected_in_one_register_alone() {
    let (from, to) = (given(shareholder(ALICE, 3)), bob(admitted(BOB)));
    let decided = transfer(&from, &to, &to_bob(2)).expect("nothing forbids it");
    let (Event::Member(gone), Event::Member(come)) = (decided[0].1.clone(), decided[1].1.clone()) else {
        panic!("both events are members'");
    };
    let because = "the other member's register rests upon it; transfer the shares back";
    cannot_correct(from.and([gone]), 5, &format!("shares.transferred cannot be taken back: {because}"));
    cannot_correct(to.and([come]), 3, &format!("shares.received cannot be taken back: {because}"));
}

#[test]
fn the_steps_of_a_resignation_are_taken_back_one_by_one() {
    let accepted = given(shareholder(ALICE, 2)).and([asked_to_resign(), resigned()]).with(FOUR);
    cannot_correct(
        accepted.clone(),
        5,
        "resignation.requested cannot be taken back: the membership moved on since",
    );
    let asking = corrected(accepted, 6, None);
    asking.clone().when(MemberCommand::AcceptResignation {}).then([resigned()]);
    corrected(asking, 5, None).when(resign()).then([asked_to_resign()]);

    let reason = token("debt-to-the-unit");
    let refused = given(admitted(ALICE)).and([asked_to_resign(), MemberEvent::ResignationRefused { reason }]);
    cannot_correct(
        refused.clone(),
        3,
        "resignation.requested cannot be taken back: the membership moved on since",
    );
    corrected(refused, 4, None).when(MemberCommand::AcceptResignation {}).then([resigned()]);
    cannot_correct(
        leaver(2).when(cancel()).accepted(),
        6,
        "resignation.accepted cannot be taken back: the membership moved on since",
    );
}

#[test]
fn a_resignation_keeps_its_day_of_filing_through_corrections() {
    let (june, july) = ("2025-06-30", "2025-07-08");
    let accepted = given::<Member>(admitted(ALICE))
        .on(july)
        .when(resign_as_filed_on(june))
        .accepted()
        .when(MemberCommand::AcceptResignation {})
        .accepted();
    let last_of_june =
        MemberEvent::ResignationAccepted { leaves_on: day(june), payable_by: day("2025-07-31") };
    corrected(accepted, 4, None).when(MemberCommand::AcceptResignation {}).then([last_of_june.clone()]);

    // A mistyped day is replaced, under the same rules.
    let asking = given::<Member>(admitted(ALICE)).on(july).when(resign_as_filed_on(july)).accepted();
    corrected(asking.clone(), 3, Some(resign_as_filed_on(june)))
        .when(MemberCommand::AcceptResignation {})
        .then([last_of_june.clone()]);
    asking
        .with_original(3)
        .when(MemberCommand::Correct(correct(3, Some(resign_as_filed_on("2025-07-09")))))
        .is_refused(MemberRefusal::FiledInFuture { filed_on: day("2025-07-09"), effective_on: day(july) });

    // Once a second request is taken back, the refusal of the first is final; it is asked for anew.
    let refused = given::<Member>(admitted(ALICE))
        .on(july)
        .when(resign_as_filed_on(june))
        .accepted()
        .when(MemberCommand::RefuseResignation { reason: token("debt-to-the-unit") })
        .accepted()
        .when(resign_as_filed_on(july))
        .accepted();
    let back = corrected(refused, 5, None);
    cannot_correct(
        back.clone(),
        4,
        "resignation.refused cannot be taken back: the membership moved on since",
    );
    back.when(resign_as_filed_on(june))
        .accepted()
        .when(MemberCommand::AcceptResignation {})
        .then([last_of_june]);
}

#[test]
fn a_cancellation_is_taken_back_with_what_was_still_unpaid() {
    let half_paid = given(admitted(ALICE))
        .and([subscribed(ALICE, 2), paid_up("30.00"), asked_to_resign(), resigned()])
        .with(FOUR)
        .on("2025-06-30")
        .when(cancel())
        .accepted();
    let back = corrected(half_paid, 7, None);
    back.clone().when(end()).is_refused(MemberRefusal::SharesHeld { held: 2 });
    // Back in force, ALICE still owes 30.00 on her shares.
    let back = corrected(corrected(back, 6, None), 5, None);
    back.clone().when(pay_up("30.00")).accepted();
    refused_transfer(
        &back,
        &bob(admitted(BOB)),
        &to_bob(1),
        "30.00 is still unpaid on the member's shares; pay them up before a transfer",
    );
}

#[test]
fn a_cancellation_whose_refund_was_determined_is_final_until_that_is_taken_back() {
    let refunded = leaver(2).when(cancel()).accepted().when(refund("30.00")).accepted();
    cannot_correct(
        refunded.clone(),
        7,
        "shares.cancelled cannot be taken back: the separation share was determined since",
    );
    let open = corrected(refunded, 8, Some(refund("20.00")));
    open.clone().when(refund("20.00")).is_refused(MemberRefusal::NothingToRefund);
    cannot_correct(
        open.when(end()).accepted(),
        8,
        "refund.determined cannot be taken back: the membership moved on since",
    );
}

#[test]
fn a_correction_is_final_and_stays_in_its_stream() {
    let once = corrected(given(admitted(ALICE)).and([subscribed(ALICE, 3)]), 3, None);
    once.with_original(4)
        .when(MemberCommand::Correct(correct(4, None)))
        .is_refused(CorrectionRefused::AlreadyVoid { position: Position(3) });
    given::<Member>(admitted(ALICE))
        .when(MemberCommand::Correct(correct(1, None)))
        .is_refused(CorrectionRefused::NotInStream { position: Position(1) });
}
