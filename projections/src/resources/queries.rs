//! How much each resource was booked and charged, as a whole and by unit.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{ResourceId, UnitId};
use domain::{Balance, Hours, Position};
use serde::Serialize;

use crate::port::{Cell, ReadError, Reader, Times};
use crate::row::Row;

/// One resource in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceUse {
    /// The resource.
    pub resource: ResourceId,
    /// What it is: `desk`, `room` or `machine`.
    pub kind: String,
    /// What an hour costs.
    pub per_hour: Balance,
    /// How much it was used.
    #[serde(flatten)]
    pub used: Used,
}

/// What a unit used of all resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UnitUse {
    /// The unit.
    pub unit: UnitId,
    /// How much it used.
    #[serde(flatten)]
    pub used: Used,
}

/// Bookings, and what was charged for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Used {
    /// How many bookings.
    pub n_bookings: i64,
    /// How long they are together.
    pub hours: Hours,
    /// How many of them were charged.
    pub n_charged: i64,
    /// What units gave the pool for them.
    pub charged: Balance,
}

/// Every resource that is open on a day, as known at a position, by id.
pub fn resources(reader: &dyn Reader, times: Times) -> Result<Vec<ResourceUse>, ReadError> {
    let cells = cells(reader, times)?;
    let mut found: BTreeMap<ResourceId, ResourceUse> = BTreeMap::new();
    for line in lines(&cells)? {
        let resource = line.resource;
        if let Some(kind) = line.kind {
            let (kind, per_hour, used) = (kind.to_owned(), line.amount, Used::default());
            found.insert(resource, ResourceUse { resource, kind, per_hour, used });
        } else if let Some(resource) = found.get_mut(&resource) {
            resource.used.add(&line);
        }
    }
    Ok(found.into_values().collect())
}

/// What each unit used, by id.
pub fn units(reader: &dyn Reader, times: Times) -> Result<Vec<UnitUse>, ReadError> {
    let cells = cells(reader, times)?;
    let mut found: BTreeMap<UnitId, Used> = BTreeMap::new();
    for line in lines(&cells)? {
        if let Some(unit) = line.unit {
            found.entry(unit).or_default().add(&line);
        }
    }
    Ok(found.into_iter().map(|(unit, used)| UnitUse { unit, used }).collect())
}

impl Used {
    fn add(&mut self, line: &Line<'_>) {
        match line.step {
            "booked" => {
                self.n_bookings += 1;
                self.hours = self.hours.plus(line.hours);
            }
            _ => {
                self.n_charged += 1;
                self.charged = self.charged + line.amount;
            }
        }
    }
}

struct Line<'a> {
    position: Position,
    voids: Option<Position>,
    resource: ResourceId,
    step: &'a str,
    kind: Option<&'a str>,
    unit: Option<UnitId>,
    hours: Hours,
    amount: Balance,
}

fn cells(reader: &dyn Reader, times: Times) -> Result<Vec<Vec<Cell>>, ReadError> {
    reader.query(
        "SELECT position, voids, resource_id, step, kind, unit, hundredths, amount
         FROM resource_lines
         WHERE effective_on <= ?1 AND position <= ?2
         ORDER BY position, line",
        &[times.day(), times.position()],
    )
}

/// The steps that stand, in the order of the log.
fn lines(cells: &[Vec<Cell>]) -> Result<Vec<Line<'_>>, ReadError> {
    let read = |cells| {
        let mut row = Row::new(cells);
        Ok(Line {
            position: row.position()?,
            voids: row.optional_position()?,
            resource: ResourceId::new(row.id()?),
            step: row.text()?,
            kind: row.optional_text()?,
            unit: row.optional_unit()?,
            hours: row.parsed_integer("hundredths of an hour", |hundredths| {
                u32::try_from(hundredths).ok().map(Hours::from_hundredths)
            })?,
            amount: row.balance()?,
        })
    };
    let all = cells.iter().map(|cells| read(cells)).collect::<Result<Vec<_>, _>>()?;
    let voided: BTreeSet<_> = all.iter().filter_map(|line| line.voids).collect();
    Ok(all.into_iter().filter(|line| line.voids.is_none() && !voided.contains(&line.position)).collect())
}
