//! Every link ever published still opens, and shows what it showed: see `tests/links/README.md`.

use link::{Compared, ComparedAs, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("links")
}

/// The published links of a version: the text, and what follows it in the line.
fn published(version: u32) -> Vec<(String, String)> {
    let path = folder().join(format!("v{version}.txt"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.starts_with("//") && !line.is_empty());
    let links: Vec<(String, String)> = lines
        .map(|line| line.split_once(' ').unwrap_or((line, "")))
        .map(|(link, about)| (link.to_owned(), about.to_owned()))
        .collect();
    assert!(links.iter().all(|(link, _)| link.starts_with(&format!("{version}."))), "{}", path.display());
    links
}

/// What stands between two characters at the end of a line, and the line before it.
fn behind(line: &str, open: char, close: char) -> (&str, Option<&str>) {
    let found = line.strip_suffix(close).and_then(|line| line.rsplit_once(open));
    found.map_or((line, None), |(before, found)| (before.trim_end(), Some(found)))
}

fn words(outcome: Outcome) -> String {
    match outcome {
        Outcome::Reproduced => "reproduced".to_owned(),
        Outcome::Differs { .. } => "differs".to_owned(),
        Outcome::Cut { taken, .. } => format!("is cut at {taken}"),
        Outcome::Stopped { taken, .. } => format!("stops at {taken}"),
    }
}

fn name(compared: Compared) -> String {
    match compared {
        Compared::Option { name, choice } => format!("{name}={choice}"),
        Compared::Case(name) => format!("case {}", name.unwrap_or_else(|| "as written".to_owned())),
        Compared::Kernel(name) => format!("kernel {name}"),
    }
}

#[test]
fn every_published_link_shows_what_it_showed() {
    let all: Vec<_> = (1..=link::NEWEST).flat_map(published).collect();
    assert!(all.len() >= 200, "{} links", all.len());
    for (text, about) in all {
        let (about, outcome) = behind(&about, '{', '}');
        let (_, compared) = behind(about, '[', ']');
        let link = link::decode(&text).unwrap_or_else(|refusal| panic!("{about}: {refusal}"));
        let opened = link::open(&link).unwrap_or_else(|why| panic!("{about}: {why}"));
        assert_eq!(words(opened.outcome), outcome.unwrap_or("reproduced"), "{about}: {}", opened.outcome);
        assert_eq!(opened.compared.and_then(Result::ok).map(name).as_deref(), compared, "{about}");
    }
}

/// A link that was read is written as the same text: so nothing in it is lost, and the version is the old one.
#[test]
fn a_published_link_is_written_again_as_it_was() {
    let mut numbered = 0;
    for (text, about) in (1..=link::NEWEST).flat_map(published) {
        let link = link::decode(&text).unwrap_or_else(|refusal| panic!("{about}: {refusal}"));
        assert_eq!(link::encode(&link), text, "{about}");
        numbered += u32::from(matches!(link.compared, Some(ComparedAs::Numbered(_))));
    }
    assert_eq!(numbered, 2, "version 1 has numbers");
}

/// A link names a case by its place. So new cases come after all others, and no case changes its place. (A case may be renamed.)
#[test]
fn no_case_of_the_library_has_changed_its_place() {
    let known = fs::read_to_string(folder().join("cases.list")).expect("it is there");
    let mut scenarios: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in known.lines() {
        let (slug, case) = line.split_once(": ").expect("a slug and a case");
        scenarios.entry(slug).or_default().push(case);
    }
    assert!(scenarios.len() > 60, "{}", scenarios.len());
    for (slug, known) in scenarios {
        let text = gallery::scenario(slug).unwrap_or_else(|| panic!("links name {slug}")).text;
        let cases: Vec<String> = lang::cases(text).into_iter().filter_map(|case| case.name).collect();
        assert!(cases.len() >= known.len(), "{slug} has lost a case");
        for (place, name) in known.iter().enumerate() {
            let now = cases.iter().position(|case| case == name);
            assert!(now.is_none_or(|now| now == place), "{slug}: {name:?} was case {place}, and is {now:?}");
        }
    }
}

/// Whoever adds a scenario or a moment of the tour adds a link to it: `tests/links/README.md` says how.
#[test]
fn every_scenario_and_every_moment_of_the_tour_has_a_published_link() {
    let all: Vec<_> = (1..=link::NEWEST).flat_map(published).collect();
    let slugs: BTreeSet<String> = all
        .iter()
        .filter_map(|(text, _)| match link::decode(text).ok()?.base {
            link::Base::Library { slug, .. } => Some(slug),
            link::Base::Inline { .. } => None,
        })
        .collect();
    let missing: Vec<&str> =
        gallery::scenarios().map(|each| each.slug).filter(|slug| !slugs.contains(*slug)).collect();
    assert!(missing.is_empty(), "no link leads to {missing:?}");
    let moments = gallery::tour().map(|moment| moment.slug);
    let untold: Vec<&str> = moments
        .filter(|moment| {
            !all.iter().any(|(_, about)| {
                *about
                    == format!(
                        "the tour: {}",
                        moment.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
                    )
            })
        })
        .collect();
    assert!(untold.is_empty(), "no link leads to {untold:?} of the tour");
}
