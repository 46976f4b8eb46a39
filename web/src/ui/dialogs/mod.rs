//! The dialogs over the page: lists to choose from, links to copy, help.

pub mod challenges;
pub mod gallery;
pub mod help;
pub mod modal;
pub mod share;

use crate::browser::height_in_a_column;
use gallery::Gallery;
use lab::Lab;
use lab::model::address::Address;
use lab::model::library::Library;
use lab::model::permalink;
use lab::view::direction::isolated_text;
use lab::view::holds::holds;
use lab::view::page::Dialog;
use modal::Modal;
use share::Share;
use yew::prelude::*;

/// Draws the dialog that is open.
pub fn open(dialog: Dialog, lab: &Lab, address: &Address, onclose: Callback<()>) -> Html {
    let (title, id) = match dialog {
        Dialog::Gallery => ("Scenarios", "gallery"),
        Dialog::Challenges => ("Challenges", "challenges"),
        Dialog::Share => (SHARE, "share-dialog"),
        Dialog::Embed => (EMBED, "embed-dialog"),
        Dialog::Help => ("How to read this", "help"),
    };
    let inside = match dialog {
        Dialog::Gallery => {
            let lost = match lab.library() {
                Library::Lost(why) => Some(AttrValue::from(why.clone())),
                _ => None,
            };
            html! { <Gallery open={lab.session().slug.clone()} whole={*lab.library() == Library::Here} {lost} onchoose={onclose.clone()} /> }
        }
        Dialog::Challenges => challenges::challenges(&lab.lesson().challenges, &onclose),
        Dialog::Share => share(lab, address),
        Dialog::Embed => embed(lab, address),
        Dialog::Help => help::help(),
    };
    html! { <Modal key={id} {title} {id} {onclose}>{ inside }</Modal> }
}

const SHARE: &str = "Share this moment";
const EMBED: &str = "Embed this moment";

fn share(lab: &Lab, address: &Address) -> Html {
    let link = lab.link();
    html! {
        <Share title={SHARE} text={address.to(&link)} holds={holds(lab, &link)}
            hint="The address itself contains everything; no server stores it." />
    }
}

fn embed(lab: &Lab, address: &Address) -> Html {
    let player = lab.player();
    let name = isolated_text(&player.machine().program().name);
    html! {
        <Share title={EMBED} text={address.snippet(&permalink::encode(player), &name, height_in_a_column())}
            hint="A live, sandboxed frame for a post or a slide. Add theme=light or theme=dark after ?embed to force one. The host of these files has to let other pages read them, by the header Access-Control-Allow-Origin: *; without it the frame says that it could not start. The frame tells the surrounding page its preferred height, by a message { tlbscope: \"height\", height }." />
    }
}
