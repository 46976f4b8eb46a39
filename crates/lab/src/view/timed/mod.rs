//! What kernels cost, ready to be drawn: a table, a picture of where two kernels cost the same, and lanes to scale.

pub mod chart;
pub mod clock;
pub mod lanes;
pub mod table;

/// A time in picoseconds with three digits, in the unit that fits.
#[must_use]
pub fn time(picoseconds: u64) -> String {
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
    use super::time;

    #[test]
    fn a_time_has_three_digits() {
        let said = [0, 999, 1_000, 8_500, 133_000_000, 1_234_567_890].map(time);
        assert_eq!(said, ["0 ps", "999 ps", "1 ns", "8.50 ns", "133 us", "1.23 ms"]);
    }
}
