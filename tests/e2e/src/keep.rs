//! What is kept in `target/e2e` for people to read: what a failed test left behind, and pictures.

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

/// Keeps a printed document, which comes in base64, as `shots/NAME.pdf`. Gives the number of its sheets.
pub fn print(name: &str, base64: &str) -> Outcome<(usize, PathBuf)> {
    let folder = folder("shots");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.pdf"));
    let pdf = decode(base64);
    fs::write(&file, &pdf)?;
    // Each sheet is an object of its own, which says so in plain text.
    let sheets = pdf.windows(SHEET.len()).filter(|window| *window == SHEET).count();
    let folders = pdf.windows(SHEETS.len()).filter(|window| *window == SHEETS).count();
    Ok((sheets - folders, file))
}

const SHEET: &[u8] = b"/Type /Page";
const SHEETS: &[u8] = b"/Type /Pages";

/// Base64 (RFC 4648) without a check: it comes from the browser.
fn decode(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |byte: u8| DIGITS.iter().position(|&digit| digit == byte);
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for value in text.bytes().filter_map(digit) {
        held = held << 6 | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn base64_is_what_the_standard_says() {
        assert_eq!(decode("Zm9vYmFy"), b"foobar");
        assert_eq!(decode("Zm9vYg=="), b"foob");
    }
}
