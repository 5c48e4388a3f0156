//! The read models' rulebook: events happen, questions are asked of SQLite.

mod annual_accounts;
mod balances;
mod coverage;
mod journal;
mod members;
mod model;
mod overheads;
mod scale;
mod share_register;
mod special_report;
mod units;
mod world;
