//! How large the site may be: what a visitor waits for, compressed as a good host compresses it.

use crate::job::Failure;
use crate::repository::Repository;
use std::path::Path;

/// The most bytes that all wasm, JavaScript and styles may have together, by brotli at its best. Compilers and standard
/// libraries differ from machine to machine, so there is some room above the size when this was written: 787,300.
/// docs/site.md, What the site weighs, says what it is for.
const MOST: u64 = 790_000;

/// What the page asks for when it has been drawn, beside the library, and what another page asks for: how these names begin.
const LATER: [&str; 3] = ["extras-", "sw.js", "kernels-"];

/// The most bytes of the style sheet of what nobody sees at first, which comes when the page has been drawn.
const MOST_SHEET: u64 = 9_000;

/// The most bytes of the file with the whole library, for which no visitor waits. It was 71,600 when the texts of the rules came, and
/// 88,800 when LUF did.
const MOST_LIBRARY: u64 = 95_000;

/// The most bytes of the editor, which comes when somebody begins to write. It was 112,200 when brackets came.
const MOST_EDITOR: u64 = 115_000;

/// The most bytes of what the editor asks (`crates/prompter`), which comes after it. It was 205,400.
const MOST_PROMPTER: u64 = 215_000;

/// The most bytes of what draws pictures (`crates/plotter`), which comes when a reader saves one. It was
/// 342,800 before it had kernels side by side and how control came, which took 16,000 and 8,000, and 375,800 with who woke whom.
const MOST_PLOTTER: u64 = 380_000;

/// The most bytes of the choices in the dialogs that give a link away, which come when one of these opens.
const MOST_SHARE: u64 = 15_000;

/// The most bytes of the script for other people's pages, which wait for nothing else of ours. It was 2,750.
const MOST_EMBED: u64 = 3_500;

/// Prints the size of each file of a list, compressed, on a line of its own. Node.js has the compressor built in, and the
/// set-up needs Node.js anyway.
const COMPRESS: &str = "
const { constants, brotliCompressSync } = require('zlib');
const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
for (const file of process.argv.slice(1)) {
    console.log(brotliCompressSync(require('fs').readFileSync(file), { params }).length);
}";

/// Fails if the site in a folder is larger than it may be.
pub fn check(repository: &Repository, dist: &Path) -> Result<(), Failure> {
    let unreadable = |error| Failure(format!("{}: {error}", dist.display()));
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(dist).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (name, begins) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if !LATER.iter().any(|later| begins.starts_with(later))
            && ["wasm", "js", "css", "txt"]
                .iter()
                .any(|kind| name.extension().is_some_and(|found| found == *kind))
        {
            files.push(name.to_string_lossy().into_owned());
        }
    }
    files.sort();
    let arguments: Vec<&str> = ["-e", COMPRESS].into_iter().chain(files.iter().map(String::as_str)).collect();
    let Some(said) = repository.ask("node", &arguments) else {
        return Err(Failure("Node.js does not compress the site.".to_owned()));
    };
    let sizes: Vec<u64> = said.lines().flat_map(str::parse).collect();
    let one = |part: Part| files.iter().filter(|file| Part::of(file) == part).count() == 1;
    if sizes.len() != files.len()
        || files.len() < 5
        || ![
            Part::Sheet,
            Part::Library,
            Part::Editor,
            Part::Prompter,
            Part::Plotter,
            Part::Share,
            Part::Embed,
        ]
        .into_iter()
        .all(one)
    {
        return Err(Failure(format!("there is no whole site in {}", dist.display())));
    }
    for (file, size) in files.iter().zip(&sizes) {
        println!("  {size:7} {}", file.rsplit('/').next().unwrap_or(file));
    }
    let of = |part: Part| {
        let files = files.iter().zip(&sizes).filter(|(file, _)| Part::of(file) == part);
        files.map(|(_, size)| size).sum()
    };
    within("what a visitor waits for", of(Part::First), MOST)?;
    within("the sheet of what nobody sees at first", of(Part::Sheet), MOST_SHEET)?;
    within("the library", of(Part::Library), MOST_LIBRARY)?;
    within("the editor", of(Part::Editor), MOST_EDITOR)?;
    within("what the editor asks", of(Part::Prompter), MOST_PROMPTER)?;
    within("what draws pictures", of(Part::Plotter), MOST_PLOTTER)?;
    within("the choices of a dialog", of(Part::Share), MOST_SHARE)?;
    within("the script for other pages", of(Part::Embed), MOST_EMBED)
}

/// When a file of the site is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// At once.
    First,
    /// When the page has been drawn.
    Sheet,
    /// When the page has been drawn.
    Library,
    /// When somebody begins to write.
    Editor,
    /// When the editor has come.
    Prompter,
    /// When a reader saves a picture.
    Plotter,
    /// When a dialog opens that gives a link away.
    Share,
    /// By pages of others, and not by ours.
    Embed,
}

impl Part {
    fn of(file: &str) -> Part {
        let name = file.rsplit('/').next().unwrap_or(file);
        match name.rsplit_once('.') {
            Some((stem, "css")) if stem.starts_with("later-") => Part::Sheet,
            Some((_, "txt")) => Part::Library,
            Some((stem, "js")) if stem.starts_with("editor-") => Part::Editor,
            Some((stem, "wasm")) if stem.starts_with("prompter-") => Part::Prompter,
            Some((stem, "wasm")) if stem.starts_with("plotter-") => Part::Plotter,
            Some((stem, "js")) if stem.starts_with("share-") => Part::Share,
            Some(("embed", "js")) => Part::Embed,
            _ => Part::First,
        }
    }
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
    use super::{Part, within};

    #[test]
    fn what_comes_later_is_not_waited_for() {
        let of = ["d/app_bg.wasm", "d/boot.js", "d/app.js", "style.css"].map(Part::of);
        assert_eq!(of, [Part::First; 4]);
        let of = ["d/later-0.css", "library-0.txt", "d/editor-0.js", "d/prompter-0.wasm"].map(Part::of);
        assert_eq!(of, [Part::Sheet, Part::Library, Part::Editor, Part::Prompter]);
        let of = ["d/share-0.js", "d/embed.js", "plotter-0.wasm"].map(Part::of);
        assert_eq!(of, [Part::Share, Part::Embed, Part::Plotter]);
    }

    #[test]
    fn one_byte_too_many_is_too_many() {
        assert!(within("the site", 5, 5).is_ok());
        assert!(within("the site", 6, 5).is_err());
    }
}
