//! What the CPU runs after a call, in a function's head, as the formatter writes it.

use lang::format;

/// A kernel with one function, whose head is written in some way.
fn kernel(head: &str) -> String {
    format!("kernel \"k\" {{\n    {head} {{\n        smp_mb();\n    }}\n}}\n")
}

#[test]
fn a_head_that_says_what_runs_then_is_formatted_whatever_its_blanks_and_keeps_its_lines() {
    for (written, formatted) in [
        ("sys a(next:mm)then user( next )", "sys a(next: mm) then user(next)"),
        ("sys a( next : mm )\n    then\tuser (next)", "sys a(next: mm)\n        then user(next)"),
        ("sys a()  then   user", "sys a() then user"),
        ("sys a()then kernel", "sys a() then kernel"),
        ("sys a()\nthen kthread", "sys a()\n        then kthread"),
        ("sys a( )then idle", "sys a() then idle"),
    ] {
        let expected = kernel(formatted);
        assert_eq!(format(&kernel(written)), Ok(expected.clone()), "{written:?}");
        assert_eq!(format(&expected), Ok(expected.clone()), "formatted, it stays: {formatted:?}");
    }
}

#[test]
fn a_comment_inside_such_a_head_is_kept() {
    let written = kernel("sys a(next: mm) // who is next\n    then user(next)");
    let formatted = format(&written).expect("it parses");
    assert!(formatted.contains("// who is next") && formatted.contains("then user(next)"), "{formatted}");
    assert_eq!(format(&formatted), Ok(formatted.clone()));
}

/// A function that takes the space to run is told about by its own name, and an argument that is missing is told about once.
#[test]
fn a_call_without_the_space_that_it_runs_is_told_about_once() {
    for (sys, call, told) in [
        (
            "sys go(n: int, m: mm) then user(m) { write_cr3(m.pgd, n); }",
            "go(1);",
            "`go` takes 2 arguments, not 1",
        ),
        ("sys run(m: mm) { write_cr3(m.pgd, 0); }", "run();", "`run` takes 1 argument, not 0"),
        ("sys run() { smp_mb(); }", "run();", "run must take the mm first"),
    ] {
        let kernel = format!("kernel \"k\" {{ {sys} }}");
        let scenario = format!(
            "scenario \"s\" {{ use kernel \"k\" mm A {{ }} cpu 0 {{ {call} }} expect never violation; }}"
        );
        let compiled = lang::compile(&scenario, &[("k", kernel.as_str())], &lang::Selection::default());
        let messages: Vec<String> = compiled.diagnostics.into_iter().map(|found| found.message).collect();
        assert_eq!(messages, [told], "{sys} {call}");
    }
}
