//! Many variants of one scenario, settled one after the other.
//!
//! An option that a scenario never reaches does not change the scenario's program. So many variants compile to the same
//! program, and those share one search. Results are kept by program. They are kept when another grid asks about the
//! same texts.

use crate::message::WireCell;
use crate::wire::machine;
use crate::{FromExplorer, MAX_VARIANTS, MessagePart, Refusal, WireLimits, WireSelection};
use experiment::Experiment;
use explore::{Bound, Completeness, PropertySet};
use lang::Selection;
use lang::program::Program;
use machine::{Asked, Check, GRAVITY, Machine, headline, run_check};
use std::collections::VecDeque;
use std::sync::Arc;

/// A grid under way, or done.
pub(crate) struct Grid {
    pub(crate) number: u32,
    /// The texts of all variants.
    texts: Experiment,
    limits: WireLimits,
    /// What is still to be settled, with its place in the list.
    waiting: VecDeque<(u32, WireSelection)>,
    /// How many of the first ones in it have been looked at for a kernel that does not fit.
    tried: usize,
    now: Option<Searched>,
    settled: Vec<Settled>,
}

/// A variant whose search is under way.
struct Searched {
    variant: u32,
    link: Option<String>,
    machine: Arc<Machine>,
    asked: Asked,
    check: Check<Arc<Machine>>,
}

/// The result of a search on a program.
struct Settled {
    program: Program,
    /// What the search was asked; it may have stopped where that was seen.
    asked: Asked,
    states: u32,
    saturated: bool,
    completeness: Completeness,
    seen: PropertySet,
    /// Lengths of paths, by rank of the violation, and whether they are known to be shortest ones.
    steps: [(u32, bool); GRAVITY.len()],
}

impl Grid {
    /// A grid; `before` is the one that it takes the place of.
    pub(crate) fn new(
        number: u32,
        texts: Experiment,
        variants: Vec<WireSelection>,
        limits: WireLimits,
        before: Option<Grid>,
    ) -> Result<Grid, Refusal> {
        if variants.len() > MAX_VARIANTS {
            return Err(Refusal::TooBig(MessagePart::Variants));
        }
        let same = before.filter(|before| before.texts == texts && before.limits == limits);
        let settled = same.map(|before| before.settled).unwrap_or_default();
        Ok(Grid {
            number,
            texts,
            limits,
            waiting: (0..).zip(variants).collect(),
            tried: 0,
            now: None,
            settled,
        })
    }

    /// Whether there is something to do.
    pub(crate) fn busy(&self) -> bool {
        self.now.is_some() || !self.waiting.is_empty()
    }

    /// Drops what is still to be done; what is settled stays.
    pub(crate) fn stop(&mut self) {
        self.now = None;
        self.waiting.clear();
    }

    /// Expands up to `budget` states, or begins with another variant; the answer, if one was found. Other kernels that
    /// do not compile with the scenario come first of all: from then on the page knows how many kernels there are.
    pub(crate) fn run(&mut self, budget: u32) -> Option<FromExplorer> {
        while let Some((variant, chosen)) = self.waiting.get(self.tried) {
            let variant = *variant;
            if chosen.kernel.is_none() {
                self.tried += 1;
                continue;
            }
            let reason = match machine(&self.texts, chosen.clone()) {
                Ok(_) => {
                    self.tried += 1;
                    return None;
                }
                Err(reason) => reason,
            };
            self.waiting.remove(self.tried);
            return Some(self.refused(variant, reason));
        }
        if let Some(now) = &mut self.now {
            if run_check(&mut now.check, budget) {
                return None;
            }
            let Searched { variant, link, machine, asked, check } = self.now.take()?;
            let settled = Settled::of(&machine, asked, &check);
            let verdict = settled.verdict(machine.program());
            self.settled.push(settled);
            return Some(FromExplorer::Cell { job: self.number, variant, verdict, shared: false, link });
        }
        let (variant, chosen) = self.waiting.pop_front()?;
        self.tried = self.tried.saturating_sub(1);
        match machine(&self.texts, chosen.clone()) {
            Err(reason) => Some(self.refused(variant, reason)),
            Ok(machine) => {
                let link = self.link(&machine, chosen);
                let program = bare(machine.program());
                let asked = Asked::by(machine.program());
                let same = |settled: &&Settled| settled.program == program && settled.answers(&asked);
                if let Some(known) = self.settled.iter().find(same) {
                    let verdict = known.verdict(machine.program());
                    return Some(FromExplorer::Cell {
                        job: self.number,
                        variant,
                        verdict,
                        shared: true,
                        link,
                    });
                }
                let machine = Arc::new(machine);
                let check = Check::whether(machine.clone(), self.limits.into(), asked.clone());
                self.now = Some(Searched { variant, link, machine, asked, check });
                None
            }
        }
    }

    /// A variant that becomes no machine.
    fn refused(&self, variant: u32, reason: Refusal) -> FromExplorer {
        let verdict = WireCell::Refused(reason);
        FromExplorer::Cell { job: self.number, variant, verdict, shared: false, link: None }
    }

    /// The link to the beginning of a variant. It is made here, since the page that shows it has no time to compile and pack the
    /// texts for each variant while somebody types.
    fn link(&self, machine: &Machine, chosen: WireSelection) -> Option<String> {
        if self.texts.is_long() {
            return None;
        }
        let Selection { kernel, case, options } = chosen.into();
        let there =
            self.texts.selecting(Selection { kernel: None, case, options }).on_kernel(kernel.as_deref());
        Some(link::beginning(&there, machine))
    }
}

/// A program without what it does not run on: words, labels of its options, expectations, places in the text.
fn bare(program: &Program) -> Program {
    Program {
        name: String::new(),
        kernel: String::new(),
        replaced: Vec::new(),
        about: Vec::new(),
        claim: None,
        cites: Vec::new(),
        options: Vec::new(),
        sites: Vec::new(),
        expectations: Vec::new(),
        ..program.clone()
    }
}

impl Settled {
    fn of(machine: &Machine, asked: Asked, check: &Check<Arc<Machine>>) -> Settled {
        let progress = check.progress();
        let steps = |property: machine::Property| {
            let length = check.witness(property.as_set()).map_or(0, |(_, schedule)| schedule.len());
            (length as u32, check.shortest(property.as_set()))
        };
        Settled {
            program: bare(machine.program()),
            asked,
            states: progress.states,
            saturated: check.saturated(),
            completeness: progress.completeness,
            seen: progress.seen,
            steps: GRAVITY.map(steps),
        }
    }

    /// Whether a search with another question would have had the same result.
    fn answers(&self, asked: &Asked) -> bool {
        let stopped = self.completeness == Completeness::Bounded(Bound::Found);
        self.asked == *asked || !stopped && asked.goes_as_far(self.states, self.seen)
    }

    /// The verdict on it, for the expectations of `program`.
    fn verdict(&self, program: &Program) -> WireCell {
        let found = headline(self.seen, program);
        let rank = GRAVITY.into_iter().zip(self.steps).find(|(property, _)| Some(*property) == found);
        match (rank, self.completeness == Completeness::Complete) {
            (Some((property, (steps, shortest))), _) => {
                WireCell::Reachable { property: property.number(), steps, shortest }
            }
            (None, true) => WireCell::Safe { states: self.states, saturated: self.saturated },
            (None, false) => WireCell::Bounded { states: self.states },
        }
    }
}
