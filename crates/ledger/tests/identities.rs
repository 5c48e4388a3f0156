//! Whatever the cooperative does, the books agree after every event.
//!
//! The random cooperative plays: after every event identities I1–I3 hold, after every command the share
//! register ties to the books (E18), and so do loans (I6), grants to pass on (I7) and advances (E30, I5).

mod common;
mod cooperative;
mod entity;

use std::collections::BTreeSet;

use common::{amount, balance, day, evidence};
use cooperative::{Booked, Cooperative, N_KINDS, Step};
use domain::member::{MemberCommand, PaidFrom};
use domain::money::Balance;
use domain::{Event, StreamId};
use ledger::{Account, post, rule_for};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

fn steps(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..N_KINDS, any::<u16>(), any::<u32>()), n)
}

/// What the long life is drawn from: whether budget is spendable on issue, then any steps at all.
///
/// Which of them the rules allow only the cooperative knows; its naive registers are summed beside the
/// books from the events alone.
struct AnySteps;

impl ReferenceStateMachine for AnySteps {
    type State = bool;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<bool> {
        any::<bool>().boxed()
    }

    fn transitions(_: &bool) -> BoxedStrategy<Step> {
        (0..N_KINDS, any::<u16>(), any::<u32>()).boxed()
    }

    fn apply(on_issue: bool, _: &Step) -> bool {
        on_issue
    }
}

struct LongLife;

impl StateMachineTest for LongLife {
    type SystemUnderTest = Cooperative;
    type Reference = AnySteps;

    fn init_test(on_issue: &bool) -> Cooperative {
        Cooperative::new(if *on_issue { "issue" } else { "payment" })
    }

    // A step asks after each of its events whether books and registers agree.
    fn apply(mut cooperative: Cooperative, _: &bool, step: Step) -> Cooperative {
        cooperative.step(step);
        cooperative
    }

    fn teardown(mut cooperative: Cooperative, _: bool) {
        cooperative.close_the_year();
    }
}

/// How many steps a long life has.
const STEPS_OF_A_LIFE: usize = 2_000;

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn books_and_registers_agree_through_a_long_life(sequential STEPS_OF_A_LIFE => LongLife);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn e1_i1_i2_i3_i6_i7_the_books_agree_after_every_event(steps in steps(1..250), on_issue in any::<bool>()) {
        let mut cooperative = Cooperative::new(if on_issue { "issue" } else { "payment" });
        for step in steps {
            cooperative.step(step);
        }
    }

    #[test]
    fn i4_the_books_agree_after_every_step_of_closing(steps in steps(1..150)) {
        let mut cooperative = Cooperative::new("payment");
        for step in steps {
            cooperative.step(step);
        }
        cooperative.close_the_year();
    }

    #[test]
    fn a_cooperative_whose_every_entry_is_mirrored_holds_nothing(steps in steps(1..120)) {
        let mut cooperative = Cooperative::new("payment");
        for step in steps {
            cooperative.step(step);
        }
        let entries: Vec<_> = cooperative.log.iter().filter_map(|booked| booked.posting.entry()).collect();
        for movement in entries.iter().flat_map(|entry| &entry.movements) {
            cooperative.balances.book(&movement.mirrored());
        }
        prop_assert!(cooperative.balances.trial_balance().iter().all(|row| row.balance == Balance::ZERO));
        prop_assert!(cooperative.balances.owners().is_empty());
    }
}

// E18, step by step: a member subscribes 90.00 and pays 50.00, and leaves when a share is worth 10.00.
#[test]
fn e18_the_register_of_paid_in_shares_is_the_contribution_less_what_is_still_called() {
    let mut cooperative = Cooperative::new("payment");
    let (member, evidence) = (cooperative.seats[0], evidence("PAPER-1"));
    let (class, paid_from) = ("A".parse().unwrap(), PaidFrom::OwnMeans);
    let steps = [
        MemberCommand::SubscribeShares { class, shares: 3, evidence },
        MemberCommand::PayUpShares { amount: amount("50.00"), paid_from, evidence },
        MemberCommand::RequestResignation { filed_on: day(cooperative::steps::DAY), evidence },
        MemberCommand::AcceptResignation {},
        MemberCommand::CancelShares { reason: cooperative::steps::reason() },
        MemberCommand::DetermineRefund { net_assets_per_share: balance("10.00"), evidence },
    ];
    let head = ["after", "1109", "410", "paid in", "489", "1109NR"];
    let row = |[kind, rest @ ..]: [&str; 6]| {
        let cells: String = rest.iter().map(|cell| format!("{cell:>8}")).collect();
        format!("{kind:<21}{cells}\n")
    };
    let mut found = row(head);
    for step in steps {
        cooperative.ask_member(member, step);
        let total = |account| cooperative.balances.total(account);
        let (contribution, called) = (total(Account::Contribution), total(Account::UnpaidContribution));
        let (owed, kept) = (total(Account::SundryPayables), total(Account::ContributionNotRefunded));
        let sums = [contribution, called, contribution - called, owed, kept].map(|sum| sum.to_string());
        let [contribution, called, paid_in, owed, kept] = sums.each_ref().map(String::as_str);
        let kind = cooperative.log.last().unwrap().event.kind().name;
        found += &row([kind, contribution, called, paid_in, owed, kept]);
    }
    insta::assert_snapshot!(found, @r"
    after                    1109     410 paid in     489  1109NR
    shares.subscribed       90.00   90.00    0.00    0.00    0.00
    shares.paid_up          90.00   40.00   50.00    0.00    0.00
    resignation.requested   90.00   40.00   50.00    0.00    0.00
    resignation.accepted    90.00   40.00   50.00    0.00    0.00
    shares.cancelled        50.00    0.00   50.00    0.00    0.00
    refund.determined        0.00    0.00    0.00   30.00   20.00
    ");
}

// A property that nothing reaches proves nothing.
#[test]
fn the_harness_reaches_every_event_that_is_booked_and_every_correction() {
    let mut booked = BTreeSet::new();
    let mut corrected = BTreeSet::new();
    for spendable_on in ["issue", "payment"] {
        let mut cooperative = Cooperative::new(spendable_on);
        let mut seed: u64 = 2025;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let [a, b, c, d, e, f, g, _] = seed.rotate_left(17).to_le_bytes();
            cooperative.step((a, u16::from_le_bytes([b, c]), u32::from_le_bytes([d, e, f, g])));
        }
        cooperative.close_the_year();
        corrected.append(&mut cooperative.corrected);
        for Booked { event, posting, .. } in &cooperative.log {
            if posting.entry().is_some() {
                booked.insert(event.kind().name);
            }
        }
    }
    let silent = |(stream, event): (StreamId, Event)| {
        let posting = post(rule_for(&event), stream, &event).unwrap();
        posting.entry().is_some().then(|| event.kind().name)
    };
    let expected: BTreeSet<_> = common::samples().into_iter().filter_map(silent).collect();
    assert_eq!(booked, expected);
    let with_replacement = [
        "advance.granted",
        "allowance.paid",
        "vote.cast",
        "deficit.absorbed",
        "contract.declared",
        "expense.approved",
        "expense.claimed",
        "expense.paid",
        "grant.passed_on",
        "grant.received",
        "grant.recognised",
        "instalment.paid",
        "invoice.paid",
        "loan.disbursed",
        "loan.written_off",
        "invoice.recovered",
        "bank_fee.charged",
        "line.matched",
        "purchase.paid",
        "purchase.recorded",
        "refund.determined",
        "salary.calculated",
        "salary.paid",
        "shares.paid_up",
        "shares.subscribed",
        "staff_pay.recorded",
        "work_days.declared",
    ];
    for kind in with_replacement {
        assert!(corrected.contains(&(kind, true)), "{kind} is corrected and replaced");
        assert!(corrected.contains(&(kind, false)), "{kind} is corrected and taken back");
    }
    assert!(corrected.contains(&("contract.cancelled", false)));
}
