//! The repository's files. Found by walking, not by asking git, so that a file counts before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

/// Names of what is not ours.
const FOREIGN: [&str; 5] = [".git", ".tools", "dist", "node_modules", "target"];

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("xtask lies two folders deep").to_owned()
}

/// A text file: its path from the root, with `/`, and what is in it.
pub struct Text {
    /// `crates/x86/src/walk.rs`
    pub path: String,
    /// All of it.
    pub text: String,
}

/// Every file that is text, in order of path.
pub fn texts() -> Vec<Text> {
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Those of them in Rust.
pub fn rust() -> Vec<Text> {
    texts().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

fn walk(dir: &Path, prefix: &str, found: &mut Vec<Text>) {
    for entry in fs::read_dir(dir).expect("the repository can be read").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let Ok(kind) = entry.file_type() else { continue };
        if FOREIGN.contains(&name.as_str()) {
            continue; // in a further work tree, `.git` is a file
        }
        if kind.is_dir() {
            walk(&entry.path(), &path, found);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            found.push(Text { path, text });
        }
    }
}
