//! The wages that are owed on a day, or were paid late by then.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::Calendar;
use domain::ids::{ClientId, ContractId, EmploymentId, InvoiceId, OrderId, PersonId, SalaryId, UnitId};
use domain::unit::Work;
use domain::{Balance, Day, Position};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times, day_of};
use crate::receivables::Receivable;
use crate::row::Row;

/// A wage that is owed, or was paid late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WageDue {
    /// In which unit the work was done.
    pub unit: UnitId,
    /// By whom.
    pub worker: PersonId,
    /// The job, or the month of open-ended work.
    pub work: Work,
    /// The last day of the work.
    pub last_day: Option<Day>,
    /// Position of the event that first said when it is due; of the job's days while none did.
    pub position: Position,
    /// By when it must be paid; nothing while nobody said that the work is over.
    pub due_on: Option<Day>,
    /// The last bank day until then, on which the order to pay goes out.
    pub order_by: Option<Day>,
    /// What is set aside for it.
    pub budget: Balance,
    /// Its calculation.
    pub salary: Option<SalaryId>,
    /// What the worker gets, once calculated.
    pub net: Option<Balance>,
    /// When it was paid.
    pub paid_on: Option<Day>,
    /// For how many days it is or was late.
    pub days_late: u32,
    /// The open invoices of the client for whom the work was done, oldest first: those of the job's
    /// order, or where it names none, those of its client in the same unit.
    pub rests_on: Vec<InvoiceId>,
}

/// What wages come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct WageTotals {
    /// Wages calculated and not paid.
    pub n_unpaid: u64,
    /// Their net sum: what account 455 holds.
    pub unpaid: Balance,
    /// Jobs that are over and have no wage yet.
    pub n_uncalculated: u64,
    /// Of both, those that are late.
    pub n_late: u64,
    /// Wages paid late.
    pub n_paid_late: u64,
    /// Wages owed that rest on a client's open invoice.
    pub n_on_open_invoice: u64,
}

/// Every wage that is owed at both times, or was paid late; how late, is said on a day, which need not
/// be the last day of the question.
///
/// Work counts from the day after its last day on. Those that nobody said a due day for come last;
/// `receivables` are those of the same times.
pub fn wages_due(
    reader: &dyn Reader,
    times: Times,
    on: Day,
    receivables: &[Receivable],
) -> Result<Vec<WageDue>, ReadError> {
    let mut jobs = jobs(reader, times)?;
    let open = OpenInvoices::of(receivables);
    let mut found = Vec::new();
    for wage in wages(reader, times)? {
        let job = jobs.remove(&wage.work);
        let late_on = wage.paid_on.unwrap_or(on);
        let days_late = u32::try_from(late_on.number() - wage.due_on.number()).unwrap_or(0);
        if wage.paid_on.is_some() && days_late == 0 {
            continue;
        }
        let ended = job.as_ref().and_then(|job| job.ended);
        found.push(WageDue {
            unit: wage.unit,
            worker: wage.worker,
            work: wage.work.to_domain(),
            last_day: job.as_ref().and_then(|job| job.last_day),
            position: ended.map_or(wage.position, |(position, _)| position),
            due_on: Some(wage.due_on),
            order_by: Some(Calendar::Civil.last_working_day_until(wage.due_on)),
            budget: wage.budget,
            salary: Some(wage.salary),
            net: Some(wage.net),
            paid_on: wage.paid_on,
            days_late,
            rests_on: job.map_or(Vec::new(), |job| open.behind(wage.unit, &job)),
        });
    }
    for (work, job) in jobs {
        let Some(worker) = job.worker.filter(|_| job.uncalculated > 0) else { continue };
        if job.last_day.is_none_or(|last_day| last_day >= on) {
            continue;
        }
        let due_on = job.ended.map(|(_, due_on)| due_on);
        let days_late = due_on.map_or(0, |due_on| u32::try_from(on.number() - due_on.number()).unwrap_or(0));
        found.push(WageDue {
            unit: job.unit,
            worker,
            work: work.to_domain(),
            last_day: job.last_day,
            position: job.ended.map_or(job.declared_at, |(position, _)| position),
            due_on,
            order_by: due_on.map(|due_on| Calendar::Civil.last_working_day_until(due_on)),
            budget: job.budget,
            salary: None,
            net: None,
            paid_on: None,
            days_late,
            rests_on: open.behind(job.unit, &job),
        });
    }
    found.sort_by_key(|wage| (wage.due_on.is_none(), wage.due_on, wage.position));
    Ok(found)
}

/// What wages come to.
pub fn totals(wages: &[WageDue]) -> WageTotals {
    let mut totals = WageTotals::default();
    for wage in wages {
        if wage.paid_on.is_some() {
            totals.n_paid_late += 1;
            continue;
        }
        match wage.net {
            Some(net) => {
                totals.n_unpaid += 1;
                totals.unpaid = totals.unpaid + net;
            }
            None => totals.n_uncalculated += 1,
        }
        totals.n_late += u64::from(wage.days_late > 0);
        totals.n_on_open_invoice += u64::from(!wage.rests_on.is_empty());
    }
    totals
}

/// What work is known by: a job by its contract, a month by its employment and first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct WorkKey {
    id: uuid::Uuid,
    month: Option<Day>,
}

impl WorkKey {
    fn read(row: &mut Row<'_>) -> Result<Self, ReadError> {
        let id = row.id()?;
        let month = row.parsed_integer("a month", |number| match number {
            0 => Some(None),
            number => day_of(number * 100 + 1).map(Some),
        })?;
        Ok(Self { id, month })
    }

    fn to_domain(self) -> Work {
        match self.month {
            None => Work::Contract(ContractId::new(self.id)),
            Some(first_day) => {
                Work::Month { employment: EmploymentId::new(self.id), month: first_day.month() }
            }
        }
    }
}

/// A calculated wage.
struct WageRow {
    position: Position,
    salary: SalaryId,
    unit: UnitId,
    work: WorkKey,
    worker: PersonId,
    budget: Balance,
    net: Balance,
    due_on: Day,
    paid_on: Option<Day>,
}

/// Salaries that may be unpaid or paid late: `?1` is the last day, `?2` the last position.
const UNPAID_OR_LATE: &str = "SELECT salary
     FROM wage_lines
     WHERE effective_on <= ?1 AND position <= ?2
     GROUP BY salary
     HAVING SUM(unpaid) > 0 OR MAX(days_late) > 0";

/// Events that were taken back.
const VOIDED: &str = "SELECT voids
     FROM wage_lines
     WHERE voids IS NOT NULL AND effective_on <= ?1 AND position <= ?2";

fn wages(reader: &dyn Reader, times: Times) -> Result<Vec<WageRow>, ReadError> {
    let found = reader.query(
        &format!(
            "SELECT calculated.position, calculated.salary, calculated.unit, calculated.work, calculated.month,
                    calculated.worker, calculated.budget, calculated.net, calculated.due_on,
                    (SELECT MAX(paid.effective_on)
                     FROM wage_lines AS paid
                     WHERE paid.salary = calculated.salary AND paid.step = 'paid' AND paid.unpaid < 0
                       AND paid.effective_on <= ?1 AND paid.position <= ?2 AND paid.position NOT IN ({VOIDED}))
             FROM wage_lines AS calculated
             WHERE calculated.salary IN ({UNPAID_OR_LATE})
               AND calculated.step = 'calculated' AND calculated.unpaid > 0
               AND calculated.effective_on <= ?1 AND calculated.position <= ?2
               AND calculated.position NOT IN ({VOIDED})
             ORDER BY calculated.position"
        ),
        &[times.day(), times.position()],
    )?;
    let wage = |cells: &Vec<Cell>| {
        let mut row = Row::new(cells);
        Ok(WageRow {
            position: row.position()?,
            salary: SalaryId::new(row.id()?),
            unit: row.unit()?,
            work: WorkKey::read(&mut row)?,
            worker: row.person()?,
            budget: row.balance()?,
            net: row.balance()?,
            due_on: row.day()?,
            paid_on: row.optional_day()?,
        })
    };
    found.iter().map(wage).collect()
}

/// A job or month, folded of its steps.
struct Job {
    unit: UnitId,
    declared_at: Position,
    worker: Option<PersonId>,
    client: Option<ClientId>,
    order: Option<OrderId>,
    last_day: Option<Day>,
    budget: Balance,
    /// Where it was said that the work is over, and the day by which its wage must then be paid.
    ended: Option<(Position, Day)>,
    uncalculated: i64,
}

/// Jobs and months without a wage, and those of the wages above.
fn jobs(reader: &dyn Reader, times: Times) -> Result<BTreeMap<WorkKey, Job>, ReadError> {
    let found = reader.query(
        &format!(
            "SELECT work, month, position, unit, step, worker, client, order_id, last_day, due_on, budget,
                    uncalculated, voids
             FROM wage_jobs
             WHERE effective_on <= ?1 AND position <= ?2
               AND (work, month) IN (SELECT work, month
                                     FROM wage_jobs
                                     WHERE effective_on <= ?1 AND position <= ?2
                                     GROUP BY work, month
                                     HAVING SUM(uncalculated) > 0
                                     UNION
                                     SELECT work, month
                                     FROM wage_lines
                                     WHERE step = 'calculated' AND salary IN ({UNPAID_OR_LATE}))
             ORDER BY position, line"
        ),
        &[times.day(), times.position()],
    )?;
    let mut voided = BTreeSet::new();
    for cells in &found {
        voided.extend(Row::new(&cells[12..]).optional_position()?);
    }
    let mut jobs = BTreeMap::<WorkKey, Job>::new();
    for cells in &found {
        let mut row = Row::new(cells);
        let (work, position, unit) = (WorkKey::read(&mut row)?, row.position()?, row.unit()?);
        let (step, worker) = (row.text()?, row.optional_person()?);
        let (client, order) = (row.optional_id()?.map(ClientId::new), row.optional_id()?.map(OrderId::new));
        let (last_day, due_on, budget) = (row.optional_day()?, row.optional_day()?, row.balance()?);
        let (uncalculated, voids) = (row.integer()?, row.optional_position()?);
        let nothing = Job {
            unit,
            declared_at: position,
            worker: None,
            client: None,
            order: None,
            last_day: None,
            budget: Balance::ZERO,
            ended: None,
            uncalculated: 0,
        };
        let job = jobs.entry(work).or_insert(nothing);
        job.uncalculated += uncalculated;
        if voids.is_some() || voided.contains(&position) {
            continue;
        }
        match step {
            "declared" => {
                (job.worker, job.client, job.order) = (worker, client, order);
                (job.declared_at, job.last_day, job.budget) = (position, last_day, budget);
            }
            "amended" => (job.declared_at, job.last_day, job.budget) = (position, last_day, budget),
            "ended" => job.ended = due_on.map(|due_on| (position, due_on)),
            _ => {}
        }
    }
    Ok(jobs)
}

/// Open invoices, by the order that they answer and by client, oldest first.
struct OpenInvoices {
    of_orders: BTreeMap<(UnitId, OrderId), Vec<InvoiceId>>,
    of_clients: BTreeMap<(UnitId, ClientId), Vec<InvoiceId>>,
}

impl OpenInvoices {
    fn of(receivables: &[Receivable]) -> Self {
        let mut open = Self { of_orders: BTreeMap::new(), of_clients: BTreeMap::new() };
        for receivable in receivables.iter().filter(|receivable| receivable.open > Balance::ZERO) {
            let Receivable { invoice, unit, client, order, .. } = receivable;
            if let Some(order) = order {
                open.of_orders.entry((*unit, *order)).or_default().push(*invoice);
            }
            open.of_clients.entry((*unit, *client)).or_default().push(*invoice);
        }
        open
    }

    fn behind(&self, unit: UnitId, job: &Job) -> Vec<InvoiceId> {
        let found = match (job.order, job.client) {
            (Some(order), _) => self.of_orders.get(&(unit, order)),
            (None, Some(client)) => self.of_clients.get(&(unit, client)),
            (None, None) => None,
        };
        found.cloned().unwrap_or_default()
    }
}
