//! `wages-due`: what wage must be paid by when, and what was late.

use std::process::ExitCode;

use anyhow::Result;
use domain::unit::Work;
use projections::receivables::receivables;
use projections::wages_due::{self, WageDue};

use crate::args::WagesDueArgs;
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const COLUMNS: [Column; 13] = [
    Column::left("due_on", "due"),
    Column::left("order_by", "order by"),
    Column::left("worker", "worker"),
    Column::left("unit", "unit"),
    Column::left("work", "contract or employment"),
    Column::left("month", "month"),
    Column::left("last_day", "last day"),
    Column::right("budget", "budget"),
    Column::right("net", "net"),
    Column::left("paid_on", "paid"),
    Column::right("days_late", "days late"),
    Column::right("position", "position"),
    Column::left("rests_on", "rests on open invoices"),
];

const TOTAL_COLUMNS: [Column; 6] = [
    Column::right("unpaid", "unpaid"),
    Column::right("net", "net"),
    Column::right("uncalculated", "not calculated"),
    Column::right("late", "of both late"),
    Column::right("on_open_invoice", "on an open invoice"),
    Column::right("paid_late", "paid late"),
];

/// Prints the wages that are owed, and those that were paid late.
pub fn wages_due(args: &WagesDueArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times.into(), out)?;
    let on = args.times.as_of;
    let open = receivables(&asked.views, asked.times, on)?;
    let mut wages = wages_due::wages_due(&asked.views, asked.times, on, &open)?;
    wages.retain(|wage| {
        args.unit.is_none_or(|unit| wage.unit == unit) && (!args.unpaid || wage.paid_on.is_none())
    });
    let shown = out.first(&wages, args.limit);
    let mut sheet = Sheet::new("wages", "Wages", &COLUMNS);
    for wage in shown {
        sheet.row(cells(wage));
    }
    let total = wages_due::totals(&wages);
    let mut totals = Sheet::new("totals", "Totals", &TOTAL_COLUMNS);
    totals.row([
        Cell::from(total.n_unpaid),
        Cell::shown(total.unpaid),
        Cell::from(total.n_uncalculated),
        Cell::from(total.n_late),
        Cell::from(total.n_on_open_invoice),
        Cell::from(total.n_paid_late),
    ]);
    out.answer(&asked.answer().sheet(sheet).sheet(totals))?;
    out.tell_cut_beside_totals("wages", shown.len(), wages.len());
    Ok(Exit::Ok.into())
}

fn cells(wage: &WageDue) -> [Cell; 13] {
    let (work, month) = match wage.work {
        Work::Contract(contract) => (Cell::shown(contract), Cell::Nothing),
        Work::Month { employment, month } => (Cell::shown(employment), Cell::shown(month)),
    };
    let rests_on: Vec<String> = wage.rests_on.iter().map(ToString::to_string).collect();
    [
        Cell::optional(wage.due_on),
        Cell::optional(wage.order_by),
        Cell::shown(wage.worker),
        Cell::shown(wage.unit),
        work,
        month,
        Cell::optional(wage.last_day),
        Cell::shown(wage.budget),
        Cell::optional(wage.net),
        Cell::optional(wage.paid_on),
        Cell::from(u64::from(wage.days_late)),
        Cell::from(wage.position),
        if rests_on.is_empty() { Cell::Nothing } else { Cell::shown(rests_on.join(" ")) },
    ]
}
