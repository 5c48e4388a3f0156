//! Days, months, years and hours of the cooperative's life, and the instant of recording.
//!
//! A [`Day`] is a calendar day without a time zone: when something took effect. A [`RecordedAt`]
//! is an instant in UTC microseconds: when the log learned of it. They are different types so that
//! neither can stand in for the other.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::{TextVisitor, hundredths, write_hundredths};

/// A calendar day between 1900 and 2199, written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// A calendar year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Year(u16);

/// A calendar month, written `YYYY-MM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: u16,
    month: u8,
}

/// Working time in hundredths of an hour, written with two decimals: `7.50`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hours(u32);

/// A time of a day in quarters of an hour, written `09:15`; `24:00` is the end of the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    quarters: u8,
}

/// When the log recorded an event: microseconds since 1970 in UTC, never decreasing in a log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordedAt(i64);

/// Why a text is no day, month or number of hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}")]
pub struct DateError {
    expected: &'static str,
    found: String,
}

impl Day {
    /// The day with this year, month and day of month; `None` where the calendar has no such day.
    pub fn try_new(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        Self::in_calendar(date)
    }

    /// The same day for chrono.
    pub const fn naive(self) -> NaiveDate {
        self.0
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i32 {
        self.0.num_days_from_ce() - 719_163
    }

    /// The day so many days after 1970-01-01; `None` outside 1900 to 2199.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::in_calendar(NaiveDate::from_num_days_from_ce_opt(number.checked_add(719_163)?)?)
    }

    fn in_calendar(date: NaiveDate) -> Option<Self> {
        (1900..2200).contains(&date.year()).then_some(Self(date))
    }

    /// The year the day lies in.
    pub fn year(self) -> Year {
        Year(u16::try_from(self.0.year()).expect("a day lies between 1900 and 2199"))
    }

    /// The month the day lies in.
    pub fn month(self) -> Month {
        Month { year: self.year().0, month: u8::try_from(self.0.month()).expect("at most 12") }
    }

    /// The day so many days later, or earlier when negative.
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_number(self.number() + days).expect("dates stay between 1900 and 2199")
    }

    /// The same day of the month so many months later, or that month's last day where it is shorter;
    /// `None` after 2199.
    pub fn plus_months(self, months: u32) -> Option<Self> {
        Self::in_calendar(self.0.checked_add_months(Months::new(months))?)
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date)
    }
}

impl Year {
    /// The year with this number.
    pub const fn new(year: u16) -> Self {
        Self(year)
    }

    /// Its number.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// Its first day, 1 January.
    pub fn first_day(self) -> Day {
        Day::try_new(i32::from(self.0), 1, 1).expect("a year begins on 1 January")
    }

    /// Its last day, 31 December.
    pub fn last_day(self) -> Day {
        Day::try_new(i32::from(self.0), 12, 31).expect("a year ends on 31 December")
    }

    /// The year after.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl Month {
    /// Its first day.
    pub fn first_day(self) -> Day {
        Day::try_new(i32::from(self.year), u32::from(self.month), 1).expect("months begin on 1")
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        let (year, month) = match self.month {
            12 => (self.year + 1, 1),
            month => (self.year, month + 1),
        };
        Self { year, month }.first_day().plus_days(-1)
    }

    /// The month after.
    pub const fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }
}

impl Hours {
    /// So many hundredths of an hour.
    pub const fn from_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// Hundredths of an hour.
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// The sum of both.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("hours of one contract fit in 32 bits"))
    }
}

impl TimeOfDay {
    /// How long it is until a later time of the same day; nothing when that is no later.
    pub const fn hours_until(self, later: Self) -> Hours {
        Hours(25 * later.quarters.saturating_sub(self.quarters) as u32)
    }
}

impl RecordedAt {
    /// The instant so many microseconds after 1970-01-01 00:00 UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01 00:00 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The same instant for chrono.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).expect("recording happens in chrono's range")
    }

    /// The day in Brussels on which the log recorded it: what an entry is booked on.
    ///
    /// Summer time runs from the last Sunday of March to the last Sunday of October, 01:00 UTC.
    /// Source: directive 2000/84/EC art. 2 and 3.
    pub fn day_in_brussels(self) -> Day {
        let utc = self.utc();
        let switch = |month: u32| {
            let last = NaiveDate::from_ymd_opt(utc.year(), month, 31).expect("31 days");
            let sunday = last - chrono::Days::new(u64::from(last.weekday().num_days_from_sunday()));
            sunday.and_hms_opt(1, 0, 0).expect("01:00 exists").and_utc()
        };
        let summer = utc >= switch(3) && utc < switch(10);
        let offset = chrono::TimeDelta::hours(if summer { 2 } else { 1 });
        Day((utc + offset).date_naive())
    }
}

fn two_digits(bytes: &[u8]) -> Option<u32> {
    match bytes {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(u32::from(a - b'0') * 10 + u32::from(b - b'0')),
        _ => None,
    }
}

impl FromStr for Day {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let parse = || match text.as_bytes() {
            [y @ .., b'-', _, _, b'-', _, _] if y.len() == 4 => {
                let year = two_digits(&y[..2])? * 100 + two_digits(&y[2..])?;
                let bytes = text.as_bytes();
                Self::try_new(i32::try_from(year).ok()?, two_digits(&bytes[5..7])?, two_digits(&bytes[8..])?)
            }
            _ => None,
        };
        parse().ok_or_else(|| DateError {
            expected: "a day such as 2025-03-31, between 1900 and 2199",
            found: text.to_owned(),
        })
    }
}

impl FromStr for Month {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        format!("{text}-01")
            .parse::<Day>()
            .map(Day::month)
            .map_err(|_| DateError { expected: "a month such as 2025-03", found: text.to_owned() })
    }
}

impl FromStr for Hours {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        hundredths(text).ok().and_then(|h| u32::try_from(h).ok()).map(Self).ok_or_else(|| DateError {
            expected: "hours with exactly two decimals such as 7.50",
            found: text.to_owned(),
        })
    }
}

impl FromStr for TimeOfDay {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let parse = || match text.as_bytes() {
            [h @ .., b':', m1, m2] if h.len() == 2 => {
                let (hour, minute) = (two_digits(h)?, two_digits(&[*m1, *m2])?);
                let quarters = u8::try_from(hour * 4 + minute / 15).ok()?;
                (minute < 60 && minute % 15 == 0 && quarters <= 96).then_some(Self { quarters })
            }
            _ => None,
        };
        parse().ok_or_else(|| DateError {
            expected: "a time in quarters of an hour such as 09:15, up to 24:00",
            found: text.to_owned(),
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(day_text(*self, &mut [0; 10]))
    }
}

fn day_text(day: Day, buffer: &mut [u8; 10]) -> &str {
    let digit = |value: u32| b'0' + u8::try_from(value % 10).expect("a digit is below ten");
    let (year, month, of_month) = (u32::from(day.year().0), day.0.month(), day.0.day());
    *buffer = [
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(of_month / 10),
        digit(of_month),
    ];
    std::str::from_utf8(buffer).expect("digits are ASCII")
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(write_hundredths(i64::from(self.0), &mut [0; 24]))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.quarters / 4, self.quarters % 4 * 15)
    }
}

impl fmt::Display for RecordedAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.utc().format("%Y-%m-%dT%H:%M:%S%.6fZ"))
    }
}

macro_rules! debug_as_display {
    ($($name:ty),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}
debug_as_display!(Day, Year, Month, Hours, TimeOfDay, RecordedAt);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(day_text(*self, &mut [0; 10]))
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(write_hundredths(i64::from(self.0), &mut [0; 24]))
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

macro_rules! deserialize_from_text {
    ($($name:ty: $expecting:literal),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(TextVisitor {
                    expecting: $expecting,
                    parse: |text| text.parse().map_err(|e: DateError| e.to_string()),
                })
            }
        }
    )*};
}
deserialize_from_text!(
    Day: "a day as text such as \"2025-03-31\"",
    Month: "a month as text such as \"2025-03\"",
    Hours: "hours as text with exactly two decimals such as \"7.50\"",
    TimeOfDay: "a time as text in quarters of an hour such as \"09:15\""
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for bad in ["2025-02-29", "2025-13-01", "25-01-01", "2025/01/01", "2025-1-1", "", "1899-12-31"] {
            assert!(bad.parse::<Day>().is_err(), "{bad:?} must be refused");
        }
    }

    #[test]
    fn times_are_quarters_of_an_hour() {
        for bad in ["9:15", "09:10", "24:15", "09:60", "0915", "", "-1:00"] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad:?} must be refused");
        }
        let at = |text: &str| text.parse::<TimeOfDay>().unwrap();
        for text in ["00:00", "09:15", "23:45", "24:00"] {
            assert_eq!(at(text).to_string(), text);
        }
        assert_eq!(at("09:15").hours_until(at("12:00")), Hours::from_hundredths(275));
        assert_eq!(at("12:00").hours_until(at("09:15")), Hours::default());
    }

    #[test]
    fn an_entry_is_booked_on_the_day_in_brussels() {
        let at = |text: &str| {
            let instant = DateTime::parse_from_rfc3339(text).unwrap();
            RecordedAt::from_micros(instant.timestamp_micros()).day_in_brussels().to_string()
        };
        assert_eq!(at("2025-01-31T22:59:59Z"), "2025-01-31");
        assert_eq!(at("2025-01-31T23:00:00Z"), "2025-02-01");
        assert_eq!(at("2025-07-01T21:59:59Z"), "2025-07-01");
        assert_eq!(at("2025-07-01T22:00:00Z"), "2025-07-02");
        assert_eq!(at("2025-03-30T00:59:59Z"), "2025-03-30");
    }

    proptest! {
        #[test]
        fn days_survive_their_text_and_number(number in -25_567_i32..84_005) {
            let day = Day::from_number(number).unwrap();
            prop_assert_eq!(day.to_string().parse::<Day>().unwrap(), day);
            prop_assert_eq!(day.number(), number);
        }
    }
}
