//! The dialogs over the page: lists to choose from, links to copy, help.

pub mod challenges;
pub mod gallery;
pub mod help;
pub mod modal;
pub mod share;

use gallery::Gallery;
use lab::Lab;
use lab::model::address::Address;
use lab::model::library::Library;
use lab::model::permalink;
use lab::view::direction::isolated_text;
use lab::view::holds::holds;
use lab::view::page::Dialog;
use lab::view::port;
use lab::view::verdict::VerdictView;
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

/// In place of links: why none can hold what is on the page.
fn none(why: String) -> Html {
    html! { <p data-testid="no-link">{ why }</p> }
}

fn share(lab: &Lab, address: &Address) -> Html {
    if let Some(why) = permalink::too_long(lab.session(), lab.player().trace().len()) {
        return none(why);
    }
    let link = lab.link();
    let start = lab.link_at_start().unwrap_or_default();
    let texts = permalink::beginning(lab.session()).unwrap_or_default();
    let facts = facts(lab, address, [("now", &link), ("start", &start), ("texts", &texts)]);
    html! {
        <Share title={SHARE} text={address.to(&link)} holds={holds(lab, &link)} kind="share" {facts}
            hint="The address itself contains everything; no server stores it." />
    }
}

fn embed(lab: &Lab, address: &Address) -> Html {
    let player = lab.player();
    if let Some(why) = permalink::too_long(&player.setup().session, player.trace().len()) {
        return none(why);
    }
    let link = permalink::encode(player);
    let sentence = port::sentence(lab).map(|sentence| {
        format!("Step {} of {}: {}", player.cursor(), player.trace().len(), isolated_text(&sentence))
    });
    let facts =
        facts(lab, address, [("embedded", &link), ("sentence", &sentence.unwrap_or_default()), ("", "")]);
    // Its markup is made of the choices.
    html! {
        <Share title={EMBED} text="" kind="embed" {facts}
            hint="A live, sandboxed frame for a post or a slide. What you write inside is what readers see before they start it. The host of these files has to let other pages read them, by the header Access-Control-Allow-Origin: *; without it the frame says that it could not start." />
    }
}

/// What both dialogs tell of the page, and something more.
fn facts(lab: &Lab, address: &Address, more: [(&str, &str); 3]) -> AttrValue {
    let program = lab.player().machine().program();
    let verdict = lab.check().report().map(|_| isolated_text(&VerdictView::of(lab).sentence));
    let (title, kernel) = (isolated_text(&program.name), isolated_text(&program.kernel));
    let model = machine::MODEL.to_string();
    let [first, second, third] = more;
    port::json(&[
        ("page", &address.base),
        ("title", &title),
        ("kernel", &kernel),
        ("verdict", &verdict.unwrap_or_default()),
        ("model", &model),
        first,
        second,
        third,
    ])
    .into()
}
