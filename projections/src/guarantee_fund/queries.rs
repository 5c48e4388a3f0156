//! The fund as a whole, month by month, by unit, and by invoice.

use domain::ids::{InvoiceId, UnitId};
use domain::{Balance, Month};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times, Value, day_of};
use crate::row::Row;

/// What the fund did; advanced = recovered + absorbed + outstanding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cover {
    /// What units could spend before their clients paid.
    pub advanced: Balance,
    /// What of it clients paid since.
    pub recovered: Balance,
    /// What of it the fund waits for no more, because the debt became doubtful.
    pub absorbed: Balance,
    /// What of it the fund still waits for.
    pub outstanding: Balance,
    /// Losses that the fund bore.
    pub borne: Balance,
    /// What of them clients paid after all.
    pub regained: Balance,
    /// What all this leaves in the fund; below zero when it bore more than it got.
    pub balance: Balance,
}

/// What the fund did for one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UnitCover {
    /// The unit.
    pub unit: UnitId,
    /// For how many of its invoices.
    pub n_invoices: i64,
    /// What it did.
    #[serde(flatten)]
    pub cover: Cover,
}

/// What the fund did for one invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct InvoiceCover {
    /// The invoice.
    pub invoice: InvoiceId,
    /// What it did.
    #[serde(flatten)]
    pub cover: Cover,
}

/// What the fund did in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MonthCover {
    /// The month.
    pub month: Month,
    /// What it did; outstanding and balance are those at the end of the month.
    #[serde(flatten)]
    pub cover: Cover,
}

/// The sums of a cover, for a `SELECT`.
const SUMS: &str = "\
    CAST(COALESCE(SUM(CASE WHEN kind = 'advanced' THEN amount END), 0) AS BIGINT), \
    CAST(COALESCE(SUM(CASE WHEN kind = 'recovered' THEN amount END), 0) AS BIGINT), \
    CAST(COALESCE(SUM(CASE WHEN kind = 'absorbed' THEN amount END), 0) AS BIGINT), \
    CAST(COALESCE(SUM(CASE WHEN kind = 'borne' THEN amount END), 0) AS BIGINT), \
    CAST(COALESCE(SUM(CASE WHEN kind = 'regained' THEN amount END), 0) AS BIGINT)";

/// The fund as a whole.
pub fn totals(reader: &dyn Reader, times: Times) -> Result<Cover, ReadError> {
    let sql = format!("SELECT {SUMS} FROM fund_lines WHERE effective_on <= ?1 AND position <= ?2");
    let found = reader.query(&sql, &[times.day(), times.position()])?;
    found.first().map_or(Ok(Cover::default()), |cells| cover(&mut Row::new(cells)))
}

/// The fund month by month, as far as anything happened in them.
pub fn months(reader: &dyn Reader, times: Times) -> Result<Vec<MonthCover>, ReadError> {
    let sql = format!(
        "SELECT effective_on / 100, {SUMS}
         FROM fund_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY effective_on / 100
         ORDER BY 1"
    );
    let month = |number: i64| day_of(number * 100 + 1).map(domain::Day::month);
    let (mut outstanding, mut balance) = (Balance::ZERO, Balance::ZERO);
    let mut of_month = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        let month = row.parsed_integer("a month", month)?;
        let in_month = cover(&mut row)?;
        outstanding = outstanding + in_month.outstanding;
        balance = balance + in_month.balance;
        Ok(MonthCover { month, cover: Cover { outstanding, balance, ..in_month } })
    };
    reader.query(&sql, &[times.day(), times.position()])?.iter().map(&mut of_month).collect()
}

/// The units for which the fund did anything, in the order of their ids.
pub fn units(reader: &dyn Reader, times: Times) -> Result<Vec<UnitCover>, ReadError> {
    let sql = format!(
        "SELECT unit, COUNT(DISTINCT invoice), {SUMS}
         FROM fund_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY unit
         ORDER BY unit"
    );
    let of_unit = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(UnitCover { unit: row.unit()?, n_invoices: row.integer()?, cover: cover(&mut row)? })
    };
    reader.query(&sql, &[times.day(), times.position()])?.iter().map(of_unit).collect()
}

/// The invoices of a unit for which the fund did anything, in the order of their ids.
pub fn invoices(reader: &dyn Reader, unit: UnitId, times: Times) -> Result<Vec<InvoiceCover>, ReadError> {
    let sql = format!(
        "SELECT invoice, {SUMS}
         FROM fund_lines
         WHERE effective_on <= ?1 AND position <= ?2 AND unit = ?3 AND invoice IS NOT NULL
         GROUP BY invoice
         ORDER BY invoice"
    );
    let found = reader.query(&sql, &[times.day(), times.position(), Value::Id(unit.uuid())])?;
    let of_invoice = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(InvoiceCover { invoice: InvoiceId::new(row.id()?), cover: cover(&mut row)? })
    };
    found.iter().map(of_invoice).collect()
}

fn cover(row: &mut Row<'_>) -> Result<Cover, ReadError> {
    let (advanced, recovered, absorbed) = (row.balance()?, row.balance()?, row.balance()?);
    let (borne, regained) = (row.balance()?, row.balance()?);
    let outstanding = advanced - recovered - absorbed;
    Ok(Cover { advanced, recovered, absorbed, outstanding, borne, regained, balance: regained - borne })
}
