//! How answers are written: tables, JSON and CSV, in one place; progress on stderr.
//!
//! An answer is a few facts about the question (what it was asked of, at which position) and one or
//! more sheets of rows. On a terminal a sheet is a table with lines; in a pipe it is plain aligned
//! text without lines or colours; as JSON the whole answer is one object; as CSV the first sheet is
//! written and the rest is left out. Money is text with two decimals everywhere.

use std::cell::RefCell;
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};

use anyhow::Result;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use domain::Position;
use indicatif::{ProgressBar, ProgressStyle};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::args::{Format, OutputArgs};

/// Where answers go.
pub struct Output {
    format: Format,
    quiet: bool,
    on_terminal: bool,
    stdout: RefCell<BufWriter<Stdout>>,
}

/// One value of a row or fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing; `null` in JSON.
    Nothing,
    /// Text, money among it.
    Text(String),
    /// A whole number: a count, a position.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

/// A column: its key in JSON and CSV, its head in a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    key: &'static str,
    head: &'static str,
    right: bool,
}

/// Rows under columns.
#[derive(Clone, Debug)]
pub struct Sheet {
    key: &'static str,
    title: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// An answer: facts and sheets.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    facts: Vec<(&'static str, Cell)>,
    sheets: Vec<Sheet>,
}

/// Rows of a table when no limit is given.
const TABLE_ROWS: u64 = 100;

/// A bar on stderr that appears when there is something to wait for.
pub struct Progress {
    shown: bool,
    of: u64,
    doing: &'static str,
    bar: Option<ProgressBar>,
}

impl Output {
    /// Output as the command line asks for it.
    pub fn new(args: &OutputArgs) -> Self {
        let stdout = io::stdout();
        Self {
            format: args.output,
            quiet: args.quiet,
            on_terminal: stdout.is_terminal(),
            stdout: RefCell::new(BufWriter::new(stdout)),
        }
    }

    /// The format asked for.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How many rows are shown at most: as many as asked for, else 100 in a table and all elsewhere.
    pub fn rows_shown(&self, asked: Option<u64>) -> u64 {
        asked.unwrap_or(if self.format == Format::Table { TABLE_ROWS } else { u64::MAX })
    }

    /// The rows that are shown.
    pub fn first<'a, T>(&self, rows: &'a [T], asked: Option<u64>) -> &'a [T] {
        let shown = usize::try_from(self.rows_shown(asked)).unwrap_or(usize::MAX);
        &rows[..rows.len().min(shown)]
    }

    /// Says that not all rows were shown, when that is so.
    pub fn tell_cut(&self, rows: &str, shown: usize, all: usize) {
        if shown < all {
            self.note(&format!("{shown} of {all} {rows} shown; ask for more with --limit"));
        }
    }

    /// Says that not all rows were shown, when that is so, beside totals that count them all.
    pub fn tell_cut_beside_totals(&self, rows: &str, shown: usize, all: usize) {
        if shown < all {
            self.note(&format!(
                "{shown} of {all} {rows} shown; the totals are of all; ask for more with --limit"
            ));
        }
    }

    /// Writes one line as it stands.
    pub fn line(&self, text: &str) -> Result<()> {
        writeln!(self.stdout.borrow_mut(), "{text}")?;
        Ok(())
    }

    /// Writes bytes as they stand.
    pub fn bytes(&self, bytes: &[u8]) -> Result<()> {
        Ok(self.stdout.borrow_mut().write_all(bytes)?)
    }

    /// Hands everything written so far to whoever reads.
    pub fn flush(&self) -> Result<()> {
        Ok(self.stdout.borrow_mut().flush()?)
    }

    /// Writes one JSON value on a line of its own.
    pub fn json_line(&self, value: &impl Serialize) -> Result<()> {
        self.line(&serde_json::to_string(value)?)
    }

    /// Says something that is no part of the answer, on stderr, unless asked to be quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            // Nobody is left to tell when stderr cannot be written.
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Writes a whole answer.
    pub fn answer(&self, answer: &Answer) -> Result<()> {
        match self.format {
            Format::Json => self.json_line(answer),
            Format::Csv => answer.sheets.first().map_or(Ok(()), |sheet| self.csv(sheet)),
            Format::Table => self.tables(answer),
        }
    }

    /// Writes the rows of a sheet that is part of a longer list: one JSON object a line, without head
    /// in CSV after the first part.
    pub fn part(&self, sheet: &Sheet, is_first: bool) -> Result<()> {
        match self.format {
            Format::Json => (0..sheet.rows.len()).try_for_each(|n| self.json_line(&RowOf(sheet, n))),
            Format::Csv => self.csv_rows(sheet, is_first),
            Format::Table => self.bytes(self.sheet_text(sheet).as_bytes()),
        }
    }

    /// A bar for so many steps.
    pub fn progress(&self, doing: &'static str, of: u64) -> Progress {
        Progress { shown: !self.quiet && io::stderr().is_terminal(), of, doing, bar: None }
    }

    fn tables(&self, answer: &Answer) -> Result<()> {
        let facts = answer.facts.iter().filter(|(_, cell)| *cell != Cell::Nothing);
        let width = facts.clone().map(|(key, _)| key.len()).max().unwrap_or(0);
        for (key, cell) in facts {
            let shown = key.replace('_', " ");
            self.line(format!("{shown:<width$}  {}", cell.text()).trim_end())?;
        }
        let many = answer.sheets.len() > 1;
        for (n, sheet) in answer.sheets.iter().enumerate() {
            if n > 0 || !answer.facts.is_empty() {
                self.line("")?;
            }
            if many {
                self.line(&sheet.title)?;
            }
            self.bytes(self.sheet_text(sheet).as_bytes())?;
        }
        Ok(())
    }

    fn sheet_text(&self, sheet: &Sheet) -> String {
        if self.on_terminal { sheet.drawn() } else { sheet.plain() }
    }

    fn csv(&self, sheet: &Sheet) -> Result<()> {
        self.csv_rows(sheet, true)
    }

    fn csv_rows(&self, sheet: &Sheet, with_head: bool) -> Result<()> {
        let mut stdout = self.stdout.borrow_mut();
        let mut writer = csv::Writer::from_writer(&mut *stdout);
        let write = |writer: &mut csv::Writer<_>| -> csv::Result<()> {
            if with_head {
                writer.write_record(sheet.columns.iter().map(|column| column.key))?;
            }
            for row in &sheet.rows {
                writer.write_record(row.iter().map(Cell::text))?;
            }
            Ok(writer.flush()?)
        };
        write(&mut writer).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(cause) => cause.into(),
            other => anyhow::anyhow!("cannot write CSV: {other:?}"),
        })
    }
}

impl Column {
    /// A column of text.
    pub const fn left(key: &'static str, head: &'static str) -> Self {
        Self { key, head, right: false }
    }

    /// A column of numbers or money.
    pub const fn right(key: &'static str, head: &'static str) -> Self {
        Self { key, head, right: true }
    }

    /// Its key in JSON and CSV.
    pub const fn key(&self) -> &'static str {
        self.key
    }
}

impl Sheet {
    /// An empty sheet; its key names it in JSON, its title in a table.
    pub fn new(key: &'static str, title: impl Into<String>, columns: &[Column]) -> Self {
        Self { key, title: title.into(), columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, row: impl IntoIterator<Item = Cell>) {
        let row: Vec<Cell> = row.into_iter().collect();
        assert_eq!(row.len(), self.columns.len(), "a row has a cell under each head");
        self.rows.push(row);
    }

    /// A table with lines, for people.
    fn drawn(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(self.columns.iter().map(|column| column.head));
        table.add_rows(self.rows.iter().map(|row| row.iter().map(Cell::text).collect::<Vec<_>>()));
        for (column, drawn) in self.columns.iter().zip(table.column_iter_mut()) {
            if column.right {
                drawn.set_cell_alignment(CellAlignment::Right);
            }
        }
        format!("{table}\n")
    }

    /// Aligned text without lines, for pipes.
    fn plain(&self) -> String {
        let texts: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(Cell::text).collect()).collect();
        let width = |n: usize| {
            let cells = texts.iter().map(|row| row[n].chars().count());
            cells.chain([self.columns[n].head.chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let mut text = String::new();
        let mut write = |cells: &mut dyn Iterator<Item = &str>| {
            let mut line = String::new();
            for ((cell, column), width) in cells.zip(&self.columns).zip(&widths) {
                let missing = " ".repeat(width - cell.chars().count());
                if !line.is_empty() {
                    line.push_str("  ");
                }
                if column.right {
                    line.push_str(&missing);
                    line.push_str(cell);
                } else {
                    line.push_str(cell);
                    line.push_str(&missing);
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        };
        write(&mut self.columns.iter().map(|column| column.head));
        for row in &texts {
            write(&mut row.iter().map(String::as_str));
        }
        text
    }
}

impl Answer {
    /// An answer without facts or rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact about the question.
    pub fn fact(mut self, key: &'static str, cell: impl Into<Cell>) -> Self {
        self.facts.push((key, cell.into()));
        self
    }

    /// Adds a sheet.
    pub fn sheet(mut self, sheet: Sheet) -> Self {
        self.sheets.push(sheet);
        self
    }
}

impl Cell {
    /// What can be shown as text.
    pub fn shown(value: impl std::fmt::Display) -> Self {
        Self::Text(value.to_string())
    }

    /// What can be shown as text, or nothing.
    pub fn optional(value: Option<impl std::fmt::Display>) -> Self {
        value.map_or(Self::Nothing, Self::shown)
    }

    fn text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).expect("counts and positions stay below 2^63"))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Position> for Cell {
    fn from(position: Position) -> Self {
        position.0.into()
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

/// One row of a sheet as a JSON object.
struct RowOf<'a>(&'a Sheet, usize);

/// All rows of a sheet as a JSON array.
struct RowsOf<'a>(&'a Sheet);

impl Serialize for RowOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(sheet, n) = self;
        serializer.collect_map(sheet.columns.iter().map(|column| column.key).zip(&sheet.rows[*n]))
    }
}

impl Serialize for RowsOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.0.rows.len()).map(|n| RowOf(self.0, n)))
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.facts.len() + self.sheets.len()))?;
        for (key, cell) in &self.facts {
            map.serialize_entry(key, cell)?;
        }
        for sheet in &self.sheets {
            map.serialize_entry(sheet.key, &RowsOf(sheet))?;
        }
        map.end()
    }
}

impl Progress {
    /// So much is done; the bar appears when this is not the end.
    pub fn at(&mut self, done: u64) {
        if !self.shown || (self.bar.is_none() && done >= self.of) {
            return;
        }
        let (of, doing) = (self.of, self.doing);
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{msg} [{bar:30}] {human_pos} of {human_len} ({eta})");
            let style = style.expect("the template is well-formed").progress_chars("=> ");
            ProgressBar::new(of).with_style(style).with_message(doing)
        });
        bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let columns =
            [Column::left("name", "name"), Column::right("balance", "balance"), Column::left("why", "")];
        let mut sheet = Sheet::new("rows", "rows", &columns);
        sheet.row([Cell::from("Café"), Cell::from("1000.00"), Cell::Nothing]);
        sheet.row([Cell::from("b"), Cell::from("-2.50"), Cell::from("x")]);
        sheet
    }

    #[test]
    fn plain_text_is_aligned_and_has_no_trailing_blanks() {
        assert_eq!(sheet().plain(), "name  balance\nCafé  1000.00\nb       -2.50  x\n");
    }

    #[test]
    fn json_keeps_the_order_of_facts_and_columns() {
        let answer = Answer::new().fact("z", 1_u64).fact("a", true).sheet(sheet());
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"z":1,"a":true,"rows":[{"name":"Café","balance":"1000.00","why":null},{"name":"b","balance":"-2.50","why":"x"}]}"#
        );
    }
}
