//! Steps that only one CPU can see, folded: a reader who steps through the run goes over them.

use explore::System;
use machine::Machine;
use std::rc::Rc;

/// The first steps of a run, divided by the number of CPUs, that are looked at: it takes a moment to look at a step.
const MOST: usize = 20_000;

/// What is folded of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folding {
    /// All folds of the run.
    folds: Rc<Vec<Fold>>,
    /// The first steps of those that the reader has opened.
    open: Vec<u32>,
}

/// Consecutive steps that only one CPU can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The first of them, counted from 1.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// The CPU.
    pub cpu: u8,
}

impl Fold {
    /// How many steps there are.
    #[must_use]
    pub fn steps(self) -> usize {
        (self.last - self.first) as usize + 1
    }

    /// `3 steps that only CPU 1 can see`.
    #[must_use]
    pub fn told(self) -> String {
        format!("{} that only CPU {} can see", scene::steps(self.steps()), self.cpu)
    }
}

impl Folding {
    /// What can be folded of a run. A step that shows something never is.
    #[must_use]
    pub fn of(machine: &Machine, trace: &explore::Trace<Machine>) -> Folding {
        let mut state = machine.initial();
        let most = MOST / state.cpus.len().max(1);
        let mut folds: Vec<Fold> = Vec::new();
        for (number, step) in (1..).zip(trace.steps()).take(most) {
            let (action, cpu) = (step.action, step.action.cpu());
            if step.properties == explore::PropertySet::NONE && machine.is_local(&state, action) {
                match folds.last_mut() {
                    Some(fold) if fold.cpu == cpu && fold.last + 1 == number => fold.last = number,
                    _ => folds.push(Fold { first: number, last: number, cpu }),
                }
            }
            machine.step(&mut state, action, &mut ());
        }
        Folding { folds: Rc::new(folds), open: Vec::new() }
    }

    /// Whether there is anything to fold.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folds.is_empty()
    }

    /// The folds that are not open, in their order.
    pub fn closed(&self) -> impl Iterator<Item = Fold> {
        self.folds.iter().copied().filter(|fold| !self.open.contains(&fold.first))
    }

    /// The same with what is open in another one.
    #[must_use]
    pub fn open_as(self, other: &Folding) -> Folding {
        Folding { open: other.open.clone(), ..self }
    }

    /// Opens the fold with this step.
    #[must_use]
    pub fn opened(&self, step: u32) -> Folding {
        let mut opened = self.clone();
        opened
            .open
            .extend(self.closed().find(|fold| (fold.first..=fold.last).contains(&step)).map(|it| it.first));
        opened
    }

    /// Where a reader comes to who goes to a moment from the one beside it: past the folds that lie there.
    #[must_use]
    pub fn past(&self, moment: usize, forward: bool) -> usize {
        let step = |moment: usize| moment as u32;
        let fold = |at: usize| self.closed().find(|fold| (fold.first..=fold.last).contains(&step(at)));
        let mut at = moment;
        while let Some(fold) = fold(at) {
            at = if forward { fold.last as usize + 1 } else { fold.first as usize - 1 };
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::{Fold, Folding};
    use crate::model::session::Session;
    use explore::{PropertySet, Seeded, System, Trace};
    use machine::{Action, Machine, State};
    use std::rc::Rc;

    /// Runs of the library's scenarios, by chance: each as far as it goes in so many steps.
    fn runs(seed: u64, each: impl Fn(&str, &Machine, &Trace<Machine>)) {
        for text in gallery::scenarios() {
            let session = Session::library(text.slug).expect("it is in the library");
            let setup = session.compile().0.expect("it compiles");
            let mut trace = Trace::new(&setup.machine);
            trace.run(&setup.machine, &mut Seeded::new(seed), 120);
            each(text.slug, &setup.machine, &trace);
        }
    }

    /// The state after two actions, and what each shows; nothing if one of them can't be taken.
    fn taken(machine: &Machine, state: &State, actions: [Action; 2]) -> Option<(State, [PropertySet; 2])> {
        let mut state = state.clone();
        let shown = actions.map(|action| {
            let mut enabled = Vec::new();
            machine.enabled(&state, &mut enabled);
            enabled.contains(&action).then(|| machine.step(&mut state, action, &mut ()))
        });
        Some((state, [shown[0]?, shown[1]?]))
    }

    /// Whatever another CPU does next to such a step, it may have been done before the step, with the same outcome.
    #[test]
    fn no_other_cpu_observes_when_a_folded_step_happens() {
        let folded = std::cell::Cell::new((0, 0));
        runs(7, |slug, machine, trace| {
            let folding = Folding::of(machine, trace);
            let mut state = machine.initial();
            for (number, step) in (1..).zip(trace.steps()) {
                if folding.closed().any(|fold| (fold.first..=fold.last).contains(&number)) {
                    let mut enabled = Vec::new();
                    machine.enabled(&state, &mut enabled);
                    for &other in enabled.iter().filter(|other| other.cpu() != step.action.cpu()) {
                        let after = taken(machine, &state, [step.action, other]);
                        let before = taken(machine, &state, [other, step.action]);
                        let told = format!("{slug}: {:?} and {other:?} of step {number}", step.action);
                        let (after, before) = (after.expect(&told), before.expect(&told));
                        let [first, second] = before.1;
                        assert_eq!(after, (before.0, [second, first]), "{told}");
                        let (steps, pairs) = folded.get();
                        folded.set((steps, pairs + 1));
                    }
                    folded.set((folded.get().0 + 1, folded.get().1));
                }
                machine.step(&mut state, step.action, &mut ());
            }
        });
        let (steps, pairs) = folded.get();
        assert!(steps > 100 && pairs > 200, "{steps} steps, {pairs} pairs");
    }

    #[test]
    fn a_reader_goes_over_what_is_folded_and_into_what_is_open() {
        let fold = |first, last, cpu| Fold { first, last, cpu };
        let folding =
            Folding { folds: Rc::new(vec![fold(3, 5, 1), fold(6, 6, 0), fold(9, 9, 0)]), open: Vec::new() };
        let forward: Vec<usize> = (1..=10).map(|at| folding.past(at, true)).collect();
        assert_eq!(forward, [1, 2, 7, 7, 7, 7, 7, 8, 10, 10]);
        let back: Vec<usize> = (0..=9).map(|at| folding.past(at, false)).collect();
        assert_eq!(back, [0, 1, 2, 2, 2, 2, 2, 7, 8, 8]);
        let opened = folding.opened(4);
        assert_eq!((opened.past(3, true), opened.past(6, true), opened.past(5, false)), (3, 7, 5));
        assert_eq!(opened.opened(4), opened);
        assert_eq!(fold(3, 5, 1).told(), "3 steps that only CPU 1 can see");
        assert_eq!(fold(6, 6, 0).told(), "1 step that only CPU 0 can see");
    }
}
