//! What the explorer says of each scenario on each kernel of the library, as a text: a heading for each scenario as written, and a
//! line for each kernel that it compiles with.

use lang::property::{PROPERTIES, PropertyRow};
use std::fmt::Write;

/// The verdict on a scenario with a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelVerdict {
    /// No run shows a violation.
    Safe,
    /// The search stopped at its bound, and had found none.
    Open,
    /// A shortest run to the headline.
    Shows {
        /// The violation.
        property: &'static PropertyRow,
        /// The number of steps.
        steps: usize,
    },
}

impl KernelVerdict {
    /// Whether both are the same kind of verdict. The length of a run does not count.
    #[must_use]
    pub fn alike(self, other: KernelVerdict) -> bool {
        match (self, other) {
            (KernelVerdict::Shows { property, .. }, KernelVerdict::Shows { property: other, .. }) => {
                property == other
            }
            (one, other) => one == other,
        }
    }

    /// The verdict in a few words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            KernelVerdict::Safe => "no violation".to_owned(),
            KernelVerdict::Open => "not settled: the search stopped at its bound".to_owned(),
            KernelVerdict::Shows { property, steps: 1 } => format!("{}, in 1 step", property.title),
            KernelVerdict::Shows { property, steps } => format!("{}, in {steps} steps", property.title),
        }
    }

    fn read(words: &str) -> Option<KernelVerdict> {
        match words.split_once(' ') {
            Some((name, steps)) => {
                let property = PROPERTIES.iter().find(|row| row.name == name)?;
                Some(KernelVerdict::Shows { property, steps: steps.parse().ok()? })
            }
            None if words == "safe" => Some(KernelVerdict::Safe),
            None => Some(KernelVerdict::Open).filter(|_| words == "open"),
        }
    }
}

/// A scenario, and the verdicts on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioVerdicts {
    /// The scenario, by slug.
    pub scenario: String,
    /// Kernels by slug, each with the verdict.
    pub on: Vec<(String, KernelVerdict)>,
}

impl ScenarioVerdicts {
    /// The verdict with a kernel, if the scenario compiles with it.
    #[must_use]
    pub fn on(&self, kernel: &str) -> Option<KernelVerdict> {
        self.on.iter().find(|(there, _)| there == kernel).map(|(_, found)| *found)
    }
}

/// All verdicts, by scenario in the order of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// The scenarios.
    pub scenarios: Vec<ScenarioVerdicts>,
}

impl Verdicts {
    /// Reads the text. Lines that say nothing are passed over.
    #[must_use]
    pub fn read(text: &str) -> Verdicts {
        let mut scenarios: Vec<ScenarioVerdicts> = Vec::new();
        for line in text.lines() {
            if let Some(scenario) = line.strip_prefix("## ") {
                scenarios.push(ScenarioVerdicts { scenario: scenario.to_owned(), on: Vec::new() });
            } else if let (Some((kernel, words)), Some(last)) = (line.split_once(' '), scenarios.last_mut()) {
                last.on.extend(KernelVerdict::read(words).map(|found| (kernel.to_owned(), found)));
            }
        }
        Verdicts { scenarios }
    }

    /// The text.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text = String::new();
        for ScenarioVerdicts { scenario, on } in &self.scenarios {
            let _ = writeln!(text, "## {scenario}");
            for (kernel, found) in on {
                let _ = match found {
                    KernelVerdict::Safe => writeln!(text, "{kernel} safe"),
                    KernelVerdict::Open => writeln!(text, "{kernel} open"),
                    KernelVerdict::Shows { property, steps } => {
                        writeln!(text, "{kernel} {} {steps}", property.name)
                    }
                };
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{KernelVerdict, Verdicts};

    const TEXT: &str = "## lazy+munmap\nlinux-4.13 safe\nlinux-4.14 walk_of_freed 16\nlab open\n## SB\n";

    #[test]
    fn verdicts_are_read_as_they_are_written() {
        let verdicts = Verdicts::read(TEXT);
        assert_eq!(verdicts.written(), TEXT);
        let lazy = &verdicts.scenarios[0];
        assert_eq!(lazy.on("linux-4.13"), Some(KernelVerdict::Safe));
        assert_eq!(lazy.on("lab"), Some(KernelVerdict::Open));
        assert_eq!(lazy.on("luf"), None);
        assert!(lazy.on("linux-4.14").expect("a verdict").words().ends_with(", in 16 steps"));
        assert_eq!(Verdicts::read("lab safe\n## a\nlab soon\nlab no_such 3\nlab\n").written(), "## a\n");
    }

    #[test]
    fn the_length_of_a_run_makes_no_other_verdict() {
        let read = |words: &str| KernelVerdict::read(words).expect(words);
        assert!(read("walk_of_freed 16").alike(read("walk_of_freed 9")));
        assert!(!read("walk_of_freed 16").alike(read("stale_access 16")));
        assert!(!read("safe").alike(read("open")));
    }
}
