//! No word of the language is left out silently: each is in a text on which our search is compared with others, or stands
//! here with the reason why not.
//!
//! The words come from the compiler's own lists: built-in functions and constants, words of the grammar, and what a machine
//! can set. A built-in counts as used where an operation of the compiled program stands for it, so a function that nobody calls
//! does not count. `naive.rs` compares our search with a plain one on all texts of the library and of `cases`. Spin is
//! compared (`cargo xtask bench --agree`) on those that can be exported. `removal.rs` and `crates/fuzz/tests/words.rs` hold the
//! same for the lines that are removed and for the texts that are mutated.

use experiment::Experiment;
use lang::TokenKind;
use lang::source::SourceId;
use machine::Machine;
use std::collections::BTreeSet;
use tests::{cases, library, machine, variants};

/// Words, and why no text uses them.
type Reasons = &'static [(&'static [&'static str], &'static str)];

/// Words that are in no text of the library or of `cases`.
const IN_NO_TEXT: Reasons = &[
    (
        &["amd", "intel"],
        "a branch on it is decided when the text is compiled, and what is left is in texts of both vendors",
    ),
    (&["barrier", "smp_rmb", "smp_wmb"], "no operation stands for it"),
    (&["costs", "workload"], "the explorer ignores how long things take"),
    (
        &["limit"],
        "a search that ends at a limit proves nothing, so no expectation of such a text is met. `variable_limits.rs` in \
         `crates/machine` counts what is cut off, and `bench --agree` compares a text of its own with Spin",
    ),
];

/// Words that are in no text that Spin can be given.
const NOT_IN_SPIN: Reasons = &[
    (&["thread", "irq", "__switch_to", "get_current", "idle_task"], "the export refuses threads that move"),
    (
        &[
            "vmptrld",
            "vmresume",
            "vmrun",
            "vmcall",
            "invept_single",
            "invept_global",
            "invvpid_addr",
            "invvpid_single",
            "invvpid_all",
            "invvpid_single_nonglobal",
            "invlpga",
            "invlpgb_flush_single_asid_nosync",
            "invlpgb_flush_asid_nested_nosync",
            "invlpgb_flush_all_nested_nosync",
            "VMX_EPT_READABLE_MASK",
            "VMX_EPT_WRITABLE_MASK",
            "VMX_EPT_EXECUTABLE_MASK",
            "VMX_EPT_RWX_MASK",
        ],
        "the export refuses guests and ASIDs",
    ),
    (
        &[
            "ats",
            "iommu_attach_pasid",
            "iommu_detach_pasid",
            "qi_flush_piotlb",
            "qi_flush_piotlb_addr",
            "qi_flush_dev_iotlb_pasid",
            "qi_flush_dev_iotlb_pasid_addr",
            "qi_wait",
        ],
        "the export refuses devices behind an IOMMU",
    ),
];

/// All words of the language.
fn words() -> BTreeSet<&'static str> {
    lang::builtin_names().chain(lang::keywords()).chain(lang::settings()).collect()
}

/// What stands in a part of a text, without comments and strings.
fn said(text: &str) -> impl Iterator<Item = &str> {
    let tokens = lang::tokens(text).into_iter();
    let words = tokens.filter(|token| !matches!(token.1, TokenKind::Comment | TokenKind::Text));
    words.map(|token| token.0.of(text))
}

/// The words that an experiment uses.
fn used(experiment: &Experiment, machine: &Machine) -> BTreeSet<&'static str> {
    let kernel = experiment.whole_kernel().map(|whole| whole.text).unwrap_or_default();
    let scenario = &*experiment.scenario;
    let mut found: BTreeSet<&str> = said(scenario).chain(said(&kernel)).collect();
    let builtin: BTreeSet<&str> = lang::builtin_names().collect();
    let setting: BTreeSet<&str> = lang::settings().collect();
    found.retain(|word| !builtin.contains(word) || setting.contains(word));
    for site in &machine.program().sites {
        let text = if site.source == SourceId::SCENARIO { scenario } else { &kernel };
        let place = site.span.start as usize..site.span.end as usize;
        found.extend(said(text.get(place).unwrap_or_default()));
    }
    words().into_iter().filter(|word| found.contains(word)).collect()
}

/// Words that are neither used nor excused, and words that are excused although they are used.
fn wrong(used: &BTreeSet<&str>, reasons: &[Reasons]) -> (Vec<&'static str>, Vec<&'static str>) {
    let reasons = || reasons.iter().flat_map(|reasons| reasons.iter());
    assert!(reasons().all(|reason| !reason.1.is_empty()));
    let excused: BTreeSet<&str> = reasons().flat_map(|reason| reason.0).copied().collect();
    let missing = words().into_iter().filter(|word| !used.contains(word) && !excused.contains(word));
    (missing.collect(), excused.into_iter().filter(|word| used.contains(word)).collect())
}

#[test]
fn each_word_is_in_a_text_that_is_compared_with_a_second_search() {
    let cases = cases().into_iter().flat_map(|(_, texts)| variants(&texts)).map(|(_, there)| there);
    let (mut naive, mut spin) = (BTreeSet::new(), BTreeSet::new());
    for experiment in library().into_iter().map(|(_, there)| there).chain(cases) {
        let machine = machine(&experiment);
        let used = used(&experiment, &machine);
        if promela::refused(&machine).is_empty() {
            spin.extend(used.iter().copied());
        }
        naive.extend(used);
    }
    let nothing = (Vec::new(), Vec::new());
    assert_eq!(wrong(&naive, &[IN_NO_TEXT]), nothing, "in no text");
    assert_eq!(wrong(&spin, &[IN_NO_TEXT, NOT_IN_SPIN]), nothing, "in no text that Spin is given");
}
