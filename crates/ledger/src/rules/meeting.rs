//! How general meetings are booked: not at all; what they decide is booked when it is carried out.

use domain::meeting::MeetingEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(MeetingEvent {
    Convened = "meeting.convened" @ 1,
    RollSealed = "roll.sealed" @ 1,
    ProxyGiven = "proxy.given" @ 1,
    ProxyRevoked = "proxy.revoked" @ 1,
    AttendanceRecorded = "attendance.recorded" @ 1,
    Opened = "meeting.opened" @ 1,
    VoteCast = "vote.cast" @ 1,
    BallotCast = "ballot.cast" @ 1,
    TallyRecorded = "tally.recorded" @ 1,
    ResolutionDecided = "resolution.decided" @ 1,
    ElectionDecided = "election.decided" @ 1,
    Closed = "meeting.closed" @ 1,
    MinutesSigned = "minutes.signed" @ 1,
    Corrected = "meeting.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &MeetingEvent) -> Result<Posting, UnknownRule> {
    use MeetingEvent as E;
    match (event, revision) {
        (E::RollSealed { .. } | E::ProxyGiven { .. } | E::ProxyRevoked { .. }, 1) => {
            no_entry(Why::RightsOnly)
        }
        (
            E::Convened { .. }
            | E::AttendanceRecorded { .. }
            | E::Opened { .. }
            | E::VoteCast { .. }
            | E::BallotCast { .. }
            | E::TallyRecorded { .. }
            | E::ResolutionDecided { .. }
            | E::ElectionDecided { .. }
            | E::Closed {}
            | E::MinutesSigned { .. },
            1,
        ) => no_entry(Why::DecisionOnly),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
