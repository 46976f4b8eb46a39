//! The steps of a run that some words are about.

use crate::view::run::RunView;
use std::rc::Rc;

/// The steps that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// What was looked for.
    pub words: Rc<str>,
    /// The numbers of the steps, ascending.
    pub steps: Vec<u32>,
}

impl Hits {
    /// The steps of which the sentence, its reason or the words in the diagram have each of these words: a name of a variable
    /// or a page, an address, what happens. `cpu 1` finds the steps in which that CPU has a part.
    #[must_use]
    pub fn of(run: &RunView, words: &Rc<str>) -> Hits {
        let terms = terms(words);
        if terms.is_empty() {
            return Hits { words: words.clone(), steps: Vec::new() };
        }
        let mut steps = Vec::new();
        let mut marks = run.timeline.marks.iter().peekable();
        for (step, caption) in (1..).zip(run.captions.iter()) {
            let mut text = format!("{} {}", caption.sentence, caption.because);
            while let Some(mark) = marks.next_if(|mark| mark.step <= step) {
                let lane = run.timeline.lanes.get(usize::from(mark.lane)).map_or("", String::as_str);
                text += &format!(" {lane} {}", mark.label);
            }
            let text = small(&text);
            if terms.iter().all(|term| has(&text, term)) {
                steps.push(step);
            }
        }
        Hits { words: words.clone(), steps }
    }

    /// The next one after a moment, or the one before it; from the last one on to the first, and back.
    #[must_use]
    pub fn next(&self, moment: usize, forward: bool) -> Option<usize> {
        let all = || self.steps.iter().map(|&step| step as usize);
        match forward {
            true => all().find(|&step| step > moment).or_else(|| all().next()),
            false => all().rfind(|&step| step < moment).or_else(|| all().next_back()),
        }
    }

    /// How many there are, and which one of them is shown; nothing if nothing is looked for.
    #[must_use]
    pub fn told(&self, moment: usize) -> Option<String> {
        let at = self.steps.iter().position(|&step| step as usize == moment);
        match (self.steps.len(), at) {
            _ if terms(&self.words).is_empty() => None,
            (0, _) => Some("no step".to_owned()),
            (all, Some(at)) => Some(format!("{} of {all}", at + 1)),
            (all, None) => Some(scene::steps(all)),
        }
    }
}

/// A text in small letters: Latin, Greek and Cyrillic ones, since texts give names in any script. (The standard library's tables of
/// all scripts are a hundredth of what a visitor waits for.)
fn small(text: &str) -> String {
    let letter = |letter: char| {
        let number = u32::from(letter);
        let up = match letter {
            'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => 32,
            'Ά' => 38,
            'Έ'..='Ί' => 37,
            'Ό' => 64,
            'Ύ' | 'Ώ' => 63,
            'Ѐ'..='Џ' => 80,
            'Ӏ' => 15,
            'Ā'..='Į' | 'Ĳ'..='Ķ' | 'Ŋ'..='Ŷ' | 'Ѡ'..='Ҁ' | 'Ҋ'..='Ҿ' | 'Ӑ'..='Ԯ' | 'Ḁ'..='Ẕ' | 'Ạ'..='Ỿ' => {
                1 - number % 2
            }
            'Ĺ'..='Ň' | 'Ź'..='Ž' | 'Ӂ'..='Ӎ' => number % 2,
            _ => 0,
        };
        char::from_u32(number + up).unwrap_or(letter)
    };
    text.chars().map(letter).collect()
}

/// Words in small letters. A CPU's number belongs to its word.
fn terms(words: &str) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for word in small(words).split_whitespace() {
        match terms.last_mut() {
            Some(last) if last == "cpu" && word.bytes().all(|byte| byte.is_ascii_digit()) => {
                *last = format!("cpu {word}");
            }
            _ => terms.push(match word.strip_prefix("cpu") {
                Some(number) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                    format!("cpu {number}")
                }
                _ => word.to_owned(),
            }),
        }
    }
    terms
}

/// Whether a text has a term. A number is not found in a longer one.
fn has(text: &str, term: &str) -> bool {
    let ends_in_digit = term.starts_with("cpu ");
    text.match_indices(term).any(|(at, _)| {
        !ends_in_digit || !text[at + term.len()..].starts_with(|letter: char| letter.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::{Hits, has, small, terms};
    use crate::model::player::Player;
    use crate::model::session::Session;
    use crate::view::run::RunView;
    use std::rc::Rc;

    fn run() -> RunView {
        let session = Session::library(crate::DEFAULT).expect("the default scenario is in the library");
        let player = Player::new(Rc::new(session.compile().0.expect("it compiles")));
        RunView::new(player.machine(), player.trace())
    }

    fn hits(run: &RunView, words: &str) -> Hits {
        Hits::of(run, &Rc::from(words))
    }

    #[test]
    fn words_addresses_and_cpus_are_found() {
        let run = run();
        let all = run.captions.len();
        for words in ["walk", "0x400000", "cpu 1", "CPU1", "invlpg", "cr3"] {
            let found = hits(&run, words);
            for &step in &found.steps {
                let caption = &run.captions[step as usize - 1];
                let labels = run.timeline.marks.iter().filter(|mark| mark.step == step);
                let labels: String = labels
                    .map(|mark| format!(" {} {}", run.timeline.lanes[usize::from(mark.lane)], mark.label))
                    .collect();
                let text = small(&format!("{} {}{labels}", caption.sentence, caption.because));
                assert!(terms(words).iter().all(|term| text.contains(term)), "{words}: {text}");
            }
            assert!(found.steps.len() < all, "{words}");
        }
        assert!(!hits(&run, "walk").steps.is_empty() && !hits(&run, "cpu 1").steps.is_empty());
        assert_eq!(hits(&run, "cpu 1").steps, hits(&run, "CPU1").steps);
        assert!(hits(&run, "walk cpu 1").steps.len() <= hits(&run, "walk").steps.len());
        assert_eq!(hits(&run, "  "), Hits { words: Rc::from("  "), steps: Vec::new() });
    }

    /// The standard library's tables agree about all letters of the scripts, from the first to the last block of each.
    #[test]
    fn letters_of_three_scripts_are_small() {
        let latin = ('\0'..'Ɓ').chain('Ḁ'..'ẖ').chain('Ạ'..'ἀ').filter(|letter| !"İŸ".contains(*letter));
        for letter in latin.chain('\u{380}'..'Ϗ').chain('Ѐ'..'Ա') {
            assert_eq!(small(&letter.to_string()), letter.to_lowercase().to_string(), "{letter}");
        }
        assert_eq!(small("PAGE Ä 0x4 \u{5d0}"), "page ä 0x4 \u{5d0}");
    }

    #[test]
    fn a_cpu_is_not_found_in_a_longer_number() {
        assert!(has("cpu 1 walks", "cpu 1") && !has("cpu 12 walks", "cpu 1"));
        assert!(has("cpu 12, then cpu 1", "cpu 1"));
    }

    #[test]
    fn one_comes_after_the_other_and_they_are_counted() {
        let hits = Hits { words: Rc::from("x"), steps: vec![2, 5, 9] };
        let forward: Vec<_> = [0, 2, 4, 9, 20].map(|moment| hits.next(moment, true)).to_vec();
        assert_eq!(forward, [Some(2), Some(5), Some(5), Some(2), Some(2)]);
        let back: Vec<_> = [0, 2, 4, 9, 20].map(|moment| hits.next(moment, false)).to_vec();
        assert_eq!(back, [Some(9), Some(9), Some(2), Some(5), Some(9)]);
        assert_eq!((hits.told(5), hits.told(3)), (Some("2 of 3".into()), Some("3 steps".into())));
        let none = Hits { words: Rc::from("x"), steps: Vec::new() };
        assert_eq!((none.told(3), none.next(3, true)), (Some("no step".into()), None));
        assert_eq!(Hits::default().told(0), None);
    }
}
