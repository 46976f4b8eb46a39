//! Steps that only one CPU can see, folded: a reader who steps through the run goes over them. Where the same choices are played on
//! another machine as well, a step is folded if that holds of it on both machines, and it does the same on both.

use crate::model::comparison::Counterpart;
use crate::model::player::Player;
use explore::{PropertySet, System, Trace};
use machine::Machine;
use scene::Other;
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
    /// The other machine on which the choices are played.
    beside: Option<Counterpart>,
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

/// For each step whether it shows nothing, and only its CPU can see it.
fn alone(machine: &Machine, trace: &Trace<Machine>) -> Vec<bool> {
    let mut state = machine.initial();
    let most = MOST / state.cpus.len().max(1);
    let told = trace.steps().iter().take(most).map(|step| {
        let alone = step.properties == PropertySet::NONE && machine.is_local(&state, step.action);
        machine.step(&mut state, step.action, &mut ());
        alone
    });
    told.collect()
}

/// The same on another machine, which follows the run; there it does the same as here, too.
fn followed(machine: &Machine, trace: &Trace<Machine>, there: &Machine) -> Vec<bool> {
    let mut state = there.initial();
    let compared = scene::compare(machine, trace, there).steps;
    let told = trace.steps().iter().zip(&compared).map(|(step, other)| {
        if matches!(other, Other::Cannot { .. }) {
            return false;
        }
        let local = there.is_local(&state, step.action);
        let shown = there.step(&mut state, step.action, &mut ());
        *other == Other::Same && local && shown == PropertySet::NONE
    });
    told.collect()
}

impl Folding {
    /// What can be folded of a run that is played, perhaps beside another machine's. A step that shows something never is.
    #[must_use]
    pub fn of(player: &Player, beside: Option<&Counterpart>) -> Folding {
        let (machine, trace) = (player.machine(), player.trace());
        let mut alone = alone(machine, trace);
        let there = beside.and_then(|beside| beside.setup(&player.setup().session).ok());
        if let Some(there) = there.filter(|_| alone.contains(&true)) {
            let followed = followed(machine, trace, &there.machine);
            alone.truncate(followed.len());
            alone.iter_mut().zip(followed).for_each(|(here, there)| *here &= there);
        }
        let mut folds: Vec<Fold> = Vec::new();
        for (number, step) in (1..).zip(trace.steps()).zip(alone).filter(|step| step.1).map(|step| step.0) {
            let cpu = step.action.cpu();
            match folds.last_mut() {
                Some(fold) if fold.cpu == cpu && fold.last + 1 == number => fold.last = number,
                _ => folds.push(Fold { first: number, last: number, cpu }),
            }
        }
        Folding { folds: Rc::new(folds), open: Vec::new(), beside: beside.cloned() }
    }

    /// The other machine on which the choices are played.
    #[must_use]
    pub fn beside(&self) -> Option<&Counterpart> {
        self.beside.as_ref()
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
    use crate::model::comparison::offered;
    use crate::model::player::{Player, PlayerAct};
    use crate::model::session::Session;
    use explore::{PropertySet, Seeded, System, Trace};
    use machine::{Action, Machine, State};
    use scene::Other;
    use std::rc::Rc;

    /// Runs of the library's scenarios, by chance: each as far as it goes in so many steps.
    fn runs(seed: u64, each: impl Fn(&str, &Player)) {
        for text in gallery::scenarios() {
            let session = Session::library(text.slug).expect("it is in the library");
            let setup = session.compile().0.expect("it compiles");
            let mut trace = Trace::new(&setup.machine);
            trace.run(&setup.machine, &mut Seeded::new(seed), 120);
            let run = PlayerAct::Load(trace.schedule(), 0);
            each(text.slug, &Player::new(Rc::new(setup)).after(&run));
        }
    }

    fn folds(folding: &Folding, step: usize) -> bool {
        folding.closed().any(|fold| (fold.first as usize..=fold.last as usize).contains(&step))
    }

    /// Whatever another CPU can do in a state next to an action may be done before it, with the same outcome. How many there were.
    fn is_not_observed(machine: &Machine, state: &State, action: Action, told: &str) -> u32 {
        let mut enabled = Vec::new();
        machine.enabled(state, &mut enabled);
        let others = enabled.into_iter().filter(|other| other.cpu() != action.cpu());
        let exchanged = others.map(|other| {
            let told = format!("{told}: {action:?} and {other:?}");
            let after = taken(machine, state, [action, other]).expect(&told);
            let (before, [first, second]) = taken(machine, state, [other, action]).expect(&told);
            assert_eq!(after, (before, [second, first]), "{told}");
        });
        exchanged.count() as u32
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
        let (steps, pairs) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        runs(7, |slug, player| {
            let (machine, folding) = (player.machine(), Folding::of(player, None));
            let mut state = machine.initial();
            for (number, step) in (1..).zip(player.trace().steps()) {
                if folds(&folding, number) {
                    let others = is_not_observed(machine, &state, step.action, &format!("{slug} {number}"));
                    steps.set(steps.get() + 1);
                    pairs.set(pairs.get() + others);
                }
                machine.step(&mut state, step.action, &mut ());
            }
        });
        assert!(steps.get() > 100 && pairs.get() > 200, "{} steps, {} pairs", steps.get(), pairs.get());
    }

    /// Beside another machine's run a step is folded only if it is such a step on both machines, and does the same on both.
    #[test]
    fn beside_another_machine_no_difference_is_folded() {
        let (steps, fewer) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        runs(7, |slug, player| {
            let others = offered(player.setup(), false).into_iter().flat_map(|group| group.1);
            for (counterpart, name) in others.take(3) {
                let Ok(there) = counterpart.setup(&player.setup().session).map(|setup| setup.machine) else {
                    continue;
                };
                let (own, folding) = (Folding::of(player, None), Folding::of(player, Some(&counterpart)));
                assert_eq!(folding.beside(), Some(&counterpart));
                let compared = scene::compare(player.machine(), player.trace(), &there);
                let mut state = there.initial();
                for (number, (step, other)) in (1..).zip(player.trace().steps().iter().zip(&compared.steps)) {
                    let told = format!("{slug} beside {name}: {number}");
                    if folds(&folding, number) {
                        assert!(folds(&own, number) && *other == Other::Same, "{told}");
                        is_not_observed(&there, &state, step.action, &told);
                        steps.set(steps.get() + 1);
                    } else if folds(&own, number) {
                        fewer.set(fewer.get() + 1);
                    }
                    if !matches!(other, Other::Cannot { .. }) {
                        there.step(&mut state, step.action, &mut ());
                    }
                }
            }
        });
        assert!(steps.get() > 100 && fewer.get() > 0, "{} steps, {} not", steps.get(), fewer.get());
    }

    #[test]
    fn a_reader_goes_over_what_is_folded_and_into_what_is_open() {
        let fold = |first, last, cpu| Fold { first, last, cpu };
        let folding = Folding {
            folds: Rc::new(vec![fold(3, 5, 1), fold(6, 6, 0), fold(9, 9, 0)]),
            ..Folding::default()
        };
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
