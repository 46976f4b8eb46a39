//! What is known of a text that somebody is still writing.

use lang::Selection;

#[test]
fn a_kernel_has_its_name_before_its_options_can_be_read() {
    for options in ["with", "with {", "with { pcid", "with { pcid = }", "with { pcid = , tso = on }"] {
        for end in ["\n", "\n    cpu 0 { f(); }\n}\n"] {
            let text = format!("scenario \"s\" {{\n    use kernel \"k\" {options}{end}");
            assert_eq!(Selection::default().kernel_of(&text).as_deref(), Some("k"), "{text}");
            let case = format!(
                "scenario \"s\" {{\n    use kernel \"j\"\n    case \"c\" {{ use kernel \"k\" {options} }}{end}"
            );
            assert_eq!(lang::cases(&case).get(1).map(|case| case.kernel.as_str()), Some("k"), "{case}");
        }
    }
}
