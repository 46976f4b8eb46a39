//! A question that grows, by one CPU or by one switch: Linux 6.18, one CPU unmaps pages, the others switch.

use crate::subject::machine;
use explore::{Limits, Search};
use machine::Machine;
use std::fmt::Write as _;
use std::sync::Arc;

/// Memory that a search of ours may use, in bytes.
const BYTES: u64 = 6 << 30;

/// What grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// How many CPUs.
    Cpus,
    /// How often the second CPU, of two, switches away and back.
    Switches,
}

impl Axis {
    /// Both.
    pub const ALL: [Axis; 2] = [Axis::Cpus, Axis::Switches];

    /// Its name on a command line and in pictures.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Axis::Cpus => "cpus",
            Axis::Switches => "switches",
        }
    }

    /// The sizes that are measured.
    #[must_use]
    pub fn range(self) -> std::ops::RangeInclusive<u32> {
        match self {
            Axis::Cpus => 2..=4,
            Axis::Switches => 1..=5,
        }
    }

    /// What a chart of it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Axis::Cpus => "One CPU unmaps two pages, the others switch away and back",
            Axis::Switches => "Two CPUs; one unmaps two pages, the other one switches away and back so often",
        }
    }
}

/// The scenario.
#[must_use]
pub fn text(axis: Axis, value: u32) -> String {
    let (cpus, switches) = match axis {
        Axis::Cpus => (value, 1),
        Axis::Switches => (2, value),
    };
    let mut text = String::from(
        "scenario \"grow\" {\n    about \"Linux 6.18: one CPU unmaps, the others switch.\"\n    use kernel \"linux-6.18\"\n    \
         mm A { 0x400000 -> page \"A's data\"; 0x401000 -> page \"more\"; }\n    mm B { 0x400000 -> page \"B's data\"; }\n    \
         cpu 0 { munmap_page(A, 0x401000); munmap(A, 0x400000); }\n    expect never violation;\n",
    );
    let setup: String = (0..cpus).map(|cpu| format!(" cpu {cpu} {{ run(A); }}")).collect();
    let switch = "run(B); run(A); ".repeat(switches as usize);
    let others: String =
        (1..cpus).map(|cpu| format!("    cpu {cpu} {{ kthread(); {switch}load(0x400000); }}\n")).collect();
    _ = write!(text, "    machine {{ cpus {cpus}; }}\n    setup {{{setup} }}\n{others}}}\n");
    text
}

/// Which states a search of ours looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum States {
    /// Every one.
    All,
    /// Saturated ones.
    Saturated,
    /// Saturated ones, in one order where it makes no difference.
    Reduced,
}

impl States {
    /// All three, by number.
    pub const ALL: [States; 3] = [States::All, States::Saturated, States::Reduced];
}

/// The search, before its first step. The others know nothing of symmetry, so it is left out.
///
/// # Errors
/// If the scenario does not compile.
pub fn search(states: States, axis: Axis, value: u32, threads: u8) -> Result<Search<Arc<Machine>>, String> {
    let limits = Limits { states: u32::MAX, bytes: BYTES, symmetry: false, threads, ..Limits::default() };
    let new = match states {
        States::All => Search::new,
        States::Saturated => Search::saturated,
        States::Reduced => Search::reduced,
    };
    Ok(new(Arc::new(machine(&text(axis, value))?), limits))
}

#[cfg(test)]
mod tests {
    use super::{Axis, text};
    use crate::subject::machine;

    #[test]
    fn what_grows_compiles() {
        for axis in Axis::ALL {
            let sizes = axis
                .range()
                .map(|value| machine(&text(axis, value)).map(|machine| machine.program().code.len()));
            let sizes: Vec<usize> = sizes.map(|size| size.expect("it compiles")).collect();
            assert!(sizes.is_sorted_by(|one, other| one < other), "{sizes:?}");
        }
    }
}
