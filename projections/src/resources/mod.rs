//! Shared resources: who booked which desk, room or machine, and what units paid the pool for it.
//!
//! One line per step; a correction adds a line that names the step it takes back.
//! Source: DOMAIN F3 (resource).

mod queries;

use domain::ids::{BookingId, UnitId};
use domain::resource::{ResourceEvent, ResourceKind};
use domain::{Event, Hours, StreamId};

pub use queries::{ResourceUse, UnitUse, Used, resources, units};

use crate::port::{Column, Index, Projection, Rows, Seen, Shape, Table, Value, day};

/// The steps of resources; `amount` is the price by the hour or what was charged, in cents.
pub static LINES: Table = Table {
    name: "resource_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("resource_id"),
        Column::text("step"),
        Column::text("kind"),
        Column::id("unit"),
        Column::id("booking"),
        Column::integer("used_on"),
        Column::integer("hundredths"),
        Column::integer("amount"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    indexes: &[Index {
        name: "resource_lines_resource",
        columns: &["resource_id", "position"],
        unless_null: None,
    }],
};

/// The fold of steps into lines.
#[derive(Debug, Default)]
pub struct Resources;

impl Projection for Resources {
    fn name(&self) -> &'static str {
        "resources"
    }

    fn question(&self) -> &'static str {
        "who booked which shared desk, room or machine, and what was paid for it"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Resource(resource) = seen.stream() else { return };
        for (line, change) in (0..).zip(seen.changes()) {
            let Event::Resource(event) = change.event.as_ref() else { continue };
            let hours = |hours: Hours| Value::Integer(i64::from(hours.hundredths()));
            let (unit_of, booking_of) =
                (|unit: &UnitId| Value::Id(unit.uuid()), |booking: &BookingId| Value::Id(booking.uuid()));
            let nothing = || Value::Integer(0);
            let (step, kind, unit, booking, used_on, hundredths, amount) = match event {
                ResourceEvent::Opened { kind, per_hour } => {
                    let (kind, price) = (Value::Text(word(*kind)), Value::Integer(per_hour.cents()));
                    ("opened", kind, Value::Null, Value::Null, Value::Null, nothing(), price)
                }
                ResourceEvent::Booked { booking, unit, slot, .. } => {
                    let (unit, booking) = (unit_of(unit), booking_of(booking));
                    let (used_on, length) = (day(slot.on), hours(slot.hours()));
                    ("booked", Value::Null, unit, booking, used_on, length, nothing())
                }
                ResourceEvent::Charged { booking, unit, hours: length, amount, .. } => {
                    let (unit, booking) = (unit_of(unit), booking_of(booking));
                    let (length, amount) = (hours(*length), Value::Integer(amount.cents()));
                    ("charged", Value::Null, unit, booking, Value::Null, length, amount)
                }
                ResourceEvent::Corrected(_) => continue,
            };
            rows.insert(
                &LINES,
                &[
                    seen.position(),
                    Value::Integer(line),
                    Value::Id(resource.uuid()),
                    Value::Text(step),
                    kind,
                    unit,
                    booking,
                    used_on,
                    hundredths,
                    amount,
                    seen.effective_on(),
                    change.voids(),
                ],
            );
        }
    }
}

const fn word(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Desk => "desk",
        ResourceKind::Room => "room",
        ResourceKind::Machine => "machine",
    }
}
