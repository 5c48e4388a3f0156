//! Who holds which shares, what was paid on them, since when.

use ledger::Account;
use projections::balances::balance;
use projections::port::Times;
use projections::share_register::{movements, register, totals};

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

/// Each holding as `member class shares subscribed paid unpaid refund`.
fn holdings(world: &mut World, times: Times) -> Vec<String> {
    let found = register(world.views(), times).unwrap();
    let text = found.iter().map(|h| {
        let n = h.member.uuid().as_u128() - member_id(0).uuid().as_u128();
        format!("{n} {} {} {} {} {} {}", h.class, h.shares, h.subscribed, h.paid, h.unpaid, h.refund)
    });
    text.collect()
}

#[test]
fn shares_are_held_from_subscription_and_paid_in_parts() {
    let mut world = World::new();
    let first = world.happens("2025-01-10", member(1), subscribed(1, "A", 3));
    world.happens("2025-02-10", member(1), paid_up(4_000));
    assert_eq!(holdings(&mut world, known_at(first)), ["1 A 3 90.00 0.00 90.00 0.00"]);
    assert_eq!(holdings(&mut world, as_of("2025-02-09")), ["1 A 3 90.00 0.00 90.00 0.00"]);
    assert_eq!(holdings(&mut world, NOW), ["1 A 3 90.00 40.00 50.00 0.00"]);
    let found = register(world.views(), NOW).unwrap();
    assert_eq!((found[0].first_on, found[0].last_on), (day("2025-01-10"), day("2025-02-10")));
}

#[test]
fn a_payment_fills_the_classes_in_the_order_of_subscription() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), subscribed(1, "B", 1));
    world.happens("2025-01-11", member(1), subscribed(1, "A", 2));
    world.restart();
    let paid = world.happens("2025-02-10", member(1), paid_up(5_000));
    assert_eq!(holdings(&mut world, NOW), ["1 A 2 60.00 20.00 40.00 0.00", "1 B 1 30.00 30.00 0.00 0.00"]);
    world.corrects("2025-02-11", paid, Some(paid_up(1_000).into()));
    assert_eq!(holdings(&mut world, NOW), ["1 A 2 60.00 0.00 60.00 0.00", "1 B 1 30.00 10.00 20.00 0.00"]);
}

#[test]
fn shares_that_change_hands_keep_their_class() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), subscribed(1, "B", 2));
    world.happens("2025-01-10", member(1), subscribed(1, "A", 2));
    world.happens("2025-01-10", member(1), paid_up(12_000));
    let [gone, come] = transfer(1, 2, 3);
    world.happens("2025-02-10", gone.0, gone.1);
    world.restart();
    world.happens("2025-02-10", come.0, come.1);
    let expected = [
        "1 A 1 30.00 30.00 0.00 0.00",
        "1 B 0 0.00 0.00 0.00 0.00",
        "2 A 1 30.00 30.00 0.00 0.00",
        "2 B 2 60.00 60.00 0.00 0.00",
    ];
    assert_eq!(holdings(&mut world, NOW), expected);
    let found = movements(world.views(), member_id(2), NOW).unwrap();
    assert_eq!(found[0].kind, "received");
    assert_eq!(found[0].counterparty, Some(person(1)));
}

#[test]
fn a_leaver_stays_in_the_register_with_the_separation_share() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), subscribed(1, "A", 2));
    world.happens("2025-01-10", member(1), paid_up(4_500));
    let position = world.happens("2025-07-01", member(1), cancelled(1, 2, "45.00", "15.00"));
    world.happens("2025-07-10", member(1), refund_determined(2, "45.00", "45.00"));
    assert_eq!(holdings(&mut world, NOW), ["1 A 0 0.00 0.00 0.00 45.00"]);
    assert_eq!(holdings(&mut world, as_of("2025-06-30")), ["1 A 2 60.00 45.00 15.00 0.00"]);
    assert_eq!(holdings(&mut world, known_at(position)), ["1 A 0 0.00 0.00 0.00 0.00"]);
}

// E18: 1109 less 410 is what is paid on shares that are held, and what was paid on cancelled ones until
// their separation share is determined.
#[test]
fn the_register_ties_to_the_books_from_subscription_to_refund() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), subscribed(1, "A", 2));
    world.happens("2025-01-10", member(1), paid_up(4_500));
    world.happens("2025-01-10", member(2), subscribed(2, "A", 1));
    let ties = |world: &mut World| {
        let mut held = |account: Account| balance(world.views(), account.total(), NOW).unwrap().balance;
        let in_the_books = held(Account::Contribution) - held(Account::UnpaidContribution);
        let register = register(world.views(), NOW).unwrap();
        let paid = register.iter().map(|holding| holding.paid).sum::<domain::Balance>();
        format!("books {in_the_books}, register {paid}")
    };
    assert_eq!(ties(&mut world), "books 45.00, register 45.00");
    world.happens("2025-07-01", member(1), cancelled(1, 2, "45.00", "15.00"));
    assert_eq!(ties(&mut world), "books 45.00, register 0.00");
    world.happens("2025-07-01", member(1), refund_determined(2, "45.00", "20.00"));
    assert_eq!(ties(&mut world), "books 0.00, register 0.00");
    world.happens("2025-07-02", member(2), paid_up(3_000));
    assert_eq!(ties(&mut world), "books 30.00, register 30.00");
}

#[test]
fn a_cancellation_taken_back_restores_what_was_held_paid_or_not() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), subscribed(1, "A", 2));
    world.happens("2025-01-10", member(1), paid_up(4_500));
    let position = world.happens("2025-07-01", member(1), cancelled(1, 2, "45.00", "15.00"));
    world.restart();
    world.corrects("2025-07-02", position, None);
    assert_eq!(holdings(&mut world, NOW), ["1 A 2 60.00 45.00 15.00 0.00"]);
    let found = movements(world.views(), member_id(1), NOW).unwrap();
    assert_eq!(found.last().unwrap().voids, Some(position));
}

#[test]
fn a_register_is_summed_per_class() {
    let mut world = World::new();
    world.happens("2025-01-10", member(1), subscribed(1, "A", 2));
    world.happens("2025-01-10", member(2), subscribed(2, "A", 1));
    world.happens("2025-01-10", member(2), subscribed(2, "B", 5));
    world.happens("2025-01-10", member(1), paid_up(6_000));
    let found = totals(&register(world.views(), NOW).unwrap());
    let text = found.iter().map(|t| format!("{} {} {} {}", t.class, t.holders, t.shares, t.unpaid));
    assert_eq!(text.collect::<Vec<_>>(), ["A 2 3 30.00", "B 1 5 150.00"]);
}
