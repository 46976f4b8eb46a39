//! The sentences of words come from the tables of `docs/language.md`; `cargo xtask bless` renews the file.

use lang::vocabulary::{Position, words};
use std::collections::BTreeMap;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language.md");
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/words.txt");

/// The place of the grammar that a table is about: by its first heading, and the chapter. Nothing if it has no words.
fn place(heading: &str, chapter: &str) -> Option<&'static str> {
    Some(match (heading, chapter) {
        ("text", _) => "text",
        ("item", "Kernels") => "kernel",
        ("item", "Scenarios") => "scenario",
        ("type", _) => "type",
        ("statement", _) => "statement",
        ("after a dot", _) => "field",
        ("after the head", _) => "then",
        ("of a mapping", _) => "mapping",
        ("expected", _) => "expect",
        ("in a workload", _) => "workload",
        ("name" | "place", _) | (_, "Built-in functions") | ("of a CPU", _) => "builtin",
        ("in a case" | "what the trace ends with", _) => return None,
        _ => panic!("a table that begins with {heading:?}: say what it is about, or that it has no words"),
    })
}

/// The cells of a row; `\|` is no border.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim().trim_matches('|').replace("\\|", "\u{1}");
    row.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
}

/// A sentence without links.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[')
        && let Some((words, link)) = after.split_once("](")
        && let Some((_, behind)) = link.split_once(')')
    {
        out.push_str(before);
        // "([below](#guests))" leads nowhere outside of the page.
        match (out.strip_suffix(" (").map(str::to_owned), behind.strip_prefix(')')) {
            (Some(shorter), Some(behind)) => {
                out = shorter;
                rest = behind;
            }
            _ => {
                out.push_str(words);
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The words that a cell names: the first of each piece of code.
fn named(cell: &str) -> Vec<String> {
    let code = cell.split('`').skip(1).step_by(2);
    let name = |code: &str| {
        let code = code.strip_prefix("then ").unwrap_or(code);
        let code = code.strip_prefix("by ").or(code.strip_prefix("and ")).unwrap_or(code);
        let end = code.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(code.len());
        code[..end].to_owned()
    };
    code.map(name).filter(|name| !name.is_empty()).collect()
}

fn sentences(page: &str) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    let (mut chapter, mut heads, mut machine) = (String::new(), Vec::new(), false);
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            chapter = heading.to_owned();
        }
        if line.starts_with("```") {
            machine = line == "```tlb machine";
        } else if machine {
            let words = line.split_once("//").map(|(code, said)| (code.split(' ').next(), said.trim()));
            if let Some((Some(word), said)) = words {
                found.insert(("machine".to_owned(), word.to_owned()), said.to_owned());
            }
        }
        if !line.starts_with('|') {
            heads.clear();
            continue;
        }
        let row = cells(line);
        if heads.is_empty() {
            heads = row;
            continue;
        }
        if row.iter().all(|cell| cell.chars().all(|c| c == '-')) {
            continue;
        }
        assert_eq!(row.len(), heads.len(), "a bar within a cell is written \\|: {line}");
        let Some(place) = place(&heads[0], &chapter) else { continue };
        let said = row.iter().zip(&heads).skip(1).filter(|(cell, _)| !cell.is_empty());
        let said = said.map(|(cell, head)| match head.as_str() {
            "return" => format!("returns {}", plain(cell)),
            "may be" => format!("may be {}", plain(cell)),
            _ => plain(cell),
        });
        let said = said.collect::<Vec<_>>().join("; ");
        for word in named(&row[0]) {
            found.entry((place.to_owned(), word)).or_insert_with(|| said.clone());
        }
    }
    found
}

#[test]
fn the_sentences_are_those_of_the_reference() {
    let page = std::fs::read_to_string(PAGE).expect("the reference is there");
    let lines = sentences(&page).into_iter().map(|((place, word), said)| format!("{place} {word}\t{said}\n"));
    golden::check(FILE, &lines.collect::<String>());
}

#[test]
fn every_word_of_the_language_has_a_sentence() {
    let there = |place: &str, word: &str| {
        assist::WORDS.lines().any(|line| line.starts_with(&format!("{place} {word}\t")))
    };
    let mut missing = Vec::new();
    let places = [
        (Position::Kernel, "kernel"),
        (Position::Scenario, "scenario"),
        (Position::Case, "scenario"),
        (Position::Machine, "machine"),
        (Position::Mapping, "mapping"),
        (Position::Statement, "statement"),
        (Position::Then, "then"),
        (Position::Observation, "expect"),
        (Position::Workload, "workload"),
        (Position::Load, "workload"),
        (Position::Type, "type"),
    ];
    for (place, name) in places {
        missing.extend(
            words(place).into_iter().filter(|word| !there(name, word)).map(|word| format!("{name} {word}")),
        );
    }
    missing.extend(lang::builtin_names().filter(|name| !there("builtin", name)).map(str::to_owned));
    assert!(missing.is_empty(), "no table of the reference has {missing:?}");
}

/// Pieces of code in a sentence.
fn pieces(said: &str) -> impl Iterator<Item = &str> {
    said.split('`').skip(1).step_by(2)
}

/// A sentence stands alone beside its word, so it has to be about this word and no other: no two words share one, and none
/// begins with what only the row above it explains.
#[test]
fn each_word_has_a_sentence_of_its_own() {
    let mut told: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for line in assist::WORDS.lines() {
        let (key, said) = line.split_once('\t').expect("a word and its sentence");
        let place = key.split(' ').next().unwrap_or("");
        if let Some(other) = told.insert((place, said), key) {
            panic!("{key} and {other} have one sentence: {said}");
        }
        let begins = |words: &str| said.starts_with(words);
        assert!(!begins("the same") || begins("the same as `"), "{key}: the same as what? {said}");
        assert!(!begins("its ") && !begins("these "), "{key}: whose? {said}");
    }
}

/// The reference calls a built-in function as the compiler spells it, and a sentence that names an argument names one of these.
#[test]
fn built_in_functions_are_called_as_the_compiler_spells_them() {
    let page = std::fs::read_to_string(PAGE).expect("the reference is there");
    for name in lang::builtin_functions() {
        let usage = lang::vocabulary::builtin(name).and_then(|found| found.usage).expect("a function");
        let listed = |call: &str| {
            let inner = call.split_once('(').map_or("", |(_, inner)| inner).trim_end_matches(')');
            inner
                .split([',', '[', ']'])
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let parameters = listed(&usage);
        let begins = format!("| `{name}(");
        let row = page
            .lines()
            .find(|line| line.starts_with(&begins))
            .unwrap_or_else(|| panic!("no row begins with {name}"));
        for call in pieces(&cells(row)[0]).filter(|piece| piece.contains('(')) {
            assert!(call.starts_with(&format!("{name}(")), "{call} is in the row of {name}");
            let given = listed(call);
            let fits =
                given.iter().zip(&parameters).all(|(given, name)| name.split('|').any(|word| word == given));
            assert!(
                fits && given.len() <= parameters.len(),
                "the reference says {call}, the compiler {usage}"
            );
        }
        let said = assist::WORDS
            .lines()
            .find_map(|line| line.strip_prefix(&format!("builtin {name}\t")))
            .expect("a sentence");
        let single = |piece: &&str| piece.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        for word in pieces(said).filter(single) {
            let known = parameters.iter().any(|own| own.split('|').any(|own| own == word))
                || lang::tokens(word).iter().all(|(_, kind)| *kind != lang::TokenKind::Name)
                || lang::property::names().any(|known| known == word)
                || words(Position::Machine).contains(&word);
            assert!(known, "{usage}: no argument is called {word} in: {said}");
        }
    }
}

/// A word of the language that is a name looks like one, and nothing else does.
#[test]
fn a_name_that_is_spelled_like_a_word_is_a_name() {
    let text = "kernel \"k\" {\n    option lazy: never | tables = never \"When\"\n    mm pcid: int;\n    sys f(m: mm, va: va) {\n        let page = pte(m, va);\n        m.pcid = 1;\n        if lazy == never { free_page(page); }\n    }\n}\n";
    let names = assist::names(text).into_iter().map(|span| (span.line_column(text).0, span.of(text)));
    let expected = [
        (2, "never"),
        (2, "never"),
        (3, "pcid"),
        (4, "va"),
        (5, "page"),
        (5, "va"),
        (6, "pcid"),
        (7, "never"),
        (7, "page"),
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    let scenario = "scenario \"s\" {\n    mm A { 0x1000 -> page \"data\"; }\n    cpu 0 { let page = load(0x1000); store(0x1000, page); }\n    expect never stale;\n}\n";
    assert_eq!(assist::names(scenario).len(), 2, "a page and `never` are words there");
    // Nothing else differs from what the lexer says.
    let (kinds, tokens) = (assist::kinds(text), lang::tokens(text));
    let other = kinds.iter().zip(&tokens).filter(|(kind, token)| kind != token);
    assert_eq!((kinds.len(), other.count()), (tokens.len(), expected.len()));
}
