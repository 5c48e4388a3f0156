//! Events of older versions: read for ever as they were written, booked as they were booked.

use std::collections::BTreeSet;

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use domain::correction::Correction;
use domain::envelope::{DecodeError, Sequence};
use domain::grant::v1::GrantEventV1;
use domain::grant::{GrantEvent, GrantKind};
use domain::ids::{CommandId, PersonId, UnitId};
use domain::{
    Amount, Balance, BridgeEvent, Digest, Event, Position, Recorded, RecordedAt, RuleName, Stored, StreamId,
    UPCASTERS, Upcaster,
};
use proptest::prelude::*;
use uuid::Uuid;

use crate::fixtures::*;

/// An award as it stands in logs that were written before awards named their project.
const AWARD: &str = r#"{"grant.announced":{"funder":"00000000-0000-0000-0000-000000f04de4","kind":{"own":{"unit":"00000000-0000-0000-0000-00000a7e11e4"}},"amount":"1000.00","evidence":{"document":"award-letter","digest":"61776172642d6c65747465720000000000000000000000000000000000000000"}}}"#;
/// What was sealed with it, and with its correction below.
const AWARD_ENTRY: &str = "54841773dcf7ebfdc17bce773893923e5693e78c792998139b69ecad853077a4";
const CORRECTION_ENTRY: &str = "947591f4ad4996eaeb53ce0aaa75394843c3ce6c0bc7573e680b7eafe4193412";

fn row(event_type: &str, event_version: &str, payload: &str) -> Stored {
    Stored {
        position: Position(7),
        recorded_at: RecordedAt::from_micros(1),
        effective_on: day("2025-03-03"),
        aggregate_type: "grant".to_owned(),
        aggregate_id: GRANT.to_string(),
        sequence: Sequence(1),
        event_type: event_type.to_owned(),
        event_version: event_version.to_owned(),
        payload: payload.to_owned(),
        metadata: r#"{"actor":"board"}"#.to_owned(),
        command: CommandId::new(Uuid::nil()),
        posting_rule: format!("{event_type}@1"),
        entry_digest: Digest([0; 32]),
        leaf_hash: Digest([0; 32]),
    }
}

/// A correction of the award, in the version that carries it as it was then.
fn correction_of_the_award() -> String {
    format!(
        r#"{{"grant.corrected":{{"position":3,"original":{AWARD},"original_rule":"grant.announced@1","reason":"typing-error","authority":"board","replacement":{}}}}}"#,
        AWARD.replace("1000.00", "1010.00")
    )
}

fn booked(recorded: &Recorded) -> String {
    let posting =
        ledger::post(recorded.posting_rule, recorded.stream, &recorded.event).expect("a known rule");
    ledger::entry_digest(&posting).to_string()
}

#[test]
fn an_award_of_version_1_names_no_project_and_is_booked_as_it_was() {
    let recorded = row("grant.announced", "1", AWARD).decode().expect("it is read");
    let expected = GrantEvent::Announced {
        funder: FUNDER,
        kind: GrantKind::Own { unit: ATELIER },
        amount: amount("1000.00"),
        project: None,
        evidence: paper("award-letter"),
    };
    assert_eq!(recorded.event, expected.into());
    assert_eq!(recorded.event_version, 1, "the version stays what is stored");
    assert_eq!(booked(&recorded), AWARD_ENTRY);
}

#[test]
fn a_correction_of_version_1_carries_awards_as_they_were_then() {
    let recorded = row("grant.corrected", "1", &correction_of_the_award()).decode().expect("it is read");
    let Some((position, original, instead)) = recorded.event.as_correction() else {
        panic!("{recorded:?} corrects");
    };
    let award = row("grant.announced", "1", AWARD).decode().expect("it is read").event;
    assert_eq!((position, &original), (Position(3), &award));
    assert!(matches!(instead, Some(Event::Grant(GrantEvent::Announced { project: None, .. }))));
    assert_eq!(booked(&recorded), CORRECTION_ENTRY);
}

#[test]
fn each_version_is_read_in_its_own_shape_only() {
    let named = AWARD.replace(r#""evidence":{"doc"#, r#""project":null,"evidence":{"doc"#);
    let corrected = correction_of_the_award();
    let of_today = corrected.replacen(AWARD, &named, 1);
    assert!(named != AWARD && of_today != corrected);
    let table = [
        ("grant.announced", "1", AWARD, true),
        ("grant.announced", "2", &named, true),
        ("grant.announced", "1", &named, false),
        ("grant.announced", "2", AWARD, false),
        ("grant.corrected", "1", &corrected, true),
        ("grant.corrected", "1", &of_today, false),
        ("grant.corrected", "2", &corrected, false),
        ("grant.announced", "1", &corrected, false),
        ("grant.announced", "01", AWARD, false),
        ("grant.announced", "+1", AWARD, false),
        ("grant.announced", "0", AWARD, false),
    ];
    for (event_type, version, payload, is_read) in table {
        let read = row(event_type, version, payload).decode();
        assert_eq!(read.is_ok(), is_read, "{event_type} {version}: {read:?}");
    }
    let other = Stored { aggregate_type: "loan".to_owned(), ..row("grant.announced", "1", AWARD) };
    assert!(other.decode().is_err(), "an award is of a grant");
}

#[test]
fn a_newer_version_is_refused_in_a_sentence() {
    let newer = AWARD.replace(r#""amount""#, r#""sum""#);
    for (event_type, version, payload) in [
        ("grant.announced", "3", newer.as_str()),
        ("grant.announced", "3", AWARD),
        ("grant.doubled", "1", "{}"),
    ] {
        let refused = row(event_type, version, payload).decode().expect_err("no such version");
        assert!(matches!(refused, DecodeError::UnknownVersion { .. }), "{refused:?}");
        assert_eq!(
            refused.to_string(),
            format!("position 7: {event_type} version {version} is not known here; a newer program wrote it")
        );
    }
}

#[test]
fn every_version_before_todays_is_raised_and_no_other() {
    let raised: BTreeSet<_> = UPCASTERS.iter().map(|old| (old.event_type(), old.version())).collect();
    let older = |kind: domain::Kind| (1..kind.version).map(move |version| (kind.name, version));
    assert_eq!(raised, Event::kinds().flat_map(older).collect());
    assert_eq!(raised.len(), UPCASTERS.len(), "each version once");
}

#[test]
fn what_is_no_event_of_its_version_is_no_event_to_cqrs_es_either() {
    let upcaster = Upcaster::of_row("grant", "grant.announced", "1").expect("version 1");
    let broken = AWARD.replace("1000.00", "1000.001");
    let raised = upcaster.upcast(serialized("grant.announced", "1", &broken));
    assert!(serde_json::from_value::<BridgeEvent<GrantEvent>>(raised.payload).is_err());
}

fn serialized(event_type: &str, version: &str, payload: &str) -> SerializedEvent {
    let payload = serde_json::from_str(payload).expect("JSON");
    SerializedEvent {
        aggregate_id: GRANT.to_string(),
        sequence: 1,
        aggregate_type: "grant".to_owned(),
        event_type: event_type.to_owned(),
        event_version: version.to_owned(),
        payload,
        metadata: serde_json::json!({"actor": "board"}),
    }
}

fn kinds() -> impl Strategy<Value = GrantKind> {
    prop_oneof![
        any::<u128>()
            .prop_map(|of| GrantKind::PassThrough { beneficiary: PersonId::new(Uuid::from_u128(of)) }),
        any::<u128>().prop_map(|of| GrantKind::Own { unit: UnitId::new(Uuid::from_u128(of)) }),
    ]
}

fn amounts() -> impl Strategy<Value = Amount> {
    (1..=domain::money::CENTS_MAX).prop_map(|cents| Amount::from_cents(cents).expect("in range"))
}

/// Any event that version 1 of a correction can carry.
fn events_of_version_1() -> impl Strategy<Value = GrantEventV1> {
    let evidence = || "[A-Za-z0-9._/:@-]{1,32}".prop_map(|number| paper(&number));
    let person = || any::<u128>().prop_map(|of| PersonId::new(Uuid::from_u128(of)));
    prop_oneof![
        3 => (person(), kinds(), amounts(), evidence()).prop_map(|(funder, kind, amount, evidence)| {
            GrantEventV1::Announced { funder, kind, amount, evidence }
        }),
        1 => (person(), kinds(), amounts(), evidence()).prop_map(|(funder, kind, amount, evidence)| {
            GrantEventV1::Received { funder, kind, amount, evidence }
        }),
        1 => (any::<u128>(), amounts(), 0_i64..1_000_000, evidence()).prop_map(|(unit, amount, cents, evidence)| {
            let (contribution, contribution_rate) = (Balance::from_cents(cents), rate("0.065"));
            let unit_share = amount.balance() - contribution;
            GrantEventV1::Recognised {
                unit: UnitId::new(Uuid::from_u128(unit)), amount, contribution_rate, contribution, unit_share, evidence,
            }
        }),
        1 => (person(), amounts(), evidence())
            .prop_map(|(beneficiary, amount, evidence)| GrantEventV1::PassedOn { beneficiary, amount, evidence }),
        1 => (person(), kinds(), amounts(), evidence()).prop_map(|(funder, kind, amount, evidence)| {
            GrantEventV1::Returned { funder, kind, amount, reason: token("not-used"), evidence }
        }),
    ]
}

fn rows_of_version_1() -> impl Strategy<Value = GrantEventV1> {
    let corrected = (any::<u64>(), events_of_version_1(), proptest::option::of(events_of_version_1()));
    prop_oneof![
        events_of_version_1()
            .prop_filter("an award", |event| matches!(event, GrantEventV1::Announced { .. })),
        corrected.prop_map(|(position, original, instead)| {
            let rule = GrantEvent::from(original.clone());
            GrantEventV1::Corrected(Correction {
                position: Position(position),
                original: Box::new(original),
                original_rule: ledger::rule_for(&rule.into()),
                reason: token("typing-error"),
                authority: token("board"),
                replacement: instead.map(Box::new),
            })
        }),
    ]
}

proptest! {
    #[test]
    fn upcast_then_decode_never_fails(old in rows_of_version_1()) {
        let text = serde_json::to_string(&old).expect("JSON");
        let name = Event::from(GrantEvent::from(old.clone())).kind().name;
        let recorded = row(name, "1", &text).decode().expect("version 1 is read");
        prop_assert_eq!(&recorded.event, &GrantEvent::from(old).into());
        let upcaster = Upcaster::of_row("grant", name, "1").expect("version 1");
        prop_assert_eq!(upcaster.rewrite(&text).expect("it was read"), text.clone());
        // A correction of today may carry what it says, and reads back.
        let (stream, today) = (StreamId::Grant(GRANT), recorded.event.to_json());
        prop_assert_eq!(Event::parse(stream, &today).expect("today's shape"), recorded.event.clone());
        // cqrs-es raises it by the same function.
        let raised = upcaster.upcast(serialized(name, "1", &text));
        prop_assert_eq!(raised.event_version, recorded.event.kind().version.to_string());
        let theirs: BridgeEvent<GrantEvent> = serde_json::from_value(raised.payload).expect("today's shape");
        prop_assert_eq!(Event::from(theirs.0), recorded.event.clone());
        let rule: RuleName = ledger::rule_for(&recorded.event);
        prop_assert!(ledger::post(rule, stream, &recorded.event).is_ok());
    }
}
