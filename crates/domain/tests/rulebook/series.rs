//! The rulebook of numbering series: gapless, in date order, one kind of document each.

use domain::ids::CreditNoteId;
use domain::series::{Numbered, Series, SeriesEvent, SeriesRefusal, TakeNumber};
use domain::stream::YearNotOpen;
use domain::unit::Unit;
use domain::vat::VatCategory;
use domain::{Event, Stream, StreamId, Year};
use uuid::Uuid;

use crate::fixtures::*;
use crate::harness::{Known, credit, given, issue};

fn take(document: Uuid) -> TakeNumber {
    TakeNumber { numbered: Numbered::Invoice, document }
}

pub fn taken(n: u32, on: &str) -> SeriesEvent {
    SeriesEvent::NumberTaken {
        n,
        number: token(&format!("F/2025/{n:06}")),
        numbered: Numbered::Invoice,
        document: INVOICE.uuid(),
        on: day(on),
    }
}

#[test]
fn e4_numbers_begin_at_one_and_have_no_gaps() {
    given::<Series>([])
        .when(take(INVOICE.uuid()))
        .then([taken(1, "2025-03-03")])
        .when(take(INVOICE.uuid()))
        .then([taken(2, "2025-03-03")]);
    given::<Series>([taken(999_999, "2025-03-03")])
        .when(take(INVOICE.uuid()))
        .then([taken(1_000_000, "2025-03-03")]);
}

#[test]
fn a_series_counts_in_its_own_year_only() {
    given::<Series>([])
        .on("2026-01-01")
        .when(take(INVOICE.uuid()))
        .is_refused(SeriesRefusal::WrongYear { series: Series::ID, effective_on: day("2026-01-01") });
}

#[test]
fn numbers_follow_the_calendar() {
    given::<Series>([taken(1, "2025-03-03")]).on("2025-03-02").when(take(INVOICE.uuid())).is_refused_saying(
        "series F/2025 has reached 2025-03-03; a document of 2025-03-02 would be out of order",
    );
    given::<Series>([taken(1, "2025-03-03")])
        .on("2025-03-03")
        .when(take(INVOICE.uuid()))
        .then([taken(2, "2025-03-03")]);
}

#[test]
fn e4_invoices_and_credit_notes_have_series_of_their_own() {
    let asked = TakeNumber { numbered: Numbered::CreditNote, document: CREDIT_NOTE.uuid() };
    given::<Series>([taken(1, "2025-03-03")]).when(asked).is_refused(SeriesRefusal::OtherDocuments {
        series: Series::ID,
        found: "invoice",
        asked: "credit note",
    });
}

#[test]
fn the_wrong_year_is_refused_before_other_documents_and_those_before_the_order_of_dates() {
    let asked = TakeNumber { numbered: Numbered::CreditNote, document: CREDIT_NOTE.uuid() };
    let reached = || given::<Series>([taken(1, "2025-03-03")]);
    reached()
        .on("2024-12-31")
        .in_a_year_that_is_not_open()
        .when(asked)
        .is_refused(YearNotOpen { effective_on: day("2024-12-31"), year: Year::new(2024) });
    reached()
        .on("2024-12-31")
        .when(asked)
        .is_refused_saying("series F/2025 does not number documents of 2024-12-31");
    reached()
        .on("2025-03-01")
        .when(asked)
        .is_refused_saying("series F/2025 numbers invoices, not credit notes");
}

#[test]
fn a_number_once_taken_is_spent() {
    let mut series = given::<Series>([taken(1, "2025-03-03")]);
    assert_eq!(
        series.state.void(&taken(1, "2025-03-03")).unwrap_err().to_string(),
        "number.taken cannot be taken back: a number once taken is spent; credit the document instead"
    );
}

#[test]
fn an_invoice_takes_the_next_number_and_bears_it() {
    let series = given::<Series>([taken(6, "2025-03-01")]);
    let unit = given::<Unit>([opened()]);
    let draft = invoice(&[net(VatCategory::Standard, "100.00")]);
    let decided = issue(&series, &unit, &draft).expect("nothing forbids it");
    let [(first, Event::Series(number)), (second, Event::Unit(issued))] = decided.as_slice() else {
        panic!("a number, then an invoice: {decided:?}");
    };
    assert_eq!((*first, *second), (StreamId::Series(Series::ID), StreamId::Unit(ATELIER)));
    assert_eq!(*number, taken(7, "2025-03-03"));
    assert!(
        matches!(issued, domain::unit::UnitEvent::InvoiceIssued { number, .. } if number.as_str() == "F/2025/000007")
    );
}

#[test]
fn a_credit_note_takes_a_number_of_its_own_series() {
    let unit = given::<Unit>([opened()]);
    let issued = issue(&given([]), &unit, &invoice(&[net(VatCategory::Standard, "100.00")]));
    let unit = unit.and(crate::harness::of_unit(issued.expect("nothing forbids it")));
    let draft = credit_note(0, &[(VatCategory::Standard, "100.00")]);

    let of_invoices = given::<Series>([taken(1, "2025-03-03")]);
    assert_eq!(credit(&of_invoices, &unit, &draft).unwrap_err().code(), "series.other_documents");

    let id = domain::SeriesId { code: token("C"), year: Year::new(2025) };
    let decided = credit(&given([]).of(id), &unit, &draft).expect("nothing forbids it");
    let Event::Series(SeriesEvent::NumberTaken { n, number, numbered, document, .. }) = &decided[0].1 else {
        panic!("the number comes first: {decided:?}");
    };
    assert_eq!((*n, number.as_str(), *numbered), (1, "C/2025/000001", Numbered::CreditNote));
    assert_eq!(CreditNoteId::new(*document), CREDIT_NOTE);
}

#[test]
fn no_number_is_lost_when_the_document_is_refused() {
    let series = given::<Series>([]);
    let unit = given::<Unit>([opened()]);
    let refused = issue(&series, &unit, &invoice(&[])).unwrap_err();
    assert_eq!(refused.code(), "unit.no_lines");
    // The series' refusal comes before the unit's, since the invoice bears the number.
    let refused = issue(&series.on("2024-01-01"), &unit, &invoice(&[])).unwrap_err();
    assert_eq!(refused.code(), "series.wrong_year");
}
