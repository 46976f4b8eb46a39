//! What a browser prints: a document in PDF, as it lies in `target/e2e` and as it is counted.

use crate::folder::folder;
use crate::outcome::Outcome;
use std::fs;
use std::path::PathBuf;

/// Keeps a printed document, which comes in base64, as `shots/NAME.pdf`. Gives the number of its sheets.
pub(crate) fn print(name: &str, base64: &str) -> Outcome<(usize, PathBuf)> {
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
