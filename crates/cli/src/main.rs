//! The `coledger` command line: parses arguments, talks to `app`, prints.
//!
//! ```text
//! args      what may be typed                    output    tables, JSON, CSV and progress, in one place
//! failure   errors as sentences, exit codes      views     read models brought up to date for a query
//! one file per command or small family: init do_commands events balance accounts register
//!                                       votes loans guarantee_fund money_flow receivables wages_due processes
//!                                       desk taking_part explain report hledger checkpoint doctor projections
//!                                       completions demo
//! ```
//!
//! Nothing is decided here. Instants, ids and randomness of a real log come from here, the edge.
//! Exit codes and formats are documented in `docs/CLI.md`.

mod accounts;
mod args;
mod balance;
mod checkpoint;
mod completions;
mod demo;
mod desk;
mod do_commands;
mod doctor;
mod events;
mod explain;
mod failure;
mod guarantee_fund;
mod hledger;
mod init;
mod loans;
mod money_flow;
mod output;
mod processes;
mod projections_command;
mod receivables;
mod refused;
mod register;
mod report;
mod taking_part;
mod texts;
mod views;
mod votes;
mod wages_due;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use args::{
    Args, Command, ExplainCommand, ExportCommand, ProcessesCommand, ProjectionsCommand, RegisterCommand,
    ReportCommand,
};
use clap::Parser as _;
use failure::Exit;
use output::Output;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(said) => {
            let exit = if said.use_stderr() { Exit::Usage } else { Exit::Ok };
            // Nobody is left to tell when even this cannot be written.
            let _ = said.print();
            return exit.into();
        }
    };
    tell_warnings();
    let out = Output::new(&args.output);
    let ended = run(&args.command, &out).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    ended.unwrap_or_else(|error| failure::tell(&error).into())
}

fn run(command: &Command, out: &Output) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => demo::run(args, out),
        Command::Init(args) => init::run(args, out),
        Command::Do(args) => do_commands::run(args, out),
        Command::Events(args) => events::run(args, out),
        Command::Balance(args) => balance::trial_balance(args, out),
        Command::TrialBalance(args) => accounts::trial_balance(args, out),
        Command::Accounts(args) => accounts::accounts(args, out),
        Command::Statement(args) => balance::statement(args, out),
        Command::Loans(args) => loans::loans(args, out),
        Command::Grants(args) => loans::grants(args, out),
        Command::GuaranteeFund(args) => guarantee_fund::run(args, out),
        Command::MoneyFlow(args) => money_flow::run(args, out),
        Command::Reconciliation(args) => desk::reconciliation(args, out),
        Command::Covers(args) => desk::covers(args, out),
        Command::Courses(args) => desk::courses(args, out),
        Command::Fitness(args) => desk::fitness(args, out),
        Command::Resources(args) => desk::resources(args, out),
        Command::Participation(args) => taking_part::participation(args, out),
        Command::Activities(args) => taking_part::activities(args, out),
        Command::Controls(args) => taking_part::controls(args, out),
        Command::Offices(args) => taking_part::offices(args, out),
        Command::Register { what } => match what {
            RegisterCommand::Shares(args) => register::shares(args, out),
            RegisterCommand::Votes(args) => votes::votes(args, out),
            RegisterCommand::Roll(args) => votes::roll(args, out),
        },
        Command::Mandates(args) => votes::mandates(args, out),
        Command::Receivables(args) => receivables::receivables(args, out),
        Command::WagesDue(args) => wages_due::wages_due(args, out),
        Command::Processes { what: ProcessesCommand::Run(args) } => processes::run(args, out),
        Command::Report { what: ReportCommand::Figures(args) } => report::figures(args, out),
        Command::Explain { what: ExplainCommand::Figure(args) } => explain::figure(args, out),
        Command::Explain { what: ExplainCommand::Balance(args) } => balance::statement(args, out),
        Command::Explain { what: ExplainCommand::Shares(args) } => register::movements(args, out),
        Command::Export { what: ExportCommand::Hledger(args) } => hledger::export(args, out),
        Command::Checkpoint(args) => checkpoint::sign(args, out),
        Command::Verify(args) => checkpoint::verify(args, out),
        Command::Doctor(args) => doctor::run(args, out),
        Command::Projections { what } => match what {
            ProjectionsCommand::List(args) => projections_command::list(args, out),
            ProjectionsCommand::Diff(args) => projections_command::diff(args, out),
            ProjectionsCommand::Rebuild(args) => projections_command::rebuild(args, out),
        },
        Command::Completions { shell } => completions::run(*shell, out),
    }
}

/// Warnings of the rooms behind go to stderr, as plain sentences.
fn tell_warnings() {
    let to_stderr = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .without_time();
    to_stderr.init();
}
