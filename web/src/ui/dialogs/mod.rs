//! What can lie over the page: lists to choose from, links to copy, help.

pub mod challenges;
pub mod gallery;
pub mod help;
pub mod modal;
pub mod share;

use crate::browser::height_in_a_column;
use crate::ui::parts::dispatch::use_dispatch;
use challenges::Challenges;
use gallery::Gallery;
use help::Help;
use lab::model::permalink;
use lab::model::place::Place;
use lab::view::holds::holds;
use lab::view::page::Dialog;
use lab::view::shown::Shown;
use lab::{Act, Lab};
use share::Share;
use yew::prelude::*;

/// Properties of [`Dialogs`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What the page shows.
    pub shown: Shown,
    /// The page's address.
    pub place: Place,
    /// The dialog that is open, if one is.
    pub dialog: Option<Dialog>,
    /// It has been closed.
    pub onclose: Callback<()>,
}

/// Draws the dialog that is open.
#[component]
pub fn Dialogs(props: &Props) -> Html {
    let Props { shown: Shown { lab, .. }, place, dialog, onclose } = props;
    let act = use_dispatch();
    let onclose = onclose.clone();
    match dialog {
        Some(Dialog::Gallery) => {
            let onchoose = {
                let onclose = onclose.clone();
                Callback::from(move |slug: String| {
                    act.emit(Act::Open(slug));
                    onclose.emit(());
                })
            };
            html! { <Gallery open={lab.session().slug.clone()} {onchoose} {onclose} /> }
        }
        Some(Dialog::Challenges) => {
            html! { <Challenges challenges={lab.learn().challenges.clone()} {onclose} /> }
        }
        Some(Dialog::Share) => share(lab, place, onclose),
        Some(Dialog::Embed) => embed(lab, place, onclose),
        Some(Dialog::Help) => html! { <Help {onclose} /> },
        None => html! {},
    }
}

fn share(lab: &Lab, place: &Place, onclose: Callback<()>) -> Html {
    let link = lab.link();
    html! {
        <Share title="Share this moment" id="share-dialog" text={place.address(&link)} {onclose} holds={holds(lab, &link)}
            hint="All of it is in the address itself, and on no server." />
    }
}

fn embed(lab: &Lab, place: &Place, onclose: Callback<()>) -> Html {
    let player = lab.player();
    let name = &player.machine().program().name;
    html! {
        <Share title="Embed this moment" id="embed-dialog" {onclose}
            text={place.snippet(&permalink::encode(player), name, height_in_a_column())}
            hint="A live, sandboxed frame for a post or a slide. Add theme=light or theme=dark after ?embed to force one. The frame tells the page around it how high it would like to be, by a message { tlbscope: \"height\", height }." />
    }
}
