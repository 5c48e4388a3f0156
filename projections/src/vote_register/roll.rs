//! Who may vote at a record date, from the registers of members and of shares.
//!
//! The second computation of a roll: whoever seals one states the digest of this list, and the writer
//! compares it with what its own facts say.

use std::collections::BTreeMap;

use domain::ids::PersonId;
use domain::meeting::{Roll, Voter};

use crate::members::{self, Standing};
use crate::port::{ReadError, Reader, Times};
use crate::share_register;

/// Everybody who is a member with a share on a day, as known at a position, and all shares in issue.
pub fn roll(reader: &dyn Reader, times: Times) -> Result<Roll, ReadError> {
    let mut shares: BTreeMap<PersonId, i64> = BTreeMap::new();
    for holding in share_register::register(reader, times)? {
        *shares.entry(holding.person).or_default() += holding.shares;
    }
    let issued: i64 = shares.values().sum();
    let mut roll = Roll { shares_issued: u64::try_from(issued).unwrap_or_default(), ..Roll::default() };
    for member in members::members(reader, times)? {
        let held = shares.get(&member.person).and_then(|held| u32::try_from(*held).ok()).unwrap_or_default();
        if member.standing == Standing::Member && held > 0 {
            roll.voters.insert(member.person, Voter { category: member.category, shares: held });
        }
    }
    Ok(roll)
}
