//! What is offered, said and found at places of two small texts and of unfinished ones, as tables to read.

use crate::common;

use crate::common::at;
use assist::{Completions, NameKind, OutlineItem, TextPlace, WhichText, folds, outline};
use std::fmt::Write as _;

const KERNEL: &str = r#"// Counts what it flushes.
kernel "mine" extends "base" {
    about "A kernel for this test."
    option eager = on "Flush at once"
    option mode: one | all = all "What is flushed"
    const SLOTS = 4;
    mm generation: int = 1;
    percpu loaded_mm: mm = init_mm;       // what CR3 points to
    percpu slot[SLOTS] { gen: int = 0; owner: mm = init_mm; }

    // Flushes one address.
    fn flush_one(va: va) -> bool {
        if eager { invlpg(va); }
        return eager;
    }

    ipi flush(m: mm) {
        let old = slot[0].gen;
        if m == loaded_mm && old < m.generation { flush_one(0x1000); }
        for n in 0 .. SLOTS { slot[n].owner = m; }
    }

    sys run(next: mm) then user(next) { write_cr3(next.pgd, 0); loaded_mm = next; }
    sys kick(m: mm) {
        if mode == all { ipi flush(m) to online - {cpu} and wait; }
        count = count + 1;
    }
    invariant "one space" { for c in online { BUG_ON(per_cpu(loaded_mm, c) == init_mm, "none"); } }
}
"#;

const SCENARIO: &str = r#"scenario "test" {
    use kernel "mine" with { eager = off, pcid = on }
    option pages: 1 | 2 = 2 "How many pages"
    const CODE = 0x600000;
    machine { cpus 2; vendor amd; }
    mm A { 0x400000 -> page "data" ro; CODE -> page "code"; generation = 3; }
    setup { cpu 0 { run(A); } }
    cpu 0 { kick(A); let x = load(CODE); if x == 1 { store(CODE, x + pages); } }
    cpu 1 { run(A); let y = A.generation; }
    thread T in A { load(0x400000); }
    expect never kernel_bug "none";
    exists (0:x == 1 && 1:y == 2)
    case "other" { const CODE = 0x700000; expect sometimes deadlock; }
}
"#;

const BASE: &str = "kernel \"base\" {\n    // How many.\n    global count: int = 0;\n    sys kick(m: mm) { count = 1; }\n}\n";

/// The texts with a cursor where one of them has `mark` (`^` in it is the cursor).
fn marked(mark: &str) -> (common::Texts, WhichText, u32) {
    let plain = mark.replace('^', "");
    let put = |text: &str| text.replacen(&plain, &mark.replace('^', "\u{2038}"), 1);
    let (scenario, kernel) = match SCENARIO.contains(&plain) {
        true => (put(SCENARIO), KERNEL.to_owned()),
        false => (SCENARIO.to_owned(), put(KERNEL)),
    };
    assert!(scenario.contains('\u{2038}') || kernel.contains('\u{2038}'), "{mark} is in no text");
    let (mut texts, text, byte) = at(&scenario, &kernel);
    texts.kernels.insert("base", BASE);
    texts.kernels.insert("mine", KERNEL);
    (texts, text, byte)
}

fn golden(name: &str, found: &str) {
    golden::check(format!("{}/tests/golden/{name}.txt", env!("CARGO_MANIFEST_DIR")), found);
}

#[test]
fn explained() {
    let marks = [
        "use kern^el",
        "ea^ger = off",
        "pci^d = on",
        "opt^ion pages",
        "CO^DE -> page",
        "vend^or amd",
        "\"data\" r^o",
        "generat^ion = 3",
        "se^tup {",
        "cpu 0 { kic^k",
        "let ^x = load",
        "lo^ad(CODE)",
        "x + pag^es",
        "A.genera^tion",
        "thread T in ^A",
        "nev^er kernel_bug",
        "kernel_^bug \"none\"",
        "exi^sts (",
        "0:^x == 1",
        "^case",
        "exten^ds",
        "\"ba^se\"",
        "opti^on mode",
        "mo^de: one",
        "const SLO^TS",
        "percpu loaded^_mm",
        "slot[SL^OTS]",
        "flush_o^ne(0x1000)",
        "fn flush_one(va: v^a)",
        "if eag^er { invlpg",
        "invl^pg(va)",
        "slot[0].ge^n",
        "m.genera^tion {",
        "the^n user",
        "then us^er(next)",
        "then user(ne^xt)",
        "write_^cr3",
        "next.p^gd",
        "mode == al^l",
        "ip^i flush(m) to",
        "ipi flu^sh(m) to",
        "an^d wait",
        "onli^ne - {cpu}",
        "{cp^u}",
        "cou^nt = count",
        "per_^cpu(",
        "init^_mm, \"none\"",
        "BUG^_ON",
        "retu^rn eager",
        "fo^r n in",
        "slot[n].own^er",
    ];
    let mut out = String::new();
    for mark in marks {
        let (texts, text, byte) = marked(mark);
        let _ = match texts.workspace().explain(&text, byte) {
            None => writeln!(out, "{mark}\n    nothing"),
            Some(found) => {
                let sentences: String =
                    found.sentences.iter().map(|sentence| format!("\n        {sentence}")).collect();
                writeln!(out, "{mark}\n    {}{sentences}", found.head)
            }
        };
    }
    golden("explain", &out);
}

#[test]
fn found() {
    let marks = [
        "ea^ger = off",
        "CO^DE -> page",
        "generat^ion = 3",
        "kic^k(A); let",
        "let ^x = load",
        "x + pag^es",
        "0:^x == 1",
        "thread T in ^A",
        "\"no^ne\";",
        "page \"da^ta\"",
        "use kernel \"mi^ne\"",
        "\"ba^se\"",
        "slot[SL^OTS]",
        "fn flush_one(^va: va)",
        "m == loaded^_mm",
        "slot[n].own^er",
        "for ^n in",
        "cou^nt = count",
        "invl^pg",
        "then user(ne^xt)",
    ];
    let mut out = String::new();
    for mark in marks {
        let (texts, text, byte) = marked(mark);
        let workspace = texts.workspace();
        let shown = |places: Vec<TextPlace>| {
            let line = |place: &TextPlace| {
                let (name, written) = match &place.text {
                    WhichText::Scenario => ("scenario", SCENARIO),
                    WhichText::Kernel => ("kernel", KERNEL),
                    WhichText::Extended(_) => ("base", BASE),
                };
                let (line, column) = place.span.line_column(written);
                format!(" {name} {line}:{column} {}", place.span.of(written))
            };
            places.iter().map(line).collect::<Vec<_>>().join(",")
        };
        let (declared, uses) =
            (shown(workspace.definitions(&text, byte)), shown(workspace.uses(&text, byte)));
        let _ = writeln!(out, "{mark}\n    declared:{declared}\n    uses:    {uses}");
    }
    golden("find", &out);
}

/// Words of each kind, in order: as many as a reader can take in.
fn shown(found: &Completions) -> String {
    let mut out = String::new();
    let mut kinds: Vec<NameKind> = Vec::new();
    for proposal in &found.proposals {
        if !kinds.contains(&proposal.kind) {
            kinds.push(proposal.kind);
        }
    }
    for kind in kinds {
        let words: Vec<&str> =
            found.proposals.iter().filter(|one| one.kind == kind).map(|one| one.word.as_str()).collect();
        let more = if words.len() > 24 { format!(" and {} more", words.len() - 24) } else { String::new() };
        let _ = writeln!(out, "    {kind:?}: {}{more}", words[..words.len().min(24)].join(" "));
    }
    out
}

#[test]
fn completed() {
    let marks = [
        "use ker^nel",
        "use kernel \"mi^ne\"",
        "with { ea^ger",
        "eager = o^ff",
        "pcid = o^n",
        "opt^ion pages",
        "machine { cp^us",
        "vendor am^d",
        "CO^DE -> page",
        "page \"data\" r^o",
        "generat^ion = 3",
        "setup { cp^u 0",
        "kic^k(A)",
        "let ^x = load",
        "lo^ad(CODE)",
        "A.gen^eration",
        "in ^A {",
        "expect nev^er",
        "kernel_b^ug",
        "0:^x == 1",
        "\"no^ne\";",
        "^about",
        "mode: one | all = al^l",
        "percpu loaded_mm: m^m",
        "fn flush_one(va: v^a)",
        "inv^lpg(va)",
        "slot[0].g^en",
        "m.gen^eration {",
        "then us^er(next)",
        "write_cr3(next.pgd, 0^)",
        "mode == al^l",
        "ipi fl^ush(m) to",
        "ipi flush(m) t^o",
        "BUG_^ON",
        "extends \"ba^se\"",
        "const SLOTS = ^4",
        "// Coun^ts",
    ];
    let mut out = String::new();
    for mark in marks {
        let (texts, text, byte) = marked(mark);
        let found = texts.workspace().complete(&text, byte);
        let written = if text == WhichText::Scenario { SCENARIO } else { KERNEL };
        let _ = writeln!(out, "{mark}  (in the place of \"{}\")\n{}", found.span.of(written), shown(&found));
    }
    golden("complete", &out);
}

#[test]
fn unfinished() {
    let texts = [
        ("", "\u{2038}"),
        ("", "kernel \"k\" {\n    \u{2038}\n}"),
        (
            "",
            "kernel \"k\" {\n    percpu lazy: bool;\n    sys idle() {\n        let m = init_mm;\n        la\u{2038}\n    }\n    sys next() { }\n}",
        ),
        (
            "",
            "kernel \"k\" {\n    mm gen: int;\n    sys f(m: mm) {\n        m.\u{2038}\n        free_page(none);\n",
        ),
        (
            "",
            "kernel \"k\" {\n    sys f(m: mm) {\n        if m == init_mm {\n            let inner = 1;\n    sys g() { inn\u{2038} }\n",
        ),
        ("", "kernel \"k\" {\n    sys f(m: mm) {\n        write_cr3(m.pgd, 0, \u{2038}\n"),
        ("", "kernel \"k\" {\n    global g: \u{2038}\n    sys f() { }\n}"),
        ("scenario \"s\" {\n    use kernel \"\u{2038}\n    cpu 0 { }\n}", "kernel \"k\" { about \"One.\" }"),
        (
            "scenario \"s\" {\n    use kernel \"k\"\n    machine { \u{2038}\n    cpu 0 { }\n}",
            "kernel \"k\" { }",
        ),
        (
            "scenario \"s\" {\n    use kernel \"k\"\n    mm A { 0x1000 -> page \"a\" \u{2038}; }\n}",
            "kernel \"k\" { }",
        ),
        ("scenario \"s\" {\n    use kernel \"k\"\n    expect \u{2038}\n}", "kernel \"k\" { }"),
        (
            "scenario \"s\" {\n    use kernel \"k\"\n    workload { cpu 0 { \u{2038}\n} }\n}",
            "kernel \"k\" { }",
        ),
        (
            "scenario \"s\" {\n    mm A;\n    cpu 0 {\n        let x = \u{2038}\n    cpu 1 { let z = 2; }\n}",
            "kernel \"k\" { sys f() { } fn g() { } }",
        ),
        ("costs \"c\" {\n    ipi_\u{2038}\n}", ""),
    ];
    let mut out = String::new();
    for (scenario, kernel) in texts {
        let (texts, text, byte) = at(scenario, kernel);
        let found = texts.workspace().complete(&text, byte);
        let written = if scenario.contains('\u{2038}') { scenario } else { kernel };
        let _ = writeln!(out, "{}\n{}", written.replace('\u{2038}', "^"), shown(&found));
    }
    golden("unfinished", &out);
}

#[test]
fn outlined() {
    fn line(out: &mut String, text: &str, part: &OutlineItem, depth: usize) {
        let number = |byte: u32| assist::Lines::new(text).position(byte).0 + 1;
        let lines = (number(part.span.start), number(part.span.end));
        let _ = writeln!(
            out,
            "{}{} {:?}, lines {}-{}: {}",
            "    ".repeat(depth),
            part.name,
            part.kind,
            lines.0,
            lines.1,
            part.detail
        );
        part.parts.iter().for_each(|inner| line(out, text, inner, depth + 1));
    }
    let mut out = String::new();
    for text in [
        SCENARIO,
        KERNEL,
        "kernel \"k\" {\n    sys f() {\n        let x = 1\n    sys g() { }\n    percpu s {\n        a: int;\n",
    ] {
        outline(text).iter().for_each(|part| line(&mut out, text, part, 0));
        let folded: Vec<String> =
            folds(text).iter().map(|fold| format!("{}-{}", fold.first + 1, fold.last + 1)).collect();
        let _ = writeln!(out, "folds: {}\n", folded.join(" "));
    }
    golden("outline", &out);
}

#[test]
fn remarked() {
    let (texts, ..) = marked("use kern^el");
    let workspace = texts.workspace();
    assert_eq!(workspace.remarks(), []);
    // In the kernel that is extended, and in the kernel: each place is in its own text.
    let (mut texts, ..) = marked("use kern^el");
    texts.kernels.insert("base", BASE.replace("count = 1", "cuont = 1").replace("sys kick", "sys other"));
    texts.kernel = Some(KERNEL.replace("invlpg(va)", "invplg(va)"));
    let told: Vec<String> = texts
        .workspace()
        .remarks()
        .iter()
        .map(|remark| {
            format!(
                "{:?} {:?} {} {:?}",
                remark.place.text,
                remark.place.span,
                remark.message,
                remark.mend.as_ref().map(|mend| &mend.text)
            )
        })
        .collect();
    golden("remarks", &format!("{}\n", told.join("\n")));
    // A case may have a mistake of its own.
    let (mut texts, ..) = marked("use kern^el");
    texts.scenario =
        Some(SCENARIO.replace("const CODE = 0x700000;", "const CODE = 0x700000; cpu 0 { kick(B); }"));
    assert_eq!(texts.workspace().remarks(), []);
    let told = texts.workspace().remarks_of_cases();
    assert_eq!(
        told.iter().map(|remark| remark.message.as_str()).collect::<Vec<_>>(),
        ["the block of CPU 0 has no local `x`", "unknown name `B`"]
    );
}

#[test]
fn an_unknown_kernel_says_nothing_of_another_one() {
    let kernel = "kernel \"mine\" { about \"What the workspace has.\" sys f() { } }";
    let said = |name: &str| {
        let (texts, text, byte) = at(&format!("scenario \"s\" {{ use kernel \"{name}\" }}"), kernel);
        texts.workspace().explain(&text, byte).expect("it is a name").sentences
    };
    assert_eq!(said("mi\u{2038}ne"), ["What the workspace has."]);
    assert_eq!(said("yo\u{2038}urs"), <[&str; 0]>::default());
}
