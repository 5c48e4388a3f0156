//! What cqrs-es sees of a stream: handled and refolded states agree, and their stored shape is pinned.
//!
//! `COLEDGER_BLESS=1 cargo test -p domain` rewrites the states; do so together with a new `STATE_VERSION`,
//! or a snapshot of the old shape would be read as one of the new.

use std::path::PathBuf;

use cqrs_es::event_sink::EventSink;
use cqrs_es::test::TestFramework;
use cqrs_es::{Aggregate, DomainEvent};
use domain::member::{Member, MemberCommand};
use domain::{Bridge, BridgeEvent, StreamEvent};
use rstest::rstest;

use crate::harness::{Given, Known, given};
use crate::{fixtures, stories};

fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts").block_on(future)
}

/// Every step of a story, asked of the bridge as cqrs-es would.
fn is_played_by_cqrs_es<S: Known>(story: &Given<S>) {
    assert!(!story.asked.is_empty());
    for asked in &story.asked {
        let before: Vec<_> = asked.before.iter().cloned().map(BridgeEvent).collect();
        let expected: Vec<_> = asked.events.iter().cloned().map(BridgeEvent).collect();
        let command = || (story.id, asked.command.clone(), asked.facts.clone());
        TestFramework::<Bridge<S>>::with(())
            .given(before.clone())
            .when(command())
            .then_expect_events(expected.clone());

        // The handled state holds each event exactly once.
        let mut handled = Bridge::<S>::default();
        before.into_iter().for_each(|event| handled.apply(event));
        let mut folded = handled.clone();
        let sink = EventSink::default();
        now(handled.handle(command(), &(), &sink)).expect("the story was accepted");
        let written = now(sink.collect());
        assert_eq!(written, expected);
        written.into_iter().for_each(|event| folded.apply(event));
        assert_eq!(handled, folded);
    }
}

#[test]
fn each_event_is_applied_exactly_once() {
    is_played_by_cqrs_es(&stories::statutes());
    is_played_by_cqrs_es(&stories::year());
    is_played_by_cqrs_es(&stories::member());
    is_played_by_cqrs_es(&stories::refused_member());
    is_played_by_cqrs_es(&stories::series());
    is_played_by_cqrs_es(&stories::unit());
    is_played_by_cqrs_es(&stories::closed_unit());
    is_played_by_cqrs_es(&stories::loan());
    is_played_by_cqrs_es(&stories::internal_loan());
    is_played_by_cqrs_es(&stories::grant());
    is_played_by_cqrs_es(&stories::own_grant());
    is_played_by_cqrs_es(&stories::structure());
    is_played_by_cqrs_es(&stories::vat_return());
    is_played_by_cqrs_es(&stories::course());
    is_played_by_cqrs_es(&stories::fitness());
    is_played_by_cqrs_es(&stories::cover());
    is_played_by_cqrs_es(&stories::bank());
    is_played_by_cqrs_es(&stories::resource());
    is_played_by_cqrs_es(&stories::group());
    is_played_by_cqrs_es(&stories::recommendation());
    is_played_by_cqrs_es(&stories::plan_of_actions());
    is_played_by_cqrs_es(&stories::check());
    is_played_by_cqrs_es(&stories::office());
}

#[test]
fn a_refusal_reaches_cqrs_es_and_changes_nothing() {
    let member = given::<Member>(fixtures::admitted(fixtures::ALICE));
    let mut aggregate = Bridge(member.state.clone());
    let sink = EventSink::default();
    let command = (member.id, MemberCommand::GrantAdmission {}, member.facts.clone());
    let refused = now(aggregate.handle(command, &(), &sink)).unwrap_err();
    assert_eq!(refused.to_string(), "the membership is Member; this needs one that is requested");
    assert_eq!(aggregate, Bridge(member.state));
    assert_eq!(now(sink.collect()), []);
}

#[test]
fn the_guard_of_open_years_holds_behind_the_bridge_too() {
    let member = given::<Member>([]).in_a_year_that_is_not_open();
    let command = (member.id, fixtures::subscribe(1), member.facts);
    let refused = now(Bridge::<Member>::default().handle(command, &(), &EventSink::default())).unwrap_err();
    assert_eq!(refused.to_string(), "2025-03-03 lies in 2025, which is not an open fiscal year");
}

#[test]
fn cqrs_es_sees_the_stored_names_and_versions() {
    fn check<S: Known>(story: Given<S>) {
        assert_eq!(<Bridge<S> as Aggregate>::TYPE, S::stream_id(story.id).aggregate_type());
        for event in story.events {
            let (name, version) = (event.kind().name, event.kind().version);
            let bridged = BridgeEvent(event.clone());
            assert_eq!((bridged.event_type(), bridged.event_version()), (name.into(), version.to_string()));
            let json = serde_json::to_string(&event).expect("events are JSON");
            assert_eq!(serde_json::to_string(&bridged).expect("events are JSON"), json);
            assert_eq!(serde_json::from_str::<BridgeEvent<S::Event>>(&json).expect("the same"), bridged);
        }
    }
    check(stories::statutes());
    check(stories::year());
    check(stories::member());
    check(stories::series());
    check(stories::unit());
    check(stories::loan());
    check(stories::grant());
    check(stories::structure());
    check(stories::vat_return());
    check(stories::course());
    check(stories::fitness());
    check(stories::cover());
    check(stories::bank());
    check(stories::resource());
    check(stories::recommendation());
    check(stories::plan_of_actions());
    check(stories::check());
    check(stories::office());
    check(stories::meeting());
    check(stories::mandate());
    check(stories::board());
}

/// The state of a golden stream, beside the version of its shape, as the file holds them.
fn pinned<S: Known>(name: &str, story: &Given<S>) {
    let state = serde_json::to_value(Bridge(story.state.clone())).expect("states are JSON");
    let found = serde_json::json!({ "state_version": S::STATE_VERSION, "state": state });
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "tests", "rulebook", "states", &format!("{name}.json")].iter().collect();
    if std::env::var_os("COLEDGER_BLESS").is_some() {
        let text = serde_json::to_string_pretty(&found).expect("states are JSON") + "\n";
        std::fs::write(&path, text).expect("the state can be written");
    }
    let text = std::fs::read_to_string(&path).expect("the pinned state is there; bless it once");
    let pinned: serde_json::Value = serde_json::from_str(&text).expect("the pinned state is JSON");
    assert!(
        pinned["state"] == found["state"] || pinned["state_version"] != found["state_version"],
        "the state of {name} changed its shape: give {} a new STATE_VERSION, then bless\nwas {}\nis  {}",
        S::TYPE,
        pinned["state"],
        found["state"]
    );
    assert_eq!(pinned, found, "the version of {name} is new: bless its pinned state");

    // And a snapshot of it reads back as the same state.
    let back: Bridge<S> = serde_json::from_value(found["state"].clone()).expect("a snapshot reads back");
    assert_eq!(back.0, story.state);
}

#[rstest]
#[case::statutes(|| pinned("statutes", &stories::statutes()))]
#[case::year(|| pinned("year", &stories::year()))]
#[case::member(|| pinned("member", &stories::member()))]
#[case::refused_member(|| pinned("refused_member", &stories::refused_member()))]
#[case::series(|| pinned("series", &stories::series()))]
#[case::unit(|| pinned("unit", &stories::unit()))]
#[case::closed_unit(|| pinned("closed_unit", &stories::closed_unit()))]
#[case::loan(|| pinned("loan", &stories::loan()))]
#[case::grant(|| pinned("grant", &stories::grant()))]
#[case::structure(|| pinned("structure", &stories::structure()))]
#[case::filing(|| pinned("filing", &stories::vat_return()))]
#[case::course(|| pinned("course", &stories::course()))]
#[case::fitness(|| pinned("fitness", &stories::fitness()))]
#[case::cover(|| pinned("cover", &stories::cover()))]
#[case::bank(|| pinned("bank", &stories::bank()))]
#[case::resource(|| pinned("resource", &stories::resource()))]
#[case::group(|| pinned("group", &stories::group()))]
#[case::recommendation(|| pinned("recommendation", &stories::recommendation()))]
#[case::works_council(|| pinned("works_council", &stories::works_council()))]
#[case::ethics_case(|| pinned("ethics_case", &stories::ethics_case()))]
#[case::plan(|| pinned("plan", &stories::plan_of_actions()))]
#[case::check(|| pinned("check", &stories::check()))]
#[case::office(|| pinned("office", &stories::office()))]
#[case::meeting(|| pinned("meeting", &stories::meeting()))]
#[case::mandate(|| pinned("mandate", &stories::mandate()))]
#[case::board(|| pinned("board", &stories::board()))]
fn the_shape_of_a_state_changes_only_with_its_version(#[case] check: fn()) {
    check();
}

#[test]
fn a_state_is_the_fold_of_its_events_whatever_was_asked() {
    fn check<S: Known>(story: Given<S>) {
        let mut state = S::default();
        story.events.iter().for_each(|event| state.evolve(event));
        assert_eq!(state, story.state);
    }
    check(stories::statutes());
    check(stories::year());
    check(stories::member());
    check(stories::series());
    check(stories::unit());
    check(stories::loan());
    check(stories::grant());
    check(stories::structure());
    check(stories::vat_return());
    check(stories::course());
    check(stories::fitness());
    check(stories::cover());
    check(stories::bank());
    check(stories::resource());
    check(stories::recommendation());
    check(stories::plan_of_actions());
    check(stories::check());
    check(stories::office());
    check(stories::meeting());
    check(stories::mandate());
    check(stories::board());
}
