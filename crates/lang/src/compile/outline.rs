//! What can be known of texts without compiling them: names, kernels and cases.

use super::stage;
use crate::diagnostic::Diagnostics;
use crate::extend;
use crate::parse::{parse, parse_kernels};
use crate::source::SourceId;
use crate::syntax::{Expect, File, Finale, Use};

/// A variant of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseName {
    /// What goes into [`Selection::case`](crate::Selection::case).
    pub case: Option<u8>,
    /// Its name; the scenario itself has none.
    pub name: Option<String>,
    /// The kernel it uses.
    pub kernel: String,
    /// How many expectations it states.
    pub expectations: u16,
    /// The parts with which it replaces the scenario's: `machine cpus`, `cpu 1`.
    pub replaces: Vec<String>,
}

/// What can be known of a scenario from its text without compiling it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its name.
    pub name: Option<String>,
    /// The scenario as it stands, then its cases; none if the text can't be read.
    pub cases: Vec<CaseName>,
}

/// The variants of a scenario: itself first, then its cases. Empty if the text is none.
#[must_use]
pub fn cases(scenario: &str) -> Vec<CaseName> {
    outline(scenario).cases
}

/// The name of a scenario, and its variants.
#[must_use]
pub fn outline(scenario: &str) -> Outline {
    let scenario_text = scenario;
    let Some(File::Scenario(scenario)) = parse(scenario, SourceId::SCENARIO, &mut Diagnostics::default())
    else {
        return Outline::default();
    };
    let count = |expects: &[Expect], finale: &Option<Finale>| {
        u16::try_from(expects.len() + finale.iter().len()).unwrap_or(u16::MAX)
    };
    let kernel =
        |uses: &Option<Use>| uses.as_ref().or(scenario.uses.as_ref()).map(|u| u.kernel.value.clone());
    let mut all = vec![CaseName {
        case: None,
        name: None,
        kernel: kernel(&None).unwrap_or_default(),
        expectations: count(&scenario.expects, &scenario.finale),
        replaces: Vec::new(),
    }];
    for (n, case) in scenario.cases.iter().enumerate().take(usize::from(u8::MAX)) {
        all.push(CaseName {
            case: u8::try_from(n).ok(),
            name: Some(case.name.value.clone()),
            kernel: kernel(&case.uses).unwrap_or_default(),
            expectations: count(&case.expects, &case.finale),
            replaces: stage::parts(scenario_text, &case.stage),
        });
    }
    Outline { name: Some(scenario.name.value), cases: all }
}

/// The name of a kernel text.
#[must_use]
pub fn kernel_name(text: &str) -> Option<String> {
    let mut kernels = parse_kernels(text, &mut Diagnostics::default()).ok()?;
    let at = extend::main(&kernels)?;
    Some(kernels.swap_remove(at).name.value)
}

/// The name of a scenario text.
#[must_use]
pub fn scenario_name(text: &str) -> Option<String> {
    outline(text).name
}
