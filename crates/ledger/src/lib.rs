//! What an event does to the books: pure, total, and never to be edited afterwards.
//!
//! Two books are kept. The **general ledger** is the entity's statutory double entry on the Belgian
//! chart; the **budget ledger** says what belongs to whom inside the shared enterprise, so that every
//! cent on class 6 or 7 has an owner. One event yields movements in either, both or none. A movement
//! has one debit, one credit and one amount above zero, so an unbalanced entry cannot be written.
//!
//! ```text
//! chart      the accounts of both books                  rules      one file per stream: the manual
//! line       an account, of somebody                     digest     what is sealed of an entry
//! posting    movements, entries, and silence explained   balances   the fold, and identities I1–I3
//! ```
//!
//! Left out: entry numbers and dates of booking, which follow from the order of the log; opening and
//! closing entries, which will be events of their own.
//! Source: DOMAIN B4, C2, F2.

pub mod balances;
pub mod chart;
pub mod digest;
pub mod line;
pub mod posting;
pub mod rules;

pub use balances::{Balances, BrokenIdentity, TrialRow, UnitBudget};
pub use chart::{Account, Book, Class, Language, Side};
pub use digest::{canonical_text, entry_digest};
pub use line::{Line, LineError, Party};
pub use posting::{Entry, Journal, Movement, Posting, Why};
pub use rules::{PostingRule, UnknownRule, current_rules, post, rule_for};
