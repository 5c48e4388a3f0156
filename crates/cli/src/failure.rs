//! Errors as one sentence each, with their stable code and exit code.
//!
//! What the rooms behind say is kept: their messages already tell what to do. Here they get a code
//! that scripts can compare, and the exit code. A reader who closed the pipe is no error.

use std::error::Error;
use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use app::StoreError;
use app::books::BooksError;
use app::inspect::InspectViewsError;
use app::projector::ProjectError;
use app::views::ViewsError;
use app::writer::{CommandError, WriteError};
use domain::parameters::NoParameter;
use verify::VerifyError;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// Figures or read models differ, the log does not verify, or doctor found a problem.
    Differs = 1,
    /// Refused by a rule, malformed, or nothing there to work on.
    Refused = 2,
    /// The machine failed.
    Failed = 3,
    /// The command line is wrong.
    Usage = 64,
}

/// What was given cannot be worked on: a sentence with what was found and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
pub struct BadInput {
    sentence: String,
    #[source]
    cause: Option<io::Error>,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl BadInput {
    /// What was given cannot be worked on.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), cause: None }
    }

    /// What was given cannot be read.
    pub fn unreadable(sentence: impl Into<String>, cause: io::Error) -> Self {
        Self { sentence: sentence.into(), cause: Some(cause) }
    }
}

/// Prints an error to stderr and says how the command ended.
pub fn tell(error: &anyhow::Error) -> Exit {
    if error.chain().any(is_closed_pipe) {
        return Exit::Ok;
    }
    eprintln!("error: {}", sentence_of(error));
    exit_of(error)
}

/// The whole chain as one sentence, with the stable code at its end when there is one.
pub fn sentence_of(error: &anyhow::Error) -> String {
    let mut sentence = chain_of(error.as_ref());
    if let Some(code) = code_of(error) {
        write!(sentence, " [{code}]").expect("text grows");
    }
    sentence
}

/// `sentence (caused by: sentence, caused by: sentence)`.
pub fn chain_of(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // Some errors say their cause in their own sentence.
        if !said.contains(&text) && !causes.contains(&text) {
            causes.push(text);
        }
        next = cause.source();
    }
    if !causes.is_empty() {
        write!(said, " (caused by: {})", causes.join(", caused by: ")).expect("text grows");
    }
    said
}

/// The stable code of the failure, when it is of a kind that has one.
pub fn code_of(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(code_of_cause)
}

/// The stable code of one cause.
pub fn code_of_cause(cause: &(dyn Error + 'static)) -> Option<&'static str> {
    if let Some(store) = store_error(cause) {
        return Some(store_code(store));
    }
    if let Some(write) = cause.downcast_ref::<WriteError>() {
        return Some(write.code());
    }
    if let Some(command) = cause.downcast_ref::<CommandError>() {
        return Some(command.code());
    }
    if let Some(books) = cause.downcast_ref::<BooksError>() {
        return match books {
            BooksError::Write(write) => Some(write.code()),
            BooksError::Project(project) => project_code(project),
            BooksError::Behind { .. } => Some("views.behind"),
            BooksError::Store(store) => Some(store_code(store)),
        };
    }
    if let Some(project) = cause.downcast_ref::<ProjectError>() {
        return project_code(project);
    }
    if cause.is::<ViewsError>() {
        return Some("views.unusable");
    }
    if cause.is::<NoParameter>() {
        return Some("parameter.missing");
    }
    cause.downcast_ref::<VerifyError>().map(verify_code)
}

fn exit_of(error: &anyhow::Error) -> Exit {
    let given = |cause: &(dyn Error + 'static)| {
        let nothing_there = store_error(cause).is_some_and(|store| {
            matches!(store, StoreError::NoLog { .. } | StoreError::AlreadyExists { .. })
        });
        let refused = matches!(cause.downcast_ref(), Some(CommandError::Refused(_)));
        let to_verify = cause.downcast_ref().is_some_and(|verify| {
            matches!(
                verify,
                VerifyError::NoLog { .. }
                    | VerifyError::BadKey { .. }
                    | VerifyError::BadCheckpoint { .. }
                    | VerifyError::BadReceipt { .. }
            )
        });
        nothing_there || refused || to_verify || cause.is::<NoParameter>() || cause.is::<BadInput>()
    };
    if error.chain().any(given) { Exit::Refused } else { Exit::Failed }
}

/// The store's error inside, which transparent errors around it hide from the chain.
fn store_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a StoreError> {
    let of_write = |write: &'a WriteError| match write {
        WriteError::Store(store) => Some(store),
        _ => None,
    };
    let of_project = |project: &'a ProjectError| match project {
        ProjectError::Log { cause, .. } => of_write(cause),
        _ => None,
    };
    let of_books = |books: &'a BooksError| match books {
        BooksError::Store(store) => Some(store),
        BooksError::Write(write) => of_write(write),
        BooksError::Project(project) => of_project(project),
        BooksError::Behind { .. } => None,
    };
    let of_command = |command: &'a CommandError| match command {
        CommandError::Failed(write) => of_write(write),
        _ => None,
    };
    let of_inspect = |inspect: &'a InspectViewsError| match inspect {
        InspectViewsError::Store(store) => Some(store),
        InspectViewsError::Views(_) => None,
    };
    cause
        .downcast_ref::<StoreError>()
        .or_else(|| of_write(cause.downcast_ref()?))
        .or_else(|| of_project(cause.downcast_ref()?))
        .or_else(|| of_books(cause.downcast_ref()?))
        .or_else(|| of_command(cause.downcast_ref()?))
        .or_else(|| of_inspect(cause.downcast_ref()?))
}

fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::NoLog { .. } => "log.none",
        StoreError::AlreadyExists { .. } => "log.exists",
        StoreError::NotOurs { .. } => "log.not_ours",
        StoreError::NotADatabase { .. } => "log.not_a_database",
        StoreError::NewerFormat { .. } => "log.newer_format",
        StoreError::Corrupt { .. } => "log.corrupt",
        StoreError::Inconsistent { .. } => "log.inconsistent",
        StoreError::Unreadable { .. } => "log.unreadable",
        StoreError::DiskFull { .. } => "disk.full",
        StoreError::ReadOnly { .. } => "disk.read_only",
        StoreError::Locked { .. } => "log.locked",
        StoreError::Refused { .. } => "log.change_refused",
        StoreError::OutdatedSqlite { .. } => "program.outdated_sqlite",
        StoreError::BadKeyFile { .. } => "log.bad_key_file",
        StoreError::Checkpoint(_) => "log.checkpoint",
        StoreError::File { .. } => "disk.file",
        StoreError::Failed { .. } => "log.store",
    }
}

fn project_code(error: &ProjectError) -> Option<&'static str> {
    match error {
        ProjectError::Log { cause, .. } => Some(cause.code()),
        ProjectError::OtherLog { .. } => Some("views.other_log"),
        ProjectError::Views(_) | ProjectError::Read(_) => Some("views.unusable"),
    }
}

fn verify_code(error: &VerifyError) -> &'static str {
    match error {
        VerifyError::NoLog { .. } => "log.none",
        VerifyError::NotALog { .. } => "log.not_ours",
        VerifyError::NewerFormat { .. } => "log.newer_format",
        VerifyError::Corrupt { .. } => "log.corrupt",
        VerifyError::Unreadable { .. } => "log.store",
        VerifyError::ChangedMeanwhile { .. } => "verify.changed_meanwhile",
        VerifyError::BadKey { .. } => "verify.bad_key",
        VerifyError::BadCheckpoint { .. } => "verify.bad_checkpoint",
        VerifyError::BadReceipt { .. } => "verify.bad_receipt",
    }
}

fn is_closed_pipe(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
