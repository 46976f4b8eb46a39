//! How a command ends.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit status when a process was lost: it ends at once, whatever the command has come to.
#[cfg(feature = "processes")]
pub const LOST: i32 = 4;

/// What a command came to: the number is its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All is as expected.
    Fine = 0,
    /// Something is not as expected.
    Failed = 1,
    /// The input has errors.
    BadInput = 2,
    /// A search stopped at a bound before it could tell.
    Open = 3,
}

impl Status {
    /// The more serious of two: bad input, then failure, then what is open.
    pub fn and(self, other: Status) -> Status {
        let rank = |status: Status| match status {
            Status::Fine => 0,
            Status::Open => 1,
            Status::Failed => 2,
            Status::BadInput => 3,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Stop {
    /// The input has errors; a sentence says why and what to do.
    Refused(String),
    /// The input has errors, and all of them have been printed.
    Told,
    /// Output could not be written.
    Output(io::Error),
}

impl Stop {
    /// Says what there is to say, and the command goes on with what is left to do.
    ///
    /// # Errors
    /// If the output can't be written: then nothing is left to do.
    pub fn tell(self) -> Result<(), Stop> {
        match self {
            Stop::Refused(sentence) => refused(&sentence),
            Stop::Told => {}
            Stop::Output(_) => return Err(self),
        }
        Ok(())
    }

    /// Says what there is to say; the exit status.
    pub fn report(self) -> ExitCode {
        match self {
            Stop::Refused(sentence) => refused(&sentence),
            Stop::Told => {}
            // The reader of our output has closed the pipe (`| head`): end as if by the signal.
            Stop::Output(error) if error.kind() == ErrorKind::BrokenPipe => return ExitCode::from(128 + 13),
            Stop::Output(error) => tell(format!("tlbscope: the output can't be written: {error}\n")),
        }
        ExitCode::from(Status::BadInput as u8)
    }
}

/// Writes why something was refused.
fn refused(sentence: &str) {
    tell(format!("tlbscope: {}\n", brief(&lang::legible(sentence))));
}

/// The most characters of a word that are shown: it may be what somebody pasted in the place of a name.
const MOST_WORD: usize = 240;

/// The most characters of a sentence.
const MOST_SENTENCE: usize = 2_000;

/// A sentence that fits on a screen: long words, and then a long sentence, lose their middle.
fn brief(sentence: &str) -> String {
    let words: Vec<String> = sentence.split(' ').map(|word| without_middle(word, MOST_WORD)).collect();
    without_middle(&words.join(" "), MOST_SENTENCE)
}

/// A text, or its first and last characters if it has more than so many.
fn without_middle(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most * 2 / 3).collect();
    let tail: String = text.chars().skip(count - most / 3).collect();
    format!("{head}...{tail}")
}

/// Whether another process tells what this one would.
static SILENT: AtomicBool = AtomicBool::new(false);

/// From now on [`tell`] tells nothing: another process does the same, and tells it.
#[cfg(feature = "processes")]
pub fn silence() {
    SILENT.store(true, Ordering::Relaxed);
}

/// Writes to standard error. If nothing reads it, that is no failure.
pub fn tell(text: impl Display) {
    if !SILENT.load(Ordering::Relaxed) {
        say(text);
    }
}

/// Writes what concerns this process alone.
pub fn say(text: impl Display) {
    let _ = write!(io::stderr(), "{text}");
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Output(error)
    }
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn what_was_pasted_in_the_place_of_a_name_loses_its_middle() {
        let told = |name: &str| format!("there is no file {name}; did you mean another?");
        assert_eq!(brief(&told("a.tlb")), told("a.tlb"));
        let long = brief(&told(&"é#".repeat(60_000)));
        assert!(long.chars().count() < 320 && long.contains("..."), "{long}");
        assert!(
            long.starts_with("there is no file é#") && long.ends_with("é#; did you mean another?"),
            "{long}"
        );
        let words = brief(&told(&"a name ".repeat(5_000)));
        assert!(words.chars().count() < 2_100 && words.ends_with("did you mean another?"), "{words}");
    }
}
