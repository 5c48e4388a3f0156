//! Read models for a query: brought up to the log's head, opened at one consistent cut.

use std::path::Path;

use anyhow::Result;
use app::views::ViewsReader;
use app::{LogReader, books};
use domain::{Digest, Position};
use projections::port::Times;

use crate::args::TimesArgs;
use crate::failure::BadInput;
use crate::output::{Answer, Cell, Output};

/// Read models at one cut, and both times of the question.
pub struct Asked {
    pub views: ViewsReader,
    pub times: Times,
    /// The position that the answer rests on: the cut's, or the earlier one asked for.
    pub position: Position,
    /// Leaf hash of the event there.
    pub leaf_hash: Digest,
    /// Root of the log there, when it is the log's head.
    pub root: Option<Digest>,
}

/// Brings the read models up to date, with a bar when they are far behind.
pub fn ask(dir: &Path, times: TimesArgs, out: &Output) -> Result<Asked> {
    let reader = LogReader::open(dir)?;
    let mut progress = out.progress("bringing the read models up to date", reader.head()?.position.0);
    let views = books::read(dir, &mut |position| progress.at(position.0))?;
    drop(progress);

    let cut = views.checkpoint();
    let position = times.known_at.unwrap_or(cut.position);
    if position > cut.position {
        let sentence =
            format!("--known-at {position}: expected a position up to {}, where the log ends", cut.position);
        return Err(BadInput::new(sentence).into());
    }
    let leaf_hash =
        if position == cut.position { cut.leaf_hash } else { reader.leaf_hashes(position, position)?[0] };
    let head = reader.head()?;
    let root = (head.position == position).then_some(head.root);
    let times = Times { as_of: times.as_of, known_at: times.known_at };
    Ok(Asked { views, times, position, leaf_hash, root })
}

impl Asked {
    /// An answer that says what it rests on.
    pub fn answer(&self) -> Answer {
        Answer::new()
            .fact("as_of", Cell::optional(self.times.as_of))
            .fact("known_at", self.position)
            .fact("leaf_hash", Cell::shown(self.leaf_hash))
            .fact("root", Cell::optional(self.root))
    }
}
