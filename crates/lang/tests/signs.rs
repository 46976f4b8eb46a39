//! Signs in front of signs stay words of their own.

use lang::format;

#[test]
fn what_is_formatted_reads_the_same_again() {
    for (written, formatted) in [
        ("- -1", "- -1"),
        ("-  - - 1", "- - -1"),
        ("2 - -1", "2 - -1"),
        ("2 - - - 1", "2 - - -1"),
        ("! ! true", "!!true"),
        ("! - 1", "!-1"),
        ("- ! 1", "-!1"),
        ("~ - ~ - 1", "~-~-1"),
        ("- - {0}", "- -{0}"),
    ] {
        let kernel =
            |value: &str| format!("kernel \"k\" {{\n    sys f() {{\n        g({value});\n    }}\n}}\n");
        let expected = kernel(formatted);
        assert_eq!(format(&kernel(written)), Ok(expected.clone()), "{written:?}");
        assert_eq!(format(&expected), Ok(expected.clone()), "{formatted:?}");
    }
}
