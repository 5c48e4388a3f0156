//! What is asked of the verifier, and what it answers.

use std::fmt;

use domain::{Digest, Receipt};

use crate::finding::Finding;

/// Findings that a report lists; the rest are counted.
pub const FINDINGS_MAX: usize = 1_000;

/// What to compare the log with, and with how many threads.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Threads that check events; at least one.
    pub threads: usize,
    /// Signed checkpoints kept elsewhere than with the log.
    pub trusted: Vec<String>,
    /// Receipts kept elsewhere than with the log.
    pub receipts: Vec<Receipt>,
    /// The log's public key as it was handed out, `name+id+base64`; else the one beside the log.
    pub expect_key: Option<String>,
}

/// Where the key came from that signatures were checked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckedKey {
    /// It was given, by somebody who got it elsewhere.
    Given(String),
    /// It lay beside the log: whoever could change the log could change it.
    Beside(String),
    /// There was none: checkpoints were compared with the tree only.
    None,
}

/// What was verified and what was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// The log's origin, `coledger/<log id>`.
    pub origin: String,
    /// Events read.
    pub events: u64,
    /// Commands that caused them.
    pub commands: u64,
    /// Streams they belong to.
    pub streams: u64,
    /// Snapshots refolded.
    pub snapshots: u64,
    /// Snapshots of another version of the state, whose place was checked but not their bytes.
    pub snapshots_of_other_versions: u64,
    /// Stored checkpoints compared.
    pub checkpoints: u64,
    /// Checkpoints and receipts compared that were kept elsewhere.
    pub held: u64,
    /// The key that signatures were checked with.
    pub key: CheckedKey,
    /// RFC 6962 root over all leaves as recomputed.
    pub root: Digest,
    /// What does not fit, in order of discovery; none means verified.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub findings_left_out: u64,
}

impl Report {
    /// Whether nothing was found.
    pub fn is_verified(&self) -> bool {
        self.findings.is_empty() && self.findings_left_out == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "log          {}", self.origin)?;
        writeln!(f, "events       {}", self.events)?;
        writeln!(f, "commands     {}", self.commands)?;
        writeln!(f, "streams      {}", self.streams)?;
        write!(f, "snapshots    {} refolded", self.snapshots)?;
        if self.snapshots_of_other_versions > 0 {
            write!(f, ", {} of other versions not", self.snapshots_of_other_versions)?;
        }
        writeln!(f)?;
        writeln!(f, "checkpoints  {} stored, {} kept elsewhere", self.checkpoints, self.held)?;
        match &self.key {
            CheckedKey::Given(key) => writeln!(f, "key          {key}")?,
            CheckedKey::Beside(key) => {
                writeln!(
                    f,
                    "key          {key} (found beside the log; give the one you were handed with --key)"
                )?;
            }
            CheckedKey::None => writeln!(f, "key          none; signatures were not checked")?,
        }
        writeln!(f, "root         {}", self.root)?;
        if self.is_verified() {
            writeln!(f, "verified: nothing was found")?;
            if self.held == 0 {
                writeln!(
                    f,
                    "A rewriting of the whole log by its keeper shows only against a checkpoint or receipt \
                     kept elsewhere; none was given."
                )?;
            }
            return Ok(());
        }
        let n_findings = self.findings.len() as u64 + self.findings_left_out;
        writeln!(f, "not verified: {n_findings} finding{}", if n_findings == 1 { "" } else { "s" })?;
        for finding in &self.findings {
            writeln!(f, "  {:<26} {finding}", finding.code())?;
        }
        if self.findings_left_out > 0 {
            writeln!(f, "  … and {} more", self.findings_left_out)?;
        }
        Ok(())
    }
}

/// Gathers findings up to a limit and counts the rest.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    listed: Vec<Finding>,
    left_out: u64,
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.listed.len() < FINDINGS_MAX {
            self.listed.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    pub(crate) fn into_parts(self) -> (Vec<Finding>, u64) {
        (self.listed, self.left_out)
    }
}
