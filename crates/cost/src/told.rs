//! How a number of a run is told: per second or per round, as a count, a share or a time.

use crate::{Counters, Measure, ShownColumn, share};

/// What numbers are told for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// A second of the run.
    #[default]
    Second,
    /// A round of that CPU's block. All CPUs count, whoever they work for.
    Round(u8),
}

/// A number as a reader is told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// So many a second.
    Rate(u64),
    /// So many ten-thousandths for each round.
    Each(u64),
    /// So many hundredths of a percent of all CPUs' time.
    Share(u64),
    /// So many picoseconds for each round.
    Time(u64),
    /// Nothing: the CPU has begun no round, so there is none to tell it for.
    Never,
}

impl Told {
    /// The number alone, to sort by.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Told::Rate(number) | Told::Each(number) | Told::Share(number) | Told::Time(number) => number,
            Told::Never => 0,
        }
    }
}

impl ShownColumn {
    /// What it says of a run, per second or per round. Rounds themselves are told per second.
    #[must_use]
    pub fn told(&self, counters: &Counters, per: Per) -> Told {
        let number = (self.of)(counters);
        let rounds = match per {
            Per::Second => None,
            Per::Round(cpu) => Some(counters.rounds.get(usize::from(cpu)).copied().unwrap_or(0)),
        };
        match (self.measure, rounds) {
            (Measure::Count | Measure::Time | Measure::Total, Some(0)) => Told::Never,
            (Measure::Count, Some(rounds)) => Told::Each(number.saturating_mul(10_000) / rounds),
            (Measure::Count, None) | (Measure::Rounds, _) => Told::Rate(counters.per_second(number)),
            (Measure::Time | Measure::Total, None) => Told::Share(share(counters, number)),
            (Measure::Time | Measure::Total, Some(rounds)) => Told::Time(number / rounds),
        }
    }
}

/// A time in picoseconds with three digits, in the unit that fits.
#[must_use]
pub fn brief(picoseconds: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "s"), (1_000_000_000, "ms"), (1_000_000, "us"), (1_000, "ns")];
    let (size, name) = UNITS.into_iter().find(|unit| picoseconds >= unit.0).unwrap_or((1, "ps"));
    let (whole, part) = (picoseconds / size, picoseconds % size * 100 / size);
    match whole {
        _ if part == 0 => format!("{whole} {name}"),
        0..10 => format!("{whole}.{part:02} {name}"),
        10..100 => format!("{whole}.{} {name}", part / 10),
        _ => format!("{whole} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn a_time_has_three_digits() {
        let said = [0, 999, 1_000, 8_500, 133_000_000, 1_234_567_890].map(brief);
        assert_eq!(said, ["0 ps", "999 ps", "1 ns", "8.50 ns", "133 us", "1.23 ms"]);
    }
}
