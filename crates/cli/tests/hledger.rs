//! The exported books are read and checked by hledger itself, which knows nothing of us.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use domain::Day;
use support::*;
use tempfile::TempDir;

/// Runs hledger on a journal.
#[track_caller]
fn hledger(journal: &Path, args: &[&str]) -> Output {
    let ran = Command::new("hledger").arg("-f").arg(journal).args(args).env("LC_ALL", "C.UTF-8").output();
    ran.expect("hledger must be installed for this test: `cargo xtask test` installs it")
}

#[track_caller]
fn expect_sound(journal: &Path) {
    let ran = hledger(journal, &["check", "--strict"]);
    assert!(ran.status.success(), "{}: {}", journal.display(), String::from_utf8_lossy(&ran.stderr));
}

/// Book and code of each account, and what it holds in cents, debit positive; only what is not zero.
type Held = BTreeMap<String, i64>;

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap_or_else(|_| panic!("{text} is money with two decimals"))
}

/// What hledger says that accounts hold, after every check that it knows.
fn held_in(journal: &Path) -> Held {
    let ran = hledger(journal, &["balance", "--strict", "--flat", "--no-total", "-O", "csv"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut held = Held::new();
    for row in csv::Reader::from_reader(&ran.stdout[..]).records() {
        let row = row.unwrap();
        let (book, rest) = row[0].split_once(':').unwrap();
        let code = rest.rsplit(':').next().unwrap().split(' ').next().unwrap();
        held.insert(format!("{book} {code}"), cents(row[1].strip_prefix("EUR ").unwrap()));
    }
    held
}

/// What we say that accounts hold.
fn held_by_us(place: &Place, args: &[&str]) -> Held {
    let said = place.run(&[&["balance", "--output", "csv"], args].concat()).expect_code(0);
    let mut held = Held::new();
    for row in csv::Reader::from_reader(said.stdout.as_bytes()).records() {
        let row = row.unwrap();
        held.insert(format!("{} {}", &row[0], &row[1]), cents(&row[3]) - cents(&row[4]));
    }
    held.retain(|_, held| *held != 0);
    held
}

fn export(place: &Place, to: &TempDir, args: &[&str]) -> Said {
    let to = to.path().display().to_string();
    place.run(&[&["export", "hledger", "--to", &to], args].concat())
}

#[test]
fn the_books_of_a_year_are_sound_to_hledger_and_agree_to_the_cent() {
    let place = Place::empty();
    let dir = place.path().display().to_string();
    place.run(&["demo", "--scale", "0.02", "--dir", &dir, "--quiet"]).expect_code(0);

    let whole = tempfile::tempdir().unwrap();
    export(&place, &whole, &[]).expect_code(0);
    expect_sound(&whole.path().join("all.journal"));
    let held = held_in(&whole.path().join("all.journal"));
    assert_eq!(held, held_by_us(&place, &[]));
    assert!(held.len() > 20, "the demo moves most accounts, found {held:?}");
}

/// Month by month hledger need not read the whole year at once, so this scales to the full year.
#[test]
fn each_month_of_the_year_is_sound_to_hledger_and_agrees_to_the_cent() {
    let place = Place::empty();
    let scale = std::env::var("COLEDGER_HLEDGER_SCALE").unwrap_or("0.02".to_owned());
    let dir = place.path().display().to_string();
    place.run(&["demo", "--scale", &scale, "--dir", &dir, "--quiet"]).expect_code(0);

    let year = tempfile::tempdir().unwrap();
    export(&place, &year, &["--year", "2025"]).expect_code(0);
    let months =
        std::iter::successors(Some("2025-01-01".parse::<Day>().unwrap().month()), |month| Some(month.next()));
    for month in months.take(12) {
        let journal = year.path().join(format!("opening-{month}.journal"));
        assert_eq!(held_in(&journal), held_by_us(&place, &["--as-of", &month.last_day().to_string()]));
    }
    assert!(!year.path().join("2024-12.journal").exists(), "only the year asked for");
}

#[test]
fn a_changed_amount_does_not_get_past_hledger() {
    let place = Place::with_a_unit_at_work();
    let to = tempfile::tempdir().unwrap();
    export(&place, &to, &[]).expect_code(0);
    let (month, alone) = (to.path().join("2025-03.journal"), to.path().join("opening-2025-03.journal"));
    expect_sound(&alone);
    // Changed on both sides, so that the transaction still balances.
    let changed = fs::read_to_string(&month).unwrap().replacen("1000.00", "1000.01", 2);
    fs::write(&month, changed).unwrap();
    let found = hledger(&alone, &["check"]);
    let said = String::from_utf8_lossy(&found.stderr);
    assert!(!found.status.success() && said.contains("balance assertion"), "{said}");
}

#[test]
fn the_journals_of_a_small_log_as_they_are_read() {
    let place = Place::with_a_unit_at_work();
    let to = tempfile::tempdir().unwrap();
    export(&place, &to, &[]).expect_code(0);
    let mut files: Vec<_> =
        fs::read_dir(&to).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, ["2025-03.journal", "accounts.journal", "all.journal", "opening-2025-03.journal"]);
    let text = |name: &str| fs::read_to_string(to.path().join(name)).unwrap();
    insta::assert_snapshot!("month", text("2025-03.journal"));
    assert_eq!(text("all.journal"), "include accounts.journal\n\ninclude 2025-03.journal\n");
    assert!(text("accounts.journal").contains("\naccount GL:4:400 Customers  ; type:A\n"));
}

#[test]
fn what_lies_in_the_directory_is_not_written_over_unasked() {
    let place = Place::with_a_unit_at_work();
    let to = tempfile::tempdir().unwrap();
    fs::write(to.path().join("mine.journal"), "; mine\n").unwrap();
    let refused = export(&place, &to, &[]).expect_code(2);
    assert!(
        refused.stderr.contains("expected an empty directory, found a file in it; --force"),
        "{}",
        refused.stderr
    );
    assert_eq!(fs::read_dir(&to).unwrap().count(), 1, "nothing was written");
    export(&place, &to, &["--force"]).expect_code(0);
    assert_eq!(fs::read_to_string(to.path().join("mine.journal")).unwrap(), "; mine\n");
}

#[test]
fn a_year_in_which_nothing_is_booked_is_not_exported() {
    let place = Place::with_a_unit_at_work();
    let to = tempfile::tempdir().unwrap();
    let refused = export(&place, &to, &["--year", "2031"]).expect_code(2);
    assert_eq!(refused.stderr, "error: nothing is booked in 2031: there is nothing to export\n");
}
