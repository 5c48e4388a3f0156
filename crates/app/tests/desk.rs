//! Courses, fitness, cover, bank statements and resources through the writer: each rests on what other
//! streams say just now, corrections included.

mod common;

use app::writer::{Answer, Writer};
use common::*;
use domain::bank::{BankCommand, LineKind, MatchedPart, StatementLine};
use domain::correction::Correct;
use domain::course::CourseCommand;
use domain::cover::CoverCommand;
use domain::fitness::{FitnessCommand, Whereabouts};
use domain::ids::{
    AccidentId, BankAccountId, BookingId, ClaimId, ContractId, CourseId, InvoiceId, LineId, PaymentId,
    ResourceId, StatementId,
};
use domain::joint::{IssueInvoice, JointCommand};
use domain::member::MemberCommand;
use domain::payroll::WorkerKind;
use domain::resource::{ResourceCommand, ResourceKind, Slot};
use domain::text::Token;
use domain::unit::{InvoiceDraft, InvoiceLine, UnitCommand, WorkDay};
use domain::vat::{Price, VatCategory};
use domain::{Balance, Position, Request};
use tempfile::tempdir;
use uuid::Uuid;

const COURSE: CourseId = CourseId::new(Uuid::from_u128(0xC0));
const ACCOUNT: BankAccountId = BankAccountId::new(Uuid::from_u128(0xBA));
const RESOURCE: ResourceId = ResourceId::new(Uuid::from_u128(0x4E));

fn ask(writer: &Writer, id: u128, on: &str, request: Request) -> Answer {
    writer.send_blocking(command(id, on, request))
}

fn balance(text: &str) -> Balance {
    text.parse().unwrap()
}

fn take_back<C>(position: Position, replacement: Option<C>) -> Correct<C> {
    let (reason, authority) = ("mistake".parse().unwrap(), "board".parse().unwrap());
    Correct { position, reason, authority, replacement: replacement.map(Box::new) }
}

fn training(n: u128) -> Request {
    let draft = InvoiceDraft {
        invoice: InvoiceId::new(Uuid::from_u128(n)),
        holder: ALICE,
        client: CLIENT,
        order: None,
        course: Some(COURSE),
        lines: vec![InvoiceLine { vat: VatCategory::Exempt, price: Price::Net(amount("500.00")) }],
        evidence: evidence(n),
    };
    Request::Joint(JointCommand::IssueInvoice(ATELIER, IssueInvoice { series: Token::literal("F"), draft }))
}

#[test]
fn training_is_exempt_while_its_course_stands_validated() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let course = |asked| Request::Course(COURSE, asked);
    assert_eq!(refusal(ask(&writer, 1, "2025-03-03", training(1))), "unit.course_not_valid");
    let submit = |holder| CourseCommand::SubmitCourse { unit: ATELIER, holder, evidence: evidence(2) };
    assert_eq!(refusal(ask(&writer, 2, "2025-03-03", course(submit(BOB)))), "course.not_held");
    accept(ask(&writer, 3, "2025-03-03", course(submit(ALICE))));
    let validate = || course(CourseCommand::ValidateCourse { evidence: evidence(3) });
    let validated = accept(ask(&writer, 4, "2025-03-10", validate())).first;
    assert_eq!(refusal(ask(&writer, 5, "2025-03-09", training(5))), "unit.course_not_valid");
    accept(ask(&writer, 6, "2025-03-10", training(6)));
    // What was invoiced stays validated: neither taken back nor ended before it.
    let back = course(CourseCommand::Correct(take_back(validated, None)));
    assert_eq!(refusal(ask(&writer, 7, "2025-03-20", back)), "course.invoiced_upon");
    let withdraw = || course(CourseCommand::WithdrawCourse { reason: "moved".parse().unwrap() });
    assert_eq!(refusal(ask(&writer, 8, "2025-03-10", withdraw())), "course.invoiced_upon");
    accept(ask(&writer, 9, "2025-03-20", withdraw()));
    assert_eq!(refusal(ask(&writer, 10, "2025-03-20", training(10))), "unit.course_not_valid");
    // The numbers of invoices know nothing of what was refused.
    accept(ask(&writer, 11, "2025-03-19", training(11)));
}

fn climb(contract: u128, on: &str) -> Request {
    let days = vec![WorkDay { on: day(on), hours: "7.00".parse().unwrap() }];
    Request::Unit(
        ATELIER,
        UnitCommand::DeclareContract {
            contract: ContractId::new(Uuid::from_u128(contract)),
            holder: ALICE,
            worker: BOB,
            kind: WorkerKind::Employee,
            order: None,
            client: None,
            risk: Some("height".parse().unwrap()),
            days,
            budget: amount("200.00"),
        },
    )
}

#[test]
fn nobody_works_at_a_height_who_was_not_found_fit_and_a_corrected_certificate_counts_at_once() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    accept(writer.send_blocking(invoice(1, "2025-03-03", "1000.00")));
    let payment = UnitCommand::ReceivePayment {
        invoice: InvoiceId::new(Uuid::from_u128(1)),
        payment: PaymentId::new(Uuid::from_u128(2)),
        received: amount("1210.00"),
        evidence: evidence(2),
    };
    accept(ask(&writer, 2, "2025-03-03", Request::Unit(ATELIER, payment)));
    let risk = "height".parse().unwrap();
    let of_bob = |asked| Request::Fitness(BOB, asked);
    assert_eq!(refusal(ask(&writer, 3, "2025-03-03", climb(1, "2025-03-10"))), "unit.not_fit");
    let declare = FitnessCommand::DeclareRisk { risk, evidence: evidence(3) };
    accept(ask(&writer, 4, "2025-03-03", of_bob(declare)));
    let require = FitnessCommand::RequireExam { risk, by: day("2025-03-31") };
    accept(ask(&writer, 5, "2025-03-03", of_bob(require)));
    let pass = |until| FitnessCommand::PassExam { risk, fit_until: day(until), evidence: evidence(4) };
    let passed = accept(ask(&writer, 6, "2025-03-05", of_bob(pass("2025-06-30")))).first;
    let too_late = ask(&writer, 7, "2025-03-05", climb(2, "2025-07-01"));
    assert_eq!(refusal(too_late), "unit.not_fit_long_enough");
    accept(ask(&writer, 8, "2025-03-05", climb(3, "2025-06-30")));
    let shorter = FitnessCommand::Correct(take_back(passed, Some(pass("2025-05-31"))));
    accept(ask(&writer, 9, "2025-03-05", of_bob(shorter)));
    assert_eq!(refusal(ask(&writer, 10, "2025-03-05", climb(4, "2025-06-30"))), "unit.not_fit_long_enough");
    // An accident is reported once, by whomever.
    let accident = FitnessCommand::ReportAccident {
        accident: AccidentId::new(Uuid::from_u128(9)),
        happened_on: day("2025-03-04"),
        whereabouts: Whereabouts::AtWork,
        evidence: evidence(9),
    };
    accept(ask(&writer, 11, "2025-03-05", of_bob(accident.clone())));
    let again = Request::Fitness(ALICE, accident);
    assert_eq!(refusal(ask(&writer, 12, "2025-03-05", again)), "command.already_in_log");
}

#[test]
fn cover_is_for_members_and_outlives_the_membership_for_what_happened_under_it() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let of_alice = |asked| Request::Cover(ALICE_MEMBER, asked);
    let activate = || CoverCommand::ActivateCover { policy: "POL-7".parse().unwrap(), evidence: evidence(1) };
    let stranger = domain::ids::MemberId::new(Uuid::from_u128(77));
    let refused = ask(&writer, 1, "2025-03-03", Request::Cover(stranger, activate()));
    assert_eq!(refusal(refused), "cover.not_a_member");
    accept(ask(&writer, 2, "2025-03-03", of_alice(activate())));
    let (claim, whereabouts) = (ClaimId::new(Uuid::from_u128(3)), Whereabouts::Private);
    let file = |on: &str| {
        let (accident_on, evidence) = (day(on), evidence(3));
        of_alice(CoverCommand::FileClaim { claim, accident_on, whereabouts, evidence })
    };
    assert_eq!(refusal(ask(&writer, 3, "2025-03-10", file("2025-03-02"))), "cover.not_covered");
    accept(ask(&writer, 4, "2025-03-10", file("2025-03-03")));
    let gone = MemberCommand::ExitByLaw { cause: domain::member::ExitCause::Death, evidence: evidence(5) };
    let _ = ask(&writer, 5, "2025-03-11", Request::Member(ALICE_MEMBER, gone));
    let paid = amount("100.00");
    let accepted = CoverCommand::AcceptClaim { claim, amount: paid, evidence: evidence(6) };
    accept(ask(&writer, 6, "2025-03-12", of_alice(accepted)));
    let pay = CoverCommand::PayClaim { claim, amount: paid, evidence: evidence(7) };
    accept(ask(&writer, 7, "2025-03-13", of_alice(pay)));
}

fn line(n: u128, sum: &str) -> StatementLine {
    let (line, kind) = (LineId::new(Uuid::from_u128(n)), LineKind::Transfer);
    StatementLine { line, amount: balance(sum), kind, remittance: None, party: None }
}

fn statement(n: u128) -> StatementId {
    StatementId::new(Uuid::from_u128(n))
}

fn import(n: u128, opening: &str, lines: &[StatementLine], closing: &str) -> Request {
    let (opening, closing) = (balance(opening), balance(closing));
    let (lines, evidence) = (lines.to_vec(), evidence(1_000 + n));
    let asked = BankCommand::ImportStatement { account: ACCOUNT, opening, closing, lines, evidence };
    Request::Bank(statement(n), asked)
}

fn matches(line: u128, at: Position, sum: &str) -> BankCommand {
    let line = LineId::new(Uuid::from_u128(line));
    let parts = vec![MatchedPart { position: at, amount: balance(sum) }];
    BankCommand::MatchLine { line, parts, difference: Balance::ZERO }
}

/// Invoice 1 of 1,210.00 was paid; the position of the payment.
fn paid_invoice(writer: &Writer) -> Position {
    accept(writer.send_blocking(invoice(1, "2025-03-03", "1000.00")));
    let payment = UnitCommand::ReceivePayment {
        invoice: InvoiceId::new(Uuid::from_u128(1)),
        payment: PaymentId::new(Uuid::from_u128(2)),
        received: amount("1210.00"),
        evidence: evidence(2),
    };
    accept(ask(writer, 2, "2025-03-04", Request::Unit(ATELIER, payment))).first
}

#[test]
fn statements_follow_each_other_and_what_was_booked_is_matched_once() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let payment = paid_invoice(&writer);
    let on = "2025-03-04";
    let lines = [line(10, "1210.00"), line(11, "1210.00")];
    accept(ask(&writer, 3, on, import(1, "0.00", &lines, "2420.00")));
    assert_eq!(refusal(ask(&writer, 4, on, import(2, "2420.01", &[], "2420.01"))), "bank.opening_differs");
    assert_eq!(
        refusal(ask(&writer, 5, "2025-03-03", import(2, "2420.00", &[], "2420.00"))),
        "bank.out_of_order"
    );
    let of = |n, asked| Request::Bank(statement(n), asked);
    let matched = accept(ask(&writer, 6, on, of(1, matches(10, payment, "1210.00")))).first;
    // The client paid twice, but one payment is booked: the second line is not that payment.
    let again = of(1, matches(11, payment, "1210.00"));
    assert_eq!(refusal(ask(&writer, 7, on, again)), "bank.matched_already");
    let invoice_at = Position(payment.0 - 1);
    let no_payment = of(1, matches(11, invoice_at, "1210.00"));
    assert_eq!(refusal(ask(&writer, 8, on, no_payment)), "bank.nothing_booked");
    // The match is taken back: the other line it was.
    accept(ask(&writer, 9, on, of(1, BankCommand::Correct(take_back(matched, None)))));
    accept(ask(&writer, 10, on, of(1, matches(11, payment, "1210.00"))));
    let unknown = BankCommand::UnmatchLine { line: LineId::new(Uuid::from_u128(10)) };
    let suspended = accept(ask(&writer, 11, on, of(1, unknown))).first;
    // What the statement booked itself, on suspense, is no payment of anybody's.
    accept(ask(&writer, 12, on, import(2, "2420.00", &[line(12, "1210.00")], "3630.00")));
    let own = of(2, matches(12, suspended, "1210.00"));
    assert_eq!(refusal(ask(&writer, 13, on, own)), "bank.nothing_booked");
    // Only the last statement is taken back, and the next may follow the one before it.
    let of_first = BankCommand::Correct(take_back(Position(payment.0 + 1), None));
    assert_eq!(refusal(ask(&writer, 14, on, of(1, of_first))), "bank.later_statement");
}

#[test]
fn a_payment_that_comes_back_is_matched_with_the_correction_of_its_event() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let payment = paid_invoice(&writer);
    let on = "2025-03-04";
    let lines = [line(10, "1210.00"), line(11, "-1210.00")];
    accept(ask(&writer, 3, on, import(1, "0.00", &lines, "0.00")));
    let of = |asked| Request::Bank(statement(1), asked);
    let back = || of(BankCommand::ReturnLine { line: LineId::new(Uuid::from_u128(11)), payment });
    assert_eq!(refusal(ask(&writer, 4, on, back())), "bank.never_left");
    accept(ask(&writer, 5, on, of(matches(10, payment, "1210.00"))));
    accept(ask(&writer, 6, on, back()));
    let undo = Request::Unit(ATELIER, UnitCommand::Correct(take_back(payment, None)));
    let undone = accept(ask(&writer, 7, on, undo)).first;
    accept(ask(&writer, 8, on, of(matches(11, undone, "-1210.00"))));
}

#[test]
fn a_resource_serves_one_unit_at_a_time_and_takes_budget_that_is_there() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let on = "2025-03-04";
    let of = |asked| Request::Resource(RESOURCE, asked);
    let open = ResourceCommand::OpenResource { kind: ResourceKind::Room, per_hour: balance("8.00") };
    accept(ask(&writer, 7, on, of(open)));
    let book = |n: u128, holder, from: &str, to: &str| {
        let slot = Slot { on: day(on), from: from.parse().unwrap(), to: to.parse().unwrap() };
        of(ResourceCommand::BookResource {
            booking: BookingId::new(Uuid::from_u128(n)),
            unit: ATELIER,
            holder,
            slot,
        })
    };
    assert_eq!(refusal(ask(&writer, 3, on, book(1, BOB, "09:00", "12:00"))), "resource.not_held");
    accept(ask(&writer, 4, on, book(1, ALICE, "09:00", "12:00")));
    assert_eq!(refusal(ask(&writer, 5, on, book(2, ALICE, "11:45", "13:00"))), "resource.booked_already");
    let charge = || of(ResourceCommand::ChargeBooking { booking: BookingId::new(Uuid::from_u128(1)) });
    assert_eq!(refusal(ask(&writer, 6, on, charge())), "resource.over_budget");
    paid_invoice(&writer);
    let charged = accept(ask(&writer, 8, on, charge())).first;
    assert_eq!(refusal(ask(&writer, 9, on, charge())), "resource.charged_already");
    let undo = of(ResourceCommand::Correct(take_back(charged, None)));
    accept(ask(&writer, 10, on, undo));
    accept(ask(&writer, 11, on, charge()));
}
