//! Completions for the shells, made from the command line's own description.

use std::process::ExitCode;

use anyhow::Result;
use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::args::Args;
use crate::failure::Exit;
use crate::output::Output;

/// Prints the completions.
pub fn run(shell: Shell, out: &Output) -> Result<ExitCode> {
    // Into memory first: the generator panics when a pipe is closed.
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "coledger", &mut script);
    out.bytes(&script)?;
    Ok(Exit::Ok.into())
}
