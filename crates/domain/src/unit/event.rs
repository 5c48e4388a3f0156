//! What can have happened in a production unit.
//!
//! Every amount that was rated, rounded or split when deciding stands in the event, so that posting
//! and projecting need no parameter and no other event.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::correction::{Correction, claims_of_correction};
use crate::dates::{Day, Hours, Month, Year};
use crate::envelope::{Claim, Claimed, Kind};
use crate::evidence::Evidence;
use crate::ids::{
    ClientId, CollectorId, ContractId, CourseId, CreditNoteId, EmploymentId, ExpenseId, InvoiceId, OrderId,
    PaymentId, PersonId, SalaryId, UnitId,
};
use crate::kinds::kinds;
use crate::loan::Instalment;
use crate::money::{Amount, Balance, Rate};
use crate::payroll::{Wage, WorkerKind};
use crate::stream::StreamEvent;
use crate::text::{DocumentNumber, ReasonCode, RiskCode};
use crate::vat::VatLine;

/// One working day and its hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkDay {
    /// The day worked.
    pub on: Day,
    /// Hours on that day.
    pub hours: Hours,
}

/// What a salary pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Work {
    /// A job under a fixed-term employment.
    Contract(ContractId),
    /// A month of an open-ended employment.
    Month {
        /// The employment.
        employment: EmploymentId,
        /// The month.
        month: Month,
    },
}

/// How long an employment lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Term {
    /// For the days of one job.
    FixedTerm {
        /// The job.
        contract: ContractId,
        /// First day.
        from: Day,
        /// Last day.
        to: Day,
    },
    /// Until somebody ends it; days are declared by month.
    OpenEnded {
        /// First day.
        from: Day,
    },
}

/// A document that a worker gets for social security or the tax office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SocialDocument {
    /// For unemployment benefit, when an employment is over (C4).
    Unemployment {
        /// The employment.
        employment: EmploymentId,
    },
    /// What was earned in a year (281.10).
    Income {
        /// Who earned it.
        worker: PersonId,
        /// The year.
        year: Year,
    },
}

/// What kind of cost a member claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExpenseKind {
    /// Public transport.
    PublicTransport,
    /// Car, fuel, parking.
    Travel,
    /// Hotels.
    Lodging,
    /// Daily allowances for food.
    PerDiem,
    /// Office supplies.
    Office,
    /// Internet and telephone.
    Telecom,
    /// Consumables and materials.
    Materials,
    /// Services of others.
    Services,
}

/// To whom an expense is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Payee {
    /// The member who paid it, on a note.
    Member,
    /// The supplier, on an invoice to the cooperative.
    Supplier,
}

/// Which reminder of an invoice: the first, the second or the third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct ReminderLevel(u8);

impl ReminderLevel {
    /// The level above so many reminders; none above the third.
    pub fn after(n_sent: usize) -> Option<Self> {
        u8::try_from(n_sent + 1).ok().and_then(|level| Self::try_from(level).ok())
    }

    /// How many reminders came before it.
    pub fn n_before(self) -> usize {
        usize::from(self.0) - 1
    }
}

impl TryFrom<u8> for ReminderLevel {
    type Error = String;

    fn try_from(level: u8) -> Result<Self, String> {
        if (1..=3).contains(&level) {
            return Ok(Self(level));
        }
        Err(format!("expected a reminder of level 1, 2 or 3, found {level}"))
    }
}

impl From<ReminderLevel> for u8 {
    fn from(level: ReminderLevel) -> Self {
        level.0
    }
}

impl fmt::Display for ReminderLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a reminder is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By post.
    Post,
}

/// As what a client owes: the law protects a consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// A business.
    B2b,
    /// A consumer.
    B2c,
}

/// What can have happened in a production unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum UnitEvent {
    /// A person opened the unit and holds it.
    #[serde(rename = "unit.opened")]
    Opened { holder: PersonId },
    /// Another person holds the unit too.
    #[serde(rename = "unit.holder_joined")]
    HolderJoined { holder: PersonId },
    /// A person holds the unit no more.
    #[serde(rename = "unit.holder_left")]
    HolderLeft { holder: PersonId },
    /// The unit was closed, empty.
    #[serde(rename = "unit.closed")]
    Closed {},
    /// A client confirmed an order.
    #[serde(rename = "order.confirmed")]
    OrderConfirmed { order: OrderId, client: ClientId, net: Amount, evidence: Evidence },
    /// An order was cancelled.
    #[serde(rename = "order.cancelled")]
    OrderCancelled { order: OrderId, reason: ReasonCode },
    /// A job was declared and its budget reserved.
    #[serde(rename = "contract.declared")]
    ContractDeclared {
        contract: ContractId,
        holder: PersonId,
        worker: PersonId,
        kind: WorkerKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client: Option<ClientId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        risk: Option<RiskCode>,
        days: Vec<WorkDay>,
        hours: Hours,
        budget: Amount,
        coefficient: Rate,
        gross: Amount,
        minimum_gross: Amount,
    },
    /// A job got other days or another budget.
    #[serde(rename = "contract.amended")]
    ContractAmended {
        contract: ContractId,
        worker: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        employment: Option<EmploymentId>,
        days_before: u32,
        hours_before: Hours,
        budget_before: Amount,
        days: Vec<WorkDay>,
        hours: Hours,
        budget: Amount,
        coefficient: Rate,
        gross: Amount,
        minimum_gross: Amount,
    },
    /// A job will not take place; its budget is free again.
    #[serde(rename = "contract.cancelled")]
    ContractCancelled { contract: ContractId, budget: Amount, reason: ReasonCode },
    /// The work of a job is over; the wage is due.
    #[serde(rename = "contract.ended")]
    ContractEnded { contract: ContractId, worker: PersonId, last_day: Day, wage_due_on: Day },
    /// An employment contract was concluded.
    #[serde(rename = "employment.concluded")]
    EmploymentConcluded {
        employment: EmploymentId,
        worker: PersonId,
        kind: WorkerKind,
        term: Term,
        n_days: u32,
        hours: Hours,
    },
    /// An open-ended employment ended.
    #[serde(rename = "employment.ended")]
    EmploymentEnded { employment: EmploymentId, worker: PersonId, reason: ReasonCode },
    /// The days of a month under an open-ended employment were declared and their budget reserved.
    #[serde(rename = "work_days.declared")]
    WorkDaysDeclared {
        employment: EmploymentId,
        holder: PersonId,
        worker: PersonId,
        kind: WorkerKind,
        month: Month,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        risk: Option<RiskCode>,
        days: Vec<WorkDay>,
        hours: Hours,
        budget: Amount,
        coefficient: Rate,
        gross: Amount,
        minimum_gross: Amount,
    },
    /// An invoice was issued to a client.
    #[serde(rename = "invoice.issued")]
    InvoiceIssued {
        invoice: InvoiceId,
        number: DocumentNumber,
        holder: PersonId,
        client: ClientId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course: Option<CourseId>,
        vat: Vec<VatLine>,
        net: Amount,
        gross: Amount,
        contribution_rate: Rate,
        contribution: Balance,
        unit_share: Balance,
        spendable: bool,
        due_on: Day,
        evidence: Evidence,
    },
    /// An invoice was credited, in whole or in part.
    #[serde(rename = "invoice.credited")]
    InvoiceCredited {
        invoice: InvoiceId,
        credit_note: CreditNoteId,
        number: DocumentNumber,
        client: ClientId,
        vat: Vec<VatLine>,
        net: Amount,
        gross: Amount,
        contribution: Balance,
        from_pending: Balance,
        from_available: Balance,
        from_fund: Balance,
        released: Balance,
        reason: ReasonCode,
        evidence: Evidence,
    },
    /// A client paid on an invoice.
    #[serde(rename = "invoice.paid")]
    InvoicePaid {
        invoice: InvoiceId,
        payment: PaymentId,
        client: ClientId,
        received: Amount,
        settled: Balance,
        excess: Balance,
        released: Balance,
        evidence: Evidence,
    },
    /// A deposit was invoiced to a client, before the work.
    #[serde(rename = "deposit.invoiced")]
    DepositInvoiced {
        invoice: InvoiceId,
        number: DocumentNumber,
        holder: PersonId,
        client: ClientId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course: Option<CourseId>,
        vat: Vec<VatLine>,
        net: Amount,
        gross: Amount,
        due_on: Day,
        evidence: Evidence,
    },
    /// A deposit was deducted from the invoice for the work.
    #[serde(rename = "deposit.deducted")]
    DepositDeducted {
        deposit: InvoiceId,
        invoice: InvoiceId,
        number: DocumentNumber,
        client: ClientId,
        vat: Vec<VatLine>,
        net: Amount,
        gross: Amount,
        released: Balance,
    },
    /// A deposit was credited, in whole or in part.
    #[serde(rename = "deposit.credited")]
    DepositCredited {
        invoice: InvoiceId,
        credit_note: CreditNoteId,
        number: DocumentNumber,
        client: ClientId,
        vat: Vec<VatLine>,
        net: Amount,
        gross: Amount,
        reason: ReasonCode,
        evidence: Evidence,
    },
    /// A client was reminded of an invoice that is overdue.
    #[serde(rename = "invoice.reminded")]
    InvoiceReminded {
        invoice: InvoiceId,
        client: ClientId,
        level: ReminderLevel,
        channel: Channel,
        sent_on: Day,
        days_overdue: u32,
        open: Amount,
    },
    /// A client was charged an indemnity for paying late.
    #[serde(rename = "invoice.indemnity_charged")]
    IndemnityCharged {
        invoice: InvoiceId,
        client: ClientId,
        kind: ClientKind,
        overdue: Amount,
        days_overdue: u32,
        interest_rate: Rate,
        flat: Amount,
        interest: Balance,
    },
    /// A client disputes an invoice.
    #[serde(rename = "invoice.disputed")]
    InvoiceDisputed { invoice: InvoiceId, client: ClientId, reason: ReasonCode },
    /// A dispute about an invoice was settled.
    #[serde(rename = "invoice.dispute_settled")]
    DisputeSettled { invoice: InvoiceId, client: ClientId, reason: ReasonCode },
    /// A client promised to pay an invoice in parts.
    #[serde(rename = "payment_plan.agreed")]
    PaymentPlanAgreed {
        invoice: InvoiceId,
        client: ClientId,
        instalments: Vec<Instalment>,
        evidence: Evidence,
    },
    /// An invoice was handed over to somebody who collects it.
    #[serde(rename = "invoice.handed_over")]
    InvoiceHandedOver { invoice: InvoiceId, client: ClientId, collector: CollectorId, open: Amount },
    /// What is open on an invoice became doubtful; the fund and the pool bear the loss.
    #[serde(rename = "invoice.doubtful")]
    InvoiceDoubtful {
        invoice: InvoiceId,
        client: ClientId,
        gross: Amount,
        net: Balance,
        from_fund: Balance,
        from_pool: Balance,
        released: Balance,
        reason: ReasonCode,
        evidence: Evidence,
    },
    /// A client paid on a doubtful invoice.
    #[serde(rename = "invoice.recovered")]
    InvoiceRecovered {
        invoice: InvoiceId,
        payment: PaymentId,
        client: ClientId,
        received: Amount,
        settled: Balance,
        excess: Balance,
        net: Balance,
        to_fund: Balance,
        to_pool: Balance,
        evidence: Evidence,
    },
    /// A doubtful invoice was lost for good, or its VAT may be recovered at last.
    #[serde(rename = "invoice.written_off")]
    InvoiceWrittenOff {
        invoice: InvoiceId,
        client: ClientId,
        net: Balance,
        vat_recoverable: Balance,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        judgment_on: Option<Day>,
        evidence: Evidence,
    },
    /// The guarantee fund let the unit spend what its client has not paid yet.
    #[serde(rename = "advance.granted")]
    AdvanceGranted { invoice: InvoiceId, amount: Amount },
    /// The client paid what the fund had advanced.
    #[serde(rename = "advance.recovered")]
    AdvanceRecovered { invoice: InvoiceId, payment: PaymentId, amount: Amount },
    /// The fund bears the doubtful debt that it had advanced upon.
    #[serde(rename = "advance.absorbed")]
    AdvanceAbsorbed { invoice: InvoiceId, amount: Amount },
    /// A member claimed an expense.
    #[serde(rename = "expense.claimed")]
    ExpenseClaimed {
        expense: ExpenseId,
        holder: PersonId,
        kind: ExpenseKind,
        payee: Payee,
        incurred_on: Day,
        net: Amount,
        vat: Balance,
        vat_recoverable: Balance,
        evidence: Evidence,
    },
    /// An expense was approved and charged to the unit.
    #[serde(rename = "expense.approved")]
    ExpenseApproved {
        expense: ExpenseId,
        holder: PersonId,
        kind: ExpenseKind,
        payee: Payee,
        cost: Amount,
        vat_recoverable: Balance,
        owed: Amount,
        evidence: Evidence,
    },
    /// An expense was refused.
    #[serde(rename = "expense.refused")]
    ExpenseRefused { expense: ExpenseId, reason: ReasonCode },
    /// An expense was paid out.
    #[serde(rename = "expense.paid")]
    ExpensePaid { expense: ExpenseId, holder: PersonId, payee: Payee, amount: Amount, evidence: Evidence },
    /// A wage was calculated and charged to its reserved budget.
    #[serde(rename = "salary.calculated")]
    SalaryCalculated {
        salary: SalaryId,
        work: Work,
        worker: PersonId,
        kind: WorkerKind,
        wage: Wage,
        withholding_rate: Rate,
        work_bonus: Balance,
        budget: Amount,
        margin: Balance,
        due_on: Day,
        evidence: Evidence,
    },
    /// A net wage was paid.
    #[serde(rename = "salary.paid")]
    SalaryPaid { salary: SalaryId, worker: PersonId, net: Amount, due_on: Day, evidence: Evidence },
    /// A wage earned holiday pay.
    #[serde(rename = "holiday_pay.accrued")]
    HolidayPayAccrued {
        salary: SalaryId,
        worker: PersonId,
        gross: Amount,
        rate: Rate,
        amount: Amount,
        evidence: Evidence,
    },
    /// A worker was paid the holiday pay owed.
    #[serde(rename = "holiday_pay.paid")]
    HolidayPayPaid {
        worker: PersonId,
        salaries: Vec<SalaryId>,
        accrued: Amount,
        employee: Balance,
        tax: Balance,
        net: Amount,
        evidence: Evidence,
    },
    /// An employment was declared to social security.
    #[serde(rename = "dimona.sent")]
    DimonaSent {
        employment: EmploymentId,
        worker: PersonId,
        first_day: Day,
        days_late: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<ReasonCode>,
        evidence: Evidence,
    },
    /// Social security accepted a declaration.
    #[serde(rename = "dimona.accepted")]
    DimonaAccepted { employment: EmploymentId, worker: PersonId, days_late: u32, evidence: Evidence },
    /// Social security refused a declaration.
    #[serde(rename = "dimona.refused")]
    DimonaRefused { employment: EmploymentId, worker: PersonId, reason: ReasonCode, evidence: Evidence },
    /// A declaration was cancelled.
    #[serde(rename = "dimona.cancelled")]
    DimonaCancelled { employment: EmploymentId, worker: PersonId, reason: ReasonCode, evidence: Evidence },
    /// A worker got a social document.
    #[serde(rename = "social_document.issued")]
    SocialDocumentIssued { document: SocialDocument, worker: PersonId, evidence: Evidence },
    /// How far below nothing the unit may go to declare work was set.
    #[serde(rename = "guarantee_line.set")]
    GuaranteeLineSet { before: Balance, line: Balance, evidence: Evidence },
    /// The unit gave budget to another.
    #[serde(rename = "budget.transferred")]
    BudgetTransferred { to: UnitId, holder: PersonId, amount: Amount, reason: ReasonCode, evidence: Evidence },
    /// The unit was given budget by another.
    #[serde(rename = "budget.received")]
    BudgetReceived { from: UnitId, amount: Amount, reason: ReasonCode, evidence: Evidence },
    /// The guarantee fund bore what the unit spent and will not earn.
    #[serde(rename = "deficit.absorbed")]
    DeficitAbsorbed { amount: Amount, reason: ReasonCode, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "unit.corrected")]
    Corrected(Correction<UnitEvent>),
}

kinds!(UnitEvent {
    Opened = "unit.opened" v 1,
    HolderJoined = "unit.holder_joined" v 1,
    HolderLeft = "unit.holder_left" v 1,
    Closed = "unit.closed" v 1,
    OrderConfirmed = "order.confirmed" v 1,
    OrderCancelled = "order.cancelled" v 1,
    ContractDeclared = "contract.declared" v 1,
    ContractAmended = "contract.amended" v 1,
    ContractCancelled = "contract.cancelled" v 1,
    ContractEnded = "contract.ended" v 1,
    EmploymentConcluded = "employment.concluded" v 1,
    EmploymentEnded = "employment.ended" v 1,
    WorkDaysDeclared = "work_days.declared" v 1,
    InvoiceIssued = "invoice.issued" v 1,
    InvoiceCredited = "invoice.credited" v 1,
    InvoicePaid = "invoice.paid" v 1,
    DepositInvoiced = "deposit.invoiced" v 1,
    DepositDeducted = "deposit.deducted" v 1,
    DepositCredited = "deposit.credited" v 1,
    InvoiceReminded = "invoice.reminded" v 1,
    IndemnityCharged = "invoice.indemnity_charged" v 1,
    InvoiceDisputed = "invoice.disputed" v 1,
    DisputeSettled = "invoice.dispute_settled" v 1,
    PaymentPlanAgreed = "payment_plan.agreed" v 1,
    InvoiceHandedOver = "invoice.handed_over" v 1,
    InvoiceDoubtful = "invoice.doubtful" v 1,
    InvoiceRecovered = "invoice.recovered" v 1,
    InvoiceWrittenOff = "invoice.written_off" v 1,
    AdvanceGranted = "advance.granted" v 1,
    AdvanceRecovered = "advance.recovered" v 1,
    AdvanceAbsorbed = "advance.absorbed" v 1,
    ExpenseClaimed = "expense.claimed" v 1,
    ExpenseApproved = "expense.approved" v 1,
    ExpenseRefused = "expense.refused" v 1,
    ExpensePaid = "expense.paid" v 1,
    SalaryCalculated = "salary.calculated" v 1,
    SalaryPaid = "salary.paid" v 1,
    HolidayPayAccrued = "holiday_pay.accrued" v 1,
    HolidayPayPaid = "holiday_pay.paid" v 1,
    DimonaSent = "dimona.sent" v 1,
    DimonaAccepted = "dimona.accepted" v 1,
    DimonaRefused = "dimona.refused" v 1,
    DimonaCancelled = "dimona.cancelled" v 1,
    SocialDocumentIssued = "social_document.issued" v 1,
    GuaranteeLineSet = "guarantee_line.set" v 1,
    BudgetTransferred = "budget.transferred" v 1,
    BudgetReceived = "budget.received" v 1,
    DeficitAbsorbed = "deficit.absorbed" v 1,
    Corrected = "unit.corrected" v 1,
});

impl StreamEvent for UnitEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        let of = |what, id: Uuid| vec![Claim { what, key: *id.as_bytes() }];
        match self {
            Self::OrderConfirmed { order, .. } => of(Claimed::Order, order.uuid()),
            Self::ContractDeclared { contract, .. } => of(Claimed::Contract, contract.uuid()),
            Self::EmploymentConcluded { employment, .. } => of(Claimed::Employment, employment.uuid()),
            Self::InvoiceIssued { invoice, .. } | Self::DepositInvoiced { invoice, .. } => {
                of(Claimed::Invoice, invoice.uuid())
            }
            Self::InvoiceCredited { credit_note, .. } | Self::DepositCredited { credit_note, .. } => {
                of(Claimed::CreditNote, credit_note.uuid())
            }
            Self::InvoicePaid { payment, .. } | Self::InvoiceRecovered { payment, .. } => {
                of(Claimed::Payment, payment.uuid())
            }
            Self::SalaryCalculated { salary, .. } => of(Claimed::Salary, salary.uuid()),
            // The same receipt cannot be claimed twice, whoever claims it.
            Self::ExpenseClaimed { expense, evidence, .. } => {
                let mut claims = of(Claimed::Expense, expense.uuid());
                claims.push(Claim::of_document(evidence));
                claims
            }
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Opened { .. }
            | Self::HolderJoined { .. }
            | Self::HolderLeft { .. }
            | Self::Closed {}
            | Self::OrderCancelled { .. }
            | Self::ContractAmended { .. }
            | Self::ContractCancelled { .. }
            | Self::ContractEnded { .. }
            | Self::EmploymentEnded { .. }
            | Self::WorkDaysDeclared { .. }
            | Self::DepositDeducted { .. }
            | Self::InvoiceReminded { .. }
            | Self::IndemnityCharged { .. }
            | Self::InvoiceDisputed { .. }
            | Self::DisputeSettled { .. }
            | Self::PaymentPlanAgreed { .. }
            | Self::InvoiceHandedOver { .. }
            | Self::InvoiceDoubtful { .. }
            | Self::InvoiceWrittenOff { .. }
            | Self::AdvanceGranted { .. }
            | Self::AdvanceRecovered { .. }
            | Self::AdvanceAbsorbed { .. }
            | Self::ExpenseApproved { .. }
            | Self::ExpenseRefused { .. }
            | Self::ExpensePaid { .. }
            | Self::SalaryPaid { .. }
            | Self::HolidayPayAccrued { .. }
            | Self::HolidayPayPaid { .. }
            | Self::DimonaSent { .. }
            | Self::DimonaAccepted { .. }
            | Self::DimonaRefused { .. }
            | Self::DimonaCancelled { .. }
            | Self::SocialDocumentIssued { .. }
            | Self::GuaranteeLineSet { .. }
            | Self::BudgetTransferred { .. }
            | Self::BudgetReceived { .. }
            | Self::DeficitAbsorbed { .. } => Vec::new(),
        }
    }
}
