//! What was done for the object of the cooperative: activities, publications, training, plans, jobs.
//!
//! One stream per thing, so that none grows without bound: its first event says what it is, and what
//! has a life of its own goes on from there. A job ends, an affiliation is left, the actions of a plan
//! are carried out one by one. Kinds are codes that the cooperative publishes. What a partner did, a
//! legal person of its own, is counted apart. A survey keeps whole numbers, from which means and shares
//! follow exactly.
//! Left out: who took part, which is nobody's business; what is said in a publication.
//! Source: special report on 2025 (activities for the object); KB 28-06-2019 art. 6 §2; DOMAIN A1
//! (F18, F20–F23, F25–F28), A4, F1, F3.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::Hours;
use crate::envelope::{Claim, Kind, StreamId};
use crate::evidence::Evidence;
use crate::ids::{ActivityId, BoardDecisionId, PersonId};
use crate::kinds::{kinds, refusal_codes};
use crate::money::Rate;
use crate::parameters::{CodeList, UnknownCode};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::{Code, ReasonCode};

/// Whose activity it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The cooperative's own.
    Own,
    /// A partner's, such as the professional association: another legal person.
    Partner,
}

/// What a survey says about one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// The question.
    pub question: Code,
    /// How many answered it.
    pub n: u32,
    /// What they answered.
    pub result: SurveyResult,
}

/// What was answered, in whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SurveyResult {
    /// How many said yes.
    Share {
        /// So many.
        yes: u32,
    },
    /// Marks that were given.
    Mean {
        /// The sum of all marks.
        sum: u32,
        /// The highest mark.
        best: u32,
    },
}

/// One thing that was done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    what: Option<What>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum What {
    /// It took place, and that is all.
    Done,
    Job {
        project: Code,
        full_time_share: Rate,
        ended: bool,
    },
    Affiliation {
        kind: Code,
        organisation: PersonId,
        left: bool,
    },
    Plan {
        kind: Code,
        actions: BTreeSet<Code>,
        carried_out: BTreeSet<Code>,
    },
}

/// What can have happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum ActivityEvent {
    /// An event, a workshop, a conference, an information session was held.
    #[serde(rename = "activity.held")]
    Held { kind: Code, scope: Scope, place: Code, participants: u32, hours: Hours },
    /// An analysis, a study, a film came out.
    #[serde(rename = "publication.released")]
    PublicationReleased { kind: Code, scope: Scope, document: Evidence },
    /// A legal request or file of a member was handled.
    #[serde(rename = "legal_case.handled")]
    LegalCaseHandled { kind: Code },
    /// A day of training for staff or members was held.
    #[serde(rename = "training_day.held")]
    TrainingDayHeld { kind: Code, participants: u32, hours: Hours },
    /// A survey was closed and counted.
    #[serde(rename = "survey.closed")]
    SurveyClosed { invited: u32, answers: u32, results: Vec<Answered>, evidence: Evidence },
    /// An article was published in a guide for users.
    #[serde(rename = "article.published")]
    ArticlePublished { guide: Code, document: Evidence },
    /// A project created a job, of a share of full time.
    #[serde(rename = "job.created")]
    JobCreated { project: Code, full_time_share: Rate, evidence: Evidence },
    /// The job is no more.
    #[serde(rename = "job.ended")]
    JobEnded { project: Code, full_time_share: Rate, reason: ReasonCode },
    /// The cooperative joined a network or a federation.
    #[serde(rename = "affiliation.joined")]
    AffiliationJoined { kind: Code, organisation: PersonId },
    /// It left.
    #[serde(rename = "affiliation.left")]
    AffiliationLeft { kind: Code, organisation: PersonId, reason: ReasonCode },
    /// A plan of actions was approved.
    #[serde(rename = "plan.approved")]
    PlanApproved { kind: Code, actions: Vec<Code>, document: Evidence },
    /// An action of the plan was carried out.
    #[serde(rename = "plan_action.carried_out")]
    PlanActionCarriedOut { kind: Code, action: Code, evidence: Evidence },
    /// The board adopted a strategy.
    #[serde(rename = "strategy.adopted")]
    StrategyAdopted { decision: BoardDecisionId, document: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "activity.corrected")]
    Corrected(Correction<ActivityEvent>),
}

kinds!(ActivityEvent {
    Held = "activity.held" v 1,
    PublicationReleased = "publication.released" v 1,
    LegalCaseHandled = "legal_case.handled" v 1,
    TrainingDayHeld = "training_day.held" v 1,
    SurveyClosed = "survey.closed" v 1,
    ArticlePublished = "article.published" v 1,
    JobCreated = "job.created" v 1,
    JobEnded = "job.ended" v 1,
    AffiliationJoined = "affiliation.joined" v 1,
    AffiliationLeft = "affiliation.left" v 1,
    PlanApproved = "plan.approved" v 1,
    PlanActionCarriedOut = "plan_action.carried_out" v 1,
    StrategyAdopted = "strategy.adopted" v 1,
    Corrected = "activity.corrected" v 1,
});

/// What may be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum ActivityCommand {
    /// Record that an activity was held.
    HoldActivity { kind: Code, scope: Scope, place: Code, participants: u32, hours: Hours },
    /// Record that a publication came out.
    ReleasePublication { kind: Code, scope: Scope, document: Evidence },
    /// Record that a legal case was handled.
    HandleLegalCase { kind: Code },
    /// Record that a day of training was held.
    HoldTrainingDay { kind: Code, participants: u32, hours: Hours },
    /// Record what a survey says.
    CloseSurvey { invited: u32, answers: u32, results: Vec<Answered>, evidence: Evidence },
    /// Record that an article was published.
    PublishArticle { guide: Code, document: Evidence },
    /// Record that a job was created.
    CreateJob { project: Code, full_time_share: Rate, evidence: Evidence },
    /// Record that the job ended.
    EndJob { reason: ReasonCode },
    /// Record that the cooperative joined an organisation.
    JoinAffiliation { kind: Code, organisation: PersonId },
    /// Record that it left.
    LeaveAffiliation { reason: ReasonCode },
    /// Record that a plan was approved.
    ApprovePlan { kind: Code, actions: Vec<Code>, document: Evidence },
    /// Record that one of its actions was carried out.
    CarryOutPlanAction { action: Code, evidence: Evidence },
    /// Record that the board adopted a strategy.
    AdoptStrategy { decision: BoardDecisionId, document: Evidence },
    /// Correct an earlier event.
    Correct(Correct<ActivityCommand>),
}

/// Which rules of activities can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum ActivityRefusal {
    /// A thing is recorded once.
    #[error("{activity} was recorded already")]
    RecordedAlready { activity: ActivityId },
    /// What goes on must have begun as what it is.
    #[error("{activity} is no {expected}")]
    OtherThing { activity: ActivityId, expected: &'static str },
    /// What is held takes time and has somebody in it.
    #[error("{participants} participants in {hours} hours: nothing was held")]
    NothingHeld { participants: u32, hours: Hours },
    /// Nobody answers who was not asked.
    #[error("{answers} answers to {invited} invitations")]
    MoreAnswersThanInvited { answers: u32, invited: u32 },
    /// A question is counted once.
    #[error("question {question} is counted twice")]
    QuestionTwice { question: Code },
    /// What is counted fits the answers.
    #[error("question {question}: {found} is not between {least} and {most}")]
    OutOfCount { question: Code, found: u64, least: u64, most: u64 },
    /// A job is a part of full time, in hundredths.
    #[error("a job is a share of full time of 0.01 to 1.00 in hundredths, found {share}")]
    NoShareOfFullTime { share: Rate },
    /// What ended does not end again.
    #[error("the {what} {activity} ended already")]
    EndedAlready { activity: ActivityId, what: &'static str },
    /// A plan has actions, each named once.
    #[error("a plan has actions, each named once; found {n} of which {distinct} differ")]
    Actions { n: usize, distinct: usize },
    /// Only what was planned is carried out.
    #[error("plan {activity} has no action {action}")]
    NotPlanned { activity: ActivityId, action: Code },
    /// An action is carried out once.
    #[error("action {action} of plan {activity} was carried out already")]
    CarriedOutAlready { activity: ActivityId, action: Code },
    /// A code is not published.
    #[error(transparent)]
    UnknownCode(#[from] UnknownCode),
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(ActivityRefusal {
    RecordedAlready = "activity.recorded_already",
    OtherThing = "activity.other_thing",
    NothingHeld = "activity.nothing_held",
    MoreAnswersThanInvited = "activity.more_answers_than_invited",
    QuestionTwice = "activity.question_twice",
    OutOfCount = "activity.out_of_count",
    NoShareOfFullTime = "activity.no_share_of_full_time",
    EndedAlready = "activity.ended_already",
    Actions = "activity.actions",
    NotPlanned = "activity.not_planned",
    CarriedOutAlready = "activity.carried_out_already",
    UnknownCode = "parameter.unknown_code",
});

impl StreamEvent for ActivityEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            // What came out once is not counted twice.
            Self::PublicationReleased { document, .. } | Self::ArticlePublished { document, .. } => {
                vec![Claim::of_document(document)]
            }
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Held { .. }
            | Self::LegalCaseHandled { .. }
            | Self::TrainingDayHeld { .. }
            | Self::SurveyClosed { .. }
            | Self::JobCreated { .. }
            | Self::JobEnded { .. }
            | Self::AffiliationJoined { .. }
            | Self::AffiliationLeft { .. }
            | Self::PlanApproved { .. }
            | Self::PlanActionCarriedOut { .. }
            | Self::StrategyAdopted { .. } => Vec::new(),
        }
    }
}

impl Stream for Activity {
    const TYPE: &'static str = "activity";
    const STATE_VERSION: u16 = 1;
    type Id = ActivityId;
    type Command = ActivityCommand;
    type Event = ActivityEvent;
    type Refusal = ActivityRefusal;
    type Known = ();

    fn stream_id(id: ActivityId) -> StreamId {
        StreamId::Activity(id)
    }

    fn decide(
        &self,
        activity: ActivityId,
        command: &ActivityCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<ActivityEvent>, ActivityRefusal> {
        use ActivityCommand as C;
        let event = match command {
            C::Correct(correct) => return decide_correction(self, activity, correct, facts),
            C::EndJob { reason } => match self.what {
                Some(What::Job { project, full_time_share, ended: false }) => {
                    ActivityEvent::JobEnded { project, full_time_share, reason: *reason }
                }
                Some(What::Job { ended: true, .. }) => {
                    return Err(ActivityRefusal::EndedAlready { activity, what: "job" });
                }
                _ => return Err(ActivityRefusal::OtherThing { activity, expected: "job" }),
            },
            C::LeaveAffiliation { reason } => match self.what {
                Some(What::Affiliation { kind, organisation, left: false }) => {
                    ActivityEvent::AffiliationLeft { kind, organisation, reason: *reason }
                }
                Some(What::Affiliation { left: true, .. }) => {
                    return Err(ActivityRefusal::EndedAlready { activity, what: "affiliation" });
                }
                _ => return Err(ActivityRefusal::OtherThing { activity, expected: "affiliation" }),
            },
            C::CarryOutPlanAction { action, evidence } => {
                let Some(What::Plan { kind, actions, carried_out }) = &self.what else {
                    return Err(ActivityRefusal::OtherThing { activity, expected: "plan" });
                };
                let action = *action;
                if !actions.contains(&action) {
                    return Err(ActivityRefusal::NotPlanned { activity, action });
                }
                if carried_out.contains(&action) {
                    return Err(ActivityRefusal::CarriedOutAlready { activity, action });
                }
                ActivityEvent::PlanActionCarriedOut { kind: *kind, action, evidence: *evidence }
            }
            first => self.begin(activity, first, facts)?,
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &ActivityEvent) {
        use ActivityEvent as E;
        match event {
            E::Held { .. }
            | E::PublicationReleased { .. }
            | E::LegalCaseHandled { .. }
            | E::TrainingDayHeld { .. }
            | E::SurveyClosed { .. }
            | E::ArticlePublished { .. }
            | E::StrategyAdopted { .. } => self.what = Some(What::Done),
            E::JobCreated { project, full_time_share, .. } => self.job(*project, *full_time_share, false),
            E::JobEnded { project, full_time_share, .. } => self.job(*project, *full_time_share, true),
            E::AffiliationJoined { kind, organisation } => self.affiliation(*kind, *organisation, false),
            E::AffiliationLeft { kind, organisation, .. } => self.affiliation(*kind, *organisation, true),
            E::PlanApproved { kind, actions, .. } => {
                let (kind, actions) = (*kind, actions.iter().copied().collect());
                self.what = Some(What::Plan { kind, actions, carried_out: BTreeSet::new() });
            }
            E::PlanActionCarriedOut { action, .. } => {
                self.carried_out().insert(*action);
            }
            E::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &ActivityEvent) -> Result<(), CorrectionRefused> {
        use ActivityEvent as E;
        let relied_upon =
            |because| Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because });
        if let E::Corrected(correction) = original {
            return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
        }
        if self.what.is_none() {
            return relied_upon("it was taken back before");
        }
        match original {
            E::Held { .. }
            | E::PublicationReleased { .. }
            | E::LegalCaseHandled { .. }
            | E::TrainingDayHeld { .. }
            | E::SurveyClosed { .. }
            | E::ArticlePublished { .. }
            | E::StrategyAdopted { .. } => self.what = None,
            E::JobCreated { .. } | E::AffiliationJoined { .. } => {
                if matches!(
                    self.what,
                    Some(What::Job { ended: true, .. } | What::Affiliation { left: true, .. })
                ) {
                    return relied_upon("it ended since");
                }
                self.what = None;
            }
            E::JobEnded { project, full_time_share, .. } => self.job(*project, *full_time_share, false),
            E::AffiliationLeft { kind, organisation, .. } => self.affiliation(*kind, *organisation, false),
            E::PlanApproved { .. } => {
                if !self.carried_out().is_empty() {
                    return relied_upon("actions of it were carried out since");
                }
                self.what = None;
            }
            E::PlanActionCarriedOut { action, .. } => {
                self.carried_out().remove(action);
            }
            E::Corrected(_) => unreachable!("answered above"),
        }
        Ok(())
    }

    fn corrected(correction: Correction<ActivityEvent>) -> ActivityEvent {
        ActivityEvent::Corrected(correction)
    }
}

impl Activity {
    /// The first event of a stream, which says what it is.
    fn begin(
        &self,
        activity: ActivityId,
        command: &ActivityCommand,
        facts: &Facts<Self>,
    ) -> Result<ActivityEvent, ActivityRefusal> {
        use ActivityCommand as C;
        use ActivityEvent as E;
        if self.what.is_some() {
            return Err(ActivityRefusal::RecordedAlready { activity });
        }
        let known = |list, code| facts.parameters.require_code(list, code, facts.effective_on);
        Ok(match command {
            C::HoldActivity { kind, scope, place, participants, hours } => {
                let (kind, scope, place) = (*kind, *scope, *place);
                let (participants, hours) = (*participants, *hours);
                known(CodeList::Activity, kind)?;
                known(CodeList::Place, place)?;
                something_held(participants, hours)?;
                E::Held { kind, scope, place, participants, hours }
            }
            C::ReleasePublication { kind, scope, document } => {
                known(CodeList::Publication, *kind)?;
                E::PublicationReleased { kind: *kind, scope: *scope, document: *document }
            }
            C::HandleLegalCase { kind } => {
                known(CodeList::LegalCase, *kind)?;
                E::LegalCaseHandled { kind: *kind }
            }
            C::HoldTrainingDay { kind, participants, hours } => {
                known(CodeList::Training, *kind)?;
                something_held(*participants, *hours)?;
                E::TrainingDayHeld { kind: *kind, participants: *participants, hours: *hours }
            }
            C::CloseSurvey { invited, answers, results, evidence } => {
                let (invited, answers, evidence) = (*invited, *answers, *evidence);
                if answers > invited {
                    return Err(ActivityRefusal::MoreAnswersThanInvited { answers, invited });
                }
                let mut seen = BTreeSet::new();
                for answered in results {
                    let question = answered.question;
                    known(CodeList::Question, question)?;
                    if !seen.insert(question) {
                        return Err(ActivityRefusal::QuestionTwice { question });
                    }
                    answered.require_within(answers)?;
                }
                E::SurveyClosed { invited, answers, results: results.clone(), evidence }
            }
            C::PublishArticle { guide, document } => {
                known(CodeList::Guide, *guide)?;
                E::ArticlePublished { guide: *guide, document: *document }
            }
            C::CreateJob { project, full_time_share, evidence } => {
                let (project, share) = (*project, *full_time_share);
                known(CodeList::Project, project)?;
                if hundredths(share).is_none() {
                    return Err(ActivityRefusal::NoShareOfFullTime { share });
                }
                E::JobCreated { project, full_time_share: share, evidence: *evidence }
            }
            C::JoinAffiliation { kind, organisation } => {
                known(CodeList::Affiliation, *kind)?;
                E::AffiliationJoined { kind: *kind, organisation: *organisation }
            }
            C::ApprovePlan { kind, actions, document } => {
                known(CodeList::Plan, *kind)?;
                let (n, distinct) = (actions.len(), actions.iter().collect::<BTreeSet<_>>().len());
                if n == 0 || distinct < n {
                    return Err(ActivityRefusal::Actions { n, distinct });
                }
                E::PlanApproved { kind: *kind, actions: actions.clone(), document: *document }
            }
            C::AdoptStrategy { decision, document } => {
                E::StrategyAdopted { decision: *decision, document: *document }
            }
            C::EndJob { .. } | C::LeaveAffiliation { .. } | C::CarryOutPlanAction { .. } | C::Correct(_) => {
                unreachable!("they begin nothing")
            }
        })
    }

    fn job(&mut self, project: Code, full_time_share: Rate, ended: bool) {
        self.what = Some(What::Job { project, full_time_share, ended });
    }

    fn affiliation(&mut self, kind: Code, organisation: PersonId, left: bool) {
        self.what = Some(What::Affiliation { kind, organisation, left });
    }

    fn carried_out(&mut self) -> &mut BTreeSet<Code> {
        match &mut self.what {
            Some(What::Plan { carried_out, .. }) => carried_out,
            _ => unreachable!("only plans have actions"),
        }
    }
}

impl Answered {
    /// Refuses counts that so many answers cannot make.
    fn require_within(&self, answers: u32) -> Result<(), ActivityRefusal> {
        let question = self.question;
        let between = |found: u32, least: u64, most: u64| {
            let found = u64::from(found);
            match (least..=most).contains(&found) {
                true => Ok(()),
                false => Err(ActivityRefusal::OutOfCount { question, found, least, most }),
            }
        };
        between(self.n, 1, u64::from(answers))?;
        match self.result {
            SurveyResult::Share { yes } => between(yes, 0, u64::from(self.n)),
            SurveyResult::Mean { sum, best } => {
                between(best, 1, u64::from(u32::MAX))?;
                between(sum, 0, u64::from(self.n) * u64::from(best))
            }
        }
    }
}

/// A share of full time in hundredths, from 1 to 100; none when it is no such share.
pub fn hundredths(share: Rate) -> Option<u32> {
    let hundredths = share.value().checked_mul(Decimal::ONE_HUNDRED)?;
    let whole = u32::try_from(hundredths).ok().filter(|n| Decimal::from(*n) == hundredths);
    whole.filter(|n| (1..=100).contains(n))
}

fn something_held(participants: u32, hours: Hours) -> Result<(), ActivityRefusal> {
    if participants == 0 || hours.hundredths() == 0 {
        return Err(ActivityRefusal::NothingHeld { participants, hours });
    }
    Ok(())
}
