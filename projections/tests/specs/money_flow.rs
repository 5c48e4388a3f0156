//! Where money comes from and where it goes, and that nothing is left out.

use domain::grant::GrantKind;
use domain::loan::LoanKind;
use domain::{Balance, Position, Year};
use ledger::{Account, Class};
use projections::balances::balance;
use projections::money_flow::{self, Flow, MoneyFlow, MoneyFlows, Period};
use projections::port::{Projection, Reader, Rows, Seen, Table, Times, Value};

use crate::coverage::samples;
use crate::world::*;
use crate::{grants, loans};

const NOW: Times = Times { as_of: None, known_at: None };

fn of_2025() -> Period {
    Year::new(2025).into()
}

/// What banks and cash hold.
fn cash(views: &dyn Reader, times: Times) -> Balance {
    let treasury = Account::ALL.iter().filter(|account| account.class() == Class::Treasury);
    treasury.map(|account| balance(views, account.total(), times).unwrap().balance).sum()
}

/// Sources less uses are the change of cash, and each flow is the sum of the events behind it.
pub fn is_the_change_of_cash(views: &dyn Reader, period: Period, times: Times) -> MoneyFlow {
    let found = money_flow::money_flow(views, period, times).unwrap();
    let until = |day: domain::Day| Times { as_of: Some(times.as_of.map_or(day, |of| of.min(day))), ..times };
    assert_eq!(found.opening, cash(views, until(period.from.plus_days(-1))), "opening");
    assert_eq!(found.closing, cash(views, until(period.to)), "closing");
    assert_eq!(found.sources - found.uses, found.closing - found.opening, "change");
    for sum in &found.flows {
        let events = money_flow::behind(views, sum.flow, period, times).unwrap();
        assert_eq!(events.len() as i64, sum.n_events, "{}", sum.flow.key);
        assert_eq!(events.iter().map(|event| event.amount).sum::<Balance>(), sum.amount, "{}", sum.flow.key);
    }
    found
}

fn told(found: &MoneyFlow) -> Vec<String> {
    let flow = |sum: &money_flow::FlowSum| {
        format!("{} {} {} {}", sum.flow.way.word(), sum.flow.key, sum.amount, sum.n_events)
    };
    found.flows.iter().map(flow).collect()
}

#[test]
fn money_comes_from_clients_and_goes_to_wages_and_loans() {
    let mut world = World::new();
    world.happens("2024-12-20", unit(1), paid_by_client(1, "500.00"));
    world.happens("2025-01-02", unit(1), invoiced(1, "1000.00"));
    world.happens("2025-02-01", unit(1), paid_by_client(1, "1000.00"));
    world.happens("2025-02-02", unit(1), paid_by_client(1, "200.00"));
    world.happens("2025-05-31", unit(1), wage_calculated(1));
    world.happens("2025-06-05", unit(1), wage_paid(1));
    world.happens("2025-06-06", member(1), subscribed(1, "A", 2));
    world.happens("2025-06-06", member(1), paid_up(6_000));
    world.happens("2025-06-10", loan(1), loans::lent(1, LoanKind::Cash, "300.00"));
    world.happens("2025-07-10", loan(1), loans::paid_back(1, LoanKind::Cash, 1, "100.00"));
    world.happens("2026-01-05", unit(1), paid_by_client(1, "999.00"));
    let found = is_the_change_of_cash(world.views(), of_2025(), NOW);
    assert_eq!(
        told(&found),
        [
            "source clients 1200.00 2",
            "source shares 60.00 1",
            "source loans_repaid 100.00 1",
            "use wages 772.72 1",
            "use loans_disbursed 300.00 1",
        ]
    );
    assert_eq!((found.opening, found.closing), (euro("500.00"), euro("787.28")));
    let in_may = is_the_change_of_cash(world.views(), of_2025(), as_of("2025-05-31"));
    assert_eq!(told(&in_may), ["source clients 1200.00 2"]);
}

#[test]
fn a_loan_within_one_budget_moves_no_money() {
    let mut world = World::new();
    let kind = LoanKind::Internal { unit: unit_id(1) };
    world.happens("2025-06-10", loan(1), loans::lent(1, kind, "300.00"));
    assert_eq!(is_the_change_of_cash(world.views(), of_2025(), NOW).flows, []);
}

#[test]
fn a_payment_taken_back_makes_its_flow_smaller_and_is_none_of_its_own() {
    let mut world = World::new();
    let lent = world.happens("2025-06-10", loan(1), loans::lent(1, LoanKind::Cash, "300.00"));
    let instead = loans::lent(1, LoanKind::Cash, "200.00").into();
    world.corrects("2025-06-12", lent, Some(instead));
    let found = is_the_change_of_cash(world.views(), of_2025(), NOW);
    assert_eq!(told(&found), ["use loans_disbursed 200.00 2"]);
    let found = is_the_change_of_cash(world.views(), of_2025(), known_at(lent));
    assert_eq!(told(&found), ["use loans_disbursed 300.00 1"]);
}

#[test]
fn what_is_owed_on_one_account_goes_by_the_flow_of_who_is_paid() {
    let mut world = World::new();
    let kind = GrantKind::PassThrough { beneficiary: person(1) };
    world.happens("2025-02-01", grant(1), grants::received(kind, "900.00"));
    world.happens("2025-02-02", grant(1), grants::passed_on("700.00"));
    world.happens("2025-02-03", grant(1), grants::returned(kind, "200.00"));
    let paid = domain::unit::UnitEvent::ExpensePaid {
        expense: domain::ids::ExpenseId::new(uuid::Uuid::from_u128(1)),
        holder: person(1),
        payee: domain::unit::Payee::Member,
        amount: amount("50.00"),
        evidence: evidence(),
    };
    world.happens("2025-02-04", unit(1), paid);
    let found = is_the_change_of_cash(world.views(), of_2025(), NOW);
    assert_eq!(
        told(&found),
        [
            "source grants_received 900.00 1",
            "use expenses 50.00 1",
            "use grants_passed_on 700.00 1",
            "use grants_returned 200.00 1",
        ]
    );
}

/// Keeps the flows that are written.
#[derive(Default)]
struct Written(Vec<&'static str>);

impl Rows for Written {
    fn insert(&mut self, _: &'static Table, row: &[Value<'_>]) {
        let [_, Value::Text(key), ..] = row else { panic!("{row:?}") };
        self.0.push(Flow::from_key(key).unwrap().key);
    }

    fn add(&mut self, table: &'static Table, _: &[Value<'_>], _: &[i64]) {
        panic!("flows of money add nothing to {}", table.name);
    }
}

/// An event that moves money by no flow of the table ends up under `other`, and fails here.
#[test]
fn every_event_that_moves_money_has_a_flow() {
    let mut used = Written::default();
    for (stream, event) in samples() {
        let recorded = recorded(Position(1), day("2025-05-31"), stream, event);
        let posting = ledger::post(recorded.posting_rule, stream, &recorded.event).unwrap();
        let mut written = Written::default();
        MoneyFlows.fold(Seen { recorded: &recorded, posting: &posting }, &mut written);
        let name = recorded.event.kind().name;
        assert!(!written.0.contains(&"other"), "{name} moves money by no flow: add it to FLOWS");
        used.0.extend(written.0);
    }
    assert!(["clients", "wages", "loans_disbursed"].iter().all(|key| used.0.contains(key)));
}
