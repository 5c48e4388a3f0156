//! Processes: when this has happened, ask for that.
//!
//! ```text
//! contract_ends   the work of a job is over            ─► it ended, which says when the wage is due
//! advances        a wage is due, the client unpaid     ─► the guarantee fund advances
//! reminders       an invoice is overdue                ─► the client is reminded, level by level
//! instalments     an instalment of a loan falls due    ─► it is called
//! checks          an action is drawn to be checked     ─► the check begins, before the fact or after
//! ```
//!
//! A process is a pure function from rows of the read models and today to the steps that they call
//! for. It keeps no state: the id of a step's command is a hash of the process, the position of the
//! event that triggered it, and the step; what stands in the log under that id is done. Each process
//! reads at the head of the log, and the rules decide again. What they refuse is a work list for
//! people. Rebuilding, replaying and restoring read events and ask for nothing, so they run none.
//! Left out: what needs a document or a judgment, such as calculating wages or doubting a debt.
//! Source: DOMAIN E27, E30, F1 (reminders, guarantee fund), F2 (advance.granted).

pub mod advances;
pub mod checks;
pub mod contract_ends;
pub mod instalments;
pub mod reminders;
mod run;

use std::str::FromStr;

use domain::ids::CommandId;
use domain::text::Actor;
use domain::{Command, Day, Position, Request};
use sha2::{Digest as _, Sha256};
use uuid::Builder;

pub use run::{Outcome, ProcessError, Step, dry_run, plan, run, submit};

/// What is done when something has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Process {
    /// The work of a job is over: it ended, which says when its wage is due.
    ContractEnds,
    /// A wage is due and the client has not paid: the guarantee fund advances.
    Advances,
    /// An invoice is overdue: the client is reminded.
    Reminders,
    /// An instalment of a loan falls due: it is called.
    Instalments,
    /// An action is drawn: the check of it begins.
    Checks,
}

/// One step that the rows call for.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The process.
    pub process: Process,
    /// Position of the event that triggered it.
    pub trigger: Position,
    /// Which step of the process for that event, from 1.
    pub step: u32,
    /// What is asked, of which stream.
    pub request: Request,
}

impl Process {
    /// Every process, in the order in which they run.
    pub const ALL: [Self; 5] =
        [Self::ContractEnds, Self::Advances, Self::Reminders, Self::Instalments, Self::Checks];

    /// Its name, which is part of the ids of its commands and never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContractEnds => "contract_ends",
            Self::Advances => "advances",
            Self::Reminders => "reminders",
            Self::Instalments => "instalments",
            Self::Checks => "checks",
        }
    }

    /// As whom it acts.
    fn actor(self) -> Actor {
        match self {
            Self::ContractEnds => Actor::literal("process:contract_ends"),
            Self::Advances => Actor::literal("process:advances"),
            Self::Reminders => Actor::literal("process:reminders"),
            Self::Instalments => Actor::literal("process:instalments"),
            Self::Checks => Actor::literal("process:checks"),
        }
    }
}

impl FromStr for Process {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|process| process.name() == text);
        let names = Self::ALL.map(Self::name).join(", ");
        found.ok_or_else(|| format!("expected one of {names}"))
    }
}

impl Planned {
    /// The id of its command: what makes the step happen once only.
    pub fn id(&self) -> CommandId {
        command_id(self.process, self.trigger, self.step)
    }

    /// The command that takes effect on a day.
    pub fn command(&self, today: Day) -> Command {
        Command {
            id: self.id(),
            actor: self.process.actor(),
            effective_on: today,
            request: self.request.clone(),
        }
    }
}

/// The id of a step's command: SHA-256 of process, position and step, as a UUID of version 8.
///
/// Source: RFC 9562, 5.8 (version 8).
pub fn command_id(process: Process, trigger: Position, step: u32) -> CommandId {
    let digest = Sha256::digest(format!("coledger/process/1\n{}\n{trigger}\n{step}", process.name()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    CommandId::new(Builder::from_custom_bytes(bytes).into_uuid())
}
