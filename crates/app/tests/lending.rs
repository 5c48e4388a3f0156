//! Loans and grants through the writer: what their rules ask of a unit is what the unit has just now.

mod common;

use app::writer::{Answer, Writer};
use common::*;
use domain::correction::Correct;
use domain::grant::{GrantCommand, GrantKind};
use domain::ids::{ExpenseId, GrantId, LoanId, ProjectId, UnitId};
use domain::loan::{LoanCommand, LoanKind};
use domain::unit::{ExpenseKind, Payee, UnitCommand};
use domain::{Balance, Position, Receipt, Request};
use tempfile::tempdir;
use uuid::Uuid;

const LOAN: LoanId = LoanId::new(Uuid::from_u128(0x10A4));
const OTHER_LOAN: LoanId = LoanId::new(Uuid::from_u128(0x10A5));
const GRANT: GrantId = GrantId::new(Uuid::from_u128(0x64A47));

fn ask(writer: &Writer, id: u128, request: Request) -> Answer {
    writer.send_blocking(command(id, "2025-03-03", request))
}

fn request(loan: LoanId, unit: UnitId) -> Request {
    let (project, amount) = (ProjectId::new(Uuid::from_u128(1)), amount("300.00"));
    let kind = LoanKind::Internal { unit };
    Request::Loan(loan, LoanCommand::RequestLoan { borrower: ALICE, project, kind, amount })
}

fn grant(loan: LoanId) -> Request {
    let (principal, first_due_on, evidence) = (amount("300.00"), day("2025-03-31"), evidence(50));
    let (instalments, interest, fee) = (3, None, None);
    Request::Loan(
        loan,
        LoanCommand::GrantLoan { principal, instalments, first_due_on, interest, fee, evidence },
    )
}

fn disburse(n: u128) -> Request {
    Request::Loan(LOAN, LoanCommand::DisburseLoan { evidence: evidence(n) })
}

fn pay(paid: &str) -> Request {
    Request::Loan(LOAN, LoanCommand::PayInstalment { amount: amount(paid), evidence: evidence(52) })
}

fn take_back(position: Position) -> Correct<LoanCommand> {
    let (reason, authority) = ("mistake".parse().unwrap(), "board".parse().unwrap());
    Correct { position, reason, authority, replacement: None }
}

/// ATELIER spends so much on materials.
fn spend(writer: &Writer, id: u128, net: &str) -> Answer {
    let expense = ExpenseId::new(Uuid::from_u128(id));
    let claim = UnitCommand::ClaimExpense {
        expense,
        holder: ALICE,
        kind: ExpenseKind::Materials,
        payee: Payee::Member,
        incurred_on: day("2025-03-01"),
        net: amount(net),
        vat: Balance::ZERO,
        vat_recoverable: Balance::ZERO,
        evidence: evidence(id),
    };
    accept(ask(writer, id, Request::Unit(ATELIER, claim)));
    ask(writer, id + 1, Request::Unit(ATELIER, UnitCommand::ApproveExpense { expense }))
}

/// ATELIER was granted a loan of 300.00 that is not disbursed yet.
fn granted(writer: &Writer) {
    accept(ask(writer, 1, request(LOAN, ATELIER)));
    accept(ask(writer, 2, grant(LOAN)));
}

#[test]
fn budget_that_is_lent_can_be_spent_and_is_paid_back_from_what_is_there() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    granted(&writer);
    let disbursed = accept(ask(&writer, 3, disburse(51)));
    assert_eq!(refusal(ask(&writer, 4, pay("300.01"))), "loan.more_than_outstanding");
    let paid = accept(ask(&writer, 5, pay("250.00")));
    // Without the loan the unit would owe what it paid back; without the payment it would not.
    let back = |receipt: &Receipt| Request::Loan(LOAN, LoanCommand::Correct(take_back(receipt.first)));
    assert_eq!(refusal(ask(&writer, 6, back(&disbursed))), "loan.would_overdraw");
    accept(ask(&writer, 7, back(&paid)));
    let repaid = accept(ask(&writer, 8, pay("300.00")));
    assert_eq!(repaid.last.0 - repaid.first.0, 1, "the last instalment and that the loan is repaid");
}

#[test]
fn what_a_unit_spent_is_not_there_to_pay_back() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    granted(&writer);
    accept(ask(&writer, 3, disburse(51)));
    accept(spend(&writer, 10, "250.00"));
    assert_eq!(refusal(ask(&writer, 6, pay("100.00"))), "loan.over_budget");
    accept(ask(&writer, 7, pay("50.00")));
}

#[test]
fn only_an_open_unit_is_lent_budget() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    granted(&writer);
    accept(ask(&writer, 3, Request::Unit(ATELIER, UnitCommand::CloseUnit {})));
    assert_eq!(refusal(ask(&writer, 4, disburse(51))), "loan.unit_not_open");
}

#[test]
fn a_project_is_lent_to_once_in_the_whole_log() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    granted(&writer);
    accept(ask(&writer, 3, request(OTHER_LOAN, ATELIER)));
    assert_eq!(refusal(ask(&writer, 4, grant(OTHER_LOAN))), "command.already_in_log");
}

#[test]
fn a_grant_that_is_earned_is_budget_less_the_contribution() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let of_grant = |asked| Request::Grant(GRANT, asked);
    let kind = GrantKind::Own { unit: ATELIER };
    let announce = GrantCommand::AnnounceGrant {
        funder: BOB,
        kind,
        amount: amount("100.00"),
        project: ProjectId::new(Uuid::from_u128(1)),
        evidence: evidence(70),
    };
    accept(ask(&writer, 1, of_grant(announce)));
    let recognise = GrantCommand::RecogniseGrant { amount: amount("100.00"), evidence: evidence(71) };
    accept(ask(&writer, 2, of_grant(recognise)));
    assert_eq!(refusal(spend(&writer, 10, "93.51")), "unit.over_budget");
    accept(spend(&writer, 20, "93.50"));
}
