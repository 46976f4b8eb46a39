//! Why a message can't be answered as its sender meant it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A judgement on a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The other side was built from other source: probably one of two files is an old one.
    OtherBuild {
        /// The build of this side.
        ours: String,
        /// The build of the other side.
        theirs: String,
    },
    /// The other side uses another version of the messages.
    OtherProtocol {
        /// The version of this side.
        ours: u16,
        /// The version of the other side.
        theirs: u16,
    },
    /// The other side did not begin with `Hello`.
    NotGreeted,
    /// The bytes are no message.
    Malformed,
    /// A part of it exceeds a limit.
    TooBig(MessagePart),
    /// The texts have errors.
    Text {
        /// The number of errors.
        errors: u32,
        /// The first one's message.
        first: String,
    },
    /// The texts are fine, but the machine they ask for can't exist.
    Machine(String),
    /// The table of costs has an error, or a value that is to be changed does not exist in it.
    Costs(String),
    /// The worker that should have answered has died.
    Died,
    /// The check was stopped, by `Cancel` or by a new `Check`, or the grid was.
    Cancelled,
}

/// A part of a message that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessagePart {
    /// The whole message.
    Message,
    /// One of the texts.
    Text,
    /// The list of kernels.
    Kernels,
    /// The list of options.
    Options,
    /// The list of variants.
    Variants,
    /// A run.
    Run,
    /// The number of states.
    States,
    /// The number of timed runs, or of their steps, or of what is changed for them.
    Runs,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::OtherBuild { ours, theirs } => {
                write!(f, "Page and explorer are of different builds ({theirs} and {ours}): reload the page.")
            }
            Refusal::OtherProtocol { ours, theirs } => {
                write!(
                    f,
                    "Page and explorer speak different versions ({theirs} and {ours}): reload the page."
                )
            }
            Refusal::NotGreeted => f.write_str("The explorer was asked for a check before it was greeted."),
            Refusal::Malformed => f.write_str("The explorer received data that is not a message."),
            Refusal::TooBig(part) => {
                let part = match part {
                    MessagePart::Message => "The message",
                    MessagePart::Text => "A text",
                    MessagePart::Kernels => "The number of kernels",
                    MessagePart::Options => "The number of options",
                    MessagePart::Variants => "The number of variants",
                    MessagePart::Run => "The run",
                    MessagePart::States => "The number of states",
                    MessagePart::Runs => "The number of timed runs or of their steps",
                };
                write!(f, "{part} is larger than the explorer accepts.")
            }
            Refusal::Text { errors: 1, first } => write!(f, "The text has an error: {first}."),
            Refusal::Text { errors, first } => {
                write!(f, "The text has {errors} errors, the first is: {first}.")
            }
            Refusal::Machine(why) => write!(f, "The machine can't be built: {why}."),
            Refusal::Costs(why) => write!(f, "The costs have an error: {why}."),
            Refusal::Died => f.write_str(
                "The explorer died while it worked on this. Most likely it ran out of memory. A new explorer has \
                 been started, and does not try this again. Fewer CPUs or shorter programs may fit, or the command line \
                 may have enough memory.",
            ),
            Refusal::Cancelled => f.write_str("The check was cancelled."),
        }
    }
}

impl std::error::Error for Refusal {}
