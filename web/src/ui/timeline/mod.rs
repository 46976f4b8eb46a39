//! The run as a whole: as a diagram, beside the same choices on another machine, in sentences, on paper.

pub mod away;
pub mod compare;
pub mod diagram;
pub mod lanes;
pub mod mark;
pub mod seek;
pub mod storyboard;
pub mod trace_list;
pub mod window;
pub mod zoom;

use crate::ui::parts::dispatch::use_dispatch;
use compare::CompareWith;
use diagram::{TimelineDiagram, use_lens};
use lab::Same;
use lab::model::comparison::{self, ComparedRun, Counterpart};
use lab::view::area::Area;
use lab::view::lesson;
use lab::view::shown::Shown;
use std::rc::Rc;
use std::sync::Arc;
use trace_list::TraceList;
use yew::prelude::*;

/// What there is to draw of the run. It is drawn again only when something that it is drawn from has changed.
#[derive(Clone, Properties)]
pub struct Props {
    /// What to draw.
    pub shown: Rc<Shown>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Area::Timeline.is_same(&self.shown, &other.shown)
    }
}

/// Draws the run as a diagram, and below it the same choices on another machine, in the same columns.
#[component]
pub fn TimelineArea(props: &Props) -> Html {
    let Shown { lab, run, grounds, hits, columns, .. } = &*props.shown;
    let (act, player) = (use_dispatch(), lab.player());
    let lens = use_lens(columns.column(player.trace().len() as u32));
    let (setup, trace) = (Same(player.setup().clone()), Same(player.trace().clone()));
    let along = {
        let distances = lab.distances().clone();
        use_memo((distances.known(), lesson::sealed(lab)), move |&(_, sealed)| {
            Rc::new(if sealed { Vec::new() } else { distances.along() })
        })
    };
    // It takes a moment to find the kernels that the scenario compiles with: this is done when the reader is
    // about to choose.
    let scenario = setup.0.session.experiment.scenario.clone();
    let asked = use_state(|| None::<Arc<str>>);
    let kernels =
        asked.as_ref() == Some(&scenario) || matches!(lab.counterpart(), Some(Counterpart::Kernel(_)));
    let onask =
        use_callback((scenario, asked.setter()), |(), (scenario, asked)| asked.set(Some(scenario.clone())));
    let offered = use_memo((setup.clone(), kernels, lab.library().clone()), |(setup, kernels, _)| {
        Rc::new(comparison::offered(&setup.0, *kernels))
    });
    let compared = {
        let player = player.clone();
        use_memo((setup, trace, lab.counterpart().cloned()), move |(_, _, counterpart)| {
            counterpart
                .as_ref()
                .map(|counterpart: &Counterpart| Rc::new(comparison::follow(&player, counterpart)))
        })
    };
    let choice = html! {
        <CompareWith offered={(*offered).clone()} counterpart={lab.counterpart().cloned()} {onask} />
    };
    let diagram = |compared: &ComparedRun| {
        html! {
            <TimelineDiagram id="timeline-compared" label="Timeline of the other machine" lens={lens.clone()}
                timeline={compared.timeline.clone()} columns={columns.clone()} grounds={None} split={compared.split.clone()} cursor={player.cursor()} />
        }
    };
    html! {
        <>
            <TimelineDiagram timeline={run.timeline.clone()} grounds={grounds.clone()} along={(*along).clone()}
                lens={lens.clone()} cursor={player.cursor()} columns={columns.clone()} folds={lab.folds()} hits={hits.clone()} />
            { compare::panel(choice, (*compared).as_deref(), diagram, &act) }
        </>
    }
}

/// Draws the run as a list of sentences.
pub fn sentences(shown: &Shown) -> Html {
    let Shown { lab, run, hits, columns, .. } = shown;
    let player = lab.player();
    html! {
        <TraceList captions={run.captions.clone()} fences={run.fences.clone()} steps={player.trace().len()}
            cursor={player.cursor()} columns={columns.clone()} hits={hits.clone()} />
    }
}
