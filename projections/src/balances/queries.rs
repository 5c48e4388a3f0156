//! Sums and statements of accounts and of their parties.

use domain::{Balance, Day, Month, Position};
use ledger::{Account, Book, Line, TrialRow};
use uuid::Uuid;

use super::BLOCK_POSITIONS;
use crate::journal::{line_of, of};
use crate::port::{Cell, ReadError, Reader, Times, Value, day_of, integer};
use crate::row::Row;

/// More rows than one entry can have on one line.
const ENTRY_ROWS_MAX: i64 = 256;

/// What was debited and credited to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSum {
    /// The account, of a party or as a whole.
    pub line: Line,
    /// All that was debited.
    pub debit: Balance,
    /// All that was credited.
    pub credit: Balance,
    /// What it holds, positive on the account's normal side.
    pub balance: Balance,
}

/// A place in a statement: the last row of the page before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// Position of the event that booked the row.
    pub position: Position,
    /// Place of the row in its entry: twice the movement's line, and one more on the credit side.
    pub place: u64,
}

/// One row of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Where it stands.
    pub cursor: Cursor,
    /// Day of effect.
    pub effective_on: Day,
    /// Stored name of the event that booked it.
    pub event: String,
    /// The supporting document.
    pub document: Option<String>,
    /// The line on the other side of the movement.
    pub counterpart: Line,
    /// What was debited; nothing when it was credited.
    pub debit: Balance,
    /// What was credited; nothing when it was debited.
    pub credit: Balance,
    /// What the line holds after it, positive on the account's normal side.
    pub balance: Balance,
}

/// Every account of a book that was ever moved, in the order of the chart.
pub fn trial_balance(reader: &dyn Reader, book: Book, times: Times) -> Result<Vec<TrialRow>, ReadError> {
    let mut sums = vec![(0, 0, false); Account::ALL.len()];
    for cells in account_sums(reader, None, times)? {
        let mut row = Row::new(&cells);
        let account = row.parsed("an account", Account::from_code)?;
        let (debit, credit, moved) = &mut sums[account.index()];
        *debit += row.integer()?;
        *credit += row.integer()?;
        *moved = true;
    }
    let of_book =
        Account::ALL.iter().zip(sums).filter(|(account, (_, _, moved))| *moved && account.book() == book);
    let row = |(account, (debit, credit, _)): (&Account, (i64, i64, bool))| {
        let LineSum { debit, credit, balance, .. } = line_sum(account.total(), debit, credit);
        TrialRow { account: *account, debit, credit, balance }
    };
    Ok(of_book.map(row).collect())
}

/// The months in which anything took effect, in order.
pub fn months(reader: &dyn Reader) -> Result<Vec<Month>, ReadError> {
    let found = reader.query("SELECT DISTINCT effective_on / 100 FROM account_days ORDER BY 1", &[])?;
    let month = |number: i64| day_of(number * 100 + 1).map(Day::month);
    found.iter().map(|cells| Row::new(cells).parsed_integer("a month", month)).collect()
}

/// What a line holds; without a party, what the account holds of all parties and of none.
pub fn balance(reader: &dyn Reader, line: Line, times: Times) -> Result<LineSum, ReadError> {
    let account = Value::Text(line.account.code());
    let found = match line.of {
        None => account_sums(reader, Some(line.account), times)?,
        Some(_) => reader.query(
            "SELECT debit, CAST(COALESCE(SUM(amount), 0) AS BIGINT), CAST(0 AS BIGINT)
             FROM journal_movements
             WHERE debit = ?1 AND debit_of = ?2 AND effective_on <= ?3 AND position <= ?4
             GROUP BY debit
             UNION ALL
             SELECT credit, CAST(0 AS BIGINT), CAST(COALESCE(SUM(amount), 0) AS BIGINT)
             FROM journal_movements
             WHERE credit = ?1 AND credit_of = ?2 AND effective_on <= ?3 AND position <= ?4
             GROUP BY credit",
            &[account, of(line), times.day(), times.position()],
        )?,
    };
    let (mut debit, mut credit) = (0, 0);
    for cells in &found {
        let mut row = Row::new(cells);
        row.text()?;
        debit += row.integer()?;
        credit += row.integer()?;
    }
    Ok(line_sum(line, debit, credit))
}

/// The parties of an account that were ever moved, in the order of their ids, after the last one of
/// the page before.
pub fn lines(
    reader: &dyn Reader,
    account: Account,
    times: Times,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<LineSum>, ReadError> {
    let code = Value::Text(account.code());
    let after = Value::Id(after.unwrap_or(Uuid::nil()));
    let page = [code, after, times.day(), times.position(), Value::Integer(limit.into())];
    let mut parties = Vec::new();
    // Both sides' indexes are in the order of parties, so each is read no further than the page.
    for (side, of) in [("debit", "debit_of"), ("credit", "credit_of")] {
        let sql = format!(
            "SELECT DISTINCT {of}
             FROM journal_movements
             WHERE {side} = ?1 AND {of} > ?2 AND effective_on <= ?3 AND position <= ?4
             ORDER BY {of}
             LIMIT ?5"
        );
        for cells in reader.query(&sql, &page)? {
            parties.push(Row::new(&cells).id()?);
        }
    }
    parties.sort_unstable();
    parties.dedup();
    parties.truncate(limit as usize);
    let Some(last) = parties.last() else { return Ok(Vec::new()) };
    let found = reader.query(
        "SELECT of, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT)
         FROM (SELECT debit_of AS of, amount AS debit, 0 AS credit
               FROM journal_movements
               WHERE debit = ?1 AND debit_of > ?2 AND debit_of <= ?5 AND effective_on <= ?3 AND position <= ?4
               UNION ALL
               SELECT credit_of AS of, 0 AS debit, amount AS credit
               FROM journal_movements
               WHERE credit = ?1 AND credit_of > ?2 AND credit_of <= ?5 AND effective_on <= ?3 AND position <= ?4)
              AS moved
         GROUP BY of
         ORDER BY of",
        &[code, after, times.day(), times.position(), Value::Id(*last)],
    )?;
    let line = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        let line = line_of(account, Some(row.id()?));
        Ok(line_sum(line, row.integer()?, row.integer()?))
    };
    found.iter().map(line).collect()
}

/// A page of what was booked on a line, in the order of the log, with the balance after each row.
///
/// In the order of the log and not of effect, so that a page once printed never changes. Of an
/// account as a whole it walks the journal, so a page of one that is seldom moved may take a second.
pub fn statement(
    reader: &dyn Reader,
    line: Line,
    times: Times,
    after: Cursor,
    limit: u32,
) -> Result<Vec<StatementRow>, ReadError> {
    let before = Position(after.position.0.saturating_sub(1));
    let known_before = Times { known_at: Some(before.min(times.known_at.unwrap_or(before))), ..times };
    let LineSum { debit, credit, .. } = balance(reader, line, known_before)?;
    let (mut debit, mut credit) = (debit.cents(), credit.cents());

    // The entry in which the page before ended is read whole, to find the balance at the cursor.
    let from = Value::Integer(integer(before.0));
    let limit_rows = Value::Integer(i64::from(limit) + ENTRY_ROWS_MAX);
    let account = Value::Text(line.account.code());
    let mut parameters = vec![account, from, times.position(), times.day(), limit_rows];
    let (debit_of, credit_of) = match line.of {
        None => ("", ""),
        Some(_) => {
            parameters.push(of(line));
            (" AND debit_of = ?6", " AND credit_of = ?6")
        }
    };
    let sql = format!(
        "SELECT moved.position, moved.place, moved.effective_on, entries.event, entries.document, moved.account,
                moved.of, moved.amount
         FROM (SELECT position, 2 * line AS place, effective_on, credit AS account, credit_of AS of, amount
               FROM journal_movements
               WHERE debit = ?1{debit_of} AND position > ?2 AND position <= ?3 AND effective_on <= ?4
               UNION ALL
               SELECT position, 2 * line + 1 AS place, effective_on, debit AS account, debit_of AS of, amount
               FROM journal_movements
               WHERE credit = ?1{credit_of} AND position > ?2 AND position <= ?3 AND effective_on <= ?4
               ORDER BY 1, 2
               LIMIT ?5) AS moved
         JOIN journal_entries AS entries ON entries.position = moved.position
         ORDER BY moved.position, moved.place"
    );
    let mut page = Vec::new();
    for cells in reader.query(&sql, &parameters)? {
        let mut row = Row::new(&cells);
        let cursor = Cursor { position: row.position()?, place: row.count()? };
        let effective_on = row.day()?;
        let (event, document) = (row.text()?, row.optional_text()?);
        let counterpart = line_of(row.parsed("an account", Account::from_code)?, row.optional_id()?);
        let amount = row.integer()?;
        let (to_debit, to_credit) = if cursor.place.is_multiple_of(2) { (amount, 0) } else { (0, amount) };
        debit += to_debit;
        credit += to_credit;
        if cursor <= after {
            continue;
        }
        page.push(StatementRow {
            cursor,
            effective_on,
            event: event.to_owned(),
            document: document.map(str::to_owned),
            counterpart,
            debit: Balance::from_cents(to_debit),
            credit: Balance::from_cents(to_credit),
            balance: line_sum(line, debit, credit).balance,
        });
        if page.len() == limit as usize {
            break;
        }
    }
    Ok(page)
}

/// Accounts with their sums; an account may come several times.
fn account_sums(
    reader: &dyn Reader,
    account: Option<Account>,
    times: Times,
) -> Result<Vec<Vec<Cell>>, ReadError> {
    // A position belongs to the block that is still open as known there, unless all is asked for.
    let block = times.known_at.map_or(i64::MAX, |position| integer(position.0 / BLOCK_POSITIONS));
    let only = |column: &str, parameter: u8| match account {
        None => String::new(),
        Some(_) => format!(" AND {column} = ?{parameter}"),
    };
    let with_account = |mut parameters: Vec<Value<'static>>| {
        parameters.extend(account.map(|account| Value::Text(account.code())));
        parameters
    };
    let mut found = reader.query(
        &format!(
            "SELECT account, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT)
             FROM account_days
             WHERE effective_on <= ?1 AND block < ?2{}
             GROUP BY account",
            only("account", 3)
        ),
        &with_account(vec![times.day(), Value::Integer(block)]),
    )?;
    if times.known_at.is_some() {
        let first = Value::Integer(block * integer(BLOCK_POSITIONS));
        found.extend(reader.query(
            &format!(
                "SELECT debit, CAST(SUM(amount) AS BIGINT), CAST(0 AS BIGINT)
                 FROM journal_movements
                 WHERE position >= ?1 AND position <= ?2 AND effective_on <= ?3{}
                 GROUP BY debit
                 UNION ALL
                 SELECT credit, CAST(0 AS BIGINT), CAST(SUM(amount) AS BIGINT)
                 FROM journal_movements
                 WHERE position >= ?1 AND position <= ?2 AND effective_on <= ?3{}
                 GROUP BY credit",
                only("debit", 4),
                only("credit", 4)
            ),
            &with_account(vec![first, times.position(), times.day()]),
        )?);
    }
    Ok(found)
}

fn line_sum(line: Line, debit: i64, credit: i64) -> LineSum {
    let (debit, credit) = (Balance::from_cents(debit), Balance::from_cents(credit));
    LineSum { line, debit, credit, balance: line.account.signed(debit, credit) }
}
