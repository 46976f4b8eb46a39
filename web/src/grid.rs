//! All settings of the options at once: which there are, and what the explorer has said of each. No browser in it.
//!
//! What is known goes by setting and is kept as long as the texts are the same: switching an option only moves the
//! mark of where the page is.

mod plan;
pub mod view;

use crate::permalink;
use crate::policies;
use crate::session::{Session, Setup};
use crate::verdict;
use protocol::{FromExplorer, ToExplorer, WireCell, WireLimits, WireVariant};
use std::collections::BTreeMap;
use std::rc::Rc;

pub use plan::{MOST, Plan, Setting, cases};

/// Most states that are looked at for one of them. A check of its own goes further.
const MOST_STATES: u32 = 400_000;
/// Where the numbers of grids begin, far from those of checks.
const FIRST_JOB: u32 = 1 << 31;

/// What is known of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What the explorer said.
    pub verdict: WireCell,
    /// The link to it; nothing if there is no such machine.
    pub link: Option<String>,
}

/// Everything known about the settings of a session's texts.
#[derive(Clone, Debug)]
pub struct Grid {
    job: u32,
    scenario: Rc<str>,
    kernels: BTreeMap<String, Rc<str>>,
    cells: Rc<BTreeMap<Setting, Cell>>,
    /// What was asked for last, by place.
    asked: Rc<Vec<Setting>>,
}

impl Grid {
    /// An empty one for a session's texts.
    #[must_use]
    pub fn new(session: &Session) -> Grid {
        Grid {
            job: FIRST_JOB,
            scenario: session.scenario.clone(),
            kernels: session.kernels.clone(),
            cells: Rc::default(),
            asked: Rc::default(),
        }
    }

    /// The same for a session whose texts may be other ones: then all is forgotten, and what is under way stops.
    #[must_use]
    pub fn moved_to(&self, session: &Session) -> Grid {
        if self.scenario == session.scenario && self.kernels == session.kernels {
            return self.clone();
        }
        let job = if self.asked.is_empty() { self.job } else { self.job + 1 };
        Grid { job, ..Grid::new(session) }
    }

    /// The same, with everything asked for that the plan of a setup needs and nobody has asked for yet: its cases
    /// as they are told, then all combinations of options.
    #[must_use]
    pub fn wanting(&self, setup: &Setup) -> Grid {
        let unknown = |setting: &Setting| !self.cells.contains_key(setting);
        let wanted = cases(&setup.session).into_iter().chain(Plan::of(setup).settings());
        let wanted = wanted.chain(policies::settings(setup));
        let missing: Vec<Setting> = wanted.filter(unknown).collect();
        if missing.iter().all(|setting| self.asked.contains(setting)) {
            return self.clone();
        }
        Grid { job: self.job + 1, asked: Rc::new(missing), ..self.clone() }
    }

    /// The number of what was asked for last.
    #[must_use]
    pub fn job(&self) -> u32 {
        self.job
    }

    /// The message that asks for it, or that stops what was asked for before; nothing at the beginning.
    #[must_use]
    pub fn request(&self) -> Option<ToExplorer> {
        if self.job == FIRST_JOB {
            return None;
        }
        if self.asked.is_empty() {
            return Some(ToExplorer::Cancel { job: self.job - 1 });
        }
        let session = Session {
            slug: String::new(),
            scenario: self.scenario.clone(),
            kernels: self.kernels.clone(),
            case: None,
            options: BTreeMap::new(),
        };
        let (scenario, mut kernels) = verdict::texts(&session);
        // Those that other variants name. What is known of a variant goes by its program, so more of them do no harm.
        for text in gallery::kernels() {
            if let Some(name) =
                text.kernel_name().filter(|name| kernels.iter().all(|(there, _)| there != name))
            {
                kernels.push((name.to_owned(), text.text.to_owned()));
            }
        }
        let variant = |setting: &Setting| {
            let Setting { case, options, kernel } = setting.clone();
            let scenario = kernel.map(|name| session.on_kernel(&name).scenario.to_string());
            WireVariant { scenario, case, options }
        };
        let variants = self.asked.iter().map(variant).collect();
        let limits = WireLimits { states: MOST_STATES, ..WireLimits::default() };
        Some(ToExplorer::Grid { job: self.job, scenario, kernels, variants, limits })
    }

    /// Takes in what the explorer said; says whether it was about this.
    pub fn hear(&mut self, said: &FromExplorer, session: &Session) -> bool {
        let FromExplorer::Cell { job, variant, verdict, shared: _ } = said else { return false };
        let Some(setting) = self.asked.get(*variant as usize).filter(|_| *job == self.job) else {
            return false;
        };
        let link = match verdict {
            WireCell::Refused(_) => None,
            _ => permalink::beginning(&session.with_setting(setting)),
        };
        let cell = Cell { verdict: verdict.clone(), link };
        Rc::make_mut(&mut self.cells).insert(setting.clone(), cell);
        true
    }

    /// What is known, by setting.
    #[must_use]
    pub fn cells(&self) -> &Rc<BTreeMap<Setting, Cell>> {
        &self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::{Grid, cases};
    use crate::session::{Session, Setup};
    use lang::source::SourceId;
    use protocol::{FromExplorer, ToExplorer, WireCell};

    fn setup(session: &Session) -> Setup {
        session.compile().0.expect("it compiles")
    }

    fn library(slug: &str) -> Session {
        Session::library(slug).expect("it is in the library")
    }

    /// A grid that has heard the same of everything it asked for.
    fn told(grid: &Grid, session: &Session) -> Grid {
        let Some(ToExplorer::Grid { job, variants, .. }) = grid.request() else {
            panic!("it asks for a grid")
        };
        let mut grid = grid.clone();
        for variant in 0..variants.len() as u32 {
            let cell =
                FromExplorer::Cell { job, variant, verdict: WireCell::Safe { states: 5 }, shared: false };
            assert!(grid.hear(&cell, session), "it was asked for");
        }
        grid
    }

    #[test]
    fn nothing_is_asked_for_twice() {
        let session = library(crate::DEFAULT);
        let grid = Grid::new(&session);
        assert_eq!(grid.request(), None);
        let asked = grid.wanting(&setup(&session));
        assert_eq!(asked.wanting(&setup(&session)).job(), asked.job(), "it is under way");
        let done = told(&asked, &session);
        assert!(
            cases(&session).iter().all(|told| done.cells().get(told).is_some_and(|cell| cell.link.is_some()))
        );
        let option = setup(&session).machine.program().options[0].clone();
        let other = session.with_option(&option, &option.choices[1 - usize::from(option.chosen)]);
        assert_eq!(done.moved_to(&other).wanting(&setup(&other)).job(), done.job());
        let case = setup(&session.with_case(Some(0)));
        let more = done.moved_to(&case.session).wanting(&case);
        assert_eq!(more.job(), done.job() + 1, "settings of another case are others");
    }

    #[test]
    fn another_text_forgets_everything_and_late_answers_are_dropped() {
        let session = library(crate::DEFAULT);
        let asked = Grid::new(&session).wanting(&setup(&session));
        let edited = session.edited(SourceId::SCENARIO, &format!("{}// mine\n", session.scenario));
        let mut moved = asked.moved_to(&edited);
        assert_eq!(moved.request(), Some(ToExplorer::Cancel { job: asked.job() }));
        let late = FromExplorer::Cell {
            job: asked.job(),
            variant: 0,
            verdict: WireCell::Safe { states: 1 },
            shared: false,
        };
        assert!(!moved.hear(&late, &edited));
        assert_eq!(moved.wanting(&setup(&edited)).job(), moved.job() + 1);
    }
}
