//! How a command ends.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

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
    /// Says what there is to say; the exit status.
    pub fn report(self) -> ExitCode {
        match self {
            Stop::Refused(sentence) => tell(format!("tlbscope: {}\n", lang::legible(&sentence))),
            Stop::Told => {}
            // The reader of our output has closed the pipe (`| head`): end as if by the signal.
            Stop::Output(error) if error.kind() == ErrorKind::BrokenPipe => return ExitCode::from(128 + 13),
            Stop::Output(error) => tell(format!("tlbscope: the output can't be written: {error}\n")),
        }
        ExitCode::from(Status::BadInput as u8)
    }
}

/// Writes to standard error. If nothing reads it, that is no failure.
pub fn tell(text: impl Display) {
    let _ = write!(io::stderr(), "{text}");
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Output(error)
    }
}
