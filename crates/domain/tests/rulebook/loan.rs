//! The rulebook of loans: no interest, no fee, one project each, and nothing lost but what is written off.

use domain::correction::CorrectionRefused;
use domain::loan::{Instalment, Loan, LoanCommand, LoanEvent, LoanKind, LoanRefusal, Receivable, schedule};
use domain::unit::BudgetKnown;
use domain::{Amount, Balance, StreamEvent};
use proptest::prelude::*;

use crate::fixtures::*;
use crate::harness::{Given, given};

pub const INTERNAL: LoanKind = LoanKind::Internal { unit: ATELIER };

/// ATELIER is open and has so much to spend.
pub fn budget(text: &str) -> BudgetKnown {
    BudgetKnown { is_open: true, available: balance(text) }
}

pub fn request(kind: LoanKind, amount: &str) -> LoanCommand {
    LoanCommand::RequestLoan { borrower: ALICE, project: PROJECT, kind, amount: self::amount(amount) }
}

/// In so many instalments from this day on, without interest or fee.
pub fn grant(principal: &str, instalments: u32, first: &str) -> LoanCommand {
    LoanCommand::GrantLoan {
        principal: amount(principal),
        instalments,
        first_due_on: day(first),
        interest: None,
        fee: None,
        evidence: paper("loan-contract"),
    }
}

pub fn disburse() -> LoanCommand {
    LoanCommand::DisburseLoan { evidence: paper("payment-order") }
}

pub fn pay(amount: &str) -> LoanCommand {
    LoanCommand::PayInstalment { amount: self::amount(amount), evidence: paper("bank-line") }
}

pub fn reschedule(instalments: u32, first: &str) -> LoanCommand {
    LoanCommand::RescheduleLoan { instalments, first_due_on: day(first), evidence: paper("new-schedule") }
}

pub fn doubt() -> LoanCommand {
    LoanCommand::DoubtLoan { reason: token("no-answer"), evidence: paper("last-letter") }
}

pub fn write_off(amount: &str) -> LoanCommand {
    let (amount, reason) = (self::amount(amount), token("insolvent"));
    LoanCommand::WriteOffLoan { amount, reason, evidence: paper("board-minutes") }
}

pub fn requested(kind: LoanKind, amount: &str) -> Given<Loan> {
    given([]).with(budget("0.00")).when(request(kind, amount)).accepted()
}

pub fn granted(kind: LoanKind, principal: &str, instalments: u32) -> Given<Loan> {
    requested(kind, principal).when(grant(principal, instalments, "2025-03-31")).accepted()
}

/// Lent on 3 March, paid back monthly from 31 March on.
pub fn running(kind: LoanKind, principal: &str, instalments: u32) -> Given<Loan> {
    granted(kind, principal, instalments).when(disburse()).accepted()
}

fn receivable(within_year: &str, beyond_year: &str, doubtful: &str) -> Receivable {
    let [within_year, beyond_year, doubtful] = [within_year, beyond_year, doubtful].map(balance);
    Receivable { within_year, beyond_year, doubtful }
}

fn paid(n: u32, amount: &str, receivable: Receivable) -> LoanEvent {
    let (amount, evidence) = (self::amount(amount), paper("bank-line"));
    LoanEvent::InstalmentPaid { borrower: ALICE, kind: LoanKind::Cash, n, amount, receivable, evidence }
}

fn wrong_stage(found: &'static str, expected: &'static str) -> LoanRefusal {
    LoanRefusal::WrongStage { found, expected }
}

#[test]
fn granted_is_not_disbursed_and_the_schedule_stands_in_the_grant() {
    let parts = [("2025-03-31", "333.33"), ("2025-04-30", "333.33"), ("2025-05-31", "333.34")];
    let schedule = parts.map(|(on, part)| Instalment { due_on: day(on), amount: amount(part) }).to_vec();
    requested(LoanKind::Cash, "1000.00").when(grant("1000.00", 3, "2025-03-31")).then([LoanEvent::Granted {
        borrower: ALICE,
        project: PROJECT,
        kind: LoanKind::Cash,
        principal: amount("1000.00"),
        schedule,
        evidence: paper("loan-contract"),
    }]);
    granted(LoanKind::Cash, "1000.00", 3).when(pay("333.33")).is_refused(wrong_stage("granted", "running"));
}

#[test]
fn a_loan_is_disbursed_once_and_only_when_granted() {
    requested(LoanKind::Cash, "1000.00")
        .when(disburse())
        .is_refused_saying("the loan is requested; this needs one that is granted");
    running(LoanKind::Cash, "1000.00", 3).when(disburse()).is_refused(wrong_stage("running", "granted"));
}

#[test]
fn e29_a_loan_bears_neither_interest_nor_fee() {
    let asking = |rate: Option<&str>, charge: Option<&str>| {
        let mut asked = grant("1000.00", 3, "2025-03-31");
        if let LoanCommand::GrantLoan { interest, fee, .. } = &mut asked {
            (*interest, *fee) = (rate.map(self::rate), charge.map(balance));
        }
        requested(LoanKind::Cash, "1000.00").when(asked)
    };
    asking(Some("0.03"), None)
        .is_refused_saying("a loan of 1000.00 bears no interest; expected a rate of 0, found 0.03");
    asking(None, Some("30.00"))
        .is_refused_saying("a loan of 1000.00 bears no fee; expected 0.00, found 30.00");
    asking(Some("0"), Some("0.00")).accepted();
}

#[test]
fn a_refused_request_is_over() {
    let refused =
        requested(LoanKind::Cash, "1000.00").when(LoanCommand::RefuseLoan { reason: token("no-plan") });
    refused
        .accepted()
        .when(grant("1000.00", 3, "2025-03-31"))
        .is_refused(wrong_stage("refused", "requested"));
}

#[test]
fn what_falls_due_within_a_year_is_claimed_apart() {
    let disbursed = granted(LoanKind::Cash, "2400.00", 24).when(disburse()).event();
    // 31 March 2025 to 28 February 2026 lie within a year of 3 March 2025: twelve instalments.
    let LoanEvent::Disbursed { receivable: found, .. } = disbursed else { panic!("it was disbursed") };
    assert_eq!(found, receivable("1200.00", "1200.00", "0.00"));
}

#[test]
fn a_payment_settles_the_nearer_claim_first() {
    let loan = running(LoanKind::Cash, "2400.00", 24);
    let loan = loan.when(pay("1150.00")).then([paid(1, "1150.00", receivable("1150.00", "0.00", "0.00"))]);
    loan.when(pay("100.00")).then([paid(12, "100.00", receivable("50.00", "50.00", "0.00"))]);
}

#[test]
fn the_last_payment_says_that_the_loan_is_repaid() {
    let repaid = LoanEvent::Repaid {
        borrower: ALICE,
        project: PROJECT,
        paid: amount("300.00"),
        written_off: balance("0.00"),
    };
    let loan = running(LoanKind::Cash, "300.00", 3).when(pay("120.00")).accepted();
    let loan =
        loan.when(pay("180.00")).then([paid(2, "180.00", receivable("180.00", "0.00", "0.00")), repaid]);
    loan.when(pay("0.01")).is_refused(wrong_stage("repaid", "running"));
}

#[test]
fn nobody_pays_back_more_than_is_outstanding() {
    let loan = running(LoanKind::Cash, "300.00", 3).when(pay("100.00")).accepted();
    loan.when(pay("200.01")).is_refused_saying("200.01 is more than the 200.00 outstanding");
}

#[test]
fn an_instalment_of_an_internal_loan_comes_from_budget_that_is_there() {
    let loan = running(INTERNAL, "300.00", 3);
    let short = loan.clone().with(budget("99.99")).when(pay("100.00"));
    let (amount, available) = (amount("100.00"), balance("99.99"));
    short.is_refused(LoanRefusal::OverBudget { unit: ATELIER, amount, available });
    loan.with(budget("100.00")).when(pay("100.00")).accepted();
}

#[test]
fn budget_is_lent_to_an_open_unit_only() {
    let closed = BudgetKnown { is_open: false, ..budget("0.00") };
    granted(INTERNAL, "300.00", 3)
        .with(closed)
        .when(disburse())
        .is_refused(LoanRefusal::UnitNotOpen { unit: ATELIER });
    granted(LoanKind::Cash, "300.00", 3).with(closed).when(disburse()).accepted();
}

#[test]
fn instalments_are_called_in_order_and_on_their_day() {
    let due = |n, part: &str, on: &str| LoanEvent::InstalmentDue {
        borrower: ALICE,
        n,
        amount: amount(part),
        due_on: day(on),
    };
    let loan = running(LoanKind::Cash, "300.00", 3);
    loan.clone()
        .when(LoanCommand::CallInstalment {})
        .is_refused_saying("instalment 1 of 100.00 falls due on 2025-03-31, not yet on 2025-03-03");
    // What was paid ahead is not asked for again.
    let loan = loan.when(pay("120.00")).accepted().on("2025-05-31");
    let loan = loan.when(LoanCommand::CallInstalment {}).then([due(2, "80.00", "2025-04-30")]);
    let loan = loan.when(LoanCommand::CallInstalment {}).then([due(3, "100.00", "2025-05-31")]);
    loan.when(LoanCommand::CallInstalment {}).is_refused(LoanRefusal::NothingToCall { instalments: 3 });
}

#[test]
fn rescheduling_splits_what_is_outstanding_anew() {
    let loan = running(LoanKind::Cash, "1200.00", 12).when(pay("200.00")).accepted();
    let event = loan.clone().when(reschedule(20, "2025-04-30")).event();
    let LoanEvent::Rescheduled { outstanding, schedule, moved_beyond_year, .. } = event else {
        panic!("it was rescheduled");
    };
    assert_eq!((outstanding, schedule.len()), (amount("1000.00"), 20));
    // April 2025 to February 2026 lie within a year: eleven of twenty.
    assert_eq!(moved_beyond_year, balance("450.00"));
    let loan = loan.when(reschedule(20, "2025-04-30")).accepted();
    loan.when(reschedule(5, "2025-03-02"))
        .is_refused_saying("a first instalment on 2025-03-02 lies before 2025-03-03");
}

#[test]
fn a_cash_loan_is_lost_only_after_it_was_doubtful() {
    let loan = running(LoanKind::Cash, "2400.00", 24);
    loan.clone()
        .when(write_off("100.00"))
        .is_refused_saying("2400.00 is outstanding and not doubtful yet; record that first");
    let loan = loan.when(doubt()).accepted();
    loan.clone().when(reschedule(5, "2025-03-31")).is_refused(wrong_stage("doubtful", "running"));
    let loan = loan.when(pay("400.00")).then([paid(1, "400.00", receivable("0.00", "0.00", "400.00"))]);
    loan.clone().when(write_off("2000.01")).is_refused_saying("2000.01 is more than the 2000.00 outstanding");
    let loan = loan.when(write_off("2000.00")).accepted();
    loan.when(pay("1.00")).is_refused(wrong_stage("written off", "running"));
}

#[test]
fn an_internal_loan_is_no_doubtful_claim_and_is_written_off_at_once() {
    let loan = running(INTERNAL, "300.00", 3);
    loan.clone().when(doubt()).is_refused(LoanRefusal::NotACashLoan { unit: ATELIER });
    loan.when(write_off("300.00"))
        .accepted()
        .when(pay("1.00"))
        .is_refused(wrong_stage("written off", "running"));
}

// columns: principal | instalments | first due on
#[rstest::rstest]
#[case::none("100.00", 0, "2025-03-31")]
#[case::less_than_a_cent("0.02", 3, "2025-03-31")]
#[case::too_many("100000.00", 361, "2025-03-31")]
#[case::beyond_the_calendar("100.00", 2, "2199-12-15")]
fn what_cannot_be_scheduled_is_refused(#[case] owed: &str, #[case] instalments: u32, #[case] first: &str) {
    let (owed, first_due_on) = (amount(owed), day(first));
    requested(LoanKind::Cash, "100000.00")
        .when(grant(&owed.to_string(), instalments, first))
        .is_refused(LoanRefusal::NoSchedule { owed, instalments, first_due_on });
}

#[test]
fn a_project_is_lent_to_once_and_an_order_disburses_once() {
    let claims: Vec<_> = running(LoanKind::Cash, "300.00", 3).events.iter().map(|e| e.claims()).collect();
    assert!(claims[0].is_empty(), "asking again after a refusal is free");
    assert_eq!(claims[1][0].what.word(), "project");
    assert_eq!(claims[2], [domain::Claim::of_document(&paper("payment-order"))]);
}

#[test]
fn a_payment_booked_wrongly_is_corrected() {
    let loan = running(LoanKind::Cash, "300.00", 3).when(pay("120.00")).accepted().with_original(4);
    let loan = loan.when(LoanCommand::Correct(correct(4, Some(pay("100.00"))))).accepted();
    loan.when(pay("200.00")).accepted().when(pay("0.01")).is_refused(wrong_stage("repaid", "running"));
}

#[test]
fn what_later_events_rest_upon_is_not_taken_back() {
    let refused = |loan: Given<Loan>, n| {
        let refusal = loan.with_original(n).when(LoanCommand::Correct(correct(n, None))).refusal();
        assert!(
            matches!(refusal, LoanRefusal::Correction(CorrectionRefused::ReliedUpon { .. })),
            "{refusal}"
        );
    };
    let paid = running(LoanKind::Cash, "300.00", 3).when(pay("100.00")).accepted();
    (1..=3).for_each(|n| refused(paid.clone(), n));
    refused(paid.clone().when(reschedule(4, "2025-04-30")).accepted(), 4);
    refused(paid.clone().when(doubt()).accepted(), 4);
    refused(paid.clone().when(pay("200.00")).accepted(), 4);
    refused(paid.clone().when(doubt()).accepted().when(pay("1.00")).accepted(), 5);
    let repaid = paid.when(pay("200.00")).accepted().with_original(6);
    let open = repaid.when(LoanCommand::Correct(correct(6, None))).accepted();
    let open = open.with_original(5).when(LoanCommand::Correct(correct(5, None))).accepted();
    open.when(pay("200.00")).accepted();
}

#[test]
fn taking_a_loan_back_leaves_the_unit_no_debt() {
    let loan = running(INTERNAL, "300.00", 3).with(budget("-50.00")).with_original(3);
    loan.clone()
        .when(LoanCommand::Correct(correct(3, None)))
        .is_refused_saying(&format!("without it unit {ATELIER} would have -50.00 available; repay first"));
    loan.with(budget("0.00")).when(LoanCommand::Correct(correct(3, None))).accepted();
}

/// What happened to one loan so far, summed from its events alone.
#[derive(Default)]
struct Sums {
    disbursed: Balance,
    paid: Balance,
    written_off: Balance,
    receivable: Receivable,
}

impl Sums {
    fn add(&mut self, event: &LoanEvent, sign: u8) {
        let signed = |balance: Balance| if sign == 0 { -balance } else { balance };
        let mut shift = |part: &Receivable, more: bool| {
            let signed = |part: Balance| if more { signed(part) } else { -signed(part) };
            self.receivable.within_year = self.receivable.within_year + signed(part.within_year);
            self.receivable.beyond_year = self.receivable.beyond_year + signed(part.beyond_year);
            self.receivable.doubtful = self.receivable.doubtful + signed(part.doubtful);
        };
        match event {
            LoanEvent::Disbursed { principal, receivable, .. } => {
                self.disbursed = self.disbursed + signed(principal.balance());
                shift(receivable, true);
            }
            LoanEvent::InstalmentPaid { amount, receivable, .. } => {
                self.paid = self.paid + signed(amount.balance());
                assert_eq!(receivable.total(), amount.balance(), "{event:?}");
                shift(receivable, false);
            }
            LoanEvent::WrittenOff { amount, receivable, .. } => {
                self.written_off = self.written_off + signed(amount.balance());
                assert_eq!(receivable.total(), amount.balance(), "{event:?}");
                shift(receivable, false);
            }
            LoanEvent::Rescheduled { outstanding, schedule, moved_beyond_year, .. } => {
                let sum: Balance = schedule.iter().map(|part| part.amount.balance()).sum();
                assert_eq!(sum, outstanding.balance(), "{event:?}");
                let moved = *moved_beyond_year;
                shift(&Receivable { within_year: -moved, beyond_year: moved, ..Receivable::default() }, true);
            }
            LoanEvent::Doubtful { outstanding, receivable, .. } => {
                shift(receivable, false);
                shift(&Receivable { doubtful: outstanding.balance(), ..Receivable::default() }, true);
            }
            LoanEvent::Corrected(correction) => {
                self.add(&correction.original, 1 - sign);
                correction.replacement.iter().for_each(|event| self.add(event, sign));
            }
            LoanEvent::Requested { .. }
            | LoanEvent::Granted { .. }
            | LoanEvent::Refused { .. }
            | LoanEvent::InstalmentDue { .. }
            | LoanEvent::Repaid { .. } => {}
        }
    }

    fn hold(&self, event: &LoanEvent) {
        let parts = [self.receivable.within_year, self.receivable.beyond_year, self.receivable.doubtful];
        assert!(parts.iter().all(|part| !part.is_negative()), "{parts:?} after {event:?}");
        let outstanding = self.receivable.total();
        assert_eq!(self.paid + outstanding + self.written_off, self.disbursed, "E29 after {event:?}");
        if matches!(event, LoanEvent::Repaid { .. }) {
            assert_eq!(outstanding, Balance::ZERO);
        }
    }
}

proptest! {
    #[test]
    fn e29_instalments_sum_to_the_principal(
        principal in 1_i64..10_000_000,
        instalments in 1_u32..=domain::loan::INSTALMENTS_MAX,
        first in 0_i32..60_000,
    ) {
        let (owed, first) = (Amount::from_cents(principal).unwrap(), domain::Day::from_number(first).unwrap());
        let Some(parts) = schedule(owed, instalments, first) else {
            prop_assert!(principal < i64::from(instalments), "whatever gives each a cent can be scheduled");
            return Ok(());
        };
        prop_assert_eq!(parts.len(), instalments as usize);
        prop_assert_eq!(parts.iter().map(|part| part.amount.balance()).sum::<Balance>(), owed.balance());
        let (last, rest) = parts.split_last().unwrap();
        prop_assert!(rest.iter().all(|part| part.amount.cents() == principal / i64::from(instalments)));
        prop_assert!(last.amount.cents() - principal / i64::from(instalments) < i64::from(instalments));
        for pair in parts.windows(2) {
            prop_assert!(pair[0].due_on < pair[1].due_on);
        }
    }

    #[test]
    fn e29_paid_and_outstanding_and_written_off_are_what_was_disbursed(
        cash in any::<bool>(),
        principal in 24_i64..500_000,
        steps in proptest::collection::vec((0_u8..9, 1_i64..200_000, 1_u32..30), 1..40),
    ) {
        let text = |cents: i64| Balance::from_cents(cents).to_string();
        let kind = if cash { LoanKind::Cash } else { INTERNAL };
        let mut loan = running(kind, &text(principal), 24).with(budget("100000.00"));
        let mut sums = Sums::default();
        loan.events.iter().for_each(|event| sums.add(event, 1));
        for (step, cents, n) in steps {
            let asked = match step {
                0..=3 => pay(&text(cents % (1 + principal / 3) + 1)),
                4 => LoanCommand::CallInstalment {},
                5 => reschedule(n, "2025-06-30"),
                6 => doubt(),
                7 => write_off(&text(cents)),
                _ => {
                    let at = 1 + n as usize % loan.events.len();
                    loan = loan.with_original(at);
                    let instead = (cents % 2 == 0).then(|| pay(&text(cents % 5_000 + 1)));
                    LoanCommand::Correct(correct(at, instead))
                }
            };
            if let LoanCommand::Correct(correct) = &asked {
                // The log refuses to correct an event twice.
                let again = loan.events.iter().any(|event| {
                    matches!(event, LoanEvent::Corrected(done) if done.position == correct.position)
                });
                if again {
                    continue;
                }
            }
            let before = loan.events.len();
            let decided = domain::stream::decide(&loan.state, loan.id, &asked, &loan.facts);
            loan = loan.and(decided.unwrap_or_default());
            for event in &loan.events[before..] {
                sums.add(event, 1);
                sums.hold(event);
            }
        }
        // Whatever happened, what is left can be paid back to the cent.
        let left = sums.receivable.total();
        if left != Balance::ZERO {
            let repaid = loan.when(pay(&left.to_string())).accepted();
            let is_repaid = matches!(repaid.events.last(), Some(LoanEvent::Repaid { .. }));
            prop_assert!(is_repaid);
        }
    }
}
