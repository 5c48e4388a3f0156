//! Returns through the writer: each declares what the books hold and no other return has declared.

mod common;

use app::writer::{Answer, Writer};
use common::*;
use domain::correction::Correct;
use domain::filing::{FilingCommand, FilingEvent, FilingId};
use domain::{Event, Receipt, Request};
use store::LogReader;
use tempfile::{TempDir, tempdir};

fn id(text: &str) -> FilingId {
    text.parse().unwrap()
}

fn file(writer: &Writer, n: u128, filing: &str) -> Answer {
    let receipt = evidence(n);
    let on = id(filing).last_day().to_string();
    writer.send_blocking(command(n, &on, Request::Filing(id(filing), FilingCommand::File { receipt })))
}

/// The VAT that a return declared as due on sales, and as to be paid.
fn declared(dir: &TempDir, receipt: &Receipt) -> [String; 2] {
    let stored = LogReader::open(dir.path()).unwrap().event_at(receipt.first).unwrap().unwrap();
    match stored.decode().unwrap().event {
        Event::Filing(FilingEvent::VatReturnFiled { on_sales, net, .. }) => {
            [on_sales.to_string(), net.to_string()]
        }
        other => panic!("a VAT return was filed, not {other:?}"),
    }
}

#[test]
fn a_return_declares_its_period_and_what_was_booked_late_into_those_before() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    let february = accept(file(&writer, 3, "vat-2025-02"));
    assert_eq!(declared(&dir, &february), ["21.00", "21.00"]);
    accept(writer.send_blocking(invoice(4, "2025-02-27", "10.00")));
    accept(writer.send_blocking(invoice(2, "2025-03-03", "200.00")));
    let march = accept(file(&writer, 5, "vat-2025-03"));
    assert_eq!(declared(&dir, &march), ["44.10", "44.10"]);
    let april = accept(file(&writer, 6, "vat-2025-04"));
    assert_eq!(declared(&dir, &april), ["0.00", "0.00"]);
}

#[test]
fn what_returns_declared_is_known_after_the_log_is_opened_again() {
    let dir = tempdir().unwrap();
    let (writer, thread) = create(dir.path());
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    accept(file(&writer, 3, "vat-2025-02"));
    drop(writer);
    thread.join();
    let (writer, _thread) = open(dir.path());
    accept(writer.send_blocking(invoice(4, "2025-03-03", "50.00")));
    assert_eq!(refusal(file(&writer, 5, "vat-2025-01")), "filing.later_period_filed");
    let march = accept(file(&writer, 6, "vat-2025-03"));
    assert_eq!(declared(&dir, &march), ["10.50", "10.50"]);
}

#[test]
fn what_a_return_declared_is_due_again_once_the_return_is_taken_back() {
    let dir = tempdir().unwrap();
    let (writer, _thread) = create(dir.path());
    accept(writer.send_blocking(invoice(1, "2025-02-03", "100.00")));
    let filed = accept(file(&writer, 3, "vat-2025-02"));
    let take_back = Correct {
        position: filed.first,
        reason: "mistake".parse().unwrap(),
        authority: "board".parse().unwrap(),
        replacement: None,
    };
    let asked = Request::Filing(id("vat-2025-02"), FilingCommand::Correct(take_back));
    accept(writer.send_blocking(command(4, "2025-02-28", asked)));
    let march = accept(file(&writer, 5, "vat-2025-03"));
    assert_eq!(declared(&dir, &march), ["21.00", "21.00"]);
}
