//! Leaving otherwise than by resignation, and money that is paid back: refunds, current accounts.

use crate::dates::Day;
use crate::evidence::Evidence;
use crate::member::{Member, MemberEvent, MemberRefusal, Standing};
use crate::money::{Amount, Balance, Rate};
use crate::stream::Facts;
use crate::text::ReasonCode;
use crate::year::Tested;

/// How long a member may answer a proposal of exclusion.
///
/// Source: WVV 6:123. \[R\]
const REMARKS_MONTHS: u32 = 1;

/// Within how many months money on a current account is paid back: five years.
///
/// Source: DOMAIN C1 (personal contribution via current account).
const CURRENT_ACCOUNT_MONTHS: u32 = 60;

impl Member {
    pub(super) fn propose_exclusion(
        &self,
        reason: ReasonCode,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<Vec<MemberEvent>, MemberRefusal> {
        self.require(&[Standing::Member, Standing::Resigning], "in force")?;
        if let Some(exclusion) = self.exclusion {
            return Err(MemberRefusal::AlreadyProposed { remarks_until: exclusion.remarks_until });
        }
        let remarks_until = later(facts.effective_on, REMARKS_MONTHS);
        Ok(vec![MemberEvent::ExclusionProposed { reason, remarks_until, evidence }])
    }

    /// Refuses a decision before the member has answered or could have.
    pub(super) fn require_heard(&self, facts: &Facts<Self>) -> Result<(), MemberRefusal> {
        let exclusion = self.exclusion.ok_or(MemberRefusal::NothingProposed)?;
        let (remarks_until, effective_on) = (exclusion.remarks_until, facts.effective_on);
        if !exclusion.answered && effective_on < remarks_until {
            return Err(MemberRefusal::RemarksAwaited { remarks_until, effective_on });
        }
        Ok(())
    }

    /// Pays what the tests leave room for, and suspends the rest of what is asked.
    ///
    /// Source: WVV 6:115, 6:116, 6:120; DOMAIN E14, E15, F5 10.
    pub(super) fn pay_refund(
        &self,
        asked: Amount,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<Vec<MemberEvent>, MemberRefusal> {
        let (person, limit) = (self.person(), self.refund_due);
        if asked.balance() > limit {
            return Err(MemberRefusal::RefundAboveLimit { asked, limit });
        }
        let paid = asked.balance().min(room(facts)?);
        let suspended = asked.balance() - paid;
        let paid = Amount::try_from(paid).ok();
        let suspended = Amount::try_from(suspended).ok();
        let paid = paid.map(|amount| MemberEvent::RefundPaid { person, amount, evidence });
        let suspended = suspended.map(|amount| MemberEvent::RefundSuspended { person, amount });
        Ok(paid.into_iter().chain(suspended).collect())
    }

    pub(super) fn resume_refund(&self, facts: &Facts<Self>) -> Result<Vec<MemberEvent>, MemberRefusal> {
        let suspended = self.refund_suspended;
        if suspended == Balance::ZERO {
            return Err(MemberRefusal::NothingSuspended);
        }
        let room = room(facts)?;
        let amount = Amount::try_from(suspended.min(room));
        let amount = amount.map_err(|_| MemberRefusal::StillSuspended { suspended, room })?;
        Ok(vec![MemberEvent::RefundResumed { person: self.person(), amount }])
    }

    pub(super) fn credit_current_account(
        &self,
        (amount, interest): (Amount, Option<Rate>),
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<Vec<MemberEvent>, MemberRefusal> {
        self.require(&[Standing::Member, Standing::Resigning], "in force")?;
        if let Some(rate) = interest {
            return Err(MemberRefusal::NoInterest { rate });
        }
        let (person, repayable_by) = (self.person(), later(facts.effective_on, CURRENT_ACCOUNT_MONTHS));
        Ok(vec![MemberEvent::CurrentAccountCredited { person, amount, repayable_by, evidence }])
    }

    /// Moves what is due to what waits, or back when negative.
    pub(super) fn suspend(&mut self, amount: Balance) {
        self.refund_due = self.refund_due - amount;
        self.refund_suspended = self.refund_suspended + amount;
    }
}

/// What may be paid under the latest tests: nothing unless both passed.
fn room(facts: &Facts<Member>) -> Result<Balance, MemberRefusal> {
    let year = facts.effective_on.year();
    let Tested { passed, room } = facts.known.tests.ok_or(MemberRefusal::NotTested { year })?;
    Ok(if passed { room.max(Balance::ZERO) } else { Balance::ZERO })
}

fn later(day: Day, months: u32) -> Day {
    day.plus_months(months).expect("dates stay between 1900 and 2199")
}
