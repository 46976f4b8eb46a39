//! The counters of all tables of costs and all workloads, as a file: they are the same on every machine.

use cost::{Settings, TimedRun, TimedSubject, experiment_of, in_files, on_kernel, read_costs};
use std::fmt::Write;

#[test]
fn all_tables_and_workloads_count_what_they_counted() {
    let mut found = String::new();
    for text in gallery::costs() {
        let costs = read_costs(text.text).unwrap_or_else(|why| panic!("{}: {why}", text.slug));
        for workload in gallery::workloads() {
            for kernel in ["linux-4.13", "linux-4.14", "init_mm switch", "linux-6.18"] {
                let experiment = on_kernel(&experiment_of(workload.text), kernel);
                let Ok(subject) = TimedSubject::new(&experiment, &costs, None) else { continue };
                let run = TimedRun::new(subject.machine, &costs, &subject.workload, Settings::default());
                let (counters, _) = run.to_end(10_000);
                let cells: Vec<String> =
                    in_files().map(|column| (column.of)(&counters).to_string()).collect();
                let _ = writeln!(found, "{}, {}, {kernel}: {}", text.slug, workload.slug, cells.join(" "));
            }
        }
    }
    golden::check(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/counters.txt"), &found);
}
