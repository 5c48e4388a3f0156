//! Ids, names and documents of synthetic things.
//!
//! An id is a UUID of version 7 built from the day of the thing and bytes mixed from seed, kind and
//! index, so that it needs no storage, indexes stay local in time and no two things share one.
//! Every supporting document is a short text that says that it is synthetic; its digest is the
//! evidence.

use domain::evidence::Digest;
use domain::{Day, Evidence};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

/// What an id or a document is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Of {
    Entity = 1,
    Command,
    Person,
    Client,
    Member,
    Unit,
    Order,
    Contract,
    Employment,
    Invoice,
    CreditNote,
    Payment,
    Expense,
    Salary,
    Loan,
    Project,
    Grant,
    Funder,
    Collector,
    Supplier,
    Purchase,
    StaffPay,
    Asset,
    Tax,
    Accrual,
    GrantProject,
}

/// Makes ids and documents under one seed.
pub(crate) struct Ids {
    seed: u64,
    salt: u64,
}

/// Office hours begin at eight o'clock UTC, in milliseconds.
const MORNING_MS: u64 = 8 * 3_600_000;
/// Office hours are ten, in milliseconds.
const OFFICE_HOURS_MS: u64 = 10 * 3_600_000;
const DAY_MS: u64 = 24 * 3_600_000;

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        let digest: [u8; 32] = Sha256::digest(format!("reference-year/1 {seed} ids").as_bytes()).into();
        let salt = digest[..8].iter().fold(0, |salt, byte| salt << 8 | u64::from(*byte));
        Self { seed, salt }
    }

    /// The id of a thing that begins on a day.
    pub(crate) fn of(&self, of: Of, index: u32, day: Day) -> Uuid {
        let bits = self.bits(of, index);
        self.build(day, MORNING_MS + bits % OFFICE_HOURS_MS, bits)
    }

    /// The id of the `nth` command of a day; ids of commands follow their order.
    pub(crate) fn command(&self, index: u32, nth: u32, day: Day) -> Uuid {
        let later = u64::from(nth).min(OFFICE_HOURS_MS);
        self.build(day, MORNING_MS + later, self.bits(Of::Command, index))
    }

    fn bits(&self, of: Of, index: u32) -> u64 {
        mix(self.salt ^ mix((of as u64) << 40 | u64::from(index)))
    }

    fn build(&self, day: Day, ms: u64, bits: u64) -> Uuid {
        let days = u64::try_from(day.number()).expect("the reference year lies after 1970");
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&bits.to_be_bytes());
        bytes[8..].copy_from_slice(&mix(bits ^ self.salt).to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(days * DAY_MS + ms, &bytes).into_uuid()
    }

    /// The evidence of a synthetic document: its number and the digest of its text.
    pub(crate) fn evidence(&self, what: &str, prefix: &str, index: u32) -> Evidence {
        let text = format!("synthetic {what} {index:06} of the reference year, seed {}", self.seed);
        Evidence {
            document: format!("SYN-{prefix}-{index:06}").parse().expect("a number is a token"),
            digest: Digest(Sha256::digest(text.as_bytes()).into()),
        }
    }
}

/// The finaliser of SplitMix64: a bijection, so that different things get different bits.
/// Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
