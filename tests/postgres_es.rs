//! What lets unmodified postgres-es read our events: its table, its JSON, its fold.
//!
//! postgres-es names columns in SQL of its own and rebuilds aggregates through cqrs-es' serialised
//! events. Its own table definition, as shipped with the crate, is compared with ours here, and a
//! stream of the reference year is rebuilt the way it does it. A PostgreSQL server comes with the
//! backend that needs one.

use std::sync::Arc;
use std::sync::mpsc::channel;

use app::clock::SyntheticClock;
use app::writer::Writer;
use cargo_metadata::MetadataCommand;
use cqrs_es::persist::{
    EventUpcaster, PersistedEventRepository, PersistedEventStore, PersistenceError, ReplayStream,
    SerializedEvent, SerializedSnapshot,
};
use cqrs_es::{Aggregate, AggregateContext, EventEnvelope, EventStore};
use domain::grant::Grant;
use domain::unit::Unit;
use domain::{Bridge, Event, Sequence, Stream, StreamId, UPCASTERS};
use postgres_es::PostgresEventRepository;
use reference_year::ReferenceYear;
use serde_json::Value;
use store::{Log, LogId, LogReader, OsRandomness};
use uuid::Uuid;

/// The columns of the events table that postgres-es ships, in order, with their types.
fn columns_of_postgres_es() -> Vec<(String, String)> {
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(workspace).exec().unwrap();
    let package = metadata.packages.iter().find(|package| *package.name == "postgres-es").unwrap();
    let shipped = package.manifest_path.parent().unwrap().join("db/init.sql");
    let sql = std::fs::read_to_string(shipped).unwrap();
    let (_, table) = sql.split_once("CREATE TABLE events").unwrap();
    let (table, _) = table.split_once("PRIMARY KEY").unwrap();
    let column = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    table.lines().filter(|line| line.contains("NOT NULL")).filter_map(column).collect()
}

/// SQLite's type for a type of PostgreSQL; JSON is text there, verbatim.
fn sqlite_type(of: &str) -> &'static str {
    match of {
        "bigint" => "INTEGER",
        "text" | "json" => "TEXT",
        other => panic!("postgres-es has a column of type {other}, which has no place in our table"),
    }
}

#[test]
fn our_events_table_begins_with_the_columns_of_postgres_es() {
    let dir = tempfile::tempdir().unwrap();
    drop(Log::create(dir.path(), LogId::new(Uuid::nil()), &mut OsRandomness).unwrap());
    let connection = rusqlite::Connection::open(dir.path().join("log.db")).unwrap();
    let mut info =
        connection.prepare("SELECT name, type FROM pragma_table_info('events') ORDER BY cid").unwrap();
    let ours: Vec<(String, String)> =
        info.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let theirs: Vec<(String, String)> =
        columns_of_postgres_es().into_iter().map(|(name, of)| (name, sqlite_type(&of).to_owned())).collect();
    assert_eq!(theirs.len(), 7, "{theirs:?}");
    assert_eq!(ours[..theirs.len()], theirs);
}

#[test]
fn a_stream_is_rebuilt_the_way_postgres_es_does_it() {
    fn reads_streams<R: PersistedEventRepository>() {}
    reads_streams::<PostgresEventRepository>();

    let dir = tempfile::tempdir().unwrap();
    let reader = write_reference_year(dir.path());
    let mut rebuilt = 0;
    for stored in reader.read(domain::Position(1), usize::MAX).unwrap() {
        if stored.event_type != "unit.opened" {
            continue;
        }
        let id = StreamId::parse(&stored.aggregate_type, &stored.aggregate_id).unwrap();
        let (mut theirs, mut ours) = (Bridge::<Unit>::default(), Unit::default());
        for stored in reader.read_stream(id, Sequence(0)).unwrap() {
            let serialized = SerializedEvent {
                aggregate_id: stored.aggregate_id.clone(),
                sequence: usize::try_from(stored.sequence.0).unwrap(),
                aggregate_type: stored.aggregate_type.clone(),
                event_type: stored.event_type.clone(),
                event_version: stored.event_version.clone(),
                payload: serde_json::from_str(&stored.payload).unwrap(),
                metadata: serde_json::from_str(&stored.metadata).unwrap(),
            };
            let envelope: EventEnvelope<Bridge<Unit>> = serialized.try_into().unwrap();
            assert!(envelope.metadata.contains_key("actor"), "metadata are text values");
            theirs.apply(envelope.payload);
            let Event::Unit(event) = stored.decode().unwrap().event else { panic!("a unit's event") };
            ours.evolve(&event);
        }
        assert_eq!(theirs.0, ours);
        rebuilt += 1;
    }
    assert!(rebuilt > 0);
}

/// What a repository such as that of postgres-es answers: the rows as they are stored.
struct Stored(Vec<SerializedEvent>);

impl PersistedEventRepository for Stored {
    async fn get_events<A: Aggregate>(&self, _: &str) -> Result<Vec<SerializedEvent>, PersistenceError> {
        Ok(self.0.clone())
    }

    async fn get_last_events<A: Aggregate>(
        &self,
        _: &str,
        last: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        Ok(self.0.iter().filter(|event| event.sequence > last).cloned().collect())
    }

    async fn get_snapshot<A: Aggregate>(
        &self,
        _: &str,
    ) -> Result<Option<SerializedSnapshot>, PersistenceError> {
        Ok(None)
    }

    async fn persist<A: Aggregate>(
        &self,
        _: &[SerializedEvent],
        _: Option<(String, Value, usize)>,
    ) -> Result<(), PersistenceError> {
        unreachable!("appending is ours")
    }

    async fn stream_events<A: Aggregate>(&self, _: &str) -> Result<ReplayStream, PersistenceError> {
        unreachable!("streams are loaded whole")
    }

    async fn stream_all_events<A: Aggregate>(&self) -> Result<ReplayStream, PersistenceError> {
        unreachable!("it goes by type, not in the order of commit")
    }
}

#[tokio::test]
async fn a_store_of_cqrs_es_reads_older_versions_with_our_upcasters() {
    let of_version = |version: u16| {
        let file = format!("/../schemas/events/grant.announced/v{version}.sample.json");
        let text = std::fs::read_to_string(env!("CARGO_MANIFEST_DIR").to_owned() + &file).unwrap();
        let sample: Value = serde_json::from_str(&text).unwrap();
        Stored(vec![SerializedEvent {
            aggregate_id: sample["aggregate_id"].as_str().unwrap().to_owned(),
            sequence: 1,
            aggregate_type: Grant::TYPE.to_owned(),
            event_type: "grant.announced".to_owned(),
            event_version: version.to_string(),
            payload: sample["payload"].clone(),
            metadata: serde_json::json!({"actor": "board"}),
        }])
    };
    let upcasters =
        || UPCASTERS.iter().map(|upcaster| Box::new(upcaster) as Box<dyn EventUpcaster>).collect();
    let store = |version| PersistedEventStore::<_, Bridge<Grant>>::new_event_store(of_version(version));
    let mut grants = Vec::new();
    for version in [1, 2] {
        let mut context = store(version).with_upcasters(upcasters()).load_aggregate("a grant").await.unwrap();
        grants.push(context.aggregate().0.clone());
    }
    assert_ne!(grants[0], Grant::default());
    assert_eq!(grants[0], grants[1], "the same award, but for the project it supports");
    assert!(store(1).load_aggregate("a grant").await.is_err(), "without them it is no event of today");
}

fn write_reference_year(dir: &std::path::Path) -> LogReader {
    drop(Log::create(dir, LogId::new(Uuid::nil()), &mut OsRandomness).unwrap());
    let (writer, thread) = Writer::open(dir, Arc::new(SyntheticClock)).unwrap();
    let year = ReferenceYear::plan(1, "0.001".parse().unwrap());
    let (said, answers) = channel();
    for command in year.commands(&app::seed::reviewed_parameters().unwrap()) {
        let said = said.clone();
        writer.queue_blocking(command, move |answer| said.send(answer).unwrap());
    }
    drop((said, writer));
    assert!(answers.into_iter().all(|answer| answer.is_ok()));
    thread.join();
    LogReader::open(dir).unwrap()
}
