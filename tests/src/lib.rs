//! What the tests of the whole product share: the experiments of the library, and their checks.
#![forbid(unsafe_code)]

use experiment::{Experiment, Kernels};
use explore::{Completeness, Limits};
use lang::Selection;
use machine::{Check, Machine, Verdict};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Every scenario of the library as written, and each of its cases: what to call it, and the experiment.
#[must_use]
pub fn library() -> Vec<(String, Experiment)> {
    let scenarios = gallery::scenarios().flat_map(|scenario| {
        variants(&Experiment::new(scenario.text))
            .into_iter()
            .map(move |(case, there)| (format!("{} case {case}", scenario.slug), there))
    });
    let all: Vec<_> = scenarios.collect();
    assert!(!all.is_empty());
    all
}

/// Those of the library that are searched in several ways and compared: each scenario as written, and its cases, but for
/// large ones. What is large in a case is so in its scenario as written; half of all states of the library are in a
/// twelfth of its cases.
#[must_use]
pub fn without_large_cases() -> Vec<(String, Experiment)> {
    static IS_LARGE: LazyLock<Vec<bool>> =
        LazyLock::new(|| library().iter().map(|(_, experiment)| is_large(experiment)).collect());
    let small_or_whole =
        |(at, (name, _)): &(usize, (String, Experiment))| !IS_LARGE[*at] || name.ends_with(" case 0");
    library().into_iter().enumerate().filter(small_or_whole).map(|(_, one)| one).collect()
}

/// As many saturated states make a case large.
const LARGE: u32 = 1_000;

fn is_large(experiment: &Experiment) -> bool {
    let machine = machine(experiment);
    let mut check = Check::new(&machine, Limits { states: LARGE, ..Limits::default() });
    check.run_to_end();
    check.progress().completeness != Completeness::Complete
}

/// A scenario as written, which counts as case 0, and each of its cases.
#[must_use]
pub fn variants(texts: &Experiment) -> Vec<(usize, Experiment)> {
    texts.variants().into_iter().map(|(_, there)| there).enumerate().collect()
}

/// The machine of an experiment that is known to compile.
///
/// # Panics
/// If it does not.
#[must_use]
pub fn machine(experiment: &Experiment) -> Machine {
    experiment.compile().into_machine().unwrap_or_else(|why| panic!("{why}\n{}", experiment.scenario))
}

/// The scenarios of `tests/cases`, by name, each with the kernel beside it: what public reports, and people who tried, have
/// brought up, and no story of the library tells. Each says by `expect` what is right.
#[must_use]
pub fn cases() -> Vec<(String, Experiment)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let files = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.retain(|name| !name.ends_with(".kernel.tlb"));
    names.sort();
    let names = names.iter().filter_map(|name| name.strip_suffix(".tlb"));
    let case = |name: &str| {
        let kernel = read(&format!("{name}.kernel.tlb"));
        let own = lang::kernel_name(&kernel).map(|name| (name, kernel));
        let kernels = own.into_iter().collect::<Kernels>();
        (name.to_owned(), Experiment { kernels, ..Experiment::new(read(&format!("{name}.tlb"))) })
    };
    names.map(case).collect()
}

/// A selection of options by `name=value`.
#[must_use]
pub fn with(options: &[(&str, &str)]) -> Selection {
    let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Selection::new(None, options)
}

/// The verdicts on all expectations of a machine after a complete search, as text: one line for each, `met`
/// or not.
///
/// # Errors
/// If the search does not complete.
pub fn settle(machine: &Machine) -> Result<Vec<(String, Verdict)>, String> {
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    if check.progress().completeness != Completeness::Complete {
        return Err(format!("{} is not complete: {:?}", machine.program().name, check.progress()));
    }
    let expectations = machine.program().expectations.iter();
    Ok(expectations.map(|e| (format!("{:?} {}", e.observation, e.property), check.verdict(e))).collect())
}
