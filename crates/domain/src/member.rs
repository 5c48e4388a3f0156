//! A member: admission, shares, resignation and the share in it that is paid back.
//!
//! One stream per membership, from request to end. Admission is open and voluntary: a refusal has
//! an objective reason. Shares are paid from the member's own means, never from a unit's budget.
//! Whoever leaves gets back at most the nominal value of what was really paid in, and less when the
//! net assets per share are lower.
//! Left out, for the streams that record the tests: suspending and paying the separation share.
//! Source: WVV 6:24–6:25, 6:120; KB 8-01-1962 art. 1; KB 28-06-2019 art. 6; DOMAIN E13, E17–E21.

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::{Day, Year};
use crate::envelope::{Claim, Kind, StreamId};
use crate::evidence::Evidence;
use crate::ids::{MemberId, PersonId};
use crate::kinds::{kinds, refusal_codes};
use crate::money::{Amount, Balance};
use crate::parameters::{NoParameter, Parameter};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::{ReasonCode, ShareClass};

/// The most shares that one member may hold: what keeps every sum of them within 64 bits.
pub const SHARES_MAX: u32 = 1_000_000;

/// Which kind of member one is; votes are equal in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Works through the cooperative; must hold shares.
    User,
    /// Staff, client or partner; may hold shares.
    Partner,
}

/// Where the money for a share comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidFrom {
    /// The member's own means.
    OwnMeans,
    /// The budget of a production unit.
    UnitBudget,
    /// An expense note.
    ExpenseNote,
}

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
    /// Over, or never granted.
    Ended,
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
}

/// What can have happened to a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The separation share was determined.
    #[serde(rename = "refund.determined")]
    RefundDetermined {
        shares: u32,
        paid_in: Balance,
        nominal: Balance,
        net_assets_per_share: Balance,
        amount: Balance,
        not_refunded: Balance,
        evidence: Evidence,
    },
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
    MembershipEnded = "membership.ended" v 1,
    Corrected = "member.corrected" v 1,
});

/// What may be asked of one member's stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Determine the separation share.
    DetermineRefund { net_assets_per_share: Balance, evidence: Evidence },
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
    #[error("shares are paid from the member's own means, not from {found:?}")]
    NotOwnMeans { found: PaidFrom },
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
    SharesHeld = "member.shares_held",
    NoParameter = "parameter.missing",
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
            | Self::RefundDetermined { .. }
            | Self::MembershipEnded { .. } => Vec::new(),
        }
    }
}

impl Stream for Member {
    const TYPE: &'static str = "member";
    const STATE_VERSION: u16 = 1;
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
                    return Err(MemberRefusal::NotOwnMeans { found: *paid_from });
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
                self.require(&[Standing::Resigned], "resigned")?;
                let (effective_on, held) = (facts.effective_on, self.shares);
                if let Some(leaves_on) = self.leaves_on.filter(|day| effective_on < *day) {
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
                self.require(&[Standing::Member, Standing::Resigned], "in force or resigned")?;
                if self.shares > 0 {
                    return Err(MemberRefusal::SharesHeld { held: self.shares });
                }
                Ok(vec![MemberEvent::MembershipEnded { person: self.person(), reason: *reason }])
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
            MemberEvent::RefundDetermined { .. } => self.to_refund = None,
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
            MemberEvent::RefundDetermined { shares, paid_in, .. } => {
                if self.to_refund.is_some() || self.standing == Standing::Ended {
                    return relied_upon("the membership moved on since");
                }
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

/// When a resignation filed on a day takes effect, and the last day on which it is paid.
///
/// Filed up to the end of the last month: the last day of that month this year, else of the next
/// year; payable within the month that follows. The day of acceptance plays no part, so a resignation
/// may have taken effect when it is accepted.
/// Source: WVV 6:120 §1 (default rule); DOMAIN E19, F5 11.
pub fn resignation_term(filed_on: Day, last_month: u32) -> (Day, Day) {
    let end_of = |year: Year| {
        let first = Day::try_new(i32::from(year.number()), last_month.clamp(1, 12), 1);
        first.expect("every month has a first day").month().last_day()
    };
    let this_year = end_of(filed_on.year());
    let leaves_on = if filed_on <= this_year { this_year } else { end_of(filed_on.year().next()) };
    (leaves_on, leaves_on.plus_days(1).month().last_day())
}

/// What a leaver gets: the least of what was paid in, its nominal value and its net-asset value.
///
/// Never less than nothing: net assets below zero are not the leaver's debt.
/// Source: WVV 6:120; KB 28-06-2019 art. 6 §1; statutes art. 20; DOMAIN F5 9.
pub fn separation_share(
    shares: u32,
    paid_in: Balance,
    nominal: Balance,
    net_assets_per_share: Balance,
) -> Balance {
    let ceiling = paid_in.min(nominal);
    // No more than the ceiling matters, and with it the product cannot overflow.
    ceiling.min(net_assets_per_share.max(Balance::ZERO).min(ceiling).multiplied(shares))
}

/// Years of use by one person, and whether the shares held cover them.
///
/// One share per calendar year of use: a year without use costs nothing.
/// Source: share duty, DOMAIN C1 and F5 12.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearsOfUse(u128);

impl YearsOfUse {
    /// The earliest year that can be noted.
    const FIRST: u16 = 1990;

    /// Notes a year of use.
    pub fn insert(&mut self, year: Year) {
        self.0 |= Self::bit(year);
    }

    /// How many years were used.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// How many more shares are needed to use the given year.
    pub fn shares_needed_for(self, year: Year, shares: u32) -> u32 {
        let years = (self.0 | Self::bit(year)).count_ones();
        years.saturating_sub(shares)
    }

    /// The last year that the shares cover when every year from the given one on is used.
    pub fn covered_until(self, from: Year, shares: u32) -> Option<Year> {
        let left = u16::try_from(shares.checked_sub(self.count())?).ok()?;
        (left > 0).then(|| Year::new(from.number() + left - 1))
    }

    fn bit(year: Year) -> u128 {
        1 << (year.number().saturating_sub(Self::FIRST)).min(127)
    }
}
