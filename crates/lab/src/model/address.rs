//! Where the page is: its address, what the address asks for, and what may be written into it.

use crate::model::embed::Embed;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// The system's theme.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Its name in `?theme=` and in storage.
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

    /// The next theme.
    #[must_use]
    pub const fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }
}

/// What the address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The compact view, inside another page.
    pub embed: bool,
    /// What the author of that page has chosen for it.
    pub choices: Embed,
    /// For a projector.
    pub present: bool,
    /// A theme that the page around it asks for.
    pub theme: Option<Theme>,
    /// The link after `#`, or the one in `?s=`.
    pub link: Option<String>,
    /// The address without `?` and `#`.
    pub base: String,
}

impl Address {
    /// Reads an address.
    #[must_use]
    pub fn of(address: &str) -> Address {
        let (head, hash) = address.split_once('#').unwrap_or((address, ""));
        let (base, query) = head.split_once('?').unwrap_or((head, ""));
        let parameter = |name: &str| {
            query.split('&').find_map(|pair| {
                let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
                (found == name).then_some(value)
            })
        };
        let link = Some(hash).filter(|hash| !hash.is_empty()).or_else(|| parameter("s"));
        Address {
            embed: parameter("embed").is_some(),
            choices: Embed::of(parameter),
            present: parameter("present").is_some(),
            theme: parameter("theme").and_then(Theme::from_name),
            link: link.map(str::to_owned),
            base: base.to_owned(),
        }
    }

    /// An address that says whether the page is for a projector. Whatever else it says stays.
    #[must_use]
    pub fn presenting(address: &str, on: bool) -> String {
        let (head, hash) = address.split_once('#').map_or((address, None), |(head, hash)| (head, Some(hash)));
        let (base, query) = head.split_once('?').unwrap_or((head, ""));
        let is_asked = |pair: &&str| pair.split('=').next() == Some("present");
        let others = query.split('&').filter(|pair| !pair.is_empty() && !is_asked(pair));
        let all: Vec<&str> = others.chain(on.then_some("present")).collect();
        let query = if all.is_empty() { String::new() } else { format!("?{}", all.join("&")) };
        let hash = hash.map(|hash| format!("#{hash}")).unwrap_or_default();
        format!("{base}{query}{hash}")
    }

    /// The address at which a link opens the whole page.
    #[must_use]
    pub fn to(&self, link: &str) -> String {
        format!("{}#{link}", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Theme};

    #[test]
    fn reads_addresses() {
        let address = Address::of("https://host/lab/?embed&theme=dark#1.abc");
        assert!(address.embed);
        assert_eq!(address.theme, Some(Theme::Dark));
        assert_eq!(address.link.as_deref(), Some("1.abc"));
        assert_eq!(address.base, "https://host/lab/");
        assert_eq!(Address::of("http://h/?s=1.x").link.as_deref(), Some("1.x"));
        assert_eq!(Address::of("http://h/#").link, None);
        let present = |address: &str| Address::of(address).present;
        assert!(present("http://h/?present#tour/walk") && !present("http://h/#present"));
    }

    #[test]
    fn presenting_changes_nothing_else_in_an_address() {
        for (address, presented) in [
            ("http://h/", "http://h/?present"),
            ("http://h/#1.x", "http://h/?present#1.x"),
            ("http://h/?theme=dark#1.x", "http://h/?theme=dark&present#1.x"),
            ("http://h/?theme=dark&s=1.x", "http://h/?theme=dark&s=1.x&present"),
        ] {
            assert_eq!(Address::presenting(address, true), presented);
            assert_eq!(Address::presenting(presented, true), presented, "twice is once");
            assert_eq!(Address::presenting(presented, false), address);
        }
        assert_eq!(Address::presenting("http://h/?present=1&theme=dark", false), "http://h/?theme=dark");
    }
}
