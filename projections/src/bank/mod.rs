//! Bank reconciliation: do the books hold what the bank says, and what explains the rest.
//!
//! Lines of statements, what was booked on account 550, and what of both was matched; a correction adds
//! lines that take amounts back, so every answer is a sum. The statements and the books are summed apart:
//! what they say must agree once lines not yet booked and bookings on no statement are counted.
//! Left out: which bank it is and whose account; those are in the vault.
//! Source: WER III.83–III.86 \[R\]; DOMAIN F2 (bank fee, difference, return).

mod queries;

use domain::bank::BankEvent;
use domain::{Balance, Event};
use ledger::Account;

pub use queries::{AccountReconciled, OpenLine, Reconciliation, Unmatched, reconcile};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value};

/// Lines of statements, and what became of them, in cents of the line.
pub static LINES: Table = Table {
    name: "bank_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("account"),
        Column::id("line_id"),
        Column::integer("amount"),
        Column::integer("matched"),
        Column::integer("suspended"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "bank_lines_line", columns: &["line_id"], unless_null: None }],
};

/// What each statement closed with.
pub static STATEMENTS: Table = Table {
    name: "bank_statements",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("account"),
        Column::integer("closing"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[],
};

/// What was booked on 550 at a position by others, and by the statements themselves; what was matched.
pub static BOOKED: Table = Table {
    name: "bank_booked",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::integer("about"),
        Column::integer("moved"),
        Column::integer("own"),
        Column::integer("matched"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index { name: "bank_booked_about", columns: &["about"], unless_null: None }],
};

/// The fold of statements and bookings into lines.
#[derive(Debug, Default)]
pub struct Bank;

impl Projection for Bank {
    fn name(&self) -> &'static str {
        "bank"
    }

    fn question(&self) -> &'static str {
        "whether the books hold what the bank statements say, and what explains the rest"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES, &STATEMENTS, &BOOKED] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let is_bank = matches!(seen.recorded.event, Event::Bank(_));
        let mut booked = Booked { seen, n: 0 };
        let entry = seen.posting.entry();
        let moved = entry.map_or(Balance::ZERO, |entry| entry.effect_on_account(Account::Banks));
        if moved != Balance::ZERO {
            let (moved, own) = if is_bank { (Balance::ZERO, moved) } else { (moved, Balance::ZERO) };
            booked.insert(rows, seen.position(), (moved, own, Balance::ZERO));
        }
        if !is_bank {
            return;
        }
        let mut n = 0;
        for change in seen.changes() {
            let Event::Bank(event) = change.event.as_ref() else { continue };
            let signed = |balance: Balance| Value::Integer(change.sign * balance.cents());
            let mut line = |account: uuid::Uuid, of: uuid::Uuid, amounts: [Value<'_>; 3]| {
                let [amount, matched, suspended] = amounts;
                let (account, of) = (Value::Id(account), Value::Id(of));
                let effective_on = seen.effective_on();
                let at = Value::Integer(n);
                rows.insert(
                    &LINES,
                    &[seen.position(), at, account, of, amount, matched, suspended, effective_on],
                );
                n += 1;
            };
            let nothing = || Value::Integer(0);
            match event {
                BankEvent::StatementImported { account, opening_line, opening, closing, lines, .. } => {
                    let account = account.uuid();
                    if let Some(of) = opening_line {
                        line(account, of.uuid(), [signed(*opening), nothing(), nothing()]);
                    }
                    for of in lines {
                        line(account, of.line.uuid(), [signed(of.amount), nothing(), nothing()]);
                    }
                    let at = Value::Integer((change.sign - 1).abs() / 2);
                    let (account, closing) = (Value::Id(account), Value::Integer(closing.cents()));
                    let row = [seen.position(), at, account, closing, seen.effective_on(), change.voids()];
                    rows.insert(&STATEMENTS, &row);
                }
                BankEvent::LineMatched { account, line: of, amount, parts, released, .. } => {
                    let amounts = [nothing(), signed(*amount), signed(-*released)];
                    line(account.uuid(), of.uuid(), amounts);
                    for part in parts {
                        let matched = Balance::from_cents(change.sign * part.amount.cents());
                        let about = Value::Integer(i64::try_from(part.position.0).unwrap_or(i64::MAX));
                        booked.insert(rows, about, (Balance::ZERO, Balance::ZERO, matched));
                    }
                }
                BankEvent::LineUnmatched { account, line: of, amount, .. }
                | BankEvent::LineReturned { account, line: of, amount, .. } => {
                    line(account.uuid(), of.uuid(), [nothing(), nothing(), signed(*amount)]);
                }
                BankEvent::Corrected(_) => {}
            }
        }
    }
}

/// Writes what was booked and matched by one event, line by line.
struct Booked<'a> {
    seen: Seen<'a>,
    n: i64,
}

impl Booked<'_> {
    fn insert(
        &mut self,
        rows: &mut dyn Rows,
        about: Value<'_>,
        (moved, own, matched): (Balance, Balance, Balance),
    ) {
        let cents = |balance: Balance| Value::Integer(balance.cents());
        let (position, at, on) = (self.seen.position(), Value::Integer(self.n), self.seen.effective_on());
        let row = [position, at, about, cents(moved), cents(own), cents(matched), on];
        rows.insert(&BOOKED, &row);
        self.n += 1;
    }
}
