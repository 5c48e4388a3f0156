//! Annual accounts: the trial balance of a fiscal year, its balance sheet and its profit and loss.
//!
//! No rows of its own: it asks *balances* at two days, the eve of the year and its last day, and
//! arranges what it finds under the headings of [`LAYOUT`]. Nothing has to be closed first: whatever
//! classes 6 and 7 hold and nobody has appropriated yet is shown in equity under heading 14, so
//! assets equal liabilities on every day and at every position. Fiscal years are calendar years.
//! Left out: amounts moved between headings by the sign of one account, such as a bank overdrawn;
//! debts of more than one year that fall due within one; the notes to the accounts.
//! Source: KB 29-04-2019, book 3 (layout of annual accounts), and the National Bank's models for
//! companies without capital; from recall \[R\].

mod layout;
mod queries;

pub use layout::{Heading, Holds, LAYOUT, Statement, heading_of};
pub use queries::{AnnualRow, HeadingRow, annual_accounts, annual_trial_balance};
