//! What a visit leaves in `target/e2e` for people to read: what a failed test left behind, and pictures.

use crate::folder::folder;
use crate::outcome::Outcome;
use crate::visit::Visit;
use std::fs;
use std::path::PathBuf;

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
