//! What callers of the writer may rely on: once, all or nothing, in one order, on current state.

mod common;

use std::collections::HashMap;
use std::sync::Arc;

use app::books::Books;
use app::clock::SystemClock;
use app::writer::{CommandError, WriteError, Writer};
use common::*;
use cqrs_es::{AggregateError, CqrsFramework};
use domain::correction::Correct;
use domain::ids::{InvoiceId, PaymentId};
use domain::stream::{Bridge, Facts};
use domain::text::Token;
use domain::unit::{Unit, UnitCommand, UnitKnown, UnitRefusal};
use domain::year::YearCommand;
use domain::{Position, Refusal, Request, Year};
use store::{LogReader, LogStore};
use tempfile::tempdir;
use uuid::Uuid;

fn pay(id: u128, invoice: u128, received: &str) -> UnitCommand {
    UnitCommand::ReceivePayment {
        invoice: InvoiceId::new(Uuid::from_u128(invoice)),
        payment: PaymentId::new(Uuid::from_u128(id)),
        received: amount(received),
        evidence: evidence(id),
    }
}

#[test]
fn a_repeated_command_is_answered_its_first_receipt_and_writes_nothing() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let first = accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    let again = writer.send_blocking(invoice(1, "2025-02-03", "100.00")).unwrap();
    assert!(again.repeated);
    assert_eq!(again.receipt, first);
    assert_eq!(LogReader::open(dir.path()).unwrap().head().unwrap().position, first.last);
}

#[test]
fn a_command_id_with_other_content_or_from_another_actor_is_refused() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    assert_eq!(refusal(writer.send_blocking(invoice(1, "2025-02-03", "100.01"))), "command.other_content");
    assert_eq!(refusal(writer.send_blocking(invoice(1, "2025-02-04", "100.00"))), "command.other_content");
    let mut other = invoice(1, "2025-02-03", "100.00");
    other.actor = Token::literal("service:other");
    assert_eq!(refusal(writer.send_blocking(other)), "command.other_content");
}

#[test]
fn a_refused_command_writes_nothing_and_its_id_may_be_tried_again() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let before = LogReader::open(dir.path()).unwrap().head().unwrap().position;
    assert_eq!(refusal(writer.send_blocking(unit(5, "2025-02-03", pay(5, 1, "10.00")))), "unit.unknown");
    assert_eq!(LogReader::open(dir.path()).unwrap().head().unwrap().position, before);
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    accept(writer.send_blocking(unit(5, "2025-02-03", pay(5, 1, "10.00"))));
}

#[test]
fn an_invoice_that_the_unit_refuses_takes_no_number() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let mut stranger = invoice(1, "2025-02-03", "100.00");
    if let Request::Joint(domain::joint::JointCommand::IssueInvoice(_, issue)) = &mut stranger.request {
        issue.draft.holder = BOB;
    }
    assert_eq!(refusal(writer.send_blocking(stranger)), "unit.not_a_holder");
    let receipt = accept(writer.send_blocking(invoice(2, "2025-02-03", "100.00")));
    assert_eq!((receipt.first.0 + 1, receipt.leaf_hashes.len()), (receipt.last.0, 2));
    let taken = LogReader::open(dir.path()).unwrap().event_at(receipt.first).unwrap().unwrap();
    assert!(taken.payload.contains("\"F/2025/000001\""), "{}", taken.payload);
}

#[test]
fn an_id_that_stands_in_the_log_is_refused_also_within_one_batch() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    let same_invoice = |id: u128| {
        let mut again = invoice(1, "2025-02-03", "100.00");
        again.id = domain::ids::CommandId::new(Uuid::from_u128(id));
        again
    };
    assert_eq!(refusal(writer.send_blocking(same_invoice(77))), "command.already_in_log");
}

#[test]
fn a_correction_takes_the_entry_back_and_decides_the_replacement_without_it() {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    let paid = accept(writer.send_blocking(unit(2, "2025-02-10", pay(2, 1, "121.00"))));
    let correct = |position: Position, replacement| {
        UnitCommand::Correct(Correct {
            position,
            reason: Token::literal("wrong-amount"),
            authority: Token::literal("service:desk"),
            replacement,
        })
    };
    let right = Some(Box::new(pay(2, 1, "21.00")));
    accept(writer.send_blocking(unit(3, "2025-02-11", correct(paid.first, right))));
    assert_eq!(
        refusal(writer.send_blocking(unit(4, "2025-02-11", correct(paid.first, None)))),
        "correction.already_void"
    );
    assert_eq!(
        refusal(writer.send_blocking(unit(5, "2025-02-11", correct(Position(1), None)))),
        "correction.not_in_stream"
    );
    drop(writer);
    thread.join();
    let (writer, _thread) = open(dir.path());
    accept(writer.send_blocking(unit(6, "2025-02-12", pay(6, 1, "100.00"))));
}

#[test]
fn a_year_closes_on_the_figures_of_its_own_days() {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    let year = |id: u128, on: &str, of: u16, asked: YearCommand| {
        command(id, on, Request::Year(Year::new(of), asked))
    };
    let minutes = evidence(9);
    accept(writer.send_blocking(year(70, "2025-12-01", 2026, YearCommand::OpenYear {})));
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    // Booked before the old year closes, and no part of it.
    accept(writer.send_blocking(invoice(2, "2026-01-05", "1000.00")));
    let deferred =
        accept(writer.send_blocking(year(71, "2025-12-31", 2025, YearCommand::DeferUnitBalances {})));
    drop(writer);
    thread.join();
    // The sums of years survive a restart.
    let (writer, _thread) = open(dir.path());
    accept(writer.send_blocking(year(72, "2025-12-31", 2025, YearCommand::CloseYear {})));
    accept(writer.send_blocking(year(
        73,
        "2026-05-20",
        2025,
        YearCommand::AuditAccounts { evidence: minutes },
    )));
    accept(writer.send_blocking(year(
        74,
        "2026-05-20",
        2025,
        YearCommand::ApproveAccounts { evidence: minutes },
    )));
    let allocate = |to_reserves: Option<&str>| {
        let to_reserves = to_reserves.map(amount);
        YearCommand::AllocateResult { to_reserves, dividend: None, evidence: minutes }
    };
    let above = year(75, "2026-05-20", 2025, allocate(Some("6.51")));
    assert_eq!(refusal(writer.send_blocking(above)), "year.more_than_result");
    let allocated = accept(writer.send_blocking(year(76, "2026-05-20", 2025, allocate(Some("6.50")))));
    let payload = |at| LogReader::open(dir.path()).unwrap().event_at(at).unwrap().unwrap().payload;
    let said = payload(deferred.first);
    assert!(said.contains("\"amount\":\"93.50\""), "{said}");
    let said = payload(allocated.first);
    assert!(said.contains("\"result\":\"6.50\"") && said.contains("\"carried_forward\":\"0.00\""), "{said}");
    assert_eq!(refusal(writer.send_blocking(invoice(3, "2025-12-31", "1.00"))), "year.not_open");
}

#[test]
fn two_writers_of_one_log_both_write_safely() {
    let dir = tempdir().unwrap();
    let (first, _thread) = create(dir.path());
    let (second, _other) = open(dir.path());
    let write = |writer: Writer, from: u128| {
        std::thread::spawn(move || {
            let ids = from..from + 40;
            let receipts = ids.map(|id| accept(writer.send_blocking(invoice(id, "2025-02-03", "10.00"))));
            receipts.collect::<Vec<_>>()
        })
    };
    let (one, two) = (write(first, 10_000), write(second, 20_000));
    let mut receipts = one.join().unwrap();
    receipts.extend(two.join().unwrap());
    receipts.sort_by_key(|receipt| receipt.first);
    for pair in receipts.windows(2) {
        assert_eq!(pair[0].last.0 + 1, pair[1].first.0, "commands follow one another without gap");
    }
    let reader = LogReader::open(dir.path()).unwrap();
    for (n, receipt) in receipts.iter().enumerate() {
        let taken = reader.event_at(receipt.first).unwrap().unwrap();
        assert!(taken.payload.contains(&format!("\"n\":{}", n + 1)), "numbers follow positions");
    }
}

#[test]
fn many_callers_each_get_their_own_receipt() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let answers = runtime.block_on(async {
        let callers: Vec<_> = (0..64_u128)
            .map(|n| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.send(invoice(500 + n, "2025-02-03", "10.00")).await })
            })
            .collect();
        let mut answers = Vec::new();
        for caller in callers {
            answers.push(caller.await.unwrap());
        }
        answers
    });
    let reader = LogReader::open(dir.path()).unwrap();
    for (n, answer) in answers.into_iter().enumerate() {
        let receipt = accept(answer);
        assert_eq!(receipt.command.uuid(), Uuid::from_u128(500 + n as u128));
        assert_eq!(reader.event_at(receipt.last).unwrap().unwrap().command, receipt.command);
    }
}

#[test]
fn a_synthetic_log_refuses_a_real_clock() {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    drop(writer);
    thread.join();
    let refused = Writer::open(dir.path(), Arc::new(SystemClock)).err().unwrap();
    assert!(matches!(refused, WriteError::WrongClock));
}

#[test]
fn what_was_written_can_be_read_at_once() {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    drop(writer);
    thread.join();
    let books = Books::open(dir.path()).unwrap();
    let receipt = accept(books.writer().send_blocking(invoice(1, "2025-02-03", "100.00")));
    let views = books.read_at_least(receipt.last).unwrap();
    assert_eq!(views.checkpoint().position, receipt.last);
    books.close().unwrap();
}

#[test]
fn a_log_reopened_decides_on_the_same_state_with_and_without_snapshots() {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    let (said, answers) = std::sync::mpsc::channel();
    for id in 1..=600 {
        let said = said.clone();
        writer.queue_blocking(invoice(id, "2025-02-03", "10.00"), move |answer| said.send(answer).unwrap());
    }
    drop(said);
    assert_eq!(answers.into_iter().map(accept).count(), 600);
    drop(writer);
    thread.join();
    let expected = {
        let (writer, _thread) = open(dir.path());
        refusal(writer.send_blocking(invoice(9_001, "2025-02-02", "10.00")))
    };
    assert_eq!(expected, "series.out_of_date_order");
    let snapshots = rusqlite::Connection::open(dir.path().join("log.db")).unwrap();
    let found: i64 = snapshots.query_row("SELECT count(*) FROM snapshots", [], |row| row.get(0)).unwrap();
    assert!(found > 0, "a long stream has a snapshot");
    snapshots.execute_batch("DELETE FROM snapshots; DELETE FROM facts").unwrap();
    let (writer, _thread) = open(dir.path());
    assert_eq!(refusal(writer.send_blocking(invoice(9_002, "2025-02-02", "10.00"))), expected);
    let receipt = accept(writer.send_blocking(invoice(9_003, "2025-02-03", "10.00")));
    let taken = LogReader::open(dir.path()).unwrap().event_at(receipt.first).unwrap().unwrap();
    assert!(taken.payload.contains("\"F/2025/000601\""), "{}", taken.payload);
}

fn facts() -> Facts<Unit> {
    let mut parameters = domain::parameters::Parameters::default();
    for command in app::seed::reviewed_parameters().unwrap() {
        if let domain::statutes::StatutesCommand::PublishParameter {
            name, value, valid_from, valid_to, ..
        } = command
        {
            parameters.publish(name, domain::parameters::Published { valid_from, valid_to, value });
        }
    }
    Facts {
        effective_on: day("2025-02-10"),
        year_is_open: true,
        parameters: Arc::new(parameters),
        known: UnitKnown::default(),
        original: None,
    }
}

fn metadata(id: u128) -> HashMap<String, String> {
    let said = [
        ("command_id", Uuid::from_u128(id).to_string()),
        ("actor", "service:cqrs".to_owned()),
        ("effective_on", "2025-02-10".to_owned()),
    ];
    said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[tokio::test]
async fn cqrs_framework_works_on_the_log_for_commands_of_one_stream() {
    let dir = tempdir().unwrap();
    let path = dir.path().to_owned();
    let (writer, _thread) = tokio::task::spawn_blocking(move || {
        let (writer, thread) = create(&path);
        accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
        (writer, thread)
    })
    .await
    .unwrap();
    let store = LogStore::new(LogReader::open(dir.path()).unwrap(), Arc::new(writer));
    let framework: CqrsFramework<Bridge<Unit>, LogStore> = CqrsFramework::new(store, Vec::new(), ());
    let key = ATELIER.to_string();
    let asked = (ATELIER, pay(2, 1, "121.00"), facts());
    framework.execute_with_metadata(&key, asked, metadata(2)).await.unwrap();

    let reader = LogReader::open(dir.path()).unwrap();
    let head = reader.head().unwrap().position;
    let last = reader.event_at(head).unwrap().unwrap();
    assert_eq!((last.event_type.as_str(), last.posting_rule.as_str()), ("invoice.paid", "invoice.paid@1"));

    // The same rules refuse through the framework.
    let unknown = (ATELIER, pay(3, 99, "1.00"), facts());
    match framework.execute_with_metadata(&key, unknown, metadata(3)).await {
        Err(AggregateError::UserError(refusal)) => {
            assert!(matches!(refusal, UnitRefusal::Unknown { .. }));
            assert_eq!(refusal.code(), "unit.unknown");
        }
        other => panic!("expected a refusal, found {other:?}"),
    }
    // Without metadata nobody knows who asked: nothing is written.
    let anonymous = (ATELIER, pay(4, 1, "1.00"), facts());
    framework.execute(&key, anonymous).await.unwrap_err();
    assert_eq!(reader.head().unwrap().position, head);
}

#[test]
fn answers_have_stable_codes() {
    assert_eq!(CommandError::Stopped.code(), "writer.stopped");
    assert_eq!(CommandError::Moved.code(), "stream.moved");
    assert_eq!(WriteError::WrongClock.code(), "log.wrong_clock");
    assert_eq!(WriteError::Crowded(1).code(), "log.crowded");
}
