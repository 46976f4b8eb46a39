//! The arrows inside a crate: which file imports which. Cargo forbids circles between crates; only this test forbids them
//! inside one. In the page's two crates imports also go down from floor to floor.

use crate::tree::{self, Text};
use crate::{none, tree::root};
use std::collections::{BTreeMap, BTreeSet};

/// The two folders of the page.
const PAGE: [&str; 2] = ["crates/lab/src/", "web/src/"];

/// The folders that have floors: there imports go down, or stay on a floor. The files of any other folder are on one floor.
const FLOORS: [(&str, Floor); 4] = [
    ("crates/lab/src/", lab_floor),
    ("crates/lang/src/", lang_floor),
    ("crates/link/src/", link_floor),
    ("web/src/", web_floor),
];

/// On which floor a module stands.
type Floor = fn(&[&str]) -> u32;

/// The model, then the views of it.
fn lab_floor(module: &[&str]) -> u32 {
    match module {
        ["same", ..] => 0,
        ["model", ..] => 1,
        ["view", ..] => 2,
        _ => 3,
    }
}

/// The browser, what the areas share, the areas, the page that assembles them, and the owner of the state.
fn web_floor(module: &[&str]) -> u32 {
    match module {
        ["browser", ..] => 0,
        ["ui", "parts", ..] => 1,
        ["ui", _, ..] => 2,
        ["page"] => 3,
        ["app"] => 4,
        _ => 5,
    }
}

/// What texts and programs are made of, then from a text to its tree, to a checked tree, and to a program.
fn lang_floor(module: &[&str]) -> u32 {
    match module {
        ["source" | "property" | "texts" | "ir", ..] | ["costs" | "workload" | "ordered"] => 0,
        ["diagnostic", ..] => 1,
        ["syntax", ..] => 2,
        ["parse", ..] => 3,
        ["check", ..] => 4,
        ["lower", ..] => 5,
        _ => 6,
    }
}

/// What bytes are made of, the versions of the format that are frozen, and the present link, which they do not know.
fn link_floor(module: &[&str]) -> u32 {
    match module {
        ["hash" | "limits" | "refusal"] => 0,
        ["wire", ..] => 1,
        ["versions", _, ..] => 2,
        _ => 3,
    }
}

/// Every file on one floor.
fn one_floor(_module: &[&str]) -> u32 {
    0
}

/// Every folder that holds a crate: `src` of a package, and each of its programs that has a folder of its own.
fn rooms() -> Vec<(String, Floor)> {
    let of = |file: &Text| {
        let (package, inside) = file.path.split_once("/src/")?;
        let program = inside.strip_prefix("bin/").and_then(|program| Some(program.split_once('/')?.0));
        Some(program.map_or(format!("{package}/src/"), |program| format!("{package}/src/bin/{program}/")))
    };
    let folders: BTreeSet<String> = tree::rust().iter().filter_map(of).collect();
    let floor = |folder: &str| {
        FLOORS.iter().find(|(with, _)| *with == folder).map_or(one_floor as Floor, |one| one.1)
    };
    folders.into_iter().map(|folder| (folder.clone(), floor(&folder))).collect()
}

/// The area of the page that a module belongs to.
fn area<'a>(module: &[&'a str]) -> Option<&'a str> {
    match module {
        ["ui", "parts", ..] => None,
        ["ui", area, ..] => Some(area),
        _ => None,
    }
}

/// The files of a folder by module (`ui/stage/mod.rs` is `ui::stage`), and for each those that it imports.
struct Room {
    files: BTreeMap<String, Text>,
    imports: BTreeMap<String, BTreeSet<String>>,
}

impl Room {
    fn read(folder: &str) -> Room {
        let mut files = BTreeMap::new();
        for file in tree::rust() {
            // A file of tests may name whatever it tests.
            let path = file.path.strip_prefix(folder).and_then(|path| path.strip_suffix(".rs"));
            if let Some(path) = path.filter(|path| !path.ends_with("/tests") && !path.starts_with("bin/")) {
                let module = path.strip_suffix("/mod").unwrap_or(path).replace('/', "::");
                files.insert(module, file);
            }
        }
        // The root: of a library, or else of a program.
        if let Some(root) = files.remove("lib").or_else(|| files.remove("main")) {
            files.insert(String::new(), root);
        }
        Room::of(files)
    }

    fn of(files: BTreeMap<String, Text>) -> Room {
        let read =
            |(module, file): (&String, &Text)| (module.clone(), named(module, &code(&file.text), &files));
        let names: BTreeMap<String, Vec<Named>> = files.iter().map(read).collect();
        let of_file = |(module, named): (&String, &Vec<Named>)| {
            let own: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
            // A module that hands on what is in its own modules does not use it.
            let used = named.iter().filter(|one| {
                !one.handed_on || !one.path.iter().map(String::as_str).take(own.len()).eq(own.iter().copied())
            });
            let homes = used.map(|one| home(&one.path, &names, 0)).filter(|found| found != module);
            (module.clone(), homes.collect())
        };
        let imports = names.iter().map(of_file).collect();
        Room { files, imports }
    }
}

/// A text without its comments and its tests.
fn code(text: &str) -> String {
    let tests =
        ["\n#[cfg(test)]", "\n#[cfg(all(test, "].into_iter().filter_map(|tests| text.find(tests)).min();
    let code = &text[..tests.unwrap_or(text.len())];
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Something that a file names of its own crate.
struct Named {
    /// From the crate's root.
    path: Vec<String>,
    /// What it is called in the file, if it is imported.
    name: Option<String>,
    /// The file hands it on: `pub use`.
    handed_on: bool,
}

/// What the code of a module names of its crate.
fn named(module: &str, code: &str, files: &BTreeMap<String, Text>) -> Vec<Named> {
    let (mut all, mut rest, mut handed_on) = (Vec::new(), String::new(), false);
    for (number, part) in code.split("use ").enumerate() {
        // Text before the first word, or after a word like `because `, is not an import.
        let after = match part.split_once(';') {
            Some((tree, after)) if number > 0 => {
                let mut paths = Vec::new();
                expand("", tree, &mut paths);
                all.extend(paths.into_iter().map(|(path, name)| (path, Some(name), handed_on)));
                after
            }
            _ => part,
        };
        rest.push_str(after);
        handed_on = after.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("pub"));
    }
    let own: Vec<&str> = module.split("::").filter(|part| !part.is_empty() && *part != "main").collect();
    let modules = files.keys().filter_map(|file| {
        let parts: Vec<&str> = file.split("::").collect();
        parts.strip_prefix(&own[..]).filter(|inside| inside.len() == 1).map(|inside| inside[0])
    });
    // `crate::a::b`, `super::a`, and `a::b` of a module of its own.
    for head in modules.filter(|module| !module.is_empty()).chain(["crate", "super"]) {
        for (at, _) in rest.match_indices(&format!("{head}::")) {
            let before = rest[..at].chars().next_back();
            if before.is_some_and(|before| before.is_alphanumeric() || before == '_' || before == ':') {
                continue;
            }
            let end = rest[at..].find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            let path = rest[at..].get(..end.unwrap_or(rest.len() - at)).unwrap_or_default();
            all.push((path.to_owned(), None, false));
        }
    }
    let absolute = |(path, name, handed_on): (String, Option<String>, bool)| {
        let mut parts: Vec<&str> = path.split("::").map(str::trim).collect();
        let mut base = own.clone();
        match parts[0] {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                while parts.first() == Some(&"super") {
                    base.pop();
                    parts.remove(0);
                }
                parts.insert(0, "super");
            }
            // A module of its own, as `use picture::Stage` in `stage/mod.rs`.
            child if files.contains_key(&join(&[&own[..], &[child]].concat())) => parts.insert(0, "self"),
            _ => return None,
        }
        base.extend(parts[1..].iter().filter(|part| **part != "self"));
        Some(Named { path: base.into_iter().map(str::to_owned).collect(), name, handed_on })
    };
    all.into_iter().filter_map(absolute).collect()
}

/// The file in which a path ends. What a file on the way has from another one is looked for there.
fn home(path: &[String], names: &BTreeMap<String, Vec<Named>>, hops: u32) -> String {
    let module = |length: usize| path[..length].join("::");
    let length =
        (0..=path.len()).rev().find(|&length| names.contains_key(&module(length))).unwrap_or_default();
    let found = module(length);
    let (first, others) = match &path[length..] {
        [first, others @ ..] if hops < 8 => (first, others),
        _ => return found,
    };
    let mut there = names.get(&found).into_iter().flatten();
    let from = there.find(|one| one.name.as_ref() == Some(first) && one.path != path);
    match from {
        Some(from) => home(&[&from.path[..], others].concat(), names, hops + 1),
        None => found,
    }
}

fn join(parts: &[&str]) -> String {
    parts.join("::")
}

/// `a::{b, c::{d as e}}` is `a::b`, called `b`, and `a::c::d`, called `e`.
fn expand(before: &str, tree: &str, paths: &mut Vec<(String, String)>) {
    let Some((head, inside)) = tree.split_once('{') else {
        let (path, called) = tree.split_once(" as ").unwrap_or((tree, tree));
        let path = format!("{before}{}", path.trim());
        let called = called.trim().trim_end_matches("::self").rsplit("::").next().unwrap_or_default();
        let called = if called == "self" {
            before.trim_end_matches("::").rsplit("::").next().unwrap_or_default()
        } else {
            called
        };
        return paths.push((path, called.to_owned()));
    };
    let before = format!("{before}{}", head.trim());
    let inside = inside.rsplit_once('}').map_or(inside, |(inside, _)| inside);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inside.char_indices().chain([(inside.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inside[start..at].trim();
                if !part.is_empty() {
                    expand(&before, part, paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

#[test]
fn inside_a_crate_imports_go_down_and_never_round() {
    let rooms = rooms();
    for (folder, _) in FLOORS {
        assert!(rooms.iter().any(|room| room.0 == folder), "{folder} has moved");
    }
    none(rooms.iter().flat_map(|(folder, floor)| wrong_ways(&Room::read(folder), *floor)).collect());
}

/// Imports of a folder that lead up, into another area, or in a cycle.
fn wrong_ways(room: &Room, floor: Floor) -> Vec<String> {
    let mut complaints = Vec::new();
    for (module, imports) in &room.imports {
        let parts: Vec<&str> = module.split("::").collect();
        for import in imports {
            let used: Vec<&str> = import.split("::").collect();
            let (path, below) = (&room.files[module].path, &room.files[import].path);
            if floor(&parts) < floor(&used) {
                complaints.push(format!("{path} imports {below}, which is above it"));
            }
            if let (Some(one), Some(other)) = (area(&parts), area(&used))
                && one != other
            {
                complaints.push(format!("{path} imports {below}: areas do not know each other"));
            }
            if reaches(&room.imports, import, module) {
                complaints.push(format!("{path} imports {below}, which leads back to it"));
            }
        }
    }
    complaints
}

/// Whether imports lead from one module to another.
fn reaches(imports: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![from]);
    while let Some(module) = todo.pop() {
        if module == to {
            return true;
        }
        if seen.insert(module) {
            todo.extend(imports.get(module).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

#[test]
fn only_the_folder_browser_names_the_browser() {
    let mut complaints = Vec::new();
    for folder in PAGE {
        for file in Room::read(folder).files.into_values() {
            complaints.extend(browser_named(&file).map(|word| format!("{}: {word}", file.path)));
        }
    }
    let manifest = std::fs::read_to_string(root().join("crates/lab/Cargo.toml")).expect("lab's manifest");
    assert!(!manifest.contains("yew"), "lab knows no Yew");
    none(complaints);
}

/// A name of the browser in a file where there should be none.
fn browser_named(file: &Text) -> Option<&'static str> {
    let mut never = vec!["web_sys", "js_sys", "gloo", "wasm_bindgen"];
    if file.path.starts_with("crates/lab") {
        never.push("yew");
    }
    let (browser, code) = (file.path.starts_with("web/src/browser/"), code(&file.text));
    never.into_iter().find(|word| !browser && code.contains(&format!("{word}::")))
}

#[test]
fn no_component_is_handed_whom_to_ask() {
    let mut complaints = Vec::new();
    for file in Room::read("web/src/").files.into_values() {
        if handed_whom_to_ask(&file) {
            let message = "ui/parts/dispatch.rs and ui/parts/navigation.rs know whom to ask";
            complaints.push(format!("{}: {message}", file.path));
        }
    }
    none(complaints);
}

/// Whether a component has a property for what `ui/parts/dispatch.rs` or `ui/parts/navigation.rs` knows.
fn handed_whom_to_ask(file: &Text) -> bool {
    let (path, code) = (&file.path, code(&file.text));
    let knows = path.ends_with("/parts/navigation.rs");
    let handed = code.contains("pub act: Callback<Act>") || !knows && code.contains(": Callback<Tab>");
    path.starts_with("web/src/ui/") && handed
}

/// Each check of this file refuses what it is meant to refuse, and nothing else.
#[test]
fn the_checks_of_the_page_can_fail() {
    let file = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
    let document = "fn f() { web_sys::window(); }";
    assert_eq!(browser_named(&file("web/src/ui/stage/cpu.rs", document)), Some("web_sys"));
    assert_eq!(browser_named(&file("web/src/browser/clock.rs", document)), None);
    assert_eq!(browser_named(&file("web/src/page.rs", "// web_sys::window() is for browser/\n")), None);
    assert_eq!(browser_named(&file("crates/lab/src/view/run.rs", "use yew::Html;")), Some("yew"));
    let handed = "pub struct Props {\n    pub act: Callback<Act>,\n}\n";
    assert!(handed_whom_to_ask(&file("web/src/ui/stage/cpu.rs", handed)));
    assert!(handed_whom_to_ask(&file("web/src/ui/shell/tabs.rs", "    pub turn: Callback<Tab>,\n")));
    assert!(!handed_whom_to_ask(&file("web/src/ui/parts/navigation.rs", "    pub to_tab: Callback<Tab>,\n")));
    assert!(!handed_whom_to_ask(&file("web/src/ui/stage/cpu.rs", "pub lens: Lens,")));
    let room = |files: &[(&str, &str)]| {
        let module = |&(module, text): &(&str, &str)| (module.to_owned(), file(module, text));
        Room::of(files.iter().map(module).collect())
    };
    let wrong = |files: &[(&str, &str)]| wrong_ways(&room(files), web_floor);
    let (down, up) = ("use crate::ui::parts::tone::tone;", "use crate::ui::stage::cpu::Cpu;");
    assert!(wrong(&[("ui::stage::cpu", down), ("ui::parts::tone", "")]).is_empty());
    assert_eq!(
        wrong(&[("ui::stage::cpu", ""), ("ui::parts::tone", up)]).len(),
        1,
        "what all share knows no area"
    );
    assert_eq!(
        wrong(&[("ui::stage::cpu", ""), ("ui::texts::code", up)]).len(),
        1,
        "areas do not know each other"
    );
    let round = [("ui::stage::cpu", "use super::tile::Tile;"), ("ui::stage::tile", "use super::cpu::Cpu;")];
    assert_eq!(wrong(&round).len(), 2, "each leads back to the other");
}

#[test]
fn code_is_read_as_it_is_meant() {
    let mut paths = Vec::new();
    expand("", "crate::a::{self, b::{c, d}, e as f}", &mut paths);
    let pair = |(path, name): (&str, &str)| (path.to_owned(), name.to_owned());
    let wanted =
        [("crate::a::self", "a"), ("crate::a::b::c", "c"), ("crate::a::b::d", "d"), ("crate::a::e", "f")];
    assert_eq!(paths, wanted.map(pair));
    let of = |module: &str, code: &str| {
        let text = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
        let mut files: BTreeMap<String, Text> =
            ["", "a", "a::b", "a::c", "d"].map(|module| (module.to_owned(), text(module, ""))).into();
        files.insert(String::new(), text("", "mod a;\npub use a::Kept;\npub use d::D;"));
        files.insert("a".to_owned(), text("a", "pub(crate) use b::{B, Kept};\nuse crate::d::E;"));
        files.insert(module.to_owned(), text(module, code));
        Room::of(files).imports[module].iter().cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("a", "use b::B;\nuse crate::d::{self, D};\nuse std::d;"), ["a::b", "d"]);
    assert_eq!(of("a::b", "use super::c::C;\nfn f() { crate::d::g() }"), ["a::c", "d"]);
    assert_eq!(of("a", "fn f() { b::g(x::b::G, sub::h()); }"), ["a::b"]);
    // What another file hands on, or only has, is at home elsewhere; and who hands it on does not use it.
    assert_eq!(of("a::c", "use crate::{D, Kept};\nuse super::E;"), ["a::b", "d"]);
    assert_eq!(of("", "mod a;\npub use a::{B, Kept};"), [] as [&str; 0]);
    assert_eq!(of("a::c", "use super::Own;"), ["a"]);
}
