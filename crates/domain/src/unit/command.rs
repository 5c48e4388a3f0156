//! What may be asked of a production unit, and which rules can say no.
//!
//! Issuing an invoice or a credit note also takes a number of a series: those commands are in
//! [`crate::joint`], and only the part that concerns the unit is here.

use serde::{Deserialize, Serialize};

use crate::correction::{Correct, CorrectionRefused};
use crate::course::CourseStanding;
use crate::dates::{Day, Hours, Month};
use crate::evidence::Evidence;
use crate::fitness::Fit;
use crate::ids::{
    ClientId, CollectorId, ContractId, CourseId, CreditNoteId, EmploymentId, ExpenseId, InvoiceId, OrderId,
    PaymentId, PersonId, SalaryId, UnitId,
};
use crate::kinds::refusal_codes;
use crate::loan::Instalment;
use crate::member::YearsOfUse;
use crate::money::{Amount, Balance, Rate};
use crate::parameters::NoParameter;
use crate::payroll::{NothingLeft, WorkerKind};
use crate::stream::YearNotOpen;
use crate::text::{ReasonCode, RiskCode};
use crate::unit::event::{Channel, ExpenseKind, Payee, ReminderLevel, SocialDocument, Work, WorkDay};
use crate::vat::{NoExactNet, Price, VatCategory};

/// What may be asked of a unit alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum UnitCommand {
    /// Open the unit for a holder.
    OpenUnit { holder: PersonId },
    /// Let another person hold it too.
    JoinUnit { holder: PersonId },
    /// Let a holder go.
    LeaveUnit { holder: PersonId },
    /// Close the empty unit.
    CloseUnit {},
    /// Record a client's confirmed order.
    ConfirmOrder { order: OrderId, client: ClientId, net: Amount, evidence: Evidence },
    /// Cancel an order.
    CancelOrder { order: OrderId, reason: ReasonCode },
    /// Declare a job and reserve its budget.
    DeclareContract {
        contract: ContractId,
        holder: PersonId,
        worker: PersonId,
        kind: WorkerKind,
        #[serde(default)]
        order: Option<OrderId>,
        #[serde(default)]
        client: Option<ClientId>,
        /// What the work endangers, when it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        risk: Option<RiskCode>,
        days: Vec<WorkDay>,
        budget: Amount,
    },
    /// Give a job other days or another budget.
    AmendContract { contract: ContractId, days: Vec<WorkDay>, budget: Amount },
    /// Cancel a job.
    CancelContract { contract: ContractId, reason: ReasonCode },
    /// Say that the work of a job is over.
    EndContract { contract: ContractId },
    /// Conclude the fixed-term employment for a job.
    ConcludeEmployment { employment: EmploymentId, contract: ContractId },
    /// Conclude an open-ended employment.
    ConcludeOpenEnded { employment: EmploymentId, worker: PersonId, kind: WorkerKind },
    /// End an open-ended employment.
    EndEmployment { employment: EmploymentId, reason: ReasonCode },
    /// Declare the days of a month under an open-ended employment.
    DeclareWorkDays {
        employment: EmploymentId,
        holder: PersonId,
        month: Month,
        /// What the work endangers, when it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        risk: Option<RiskCode>,
        days: Vec<WorkDay>,
        budget: Amount,
    },
    /// Record what a client paid.
    ReceivePayment { invoice: InvoiceId, payment: PaymentId, received: Amount, evidence: Evidence },
    /// Remind a client of an overdue invoice.
    RemindClient { invoice: InvoiceId, level: ReminderLevel, channel: Channel },
    /// Charge a client an indemnity for paying late.
    ChargeIndemnity { invoice: InvoiceId, indemnity: Indemnity },
    /// Record that a client disputes an invoice.
    DisputeInvoice { invoice: InvoiceId, reason: ReasonCode },
    /// Settle a dispute.
    SettleDispute { invoice: InvoiceId, reason: ReasonCode },
    /// Agree that a client pays in parts.
    AgreePaymentPlan { invoice: InvoiceId, instalments: Vec<Instalment>, evidence: Evidence },
    /// Hand an invoice over to somebody who collects it.
    HandOverInvoice { invoice: InvoiceId, collector: CollectorId },
    /// Say that what is open on an invoice is doubtful.
    MarkDoubtful { invoice: InvoiceId, reason: ReasonCode, evidence: Evidence },
    /// Write a doubtful invoice off; with its VAT when a judgment of bankruptcy gives the right.
    WriteOffInvoice {
        invoice: InvoiceId,
        #[serde(default)]
        judgment_on: Option<Day>,
        evidence: Evidence,
    },
    /// Let the unit spend what its client has not paid yet.
    GrantAdvance { invoice: InvoiceId, amount: Amount },
    /// Claim an expense.
    ClaimExpense {
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
    /// Approve an expense.
    ApproveExpense { expense: ExpenseId },
    /// Refuse an expense.
    RefuseExpense { expense: ExpenseId, reason: ReasonCode },
    /// Pay an approved expense.
    PayExpense { expense: ExpenseId, evidence: Evidence },
    /// Calculate the wage of a job or a month.
    CalculateSalary {
        salary: SalaryId,
        work: Work,
        #[serde(default)]
        work_bonus: Balance,
        #[serde(default)]
        withholding_rate: Option<Rate>,
        evidence: Evidence,
    },
    /// Pay a net wage.
    PaySalary { salary: SalaryId, evidence: Evidence },
    /// Record the holiday pay that an employee's wage earned.
    AccrueHolidayPay { salary: SalaryId, evidence: Evidence },
    /// Pay a worker the holiday pay owed, less what the payroll office withheld.
    PayHolidayPay { worker: PersonId, employee: Balance, tax: Balance, evidence: Evidence },
    /// Declare an employment to social security; say why when it is late.
    SendDimona {
        employment: EmploymentId,
        #[serde(default)]
        late: Option<ReasonCode>,
        evidence: Evidence,
    },
    /// Record that social security accepted a declaration.
    AcceptDimona { employment: EmploymentId, evidence: Evidence },
    /// Record that social security refused a declaration.
    RefuseDimona { employment: EmploymentId, reason: ReasonCode, evidence: Evidence },
    /// Cancel a declaration; nobody worked.
    CancelDimona { employment: EmploymentId, reason: ReasonCode, evidence: Evidence },
    /// Issue a social document to a worker.
    IssueSocialDocument { document: SocialDocument, evidence: Evidence },
    /// Say how far below nothing the unit may go to declare work.
    SetGuaranteeLine { line: Balance, evidence: Evidence },
    /// Let the guarantee fund bear what the unit spent and will not earn.
    AbsorbDeficit { reason: ReasonCode, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<UnitCommand>),
}

/// The indemnity asked of a client who pays late.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Indemnity {
    /// Of a consumer: a sum up to the cap, after a free reminder.
    B2c {
        /// How much.
        amount: Amount,
    },
    /// Of a business: the flat sum and the interest of the act.
    B2b {},
}

/// One line of an invoice: what is charged in one VAT category.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InvoiceLine {
    /// The VAT category.
    pub vat: VatCategory,
    /// The price, with or without VAT.
    pub price: Price,
}

/// One line of a credit note: what is given back in one VAT category.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreditLine {
    /// The VAT category, one of the invoice's.
    pub vat: VatCategory,
    /// Net amount given back.
    pub net: Amount,
}

/// What an invoice says, but for its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InvoiceDraft {
    /// Its id.
    pub invoice: InvoiceId,
    /// The holder who issues it.
    pub holder: PersonId,
    /// Who is invoiced.
    pub client: ClientId,
    /// The order it answers.
    #[serde(default)]
    pub order: Option<OrderId>,
    /// The course that exempt training is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<CourseId>,
    /// What is charged.
    pub lines: Vec<InvoiceLine>,
    /// The document.
    pub evidence: Evidence,
}

/// What a credit note says, but for its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreditDraft {
    /// Its id.
    pub credit_note: CreditNoteId,
    /// The invoice it credits.
    pub invoice: InvoiceId,
    /// What is given back.
    pub lines: Vec<CreditLine>,
    /// Why.
    pub reason: ReasonCode,
    /// The document.
    pub evidence: Evidence,
}

/// What a unit's rules ask about other streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitKnown {
    /// Invoiced and not yet spendable.
    pub pending: Balance,
    /// Free to spend.
    pub available: Balance,
    /// Set aside for declared jobs.
    pub reserved: Balance,
    /// Shares that the acting holder holds.
    pub shares: u32,
    /// Years in which the acting holder used a unit.
    pub years_of_use: YearsOfUse,
    /// Jobs that the acting holder declared in years not covered by shares.
    pub grace_contracts_used: u32,
    /// How the course that an invoice cites stands.
    pub course: Option<CourseStanding>,
    /// When the worker is fit for the risk that the work bears.
    pub fit: Option<Fit>,
}

/// What the rules of loans and grants ask about the unit that is lent or given budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BudgetKnown {
    /// Whether the unit is open.
    pub is_open: bool,
    /// What it may spend.
    pub available: Balance,
}

/// Which rules of a unit can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum UnitRefusal {
    /// A unit opens once.
    #[error("the unit was already opened")]
    AlreadyOpened,
    /// Nothing happens in a unit that is not open.
    #[error("the unit is {found}; this needs an open one")]
    NotOpen { found: &'static str },
    /// Only holders act for a unit.
    #[error("person {person} does not hold this unit")]
    NotAHolder { person: PersonId },
    /// Nobody joins twice.
    #[error("person {person} holds this unit already")]
    AlreadyHolder { person: PersonId },
    /// A unit has a holder as long as it is open.
    #[error("the last holder cannot leave; close the unit instead")]
    LastHolder,
    /// Only an empty unit closes.
    #[error("the unit still holds {pending} pending, {available} available, {reserved} reserved")]
    NotEmpty { pending: Balance, available: Balance, reserved: Balance },
    /// The thing named is not in this unit.
    #[error("this unit has no {what} {id}")]
    Unknown { what: &'static str, id: String },
    /// The thing named is not where this step needs it.
    #[error("{what} {id} is {found}; this needs one that is {expected}")]
    WrongState { what: &'static str, id: String, found: &'static str, expected: &'static str },
    /// A job has at least one day.
    #[error("expected at least one working day, found none")]
    NoDays,
    /// Days of one declaration lie in one month, in order and once each.
    #[error("day {day} is {problem}")]
    BadDay { day: Day, problem: &'static str },
    /// A working day has an upper bound.
    #[error("{hours} hours on {day} are outside 0.25 to {max}.00")]
    DayTooLong { day: Day, hours: Hours, max: u32 },
    /// Source: DOMAIN E23.
    #[error("a budget of {budget} is more than the {available} available to the unit")]
    OverBudget { budget: Balance, available: Balance },
    /// Source: DOMAIN E23.
    #[error(
        "a budget of {budget} is more than the {available} available to the unit and its guarantee line of {line}"
    )]
    BeyondGuaranteeLine { budget: Balance, available: Balance, line: Balance },
    /// A guarantee line goes below nothing, not above it.
    #[error("expected a guarantee line of 0.00 or more, found {asked}")]
    NegativeGuaranteeLine { asked: Balance },
    /// What is used of a line is not taken away.
    #[error("a guarantee line of {asked} is less than the {used} in use")]
    GuaranteeLineInUse { asked: Balance, used: Balance },
    /// Budget is transferred to another unit.
    #[error("unit {unit} cannot transfer budget to itself")]
    TransferToItself { unit: UnitId },
    /// Nobody gives budget to a unit that cannot spend it.
    #[error("unit {unit} is {found}; only an open one receives budget")]
    ReceiverNotOpen { unit: UnitId, found: &'static str },
    /// The fund bears what is missing, no more.
    #[error(
        "the unit has no deficit: {pending} pending, {available} available and {reserved} reserved are 0.00 or more"
    )]
    NoDeficit { pending: Balance, available: Balance, reserved: Balance },
    /// Source: CAO 43; DOMAIN E25.
    #[error("a budget of {budget} gives {gross} gross, below the minimum of {minimum} for {hours} hours")]
    BelowMinimumWage { budget: Amount, gross: Balance, minimum: Balance, hours: Hours },
    /// Source: share duty; DOMAIN E22.
    #[error(
        "{shares} shares do not cover another year of use: {needed} more needed, and {grace} contracts without shares are used up"
    )]
    ShareDuty { shares: u32, needed: u32, grace: u32 },
    /// A document has at least one line.
    #[error("expected at least one line, found none")]
    NoLines,
    /// A document bears no more than one field may carry.
    #[error("a total of {total} is more than the {max} that one document may bear")]
    TotalTooLarge { total: Balance, max: Balance },
    /// A price with VAT has no exact net amount.
    #[error(transparent)]
    NoExactNet(#[from] NoExactNet),
    /// Source: WBTW art. 44 §2 4°; DOMAIN E30. \[R\]
    #[error("exempt training bears no VAT, but a price of {asked} with VAT was asked; state a net price")]
    VatOnExempt { asked: Amount },
    /// Source: WBTW art. 44 §2 4°; DOMAIN E30, F3 (an exempt invoice cites a validated course). \[R\]
    #[error("exempt training of {exempt} cites the course that it is; none was named")]
    NoCourse { exempt: Amount },
    /// Source: DOMAIN F3 (an exempt invoice cites a validated course).
    #[error("course {course} is {found} on {on}; exempt training cites one that is validated")]
    CourseNotValid { course: CourseId, found: &'static str, on: Day },
    /// What bears VAT is no exempt training.
    #[error("course {course} is cited, but no line is exempt training")]
    CourseWithoutTraining { course: CourseId },
    /// Source: DOMAIN A4, F3 (no risky contract without fitness).
    #[error("worker {worker} was not found fit for risk {risk}")]
    NotFit { worker: PersonId, risk: RiskCode },
    /// Source: DOMAIN A4, F3 (no risky contract without fitness).
    #[error(
        "worker {worker} is fit for risk {risk} from {from} to {until}, not on all days from {first_day} to {last_day}"
    )]
    NotFitLongEnough {
        worker: PersonId,
        risk: RiskCode,
        from: Day,
        until: Day,
        first_day: Day,
        last_day: Day,
    },
    /// An invoice that deducts deposits names them.
    #[error("expected at least one deposit to deduct, found none")]
    NoDeposits,
    /// Only money that came in is deducted.
    #[error("{open} is still open on deposit {deposit}; only a paid one is deducted")]
    DepositNotPaid { deposit: InvoiceId, open: Balance },
    /// No more is deducted than the work costs.
    #[error("deposits of {deducted} are more than the {invoiced} invoiced in VAT category {category:?}")]
    DepositsTooHigh { category: VatCategory, deducted: Balance, invoiced: Balance },
    /// A credit note gives back no more than was charged.
    #[error("{asked} is more than the {left} left to credit in VAT category {category:?}")]
    CreditsTooMuch { category: VatCategory, asked: Balance, left: Balance },
    /// Nobody is reminded of what is not due yet.
    #[error("the invoice is due on {due_on}; it is not overdue on {effective_on}")]
    NotOverdue { due_on: Day, effective_on: Day },
    /// Nobody is reminded of what is not owed.
    #[error("{open} is open on invoice {invoice}; this needs more than 0.00")]
    NothingOpen { invoice: InvoiceId, open: Balance },
    /// One reminder per invoice and level.
    #[error("reminder {level} was sent on {sent_on} already")]
    RemindedAlready { level: ReminderLevel, sent_on: Day },
    /// Reminders follow each other.
    #[error("reminder {level} comes after {n_before} others; {n_sent} were sent")]
    ReminderOutOfOrder { level: ReminderLevel, n_before: usize, n_sent: usize },
    /// Source: WER XIX.2; DOMAIN F5 15.
    #[error("an indemnity may be asked of this consumer from {from} on; it is asked on {effective_on}")]
    IndemnityTooEarly { from: Day, effective_on: Day },
    /// Source: WER XIX.4; DOMAIN F5 16.
    #[error("an indemnity of {asked} is more than the {cap} that a debt of {debt} may bear")]
    IndemnityAboveCap { asked: Amount, cap: Balance, debt: Amount },
    /// A plan pays what is open, no more and no less.
    #[error("the instalments sum to {sum}; {open} is open")]
    PlanDoesNotAddUp { sum: Balance, open: Balance },
    /// Only a doubtful debt is written off.
    #[error(
        "of the {open} open on invoice {invoice}, {doubtful} is doubtful and can be written off; this needs more"
    )]
    NotDoubtful { invoice: InvoiceId, open: Balance, doubtful: Balance },
    /// What is doubtful stands on another account: it is paid or written off, not credited or raised.
    #[error("{doubtful} of invoice {invoice} is doubtful; it can be paid or written off")]
    DebtIsDoubtful { invoice: InvoiceId, doubtful: Balance },
    /// Source: DOMAIN I5, E30.
    #[error(
        "an advance of {asked} is more than the {most} left to advance: {pending} is pending on invoice {invoice} and {advanced} was advanced"
    )]
    AdvanceTooHigh { invoice: InvoiceId, asked: Amount, most: Balance, pending: Balance, advanced: Balance },
    /// What was advanced is recovered from a payment, not from a credit note.
    #[error("{advanced} was advanced on invoice {invoice}; it cannot be credited before the client pays")]
    AdvanceOutstanding { invoice: InvoiceId, advanced: Balance },
    /// VAT that can be recovered is part of the VAT.
    #[error("{recoverable} of VAT to recover is outside 0.00 to the {vat} paid")]
    BadRecoverableVat { recoverable: Balance, vat: Balance },
    /// Expenses are dated before they are claimed, and claimed in time.
    #[error("an expense of {incurred_on} cannot be claimed on {effective_on}; the last day is {deadline}")]
    ExpenseOutOfTime { incurred_on: Day, effective_on: Day, deadline: Day },
    /// A wage is calculated after the work.
    #[error("the work ends on {last_day}; its wage cannot be calculated on {effective_on}")]
    WorkNotOver { last_day: Day, effective_on: Day },
    /// Source: DOMAIN E23.
    #[error("a wage cost of {cost} is more than the {budget} reserved for it")]
    CostOverReserved { cost: Amount, budget: Amount },
    /// Nobody chooses less tax than the minimum.
    #[error("a withholding rate of {asked} is below the minimum of {minimum}")]
    WithholdingTooLow { asked: Rate, minimum: Rate },
    /// Nothing is owed where nothing was earned.
    #[error("no holiday pay is owed to {worker}: it comes to 0.00")]
    NoHolidayPay { worker: PersonId },
    /// What is withheld leaves something to pay.
    #[error(
        "{employee} of contributions and {tax} of tax are outside 0.00 to the {accrued} of holiday pay owed"
    )]
    HolidayDeductions { accrued: Amount, employee: Balance, tax: Balance },
    /// Source: DOMAIN E24.
    #[error("work begins on {first_day}; a Dimona of {effective_on} is late and must say why")]
    DimonaLate { first_day: Day, effective_on: Day },
    /// A work bonus lowers the contribution; it is no charge.
    #[error("expected a work bonus of 0.00 or more, found {found}")]
    NegativeWorkBonus { found: Balance },
    /// Deductions leave nothing.
    #[error(transparent)]
    NothingLeft(#[from] NothingLeft),
    /// A correction may not leave the unit overdrawn.
    #[error("without it the unit would have {available} available; credit or repay first")]
    WouldOverdraw { available: Balance },
    /// A parameter is missing.
    #[error(transparent)]
    NoParameter(#[from] NoParameter),
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(UnitRefusal {
    AlreadyOpened = "unit.already_opened",
    NotOpen = "unit.not_open",
    NotAHolder = "unit.not_a_holder",
    AlreadyHolder = "unit.already_holder",
    LastHolder = "unit.last_holder",
    NotEmpty = "unit.not_empty",
    Unknown = "unit.unknown",
    WrongState = "unit.wrong_state",
    NoDays = "unit.no_days",
    BadDay = "unit.bad_day",
    DayTooLong = "unit.day_too_long",
    OverBudget = "unit.over_budget",
    BeyondGuaranteeLine = "unit.beyond_guarantee_line",
    NegativeGuaranteeLine = "unit.negative_guarantee_line",
    GuaranteeLineInUse = "unit.guarantee_line_in_use",
    TransferToItself = "unit.transfer_to_itself",
    ReceiverNotOpen = "unit.receiver_not_open",
    NoDeficit = "unit.no_deficit",
    BelowMinimumWage = "unit.below_minimum_wage",
    ShareDuty = "unit.share_duty",
    NoLines = "unit.no_lines",
    TotalTooLarge = "unit.total_too_large",
    NoExactNet = "unit.no_exact_net",
    VatOnExempt = "unit.vat_on_exempt",
    NoCourse = "unit.no_course",
    CourseNotValid = "unit.course_not_valid",
    CourseWithoutTraining = "unit.course_without_training",
    NotFit = "unit.not_fit",
    NotFitLongEnough = "unit.not_fit_long_enough",
    NoDeposits = "unit.no_deposits",
    DepositNotPaid = "unit.deposit_not_paid",
    DepositsTooHigh = "unit.deposits_too_high",
    CreditsTooMuch = "unit.credits_too_much",
    NotOverdue = "unit.not_overdue",
    NothingOpen = "unit.nothing_open",
    RemindedAlready = "unit.reminded_already",
    ReminderOutOfOrder = "unit.reminder_out_of_order",
    IndemnityTooEarly = "unit.indemnity_too_early",
    IndemnityAboveCap = "unit.indemnity_above_cap",
    PlanDoesNotAddUp = "unit.plan_does_not_add_up",
    NotDoubtful = "unit.not_doubtful",
    DebtIsDoubtful = "unit.debt_is_doubtful",
    AdvanceTooHigh = "unit.advance_too_high",
    AdvanceOutstanding = "unit.advance_outstanding",
    BadRecoverableVat = "unit.bad_recoverable_vat",
    ExpenseOutOfTime = "unit.expense_out_of_time",
    WorkNotOver = "unit.work_not_over",
    CostOverReserved = "unit.cost_over_reserved",
    WithholdingTooLow = "unit.withholding_too_low",
    NoHolidayPay = "unit.no_holiday_pay",
    HolidayDeductions = "unit.holiday_deductions",
    DimonaLate = "unit.dimona_late",
    NegativeWorkBonus = "unit.negative_work_bonus",
    NothingLeft = "unit.nothing_left",
    WouldOverdraw = "unit.would_overdraw",
    NoParameter = "parameter.missing",
});
