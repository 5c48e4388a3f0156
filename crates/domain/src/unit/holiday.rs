//! Holiday pay of employees: owed with each wage, paid when the work is over.
//!
//! Whoever works as an employee earns holiday pay with every wage; the margin bears it. It is paid when
//! no employment is in force any more, less what social security and the tax office take, which the
//! payroll office calculates. Artists have theirs from the holiday fund, and the wage bears it already.
//! Left out: holiday taken under an employment that goes on, and the contributions of the employer.
//! Source: KB 30-03-1967 art. 46 (pay on leaving) \[R\]; DOMAIN C1 (15.34 %), F2 (holiday pay).

use super::event::UnitEvent;
use super::{Holiday, Unit, UnitRefusal, relied_upon, unknown, wrong_state};
use crate::correction::CorrectionRefused;
use crate::evidence::Evidence;
use crate::ids::{PersonId, SalaryId};
use crate::money::{Amount, Balance, Rounding};
use crate::parameters::Parameter;
use crate::payroll::WorkerKind;
use crate::stream::Facts;

impl Unit {
    pub(super) fn accrue_holiday_pay(
        &self,
        id: SalaryId,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let salary = self.salaries.get(&id).ok_or_else(|| unknown("salary", id))?;
        if salary.kind == WorkerKind::Artist {
            return Err(wrong_state("salary", id, "an artist's", "an employee's"));
        }
        if salary.holiday != Holiday::NotAccrued {
            return Err(wrong_state("salary", id, "with holiday pay", "without it"));
        }
        let rate = facts.parameters.rate(Parameter::HolidayEmployeeRate, facts.effective_on)?;
        let (gross, owed) = (salary.gross, salary.gross.times(rate, Rounding::HalfUp));
        let Ok(amount) = Amount::try_from(owed) else {
            return Err(UnitRefusal::NoHolidayPay { worker: salary.worker });
        };
        Ok(UnitEvent::HolidayPayAccrued { salary: id, worker: salary.worker, gross, rate, amount, evidence })
    }

    pub(super) fn pay_holiday_pay(
        &self,
        worker: PersonId,
        (employee, tax): (Balance, Balance),
        evidence: Evidence,
    ) -> Result<UnitEvent, UnitRefusal> {
        let mut in_force = self.employments.iter().filter(|(_, found)| found.worker == worker);
        if let Some((employment, _)) = in_force.find(|(_, found)| found.job.is_none() && !found.ended) {
            return Err(wrong_state("employment", employment, "in force", "ended"));
        }
        let (mut salaries, mut owed) = (Vec::new(), Balance::ZERO);
        for (id, salary) in &self.salaries {
            if let (true, Holiday::Owed(amount)) = (salary.worker == worker, salary.holiday) {
                salaries.push(*id);
                owed = owed + amount.balance();
            }
        }
        let accrued = Amount::try_from(owed).map_err(|_| UnitRefusal::NoHolidayPay { worker })?;
        let net = Amount::try_from(owed - employee - tax).ok();
        let Some(net) = net.filter(|_| !employee.is_negative() && !tax.is_negative()) else {
            return Err(UnitRefusal::HolidayDeductions { accrued, employee, tax });
        };
        Ok(UnitEvent::HolidayPayPaid { worker, salaries, accrued, employee, tax, net, evidence })
    }

    pub(super) fn evolve_holiday(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::HolidayPayAccrued { salary, amount, .. } => {
                self.set_holiday(*salary, |_| Holiday::Owed(*amount));
            }
            UnitEvent::HolidayPayPaid { salaries, .. } => {
                for salary in salaries {
                    self.set_holiday(*salary, |found| match found {
                        Holiday::Owed(amount) => Holiday::Paid(amount),
                        other => other,
                    });
                }
            }
            _ => unreachable!("only events of holiday pay come here"),
        }
    }

    fn set_holiday(&mut self, salary: SalaryId, change: impl FnOnce(Holiday) -> Holiday) {
        let salary = self.salaries.get_mut(&salary).expect("events name salaries that were calculated");
        salary.holiday = change(salary.holiday);
    }

    pub(super) fn void_holiday(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        match original {
            UnitEvent::HolidayPayAccrued { salary, .. } => {
                if !matches!(self.salaries.get(salary).map(|found| found.holiday), Some(Holiday::Owed(_))) {
                    return Err(relied_upon(original, "it was paid since"));
                }
                self.set_holiday(*salary, |_| Holiday::NotAccrued);
                Ok(())
            }
            UnitEvent::HolidayPayPaid { salaries, .. } => {
                for salary in salaries {
                    self.set_holiday(*salary, |found| match found {
                        Holiday::Paid(amount) => Holiday::Owed(amount),
                        other => other,
                    });
                }
                Ok(())
            }
            _ => unreachable!("only events of holiday pay come here"),
        }
    }
}
