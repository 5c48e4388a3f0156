//! The read models' rulebook: events happen, questions are asked of SQLite.

mod annual_accounts;
mod balances;
mod coverage;
mod desk;
mod desk_questions;
mod grants;
mod guarantee_fund;
mod journal;
mod lending;
mod loans;
mod mandates;
mod members;
mod model;
mod money_flow;
mod overheads;
mod receivables;
mod scale;
mod share_register;
mod special_report;
mod taking_part;
mod together;
mod together_model;
mod units;
mod vote_register;
mod wages_due;
mod world;
