//! Lists of all variants of an enum, which the compiler lets be too short.

use crate::none;
use crate::tree::{self, Text};

#[test]
fn a_list_of_all_variants_has_all_of_them() {
    none(tree::rust().iter().flat_map(short).collect());
}

/// The lists of a file that are named `ALL`, and have another length than the enum beside them has variants. A list that is a
/// slice has no length to compare; only macros make such, from the rows that make the variants too.
fn short(file: &Text) -> Vec<String> {
    let mut found = Vec::new();
    for (_, rest) in
        file.text.match_indices("const ALL: [").map(|(at, head)| (at, &file.text[at + head.len()..]))
    {
        let Some((of, rest)) = rest.split_once("; ") else { continue };
        let Some(length) = rest.split(']').next().and_then(|length| length.parse::<usize>().ok()) else {
            continue;
        };
        let names = of.split(|c: char| !c.is_alphanumeric());
        let variants = names.into_iter().find_map(|name| variants(&file.text, name));
        if let Some(variants) = variants.filter(|variants| *variants != length) {
            found.push(format!("{}: ALL of {of} has {length}, the enum {variants}", file.path));
        }
    }
    found
}

/// How many variants an enum of a text has; nothing if there is none of that name, or if a variant holds something.
fn variants(text: &str, name: &str) -> Option<usize> {
    let (_, rest) = text.split_once(&format!("enum {name} {{\n"))?;
    let indent = rest.len() - rest.trim_start().len();
    let body =
        rest.lines().take_while(|line| line.trim_start().len() + indent <= line.len() || line.is_empty());
    let lines = body.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['/', '#']));
    let names: Vec<&str> =
        lines.map(|line| line.split(" = ").next().unwrap_or_default().trim_end_matches(',')).collect();
    let plain = |name: &&str| name.chars().all(char::is_alphanumeric);
    (!name.is_empty() && names.iter().all(plain)).then_some(names.len())
}

#[test]
fn a_short_list_is_seen() {
    let file = |length: u8, variants: &str| Text {
        path: "a.rs".to_owned(),
        text: format!(
            "/// Some.\npub enum Some {{\n    /// One.\n    #[default]\n    One,\n{variants}}}\n\nimpl Some {{\n    pub const ALL: [Some; {length}] = [];\n}}\n"
        ),
    };
    assert_eq!(short(&file(2, "    Two = 4,\n")), [] as [String; 0]);
    assert_eq!(short(&file(1, "    Two = 4,\n")), ["a.rs: ALL of Some has 1, the enum 2"]);
    assert_eq!(short(&file(1, "    Two(u8),\n")), [] as [String; 0], "there are more values than variants");
}
