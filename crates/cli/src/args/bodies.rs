//! What may be typed to ask about general meetings and mandates.

use clap::Args as ClapArgs;
use domain::ids::MeetingId;
use domain::mandate::MandateKind;
use domain::meeting::ItemNumber;
use domain::{Day, Position};

use super::{DirArgs, TimesArgs, expected, position};

#[derive(Debug, ClapArgs)]
pub struct VotesArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Only this meeting, with its agenda, attendance, proxies and results.
    #[arg(long, value_name = "UUID")]
    pub meeting: Option<MeetingId>,
    /// Each vote on this item; of a secret vote, who voted.
    #[arg(long, value_parser = item, requires = "meeting")]
    pub item: Option<ItemNumber>,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub struct RollArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// The day whose members may vote.
    #[arg(long, value_name = "DAY")]
    pub record_on: Day,
    /// As known at this position; the last one when left out.
    #[arg(long, value_name = "POSITION", value_parser = position)]
    pub known_at: Option<Position>,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub struct MandatesArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Only of this kind: director_a, director_b, day_to_day, ethics_committee or statutory_auditor.
    #[arg(long, value_parser = kind)]
    pub kind: Option<MandateKind>,
    /// Only those in force that end within so many days of the day asked for.
    #[arg(long, value_name = "DAYS", requires = "as_of")]
    pub expiring: Option<u32>,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

fn kind(text: &str) -> Result<MandateKind, String> {
    let known = MandateKind::ALL.map(MandateKind::word).join(", ");
    expected(MandateKind::from_word(text), &format!("one of {known}"))
}

fn item(text: &str) -> Result<ItemNumber, String> {
    let number = text.parse().ok().and_then(|number| ItemNumber::try_new(number).ok());
    expected(number, "the number of an item from 1 to 64")
}
