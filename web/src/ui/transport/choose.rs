//! What could happen now: every enabled action, and the reasons why some CPUs have none.

use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::model::distances::Away;
use lab::model::player::PlayerAct;
use lab::view::moment::Choice;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What could be done.
    pub choices: Vec<Choice>,
    /// Per CPU its name, and why its software can't go on; nothing if it can.
    pub blocked: Vec<(String, Option<String>)>,
    /// How many steps the run that can be gone back to has.
    pub kept: Option<usize>,
    /// How far the violation is from here and after each action, if that is known and has not happened.
    #[prop_or_default]
    pub away: Option<Away>,
    /// Why that is not known, as a sentence.
    #[prop_or_default]
    pub unknown: Option<AttrValue>,
    /// The run ends here.
    pub at_end: bool,
}

/// Draws the actions as buttons, CPU by CPU.
#[component]
pub fn Choose(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { choices, blocked, kept, away, unknown, at_end } = props;
    let ask = |what: PlayerAct| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Act::Play(what.clone())))
    };
    let groups = blocked.iter().enumerate().map(|(cpu, (name, blocked))| {
        let own = choices.iter().enumerate().filter(|(_, choice)| usize::from(choice.action.cpu()) == cpu);
        html! {
            <div class="group" key={cpu}>
                <h3>{ name }</h3>
                if let Some(reason) = blocked { <p class="blocked">{ isolated(reason) }</p> }
                { for own.map(|(index, choice)| button(index, choice, away.as_ref(), ask(PlayerAct::Choose(choice.action)))) }
            </div>
        }
    });
    html! {
        <section class="choose panel" data-testid="choose" aria-label="What could happen now">
            <h2>{ "What could happen now" }</h2>
            <p class="hint">{ "Pick one: the run forks here. Dashed actions need no instruction: hardware may do them by itself." }</p>
            <p class="away" data-testid="away">{ away.as_ref().map(Away::sentence).or_else(|| unknown.as_ref().map(ToString::to_string)) }</p>
            if let Some(steps) = kept {
                <button type="button" class="restore" data-testid="restore" onclick={ask(PlayerAct::Restore)}>
                    { pictogram(Icon::Undo) }{ format!("Back to the earlier run of {}", scene::steps(*steps)) }
                </button>
            }
            { for groups }
            if choices.is_empty() { <p class="blocked">{ "No CPU has anything left to do." }</p> }
            if *at_end && !choices.is_empty() {
                <button type="button" class="run-on" onclick={ask(PlayerAct::RunOn)}>{ "Run to the end; hardware acts as early as it may" }</button>
            }
        </section>
    }
}

fn button(index: usize, choice: &Choice, away: Option<&Away>, onclick: Callback<MouseEvent>) -> Html {
    let leads = away.and_then(|away| away.word(choice.action));
    let how = if choice.unasked { "speculative" } else { "software" };
    html! {
        <button type="button" key={choice.action.code()} class={classes!("action", how, choice.next.then_some("next"))} {onclick}>
            if index < 9 { <kbd aria-hidden="true">{ index + 1 }</kbd> }
            <span>{ isolated(&choice.sentence) }</span>
            if let Some((word, there)) = leads { <i class={classes!("leads", there.then_some("there"))}>{ word }</i> }
            if choice.next { <i>{ "next" }</i> }
        </button>
    }
}
