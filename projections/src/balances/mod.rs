//! Balances: what each account, unit, member and pool holds, at a day, as known at a position.
//!
//! Accounts are summed per day of effect and per block of positions. What an account held as known
//! at a position is the sum of the whole blocks before it and of the movements in its own block,
//! which the journal keeps; a block is small, so both times are answered in the same few
//! milliseconds whatever clock the log was recorded by. A party has few movements beside its account:
//! they are added up from the journal's indexes. A table of sums per party would answer the present
//! alone, no faster than anybody notices, and took a quarter of a rebuild when it was measured.
//! Left out: opening and closing entries, which the ledger does not make yet.
//! Source: DESIGN 6; DOMAIN B3, C2.

mod queries;

use ledger::{Account, Posting};

pub use queries::{Cursor, LineSum, StatementRow, balance, lines, months, statement, trial_balance};

use crate::port::{Column, Projection, Rows, Seen, Shape, Table, Value, integer};

/// How many positions a block has: what a question as known at a position reads at most.
pub const BLOCK_POSITIONS: u64 = 8_192;

/// Accounts, all parties together, per day of effect and block of positions.
///
/// Not per day of booking: a log may be recorded in one day, which would make that day the whole log.
pub static ACCOUNT_DAYS: Table = Table {
    name: "account_days",
    columns: &[
        Column::text("account"),
        Column::integer("effective_on"),
        Column::integer("block"),
        Column::integer("debit"),
        Column::integer("credit"),
    ],
    shape: Shape::Totals { key: 3 },
    indexes: &[],
};

/// The fold of movements into sums.
#[derive(Debug, Default)]
pub struct Balances;

impl Projection for Balances {
    fn name(&self) -> &'static str {
        "balances"
    }

    fn question(&self) -> &'static str {
        "what each account, unit, member and pool holds, at a day, as known at a position"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&ACCOUNT_DAYS] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let Posting::Entry(entry) = seen.posting else { return };
        let day = seen.effective_on();
        let block = Value::Integer(integer(seen.recorded.position.0 / BLOCK_POSITIONS));
        let mut add = |account: Account, debit: i64, credit: i64| {
            rows.add(&ACCOUNT_DAYS, &[Value::Text(account.code()), day, block], &[debit, credit]);
        };
        for movement in &entry.movements {
            let cents = movement.amount.cents();
            add(movement.debit.account, cents, 0);
            add(movement.credit.account, 0, cents);
        }
    }
}
