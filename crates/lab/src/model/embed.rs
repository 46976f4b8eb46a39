//! What the author of another page has chosen for an embed: what it shows, and what its reader may do.
//!
//! It stands in the address of the frame, after `?embed`: `?embed&show=switches,verdict&locked&bet`. Where it begins also stands
//! there: `web/later/extras.js` asks for that as the page around could (`view/port.rs`).

use crate::model::verdict::Mood;

/// Something that an embed can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmbedPart {
    /// The switches and cases.
    Switches,
    /// What the explorer says.
    Verdict,
    /// The machine.
    Stage,
    /// The run as a diagram.
    Timeline,
    /// The sentence of the step.
    Caption,
    /// The texts.
    Code,
}

impl EmbedPart {
    /// All of them, from top to bottom.
    pub const ALL: [EmbedPart; 6] = [
        EmbedPart::Switches,
        EmbedPart::Verdict,
        EmbedPart::Stage,
        EmbedPart::Timeline,
        EmbedPart::Caption,
        EmbedPart::Code,
    ];

    /// Its name in addresses and in markup.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EmbedPart::Switches => "switches",
            EmbedPart::Verdict => "verdict",
            EmbedPart::Stage => "stage",
            EmbedPart::Timeline => "timeline",
            EmbedPart::Caption => "caption",
            EmbedPart::Code => "code",
        }
    }
}

/// What an embed shows where its author does not say it.
pub const USUAL: [EmbedPart; 3] = [EmbedPart::Verdict, EmbedPart::Stage, EmbedPart::Caption];

/// The author's choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embed {
    /// What is shown.
    pub pieces: Vec<EmbedPart>,
    /// The reader may look, and set nothing.
    pub locked: bool,
    /// The reader bets before the verdict is shown.
    pub bet: bool,
}

impl Embed {
    /// Reads the parameters of an address. A part that there is not is not shown.
    #[must_use]
    pub fn of<'a>(parameter: impl Fn(&str) -> Option<&'a str>) -> Embed {
        let words = parameter("show").unwrap_or_default();
        let named = |piece: &EmbedPart| words.split([',', '+']).any(|word| word == piece.name());
        let mut pieces: Vec<EmbedPart> = EmbedPart::ALL.into_iter().filter(named).collect();
        if pieces.is_empty() {
            pieces = USUAL.to_vec();
        }
        Embed { pieces, locked: parameter("locked").is_some(), bet: parameter("bet").is_some() }
    }

    /// Whether it shows something.
    #[must_use]
    pub fn shows(&self, piece: EmbedPart) -> bool {
        self.pieces.contains(&piece)
    }

    /// Whether it shows a moment, so that there are controls.
    #[must_use]
    pub fn shows_a_moment(&self) -> bool {
        self.pieces.iter().any(|piece| !matches!(piece, EmbedPart::Switches | EmbedPart::Verdict))
    }
}

/// What a reader's bet has come to, whether it can go wrong.
#[must_use]
pub fn bet_result(bet: bool, mood: Mood) -> &'static str {
    match mood {
        Mood::Working => "The explorer is working on it.",
        Mood::Bounded | Mood::Failed => "The explorer has no final answer.",
        Mood::Reachable | Mood::Safe if bet == (mood == Mood::Reachable) => "You were right.",
        Mood::Reachable | Mood::Safe => "You were not right.",
    }
}

#[cfg(test)]
mod tests {
    use super::{Embed, EmbedPart, USUAL, bet_result};
    use crate::model::verdict::Mood;

    fn of(query: &str) -> Embed {
        Embed::of(|name| {
            query.split('&').find_map(|pair| {
                let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
                (found == name).then_some(value)
            })
        })
    }

    #[test]
    fn an_author_chooses() {
        let embed = of("embed&show=switches,verdict&locked&bet");
        assert_eq!(embed.pieces, [EmbedPart::Switches, EmbedPart::Verdict]);
        assert!(embed.locked && embed.bet && !embed.shows_a_moment());
        for form in
            ["show=stage+code", "show=code,stage,stage", "show=,stage,,code,stge", "show=stage,\u{202e},code"]
        {
            assert_eq!(of(form).pieces, [EmbedPart::Stage, EmbedPart::Code], "{form}");
        }
    }

    #[test]
    fn who_chooses_nothing_gets_what_is_usual() {
        for query in ["embed", "embed&show=", "show", "show=stge"] {
            let embed = of(query);
            assert_eq!(embed.pieces, USUAL);
            assert!(!embed.locked && !embed.bet);
        }
    }

    #[test]
    fn a_bet_is_settled_by_a_final_answer_alone() {
        assert_eq!(bet_result(true, Mood::Reachable), bet_result(false, Mood::Safe));
        assert_eq!(bet_result(false, Mood::Reachable), bet_result(true, Mood::Safe));
        assert_ne!(bet_result(true, Mood::Reachable), bet_result(true, Mood::Safe));
        assert_eq!(bet_result(true, Mood::Bounded), "The explorer has no final answer.");
    }
}
