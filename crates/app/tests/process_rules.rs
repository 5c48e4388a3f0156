//! What each process asks for, by the rows alone.

use app::processes::advances::advances;
use app::processes::contract_ends::contract_ends;
use app::processes::instalments::instalments;
use app::processes::reminders::{ReminderDays, reminders};
use app::processes::{Planned, Process};
use domain::ids::{ClientId, ContractId, EmploymentId, InvoiceId, LoanId, PersonId, ProjectId, UnitId};
use domain::loan::LoanCommand;
use domain::parameters::{Parameter, Parameters, Published, Value};
use domain::unit::{Channel, UnitCommand, Work};
use domain::{Balance, Day, Position, Request};
use projections::loans::{LoanOverview, Scheduled, State};
use projections::receivables::{Age, Receivable};
use projections::wages_due::WageDue;
use uuid::Uuid;

const ATELIER: UnitId = UnitId::new(Uuid::from_u128(0xA7E11E));
const ALICE: PersonId = PersonId::new(Uuid::from_u128(0xA11CE));
const CLIENT: ClientId = ClientId::new(Uuid::from_u128(0xC11E47));

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn euro(text: &str) -> Balance {
    text.parse().unwrap()
}

fn invoice_id(n: u128) -> InvoiceId {
    InvoiceId::new(Uuid::from_u128(n))
}

/// Invoice `n` of 1,000.00, issued at position 10 + n and due on 9 February.
fn overdue(n: u64) -> Receivable {
    Receivable {
        invoice: invoice_id(n.into()),
        number: format!("F/2025/{n:06}"),
        unit: ATELIER,
        client: CLIENT,
        order: None,
        position: Position(10 + n),
        issued_on: day("2025-01-10"),
        due_on: day("2025-02-09"),
        instalment_due_on: None,
        gross: euro("1000.00"),
        indemnity: Balance::ZERO,
        interest: Balance::ZERO,
        credited: Balance::ZERO,
        paid: Balance::ZERO,
        recovered: Balance::ZERO,
        written_off: Balance::ZERO,
        open: euro("1000.00"),
        doubtful: Balance::ZERO,
        is_disputed: false,
        is_handed_over: false,
        reminder_level: 0,
        last_reminded_on: None,
        days_overdue: 0,
        age: Age::NotDue,
        advanced: Balance::ZERO,
        advance_max: euro("935.00"),
    }
}

/// The wage of contract `n`: 300.00 set aside, due on Saturday 26 April, ordered by Friday.
fn due(n: u64) -> WageDue {
    WageDue {
        unit: ATELIER,
        worker: ALICE,
        work: Work::Contract(ContractId::new(Uuid::from_u128(n.into()))),
        last_day: Some(day("2025-04-17")),
        position: Position(20 + n),
        due_on: Some(day("2025-04-26")),
        order_by: Some(day("2025-04-25")),
        budget: euro("300.00"),
        salary: None,
        net: None,
        paid_on: None,
        days_late: 0,
        rests_on: vec![invoice_id(1), invoice_id(2)],
    }
}

fn days(first: u32, second: u32, third: u32) -> ReminderDays {
    let mut parameters = Parameters::default();
    let named = [
        (Parameter::ReminderFirstDays, first),
        (Parameter::ReminderSecondDays, second),
        (Parameter::ReminderThirdDays, third),
    ];
    for (parameter, count) in named {
        let value = Value::Count(count);
        parameters.publish(parameter, Published { valid_from: day("2025-01-01"), valid_to: None, value });
    }
    ReminderDays::on(&parameters, day("2025-06-30")).unwrap()
}

/// The level of the one reminder that is asked for on a day.
fn level_on(receivable: &Receivable, on: &str) -> Option<u32> {
    let planned = reminders(std::slice::from_ref(receivable), days(7, 21, 35), day(on));
    planned.first().map(|planned| planned.step)
}

#[test]
fn each_level_goes_out_on_its_day_after_the_due_date() {
    let mut receivable = overdue(1);
    assert_eq!(level_on(&receivable, "2025-02-15"), None);
    assert_eq!(level_on(&receivable, "2025-02-16"), Some(1));
    (receivable.reminder_level, receivable.last_reminded_on) = (1, Some(day("2025-02-16")));
    assert_eq!(level_on(&receivable, "2025-03-01"), None);
    assert_eq!(level_on(&receivable, "2025-03-02"), Some(2));
    (receivable.reminder_level, receivable.last_reminded_on) = (2, Some(day("2025-03-02")));
    assert_eq!(level_on(&receivable, "2025-03-15"), None);
    assert_eq!(level_on(&receivable, "2025-03-16"), Some(3));
    (receivable.reminder_level, receivable.last_reminded_on) = (3, Some(day("2025-03-16")));
    assert_eq!(level_on(&receivable, "2025-12-31"), None, "there is no fourth level");
}

#[test]
fn the_days_of_the_levels_are_parameters() {
    let asked = |days| reminders(&[overdue(1)], days, day("2025-02-12")).len();
    assert_eq!((asked(days(7, 21, 35)), asked(days(3, 21, 35))), (0, 1));
    // Even a term of no days leaves the client the last day to pay.
    let asked = |on| reminders(&[overdue(1)], days(0, 1, 2), day(on)).len();
    assert_eq!((asked("2025-02-09"), asked("2025-02-10")), (0, 1));
}

#[test]
fn levels_keep_their_distance_when_reminders_begin_late() {
    let mut receivable = overdue(1);
    assert_eq!(level_on(&receivable, "2025-06-01"), Some(1));
    (receivable.reminder_level, receivable.last_reminded_on) = (1, Some(day("2025-06-01")));
    assert_eq!(level_on(&receivable, "2025-06-01"), None);
    assert_eq!(level_on(&receivable, "2025-06-14"), None);
    assert_eq!(level_on(&receivable, "2025-06-15"), Some(2));
}

#[test]
fn a_reminder_asks_for_the_invoice_by_e_mail() {
    let planned = reminders(&[overdue(1)], days(7, 21, 35), day("2025-02-16"));
    let [Planned { process, trigger, step, request }] = &planned[..] else { panic!("{planned:?}") };
    assert_eq!((*process, *trigger, *step), (Process::Reminders, Position(11), 1));
    let level = domain::unit::ReminderLevel::try_from(1).unwrap();
    let (invoice, channel) = (invoice_id(1), Channel::Email);
    assert_eq!(*request, Request::Unit(ATELIER, UnitCommand::RemindClient { invoice, level, channel }));
}

#[test]
fn whoever_disputes_pays_in_time_or_is_with_people_is_not_reminded() {
    type Case = (&'static str, fn(&mut Receivable));
    let cases: [Case; 6] = [
        ("disputed", |r| r.is_disputed = true),
        ("handed over", |r| r.is_handed_over = true),
        ("doubtful", |r| r.doubtful = euro("1000.00")),
        ("paid", |r| r.open = Balance::ZERO),
        ("paid too much", |r| r.open = euro("-10.00")),
        ("under a plan", |r| r.instalment_due_on = Some(day("2025-06-30"))),
    ];
    for (what, change) in cases {
        let mut receivable = overdue(1);
        change(&mut receivable);
        assert_eq!(level_on(&receivable, "2025-03-31"), None, "{what}");
    }
}

#[test]
fn an_instalment_of_a_plan_that_is_missed_is_reminded() {
    let mut receivable = overdue(1);
    receivable.instalment_due_on = Some(day("2025-06-30"));
    assert_eq!(level_on(&receivable, "2025-07-07"), Some(1));
}

#[test]
fn work_that_is_over_ends_its_contract_unless_that_is_known() {
    let mut not_ended = due(1);
    (not_ended.due_on, not_ended.order_by) = (None, None);
    let mut month = not_ended.clone();
    let employment = EmploymentId::new(Uuid::from_u128(1));
    month.work = Work::Month { employment, month: day("2025-04-01").month() };
    let planned = contract_ends(&[not_ended, due(2), month]);
    let [Planned { process, trigger, step, request }] = &planned[..] else { panic!("{planned:?}") };
    assert_eq!((*process, *trigger, *step), (Process::ContractEnds, Position(21), 1));
    let contract = ContractId::new(Uuid::from_u128(1));
    assert_eq!(*request, Request::Unit(ATELIER, UnitCommand::EndContract { contract }));
}

/// Each advance as `position of the wage, invoice, amount`.
fn advanced(wages: &[WageDue], receivables: &[Receivable], on: &str) -> Vec<(u64, u128, String)> {
    let planned = advances(wages, receivables, |wage| wage == Position(29), day(on));
    let told = |planned: &Planned| match &planned.request {
        Request::Unit(_, UnitCommand::GrantAdvance { invoice, amount }) => {
            (planned.trigger.0, invoice.uuid().as_u128(), amount.to_string())
        }
        other => panic!("an advance is asked for, found {other:?}"),
    };
    planned.iter().map(told).collect()
}

#[test]
fn a_wage_is_advanced_on_the_day_its_order_goes_to_the_bank() {
    let open = [overdue(1), overdue(2)];
    assert_eq!(advanced(&[due(1)], &open, "2025-04-24"), []);
    assert_eq!(advanced(&[due(1)], &open, "2025-04-25"), [(21, 1, "300.00".to_owned())]);
    let mut paid = due(1);
    paid.paid_on = Some(day("2025-04-25"));
    assert_eq!(advanced(&[paid], &open, "2025-04-25"), []);
    let mut nobody_behind = due(1);
    nobody_behind.rests_on.clear();
    assert_eq!(advanced(&[nobody_behind], &open, "2025-04-25"), []);
    assert_eq!(advanced(&[due(9)], &open, "2025-04-25"), [], "it was granted before");
}

#[test]
fn wages_share_what_the_fund_can_still_advance_upon_their_invoices() {
    let (mut first, mut second) = (overdue(1), overdue(2));
    (first.advance_max, second.advance_max) = (euro("500.00"), euro("350.00"));
    let wages = [due(1), due(2), due(3), due(4)];
    let expected = [(21, 1, "300.00"), (22, 2, "300.00"), (23, 1, "200.00"), (24, 2, "50.00")];
    let expected = expected.map(|(wage, invoice, amount)| (wage, invoice, amount.to_owned()));
    assert_eq!(advanced(&wages, &[first, second], "2025-04-25"), expected);
}

#[test]
fn where_nothing_waits_nothing_is_advanced() {
    let mut spent_on_issue = overdue(1);
    spent_on_issue.advance_max = Balance::ZERO;
    assert_eq!(advanced(&[due(1)], &[spent_on_issue], "2025-04-25"), []);
}

const LOAN: LoanId = LoanId::new(Uuid::from_u128(0x10A4));

/// 300.00 lent, to pay back on the last days of March, April and May; scheduled at position 40.
fn lent() -> (LoanOverview, Vec<Scheduled>) {
    let loan = LoanOverview {
        loan: LOAN,
        borrower: ALICE,
        project: ProjectId::new(Uuid::from_u128(1)),
        unit: Some(ATELIER),
        state: State::Running,
        asked: euro("300.00"),
        granted: euro("300.00"),
        disbursed: euro("300.00"),
        paid: Balance::ZERO,
        written_off: Balance::ZERO,
        outstanding: euro("300.00"),
        overdue: Balance::ZERO,
        days_overdue: 0,
        scheduled_at: Some(Position(40)),
        granted_on: Some(day("2025-02-10")),
        disbursed_on: Some(day("2025-02-20")),
        ended_on: None,
    };
    let part = |(n, due_on): (u32, &str)| Scheduled {
        n,
        due_on: day(due_on),
        amount: euro("100.00"),
        open: euro("100.00"),
        called: false,
    };
    (loan, (1..).zip(["2025-03-31", "2025-04-30", "2025-05-31"]).map(part).collect())
}

/// The numbers of the instalments that are called on a day.
fn called_on(lent: &(LoanOverview, Vec<Scheduled>), on: &str) -> Vec<u32> {
    let planned = instalments(std::slice::from_ref(lent), day(on));
    planned.iter().map(|planned| planned.step).collect()
}

#[test]
fn instalments_are_called_in_order_from_their_day_on() {
    let mut lent = lent();
    assert_eq!(called_on(&lent, "2025-03-30"), [0_u32; 0]);
    assert_eq!(called_on(&lent, "2025-03-31"), [1]);
    lent.1[0].called = true;
    assert_eq!(called_on(&lent, "2025-04-29"), [0_u32; 0]);
    assert_eq!(called_on(&lent, "2025-06-30"), [2, 3]);
    let planned = instalments(&[lent], day("2025-04-30"));
    let [Planned { process, trigger, step, request }] = &planned[..] else { panic!("{planned:?}") };
    assert_eq!((*process, *trigger, *step), (Process::Instalments, Position(40), 2));
    assert_eq!(*request, Request::Loan(LOAN, LoanCommand::CallInstalment {}));
}

#[test]
fn an_instalment_paid_ahead_is_not_called() {
    let mut lent = lent();
    lent.1[0].open = Balance::ZERO;
    assert_eq!(called_on(&lent, "2025-04-30"), [2]);
}

#[test]
fn only_loans_that_run_are_called() {
    for state in State::ALL {
        let mut lent = lent();
        lent.0.state = state;
        let runs = matches!(state, State::Running | State::InArrears);
        assert_eq!(called_on(&lent, "2025-03-31").len(), usize::from(runs), "{state}");
    }
}
