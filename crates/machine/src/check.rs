//! Settling what a scenario expects.
//!
//! One full search answers "never" and "sometimes" for all properties at once, with a shortest witness each. When it
//! becomes large, a search of saturated states ([`explore::Monotone`]) is made first: it finds the properties that show, in
//! far fewer states. The full search then continues. If it is not over soon, it continues only to find the shortest witness
//! of a property that shows and was asked for. What shows is known long before ([`Early`]).
//!
//! An "always" needs a second search that leaves out every step that shows the property. If a complete execution is
//! still possible, the property does not always show.
//!
//! All searches of a check share one bound on memory. Of a search for an "always", only the answer is kept, with
//! the schedule that proves it.
//!
//! A check may stop when none of its questions is open ([`Asked`]). Then it says so, and does not call itself
//! complete.

use crate::asked::{LARGE, SPAN};
use crate::{Action, Asked, Finals, Machine, Property, State, headline, named, numbered};
use explore::{Bound, Completeness, Exploration, Handle, Limits, Progress, PropertySet, Search};
use lang::program::{Expectation, Observation, Pc};

/// What a search says about an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Met,
    /// It does not hold.
    Failed,
    /// The search stopped at a bound before it could tell.
    Open,
}

/// How often a property shows, as far as the searches went, with a path to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which property, or the one that it stands for if it is a labelled one.
    pub property: Property,
    /// Its number in a set of properties.
    pub number: u8,
    /// How often; nothing if that is open.
    pub observation: Option<Observation>,
    /// A schedule that shows it.
    pub witness: Option<Vec<Action>>,
    /// Whether it is known to be a shortest one.
    pub shortest: bool,
}

/// What a check is looking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// What shows, in every state.
    Every,
    /// What shows, in saturated states.
    Saturated,
    /// Shortest paths to what is known to show.
    Shortest,
    /// Executions that never show something.
    Without,
}

/// The progress of the search that a check runs now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// What it looks for.
    pub phase: Phase,
    /// Its own figures.
    pub progress: Progress,
    /// An estimate of how many states it will have in all ([`Search::estimate`]).
    pub estimate: Option<u64>,
}

/// What a large check knows before it is done: a violation that shows. [`Check::witness`] has a run that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Early {
    /// The violation that a headline would be about, of those that have shown so far.
    pub property: Property,
    /// Whether no run that shows it is shorter than the one that is known.
    pub shortest: bool,
    /// Whether everything that shows has shown, so that no graver violation is to come.
    pub settled: bool,
}

/// An estimate of what a search that has stopped at a bound would need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// How many states it would have had.
    pub states: u64,
    /// Whether these are saturated states.
    pub saturated: bool,
    /// How many bytes of memory they would have taken.
    pub bytes: u64,
}

/// A check under way, which runs in slices of a budget. `M` is how it holds its machine: `&Machine` or `Arc<Machine>`. `S` is
/// where its searches have their states: in this process, or in several ([`explore::Apart`]).
pub struct Check<M: Handle<System = Machine>, S: Exploration<M> = Search<M>> {
    machine: M,
    means: S::Means,
    limits: Limits,
    asked: Asked,
    full: S,
    /// The search of saturated states, if the full one has become large.
    saturated: Option<Box<S>>,
    /// The results of the searches that avoid the properties of `always` expectations.
    avoiding: Vec<(PropertySet, Avoided)>,
    /// The search of these that is under way.
    now: Option<Box<S>>,
}

/// What is known of the executions that never show some properties.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Avoided {
    /// The search for such executions has not begun.
    Waiting,
    /// A complete execution never shows them: one of the shortest.
    Possible(Vec<Action>),
    /// No complete execution avoids them.
    Impossible,
    /// The search came to a bound before it could tell.
    Open,
}

/// How many states a search has expanded.
fn expanded(progress: &Progress) -> u32 {
    progress.states - progress.frontier
}

impl<M: Handle<System = Machine> + Clone> Check<M> {
    /// A check of everything a machine's scenario expects, and of every other property, to the end. `limits.avoid` and
    /// `limits.stop_at` are not used.
    #[must_use]
    pub fn new(machine: M, limits: Limits) -> Check<M> {
        Check::of(machine, limits, Asked::Count)
    }

    /// A check of everything a machine's scenario expects, which stops where nothing of `asked` is open.
    #[must_use]
    pub fn of(machine: M, limits: Limits, asked: Asked) -> Check<M> {
        Check::by((), machine, limits, asked)
    }

    /// A check that asks only whether properties show, and not whether they always do.
    #[must_use]
    pub fn whether(machine: M, limits: Limits, asked: Asked) -> Check<M> {
        Check::begun((), machine, limits, asked)
    }

    /// The states that settle what never shows, if a search has found all of them.
    #[must_use]
    pub fn states(&self) -> Option<impl Iterator<Item = State>> {
        self.whole().map(Search::states)
    }
}

impl<M: Handle<System = Machine> + Clone, S: Exploration<M>> Check<M, S> {
    /// [`Check::of`], by these means.
    #[must_use]
    pub fn by(means: S::Means, machine: M, limits: Limits, asked: Asked) -> Check<M, S> {
        let mut avoiding: Vec<(PropertySet, Avoided)> = Vec::new();
        let program = machine.system().program();
        for expectation in &program.expectations {
            let properties = named(program, &expectation.property).unwrap_or(PropertySet::NONE);
            if expectation.observation == Observation::Always && avoiding.iter().all(|a| a.0 != properties) {
                avoiding.push((properties, Avoided::Waiting));
            }
        }
        Check { avoiding, ..Check::begun(means, machine, limits, asked) }
    }

    fn begun(means: S::Means, machine: M, limits: Limits, asked: Asked) -> Check<M, S> {
        let limits = Limits { avoid: PropertySet::NONE, stop_at: PropertySet::NONE, ..limits };
        // Saturated states are not all final states.
        let asked = if machine.system().program().finale.is_some() { Asked::Count } else { asked };
        let (full, avoiding) = (S::begin(&means, machine.clone(), limits, false), Vec::new());
        Check { machine, means, limits, asked, full, saturated: None, avoiding, now: None }
    }

    /// Expands up to `budget` states; whether there is more to do.
    pub fn run(&mut self, budget: u32) -> bool {
        if self.full.progress().completeness == Completeness::Running {
            self.look(budget);
            return true;
        }
        let bytes = self.left();
        let Some((avoid, known)) = self.avoiding.iter_mut().find(|a| a.1 == Avoided::Waiting) else {
            return false;
        };
        let limits = Limits { avoid: *avoid, bytes, ..self.limits };
        let whole = self.full.progress().completeness == Completeness::Complete;
        let (machine, means, reduced) = (&self.machine, &self.means, self.saturated.is_some() && !whole);
        let search =
            self.now.get_or_insert_with(|| Box::new(S::begin(means, machine.clone(), limits, reduced)));
        let completeness = search.run(budget);
        // One complete execution is enough.
        *known = match completeness {
            _ if search.ended() => {
                Avoided::Possible(search.ending().map(|found| found.schedule).unwrap_or_default())
            }
            Completeness::Running => return true,
            Completeness::Complete => Avoided::Impossible,
            Completeness::Bounded(_) => Avoided::Open,
        };
        self.now = None;
        true
    }

    /// Continues the searches for "never" and "sometimes".
    fn look(&mut self, budget: u32) {
        let until = |bound: u32, done: u32| budget.min(bound.saturating_sub(done)).max(1);
        let explored = expanded(&self.full.progress());
        let (large, span) = (until(LARGE, explored), until(SPAN, explored));
        // What has been seen may be all that was asked for: then a full search stops soon.
        let over = explored < SPAN && self.asked.settled(self.full.progress().seen);
        if self.asked == Asked::Count || explored < LARGE || over {
            let budget = if explored < LARGE { large } else { budget };
            self.asked.run(&mut self.full, budget);
            return;
        }
        let limits = Limits { bytes: self.left(), ..self.limits };
        let (machine, means) = (&self.machine, &self.means);
        let saturated =
            self.saturated.get_or_insert_with(|| Box::new(S::begin(means, machine.clone(), limits, true)));
        let known = saturated.progress();
        match known.completeness {
            // As long as the full search may be over soon, it looks at no more than that.
            Completeness::Running if explored < SPAN && expanded(&known) < SPAN => {
                saturated.run(until(SPAN, expanded(&known)));
            }
            // A full search that is over soon counts its states.
            _ if explored < SPAN => _ = self.asked.run(&mut self.full, span),
            Completeness::Running => _ = saturated.run(budget),
            Completeness::Complete if self.asked.settled_by(self.full.progress().seen, known.seen) => {
                self.full.stop();
            }
            Completeness::Complete | Completeness::Bounded(_) => _ = self.asked.run(&mut self.full, budget),
        }
    }

    /// What is known of a large check that goes on: nothing if it is not large, or if nothing has shown.
    #[must_use]
    pub fn early(&self) -> Option<Early> {
        if expanded(&self.full.progress()) < LARGE {
            return None;
        }
        let property = headline(self.progress().seen, self.machine.system().program())?;
        let (shortest, settled) = (self.shortest(property.as_set()), self.whole().is_some());
        Some(Early { property, shortest, settled })
    }

    /// How many bytes of memory the searches so far leave for others.
    fn left(&self) -> u64 {
        self.limits.bytes.saturating_sub(self.progress().bytes)
    }

    /// The search that has found every property that shows, if one has: the full one, or that of saturated states.
    fn whole(&self) -> Option<&S> {
        let whole = |search: &&S| search.progress().completeness == Completeness::Complete;
        [Some(&self.full), self.saturated.as_deref()].into_iter().flatten().find(whole)
    }

    /// Whether the figures are of saturated states.
    #[must_use]
    pub fn saturated(&self) -> bool {
        let full = self.full.progress().completeness;
        full != Completeness::Complete && full != Completeness::Running && self.whole().is_some()
    }

    /// Runs to the end.
    pub fn run_to_end(&mut self) {
        while self.run(u32::MAX) {}
    }

    /// Figures of the search that has settled what shows, with the memory of all. Until one has, the states of both.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let full = self.full.progress();
        let running = self.now.as_ref().map_or(0, |search| search.progress().bytes);
        let Some(saturated) = self.saturated.as_ref().map(|search| search.progress()) else {
            return Progress { bytes: full.bytes + running, ..full };
        };
        let bytes = full.bytes + saturated.bytes + running;
        let seen = full.seen | saturated.seen;
        if self.saturated() {
            return Progress { bytes, seen, ..saturated };
        }
        if full.completeness != Completeness::Running {
            return Progress { bytes, seen, ..full };
        }
        Progress {
            states: full.states.saturating_add(saturated.states),
            frontier: full.frontier.saturating_add(saturated.frontier),
            transitions: full.transitions + saturated.transitions,
            bytes,
            seen,
            ..full
        }
    }

    /// The progress of the present search.
    #[must_use]
    pub fn outlook(&self) -> Outlook {
        let running = |search: &&S| search.progress().completeness == Completeness::Running;
        let saturated = self.saturated.as_deref();
        let (phase, search) = match (saturated.filter(running), &self.now) {
            (Some(saturated), _) => (Phase::Saturated, saturated),
            (None, Some(now)) => (Phase::Without, &**now),
            (None, None) if self.seeks_shortest() => (Phase::Shortest, &self.full),
            (None, None) => (Phase::Every, &self.full),
        };
        // A full search of many states is not going to its end.
        let estimate = search.estimate().filter(|&states| {
            phase != Phase::Shortest
                && (phase != Phase::Every || self.asked == Asked::Count || states <= SPAN.into())
        });
        Outlook { phase, progress: search.progress(), estimate }
    }

    /// Whether what shows is settled, and the full search goes on for the shortest paths to it.
    fn seeks_shortest(&self) -> bool {
        let saturated = self.saturated.as_ref().map(|search| search.progress());
        saturated.is_some_and(|known| {
            known.completeness == Completeness::Complete
                && !self.asked.settled_by(self.full.progress().seen, known.seen)
        })
    }

    /// What the check would have needed, if it has stopped at a bound and there is an estimate.
    #[must_use]
    pub fn needs(&self) -> Option<Needs> {
        let search = self.saturated.as_deref().unwrap_or(&self.full);
        let Progress {
            states, bytes, completeness: Completeness::Bounded(Bound::States | Bound::Bytes), ..
        } = search.progress()
        else {
            return None;
        };
        let all = search.estimate()?;
        let bytes = u128::from(bytes) * u128::from(all) / u128::from(states.max(1));
        Some(Needs {
            states: all,
            saturated: self.saturated.is_some(),
            bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
        })
    }

    /// Whether a store had to wait in some state because the store buffer was full: then what was found holds for so many
    /// stores in flight, and with more there may be other outcomes.
    #[must_use]
    pub fn stores_waited(&self) -> bool {
        self.machine.system().stores_waited(self.whole().unwrap_or(&self.full))
    }

    /// The operations of cpu blocks that access memory, are reached, and fault each time: no execution contains the
    /// code after them. Known only for a complete search.
    #[must_use]
    pub fn only_fault(&self) -> Vec<Pc> {
        self.whole().map_or_else(Vec::new, |search| self.machine.system().only_fault(search))
    }

    /// The claims that say nothing: those that no CPU reaches, and those about addresses of which no CPU has ever cached
    /// anything. One operation of each, and whether some CPU reaches it. Only a complete search knows them.
    #[must_use]
    pub fn idle_claims(&self) -> Vec<(Pc, bool)> {
        self.whole().map_or_else(Vec::new, |search| self.machine.system().idle_claims(search))
    }

    /// The operations of the kernel's statements ([`Machine::statements`]) that no CPU reaches in any run. Only a
    /// complete search knows them.
    #[must_use]
    pub fn unreached(&self) -> Vec<Pc> {
        self.whole().map_or_else(Vec::new, |search| self.machine.system().unreached(&search.passed()))
    }

    /// The states in which executions end; nothing if the scenario asks nothing of them.
    #[must_use]
    pub fn finals(&self) -> Option<Finals> {
        self.machine.system().finals(&self.full)
    }

    /// A schedule that shows a property, and whether it is known to be a shortest one.
    fn schedule(&self, property: u8) -> Option<(Vec<Action>, bool)> {
        let shortest = self.full.witness(property).map(|witness| (witness.schedule, true));
        let any = || Some((self.saturated.as_ref()?.witness(property)?.schedule, false));
        shortest.or_else(any)
    }

    /// A schedule that shows one of a set of properties, with the one it shows: the shortest that is known.
    #[must_use]
    pub fn witness(&self, properties: PropertySet) -> Option<(Property, Vec<Action>)> {
        properties
            .iter()
            .filter_map(|number| {
                let (schedule, _) = self.schedule(number)?;
                Some((schedule.len(), numbered(self.machine.system().program(), number)?, schedule))
            })
            .min_by_key(|found| (found.0, found.1))
            .map(|found| (found.1, found.2))
    }

    fn avoided(&self, properties: PropertySet) -> Option<&Avoided> {
        self.avoiding.iter().find(|avoiding| avoiding.0 == properties).map(|avoiding| &avoiding.1)
    }

    /// A complete execution that never shows one of a set of properties, if that was expected always and
    /// there is one.
    #[must_use]
    pub fn without(&self, properties: PropertySet) -> Option<&[Action]> {
        match self.avoided(properties)? {
            Avoided::Possible(schedule) => Some(schedule),
            Avoided::Waiting | Avoided::Impossible | Avoided::Open => None,
        }
    }

    /// Whether [`Check::witness`] of a set of properties is known to be a shortest one.
    #[must_use]
    pub fn shortest(&self, properties: PropertySet) -> bool {
        self.full.progress().seen.intersects(properties)
    }

    /// How often a set of properties shows: whether any of them does.
    #[must_use]
    pub fn observation(&self, properties: PropertySet) -> Option<Observation> {
        if !self.progress().seen.intersects(properties) {
            return self.whole().map(|_| Observation::Never);
        }
        match self.avoided(properties) {
            // Nobody asked whether it always shows.
            None | Some(Avoided::Possible(_)) => Some(Observation::Sometimes),
            Some(Avoided::Impossible) => Some(Observation::Always),
            Some(Avoided::Waiting | Avoided::Open) => None,
        }
    }

    /// What is known of every property that showed or could show, the labelled ones last.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let program = self.machine.system().program();
        let known = (0..32).filter_map(|number| Some((number, numbered(program, number)?)));
        known
            .map(|(number, property)| {
                let found = self.schedule(number);
                Finding {
                    property,
                    number,
                    observation: self.observation(PropertySet::one(number)),
                    shortest: found.as_ref().is_some_and(|found| found.1),
                    witness: found.map(|found| found.0),
                }
            })
            .collect()
    }

    /// Whether an expectation holds. A property that always shows also shows sometimes. If no run has shown a property
    /// and a store had to wait for room ([`Check::stores_waited`]), it is open whether the property shows.
    #[must_use]
    pub fn verdict(&self, expectation: &Expectation) -> Verdict {
        let program = self.machine.system().program();
        let Some(properties) = named(program, &expectation.property) else { return Verdict::Failed };
        match (expectation.observation, self.observation(properties)) {
            (_, None) => Verdict::Open,
            (Observation::Sometimes, Some(Observation::Always | Observation::Sometimes)) => Verdict::Met,
            // With more stores in flight it may show.
            (Observation::Sometimes, Some(Observation::Never)) if self.stores_waited() => Verdict::Open,
            (expected, Some(found)) if expected == found => Verdict::Met,
            _ => Verdict::Failed,
        }
    }
}
