//! What the explorer says of each scenario of the library, as written, on each kernel that it compiles with: `web/kernels/verdicts.tsv`,
//! which the page of kernels side by side shows. `cargo xtask bless` renews it.
//!
//! A change of a kernel shows here on every scenario at once.

use contrast::{KernelVerdict, ScenarioVerdicts, Verdicts};
use experiment::Experiment;
use explore::{Completeness, Limits};
use lang::Selection;
use lang::property::PROPERTIES;
use machine::{Check, headline};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The most states of a search.
const MOST: u32 = 200_000;

fn found(experiment: &Experiment) -> Option<KernelVerdict> {
    let machine = experiment.compile().machine.ok()?;
    let mut check = Check::new(&machine, Limits { states: MOST, ..Limits::default() });
    check.run_to_end();
    let shows = headline(check.progress().seen, machine.program()).and_then(|property| {
        let (_, schedule) = check.witness(property.as_set())?;
        let property = PROPERTIES.iter().find(|row| row.name == property.name())?;
        Some(KernelVerdict::Shows { property, steps: schedule.len() })
    });
    Some(match check.progress().completeness {
        _ if shows.is_some() => shows?,
        Completeness::Complete => KernelVerdict::Safe,
        _ => KernelVerdict::Open,
    })
}

fn verdicts(scenario: &str) -> ScenarioVerdicts {
    let text = gallery::scenario(scenario).expect("the catalogue names it").text;
    let on = gallery::kernels().filter_map(|kernel| {
        let selection = Selection { kernel: kernel.kernel_name().map(str::to_owned), ..Selection::default() };
        Some((kernel.slug.to_owned(), found(&Experiment::new(text).selecting(selection))?))
    });
    ScenarioVerdicts { scenario: scenario.to_owned(), on: on.collect() }
}

#[test]
fn the_page_of_kernels_says_what_the_explorer_finds() {
    let catalogue = gallery::catalogue().expect("the library is here").text;
    let entries = catalogue.lines().filter_map(|line| line.strip_prefix("- ")?.split(' ').next());
    let scenarios: Vec<&str> = entries.collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = verdicts(scenario);
                    done.lock().expect("no thread has panicked").push(found);
                }
            });
        }
    });
    let mut all = done.into_inner().expect("no thread has panicked");
    all.sort_by_key(|found| scenarios.iter().position(|scenario| *scenario == found.scenario));
    let verdicts = Verdicts { scenarios: all };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/kernels/verdicts.tsv");
    golden::check(file, &verdicts.written());
    // Every scenario runs on its own kernel, at least.
    for ScenarioVerdicts { scenario, on } in &verdicts.scenarios {
        assert!(!on.is_empty(), "{scenario}");
    }
}
