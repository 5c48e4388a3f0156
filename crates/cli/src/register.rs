//! `register shares`: who holds which shares, and what was paid on them.
//!
//! Members are ids here: names lie in the vault. Those who gave all their shares up are listed too,
//! as the law asks of the register.

use std::process::ExitCode;

use anyhow::Result;
use projections::share_register::{self, Holding};

use crate::args::{ExplainSharesArgs, SharesArgs};
use crate::failure::Exit;
use crate::output::{Cell, Column, Output, Sheet};
use crate::views;

const HOLDING_COLUMNS: [Column; 10] = [
    Column::left("member", "member"),
    Column::left("person", "person"),
    Column::left("class", "class"),
    Column::right("shares", "shares"),
    Column::right("subscribed", "subscribed"),
    Column::right("paid", "paid"),
    Column::right("unpaid", "unpaid"),
    Column::right("refund", "refund"),
    Column::left("first_on", "first on"),
    Column::left("last_on", "last on"),
];

const MOVEMENT_COLUMNS: [Column; 10] = [
    Column::right("position", "position"),
    Column::left("effective_on", "effective"),
    Column::left("kind", "movement"),
    Column::left("class", "class"),
    Column::right("shares", "shares"),
    Column::right("subscribed", "subscribed"),
    Column::right("paid", "paid"),
    Column::right("refund", "refund"),
    Column::left("counterparty", "counterparty"),
    Column::right("voids", "voids"),
];

const TOTAL_COLUMNS: [Column; 6] = [
    Column::left("class", "class"),
    Column::right("holders", "holders"),
    Column::right("shares", "shares"),
    Column::right("subscribed", "subscribed"),
    Column::right("paid", "paid"),
    Column::right("unpaid", "unpaid"),
];

/// Prints the register, or one member's part of it with every movement.
pub fn shares(args: &SharesArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let mut register = share_register::register(&asked.views, asked.times)?;
    if let Some(member) = args.member {
        register.retain(|holding| holding.member == member);
        let mut movements = Sheet::new("movements", "Movements", &MOVEMENT_COLUMNS);
        let moved_all = share_register::movements(&asked.views, member, asked.times)?;
        for moved in out.first(&moved_all, args.limit) {
            movements.row([
                Cell::from(moved.position),
                Cell::shown(moved.effective_on),
                Cell::shown(&moved.kind),
                Cell::shown(&moved.class),
                Cell::from(moved.shares),
                Cell::shown(moved.subscribed),
                Cell::shown(moved.paid),
                Cell::shown(moved.refund),
                Cell::optional(moved.counterparty),
                moved.voids.map_or(Cell::Nothing, Cell::from),
            ]);
        }
        out.answer(&asked.answer().sheet(holdings(&register)).sheet(movements))?;
        return Ok(Exit::Ok.into());
    }

    let mut totals = Sheet::new("totals", "Totals", &TOTAL_COLUMNS);
    for total in share_register::totals(&register) {
        totals.row([
            Cell::shown(&total.class),
            Cell::from(total.holders),
            Cell::from(total.shares),
            Cell::shown(total.subscribed),
            Cell::shown(total.paid),
            Cell::shown(total.unpaid),
        ]);
    }
    let shown = out.first(&register, args.limit);
    out.answer(&asked.answer().sheet(holdings(shown)).sheet(totals))?;
    out.tell_cut_beside_totals("holdings", shown.len(), register.len());
    Ok(Exit::Ok.into())
}

/// Prints one member's part of the register with every movement.
pub fn movements(args: &ExplainSharesArgs, out: &Output) -> Result<ExitCode> {
    let ExplainSharesArgs { member, at, times } = args;
    shares(&SharesArgs { at: at.clone(), times: *times, member: Some(*member), limit: Some(u64::MAX) }, out)
}

fn holdings(register: &[Holding]) -> Sheet {
    let mut sheet = Sheet::new("holdings", "Holdings", &HOLDING_COLUMNS);
    for holding in register {
        sheet.row([
            Cell::shown(holding.member),
            Cell::shown(holding.person),
            Cell::shown(&holding.class),
            Cell::from(holding.shares),
            Cell::shown(holding.subscribed),
            Cell::shown(holding.paid),
            Cell::shown(holding.unpaid),
            Cell::shown(holding.refund),
            Cell::shown(holding.first_on),
            Cell::shown(holding.last_on),
        ]);
    }
    sheet
}
