//! Texts and folders on disk.

use crate::stop::Stop;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Reads a text, if it is one and no larger than the language takes.
///
/// # Errors
/// If it can't be read, is too large, or is not UTF-8.
pub fn read(path: &Path) -> Result<String, Stop> {
    let refused = |why: String| Stop::Refused(format!("{} can't be read: {why}", path.display()));
    read_from(File::open(path).map_err(|error| refused(error.to_string()))?).map_err(refused)
}

/// Reads a text from standard input.
///
/// # Errors
/// As [`read`].
pub fn read_stdin() -> Result<String, Stop> {
    read_from(io::stdin()).map_err(|why| Stop::Refused(format!("standard input can't be read: {why}")))
}

fn read_from(reader: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    let most = lang::MAX_TEXT as u64;
    reader.take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > most {
        return Err(format!("it is larger than {} KiB, the most a text may have", most >> 10));
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

/// All `.tlb` files of a list of files and folders, those of a folder and its subfolders in order of their names.
///
/// # Errors
/// If there is no such file or folder, or if a folder has none.
pub fn texts(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    collect(path, &mut found).map_err(|e| Stop::Refused(format!("{} can't be read: {e}", path.display())))?;
    if found.is_empty() {
        return Err(Stop::Refused(format!("{} has no .tlb file in it", path.display())));
    }
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // A link to a folder is not followed: it may lead back up.
        if entry.file_type()?.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "tlb") {
            found.push(path);
        }
    }
    Ok(())
}
