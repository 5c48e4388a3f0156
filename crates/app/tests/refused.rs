//! What the statutes and the law forbid is refused by name, with its numbers, and nothing is written.

mod common;

use app::writer::{CommandError, Writer};
use common::*;
use domain::bank::BankCommand;
use domain::cover::CoverCommand;
use domain::fitness::Whereabouts;
use domain::grant::{GrantCommand, GrantKind};
use domain::ids::{
    BankAccountId, ClaimId, ContractId, CourseId, GrantId, InvoiceId, LoanId, MemberId, PaymentId, PersonId,
    ProjectId, StatementId,
};
use domain::joint::{IssueInvoice, JointCommand};
use domain::loan::{LoanCommand, LoanKind};
use domain::member::{MemberCommand, PaidFrom};
use domain::payroll::WorkerKind;
use domain::text::Token;
use domain::unit::{Channel, Indemnity, InvoiceDraft, InvoiceLine, ReminderLevel, UnitCommand, WorkDay};
use domain::vat::{Price, VatCategory};
use domain::{Command, Request};
use store::LogReader;
use tempfile::tempdir;
use uuid::Uuid;

const INVOICE: InvoiceId = InvoiceId::new(Uuid::from_u128(10));
const LOAN: LoanId = LoanId::new(Uuid::from_u128(0x10A4));
const GRANT: GrantId = GrantId::new(Uuid::from_u128(0x64A47));

fn ask(writer: &Writer, id: u128, on: &str, request: Request) {
    accept(writer.send_blocking(command(id, on, request)));
}

/// An invoice of 1,210.00 that was reminded of, a loan asked for, a grant of 500.00 passed on.
fn prepare(writer: &Writer) {
    accept(writer.send_blocking(invoice(10, "2025-03-03", "1000.00")));
    let (level, channel) = (ReminderLevel::after(0).unwrap(), Channel::Email);
    let remind = UnitCommand::RemindClient { invoice: INVOICE, level, channel };
    ask(writer, 11, "2025-04-12", Request::Unit(ATELIER, remind));
    let (project, kind) = (ProjectId::new(Uuid::from_u128(1)), LoanKind::Cash);
    let borrow = LoanCommand::RequestLoan { borrower: ALICE, project, kind, amount: amount("3000.00") };
    ask(writer, 12, "2025-03-03", Request::Loan(LOAN, borrow));
    let kind = GrantKind::PassThrough { beneficiary: ALICE };
    let (funder, evidence) = (PersonId::new(Uuid::from_u128(2)), evidence(13));
    let grant = |asked| Request::Grant(GRANT, asked);
    let announce = GrantCommand::AnnounceGrant { funder, kind, amount: amount("500.00"), project, evidence };
    ask(writer, 13, "2025-03-03", grant(announce));
    ask(writer, 14, "2025-03-03", grant(GrantCommand::ReceiveGrant { amount: amount("500.00"), evidence }));
    ask(writer, 15, "2025-03-03", grant(GrantCommand::PassOnGrant { amount: amount("500.00"), evidence }));
    let cover = CoverCommand::ActivateCover { policy: Token::literal("POL-7"), evidence };
    ask(writer, 16, "2025-05-01", Request::Cover(ALICE_MEMBER, cover));
}

/// What is forbidden: its code, its sentence, and a command that asks for it.
fn forbidden() -> Vec<(&'static str, String, Command)> {
    let on = "2025-05-01";
    let evidence = evidence(99);
    let ask = |n: u128, request| command(100 + n, on, request);
    let interest = LoanCommand::GrantLoan {
        principal: amount("3000.00"),
        instalments: 24,
        first_due_on: day("2025-05-31"),
        interest: Some("0.03".parse().unwrap()),
        fee: None,
        evidence,
    };
    let refund = MemberCommand::PayRefund { amount: amount("30.01"), evidence };
    let from_budget =
        MemberCommand::PayUpShares { amount: amount("30.00"), paid_from: PaidFrom::UnitBudget, evidence };
    let indemnity = UnitCommand::ChargeIndemnity {
        invoice: INVOICE,
        indemnity: Indemnity::B2c { amount: amount("100.51") },
    };
    let training = InvoiceDraft {
        invoice: InvoiceId::new(Uuid::from_u128(20)),
        holder: ALICE,
        client: CLIENT,
        order: None,
        course: None,
        lines: vec![InvoiceLine { vat: VatCategory::Exempt, price: Price::Inclusive(amount("121.00")) }],
        evidence,
    };
    let price = Price::Net(amount("121.00"));
    let lines = vec![InvoiceLine { vat: VatCategory::Exempt, price }];
    let uncited = InvoiceDraft { lines, ..training.clone() };
    let (course, invoice) = (Some(CourseId::new(Uuid::from_u128(30))), InvoiceId::new(Uuid::from_u128(22)));
    let unknown_course = InvoiceDraft { course, invoice, ..uncited.clone() };
    let issue = |draft| {
        let issue = IssueInvoice { series: Token::literal("F"), draft };
        Request::Joint(JointCommand::IssueInvoice(ATELIER, issue))
    };
    let climb = UnitCommand::DeclareContract {
        contract: ContractId::new(Uuid::from_u128(23)),
        holder: ALICE,
        worker: BOB,
        kind: WorkerKind::Employee,
        order: None,
        client: None,
        risk: Some(Token::literal("height")),
        days: vec![WorkDay { on: day(on), hours: "7.00".parse().unwrap() }],
        budget: amount("200.00"),
    };
    let claim = CoverCommand::FileClaim {
        claim: ClaimId::new(Uuid::from_u128(24)),
        accident_on: day("2025-04-30"),
        whereabouts: Whereabouts::Private,
        evidence,
    };
    let statement = BankCommand::ImportStatement {
        account: BankAccountId::new(Uuid::from_u128(25)),
        opening: "100.00".parse().unwrap(),
        closing: "100.01".parse().unwrap(),
        lines: Vec::new(),
        evidence,
    };
    let write_off = UnitCommand::WriteOffInvoice { invoice: INVOICE, judgment_on: None, evidence };
    let twice = GrantCommand::PassOnGrant { amount: amount("500.00"), evidence };
    let payment = UnitCommand::ReceivePayment {
        invoice: INVOICE,
        payment: PaymentId::new(Uuid::from_u128(21)),
        received: amount("10.00"),
        evidence,
    };
    let member = |id: MemberId, asked| Request::Member(id, asked);
    vec![
        ("loan.bears_interest", "0.03".to_owned(), ask(1, Request::Loan(LOAN, interest))),
        ("member.refund_above_limit", "30.01".to_owned(), ask(2, member(ALICE_MEMBER, refund))),
        ("member.not_own_means", "30.00".to_owned(), ask(3, member(ALICE_MEMBER, from_budget))),
        (
            "year.not_open",
            "2024-12-31".to_owned(),
            command(104, "2024-12-31", Request::Unit(ATELIER, payment)),
        ),
        ("unit.indemnity_above_cap", "100.51".to_owned(), ask(5, Request::Unit(ATELIER, indemnity))),
        ("unit.vat_on_exempt", "121.00".to_owned(), ask(6, issue(training))),
        ("unit.not_doubtful", "1210.00".to_owned(), ask(7, Request::Unit(ATELIER, write_off))),
        ("grant.passed_on_already", "500.00".to_owned(), ask(8, Request::Grant(GRANT, twice))),
        ("unit.no_course", "121.00".to_owned(), ask(9, issue(uncited))),
        ("unit.course_not_valid", on.to_owned(), ask(10, issue(unknown_course))),
        ("unit.not_fit", "height".to_owned(), ask(11, Request::Unit(ATELIER, climb))),
        ("cover.not_covered", "2025-04-30".to_owned(), ask(12, Request::Cover(ALICE_MEMBER, claim))),
        (
            "bank.does_not_add_up",
            "100.01".to_owned(),
            ask(13, Request::Bank(StatementId::new(Uuid::from_u128(26)), statement)),
        ),
    ]
}

#[test]
fn what_is_forbidden_is_refused_by_name_with_its_numbers_and_nothing_is_written() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    prepare(&writer);
    let head = || LogReader::open(dir.path()).unwrap().head().unwrap().position;
    let before = head();
    for (code, number, asked) in forbidden() {
        match writer.send_blocking(asked) {
            Err(CommandError::Refused(refused)) => {
                assert_eq!(refused.code(), code, "{refused}");
                assert!(refused.to_string().contains(&number), "{code} tells no {number}: {refused}");
            }
            other => panic!("{code}: {other:?}"),
        }
    }
    assert_eq!(head(), before, "nothing was written");
    // The log goes on right after what stood there before.
    let next = accept(writer.send_blocking(invoice(30, "2025-05-02", "1.00")));
    assert_eq!(next.first.0, before.0 + 1);
}
