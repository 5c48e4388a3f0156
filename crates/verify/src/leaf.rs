//! The leaf of an event, version 1, from the published layout.
//!
//! Texts are taken as bytes: what is hashed is what is stored, whether or not it can be understood.
//! Source: docs/LOG-FORMAT.md, "The leaf, version 1"; schemas/leaf-v1.vectors.json.

use sha2::{Digest as _, Sha256};

/// What every leaf of this version begins with.
const PREFIX: &[u8; 16] = b"coledger/leaf/v1";

/// The columns that a leaf covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    pub position: i64,
    pub recorded_at: i64,
    /// Exactly ten bytes.
    pub effective_on: &'a [u8],
    pub aggregate_type: &'a [u8],
    pub aggregate_id: &'a [u8],
    pub sequence: i64,
    pub event_type: &'a [u8],
    pub event_version: &'a [u8],
    pub payload: &'a [u8],
    pub metadata: &'a [u8],
    pub command_id: [u8; 16],
    pub posting_rule: &'a [u8],
    pub entry_digest: [u8; 32],
}

impl Columns<'_> {
    /// The canonical bytes, in place of what the buffer held, after one byte of 0x00.
    fn write(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.push(0x00);
        buffer.extend_from_slice(PREFIX);
        buffer.extend_from_slice(&self.position.to_be_bytes());
        buffer.extend_from_slice(&self.recorded_at.to_be_bytes());
        buffer.extend_from_slice(self.effective_on);
        for text in [self.aggregate_type, self.aggregate_id] {
            put_text(buffer, text);
        }
        buffer.extend_from_slice(&self.sequence.to_be_bytes());
        for text in [self.event_type, self.event_version, self.payload, self.metadata] {
            put_text(buffer, text);
        }
        buffer.extend_from_slice(&self.command_id);
        put_text(buffer, self.posting_rule);
        buffer.extend_from_slice(&self.entry_digest);
    }

    /// The leaf hash.
    pub(crate) fn hash(&self, buffer: &mut Vec<u8>) -> [u8; 32] {
        self.write(buffer);
        Sha256::digest(buffer).into()
    }
}

fn put_text(buffer: &mut Vec<u8>, text: &[u8]) {
    let length = u32::try_from(text.len()).expect("SQLite holds no text of 4 GiB");
    buffer.extend_from_slice(&length.to_be_bytes());
    buffer.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;
    use serde_json::Value;

    fn bytes_of(hex: &str) -> Vec<u8> {
        let hex: Vec<u8> = hex.bytes().filter(|byte| *byte != b'-').collect();
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap();
        hex.chunks(2).map(|pair| u8::try_from(digit(pair[0]) * 16 + digit(pair[1])).unwrap()).collect()
    }

    #[test]
    fn the_published_vectors_have_these_bytes_hashes_and_roots() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../schemas/leaf-v1.vectors.json")).unwrap();
        let mut tree = Tree::default();
        let leaves = vectors["leaves"].as_array().unwrap();
        assert!(leaves.len() >= 3, "vectors are published");
        for leaf in leaves {
            let text = |name: &str| leaf["fields"][name].as_str().unwrap().as_bytes();
            let number = |name: &str| leaf["fields"][name].as_i64().unwrap();
            let digest = |name: &str| bytes_of(leaf["fields"][name].as_str().unwrap());
            let columns = Columns {
                position: number("position"),
                recorded_at: number("recorded_at"),
                effective_on: text("effective_on"),
                aggregate_type: text("aggregate_type"),
                aggregate_id: text("aggregate_id"),
                sequence: number("sequence"),
                event_type: text("event_type"),
                event_version: text("event_version"),
                payload: text("payload"),
                metadata: text("metadata"),
                command_id: digest("command_id").try_into().unwrap(),
                posting_rule: text("posting_rule"),
                entry_digest: digest("entry_digest").try_into().unwrap(),
            };
            let mut buffer = Vec::new();
            let hash = columns.hash(&mut buffer);
            assert_eq!(buffer[1..], bytes_of(leaf["canonical_hex"].as_str().unwrap()));
            assert_eq!(hash.to_vec(), bytes_of(leaf["leaf_hash"].as_str().unwrap()));
            tree.push(hash);
            assert_eq!(tree.root().to_vec(), bytes_of(leaf["root_after"].as_str().unwrap()));
        }
    }
}
