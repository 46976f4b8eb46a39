//! Sequences of messages to the explorer. Two bytes before each message give its length.

use crate::reached::reached;
use protocol::{Server, from_bytes};

/// Slices of work after each message.
const SLICES: usize = 3;

/// States in a slice.
const BUDGET: u32 = 500;

/// Sends the messages and lets the explorer work in between: everything that it says is a message.
pub(crate) fn messages(input: &[u8]) {
    let mut server = Server::default();
    let mut rest = input;
    while let [low, high, behind @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(behind.len());
        let (message, behind) = behind.split_at(length);
        rest = behind;
        let mut replies = server.handle(message);
        for _ in 0..SLICES {
            let worked = server.run(BUDGET);
            if !worked.is_empty() {
                reached();
            }
            replies.extend(worked);
        }
        for reply in replies {
            assert!(from_bytes(&reply).is_ok(), "the explorer says something that is no message");
        }
    }
}
