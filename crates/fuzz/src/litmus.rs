//! Litmus tests: whatever the text, it is refused with its place or becomes a scenario that is formatted, compiles, and can be
//! written as a test again or not.

use crate::reached::reached;
use experiment::Experiment;

/// Imports; compiles what comes out; exports that.
pub(crate) fn litmus(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let scenario = match ::litmus::import(&text) {
        Ok(scenario) => scenario,
        Err(problem) => {
            assert!(problem.line > 0 && problem.column > 0 && !problem.message.is_empty());
            return;
        }
    };
    assert_eq!(lang::format(&scenario).as_ref(), Ok(&scenario), "it is formatted");
    let compiled = Experiment::new(scenario).compile();
    match compiled.machine {
        Ok(machine) => {
            reached();
            if let Ok(test) = ::litmus::export(&machine) {
                assert!(::litmus::import(&test).is_ok(), "what is written can be read: {test}");
            }
        }
        Err(_) => assert!(!compiled.diagnostics.is_empty(), "a refusal has its reason"),
    }
}
