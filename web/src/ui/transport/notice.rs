//! A notice about the last thing that the reader did. It has a row of its own, and covers nothing. Where that row is out of view,
//! as for a reader who writes below it, the notice stands in the corner of the window. That the texts have errors is not told there:
//! the line above the text says it.

use crate::browser::scroll;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::model::lab::Notice;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What there is to say of what was done.
    pub told: Option<Notice>,
    /// What there is to say of texts with errors.
    pub broken: Option<String>,
}

/// Draws the notice. Its place for screen readers is there from the beginning, so that they hear what comes.
#[component]
pub fn NoticeBar(props: &Props) -> Html {
    let act = &use_dispatch();
    let (place, away) = (use_node_ref(), use_state_eq(|| false));
    let notice = Notice::joined(props.told.clone(), props.broken.clone());
    {
        let (place, away) = (place.clone(), away.setter());
        use_effect_with(notice.clone(), move |notice| {
            away.set(notice.is_some() && scroll::out_of_view(&place));
        });
    }
    // For those who hear the page it is there.
    let unseen = *away && props.told.is_none();
    let class = away.then_some(if unseen { "visually-hidden" } else { "away" });
    let dismiss = act.reform(|_: MouseEvent| Act::Dismiss);
    html! {
        <div ref={place} class="notices" role="status" data-testid="notices">
            if let Some(notice) = &notice {
                <p class={classes!("notice", notice.warning.then_some("warning"), class)} data-testid="notice">
                    <span>{ isolated(&notice.sentence) }</span>
                    if !unseen {
                        <button type="button" class="close" aria-label="Dismiss" data-testid="dismiss" onclick={dismiss}>{ pictogram(Icon::Close) }</button>
                    }
                </p>
            }
        </div>
    }
}
