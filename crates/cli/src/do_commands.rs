//! `do`: commands in, receipts out.
//!
//! ```text
//! input ─► texts ─► parse ─► writer's queue ─► answers in the order of the input ─► stdout, stderr
//!                    └─ malformed ──────────────────┘
//! ```
//!
//! One thread reads and queues while another waits for the answers, so that many commands share one
//! sync of the disk; at most [`IN_FLIGHT_MAX`] wait at once. A refused or malformed command stops
//! nobody. When the machine fails, nothing more is read: what got no receipt may be sent again under
//! the same ids. Only the writer is opened: read models follow when somebody asks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, channel, sync_channel};

use anyhow::Result;
use app::LogReader;
use app::inspect::clock_of;
use app::writer::{Answer, CommandError, Writer};
use domain::ids::CommandId;
use domain::{Command, Digest, Malformed, Position, Receipt, RecordedAt};
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::args::{DoArgs, Format};
use crate::failure::{BadInput, Exit, chain_of, code_of_cause};
use crate::output::Output;
use crate::refused::field_of;
use crate::texts::{NoText, TEXT_BYTES_MAX, Text, Texts};

/// Commands that may wait for their answer at once.
const IN_FLIGHT_MAX: usize = 4_096;

/// A command that was read, on its way to its answer.
struct Sent {
    line: u64,
    outcome: Outcome,
}

enum Outcome {
    /// Queued; its text is kept to name the field of a refusal.
    Queued { text: String, id: CommandId, answer: Receiver<Answer> },
    /// Never sent.
    Malformed(Malformed),
}

/// A receipt, as it is printed.
#[derive(Serialize)]
struct Said<'a> {
    command: CommandId,
    first: Position,
    last: Position,
    recorded_at: RecordedAt,
    leaf_hashes: &'a [Digest],
    repeated: bool,
}

/// What was wrong with one command, as it is printed.
#[derive(Serialize)]
struct Wrong {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    message: String,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<CommandId>,
}

/// What became of all commands.
#[derive(Default)]
struct Count {
    accepted: u64,
    repeated: u64,
    refused: BTreeMap<&'static str, u64>,
    failed: BTreeMap<&'static str, u64>,
}

/// Prints answers, and counts them.
struct Printer<'a> {
    out: &'a Output,
    count: Count,
    /// A machine failed: only what is under way is still answered.
    failed: bool,
}

/// Sends what is given, or what standard input holds.
pub fn run(args: &DoArgs, out: &Output) -> Result<ExitCode> {
    if out.format() == Format::Csv {
        return Err(
            BadInput::new("--output csv: `do` answers in lines of JSON; leave it out, or say json").into()
        );
    }
    let input: Box<dyn BufRead + Send> = match (&args.json, &args.file) {
        (Some(json), _) => Box::new(io::Cursor::new(json.clone().into_bytes())),
        (None, Some(path)) if path != Path::new("-") => Box::new(BufReader::new(open(path)?)),
        (None, _) => Box::new(BufReader::new(io::stdin())),
    };
    let clock = clock_of(&LogReader::open(&args.at.dir)?)?;
    let (writer, thread) = Writer::open(&args.at.dir, clock)?;

    let stop = Arc::new(AtomicBool::new(false));
    let (send, sent) = sync_channel(IN_FLIGHT_MAX);
    let reading = {
        let stop = Arc::clone(&stop);
        std::thread::spawn(move || read_all(input, &writer, &send, &stop))
    };
    let mut printer = Printer { out, count: Count::default(), failed: false };
    let printed = printer.answer_all(&sent);
    let Printer { count, failed, .. } = printer;
    if failed || printed.is_err() {
        // The reading thread may wait for input that never comes: it is left behind, not joined.
        stop.store(true, Ordering::Relaxed);
        printed?;
        count.tell(out);
        return Ok(count.exit().into());
    }
    let read = reading.join().expect("the reading thread does not panic");
    thread.join();
    count.tell(out);
    read?;
    Ok(count.exit().into())
}

fn open(path: &Path) -> Result<File, BadInput> {
    File::open(path).map_err(|cause| BadInput::unreadable(format!("cannot read {}", path.display()), cause))
}

/// Parses and queues one text after another.
fn read_all(
    input: Box<dyn BufRead + Send>,
    writer: &Writer,
    send: &SyncSender<Sent>,
    stop: &AtomicBool,
) -> Result<()> {
    let mut texts = Texts::of(input);
    while !stop.load(Ordering::Relaxed) {
        let next = texts.next().map_err(|cause| BadInput::unreadable("cannot read the commands", cause))?;
        let Some(Text { line, text }) = next else { break };
        let outcome = match text.map_err(not_a_text).and_then(parse) {
            Err(malformed) => Outcome::Malformed(malformed),
            Ok((command, text)) => {
                let id = command.id;
                let (reply, answer) = channel();
                writer.queue_blocking(command, move |said| drop(reply.send(said)));
                Outcome::Queued { text, id, answer }
            }
        };
        if send.send(Sent { line, outcome }).is_err() {
            break;
        }
    }
    Ok(())
}

/// Reads a command, and keeps its text.
fn parse(text: String) -> Result<(Command, String), Malformed> {
    let whole = |problem: String| Malformed { field: "command".to_owned(), problem };
    if let Some(found) = text.trim_start().chars().next().filter(|first| *first != '{') {
        return Err(whole(format!("expected one JSON object, found text that begins with {found:?}")));
    }
    match Command::parse(&text) {
        Ok(command) => Ok((command, text)),
        // Where the text is no JSON at all, no field is at fault.
        Err(malformed) => Err(match serde_json::from_str::<IgnoredAny>(&text) {
            Err(error) if error.is_eof() => {
                whole("expected one JSON object, found text that ends before its closing brace".to_owned())
            }
            Err(error) if !error.to_string().starts_with("trailing characters") => {
                whole(format!("expected one JSON object, found no JSON: {error}"))
            }
            Ok(IgnoredAny) | Err(_) => malformed,
        }),
    }
}

fn not_a_text(why: NoText) -> Malformed {
    let problem = match why {
        NoText::TooLong => format!("expected at most {TEXT_BYTES_MAX} bytes, found more"),
        NoText::NotUtf8 => "expected UTF-8 text, found other bytes".to_owned(),
    };
    Malformed { field: "command".to_owned(), problem }
}

impl Printer<'_> {
    /// Prints the answers in the order of the input, each as soon as it is known.
    fn answer_all(&mut self, sent: &Receiver<Sent>) -> Result<()> {
        while let Some(Sent { line, outcome }) = self.next(sent)? {
            match outcome {
                Outcome::Malformed(Malformed { field, problem }) => {
                    *self.count.refused.entry(Malformed::CODE).or_default() += 1;
                    let field = Some(field);
                    self.wrong(Wrong {
                        code: Malformed::CODE,
                        field,
                        message: problem,
                        line,
                        command: None,
                    })?;
                }
                Outcome::Queued { text, id, answer } => {
                    // A writer that ended without a word has answered nobody.
                    let said = self.wait(&answer)?.unwrap_or(Err(CommandError::Stopped));
                    self.answer(said, line, id, &text)?;
                }
            }
        }
        self.out.flush()
    }

    fn answer(&mut self, said: Answer, line: u64, id: CommandId, text: &str) -> Result<()> {
        let error = match said {
            Ok(accepted) => {
                let count =
                    if accepted.repeated { &mut self.count.repeated } else { &mut self.count.accepted };
                *count += 1;
                let Receipt { command, first, last, recorded_at, leaf_hashes } = &accepted.receipt;
                return self.out.json_line(&Said {
                    command: *command,
                    first: *first,
                    last: *last,
                    recorded_at: *recorded_at,
                    leaf_hashes,
                    repeated: accepted.repeated,
                });
            }
            Err(error) => error,
        };
        let (code, field) = match &error {
            CommandError::Refused(refused) => (refused.code(), field_of(refused, text)),
            CommandError::Moved | CommandError::Failed(_) | CommandError::Stopped => {
                self.failed = true;
                (code_of_cause(&error).unwrap_or(error.code()), None)
            }
        };
        let counts = if self.failed { &mut self.count.failed } else { &mut self.count.refused };
        *counts.entry(code).or_default() += 1;
        self.wrong(Wrong { code, field, message: chain_of(&error), line, command: Some(id) })
    }

    /// Says what was wrong: on stdout among the receipts in JSON, else on stderr.
    fn wrong(&self, wrong: Wrong) -> Result<()> {
        #[derive(Serialize)]
        struct Said {
            error: Wrong,
        }
        if self.out.format() == Format::Json {
            return self.out.json_line(&Said { error: wrong });
        }
        // In the order of the input also where both streams end in one file.
        self.out.flush()?;
        let Wrong { code, field, message, line, .. } = wrong;
        let field = field.map_or(String::new(), |field| format!("{field}: "));
        eprintln!("error: line {line}: {field}{message} [{code}]");
        Ok(())
    }

    /// The next thing read; nothing at the end, or when a machine failed and all is answered.
    fn next(&self, sent: &Receiver<Sent>) -> Result<Option<Sent>> {
        if self.failed { Ok(sent.try_recv().ok()) } else { self.wait(sent) }
    }

    /// What comes next; before waiting for it, what was printed is handed on.
    fn wait<T>(&self, next: &Receiver<T>) -> Result<Option<T>> {
        match next.try_recv() {
            Ok(next) => Ok(Some(next)),
            Err(TryRecvError::Disconnected) => Ok(None),
            Err(TryRecvError::Empty) => {
                self.out.flush()?;
                Ok(next.recv().ok())
            }
        }
    }
}

impl Count {
    fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    fn exit(&self) -> Exit {
        match (self.failures(), self.refusals()) {
            (1.., _) => Exit::Failed,
            (0, 1..) => Exit::Refused,
            (0, 0) => Exit::Ok,
        }
    }

    /// The summary of a stream; one command has said all by its answer.
    fn tell(&self, out: &Output) {
        let total = self.accepted + self.repeated + self.refusals() + self.failures();
        if total == 1 {
            return;
        }
        let mut summary = format!(
            "{total} commands: {} accepted, {} repeated, {} refused",
            self.accepted,
            self.repeated,
            self.refusals()
        );
        if self.failures() > 0 {
            summary.push_str(&format!(", {} failed; send what got no receipt again", self.failures()));
        }
        for (code, times) in self.refused.iter().chain(&self.failed) {
            summary.push_str(&format!("\n  {times:>6}  {code}"));
        }
        out.note(&summary);
    }
}
