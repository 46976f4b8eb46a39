//! A notice about the last thing that the reader did. It has a row of its own, and covers nothing.

use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::model::lab::Notice;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The notice, if there is one.
    pub notice: Option<Notice>,
}

/// Draws the notice. Its place for screen readers is there from the beginning, so that they hear what comes.
#[component]
pub fn NoticeBar(props: &Props) -> Html {
    let act = &use_dispatch();
    let dismiss = act.reform(|_: MouseEvent| Act::Dismiss);
    html! {
        <div class="notices" role="status" data-testid="notices">
            if let Some(notice) = &props.notice {
                <p class={classes!("notice", notice.warning.then_some("warning"))} data-testid="notice">
                    <span>{ isolated(&notice.sentence) }</span>
                    <button type="button" class="close" aria-label="Dismiss" data-testid="dismiss" onclick={dismiss}>{ pictogram(Icon::Close) }</button>
                </p>
            }
        </div>
    }
}
