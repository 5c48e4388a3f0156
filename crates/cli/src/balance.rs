//! `balance` and `statement`: what accounts hold, and how they came to it.
//!
//! Both can be asked of a day and of an earlier position of the log. Balances are positive on the
//! account's normal side.

use std::process::ExitCode;

use anyhow::Result;
use app::{Book, Line};
use domain::Balance;
use projections::balances::{self, Cursor};

use crate::args::{BalanceArgs, StatementArgs};
use crate::failure::{BadInput, Exit};
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const TRIAL_COLUMNS: [Column; 6] = [
    Column::left("book", "book"),
    Column::left("account", "account"),
    Column::left("name", "name"),
    Column::right("debit", "debit"),
    Column::right("credit", "credit"),
    Column::right("balance", "balance"),
];

const STATEMENT_COLUMNS: [Column; 8] = [
    Column::right("row", "row"),
    Column::left("effective_on", "effective"),
    Column::left("event", "event"),
    Column::left("document", "document"),
    Column::left("counterpart", "counterpart"),
    Column::right("debit", "debit"),
    Column::right("credit", "credit"),
    Column::right("balance", "balance"),
];

/// Prints the trial balance of one book or both.
pub fn trial_balance(args: &BalanceArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let mut sheet = Sheet::new("accounts", "Trial balance", &TRIAL_COLUMNS);
    let mut totals = Sheet::new(
        "totals",
        "Totals",
        &[Column::left("book", "book"), Column::right("debit", "debit"), Column::right("credit", "credit")],
    );
    for book in Book::ALL.into_iter().filter(|book| args.book.is_none_or(|only| only == *book)) {
        let rows = balances::trial_balance(&asked.views, book, asked.times)?;
        for row in &rows {
            sheet.row([
                Cell::shown(book),
                Cell::shown(row.account),
                Cell::from(row.account.name(args.lang)),
                Cell::shown(row.debit),
                Cell::shown(row.credit),
                Cell::shown(row.balance),
            ]);
        }
        let debit: Balance = rows.iter().map(|row| row.debit).sum();
        let credit: Balance = rows.iter().map(|row| row.credit).sum();
        totals.row([Cell::shown(book), Cell::shown(debit), Cell::shown(credit)]);
    }
    out.answer(&asked.answer().sheet(sheet).sheet(totals))?;
    Ok(Exit::Ok.into())
}

/// Prints a page of what was booked on an account or on a party of it.
pub fn statement(args: &StatementArgs, out: &Output) -> Result<ExitCode> {
    let Line { account, of } = args.account;
    if of.is_some() && args.party.is_some() && of != args.party {
        let sentence = format!("--party: expected the party of {} or none, found another", args.account);
        return Err(BadInput::new(sentence).into());
    }
    let line = Line { account, of: of.or(args.party) };
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let after = args.after.map_or(Cursor::default(), |(position, place)| Cursor { position, place });
    let rows = balances::statement(&asked.views, line, asked.times, after, args.limit)?;
    let sum = balances::balance(&asked.views, line, asked.times)?;

    let mut sheet = Sheet::new("rows", "Statement", &STATEMENT_COLUMNS);
    let unless_zero = |balance: Balance| Cell::optional((balance != Balance::ZERO).then_some(balance));
    for row in &rows {
        sheet.row([
            Cell::Text(shown(row.cursor)),
            Cell::shown(row.effective_on),
            Cell::shown(&row.event),
            Cell::optional(row.document.as_ref()),
            Cell::shown(row.counterpart),
            unless_zero(row.debit),
            unless_zero(row.credit),
            Cell::shown(row.balance),
        ]);
    }
    let answer = asked
        .answer()
        .fact("account", Cell::shown(line))
        .fact("name", account.name(args.lang))
        .fact("debit", Cell::shown(sum.debit))
        .fact("credit", Cell::shown(sum.credit))
        .fact("balance", Cell::shown(sum.balance));
    out.answer(&answer.sheet(sheet))?;
    if let Some(last) = rows.last().filter(|_| rows.len() == args.limit as usize) {
        out.note(&format!("{} rows shown; go on with --after {}", rows.len(), shown(last.cursor)));
    }
    Ok(Exit::Ok.into())
}

/// A row's place as `--after` takes it.
fn shown(cursor: Cursor) -> String {
    format!("{}:{}", cursor.position, cursor.place)
}
