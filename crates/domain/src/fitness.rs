//! Fitness for risky work: fit or unfit, until when, and nothing about health.
//!
//! One stream per worker. A risk is declared, an examination is required, the prevention adviser says
//! fit until a day or unfit; the certificate lies encrypted beside the vault. A contract that states a
//! risk is refused unless the worker is fit for it up to the last day of work. Accidents are reported
//! here by when and where they happened, for prevention; the claim upon the insurer is of *cover*.
//! Left out: anything that a physician found; anonymous help lines, which leave no trace by design.
//! Source: Codex on well-being at work, book I title 4 \[R\]; DOMAIN A1 (F32), A4 (prevention), F3.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Day;
use crate::envelope::{Claim, Claimed, Kind, StreamId};
use crate::evidence::Evidence;
use crate::ids::{AccidentId, PersonId};
use crate::kinds::{kinds, refusal_codes};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::RiskCode;

/// Where an accident happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// At work.
    AtWork,
    /// On the way to or from work.
    OnTheWay,
    /// In private life.
    Private,
}

/// The fitness of one worker, risk by risk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fitness {
    /// What happened with each risk, step by step; a correction takes the last step back.
    risks: BTreeMap<RiskCode, Vec<Step>>,
    accidents: BTreeSet<AccidentId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Step {
    Declared,
    Required,
    Passed(Fit),
    Failed,
    Expired,
}

/// From when until when a worker is fit for a risk, both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// What can have happened to a worker's fitness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum FitnessEvent {
    /// The worker is to do work that bears a risk.
    #[serde(rename = "risk.declared")]
    RiskDeclared { risk: RiskCode, evidence: Evidence },
    /// The worker has to be examined for a risk by a day.
    #[serde(rename = "exam.required")]
    ExamRequired { risk: RiskCode, by: Day },
    /// The worker is fit for the risk.
    #[serde(rename = "exam.passed")]
    ExamPassed { risk: RiskCode, fit: Fit, evidence: Evidence },
    /// The worker is not fit for the risk.
    #[serde(rename = "exam.failed")]
    ExamFailed { risk: RiskCode, evidence: Evidence },
    /// The time for which the worker was found fit is over.
    #[serde(rename = "exam.expired")]
    ExamExpired { risk: RiskCode, fit_until: Day },
    /// The worker had an accident.
    #[serde(rename = "accident.reported")]
    AccidentReported { accident: AccidentId, happened_on: Day, whereabouts: Whereabouts, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "fitness.corrected")]
    Corrected(Correction<FitnessEvent>),
}

kinds!(FitnessEvent {
    RiskDeclared = "risk.declared" v 1,
    ExamRequired = "exam.required" v 1,
    ExamPassed = "exam.passed" v 1,
    ExamFailed = "exam.failed" v 1,
    ExamExpired = "exam.expired" v 1,
    AccidentReported = "accident.reported" v 1,
    Corrected = "fitness.corrected" v 1,
});

/// What may be asked about a worker's fitness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum FitnessCommand {
    /// Declare that the worker is to do work that bears a risk.
    DeclareRisk { risk: RiskCode, evidence: Evidence },
    /// Require an examination by a day.
    RequireExam { risk: RiskCode, by: Day },
    /// Record that the worker is fit, from the day on which this takes effect until another.
    PassExam { risk: RiskCode, fit_until: Day, evidence: Evidence },
    /// Record that the worker is not fit.
    FailExam { risk: RiskCode, evidence: Evidence },
    /// Say that the time for which the worker was found fit is over.
    ExpireExam { risk: RiskCode },
    /// Report an accident.
    ReportAccident { accident: AccidentId, happened_on: Day, whereabouts: Whereabouts, evidence: Evidence },
    /// Correct an earlier event.
    Correct(Correct<FitnessCommand>),
}

/// Which rules of fitness can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum FitnessRefusal {
    /// The step does not follow from where the examination stands.
    #[error("risk {risk} is {found}; this needs one that is {expected}")]
    WrongStage { risk: RiskCode, found: &'static str, expected: &'static str },
    /// An examination is required by a day to come.
    #[error("an examination by {by} cannot be required on {effective_on}")]
    RequiredInPast { by: Day, effective_on: Day },
    /// Nobody is found fit until yesterday.
    #[error("fit until {fit_until} is over before it begins on {effective_on}")]
    OverBeforeItBegins { fit_until: Day, effective_on: Day },
    /// Who is fit today has not expired.
    #[error("the worker is fit for risk {risk} until {fit_until}; that is not over on {effective_on}")]
    StillFit { risk: RiskCode, fit_until: Day, effective_on: Day },
    /// An accident is reported after it happened.
    #[error("an accident of {happened_on} cannot be reported on {effective_on}")]
    AccidentToCome { happened_on: Day, effective_on: Day },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(FitnessRefusal {
    WrongStage = "fitness.wrong_stage",
    RequiredInPast = "fitness.required_in_past",
    OverBeforeItBegins = "fitness.over_before_it_begins",
    StillFit = "fitness.still_fit",
    AccidentToCome = "fitness.accident_to_come",
});

impl StreamEvent for FitnessEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::AccidentReported { accident, .. } => {
                vec![Claim { what: Claimed::Accident, key: *accident.uuid().as_bytes() }]
            }
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::RiskDeclared { .. }
            | Self::ExamRequired { .. }
            | Self::ExamPassed { .. }
            | Self::ExamFailed { .. }
            | Self::ExamExpired { .. } => Vec::new(),
        }
    }
}

impl Stream for Fitness {
    const TYPE: &'static str = "fitness";
    const STATE_VERSION: u16 = 1;
    type Id = PersonId;
    type Command = FitnessCommand;
    type Event = FitnessEvent;
    type Refusal = FitnessRefusal;
    type Known = ();

    fn stream_id(id: PersonId) -> StreamId {
        StreamId::Fitness(id)
    }

    fn decide(
        &self,
        id: PersonId,
        command: &FitnessCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<FitnessEvent>, FitnessRefusal> {
        let effective_on = facts.effective_on;
        let event = match command {
            FitnessCommand::DeclareRisk { risk, evidence } => {
                self.require(*risk, |step| step.is_none(), "not declared")?;
                FitnessEvent::RiskDeclared { risk: *risk, evidence: *evidence }
            }
            FitnessCommand::RequireExam { risk, by } => {
                let (risk, by) = (*risk, *by);
                let idle = |step: Option<Step>| !matches!(step, None | Some(Step::Required));
                self.require(risk, idle, "declared and not to be examined already")?;
                if by < effective_on {
                    return Err(FitnessRefusal::RequiredInPast { by, effective_on });
                }
                FitnessEvent::ExamRequired { risk, by }
            }
            FitnessCommand::PassExam { risk, fit_until, evidence } => {
                let (risk, until, evidence) = (*risk, *fit_until, *evidence);
                self.require(risk, |step| step == Some(Step::Required), "to be examined")?;
                if until < effective_on {
                    return Err(FitnessRefusal::OverBeforeItBegins { fit_until: until, effective_on });
                }
                FitnessEvent::ExamPassed { risk, fit: Fit { from: effective_on, until }, evidence }
            }
            FitnessCommand::FailExam { risk, evidence } => {
                self.require(*risk, |step| step == Some(Step::Required), "to be examined")?;
                FitnessEvent::ExamFailed { risk: *risk, evidence: *evidence }
            }
            FitnessCommand::ExpireExam { risk } => {
                let risk = *risk;
                self.require(risk, |step| matches!(step, Some(Step::Passed(_))), "passed")?;
                let Some(Step::Passed(Fit { until: fit_until, .. })) = self.last_step(risk) else {
                    unreachable!("required above")
                };
                if effective_on <= fit_until {
                    return Err(FitnessRefusal::StillFit { risk, fit_until, effective_on });
                }
                FitnessEvent::ExamExpired { risk, fit_until }
            }
            FitnessCommand::ReportAccident { accident, happened_on, whereabouts, evidence } => {
                let (accident, happened_on) = (*accident, *happened_on);
                if effective_on < happened_on {
                    return Err(FitnessRefusal::AccidentToCome { happened_on, effective_on });
                }
                let (whereabouts, evidence) = (*whereabouts, *evidence);
                FitnessEvent::AccidentReported { accident, happened_on, whereabouts, evidence }
            }
            FitnessCommand::Correct(correct) => return decide_correction(self, id, correct, facts),
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &FitnessEvent) {
        match event {
            FitnessEvent::AccidentReported { accident, .. } => {
                self.accidents.insert(*accident);
            }
            FitnessEvent::Corrected(correction) => evolve_correction(self, correction),
            FitnessEvent::RiskDeclared { .. }
            | FitnessEvent::ExamRequired { .. }
            | FitnessEvent::ExamPassed { .. }
            | FitnessEvent::ExamFailed { .. }
            | FitnessEvent::ExamExpired { .. } => {
                let (risk, step) = event.step().expect("each of these is a step of a risk");
                self.risks.entry(risk).or_default().push(step);
            }
        }
    }

    fn void(&mut self, original: &FitnessEvent) -> Result<(), CorrectionRefused> {
        let moved_on = || CorrectionRefused::ReliedUpon {
            kind: original.kind().name,
            because: "later steps of the same risk rest upon it",
        };
        match original {
            FitnessEvent::AccidentReported { accident, .. } => {
                self.accidents.remove(accident);
            }
            FitnessEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
            FitnessEvent::RiskDeclared { .. }
            | FitnessEvent::ExamRequired { .. }
            | FitnessEvent::ExamPassed { .. }
            | FitnessEvent::ExamFailed { .. }
            | FitnessEvent::ExamExpired { .. } => {
                let (risk, step) = original.step().expect("each of these is a step of a risk");
                let steps = self.risks.get_mut(&risk).ok_or_else(moved_on)?;
                steps.pop().filter(|last| *last == step).ok_or_else(moved_on)?;
                if steps.is_empty() {
                    self.risks.remove(&risk);
                }
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<FitnessEvent>) -> FitnessEvent {
        FitnessEvent::Corrected(correction)
    }
}

impl Fitness {
    /// The time for which the worker was found fit last; none when unfit or never examined.
    ///
    /// An examination that is required again leaves the answer of the last one as it is.
    pub fn fit_for(&self, risk: RiskCode) -> Option<Fit> {
        let outcome = |step: &Step| match step {
            Step::Passed(fit) => Some(Some(*fit)),
            Step::Failed => Some(None),
            Step::Declared | Step::Required | Step::Expired => None,
        };
        self.risks.get(&risk)?.iter().rev().find_map(outcome)?
    }

    fn last_step(&self, risk: RiskCode) -> Option<Step> {
        self.risks.get(&risk)?.last().copied()
    }

    fn require(
        &self,
        risk: RiskCode,
        is_right: impl Fn(Option<Step>) -> bool,
        expected: &'static str,
    ) -> Result<(), FitnessRefusal> {
        let step = self.last_step(risk);
        if is_right(step) {
            return Ok(());
        }
        let found = match step {
            None => "not declared",
            Some(Step::Declared) => "declared and not examined",
            Some(Step::Required) => "to be examined",
            Some(Step::Passed(_)) => "passed",
            Some(Step::Failed) => "failed",
            Some(Step::Expired) => "expired",
        };
        Err(FitnessRefusal::WrongStage { risk, found, expected })
    }
}

impl FitnessEvent {
    fn step(&self) -> Option<(RiskCode, Step)> {
        match self {
            Self::RiskDeclared { risk, .. } => Some((*risk, Step::Declared)),
            Self::ExamRequired { risk, .. } => Some((*risk, Step::Required)),
            Self::ExamPassed { risk, fit, .. } => Some((*risk, Step::Passed(*fit))),
            Self::ExamFailed { risk, .. } => Some((*risk, Step::Failed)),
            Self::ExamExpired { risk, .. } => Some((*risk, Step::Expired)),
            Self::AccidentReported { .. } | Self::Corrected(_) => None,
        }
    }
}
