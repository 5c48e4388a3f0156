//! What the verifier finds: each with a stable code, where it starts, what is there and what should be.

use domain::{Digest, StreamId};

/// Something in the log that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "fields say what the finding's sentence names")]
pub enum Finding {
    /// Positions run from 1 without gaps.
    #[error("position {expected} is missing; the next event stands at {found}")]
    PositionGap { expected: i64, found: i64 },
    /// Instants never decrease.
    #[error("position {position}: recorded at {found} µs, before the event in front of it ({before} µs)")]
    RecordedEarlier { position: i64, found: i64, before: i64 },
    /// Sequences of a stream run from 1 without gaps.
    #[error("position {position}: sequence {found} of {stream}; expected {expected}")]
    SequenceGap { position: i64, stream: StreamId, expected: i64, found: i64 },

    /// A column is not of its published type or length.
    #[error("position {position}: column {column} is not {expected}")]
    Unreadable { position: i64, column: &'static str, expected: &'static str },
    /// The stream is of no published type, or its key is not written in its one form.
    #[error("position {position}: there is no stream {aggregate_type:?} {aggregate_id:?}")]
    UnknownStream { position: i64, aggregate_type: String, aggregate_id: String },
    /// The payload is no event of its stream.
    #[error("position {position}: the payload is no event of this stream: {cause}")]
    Undecodable { position: i64, cause: String },
    /// Row and payload name different events.
    #[error("position {position}: the row says {row:?}, its payload is {payload:?}")]
    OtherName { position: i64, row: String, payload: &'static str },
    /// The event's version is neither the newest that this program knows nor an older one.
    #[error("position {position}: version {found:?} of {event_type}; the newest known is {known}")]
    OtherVersion { position: i64, event_type: &'static str, found: String, known: u16 },
    /// The payload is not the text that the event is written as.
    #[error("position {position}: the payload is not written as {event_type} is, from byte {at} on")]
    NotCanonical { position: i64, event_type: &'static str, at: usize },
    /// The rules stop at it.
    #[error("position {position}: no rule can produce or book this event: {cause}")]
    Impossible { position: i64, cause: String },

    /// Metadata is a JSON object of actor and request, in this order and nothing else.
    #[error("position {position}: metadata {found:?} is not written as {{\"actor\":…,\"request\":…}}")]
    Metadata { position: i64, found: String },
    /// The first event of a command carries the request digest.
    #[error("position {position}: the first event of command {command} carries no request digest")]
    RequestMissing { position: i64, command: String },
    /// Only the first event does.
    #[error("position {position}: a request digest stands in a later event of command {command}")]
    RequestMisplaced { position: i64, command: String },
    /// All events of a command have one instant.
    #[error("position {position}: recorded at {found} µs, the first event of its command at {expected} µs")]
    CommandInstant { position: i64, expected: i64, found: i64 },

    /// The sealed rule is none of this event.
    #[error("position {position}: {rule:?} is no posting rule of this event")]
    UnknownRule { position: i64, rule: String },
    /// Booking again gives another entry.
    #[error("position {position}: the entry by {rule} has digest {expected}; sealed is {found}")]
    EntryDigest { position: i64, rule: String, expected: Digest, found: Digest },
    /// An entry leaves an identity of the books broken.
    #[error("position {position}: its entry breaks the books: {identity}")]
    EntryBreaksBooks { position: i64, identity: String },
    /// The books hold another sum than the streams say.
    #[error("position {position}: the books do not tie to the streams: {identity}")]
    NotTied { position: i64, identity: String },
    /// The books do not balance at the end.
    #[error("after position {position} the books do not balance: {identity}")]
    BooksBroken { position: i64, identity: String },

    /// The leaf hash is not that of the row.
    #[error("position {position}: the row hashes to {expected}; stored is {found}")]
    LeafHash { position: i64, expected: Digest, found: Digest },

    /// There is one head.
    #[error("the log has {found} head rows; expected 1, with id 1")]
    HeadRows { found: i64 },
    /// The head stands at the last event.
    #[error("the head stands at position {found}; the last event at {expected}")]
    HeadPosition { expected: i64, found: i64 },
    /// The head's root is the tree's.
    #[error("the head states root {found}; over {size} leaves it is {expected}")]
    HeadRoot { size: u64, expected: Digest, found: String },
    /// The head's compact range is the tree's.
    #[error("the head's compact range is not that of {size} leaves")]
    HeadCompactRange { size: u64 },
    /// The head's instant is the last event's.
    #[error("the head was recorded at {found} µs; the last event at {expected} µs")]
    HeadRecordedAt { expected: i64, found: i64 },

    /// A stored checkpoint is no signed note.
    #[error("the checkpoint of size {size} is no signed checkpoint: {problem}")]
    CheckpointMalformed { size: i64, problem: &'static str },
    /// A stored checkpoint's row says another size or root than its note.
    #[error("the checkpoint of size {size}: its row and its note state another size or root")]
    CheckpointRow { size: i64 },
    /// A checkpoint is of another log.
    #[error("the {} of size {size} is of {found:?}; this log is {expected:?}", held.checkpoint())]
    CheckpointOrigin { held: Held, size: u64, expected: String, found: String },
    /// A checkpoint is not signed by the log's key.
    #[error("the {} of size {size} is not signed by {key}", held.checkpoint())]
    CheckpointSignature { held: Held, size: u64, key: String },
    /// A checkpoint has another root than the log at its size.
    #[error("the {} of size {size} states root {found}; the log has {expected} there: at or before {size} it was rewritten", held.checkpoint())]
    CheckpointRoot { held: Held, size: u64, expected: Digest, found: Digest },
    /// A checkpoint states more events than there are.
    #[error("the {} states {size} events, the log has {found}: its end was cut off", held.checkpoint())]
    CheckpointAhead { held: Held, size: u64, found: u64 },
    /// A receipt was given for another event than the one in the log.
    #[error("position {position}: the receipt of command {command} kept elsewhere states another {what}")]
    Receipt { position: u64, command: String, what: &'static str },
    /// A receipt was given for events that are not in the log.
    #[error(
        "the receipt of command {command} kept elsewhere reaches position {position}, the log only {found}"
    )]
    ReceiptAhead { position: u64, command: String, found: u64 },

    /// A row that follows from the events is missing.
    #[error("position {position}: {row} is missing")]
    RowMissing { position: i64, row: Row },
    /// A row is there, but not as it follows from the events.
    #[error("position {position}: {row} has another {what}: found {found}, expected {expected}")]
    RowDiffers { position: i64, row: Row, what: &'static str, expected: String, found: String },
    /// A row follows from no event.
    #[error("position {position}: {row} follows from no event there")]
    RowExtra { position: i64, row: Row },
    /// The events of a command stand apart.
    #[error(
        "position {position}: command {command} goes on here after other commands; its events began at {first}"
    )]
    CommandScattered { position: i64, command: String, first: i64 },

    /// A snapshot is of no stream.
    #[error("the snapshot of {aggregate_type:?} {aggregate_id:?} is of no stream")]
    SnapshotUnknownStream { aggregate_type: String, aggregate_id: String },
    /// A snapshot names an event that is not there.
    #[error(
        "the snapshot of {stream} ends with sequence {sequence} at position {position}, where no such event stands"
    )]
    SnapshotPlace { stream: StreamId, sequence: i64, position: i64 },
    /// A snapshot is not what its events fold to.
    #[error(
        "the snapshot of {stream} at sequence {sequence} (position {position}) is not what its events fold to"
    )]
    SnapshotState { stream: StreamId, sequence: i64, position: i64 },
    /// The events of a stream do not fold.
    #[error("position {position}: the event cannot follow in {stream}: {cause}")]
    SnapshotUnfoldable { stream: StreamId, position: i64, cause: String },
    /// The facts name an event that is not there.
    #[error("the facts end with position {position}, where no event has their leaf hash")]
    FactsPlace { position: i64 },

    /// A table, index or trigger is missing.
    #[error("{kind} {name:?} of the published schema is missing")]
    SchemaMissing { kind: String, name: String },
    /// A table, index or trigger reads otherwise.
    #[error("{kind} {name:?} is not as the published schema has it")]
    SchemaChanged { kind: String, name: String },
    /// A table, index or trigger is not in the published schema.
    #[error("{kind} {name:?} is not in the published schema")]
    SchemaExtra { kind: String, name: String },
    /// The table `log` is not one row of format 1.
    #[error("the log's identity is not one row of format {expected} with 16 bytes of id")]
    Identity { expected: i64 },
    /// The log is not the one that the key is of.
    #[error("the key given is of {expected:?}; this log calls itself {found:?}")]
    OtherLog { expected: String, found: String },
    /// SQLite's own check of its file.
    #[error("the database file is inconsistent: {problem}")]
    File { problem: String },
}

/// Where a checkpoint was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// In the log's own table.
    Stored,
    /// By the auditor or another.
    Elsewhere,
}

/// A row that follows from the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Of `commands`.
    Command {
        /// Its id.
        command: String,
    },
    /// Of `claims`.
    Claim {
        /// The number of what is claimed.
        what: i64,
        /// The key, in hexadecimal digits.
        key: String,
    },
}

impl Held {
    const fn checkpoint(self) -> &'static str {
        match self {
            Self::Stored => "checkpoint",
            Self::Elsewhere => "checkpoint kept elsewhere",
        }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Command { command } => write!(f, "the row of command {command}"),
            Self::Claim { what, key } => write!(f, "the claim {what} of key {key}"),
        }
    }
}

impl Finding {
    /// Stable code of the check that failed.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PositionGap { .. } => "order.position",
            Self::RecordedEarlier { .. } => "order.recorded_at",
            Self::SequenceGap { .. } => "order.sequence",
            Self::Unreadable { .. } => "event.unreadable",
            Self::UnknownStream { .. } => "event.unknown_stream",
            Self::Undecodable { .. } => "event.undecodable",
            Self::OtherName { .. } => "event.name",
            Self::OtherVersion { .. } => "event.version",
            Self::NotCanonical { .. } => "event.not_canonical",
            Self::Impossible { .. } => "event.impossible",
            Self::Metadata { .. } => "metadata.malformed",
            Self::RequestMissing { .. } => "metadata.request_missing",
            Self::RequestMisplaced { .. } => "metadata.request_misplaced",
            Self::CommandInstant { .. } => "command.instant",
            Self::UnknownRule { .. } => "posting.unknown_rule",
            Self::EntryDigest { .. } => "posting.digest",
            Self::EntryBreaksBooks { .. } => "books.entry",
            Self::NotTied { .. } => "books.tie",
            Self::BooksBroken { .. } => "books.total",
            Self::LeafHash { .. } => "leaf.hash",
            Self::HeadRows { .. } => "head.rows",
            Self::HeadPosition { .. } => "head.position",
            Self::HeadRoot { .. } => "head.root",
            Self::HeadCompactRange { .. } => "head.compact_range",
            Self::HeadRecordedAt { .. } => "head.recorded_at",
            Self::CheckpointMalformed { .. } => "checkpoint.malformed",
            Self::CheckpointRow { .. } => "checkpoint.row",
            Self::CheckpointOrigin { held: Held::Stored, .. } => "checkpoint.other_log",
            Self::CheckpointSignature { held: Held::Stored, .. } => "checkpoint.signature",
            Self::CheckpointRoot { held: Held::Stored, .. } => "checkpoint.root",
            Self::CheckpointAhead { held: Held::Stored, .. } => "checkpoint.ahead",
            Self::CheckpointOrigin { held: Held::Elsewhere, .. } => "held.other_log",
            Self::CheckpointSignature { held: Held::Elsewhere, .. } => "held.signature",
            Self::CheckpointRoot { held: Held::Elsewhere, .. } => "held.root",
            Self::CheckpointAhead { held: Held::Elsewhere, .. } => "held.ahead",
            Self::Receipt { .. } => "held.receipt",
            Self::ReceiptAhead { .. } => "held.receipt_ahead",
            Self::RowMissing { row: Row::Command { .. }, .. } => "command.missing",
            Self::RowDiffers { row: Row::Command { .. }, .. } => "command.differs",
            Self::RowExtra { row: Row::Command { .. }, .. } => "command.extra",
            Self::CommandScattered { .. } => "command.scattered",
            Self::RowMissing { row: Row::Claim { .. }, .. } => "claim.missing",
            Self::RowDiffers { row: Row::Claim { .. }, .. } => "claim.differs",
            Self::RowExtra { row: Row::Claim { .. }, .. } => "claim.extra",
            Self::SnapshotUnknownStream { .. } => "snapshot.unknown_stream",
            Self::SnapshotPlace { .. } => "snapshot.place",
            Self::SnapshotState { .. } => "snapshot.state",
            Self::SnapshotUnfoldable { .. } => "snapshot.unfoldable",
            Self::FactsPlace { .. } => "facts.place",
            Self::SchemaMissing { .. } => "schema.missing",
            Self::SchemaChanged { .. } => "schema.changed",
            Self::SchemaExtra { .. } => "schema.extra",
            Self::Identity { .. } => "log.identity",
            Self::OtherLog { .. } => "log.other",
            Self::File { .. } => "file.inconsistent",
        }
    }

    /// The position at which it starts; `None` when it is about the file as a whole.
    pub fn position(&self) -> Option<u64> {
        let at = |position: &i64| u64::try_from(*position).ok();
        match self {
            Self::PositionGap { expected: position, .. }
            | Self::RecordedEarlier { position, .. }
            | Self::SequenceGap { position, .. }
            | Self::Unreadable { position, .. }
            | Self::UnknownStream { position, .. }
            | Self::Undecodable { position, .. }
            | Self::OtherName { position, .. }
            | Self::OtherVersion { position, .. }
            | Self::NotCanonical { position, .. }
            | Self::Impossible { position, .. }
            | Self::Metadata { position, .. }
            | Self::RequestMissing { position, .. }
            | Self::RequestMisplaced { position, .. }
            | Self::CommandInstant { position, .. }
            | Self::UnknownRule { position, .. }
            | Self::EntryDigest { position, .. }
            | Self::EntryBreaksBooks { position, .. }
            | Self::NotTied { position, .. }
            | Self::BooksBroken { position, .. }
            | Self::LeafHash { position, .. }
            | Self::HeadPosition { expected: position, .. }
            | Self::CheckpointMalformed { size: position, .. }
            | Self::CheckpointRow { size: position }
            | Self::RowMissing { position, .. }
            | Self::RowDiffers { position, .. }
            | Self::RowExtra { position, .. }
            | Self::CommandScattered { position, .. }
            | Self::SnapshotPlace { position, .. }
            | Self::SnapshotState { position, .. }
            | Self::SnapshotUnfoldable { position, .. }
            | Self::FactsPlace { position } => at(position),
            Self::HeadRoot { size, .. }
            | Self::HeadCompactRange { size }
            | Self::CheckpointOrigin { size, .. }
            | Self::CheckpointSignature { size, .. }
            | Self::CheckpointRoot { size, .. }
            | Self::CheckpointAhead { size, .. }
            | Self::Receipt { position: size, .. }
            | Self::ReceiptAhead { position: size, .. } => Some(*size),
            Self::HeadRows { .. }
            | Self::HeadRecordedAt { .. }
            | Self::SnapshotUnknownStream { .. }
            | Self::SchemaMissing { .. }
            | Self::SchemaChanged { .. }
            | Self::SchemaExtra { .. }
            | Self::Identity { .. }
            | Self::OtherLog { .. }
            | Self::File { .. } => None,
        }
    }
}
