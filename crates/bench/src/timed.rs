//! How fast timed runs are, natively and in wasm, and how much memory they take, over the number of CPUs.
//!
//! Each run is a process of its own. A time is reported only if native code and wasm have counted the same.

use crate::child;
use crate::here;
use crate::report;
use crate::table::{markdown, seconds};
use crate::wasm;
use bench::clocked::{self, COSTS, KERNEL, WORKLOAD};
use std::path::Path;
use std::process::Command;

const CPUS: [u8; 5] = [2, 8, 16, 32, 64];
const STEPS: u64 = 1_000_000;

/// Runs once, and prints what the run counted and how long it took. The start of the process is not in that time.
///
/// # Errors
/// If there is no such machine.
pub fn one(cpus: u8, steps: u64) -> Result<(), String> {
    let started = std::time::Instant::now();
    let (counted, bytes) = clocked::run(cpus, steps)?;
    println!("counted {counted:?}\nbytes {bytes}\ntook {}", started.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

/// What a run counted, how many milliseconds it took, and how many bytes it has in the end.
fn told(text: &str) -> Result<(&str, f64, u64), String> {
    let line = |head: &str| text.lines().find_map(|line| line.strip_prefix(head));
    let took = line("took ").and_then(|took| took.parse().ok());
    let bytes = line("bytes ").and_then(|bytes| bytes.parse().ok());
    let all = line("counted ").zip(took).zip(bytes).map(|((counted, took), bytes)| (counted, took, bytes));
    all.ok_or_else(|| format!("it says {text}"))
}

/// What it counted, its processor time, its own bytes, and the peak of the process.
fn native(cpus: u8, steps: u64) -> Result<(String, f64, u64, u64), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let own = own.to_string_lossy().into_owned();
    let command = [own, "timed".to_owned(), cpus.to_string(), steps.to_string()];
    let (text, used) = child::measure(Path::new("."), &command)?;
    // Processor time: other programs may keep the machine busy.
    let (counted, _, bytes) = told(&text)?;
    Ok((counted.to_owned(), used.cpu.as_secs_f64() * 1e3, bytes, used.peak))
}

/// Measures, prints, and writes the section if asked.
///
/// # Errors
/// If something does not run, or native and wasm count differently.
pub fn run(write: bool) -> Result<(), String> {
    let module = wasm::module(&report::root(), &report::work()?);
    let rate = |took: f64| format!("{:.2}", STEPS as f64 / took / 1e3);
    let mut rows = Vec::new();
    for cpus in CPUS {
        let (counted, took, own, peak) = native(cpus, STEPS)?;
        let each = |bytes: u64| scene::grouped(bytes / u64::from(cpus));
        let (in_wasm, there) = match &module {
            Err(_) => ("not measured".to_owned(), "not measured".to_owned()),
            Ok(module) => {
                let mut node = Command::new("node");
                node.arg(report::root().join("crates/bench/wasm.mjs")).arg(module);
                let output = node.args(["timed".to_owned(), cpus.to_string(), STEPS.to_string()]).output();
                let text = output.map_err(|error| error.to_string())?.stdout;
                let text = String::from_utf8_lossy(&text).into_owned();
                let (there, took, bytes) = told(&text)?;
                if there != counted {
                    return Err(format!("{cpus} CPUs: natively {counted}, in wasm {there}"));
                }
                (rate(took), each(bytes))
            }
        };
        eprintln!("{cpus} CPUs: {took:.0} ms, {peak} bytes, {in_wasm}");
        rows.push(vec![
            cpus.to_string(),
            rate(took),
            in_wasm,
            each(own),
            there,
            format!("{:.1}", peak as f64 / f64::from(1 << 20)),
        ]);
    }
    let (_, took, own, long) = native(64, 10 * STEPS)?;
    let mut page = format!(
        "{}\n`cargo xtask bench --timed --write` makes this section. These figures are of {}: {}. Each run was made once; native \
         times are processor times. The workload is {WORKLOAD} on {KERNEL}, with the costs {COSTS}. Each run has {} steps and is a process of its \
         own. The counters are the same natively and in wasm (Node.js). The page's own wasm is compiled for size, and slower.\n\n{}",
        report::TIMED,
        here::date(),
        here::machine(),
        scene::grouped(STEPS),
        markdown(
            &[
                "CPUs",
                "million steps a second",
                "in wasm",
                "bytes a CPU",
                "in wasm",
                "the process's peak, MiB"
            ],
            &rows
        )
    );
    page += &format!(
        "\nBytes are what a run's vectors and queues have room for (`Run::bytes`), divided by the CPUs. Ten times as many steps on 64 CPUs took {}; the run had {} bytes a CPU in the end, \
         and the process at most {:.1} MiB.\n",
        seconds(took / 1e3),
        scene::grouped(own / 64),
        long as f64 / f64::from(1 << 20)
    );
    if let Err(why) = &module {
        page += &format!("\nNothing was measured in wasm: {why}.\n");
    }
    print!("{page}");
    if write { report::write_timed(&page) } else { Ok(()) }
}
