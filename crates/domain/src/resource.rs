//! Shared resources: desks, rooms and machines that units book and pay for by the hour.
//!
//! One stream per resource, which serves one booking at a time. What it costs the cooperative is borne
//! by the mutual pool when it is bought or rented; using it gives the pool a part of that back from the
//! unit's budget. Nothing is sold: unit and pool are owners inside one legal person, so there is neither
//! invoice nor VAT, and the sum of all owners stays as it is.
//! Left out: use by outsiders, whom a unit invoices; a change of price, which is another resource.
//! Source: case study of the governance model (co-working, machines); DOMAIN F2 (every cent has an
//! owner), F3.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::correction::{
    Correct, Correction, CorrectionRefused, claims_of_correction, decide_correction, evolve_correction,
};
use crate::dates::{Day, Hours, TimeOfDay};
use crate::envelope::{Claim, Claimed, Kind, StreamId};
use crate::ids::{BookingId, PersonId, ResourceId, UnitId};
use crate::kinds::{kinds, refusal_codes};
use crate::money::{Amount, Balance, CENTS_MAX, Rate, Rounding};
use crate::stream::{Facts, Stream, StreamEvent, YearNotOpen};
use crate::unit::BudgetKnown;

/// No booking is longer than a day.
const HOURS_A_DAY: i64 = 24;

/// What is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    /// A desk to work at.
    Desk,
    /// A room to meet or to teach in.
    Room,
    /// A machine or a tool.
    Machine,
}

/// A part of one day: from a time up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The day.
    pub on: Day,
    /// When it begins.
    pub from: TimeOfDay,
    /// When it is over.
    pub to: TimeOfDay,
}

/// One resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    opened: Option<Opened>,
    bookings: BTreeMap<BookingId, Booking>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Opened {
    kind: ResourceKind,
    per_hour: Balance,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Booking {
    unit: UnitId,
    slot: Slot,
    charged: bool,
}

/// What can have happened to a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum ResourceEvent {
    /// The resource may be booked, at a price by the hour that may be nothing.
    #[serde(rename = "resource.opened")]
    Opened { kind: ResourceKind, per_hour: Balance },
    /// A holder booked it for a unit.
    #[serde(rename = "resource.booked")]
    Booked { booking: BookingId, unit: UnitId, holder: PersonId, slot: Slot },
    /// The unit gave the pool what its use of the resource costs.
    #[serde(rename = "resource.charged")]
    Charged { booking: BookingId, unit: UnitId, hours: Hours, per_hour: Balance, amount: Amount },
    /// An earlier event was wrong.
    #[serde(rename = "resource.corrected")]
    Corrected(Correction<ResourceEvent>),
}

kinds!(ResourceEvent {
    Opened = "resource.opened" v 1,
    Booked = "resource.booked" v 1,
    Charged = "resource.charged" v 1,
    Corrected = "resource.corrected" v 1,
});

/// What may be asked of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the command's sentence names")]
pub enum ResourceCommand {
    /// Let units book it.
    OpenResource { kind: ResourceKind, per_hour: Balance },
    /// Book it for a unit.
    BookResource { booking: BookingId, unit: UnitId, holder: PersonId, slot: Slot },
    /// Charge the unit for a booking, once it was used.
    ChargeBooking { booking: BookingId },
    /// Correct an earlier event.
    Correct(Correct<ResourceCommand>),
}

/// What a resource's rules ask about the unit that books or is charged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResourceKnown {
    /// Whether it is open, and what it may spend.
    pub budget: BudgetKnown,
    /// Whether the person who books holds it.
    pub is_holder: bool,
}

/// Which rules of resources can say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields are the numbers of the sentence")]
pub enum ResourceRefusal {
    /// A resource opens once.
    #[error("the resource was opened already, at {per_hour} an hour")]
    AlreadyOpened { per_hour: Balance },
    /// Nobody books what is not there.
    #[error("no resource was opened here")]
    NotOpened,
    /// Nobody is paid for using a resource, and a whole day of it fits one amount.
    #[error("a price of {per_hour} an hour is outside 0.00 to {max}")]
    PriceOutOfRange { per_hour: Balance, max: Balance },
    /// A booking takes time.
    #[error("a booking from {from} to {to} is over before it begins")]
    NoTime { from: TimeOfDay, to: TimeOfDay },
    /// Only holders book for an open unit.
    #[error("person {holder} holds no open unit {unit} and cannot book for it")]
    NotHeld { unit: UnitId, holder: PersonId },
    /// One booking at a time.
    #[error("booked already on {on} from {from} to {to}, by booking {booking}")]
    BookedAlready { on: Day, from: TimeOfDay, to: TimeOfDay, booking: BookingId },
    /// The booking named is not one of this resource.
    #[error("this resource has no booking {booking}")]
    UnknownBooking { booking: BookingId },
    /// Nobody pays twice.
    #[error("booking {booking} was charged already")]
    ChargedAlready { booking: BookingId },
    /// What is booked is charged when it was used.
    #[error("booking {booking} is for {on}; it cannot be charged on {effective_on}")]
    NotUsedYet { booking: BookingId, on: Day, effective_on: Day },
    /// What is free is not charged.
    #[error("{hours} hours at {per_hour} come to 0.00: nothing is charged")]
    NothingToCharge { hours: Hours, per_hour: Balance },
    /// A unit that is not open spends nothing.
    #[error("unit {unit} is not open and cannot be charged")]
    UnitNotOpen { unit: UnitId },
    /// A unit pays from budget that is there.
    #[error("{amount} is more than the {available} available to unit {unit}")]
    OverBudget { unit: UnitId, amount: Amount, available: Balance },
    /// The guard of all streams.
    #[error(transparent)]
    YearNotOpen(#[from] YearNotOpen),
    /// The rules of corrections.
    #[error(transparent)]
    Correction(#[from] CorrectionRefused),
}

refusal_codes!(ResourceRefusal {
    AlreadyOpened = "resource.already_opened",
    NotOpened = "resource.not_opened",
    PriceOutOfRange = "resource.price_out_of_range",
    NoTime = "resource.no_time",
    NotHeld = "resource.not_held",
    BookedAlready = "resource.booked_already",
    UnknownBooking = "resource.unknown_booking",
    ChargedAlready = "resource.charged_already",
    NotUsedYet = "resource.not_used_yet",
    NothingToCharge = "resource.nothing_to_charge",
    UnitNotOpen = "resource.unit_not_open",
    OverBudget = "resource.over_budget",
});

impl StreamEvent for ResourceEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Booked { booking, .. } => {
                vec![Claim { what: Claimed::Booking, key: *booking.uuid().as_bytes() }]
            }
            Self::Corrected(correction) => claims_of_correction(correction),
            Self::Opened { .. } | Self::Charged { .. } => Vec::new(),
        }
    }
}

impl Stream for Resource {
    const TYPE: &'static str = "resource";
    const STATE_VERSION: u16 = 1;
    type Id = ResourceId;
    type Command = ResourceCommand;
    type Event = ResourceEvent;
    type Refusal = ResourceRefusal;
    type Known = ResourceKnown;

    fn stream_id(id: ResourceId) -> StreamId {
        StreamId::Resource(id)
    }

    fn decide(
        &self,
        id: ResourceId,
        command: &ResourceCommand,
        facts: &Facts<Self>,
    ) -> Result<Vec<ResourceEvent>, ResourceRefusal> {
        let event = match command {
            ResourceCommand::OpenResource { kind, per_hour } => {
                if let Some(Opened { per_hour, .. }) = self.opened {
                    return Err(ResourceRefusal::AlreadyOpened { per_hour });
                }
                let (kind, per_hour) = (*kind, *per_hour);
                let max = Balance::from_cents(CENTS_MAX / HOURS_A_DAY);
                if per_hour.is_negative() || max < per_hour {
                    return Err(ResourceRefusal::PriceOutOfRange { per_hour, max });
                }
                ResourceEvent::Opened { kind, per_hour }
            }
            ResourceCommand::BookResource { booking, unit, holder, slot } => {
                self.book(*booking, (*unit, *holder), *slot, facts)?
            }
            ResourceCommand::ChargeBooking { booking } => self.charge(*booking, facts)?,
            // Taking a charge back gives budget back; a replacement asks for it under the same rule.
            ResourceCommand::Correct(correct) => return decide_correction(self, id, correct, facts),
        };
        Ok(vec![event])
    }

    fn evolve(&mut self, event: &ResourceEvent) {
        match event {
            ResourceEvent::Opened { kind, per_hour } => {
                self.opened = Some(Opened { kind: *kind, per_hour: *per_hour });
            }
            ResourceEvent::Booked { booking, unit, slot, .. } => {
                self.bookings.insert(*booking, Booking { unit: *unit, slot: *slot, charged: false });
            }
            ResourceEvent::Charged { booking, .. } => self.known_booking(*booking).charged = true,
            ResourceEvent::Corrected(correction) => evolve_correction(self, correction),
        }
    }

    fn void(&mut self, original: &ResourceEvent) -> Result<(), CorrectionRefused> {
        let relied_upon = |because| CorrectionRefused::ReliedUpon { kind: original.kind().name, because };
        match original {
            ResourceEvent::Opened { .. } => {
                if !self.bookings.is_empty() {
                    return Err(relied_upon("it was booked since"));
                }
                self.opened = None;
            }
            ResourceEvent::Booked { booking, .. } => {
                let open = self.bookings.get(booking).filter(|found| !found.charged);
                open.ok_or_else(|| relied_upon("it was charged since"))?;
                self.bookings.remove(booking);
            }
            ResourceEvent::Charged { booking, .. } => {
                let found = self.bookings.get_mut(booking);
                found.ok_or_else(|| relied_upon("the booking was taken back since"))?.charged = false;
            }
            ResourceEvent::Corrected(correction) => {
                return Err(CorrectionRefused::AlreadyVoid { position: correction.position });
            }
        }
        Ok(())
    }

    fn corrected(correction: Correction<ResourceEvent>) -> ResourceEvent {
        ResourceEvent::Corrected(correction)
    }
}

impl Resource {
    /// The unit that a command is about, and who books for it.
    pub fn unit_and_holder(&self, command: &ResourceCommand) -> (Option<UnitId>, Option<PersonId>) {
        match command {
            ResourceCommand::BookResource { unit, holder, .. } => (Some(*unit), Some(*holder)),
            ResourceCommand::ChargeBooking { booking } => {
                (self.bookings.get(booking).map(|booking| booking.unit), None)
            }
            ResourceCommand::Correct(correct) => {
                correct.replacement.as_deref().map_or((None, None), |instead| self.unit_and_holder(instead))
            }
            ResourceCommand::OpenResource { .. } => (None, None),
        }
    }

    fn book(
        &self,
        booking: BookingId,
        (unit, holder): (UnitId, PersonId),
        slot: Slot,
        facts: &Facts<Self>,
    ) -> Result<ResourceEvent, ResourceRefusal> {
        self.opened.ok_or(ResourceRefusal::NotOpened)?;
        let Slot { from, to, .. } = slot;
        if to <= from {
            return Err(ResourceRefusal::NoTime { from, to });
        }
        if !facts.known.budget.is_open || !facts.known.is_holder {
            return Err(ResourceRefusal::NotHeld { unit, holder });
        }
        if let Some((other, found)) = self.bookings.iter().find(|(_, found)| found.slot.overlaps(&slot)) {
            let (booking, Slot { on, from, to }) = (*other, found.slot);
            return Err(ResourceRefusal::BookedAlready { on, from, to, booking });
        }
        Ok(ResourceEvent::Booked { booking, unit, holder, slot })
    }

    fn charge(&self, booking: BookingId, facts: &Facts<Self>) -> Result<ResourceEvent, ResourceRefusal> {
        let Opened { per_hour, .. } = self.opened.ok_or(ResourceRefusal::NotOpened)?;
        let found = self.bookings.get(&booking).ok_or(ResourceRefusal::UnknownBooking { booking })?;
        if found.charged {
            return Err(ResourceRefusal::ChargedAlready { booking });
        }
        let (on, effective_on) = (found.slot.on, facts.effective_on);
        if effective_on < on {
            return Err(ResourceRefusal::NotUsedYet { booking, on, effective_on });
        }
        let hours = found.slot.hours();
        let price =
            per_hour.times(Rate::new(Decimal::new(i64::from(hours.hundredths()), 2)), Rounding::HalfUp);
        let amount =
            Amount::try_from(price).map_err(|_| ResourceRefusal::NothingToCharge { hours, per_hour })?;
        let (unit, BudgetKnown { is_open, available }) = (found.unit, facts.known.budget);
        if !is_open {
            return Err(ResourceRefusal::UnitNotOpen { unit });
        }
        if amount.balance() > available {
            return Err(ResourceRefusal::OverBudget { unit, amount, available });
        }
        Ok(ResourceEvent::Charged { booking, unit, hours, per_hour, amount })
    }

    fn known_booking(&mut self, booking: BookingId) -> &mut Booking {
        self.bookings.get_mut(&booking).expect("events name bookings that were made")
    }
}

impl Slot {
    /// How long it takes.
    pub fn hours(&self) -> Hours {
        self.from.hours_until(self.to)
    }

    /// Whether both lie on the same day and share some time; what ends when another begins does not.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.on == other.on && self.from < other.to && other.from < self.to
    }
}
