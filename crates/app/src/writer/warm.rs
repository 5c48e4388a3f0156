//! Warm streams: folded states that the writer keeps between commands.
//!
//! A state is read from its snapshot and the tail of its stream, and kept until it is among the
//! least recently used of too many, or until a commit fails and nothing in memory can be trusted.

use domain::filing::Filing;
use domain::grant::Grant;
use domain::loan::Loan;
use domain::member::Member;
use domain::series::Series;
use domain::statutes::Statutes;
use domain::structure::Structure;
use domain::unit::Unit;
use domain::year::FiscalYear;
use domain::{Event, Sequence, Stream, StreamId};
use rustc_hash::FxHashMap;
use store::{LogReader, Snapshot};

use super::WriteError;

/// How many streams are kept at most; the older half goes when there are more.
const WARM_STREAMS_MAX: usize = 65_536;
/// A stream is snapshotted when it has grown by so many events, and by a quarter: what is written
/// for snapshots stays in proportion to what is written for events.
const SNAPSHOT_EVERY_EVENTS: u64 = 256;

/// One folded state and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct At<S> {
    pub(super) state: S,
    pub(super) sequence: Sequence,
    snapshot_at: Sequence,
}

/// The folded state of a stream of any type.
#[derive(Clone, Debug)]
pub(super) enum State {
    Statutes(At<Statutes>),
    Year(At<FiscalYear>),
    Member(At<Member>),
    Unit(Box<At<Unit>>),
    Series(At<Series>),
    Loan(Box<At<Loan>>),
    Grant(At<Grant>),
    Structure(Box<At<Structure>>),
    Filing(At<Filing>),
}

/// A stream type that the writer can keep warm.
pub(super) trait Warm: Stream + Into<State>
where
    Event: From<Self::Event>,
{
    fn of(state: &State) -> Option<&At<Self>>;
    fn event_of(event: Event) -> Option<Self::Event>;
}

macro_rules! warm {
    ($($stream:ident = $variant:ident / $event:ident;)*) => {$(
        impl Warm for $stream {
            fn of(state: &State) -> Option<&At<Self>> {
                match state {
                    State::$variant(at) => Some(at),
                    _ => None,
                }
            }

            fn event_of(event: Event) -> Option<Self::Event> {
                match event {
                    Event::$event(event) => Some(event),
                    _ => None,
                }
            }
        }
    )*};
}
warm! {
    Statutes = Statutes / Statutes;
    FiscalYear = Year / Year;
    Member = Member / Member;
    Unit = Unit / Unit;
    Series = Series / Series;
    Loan = Loan / Loan;
    Grant = Grant / Grant;
    Structure = Structure / Structure;
    Filing = Filing / Filing;
}

macro_rules! into_state {
    ($($stream:ident => $make:expr;)*) => {$(
        impl From<$stream> for State {
            fn from(state: $stream) -> Self {
                let at = At { state, sequence: Sequence(0), snapshot_at: Sequence(0) };
                $make(at)
            }
        }
    )*};
}
into_state! {
    Statutes => State::Statutes;
    FiscalYear => State::Year;
    Member => State::Member;
    Unit => |at| State::Unit(Box::new(at));
    Series => State::Series;
    Loan => |at| State::Loan(Box::new(at));
    Grant => State::Grant;
    Structure => |at| State::Structure(Box::new(at));
    Filing => State::Filing;
}

macro_rules! each {
    ($state:expr, $at:ident => $answer:expr) => {
        match $state {
            State::Statutes($at) => $answer,
            State::Year($at) => $answer,
            State::Member($at) => $answer,
            State::Unit($at) => $answer,
            State::Series($at) => $answer,
            State::Loan($at) => $answer,
            State::Grant($at) => $answer,
            State::Structure($at) => $answer,
            State::Filing($at) => $answer,
        }
    };
}

impl State {
    fn empty(stream: StreamId) -> Self {
        match stream {
            StreamId::Statutes => Statutes::default().into(),
            StreamId::Year(_) => FiscalYear::default().into(),
            StreamId::Member(_) => Member::default().into(),
            StreamId::Unit(_) => Unit::default().into(),
            StreamId::Series(_) => Series::default().into(),
            StreamId::Loan(_) => Loan::default().into(),
            StreamId::Grant(_) => Grant::default().into(),
            StreamId::Structure(_) => Structure::default().into(),
            StreamId::Filing(_) => Filing::default().into(),
        }
    }

    pub(super) fn sequence(&self) -> Sequence {
        each!(self, at => at.sequence)
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match (&mut *self, event) {
            (Self::Statutes(at), Event::Statutes(event)) => at.state.evolve(event),
            (Self::Year(at), Event::Year(event)) => at.state.evolve(event),
            (Self::Member(at), Event::Member(event)) => at.state.evolve(event),
            (Self::Unit(at), Event::Unit(event)) => at.state.evolve(event),
            (Self::Series(at), Event::Series(event)) => at.state.evolve(event),
            (Self::Loan(at), Event::Loan(event)) => at.state.evolve(event),
            (Self::Grant(at), Event::Grant(event)) => at.state.evolve(event),
            (Self::Structure(at), Event::Structure(event)) => at.state.evolve(event),
            (Self::Filing(at), Event::Filing(event)) => at.state.evolve(event),
            _ => unreachable!("an event is folded into a stream of its own type"),
        }
        each!(self, at => at.sequence.0 += 1);
    }

    fn state_version(&self) -> u16 {
        match self {
            Self::Statutes(_) => Statutes::STATE_VERSION,
            Self::Year(_) => FiscalYear::STATE_VERSION,
            Self::Member(_) => Member::STATE_VERSION,
            Self::Unit(_) => Unit::STATE_VERSION,
            Self::Series(_) => Series::STATE_VERSION,
            Self::Loan(_) => Loan::STATE_VERSION,
            Self::Grant(_) => Grant::STATE_VERSION,
            Self::Structure(_) => Structure::STATE_VERSION,
            Self::Filing(_) => Filing::STATE_VERSION,
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        each!(self, at => postcard::to_stdvec(&at.state)).expect("a state can be written")
    }

    /// Takes a snapshot's state; nothing when its bytes are of another shape.
    fn from_snapshot(snapshot: &Snapshot) -> Option<Self> {
        let mut state = Self::empty(snapshot.stream);
        each!(&mut state, at => {
            at.state = postcard::from_bytes(&snapshot.state).ok()?;
            at.sequence = snapshot.sequence;
            at.snapshot_at = snapshot.sequence;
        });
        Some(state)
    }
}

/// The streams kept warm.
#[derive(Default)]
pub(super) struct WarmStreams {
    streams: FxHashMap<StreamId, (State, u64)>,
    tick: u64,
    snapshots_due: Vec<StreamId>,
}

impl WarmStreams {
    /// Loads a stream unless it is warm.
    pub(super) fn load(&mut self, stream: StreamId, reader: &LogReader) -> Result<(), WriteError> {
        self.tick += 1;
        if let Some((_, used)) = self.streams.get_mut(&stream) {
            *used = self.tick;
            return Ok(());
        }
        self.make_room();
        let empty = State::empty(stream);
        let snapshot = reader.load_snapshot(stream, empty.state_version())?;
        let mut state = snapshot.as_ref().and_then(State::from_snapshot).unwrap_or(empty);
        for stored in reader.read_stream(stream, state.sequence())? {
            state.evolve(&stored.decode()?.event);
        }
        self.streams.insert(stream, (state, self.tick));
        Ok(())
    }

    /// A stream that was loaded.
    pub(super) fn get(&self, stream: StreamId) -> &State {
        &self.streams.get(&stream).expect("streams are loaded before they are asked").0
    }

    /// The typed state of a stream that was loaded.
    pub(super) fn state<S: Warm>(&self, id: S::Id) -> &S
    where
        Event: From<S::Event>,
    {
        &S::of(self.get(S::stream_id(id))).expect("a stream has the state of its type").state
    }

    /// Folds a decided event into its stream.
    pub(super) fn evolve(&mut self, stream: StreamId, event: &Event) {
        let (state, _) = self.streams.get_mut(&stream).expect("streams are loaded before they evolve");
        state.evolve(event);
        let due = each!(state, at => {
            at.sequence.0 - at.snapshot_at.0 >= SNAPSHOT_EVERY_EVENTS.max(at.snapshot_at.0 / 4)
        });
        if due {
            each!(state, at => at.snapshot_at = at.sequence);
            self.snapshots_due.push(stream);
        }
    }

    /// The snapshots that have become due; places and leaves are filled in by the caller.
    pub(super) fn take_snapshots_due(&mut self) -> Vec<(StreamId, Sequence, u16, Vec<u8>)> {
        let due = std::mem::take(&mut self.snapshots_due);
        let describe = |stream: StreamId| {
            let (state, _) = self.streams.get(&stream)?;
            Some((stream, state.sequence(), state.state_version(), state.to_bytes()))
        };
        due.into_iter().filter_map(describe).collect()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.streams.clear();
        self.snapshots_due.clear();
    }

    fn make_room(&mut self) {
        if self.streams.len() < WARM_STREAMS_MAX {
            return;
        }
        let mut used: Vec<u64> = self.streams.values().map(|(_, used)| *used).collect();
        let middle = used.len() / 2;
        let (_, &mut median, _) = used.select_nth_unstable(middle);
        self.streams.retain(|_, (_, used)| *used > median);
    }
}
