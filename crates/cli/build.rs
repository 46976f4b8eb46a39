//! The page's files, for the feature `page`: a list with the contents of each.
//!
//! A macro that embeds a folder would not notice that the folder has changed, and would say little if it is missing. This
//! script tells cargo of each file, and tells people what to do.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=TLBSCOPE_DIST");
    if env::var_os("CARGO_FEATURE_PAGE").is_none() {
        return;
    }
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    // In a packaged crate the page lies beside the manifest; in a source tree, where it is built.
    let usual = [here.join("dist"), here.join("../../dist")];
    let folder = match env::var_os("TLBSCOPE_DIST") {
        // As for the browsers' tests, it may be named from the root of the source tree.
        Some(folder) => here.join("../..").join(folder),
        None => usual.iter().find(|folder| folder.join("index.html").is_file()).unwrap_or(&usual[1]).clone(),
    };
    println!("cargo::rerun-if-changed={}", folder.display());
    if !folder.join("index.html").is_file() {
        println!(
            "cargo::error=the feature `page` needs the built page in {}: run `cargo xtask build`, or set TLBSCOPE_DIST to its folder",
            folder.display()
        );
        return;
    }
    let folder = fs::canonicalize(folder).expect("it is there");
    let mut files = Vec::new();
    collect(&folder, &folder, &mut files);
    files.sort();
    let mut list =
        String::from("/// Path and contents of each file.\npub const FILES: &[(&str, &[u8])] = &[\n");
    for name in files {
        let path = folder.join(&name);
        println!("cargo::rerun-if-changed={}", path.display());
        let _ = writeln!(list, "    ({:?}, include_bytes!({:?})),", format!("/{name}"), path);
    }
    list.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("page.rs"), list).expect("the output folder can be written");
}

/// The files below a folder, by their paths from the root, with slashes.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it is below the root");
            let parts: Vec<String> = name.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            files.push(parts.join("/"));
        }
    }
}
