//! `docs/visual.md`, from the tokens.

use super::colour::Sight;
use super::tokens::{Theme, Tokens};
use super::{GROUNDS, MARKS, OWN, TEXT, closest};
use std::fmt::Write as _;

/// What is said in words.
const HEAD: &str = "# The visual system

*`tests/tests/visual.rs` makes this page from `web/src/ui/parts/tokens.css`, and checks every figure on it against its limit.
`cargo xtask bless` renews the page.*

![The tokens in both themes](visual.svg)

## What carries meaning

No meaning depends on colour alone. Each tone also has a second visual channel and a word.

| tone | colour | second channel | word |
|---|---|---|---|
| software did it | `--software` | filled square | software |
| software passed a memory barrier | `--software` | two upright bars | memory barrier |
| hardware did it by itself | `--hardware` | dashed, round | hardware |
| freed, or leads to something freed | `--stale-mark` | hatched | stale |
| somebody's data or state is wrong | `--corrupt-mark` | zig-zag edge | corrupt |
| danger was met and averted | `--safe-mark` | check mark | safe |
| changed by the step just taken | `--changed` | outlined | was \u{2192} is |

The hues are those of Okabe and Ito. Their lightness is shifted until they reach the required contrast. The fonts are the
reader's own (`--sans`, `--mono`); the page loads none. The pictograms were drawn for this page and are part of its source.

## Highlighting

A step has a mark on the timeline, a sentence, a line of text, and the things that it changed. While one of these is under
the pointer or has the focus, the page frames or shades all of them. Nothing moves, and the highlight says nothing that words
don't say too.

## Narrow

On a page of 1100 pixels or less in width the stage stays, and the other parts take turns. At 720 pixels or less the page
shows one part at a time. The verdict is then in a strip above, and the controls are below. The controls are at least 44
pixels high.

On a wide page that is 960 pixels or less in height, the scenario's introduction or the lesson stands beside the stage. From a height of 720 pixels
on, the whole stage, the controls and the sentence of the step are in view together.

## Motion

At most one thing moves per step, for 300 ms at most, and only while the page plays or steps forwards. Controls change
colour in 120 ms. For readers who prefer reduced motion neither happens: an arrow replaces the movement. Nothing flashes.

## Paper

In print the page is a storyboard, black on white. A stale thing has a hatched edge, and a corrupt thing has a thick one.
";

/// The page.
pub fn page(tokens: &Tokens) -> String {
    let mut out = HEAD.to_owned();
    out.push_str("\n## Tokens\n");
    let group = |out: &mut String, title: &str, fits: &dyn Fn(&str, &str) -> bool| {
        let _ = writeln!(out, "\n### {title}\n\n| token | light | dark |\n|---|---|---|");
        for name in &tokens.order {
            let (light, dark) = (tokens.value(Theme::Light, name), tokens.value(Theme::Dark, name));
            if fits(name, light) {
                let dark = if light == dark { "the same".to_owned() } else { format!("`{dark}`") };
                let _ = writeln!(out, "| `--{name}` | `{light}` | {dark} |");
            }
        }
    };
    let coloured = |value: &str| value.starts_with('#') || value.starts_with("rgb");
    let spaced = |name: &str| name.starts_with('s') && name.len() == 2 || name == "round";
    group(&mut out, "Colour", &|_, value| coloured(value));
    group(&mut out, "Space", &|name, _| spaced(name));
    group(&mut out, "Type", &|name, value| !coloured(value) && !spaced(name));
    out.push_str("\n## Contrast\n\nText needs 4.5:1, marks 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).\n");
    for theme in Theme::BOTH {
        let ratio = |what: &str, on: &str| tokens.colour(theme, what).contrast(tokens.colour(theme, on));
        let _ = writeln!(
            out,
            "\n### {theme:?}\n\n| | on ground | on sheet | on sunken | limit |\n|---|---|---|---|---|"
        );
        let text = TEXT.into_iter().map(|what| (what, "4.5"));
        for (what, limit) in text.chain(MARKS.into_iter().map(|what| (what, "3"))) {
            let on: Vec<String> = GROUNDS.into_iter().map(|on| format!("{:.1}", ratio(what, on))).collect();
            let _ = writeln!(out, "| `--{what}` | {} | {limit} |", on.join(" | "));
        }
        let _ = writeln!(out, "\n| text | on | ratio |\n|---|---|---|");
        for (what, on) in OWN {
            let _ = writeln!(out, "| `--{what}` | `--{on}` | {:.1} |", ratio(what, on));
        }
    }
    out.push_str(
        "\n## Kinds of sight\n\nThe two tones that are hardest to tell apart, with the distance between them (CIE 1976; a \
         distance of 2 is just noticeable).\nThe simulation is that of Machado, Oliveira and Fernandes (2009) at full severity.\n\n\
         | sight | light | dark |\n|---|---|---|\n",
    );
    for sight in Sight::ALL {
        let cell = |theme| {
            let (distance, (one, other)) = closest(tokens, theme, sight);
            format!("{distance:.0}: `--{one}`, `--{other}`")
        };
        let _ = writeln!(out, "| {sight:?} | {} | {} |", cell(Theme::Light), cell(Theme::Dark));
    }
    out
}
