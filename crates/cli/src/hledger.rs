//! `export hledger`: both books as plain text that hledger reads and checks.
//!
//! ```text
//! accounts.journal           the commodity and every account, declared
//! 2025-03.journal            the entries of a month, between two sets of balance assertions
//! opening-2025-03.journal    accounts, what stood before March, and March: checks a month alone
//! all.journal                accounts, what stood before, and every month
//! ```
//!
//! An entry is one transaction: its day of effect, its journal and number as the code, its event and
//! position as the description. A movement is two postings. Whose account it is stands in a tag and
//! not in the account's name: a cooperative has more clients than hledger can hold as accounts.
//! Assertions are summed apart from the movements they check, from the read model of balances.
//! Left out: personal data, which lies in the vault; events that book nothing.
//! Source: hledger's manual of the journal format, 1.25.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use app::views::ViewsReader;
use app::{Account, Book, Language, Line};
use domain::{Balance, Day, Month};
use projections::annual_accounts::{Statement, heading_of};
use projections::balances;
use projections::journal::{self, EntriesAsked, EntryRow, MovementRow};
use projections::port::Times;

use crate::args::{HledgerArgs, TimesArgs};
use crate::failure::{BadInput, Exit};
use crate::output::{Answer, Output};
use crate::views;

/// Entries read and written at a time.
const ENTRIES_PER_PART: u32 = 5_000;

/// What an account holds, positive on the debit side.
type Held = (Account, Balance);

const ACCOUNTS_FILE: &str = "accounts.journal";
const ALL_FILE: &str = "all.journal";

/// Writes the journals and says how to check them.
pub fn export(args: &HledgerArgs, out: &Output) -> Result<ExitCode> {
    let asked = views::ask(&args.at.dir, TimesArgs { as_of: None, known_at: None }, out)?;
    let mut months = balances::months(&asked.views)?;
    months.retain(|month| args.year.is_none_or(|year| month.first_day().year() == year));
    if months.is_empty() {
        let when = args.year.map_or(String::new(), |year| format!(" in {year}"));
        bail!(BadInput::new(format!("nothing is booked{when}: there is nothing to export")));
    }
    make_room(&args.to, args.force)?;

    let mut progress = out.progress("exporting months", months.len() as u64);
    let mut n_entries = 0;
    write_file(&args.to, ACCOUNTS_FILE, |file| Ok(file.write_all(declarations().as_bytes())?))?;
    let eve = months[0].first_day().plus_days(-1);
    let opening = held_until(&asked.views, eve)?;
    let mut before = opening.clone();
    for (done, month) in (1..).zip(&months) {
        let after = held_until(&asked.views, month.last_day())?;
        write_file(&args.to, &file_of(*month), |file| {
            n_entries += write_month(file, &asked.views, *month, [&before, &after])?;
            Ok(())
        })?;
        write_index(&args.to, &format!("opening-{}", file_of(*month)), &before, &[*month])?;
        // Nothing takes effect between a month and the next of the list.
        before = after;
        progress.at(done);
    }
    // Last, so that it names no file that is not there.
    write_index(&args.to, ALL_FILE, &opening, &months)?;
    drop(progress);

    let all = args.to.join(ALL_FILE);
    let answer = Answer::new()
        .fact("known_at", asked.position)
        .fact("months", months.len() as u64)
        .fact("entries", n_entries)
        .fact("file", all.display().to_string());
    out.answer(&answer)?;
    out.note(&format!("check it with: hledger -f {} check --strict", all.display()));
    Ok(Exit::Ok.into())
}

/// Makes the directory; one with files in it is left alone unless told otherwise.
fn make_room(dir: &Path, force: bool) -> Result<()> {
    let cannot = || format!("cannot use {}", dir.display());
    fs::create_dir_all(dir).with_context(cannot)?;
    let n_files = fs::read_dir(dir).with_context(cannot)?.count();
    if n_files > 0 && !force {
        let files = if n_files == 1 { "a file".to_owned() } else { format!("{n_files} files") };
        let found = format!("--to {}: expected an empty directory, found {files} in it", dir.display());
        bail!(BadInput::new(format!("{found}; --force writes beside what is there")));
    }
    Ok(())
}

/// Writes a file beside its place and moves it there when it is whole.
fn write_file(dir: &Path, name: &str, write: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<()> {
    let (path, beside) = (dir.join(name), dir.join(format!("{name}.part")));
    let whole = || -> Result<()> {
        let mut file = BufWriter::new(File::create(&beside)?);
        write(&mut file)?;
        file.into_inner()?.sync_all()?;
        Ok(fs::rename(&beside, &path)?)
    };
    whole().with_context(|| format!("cannot write {}", path.display()))
}

/// The commodity and every account, with the type by which hledger makes its reports.
fn declarations() -> String {
    let mut text = "commodity EUR 1000.00\n\n".to_owned();
    for account in Account::ALL {
        write!(text, "account {}", name_of(*account)).expect("text grows");
        if let Some(heading) = heading_of(*account) {
            let of_class = account.code().as_bytes()[0];
            let kind = match (heading.statement, of_class) {
                (_, b'6') => "X",
                (_, b'7') => "R",
                (Statement::Assets, _) => "A",
                // Classes 10 to 15 and 19 are equity; 16 and 17 are provisions and debts.
                (_, b'1') if !matches!(account.code().as_bytes()[1], b'6' | b'7') => "E",
                _ => "L",
            };
            write!(text, "  ; type:{kind}").expect("text grows");
        }
        text.push('\n');
    }
    text
}

/// A file that includes others: accounts, what stood before the first month, and the months.
fn write_index(dir: &Path, name: &str, before: &[Held], months: &[Month]) -> Result<()> {
    let eve = months[0].first_day().plus_days(-1);
    write_file(dir, name, |file| {
        writeln!(file, "include {ACCOUNTS_FILE}\n")?;
        if before.iter().any(|(_, held)| *held != Balance::ZERO) {
            writeln!(file, "{eve} (OPENING) balances brought forward")?;
            for (account, held) in before.iter().filter(|(_, held)| *held != Balance::ZERO) {
                writeln!(file, "    {}  EUR {held}", name_of(*account))?;
            }
            writeln!(file)?;
        }
        for month in months {
            writeln!(file, "include {}", file_of(*month))?;
        }
        Ok(())
    })
}

/// The entries of a month, with assertions before the first and after the last; says how many.
fn write_month(
    file: &mut BufWriter<File>,
    views: &ViewsReader,
    month: Month,
    [before, after]: [&[Held]; 2],
) -> Result<u64> {
    let (first, last) = (month.first_day(), month.last_day());
    write_assertions(file, first, before)?;
    let times = Times { as_of: Some(last), known_at: None };
    let mut asked =
        EntriesAsked { from: Some(first), times, limit: ENTRIES_PER_PART, ..EntriesAsked::default() };
    let mut n_entries = 0;
    loop {
        let page = journal::entries_with_movements(views, &asked)?;
        let Some((last, _)) = page.last() else { break };
        asked.after = last.position;
        n_entries += page.len() as u64;
        for (entry, movements) in &page {
            write_entry(file, entry, movements)?;
        }
    }
    write_assertions(file, last, after)?;
    Ok(n_entries)
}

/// One entry as a transaction; both books balance in it.
fn write_entry(file: &mut BufWriter<File>, entry: &EntryRow, movements: &[MovementRow]) -> Result<()> {
    let EntryRow { effective_on, journal, year, number, event, position, .. } = entry;
    write!(file, "{effective_on} ({}/{year}/{number}) {event} at {position}", journal.code())?;
    if let Some(document) = &entry.document {
        write!(file, "  ; document:{document}")?;
    }
    writeln!(file)?;
    for movement in movements {
        write_posting(file, movement.debit, movement.amount.balance())?;
        write_posting(file, movement.credit, -movement.amount.balance())?;
    }
    Ok(writeln!(file)?)
}

fn write_posting(file: &mut BufWriter<File>, line: Line, amount: Balance) -> Result<()> {
    write!(file, "    {}  EUR {amount}", name_of(line.account))?;
    if let Some(party) = line.of {
        write!(file, "  ; {party}")?;
    }
    Ok(writeln!(file)?)
}

/// A transaction that moves nothing and says what each account holds.
fn write_assertions(file: &mut BufWriter<File>, on: Day, held: &[Held]) -> Result<()> {
    if held.is_empty() {
        return Ok(());
    }
    writeln!(file, "{on} (ASSERT) balances")?;
    for (account, held) in held {
        writeln!(file, "    {}  EUR 0.00 = EUR {held}", name_of(*account))?;
    }
    Ok(writeln!(file)?)
}

/// What every account that was ever moved holds at the end of a day, positive on the debit side.
fn held_until(views: &ViewsReader, day: Day) -> Result<Vec<Held>> {
    let times = Times { as_of: Some(day), known_at: None };
    let mut held = Vec::new();
    for book in Book::ALL {
        let rows = balances::trial_balance(views, book, times)?;
        held.extend(rows.iter().map(|row| (row.account, row.debit - row.credit)));
    }
    Ok(held)
}

/// An account in hledger: book, class where the chart has one, code and English name.
fn name_of(account: Account) -> String {
    let (book, code, name) = (account.book().code(), account.code(), account.name(Language::English));
    match account.class().number() {
        Some(class) => format!("{book}:{class}:{code} {name}"),
        None => format!("{book}:{code} {name}"),
    }
}

fn file_of(month: Month) -> String {
    format!("{month}.journal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_account_has_a_name_that_hledger_would_cut() {
        for account in Account::ALL {
            let name = name_of(*account);
            assert!(!name.contains("  ") && !name.contains(';'), "{name}");
            assert_eq!(name.matches(':').count(), 1 + usize::from(account.book() == Book::General), "{name}");
        }
    }
}
