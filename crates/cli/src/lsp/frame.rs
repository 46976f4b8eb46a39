//! Messages on a stream: a head with the length, an empty line, and so many bytes of JSON.
//!
//! The library's own reader gives up at the first body that is no JSON. This one tells the editor and reads on.

use std::io::{self, BufRead, Read, Write};

/// The longest body that is read. Texts have at most 256 KiB; an editor may send many of them at once.
const MOST: u64 = 64 << 20;

/// The longest line of a head.
const MOST_HEAD: u64 = 8 << 10;

/// What has been read.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A body.
    Body(Vec<u8>),
    /// Something that is none, in words.
    Broken(&'static str),
    /// The stream has ended.
    End,
}

/// Reads the next message.
///
/// # Errors
/// If the stream can't be read.
pub fn read(from: &mut impl BufRead) -> io::Result<Incoming> {
    let mut length: Option<u64> = None;
    let mut begins = true;
    loop {
        let mut line = Vec::new();
        if from.by_ref().take(MOST_HEAD).read_until(b'\n', &mut line)? == 0 {
            return Ok(Incoming::End);
        }
        let ends = line.ends_with(b"\n");
        // A line that is too long is read in pieces, and says nothing: its last piece is no empty line.
        if !std::mem::replace(&mut begins, ends) || !ends {
            continue;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        match (line.is_empty(), length) {
            (true, Some(length)) => return body(from, length),
            (true, None) => {
                return Ok(Incoming::Broken("a message begins with Content-Length and an empty line"));
            }
            (false, _) => {}
        }
        let field =
            line.split_once(':').filter(|(name, _)| name.trim().eq_ignore_ascii_case("content-length"));
        if let Some((_, value)) = field {
            length = value.trim().parse().ok();
        }
    }
}

fn body(from: &mut impl BufRead, length: u64) -> io::Result<Incoming> {
    if length > MOST {
        let skipped = io::copy(&mut from.take(length), &mut io::sink())?;
        return Ok(if skipped < length {
            Incoming::End
        } else {
            Incoming::Broken("the message is longer than 64 MiB")
        });
    }
    let mut body = Vec::new();
    let read = from.take(length).read_to_end(&mut body)?;
    Ok(if (read as u64) < length { Incoming::End } else { Incoming::Body(body) })
}

/// Writes a message.
///
/// # Errors
/// If the stream can't be written.
pub fn write(to: &mut impl Write, body: &str) -> io::Result<()> {
    write!(to, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::{Incoming, read};

    #[test]
    fn what_is_no_message_does_not_hide_the_next_one() {
        let stream = "\r\nContent-Length: 2\r\nContent-Type: x\r\n\r\n{}nonsense\n\nContent-Length: -4\n\ncontent-length:3\n\nabcContent-Length: 9\r\n\r\nshort";
        let mut from = stream.as_bytes();
        let mut frames = Vec::new();
        while let Some(frame) = Some(read(&mut from).expect("bytes")).filter(|frame| *frame != Incoming::End)
        {
            frames.push(match frame {
                Incoming::Body(body) => String::from_utf8(body).expect("text"),
                _ => "broken".to_owned(),
            });
        }
        assert_eq!(frames, ["broken", "{}", "broken", "broken", "abc"]);
    }

    #[test]
    fn a_length_that_is_a_lie_takes_no_memory() {
        let stream = format!("Content-Length: {}\r\n\r\n{{}}", u64::MAX);
        assert_eq!(read(&mut stream.as_bytes()).expect("bytes"), Incoming::End);
        // A head without an end is read in pieces.
        assert_eq!(read(&mut "x".repeat(1 << 20).as_bytes()).expect("bytes"), Incoming::End);
    }

    #[test]
    fn the_end_of_a_long_line_is_no_empty_line() {
        let most = usize::try_from(super::MOST_HEAD).expect("it is small");
        for (length, filled) in [(most - 1, "x"), (most, "x"), (most + 1, "x"), (2 * most, "x"), (most, " ")]
        {
            let long = filled.repeat(length);
            let stream = format!("{long}\r\nContent-Length: 2\r\n{long}\r\nContent-Type: y\r\n\r\n{{}}");
            let frame = read(&mut stream.as_bytes()).expect("bytes");
            assert_eq!(frame, Incoming::Body(b"{}".to_vec()), "{length} times {filled:?}");
        }
    }
}
