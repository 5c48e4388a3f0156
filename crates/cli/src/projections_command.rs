//! `projections`: what the read models are, whether they are right, and how they are made anew.
//!
//! Whatever is built is built beside the present generation, which answers queries meanwhile.

use std::process::ExitCode;

use anyhow::Result;
use app::LogReader;
use app::inspect::views_state;
use app::projector::Projector;
use app::views::{Difference, DifferenceKind, ViewsReader};
use projections::port::Reader as _;

use crate::args::{DirArgs, Format};
use crate::failure::Exit;
use crate::output::{Answer, Cell, Column, Output, Sheet};

const TABLE_COLUMNS: [Column; 4] = [
    Column::left("projection", "projection"),
    Column::left("question", "question"),
    Column::left("table", "table"),
    Column::right("rows", "rows"),
];

const DIFFERENCE_COLUMNS: [Column; 6] = [
    Column::left("table", "table"),
    Column::left("key", "key"),
    Column::left("difference", "difference"),
    Column::left("column", "column"),
    Column::right("current", "current"),
    Column::right("rebuilt", "rebuilt"),
];

/// Lists the read models with their tables, as they stand: nothing is brought up to date.
pub fn list(at: &DirArgs, out: &Output) -> Result<ExitCode> {
    let reader = LogReader::open(&at.dir)?;
    let head = reader.head()?.position;
    let state = views_state(&at.dir, &reader)?;
    let views = ViewsReader::open(&at.dir)?;
    let mut sheet = Sheet::new("tables", "Tables", &TABLE_COLUMNS);
    for projection in projections::all() {
        for table in projection.tables() {
            let rows = match &views {
                None => Cell::Nothing,
                Some(views) => {
                    let counted = views.query(&format!("SELECT COUNT(*) FROM {}", table.name), &[])?;
                    Cell::from(counted[0][0].integer(0)?)
                }
            };
            sheet.row([
                Cell::from(projection.name()),
                Cell::from(projection.question()),
                Cell::from(table.name),
                rows,
            ]);
        }
    }
    let position = state.map_or(0, |state| state.checkpoint.position.0);
    let answer = Answer::new()
        .fact("generation", state.map_or(Cell::Nothing, |state| Cell::from(u64::from(state.generation))))
        .fact("position", position)
        .fact("lag", head.0.saturating_sub(position));
    out.answer(&answer.sheet(sheet))?;
    Ok(Exit::Ok.into())
}

/// Builds the read models a second time and tells every row that differs.
pub fn diff(at: &DirArgs, out: &Output) -> Result<ExitCode> {
    let head = LogReader::open(&at.dir)?.head()?.position;
    let mut progress = out.progress("building the read models beside the present ones", head.0);
    let mut sheet = Sheet::new("differences", "Differences", &DIFFERENCE_COLUMNS);
    let mut n_different = 0;
    let limit = out.rows_shown(None);
    let compared = Projector::compare(&at.dir, &mut |position| progress.at(position.0), &mut |found| {
        n_different += 1;
        if n_different <= limit {
            tell(&mut sheet, &found);
        }
    })?;
    drop(progress);
    let answer = Answer::new()
        .fact("position", compared.position)
        .fact("tables", compared.n_tables as u64)
        .fact("rows", compared.n_rows)
        .fact("equal", n_different == 0)
        .fact("rows_that_differ", n_different);
    // Without rows a table is only a head.
    let nothing_to_show = n_different == 0 && out.format() == Format::Table;
    out.answer(&if nothing_to_show { answer } else { answer.sheet(sheet) })?;
    if n_different == 0 {
        return Ok(Exit::Ok.into());
    }
    if n_different > limit {
        out.note(&format!("{limit} of {n_different} differences shown; --output csv tells all"));
    }
    out.note("the rebuilt rows follow from the log; `coledger projections rebuild` puts them in place");
    Ok(Exit::Differs.into())
}

/// A row for each column that differs, or one for a row that only one side has.
fn tell(sheet: &mut Sheet, Difference { table, key, kind }: &Difference) {
    let key: Vec<String> = key.iter().map(|(column, value)| format!("{column}={value}")).collect();
    let mut row = |difference: &str, [column, current, rebuilt]: [Cell; 3]| {
        let head = [Cell::from(*table), Cell::Text(key.join(" ")), Cell::from(difference)];
        sheet.row(head.into_iter().chain([column, current, rebuilt]));
    };
    let nothing = || [Cell::Nothing, Cell::Nothing, Cell::Nothing];
    match kind {
        DifferenceKind::OnlyCurrent => row("only current", nothing()),
        DifferenceKind::OnlyRebuilt => row("only rebuilt", nothing()),
        DifferenceKind::Changed(columns) => {
            for differs in columns {
                let cells = [
                    Cell::from(differs.column),
                    Cell::shown(&differs.current),
                    Cell::shown(&differs.rebuilt),
                ];
                row("changed", cells);
            }
        }
    }
}

/// Rebuilds and swaps.
pub fn rebuild(at: &DirArgs, out: &Output) -> Result<ExitCode> {
    let head = LogReader::open(&at.dir)?.head()?.position;
    let mut progress = out.progress("rebuilding the read models", head.0);
    let projector = Projector::rebuild(&at.dir, &mut |position| progress.at(position.0))?;
    drop(progress);
    out.answer(&Answer::new().fact("position", projector.position()))?;
    Ok(Exit::Ok.into())
}
