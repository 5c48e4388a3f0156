//! `guarantee-fund`: what the fund advanced to units and bore for them, as a whole and by its parts.

use std::process::ExitCode;

use anyhow::Result;
use projections::guarantee_fund::{self, Cover};

use crate::args::{FundBy, GuaranteeFundArgs};
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const COVER_COLUMNS: [Column; 7] = [
    Column::right("advanced", "advanced"),
    Column::right("recovered", "recovered"),
    Column::right("absorbed", "absorbed"),
    Column::right("outstanding", "outstanding"),
    Column::right("borne", "borne"),
    Column::right("regained", "regained"),
    Column::right("balance", "balance"),
];

/// Prints the fund's totals, and a row per unit, month or invoice.
pub fn run(args: &GuaranteeFundArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let (views, times) = (&asked.views, asked.times);
    let whole = guarantee_fund::totals(views, times)?;
    let (key, title, heads, rows) = match (args.unit, args.by) {
        (Some(unit), _) => {
            let found = guarantee_fund::invoices(views, unit, times)?;
            let row = |of: &guarantee_fund::InvoiceCover| row([Cell::shown(of.invoice)], &of.cover);
            let heads = vec![Column::left("invoice", "invoice")];
            ("invoices", "Invoices", heads, found.iter().map(row).collect::<Vec<_>>())
        }
        (None, FundBy::Unit) => {
            let found = guarantee_fund::units(views, times)?;
            let row = |of: &guarantee_fund::UnitCover| {
                row([Cell::shown(of.unit), Cell::from(of.n_invoices)], &of.cover)
            };
            let heads = vec![Column::left("unit", "unit"), Column::right("n_invoices", "invoices")];
            ("units", "Units", heads, found.iter().map(row).collect())
        }
        (None, FundBy::Month) => {
            let found = guarantee_fund::months(views, times)?;
            let row = |of: &guarantee_fund::MonthCover| row([Cell::shown(of.month)], &of.cover);
            ("months", "Months", vec![Column::left("month", "month")], found.iter().map(row).collect())
        }
    };
    let columns: Vec<Column> = heads.into_iter().chain(COVER_COLUMNS).collect();
    let mut sheet = Sheet::new(key, title, &columns);
    let shown = out.first(&rows, args.limit);
    shown.iter().for_each(|row| sheet.row(row.clone()));
    let facts = COVER_COLUMNS.iter().zip(cells(&whole));
    let answer = facts.fold(asked.answer(), |answer, (column, cell)| answer.fact(column.key(), cell));
    out.answer(&answer.sheet(sheet))?;
    out.tell_cut(key, shown.len(), rows.len());
    Ok(Exit::Ok.into())
}

fn row(of: impl IntoIterator<Item = Cell>, cover: &Cover) -> Vec<Cell> {
    of.into_iter().chain(cells(cover)).collect()
}

fn cells(cover: &Cover) -> [Cell; COVER_COLUMNS.len()] {
    let Cover { advanced, recovered, absorbed, outstanding, borne, regained, balance } = *cover;
    [advanced, recovered, absorbed, outstanding, borne, regained, balance].map(Cell::shown)
}
