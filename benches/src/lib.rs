//! Paired measurements: ours and a yardstick in turn, several times, in one run.
//!
//! Machines are noisy, so an absolute time says little; what is kept is the ratio of the two within
//! each pair, and its median. A bench states its budget and says whether the median keeps it.

#![allow(clippy::float_arithmetic, reason = "rates and ratios are no money")]

pub mod fixture;

use std::time::{Duration, Instant};

/// Pairs measured when `COLEDGER_PAIRS` does not say otherwise.
const PAIRS: usize = 5;

/// How often each pair is measured.
pub fn pairs() -> usize {
    std::env::var("COLEDGER_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(PAIRS)
}

/// What one pair of measurements came to.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// Work per second of ours.
    pub ours: f64,
    /// Work per second of the yardstick.
    pub yardstick: f64,
}

/// Measures both in turn and prints their medians, the median ratio and its range beside the budget.
pub fn compare(
    name: &str,
    unit: &str,
    budget: f64,
    mut ours: impl FnMut() -> f64,
    mut yardstick: impl FnMut() -> f64,
) -> bool {
    let measured: Vec<Pair> = (0..pairs()).map(|_| Pair { ours: ours(), yardstick: yardstick() }).collect();
    let ratios = sorted(measured.iter().map(|pair| pair.ours / pair.yardstick));
    let ratio = median(&ratios);
    let kept = ratio >= budget;
    println!(
        "| {name} | {:.0} {unit} | {:.0} {unit} | **{ratio:.2}** ({:.2}–{:.2}) | ≥ {budget} | {} |",
        median(&sorted(measured.iter().map(|pair| pair.ours))),
        median(&sorted(measured.iter().map(|pair| pair.yardstick))),
        ratios[0],
        ratios[ratios.len() - 1],
        if kept { "kept" } else { "MISSED" }
    );
    kept
}

/// Prints the head of the table that `compare` fills.
pub fn head(title: &str) {
    println!("\n{title}: medians of {} pairs\n", pairs());
    println!("| measured | ours | yardstick | ratio (range) | budget | |");
    println!("| --- | --- | --- | --- | --- | --- |");
}

/// Work per second.
pub fn rate(work: u64, took: Duration) -> f64 {
    work as f64 / took.as_secs_f64()
}

/// How long something took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let done = work();
    (done, begin.elapsed())
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
