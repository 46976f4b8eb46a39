//! Where things lie.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder for everything that people may want to look at afterwards.
pub(crate) fn folder(name: &str) -> PathBuf {
    root().join("target/e2e").join(name)
}

/// The workspace's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this package lies two folders deep")
}

/// Removes what an earlier run left.
pub fn forget(name: &str) {
    // What is not there need not be removed.
    let _ = fs::remove_dir_all(folder(name));
}
