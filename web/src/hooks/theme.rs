//! Light or dark: what the reader's system says, unless the reader (or the page around an embed) says otherwise.

use web_sys::Storage;
use yew::prelude::*;

/// The choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

const KEY: &str = "theme";

impl Theme {
    /// As in `?theme=` and in storage.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Theme> {
        [Theme::Auto, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.name() == name)
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }
}

/// The theme, and what changes it. `forced` comes from the address; `remember` is off where nothing may be stored.
#[hook]
pub fn use_theme(forced: Option<Theme>, remember: bool) -> (Theme, Callback<()>) {
    let theme = use_state(|| {
        let stored = || remember.then(storage).flatten()?.get_item(KEY).ok().flatten();
        forced.or_else(|| Theme::from_name(&stored()?)).unwrap_or(Theme::Auto)
    });
    use_effect_with(*theme, move |theme| {
        let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
        if let Some(root) = root {
            // Setting an attribute of the root element cannot fail.
            let _ = root.set_attribute("data-theme", theme.name());
        }
    });
    let next = {
        let theme = theme.clone();
        Callback::from(move |()| {
            let chosen = theme.next();
            if remember && let Some(storage) = storage() {
                // A full storage only means that the choice is forgotten.
                let _ = storage.set_item(KEY, chosen.name());
            }
            theme.set(chosen);
        })
    };
    (*theme, next)
}

/// Storage, unless the page may have none (then even asking is an error).
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
