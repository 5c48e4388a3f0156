//! `explain figure`: the query behind a figure, and the events behind the query.
//!
//! Every event is named by its position, so that `events --from` shows it, and says what it adds.
//! What the shown events add is said beside what all of them add, which is the figure, or what the
//! figure is computed from.

use std::process::ExitCode;

use anyhow::Result;
use projections::special_report::{self, Explained};

use crate::args::ExplainFigureArgs;
use crate::failure::{BadInput, Exit};
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const COLUMNS: [Column; 6] = [
    Column::right("position", "position"),
    Column::left("effective_on", "effective"),
    Column::left("kind", "counts as"),
    Column::left("unit", "unit"),
    Column::left("person", "person"),
    Column::right("adds", "adds"),
];

/// Prints a figure with the events that make it up.
pub fn figure(args: &ExplainFigureArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let Some(explained) = special_report::explain(&asked.views, &args.figure, args.year, asked.times)? else {
        let known: Vec<_> = special_report::figures(&asked.views, args.year, asked.times)?
            .into_iter()
            .map(|figure| figure.id)
            .collect();
        let sentence =
            format!("{}: no figure of this name; expected one of {}", args.figure, known.join(", "));
        return Err(BadInput::new(sentence).into());
    };
    let Explained { figure, contributions, total } = explained;

    let shown = out.first(&contributions, args.limit);
    let mut sheet = Sheet::new("events", "Events", &COLUMNS);
    for event in shown {
        sheet.row([
            Cell::from(event.position),
            Cell::shown(event.effective_on),
            Cell::shown(&event.kind),
            Cell::optional(event.unit),
            Cell::optional(event.person),
            Cell::shown(figure.counted.shown(event.adds)),
        ]);
    }
    let answer = asked
        .answer()
        .fact("year", Cell::shown(args.year))
        .fact("figure", figure.id)
        .fact("value", Cell::shown(figure.value))
        .fact("unit", figure.unit)
        .fact("definition", figure.definition)
        .fact("query", figure.query)
        .fact("n_events", i64::try_from(contributions.len())?)
        .fact("events_add", Cell::shown(total));
    out.answer(&answer.sheet(sheet))?;
    out.tell_cut("events", shown.len(), contributions.len());
    Ok(Exit::Ok.into())
}
