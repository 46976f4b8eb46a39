//! A file of runs: its head says of which sweep it is, and each further line is a run. A file may be far larger than a text of the
//! language: it is read line by line, and what is kept of it is for the caller to say.
//!
//! A file grows by whole lines. One that was stopped in the middle of a line goes on after the last whole one, and nothing before
//! that is ever written again.

use crate::files;
use crate::stop::Stop;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

/// The most bytes of a line.
const MAX_LINE: u64 = 1 << 16;

/// What begins the head of a file in CSV, and that of one in JSON.
const HEADS: [&str; 2] = ["# tlbscope sweep", "{\"sweep\""];

/// What a file has.
#[derive(Debug, Default)]
pub struct Scanned {
    /// Its head. If the file was stopped before the head was whole: what there is of it.
    pub head: String,
    /// Whether the head is whole.
    pub begun: bool,
    /// The bytes of its whole lines.
    pub whole: u64,
}

impl Scanned {
    /// How many runs the sweep has, as the head says.
    pub fn runs(&self) -> usize {
        let mut words = self.head.split([',', ' ', '\n', '}']);
        let csv = words.clone().zip(words.clone().skip(1)).find(|pair| pair.1 == "runs").map(|pair| pair.0);
        let said = csv.or_else(|| words.find_map(|word| word.strip_prefix("\"runs\":")));
        said.and_then(|said| said.parse().ok()).unwrap_or_default()
    }
}

/// The number of the run in a line.
fn number(line: &str) -> Option<usize> {
    let line = line.strip_prefix("{\"run\":").unwrap_or(line);
    line.split(',').next()?.parse().ok()
}

/// Reads a file, and hands each run's number and line to `each`. A last line that was cut off does not count.
///
/// # Errors
/// If the file can't be read, if it is of no sweep, or with what `each` says.
pub fn scan(path: &Path, mut each: impl FnMut(usize, String) -> Result<(), Stop>) -> Result<Scanned, Stop> {
    let refused = |why: String| Stop::Refused(format!("{} can't be read: {why}", files::shown(path)));
    let mut reader = BufReader::new(File::open(path).map_err(|error| refused(error.to_string()))?);
    let mut found = Scanned::default();
    let mut heads = 0;
    for place in 1.. {
        let mut bytes = Vec::new();
        let read = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes);
        let read = read.map_err(|error| refused(error.to_string()))? as u64;
        if read == MAX_LINE {
            return Err(refused(format!("line {place} is longer than {MAX_LINE} bytes")));
        }
        let whole = bytes.ends_with(b"\n");
        let line =
            String::from_utf8(bytes).map_err(|_| refused(format!("line {place} is not UTF-8 text")))?;
        if !found.begun {
            let known =
                HEADS.iter().any(|head| line.starts_with(head) || (!whole && head.starts_with(&line)));
            if place == 1 && !known {
                return Err(refused("it is no file of a sweep".to_owned()));
            }
            if place == 1 {
                heads = if line.starts_with('{') { 1 } else { 2 };
            }
            found.head += &line;
            found.begun = whole && place == heads;
        } else if whole {
            let Some(number) = number(&line) else {
                return Err(refused(format!("line {place} is no run: {}", lang::legible(line.trim_end()))));
            };
            each(number, line)?;
        }
        if !whole {
            return Ok(found);
        }
        found.whole += read;
    }
    Ok(found)
}

/// Opens a file to write runs to. If the file is there and of this sweep, its runs are handed to `known` by number, and new ones
/// go behind them; a line that was cut off goes.
///
/// # Errors
/// If it can't be written, or is of another sweep.
pub fn opened(path: &Path, head: &str, mut known: impl FnMut(usize)) -> Result<File, Stop> {
    let refused =
        |error: std::io::Error| Stop::Refused(format!("{} can't be written: {error}", files::shown(path)));
    let found = match path.exists() {
        true => scan(path, |number, _| {
            known(number);
            Ok(())
        })?,
        false => Scanned::default(),
    };
    let same = if found.begun { found.head == head } else { head.starts_with(&found.head) };
    if !same {
        return Err(Stop::Refused(format!(
            "{} is of another sweep: its first lines say so; name another file",
            files::shown(path)
        )));
    }
    let file = OpenOptions::new().append(true).create(true).open(path).map_err(refused)?;
    file.set_len(if found.begun { found.whole } else { 0 }).map_err(refused)?;
    if !found.begun {
        (&file).write_all(head.as_bytes()).map_err(refused)?;
    }
    Ok(file)
}
