//! Each tie holds for what the rules book, and names what does not.

use domain::evidence::Digest;
use domain::ids::{LoanId, PaymentId, ProjectId, UnitId};
use domain::loan::Receivable;
use domain::{Evidence, Position};
use ledger::{post, rule_for};
use uuid::Uuid;

use super::*;

const ALICE: PersonId = PersonId::new(Uuid::from_u128(0xA11CE));
const BOB: PersonId = PersonId::new(Uuid::from_u128(0xB0B));
const LOAN: StreamId = StreamId::Loan(LoanId::new(Uuid::from_u128(1)));
const ATELIER: StreamId = StreamId::Unit(UnitId::new(Uuid::from_u128(2)));
const INVOICE: InvoiceId = InvoiceId::new(Uuid::from_u128(3));
const PAYMENT: PaymentId = PaymentId::new(Uuid::from_u128(6));
const YEAR: Year = Year::new(2025);

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn evidence() -> Evidence {
    Evidence { document: "DOC-1".parse().unwrap(), digest: Digest([7; 32]) }
}

fn disbursed() -> Event {
    let (within_year, beyond_year) = ("600.00".parse().unwrap(), "400.00".parse().unwrap());
    LoanEvent::Disbursed {
        borrower: ALICE,
        project: ProjectId::new(Uuid::from_u128(4)),
        kind: LoanKind::Cash,
        principal: amount("1000.00"),
        receivable: Receivable { within_year, beyond_year, doubtful: Balance::ZERO },
        evidence: evidence(),
    }
    .into()
}

fn entry_of(stream: StreamId, event: &Event) -> Option<Entry> {
    post(rule_for(event), stream, event).unwrap().entry().cloned()
}

/// What is found when each of these events is a command of its own.
fn found(log: &[(StreamId, Event, Option<Entry>)]) -> Vec<String> {
    let (mut ties, mut findings) = (Ties::default(), Findings::default());
    for (position, (stream, event, entry)) in (1..).zip(log) {
        let change = Change::of(*stream, event, entry.as_ref(), Some(YEAR));
        ties.take(position, change, &mut findings);
        ties.end_command(position, &mut findings);
    }
    findings.into_parts().0.iter().map(ToString::to_string).collect()
}

fn booked(events: &[(StreamId, Event)]) -> Vec<(StreamId, Event, Option<Entry>)> {
    events.iter().map(|(stream, event)| (*stream, event.clone(), entry_of(*stream, event))).collect()
}

fn issued() -> Event {
    UnitEvent::InvoiceIssued {
        invoice: INVOICE,
        number: "F/2025/000001".parse().unwrap(),
        holder: ALICE,
        client: domain::ids::ClientId::new(Uuid::from_u128(5)),
        order: None,
        course: None,
        vat: Vec::new(),
        net: amount("1000.00"),
        gross: amount("1000.00"),
        contribution_rate: "0.065".parse().unwrap(),
        contribution: "65.00".parse().unwrap(),
        unit_share: "935.00".parse().unwrap(),
        spendable: false,
        due_on: "2025-02-01".parse().unwrap(),
        evidence: evidence(),
    }
    .into()
}

/// A payment of so much, which all settles something.
fn paid(text: &str) -> Event {
    UnitEvent::InvoicePaid {
        invoice: INVOICE,
        payment: PAYMENT,
        client: domain::ids::ClientId::new(Uuid::from_u128(5)),
        received: amount(text),
        settled: text.parse().unwrap(),
        excess: Balance::ZERO,
        released: Balance::ZERO,
        evidence: evidence(),
    }
    .into()
}

fn advanced(text: &str) -> Event {
    UnitEvent::AdvanceGranted { invoice: INVOICE, amount: amount(text) }.into()
}

#[test]
fn a_loan_booked_by_its_rule_ties() {
    assert_eq!(found(&booked(&[(LOAN, disbursed())])), Vec::<String>::new());
}

#[test]
fn a_loan_booked_to_another_borrower_is_found_with_both_accounts() {
    let mut entry = entry_of(LOAN, &disbursed()).unwrap();
    let memo = entry.movements.iter_mut().find(|m| m.debit.account == Account::CashLoans).unwrap();
    memo.debit = Account::CashLoans.of(BOB);
    let found = found(&[(LOAN, disbursed(), Some(entry))]);
    let moved = |of: PersonId, cents: &str| {
        format!(
            "position 1: the books do not tie to the streams: I6, cash_loans and loans in cash of \
             person:{of}: the books moved {cents} more"
        )
    };
    assert_eq!(found, [moved(BOB, "1000.00"), moved(ALICE, "-1000.00")]);
}

#[test]
fn an_entry_that_is_left_out_is_found() {
    let found = found(&[(LOAN, disbursed(), None)]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[1].contains("I6, 416 + 2910 + 417"), "{found:?}");
}

#[test]
fn what_a_correction_takes_back_is_taken_off_both_sides() {
    let Event::Loan(original) = disbursed() else { unreachable!() };
    let correction = domain::correction::Correction {
        position: Position(1),
        reason: domain::text::ReasonCode::literal("mistake"),
        authority: "board".parse().unwrap(),
        original_rule: rule_for(&disbursed()),
        original: Box::new(original),
        replacement: None,
    };
    let corrected: Event = LoanEvent::Corrected(correction).into();
    assert_eq!(found(&booked(&[(LOAN, disbursed()), (LOAN, corrected)])), Vec::<String>::new());
}

#[test]
fn an_advance_stays_within_the_units_share_of_what_is_open() {
    let enough = booked(&[(ATELIER, issued()), (ATELIER, advanced("935.00"))]);
    assert_eq!(found(&enough), Vec::<String>::new());
    let found = found(&booked(&[(ATELIER, issued()), (ATELIER, advanced("935.01"))]));
    assert_eq!(
        found,
        [format!(
            "position 2: the books do not tie to the streams: I5, invoice {INVOICE}: 935.01 is advanced, more than the unit's share of what is open"
        )]
    );
}

#[test]
fn an_advance_on_a_debt_that_the_client_paid_is_found() {
    let log = booked(&[(ATELIER, issued()), (ATELIER, advanced("935.00")), (ATELIER, paid("500.00"))]);
    assert_eq!(found(&log).len(), 1);
}

#[test]
fn an_indemnity_that_is_paid_with_the_invoice_leaves_nothing_advanced_on_it() {
    let recovered =
        UnitEvent::AdvanceRecovered { invoice: INVOICE, payment: PAYMENT, amount: amount("935.00") };
    let (mut ties, mut findings) = (Ties::default(), Findings::default());
    // The payment and what it recovers are one command.
    let commands = [vec![issued()], vec![advanced("935.00")], vec![paid("1040.00"), recovered.into()]];
    for (position, events) in (1..).zip(commands) {
        for event in &events {
            let entry = entry_of(ATELIER, event);
            ties.take(position, Change::of(ATELIER, event, entry.as_ref(), Some(YEAR)), &mut findings);
        }
        ties.end_command(position, &mut findings);
    }
    assert_eq!(findings.into_parts().0, []);
}

#[test]
fn at_the_close_what_is_deferred_is_what_the_units_hold() {
    let year = StreamId::Year(YEAR);
    let defer = |text: &str| YearEvent::UnitBalancesDeferred { amount: amount(text) }.into();
    let close = |deferred: Event| {
        found(&booked(&[(ATELIER, issued()), (year, deferred), (year, YearEvent::Closed {}.into())]))
    };
    assert_eq!(close(defer("935.00")), Vec::<String>::new());
    assert_eq!(
        close(defer("934.99")),
        [
            "position 3: the books do not tie to the streams: I4: 934.99 stands deferred at the end of 2025, the units hold 935.00"
        ]
    );
}

#[test]
fn the_result_allocated_is_what_pool_margin_and_fund_gained() {
    let year = StreamId::Year(YEAR);
    let allocate = |result: &str| {
        let result: Balance = result.parse().unwrap();
        let evidence = evidence();
        let to_reserves = Balance::ZERO;
        let allocated = YearEvent::ResultAllocated { result, to_reserves, carried_forward: result, evidence };
        let deferred = YearEvent::UnitBalancesDeferred { amount: amount("935.00") };
        found(&booked(&[(ATELIER, issued()), (year, deferred.into()), (year, allocated.into())]))
    };
    assert_eq!(allocate("65.00"), Vec::<String>::new());
    assert_eq!(
        allocate("66.00"),
        [
            "position 3: the books do not tie to the streams: I4: the result of 2025 is 66.00; pool, margin and fund gained 65.00"
        ]
    );
}

#[test]
fn an_allowance_is_booked_to_the_director_whom_it_pays() {
    let mandate = StreamId::Mandate(domain::ids::MandateId::new(Uuid::from_u128(8)));
    let (person, year, evidence) = (ALICE, YEAR, evidence());
    let paid: Event = MandateEvent::AllowancePaid { person, year, amount: amount("450.00"), evidence }.into();
    assert_eq!(found(&booked(&[(mandate, paid.clone())])), Vec::<String>::new());
    let found = found(&[(mandate, paid, None)]);
    assert_eq!(
        found,
        [format!(
            "position 1: the books do not tie to the streams: F4, 618 and the allowances paid to the director of \
             person:{ALICE}: the books moved -450.00 more"
        )]
    );
}
