//! Short validated words: the only text an event may carry.
//!
//! A [`Token`] is at most `N` bytes of letters, digits and `. _ - / : @`, stored inline, so it
//! is `Copy`, cannot hold a sentence and cannot hold a name with a space in it. Free text belongs
//! in an encrypted document, whose digest the event cites.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::TextVisitor;

/// A word of at most `N` ASCII bytes from a closed alphabet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token<const N: usize> {
    length: u8,
    bytes: [u8; N],
}

/// Number of a supporting document: an invoice, a receipt, a bank statement line.
pub type DocumentNumber = Token<32>;
/// Code of a reason from a published list, such as `statutes.9` or `client-insolvent`.
pub type ReasonCode = Token<32>;
/// Code of a risk from a published list, such as `height` or `night-work`.
pub type RiskCode = Token<32>;
/// A word of a published list, such as a kind of activity or a place.
pub type Code = Token<32>;
/// Who acts, as the caller's credentials name it: `service:desk`, `board`.
pub type Actor = Token<48>;
/// Name of a class of shares.
pub type ShareClass = Token<8>;
/// Code of a numbering series, such as `F` for invoices.
pub type SeriesCode = Token<8>;

/// Why a text is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to {max} characters from A-Z a-z 0-9 . _ - / : @, found {found:?}")]
pub struct TokenError {
    max: usize,
    found: String,
}

impl<const N: usize> Token<N> {
    /// The word itself.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).expect("tokens are ASCII")
    }

    /// The word of a literal; fails to compile or panics when it is no token.
    pub const fn literal(text: &str) -> Self {
        let source = text.as_bytes();
        assert!(!source.is_empty() && source.len() <= N, "a token has 1 to N bytes");
        let mut bytes = [0; N];
        let mut at = 0;
        while at < source.len() {
            assert!(is_token_byte(source[at]), "a token has a closed alphabet");
            bytes[at] = source[at];
            at += 1;
        }
        Self { length: source.len() as u8, bytes }
    }
}

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b':' | b'@')
}

impl<const N: usize> FromStr for Token<N> {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let source = text.as_bytes();
        if source.is_empty() || source.len() > N || !source.iter().all(|b| is_token_byte(*b)) {
            return Err(TokenError { max: N, found: text.to_owned() });
        }
        Ok(Self::literal(text))
    }
}

impl<const N: usize> fmt::Display for Token<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Token<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> Serialize for Token<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, const N: usize> Deserialize<'de> for Token<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor {
            expecting: "a short word of letters, digits and . _ - / : @",
            parse: |text| text.parse().map_err(|e: TokenError| e.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_no_sentence() {
        for bad in ["", "two words", "Zoë", "a,b", "123456789"] {
            assert!(bad.parse::<Token<8>>().is_err(), "{bad:?} must be refused");
        }
        assert_eq!("A/1_b-c:".parse::<Token<8>>().unwrap().as_str(), "A/1_b-c:");
    }
}
