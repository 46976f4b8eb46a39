//! The run on two machines: the same choices on another machine, with its diagram below the diagram of this
//! machine.

use crate::browser::fields;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::model::comparison::{ComparedRun, Counterpart, CounterpartGroup, Remark};
use lab::model::player::PlayerAct;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The machines to choose from.
    pub offered: Rc<Vec<CounterpartGroup>>,
    /// The one that is chosen.
    pub counterpart: Option<Counterpart>,
    /// The reader is about to choose.
    pub onask: Callback<()>,
}

/// Draws the choice of the other machine.
#[component]
pub fn CompareWith(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { offered, counterpart, onask } = props;
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
    let group = |(title, others): &CounterpartGroup| {
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
        <label>
            <span>{ "Play the same choices on" }</span>
            <select {onchange} {onfocus} data-testid="compared-with">
                <option value="" selected={counterpart.is_none()}>{ "this machine only" }</option>
                { for options }
            </select>
        </label>
    }
}

/// Draws the panel: the choice, and the run on the other machine with its `diagram`, or why there is none.
pub fn panel(
    choice: Html,
    compared: Option<&Result<ComparedRun, String>>,
    diagram: impl FnOnce(&ComparedRun) -> Html,
    act: &Callback<Act>,
) -> Html {
    let run = compared.map(|compared| match compared {
        Ok(run) => html! {
            <>
                <h3>{ isolated(&run.title) }</h3>
                { diagram(run) }
                <div class="remarks" role="status">{ for run.remarks.iter().map(|told| remark(told, act)) }</div>
            </>
        },
        Err(why) => html! { <p class="remarks" role="status">{ isolated(why) }</p> },
    });
    html! {
        <section class="compare panel" data-testid="compare" aria-label="Compare">
            <h2>{ "Compare" }</h2>
            { choice }
            { run }
        </section>
    }
}

fn remark(remark: &Remark, act: &Callback<Act>) -> Html {
    let step = remark.step.map(|step| {
        let seek = act.reform(move |_: MouseEvent| Act::Play(PlayerAct::To(step as usize)));
        html! { <><button type="button" onclick={seek}>{ format!("Step {step}") }</button>{ " " }</> }
    });
    html! { <p class={classes!(remark.step.is_some().then_some("part"))}>{ step }{ isolated(&remark.sentence) }</p> }
}
