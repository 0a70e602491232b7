//! Randomness that is the same for ever: SplitMix64, in integers only, one stream per seed, topic and person.
//!
//! A topic or a person more draws from a stream of its own, and so changes nothing of what the others drew.

use crate::lateness::Lateness;
use crate::rates::Rate;

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of draws.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The stream of that topic for the person (or thing) of that number, under a seed.
    #[must_use]
    pub fn of(seed: u64, topic: &str, number: u64) -> Self {
        // FNV-1a: the topic's bytes in 64 bits.
        let named = topic.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self(mixed(
            mixed(seed).wrapping_add(named) ^ mixed(number.wrapping_mul(STEP) ^ named),
        ))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }

    /// A number below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(bound);
        u64::try_from(wide >> 64).expect("the upper half of a product has 64 bits")
    }

    /// A number of days (or of anything) from `least` to `most`, both included.
    pub fn between(&mut self, least: i32, most: i32) -> i32 {
        let span = u64::from(most.saturating_sub(least).unsigned_abs()) + 1;
        let drawn = i32::try_from(self.below(span)).expect("a span of i32 fits");
        least + drawn
    }

    /// Whether what has that rate happened.
    pub fn happens(&mut self, rate: &Rate) -> bool {
        self.below(100_000) < u64::from(rate.per_100_000)
    }

    /// One of them; there must be one.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.below(u64::try_from(all.len()).expect("a length fits"));
        &all[usize::try_from(at).expect("below a length")]
    }

    /// How late an entry is, in units of its table.
    pub fn late(&mut self, lateness: &Lateness) -> i32 {
        let at = i32::try_from(self.below(1_000)).expect("below a thousand");
        lateness.at(at)
    }
}

fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_what_it_has_always_been() {
        let mut dice = Dice::of(1, "life", 7);
        let drawn: Vec<u64> = (0..4).map(|_| dice.below(1_000_000)).collect();
        assert_eq!(drawn, [242_748, 287_314, 55_350, 779_269]);
    }

    #[test]
    fn streams_differ_by_seed_topic_and_number() {
        let firsts = [(1, "life", 7), (2, "life", 7), (1, "trs", 7), (1, "life", 8)]
            .map(|(seed, topic, number)| Dice::of(seed, topic, number).bits());
        let distinct: std::collections::BTreeSet<u64> = firsts.into_iter().collect();
        assert_eq!(distinct.len(), firsts.len());
    }

    #[test]
    fn both_ends_are_drawn_and_nothing_beyond() {
        let mut dice = Dice::of(3, "ends", 0);
        let drawn: std::collections::BTreeSet<i32> = (0..1_000).map(|_| dice.between(-2, 2)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2]);
    }
}
