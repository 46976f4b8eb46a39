//! The areas of the page, and the values from which each is drawn. An area is drawn again only when one of its values has changed.
//!
//! Large values are compared by identity, since a lab keeps each part that an act does not touch.

use crate::model::lab::Lab;
use crate::view::lesson;
use crate::view::page::Tab;
use crate::view::shown::Shown;
use crate::view::timed::back::BackView;
use lang::source::SourceId;
use std::rc::Rc;

/// An area that draws itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// The machine at the moment shown.
    Stage,
    /// The run as a diagram, and on another machine.
    Timeline,
    /// What the explorer says.
    Verdict,
    /// The switches and the cases.
    Settings,
    /// The verdicts on every kernel, and under all settings.
    Tables,
    /// The clock beside the stage.
    Clock,
    /// What kernels cost.
    Cost,
    /// The texts.
    Texts,
}

impl Area {
    /// All of them.
    pub const ALL: [Area; 8] = [
        Area::Stage,
        Area::Timeline,
        Area::Verdict,
        Area::Settings,
        Area::Tables,
        Area::Clock,
        Area::Cost,
        Area::Texts,
    ];

    /// The parts of a narrow page with which it shows; none if it always does.
    #[must_use]
    pub const fn tabs(self) -> &'static [Tab] {
        match self {
            Area::Stage | Area::Clock => &[Tab::Machine],
            // Where the page is wide enough for two things, the run stands below the machine.
            Area::Timeline => &[Tab::Run, Tab::Machine],
            Area::Verdict => &[],
            Area::Settings => &[Tab::Change],
            Area::Tables => &[Tab::Verdict],
            Area::Cost => &[Tab::Cost],
            Area::Texts => &[Tab::Code],
        }
    }

    /// Whether the area would look the same: none of the values from which it is drawn has changed.
    #[must_use]
    pub fn is_same(self, before: &Shown, now: &Shown) -> bool {
        let (was, is) = ((&*before.lab, before.lab.player()), (&*now.lab, now.lab.player()));
        let setup = || Rc::ptr_eq(was.1.setup(), is.1.setup());
        let run = || setup() && Rc::ptr_eq(was.1.trace(), is.1.trace());
        let (was, is) = (was.0, is.0);
        match self {
            Area::Stage => {
                let of = |shown: &Shown| (shown.lab.player().forward(), shown.lab.touched());
                run() && same_views(before, now) && of(before) == of(now)
            }
            Area::Timeline => {
                let of = |shown: &Shown| {
                    let lab = &shown.lab;
                    let told = (lab.distances().known(), lesson::sealed(lab), lab.library().clone());
                    (lab.player().cursor(), lab.counterpart().cloned(), lab.folds(), told)
                };
                run()
                    && Rc::ptr_eq(&before.run, &now.run)
                    && Rc::ptr_eq(&before.hits, &now.hits)
                    && Rc::ptr_eq(&before.columns, &now.columns)
                    && same_option(before.grounds.as_ref(), now.grounds.as_ref())
                    && of(before) == of(now)
            }
            Area::Verdict => {
                was.check() == is.check()
                    && Rc::ptr_eq(was.player().trace(), is.player().trace())
                    && was.player().playing() == is.player().playing()
            }
            // What the last switch has changed is told at the moment shown.
            Area::Settings => {
                let answered = || {
                    let moments = (was.player().cursor(), is.player().cursor());
                    let reports = (was.check().report(), is.check().report());
                    run() && moments.0 == moments.1 && same_option(reports.0, reports.1)
                };
                setup()
                    && was.session() == is.session()
                    && same_option(was.before(), is.before())
                    && (is.before().is_none() || answered())
            }
            Area::Tables => {
                let grids = (was.grid(), is.grid());
                setup()
                    && Rc::ptr_eq(grids.0.cells(), grids.1.cells())
                    && Rc::ptr_eq(grids.0.refused_before(), grids.1.refused_before())
                    && was.library() == is.library()
                    && was.counterpart() == is.counterpart()
            }
            // A lab without a round on the stage draws no clock.
            Area::Clock => {
                let moments = (was.player().cursor(), is.player().cursor());
                was.rounds() == is.rounds()
                    && BackView::of(was) == BackView::of(is)
                    && (is.clock().is_none() || run() && moments.0 == moments.1)
            }
            Area::Cost => Rc::ptr_eq(was.timed(), is.timed()),
            Area::Texts => {
                let texts = |lab: &Lab| [0, 1, 2].map(|source| lab.texts(SourceId(source)));
                was.session() == is.session()
                    && texts(was) == texts(is)
                    && Rc::ptr_eq(&before.moment, &now.moment)
                    && Rc::ptr_eq(was.diagnostics(), is.diagnostics())
                    && was.stale() == is.stale()
                    && same_option(was.saved(), is.saved())
                    && was.library() == is.library()
                    && was.timed().sheet() == is.timed().sheet()
                    && Rc::ptr_eq(was.timed().diagnostics(), is.timed().diagnostics())
            }
        }
    }
}

fn same_views(before: &Shown, now: &Shown) -> bool {
    Rc::ptr_eq(&before.run, &now.run) && Rc::ptr_eq(&before.moment, &now.moment)
}

fn same_option<T>(one: Option<&Rc<T>>, other: Option<&Rc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::Area::{self, Cost, Settings, Stage, Tables, Texts, Timeline, Verdict};
    use crate::model::comparison::Counterpart;
    use crate::model::jobs::Purpose;
    use crate::model::player::PlayerAct;
    use crate::model::timed::TimedAct;
    use crate::view::shown::Shown;
    use crate::{Act, Lab};
    use lang::source::SourceId;
    use protocol::{Server, ToExplorer, from_bytes, to_bytes};
    use std::rc::Rc;

    /// The page after an act, and the areas that are drawn again.
    fn drawn(before: &Shown, act: Act) -> (Shown, Vec<Area>) {
        let after = before.turned_to(Rc::new(before.lab.after(act)));
        let drawn = Area::ALL.into_iter().filter(|area| !area.is_same(before, &after)).collect();
        (after, drawn)
    }

    /// The page as it opens, three steps into the run, with its verdict.
    fn judged() -> Shown {
        let lab = Lab::open(None).expect("a scenario compiles");
        let mut shown = Shown::of(Rc::new(lab.after(Act::Play(PlayerAct::To(3)))));
        for said in replies(&shown.lab, Purpose::Check, 1_000_000) {
            shown = drawn(&shown, said).0;
        }
        assert!(shown.lab.check().report().is_some());
        shown
    }

    /// The explorer's messages about a question, each as an act.
    fn replies(lab: &Lab, purpose: Purpose, budget: u32) -> Vec<Act> {
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        let request = match lab.request(purpose).expect("it is asked") {
            ToExplorer::Timed { job, curve, texts, selection, costs, runs, .. } => {
                ToExplorer::Timed { job, curve, texts, selection, costs, runs, steps: 2_000, states: 0 }
            }
            other => other,
        };
        let mut said = server.handle(&to_bytes(&request));
        while server.busy() {
            said.extend(server.run(budget));
        }
        said.iter()
            .map(|bytes| Act::Heard(vec![from_bytes(bytes).expect("the server's own words")]))
            .collect()
    }

    #[test]
    fn a_step_draws_the_machine_the_run_and_the_texts_alone() {
        let shown = judged();
        for act in [PlayerAct::Forward, PlayerAct::Back, PlayerAct::To(5)] {
            assert_eq!(drawn(&shown, Act::Play(act)).1, [Stage, Timeline, Texts]);
        }
        assert_eq!(drawn(&shown, Act::Play(PlayerAct::Speed(1))).1, []);
        // The verdict has a button that says whether the run plays.
        assert_eq!(drawn(&shown, Act::Play(PlayerAct::Toggle)).1, [Verdict]);
    }

    #[test]
    fn what_an_act_does_not_concern_is_not_drawn() {
        let shown = judged();
        assert_eq!(drawn(&shown, Act::Dismiss).1, []);
        assert_eq!(drawn(&shown, Act::Why).1, [Timeline]);
        assert_eq!(drawn(&shown, Act::WhyHere).1, [Timeline]);
        assert_eq!(drawn(&shown, Act::Fold).1, [Timeline]);
        assert_eq!(drawn(&shown, Act::Seek("walk".to_owned())).1, [Timeline]);
        let other = Counterpart::Kernel("linux-4.13".to_owned());
        assert_eq!(drawn(&shown, Act::Compare(Some(other))).1, [Timeline, Tables]);
    }

    #[test]
    fn a_key_draws_no_picture_that_it_does_not_change() {
        let shown = judged();
        let text = format!("{}// x\n", shown.lab.session().text(SourceId::SCENARIO));
        let (typed, areas) = drawn(&shown, Act::Edit(SourceId::SCENARIO, text));
        assert!(areas.contains(&Texts) && !areas.contains(&Cost), "{areas:?}");
        assert!(Rc::ptr_eq(&typed.run, &shown.run) && Rc::ptr_eq(&typed.moment, &shown.moment));
    }

    #[test]
    fn a_message_draws_what_it_is_about() {
        let mut shown = judged();
        let grid = replies(&shown.lab, Purpose::Grid, 1_000_000);
        assert!(grid.len() > 3);
        for said in grid {
            let (after, areas) = drawn(&shown, said);
            assert!(areas.iter().all(|area| *area == Tables), "{areas:?}");
            shown = after;
        }
        let opened = drawn(&shown, Act::Timed(TimedAct::Open));
        assert_eq!(opened.1, [Cost, Texts]);
        shown = opened.0;
        let timed = replies(&shown.lab, Purpose::Timed, 1_000);
        assert!(timed.len() > 3);
        for said in timed {
            let (after, areas) = drawn(&shown, said);
            assert_eq!(areas, [Cost]);
            shown = after;
        }
    }

    #[test]
    fn each_area_is_drawn_when_its_own_matter_changes() {
        let shown = judged();
        let option =
            shown.lab.player().machine().program().options.first().expect("there is an option").clone();
        let choice = option.choices[usize::from(option.chosen == 0)].clone();
        let switched = drawn(&shown, Act::Option { name: option.name.clone(), choice });
        assert!(
            switched.1.contains(&Settings) && switched.1.contains(&Verdict) && switched.1.contains(&Stage)
        );
        // What the switch has changed is told of the moment that is shown.
        assert!(drawn(&switched.0, Act::Play(PlayerAct::Forward)).1.contains(&Settings));
    }
}
