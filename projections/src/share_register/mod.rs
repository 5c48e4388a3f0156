//! The register of shares: who holds which shares, what was paid on them, since when.
//!
//! One line per movement and class, so that the register at any day, as known at any position, is a
//! sum of lines. Events name a class only when shares are subscribed; what is paid, transferred or
//! cancelled is laid to the member's classes in the order of subscription. For that the projection
//! keeps each member's holdings in memory and takes them up from its own rows.
//! Left out: names, domiciles and signatures, which lie in the vault and in the documents; bonds;
//! the payment of separation shares, which has no event yet.
//! Source: WVV 6:24–6:25, 6:120; DOMAIN B2, E18.

mod queries;

use domain::ids::{MemberId, PersonId};
use domain::member::MemberEvent;
use domain::text::ShareClass;
use domain::{Event, StreamId};
use rustc_hash::FxHashMap;

pub use queries::{ClassTotal, Holding, ShareMovement, movements, register, totals};

use crate::port::{Column, Index, Projection, ReadError, Reader, Rows, Seen, Shape, Table, Value};
use crate::row::Row;

/// Movements of shares.
pub static LINES: Table = Table {
    name: "share_lines",
    columns: &[
        Column::integer("position"),
        Column::integer("line"),
        Column::id("member"),
        Column::id("person"),
        Column::text("class"),
        Column::text("kind"),
        Column::integer("shares"),
        Column::integer("subscribed"),
        Column::integer("paid"),
        Column::integer("refund"),
        Column::id("counterparty"),
        Column::integer("effective_on"),
        Column::integer("voids"),
    ],
    shape: Shape::Lines { key: 2 },
    // Few members, asked for as a whole: the index holds all that the register adds up, in its order.
    indexes: &[Index {
        name: "share_lines_member",
        columns: &[
            "member",
            "person",
            "class",
            "effective_on",
            "position",
            "shares",
            "subscribed",
            "paid",
            "refund",
        ],
        unless_null: None,
    }],
};

/// The fold of share events into lines.
#[derive(Debug, Default)]
pub struct ShareRegister {
    holders: FxHashMap<MemberId, Holder>,
    /// What the transfer read last took away, class by class; the receiver's event follows it.
    in_transfer: Vec<Part>,
}

/// What one membership holds.
#[derive(Debug)]
struct Holder {
    person: PersonId,
    /// One part per class, in the order of subscription.
    held: Vec<Part>,
    /// What the last cancellation took away.
    cancelled: Vec<Part>,
}

/// Shares of one class, or a change in them; sums are cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    class: ShareClass,
    shares: i64,
    subscribed: i64,
    paid: i64,
}

/// What one event changes.
struct Moved {
    kind: &'static str,
    person: PersonId,
    parts: Vec<Part>,
    refund: i64,
    counterparty: Option<PersonId>,
}

/// Stands for the class where none can be known, because nothing was subscribed before.
const NO_CLASS: ShareClass = ShareClass::literal("-");

impl Projection for ShareRegister {
    fn name(&self) -> &'static str {
        "share_register"
    }

    fn question(&self) -> &'static str {
        "who holds which shares, and what was paid on them, since when"
    }

    fn tables(&self) -> &'static [&'static Table] {
        const { &[&LINES] }
    }

    fn resume(&mut self, reader: &dyn Reader) -> Result<(), ReadError> {
        *self = Self::default();
        let found = reader.query(
            "SELECT position, voids, member, person, class, kind, shares, subscribed, paid
             FROM share_lines
             ORDER BY position, line",
            &[],
        )?;
        let mut read = Vec::with_capacity(found.len());
        for cells in &found {
            let mut row = Row::new(cells);
            let event = (row.position()?, row.optional_position()?);
            let (member, person) = (row.member()?, row.person()?);
            let class = row.parsed("a class of shares", |class| class.parse().ok())?;
            let kind = row.text()?;
            let (shares, subscribed, paid) = (row.integer()?, row.integer()?, row.integer()?);
            read.push((event, kind, member, person, Part { class, shares, subscribed, paid }));
        }
        for movement in read.chunk_by(|a, b| a.0 == b.0) {
            let (_, kind, member, person, _) = movement[0];
            let parts: Vec<Part> = movement.iter().map(|(.., part)| *part).collect();
            self.keep(member, person, kind, &parts);
        }
        Ok(())
    }

    fn fold(&mut self, seen: Seen<'_>, rows: &mut dyn Rows) {
        let StreamId::Member(member) = seen.stream() else { return };
        let mut line = 0;
        for change in seen.changes() {
            let Event::Member(event) = change.event.as_ref() else { continue };
            let Some(moved) = self.moved(member, event, change.sign) else { continue };
            self.keep(member, moved.person, moved.kind, &moved.parts);
            for (n, part) in moved.parts.iter().enumerate() {
                rows.insert(
                    &LINES,
                    &[
                        seen.position(),
                        Value::Integer(line),
                        Value::Id(member.uuid()),
                        Value::Id(moved.person.uuid()),
                        Value::Text(part.class.as_str()),
                        Value::Text(moved.kind),
                        Value::Integer(part.shares),
                        Value::Integer(part.subscribed),
                        Value::Integer(part.paid),
                        Value::Integer(if n == 0 { moved.refund } else { 0 }),
                        moved.counterparty.map_or(Value::Null, |person| Value::Id(person.uuid())),
                        seen.effective_on(),
                        change.voids(),
                    ],
                );
                line += 1;
            }
        }
    }
}

impl ShareRegister {
    /// What an event changes, or takes back when the sign is negative.
    fn moved(&self, member: MemberId, event: &MemberEvent, sign: i64) -> Option<Moved> {
        let holder = self.holders.get(&member);
        let known = || holder.expect("shares are subscribed or received before anything else").person;
        let moved = |kind, person, parts| Moved { kind, person, parts, refund: 0, counterparty: None };
        Some(match event {
            MemberEvent::SharesSubscribed { person, class, shares, amount, .. } => {
                let part = Part {
                    class: *class,
                    shares: sign * i64::from(*shares),
                    subscribed: sign * amount.cents(),
                    paid: 0,
                };
                moved("subscribed", *person, vec![part])
            }
            MemberEvent::SharesPaidUp { amount, .. } => {
                let parts = holder.map_or(Vec::new(), |holder| holder.pay(sign * amount.cents()));
                moved("paid_up", known(), parts)
            }
            MemberEvent::SharesCancelled { person, .. } => {
                let parts = holder.map_or(Vec::new(), |holder| match sign {
                    1 => holder
                        .held
                        .iter()
                        .filter(|part| !part.is_nothing())
                        .map(|part| part.times(-1))
                        .collect(),
                    _ => holder.cancelled.iter().map(|part| part.times(-1)).collect(),
                });
                moved("cancelled", *person, parts)
            }
            MemberEvent::SharesTransferred { from, to, shares, paid, .. } => {
                let given = holder.map_or(Vec::new(), |holder| holder.give(*shares, paid.cents()));
                let parts = given.iter().map(|part| part.times(-sign)).collect();
                Moved { counterparty: Some(*to), ..moved("transferred", *from, parts) }
            }
            MemberEvent::SharesReceived { from, to, shares, paid, .. } => {
                let (shares, paid) = (i64::from(*shares), paid.cents());
                let given = self.in_transfer.iter().map(|part| part.times(-sign)).collect::<Vec<_>>();
                let sum = given.iter().map(|part| part.shares).sum::<i64>();
                let parts = if sum == sign * shares {
                    given
                } else {
                    let class = holder.map_or(NO_CLASS, Holder::first_class);
                    vec![Part { class, shares: sign * shares, subscribed: sign * paid, paid: sign * paid }]
                };
                Moved { counterparty: Some(*from), ..moved("received", *to, parts) }
            }
            MemberEvent::RefundDetermined { amount, .. } => {
                let class = holder.map_or(NO_CLASS, Holder::first_class);
                let part = Part { class, shares: 0, subscribed: 0, paid: 0 };
                Moved { refund: sign * amount.cents(), ..moved("refund_determined", known(), vec![part]) }
            }
            MemberEvent::AdmissionRequested { .. }
            | MemberEvent::AdmissionGranted { .. }
            | MemberEvent::AdmissionRefused { .. }
            | MemberEvent::CategoryChanged { .. }
            | MemberEvent::ResignationRequested { .. }
            | MemberEvent::ResignationAccepted { .. }
            | MemberEvent::ResignationRefused { .. }
            | MemberEvent::ExclusionProposed { .. }
            | MemberEvent::ExclusionRemarksReceived { .. }
            | MemberEvent::ExclusionDecided { .. }
            | MemberEvent::ExitByLaw { .. }
            | MemberEvent::RefundPaid { .. }
            | MemberEvent::CurrentAccountCredited { .. }
            | MemberEvent::CurrentAccountRepaid { .. }
            | MemberEvent::RefundSuspended { .. }
            | MemberEvent::RefundResumed { .. }
            | MemberEvent::MembershipEnded { .. }
            | MemberEvent::Corrected(_) => return None,
        })
    }

    /// Keeps what a movement leaves; the same from an event and from rows.
    fn keep(&mut self, member: MemberId, person: PersonId, kind: &str, parts: &[Part]) {
        let new = || Holder { person, held: Vec::new(), cancelled: Vec::new() };
        let holder = self.holders.entry(member).or_insert_with(new);
        for part in parts {
            holder.add(*part);
        }
        match kind {
            "cancelled" => {
                holder.cancelled = parts.iter().filter(|part| part.shares < 0).copied().collect();
            }
            "transferred" => self.in_transfer = parts.to_vec(),
            _ => {}
        }
    }
}

impl Holder {
    fn add(&mut self, change: Part) {
        match self.held.iter_mut().find(|part| part.class == change.class) {
            None => self.held.push(change),
            Some(part) => {
                part.shares += change.shares;
                part.subscribed += change.subscribed;
                part.paid += change.paid;
            }
        }
    }

    /// Lays a payment to the classes that are not yet paid; a payment taken back goes the other way.
    fn pay(&self, cents: i64) -> Vec<Part> {
        let mut left = cents;
        let mut parts = Vec::new();
        let mut lay = |part: &Part, cents: i64| {
            if cents != 0 {
                parts.push(Part { class: part.class, shares: 0, subscribed: 0, paid: cents });
            }
        };
        if cents > 0 {
            for part in &self.held {
                let paid = left.min(part.subscribed - part.paid);
                lay(part, paid);
                left -= paid;
            }
        } else {
            for part in self.held.iter().rev() {
                let back = left.max(-part.paid);
                lay(part, back);
                left -= back;
            }
        }
        parts
    }

    /// What a transfer of fully paid shares takes, class by class; each share carries the same value.
    fn give(&self, shares: u32, cents: i64) -> Vec<Part> {
        let of_each = cents / i64::from(shares.max(1));
        let mut left = i64::from(shares);
        let mut parts = Vec::new();
        for part in &self.held {
            let given = left.min(part.shares);
            if given > 0 {
                let value = given * of_each;
                parts.push(Part { class: part.class, shares: given, subscribed: value, paid: value });
                left -= given;
            }
        }
        parts
    }

    fn first_class(&self) -> ShareClass {
        self.held.first().map_or(NO_CLASS, |part| part.class)
    }
}

impl Part {
    const fn is_nothing(&self) -> bool {
        self.shares == 0 && self.subscribed == 0 && self.paid == 0
    }

    const fn times(self, sign: i64) -> Self {
        Self {
            class: self.class,
            shares: sign * self.shares,
            subscribed: sign * self.subscribed,
            paid: sign * self.paid,
        }
    }
}
