//! Where the instant of recording comes from: given when a log is opened, never asked inside.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{Day, RecordedAt};

/// Says when a command is recorded; the log itself never goes back.
pub trait Clock: Send + Sync {
    /// The instant for a command that takes effect on the given day.
    fn now(&self, effective_on: Day) -> RecordedAt;

    /// Whether instants are made up from effective dates; only synthetic logs take such a clock.
    fn is_synthetic(&self) -> bool;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// Noon UTC of the day on which a command takes effect: the same log on every machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SyntheticClock;

impl Clock for SystemClock {
    fn now(&self, _: Day) -> RecordedAt {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock shows a day after 1970");
        RecordedAt::from_micros(
            i64::try_from(since.as_micros()).expect("the clock shows a day before 200000"),
        )
    }

    fn is_synthetic(&self) -> bool {
        false
    }
}

impl Clock for SyntheticClock {
    fn now(&self, effective_on: Day) -> RecordedAt {
        let noon = i64::from(effective_on.number()) * 86_400 + 43_200;
        RecordedAt::from_micros(noon * 1_000_000)
    }

    fn is_synthetic(&self) -> bool {
        true
    }
}
