//! A moment of the tour: a place in a run, the text about it, and what must hold for the text to be true.

use crate::head::{Head, Malformed, pair};
use crate::place::PlaceInRun;
use crate::prose::{Paragraph, paragraphs};
use crate::setting::LessonSetting;
use explore::PropertySet;
use lang::program::Observation;
use machine::by_name;

/// A moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TourMoment {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its title.
    pub title: String,
    /// The setting that it opens.
    pub setting: LessonSetting,
    /// Which run is on the stage.
    pub run: ShownRun,
    /// Where in it.
    pub place: PlaceInRun,
    /// What it claims about all runs.
    pub claims: Vec<Claim>,
    /// What the reader may bet on.
    pub bet: Option<Bet>,
    /// What the cases of the scenario cost is counted and shown.
    pub costs: bool,
    /// Scenarios to continue with, by slug.
    pub see: Vec<String>,
    /// The text.
    pub text: Vec<Paragraph>,
}

/// Which run is on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownRun {
    /// The shortest that shows one of these properties: the explorer finds it.
    Shortest(PropertySet),
    /// The run in which the CPUs take turns, and hardware acts as early as possible.
    Eager,
}

/// A claim about all runs: how often a property shows. The explorer settles it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Sometimes or never.
    pub observation: Observation,
    /// The property, or a group of them, by name.
    pub property: String,
}

/// A question that the explorer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bet {
    /// The question: whether setting the option makes the kernel safe.
    pub question: String,
    /// The option and its choice.
    pub option: (String, String),
    /// The claim about all runs with the option set.
    pub claims: Vec<Claim>,
    /// The text that follows the answer.
    pub after: Vec<Paragraph>,
}

/// The tour, moment by moment.
#[must_use]
pub fn tour() -> Vec<TourMoment> {
    gallery::tour().filter_map(|text| read(text.slug, text.text).ok()).collect()
}

/// Reads a moment. The text after a bet follows a line of three dashes.
///
/// # Errors
/// What is wrong with the text.
pub fn moment(slug: &'static str, text: &str) -> Result<TourMoment, Malformed> {
    read(slug, text)
}

fn read(slug: &'static str, text: &str) -> Result<TourMoment, Malformed> {
    const OWN: [&str; 9] = ["title", "run", "at", "claim", "bet", "if", "then", "count", "see"];
    let keys: Vec<&str> = OWN.into_iter().chain(LessonSetting::KEYS).collect();
    let head = Head::read(text, &keys)?;
    let (before, after) = head.rest.split_once("\n---\n").unwrap_or((head.rest, ""));
    let bet = match head.get("bet") {
        None => None,
        Some(question) => Some(Bet {
            question: question.to_owned(),
            option: pair(head.need("if")?)?,
            claims: head.all("then").map(claim).collect::<Result<_, _>>()?,
            after: paragraphs(after),
        }),
    };
    Ok(TourMoment {
        // The number in front orders the files; addresses do without it.
        slug: slug.split_once('-').map_or(slug, |(_, name)| name),
        title: head.need("title")?.to_owned(),
        setting: LessonSetting::read(&head)?,
        run: run(head.need("run")?)?,
        place: PlaceInRun::read(head.need("at")?)?,
        claims: head.all("claim").map(claim).collect::<Result<_, _>>()?,
        bet,
        costs: head.get("count") == Some("cases"),
        see: head.all("see").map(str::to_owned).collect(),
        text: paragraphs(before),
    })
}

fn run(text: &str) -> Result<ShownRun, Malformed> {
    match text.strip_prefix("shortest ") {
        Some(name) => {
            by_name(name).map(ShownRun::Shortest).ok_or_else(|| Malformed(format!("no property {name}")))
        }
        None if text == "eager" => Ok(ShownRun::Eager),
        None => Err(Malformed(format!("no such run: {text}"))),
    }
}

fn claim(text: &str) -> Result<Claim, Malformed> {
    let fault = || Malformed(format!("no `sometimes PROPERTY` or `never PROPERTY`: {text}"));
    let (often, property) = text.split_once(' ').ok_or_else(fault)?;
    let observation = match often {
        "sometimes" => Observation::Sometimes,
        "never" => Observation::Never,
        _ => return Err(fault()),
    };
    by_name(property).ok_or_else(fault)?;
    Ok(Claim { observation, property: property.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{read, tour};
    use std::collections::BTreeSet;

    #[test]
    fn every_text_is_a_moment_with_a_name_of_its_own() {
        let faults: Vec<String> = gallery::tour()
            .filter_map(|text| Some(format!("{}: {}", text.slug, read(text.slug, text.text).err()?)))
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
        let slugs: BTreeSet<&str> = tour().iter().map(|moment| moment.slug).collect();
        assert_eq!(slugs.len(), tour().len());
        assert!((6..=10).contains(&slugs.len()), "six to ten moments: {slugs:?}");
    }

    /// The moments up to the answer of the bet contain the whole argument. A reader of 250 words a minute reads
    /// it in about a minute.
    #[test]
    fn the_argument_takes_a_minute() {
        let mut words = 0;
        for moment in tour() {
            words += moment.text.iter().map(super::Paragraph::words).sum::<usize>();
            if let Some(bet) = moment.bet {
                words += bet.after.iter().map(super::Paragraph::words).sum::<usize>();
                assert!(words <= 270, "{words} words");
                return;
            }
        }
        unreachable!("no moment has a bet");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let fault = |text: &str| read("1-x", text).expect_err("a fault").0;
        assert_eq!(fault("title: T"), "scenario is missing");
        assert_eq!(fault("titel: T"), "no such key: titel");
        assert_eq!(fault("scenario: nowhere\ntitle: T"), "no scenario nowhere");
        let head = "title: T\nscenario: lazy+unmap+andy\n";
        assert_eq!(fault(&format!("{head}case: none")), "lazy+unmap+andy has no case none");
        assert_eq!(fault(&format!("{head}run: fast")), "no such run: fast");
        assert_eq!(fault(&format!("{head}run: eager\nat: noon")), "no such place: noon");
    }
}
