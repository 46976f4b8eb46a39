//! The gallery is a test suite: every scenario, in every case, is explored completely and shows what it expects.

use machine::Verdict;
use tests::{library, machine, settle};

#[test]
fn every_expectation_is_met() {
    let mut failed = Vec::new();
    let mut met = 0;
    for (name, experiment) in library() {
        match settle(&machine(&experiment)) {
            Err(message) => failed.push(format!("{name}: {message}")),
            Ok(verdicts) => {
                assert!(!verdicts.is_empty(), "{name} expects nothing");
                met += verdicts.len();
                let bad = verdicts.into_iter().filter(|verdict| verdict.1 != Verdict::Met);
                failed.extend(bad.map(|(what, verdict)| format!("{name}: {what}: {verdict:?}")));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(met > 0);
}

#[test]
fn kernels_are_known_by_the_names_that_the_language_reads() {
    for kernel in gallery::kernels() {
        assert_eq!(kernel.kernel_name(), lang::kernel_name(kernel.text).as_deref(), "{}", kernel.slug);
    }
}
