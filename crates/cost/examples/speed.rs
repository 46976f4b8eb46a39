//! How fast timed runs are: `cargo run --release -p cost --example speed`.

use cost::{Settings, TimedRun, TimedSubject, experiment_of, library_costs, on_kernel};
use std::time::Instant;

fn main() {
    let costs = library_costs("server").expect("the library has it");
    for workload in gallery::workloads() {
        for kernel in ["linux-4.13", "linux-4.14", "init_mm switch", "linux-6.18"] {
            for cpus in [2, 16, 64] {
                let experiment = on_kernel(&experiment_of(workload.text), kernel);
                let subject = match TimedSubject::new(&experiment, &costs, Some(cpus)) {
                    Ok(subject) => subject,
                    Err(why) => {
                        println!("{} on {kernel}: {why}", workload.slug);
                        continue;
                    }
                };
                let run = TimedRun::new(subject.machine, &costs, &subject.workload, Settings::default());
                let start = Instant::now();
                let (counters, end) = run.to_end(1_000_000);
                let rate = 1_000_000_000_000 / start.elapsed().as_micros().max(1);
                println!(
                    "{} on {kernel}, {cpus} CPUs: {} thousand steps a second, {end:?}",
                    workload.slug,
                    rate / 1000
                );
                println!("  {counters:?}");
            }
        }
    }
}
