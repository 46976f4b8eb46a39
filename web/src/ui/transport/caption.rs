//! The sentence for the step just taken: what happened, why it may happen, and which rules that rests on.

use crate::browser::use_at_beginning;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use crate::ui::parts::tone;
use crate::ui::transport::law::laws;
use lab::Act;
use lab::model::folding::Fold;
use scene::view::{Caption, Tone};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The caption; nothing at the beginning of a run.
    pub caption: Option<Caption>,
    /// Hardware takes the step by itself.
    pub speculative: bool,
    /// How many steps the run has.
    pub steps: usize,
    /// The moment shown.
    pub cursor: usize,
    /// The steps just before it, if they are folded.
    pub folded: Option<Fold>,
    /// Whether the library is there, from which the rules' texts are.
    pub library: bool,
}

/// Draws the caption. Screen readers announce a change politely.
#[component]
pub fn CaptionText(props: &Props) -> Html {
    let act = use_dispatch();
    let place = use_at_beginning((props.cursor, props.caption.clone()));
    let Some(caption) = &props.caption else {
        let begin = match props.steps {
            0 => "The beginning. Nothing has happened yet: choose what happens first.".to_owned(),
            1 => "The beginning. One step follows.".to_owned(),
            steps => format!("The beginning. {steps} steps follow."),
        };
        return html! {
            <div class="caption" data-testid="caption" ref={place}>
                <p class="sentence" aria-live="polite">{ begin }</p>
                <p class="because">{ "Space plays, the arrow keys step, and a question mark tells how to read the picture." }</p>
            </div>
        };
    };
    let speculative = (props.speculative && caption.tone == Tone::Plain).then_some("speculative");
    html! {
        <div class={classes!("caption", tone::class(caption.tone), speculative)} data-testid="caption" ref={place}>
            <p class="sentence" aria-live="polite">{ isolated(&caption.sentence) }</p>
            <p class="because">{ isolated(&caption.because) }</p>
            <div class="grounds">
                // In a list of its own: its length changes, and the rules beside it shall not be created again.
                <>{ for caption.violations.iter().map(|name| html! { <span class="violation">{ *name }</span> }) }</>
                { laws(&caption.laws) }
                if let Some(fold) = props.folded {
                    <button type="button" class="law" data-testid="unfold" title="Unfold" onclick={act.reform(move |_: MouseEvent| Act::Unfold(fold.first))}>{ format!("after {}", fold.told()) }</button>
                }
            </div>
        </div>
    }
}
