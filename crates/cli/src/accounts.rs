//! `accounts` and `trial-balance`: the annual accounts of a fiscal year, and what they are made of.
//!
//! Headings and codes are those of the National Bank's models. Beside each amount stands that of the
//! year before, as the law asks. People see the headings that are not empty; programs see all.

use std::process::ExitCode;

use anyhow::Result;
use app::Book;
use domain::{Balance, Year};
use projections::annual_accounts::{self, Holds, Statement};

use crate::args::{AccountsArgs, Format, TrialBalanceArgs};
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const TRIAL_COLUMNS: [Column; 7] = [
    Column::left("book", "book"),
    Column::left("account", "account"),
    Column::left("name", "name"),
    Column::right("opening", "opening"),
    Column::right("debit", "debit"),
    Column::right("credit", "credit"),
    Column::right("closing", "closing"),
];

const HEADING_COLUMNS: [Column; 4] = [
    Column::left("code", "code"),
    Column::left("name", "heading"),
    Column::right("amount", "amount"),
    Column::right("year_before", "year before"),
];

/// The parts of the annual accounts, with their keys and titles.
const PARTS: [(Statement, &str, &str); 3] = [
    (Statement::Assets, "assets", "Assets"),
    (Statement::Liabilities, "liabilities", "Equity and liabilities"),
    (Statement::Result, "result", "Profit and loss"),
];

/// Prints the trial balance of a year, of one book or both.
pub fn trial_balance(args: &TrialBalanceArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let mut sheet = Sheet::new("accounts", "Trial balance", &TRIAL_COLUMNS);
    for book in Book::ALL.into_iter().filter(|book| args.book.is_none_or(|only| only == *book)) {
        for row in annual_accounts::annual_trial_balance(&asked.views, book, args.year, asked.times)? {
            sheet.row([
                Cell::shown(book),
                Cell::shown(row.account),
                Cell::from(row.account.name(args.lang)),
                Cell::shown(row.opening),
                Cell::shown(row.debit),
                Cell::shown(row.credit),
                Cell::shown(row.closing),
            ]);
        }
    }
    out.answer(&asked.answer().fact("year", Cell::shown(args.year)).sheet(sheet))?;
    Ok(Exit::Ok.into())
}

/// Prints balance sheet and result; in CSV as one sheet that names the part in front.
pub fn accounts(args: &AccountsArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let of_year = |year| annual_accounts::annual_accounts(&asked.views, year, asked.times);
    let (this, before) = (of_year(args.year)?, of_year(Year::new(args.year.number() - 1))?);
    let in_csv = out.format() == Format::Csv;
    let mut whole_columns = vec![Column::left("part", "part")];
    whole_columns.extend(HEADING_COLUMNS);
    let mut whole = Sheet::new("headings", "Annual accounts", &whole_columns);
    let mut answer = asked.answer().fact("year", Cell::shown(args.year));
    for (part, key, title) in PARTS {
        let mut sheet = Sheet::new(key, title, &HEADING_COLUMNS);
        for (row, before) in this.iter().zip(&before).filter(|(row, _)| row.heading.statement == part) {
            let heading = row.heading;
            let is_total = heading.depth == 0 && matches!(heading.holds, Holds::Sum(_));
            let is_empty = row.amount == Balance::ZERO && before.amount == Balance::ZERO;
            let for_people = out.format() == Format::Table;
            if for_people && is_empty && !is_total {
                continue;
            }
            let indent = if for_people { "  ".repeat(heading.depth.into()) } else { String::new() };
            let cells = [
                Cell::from(heading.code),
                Cell::Text(format!("{indent}{}", heading.name(args.lang))),
                Cell::shown(row.amount),
                Cell::shown(before.amount),
            ];
            if in_csv {
                whole.row([Cell::from(key)].into_iter().chain(cells));
            } else {
                sheet.row(cells);
            }
        }
        answer = if in_csv { answer } else { answer.sheet(sheet) };
    }
    out.answer(&if in_csv { answer.sheet(whole) } else { answer })?;
    Ok(Exit::Ok.into())
}
