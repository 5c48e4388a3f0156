//! `cqrs_es::CqrsFramework` on the log, for commands of one stream.

mod fixtures;

use std::sync::{Arc, Mutex};

use cqrs_es::{AggregateContext, AggregateError, CqrsFramework, EventEnvelope, EventStore};
use domain::dates::RecordedAt;
use domain::envelope::{Kind, Prepared, PreparedCommand, Sequence, SeriesId, StreamId};
use domain::event::Event;
use domain::evidence::Digest;
use domain::grant::{Grant, GrantEvent};
use domain::ids::CommandId;
use domain::series::{Numbered, Series, SeriesEvent, TakeNumber};
use domain::stream::{Bridge, BridgeEvent, Facts};
use fixtures::new_log;
use store::cqrs::Committing;
use store::{AppendError, CommitError, CommitPort, Log, LogReader, LogStore, StreamCommit};
use tempfile::tempdir;
use uuid::Uuid;

/// A writer that posts nothing: it checks the sequence and appends, as the one in `app` does.
struct Writer(Mutex<Log>);

impl CommitPort for Writer {
    fn commit(&self, commit: StreamCommit) -> Committing<'_> {
        Box::pin(async move {
            let mut log = self.0.lock().unwrap();
            let head = log.head().position;
            let events = commit.events.iter().zip(commit.expected.0 + 1..);
            let events = events.map(|(event, n)| prepared(commit.stream, Sequence(n), event)).collect();
            let command = PreparedCommand {
                command: CommandId::new(Uuid::from_u128(u128::from(head.0))),
                request_digest: Digest([0; 32]),
                events,
                claims: Vec::new(),
                recorded_at: RecordedAt::from_micros(1),
            };
            match log.append(head, &[command]) {
                Ok(mut receipts) => Ok(receipts.remove(0)),
                Err(AppendError::OutOfSequence { .. }) => Err(CommitError::Moved),
                Err(other) => Err(CommitError::Failed(other.into())),
            }
        })
    }
}

fn prepared(stream: StreamId, sequence: Sequence, event: &Event) -> Prepared {
    let Event::Series(inner) = event else { panic!("only series are used here") };
    Prepared {
        stream,
        sequence,
        kind: event.kind(),
        effective_on: "2025-03-31".parse().unwrap(),
        payload: serde_json::to_string(inner).unwrap(),
        metadata: r#"{"actor":"board"}"#.to_owned(),
        posting_rule: "none@1".parse().unwrap(),
        entry_digest: Digest([0; 32]),
    }
}

fn invoices_of_2025() -> SeriesId {
    "F/2025".parse().unwrap()
}

fn take(numbered: Numbered) -> (SeriesId, TakeNumber, Facts<Series>) {
    let facts = Facts {
        effective_on: "2025-03-31".parse().unwrap(),
        year_is_open: true,
        parameters: Arc::default(),
        known: (),
        original: None,
    };
    (invoices_of_2025(), TakeNumber { numbered, document: Uuid::from_u128(5) }, facts)
}

#[tokio::test]
async fn a_command_of_one_stream_goes_through_the_framework_into_the_log() {
    let dir = tempdir().unwrap();
    let writer = Arc::new(Writer(Mutex::new(new_log(dir.path()))));
    let store = LogStore::new(LogReader::open(dir.path()).unwrap(), writer.clone());
    let framework = CqrsFramework::<Bridge<Series>, _>::new(store.clone(), vec![], ());
    framework.execute("F/2025", take(Numbered::Invoice)).await.unwrap();
    framework.execute("F/2025", take(Numbered::Invoice)).await.unwrap();

    let refused = framework.execute("F/2025", take(Numbered::CreditNote)).await;
    assert!(matches!(refused, Err(AggregateError::UserError(_))), "{refused:?}");

    let events = EventStore::<Bridge<Series>>::load_events(&store, "F/2025").await.unwrap();
    assert_eq!(events.len(), 2, "a refused command writes nothing");
    for (n, event) in (1..).zip(&events) {
        let SeriesEvent::NumberTaken { n: taken, .. } = &event.payload.0 else { panic!("{event:?}") };
        assert_eq!((*taken as usize, event.sequence), (n, n));
        assert_eq!(event.metadata["actor"], "board");
        assert_eq!(event.metadata["position"], n.to_string());
        assert_eq!(event.metadata["leaf_hash"].len(), 64);
    }
    let log = writer.0.lock().unwrap();
    let stored = log.reader().read_stream(StreamId::Series(invoices_of_2025()), Sequence(0)).unwrap();
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0].metadata, r#"{"actor":"board"}"#, "position and hash are not stored in it");
    stored[1].decode().expect("the stored row is the event");
}

#[tokio::test]
async fn a_command_decided_on_an_older_state_is_a_conflict() {
    let dir = tempdir().unwrap();
    let writer = Arc::new(Writer(Mutex::new(new_log(dir.path()))));
    let store = LogStore::new(LogReader::open(dir.path()).unwrap(), writer);
    let framework = CqrsFramework::<Bridge<Series>, _>::new(store.clone(), vec![], ());
    let older = EventStore::<Bridge<Series>>::load_aggregate(&store, "F/2025").await.unwrap();
    framework.execute("F/2025", take(Numbered::Invoice)).await.unwrap();
    let events = EventStore::<Bridge<Series>>::load_events(&store, "F/2025").await.unwrap();
    let again = events.into_iter().map(|event| event.payload).collect();
    let refused = store.commit(again, older, std::collections::HashMap::new()).await;
    assert!(matches!(refused, Err(AggregateError::AggregateConflict)), "{refused:?}");
}

#[tokio::test]
async fn a_key_that_is_no_stream_of_the_type_is_refused() {
    let dir = tempdir().unwrap();
    let writer = Arc::new(Writer(Mutex::new(new_log(dir.path()))));
    let store = LogStore::new(LogReader::open(dir.path()).unwrap(), writer);
    let framework = CqrsFramework::<Bridge<Series>, _>::new(store, vec![], ());
    let refused = framework.execute("no series", take(Numbered::Invoice)).await;
    assert!(matches!(refused, Err(AggregateError::UnexpectedError(_))), "{refused:?}");
}

#[tokio::test]
async fn an_older_version_is_read_as_todays_event() {
    let dir = tempdir().unwrap();
    let writer = Arc::new(Writer(Mutex::new(new_log(dir.path()))));
    let sample = include_str!("../../../schemas/events/grant.announced/v1.sample.json");
    // The payload as it stands in the sample, byte for byte.
    let payload = sample.lines().find_map(|line| line.trim().strip_prefix(r#""payload": "#)).unwrap();
    let id = "00000000-0000-0000-0000-000000064a47";
    let event = Prepared {
        stream: StreamId::parse("grant", id).unwrap(),
        kind: Kind { name: "grant.announced", version: 1 },
        payload: payload.trim_end_matches(',').to_owned(),
        ..fixtures::event(fixtures::ATELIER, 1)
    };
    let head = writer.0.lock().unwrap().head().position;
    writer.0.lock().unwrap().append(head, &[fixtures::command(1, 1, vec![event])]).unwrap();

    let store = LogStore::new(LogReader::open(dir.path()).unwrap(), writer);
    let events = EventStore::<Bridge<Grant>>::load_events(&store, id).await.unwrap();
    let [EventEnvelope { payload: BridgeEvent(GrantEvent::Announced { project, .. }), .. }] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(*project, None);
    let mut context = EventStore::<Bridge<Grant>>::load_aggregate(&store, id).await.unwrap();
    assert_ne!(context.aggregate(), &Bridge(Grant::default()));
}
