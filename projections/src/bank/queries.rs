//! The statements beside the books, account by account, and what explains the rest.

use std::collections::BTreeMap;

use domain::ids::{BankAccountId, LineId};
use domain::{Balance, Day, Position};
use serde::Serialize;

use crate::port::{ReadError, Reader, Times};
use crate::row::Row;

/// The books and the statements, side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// What account 550 holds in the books.
    pub booked: Balance,
    /// What the last statements of all accounts close with.
    pub closing: Balance,
    /// Lines that nothing books yet.
    pub open: Balance,
    /// Bookings that no line was matched with.
    pub unmatched: Balance,
    /// What is booked beyond closing less open lines plus unmatched bookings; 0.00 when all is explained.
    pub unexplained: Balance,
    /// Each account, by id.
    pub accounts: Vec<AccountReconciled>,
    /// Lines that are not matched, by account and day.
    pub open_lines: Vec<OpenLine>,
    /// Bookings that are not matched, in the order of the log.
    pub unmatched_bookings: Vec<Unmatched>,
}

/// One account: what its statements say, and what of it the books hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AccountReconciled {
    /// The account.
    pub account: BankAccountId,
    /// Day of its last statement.
    pub last_on: Day,
    /// Its statements.
    pub n_statements: i64,
    /// What the last one closes with.
    pub closing: Balance,
    /// Lines matched with what was booked.
    pub matched: Balance,
    /// Lines that wait on the suspense account.
    pub suspended: Balance,
    /// Lines that nothing books yet.
    pub open: Balance,
    /// What the books hold of it: matched and suspended lines.
    pub in_books: Balance,
}

/// A line that is not matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OpenLine {
    /// Its account.
    pub account: BankAccountId,
    /// The line.
    pub line: LineId,
    /// The day of its statement.
    pub on: Day,
    /// What it moved.
    pub amount: Balance,
    /// What of it waits on the suspense account.
    pub suspended: Balance,
}

/// A booking on 550 that is not matched, or not wholly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Unmatched {
    /// The event that booked it.
    pub position: Position,
    /// When it took effect.
    pub on: Day,
    /// What it booked.
    pub moved: Balance,
    /// What of it no line was matched with.
    pub left: Balance,
}

/// The books beside the statements on a day, as known at a position.
pub fn reconcile(reader: &dyn Reader, times: Times) -> Result<Reconciliation, ReadError> {
    let mut accounts = statements(reader, times)?;
    let mut open_lines = Vec::new();
    for found in lines(reader, times)? {
        if let Some(account) = accounts.get_mut(&found.account) {
            account.matched = account.matched + found.matched;
            account.suspended = account.suspended + found.suspended;
            account.open = account.open + found.amount - found.matched - found.suspended;
        }
        if found.matched != found.amount {
            let Line { account, line, on, amount, suspended, .. } = found;
            open_lines.push(OpenLine { account, line, on, amount, suspended });
        }
    }
    for account in accounts.values_mut() {
        account.in_books = account.matched + account.suspended;
    }
    let (mut booked, mut unmatched_bookings) = (Balance::ZERO, Vec::new());
    for Booking { position, on, moved, own, matched } in bookings(reader, times)? {
        booked = booked + moved + own;
        let left = moved - matched;
        if left != Balance::ZERO {
            unmatched_bookings.push(Unmatched { position, on, moved, left });
        }
    }
    let accounts: Vec<_> = accounts.into_values().collect();
    let closing = accounts.iter().map(|account| account.closing).sum();
    let open = accounts.iter().map(|account| account.open).sum();
    let unmatched = unmatched_bookings.iter().map(|booking| booking.left).sum();
    let unexplained = booked - (closing - open + unmatched);
    Ok(Reconciliation {
        booked,
        closing,
        open,
        unmatched,
        unexplained,
        accounts,
        open_lines,
        unmatched_bookings,
    })
}

/// The accounts with the statements that stand, before any line is counted.
fn statements(
    reader: &dyn Reader,
    times: Times,
) -> Result<BTreeMap<BankAccountId, AccountReconciled>, ReadError> {
    let found = reader.query(
        "SELECT account, closing, effective_on
         FROM bank_statements AS statement
         WHERE effective_on <= ?1 AND position <= ?2 AND voids IS NULL
           AND NOT EXISTS (SELECT 1 FROM bank_statements AS later
                           WHERE later.voids = statement.position
                             AND later.effective_on <= ?1 AND later.position <= ?2)
         ORDER BY account, position, line",
        &[times.day(), times.position()],
    )?;
    let mut accounts: BTreeMap<BankAccountId, AccountReconciled> = BTreeMap::new();
    for cells in &found {
        let mut row = Row::new(cells);
        let (account, closing, last_on) = (BankAccountId::new(row.id()?), row.balance()?, row.day()?);
        let n_before = accounts.get(&account).map_or(0, |before| before.n_statements);
        let [matched, suspended, open, in_books] = [Balance::ZERO; 4];
        let n_statements = n_before + 1;
        accounts.insert(
            account,
            AccountReconciled { account, last_on, n_statements, closing, matched, suspended, open, in_books },
        );
    }
    Ok(accounts)
}

struct Line {
    account: BankAccountId,
    line: LineId,
    on: Day,
    amount: Balance,
    matched: Balance,
    suspended: Balance,
}

fn lines(reader: &dyn Reader, times: Times) -> Result<Vec<Line>, ReadError> {
    let found = reader.query(
        "SELECT account, line_id, MIN(effective_on), CAST(SUM(amount) AS BIGINT),
                CAST(SUM(matched) AS BIGINT), CAST(SUM(suspended) AS BIGINT)
         FROM bank_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY account, line_id
         HAVING SUM(amount) <> 0
         ORDER BY account, 3, line_id",
        &[times.day(), times.position()],
    )?;
    let read = |cells: &Vec<_>| {
        let mut row = Row::new(cells);
        Ok(Line {
            account: BankAccountId::new(row.id()?),
            line: LineId::new(row.id()?),
            on: row.day()?,
            amount: row.balance()?,
            matched: row.balance()?,
            suspended: row.balance()?,
        })
    };
    found.iter().map(read).collect()
}

struct Booking {
    position: Position,
    on: Day,
    moved: Balance,
    own: Balance,
    matched: Balance,
}

/// What each position booked on 550 and how much of it was matched, as far as it took effect.
fn bookings(reader: &dyn Reader, times: Times) -> Result<Vec<Booking>, ReadError> {
    let found = reader.query(
        "SELECT about, MIN(effective_on), CAST(SUM(moved) AS BIGINT), CAST(SUM(own) AS BIGINT),
                CAST(SUM(matched) AS BIGINT)
         FROM bank_booked
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY about
         ORDER BY about",
        &[times.day(), times.position()],
    )?;
    let read = |cells: &Vec<_>| {
        let mut row = Row::new(cells);
        Ok(Booking {
            position: row.position()?,
            on: row.day()?,
            moved: row.balance()?,
            own: row.balance()?,
            matched: row.balance()?,
        })
    };
    found.iter().map(read).collect()
}
