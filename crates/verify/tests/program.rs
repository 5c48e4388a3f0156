//! The auditor's program: what it prints, and its exit codes.

mod fixtures;

use std::path::Path;
use std::process::{Command, Output};

use fixtures::{story, tamper, write};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coledger-verify")).args(arguments).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_program_says_verified_with_0_findings_with_1_and_no_answer_with_2() {
    let written = write(&story());
    let dir = written.dir.path();
    let (note, receipts) = (dir.join("held.note"), dir.join("receipts.json"));
    std::fs::write(&note, &written.checkpoints[0]).unwrap();
    let lines: Vec<String> =
        written.receipts.iter().map(|receipt| serde_json::to_string(receipt).unwrap()).collect();
    std::fs::write(&receipts, lines.join("\n")).unwrap();

    let asked = ["--checkpoint", text(&note), "--receipt", text(&receipts), "--key", &written.key, text(dir)];
    let good = run(&asked);
    let said = String::from_utf8(good.stdout).unwrap();
    assert_eq!(good.status.code(), Some(0), "{said}");
    assert!(said.contains("verified: nothing was found") && said.contains("12 kept elsewhere"), "{said}");

    tamper(dir, |connection| connection.execute("UPDATE events SET payload = '{}' WHERE position = 14", []))
        .unwrap();
    let bad = run(&asked);
    let said = String::from_utf8(bad.stdout).unwrap();
    assert_eq!(bad.status.code(), Some(1), "{said}");
    assert!(said.contains("not verified: ") && said.contains("event.undecodable"), "{said}");
    assert_eq!(String::from_utf8(bad.stderr).unwrap(), "");

    for wrong in [&[text(&note)][..], &["/nowhere"], &[], &["--what"], &[text(dir), "--key", "no key"]] {
        let answer = run(wrong);
        assert_eq!(answer.status.code(), Some(2), "{wrong:?}");
    }
}
