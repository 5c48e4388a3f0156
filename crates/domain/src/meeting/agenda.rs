//! What a general meeting is asked: items, their kinds, and how they are voted on.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dates::Day;
use crate::evidence::Digest;
use crate::ids::PersonId;
use crate::mandate::MandateKind;
use crate::money::{Amount, Rate};
use crate::parameters::{NoParameter, Parameter, Parameters};

/// The most items of one agenda: each has one bit in what a voter has voted on.
pub const ITEMS_MAX: u8 = 64;

/// Number of an item on an agenda, from 1 to 64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "u8", into = "u8")]
pub struct ItemNumber(u8);

/// Why a number is no item's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the number of an agenda item from 1 to {ITEMS_MAX}, found {found}")]
pub struct ItemNumberError {
    found: u8,
}

/// Which general meeting it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MeetingKind {
    /// The yearly one, for the accounts.
    Ordinary,
    /// Any other that leaves the statutes as they are.
    Special,
    /// One that may change the statutes.
    Extraordinary,
}

/// How members take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In a room.
    InPerson,
    /// From afar, with a check of identity.
    Remote,
    /// Either way.
    Hybrid,
}

/// How one person takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In the room.
    InPerson,
    /// From afar, with a check of identity.
    Remote,
}

/// How an item is voted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    /// By name: the log says who voted how.
    Open,
    /// The log says who voted, and the scrutineers say how many voted how.
    Secret,
}

/// What an item asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ItemKind {
    /// A resolution for which no other rule is set.
    Ordinary,
    /// To approve the annual accounts.
    Accounts,
    /// To discharge the directors or the statutory auditor.
    Discharge,
    /// To allow each director so much for a year.
    Allowance {
        /// How much.
        amount: Amount,
    },
    /// To change the statutes. Source: WVV 6:85.
    Statutes,
    /// To change the object, the aims or the values. Source: WVV 6:86.
    Object {
        /// The board's report that gives the reasons.
        report: Digest,
    },
    /// To fill seats; whoever gets most votes sits.
    Election {
        /// Of which kind.
        mandate: MandateKind,
        /// How many.
        seats: u32,
    },
}

/// One item of an agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its number.
    pub number: ItemNumber,
    /// What it asks for.
    pub kind: ItemKind,
    /// How it is voted on.
    pub ballot: Ballot,
    /// SHA-256 of the text that is proposed.
    pub text: Digest,
}

/// What one voter wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Choice {
    /// The resolution.
    InFavour,
    /// Not the resolution.
    Against,
    /// Neither, or none of the candidates.
    Abstain,
    /// These candidates, at most as many as there are seats.
    Elect(Vec<PersonId>),
}

/// Votes on a resolution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Votes {
    /// For it.
    pub in_favour: u32,
    /// Against it.
    pub against: u32,
    /// Neither: in no numerator and in no denominator.
    pub abstained: u32,
}

/// Votes for one candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CandidateVotes {
    /// Who stands for the seat.
    pub candidate: PersonId,
    /// How many want that.
    pub votes: u32,
}

/// What the scrutineers counted in a secret vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Tally {
    /// Of a resolution.
    Resolution {
        /// What the valid papers say.
        votes: Votes,
        /// Papers that say nothing valid.
        invalid: u32,
    },
    /// Of an election.
    Election {
        /// By candidate.
        votes: Vec<CandidateVotes>,
        /// Papers that want none of them.
        abstained: u32,
        /// Papers that say nothing valid.
        invalid: u32,
    },
}

/// What became of one candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CandidateResult {
    /// Who stood for the seat.
    pub candidate: PersonId,
    /// How many wanted that.
    pub votes: u32,
    /// Whether the candidate is elected.
    pub elected: bool,
}

/// The votes that a resolution needs of those cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Majority {
    /// More than this share of them.
    MoreThan(Rate),
    /// At least this share of them.
    AtLeast(Rate),
}

impl ItemNumber {
    /// The item of this number.
    pub const fn try_new(number: u8) -> Result<Self, ItemNumberError> {
        if number == 0 || number > ITEMS_MAX {
            return Err(ItemNumberError { found: number });
        }
        Ok(Self(number))
    }

    /// Its number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its bit among all items of an agenda.
    pub(super) const fn bit(self) -> u64 {
        1 << (self.0 - 1)
    }
}

impl TryFrom<u8> for ItemNumber {
    type Error = ItemNumberError;

    fn try_from(number: u8) -> Result<Self, ItemNumberError> {
        Self::try_new(number)
    }
}

impl From<ItemNumber> for u8 {
    fn from(item: ItemNumber) -> Self {
        item.0
    }
}

impl fmt::Display for ItemNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ItemNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl MeetingKind {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Special => "special",
            Self::Extraordinary => "extraordinary",
        }
    }
}

impl Channel {
    /// Whether one may take part so.
    pub const fn admits(self, presence: Presence) -> bool {
        match self {
            Self::InPerson => matches!(presence, Presence::InPerson),
            Self::Remote => matches!(presence, Presence::Remote),
            Self::Hybrid => true,
        }
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Remote => "remote",
            Self::Hybrid => "hybrid",
        }
    }
}

impl Presence {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Remote => "remote",
        }
    }
}

impl Ballot {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Secret => "secret",
        }
    }
}

impl ItemKind {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Accounts => "accounts",
            Self::Discharge => "discharge",
            Self::Allowance { .. } => "allowance",
            Self::Statutes => "statutes",
            Self::Object { .. } => "object",
            Self::Election { .. } => "election",
        }
    }

    /// Whether half of the issued shares must be represented.
    ///
    /// Source: WVV 6:85, 6:86.
    pub const fn needs_quorum(self) -> bool {
        matches!(self, Self::Statutes | Self::Object { .. })
    }

    /// The majority that it needs, as valid on a day; an election goes by most votes and has none.
    ///
    /// Source: WVV 6:85 (statutes), 6:86 (object); the statutes' own prevail where they ask for more.
    pub fn majority(self, parameters: &Parameters, on: Day) -> Result<Option<Majority>, NoParameter> {
        Ok(match self {
            Self::Ordinary | Self::Accounts | Self::Discharge | Self::Allowance { .. } => {
                Some(Majority::MoreThan(parameters.rate(Parameter::MeetingOrdinaryMajority, on)?))
            }
            Self::Statutes => {
                Some(Majority::AtLeast(parameters.rate(Parameter::MeetingStatutesMajority, on)?))
            }
            Self::Object { .. } => {
                Some(Majority::AtLeast(parameters.rate(Parameter::MeetingObjectMajority, on)?))
            }
            Self::Election { .. } => None,
        })
    }
}

impl Majority {
    /// Whether the votes reach it: abstentions count in neither numerator nor denominator.
    ///
    /// Where nobody voted for or against, nothing is adopted.
    /// Source: WVV 6:85, 6:86; DOMAIN E8, F5 20.
    pub fn is_reached_by(self, votes: Votes) -> bool {
        use rust_decimal::Decimal;
        let cast = Decimal::from(votes.in_favour) + Decimal::from(votes.against);
        let in_favour = Decimal::from(votes.in_favour);
        votes.in_favour > 0
            && match self {
                Self::MoreThan(rate) => in_favour > cast * rate.value(),
                Self::AtLeast(rate) => in_favour >= cast * rate.value(),
            }
    }
}

/// Most votes that one person may cast, own and by proxy, when so many votes are represented.
///
/// One vote each stands however few they are: `max(1, ⌊votes × share⌋)`.
/// Source: KB 28-06-2019 art. 6 §1; DOMAIN E7, F5 21 (the reading chosen).
pub fn votes_cap(represented: u32, share: Rate) -> u32 {
    use rust_decimal::Decimal;
    use rust_decimal::prelude::ToPrimitive;
    let part = (Decimal::from(represented) * share.value()).floor().to_u32();
    part.expect("a share of a count is a count").max(1)
}

/// Shares that must be represented of those issued: a part of a share needs a whole one.
///
/// Source: WVV 6:85; DOMAIN E9, F5 19.
pub fn quorum_of(issued: u64, share: Rate) -> u64 {
    use rust_decimal::Decimal;
    use rust_decimal::prelude::ToPrimitive;
    let part = (Decimal::from(issued) * share.value()).ceil().to_u64();
    part.expect("a share of a count is a count")
}

/// Who is elected: those with most votes, as far as there are seats, each with at least one vote.
///
/// The most votes come first, then the lower id. Candidates who tie for more seats than are left are
/// none of them elected: another vote must tell them apart.
pub fn elected(mut votes: Vec<CandidateVotes>, seats: u32) -> Vec<CandidateResult> {
    votes.sort_by_key(|of| (std::cmp::Reverse(of.votes), of.candidate));
    let seats = seats as usize;
    // The first who gets no seat; whoever has no more votes than that gets none either.
    let left_out = votes.get(seats).map_or(0, |of| of.votes);
    let result = |of: CandidateVotes| {
        let CandidateVotes { candidate, votes } = of;
        CandidateResult { candidate, votes, elected: votes > left_out }
    };
    votes.into_iter().map(result).collect()
}
