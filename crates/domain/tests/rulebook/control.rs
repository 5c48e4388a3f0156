//! The rulebook of checks: the log draws, nobody chooses, and what was found is put right.

use domain::Position;
use domain::control::{
    Action, Because, CheckId, Control, ControlCommand as C, ControlEvent as E, ControlKnown,
    ControlRefusal as R, LOTS, Timing, lots_below,
};
use domain::evidence::Digest;
use domain::parameters::{Parameter, Value};
use proptest::prelude::*;

use crate::fixtures::*;
use crate::harness::{Given, given};

pub const BEFORE: CheckId = CheckId { timing: Timing::Before, action: Position(4711) };
pub const AFTER: CheckId = CheckId { timing: Timing::After, action: Position(4711) };

/// A contract declared on 1 March, whose leaf begins with these two numbers.
pub fn action(before: u64, after: u64) -> ControlKnown {
    let mut leaf = [0; 32];
    leaf[..8].copy_from_slice(&before.to_be_bytes());
    leaf[8..16].copy_from_slice(&after.to_be_bytes());
    let (kind, effective_on) = (token("contract.declared"), day("2025-03-01"));
    ControlKnown { action: Some(Action { kind, effective_on, leaf: Digest(leaf) }) }
}

/// The number at which a lot begins: lot × 2^64 / 1,000,000, rounded up.
fn first_of_lot(lot: u32) -> u64 {
    let scaled = (u128::from(lot) << 64).div_ceil(u128::from(LOTS));
    u64::try_from(scaled).expect("lots lie below a million")
}

pub fn open(reason: Option<&str>) -> C {
    C::OpenCheck { reason: reason.map(token) }
}

pub fn pass() -> C {
    C::PassCheck { evidence: paper("report") }
}

pub fn fail(findings: &[&str]) -> C {
    C::FailCheck { findings: findings.iter().map(|code| token(code)).collect(), evidence: paper("report") }
}

pub fn remedy() -> C {
    C::RemedyCheck { evidence: paper("remedy") }
}

pub fn sampled() -> Given<Control> {
    given::<Control>([]).with(action(0, 0)).when(C::SampleCheck {}).accepted()
}

#[test]
fn the_lot_of_an_action_decides_whether_it_is_checked_beforehand() {
    let rate = rate("0.05");
    given::<Control>([])
        .with(action(first_of_lot(50_000) - 1, 0))
        .when(C::SampleCheck {})
        .then([E::Sampled { action: Position(4711), kind: token("contract.declared"), lot: 49_999, rate }]);
    given::<Control>([]).with(action(first_of_lot(50_000), 0)).when(C::SampleCheck {}).is_refused_saying(
        "the contract.declared at position 4711 has lot 50000; only lots below 50000 are drawn",
    );
}

#[test]
fn a_check_afterwards_is_drawn_by_a_lot_of_its_own() {
    let rate = rate("0.02");
    let because = Because::Drawn { lot: 19_999, rate };
    given::<Control>([])
        .of(AFTER)
        .with(action(u64::MAX, first_of_lot(20_000) - 1))
        .when(open(None))
        .then([E::Opened { action: Position(4711), kind: token("contract.declared"), because }]);
    given::<Control>([]).of(AFTER).with(action(0, first_of_lot(20_000))).when(open(None)).is_refused(
        R::NotDrawn { action: Position(4711), kind: token("contract.declared"), lot: 20_000, below: 20_000 },
    );
}

#[test]
fn who_has_a_reason_opens_a_check_afterwards_and_none_beforehand() {
    let because = Because::Reason(token("complaint"));
    given::<Control>([])
        .of(AFTER)
        .with(action(u64::MAX, u64::MAX))
        .when(open(Some("complaint")))
        .then([E::Opened { action: Position(4711), kind: token("contract.declared"), because }]);
    given::<Control>([])
        .with(action(0, 0))
        .when(open(Some("complaint")))
        .is_refused_saying("before-4711 is no check after the fact");
    given::<Control>([])
        .of(AFTER)
        .with(action(0, 0))
        .when(C::SampleCheck {})
        .is_refused_saying("after-4711 is no check before the fact");
}

#[test]
fn the_rate_and_what_is_checked_are_those_of_the_day_of_the_action() {
    let all = Value::Rate(rate("1"));
    let none = Value::Rate(rate("0"));
    let last = || given::<Control>([]).with(action(u64::MAX, 0));
    last().publishing(Parameter::ControlBeforeRate, all).when(C::SampleCheck {}).accepted();
    given::<Control>([])
        .with(action(0, 0))
        .publishing(Parameter::ControlBeforeRate, none)
        .when(C::SampleCheck {})
        .is_refused_saying("the contract.declared at position 4711 has lot 0; only lots below 0 are drawn");
    let other = ControlKnown {
        action: action(0, 0).action.map(|action| Action { kind: token("expense.claimed"), ..action }),
    };
    given::<Control>([]).with(other).when(C::SampleCheck {}).is_refused_saying(
        "expense.claimed is not in the list of codes checked_before on 2025-03-01; publish it first",
    );
    let early = ControlKnown {
        action: action(0, 0).action.map(|action| Action { effective_on: day("2019-12-31"), ..action }),
    };
    given::<Control>([])
        .with(early)
        .when(C::SampleCheck {})
        .is_refused_saying("parameter control.before_rate has no value on 2019-12-31; publish one first");
}

#[test]
fn only_what_stands_in_the_log_is_checked() {
    given::<Control>([]).when(C::SampleCheck {}).is_refused(R::NoSuchAction { action: Position(4711) });
}

#[test]
fn a_check_begins_once_and_has_one_outcome() {
    sampled().when(C::SampleCheck {}).is_refused(R::BegunAlready { check: BEFORE });
    given::<Control>([]).when(pass()).is_refused(R::NotBegun { check: BEFORE });
    given::<Control>([]).when(fail(&["no-receipt"])).is_refused(R::NotBegun { check: BEFORE });
    let passed = sampled().when(pass()).then([E::Passed { evidence: paper("report") }]);
    passed.clone().when(pass()).is_refused(R::HasOutcome { check: BEFORE, outcome: "passed" });
    passed.when(fail(&["no-receipt"])).is_refused(R::HasOutcome { check: BEFORE, outcome: "passed" });
    let failed = sampled().when(fail(&["no-receipt"])).accepted();
    failed.when(pass()).is_refused(R::HasOutcome { check: BEFORE, outcome: "failed" });
}

#[test]
fn only_what_failed_is_remedied_and_once() {
    given::<Control>([]).when(remedy()).is_refused(R::NotBegun { check: BEFORE });
    sampled().when(remedy()).is_refused(R::NothingToRemedy { check: BEFORE });
    sampled().when(pass()).accepted().when(remedy()).is_refused(R::NothingToRemedy { check: BEFORE });
    let remedied = sampled().when(fail(&["no-receipt"])).accepted().when(remedy()).accepted();
    remedied.clone().when(remedy()).is_refused(R::NothingToRemedy { check: BEFORE });
    remedied.when(pass()).is_refused(R::HasOutcome { check: BEFORE, outcome: "remedied" });
}

#[test]
fn a_check_that_fails_says_what_it_found() {
    sampled().when(fail(&[])).is_refused(R::Findings { n: 0, distinct: 0 });
    sampled().when(fail(&["no-receipt", "no-receipt"])).is_refused(R::Findings { n: 2, distinct: 1 });
    sampled()
        .when(fail(&["bad-mood"]))
        .is_refused_saying("bad-mood is not in the list of codes finding on 2025-03-03; publish it first");
    sampled().when(fail(&["no-receipt", "wrong-rate"])).accepted();
}

#[test]
fn an_outcome_is_taken_back_while_nothing_rests_upon_it() {
    let correcting = |given: Given<Control>, n| given.with_original(n).when(C::Correct(correct(n, None)));
    let failed = sampled().when(fail(&["no-receipt"])).accepted();
    correcting(failed.clone(), 1)
        .is_refused_saying("check.sampled cannot be taken back: the check went on since");
    correcting(failed.clone(), 2).accepted().when(pass()).accepted();
    let remedied = failed.when(remedy()).accepted();
    correcting(remedied.clone(), 2)
        .is_refused_saying("check.failed cannot be taken back: the check went on since");
    correcting(remedied, 3).accepted().when(remedy()).accepted();
    correcting(sampled().when(pass()).accepted(), 2).accepted().when(fail(&["no-receipt"])).accepted();
    correcting(sampled(), 1).accepted().when(C::SampleCheck {}).accepted();
}

#[test]
fn a_key_is_written_in_one_way() {
    for check in [BEFORE, AFTER] {
        assert_eq!(check.to_string().parse(), Ok(check));
    }
    for bad in ["", "4711", "before-", "before-0", "before-04711", "before-+1", "during-4711", "before--1"] {
        assert!(bad.parse::<CheckId>().is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn lots_lie_below_a_million_and_are_drawn_at_the_rate(number in any::<u64>(), lot in 0..LOTS) {
        let leaf = |known: ControlKnown| known.action.expect("there is one").leaf;
        prop_assert!(Timing::Before.lot(leaf(action(number, 0))) < LOTS);
        // Each lot begins where the one before it ends.
        let first = first_of_lot(lot);
        prop_assert_eq!(Timing::Before.lot(leaf(action(first, u64::MAX))), lot);
        prop_assert_eq!(Timing::After.lot(leaf(action(0, first))), lot);
        if lot > 0 {
            prop_assert_eq!(Timing::Before.lot(leaf(action(first - 1, 0))), lot - 1);
        }
        let rate = rate(&format!("0.{lot:06}"));
        prop_assert_eq!(lots_below(rate), lot);
    }
}
