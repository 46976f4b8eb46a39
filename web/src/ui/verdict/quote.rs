//! Copies the verdict, with everything that is needed to check it again.

use crate::browser::{copy, refocus};
use crate::ui::parts::icon::{Icon, pictogram};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is copied.
    pub text: AttrValue,
}

/// A button. Where the clipboard is out of reach, the text is shown and selected.
#[component]
pub fn Quote(props: &Props) -> Html {
    let Props { text } = props;
    let (area, button) = (use_node_ref(), use_node_ref());
    let copied = use_state(|| None::<(AttrValue, bool)>);
    let onclick = {
        let (area, button, copied, text) = (area.clone(), button.clone(), copied.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            let done = copy(&area);
            if done {
                // Selecting the text took the focus.
                refocus(&button);
            }
            copied.set(Some((text.clone(), done)));
        })
    };
    // A message about another text is no longer true.
    let done = copied.as_ref().filter(|(of, _)| of == text).map(|(_, done)| *done);
    let (icon, label) = match done {
        Some(true) => (Icon::Check, "Copied"),
        _ => (Icon::Copy, "Copy verdict"),
    };
    let shown = done == Some(false);
    html! {
        <>
            <button type="button" ref={button} class="quote" data-testid="copy-verdict" {onclick}
                title="Sentence, bounds, link and the command that checks it again">
                { pictogram(icon) }{ label }
            </button>
            <span class="visually-hidden" role="status">{ if done == Some(true) { "The verdict is in the clipboard." } else { "" } }</span>
            <textarea ref={area} class={classes!("quoted", (!shown).then_some("visually-hidden"))} readonly=true rows="6" tabindex={if shown { "0" } else { "-1" }}
                aria-hidden={(!shown).to_string()} aria-label="The verdict, to be copied" data-testid="quoted" value={text.clone()} />
        </>
    }
}
