//! The top of the page: its name, the open scenario, and the actions that concern the whole page.

use crate::browser::focus;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use lab::model::address::Theme;
use lab::view::page::Dialog;
use lab::view::present::Mode;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The scenario.
    pub scenario: AttrValue,
    /// The kernel.
    pub kernel: AttrValue,
    /// What the picture is of, if that is not simply the library's text.
    pub about: Option<String>,
    /// The address of the tour.
    pub tour: Option<String>,
    /// The theme.
    pub theme: Theme,
    /// A dialog is asked for.
    pub onask: Callback<Dialog>,
    /// Another theme is asked for.
    pub ontheme: Callback<()>,
    /// The page is asked for in another way.
    pub onmode: Callback<Mode>,
}

/// Draws the header.
#[component]
pub fn Header(props: &Props) -> Html {
    let ask = |dialog: Dialog| props.onask.reform(move |_: MouseEvent| dialog);
    let button =
        |onclick: Callback<MouseEvent>, icon: Icon, name: String, id: &'static str, label: &'static str| {
            html! {
                <button type="button" data-testid={id} aria-label={name.clone()} title={name} {onclick}>
                    { pictogram(icon) }<span class="label">{ label }</span>
                </button>
            }
        };
    let more = use_state_eq(|| false);
    let onmore = {
        let more = more.clone();
        move |_: MouseEvent| more.set(!*more)
    };
    let shut = {
        let more = more.setter();
        move |_: MouseEvent| more.set(false)
    };
    // The part of the address after `#` names a moment.
    let skip = |event: MouseEvent| {
        event.prevent_default();
        focus("main");
    };
    html! {
        <header class="top">
            <a class="skip" href="#main" data-testid="skip" onclick={skip}>{ "Skip to the machine" }</a>
            <a class="brand" href="./" aria-label="TLBscope">
                <svg viewBox="0 0 24 24" aria-hidden="true">
                    <rect x="2" y="2" width="20" height="20" rx="3" />
                    <path d="M6 8h12M6 12h7" /><path class="gone" d="M15 12h3M6 16h12" />
                </svg>
                <span>{ "TLBscope" }</span>
            </a>
            <button type="button" class="picker" data-testid="picker" onclick={ask(Dialog::Gallery)} aria-haspopup="dialog">
                { pictogram(Icon::List) }
                <span class="names"><b>{ isolated(&props.scenario) }</b><small>
                    { "on " }{ isolated(&props.kernel) }
                    if let Some(about) = &props.about { <i data-testid="header-about">{ about }</i> }
                </small></span>
            </button>
            <button type="button" class="more" data-testid="more" aria-label="More" aria-expanded={more.to_string()} onclick={onmore}>
                { pictogram(Icon::More) }
            </button>
            <div class={classes!("menu", more.then_some("unfolded"))} onclick={shut}>
            <nav class="learn" aria-label="Learn">
                if let Some(tour) = &props.tour {
                    <a href={format!("#{tour}")} data-testid="tour">{ pictogram(Icon::Tour) }{ "Tour" }</a>
                }
                <button type="button" data-testid="challenges-open" onclick={ask(Dialog::Challenges)} aria-haspopup="dialog">
                    { pictogram(Icon::Check) }{ "Challenges" }
                </button>
                // `web/later/extras.js` hears the click.
                <button type="button" data-testid="write" title="To the texts: write your own kernel">{ pictogram(Icon::Write) }{ "Write" }</button>
            </nav>
            <nav class="about" aria-label="Page">
                { button(ask(Dialog::Share), Icon::Share, "Share: a link to this very moment".to_owned(), "share", "Share") }
                { button(ask(Dialog::Embed), Icon::Embed, "Embed this moment in a page".to_owned(), "embed", "Embed") }
                { button(props.onmode.reform(|_: MouseEvent| Mode::Presented { black: false }), Icon::Screen, "Present: for a projector (P)".to_owned(), "present-open", "Present") }
                { button(props.onmode.reform(|_: MouseEvent| Mode::Board), Icon::List, "Storyboard: the run step by step, to read and to print".to_owned(), "board-open", "Storyboard") }
                { button(props.ontheme.reform(|_: MouseEvent| ()), Icon::Theme, format!("Theme: {}", props.theme.name()), "theme", "Theme") }
                { button(ask(Dialog::Help), Icon::Help, "How to read this, and keys".to_owned(), "keys", "Help") }
            </nav>
            </div>
        </header>
    }
}
