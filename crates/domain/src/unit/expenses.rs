//! Expenses: claimed by a holder, approved against the budget, paid to the member or the supplier.
//!
//! A claim is dated in the year it is booked in or, until the deadline in January, in the year
//! before. The budget bears the net cost and the VAT that cannot be recovered.
//! Source: DOMAIN C1 (expenses), F2 (expense.approved).

use super::budget::require_available;
use super::event::{ExpenseKind, Payee, UnitEvent};
use super::{Expense, ExpenseStage, Unit, UnitRefusal, document_total, relied_upon, unknown, wrong_state};
use crate::correction::CorrectionRefused;
use crate::dates::Day;
use crate::evidence::Evidence;
use crate::ids::{ExpenseId, PersonId};
use crate::money::{Amount, Balance};
use crate::parameters::Parameter;
use crate::stream::Facts;
use crate::text::ReasonCode;

/// What is claimed.
pub(super) struct Claim {
    pub(super) holder: PersonId,
    pub(super) kind: ExpenseKind,
    pub(super) payee: Payee,
    pub(super) incurred_on: Day,
    pub(super) net: Amount,
    pub(super) vat: Balance,
    pub(super) vat_recoverable: Balance,
    pub(super) evidence: Evidence,
}

impl Unit {
    pub(super) fn claim_expense(
        &self,
        expense: ExpenseId,
        claim: &Claim,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        self.require_holder(claim.holder)?;
        let (recoverable, vat) = (claim.vat_recoverable, claim.vat);
        if vat.is_negative() || recoverable.is_negative() || recoverable > vat {
            return Err(UnitRefusal::BadRecoverableVat { recoverable, vat });
        }
        document_total(claim.net.balance() + vat)?;
        let (incurred_on, effective_on) = (claim.incurred_on, facts.effective_on);
        let day = facts.parameters.count(Parameter::ExpenseDeadlineDay, effective_on)?;
        let next_year = i32::from(incurred_on.year().next().number());
        // The last year of all has no January after it.
        let deadline = Day::try_new(next_year, 1, day.clamp(1, 31)).unwrap_or(incurred_on.year().last_day());
        if effective_on < incurred_on || effective_on > deadline {
            return Err(UnitRefusal::ExpenseOutOfTime { incurred_on, effective_on, deadline });
        }
        Ok(UnitEvent::ExpenseClaimed {
            expense,
            holder: claim.holder,
            kind: claim.kind,
            payee: claim.payee,
            incurred_on,
            net: claim.net,
            vat,
            vat_recoverable: recoverable,
            evidence: claim.evidence,
        })
    }

    pub(super) fn approve_expense(
        &self,
        id: ExpenseId,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let expense = self.expense_at(id, ExpenseStage::Claimed)?;
        let owed = expense.net.balance() + expense.vat;
        let cost = owed - expense.vat_recoverable;
        require_available(cost, facts)?;
        let above_zero = |balance| Amount::try_from(balance).expect("an expense has a net amount");
        Ok(UnitEvent::ExpenseApproved {
            expense: id,
            holder: expense.holder,
            kind: expense.kind,
            payee: expense.payee,
            cost: above_zero(cost),
            vat_recoverable: expense.vat_recoverable,
            owed: above_zero(owed),
            evidence: expense.evidence,
        })
    }

    pub(super) fn refuse_expense(&self, id: ExpenseId, reason: ReasonCode) -> Result<UnitEvent, UnitRefusal> {
        self.expense_at(id, ExpenseStage::Claimed)?;
        Ok(UnitEvent::ExpenseRefused { expense: id, reason })
    }

    pub(super) fn pay_expense(&self, id: ExpenseId, evidence: Evidence) -> Result<UnitEvent, UnitRefusal> {
        let expense = self.expense_at(id, ExpenseStage::Approved)?;
        let amount = Amount::try_from(expense.net.balance() + expense.vat);
        Ok(UnitEvent::ExpensePaid {
            expense: id,
            holder: expense.holder,
            payee: expense.payee,
            amount: amount.expect("an expense has a net amount"),
            evidence,
        })
    }

    fn expense_at(&self, id: ExpenseId, stage: ExpenseStage) -> Result<&Expense, UnitRefusal> {
        let expense = self.expenses.get(&id).ok_or_else(|| unknown("expense", id))?;
        if expense.stage != stage {
            return Err(wrong_state("expense", id, expense.stage.word(), stage.word()));
        }
        Ok(expense)
    }

    pub(super) fn evolve_expenses(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::ExpenseClaimed {
                expense,
                holder,
                kind,
                payee,
                net,
                vat,
                vat_recoverable,
                evidence,
                ..
            } => {
                self.expenses.insert(
                    *expense,
                    Expense {
                        holder: *holder,
                        kind: *kind,
                        payee: *payee,
                        net: *net,
                        vat: *vat,
                        vat_recoverable: *vat_recoverable,
                        evidence: *evidence,
                        stage: ExpenseStage::Claimed,
                    },
                );
            }
            UnitEvent::ExpenseApproved { expense, .. } => self.set_stage(*expense, ExpenseStage::Approved),
            UnitEvent::ExpenseRefused { expense, .. } => self.set_stage(*expense, ExpenseStage::Refused),
            UnitEvent::ExpensePaid { expense, .. } => self.set_stage(*expense, ExpenseStage::Paid),
            _ => unreachable!("only events of expenses come here"),
        }
    }

    fn set_stage(&mut self, expense: ExpenseId, stage: ExpenseStage) {
        self.expenses.get_mut(&expense).expect("events name expenses that were claimed").stage = stage;
    }

    pub(super) fn void_expenses(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        let (expense, stage, before) = match original {
            UnitEvent::ExpenseClaimed { expense, .. } => (expense, ExpenseStage::Claimed, None),
            UnitEvent::ExpenseApproved { expense, .. } => {
                (expense, ExpenseStage::Approved, Some(ExpenseStage::Claimed))
            }
            UnitEvent::ExpenseRefused { expense, .. } => {
                (expense, ExpenseStage::Refused, Some(ExpenseStage::Claimed))
            }
            UnitEvent::ExpensePaid { expense, .. } => {
                (expense, ExpenseStage::Paid, Some(ExpenseStage::Approved))
            }
            _ => unreachable!("only events of expenses come here"),
        };
        if self.expenses.get(expense).map(|found| found.stage) != Some(stage) {
            return Err(relied_upon(original, "the expense moved on since"));
        }
        match before {
            Some(before) => self.set_stage(*expense, before),
            None => {
                self.expenses.remove(expense);
            }
        }
        Ok(())
    }
}

impl ExpenseStage {
    const fn word(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Paid => "paid",
        }
    }
}
