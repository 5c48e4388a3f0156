//! `money-flow`: where money came from in a year and where it went, or the events behind one flow.

use std::process::ExitCode;

use anyhow::Result;
use domain::Balance;
use projections::money_flow::{self, Flow, MoneyFlow, Period};

use crate::args::MoneyFlowArgs;
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views::{self, Asked};

const FLOW_COLUMNS: [Column; 5] = [
    Column::left("way", "way"),
    Column::left("flow", "flow"),
    Column::left("name", "name"),
    Column::right("amount", "amount"),
    Column::right("n_events", "events"),
];

const EVENT_COLUMNS: [Column; 5] = [
    Column::right("position", "position"),
    Column::left("effective_on", "effective"),
    Column::left("event", "event"),
    Column::left("document", "document"),
    Column::right("amount", "amount"),
];

/// Prints the flows of a year between what banks and cash held before and after it.
pub fn run(args: &MoneyFlowArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let period = Period::from(args.year);
    if let Some(flow) = args.flow {
        return behind(args, &asked, flow, out);
    }
    let MoneyFlow { opening, flows, sources, uses, closing } =
        money_flow::money_flow(&asked.views, period, asked.times)?;
    let mut sheet = Sheet::new("flows", "Flows", &FLOW_COLUMNS);
    for sum in flows {
        sheet.row([
            Cell::from(sum.flow.way.word()),
            Cell::from(sum.flow.key),
            Cell::from(sum.flow.name(args.lang)),
            Cell::shown(sum.amount),
            Cell::from(sum.n_events),
        ]);
    }
    let answer = asked
        .answer()
        .fact("year", Cell::shown(args.year))
        .fact("opening", Cell::shown(opening))
        .fact("sources", Cell::shown(sources))
        .fact("uses", Cell::shown(uses))
        .fact("closing", Cell::shown(closing));
    out.answer(&answer.sheet(sheet))?;
    Ok(Exit::Ok.into())
}

/// Prints one flow with the events that make it up.
fn behind(args: &MoneyFlowArgs, asked: &Asked, flow: &Flow, out: &Output) -> Result<ExitCode> {
    let events = money_flow::behind(&asked.views, flow, args.year.into(), asked.times)?;
    let shown = out.first(&events, args.limit);
    let mut sheet = Sheet::new("events", "Events", &EVENT_COLUMNS);
    for event in shown {
        sheet.row([
            Cell::from(event.position),
            Cell::shown(event.effective_on),
            Cell::shown(&event.event),
            Cell::optional(event.document.as_ref()),
            Cell::shown(event.amount),
        ]);
    }
    let amount: Balance = events.iter().map(|event| event.amount).sum();
    let answer = asked
        .answer()
        .fact("year", Cell::shown(args.year))
        .fact("way", flow.way.word())
        .fact("flow", flow.key)
        .fact("name", flow.name(args.lang))
        .fact("amount", Cell::shown(amount))
        .fact("n_events", i64::try_from(events.len())?);
    out.answer(&answer.sheet(sheet))?;
    out.tell_cut("events", shown.len(), events.len());
    Ok(Exit::Ok.into())
}
