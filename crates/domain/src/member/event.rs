//! What can have happened to a member.

use serde::{Deserialize, Serialize};

use crate::correction::{Correction, claims_of_correction};
use crate::dates::Day;
use crate::envelope::{Claim, Kind};
use crate::evidence::Evidence;
use crate::ids::{MemberId, PersonId};
use crate::kinds::kinds;
use crate::money::{Amount, Balance};
use crate::stream::StreamEvent;
use crate::text::{ReasonCode, ShareClass};

/// Which kind of member one is; votes are equal in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Works through the cooperative; must hold shares.
    User,
    /// Staff, client or partner; may hold shares.
    Partner,
}

/// What a member says to a proposal of exclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Remarks {
    /// Written remarks.
    Written,
    /// That there will be none.
    Waived,
}

/// What became of a proposal of exclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExclusionOutcome {
    /// The member is excluded.
    Excluded,
    /// The member stays.
    Kept,
}

/// Why the law ends a membership.
///
/// Source: WVV 6:121.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExitCause {
    /// Death.
    Death,
    /// Bankruptcy.
    Bankruptcy,
    /// Incapacity.
    Incapacity,
}

/// What can have happened to a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum MemberEvent {
    /// Somebody asked to become a member.
    #[serde(rename = "admission.requested")]
    AdmissionRequested { person: PersonId, category: Category },
    /// The request was granted.
    #[serde(rename = "admission.granted")]
    AdmissionGranted { person: PersonId, category: Category },
    /// The request was refused for an objective reason.
    #[serde(rename = "admission.refused")]
    AdmissionRefused { person: PersonId, reason: ReasonCode },
    /// The member moved to another category.
    #[serde(rename = "category.changed")]
    CategoryChanged { from: Category, to: Category },
    /// The member subscribed shares and owes their price.
    #[serde(rename = "shares.subscribed")]
    SharesSubscribed {
        person: PersonId,
        class: ShareClass,
        shares: u32,
        nominal: Amount,
        amount: Amount,
        evidence: Evidence,
    },
    /// The member paid on subscribed shares.
    #[serde(rename = "shares.paid_up")]
    SharesPaidUp { amount: Amount, evidence: Evidence },
    /// Shares ceased to exist, and with them the duty to pay what was still unpaid.
    #[serde(rename = "shares.cancelled")]
    SharesCancelled { person: PersonId, shares: u32, paid: Balance, unpaid: Balance, reason: ReasonCode },
    /// Shares went to another member, with what was paid on them.
    #[serde(rename = "shares.transferred")]
    SharesTransferred {
        from: PersonId,
        to: PersonId,
        to_member: MemberId,
        shares: u32,
        paid: Amount,
        evidence: Evidence,
    },
    /// Shares came from another member, with what was paid on them.
    #[serde(rename = "shares.received")]
    SharesReceived {
        from: PersonId,
        from_member: MemberId,
        to: PersonId,
        shares: u32,
        paid: Amount,
        evidence: Evidence,
    },
    /// The member asked to leave, by a dated and signed letter that was filed on a day.
    #[serde(rename = "resignation.requested")]
    ResignationRequested { filed_on: Day, evidence: Evidence },
    /// The resignation was accepted.
    #[serde(rename = "resignation.accepted")]
    ResignationAccepted { leaves_on: Day, payable_by: Day },
    /// The resignation was refused for an objective reason.
    #[serde(rename = "resignation.refused")]
    ResignationRefused { reason: ReasonCode },
    /// Somebody proposed to exclude the member, for an objective reason.
    #[serde(rename = "exclusion.proposed")]
    ExclusionProposed { reason: ReasonCode, remarks_until: Day, evidence: Evidence },
    /// The member answered the proposal, or waived the answer.
    #[serde(rename = "exclusion.remarks_received")]
    ExclusionRemarksReceived { remarks: Remarks, evidence: Evidence },
    /// The proposal was decided upon.
    #[serde(rename = "exclusion.decided")]
    ExclusionDecided { outcome: ExclusionOutcome, reason: ReasonCode, evidence: Evidence },
    /// The member left because the law says so.
    #[serde(rename = "exit.by_law")]
    ExitByLaw { cause: ExitCause, evidence: Evidence },
    /// The separation share was determined.
    #[serde(rename = "refund.determined")]
    RefundDetermined {
        /// Not stated by the first events of this kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        shares: u32,
        paid_in: Balance,
        nominal: Balance,
        net_assets_per_share: Balance,
        amount: Balance,
        not_refunded: Balance,
        evidence: Evidence,
    },
    /// A part of the separation share was paid.
    #[serde(rename = "refund.paid")]
    RefundPaid { person: PersonId, amount: Amount, evidence: Evidence },
    /// A part of the separation share waits, without interest, until tests pass.
    #[serde(rename = "refund.suspended")]
    RefundSuspended { person: PersonId, amount: Amount },
    /// A part that waited may be paid.
    #[serde(rename = "refund.resumed")]
    RefundResumed { person: PersonId, amount: Amount },
    /// The member lent the cooperative money, without interest.
    #[serde(rename = "current_account.credited")]
    CurrentAccountCredited { person: PersonId, amount: Amount, repayable_by: Day, evidence: Evidence },
    /// The cooperative paid back what the member had lent.
    #[serde(rename = "current_account.repaid")]
    CurrentAccountRepaid { person: PersonId, amount: Amount, evidence: Evidence },
    /// The membership is over.
    #[serde(rename = "membership.ended")]
    MembershipEnded { person: PersonId, reason: ReasonCode },
    /// An earlier event was wrong.
    #[serde(rename = "member.corrected")]
    Corrected(Correction<MemberEvent>),
}

kinds!(MemberEvent {
    AdmissionRequested = "admission.requested" v 1,
    AdmissionGranted = "admission.granted" v 1,
    AdmissionRefused = "admission.refused" v 1,
    CategoryChanged = "category.changed" v 1,
    SharesSubscribed = "shares.subscribed" v 1,
    SharesPaidUp = "shares.paid_up" v 1,
    SharesCancelled = "shares.cancelled" v 1,
    SharesTransferred = "shares.transferred" v 1,
    SharesReceived = "shares.received" v 1,
    ResignationRequested = "resignation.requested" v 1,
    ResignationAccepted = "resignation.accepted" v 1,
    ResignationRefused = "resignation.refused" v 1,
    RefundDetermined = "refund.determined" v 1,
    ExclusionProposed = "exclusion.proposed" v 1,
    ExclusionRemarksReceived = "exclusion.remarks_received" v 1,
    ExclusionDecided = "exclusion.decided" v 1,
    ExitByLaw = "exit.by_law" v 1,
    RefundPaid = "refund.paid" v 1,
    RefundSuspended = "refund.suspended" v 1,
    RefundResumed = "refund.resumed" v 1,
    CurrentAccountCredited = "current_account.credited" v 1,
    CurrentAccountRepaid = "current_account.repaid" v 1,
    MembershipEnded = "membership.ended" v 1,
    Corrected = "member.corrected" v 1,
});

impl StreamEvent for MemberEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::AdmissionRequested { .. }
            | Self::AdmissionGranted { .. }
            | Self::AdmissionRefused { .. }
            | Self::CategoryChanged { .. }
            | Self::SharesSubscribed { .. }
            | Self::SharesPaidUp { .. }
            | Self::SharesCancelled { .. }
            | Self::SharesTransferred { .. }
            | Self::SharesReceived { .. }
            | Self::ResignationRequested { .. }
            | Self::ResignationAccepted { .. }
            | Self::ResignationRefused { .. }
            | Self::ExclusionProposed { .. }
            | Self::ExclusionRemarksReceived { .. }
            | Self::ExclusionDecided { .. }
            | Self::ExitByLaw { .. }
            | Self::RefundDetermined { .. }
            | Self::RefundPaid { .. }
            | Self::CurrentAccountCredited { .. }
            | Self::CurrentAccountRepaid { .. }
            | Self::RefundSuspended { .. }
            | Self::RefundResumed { .. }
            | Self::MembershipEnded { .. } => Vec::new(),
        }
    }
}
