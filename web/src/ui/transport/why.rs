//! The steps that a step rests on, in words. Each leads to its step.

use crate::browser::{use_at_beginning, use_stage_in_view};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::model::player::PlayerAct;
use lab::view::why::{Ground, Grounds};
use scene::view::Caption;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The step and its grounds.
    pub grounds: Rc<Grounds>,
    /// What each step did.
    pub captions: Rc<Vec<Caption>>,
    /// The moment shown.
    pub cursor: usize,
}

/// Draws the list.
#[component]
pub fn Why(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { grounds, captions, cursor } = props;
    let told = grounds.told(captions);
    let (place, list) = (use_at_beginning(grounds.step), use_at_beginning(grounds.step));
    use_stage_in_view((grounds.step, told.len()));
    let seek = |step: u32| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Act::Play(PlayerAct::To(step as usize))))
    };
    let current = |step: u32| (step as usize == *cursor).then_some("step");
    let end = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Act::EndWhy))
    };
    let row = |ground: &Ground| {
        let Ground { step, sentence, left } = ground;
        html! {
            <li key={*step} value={step.to_string()} data-step={step.to_string()}>
                <button type="button" onclick={seek(*step)} aria-current={current(*step)} data-testid={format!("why-{step}")}>
                    <b><span class="visually-hidden">{ "Step " }</span>{ step }</b>
                    <span>{ isolated(sentence) }<i>{ format!(" ({})", left.join(", ")) }</i></span>
                </button>
            </li>
        }
    };
    let Grounds { step, .. } = **grounds;
    html! {
        <section class="why" data-testid="why" ref={place} aria-label={format!("Why step {step} could happen")}>
            <p class="head" role="status">
                <button type="button" onclick={seek(step)} aria-current={current(step)} data-testid="why-step">
                    { format!("Step {step}") }
                </button>
                if step as usize != *cursor && let Some(caption) = captions.get((step - 1) as usize) {
                    { ": " }<span>{ isolated(&caption.sentence) }</span>{ " It" }
                }
                { grounds.head(told.len()) }
                <button type="button" class="close" onclick={end} aria-label="Close the explanation" title="Close (Esc)">
                    { pictogram(Icon::Close) }
                </button>
            </p>
            if !told.is_empty() { <ol ref={list}>{ for told.iter().map(row) }</ol> }
        </section>
    }
}
