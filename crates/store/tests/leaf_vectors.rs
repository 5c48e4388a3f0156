//! The published vectors of the leaf layout: made again and compared with the file in `schemas/`.
//!
//! `COLEDGER_BLESS=1 cargo test -p store` writes the file. It pins version 1 for ever: a difference means
//! that existing logs would no longer verify.

mod fixtures;

use std::fmt::Write;
use std::path::Path;

use domain::dates::RecordedAt;
use domain::envelope::{Position, Sequence};
use domain::evidence::Digest;
use domain::ids::CommandId;
use serde_json::{Value, json};
use store::Envelope;
use store::merkle::{CompactRange, leaf_hash};
use uuid::Uuid;

fn envelopes() -> Vec<Envelope<'static>> {
    let unit = "0192a000-0000-7000-8000-00000000000a";
    let first = Envelope {
        position: Position(1),
        recorded_at: RecordedAt::from_micros(1_735_689_600_000_000),
        effective_on: "2025-01-01".parse().unwrap(),
        aggregate_type: "statutes",
        aggregate_id: "statutes",
        sequence: Sequence(1),
        event_type: "parameters.published",
        event_version: "1",
        payload: r#"{"parameters.published":{"name":"vat.standard","value":"0.21"}}"#,
        metadata: r#"{"actor":"board","request":"00"}"#,
        command: CommandId::new(Uuid::from_u128(0x0192_a000_0000_7000_8000_0000_0000_0001)),
        posting_rule: "none@1",
        entry_digest: Digest(std::array::from_fn(|n| n as u8)),
    };
    let second = Envelope {
        position: Position(2),
        recorded_at: RecordedAt::from_micros(1_743_415_200_123_456),
        effective_on: "2025-03-31".parse().unwrap(),
        aggregate_type: "unit",
        aggregate_id: unit,
        event_type: "invoice.issued",
        event_version: "12",
        payload: r#"{"invoice.issued":{"text":"Zoë, 1 € – café \u00e9"}}"#,
        metadata: "{}",
        command: CommandId::new(Uuid::from_u128(0x0192_a000_0000_7000_8000_0000_0000_0002)),
        posting_rule: "invoice.issued@1",
        entry_digest: Digest([255; 32]),
        ..first
    };
    let third = Envelope {
        position: Position(3),
        sequence: Sequence(2),
        event_type: "contract.declared",
        event_version: "1",
        // Longer than 255 and 256 bytes, so that every byte of a length is seen to count.
        payload: concat!(
            r#"{"contract.declared":{"days":["#,
            "\"2025-03-01\",\"2025-03-02\",\"2025-03-03\",\"2025-03-04\",\"2025-03-05\",\"2025-03-06\",",
            "\"2025-03-07\",\"2025-03-08\",\"2025-03-09\",\"2025-03-10\",\"2025-03-11\",\"2025-03-12\",",
            "\"2025-03-13\",\"2025-03-14\",\"2025-03-15\",\"2025-03-16\",\"2025-03-17\",\"2025-03-18\",",
            "\"2025-03-19\",\"2025-03-20\",\"2025-03-21\",\"2025-03-22\",\"2025-03-23\"]}}"
        ),
        effective_on: "1999-12-31".parse().unwrap(),
        entry_digest: Digest([0; 32]),
        ..second
    };
    let fourth = Envelope {
        position: Position(4),
        aggregate_type: "series",
        aggregate_id: "F/2025",
        sequence: Sequence(70_000),
        event_type: "number.taken",
        payload: "",
        metadata: "",
        posting_rule: "none@1",
        ..third
    };
    vec![first, second, third, fourth]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn vectors() -> Value {
    let mut tree = CompactRange::new();
    let empty = tree.root();
    let mut leaves = Vec::new();
    for envelope in envelopes() {
        let mut bytes = Vec::new();
        envelope.write_canonical(&mut bytes);
        assert_eq!(envelope.leaf_hash(), leaf_hash(&bytes));
        tree.push(envelope.leaf_hash());
        leaves.push(json!({
            "fields": {
                "position": envelope.position.0,
                "recorded_at": envelope.recorded_at.micros(),
                "effective_on": envelope.effective_on.to_string(),
                "aggregate_type": envelope.aggregate_type,
                "aggregate_id": envelope.aggregate_id,
                "sequence": envelope.sequence.0,
                "event_type": envelope.event_type,
                "event_version": envelope.event_version,
                "payload": envelope.payload,
                "metadata": envelope.metadata,
                "command_id": envelope.command.to_string(),
                "posting_rule": envelope.posting_rule,
                "entry_digest": envelope.entry_digest.to_string(),
            },
            "canonical_hex": hex(&bytes),
            "leaf_hash": envelope.leaf_hash().to_string(),
            "root_after": tree.root().to_string(),
        }));
    }
    json!({
        "layout": "coledger/leaf/v1",
        "described_in": "docs/LOG-FORMAT.md",
        "root_of_empty_log": empty.to_string(),
        "leaves": leaves,
    })
}

#[test]
fn the_leaf_layout_is_the_one_that_is_published() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/leaf-v1.vectors.json");
    let made = vectors();
    if std::env::var_os("COLEDGER_BLESS").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    let published = std::fs::read_to_string(&path).expect("schemas/leaf-v1.vectors.json");
    // Compared as values: the order of keys hangs on a feature that other crates may switch on.
    let published: Value = serde_json::from_str(&published).expect("JSON");
    assert_eq!(published, made, "the layout of leaves has changed; version 1 may not");
}

#[test]
fn no_column_of_an_event_can_change_without_changing_its_leaf() {
    let base = envelopes().remove(1);
    let changes: [fn(&mut Envelope<'static>); 13] = [
        |e| e.position = Position(3),
        |e| e.recorded_at = RecordedAt::from_micros(0),
        |e| e.effective_on = "2025-04-01".parse().unwrap(),
        |e| e.aggregate_type = "member",
        |e| e.aggregate_id = "x",
        |e| e.sequence = Sequence(9),
        |e| e.event_type = "invoice.paid",
        |e| e.event_version = "2",
        |e| e.payload = "{}",
        |e| e.metadata = "[]",
        |e| e.command = CommandId::new(Uuid::nil()),
        |e| e.posting_rule = "invoice.issued@2",
        |e| e.entry_digest = Digest([1; 32]),
    ];
    let mut hashes = std::collections::HashSet::from([base.leaf_hash()]);
    for change in changes {
        let mut changed = base;
        change(&mut changed);
        assert!(hashes.insert(changed.leaf_hash()), "{changed:?}");
    }
    // Text moved over the border between two columns is another leaf, too.
    let moved = Envelope { event_type: "invoice.issued1", event_version: "2", ..base };
    assert!(hashes.insert(moved.leaf_hash()));
}
