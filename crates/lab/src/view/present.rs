//! The page for a projector: what keys and clickers ask for, and where that leads.

use crate::model::act::Act;
use crate::model::lab::Lab;
use crate::model::lesson::{Course, LessonAct};
use crate::model::player::PlayerAct;

/// How the page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// All of it.
    #[default]
    Whole,
    /// On a projector; or black, for a while.
    Presented {
        /// Nothing is shown.
        black: bool,
    },
    /// The run as on paper.
    Board,
}

/// What a key or a clicker asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// One step on; from the end of a moment of the tour, to the next moment. In a moment with a bet, first the answer.
    On,
    /// One step back; from the beginning of a moment of the tour, to the moment before.
    Back,
    /// To the beginning.
    Start,
    /// To the end.
    End,
    /// Nothing but black, or the picture again.
    Blank,
    /// Back to the whole page.
    Leave,
}

/// What an ask leads to.
#[derive(Clone, Debug)]
pub enum Way {
    /// An act of the lab.
    Act(Act),
    /// Another address of the page, after `#`.
    To(String),
}

/// What a key asks for while the page is on a projector. `on_control` says that the focused element uses the key itself.
#[must_use]
pub fn asked(key: &str, on_control: bool) -> Option<Ask> {
    match key {
        " " | "Enter" if on_control => None,
        " " | "Enter" | "PageDown" | "ArrowRight" | "ArrowDown" => Some(Ask::On),
        "PageUp" | "ArrowLeft" | "ArrowUp" | "Backspace" => Some(Ask::Back),
        "Home" => Some(Ask::Start),
        "End" => Some(Ask::End),
        "b" | "B" | "." => Some(Ask::Blank),
        "p" | "P" | "Escape" => Some(Ask::Leave),
        _ => None,
    }
}

/// Where an ask leads; nothing at the end of all.
#[must_use]
pub fn way(lab: &Lab, ask: Ask) -> Option<Way> {
    let (at, end) = (lab.player().cursor(), lab.player().trace().len());
    let play = |what: PlayerAct| Some(Way::Act(Act::Play(what)));
    let moment = |on: bool| {
        let Some(Course::Tour(here)) = lab.lesson().course() else { return None };
        let there = if on { here.checked_add(1) } else { here.checked_sub(1) };
        let moment = lab.lesson().moments.get(there?)?;
        Some(Way::To(format!("tour/{}", moment.slug)))
    };
    match ask {
        // Before anything else an audience sees the answer.
        Ask::On if lab.lesson().asks() => Some(Way::Act(Act::Lesson(LessonAct::Answer))),
        Ask::On if at < end => play(PlayerAct::Forward),
        Ask::On => moment(true),
        Ask::Back if at > 0 => play(PlayerAct::Back),
        Ask::Back => moment(false),
        Ask::Start => play(PlayerAct::To(0)),
        Ask::End => play(PlayerAct::To(end)),
        Ask::Blank | Ask::Leave => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Ask, Way, asked, way};
    use crate::model::player::PlayerAct;
    use crate::{Act, Lab};

    fn tour(slug: &str) -> Lab {
        crate::model::lab::tests::checked(
            Lab::open(Some(&format!("tour/{slug}"))).expect("a scenario compiles"),
        )
    }

    #[test]
    fn a_clicker_goes_through_the_tour_and_back() {
        let mut lab = tour("lazy-tlb");
        let first = lab.lesson().moments[0].slug;
        let mut moments = vec![first.to_owned()];
        let (mut steps, mut answers) = (0, 0);
        while let Some(way) = way(&lab, Ask::On) {
            steps += 1;
            assert!(steps < 1_000, "it comes to an end");
            lab = match way {
                Way::Act(act) => {
                    let mut next = lab.after(act);
                    if lab.lesson().asks() {
                        next = crate::model::lab::tests::checked(next);
                        // The step is the one that the moment is about, and what it says has grown by the answer.
                        assert!(next.lesson().answered() && next.lesson().bet().is_none());
                        assert_eq!(next.lesson().moment(), lab.lesson().moment());
                        answers += 1;
                    }
                    next
                }
                Way::To(address) => {
                    moments.push(address.trim_start_matches("tour/").to_owned());
                    crate::model::lab::tests::checked(lab.after(Act::Follow(address)))
                }
            };
        }
        let all: Vec<_> = lab.lesson().moments.iter().map(|moment| moment.slug.to_owned()).collect();
        assert_eq!(moments, all, "each moment once, in their order");
        let bets = lab.lesson().moments.iter().filter(|moment| moment.bet.is_some()).count();
        assert_eq!((answers, bets), (bets, 1), "each bet has been answered before the next moment");
        // From the beginning of a moment, to the one before; at the beginning of all, nowhere.
        let lab = lab.after(Act::Play(PlayerAct::To(0)));
        assert!(
            matches!(way(&lab, Ask::Back), Some(Way::To(address)) if address == format!("tour/{}", all[all.len() - 2]))
        );
        let lab = tour(first).after(Act::Play(PlayerAct::To(0)));
        assert!(way(&lab, Ask::Back).is_none());
        // Without a tour, the end of the run is the end.
        let lab = Lab::open(None).expect("a scenario compiles");
        let lab = lab.after(Act::Play(PlayerAct::To(usize::MAX)));
        assert!(way(&lab, Ask::On).is_none());
    }

    #[test]
    fn clickers_and_keyboards_are_understood() {
        for key in [" ", "Enter", "PageDown", "ArrowRight", "ArrowDown"] {
            assert_eq!(asked(key, false), Some(Ask::On), "{key}");
        }
        for key in ["PageUp", "ArrowLeft", "ArrowUp"] {
            assert_eq!(asked(key, false), Some(Ask::Back), "{key}");
        }
        assert_eq!(
            ["b", ".", "Escape"].map(|key| asked(key, false)),
            [Ask::Blank, Ask::Blank, Ask::Leave].map(Some)
        );
        assert_eq!([asked(" ", true), asked("x", false)], [None, None], "a button has its own use for it");
    }
}
