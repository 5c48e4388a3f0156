//! How long an event takes: `cargo test --release -p verify --test speed -- --ignored --nocapture`.
//!
//! Budget: 10 µs per event and core, so that the full year is verified in under ten seconds on two.

mod fixtures;

use std::time::Instant;

use domain::ids::UnitId;
use domain::unit::{Unit, UnitEvent};
use domain::{Event, Stream, StreamId};
use fixtures::{Counting, Placing, story};
use store::sqlite::Cache;
use store::{Log, LogId, Snapshot};
use uuid::Uuid;
use verify::{Options, verify};

const N_INVOICES: u32 = 250_000;
const N_UNITS: u32 = 5_000;

#[test]
#[ignore = "takes a minute, and means something only when optimised"]
fn an_event_is_verified_in_ten_microseconds_on_a_core() {
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), LogId::new(Uuid::from_u128(7)), &mut Counting(0)).unwrap();
    let mut log = Log::open_with(dir.path(), Cache::Bulk).unwrap();
    let unit = |n: u32| StreamId::Unit(UnitId::new(Uuid::from_u128(0x5_0000 + u128::from(n % N_UNITS))));
    let opened = (0..N_UNITS).map(|n| vec![(unit(n), UnitEvent::Opened { holder: fixtures::ALICE }.into())]);
    let invoices = (1..=N_INVOICES).map(|n| fixtures::invoice(n, unit(n)));
    let mut placing = Placing::default();
    let mut commands = (1..).zip(story().into_iter().take(7).chain(opened).chain(invoices));
    let mut states: std::collections::BTreeMap<StreamId, (u64, Unit)> = Default::default();
    let mut batch = Vec::new();
    loop {
        batch.clear();
        for (n, did) in commands.by_ref().take(1_000) {
            for (stream, event) in &did {
                if let Event::Unit(event) = event {
                    let (sequence, state) = states.entry(*stream).or_default();
                    state.evolve(event);
                    *sequence += 1;
                }
            }
            batch.push(placing.prepare(n, &did));
        }
        if batch.is_empty() {
            break;
        }
        log.append(log.head().position, &batch).unwrap();
    }
    let snapshots: Vec<Snapshot> = states
        .into_iter()
        .map(|(stream, (sequence, state))| {
            let at = log.reader().read_stream(stream, domain::Sequence(sequence - 1)).unwrap().pop().unwrap();
            Snapshot {
                stream,
                sequence: at.sequence,
                position: at.position,
                leaf_hash: at.leaf_hash,
                state_version: Unit::STATE_VERSION,
                state: postcard::to_stdvec(&state).unwrap(),
            }
        })
        .collect();
    log.save_snapshots(&snapshots).unwrap();
    log.checkpoint().unwrap();
    drop(log);
    let bytes = std::fs::metadata(dir.path().join("log.db")).unwrap().len();
    for threads in [1, 2, 1, 2, 1, 2] {
        let (start, cpu) = (Instant::now(), cpu_ms());
        let report = verify(dir.path(), &Options { threads, ..Options::default() }, &mut |_, _| {}).unwrap();
        let took = start.elapsed();
        assert!(report.is_verified(), "{report}");
        assert_eq!(report.snapshots, snapshots.len() as u64);
        let cpu = cpu_ms() - cpu;
        println!(
            "{} events, {} MB, {threads} checking: {} ms, {cpu} ms of processor, {} ns of it per event",
            report.events,
            bytes / 1_000_000,
            took.as_millis(),
            cpu * 1_000_000 / report.events
        );
    }
}

/// Processor time of this process so far, in milliseconds; 0 where the system does not say.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.split(' ').collect();
    let ticks = |n: usize| fields.get(n).and_then(|field| field.parse().ok()).unwrap_or(0);
    (ticks(13) + ticks(14)) * 10
}
