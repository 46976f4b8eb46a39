//! Any text gives an answer, soon, and never a panic.

use crate::common;

use lang::{MAX_TEXT, Selection, check_kernel, compile, format, tokens};

/// A limit that the messages about a text never exceed.
const MOST: usize = 50;

fn text(file: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/texts/{file}", env!("CARGO_MANIFEST_DIR")))
        .expect("the text is there")
}

/// Everything that can be done with a text.
fn endure(text: &str) {
    let kernel = common::KERNEL.replace('%', "");
    let as_scenario = compile(text, &[("k", kernel.as_str()), ("lazy TLB lab", text)], &Selection::default());
    let scenario = common::SCENARIO.replace('%', "cpu 0 { run(A); }");
    let as_kernel = compile(&scenario, &[("k", text)], &Selection::default());
    for diagnostics in [as_scenario.diagnostics, as_kernel.diagnostics, check_kernel(text)] {
        assert!(diagnostics.len() <= MOST);
        for d in diagnostics {
            assert!(d.span.start <= d.span.end);
        }
    }
    if let Ok(formatted) = format(text) {
        // Indented, a text may grow over the limit.
        assert!(
            formatted.len() > MAX_TEXT || format(&formatted).is_ok_and(|again| again == formatted),
            "{text:.400}"
        );
    }
    let _ = tokens(text);
}

#[test]
fn a_text_that_is_not_closed_swallows_none_of_the_next() {
    let text = "kernel \"a\" {\n    sys run(next: mm) {\n\nscenario \"b\" { }\nkernel \"c\" { }\n";
    let parts: Vec<(bool, String)> =
        lang::parts(text).into_iter().map(|part| (part.kernel, part.name)).collect();
    let part = |kernel: bool, name: &str| (kernel, name.to_owned());
    assert_eq!(parts, [part(true, "a"), part(false, "b"), part(true, "c")]);
    // In the middle of a line it is a name in a text that is not closed.
    assert_eq!(lang::parts("kernel \"a\" { kernel \"b\" { }").len(), 1);
}

/// What stands before, between or behind the texts of a file is a part of one of them, so the compiler speaks of it.
#[test]
fn nothing_in_a_file_is_passed_over() {
    let text = "odd;\nkernel \"a\" { }\nodder;\nscenario \"b\" { }\noddest;\n";
    let parts: Vec<String> = lang::parts(text).iter().map(|part| part.of(text)).collect();
    for word in ["odd;", "odder;", "oddest;"] {
        assert_eq!(parts.iter().filter(|part| part.contains(word)).count(), 1, "{word} in {parts:?}");
    }
}

#[test]
fn prefixes() {
    let short = text("reuse.tlb");
    for end in (0..short.len()).filter(|&end| short.is_char_boundary(end)) {
        endure(&short[..end]);
    }
    for file in ["lab.kernel.tlb", "constructs.kernel.tlb"] {
        let text = text(file);
        for (span, _) in tokens(&text) {
            endure(&text[..span.end as usize]);
        }
    }
}

#[test]
fn deletions_and_doublings() {
    for file in ["lab.kernel.tlb", "reuse.tlb", "constructs.kernel.tlb"] {
        let text = text(file);
        for (span, _) in tokens(&text) {
            let (start, end) = (span.start as usize, span.end as usize);
            endure(&format!("{}{}", &text[..start], &text[end..]));
            endure(&format!("{} {}", &text[..end], &text[start..]));
        }
    }
}

/// Numbers that look random and are the same every time.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize
    }
}

#[test]
fn random_bytes() {
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    for _ in 0..300 {
        let len = random.next() % 400;
        let bytes: Vec<u8> = (0..len).map(|_| (random.next() % 256) as u8).collect();
        endure(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn random_words() {
    let mut random = Xorshift(42);
    let texts = [text("lab.kernel.tlb"), text("reuse.tlb"), text("constructs.kernel.tlb")];
    let words: Vec<&str> =
        texts.iter().flat_map(|t| tokens(t).into_iter().map(|(span, _)| span.of(t))).collect();
    for n in 0..400 {
        let body: Vec<&str> = (0..random.next() % 60).map(|_| words[random.next() % words.len()]).collect();
        let body = body.join(" ");
        match n % 3 {
            0 => endure(&body),
            1 => endure(&common::KERNEL.replace('%', &format!("sys t(m: mm) {{ {body}\n }}"))),
            _ => endure(&common::SCENARIO.replace('%', &format!("cpu 0 {{ {body}\n }}"))),
        }
    }
}

#[test]
fn swapped_words() {
    let mut random = Xorshift(7);
    for file in ["lab.kernel.tlb", "reuse.tlb", "constructs.kernel.tlb"] {
        let text = text(file);
        let tokens = tokens(&text);
        for _ in 0..300 {
            let (a, b) = (random.next() % tokens.len(), random.next() % tokens.len());
            let (a, b) = (tokens[a.min(b)].0, tokens[a.max(b)].0);
            if a == b {
                continue;
            }
            let at = |n: u32| n as usize;
            endure(&format!(
                "{}{}{}{}{}",
                &text[..at(a.start)],
                b.of(&text),
                &text[at(a.end)..at(b.start)],
                a.of(&text),
                &text[at(b.end)..]
            ));
        }
    }
}

#[test]
fn depth() {
    let stmt = |inner: &str| common::KERNEL.replace('%', &format!("sys t(n: int) {{ {inner} }}"));
    let n = 20_000;
    for inner in [
        "(".repeat(n),
        format!("let x = {}1{};", "(".repeat(n), ")".repeat(n)),
        format!("let x = {}", "{".repeat(n)),
        "{".repeat(n),
        format!("{}{}", "{".repeat(n), "}".repeat(n)),
        "if true {".repeat(n),
        format!("if n == 1 {{ }} {}", "else if n == 2 { }".repeat(n)),
        format!("let x = {}1;", "-".repeat(n)),
        format!("let x = {}true;", "!".repeat(n)),
        format!("let x = 1{};", "+1".repeat(n)),
        format!("let x = true{};", "&&true".repeat(n)),
        format!("let x = n{};", ".a".repeat(n)),
        format!("let x = n{};", "[0]".repeat(n)),
        format!("let x = {}n{};", "twice(".repeat(n), ")".repeat(n)),
        format!("let x = {};", "1+(".repeat(n)),
        "while ".repeat(n),
        "for i in ".repeat(n),
        "&".repeat(n),
        "fn f() {".repeat(n),
    ] {
        endure(&stmt(&inner));
        endure(&common::SCENARIO.replace('%', &format!("cpu 0 {{ {inner} }}")));
        endure(&inner);
    }
}

#[test]
fn size() {
    endure("");
    endure(&" ".repeat(MAX_TEXT));
    endure(&"x ".repeat(MAX_TEXT));
    endure(&"{".repeat(MAX_TEXT));
    endure(&"\"".repeat(MAX_TEXT));
    endure(&"/*".repeat(MAX_TEXT / 2));
    endure(&"é".repeat(MAX_TEXT / 2));
    let fill = |line: &str| common::KERNEL.replace('%', &line.repeat(MAX_TEXT / line.len() - 40));
    endure(&fill("fn f() { }\n"));
    endure(&fill("global x: int = y;\n"));
    endure(&fill("x\n"));
    let body = |line: &str| {
        let lines = line.repeat((MAX_TEXT - 4000) / line.len());
        common::KERNEL.replace('%', &format!("sys t(m: mm) {{ {lines} }}"))
    };
    endure(&body("m.tlb_gen = m.tlb_gen + 1;\n"));
    endure(&body("let aaa = bbb;\n"));
    endure(&body("if m.tlb_gen == 1 { next_id = 1; }\n"));
    let many: String = (0..8000).map(|n| format!("let name{n} = nema{n};\n")).collect();
    endure(&common::KERNEL.replace('%', &format!("sys t(m: mm) {{ {many} }}")));
}

#[test]
fn inlining_explodes_within_bounds() {
    for leaf in ["", "next_id = 1;", "let x = next_id; count = x;"] {
        let mut functions = format!("fn f0() {{ {leaf} }}\n");
        for n in 1..30 {
            functions += &format!("fn f{n}() {{ f{m}(); f{m}(); f{m}(); }}\n", m = n - 1);
        }
        functions += "sys t() { f20(); }";
        let kernel = common::KERNEL.replace('%', &functions);
        let compiled = common::compiled(&common::SCENARIO.replace('%', "cpu 0 { t(); }"), &kernel);
        assert!(compiled.program.is_none());
        assert!(compiled.failed());
    }
    let chain: String = (1..3000).map(|n| format!("fn f{n}() {{ f{}(); }}\n", n - 1)).collect();
    let kernel =
        common::KERNEL.replace('%', &format!("fn f0() {{ smp_mb(); }} {chain} sys t() {{ f2999(); }}"));
    let compiled = common::compiled(&common::SCENARIO.replace('%', "cpu 0 { t(); }"), &kernel);
    assert!(compiled.diagnostics.iter().any(|d| d.message.contains("nested too deeply")));
    let circle: String = (0..3000).map(|n| format!("fn f{n}() {{ f{}(); }}\n", (n + 1) % 3000)).collect();
    endure(&common::KERNEL.replace('%', &circle));
}
