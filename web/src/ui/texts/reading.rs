//! The text that the acting CPU runs, to be read and not to be changed: for an embed.

use crate::ui::texts::code::markers;
use crate::ui::texts::plain::Reading;
use lab::view::shown::Shown;
use lang::source::SourceId;
use scene::view::Acted;
use yew::prelude::*;

/// Draws it, with the places that the CPUs are at.
pub fn reading(shown: &Shown) -> Html {
    let cpus = &shown.moment.scene.cpus;
    let positions: Vec<_> = cpus.iter().map(|cpu| cpu.position.clone()).collect();
    let acting = cpus.iter().find(|cpu| cpu.acted != Acted::No).or(cpus.first());
    let source = acting.map_or(1, |cpu| cpu.position.source).min(1);
    let text = shown.lab.setup().session.text(SourceId(source));
    let markers = markers(&positions, source, &text, 0);
    let label = if source == 0 { "Text of the scenario" } else { "Text of the kernel" };
    html! {
        <section class="code panel" data-testid="code" aria-label="The text">
            <Reading key={source.to_string()} {label} {text} {markers} />
        </section>
    }
}
