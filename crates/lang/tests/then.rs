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
