//! A challenge: a goal for the reader. The explorer recognises when it is reached, in whatever way.

use crate::head::{Head, Malformed, pair};
use crate::prose::{Paragraph, paragraphs};
use crate::setting::LessonSetting;
use explore::PropertySet;
use lang::source::SourceId;
use lang::syntax::{File, Function};
use machine::by_name;

/// A challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its title.
    pub title: String,
    /// What is open at the start.
    pub setting: LessonSetting,
    /// What is to be done.
    pub task: Goal,
    /// The text.
    pub text: Vec<Paragraph>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Choose steps by hand until a property shows, in few of them.
    Break {
        /// The property, or a group of them.
        goal: PropertySet,
        /// Its name.
        name: String,
        /// How many steps more than the fewest are allowed.
        slack: u32,
    },
    /// Set options of the kernel until no violation is reachable; those named here stay as they are.
    Secure {
        /// Options that stay.
        keep: Vec<String>,
    },
    /// Repair the kernel's text until no violation is reachable and everything else that the scenario expects holds.
    Mend {
        /// The kernel's function that has the bug.
        function: String,
        /// The body that it has, from brace to brace.
        body: String,
    },
    /// Find the cheapest of the safe kernels. Timed runs and the explorer judge the answer.
    Cheapest {
        /// Where they run.
        costs: Bench,
        /// How much more than the cheapest one an answer may cost, in percent.
        within: u64,
    },
    /// Change one figure of the costs so that the second of two safe kernels costs less than the first: timed runs and the
    /// explorer judge.
    Turn {
        /// Where they run.
        costs: Bench,
        /// The kernel that costs less at first, and the kernel that is to cost less in the end.
        kernels: [String; 2],
        /// The largest factor by which a figure may grow or shrink.
        within: u64,
        /// A figure and the factor that multiplies it: the solution for readers who give up.
        way: (String, u64),
    },
}

/// A workload and a table of costs of the library, by slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bench {
    /// The workload.
    pub workload: String,
    /// The costs.
    pub costs: String,
}

/// All challenges.
#[must_use]
pub fn challenges() -> Vec<Challenge> {
    gallery::challenges().filter_map(|text| challenge(text.slug, text.text).ok()).collect()
}

/// Reads a challenge. A function with a bug stands behind the words, between fences.
///
/// # Errors
/// What is wrong with the text.
pub fn challenge(slug: &'static str, text: &str) -> Result<Challenge, Malformed> {
    const OWN: [&str; 11] =
        ["title", "kind", "goal", "slack", "keep", "workload", "costs", "kernel", "against", "within", "way"];
    let keys: Vec<&str> = OWN.into_iter().chain(LessonSetting::KEYS).collect();
    let head = Head::read(text, &keys)?;
    let setting = LessonSetting::read(&head)?;
    let (prose, planted) = head.rest.split_once("```\n").unwrap_or((head.rest, ""));
    let task = match head.need("kind")? {
        "break" => {
            let name = head.need("goal")?;
            let goal = by_name(name).ok_or_else(|| Malformed(format!("no property {name}")))?;
            let slack = head.get("slack").unwrap_or("0").parse();
            let slack = slack.map_err(|_| Malformed("slack is no number".to_owned()))?;
            Goal::Break { goal, name: name.to_owned(), slack }
        }
        "secure" => Goal::Secure { keep: head.all("keep").map(str::to_owned).collect() },
        "mend" => {
            let fault = || Malformed("no function between fences".to_owned());
            let (text, _) = planted.split_once("```").ok_or_else(fault)?;
            let text = format!("kernel \"planted\" {{\n{text}}}");
            let [one] = &functions(&text)[..] else { return Err(fault()) };
            let body = one.body.span.of(&text).to_owned();
            Goal::Mend { function: one.name.text.clone(), body }
        }
        "cheapest" => Goal::Cheapest { costs: bench(&head)?, within: number(head.need("within")?)? },
        "turn" => {
            let (figure, times) = pair(head.need("way")?)?;
            Goal::Turn {
                costs: bench(&head)?,
                kernels: [head.need("kernel")?.to_owned(), head.need("against")?.to_owned()],
                within: number(head.need("within")?)?,
                way: (figure, number(&times)?),
            }
        }
        other => return Err(Malformed(format!("no such kind: {other}"))),
    };
    Ok(Challenge { slug, title: head.need("title")?.to_owned(), setting, task, text: paragraphs(prose) })
}

fn bench(head: &Head<'_>) -> Result<Bench, Malformed> {
    let (workload, costs) = (head.need("workload")?.to_owned(), head.need("costs")?.to_owned());
    let there = gallery::workload(&workload).is_some() && gallery::costs().any(|text| text.slug == costs);
    // Where the library has not come yet, there is nothing to look into.
    if gallery::whole() && !there {
        return Err(Malformed(format!("no workload {workload}, or no costs {costs}")));
    }
    Ok(Bench { workload, costs })
}

fn number(text: &str) -> Result<u64, Malformed> {
    text.parse().map_err(|_| Malformed(format!("{text} is no number")))
}

impl Challenge {
    /// Where its kernels run by the clock, if they do.
    #[must_use]
    pub fn bench(&self) -> Option<&Bench> {
        match &self.task {
            Goal::Cheapest { costs, .. } | Goal::Turn { costs, .. } => Some(costs),
            _ => None,
        }
    }

    /// A kernel's text whose function has the body with the bug; nothing if no bug is to be found, or the kernel has no such
    /// function.
    #[must_use]
    pub fn planted(&self, kernel: &str) -> Option<String> {
        let Goal::Mend { function, body } = &self.task else { return None };
        let functions = functions(kernel);
        let place = functions.iter().find(|one| one.name.text == *function)?.body.span;
        let (before, after) = (kernel.get(..place.start as usize)?, kernel.get(place.end as usize..)?);
        Some([before, body, after].concat())
    }
}

/// The functions of a kernel's text.
fn functions(text: &str) -> Vec<Function> {
    match lang::tree(text, SourceId::KERNEL).0 {
        Some(File::Kernel(tree)) => tree.functions,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Goal, challenge, challenges};

    #[test]
    fn every_text_is_a_challenge() {
        let faults: Vec<String> = gallery::challenges()
            .filter_map(|text| Some(format!("{}: {}", text.slug, challenge(text.slug, text.text).err()?)))
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    #[test]
    fn there_are_some_of_each_kind() {
        let all = challenges();
        let count = |fits: fn(&Goal) -> bool| all.iter().filter(|challenge| fits(&challenge.task)).count();
        assert!(count(|task| matches!(task, Goal::Break { .. })) >= 3);
        assert!(count(|task| matches!(task, Goal::Secure { .. })) >= 2);
        assert!(count(|task| matches!(task, Goal::Mend { .. })) >= 2);
        assert!(count(|task| matches!(task, Goal::Cheapest { .. } | Goal::Turn { .. })) >= 2);
    }

    #[test]
    fn a_bug_is_another_order_of_the_same_lines() {
        for challenge in challenges() {
            let Goal::Mend { function, .. } = &challenge.task else { continue };
            let lines = |text: &str| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            let kernels =
                gallery::kernels().filter_map(|text| Some((text.text, challenge.planted(text.text)?)));
            let same = kernels.filter(|(text, planted)| text != planted && lines(text) == lines(planted));
            assert!(same.count() > 0, "no kernel has the lines of {function} in {}", challenge.slug);
        }
        let bare = "kernel \"bare\" { sys nothing() { } }";
        assert!(challenges().iter().all(|challenge| challenge.planted(bare).is_none()));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let fault = |text: &str| challenge("x", text).expect_err("a fault").0;
        let head = "title: T\nscenario: psc+fence\n";
        assert_eq!(fault(&format!("{head}kind: guess")), "no such kind: guess");
        assert_eq!(fault(&format!("{head}kind: break\ngoal: luck")), "no property luck");
        assert_eq!(fault(&format!("{head}kind: mend")), "no function between fences");
        let two = "fn a() {}\nfn b() {}\n";
        assert_eq!(
            fault(&format!("{head}kind: mend\n\nWords.\n\n```\n{two}```\n")),
            "no function between fences"
        );
        let head = format!("{head}kind: cheapest\nworkload: idle+munmap\n");
        let free = fault(&format!("{head}within: 5\ncosts: free"));
        assert_eq!(free, "no workload idle+munmap, or no costs free");
        assert_eq!(fault(&format!("{head}within: much\ncosts: server")), "much is no number");
    }
}
