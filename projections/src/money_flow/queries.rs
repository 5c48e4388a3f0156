//! What flowed in a period, and the events behind a flow.

use domain::{Balance, Day, Position, Year};

use super::{FLOWS, Flow, Way};
use crate::port::{Cell, ReadError, Reader, Times, Value, day};
use crate::row::Row;

/// The days of a question, the first and the last among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

/// Where money came from and where it went in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyFlow {
    /// What banks and cash held before the first day.
    pub opening: Balance,
    /// The flows by which anything moved, in the order of the table.
    pub flows: Vec<FlowSum>,
    /// All that came.
    pub sources: Balance,
    /// All that went.
    pub uses: Balance,
    /// What banks and cash hold after the last day: opening + sources − uses.
    pub closing: Balance,
}

/// What moved by one flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowSum {
    /// The flow.
    pub flow: &'static Flow,
    /// How much; below zero when more was taken back than moved.
    pub amount: Balance,
    /// How many events make it up.
    pub n_events: i64,
}

/// One event behind a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// Where it stands in the log.
    pub position: Position,
    /// Day of effect.
    pub effective_on: Day,
    /// Its stored name.
    pub event: String,
    /// The supporting document.
    pub document: Option<String>,
    /// What it adds to the flow.
    pub amount: Balance,
}

impl From<Year> for Period {
    fn from(year: Year) -> Self {
        Self { from: year.first_day(), to: year.last_day() }
    }
}

impl Way {
    /// What so many cents into the banks are by a flow of this way.
    fn amount(self, cents: i64) -> Balance {
        Balance::from_cents(match self {
            Self::Source => cents,
            Self::Use => -cents,
        })
    }
}

/// Where money came from and where it went in a period, up to the day asked for.
pub fn money_flow(reader: &dyn Reader, period: Period, times: Times) -> Result<MoneyFlow, ReadError> {
    let found = reader.query(
        "SELECT flow,
                CAST(SUM(CASE WHEN effective_on < ?3 THEN amount ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN effective_on >= ?3 THEN amount ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN effective_on >= ?3 THEN 1 ELSE 0 END) AS BIGINT)
         FROM money_flow_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY flow",
        &[last_day(period, times), times.position(), day(period.from)],
    )?;
    let mut opening = Balance::ZERO;
    let mut flows = Vec::new();
    for cells in &found {
        let mut row = Row::new(cells);
        let flow = row.parsed("a flow of money", Flow::from_key)?;
        opening = opening + row.balance()?;
        let (amount, n_events) = (flow.way.amount(row.integer()?), row.integer()?);
        flows.extend((n_events > 0).then_some(FlowSum { flow, amount, n_events }));
    }
    flows.sort_by_key(|sum| FLOWS.iter().position(|flow| flow.key == sum.flow.key));
    let sum = |way| flows.iter().filter(|sum| sum.flow.way == way).map(|sum| sum.amount).sum();
    let (sources, uses): (Balance, Balance) = (sum(Way::Source), sum(Way::Use));
    Ok(MoneyFlow { opening, flows, sources, uses, closing: opening + sources - uses })
}

/// The events behind a flow in a period, in the order of the log; their amounts sum to the flow's.
pub fn behind(
    reader: &dyn Reader,
    flow: &Flow,
    period: Period,
    times: Times,
) -> Result<Vec<Behind>, ReadError> {
    let found = reader.query(
        "SELECT lines.position, lines.effective_on, entries.event, entries.document, lines.amount
         FROM money_flow_lines AS lines
         JOIN journal_entries AS entries ON entries.position = lines.position
         WHERE lines.flow = ?4
           AND lines.effective_on >= ?3
           AND lines.effective_on <= ?1
           AND lines.position <= ?2
         ORDER BY lines.position",
        &[last_day(period, times), times.position(), day(period.from), Value::Text(flow.key)],
    )?;
    let event = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(Behind {
            position: row.position()?,
            effective_on: row.day()?,
            event: row.text()?.to_owned(),
            document: row.optional_text()?.map(str::to_owned),
            amount: flow.way.amount(row.integer()?),
        })
    };
    found.iter().map(event).collect()
}

/// The last day of the period that counts.
fn last_day(period: Period, times: Times) -> Value<'static> {
    day(times.as_of.map_or(period.to, |as_of| as_of.min(period.to)))
}
