//! How cover is booked: not at all, since the insurer pays the member.
//!
//! The insured event is between the insurer and the member. A claim of the member's is neither income
//! nor a debt of the cooperative, even once it is accepted; to book it would put strangers' money into
//! our balance sheet. What the entity owes is the premium, which is a purchase.
//! Source: DOMAIN F2 (accident), F3.

use domain::cover::CoverEvent;

use super::{UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::posting::{Posting, Why};

table_of_rules!(CoverEvent {
    Activated = "cover.activated" @ 1,
    Lapsed = "cover.lapsed" @ 1,
    ClaimFiled = "claim.filed" @ 1,
    ClaimAccepted = "claim.accepted" @ 1,
    ClaimRefused = "claim.refused" @ 1,
    ClaimPaid = "claim.paid" @ 1,
    Corrected = "cover.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &CoverEvent) -> Result<Posting, UnknownRule> {
    use CoverEvent as E;
    match (event, revision) {
        (E::Activated { .. } | E::Lapsed { .. }, 1) => no_entry(Why::RightsOnly),
        (E::ClaimFiled { .. } | E::ClaimRefused { .. }, 1) => no_entry(Why::RequestOnly),
        (E::ClaimAccepted { .. } | E::ClaimPaid { .. }, 1) => no_entry(Why::PaidByOthers),
        (E::Corrected(corrected), 1) => correction(corrected, 1, post),
        (_, 0 | 2..) => unknown(event, revision),
    }
}
