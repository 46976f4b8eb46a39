//! Doing something again when texts change.
//!
//! Folders are watched, not files: most editors write a new file and give it the old one's name. One change may be
//! reported several times, so reports within a moment count as one.

use crate::files;
use crate::kernels::around;
use crate::stop::{Status, Stop};
use notify::{Event, EventKind, RecursiveMode, Watcher};
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long nothing more is told before a change counts as over.
const MOMENT: Duration = Duration::from_millis(50);

/// How long a change may take: then what is there is checked, and what comes later counts as another change.
const LONGEST: Duration = Duration::from_secs(1);

/// Does something, and again after each change of a text in the folders of the paths and around them. It ends when the
/// program is ended, or when nothing can be watched any more.
///
/// # Errors
/// If no path is a file or a folder, if a folder can't be watched, or if the output can't be written.
pub fn again<W: Write>(
    paths: &[String],
    kernels: &[PathBuf],
    out: &mut W,
    mut once: impl FnMut(&mut W) -> Result<Status, Stop>,
) -> Result<Status, Stop> {
    let folders = folders(paths, kernels)?;
    let (tell, told) = channel();
    let refused = |error: notify::Error| Stop::Refused(format!("--watch: {error}"));
    let mut watcher = notify::recommended_watcher(tell).map_err(refused)?;
    for (folder, whole) in &folders {
        let mode = if *whole { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        watcher.watch(folder, mode).map_err(refused)?;
    }
    let names: Vec<String> = folders.keys().map(|folder| files::shown(folder)).collect();
    loop {
        if io::stdout().is_terminal() {
            // The screen is cleared; what has scrolled out of it stays.
            write!(out, "\x1b[2J\x1b[H")?;
        }
        let status = match once(out) {
            Ok(status) => status,
            Err(stop @ Stop::Output(_)) => return Err(stop),
            Err(stop) => {
                stop.tell()?;
                Status::BadInput
            }
        };
        writeln!(out, "watching {}; Ctrl-C ends", names.join(", "))?;
        out.flush()?;
        if !changed(&told) {
            return Ok(status);
        }
    }
}

/// Waits for a change of a text and for the end of it; returns whether there was one, and not the end of watching.
fn changed(told: &Receiver<notify::Result<Event>>) -> bool {
    loop {
        match told.recv() {
            Err(_) => return false,
            Ok(event) if matters(&event) => break,
            Ok(_) => {}
        }
    }
    let end = Instant::now() + LONGEST;
    let mut over = Instant::now() + MOMENT;
    // What is told of other files does not prolong it.
    while let Ok(event) = told.recv_timeout(over.min(end).saturating_duration_since(Instant::now())) {
        if matters(&event) {
            over = Instant::now() + MOMENT;
        }
        if Instant::now() >= over.min(end) {
            break;
        }
    }
    true
}

/// Whether an event may have changed a text. (Reading a text is told too.)
fn matters(event: &notify::Result<Event>) -> bool {
    match event {
        Ok(event) if matches!(event.kind, EventKind::Access(_)) => false,
        Ok(event) => {
            event.need_rescan() || event.paths.iter().any(|path| path.extension().is_some_and(|e| e == "tlb"))
        }
        Err(_) => true,
    }
}

/// The folders in which a change matters, and whether it does in their subfolders.
fn folders(paths: &[String], kernels: &[PathBuf]) -> Result<BTreeMap<PathBuf, bool>, Stop> {
    let mut all: BTreeMap<PathBuf, bool> = BTreeMap::new();
    let mut add = |folder: PathBuf, whole: bool| {
        let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
        *all.entry(folder).or_default() |= whole;
    };
    let named =
        paths.iter().map(Path::new).chain(kernels.iter().map(PathBuf::as_path)).filter(|path| path.exists());
    for path in named {
        if path.is_dir() {
            add(path.to_owned(), true);
        }
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
        around(folder).into_iter().for_each(|(folder, whole)| add(folder, whole));
    }
    if all.is_empty() {
        let why = "--watch needs a file or a folder: what is built in, or in a link, does not change";
        return Err(Stop::Refused(why.to_owned()));
    }
    Ok(all)
}
