//! Budget beyond what a unit earned: a guarantee line, a transfer to another unit, a deficit borne.
//!
//! A guarantee line says how far the unit may go below nothing to declare work, so that work can begin
//! before anything is invoiced. It counts for work only: expenses, transfers and instalments of loans
//! are paid from what is there. A transfer gives budget to another unit; the contribution was paid when
//! it was earned. A deficit is what a unit spent and neither has, nor waits for, nor has set aside: the
//! guarantee fund bears it, since it is not charged to the person.
//! Source: DOMAIN A4 (activity budget transfer), E23, F2 (credit note: a deficit is not charged to the
//! person). Assumed, to be confirmed: that the line does not count for expenses \[R\].

use super::event::UnitEvent;
use super::{Unit, UnitKnown, UnitRefusal, document_total, relied_upon};
use crate::correction::CorrectionRefused;
use crate::evidence::Evidence;
use crate::ids::UnitId;
use crate::joint::TransferBudget;
use crate::money::Balance;
use crate::stream::Facts;
use crate::text::ReasonCode;

impl Unit {
    pub(super) fn set_guarantee_line(
        &self,
        line: Balance,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        if line.is_negative() {
            return Err(UnitRefusal::NegativeGuaranteeLine { asked: line });
        }
        let used = -facts.known.available;
        if line < used {
            return Err(UnitRefusal::GuaranteeLineInUse { asked: line, used });
        }
        Ok(UnitEvent::GuaranteeLineSet { before: self.guarantee_line, line, evidence })
    }

    /// Refuses a budget for work that neither the unit nor its guarantee line has.
    pub(super) fn require_budget(&self, budget: Balance, facts: &Facts<Self>) -> Result<(), UnitRefusal> {
        let (available, line) = (facts.known.available, self.guarantee_line);
        if budget <= available + line {
            return Ok(());
        }
        if line == Balance::ZERO {
            return require_available(budget, facts);
        }
        require_less_or_nothing(budget, UnitRefusal::BeyondGuaranteeLine { budget, available, line })
    }

    /// Refuses a correction that leaves the unit further below nothing than its line goes.
    pub(super) fn require_not_overdrawn(&self, facts: &Facts<Self>) -> Result<(), UnitRefusal> {
        let available = facts.known.available;
        if available + self.guarantee_line < Balance::ZERO {
            return Err(UnitRefusal::WouldOverdraw { available });
        }
        Ok(())
    }

    /// Decides what this unit gives another, and what the other receives.
    pub fn transfer_budget(
        &self,
        id: UnitId,
        to: &Self,
        asked: &TransferBudget,
        facts: &Facts<Self>,
    ) -> Result<(UnitEvent, UnitEvent), UnitRefusal> {
        facts.require_open_year()?;
        self.require_open()?;
        self.require_holder(asked.holder)?;
        let TransferBudget { to: receiver, holder, amount, reason, evidence } = *asked;
        if receiver == id {
            return Err(UnitRefusal::TransferToItself { unit: id });
        }
        to.require_open().map_err(|refused| match refused {
            UnitRefusal::NotOpen { found } => UnitRefusal::ReceiverNotOpen { unit: receiver, found },
            other => other,
        })?;
        require_available(amount.balance(), facts)?;
        Ok((
            UnitEvent::BudgetTransferred { to: receiver, holder, amount, reason, evidence },
            UnitEvent::BudgetReceived { from: id, amount, reason, evidence },
        ))
    }

    pub(super) fn absorb_deficit(
        &self,
        reason: ReasonCode,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<UnitEvent, UnitRefusal> {
        let UnitKnown { pending, available, reserved, .. } = facts.known;
        let deficit = -(pending + available + reserved);
        if deficit <= Balance::ZERO {
            return Err(UnitRefusal::NoDeficit { pending, available, reserved });
        }
        Ok(UnitEvent::DeficitAbsorbed { amount: document_total(deficit)?, reason, evidence })
    }

    pub(super) fn evolve_budget(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::GuaranteeLineSet { line, .. } => self.guarantee_line = *line,
            // Balances are the ledger's.
            UnitEvent::BudgetTransferred { .. }
            | UnitEvent::BudgetReceived { .. }
            | UnitEvent::DeficitAbsorbed { .. } => {}
            _ => unreachable!("only events of budget come here"),
        }
    }

    pub(super) fn void_budget(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        match original {
            UnitEvent::GuaranteeLineSet { .. } => Err(relied_upon(original, "set the line anew instead")),
            // One stream's correction cannot take the other's budget back.
            UnitEvent::BudgetTransferred { .. } | UnitEvent::BudgetReceived { .. } => {
                Err(relied_upon(original, "transfer the budget back instead"))
            }
            UnitEvent::DeficitAbsorbed { .. } => Ok(()),
            _ => unreachable!("only events of budget come here"),
        }
    }
}

/// Refuses a budget that the unit does not have.
pub(super) fn require_available(budget: Balance, facts: &Facts<Unit>) -> Result<(), UnitRefusal> {
    let available = facts.known.available;
    if budget <= available {
        return Ok(());
    }
    require_less_or_nothing(budget, UnitRefusal::OverBudget { budget, available })
}

/// Less than before is never too much, however little is there.
fn require_less_or_nothing(budget: Balance, refusal: UnitRefusal) -> Result<(), UnitRefusal> {
    if budget > Balance::ZERO { Err(refusal) } else { Ok(()) }
}
