//! `reconciliation`, `covers`, `courses`, `fitness` and `resources`: what the desk is asked every day.

use std::process::ExitCode;

use anyhow::Result;
use projections::{bank, courses, covers, fitness, resources};

use crate::args::DeskArgs;
use crate::failure::Exit;
use crate::output::{Answer, Cell, Column, Output, Sheet};
use crate::views;

const ACCOUNT_COLUMNS: [Column; 8] = [
    Column::left("account", "account"),
    Column::left("last_on", "last statement"),
    Column::right("n_statements", "statements"),
    Column::right("closing", "closing"),
    Column::right("matched", "matched"),
    Column::right("suspended", "on suspense"),
    Column::right("open", "open"),
    Column::right("in_books", "in the books"),
];

const OPEN_COLUMNS: [Column; 5] = [
    Column::left("account", "account"),
    Column::left("line", "line"),
    Column::left("on", "day"),
    Column::right("amount", "amount"),
    Column::right("suspended", "on suspense"),
];

const UNMATCHED_COLUMNS: [Column; 4] = [
    Column::right("position", "position"),
    Column::left("on", "day"),
    Column::right("moved", "booked"),
    Column::right("left", "not matched"),
];

/// Prints the books beside the bank statements, and what explains the rest.
pub fn reconciliation(args: &DeskArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let found = bank::reconcile(&asked.views, asked.times)?;
    let accounts = found.accounts.iter().map(|of| {
        let sums = [of.closing, of.matched, of.suspended, of.open, of.in_books].map(Cell::shown);
        let heads = [Cell::shown(of.account), Cell::shown(of.last_on), Cell::from(of.n_statements)];
        heads.into_iter().chain(sums).collect()
    });
    let open = found.open_lines.iter().map(|of| {
        let heads = [Cell::shown(of.account), Cell::shown(of.line), Cell::shown(of.on)];
        heads.into_iter().chain([of.amount, of.suspended].map(Cell::shown)).collect()
    });
    let unmatched = found.unmatched_bookings.iter().map(|of| {
        let heads = [Cell::from(of.position), Cell::shown(of.on)];
        heads.into_iter().chain([of.moved, of.left].map(Cell::shown)).collect()
    });
    let answer = asked
        .answer()
        .fact("booked", Cell::shown(found.booked))
        .fact("closing", Cell::shown(found.closing))
        .fact("open", Cell::shown(found.open))
        .fact("unmatched", Cell::shown(found.unmatched))
        .fact("unexplained", Cell::shown(found.unexplained));
    let tables = [
        Table { key: "accounts", title: "Accounts", columns: &ACCOUNT_COLUMNS, rows: accounts.collect() },
        Table { key: "open_lines", title: "Lines not matched", columns: &OPEN_COLUMNS, rows: open.collect() },
        Table {
            key: "unmatched_bookings",
            title: "Bookings not matched",
            columns: &UNMATCHED_COLUMNS,
            rows: unmatched.collect(),
        },
    ];
    tell(answer, tables, args, out)
}

/// Prints who is covered, and the claims.
pub fn covers(args: &DeskArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let covered = covers::covered(&asked.views, asked.times)?;
    let claims = covers::claims(&asked.views, asked.times)?;
    let answer = asked.answer().fact("n_covered", Cell::shown(covered.len()));
    let covered =
        covered.iter().map(|of| vec![Cell::shown(of.member), Cell::shown(of.person), Cell::shown(of.from)]);
    let claims = claims.iter().map(|of| {
        vec![
            Cell::shown(of.claim),
            Cell::shown(of.member),
            Cell::shown(of.accident_on),
            Cell::from(of.state.word()),
            Cell::shown(of.accepted),
            Cell::shown(of.paid),
        ]
    });
    const COVERED: [Column; 3] = [
        Column::left("member", "membership"),
        Column::left("person", "person"),
        Column::left("from", "covered since"),
    ];
    const CLAIMS: [Column; 6] = [
        Column::left("claim", "claim"),
        Column::left("member", "membership"),
        Column::left("accident_on", "accident"),
        Column::left("state", "state"),
        Column::right("accepted", "accepted"),
        Column::right("paid", "paid"),
    ];
    let tables = [
        Table { key: "covered", title: "Covered", columns: &COVERED, rows: covered.collect() },
        Table { key: "claims", title: "Claims", columns: &CLAIMS, rows: claims.collect() },
    ];
    tell(answer, tables, args, out)
}

/// Prints the courses with their enquiries and exempt turnover.
pub fn courses(args: &DeskArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let found = courses::courses(&asked.views, asked.times)?;
    let turnover: domain::Balance = found.iter().map(|of| of.turnover).sum();
    let answer = asked.answer().fact("turnover", Cell::shown(turnover));
    let rows = found.iter().map(|of| {
        vec![
            Cell::shown(of.course),
            Cell::shown(of.unit),
            Cell::from(of.state.word()),
            Cell::optional(of.valid_from),
            Cell::optional(of.withdrawn_from),
            Cell::from(of.n_enquiries),
            Cell::from(of.n_participants),
            Cell::from(of.n_invoices),
            Cell::shown(of.turnover),
        ]
    });
    const COLUMNS: [Column; 9] = [
        Column::left("course", "course"),
        Column::left("unit", "unit"),
        Column::left("state", "state"),
        Column::left("valid_from", "valid from"),
        Column::left("withdrawn_from", "withdrawn from"),
        Column::right("n_enquiries", "enquiries"),
        Column::right("n_participants", "participants"),
        Column::right("n_invoices", "invoices"),
        Column::right("turnover", "exempt turnover"),
    ];
    let table = Table { key: "courses", title: "Courses", columns: &COLUMNS, rows: rows.collect() };
    tell(answer, [table], args, out)
}

/// Prints who is fit for which risk, and the accidents.
pub fn fitness(args: &DeskArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let workers = fitness::workers(&asked.views, asked.times)?;
    let accidents = fitness::accidents(&asked.views, asked.times)?;
    let workers = workers.iter().map(|of| {
        vec![
            Cell::shown(of.person),
            Cell::shown(of.risk),
            Cell::from(of.state.word()),
            Cell::optional(of.fit_until),
            Cell::optional(of.examine_by),
        ]
    });
    let accidents = accidents.iter().map(|of| {
        vec![
            Cell::shown(of.accident),
            Cell::shown(of.person),
            Cell::shown(of.happened_on),
            Cell::from(of.whereabouts.as_str()),
        ]
    });
    const WORKERS: [Column; 5] = [
        Column::left("worker", "worker"),
        Column::left("risk", "risk"),
        Column::left("state", "state"),
        Column::left("fit_until", "fit until"),
        Column::left("examine_by", "to examine by"),
    ];
    const ACCIDENTS: [Column; 4] = [
        Column::left("accident", "accident"),
        Column::left("person", "person"),
        Column::left("happened_on", "day"),
        Column::left("whereabouts", "where"),
    ];
    let tables = [
        Table { key: "workers", title: "Workers", columns: &WORKERS, rows: workers.collect() },
        Table { key: "accidents", title: "Accidents", columns: &ACCIDENTS, rows: accidents.collect() },
    ];
    tell(asked.answer(), tables, args, out)
}

/// Prints how much each resource was used, and by which unit.
pub fn resources(args: &DeskArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, args.times, out)?;
    let found = resources::resources(&asked.views, asked.times)?;
    let units = resources::units(&asked.views, asked.times)?;
    let used = |of: &resources::Used| {
        let (n_bookings, n_charged) = (Cell::from(of.n_bookings), Cell::from(of.n_charged));
        [n_bookings, Cell::shown(of.hours), n_charged, Cell::shown(of.charged)]
    };
    let found = found.iter().map(|of| {
        let heads = [Cell::shown(of.resource), Cell::from(of.kind.as_str()), Cell::shown(of.per_hour)];
        heads.into_iter().chain(used(&of.used)).collect()
    });
    let units = units.iter().map(|of| [Cell::shown(of.unit)].into_iter().chain(used(&of.used)).collect());
    const RESOURCES: [Column; 7] = [
        Column::left("resource", "resource"),
        Column::left("kind", "kind"),
        Column::right("per_hour", "an hour"),
        Column::right("n_bookings", "bookings"),
        Column::right("hours", "hours"),
        Column::right("n_charged", "charged"),
        Column::right("charged", "paid to the pool"),
    ];
    const UNITS: [Column; 5] = [
        Column::left("unit", "unit"),
        Column::right("n_bookings", "bookings"),
        Column::right("hours", "hours"),
        Column::right("n_charged", "charged"),
        Column::right("charged", "paid to the pool"),
    ];
    let tables = [
        Table { key: "resources", title: "Resources", columns: &RESOURCES, rows: found.collect() },
        Table { key: "units", title: "Units", columns: &UNITS, rows: units.collect() },
    ];
    tell(asked.answer(), tables, args, out)
}

/// Rows under a title.
struct Table<'a> {
    key: &'static str,
    title: &'static str,
    columns: &'a [Column],
    rows: Vec<Vec<Cell>>,
}

fn tell<'a>(
    answer: Answer,
    tables: impl IntoIterator<Item = Table<'a>>,
    args: &DeskArgs,
    out: &Output,
) -> Result<ExitCode> {
    let (mut answer, mut cut) = (answer, Vec::new());
    for Table { key, title, columns, rows } in tables {
        let mut sheet = Sheet::new(key, title, columns);
        let shown = out.first(&rows, args.limit);
        shown.iter().for_each(|row| sheet.row(row.clone()));
        answer = answer.sheet(sheet);
        cut.push((key, shown.len(), rows.len()));
    }
    out.answer(&answer)?;
    cut.into_iter().for_each(|(key, shown, all)| out.tell_cut(key, shown, all));
    Ok(Exit::Ok.into())
}
