//! Packs the texts of `library/` into one file, so that a new file joins the gallery without being named anywhere else.
//!
//! A native program has the whole file inside. The page has only the texts that it begins with. The whole file is part
//! of the site, and the page loads it (`src/lib.rs`).

use pack::{FOLDERS, Text, packed, texts};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "src/hash.rs"]
mod hash;
mod pack;

/// The scenario that the page begins with.
const FIRST: &str = "lazy+unmap+andy";

/// Folders of which the page has all texts from the beginning, since it offers the tour next to the first
/// scenario.
const AT_ONCE: [&str; 2] = ["tour", "challenges"];

fn main() -> io::Result<()> {
    // Cargo runs this in the package's folder. A place that is relative stays right in a copy of the compiled files.
    // In a packaged crate the library lies beside the manifest.
    let library =
        [Path::new("library"), Path::new("../../library")].into_iter().find(|folder| folder.is_dir());
    let library = library.ok_or_else(|| io::Error::other("there is no library"))?;
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={}", library.join(folder).display());
    }
    println!("cargo::rerun-if-changed=pack.rs");
    let texts = texts(library)?;
    let first = first(&texts);
    let (whole, some) = (packed(&texts), packed(texts.iter().filter(|text| first.contains(&text.path()))));
    let mut code = String::new();
    let _ = writeln!(code, "pub const FIRST: &str = {FIRST:?};");
    let _ = writeln!(code, "pub const FOLDERS: [&str; {}] = {FOLDERS:?};", FOLDERS.len());
    let _ = writeln!(code, "pub const AT_ONCE: &[&str] = &{first:?};");
    let _ = writeln!(code, "pub const FILE: &str = \"{}\";", hash::named("library.txt", &whole));
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    let page = env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|family| family == "wasm");
    fs::write(out.join("built_in.txt"), if page { some } else { whole })?;
    fs::write(out.join("names.rs"), code)
}

/// The texts that the page begins with: the first scenario, the kernels that it names, and the texts about it.
fn first(texts: &[Text]) -> Vec<String> {
    let scenario = texts.iter().find(|text| text.folder == "scenarios" && text.slug == FIRST);
    let scenario = scenario.map_or("", |scenario| scenario.text.as_str());
    let named = |kernel: &Text| {
        let head = kernel.text.lines().find(|line| line.starts_with("kernel \"")).unwrap_or_default();
        head.split('"').nth(1).is_some_and(|name| scenario.contains(&format!("use kernel \"{name}\"")))
    };
    let begins = |text: &&Text| match text.folder {
        "scenarios" => text.slug == FIRST,
        "kernels" => named(text),
        folder => AT_ONCE.contains(&folder),
    };
    texts.iter().filter(begins).map(Text::path).collect()
}
