//! Levels of searches, as files, so that the work of an interrupted run is not lost.
//!
//! The folder has a folder for each search, whose name has the search's number and a hash of all that it depends on. In it, each
//! process writes a file for each level, under another name first: so a file is whole, or not there.

use crate::files;
use crate::stop::Stop;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder.
pub struct Levels {
    folder: PathBuf,
    /// The folders of the searches that have begun.
    searches: Vec<PathBuf>,
}

/// A part of a level: by which process of how many it was written.
type Part = (u32, usize, usize);

fn name(part: Part) -> String {
    format!("level-{}-process-{}-of-{}", part.0, part.1, part.2)
}

fn part(name: &str) -> Option<Part> {
    let mut words = name.split('-');
    let read = (words.nth(1)?.parse().ok()?, words.nth(1)?.parse().ok()?, words.nth(1)?.parse().ok()?);
    (self::name(read) == name).then_some(read)
}

/// The parts of a level that this process reads: its own, or else all that some number of processes have written.
fn readable(parts: &BTreeSet<Part>, level: u32, index: usize, size: usize) -> Vec<Part> {
    if parts.contains(&(level, index, size)) {
        return vec![(level, index, size)];
    }
    let sizes: BTreeSet<usize> = parts.iter().filter(|part| part.0 == level).map(|part| part.2).collect();
    let all = |&size: &usize| (0..size).all(|index| parts.contains(&(level, index, size)));
    let size = sizes.into_iter().find(all).unwrap_or_default();
    (0..size).map(|index| (level, index, size)).collect()
}

impl Levels {
    pub fn open(folder: &Path) -> Result<Levels, Stop> {
        fs::create_dir_all(folder)
            .map_err(|why| Stop::Refused(format!("{}: {why}", files::shown(folder))))?;
        Ok(Levels { folder: folder.to_owned(), searches: Vec::new() })
    }

    /// A search begins: its number, and how many of its levels this process can read.
    pub fn begin(&mut self, identity: u64, index: usize, size: usize) -> Result<(u32, u32), String> {
        let number = self.searches.len();
        let prefix = format!("search-{number}-");
        let name = format!("{prefix}{identity:016x}");
        let there = names(&self.folder)?;
        if let Some(other) = there.iter().find(|other| other.starts_with(&prefix) && **other != name) {
            return Err(format!(
                "{} has levels of another check: {}; name another folder",
                files::shown(&self.folder),
                lang::legible(other)
            ));
        }
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder).map_err(|why| said(&folder, &why))?;
        let parts: BTreeSet<Part> = names(&folder)?.iter().filter_map(|name| part(name)).collect();
        let levels = (0..).take_while(|&level| !readable(&parts, level, index, size).is_empty()).count();
        self.searches.push(folder);
        Ok((number as u32, levels as u32))
    }

    pub fn keep(
        &self,
        search: u32,
        level: u32,
        index: usize,
        size: usize,
        bytes: &[u8],
    ) -> Result<(), String> {
        let folder = &self.searches[search as usize];
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(bytes)?;
            file.as_file().sync_data()?;
            file.persist(folder.join(name((level, index, size))))?;
            Ok(())
        };
        write().map_err(|why: std::io::Error| said(folder, &why))
    }

    pub fn kept(&self, search: u32, level: u32, index: usize, size: usize) -> Result<Vec<Vec<u8>>, String> {
        let folder = &self.searches[search as usize];
        let parts: BTreeSet<Part> = names(folder)?.iter().filter_map(|name| part(name)).collect();
        let read = |part: Part| {
            let file = folder.join(name(part));
            fs::read(&file).map_err(|why| said(&file, &why))
        };
        readable(&parts, level, index, size).into_iter().map(read).collect()
    }
}

fn said(path: &Path, why: &std::io::Error) -> String {
    format!("{}: {why}", files::shown(path))
}

fn names(folder: &Path) -> Result<BTreeSet<String>, String> {
    let entries = fs::read_dir(folder).map_err(|why| said(folder, &why))?;
    Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Part, name, part, readable};

    #[test]
    fn names_are_read_back() {
        assert_eq!(part(&name((12, 0, 3))), Some((12, 0, 3)));
        assert!(
            ["level-1-process-0-of-", ".tmpX", "level-01-process-0-of-1"].iter().all(|n| part(n).is_none())
        );
    }

    #[test]
    fn a_process_reads_its_own_part_or_all_parts() {
        let parts: BTreeSet<Part> = [(0, 0, 2), (0, 1, 2), (1, 1, 2), (1, 0, 3), (1, 1, 3)].into();
        assert_eq!(readable(&parts, 0, 1, 2), [(0, 1, 2)]);
        assert_eq!(readable(&parts, 0, 0, 3), [(0, 0, 2), (0, 1, 2)]);
        assert_eq!(readable(&parts, 1, 2, 3), [], "neither all of two nor all of three");
        assert_eq!(readable(&parts, 1, 1, 3), [(1, 1, 3)]);
    }
}
