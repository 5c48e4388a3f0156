//! What was booked, in order, per journal and number.

use domain::{Position, Year};
use ledger::{Account, Journal};
use projections::balances::months;
use projections::journal::{EntriesAsked, entries, entries_with_movements, movements};

use crate::world::*;

const PAGE: EntriesAsked = EntriesAsked {
    journal: None,
    year: None,
    from: None,
    times: projections::port::Times { as_of: None, known_at: None },
    after: Position(0),
    limit: 100,
};

fn numbers(world: &mut World, asked: EntriesAsked) -> Vec<String> {
    let found = entries(world.views(), &asked).unwrap();
    found.iter().map(|e| format!("{} {}/{} at {}", e.journal.code(), e.year, e.number, e.position)).collect()
}

#[test]
fn e3_entries_are_numbered_per_journal_and_fiscal_year_in_the_order_of_the_log() {
    let mut world = World::new();
    world.happens("2024-12-30", unit(1), opened(1));
    world.happens("2024-12-31", unit(1), invoiced(1, "100.00"));
    world.happens("2025-01-02", unit(1), invoiced(1, "100.00"));
    world.happens("2024-12-31", unit(1), invoiced(1, "100.00"));
    world.happens("2025-01-03", unit(1), paid_by_client(1, "100.00"));
    let found = numbers(&mut world, PAGE);
    assert_eq!(found, ["VEN 2024/1 at 2", "VEN 2025/1 at 3", "VEN 2024/2 at 4", "BNK 2025/1 at 5"]);
}

#[test]
fn numbers_go_on_after_a_restart() {
    let mut world = World::new();
    world.happens("2025-01-02", unit(1), invoiced(1, "100.00"));
    world.restart();
    world.happens("2025-01-03", unit(1), invoiced(1, "100.00"));
    assert_eq!(numbers(&mut world, PAGE), ["VEN 2025/1 at 1", "VEN 2025/2 at 2"]);
}

#[test]
fn entries_are_found_by_journal_year_days_and_position() {
    let mut world = World::new();
    for on in ["2024-12-31", "2025-01-02", "2025-02-03", "2025-03-04"] {
        world.happens(on, unit(1), invoiced(1, "100.00"));
        world.happens(on, unit(1), paid_by_client(1, "100.00"));
    }
    let sales = EntriesAsked { journal: Some(Journal::Sales), ..PAGE };
    let of_2025 = EntriesAsked { year: Some(Year::new(2025)), ..sales };
    assert_eq!(numbers(&mut world, of_2025).len(), 3);
    let february = EntriesAsked { from: Some(day("2025-02-01")), times: as_of("2025-02-28"), ..PAGE };
    assert_eq!(numbers(&mut world, february), ["VEN 2025/2 at 5", "BNK 2025/2 at 6"]);
    let known = EntriesAsked { times: known_at(Position(3)), ..sales };
    assert_eq!(numbers(&mut world, known), ["VEN 2024/1 at 1", "VEN 2025/1 at 3"]);
    let page = EntriesAsked { after: Position(3), limit: 1, ..PAGE };
    assert_eq!(numbers(&mut world, page), ["BNK 2025/1 at 4"]);
}

#[test]
fn an_entry_says_what_booked_it_when_and_by_which_rule() {
    let mut world = World::new();
    world.happens("2025-01-02", unit(1), invoiced(1, "100.00"));
    let found = entries(world.views(), &PAGE).unwrap().remove(0);
    assert_eq!((found.event.as_str(), found.rule.as_str()), ("invoice.issued", "invoice.issued@1"));
    assert_eq!((found.stream_type, found.stream), ("unit".into(), unit_id(1).to_string()));
    assert_eq!((found.effective_on, found.booked_on), (day("2025-01-02"), day("2025-01-01")));
    assert_eq!(found.document.as_deref(), Some("F/2025/000001"));
}

#[test]
fn an_entry_opens_to_its_movements() {
    let mut world = World::new();
    let position = world.happens("2025-01-02", unit(1), invoiced(1, "100.00"));
    let found = movements(world.views(), position).unwrap();
    let first = found[0];
    assert_eq!((first.debit, first.credit), (Account::Customers.of(client(1)), Account::Sales.total()));
    assert_eq!(first.amount, amount("100.00"));
    // Every line comes back as the ledger wrote it: the account says of which kind the party is.
    for recorded in world.log.clone() {
        let posting = ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).unwrap();
        let booked: Vec<_> = posting.movements().iter().map(|m| (m.debit, m.credit, m.amount)).collect();
        let read = movements(world.views(), recorded.position).unwrap();
        assert_eq!(read.iter().map(|m| (m.debit, m.credit, m.amount)).collect::<Vec<_>>(), booked);
    }
}

#[test]
fn a_correction_is_an_entry_of_its_own_that_mirrors_the_first() {
    let mut world = World::new();
    let paid = world.happens("2025-01-02", unit(1), paid_by_client(1, "100.00"));
    let correction = world.corrects("2025-01-05", paid, Some(paid_by_client(1, "90.00").into()));
    assert_eq!(numbers(&mut world, PAGE), ["BNK 2025/1 at 1", "DIV 2025/1 at 2"]);
    let found = movements(world.views(), correction).unwrap();
    assert_eq!((found[0].debit, found[0].amount), (Account::Customers.of(client(1)), amount("100.00")));
    assert_eq!((found[1].credit, found[1].amount), (Account::Customers.of(client(1)), amount("90.00")));
}

#[test]
fn entries_come_with_their_movements_whatever_lies_between_them() {
    let mut world = World::new();
    world.happens("2025-03-02", unit(1), invoiced(1, "100.00"));
    world.happens("2025-04-02", unit(1), invoiced(1, "7.00"));
    world.happens("2025-03-03", unit(1), paid_by_client(1, "40.00"));
    world.happens("2025-03-31", unit(1), wage_calculated(1));
    let march = EntriesAsked { from: Some(day("2025-03-01")), times: as_of("2025-03-31"), ..PAGE };
    let views = world.views();
    let whole = entries_with_movements(views, &march).unwrap();
    assert_eq!(whole.iter().map(|(entry, _)| entry.position.0).collect::<Vec<_>>(), [1, 3, 4]);
    for (entry, found) in &whole {
        assert_eq!(*found, movements(views, entry.position).unwrap());
    }
    let page = EntriesAsked { after: Position(1), limit: 1, ..march };
    assert_eq!(entries_with_movements(views, &page).unwrap(), whole[1..2]);
    let months = months(views).unwrap();
    assert_eq!(months.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2025-03", "2025-04"]);
}
