//! Drawing by whole numbers: a seeded stream, tables of quantiles, shares that sum.
//!
//! Every topic draws from a stream of its own, so that a change in one leaves the others alone.
//! No floating point anywhere: a skewed quantity is drawn from a table of its quantiles, between
//! which we interpolate linearly, and a whole is apportioned by cumulative shares, so that the
//! parts sum to it on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of draws for one topic.
pub(crate) struct Draw(ChaCha8Rng);

/// A skewed quantity by its quantiles: share of the population in ten-thousandths, and value.
pub(crate) struct Quantiles(pub(crate) &'static [(u32, u32)]);

/// All of the population, in the unit of [`Quantiles`].
pub(crate) const ALL: u32 = 10_000;

impl Draw {
    /// The stream of this topic under this seed.
    pub(crate) fn new(seed: u64, topic: &str) -> Self {
        let text = format!("reference-year/1 {seed} {topic}");
        Self(ChaCha8Rng::from_seed(Sha256::digest(text.as_bytes()).into()))
    }

    /// A number below `n`, which must be above zero.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        debug_assert!(n > 0, "there is no number below zero");
        let wide = u64::from(self.0.next_u32()) * u64::from(n);
        u32::try_from(wide >> 32).expect("the upper half of a product fits in 32 bits")
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// A day from `low` to `high`, both included; `low` when the range is empty.
    pub(crate) fn day(&mut self, low: u16, high: u16) -> u16 {
        low + narrow::<u32, u16>(self.below(u32::from(high.saturating_sub(low)) + 1))
    }

    /// Whether a thing of this probability, in ten-thousandths, happens.
    pub(crate) fn chance(&mut self, of_all: u32) -> bool {
        self.below(ALL) < of_all
    }

    /// A value of the skewed quantity.
    pub(crate) fn quantile(&mut self, table: &Quantiles) -> u32 {
        let rank = self.below(ALL);
        table.at(rank)
    }

    /// The index of one weight, in proportion; `None` when all weights are zero.
    pub(crate) fn weighted(&mut self, weights: &[u32]) -> Option<usize> {
        let total: u32 = weights.iter().sum();
        if total == 0 {
            return None;
        }
        let mut rest = self.below(total);
        weights.iter().position(|weight| match rest.checked_sub(*weight) {
            Some(left) => {
                rest = left;
                false
            }
            None => true,
        })
    }

    /// Puts the items in a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(narrow::<usize, u32>(last) + 1);
            items.swap(last, at(other));
        }
    }
}

impl Quantiles {
    /// The value at a rank, in ten-thousandths of the population.
    pub(crate) fn at(&self, rank: u32) -> u32 {
        let above = self.0.partition_point(|(share, _)| *share <= rank).clamp(1, self.0.len() - 1);
        let ((from, low), (to, high)) = (self.0[above - 1], self.0[above]);
        low + (high - low) * (rank.min(to) - from) / (to - from)
    }
}

/// Splits a whole in proportion to weights; the parts sum to it whenever a weight is above zero.
pub(crate) fn apportion(whole: u64, weights: &[u64]) -> Vec<u64> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let (mut sum, mut given) = (0_u128, 0_u64);
    let part = |weight: &u64| {
        sum += u128::from(*weight);
        let until = u64::try_from(u128::from(whole) * sum / total.max(1)).expect("a part of the whole");
        let part = until - given;
        given = until;
        part
    };
    weights.iter().map(part).collect()
}

/// Visits every index below `n` once, far from the one before, beginning anywhere.
pub(crate) fn scattered(n: usize, start: u32) -> impl Iterator<Item = usize> {
    // Above two million, prime, hence coprime with every smaller n.
    const STRIDE: u64 = 2_000_003;
    let count = n as u64;
    (0..count).map(move |step| narrow((u64::from(start) + step * STRIDE) % count))
}

/// An index of our compact records.
pub(crate) fn at(index: u32) -> usize {
    usize::try_from(index).expect("indexes of 32 bits are supported")
}

/// A number that is known to fit in a narrower type.
pub(crate) fn narrow<T, U: TryFrom<T>>(number: T) -> U {
    U::try_from(number).ok().expect("the reference year's numbers fit their compact records")
}

/// `amount × numerator ÷ denominator`, a half up: as the rules round contributions and VAT.
pub(crate) fn half_up(amount: u64, numerator: u64, denominator: u64) -> u64 {
    (amount * numerator * 2 + denominator) / (denominator * 2)
}
