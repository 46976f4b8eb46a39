//! A sheet styles the elements of its own area. Two areas may use one class, as `answer` once was: then each sheet says in which of
//! its own elements it means the class, or the other area's elements change with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What belongs to no area: its classes and its sheets are for all.
const SHARED: [&str; 2] = ["parts", "shell"];

/// Selectors that style a class which another area uses too, and why that is meant.
const MEANT: [(&str, &str); 1] = [(
    ".page > main:has(.even) > .left",
    "the page has these columns itself, and an area's element is no child of `main`",
)];

type Classes = BTreeSet<String>;

/// The words of a text that a class attribute holds.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_owned)
}

/// What stands between the first of a pair of signs, which begins `text`, and its partner.
fn between(text: &str, open: char, close: char) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == open) - i32::from(c == close);
        if depth == 0 {
            return &text[open.len_utf8()..at];
        }
    }
    ""
}

/// The texts between quotes in some code.
fn quoted(code: &str) -> impl Iterator<Item = &str> {
    code.split('"').skip(1).step_by(2)
}

/// The classes that a component gives to its elements.
fn given(code: &str) -> Classes {
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let mut all = Classes::new();
    for (at, _) in code.match_indices("class") {
        let rest = &code[at + "class".len()..];
        let said = match rest {
            rest if rest.starts_with("=\"") => rest[2..].split('"').take(1).collect::<Vec<_>>(),
            rest if rest.starts_with("={") => quoted(between(&rest[1..], '{', '}')).collect(),
            rest if rest.starts_with("es!(") => quoted(between(&rest[3..], '(', ')')).collect(),
            // It is made before, and stands alone in the markup.
            rest if code[..at].ends_with("let ") || code[..at].ends_with("let (") => {
                quoted(rest.split(";\n").next().unwrap_or_default()).collect()
            }
            _ => Vec::new(),
        };
        all.extend(said.into_iter().flat_map(words));
    }
    all
}

/// The selectors of a sheet, without comments.
fn selectors(sheet: &str) -> Vec<String> {
    let mut parts = sheet.split("/*");
    let mut code = parts.next().unwrap_or_default().to_owned();
    code.extend(parts.filter_map(|part| part.split_once("*/")).map(|(_, code)| code));
    let heads = code.split('{').map(|head| head.rsplit(['}', ';']).next().unwrap_or_default().trim());
    heads.filter(|head| !head.is_empty() && !head.starts_with('@')).flat_map(apart).collect()
}

/// What commas separate outside of brackets.
fn apart(list: &str) -> Vec<String> {
    let (mut depth, mut all) = (0, vec![String::new()]);
    for c in list.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        match c {
            ',' if depth == 0 => all.push(String::new()),
            c => all.last_mut().expect("there is one").push(c),
        }
    }
    all.iter().map(|one| one.trim().to_owned()).collect()
}

/// A selector with one of the alternatives in each `:is()` and `:where()`, and without what an element must not be or contain.
fn variants(selector: &str) -> Vec<String> {
    for asks in [":not(", ":has("] {
        if let Some(at) = selector.find(asks) {
            let inside = between(&selector[at + asks.len() - 1..], '(', ')');
            let rest = &selector[at + asks.len() + inside.len() + 1..];
            return variants(&format!("{}{rest}", &selector[..at]));
        }
    }
    for offers in [":is(", ":where("] {
        if let Some(at) = selector.find(offers) {
            let inside = between(&selector[at + offers.len() - 1..], '(', ')');
            let (before, rest) = (&selector[..at], &selector[at + offers.len() + inside.len() + 1..]);
            return apart(inside).iter().flat_map(|one| variants(&format!("{before}{one}{rest}"))).collect();
        }
    }
    vec![selector.to_owned()]
}

/// The classes that a selector asks of an element.
fn asked(compound: &str) -> Classes {
    let plain: String = {
        let mut outside = compound.split('[');
        let first = outside.next().unwrap_or_default().to_owned();
        outside.fold(first, |all, part| all + part.split_once(']').map_or("", |(_, rest)| rest))
    };
    let names = plain.split('.').skip(1);
    names
        .filter_map(|name| name.split(|c: char| !c.is_alphanumeric() && c != '-').next().map(str::to_owned))
        .collect()
}

/// Areas by name: the classes of their elements, and the selectors of their sheets.
fn areas() -> BTreeMap<String, (Classes, Vec<String>)> {
    let mut areas = BTreeMap::new();
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    for folder in std::fs::read_dir(ui).expect("it is there").flatten().filter(|entry| entry.path().is_dir())
    {
        let (mut classes, mut styled) = (Classes::new(), Vec::new());
        for file in std::fs::read_dir(folder.path()).expect("it is there").flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap_or_default();
            match file.path().extension().and_then(|ending| ending.to_str()) {
                Some("rs") => classes.extend(given(&text)),
                Some("css") => styled.extend(selectors(&text)),
                _ => {}
            }
        }
        if folder.file_name() == "shell" {
            classes.extend(given(include_str!("../src/page.rs")));
        }
        areas.insert(folder.file_name().to_string_lossy().into_owned(), (classes, styled));
    }
    areas
}

#[test]
fn a_sheet_styles_the_elements_of_its_own_area() {
    let areas = areas();
    assert!(
        areas.len() > 9 && areas["lesson"].0.contains("answer") && areas["settings"].0.contains("answer")
    );
    let others = |area: &str| {
        let area = area.to_owned();
        areas.iter().filter(move |(other, _)| **other != area)
    };
    let mut found = BTreeSet::new();
    for (area, (_, styled)) in areas.iter().filter(|(area, _)| !SHARED.contains(&&***area)) {
        for selector in styled {
            for variant in variants(selector) {
                let compounds: Vec<Classes> = variant.split([' ', '>', '+', '~']).map(asked).collect();
                // What no component has is made by a script, and belongs to this area too.
                let alone = |class: &String| !others(area).any(|(_, other)| other.0.contains(class));
                // The element, or the nearest one around it that has a class.
                let Some(subject) = compounds.iter().rfind(|subject| !subject.is_empty()) else { continue };
                if compounds.iter().flatten().any(alone) {
                    continue;
                }
                for (other, _) in others(area)
                    .filter(|(other, it)| !SHARED.contains(&&***other) && subject.is_subset(&it.0))
                {
                    found.insert(format!("{area}: {selector} styles an element of {other}"));
                }
            }
        }
    }
    let meant = |said: &String| MEANT.iter().any(|(selector, _)| said.contains(selector));
    let faults: Vec<&String> = found.iter().filter(|said| !meant(said)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    for (selector, why) in MEANT {
        assert!(
            found.iter().any(|said| said.contains(selector)),
            "{selector} styles its own area alone ({why})"
        );
    }
}

/// What a script makes is styled by a sheet for all, so no component may have its classes: it would look like that.
#[test]
fn what_scripts_make_has_classes_of_its_own() {
    let scripts = [include_str!("../later/extras.js"), include_str!("../boot.js")];
    let made = scripts.iter().flat_map(|script| {
        let named =
            |words: &'static str| script.split(words).skip(1).filter_map(|rest| rest.split('"').next());
        named("className: \"").chain(named("className = \"")).flat_map(words)
    });
    // The sign that closes something looks the same everywhere.
    let made: Classes = made.filter(|class| class != "close").collect();
    assert!(made.len() > 4, "{made:?}");
    let areas = areas();
    let shared = |class: &&String| areas.values().any(|(given, _)| given.contains(*class));
    assert_eq!(made.iter().filter(shared).collect::<Vec<_>>(), Vec::<&String>::new());
}
