//! `report figures`: the figures of a year that the log carries, and what they were computed at.
//!
//! Each comes with its definition and the query that answers it. Position and leaf hash name the
//! event up to which they hold; the root is there when that is the head of the log, so that a
//! checkpoint signed then covers them.

use std::process::ExitCode;

use anyhow::Result;
use projections::special_report;

use crate::args::{FiguresArgs, Format};
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const COLUMNS: [Column; 6] = [
    Column::left("id", "figure"),
    Column::left("label", "what it is"),
    Column::right("value", "value"),
    Column::left("unit", "unit"),
    Column::left("definition", "definition"),
    Column::left("query", "query"),
];

/// Prints the figures.
pub fn figures(args: &FiguresArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    // A person reads definitions; which query answers a figure is for programs.
    let columns = if out.format() == Format::Table { &COLUMNS[..5] } else { &COLUMNS[..] };
    let mut sheet = Sheet::new("figures", "Figures", columns);
    for figure in special_report::figures(&asked.views, args.year, asked.times)? {
        let row = [
            Cell::from(figure.id),
            Cell::from(figure.label),
            Cell::shown(figure.value),
            Cell::from(figure.unit),
            Cell::from(figure.definition),
            Cell::from(figure.query),
        ];
        sheet.row(row.into_iter().take(columns.len()));
    }
    out.answer(&asked.answer().fact("year", Cell::shown(args.year)).sheet(sheet))?;
    Ok(Exit::Ok.into())
}
