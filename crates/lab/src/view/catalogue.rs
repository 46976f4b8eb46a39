//! The gallery as something that one can search: each scenario with its chapter, its year, what it is expected to show
//! on which kernel, and the rules that its story rests on.
//!
//! Order, chapters and years come from `library/catalogue`, which people write; a test adds the rules, from the story
//! that the explorer finds. All else is read from the texts. Nothing is compiled, since a reader waits for the list.

use crate::view::policies::about;
use lang::property::{PROPERTIES, PropertyGroup, PropertyRow};

/// All scenarios, in the order of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The scenarios.
    pub entries: Vec<Entry>,
}

/// A scenario of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the library.
    pub slug: &'static str,
    /// What it says about itself.
    pub about: String,
    /// The title of its chapter.
    pub chapter: &'static str,
    /// The system that it is about.
    pub system: &'static str,
    /// The year of the report or change that it retells, or nothing if it is about a rule.
    pub year: &'static str,
    /// It as written, and each of its cases.
    pub variants: Vec<Variant>,
    /// Everything that a word is looked for in, in small letters.
    text: String,
}

/// A scenario as written, or one of its cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The case's name; nothing for the scenario as written.
    pub name: Option<&'static str>,
    /// The kernel that it runs on.
    pub kernel: &'static str,
    /// The violations that it is expected to show.
    pub shows: Vec<&'static PropertyRow>,
    /// It is expected to show no violation at all. Without it, and without any that it shows, it asks about something else.
    pub safe: bool,
}

/// What a reader looks for. An empty text asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words, each of which has to be somewhere in the texts: of the scenario, of its kernels, or in a rule's number.
    pub words: String,
    /// A choice of each of [`KINDS`].
    pub chosen: [String; KINDS.len()],
}

/// What one can choose by: a title each.
pub const KINDS: [&str; 4] = ["Shows", "System", "Kernel", "Year"];

/// The choices of a kind, each with what it is called and how many scenarios it leaves.
pub type Choices = Vec<(&'static str, &'static str, usize)>;

/// What is between the first two quotation marks after a word at the beginning of a line.
fn quoted(line: &'static str, word: &str) -> Option<&'static str> {
    line.strip_prefix(word)?.trim_start().strip_prefix('"')?.split('"').next()
}

/// The violation that an expectation asks for, if it says that it shows.
fn shown(line: &'static str) -> Option<&'static PropertyRow> {
    let mut words = line.strip_prefix("expect ")?.split([' ', ';']);
    let name = words.next().filter(|word| *word != "never").and(words.next())?;
    PROPERTIES.iter().find(|row| row.name == name && PropertyGroup::Violation.has(row.kind))
}

fn variants(text: &'static str) -> Vec<Variant> {
    let mut all = vec![Variant { name: None, kernel: "", shows: Vec::new(), safe: false }];
    for line in text.lines().map(str::trim_start) {
        if let Some(name) = quoted(line, "case") {
            all.push(Variant { name: Some(name), kernel: all[0].kernel, shows: Vec::new(), safe: false });
        }
        let Some(last) = all.last_mut() else { continue };
        if let Some(kernel) = quoted(line, "use kernel") {
            last.kernel = kernel;
        }
        last.shows.extend(shown(line));
        last.safe |= line.starts_with("expect never violation;");
    }
    all
}

impl Variant {
    /// What it is, and what it is expected to show.
    #[must_use]
    pub fn sentence(&self) -> String {
        let name = self.name.unwrap_or("As written");
        let shows: Vec<&str> = self.shows.iter().map(|row| row.title).collect();
        let shows = match (shows.is_empty(), self.safe) {
            (false, _) => shows.join(", "),
            (true, true) => "no violation expected".to_owned(),
            (true, false) => "asks about something else".to_owned(),
        };
        format!("{name}, on {}: {shows}", self.kernel)
    }
}

impl Entry {
    fn of(scenario: gallery::LibraryText, place: &Place) -> Entry {
        let variants = variants(scenario.text);
        let mut text = [scenario.slug, scenario.text, place.chapter, place.system, place.head].join("\n");
        let mut kernels: Vec<&str> = Vec::new();
        for variant in &variants {
            if !kernels.contains(&variant.kernel) {
                kernels.push(variant.kernel);
                text.push_str(gallery::kernel(variant.kernel).map_or("", |kernel| kernel.text));
            }
            for row in &variant.shows {
                text.push_str(row.title);
            }
        }
        text.make_ascii_lowercase();
        let about = about(scenario.text);
        Entry {
            slug: scenario.slug,
            about,
            chapter: place.chapter,
            system: place.system,
            year: place.year,
            variants,
            text,
        }
    }

    /// Whether it is what a reader looks for, apart from one kind of choice.
    fn meets(&self, query: &Query, apart: usize) -> bool {
        let words = query.words.to_ascii_lowercase();
        let chosen = |(kind, chosen): (usize, &String)| {
            kind == apart || chosen.is_empty() || self.values(kind).iter().any(|(value, _)| value == chosen)
        };
        query.chosen.iter().enumerate().all(chosen)
            && words.split_ascii_whitespace().all(|word| found(&self.text, word))
    }

    /// What it has of a kind that can be chosen, each once: the value, and what it is called.
    fn values(&self, kind: usize) -> Vec<(&'static str, &'static str)> {
        match kind {
            0 => self.shows().iter().map(|row| (row.name, row.title)).collect(),
            1 => vec![(self.system, self.system)],
            2 => {
                let mut all: Vec<(&str, &str)> = Vec::new();
                for variant in &self.variants {
                    if !all.contains(&(variant.kernel, variant.kernel)) {
                        all.push((variant.kernel, variant.kernel));
                    }
                }
                all
            }
            _ => vec![(self.year, self.year)],
        }
    }

    /// The violations that some variant is expected to show, each once.
    #[must_use]
    pub fn shows(&self) -> Vec<&'static PropertyRow> {
        let mut all: Vec<&PropertyRow> = Vec::new();
        for row in self.variants.iter().flat_map(|variant| &variant.shows) {
            if !all.contains(row) {
                all.push(row);
            }
        }
        all
    }

    /// What its small picture is of: the first variant that is expected to show a violation, by its place, and the first one that it
    /// shows. Without any, the picture has the scenario as written, in a run by chance.
    #[must_use]
    pub fn pictured(&self) -> Option<(usize, &'static PropertyRow)> {
        let mut places = self.variants.iter().enumerate();
        places.find_map(|(place, variant)| Some((place, *variant.shows.first()?)))
    }

    /// The same in words, for those who do not see it.
    #[must_use]
    pub fn picture(&self) -> String {
        match self.pictured() {
            Some((_, row)) => format!("Picture of a shortest run: {}", row.title),
            None => "Picture of a run".to_owned(),
        }
    }

    /// The verdicts that are expected, in one sentence.
    #[must_use]
    pub fn expected(&self) -> String {
        let safe = self.variants.iter().filter(|variant| variant.safe).count();
        let titles: Vec<&str> = self.shows().iter().map(|row| row.title).collect();
        let all = self.variants.len();
        match (all, safe) {
            _ if titles.is_empty() && safe == 0 => "No violation is asked about.".to_owned(),
            _ if all == safe => "No violation is expected.".to_owned(),
            _ if titles.is_empty() => format!("No violation is expected in {safe} of {all} variants."),
            (_, 0) => format!("Expected: {}.", titles.join(", ")),
            _ => format!("Expected: {}; none in {safe} of {all} variants.", titles.join(", ")),
        }
    }
}

/// Whether a word is in a text. A rule's number is a whole word: H1 is not found in H13.
fn found(text: &str, word: &str) -> bool {
    let number = word
        .strip_prefix('h')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|c| c.is_ascii_digit()));
    let whole = |at: usize| !text[at + word.len()..].starts_with(|next: char| next.is_ascii_digit());
    text.match_indices(word).any(|(at, _)| !number || whole(at))
}

/// Where the catalogue has a scenario.
struct Place {
    chapter: &'static str,
    system: &'static str,
    year: &'static str,
    /// The rest of its line: the rules.
    head: &'static str,
}

impl Catalogue {
    /// The scenarios that the page has now. One that the catalogue does not name comes last.
    #[must_use]
    pub fn of_the_library() -> Catalogue {
        let mut entries: Vec<Entry> = Vec::new();
        let mut place = Place { chapter: "", system: "", year: "", head: "" };
        for line in gallery::catalogue().map_or("", |text| text.text).lines() {
            if let Some(head) = line.strip_prefix("## ") {
                (place.chapter, place.system) =
                    head.trim_end_matches(')').rsplit_once(" (").unwrap_or((head, ""));
            } else if let Some(entry) = line.strip_prefix("- ") {
                let (slug, rest) = entry.split_once(' ').unwrap_or((entry, ""));
                place.head = rest;
                place.year = rest.split(' ').next().filter(|year| !year.starts_with('H')).unwrap_or_default();
                entries.extend(gallery::scenario(slug).map(|scenario| Entry::of(scenario, &place)));
            }
        }
        let rest = Place { chapter: "Scenarios", system: "", year: "", head: "" };
        for scenario in gallery::scenarios() {
            if !entries.iter().any(|entry| entry.slug == scenario.slug) {
                entries.push(Entry::of(scenario, &rest));
            }
        }
        Catalogue { entries }
    }

    /// The scenarios that a reader looks for: first those that have all of the words in their names, then those that have them in
    /// their sentences, each in the order of the catalogue.
    #[must_use]
    pub fn found(&self, query: &Query) -> Vec<&Entry> {
        let words = query.words.to_ascii_lowercase();
        let has = |text: &str| {
            let text = text.to_ascii_lowercase();
            words.split_ascii_whitespace().all(|word| text.contains(word))
        };
        // Three lists one after the other: the code of a sort would be larger than the rest of this file.
        let mut ranks: [Vec<&Entry>; 3] = Default::default();
        for entry in self.entries.iter().filter(|entry| entry.meets(query, KINDS.len())) {
            let rank = if has(entry.slug) { 0 } else { 2 - usize::from(has(&entry.about)) };
            ranks[rank].push(entry);
        }
        ranks.concat()
    }

    /// What can be chosen of a kind, in the order of the catalogue; years begin with the latest. Each is counted among the
    /// scenarios that meet the rest of the query, and what would leave none is not offered.
    #[must_use]
    pub fn choices(&self, query: &Query, kind: usize) -> Choices {
        let mut all = Choices::new();
        for entry in self.entries.iter().filter(|entry| entry.meets(query, kind)) {
            for (value, title) in entry.values(kind).into_iter().filter(|(value, _)| !value.is_empty()) {
                match all.iter_mut().find(|choice| choice.0 == value) {
                    Some(choice) => choice.2 += 1,
                    None => {
                        let later = |choice: &&(&str, &str, usize)| kind < 3 || choice.0 > value;
                        let at = all.iter().take_while(later).count();
                        all.insert(at, (value, title, 1));
                    }
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests;
