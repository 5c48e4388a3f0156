//! Grants by outside funders: passed on to a person, or for a unit's own activity.
//!
//! One stream per grant and beneficiary, so that what is owed to each nets to nothing. A grant to pass
//! on never is the cooperative's income. A grant for own activity is income as the work is done, less
//! the cooperative's contribution, and may be recognised before the funder pays.
//! Left out: investment grants (account 15), conditions on which a funder claims back what was used.
//! Source: special report on 2025 (grants passed on); DOMAIN C1, C2, E30, F2, F3.

pub mod v1;

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::envelope::{Claim, Kind, StreamId};
use crate::evidence::Evidence;
use crate::ids::{GrantId, PersonId, ProjectId, UnitId};
use crate::kinds::{kinds, refusal_codes};
use crate::money::{Amount, Balance, Rate, Rounding};
use crate::parameters::{NoParameter, Parameter};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::ReasonCode;
use crate::unit::BudgetKnown;

/// For whom a grant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GrantKind {
    /// To pass on.
    PassThrough {
        /// Who is to get it.
        beneficiary: PersonId,
    },
    /// For own activity.
    Own {
        /// The unit whose activity it pays for.
        unit: UnitId,
    },
}

/// One grant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    award: Option<Award>,
    received: Balance,
    recognised: Balance,
    passed_on: Balance,
    returned: Balance,
}

/// What was announced, by whom and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Award {
    funder: PersonId,
    kind: GrantKind,
    amount: Amount,
}

/// What can have happened to a grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum GrantEvent {
    /// A funder awarded the grant in writing, for a project.
    #[serde(rename = "grant.announced")]
    Announced {
        funder: PersonId,
        kind: GrantKind,
        amount: Amount,
        /// None when it was announced before awards named their project; written as null, never left out.
        #[serde(deserialize_with = "Option::deserialize")]
        project: Option<ProjectId>,
        evidence: Evidence,
    },
    /// The funder paid all or a part of it.
    #[serde(rename = "grant.received")]
    Received { funder: PersonId, kind: GrantKind, amount: Amount, evidence: Evidence },
    /// Activity was carried out for so much of the grant, which thereby is income.
    #[serde(rename = "grant.recognised")]
    Recognised {
        unit: UnitId,
        amount: Amount,
        contribution_rate: Rate,
        contribution: Balance,
        unit_share: Balance,
        evidence: Evidence,
    },
    /// The beneficiary was paid.
    #[serde(rename = "grant.passed_on")]
    PassedOn { beneficiary: PersonId, amount: Amount, evidence: Evidence },
    /// What was received and not used went back to the funder.
    #[serde(rename = "grant.returned")]
    Returned { funder: PersonId, kind: GrantKind, amount: Amount, reason: ReasonCode, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "grant.corrected")]
    Corrected(Correction<GrantEvent>),
}

kinds!(GrantEvent {
    Announced = "grant.announced" v 2,
    Received = "grant.received" v 1,
    Recognised = "grant.recognised" v 1,
    PassedOn = "grant.passed_on" v 1,
    Returned = "grant.returned" v 1,
    Corrected = "grant.corrected" v 2,
});

/// What may be asked of a grant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum GrantCommand {
    /// Record what a funder awarded, and which project it supports.
    AnnounceGrant {
        funder: PersonId,
        kind: GrantKind,
        amount: Amount,
        project: ProjectId,
        evidence: Evidence,
    },
    /// Record what the funder paid.
    ReceiveGrant { amount: Amount, evidence: Evidence },
    /// Recognise what was earned by own activity.
    RecogniseGrant { amount: Amount, evidence: Evidence },
    /// Pay the beneficiary.
    PassOnGrant { amount: Amount, evidence: Evidence },
    /// Pay back what was not used.
    ReturnGrant { amount: Amount, reason: ReasonCode, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<GrantCommand>),
}

/// Which rules of grants can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum GrantRefusal {
    /// A grant is announced once.
    #[error("a grant of {amount} was announced already")]
    AlreadyAnnounced { amount: Amount },
    /// Nothing is received, used or returned of a grant that nobody awarded.
    #[error("no grant was announced here")]
    NotAnnounced,
    /// A funder pays no more than it awarded.
    #[error("{amount} is more than the {left} still to come of the {announced} announced")]
    MoreThanAnnounced { amount: Amount, left: Balance, announced: Amount },
    /// What is to be passed on is no income, and what is for own activity is not passed on.
    /// Source: DOMAIN E30.
    #[error("this grant is {found}; expected one that is {expected}")]
    OtherKind { found: &'static str, expected: &'static str },
    /// A unit that is not open carries nothing out.
    #[error("unit {unit} is not open and cannot be given budget")]
    UnitNotOpen { unit: UnitId },
    /// Own activity earns no more than was awarded, received or not.
    #[error("{amount} is more than the {left} still to recognise of the {announced} announced")]
    MoreThanToRecognise { amount: Amount, left: Balance, announced: Amount },
    /// A beneficiary is paid once. Source: DOMAIN E30.
    #[error("{amount} cannot be passed on: {passed_on} of the {received} received was passed on already")]
    PassedOnAlready { amount: Amount, passed_on: Balance, received: Balance },
    /// Nothing is passed on or returned that is not there.
    #[error("{amount} is more than the {left} left of the {received} received")]
    MoreThanLeft { amount: Amount, left: Balance, received: Balance },
    /// A correction leaves the unit no debt.
    #[error("without it unit {unit} would have {available} available; credit or repay first")]
    WouldOverdraw { unit: UnitId, available: Balance },
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

refusal_codes!(GrantRefusal {
    AlreadyAnnounced = "grant.already_announced",
    NotAnnounced = "grant.not_announced",
    MoreThanAnnounced = "grant.more_than_announced",
    OtherKind = "grant.other_kind",
    UnitNotOpen = "grant.unit_not_open",
    MoreThanToRecognise = "grant.more_than_to_recognise",
    PassedOnAlready = "grant.passed_on_already",
    MoreThanLeft = "grant.more_than_left",
    WouldOverdraw = "grant.would_overdraw",
    NoParameter = "parameter.missing",
});

impl StreamEvent for GrantEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            // The same payment cannot pass two grants on.
            Self::PassedOn { evidence, .. } => vec![Claim::of_document(evidence)],
            Self::Corrected(correction) => claims_of_correction(correction),
            // One letter may award several grants, and one payment by the funder cover them.
            Self::Announced { .. }
            | Self::Received { .. }
            | Self::Recognised { .. }
            | Self::Returned { .. } => Vec::new(),
        }
    }
}

impl Stream for Grant {
    const TYPE: &'static str = "grant";
    const STATE_VERSION: u16 = 1;
    type Id = GrantId;
    type Command = GrantCommand;
    type Event = GrantEvent;
    type Refusal = GrantRefusal;
    type Known = BudgetKnown;

    fn stream_id(id: GrantId) -> StreamId {
        StreamId::Grant(id)
    }

    fn decide(
        &self,
        id: GrantId,
        command: &GrantCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<GrantEvent>, GrantRefusal> {
        if let GrantCommand::AnnounceGrant { funder, kind, amount, project, evidence } = command {
            if let Some(Award { amount, .. }) = self.award {
                return Err(GrantRefusal::AlreadyAnnounced { amount });
            }
            let (funder, kind, amount, evidence) = (*funder, *kind, *amount, *evidence);
            let project = Some(*project);
            return Ok(vec![GrantEvent::Announced { funder, kind, amount, project, evidence }]);
        }
        let award = self.award.ok_or(GrantRefusal::NotAnnounced)?;
        let Award { funder, kind, amount: announced } = award;
        let event = match command {
            GrantCommand::AnnounceGrant { .. } => unreachable!("answered above"),
            GrantCommand::ReceiveGrant { amount, evidence } => {
                let left = announced.balance() - self.received;
                if amount.balance() > left {
                    return Err(GrantRefusal::MoreThanAnnounced { amount: *amount, left, announced });
                }
                GrantEvent::Received { funder, kind, amount: *amount, evidence: *evidence }
            }
            GrantCommand::RecogniseGrant { amount, evidence } => {
                self.recognise(award, *amount, *evidence, facts)?
            }
            GrantCommand::PassOnGrant { amount, evidence } => {
                let GrantKind::PassThrough { beneficiary } = kind else {
                    return Err(kind.is_not("to pass on"));
                };
                let (amount, passed_on, received) = (*amount, self.passed_on, self.received);
                if passed_on != Balance::ZERO {
                    return Err(GrantRefusal::PassedOnAlready { amount, passed_on, received });
                }
                self.require_left(amount)?;
                GrantEvent::PassedOn { beneficiary, amount, evidence: *evidence }
            }
            GrantCommand::ReturnGrant { amount, reason, evidence } => {
                self.require_left(*amount)?;
                let (amount, reason, evidence) = (*amount, *reason, *evidence);
                GrantEvent::Returned { funder, kind, amount, reason, evidence }
            }
            GrantCommand::Correct(correct) => {
                let available = facts.known.available;
                if let Some(unit) = self.unit().filter(|_| available.is_negative()) {
                    return Err(GrantRefusal::WouldOverdraw { unit, available });
                }
                return decide_correction(self, id, correct, facts);
            }
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &GrantEvent) {
        match event {
            GrantEvent::Announced { funder, kind, amount, .. } => {
                self.award = Some(Award { funder: *funder, kind: *kind, amount: *amount });
            }
            GrantEvent::Received { amount, .. } => self.received = self.received + amount.balance(),
            GrantEvent::Recognised { amount, .. } => self.recognised = self.recognised + amount.balance(),
            GrantEvent::PassedOn { amount, .. } => self.passed_on = self.passed_on + amount.balance(),
            GrantEvent::Returned { amount, .. } => self.returned = self.returned + amount.balance(),
            GrantEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &GrantEvent) -> Result<(), CorrectionRefused> {
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        match original {
            GrantEvent::Announced { .. } => {
                if [self.received, self.recognised] != [Balance::ZERO; 2] {
                    return relied_upon("it was received or recognised since");
                }
                self.award = None;
            }
            GrantEvent::Received { amount, .. } => {
                // Own activity may be recognised before the funder pays; the rest may not.
                let needs_money = self.passed_on + self.returned != Balance::ZERO;
                if needs_money && amount.balance() > self.left() {
                    return relied_upon("it was passed on or returned since");
                }
                self.received = self.received - amount.balance();
            }
            GrantEvent::Recognised { amount, .. } => self.recognised = self.recognised - amount.balance(),
            GrantEvent::PassedOn { amount, .. } => self.passed_on = self.passed_on - amount.balance(),
            GrantEvent::Returned { amount, .. } => self.returned = self.returned - amount.balance(),
            GrantEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<GrantEvent>) -> GrantEvent {
        GrantEvent::Corrected(correction)
    }
}

impl Grant {
    /// The unit whose activity the grant pays for; none before it is announced and when it is passed on.
    pub fn unit(&self) -> Option<UnitId> {
        match self.award?.kind {
            GrantKind::Own { unit } => Some(unit),
            GrantKind::PassThrough { .. } => None,
        }
    }

    /// What was received and neither used nor returned; below zero while activity runs ahead of it.
    fn left(&self) -> Balance {
        self.received - self.recognised - self.passed_on - self.returned
    }

    fn require_left(&self, amount: Amount) -> Result<(), GrantRefusal> {
        let (left, received) = (self.left(), self.received);
        if amount.balance() > left {
            return Err(GrantRefusal::MoreThanLeft { amount, left, received });
        }
        Ok(())
    }

    /// The contribution is that of an invoice: funding pays for the shared services too.
    ///
    /// Source: DOMAIN C1 (cooperative contribution, also of funding agreements), E28.
    fn recognise(
        &self,
        award: Award,
        amount: Amount,
        evidence: Evidence,
        facts: &Facts<Self>,
    ) -> Result<GrantEvent, GrantRefusal> {
        let GrantKind::Own { unit } = award.kind else {
            return Err(award.kind.is_not("for own activity"));
        };
        if !facts.known.is_open {
            return Err(GrantRefusal::UnitNotOpen { unit });
        }
        let announced = award.amount;
        let left = announced.balance() - self.recognised - self.returned;
        if amount.balance() > left {
            return Err(GrantRefusal::MoreThanToRecognise { amount, left, announced });
        }
        let contribution_rate = facts.parameters.rate(Parameter::ContributionRate, facts.effective_on)?;
        let contribution = amount.times(contribution_rate, Rounding::HalfUp);
        let unit_share = amount.balance() - contribution;
        Ok(GrantEvent::Recognised { unit, amount, contribution_rate, contribution, unit_share, evidence })
    }
}

impl GrantKind {
    fn is_not(self, expected: &'static str) -> GrantRefusal {
        let found = match self {
            Self::PassThrough { .. } => "to pass on",
            Self::Own { .. } => "for own activity",
        };
        GrantRefusal::OtherKind { found, expected }
    }
}
