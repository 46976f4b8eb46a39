//! All settings of the options at once: which settings there are, and what the explorer has said of each.
//!
//! Results are kept by setting, as long as the texts stay the same. Switching an option only moves the mark of the
//! page's own setting.

use crate::model::jobs::{Jobs, Purpose};
use crate::model::session::{Session, Setting, Setup};
use crate::model::settings::{GridAxes, cases, kernels};
use protocol::{FromExplorer, ToExplorer, WireCell, WireLimits, WireSelection};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most states of a search for one of them. A separate check goes further.
const MOST_STATES: u32 = 2_000_000;

/// What is known of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What the explorer said.
    pub verdict: WireCell,
    /// The link to this machine; nothing if there is no such machine, or if its texts are long.
    pub link: Option<String>,
}

/// Everything known about the settings of a session's texts.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The number of the last question, or of its cancellation; nothing at the beginning.
    job: Option<u32>,
    /// The number of the question to cancel.
    stopped: Option<u32>,
    /// The session that the texts belong to.
    session: Session,
    /// Kernels that the scenario did not compile with before its texts were edited, and why.
    refused_before: Rc<BTreeMap<String, String>>,
    cells: Rc<BTreeMap<Setting, Cell>>,
    /// The settings of the last question, by place.
    asked: Rc<Vec<Setting>>,
}

impl Grid {
    /// An empty grid for a session's texts.
    #[must_use]
    pub fn new(session: &Session) -> Grid {
        Grid {
            job: None,
            stopped: None,
            session: session.clone(),
            refused_before: Rc::default(),
            cells: Rc::default(),
            asked: Rc::default(),
        }
    }

    /// The same for a session whose texts may have changed: then everything is forgotten, and work under way is
    /// cancelled.
    #[must_use]
    pub fn moved_to(&self, session: &Session, jobs: &mut Jobs) -> Grid {
        if self.session.same_texts(session) {
            return self.clone();
        }
        let new = Grid { refused_before: self.refused(session), ..Grid::new(session) };
        if self.asked.is_empty() {
            return Grid { job: self.job, stopped: self.stopped, ..new };
        }
        Grid { job: Some(jobs.number(Purpose::Grid)), stopped: self.job, ..new }
    }

    /// The kernels that a scenario of the same name did not compile with. Most edits change nothing about that. So the
    /// table of kernels keeps its height while the edited texts are settled, and nothing moves below it.
    fn refused(&self, session: &Session) -> Rc<BTreeMap<String, String>> {
        if self.session.slug != session.slug {
            return Rc::default();
        }
        let mut refused = self.refused_before.clone();
        for (setting, cell) in &*self.cells {
            let Some(kernel) = &setting.kernel else { continue };
            match &cell.verdict {
                WireCell::Refused(why) => {
                    Rc::make_mut(&mut refused).insert(kernel.clone(), why.to_string());
                }
                _ if refused.contains_key(kernel) => {
                    Rc::make_mut(&mut refused).remove(kernel);
                }
                _ => {}
            }
        }
        refused
    }

    /// The same, with questions for everything that the axes of a setup need and that has not been asked for
    /// yet: its cases as written, then all combinations of options.
    #[must_use]
    pub fn wanting(&self, setup: &Setup, jobs: &mut Jobs) -> Grid {
        let unknown = |setting: &Setting| !self.cells.contains_key(setting);
        let wanted = cases(&setup.session).into_iter().chain(GridAxes::of(setup).settings());
        let wanted = wanted.chain(kernels(setup));
        let missing: Vec<Setting> = wanted.filter(unknown).collect();
        if missing.iter().all(|setting| self.asked.contains(setting)) {
            return self.clone();
        }
        Grid { job: Some(jobs.number(Purpose::Grid)), stopped: None, asked: Rc::new(missing), ..self.clone() }
    }

    /// The number of the last question.
    #[must_use]
    pub fn job(&self) -> u32 {
        self.job.unwrap_or_default()
    }

    /// The message that asks the last question, or cancels the one before; nothing at the beginning.
    #[must_use]
    pub fn request(&self) -> Option<ToExplorer> {
        let job = self.job?;
        if let Some(job) = self.stopped {
            return Some(ToExplorer::Cancel { job });
        }
        let texts = (&self.session.experiment).into();
        let variant = |setting: &Setting| {
            let Setting { case, options, kernel } = setting.clone();
            WireSelection { case, options, kernel }
        };
        let variants = self.asked.iter().map(variant).collect();
        let limits = WireLimits { states: MOST_STATES, ..WireLimits::default() };
        Some(ToExplorer::Grid { job, texts, variants, limits })
    }

    /// Takes the explorer's answer; returns whether it was about this grid. A refusal is about everything that has not
    /// been settled.
    pub fn hear(&mut self, said: &FromExplorer) -> bool {
        match said {
            FromExplorer::Cell { job, variant, verdict, link, shared: _ } if Some(*job) == self.job => {
                let Some(setting) = self.asked.get(*variant as usize) else { return false };
                let cell = Cell { verdict: verdict.clone(), link: link.clone() };
                Rc::make_mut(&mut self.cells).insert(setting.clone(), cell);
            }
            FromExplorer::Refused { job: Some(job), reason } if Some(*job) == self.job => {
                let cells = Rc::make_mut(&mut self.cells);
                for setting in self.asked.iter() {
                    let refused = || Cell { verdict: WireCell::Refused(reason.clone()), link: None };
                    cells.entry(setting.clone()).or_insert_with(refused);
                }
            }
            _ => return false,
        }
        true
    }

    /// Kernels that the scenario did not compile with before its texts were edited, and why.
    #[must_use]
    pub fn refused_before(&self) -> &Rc<BTreeMap<String, String>> {
        &self.refused_before
    }

    /// What is known, by setting.
    #[must_use]
    pub fn cells(&self) -> &Rc<BTreeMap<Setting, Cell>> {
        &self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;
    use crate::model::jobs::Jobs;
    use crate::model::permalink::beginning;
    use crate::model::session::{Session, Setup};
    use crate::model::settings::cases;
    use crate::view::policies::Policies;
    use lang::source::SourceId;
    use protocol::{FromExplorer, MessagePart, Refusal, Server, ToExplorer, WireCell, from_bytes, to_bytes};

    fn setup(session: &Session) -> Setup {
        session.compile().0.expect("it compiles")
    }

    fn library(slug: &str) -> Session {
        Session::library(slug).expect("it is in the library")
    }

    /// A grid with the same answer to everything that it asked for.
    fn told(grid: &Grid) -> Grid {
        let Some(ToExplorer::Grid { job, variants, .. }) = grid.request() else {
            panic!("it asks for a grid")
        };
        let mut grid = grid.clone();
        for variant in 0..variants.len() as u32 {
            let cell = FromExplorer::Cell {
                job,
                variant,
                verdict: WireCell::Safe { states: 5, saturated: false },
                shared: false,
                link: None,
            };
            assert!(grid.hear(&cell), "it was asked for");
        }
        grid
    }

    /// A grid with all that the explorer answers.
    fn settled(grid: &Grid) -> Grid {
        let mut server = Server::default();
        let mut said = server.handle(&to_bytes(&ToExplorer::hello()));
        said.extend(server.handle(&to_bytes(&grid.request().expect("it asks"))));
        while server.busy() {
            said.extend(server.run(100_000));
        }
        let mut grid = grid.clone();
        said.iter().flat_map(|bytes| from_bytes(bytes)).for_each(|said| {
            grid.hear(&said);
        });
        grid
    }

    #[test]
    fn an_edit_keeps_what_was_refused_before_and_another_scenario_does_not() {
        let (session, mut jobs) = (library(crate::DEFAULT), Jobs::default());
        let mut grid = Grid::new(&session).wanting(&setup(&session), &mut jobs);
        let kernel =
            grid.asked.iter().find_map(|setting| setting.kernel.clone()).expect("kernels are asked for");
        let reason = Refusal::Machine("no room".into());
        assert!(grid.hear(&FromExplorer::Refused { job: Some(grid.job()), reason }));
        let edited = session.edited(SourceId::SCENARIO, &format!("{}// mine\n", session.experiment.scenario));
        let moved = grid.moved_to(&edited, &mut jobs);
        assert!(moved.cells().is_empty() && moved.refused_before()[&kernel].contains("no room"));
        assert!(moved.moved_to(&library("lazy+munmap"), &mut jobs).refused_before().is_empty());
    }

    #[test]
    fn nothing_is_asked_for_twice() {
        let (session, mut jobs) = (library(crate::DEFAULT), Jobs::default());
        let grid = Grid::new(&session);
        assert_eq!(grid.request(), None);
        let asked = grid.wanting(&setup(&session), &mut jobs);
        assert_eq!(asked.wanting(&setup(&session), &mut jobs).job(), asked.job(), "it is under way");
        let done = told(&asked);
        assert!(cases(&session).iter().all(|told| done.cells().contains_key(told)));
        let option = setup(&session).machine.program().options[0].clone();
        let other = session.with_option(&option, &option.choices[1 - usize::from(option.chosen)]);
        assert_eq!(done.moved_to(&other, &mut jobs).wanting(&setup(&other), &mut jobs).job(), done.job());
        let case = setup(&session.with_case(Some(0)));
        let more = done.moved_to(&case.session, &mut jobs).wanting(&case, &mut jobs);
        assert_ne!(more.job(), done.job(), "settings of another case are others");
    }

    /// The explorer makes the links. Each is the one that the page would make; texts that are long have none ready.
    #[test]
    fn each_setting_has_the_link_to_its_beginning_unless_its_texts_are_long() {
        let session = library(crate::DEFAULT);
        let remark = "// nothing\n".repeat(8_000);
        let long = session.edited(SourceId::SCENARIO, &(session.experiment.scenario.to_string() + &remark));
        for (session, linked) in [(session, true), (long, false)] {
            let grid = settled(&Grid::new(&session).wanting(&setup(&session), &mut Jobs::default()));
            let link = |setting| beginning(&session.with_setting(setting)).filter(|_| linked);
            for (setting, cell) in &**grid.cells() {
                assert_eq!(cell.link, link(setting), "{setting:?}");
            }
            assert_eq!(grid.cells().values().any(|cell| cell.link.is_some()), linked);
        }
    }

    #[test]
    fn another_text_forgets_everything_and_late_answers_are_dropped() {
        let (session, mut jobs) = (library(crate::DEFAULT), Jobs::default());
        let asked = Grid::new(&session).wanting(&setup(&session), &mut jobs);
        let edited = session.edited(SourceId::SCENARIO, &format!("{}// mine\n", session.experiment.scenario));
        let mut moved = asked.moved_to(&edited, &mut jobs);
        assert_eq!(moved.request(), Some(ToExplorer::Cancel { job: asked.job() }));
        let late = FromExplorer::Cell {
            job: asked.job(),
            variant: 0,
            verdict: WireCell::Safe { states: 1, saturated: false },
            shared: false,
            link: None,
        };
        assert!(!moved.hear(&late));
        assert_ne!(moved.wanting(&setup(&edited), &mut jobs).job(), moved.job());
    }

    #[test]
    fn a_refusal_is_shown_where_the_answers_would_be() {
        let (session, mut jobs) = (library(crate::DEFAULT), Jobs::default());
        let mut grid = Grid::new(&session).wanting(&setup(&session), &mut jobs);
        let reason = Refusal::TooBig(MessagePart::Variants);
        let other = FromExplorer::Refused { job: Some(grid.job() + 1), reason: reason.clone() };
        assert!(!grid.hear(&other), "it is somebody else's");
        let refused = FromExplorer::Refused { job: Some(grid.job()), reason: reason.clone() };
        assert!(grid.hear(&refused));
        let view = crate::view::grid::GridView::of(&setup(&session), grid.cells(), None);
        assert!(view.rows[0].cells[0].sentence.contains(&reason.to_string()), "{:?}", view.rows[0].cells[0]);
        let table = Policies::of(&setup(&session), grid.cells(), grid.refused_before());
        assert!(table.rows.is_empty() && table.refused.iter().all(|(_, why)| *why == reason.to_string()));
        assert_eq!(grid.wanting(&setup(&session), &mut jobs).job(), grid.job(), "it is not asked again");
    }

    /// The verdict on each kernel, from a worker that was asked with the page's own message.
    fn verdicts(session: &Session) -> Vec<(Option<String>, WireCell)> {
        let grid = Grid::new(session).wanting(&setup(session), &mut Jobs::default());
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        let Some(ToExplorer::Grid { job, texts, variants, limits }) = grid.request() else {
            panic!("it asks for a grid")
        };
        let variants: Vec<_> = variants.into_iter().filter(|variant| variant.kernel.is_some()).collect();
        let names: Vec<_> = variants.iter().map(|variant| variant.kernel.clone()).collect();
        let mut said = server.handle(&to_bytes(&ToExplorer::Grid { job, texts, variants, limits }));
        while server.busy() {
            said.extend(server.run(100_000));
        }
        let cell = |bytes: Vec<u8>| match from_bytes(&bytes) {
            Ok(FromExplorer::Cell { variant, verdict, .. }) => (variant, verdict),
            other => panic!("{other:?}"),
        };
        let mut said: Vec<(u32, WireCell)> = said.into_iter().map(cell).collect();
        // Kernels that it does not compile with come first.
        said.sort_by_key(|(variant, _)| *variant);
        names.into_iter().zip(said.into_iter().map(|(_, verdict)| verdict)).collect()
    }

    /// However the text is spaced, a row's verdict is that of its kernel; of an edited kernel, as it was edited.
    #[test]
    fn every_row_tells_the_truth_about_its_kernel() {
        let session = library("lazy+munmap");
        let plain = verdicts(&session);
        assert!(plain.iter().any(|(_, verdict)| matches!(verdict, WireCell::Safe { .. })));
        assert!(plain.iter().any(|(_, verdict)| matches!(verdict, WireCell::Reachable { .. })));
        let own = session.kernel_name().expect("it names one");
        let line = format!("use kernel \"{own}\"");
        assert!(session.experiment.scenario.contains(&line));
        for spaced in [format!("use  kernel\t\"{own}\""), format!("use /* x */ kernel // y\n \"{own}\"")] {
            let text = session.experiment.scenario.replacen(&line, &spaced, 1);
            assert_eq!(verdicts(&session.edited(SourceId::SCENARIO, &text)), plain, "{spaced}");
        }
        // An edit that makes the scenario's own kernel equal to another one changes that row, the rows of kernels that
        // extend it, and no other row.
        let of = |all: &[(Option<String>, WireCell)], name: &str| {
            all.iter().find(|(there, _)| there.as_deref() == Some(name)).map(|(_, verdict)| verdict.clone())
        };
        let mine = of(&plain, &own);
        let safe = |verdict: &WireCell| matches!(verdict, WireCell::Safe { .. });
        let differs = |verdict: &WireCell| {
            !matches!(verdict, WireCell::Refused(_)) && Some(safe(verdict)) != mine.as_ref().map(safe)
        };
        let other = plain.iter().find(|(_, verdict)| differs(verdict));
        let other = other.and_then(|(name, _)| name.clone()).expect("kernels differ here");
        let text = gallery::kernel(&other).expect("it is in the library").text;
        let edited = session.edited(SourceId::KERNEL, &text.replacen(&other, &own, 1));
        let after = verdicts(&edited);
        assert_eq!(of(&after, &own), of(&plain, &other));
        let rests = |name: &str| {
            let base = gallery::kernel(name).and_then(|text| lang::extended_kernel(text.text));
            name == own || base.is_some_and(|base| base == own)
        };
        let others = |all: Vec<(Option<String>, WireCell)>| {
            all.into_iter().filter(|(name, _)| !name.as_deref().is_some_and(rests)).collect::<Vec<_>>()
        };
        assert_eq!(others(after), others(plain));
    }
}
