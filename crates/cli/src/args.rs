//! What may be typed: commands, options and their words.
//!
//! Everything is parsed into the domain's types here, so that what is wrong is said before a file is
//! opened. Doc comments are the help texts.

mod bodies;
mod desk;
mod pools;
mod taking_part;

use std::path::PathBuf;

use app::processes::Process;
use app::{Account, Book, Language, Line, Party};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use domain::ids::{ClientId, EntityId, MemberId, UnitId};
use domain::{Day, Position, StreamId, Year};
use reference_year::Scale;

pub use bodies::{MandatesArgs, RollArgs, VotesArgs};
pub use desk::DeskArgs;
pub use pools::{FundBy, GrantsArgs, GuaranteeFundArgs, LoansArgs, MoneyFlowArgs};
pub use taking_part::{ActivitiesArgs, ControlsArgs, OfficesArgs, ParticipationArgs};

/// The event-sourced ledger core of a worker cooperative.
///
/// A command is decided by rules into events; events are appended to one ordered, tamper-evident
/// log; everything else is computed from that log.
#[derive(Debug, Parser)]
#[command(name = "coledger", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub output: OutputArgs,
}

const EXIT_CODES: &str = "\
Exit codes:
  0   done
  1   figures or read models differ, the log does not verify, or doctor found a problem
  2   refused by a rule, malformed, or nothing there to work on
  3   the machine failed: disk, damaged file, file of a newer version
  64  the command line is wrong";

/// How to print.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub struct OutputArgs {
    /// How answers are written; tables are plain text in a pipe.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    pub output: Format,
    /// Say nothing but answers and errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// A way to write answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables on a terminal, plain aligned text in a pipe.
    Table,
    /// JSON; long lists one object a line.
    Json,
    /// CSV with a header line.
    Csv,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the reference year 2025, verify it, and compare its figures with the published ones.
    Demo(DemoArgs),
    /// Create a log: its books opened, parameters published, a fiscal year opened.
    Init(InitArgs),
    /// Send commands: one as JSON, or a stream of them, one a line; a receipt a line.
    Do(DoArgs),
    /// List the events of the log, in order.
    Events(EventsArgs),
    /// The trial balance of the books.
    Balance(BalanceArgs),
    /// The trial balance of a fiscal year: what each account held before it, moved, and holds after it.
    TrialBalance(TrialBalanceArgs),
    /// The annual accounts of a fiscal year: balance sheet, profit and loss.
    Accounts(AccountsArgs),
    /// What was booked on an account, with the balance after each movement.
    Statement(StatementArgs),
    /// Loans to members: what was granted and lent, what is outstanding and overdue.
    Loans(LoansArgs),
    /// Grants by outside funders: what was received, and what is still to be passed on.
    Grants(GrantsArgs),
    /// The guarantee fund: what it advanced to units whose clients have not paid, and what it bore.
    GuaranteeFund(GuaranteeFundArgs),
    /// Where money came from in a year, and where it went.
    MoneyFlow(MoneyFlowArgs),
    /// Bank statements beside the books: what is matched, what is not, and whether that explains all.
    Reconciliation(DeskArgs),
    /// Who is covered against accidents on a day, and what became of claims.
    Covers(DeskArgs),
    /// Courses: validated, listed, asked about, and invoiced exempt of VAT.
    Courses(DeskArgs),
    /// Who is fit for which risky work until when, and accidents.
    Fitness(DeskArgs),
    /// Shared desks, rooms and machines: how much they were booked, and what units paid for them.
    Resources(DeskArgs),
    /// Members taking part: groups, how far recommendations have come, bodies, cases of ethics.
    Participation(ParticipationArgs),
    /// What was done for the object: activities, publications, training, jobs, surveys, plans.
    Activities(ActivitiesArgs),
    /// Checks before and after the fact: the share that was checked, and what was found.
    Controls(ControlsArgs),
    /// Offices and advisers, and how many holders each adviser has.
    Offices(OfficesArgs),
    /// Registers that the law asks for.
    Register {
        #[command(subcommand)]
        what: RegisterCommand,
    },
    /// Mandates: who sits where until when, and which seats of the board are free.
    Mandates(MandatesArgs),
    /// What clients owe on a day, by age.
    Receivables(ReceivablesArgs),
    /// What wage must be paid by when, and what was late.
    WagesDue(WagesDueArgs),
    /// What has happened calls for what comes next: reminders, advances, instalments, checks.
    Processes {
        #[command(subcommand)]
        what: ProcessesCommand,
    },
    /// Reports computed from the log.
    Report {
        #[command(subcommand)]
        what: ReportCommand,
    },
    /// Where an answer comes from: the query, and the events behind it with their positions.
    Explain {
        #[command(subcommand)]
        what: ExplainCommand,
    },
    /// The books in the formats of other programs.
    Export {
        #[command(subcommand)]
        what: ExportCommand,
    },
    /// Sign the head of the log, and print the signed note: keep it elsewhere.
    Checkpoint(DirArgs),
    /// Recompute the whole log and report what does not fit.
    Verify(VerifyArgs),
    /// Look at the files, the last events and the read models, and say what to do.
    Doctor(DirArgs),
    /// Read models, which can be deleted and rebuilt.
    Projections {
        #[command(subcommand)]
        what: ProjectionsCommand,
    },
    /// Print completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// Where the log lies.
#[derive(Clone, Debug, ClapArgs)]
pub struct DirArgs {
    /// Directory of the log.
    #[arg(long, env = "COLEDGER_DIR", hide_env_values = true, default_value = "./coledger-data")]
    pub dir: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct DemoArgs {
    /// Which part of the cooperative is built: 1 is all of it, 0.01 a hundredth.
    #[arg(long, default_value = "1")]
    pub scale: Scale,
    /// Where to build it, empty or absent; a temporary directory when left out.
    // Never from COLEDGER_DIR: that names real books.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Draws another year with the same figures.
    #[arg(long, default_value_t = 2025)]
    pub seed: u64,
    /// Keep the temporary directory, and say where it is.
    #[arg(long)]
    pub keep: bool,
    /// Write each receipt as a line of JSON, the moment it is given; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub receipts: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// Id of the legal entity; a new one when left out.
    #[arg(long, value_name = "UUID")]
    pub entity: Option<EntityId>,
    /// The fiscal year to open; this year when left out.
    #[arg(long, value_parser = year)]
    pub year: Option<Year>,
}

#[derive(Debug, ClapArgs)]
pub struct DoArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// Where the commands are read from; standard input when left out or `-`.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The command itself.
    #[arg(long, value_name = "COMMAND", conflicts_with = "file")]
    pub json: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct EventsArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// First position.
    #[arg(long, value_parser = position, value_name = "POSITION", default_value = "1")]
    pub from: Position,
    /// At most so many; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
    /// Only events of this stream, such as `year/2025`, `series/F/2025` or `unit/<UUID>`.
    #[arg(long, value_parser = stream)]
    pub stream: Option<StreamId>,
    /// Only events of this type, such as `invoice.issued`.
    #[arg(long = "type", value_name = "TYPE", value_parser = event_type)]
    pub event_type: Option<&'static str>,
}

/// Both times of a question.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub struct TimesArgs {
    /// Only what took effect up to this day.
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<Day>,
    /// Only what the log held at this position.
    #[arg(long, value_name = "POSITION", value_parser = position)]
    pub known_at: Option<Position>,
}

#[derive(Debug, ClapArgs)]
pub struct BalanceArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// Only this book: `gl`, the general ledger, or `bl`, the budget ledger.
    #[arg(long, value_parser = book)]
    pub book: Option<Book>,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Language of the accounts' names: nl, fr or en.
    #[arg(long, value_parser = language, default_value = "en")]
    pub lang: Language,
}

#[derive(Debug, ClapArgs)]
pub struct TrialBalanceArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// The fiscal year.
    #[arg(long, value_parser = fiscal_year)]
    pub year: Year,
    /// Only this book: `gl`, the general ledger, or `bl`, the budget ledger.
    #[arg(long, value_parser = book)]
    pub book: Option<Book>,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Language of the accounts' names: nl, fr or en.
    #[arg(long, value_parser = language, default_value = "en")]
    pub lang: Language,
}

#[derive(Debug, ClapArgs)]
pub struct AccountsArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// The fiscal year.
    #[arg(long, value_parser = fiscal_year)]
    pub year: Year,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Language of the headings: nl, fr or en.
    #[arg(long, value_parser = language, default_value = "en")]
    pub lang: Language,
}

#[derive(Debug, ClapArgs)]
pub struct StatementArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// The account, such as `400`, or with its party, such as `unit.available/unit:<UUID>`.
    #[arg(value_parser = line)]
    pub account: Line,
    /// Only of this party: `unit:<UUID>`, `client:<UUID>` or `person:<UUID>`.
    #[arg(long)]
    pub party: Option<Party>,
    #[command(flatten)]
    pub times: TimesArgs,
    /// At most so many rows.
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
    /// Begin after this row, as the page before named it: position and place, such as `1204:3`.
    #[arg(long, value_name = "ROW", value_parser = cursor)]
    pub after: Option<(Position, u64)>,
    /// Language of the account's name: nl, fr or en.
    #[arg(long, value_parser = language, default_value = "en")]
    pub lang: Language,
}

#[derive(Debug, Subcommand)]
pub enum RegisterCommand {
    /// Who holds which shares, and what was paid on them.
    Shares(SharesArgs),
    /// General meetings: who could vote, who did, and what was decided.
    Votes(VotesArgs),
    /// Who may vote at a record date, with the digest under which the list is sealed.
    Roll(RollArgs),
}

#[derive(Debug, ClapArgs)]
pub struct SharesArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
    /// Only this member, with each movement of the shares.
    #[arg(long, value_name = "UUID")]
    pub member: Option<MemberId>,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

/// The day of a question about what is late, and how far it is known.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub struct DayArgs {
    /// The day from which it is looked at: only what took effect up to it, late or not on it.
    #[arg(long, value_name = "DAY")]
    pub as_of: Day,
    /// Only what the log held at this position.
    #[arg(long, value_name = "POSITION", value_parser = position)]
    pub known_at: Option<Position>,
}

impl From<DayArgs> for TimesArgs {
    fn from(DayArgs { as_of, known_at }: DayArgs) -> Self {
        Self { as_of: Some(as_of), known_at }
    }
}

#[derive(Debug, ClapArgs)]
pub struct ReceivablesArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: DayArgs,
    /// A row for each invoice, unit or client.
    #[arg(long, value_name = "WHAT", default_value = "invoice")]
    pub by: ReceivablesBy,
    /// Only of this unit.
    #[arg(long, value_name = "UUID")]
    pub unit: Option<UnitId>,
    /// Only of this client.
    #[arg(long, value_name = "UUID")]
    pub client: Option<ClientId>,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

/// What a row of receivables is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReceivablesBy {
    /// An invoice.
    Invoice,
    /// A production unit.
    Unit,
    /// A client.
    Client,
}

#[derive(Debug, ClapArgs)]
pub struct WagesDueArgs {
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: DayArgs,
    /// Only of this unit.
    #[arg(long, value_name = "UUID")]
    pub unit: Option<UnitId>,
    /// Only what is not paid.
    #[arg(long)]
    pub unpaid: bool,
    /// At most so many rows; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub enum ProcessesCommand {
    /// Ask for each step that is due and not done; what the rules refuse is a work list.
    Run(ProcessesRunArgs),
}

#[derive(Debug, ClapArgs)]
pub struct ProcessesRunArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// The day on which it is decided what is due, and on which the steps take effect.
    #[arg(long, value_name = "DAY")]
    pub today: Day,
    /// Show what would be asked, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Only this process: contract_ends, advances, reminders or instalments; may be given several times.
    #[arg(long, value_name = "PROCESS")]
    pub only: Vec<Process>,
}

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// The figures of the special report that the log carries, each with its definition.
    Figures(FiguresArgs),
}

#[derive(Debug, ClapArgs)]
pub struct FiguresArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// The year.
    #[arg(long, value_parser = year)]
    pub year: Year,
    #[command(flatten)]
    pub times: TimesArgs,
}

#[derive(Debug, Subcommand)]
pub enum ExplainCommand {
    /// A figure of the special report: each event that makes it up, and what it adds.
    Figure(ExplainFigureArgs),
    /// The balance of an account: the same as `statement`.
    Balance(StatementArgs),
    /// A member's line of the share register: every movement of the shares.
    Shares(ExplainSharesArgs),
}

#[derive(Debug, ClapArgs)]
pub struct ExplainFigureArgs {
    /// The figure, by its id in `report figures`.
    pub figure: String,
    #[command(flatten)]
    pub at: DirArgs,
    /// The year.
    #[arg(long, value_parser = year)]
    pub year: Year,
    #[command(flatten)]
    pub times: TimesArgs,
    /// At most so many events; 100 in a table and all of them in JSON and CSV when left out.
    #[arg(long)]
    pub limit: Option<u64>,
}

#[derive(Debug, ClapArgs)]
pub struct ExplainSharesArgs {
    /// The member.
    #[arg(value_name = "UUID")]
    pub member: MemberId,
    #[command(flatten)]
    pub at: DirArgs,
    #[command(flatten)]
    pub times: TimesArgs,
}

#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Both books as hledger journals: one file per month, which can be checked alone, and all of them.
    Hledger(HledgerArgs),
}

#[derive(Debug, ClapArgs)]
pub struct HledgerArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// Where the journals are written: an empty directory, or one that is made.
    #[arg(long, value_name = "OUT")]
    pub to: PathBuf,
    /// Only what took effect in this year, opened with what stood before it.
    #[arg(long, value_parser = year)]
    pub year: Option<Year>,
    /// Write even where there are files, over those of the same names.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, ClapArgs)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub at: DirArgs,
    /// A signed checkpoint kept elsewhere; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// Receipts kept elsewhere, as `do` printed them; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub receipts: Vec<PathBuf>,
    /// The log's public key as it was handed out: name+id+base64.
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Threads that check events; one per core when left out.
    #[arg(long)]
    pub threads: Option<usize>,
}

#[derive(Debug, Subcommand)]
pub enum ProjectionsCommand {
    /// List the read models: their questions, tables and rows, and how far they lag behind the log.
    List(DirArgs),
    /// Build the read models beside the present ones, compare all rows, and remove what was built.
    Diff(DirArgs),
    /// Build the read models anew from the first event, beside the present ones, and swap them in.
    Rebuild(DirArgs),
}

fn expected<T>(found: Option<T>, what: &str) -> Result<T, String> {
    found.ok_or_else(|| format!("expected {what}"))
}

fn position(text: &str) -> Result<Position, String> {
    expected(text.parse().ok().filter(|n| *n > 0).map(Position), "a position: a whole number from 1 on")
}

fn year(text: &str) -> Result<Year, String> {
    match StreamId::parse("year", text) {
        Some(StreamId::Year(year)) => Ok(year),
        _ => Err("expected a year such as 2025".to_owned()),
    }
}

/// A year with a year before it to compare with.
fn fiscal_year(text: &str) -> Result<Year, String> {
    expected(year(text).ok().filter(|year| year.number() > 1900), "a year from 1901 to 2199, such as 2025")
}

fn stream(text: &str) -> Result<StreamId, String> {
    let (kind, key) = text.split_once('/').unwrap_or((text, text));
    expected(
        StreamId::parse(kind, key),
        "statutes, year/<YEAR>, member/<UUID>, unit/<UUID> or series/<CODE>/<YEAR>",
    )
}

fn event_type(text: &str) -> Result<&'static str, String> {
    let found = domain::Event::kinds().find(|kind| kind.name == text).map(|kind| kind.name);
    expected(found, "the stored name of an event, such as invoice.issued")
}

fn book(text: &str) -> Result<Book, String> {
    expected(Book::from_code(&text.to_ascii_uppercase()), "gl, the general ledger, or bl, the budget ledger")
}

fn language(text: &str) -> Result<Language, String> {
    expected(Language::from_code(text), "nl, fr or en")
}

fn line(text: &str) -> Result<Line, String> {
    let (code, party) = text.split_once('/').map_or((text, None), |(code, party)| (code, Some(party)));
    let account =
        expected(Account::from_code(code), "an account of the chart, such as 400 or unit.available")?;
    let of = party.map(str::parse::<Party>).transpose().map_err(|error| error.to_string())?;
    Ok(Line { account, of })
}

fn cursor(text: &str) -> Result<(Position, u64), String> {
    let parse = || {
        let (position, place) = text.split_once(':')?;
        Some((Position(position.parse().ok()?), place.parse().ok()?))
    };
    expected(parse(), "position and place of a row, such as 1204:3")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Args::command().debug_assert();
    }
}
