//! Loans from the cooperative's loan pool to its members, from request to last instalment or loss.
//!
//! One stream per loan, one project per loan. A loan bears no interest and no fee; its instalments
//! sum to the principal, and the last one takes what rounding leaves. It is lent either as budget of
//! the borrower's unit, and paid back from that budget, or in cash. Granting lends nothing yet.
//!
//! ```text
//! event.rs    what can have happened        schedule.rs  instalments and their days
//! command.rs  what may be asked, refused    mod.rs       state, rules, fold, void
//! ```
//!
//! Left out: loans from outside lenders, collateral, deduction from wages (a closed list, by law).
//! Source: special report on 2025, financing; DOMAIN C1, C2, E29, F2, F5 18.

mod command;
mod event;
mod schedule;

use serde::{Deserialize, Serialize};

pub use command::{LoanCommand, LoanRefusal};
pub use event::{LoanEvent, LoanKind, Receivable};
pub use schedule::{INSTALMENTS_MAX, Instalment, schedule};

use crate::correction::{Correction, CorrectionRefused, decide_correction, evolve_correction};
use crate::dates::Day;
use crate::envelope::StreamId;
use crate::evidence::Evidence;
use crate::ids::{LoanId, PersonId, ProjectId, UnitId};
use crate::money::{Amount, Balance};
use crate::stream::{Facts, Stream, StreamEvent};
use crate::unit::BudgetKnown;

/// One loan.
///
/// `paid + outstanding + written off = disbursed` (DOMAIN E29), and the outstanding sum is all that is
/// receivable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Loan {
    stage: Stage,
    /// Whether a running loan may not be paid back.
    is_doubtful: bool,
    asked: Option<Asked>,
    principal: Balance,
    schedule: Vec<Instalment>,
    /// What was paid and written off before this schedule.
    settled_before_schedule: Balance,
    /// How many instalments of this schedule were called.
    called: u32,
    receivable: Receivable,
    paid: Balance,
    written_off: Balance,
}

/// Who asked for what.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Asked {
    borrower: PersonId,
    project: ProjectId,
    kind: LoanKind,
    amount: Amount,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    #[default]
    None,
    Requested,
    Refused,
    Granted,
    Running,
    Repaid,
    WrittenOff,
}

impl Stream for Loan {
    const TYPE: &'static str = "loan";
    const STATE_VERSION: u16 = 1;
    type Id = LoanId;
    type Command = LoanCommand;
    type Event = LoanEvent;
    type Refusal = LoanRefusal;
    type Known = BudgetKnown;

    fn stream_id(id: LoanId) -> StreamId {
        StreamId::Loan(id)
    }

    fn decide(
        &self,
        id: LoanId,
        command: &LoanCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<LoanEvent>, LoanRefusal> {
        let event = match command {
            LoanCommand::RequestLoan { borrower, project, kind, amount } => {
                self.require(Stage::None)?;
                let (borrower, project, kind, amount) = (*borrower, *project, *kind, *amount);
                LoanEvent::Requested { borrower, project, kind, amount }
            }
            LoanCommand::GrantLoan { principal, instalments, first_due_on, interest, fee, evidence } => {
                self.require(Stage::Requested)?;
                let principal = *principal;
                if let Some(interest) = interest.filter(|interest| !interest.value().is_zero()) {
                    return Err(LoanRefusal::BearsInterest { principal, interest });
                }
                if let Some(fee) = fee.filter(|fee| *fee != Balance::ZERO) {
                    return Err(LoanRefusal::BearsFee { principal, fee });
                }
                let Asked { borrower, project, kind, amount: asked } = self.asked();
                if principal > asked {
                    return Err(LoanRefusal::MoreThanAsked { principal, asked });
                }
                let schedule = schedule_from(principal, *instalments, *first_due_on, facts)?;
                LoanEvent::Granted { borrower, project, kind, principal, schedule, evidence: *evidence }
            }
            LoanCommand::RefuseLoan { reason } => {
                self.require(Stage::Requested)?;
                let Asked { borrower, project, .. } = self.asked();
                LoanEvent::Refused { borrower, project, reason: *reason }
            }
            LoanCommand::DisburseLoan { evidence } => self.disburse(*evidence, facts)?,
            LoanCommand::CallInstalment {} => self.call(facts)?,
            LoanCommand::PayInstalment { amount, evidence } => return self.pay(*amount, *evidence, facts),
            LoanCommand::RescheduleLoan { instalments, first_due_on, evidence } => {
                let outstanding = self.require_sound()?;
                let Asked { borrower, kind, .. } = self.asked();
                let schedule = schedule_from(outstanding, *instalments, *first_due_on, facts)?;
                let beyond_year =
                    outstanding.balance() - schedule::within_a_year(&schedule, facts.effective_on);
                LoanEvent::Rescheduled {
                    borrower,
                    kind,
                    outstanding,
                    schedule,
                    moved_beyond_year: beyond_year - self.receivable.beyond_year,
                    evidence: *evidence,
                }
            }
            LoanCommand::DoubtLoan { reason, evidence } => {
                let outstanding = self.require_sound()?;
                if let Some(unit) = self.unit() {
                    return Err(LoanRefusal::NotACashLoan { unit });
                }
                LoanEvent::Doubtful {
                    borrower: self.asked().borrower,
                    outstanding,
                    receivable: self.receivable,
                    reason: *reason,
                    evidence: *evidence,
                }
            }
            LoanCommand::WriteOffLoan { amount, reason, evidence } => {
                self.require(Stage::Running)?;
                let Asked { borrower, kind, .. } = self.asked();
                if kind == LoanKind::Cash && !self.is_doubtful {
                    return Err(LoanRefusal::NotDoubtful { outstanding: self.outstanding() });
                }
                self.require_outstanding(*amount)?;
                let (amount, reason, evidence) = (*amount, *reason, *evidence);
                let receivable = self.receivable.settled_by(amount);
                LoanEvent::WrittenOff { borrower, kind, amount, receivable, reason, evidence }
            }
            LoanCommand::Correct(correct) => {
                let available = facts.known.available;
                if let Some(unit) = self.unit().filter(|_| available.is_negative()) {
                    return Err(LoanRefusal::WouldOverdraw { unit, available });
                }
                return decide_correction(self, id, correct, facts);
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &LoanEvent) {
        match event {
            LoanEvent::Requested { borrower, project, kind, amount } => {
                let (borrower, project, kind, amount) = (*borrower, *project, *kind, *amount);
                self.asked = Some(Asked { borrower, project, kind, amount });
                self.stage = Stage::Requested;
            }
            LoanEvent::Granted { principal, schedule, .. } => {
                self.stage = Stage::Granted;
                self.principal = principal.balance();
                self.schedule.clone_from(schedule);
            }
            LoanEvent::Refused { .. } => self.stage = Stage::Refused,
            LoanEvent::Disbursed { receivable, .. } => {
                self.stage = Stage::Running;
                self.receivable = *receivable;
            }
            LoanEvent::InstalmentDue { n, .. } => self.called = *n,
            LoanEvent::InstalmentPaid { amount, receivable, .. } => {
                self.paid = self.paid + amount.balance();
                self.receivable = self.receivable.less(*receivable);
            }
            LoanEvent::Rescheduled { schedule, moved_beyond_year, .. } => {
                self.schedule.clone_from(schedule);
                self.settled_before_schedule = self.paid + self.written_off;
                self.called = 0;
                self.receivable.within_year = self.receivable.within_year - *moved_beyond_year;
                self.receivable.beyond_year = self.receivable.beyond_year + *moved_beyond_year;
            }
            LoanEvent::Doubtful { outstanding, .. } => {
                self.is_doubtful = true;
                self.receivable = Receivable { doubtful: outstanding.balance(), ..Receivable::default() };
            }
            LoanEvent::WrittenOff { amount, receivable, .. } => {
                self.written_off = self.written_off + amount.balance();
                self.receivable = self.receivable.less(*receivable);
                if self.outstanding() == Balance::ZERO {
                    self.stage = Stage::WrittenOff;
                }
            }
            LoanEvent::Repaid { .. } => self.stage = Stage::Repaid,
            LoanEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &LoanEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            LoanEvent::Requested { .. } if self.stage == Stage::Requested => *self = Self::default(),
            LoanEvent::Granted { .. } if self.stage == Stage::Granted => {
                self.stage = Stage::Requested;
                self.principal = Balance::ZERO;
                self.schedule.clear();
            }
            LoanEvent::Refused { .. } if self.stage == Stage::Refused => self.stage = Stage::Requested,
            LoanEvent::Requested { .. } | LoanEvent::Granted { .. } | LoanEvent::Refused { .. } => {
                return relied_upon("the loan moved on since");
            }
            LoanEvent::Disbursed { receivable, .. } => {
                let untouched = self.called == 0 && self.paid + self.written_off == Balance::ZERO;
                if self.stage != Stage::Running || !untouched || self.receivable != *receivable {
                    return relied_upon("instalments were called, paid or rescheduled since");
                }
                self.stage = Stage::Granted;
                self.receivable = Receivable::default();
            }
            LoanEvent::InstalmentDue { n, due_on, .. } => {
                let of_this_schedule = self.instalment(*n).is_some_and(|found| found.due_on == *due_on);
                if self.called != *n || !of_this_schedule {
                    return relied_upon("a later instalment was called, or the loan rescheduled since");
                }
                self.called = n - 1;
            }
            LoanEvent::InstalmentPaid { amount, receivable, .. } => {
                let was_doubtful = receivable.doubtful != Balance::ZERO;
                if self.stage == Stage::Repaid {
                    return relied_upon("the loan is repaid; take that back first");
                }
                if self.stage != Stage::Running || self.is_doubtful != was_doubtful {
                    return relied_upon("the loan became doubtful or was written off since");
                }
                self.paid = self.paid - amount.balance();
                if self.paid + self.written_off < self.settled_before_schedule {
                    return relied_upon("the loan was rescheduled since");
                }
                self.receivable = self.receivable.plus(*receivable);
            }
            LoanEvent::Rescheduled { .. } => return relied_upon("reschedule the loan again instead"),
            LoanEvent::Doubtful { outstanding, receivable, .. } => {
                if self.receivable.doubtful != outstanding.balance() {
                    return relied_upon("the loan was paid or written off since");
                }
                self.is_doubtful = false;
                self.receivable = *receivable;
            }
            LoanEvent::WrittenOff { amount, receivable, .. } => {
                let settled = self.paid + self.written_off - amount.balance();
                if self.stage == Stage::Repaid || settled < self.settled_before_schedule {
                    return relied_upon("the loan was repaid or rescheduled since");
                }
                self.stage = Stage::Running;
                self.written_off = self.written_off - amount.balance();
                self.receivable = self.receivable.plus(*receivable);
            }
            LoanEvent::Repaid { .. } if self.stage == Stage::Repaid => self.stage = Stage::Running,
            LoanEvent::Repaid { .. } => return relied_upon("it was taken back"),
            LoanEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<LoanEvent>) -> LoanEvent {
        LoanEvent::Corrected(correction)
    }
}

impl Loan {
    /// The unit whose budget is lent and pays back; none before the request and for a loan in cash.
    pub fn unit(&self) -> Option<UnitId> {
        match self.asked?.kind {
            LoanKind::Internal { unit } => Some(unit),
            LoanKind::Cash => None,
        }
    }

    fn disburse(&self, evidence: Evidence, facts: &Facts<Self>) -> Result<LoanEvent, LoanRefusal> {
        self.require(Stage::Granted)?;
        if let Some(unit) = self.unit().filter(|_| !facts.known.is_open) {
            return Err(LoanRefusal::UnitNotOpen { unit });
        }
        let Asked { borrower, project, kind, .. } = self.asked();
        let principal = Amount::try_from(self.principal).expect("a granted loan has a principal");
        let within_year = schedule::within_a_year(&self.schedule, facts.effective_on);
        let beyond_year = self.principal - within_year;
        let receivable = Receivable { within_year, beyond_year, doubtful: Balance::ZERO };
        Ok(LoanEvent::Disbursed { borrower, project, kind, principal, receivable, evidence })
    }

    /// Calls the next instalment that is not paid yet: what is still open of it falls due.
    fn call(&self, facts: &Facts<Self>) -> Result<LoanEvent, LoanRefusal> {
        self.require(Stage::Running)?;
        let instalments = u32::try_from(self.schedule.len()).expect("schedules are short");
        let nothing = LoanRefusal::NothingToCall { instalments };
        let (oldest, open) = self.oldest_open().ok_or(nothing.clone())?;
        let n = oldest.max(self.called + 1);
        let Instalment { due_on, amount } = self.instalment(n).ok_or(nothing)?;
        let amount = if n == oldest { open } else { amount };
        let effective_on = facts.effective_on;
        if effective_on < due_on {
            return Err(LoanRefusal::NotYetDue { n, amount, due_on, effective_on });
        }
        Ok(LoanEvent::InstalmentDue { borrower: self.asked().borrower, n, amount, due_on })
    }

    /// Records a payment, and that the loan is repaid when nothing is left.
    fn pay(
        &self,
        amount: Amount,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<Vec<LoanEvent>, LoanRefusal> {
        self.require(Stage::Running)?;
        self.require_outstanding(amount)?;
        let available = facts.known.available;
        if let Some(unit) = self.unit().filter(|_| amount.balance() > available) {
            return Err(LoanRefusal::OverBudget { unit, amount, available });
        }
        let Asked { borrower, project, kind, .. } = self.asked();
        let (n, _) = self.oldest_open().expect("what is outstanding is scheduled");
        let receivable = self.receivable.settled_by(amount);
        let mut events = vec![LoanEvent::InstalmentPaid { borrower, kind, n, amount, receivable, evidence }];
        if amount.balance() == self.outstanding() {
            let paid = Amount::try_from(self.paid + amount.balance()).expect("no more than the principal");
            events.push(LoanEvent::Repaid { borrower, project, paid, written_off: self.written_off });
        }
        Ok(events)
    }

    fn require(&self, expected: Stage) -> Result<(), LoanRefusal> {
        if self.stage == expected {
            return Ok(());
        }
        Err(LoanRefusal::WrongStage { found: self.stage.word(), expected: expected.word() })
    }

    /// Refuses unless the loan runs and is not doubtful; answers what is outstanding.
    fn require_sound(&self) -> Result<Amount, LoanRefusal> {
        self.require(Stage::Running)?;
        let wrong = |found| LoanRefusal::WrongStage { found, expected: Stage::Running.word() };
        if self.is_doubtful {
            return Err(wrong("doubtful"));
        }
        Amount::try_from(self.outstanding()).map_err(|_| wrong("paid in full"))
    }

    fn require_outstanding(&self, amount: Amount) -> Result<(), LoanRefusal> {
        let outstanding = self.outstanding();
        if amount.balance() > outstanding {
            return Err(LoanRefusal::MoreThanOutstanding { amount, outstanding });
        }
        Ok(())
    }

    fn outstanding(&self) -> Balance {
        self.receivable.total()
    }

    fn asked(&self) -> Asked {
        self.asked.expect("whatever follows the request knows what was asked")
    }

    fn instalment(&self, n: u32) -> Option<Instalment> {
        let at = usize::try_from(n.checked_sub(1)?).ok()?;
        self.schedule.get(at).copied()
    }

    /// The oldest instalment that is not settled, from 1, and what is open of it.
    fn oldest_open(&self) -> Option<(u32, Amount)> {
        let mut settled = self.paid + self.written_off - self.settled_before_schedule;
        for (n, part) in (1..).zip(&self.schedule) {
            match Amount::try_from(part.amount.balance() - settled) {
                Ok(open) => return Some((n, open)),
                Err(_) => settled = settled - part.amount.balance(),
            }
        }
        None
    }
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Self::None => "not yet requested",
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Granted => "granted",
            Self::Running => "running",
            Self::Repaid => "repaid",
            Self::WrittenOff => "written off",
        }
    }
}

fn schedule_from(
    owed: Amount,
    instalments: u32,
    first_due_on: Day,
    facts: &Facts<Loan>,
) -> Result<Vec<Instalment>, LoanRefusal> {
    let effective_on = facts.effective_on;
    if first_due_on < effective_on {
        return Err(LoanRefusal::DueInPast { first_due_on, effective_on });
    }
    let found = schedule(owed, instalments, first_due_on);
    found.ok_or(LoanRefusal::NoSchedule { owed, instalments, first_due_on })
}
