//! What can lie over the page: lists to choose from, links to copy, help.

pub mod challenges;
pub mod gallery;
pub mod help;
pub mod modal;
pub mod share;

use crate::browser::height_in_a_column;
use crate::ui::dialogs::challenges::Challenges;
use crate::ui::dialogs::gallery::Gallery;
use crate::ui::dialogs::help::Help;
use crate::ui::dialogs::share::Share;
use crate::ui::shell::header::Asked;
use lab::model::permalink;
use lab::model::place::Place;
use lab::model::player::Player;
use lab::view::holds::holds;
use lab::{Act, Lab};
use yew::prelude::*;

/// Draws the dialog that is open, if one is.
pub fn dialogs(
    dialog: &UseStateHandle<Option<Asked>>,
    place: &Place,
    player: &Player,
    lab: &Lab,
    act: &Callback<Act>,
) -> Html {
    let onclose = {
        let dialog = dialog.clone();
        Callback::from(move |()| dialog.set(None))
    };
    match **dialog {
        Some(Asked::Gallery) => {
            let (act, dialog) = (act.clone(), dialog.clone());
            let onchoose = Callback::from(move |slug: String| {
                act.emit(Act::Open(slug));
                dialog.set(None);
            });
            html! { <Gallery open={lab.session().slug.clone()} {onchoose} {onclose} /> }
        }
        Some(Asked::Share) => {
            let link = lab.link();
            html! {
                <Share title="Share this moment" id="share-dialog" text={place.address(&link)} {onclose} holds={holds(lab, &link)}
                    hint="All of it is in the address itself, and on no server." />
            }
        }
        Some(Asked::Embed) => html! {
            <Share title="Embed this moment" id="embed-dialog" {onclose}
                text={place.snippet(&permalink::encode(player), &player.machine().program().name, height_in_a_column())}
                hint="A live, sandboxed frame for a post or a slide. Add theme=light or theme=dark after ?embed to force one. The frame tells the page around it how high it would like to be, by a message { tlbscope: \"height\", height }." />
        },
        Some(Asked::Challenges) => {
            html! { <Challenges challenges={lab.learn().challenges.clone()} {onclose} /> }
        }
        Some(Asked::Help) => html! { <Help {onclose} /> },
        Some(Asked::Theme) | None => html! {},
    }
}
