//! A kernel's text in parts: what it says about itself, what it declares, and its functions.

use assist::{Lines, NameKind, OutlineItem, outline};
use std::collections::BTreeMap;

/// The most kernels that extend one another.
const DEEPEST: usize = 8;

/// A line of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedLine {
    /// Its number, from 1, in the text of the kernel that has it.
    pub number: usize,
    /// The line, without what all lines of its part are indented.
    pub text: String,
}

/// A kernel in parts. What it has from a kernel that it extends is among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KernelParts {
    /// Its comment at the top, its name, what it is about and where that is written.
    pub about: Vec<NumberedLine>,
    /// Its options, constants and variables.
    pub declared: Vec<NumberedLine>,
    /// Its functions by name, each with the comment above it, in the order of the text.
    pub functions: Vec<(String, Vec<NumberedLine>)>,
}

impl KernelParts {
    /// The parts of a kernel of the library.
    #[must_use]
    pub fn of(slug: &str) -> Option<KernelParts> {
        KernelParts::extending(slug, DEEPEST)
    }

    fn extending(name: &str, deeper: usize) -> Option<KernelParts> {
        let text = gallery::kernel(name)?.text;
        let own = KernelParts::of_text(text);
        let base = lang::extended_kernel(text).filter(|_| deeper > 0);
        let Some(mut whole) = base.and_then(|base| KernelParts::extending(&base, deeper - 1)) else {
            return Some(own);
        };
        whole.about = own.about;
        whole.declared.extend(own.declared);
        for (name, lines) in own.functions {
            match whole.functions.iter_mut().find(|(there, _)| *there == name) {
                Some(there) => there.1 = lines,
                None => whole.functions.push((name, lines)),
            }
        }
        Some(whole)
    }

    /// The parts of a text, without those of a kernel that it extends.
    #[must_use]
    pub fn of_text(text: &str) -> KernelParts {
        let lines: Vec<&str> = text.lines().collect();
        let Some(kernel) = outline(text).into_iter().find(|item| item.kind == NameKind::Kernel) else {
            return KernelParts::default();
        };
        let places = Lines::new(text);
        let line = |byte: u32| places.position(byte).0 as usize;
        let (head, end) = (line(kernel.place.start), line(kernel.span.end));
        let functions = kernel.parts.iter().filter(|part| part.kind == NameKind::Function);
        let mut owners = BTreeMap::new();
        let mut parts = KernelParts::default();
        for (number, OutlineItem { name, span, .. }) in functions.enumerate() {
            let (mut first, last) = (line(span.start), line(span.end.saturating_sub(1)));
            while first > head + 1 && is_comment(lines[first - 1]) && !owners.contains_key(&(first - 1)) {
                first -= 1;
            }
            owners.extend((first..=last).map(|line| (line, number)));
            parts.functions.push((name.clone(), Vec::new()));
        }
        for (number, text) in lines.iter().enumerate().take(end) {
            let owned = owners.get(&number).and_then(|&owner| parts.functions.get_mut(owner));
            let place = match owned {
                Some((_, lines)) => lines,
                None if number <= head || tells(text) => &mut parts.about,
                None => &mut parts.declared,
            };
            place.push(NumberedLine { number: number + 1, text: text.trim_end().to_owned() });
        }
        for part in [&mut parts.about, &mut parts.declared] {
            tidied(part);
        }
        for (_, part) in &mut parts.functions {
            tidied(part);
        }
        parts
    }
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// Whether a line says what the kernel is about, or where that is written.
fn tells(line: &str) -> bool {
    ["about \"", "cite \"", "claim \""].iter().any(|word| line.trim_start().starts_with(word))
}

/// Takes away blank lines at both ends and double ones, and what all lines are indented.
fn tidied(part: &mut Vec<NumberedLine>) {
    part.dedup_by(|after, before| after.text.is_empty() && before.text.is_empty());
    while part.last().is_some_and(|line| line.text.is_empty()) {
        part.pop();
    }
    if part.first().is_some_and(|line| line.text.is_empty()) {
        part.remove(0);
    }
    let indents = part.iter().filter(|line| !line.text.is_empty());
    let least = indents.map(|line| line.text.len() - line.text.trim_start().len()).min().unwrap_or(0);
    for line in part {
        line.text = line.text.get(least..).unwrap_or_default().to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::KernelParts;
    use std::collections::BTreeSet;

    const TEXT: &str = "// Why.\nkernel \"k\" {\n    about \"A.\"\n\n    option o = on \"O\"\n    mm m: int; // m\n\n    // What f does.\n    fn f() {\n        g();\n    }\n\n    fn g() { }\n}\n";

    fn texts(lines: &[super::NumberedLine]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn a_text_falls_into_parts() {
        let parts = KernelParts::of_text(TEXT);
        assert_eq!(texts(&parts.about), ["// Why.", "kernel \"k\" {", "    about \"A.\""]);
        assert_eq!(texts(&parts.declared), ["option o = on \"O\"", "mm m: int; // m"]);
        let names: Vec<&str> = parts.functions.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["f", "g"]);
        assert_eq!(texts(&parts.functions[0].1), ["// What f does.", "fn f() {", "    g();", "}"]);
        assert_eq!(parts.functions[0].1[0].number, 8);
        assert_eq!(KernelParts::of_text("fn"), KernelParts::default());
    }

    #[test]
    fn no_line_of_the_library_is_lost() {
        for kernel in gallery::kernels() {
            let parts = KernelParts::of_text(kernel.text);
            let functions = parts.functions.iter().flat_map(|(_, lines)| lines);
            let numbers: Vec<usize> =
                parts.about.iter().chain(&parts.declared).chain(functions).map(|line| line.number).collect();
            let found: BTreeSet<usize> = numbers.iter().copied().collect();
            assert_eq!(found.len(), numbers.len(), "{}: a line is there twice", kernel.slug);
            let last = kernel.text.lines().count();
            let lost = (1..last).filter(|number| !found.contains(number));
            let lost = lost.filter(|number| !kernel.text.lines().nth(number - 1).unwrap_or("").is_empty());
            assert_eq!(lost.collect::<Vec<_>>(), [], "{}", kernel.slug);
            assert!(
                !parts.functions.is_empty() || ["bare", "litmus"].contains(&kernel.slug),
                "{}",
                kernel.slug
            );
        }
    }

    #[test]
    fn a_kernel_that_extends_another_has_its_functions_too() {
        let [base, whole] = ["linux-6.14", "luf"].map(|slug| KernelParts::of(slug).expect("it is there"));
        for (name, _) in &base.functions {
            assert!(whole.functions.iter().any(|(there, _)| there == name), "{name}");
        }
        assert!(whole.functions.len() > base.functions.len());
        assert!(whole.about.iter().any(|line| line.text.starts_with("kernel \"LUF\"")));
        assert!(KernelParts::of("no such").is_none());
    }
}
