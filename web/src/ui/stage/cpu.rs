//! A CPU's card: on the left what its hardware holds, on the right the kernel's view of the CPU.

use super::cache::Cache;
use super::kernel::variables;
use crate::browser::use_at_beginning;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::tone;
use crate::ui::stage::term::term;
use lab::Act;
use lab::model::player::PlayerAct;
use lab::view::direction::isolated_text;
use lab::view::glossary;
use lab::view::moment::Choice;
use lab::view::run::CpuSlots;
use scene::view::{Acted, CpuView, RegisterView};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The CPU.
    pub cpu: CpuView,
    /// Where its things have their places.
    pub slots: CpuSlots,
    /// The statement it is at.
    pub line: String,
    /// What it could do now.
    pub choices: Vec<Choice>,
}

/// Draws a CPU's card.
#[component]
pub fn Cpu(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { cpu, slots, line, choices } = props;
    let can_now = use_at_beginning(choices.clone());
    let (acted, how) = match cpu.acted {
        Acted::No => (None, ""),
        Acted::Software => (Some("by-software"), "software"),
        Acted::Speculatively => (Some("by-hardware"), "hardware"),
    };
    let beside = slots.tlb_beside();
    let class = classes!("cpu", acted, cpu.danger.map(|_| "in-danger"), beside.then_some("beside"));
    let tlb = html! {
        <Cache title="TLB" hint="Translations that walks have found" rows={cpu.tlb.clone()} slots={slots.tlb.clone()} />
    };
    let (left, right) = if beside { (html! {}, tlb) } else { (tlb, html! {}) };
    html! {
        <article {class} data-testid={format!("cpu-{}", cpu.cpu)} data-id={cpu.id.clone()}
            aria-label={cpu.name.clone()}>
            <header>
                <h3>{ &cpu.name }</h3>
                <span class={classes!("mode", tone::changed(&cpu.mode_change))}>{ &cpu.mode }</span>
                if !how.is_empty() { <span class="acted" title={format!("This step was taken by its {how}")}>{ how }</span> }
                <span class="danger" hidden={cpu.danger.is_none()}>{ cpu.danger }</span>
            </header>
            <div class="holds">
                { register(&cpu.cr3, slots.long_root) }
                <Cache title="Paging-structure caches" hint="Pointers to page tables that walks have read"
                    rows={cpu.psc.clone()} slots={slots.psc.clone()} />
                { left }
                if slots.buffer > 0 {
                    <Cache title="Store buffer" hint="Stores that no other CPU sees yet, oldest first"
                        rows={cpu.buffer.clone()} length={slots.buffer} />
                }
            </div>
            <div class="thinks">
                { position(cpu, line) }
                { right }
                if !slots.variables.is_empty() {
                    <div class="cache">
                        { term("Per-CPU variables", "The kernel's variables of this CPU", Html::default()) }
                        { variables(&cpu.variables, &slots.variables) }
                    </div>
                }
                if slots.pending > 0 && !cpu.device {
                    <Cache title="Pending IPIs" hint="Interrupts that have arrived and not been taken"
                        rows={cpu.pending.clone()} length={slots.pending} />
                }
            </div>
            <div class="can" role="group" ref={can_now} aria-label={format!("What {} could do now", cpu.name)}>
                { for choices.iter().map(|choice| can(choice, act)) }
            </div>
        </article>
    }
}

/// An action on the card of the CPU that would take it.
fn can(choice: &Choice, act: &Callback<Act>) -> Html {
    let action = choice.action;
    let onclick = act.reform(move |_: MouseEvent| Act::Play(PlayerAct::Choose(action)));
    let class = classes!(
        "action",
        if choice.unasked { "speculative" } else { "software" },
        choice.next.then_some("next"),
    );
    html! {
        <button type="button" key={action.code()} {class} {onclick} title={isolated_text(&choice.sentence)}>{ &choice.name }</button>
    }
}

fn register(register: &RegisterView, long: bool) -> Html {
    let class = classes!(
        "register",
        long.then_some("two-lines"),
        tone::class(register.tone),
        tone::changed(&register.change)
    );
    html! {
        <div {class} data-id={register.id.clone()} title={glossary::meaning(register.key).unwrap_or_default()}>
            <span class="key">{ register.key }</span>
            <span class="value">{ tone::was_is(&register.value, &register.change) }</span>
            if let Some(tag) = &register.tag { <span class="tag">{ tag }</span> }
        </div>
    }
}

/// A name that may continue in the next line after each of its words.
fn breakable(name: &str) -> Html {
    let word = |word: &str| html! { <>{ word.to_owned() }if word.ends_with('_') { <wbr /> }</> };
    name.split_inclusive('_').map(word).collect()
}

fn position(cpu: &CpuView, line: &str) -> Html {
    let position = &cpu.position;
    let place = match &cpu.handler {
        Some(handler) => handler,
        None if position.ended => "nothing left to do",
        None => position.function.as_str(),
    };
    let aside = match &position.waits {
        Some(reason) if !position.ended => {
            html! { <span class="waits" title={isolated_text(reason)}>{ reason }</span> }
        }
        _ if !cpu.irqs_on => html! { <span class="masked" title="Interrupts are off">{ "IRQs off" }</span> },
        _ => html! {},
    };
    html! {
        <div class={classes!("position", position.ended.then_some("ended"))}>
            <p><span class="function" title={isolated_text(place)}>{ breakable(place) }</span>{ aside }</p>
            <code title={isolated_text(line)}>{ if position.ended { "" } else { line } }</code>
        </div>
    }
}
