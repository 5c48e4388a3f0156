//! The auditor's program: verifies one log and says what it finds.
//!
//! Exit code 0: verified. 1: findings. 2: the log could not be read, or the question was wrong.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use verify::{Options, verify};

const USAGE: &str = "\
Verifies a log of coledger. Nothing is written.

Usage: coledger-verify DIR|FILE [--checkpoint FILE]… [--receipt FILE]… [--key KEY] [--threads N]

  --checkpoint FILE  a signed checkpoint kept elsewhere; a log rewritten since then does not fit it
  --receipt FILE     receipts kept elsewhere, one JSON object a line
  --key KEY          the log's public key as it was handed out: name+id+base64
  --threads N        threads that check events; otherwise as many as there are processors

Exit code: 0 verified, 1 findings, 2 the log cannot be read.
";

struct Asked {
    path: PathBuf,
    options: Options,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.is_empty() || arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{USAGE}");
        return if arguments.is_empty() { ExitCode::from(2) } else { ExitCode::SUCCESS };
    }
    // A rule that stops at an impossible event is a finding of the report, not a message beside it.
    std::panic::set_hook(Box::new(|_| {}));
    let asked = match ask(&arguments) {
        Ok(asked) => asked,
        Err(problem) => {
            eprintln!("coledger-verify: {problem}");
            return ExitCode::from(2);
        }
    };
    let on_terminal = std::io::stderr().is_terminal();
    let mut shown = 0;
    let mut progress = |done: u64, of: u64| {
        let percent = done * 100 / of.max(1);
        if on_terminal && percent > shown {
            shown = percent;
            eprint!("\r{done} of {of} events ({percent} %) ");
        }
    };
    let outcome = verify(&asked.path, &asked.options, &mut progress);
    if on_terminal {
        eprint!("\r{:60}\r", "");
    }
    match outcome {
        Ok(report) => {
            // Whoever closes the pipe early still gets the exit code.
            let _ = write!(std::io::stdout(), "{report}");
            ExitCode::from(u8::from(!report.is_verified()))
        }
        Err(error) => {
            eprint!("coledger-verify: {error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(because) = cause {
                eprint!(": {because}");
                cause = because.source();
            }
            eprintln!();
            ExitCode::from(2)
        }
    }
}

fn ask(arguments: &[String]) -> Result<Asked, String> {
    let mut path = None;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut options = Options { threads, ..Options::default() };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--checkpoint" => options.trusted.push(read(value()?)?),
            "--receipt" => {
                let file = value()?;
                for line in read(file)?.lines().filter(|line| !line.trim().is_empty()) {
                    let receipt = serde_json::from_str(line);
                    options
                        .receipts
                        .push(receipt.map_err(|error| format!("{file} holds no receipts: {error}"))?);
                }
            }
            "--key" => options.expect_key = Some(value()?.clone()),
            "--threads" => {
                let n = value()?;
                options.threads =
                    n.parse().map_err(|_| format!("expected a number of threads, found {n:?}"))?;
            }
            option if option.starts_with("--") => {
                return Err(format!("there is no option {option}; see --help"));
            }
            _ if path.is_none() => path = Some(PathBuf::from(argument)),
            other => return Err(format!("one log at a time: {other:?} is a second one")),
        }
    }
    Ok(Asked { path: path.ok_or("which log? give its directory; see --help")?, options })
}

fn read(file: &str) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))
}
