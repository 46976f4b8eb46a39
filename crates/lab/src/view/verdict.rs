//! What the explorer has said, in words.

use crate::model::lab::Lab;
use crate::model::verdict::{self, Early, Mood, Settled, Stage};
use explore::{Bound, Completeness, Progress, PropertySet};
use lang::source::SourceId;
use machine::{Finals, LIMIT, Needs, Property, VIOLATION, named};
use protocol::{Report, WireBound, WireFinals, WireOutlook, WirePhase, WireVerdict};
use scene::grouped;

/// One line: a property, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyLine {
    /// Which property; nothing for a group of them.
    pub property: Option<Property>,
    /// As the scenario has it: `never walk_of_freed`.
    pub text: String,
    /// Whether it holds, or whether that is open.
    pub holds: Option<bool>,
    /// Length of its shortest witness.
    pub steps: Option<usize>,
}

/// What the reader can do about the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchState {
    /// Nothing: it is done, or nearly so.
    Done,
    /// Stop it.
    Running,
    /// Start it again.
    Stopped,
}

/// What the explorer has said, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictView {
    /// The tone of the verdict.
    pub mood: Mood,
    /// The verdict in two or three words.
    pub title: String,
    /// The verdict in a sentence.
    pub sentence: String,
    /// The property that it is about.
    pub headline: Option<Property>,
    /// Other violations that are reachable.
    pub others: Vec<PropertyLine>,
    /// What the scenario expects.
    pub expectations: Vec<PropertyLine>,
    /// The states in which executions end, as herd tells them: a line, and all of it.
    pub finals: Option<(String, String)>,
    /// Figures of the search.
    pub figures: Vec<(&'static str, String)>,
    /// What the reader can do about the search.
    pub search: SearchState,
    /// How far the search is, where the sentence says what it has found.
    pub progress: Option<String>,
    /// The explorer has not answered for a while, in a sentence.
    pub silent: Option<String>,
    /// The machine that it is about, if that is not simply the library's.
    pub about: Option<String>,
    /// The earlier verdict.
    pub was: Option<Settled>,
}

impl VerdictView {
    /// The verdict on what is on the page.
    #[must_use]
    pub fn of(lab: &Lab) -> VerdictView {
        let search = match lab.check().stage {
            Stage::Running { .. } => SearchState::Running,
            Stage::Stopped { .. } => SearchState::Stopped,
            Stage::Asked | Stage::Done(_) | Stage::Failed(_) => SearchState::Done,
        };
        let silent = lab.silent().map(silence);
        VerdictView {
            search,
            silent,
            about: lab.about().words(),
            was: lab.was().cloned(),
            ..VerdictView::plain(lab)
        }
    }

    fn plain(lab: &Lab) -> VerdictView {
        let blank = |mood, title: &str, sentence: String| VerdictView {
            mood,
            title: title.to_owned(),
            sentence,
            headline: None,
            others: Vec::new(),
            expectations: Vec::new(),
            finals: None,
            figures: Vec::new(),
            search: SearchState::Done,
            progress: None,
            silent: None,
            about: None,
            was: None,
        };
        if let Some(early) = &lab.check().early {
            return VerdictView {
                headline: Some(early.property),
                progress: Some(far(lab)),
                ..blank(Mood::Reachable, early.property.row().verdict, early_sentence(lab, early))
            };
        }
        match &lab.check().stage {
            Stage::Asked => blank(
                Mood::Working,
                "Checking",
                "The search tries every interleaving, with every walk that the hardware may make.".into(),
            ),
            Stage::Running { outlook, .. } => blank(Mood::Working, "Checking", running(outlook)),
            Stage::Stopped { states, depth, .. } => {
                let stopped = stopped(*states, *depth);
                blank(Mood::Failed, "Stopped", format!("{stopped} This is not a verdict."))
            }
            Stage::Failed(why) => blank(Mood::Failed, "No verdict", why.clone()),
            Stage::Done(report) => VerdictView::done(lab, report),
        }
    }

    fn done(lab: &Lab, report: &Report) -> VerdictView {
        let program = lab.player().machine().program();
        let headline = verdict::headline(report, program);
        let mut others = Vec::new();
        for (property, steps) in verdict::violations(report) {
            if headline.as_ref().is_none_or(|(first, _)| *first != property) {
                let text = property.title().to_owned();
                others.push(PropertyLine { property: Some(property), text, holds: None, steps: Some(steps) });
            }
        }
        let expectation = |found: &protocol::WireExpectation| {
            let shown = named(program, &found.property).and_then(|properties| report.witness(properties));
            PropertyLine {
                property: shown.as_ref().map(|(property, _)| *property),
                text: found.text(),
                holds: match found.verdict {
                    WireVerdict::Met => Some(true),
                    WireVerdict::Failed => Some(false),
                    WireVerdict::Open => None,
                },
                steps: shown.map(|(_, schedule)| schedule.len()),
            }
        };
        let (mood, title) = verdict::settled(program, report);
        // If nothing was found, the size of the search is the news.
        let figures = match mood {
            Mood::Safe | Mood::Bounded => vec![
                (if report.saturated { "saturated states" } else { "states" }, grouped(report.states.into())),
                ("transitions", grouped(report.transitions)),
                ("steps deep", report.depth.to_string()),
            ],
            Mood::Working | Mood::Reachable | Mood::Failed => Vec::new(),
        };
        VerdictView {
            mood,
            figures,
            title,
            sentence: sentence(
                lab,
                report,
                headline.as_ref().map(|(property, schedule)| (*property, schedule.len())),
            ),
            headline: headline.map(|(property, _)| property),
            others,
            expectations: report.expectations.iter().map(expectation).collect(),
            finals: report.finals.as_ref().map(|found| finals(lab, found, report.stores_waited)),
            search: SearchState::Done,
            progress: None,
            silent: None,
            about: None,
            was: None,
        }
    }
}

/// How far the search is that has found something, or was when the reader stopped it.
fn far(lab: &Lab) -> String {
    match &lab.check().stage {
        Stage::Running { outlook, .. } => running(outlook),
        Stage::Stopped { states, depth, .. } => stopped(*states, *depth),
        Stage::Asked | Stage::Done(_) | Stage::Failed(_) => String::new(),
    }
}

fn stopped(states: u32, depth: u32) -> String {
    format!(
        "You stopped the search after {} states found, {} deep.",
        grouped(states.into()),
        scene::steps(depth as usize)
    )
}

fn early_sentence(lab: &Lab, early: &Early) -> String {
    let Early { property, schedule, shortest, settled } = early;
    let machine = lab.player().machine();
    scene::early_sentence(machine, property.name(), schedule.len(), *shortest, *settled)
}

/// That the explorer does not answer, and what may be the reason.
fn silence(seconds: u32) -> String {
    format!(
        "The explorer has not answered for {seconds} s. The page still waits for it: other programs may need the processor, or \
         the search needs much memory."
    )
}

/// How far a search has come, and what it looks for.
fn running(outlook: &WireOutlook) -> String {
    let &WireOutlook { phase, states, frontier, depth, estimate } = outlook;
    // One unit: what the limit counts is states that have been found, explored or not.
    let far = match (phase, estimate) {
        (WirePhase::Shortest, _) => ".".to_owned(),
        (_, Some(all)) => format!(": {} of all, by an estimate.", scene::share(states, all)),
        (_, None) => format!(
            ", of at most {}. How many there are can't be told yet.",
            grouped(verdict::MOST_STATES.into())
        ),
    };
    let (goal, kind) = match phase {
        WirePhase::Every => ("", "states"),
        WirePhase::Saturated => (
            "There are many states, so the search looks at saturated ones alone, in which each CPU has cached whatever it can. ",
            "saturated states",
        ),
        WirePhase::Shortest => {
            ("What can happen is settled. The search goes on for a shortest path to it. ", "states")
        }
        WirePhase::Without => ("The search looks for a run without what should always show. ", "states"),
    };
    let (found, left) = (grouped(states.into()), grouped(frontier.into()));
    format!(
        "{goal}{found} {kind} found{far} {left} of them are still to be explored, {} deep.",
        scene::steps(depth as usize)
    )
}

/// The final states, in the words of herd.
fn finals(lab: &Lab, found: &WireFinals, waited: bool) -> (String, String) {
    let machine = lab.player().machine();
    let all = found.states.len() + found.more as usize;
    let line = if all == 1 { "1 final state".to_owned() } else { format!("{all} final states") };
    if found.more > 0 {
        let states = found.states.iter().map(|values| scene::final_state(machine, values) + "\n");
        let more = format!("and {} more: `tlbscope check` tells all of them\n", found.more);
        return (line, states.chain([more]).collect());
    }
    let finals =
        Finals { states: found.states.clone(), holds: found.holds as usize, complete: found.complete };
    (line, scene::finals(machine, &finals, waited))
}

fn sentence(lab: &Lab, report: &Report, headline: Option<(Property, usize)>) -> String {
    let progress = Progress {
        states: report.states,
        frontier: report.frontier,
        transitions: report.transitions,
        depth: report.depth,
        bytes: report.bytes,
        seen: report.seen() | if report.bound == Some(WireBound::Limit) { LIMIT } else { PropertySet::NONE },
        completeness: match report.bound {
            None => Completeness::Complete,
            Some(WireBound::States) => Completeness::Bounded(Bound::States),
            Some(WireBound::Bytes) => Completeness::Bounded(Bound::Bytes),
            Some(WireBound::Model | WireBound::Limit) => Completeness::Bounded(Bound::System),
            Some(WireBound::Found) => Completeness::Bounded(Bound::Found),
        },
    };
    let name = headline.map_or("violation", |(property, _)| property.name());
    let properties = headline.map_or(VIOLATION, |(property, _)| property.as_set());
    let observation = observation(report, properties);
    let machine = lab.player().machine();
    let mut sentence = scene::verdict_sentence(
        machine,
        name,
        &scene::Known {
            observation,
            witness: headline.map(|(property, steps)| (steps, report.shortest(property))),
            progress: &progress,
            saturated: report.saturated,
            needs: report.needs.map(Needs::from),
            waited: report.stores_waited,
        },
    );
    let text = lab.setup().session.text(SourceId::SCENARIO);
    if let Some(only) = scene::only_fault(machine, &report.only_fault, &text) {
        sentence.push(' ');
        sentence.push_str(&only);
    }
    let idle = with_sources(lab, |sources| scene::idle_claims(machine, &report.idle_claims, sources));
    if let Some(idle) = idle {
        sentence.push(' ');
        sentence.push_str(&idle);
    }
    sentence
}

/// The lines of the kernel that no run reaches, as the command line tells them: the verdict says nothing about them.
#[must_use]
pub fn unreached(lab: &Lab) -> Option<String> {
    let report = lab.check().report()?;
    let machine = lab.player().machine();
    let full = report.stores_waited.then_some(machine.program().machine.store_buffer);
    let lines = with_sources(lab, |sources| scene::unreached_lines(machine, &report.unreached, sources));
    scene::unreached(&lines, full)
}

/// What something says of the texts of the experiment.
fn with_sources<T>(lab: &Lab, say: impl FnOnce(scene::Sources<'_>) -> T) -> T {
    let text = lab.setup().session.text(SourceId::SCENARIO);
    let whole = lab.setup().session.experiment.whole_kernel();
    let (kernel, joints) = whole.as_ref().map_or(("", &[][..]), |whole| (&*whole.text, &whole.joints[..]));
    say(scene::Sources { scenario: &text, kernel, joints })
}

/// How often something of a set shows. Only what is asked about one property is known exactly; of a set it is
/// enough to know that none shows.
fn observation(report: &Report, properties: PropertySet) -> Option<lang::program::Observation> {
    let of_one = |number: u8| report.findings.iter().find(|finding| finding.property == number);
    let mut numbers = properties.iter();
    match (numbers.next(), numbers.next()) {
        (Some(one), None) => of_one(one).and_then(|finding| finding.observation).map(Into::into),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{SearchState, VerdictView, running};
    use crate::model::act::Act;
    use crate::model::lab::Lab;
    use crate::model::verdict::Mood;
    use machine::Property;
    use protocol::{FromExplorer, WireOutlook, WirePhase};

    #[test]
    fn what_can_happen_is_told_before_its_shortest_way() {
        let lab = Lab::open(None).expect("a scenario compiles");
        let job = lab.check().job;
        let (property, mut schedule) = (Property::WalkOfFreed, lab.player().trace().schedule());
        // Not the run that is on the stage already.
        schedule.truncate(9);
        let early = |shortest, settled| FromExplorer::Early {
            job,
            property: property.number(),
            witness: schedule.iter().map(|action| action.code()).collect(),
            shortest,
            settled,
        };
        let outlook = WireOutlook { phase: WirePhase::Shortest, states: 1_000, ..WireOutlook::default() };
        let progress = FromExplorer::Progress {
            job,
            states: 1_000,
            frontier: 0,
            transitions: 3_000,
            depth: 7,
            bytes: 1,
            outlook,
        };
        let before = lab.after(Act::Heard(vec![progress.clone()]));
        assert_eq!(VerdictView::of(&before).title, "Checking");
        assert!(before.check().silent());
        for (lab, said) in [
            (&before, vec![early(false, true)]),
            (&lab, vec![early(false, true)]),
            (&lab, vec![early(true, false), early(false, true), progress.clone()]),
        ] {
            let lab = lab.after(Act::Heard(said));
            let said = VerdictView::of(&lab);
            assert!(lab.check().awaited() && !lab.check().silent());
            assert_eq!(
                (said.mood, said.search, said.headline),
                (Mood::Reachable, SearchState::Running, Some(property))
            );
            assert_eq!(said.title, property.row().verdict);
            let steps = format!("Reachable in {} steps or fewer: ", schedule.len());
            assert!(said.sentence.starts_with(&steps), "{}", said.sentence);
            assert!(said.sentence.contains("Whether a shorter run shows it is still open"));
            // It can be seen at once, but the stage stays as it is until the reader wants that.
            assert_eq!(lab.player().cursor(), before.player().cursor());
            let shown = lab.after(Act::Show(property));
            assert_eq!(
                (shown.player().trace().schedule(), shown.player().at_end()),
                (schedule.clone(), true)
            );
            let stopped = VerdictView::of(&lab.after(Act::Stop));
            assert_eq!(
                (stopped.mood, stopped.search, stopped.sentence),
                (said.mood, SearchState::Stopped, said.sentence)
            );
            assert!(stopped.progress.is_some_and(|told| told.starts_with("You stopped the search after ")));
        }
        let graver = VerdictView::of(&before.after(Act::Heard(vec![early(true, false)])));
        assert!(graver.sentence.contains("Whether anything graver shows is still open"));
        assert!(!graver.sentence.contains("or fewer"));
    }

    #[test]
    fn how_far_a_search_is_comes_as_an_estimate_or_not_at_all() {
        let early =
            WireOutlook { phase: WirePhase::Every, states: 3_000, frontier: 1_000, depth: 9, estimate: None };
        assert_eq!(
            running(&early),
            "3,000 states found, of at most 3,000,000. How many there are can't be told yet. 1,000 of them are still to be explored, \
             9 steps deep."
        );
        let later = WireOutlook { phase: WirePhase::Saturated, estimate: Some(3_200), ..early };
        let said = running(&later);
        assert!(said.contains("saturated states found: more than 90 % of all, by an estimate."), "{said}");
        let shortest = running(&WireOutlook { phase: WirePhase::Shortest, ..later });
        assert!(!shortest.contains('%') && shortest.contains("shortest path"), "{shortest}");
    }
}
