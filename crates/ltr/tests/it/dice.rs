//! Chance that can be repeated: every test that throws dice prints its seed first.

/// A small generator of numbers (splitmix64); the same seed gives the same numbers.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice of a new seed, or of `LTR_TEST_SEED`; either is printed.
    pub(crate) fn thrown(test: &str) -> Self {
        let named = std::env::var("LTR_TEST_SEED").ok();
        let seed = match named.and_then(|text| text.parse().ok()) {
            Some(seed) => seed,
            None => {
                let mut bytes = [0; 8];
                getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
                u64::from_be_bytes(bytes)
            }
        };
        println!("{test}: LTR_TEST_SEED={seed} repeats this");
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// True in so many of a hundred throws.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = usize::try_from(self.below(from.len() as u64)).expect("an index");
        &from[index]
    }

    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for index in (1..all.len()).rev() {
            let other = usize::try_from(self.below(index as u64 + 1)).expect("an index");
            all.swap(index, other);
        }
    }

    /// A day between two years, the second exclusive.
    pub(crate) fn day(&mut self, from: u64, to: u64) -> String {
        let (year, month, day) = (
            from + self.below(to - from),
            1 + self.below(12),
            1 + self.below(28),
        );
        format!("{year:04}-{month:02}-{day:02}")
    }
}
