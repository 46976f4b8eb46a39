//! The measurement of a model's room looks at no more than a bound, however much the states weigh and however long
//! it takes to find them.

use experiment::Experiment;

fn export(kernel: &'static str, scenario: &str) -> String {
    let scenario = format!("scenario \"s\" {{ use kernel \"k\" {scenario} expect never violation; }}");
    let experiment = Experiment::new(scenario).with_kernel("k", kernel);
    promela::export(&experiment.compile().into_machine().unwrap_or_else(|why| panic!("{why}")), 0)
}

#[test]
fn heavy_states_and_slow_steps_are_few() {
    // 30,000 states of 150 kB were 4.5 GB.
    let heavy = "kernel \"k\" {
        sys fill() { for j in 0 .. 28 { let p = alloc_page(); for i in 0 .. 512 { p[i] = 0x7123456789abcdef; } } }
        sys t() { let p = alloc_page(); let n = 0; while true { n = n + 1; p[0] = n; } }
    }";
    let model =
        export(heavy, "machine { cpus 1; spare 32; tso 0; } setup { cpu 0 { fill(); } } cpu 0 { t(); }");
    assert!(model.contains("TLB_ROOM"));
    // 30,000 steps of 40,000 silent operations were 1,200,000,000 of them.
    let slow = "kernel \"k\" {
        global g: int = 0;
        sys t() { let n = 0; while true { n = n + 1; g = n; for i in 0 .. 13000 { } } }
    }";
    let model = export(slow, "machine { cpus 2; tso 0; } cpu 0 { t(); } cpu 1 { }");
    assert!(model.contains("TLB_ROOM"));
}
