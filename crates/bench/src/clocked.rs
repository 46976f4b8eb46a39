//! Timed runs to be measured: what runs, and what was counted, which is the same everywhere.

use cost::{Run, Settings, Subject, experiment_of, library_costs, on_kernel};

/// What runs.
pub const WORKLOAD: &str = "threads+zap";
/// On which kernel.
pub const KERNEL: &str = "linux-4.20";
/// With which costs.
pub const COSTS: &str = "server";

/// Takes so many steps on so many CPUs; gives some of what was counted: time, load, IPIs, walks' reads.
///
/// # Errors
/// If there is no such machine.
pub fn run(cpus: u8, steps: u64) -> Result<[u64; 4], String> {
    let costs = library_costs(COSTS)?;
    let text = gallery::workload(WORKLOAD).ok_or("the library lacks it")?.text;
    let subject = Subject::new(&on_kernel(&experiment_of(text), KERNEL), &costs, Some(cpus));
    let subject = subject.map_err(|why| why.to_string())?;
    let run = Run::new(subject.machine, &costs, &subject.workload, Settings::default());
    let counters = run.to_end(steps).0;
    Ok([counters.time, counters.load(), counters.ipis.all(), counters.walk_reads])
}
