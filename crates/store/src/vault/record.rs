//! What the vault holds of one person or client.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

/// Name, address and numbers of a person or a client; wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRecord {
    /// Name as the person writes it, or the client's name.
    pub name: String,
    /// Street, number, postal code, town, country.
    pub address: String,
    /// National number of a natural person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub national_number: Option<String>,
    /// Bank account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
}

impl PersonRecord {
    /// The record as JSON; fields stand in the order above.
    pub(crate) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec(self).expect("a record of texts has a JSON form"))
    }

    pub(crate) fn from_json(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl Drop for PersonRecord {
    fn drop(&mut self) {
        self.name.zeroize();
        self.address.zeroize();
        self.national_number.zeroize();
        self.iban.zeroize();
    }
}

/// Says nothing, so that no record reaches a log line or a panic message.
impl fmt::Debug for PersonRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonRecord(withheld)")
    }
}
