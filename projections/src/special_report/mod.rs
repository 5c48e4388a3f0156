//! The figures of the special report that the events so far carry, each with its definition.
//!
//! No rows of its own: a figure is a question to another read model, named beside it, so that it can
//! be asked again and opened to the events that make it up. Ids and definitions are those of the
//! published figures.
//! Left out: figures of streams that do not exist yet (reminders, loans, grants, activities); sums
//! over the logs of a group.
//! Source: special report on 2025; DOMAIN A1, F1.

use std::fmt;

use domain::{Balance, Year};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};

use crate::port::{ReadError, Reader, Times};
use crate::units::{Contribution, Number, contributions, holder_counts, year_totals};

/// Hours that one full-time worker works in a year: 38 hours a week, 52 weeks.
///
/// A reading of the published figure and not a legal constant, so it does not follow the parameters.
/// Source: special report on 2025 (2,274 FTE); DOMAIN A2 1.
pub const FULL_TIME_HOURS_PER_YEAR: i64 = 38 * 52;

/// One figure of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its id among the published figures.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The figure itself.
    pub value: FigureValue,
    /// What it counts: `EUR`, `count`, `persons`, `days`, `hours`, `FTE`.
    pub unit: &'static str,
    /// What is counted, and what is not.
    pub definition: &'static str,
    /// The query that answers it.
    pub query: &'static str,
    /// What that query adds up, to open it to its events.
    #[serde(skip)]
    pub number: Number,
}

/// A figure opened to the events that make it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The figure.
    pub figure: Figure,
    /// The events, in the order of the log.
    pub contributions: Vec<Contribution>,
    /// What the events add up to: the figure, or what it is computed from.
    pub total: FigureValue,
}

/// The value of a figure, written as text without unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureValue {
    /// A whole number.
    Count(i64),
    /// A sum of money.
    Money(Balance),
    /// Hundredths of an hour; written as a whole number when it is one.
    Hours(i64),
}

/// The figures of a year, up to the day asked for and as known at the position asked for.
pub fn figures(reader: &dyn Reader, year: Year, times: Times) -> Result<Vec<Figure>, ReadError> {
    let totals = year_totals(reader, year, times)?;
    let holders = holder_counts(reader, year, times)?;
    Ok(vec![
        Figure {
            id: "turnover",
            label: "turnover of the shared enterprise",
            value: FigureValue::Money(totals.turnover),
            unit: "EUR",
            definition: "invoiced without VAT less credit notes, effective in the year",
            query: "units.year_totals.turnover",
            number: Number::Turnover,
        },
        Figure {
            id: "invoices_issued",
            label: "invoices issued",
            value: FigureValue::Count(totals.n_invoices),
            unit: "count",
            definition: "invoices issued in the year, credit notes not counted",
            query: "units.year_totals.n_invoices",
            number: Number::Invoices,
        },
        Figure {
            id: "active_holders",
            label: "active holders of a production unit",
            value: FigureValue::Count(holders.active),
            unit: "persons",
            definition: "persons holding a unit with at least one invoice, contract, expense or wage effective in the year; persons only employed are not counted",
            query: "units.holder_counts.active",
            number: Number::ActiveHolders,
        },
        Figure {
            id: "active_holders_increase",
            label: "increase in active holders over the year before",
            value: FigureValue::Count(holders.active - holders.active_before),
            unit: "persons",
            definition: "net: active holders of the year less those of the year before",
            query: "units.holder_counts.active - units.holder_counts.active_before",
            number: Number::ActiveHoldersIncrease,
        },
        Figure {
            id: "new_holders",
            label: "active holders whose first activity falls in the year",
            value: FigureValue::Count(holders.new),
            unit: "persons",
            definition: "first activity ever; returners are not new",
            query: "units.holder_counts.new",
            number: Number::NewHolders,
        },
        Figure {
            id: "persons_employed",
            label: "persons employed",
            value: FigureValue::Count(totals.persons_employed),
            unit: "persons",
            definition: "distinct persons with an employment contract in the year: concluded in it, or open-ended with days declared; support staff excluded",
            query: "units.year_totals.persons_employed",
            number: Number::PersonsEmployed,
        },
        Figure {
            id: "employment_contracts",
            label: "employment contracts concluded",
            value: FigureValue::Count(totals.n_employments),
            unit: "count",
            definition: "employment.concluded in the year (a contract.declared is the budgeted job)",
            query: "units.year_totals.n_employments",
            number: Number::Employments,
        },
        Figure {
            id: "declared_days",
            label: "declared working days",
            value: FigureValue::Count(totals.days),
            unit: "days",
            definition: "net of cancellations and amendments, as declared to social security",
            query: "units.year_totals.days",
            number: Number::Days,
        },
        Figure {
            id: "declared_hours",
            label: "declared working hours",
            value: FigureValue::Hours(totals.hours_hundredths),
            unit: "hours",
            definition: "net of cancellations and amendments, as declared to social security",
            query: "units.year_totals.hours_hundredths",
            number: Number::Hours,
        },
        Figure {
            id: "full_time_equivalents",
            label: "full-time equivalents",
            value: FigureValue::Count(full_time_equivalents(totals.hours_hundredths)),
            unit: "FTE",
            definition: "declared hours divided by 1,976 (38 hours, 52 weeks), rounded half up",
            query: "units.year_totals.hours_hundredths / 1976",
            number: Number::Hours,
        },
        Figure {
            id: "open_ended_contracts",
            label: "members on an open-ended contract",
            value: FigureValue::Count(totals.persons_open_ended),
            unit: "persons",
            definition: "persons who worked in the year under an open-ended contract, whenever concluded",
            query: "units.year_totals.persons_open_ended",
            number: Number::PersonsOpenEnded,
        },
    ])
}

/// Opens one figure of a year to its events; nothing when no figure has this id.
pub fn explain(
    reader: &dyn Reader,
    id: &str,
    year: Year,
    times: Times,
) -> Result<Option<Explained>, ReadError> {
    let Some(figure) = figures(reader, year, times)?.into_iter().find(|figure| figure.id == id) else {
        return Ok(None);
    };
    let contributions = contributions(reader, figure.number, year, times)?;
    let total = figure.number.shown(contributions.iter().map(|contribution| contribution.adds).sum());
    Ok(Some(Explained { figure, contributions, total }))
}

impl Number {
    /// What is added up, as a figure is written.
    pub fn shown(self, sum: i64) -> FigureValue {
        match self {
            Self::Turnover => FigureValue::Money(Balance::from_cents(sum)),
            Self::Hours => FigureValue::Hours(sum),
            Self::Invoices
            | Self::Employments
            | Self::Days
            | Self::PersonsEmployed
            | Self::PersonsOpenEnded
            | Self::ActiveHolders
            | Self::ActiveHoldersIncrease
            | Self::NewHolders => FigureValue::Count(sum),
        }
    }
}

/// Hours as full-time workers, to the nearest whole one, a half up.
fn full_time_equivalents(hours_hundredths: i64) -> i64 {
    let exact = Decimal::from(hours_hundredths) / Decimal::from(100 * FULL_TIME_HOURS_PER_YEAR);
    let whole = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    whole.to_i64().expect("a quotient of whole numbers fits")
}

impl fmt::Display for FigureValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(count) => f.pad(&count.to_string()),
            Self::Money(balance) => fmt::Display::fmt(&balance, f),
            Self::Hours(hundredths) if hundredths % 100 == 0 => f.pad(&(hundredths / 100).to_string()),
            // Hours are written as money is: two decimals.
            Self::Hours(hundredths) => fmt::Display::fmt(&Balance::from_cents(hundredths), f),
        }
    }
}

impl Serialize for FigureValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // DOMAIN A2 1: 2,273.766.
    #[test]
    fn full_time_equivalents_are_rounded_half_up() {
        assert_eq!(full_time_equivalents(449_296_200), 2_274);
        assert_eq!(full_time_equivalents(98_800), 1);
        assert_eq!(full_time_equivalents(98_799), 0);
    }

    #[test]
    fn hours_are_written_whole_when_they_are() {
        assert_eq!(FigureValue::Hours(449_296_200).to_string(), "4492962");
        assert_eq!(FigureValue::Hours(750).to_string(), "7.50");
    }
}
