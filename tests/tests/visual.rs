//! The visual system: `docs/visual.md` and its picture are made from the tokens of the stylesheet. Every contrast
//! that the page relies on is computed here. `cargo xtask bless` renews the page.

mod colour;
mod page;
mod sample;
mod tokens;

use colour::{Colour, Sight};
use std::fs;
use std::path::{Path, PathBuf};
use tokens::{Theme, Tokens};

/// What is text, on all plain grounds.
const TEXT: [&str; 8] = ["ink", "ink-2", "ink-3", "software", "hardware", "stale", "corrupt", "safe"];
/// What is a mark, on all plain grounds.
const MARKS: [&str; 7] =
    ["ink-3", "software", "hardware", "stale-mark", "corrupt-mark", "safe-mark", "focus"];
/// Plain grounds.
const GROUNDS: [&str; 3] = ["ground", "sheet", "sunken"];
/// Text on grounds of their own.
const OWN: [(&str, &str); 13] = [
    ("software", "software-soft"),
    ("hardware", "hardware-soft"),
    ("stale", "stale-soft"),
    ("corrupt", "corrupt-soft"),
    ("safe", "safe-soft"),
    ("ink", "software-soft"),
    ("ink", "hardware-soft"),
    ("ink", "stale-hatch"),
    ("ink", "corrupt-soft"),
    ("on-mark", "software"),
    ("on-stale", "stale-mark"),
    ("on-corrupt", "corrupt-mark"),
    ("ground", "ink"),
];
/// What a reader must tell apart by colour where shapes are small.
const TONES: [&str; 5] = ["software", "hardware", "stale-mark", "corrupt-mark", "safe-mark"];

/// Every colour and size.
const TOKENS: &str = "web/src/ui/parts/tokens.css";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn stylesheets() -> Vec<(String, String)> {
    let folders = fs::read_dir(root().join("web/src/ui")).expect("web/src/ui");
    let folders = folders.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).expect("an area"));
    let mut sheets: Vec<(String, String)> = files
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "css"))
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a stylesheet"))
        })
        .collect();
    sheets.sort();
    sheets
}

fn the_tokens() -> Tokens {
    Tokens::read(&fs::read_to_string(root().join(TOKENS)).expect("tokens.css"))
}

#[test]
fn both_ways_to_the_dark_theme_lead_to_the_same() {
    let tokens = the_tokens();
    assert_eq!(tokens.dark, tokens.forced_dark);
    let missing: Vec<&String> =
        tokens.dark.keys().filter(|name| !tokens.light.contains_key(name.as_str())).collect();
    assert!(missing.is_empty(), "only in the dark: {missing:?}");
}

#[test]
fn text_and_marks_stand_out() {
    let tokens = the_tokens();
    let mut faint = Vec::new();
    for theme in Theme::BOTH {
        let mut need = |what: &str, on: &str, least: f64| {
            let ratio = tokens.colour(theme, what).contrast(tokens.colour(theme, on));
            if ratio < least {
                faint.push(format!("{theme:?}: {what} on {on} has {ratio:.2}, {least} is the least"));
            }
        };
        for on in GROUNDS {
            TEXT.into_iter().for_each(|what| need(what, on, 4.5));
            MARKS.into_iter().for_each(|what| need(what, on, 3.0));
        }
        OWN.into_iter().for_each(|(what, on)| need(what, on, 4.5));
    }
    assert!(faint.is_empty(), "{faint:#?}");
}

#[test]
fn tones_differ_for_every_kind_of_sight() {
    let tokens = the_tokens();
    for theme in Theme::BOTH {
        for sight in Sight::ALL {
            let (distance, pair) = closest(&tokens, theme, sight);
            assert!(distance > 8.0, "{theme:?}, {sight:?}: {pair:?} are {distance:.1} apart");
        }
    }
}

/// The two tones that are hardest to tell apart, and how far they are.
fn closest(tokens: &Tokens, theme: Theme, sight: Sight) -> (f64, (&'static str, &'static str)) {
    let seen = |name: &str| -> Colour { tokens.colour(theme, name).seen_with(sight) };
    let mut best = (f64::MAX, ("", ""));
    for (index, one) in TONES.into_iter().enumerate() {
        for other in TONES.into_iter().skip(index + 1) {
            let distance = seen(one).distance(seen(other));
            if distance < best.0 {
                best = (distance, (one, other));
            }
        }
    }
    best
}

#[test]
fn colours_are_tokens() {
    let mut loose = Vec::new();
    for (name, text) in stylesheets() {
        if name == TOKENS {
            continue;
        }
        let mut paper = false;
        for (number, line) in (1..).zip(text.lines()) {
            // Paper is black on white.
            paper = if line.starts_with('}') { false } else { paper || line.starts_with("@media print") };
            let hex = line.split('#').skip(1).any(|rest| {
                let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
                digits == 3 || digits == 6
            });
            if hex && !paper {
                loose.push(format!("{name}:{number}: {line}"));
            }
        }
    }
    assert!(loose.is_empty(), "{loose:#?}");
}

#[test]
fn motion_is_short_and_can_be_had_without() {
    for (name, text) in stylesheets() {
        let mut calm = true;
        for line in text.lines() {
            if line.starts_with("@media") {
                calm = !line.contains("prefers-reduced-motion: no-preference");
            } else if line.starts_with('}') {
                calm = true;
            }
            let moves = line.contains("transition:") || line.contains("animation:");
            assert!(!(moves && calm), "{name}: motion for those who want none: {line}");
            for milliseconds in tokens::milliseconds(line) {
                assert!(milliseconds <= 300, "{name}: {line}");
            }
        }
    }
}

#[test]
fn the_page_shows_the_tokens() {
    let tokens = the_tokens();
    let mut failed = Vec::new();
    for (file, text) in [("visual.md", page::page(&tokens)), ("visual.svg", sample::sample(&tokens))] {
        failed.extend(golden::differs(root().join("docs").join(file), &text));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
