//! docs/LAW.md follows from the `Source:` lines in the code: article → code → test.
//!
//! Every doc comment that cites a law, the statutes or DOMAIN is a row: where it stands, what it is
//! attached to, and the tests that name that item or carry the number of the article, or else those
//! of the file's own rulebook. What people write by hand stands in docs/law-notes.md and is copied to
//! the end.
//! `COLEDGER_BLESS=1 cargo test -p end-to-end --test law` writes the page.
//! Left out: sources that are no law, such as formats of logs and of strangers' programs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The laws by the words that cite them, each with its heading, in the order of the page.
///
/// A word that ends in a blank is followed by the law's own date or number.
const LAWS: &[(&str, &str)] = &[
    ("WVV", "WVV · CSA: Code of companies and associations"),
    ("KB 28-06-2019", "KB 28-06-2019: recognition of cooperatives and social enterprises"),
    ("KB 8-01-1962", "KB 8-01-1962: conditions of recognition"),
    ("KB 29-04-2019", "KB 29-04-2019: annual accounts (KB WVV)"),
    ("KB 21-10-2018", "KB 21-10-2018: minimum chart of accounts"),
    ("WER", "WER · CDE: Code of economic law"),
    ("WBTW", "WBTW · CTVA: VAT code"),
    ("KB 1", "KB 1: VAT, invoices and their content"),
    ("Civil Code", "Civil Code"),
    ("Act ", "Acts"),
    ("KB ", "Other royal decrees"),
    ("CAO ", "Collective agreements (CAO · CCT)"),
    ("directive ", "Directives"),
    ("GDPR", "GDPR · AVG · RGPD"),
    ("statutes", "The cooperative's statutes"),
    ("DOMAIN", "DOMAIN: readings adopted by the project"),
];

/// What marks a citation from recall, as doc comments write it.
const RECALL: &str = r"\[R\]";

/// Where a source is cited, and by what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    file: String,
    item: String,
}

/// An article as a citation names it, with what is said of it in brackets.
type Named = (String, Option<String>);

/// A name cut where digits begin and end, so that numbers compare as numbers.
type SortKey = Vec<(u8, u64, String)>;

/// One cited article of one law.
#[derive(Debug, Default)]
struct Article {
    /// What the citations say it is about.
    about: BTreeSet<String>,
    /// Marked as recall somewhere: to be confirmed.
    unconfirmed: bool,
    places: BTreeSet<Place>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stand in the workspace").to_owned()
}

/// Every source file under these folders, by its path from the root, in order.
fn sources(folders: &[&str], keep: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut left: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).expect("folders can be read") {
            let path = entry.expect("entries can be read").path();
            let name =
                path.strip_prefix(root()).expect("inside").to_str().expect("names are text").to_owned();
            if path.is_dir() {
                left.push(path);
            } else if name.ends_with(".rs") && keep(&name) {
                found.insert(name, fs::read_to_string(&path).expect("sources are text"));
            }
        }
    }
    found
}

/// What follows `Source:` in each doc comment of a file, with the item it stands at.
fn cited_in(file: &str, text: &str) -> Vec<(Place, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(marker) = ["//!", "///"].into_iter().find(|marker| lines[at].starts_with(marker)) else {
            at += 1;
            continue;
        };
        let mut paragraphs = vec![String::new()];
        while let Some(said) = lines.get(at).and_then(|line| line.strip_prefix(marker)) {
            let paragraph = paragraphs.last_mut().expect("there is one");
            // A new sentence that names what is left out ends the sources as a blank line does.
            if said.trim().is_empty() || said.trim_start().starts_with("Left out:") {
                paragraphs.push(said.trim().to_owned());
            } else {
                paragraph.push(' ');
                paragraph.push_str(said.trim());
            }
            at += 1;
        }
        let item = if marker == "//!" { story_of(&lines) } else { item_at(&lines[at..]) };
        for paragraph in &paragraphs {
            let Some((_, source)) = paragraph.split_once("Source: ") else { continue };
            let source = first_sentence(source);
            // Beside a citation the mark is of that one, after the sentence of all.
            let all = paragraph.contains(RECALL) && !source.contains(RECALL);
            let source =
                if all { source.replace(';', &format!(" {RECALL};")) + RECALL } else { source.to_owned() };
            found.push((Place { file: file.to_owned(), item: item.clone() }, source));
        }
    }
    found
}

/// A text up to its first full stop; that of `art.` is none.
fn first_sentence(text: &str) -> &str {
    let mut stops = text.match_indices(". ").map(|(at, _)| at);
    let end = stops.find(|at| !text[..*at].ends_with("art")).unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

/// The story of a file in one sentence.
fn story_of(lines: &[&str]) -> String {
    let story = lines.iter().map_while(|line| line.strip_prefix("//!")).take_while(|line| !line.is_empty());
    let story: Vec<&str> = story.map(str::trim).collect();
    format!("*{}*", story.join(" ").trim_end_matches('.'))
}

/// The name of the item that follows a doc comment.
fn item_at(lines: &[&str]) -> String {
    let mut depth = 0_i32;
    for line in lines {
        let opened = line.starts_with("#[") || depth > 0;
        if opened {
            depth += i32::try_from(line.matches('[').count()).expect("few")
                - i32::try_from(line.matches(']').count()).expect("few");
            continue;
        }
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let named = words.filter(|word| !word.is_empty()).find(|word| {
            !matches!(
                *word,
                "pub"
                    | "crate"
                    | "super"
                    | "in"
                    | "fn"
                    | "const"
                    | "static"
                    | "struct"
                    | "enum"
                    | "trait"
                    | "type"
                    | "async"
                    | "macro_rules"
                    | "unsafe"
                    | "mod"
            )
        });
        return named.map_or_else(String::new, |name| format!("`{name}`"));
    }
    String::new()
}

/// Cuts at a mark, but not inside brackets.
fn cut<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && at >= from && text[at..].starts_with(mark) => {
                parts.push(text[from..at].trim());
                from = at + mark.len();
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// One citation as its law, and each article of it with what is said of it in brackets.
fn read(citation: &str) -> Option<(usize, Vec<Named>)> {
    let law = LAWS.iter().position(|(word, _)| {
        let rest = citation.strip_prefix(word);
        rest.is_some_and(|rest| word.ends_with(' ') || rest.is_empty() || rest.starts_with([' ', ',']))
    })?;
    let word = LAWS[law].0;
    let mut articles = Vec::new();
    let (head, rest) = if word.ends_with(' ') {
        // The law's own date or number is part of every article's name.
        let end = citation[word.len()..].find(' ').map_or(citation.len(), |at| word.len() + at);
        (&citation[..end], citation[end..].trim())
    } else {
        ("", citation[word.len()..].trim_start_matches(',').trim())
    };
    let mut before = String::new();
    for part in cut(rest, ",").into_iter().flat_map(|part| cut(part, " and ")) {
        let (article, about) = match part.split_once('(') {
            Some((article, about)) => (article.trim(), Some(about.trim_end_matches(')').trim().to_owned())),
            None => (part, None),
        };
        let is_number = article.starts_with(|c: char| c.is_ascii_digit());
        let is_article = is_number || article.starts_with(|c: char| c.is_uppercase() || c == '–');
        if article.is_empty() {
            articles.push((head.to_owned(), about));
            continue;
        }
        if !is_article && !["art. ", "book "].iter().any(|word| article.starts_with(word)) {
            articles.push((head.to_owned(), Some(part.to_owned())));
            continue;
        }
        // `art. 17 and 22bis`, `F5 3 and 4`: the word before the first number holds for the next.
        let name = if is_number { format!("{before}{article}") } else { article.to_owned() };
        if !is_number {
            before = article.rsplit_once(' ').map_or_else(String::new, |(word, _)| format!("{word} "));
            before = if article.starts_with("art. ") { "art. ".to_owned() } else { before };
        }
        articles.push((format!("{head} {name}").trim().to_owned(), about));
    }
    if articles.is_empty() {
        articles.push((head.to_owned(), None));
    }
    for (name, _) in articles.iter_mut().filter(|(name, _)| name.is_empty()) {
        "–".clone_into(name);
    }
    Some((law, articles))
}

/// Numbers within names sort as numbers: 6:9 before 6:115, E2 before E10.
fn natural(name: &str) -> SortKey {
    let mut keys = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits > 0 {
            // The digits too, since F03 of the report is another than F3.
            keys.push((0, rest[..digits].parse().unwrap_or(u64::MAX), rest[..digits].to_owned()));
            rest = &rest[digits..];
        } else {
            let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            keys.push((1, 0, rest[..text].to_owned()));
            rest = &rest[text..];
        }
    }
    keys
}

/// The tests that name an item; else the file of the rulebook that is called as the code is.
fn tests_of(place: &Place, tests: &BTreeMap<String, String>) -> Vec<String> {
    let name = place.item.trim_matches('`');
    let room = place.file.split("/src/").next().expect("a path").to_owned();
    // Refusals, events and functions have names that stand for themselves; `Order` or `net` do not.
    let telling = place.item.starts_with('`') && (name.len() >= 10 || name.contains('_'));
    if telling {
        let named = |text: &str| {
            text.match_indices(name).any(|(at, _)| {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                !text[..at].ends_with(word) && !text[at + name.len()..].starts_with(word)
            })
        };
        let found: Vec<String> =
            tests.iter().filter(|(_, text)| named(text)).map(|(file, _)| file.clone()).collect();
        if !found.is_empty() {
            return found;
        }
    }
    let stem = |file: &str| {
        let file = file.trim_end_matches(".rs").trim_end_matches("/mod");
        file.split("/src/").last().expect("a path").trim_start_matches("rules/").to_owned()
    };
    let stem = stem(&place.file);
    let (stream, part) = stem.split_once('/').unwrap_or((&stem, &stem));
    let called = |stem: &str| -> Vec<String> {
        let same = |file: &str| {
            let file = file.trim_end_matches(".rs").trim_end_matches("/mod");
            file.ends_with(&format!("/{stem}"))
        };
        tests.keys().filter(|file| file.starts_with(&room) && same(file)).cloned().collect()
    };
    [stem.as_str(), part, stream].map(called).into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// The files with a test that carries the number of an invariant or vector, as `e30_…` and `f5_18_…` do.
fn tests_that_carry(name: &str, tests: &BTreeMap<String, String>) -> Vec<String> {
    if !name.starts_with(['E', 'F', 'I']) || !name.ends_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let number = format!("{}_", name.to_lowercase().replace(' ', "_"));
    let carries = |line: &str| {
        let test = line.trim_start().strip_prefix("fn ");
        test.is_some_and(|test| test.starts_with(&number) || test.contains(&format!("_{number}")))
    };
    tests.iter().filter(|(_, text)| text.lines().any(carries)).map(|(file, _)| file.clone()).collect()
}

fn link(file: &str) -> String {
    let shown = file
        .trim_start_matches("crates/")
        .replace("/src/", "/")
        .replace("tests/rulebook/", "")
        .replace("tests/specs/", "");
    format!("[{shown}](../{file})")
}

/// The page, as the code says it today.
fn page() -> String {
    let is_code =
        |name: &str| name.contains("/src/") && !name.contains("reference-year") && !name.contains("sqlx");
    let code = sources(&["crates", "projections"], is_code);
    let tests = sources(&["crates", "projections", "tests"], |name| {
        name.contains("tests/") && !name.contains("reference-year")
    });

    let mut laws: BTreeMap<usize, BTreeMap<SortKey, (String, Article)>> = BTreeMap::new();
    for (file, text) in &code {
        for (place, source) in cited_in(file, text) {
            for citation in cut(&source, ";") {
                let unconfirmed = citation.contains(RECALL);
                let citation = citation.replace(RECALL, "");
                let Some((law, articles)) = read(citation.trim()) else { continue };
                for (name, about) in articles {
                    let rows = laws.entry(law).or_default();
                    let (_, row) = rows.entry(natural(&name)).or_insert_with(|| (name, Article::default()));
                    row.about.extend(about);
                    // Our own readings are no law that somebody could misremember.
                    row.unconfirmed |= unconfirmed && LAWS[law].0 != "DOMAIN";
                    row.places.insert(place.clone());
                }
            }
        }
    }

    let mut page = String::from(
        "# Law: from the article to the code and its tests\n\n\
         Written from the `Source:` lines of the code by `cargo xtask bless`; a test fails when it no longer is. \
         Each row is an article, what the code says it is about, what obeys it, and the tests that name that item, \
         carry its number, or else belong to its file. An italic item is a whole file. **[R]** marks what somebody cites from recall: \
         it awaits the lawyer or the auditor. Values that a law sets (rates, periods, majorities) are parameters \
         with their own source in the log: `coledger events --type parameters.published` lists them.\n",
    );
    for (law, rows) in laws {
        write!(
            page,
            "\n## {}\n\n| article | about | code | tests |\n| --- | --- | --- | --- |\n",
            LAWS[law].1
        )
        .expect("text grows");
        for (name, article) in rows.into_values() {
            let mark = if article.unconfirmed { " **[R]**" } else { "" };
            let about = article.about.into_iter().collect::<Vec<_>>().join("; ");
            let code: Vec<String> =
                article.places.iter().map(|place| format!("{} {}", link(&place.file), place.item)).collect();
            let tests: BTreeSet<String> = article
                .places
                .iter()
                .flat_map(|place| tests_of(place, &tests))
                .chain(tests_that_carry(&name, &tests))
                .map(|file| link(&file))
                .collect();
            let tests = if tests.is_empty() {
                "–".to_owned()
            } else {
                tests.into_iter().collect::<Vec<_>>().join(", ")
            };
            writeln!(page, "| {name}{mark} | {about} | {} | {tests} |", code.join("<br>"))
                .expect("text grows");
        }
    }
    let notes = fs::read_to_string(root().join("docs/law-notes.md")).expect("notes are written by hand");
    page + "\n" + &notes
}

#[test]
fn the_page_of_laws_is_what_the_code_says() {
    let (path, page) = (root().join("docs/LAW.md"), page());
    if env::var_os("COLEDGER_BLESS").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(page.lines()).find(|(found, expected)| found != expected);
    assert!(found == page, "docs/LAW.md is not what the code says; COLEDGER_BLESS=1 writes it: {differs:?}");
}

#[test]
fn a_source_is_read_as_its_laws_and_articles() {
    let text = "/// What.\n///\n/// Source: WVV 6:115, 6:116 (tests); Act 12-04-1965 art. 9 (wages),\n/// and more; WBTW art. 17 and 22bis \\[R\\]. Not this.\n#[derive(A)]\npub fn pay() {}\n";
    let cited = cited_in("crates/domain/src/a.rs", text);
    let [(place, source)] = &cited[..] else { panic!("{cited:?}") };
    assert_eq!(place.item, "`pay`");
    assert!(!source.contains("Not this"), "{source}");
    let articles: Vec<_> = cut(source, ";")
        .into_iter()
        .filter_map(read)
        .map(|(law, articles)| {
            (LAWS[law].0, articles.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join("|"))
        })
        .collect();
    assert_eq!(articles[0], ("WVV", "6:115|6:116".to_owned()));
    assert_eq!(articles[1].0, "Act ");
    assert!(articles[1].1.starts_with("Act 12-04-1965 art. 9"), "{articles:?}");
    assert_eq!(articles[2].1, r"art. 17|art. 22bis \[R\]");
    let (_, of_domain) = read("DOMAIN C1, F5 3 and 4 (vectors)").unwrap();
    let named: Vec<_> = of_domain.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(named, ["C1", "F5 3", "F5 4"]);
}

#[test]
fn numbers_sort_as_numbers() {
    let mut names = ["6:115", "6:9", "E10", "E2", "12 §1"];
    names.sort_by_key(|name| natural(name));
    assert_eq!(names, ["6:9", "6:115", "12 §1", "E2", "E10"]);
}
