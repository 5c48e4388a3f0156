//! What the command line promises to scripts and to whoever stands before a damaged log: exit codes,
//! plain pipes, and sentences that say what to do.

mod support;

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::process::Stdio;

use support::*;

#[test]
fn exit_codes_are_these() {
    let (empty, log) = (Place::empty(), Place::with_a_unit_at_work());
    let cases: [(&Place, &[&str], i32); 24] = [
        (&log, &["--help"], 0),
        (&log, &["--version"], 0),
        (&log, &["help", "verify"], 0),
        (&log, &["verify"], 0),
        (&log, &["doctor"], 0),
        (&log, &["do", "--json", &a_unit_at_work()[0]], 0),
        (&log, &["init"], 2),
        (&log, &["do", "--json", "{}"], 2),
        (&log, &["do", "no-such-file"], 2),
        (&log, &["do", "--output", "csv"], 2),
        (&log, &["balance", "--known-at", "9999"], 2),
        (&log, &["verify", "--checkpoint", "no-such-file"], 2),
        (&log, &["verify", "--key", "no-key"], 2),
        (&empty, &["events"], 2),
        (&empty, &["balance"], 2),
        (&empty, &["verify"], 2),
        (&empty, &["checkpoint"], 2),
        (&empty, &["doctor"], 1),
        (&log, &[], 64),
        (&log, &["abolish"], 64),
        (&log, &["report", "figures"], 64),
        (&log, &["statement", "4000"], 64),
        (&log, &["balance", "--as-of", "yesterday"], 64),
        (&log, &["events", "--stream", "guild/1"], 64),
    ];
    for (place, args, code) in cases {
        let said = place.run(args);
        assert_eq!(said.code, code, "{args:?}\nstdout: {}\nstderr: {}", said.stdout, said.stderr);
        let says_why = code == 0 || args == ["doctor"] || !said.stderr.is_empty();
        assert!(says_why, "{args:?} says why");
    }
    assert!(fs::read_dir(empty.path()).unwrap().next().is_none(), "asking creates no files");
}

#[test]
fn pipes_get_neither_escape_codes_nor_lines() {
    let place = Place::with_a_unit_at_work();
    let questions: [&[&str]; 8] = [
        &["--help"],
        &["events"],
        &["balance"],
        &["statement", "400"],
        &["register", "shares"],
        &["report", "figures", "--year", "2025"],
        &["doctor"],
        &["nonsense"],
    ];
    for question in questions {
        let said = place.run(question);
        let drawn = |c: char| c == '\u{1b}' || ('\u{2500}'..='\u{257f}').contains(&c);
        assert!(!said.stdout.contains(drawn) && !said.stderr.contains(drawn), "{question:?}");
        let is_help = question == ["--help"];
        assert!(is_help || said.stdout.lines().all(|line| !line.ends_with(' ')), "{question:?}");
    }
}

#[test]
fn a_reader_who_closes_the_pipe_is_no_error() {
    let place = Place::with_log();
    let mut child = place
        .command(&["events", "--output", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn every_shell_gets_completions() {
    let place = Place::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = place.run(&["completions", shell]).expect_code(0);
        assert!(said.stdout.contains("checkpoint"), "{shell}");
    }
}

#[test]
fn the_page_on_the_command_line_names_every_command_and_exit_code() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/CLI.md")).unwrap();
    let help = Place::empty().run(&["--help"]).expect_code(0).stdout;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let mut n_names = 0;
    for name in names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        assert!(page.contains(&format!("`coledger {name}")), "docs/CLI.md names {name}");
        n_names += 1;
    }
    assert!(n_names >= 13, "{help}");
    for code in [0, 1, 2, 3, 64] {
        assert!(page.contains(&format!("| {code} |")), "docs/CLI.md explains exit code {code}");
        assert!(
            help.lines().any(|line| line.trim_start().starts_with(&format!("{code} "))),
            "so does --help"
        );
    }
}

/// What a command and doctor say of a log after something was done to it.
fn after(harm: impl FnOnce(&Place), args: &[&str]) -> (Said, Said) {
    let place = Place::with_a_unit_at_work();
    place.run(&["balance"]).expect_code(0);
    harm(&place);
    (place.run(args), place.run(&["doctor"]).expect_code(1))
}

#[test]
fn a_log_of_a_newer_program_is_left_alone() {
    let newer = |place: &Place| {
        let log = rusqlite::Connection::open(place.path().join("log.db")).unwrap();
        log.pragma_update(None, "user_version", 7).unwrap();
    };
    for args in [&["do"] as &[&str], &["balance"], &["verify"], &["checkpoint"]] {
        let (said, doctor) = after(newer, args);
        assert_eq!(said.code, 3, "{args:?}");
        assert!(
            said.stderr.contains("has format 7") && said.stderr.contains("[log.newer_format]"),
            "{}",
            said.stderr
        );
        assert!(doctor.stdout.contains("use a newer coledger"), "{}", doctor.stdout);
    }
}

#[test]
fn a_file_that_is_no_database_is_told_so() {
    let (said, doctor) = after(
        |place| {
            for name in ["log.db-wal", "log.db-shm"] {
                let _ = fs::remove_file(place.path().join(name));
            }
            fs::write(place.path().join("log.db"), "this is a letter, not a ledger; ".repeat(1_000)).unwrap();
        },
        &["events"],
    );
    assert_eq!(said.code, 3);
    assert!(said.stderr.contains("[log.not_a_database]"), "{}", said.stderr);
    assert!(doctor.stdout.contains("restore it from a backup"), "{}", doctor.stdout);
}

#[test]
fn a_changed_byte_is_found_by_doctor_and_by_verify() {
    let change = |place: &Place| {
        // The database would refuse an UPDATE: somebody edits the file.
        let path = place.path().join("log.db");
        rusqlite::Connection::open(&path)
            .unwrap()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        let mut file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let wanted = br#""unit_share":"935.00""#;
        let at = bytes.windows(wanted.len()).position(|window| window == wanted).unwrap();
        file.seek(SeekFrom::Start(at as u64)).unwrap();
        file.write_all(br#""unit_share":"985.00""#).unwrap();
    };
    let (said, doctor) = after(change, &["verify"]);
    assert_eq!(said.code, 1);
    let place = format!("position {}", Place::n_at_work() - 2);
    assert!(said.stdout.contains("not verified") && said.stdout.contains(&place), "{}", said.stdout);
    assert!(doctor.stdout.contains(&place) && doctor.stdout.contains("stop writing"), "{}", doctor.stdout);
}

#[test]
fn a_lost_key_stops_writing_and_not_reading() {
    let place = Place::with_a_unit_at_work();
    fs::remove_file(place.path().join("signing-key.pem")).unwrap();
    let said = place.run(&["checkpoint"]).expect_code(3);
    assert!(said.stderr.contains("[log.bad_key_file]"), "{}", said.stderr);
    place.run(&["balance"]).expect_code(0);
    let doctor = place.run(&["doctor"]).expect_code(1);
    assert!(doctor.stdout.contains("restore it from the backup of keys"), "{}", doctor.stdout);
}

#[test]
fn damaged_read_models_are_rebuilt() {
    let place = Place::with_a_unit_at_work();
    let before = place.run(&["balance"]).expect_code(0).stdout;
    for entry in fs::read_dir(place.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "db")
            && path.to_string_lossy().contains("views-")
        {
            fs::write(path, "rubble").unwrap();
        }
    }
    let doctor = place.run(&["doctor"]).expect_code(1);
    assert!(doctor.stdout.contains("coledger projections rebuild"), "{}", doctor.stdout);
    place.run(&["projections", "rebuild"]).expect_code(0);
    assert_eq!(place.run(&["balance"]).expect_code(0).stdout, before);
    place.run(&["doctor"]).expect_code(0);
}

#[test]
fn indexes_that_a_kill_left_half_made_are_finished() {
    let place = Place::with_a_unit_at_work();
    let before = place.run(&["balance"]).expect_code(0).stdout;
    // Killed after the first of several.
    let views = rusqlite::Connection::open(place.path().join("views-0001.db")).unwrap();
    let made = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
    let names = || -> Vec<String> {
        let mut select = views.prepare(made).unwrap();
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let whole = names();
    assert!(whole.len() > 1, "{whole:?}");
    for name in &whole[1..] {
        views.execute_batch(&format!("DROP INDEX {name}")).unwrap();
    }
    views.execute_batch("UPDATE views_checkpoint SET indexed = 0").unwrap();
    assert_eq!(place.run(&["balance"]).expect_code(0).stdout, before);
    assert_eq!(names(), whole);
}

#[test]
fn a_creation_that_was_interrupted_is_finished() {
    let place = Place::empty();
    // Killed after the first file.
    fs::write(place.path().join("log.db"), "").unwrap();
    place.run(&["init", "--year", "2025"]).expect_code(0);
    assert_eq!(place.n_events(), Place::n_at_init());
    place.run(&["verify"]).expect_code(0);
}

#[test]
fn two_processes_may_write_one_log() {
    let place = Place::with_a_unit_at_work();
    let invoice = |n: u32| issue_invoice(n, &format!("00000000-0000-4000-8001-{n:012}"), r#""10.00""#);
    let streams =
        [1_000, 2_000].map(|first| (first..first + 200).map(invoice).collect::<Vec<_>>().join("\n"));
    std::thread::scope(|scope| {
        for stream in &streams {
            scope.spawn(|| place.send(stream).expect_code(0));
        }
    });
    assert_eq!(place.n_events(), Place::n_at_work() + 2 * 400);
    place.run(&["verify"]).expect_code(0);
}

#[test]
fn queries_at_the_same_time_count_every_event_once() {
    let place = Place::with_a_unit_at_work();
    let invoice = |n: u32| issue_invoice(n, &format!("00000000-0000-4000-8001-{n:012}"), r#""10.00""#);
    for round in 0..5 {
        let first = 1_000 * (round + 1);
        let lines: Vec<String> = (first..first + 100).map(invoice).collect();
        place.send(&lines.join("\n")).expect_code(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| place.run(&["balance"]).expect_code(0));
            }
        });
    }
    let asked = place.run(&["statement", "700", "--output", "json"]).expect_code(0).stdout;
    let answer: serde_json::Value = serde_json::from_str(&asked).unwrap();
    assert_eq!(answer["balance"], "6000.00", "1,000.00 and 500 invoices of 10.00");
}

#[test]
fn a_disk_that_takes_no_more_loses_nothing_that_was_acknowledged() {
    // A limit on the size of files stands in for a full disk, which needs rights that tests lack.
    if cfg!(not(unix)) {
        return;
    }
    let place = Place::with_a_unit_at_work();
    let invoice = |n: u32| issue_invoice(n, &format!("00000000-0000-4000-8001-{n:012}"), r#""10.00""#);
    let lines: Vec<String> = (1_000..3_000).map(invoice).collect();
    let input = place.path().join("commands");
    fs::write(&input, lines.join("\n")).unwrap();
    let script = "trap '' XFSZ; ulimit -f 600; exec \"$0\" do \"$1\"";
    let output = std::process::Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_coledger"), input.to_str().unwrap()])
        .env("COLEDGER_DIR", place.path())
        .output()
        .unwrap();
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("send what got no receipt again"), "{stderr}");

    place.run(&["verify"]).expect_code(0);
    let acknowledged = stdout.lines().count();
    let again = place.run(&["do", input.to_str().unwrap()]).expect_code(0);
    let repeated = again.stdout.lines().filter(|line| line.ends_with("\"repeated\":true}")).count();
    assert!(
        repeated >= acknowledged && repeated < lines.len(),
        "{repeated} repeated, {acknowledged} acknowledged"
    );
    assert_eq!(place.n_events(), Place::n_at_work() + 2 * lines.len());
}

#[test]
fn a_log_that_is_held_by_another_process_is_told_so() {
    let place = Place::with_a_unit_at_work();
    let log = rusqlite::Connection::open(place.path().join("log.db")).unwrap();
    log.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = place.send(&issue_invoice(100, &id(77), r#""10.00""#)).expect_code(3);
    assert!(
        said.stderr.contains("another process") && said.stderr.contains("[log.locked]"),
        "{}",
        said.stderr
    );
    // Reading never waits.
    place.run(&["balance"]).expect_code(0);
}

#[test]
fn stdin_is_read_line_by_line_also_when_it_never_ends() {
    let place = Place::with_log();
    let mut child = place
        .command(&["do"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "nonsense").unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(errors.next().unwrap().unwrap().starts_with("error: line 1: command: "));
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
