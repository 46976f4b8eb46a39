//! The page as markup: the verdicts on both kernels first, then their texts by function.
//!
//! What has changed is told by a sign and by `<del>` and `<ins>`, not by colour alone. Whatever both kernels have stands in
//! `<details>`, with its number.

use crate::parts::{KernelParts, NumberedLine};
use crate::rows::{Pair, pairs};
use crate::verdicts::{KernelVerdict, Verdicts};
use experiment::Experiment;
use explore::Trace;
use lang::Selection;
use link::View;
use std::fmt::Write;

/// Lines around a change that are shown though both texts have them.
const AROUND: usize = 3;

/// Two kernels of the library, by slug, side by side; nothing if the library lacks one.
#[must_use]
pub fn page(old: &str, new: &str, verdicts: &Verdicts) -> Option<String> {
    let (first, second) = (KernelParts::of(old)?, KernelParts::of(new)?);
    let both = Both { slugs: [slug(old)?, slug(new)?], names: [name(old)?, name(new)?] };
    Some(both.verdicts(verdicts) + &both.texts(&first, &second))
}

fn slug(kernel: &str) -> Option<&'static str> {
    Some(gallery::kernel(kernel)?.slug)
}

fn name(kernel: &str) -> Option<&'static str> {
    gallery::kernel(kernel)?.kernel_name()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// "1 line", "3 lines".
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Two kernels.
struct Both {
    slugs: [&'static str; 2],
    names: [&'static str; 2],
}

impl Both {
    fn verdicts(&self, verdicts: &Verdicts) -> String {
        let (mut apart, mut alike, mut only) = (Vec::new(), Vec::new(), [0, 0]);
        for there in &verdicts.scenarios {
            match self.slugs.map(|slug| there.on(slug)) {
                [Some(old), Some(new)] if old.alike(new) => alike.push((&*there.scenario, [old, new])),
                [Some(old), Some(new)] => apart.push((&*there.scenario, [old, new])),
                [Some(_), None] => only[0] += 1,
                [None, Some(_)] => only[1] += 1,
                [None, None] => {}
            }
        }
        let all = apart.len() + alike.len();
        let mut out = String::from(
            "<section class=\"said\" aria-labelledby=\"said\"><h2 id=\"said\">What they do</h2>\n",
        );
        let summary = match (all, apart.len()) {
            (0, _) => "No scenario of the library runs on both.".to_owned(),
            (_, 0) => format!("The verdict is the same on {}.", counted(all, "scenario")),
            (_, differ) => format!("The verdicts differ on {differ} of {}.", counted(all, "scenario")),
        };
        let _ = write!(out, "<p data-testid=\"summary\">{summary}");
        for (count, name) in only.into_iter().zip(self.names).filter(|(count, _)| *count > 0) {
            let verb = if count == 1 { "runs" } else { "run" };
            let _ = write!(out, " {} {verb} only on {}.", counted(count, "other scenario"), escaped(name));
        }
        out.push_str("</p>\n");
        if all > 0 {
            out.push_str("<p>Each verdict is of the scenario as it is written, and holds within its bounds: CPUs, pages, addresses, stores in flight.</p>\n");
        }
        if !apart.is_empty() {
            out.push_str(&self.table(&apart));
        }
        if !alike.is_empty() {
            let _ = write!(
                out,
                "<details><summary>The same verdict on {}</summary>\n{}</details>\n",
                counted(alike.len(), "scenario"),
                self.table(&alike)
            );
        }
        out + "</section>\n"
    }

    fn table(&self, rows: &[(&str, [KernelVerdict; 2])]) -> String {
        let [old, new] = self.names.map(escaped);
        let mut out = format!(
            "<table class=\"verdicts\"><thead><tr><th scope=\"col\">Scenario</th><th scope=\"col\">on {old}</th>\
             <th scope=\"col\">on {new}</th></tr></thead><tbody>\n"
        );
        for (scenario, found) in rows {
            let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escaped(scenario));
            for (kernel, found) in self.names.into_iter().zip(found) {
                let (kind, sign) = match found {
                    KernelVerdict::Safe => ("safe", "\u{2713}"),
                    KernelVerdict::Open => ("open", "?"),
                    KernelVerdict::Shows { .. } => ("shows", "\u{2717}"),
                };
                let (words, on) = (escaped(&found.words()), escaped(kernel));
                let inside = format!("<span aria-hidden=\"true\">{sign}</span> {words}");
                let _ = match link(scenario, kernel) {
                    Some(link) => write!(
                        out,
                        "<td class=\"{kind}\" data-on=\"{on}\"><a href=\"./#{link}\">{inside}</a></td>"
                    ),
                    None => write!(out, "<td class=\"{kind}\" data-on=\"{on}\">{inside}</td>"),
                };
            }
            out.push_str("</tr>\n");
        }
        out + "</tbody></table>\n"
    }

    fn texts(&self, first: &KernelParts, second: &KernelParts) -> String {
        let mut out = String::from(
            "<section class=\"texts\" aria-labelledby=\"texts\"><h2 id=\"texts\">How they are written</h2>\n",
        );
        let (mut same, mut parts) = (Vec::new(), String::new());
        let mut changed = 0;
        for (name, lines) in &second.functions {
            let before = first.functions.iter().find(|(there, _)| there == name);
            let old = before.map_or(&[][..], |(_, lines)| lines);
            let pairs = pairs(old, lines);
            if pairs.iter().all(Pair::same) {
                same.push((name, lines));
                continue;
            }
            changed += 1;
            let how = match before {
                Some(_) => how_much(&pairs),
                None => format!("only in {}", escaped(self.names[1])),
            };
            parts.push_str(&self.part(&format!("<code>{}</code>", escaped(name)), &how, &pairs));
        }
        for (name, lines) in &first.functions {
            if !second.functions.iter().any(|(there, _)| there == name) {
                changed += 1;
                let how = format!("only in {}", escaped(self.names[0]));
                parts.push_str(&self.part(
                    &format!("<code>{}</code>", escaped(name)),
                    &how,
                    &pairs(lines, &[]),
                ));
            }
        }
        let _ = writeln!(
            out,
            "<p data-testid=\"functions\">{} and {} the same.</p>",
            match changed {
                0 => "No function differs".to_owned(),
                1 => "1 function differs".to_owned(),
                _ => format!("{changed} functions differ"),
            },
            if same.len() == 1 { "1 is".to_owned() } else { format!("{} are", same.len()) }
        );
        for (title, old, new) in [
            ("What they say about themselves", &first.about, &second.about),
            ("Options, constants and variables", &first.declared, &second.declared),
        ] {
            let pairs = pairs(old, new);
            if !pairs.iter().all(Pair::same) {
                out.push_str(&self.part(title, &how_much(&pairs), &pairs));
            }
        }
        out.push_str(&parts);
        if !same.is_empty() {
            let _ = writeln!(
                out,
                "<details class=\"same\"><summary>{} the same in both</summary>",
                if same.len() == 1 {
                    "1 function is".to_owned()
                } else {
                    format!("{} functions are", same.len())
                }
            );
            for (name, lines) in same {
                let text: String = lines.iter().map(|line| escaped(&line.text) + "\n").collect();
                let _ = writeln!(out, "<h3><code>{}</code></h3>\n<pre>{text}</pre>", escaped(name));
            }
            out.push_str("</details>\n");
        }
        out + "</section>\n"
    }

    /// A part of both texts, with its heading.
    fn part(&self, title: &str, how: &str, pairs: &[Pair]) -> String {
        let [old, new] = self.names.map(escaped);
        let mut out = format!(
            "<section class=\"part\"><h3>{title} <small>{how}</small></h3>\n<table class=\"lines\">\
             <colgroup><col class=\"no\"><col><col class=\"no\"><col></colgroup><thead class=\"unseen\"><tr>\
             <th scope=\"col\" colspan=\"2\">{old}</th><th scope=\"col\" colspan=\"2\">{new}</th></tr></thead>\n"
        );
        let shown = |at: usize| {
            let near = &pairs[at.saturating_sub(AROUND)..(at + AROUND + 1).min(pairs.len())];
            !near.iter().all(Pair::same)
        };
        let mut at = 0;
        while at < pairs.len() {
            let next = (at..pairs.len()).find(|&next| shown(next) != shown(at)).unwrap_or(pairs.len());
            let rows: String = pairs[at..next].iter().map(row).collect();
            let _ = match shown(at) || next - at == 1 {
                true => writeln!(out, "<tbody>\n{rows}</tbody>"),
                false => writeln!(
                    out,
                    "<tbody class=\"fold\"><tr><td colspan=\"4\"><button type=\"button\">{} are the same</button></td></tr></tbody>\n\
                     <tbody hidden>\n{rows}</tbody>",
                    counted(next - at, "line")
                ),
            };
            at = next;
        }
        out + "</table></section>\n"
    }
}

/// How many lines are gone and new.
fn how_much(pairs: &[Pair]) -> String {
    let differ = || pairs.iter().filter(|pair| !pair.same());
    let gone = differ().filter(|pair| pair.old.is_some()).count();
    let came = differ().filter(|pair| pair.new.is_some()).count();
    match (gone, came) {
        (gone, 0) => format!("{} gone", counted(gone, "line")),
        (0, came) => format!("{} new", counted(came, "line")),
        (gone, came) => format!("{} gone, {came} new", counted(gone, "line")),
    }
}

fn row(pair: &Pair) -> String {
    let cell = |line: &Option<NumberedLine>, kind: &str, tag: &str, sign: &str| match line {
        None => "<td class=\"no\"></td><td class=\"none\"></td>".to_owned(),
        Some(NumberedLine { number, text }) => {
            let (text, same) = (escaped(text), tag.is_empty());
            let inside = if same { text } else { format!("<{tag}>{text}</{tag}>") };
            format!(
                "<td class=\"no\">{number}</td><td class=\"{kind}\"><i aria-hidden=\"true\">{sign}</i><code>{inside}</code></td>"
            )
        }
    };
    match pair.same() {
        true => format!(
            "<tr class=\"both\">{}{}</tr>\n",
            cell(&pair.old, "", "", " "),
            cell(&pair.new, "", "", " ")
        ),
        false => format!(
            "<tr>{}{}</tr>\n",
            cell(&pair.old, "gone", "del", "\u{2212}"),
            cell(&pair.new, "came", "ins", "+")
        ),
    }
}

/// The link to a scenario on a kernel, at the beginning of a run.
fn link(scenario: &str, kernel: &str) -> Option<String> {
    let experiment = Experiment::new(gallery::scenario(scenario)?.text);
    // The scenario's own kernel need not be named.
    let own = experiment.kernel_name().is_some_and(|own| own == kernel);
    let kernel = Some(kernel.to_owned()).filter(|_| !own);
    let experiment = experiment.selecting(Selection { kernel, ..Selection::default() });
    let machine = experiment.compile().machine.ok()?;
    Some(link::encode(&link::moment(&experiment, &machine, &Trace::new(&machine), 0, View::default())))
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::verdicts::Verdicts;
    use std::path::Path;

    const VERDICTS: &str = "## lazy+munmap\nlinux-4.14 safe\nlinux-4.20 walk_of_freed 16\n\
        ## idle+munmap\nlinux-4.14 safe\nlinux-4.20 safe\n## lazy+zap\nlinux-4.14 open\n";

    #[test]
    fn two_kernels_stand_side_by_side() {
        let page = page("linux-4.14", "linux-4.20", &Verdicts::read(VERDICTS)).expect("both are there");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        golden::check(folder.join("linux-4.14..linux-4.20.html"), &page);
        let before = |one: &str, other: &str| page.find(one).expect(one) < page.find(other).expect(other);
        assert!(before(">lazy+munmap<", "The same verdict on 1 scenario"));
        assert!(before("The same verdict on 1 scenario", ">idle+munmap<"));
        assert!(page.contains("1 other scenario runs only on linux-4.14.") && !page.contains(">lazy+zap<"));
    }

    #[test]
    fn what_is_the_same_is_not_said_to_differ() {
        let page = page("linux-4.14", "linux-4.14", &Verdicts::default()).expect("it is there");
        assert!(page.contains("No function differs") && !page.contains("<del>") && !page.contains("<ins>"));
        assert!(page.contains("No scenario of the library runs on both."));
        assert!(super::page("linux-4.14", "no such", &Verdicts::default()).is_none());
    }

    #[test]
    fn each_pair_of_the_library_can_be_drawn() {
        let all: Vec<&str> = gallery::kernels().map(|kernel| kernel.slug).collect();
        for two in all.windows(2) {
            let page = page(two[0], two[1], &Verdicts::default()).expect("both are there");
            for tag in ["section", "table", "tbody", "tr", "td", "details", "code", "del", "ins"] {
                let opened =
                    page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
                assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag} in {two:?}");
            }
        }
    }
}
