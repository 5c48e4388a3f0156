//! Processes on real books: asked once, whatever is repeated, killed or refused.

mod common;

use std::path::Path;

use app::books::{self, Books};
use app::processes::{Outcome, Planned, Process, Step, command_id, dry_run, plan, run, submit};
use app::projector::Projector;
use app::writer::Writer;
use app::{LogReader, seed};
use common::*;
use domain::ids::{ContractId, EmploymentId, InvoiceId, LoanId, PaymentId, ProjectId};
use domain::loan::{LoanCommand, LoanKind};
use domain::parameters::{Parameter, Parameters, Published, Value};
use domain::payroll::WorkerKind;
use domain::statutes::StatutesCommand;
use domain::text::Token;
use domain::unit::{UnitCommand, WorkDay};
use domain::{Position, Request, Stored};
use tempfile::{TempDir, tempdir};
use uuid::Uuid;

const CONTRACT: ContractId = ContractId::new(Uuid::from_u128(0xC0));
/// Invoices 2 to 5 are ten days late.
const TODAY: &str = "2025-03-15";

fn pay(id: u128, invoice: u128, received: &str) -> UnitCommand {
    UnitCommand::ReceivePayment {
        invoice: InvoiceId::new(Uuid::from_u128(invoice)),
        payment: PaymentId::new(Uuid::from_u128(id)),
        received: amount(received),
        evidence: evidence(id),
    }
}

/// Budget is spendable once the client has paid.
fn spendable_on_payment() -> Request {
    let reviewed = seed::reviewed_parameters().unwrap();
    let of_budget = |command: &StatutesCommand| {
        matches!(command, StatutesCommand::PublishParameter { name: Parameter::BudgetSpendableOn, .. })
    };
    let mut publish = reviewed.into_iter().find(of_budget).unwrap();
    if let StatutesCommand::PublishParameter { value, .. } = &mut publish {
        *value = Value::Choice(Token::literal("payment"));
    }
    Request::Statutes(publish)
}

/// One invoice is paid and its budget set aside for a job, four are not paid.
fn at_work(writer: &Writer) {
    accept(writer.send_blocking(command(10, "2025-01-01", spendable_on_payment())));
    accept(writer.send_blocking(invoice(1, "2025-02-03", "1000.00")));
    accept(writer.send_blocking(unit(11, "2025-02-03", pay(11, 1, "1210.00"))));
    let declare = UnitCommand::DeclareContract {
        contract: CONTRACT,
        holder: ALICE,
        worker: ALICE,
        kind: WorkerKind::Employee,
        order: None,
        client: Some(CLIENT),
        risk: None,
        days: vec![WorkDay { on: day("2025-02-10"), hours: "7.60".parse().unwrap() }],
        budget: amount("300.00"),
    };
    accept(writer.send_blocking(unit(12, "2025-02-03", declare)));
    let employment = EmploymentId::new(Uuid::from_u128(0xE0));
    let conclude = UnitCommand::ConcludeEmployment { employment, contract: CONTRACT };
    accept(writer.send_blocking(unit(13, "2025-02-03", conclude)));
    for id in 2..=5 {
        accept(writer.send_blocking(invoice(id, "2025-02-03", "1000.00")));
    }
}

fn log_at_work() -> TempDir {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    at_work(&writer);
    drop(writer);
    thread.join();
    dir
}

fn events(dir: &Path) -> Vec<Stored> {
    LogReader::open(dir).unwrap().read(Position(1), 10_000).unwrap()
}

fn ran(dir: &Path, today: &str) -> Vec<Step> {
    let (writer, thread) = open(dir);
    let steps = run(dir, &writer, &Process::ALL, day(today), &mut |_| {}).unwrap();
    drop(writer);
    thread.join();
    steps
}

/// What a process calls for on the rows of just now.
fn planned(dir: &Path, process: Process) -> Vec<Planned> {
    let views = books::read(dir, &mut |_| {}).unwrap();
    plan(process, &views, &LogReader::open(dir).unwrap(), &reviewed(), day(TODAY)).unwrap()
}

fn submitted(dir: &Path, writer: &Writer, planned: Vec<Planned>, today: &str) -> Vec<Step> {
    submit(writer, &LogReader::open(dir).unwrap(), planned, day(today)).unwrap()
}

/// Each step as `process step outcome`.
fn told(steps: &[Step]) -> Vec<String> {
    let told = |step: &Step| {
        let outcome = match &step.outcome {
            Outcome::Planned => "planned".to_owned(),
            Outcome::Done(_) => "done".to_owned(),
            Outcome::AlreadyDone(_) => "already done".to_owned(),
            Outcome::Refused(refused) => format!("refused: {}", refused.code()),
        };
        format!("{} {} {outcome}", step.planned.process.name(), step.planned.step)
    };
    steps.iter().map(told).collect()
}

fn reviewed() -> Parameters {
    let mut parameters = Parameters::default();
    for command in seed::reviewed_parameters().unwrap() {
        if let StatutesCommand::PublishParameter { name, value, valid_from, valid_to, .. } = command {
            parameters.publish(name, Published { valid_from, valid_to, value });
        }
    }
    parameters
}

#[test]
fn a_contract_ends_its_wage_is_advanced_and_clients_are_reminded() {
    let dir = log_at_work();
    let before = events(dir.path()).len();
    let steps = ran(dir.path(), TODAY);
    let expected = [
        "contract_ends 1 done",
        "advances 1 done",
        "reminders 1 done",
        "reminders 1 done",
        "reminders 1 done",
        "reminders 1 done",
    ];
    assert_eq!(told(&steps), expected);
    let written = events(dir.path()).split_off(before);
    let kinds: Vec<_> = written.iter().map(|stored| stored.event_type.as_str()).collect();
    let reminded = "invoice.reminded";
    assert_eq!(kinds, ["contract.ended", "advance.granted", reminded, reminded, reminded, reminded]);
    assert!(written[0].payload.contains("\"wage_due_on\":\"2025-02-18\""), "{}", written[0].payload);
    assert!(written[1].payload.contains("\"amount\":\"300.00\""), "{}", written[1].payload);
    assert!(written[0].metadata.contains("process:contract_ends"), "{}", written[0].metadata);
    for (step, stored) in steps.iter().zip(&written) {
        assert_eq!(step.outcome, Outcome::Done(stored.position));
        assert_eq!(step.planned.id(), stored.command);
        assert_eq!(stored.effective_on, day(TODAY));
    }
}

#[test]
fn running_again_writes_nothing() {
    let dir = log_at_work();
    ran(dir.path(), TODAY);
    let once = events(dir.path());
    assert_eq!(told(&ran(dir.path(), TODAY)), Vec::<String>::new());
    // The next day nothing more is due either.
    assert_eq!(told(&ran(dir.path(), "2025-03-16")), Vec::<String>::new());
    assert_eq!(events(dir.path()), once);
}

#[test]
fn what_stands_in_the_log_under_the_id_of_a_step_is_done_whatever_the_rows_said() {
    let dir = log_at_work();
    let (writer, _thread) = open(dir.path());
    let planned = planned(dir.path(), Process::Reminders);
    assert_eq!(planned.len(), 4);
    submitted(dir.path(), &writer, planned.clone(), TODAY);
    let once = events(dir.path());
    // Planned on the rows of before, and asked a day later.
    let again = submitted(dir.path(), &writer, planned, "2025-03-16");
    assert_eq!(told(&again), ["reminders 1 already done"; 4]);
    assert_eq!(events(dir.path()), once);
}

#[test]
fn a_run_that_was_killed_anywhere_and_run_again_gives_the_same_log() {
    let whole = log_at_work();
    let n_steps = ran(whole.path(), TODAY).len();
    let expected = events(whole.path());
    for killed_after in 0..=n_steps {
        let dir = log_at_work();
        let (writer, thread) = open(dir.path());
        let mut left = killed_after;
        for process in Process::ALL {
            let mut planned = planned(dir.path(), process);
            planned.truncate(left);
            left -= planned.len();
            submitted(dir.path(), &writer, planned, TODAY);
        }
        drop(writer);
        thread.join();
        ran(dir.path(), TODAY);
        assert_eq!(events(dir.path()), expected, "killed after {killed_after} steps");
    }
}

#[test]
fn a_dry_run_shows_what_would_be_asked_and_writes_nothing() {
    let dir = log_at_work();
    let before = events(dir.path());
    let steps = dry_run(dir.path(), &Process::ALL, day(TODAY), &mut |_| {}).unwrap();
    let expected = ["contract_ends 1 planned"].into_iter().chain(["reminders 1 planned"; 4]);
    // The advance shows only once the contract has ended.
    assert_eq!(told(&steps), expected.collect::<Vec<_>>());
    assert_eq!(events(dir.path()), before);
}

#[test]
fn read_models_that_are_rebuilt_run_no_process() {
    let dir = log_at_work();
    let before = events(dir.path());
    Projector::rebuild(dir.path(), &mut |_| {}).unwrap();
    let books = Books::open(dir.path()).unwrap();
    books.read_at_least(before.last().unwrap().position).unwrap();
    books.close().unwrap();
    assert_eq!(events(dir.path()), before);
}

#[test]
fn a_step_that_the_stream_refuses_is_on_the_work_list_with_code_and_numbers() {
    let dir = log_at_work();
    let (writer, _thread) = open(dir.path());
    let planned = planned(dir.path(), Process::Reminders);
    // The client pays between reading and asking.
    accept(writer.send_blocking(unit(20, TODAY, pay(20, 3, "1210.00"))));
    let steps = submitted(dir.path(), &writer, planned, TODAY);
    let expected = [
        "reminders 1 done",
        "reminders 1 refused: unit.nothing_open",
        "reminders 1 done",
        "reminders 1 done",
    ];
    assert_eq!(told(&steps), expected);
    let Outcome::Refused(refused) = &steps[1].outcome else { unreachable!("told above") };
    assert!(refused.to_string().starts_with("0.00 is open on invoice"), "{refused}");
}

#[test]
fn what_is_recorded_counts_whatever_its_day() {
    let dir = log_at_work();
    let (writer, thread) = open(dir.path());
    accept(writer.send_blocking(unit(20, "2025-03-20", pay(20, 3, "1210.00"))));
    drop(writer);
    thread.join();
    let steps = dry_run(dir.path(), &[Process::Reminders], day(TODAY), &mut |_| {}).unwrap();
    let asked: Vec<_> = steps.iter().map(|step| step.planned.trigger).collect();
    let unpaid = planned(dir.path(), Process::Reminders);
    assert_eq!((asked.len(), asked), (3, unpaid.iter().map(|planned| planned.trigger).collect()));
}

#[test]
fn what_was_refused_is_asked_again_when_the_rules_allow_it() {
    let dir = log_at_work();
    let before = events(dir.path());
    let steps = ran(dir.path(), "2026-01-15");
    assert!(steps.iter().all(|step| told(std::slice::from_ref(step))[0].ends_with("year.not_open")));
    assert_eq!((steps.len(), events(dir.path())), (5, before));
    let (writer, thread) = open(dir.path());
    let open_year = domain::year::YearCommand::OpenYear {};
    accept(writer.send_blocking(command(
        30,
        "2025-12-01",
        Request::Year(domain::Year::new(2026), open_year),
    )));
    drop(writer);
    thread.join();
    let steps = ran(dir.path(), "2026-01-15");
    assert_eq!(steps.len(), 6);
    assert!(steps.iter().all(|step| matches!(step.outcome, Outcome::Done(_))), "{:?}", told(&steps));
}

#[test]
fn the_id_of_a_step_follows_from_process_position_and_step_alone() {
    let id = |process, position, step| command_id(process, Position(position), step).uuid();
    let first = id(Process::Reminders, 7, 1);
    assert_eq!(first.to_string(), "c7026517-16f4-8a1d-b556-57a2aca5cdde");
    assert_eq!((first.get_version_num(), first.get_variant()), (8, uuid::Variant::RFC4122));
    let others = [id(Process::Reminders, 7, 2), id(Process::Reminders, 71, 1), id(Process::Advances, 7, 1)];
    assert!(!others.contains(&first));
}

#[test]
fn a_parameter_without_a_value_stops_before_anything_is_asked() {
    let dir = log_at_work();
    let before = events(dir.path());
    let (writer, _thread) = open(dir.path());
    let stopped = run(dir.path(), &writer, &Process::ALL, day("2016-12-31"), &mut |_| {}).unwrap_err();
    assert_eq!(
        stopped.to_string(),
        "parameter reminder.first_days has no value on 2016-12-31; publish one first"
    );
    assert_eq!(events(dir.path()), before);
}

#[test]
fn instalments_of_a_loan_are_called_when_they_fall_due() {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    let loan = LoanId::new(Uuid::from_u128(0x10A4));
    let ask = |id, asked| accept(writer.send_blocking(command(id, "2025-02-03", Request::Loan(loan, asked))));
    let (project, kind) = (ProjectId::new(Uuid::from_u128(1)), LoanKind::Internal { unit: ATELIER });
    ask(1, LoanCommand::RequestLoan { borrower: ALICE, project, kind, amount: amount("300.00") });
    let (principal, first_due_on, evidence) = (amount("300.00"), day("2025-02-28"), common::evidence(50));
    let (instalments, interest, fee) = (3, None, None);
    ask(2, LoanCommand::GrantLoan { principal, instalments, first_due_on, interest, fee, evidence });
    ask(3, LoanCommand::DisburseLoan { evidence: common::evidence(51) });
    drop(writer);
    thread.join();
    // Nobody asked in February; March is not over.
    assert_eq!(told(&ran(dir.path(), "2025-03-27")), ["instalments 1 done"]);
    assert_eq!(told(&ran(dir.path(), "2025-03-27")), Vec::<String>::new());
    assert_eq!(told(&ran(dir.path(), "2025-04-28")), ["instalments 2 done", "instalments 3 done"]);
    let called: Vec<_> =
        events(dir.path()).into_iter().filter(|e| e.event_type == "instalment.due").collect();
    let due: Vec<bool> = called
        .iter()
        .zip(["2025-02-28", "2025-03-28", "2025-04-28"])
        .map(|(stored, due_on)| stored.payload.contains(&format!("\"due_on\":\"{due_on}\"")))
        .collect();
    assert_eq!(due, [true; 3]);
}
