//! Which part a narrow page shows. A page that is loaded again shows the same part.

use lab::view::page::Tab;
use web_sys::{PerformanceNavigation, Storage};

/// The key in the tab's storage.
const PART: &str = "part";

/// The part that the page showed, if this is the same page loaded anew.
#[must_use]
pub fn shown_before_reload() -> Tab {
    let performance = web_sys::window().and_then(|window| window.performance());
    let anew = performance
        .is_some_and(|performance| performance.navigation().type_() == PerformanceNavigation::TYPE_RELOAD);
    let kept = storage().filter(|_| anew).and_then(|storage| storage.get_item(PART).ok().flatten());
    kept.and_then(|name| Tab::ALL.into_iter().find(|tab| tab.name() == name)).unwrap_or_default()
}

/// Remembers the part that shows. Without storage the page begins with the machine.
pub fn keep_shown(tab: Tab) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(PART, tab.name());
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}
