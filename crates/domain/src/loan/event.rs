//! What can have happened to a loan.
//!
//! The schedule stands in the event with every amount and date, and so does the split of a claim by
//! what falls due within a year, so that posting needs neither a calendar nor another event.

use serde::{Deserialize, Serialize};

use super::schedule::Instalment;
use crate::correction::{Correction, claims_of_correction};
use crate::dates::Day;
use crate::envelope::{Claim, Claimed, Kind};
use crate::evidence::Evidence;
use crate::ids::{PersonId, ProjectId, UnitId};
use crate::kinds::kinds;
use crate::money::{Amount, Balance};
use crate::stream::StreamEvent;
use crate::text::ReasonCode;

/// How the pool lends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LoanKind {
    /// An advance from the mutual means: budget of a unit, spent and paid back there.
    Internal {
        /// The unit that gets and repays the budget.
        unit: UnitId,
    },
    /// Money paid to the member.
    Cash,
}

/// What is receivable of a loan, or was settled of it, by how soon and how surely it will be paid.
///
/// An internal loan is split the same way, though it is no receivable of the general ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Receivable {
    /// What falls due within a year.
    pub within_year: Balance,
    /// What falls due later.
    pub beyond_year: Balance,
    /// What may not be paid back at all.
    pub doubtful: Balance,
}

/// What can have happened to a loan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum LoanEvent {
    /// A member asked for a loan for a project.
    #[serde(rename = "loan.requested")]
    Requested { borrower: PersonId, project: ProjectId, kind: LoanKind, amount: Amount },
    /// The loan was granted, with its schedule; nothing is lent yet.
    #[serde(rename = "loan.granted")]
    Granted {
        borrower: PersonId,
        project: ProjectId,
        kind: LoanKind,
        principal: Amount,
        schedule: Vec<Instalment>,
        evidence: Evidence,
    },
    /// The request was refused for a reason.
    #[serde(rename = "loan.refused")]
    Refused { borrower: PersonId, project: ProjectId, reason: ReasonCode },
    /// The whole principal was lent.
    #[serde(rename = "loan.disbursed")]
    Disbursed {
        borrower: PersonId,
        project: ProjectId,
        kind: LoanKind,
        principal: Amount,
        receivable: Receivable,
        evidence: Evidence,
    },
    /// An instalment fell due, less what was paid on it before.
    #[serde(rename = "instalment.due")]
    InstalmentDue { borrower: PersonId, n: u32, amount: Amount, due_on: Day },
    /// The borrower paid; `n` is the oldest instalment that was open.
    #[serde(rename = "instalment.paid")]
    InstalmentPaid {
        borrower: PersonId,
        kind: LoanKind,
        n: u32,
        amount: Amount,
        receivable: Receivable,
        evidence: Evidence,
    },
    /// What is outstanding got another schedule; `moved_beyond_year` is what went from the claim
    /// within a year to the one beyond it, below zero when it came back.
    #[serde(rename = "loan.rescheduled")]
    Rescheduled {
        borrower: PersonId,
        kind: LoanKind,
        outstanding: Amount,
        schedule: Vec<Instalment>,
        moved_beyond_year: Balance,
        evidence: Evidence,
    },
    /// Repayment of a cash loan became doubtful: the probable loss is taken at once.
    #[serde(rename = "loan.doubtful")]
    Doubtful {
        borrower: PersonId,
        outstanding: Amount,
        receivable: Receivable,
        reason: ReasonCode,
        evidence: Evidence,
    },
    /// A part or all of what is outstanding was lost for good.
    #[serde(rename = "loan.written_off")]
    WrittenOff {
        borrower: PersonId,
        kind: LoanKind,
        amount: Amount,
        receivable: Receivable,
        reason: ReasonCode,
        evidence: Evidence,
    },
    /// Nothing is outstanding any more.
    #[serde(rename = "loan.repaid")]
    Repaid { borrower: PersonId, project: ProjectId, paid: Amount, written_off: Balance },
    /// An earlier event was wrong.
    #[serde(rename = "loan.corrected")]
    Corrected(Correction<LoanEvent>),
}

kinds!(LoanEvent {
    Requested = "loan.requested" v 1,
    Granted = "loan.granted" v 1,
    Refused = "loan.refused" v 1,
    Disbursed = "loan.disbursed" v 1,
    InstalmentDue = "instalment.due" v 1,
    InstalmentPaid = "instalment.paid" v 1,
    Rescheduled = "loan.rescheduled" v 1,
    Doubtful = "loan.doubtful" v 1,
    WrittenOff = "loan.written_off" v 1,
    Repaid = "loan.repaid" v 1,
    Corrected = "loan.corrected" v 1,
});

impl StreamEvent for LoanEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            // A project is lent to once.
            Self::Granted { project, .. } => {
                vec![Claim { what: Claimed::Project, key: *project.uuid().as_bytes() }]
            }
            // One payment order disburses one loan.
            Self::Disbursed { evidence, .. } => vec![Claim::of_document(evidence)],
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Requested { .. }
            | Self::Refused { .. }
            | Self::InstalmentDue { .. }
            | Self::InstalmentPaid { .. }
            | Self::Rescheduled { .. }
            | Self::Doubtful { .. }
            | Self::WrittenOff { .. }
            | Self::Repaid { .. } => Vec::new(),
        }
    }
}

impl Receivable {
    /// All of it.
    pub fn total(self) -> Balance {
        self.within_year + self.beyond_year + self.doubtful
    }

    /// What an amount settles: what is doubtful first, then what falls due within a year, then the rest.
    ///
    /// Time alone moves nothing from beyond a year to within it, so the nearer part is used up before
    /// the farther one; rescheduling splits what is left anew.
    pub(super) fn settled_by(self, amount: Amount) -> Self {
        let doubtful = self.doubtful.min(amount.balance());
        let within_year = self.within_year.min(amount.balance() - doubtful);
        Self { within_year, beyond_year: amount.balance() - doubtful - within_year, doubtful }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            within_year: self.within_year + other.within_year,
            beyond_year: self.beyond_year + other.beyond_year,
            doubtful: self.doubtful + other.doubtful,
        }
    }

    pub(super) fn less(self, other: Self) -> Self {
        Self {
            within_year: self.within_year - other.within_year,
            beyond_year: self.beyond_year - other.beyond_year,
            doubtful: self.doubtful - other.doubtful,
        }
    }
}
