//! How large the site may be: what a visitor waits for, compressed as a good host compresses it.

use crate::job::Failure;
use crate::place::Place;
use std::path::Path;

/// The most bytes that all wasm, JavaScript and styles may have together, by brotli at its best. Compilers and standard
/// libraries differ from machine to machine, so there is some room above the size when this was written: 766,300.
/// docs/site.md, What the site weighs, says why it has gone up. From here it comes down.
const MOST: u64 = 775_000;

/// What the page asks for when it has been drawn, beside the library.
const LATER: &str = "desk.js";

/// The most bytes of the file with the whole library, for which no visitor waits. It was 63,900.
const MOST_LIBRARY: u64 = 75_000;

/// Prints the size of each file of a list, compressed, on a line of its own. Node.js has the compressor built in, and the
/// set-up needs Node.js anyway.
const COMPRESS: &str = "
const { constants, brotliCompressSync } = require('zlib');
const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
for (const file of process.argv.slice(1)) {
    console.log(brotliCompressSync(require('fs').readFileSync(file), { params }).length);
}";

/// Fails if the site in a folder is larger than it may be.
pub fn check(place: &Place, dist: &Path) -> Result<(), Failure> {
    let unreadable = |error| Failure(format!("{}: {error}", dist.display()));
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(dist).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.path();
        if !name.ends_with(LATER)
            && ["wasm", "js", "css", "txt"]
                .iter()
                .any(|kind| name.extension().is_some_and(|found| found == *kind))
        {
            files.push(name.to_string_lossy().into_owned());
        }
    }
    files.sort();
    let arguments: Vec<&str> = ["-e", COMPRESS].into_iter().chain(files.iter().map(String::as_str)).collect();
    let Some(said) = place.ask("node", &arguments) else {
        return Err(Failure("Node.js does not compress the site.".to_owned()));
    };
    let sizes: Vec<u64> = said.lines().flat_map(str::parse).collect();
    let library = files.iter().filter(|file| file.ends_with(".txt")).count();
    if sizes.len() != files.len() || files.len() < 4 || library != 1 {
        return Err(Failure(format!("there is no whole site in {}", dist.display())));
    }
    for (file, size) in files.iter().zip(&sizes) {
        println!("  {size:7} {}", file.rsplit('/').next().unwrap_or(file));
    }
    let of = |text: bool| {
        let files = files.iter().zip(&sizes).filter(|(file, _)| file.ends_with(".txt") == text);
        files.map(|(_, size)| size).sum()
    };
    within("what a visitor waits for", of(false), MOST)?;
    within("the library", of(true), MOST_LIBRARY)
}

fn within(what: &str, all: u64, most: u64) -> Result<(), Failure> {
    println!("  {all:7} {what}, compressed: at most {most}");
    if all <= most {
        Ok(())
    } else {
        Err(Failure(format!("Compressed, {what} has {all} bytes, {} more than the limit.", all - most)))
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn one_byte_too_many_is_too_many() {
        assert!(within("the site", 5, 5).is_ok());
        assert!(within("the site", 6, 5).is_err());
    }
}
