//! A member: admission, shares, the ways out and the share in it that is paid back.
//!
//! One stream per membership, from request to end. Admission is open and voluntary: a refusal has
//! an objective reason. Shares are paid from the member's own means, never from a unit's budget.
//! Whoever leaves gets back at most the nominal value of what was really paid in, and less when the
//! net assets per share are lower; it is paid as far as the board's tests of net assets and liquidity
//! allow, and the rest waits without interest.
//!
//! ```text
//! event.rs     what can have happened          terms.rs  dates and amounts of leaving, years of use
//! command.rs   what may be asked, and refused  exit.rs   exclusion, exit by law, paying refunds
//! mod.rs       state, rules, fold, void
//! ```
//!
//! Source: WVV 6:24–6:25, 6:115–6:123; KB 8-01-1962 art. 1; KB 28-06-2019 art. 6; DOMAIN E13–E15, E17–E21.

mod command;
mod event;
mod exit;
mod terms;

use serde::{Deserialize, Serialize};

pub use command::{MemberCommand, MemberKnown, MemberRefusal, PaidFrom};
pub use event::{Category, ExclusionOutcome, ExitCause, MemberEvent, Remarks};
pub use terms::{YearsOfUse, resignation_term, separation_share};

use crate::correction::{Correction, CorrectionRefused, decide_correction, evolve_correction};
use crate::dates::Day;
use crate::envelope::StreamId;
use crate::evidence::Evidence;
use crate::ids::{MemberId, PersonId};
use crate::money::{Amount, Balance};
use crate::parameters::Parameter;
use crate::stream::{Facts, Stream, StreamEvent};
use crate::text::ShareClass;

/// The most shares that one member may hold: what keeps every sum of them within 64 bits.
pub const SHARES_MAX: u32 = 1_000_000;

/// Where a membership stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Nobody asked yet.
    #[default]
    None,
    /// Asked, not yet decided.
    Requested,
    /// A member.
    Member,
    /// Has asked to resign.
    Resigning,
    /// Resignation accepted; shares are cancelled on the day it takes effect.
    Resigned,
    /// Excluded, or out by law; shares are cancelled.
    Out,
    /// Over, or never granted.
    Ended,
}

/// A proposed exclusion that is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Exclusion {
    remarks_until: Day,
    answered: bool,
}

/// One membership.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Member {
    standing: Standing,
    person: Option<PersonId>,
    category: Option<Category>,
    /// The class of the shares subscribed; payments could not be told apart if there were two.
    class: Option<ShareClass>,
    shares: u32,
    subscribed: Balance,
    paid: Balance,
    /// When the resignation that is asked for, accepted or refused last was filed.
    filed_on: Option<Day>,
    leaves_on: Option<Day>,
    /// Shares cancelled and what was paid on them, until their refund is determined.
    to_refund: Option<(u32, Balance)>,
    /// Until when remarks on a proposed exclusion are awaited; past once they came.
    exclusion: Option<Exclusion>,
    /// Determined, and neither paid nor suspended.
    refund_due: Balance,
    refund_suspended: Balance,
    /// On the current account, not yet paid back.
    lent: Balance,
}

impl Stream for Member {
    const TYPE: &'static str = "member";
    const STATE_VERSION: u16 = 2;
    type Id = MemberId;
    type Command = MemberCommand;
    type Event = MemberEvent;
    type Refusal = MemberRefusal;
    type Known = MemberKnown;

    fn stream_id(id: MemberId) -> StreamId {
        StreamId::Member(id)
    }

    fn decide(
        &self,
        id: MemberId,
        command: &MemberCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<MemberEvent>, MemberRefusal> {
        match command {
            MemberCommand::RequestAdmission { person, category } => {
                self.require(&[Standing::None], "not yet requested")?;
                if let Some(member) = facts.known.member_already {
                    return Err(MemberRefusal::AlreadyMember { person: *person, member });
                }
                Ok(vec![MemberEvent::AdmissionRequested { person: *person, category: *category }])
            }
            MemberCommand::GrantAdmission {} => {
                self.require(&[Standing::Requested], "requested")?;
                let (person, category) = (self.person(), self.category());
                Ok(vec![MemberEvent::AdmissionGranted { person, category }])
            }
            MemberCommand::RefuseAdmission { reason } => {
                self.require(&[Standing::Requested], "requested")?;
                Ok(vec![MemberEvent::AdmissionRefused { person: self.person(), reason: *reason }])
            }
            MemberCommand::ChangeCategory { to } => {
                self.require(&[Standing::Member], "in force")?;
                let from = self.category();
                if from == *to {
                    return Err(MemberRefusal::SameCategory { category: from });
                }
                Ok(vec![MemberEvent::CategoryChanged { from, to: *to }])
            }
            MemberCommand::SubscribeShares { class, shares, evidence } => {
                self.require(&[Standing::Member], "in force")?;
                if let Some(held) = self.class.filter(|held| held != class) {
                    return Err(MemberRefusal::OtherClass { held, asked: *class });
                }
                self.require_room_for(*shares)?;
                let nominal = facts.parameters.amount(Parameter::ShareNominal, facts.effective_on)?;
                let amount = Amount::try_from(nominal.balance().multiplied(*shares))
                    .map_err(|_| MemberRefusal::NoShares)?;
                Ok(vec![MemberEvent::SharesSubscribed {
                    person: self.person(),
                    class: *class,
                    shares: *shares,
                    nominal,
                    amount,
                    evidence: *evidence,
                }])
            }
            MemberCommand::PayUpShares { amount, paid_from, evidence } => {
                self.require(&[Standing::Member, Standing::Resigning], "in force")?;
                if *paid_from != PaidFrom::OwnMeans {
                    return Err(MemberRefusal::NotOwnMeans { amount: *amount, found: *paid_from });
                }
                let unpaid = self.unpaid();
                if amount.balance() > unpaid {
                    return Err(MemberRefusal::MoreThanSubscribed { amount: *amount, unpaid });
                }
                Ok(vec![MemberEvent::SharesPaidUp { amount: *amount, evidence: *evidence }])
            }
            MemberCommand::RequestResignation { filed_on, evidence } => {
                self.require(&[Standing::Member], "in force")?;
                let (filed_on, effective_on) = (*filed_on, facts.effective_on);
                if filed_on > effective_on {
                    return Err(MemberRefusal::FiledInFuture { filed_on, effective_on });
                }
                Ok(vec![MemberEvent::ResignationRequested { filed_on, evidence: *evidence }])
            }
            MemberCommand::AcceptResignation {} => {
                self.require(&[Standing::Resigning], "asking to resign")?;
                let month = facts.parameters.count(Parameter::ResignationLastMonth, facts.effective_on)?;
                // From the day it was filed: a slow answer does not keep anybody a year longer.
                let filed_on = self.filed_on.expect("a resignation asked for was filed on a day");
                let (leaves_on, payable_by) = resignation_term(filed_on, month);
                Ok(vec![MemberEvent::ResignationAccepted { leaves_on, payable_by }])
            }
            MemberCommand::RefuseResignation { reason } => {
                self.require(&[Standing::Resigning], "asking to resign")?;
                Ok(vec![MemberEvent::ResignationRefused { reason: *reason }])
            }
            MemberCommand::CancelShares { reason } => {
                self.require(&[Standing::Resigned, Standing::Out], "resigned")?;
                let (effective_on, held) = (facts.effective_on, self.shares);
                let resigned_on = self.leaves_on.filter(|_| self.standing == Standing::Resigned);
                if let Some(leaves_on) = resigned_on.filter(|day| effective_on < *day) {
                    return Err(MemberRefusal::NotYetLeft { leaves_on, effective_on });
                }
                if held == 0 {
                    return Err(MemberRefusal::NotEnoughShares { held, asked: 1 });
                }
                self.require_shareholders_left(facts)?;
                Ok(vec![MemberEvent::SharesCancelled {
                    person: self.person(),
                    shares: held,
                    paid: self.paid,
                    unpaid: self.unpaid(),
                    reason: *reason,
                }])
            }
            MemberCommand::DetermineRefund { net_assets_per_share, evidence } => {
                let (shares, paid_in) = self.to_refund.ok_or(MemberRefusal::NothingToRefund)?;
                let nominal = facts.parameters.amount(Parameter::ShareNominal, facts.effective_on)?;
                let nominal = nominal.balance().multiplied(shares);
                let refund = separation_share(shares, paid_in, nominal, *net_assets_per_share);
                Ok(vec![MemberEvent::RefundDetermined {
                    person: Some(self.person()),
                    shares,
                    paid_in,
                    nominal,
                    net_assets_per_share: *net_assets_per_share,
                    amount: refund,
                    not_refunded: paid_in - refund,
                    evidence: *evidence,
                }])
            }
            MemberCommand::EndMembership { reason } => {
                let over = [Standing::Member, Standing::Resigned, Standing::Out];
                self.require(&over, "in force or resigned")?;
                if self.shares > 0 {
                    return Err(MemberRefusal::SharesHeld { held: self.shares });
                }
                Ok(vec![MemberEvent::MembershipEnded { person: self.person(), reason: *reason }])
            }
            MemberCommand::ProposeExclusion { reason, evidence } => {
                self.propose_exclusion(*reason, *evidence, facts)
            }
            MemberCommand::ReceiveRemarks { remarks, evidence } => {
                self.exclusion.ok_or(MemberRefusal::NothingProposed)?;
                Ok(vec![MemberEvent::ExclusionRemarksReceived { remarks: *remarks, evidence: *evidence }])
            }
            MemberCommand::DecideExclusion { outcome, reason, evidence } => {
                let in_force = [Standing::Member, Standing::Resigning, Standing::Resigned];
                self.require(&in_force, "in force or resigned")?;
                self.require_heard(facts)?;
                let (outcome, reason, evidence) = (*outcome, *reason, *evidence);
                Ok(vec![MemberEvent::ExclusionDecided { outcome, reason, evidence }])
            }
            MemberCommand::ExitByLaw { cause, evidence } => {
                let in_force = [Standing::Member, Standing::Resigning, Standing::Resigned];
                self.require(&in_force, "in force or resigned")?;
                Ok(vec![MemberEvent::ExitByLaw { cause: *cause, evidence: *evidence }])
            }
            MemberCommand::PayRefund { amount, evidence } => self.pay_refund(*amount, *evidence, facts),
            MemberCommand::ResumeRefund {} => self.resume_refund(facts),
            MemberCommand::CreditCurrentAccount { amount, interest, evidence } => {
                self.credit_current_account((*amount, *interest), *evidence, facts)
            }
            MemberCommand::RepayCurrentAccount { amount, evidence } => {
                let (asked, lent) = (*amount, self.lent);
                if asked.balance() > lent {
                    return Err(MemberRefusal::MoreThanLent { asked, lent });
                }
                let (person, evidence) = (self.person(), *evidence);
                Ok(vec![MemberEvent::CurrentAccountRepaid { person, amount: asked, evidence }])
            }
            MemberCommand::Correct(correct) => decide_correction(self, id, correct, facts),
        }
    }

    fn evolve(&mut self, event: &MemberEvent) {
        match event {
            MemberEvent::AdmissionRequested { person, category } => {
                self.standing = Standing::Requested;
                self.person = Some(*person);
                self.category = Some(*category);
            }
            MemberEvent::AdmissionGranted { .. } => self.standing = Standing::Member,
            MemberEvent::AdmissionRefused { .. } | MemberEvent::MembershipEnded { .. } => {
                self.standing = Standing::Ended;
            }
            MemberEvent::CategoryChanged { to, .. } => self.category = Some(*to),
            MemberEvent::SharesSubscribed { class, shares, amount, .. } => {
                self.class = Some(*class);
                self.shares += shares;
                self.subscribed = self.subscribed + amount.balance();
            }
            MemberEvent::SharesPaidUp { amount, .. } => self.paid = self.paid + amount.balance(),
            MemberEvent::SharesCancelled { shares, paid, .. } => {
                self.to_refund = Some((*shares, *paid));
                self.shares = 0;
                self.subscribed = Balance::ZERO;
                self.paid = Balance::ZERO;
            }
            MemberEvent::SharesTransferred { shares, paid, .. } => {
                self.shares -= shares;
                self.subscribed = self.subscribed - paid.balance();
                self.paid = self.paid - paid.balance();
            }
            MemberEvent::SharesReceived { shares, paid, .. } => {
                self.shares += shares;
                self.subscribed = self.subscribed + paid.balance();
                self.paid = self.paid + paid.balance();
            }
            MemberEvent::ResignationRequested { filed_on, .. } => {
                self.standing = Standing::Resigning;
                self.filed_on = Some(*filed_on);
            }
            MemberEvent::ResignationAccepted { leaves_on, .. } => {
                self.standing = Standing::Resigned;
                self.leaves_on = Some(*leaves_on);
            }
            MemberEvent::ResignationRefused { .. } => self.standing = Standing::Member,
            MemberEvent::ExclusionProposed { remarks_until, .. } => {
                self.exclusion = Some(Exclusion { remarks_until: *remarks_until, answered: false });
            }
            MemberEvent::ExclusionRemarksReceived { .. } => {
                self.exclusion = self.exclusion.map(|exclusion| Exclusion { answered: true, ..exclusion });
            }
            MemberEvent::ExclusionDecided { outcome, .. } => {
                self.exclusion = None;
                if *outcome == ExclusionOutcome::Excluded {
                    self.standing = Standing::Out;
                }
            }
            MemberEvent::ExitByLaw { .. } => {
                self.exclusion = None;
                self.standing = Standing::Out;
            }
            MemberEvent::RefundDetermined { amount, .. } => {
                self.to_refund = None;
                self.refund_due = self.refund_due + *amount;
            }
            MemberEvent::RefundPaid { amount, .. } => self.refund_due = self.refund_due - amount.balance(),
            MemberEvent::CurrentAccountCredited { amount, .. } => self.lent = self.lent + amount.balance(),
            MemberEvent::CurrentAccountRepaid { amount, .. } => self.lent = self.lent - amount.balance(),
            MemberEvent::RefundSuspended { amount, .. } => self.suspend(amount.balance()),
            MemberEvent::RefundResumed { amount, .. } => self.suspend(-amount.balance()),
            MemberEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &MemberEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            MemberEvent::AdmissionRequested { .. }
            | MemberEvent::AdmissionGranted { .. }
            | MemberEvent::AdmissionRefused { .. } => relied_upon("end the membership instead"),
            MemberEvent::CategoryChanged { from, to } if self.category == Some(*to) => {
                self.category = Some(*from);
                Ok(())
            }
            MemberEvent::CategoryChanged { .. } => relied_upon("the category changed again since"),
            MemberEvent::SharesSubscribed { shares, amount, .. } => {
                if self.shares < *shares || self.unpaid() < amount.balance() {
                    return relied_upon("the shares were paid, transferred or cancelled since");
                }
                self.shares -= shares;
                if self.shares == 0 {
                    self.class = None;
                }
                self.subscribed = self.subscribed - amount.balance();
                Ok(())
            }
            MemberEvent::SharesPaidUp { amount, .. } if self.paid >= amount.balance() => {
                self.paid = self.paid - amount.balance();
                Ok(())
            }
            MemberEvent::SharesPaidUp { .. } => relied_upon("the shares were cancelled or transferred since"),
            MemberEvent::SharesCancelled { shares, paid, unpaid, .. } => {
                if self.to_refund != Some((*shares, *paid)) {
                    return relied_upon("the separation share was determined since");
                }
                if self.standing == Standing::Ended {
                    return relied_upon("the membership ended since");
                }
                self.to_refund = None;
                self.shares = *shares;
                self.subscribed = *paid + *unpaid;
                self.paid = *paid;
                Ok(())
            }
            MemberEvent::SharesTransferred { .. } | MemberEvent::SharesReceived { .. } => {
                relied_upon("the other member's register rests upon it; transfer the shares back")
            }
            MemberEvent::ResignationRequested { filed_on, .. }
                if self.standing == Standing::Resigning && self.filed_on == Some(*filed_on) =>
            {
                self.standing = Standing::Member;
                self.filed_on = None;
                Ok(())
            }
            MemberEvent::ResignationAccepted { .. }
                if self.standing == Standing::Resigned && self.to_refund.is_none() =>
            {
                self.standing = Standing::Resigning;
                self.leaves_on = None;
                Ok(())
            }
            // Without the day of filing, because a later request was taken back, nothing could be
            // accepted: the resignation is asked for anew, as of the day it was filed.
            MemberEvent::ResignationRefused { .. }
                if self.standing == Standing::Member && self.filed_on.is_some() =>
            {
                self.standing = Standing::Resigning;
                Ok(())
            }
            MemberEvent::ResignationRequested { .. }
            | MemberEvent::ResignationAccepted { .. }
            | MemberEvent::ResignationRefused { .. } => relied_upon("the membership moved on since"),
            MemberEvent::ExclusionProposed { .. }
            | MemberEvent::ExclusionRemarksReceived { .. }
            | MemberEvent::ExclusionDecided { .. } => {
                relied_upon("the member was heard upon it; propose and decide anew")
            }
            MemberEvent::ExitByLaw { .. } => {
                relied_upon("the law ended it; the person may ask to be admitted anew")
            }
            MemberEvent::RefundPaid { amount, .. } => {
                self.refund_due = self.refund_due + amount.balance();
                Ok(())
            }
            MemberEvent::CurrentAccountCredited { amount, .. } if self.lent >= amount.balance() => {
                self.lent = self.lent - amount.balance();
                Ok(())
            }
            MemberEvent::CurrentAccountCredited { .. } => relied_upon("it was paid back since"),
            MemberEvent::CurrentAccountRepaid { amount, .. } => {
                self.lent = self.lent + amount.balance();
                Ok(())
            }
            MemberEvent::RefundSuspended { .. } | MemberEvent::RefundResumed { .. } => {
                relied_upon("the tests of its day say so; resume it when later tests pass")
            }
            MemberEvent::RefundDetermined { shares, paid_in, amount, .. } => {
                if self.to_refund.is_some() || self.standing == Standing::Ended {
                    return relied_upon("the membership moved on since");
                }
                if self.refund_due < *amount {
                    return relied_upon("it was paid or suspended since");
                }
                self.refund_due = self.refund_due - *amount;
                self.to_refund = Some((*shares, *paid_in));
                Ok(())
            }
            MemberEvent::MembershipEnded { .. } => relied_upon("the person may have been admitted anew"),
            MemberEvent::Corrected(correction) => {
                Err(CorrectionRefused::AlreadyVoid { position: correction.position })
            }
        }
    }

    fn corrected(correction: Correction<MemberEvent>) -> MemberEvent {
        MemberEvent::Corrected(correction)
    }
}

impl Member {
    /// Whose membership it is, from admission until the shares are cancelled.
    pub fn in_force(&self) -> Option<PersonId> {
        let in_force = matches!(self.standing, Standing::Member | Standing::Resigning | Standing::Resigned);
        self.person.filter(|_| in_force)
    }

    /// Decides a transfer to another member: the event of this stream and the one of the other.
    pub fn transfer(
        &self,
        id: MemberId,
        to: (MemberId, &Member),
        shares: u32,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<(MemberEvent, MemberEvent), MemberRefusal> {
        facts.require_open_year()?;
        self.require(&[Standing::Member, Standing::Resigning], "in force")?;
        to.1.require(&[Standing::Member], "in force")?;
        if to.0 == id {
            return Err(MemberRefusal::TransferToSelf);
        }
        let held = self.shares;
        if held < shares {
            return Err(MemberRefusal::NotEnoughShares { held, asked: shares });
        }
        if self.unpaid() > Balance::ZERO {
            return Err(MemberRefusal::NotPaidUp { unpaid: self.unpaid() });
        }
        to.1.require_room_for(shares)?;
        if held == shares && to.1.shares > 0 {
            self.require_shareholders_left(facts)?;
        }
        // Shares carry what was paid on them, whatever the nominal value is today; the last ones
        // take the rest, so that the register never shows a member who paid less than nothing.
        let count = |n: u32| Amount::from_cents(i64::from(n)).map_err(|_| MemberRefusal::NoShares);
        let paid = self.paid.share(count(shares)?, count(held)?);
        let paid = Amount::try_from(paid).map_err(|_| MemberRefusal::NoShares)?;
        let (from, to_person) = (self.person(), to.1.person());
        Ok((
            MemberEvent::SharesTransferred { from, to: to_person, to_member: to.0, shares, paid, evidence },
            MemberEvent::SharesReceived { from, from_member: id, to: to_person, shares, paid, evidence },
        ))
    }

    fn unpaid(&self) -> Balance {
        self.subscribed - self.paid
    }

    fn person(&self) -> PersonId {
        self.person.expect("a membership begins with the person who asks")
    }

    fn category(&self) -> Category {
        self.category.expect("a membership begins with a category")
    }

    fn require(&self, allowed: &[Standing], expected: &'static str) -> Result<(), MemberRefusal> {
        if allowed.contains(&self.standing) {
            return Ok(());
        }
        Err(MemberRefusal::WrongStanding { found: self.standing, expected })
    }

    fn require_room_for(&self, asked: u32) -> Result<(), MemberRefusal> {
        let (held, max) = (self.shares, SHARES_MAX);
        if asked > max.saturating_sub(held) {
            return Err(MemberRefusal::TooManyShares { held, asked, max });
        }
        Ok(())
    }

    fn require_shareholders_left(&self, facts: &Facts<Self>) -> Result<(), MemberRefusal> {
        let min = facts.parameters.count(Parameter::ShareholdersMin, facts.effective_on)?;
        let shareholders = facts.known.shareholders;
        if shareholders <= min {
            return Err(MemberRefusal::TooFewShareholders { shareholders, min });
        }
        Ok(())
    }
}
