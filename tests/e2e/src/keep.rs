//! What is kept of a test that failed, and where: `target/e2e/NAME/`.

use crate::outcome::Outcome;
use crate::visit::Visit;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder for everything that people may want to look at afterwards.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/e2e").join(name)
}

/// Removes what an earlier run left.
pub fn forget(name: &str) {
    // What is not there need not be removed.
    let _ = fs::remove_dir_all(folder(name));
}

/// Keeps a picture, the console and the markup of a visit.
pub async fn keep(name: &str, number: usize, visit: &Visit) -> Outcome<PathBuf> {
    let folder = folder(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{number}-console.txt")), visit.console())?;
    fs::write(folder.join(format!("{number}-screenshot.png")), visit.browser.screenshot_as_png().await?)?;
    fs::write(folder.join(format!("{number}-page.html")), visit.browser.source().await?)?;
    Ok(folder)
}
