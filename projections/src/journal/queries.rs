//! Entries in the order of the log, and the movements of each.

use domain::{Amount, Day, Position, Year};
use ledger::{Account, Journal, Line};

use super::line_of;
use crate::port::{ReadError, Reader, Times, Value, day};
use crate::row::{Row, amount};

/// Which entries are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct EntriesAsked {
    /// Of this journal only.
    pub journal: Option<Journal>,
    /// Numbered in this fiscal year only.
    pub year: Option<Year>,
    /// Effective on this day or later.
    pub from: Option<Day>,
    /// Effective up to a day, as known at a position.
    pub times: Times,
    /// Only entries after this position; the last one of the page before.
    pub after: Position,
    /// At most so many.
    pub limit: u32,
}

/// One journal entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Position of the event that booked it.
    pub position: Position,
    /// The journal.
    pub journal: Journal,
    /// The fiscal year in which it is numbered.
    pub year: Year,
    /// Its number in journal and year, from 1.
    pub number: u64,
    /// Stored name of the event.
    pub event: String,
    /// Type of the event's stream.
    pub stream_type: String,
    /// Key of the event's stream.
    pub stream: String,
    /// Day of effect.
    pub effective_on: Day,
    /// Day of recording, in Brussels.
    pub booked_on: Day,
    /// The supporting document.
    pub document: Option<String>,
    /// The sealed posting rule.
    pub rule: String,
}

/// One movement of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovementRow {
    /// Its place in the entry, from 0.
    pub line: u64,
    /// What is debited.
    pub debit: Line,
    /// What is credited.
    pub credit: Line,
    /// How much.
    pub amount: Amount,
}

/// A page of entries, in the order of the log.
pub fn entries(reader: &dyn Reader, asked: &EntriesAsked) -> Result<Vec<EntryRow>, ReadError> {
    let mut sql =
        "SELECT position, journal, year, number, event, stream_type, stream, effective_on, booked_on,
                          document, rule
                   FROM journal_entries
                   WHERE position > ?1 AND position <= ?2 AND effective_on >= ?3 AND effective_on <= ?4"
            .to_owned();
    let from = asked.from.map_or(Value::Integer(0), day);
    let after = Times { known_at: Some(asked.after), ..Times::default() };
    let limit = Value::Integer(asked.limit.into());
    let mut parameters = vec![after.position(), asked.times.position(), from, asked.times.day(), limit];
    if let Some(journal) = asked.journal {
        parameters.push(Value::Text(journal.code()));
        sql.push_str(&format!(" AND journal = ?{}", parameters.len()));
    }
    if let Some(year) = asked.year {
        parameters.push(Value::Integer(year.number().into()));
        sql.push_str(&format!(" AND year = ?{}", parameters.len()));
    }
    sql.push_str(" ORDER BY position LIMIT ?5");
    let found = reader.query(&sql, &parameters)?;
    let entry = |cells: &Vec<_>| {
        let mut row = Row::new(cells);
        Ok(EntryRow {
            position: row.position()?,
            journal: row.parsed("a journal", Journal::from_code)?,
            year: row.parsed_integer("a year", |year| u16::try_from(year).ok().map(Year::new))?,
            number: row.count()?,
            event: row.text()?.to_owned(),
            stream_type: row.text()?.to_owned(),
            stream: row.text()?.to_owned(),
            effective_on: row.day()?,
            booked_on: row.day()?,
            document: row.optional_text()?.map(str::to_owned),
            rule: row.text()?.to_owned(),
        })
    };
    found.iter().map(entry).collect()
}

/// A page of entries, each with its movements, in the order of the log.
pub fn entries_with_movements(
    reader: &dyn Reader,
    asked: &EntriesAsked,
) -> Result<Vec<(EntryRow, Vec<MovementRow>)>, ReadError> {
    let entries = entries(reader, asked)?;
    let Some(last) = entries.last() else { return Ok(Vec::new()) };
    let after = Times { known_at: Some(asked.after), ..Times::default() };
    let until = Times { known_at: Some(last.position), ..asked.times };
    let from = asked.from.map_or(Value::Integer(0), day);
    let found = reader.query(
        "SELECT position, line, debit, debit_of, credit, credit_of, amount
         FROM journal_movements
         WHERE position > ?1 AND position <= ?2 AND effective_on >= ?3 AND effective_on <= ?4
         ORDER BY position, line",
        &[after.position(), until.position(), from, until.day()],
    )?;
    let mut page: Vec<(EntryRow, Vec<MovementRow>)> =
        entries.into_iter().map(|entry| (entry, Vec::new())).collect();
    let mut place = 0;
    for cells in &found {
        let mut row = Row::new(cells);
        let position = row.position()?;
        while page.get(place).is_some_and(|(entry, _)| entry.position < position) {
            place += 1;
        }
        // Movements of entries that were not asked for lie between those that were.
        if let Some((_, movements)) = page.get_mut(place).filter(|(entry, _)| entry.position == position) {
            movements.push(movement(&mut row)?);
        }
    }
    Ok(page)
}

/// The movements of the entry that the event at a position booked; none when it booked nothing.
pub fn movements(reader: &dyn Reader, position: Position) -> Result<Vec<MovementRow>, ReadError> {
    let at = Times { known_at: Some(position), ..Times::default() };
    let found = reader.query(
        "SELECT line, debit, debit_of, credit, credit_of, amount
         FROM journal_movements
         WHERE position = ?1
         ORDER BY line",
        &[at.position()],
    )?;
    found.iter().map(|cells| movement(&mut Row::new(cells))).collect()
}

fn movement(row: &mut Row<'_>) -> Result<MovementRow, ReadError> {
    Ok(MovementRow {
        line: row.count()?,
        debit: line_of(row.parsed("an account", Account::from_code)?, row.optional_id()?),
        credit: line_of(row.parsed("an account", Account::from_code)?, row.optional_id()?),
        amount: row.parsed_integer("an amount", amount)?,
    })
}
