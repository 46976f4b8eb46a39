//! Chance, from a seed: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
//!
//! Each step adds an odd constant to a state of 64 bits, and a mix of shifts and products makes a number from the
//! state. The same seed gives the same numbers on every machine. There are several streams, so that two kernels on one
//! workload get the same times to compute and to sleep, however often each draws other numbers.

/// A stream of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Random(u64);

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random {
    /// The stream of that number of a seed.
    pub(crate) fn stream(seed: u64, number: u64) -> Random {
        Random(mixed(seed ^ mixed(number.wrapping_add(1))))
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below `end`, each as likely as the others up to one in 2^64; 0 for an `end` of 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(end);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A time around a mean: each from half of it to one and a half times it is as likely.
    pub(crate) fn around(&mut self, mean: u64) -> u64 {
        mean / 2 + self.below(mean)
    }

    /// Yes, in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u8) -> bool {
        self.below(100) < u64::from(percent)
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        // The first numbers of SplitMix64 from 1234567, as published with its reference code.
        let mut random = Random(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn times_lie_around_their_mean() {
        let mut random = Random::stream(7, 1);
        let times: Vec<u64> = (0..1000).map(|_| random.around(1000)).collect();
        assert!(times.iter().all(|time| (500..1500).contains(time)));
        let mean = times.iter().sum::<u64>() / 1000;
        assert!((970..1030).contains(&mean), "{mean}");
        assert_eq!(random.around(0), 0);
    }
}
