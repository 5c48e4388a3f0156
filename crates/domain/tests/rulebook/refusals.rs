//! Every rule that can say no, provoked by a command; codes are stable and messages hold the numbers.
//!
//! A code that disappears from this table, or a new one that is not provoked here, fails a test:
//! callers match on codes, so a code is never renamed.

use std::collections::BTreeSet;

use domain::activity::{Activity, ActivityCommand, ActivityRefusal, Answered, SurveyResult};
use domain::bank::{BankCommand, BankKnown, BankRefusal, Statement};
use domain::board::{Board, BoardKnown, BoardRefusal};
use domain::control::{Action, Control, ControlCommand, ControlKnown, ControlRefusal};
use domain::correction::Correct;
use domain::course::{Course, CourseCommand, CourseRefusal};
use domain::cover::{Cover, CoverCommand, CoverRefusal};
use domain::filing::{Filing, FilingCommand, FilingKnown, FilingRefusal};
use domain::fitness::{Fit, Fitness, FitnessCommand, FitnessRefusal};
use domain::grant::{Grant, GrantCommand, GrantRefusal};
use domain::joint::{TransferBudget, TransferShares};
use domain::loan::{Loan, LoanCommand, LoanKind, LoanRefusal};
use domain::mandate::{BoardItemState, Mandate, MandateCommand, MandateKind, MandateKnown, MandateRefusal};
use domain::meeting::{
    Channel, Choice, Item, ItemKind, Meeting, MeetingCommand, MeetingKind, MeetingKnown, MeetingRefusal,
};
use domain::member::{Category, Member, MemberCommand, MemberKnown, MemberRefusal, PaidFrom};
use domain::office::{Office, OfficeCommand, OfficeRefusal};
use domain::parameters::{Parameter, Value};
use domain::participation::{Participation, ParticipationCommand, ParticipationKnown, ParticipationRefusal};
use domain::resource::{Resource, ResourceCommand, ResourceKnown, ResourceRefusal};
use domain::series::{Numbered, Series, SeriesRefusal, TakeNumber};
use domain::statutes::{Source, Statutes, StatutesCommand, StatutesRefusal};
use domain::structure::{Structure, StructureCommand, StructureRefusal};
use domain::text::Token;
use domain::unit::{BudgetKnown, InvoiceDraft, Unit, UnitCommand, UnitKnown, UnitRefusal, Work};
use domain::vat::VatCategory;
use domain::year::{FiscalYear, YearCommand, YearEvent, YearKnown, YearRefusal};
use domain::{Malformed, Refused, Stream};

use crate::fixtures::*;
use crate::harness::{
    Given, Known, credit, give_budget, given, invoice_deposit, issue, issue_final, transfer,
};
use crate::{
    activity as of_activity, bank, board, control as of_control, course, cover, filing as of_filing, fitness,
    grant, loan, mandate, meeting, office as of_office, participation as taking_part, resource,
    structure as of_structure,
};

const ONE_DAY: &[(&str, &str)] = &[("2025-03-03", "7.00")];

fn no<S: Known>(given: Given<S>, command: S::Command) -> Refused
where
    Refused: From<S::Refusal>,
{
    given.when(command).refusal().into()
}

fn correcting<S: Known>(given: Given<S>, n: usize, ask: fn(Correct<S::Command>) -> S::Command) -> Refused
where
    Refused: From<S::Refusal>,
{
    no(given.with_original(n), ask(correct(n, None)))
}

/// A day of work at a height.
fn climb() -> UnitCommand {
    let mut asked = declare(JOB, ONE_DAY, "169.00");
    if let UnitCommand::DeclareContract { risk, .. } = &mut asked {
        *risk = Some(fitness::HEIGHT);
    }
    asked
}

fn statutes() -> Given<Statutes> {
    let entity = SMARTCOOP;
    given([]).when(StatutesCommand::OpenLog { entity, currency: token("EUR"), synthetic: true }).accepted()
}

fn publish(value: Value, to: Option<&str>) -> StatutesCommand {
    StatutesCommand::PublishParameter {
        name: Parameter::ContributionRate,
        value,
        valid_from: day("2025-01-01"),
        valid_to: to.map(day),
        source: Source::try_new("general meeting").expect("a source is a short line"),
        verified: true,
    }
}

fn member() -> Given<Member> {
    given(shareholder(ALICE, 2)).with(MemberKnown { shareholders: 3, ..MemberKnown::default() })
}

fn resigned() -> Given<Member> {
    member()
        .when(resign_as_filed_on("2025-03-03"))
        .accepted()
        .when(MemberCommand::AcceptResignation {})
        .accepted()
}

fn refund_due() -> Given<Member> {
    let event = crate::exit::by_law(domain::member::ExitCause::Death);
    let (net_assets_per_share, evidence) = (balance("30.00"), paper("approved-accounts"));
    member()
        .with(crate::exit::tested(true, "0.00"))
        .when(event)
        .accepted()
        .when(cancel_shares())
        .accepted()
        .when(MemberCommand::DetermineRefund { net_assets_per_share, evidence })
        .accepted()
}

fn cancel_shares() -> MemberCommand {
    MemberCommand::CancelShares { reason: token("resignation") }
}

fn to(to: domain::ids::MemberId) -> TransferShares {
    TransferShares { to, shares: 1, evidence: paper("deed") }
}

fn unit() -> Given<Unit> {
    given([opened()]).with(available("1000.00"))
}

fn worked() -> Given<Unit> {
    unit().and([declared(JOB), employed(JOB)])
}

/// ALICE's unit invoiced 1,210.00, due on 2 April.
fn invoiced() -> Given<Unit> {
    crate::unit::invoicing::invoiced(&[net(VatCategory::Standard, "1000.00")])
}

/// The client was reminded of it on 12 April.
fn reminded() -> Given<Unit> {
    invoiced().on("2025-04-12").when(remind(1)).accepted()
}

/// ALICE's unit asked CLIENT for a deposit of 121.00.
fn with_deposit() -> Given<Unit> {
    let draft = invoice(&[net(VatCategory::Standard, "100.00")]);
    let decided = invoice_deposit(&given([]), &unit(), &draft).expect("nothing forbids it");
    unit().and(crate::harness::of_unit(decided))
}

/// The invoice for the work that a deposit was asked for.
fn work(price: &str) -> InvoiceDraft {
    InvoiceDraft { invoice: OTHER_INVOICE, ..invoice(&[net(VatCategory::Standard, price)]) }
}

fn salary(bonus: &str, withholding: &str) -> UnitCommand {
    UnitCommand::CalculateSalary {
        salary: SALARY,
        work: Work::Contract(JOB),
        work_bonus: balance(bonus),
        withholding_rate: Some(rate(withholding)),
        evidence: paper("payslip"),
    }
}

fn taken() -> Given<Series> {
    given([crate::series::taken(1, "2025-03-03")])
}

fn take(numbered: Numbered) -> TakeNumber {
    TakeNumber { numbered, document: INVOICE.uuid() }
}

fn asked() -> Given<Loan> {
    loan::requested(LoanKind::Cash, "1000.00")
}

fn lent() -> Given<Loan> {
    loan::running(LoanKind::Cash, "1000.00", 1)
}

fn charging(rate: Option<&str>, charge: Option<&str>) -> LoanCommand {
    let mut asked = loan::grant("1000.00", 3, "2025-03-31");
    if let LoanCommand::GrantLoan { interest, fee, .. } = &mut asked {
        (*interest, *fee) = (rate.map(self::rate), charge.map(balance));
    }
    asked
}

fn overheads() -> Given<Structure> {
    of_structure::structure()
}

fn filed() -> Given<Filing> {
    of_filing::of("vat-2025-03").when(of_filing::file()).accepted()
}

type Provoked = (&'static str, &'static str, fn() -> Refused);

fn validated() -> Given<Participation> {
    taking_part::a_recommendation().when(taking_part::validate()).accepted()
}

fn held() -> Given<Activity> {
    given([]).when(of_activity::session(1)).accepted()
}

fn survey(answers: u32, invited: u32, results: &[Answered]) -> ActivityCommand {
    ActivityCommand::CloseSurvey { invited, answers, results: results.to_vec(), evidence: paper("count") }
}

fn planned() -> Given<Activity> {
    given([]).when(of_activity::plan_of(&["mentors"])).accepted()
}

fn with_adviser() -> Given<Office> {
    of_office::opened().when(of_office::assign(ALICE)).accepted()
}

fn open_year() -> Given<FiscalYear> {
    given::<FiscalYear>([]).when(YearCommand::OpenYear {}).accepted()
}

fn deferred_year() -> Given<FiscalYear> {
    open_year().and([YearEvent::UnitBalancesDeferred { amount: amount("400.00") }]).on("2025-12-31")
}

fn closed_year() -> Given<FiscalYear> {
    open_year().and([YearEvent::Closed {}]).on("2026-01-01")
}

fn ordinary() -> Vec<Item> {
    meeting::open_vote(ItemKind::Ordinary)
}

fn called() -> Given<Meeting> {
    meeting::convened(ordinary())
}

fn rolled() -> Given<Meeting> {
    meeting::sealed(ordinary(), 2_000)
}

/// The first gave the second the vote.
fn with_proxy() -> Given<Meeting> {
    rolled().when(meeting::give(1, 2)).accepted()
}

fn began() -> Given<Meeting> {
    meeting::begun(ordinary(), 3)
}

/// One of three voted in secret.
fn in_secret() -> Given<Meeting> {
    meeting::begun(meeting::secret_vote(ItemKind::Discharge), 3).when(meeting::ballot(1)).accepted()
}

/// The first three stand for two seats.
fn electing() -> Given<Meeting> {
    let candidates = (1..=3).map(meeting::voter).collect();
    let known = MeetingKnown { candidates, ..meeting::holding(1) };
    meeting::begun(meeting::open_vote(meeting::TWO_DIRECTORS), 3).with(known)
}

fn elect() -> MandateCommand {
    mandate::grant(MandateKind::DirectorA, mandate::elected())
}

fn board_called() -> Given<Board> {
    given([]).with(board::directors(5)).when(board::convene(&[1])).accepted().on("2025-03-10")
}

/// Stream, code, and a command that provokes it.
const TABLE: &[Provoked] = &[
    ("statutes", "statutes.already_open", || {
        let entity = SMARTCOOP;
        no(statutes(), StatutesCommand::OpenLog { entity, currency: token("EUR"), synthetic: false })
    }),
    ("statutes", "statutes.not_open", || no(given::<Statutes>([]), publish(Value::Rate(rate("0.07")), None))),
    ("statutes", "statutes.version_out_of_order", || {
        no(statutes(), StatutesCommand::AdoptStatutes { version: 3, evidence: paper("deed") })
    }),
    ("statutes", "statutes.wrong_kind", || no(statutes(), publish(Value::Count(7), None))),
    ("statutes", "statutes.out_of_range", || no(statutes(), publish(Value::Rate(rate("6.5")), None))),
    ("statutes", "statutes.ends_before_it_begins", || {
        no(statutes(), publish(Value::Rate(rate("0.07")), Some("2024-12-31")))
    }),
    ("statutes", "correction.not_in_stream", || no(statutes(), StatutesCommand::Correct(correct(9, None)))),
    ("statutes", "correction.relied_upon", || correcting(statutes(), 1, StatutesCommand::Correct)),
    ("statutes", "correction.already_void", || {
        let adopted = statutes()
            .when(StatutesCommand::AdoptStatutes { version: 1, evidence: paper("deed") })
            .accepted();
        let void = adopted.with_original(2).when(StatutesCommand::Correct(correct(2, None))).accepted();
        correcting(void, 3, StatutesCommand::Correct)
    }),
    ("statutes", "correction.not_one_event", || {
        let adopted = statutes()
            .when(StatutesCommand::AdoptStatutes { version: 1, evidence: paper("deed") })
            .accepted();
        let instead = publish(Value::Rate(rate("0.07")), None);
        no(adopted.with_original(2), StatutesCommand::Correct(correct(2, Some(instead))))
    }),
    ("year", "year.already_opened", || {
        no(given::<FiscalYear>([]).when(YearCommand::OpenYear {}).accepted(), YearCommand::OpenYear {})
    }),
    ("year", "year.beyond_calendar", || {
        no(given::<FiscalYear>([]).of(domain::Year::new(2151)), YearCommand::OpenYear {})
    }),
    ("year", "year.not_open_to_close", || no(given::<FiscalYear>([]), YearCommand::CloseYear {})),
    ("year", "year.not_over", || {
        no(given::<FiscalYear>([]).when(YearCommand::OpenYear {}).accepted(), YearCommand::CloseYear {})
    }),
    ("year", "year.out_of_order", || no(given::<FiscalYear>([]), YearCommand::DeferUnitBalances {})),
    ("year", "year.outside", || no(open_year().on("2026-01-01"), crate::year::test("1.00", "0.00", 12))),
    ("year", "year.deferred_on_last_day", || no(open_year(), YearCommand::DeferUnitBalances {})),
    ("year", "year.already_deferred", || {
        no(deferred_year().on("2025-12-31"), YearCommand::DeferUnitBalances {})
    }),
    ("year", "year.nothing_to_defer", || no(open_year().on("2025-12-31"), YearCommand::DeferUnitBalances {})),
    ("year", "year.deferred_is_not_held", || {
        let deferred = balance("10.00");
        no(deferred_year().with(YearKnown { deferred, ..YearKnown::default() }), YearCommand::CloseYear {})
    }),
    ("year", "year.nothing_to_reverse", || no(closed_year(), YearCommand::ReverseUnitBalances {})),
    ("year", "year.reversed_on_first_day", || {
        let closed = deferred_year().and([YearEvent::Closed {}]);
        no(closed.on("2026-01-02"), YearCommand::ReverseUnitBalances {})
    }),
    ("year", "year.no_dividend", || {
        let (dividend, evidence) = (Some(amount("0.01")), paper("minutes"));
        no(open_year(), YearCommand::AllocateResult { to_reserves: None, dividend, evidence })
    }),
    ("year", "year.more_than_result", || {
        let evidence = paper("minutes");
        let approved = closed_year()
            .and([YearEvent::AccountsAudited { evidence }, YearEvent::AccountsApproved { evidence }]);
        no(approved, crate::year::allocate(Some("0.01")))
    }),
    ("year", "year.not_open", || {
        no(
            closed_year().on("2025-03-03").in_a_year_that_is_not_open(),
            YearCommand::AuditAccounts { evidence: paper("auditors-report") },
        )
    }),
    ("year", "correction.relied_upon", || {
        correcting(given::<FiscalYear>([]).when(YearCommand::OpenYear {}).accepted(), 1, YearCommand::Correct)
    }),
    ("member", "member.wrong_standing", || no(given::<Member>([]), subscribe(1))),
    ("member", "member.already_member", || {
        let known = MemberKnown { member_already: Some(BOBS_MEMBERSHIP), ..MemberKnown::default() };
        let asked = MemberCommand::RequestAdmission { person: ALICE, category: Category::User };
        no(given::<Member>([]).with(known), asked)
    }),
    ("member", "member.same_category", || no(member(), MemberCommand::ChangeCategory { to: Category::User })),
    ("member", "member.no_shares", || no(member(), subscribe(0))),
    ("member", "member.too_many_shares", || no(member(), subscribe(u32::MAX))),
    ("member", "member.not_own_means", || {
        let (amount, evidence) = (amount("30.00"), paper("bank-line"));
        no(member(), MemberCommand::PayUpShares { amount, paid_from: PaidFrom::UnitBudget, evidence })
    }),
    ("member", "member.other_class", || {
        let holds = member().and([subscribed(ALICE, 1)]);
        no(
            holds,
            MemberCommand::SubscribeShares { class: Token::literal("Z"), shares: 1, evidence: paper("form") },
        )
    }),
    ("member", "member.more_than_subscribed", || no(member(), pay_up("0.01"))),
    ("member", "member.not_enough_shares", || {
        transfer(&given(admitted(ALICE)), &given(admitted(BOB)).of(BOBS_MEMBERSHIP), &to(BOBS_MEMBERSHIP))
            .unwrap_err()
    }),
    ("member", "member.not_paid_up", || {
        let unpaid = given(admitted(ALICE)).and([subscribed(ALICE, 1)]);
        transfer(&unpaid, &given(admitted(BOB)).of(BOBS_MEMBERSHIP), &to(BOBS_MEMBERSHIP)).unwrap_err()
    }),
    ("member", "member.transfer_to_self", || {
        transfer(&member(), &member(), &to(ALICES_MEMBERSHIP)).unwrap_err()
    }),
    ("member", "member.too_few_shareholders", || no(resigned().on("2025-06-30"), cancel_shares())),
    ("member", "member.filed_in_future", || no(member(), resign_as_filed_on("2025-03-04"))),
    ("member", "member.not_yet_left", || no(resigned(), cancel_shares())),
    ("member", "member.nothing_to_refund", || {
        let (net_assets_per_share, evidence) = (balance("30.00"), paper("approved-accounts"));
        no(member(), MemberCommand::DetermineRefund { net_assets_per_share, evidence })
    }),
    ("member", "member.shares_held", || {
        no(member(), MemberCommand::EndMembership { reason: token("resignation") })
    }),
    ("member", "member.already_proposed", || {
        no(member().when(crate::exit::propose()).accepted(), crate::exit::propose())
    }),
    ("member", "member.nothing_proposed", || {
        no(member(), crate::exit::decide(domain::member::ExclusionOutcome::Excluded))
    }),
    ("member", "member.remarks_awaited", || {
        let proposed = member().when(crate::exit::propose()).accepted();
        no(proposed, crate::exit::decide(domain::member::ExclusionOutcome::Excluded))
    }),
    ("member", "member.refund_above_limit", || no(member(), crate::exit::pay("0.01"))),
    ("member", "member.not_tested", || {
        no(refund_due().with(MemberKnown::default()), crate::exit::pay("30.00"))
    }),
    ("member", "member.still_suspended", || {
        let suspended = refund_due().with(crate::exit::tested(false, "0.00"));
        no(suspended.when(crate::exit::pay("30.00")).accepted(), MemberCommand::ResumeRefund {})
    }),
    ("member", "member.no_interest", || no(member(), crate::exit::lend("500.00", Some("0.01")))),
    ("member", "member.more_than_lent", || no(member(), crate::exit::repay("0.01"))),
    ("member", "member.nothing_suspended", || no(member(), MemberCommand::ResumeRefund {})),
    ("member", "parameter.missing", || no(member().without_parameters(), subscribe(1))),
    ("member", "year.not_open", || no(member().in_a_year_that_is_not_open(), subscribe(1))),
    ("member", "correction.relied_upon", || correcting(member(), 1, MemberCommand::Correct)),
    ("unit", "unit.already_opened", || no(unit(), UnitCommand::OpenUnit { holder: BOB })),
    ("unit", "unit.not_open", || no(given::<Unit>([]), UnitCommand::CloseUnit {})),
    ("unit", "unit.not_a_holder", || no(unit(), UnitCommand::LeaveUnit { holder: BOB })),
    ("unit", "unit.already_holder", || no(unit(), UnitCommand::JoinUnit { holder: ALICE })),
    ("unit", "unit.last_holder", || no(unit(), UnitCommand::LeaveUnit { holder: ALICE })),
    ("unit", "unit.not_empty", || no(unit(), UnitCommand::CloseUnit {})),
    ("unit", "unit.unknown", || no(unit(), UnitCommand::ApproveExpense { expense: EXPENSE })),
    ("unit", "unit.wrong_state", || {
        no(worked(), UnitCommand::CancelContract { contract: JOB, reason: token("client-withdrew") })
    }),
    ("unit", "unit.no_days", || no(unit(), declare(JOB, &[], "169.00"))),
    ("unit", "unit.bad_day", || {
        no(unit(), declare(JOB, &[("2025-03-04", "7.00"), ("2025-03-03", "7.00")], "900.00"))
    }),
    ("unit", "unit.day_too_long", || no(unit(), declare(JOB, &[("2025-03-03", "11.25")], "900.00"))),
    ("unit", "unit.over_budget", || no(unit(), declare(JOB, ONE_DAY, "1000.01"))),
    ("unit", "unit.beyond_guarantee_line", || {
        no(unit().when(guarantee("50.00")).accepted(), declare(JOB, ONE_DAY, "1050.01"))
    }),
    ("unit", "unit.negative_guarantee_line", || no(unit(), guarantee("-0.01"))),
    ("unit", "unit.guarantee_line_in_use", || no(unit().with(available("-5.00")), guarantee("4.99"))),
    ("unit", "unit.transfer_to_itself", || {
        give_budget(&unit(), &unit(), &TransferBudget { to: ATELIER, ..to_garage("1.00") }).unwrap_err()
    }),
    ("unit", "unit.receiver_not_open", || give_budget(&unit(), &given([]), &to_garage("1.00")).unwrap_err()),
    ("unit", "unit.no_deficit", || no(unit(), absorb())),
    ("unit", "unit.below_minimum_wage", || no(unit(), declare(JOB, ONE_DAY, "100.00"))),
    ("unit", "unit.share_duty", || {
        let known = UnitKnown { grace_contracts_used: 3, shares: 0, ..available("1000.00") };
        no(unit().with(known), declare(JOB, ONE_DAY, "169.00"))
    }),
    ("unit", "unit.no_lines", || issue(&given([]), &unit(), &invoice(&[])).unwrap_err()),
    ("unit", "unit.total_too_large", || no(unit(), claim(EXPENSE, "100000000000.00", "1.00", "0.00"))),
    ("unit", "unit.no_exact_net", || {
        issue(&given([]), &unit(), &invoice(&[inclusive(VatCategory::Standard, "10.00")])).unwrap_err()
    }),
    ("unit", "unit.no_course", || {
        issue(&given([]), &unit(), &invoice(&[net(VatCategory::Exempt, "121.00")])).unwrap_err()
    }),
    ("unit", "unit.course_not_valid", || {
        let training = invoice(&[net(VatCategory::Exempt, "121.00")]);
        issue(&given([]), &unit(), &InvoiceDraft { course: Some(COURSE), ..training }).unwrap_err()
    }),
    ("unit", "unit.course_without_training", || {
        let work = invoice(&[net(VatCategory::Standard, "121.00")]);
        issue(&given([]), &unit(), &InvoiceDraft { course: Some(COURSE), ..work }).unwrap_err()
    }),
    ("unit", "unit.not_fit", || no(unit().with(available("1000.00")), climb())),
    ("unit", "unit.not_fit_long_enough", || {
        let over = Fit { from: day("2025-01-01"), until: day("2025-03-02") };
        no(unit().with(UnitKnown { fit: Some(over), ..available("1000.00") }), climb())
    }),
    ("unit", "unit.vat_on_exempt", || {
        issue(&given([]), &unit(), &invoice(&[inclusive(VatCategory::Exempt, "121.00")])).unwrap_err()
    }),
    ("unit", "unit.no_deposits", || issue_final(&given([]), &unit(), &work("100.00"), &[]).unwrap_err()),
    ("unit", "unit.deposit_not_paid", || {
        issue_final(&given([]), &with_deposit(), &work("100.00"), &[INVOICE]).unwrap_err()
    }),
    ("unit", "unit.deposits_too_high", || {
        let paid = with_deposit().when(receive(PAYMENT, "121.00")).accepted();
        issue_final(&given([]), &paid, &work("99.99"), &[INVOICE]).unwrap_err()
    }),
    ("unit", "unit.credits_too_much", || {
        let draft = invoice(&[net(VatCategory::Standard, "10.00")]);
        let issued = issue(&given([]), &unit(), &draft).expect("nothing forbids it");
        let unit = unit().and(crate::harness::of_unit(issued));
        credit(&given([]), &unit, &credit_note(0, &[(VatCategory::Standard, "10.01")])).unwrap_err()
    }),
    ("unit", "unit.not_overdue", || no(invoiced().on("2025-04-02"), remind(1))),
    ("unit", "unit.nothing_open", || no(invoiced().when(receive(PAYMENT, "1210.00")).accepted(), remind(1))),
    ("unit", "unit.reminded_already", || no(reminded(), remind(1))),
    ("unit", "unit.reminder_out_of_order", || no(reminded(), remind(3))),
    ("unit", "unit.indemnity_too_early", || no(reminded().on("2025-04-26"), of_consumer("100.50"))),
    ("unit", "unit.indemnity_above_cap", || no(reminded().on("2025-04-27"), of_consumer("100.51"))),
    ("unit", "unit.plan_does_not_add_up", || no(invoiced(), plan(&[("2025-05-31", "1209.99")]))),
    ("unit", "unit.not_doubtful", || no(invoiced(), write_off(None))),
    ("unit", "unit.debt_is_doubtful", || no(reminded().when(doubt()).accepted(), of_business())),
    ("unit", "unit.advance_too_high", || no(invoiced(), advance("935.01"))),
    ("unit", "unit.advance_outstanding", || {
        let advanced = invoiced().when(advance("100.00")).accepted();
        credit(&given([]), &advanced, &credit_note(0, &[(VatCategory::Standard, "1.00")])).unwrap_err()
    }),
    ("unit", "unit.bad_recoverable_vat", || no(unit(), claim(EXPENSE, "100.00", "21.00", "21.01"))),
    ("unit", "unit.expense_out_of_time", || {
        no(unit().on("2025-02-19"), claim(EXPENSE, "100.00", "21.00", "21.00"))
    }),
    ("unit", "unit.work_not_over", || {
        no(worked().on("2025-03-02"), UnitCommand::EndContract { contract: JOB })
    }),
    ("unit", "unit.cost_over_reserved", || {
        let dear = worked().publishing(Parameter::NssoEmployerRate, Value::Rate(rate("0.70")));
        no(dear, salary("0.00", "0.1111"))
    }),
    ("unit", "unit.withholding_too_low", || no(worked(), salary("0.00", "0.11"))),
    ("unit", "unit.no_holiday_pay", || no(worked(), pay_holidays(BOB, "0.00", "0.00"))),
    ("unit", "unit.holiday_deductions", || {
        let waged = worked().when(salary("0.00", "0.1111")).accepted();
        no(waged.when(accrue(SALARY)).accepted(), pay_holidays(BOB, "10.00", "5.34"))
    }),
    ("unit", "unit.dimona_late", || no(worked().on("2025-03-04"), send(None))),
    ("unit", "unit.negative_work_bonus", || no(worked(), salary("-1.00", "0.1111"))),
    ("unit", "unit.nothing_left", || no(worked(), salary("0.00", "1.00"))),
    ("unit", "unit.would_overdraw", || correcting(unit().with(available("-0.01")), 1, UnitCommand::Correct)),
    ("unit", "parameter.missing", || no(unit().without_parameters(), declare(JOB, ONE_DAY, "169.00"))),
    ("unit", "year.not_open", || no(unit().in_a_year_that_is_not_open(), UnitCommand::CloseUnit {})),
    ("unit", "correction.relied_upon", || correcting(unit(), 1, UnitCommand::Correct)),
    ("series", "series.wrong_year", || no(taken().on("2026-01-01"), take(Numbered::Invoice))),
    ("series", "series.other_documents", || no(taken(), take(Numbered::CreditNote))),
    ("series", "series.out_of_date_order", || no(taken().on("2025-03-02"), take(Numbered::Invoice))),
    ("loan", "loan.wrong_stage", || no(given::<Loan>([]), loan::disburse())),
    ("loan", "loan.bears_interest", || no(asked(), charging(Some("0.03"), None))),
    ("loan", "loan.bears_fee", || no(asked(), charging(None, Some("30.00")))),
    ("loan", "loan.more_than_asked", || no(asked(), loan::grant("1000.01", 3, "2025-03-31"))),
    ("loan", "loan.no_schedule", || no(asked(), loan::grant("1000.00", 0, "2025-03-31"))),
    ("loan", "loan.due_in_past", || no(asked(), loan::grant("1000.00", 3, "2025-03-02"))),
    ("loan", "loan.unit_not_open", || {
        no(loan::granted(loan::INTERNAL, "300.00", 3).with(BudgetKnown::default()), loan::disburse())
    }),
    ("loan", "loan.not_yet_due", || no(lent(), LoanCommand::CallInstalment {})),
    ("loan", "loan.nothing_to_call", || {
        let called = lent().on("2025-03-31").when(LoanCommand::CallInstalment {}).accepted();
        no(called, LoanCommand::CallInstalment {})
    }),
    ("loan", "loan.more_than_outstanding", || no(lent(), loan::pay("1000.01"))),
    ("loan", "loan.over_budget", || no(loan::running(loan::INTERNAL, "300.00", 3), loan::pay("100.00"))),
    ("loan", "loan.not_a_cash_loan", || no(loan::running(loan::INTERNAL, "300.00", 3), loan::doubt())),
    ("loan", "loan.not_doubtful", || no(lent(), loan::write_off("1.00"))),
    ("loan", "loan.would_overdraw", || {
        let spent = loan::running(loan::INTERNAL, "300.00", 3).with(loan::budget("-300.00"));
        correcting(spent, 3, LoanCommand::Correct)
    }),
    ("loan", "correction.relied_upon", || correcting(lent(), 1, LoanCommand::Correct)),
    ("loan", "year.not_open", || no(asked().in_a_year_that_is_not_open(), loan::disburse())),
    ("grant", "grant.already_announced", || {
        no(grant::announced(grant::OWN, "500.00"), grant::announce(grant::OWN, "500.00"))
    }),
    ("grant", "grant.not_announced", || no(given::<Grant>([]), grant::receive("1.00"))),
    ("grant", "grant.more_than_announced", || {
        no(grant::announced(grant::OWN, "500.00"), grant::receive("500.01"))
    }),
    ("grant", "grant.other_kind", || no(grant::received(grant::OWN, "500.00"), grant::pass_on("1.00"))),
    ("grant", "grant.unit_not_open", || {
        no(grant::announced(grant::OWN, "500.00").with(BudgetKnown::default()), grant::recognise("1.00"))
    }),
    ("grant", "grant.more_than_to_recognise", || {
        no(grant::announced(grant::OWN, "500.00"), grant::recognise("500.01"))
    }),
    ("grant", "grant.passed_on_already", || {
        let passed = grant::received(grant::PASS_THROUGH, "500.00").when(grant::pass_on("500.00")).accepted();
        no(passed, grant::pass_on("500.00"))
    }),
    ("grant", "grant.more_than_left", || {
        no(grant::received(grant::PASS_THROUGH, "500.00"), grant::give_back("500.01"))
    }),
    ("grant", "grant.would_overdraw", || {
        let earned = grant::announced(grant::OWN, "500.00").when(grant::recognise("500.00")).accepted();
        correcting(earned.with(loan::budget("-0.01")), 2, GrantCommand::Correct)
    }),
    ("grant", "parameter.missing", || {
        no(grant::announced(grant::OWN, "500.00").without_parameters(), grant::recognise("1.00"))
    }),
    ("grant", "correction.relied_upon", || {
        correcting(grant::received(grant::OWN, "500.00"), 1, GrantCommand::Correct)
    }),
    ("grant", "year.not_open", || {
        no(grant::announced(grant::OWN, "500.00").in_a_year_that_is_not_open(), grant::receive("1.00"))
    }),
    ("series", "year.not_open", || no(taken().in_a_year_that_is_not_open(), take(Numbered::Invoice))),
    ("structure", "structure.wrong_year", || no(overheads().on("2026-03-03"), of_structure::buy())),
    ("structure", "structure.unknown", || no(overheads(), of_structure::pay("1.00"))),
    ("structure", "structure.wrong_state", || {
        let reverse = || StructureCommand::ReverseAccrual { accrual: of_structure::ACCRUAL };
        no(overheads().when(of_structure::accrue()).accepted().when(reverse()).accepted(), reverse())
    }),
    ("structure", "structure.negative_part", || {
        no(overheads(), of_structure::staff("2.00", "-0.01", "1.00", "0.00", "1.00"))
    }),
    ("structure", "structure.total_too_large", || {
        no(overheads(), of_structure::staff("100000000000.00", "0.01", "0.00", "0.00", "100000000000.00"))
    }),
    ("structure", "structure.pays_too_much", || {
        no(overheads().when(of_structure::buy()).accepted(), of_structure::pay("1210.01"))
    }),
    ("structure", "structure.credits_too_much", || {
        no(overheads().when(of_structure::buy()).accepted(), of_structure::credit("1105.01", "0.00", "0.00"))
    }),
    ("structure", "structure.credit_of_asset", || {
        let mut credit = of_structure::credit("1.00", "0.00", "0.00");
        if let StructureCommand::CreditPurchase { purchase, .. } = &mut credit {
            *purchase = of_structure::OTHER_PURCHASE;
        }
        no(overheads().when(of_structure::acquire("100.00", 3)).accepted(), credit)
    }),
    ("structure", "structure.credit_of_personnel_cost", || {
        let insured = overheads().when(of_structure::insure()).accepted();
        no(insured, of_structure::credit_insurance())
    }),
    ("structure", "structure.net_does_not_add_up", || {
        no(overheads(), of_structure::staff("2.00", "0.00", "1.00", "0.00", "0.99"))
    }),
    ("structure", "structure.life_out_of_range", || no(overheads(), of_structure::acquire("100.00", 601))),
    ("structure", "structure.other_month", || {
        no(
            overheads().when(of_structure::acquire("100.00", 3)).accepted(),
            of_structure::depreciate("2025-04"),
        )
    }),
    ("structure", "structure.month_not_begun", || {
        let machine = overheads().when(of_structure::acquire("100.00", 3)).accepted();
        no(machine.on("2025-02-28"), of_structure::depreciate("2025-03"))
    }),
    ("structure", "structure.fully_depreciated", || {
        let machine = overheads().when(of_structure::acquire("100.00", 1)).accepted();
        no(machine.when(of_structure::depreciate("2025-03")).accepted(), of_structure::depreciate("2025-04"))
    }),
    ("structure", "structure.no_movements", || no(overheads(), of_structure::voucher(vec![]))),
    ("structure", "structure.reserved_account", || {
        no(overheads(), of_structure::voucher(vec![of_structure::moves("455", "179", "1.00")]))
    }),
    ("structure", "structure.same_account", || {
        no(overheads(), of_structure::voucher(vec![of_structure::moves("179", "179", "1.00")]))
    }),
    ("structure", "structure.already_opened", || {
        let open = || of_structure::open_balance(vec![of_structure::moves("550", "133", "1.00")]);
        no(overheads().on("2025-01-01").when(open()).accepted(), open())
    }),
    ("structure", "structure.not_first_day", || {
        no(overheads(), of_structure::open_balance(vec![of_structure::moves("550", "133", "1.00")]))
    }),
    ("structure", "correction.not_in_stream", || {
        no(overheads(), StructureCommand::Correct(correct(9, None)))
    }),
    ("structure", "correction.relied_upon", || {
        let paid =
            overheads().when(of_structure::buy()).accepted().when(of_structure::pay("1.00")).accepted();
        correcting(paid, 1, StructureCommand::Correct)
    }),
    ("structure", "correction.already_void", || {
        let bought = overheads().when(of_structure::buy()).accepted().with_original(1);
        let corrected = bought.when(StructureCommand::Correct(correct(1, None))).accepted();
        correcting(corrected, 2, StructureCommand::Correct)
    }),
    ("structure", "correction.not_one_event", || {
        let bought = overheads().when(of_structure::buy()).accepted().with_original(1);
        no(bought, StructureCommand::Correct(correct(1, Some(of_structure::accrue()))))
    }),
    ("structure", "year.not_open", || no(overheads().in_a_year_that_is_not_open(), of_structure::buy())),
    ("filing", "filing.already_filed", || no(filed(), of_filing::file())),
    ("filing", "filing.period_not_over", || {
        no(of_filing::of("vat-2025-03").on("2025-03-30"), of_filing::file())
    }),
    ("filing", "filing.later_period_filed", || {
        let later = Some(of_filing::id("vat-2025-04"));
        no(of_filing::of("vat-2025-03").with(FilingKnown { later, ..of_filing::due() }), of_filing::file())
    }),
    ("filing", "filing.not_filed", || no(of_filing::of("vat-2025-03"), of_filing::pay("1.00"))),
    ("filing", "filing.nothing_to_pay", || no(of_filing::of("accounts-2025"), of_filing::pay("1.00"))),
    ("filing", "filing.pays_too_much", || no(filed(), of_filing::pay("160.01"))),
    ("filing", "correction.not_in_stream", || no(filed(), FilingCommand::Correct(correct(9, None)))),
    ("filing", "correction.relied_upon", || {
        correcting(filed().when(of_filing::pay("1.00")).accepted(), 1, FilingCommand::Correct)
    }),
    ("filing", "correction.already_void", || {
        let corrected = filed().with_original(1).when(FilingCommand::Correct(correct(1, None))).accepted();
        correcting(corrected, 2, FilingCommand::Correct)
    }),
    ("filing", "year.not_open", || no(filed().in_a_year_that_is_not_open(), of_filing::pay("1.00"))),
    ("course", "course.wrong_stage", || no(course::submitted(), course::submit())),
    ("course", "course.not_held", || no(given::<Course>([]), course::submit())),
    ("course", "course.invoiced_upon", || {
        let used = course::validated().with(course::invoiced(1, Some("2025-03-03")));
        no(used, course::withdraw())
    }),
    ("course", "course.no_participants", || no(course::listed(), course::enquire(0))),
    ("course", "year.not_open", || no(course::submitted().in_a_year_that_is_not_open(), course::validate())),
    ("course", "correction.relied_upon", || correcting(course::validated(), 1, CourseCommand::Correct)),
    ("fitness", "fitness.wrong_stage", || no(given::<Fitness>([]), fitness::pass("2025-12-31"))),
    ("fitness", "fitness.required_in_past", || no(fitness::at_risk(), fitness::require("2025-03-02"))),
    ("fitness", "fitness.over_before_it_begins", || no(fitness::to_examine(), fitness::pass("2025-03-02"))),
    ("fitness", "fitness.still_fit", || no(fitness::fit(), fitness::expire())),
    ("fitness", "fitness.accident_to_come", || no(given::<Fitness>([]), fitness::accident("2025-03-04"))),
    ("fitness", "year.not_open", || no(fitness::fit().in_a_year_that_is_not_open(), fitness::expire())),
    ("fitness", "correction.relied_upon", || correcting(fitness::fit(), 1, FitnessCommand::Correct)),
    ("cover", "cover.not_a_member", || no(given::<Cover>([]), cover::activate())),
    ("cover", "cover.never_covered", || no(given::<Cover>([]), cover::lapse())),
    ("cover", "cover.overlaps", || no(cover::covered(), cover::activate())),
    ("cover", "cover.nothing_to_lapse", || no(cover::lapsed(), cover::lapse())),
    ("cover", "cover.claimed_upon", || no(cover::filed().on("2025-02-01"), cover::lapse())),
    ("cover", "cover.not_covered", || no(cover::lapsed(), cover::file("2025-03-01"))),
    ("cover", "cover.accident_to_come", || no(cover::covered(), cover::file("2025-03-04"))),
    ("cover", "cover.unknown_claim", || no(cover::covered(), cover::accept("1.00"))),
    ("cover", "cover.wrong_stage", || no(cover::filed(), cover::pay("1.00"))),
    ("cover", "cover.more_than_accepted", || {
        no(cover::filed().when(cover::accept("1.00")).accepted(), cover::pay("1.01"))
    }),
    ("cover", "year.not_open", || no(cover::filed().in_a_year_that_is_not_open(), cover::accept("1.00"))),
    ("cover", "correction.relied_upon", || correcting(cover::lapsed(), 1, CoverCommand::Correct)),
    ("bank", "bank.already_imported", || no(bank::imported(), bank::import_two())),
    ("bank", "bank.not_imported", || no(given::<Statement>([]), bank::unmatch(1))),
    ("bank", "bank.out_of_order", || {
        no(given::<Statement>([]).with(bank::after("2025-03-04", "1000.00")), bank::import_two())
    }),
    ("bank", "bank.opening_differs", || {
        no(given::<Statement>([]).with(bank::after("2025-03-02", "0.00")), bank::import_two())
    }),
    ("bank", "bank.does_not_add_up", || no(given::<Statement>([]), bank::import("0.00", &[], "0.01"))),
    ("bank", "bank.empty_line", || {
        no(given::<Statement>([]), bank::import("0.00", &[bank::line(1, "0.00")], "0.00"))
    }),
    ("bank", "bank.line_twice", || {
        let lines = [bank::line(1, "1.00"), bank::line(1, "-1.00")];
        no(given::<Statement>([]), bank::import("0.00", &lines, "0.00"))
    }),
    ("bank", "bank.later_statement", || {
        let later = BankKnown { has_later: true, ..bank::books() };
        correcting(bank::imported().with(later), 1, BankCommand::Correct)
    }),
    ("bank", "bank.unknown_line", || no(bank::imported(), bank::unmatch(9))),
    ("bank", "bank.wrong_stage", || no(bank::imported().when(bank::unmatch(1)).accepted(), bank::unmatch(1))),
    ("bank", "bank.no_parts", || no(bank::imported(), bank::matches(bank::line_id(1), &[], "0.00"))),
    ("bank", "bank.nothing_booked", || no(bank::imported(), bank::returned(1, 50))),
    ("bank", "bank.matched_already", || {
        let matched = bank::imported().with(bank::booked(&[(40, "1210.00", "1210.00")]));
        no(matched, bank::matches(bank::line_id(1), &[(40, "1210.00")], "0.00"))
    }),
    ("bank", "bank.does_not_match", || {
        no(bank::imported(), bank::matches(bank::line_id(1), &[(40, "1209.00")], "0.00"))
    }),
    ("bank", "bank.difference_too_large", || {
        no(bank::imported(), bank::matches(bank::line_id(1), &[(40, "1208.00")], "2.00"))
    }),
    ("bank", "bank.returns_other", || no(bank::imported(), bank::returned(1, 41))),
    ("bank", "bank.never_left", || {
        let account =
            given::<Statement>([]).when(bank::import("0.00", &[bank::line(1, "1.00")], "1.00")).accepted();
        no(account.with(bank::booked(&[(41, "-1.00", "0.00")])), bank::returned(1, 41))
    }),
    ("bank", "parameter.missing", || {
        let poor = bank::imported().without_parameters();
        no(poor, bank::matches(bank::line_id(1), &[(40, "1209.00")], "1.00"))
    }),
    ("bank", "year.not_open", || no(bank::imported().in_a_year_that_is_not_open(), bank::unmatch(1))),
    ("bank", "correction.relied_upon", || {
        correcting(bank::imported().when(bank::unmatch(1)).accepted(), 1, BankCommand::Correct)
    }),
    ("resource", "resource.already_opened", || no(resource::machine(), resource::open("8.00"))),
    ("resource", "resource.not_opened", || no(given::<Resource>([]), resource::charge())),
    ("resource", "resource.price_out_of_range", || no(given::<Resource>([]), resource::open("-0.01"))),
    ("resource", "resource.no_time", || {
        no(resource::machine(), resource::book(BOOKING, resource::slot("2025-03-03", "09:00", "08:00")))
    }),
    ("resource", "resource.not_held", || {
        no(resource::machine().with(ResourceKnown::default()), resource::book_morning())
    }),
    ("resource", "resource.booked_already", || {
        no(resource::booked(), resource::book(OTHER_BOOKING, resource::slot("2025-03-03", "09:00", "10:00")))
    }),
    ("resource", "resource.unknown_booking", || no(resource::machine(), resource::charge())),
    ("resource", "resource.charged_already", || {
        no(resource::booked().when(resource::charge()).accepted(), resource::charge())
    }),
    ("resource", "resource.not_used_yet", || no(resource::booked().on("2025-03-02"), resource::charge())),
    ("resource", "resource.nothing_to_charge", || {
        let free =
            given::<Resource>([]).with(resource::holder("0.00")).when(resource::open("0.00")).accepted();
        no(free.when(resource::book_morning()).accepted(), resource::charge())
    }),
    ("resource", "resource.unit_not_open", || {
        no(resource::booked().with(ResourceKnown::default()), resource::charge())
    }),
    ("resource", "resource.over_budget", || {
        no(resource::booked().with(resource::holder("25.99")), resource::charge())
    }),
    ("resource", "year.not_open", || no(resource::booked().in_a_year_that_is_not_open(), resource::charge())),
    ("resource", "correction.relied_upon", || correcting(resource::booked(), 1, ResourceCommand::Correct)),
    ("participation", "participation.other_thing", || no(taking_part::a_group(), taking_part::debate())),
    ("participation", "participation.begun_already", || {
        no(taking_part::a_group(), taking_part::open_group())
    }),
    ("participation", "participation.not_begun", || {
        no(taking_part::nothing_of(taking_part::OF_GROUP), taking_part::meet(1, "1.00"))
    }),
    ("participation", "participation.group_closed", || {
        let closed = taking_part::a_group().when(ParticipationCommand::CloseGroup { reason: token("done") });
        no(closed.accepted(), taking_part::meet(1, "1.00"))
    }),
    ("participation", "participation.nobody_met", || {
        no(taking_part::a_group(), taking_part::meet(0, "1.00"))
    }),
    ("participation", "participation.unknown_group", || {
        no(taking_part::a_recommendation().with(ParticipationKnown::default()), taking_part::debate())
    }),
    ("participation", "participation.answered_already", || no(validated(), taking_part::reject())),
    ("participation", "participation.not_answered", || {
        no(taking_part::a_recommendation(), taking_part::carry_out())
    }),
    ("participation", "participation.rejected", || {
        let rejected = taking_part::a_recommendation().when(taking_part::reject()).accepted();
        no(rejected, taking_part::vote(true))
    }),
    ("participation", "participation.voted_already", || {
        no(validated().when(taking_part::vote(true)).accepted(), taking_part::vote(false))
    }),
    ("participation", "participation.voted_down", || {
        no(validated().when(taking_part::vote(false)).accepted(), taking_part::carry_out())
    }),
    ("participation", "participation.carried_out_already", || {
        no(validated().when(taking_part::carry_out()).accepted(), taking_part::carry_out())
    }),
    ("participation", "participation.no_seats", || {
        no(taking_part::nothing_of(taking_part::OF_COUNCIL), taking_part::elect(0, "2028-05-31"))
    }),
    ("participation", "participation.term_ends_too_early", || {
        no(taking_part::nothing_of(taking_part::OF_COUNCIL), taking_part::elect(12, "2025-03-03"))
    }),
    ("participation", "participation.concluded_already", || {
        let concluded = taking_part::a_case().when(taking_part::conclude(None)).accepted();
        no(concluded, taking_part::conclude(None))
    }),
    ("participation", "parameter.unknown_code", || {
        let empty = taking_part::nothing_of(taking_part::OF_GROUP).without_parameters();
        no(empty, taking_part::open_group())
    }),
    ("participation", "correction.relied_upon", || {
        correcting(
            taking_part::a_group().when(taking_part::meet(1, "1.00")).accepted(),
            1,
            ParticipationCommand::Correct,
        )
    }),
    ("participation", "correction.already_void", || {
        let met = taking_part::a_group().when(taking_part::meet(1, "1.00")).accepted().with_original(2);
        let corrected = met.when(ParticipationCommand::Correct(correct(2, None))).accepted();
        correcting(corrected, 3, ParticipationCommand::Correct)
    }),
    ("participation", "year.not_open", || {
        no(taking_part::a_group().in_a_year_that_is_not_open(), taking_part::meet(1, "1.00"))
    }),
    ("activity", "activity.recorded_already", || no(held(), of_activity::session(1))),
    ("activity", "activity.other_thing", || no(held(), of_activity::end_job())),
    ("activity", "activity.nothing_held", || no(given::<Activity>([]), of_activity::session(0))),
    ("activity", "activity.more_answers_than_invited", || no(given::<Activity>([]), survey(2, 1, &[]))),
    ("activity", "activity.question_twice", || {
        let stay = of_activity::answered("stay", 1, SurveyResult::Share { yes: 1 });
        no(given::<Activity>([]), survey(1, 1, &[stay, stay]))
    }),
    ("activity", "activity.out_of_count", || {
        let stay = of_activity::answered("stay", 1, SurveyResult::Share { yes: 2 });
        no(given::<Activity>([]), survey(1, 1, &[stay]))
    }),
    ("activity", "activity.no_share_of_full_time", || no(given::<Activity>([]), of_activity::job("1.01"))),
    ("activity", "activity.ended_already", || {
        let job = given::<Activity>([]).when(of_activity::job("1.00")).accepted();
        no(job.when(of_activity::end_job()).accepted(), of_activity::end_job())
    }),
    ("activity", "activity.actions", || no(given::<Activity>([]), of_activity::plan_of(&[]))),
    ("activity", "activity.not_planned", || no(planned(), of_activity::carry_out("parade"))),
    ("activity", "activity.carried_out_already", || {
        no(planned().when(of_activity::carry_out("mentors")).accepted(), of_activity::carry_out("mentors"))
    }),
    ("activity", "parameter.unknown_code", || {
        no(given::<Activity>([]).without_parameters(), of_activity::legal_case())
    }),
    ("activity", "correction.relied_upon", || {
        correcting(planned().when(of_activity::carry_out("mentors")).accepted(), 1, ActivityCommand::Correct)
    }),
    ("activity", "correction.already_void", || {
        let corrected = held().with_original(1).when(ActivityCommand::Correct(correct(1, None))).accepted();
        correcting(corrected, 2, ActivityCommand::Correct)
    }),
    ("activity", "year.not_open", || {
        no(given::<Activity>([]).in_a_year_that_is_not_open(), of_activity::legal_case())
    }),
    ("control", "control.other_timing", || no(given::<Control>([]), of_control::open(None))),
    ("control", "control.begun_already", || no(of_control::sampled(), ControlCommand::SampleCheck {})),
    ("control", "control.not_begun", || no(given::<Control>([]), of_control::pass())),
    ("control", "control.no_such_action", || no(given::<Control>([]), ControlCommand::SampleCheck {})),
    ("control", "control.not_drawn", || {
        no(given::<Control>([]).with(of_control::action(u64::MAX, 0)), ControlCommand::SampleCheck {})
    }),
    ("control", "control.has_outcome", || {
        no(of_control::sampled().when(of_control::pass()).accepted(), of_control::pass())
    }),
    ("control", "control.nothing_to_remedy", || no(of_control::sampled(), of_control::remedy())),
    ("control", "control.findings", || no(of_control::sampled(), of_control::fail(&[]))),
    ("control", "parameter.unknown_code", || no(of_control::sampled(), of_control::fail(&["bad-mood"]))),
    ("control", "parameter.missing", || {
        let action = of_control::action(0, 0).action;
        let early = action.map(|action| Action { effective_on: day("2019-12-31"), ..action });
        no(given::<Control>([]).with(ControlKnown { action: early }), ControlCommand::SampleCheck {})
    }),
    ("control", "correction.relied_upon", || {
        correcting(of_control::sampled().when(of_control::pass()).accepted(), 1, ControlCommand::Correct)
    }),
    ("control", "correction.already_void", || {
        let passed = of_control::sampled().when(of_control::pass()).accepted().with_original(2);
        let corrected = passed.when(ControlCommand::Correct(correct(2, None))).accepted();
        correcting(corrected, 3, ControlCommand::Correct)
    }),
    ("control", "year.not_open", || {
        no(of_control::sampled().in_a_year_that_is_not_open(), of_control::pass())
    }),
    ("office", "office.already_opened", || no(of_office::opened(), of_office::open())),
    ("office", "office.not_open", || no(given::<Office>([]), of_office::assign(ALICE))),
    ("office", "office.has_advisers", || no(with_adviser(), of_office::close("lease"))),
    ("office", "office.assigned_already", || no(with_adviser(), of_office::assign(ALICE))),
    ("office", "office.not_assigned", || no(with_adviser(), of_office::release(BOB))),
    ("office", "parameter.unknown_code", || no(given::<Office>([]).without_parameters(), of_office::open())),
    ("office", "correction.relied_upon", || correcting(with_adviser(), 1, OfficeCommand::Correct)),
    ("office", "correction.already_void", || {
        let corrected = with_adviser().with_original(2).when(OfficeCommand::Correct(correct(2, None)));
        correcting(corrected.accepted(), 3, OfficeCommand::Correct)
    }),
    ("office", "year.not_open", || {
        no(of_office::opened().in_a_year_that_is_not_open(), of_office::assign(ALICE))
    }),
    ("meeting", "meeting.already_convened", || no(called(), meeting::convene(ordinary()))),
    ("meeting", "meeting.not_convened", || no(given::<Meeting>([]), meeting::seal(1, 7))),
    ("meeting", "meeting.notice_too_short", || {
        no(given::<Meeting>([]).on("2025-05-29"), meeting::convene(ordinary()))
    }),
    ("meeting", "meeting.record_after_meeting", || {
        let mut asked = meeting::convene(ordinary());
        if let MeetingCommand::ConveneMeeting { record_on, .. } = &mut asked {
            *record_on = day("2025-06-13");
        }
        no(given::<Meeting>([]), asked)
    }),
    ("meeting", "meeting.no_agenda", || no(given::<Meeting>([]), meeting::convene(Vec::new()))),
    ("meeting", "meeting.item_twice", || {
        no(given::<Meeting>([]), meeting::convene([ordinary(), ordinary()].concat()))
    }),
    ("meeting", "meeting.needs_extraordinary", || {
        let mut asked = meeting::convene(meeting::open_vote(ItemKind::Statutes));
        if let MeetingCommand::ConveneMeeting { kind, .. } = &mut asked {
            *kind = MeetingKind::Special;
        }
        no(given::<Meeting>([]), asked)
    }),
    ("meeting", "meeting.not_of_first_meeting", || {
        let mut asked = meeting::convene(meeting::open_vote(ItemKind::Statutes));
        if let MeetingCommand::ConveneMeeting { second_of, .. } = &mut asked {
            *second_of = Some(meeting::FIRST);
        }
        no(given::<Meeting>([]), asked)
    }),
    ("meeting", "meeting.roll_already_sealed", || no(rolled(), meeting::seal(40, 7))),
    ("meeting", "meeting.before_record_date", || no(called(), meeting::seal(40, 7))),
    ("meeting", "meeting.roll_moved_on", || {
        let known = MeetingKnown { roll: meeting::roll(9), ..MeetingKnown::default() };
        no(called().on("2025-06-01").with(known), meeting::seal(39, 7))
    }),
    ("meeting", "meeting.roll_differs", || {
        let known = MeetingKnown { roll: meeting::roll(9), ..MeetingKnown::default() };
        no(called().on("2025-06-01").with(known), meeting::seal(40, 6))
    }),
    ("meeting", "meeting.roll_not_sealed", || no(called(), meeting::attend(meeting::voter(1)))),
    ("meeting", "meeting.not_on_roll", || {
        no(rolled().with(MeetingKnown::default()), meeting::attend(meeting::voter(1)))
    }),
    ("meeting", "meeting.proxy_to_self", || no(rolled(), meeting::give(1, 1))),
    ("meeting", "meeting.proxy_given_already", || no(with_proxy(), meeting::give(1, 3))),
    ("meeting", "meeting.too_many_proxies", || {
        no(with_proxy().when(meeting::give(3, 2)).accepted(), meeting::give(4, 2))
    }),
    ("meeting", "meeting.no_proxy", || {
        let giver = meeting::voter(5);
        no(with_proxy(), MeetingCommand::RevokeProxy { giver, evidence: paper("letter") })
    }),
    ("meeting", "meeting.too_late_for_proxies", || no(began(), meeting::give(8, 9))),
    ("meeting", "meeting.present_already", || no(began(), meeting::attend(meeting::voter(1)))),
    ("meeting", "meeting.represented", || no(with_proxy(), meeting::attend(meeting::voter(1)))),
    ("meeting", "meeting.other_channel", || {
        let mut asked = meeting::convene(ordinary());
        if let MeetingCommand::ConveneMeeting { channel, .. } = &mut asked {
            *channel = Channel::InPerson;
        }
        let known = MeetingKnown { roll: meeting::roll(9), ..meeting::holding(1) };
        let called = given::<Meeting>([]).with(known).when(asked).accepted().on("2025-06-01");
        no(called.when(meeting::seal(40, 7)).accepted(), meeting::attend(meeting::voter(1)))
    }),
    ("meeting", "meeting.already_opened", || no(began(), meeting::open())),
    ("meeting", "meeting.other_day", || no(rolled().on("2025-06-13"), meeting::open())),
    ("meeting", "meeting.nobody_represented", || no(rolled(), meeting::open())),
    ("meeting", "meeting.not_opened", || no(rolled(), meeting::DECIDE)),
    ("meeting", "meeting.closed", || {
        no(began().when(MeetingCommand::CloseMeeting {}).accepted(), meeting::DECIDE)
    }),
    ("meeting", "meeting.not_on_agenda", || no(began(), meeting::cast(2, 1, Choice::InFavour))),
    ("meeting", "meeting.decided", || no(began().when(meeting::DECIDE).accepted(), meeting::DECIDE)),
    ("meeting", "meeting.no_quorum", || {
        no(meeting::begun(meeting::open_vote(ItemKind::Statutes), 3), meeting::DECIDE)
    }),
    ("meeting", "meeting.other_ballot", || no(began(), meeting::ballot(1))),
    ("meeting", "meeting.not_present", || no(began(), meeting::cast(1, 9, Choice::InFavour))),
    ("meeting", "meeting.not_the_proxy", || no(began(), meeting::cast_for(2, 1))),
    ("meeting", "meeting.voted_already", || {
        let vote = || meeting::cast(1, 1, Choice::InFavour);
        no(began().when(vote()).accepted(), vote())
    }),
    ("meeting", "meeting.above_tenth", || {
        let there = with_proxy().and([meeting::attends(2, 1)]).when(meeting::open()).accepted();
        no(there.when(meeting::cast_for(2, 2)).accepted(), meeting::cast_for(1, 2))
    }),
    ("meeting", "meeting.wrong_choice", || no(began(), meeting::cast(1, 1, Choice::Elect(vec![ALICE])))),
    ("meeting", "meeting.not_a_candidate", || {
        no(electing(), meeting::cast(1, 1, Choice::Elect(vec![ALICE])))
    }),
    ("meeting", "meeting.named_twice", || {
        no(electing(), meeting::cast(1, 1, Choice::Elect(vec![meeting::voter(1); 2])))
    }),
    ("meeting", "meeting.too_many_chosen", || {
        no(electing(), meeting::cast(1, 1, Choice::Elect((1..=3).map(meeting::voter).collect())))
    }),
    ("meeting", "meeting.not_tallied", || no(in_secret(), meeting::DECIDE)),
    ("meeting", "meeting.tallied_already", || {
        no(in_secret().when(meeting::tally(1, 0, 0, 0)).accepted(), meeting::tally(1, 0, 0, 0))
    }),
    ("meeting", "meeting.tally_above_voters", || no(in_secret(), meeting::tally(1, 1, 0, 0))),
    ("meeting", "meeting.not_a_scrutineer", || {
        let mut asked = meeting::tally(1, 0, 0, 0);
        if let MeetingCommand::RecordTally { scrutineers, .. } = &mut asked {
            scrutineers.push(BOB);
        }
        no(in_secret(), asked)
    }),
    ("meeting", "meeting.nobody", || no(electing(), meeting::cast(1, 1, Choice::Elect(Vec::new())))),
    ("meeting", "meeting.not_closed", || {
        no(began(), MeetingCommand::SignMinutes { signers: vec![ALICE], evidence: paper("minutes") })
    }),
    ("meeting", "meeting.signed_already", || {
        let sign = || MeetingCommand::SignMinutes { signers: vec![ALICE], evidence: paper("minutes") };
        let closed = began().when(MeetingCommand::CloseMeeting {}).accepted();
        no(closed.when(sign()).accepted(), sign())
    }),
    ("meeting", "parameter.missing", || {
        no(given::<Meeting>([]).without_parameters(), meeting::convene(ordinary()))
    }),
    ("meeting", "correction.relied_upon", || correcting(began(), 2, MeetingCommand::Correct)),
    ("mandate", "mandate.taken", || {
        no(
            given::<Mandate>([]).with(mandate::known()).when(mandate::propose()).accepted(),
            mandate::propose(),
        )
    }),
    ("mandate", "mandate.no_election", || no(given::<Mandate>([]), mandate::propose())),
    ("mandate", "mandate.granted_already", || no(mandate::director(), elect())),
    ("mandate", "mandate.other_category", || {
        no(given::<Mandate>([]).with(MandateKnown { category: None, ..mandate::known() }), elect())
    }),
    ("mandate", "mandate.other_appointer", || {
        let asked = mandate::grant(MandateKind::DirectorA, mandate::by_board());
        no(given::<Mandate>([]).with(mandate::known()), asked)
    }),
    ("mandate", "mandate.not_appointed", || {
        no(given::<Mandate>([]).with(MandateKnown { is_appointed: false, ..mandate::known() }), elect())
    }),
    ("mandate", "mandate.sits_already", || {
        let known = MandateKnown { sits_already: Some(mandate::SEAT), ..mandate::known() };
        no(given::<Mandate>([]).with(known), elect())
    }),
    ("mandate", "mandate.no_seat_left", || {
        no(given::<Mandate>([]).with(MandateKnown { seated: 12, ..mandate::known() }), elect())
    }),
    ("mandate", "mandate.term_out_of_range", || {
        let mut asked = elect();
        if let MandateCommand::GrantMandate { until, .. } = &mut asked {
            *until = Some(day("2030-01-01"));
        }
        no(given::<Mandate>([]).with(mandate::known()), asked)
    }),
    ("mandate", "mandate.beyond_calendar", || {
        no(given::<Mandate>([]).with(mandate::known()).on("2199-01-01"), elect())
    }),
    ("mandate", "mandate.not_granted", || no(given::<Mandate>([]), mandate::end())),
    ("mandate", "mandate.not_in_force", || no(mandate::director().on("2029-06-12"), mandate::end())),
    ("mandate", "mandate.not_a_director", || {
        let asked = mandate::grant(MandateKind::DayToDay, mandate::by_board());
        no(given::<Mandate>([]).with(mandate::known()).when(asked).accepted(), mandate::conflict(1))
    }),
    ("mandate", "mandate.no_board_item", || {
        let board_item = BoardItemState::NotOnAgenda;
        no(mandate::director().with(MandateKnown { board_item, ..mandate::known() }), mandate::conflict(1))
    }),
    ("mandate", "mandate.decided_already", || {
        let board_item = BoardItemState::Decided;
        no(mandate::director().with(MandateKnown { board_item, ..mandate::known() }), mandate::conflict(1))
    }),
    ("mandate", "mandate.declared_already", || {
        no(mandate::director().when(mandate::conflict(1)).accepted(), mandate::conflict(1))
    }),
    ("mandate", "mandate.not_allowed", || {
        let known = MandateKnown { allowance: None, ..mandate::known() };
        no(mandate::director().with(known), mandate::vote_allowance())
    }),
    ("mandate", "mandate.voted_already", || {
        no(mandate::director().when(mandate::vote_allowance()).accepted(), mandate::vote_allowance())
    }),
    ("mandate", "mandate.above_voted", || no(mandate::director(), mandate::pay("0.01", "order"))),
    ("mandate", "parameter.missing", || {
        no(given::<Mandate>([]).with(mandate::known()).without_parameters(), elect())
    }),
    ("board", "board.already_convened", || no(board::met(), board::convene(&[1]))),
    ("board", "board.not_convened", || no(given::<Board>([]), board::meet(&[1]))),
    ("board", "board.in_the_past", || no(given::<Board>([]).on("2025-03-11"), board::convene(&[1]))),
    ("board", "board.no_agenda", || no(given::<Board>([]), board::convene(&[]))),
    ("board", "board.item_twice", || no(given::<Board>([]), board::convene(&[1, 1]))),
    ("board", "board.already_met", || no(board::met(), board::meet(&[1]))),
    ("board", "board.other_day", || no(board_called().on("2025-03-03"), board::meet(&[1]))),
    ("board", "board.not_a_director", || no(board_called(), board::meet(&[6]))),
    ("board", "board.named_twice", || no(board::met(), board::vote(1, &[1, 1], &[], &[]))),
    ("board", "board.no_quorum", || no(board_called(), board::meet(&[1]))),
    ("board", "board.not_met", || no(board_called(), board::vote(1, &[1], &[], &[]))),
    ("board", "board.not_on_agenda", || no(board::met(), board::vote(3, &[1], &[], &[]))),
    ("board", "board.decided_already", || {
        no(board::met().when(board::vote(1, &[1], &[], &[])).accepted(), board::vote(1, &[1], &[], &[]))
    }),
    ("board", "board.not_present", || no(board::met(), board::vote(1, &[5], &[], &[]))),
    ("board", "board.conflicted", || {
        let known = BoardKnown { conflicted: vec![meeting::voter(1)], ..board::directors(5) };
        no(board::met().with(known), board::vote(1, &[1], &[], &[]))
    }),
    ("board", "board.nobody_voted", || no(board::met(), board::vote(1, &[], &[], &[]))),
    ("board", "parameter.missing", || no(board_called().without_parameters(), board::meet(&[1, 2, 3]))),
];

#[test]
fn every_rule_says_no_with_its_own_code() {
    for (stream, code, provoke) in TABLE {
        let refused = provoke();
        assert_eq!(refused.code(), *code, "{stream}: {refused}");
        let sentence = refused.to_string();
        assert!(sentence.len() > 10 && !sentence.ends_with('.'), "{code}: {sentence:?} is no sentence");
        assert!(!sentence.contains("Some(") && !sentence.contains("Uuid"), "{code}: {sentence:?} shows code");
    }
}

#[test]
fn every_code_of_every_stream_is_provoked_here() {
    let of = |stream: &str| -> BTreeSet<&str> {
        let of_stream = TABLE.iter().filter(|(found, ..)| *found == stream).map(|(_, code, _)| *code);
        of_stream.filter(|code| !code.starts_with("correction.") && *code != "year.not_open").collect()
    };
    let own = |codes: &'static [&'static str]| codes.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(of(Statutes::TYPE), own(StatutesRefusal::CODES));
    assert_eq!(of(FiscalYear::TYPE), own(YearRefusal::CODES));
    assert_eq!(of(Member::TYPE), own(MemberRefusal::CODES));
    assert_eq!(of(Unit::TYPE), own(UnitRefusal::CODES));
    assert_eq!(of(Series::TYPE), own(SeriesRefusal::CODES));
    assert_eq!(of(Loan::TYPE), own(LoanRefusal::CODES));
    assert_eq!(of(Grant::TYPE), own(GrantRefusal::CODES));
    assert_eq!(of(Structure::TYPE), own(StructureRefusal::CODES));
    assert_eq!(of(Filing::TYPE), own(FilingRefusal::CODES));
    assert_eq!(of(Course::TYPE), own(CourseRefusal::CODES));
    assert_eq!(of(Fitness::TYPE), own(FitnessRefusal::CODES));
    assert_eq!(of(Cover::TYPE), own(CoverRefusal::CODES));
    assert_eq!(of(Statement::TYPE), own(BankRefusal::CODES));
    assert_eq!(of(Resource::TYPE), own(ResourceRefusal::CODES));
    assert_eq!(of(Participation::TYPE), own(ParticipationRefusal::CODES));
    assert_eq!(of(Activity::TYPE), own(ActivityRefusal::CODES));
    assert_eq!(of(Control::TYPE), own(ControlRefusal::CODES));
    assert_eq!(of(Office::TYPE), own(OfficeRefusal::CODES));
    assert_eq!(of(Meeting::TYPE), own(MeetingRefusal::CODES));
    assert_eq!(of(Mandate::TYPE), own(MandateRefusal::CODES));
    assert_eq!(of(Board::TYPE), own(BoardRefusal::CODES));
}

#[test]
fn codes_are_stable() {
    let mut found: Vec<_> = TABLE.iter().map(|(_, code, _)| *code).collect();
    found.sort_unstable();
    found.dedup();
    assert_eq!(
        found,
        [
            "activity.actions",
            "activity.carried_out_already",
            "activity.ended_already",
            "activity.more_answers_than_invited",
            "activity.no_share_of_full_time",
            "activity.not_planned",
            "activity.nothing_held",
            "activity.other_thing",
            "activity.out_of_count",
            "activity.question_twice",
            "activity.recorded_already",
            "bank.already_imported",
            "bank.difference_too_large",
            "bank.does_not_add_up",
            "bank.does_not_match",
            "bank.empty_line",
            "bank.later_statement",
            "bank.line_twice",
            "bank.matched_already",
            "bank.never_left",
            "bank.no_parts",
            "bank.not_imported",
            "bank.nothing_booked",
            "bank.opening_differs",
            "bank.out_of_order",
            "bank.returns_other",
            "bank.unknown_line",
            "bank.wrong_stage",
            "board.already_convened",
            "board.already_met",
            "board.conflicted",
            "board.decided_already",
            "board.in_the_past",
            "board.item_twice",
            "board.named_twice",
            "board.no_agenda",
            "board.no_quorum",
            "board.nobody_voted",
            "board.not_a_director",
            "board.not_convened",
            "board.not_met",
            "board.not_on_agenda",
            "board.not_present",
            "board.other_day",
            "control.begun_already",
            "control.findings",
            "control.has_outcome",
            "control.no_such_action",
            "control.not_begun",
            "control.not_drawn",
            "control.nothing_to_remedy",
            "control.other_timing",
            "correction.already_void",
            "correction.not_in_stream",
            "correction.not_one_event",
            "correction.relied_upon",
            "course.invoiced_upon",
            "course.no_participants",
            "course.not_held",
            "course.wrong_stage",
            "cover.accident_to_come",
            "cover.claimed_upon",
            "cover.more_than_accepted",
            "cover.never_covered",
            "cover.not_a_member",
            "cover.not_covered",
            "cover.nothing_to_lapse",
            "cover.overlaps",
            "cover.unknown_claim",
            "cover.wrong_stage",
            "filing.already_filed",
            "filing.later_period_filed",
            "filing.not_filed",
            "filing.nothing_to_pay",
            "filing.pays_too_much",
            "filing.period_not_over",
            "fitness.accident_to_come",
            "fitness.over_before_it_begins",
            "fitness.required_in_past",
            "fitness.still_fit",
            "fitness.wrong_stage",
            "grant.already_announced",
            "grant.more_than_announced",
            "grant.more_than_left",
            "grant.more_than_to_recognise",
            "grant.not_announced",
            "grant.other_kind",
            "grant.passed_on_already",
            "grant.unit_not_open",
            "grant.would_overdraw",
            "loan.bears_fee",
            "loan.bears_interest",
            "loan.due_in_past",
            "loan.more_than_asked",
            "loan.more_than_outstanding",
            "loan.no_schedule",
            "loan.not_a_cash_loan",
            "loan.not_doubtful",
            "loan.not_yet_due",
            "loan.nothing_to_call",
            "loan.over_budget",
            "loan.unit_not_open",
            "loan.would_overdraw",
            "loan.wrong_stage",
            "mandate.above_voted",
            "mandate.beyond_calendar",
            "mandate.decided_already",
            "mandate.declared_already",
            "mandate.granted_already",
            "mandate.no_board_item",
            "mandate.no_election",
            "mandate.no_seat_left",
            "mandate.not_a_director",
            "mandate.not_allowed",
            "mandate.not_appointed",
            "mandate.not_granted",
            "mandate.not_in_force",
            "mandate.other_appointer",
            "mandate.other_category",
            "mandate.sits_already",
            "mandate.taken",
            "mandate.term_out_of_range",
            "mandate.voted_already",
            "meeting.above_tenth",
            "meeting.already_convened",
            "meeting.already_opened",
            "meeting.before_record_date",
            "meeting.closed",
            "meeting.decided",
            "meeting.item_twice",
            "meeting.named_twice",
            "meeting.needs_extraordinary",
            "meeting.no_agenda",
            "meeting.no_proxy",
            "meeting.no_quorum",
            "meeting.nobody",
            "meeting.nobody_represented",
            "meeting.not_a_candidate",
            "meeting.not_a_scrutineer",
            "meeting.not_closed",
            "meeting.not_convened",
            "meeting.not_of_first_meeting",
            "meeting.not_on_agenda",
            "meeting.not_on_roll",
            "meeting.not_opened",
            "meeting.not_present",
            "meeting.not_tallied",
            "meeting.not_the_proxy",
            "meeting.notice_too_short",
            "meeting.other_ballot",
            "meeting.other_channel",
            "meeting.other_day",
            "meeting.present_already",
            "meeting.proxy_given_already",
            "meeting.proxy_to_self",
            "meeting.record_after_meeting",
            "meeting.represented",
            "meeting.roll_already_sealed",
            "meeting.roll_differs",
            "meeting.roll_moved_on",
            "meeting.roll_not_sealed",
            "meeting.signed_already",
            "meeting.tallied_already",
            "meeting.tally_above_voters",
            "meeting.too_late_for_proxies",
            "meeting.too_many_chosen",
            "meeting.too_many_proxies",
            "meeting.voted_already",
            "meeting.wrong_choice",
            "member.already_member",
            "member.already_proposed",
            "member.filed_in_future",
            "member.more_than_lent",
            "member.more_than_subscribed",
            "member.no_interest",
            "member.no_shares",
            "member.not_enough_shares",
            "member.not_own_means",
            "member.not_paid_up",
            "member.not_tested",
            "member.not_yet_left",
            "member.nothing_proposed",
            "member.nothing_suspended",
            "member.nothing_to_refund",
            "member.other_class",
            "member.refund_above_limit",
            "member.remarks_awaited",
            "member.same_category",
            "member.shares_held",
            "member.still_suspended",
            "member.too_few_shareholders",
            "member.too_many_shares",
            "member.transfer_to_self",
            "member.wrong_standing",
            "office.already_opened",
            "office.assigned_already",
            "office.has_advisers",
            "office.not_assigned",
            "office.not_open",
            "parameter.missing",
            "parameter.unknown_code",
            "participation.answered_already",
            "participation.begun_already",
            "participation.carried_out_already",
            "participation.concluded_already",
            "participation.group_closed",
            "participation.no_seats",
            "participation.nobody_met",
            "participation.not_answered",
            "participation.not_begun",
            "participation.other_thing",
            "participation.rejected",
            "participation.term_ends_too_early",
            "participation.unknown_group",
            "participation.voted_already",
            "participation.voted_down",
            "resource.already_opened",
            "resource.booked_already",
            "resource.charged_already",
            "resource.no_time",
            "resource.not_held",
            "resource.not_opened",
            "resource.not_used_yet",
            "resource.nothing_to_charge",
            "resource.over_budget",
            "resource.price_out_of_range",
            "resource.unit_not_open",
            "resource.unknown_booking",
            "series.other_documents",
            "series.out_of_date_order",
            "series.wrong_year",
            "statutes.already_open",
            "statutes.ends_before_it_begins",
            "statutes.not_open",
            "statutes.out_of_range",
            "statutes.version_out_of_order",
            "statutes.wrong_kind",
            "structure.already_opened",
            "structure.credit_of_asset",
            "structure.credit_of_personnel_cost",
            "structure.credits_too_much",
            "structure.fully_depreciated",
            "structure.life_out_of_range",
            "structure.month_not_begun",
            "structure.negative_part",
            "structure.net_does_not_add_up",
            "structure.no_movements",
            "structure.not_first_day",
            "structure.other_month",
            "structure.pays_too_much",
            "structure.reserved_account",
            "structure.same_account",
            "structure.total_too_large",
            "structure.unknown",
            "structure.wrong_state",
            "structure.wrong_year",
            "unit.advance_outstanding",
            "unit.advance_too_high",
            "unit.already_holder",
            "unit.already_opened",
            "unit.bad_day",
            "unit.bad_recoverable_vat",
            "unit.below_minimum_wage",
            "unit.beyond_guarantee_line",
            "unit.cost_over_reserved",
            "unit.course_not_valid",
            "unit.course_without_training",
            "unit.credits_too_much",
            "unit.day_too_long",
            "unit.debt_is_doubtful",
            "unit.deposit_not_paid",
            "unit.deposits_too_high",
            "unit.dimona_late",
            "unit.expense_out_of_time",
            "unit.guarantee_line_in_use",
            "unit.holiday_deductions",
            "unit.indemnity_above_cap",
            "unit.indemnity_too_early",
            "unit.last_holder",
            "unit.negative_guarantee_line",
            "unit.negative_work_bonus",
            "unit.no_course",
            "unit.no_days",
            "unit.no_deficit",
            "unit.no_deposits",
            "unit.no_exact_net",
            "unit.no_holiday_pay",
            "unit.no_lines",
            "unit.not_a_holder",
            "unit.not_doubtful",
            "unit.not_empty",
            "unit.not_fit",
            "unit.not_fit_long_enough",
            "unit.not_open",
            "unit.not_overdue",
            "unit.nothing_left",
            "unit.nothing_open",
            "unit.over_budget",
            "unit.plan_does_not_add_up",
            "unit.receiver_not_open",
            "unit.reminded_already",
            "unit.reminder_out_of_order",
            "unit.share_duty",
            "unit.total_too_large",
            "unit.transfer_to_itself",
            "unit.unknown",
            "unit.vat_on_exempt",
            "unit.withholding_too_low",
            "unit.work_not_over",
            "unit.would_overdraw",
            "unit.wrong_state",
            "year.already_deferred",
            "year.already_opened",
            "year.beyond_calendar",
            "year.deferred_is_not_held",
            "year.deferred_on_last_day",
            "year.more_than_result",
            "year.no_dividend",
            "year.not_open",
            "year.not_open_to_close",
            "year.not_over",
            "year.nothing_to_defer",
            "year.nothing_to_reverse",
            "year.out_of_order",
            "year.outside",
            "year.reversed_on_first_day",
        ]
    );
    assert_eq!(Malformed::CODE, "command.malformed");
}

#[test]
fn a_code_names_its_stream_or_the_rules_that_all_share() {
    for (stream, code, _) in TABLE {
        let (family, _) = code.split_once('.').expect("a code has a family");
        let shared = matches!(family, "correction" | "parameter") || *code == "year.not_open";
        assert!(shared || family == *stream, "{code} is provoked in {stream}");
    }
}

#[test]
fn what_only_the_whole_log_can_refuse_has_a_code_too() {
    let (id, position) = (domain::ids::CommandId::new(ALICE.uuid()), domain::Position(7));
    let other = Refused::OtherContent { id, position };
    assert_eq!(other.code(), "command.other_content");
    assert_eq!(
        other.to_string(),
        format!("command {id} was accepted before at position 7 with other content")
    );
    let already = Refused::AlreadyInLog { what: "invoice", position };
    assert_eq!(already.code(), "command.already_in_log");
    assert_eq!(already.to_string(), "this invoice stands in the log already, at position 7");
}

#[test]
fn a_message_holds_the_numbers_that_explain_it() {
    let says = |code: &str| {
        let found = TABLE.iter().find(|(_, found, _)| *found == code);
        (found.expect("the code is in the table").2)().to_string()
    };
    for (code, sentence) in [
        ("unit.over_budget", "a budget of 1000.01 is more than the 1000.00 available to the unit"),
        (
            "unit.below_minimum_wage",
            "a budget of 100.00 gives 59.17 gross, below the minimum of 89.78 for 7.00 hours",
        ),
        (
            "unit.share_duty",
            "0 shares do not cover another year of use: 1 more needed, and 3 contracts without shares are used up",
        ),
        ("unit.cost_over_reserved", "a wage cost of 170.00 is more than the 169.00 reserved for it"),
        ("unit.withholding_too_low", "a withholding rate of 0.11 is below the minimum of 0.1111"),
        ("unit.bad_recoverable_vat", "21.01 of VAT to recover is outside 0.00 to the 21.00 paid"),
        ("unit.would_overdraw", "without it the unit would have -0.01 available; credit or repay first"),
        ("member.more_than_subscribed", "0.01 is more than the 0.00 still unpaid on the member's shares"),
        ("member.too_few_shareholders", "3 members hold shares; at least 3 must remain"),
        ("member.not_yet_left", "the resignation takes effect on 2025-06-30, not yet on 2025-03-03"),
        ("statutes.out_of_range", "parameter contribution.rate takes 0 to 1, found 6.5"),
        ("year.not_over", "fiscal year 2025 ends on 2025-12-31 and cannot close on 2025-03-03"),
        ("year.not_open", "2025-03-03 lies in 2025, which is not an open fiscal year"),
    ] {
        assert_eq!(says(code), sentence);
    }
}
