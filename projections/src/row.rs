//! Rows of a query as typed values, read from left to right.

use domain::ids::{MemberId, PersonId, UnitId};
use domain::{Amount, Balance, Day, Position, Year};
use uuid::Uuid;

use crate::port::{Cell, ReadError, day_of};

/// The cells of one row, each taken once.
pub(crate) struct Row<'a> {
    cells: &'a [Cell],
    column: usize,
}

impl<'a> Row<'a> {
    pub(crate) fn new(cells: &'a [Cell]) -> Self {
        Self { cells, column: 0 }
    }

    fn take(&mut self) -> (&'a Cell, usize) {
        let column = self.column;
        self.column += 1;
        (&self.cells[column], column)
    }

    pub(crate) fn integer(&mut self) -> Result<i64, ReadError> {
        let (cell, column) = self.take();
        cell.integer(column)
    }

    pub(crate) fn count(&mut self) -> Result<u64, ReadError> {
        self.parsed_integer("a count", |value| u64::try_from(value).ok())
    }

    pub(crate) fn position(&mut self) -> Result<Position, ReadError> {
        self.count().map(Position)
    }

    pub(crate) fn optional_position(&mut self) -> Result<Option<Position>, ReadError> {
        self.unless_null(Self::position)
    }

    pub(crate) fn balance(&mut self) -> Result<Balance, ReadError> {
        self.integer().map(Balance::from_cents)
    }

    pub(crate) fn day(&mut self) -> Result<Day, ReadError> {
        self.parsed_integer("a day", day_of)
    }

    pub(crate) fn optional_day(&mut self) -> Result<Option<Day>, ReadError> {
        self.unless_null(Self::day)
    }

    fn unless_null<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Option<T>, ReadError> {
        if self.cells[self.column] == Cell::Null {
            self.column += 1;
            return Ok(None);
        }
        read(self).map(Some)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, ReadError> {
        let (cell, column) = self.take();
        cell.text(column)
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<&'a str>, ReadError> {
        self.unless_null(Self::text)
    }

    /// A text that stands for a value, such as a code.
    pub(crate) fn parsed<T>(
        &mut self,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, ReadError> {
        let column = self.column;
        let text = self.text()?;
        parse(text).ok_or_else(|| wrong(column, text, expected))
    }

    /// A number that stands for a value.
    pub(crate) fn parsed_integer<T>(
        &mut self,
        expected: &'static str,
        parse: impl FnOnce(i64) -> Option<T>,
    ) -> Result<T, ReadError> {
        let column = self.column;
        let value = self.integer()?;
        parse(value).ok_or_else(|| wrong(column, value, expected))
    }

    pub(crate) fn optional_parsed<T>(
        &mut self,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        self.unless_null(|row| row.parsed(expected, parse))
    }

    pub(crate) fn id(&mut self) -> Result<Uuid, ReadError> {
        let (cell, column) = self.take();
        cell.id(column)
    }

    pub(crate) fn optional_id(&mut self) -> Result<Option<Uuid>, ReadError> {
        self.unless_null(Self::id)
    }

    pub(crate) fn member(&mut self) -> Result<MemberId, ReadError> {
        self.id().map(MemberId::new)
    }

    pub(crate) fn person(&mut self) -> Result<PersonId, ReadError> {
        self.id().map(PersonId::new)
    }

    pub(crate) fn optional_person(&mut self) -> Result<Option<PersonId>, ReadError> {
        self.unless_null(Self::person)
    }

    pub(crate) fn unit(&mut self) -> Result<UnitId, ReadError> {
        self.id().map(UnitId::new)
    }

    pub(crate) fn optional_unit(&mut self) -> Result<Option<UnitId>, ReadError> {
        self.unless_null(Self::unit)
    }

    pub(crate) fn year(&mut self) -> Result<Year, ReadError> {
        self.parsed_integer("a year", |year| u16::try_from(year).ok().map(Year::new))
    }
}

/// The amount of so many cents.
pub(crate) fn amount(cents: i64) -> Option<Amount> {
    Amount::from_cents(cents).ok()
}

fn wrong(column: usize, found: impl ToString, expected: &'static str) -> ReadError {
    ReadError::Column { column, found: found.to_string(), expected }
}
