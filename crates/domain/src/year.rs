//! A fiscal year: opened, booked in, closed.
//!
//! Nothing takes effect on a day whose year is not open. A fiscal year is a calendar year.
//! Source: DOMAIN E5; WER III.88.

use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::{Day, Year};
use crate::envelope::{Claim, Kind, StreamId};
use crate::kinds::{kinds, refusal_codes};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};

/// Whether a fiscal year takes bookings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum FiscalYear {
    /// It was never opened.
    #[default]
    Unknown,
    /// It takes bookings.
    Open,
    /// It takes none any more.
    Closed,
}

/// What can have happened to a fiscal year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum YearEvent {
    /// Bookings may take effect in it.
    #[serde(rename = "year.opened")]
    Opened { first_day: Day, last_day: Day },
    /// Nothing takes effect in it any more.
    #[serde(rename = "year.closed")]
    Closed {},
    /// An earlier event was wrong.
    #[serde(rename = "year.corrected")]
    Corrected(Correction<YearEvent>),
}

kinds!(YearEvent {
    Opened = "year.opened" v 1,
    Closed = "year.closed" v 1,
    Corrected = "year.corrected" v 1,
});

/// What may be asked of a fiscal year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum YearCommand {
    /// Let bookings take effect in it.
    OpenYear {},
    /// Let nothing take effect in it any more.
    CloseYear {},
    /// Correct an earlier event.
    Correct(Correct<YearCommand>),
}

/// Which rules of a fiscal year can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum YearRefusal {
    /// A year opens once.
    #[error("fiscal year {year} was already opened")]
    AlreadyOpened { year: Year },
    /// Terms that begin in a year must end within the calendar.
    #[error("fiscal year {year} cannot be opened; the calendar here ends {last}")]
    BeyondCalendar { year: Year, last: Year },
    /// Only an open year closes.
    #[error("fiscal year {year} is not open and cannot be closed")]
    NotOpen { year: Year },
    /// A year closes after its last day.
    #[error("fiscal year {year} ends on {last_day} and cannot close on {effective_on}")]
    NotOver { year: Year, last_day: Day, effective_on: Day },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(YearRefusal {
    AlreadyOpened = "year.already_opened",
    BeyondCalendar = "year.beyond_calendar",
    NotOpen = "year.not_open_to_close",
    NotOver = "year.not_over",
});

impl FiscalYear {
    /// The last year that can be opened: days run to 2199, and terms of up to 10,000 working days
    /// that begin in it must end within them.
    pub const LAST: Year = Year::new(2150);
}

impl StreamEvent for YearEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Opened { .. } | Self::Closed {} => Vec::new(),
        }
    }
}

impl Stream for FiscalYear {
    const TYPE: &'static str = "year";
    const STATE_VERSION: u16 = 1;
    const BOUND_TO_OPEN_YEAR: bool = false;
    type Id = Year;
    type Command = YearCommand;
    type Event = YearEvent;
    type Refusal = YearRefusal;
    type Known = ();

    fn stream_id(year: Year) -> StreamId {
        StreamId::Year(year)
    }

    fn decide(
        &self,
        year: Year,
        command: &YearCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<YearEvent>, YearRefusal> {
        match command {
            YearCommand::OpenYear {} => match self {
                Self::Unknown if year > Self::LAST => {
                    Err(YearRefusal::BeyondCalendar { year, last: Self::LAST })
                }
                Self::Unknown => {
                    Ok(vec![YearEvent::Opened { first_day: year.first_day(), last_day: year.last_day() }])
                }
                Self::Open | Self::Closed => Err(YearRefusal::AlreadyOpened { year }),
            },
            YearCommand::CloseYear {} => {
                if *self != Self::Open {
                    return Err(YearRefusal::NotOpen { year });
                }
                let (last_day, effective_on) = (year.last_day(), facts.effective_on);
                if effective_on < last_day {
                    return Err(YearRefusal::NotOver { year, last_day, effective_on });
                }
                Ok(vec![YearEvent::Closed {}])
            }
            YearCommand::Correct(correct) => decide_correction(self, year, correct, facts),
        }
    }

    fn evolve(&mut self, event: &YearEvent) {
        match event {
            YearEvent::Opened { .. } => *self = Self::Open,
            YearEvent::Closed {} => *self = Self::Closed,
            YearEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &YearEvent) -> Result<(), CorrectionRefused> {
        let relied_upon = |because| CorrectionRefused::ReliedUpon { kind: original.kind().name, because };
        match original {
            YearEvent::Opened { .. } => Err(relied_upon("bookings may have taken effect in it")),
            YearEvent::Closed {} => Err(relied_upon("what was closed was reported; book in the next year")),
            YearEvent::Corrected(correction) => {
                Err(CorrectionRefused::AlreadyVoid { position: correction.position })
            }
        }
    }

    fn corrected(correction: Correction<YearEvent>) -> YearEvent {
        YearEvent::Corrected(correction)
    }
}
