//! One unit, a page of units, the sums of a year, and who held units that were active.

use domain::ids::{PersonId, UnitId};
use domain::{Balance, Day, Year};
use serde::Serialize;

use crate::port::{ReadError, Reader, Times, Value, day};
use crate::row::Row;

/// A production unit in numbers, from its opening to the day asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnitOverview {
    /// The unit.
    pub unit: UnitId,
    /// How many persons hold it.
    pub n_holders: i64,
    /// Day of opening.
    pub opened_on: Option<Day>,
    /// Day of closing.
    pub closed_on: Option<Day>,
    /// Jobs declared, less those cancelled.
    pub n_jobs: i64,
    /// Budget of these jobs and of open-ended work.
    pub work_budget: Balance,
    /// Employment contracts concluded.
    pub n_employments: i64,
    /// Declared working days.
    pub days: i64,
    /// Declared working hours, in hundredths.
    pub hours_hundredths: i64,
    /// Invoices issued.
    pub n_invoices: i64,
    /// Invoiced without VAT, less credit notes.
    pub turnover: Balance,
    /// Expenses approved.
    pub n_expenses: i64,
    /// Cost of these expenses.
    pub expenses: Balance,
    /// Wages calculated.
    pub n_wages: i64,
    /// Cost of these wages.
    pub wages: Balance,
}

/// What all units did in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct YearTotals {
    /// Invoices issued; credit notes are not counted.
    pub n_invoices: i64,
    /// Invoiced without VAT, less credit notes.
    pub turnover: Balance,
    /// Employment contracts concluded.
    pub n_employments: i64,
    /// Working days declared to social security, net of amendments.
    pub days: i64,
    /// Working hours declared to social security, net of amendments, in hundredths.
    pub hours_hundredths: i64,
    /// Distinct workers with a contract concluded, or with days declared under an open-ended one.
    pub persons_employed: i64,
    /// Distinct workers with days declared under an open-ended contract, whenever concluded.
    pub persons_open_ended: i64,
    /// Expenses approved.
    pub n_expenses: i64,
    /// Cost of these expenses.
    pub expenses: Balance,
    /// Wages calculated.
    pub n_wages: i64,
    /// Cost of these wages.
    pub wages: Balance,
}

/// How many persons held a unit that was active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HolderCounts {
    /// In the year.
    pub active: i64,
    /// In the year before.
    pub active_before: i64,
    /// In the year, and in no year before it.
    pub new: i64,
}

/// What the lines of a year add up to, or whose they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    /// Kinds of the lines that count.
    pub(super) kinds: &'static str,
    /// The column that is added up; `person` when distinct persons are counted.
    pub(super) column: &'static str,
}

pub(super) const TURNOVER: Measure = Measure { kinds: "'invoice', 'credit_note'", column: "amount" };
pub(super) const INVOICES: Measure = Measure { kinds: "'invoice'", column: "n" };
pub(super) const EMPLOYMENTS: Measure = Measure { kinds: "'employment'", column: "n" };
pub(super) const DAYS: Measure = Measure { kinds: "'employment', 'work_days'", column: "days" };
pub(super) const HOURS: Measure = Measure { kinds: "'employment', 'work_days'", column: "hours" };
pub(super) const EMPLOYED: Measure = Measure { kinds: "'employment', 'work_days'", column: "person" };
pub(super) const OPEN_ENDED: Measure = Measure { kinds: "'work_days'", column: "person" };
const EXPENSES: Measure = Measure { kinds: "'expense'", column: "n" };
const EXPENSE_COST: Measure = Measure { kinds: "'expense'", column: "amount" };
const WAGES: Measure = Measure { kinds: "'wage'", column: "n" };
const WAGE_COST: Measure = Measure { kinds: "'wage'", column: "amount" };

/// What makes a unit active; a job that was only planned does not.
const ACTIVITY: &str = "('invoice', 'employment', 'work_days', 'expense', 'wage')";

/// Whether a fact was not taken back in its own year: `?1` is the last day, `?2` the last position.
pub(super) const NOT_VOIDED: &str = "(position, effective_on / 10000) NOT IN
     (SELECT voids, effective_on / 10000
      FROM unit_lines
      WHERE voids IS NOT NULL AND effective_on <= ?1 AND position <= ?2)";

/// One unit; none when it was not yet opened.
pub fn overview(reader: &dyn Reader, unit: UnitId, times: Times) -> Result<Option<UnitOverview>, ReadError> {
    let parameters = [times.day(), times.position(), Value::Id(unit.uuid()), Value::Integer(1)];
    Ok(overviews_where(reader, "unit = ?3", &parameters)?.pop())
}

/// A page of units in the order of their ids, after the last one of the page before.
pub fn overviews(
    reader: &dyn Reader,
    times: Times,
    after: Option<UnitId>,
    limit: u32,
) -> Result<Vec<UnitOverview>, ReadError> {
    let after = after.map_or(uuid::Uuid::nil(), UnitId::uuid);
    let parameters = [times.day(), times.position(), Value::Id(after), Value::Integer(limit.into())];
    overviews_where(reader, "unit > ?3", &parameters)
}

fn overviews_where(
    reader: &dyn Reader,
    which: &str,
    parameters: &[Value<'_>],
) -> Result<Vec<UnitOverview>, ReadError> {
    let sum = |column: &str, kinds: &str| {
        format!("CAST(SUM(CASE WHEN kind IN ({kinds}) THEN {column} ELSE 0 END) AS BIGINT)")
    };
    let columns = [
        "MIN(CASE WHEN kind = 'opened' THEN effective_on END)".to_owned(),
        "MIN(CASE WHEN kind = 'closed' THEN effective_on END)".to_owned(),
        sum("n", "'job'"),
        sum("amount", "'job', 'work_days'"),
        sum("n", "'employment'"),
        sum("days", "'employment', 'work_days'"),
        sum("hours", "'employment', 'work_days'"),
        sum("n", "'invoice'"),
        sum("amount", "'invoice', 'credit_note'"),
        sum("n", "'expense'"),
        sum("amount", "'expense'"),
        sum("n", "'wage'"),
        sum("amount", "'wage'"),
    ];
    let sql = format!(
        "SELECT unit,
                (SELECT CAST(COALESCE(SUM(delta), 0) AS BIGINT)
                 FROM unit_holders
                 WHERE unit_holders.unit = unit_lines.unit AND effective_on <= ?1 AND position <= ?2),
                {}
         FROM unit_lines
         WHERE {which} AND effective_on <= ?1 AND position <= ?2
         GROUP BY unit
         ORDER BY unit
         LIMIT ?4",
        columns.join(", ")
    );
    let overview = |cells: &Vec<_>| {
        let mut row = Row::new(cells);
        Ok(UnitOverview {
            unit: row.unit()?,
            n_holders: row.integer()?,
            opened_on: row.optional_day()?,
            closed_on: row.optional_day()?,
            n_jobs: row.integer()?,
            work_budget: row.balance()?,
            n_employments: row.integer()?,
            days: row.integer()?,
            hours_hundredths: row.integer()?,
            n_invoices: row.integer()?,
            turnover: row.balance()?,
            n_expenses: row.integer()?,
            expenses: row.balance()?,
            n_wages: row.integer()?,
            wages: row.balance()?,
        })
    };
    reader.query(&sql, parameters)?.iter().map(overview).collect()
}

/// Who holds a unit, and since when.
pub fn holders(reader: &dyn Reader, unit: UnitId, times: Times) -> Result<Vec<(PersonId, Day)>, ReadError> {
    let found = reader.query(
        "SELECT person, MAX(CASE WHEN delta > 0 THEN effective_on END)
         FROM unit_holders
         WHERE unit = ?1 AND effective_on <= ?2 AND position <= ?3
         GROUP BY person
         HAVING SUM(delta) > 0
         ORDER BY person",
        &[Value::Id(unit.uuid()), times.day(), times.position()],
    )?;
    let holder = |cells: &Vec<_>| {
        let mut row = Row::new(cells);
        Ok((row.person()?, row.day()?))
    };
    found.iter().map(holder).collect()
}

/// What all units did in a year, up to the day asked for.
pub fn year_totals(reader: &dyn Reader, year: Year, times: Times) -> Result<YearTotals, ReadError> {
    let answer = |Measure { kinds, column }: Measure| match column {
        "person" => {
            format!("COUNT(DISTINCT CASE WHEN kind IN ({kinds}) AND n = 1 AND {NOT_VOIDED} THEN person END)")
        }
        _ => format!("CAST(COALESCE(SUM(CASE WHEN kind IN ({kinds}) THEN {column} END), 0) AS BIGINT)"),
    };
    let columns = [
        INVOICES,
        TURNOVER,
        EMPLOYMENTS,
        DAYS,
        HOURS,
        EMPLOYED,
        OPEN_ENDED,
        EXPENSES,
        EXPENSE_COST,
        WAGES,
        WAGE_COST,
    ]
    .map(answer);
    let sql = format!(
        "SELECT {}
         FROM unit_lines
         WHERE effective_on >= ?3 AND effective_on <= ?1 AND position <= ?2",
        columns.join(", ")
    );
    let parameters = [last_day(year, times), times.position(), day(year.first_day())];
    let found = reader.query(&sql, &parameters)?;
    let Some(cells) = found.first() else { return Ok(YearTotals::default()) };
    let mut row = Row::new(cells);
    Ok(YearTotals {
        n_invoices: row.integer()?,
        turnover: row.balance()?,
        n_employments: row.integer()?,
        days: row.integer()?,
        hours_hundredths: row.integer()?,
        persons_employed: row.integer()?,
        persons_open_ended: row.integer()?,
        n_expenses: row.integer()?,
        expenses: row.balance()?,
        n_wages: row.integer()?,
        wages: row.balance()?,
    })
}

/// How many persons held a unit on a day of a year in which that unit was active.
///
/// Active is a unit with an invoice, an employment contract, declared days, an expense or a wage
/// effective in the year and not taken back in it. New is who was not active in any year before.
pub fn holder_counts(reader: &dyn Reader, year: Year, times: Times) -> Result<HolderCounts, ReadError> {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(this_year), 0) AS BIGINT),
                CAST(COALESCE(SUM(year_before), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN first_year = ?3 THEN this_year END), 0) AS BIGINT)
         FROM (SELECT person,
                      MAX(CASE WHEN active_year = ?3 THEN 1 ELSE 0 END) AS this_year,
                      MAX(CASE WHEN active_year = ?3 - 1 THEN 1 ELSE 0 END) AS year_before,
                      MIN(active_year) AS first_year
               FROM ({}) AS held
               GROUP BY person) AS persons",
        held()
    );
    let parameters = [last_day(year, times), times.position(), Value::Integer(year.number().into())];
    let found = reader.query(&sql, &parameters)?;
    let Some(cells) = found.first() else { return Ok(HolderCounts::default()) };
    let mut row = Row::new(cells);
    Ok(HolderCounts { active: row.integer()?, active_before: row.integer()?, new: row.integer()? })
}

/// Persons with a year in which they held an active unit, and where its activity of that year begins.
pub(super) fn held() -> String {
    format!(
        "SELECT holders.person, active.active_year, active.first_position
         FROM (SELECT unit, effective_on / 10000 AS active_year, MIN(position) AS first_position
               FROM unit_lines
               WHERE kind IN {ACTIVITY} AND n = 1 AND effective_on <= ?1 AND position <= ?2 AND {NOT_VOIDED}
               GROUP BY unit, effective_on / 10000) AS active
         JOIN unit_holders AS holders
           ON holders.unit = active.unit
          AND holders.effective_on < (active.active_year + 1) * 10000
          AND holders.effective_on <= ?1
          AND holders.position <= ?2
         GROUP BY active.unit, active.active_year, active.first_position, holders.person
         HAVING SUM(CASE WHEN holders.effective_on < active.active_year * 10000 THEN holders.delta ELSE 0 END) > 0
             OR MAX(CASE WHEN holders.effective_on > active.active_year * 10000 THEN holders.delta ELSE 0 END) > 0"
    )
}

/// The last day of the year that counts.
pub(crate) fn last_day(year: Year, times: Times) -> Value<'static> {
    day(times.as_of.map_or(year.last_day(), |as_of| as_of.min(year.last_day())))
}
