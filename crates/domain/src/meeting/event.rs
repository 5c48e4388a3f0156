//! What can have happened to a general meeting.

use serde::{Deserialize, Serialize};

use super::agenda::{
    CandidateResult, Channel, Choice, Item, ItemKind, ItemNumber, Majority, MeetingKind, Presence, Tally,
    Votes,
};
use super::roll::Voter;
use crate::correction::{Correction, claims_of_correction};
use crate::dates::Day;
use crate::envelope::{Claim, Kind, Position};
use crate::evidence::{Digest, Evidence};
use crate::ids::{MeetingId, PersonId};
use crate::kinds::kinds;
use crate::mandate::MandateKind;
use crate::stream::StreamEvent;

/// What can have happened to a general meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "fields say what the event's sentence names")]
pub enum MeetingEvent {
    /// The members were called to meet, with an agenda.
    #[serde(rename = "meeting.convened")]
    Convened {
        kind: MeetingKind,
        /// The meeting that lacked the quorum, when this is the second one for its items.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second_of: Option<MeetingId>,
        held_on: Day,
        /// Members of this day may vote.
        record_on: Day,
        /// Days from the call to the meeting.
        notice_days: u32,
        channel: Channel,
        agenda: Vec<Item>,
        evidence: Evidence,
    },
    /// It is settled who may vote.
    #[serde(rename = "roll.sealed")]
    RollSealed {
        record_on: Day,
        /// Position of the last event that it rests on.
        known_at: Position,
        /// SHA-256 of the list of voters.
        digest: Digest,
        users: u32,
        partners: u32,
        shares_issued: u64,
    },
    /// A member gave somebody the member's vote.
    #[serde(rename = "proxy.given")]
    ProxyGiven { giver: PersonId, holder: PersonId, voter: Voter, evidence: Evidence },
    /// A member took the vote back.
    #[serde(rename = "proxy.revoked")]
    ProxyRevoked { giver: PersonId, holder: PersonId, voter: Voter, evidence: Evidence },
    /// Somebody takes part: a member, or one who holds proxies only.
    #[serde(rename = "attendance.recorded")]
    AttendanceRecorded {
        person: PersonId,
        presence: Presence,
        /// The person's own entry in the roll; none for whoever only holds proxies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voter: Option<Voter>,
    },
    /// The meeting began.
    #[serde(rename = "meeting.opened")]
    Opened {
        chair: PersonId,
        secretary: PersonId,
        scrutineers: Vec<PersonId>,
        votes_represented: u32,
        shares_represented: u64,
        /// Shares that a change of the statutes needs represented; none at a second meeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quorum: Option<u64>,
    },
    /// A vote was cast in the open.
    #[serde(rename = "vote.cast")]
    VoteCast {
        item: ItemNumber,
        voter: PersonId,
        /// Who cast it: the voter or the voter's proxy.
        by: PersonId,
        choice: Choice,
    },
    /// A vote was cast in secret.
    #[serde(rename = "ballot.cast")]
    BallotCast {
        item: ItemNumber,
        voter: PersonId,
        /// Who cast it: the voter or the voter's proxy.
        by: PersonId,
    },
    /// The scrutineers counted a secret vote.
    #[serde(rename = "tally.recorded")]
    TallyRecorded { item: ItemNumber, tally: Tally, scrutineers: Vec<PersonId>, evidence: Evidence },
    /// A resolution was adopted or rejected.
    #[serde(rename = "resolution.decided")]
    ResolutionDecided {
        item: ItemNumber,
        kind: ItemKind,
        majority: Majority,
        /// Shares that had to be represented; none where no quorum is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quorum: Option<u64>,
        shares_represented: u64,
        votes_represented: u32,
        /// Most votes, own and by proxy, that one person cast.
        votes_greatest: u32,
        votes: Votes,
        adopted: bool,
    },
    /// An election was decided.
    #[serde(rename = "election.decided")]
    ElectionDecided {
        item: ItemNumber,
        mandate: MandateKind,
        seats: u32,
        votes_represented: u32,
        /// Most votes, own and by proxy, that one person cast.
        votes_greatest: u32,
        results: Vec<CandidateResult>,
        abstained: u32,
    },
    /// The meeting ended.
    #[serde(rename = "meeting.closed")]
    Closed {},
    /// The bureau signed the minutes.
    #[serde(rename = "minutes.signed")]
    MinutesSigned { signers: Vec<PersonId>, evidence: Evidence },
    /// An earlier event was wrong.
    #[serde(rename = "meeting.corrected")]
    Corrected(Correction<MeetingEvent>),
}

kinds!(MeetingEvent {
    Convened = "meeting.convened" v 1,
    RollSealed = "roll.sealed" v 1,
    ProxyGiven = "proxy.given" v 1,
    ProxyRevoked = "proxy.revoked" v 1,
    AttendanceRecorded = "attendance.recorded" v 1,
    Opened = "meeting.opened" v 1,
    VoteCast = "vote.cast" v 1,
    BallotCast = "ballot.cast" v 1,
    TallyRecorded = "tally.recorded" v 1,
    ResolutionDecided = "resolution.decided" v 1,
    ElectionDecided = "election.decided" v 1,
    Closed = "meeting.closed" v 1,
    MinutesSigned = "minutes.signed" v 1,
    Corrected = "meeting.corrected" v 1,
});

impl StreamEvent for MeetingEvent {
    fn kind(&self) -> Kind {
        self.stored_kind()
    }

    fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Corrected(correction) => claims_of_correction(correction),
            // One letter may convene a meeting and its second one; one paper may hold many proxies.
            Self::Convened { .. }
            | Self::RollSealed { .. }
            | Self::ProxyGiven { .. }
            | Self::ProxyRevoked { .. }
            | Self::AttendanceRecorded { .. }
            | Self::Opened { .. }
            | Self::VoteCast { .. }
            | Self::BallotCast { .. }
            | Self::TallyRecorded { .. }
            | Self::ResolutionDecided { .. }
            | Self::ElectionDecided { .. }
            | Self::Closed {}
            | Self::MinutesSigned { .. } => Vec::new(),
        }
    }
}
