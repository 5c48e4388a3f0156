//! The journal: what was booked, in order, per journal and number.
//!
//! One row per entry and one per movement. Entries are numbered from 1 per journal and fiscal year
//! of effect, in the order of the log, so that a rebuild never renumbers. The counters are taken up
//! after a restart from a table of totals.
//! Left out: the events that book nothing; the general ledger says why, in [`ledger::Why`].
//! Source: WER III.82–III.84 (books); DOMAIN B3, E3.

mod queries;

use std::borrow::Cow;

use domain::StreamId;
use ledger::{Account, Journal, Line, Party, Posting};
use rustc_hash::FxHashMap;
use uuid::Uuid;

pub use queries::{EntriesAsked, EntryRow, MovementRow, entries, entries_with_movements, movements};

use crate::port::{Column, Index, Projection, ReadError, Reader, Rows, Seen, Shape, Table, Value, day};
use crate::row::Row;

/// Entries, one per event that books.
pub static ENTRIES: Table = Table {
    name: "journal_entries",
    columns: &[
        Column::integer("position"),
        Column::text("journal"),
        Column::integer("year"),
        Column::integer("number"),
        Column::text("event"),
        Column::text("stream_type"),
        Column::text("stream"),
        Column::integer("effective_on"),
        Column::integer("booked_on"),
        Column::text("document"),
        Column::text("rule"),
    ],
    shape: Shape::Lines { key: 1 },
    indexes: &[],
};

/// Movements of entries; the indexes answer for one party, both times, without the rows.
pub static MOVEMENTS: Table = Table {
    name: "journal_movements",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::text("debit"),
        Column::id("debit_of"),
        Column::text("credit"),
        Column::id("credit_of"),
        Column::integer("amount"),
        Column::integer("effective_on"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[
        Index {
            name: "journal_movements_debit",
            columns: &["debit", "debit_of", "effective_on", "position", "amount"],
            unless_null: Some("debit_of"),
        },
        Index {
            name: "journal_movements_credit",
            columns: &["credit", "credit_of", "effective_on", "position", "amount"],
            unless_null: Some("credit_of"),
        },
    ],
};

/// The last number of each journal and fiscal year.
pub static NUMBERS: Table = Table {
    name: "journal_numbers",
    columns: &[Column::text("journal"), Column::integer("year"), Column::integer("last")],
    shape: Shape::Totals { key: 2 },
    indexes: &[],
};

/// The fold of postings into entries and movements.
#[derive(Debug, Default)]
pub struct Journals {
    last: FxHashMap<(Journal, u16), i64>,
}

impl Projection for Journals {
    fn name(&self) -> &'static str {
        "journal"
    }

    fn question(&self) -> &'static str {
        "what was booked, in order, per journal and number"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&ENTRIES, &MOVEMENTS, &NUMBERS] }
    }

    fn resume(&mut self, reader: &dyn Reader) -> Result<(), ReadError> {
        self.last.clear();
        for cells in reader.query("SELECT journal, year, last FROM journal_numbers", &[])? {
            let mut row = Row::new(&cells);
            let journal = row.parsed("a journal", Journal::from_code)?;
            let year = row.parsed_integer("a year", |year| u16::try_from(year).ok())?;
            self.last.insert((journal, year), row.integer()?);
        }
        Ok(())
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let Posting::Entry(entry) = seen.posting else { return };
        let recorded = seen.recorded;
        let (position, effective_on) = (seen.position(), seen.effective_on());
        let journal = Value::Text(entry.journal.code());
        let year = recorded.effective_on.year().number();
        let number = self.last.entry((entry.journal, year)).or_default();
        *number += 1;
        rows.add(&NUMBERS, &[journal, Value::Integer(year.into())], &[1]);
        rows.insert(
            &ENTRIES,
            &[
                position,
                journal,
                Value::Integer(year.into()),
                Value::Integer(*number),
                Value::Text(recorded.event.kind().name),
                Value::Text(recorded.stream.aggregate_type()),
                Value::Text(&stream_key(recorded.stream, &mut [0; 36])),
                effective_on,
                day(recorded.recorded_at.day_in_brussels()),
                entry.document.as_ref().map_or(Value::Null, |document| Value::Text(document.as_str())),
                Value::Text(recorded.posting_rule.as_str()),
            ],
        );
        for (line, movement) in (0..).zip(&entry.movements) {
            rows.insert(
                &MOVEMENTS,
                &[
                    position,
                    Value::Integer(line),
                    Value::Text(movement.debit.account.code()),
                    of(movement.debit),
                    Value::Text(movement.credit.account.code()),
                    of(movement.credit),
                    Value::Integer(movement.amount.cents()),
                    effective_on,
                ],
            );
        }
    }
}

/// The party of a line, as a value; the account says of which kind it is.
pub(crate) fn of(line: Line) -> Value<'static> {
    match line.of {
        None => Value::Null,
        Some(Party::Person(id)) => Value::Id(id.uuid()),
        Some(Party::Client(id)) => Value::Id(id.uuid()),
        Some(Party::Unit(id)) => Value::Id(id.uuid()),
        Some(Party::Supplier(id)) => Value::Id(id.uuid()),
    }
}

/// The line of an account and the UUID that rows keep of its party.
pub(crate) fn line_of(account: Account, of: Option<Uuid>) -> Line {
    use domain::ids::{ClientId, PersonId, SupplierId, UnitId};
    let party = of.map(|id| match account {
        Account::UnitPending | Account::UnitAvailable | Account::UnitReserved => Party::Unit(UnitId::new(id)),
        Account::Customers
        | Account::DoubtfulCustomers
        | Account::CustomerWriteDowns
        | Account::AdvancesReceived => Party::Client(ClientId::new(id)),
        Account::Suppliers => Party::Supplier(SupplierId::new(id)),
        _ => Party::Person(PersonId::new(id)),
    });
    Line { account, of: party }
}

/// The stored key of a stream; only the rare streams without id cost an allocation.
fn stream_key(stream: StreamId, buffer: &mut [u8; 36]) -> Cow<'_, str> {
    let id = match stream {
        StreamId::Member(id) => id.uuid(),
        StreamId::Unit(id) => id.uuid(),
        StreamId::Loan(id) => id.uuid(),
        StreamId::Grant(id) => id.uuid(),
        StreamId::Course(id) => id.uuid(),
        StreamId::Fitness(id) => id.uuid(),
        StreamId::Cover(id) => id.uuid(),
        StreamId::Bank(id) => id.uuid(),
        StreamId::Resource(id) => id.uuid(),
        StreamId::Activity(id) => id.uuid(),
        StreamId::Office(id) => id.uuid(),
        StreamId::Meeting(id) => id.uuid(),
        StreamId::Mandate(id) => id.uuid(),
        StreamId::Board(id) => id.uuid(),
        StreamId::Statutes
        | StreamId::Year(_)
        | StreamId::Series(_)
        | StreamId::Structure(_)
        | StreamId::Filing(_)
        | StreamId::Participation(_)
        | StreamId::Control(_) => return stream.aggregate_id().into(),
    };
    Cow::Borrowed(id.hyphenated().encode_lower(buffer))
}
