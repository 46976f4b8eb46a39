//! The scenarios of `tests/cases`: the explorer finds what each scenario expects, and the captions of the
//! shortest path there are true.

use explore::{Limits, Trace};
use machine::{Check, Property, Verdict};
use scene::Sources;
use tests::{cases, machine, settle, variants};

#[test]
fn every_case_is_as_it_says() {
    let mut wrong = Vec::new();
    let all = cases();
    assert!(all.len() >= 20, "{} are there", all.len());
    for (name, texts) in all {
        for (case, experiment) in variants(&texts) {
            let settled = settle(&machine(&experiment)).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(!settled.is_empty(), "{name} expects nothing");
            let failed = settled.into_iter().filter(|(_, verdict)| *verdict != Verdict::Met);
            wrong.extend(failed.map(|(text, verdict)| format!("{name}, case {case}: {text}: {verdict:?}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_stale_access_is_told_as_what_it_is() {
    for (wanted, words) in [
        ("same-frame-again", "the page tables give the same translation again, but only by luck"),
        ("pkvm-teardown", "memory that belongs to nobody in this scenario"),
        ("window-rights", "which is page table of A"),
        ("xsa-286-recursive", "a page that has been freed"),
        ("freebsd-superpage", "a page that has been freed"),
    ] {
        let found = cases().into_iter().find(|case| case.0 == wanted);
        let (_, experiment) = found.unwrap_or_else(|| panic!("{wanted}"));
        let machine = machine(&experiment);
        let mut check = Check::new(&machine, Limits::default());
        check.run_to_end();
        let (_, schedule) = check.witness(Property::StaleAccess.as_set()).expect("it shows");
        let trace = Trace::replay(&machine, &schedule).0;
        let kernel = experiment.kernel_text().expect("it stands beside it");
        let told =
            scene::text(&machine, &trace, Sources { scenario: &experiment.scenario, kernel, joints: &[] });
        assert!(told.contains(words), "{wanted}: {told}");
    }
}
