//! The rules between rooms, read from `cargo metadata` and from the source text.
//!
//! A compiler keeps a room from calling what it does not depend on; these tests keep it from
//! depending on what it must not know. docs/ARCHITECTURE.md tells why each rule stands. Text rules
//! look at code without its comments, and name each violation by file and line.
//! Left out: what only some rooms can know, such as the linked SQLite version (tested in `store`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Which of our rooms each room may use; a room is named by its folder.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ledger", &["domain"]),
    ("store", &["domain"]),
    ("projections", &["domain", "ledger"]),
    ("app", &["domain", "ledger", "store", "projections"]),
    ("reference-year", &["domain"]),
    // The auditor's verifier shares formats and rules with the writing side, never its code.
    ("verify", &["domain", "ledger"]),
    // It verifies with the auditor's own verifier, and speaks the domain's and the rows' types.
    ("cli", &["app", "reference-year", "verify", "domain", "projections"]),
    ("sqlx-sqlite-stub", &[]),
    ("xtask", &[]),
];

/// Rooms that look at all others from outside.
const SEES_EVERYTHING: &[&str] = &["tests", "benches", "catalogue"];

/// Rooms without disk, clock, randomness or driver.
const PURE: &[&str] = &["domain", "ledger", "projections"];

/// What a pure room must not reach, however indirectly.
const IMPURE_CRATES: &[&str] = &["rusqlite", "sqlx", "postgres-es", "tokio", "rand", "getrandom"];

/// The only crates through which a pure room may reach an impure one, and why.
const REACHED_THROUGH: &[(&str, &str)] = &[
    ("cqrs-es", "its traits are async and its tests bring a runtime; we use the traits"),
    ("uuid", "the workspace switches on making ids for all; pure rooms only read them, see IMPURE_CALLS"),
];

/// What a pure room must not call.
const IMPURE_CALLS: &[&str] = &[
    "Instant::now",
    "Local::now",
    "SystemTime",
    "Utc::now",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
];

/// Rooms in which money or time is counted.
const WITHOUT_FLOATS: &[&str] = &["domain", "ledger", "store", "app", "projections"];

/// Files under crates/domain/src that may say `String`, and why none of it ends up in an event's field.
const MAY_SAY_STRING: &[(&str, &str)] = &[
    ("text.rs", "tokens say what they refused, in their error"),
    ("statutes.rs", "the published source of a parameter, the one free text besides board sections"),
    ("dates.rs", "parse error"),
    ("evidence.rs", "parse error"),
    ("ids.rs", "parse error"),
    ("money.rs", "parse errors"),
    ("parameters.rs", "parse error"),
    ("envelope.rs", "columns of a stored row, verbatim, and decoding errors"),
    ("stream.rs", "signatures that cqrs-es asks for"),
    ("upcast.rs", "the JSON text of a whole event of an older version"),
    ("schema.rs", "names and schemas of events, which only tests build"),
    ("event.rs", "the JSON text of a whole event, on its way to the log"),
    ("command.rs", "the JSON text of a command, and what is wrong with it; commands are not stored"),
    ("unit/command.rs", "refusals, which are told and never stored"),
    ("unit/event.rs", "parse error of a reminder's level"),
    ("filing.rs", "parse error"),
    ("structure/command.rs", "refusals, which are told and never stored"),
    ("structure/accounts.rs", "parse error"),
];

/// Words that would let any text into an event's field.
const ANY_TEXT: &[&str] = &["String", "str", "char", "Cow", "serde_json"];

#[test]
fn a_room_uses_only_the_rooms_it_may_use() {
    let metadata = metadata_of_our_packages();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let room = room_of(package);
        if SEES_EVERYTHING.contains(&room) {
            continue;
        }
        let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{room} is a room without a rule: say in MAY_USE what it may use"));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(used) = dependency.path.as_ref().and_then(|path| path.file_name()) else {
                continue;
            };
            if dependency.kind != DependencyKind::Development && !may_use.contains(&used) {
                wrong.push(format!("{room} uses {used}, but may use only {may_use:?}"));
            }
        }
    }
    expect_none(wrong);
}

#[test]
fn pure_rooms_reach_no_disk_clock_or_randomness() {
    let metadata = metadata_of_our_packages();
    let mut wrong = BTreeSet::new();
    for package in metadata.workspace_packages() {
        if PURE.contains(&room_of(package)) {
            wrong.extend(impure_paths(&tree_of(&package.name)));
        }
    }
    expect_none(wrong.into_iter().collect());
}

#[test]
fn pure_rooms_ask_neither_clock_nor_system() {
    let wrong = PURE.iter().flat_map(|room| sources_of(room)).flat_map(|source| {
        source.lines_with(|line| IMPURE_CALLS.iter().copied().find(|call| line.contains(call)))
    });
    expect_none(wrong.collect());
}

#[test]
fn only_the_listed_files_of_the_domain_say_string() {
    let wrong = sources_of("domain")
        .into_iter()
        .filter(|source| !MAY_SAY_STRING.iter().any(|(file, _)| source.is_named(file)))
        .flat_map(|source| source.without_specs().lines_with(|line| any_word(line, &["String"])));
    expect_none(wrong.collect());
}

#[test]
fn no_event_can_carry_free_text() {
    let mut n_enums = 0;
    let mut wrong = Vec::new();
    for source in sources_of("domain") {
        for body in source.event_enums() {
            n_enums += 1;
            wrong.extend(body.lines_with(|line| any_word(line, ANY_TEXT)));
        }
    }
    expect_none(wrong);
    assert!(n_enums >= 5, "expected the event enums of five streams, found {n_enums}");
}

#[test]
fn every_file_that_may_say_string_exists_and_does() {
    let sources = sources_of("domain");
    let wrong = MAY_SAY_STRING.iter().filter(|(file, _)| {
        !sources.iter().any(|source| {
            source.is_named(file) && !source.lines_with(|line| any_word(line, &["String"])).is_empty()
        })
    });
    expect_none(
        wrong.map(|(file, _)| format!("{file} no longer needs its place in MAY_SAY_STRING")).collect(),
    );
}

#[test]
fn no_float_where_money_is_counted() {
    let wrong = WITHOUT_FLOATS
        .iter()
        .flat_map(|room| sources_of(room))
        .flat_map(|source| source.lines_with(|line| any_word(line, &["f32", "f64"])));
    expect_none(wrong.collect());
}

#[test]
fn every_file_begins_with_its_story() {
    let rooms = MAY_USE.iter().map(|(room, _)| room).chain(SEES_EVERYTHING);
    let wrong = rooms
        .flat_map(|room| sources_of(room))
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| format!("{} does not begin with `//!`", source.shown));
    expect_none(wrong.collect());
}

/// A source file, or a part of one, with its comments.
struct Source {
    /// Its path from the workspace's root.
    shown: String,
    /// Number of its first line in the file.
    first_line: usize,
    text: String,
}

impl Source {
    fn is_named(&self, file: &str) -> bool {
        self.shown.split_once("/src/").is_some_and(|(_, path)| path == file)
    }

    /// The same without its specs, which stand at the end.
    fn without_specs(self) -> Self {
        let end = self.text.find("#[cfg(test)]\nmod ").unwrap_or(self.text.len());
        Self { text: self.text[..end].to_owned(), ..self }
    }

    /// Bodies of the enums whose name ends in `Event`.
    fn event_enums(&self) -> Vec<Source> {
        let lines: Vec<&str> = self.text.lines().collect();
        let begins = |line: &str| {
            line.trim_start_matches("pub ").strip_prefix("enum ").is_some_and(|rest| {
                rest.split(|c: char| !c.is_alphanumeric()).next().is_some_and(|name| name.ends_with("Event"))
            })
        };
        let starts = lines.iter().enumerate().filter(|(_, line)| begins(line));
        starts
            .map(|(start, _)| {
                let body = lines[start..].iter().take_while(|line| **line != "}").copied();
                Source {
                    shown: self.shown.clone(),
                    first_line: self.first_line + start,
                    text: body.collect::<Vec<_>>().join("\n"),
                }
            })
            .collect()
    }

    /// `file:line: found`, for every line of code in which `find` finds something.
    fn lines_with<'a>(&self, find: impl Fn(&str) -> Option<&'a str>) -> Vec<String> {
        let lines = self.text.lines().enumerate();
        let found = lines.filter_map(|(n, line)| {
            let code = line.split("//").next().unwrap_or_default();
            find(code).map(|found| format!("{}:{}: {found}", self.shown, self.first_line + n))
        });
        found.collect()
    }
}

/// The first of the words that stands in the line as a word of its own.
fn any_word<'a>(line: &str, words: &[&'a str]) -> Option<&'a str> {
    let mut parts = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.find_map(|part| words.iter().copied().find(|word| *word == part))
}

/// Every source file of a room; empty when the room does not exist.
fn sources_of(room: &str) -> Vec<Source> {
    let folder = match room {
        "projections" => "projections/src".to_owned(),
        "tests" | "benches" => room.to_owned(),
        "catalogue" => "crates/catalogue/tests".to_owned(),
        _ => format!("crates/{room}/src"),
    };
    let mut sources = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("a folder can be read to its end").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let shown = path.strip_prefix(root()).expect("found under the root").display().to_string();
                let text = fs::read_to_string(&path).expect("source files are UTF-8");
                sources.push(Source { shown, first_line: 1, text });
            }
        }
    }
    assert!(!sources.is_empty(), "the room {room} has no source files");
    sources
}

/// A room's name: the folder in which its `Cargo.toml` lies.
fn room_of(package: &Package) -> &str {
    let folder = package.manifest_path.parent().and_then(|folder| folder.file_name());
    folder.expect("every package lies in a folder")
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("tests/ lies in the workspace").to_owned()
}

fn metadata_of_our_packages() -> Metadata {
    let mut command = MetadataCommand::new();
    command.current_dir(root()).no_deps();
    command.exec().expect("cargo metadata answers")
}

/// What is built into the package, one crate a line: its depth, then its name and version.
///
/// From `cargo tree`, since the graph in `cargo metadata` also holds crates that no feature
/// switches on and crates for other systems.
fn tree_of(package: &str) -> String {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--edges", "normal", "--prefix", "depth", "--no-dedupe", "--package", package])
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo speaks UTF-8")
}

/// The ways by which the tree's root reaches an impure crate.
fn impure_paths(tree: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    for line in tree.lines() {
        let name = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let depth: usize = line[..line.len() - name.len()].parse().expect("each line begins with its depth");
        path.truncate(depth);
        path.push(name.split(' ').next().expect("a line names a crate"));
        // Below a crate that is impure itself, one line has said enough.
        let excused = path[..depth].iter().any(|step| {
            IMPURE_CRATES.contains(step) || REACHED_THROUGH.iter().any(|(through, _)| through == step)
        });
        if !excused && IMPURE_CRATES.contains(&path[depth]) {
            found.push(path.join(" -> "));
        }
    }
    found
}

fn expect_none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{} against the rule:\n  {}", wrong.len(), wrong.join("\n  "));
}
