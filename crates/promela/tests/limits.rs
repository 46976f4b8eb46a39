//! The limits of variables in a model. `cargo xtask bench --agree` runs such a model in Spin.

use experiment::Experiment;

const KERNEL: &str = "kernel \"k\" {
    mm gen: int = 1 LIMIT; percpu seen[2] { a: int; b: int; } global all: int LIMIT;
    sys count(m: mm) { while all < 100 { inc_return(m.gen); all = all + 1; seen[1].b = all; } }
}";

fn model(limit: &str) -> String {
    let scenario =
        "scenario \"s\" { use kernel \"k\" mm A { } cpu 0 { count(A); } expect never kernel_bug; }";
    let experiment = Experiment::new(scenario).with_kernel_text(KERNEL.replace("LIMIT", limit));
    promela::export(&experiment.compile().into_machine().expect("it compiles"), 0)
}

/// The numbers of a table of the model.
fn table(model: &str, name: &str) -> Vec<u64> {
    let rest = model.split_once(&format!("{name}[]")).expect("it has the table").1;
    let body = rest.split_once('{').and_then(|rest| rest.1.split_once('}')).expect("a table").0;
    let number = |text: &str| {
        let text = text.trim_end_matches("ull");
        let hex = text.strip_prefix("0x").map(|hex| u64::from_str_radix(hex, 16));
        hex.unwrap_or_else(|| text.parse()).expect("a number")
    };
    body.split(',').map(str::trim).filter(|text| !text.is_empty()).map(number).collect()
}

#[test]
fn each_cell_of_a_limited_variable_has_its_limit() {
    let limits = table(&model("limit 3"), "limits");
    let limited = limits.iter().filter(|&&limit| limit == 3).count();
    // gen of init_mm and of A, and `all`; the rest may have any value.
    assert_eq!(
        (limited, limits.iter().filter(|&&limit| limit == u64::MAX).count()),
        (3, limits.len() - 3),
        "{limits:?}"
    );
    assert!(model("limit 3").contains("define LIMITS 1"));
    assert!(model("").contains("define LIMITS 0"));
}
