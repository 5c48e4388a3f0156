//! How shared resources are booked: their use moves budget from the unit to the pool.
//!
//! The pool bore the rent or the depreciation; a unit that uses the thing gives a part of it back. Both
//! are owners within one legal person, so the result and the statutory books stay as they are: nobody
//! sells to itself, and there is no VAT. The sum of all owners stays as it is, too.
//! Source: DOMAIN F2 (every cent has an owner; I1–I4).

use domain::resource::ResourceEvent;

use super::{Draft, UnknownRule, correction, no_entry, table_of_rules, unknown};
use crate::chart::Account;
use crate::posting::{Journal, Posting, Why};

table_of_rules!(ResourceEvent {
    Opened = "resource.opened" @ 1,
    Booked = "resource.booked" @ 1,
    Charged = "resource.charged" @ 1,
    Corrected = "resource.corrected" @ 1,
});

pub(super) fn post(revision: u16, event: &ResourceEvent) -> Result<Posting, UnknownRule> {
    use ResourceEvent as E;
    Ok(match (event, revision) {
        (E::Opened { .. }, 1) => return no_entry(Why::RuleOnly),
        (E::Booked { .. }, 1) => return no_entry(Why::PromiseOnly),
        (E::Charged { unit, amount, .. }, 1) => Draft::new(Journal::BudgetOnly, None, 1)
            .book(Account::UnitAvailable.of(*unit), Account::Pool, *amount)
            .done(),
        (E::Corrected(corrected), 1) => return correction(corrected, 1, post),
        (_, 0 | 2..) => return unknown(event, revision),
    })
}
