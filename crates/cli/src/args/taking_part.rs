//! What may be typed to ask what members and staff do together: groups, activities, checks, offices.

use clap::Args as ClapArgs;
use domain::Year;

use super::{DirArgs, TimesArgs, year};

#[derive(Debug, ClapArgs)]
pub struct ParticipationArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// At most so many groups and so many recommendations; 100 in a table and all of them in JSON and
    /// CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub struct ActivitiesArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Only what was done in this year.
    #[arg(long, value_parser = year)]
    pub year: Option<Year>,
}

#[derive(Debug, ClapArgs)]
pub struct ControlsArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Only checks without outcome, and those whose findings are not put right.
    #[arg(long)]
    pub open: bool,
    /// At most so many checks; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub struct OfficesArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// How many active holders of this year there are per adviser at its end.
    #[arg(long, value_parser = year)]
    pub year: Option<Year>,
}
