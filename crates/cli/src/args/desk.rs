//! What may be typed to ask the desk: bank reconciliation, covers, courses, fitness, resources.

use clap::Args as ClapArgs;

use super::{DirArgs, TimesArgs};

#[derive(Debug, ClapArgs)]
pub struct DeskArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// At most so many rows of each kind; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}
