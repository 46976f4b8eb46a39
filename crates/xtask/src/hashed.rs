//! Files that `web/boot.js` asks for when they are needed. Each has the hash of its contents in its name, so no cache mixes two
//! versions. Only the build knows the hash: the script is written with a name without it.

use crate::job::Failure;
use std::path::Path;

#[path = "../../gallery/src/hash.rs"]
mod hash;
pub use hash::{hash, named};

/// Whether a name has a hash.
pub fn is(name: &str) -> bool {
    let digits = name.rsplit_once('.').and_then(|(stem, _)| Some(stem.rsplit_once('-')?.1));
    digits.is_some_and(|digits| digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// The script that asks for the files.
const SCRIPT: &str = "boot.js";

/// Writes a file into the site, and its name into the script, which asks for it by its plain name.
pub fn put(site: &Path, plain: &str, contents: &str) -> Result<(), Failure> {
    let script = site.join(SCRIPT);
    let failed = |path: &Path, error| Failure(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(&script).map_err(|error| failed(&script, error))?;
    if text.matches(plain).count() != 1 {
        return Err(Failure(format!("{} does not ask for {plain} once", script.display())));
    }
    let name = named(plain, contents);
    std::fs::write(&script, text.replace(plain, &name)).map_err(|error| failed(&script, error))?;
    let file = site.join(name);
    std::fs::write(&file, contents).map_err(|error| failed(&file, error))
}
