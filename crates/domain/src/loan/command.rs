//! What may be asked of a loan, and which rules can say no.

use serde::{Deserialize, Serialize};

use super::event::LoanKind;
use super::schedule::INSTALMENTS_MAX;
use crate::correction::{Correct, CorrectionRefused};
use crate::dates::Day;
use crate::evidence::Evidence;
use crate::ids::{PersonId, ProjectId, UnitId};
use crate::kinds::refusal_codes;
use crate::money::{Amount, Balance, Rate};
use crate::stream::YearNotOpen;
use crate::text::ReasonCode;

/// What may be asked of a loan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum LoanCommand {
    /// Ask for a loan for a project.
    RequestLoan { borrower: PersonId, project: ProjectId, kind: LoanKind, amount: Amount },
    /// Grant the loan; interest and fee may be stated, and are refused unless they are nothing.
    GrantLoan {
        principal: Amount,
        instalments: u32,
        first_due_on: Day,
        #[serde(default)]
        interest: Option<Rate>,
        #[serde(default)]
        fee: Option<Balance>,
        evidence: Evidence,
    },
    /// Refuse the request for a reason.
    RefuseLoan { reason: ReasonCode },
    /// Lend the principal.
    DisburseLoan { evidence: Evidence },
    /// Say that the next instalment falls due.
    CallInstalment {},
    /// Record what the borrower pays.
    PayInstalment { amount: Amount, evidence: Evidence },
    /// Give what is outstanding another schedule.
    RescheduleLoan { instalments: u32, first_due_on: Day, evidence: Evidence },
    /// Say that a cash loan may not be paid back.
    DoubtLoan { reason: ReasonCode, evidence: Evidence },
    /// Give up a part or all of what is outstanding.
    WriteOffLoan { amount: Amount, reason: ReasonCode, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<LoanCommand>),
}

/// Which rules of loans can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum LoanRefusal {
    /// The step does not follow from where the loan stands: nothing is lent before it is granted, and
    /// nothing twice.
    #[error("the loan is {found}; this needs one that is {expected}")]
    WrongStage { found: &'static str, expected: &'static str },
    /// Source: special report on 2025 (interest-free); DOMAIN C1, E29.
    #[error("a loan of {principal} bears no interest; expected a rate of 0, found {interest}")]
    BearsInterest { principal: Amount, interest: Rate },
    /// Source: special report on 2025 (without file fee); DOMAIN C1, E29.
    #[error("a loan of {principal} bears no fee; expected 0.00, found {fee}")]
    BearsFee { principal: Amount, fee: Balance },
    /// Nobody is lent more than was asked for.
    #[error("{principal} is more than the {asked} asked for")]
    MoreThanAsked { principal: Amount, asked: Amount },
    /// Instalments are no smaller than a cent and lie within the calendar.
    #[error(
        "{owed} cannot be paid back in {instalments} monthly instalments from {first_due_on}: expected 1 to {max} of at least 0.01, before 2200",
        max = INSTALMENTS_MAX
    )]
    NoSchedule { owed: Amount, instalments: u32, first_due_on: Day },
    /// Nothing falls due before it is promised.
    #[error("a first instalment on {first_due_on} lies before {effective_on}")]
    DueInPast { first_due_on: Day, effective_on: Day },
    /// Budget goes to a unit that can spend it.
    #[error("unit {unit} is not open and cannot be lent budget")]
    UnitNotOpen { unit: UnitId },
    /// An instalment is called on its day, not before.
    #[error("instalment {n} of {amount} falls due on {due_on}, not yet on {effective_on}")]
    NotYetDue { n: u32, amount: Amount, due_on: Day, effective_on: Day },
    /// Every instalment was called.
    #[error("all {instalments} instalments were called already")]
    NothingToCall { instalments: u32 },
    /// Nobody pays back, or is forgiven, more than is owed.
    #[error("{amount} is more than the {outstanding} outstanding")]
    MoreThanOutstanding { amount: Amount, outstanding: Balance },
    /// An internal loan is paid back from budget that is there.
    #[error("an instalment of {amount} is more than the {available} available to unit {unit}")]
    OverBudget { unit: UnitId, amount: Amount, available: Balance },
    /// An internal loan is no claim of the general ledger, so nothing can be written down there.
    #[error("an internal loan is no claim on the borrower; write off what unit {unit} cannot repay")]
    NotACashLoan { unit: UnitId },
    /// A cash loan is lost only after it was doubtful.
    #[error("{outstanding} is outstanding and not doubtful yet; record that first")]
    NotDoubtful { outstanding: Balance },
    /// A correction leaves the unit no debt.
    #[error("without it unit {unit} would have {available} available; repay first")]
    WouldOverdraw { unit: UnitId, available: Balance },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(LoanRefusal {
    WrongStage = "loan.wrong_stage",
    BearsInterest = "loan.bears_interest",
    BearsFee = "loan.bears_fee",
    MoreThanAsked = "loan.more_than_asked",
    NoSchedule = "loan.no_schedule",
    DueInPast = "loan.due_in_past",
    UnitNotOpen = "loan.unit_not_open",
    NotYetDue = "loan.not_yet_due",
    NothingToCall = "loan.nothing_to_call",
    MoreThanOutstanding = "loan.more_than_outstanding",
    OverBudget = "loan.over_budget",
    NotACashLoan = "loan.not_a_cash_loan",
    NotDoubtful = "loan.not_doubtful",
    WouldOverdraw = "loan.would_overdraw",
});
