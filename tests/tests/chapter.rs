//! `docs/write-your-own-kernel.md` is a series of patches to one kernel. The test applies them in order, and settles
//! what the chapter claims about the text after each of them.
//!
//! The chapter is read line by line. A fence ` ```tlb ` holds a whole text: the first kernel, a scenario, or the kernel
//! again, which must then be what the patches have made of it. A fence ` ```diff ` changes the kernel: each hunk (after `@@`)
//! fits in one place. A row `| *scenario* | ``never property`` | ... |` is a claim about the kernel as it is there. A
//! row that says `sometimes` links to a shortest run: a link that no longer opens there is made anew by `cargo xtask bless`.

use experiment::Experiment;
use explore::{Completeness, Limits, Trace};
use lang::{Severity, check_kernel, format, kernel_name, scenario_name};
use link::{Outcome, View};
use machine::{Check, by_name};
use std::collections::BTreeMap;
use tests::machine;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/write-your-own-kernel.md");

/// Where the page is while `cargo xtask serve` runs.
const PAGE: &str = "http://127.0.0.1:8080/#";

/// The part of the chapter that has been read.
#[derive(Default)]
struct Reader {
    kernel: String,
    scenarios: BTreeMap<String, String>,
    /// What was judged: scenario, `sometimes` or `never`, and property.
    rows: Vec<[String; 3]>,
}

/// Lines of the text, and the lines that replace them; each with its line end.
fn sides(hunk: &[&str]) -> (String, String) {
    let side = |sign: char| -> String {
        let lines = hunk.iter().filter_map(|line| {
            let rest = line.strip_prefix([' ', sign]);
            if line.is_empty() { Some("") } else { rest }
        });
        lines.flat_map(|line| [line, "\n"]).collect()
    };
    (side('-'), side('+'))
}

/// A text after a patch.
fn patched(text: &str, patch: &str, place: &str) -> String {
    let lines: Vec<&str> = patch.lines().collect();
    lines.split(|line| *line == "@@").fold(text.to_owned(), |text, hunk| {
        let (old, new) = sides(hunk);
        // At the beginning of a line only: the text is looked at as if a line ended before it.
        let (text, old, new) = (format!("\n{text}"), format!("\n{old}"), format!("\n{new}"));
        assert_eq!(text.matches(&old).count(), 1, "{place}: a hunk has to fit in one place:{old}");
        text.replace(&old, &new).split_off(1)
    })
}

impl Reader {
    /// A whole text, or a patch.
    fn fence(&mut self, kind: &str, text: &str, place: &str) {
        match kind {
            "diff" => self.kernel = patched(&self.kernel, text, place),
            "tlb" if kernel_name(text).is_some() && self.kernel.is_empty() => {
                text.clone_into(&mut self.kernel)
            }
            "tlb" if kernel_name(text).is_some() => {
                assert_eq!(self.kernel, text, "{place}: the kernel is not what the patches have made of it");
            }
            "tlb" => {
                assert_eq!(format(text).as_deref(), Ok(text), "{place} is not formatted");
                let name =
                    scenario_name(text).unwrap_or_else(|| panic!("{place}: neither kernel nor scenario"));
                assert_eq!(
                    self.scenarios.insert(name.clone(), text.to_owned()),
                    None,
                    "{place}: {name:?} again"
                );
                return;
            }
            _ => return,
        }
        assert_eq!(format(&self.kernel).as_ref(), Ok(&self.kernel), "{place}: the kernel is not formatted");
        let said = check_kernel(&self.kernel);
        let errors: Vec<_> = said.iter().filter(|said| said.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{place}: {errors:#?}");
    }

    /// A row of a table of verdicts, judged; with the link as it should be.
    fn row(&mut self, cells: [&str; 3], place: &str) -> String {
        let [name, said, rest] = cells;
        let scenario = &self.scenarios[name.trim_matches('*')];
        let name_of_kernel = kernel_name(&self.kernel).expect("it has a name");
        let experiment = Experiment::new(scenario.as_str()).with_kernel(name_of_kernel, self.kernel.as_str());
        let machine = machine(&experiment);
        let (how, property) = said.trim_matches('`').split_once(' ').expect("an observation and a property");
        let asked = by_name(property).unwrap_or_else(|| panic!("{place}: {property} is not a property"));
        self.rows.push([name, how, property].map(str::to_owned));
        let mut check = Check::new(&machine, Limits::default());
        check.run_to_end();
        assert_eq!(check.progress().completeness, Completeness::Complete, "{place}");
        let witness = check.witness(asked);
        match (how, &witness) {
            ("never", None) => return format!("| {name} | {said} | {rest} |"),
            ("sometimes", Some(_)) => {}
            _ => panic!("{place}: {name} is not {said}: {witness:?}"),
        }
        let (_, schedule) = witness.expect("a run that shows it");
        let words = rest.rsplit_once(')').map_or(rest, |(_, words)| words).trim_start();
        let old = rest.split_once(PAGE).and_then(|(_, link)| link.split_once(')')).map(|(link, _)| link);
        let shows = |text: &&str| {
            let Ok(opened) =
                link::decode(text).map_err(drop).and_then(|link| link::open(&link).map_err(drop))
            else {
                return false;
            };
            let texts = |of: &Experiment| (of.scenario.clone(), of.kernel_text().map(str::to_owned));
            opened.outcome == Outcome::Reproduced
                && texts(&opened.experiment) == texts(&experiment)
                && opened.trace.len() == schedule.len()
                && opened.cursor == schedule.len()
                && opened.trace.steps().last().is_some_and(|step| step.properties.intersects(asked))
        };
        let link = old.filter(shows).map_or_else(
            || {
                let (trace, _) = Trace::replay(&machine, &schedule);
                link::encode(&link::moment(&experiment, &machine, &trace, trace.len(), View::default()))
            },
            str::to_owned,
        );
        assert!(shows(&link.as_str()), "{place}: the link does not lead there");
        format!("| {name} | {said} | [step {}]({PAGE}{link}) {words} |", schedule.len())
    }
}

/// The three cells of a row that judges.
fn cells(line: &str) -> Option<[&str; 3]> {
    let row = line.strip_prefix("| ")?.strip_suffix('|').filter(|row| row.starts_with('*'))?;
    row.splitn(3, '|').map(str::trim).collect::<Vec<_>>().try_into().ok()
}

#[test]
fn each_text_of_the_chapter_has_the_verdict_that_the_chapter_says_and_each_link_leads_there() {
    let page = std::fs::read_to_string(PATH).expect("the chapter is there");
    let mut reader = Reader::default();
    let mut fence: Option<(&str, String)> = None;
    let mut new = String::new();
    for (n, line) in page.lines().enumerate() {
        let place = format!("line {}", n + 1);
        let mut written = line.to_owned();
        if let Some((kind, mut text)) = fence.take() {
            if line == "```" {
                reader.fence(kind, &text, &place);
            } else {
                text += line;
                text.push('\n');
                fence = Some((kind, text));
            }
        } else if let Some(kind) = line.strip_prefix("```") {
            fence = Some((kind, String::new()));
        } else if let Some(cells) = cells(line) {
            written = reader.row(cells, &place);
        }
        new += &written;
        new.push('\n');
    }
    assert!(fence.is_none(), "a fence is open");
    golden::check(PATH, &new);

    // The last text is checked on all scenarios, and no bug is left in it.
    let last = reader.rows.iter().rev().take_while(|row| row[1] == "never");
    let on: Vec<&String> = last.map(|row| &row[0]).collect();
    for name in reader.scenarios.keys() {
        assert!(on.contains(&&format!("*{name}*")), "the last text is not judged on {name:?}");
    }
    let wrong = reader.rows.iter().filter(|row| row[1] == "sometimes").count();
    assert!(wrong >= 15, "{wrong} wrong turns");
}

#[test]
fn each_scenario_that_the_chapter_names_is_in_the_library() {
    let page = std::fs::read_to_string(PATH).expect("the chapter is there");
    let names: Vec<&str> = page.split('`').skip(1).step_by(2).filter(|name| name.contains('+')).collect();
    let named = names.iter().filter(|name| !name.contains([' ', '\n']));
    let missing: Vec<_> = named.filter(|name| gallery::scenario(name).is_none()).collect();
    assert!(names.len() > 20 && missing.is_empty(), "{missing:?}");
}

#[test]
fn a_hunk_that_fits_nowhere_or_twice_is_refused() {
    let fails = |patch: &str| std::panic::catch_unwind(|| patched("a\nb\na\n", patch, "here")).is_err();
    assert!(fails(" c\n+d\n"));
    assert!(fails(" a\n+d\n"));
    assert_eq!(patched("a\nb\na\n", "-b\n+c\n@@\n c\n a\n+e\n", "here"), "a\nc\na\ne\n");
}
