//! Time under the reader's control: step, play, scrub, jump.

use crate::browser::fields;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::pick::Pick;
use lab::Act;
use lab::model::player::{PlayerAct, SPEEDS};
use scene::StepKind;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The moment shown.
    pub cursor: usize,
    /// The end of the run.
    pub steps: usize,
    /// Moments right after a violation.
    pub violations: Vec<usize>,
    /// Kinds of steps that there are.
    pub kinds: Rc<Vec<StepKind>>,
    /// It plays.
    pub playing: bool,
    /// Index into the speeds.
    pub speed: usize,
    /// The sentence of the moment shown.
    pub sentence: String,
    /// A step is being explained: how control came to it, or else what it rests on.
    pub explained: Option<bool>,
    /// Only the necessary steps are shown.
    pub reduced: bool,
    /// Something can be done at the end of the run.
    pub can_go_on: bool,
}

/// Draws the controls.
#[component]
pub fn Transport(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { cursor, steps, playing, sentence, can_go_on, .. } = props;
    let ask = |what: PlayerAct| act.reform(move |_: MouseEvent| Act::Play(what.clone()));
    let button = |id: &'static str, name: &'static str, icon: Icon, what: PlayerAct, disabled: bool| {
        html! {
            <button type="button" data-testid={id} class={id} aria-label={name} title={name} onclick={ask(what)} {disabled}>
                { pictogram(icon) }
            </button>
        }
    };
    let on_scrub = {
        let act = act.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(moment) = fields::number(&event) {
                act.emit(Act::Play(PlayerAct::To(moment)));
            }
        })
    };
    let (play, play_icon) = if *playing { ("Pause", Icon::Pause) } else { ("Play", Icon::Play) };
    let at_end = cursor == steps;
    html! {
        <div class="bar">
        <div class="transport" role="group" aria-label="Time">
            <div class="buttons">
                { button("start", "To the start", Icon::Start, PlayerAct::To(0), *cursor == 0) }
                { button("back", "One step back", Icon::Back, PlayerAct::Back, *cursor == 0) }
                { button("play", play, play_icon, PlayerAct::Toggle, *steps == 0) }
                { button("step", "One step on", Icon::Forward, PlayerAct::Forward, at_end && !can_go_on) }
                { button("end", "To the end", Icon::End, PlayerAct::To(*steps), at_end) }
            </div>
            <div class="scrub">
                <input type="range" data-testid="scrub" aria-label="Moment of the run" min="0" max={steps.to_string()}
                    step="1" value={cursor.to_string()} aria-valuetext={format!("Step {cursor} of {steps}. {sentence}")}
                    oninput={on_scrub} disabled={*steps == 0} />
            </div>
            <output class="counter" data-testid="step-counter">
                <span class="visually-hidden">{ "Step " }</span>{ cursor }<i>{ " / " }{ steps }</i>
            </output>
        </div>
        { asks(props, act) }
        </div>
    }
}

/// The controls of the run: where to go, why, what is needed, how fast.
fn asks(props: &Props, act: &Callback<Act>) -> Html {
    let Props { cursor, violations, kinds, speed, explained, reduced, .. } = props;
    let on_speed = {
        let act = act.clone();
        Callback::from(move |event: Event| {
            if let Some(speed) = fields::choice(&event) {
                act.emit(Act::Play(PlayerAct::Speed(speed)));
            }
        })
    };
    let onpick = {
        let (act, kinds) = (act.clone(), kinds.clone());
        Callback::from(move |place: usize| {
            kinds.get(place).into_iter().for_each(|kind| act.emit(Act::Play(PlayerAct::Next(*kind))));
        })
    };
    let kinds = Pick {
        id: "jump-kind",
        title: "Next",
        hint: "Go to the next step of a kind; N goes on to the one after it",
        entries: kinds.iter().map(|kind| html! { kind.name() }).collect(),
        onpick,
    };
    let why = act.reform(|_: MouseEvent| Act::Why);
    let here = act.reform(|_: MouseEvent| Act::WhyHere);
    let none = *cursor == 0 && explained.is_none();
    let to_violation = act.reform(|_: MouseEvent| Act::Play(PlayerAct::Next(StepKind::Violation)));
    let necessary = act.reform(|_: MouseEvent| Act::Necessary);
    html! {
        <div class="asks">
            <button type="button" class="jump" data-testid="jump-violation" onclick={to_violation}
                disabled={violations.is_empty()} title="To the next violation (V)">
                { pictogram(Icon::Violation) }<span>{ "Violation" }</span>
            </button>
            <div class="speed">{ kinds.draw() }</div>
            <button type="button" class="ask-why" data-testid="ask-why" aria-pressed={(*explained == Some(false)).to_string()} onclick={why}
                disabled={none} title="What this step rests on (W)">{ "Why?" }</button>
            <button type="button" class="ask-why" data-testid="why-here" aria-pressed={(*explained == Some(true)).to_string()} onclick={here}
                disabled={none} title="How control came to this statement (H)"><span class="more">{ "Why " }</span>{ "here?" }</button>
            <button type="button" class="ask-why" data-testid="necessary" aria-pressed={reduced.to_string()} onclick={necessary}
                disabled={violations.is_empty()} title="Leave out every step that this violation does not need">{ "Needed" }<span class="wide">{ " steps" }</span></button>
            <label class="speed">
                <span class="visually-hidden">{ "Speed" }</span>
                <select onchange={on_speed} title="Seconds per step, [ and ]">
                    { for SPEEDS.iter().enumerate().map(|(index, milliseconds)| html! {
                        <option value={index.to_string()} selected={index == *speed}>
                            { format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100) }
                        </option>
                    }) }
                </select>
            </label>
        </div>
    }
}
