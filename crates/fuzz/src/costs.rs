//! Timed runs. Whatever a table of costs and a workload say, the run ends, and a second run counts the same.
//!
//! An input is a scenario, the kernel that it uses, and a table of costs. The table begins at a line that begins with
//! `costs "`.

use crate::reached::reached;
use crate::texts::split;
use cost::{Settings, TimedRun, TimedSubject, experiment_of, library_costs, read_costs};

/// Steps of a run.
const MOST_STEPS: u64 = 2_000;

/// How often time may pass without a step.
const PATIENCE: u64 = 100_000;

/// Reads both, formats the table twice, runs.
pub(crate) fn costs(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (rest, table) = match text.find("\ncosts \"") {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (&*text, ""),
    };
    if let Ok(formatted) = lang::format(table) {
        assert_eq!(lang::format(&formatted).as_ref(), Ok(&formatted), "it is formatted");
    }
    let costs = match read_costs(table) {
        Ok(costs) => costs,
        Err(why) => {
            assert!(!why.is_empty(), "a refusal has its reason");
            library_costs("server").expect("it is the library's")
        }
    };
    let (scenario, kernel) = split(rest);
    let experiment = match kernel {
        "" => experiment_of(scenario),
        kernel => experiment_of(scenario).with_kernel_text(kernel),
    };
    match TimedSubject::new(&experiment, &costs, None) {
        Ok(subject) => {
            reached();
            let settings = Settings { repeat: subject.repeats, patience: PATIENCE, ..Settings::default() };
            let count = || {
                let run = TimedRun::new(subject.machine.clone(), &costs, &subject.workload, settings);
                run.to_end(MOST_STEPS)
            };
            let (counters, end) = count();
            // One event may be several steps: a walk, for example.
            assert!(counters.steps < MOST_STEPS + 16, "{} steps", counters.steps);
            assert_eq!(count(), (counters, end), "twice the same");
        }
        Err(why) => assert!(!why.to_string().is_empty(), "a refusal has its reason"),
    }
}
