//! The machine at one moment: CPUs above, memory below, and over both the lines that lead from one to the other.

use super::overlay::{Connector, overlay};
use crate::browser::{fields, use_rects};
use lab::view::moment::Choice;
use lab::view::run::Slots;
use scene::view::{Scene, Tone};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is to be seen.
    pub scene: Rc<Scene>,
    /// Where everything has its place.
    pub slots: Rc<Slots>,
    /// The statement each CPU is at, one line each.
    pub lines: Rc<Vec<String>>,
    /// Changes with each step that may be animated; nothing if none is.
    pub moving: Option<usize>,
    /// What could be done now.
    pub choices: Vec<Choice>,
    /// The reader asks where a thing comes from, by its id.
    pub onorigin: Callback<String>,
}

/// The stage.
#[component]
pub fn Stage(props: &Props) -> Html {
    let container = use_node_ref();
    let Props { scene, slots, lines, moving, choices, onorigin } = props.clone();
    let rects = use_rects(container.clone(), (scene.clone(), slots.clone()));
    // Narrow pages begin without the kernel's variables.
    let whole = use_state_eq(|| false);
    let onwhole = {
        let whole = whole.clone();
        move |_: MouseEvent| whole.set(!*whole)
    };
    let empty = lab::view::run::CpuSlots::default();
    let cards = scene.cpus.iter().enumerate().map(|(index, cpu)| {
        let slots = slots.cpus.get(index).unwrap_or(&empty).clone();
        let line = lines.get(index).cloned().unwrap_or_default();
        let own = choices.iter().filter(|choice| choice.action.cpu() == cpu.cpu);
        let choices: Vec<Choice> = own.cloned().collect();
        html! { <super::cpu::Cpu key={cpu.id.clone()} cpu={cpu.clone()} {slots} {line} {choices} /> }
    });
    let onclick = {
        let onorigin = onorigin.clone();
        move |event: MouseEvent| fields::thing(&event).into_iter().for_each(|id| onorigin.emit(id))
    };
    let onkeydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            fields::thing(&event).into_iter().for_each(|id| onorigin.emit(id));
        }
    };
    html! {
        <section class={classes!("stage", whole.then_some("whole"))} data-testid="stage" aria-label="The machine at this moment" ref={container} {onclick} {onkeydown}>
            <h2 class="visually-hidden">{ "The machine" }</h2>
            <div class="cpus" data-count={scene.cpus.len().to_string()}>{ for cards }</div>
            if scene.stopped { <p class="stopped">{ "Machine check: the machine has stopped." }</p> }
            <super::memory::Memory memory={scene.memory.clone()} slots={slots.clone()} />
            { super::kernel::kernel(&scene.variables, &slots.variables, scene.waiting.as_deref(), &scene.free_list) }
            <button type="button" class="narrow" data-testid="variables" aria-pressed={whole.to_string()} onclick={onwhole}>
                { if *whole { "Without the kernel\u{2019}s variables" } else { "With the kernel\u{2019}s variables" } }
            </button>
            { overlay(&lines_of(&scene), scene.token.as_ref(), moving, &rects) }
        </section>
    }
}

/// Pointers in memory; and from each cache entry or register that leads to what is no page table any more, the
/// reference itself: that line is the bug.
fn lines_of(scene: &Scene) -> Vec<Connector> {
    let pointers = scene.memory.arrows.iter().map(|arrow| Connector {
        from: arrow.from.clone(),
        to: arrow.to.clone(),
        tone: arrow.tone,
        reference: false,
    });
    let dangling =
        scene.memory.tiles.iter().flat_map(|tile| {
            let bad = |tone| matches!(tone, Tone::Stale | Tone::Corrupt);
            tile.holders.iter().filter(move |holder| holder.usable && bad(holder.tone)).map(|holder| {
                Connector { from: holder.id.clone(), to: tile.id.clone(), tone: holder.tone, reference: true }
            })
        });
    pointers.chain(dangling).collect()
}
