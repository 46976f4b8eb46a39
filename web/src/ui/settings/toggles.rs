//! The options that the kernel's text declares, and those of the machine. Nothing here knows any of them by name.

use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::model::before::Switch;
use lab::view::answer::Answer;
use lab::view::answers::{Answers, Place};
use lang::program::{Origin, ProgramOption};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The options.
    pub options: Vec<ProgramOption>,
    /// Of each option, why it changes nothing as the others stand, if it does not.
    pub idle: Vec<Option<&'static str>>,
    /// Names of the cases, the scenario as it stands first.
    pub cases: Vec<String>,
    /// Which case the machine on the stage is, counted in `cases`, however it came to be set; nothing if it is none.
    pub case: Option<usize>,
    /// Options that are not as the scenario has them as written.
    pub changed: Rc<Vec<String>>,
    /// What the switches and the case have changed.
    pub answers: Answers,
}

/// Draws the toggles.
#[component]
pub fn Toggles(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { options, idle, cases, case, changed, answers } = props;
    // Below the switch that was clicked, so that the switch does not move.
    let told = |asked: &Switch| told(answers.below(asked));
    let of = |origin: Origin| {
        let rows: Vec<Html> = options
            .iter()
            .zip(idle)
            .filter(|(option, _)| match origin {
                Origin::Machine | Origin::Bound => matches!(option.origin, Origin::Machine | Origin::Bound),
                origin => option.origin == origin,
            })
            .map(|(option, idle)| {
                toggle(
                    option,
                    *idle,
                    changed.contains(&option.name),
                    told(&Switch::Option(option.name.clone())),
                    act,
                )
            })
            .collect();
        rows
    };
    let (kernel, scenario, machine) = (of(Origin::Kernel), of(Origin::Scenario), of(Origin::Machine));
    html! {
        <section class="toggles panel" aria-label="Change it">
            <h2>{ "Change it" }</h2>
            if cases.len() > 1 {
                <fieldset class="cases">
                    <legend>{ "Case" }</legend>
                    { for cases.iter().enumerate().map(|(index, name)| case_button(index, name, Some(index) == *case, act)) }
                    { told(&Switch::Case) }
                </fieldset>
            }
            if !kernel.is_empty() { <div class="group" role="group" aria-label="Kernel">{ for kernel }</div> }
            if !scenario.is_empty() {
                <div class="group machine" role="group" aria-label="Scenario"><h3>{ "Scenario" }</h3>{ for scenario }</div>
            }
            if !machine.is_empty() {
                <div class="group machine" role="group" aria-label="Machine"><h3>{ "Machine" }</h3>{ for machine }</div>
            }
        </section>
    }
}

/// What stands below a switch. An answer of now and one of then take the same room.
fn told(place: Place<'_>) -> Html {
    let sentences = |said: &Answer, when: &'static str, id: Option<&'static str>| {
        html! {
            <ul data-testid={id}>{ for said.sentences.iter().enumerate().map(|(index, sentence)| html! {
                <li>if index == 0 { <small><i>{ when }</i>{ " " }{ isolated(&said.settings) }{ ": " }</small> }{ isolated(sentence) }</li>
            }) }</ul>
        }
    };
    html! {
        <>
            <div class="answer" role="status">
                { match place {
                    Place::Empty | Place::Then(_) | Place::Gone(_) => html! {},
                    Place::Waits => html! { <p>{ "The explorer is working on it." }</p> },
                    Place::Now(said) => sentences(said, "Now,", Some("answer")),
                } }
            </div>
            if let Place::Then(said) | Place::Gone(said) = place {
                <div class={classes!("answer", "then", matches!(place, Place::Gone(_)).then_some("old"))}>{ sentences(said, "Then,", None) }</div>
            }
        </>
    }
}

fn case_button(index: usize, name: &str, chosen: bool, act: &Callback<Act>) -> Html {
    let act = act.clone();
    let case = index.checked_sub(1).and_then(|index| u8::try_from(index).ok());
    let onclick = move |_| act.emit(Act::Case(case));
    html! {
        <button key={index} type="button" aria-pressed={chosen.to_string()} data-testid={format!("case-{index}")} {onclick}>
            { name }
        </button>
    }
}

fn toggle(
    option: &ProgramOption,
    idle: Option<&'static str>,
    changed: bool,
    told: Html,
    act: &Callback<Act>,
) -> Html {
    let chosen = usize::from(option.chosen);
    let choose = |choice: &str| {
        let (act, name, choice) = (act.clone(), option.name.clone(), choice.to_owned());
        Callback::from(move |_: MouseEvent| {
            act.emit(Act::Option { name: name.clone(), choice: choice.clone() });
        })
    };
    let changed = changed.then_some("set");
    let (title, rest) = sentence(option);
    let testid = format!("option-{}", option.name);
    if option.choices == ["off", "on"] {
        let other = &option.choices[usize::from(chosen == 0)];
        return html! {
            <div class={classes!("option", changed)} key={option.name.clone()}>
                <button type="button" role="switch" aria-checked={(chosen == 1).to_string()} data-testid={testid}
                    aria-label={option.sentence.clone()} onclick={choose(other)}><span class="knob" /></button>
                <div><p><b>{ title }</b>{ isolated(&rest) }</p>{ told }</div>
            </div>
        };
    }
    html! {
        <div class={classes!("option", "choice", changed)} key={option.name.clone()}>
            <p><b>{ title }</b>{ isolated(idle.unwrap_or(&rest)) }</p>
            <div class="segments" role="radiogroup" aria-label={option.sentence.clone()} data-testid={testid}>
                { for option.choices.iter().enumerate().map(|(index, choice)| html! {
                    <button type="button" role="radio" aria-checked={(index == chosen).to_string()}
                        disabled={idle.is_some()} onclick={choose(choice)}>{ choice }</button>
                }) }
            </div>
            { told }
        </div>
    }
}

/// What stands before the first colon is a title; without one, the option's name is.
fn sentence(option: &ProgramOption) -> (String, String) {
    match option.sentence.split_once(": ") {
        Some((title, rest)) => (title.to_owned(), rest.to_owned()),
        None => (option.name.replace('_', " "), option.sentence.clone()),
    }
}
