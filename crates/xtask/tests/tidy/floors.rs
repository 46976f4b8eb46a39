//! Compares the picture of floors in `ARCHITECTURE.md` with what cargo knows. A picture that no test
//! compares becomes wrong.

use crate::{none, tree};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use std::collections::BTreeMap;

/// The picture: which crate stands on which floor, and which stands aside.
struct Picture {
    floors: BTreeMap<String, u32>,
    aside: Vec<String>,
}

impl Picture {
    /// From the fenced block of the section "Floors": lines that begin with a number, in them words like
    /// `crates/x86`, `web/` or `tests/e2e/`, of which the last part is the crate's name; a folder in brackets stands aside.
    fn read(page: &str) -> Self {
        let section =
            page.split("\n## ").find(|section| section.starts_with("Floors\n")).expect("a section Floors");
        let block = section.split("```").nth(1).expect("a fenced block in the section Floors");
        let mut picture = Self { floors: BTreeMap::new(), aside: Vec::new() };
        for line in block.lines() {
            let mut words = line.split_whitespace();
            let Some(floor) = words.next().and_then(|word| word.parse().ok()) else { continue };
            for word in words {
                if let Some(name) = word.strip_prefix("(crates/").and_then(|word| word.strip_suffix(')')) {
                    picture.aside.push(name.to_owned());
                } else if let Some(name) = word.strip_prefix("crates/").or_else(|| word.strip_suffix('/')) {
                    let name = name.rsplit('/').next().unwrap_or(name);
                    let before = picture.floors.insert(name.to_owned(), floor);
                    assert_eq!(before, None, "{name} stands in the picture twice");
                }
            }
        }
        picture
    }
}

/// What cargo says of the workspace.
pub fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(tree::root().join("Cargo.toml")).no_deps();
    command.exec().expect("cargo metadata")
}

fn picture() -> Picture {
    let page = std::fs::read_to_string(tree::root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    Picture::read(&page)
}

#[test]
fn the_picture_shows_the_crates_that_there_are() {
    let picture = picture();
    let mut shown: Vec<String> = picture.floors.into_keys().chain(picture.aside).collect();
    let mut real: Vec<String> =
        metadata().packages.into_iter().map(|package| package.name.to_string()).collect();
    shown.sort();
    real.sort();
    assert_eq!(shown, real, "left: ARCHITECTURE.md, Floors; right: the workspace");
}

#[test]
fn imports_go_down_only() {
    let picture = picture();
    let top = picture.floors.values().copied().max().unwrap_or_default();
    let mut complaints = Vec::new();
    for package in metadata().packages {
        // Tests' and build scripts' imports count too: they would tie the crates together just as well.
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let (user, used) = (package.name.as_str(), dependency.name.as_str());
            match (picture.floors.get(user), picture.floors.get(used)) {
                (Some(above), Some(below)) if above > below => {}
                (Some(above), Some(below)) => {
                    complaints.push(format!("{user} (floor {above}) imports {used} (floor {below})"));
                }
                // A crate that stands aside is not part of the product. Other crates aside may use it, and so may the
                // tests of any crate and the crates of the top floor, which are nothing but tests. The command line may carry
                // the page's server for those who ask for it.
                (_, None) if dependency.kind == DependencyKind::Development => {}
                (Some(_), None) if dependency.optional && (user, used) == ("cli", "host") => {}
                (above, None) if above.is_none_or(|floor| *floor == top) => {}
                _ => complaints.push(format!("{user} imports {used}: neither may know of the other")),
            }
        }
    }
    none(complaints);
}

#[test]
fn the_picture_is_read_as_it_is_meant() {
    let picture = Picture::read(
        "# A\n\n## Floors\ntext\n```\n1  crates/a  x/web/   x = `y`   t (crates/t) aside\n   lib/  d\n0  crates/b\n```\n",
    );
    assert_eq!(
        picture.floors.into_iter().collect::<Vec<_>>(),
        [("a".into(), 1), ("b".into(), 0), ("web".into(), 1)]
    );
    assert_eq!(picture.aside, ["t"]);
}
