//! A dialog: the browser's own, which keeps the focus inside and closes on Escape.

use crate::browser::use_open;
use crate::ui::parts::icon::{Icon, pictogram};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its title.
    pub title: AttrValue,
    /// For styles and tests.
    pub id: AttrValue,
    /// It has been closed.
    pub onclose: Callback<()>,
    /// What is in it.
    pub children: Children,
}

/// Shows its children above the page, until it is closed.
#[component]
pub fn Modal(props: &Props) -> Html {
    let dialog = use_node_ref();
    use_open(dialog.clone());
    let close = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| onclose.emit(()))
    };
    // A click on the dialog itself is one beside its content: on the backdrop.
    let on_backdrop = {
        let (onclose, dialog) = (props.onclose.clone(), dialog.clone());
        Callback::from(move |event: MouseEvent| {
            if event.target() == dialog.get().map(Into::into) {
                onclose.emit(());
            }
        })
    };
    let onclose = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: Event| onclose.emit(()))
    };
    html! {
        <dialog ref={dialog} class={classes!("modal", props.id.to_string())} data-testid={props.id.clone()}
            aria-label={props.title.clone()} {onclose} onclick={on_backdrop}>
            <div class="sheet">
                <header>
                    <h2>{ &props.title }</h2>
                    <button type="button" class="close" aria-label="Close" onclick={close}>{ pictogram(Icon::Close) }</button>
                </header>
                { for props.children.iter() }
            </div>
        </dialog>
    }
}
