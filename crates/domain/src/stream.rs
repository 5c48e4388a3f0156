//! What every stream is: a small state, rules that decide, and a dull fold.
//!
//! `decide` is pure: the state, the command and the [`Facts`] it may ask are all it sees. `evolve`
//! cannot refuse, because the event has happened. Every stream is a `cqrs_es::Aggregate` through
//! the one newtype [`Bridge`]; commands that touch several streams are no stream's command, so the
//! bridge cannot carry them.

use std::fmt;
use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::correction::{Correction, CorrectionRefused, Original};
use crate::dates::{Day, Year};
use crate::envelope::{Claim, Kind, StreamId};
use crate::parameters::Parameters;

/// An event of one stream.
pub trait StreamEvent:
    Serialize + DeserializeOwned + Clone + PartialEq + fmt::Debug + Send + Sync + 'static
{
    /// Stored name and version.
    fn kind(&self) -> Kind;

    /// What must be new in the log for this event to be appended.
    fn claims(&self) -> Vec<Claim> {
        Vec::new()
    }
}

/// A rule that said no.
pub trait Refusal: std::error::Error + Clone + PartialEq + Send + Sync + 'static {
    /// Stable code of the rule, such as `unit.over_budget`.
    fn code(&self) -> &'static str;
}

/// A stream of events and its rules.
pub trait Stream:
    Default + Clone + PartialEq + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Stored type of the stream.
    const TYPE: &'static str;
    /// Version of the folded state's shape; a snapshot of another version is not used.
    const STATE_VERSION: u16;
    /// Typed key of the stream.
    type Id: Copy + fmt::Debug + PartialEq + Send + Sync;
    /// What may be asked of this stream alone.
    type Command: Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// What can have happened in it.
    type Event: StreamEvent;
    /// Which rules can say no.
    type Refusal: Refusal + From<YearNotOpen> + From<CorrectionRefused>;
    /// What its rules ask about other streams.
    type Known: Clone + fmt::Debug + Default + PartialEq + Send + Sync;

    /// The stream's name in the log.
    fn stream_id(id: Self::Id) -> StreamId;

    /// Whether commands are bound to an open fiscal year; statutes and years themselves are not.
    const BOUND_TO_OPEN_YEAR: bool = true;

    /// Applies the stream's rules to a command; nothing is changed by it.
    fn decide(
        &self,
        id: Self::Id,
        command: &Self::Command,
        facts: &Facts<Self>,
    ) -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Folds an event that has happened into the state.
    fn evolve(&mut self, event: &Self::Event);

    /// Takes an event's effect out of the state, or says that later events rest upon it.
    fn void(&mut self, original: &Self::Event) -> Result<(), CorrectionRefused>;

    /// The event that records a correction.
    fn corrected(correction: Correction<Self::Event>) -> Self::Event;
}

/// What a decision may know beyond its own stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts<S: Stream> {
    /// The day on which the command is to take effect.
    pub effective_on: Day,
    /// Whether the fiscal year of that day is open.
    pub year_is_open: bool,
    /// The parameters, with their validity.
    pub parameters: Arc<Parameters>,
    /// What this stream's rules ask.
    pub known: S::Known,
    /// The event that a correction names, as the log holds it.
    pub original: Option<Original<S::Event>>,
}

/// The first guard of every stream that books: its day must lie in an open year.
///
/// Source: DOMAIN E5, no posting into a closed period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{effective_on} lies in {year}, which is not an open fiscal year")]
pub struct YearNotOpen {
    /// The day asked for.
    pub effective_on: Day,
    /// Its year.
    pub year: Year,
}

/// Decides under the guard that all streams share.
pub fn decide<S: Stream>(
    state: &S,
    id: S::Id,
    command: &S::Command,
    facts: &Facts<S>,
) -> Result<Vec<S::Event>, S::Refusal> {
    if S::BOUND_TO_OPEN_YEAR {
        facts.require_open_year()?;
    }
    state.decide(id, command, facts)
}

impl<S: Stream> Facts<S> {
    /// Refuses a day whose fiscal year is not open.
    pub fn require_open_year(&self) -> Result<(), YearNotOpen> {
        if self.year_is_open {
            return Ok(());
        }
        Err(YearNotOpen { effective_on: self.effective_on, year: self.effective_on.year() })
    }
}

/// A stream as cqrs-es sees it; a blanket impl for all streams is refused by the orphan rule.
///
/// It carries the commands of its own stream:
/// ```
/// use cqrs_es::Aggregate;
/// use domain::unit::{Unit, UnitCommand};
/// fn is_carried(command: UnitCommand, facts: domain::Facts<Unit>) -> <domain::Bridge<Unit> as Aggregate>::Command {
///     (domain::ids::UnitId::new(uuid::Uuid::nil()), command, facts)
/// }
/// ```
/// A command of several streams does not compile as one of them:
/// ```compile_fail
/// use cqrs_es::Aggregate;
/// use domain::{joint::JointCommand, unit::Unit};
/// fn is_refused(command: JointCommand, facts: domain::Facts<Unit>) -> <domain::Bridge<Unit> as Aggregate>::Command {
///     (domain::ids::UnitId::new(uuid::Uuid::nil()), command, facts)
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent, bound(deserialize = "S: DeserializeOwned"))]
pub struct Bridge<S: Stream>(pub S);

/// An event as cqrs-es sees it: the same JSON, with name and version at hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent, bound(deserialize = "E: DeserializeOwned"))]
pub struct BridgeEvent<E: StreamEvent>(pub E);

impl<E: StreamEvent> DomainEvent for BridgeEvent<E> {
    fn event_type(&self) -> String {
        self.0.kind().name.to_owned()
    }

    fn event_version(&self) -> String {
        self.0.kind().version.to_string()
    }
}

impl<S: Stream> Aggregate for Bridge<S> {
    const TYPE: &'static str = S::TYPE;
    type Command = (S::Id, S::Command, Facts<S>);
    type Event = BridgeEvent<S::Event>;
    type Error = S::Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        (id, command, facts): Self::Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), S::Refusal> {
        for event in decide(&self.0, id, &command, &facts)? {
            sink.write(BridgeEvent(event), self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.0.evolve(&event.0);
    }
}
