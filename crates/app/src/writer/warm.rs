//! Warm streams: folded states that the writer keeps between commands.
//!
//! A state is read from its snapshot and the tail of its stream, and kept until it is among the
//! least recently used of too many, or until a commit fails and nothing in memory can be trusted.

use domain::series::Series;
use domain::statutes::Statutes;
use domain::{Event, Sequence, Stream, StreamId};
use rustc_hash::FxHashMap;
use store::{LogReader, Snapshot};

use super::WriteError;

/// How many streams are kept at most; the older half goes when there are more.
const WARM_STREAMS_MAX: usize = 65_536;
/// A stream is snapshotted when it has grown by so many events, and by a quarter: what is written
/// for snapshots stays in proportion to what is written for events.
const SNAPSHOT_EVERY_EVENTS: u64 = 256;

/// Where a folded state stands, and where its last snapshot stood.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    sequence: Sequence,
    snapshot_at: Sequence,
}

/// One folded state and its place.
#[derive(Clone, Debug, Default)]
pub(super) struct At<S> {
    state: S,
    place: Place,
}

/// A stream type that the writer can keep warm.
pub(super) trait Warm: Stream
where
    Event: From<Self::Event>,
{
    fn of(state: &State) -> Option<&At<Self>>;
    fn event_of(event: Event) -> Option<Self::Event>;
}

macro_rules! states {
    ($($(#[$doc:meta])* $stream:ident: $module:ident::$state:ident;)*) => {
        /// The folded state of a stream of any type.
        #[derive(Clone, Debug)]
        pub(super) enum State {
            Statutes(Box<At<Statutes>>),
            Series(Box<At<Series>>),
            $($stream(Box<At<domain::$module::$state>>),)*
        }

        impl State {
            fn empty(stream: StreamId) -> Self {
                match stream {
                    StreamId::Statutes => Self::Statutes(Box::default()),
                    StreamId::Series(_) => Self::Series(Box::default()),
                    $(StreamId::$stream(_) => Self::$stream(Box::default()),)*
                }
            }

            pub(super) fn evolve(&mut self, event: &Event) {
                match (&mut *self, event) {
                    (Self::Statutes(at), Event::Statutes(event)) => at.evolve(event),
                    (Self::Series(at), Event::Series(event)) => at.evolve(event),
                    $((Self::$stream(at), Event::$stream(event)) => at.evolve(event),)*
                    _ => unreachable!("an event is folded into a stream of its own type"),
                }
            }

            fn state_version(&self) -> u16 {
                match self {
                    Self::Statutes(_) => Statutes::STATE_VERSION,
                    Self::Series(_) => Series::STATE_VERSION,
                    $(Self::$stream(_) => <domain::$module::$state as Stream>::STATE_VERSION,)*
                }
            }

            fn place(&self) -> Place {
                match self {
                    Self::Statutes(at) => at.place,
                    Self::Series(at) => at.place,
                    $(Self::$stream(at) => at.place,)*
                }
            }

            fn place_mut(&mut self) -> &mut Place {
                match self {
                    Self::Statutes(at) => &mut at.place,
                    Self::Series(at) => &mut at.place,
                    $(Self::$stream(at) => &mut at.place,)*
                }
            }

            fn to_bytes(&self) -> Vec<u8> {
                let bytes = match self {
                    Self::Statutes(at) => postcard::to_stdvec(&at.state),
                    Self::Series(at) => postcard::to_stdvec(&at.state),
                    $(Self::$stream(at) => postcard::to_stdvec(&at.state),)*
                };
                bytes.expect("a state can be written")
            }

            /// Takes a snapshot's state; nothing when its bytes are of another shape.
            fn from_snapshot(snapshot: &Snapshot) -> Option<Self> {
                let mut state = Self::empty(snapshot.stream);
                match &mut state {
                    Self::Statutes(at) => at.state = postcard::from_bytes(&snapshot.state).ok()?,
                    Self::Series(at) => at.state = postcard::from_bytes(&snapshot.state).ok()?,
                    $(Self::$stream(at) => at.state = postcard::from_bytes(&snapshot.state).ok()?,)*
                }
                *state.place_mut() = Place { sequence: snapshot.sequence, snapshot_at: snapshot.sequence };
                Some(state)
            }
        }

        warm!(Statutes: Statutes);
        warm!(Series: Series);
        $(warm!($stream: domain::$module::$state);)*
    };
}

macro_rules! warm {
    ($variant:ident: $stream:ty) => {
        impl Warm for $stream {
            fn of(state: &State) -> Option<&At<Self>> {
                match state {
                    State::$variant(at) => Some(at),
                    _ => None,
                }
            }

            fn event_of(event: Event) -> Option<Self::Event> {
                match event {
                    Event::$variant(event) => Some(event),
                    _ => None,
                }
            }
        }
    };
}

domain::for_each_stream! { states }

impl<S: Stream> At<S> {
    fn evolve(&mut self, event: &S::Event) {
        self.state.evolve(event);
        self.place.sequence.0 += 1;
    }
}

impl State {
    pub(super) fn sequence(&self) -> Sequence {
        self.place().sequence
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
        let place = state.place_mut();
        let grown_by = place.sequence.0 - place.snapshot_at.0;
        if grown_by >= SNAPSHOT_EVERY_EVENTS.max(place.snapshot_at.0 / 4) {
            place.snapshot_at = place.sequence;
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
