//! `loans` and `grants`: what the cooperative lends to its members, and what funders give through it.
//!
//! Persons and projects are ids here: names lie in the vault. Without `--as-of` no loan is in arrears,
//! since nobody said which day is today.

use std::process::ExitCode;

use anyhow::Result;
use domain::Balance;
use projections::grants;
use projections::loans::{self, Filter, LoanOverview, Scheduled};

use crate::args::{GrantsArgs, LoansArgs};
use crate::failure::{BadInput, Exit};
use crate::output::{Answer, Cell, Column, Output, Sheet};
use crate::views::{self, Asked};

const LOAN_COLUMNS: [Column; 15] = [
    Column::left("loan", "loan"),
    Column::left("borrower", "borrower"),
    Column::left("project", "project"),
    Column::left("unit", "unit"),
    Column::left("state", "state"),
    Column::right("granted", "granted"),
    Column::right("disbursed", "disbursed"),
    Column::right("paid", "paid"),
    Column::right("written_off", "written off"),
    Column::right("outstanding", "outstanding"),
    Column::right("overdue", "overdue"),
    Column::right("days_overdue", "days"),
    Column::left("granted_on", "granted on"),
    Column::left("disbursed_on", "disbursed on"),
    Column::left("ended_on", "ended on"),
];

const SCHEDULE_COLUMNS: [Column; 5] = [
    Column::right("n", "n"),
    Column::left("due_on", "due on"),
    Column::right("amount", "amount"),
    Column::right("open", "open"),
    Column::left("called", "called"),
];

const LOAN_YEAR_COLUMNS: [Column; 9] = [
    Column::left("year", "year"),
    Column::right("n_granted", "loans granted"),
    Column::right("granted", "granted"),
    Column::right("n_disbursed", "loans disbursed"),
    Column::right("disbursed", "disbursed"),
    Column::right("n_paid", "payments"),
    Column::right("paid", "paid"),
    Column::right("n_repaid", "loans repaid"),
    Column::right("written_off", "written off"),
];

const GRANT_COLUMNS: [Column; 13] = [
    Column::left("grant", "grant"),
    Column::left("funder", "funder"),
    Column::left("for", "for"),
    Column::left("project", "project"),
    Column::left("announced_on", "announced on"),
    Column::right("announced", "announced"),
    Column::right("received", "received"),
    Column::right("passed_on", "passed on"),
    Column::right("recognised", "recognised"),
    Column::right("returned", "returned"),
    Column::right("to_receive", "to receive"),
    Column::right("to_pass_on", "to pass on"),
    Column::right("to_recognise", "to recognise"),
];

const GRANT_YEAR_COLUMNS: [Column; 10] = [
    Column::left("year", "year"),
    Column::right("n_announced", "grants announced"),
    Column::right("announced", "announced"),
    Column::right("n_projects", "projects"),
    Column::right("n_received", "receipts"),
    Column::right("received", "received"),
    Column::right("n_passed_on", "grants passed on"),
    Column::right("passed_on", "passed on"),
    Column::right("recognised", "recognised"),
    Column::right("returned", "returned"),
];

/// Prints the loans and what each year lent and got back, or one loan with its schedule.
pub fn loans(args: &LoansArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    if let Some(id) = args.loan {
        let Some((loan, schedule)) = loans::loan(&asked.views, id, asked.times)? else {
            let sentence = format!("--loan {id}: expected a loan that was asked for by then, found none");
            return Err(BadInput::new(sentence).into());
        };
        out.answer(&one(&asked, &loan, &schedule))?;
        return Ok(Exit::Ok.into());
    }

    let filter = Filter { unit: args.unit, state: args.state };
    let found = loans::loans(&asked.views, filter, asked.times)?;
    let shown = out.first(&found, args.limit);
    let mut sheet = Sheet::new("loans", "Loans", &LOAN_COLUMNS);
    shown.iter().for_each(|loan| sheet.row(cells(loan)));
    let mut years = Sheet::new("years", "Years, of all loans", &LOAN_YEAR_COLUMNS);
    for year in loans::years(&asked.views, asked.times)? {
        years.row([
            Cell::shown(year.year),
            Cell::from(year.n_granted),
            Cell::shown(year.granted),
            Cell::from(year.n_disbursed),
            Cell::shown(year.disbursed),
            Cell::from(year.n_paid),
            Cell::shown(year.paid),
            Cell::from(year.n_repaid),
            Cell::shown(year.written_off),
        ]);
    }
    let outstanding: Balance = found.iter().map(|loan| loan.outstanding).sum();
    let answer = asked
        .answer()
        .fact("n_loans", i64::try_from(found.len())?)
        .fact("outstanding", Cell::shown(outstanding));
    out.answer(&answer.sheet(sheet).sheet(years))?;
    out.tell_cut("loans", shown.len(), found.len());
    Ok(Exit::Ok.into())
}

/// Prints the grants, and what each year was awarded, received and passed on.
pub fn grants(args: &GrantsArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let found = grants::grants(&asked.views, asked.times)?;
    let shown = out.first(&found, args.limit);
    let mut sheet = Sheet::new("grants", "Grants", &GRANT_COLUMNS);
    for grant in shown {
        sheet.row([
            Cell::shown(grant.grant),
            Cell::shown(grant.funder),
            Cell::shown(grant.purpose),
            Cell::optional(grant.project),
            Cell::optional(grant.announced_on),
            Cell::shown(grant.announced),
            Cell::shown(grant.received),
            Cell::shown(grant.passed_on),
            Cell::shown(grant.recognised),
            Cell::shown(grant.returned),
            Cell::shown(grant.to_receive),
            Cell::shown(grant.to_pass_on),
            Cell::shown(grant.to_recognise),
        ]);
    }
    let mut years = Sheet::new("years", "Years", &GRANT_YEAR_COLUMNS);
    for year in grants::years(&asked.views, asked.times)? {
        years.row([
            Cell::shown(year.year),
            Cell::from(year.n_announced),
            Cell::shown(year.announced),
            Cell::from(year.n_projects),
            Cell::from(year.n_received),
            Cell::shown(year.received),
            Cell::from(year.n_passed_on),
            Cell::shown(year.passed_on),
            Cell::shown(year.recognised),
            Cell::shown(year.returned),
        ]);
    }
    let to_pass_on: Balance = found.iter().map(|grant| grant.to_pass_on).sum();
    let answer = asked
        .answer()
        .fact("n_grants", i64::try_from(found.len())?)
        .fact("to_pass_on", Cell::shown(to_pass_on));
    out.answer(&answer.sheet(sheet).sheet(years))?;
    out.tell_cut("grants", shown.len(), found.len());
    Ok(Exit::Ok.into())
}

/// One loan: what the list says of it as facts, and its schedule.
fn one(asked: &Asked, loan: &LoanOverview, schedule: &[Scheduled]) -> Answer {
    let mut sheet = Sheet::new("schedule", "Schedule", &SCHEDULE_COLUMNS);
    for part in schedule {
        sheet.row([
            Cell::from(u64::from(part.n)),
            Cell::shown(part.due_on),
            Cell::shown(part.amount),
            Cell::shown(part.open),
            Cell::from(part.called),
        ]);
    }
    let facts = LOAN_COLUMNS.iter().zip(cells(loan));
    facts.fold(asked.answer(), |answer, (column, cell)| answer.fact(column.key(), cell)).sheet(sheet)
}

fn cells(loan: &LoanOverview) -> [Cell; LOAN_COLUMNS.len()] {
    [
        Cell::shown(loan.loan),
        Cell::shown(loan.borrower),
        Cell::shown(loan.project),
        Cell::optional(loan.unit),
        Cell::shown(loan.state),
        Cell::shown(loan.granted),
        Cell::shown(loan.disbursed),
        Cell::shown(loan.paid),
        Cell::shown(loan.written_off),
        Cell::shown(loan.outstanding),
        Cell::shown(loan.overdue),
        Cell::from(loan.days_overdue),
        Cell::optional(loan.granted_on),
        Cell::optional(loan.disbursed_on),
        Cell::optional(loan.ended_on),
    ]
}
