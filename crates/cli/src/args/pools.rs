//! What may be typed to ask about shared money: loans, grants, the guarantee fund, where money goes.

use app::Language;
use clap::{Args as ClapArgs, ValueEnum};
use domain::Year;
use domain::ids::{LoanId, UnitId};
use projections::loans::State;
use projections::money_flow::{FLOWS, Flow};

use super::{DirArgs, TimesArgs, expected, language, year};

#[derive(Debug, ClapArgs)]
pub struct LoansArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Only budget lent to this unit.
    #[arg(long, value_name = "UUID")]
    pub unit: Option<UnitId>,
    /// Only loans that stand so: requested, refused, granted, running, in_arrears, doubtful, repaid or
    /// written_off.
    #[arg(long, value_parser = state)]
    pub state: Option<State>,
    /// Only this loan, with its schedule.
    #[arg(long, value_name = "UUID", conflicts_with_all = ["unit", "state", "limit"])]
    pub loan: Option<LoanId>,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub struct GrantsArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub struct GuaranteeFundArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// A row per unit, or per month.
    #[arg(long, default_value = "unit")]
    pub by: FundBy,
    /// A row per invoice of this unit.
    #[arg(long, value_name = "UUID", conflicts_with = "by")]
    pub unit: Option<UnitId>,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

/// What a row of the guarantee fund is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FundBy {
    /// A unit.
    Unit,
    /// A month.
    Month,
}

#[derive(Debug, ClapArgs)]
pub struct MoneyFlowArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// The year.
    #[arg(long, value_parser = year)]
    pub year: Year,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Only this flow, with each event behind it; by its word, such as `clients` or `wages`.
    #[arg(long, value_parser = flow)]
    pub flow: Option<&'static Flow>,
    /// At most so many events; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long, requires = "flow")]
    pub limit: Option<u64>,
    /// Language of the flows' names: nl, fr or en.
    #[arg(long, value_parser = language, default_value = "en")]
    pub lang: Language,
}

fn state(text: &str) -> Result<State, String> {
    expected(State::from_word(text), &format!("one of {}", State::ALL.map(State::word).join(", ")))
}

fn flow(text: &str) -> Result<&'static Flow, String> {
    let known: Vec<_> = FLOWS.iter().map(|flow| flow.key).collect();
    expected(Flow::from_key(text), &format!("one of {}", known.join(", ")))
}
