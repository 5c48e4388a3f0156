//! Cover: accident insurance in private life too, per member and day, and claims upon the insurer.
//!
//! One stream per membership. Cover runs from the day on which it is activated up to the day before it
//! lapses; a claim for a day without cover is refused with the days that are covered. The insurer pays
//! the member, so no money of the entity moves: what the entity pays is the premium, a purchase of the
//! structure. What happened to anybody's health is a document.
//! Left out: the premium, a claim that the insurer pays by way of the cooperative.
//! Source: case study of the governance model (private-life cover); DOMAIN A4, F2 (accident), F3.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Day;
use crate::envelope::{Claim, Claimed, Kind, StreamId};
use crate::evidence::Evidence;
use crate::fitness::Whereabouts;
use crate::ids::{ClaimId, MemberId, PersonId};
use crate::kinds::{kinds, refusal_codes};
use crate::money::{Amount, Balance};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::{DocumentNumber, ReasonCode};

/// The cover of one member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cover {
    /// Who is covered, once somebody was.
    person: Option<PersonId>,
    /// In order, none of them overlapping; only the last may be open.
    spans: Vec<Span>,
    claims: BTreeMap<ClaimId, InsuranceClaim>,
}

/// Days that are covered: from the first, up to the day before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First day covered.
    pub from: Day,
    /// First day not covered any more; none while cover runs.
    pub end: Option<Day>,
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct InsuranceClaim {
    accident_on: Day,
    stage: ClaimStage,
    paid: Balance,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum ClaimStage {
    Filed,
    Accepted(Amount),
    Refused,
}

/// What can have happened to a member's cover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum CoverEvent {
    /// The member is covered from this day on.
    #[serde(rename = "cover.activated")]
    Activated { person: PersonId, from: Day, policy: DocumentNumber, evidence: Evidence },
    /// The member is covered no more, from this day on.
    #[serde(rename = "cover.lapsed")]
    Lapsed { person: PersonId, end: Day, reason: ReasonCode },
    /// The member claimed upon the insurer for an accident.
    #[serde(rename = "claim.filed")]
    ClaimFiled {
        claim: ClaimId,
        person: PersonId,
        accident_on: Day,
        whereabouts: Whereabouts,
        evidence: Evidence,
    },
    /// The insurer will pay so much.
    #[serde(rename = "claim.accepted")]
    ClaimAccepted { claim: ClaimId, person: PersonId, amount: Amount, evidence: Evidence },
    /// The insurer will pay nothing.
    #[serde(rename = "claim.refused")]
    ClaimRefused { claim: ClaimId, person: PersonId, reason: ReasonCode, evidence: Evidence },
    /// The insurer paid the member.
    #[serde(rename = "claim.paid")]
    ClaimPaid { claim: ClaimId, person: PersonId, amount: Amount, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "cover.corrected")]
    Corrected(Correction<CoverEvent>),
}

kinds!(CoverEvent {
    Activated = "cover.activated" v 1,
    Lapsed = "cover.lapsed" v 1,
    ClaimFiled = "claim.filed" v 1,
    ClaimAccepted = "claim.accepted" v 1,
    ClaimRefused = "claim.refused" v 1,
    ClaimPaid = "claim.paid" v 1,
    Corrected = "cover.corrected" v 1,
});

/// What may be asked of a member's cover; it takes effect on the day asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum CoverCommand {
    /// Cover the member under a policy.
    ActivateCover { policy: DocumentNumber, evidence: Evidence },
    /// Cover the member no more.
    LapseCover { reason: ReasonCode },
    /// File a claim for an accident.
    FileClaim { claim: ClaimId, accident_on: Day, whereabouts: Whereabouts, evidence: Evidence },
    /// Record that the insurer will pay.
    AcceptClaim { claim: ClaimId, amount: Amount, evidence: Evidence },
    /// Record that the insurer will not pay.
    RefuseClaim { claim: ClaimId, reason: ReasonCode, evidence: Evidence },
    /// Record what the insurer paid the member, in whole or in part.
    PayClaim { claim: ClaimId, amount: Amount, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<CoverCommand>),
}

/// What the rules of cover ask about the membership.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoverKnown {
    /// Whose membership it is, while it is in force or being ended.
    pub person: Option<PersonId>,
}

/// Which rules of cover can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum CoverRefusal {
    /// Only members are covered.
    #[error("membership {member} is not in force; only a member is covered")]
    NotAMember { member: MemberId },
    /// Nothing is claimed or ends without cover.
    #[error("membership {member} was never covered")]
    NeverCovered { member: MemberId },
    /// Nobody is covered twice on a day.
    #[error("cover from {from} would overlap the days covered {covered}")]
    Overlaps { from: Day, covered: Spans },
    /// What does not run cannot lapse.
    #[error("no cover runs on {end} that could lapse: covered {covered}")]
    NothingToLapse { end: Day, covered: Spans },
    /// Cover does not end before a day that is claimed for.
    #[error("claim {claim} is for {accident_on}; cover cannot lapse on {end}")]
    ClaimedUpon { claim: ClaimId, accident_on: Day, end: Day },
    /// Source: DOMAIN A4, per member and day.
    #[error("the member was not covered on {accident_on}: covered {covered}")]
    NotCovered { accident_on: Day, covered: Spans },
    /// An accident is claimed for after it happened.
    #[error("an accident of {accident_on} cannot be claimed for on {effective_on}")]
    AccidentToCome { accident_on: Day, effective_on: Day },
    /// The claim named was not filed here.
    #[error("no claim {claim} was filed under this cover")]
    UnknownClaim { claim: ClaimId },
    /// The step does not follow from where the claim stands.
    #[error("claim {claim} is {found}; this needs one that is {expected}")]
    WrongStage { claim: ClaimId, found: &'static str, expected: &'static str },
    /// Nobody is paid more than was accepted.
    #[error("{amount} is more than the {left} left of the {accepted} accepted")]
    MoreThanAccepted { amount: Amount, left: Balance, accepted: Amount },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

/// The days covered, as a sentence says them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spans(pub Vec<Span>);

refusal_codes!(CoverRefusal {
    NotAMember = "cover.not_a_member",
    NeverCovered = "cover.never_covered",
    Overlaps = "cover.overlaps",
    NothingToLapse = "cover.nothing_to_lapse",
    ClaimedUpon = "cover.claimed_upon",
    NotCovered = "cover.not_covered",
    AccidentToCome = "cover.accident_to_come",
    UnknownClaim = "cover.unknown_claim",
    WrongStage = "cover.wrong_stage",
    MoreThanAccepted = "cover.more_than_accepted",
});

impl StreamEvent for CoverEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::ClaimFiled { claim, .. } => {
                vec![Claim { what: Claimed::InsuranceClaim, key: *claim.uuid().as_bytes() }]
            }
            Self::Corrected(correction) => claims_of_correction(correction),
            // One policy and its papers cover many members.
            Self::Activated { .. }
            | Self::Lapsed { .. }
            | Self::ClaimAccepted { .. }
            | Self::ClaimRefused { .. }
            | Self::ClaimPaid { .. } => Vec::new(),
        }
    }
}

impl Stream for Cover {
    const TYPE: &'static str = "cover";
    const STATE_VERSION: u16 = 1;
    type Id = MemberId;
    type Command = CoverCommand;
    type Event = CoverEvent;
    type Refusal = CoverRefusal;
    type Known = CoverKnown;

    fn stream_id(id: MemberId) -> StreamId {
        StreamId::Cover(id)
    }

    fn decide(
        &self,
        member: MemberId,
        command: &CoverCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<CoverEvent>, CoverRefusal> {
        if let CoverCommand::Correct(correct) = command {
            return decide_correction(self, member, correct, facts);
        }
        if let CoverCommand::ActivateCover { policy, evidence } = command {
            let person = facts.known.person.ok_or(CoverRefusal::NotAMember { member })?;
            return Ok(vec![self.activate(person, *policy, *evidence, facts.effective_on)?]);
        }
        // Who is a member no more is still paid for what happened under cover.
        let person = self.person.ok_or(CoverRefusal::NeverCovered { member })?;
        let event = match command {
            CoverCommand::ActivateCover { .. } | CoverCommand::Correct(_) => unreachable!("answered above"),
            CoverCommand::LapseCover { reason } => self.lapse(person, *reason, facts.effective_on)?,
            CoverCommand::FileClaim { claim, accident_on, whereabouts, evidence } => {
                let (accident_on, effective_on) = (*accident_on, facts.effective_on);
                if effective_on < accident_on {
                    return Err(CoverRefusal::AccidentToCome { accident_on, effective_on });
                }
                if !self.spans.iter().any(|span| span.covers(accident_on)) {
                    return Err(CoverRefusal::NotCovered { accident_on, covered: self.covered() });
                }
                let (claim, whereabouts, evidence) = (*claim, *whereabouts, *evidence);
                CoverEvent::ClaimFiled { claim, person, accident_on, whereabouts, evidence }
            }
            CoverCommand::AcceptClaim { claim, amount, evidence } => {
                self.require_filed(*claim)?;
                CoverEvent::ClaimAccepted { claim: *claim, person, amount: *amount, evidence: *evidence }
            }
            CoverCommand::RefuseClaim { claim, reason, evidence } => {
                self.require_filed(*claim)?;
                CoverEvent::ClaimRefused { claim: *claim, person, reason: *reason, evidence: *evidence }
            }
            CoverCommand::PayClaim { claim, amount, evidence } => {
                let (claim, amount, evidence) = (*claim, *amount, *evidence);
                let found = self.claim(claim)?;
                let ClaimStage::Accepted(accepted) = found.stage else {
                    return Err(found.stage.is_not(claim, "accepted"));
                };
                let left = accepted.balance() - found.paid;
                if amount.balance() > left {
                    return Err(CoverRefusal::MoreThanAccepted { amount, left, accepted });
                }
                CoverEvent::ClaimPaid { claim, person, amount, evidence }
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &CoverEvent) {
        match event {
            CoverEvent::Activated { person, from, .. } => {
                self.person = Some(*person);
                self.spans.push(Span { from: *from, end: None });
            }
            CoverEvent::Lapsed { end, .. } => self.last_span().end = Some(*end),
            CoverEvent::ClaimFiled { claim, accident_on, .. } => {
                let (accident_on, stage, paid) = (*accident_on, ClaimStage::Filed, Balance::ZERO);
                self.claims.insert(*claim, InsuranceClaim { accident_on, stage, paid });
            }
            CoverEvent::ClaimAccepted { claim, amount, .. } => {
                self.known_claim(*claim).stage = ClaimStage::Accepted(*amount);
            }
            CoverEvent::ClaimRefused { claim, .. } => self.known_claim(*claim).stage = ClaimStage::Refused,
            CoverEvent::ClaimPaid { claim, amount, .. } => {
                let claim = self.known_claim(*claim);
                claim.paid = claim.paid + amount.balance();
            }
            CoverEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &CoverEvent) -> Result<(), CorrectionRefused> {
        let relied_upon = |because| CorrectionRefused::ReliedUpon { kind: original.kind().name, because };
        match original {
            CoverEvent::Activated { from, .. } => {
                let span = Span { from: *from, end: None };
                if self.spans.last() != Some(&span) {
                    return Err(relied_upon("the cover lapsed since"));
                }
                if self.claims.values().any(|claim| span.covers(claim.accident_on)) {
                    return Err(relied_upon("claims were filed under the cover since"));
                }
                self.spans.pop();
                if self.spans.is_empty() {
                    self.person = None;
                }
            }
            CoverEvent::Lapsed { end, .. } => {
                let last = self.spans.last_mut().filter(|last| last.end == Some(*end));
                last.ok_or_else(|| relied_upon("the member was covered again since"))?.end = None;
            }
            CoverEvent::ClaimFiled { claim, .. } => {
                let untouched = |found: &InsuranceClaim| found.stage == ClaimStage::Filed;
                let found = self.claims.get(claim).filter(|found| untouched(found));
                found.ok_or_else(|| relied_upon("the insurer answered since"))?;
                self.claims.remove(claim);
            }
            CoverEvent::ClaimAccepted { claim, .. } | CoverEvent::ClaimRefused { claim, .. } => {
                let unpaid = |found: &&mut InsuranceClaim| found.paid == Balance::ZERO;
                let found = self.claims.get_mut(claim).filter(unpaid);
                found.ok_or_else(|| relied_upon("the insurer paid since"))?.stage = ClaimStage::Filed;
            }
            CoverEvent::ClaimPaid { claim, amount, .. } => {
                let paid = |found: &&mut InsuranceClaim| amount.balance() <= found.paid;
                let found = self.claims.get_mut(claim).filter(paid);
                let found = found.ok_or_else(|| relied_upon("it was taken back before"))?;
                found.paid = found.paid - amount.balance();
            }
            CoverEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<CoverEvent>) -> CoverEvent {
        CoverEvent::Corrected(correction)
    }
}

impl Cover {
    fn activate(
        &self,
        person: PersonId,
        policy: DocumentNumber,
        evidence: Evidence,
        from: Day,
    ) -> Result<CoverEvent, CoverRefusal> {
        let follows = |last: &Span| last.end.is_some_and(|end| end <= from);
        if !self.spans.last().is_none_or(follows) {
            return Err(CoverRefusal::Overlaps { from, covered: self.covered() });
        }
        Ok(CoverEvent::Activated { person, from, policy, evidence })
    }

    fn lapse(&self, person: PersonId, reason: ReasonCode, end: Day) -> Result<CoverEvent, CoverRefusal> {
        let runs = |last: &Span| last.end.is_none() && last.from < end;
        if !self.spans.last().is_some_and(runs) {
            return Err(CoverRefusal::NothingToLapse { end, covered: self.covered() });
        }
        if let Some((claim, found)) = self.claims.iter().find(|(_, found)| end <= found.accident_on) {
            return Err(CoverRefusal::ClaimedUpon { claim: *claim, accident_on: found.accident_on, end });
        }
        Ok(CoverEvent::Lapsed { person, end, reason })
    }

    fn covered(&self) -> Spans {
        Spans(self.spans.clone())
    }

    fn claim(&self, claim: ClaimId) -> Result<&InsuranceClaim, CoverRefusal> {
        self.claims.get(&claim).ok_or(CoverRefusal::UnknownClaim { claim })
    }

    fn require_filed(&self, claim: ClaimId) -> Result<(), CoverRefusal> {
        match self.claim(claim)?.stage {
            ClaimStage::Filed => Ok(()),
            answered => Err(answered.is_not(claim, "filed and not answered")),
        }
    }

    fn last_span(&mut self) -> &mut Span {
        self.spans.last_mut().expect("only cover that runs lapses")
    }

    fn known_claim(&mut self, claim: ClaimId) -> &mut InsuranceClaim {
        self.claims.get_mut(&claim).expect("events name claims that were filed")
    }
}

impl ClaimStage {
    fn is_not(self, claim: ClaimId, expected: &'static str) -> CoverRefusal {
        let found = match self {
            Self::Filed => "filed and not answered",
            Self::Accepted(_) => "accepted",
            Self::Refused => "refused",
        };
        CoverRefusal::WrongStage { claim, found, expected }
    }
}

impl Span {
    /// Whether a day lies in it.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.end.is_none_or(|end| day < end)
    }
}

impl fmt::Display for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("on no day");
        }
        for (n, Span { from, end }) in self.0.iter().enumerate() {
            let and = if n == 0 { "" } else { " and " };
            match end {
                None => write!(f, "{and}from {from} on")?,
                Some(end) => write!(f, "{and}from {from} to {}", end.plus_days(-1))?,
            }
        }
        Ok(())
    }
}
