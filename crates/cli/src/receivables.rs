//! `receivables`: what clients owe on a day, by age; by invoice, by unit or by client.

use std::process::ExitCode;

use anyhow::Result;
use projections::receivables::{self, Aged, Receivable};

use crate::args::{Format, ReceivablesArgs, ReceivablesBy};
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

/// Columns that people read; programs get all.
const FOR_PEOPLE: usize = 13;

const INVOICE_COLUMNS: [Column; 22] = [
    Column::left("number", "number"),
    Column::left("invoice", "invoice"),
    Column::left("unit", "unit"),
    Column::left("client", "client"),
    Column::left("due_on", "due"),
    Column::left("instalment_due_on", "instalment due"),
    Column::left("age", "days late"),
    Column::right("open", "open"),
    Column::right("doubtful", "doubtful"),
    Column::left("disputed", "disputed"),
    Column::left("handed_over", "handed over"),
    Column::right("reminder_level", "reminder"),
    Column::left("last_reminded_on", "sent on"),
    Column::left("issued_on", "issued"),
    Column::right("days_overdue", "days"),
    Column::right("gross", "invoiced"),
    Column::right("indemnity", "indemnity"),
    Column::right("interest", "interest"),
    Column::right("credited", "credited"),
    Column::right("paid", "paid"),
    Column::right("recovered", "recovered"),
    Column::right("written_off", "written off"),
];

const AGE_COLUMNS: [Column; 9] = [
    Column::right("invoices", "invoices"),
    Column::right("not_due", "not due"),
    Column::right("days_1_to_30", "1-30 days"),
    Column::right("days_31_to_60", "31-60 days"),
    Column::right("days_61_to_90", "61-90 days"),
    Column::right("over_90_days", "> 90 days"),
    Column::right("open", "open"),
    Column::right("doubtful", "of it doubtful"),
    Column::right("disputed", "of it disputed"),
];

/// Prints what is open, and its ages.
pub fn receivables(args: &ReceivablesArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times.into(), out)?;
    let mut open = receivables::receivables(&asked.views, asked.times, args.times.as_of)?;
    open.retain(|receivable| {
        args.unit.is_none_or(|unit| receivable.unit == unit)
            && args.client.is_none_or(|client| receivable.client == client)
    });
    let (sheet, n_shown, n_rows) = match args.by {
        ReceivablesBy::Invoice => {
            let shown = out.first(&open, args.limit);
            (invoices(shown, out), shown.len(), open.len())
        }
        ReceivablesBy::Unit => {
            let units = receivables::by_unit(&open);
            let shown = out.first(&units, args.limit);
            (aged("units", "unit", shown), shown.len(), units.len())
        }
        ReceivablesBy::Client => {
            let clients = receivables::by_client(&open);
            let shown = out.first(&clients, args.limit);
            (aged("clients", "client", shown), shown.len(), clients.len())
        }
    };
    let mut totals = Sheet::new("totals", "Totals", &AGE_COLUMNS);
    totals.row(cells(&receivables::total(&open)));
    out.answer(&asked.answer().sheet(sheet).sheet(totals))?;
    out.tell_cut_beside_totals("rows", n_shown, n_rows);
    Ok(Exit::Ok.into())
}

fn invoices(open: &[Receivable], out: &Output) -> Sheet {
    let n_columns = if out.format() == Format::Table { FOR_PEOPLE } else { INVOICE_COLUMNS.len() };
    let mut sheet = Sheet::new("invoices", "Open invoices", &INVOICE_COLUMNS[..n_columns]);
    for receivable in open {
        let row = [
            Cell::shown(&receivable.number),
            Cell::shown(receivable.invoice),
            Cell::shown(receivable.unit),
            Cell::shown(receivable.client),
            Cell::shown(receivable.due_on),
            Cell::optional(receivable.instalment_due_on),
            Cell::from(receivable.age.word()),
            Cell::shown(receivable.open),
            Cell::shown(receivable.doubtful),
            Cell::from(receivable.is_disputed),
            Cell::from(receivable.is_handed_over),
            Cell::from(receivable.reminder_level),
            Cell::optional(receivable.last_reminded_on),
            Cell::shown(receivable.issued_on),
            Cell::from(u64::from(receivable.days_overdue)),
            Cell::shown(receivable.gross),
            Cell::shown(receivable.indemnity),
            Cell::shown(receivable.interest),
            Cell::shown(receivable.credited),
            Cell::shown(receivable.paid),
            Cell::shown(receivable.recovered),
            Cell::shown(receivable.written_off),
        ];
        sheet.row(row.into_iter().take(n_columns));
    }
    sheet
}

/// A row per unit or client.
fn aged<K: std::fmt::Display>(key: &'static str, of: &'static str, rows: &[(K, Aged)]) -> Sheet {
    let columns = [&[Column::left(of, of)], &AGE_COLUMNS[..]].concat();
    let mut sheet = Sheet::new(key, format!("By {of}"), &columns);
    for (id, aged) in rows {
        sheet.row([Cell::shown(id)].into_iter().chain(cells(aged)));
    }
    sheet
}

fn cells(aged: &Aged) -> [Cell; 9] {
    [
        Cell::from(aged.n_invoices),
        Cell::shown(aged.not_due),
        Cell::shown(aged.days_1_to_30),
        Cell::shown(aged.days_31_to_60),
        Cell::shown(aged.days_61_to_90),
        Cell::shown(aged.over_90_days),
        Cell::shown(aged.open),
        Cell::shown(aged.doubtful),
        Cell::shown(aged.disputed),
    ]
}
