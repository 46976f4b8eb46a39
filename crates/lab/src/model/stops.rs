//! Lines of the texts that a reader has marked: a run goes on to the next moment at which a CPU comes to one of them.
//!
//! A CPU is at a line if its next statement is there, or a call that it is inside of. It comes to a line at a moment before which
//! it was elsewhere: a CPU that waits at a marked line does not hold the run there.

use crate::model::player::Player;
use crate::model::session::Setup;
use explore::System;
use lang::effects::Flow;
use lang::source::SourceId;
use machine::State;

/// The most marked lines of a text.
const MOST: usize = 200;

/// The marked lines of scenario and kernel, from 1, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stops([Vec<u32>; 2]);

/// A CPU that has come to a marked line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The moment.
    pub moment: usize,
    /// The CPU.
    pub cpu: u8,
    /// The text.
    pub source: u8,
    /// The line, from 1.
    pub line: u32,
}

impl Stops {
    /// The same with these lines of a text, and no others of it.
    #[must_use]
    pub fn with(&self, source: SourceId, lines: &[u32]) -> Stops {
        let mut stops = self.clone();
        if let Some(marked) = stops.0.get_mut(usize::from(source.0)) {
            *marked = lines.iter().copied().filter(|line| *line > 0).take(MOST).collect();
            marked.sort_unstable();
            marked.dedup();
        }
        stops
    }

    /// The marked lines of a text.
    #[must_use]
    pub fn of(&self, source: SourceId) -> &[u32] {
        self.0.get(usize::from(source.0)).map_or(&[], Vec::as_slice)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// The next moment of the player's run at which a CPU comes to a marked line, and which CPU does.
    #[must_use]
    pub fn next(&self, player: &Player) -> Option<Arrival> {
        let setup = player.setup();
        let marked = self.marked(setup);
        let mut state = player.state(player.cursor());
        let mut before = at(setup, &marked, &state);
        for (index, step) in player.trace().steps().iter().enumerate().skip(player.cursor()) {
            setup.machine.step(&mut state, step.action, &mut ());
            let now = at(setup, &marked, &state);
            for (cpu, (was, is)) in before.iter().zip(&now).enumerate() {
                if let Some((source, line)) = is.iter().find(|place| !was.contains(place)) {
                    let cpu = u8::try_from(cpu).unwrap_or(u8::MAX);
                    return Some(Arrival { moment: index + 1, cpu, source: *source, line: *line });
                }
            }
            before = now;
        }
        None
    }

    /// For each statement of the program, the marked lines that a CPU is at when it is there.
    fn marked(&self, setup: &Setup) -> Vec<Vec<(u8, u32)>> {
        let texts = [&*setup.session.experiment.scenario, &*setup.session.kernel()];
        let starts = texts.map(|text| {
            let ends = text.bytes().zip(1_u32..).filter(|(byte, _)| *byte == b'\n').map(|(_, at)| at);
            (std::iter::once(0).chain(ends).collect::<Vec<u32>>(), text.len())
        });
        let place = |source: SourceId, byte: u32| {
            let (starts, length) = starts.get(usize::from(source.0))?;
            // A place behind the text is in a kernel that this one extends.
            let line = u32::try_from(starts.partition_point(|start| *start <= byte)).ok()?;
            ((byte as usize) < *length && self.of(source).contains(&line)).then_some((source.0, line))
        };
        let of_site = |site: &lang::source::Site| {
            let callers = site.callers.iter().filter_map(|caller| place(caller.0, caller.1.start));
            place(site.source, site.span.start).into_iter().chain(callers).collect()
        };
        setup.machine.program().sites.iter().map(of_site).collect()
    }
}

/// The marked lines that each CPU is at.
fn at<'a>(setup: &Setup, marked: &'a [Vec<(u8, u32)>], state: &State) -> Vec<&'a [(u8, u32)]> {
    let place = |cpu: usize| {
        let ended = setup.machine.next(state, cpu as u8).flow == Flow::End;
        let pc = state.cpus[cpu].context().pc as usize;
        marked.get(pc).filter(|_| !ended).map_or(&[][..], Vec::as_slice)
    };
    (0..state.cpus.len()).map(place).collect()
}
