//! The licences of our dependencies: each direct dependency offers a licence from this list, and so does each package of npm that
//! parts of the page are made of.

use crate::{none, tree};
use cargo_metadata::MetadataCommand;

/// Permissive licences, without a duty for users of the page.
const ALLOWED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether the expression can be satisfied: some alternative whose every part is on the list.
fn acceptable(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" OR ").any(|way| way.split(" AND ").all(|licence| ALLOWED.contains(&licence.trim())))
}

#[test]
fn every_direct_dependency_has_a_licence_on_the_list() {
    let mut command = MetadataCommand::new();
    command.manifest_path(tree::root().join("Cargo.toml"));
    let metadata = command.exec().expect("cargo metadata");
    let ours = |package: &cargo_metadata::Package| package.source.is_none();
    let direct: Vec<&str> = metadata
        .packages
        .iter()
        .filter(|package| ours(package))
        .flat_map(|package| package.dependencies.iter().map(|dependency| dependency.name.as_str()))
        .collect();
    let complaints = metadata
        .packages
        .iter()
        .filter(|package| !ours(package) && direct.contains(&package.name.as_str()))
        .filter(|package| !package.license.as_deref().is_some_and(acceptable))
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.license))
        .collect();
    none(complaints);
}

#[test]
fn every_package_of_npm_has_a_licence_on_the_list() {
    for part in ["editor", "share"] {
        let lock = tree::root().join(format!("web/{part}/package-lock.json"));
        none(unlicensed(&std::fs::read_to_string(lock).expect("the lock file")));
    }
}

/// The packages of npm's lock file that have another licence, or none.
fn unlicensed(lock: &str) -> Vec<String> {
    let packages = lock.split("\n    \"node_modules/").skip(1);
    let value = |package: &str| {
        let line = package.lines().find_map(|line| line.trim().strip_prefix("\"license\": "));
        line.map(|line| line.trim_matches(['"', ',']).to_owned())
    };
    let bad = packages.filter(|package| !value(package).is_some_and(|licence| acceptable(&licence)));
    bad.map(|package| format!("{}: {:?}", package.split('"').next().unwrap_or_default(), value(package)))
        .collect()
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    assert!(acceptable("MIT/Apache-2.0"));
    assert!(acceptable("GPL-3.0-only OR MIT"));
    assert!(acceptable("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!acceptable("MIT AND GPL-3.0-only"));
    let package =
        |name: &str, licence: &str| format!("\n    \"node_modules/{name}\": {{\n      {licence}\n    }}");
    let lock = package("a", "\"license\": \"MIT\",")
        + &package("b", "\"version\": \"1\"")
        + &package("c", "\"license\": \"GPL-3.0-only\"");
    assert_eq!(unlicensed(&lock), ["b: None", "c: Some(\"GPL-3.0-only\")"]);
}
