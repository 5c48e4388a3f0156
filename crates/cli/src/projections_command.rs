//! `projections rebuild`: read models made anew from the first event.
//!
//! The new generation is built beside the present one, which answers queries until it is swapped.

use std::process::ExitCode;

use anyhow::Result;
use app::LogReader;
use app::projector::Projector;

use crate::args::DirArgs;
use crate::failure::Exit;
use crate::output::{Answer, Output};

/// Rebuilds and swaps.
pub fn rebuild(at: &DirArgs, out: &Output) -> Result<ExitCode> {
    let head = LogReader::open(&at.dir)?.head()?.position;
    let mut progress = out.progress("rebuilding the read models", head.0);
    let projector = Projector::rebuild(&at.dir, &mut |position| progress.at(position.0))?;
    drop(progress);
    out.answer(&Answer::new().fact("position", projector.position()))?;
    Ok(Exit::Ok.into())
}
