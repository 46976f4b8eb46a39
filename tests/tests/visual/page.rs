//! `docs/visual.md`, from the tokens.

use crate::colour::Sight;
use crate::tokens::{Theme, Tokens};
use crate::{GROUNDS, MARKS, OWN, TEXT, closest};
use std::fmt::Write as _;

/// What is said in words.
const HEAD: &str = "# The visual system

*Made from `web/style/tokens.css` by `tests/tests/visual.rs`, which also holds every figure on this page against its
limit; `cargo xtask bless` renews it.*

![The tokens in both themes](visual.svg)

## What carries meaning

No meaning rests on colour alone: each tone has a second channel and a word.

| tone | colour | second channel | word |
|---|---|---|---|
| software did it | `--software` | filled square | software |
| software passed a memory barrier | `--software` | two upright bars | memory barrier |
| hardware did it by itself | `--hardware` | dashed, round | hardware |
| freed, or leads to what has been | `--stale-mark` | hatched | stale |
| somebody's data or state is wrong | `--corrupt-mark` | zig-zag edge | corrupt |
| danger was met and averted | `--safe-mark` | check mark | safe |
| changed by the step just taken | `--changed` | outlined | was \u{2192} is |

Hues are Okabe and Ito's, shifted in lightness until they reach their contrasts. Fonts are the reader's own
(`--sans`, `--mono`): nothing is loaded. Pictograms are drawn for this page and are part of its source.

## Together

What belongs to one step, its mark, its sentence, its line and what it changed, is framed or shaded together while one of
them is under the pointer or has the focus. Nothing moves for it, and nothing is said by it that words don't say.

## Narrow

From 1100 pixels down the stage stays and the other parts take turns; from 720 down there is one part at a time, with the
verdict in a strip above and controls below, of 44 pixels at least.

On a wide page of 960 pixels or less in height, what is told stands beside the stage: all of the stage, the controls and
the sentence of the step are in view together from 720 pixels on.

## Motion

At most one thing moves per step, for 300 ms at most, and only while the page plays or steps forwards. Controls change
colour in 120 ms. Readers who prefer reduced motion get neither: an arrow stands where something would have moved.
Nothing flashes.

## Paper

In print the page is a storyboard, black on white: what is stale has a dashed edge, what is corrupt a thick one.
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
        "\n## Kinds of sight\n\nThe two tones that are hardest to tell apart, and how far they are (CIE 1976; 2 is just \
         noticed), by\nthe simulation of Machado, Oliveira and Fernandes (2009) at full severity.\n\n\
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
