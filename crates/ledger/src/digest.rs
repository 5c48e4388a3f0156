//! What is sealed of an entry: the SHA-256 of a canonical text.
//!
//! ```text
//! entry VEN F/2025/000001                                             journal, document or -
//! GL 400/client:0190…  700  1000.00                                   book, debit, credit, amount
//! GL 400/client:0190…  451054  210.00                                 in the order of the rule
//! BL PL  unit.pending/unit:0191…  935.00
//! ```
//!
//! One line per movement, parts separated by one space, every line ended by a line feed, in ASCII.
//! An event that is not booked has the one line `no entry: <code of the reason>`. Account codes and
//! reason codes are therefore for ever; names and sentences may be reworded.

use domain::evidence::Digest;
use domain::money::Amount;
use sha2::{Digest as _, Sha256};

use crate::line::Line;
use crate::posting::Posting;

/// The longest line: book, two lines with party, an amount.
const LINE_BYTES_MAX: usize = 192;

/// SHA-256 of the posting's canonical text.
pub fn entry_digest(posting: &Posting) -> Digest {
    let mut hash = Sha256::new();
    each_line(posting, |line| hash.update(line));
    Digest(hash.finalize().into())
}

/// The text whose digest is sealed.
pub fn canonical_text(posting: &Posting) -> String {
    let mut text = String::new();
    each_line(posting, |line| text.push_str(std::str::from_utf8(line).expect("codes are ASCII")));
    text
}

fn each_line(posting: &Posting, mut take: impl FnMut(&[u8])) {
    let mut line = Text::default();
    match posting {
        Posting::NoEntry(why) => {
            take(line.put("no entry: ").put(why.code()).end());
        }
        Posting::Entry(entry) => {
            let document = entry.document.as_ref().map_or("-", |document| document.as_str());
            take(line.put("entry ").put(entry.journal.code()).put(" ").put(document).end());
            for movement in &entry.movements {
                line.clear().put(movement.book().code()).put(" ").put_line(movement.debit);
                line.put(" ").put_line(movement.credit).put(" ").put_amount(movement.amount);
                take(line.end());
            }
        }
    }
}

/// A line under construction, on the stack.
struct Text {
    bytes: [u8; LINE_BYTES_MAX],
    length: usize,
}

impl Default for Text {
    fn default() -> Self {
        Self { bytes: [0; LINE_BYTES_MAX], length: 0 }
    }
}

impl Text {
    fn clear(&mut self) -> &mut Self {
        self.length = 0;
        self
    }

    fn put(&mut self, text: &str) -> &mut Self {
        self.bytes[self.length..self.length + text.len()].copy_from_slice(text.as_bytes());
        self.length += text.len();
        self
    }

    fn put_line(&mut self, line: Line) -> &mut Self {
        self.put(line.account.code());
        if let Some(party) = line.of {
            self.put("/").put(party.word()).put(":").put(party.write_id(&mut [0; 36]));
        }
        self
    }

    fn put_amount(&mut self, amount: Amount) -> &mut Self {
        let (mut digits, mut at) = ([0_u8; 20], 20);
        let mut rest = amount.cents().unsigned_abs();
        // At least three digits, so that 5 cents are 0.05.
        while rest > 0 || at > 17 {
            at -= 1;
            digits[at] = b'0' + u8::try_from(rest % 10).expect("a digit is below ten");
            rest /= 10;
        }
        let (whole, cents) = digits[at..].split_at(20 - at - 2);
        for part in [whole, b".", cents] {
            self.bytes[self.length..self.length + part.len()].copy_from_slice(part);
            self.length += part.len();
        }
        self
    }

    fn end(&mut self) -> &[u8] {
        self.put("\n");
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::{ClientId, PersonId, UnitId};
    use domain::money::CENTS_MAX;
    use uuid::Uuid;

    use super::*;
    use crate::chart::Account;
    use crate::posting::{Entry, Journal, Movement, Why};

    fn cents(cents: i64) -> Amount {
        Amount::from_cents(cents).unwrap()
    }

    #[test]
    fn amounts_are_written_with_two_decimals() {
        for value in [1, 9, 10, 99, 100, 101, 123_456, CENTS_MAX] {
            let text = Text::default().put_amount(cents(value)).end().to_vec();
            assert_eq!(String::from_utf8(text).unwrap(), format!("{}\n", cents(value)));
        }
    }

    // Published vectors: who reads a log of ours with another program needs them.
    #[test]
    fn the_text_and_digest_of_an_invoice_are() {
        let client = ClientId::new(Uuid::from_u128(1));
        let unit = UnitId::new(Uuid::from_u128(2));
        let movement = Movement::new;
        let posting = Posting::Entry(Entry {
            journal: Journal::Sales,
            document: Some("F/2025/000001".parse().unwrap()),
            movements: vec![
                movement(Account::Customers.of(client), Account::Sales.total(), cents(100_000)),
                movement(Account::Customers.of(client), Account::VatOnSales.total(), cents(21_000)),
                movement(Account::ProfitAndLoss.total(), Account::UnitPending.of(unit), cents(93_500)),
                movement(Account::ProfitAndLoss.total(), Account::Pool.total(), cents(6_500)),
            ],
        });
        let text = "entry VEN F/2025/000001\n\
            GL 400/client:00000000-0000-0000-0000-000000000001 700 1000.00\n\
            GL 400/client:00000000-0000-0000-0000-000000000001 451054 210.00\n\
            BL PL unit.pending/unit:00000000-0000-0000-0000-000000000002 935.00\n\
            BL PL pool 65.00\n";
        assert_eq!(canonical_text(&posting), text);
        assert_eq!(entry_digest(&posting), Digest(Sha256::digest(text).into()));
        assert_eq!(
            entry_digest(&posting).to_string(),
            "e10635d5ac450f9f530848f45369f2320c6bed660e2a8fb45164c60cebfcc7d9"
        );
    }

    #[test]
    fn the_text_and_digest_of_silence_are() {
        let posting = Posting::NoEntry(Why::NumberOnly);
        assert_eq!(canonical_text(&posting), "no entry: number-only\n");
        assert_eq!(
            entry_digest(&posting).to_string(),
            "84c91e23d2590409573baf4f6cd8c948ffc9e2f2b39ee630268261528a70d314"
        );
    }

    #[test]
    fn an_entry_without_document_says_so_and_the_longest_line_fits() {
        let person = PersonId::new(Uuid::from_u128(3));
        for account in Account::ALL {
            let line = account.of(person);
            let movements = vec![Movement { debit: line, credit: line, amount: cents(CENTS_MAX) }];
            let posting = Posting::Entry(Entry { journal: Journal::BudgetOnly, document: None, movements });
            let text = canonical_text(&posting);
            assert!(text.starts_with("entry BUD -\n"));
            assert!(text.ends_with(&format!("{} {line} {line} {}\n", line.book(), cents(CENTS_MAX))));
        }
    }

    #[test]
    fn no_two_reasons_and_no_two_journals_share_a_code() {
        let reasons: std::collections::BTreeSet<_> = Why::ALL.map(Why::code).into();
        assert_eq!(reasons.len(), Why::ALL.len());
        for journal in Journal::ALL {
            assert_eq!(Journal::from_code(journal.code()), Some(journal));
        }
    }
}
