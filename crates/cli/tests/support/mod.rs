//! Runs the real binary in a directory of its own, and writes commands for people we know.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub const MEMBERSHIP: &str = "00000000-0000-4000-8000-00000000a001";
pub const ALICE: &str = "00000000-0000-4000-8000-00000000a000";
pub const CLIENT: &str = "00000000-0000-4000-8000-00000000c001";
pub const ATELIER: &str = "00000000-0000-4000-8000-00000000e001";
pub const INVOICE: &str = "00000000-0000-4000-8000-00000000f001";
pub const CONTRACT: &str = "00000000-0000-4000-8000-00000000d001";
pub const EVIDENCE: &str =
    r#"{"document":"DOC-1","digest":"0000000000000000000000000000000000000000000000000000000000000001"}"#;

/// A log of its own.
pub struct Place {
    dir: TempDir,
}

/// What the binary said.
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    /// An empty directory.
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary directory") }
    }

    /// A log whose year 2025 is open.
    pub fn with_log() -> Self {
        let place = Self::empty();
        let entity = "00000000-0000-4000-8000-000000000e17";
        place.run(&["init", "--entity", entity, "--year", "2025"]).expect_code(0);
        place
    }

    /// A log in which Alice holds two shares and a unit, invoiced once and declared a job.
    pub fn with_a_unit_at_work() -> Self {
        let place = Self::with_log();
        place.send(&a_unit_at_work().join("\n")).expect_code(0);
        place
    }

    /// How many events `init` writes: the opening of the log, every reviewed parameter, and the year.
    pub fn n_at_init() -> usize {
        2 + app::seed::reviewed_parameters().unwrap().len()
    }

    /// How many events a log with a unit at work has.
    pub fn n_at_work() -> usize {
        Self::n_at_init() + 9
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs the binary on this log.
    pub fn run(&self, args: &[&str]) -> Said {
        self.run_with(args, "")
    }

    /// Runs `do` with this input.
    pub fn send(&self, input: &str) -> Said {
        self.run_with(&["do"], input)
    }

    pub fn run_with(&self, args: &[&str], input: &str) -> Said {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = input.to_owned();
        let writing = std::thread::spawn(move || {
            // A command that reads no input closes the pipe.
            let _ = stdin.write_all(input.as_bytes());
        });
        let output = child.wait_with_output().expect("the binary ends");
        writing.join().expect("writing does not panic");
        let text = |bytes| String::from_utf8(bytes).expect("the binary speaks UTF-8");
        Said {
            code: output.status.code().expect("the binary is not killed"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The binary, pointed at this log, with no habits of the one who tests.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coledger"));
        command
            .args(args)
            .env("COLEDGER_DIR", self.path())
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR");
        command
    }

    /// How many events the log holds.
    pub fn n_events(&self) -> usize {
        self.run(&["events", "--output", "json"]).expect_code(0).stdout.lines().count()
    }
}

impl Said {
    #[track_caller]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// All that was said, as a snapshot holds it.
    pub fn told(&self) -> String {
        format!("exit {}\n── stdout\n{}── stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// The id of the nth command.
pub fn id(n: u32) -> String {
    format!("00000000-0000-4000-8000-{n:012}")
}

/// A command as a line of JSON.
pub fn command(n: u32, day: &str, name: &str, stream: &str, body: &str) -> String {
    let id = id(n);
    format!(
        r#"{{"id":"{id}","actor":"service:desk","effective_on":"{day}","command":"{name}","stream":"{stream}","body":{body}}}"#
    )
}

pub fn subscribe_shares(n: u32) -> String {
    let body = format!(r#"{{"class":"A","shares":2,"evidence":{EVIDENCE}}}"#);
    command(n, "2025-03-03", "member.subscribe_shares", MEMBERSHIP, &body)
}

pub fn issue_invoice(n: u32, invoice: &str, net: &str) -> String {
    let draft = format!(
        r#"{{"invoice":"{invoice}","holder":"{ALICE}","client":"{CLIENT}","lines":[{{"vat":"standard","price":{{"net":{net}}}}}],"evidence":{EVIDENCE}}}"#
    );
    command(n, "2025-03-05", "unit.issue_invoice", ATELIER, &format!(r#"{{"series":"F","draft":{draft}}}"#))
}

/// What brings Alice's unit to work: eight commands.
pub fn a_unit_at_work() -> Vec<String> {
    let member = |n, name, body: &str| command(n, "2025-03-03", name, MEMBERSHIP, body);
    let unit = |n, day, name, body: &str| command(n, day, name, ATELIER, body);
    vec![
        member(1, "member.request_admission", &format!(r#"{{"person":"{ALICE}","category":"user"}}"#)),
        member(2, "member.grant_admission", "{}"),
        subscribe_shares(3),
        member(
            4,
            "member.pay_up_shares",
            &format!(r#"{{"amount":"60.00","paid_from":"own_means","evidence":{EVIDENCE}}}"#),
        ),
        unit(5, "2025-03-03", "unit.open_unit", &format!(r#"{{"holder":"{ALICE}"}}"#)),
        issue_invoice(6, INVOICE, r#""1000.00""#),
        unit(
            7,
            "2025-03-06",
            "unit.declare_contract",
            &format!(
                r#"{{"contract":"{CONTRACT}","holder":"{ALICE}","worker":"{ALICE}","kind":"employee","days":[{{"on":"2025-03-10","hours":"7.60"}}],"budget":"300.00"}}"#
            ),
        ),
        unit(
            8,
            "2025-03-07",
            "unit.conclude_employment",
            &format!(r#"{{"employment":"{}","contract":"{CONTRACT}"}}"#, id(9_001)),
        ),
    ]
}

/// Hides what differs from run to run: ids made by the program, instants, hashes, sizes, places.
pub fn redacted(place: &Place, check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    let dir = place.path().display().to_string();
    settings.add_filter(&insta_escape(&dir), "[dir]");
    settings.add_filter(r"\b01[0-9a-f]{6}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "[uuid]");
    settings.add_filter(r"[0-9a-f]{64}", "[digest]");
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", "[instant]");
    settings.add_filter(r#""recorded_at":\d+"#, r#""recorded_at":"[instant]""#);
    settings.add_filter(r"\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}", "+[key]");
    settings.add_filter(r"[A-Za-z0-9+/]{85,}=*|[A-Za-z0-9+/]{43}=", "[base64]");
    settings.add_filter(r"\d+\.\d (GiB|MiB|KiB)|\d+ bytes", "[size]");
    settings
        .add_filter(r"coledger \d+\.\d+\.\d+, SQLite \d+\.\d+\.\d+", "coledger [version], SQLite [version]");
    // Columns whose widest cell was hidden are not aligned any more.
    settings.add_filter(r" {2,}", "  ");
    settings.bind(check);
}

fn insta_escape(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_ascii_alphanumeric() { vec![c] } else { vec!['\\', c] }).collect()
}
