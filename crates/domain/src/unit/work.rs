//! Orders, jobs and employments: budget is reserved before work is done.
//!
//! A job is declared with its days and its budget; the budget moves from available to reserved, and
//! must buy at least the minimum wage for the hours. An employment contract is concluded for a job,
//! or open-ended with days declared by month.
//! Source: DOMAIN C1, E22, E23, E25; Act 03-07-1978 (employment contracts).

use super::event::{Term, UnitEvent, Work, WorkDay};
use super::{
    Employment, Job, JobStage, Order, Unit, UnitCommand, UnitRefusal, relied_upon, unknown, wrong_state,
};
use crate::calendar::Calendar;
use crate::correction::CorrectionRefused;
use crate::dates::{Day, Hours, Month};
use crate::fitness::Fit;
use crate::ids::{ClientId, ContractId, EmploymentId, OrderId, PersonId};
use crate::money::{Amount, Rate};
use crate::parameters::Parameter;
use crate::payroll::{WorkerKind, gross_of_budget, minimum_gross};
use crate::stream::Facts;
use crate::text::{ReasonCode, RiskCode};

/// Hours on one day come in quarters of an hour.
const DAY_HOURS_MIN_HUNDREDTHS: u32 = 25;

/// Who declares a job, and who does it under which rules.
pub(super) struct Who {
    pub(super) holder: PersonId,
    pub(super) worker: PersonId,
    pub(super) kind: WorkerKind,
    pub(super) risk: Option<RiskCode>,
}

/// A budget with the gross wage it buys, checked against the minimum.
struct Rated {
    hours: Hours,
    coefficient: Rate,
    gross: Amount,
    minimum: Amount,
}

impl Unit {
    pub(super) fn cancel_order(&self, order: OrderId, reason: ReasonCode) -> Result<UnitEvent, UnitRefusal> {
        self.require_open_order(order)?;
        Ok(UnitEvent::OrderCancelled { order, reason })
    }

    pub(super) fn require_open_order(&self, order: OrderId) -> Result<(), UnitRefusal> {
        match self.orders.get(&order) {
            None => Err(unknown("order", order)),
            Some(found) if found.stands => Ok(()),
            Some(_) => Err(wrong_state("order", order, "cancelled", "confirmed")),
        }
    }

    pub(super) fn declare_contract(
        &self,
        contract: ContractId,
        who: Who,
        (order, client): (Option<OrderId>, Option<ClientId>),
        days: &[WorkDay],
        budget: Amount,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        self.require_holder(who.holder)?;
        if let Some(order) = order {
            self.require_open_order(order)?;
        }
        require_share_duty(facts)?;
        let rated = rate(days, budget, facts)?;
        require_fit(who.worker, who.risk, days, facts)?;
        self.require_budget(budget.balance(), facts)?;
        Ok(UnitEvent::ContractDeclared {
            contract,
            holder: who.holder,
            worker: who.worker,
            kind: who.kind,
            order,
            client,
            risk: who.risk,
            days: days.to_vec(),
            hours: rated.hours,
            budget,
            coefficient: rated.coefficient,
            gross: rated.gross,
            minimum_gross: rated.minimum,
        })
    }

    pub(super) fn amend_contract(
        &self,
        contract: ContractId,
        days: &[WorkDay],
        budget: Amount,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let job = self.job_at(contract, &[JobStage::Declared], "declared")?;
        let rated = rate(days, budget, facts)?;
        require_fit(job.worker, job.risk, days, facts)?;
        self.require_budget(budget.balance() - job.budget.balance(), facts)?;
        Ok(UnitEvent::ContractAmended {
            contract,
            worker: job.worker,
            employment: job.employment,
            days_before: job.n_days,
            hours_before: job.hours,
            budget_before: job.budget,
            days: days.to_vec(),
            hours: rated.hours,
            budget,
            coefficient: rated.coefficient,
            gross: rated.gross,
            minimum_gross: rated.minimum,
        })
    }

    pub(super) fn cancel_contract(
        &self,
        contract: ContractId,
        reason: ReasonCode,
    ) -> Result<UnitEvent, UnitRefusal> {
        let job = self.job_at(contract, &[JobStage::Declared], "declared")?;
        if job.employment.is_some() {
            let found = "under an employment contract";
            return Err(wrong_state("contract", contract, found, "without one; amend it instead"));
        }
        Ok(UnitEvent::ContractCancelled { contract, budget: job.budget, reason })
    }

    pub(super) fn end_contract(
        &self,
        contract: ContractId,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let job = self.job_at(contract, &[JobStage::Declared], "declared")?;
        let (last_day, effective_on) = (job.last_day, facts.effective_on);
        if effective_on < last_day {
            return Err(UnitRefusal::WorkNotOver { last_day, effective_on });
        }
        let wage_due_on = wage_due_on(last_day, facts)?;
        Ok(UnitEvent::ContractEnded { contract, worker: job.worker, last_day, wage_due_on })
    }

    pub(super) fn conclude_employment(
        &self,
        employment: EmploymentId,
        contract: ContractId,
    ) -> Result<UnitEvent, UnitRefusal> {
        let job = self.job_at(contract, &[JobStage::Declared], "declared")?;
        if job.employment.is_some() {
            let found = "under an employment contract";
            return Err(wrong_state("contract", contract, found, "without one"));
        }
        Ok(UnitEvent::EmploymentConcluded {
            employment,
            worker: job.worker,
            kind: job.kind,
            term: Term::FixedTerm { contract, from: job.first_day, to: job.last_day },
            n_days: job.n_days,
            hours: job.hours,
        })
    }

    pub(super) fn end_employment(
        &self,
        employment: EmploymentId,
        reason: ReasonCode,
    ) -> Result<UnitEvent, UnitRefusal> {
        let found = self.open_ended(employment)?;
        Ok(UnitEvent::EmploymentEnded { employment, worker: found.worker, reason })
    }

    pub(super) fn declare_work_days(
        &self,
        (employment, month): (EmploymentId, Month),
        (holder, risk): (PersonId, Option<RiskCode>),
        days: &[WorkDay],
        budget: Amount,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        self.require_holder(holder)?;
        let found = self.open_ended(employment)?;
        if self.jobs.contains_key(&(Work::Month { employment, month })) {
            return Err(wrong_state("month", month, "declared", "not yet declared"));
        }
        self.require_dimona(employment)?;
        require_share_duty(facts)?;
        let rated = rate(days, budget, facts)?;
        if let Some(day) = days.iter().map(|day| day.on).find(|day| day.month() != month) {
            return Err(UnitRefusal::BadDay { day, problem: "not in the month declared" });
        }
        if let Some(day) = days.iter().map(|day| day.on).find(|day| *day < found.from) {
            return Err(UnitRefusal::BadDay { day, problem: "before the employment begins" });
        }
        require_fit(found.worker, risk, days, facts)?;
        self.require_budget(budget.balance(), facts)?;
        Ok(UnitEvent::WorkDaysDeclared {
            employment,
            holder,
            worker: found.worker,
            kind: found.kind,
            month,
            risk,
            days: days.to_vec(),
            hours: rated.hours,
            budget,
            coefficient: rated.coefficient,
            gross: rated.gross,
            minimum_gross: rated.minimum,
        })
    }

    /// The risk that the work of a command bears, and who does it; none when it bears none.
    pub fn risk_of(&self, command: &UnitCommand) -> Option<(PersonId, RiskCode)> {
        match command {
            UnitCommand::DeclareContract { worker, risk, .. } => Some((*worker, (*risk)?)),
            UnitCommand::AmendContract { contract, .. } => {
                let job = self.jobs.get(&Work::Contract(*contract))?;
                Some((job.worker, job.risk?))
            }
            UnitCommand::DeclareWorkDays { employment, risk, .. } => {
                Some((self.employments.get(employment)?.worker, (*risk)?))
            }
            UnitCommand::Correct(correct) => self.risk_of(correct.replacement.as_deref()?),
            _ => None,
        }
    }

    fn open_ended(&self, employment: EmploymentId) -> Result<&Employment, UnitRefusal> {
        let found = self.employments.get(&employment).ok_or_else(|| unknown("employment", employment))?;
        if found.job.is_some() {
            return Err(wrong_state("employment", employment, "fixed-term", "open-ended"));
        }
        if found.ended {
            return Err(wrong_state("employment", employment, "ended", "in force"));
        }
        Ok(found)
    }

    fn job_at(
        &self,
        contract: ContractId,
        stages: &[JobStage],
        expected: &'static str,
    ) -> Result<&Job, UnitRefusal> {
        let job = self.jobs.get(&Work::Contract(contract)).ok_or_else(|| unknown("contract", contract))?;
        if !stages.contains(&job.stage) {
            return Err(wrong_state("contract", contract, job.stage.word(), expected));
        }
        Ok(job)
    }

    pub(super) fn evolve_work(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::OrderConfirmed { order, .. } => {
                self.orders.insert(*order, Order { stands: true, answered: 0 });
            }
            UnitEvent::OrderCancelled { order, .. } => self.edit_order(*order, |order| order.stands = false),
            UnitEvent::ContractDeclared {
                contract,
                worker,
                kind,
                order,
                risk,
                days,
                hours,
                budget,
                gross,
                ..
            } => {
                self.answer_order(*order);
                let job = job((*worker, *kind, *risk), days, *hours, *budget, *gross, None);
                self.jobs.insert(Work::Contract(*contract), job);
            }
            UnitEvent::ContractAmended { contract, days, hours, budget, gross, .. } => {
                self.edit_job(*contract, |old| {
                    let who = (old.worker, old.kind, old.risk);
                    *old = job(who, days, *hours, *budget, *gross, old.employment);
                });
            }
            UnitEvent::ContractCancelled { contract, .. } => {
                self.edit_job(*contract, |job| job.stage = JobStage::Cancelled);
            }
            UnitEvent::ContractEnded { contract, .. } => {
                self.edit_job(*contract, |job| job.stage = JobStage::Ended);
            }
            UnitEvent::EmploymentConcluded { employment, worker, kind, term, .. } => {
                let (job, from) = match term {
                    Term::FixedTerm { contract, from, .. } => (Some(*contract), *from),
                    Term::OpenEnded { from } => (None, *from),
                };
                let (ended, declarations) = (false, Vec::new());
                let concluded = Employment { worker: *worker, kind: *kind, job, from, ended, declarations };
                self.employments.insert(*employment, concluded);
                if let Some(contract) = job {
                    self.edit_job(contract, |job| job.employment = Some(*employment));
                }
            }
            UnitEvent::EmploymentEnded { employment, .. } => {
                if let Some(found) = self.employments.get_mut(employment) {
                    found.ended = true;
                }
            }
            UnitEvent::WorkDaysDeclared {
                employment,
                worker,
                kind,
                month,
                risk,
                days,
                hours,
                budget,
                gross,
                ..
            } => {
                let who = (*worker, *kind, *risk);
                let job = job(who, days, *hours, *budget, *gross, Some(*employment));
                self.jobs.insert(Work::Month { employment: *employment, month: *month }, job);
            }
            _ => unreachable!("only events of work come here"),
        }
    }

    /// Notes that a job or an invoice answers an order.
    pub(super) fn answer_order(&mut self, order: Option<OrderId>) {
        if let Some(order) = order {
            self.edit_order(order, |order| order.answered += 1);
        }
    }

    fn edit_order(&mut self, order: OrderId, edit: impl FnOnce(&mut Order)) {
        edit(self.orders.get_mut(&order).expect("events name orders that were confirmed"));
    }

    fn edit_job(&mut self, contract: ContractId, edit: impl FnOnce(&mut Job)) {
        let job = self.jobs.get_mut(&Work::Contract(contract));
        edit(job.expect("events name jobs that were declared"));
    }

    pub(super) fn void_work(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        let moved_on = || relied_upon(original, "later events of the same job or employment rest upon it");
        match original {
            UnitEvent::OrderConfirmed { order, .. } => {
                let untouched = |found: &Order| found.stands && found.answered == 0;
                self.orders.remove(order).filter(untouched).map(drop).ok_or_else(moved_on)
            }
            UnitEvent::OrderCancelled { order, .. } => {
                self.orders.get_mut(order).ok_or_else(moved_on)?.stands = true;
                Ok(())
            }
            UnitEvent::ContractDeclared { contract, order, days, hours, budget, .. } => {
                let untouched = |job: &&Job| {
                    job.stage == JobStage::Declared
                        && job.employment.is_none()
                        && (job.n_days, job.hours, job.budget) == (count(days), *hours, *budget)
                };
                let work = Work::Contract(*contract);
                self.jobs.get(&work).filter(untouched).ok_or_else(moved_on)?;
                self.jobs.remove(&work);
                if let Some(order) = order {
                    self.edit_order(*order, |order| order.answered -= 1);
                }
                Ok(())
            }
            UnitEvent::ContractAmended { .. } => {
                Err(relied_upon(original, "amend the contract back instead"))
            }
            UnitEvent::ContractCancelled { contract, .. } | UnitEvent::ContractEnded { contract, .. } => {
                let left_at = match original {
                    UnitEvent::ContractCancelled { .. } => JobStage::Cancelled,
                    _ => JobStage::Ended,
                };
                let job = self.jobs.get_mut(&Work::Contract(*contract)).ok_or_else(moved_on)?;
                if job.stage != left_at {
                    return Err(moved_on());
                }
                job.stage = JobStage::Declared;
                Ok(())
            }
            UnitEvent::EmploymentConcluded { employment, term, n_days, hours, .. } => {
                match term {
                    Term::FixedTerm { contract, .. } => {
                        let job = self.jobs.get_mut(&Work::Contract(*contract)).ok_or_else(moved_on)?;
                        // An amendment since counted the employment's days anew.
                        if job.stage != JobStage::Declared || (job.n_days, job.hours) != (*n_days, *hours) {
                            return Err(moved_on());
                        }
                        job.employment = None;
                    }
                    Term::OpenEnded { .. } => {
                        let used = |work: &Work| matches!(work, Work::Month { employment: of, .. } if of == employment);
                        if self.jobs.keys().any(used) {
                            return Err(moved_on());
                        }
                    }
                }
                let untouched = |found: &Employment| !found.ended && found.declarations.is_empty();
                self.employments.remove(employment).filter(untouched).map(drop).ok_or_else(moved_on)
            }
            UnitEvent::EmploymentEnded { employment, .. } => {
                let found = self.employments.get_mut(employment).ok_or_else(moved_on)?;
                found.ended = false;
                Ok(())
            }
            UnitEvent::WorkDaysDeclared { employment, month, .. } => {
                let work = Work::Month { employment: *employment, month: *month };
                self.jobs.get(&work).filter(|job| job.stage == JobStage::Declared).ok_or_else(moved_on)?;
                self.jobs.remove(&work);
                Ok(())
            }
            _ => unreachable!("only events of work come here"),
        }
    }
}

/// Concludes an open-ended employment from the effective date on.
pub(super) fn conclude_open_ended(
    employment: EmploymentId,
    worker: PersonId,
    kind: WorkerKind,
    facts: &Facts<Unit>,
) -> UnitEvent {
    UnitEvent::EmploymentConcluded {
        employment,
        worker,
        kind,
        term: Term::OpenEnded { from: facts.effective_on },
        n_days: 0,
        hours: Hours::default(),
    }
}

/// The last day on which the wage for work that ended on a day is paid.
///
/// Source: Act 12-04-1965 art. 9; DOMAIN E27, F5 13.
pub(super) fn wage_due_on(last_day: Day, facts: &Facts<Unit>) -> Result<Day, UnitRefusal> {
    let days = facts.parameters.count(Parameter::WageTermDays, last_day)?;
    Ok(Calendar::Wage.nth_working_day_after(last_day, days))
}

/// Refuses a year of use that neither shares nor grace contracts cover.
fn require_share_duty(facts: &Facts<Unit>) -> Result<(), UnitRefusal> {
    let known = &facts.known;
    let needed = known.years_of_use.shares_needed_for(facts.effective_on.year(), known.shares);
    let grace = facts.parameters.count(Parameter::ShareGraceContracts, facts.effective_on)?;
    if needed > 0 && known.grace_contracts_used >= grace {
        return Err(UnitRefusal::ShareDuty { shares: known.shares, needed, grace });
    }
    Ok(())
}

/// Refuses work that bears a risk, unless the worker is fit for it on all its days.
///
/// Source: Codex on well-being at work, book I title 4; DOMAIN A4, F3. \[R\]
fn require_fit(
    worker: PersonId,
    risk: Option<RiskCode>,
    days: &[WorkDay],
    facts: &Facts<Unit>,
) -> Result<(), UnitRefusal> {
    let Some(risk) = risk else { return Ok(()) };
    let Fit { from, until } = facts.known.fit.ok_or(UnitRefusal::NotFit { worker, risk })?;
    let (first_day, last_day) = match days {
        [first, .., last] => (first.on, last.on),
        [only] => (only.on, only.on),
        [] => return Err(UnitRefusal::NoDays),
    };
    if from <= first_day && last_day <= until {
        return Ok(());
    }
    Err(UnitRefusal::NotFitLongEnough { worker, risk, from, until, first_day, last_day })
}

/// Checks the days and finds the gross wage that the budget buys for them.
fn rate(days: &[WorkDay], budget: Amount, facts: &Facts<Unit>) -> Result<Rated, UnitRefusal> {
    let (first, last) = days.first().zip(days.last()).ok_or(UnitRefusal::NoDays)?;
    let parameters = &facts.parameters;
    let max = parameters.count(Parameter::WageDayHoursMax, first.on)?;
    for pair in days.windows(2) {
        if pair[1].on <= pair[0].on {
            return Err(UnitRefusal::BadDay { day: pair[1].on, problem: "out of order or declared twice" });
        }
    }
    if last.on.month() != first.on.month() {
        return Err(UnitRefusal::BadDay { day: last.on, problem: "not in the month of the first day" });
    }
    for day in days {
        let hundredths = day.hours.hundredths();
        if hundredths > max * 100 || hundredths < DAY_HOURS_MIN_HUNDREDTHS {
            return Err(UnitRefusal::DayTooLong { day: day.on, hours: day.hours, max });
        }
    }
    let hours = days.iter().fold(Hours::default(), |sum, day| sum.plus(day.hours));
    let coefficient = parameters.rate(Parameter::WageCoefficient, facts.effective_on)?;
    let monthly = parameters.amount(Parameter::WageMonthlyMinimum, first.on)?;
    let yearly_hours = parameters.count(Parameter::WageYearlyHours, first.on)?;
    let (gross, minimum) =
        (gross_of_budget(budget, coefficient), minimum_gross(monthly, yearly_hours, hours));
    if gross < minimum {
        return Err(UnitRefusal::BelowMinimumWage { budget, gross, minimum, hours });
    }
    let above_zero = |balance| Amount::try_from(balance).expect("a minimum wage is above zero");
    Ok(Rated { hours, coefficient, gross: above_zero(gross), minimum: above_zero(minimum) })
}

fn job(
    (worker, kind, risk): (PersonId, WorkerKind, Option<RiskCode>),
    days: &[WorkDay],
    hours: Hours,
    budget: Amount,
    gross: Amount,
    employment: Option<EmploymentId>,
) -> Job {
    let (first_day, last_day) = match days {
        [first, .., last] => (first.on, last.on),
        [only] => (only.on, only.on),
        [] => unreachable!("decide refuses a declaration without days"),
    };
    let n_days = count(days);
    Job {
        worker,
        kind,
        first_day,
        last_day,
        n_days,
        hours,
        budget,
        gross,
        risk,
        employment,
        stage: JobStage::Declared,
    }
}

fn count(days: &[WorkDay]) -> u32 {
    u32::try_from(days.len()).expect("a month has at most 31 days")
}

impl JobStage {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
            Self::Calculated => "calculated",
        }
    }
}
