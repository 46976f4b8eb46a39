//! Texts and folders on disk.

use crate::stop::Stop;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A path as it is shown: a file may have any name, and a terminal obeys control characters.
#[must_use]
pub fn shown(path: &Path) -> String {
    lang::legible(&path.to_string_lossy())
}

/// Reads a text, if it is one and no larger than the language takes.
///
/// # Errors
/// If it can't be read, is too large, or is not UTF-8.
pub fn read(path: &Path) -> Result<String, Stop> {
    let refused = |why: String| Stop::Refused(format!("{} can't be read: {why}", shown(path)));
    if path.is_dir() {
        let files: Vec<String> = texts(path)?.iter().map(|file| shown(file)).take(9).collect();
        return Err(refused(format!("it is a folder; name one of the texts in it: {}", files.join(", "))));
    }
    read_from(File::open(path).map_err(|error| refused(error.to_string()))?).map_err(refused)
}

/// Reads a text from standard input.
///
/// # Errors
/// As [`read`].
pub fn read_stdin() -> Result<String, Stop> {
    read_from(io::stdin()).map_err(|why| Stop::Refused(format!("standard input can't be read: {why}")))
}

/// Whether standard input is named once at most.
///
/// # Errors
/// If it is named again: there would be nothing left to read.
pub fn stdin_once(paths: &[String]) -> Result<(), Stop> {
    if paths.iter().filter(|path| *path == "-").count() > 1 {
        return Err(Stop::Refused("standard input (-) is named twice, and can be read once".to_owned()));
    }
    Ok(())
}

fn read_from(reader: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    let most = lang::MAX_TEXT as u64;
    reader.take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > most {
        return Err(format!("it is larger than {} KiB, the most a text may have", most >> 10));
    }
    String::from_utf8(bytes).map_err(|error| no_text(error.as_bytes(), error.utf8_error().valid_up_to()))
}

/// Why bytes are no text, from the first one that is not UTF-8, and what to do.
fn no_text(bytes: &[u8], wrong: usize) -> String {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return "it is UTF-16, not UTF-8 text: save it as UTF-8".to_owned();
    }
    let before = &bytes[..wrong];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = String::from_utf8_lossy(before.rsplit(|&byte| byte == b'\n').next().unwrap_or(before));
    let (column, byte) = (column.chars().count() + 1, bytes[wrong]);
    format!("it is not UTF-8 text: line {line}, column {column} has the byte 0x{byte:02x}")
}

/// Puts a text in the place of a file's: all of it, or nothing. It is written beside the file, which then takes its
/// name: a full disk, or an end at the wrong moment, leaves the old text as it was. A symbolic link stays one, and the mode
/// stays. The file belongs to the user who replaces it, and other names of the old one (hard links) keep the old text.
///
/// # Errors
/// If it can't be written.
pub fn replace(path: &Path, text: impl AsRef<[u8]>) -> Result<(), Stop> {
    let refused = |error: io::Error| Stop::Refused(format!("{} can't be written: {error}", shown(path)));
    let target = fs::canonicalize(path).map_err(refused)?;
    let permissions = fs::metadata(&target).map_err(refused)?.permissions();
    // A user who may not write to the file may perhaps write to its folder: but the file must stay
    // as it is.
    File::options().write(true).open(&target).map_err(refused)?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(|e| refused(plain(&e)))?;
    let written = temporary.write_all(text.as_ref()).and_then(|()| temporary.as_file().sync_all());
    written.and_then(|()| fs::set_permissions(temporary.path(), permissions)).map_err(refused)?;
    temporary.persist(&target).map_err(|error| refused(error.error))?;
    Ok(())
}

/// The most bytes of an article: a mailbox may be large. Reading it takes some times as much memory.
const MOST_ARTICLE: u64 = 128 << 20;

/// Reads an article, in whatever encoding; without a path, standard input.
///
/// # Errors
/// If it can't be read, or is too large.
pub fn read_article(path: Option<&Path>) -> Result<Vec<u8>, Stop> {
    let name = path.map_or_else(|| "standard input".to_owned(), shown);
    let refused = |why: String| Stop::Refused(format!("{name} can't be read: {why}"));
    let mut bytes = Vec::new();
    let read = match path {
        Some(path) => File::open(path).and_then(|file| file.take(MOST_ARTICLE + 1).read_to_end(&mut bytes)),
        None => io::stdin().take(MOST_ARTICLE + 1).read_to_end(&mut bytes),
    };
    read.map_err(|error| refused(error.to_string()))?;
    if bytes.len() as u64 > MOST_ARTICLE {
        return Err(refused(format!("it is larger than {} MiB", MOST_ARTICLE >> 20)));
    }
    Ok(bytes)
}

/// How the names of articles end, in a folder of them.
const ARTICLES: [&str; 8] = ["md", "markdown", "html", "htm", "txt", "eml", "mbox", "svg"];

/// An article, or those of a folder and its subfolders in order of their names.
///
/// # Errors
/// If there is no such file or folder.
pub fn articles(path: &Path) -> Result<Vec<Option<PathBuf>>, Stop> {
    if !path.is_dir() {
        return Ok(vec![Some(path.to_owned())]);
    }
    let mut found = Vec::new();
    collect(path, &ARTICLES, &mut found)
        .map_err(|e| Stop::Refused(format!("{} can't be read: {e}", shown(path))))?;
    if found.is_empty() {
        return Err(Stop::Refused(format!("{} contains no article", shown(path))));
    }
    Ok(found.into_iter().map(Some).collect())
}

/// Puts a text into a file, which may be there already: all of it, or nothing.
///
/// # Errors
/// If it can't be written.
pub fn put(path: &Path, text: &str) -> Result<(), Stop> {
    let refused = |error: io::Error| Stop::Refused(format!("{} can't be written: {error}", shown(path)));
    match fs::metadata(path) {
        Ok(there) if there.is_file() => replace(path, text),
        // A pipe or a terminal takes what comes.
        Ok(_) => fs::write(path, text).map_err(refused),
        Err(_) => create(path, text).map_err(refused),
    }
}

/// Why a file can't be made beside the one that was asked for, without the name of that file: nobody has asked for it.
fn plain(error: &io::Error) -> io::Error {
    io::Error::from(error.kind())
}

/// The most symbolic links that are followed, one to the next.
const MOST_LINKS: usize = 40;

/// Makes a file: whole, or not at all. A symbolic link to a file that is not there stays, and the file is made.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // As any new file: what the user's mask leaves.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    if !folder.is_dir() {
        let missing = format!("there is no folder {}; make it first", shown(folder));
        return Err(io::Error::new(io::ErrorKind::NotFound, missing));
    }
    let mut temporary = builder.tempfile_in(folder).map_err(|error| plain(&error))?;
    temporary.write_all(text.as_bytes())?;
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// All `.tlb` files of a list of files and folders, those of a folder and its subfolders in order of their names. Hidden
/// subfolders, and subfolders that are repositories of their own, are left out: they are read only if they are named.
///
/// # Errors
/// If there is no such file or folder, or if a folder has none.
pub fn texts(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    collect(path, &["tlb"], &mut found)
        .map_err(|e| Stop::Refused(format!("{} can't be read: {e}", shown(path))))?;
    if found.is_empty() {
        return Err(Stop::Refused(format!("{} contains no .tlb file", shown(path))));
    }
    Ok(found)
}

/// The `.tlb` files of a folder, without those of its subfolders; none if it can't be read.
pub fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tlb"))).collect();
    found.sort();
    found
}

/// Whether something in a folder is a file, or a link to what is not there: reading that says so. Pipes and sockets are none.
fn readable(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |there| there.is_file())
}

/// Whether a subfolder is hidden, or has a repository of its own: a clone, a submodule, a worktree.
fn apart(folder: &Path) -> bool {
    let hidden = folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    hidden || folder.join(".git").exists()
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let named = |ending: &&str| path.extension().is_some_and(|there| there.eq_ignore_ascii_case(ending));
        // A link to a folder is not followed: it may lead back up.
        if entry.file_type()?.is_dir() {
            if !apart(&path) {
                collect(&path, endings, found)?;
            }
        } else if endings.iter().any(named) && readable(&path) {
            found.push(path);
        }
    }
    Ok(())
}
