//! Where a movement lands: an account, and of whom.
//!
//! A party is a sub-account: the person who is owed a wage, the client who owes an invoice, the unit
//! whose budget it is. Written `400/client:<uuid>`, or `700` where the account has no parties.

use std::fmt;
use std::str::FromStr;

use domain::ids::{ClientId, PersonId, SupplierId, UnitId};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::chart::{Account, Book};

/// Of whom an account is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A member or worker.
    Person(PersonId),
    /// A client.
    Client(ClientId),
    /// A production unit.
    Unit(UnitId),
    /// A supplier of the entity.
    Supplier(SupplierId),
}

/// An account, of a party or as a whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// The account.
    pub account: Account,
    /// Of whom; none where the account has no parties.
    pub of: Option<Party>,
}

/// Why a text is no party or line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}")]
pub struct LineError {
    expected: &'static str,
    found: String,
}

impl Account {
    /// The account's line of a party.
    pub fn of(self, party: impl Into<Party>) -> Line {
        Line { account: self, of: Some(party.into()) }
    }

    /// The account's line without party.
    pub const fn total(self) -> Line {
        Line { account: self, of: None }
    }
}

impl Line {
    /// The book it belongs to.
    pub const fn book(self) -> Book {
        self.account.book()
    }
}

impl Party {
    /// The word for what kind of party it is: `person`, `client`, `unit`, `supplier`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Client(_) => "client",
            Self::Unit(_) => "unit",
            Self::Supplier(_) => "supplier",
        }
    }

    /// Writes the party's UUID in its usual form into the buffer.
    pub(crate) fn write_id(self, buffer: &mut [u8; 36]) -> &str {
        let uuid = match self {
            Self::Person(id) => id.uuid(),
            Self::Client(id) => id.uuid(),
            Self::Unit(id) => id.uuid(),
            Self::Supplier(id) => id.uuid(),
        };
        uuid.hyphenated().encode_lower(buffer)
    }
}

impl From<Account> for Line {
    fn from(account: Account) -> Self {
        account.total()
    }
}

impl From<PersonId> for Party {
    fn from(id: PersonId) -> Self {
        Self::Person(id)
    }
}

impl From<ClientId> for Party {
    fn from(id: ClientId) -> Self {
        Self::Client(id)
    }
}

impl From<UnitId> for Party {
    fn from(id: UnitId) -> Self {
        Self::Unit(id)
    }
}

impl From<SupplierId> for Party {
    fn from(id: SupplierId) -> Self {
        Self::Supplier(id)
    }
}

impl FromStr for Party {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let parse = || {
            let (word, id) = text.split_once(':')?;
            match word {
                "person" => id.parse().ok().map(Self::Person),
                "client" => id.parse().ok().map(Self::Client),
                "unit" => id.parse().ok().map(Self::Unit),
                "supplier" => id.parse().ok().map(Self::Supplier),
                _ => None,
            }
        };
        let expected = "a party such as person:<id>, client:<id>, unit:<id> or supplier:<id>";
        parse().ok_or_else(|| LineError { expected, found: text.to_owned() })
    }
}

impl FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let (code, of) = match text.split_once('/') {
            None => (text, None),
            Some((code, party)) => (code, Some(party.parse()?)),
        };
        let expected = "an account of the chart such as 700 or unit.available/unit:<id>";
        let account = Account::from_code(code);
        account
            .map(|account| Self { account, of })
            .ok_or_else(|| LineError { expected, found: text.to_owned() })
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.word(), self.write_id(&mut [0; 36]))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            None => f.write_str(self.account.code()),
            Some(party) => write!(f, "{}/{party}", self.account),
        }
    }
}

macro_rules! as_text {
    ($($name:ident: $expecting:literal),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }
                    fn visit_str<E: Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    )*};
}
as_text!(
    Party: "a party as text such as \"unit:<id>\"",
    Line: "an account, of a party or as a whole, as text such as \"700\""
);

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_line_survives_its_text() {
        let id = Uuid::from_u128(7);
        let lines = [
            Account::Sales.total(),
            Account::Customers.of(ClientId::new(id)),
            Account::Remuneration.of(PersonId::new(id)),
            Account::UnitAvailable.of(UnitId::new(id)),
            Account::Suppliers.of(SupplierId::new(id)),
        ];
        for line in lines {
            assert_eq!(line.to_string().parse(), Ok(line));
            let json = serde_json::to_string(&line).unwrap();
            assert_eq!(serde_json::from_str::<Line>(&json).unwrap(), line);
        }
        let text = "400/client:00000000-0000-0000-0000-000000000007";
        assert_eq!(lines[1].to_string(), text);
    }

    #[test]
    fn a_text_that_is_no_line_is_refused() {
        for bad in ["", "4000", "400/", "400/client", "400/client:7", "400/board:7"] {
            assert!(bad.parse::<Line>().is_err(), "{bad:?} must be refused");
        }
    }
}
