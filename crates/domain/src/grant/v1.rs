//! What happened to grants, as it was written before an award named the project it supports.
//!
//! `grant.announced` had no project. A correction carries a copy of the event it takes back, so
//! `grant.corrected` changed with it; the other events stand here because a correction may carry them.
//! Logs hold such rows for ever: the shape is never edited, only what it means today may be.

use serde::{Deserialize, Serialize};

use super::{GrantEvent, GrantKind};
use crate::correction::Correction;
use crate::evidence::Evidence;
use crate::ids::{PersonId, UnitId};
use crate::money::{Amount, Balance, Rate};
use crate::text::ReasonCode;

/// An event of a grant as version 1 of its correction can carry it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum GrantEventV1 {
    /// A funder awarded the grant in writing.
    #[serde(rename = "grant.announced")]
    Announced { funder: PersonId, kind: GrantKind, amount: Amount, evidence: Evidence },
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
    Corrected(Correction<GrantEventV1>),
}

impl From<GrantEventV1> for GrantEvent {
    fn from(old: GrantEventV1) -> Self {
        use GrantEventV1 as V1;
        match old {
            // Which project it supported stands in no event; nobody guesses it afterwards.
            V1::Announced { funder, kind, amount, evidence } => {
                Self::Announced { funder, kind, amount, project: None, evidence }
            }
            V1::Received { funder, kind, amount, evidence } => {
                Self::Received { funder, kind, amount, evidence }
            }
            V1::Recognised { unit, amount, contribution_rate, contribution, unit_share, evidence } => {
                Self::Recognised { unit, amount, contribution_rate, contribution, unit_share, evidence }
            }
            V1::PassedOn { beneficiary, amount, evidence } => {
                Self::PassedOn { beneficiary, amount, evidence }
            }
            V1::Returned { funder, kind, amount, reason, evidence } => {
                Self::Returned { funder, kind, amount, reason, evidence }
            }
            V1::Corrected(correction) => Self::Corrected(correction.map(Self::from)),
        }
    }
}
