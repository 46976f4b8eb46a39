//! The options of the benchmark.

use crate::tool::Tool;
use bench::subject::Size;
use lexopt::prelude::*;
use std::ffi::OsString;

/// Shown for `--help`, and after arguments that were not understood.
pub const HELP: &str = "\
usage: bench [--rounds N] [--write] [--small | --large | --only NAME]
       bench --page [--rounds N] [--write]
       bench --page --only keys [--rounds N] [--write]
       bench --growth [--write]
       bench --timed [--write]
       bench --agree [--write]

  --rounds N   how often each tool runs on each subject (5)
  --write      also write the tables to docs/performance.md, or the agreement to docs/promela.md
  --small      only the smallest subject of each kind, to check that the tools work
  --large      also those that take minutes for each round
  --only NAME  only that subject; of the page, only how long a key takes (keys)
  --page       measure the page in a browser instead: verdicts, playing, cancelling, the first paint
  --growth     measure instead how much more there is to search with one more CPU or step, until all give up
  --timed      measure instead how fast timed runs are, and how much memory they take
  --agree      check instead whether Spin and our search agree on every variant of every scenario of the library";

/// One request.
#[derive(Debug, PartialEq)]
pub enum Ask {
    /// Say how this is used.
    Help,
    /// Measure.
    Bench(Options),
    /// Measure the page in a browser.
    Page(Options),
    /// Measure in a browser how long a key takes.
    Keys(Options),
    /// Compare with Spin on the whole library, and perhaps say so on its page.
    Agree { write: bool },
    /// How searches grow, and perhaps say so on the page and in pictures.
    Growth { write: bool },
    /// Measures how fast timed runs are, and writes that to the page if asked.
    Timed { write: bool },
    /// One timed run: the benchmark starts itself with this command.
    Run { cpus: u8, steps: u64 },
    /// One of these searches; the benchmark calls itself with it.
    Grow { who: String, axis: String, value: u32 },
    /// One run of one tool that is part of this program; the benchmark calls itself with it.
    One { tool: Tool, subject: String, find: bool },
    /// Run a command and say what it used; the benchmark calls itself with it.
    Measure(Vec<OsString>),
}

/// What to measure, and what to do with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Runs of each tool on each subject.
    pub rounds: u32,
    /// Write the page.
    pub write: bool,
    /// The largest subjects to be measured.
    pub most: Size,
    /// Only this subject.
    pub only: Option<String>,
}

/// Reads the arguments.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Ask, lexopt::Error> {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some((first, command)) = args.split_first()
        && first == "measure"
    {
        return Ok(Ask::Measure(command.to_vec()));
    }
    let mut parser = lexopt::Parser::from_args(args);
    let mut options = Options { rounds: 5, write: false, most: Size::Medium, only: None };
    let (mut one, mut find, mut page, mut agree) = (Vec::new(), false, false, false);
    let (mut growth, mut timed) = (false, false);
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Ask::Help),
            Long("rounds") => options.rounds = parser.value()?.parse::<u32>()?.max(1),
            Long("write") => options.write = true,
            Long("small") => options.most = Size::Small,
            Long("large") => options.most = Size::Large,
            Long("page") => page = true,
            Long("agree") => agree = true,
            Long("growth") => growth = true,
            Long("timed") => timed = true,
            Long("only") => options.only = Some(parser.value()?.string()?),
            Long("find") => find = true,
            Value(word) => one.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match one.as_slice() {
        [] if agree => Ok(Ask::Agree { write: options.write }),
        [] if growth => Ok(Ask::Growth { write: options.write }),
        [] if timed => Ok(Ask::Timed { write: options.write }),
        [] if page => match options.only.as_deref() {
            None => Ok(Ask::Page(options)),
            Some("keys") => Ok(Ask::Keys(options)),
            Some(other) => {
                Err(format!("of the page, only keys are measured alone, and not {other:?}").into())
            }
        },
        [] => Ok(Ask::Bench(options)),
        [word, tool, subject] if word == "one" => {
            let tool = Tool::named(tool).ok_or_else(|| format!("there is no tool {tool:?}"))?;
            Ok(Ask::One { tool, subject: subject.clone(), find })
        }
        [word, who, axis, value] if word == "grow" => {
            let value = value.parse().map_err(|_| format!("{value:?} is no number"))?;
            Ok(Ask::Grow { who: who.clone(), axis: axis.clone(), value })
        }
        [word, cpus, steps] if word == "timed" => {
            let number = |text: &String| text.parse::<u64>().map_err(|_| format!("{text:?} is no number"));
            Ok(Ask::Run { cpus: number(cpus)?.min(64) as u8, steps: number(steps)? })
        }
        other => Err(format!("{:?} is not understood", other.join(" ")).into()),
    }
}
