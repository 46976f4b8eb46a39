//! What the tests of the whole product share: from a text of the library to a machine, and its check.
#![forbid(unsafe_code)]

use explore::{Completeness, Limits};
use lang::{Selection, Texts};
use machine::{Check, Machine, Verdict};
use std::fs;
use std::path::Path;

/// The kernels of the library, with some texts put in the place of others.
#[derive(Default)]
pub struct Kernels {
    /// Kernel name and text that stands in for it.
    pub instead: Vec<(String, String)>,
}

impl Texts for Kernels {
    fn kernel(&self, name: &str) -> Option<&str> {
        match self.instead.iter().find(|text| text.0 == name) {
            Some(text) => Some(&text.1),
            None => gallery::kernel(name).map(|text| text.text),
        }
    }
}

/// Compiles a scenario and lays it out.
///
/// # Errors
/// All diagnostics, or the machine's refusal, as text.
pub fn machine(scenario: &str, kernels: &Kernels, selection: &Selection) -> Result<Machine, String> {
    let compiled = lang::compile(scenario, kernels, selection);
    let Some(program) = compiled.program else {
        let messages: Vec<String> = compiled.diagnostics.iter().map(|d| format!("{d:?}")).collect();
        return Err(messages.join("\n"));
    };
    Machine::new(program).map_err(|refusal| refusal.to_string())
}

/// The scenarios of `tests/cases`, by name, each with the kernel beside it: what public reports, and people who tried, have
/// brought up, and no story of the library tells. Each says by `expect` what is right.
#[must_use]
pub fn cases() -> Vec<(String, String, Kernels)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let files = fs::read_dir(&folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.retain(|name| !name.ends_with(".kernel.tlb"));
    names.sort();
    let names = names.iter().filter_map(|name| name.strip_suffix(".tlb"));
    let case = |name: &str| {
        let kernel = read(&format!("{name}.kernel.tlb"));
        let instead = lang::kernel_name(&kernel).map(|name| (name, kernel));
        (name.to_owned(), read(&format!("{name}.tlb")), Kernels { instead: instead.into_iter().collect() })
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
