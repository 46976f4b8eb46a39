//! The timed runs that are measured: what runs, and what a run counts. Native code and wasm count the same.

use cost::{Settings, TimedRun, TimedSubject, experiment_of, on_kernel, read_costs};

/// What runs.
pub const WORKLOAD: &str = "threads+zap";
/// On which kernel.
pub const KERNEL: &str = "linux-4.20";
/// With which costs.
pub const COSTS: &str = "server";

// Compiled in: in wasm the library is a file of the site.
const ZAP: &str = include_str!("../../../library/workloads/threads+zap.tlb");
const LINUX: &str = include_str!("../../../library/kernels/linux-4.20.tlb");
const SERVER: &str = include_str!("../../../library/costs/server.tlb");

/// Takes this many steps on this many CPUs, and returns some of what was counted: time, load, IPIs, and reads of walks; and the
/// bytes that the run takes in the end, which depend on the size of a pointer.
///
/// # Errors
/// If there is no such machine.
pub fn run(cpus: u8, steps: u64) -> Result<([u64; 4], u64), String> {
    let costs = read_costs(SERVER)?;
    let experiment = experiment_of(ZAP).with_kernel(KERNEL.to_owned(), LINUX);
    let subject = TimedSubject::new(&on_kernel(&experiment, KERNEL), &costs, Some(cpus));
    let subject = subject.map_err(|why| why.to_string())?;
    let mut run = TimedRun::new(subject.machine, &costs, &subject.workload, Settings::default());
    run.go_on(steps);
    let counters = run.counters();
    let counted = [counters.time, counters.load(), counters.ipis(), counters.walk_reads];
    Ok((counted, run.bytes() as u64))
}
