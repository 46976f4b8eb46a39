//! What each key does. The help shows this very table.

use crate::model::act::Act;
use crate::model::player::PlayerAct;
use scene::StepKind;

/// A key and what has the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// Its name, as in `KeyboardEvent.key`.
    pub key: String,
    /// Whether the focused element uses space and Enter itself: a button, a link, a summary.
    pub on_control: bool,
    /// Whether the focused element uses the arrow keys itself: a slider, radio buttons.
    pub on_range: bool,
}

/// What a key asks for.
#[derive(Clone, Debug)]
pub enum Command {
    /// An act of the lab.
    Act(Act),
    /// Close what lies over the picture.
    Escape,
    /// Change the theme.
    Theme,
    /// Open the help.
    Help,
    /// Show the page as on a projector.
    Present,
}

/// Keys and what they do, for the help.
pub const KEYS: [(&str, &str); 17] = [
    ("Space", "play or pause"),
    ("\u{2190} \u{2192}", "one step back, one step on"),
    ("Home End", "to the start, to the end"),
    ("V", "to the next violation"),
    ("N", "to the next step of the kind chosen last"),
    ("W", "why: the steps that this step rests on; Esc closes the list"),
    ("H", "why here: how control came to the statement of this step"),
    ("F", "fold the steps that only one CPU can see, and unfold them"),
    ("[ ]", "slower, faster"),
    ("1 \u{2026} 9", "take this action now"),
    ("+ \u{2212} 0", "the diagram of the run: wider, narrower, fit to the width"),
    ("P", "present: for a projector, with a clicker or these keys; B blanks the screen, Esc ends it"),
    ("T", "theme: system, light, dark"),
    ("?", "this help"),
    ("Ctrl F, Ctrl Z, F8", "in a text: find and replace, undo, to the next error"),
    (
        "Ctrl Space, Ctrl I, F12, F9",
        "in a text: complete a word, explain it, go to its declaration, mark a line to run to",
    ),
    ("Esc, then Tab", "leave a text (inside it, Tab indents)"),
];

/// What a key asks for; nothing if the focused element uses the key itself.
#[must_use]
pub fn command(pressed: &Pressed) -> Option<Command> {
    let play = |what: PlayerAct| Some(Command::Act(Act::Play(what)));
    match pressed.key.as_str() {
        " " if !pressed.on_control => play(PlayerAct::Toggle),
        "ArrowLeft" if !pressed.on_range => play(PlayerAct::Back),
        "ArrowRight" if !pressed.on_range => play(PlayerAct::Forward),
        "Home" if !pressed.on_range => play(PlayerAct::To(0)),
        "End" if !pressed.on_range => play(PlayerAct::To(usize::MAX)),
        "v" | "V" => play(PlayerAct::Next(StepKind::Violation)),
        "n" | "N" => play(PlayerAct::Again),
        "w" | "W" => Some(Command::Act(Act::Why)),
        "h" | "H" => Some(Command::Act(Act::WhyHere)),
        "f" | "F" => Some(Command::Act(Act::Fold)),
        "Escape" => Some(Command::Escape),
        "[" => play(PlayerAct::Faster(false)),
        "]" => play(PlayerAct::Faster(true)),
        "t" | "T" => Some(Command::Theme),
        "?" => Some(Command::Help),
        "p" | "P" => Some(Command::Present),
        digit => {
            let number = digit.parse::<usize>().ok().filter(|number| (1..=9).contains(number))?;
            Some(Command::Act(Act::Take(number - 1)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Pressed, command};
    use crate::model::act::Act;
    use crate::model::player::PlayerAct;

    fn press(key: &str, on_control: bool, on_range: bool) -> Option<Command> {
        command(&Pressed { key: key.to_owned(), on_control, on_range })
    }

    #[test]
    fn keys_keep_their_own_meaning_on_controls() {
        assert!(matches!(press(" ", false, false), Some(Command::Act(Act::Play(PlayerAct::Toggle)))));
        assert!(press(" ", true, false).is_none());
        assert!(press("ArrowLeft", true, true).is_none());
        assert!(matches!(press("ArrowLeft", true, false), Some(Command::Act(Act::Play(PlayerAct::Back)))));
    }

    #[test]
    fn digits_are_actions() {
        assert!(matches!(press("3", false, false), Some(Command::Act(Act::Take(2)))));
        assert!(press("0", false, false).is_none());
        assert!(press("x", false, false).is_none());
    }
}
