//! A production unit: one budget, one decision.
//!
//! Members work through units. A unit's invoices fill its budget, less the cooperative's
//! contribution; jobs reserve budget, wages and expenses consume it. The stream keeps what its rules
//! need of each order, job, invoice, expense and wage; the balances themselves come with the facts,
//! since the ledger keeps the only sum of them.
//!
//! ```text
//! event.rs     what can have happened          work.rs       orders, jobs, employments
//! command.rs   what may be asked, and refused  invoicing.rs  invoices, credit notes, payments
//! mod.rs       state, fold, void               debts.rs      reminders, indemnities, plans
//!                                              deposits.rs   before the work, and deducted
//!                                              losses.rs     doubtful and lost debts
//!                                              advances.rs   by the guarantee fund
//!                                              expenses.rs   claims
//!                                              pay.rs        wages
//!                                              holiday.rs    holiday pay of employees
//!                                              social.rs     Dimona, social documents
//!                                              budget.rs     guarantee line, transfers, deficits
//! ```
//!
//! Source: DOMAIN A1, C2, E22–E28, F2.

mod advances;
mod budget;
mod command;
mod debts;
mod deposits;
mod event;
mod expenses;
mod holiday;
mod invoicing;
mod losses;
mod pay;
mod social;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

pub use command::{
    BudgetKnown, CreditDraft, CreditLine, Indemnity, InvoiceDraft, InvoiceLine, UnitCommand, UnitKnown,
    UnitRefusal,
};
pub use event::{
    Channel, ClientKind, ExpenseKind, Payee, ReminderLevel, SocialDocument, Term, UnitEvent, Work, WorkDay,
};

use crate::correction::{Correction, CorrectionRefused, decide_correction, evolve_correction};
use crate::dates::{Day, Hours};
use crate::envelope::StreamId;
use crate::evidence::Evidence;
use crate::ids::{
    ClientId, ContractId, EmploymentId, ExpenseId, InvoiceId, OrderId, PersonId, SalaryId, UnitId,
};
use crate::money::{Amount, Balance, CENTS_MAX};
use crate::payroll::WorkerKind;
use crate::stream::{Facts, Stream};
use crate::text::RiskCode;
use crate::vat::VatLine;

/// A production unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    state: Openness,
    holders: BTreeSet<PersonId>,
    /// How far below nothing the unit may go to declare work.
    guarantee_line: Balance,
    orders: BTreeMap<OrderId, Order>,
    #[serde(with = "crate::pairs")]
    jobs: BTreeMap<Work, Job>,
    employments: BTreeMap<EmploymentId, Employment>,
    invoices: BTreeMap<InvoiceId, Invoice>,
    expenses: BTreeMap<ExpenseId, Expense>,
    salaries: BTreeMap<SalaryId, Salary>,
    social_documents: BTreeSet<SocialDocument>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Openness {
    #[default]
    NotOpened,
    Open,
    Closed,
}

/// A client's order, and how many jobs and invoices answer it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    stands: bool,
    answered: u32,
}

/// A job under contract, or a month of open-ended work: what a wage is paid from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Job {
    worker: PersonId,
    kind: WorkerKind,
    first_day: Day,
    last_day: Day,
    n_days: u32,
    hours: Hours,
    budget: Amount,
    gross: Amount,
    risk: Option<RiskCode>,
    employment: Option<EmploymentId>,
    stage: JobStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum JobStage {
    Declared,
    Ended,
    Cancelled,
    Calculated,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Employment {
    worker: PersonId,
    kind: WorkerKind,
    /// The job of a fixed-term employment; none when it is open-ended.
    job: Option<ContractId>,
    from: Day,
    ended: bool,
    /// What became of its Dimona, step by step; a correction takes the last step back.
    declarations: Vec<Dimona>,
}

/// Where the declaration of an employment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Dimona {
    Sent,
    Accepted,
    Refused,
    Cancelled,
}

/// What an invoice asks money for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Purpose {
    Work,
    Deposit,
    /// A deposit that the invoice for the work took in.
    DeductedDeposit,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Invoice {
    purpose: Purpose,
    client: ClientId,
    vat: Vec<VatLine>,
    net: Amount,
    gross: Amount,
    contribution: Balance,
    unit_share: Balance,
    spendable: bool,
    due_on: Day,
    credited: Credited,
    settled: Balance,
    released: Balance,
    debt: debts::Debt,
}

/// What credit notes took back of an invoice so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Credited {
    by_category: Vec<VatLine>,
    net: Balance,
    gross: Balance,
    contribution: Balance,
    from_pending: Balance,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Expense {
    holder: PersonId,
    kind: ExpenseKind,
    payee: Payee,
    net: Amount,
    vat: Balance,
    vat_recoverable: Balance,
    evidence: Evidence,
    stage: ExpenseStage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum ExpenseStage {
    Claimed,
    Approved,
    Refused,
    Paid,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Salary {
    worker: PersonId,
    work: Work,
    kind: WorkerKind,
    gross: Amount,
    net: Amount,
    due_on: Day,
    paid: bool,
    holiday: Holiday,
    /// Where the job stood before.
    stage_before: JobStage,
}

/// The holiday pay that a wage earned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Holiday {
    NotAccrued,
    Owed(Amount),
    Paid(Amount),
}

impl Stream for Unit {
    const TYPE: &'static str = "unit";
    const STATE_VERSION: u16 = 4;
    type Id = UnitId;
    type Command = UnitCommand;
    type Event = UnitEvent;
    type Refusal = UnitRefusal;
    type Known = UnitKnown;

    fn stream_id(id: UnitId) -> StreamId {
        StreamId::Unit(id)
    }

    fn decide(
        &self,
        id: UnitId,
        command: &UnitCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<UnitEvent>, UnitRefusal> {
        if let UnitCommand::OpenUnit { holder } = command {
            return match self.state {
                Openness::NotOpened => Ok(vec![UnitEvent::Opened { holder: *holder }]),
                Openness::Open | Openness::Closed => Err(UnitRefusal::AlreadyOpened),
            };
        }
        self.require_open()?;
        let event = match command {
            UnitCommand::OpenUnit { .. } => unreachable!("answered above"),
            UnitCommand::JoinUnit { holder } => self.join(*holder)?,
            UnitCommand::LeaveUnit { holder } => self.leave(*holder)?,
            UnitCommand::CloseUnit {} => self.close(facts)?,
            UnitCommand::ConfirmOrder { order, client, net, evidence } => {
                UnitEvent::OrderConfirmed { order: *order, client: *client, net: *net, evidence: *evidence }
            }
            UnitCommand::CancelOrder { order, reason } => self.cancel_order(*order, *reason)?,
            UnitCommand::DeclareContract {
                contract,
                holder,
                worker,
                kind,
                order,
                client,
                risk,
                days,
                budget,
            } => {
                let who = work::Who { holder: *holder, worker: *worker, kind: *kind, risk: *risk };
                self.declare_contract(*contract, who, (*order, *client), days, *budget, facts)?
            }
            UnitCommand::AmendContract { contract, days, budget } => {
                self.amend_contract(*contract, days, *budget, facts)?
            }
            UnitCommand::CancelContract { contract, reason } => self.cancel_contract(*contract, *reason)?,
            UnitCommand::EndContract { contract } => self.end_contract(*contract, facts)?,
            UnitCommand::ConcludeEmployment { employment, contract } => {
                self.conclude_employment(*employment, *contract)?
            }
            UnitCommand::ConcludeOpenEnded { employment, worker, kind } => {
                work::conclude_open_ended(*employment, *worker, *kind, facts)
            }
            UnitCommand::EndEmployment { employment, reason } => self.end_employment(*employment, *reason)?,
            UnitCommand::DeclareWorkDays { employment, holder, month, risk, days, budget } => {
                self.declare_work_days((*employment, *month), (*holder, *risk), days, *budget, facts)?
            }
            UnitCommand::ReceivePayment { invoice, payment, received, evidence } => {
                return self.receive_payment(*invoice, *payment, *received, *evidence);
            }
            UnitCommand::RemindClient { invoice, level, channel } => {
                self.remind(*invoice, *level, *channel, facts)?
            }
            UnitCommand::ChargeIndemnity { invoice, indemnity } => {
                self.charge_indemnity(*invoice, indemnity, facts)?
            }
            UnitCommand::DisputeInvoice { invoice, reason } => self.dispute(*invoice, *reason)?,
            UnitCommand::SettleDispute { invoice, reason } => self.settle_dispute(*invoice, *reason)?,
            UnitCommand::AgreePaymentPlan { invoice, instalments, evidence } => {
                self.agree_plan(*invoice, instalments, *evidence, facts)?
            }
            UnitCommand::HandOverInvoice { invoice, collector } => self.hand_over(*invoice, *collector)?,
            UnitCommand::MarkDoubtful { invoice, reason, evidence } => {
                return self.mark_doubtful(*invoice, *reason, *evidence);
            }
            UnitCommand::GrantAdvance { invoice, amount } => self.grant_advance(*invoice, *amount)?,
            UnitCommand::WriteOffInvoice { invoice, judgment_on, evidence } => {
                self.write_off(*invoice, *judgment_on, *evidence, facts)?
            }
            UnitCommand::ClaimExpense {
                expense,
                holder,
                kind,
                payee,
                incurred_on,
                net,
                vat,
                vat_recoverable,
                evidence,
            } => {
                let claim = expenses::Claim {
                    holder: *holder,
                    kind: *kind,
                    payee: *payee,
                    incurred_on: *incurred_on,
                    net: *net,
                    vat: *vat,
                    vat_recoverable: *vat_recoverable,
                    evidence: *evidence,
                };
                self.claim_expense(*expense, &claim, facts)?
            }
            UnitCommand::ApproveExpense { expense } => self.approve_expense(*expense, facts)?,
            UnitCommand::RefuseExpense { expense, reason } => self.refuse_expense(*expense, *reason)?,
            UnitCommand::PayExpense { expense, evidence } => self.pay_expense(*expense, *evidence)?,
            UnitCommand::CalculateSalary { salary, work, work_bonus, withholding_rate, evidence } => {
                self.calculate_salary(*salary, *work, (*work_bonus, *withholding_rate), *evidence, facts)?
            }
            UnitCommand::PaySalary { salary, evidence } => self.pay_salary(*salary, *evidence)?,
            UnitCommand::AccrueHolidayPay { salary, evidence } => {
                self.accrue_holiday_pay(*salary, *evidence, facts)?
            }
            UnitCommand::PayHolidayPay { worker, employee, tax, evidence } => {
                self.pay_holiday_pay(*worker, (*employee, *tax), *evidence)?
            }
            UnitCommand::SendDimona { employment, late, evidence } => {
                self.send_dimona(*employment, *late, *evidence, facts)?
            }
            UnitCommand::AcceptDimona { employment, evidence } => {
                self.accept_dimona(*employment, *evidence, facts)?
            }
            UnitCommand::RefuseDimona { employment, reason, evidence } => {
                self.refuse_dimona(*employment, *reason, *evidence)?
            }
            UnitCommand::CancelDimona { employment, reason, evidence } => {
                self.cancel_dimona(*employment, *reason, *evidence)?
            }
            UnitCommand::IssueSocialDocument { document, evidence } => {
                self.issue_social_document(*document, *evidence, facts)?
            }
            UnitCommand::SetGuaranteeLine { line, evidence } => {
                self.set_guarantee_line(*line, *evidence, facts)?
            }
            UnitCommand::AbsorbDeficit { reason, evidence } => {
                self.absorb_deficit(*reason, *evidence, facts)?
            }
            UnitCommand::Correct(correct) => {
                self.require_not_overdrawn(facts)?;
                return decide_correction(self, id, correct, facts);
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &UnitEvent) {
        match event {
            UnitEvent::Opened { holder } => {
                self.state = Openness::Open;
                self.holders.insert(*holder);
            }
            UnitEvent::HolderJoined { holder } => {
                self.holders.insert(*holder);
            }
            UnitEvent::HolderLeft { holder } => {
                self.holders.remove(holder);
            }
            UnitEvent::Closed {} => self.state = Openness::Closed,
            UnitEvent::OrderConfirmed { .. }
            | UnitEvent::OrderCancelled { .. }
            | UnitEvent::ContractDeclared { .. }
            | UnitEvent::ContractAmended { .. }
            | UnitEvent::ContractCancelled { .. }
            | UnitEvent::ContractEnded { .. }
            | UnitEvent::EmploymentConcluded { .. }
            | UnitEvent::EmploymentEnded { .. }
            | UnitEvent::WorkDaysDeclared { .. } => self.evolve_work(event),
            UnitEvent::InvoiceIssued { .. }
            | UnitEvent::InvoiceCredited { .. }
            | UnitEvent::InvoicePaid { .. } => self.evolve_invoicing(event),
            UnitEvent::DepositInvoiced { .. }
            | UnitEvent::DepositDeducted { .. }
            | UnitEvent::DepositCredited { .. } => self.evolve_deposits(event),
            UnitEvent::InvoiceReminded { .. }
            | UnitEvent::IndemnityCharged { .. }
            | UnitEvent::InvoiceDisputed { .. }
            | UnitEvent::DisputeSettled { .. }
            | UnitEvent::PaymentPlanAgreed { .. }
            | UnitEvent::InvoiceHandedOver { .. } => self.evolve_debts(event),
            UnitEvent::InvoiceDoubtful { .. }
            | UnitEvent::InvoiceRecovered { .. }
            | UnitEvent::InvoiceWrittenOff { .. } => self.evolve_losses(event),
            UnitEvent::AdvanceGranted { .. }
            | UnitEvent::AdvanceRecovered { .. }
            | UnitEvent::AdvanceAbsorbed { .. } => self.evolve_advances(event),
            UnitEvent::ExpenseClaimed { .. }
            | UnitEvent::ExpenseApproved { .. }
            | UnitEvent::ExpenseRefused { .. }
            | UnitEvent::ExpensePaid { .. } => self.evolve_expenses(event),
            UnitEvent::SalaryCalculated { .. } | UnitEvent::SalaryPaid { .. } => self.evolve_pay(event),
            UnitEvent::HolidayPayAccrued { .. } | UnitEvent::HolidayPayPaid { .. } => {
                self.evolve_holiday(event)
            }
            UnitEvent::DimonaSent { .. }
            | UnitEvent::DimonaAccepted { .. }
            | UnitEvent::DimonaRefused { .. }
            | UnitEvent::DimonaCancelled { .. }
            | UnitEvent::SocialDocumentIssued { .. } => self.evolve_social(event),
            UnitEvent::GuaranteeLineSet { .. }
            | UnitEvent::BudgetTransferred { .. }
            | UnitEvent::BudgetReceived { .. }
            | UnitEvent::DeficitAbsorbed { .. } => self.evolve_budget(event),
            UnitEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &UnitEvent) -> Result<(), CorrectionRefused> {
        match original {
            UnitEvent::Opened { .. }
            | UnitEvent::HolderJoined { .. }
            | UnitEvent::HolderLeft { .. }
            | UnitEvent::Closed {} => {
                Err(relied_upon(original, "holders join and leave by events of their own"))
            }
            UnitEvent::OrderConfirmed { .. }
            | UnitEvent::OrderCancelled { .. }
            | UnitEvent::ContractDeclared { .. }
            | UnitEvent::ContractAmended { .. }
            | UnitEvent::ContractCancelled { .. }
            | UnitEvent::ContractEnded { .. }
            | UnitEvent::EmploymentConcluded { .. }
            | UnitEvent::EmploymentEnded { .. }
            | UnitEvent::WorkDaysDeclared { .. } => self.void_work(original),
            UnitEvent::InvoiceIssued { .. }
            | UnitEvent::InvoiceCredited { .. }
            | UnitEvent::InvoicePaid { .. } => self.void_invoicing(original),
            UnitEvent::DepositInvoiced { .. }
            | UnitEvent::DepositDeducted { .. }
            | UnitEvent::DepositCredited { .. } => self.void_deposits(original),
            UnitEvent::InvoiceReminded { .. }
            | UnitEvent::IndemnityCharged { .. }
            | UnitEvent::InvoiceDisputed { .. }
            | UnitEvent::DisputeSettled { .. }
            | UnitEvent::PaymentPlanAgreed { .. }
            | UnitEvent::InvoiceHandedOver { .. } => self.void_debts(original),
            UnitEvent::InvoiceDoubtful { .. }
            | UnitEvent::InvoiceRecovered { .. }
            | UnitEvent::InvoiceWrittenOff { .. } => self.void_losses(original),
            UnitEvent::AdvanceGranted { .. }
            | UnitEvent::AdvanceRecovered { .. }
            | UnitEvent::AdvanceAbsorbed { .. } => self.void_advances(original),
            UnitEvent::ExpenseClaimed { .. }
            | UnitEvent::ExpenseApproved { .. }
            | UnitEvent::ExpenseRefused { .. }
            | UnitEvent::ExpensePaid { .. } => self.void_expenses(original),
            UnitEvent::SalaryCalculated { .. } | UnitEvent::SalaryPaid { .. } => self.void_pay(original),
            UnitEvent::HolidayPayAccrued { .. } | UnitEvent::HolidayPayPaid { .. } => {
                self.void_holiday(original)
            }
            UnitEvent::DimonaSent { .. }
            | UnitEvent::DimonaAccepted { .. }
            | UnitEvent::DimonaRefused { .. }
            | UnitEvent::DimonaCancelled { .. }
            | UnitEvent::SocialDocumentIssued { .. } => self.void_social(original),
            UnitEvent::GuaranteeLineSet { .. }
            | UnitEvent::BudgetTransferred { .. }
            | UnitEvent::BudgetReceived { .. }
            | UnitEvent::DeficitAbsorbed { .. } => self.void_budget(original),
            UnitEvent::Corrected(correction) => {
                Err(CorrectionRefused::AlreadyVoid { position: correction.position })
            }
        }
    }

    fn corrected(correction: Correction<UnitEvent>) -> UnitEvent {
        UnitEvent::Corrected(correction)
    }
}

impl Unit {
    /// How far below nothing it may go to declare work.
    pub fn guarantee_line(&self) -> Balance {
        self.guarantee_line
    }

    /// Whether it was opened and not closed.
    pub fn is_open(&self) -> bool {
        self.state == Openness::Open
    }

    /// Whether a person holds it.
    pub fn is_held_by(&self, person: PersonId) -> bool {
        self.holders.contains(&person)
    }

    fn require_open(&self) -> Result<(), UnitRefusal> {
        match self.state {
            Openness::Open => Ok(()),
            Openness::NotOpened => Err(UnitRefusal::NotOpen { found: "not opened" }),
            Openness::Closed => Err(UnitRefusal::NotOpen { found: "closed" }),
        }
    }

    fn require_holder(&self, person: PersonId) -> Result<(), UnitRefusal> {
        if self.is_held_by(person) {
            return Ok(());
        }
        Err(UnitRefusal::NotAHolder { person })
    }

    fn join(&self, holder: PersonId) -> Result<UnitEvent, UnitRefusal> {
        if self.holders.contains(&holder) {
            return Err(UnitRefusal::AlreadyHolder { person: holder });
        }
        Ok(UnitEvent::HolderJoined { holder })
    }

    fn leave(&self, holder: PersonId) -> Result<UnitEvent, UnitRefusal> {
        self.require_holder(holder)?;
        if self.holders.len() == 1 {
            return Err(UnitRefusal::LastHolder);
        }
        Ok(UnitEvent::HolderLeft { holder })
    }

    fn close(&self, facts: &Facts<Self>) -> Result<UnitEvent, UnitRefusal> {
        let UnitKnown { pending, available, reserved, .. } = facts.known;
        if [pending, available, reserved] != [Balance::ZERO; 3] {
            return Err(UnitRefusal::NotEmpty { pending, available, reserved });
        }
        Ok(UnitEvent::Closed {})
    }
}

/// The total of a document, above zero; refused when it is more than one field may carry.
fn document_total(total: Balance) -> Result<Amount, UnitRefusal> {
    let max = Balance::from_cents(CENTS_MAX);
    Amount::try_from(total).map_err(|_| UnitRefusal::TotalTooLarge { total, max })
}

fn unknown(what: &'static str, id: impl fmt::Display) -> UnitRefusal {
    UnitRefusal::Unknown { what, id: id.to_string() }
}

fn wrong_state(
    what: &'static str,
    id: impl fmt::Display,
    found: &'static str,
    expected: &'static str,
) -> UnitRefusal {
    UnitRefusal::WrongState { what, id: id.to_string(), found, expected }
}

fn relied_upon(original: &UnitEvent, because: &'static str) -> CorrectionRefused {
    use crate::stream::StreamEvent;
    CorrectionRefused::ReliedUpon { kind: original.kind().name, because }
}
