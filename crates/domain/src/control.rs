//! Checks of what people do: a share beforehand, a share afterwards, drawn so that nobody chooses.
//!
//! One stream per check. Its key says what is checked and when: `before-4711` is the check, before the
//! fact, of the event at position 4711. The lot of an action is read from the hash of its leaf in the
//! log, which covers its content, its place and the instant of recording, and the digest of the
//! request under a secret of the log: whoever asks for an action cannot know its lot before, and anybody
//! with the log can draw it again. Lots below the rate are checked, and no other is; an action of which
//! there is a reason to doubt can be opened afterwards without being drawn.
//! Left out: what was found in words, which is the document cited; whoever runs the writer itself, who
//! could try instants of recording: the witnesses of the log's checkpoints look at those.
//! Source: strategy Smart 2025 (objective 5 %); DOMAIN A4 (control before and after the fact).

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Day;
use crate::envelope::{Claim, Kind, Position, StreamId};
use crate::evidence::{Digest, Evidence};
use crate::kinds::{kinds, refusal_codes};
use crate::money::{Rate, TextVisitor};
use crate::parameters::{CodeList, NoParameter, Parameter, UnknownCode};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::{Code, ReasonCode};

/// Lots lie from 0 up to and without this number.
pub const LOTS: u32 = 1_000_000;

/// Whether an action is checked before the fact or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Before what was declared takes place.
    Before,
    /// After it has taken place.
    After,
}

/// The check of the action at a position, written `before-4711` or `after-4711`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId {
    /// When it is checked.
    pub timing: Timing,
    /// Where the event stands that records the action.
    pub action: Position,
}

/// Why an action is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Because {
    /// Its lot lies below the rate.
    Drawn {
        /// Its lot, from 0 to 999,999.
        lot: u32,
        /// The share of actions that is checked.
        rate: Rate,
    },
    /// Somebody has a reason.
    Reason(ReasonCode),
}

/// The action as the log holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// Stored name of its event.
    pub kind: Code,
    /// Its day of effect.
    pub effective_on: Day,
    /// The hash of its leaf.
    pub leaf: Digest,
}

/// What a check's rules ask of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ControlKnown {
    /// The action that the check's key names; none when the log has no such position.
    pub action: Option<Action>,
}

/// One check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Control {
    stage: Stage,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    #[default]
    NotBegun,
    Begun,
    Passed,
    Failed,
    Remedied,
}

/// What can have happened to a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum ControlEvent {
    /// An action was drawn to be checked before the fact.
    #[serde(rename = "check.sampled")]
    Sampled { action: Position, kind: Code, lot: u32, rate: Rate },
    /// A check after the fact began.
    #[serde(rename = "check.opened")]
    Opened { action: Position, kind: Code, because: Because },
    /// Nothing was found.
    #[serde(rename = "check.passed")]
    Passed { evidence: Evidence },
    /// Something was found.
    #[serde(rename = "check.failed")]
    Failed { findings: Vec<Code>, evidence: Evidence },
    /// What was found was put right.
    #[serde(rename = "check.remedied")]
    Remedied { evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "control.corrected")]
    Corrected(Correction<ControlEvent>),
}

kinds!(ControlEvent {
    Sampled = "check.sampled" v 1,
    Opened = "check.opened" v 1,
    Passed = "check.passed" v 1,
    Failed = "check.failed" v 1,
    Remedied = "check.remedied" v 1,
    Corrected = "control.corrected" v 1,
});

/// What may be asked of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum ControlCommand {
    /// Begin the check before the fact of an action that is drawn.
    SampleCheck {},
    /// Begin the check after the fact of an action that is drawn, or that there is a reason to check.
    OpenCheck {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<ReasonCode>,
    },
    /// Record that nothing was found.
    PassCheck { evidence: Evidence },
    /// Record what was found.
    FailCheck { findings: Vec<Code>, evidence: Evidence },
    /// Record that it was put right.
    RemedyCheck { evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<ControlCommand>),
}

/// Which rules of checks can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum ControlRefusal {
    /// What is sampled is checked before the fact, what is opened after it.
    #[error("{check} is no check {expected} the fact")]
    OtherTiming { check: CheckId, expected: &'static str },
    /// A check begins once.
    #[error("{check} began already")]
    BegunAlready { check: CheckId },
    /// What did not begin has no outcome.
    #[error("{check} did not begin")]
    NotBegun { check: CheckId },
    /// Only what stands in the log is checked.
    #[error("the log has no event at position {action}")]
    NoSuchAction { action: Position },
    /// Nobody chooses who is drawn.
    #[error("the {kind} at position {action} has lot {lot}; only lots below {below} are drawn")]
    NotDrawn { action: Position, kind: Code, lot: u32, below: u32 },
    /// A check has one outcome.
    #[error("{check} has an outcome already: {outcome}")]
    HasOutcome { check: CheckId, outcome: &'static str },
    /// Only what was found can be put right.
    #[error("{check} did not fail, or was remedied already; there is nothing to remedy")]
    NothingToRemedy { check: CheckId },
    /// A check that fails says what it found, each thing once.
    #[error("a check that fails has findings, each named once; found {n} of which {distinct} differ")]
    Findings { n: usize, distinct: usize },
    /// A code is not published.
    #[error(transparent)]
    UnknownCode(#[from] UnknownCode),
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

refusal_codes!(ControlRefusal {
    OtherTiming = "control.other_timing",
    BegunAlready = "control.begun_already",
    NotBegun = "control.not_begun",
    NoSuchAction = "control.no_such_action",
    NotDrawn = "control.not_drawn",
    HasOutcome = "control.has_outcome",
    NothingToRemedy = "control.nothing_to_remedy",
    Findings = "control.findings",
    UnknownCode = "parameter.unknown_code",
    NoParameter = "parameter.missing",
});

impl StreamEvent for ControlEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            // One report may settle several checks.
            Self::Sampled { .. }
            | Self::Opened { .. }
            | Self::Passed { .. }
            | Self::Failed { .. }
            | Self::Remedied { .. } => Vec::new(),
        }
    }
}

impl Stream for Control {
    const TYPE: &'static str = "control";
    const STATE_VERSION: u16 = 1;
    type Id = CheckId;
    type Command = ControlCommand;
    type Event = ControlEvent;
    type Refusal = ControlRefusal;
    type Known = ControlKnown;

    fn stream_id(id: CheckId) -> StreamId {
        StreamId::Control(id)
    }

    fn decide(
        &self,
        check: CheckId,
        command: &ControlCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<ControlEvent>, ControlRefusal> {
        let event = match command {
            ControlCommand::SampleCheck {} => {
                let (kind, because) = self.begin(check, Timing::Before, None, facts)?;
                let Because::Drawn { lot, rate } = because else { unreachable!("no reason was given") };
                ControlEvent::Sampled { action: check.action, kind, lot, rate }
            }
            ControlCommand::OpenCheck { reason } => {
                let (kind, because) = self.begin(check, Timing::After, *reason, facts)?;
                ControlEvent::Opened { action: check.action, kind, because }
            }
            ControlCommand::PassCheck { evidence } => {
                self.require_under_way(check)?;
                ControlEvent::Passed { evidence: *evidence }
            }
            ControlCommand::FailCheck { findings, evidence } => {
                self.require_under_way(check)?;
                let mut distinct = findings.clone();
                distinct.sort_unstable();
                distinct.dedup();
                if findings.is_empty() || distinct.len() < findings.len() {
                    let (n, distinct) = (findings.len(), distinct.len());
                    return Err(ControlRefusal::Findings { n, distinct });
                }
                for finding in findings {
                    facts.parameters.require_code(CodeList::Finding, *finding, facts.effective_on)?;
                }
                ControlEvent::Failed { findings: findings.clone(), evidence: *evidence }
            }
            ControlCommand::RemedyCheck { evidence } => {
                match self.stage {
                    Stage::NotBegun => return Err(ControlRefusal::NotBegun { check }),
                    Stage::Failed => {}
                    Stage::Begun | Stage::Passed | Stage::Remedied => {
                        return Err(ControlRefusal::NothingToRemedy { check });
                    }
                }
                ControlEvent::Remedied { evidence: *evidence }
            }
            ControlCommand::Correct(correct) => return decide_correction(self, check, correct, facts),
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &ControlEvent) {
        self.stage = match event {
            ControlEvent::Sampled { .. } | ControlEvent::Opened { .. } => Stage::Begun,
            ControlEvent::Passed { .. } => Stage::Passed,
            ControlEvent::Failed { .. } => Stage::Failed,
            ControlEvent::Remedied { .. } => Stage::Remedied,
            ControlEvent::Corrected(correction) => return evolve_correction(self, correction),
        };
    }

    fn void(&mut self, original: &ControlEvent) -> Result<(), CorrectionRefused> {
        let (was, before) = match original {
            ControlEvent::Sampled { .. } | ControlEvent::Opened { .. } => (Stage::Begun, Stage::NotBegun),
            ControlEvent::Passed { .. } => (Stage::Passed, Stage::Begun),
            ControlEvent::Failed { .. } => (Stage::Failed, Stage::Begun),
            ControlEvent::Remedied { .. } => (Stage::Remedied, Stage::Failed),
            ControlEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        };
        if self.stage != was {
            let because = "the check went on since";
            return Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        }
        self.stage = before;
        Ok(())
    }

    fn corrected(correction: Correction<ControlEvent>) -> ControlEvent {
        ControlEvent::Corrected(correction)
    }
}

impl Control {
    /// What is checked and why; the rate and the list of what is checked are those of its day.
    fn begin(
        &self,
        check: CheckId,
        timing: Timing,
        reason: Option<ReasonCode>,
        facts: &Facts<Self>,
    ) -> Result<(Code, Because), ControlRefusal> {
        if check.timing != timing {
            return Err(ControlRefusal::OtherTiming { check, expected: timing.word() });
        }
        if self.stage != Stage::NotBegun {
            return Err(ControlRefusal::BegunAlready { check });
        }
        let action = check.action;
        let Action { kind, effective_on, leaf } =
            facts.known.action.ok_or(ControlRefusal::NoSuchAction { action })?;
        if let Some(reason) = reason {
            return Ok((kind, Because::Reason(reason)));
        }
        facts.parameters.require_code(timing.list(), kind, effective_on)?;
        let rate = facts.parameters.rate(timing.rate(), effective_on)?;
        let (lot, below) = (timing.lot(leaf), lots_below(rate));
        if lot >= below {
            return Err(ControlRefusal::NotDrawn { action, kind, lot, below });
        }
        Ok((kind, Because::Drawn { lot, rate }))
    }

    fn require_under_way(&self, check: CheckId) -> Result<(), ControlRefusal> {
        match self.stage {
            Stage::NotBegun => Err(ControlRefusal::NotBegun { check }),
            Stage::Begun => Ok(()),
            Stage::Passed => Err(ControlRefusal::HasOutcome { check, outcome: "passed" }),
            Stage::Failed => Err(ControlRefusal::HasOutcome { check, outcome: "failed" }),
            Stage::Remedied => Err(ControlRefusal::HasOutcome { check, outcome: "remedied" }),
        }
    }
}

/// Lots below this number are drawn at a rate; what is left of a lot is rounded down.
pub fn lots_below(rate: Rate) -> u32 {
    let lots = rate.value() * Decimal::from(LOTS);
    lots.floor().to_u32().expect("a rate lies between 0 and 1")
}

impl Timing {
    /// Both, in the order in which they come.
    pub const ALL: [Self; 2] = [Self::Before, Self::After];

    /// The lot of the action with this leaf, from 0 to 999,999.
    ///
    /// A leaf's hash is a draw in itself. Its first eight bytes, as a big-endian number, count for the
    /// check before the fact, the next eight for the one after: times a million, divided by 2^64.
    pub fn lot(self, leaf: Digest) -> u32 {
        let from = match self {
            Self::Before => 0,
            Self::After => 8,
        };
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&leaf.0[from..from + 8]);
        let scaled = (u128::from(u64::from_be_bytes(bytes)) * u128::from(LOTS)) >> 64;
        u32::try_from(scaled).expect("a lot lies below a million")
    }

    /// The list of events of which a share is checked.
    pub const fn list(self) -> CodeList {
        match self {
            Self::Before => CodeList::CheckedBefore,
            Self::After => CodeList::CheckedAfter,
        }
    }

    /// The share that is checked.
    pub const fn rate(self) -> Parameter {
        match self {
            Self::Before => Parameter::ControlBeforeRate,
            Self::After => Parameter::ControlAfterRate,
        }
    }

    /// The word for it: `before` or `after`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.timing.word(), self.action)
    }
}

impl fmt::Debug for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for CheckId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let of = |timing: Timing| Some((timing, text.strip_prefix(timing.word())?.strip_prefix('-')?));
            let (timing, digits) = Timing::ALL.into_iter().find_map(of)?;
            let action: u64 = digits.parse().ok()?;
            // One check has one way of writing its key.
            (action.to_string() == digits && action > 0).then_some(Self { timing, action: Position(action) })
        };
        parse().ok_or_else(|| format!("expected a check such as \"before-4711\", found {text:?}"))
    }
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CheckId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(TextVisitor { expecting: "a check such as \"before-4711\"", parse: str::parse })
    }
}
