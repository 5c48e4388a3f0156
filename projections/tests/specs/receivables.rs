//! What clients owe, since when, and what was done to get it paid.

use domain::ids::{ClientId, InvoiceId, OrderId, PaymentId};
use domain::loan::Instalment;
use domain::text::ReasonCode;
use domain::unit::{Channel, ClientKind, ReminderLevel, UnitEvent};
use domain::{Balance, Day, Position};
use ledger::Account;
use projections::balances::balance;
use projections::port::Times;
use projections::receivables::{Age, Receivable, by_client, by_unit, receivables, total};
use uuid::Uuid;

use crate::world::*;

pub fn invoice_id(n: u128) -> InvoiceId {
    InvoiceId::new(Uuid::from_u128(0x6000 + n))
}

pub fn order_id(n: u128) -> OrderId {
    OrderId::new(Uuid::from_u128(0x7000 + n))
}

/// Invoice `n` to client `to`: of its gross sum the unit waits for 93.5 %.
pub fn invoice(n: u128, to: u128, gross: &str, due_on: &str) -> UnitEvent {
    let mut event = invoiced(to, gross);
    if let UnitEvent::InvoiceIssued { invoice, due_on: due, spendable, .. } = &mut event {
        (*invoice, *due, *spendable) = (invoice_id(n), day(due_on), false);
    }
    event
}

/// The same, in answer to an order.
pub fn invoice_of_order(n: u128, to: u128, order: u128, gross: &str, due_on: &str) -> UnitEvent {
    let mut event = invoice(n, to, gross, due_on);
    if let UnitEvent::InvoiceIssued { order: answered, .. } = &mut event {
        *answered = Some(order_id(order));
    }
    event
}

pub fn pays(n: u128, by: u128, settled: &str) -> UnitEvent {
    let mut event = paid_by_client(by, settled);
    if let UnitEvent::InvoicePaid { invoice, .. } = &mut event {
        *invoice = invoice_id(n);
    }
    event
}

fn credit(n: u128, of: u128, gross: &str) -> UnitEvent {
    let mut event = credited(gross);
    if let UnitEvent::InvoiceCredited { invoice, client: owed_by, from_pending, from_available, .. } =
        &mut event
    {
        (*invoice, *owed_by) = (invoice_id(n), client(of));
        (*from_pending, *from_available) = (*from_available, Balance::ZERO);
    }
    event
}

pub fn reminded(n: u128, level: u8, sent_on: &str) -> UnitEvent {
    UnitEvent::InvoiceReminded {
        invoice: invoice_id(n),
        client: client(1),
        level: ReminderLevel::try_from(level).unwrap(),
        channel: Channel::Email,
        sent_on: day(sent_on),
        days_overdue: 1,
        open: amount("1.00"),
    }
}

fn indemnified(n: u128, flat: &str, interest: &str) -> UnitEvent {
    UnitEvent::IndemnityCharged {
        invoice: invoice_id(n),
        client: client(1),
        kind: ClientKind::B2b,
        overdue: amount("1.00"),
        days_overdue: 1,
        interest_rate: "0.115".parse().unwrap(),
        flat: amount(flat),
        interest: euro(interest),
    }
}

fn disputed(n: u128) -> UnitEvent {
    UnitEvent::InvoiceDisputed {
        invoice: invoice_id(n),
        client: client(1),
        reason: ReasonCode::literal("quality"),
    }
}

fn settled(n: u128) -> UnitEvent {
    UnitEvent::DisputeSettled {
        invoice: invoice_id(n),
        client: client(1),
        reason: ReasonCode::literal("agreed"),
    }
}

fn planned(n: u128, parts: &[(&str, &str)]) -> UnitEvent {
    let part = |(due_on, sum): &(&str, &str)| Instalment { due_on: day(due_on), amount: amount(sum) };
    UnitEvent::PaymentPlanAgreed {
        invoice: invoice_id(n),
        client: client(1),
        instalments: parts.iter().map(part).collect(),
        evidence: evidence(),
    }
}

fn doubted(n: u128, gross: &str) -> UnitEvent {
    UnitEvent::InvoiceDoubtful {
        invoice: invoice_id(n),
        client: client(1),
        gross: amount(gross),
        net: euro(gross),
        from_fund: euro(gross),
        from_pool: Balance::ZERO,
        released: Balance::ZERO,
        reason: ReasonCode::literal("insolvent"),
        evidence: evidence(),
    }
}

fn recovered(n: u128, sum: &str) -> UnitEvent {
    UnitEvent::InvoiceRecovered {
        invoice: invoice_id(n),
        payment: PaymentId::new(Uuid::from_u128(2)),
        client: client(1),
        received: amount(sum),
        settled: euro(sum),
        excess: Balance::ZERO,
        net: euro(sum),
        to_fund: euro(sum),
        to_pool: Balance::ZERO,
        evidence: evidence(),
    }
}

fn written_off(n: u128, net: &str) -> UnitEvent {
    UnitEvent::InvoiceWrittenOff {
        invoice: invoice_id(n),
        client: client(1),
        net: euro(net),
        vat_recoverable: Balance::ZERO,
        judgment_on: None,
        evidence: evidence(),
    }
}

fn advanced(n: u128, sum: &str) -> UnitEvent {
    UnitEvent::AdvanceGranted { invoice: invoice_id(n), amount: amount(sum) }
}

fn open_on(world: &mut World, on: &str) -> Vec<Receivable> {
    receivables(world.views(), as_of(on), day(on)).unwrap()
}

fn one_on(world: &mut World, on: &str) -> Receivable {
    let found = open_on(world, on);
    let [one] = &found[..] else { panic!("one invoice is open on {on}, found {found:?}") };
    one.clone()
}

#[test]
fn what_is_open_is_invoiced_and_asked_less_credited_and_paid() {
    let mut world = World::new();
    let position = world.happens("2025-01-10", unit(1), invoice(1, 1, "1000.00", "2025-02-09"));
    world.happens("2025-01-20", unit(1), credit(1, 1, "100.00"));
    world.happens("2025-02-20", unit(1), pays(1, 1, "300.00"));
    world.happens("2025-03-01", unit(1), indemnified(1, "40.00", "2.50"));
    let found = one_on(&mut world, "2025-03-01");
    assert_eq!(
        (found.position, found.issued_on, found.due_on),
        (position, day("2025-01-10"), day("2025-02-09"))
    );
    assert_eq!([found.gross, found.credited, found.paid], ["1000.00", "100.00", "300.00"].map(euro));
    assert_eq!([found.indemnity, found.interest, found.open], ["40.00", "2.50", "642.50"].map(euro));
    assert_eq!(one_on(&mut world, "2025-02-28").open, euro("600.00"));
    assert_eq!(one_on(&mut world, "2025-01-10").open, euro("1000.00"));
    let known = receivables(world.views(), known_at(position), day("2025-03-01")).unwrap();
    assert_eq!(known[0].open, euro("1000.00"));
    world.happens("2025-03-02", unit(1), pays(1, 1, "642.50"));
    assert_eq!(open_on(&mut world, "2025-03-02"), []);
}

#[test]
fn age_is_counted_in_days_after_the_last_day_to_pay() {
    let cases = [
        ("2025-02-09", 0, Age::NotDue),
        ("2025-02-10", 1, Age::Days1To30),
        ("2025-03-11", 30, Age::Days1To30),
        ("2025-03-12", 31, Age::Days31To60),
        ("2025-04-10", 60, Age::Days31To60),
        ("2025-04-11", 61, Age::Days61To90),
        ("2025-05-10", 90, Age::Days61To90),
        ("2025-05-11", 91, Age::Over90Days),
    ];
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "1000.00", "2025-02-09"));
    for (on, days, age) in cases {
        let found = one_on(&mut world, on);
        assert_eq!((found.days_overdue, found.age), (days, age), "on {on}");
    }
}

#[test]
fn the_age_on_a_day_is_asked_of_all_that_is_recorded() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "1000.00", "2025-02-09"));
    world.happens("2025-03-20", unit(1), pays(1, 1, "400.00"));
    let found = receivables(world.views(), Times::default(), day("2025-02-11")).unwrap();
    assert_eq!((found[0].open, found[0].days_overdue), (euro("600.00"), 2));
}

#[test]
fn a_plan_is_due_on_the_day_of_its_first_instalment_not_paid_yet() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "300.00", "2025-02-09"));
    let parts = [("2025-03-31", "100.00"), ("2025-04-30", "100.00"), ("2025-05-31", "100.00")];
    let plan = world.happens("2025-03-01", unit(1), planned(1, &parts));
    assert_eq!(one_on(&mut world, "2025-02-28").days_overdue, 19);
    let found = one_on(&mut world, "2025-04-01");
    assert_eq!((found.instalment_due_on, found.days_overdue), (Some(day("2025-03-31")), 1));
    world.happens("2025-04-02", unit(1), pays(1, 1, "150.00"));
    let found = one_on(&mut world, "2025-04-02");
    assert_eq!((found.instalment_due_on, found.days_overdue), (Some(day("2025-04-30")), 0));
    world.corrects("2025-04-03", plan, None);
    let found = one_on(&mut world, "2025-04-03");
    assert_eq!((found.instalment_due_on, found.days_overdue), (None, 53));
}

#[test]
fn reminders_disputes_and_collectors_are_told_with_the_invoice() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "300.00", "2025-02-09"));
    let found = one_on(&mut world, "2025-02-15");
    assert_eq!((found.reminder_level, found.last_reminded_on), (0, None));
    world.happens("2025-02-16", unit(1), reminded(1, 1, "2025-02-16"));
    let second = world.happens("2025-03-02", unit(1), reminded(1, 2, "2025-03-02"));
    let found = one_on(&mut world, "2025-03-02");
    assert_eq!((found.reminder_level, found.last_reminded_on), (2, Some(day("2025-03-02"))));
    world.corrects("2025-03-03", second, None);
    let found = one_on(&mut world, "2025-03-03");
    assert_eq!((found.reminder_level, found.last_reminded_on), (1, Some(day("2025-02-16"))));
    world.happens("2025-03-04", unit(1), disputed(1));
    assert!(one_on(&mut world, "2025-03-04").is_disputed);
    world.happens("2025-03-05", unit(1), settled(1));
    assert!(!one_on(&mut world, "2025-03-05").is_disputed);
    let collector = domain::ids::CollectorId::new(Uuid::from_u128(1));
    let (invoice, client, open) = (invoice_id(1), client(1), amount("300.00"));
    let handed_over = UnitEvent::InvoiceHandedOver { invoice, client, collector, open };
    world.happens("2025-03-06", unit(1), handed_over);
    assert!(one_on(&mut world, "2025-03-06").is_handed_over);
}

#[test]
fn a_doubtful_debt_stays_open_until_it_is_paid_or_written_off() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "300.00", "2025-02-09"));
    world.happens("2025-03-01", unit(1), doubted(1, "300.00"));
    let found = one_on(&mut world, "2025-03-01");
    assert_eq!((found.open, found.doubtful), (euro("300.00"), euro("300.00")));
    world.happens("2025-03-02", unit(1), recovered(1, "50.00"));
    world.happens("2025-03-03", unit(1), written_off(1, "200.00"));
    let found = one_on(&mut world, "2025-03-03");
    assert_eq!([found.recovered, found.written_off, found.open], ["50.00", "200.00", "50.00"].map(euro));
    assert_eq!(found.doubtful, euro("50.00"));
}

#[test]
fn the_fund_may_advance_what_the_unit_waits_for_and_the_client_owes() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "1000.00", "2025-02-09"));
    assert_eq!(one_on(&mut world, "2025-01-10").advance_max, euro("935.00"));
    world.happens("2025-01-11", unit(1), advanced(1, "400.00"));
    let found = one_on(&mut world, "2025-01-11");
    assert_eq!((found.advanced, found.advance_max), (euro("400.00"), euro("535.00")));
    world.happens("2025-01-12", unit(1), doubted(1, "1000.00"));
    assert_eq!(one_on(&mut world, "2025-01-12").advance_max, Balance::ZERO);
}

/// Deposit `n` of client `of`.
fn deposit(n: u128, of: u128, gross: &str, due_on: &str) -> UnitEvent {
    UnitEvent::DepositInvoiced {
        invoice: invoice_id(n),
        number: "F/2025/000001".parse().unwrap(),
        holder: person(1),
        client: client(of),
        order: None,
        course: None,
        vat: Vec::new(),
        net: amount(gross),
        gross: amount(gross),
        due_on: day(due_on),
        evidence: evidence(),
    }
}

/// A paid deposit is deducted from invoice `n`.
fn deducted(deposit: u128, n: u128, of: u128, gross: &str, released: &str) -> UnitEvent {
    UnitEvent::DepositDeducted {
        deposit: invoice_id(deposit),
        invoice: invoice_id(n),
        number: "F/2025/000002".parse().unwrap(),
        client: client(of),
        vat: Vec::new(),
        net: amount(gross),
        gross: amount(gross),
        released: euro(released),
    }
}

#[test]
fn a_deposit_is_owed_and_what_is_deducted_for_it_is_not() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), deposit(1, 1, "400.00", "2025-02-09"));
    let found = one_on(&mut world, "2025-02-10");
    assert_eq!((found.open, found.days_overdue, found.advance_max), (euro("400.00"), 1, Balance::ZERO));
    world.happens("2025-02-11", unit(1), pays(1, 1, "400.00"));
    world.happens("2025-03-01", unit(1), invoice(2, 1, "1000.00", "2025-03-31"));
    world.happens("2025-03-01", unit(1), deducted(1, 2, 1, "400.00", "374.00"));
    let found = one_on(&mut world, "2025-03-01");
    assert_eq!([found.deducted, found.open, found.advance_max], ["400.00", "600.00", "561.00"].map(euro));
}

/// A few invoices in every state, of two units and two clients.
fn some_of_everything() -> World {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "1000.00", "2025-02-09"));
    world.happens("2025-01-11", unit(2), invoice(2, 1, "500.00", "2025-02-10"));
    world.happens("2025-02-11", unit(2), invoice(3, 2, "200.00", "2025-03-13"));
    world.happens("2025-03-01", unit(1), invoice(4, 2, "70.00", "2025-03-31"));
    world.happens("2025-03-02", unit(1), credit(1, 1, "10.00"));
    world.happens("2025-03-03", unit(1), pays(1, 1, "90.00"));
    let paid = world.happens("2025-03-04", unit(2), pays(3, 2, "200.00"));
    world.happens("2025-03-05", unit(1), indemnified(1, "40.00", "1.15"));
    world.happens("2025-03-06", unit(2), doubted(2, "500.00"));
    world.happens("2025-03-07", unit(2), recovered(2, "120.00"));
    world.happens("2025-03-08", unit(2), written_off(2, "80.00"));
    // A payment booked on the wrong invoice.
    world.corrects("2025-03-09", paid, Some(pays(3, 2, "150.00").into()));
    world.happens("2025-03-10", unit(1), disputed(4));
    // A deposit is paid and deducted within the month.
    world.happens("2025-03-11", unit(1), deposit(5, 1, "25.00", "2025-04-10"));
    world.happens("2025-03-12", unit(1), pays(5, 1, "25.00"));
    world.happens("2025-03-13", unit(1), deducted(5, 4, 2, "25.00", "23.38"));
    world
}

#[test]
fn what_is_open_is_what_the_books_hold_on_any_day_as_known_at_any_position() {
    let mut world = some_of_everything();
    let last = world.log.len() as u64;
    for known_at in (1..=last).map(Position).map(Some).chain([None]) {
        for n in 0..100 {
            let on = Day::try_new(2025, 1, 9).unwrap().plus_days(n);
            let times = Times { as_of: Some(on), known_at };
            let aged = total(&receivables(world.views(), times, on).unwrap());
            let held = |account: Account| balance(world.reader(), account.total(), times).unwrap().balance;
            let doubtful = held(Account::DoubtfulCustomers);
            assert_eq!(aged.open, held(Account::Customers) + doubtful, "on {on} as known at {known_at:?}");
            assert_eq!(aged.doubtful, doubtful, "on {on} as known at {known_at:?}");
        }
    }
}

#[test]
fn units_and_clients_share_the_same_total() {
    let mut world = some_of_everything();
    let found = open_on(&mut world, "2025-03-31");
    let all = total(&found);
    let buckets = [all.not_due, all.days_1_to_30, all.days_31_to_60, all.days_61_to_90, all.over_90_days];
    assert_eq!(buckets, ["45.00", "50.00", "1241.15", "0.00", "0.00"].map(euro));
    assert_eq!((all.n_invoices, all.open, all.disputed), (4, euro("1336.15"), euro("45.00")));
    let units: Vec<_> = by_unit(&found).iter().map(|(unit, aged)| (*unit, aged.open)).collect();
    assert_eq!(units, [(unit_id(1), euro("986.15")), (unit_id(2), euro("350.00"))]);
    let clients: Vec<(ClientId, Balance)> =
        by_client(&found).iter().map(|(client, aged)| (*client, aged.open)).collect();
    assert_eq!(clients, [(client(1), euro("1241.15")), (client(2), euro("95.00"))]);
}

#[test]
fn a_client_who_was_credited_after_paying_is_owed_by_us_and_is_not_late() {
    let mut world = World::new();
    world.happens("2025-01-10", unit(1), invoice(1, 1, "100.00", "2025-02-09"));
    world.happens("2025-02-01", unit(1), pays(1, 1, "100.00"));
    world.happens("2025-03-20", unit(1), credit(1, 1, "30.00"));
    let found = one_on(&mut world, "2025-03-31");
    assert_eq!((found.open, found.age), (euro("-30.00"), Age::NotDue));
}
