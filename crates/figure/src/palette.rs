//! The colours, light and dark: those of the page. A test compares them with its style sheet.

/// Each colour of the page that a picture uses, as SVG writes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Palette {
    pub(crate) ground: &'static str,
    pub(crate) sheet: &'static str,
    pub(crate) sunken: &'static str,
    pub(crate) ink: &'static str,
    pub(crate) ink_2: &'static str,
    pub(crate) ink_3: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) rule_2: &'static str,
    pub(crate) software: &'static str,
    pub(crate) software_soft: &'static str,
    pub(crate) hardware: &'static str,
    pub(crate) hardware_soft: &'static str,
    pub(crate) stale: &'static str,
    pub(crate) stale_mark: &'static str,
    pub(crate) stale_soft: &'static str,
    pub(crate) stale_hatch: &'static str,
    pub(crate) corrupt: &'static str,
    pub(crate) corrupt_mark: &'static str,
    pub(crate) corrupt_soft: &'static str,
    pub(crate) safe: &'static str,
    pub(crate) safe_mark: &'static str,
    pub(crate) safe_soft: &'static str,
    pub(crate) on_mark: &'static str,
    pub(crate) on_stale: &'static str,
    pub(crate) on_corrupt: &'static str,
}

pub(crate) static LIGHT: Palette = Palette {
    ground: "#f5f4f1",
    sheet: "#ffffff",
    sunken: "#efeeea",
    ink: "#1b2026",
    ink_2: "#464f59",
    ink_3: "#5f6872",
    rule: "#dcdad4",
    rule_2: "#b9b8b2",
    software: "#005b96",
    software_soft: "#e2eef7",
    hardware: "#8a3c78",
    hardware_soft: "#f6eaf2",
    stale: "#865200",
    stale_mark: "#c47500",
    stale_soft: "#fdf1dc",
    stale_hatch: "#f3ddb4",
    corrupt: "#b03a00",
    corrupt_mark: "#b54100",
    corrupt_soft: "#fde9df",
    safe: "#00674c",
    safe_mark: "#008f68",
    safe_soft: "#def3eb",
    on_mark: "#ffffff",
    on_stale: "#1b0e00",
    on_corrupt: "#ffffff",
};

pub(crate) static DARK: Palette = Palette {
    ground: "#0f1317",
    sheet: "#171c22",
    sunken: "#1f262e",
    ink: "#e9ecef",
    ink_2: "#b9c1ca",
    ink_3: "#97a1ac",
    rule: "#2c343d",
    rule_2: "#4a5560",
    software: "#74bdf2",
    software_soft: "#15293a",
    hardware: "#e0a0cd",
    hardware_soft: "#33202d",
    stale: "#f2b544",
    stale_mark: "#e6ae38",
    stale_soft: "#2e2412",
    stale_hatch: "#4a3a18",
    corrupt: "#ff9a66",
    corrupt_mark: "#f57632",
    corrupt_soft: "#3a2015",
    safe: "#55d3ab",
    safe_mark: "#2fb48b",
    safe_soft: "#12302a",
    on_mark: "#0f1317",
    on_stale: "#1b0e00",
    on_corrupt: "#1b0e00",
};

#[cfg(test)]
mod tests {
    use super::{DARK, LIGHT, Palette};

    /// The names and colours of a palette, in the style sheet's words.
    fn colours(palette: &Palette) -> Vec<(String, String)> {
        let written = format!("{palette:?}");
        let fields = written.trim_start_matches("Palette {").trim_end_matches('}').split(", ");
        let field = |field: &str| {
            let (name, colour) = field.split_once(": ").expect("a field has a value");
            (name.trim().replace('_', "-"), colour.trim().trim_matches('"').to_owned())
        };
        fields.map(field).collect()
    }

    #[test]
    fn the_colours_are_those_of_the_page() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/ui/parts/tokens.css");
        let sheet = std::fs::read_to_string(path).expect("the page's style sheet");
        let dark = sheet.find(":root[data-theme=\"dark\"]").expect("a dark theme");
        for (palette, tokens) in [(&LIGHT, &sheet[..]), (&DARK, &sheet[dark..])] {
            let mut compared = 0;
            for (name, colour) in colours(palette) {
                let token = tokens.lines().find_map(|line| line.trim().strip_prefix(&format!("--{name}: ")));
                // The dark theme leaves out what it has in common with the light one.
                let Some(token) = token else { continue };
                assert_eq!(token.split(';').next(), Some(colour.as_str()), "--{name}");
                compared += 1;
            }
            assert_eq!(compared, 25);
        }
    }
}
