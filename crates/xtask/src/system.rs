//! System packages that the build and the tests need, installed after saying so.
//!
//! Known package managers: apt-get (Debian, Ubuntu) and dnf (Fedora and its kin). Elsewhere the
//! message says what to install by hand.
//! Left out: Rust itself, without which nothing here runs.

use std::env;
use std::io::{self, IsTerminal};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A program that must be on the `PATH`, and the packages that bring it.
pub struct Needed {
    program: &'static str,
    debian: &'static [&'static str],
    fedora: &'static [&'static str],
    why: &'static str,
}

/// What the build and the tests need.
pub const FOR_TESTS: &[Needed] = &[
    Needed {
        program: "cc",
        debian: &["gcc", "libc6-dev"],
        fedora: &["gcc"],
        why: "compiles the bundled SQLite",
    },
    Needed {
        program: "hledger",
        debian: &["hledger"],
        fedora: &["hledger"],
        why: "reads and checks the exported books, in the tests and benches",
    },
];

/// What the benches need besides.
pub const FOR_BENCHES: &[Needed] = &[Needed {
    program: "ledger",
    debian: &["ledger"],
    fedora: &["ledger"],
    why: "reads the exported books, in a bench",
}];

/// Installs what is missing with the system's package manager, after saying so.
pub fn install_missing(needed: impl IntoIterator<Item = &'static Needed>) -> Result<()> {
    let missing: Vec<&Needed> = needed.into_iter().filter(|needed| !on_path(needed.program)).collect();
    if missing.is_empty() {
        println!("=== system: nothing is missing");
        return Ok(());
    }
    for needed in &missing {
        println!("missing: {} ({})", needed.program, needed.why);
    }
    for command in commands(&missing)? {
        println!("installing: {}", command.join(" "));
        let status = Command::new(command[0])
            .args(&command[1..])
            .status()
            .with_context(|| format!("cannot start {}", command[0]))?;
        if !status.success() {
            bail!(
                "step `system` failed\n  repeat it:   cargo xtask test --only system\n  or by hand:  {}",
                command.join(" ")
            );
        }
    }
    match missing.iter().find(|needed| !on_path(needed.program)) {
        Some(still) => bail!("{} is still not on the PATH after installing its packages", still.program),
        None => Ok(()),
    }
}

/// The commands that install the packages, for the manager that this system has.
fn commands(missing: &[&Needed]) -> Result<Vec<Vec<&'static str>>> {
    let mut commands: Vec<Vec<&'static str>> = Vec::new();
    if on_path("apt-get") {
        let packages = missing.iter().flat_map(|needed| needed.debian);
        commands.push(vec!["apt-get", "update", "-q"]);
        commands.push(
            ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
                .iter()
                .chain(packages)
                .copied()
                .collect(),
        );
    } else if on_path("dnf") {
        let packages = missing.iter().flat_map(|needed| needed.fedora);
        commands.push(["dnf", "install", "-q", "-y"].iter().chain(packages).copied().collect());
    } else {
        let by_hand: Vec<String> = missing
            .iter()
            .map(|needed| {
                format!(
                    "{} (on Debian: {}; on Fedora: {})",
                    needed.program,
                    needed.debian.join(" "),
                    needed.fedora.join(" ")
                )
            })
            .collect();
        bail!("neither apt-get nor dnf is here; please install by hand: {}", by_hand.join("; "));
    }
    let sudo: &[&'static str] = match (is_root(), can_ask()) {
        (true, _) => &[],
        (false, true) => &["sudo"],
        (false, false) => &["sudo", "-n"],
    };
    Ok(commands.into_iter().map(|command| sudo.iter().copied().chain(command).collect()).collect())
}

fn on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether somebody is there to type a password; in CI nobody is, even on a terminal.
fn can_ask() -> bool {
    env::var_os("CI").is_none() && io::stdin().is_terminal()
}
