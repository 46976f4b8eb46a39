//! Lines of the texts that a reader has marked: a run goes on to the next moment at which a CPU comes to one of them.
//!
//! A CPU is at a line if its next statement is there, or a call that it is inside of. It comes to a line at a moment before which
//! it was elsewhere: a CPU that waits at a marked line does not hold the run there. At the beginning of the run it counts as
//! having come to the line that it is at.

use crate::model::player::Player;
use crate::model::session::Setup;
use explore::System;
use lang::effects::Flow;
use lang::source::{SourceId, Span};
use machine::State;

/// The most marked lines of all texts together; further ones are left out. The editor lets a reader mark half as many in each text
/// (`web/editor/src/stops.js`).
const MOST: usize = 64;

/// A CPU that has come to a marked line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The moment.
    pub moment: usize,
    /// The CPU.
    pub cpu: u8,
    /// The text.
    pub source: SourceId,
    /// The line, from 1.
    pub line: u32,
}

/// The first moment of the player's run behind another one at which a CPU comes to one of these lines, each with its text and its
/// number from 1, and which CPU does.
#[must_use]
pub fn next(player: &Player, after: usize, lines: &[(SourceId, u32)]) -> Option<Arrival> {
    let setup = player.setup();
    let marked = marked(setup, lines);
    let mut state = player.state(after);
    let mut before = at(setup, &marked, &state);
    for (index, step) in player.trace().steps().iter().enumerate().skip(after) {
        setup.machine.step(&mut state, step.action, &mut ());
        let now = at(setup, &marked, &state);
        for (cpu, was) in before.into_iter().enumerate() {
            let fresh = now[cpu] & !was;
            if fresh != 0 {
                let (source, line) = lines[fresh.trailing_zeros() as usize];
                return Some(Arrival {
                    moment: index + 1,
                    cpu: u8::try_from(cpu).unwrap_or(u8::MAX),
                    source,
                    line,
                });
            }
        }
        before = now;
    }
    None
}

/// The same from the beginning of the run on: a CPU that is at one of the lines there has come to it.
#[must_use]
pub fn first(player: &Player, lines: &[(SourceId, u32)]) -> Option<Arrival> {
    let setup = player.setup();
    let there = at(setup, &marked(setup, lines), &player.state(0));
    let (cpu, bits) = (0..).zip(there).find(|(_, lines)| *lines != 0).unzip();
    let arrival = cpu.zip(bits).map(|(cpu, bits): (u8, u64)| {
        let (source, line) = lines[bits.trailing_zeros() as usize];
        Arrival { moment: 0, cpu, source, line }
    });
    arrival.or_else(|| next(player, 0, lines))
}

fn marked(setup: &Setup, lines: &[(SourceId, u32)]) -> Vec<(SourceId, Span)> {
    lines.iter().take(MOST).map(|(source, line)| (*source, bytes(setup.text(*source), *line))).collect()
}

/// The bytes of a line of a text; none if it has no such line.
fn bytes(text: &str, line: u32) -> Span {
    let (mut start, mut left) = (0, line);
    for one in text.split_inclusive('\n') {
        let end = start + u32::try_from(one.len()).unwrap_or(0);
        left = left.saturating_sub(1);
        if left == 0 {
            return Span { start, end };
        }
        start = end;
    }
    Span { start, end: start }
}

/// For each CPU, the marked lines that it is at: a bit for each. A place behind a text is in a kernel that this one extends.
fn at(setup: &Setup, marked: &[(SourceId, Span)], state: &State) -> Vec<u64> {
    let mut all = Vec::new();
    for (number, cpu) in state.cpus.iter().enumerate() {
        let site = &setup.machine.program().sites[cpu.context().pc as usize];
        let ended = setup.machine.next(state, u8::try_from(number).unwrap_or(u8::MAX)).flow == Flow::End;
        let mut lines = 0;
        for (bit, (source, line)) in marked.iter().enumerate() {
            let inside =
                |of: SourceId, span: Span| of == *source && line.start <= span.start && span.start < line.end;
            let here = inside(site.source, site.span)
                || site.callers.iter().any(|caller| inside(caller.0, caller.1));
            lines |= u64::from(here && !ended) << bit;
        }
        all.push(lines);
    }
    all
}
