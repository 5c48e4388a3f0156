//! The log as a `cqrs_es::EventStore`, for commands of one stream.
//!
//! Streams are read here. A commit is not written here: its events go through a port to the one
//! writer of the log, which checks the sequence again, posts, seals and appends. Position and leaf
//! hash are added to an event's metadata when it is read; they are never stored in it.
//! Reading is a short blocking call on SQLite; no lock is held across an await.
//! Left out on purpose: `stream_all_events`, aggregate and snapshot modes (defects of cqrs-es
//! 0.5.0, DESIGN section 3).

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use cqrs_es::{AggregateContext, AggregateError, EventEnvelope, EventStore};
use domain::envelope::{Receipt, Sequence, Stored, StreamId};
use domain::event::Event;
use domain::stream::{Bridge, BridgeEvent, Stream, StreamEvent};
use domain::upcast::Upcaster;

use crate::error::BoxError;
use crate::sqlite::LogReader;

/// Metadata key of an event's position, added on reading.
pub const POSITION_KEY: &str = "position";
/// Metadata key of an event's leaf hash, added on reading.
pub const LEAF_HASH_KEY: &str = "leaf_hash";

/// A future on the heap, so that the port can be a trait object.
pub type Committing<'a> = Pin<Box<dyn Future<Output = Result<Receipt, CommitError>> + Send + 'a>>;

/// Hands the events of one stream to the one writer of the log.
pub trait CommitPort: Send + Sync {
    /// Answers the receipt once the events are on disk, all of them, in order.
    fn commit(&self, commit: StreamCommit) -> Committing<'_>;
}

/// The outcome of one command of one stream, to be appended.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamCommit {
    /// Which stream.
    pub stream: StreamId,
    /// Its last sequence when the command was decided.
    pub expected: Sequence,
    /// What happened; at least one event.
    pub events: Vec<Event>,
    /// What the caller gave to `execute_with_metadata`, such as actor and command id.
    pub metadata: HashMap<String, String>,
}

/// Why the writer did not append.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The stream has other events since: load it and decide again.
    #[error("the stream moved on while the command was decided")]
    Moved,
    /// The writer refuses the events, such as for a claim that is taken.
    #[error("the events are refused")]
    Refused(#[source] BoxError),
    /// The machine failed.
    #[error("the events could not be appended")]
    Failed(#[source] BoxError),
}

/// The event store of every stream of one log.
#[derive(Clone)]
pub struct LogStore {
    reader: Arc<Mutex<LogReader>>,
    port: Arc<dyn CommitPort>,
}

/// A stream as it was when a command was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamContext<S: Stream> {
    /// Key of the stream, as stored.
    pub aggregate_id: String,
    /// Its folded state.
    pub aggregate: Bridge<S>,
    /// Its last sequence.
    pub sequence: Sequence,
}

impl<S: Stream> AggregateContext<Bridge<S>> for StreamContext<S> {
    fn aggregate(&mut self) -> &mut Bridge<S> {
        &mut self.aggregate
    }
}

impl LogStore {
    /// Reads from this log and commits through this port.
    pub fn new(reader: LogReader, port: Arc<dyn CommitPort>) -> Self {
        Self { reader: Arc::new(Mutex::new(reader)), port }
    }

    fn read<S: Stream>(&self, aggregate_id: &str) -> Result<Vec<Stored>, AggregateError<S::Refusal>> {
        let stream = stream_of::<S>(aggregate_id)?;
        // A reader keeps no state between calls, so a panic elsewhere cannot have broken it.
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader
            .read_stream(stream, Sequence(0))
            .map_err(|error| AggregateError::DatabaseConnectionError(error.into()))
    }
}

impl<S> EventStore<Bridge<S>> for LogStore
where
    S: Stream,
    Event: From<S::Event>,
{
    type AC = StreamContext<S>;

    async fn load_events(
        &self,
        aggregate_id: &str,
    ) -> Result<Vec<EventEnvelope<Bridge<S>>>, AggregateError<S::Refusal>> {
        self.read::<S>(aggregate_id)?.iter().map(envelope::<S>).collect()
    }

    async fn load_aggregate(
        &self,
        aggregate_id: &str,
    ) -> Result<StreamContext<S>, AggregateError<S::Refusal>> {
        let mut context = StreamContext {
            aggregate_id: aggregate_id.to_owned(),
            aggregate: Bridge(S::default()),
            sequence: Sequence(0),
        };
        for stored in self.read::<S>(aggregate_id)? {
            context.aggregate.0.evolve(&event_of::<S>(&stored)?);
            context.sequence = stored.sequence;
        }
        Ok(context)
    }

    async fn commit(
        &self,
        events: Vec<BridgeEvent<S::Event>>,
        context: StreamContext<S>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Bridge<S>>>, AggregateError<S::Refusal>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let receipt = self
            .port
            .commit(StreamCommit {
                stream: stream_of::<S>(&context.aggregate_id)?,
                expected: context.sequence,
                events: events.iter().map(|event| Event::from(event.0.clone())).collect(),
                metadata: metadata.clone(),
            })
            .await
            .map_err(|error| match error {
                CommitError::Moved => AggregateError::AggregateConflict,
                other => AggregateError::UnexpectedError(other.into()),
            })?;
        assert_eq!(receipt.leaf_hashes.len(), events.len(), "a receipt has a leaf for every event");
        let committed = events.into_iter().zip(&receipt.leaf_hashes).zip(0..).map(|((payload, leaf), n)| {
            let mut metadata = metadata.clone();
            metadata.insert(POSITION_KEY.to_owned(), (receipt.first.0 + n).to_string());
            metadata.insert(LEAF_HASH_KEY.to_owned(), leaf.to_string());
            EventEnvelope {
                aggregate_id: context.aggregate_id.clone(),
                sequence: place(Sequence(context.sequence.0 + 1 + n)),
                payload,
                metadata,
            }
        });
        Ok(committed.collect())
    }
}

fn envelope<S: Stream>(stored: &Stored) -> Result<EventEnvelope<Bridge<S>>, AggregateError<S::Refusal>> {
    let mut metadata: HashMap<String, String> = serde_json::from_str(&stored.metadata)
        .map_err(|error| AggregateError::DeserializationError(error.into()))?;
    metadata.insert(POSITION_KEY.to_owned(), stored.position.to_string());
    metadata.insert(LEAF_HASH_KEY.to_owned(), stored.leaf_hash.to_string());
    Ok(EventEnvelope {
        aggregate_id: stored.aggregate_id.clone(),
        sequence: place(stored.sequence),
        payload: BridgeEvent(event_of::<S>(stored)?),
        metadata,
    })
}

fn event_of<S: Stream>(stored: &Stored) -> Result<S::Event, AggregateError<S::Refusal>> {
    let unreadable = |error: serde_json::Error| AggregateError::DeserializationError(error.into());
    let upcaster = Upcaster::of_row(S::TYPE, &stored.event_type, &stored.event_version);
    let raised = upcaster.map(|upcaster| upcaster.read(&stored.payload)).transpose().map_err(unreadable)?;
    let event: S::Event = match raised {
        Some(event) => serde_json::from_str(&event.to_json()).map_err(unreadable)?,
        None => serde_json::from_str(&stored.payload).map_err(unreadable)?,
    };
    let kind = event.kind();
    let known = upcaster.is_some() || kind.version.to_string() == stored.event_version;
    if kind.name != stored.event_type || !known {
        let found = format!(
            "position {}: the row says {} version {}, the payload is {} version {}",
            stored.position, stored.event_type, stored.event_version, kind.name, kind.version
        );
        return Err(AggregateError::DeserializationError(found.into()));
    }
    Ok(event)
}

fn stream_of<S: Stream>(aggregate_id: &str) -> Result<StreamId, AggregateError<S::Refusal>> {
    StreamId::parse(S::TYPE, aggregate_id).ok_or_else(|| {
        AggregateError::UnexpectedError(format!("{aggregate_id:?} is no key of a {} stream", S::TYPE).into())
    })
}

fn place(sequence: Sequence) -> usize {
    usize::try_from(sequence.0).expect("a stream fits in memory")
}
