//! What the tests share: small texts to put fragments into, and golden files.

use lang::{Compiled, Diagnostic, Selection, Severity, compile, kernel_name};

/// A kernel with a little of everything; `%` is where a fragment goes.
pub const KERNEL: &str = r#"kernel "k" {
    option lazy_tlb = on "Stay lazy"
    option table_free: direct | rcu = direct "How tables are freed"
    const LIMIT = 6;
    global next_id: int = 1;
    global busy: bool = false;
    global names[4]: int = 0;
    global pool: frame = none;
    global stopped: cpus = {};
    global turn: cpu = 0;
    mm     tlb_gen: int = 1;
    mm     cpumask: cpus = {};
    mm     slots[2]: int = 0;
    percpu loaded_mm: mm = init_mm;
    percpu is_lazy: bool = false;
    percpu count: int = 0;
    percpu ctxs[6] { tlb_gen: int = 0; owner: mm = init_mm; }
    ipi flush(m: mm, gen: int) { if m == loaded_mm { per_cpu(is_lazy, cpu) = gen > 1; } }
    fn twice(n: int) -> int { return n + n; }
    sys run(next: mm) { loaded_mm = next; }
    sys munmap(m: mm, va: va) { xchg(pte(m, va), 0); }
    %
}"#;

/// A scenario on it; `%` is where a fragment goes.
pub const SCENARIO: &str = r#"scenario "s" {
    use kernel "k"
    mm A { 0x400000 -> page "data"; }
    %
}"#;

/// The texts a fragment of some kind makes: scenario and kernel.
pub fn texts(kind: &str, fragment: &str) -> (String, String) {
    let kernel = |inner: &str| KERNEL.replace('%', inner);
    let scenario = |inner: &str| SCENARIO.replace('%', inner);
    match kind {
        "stmt" => {
            let inner = format!("sys test(m: mm, n: int, s: cpus, f: frame) {{ {fragment}\n }}");
            (scenario("cpu 0 { run(A); }"), kernel(&inner))
        }
        "kernel" => (scenario("cpu 0 { run(A); }"), kernel(fragment)),
        "cpu" => (scenario(&format!("cpu 0 {{ run(A); {fragment} }}")), kernel("")),
        "scenario" => (scenario(&format!("cpu 0 {{ run(A); }} {fragment}")), kernel("")),
        "machine" => (scenario(&format!("machine {{ {fragment} }} cpu 0 {{ run(A); }}")), kernel("")),
        "whole kernel" => (scenario("cpu 0 { run(A); }"), fragment.to_owned()),
        _ => (fragment.to_owned(), kernel("")),
    }
}

/// Compiles a pair of texts.
pub fn compiled(scenario: &str, kernel: &str) -> Compiled {
    compile(scenario, &[("k", kernel)], &Selection::default())
}

/// Compiles a scenario with one kernel, whatever its name.
pub fn compiled_with(scenario: &str, kernel: &str, selection: &Selection) -> Compiled {
    let name = kernel_name(kernel).unwrap_or_default();
    compile(scenario, &[(name.as_str(), kernel)], selection)
}

/// A diagnostic in one or more lines: what it marks, what it says.
pub fn describe(diagnostic: &Diagnostic, scenario: &str, kernel: &str) -> String {
    let text = if diagnostic.source.0 == 0 { scenario } else { kernel };
    let kind = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
    let mut out = format!("{kind} at `{}`: {}\n", diagnostic.span.of(text), diagnostic.message);
    if let Some(advice) = &diagnostic.advice {
        out += &format!("    {advice}\n");
    }
    for (source, span, what) in &diagnostic.related {
        let text = if source.0 == 0 { scenario } else { kernel };
        out += &format!("    `{}`: {what}\n", span.of(text));
    }
    out
}

/// Compares with a golden file under `tests/texts`.
#[track_caller]
pub fn golden(file: &str, actual: &str) {
    golden::check(format!("{}/tests/texts/{file}", env!("CARGO_MANIFEST_DIR")), actual);
}
