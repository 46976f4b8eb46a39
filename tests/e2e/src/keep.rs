//! What is kept for people, in `target/e2e`: of a test that failed, and pictures.

use crate::outcome::Outcome;
use crate::visit::Visit;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder for everything that people may want to look at afterwards.
fn folder(name: &str) -> PathBuf {
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

/// Keeps a picture, the console and the markup of a visit.
pub async fn keep(name: &str, number: usize, visit: &Visit) -> Outcome<PathBuf> {
    let folder = folder(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{number}-console.txt")), visit.console())?;
    fs::write(folder.join(format!("{number}-screenshot.png")), visit.browser.screenshot_as_png().await?)?;
    fs::write(folder.join(format!("{number}-page.html")), visit.browser.source().await?)?;
    Ok(folder)
}

/// Keeps a picture as `shots/NAME.png`.
pub async fn shot(name: &str, visit: &Visit) -> Outcome {
    let folder = folder("shots");
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(format!("{name}.png")), visit.browser.screenshot_as_png().await?)?)
}
