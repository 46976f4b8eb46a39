//! Files: a text of one's own begins, files are opened, the texts are saved; and the reference of the language. What is in the
//! document beside these buttons, `web/later/desk.js` does.

use crate::browser::{use_desk, use_saved};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::menu::titled;
use lab::model::files::saved;
use lab::model::session::Session;
use lab::{Act, Same};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts that were saved last.
    pub saved: Option<Same<Session>>,
    /// What texts of one's own begin with, by slug.
    pub templates: Vec<&'static str>,
}

/// Draws the buttons.
#[component]
pub fn Files(props: &Props) -> Html {
    let act = use_dispatch();
    let templates = props.templates.clone();
    use_saved(props.saved.clone(), |texts| {
        let (name, text, _) = saved(&texts.0);
        (name, text)
    });
    use_desk(act.clone());
    let names: Vec<String> = templates.iter().map(|slug| slug.replace('-', " ")).collect();
    let onnew = {
        let act = act.clone();
        Callback::from(move |place: usize| {
            templates.get(place).into_iter().for_each(|slug| act.emit(Act::New((*slug).to_owned())));
        })
    };
    html! {
        <div class="files" role="group" aria-label="Files" data-testid="files">
            { titled("New", "Begin a text of your own", "new-text", names, onnew) }
            <button type="button" data-testid="open-file" title="Open files. You can also drop them anywhere on the page.">{ "Open" }</button>
            <button type="button" data-testid="save-file" title="Save the scenario and your kernels in one file (Ctrl+S)">{ "Save" }</button>
            <button type="button" data-testid="read-language" aria-expanded="false" title="The reference of the language, beside the text">{ "Language" }</button>
        </div>
    }
}
