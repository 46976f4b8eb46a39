//! Reads the tokens of the stylesheet.

use super::colour::Colour;
use std::collections::BTreeMap;

/// Names and values.
pub type Table = BTreeMap<String, String>;

/// The tokens.
pub struct Tokens {
    /// In the order of the file: those of the light theme and those that both share.
    pub order: Vec<String>,
    pub light: Table,
    /// What differs in the dark, if the system asks for it.
    pub dark: Table,
    /// What differs in the dark, if the reader does.
    pub forced_dark: Table,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub const BOTH: [Theme; 2] = [Theme::Light, Theme::Dark];
}

impl Tokens {
    pub fn read(css: &str) -> Tokens {
        let mut tables = [Table::new(), Table::new(), Table::new()];
        let (mut order, mut current) = (Vec::new(), 0);
        for line in css.lines().map(str::trim) {
            current = match line {
                ":root {" => 0,
                ":root:not([data-theme=\"light\"]) {" => 1,
                ":root[data-theme=\"dark\"] {" => 2,
                _ => current,
            };
            if let Some((name, value)) = line.strip_prefix("--").and_then(|line| line.split_once(": ")) {
                let value = value.split(';').next().unwrap_or_default().to_owned();
                if current == 0 {
                    order.push(name.to_owned());
                }
                tables[current].insert(name.to_owned(), value);
            }
        }
        let [light, dark, forced_dark] = tables;
        Tokens { order, light, dark, forced_dark }
    }

    pub fn value(&self, theme: Theme, name: &str) -> &str {
        let dark = self.dark.get(name).filter(|_| theme == Theme::Dark);
        dark.or_else(|| self.light.get(name)).map_or("", String::as_str)
    }

    pub fn colour(&self, theme: Theme, name: &str) -> Colour {
        let value = self.value(theme, name);
        Colour::from_hex(value).unwrap_or_else(|| panic!("--{name} is no colour: {value:?}"))
    }
}

/// The times in a line of a stylesheet, in milliseconds.
pub fn milliseconds(line: &str) -> Vec<u32> {
    let mut times = Vec::new();
    for (at, _) in line.match_indices("ms") {
        let digits: String = line[..at]
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        times.extend(digits.parse::<u32>());
    }
    times
}
