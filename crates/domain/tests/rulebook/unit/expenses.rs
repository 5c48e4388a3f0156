//! The rulebook of expenses: claimed in time by a holder, approved within the budget, paid once.

use domain::StreamEvent;
use domain::unit::{ExpenseKind, Payee, Unit, UnitCommand, UnitEvent, UnitRefusal};
use rstest::rstest;

use super::{cannot_correct, corrected};
use crate::fixtures::*;
use crate::harness::{Given, given};

fn claimed() -> UnitEvent {
    UnitEvent::ExpenseClaimed {
        expense: EXPENSE,
        holder: ALICE,
        kind: ExpenseKind::Materials,
        payee: Payee::Member,
        incurred_on: day("2025-02-20"),
        net: amount("100.00"),
        vat: balance("21.00"),
        vat_recoverable: balance("10.50"),
        evidence: paper("receipt"),
    }
}

fn the_claim() -> UnitCommand {
    claim(EXPENSE, "100.00", "21.00", "10.50")
}

fn approve() -> UnitCommand {
    UnitCommand::ApproveExpense { expense: EXPENSE }
}

fn approved() -> UnitEvent {
    UnitEvent::ExpenseApproved {
        expense: EXPENSE,
        holder: ALICE,
        kind: ExpenseKind::Materials,
        payee: Payee::Member,
        cost: amount("110.50"),
        vat_recoverable: balance("10.50"),
        owed: amount("121.00"),
        evidence: paper("receipt"),
    }
}

fn refuse() -> UnitCommand {
    UnitCommand::RefuseExpense { expense: EXPENSE, reason: token("private") }
}

fn refused() -> UnitEvent {
    UnitEvent::ExpenseRefused { expense: EXPENSE, reason: token("private") }
}

fn pay() -> UnitCommand {
    UnitCommand::PayExpense { expense: EXPENSE, evidence: paper("bank-line") }
}

fn paid() -> UnitEvent {
    UnitEvent::ExpensePaid {
        expense: EXPENSE,
        holder: ALICE,
        payee: Payee::Member,
        amount: amount("121.00"),
        evidence: paper("bank-line"),
    }
}

fn unit() -> Given<Unit> {
    given([opened()]).with(available("500.00"))
}

fn wrong_state(found: &'static str, expected: &'static str) -> UnitRefusal {
    UnitRefusal::WrongState { what: "expense", id: EXPENSE.to_string(), found, expected }
}

#[test]
fn an_expense_is_claimed_approved_and_paid() {
    unit().when(the_claim()).then([claimed()]).when(approve()).then([approved()]).when(pay()).then([paid()]);
}

#[test]
fn an_expense_is_refused_for_a_reason() {
    unit()
        .and([claimed()])
        .when(refuse())
        .then([refused()])
        .when(approve())
        .is_refused(wrong_state("refused", "claimed"));
}

#[test]
fn only_a_holder_claims() {
    let mut asked = claim(EXPENSE, "100.00", "0.00", "99.00");
    if let UnitCommand::ClaimExpense { holder, .. } = &mut asked {
        *holder = BOB;
    }
    // Who claims is judged before what is claimed.
    unit().when(asked).is_refused(UnitRefusal::NotAHolder { person: BOB });
}

// columns: vat | to recover | accepted
#[rstest]
#[case("21.00", "21.00", true)]
#[case("0.00", "0.00", true)]
#[case("21.00", "21.01", false)]
#[case("21.00", "-0.01", false)]
#[case("-21.00", "-21.00", false)]
fn vat_to_recover_is_part_of_the_vat_paid(
    #[case] vat: &str,
    #[case] recoverable: &str,
    #[case] accepted: bool,
) {
    let asked = unit().when(claim(EXPENSE, "100.00", vat, recoverable));
    if accepted {
        asked.accepted();
    } else {
        let (recoverable, vat) = (balance(recoverable), balance(vat));
        asked.is_refused(UnitRefusal::BadRecoverableVat { recoverable, vat });
    }
}

#[test]
fn an_expense_stays_below_what_one_field_may_carry() {
    unit().when(claim(EXPENSE, "100000000000.00", "0.01", "0.01")).is_refused_saying(
        "a total of 100000000000.01 is more than the 100000000000.00 that one document may bear",
    );
}

// columns: incurred on | claimed on | accepted
#[rstest]
#[case::on_the_day("2025-03-03", "2025-03-03", true)]
#[case::not_in_advance("2025-03-04", "2025-03-03", false)]
#[case::until_15_january_of_the_next_year("2024-01-01", "2025-01-15", true)]
#[case::not_later("2024-12-31", "2025-01-16", false)]
#[case::not_ever_in_a_year_that_no_calendar_here_has("2199-12-31", "2025-03-03", false)]
fn an_expense_is_claimed_in_time(#[case] incurred: &str, #[case] on: &str, #[case] accepted: bool) {
    let mut asked = the_claim();
    if let UnitCommand::ClaimExpense { incurred_on, .. } = &mut asked {
        *incurred_on = day(incurred);
    }
    let asked = unit().on(on).when(asked);
    if accepted {
        asked.accepted();
    } else {
        let refusal = asked.refusal();
        assert!(matches!(refusal, UnitRefusal::ExpenseOutOfTime { .. }), "{refusal}");
    }
}

#[test]
fn a_late_claim_is_told_the_last_day() {
    let mut asked = the_claim();
    if let UnitCommand::ClaimExpense { incurred_on, .. } = &mut asked {
        *incurred_on = day("2023-12-31");
    }
    unit().when(asked).is_refused_saying(
        "an expense of 2023-12-31 cannot be claimed on 2025-03-03; the last day is 2024-01-15",
    );
}

#[test]
fn the_budget_bears_the_net_cost_and_the_vat_that_is_not_recovered() {
    unit().with(available("110.50")).and([claimed()]).when(approve()).then([approved()]);
    unit()
        .with(available("110.49"))
        .and([claimed()])
        .when(approve())
        .is_refused(UnitRefusal::OverBudget { budget: balance("110.50"), available: balance("110.49") });
}

#[test]
fn every_step_follows_the_one_before() {
    let at = |events: &[UnitEvent]| unit().and(events.to_vec());
    at(&[claimed()]).when(pay()).is_refused(wrong_state("claimed", "approved"));
    at(&[claimed(), approved()]).when(approve()).is_refused(wrong_state("approved", "claimed"));
    at(&[claimed(), approved()]).when(refuse()).is_refused(wrong_state("approved", "claimed"));
    at(&[claimed(), approved(), paid()]).when(pay()).is_refused(wrong_state("paid", "approved"));
    for asked in [approve(), refuse(), pay()] {
        unit().when(asked).is_refused(UnitRefusal::Unknown { what: "expense", id: EXPENSE.to_string() });
    }
}

#[test]
fn a_receipt_is_claimed_once_by_whomever() {
    let claims = claimed().claims();
    assert_eq!(claims.iter().map(|claim| claim.what.word()).collect::<Vec<_>>(), ["expense", "document"]);
    assert_eq!(claims[1].key, paper("receipt").digest.0[..16]);
}

// Corrections.

#[test]
fn a_claim_is_corrected_until_it_is_decided() {
    let moved_on = |kind: &str| format!("{kind} cannot be taken back: the expense moved on since");
    corrected(unit().and([claimed()]), 2, Some(claim(EXPENSE, "50.00", "0.00", "0.00")))
        .with(available("50.00"))
        .when(approve())
        .accepted();
    corrected(unit().and([claimed()]), 2, None)
        .when(approve())
        .is_refused(UnitRefusal::Unknown { what: "expense", id: EXPENSE.to_string() });
    cannot_correct(unit().and([claimed(), approved()]), 2, &moved_on("expense.claimed"));
    cannot_correct(unit().and([claimed(), approved(), paid()]), 3, &moved_on("expense.approved"));
}

#[test]
fn each_decision_on_a_claim_is_taken_back_from_the_last_to_the_first() {
    let all = unit().and([claimed(), approved(), paid()]);
    let unpaid = corrected(all, 4, None);
    unpaid.clone().when(pay()).then([paid()]);
    corrected(unpaid, 3, None).when(approve()).then([approved()]);
    corrected(unit().and([claimed(), refused()]), 3, None).when(approve()).then([approved()]);
}
