//! One step of a chore: a command with a name, run with its duration shown.
//!
//! Steps read nothing from the terminal, so that a prompt can never hold up CI.

use std::fmt::Display;
use std::path::PathBuf;
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, bail};

/// One command of a chore.
pub struct Step {
    name: &'static str,
    args: Vec<String>,
    env: Vec<(&'static str, &'static str)>,
}

impl Step {
    /// A step that runs cargo with these arguments.
    pub fn cargo(name: &'static str, args: &[&str]) -> Self {
        Self { name, args: args.iter().map(ToString::to_string).collect(), env: Vec::new() }
    }

    /// With one more argument.
    pub fn arg(mut self, arg: impl Display) -> Self {
        self.args.push(arg.to_string());
        self
    }

    /// With this environment variable set.
    pub fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.push((name, value));
        self
    }

    /// The name under which it is reported.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The command as one would type it in a shell.
    pub fn typed(&self) -> String {
        let env = self.env.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
        let args = self.args.iter().map(|arg| quoted(arg));
        env.chain(["cargo".to_owned()]).chain(args).collect::<Vec<_>>().join(" ")
    }

    /// Runs it and tells how long it took and whether it succeeded.
    pub fn run(&self) -> Result<(Duration, bool)> {
        println!("\n=== {}: {}", self.name, self.typed());
        let begun = Instant::now();
        let status = Command::new(cargo())
            .args(&self.args)
            .envs(self.env.iter().copied())
            .stdin(Stdio::null())
            .status()
            .with_context(|| format!("cannot start `{}`", self.typed()))?;
        Ok((begun.elapsed(), status.success()))
    }
}

/// Runs the steps one after another and stops at the first that fails.
///
/// A failed step is repeated by `cargo xtask <chore> <step>`, where `chore` is empty for chores of
/// one step that bears their name.
pub fn run_in_order(chore: &str, steps: &[Step]) -> Result<()> {
    let mut durations = Vec::new();
    for step in steps {
        let (duration, success) = step.run()?;
        if !success {
            bail!(
                "step `{name}` failed after {}\n  repeat it:   cargo xtask {chore}{name}\n  or by hand:  {}",
                shown(duration),
                step.typed(),
                name = step.name,
            );
        }
        println!("=== {} passed in {}", step.name, shown(duration));
        durations.push((step.name, duration));
    }
    if durations.len() < 2 {
        return Ok(());
    }
    println!();
    for (name, duration) in &durations {
        println!("{name:<10}{:>9}", shown(*duration));
    }
    println!("{:<10}{:>9}", "together", shown(durations.iter().map(|(_, duration)| *duration).sum()));
    Ok(())
}

/// Minutes and seconds, or seconds with one decimal when it is less than a minute.
pub fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{seconds}.{} s", duration.subsec_millis() / 100)
    } else {
        format!("{} m {:02} s", seconds / 60, seconds % 60)
    }
}

/// The cargo that runs this program, so that a chore never mixes two toolchains.
pub fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// A directory for what a chore writes; unique to this process, so never met before.
pub fn scratch() -> PathBuf {
    env::temp_dir().join(format!("coledger-xtask-{}", process::id()))
}

/// Removes [`scratch`]; after a failure it is left, to be looked at.
pub fn remove_scratch() {
    // Nothing depends on it: the directory is the system's temporary one.
    let _ = fs::remove_dir_all(scratch());
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod specs {
    use super::*;

    #[test]
    fn a_duration_is_shown_with_its_unit() {
        for (millis, expected) in [(0, "0.0 s"), (1_260, "1.2 s"), (59_999, "59.9 s"), (61_000, "1 m 01 s")] {
            assert_eq!(shown(Duration::from_millis(millis)), expected);
        }
    }
}
