//! docs/INVARIANTS.md tells the truth: each invariant of money has a test that carries its number.
//!
//! The page and the sources are read as text, so that the auditor's list and the rulebook cannot
//! drift apart: neither a test that was renamed or removed, nor one that was added without a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A line of the page.
struct Row {
    id: String,
    money: bool,
    tests: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stand in the workspace").to_owned()
}

fn rows() -> Vec<Row> {
    let page = fs::read_to_string(root().join("docs/INVARIANTS.md")).expect("the page is there");
    let lines = page.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = lines.filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [id, _, money, tests, ..] = cells[..] else { panic!("a line has four cells: {line}") };
        let (kind, number) = id.split_at_checked(1)?;
        number.parse::<u8>().ok().filter(|_| matches!(kind, "E" | "I"))?;
        assert!(matches!(money, "yes" | "no"), "{id}: money is yes or no, found {money:?}");
        let named = tests.split('`').skip(1).step_by(2).map(str::to_owned);
        Some(Row { id: id.to_owned(), money: money == "yes", tests: named.collect() })
    });
    rows.collect()
}

/// The tests that carry the number of an invariant, with those numbers.
fn tests_in_the_sources() -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join("crates"), root().join("projections"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("folders can be read") {
            let path = entry.expect("entries can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("sources are text");
                let functions = text.lines().filter_map(|line| line.trim_start().strip_prefix("fn "));
                for name in functions.filter_map(|rest| rest.split(['(', '<']).next()) {
                    let carried = carried_by(name);
                    if !carried.is_empty() {
                        found.insert(name.to_owned(), carried);
                    }
                }
            }
        }
    }
    found
}

/// The numbers that lead a test's name: `e1_i2_the_books_agree` carries E1 and I2.
fn carried_by(name: &str) -> BTreeSet<String> {
    let is_number = |word: &&str| {
        let digits = word.strip_prefix(['e', 'i']);
        digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
    };
    name.split('_').take_while(is_number).map(str::to_uppercase).collect()
}

#[test]
fn every_invariant_has_its_line() {
    let expected = (1..=30).map(|n| format!("E{n}")).chain((1..=7).map(|n| format!("I{n}")));
    let found: Vec<String> = rows().into_iter().map(|row| row.id).collect();
    assert_eq!(found, expected.collect::<Vec<_>>());
}

#[test]
fn every_invariant_of_money_has_a_test_that_carries_its_number() {
    let without = rows().into_iter().filter(|row| row.money && row.tests.is_empty());
    assert_eq!(without.map(|row| row.id).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_test_on_the_page_stands_in_the_sources_and_carries_the_number() {
    let sources = tests_in_the_sources();
    for Row { id, tests, .. } in rows() {
        for test in tests {
            let carried = sources.get(&test).unwrap_or_else(|| panic!("{id}: no test is named {test}"));
            assert!(carried.contains(&id), "{test} does not carry {id}");
        }
    }
}

#[test]
fn every_test_that_carries_a_number_is_on_the_page() {
    let rows = rows();
    for (test, carried) in tests_in_the_sources() {
        for id in carried {
            let row = rows.iter().find(|row| row.id == id);
            let row = row.unwrap_or_else(|| panic!("{test} carries {id}, which is no invariant"));
            assert!(row.tests.contains(&test), "{id} does not name {test}");
        }
    }
}
