//! The canonical bytes of an envelope and the leaf hash over them, version 1.
//!
//! Every column of `events` but the leaf hash itself is covered, each with a length or a fixed
//! width, so that no two rows share their bytes. The layout is public: `docs/LOG-FORMAT.md`
//! describes it, `schemas/leaf-v1.vectors.json` pins it, and `verify` implements it on its own.
//! A later layout gets another first line and another file; this one stays for ever.

use domain::dates::{Day, RecordedAt};
use domain::envelope::{Position, Sequence, Stored};
use domain::evidence::Digest;
use domain::ids::CommandId;

use crate::merkle;

/// First bytes of every leaf of this version; no terminator follows.
pub const LEAF_V1: &[u8] = b"coledger/leaf/v1";

/// One row of the log as it lies in a buffer, without its leaf hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Place in the log.
    pub position: Position,
    /// Instant of recording.
    pub recorded_at: RecordedAt,
    /// Day of effect.
    pub effective_on: Day,
    /// Type of the stream.
    pub aggregate_type: &'a str,
    /// Key of the stream.
    pub aggregate_id: &'a str,
    /// Place in the stream.
    pub sequence: Sequence,
    /// Stored name of the event.
    pub event_type: &'a str,
    /// Stored version of the event.
    pub event_version: &'a str,
    /// The event as JSON, verbatim.
    pub payload: &'a str,
    /// Actor and request digest as JSON, verbatim.
    pub metadata: &'a str,
    /// The command that caused it.
    pub command: CommandId,
    /// The sealed posting rule.
    pub posting_rule: &'a str,
    /// The sealed digest of its journal entry.
    pub entry_digest: Digest,
}

impl<'a> From<&'a Stored> for Envelope<'a> {
    fn from(stored: &'a Stored) -> Self {
        Self {
            position: stored.position,
            recorded_at: stored.recorded_at,
            effective_on: stored.effective_on,
            aggregate_type: &stored.aggregate_type,
            aggregate_id: &stored.aggregate_id,
            sequence: stored.sequence,
            event_type: &stored.event_type,
            event_version: &stored.event_version,
            payload: &stored.payload,
            metadata: &stored.metadata,
            command: stored.command,
            posting_rule: &stored.posting_rule,
            entry_digest: stored.entry_digest,
        }
    }
}

impl Envelope<'_> {
    /// Writes the canonical bytes over what the buffer held.
    pub fn write_canonical(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(LEAF_V1);
        buffer.extend_from_slice(&self.position.0.to_be_bytes());
        buffer.extend_from_slice(&self.recorded_at.micros().to_be_bytes());
        let day = self.effective_on.to_string();
        assert_eq!(day.len(), 10, "a day is written in ten bytes");
        buffer.extend_from_slice(day.as_bytes());
        write_text(buffer, self.aggregate_type);
        write_text(buffer, self.aggregate_id);
        buffer.extend_from_slice(&self.sequence.0.to_be_bytes());
        write_text(buffer, self.event_type);
        write_text(buffer, self.event_version);
        write_text(buffer, self.payload);
        write_text(buffer, self.metadata);
        buffer.extend_from_slice(self.command.uuid().as_bytes());
        write_text(buffer, self.posting_rule);
        buffer.extend_from_slice(&self.entry_digest.0);
    }

    /// The leaf hash: SHA-256 over 0x00 and the canonical bytes.
    pub fn leaf_hash(&self) -> Digest {
        let mut buffer = Vec::with_capacity(1_024);
        self.leaf_hash_using(&mut buffer)
    }

    /// The leaf hash, made in a buffer that is used again.
    pub fn leaf_hash_using(&self, buffer: &mut Vec<u8>) -> Digest {
        self.write_canonical(buffer);
        merkle::leaf_hash(buffer)
    }

    /// The same row in memory of its own, with its leaf hash.
    pub fn to_stored(&self, leaf_hash: Digest) -> Stored {
        Stored {
            position: self.position,
            recorded_at: self.recorded_at,
            effective_on: self.effective_on,
            aggregate_type: self.aggregate_type.to_owned(),
            aggregate_id: self.aggregate_id.to_owned(),
            sequence: self.sequence,
            event_type: self.event_type.to_owned(),
            event_version: self.event_version.to_owned(),
            payload: self.payload.to_owned(),
            metadata: self.metadata.to_owned(),
            command: self.command,
            posting_rule: self.posting_rule.to_owned(),
            entry_digest: self.entry_digest,
            leaf_hash,
        }
    }
}

fn write_text(buffer: &mut Vec<u8>, text: &str) {
    let length = u32::try_from(text.len()).expect("SQLite holds no text of 4 GiB");
    buffer.extend_from_slice(&length.to_be_bytes());
    buffer.extend_from_slice(text.as_bytes());
}
