//! Light or dark: as the reader's system says, unless the reader (or the page around an embed) says otherwise.

use lab::model::address::Theme;
use web_sys::Storage;
use yew::prelude::*;

/// Its key in storage.
const KEY: &str = "theme";

/// The theme, and what changes it. `forced` comes from the address; `remember` is off where nothing may be stored.
#[hook]
pub fn use_theme(forced: Option<Theme>, remember: bool) -> (Theme, Callback<()>) {
    let theme = use_state(|| {
        let stored = || remember.then(storage).flatten()?.get_item(KEY).ok().flatten();
        forced.or_else(|| Theme::from_name(&stored()?)).unwrap_or(Theme::Auto)
    });
    use_effect_with(*theme, |theme| show(*theme));
    let next = {
        let setter = theme.setter();
        use_callback(*theme, move |(), theme: &Theme| {
            let chosen = theme.next();
            if remember && let Some(storage) = storage() {
                // A full storage only means that the choice is forgotten.
                let _ = storage.set_item(KEY, chosen.name());
            }
            setter.set(chosen);
        })
    };
    (*theme, next)
}

/// Shows the page in a theme.
pub(super) fn show(theme: Theme) {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
    if let Some(root) = root {
        // Setting an attribute of the root element cannot fail.
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

/// Storage, unless the page may have none (then even asking is an error).
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
