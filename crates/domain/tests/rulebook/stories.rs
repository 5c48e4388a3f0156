//! A life per stream, played through the commands: where every kind of event happens at least once.
//!
//! Specs of storing, replaying and snapshots draw their samples from here, so that no sample is an
//! event that could not have happened.

use domain::activity::{Activity, ActivityCommand};
use domain::bank::{BankCommand, Statement};
use domain::board::{Board, BoardCommand};
use domain::control::{Control, ControlCommand};
use domain::correction::Correction;
use domain::course::{Course, CourseCommand};
use domain::cover::{Cover, CoverCommand};
use domain::filing::{Filing, FilingCommand};
use domain::fitness::{Fitness, FitnessCommand};
use domain::grant::{Grant, GrantCommand};
use domain::joint::{TransferBudget, TransferShares};
use domain::loan::{Loan, LoanCommand, LoanKind};
use domain::mandate::{Mandate, MandateCommand, MandateKind};
use domain::meeting::{Ballot, Choice, ItemKind, Meeting, MeetingCommand, MeetingKnown};
use domain::member::{Category, ExclusionOutcome, ExitCause, Member, MemberCommand, Remarks};
use domain::office::{Office, OfficeCommand};
use domain::parameters::{Parameter, Value};
use domain::participation::{Participation, ParticipationCommand, ParticipationId};
use domain::payroll::WorkerKind;
use domain::resource::{Resource, ResourceCommand};
use domain::series::{Numbered, Series, SeriesEvent, TakeNumber};
use domain::statutes::{Source, Statutes, StatutesCommand};
use domain::structure::{Structure, StructureCommand};
use domain::unit::{CreditDraft, InvoiceDraft, SocialDocument, Unit, UnitCommand, UnitEvent, Work};
use domain::vat::VatCategory;
use domain::year::{FiscalYear, YearCommand, YearKnown};
use domain::{Event, Position, Stream, StreamEvent, StreamId};

use crate::fixtures::*;
use crate::harness::{
    Given, credit, first_rule, give_budget, given, invoice_deposit, issue, issue_final, of_unit, transfer,
};

/// The books are opened, statutes adopted, a parameter published and its mistake corrected.
pub fn statutes() -> Given<Statutes> {
    let publish = |value: &str| StatutesCommand::PublishParameter {
        name: Parameter::ContributionRate,
        value: Value::Rate(rate(value)),
        valid_from: day("2017-01-01"),
        valid_to: Some(day("2026-12-31")),
        source: Source::try_new("smartbe.be, financement").expect("a source is a short line"),
        verified: true,
    };
    given([])
        .when(StatutesCommand::OpenLog { entity: SMARTCOOP, currency: token("EUR"), synthetic: true })
        .accepted()
        .when(StatutesCommand::AdoptStatutes { version: 1, evidence: paper("notarial-deed") })
        .accepted()
        .when(publish("0.65"))
        .accepted()
        .with_original(3)
        .when(StatutesCommand::Correct(correct(3, Some(publish("0.065")))))
        .accepted()
        .when(crate::statutes::publish_code("lets-meet", None))
        .accepted()
}

/// A year opens, is tested, defers what units hold, closes, and its result is allocated.
pub fn year() -> Given<FiscalYear> {
    let books = crate::year::books("1000.00", "400.00");
    let deferred = YearKnown { deferred: books.held, deferred_change: books.held, ..books };
    given([])
        .with(books)
        .when(YearCommand::OpenYear {})
        .accepted()
        .when(crate::year::test("12000.00", "11950.00", 12))
        .accepted()
        .on("2025-12-31")
        .when(YearCommand::DeferUnitBalances {})
        .accepted()
        .with(deferred)
        .when(YearCommand::CloseYear {})
        .accepted()
        .on("2026-01-01")
        .when(YearCommand::ReverseUnitBalances {})
        .accepted()
        .on("2026-05-20")
        .when(YearCommand::AuditAccounts { evidence: paper("auditors-report") })
        .accepted()
        .when(YearCommand::ApproveAccounts { evidence: paper("minutes") })
        .accepted()
        .when(crate::year::allocate(Some("100.00")))
        .accepted()
        .with_original(8)
        .when(YearCommand::Correct(correct(8, Some(crate::year::allocate(Some("150.00"))))))
        .accepted()
}

/// ALICE joins, pays, transfers and receives shares, leaves and is refunded.
pub fn member() -> Given<Member> {
    let bob = || given::<Member>(shareholder(BOB, 2)).of(BOBS_MEMBERSHIP);
    let deed = |to| TransferShares { to, shares: 1, evidence: paper("deed") };
    let of_member = |event: &Event| match event {
        Event::Member(event) => event.clone(),
        other => panic!("a transfer is of members: {other:?}"),
    };
    let alice = given([])
        .with(crate::exit::tested(true, "50.00"))
        .on("2025-01-15")
        .when(MemberCommand::RequestAdmission { person: ALICE, category: Category::User })
        .accepted()
        .when(MemberCommand::GrantAdmission {})
        .accepted()
        .when(MemberCommand::ChangeCategory { to: Category::Partner })
        .accepted()
        .when(subscribe(3))
        .accepted()
        .when(pay_up("80.00"))
        .accepted()
        .with_original(5)
        .when(MemberCommand::Correct(correct(5, Some(pay_up("90.00")))))
        .accepted();
    let gone = transfer(&alice, &bob(), &deed(BOBS_MEMBERSHIP)).expect("nothing forbids it");
    let alice = alice.and([of_member(&gone[0].1)]);
    let come = transfer(&bob().with(crate::exit::tested(true, "50.00")), &alice, &deed(ALICES_MEMBERSHIP));
    let alice = alice.and([of_member(&come.expect("nothing forbids it")[1].1)]);
    alice
        .when(crate::exit::lend("500.00", None))
        .accepted()
        .when(resign_as_filed_on("2025-01-15"))
        .accepted()
        .when(MemberCommand::RefuseResignation { reason: token("debt-to-the-unit") })
        .accepted()
        .when(resign_as_filed_on("2025-01-15"))
        .accepted()
        .when(MemberCommand::AcceptResignation {})
        .accepted()
        .on("2025-06-30")
        .when(MemberCommand::CancelShares { reason: token("resignation") })
        .accepted()
        .when(MemberCommand::DetermineRefund {
            net_assets_per_share: balance("21.35"),
            evidence: paper("approved-accounts"),
        })
        .accepted()
        .when(crate::exit::pay("60.00"))
        .accepted()
        .with(crate::exit::tested(true, "5.00"))
        .when(MemberCommand::ResumeRefund {})
        .accepted()
        .when(crate::exit::repay("200.00"))
        .accepted()
        .when(MemberCommand::EndMembership { reason: token("resignation") })
        .accepted()
}

/// BOB is excluded after he was heard.
pub fn excluded_member() -> Given<Member> {
    given(shareholder(BOB, 1))
        .with(crate::exit::tested(true, "50.00"))
        .when(crate::exit::propose())
        .accepted()
        .when(crate::exit::remarks(Remarks::Written))
        .accepted()
        .when(crate::exit::decide(ExclusionOutcome::Excluded))
        .accepted()
}

/// CAROL dies.
pub fn deceased_member() -> Given<Member> {
    given(shareholder(CAROL, 1)).when(crate::exit::by_law(ExitCause::Death)).accepted()
}

/// CAROL's request is refused.
pub fn refused_member() -> Given<Member> {
    given([])
        .when(MemberCommand::RequestAdmission { person: CAROL, category: Category::User })
        .accepted()
        .when(MemberCommand::RefuseAdmission { reason: token("statutes.10") })
        .accepted()
}

/// A number is taken.
pub fn series() -> Given<Series> {
    given([])
        .when(TakeNumber { numbered: Numbered::Invoice, document: INVOICE.uuid() })
        .accepted()
        .when(TakeNumber { numbered: Numbered::Invoice, document: OTHER_INVOICE.uuid() })
        .accepted()
}

/// ATELIER opens, invoices, works, claims, pays and corrects; it does not close.
pub fn unit() -> Given<Unit> {
    let day_of = |on| [(on, "7.00")];
    let unit = given([])
        .with(available("5000.00"))
        .when(UnitCommand::OpenUnit { holder: ALICE })
        .accepted()
        .when(UnitCommand::JoinUnit { holder: BOB })
        .accepted()
        .when(UnitCommand::JoinUnit { holder: CAROL })
        .accepted()
        .when(UnitCommand::LeaveUnit { holder: CAROL })
        .accepted()
        .when(UnitCommand::ConfirmOrder {
            order: ORDER,
            client: CLIENT,
            net: amount("500.00"),
            evidence: paper("order"),
        })
        .accepted()
        .when(UnitCommand::ConfirmOrder {
            order: OTHER_ORDER,
            client: CLIENT,
            net: amount("50.00"),
            evidence: paper("other-order"),
        })
        .accepted()
        .when(UnitCommand::CancelOrder { order: OTHER_ORDER, reason: token("client-withdrew") })
        .accepted();
    let mut draft = invoice(&[net(VatCategory::Standard, "500.00"), net(VatCategory::Reduced, "100.00")]);
    draft.order = Some(ORDER);
    let issued = issue(&given([]), &unit, &draft).expect("nothing forbids it");
    let unit = unit.and(of_unit(issued));
    let note = credit_note(0, &[(VatCategory::Reduced, "40.00")]);
    let credited = credit(&given([]), &unit, &note).expect("nothing forbids it");
    let mut for_the_order = declare(JOB, &day_of("2025-03-03"), "169.00");
    if let UnitCommand::DeclareContract { order, client, .. } = &mut for_the_order {
        (*order, *client) = (Some(ORDER), Some(CLIENT));
    }
    let gives = give_budget(&unit, &garage(), &to_garage("10.00")).expect("nothing forbids it");
    let returns = TransferBudget { to: ATELIER, holder: BOB, ..to_garage("4.00") };
    let receives = give_budget(&garage(), &unit, &returns).expect("nothing forbids it");
    unit.and(of_unit(credited))
        .when(receive(PAYMENT, "300.00"))
        .accepted()
        .when(for_the_order)
        .accepted()
        .when(UnitCommand::ConcludeEmployment { employment: EMPLOYMENT, contract: JOB })
        .accepted()
        .when(UnitCommand::AmendContract {
            contract: JOB,
            days: days(&[("2025-03-03", "8.00")]),
            budget: amount("200.00"),
        })
        .accepted()
        .when(declare(OTHER_JOB, &day_of("2025-03-10"), "169.00"))
        .accepted()
        .when(UnitCommand::CancelContract { contract: OTHER_JOB, reason: token("client-withdrew") })
        .accepted()
        .when(UnitCommand::EndContract { contract: JOB })
        .accepted()
        .when(calculate(SALARY, Work::Contract(JOB)))
        .accepted()
        .when(UnitCommand::PaySalary { salary: SALARY, evidence: paper("bank-line") })
        .accepted()
        .when(UnitCommand::ConcludeOpenEnded {
            employment: OPEN_ENDED,
            worker: CAROL,
            kind: WorkerKind::Artist,
        })
        .accepted()
        .when(UnitCommand::DeclareWorkDays {
            employment: OPEN_ENDED,
            holder: BOB,
            month: month("2025-03"),
            risk: None,
            days: days(&[("2025-03-04", "7.00"), ("2025-03-05", "7.00")]),
            budget: amount("338.00"),
        })
        .accepted()
        .when(UnitCommand::EndEmployment { employment: OPEN_ENDED, reason: token("by-consent") })
        .accepted()
        .when(claim(EXPENSE, "100.00", "21.00", "10.50"))
        .accepted()
        .when(UnitCommand::ApproveExpense { expense: EXPENSE })
        .accepted()
        .when(UnitCommand::PayExpense { expense: EXPENSE, evidence: paper("bank-line") })
        .accepted()
        .when(claim(OTHER_EXPENSE, "10.00", "0.00", "0.00"))
        .accepted()
        .when(UnitCommand::RefuseExpense { expense: OTHER_EXPENSE, reason: token("private") })
        .accepted()
        .with_original(10)
        .when(UnitCommand::Correct(correct(10, Some(receive(OTHER_PAYMENT, "350.00")))))
        .accepted()
        .on("2025-04-12")
        .when(remind(1))
        .accepted()
        .when(UnitCommand::DisputeInvoice { invoice: INVOICE, reason: token("poor-work") })
        .accepted()
        .when(UnitCommand::SettleDispute { invoice: INVOICE, reason: token("withdrawn") })
        .accepted()
        .on("2025-05-12")
        .when(of_business())
        .accepted()
        .when(plan(&[("2025-05-31", "300.00"), ("2025-06-30", "62.62")]))
        .accepted()
        .on("2025-07-01")
        .when(UnitCommand::HandOverInvoice { invoice: INVOICE, collector: BAILIFF })
        .accepted()
        .when(advance("200.00"))
        .accepted()
        .when(receive(PAYMENT, "50.00"))
        .accepted()
        .when(doubt())
        .accepted()
        .when(receive(PAYMENT, "100.00"))
        .accepted()
        .when(write_off(Some("2025-06-15")))
        .accepted()
        .and(of_unit(gives).into_iter().take(1))
        .and(of_unit(receives).into_iter().skip(1))
        .when(guarantee("200.00"))
        .accepted()
        .with(available("-150.00"))
        .when(absorb())
        .accepted()
}

/// Another unit, which BOB holds.
fn garage() -> Given<Unit> {
    given([UnitEvent::Opened { holder: BOB }]).of(GARAGE).with(available("50.00"))
}

/// BOB is declared at the third attempt, works, gets his holiday pay and his document.
pub fn unit_that_declares() -> Given<Unit> {
    given([opened(), declared(JOB), employed(JOB)])
        .when(send(None))
        .accepted()
        .when(refuse())
        .accepted()
        .when(send(None))
        .accepted()
        .when(cancel())
        .accepted()
        .when(send(None))
        .accepted()
        .when(accept())
        .accepted()
        .when(calculate(SALARY, Work::Contract(JOB)))
        .accepted()
        .when(accrue(SALARY))
        .accepted()
        .when(pay_holidays(BOB, "2.00", "3.34"))
        .accepted()
        .when(issue_document(SocialDocument::Unemployment { employment: EMPLOYMENT }))
        .accepted()
}

/// A unit that asks for deposits: one is deducted from the invoice, one is credited.
pub fn unit_with_deposits() -> Given<Unit> {
    let unit = given([opened()]);
    let lines = [net(VatCategory::Standard, "300.00")];
    let first = invoice(&lines);
    let decided = invoice_deposit(&given([]), &unit, &first).expect("nothing forbids it");
    let unit = unit.and(of_unit(decided)).when(receive(PAYMENT, "363.00")).accepted();
    let work = InvoiceDraft { invoice: OTHER_INVOICE, ..invoice(&[net(VatCategory::Standard, "1000.00")]) };
    let decided = issue_final(&given([]), &unit, &work, &[INVOICE]).expect("nothing forbids it");
    let unit = unit.and(of_unit(decided));
    let third = domain::ids::InvoiceId::new(uuid::Uuid::from_u128(3));
    let draft = InvoiceDraft { invoice: third, ..first };
    let decided = invoice_deposit(&given([]), &unit, &draft).expect("nothing forbids it");
    let unit = unit.and(of_unit(decided));
    let note = CreditDraft { invoice: third, ..credit_note(1, &[(VatCategory::Standard, "300.00")]) };
    let decided = credit(&given([]), &unit, &note).expect("nothing forbids it");
    unit.and(of_unit(decided))
}

/// A unit that opens and closes empty.
pub fn closed_unit() -> Given<Unit> {
    given([])
        .when(UnitCommand::OpenUnit { holder: ALICE })
        .accepted()
        .when(UnitCommand::CloseUnit {})
        .accepted()
}

/// ALICE borrows, pays, gets another schedule, is in doubt, and what she cannot pay is written off.
pub fn loan() -> Given<Loan> {
    use crate::loan::{disburse, doubt, grant, pay, request, reschedule, write_off};
    given([])
        .when(request(LoanKind::Cash, "3283.00"))
        .accepted()
        .when(grant("3283.00", 24, "2025-03-31"))
        .accepted()
        .when(disburse())
        .accepted()
        .on("2025-03-31")
        .when(LoanCommand::CallInstalment {})
        .accepted()
        .when(pay("136.97"))
        .accepted()
        .with_original(5)
        .when(LoanCommand::Correct(correct(5, Some(pay("136.79")))))
        .accepted()
        .when(reschedule(20, "2025-05-31"))
        .accepted()
        .when(doubt())
        .accepted()
        .when(write_off("3000.00"))
        .accepted()
        .when(pay("146.21"))
        .accepted()
}

/// ATELIER borrows budget and pays it back.
pub fn internal_loan() -> Given<Loan> {
    crate::loan::running(crate::loan::INTERNAL, "300.00", 3)
        .with(crate::loan::budget("500.00"))
        .when(crate::loan::pay("300.00"))
        .accepted()
}

/// BOB's request is refused.
pub fn refused_loan() -> Given<Loan> {
    crate::loan::requested(LoanKind::Cash, "9000.00")
        .when(LoanCommand::RefuseLoan { reason: token("no-plan") })
        .accepted()
}

/// A grant is received, passed on in part, and the rest goes back.
pub fn grant() -> Given<Grant> {
    use crate::grant::{PASS_THROUGH, give_back, pass_on, received};
    received(PASS_THROUGH, "5260.00")
        .when(pass_on("5000.00"))
        .accepted()
        .when(give_back("206.00"))
        .accepted()
        .with_original(4)
        .when(GrantCommand::Correct(correct(4, Some(give_back("260.00")))))
        .accepted()
}

/// A grant is earned before all of it is received.
pub fn own_grant() -> Given<Grant> {
    use crate::grant::{OWN, announced, receive, recognise};
    announced(OWN, "1000.00").when(recognise("600.00")).accepted().when(receive("500.00")).accepted()
}

/// The structure opens its balance, buys, pays, depreciates, sells, and corrects a payment.
pub fn structure() -> Given<Structure> {
    use crate::structure::*;
    given([])
        .on("2025-01-01")
        .when(open_balance(vec![moves("550", "133", "5000.00")]))
        .accepted()
        .on("2025-03-03")
        .when(buy())
        .accepted()
        .when(pay("100.00"))
        .accepted()
        .when(credit("100.00", "10.00", "11.00"))
        .accepted()
        .when(insure())
        .accepted()
        .when(staff("1000.00", "250.00", "130.70", "96.58", "772.72"))
        .accepted()
        .when(StructureCommand::PayStaff { pay: STAFF_PAY, evidence: paper("bank-line") })
        .accepted()
        .when(acquire("100.00", 3))
        .accepted()
        .when(depreciate("2025-03"))
        .accepted()
        .when(dispose("50.00", "10.50"))
        .accepted()
        .when(StructureCommand::ChargeBankFee { amount: amount("7.50"), evidence: paper("bank-line") })
        .accepted()
        .when(assess())
        .accepted()
        .when(pay_tax("100.00"))
        .accepted()
        .when(accrue())
        .accepted()
        .when(StructureCommand::ReverseAccrual { accrual: ACCRUAL })
        .accepted()
        .when(voucher(vec![moves("6500", "179", "12.00")]))
        .accepted()
        .with_original(3)
        .when(StructureCommand::Correct(correct(3, Some(pay("200.00")))))
        .accepted()
}

/// The VAT of a quarter is filed and paid, the payment corrected.
pub fn vat_return() -> Given<Filing> {
    of_period("vat-2025-q1").with_original(2).when(FilingCommand::Correct(correct(2, None))).accepted()
}

/// A return is filed and a part of it is paid.
pub fn of_period(filing: &str) -> Given<Filing> {
    use crate::filing::*;
    of(filing).when(file()).accepted().when(pay("50.00")).accepted()
}

/// A course is submitted, validated, listed, asked about and withdrawn, the withdrawal corrected.
pub fn course() -> Given<Course> {
    use crate::course::*;
    listed()
        .when(enquire(12))
        .accepted()
        .when(withdraw())
        .accepted()
        .with_original(5)
        .on("2025-04-01")
        .when(CourseCommand::Correct(correct(5, Some(withdraw()))))
        .accepted()
}

/// The programme of a course is no training.
pub fn refused_course() -> Given<Course> {
    crate::course::submitted().when(crate::course::refuse()).accepted()
}

/// BOB is found fit for work at a height, then unfit, has an accident, and a report is taken back.
pub fn fitness() -> Given<Fitness> {
    use crate::fitness::*;
    fit()
        .on("2026-01-01")
        .when(expire())
        .accepted()
        .when(require("2026-01-31"))
        .accepted()
        .when(fail())
        .accepted()
        .when(accident("2025-12-24"))
        .accepted()
        .with_original(7)
        .when(FitnessCommand::Correct(correct(7, None)))
        .accepted()
}

/// ALICE is covered, claims, is paid, and the cover lapses; a payment is corrected.
pub fn cover() -> Given<Cover> {
    use crate::cover::*;
    filed()
        .when(accept("800.00"))
        .accepted()
        .when(pay("300.00"))
        .accepted()
        .with_original(4)
        .when(CoverCommand::Correct(correct(4, Some(pay("500.00")))))
        .accepted()
        .when(lapse())
        .accepted()
}

/// The insurer refuses a claim.
pub fn refused_claim() -> Given<Cover> {
    crate::cover::filed().when(crate::cover::refuse()).accepted()
}

/// A statement is imported; its lines are matched, wait, come back, and a match is corrected.
pub fn bank() -> Given<Statement> {
    use crate::bank::*;
    let lines = [line(1, "1210.00"), line(2, "-772.72"), line(3, "772.72")];
    given([])
        .with(books())
        .when(import("1000.00", &lines, "2210.00"))
        .accepted()
        .when(matches(OPENING, &[(7, "1000.00")], "0.00"))
        .accepted()
        .when(unmatch(1))
        .accepted()
        .when(matches(line_id(1), &[(40, "1209.50")], "0.50"))
        .accepted()
        .when(matches(line_id(2), &[(41, "-772.72")], "0.00"))
        .accepted()
        .with(booked(&[(41, "-772.72", "-772.72")]))
        .when(returned(3, 41))
        .accepted()
        .with(booked(&[(40, "1210.00", "1209.50")]))
        .with_original(4)
        .when(BankCommand::Correct(correct(4, Some(matches(line_id(1), &[(40, "1210.00")], "0.00")))))
        .accepted()
}

/// A machine is booked and charged, and the charge taken back.
pub fn resource() -> Given<Resource> {
    use crate::resource::*;
    booked()
        .when(charge())
        .accepted()
        .with_original(3)
        .when(ResourceCommand::Correct(correct(3, None)))
        .accepted()
}

/// A group opens, meets, and closes, the count of its second meeting corrected.
pub fn group() -> Given<Participation> {
    use crate::participation::*;
    a_group()
        .when(meet(12, "2.00"))
        .accepted()
        .when(meet(120, "2.00"))
        .accepted()
        .with_original(3)
        .when(ParticipationCommand::Correct(correct(3, Some(meet(21, "2.00")))))
        .accepted()
        .when(ParticipationCommand::CloseGroup { reason: token("done") })
        .accepted()
}

/// A recommendation goes all its way: debated, amended, voted, carried out.
pub fn recommendation() -> Given<Participation> {
    use crate::participation::*;
    a_recommendation()
        .when(debate())
        .accepted()
        .when(amend())
        .accepted()
        .when(vote(true))
        .accepted()
        .when(carry_out())
        .accepted()
}

/// One the board validates and one it rejects.
pub fn answered_recommendation(answer: ParticipationCommand) -> Given<Participation> {
    crate::participation::a_recommendation().when(answer).accepted()
}

/// The works council is elected and gives advice.
pub fn works_council() -> Given<Participation> {
    use crate::participation::*;
    a_works_council().when(advise()).accepted()
}

/// A case of ethics is opened and concluded with a recommendation.
pub fn ethics_case() -> Given<Participation> {
    use crate::participation::*;
    a_case().when(conclude(Some("recommendation"))).accepted()
}

/// The story of the kind of thing that a key names.
pub fn participation(id: ParticipationId) -> Given<Participation> {
    match id {
        ParticipationId::Group(_) => group(),
        ParticipationId::Recommendation(_) => recommendation(),
        ParticipationId::Body(_) => works_council(),
        ParticipationId::EthicsCase(_) => ethics_case(),
    }
}

/// A plan is approved and its actions are carried out, one of them in another way than first said.
pub fn plan_of_actions() -> Given<Activity> {
    use crate::activity::*;
    given([])
        .when(plan_of(&["mentors", "open-day"]))
        .accepted()
        .when(carry_out("mentors"))
        .accepted()
        .with_original(2)
        .when(ActivityCommand::Correct(correct(2, Some(carry_out("open-day")))))
        .accepted()
}

/// Whatever begins and ends, and whatever simply took place, one stream each.
pub fn activities() -> Vec<Given<Activity>> {
    use crate::activity::*;
    let job = given([]).when(job("0.80")).accepted().when(end_job()).accepted();
    let member = given([]).when(join()).accepted().when(leave()).accepted();
    let done = [session(25), publication(), legal_case(), training_day(9), survey(), article(), strategy()];
    let done = done.into_iter().map(|command| given([]).when(command).accepted());
    [job, member].into_iter().chain(done).collect()
}

/// A check before the fact fails and is remedied, its first finding corrected.
pub fn check() -> Given<Control> {
    use crate::control::*;
    sampled()
        .when(fail(&["wrong-rate"]))
        .accepted()
        .with_original(2)
        .when(ControlCommand::Correct(correct(2, Some(fail(&["no-receipt"])))))
        .accepted()
        .when(remedy())
        .accepted()
}

/// A check after the fact passes.
pub fn passed_check() -> Given<Control> {
    use crate::control::*;
    given([]).of(AFTER).with(action(0, 0)).when(open(None)).accepted().when(pass()).accepted()
}

/// An office opens, has an adviser for a while, and closes; the reason for it is corrected.
pub fn office() -> Given<Office> {
    use crate::office::*;
    opened()
        .when(assign(ALICE))
        .accepted()
        .when(release(ALICE))
        .accepted()
        .when(close("lease"))
        .accepted()
        .with_original(4)
        .when(OfficeCommand::Correct(correct(4, Some(close("moved")))))
        .accepted()
}

/// A meeting is called, votes by name and in secret, elects two directors, and its minutes are signed.
pub fn meeting() -> Given<Meeting> {
    use crate::meeting::*;
    let agenda = vec![
        on_agenda(1, ItemKind::Discharge, Ballot::Secret),
        on_agenda(2, ItemKind::Statutes, Ballot::Open),
        on_agenda(3, TWO_DIRECTORS, Ballot::Open),
        on_agenda(4, ItemKind::Allowance { amount: amount("600.00") }, Ballot::Open),
    ];
    let revoke = MeetingCommand::RevokeProxy { giver: voter(3), evidence: paper("letter") };
    let known = MeetingKnown { candidates: vec![voter(1), voter(2)], ..holding(1) };
    let sign = MeetingCommand::SignMinutes { signers: vec![ALICE, BOB], evidence: paper("minutes") };
    let elect = Choice::Elect(vec![voter(2)]);
    sealed(agenda, 3)
        .with(known)
        .when(give(2, 1))
        .accepted()
        .when(give(3, 1))
        .accepted()
        .when(revoke)
        .accepted()
        .when(attend(voter(1)))
        .accepted()
        .when(attend(voter(3)))
        .accepted()
        .when(open())
        .accepted()
        .when(ballot(1))
        .accepted()
        .when(tally(1, 0, 0, 0))
        .accepted()
        .when(DECIDE)
        .accepted()
        .when(cast(2, 1, Choice::Against))
        .accepted()
        .with_original(12)
        .when(MeetingCommand::Correct(correct(12, Some(cast(2, 1, Choice::InFavour)))))
        .accepted()
        .when(MeetingCommand::DecideItem { item: item(2) })
        .accepted()
        .when(cast(3, 1, elect))
        .accepted()
        .when(MeetingCommand::DecideItem { item: item(3) })
        .accepted()
        .when(MeetingCommand::CloseMeeting {})
        .accepted()
        .when(sign)
        .accepted()
}

/// ALICE stands, is elected and elected again, has a conflict, is paid an allowance, and leaves.
pub fn mandate() -> Given<Mandate> {
    use crate::mandate::*;
    given([])
        .with(known())
        .when(propose())
        .accepted()
        .when(grant(MandateKind::DirectorA, elected()))
        .accepted()
        .when(renew())
        .accepted()
        .when(conflict(1))
        .accepted()
        .when(vote_allowance())
        .accepted()
        .when(pay("450.00", "order"))
        .accepted()
        .with_original(6)
        .when(MandateCommand::Correct(correct(6, Some(pay("400.00", "other-order")))))
        .accepted()
        .when(end())
        .accepted()
}

/// The board adopts one thing; what it rejected is written down anew.
pub fn board() -> Given<Board> {
    use crate::board::*;
    met()
        .when(vote(1, &[1, 2], &[3], &[]))
        .accepted()
        .when(vote(2, &[1], &[2, 3], &[]))
        .accepted()
        .with_original(4)
        .when(BoardCommand::Correct(correct(4, Some(vote(2, &[], &[1, 2, 3], &[])))))
        .accepted()
}

/// Every story as stored events; and the one correction that no rule allows, by hand.
pub fn all() -> Vec<(StreamId, Event)> {
    fn of<S: crate::harness::Known>(story: Given<S>) -> Vec<(StreamId, Event)>
    where
        S::Event: Into<Event>,
    {
        let stream = S::stream_id(story.id);
        story.events.into_iter().map(|event| (stream, event.into())).collect()
    }
    let series_corrected = SeriesEvent::Corrected(void(crate::series::taken(1, "2025-03-03")));
    [
        of(statutes()),
        of(year()),
        of(member()),
        of(refused_member()),
        of(excluded_member()),
        of(deceased_member()),
        of(series()),
        of(unit()),
        of(unit_with_deposits()),
        of(unit_that_declares()),
        of(closed_unit()),
        of(loan()),
        of(internal_loan()),
        of(refused_loan()),
        of(grant()),
        of(own_grant()),
        of(structure()),
        of(meeting()),
        of(mandate()),
        of(board()),
        of(vat_return()),
        of(of_period("dmfa-2025-q1")),
        of(of_period("withholding-2025-03")),
        of(crate::filing::of("customer-listing-2025").when(crate::filing::file()).accepted()),
        of(crate::filing::of("accounts-2025").when(crate::filing::file()).accepted()),
        of(course()),
        of(refused_course()),
        of(fitness()),
        of(cover()),
        of(refused_claim()),
        of(bank()),
        of(resource()),
        of(group()),
        of(recommendation()),
        of(answered_recommendation(crate::participation::validate())),
        of(answered_recommendation(crate::participation::reject())),
        of(works_council()),
        of(ethics_case()),
        of(plan_of_actions()),
        activities().into_iter().flat_map(of).collect(),
        of(check()),
        of(passed_check()),
        of(office()),
        vec![(Series::stream_id(<Series as crate::harness::Known>::ID), series_corrected.into())],
    ]
    .concat()
}

fn void<E: StreamEvent>(original: E) -> Correction<E> {
    Correction {
        position: Position(2),
        original_rule: first_rule(&original),
        original: Box::new(original),
        reason: token("typing-error"),
        authority: token("board"),
        replacement: None,
    }
}
