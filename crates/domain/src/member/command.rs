//! What may be asked of a member's stream, and which rules can say no.
//!
//! Transferring shares concerns two members: that command is in [`crate::joint`].

use serde::{Deserialize, Serialize};

use crate::correction::{Correct, CorrectionRefused};
use crate::dates::{Day, Year};
use crate::evidence::Evidence;
use crate::ids::{MemberId, PersonId};
use crate::kinds::refusal_codes;
use crate::member::Standing;
use crate::member::event::{Category, ExclusionOutcome, ExitCause, Remarks};
use crate::money::{Amount, Balance, Rate};
use crate::parameters::NoParameter;
use crate::stream::YearNotOpen;
use crate::text::{ReasonCode, ShareClass};
use crate::year::Tested;

/// Where the money for a share comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaidFrom {
    /// The member's own means.
    OwnMeans,
    /// The budget of a production unit.
    UnitBudget,
    /// An expense note.
    ExpenseNote,
}

/// What may be asked of one member's stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum MemberCommand {
    /// Ask to become a member.
    RequestAdmission { person: PersonId, category: Category },
    /// Grant the request.
    GrantAdmission {},
    /// Refuse the request for an objective reason.
    RefuseAdmission { reason: ReasonCode },
    /// Move to another category.
    ChangeCategory { to: Category },
    /// Subscribe shares at their nominal value.
    SubscribeShares { class: ShareClass, shares: u32, evidence: Evidence },
    /// Pay on subscribed shares.
    PayUpShares { amount: Amount, paid_from: PaidFrom, evidence: Evidence },
    /// Ask to leave, by a letter that was filed on a day.
    RequestResignation { filed_on: Day, evidence: Evidence },
    /// Accept the resignation.
    AcceptResignation {},
    /// Refuse the resignation for an objective reason.
    RefuseResignation { reason: ReasonCode },
    /// Cancel all shares of a member whose resignation takes effect.
    CancelShares { reason: ReasonCode },
    /// Propose to exclude the member, for an objective reason.
    ProposeExclusion { reason: ReasonCode, evidence: Evidence },
    /// Record the member's remarks, or that there will be none.
    ReceiveRemarks { remarks: Remarks, evidence: Evidence },
    /// Decide upon the proposal, for an objective reason.
    DecideExclusion { outcome: ExclusionOutcome, reason: ReasonCode, evidence: Evidence },
    /// Record that the law ends the membership.
    ExitByLaw { cause: ExitCause, evidence: Evidence },
    /// Pay of the separation share what the tests allow; what they do not allow is suspended.
    PayRefund { amount: Amount, evidence: Evidence },
    /// Let what was suspended be paid, as far as later tests allow.
    ResumeRefund {},
    /// Determine the separation share.
    DetermineRefund { net_assets_per_share: Balance, evidence: Evidence },
    /// Lend the cooperative money.
    CreditCurrentAccount {
        amount: Amount,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interest: Option<Rate>,
        evidence: Evidence,
    },
    /// Pay back what the member has lent.
    RepayCurrentAccount { amount: Amount, evidence: Evidence },
    /// End the membership.
    EndMembership { reason: ReasonCode },
    /// Correct an earlier event.
    Correct(Correct<MemberCommand>),
}

/// What a member's rules ask about other streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberKnown {
    /// How many members hold at least one share.
    pub shareholders: u32,
    /// The membership that the person who asks for admission has already.
    pub member_already: Option<MemberId>,
    /// The latest tests of the fiscal year of the day.
    pub tests: Option<Tested>,
}

/// Which rules of membership can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum MemberRefusal {
    /// The step does not follow from where the membership stands.
    #[error("the membership is {found:?}; this needs one that is {expected}")]
    WrongStanding { found: Standing, expected: &'static str },
    /// A person is a member once; whoever left may ask again.
    #[error("person {person} has membership {member} already")]
    AlreadyMember { person: PersonId, member: MemberId },
    /// A category changes to the other one.
    #[error("the member is in category {category:?} already")]
    SameCategory { category: Category },
    /// Shares come in whole numbers above zero.
    #[error("expected at least 1 share, found 0")]
    NoShares,
    /// One register entry stays countable.
    #[error("{asked} more shares on the {held} held are above the {max} that one member may hold")]
    TooManyShares { held: u32, asked: u32, max: u32 },
    /// Source: statutes; DOMAIN E17.
    #[error("{amount} on shares is paid from the member's own means, not from {found:?}")]
    NotOwnMeans { amount: Amount, found: PaidFrom },
    /// A member's shares are of one class, so that payments are those of its shares.
    /// Source: WVV 6:25 (the register states the payments on each share).
    #[error("the member's shares are of class {held}; expected that class, found {asked}")]
    OtherClass { held: ShareClass, asked: ShareClass },
    /// Nobody pays more than was subscribed.
    #[error("{amount} is more than the {unpaid} still unpaid on the member's shares")]
    MoreThanSubscribed { amount: Amount, unpaid: Balance },
    /// Nobody parts with shares one does not hold.
    #[error("the member holds {held} shares and cannot part with {asked}")]
    NotEnoughShares { held: u32, asked: u32 },
    /// Only shares paid in full change hands.
    #[error("{unpaid} is still unpaid on the member's shares; pay them up before a transfer")]
    NotPaidUp { unpaid: Balance },
    /// Shares go to somebody else.
    #[error("a member cannot transfer shares to itself")]
    TransferToSelf,
    /// Source: WVV 6:126.
    #[error("{shareholders} members hold shares; at least {min} must remain")]
    TooFewShareholders { shareholders: u32, min: u32 },
    /// A resignation counts from the day it is filed, which is known by then.
    #[error("a resignation filed on {filed_on} cannot be asked for on {effective_on} already")]
    FiledInFuture { filed_on: Day, effective_on: Day },
    /// Shares are cancelled on the day the resignation takes effect.
    #[error("the resignation takes effect on {leaves_on}, not yet on {effective_on}")]
    NotYetLeft { leaves_on: Day, effective_on: Day },
    /// A separation share needs cancelled shares, once.
    #[error("there are no cancelled shares whose refund is still to be determined")]
    NothingToRefund,
    /// One proposal at a time.
    #[error("an exclusion was proposed already; remarks are awaited until {remarks_until}")]
    AlreadyProposed { remarks_until: Day },
    /// Nothing is answered or decided that was not proposed.
    #[error("no exclusion of this member is proposed")]
    NothingProposed,
    /// Source: WVV 6:123 (one month for written remarks).
    #[error("remarks are awaited until {remarks_until}; an exclusion cannot be decided on {effective_on}")]
    RemarksAwaited { remarks_until: Day, effective_on: Day },
    /// Nobody gets more than the separation share. Source: KB 28-06-2019 art. 6; DOMAIN E13.
    #[error("a refund of {asked} is above the {limit} that was determined and is not yet paid")]
    RefundAboveLimit { asked: Amount, limit: Balance },
    /// Source: WVV 6:115, 6:116; DOMAIN E14.
    #[error("no tests of net assets and liquidity are recorded for {year}; a refund needs both")]
    NotTested { year: Year },
    /// Source: WVV 6:120; DOMAIN E15.
    #[error("{suspended} stays suspended: the latest tests leave room for {room}")]
    StillSuspended { suspended: Balance, room: Balance },
    /// Only what waits goes on.
    #[error("no refund of this member is suspended")]
    NothingSuspended,
    /// Source: DOMAIN F4 3 (no interest on members' current accounts).
    #[error("a current account bears no interest; {rate} was asked for")]
    NoInterest { rate: Rate },
    /// Nobody is paid back more than was lent.
    #[error("{asked} is more than the {lent} that the member has lent")]
    MoreThanLent { asked: Amount, lent: Balance },
    /// A membership does not end while shares are held.
    #[error("the member still holds {held} shares")]
    SharesHeld { held: u32 },
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

refusal_codes!(MemberRefusal {
    WrongStanding = "member.wrong_standing",
    AlreadyMember = "member.already_member",
    SameCategory = "member.same_category",
    NoShares = "member.no_shares",
    TooManyShares = "member.too_many_shares",
    NotOwnMeans = "member.not_own_means",
    OtherClass = "member.other_class",
    MoreThanSubscribed = "member.more_than_subscribed",
    NotEnoughShares = "member.not_enough_shares",
    NotPaidUp = "member.not_paid_up",
    TransferToSelf = "member.transfer_to_self",
    TooFewShareholders = "member.too_few_shareholders",
    FiledInFuture = "member.filed_in_future",
    NotYetLeft = "member.not_yet_left",
    NothingToRefund = "member.nothing_to_refund",
    AlreadyProposed = "member.already_proposed",
    NothingProposed = "member.nothing_proposed",
    RemarksAwaited = "member.remarks_awaited",
    RefundAboveLimit = "member.refund_above_limit",
    NotTested = "member.not_tested",
    StillSuspended = "member.still_suspended",
    NothingSuspended = "member.nothing_suspended",
    NoInterest = "member.no_interest",
    MoreThanLent = "member.more_than_lent",
    SharesHeld = "member.shares_held",
    NoParameter = "parameter.missing",
});
