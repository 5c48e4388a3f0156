//! Corrections: a new event that names the old one, takes its effect back and may replace it.
//!
//! The original stays in the log and stays legible. The correction carries a copy of it, so that
//! posting the exact mirror needs no lookup, and the replacement is decided by the same rules as
//! any command, on the state as it would be without the original. What later events rest upon
//! cannot be taken back before they are.
//! Source: WER III.88 (corrections leave the original legible); DOMAIN E2.

use serde::{Deserialize, Serialize};

use crate::envelope::{Claim, Position, RuleName};
use crate::stream::{Facts, Stream, StreamEvent, decide};
use crate::text::{Actor, ReasonCode};

/// An event that is to be corrected, as the log holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Original<E> {
    /// Its position in the log.
    pub position: Position,
    /// What it said.
    pub event: E,
    /// The posting rule sealed with it.
    pub posting_rule: RuleName,
}

/// Asks for a correction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Correct<C> {
    /// Position of the event that was wrong.
    pub position: Position,
    /// Why, by code.
    pub reason: ReasonCode,
    /// Who allowed it.
    pub authority: Actor,
    /// What should have been asked instead; left out when nothing should have happened.
    #[serde(default = "Option::<Box<C>>::default", skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Box<C>>,
}

/// What a correction records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Correction<E> {
    /// Position of the event that was wrong.
    pub position: Position,
    /// That event, void from here on.
    pub original: Box<E>,
    /// The posting rule sealed with it, whose entry is mirrored.
    pub original_rule: RuleName,
    /// Why, by code.
    pub reason: ReasonCode,
    /// Who allowed it.
    pub authority: Actor,
    /// What holds instead.
    #[serde(default = "Option::<Box<E>>::default", skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Box<E>>,
}

impl<E> Correction<E> {
    /// The same correction, with each event it carries turned into another.
    pub(crate) fn map<F>(self, mut turn: impl FnMut(E) -> F) -> Correction<F> {
        Correction {
            position: self.position,
            original: Box::new(turn(*self.original)),
            original_rule: self.original_rule,
            reason: self.reason,
            authority: self.authority,
            replacement: self.replacement.map(|event| Box::new(turn(*event))),
        }
    }
}

/// Why an event cannot be corrected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionRefused {
    /// The position holds no event of this stream.
    #[error("position {position} holds no event of this stream")]
    NotInStream {
        /// What was named.
        position: Position,
    },
    /// It was corrected before, or is a correction.
    #[error("the event at position {position} is void or is itself a correction")]
    AlreadyVoid {
        /// What was named.
        position: Position,
    },
    /// Later events rest upon it and must be corrected first.
    #[error("{kind} cannot be taken back: {because}")]
    ReliedUpon {
        /// Stored name of the event.
        kind: &'static str,
        /// What rests upon it.
        because: &'static str,
    },
    /// The replacement would be no single event.
    #[error("a replacement must be one event of the kind it replaces ({kind})")]
    NotOneEvent {
        /// Stored name of the event it replaces.
        kind: &'static str,
    },
}

impl CorrectionRefused {
    /// Stable code of the rule.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInStream { .. } => "correction.not_in_stream",
            Self::AlreadyVoid { .. } => "correction.already_void",
            Self::ReliedUpon { .. } => "correction.relied_upon",
            Self::NotOneEvent { .. } => "correction.not_one_event",
        }
    }
}

/// Decides a correction on the state as it would be without the original.
///
/// `facts` must already leave the original's entry out of the balances they state.
pub fn decide_correction<S: Stream>(
    state: &S,
    id: S::Id,
    command: &Correct<S::Command>,
    facts: &Facts<S>,
) -> Result<Vec<S::Event>, S::Refusal> {
    let position = command.position;
    let original = facts
        .original
        .as_ref()
        .filter(|original| original.position == position)
        .ok_or(CorrectionRefused::NotInStream { position })?;
    let kind = original.event.kind();
    let mut without = state.clone();
    without.void(&original.event)?;
    let replacement = match &command.replacement {
        None => None,
        Some(instead) => {
            let mut events = decide(&without, id, instead, facts)?;
            match (events.pop(), events.is_empty()) {
                (Some(event), true) if event.kind().name == kind.name => Some(Box::new(event)),
                _ => return Err(CorrectionRefused::NotOneEvent { kind: kind.name }.into()),
            }
        }
    };
    Ok(vec![S::corrected(Correction {
        position,
        original: Box::new(original.event.clone()),
        original_rule: original.posting_rule,
        reason: command.reason,
        authority: command.authority,
        replacement,
    })])
}

/// Folds a correction: the original is void, the replacement holds.
pub fn evolve_correction<S: Stream>(state: &mut S, correction: &Correction<S::Event>) {
    state.void(&correction.original).expect("decide saw that nothing rests upon the original");
    if let Some(replacement) = &correction.replacement {
        state.evolve(replacement);
    }
}

/// What a correction claims: that it is the only one of its event, and what the replacement adds.
pub fn claims_of_correction<E: StreamEvent>(correction: &Correction<E>) -> Vec<Claim> {
    let spent = correction.original.claims();
    let wanted = correction.replacement.as_ref().map(|event| event.claims()).unwrap_or_default();
    let mut claims = vec![Claim::of_correction(correction.position)];
    claims.extend(wanted.into_iter().filter(|claim| !spent.contains(claim)));
    claims
}
