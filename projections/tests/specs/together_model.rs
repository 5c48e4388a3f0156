//! Random acts of members and staff: each read model answers as a plain list of what stands.
//!
//! Commands are decided by the rules; what they refuse did not happen. The model keeps what stands at
//! both times in a list and counts it by hand; the read models sum lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::activity::{Activity, ActivityCommand, ActivityEvent, Answered, Scope, SurveyResult};
use domain::control::{Action, CheckId, Control, ControlCommand, ControlEvent, ControlKnown, Timing};
use domain::correction::{Correct, Original};
use domain::ids::*;
use domain::office::{Office, OfficeCommand, OfficeEvent};
use domain::parameters::{CodeList, Parameter, Parameters, Published, Validity, Value};
use domain::participation::{
    Participation, ParticipationCommand, ParticipationEvent, ParticipationId, ParticipationKnown,
};
use domain::stream::{Facts, Stream, decide};
use domain::text::{Code, ReasonCode};
use domain::{Day, Digest, Event, Position, Recorded, StreamId};
use projections::port::Times;
use projections::{activities, controls, offices, participation};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use crate::together::code;
use crate::world::*;

/// What is asked next: of which kind of stream, which command, of which thing, how much, how much later.
type Ask = (u8, u8, u128, u32, i32);

fn parameters() -> Arc<Parameters> {
    let mut parameters = Parameters::default();
    for list in CodeList::ALL {
        for known in ["a", "b", "contract.declared"] {
            let validity = Validity { valid_from: day("2000-01-01"), valid_to: None };
            parameters.publish_code(*list, code(known), validity);
        }
    }
    let published = Published {
        valid_from: day("2000-01-01"),
        valid_to: None,
        value: Value::Rate("0.5".parse().unwrap()),
    };
    parameters.publish(Parameter::ControlBeforeRate, published);
    parameters.publish(Parameter::ControlAfterRate, published);
    Arc::new(parameters)
}

/// What a stream of this test must tell of its events, to be corrected.
trait Correctable: Stream {
    fn own(event: &Event) -> Option<&Self::Event>;
    fn correct(correct: Correct<Self::Command>) -> Self::Command;
}

macro_rules! correctable {
    ($($stream:ident: $event:ident, $command:ident;)*) => {$(
        impl Correctable for $stream {
            fn own(event: &Event) -> Option<&$event> {
                match event {
                    Event::$stream($event::Corrected(_)) => None,
                    Event::$stream(event) => Some(event),
                    _ => None,
                }
            }

            fn correct(correct: Correct<$command>) -> $command {
                $command::Correct(correct)
            }
        }
    )*};
}
correctable! {
    Activity: ActivityEvent, ActivityCommand;
    Office: OfficeEvent, OfficeCommand;
    Participation: ParticipationEvent, ParticipationCommand;
    Control: ControlEvent, ControlCommand;
}

/// A log in the making, with the state of each stream.
struct Life {
    world: World,
    on: Day,
    parameters: Arc<Parameters>,
    activities: BTreeMap<u128, Activity>,
    offices: BTreeMap<u128, Office>,
    participations: BTreeMap<ParticipationId, Participation>,
    controls: BTreeMap<CheckId, Control>,
}

impl Life {
    fn new() -> Self {
        Self {
            world: World::new(),
            on: day("2025-01-01"),
            parameters: parameters(),
            activities: BTreeMap::new(),
            offices: BTreeMap::new(),
            participations: BTreeMap::new(),
            controls: BTreeMap::new(),
        }
    }

    /// Asks for something, or for its correction when `back` says so.
    fn ask<S: Correctable>(
        &mut self,
        (state, id): (&mut S, S::Id),
        command: S::Command,
        known: S::Known,
        back: Option<usize>,
    ) where
        Event: From<S::Event>,
    {
        let stream = S::stream_id(id);
        let mut facts = Facts {
            effective_on: self.on,
            year_is_open: true,
            parameters: Arc::clone(&self.parameters),
            known,
            original: None,
        };
        let mut asked = command;
        if let Some(nth) = back {
            let voided: BTreeSet<Position> =
                self.world.log.iter().filter_map(|r| r.event.as_correction().map(|c| c.0)).collect();
            let mine: Vec<&Recorded> = self
                .world
                .log
                .iter()
                .filter(|r| r.stream == stream && !voided.contains(&r.position))
                .collect();
            let Some(original) = mine.get(nth % mine.len().max(1)) else { return };
            let Some(event) = S::own(&original.event) else { return };
            facts.original = Some(Original {
                position: original.position,
                event: event.clone(),
                posting_rule: original.posting_rule,
            });
            asked = S::correct(Correct {
                position: original.position,
                reason: ReasonCode::literal("mistake"),
                authority: "board".parse().unwrap(),
                replacement: (nth % 2 == 0).then(|| Box::new(asked)),
            });
        }
        for event in decide(state, id, &asked, &facts).unwrap_or_default() {
            state.evolve(&event);
            self.world.happens(&self.on.to_string(), stream, event);
        }
    }

    fn act(&mut self, (stream, what, of, many, later): Ask) {
        self.on = self.on.plus_days(later);
        let back = many.is_multiple_of(4).then_some(many as usize / 4);
        match stream {
            0 => {
                let mut state = self.activities.remove(&of).unwrap_or_default();
                let id = ActivityId::new(Uuid::from_u128(of));
                self.ask((&mut state, id), activity_command(what, many), (), back);
                self.activities.insert(of, state);
            }
            1 => {
                let mut state = self.offices.remove(&of).unwrap_or_default();
                let id = OfficeId::new(Uuid::from_u128(of));
                self.ask((&mut state, id), office_command(what, many), (), back);
                self.offices.insert(of, state);
            }
            2 => {
                let id = participation_id(what, of);
                let mut state = self.participations.remove(&id).unwrap_or_default();
                let known = ParticipationKnown { group_is_known: true };
                self.ask((&mut state, id), participation_command(what, many), known, back);
                self.participations.insert(id, state);
            }
            _ => {
                let timing = Timing::ALL[what as usize % 2];
                let id = CheckId { timing, action: Position(u64::try_from(of).unwrap()) };
                let mut state = self.controls.remove(&id).unwrap_or_default();
                let action = Action {
                    kind: code("contract.declared"),
                    effective_on: self.on,
                    leaf: Digest([u8::try_from(of).unwrap() * 40; 32]),
                };
                let known = ControlKnown { action: Some(action) };
                self.ask((&mut state, id), control_command(what / 2, many), known, back);
                self.controls.insert(id, state);
            }
        }
    }
}

fn some_code(many: u32) -> Code {
    code(if many.is_multiple_of(3) { "a" } else { "b" })
}

fn activity_command(what: u8, many: u32) -> ActivityCommand {
    use ActivityCommand as C;
    let (kind, hours, participants) = (some_code(many), "1.50".parse().unwrap(), many);
    let scope = if many.is_multiple_of(2) { Scope::Own } else { Scope::Partner };
    match what {
        0 | 1 => C::HoldActivity { kind, scope, place: some_code(many / 2), participants, hours },
        2 => C::HoldTrainingDay { kind, participants, hours },
        3 => {
            let mean = SurveyResult::Mean { sum: many * 7, best: 10 };
            let results = vec![
                Answered { question: code("a"), n: many, result: mean },
                Answered { question: code("b"), n: many, result: SurveyResult::Share { yes: many / 2 } },
            ];
            C::CloseSurvey { invited: many, answers: many, results, evidence: evidence() }
        }
        4 | 5 => {
            let full_time_share = format!("0.{:02}", many.max(1)).parse().unwrap();
            C::CreateJob { project: kind, full_time_share, evidence: evidence() }
        }
        6 => C::EndJob { reason: ReasonCode::literal("over") },
        7 => C::ApprovePlan { kind, actions: vec![code("x"), code("y")], document: evidence() },
        8 => C::CarryOutPlanAction { action: code("x"), evidence: evidence() },
        _ => C::CarryOutPlanAction { action: code("y"), evidence: evidence() },
    }
}

fn office_command(what: u8, many: u32) -> OfficeCommand {
    use OfficeCommand as C;
    let (adviser, reason) = (person(u128::from(many % 3)), ReasonCode::literal("asked"));
    match what {
        0 | 1 => C::OpenOffice { place: some_code(many) },
        2 => C::CloseOffice { reason },
        3..=6 => C::AssignAdviser { adviser, track: some_code(many) },
        _ => C::ReleaseAdviser { adviser, reason },
    }
}

fn participation_id(what: u8, of: u128) -> ParticipationId {
    let id = Uuid::from_u128(of);
    if what < 3 {
        ParticipationId::Group(GroupId::new(id))
    } else {
        ParticipationId::Recommendation(RecommendationId::new(id))
    }
}

fn participation_command(what: u8, many: u32) -> ParticipationCommand {
    use ParticipationCommand as C;
    let (decision, reason) = (BoardDecisionId::new(Uuid::from_u128(1)), ReasonCode::literal("asked"));
    match (what, many % 5) {
        (0, _) => C::OpenGroup { kind: some_code(many), topic: some_code(many / 2) },
        (1, _) => C::MeetGroup { participants: many, hours: "2.00".parse().unwrap(), minutes: evidence() },
        (2, _) => C::CloseGroup { reason },
        (3, _) => C::MakeRecommendation { group: None, topic: some_code(many), text: evidence() },
        (4, _) => C::DebateRecommendation { group: GroupId::new(Uuid::from_u128(1)), minutes: evidence() },
        (5 | 6, 0) => C::RejectRecommendation { decision, reason },
        (5 | 6, 1) => C::AmendRecommendation { decision, text: evidence() },
        (5 | 6, _) => C::ValidateRecommendation { decision },
        (7, of) => {
            let (meeting, resolution) =
                (MeetingId::new(Uuid::from_u128(2)), ResolutionId::new(Uuid::from_u128(3)));
            C::VoteRecommendation { meeting, resolution, adopted: of > 1 }
        }
        _ => C::CarryOutRecommendation { evidence: evidence() },
    }
}

fn control_command(what: u8, many: u32) -> ControlCommand {
    use ControlCommand as C;
    match what {
        0 => C::SampleCheck {},
        1 => C::OpenCheck { reason: many.is_multiple_of(3).then(|| ReasonCode::literal("doubt")) },
        2 => C::PassCheck { evidence: evidence() },
        3 => C::FailCheck { findings: vec![some_code(many)], evidence: evidence() },
        _ => C::RemedyCheck { evidence: evidence() },
    }
}

/// What stands at both times: each event with its day, those of a correction in place of the original.
fn standing(log: &[Recorded], times: Times) -> Vec<(StreamId, Day, Event)> {
    let known = |r: &&Recorded| times.known_at.is_none_or(|at| r.position <= at);
    let effective = |r: &&Recorded| times.as_of.is_none_or(|day| r.effective_on <= day);
    let mut found: BTreeMap<Position, (StreamId, Day, Event)> = BTreeMap::new();
    for recorded in log.iter().filter(known).filter(effective) {
        let entry = |event| (recorded.stream, recorded.effective_on, event);
        match recorded.event.as_correction() {
            None => drop(found.insert(recorded.position, entry(recorded.event.clone()))),
            Some((void, _, instead)) => {
                found.remove(&void);
                if let Some(instead) = instead {
                    found.insert(void, entry(instead));
                }
            }
        }
    }
    found.into_values().collect()
}

/// Activities, stocks, surveys and plans, counted by hand.
fn expect_activities(standing: &[(StreamId, Day, Event)]) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    let mut stocks: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut plans: BTreeMap<StreamId, (Code, usize, usize)> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (stream, on, event) in standing {
        let Event::Activity(event) = event else { continue };
        let mut count = |what: String, participants: u32, hours: u32| {
            let entry = counts.entry(format!("{} {what}", on.year())).or_default();
            *entry = (entry.0 + 1, entry.1 + i64::from(participants), entry.2 + i64::from(hours));
        };
        match event {
            ActivityEvent::Held { kind, scope, participants, hours, .. } => {
                let scope = if *scope == Scope::Own { "own" } else { "partner" };
                count(format!("held {kind} {scope}"), *participants, hours.hundredths());
            }
            ActivityEvent::TrainingDayHeld { kind, participants, hours } => {
                count(format!("training_day {kind} -"), *participants, hours.hundredths());
            }
            ActivityEvent::SurveyClosed { answers, results, .. } => {
                count("survey - -".to_owned(), *answers, 0);
                for one in results {
                    let (total, scale) = match one.result {
                        SurveyResult::Share { yes } => (yes, 1_000.0),
                        SurveyResult::Mean { sum, .. } => (sum, 10.0),
                    };
                    let tenths = (f64::from(total) * scale / f64::from(one.n) + 1e-9).round();
                    told.insert(format!("{on} {} {tenths}", one.question));
                }
            }
            ActivityEvent::JobCreated { project, full_time_share, .. } => {
                let entry = stocks.entry(project.to_string()).or_default();
                let share = domain::activity::hundredths(*full_time_share).unwrap();
                *entry = (entry.0 + 1, entry.1 + i64::from(share));
            }
            ActivityEvent::JobEnded { project, full_time_share, .. } => {
                let entry = stocks.entry(project.to_string()).or_default();
                let share = domain::activity::hundredths(*full_time_share).unwrap();
                *entry = (entry.0 - 1, entry.1 - i64::from(share));
            }
            ActivityEvent::PlanApproved { kind, actions, .. } => {
                count(format!("plan {kind} -"), 0, 0);
                plans.insert(*stream, (*kind, actions.len(), 0));
            }
            ActivityEvent::PlanActionCarriedOut { kind, .. } => {
                count(format!("plan_action {kind} -"), 0, 0);
                plans.get_mut(stream).expect("a plan has actions").2 += 1;
            }
            other => panic!("not asked for: {other:?}"),
        }
    }
    told.extend(counts.into_iter().map(|(what, counted)| format!("{what} {counted:?}")));
    let there = stocks.into_iter().filter(|(_, (n, _))| *n != 0);
    told.extend(there.map(|(kind, (n, share))| format!("job {kind} {n} {share}")));
    told.extend(
        plans
            .into_iter()
            .map(|(stream, (kind, n, done))| format!("{} {kind} {n} {done}", stream.aggregate_id())),
    );
    told
}

fn tell_activities(world: &mut World, times: Times) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for one in activities::counts(world.views(), times).unwrap() {
        let (kind, scope) = (one.kind.as_deref().unwrap_or("-"), one.scope.as_deref().unwrap_or("-"));
        let counted = (one.n, one.participants, one.hours_hundredths);
        told.insert(format!("{} {} {kind} {scope} {counted:?}", one.year, one.what));
    }
    for one in activities::surveys(world.views(), times).unwrap() {
        told.insert(format!("{} {} {}", one.closed_on, one.question, one.tenths));
    }
    for one in activities::stocks(world.views(), times).unwrap() {
        told.insert(format!("{} {} {} {}", one.what, one.kind, one.n, one.full_time_hundredths));
    }
    for one in activities::plans(world.views(), times).unwrap() {
        told.insert(format!("{} {} {} {}", one.plan, one.kind, one.planned, one.carried_out));
    }
    told
}

fn expect_offices(standing: &[(StreamId, Day, Event)]) -> Vec<String> {
    let mut offices: BTreeMap<StreamId, (Code, Day, Option<Day>)> = BTreeMap::new();
    let mut advisers: BTreeMap<StreamId, BTreeSet<PersonId>> = BTreeMap::new();
    for (stream, on, event) in standing {
        let Event::Office(event) = event else { continue };
        let there = advisers.entry(*stream).or_default();
        match event {
            OfficeEvent::Opened { place } => drop(offices.insert(*stream, (*place, *on, None))),
            OfficeEvent::Closed { .. } => offices.get_mut(stream).expect("it was open").2 = Some(*on),
            OfficeEvent::AdviserAssigned { adviser, .. } => drop(there.insert(*adviser)),
            OfficeEvent::AdviserReleased { adviser, .. } => drop(there.remove(adviser)),
            OfficeEvent::Corrected(_) => unreachable!("corrections are taken apart"),
        }
    }
    let open = offices.values().filter(|office| office.2.is_none()).count();
    let tell = |(stream, (place, on, closed)): (&StreamId, &(Code, Day, Option<Day>))| {
        format!("{} {place} {on} {closed:?} {}", stream.aggregate_id(), advisers[stream].len())
    };
    let mut told: Vec<_> = offices.iter().map(tell).collect();
    told.sort();
    let persons: BTreeSet<_> = advisers.values().flatten().collect();
    told.push(format!("{open} open, {} advisers", persons.len()));
    told
}

fn tell_offices(world: &mut World, times: Times) -> Vec<String> {
    let found = offices::offices(world.views(), times).unwrap();
    let tell = |o: &offices::OfficeOverview| {
        format!("{} {} {} {:?} {}", o.office, o.place, o.opened_on, o.closed_on, o.n_advisers)
    };
    let mut told: Vec<_> = found.iter().map(tell).collect();
    told.sort();
    let caseload = offices::caseload(world.views(), day("2025-12-31").year(), times).unwrap();
    told.push(format!("{} open, {} advisers", caseload.offices, caseload.advisers));
    told
}

fn expect_participation(standing: &[(StreamId, Day, Event)]) -> Vec<String> {
    let mut groups: BTreeMap<String, (i64, i64, bool)> = BTreeMap::new();
    let mut recommendations: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for (stream, _, event) in standing {
        let Event::Participation(event) = event else { continue };
        let StreamId::Participation(id) = stream else { unreachable!("of its own stream") };
        let key = match id {
            ParticipationId::Group(id) => id.to_string(),
            ParticipationId::Recommendation(id) => id.to_string(),
            other => panic!("not asked for: {other}"),
        };
        let mut stage = |word: &str| {
            recommendations.get_mut(&key).expect("it was made").0 = word.to_owned();
        };
        match event {
            ParticipationEvent::GroupOpened { .. } => drop(groups.insert(key, (0, 0, false))),
            ParticipationEvent::GroupMet { participants, .. } => {
                let group = groups.get_mut(&key).expect("it was opened");
                *group = (group.0 + 1, group.1 + i64::from(*participants), group.2);
            }
            ParticipationEvent::GroupClosed { .. } => groups.get_mut(&key).expect("it was opened").2 = true,
            ParticipationEvent::RecommendationMade { .. } => {
                recommendations.insert(key, ("made".to_owned(), 0));
            }
            ParticipationEvent::RecommendationDebated { .. } => {
                stage("debated");
                recommendations.get_mut(&key).expect("it was made").1 += 1;
            }
            ParticipationEvent::RecommendationValidated { .. } => stage("validated"),
            ParticipationEvent::RecommendationAmended { .. } => stage("amended"),
            ParticipationEvent::RecommendationRejected { .. } => stage("rejected"),
            ParticipationEvent::RecommendationVoted { adopted: true, .. } => stage("adopted"),
            ParticipationEvent::RecommendationVoted { adopted: false, .. } => stage("voted_down"),
            ParticipationEvent::RecommendationCarriedOut { .. } => stage("carried_out"),
            other => panic!("not asked for: {other:?}"),
        }
    }
    let groups = groups.into_iter().map(|(id, told)| format!("group {id} {told:?}"));
    let recommendations = recommendations.into_iter().map(|(id, told)| format!("way {id} {told:?}"));
    let mut told: Vec<_> = groups.chain(recommendations).collect();
    told.sort();
    told
}

fn tell_participation(world: &mut World, times: Times) -> Vec<String> {
    let groups = participation::groups(world.views(), times).unwrap();
    let mut told: Vec<_> = groups
        .iter()
        .map(|g| format!("group {} {:?}", g.group, (g.n_meetings, g.attendances, g.closed_on.is_some())))
        .collect();
    for one in participation::recommendations(world.views(), times).unwrap() {
        told.push(format!("way {} {:?}", one.recommendation, (one.stage.to_string(), one.n_debates)));
    }
    told.sort();
    told
}

fn expect_controls(standing: &[(StreamId, Day, Event)]) -> Vec<String> {
    let mut checks: BTreeMap<CheckId, (&str, bool)> = BTreeMap::new();
    let mut findings: BTreeMap<CheckId, Vec<Code>> = BTreeMap::new();
    for (stream, _, event) in standing {
        let (Event::Control(event), StreamId::Control(check)) = (event, stream) else { continue };
        let mut is = |word| checks.get_mut(check).expect("it began").0 = word;
        match event {
            ControlEvent::Sampled { .. } => drop(checks.insert(*check, ("under_way", true))),
            ControlEvent::Opened { because, .. } => {
                let drawn = matches!(because, domain::control::Because::Drawn { .. });
                checks.insert(*check, ("under_way", drawn));
            }
            ControlEvent::Passed { .. } => is("passed"),
            ControlEvent::Failed { findings: found, .. } => {
                is("failed");
                findings.insert(*check, found.clone());
            }
            ControlEvent::Remedied { .. } => is("remedied"),
            ControlEvent::Corrected(_) => unreachable!("corrections are taken apart"),
        }
    }
    let mut counted: BTreeMap<Code, (i64, i64)> = BTreeMap::new();
    for (check, found) in findings {
        for finding in found {
            let entry = counted.entry(finding).or_default();
            *entry = (entry.0 + 1, entry.1 + i64::from(checks[&check].0 == "remedied"));
        }
    }
    let checks = checks.into_iter().map(|(check, told)| format!("{check} {told:?}"));
    let mut told: Vec<_> = checks.chain(counted.into_iter().map(|(f, n)| format!("{f} {n:?}"))).collect();
    told.sort();
    told
}

fn tell_controls(world: &mut World, times: Times) -> Vec<String> {
    let checks = controls::checks(world.views(), times).unwrap();
    let mut told: Vec<_> =
        checks.iter().map(|one| format!("{} {:?}", one.check, (one.state.word(), one.drawn))).collect();
    for one in controls::findings(world.views(), times).unwrap() {
        told.push(format!("{} {:?}", one.finding, (one.n, one.remedied)));
    }
    told.sort();
    told
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_was_done_together_is_told_as_it_stands_at_both_times(
        asks in vec((0_u8..4, 0_u8..10, 1_u128..4, 0_u32..100, 0_i32..3), 1..90),
    ) {
        let mut life = Life::new();
        for ask in asks {
            life.act(ask);
        }
        let (n, last) = (life.world.log.len() as u64, life.on);
        let half = Times { as_of: None, known_at: Some(Position(n / 2)) };
        let early = Times { as_of: Some(last.plus_days(-20)), known_at: None };
        let both = Times { as_of: Some(last.plus_days(-5)), known_at: Some(Position(n * 3 / 4)) };
        for times in [Times::default(), half, early, both] {
            let stands = standing(&life.world.log, times);
            let world = &mut life.world;
            prop_assert_eq!(tell_activities(world, times), expect_activities(&stands), "{:?}", times);
            prop_assert_eq!(tell_offices(world, times), expect_offices(&stands), "{:?}", times);
            prop_assert_eq!(tell_participation(world, times), expect_participation(&stands), "{:?}", times);
            prop_assert_eq!(tell_controls(world, times), expect_controls(&stands), "{:?}", times);
        }
    }
}
