//! The catalogue against the library, and what is found in it.

use super::{Catalogue, KINDS, Query};
use lang::program::Observation;
use lang::property::{PROPERTIES, PropertyGroup};

fn slugs(query: &Query) -> Vec<&'static str> {
    let catalogue = Catalogue::of_the_library();
    catalogue.found(query).iter().map(|entry| entry.slug).collect()
}

fn words(words: &str) -> Vec<&'static str> {
    slugs(&Query { words: words.to_owned(), ..Query::default() })
}

#[test]
fn each_scenario_of_the_library_has_one_place() {
    let catalogue = Catalogue::of_the_library();
    let mut listed: Vec<&str> = catalogue.entries.iter().map(|entry| entry.slug).collect();
    let text = gallery::catalogue().expect("the library is here").text;
    assert_eq!(
        text.lines().filter(|line| line.starts_with("- ")).count(),
        listed.len(),
        "unknown or missing"
    );
    listed.sort_unstable();
    let mut all: Vec<&str> = gallery::scenarios().map(|scenario| scenario.slug).collect();
    all.sort_unstable();
    assert_eq!(listed, all);
    for entry in &catalogue.entries {
        assert!(!entry.system.is_empty(), "{} is in no chapter of library/catalogue", entry.slug);
        assert!(entry.year.is_empty() || entry.year.len() == 4, "{}: {}", entry.slug, entry.year);
        assert!(!entry.about.is_empty(), "{} says nothing about itself", entry.slug);
    }
}

#[test]
fn names_come_before_sentences_and_these_before_the_rest() {
    for word in ["pcid", "lazy"] {
        let catalogue = Catalogue::of_the_library();
        let found = catalogue.found(&Query { words: word.to_owned(), ..Query::default() });
        let told = |entry: &&super::Entry| entry.about.to_ascii_lowercase().contains(word);
        let named = found.iter().take_while(|entry| entry.slug.contains(word)).count();
        let said = found[named..].iter().take_while(|entry| told(entry)).count();
        assert!(
            named > 0 && said > 0 && named + said < found.len(),
            "{word}: {named}, {said} of {}",
            found.len()
        );
        let rest = &found[named + said..];
        assert!(found[named..].iter().all(|entry| !entry.slug.contains(word)), "{word}: a name comes late");
        assert!(!rest.iter().any(told), "{word}: a sentence comes late");
    }
    assert_eq!(words("").first(), slugs(&Query::default()).first());
}

#[test]
fn variants_are_what_the_language_reads() {
    for entry in &Catalogue::of_the_library().entries {
        let text = gallery::scenario(entry.slug).expect("it is in the library").text;
        let experiment = experiment::Experiment::new(text);
        let variants = experiment.variants();
        assert_eq!(entry.variants.len(), variants.len(), "{}", entry.slug);
        for (read, (case, there)) in entry.variants.iter().zip(variants) {
            assert_eq!(
                (read.name, read.kernel),
                (case.name.as_deref(), case.kernel.as_str()),
                "{}",
                entry.slug
            );
            let machine = there.compile().into_machine().expect("it compiles");
            let expected = machine.program().expectations.iter();
            let shows = expected.filter(|expected| expected.observation != Observation::Never);
            let rows = shows.filter_map(|expected| {
                let name = expected.property.split(' ').next().unwrap_or_default();
                PROPERTIES.iter().find(|row| row.name == name && PropertyGroup::Violation.has(row.kind))
            });
            assert_eq!(read.shows, rows.collect::<Vec<_>>(), "{} {:?}", entry.slug, read.name);
            let none = |expected: &lang::program::Expectation| {
                (expected.property.as_str(), expected.observation) == ("violation", Observation::Never)
            };
            assert_eq!(
                read.safe,
                machine.program().expectations.iter().any(none),
                "{} {:?}",
                entry.slug,
                read.name
            );
        }
    }
}

#[test]
fn the_bug_of_2017_comes_first_and_litmus_tests_last() {
    let all = slugs(&Query::default());
    assert_eq!(all.first(), Some(&gallery::FIRST));
    assert_eq!(all.last(), Some(&"SB"));
}

#[test]
fn words_are_found_in_texts_kernels_and_rules() {
    assert_eq!(words("Jann Horn pcid nobatch"), ["nobatch+munmap"]);
    assert!(words("CVE-2018-18281").contains(&"mremap+ftruncate"));
    assert!(words("verus").contains(&"verimm+unmap"), "from the kernel's text");
    assert!(words("stale access").contains(&"xen+reuse"), "from the title of a property");
    assert!(words("no such words anywhere").is_empty());
    assert!(super::found("rests on h13 and h1.", "h1") && !super::found("rests on h13.", "h1"));
}

#[test]
fn what_can_be_chosen_is_counted_and_leads_somewhere() {
    let catalogue = Catalogue::of_the_library();
    let of_kvm = Query { chosen: ["", "KVM", "", ""].map(str::to_owned), ..Query::default() };
    assert!(catalogue.choices(&of_kvm, 1).len() > 5, "the other systems stay");
    let years = catalogue.choices(&Query::default(), 3);
    assert!(years.len() > 5 && years.is_sorted_by(|one, two| one.0 > two.0), "{years:?}");
    for kind in 0..KINDS.len() {
        let choices = catalogue.choices(&of_kvm, kind);
        assert!(!choices.is_empty());
        for (value, _, count) in choices {
            let mut narrower = of_kvm.clone();
            value.clone_into(&mut narrower.chosen[kind]);
            assert_eq!(slugs(&narrower).len(), count, "{value}");
        }
    }
}

#[test]
fn expectations_are_a_sentence() {
    let catalogue = Catalogue::of_the_library();
    let said = |slug: &str| {
        let entry = catalogue.entries.iter().find(|entry| entry.slug == slug).expect("it is there");
        entry.expected()
    };
    assert_eq!(said("lazy+munmap"), "Expected: walk of freed memory; none in 12 of 19 variants.");
    assert_eq!(said("MP"), "No violation is asked about.");
}
