//! What each account, unit and member holds, at a day, as known at a position.

use ledger::{Account, Book};
use projections::balances::{Cursor, balance, lines, statement, trial_balance};
use projections::port::Times;

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

#[test]
fn a_trial_balance_states_every_account_that_was_moved() {
    let mut world = World::new();
    world.happens("2025-01-02", unit(1), invoiced(1, "100.00"));
    world.happens("2025-01-03", unit(1), paid_by_client(1, "40.00"));
    let rows = trial_balance(world.views(), Book::General, NOW).unwrap();
    let text = rows.iter().map(|row| format!("{} {} {} {}", row.account, row.debit, row.credit, row.balance));
    assert_eq!(
        text.collect::<Vec<_>>(),
        ["400 100.00 40.00 60.00", "550 40.00 0.00 40.00", "700 0.00 100.00 100.00"]
    );
}

#[test]
fn both_times_are_answered_for_accounts_and_for_parties() {
    let mut world = World::new();
    let first = world.happens("2025-01-10", unit(1), invoiced(1, "100.00"));
    world.happens("2025-01-05", unit(1), invoiced(1, "20.00"));
    world.happens("2025-01-06", unit(2), invoiced(2, "3.00"));
    let customers = Account::Customers;
    let mut ask = |line, times| balance(world.views(), line, times).unwrap().balance.to_string();
    assert_eq!(ask(customers.total(), NOW), "123.00");
    assert_eq!(ask(customers.total(), as_of("2025-01-09")), "23.00");
    assert_eq!(ask(customers.total(), known_at(first)), "100.00");
    assert_eq!(ask(customers.of(client(1)), NOW), "120.00");
    assert_eq!(ask(customers.of(client(1)), as_of("2025-01-09")), "20.00");
    assert_eq!(ask(customers.of(client(1)), known_at(first)), "100.00");
    assert_eq!(ask(customers.of(client(1)), Times { known_at: Some(first), ..as_of("2025-01-09") }), "0.00");
}

#[test]
fn a_correction_counts_from_its_own_position_on() {
    let mut world = World::new();
    let paid = world.happens("2025-01-03", unit(1), paid_by_client(1, "40.00"));
    world.corrects("2025-01-03", paid, None);
    let mut banks = |times| balance(world.views(), Account::Banks.total(), times).unwrap();
    assert_eq!(banks(known_at(paid)).balance, euro("40.00"));
    let now = banks(NOW);
    assert_eq!((now.debit, now.credit, now.balance), (euro("40.00"), euro("40.00"), euro("0.00")));
}

#[test]
fn the_parties_of_an_account_come_in_pages() {
    let mut world = World::new();
    for n in [3, 1, 2] {
        world.happens("2025-01-02", unit(n), invoiced(n, "100.00"));
    }
    world.happens("2025-02-02", unit(1), paid_by_client(1, "30.00"));
    let mut ask = |times, after, limit| {
        let found = lines(world.views(), Account::Customers, times, after, limit).unwrap();
        found.iter().map(|sum| (sum.line.of.unwrap(), sum.balance.to_string())).collect::<Vec<_>>()
    };
    let owed = |n, cents: &str| (client(n).into(), cents.to_owned());
    assert_eq!(ask(NOW, None, 2), [owed(1, "70.00"), owed(2, "100.00")]);
    assert_eq!(ask(NOW, Some(client(2).uuid()), 2), [owed(3, "100.00")]);
    assert_eq!(ask(as_of("2025-01-31"), None, 1), [owed(1, "100.00")]);
}

#[test]
fn a_statement_runs_in_the_order_of_the_log_and_goes_on_where_a_page_ends() {
    let mut world = World::new();
    world.happens("2025-01-02", unit(1), invoiced(1, "100.00"));
    world.happens("2025-01-01", unit(1), invoiced(1, "10.00"));
    world.happens("2025-01-03", unit(2), invoiced(2, "1.00"));
    world.happens("2025-01-03", unit(1), paid_by_client(1, "100.00"));
    for line in [Account::Customers.of(client(1)), Account::Customers.total()] {
        let whole = statement(world.views(), line, NOW, Cursor::default(), 100).unwrap();
        let balances: Vec<_> = whole.iter().map(|row| row.balance.to_string()).collect();
        let expected: &[&str] = if line.of.is_some() {
            &["100.00", "110.00", "10.00"]
        } else {
            &["100.00", "110.00", "111.00", "11.00"]
        };
        assert_eq!(balances, expected);
        let mut paged = Vec::new();
        while paged.len() < whole.len() {
            let after = paged
                .last()
                .map_or(Cursor::default(), |row: &projections::balances::StatementRow| row.cursor);
            paged.extend(statement(world.views(), line, NOW, after, 1).unwrap());
        }
        assert_eq!(paged, whole);
    }
}

#[test]
fn a_page_may_end_within_an_entry() {
    let mut world = World::new();
    world.happens("2025-05-31", unit(1), wage_calculated(1));
    let line = Account::EmployeePay.total();
    let whole = statement(world.views(), line, NOW, Cursor::default(), 100).unwrap();
    assert_eq!(whole.len(), 3);
    let rest = statement(world.views(), line, NOW, whole[0].cursor, 100).unwrap();
    assert_eq!(rest, whole[1..]);
}
