//! Holiday pay of employees: earned with each wage, paid when the work for a unit is over.
//!
//! Each wage of an employee is followed by what it adds, on the same day. Whoever works for a unit for
//! the last time before November is paid some weeks after the last wage; the others go on, and the year
//! ends with what they are owed. Artists have theirs from the holiday fund, with the wage.
//! What is withheld is synthetic: contributions as of a wage, and a flat tax.
//! Source: DOMAIN C1 (15.34 %), F2 (holiday pay).

use domain::Request;
use domain::payroll::gross_of_budget;
use domain::unit::UnitCommand;

use crate::acts::{Plan, Rank, amount, balance};
use crate::days::{Dx, MONTHS, Span};
use crate::draw::{at, half_up, narrow};
use crate::people::People;
use crate::planned::{HOLIDAY_PER_MYRIAD, NSSO_EMPLOYEE_PER_MYRIAD, coefficient};
use crate::work::{Form, Job, Work};

/// What a worker is paid when the work for a unit is over, in cents.
#[derive(Clone, Debug)]
pub(crate) struct HolidayPay {
    pub(crate) unit: u32,
    pub(crate) worker: u32,
    pub(crate) on: Dx,
    /// Contributions of the employee.
    pub(crate) employee: u64,
    pub(crate) tax: u64,
}

/// All holiday pay.
pub(crate) struct Holiday {
    pub(crate) payments: Vec<HolidayPay>,
}

/// Who worked for the last time before this day is paid: 1 November 2025.
const GONE_BEFORE: Dx = MONTHS[10];
/// Days from the last wage until then.
const PAID_AFTER: Dx = 24;
/// Withheld for tax, in ten-thousandths.
const TAX_PER_MYRIAD: u64 = 2_322;

impl Holiday {
    /// Finds whose work for a unit is over.
    pub(crate) fn plan(people: &People, work: &Work, span: &Span) -> Self {
        let earns = |job: &&Job| job.form == Form::FixedTerm && job.earns_holiday(people);
        let of_job = |job: &Job| (job.unit, job.worker, job.paid_on, job.holiday());
        let mut wages: Vec<_> = work.jobs.iter().filter(earns).map(of_job).collect();
        wages.sort_unstable();
        let mut payments = Vec::new();
        for of_worker in wages.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (unit, worker, last, _) = of_worker[of_worker.len() - 1];
            if last >= GONE_BEFORE || people.person(worker).open_ended {
                continue;
            }
            let owed: u64 = of_worker.iter().map(|wage| wage.3).sum();
            let employee = half_up(owed, NSSO_EMPLOYEE_PER_MYRIAD, 10_000);
            let tax = half_up(owed - employee, TAX_PER_MYRIAD, 10_000);
            payments.push(HolidayPay {
                unit,
                worker,
                on: span.bank_day_until(last + PAID_AFTER).max(last),
                employee,
                tax,
            });
        }
        Self { payments }
    }

    /// Every act, with its day and rank.
    pub(crate) fn acts(&self, people: &People, work: &Work, act: &mut impl FnMut(Dx, Rank, u32)) {
        for (index, job) in (0..).zip(&work.jobs) {
            if job.form != Form::Cancelled && job.earns_holiday(people) {
                act(job.calculated_on, Rank::AccrueHoliday, index);
            }
        }
        for (index, paid) in (0..).zip(&self.payments) {
            act(paid.on, Rank::PayHoliday, index);
        }
    }
}

impl Job {
    /// Whether its wage adds to holiday pay that the employer owes.
    pub(crate) fn earns_holiday(&self, people: &People) -> bool {
        !people.person(self.worker).artist
    }

    /// What its wage adds to it, in cents.
    pub(crate) fn holiday(&self) -> u64 {
        let gross = gross_of_budget(amount(self.budget.into()), coefficient());
        half_up(narrow(gross.cents()), HOLIDAY_PER_MYRIAD, 10_000)
    }
}

impl Plan {
    /// Holiday pay that a wage adds, or that is paid.
    pub(crate) fn holiday(&self, rank: Rank, index: u32) -> Request {
        let (unit, command) = if rank == Rank::AccrueHoliday {
            let job = self.work.job(index);
            let evidence = self.ids.evidence("statement of holiday pay", "HOL", index);
            (job.unit, UnitCommand::AccrueHolidayPay { salary: self.salary_id(index), evidence })
        } else {
            let paid = &self.holiday.payments[at(index)];
            let command = UnitCommand::PayHolidayPay {
                worker: self.person_id(paid.worker),
                employee: balance(paid.employee),
                tax: balance(paid.tax),
                evidence: self.ids.evidence("payment of holiday pay", "HPAY", index),
            };
            (paid.unit, command)
        };
        Request::Unit(self.unit_id(unit), command)
    }
}
