//! What the guarantee fund advanced and bore, checked against the books.

use domain::text::ReasonCode;
use domain::unit::UnitEvent;
use domain::{Balance, Event, Position};
use ledger::Account;
use projections::balances::balance;
use projections::guarantee_fund::{self, Cover};
use projections::port::{Projection, Reader, Rows, Seen, Table, Times, Value};

use crate::coverage::samples;
use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

pub fn advanced(invoice: u128, sum: &str) -> UnitEvent {
    UnitEvent::AdvanceGranted { invoice: invoice_id(invoice), amount: amount(sum) }
}

pub fn recovered(invoice: u128, sum: &str) -> UnitEvent {
    let payment = domain::ids::PaymentId::new(uuid::Uuid::from_u128(1));
    UnitEvent::AdvanceRecovered { invoice: invoice_id(invoice), payment, amount: amount(sum) }
}

pub fn absorbed(invoice: u128, sum: &str) -> UnitEvent {
    UnitEvent::AdvanceAbsorbed { invoice: invoice_id(invoice), amount: amount(sum) }
}

/// A debt is feared to be lost, of which the fund bears so much.
pub fn feared(invoice: u128, from_fund: &str) -> UnitEvent {
    UnitEvent::InvoiceDoubtful {
        invoice: invoice_id(invoice),
        client: client(1),
        gross: amount(from_fund),
        net: euro(from_fund),
        from_fund: euro(from_fund),
        from_pool: Balance::ZERO,
        released: Balance::ZERO,
        reason: ReasonCode::literal("bankrupt"),
        evidence: evidence(),
    }
}

/// A client pays after all, and so much comes back to the fund.
pub fn regained(invoice: u128, to_fund: &str) -> UnitEvent {
    UnitEvent::InvoiceRecovered {
        invoice: invoice_id(invoice),
        payment: domain::ids::PaymentId::new(uuid::Uuid::from_u128(1)),
        client: client(1),
        received: amount(to_fund),
        settled: euro(to_fund),
        excess: Balance::ZERO,
        net: euro(to_fund),
        to_fund: euro(to_fund),
        to_pool: Balance::ZERO,
        evidence: evidence(),
    }
}

/// A credit note of which the unit could not give so much back.
pub fn credited_short(invoice: u128, from_fund: &str) -> UnitEvent {
    let UnitEvent::InvoiceCredited { credit_note, number, client, vat, net, gross, reason, evidence, .. } =
        credited(from_fund)
    else {
        unreachable!("a credit note is a credit note")
    };
    UnitEvent::InvoiceCredited {
        invoice: invoice_id(invoice),
        credit_note,
        number,
        client,
        vat,
        net,
        gross,
        contribution: Balance::ZERO,
        from_pending: Balance::ZERO,
        from_available: Balance::ZERO,
        from_fund: euro(from_fund),
        released: Balance::ZERO,
        reason,
        evidence,
    }
}

/// The fund's totals are what its accounts hold.
pub fn reconciles(views: &dyn Reader, times: Times) -> Cover {
    let cover = guarantee_fund::totals(views, times).unwrap();
    let held = |account: Account| balance(views, account.total(), times).unwrap().balance;
    assert_eq!(cover.outstanding, held(Account::Advances), "outstanding advances");
    assert_eq!(cover.outstanding, held(Account::AdvancesControl), "outstanding advances");
    assert_eq!(cover.balance, held(Account::Fund), "what is in the fund");
    cover
}

fn short(cover: Cover) -> [String; 5] {
    let Cover { advanced, recovered, absorbed, outstanding, balance, .. } = cover;
    [advanced, recovered, absorbed, outstanding, balance].map(|sum| sum.to_string())
}

/// Unit 1: two advances, one recovered in part. Unit 2: an advance that is absorbed by a loss.
fn at_work() -> World {
    let mut world = World::new();
    world.happens("2025-03-05", unit(1), advanced(1, "100.00"));
    world.happens("2025-03-06", unit(1), advanced(2, "50.00"));
    world.happens("2025-04-02", unit(1), recovered(1, "80.00"));
    world.happens("2025-04-03", unit(2), advanced(3, "40.00"));
    world.happens("2025-05-10", unit(2), feared(3, "70.00"));
    world.happens("2025-05-10", unit(2), absorbed(3, "40.00"));
    world.happens("2025-06-01", unit(2), regained(3, "30.00"));
    world.happens("2025-06-02", unit(1), credited_short(2, "5.00"));
    world
}

#[test]
fn what_is_advanced_is_recovered_absorbed_or_outstanding() {
    let mut world = at_work();
    let views = world.views();
    assert_eq!(short(reconciles(views, NOW)), ["190.00", "80.00", "40.00", "70.00", "-45.00"]);
    let in_april = reconciles(views, as_of("2025-04-30"));
    assert_eq!(short(in_april), ["190.00", "80.00", "0.00", "110.00", "0.00"]);
    let cover = guarantee_fund::totals(views, NOW).unwrap();
    assert_eq!((cover.borne, cover.regained), (euro("75.00"), euro("30.00")));
}

#[test]
fn each_unit_and_invoice_has_its_part_of_the_fund() {
    let mut world = at_work();
    let views = world.views();
    let units = guarantee_fund::units(views, NOW).unwrap();
    let told: Vec<_> = units.iter().map(|u| (u.unit, u.n_invoices, short(u.cover).join(" "))).collect();
    assert_eq!(
        told,
        [
            (unit_id(1), 2, "150.00 80.00 0.00 70.00 -5.00".to_owned()),
            (unit_id(2), 1, "40.00 0.00 40.00 0.00 -40.00".to_owned())
        ]
    );
    let invoices = guarantee_fund::invoices(views, unit_id(1), NOW).unwrap();
    let told: Vec<_> = invoices.iter().map(|i| (i.invoice, i.cover.outstanding.to_string())).collect();
    assert_eq!(told, [(invoice_id(1), "20.00".to_owned()), (invoice_id(2), "50.00".to_owned())]);
}

#[test]
fn months_state_what_moved_in_them_and_what_stood_at_their_end() {
    let mut world = at_work();
    let months = guarantee_fund::months(world.views(), NOW).unwrap();
    let told: Vec<_> = months.iter().map(|m| format!("{} {}", m.month, short(m.cover).join(" "))).collect();
    assert_eq!(
        told,
        [
            "2025-03 150.00 0.00 0.00 150.00 0.00",
            "2025-04 40.00 80.00 0.00 110.00 0.00",
            "2025-05 0.00 0.00 40.00 70.00 -70.00",
            "2025-06 0.00 0.00 0.00 70.00 -45.00",
        ]
    );
}

#[test]
fn an_advance_that_was_taken_back_is_outstanding_no_more() {
    let mut world = World::new();
    let mistaken = world.happens("2025-03-05", unit(1), advanced(1, "100.00"));
    let instead: Event = advanced(1, "60.00").into();
    world.corrects("2025-03-06", mistaken, Some(instead));
    let views = world.views();
    assert_eq!(reconciles(views, NOW).outstanding, euro("60.00"));
    assert_eq!(reconciles(views, known_at(mistaken)).outstanding, euro("100.00"));
    assert_eq!(reconciles(views, as_of("2025-03-05")).outstanding, euro("100.00"));
}

/// Adds up what is written to the fund's lines.
#[derive(Default)]
struct Written {
    outstanding: i64,
    fund: i64,
}

impl Rows for Written {
    fn insert(&mut self, _: &'static Table, row: &[Value<'_>]) {
        let [_, _, _, _, Value::Text(kind), Value::Integer(cents), _] = row else { panic!("{row:?}") };
        match *kind {
            "advanced" => self.outstanding += cents,
            "recovered" | "absorbed" => self.outstanding -= cents,
            "borne" => self.fund -= cents,
            "regained" => self.fund += cents,
            other => panic!("unknown kind {other}"),
        }
    }

    fn add(&mut self, table: &'static Table, _: &[Value<'_>], _: &[i64]) {
        panic!("the fund adds nothing to {}", table.name);
    }
}

/// A new event that moves the fund must be told here, or this fails.
#[test]
fn every_event_that_moves_the_funds_accounts_is_told() {
    let mut told = 0;
    for (stream, event) in samples() {
        let recorded = recorded(Position(1), day("2025-05-31"), stream, event);
        let posting = ledger::post(recorded.posting_rule, stream, &recorded.event).unwrap();
        let moved = |account: Account| {
            let moved = posting.movements().iter().map(|movement| {
                let cents = movement.amount.cents();
                let on = |line: ledger::Line| i64::from(line.account == account) * cents;
                on(movement.debit) - on(movement.credit)
            });
            moved.sum::<i64>()
        };
        let mut written = Written::default();
        guarantee_fund::GuaranteeFund.fold(Seen { recorded: &recorded, posting: &posting }, &mut written);
        let name = recorded.event.kind().name;
        assert_eq!(written.outstanding, moved(Account::Advances), "{name}");
        assert_eq!(written.fund, -moved(Account::Fund), "{name}");
        told += u32::from(written.outstanding != 0 || written.fund != 0);
    }
    assert!(told >= 5, "granted, recovered, absorbed, doubtful and paid after all are sampled");
}
