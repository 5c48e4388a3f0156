//! What members and staff do together: groups, recommendations, activities, checks, offices.

use domain::activity::{ActivityEvent, Answered, Scope, SurveyResult};
use domain::control::{Because, CheckId, ControlEvent, Timing};
use domain::ids::*;
use domain::office::OfficeEvent;
use domain::parameters::{CodeList, Parameter, Value};
use domain::participation::{ParticipationEvent, ParticipationId};
use domain::statutes::{Source, StatutesEvent};
use domain::text::{Code, ReasonCode};
use domain::{Event, Position, StreamId, Year};
use projections::activities::{self, ActivityCount};
use projections::controls::{self, CheckState};
use projections::port::Times;
use projections::special_report::{explain, figures};
use projections::{offices, participation};
use uuid::Uuid;

use crate::world::*;

const NOW: Times = Times { as_of: None, known_at: None };

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

pub fn activity(n: u128) -> StreamId {
    StreamId::Activity(ActivityId::new(Uuid::from_u128(n)))
}

pub fn office(n: u128) -> StreamId {
    StreamId::Office(OfficeId::new(Uuid::from_u128(n)))
}

pub fn group(n: u128) -> StreamId {
    StreamId::Participation(ParticipationId::Group(GroupId::new(Uuid::from_u128(n))))
}

pub fn recommendation(n: u128) -> StreamId {
    StreamId::Participation(ParticipationId::Recommendation(RecommendationId::new(Uuid::from_u128(n))))
}

fn case(n: u128) -> StreamId {
    StreamId::Participation(ParticipationId::EthicsCase(EthicsCaseId::new(Uuid::from_u128(n))))
}

fn check(timing: Timing, action: Position) -> StreamId {
    StreamId::Control(CheckId { timing, action })
}

fn held(kind: &str, place: &str, participants: u32) -> ActivityEvent {
    let (kind, place, hours) = (code(kind), code(place), "2.50".parse().unwrap());
    ActivityEvent::Held { kind, scope: Scope::Own, place, participants, hours }
}

fn training(participants: u32) -> ActivityEvent {
    ActivityEvent::TrainingDayHeld { kind: code("members"), participants, hours: "7.00".parse().unwrap() }
}

fn published(kind: &str) -> ActivityEvent {
    ActivityEvent::PublicationReleased { kind: code(kind), scope: Scope::Partner, document: evidence() }
}

fn survey(sum: u32, stay: u32) -> ActivityEvent {
    let satisfaction = SurveyResult::Mean { sum, best: 10 };
    let results = vec![
        Answered { question: code("satisfaction"), n: 2200, result: satisfaction },
        Answered { question: code("stay"), n: 2200, result: SurveyResult::Share { yes: stay } },
        Answered { question: code("main-activity"), n: 2000, result: SurveyResult::Share { yes: 800 } },
    ];
    ActivityEvent::SurveyClosed { invited: 20_000, answers: 2200, results, evidence: evidence() }
}

fn job(share: &str) -> ActivityEvent {
    let (project, full_time_share) = (code("gembloux"), share.parse().unwrap());
    ActivityEvent::JobCreated { project, full_time_share, evidence: evidence() }
}

fn job_ended(share: &str) -> ActivityEvent {
    let (project, full_time_share) = (code("gembloux"), share.parse().unwrap());
    ActivityEvent::JobEnded { project, full_time_share, reason: ReasonCode::literal("over") }
}

fn opened_in(place: &str) -> OfficeEvent {
    OfficeEvent::Opened { place: code(place) }
}

fn assigned(n: u128) -> OfficeEvent {
    OfficeEvent::AdviserAssigned { adviser: person(n), track: code("start") }
}

fn released(n: u128) -> OfficeEvent {
    let reason = ReasonCode::literal("left");
    OfficeEvent::AdviserReleased { adviser: person(n), track: code("start"), reason }
}

fn group_opened(kind: &str, topic: &str) -> ParticipationEvent {
    ParticipationEvent::GroupOpened { kind: code(kind), topic: code(topic) }
}

fn met(kind: &str, participants: u32) -> ParticipationEvent {
    let hours = "2.00".parse().unwrap();
    ParticipationEvent::GroupMet { kind: code(kind), participants, hours, minutes: evidence() }
}

fn made() -> ParticipationEvent {
    ParticipationEvent::RecommendationMade { group: None, topic: code("wages"), text: evidence() }
}

fn validated() -> ParticipationEvent {
    ParticipationEvent::RecommendationValidated { decision: BoardDecisionId::new(Uuid::from_u128(1)) }
}

fn rejected() -> ParticipationEvent {
    let (decision, reason) = (BoardDecisionId::new(Uuid::from_u128(1)), ReasonCode::literal("costly"));
    ParticipationEvent::RecommendationRejected { decision, reason }
}

fn voted(adopted: bool) -> ParticipationEvent {
    let (meeting, resolution) = (MeetingId::new(Uuid::from_u128(2)), ResolutionId::new(Uuid::from_u128(3)));
    ParticipationEvent::RecommendationVoted { meeting, resolution, adopted }
}

fn debated() -> ParticipationEvent {
    ParticipationEvent::RecommendationDebated { group: GroupId::new(Uuid::from_u128(1)), minutes: evidence() }
}

#[test]
fn activities_are_counted_per_year_kind_and_scope() {
    let mut world = World::new();
    world.happens("2024-12-31", activity(1), held("workshop", "liege", 10));
    world.happens("2025-01-01", activity(2), held("workshop", "liege", 20));
    let wrong = world.happens("2025-02-01", activity(3), held("workshop", "namur", 30));
    world.happens("2025-03-01", activity(4), published("analysis"));
    world.corrects("2025-04-01", wrong, Some(held("workshop", "namur", 3).into()));
    let count = |world: &mut World, year: u16, what: &str, times| -> Option<ActivityCount> {
        let found = activities::counts(world.views(), times).unwrap();
        found.into_iter().find(|count| count.year == Year::new(year) && count.what == what)
    };
    let of_2025 = count(&mut world, 2025, "held", NOW).unwrap();
    assert_eq!((of_2025.n, of_2025.participants, of_2025.hours_hundredths), (2, 23, 500));
    assert_eq!((of_2025.kind.as_deref(), of_2025.scope.as_deref()), (Some("workshop"), Some("own")));
    assert_eq!(count(&mut world, 2024, "held", NOW).unwrap().participants, 10);
    let before = count(&mut world, 2025, "held", as_of("2025-03-31")).unwrap();
    assert_eq!((before.n, before.participants), (2, 50));
    assert_eq!(count(&mut world, 2025, "held", known_at(Position(2))).unwrap().participants, 20);
    let partner = count(&mut world, 2025, "publication", NOW).unwrap();
    assert_eq!(partner.scope.as_deref(), Some("partner"));
}

#[test]
fn jobs_are_a_stock_and_not_counted_by_year() {
    let mut world = World::new();
    world.happens("2023-05-01", activity(1), job("0.80"));
    world.happens("2025-05-01", activity(2), job("0.75"));
    world.happens("2025-06-01", activity(1), job_ended("0.80"));
    let stock = |world: &mut World, times| {
        let found = activities::stocks(world.views(), times).unwrap();
        found.first().map(|stock| (stock.n, stock.full_time_hundredths))
    };
    assert_eq!(stock(&mut world, as_of("2025-05-31")), Some((2, 155)));
    assert_eq!(stock(&mut world, NOW), Some((1, 75)));
    assert_eq!(stock(&mut world, as_of("2023-04-30")), None);
    assert!(activities::counts(world.views(), NOW).unwrap().is_empty());
}

#[test]
fn a_survey_says_means_and_shares_and_a_correction_replaces_them() {
    let mut world = World::new();
    let wrong = world.happens("2025-11-01", activity(1), survey(16_280, 1_628));
    let told = |world: &mut World, times| {
        let found = activities::surveys(world.views(), times).unwrap();
        found.iter().map(|one| format!("{} {}", one.question, one.tenths)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(told(&mut world, NOW), "main-activity 400, satisfaction 74, stay 740");
    world.corrects("2025-11-02", wrong, Some(survey(11_000, 1_100).into()));
    assert_eq!(told(&mut world, NOW), "main-activity 400, satisfaction 50, stay 500");
    assert_eq!(told(&mut world, known_at(wrong)), "main-activity 400, satisfaction 74, stay 740");
}

#[test]
fn a_plan_shows_what_of_it_is_carried_out() {
    let mut world = World::new();
    let actions = vec![code("mentors"), code("open-day")];
    let kind = code("diversity");
    world.happens(
        "2025-01-01",
        activity(1),
        ActivityEvent::PlanApproved { kind, actions, document: evidence() },
    );
    let done = ActivityEvent::PlanActionCarriedOut { kind, action: code("mentors"), evidence: evidence() };
    let done = world.happens("2025-02-01", activity(1), done);
    let progress = |world: &mut World| {
        let found = activities::plans(world.views(), NOW).unwrap();
        (found[0].planned, found[0].carried_out)
    };
    assert_eq!(progress(&mut world), (2, 1));
    world.corrects("2025-03-01", done, None);
    assert_eq!(progress(&mut world), (2, 0));
}

#[test]
fn an_adviser_in_two_offices_is_one_person() {
    let mut world = World::new();
    world.happens("2025-01-01", office(1), opened_in("namur"));
    world.happens("2025-01-01", office(2), opened_in("liege"));
    world.happens("2025-01-02", office(1), assigned(1));
    world.happens("2025-01-02", office(2), assigned(1));
    world.happens("2025-01-03", office(2), assigned(2));
    world.happens("2025-05-01", unit(1), opened(7));
    world.happens("2025-05-02", unit(1), invoiced(7, "100.00"));
    let year = Year::new(2025);
    let caseload = offices::caseload(world.views(), year, NOW).unwrap();
    assert_eq!((caseload.offices, caseload.advisers, caseload.holders), (2, 2, 1));
    // A half counts up.
    assert_eq!(caseload.holders_per_adviser, Some(1));
    world.happens("2025-06-01", office(2), released(1));
    assert_eq!(offices::caseload(world.views(), year, NOW).unwrap().advisers, 2);
    world.happens("2025-06-02", office(1), released(1));
    let closed = OfficeEvent::Closed { reason: ReasonCode::literal("lease") };
    world.happens("2025-06-03", office(1), closed);
    let caseload = offices::caseload(world.views(), year, NOW).unwrap();
    assert_eq!((caseload.offices, caseload.advisers), (1, 1));
    assert_eq!(offices::caseload(world.views(), year, as_of("2025-05-31")).unwrap().offices, 2);
    let found = offices::offices(world.views(), NOW).unwrap();
    let told: Vec<_> = found.iter().map(|o| (o.place.as_str(), o.n_advisers, o.closed_on)).collect();
    assert_eq!(told, [("liege", 1, None), ("namur", 0, Some(day("2025-06-03")))]);
}

#[test]
fn a_recommendation_shows_how_far_it_has_come() {
    let mut world = World::new();
    world.happens("2025-01-01", recommendation(1), made());
    world.happens("2025-02-01", recommendation(1), debated());
    let answer = world.happens("2025-03-01", recommendation(1), rejected());
    world.happens("2025-01-02", recommendation(2), made());
    let stages = |world: &mut World, times| {
        let found = participation::recommendations(world.views(), times).unwrap();
        found.iter().map(|one| one.stage.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(stages(&mut world, NOW), "rejected made");
    assert_eq!(stages(&mut world, as_of("2025-02-28")), "debated made");
    world.corrects("2025-03-02", answer, None);
    world.happens("2025-03-03", recommendation(1), validated());
    world.happens("2025-06-20", recommendation(1), voted(true));
    assert_eq!(stages(&mut world, NOW), "adopted made");
    assert_eq!(stages(&mut world, known_at(answer)), "rejected");
    let done = ParticipationEvent::RecommendationCarriedOut { evidence: evidence() };
    world.happens("2025-07-01", recommendation(1), done);
    let found = participation::recommendations(world.views(), NOW).unwrap();
    let funnel = participation::funnel(&found);
    let counts = [funnel.made, funnel.debated, funnel.answered, funnel.accepted, funnel.adopted];
    assert_eq!((counts, funnel.carried_out), ([2, 1, 1, 1, 1], 1));
    assert_eq!(found[0].resolution, Some(ResolutionId::new(Uuid::from_u128(3))));
}

#[test]
fn groups_meet_and_a_meeting_that_was_none_is_taken_off() {
    let mut world = World::new();
    world.happens("2025-01-01", group(1), group_opened("smartlab", "wages"));
    world.happens("2025-01-08", group(1), met("smartlab", 12));
    let none = world.happens("2025-01-15", group(1), met("smartlab", 9));
    world.corrects("2025-01-16", none, None);
    let found = participation::groups(world.views(), NOW).unwrap();
    let told = (found[0].n_meetings, found[0].attendances, found[0].hours_hundredths, found[0].closed_on);
    assert_eq!(told, (1, 12, 200, None));
    let years = participation::years(world.views(), NOW).unwrap();
    assert_eq!((years[0].groups, years[0].meetings, years[0].attendances), (1, 1, 12));
}

fn statutes(event: StatutesEvent) -> (StreamId, Event) {
    (StreamId::Statutes, event.into())
}

fn checks_on(world: &mut World, list: CodeList, kind: &str) -> Position {
    let (valid_from, source) = (day("2025-01-01"), Source::try_new("the board").unwrap());
    let (stream, event) =
        statutes(StatutesEvent::CodePublished { list, code: code(kind), valid_from, valid_to: None, source });
    world.happens("2025-01-01", stream, event)
}

fn rate_is(world: &mut World, rate: &str) -> Position {
    let (stream, event) = statutes(StatutesEvent::ParameterPublished {
        name: Parameter::ControlBeforeRate,
        value: Value::Rate(rate.parse().unwrap()),
        valid_from: day("2025-01-01"),
        valid_to: None,
        source: Source::try_new("the board").unwrap(),
        verified: true,
    });
    world.happens("2025-01-01", stream, event)
}

fn sampled(action: Position) -> ControlEvent {
    let rate = "0.50".parse().unwrap();
    ControlEvent::Sampled { action, kind: code("unit.opened"), lot: 7, rate }
}

#[test]
fn the_share_that_was_checked_is_held_against_the_objective() {
    let mut world = World::new();
    let too_early = world.happens("2025-01-01", unit(9), opened(9));
    checks_on(&mut world, CodeList::CheckedBefore, "unit.opened");
    rate_is(&mut world, "0.05");
    let first = world.happens("2025-02-01", unit(1), opened(1));
    world.happens("2024-02-01", unit(2), opened(2));
    world.restart();
    world.happens("2025-02-02", unit(3), opened(3));
    world.happens("2025-02-03", unit(4), opened(4));
    world.happens("2025-02-04", check(Timing::Before, first), sampled(first));
    let found = controls::sampling(world.views(), NOW).unwrap();
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!((one.actions, one.drawn, one.for_a_reason), (3, 1, 0));
    assert_eq!((one.reached_hundredths(), one.objective_hundredths()), (Some(3_333), Some(500)));
    let due: Vec<_> = controls::unchecked(world.views()).unwrap().iter().map(|u| u.check.action).collect();
    assert!(!due.contains(&first) && !due.contains(&too_early) && due.len() == 2, "{due:?}");
    let raised = rate_is(&mut world, "0.10");
    let objective =
        |world: &mut World, times| controls::sampling(world.views(), times).unwrap()[0].objective_millionths;
    assert_eq!(objective(&mut world, NOW), Some(100_000));
    assert_eq!(objective(&mut world, known_at(Position(raised.0 - 1))), Some(50_000));
    world.corrects("2025-03-01", raised, None);
    assert_eq!(objective(&mut world, NOW), Some(50_000));
}

#[test]
fn what_is_no_longer_checked_is_no_longer_counted() {
    let mut world = World::new();
    let listed = checks_on(&mut world, CodeList::CheckedAfter, "unit.opened");
    world.happens("2025-02-01", unit(1), opened(1));
    world.corrects("2025-02-02", listed, None);
    world.restart();
    world.happens("2025-02-03", unit(2), opened(2));
    assert_eq!(controls::sampling(world.views(), NOW).unwrap()[0].actions, 1);
}

#[test]
fn a_check_is_under_way_until_it_passes_or_what_it_found_is_put_right() {
    let mut world = World::new();
    let action = world.happens("2025-01-01", unit(1), opened(1));
    let stream = check(Timing::After, action);
    let because = Because::Reason(ReasonCode::literal("complaint"));
    world.happens("2025-02-01", stream, ControlEvent::Opened { action, kind: code("unit.opened"), because });
    let state = |world: &mut World, times| {
        let found = controls::checks(world.views(), times).unwrap();
        (found[0].state, found[0].drawn, found[0].begun_on)
    };
    assert_eq!(state(&mut world, NOW), (CheckState::UnderWay, false, day("2025-02-01")));
    let findings = vec![code("no-receipt"), code("wrong-rate")];
    world.happens("2025-02-02", stream, ControlEvent::Failed { findings, evidence: evidence() });
    assert_eq!(state(&mut world, NOW).0, CheckState::Failed);
    let put_right = world.happens("2025-02-03", stream, ControlEvent::Remedied { evidence: evidence() });
    assert_eq!(state(&mut world, NOW).0, CheckState::Remedied);
    assert_eq!(state(&mut world, as_of("2025-02-02")).0, CheckState::Failed);
    let found = controls::findings(world.views(), NOW).unwrap();
    let told: Vec<_> = found.iter().map(|one| (one.finding.as_str(), one.n, one.remedied)).collect();
    assert_eq!(told, [("no-receipt", 1, 1), ("wrong-rate", 1, 1)]);
    world.corrects("2025-02-04", put_right, None);
    assert_eq!(state(&mut world, NOW).0, CheckState::Failed);
    assert_eq!(controls::findings(world.views(), NOW).unwrap()[0].remedied, 0);
}

/// A year of a small cooperative, with one of everything that the special report counts.
fn year_together() -> World {
    let mut world = World::new();
    world.happens("2024-05-01", activity(1), held("coopinside", "liege", 10));
    for (n, place) in [(2, "liege"), (3, "namur"), (4, "liege")] {
        world.happens("2025-05-10", activity(n), held("coopinside", place, 10));
    }
    world.happens("2025-05-11", activity(5), held("info-session", "liege", 25));
    world.happens("2025-05-12", activity(6), training(9));
    world.happens("2025-05-13", activity(7), training(11));
    world.happens("2025-05-14", activity(8), ActivityEvent::LegalCaseHandled { kind: code("request") });
    let guide = code("users");
    let article = ActivityEvent::ArticlePublished { guide, document: evidence() };
    world.happens("2025-05-15", activity(9), article);
    world.happens("2025-05-16", activity(10), published("analysis"));
    world.happens("2025-05-16", activity(11), published("film"));
    world.happens("2023-05-16", activity(12), job("0.80"));
    world.happens("2025-05-17", activity(13), job("0.75"));
    world.happens("2025-11-01", activity(14), survey(16_280, 1_628));
    world.happens("2025-06-01", group(1), group_opened("working-group", "unemployment-reform"));
    world.happens("2025-06-01", group(2), group_opened("ethics-committee", "other"));
    world.happens("2025-06-02", group(2), met("ethics-committee", 11));
    for n in 1..=3 {
        let topic = code("wages");
        world.happens(
            "2025-06-03",
            case(n),
            ParticipationEvent::EthicsCaseOpened { topic, request: evidence() },
        );
    }
    for (n, recommendation) in [(1, Some(evidence())), (2, None)] {
        world.happens("2025-06-04", case(n), ParticipationEvent::EthicsCaseConcluded { recommendation });
    }
    world.happens("2024-06-05", office(1), opened_in("liege"));
    world.happens("2025-06-05", office(1), assigned(1));
    let twice = world.happens("2025-06-06", activity(15), held("workshop", "mons", 7));
    world.corrects("2025-06-07", twice, None);
    world
}

#[test]
fn the_figures_of_what_was_done_together() {
    let mut world = year_together();
    let found = figures(world.views(), Year::new(2025), NOW).unwrap();
    let of_together = found.iter().skip_while(|figure| figure.id != "legal_cases");
    let text: Vec<_> = of_together.map(|f| format!("{} {} {}", f.id, f.value, f.unit)).collect();
    insta::assert_snapshot!(text.join("\n"), @r"
    legal_cases 1 count
    offices 1 count
    advisers 1 persons
    info_sessions 1 count
    guide_articles 1 count
    training_days 2 days
    training_participants 20 persons
    survey_answers 2200 persons
    survey_satisfaction 7.4 out of 10
    survey_stay_share 74 percent
    survey_main_activity_share 40 percent
    working_groups_unemployment_reform 1 count
    gembloux_jobs 2 count
    gembloux_fte 1.55 FTE
    publications 1 count
    events 3 count
    coopinside_cities 2 count
    ethics_topics 3 count
    ethics_recommendations 1 count
    ethics_meetings 1 count
    ");
}

#[test]
fn every_figure_of_what_was_done_together_opens_to_its_events() {
    let mut world = year_together();
    let year = Year::new(2025);
    for times in [NOW, as_of("2025-06-03"), known_at(Position(12))] {
        for figure in figures(world.views(), year, times).unwrap() {
            if figure.id == "full_time_equivalents" {
                continue;
            }
            let opened = explain(world.views(), figure.id, year, times).unwrap().unwrap();
            assert_eq!(opened.total, figure.value, "{} {times:?}", figure.id);
        }
    }
    let opened = explain(world.views(), "coopinside_cities", year, NOW).unwrap().unwrap();
    let positions: Vec<_> = opened.contributions.iter().map(|c| c.position.0).collect();
    assert_eq!(positions, [2, 3]);
}

#[test]
fn figures_are_what_their_own_read_models_count() {
    let mut world = year_together();
    let year = Year::new(2025);
    let found = figures(world.views(), year, NOW).unwrap();
    let value = |id: &str| found.iter().find(|figure| figure.id == id).unwrap().value.to_string();
    let counts = activities::counts(world.views(), NOW).unwrap();
    let sum =
        |what: &str| -> i64 { counts.iter().filter(|c| c.year == year && c.what == what).map(|c| c.n).sum() };
    assert_eq!(value("training_days"), sum("training_day").to_string());
    let sessions: i64 = value("info_sessions").parse().unwrap();
    assert_eq!(value("events"), (sum("held") - sessions).to_string());
    let stock = &activities::stocks(world.views(), NOW).unwrap()[0];
    assert_eq!(value("gembloux_jobs"), stock.n.to_string());
    let caseload = offices::caseload(world.views(), year, NOW).unwrap();
    assert_eq!((value("offices"), value("advisers")), ("1".to_owned(), caseload.advisers.to_string()));
    let years = participation::years(world.views(), NOW).unwrap();
    assert_eq!(value("ethics_topics"), years[0].cases.to_string());
    assert_eq!(value("ethics_recommendations"), years[0].cases_with.to_string());
}
