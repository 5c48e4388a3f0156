//! Figures that are sums of lines of other read models, and the events behind them.
//!
//! A line counts in the year of its effective date; one that is taken back is a line below zero, in the
//! year in which that takes effect. The sum and the events come from the same lines, so they agree.

use domain::{Balance, Year};

use super::FigureValue;
use crate::port::{ReadError, Reader, Times, Value, day};
use crate::row::Row;
use crate::units::{Contribution, last_day};

/// Which lines of a read model are added up, and what of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// What a line counts as.
    kind: &'static str,
    table: &'static str,
    /// Which lines, as a condition.
    which: &'static str,
    unit: &'static str,
    person: &'static str,
    /// What a line adds to a count, and to a sum of money in cents.
    n: &'static str,
    cents: &'static str,
    in_money: bool,
    since_launch: bool,
}

pub(super) const REMINDERS: Added = Added {
    kind: "reminder",
    table: "receivable_lines",
    which: "kind = 'reminded'",
    unit: "(SELECT unit FROM receivable_invoices WHERE receivable_invoices.invoice = receivable_lines.invoice)",
    person: "NULL",
    n: "n",
    cents: "0",
    in_money: false,
    since_launch: false,
};
pub(super) const LOANS_GRANTED: Added = Added {
    kind: "loan_granted",
    table: "loan_lines",
    which: "step = 'granted'",
    unit: "unit",
    person: "borrower",
    n: "sign",
    cents: "sign * amount",
    in_money: false,
    since_launch: false,
};
pub(super) const PROJECTS: Added =
    Added { kind: "loan_disbursed", which: "step = 'disbursed'", ..LOANS_GRANTED };
pub(super) const GRANTS: Added = Added {
    kind: "grant_passed_on",
    table: "grant_lines",
    which: "step = 'passed_on'",
    unit: "unit",
    person: "beneficiary",
    n: "n",
    cents: "amount",
    in_money: false,
    since_launch: false,
};

impl Added {
    /// The same lines, added up in money.
    pub(super) const fn in_money(self) -> Self {
        Self { in_money: true, ..self }
    }

    /// The same lines, of all years up to this one.
    pub(super) const fn since_launch(self) -> Self {
        Self { since_launch: true, ..self }
    }

    /// What is added up, as a figure is written.
    pub(super) fn shown(self, sum: i64) -> FigureValue {
        if self.in_money { FigureValue::Money(Balance::from_cents(sum)) } else { FigureValue::Count(sum) }
    }

    pub(super) fn sum(self, reader: &dyn Reader, year: Year, times: Times) -> Result<i64, ReadError> {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM({}), 0) AS BIGINT)
             FROM {}",
            self.adds(),
            self.lines()
        );
        let found = reader.query(&sql, &self.parameters(year, times))?;
        found.first().map_or(Ok(0), |cells| Row::new(cells).integer())
    }

    /// The lines behind the sum, in the order of the log.
    pub(super) fn contributions(
        self,
        reader: &dyn Reader,
        year: Year,
        times: Times,
    ) -> Result<Vec<Contribution>, ReadError> {
        let sql = format!(
            "SELECT position, effective_on, {}, '{}', {}, {}
             FROM {}
             ORDER BY position, line",
            self.unit,
            self.kind,
            self.person,
            self.adds(),
            self.lines()
        );
        let found = reader.query(&sql, &self.parameters(year, times))?;
        found.iter().map(|cells| Contribution::read(cells)).collect()
    }

    fn adds(self) -> &'static str {
        if self.in_money { self.cents } else { self.n }
    }

    fn lines(self) -> String {
        let Self { table, which, .. } = self;
        format!("{table} WHERE {which} AND effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2")
    }

    fn parameters(self, year: Year, times: Times) -> [Value<'static>; 3] {
        let first = if self.since_launch { Value::Integer(0) } else { day(year.first_day()) };
        [last_day(year, times), times.position(), first]
    }
}
