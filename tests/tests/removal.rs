//! Every line of synchronisation is needed: removing any one flips a verdict of the library.
//!
//! The test finds lines in the texts by the operations in them. A statement is removed; a counter is read and not
//! raised; a check always says no, then always yes; a flush that says `true` for freed tables says `false`. Then
//! the cases of the library that use the kernel are explored, until one does not show what it expects. A line whose
//! loss changes no verdict must be in the list of redundant lines, with the reason. And each line in that list must
//! be redundant.
//!
//! A text that no longer compiles says nothing about the line. It does not count as noticed, and each line must
//! have a loss that compiles.

use experiment::{Experiment, NoMachine};
use explore::Limits;
use lang::Severity;
use lang::program::Observation;
use machine::{Check, Machine, Verdict};
use tests::machine;

mod redundant;
use redundant::REDUNDANT;

/// Kernels whose lines are not tried.
const NOT_TRIED: [(&str, &str); 1] =
    [("lazy TLB lab", "its default is broken; the fix is tried line by line in lines.rs")];

/// Kernels that are another one and a few lines more: only those are tried.
const BASED_ON: [(&str, &str); 3] = [
    ("linux-4.14-rc1, with a barrier", "linux-4.14-rc1"),
    ("linux-6.12-stable", "linux-6.14"),
    ("temporary_mm", "linux-6.18"),
];
/// States between two looks at the verdicts.
const SLICE: u32 = 2_000;

/// A line in the list is tried on cases with at most so many states: it was tried on all when it was put there.
const SMALL: u32 = 4_000;

/// Statements of synchronisation, by how they begin.
const STATEMENTS: [&str; 34] = [
    "cpumask_set_cpu(",
    "cpumask_clear_cpu(",
    "smp_mb(",
    "write_cr3(",
    "invlpg(",
    "invpcid_",
    "invlpgb_",
    "invlpga(",
    "invept_",
    "invvpid_",
    "tlbsync(",
    "rar_flush_",
    "rar_wait(",
    "qi_",
    "iommu_detach_pasid(",
    "toggle_pge(",
    "spin_lock(",
    "spin_unlock(",
    "local_irq_disable(",
    "local_irq_enable(",
    "local_irq_restore(",
    "fetch_or(",
    "cmpxchg(",
    "inc_return(",
    "dec_return(",
    "ipi ",
    "wait_ipis",
    "until ",
    "is_lazy =",
    "loaded_mm =",
    "loaded_mm_asid =",
    "ctxs[",
    "flush_tlb_",
    "switch_mm_irqs_off(init_mm)",
];

/// Built-in functions whose statements are not tried, and why.
const NO_SYNCHRONISATION: [(&[&str], &str); 8] = [
    (&["per_cpu", "mem", "pgd", "p4d", "pud", "pmd", "pte"], "it is a place"),
    (
        &[
            "xchg",
            "add_return",
            "fetch_and_not",
            "alloc_page",
            "alloc_table",
            "free_page",
            "free_table",
            "free_page_rcu",
            "free_table_rcu",
            "mm_alloc",
            "mm_free",
            "vmptrld",
            "vmresume",
            "vmrun",
            "vmcall",
            "__switch_to",
            "iommu_attach_pasid",
            "mwait_c1",
            "mwait_c6",
            "bad_area",
        ],
        "it is what the text does, and not how that is kept apart from what others do",
    ),
    (
        &[
            "load",
            "store",
            "load_nofault",
            "store_nofault",
            "get_user",
            "put_user",
            "xchg_user",
            "cmpxchg_user",
        ],
        "an access to user memory, which others are to be kept apart from",
    ),
    (
        &["BUG_ON", "WARN_ON", "WARN_ON_ONCE", "claim_flushed", "claim_flushed_tables"],
        "it checks and changes nothing",
    ),
    (&["smp_rmb", "smp_wmb", "barrier"], "it is no operation on x86"),
    (
        &[
            "READ_ONCE",
            "cpumask_test_cpu",
            "cpumask_empty",
            "cpumask_weight",
            "pte_pfn",
            "pte_present",
            "pfn_pte",
            "get_current",
            "idle_task",
            "is_page_table",
            "maybe",
            "cpumask_test_and_clear_cpu",
            "local_irq_save",
        ],
        "it is a value, and a line that uses it counts by what else it does",
    ),
    (&["WRITE_ONCE"], "a store counts by the variable: `is_lazy =`"),
    (
        &[
            "cr3_pgd",
            "cr3_pcid",
            "tlb_entries",
            "tlb_pcid",
            "tlb_va",
            "tlb_frame",
            "tlb_mm",
            "tlb_writable",
            "tlb_user",
            "tlb_global",
            "psc_entries",
            "psc_pcid",
            "psc_va",
            "psc_frame",
            "psc_mm",
        ],
        "only an invariant can ask",
    ),
];

/// What checks of synchronisation ask about.
const CHECKS: [&str; 9] = [
    "gen",
    "is_lazy",
    "was_lazy",
    "cpumask",
    "LOADED_MM_SWITCHING",
    "freed_tables",
    "loaded_mm",
    "global_asid",
    "should_flush_tlb",
];

/// A line of a kernel, and the line that stands in its place when it is gone.
struct Line<'a> {
    number: usize,
    function: &'a str,
    /// As it stands, without indentation and comment.
    text: &'a str,
    /// What may stand in its place.
    without: Vec<String>,
}

/// What is left of a line of synchronisation; nothing if it is none.
fn without(text: &str) -> Vec<String> {
    let condition = text.strip_prefix("if ").or_else(|| text.strip_prefix("} else if "));
    if let Some(condition) = condition {
        if !CHECKS.iter().any(|word| condition.contains(word)) {
            return Vec::new();
        }
        let head = text.split("if ").next().unwrap_or_default();
        return ["false", "true"].map(|answer| format!("{head}if {answer} {{")).to_vec();
    }
    if let Some((head, place)) = text.strip_prefix("let ").and_then(|rest| rest.split_once(" = inc_return("))
    {
        return vec![format!("let {head} = {};", place.trim_end_matches(");"))];
    }
    if let Some(head) = text.strip_suffix(", true);").filter(|head| head.starts_with("flush_tlb_mm_range(")) {
        return vec![format!("{head}, false);")];
    }
    if text.starts_with("invlpg(") || text.starts_with("invlpgb_") {
        // A loop without visible operations does not compile. A fence waits for the same, and invalidates nothing.
        return vec![String::new(), "smp_mb();".to_owned()];
    }
    let statement = text.ends_with(';') && STATEMENTS.iter().any(|begin| text.starts_with(begin));
    if statement { vec![String::new()] } else { Vec::new() }
}

/// The lines of synchronisation of a kernel that are tried.
fn lines_tried<'a>(name: &str, text: &'a str) -> Vec<Line<'a>> {
    let mut found = lines(text);
    if let Some((_, base)) = BASED_ON.iter().find(|based| based.0 == name) {
        let base = lines(gallery::kernel(base).expect("the kernel it is based on").text);
        found.retain(|line| {
            base.iter().all(|other| (other.function, other.text) != (line.function, line.text))
        });
    }
    found
}

/// What begins a function.
const FUNCTIONS: [&str; 8] = ["fn ", "ipi ", "irq ", "sys ", "fault ", "exit ", "nmi ", "vmexit "];

/// All lines of synchronisation.
fn lines(kernel: &str) -> Vec<Line<'_>> {
    let mut function = "";
    let mut found = Vec::new();
    for (number, line) in kernel.lines().enumerate() {
        let text = line.split("//").next().unwrap_or_default().trim();
        if let Some(name) = FUNCTIONS.iter().find_map(|word| text.strip_prefix(word))
            && text.ends_with('{')
        {
            function = name.split('(').next().unwrap_or_default();
        } else if let without @ [_, ..] = without(text).as_slice() {
            let without = without.to_vec();
            found.push(Line { number, function, text, without });
        }
    }
    found
}

/// Whether a machine shows something that its scenario does not expect. Stops as soon as that is certain: when
/// something shows that never should.
fn fails(machine: &Machine) -> bool {
    let mut check = Check::new(machine, Limits::default());
    let expectations = &machine.program().expectations;
    while check.run(SLICE) {
        let mut never = expectations.iter().filter(|e| e.observation == Observation::Never);
        if never.any(|e| check.verdict(e) == Verdict::Failed) {
            return true;
        }
    }
    expectations.iter().any(|e| check.verdict(e) != Verdict::Met)
}

/// A case of the library, and how many states it has.
struct Case {
    experiment: Experiment,
    states: u32,
}

/// The cases that use a kernel.
fn told(kernel: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for scenario in gallery::scenarios() {
        let variants = Experiment::new(scenario.text).variants().into_iter();
        let on_it = variants.filter(|(case, _)| case.kernel == kernel);
        cases.extend(on_it.map(|(_, experiment)| Case { experiment, states: 0 }));
    }
    cases
}

/// The same with their states, those with few of them first. Each shows what it expects.
fn cases(kernel: &str) -> Vec<Case> {
    let mut cases = told(kernel);
    for case in &mut cases {
        let machine = machine(&case.experiment);
        assert!(!fails(&machine), "{} fails as it stands", machine.program().name);
        let mut check = Check::new(&machine, Limits::default());
        check.run_to_end();
        case.states = check.progress().states;
    }
    cases.sort_by_key(|case| case.states);
    cases
}

/// A kernel with a line gone, in the ways there are.
fn mutants(text: &str, line: &Line<'_>) -> Vec<String> {
    let mutant = |without: &String| {
        text.lines()
            .enumerate()
            .map(|(number, old)| if number == line.number { without.as_str() } else { old })
            .flat_map(|line| [line, "\n"])
            .collect()
    };
    line.without.iter().map(mutant).collect()
}

/// What is wrong with the text of a case on a kernel's text; nothing if it compiles.
fn errors(case: &Case, kernel: &str) -> Option<String> {
    let compiled = case.experiment.with_kernel_text(kernel).program();
    let errors = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let errors = || errors.map(|found| found.message.as_str()).collect::<Vec<_>>().join("; ");
    compiled.program.is_none().then(errors)
}

/// Whether a verdict changes when a line is gone.
fn noticed(text: &str, line: &Line<'_>, cases: &[Case]) -> bool {
    mutants(text, line).iter().any(|kernel| {
        cases.iter().any(|case| match case.experiment.with_kernel_text(kernel.as_str()).compile().machine {
            Ok(machine) => fails(&machine),
            Err(NoMachine::Text) => false,
            // A set-up that hangs or violates something counts too.
            Err(NoMachine::Refused(_)) => true,
        })
    })
}

/// What is wrong with a kernel's lines, or with the list.
fn wrong(name: &str, text: &str) -> Vec<String> {
    let cases = cases(name);
    let small = cases.partition_point(|case| case.states <= SMALL);
    let listed: Vec<&str> = REDUNDANT
        .iter()
        .filter(|redundant| redundant.kernels.contains(&name) && !redundant.because.is_empty())
        .flat_map(|redundant| redundant.lines.iter().copied())
        .collect();
    let mut wrong = Vec::new();
    let mut redundant = Vec::new();
    for line in lines_tried(name, text) {
        let title = format!("{}: {}", line.function, line.text);
        let is_listed = listed.contains(&title.as_str());
        let tried = if is_listed { &cases[..small] } else { &cases[..] };
        match (noticed(text, &line, tried), is_listed) {
            (false, true) => redundant.push(title),
            (false, false) => wrong.push(format!("{name}: nobody notices the loss of `{title}`")),
            (true, _) => {}
        }
    }
    // Of two lines that read the same one may be needed.
    let known = |line: &&&str| lines(text).iter().any(|l| format!("{}: {}", l.function, l.text) == ***line);
    for line in listed.iter().filter(known).filter(|line| !redundant.iter().any(|found| found == **line)) {
        wrong.push(format!("{name}: `{line}` is needed, but listed as redundant"));
    }
    wrong
}

#[test]
fn every_line_of_synchronisation_is_needed_or_known_not_to_be() {
    let tried = gallery::kernels().filter_map(|kernel| Some((lang::kernel_name(kernel.text)?, kernel.text)));
    let tried: Vec<_> = tried.filter(|(name, _)| NOT_TRIED.iter().all(|not| not.0 != name)).collect();
    for redundant in REDUNDANT {
        for line in redundant.lines {
            let somewhere = tried.iter().filter(|kernel| redundant.kernels.contains(&kernel.0.as_str()));
            let titles = somewhere.flat_map(|kernel| lines(kernel.1));
            let found = titles.map(|l| format!("{}: {}", l.function, l.text)).any(|title| title == *line);
            assert!(found, "{line:?} is listed, but in none of {:?}", redundant.kernels);
        }
    }
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            tried.iter().map(|(name, text)| scope.spawn(move || wrong(name, text))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it does not panic")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_loss_of_every_line_compiles() {
    let mut wrong = Vec::new();
    for kernel in gallery::kernels() {
        let name = lang::kernel_name(kernel.text).expect("it has a name");
        let cases = told(&name);
        for line in lines(kernel.text) {
            let mutants = mutants(kernel.text, &line);
            let errors = mutants.iter().map(|mutant| cases.iter().find_map(|case| errors(case, mutant)));
            // It ends at the first one that compiles.
            if let Some(why) = errors.collect::<Option<Vec<String>>>() {
                let why = why.into_iter().next().unwrap_or_default();
                wrong.push(format!("{name}: {}: {}: {why}", line.function, line.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_built_in_function_is_tried_or_has_a_reason() {
    let excused: Vec<&str> = NO_SYNCHRONISATION.iter().flat_map(|reason| reason.0).copied().collect();
    let tried = |name: &str| !without(&format!("{name}(x);")).is_empty();
    let missing: Vec<&str> =
        lang::builtin_functions().filter(|name| !tried(name) && !excused.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
    let needless: Vec<&str> = excused.iter().copied().filter(|name| tried(name)).collect();
    assert_eq!(needless, [""; 0]);
    assert!(NO_SYNCHRONISATION.iter().all(|(_, because)| !because.is_empty()));
}
