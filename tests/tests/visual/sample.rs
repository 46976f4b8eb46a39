//! `docs/visual.svg`: the tokens as they look, in both themes.

use super::tokens::{Theme, Tokens};
use std::fmt::Write as _;

const WIDTH: u32 = 460;
const HEIGHT: u32 = 560;

/// The picture.
pub fn sample(tokens: &Tokens) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {HEIGHT}\" width=\"{}\" height=\"{HEIGHT}\" \
         font-family=\"system-ui, sans-serif\">\n",
        2 * WIDTH,
        2 * WIDTH
    );
    for (number, theme) in (0..).zip(Theme::BOTH) {
        panel(&mut out, tokens, theme, number * WIDTH);
    }
    out.push_str("</svg>\n");
    out
}

/// One theme.
fn panel(out: &mut String, tokens: &Tokens, theme: Theme, left: u32) {
    let value = |name: &str| tokens.value(theme, name);
    let hatch = format!("hatch-{theme:?}").to_lowercase();
    let _ = write!(
        out,
        "<g transform=\"translate({left} 0)\">\n<defs><pattern id=\"{hatch}\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"9\" height=\"9\" fill=\"{}\"/><rect width=\"3\" height=\"9\" fill=\"{}\"/></pattern></defs>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{}\"/>\n<rect x=\"16\" y=\"16\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"{}\" stroke=\"{}\"/>\n",
        value("stale-soft"),
        value("stale-hatch"),
        value("ground"),
        WIDTH - 32,
        HEIGHT - 32,
        value("sheet"),
        value("rule")
    );
    let text = |out: &mut String, x: u32, y: u32, size: &str, fill: &str, words: &str| {
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{}\">{words}</text>",
            value(fill)
        );
    };
    text(out, 32, 46, "14", "ink-3", &format!("{theme:?}"));
    let mut y = 74;
    for name in ["title", "lead", "text", "body", "small", "tiny"] {
        let size = value(name);
        text(out, 32, y, size, "ink", &format!("{name}: CPU 1 keeps A's page tables"));
        y += 24;
    }
    text(out, 32, y, "14", "ink-2", "ink-2: said beside it");
    text(out, 220, y, "14", "ink-3", "ink-3: and in the margin");
    y += 26;
    for tone in ["software", "hardware", "stale", "corrupt", "safe"] {
        text(out, 32, y + 20, "15", tone, tone);
        let soft = value(&format!("{tone}-soft"));
        let mark = tokens.light.get(&format!("{tone}-mark")).map_or(value(tone), |_| {
            tokens.value(
                theme,
                ["stale-mark", "corrupt-mark", "safe-mark"]
                    .into_iter()
                    .find(|name| name.starts_with(tone))
                    .unwrap_or(tone),
            )
        });
        let (fill, dash) = match tone {
            "software" => (mark.to_owned(), ""),
            "hardware" => (soft.to_owned(), " stroke-dasharray=\"5 4\""),
            "stale" => (format!("url(#{hatch})"), ""),
            _ => (soft.to_owned(), ""),
        };
        let round = if tone == "hardware" { 14 } else { 4 };
        let _ = writeln!(
            out,
            "<rect x=\"130\" y=\"{y}\" width=\"80\" height=\"30\" rx=\"{round}\" fill=\"{fill}\" stroke=\"{mark}\" stroke-width=\"2\"{dash}/>"
        );
        if tone == "corrupt" {
            let teeth: String =
                (0..8).map(|tooth| format!("l5 -7l5 7{}", if tooth == 7 { "z" } else { "" })).collect();
            let _ = writeln!(out, "<path d=\"M130 {y}{teeth}\" fill=\"{mark}\"/>");
        }
        if tone == "safe" {
            let _ = writeln!(
                out,
                "<path d=\"M160 {}l7 7l14 -14\" fill=\"none\" stroke=\"{mark}\" stroke-width=\"2.5\"/>",
                y + 15
            );
        }
        text(out, 230, y + 20, "13", "ink-2", &format!("{mark} on {soft}"));
        y += 46;
    }
    let mut x = 32;
    for name in ["s1", "s2", "s3", "s4", "s5", "s6"] {
        let size: u32 = value(name).trim_end_matches("px").parse().unwrap_or_default();
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" fill=\"{}\"/>",
            value("ink-3")
        );
        text(out, x, y + 48, "11", "ink-3", name);
        x += size + 24;
    }
    let _ = writeln!(
        out,
        "<rect x=\"300\" y=\"{y}\" width=\"110\" height=\"32\" rx=\"6\" fill=\"{}\" stroke=\"{}\" stroke-width=\"2\"/>",
        value("sheet"),
        value("changed")
    );
    text(out, 312, y + 21, "13", "ink", "was \u{2192} is");
    out.push_str("</g>\n");
}
