//! Compiles a scenario with a kernel and prints the program: `compile SCENARIO KERNEL [option=choice ...]`.
use lang::{Selection, Severity, compile, kernel_name};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [scenario, kernel, choices @ ..] = args.as_slice() else {
        return eprintln!("compile SCENARIO KERNEL [option=choice ...]");
    };
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_else(|error| format!("{path}: {error}"));
    let (scenario, kernel) = (read(scenario), read(kernel));
    let name = kernel_name(&kernel).unwrap_or_default();
    let options = choices.iter().filter_map(|c| c.split_once('=')).map(|(n, c)| (n.to_owned(), c.to_owned()));
    let case = choices.iter().find_map(|c| c.parse().ok());
    let selection = Selection { case, options: options.collect() };
    let texts = [(name.as_str(), kernel.as_str())];
    let compiled = compile(&scenario, &texts, &selection);
    for d in &compiled.diagnostics {
        let text = if d.source.0 == 0 { &scenario } else { &kernel };
        let (line, column) = d.span.line_column(text);
        let kind = if d.severity == Severity::Error { "error" } else { "warning" };
        let which = if d.source.0 == 0 { "scenario" } else { "kernel" };
        println!("{which}:{line}:{column}: {kind}: {} [{}]", d.message, d.span.of(text));
        if let Some(advice) = &d.advice {
            println!("    {advice}");
        }
    }
    if let Some(program) = &compiled.program {
        print!("{}", lang::dump(program));
    }
}
