//! The grammar for editors is made from the lexer's tables, and gives every word of the library the scope that the lexer's
//! kind says. `TLBSCOPE_BLESS=1 cargo test -p cli grammar` renews the file.

use lang::TokenKind;
use lang::vocabulary::{signs, words_of};
use regex::Regex;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/editors/vscode/syntaxes/tlbscope.tmLanguage.json");

/// The scope of a kind: the first two parts are what themes know.
fn scope(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Comment => "comment.tlbscope",
        TokenKind::Keyword => "keyword.control.tlbscope",
        TokenKind::Type => "storage.type.tlbscope",
        TokenKind::Builtin => "support.function.tlbscope",
        TokenKind::Number => "constant.numeric.tlbscope",
        TokenKind::Text => "string.quoted.double.tlbscope",
        TokenKind::Name => "variable.other.tlbscope",
        TokenKind::Punctuation => "punctuation.tlbscope",
        TokenKind::Unknown => "invalid.illegal.tlbscope",
    }
}

fn matching(kind: TokenKind, expression: &str) -> Value {
    json!({ "name": scope(kind), "match": expression })
}

/// The grammar. What stands first wins where two expressions match at one place.
fn grammar() -> Value {
    let words = |kind: TokenKind| matching(kind, &format!("\\b({})\\b", words_of(kind).join("|")));
    let signs: Vec<String> = signs().into_iter().map(regex::escape).collect();
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "information_for_contributors": "made from the lexer's tables by crates/cli/tests/grammar.rs",
        "name": "TLBscope",
        "scopeName": "source.tlbscope",
        "fileTypes": ["tlb"],
        "patterns": [
            matching(TokenKind::Comment, "//.*$"),
            { "name": scope(TokenKind::Comment), "begin": "/\\*", "end": "\\*/" },
            matching(TokenKind::Text, "\"(\\\\.|[^\"\\\\])*(\"|$)"),
            // Sizes of pages are words.
            matching(TokenKind::Name, "\\b(4K|2M|1G)\\b"),
            matching(TokenKind::Number, "\\b[0-9]\\w*"),
            words(TokenKind::Keyword),
            words(TokenKind::Type),
            words(TokenKind::Builtin),
            matching(TokenKind::Name, "\\b[A-Za-z_]\\w*"),
            matching(TokenKind::Punctuation, &signs.join("|")),
            matching(TokenKind::Unknown, "[^\\s]"),
        ],
    })
}

#[test]
fn the_grammar_is_made_from_the_tables_of_the_lexer() {
    let text = serde_json::to_string_pretty(&grammar()).expect("JSON");
    golden::check(FILE, &format!("{text}\n"));
}

/// An expression of the grammar, and the one that ends what it begins.
struct Pattern {
    scope: String,
    begin: Regex,
    end: Option<Regex>,
}

fn patterns() -> Vec<Pattern> {
    let text = std::fs::read_to_string(FILE).expect("the grammar");
    let grammar: Value = serde_json::from_str(&text).expect("JSON");
    let regex =
        |value: &Value| value.as_str().map(|expression| Regex::new(expression).expect("an expression"));
    let pattern = |value: &Value| Pattern {
        scope: value["name"].as_str().expect("a scope").to_owned(),
        begin: regex(&value["match"]).or(regex(&value["begin"])).expect("an expression"),
        end: regex(&value["end"]),
    };
    grammar["patterns"].as_array().expect("patterns").iter().map(pattern).collect()
}

/// The scope of each byte of a text, as an editor finds it: line by line, the leftmost match, of these the first pattern's.
fn scopes(patterns: &[Pattern], text: &str) -> Vec<usize> {
    let mut found = vec![usize::MAX; text.len()];
    let (mut start, mut inside) = (0, None);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        let mut at = 0;
        while at <= bare.len() {
            if let Some(number) = inside {
                let end: &Pattern = &patterns[number];
                let end = end.end.as_ref().and_then(|end| end.find_at(bare, at)).map(|end| end.end());
                found[start + at..start + end.unwrap_or(bare.len())].fill(number);
                inside = inside.filter(|_| end.is_none());
                at = end.unwrap_or(bare.len() + 1);
                continue;
            }
            let matches = patterns.iter().enumerate();
            let next =
                matches.filter_map(|(number, pattern)| Some((number, pattern.begin.find_at(bare, at)?)));
            let Some((number, next)) = next.min_by_key(|(number, next)| (next.start(), *number)) else {
                break;
            };
            found[start + next.start()..start + next.end()].fill(number);
            inside = patterns[number].end.is_some().then_some(number);
            at = next.end().max(at + 1);
        }
        start += line.len();
    }
    found
}

#[test]
fn every_word_of_the_library_has_the_scope_of_its_kind() {
    let patterns = patterns();
    let texts =
        gallery::kernels().chain(gallery::scenarios()).chain(gallery::workloads()).chain(gallery::costs());
    // What the library does not have.
    let odd = [
        "/* a\n b */ let x = 2M + 0x1_0; // \"no\"\n\"a \\\" b\" 1G ~x\n\"no end\nlet /**/ @ y;",
        "goto a/*b*/c//d\n/*/ e */ f",
    ];
    let mut words = [0; TokenKind::ALL.len()];
    for text in texts.map(|text| text.text).chain(odd) {
        let found = scopes(&patterns, text);
        for (span, kind) in lang::tokens(text) {
            let bytes = span.start as usize..span.end as usize;
            for (byte, letter) in text[bytes.clone()].bytes().zip(bytes).map(|(letter, byte)| (byte, letter))
            {
                let there = patterns.get(found[byte]).map_or("", |pattern| pattern.scope.as_str());
                assert!(
                    letter == b'\n' || there == scope(kind),
                    "{:?} in {:?}: {there}",
                    span.of(text),
                    kind
                );
            }
            words[TokenKind::ALL.iter().position(|one| *one == kind).expect("a kind")] += 1;
        }
    }
    assert!(words.iter().all(|&words| words > 0), "{words:?}");
}
