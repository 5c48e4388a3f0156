//! The register at a day, as known at a position; its totals; one member's movements.

use std::collections::BTreeMap;

use domain::ids::{MemberId, PersonId};
use domain::{Balance, Day, Position};
use serde::Serialize;

use crate::port::{ReadError, Reader, Times, Value};
use crate::row::Row;

/// Shares of one class of one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The membership.
    pub member: MemberId,
    /// Whose it is.
    pub person: PersonId,
    /// Class of the shares.
    pub class: String,
    /// How many are held.
    pub shares: i64,
    /// What was subscribed for them.
    pub subscribed: Balance,
    /// What was paid on them.
    pub paid: Balance,
    /// What is still to be paid on them.
    pub unpaid: Balance,
    /// The separation share determined for those that were given up.
    pub refund: Balance,
    /// Day of the first movement.
    pub first_on: Day,
    /// Day of the last movement.
    pub last_on: Day,
}

/// All shares of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassTotal {
    /// The class.
    pub class: String,
    /// How many members hold at least one.
    pub holders: u64,
    /// How many shares there are.
    pub shares: i64,
    /// What was subscribed for them.
    pub subscribed: Balance,
    /// What was paid on them.
    pub paid: Balance,
    /// What is still to be paid on them.
    pub unpaid: Balance,
}

/// One movement of a member's shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShareMovement {
    /// Position of the event.
    pub position: Position,
    /// Day of effect.
    pub effective_on: Day,
    /// `subscribed`, `paid_up`, `cancelled`, `transferred`, `received` or `refund_determined`.
    pub kind: String,
    /// Class of the shares.
    pub class: String,
    /// How many came, or went when negative.
    pub shares: i64,
    /// By how much what is subscribed changed.
    pub subscribed: Balance,
    /// By how much what is paid changed.
    pub paid: Balance,
    /// The separation share determined.
    pub refund: Balance,
    /// To whom they went or from whom they came.
    pub counterparty: Option<PersonId>,
    /// The position of the event that this one takes back.
    pub voids: Option<Position>,
}

/// Every member who ever held shares, one holding per class, those who gave all up included.
pub fn register(reader: &dyn Reader, times: Times) -> Result<Vec<Holding>, ReadError> {
    let found = reader.query(
        "SELECT member, person, class, CAST(SUM(shares) AS BIGINT), CAST(SUM(subscribed) AS BIGINT),
                CAST(SUM(paid) AS BIGINT), CAST(SUM(refund) AS BIGINT), MIN(effective_on), MAX(effective_on)
         FROM share_lines
         WHERE effective_on <= ?1 AND position <= ?2
         GROUP BY member, person, class
         ORDER BY member, person, class",
        &[times.day(), times.position()],
    )?;
    let holding = |cells: &Vec<_>| {
        let mut row = Row::new(cells);
        let (member, person, class) = (row.member()?, row.person()?, row.text()?.to_owned());
        let (shares, subscribed, paid) = (row.integer()?, row.balance()?, row.balance()?);
        Ok(Holding {
            member,
            person,
            class,
            shares,
            subscribed,
            paid,
            unpaid: subscribed - paid,
            refund: row.balance()?,
            first_on: row.day()?,
            last_on: row.day()?,
        })
    };
    found.iter().map(holding).collect()
}

/// Sums a register per class, in the order of the classes.
pub fn totals(register: &[Holding]) -> Vec<ClassTotal> {
    let mut classes = BTreeMap::<&str, ClassTotal>::new();
    for holding in register {
        let total = classes.entry(&holding.class).or_default();
        total.holders += u64::from(holding.shares > 0);
        total.shares += holding.shares;
        total.subscribed = total.subscribed + holding.subscribed;
        total.paid = total.paid + holding.paid;
        total.unpaid = total.unpaid + holding.unpaid;
    }
    classes.into_iter().map(|(class, total)| ClassTotal { class: class.to_owned(), ..total }).collect()
}

/// The movements of one member's shares, in the order of the log.
pub fn movements(
    reader: &dyn Reader,
    member: MemberId,
    times: Times,
) -> Result<Vec<ShareMovement>, ReadError> {
    let found = reader.query(
        "SELECT position, effective_on, kind, class, shares, subscribed, paid, refund, counterparty, voids
         FROM share_lines
         WHERE member = ?1 AND effective_on <= ?2 AND position <= ?3
         ORDER BY position, line",
        &[Value::Id(member.uuid()), times.day(), times.position()],
    )?;
    let movement = |cells: &Vec<_>| {
        let mut row = Row::new(cells);
        Ok(ShareMovement {
            position: row.position()?,
            effective_on: row.day()?,
            kind: row.text()?.to_owned(),
            class: row.text()?.to_owned(),
            shares: row.integer()?,
            subscribed: row.balance()?,
            paid: row.balance()?,
            refund: row.balance()?,
            counterparty: row.optional_person()?,
            voids: row.optional_position()?,
        })
    };
    found.iter().map(movement).collect()
}
