//! Where the page is: its address, what the address asks for, and what may be written into it.

use crate::hooks::Theme;
use wasm_bindgen::JsValue;
use web_sys::History;

/// What the address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The compact view, inside another page.
    pub embed: bool,
    /// A theme that the page around it asks for.
    pub theme: Option<Theme>,
    /// The link behind `#`, or the one in `?s=`.
    pub link: Option<String>,
    /// The address without `?` and `#`.
    pub base: String,
}

impl Place {
    /// Reads an address.
    #[must_use]
    pub fn of(address: &str) -> Place {
        let (head, hash) = address.split_once('#').unwrap_or((address, ""));
        let (base, query) = head.split_once('?').unwrap_or((head, ""));
        let parameter = |name: &str| {
            query.split('&').find_map(|pair| {
                let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
                (found == name).then_some(value)
            })
        };
        let link = Some(hash).filter(|hash| !hash.is_empty()).or_else(|| parameter("s"));
        Place {
            embed: parameter("embed").is_some(),
            theme: parameter("theme").and_then(Theme::from_name),
            link: link.map(str::to_owned),
            base: base.to_owned(),
        }
    }

    /// Where the page is now.
    #[must_use]
    pub fn here() -> Place {
        let address = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
        Place::of(&address)
    }

    /// The address of a link, as a page of its own.
    #[must_use]
    pub fn address(&self, link: &str) -> String {
        format!("{}#{link}", self.base)
    }

    /// The markup that puts a link into another page, so many pixels high.
    #[must_use]
    pub fn snippet(&self, link: &str, title: &str, height: i32) -> String {
        let title = title.replace('&', "&amp;").replace('"', "&quot;");
        format!(
            "<iframe src=\"{}?embed#{link}\" sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox\" title=\"{title}\" loading=\"lazy\" \
             style=\"width:100%;height:{height}px;border:0\"></iframe>",
            self.base
        )
    }

    /// Puts a link into the address bar without a new entry in the history. In an embed the address is left alone.
    pub fn show(&self, link: &str) {
        if let Some(history) = self.history() {
            // A browser may refuse when asked too often: the address is then a step behind, and nothing else.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
        }
    }

    /// The same with a new entry, so that the browser leads back to what is here now.
    pub fn add(&self, link: &str) {
        if let Some(history) = self.history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
        }
    }

    fn history(&self) -> Option<History> {
        web_sys::window().filter(|_| !self.embed)?.history().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use crate::hooks::Theme;

    #[test]
    fn reads_addresses() {
        let place = Place::of("https://host/lab/?embed&theme=dark#1.abc");
        assert!(place.embed);
        assert_eq!(place.theme, Some(Theme::Dark));
        assert_eq!(place.link.as_deref(), Some("1.abc"));
        assert_eq!(place.base, "https://host/lab/");
        assert_eq!(Place::of("http://h/?s=1.x").link.as_deref(), Some("1.x"));
        assert_eq!(Place::of("http://h/#").link, None);
    }

    #[test]
    fn snippets_are_well_formed() {
        let place = Place::of("http://h/");
        assert!(place.snippet("1.x", "a \"b\" & c", 700).contains("title=\"a &quot;b&quot; &amp; c\""));
    }
}
