//! The run on two machines: the same choices on another machine, with its diagram below the diagram of this
//! machine.

use crate::browser::fields;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use crate::ui::timeline::diagram::{Lens, TimelineDiagram};
use lab::Act;
use lab::model::comparison::{ComparedRun, Counterpart, Group, Remark};
use lab::model::player::PlayerAct;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The machines to choose from.
    pub offered: Rc<Vec<Group>>,
    /// The one that is chosen.
    pub counterpart: Option<Counterpart>,
    /// The run on it, or why there is none.
    pub followed: Option<Rc<Result<ComparedRun, String>>>,
    /// How wide a step is.
    pub lens: Lens,
    /// The moment shown.
    pub cursor: usize,
    /// The reader is about to choose.
    pub onask: Callback<()>,
}

/// Draws the comparison.
#[component]
pub fn Compare(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { offered, counterpart, followed, lens, cursor, onask } = props;
    let onfocus = onask.reform(|_: FocusEvent| ());
    let onchange = {
        let (act, offered) = (act.clone(), offered.clone());
        Callback::from(move |event: Event| {
            let chosen =
                fields::choice(&event).and_then(|index| offered.iter().flat_map(|group| &group.1).nth(index));
            act.emit(Act::Compare(chosen.map(|(counterpart, _)| counterpart.clone())));
        })
    };
    let mut numbers = 0..;
    let group = |(title, others): &Group| {
        let others: Vec<Html> = others
            .iter()
            .zip(numbers.by_ref())
            .map(|((other, name), number): (_, usize)| {
                let selected = counterpart.as_ref() == Some(other);
                html! { <option value={number.to_string()} {selected}>{ name.replace('_', " ") }</option> }
            })
            .collect();
        html! { <optgroup label={*title}>{ for others }</optgroup> }
    };
    let options: Vec<Html> = offered.iter().map(group).collect();
    html! {
        <section class="compare panel" data-testid="compare" aria-label="Compare">
            <h2>{ "Compare" }</h2>
            <label>
                <span>{ "Play the same choices on" }</span>
                <select {onchange} {onfocus} data-testid="beside">
                    <option value="" selected={counterpart.is_none()}>{ "this machine only" }</option>
                    { for options }
                </select>
            </label>
            if let Some(followed) = followed {
                { match &**followed {
                    Ok(followed) => side(followed, lens, *cursor, act),
                    Err(why) => html! { <p class="told" role="status">{ isolated(why) }</p> },
                } }
            }
        </section>
    }
}

fn side(followed: &ComparedRun, lens: &Lens, cursor: usize, act: &Callback<Act>) -> Html {
    let ComparedRun { title, timeline, split, remarks } = followed;
    let line = |remark: &Remark| {
        let step = remark.step.map(|step| {
            let seek = act.reform(move |_: MouseEvent| Act::Play(PlayerAct::To(step as usize)));
            html! { <><button type="button" onclick={seek}>{ format!("Step {step}") }</button>{ " " }</> }
        });
        html! { <p class={classes!(remark.step.is_some().then_some("part"))}>{ step }{ isolated(&remark.sentence) }</p> }
    };
    html! {
        <>
            <h3>{ isolated(title) }</h3>
            <TimelineDiagram id="timeline-beside" label="Timeline of the other machine" timeline={timeline.clone()}
                grounds={None} split={split.clone()} lens={lens.clone()} {cursor} />
            <div class="told" role="status">{ for remarks.iter().map(line) }</div>
        </>
    }
}
