//! The rulebook of activities: what was done is recorded once, and what has a life goes on.

use domain::activity::{
    Activity, ActivityCommand as C, ActivityEvent as E, ActivityRefusal as R, Answered, Scope, SurveyResult,
    hundredths,
};
use domain::{Claim, StreamEvent};
use proptest::prelude::*;
use rstest::rstest;

use crate::fixtures::*;
use crate::harness::{Given, given};

pub fn session(participants: u32) -> C {
    let (kind, place) = (token("info-session"), token("liege"));
    C::HoldActivity { kind, scope: Scope::Own, place, participants, hours: hours("2.00") }
}

pub fn publication() -> C {
    let kind = token("analysis");
    C::ReleasePublication { kind, scope: Scope::Partner, document: paper("analysis-1") }
}

pub fn legal_case() -> C {
    C::HandleLegalCase { kind: token("request") }
}

pub fn training_day(participants: u32) -> C {
    C::HoldTrainingDay { kind: token("members"), participants, hours: hours("7.00") }
}

pub fn article() -> C {
    C::PublishArticle { guide: token("users"), document: paper("article-1") }
}

pub fn strategy() -> C {
    C::AdoptStrategy { decision: DECISION, document: paper("strategy") }
}

pub fn answered(question: &str, n: u32, result: SurveyResult) -> Answered {
    Answered { question: token(question), n, result }
}

fn survey_of(invited: u32, answers: u32, results: &[Answered]) -> C {
    C::CloseSurvey { invited, answers, results: results.to_vec(), evidence: paper("count") }
}

/// 2,200 answers with a mean of 7.4 out of 10; 74 % stay.
pub fn survey() -> C {
    let results = [
        answered("satisfaction", 2200, SurveyResult::Mean { sum: 16_280, best: 10 }),
        answered("stay", 2200, SurveyResult::Share { yes: 1628 }),
    ];
    survey_of(20_000, 2200, &results)
}

pub fn job(share: &str) -> C {
    C::CreateJob { project: token("gembloux"), full_time_share: rate(share), evidence: paper("contract") }
}

pub fn end_job() -> C {
    C::EndJob { reason: token("project-over") }
}

pub fn join() -> C {
    C::JoinAffiliation { kind: token("federation"), organisation: FUNDER }
}

pub fn leave() -> C {
    C::LeaveAffiliation { reason: token("dues") }
}

pub fn plan_of(actions: &[&str]) -> C {
    let actions = actions.iter().map(|action| token(action)).collect();
    C::ApprovePlan { kind: token("diversity"), actions, document: paper("plan") }
}

pub fn carry_out(action: &str) -> C {
    C::CarryOutPlanAction { action: token(action), evidence: paper("report") }
}

#[test]
fn a_thing_is_recorded_once() {
    let held = given::<Activity>([]).when(session(25)).then([E::Held {
        kind: token("info-session"),
        scope: Scope::Own,
        place: token("liege"),
        participants: 25,
        hours: hours("2.00"),
    }]);
    for again in [session(25), publication(), job("1.00"), plan_of(&["mentors"])] {
        held.clone().when(again).is_refused(R::RecordedAlready { activity: ACTIVITY });
    }
}

#[test]
fn what_was_taken_back_may_be_recorded_again() {
    let held = given::<Activity>([]).when(session(25)).accepted();
    let back = held.clone().with_original(1).when(C::Correct(correct(1, None))).accepted();
    back.when(session(26)).accepted();
    let changed = held.with_original(1).when(C::Correct(correct(1, Some(session(26))))).accepted();
    changed.when(session(27)).is_refused(R::RecordedAlready { activity: ACTIVITY });
}

#[rstest]
#[case::activity(C::HoldActivity { kind: token("choir"), scope: Scope::Own, place: token("liege"), participants: 1, hours: hours("1.00") }, "choir is not in the list of codes activity")]
#[case::place(C::HoldActivity { kind: token("workshop"), scope: Scope::Own, place: token("atlantis"), participants: 1, hours: hours("1.00") }, "atlantis is not in the list of codes place")]
#[case::publication(C::ReleasePublication { kind: token("novel"), scope: Scope::Own, document: paper("x") }, "novel is not in the list of codes publication")]
#[case::legal_case(C::HandleLegalCase { kind: token("duel") }, "duel is not in the list of codes legal_case")]
#[case::training(C::HoldTrainingDay { kind: token("dogs"), participants: 1, hours: hours("1.00") }, "dogs is not in the list of codes training")]
#[case::question(survey_of(1, 1, &[answered("faith", 1, SurveyResult::Share { yes: 1 })]), "faith is not in the list of codes question")]
#[case::guide(C::PublishArticle { guide: token("birds"), document: paper("x") }, "birds is not in the list of codes guide")]
#[case::project(C::CreateJob { project: token("moon"), full_time_share: rate("1"), evidence: paper("x") }, "moon is not in the list of codes project")]
#[case::affiliation(C::JoinAffiliation { kind: token("lodge"), organisation: FUNDER }, "lodge is not in the list of codes affiliation")]
#[case::plan(C::ApprovePlan { kind: token("battle"), actions: vec![token("a")], document: paper("x") }, "battle is not in the list of codes plan")]
fn a_kind_is_one_that_was_published(#[case] command: C, #[case] said: &str) {
    given::<Activity>([]).when(command).is_refused_saying(&format!("{said} on 2025-03-03; publish it first"));
}

#[test]
fn what_is_held_takes_time_and_has_somebody_in_it() {
    given::<Activity>([])
        .when(session(0))
        .is_refused_saying("0 participants in 2.00 hours: nothing was held");
    given::<Activity>([])
        .when(training_day(0))
        .is_refused_saying("0 participants in 7.00 hours: nothing was held");
    let nothing = C::HoldTrainingDay { kind: token("members"), participants: 9, hours: hours("0.00") };
    given::<Activity>([]).when(nothing).is_refused_saying("9 participants in 0.00 hours: nothing was held");
}

#[test]
fn what_came_out_is_not_counted_twice() {
    for (command, document) in [(publication(), "analysis-1"), (article(), "article-1")] {
        let event = given::<Activity>([]).when(command).event();
        assert_eq!(event.claims(), [Claim::of_document(&paper(document))]);
    }
    assert_eq!(given::<Activity>([]).when(session(1)).event().claims(), []);
}

// columns: invited, answers | results | what is wrong
#[rstest]
#[case::more_answers(10, 11, vec![], "11 answers to 10 invitations")]
#[case::twice(10, 10, vec![answered("stay", 1, SurveyResult::Share { yes: 1 }), answered("stay", 2, SurveyResult::Share { yes: 1 })], "question stay is counted twice")]
#[case::more_than_answered(10, 10, vec![answered("stay", 11, SurveyResult::Share { yes: 1 })], "question stay: 11 is not between 1 and 10")]
#[case::nobody(10, 10, vec![answered("stay", 0, SurveyResult::Share { yes: 0 })], "question stay: 0 is not between 1 and 10")]
#[case::more_than_all(10, 10, vec![answered("stay", 9, SurveyResult::Share { yes: 10 })], "question stay: 10 is not between 0 and 9")]
#[case::above_the_best(10, 10, vec![answered("satisfaction", 2, SurveyResult::Mean { sum: 21, best: 10 })], "question satisfaction: 21 is not between 0 and 20")]
#[case::no_scale(10, 10, vec![answered("satisfaction", 2, SurveyResult::Mean { sum: 0, best: 0 })], "question satisfaction: 0 is not between 1 and 4294967295")]
fn what_a_survey_counts_fits_its_answers(
    #[case] invited: u32,
    #[case] answers: u32,
    #[case] results: Vec<Answered>,
    #[case] said: &str,
) {
    given::<Activity>([]).when(survey_of(invited, answers, &results)).is_refused_saying(said);
}

#[test]
fn a_survey_may_say_as_much_as_its_answers_hold() {
    let all = [
        answered("stay", 10, SurveyResult::Share { yes: 10 }),
        answered("satisfaction", 10, SurveyResult::Mean { sum: 100, best: 10 }),
    ];
    given::<Activity>([]).when(survey_of(10, 10, &all)).accepted();
}

#[test]
fn a_job_is_a_share_of_full_time_in_hundredths() {
    for (share, expected) in [("1", Some(100)), ("0.80", Some(80)), ("0.01", Some(1))] {
        assert_eq!(hundredths(rate(share)), expected);
        given::<Activity>([]).when(job(share)).accepted();
    }
    for share in ["0", "-0.5", "1.01", "0.333", "79228162514264337593543950335"] {
        given::<Activity>([]).when(job(share)).is_refused(R::NoShareOfFullTime { share: rate(share) });
    }
}

#[test]
fn what_begins_ends_once() {
    let ended = given::<Activity>([]).when(job("0.80")).accepted().when(end_job()).accepted();
    ended.clone().when(end_job()).is_refused(R::EndedAlready { activity: ACTIVITY, what: "job" });
    let back = ended.clone().with_original(2).when(C::Correct(correct(2, None))).accepted();
    back.when(end_job()).accepted();
    ended
        .with_original(1)
        .when(C::Correct(correct(1, None)))
        .is_refused_saying("job.created cannot be taken back: it ended since");
    let left = given::<Activity>([]).when(join()).accepted().when(leave()).accepted();
    left.clone().when(leave()).is_refused(R::EndedAlready { activity: ACTIVITY, what: "affiliation" });
    let back = left.clone().with_original(2).when(C::Correct(correct(2, None))).accepted();
    back.when(leave()).accepted();
    left.with_original(1)
        .when(C::Correct(correct(1, None)))
        .is_refused_saying("affiliation.joined cannot be taken back: it ended since");
}

#[test]
fn only_what_has_a_life_goes_on() {
    let held: Given<Activity> = given::<Activity>([]).when(session(1)).accepted();
    for (command, expected) in [(end_job(), "job"), (leave(), "affiliation"), (carry_out("mentors"), "plan")]
    {
        held.clone().when(command.clone()).is_refused(R::OtherThing { activity: ACTIVITY, expected });
        given::<Activity>([]).when(command).is_refused(R::OtherThing { activity: ACTIVITY, expected });
    }
}

#[test]
fn what_was_planned_is_carried_out_once_and_nothing_else_is() {
    let plan = given::<Activity>([]).when(plan_of(&["mentors", "open-day"])).accepted();
    let part = plan.clone().when(carry_out("mentors")).accepted();
    part.clone()
        .when(carry_out("mentors"))
        .is_refused(R::CarriedOutAlready { activity: ACTIVITY, action: token("mentors") });
    part.clone()
        .when(carry_out("parade"))
        .is_refused(R::NotPlanned { activity: ACTIVITY, action: token("parade") });
    part.clone()
        .with_original(1)
        .when(C::Correct(correct(1, None)))
        .is_refused_saying("plan.approved cannot be taken back: actions of it were carried out since");
    let back = part.with_original(2).when(C::Correct(correct(2, None))).accepted();
    back.when(carry_out("mentors")).accepted().when(carry_out("open-day")).accepted();
    plan.with_original(1).when(C::Correct(correct(1, None))).accepted();
}

#[test]
fn a_plan_has_actions_each_named_once() {
    given::<Activity>([]).when(plan_of(&[])).is_refused(R::Actions { n: 0, distinct: 0 });
    given::<Activity>([]).when(plan_of(&["mentors", "mentors"])).is_refused(R::Actions { n: 2, distinct: 1 });
}

proptest! {
    #[test]
    fn a_share_in_hundredths_reads_back_as_itself(n in 1_u32..=100) {
        prop_assert_eq!(hundredths(rate(&format!("{}.{:02}", n / 100, n % 100))), Some(n));
    }
}
