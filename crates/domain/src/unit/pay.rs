//! Wages: calculated from a job's reserved budget, and paid.
//!
//! A wage consumes the whole budget reserved for its job: what it costs goes to the general ledger,
//! the rest is the margin that bears holiday pay, insurance and the employment risk. A worker may
//! ask for more withholding tax than the minimum, never for less.
//! Source: DOMAIN C2 (salary.calculated), E26, E27, F2.

use super::event::{UnitEvent, Work};
use super::work::wage_due_on;
use super::{Holiday, JobStage, Salary, Unit, UnitRefusal, relied_upon, unknown, wrong_state};
use crate::correction::CorrectionRefused;
use crate::evidence::Evidence;
use crate::ids::SalaryId;
use crate::money::{Balance, Rate};
use crate::payroll::{Rates, Wage};
use crate::stream::Facts;
use rust_decimal::Decimal;

impl Unit {
    pub(super) fn calculate_salary(
        &self,
        salary: SalaryId,
        work: Work,
        (work_bonus, withholding_rate): (Balance, Option<Rate>),
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let (what, id) = match work {
            Work::Contract(contract) => ("contract", contract.to_string()),
            Work::Month { month, .. } => ("month", month.to_string()),
        };
        let job = self.jobs.get(&work).ok_or_else(|| unknown(what, &id))?;
        match job.stage {
            JobStage::Declared | JobStage::Ended => {}
            JobStage::Cancelled | JobStage::Calculated => {
                return Err(wrong_state(what, id, job.stage.word(), "declared or ended"));
            }
        }
        let Some(employment) = job.employment else {
            return Err(wrong_state(what, id, "without employment contract", "under one"));
        };
        self.require_dimona(employment)?;
        let (last_day, effective_on) = (job.last_day, facts.effective_on);
        if effective_on < last_day {
            return Err(UnitRefusal::WorkNotOver { last_day, effective_on });
        }
        if work_bonus.is_negative() {
            return Err(UnitRefusal::NegativeWorkBonus { found: work_bonus });
        }
        let mut rates = Rates::on(&facts.parameters, job.kind, last_day)?;
        if let Some(asked) = withholding_rate {
            let minimum = rates.withholding;
            if asked < minimum {
                return Err(UnitRefusal::WithholdingTooLow { asked, minimum });
            }
            // More than all of it leaves no more than all of it does, and cannot overflow.
            rates.withholding = asked.min(Rate::new(Decimal::ONE));
        }
        let wage = Wage::calculate(job.gross, &rates, work_bonus)?;
        if wage.cost > job.budget {
            return Err(UnitRefusal::CostOverReserved { cost: wage.cost, budget: job.budget });
        }
        Ok(UnitEvent::SalaryCalculated {
            salary,
            work,
            worker: job.worker,
            kind: job.kind,
            wage,
            withholding_rate: rates.withholding,
            work_bonus,
            budget: job.budget,
            margin: job.budget.balance() - wage.cost.balance(),
            due_on: wage_due_on(last_day, facts)?,
            evidence,
        })
    }

    pub(super) fn pay_salary(&self, id: SalaryId, evidence: Evidence) -> Result<UnitEvent, UnitRefusal> {
        let salary = self.salaries.get(&id).ok_or_else(|| unknown("salary", id))?;
        if salary.paid {
            return Err(wrong_state("salary", id, "paid", "calculated"));
        }
        Ok(UnitEvent::SalaryPaid {
            salary: id,
            worker: salary.worker,
            net: salary.net,
            due_on: salary.due_on,
            evidence,
        })
    }

    pub(super) fn evolve_pay(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::SalaryCalculated { salary, work, worker, kind, wage, due_on, .. } => {
                let job = self.jobs.get_mut(work).expect("events name jobs that were declared");
                let stage_before = std::mem::replace(&mut job.stage, JobStage::Calculated);
                let due = Salary {
                    worker: *worker,
                    work: *work,
                    kind: *kind,
                    gross: wage.gross,
                    net: wage.net,
                    due_on: *due_on,
                    paid: false,
                    holiday: Holiday::NotAccrued,
                    stage_before,
                };
                self.salaries.insert(*salary, due);
            }
            UnitEvent::SalaryPaid { salary, .. } => {
                self.salaries.get_mut(salary).expect("events name salaries that were calculated").paid = true;
            }
            _ => unreachable!("only events of pay come here"),
        }
    }

    pub(super) fn void_pay(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        let gone = || relied_upon(original, "the salary was paid, earned holiday pay or was corrected since");
        match original {
            UnitEvent::SalaryCalculated { salary, work, .. } => {
                let untouched = |found: &Salary| !found.paid && found.holiday == Holiday::NotAccrued;
                let void = self.salaries.remove(salary).filter(untouched).ok_or_else(gone)?;
                self.jobs.get_mut(work).ok_or_else(gone)?.stage = void.stage_before;
                Ok(())
            }
            UnitEvent::SalaryPaid { salary, .. } => {
                let found = self.salaries.get_mut(salary).filter(|found| found.paid).ok_or_else(gone)?;
                found.paid = false;
                Ok(())
            }
            _ => unreachable!("only events of pay come here"),
        }
    }
}
