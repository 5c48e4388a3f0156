//! Kinds of mandates, and what can have happened to one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::correction::{Correction, claims_of_correction};
use crate::dates::{Day, Year};
use crate::envelope::{Claim, Kind};
use crate::evidence::Evidence;
use crate::ids::{BoardMeetingId, MeetingId, PersonId};
use crate::kinds::kinds;
use crate::meeting::ItemNumber;
use crate::member::Category;
use crate::money::{Amount, Balance};
use crate::parameters::Parameter;
use crate::stream::StreamEvent;
use crate::text::ReasonCode;

/// What one is appointed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MandateKind {
    /// Director in a seat for users.
    DirectorA,
    /// Director in a seat for staff and partners.
    DirectorB,
    /// Day-to-day management.
    DayToDay,
    /// The ethics committee.
    EthicsCommittee,
    /// Statutory auditor.
    StatutoryAuditor,
}

/// Who appointed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AppointedBy {
    /// The general meeting, by an election.
    Meeting {
        /// Which.
        meeting: MeetingId,
        /// Under which item.
        item: ItemNumber,
    },
    /// The board, by a decision.
    Board {
        /// At which meeting.
        board: BoardMeetingId,
        /// Under which item.
        item: ItemNumber,
    },
    /// The deed, or a meeting before this log began.
    Before {},
}

/// What can have happened to a mandate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum MandateEvent {
    /// Somebody stands for election at a general meeting.
    #[serde(rename = "candidate.proposed")]
    CandidateProposed {
        person: PersonId,
        kind: MandateKind,
        meeting: MeetingId,
        item: ItemNumber,
        evidence: Evidence,
    },
    /// Somebody was appointed, from a day up to and including another.
    #[serde(rename = "mandate.granted")]
    Granted {
        person: PersonId,
        kind: MandateKind,
        appointed: AppointedBy,
        from: Day,
        until: Day,
        evidence: Evidence,
    },
    /// The mandate goes on for another term.
    #[serde(rename = "mandate.renewed")]
    Renewed {
        person: PersonId,
        kind: MandateKind,
        appointed: AppointedBy,
        /// Until when it ran before.
        before: Day,
        until: Day,
        evidence: Evidence,
    },
    /// The mandate is over before its term.
    #[serde(rename = "mandate.ended")]
    Ended { person: PersonId, kind: MandateKind, ended_on: Day, reason: ReasonCode, evidence: Evidence },
    /// A director has an interest against the cooperative's in what the board is to decide.
    #[serde(rename = "conflict.declared")]
    ConflictDeclared {
        person: PersonId,
        board: BoardMeetingId,
        item: ItemNumber,
        nature: ReasonCode,
        /// What the decision means for the director's own patrimony.
        effect: Balance,
        evidence: Evidence,
    },
    /// The general meeting allowed the director so much for a year.
    #[serde(rename = "allowance.voted")]
    AllowanceVoted { person: PersonId, meeting: MeetingId, item: ItemNumber, year: Year, amount: Amount },
    /// The director was paid a part of it.
    #[serde(rename = "allowance.paid")]
    AllowancePaid { person: PersonId, year: Year, amount: Amount, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "mandate.corrected")]
    Corrected(Correction<MandateEvent>),
}

kinds!(MandateEvent {
    CandidateProposed = "candidate.proposed" v 1,
    Granted = "mandate.granted" v 1,
    Renewed = "mandate.renewed" v 1,
    Ended = "mandate.ended" v 1,
    ConflictDeclared = "conflict.declared" v 1,
    AllowanceVoted = "allowance.voted" v 1,
    AllowancePaid = "allowance.paid" v 1,
    Corrected = "mandate.corrected" v 1,
});

impl StreamEvent for MandateEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            // The same payment cannot pay two allowances.
            Self::AllowancePaid { evidence, .. } => vec![Claim::of_document(evidence)],
            Self::Corrected(correction) => claims_of_correction(correction),
            // One report of a meeting appoints several.
            Self::CandidateProposed { .. }
            | Self::Granted { .. }
            | Self::Renewed { .. }
            | Self::Ended { .. }
            | Self::ConflictDeclared { .. }
            | Self::AllowanceVoted { .. } => Vec::new(),
        }
    }
}

impl MandateKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::DirectorA, Self::DirectorB, Self::DayToDay, Self::EthicsCommittee, Self::StatutoryAuditor];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DirectorA => "director_a",
            Self::DirectorB => "director_b",
            Self::DayToDay => "day_to_day",
            Self::EthicsCommittee => "ethics_committee",
            Self::StatutoryAuditor => "statutory_auditor",
        }
    }

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it is a seat on the board.
    pub const fn is_director(self) -> bool {
        matches!(self, Self::DirectorA | Self::DirectorB)
    }

    /// Whether the general meeting appoints to it; otherwise the board does.
    ///
    /// Source: KB 8-01-1962 art. 1 (directors are appointed by the general meeting); WVV 3:58 (auditor).
    pub const fn is_appointed_by_meeting(self) -> bool {
        matches!(self, Self::DirectorA | Self::DirectorB | Self::StatutoryAuditor)
    }

    /// The category of members for which its seats are, when there is one.
    ///
    /// Source: DOMAIN A4 (board 18 = 12 users + 6 staff and partners).
    pub const fn category(self) -> Option<Category> {
        match self {
            Self::DirectorA => Some(Category::User),
            Self::DirectorB => Some(Category::Partner),
            Self::DayToDay | Self::EthicsCommittee | Self::StatutoryAuditor => None,
        }
    }

    /// The parameter that says how many seats there are, where that is limited.
    pub const fn seats(self) -> Option<Parameter> {
        match self {
            Self::DirectorA => Some(Parameter::BoardSeatsUsers),
            Self::DirectorB => Some(Parameter::BoardSeatsPartners),
            Self::DayToDay | Self::EthicsCommittee | Self::StatutoryAuditor => None,
        }
    }

    /// The parameter that says how many years a term has.
    pub(super) const fn years(self) -> Parameter {
        match self {
            Self::DirectorA | Self::DirectorB => Parameter::MandateDirectorYears,
            Self::DayToDay => Parameter::MandateDayToDayYears,
            Self::EthicsCommittee => Parameter::MandateEthicsYears,
            Self::StatutoryAuditor => Parameter::MandateAuditorYears,
        }
    }
}

impl fmt::Display for MandateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
