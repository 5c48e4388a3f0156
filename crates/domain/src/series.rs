//! A numbering series: gapless, unique, in date order.
//!
//! One stream per series and fiscal year. Invoices and credit notes have series of their own; a
//! series that numbered the one cannot number the other. Numbers are taken only together with the
//! document they number, so none is ever lost.
//! Source: KB 1 art. 5 (VAT); WER III.88; DOMAIN E3 and E4.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::correction::{Correction, CorrectionRefused, claims_of_correction, evolve_correction};
use crate::dates::{Day, Year};
use crate::envelope::{Claim, Kind, SeriesId, StreamId};
use crate::kinds::{kinds, refusal_codes};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::text::DocumentNumber;

/// What a series numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Numbered {
    /// Invoices to clients.
    Invoice,
    /// Credit notes on such invoices.
    CreditNote,
}

/// The last number taken, and what the series numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    last: u32,
    last_on: Option<Day>,
    numbers: Option<Numbered>,
}

/// What can have happened in a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum SeriesEvent {
    /// A document took the next number.
    #[serde(rename = "number.taken")]
    NumberTaken { n: u32, number: DocumentNumber, numbered: Numbered, document: Uuid, on: Day },
    /// An earlier event was wrong.
    #[serde(rename = "series.corrected")]
    Corrected(Correction<SeriesEvent>),
}

kinds!(SeriesEvent {
    NumberTaken = "number.taken" v 1,
    Corrected = "series.corrected" v 1,
});

/// Asks for the next number; only commands that issue a document do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TakeNumber {
    /// What kind of document it is.
    pub numbered: Numbered,
    /// The document's id.
    pub document: Uuid,
}

/// Which rules of a series can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum SeriesRefusal {
    /// A series counts in one year.
    #[error("series {series} does not number documents of {effective_on}")]
    WrongYear { series: SeriesId, effective_on: Day },
    /// Invoices and credit notes have series of their own.
    #[error("series {series} numbers {found}s, not {asked}s")]
    OtherDocuments { series: SeriesId, found: &'static str, asked: &'static str },
    /// Numbers follow the calendar.
    #[error("series {series} has reached {last_on}; a document of {effective_on} would be out of order")]
    OutOfDateOrder { series: SeriesId, last_on: Day, effective_on: Day },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(SeriesRefusal {
    WrongYear = "series.wrong_year",
    OtherDocuments = "series.other_documents",
    OutOfDateOrder = "series.out_of_date_order",
});

impl StreamEvent for SeriesEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::NumberTaken { .. } => Vec::new(),
        }
    }
}

impl Stream for Series {
    const TYPE: &'static str = "series";
    const STATE_VERSION: u16 = 1;
    type Id = SeriesId;
    type Command = TakeNumber;
    type Event = SeriesEvent;
    type Refusal = SeriesRefusal;
    type Known = ();

    fn stream_id(id: SeriesId) -> StreamId {
        StreamId::Series(id)
    }

    fn decide(
        &self,
        series: SeriesId,
        command: &TakeNumber,
        facts: &Facts<Self>,
    ) -> Result<Vec<SeriesEvent>, SeriesRefusal> {
        let effective_on = facts.effective_on;
        if effective_on.year() != series.year {
            return Err(SeriesRefusal::WrongYear { series, effective_on });
        }
        if let Some(found) = self.numbers.filter(|found| *found != command.numbered) {
            let (found, asked) = (found.word(), command.numbered.word());
            return Err(SeriesRefusal::OtherDocuments { series, found, asked });
        }
        if let Some(last_on) = self.last_on.filter(|last_on| effective_on < *last_on) {
            return Err(SeriesRefusal::OutOfDateOrder { series, last_on, effective_on });
        }
        let n = self.last + 1;
        Ok(vec![SeriesEvent::NumberTaken {
            n,
            number: number_text(series, n),
            numbered: command.numbered,
            document: command.document,
            on: effective_on,
        }])
    }

    fn evolve(&mut self, event: &SeriesEvent) {
        match event {
            SeriesEvent::NumberTaken { n, numbered, on, .. } => {
                self.last = *n;
                self.last_on = Some(*on);
                self.numbers = Some(*numbered);
            }
            SeriesEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &SeriesEvent) -> Result<(), CorrectionRefused> {
        let because = "a number once taken is spent; credit the document instead";
        Err(CorrectionRefused::ReliedUpon { kind: original.kind().name, because })
    }

    fn corrected(correction: Correction<SeriesEvent>) -> SeriesEvent {
        SeriesEvent::Corrected(correction)
    }
}

impl Numbered {
    const fn word(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit note",
        }
    }
}

fn number_text(series: SeriesId, n: u32) -> DocumentNumber {
    format!("{}/{}/{n:06}", series.code, Year::number(series.year)).parse().expect("a number is a token")
}
