//! One word per thing. Where a reader of one crate meets two types of one name, both are the same thing, or one of the lists below
//! says why they share a name: of two crates, or of one.

use crate::tree::{self, Text};
use crate::{floors, none};
use cargo_metadata::{DependencyKind, Package};
use std::collections::{BTreeMap, BTreeSet};

/// A name that several crates have, those crates, and why.
type Repeat = (&'static str, &'static [&'static str], &'static str);

/// The names that may be met twice.
const ALLOWED: [Repeat; 13] = [
    ("Check", &["machine", "lab"], "the page's record of a check that the explorer carries out"),
    ("Distances", &["explore", "lab"], "the page's record of the distances that the explorer computes"),
    ("Early", &["machine", "lab"], "the page's record of what a check says before its end"),
    ("Look", &["lang", "e2e"], "a flow knows no text of a kernel; its page has a look"),
    ("Lost", &["explore", "lab"], "the page's record of the step from which on a run is lost"),
    ("Opened", &["link", "lab"], "an opened link, and the same with the page's player"),
    ("Opening", &["link", "lab"], "a link being opened, and the same with the page's progress"),
    ("Outcome", &["link", "e2e"], "a flow knows links by their text; its steps have outcomes"),
    ("Site", &["lang", "e2e"], "a flow knows no operation of a kernel; its server serves a site"),
    ("Space", &["x86", "explore"], "the field says address space and state space"),
    ("Theme", &["figure", "lab"], "the same thing, in crates that do not see each other"),
    ("Unopened", &["link", "lab"], "why a link did not open, and the same with the page's own reasons"),
    (
        "Worker",
        &["explore", "web"],
        "the browser calls its own so, and no file of the page names the search's",
    ),
];

/// A crate that has names twice, those names, and why.
type Double = (&'static str, &'static [&'static str], &'static str);

/// The names that a crate may have twice.
const WITHIN: [Double; 4] = [
    (
        "lab",
        &["Ask", "Cell", "CostRow", "Entry", "Found", "Way"],
        "two parts of the page that do not know each other",
    ),
    (
        "lang",
        &["Finale", "Rmw", "Stmt", "StmtKind", "Then"],
        "the same thing, as it is written and as it is checked",
    ),
    ("link", &["Wire"], "a link, as each version has it"),
    ("web", &["Props"], "the properties of each component, as the framework calls them"),
];

/// A type that a file defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Defined {
    name: String,
    /// It says `pub`, with nothing behind it.
    public: bool,
}

/// The types that a text defines for others: those with `pub` or `pub(…)`.
fn defined(text: &str) -> Vec<Defined> {
    let code = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    let of_line = |line: &str| {
        let line = line.trim_start().strip_prefix("pub")?;
        let (public, line) = match line.strip_prefix('(') {
            Some(scope) => (false, scope.split_once(')')?.1),
            None => (true, line),
        };
        let kinds = ["struct", "enum", "type", "trait"];
        let (kind, rest) = line.trim_start().split_once(' ')?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        kinds.contains(&kind).then(|| Defined { name: rest[..end].to_owned(), public })
    };
    code.lines().filter_map(of_line).collect()
}

/// The names that a crate shows to others: `pub use`, and the public types of public modules.
fn exported(files: &BTreeMap<&str, &Text>) -> BTreeSet<String> {
    let (mut names, mut open) = (BTreeSet::new(), vec!["lib".to_owned()]);
    while let Some(module) = open.pop() {
        let inside = format!("{module}/mod");
        let Some(file) = files.get(module.as_str()).or_else(|| files.get(inside.as_str())) else { continue };
        names.extend(defined(&file.text).into_iter().filter(|one| one.public).map(|one| one.name));
        for tree in file.text.split("\npub use ").skip(1).filter_map(|rest| Some(rest.split_once(';')?.0)) {
            names.extend(tree.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
        }
        for line in file.text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
            open.push(if module == "lib" { line.to_owned() } else { format!("{module}/{line}") });
        }
    }
    names
}

/// The files of a package, by their path in its folder of sources.
fn sources<'a>(files: &'a [Text], package: &Package) -> Vec<(String, &'a Text)> {
    let root = tree::root();
    let path = std::path::Path::new(&package.manifest_path).parent();
    let path = path.and_then(|path| path.strip_prefix(&root).ok());
    let folder = path.map(|path| path.to_string_lossy().replace('\\', "/")).unwrap_or_default();
    let source = format!("{folder}/src/");
    let of = |file: &Text| file.path.strip_prefix(&source)?.strip_suffix(".rs").map(str::to_owned);
    files
        .iter()
        .filter_map(|file| Some((of(file)?, file)))
        .filter(|(path, _)| !path.ends_with("tests"))
        .collect()
}

/// For each crate the names that a reader of it meets, each with the crates that define it: its own names, and those that its
/// dependencies show.
fn met() -> BTreeMap<String, BTreeSet<(String, Vec<String>)>> {
    let files = tree::rust();
    let packages = floors::metadata().packages;
    let mut own: BTreeMap<String, Vec<Defined>> = BTreeMap::new();
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in &packages {
        let modules = sources(&files, package);
        let by_module: BTreeMap<&str, &Text> =
            modules.iter().map(|(path, file)| (path.as_str(), *file)).collect();
        own.insert(
            package.name.to_string(),
            modules.iter().flat_map(|(_, file)| defined(&file.text)).collect(),
        );
        shown.insert(package.name.to_string(), exported(&by_module));
    }
    let mut all = BTreeMap::new();
    for package in &packages {
        let name = package.name.to_string();
        let used = package
            .dependencies
            .iter()
            .filter(|one| one.path.is_some() && one.kind == DependencyKind::Normal);
        let mut homes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for one in &own[&name] {
            homes.entry(&one.name).or_default().insert(&name);
        }
        for used in used.map(|used| used.name.as_str()) {
            for one in own[used].iter().filter(|one| one.public && shown[used].contains(&one.name)) {
                homes.entry(&one.name).or_default().insert(used);
            }
        }
        let twice = homes.into_iter().filter(|(_, homes)| homes.len() > 1);
        let twice =
            twice.map(|(one, homes)| (one.to_owned(), homes.into_iter().map(str::to_owned).collect()));
        let twice = twice.collect();
        all.insert(name, twice);
    }
    all
}

#[test]
fn a_reader_meets_no_name_for_two_things() {
    let (mut complaints, mut seen) = (Vec::new(), BTreeSet::new());
    for (reader, names) in met() {
        for (name, homes) in names {
            let allows = |(known, crates, _): &Repeat| {
                *known == name && homes.iter().all(|home| crates.contains(&home.as_str()))
            };
            let allowed: Vec<usize> = (0..ALLOWED.len()).filter(|&at| allows(&ALLOWED[at])).collect();
            if allowed.is_empty() {
                complaints.push(format!("{reader} has {name} of {}", homes.join(" and of ")));
            }
            seen.extend(allowed);
        }
    }
    let unseen = (0..ALLOWED.len()).filter(|at| !seen.contains(at));
    complaints.extend(unseen.map(|at| format!("{} is allowed, and nobody meets it", ALLOWED[at].0)));
    none(complaints);
}

/// The names that a package has twice.
fn twice(modules: &[(String, &Text)]) -> BTreeSet<String> {
    let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for one in modules.iter().flat_map(|(_, file)| defined(&file.text)) {
        if !once.insert(one.name.clone()) {
            twice.insert(one.name);
        }
    }
    twice
}

#[test]
fn no_crate_has_a_name_for_two_things() {
    let (files, mut complaints) = (tree::rust(), Vec::new());
    for package in &floors::metadata().packages {
        let allowed = WITHIN.iter().find(|(name, ..)| *name == package.name.as_str());
        let allowed: BTreeSet<String> =
            allowed.map_or(&[][..], |row| row.1).iter().map(|name| (*name).to_owned()).collect();
        let found = twice(&sources(&files, package));
        complaints
            .extend(found.difference(&allowed).map(|name| format!("{} has {name} twice", package.name)));
        complaints.extend(allowed.difference(&found).map(|name| format!("{} has {name} once", package.name)));
    }
    none(complaints);
}

#[test]
fn names_are_read_as_they_are_meant() {
    let text = "/// A.\npub struct A<T>(T);\npub(crate) enum B {\n    C,\n}\n    pub type D = u8;\nstruct E;\npub fn f() {}\n\
                #[cfg(test)]\npub struct G;\n";
    let one = |name: &str, public| Defined { name: name.to_owned(), public };
    assert_eq!(defined(text), [one("A", true), one("B", false), one("D", true)]);
    let file = |text: &str| Text { path: String::new(), text: text.to_owned() };
    let (lib, open, inner, closed) = (
        file("mod closed;\npub mod open;\npub use closed::{Handed, more};\n"),
        file("pub mod inner;\npub struct Open;\n"),
        file("pub enum Inner {}\npub(super) struct Own;\n"),
        file("pub struct Handed;\npub struct Kept;\n"),
    );
    let files = [("lib", &lib), ("open", &open), ("open/inner", &inner), ("closed", &closed)];
    let names = exported(&files.into_iter().collect());
    let has = |name: &str| names.contains(name);
    assert!(has("Handed") && has("Open") && has("Inner") && !has("Kept") && !has("Own"));
    let two = [("a".to_owned(), &open), ("b".to_owned(), &open), ("c".to_owned(), &inner)];
    assert_eq!(twice(&two), ["Open".to_owned()].into());
}
