//! Mandates as they stand on a day, as known at a position, and the seats of the board.

use std::collections::BTreeSet;
use std::fmt;

use domain::ids::{MandateId, PersonId};
use domain::mandate::MandateKind;
use domain::{Balance, Day, Position};
use serde::Serialize;

use crate::port::{ReadError, Reader, Times};
use crate::row::Row;

/// One mandate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MandateOverview {
    /// The mandate.
    pub mandate: MandateId,
    /// Whose it is, or would be.
    pub person: PersonId,
    /// Of which kind.
    pub kind: MandateKind,
    /// Where it stands on the day asked for.
    pub state: State,
    /// First day of the term.
    pub from: Option<Day>,
    /// Last day of the term, as last renewed.
    pub until: Option<Day>,
    /// The day on which it was ended before its term.
    pub ended_on: Option<Day>,
    /// What meetings allowed, over all years.
    pub allowance_voted: Balance,
    /// What of it was paid.
    pub allowance_paid: Balance,
}

/// Where a mandate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Stands for election, not appointed.
    Candidate,
    /// In force; without a day, whatever was granted and not ended.
    InForce,
    /// Its term is over.
    Expired,
    /// It was ended before its term.
    Ended,
}

/// The seats of one kind on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Seats {
    /// Which seats.
    pub kind: MandateKind,
    /// How many there are, as published for the day; none when nothing was.
    pub seats: Option<u64>,
    /// How many are taken.
    pub taken: u64,
}

/// Every mandate and candidacy as it stands on a day, as known at a position, by mandate id.
pub fn mandates(reader: &dyn Reader, times: Times) -> Result<Vec<MandateOverview>, ReadError> {
    let found = reader.query(
        "SELECT mandate, position, sign, voids, step, person, kind, from_on, until_on, amount
         FROM mandate_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY mandate, position, line",
        &[times.day(), times.position()],
    )?;
    let mut steps = Vec::with_capacity(found.len());
    let mut void = BTreeSet::new();
    for cells in &found {
        let mut row = Row::new(cells);
        let (mandate, position, sign) = (MandateId::new(row.id()?), row.position()?, row.integer()?);
        void.extend(row.optional_position()?);
        let (step, person) = (row.text()?, row.person()?);
        let kind = row.optional_parsed("a kind of mandate", MandateKind::from_word)?;
        let (from, until, amount) = (row.optional_day()?, row.optional_day()?, row.balance()?);
        if sign > 0 {
            steps.push(StepRow { mandate, position, step, person, kind, from, until, amount });
        }
    }
    steps.retain(|step| !void.contains(&step.position));
    let of_one = steps.chunk_by(|a, b| a.mandate == b.mandate);
    Ok(of_one.filter_map(|steps| stands(steps, times.as_of)).collect())
}

/// The seats of the board on a day, taken by those in force.
pub fn seats(
    reader: &dyn Reader,
    mandates: &[MandateOverview],
    times: Times,
) -> Result<Vec<Seats>, ReadError> {
    let found = reader.query(
        "SELECT kind, position, sign, voids, seats, valid_from, valid_to
         FROM seat_lines
         WHERE position <= ?1
         ORDER BY position, line",
        &[times.position()],
    )?;
    let (mut published, mut void) = (Vec::new(), BTreeSet::new());
    for cells in &found {
        let mut row = Row::new(cells);
        let kind = row.parsed("a kind of mandate", MandateKind::from_word)?;
        let (position, sign) = (row.position()?, row.integer()?);
        void.extend(row.optional_position()?);
        let (seats, from, to) = (row.count()?, row.day()?, row.optional_day()?);
        if sign > 0 {
            published.push((kind, position, seats, from, to));
        }
    }
    published.retain(|(_, position, ..)| !void.contains(position));
    let kinds = MandateKind::ALL.into_iter().filter(|kind| kind.seats().is_some());
    let of_kind = |kind| {
        let valid = |from: Day, to: Option<Day>| {
            times.as_of.is_none_or(|day| from <= day && to.is_none_or(|to| day <= to))
        };
        // Of several that are valid, the one published last holds.
        let last = published.iter().rev().find(|(of, _, _, from, to)| *of == kind && valid(*from, *to));
        let taken = mandates.iter().filter(|of| of.kind == kind && of.state == State::InForce);
        Seats { kind, seats: last.map(|(_, _, seats, ..)| *seats), taken: taken.count() as u64 }
    };
    Ok(kinds.map(of_kind).collect())
}

struct StepRow<'a> {
    mandate: MandateId,
    position: Position,
    step: &'a str,
    person: PersonId,
    kind: Option<MandateKind>,
    from: Option<Day>,
    until: Option<Day>,
    amount: Balance,
}

fn stands(steps: &[StepRow<'_>], as_of: Option<Day>) -> Option<MandateOverview> {
    let first = steps.iter().find(|step| step.kind.is_some())?;
    let mut found = MandateOverview {
        mandate: first.mandate,
        person: first.person,
        kind: first.kind?,
        state: State::Candidate,
        from: None,
        until: None,
        ended_on: None,
        allowance_voted: Balance::ZERO,
        allowance_paid: Balance::ZERO,
    };
    for step in steps {
        match step.step {
            "granted" => {
                found.state = State::InForce;
                (found.from, found.until) = (step.from, step.until);
            }
            "renewed" => found.until = step.until,
            "ended" => {
                found.state = State::Ended;
                found.ended_on = step.from;
            }
            "voted" => found.allowance_voted = found.allowance_voted + step.amount,
            "paid" => found.allowance_paid = found.allowance_paid + step.amount,
            _ => {}
        }
    }
    let is_over = as_of.zip(found.until).is_some_and(|(day, until)| until < day);
    if found.state == State::InForce && is_over {
        found.state = State::Expired;
    }
    Some(found)
}

impl State {
    /// Every state, in the order of a mandate's life.
    pub const ALL: [Self; 4] = [Self::Candidate, Self::InForce, Self::Expired, Self::Ended];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::InForce => "in_force",
            Self::Expired => "expired",
            Self::Ended => "ended",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
