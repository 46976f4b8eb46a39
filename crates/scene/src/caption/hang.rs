//! Words for a machine that hangs: who waits for what, who goes round in which loop, and who has ended.

use super::Telling;
use crate::action::why_blocked;
use crate::name;
use lang::effects::Flow;
use lang::program::Pc;
use machine::{Loc, Standing, State};

impl Telling<'_> {
    /// Why nothing goes on, of each CPU: `now no CPU can continue: CPU 0 waits for the lock A.ptl; CPU 1 has ended`.
    pub(super) fn hangs(&self) -> Vec<String> {
        let machine = self.names.machine;
        let ends = machine.standstill(self.after);
        let processors = machine.program().machine.cpus;
        let mut told = Vec::new();
        let (mut ended, mut ending) = (Vec::new(), Vec::new());
        let (mut later, mut rounds) = (false, false);
        for (cpu, standing) in (0..processors).zip(&ends.cpus) {
            match standing {
                Standing::Ended if machine.next(self.after, cpu).flow == Flow::End => {
                    ended.push(format!("CPU {cpu}"));
                }
                Standing::Ended => ending.push(format!("CPU {cpu}")),
                Standing::Waits => {
                    let at_last = if machine.blocked(self.after, cpu).is_none() { "at last " } else { "" };
                    let why = why_blocked(machine, &ends.state, cpu);
                    told.extend(why.map(|why| format!("{at_last}CPU {cpu} {why}")));
                }
                Standing::Round { pcs, reads, already } => {
                    rounds = true;
                    later |= !already;
                    told.push(self.round(&ends.state, cpu, (pcs, reads), *already));
                }
            }
        }
        if !ended.is_empty() {
            let have = if ended.len() == 1 { "has" } else { "have" };
            told.push(format!("{} {have} ended", name::list(&ended)));
        }
        if !ending.is_empty() {
            told.push(format!("{} will come to an end", name::list(&ending)));
        }
        let head = match (rounds, later) {
            (false, _) => "now no CPU can continue",
            (true, false) => "now the machine hangs",
            (true, true) => "now the machine hangs, whatever happens next",
        };
        if let Some(first) = told.first_mut() {
            *first = format!("{head}: {first}");
        }
        told
    }

    /// `CPU 0 goes round in a loop of munmap for ever, looking at must_flush, which stays {0}`.
    fn round(&self, state: &State, cpu: u8, (pcs, reads): (&[Pc], &[Loc]), already: bool) -> String {
        let program = self.names.machine.program();
        // The smallest loop that has all of its round, if it is one that a text has.
        let within = |&&(start, end): &&(Pc, Pc)| pcs.iter().all(|pc| (start..end).contains(pc));
        let found = program.whiles.iter().filter(within).min_by_key(|(start, end)| end - start);
        let first = found.map(|found| found.0).or(pcs.iter().min().copied());
        let site = first.and_then(|pc| program.sites.get(usize::from(pc)));
        let of = match site.map(|site| site.function.as_str()) {
            Some(function) if !function.contains(' ') => format!(" of {function}"),
            _ => String::new(),
        };
        let verb = if already { "goes" } else { "will go" };
        let mut text = format!("CPU {cpu} {verb} round in a loop{of} for ever");
        let places: Vec<String> = reads
            .iter()
            .map(|&loc| self.names.holds(state, cpu, loc, self.names.machine.memory(state, loc)))
            .collect();
        if !places.is_empty() {
            text.push_str(&format!(" with {}", name::list(&places)));
        }
        text
    }
}
