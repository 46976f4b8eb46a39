//! Timing by scenario.
use explore::{Limits, Search};
use lang::Selection;
use tests::{Kernels, machine};
fn one(path: &str, states: u32) {
    let text = std::fs::read_to_string(path).unwrap();
    for case in 0..lang::cases(&text).len() {
        let selection = Selection { case: (case > 0).then(|| case as u8 - 1), options: Vec::new() };
        let machine = machine(&text, &Kernels::default(), &selection).unwrap_or_else(|e| panic!("{e}"));
        let start = std::time::Instant::now();
        let mut search = Search::new(&machine, Limits { states, ..Limits::default() });
        search.run_to_end();
        let (took, p) = (start.elapsed(), search.progress());
        println!(
            "case {case} {p:?} learned {} {took:?} {:.1} ns/tr {:.2} Mst/s {:.1} B/st",
            search.learned(),
            took.as_nanos() as f64 / p.transitions as f64,
            p.states as f64 / took.as_secs_f64() / 1e6,
            p.bytes as f64 / p.states as f64
        );
    }
}
fn main() {
    if let Some(path) = std::env::args().nth(1).filter(|a| a.contains('/')) {
        return one(&path, std::env::args().nth(2).map_or(u32::MAX, |n| n.parse().unwrap()));
    }
    let only = std::env::args().nth(1);
    let times: usize = std::env::args().nth(2).map_or(1, |n| n.parse().unwrap());
    let (mut s, mut t, mut l, mut total) = (0u64, 0u64, 0u64, std::time::Duration::ZERO);
    for scenario in gallery::scenarios() {
        if only.as_deref().is_some_and(|o| o != "all" && o != scenario.slug) {
            continue;
        }
        for case in 0..lang::cases(scenario.text).len() {
            let selection = Selection { case: (case > 0).then(|| case as u8 - 1), options: Vec::new() };
            let Ok(machine) = machine(scenario.text, &Kernels::default(), &selection) else { continue };
            let start = std::time::Instant::now();
            let mut p = None;
            for _ in 0..times {
                let mut search = Search::new(&machine, Limits::default());
                search.run_to_end();
                p = Some((search.progress(), search.learned()));
            }
            let took = start.elapsed();
            let (p, learned) = p.unwrap();
            total += took;
            s += u64::from(p.states);
            t += p.transitions;
            l += learned;
            println!(
                "{:40} case {case} {:8} states {:8} trans {:8} learned {:9?} {:6} ns/tr {:5} B/st",
                scenario.slug,
                p.states,
                p.transitions,
                learned,
                took,
                took.as_nanos() as u64 / times as u64 / p.transitions,
                p.bytes / u64::from(p.states)
            );
        }
    }
    println!("{s} states {t} transitions {l} learned {total:?}");
}
