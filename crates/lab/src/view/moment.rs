//! From what the page knows to what its components draw, for one moment.

use crate::model::changes::{Change, changes};
use crate::model::lab::Lab;
use crate::model::permalink;
use crate::model::player::Player;
use crate::model::session::Session;
use crate::model::verdict::{self, Mood, Settled, Stage};
use explore::{Bound, Completeness, Marks, Progress};
use lang::diagnostic::Severity;
use lang::source::{SourceId, Span};
use machine::{Action, Machine, Property, State, VIOLATION, by_name};
use protocol::{Report, WireBound, WireVerdict};
use scene::grouped;
use scene::view::Scene;
use std::rc::Rc;

/// An action that could be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// It.
    pub action: Action,
    /// It in a few words, without its CPU.
    pub name: String,
    /// What it would do.
    pub sentence: String,
    /// Hardware does it by itself: no instruction asks for it.
    pub unasked: bool,
    /// It is what the run does next.
    pub next: bool,
}

/// One of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is called.
    pub title: String,
    /// It.
    pub text: Rc<str>,
    /// It differs from the library's.
    pub edited: bool,
    /// In what, if the library has one to go back to.
    pub changes: Option<Rc<Vec<Change>>>,
}

/// One line: a property, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which property; nothing for a group of them.
    pub property: Option<Property>,
    /// As the scenario has it: `never walk_of_freed`.
    pub text: String,
    /// It holds, it does not, or that is open.
    pub holds: Option<bool>,
    /// Length of its shortest witness.
    pub steps: Option<usize>,
}

/// What the reader can do about the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Nothing: it is done, or as good as.
    Done,
    /// Stop it.
    Running,
    /// Begin it once more.
    Stopped,
}

/// The machine at the moment shown, and what could be done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Showing {
    /// The picture.
    pub scene: Rc<Scene>,
    /// The statement each CPU is at.
    pub lines: Rc<Vec<String>>,
    /// What could be done.
    pub choices: Vec<Choice>,
    /// Per CPU, why its software can't go on.
    pub blocked: Vec<Option<String>>,
}

impl Showing {
    /// What a player shows.
    #[must_use]
    pub fn of(player: &Player) -> Showing {
        let (machine, cursor) = (player.machine(), player.cursor());
        let after = player.state(cursor);
        let before = cursor.checked_sub(1).map(|moment| player.state(moment));
        let scene = scene::frame(machine, before.as_ref(), player.step(), &after);
        let statement = |cpu: &scene::view::CpuView| {
            let position = &cpu.position;
            let text = player.setup().text(SourceId(position.source));
            let span = Span { start: position.start, end: position.end };
            span.of(text).lines().next().unwrap_or_default().trim_end().to_owned()
        };
        let next = player.trace().steps().get(cursor).map(|step| step.action);
        let choices = player.enabled().into_iter().map(|action| Choice {
            action,
            name: scene::action_name(machine, action)
                .split_once(' ')
                .map_or(String::new(), |name| name.1.to_owned()),
            sentence: scene::explain_action(machine, &after, action),
            unasked: action.unasked() && !asked_for(machine, &after, action),
            next: Some(action) == next,
        });
        let cpus = 0..after.cpus.len() as u8;
        Showing {
            lines: Rc::new(scene.cpus.iter().map(statement).collect()),
            choices: choices.collect(),
            blocked: cpus.map(|cpu| scene::why_blocked(machine, &after, cpu)).collect(),
            scene: Rc::new(scene),
        }
    }
}

/// Whether the program of its CPU waits for a walk: then it is not speculative.
fn asked_for(machine: &Machine, state: &State, action: Action) -> bool {
    match action {
        Action::Walk { cpu, va, .. } => machine
            .wants(state, cpu)
            .is_some_and(|wanted| machine.watched().get(usize::from(va)) == Some(&wanted)),
        _ => false,
    }
}

/// What the explorer has said, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The tone of the whole.
    pub mood: Mood,
    /// Two or three words.
    pub title: String,
    /// The sentence.
    pub sentence: String,
    /// What it is about.
    pub headline: Option<Property>,
    /// Other violations that show.
    pub others: Vec<Line>,
    /// What the scenario expects.
    pub expectations: Vec<Line>,
    /// Figures of the search.
    pub figures: Vec<(&'static str, String)>,
    /// What the reader can do about the search.
    pub search: Search,
    /// What it is about, if that is not simply the library's text.
    pub about: Option<String>,
    /// The verdict of before.
    pub was: Option<Settled>,
}

impl Said {
    /// The verdict on what is on the page.
    #[must_use]
    pub fn of(lab: &Lab) -> Said {
        let search = match lab.check().stage {
            Stage::Running { .. } => Search::Running,
            Stage::Stopped { .. } => Search::Stopped,
            Stage::Asked | Stage::Done(_) | Stage::Failed(_) => Search::Done,
        };
        Said { search, about: lab.about().words(), was: lab.was().cloned(), ..Said::plain(lab) }
    }

    fn plain(lab: &Lab) -> Said {
        let blank = |mood, title: &str, sentence: String| Said {
            mood,
            title: title.to_owned(),
            sentence,
            headline: None,
            others: Vec::new(),
            expectations: Vec::new(),
            figures: Vec::new(),
            search: Search::Done,
            about: None,
            was: None,
        };
        match &lab.check().stage {
            Stage::Asked => blank(
                Mood::Working,
                "Checking",
                "Every interleaving, with every walk that hardware may make.".into(),
            ),
            Stage::Running { states, frontier, depth } => blank(
                Mood::Working,
                "Checking",
                format!(
                    "{} of at most {} states so far, {} of them still to be explored, {depth} steps deep.",
                    grouped((*states).into()),
                    grouped(verdict::MOST_STATES.into()),
                    grouped((*frontier).into()),
                ),
            ),
            Stage::Stopped { states, depth, .. } => blank(
                Mood::Failed,
                "Stopped",
                format!(
                    "You stopped the search after {} states, {depth} steps deep: this is no verdict.",
                    grouped((*states).into()),
                ),
            ),
            Stage::Failed(why) => blank(Mood::Failed, "No verdict", why.clone()),
            Stage::Done(report) => Said::done(lab, report),
        }
    }

    fn done(lab: &Lab, report: &Report) -> Said {
        let program = lab.player().machine().program();
        let headline = verdict::headline(report, program);
        let mut others = Vec::new();
        for (property, steps) in verdict::violations(report) {
            if headline.as_ref().is_none_or(|(first, _)| *first != property) {
                let text = property.title().to_owned();
                others.push(Line { property: Some(property), text, holds: None, steps: Some(steps) });
            }
        }
        let expectation = |found: &protocol::WireExpectation| {
            let shown = by_name(&found.property).and_then(|marks| report.witness(marks));
            Line {
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
        // Where nothing was found, what was looked through is the news.
        let figures = match mood {
            Mood::Safe | Mood::Bounded => vec![
                ("states", report.states.to_string()),
                ("transitions", report.transitions.to_string()),
                ("steps deep", report.depth.to_string()),
            ],
            Mood::Working | Mood::Reachable | Mood::Failed => Vec::new(),
        };
        Said {
            mood,
            figures,
            title: title.to_owned(),
            sentence: sentence(
                lab,
                report,
                headline.as_ref().map(|(property, schedule)| (*property, schedule.len())),
            ),
            headline: headline.map(|(property, _)| property),
            others,
            expectations: report.expectations.iter().map(expectation).collect(),
            search: Search::Done,
            about: None,
            was: None,
        }
    }
}

fn sentence(lab: &Lab, report: &Report, headline: Option<(Property, usize)>) -> String {
    let progress = Progress {
        states: report.states,
        frontier: report.frontier,
        transitions: report.transitions,
        depth: report.depth,
        bytes: report.bytes,
        seen: report.seen(),
        completeness: match report.bound {
            None => Completeness::Complete,
            Some(WireBound::States) => Completeness::Bounded(Bound::States),
            Some(WireBound::Bytes) => Completeness::Bounded(Bound::Bytes),
            Some(WireBound::Model) => Completeness::Bounded(Bound::System),
            Some(WireBound::Found) => Completeness::Bounded(Bound::Found),
        },
    };
    let name = headline.map_or("violation", |(property, _)| property.name());
    let marks = headline.map_or(VIOLATION, |(property, _)| property.mark());
    let observation = observation(report, marks);
    let machine = lab.player().machine();
    let mut sentence = scene::verdict_sentence(
        machine,
        name,
        observation,
        headline.map(|(_, steps)| steps),
        &progress,
        report.stores_waited,
    );
    let text = lab.setup().session.text(SourceId::SCENARIO);
    if let Some(only) = scene::only_fault(machine, &report.only_fault, &text) {
        sentence.push(' ');
        sentence.push_str(&only);
    }
    sentence
}

/// How often something of a set shows. Only what is asked about one property is known exactly; of a set it is
/// enough to know that none shows.
fn observation(report: &Report, marks: Marks) -> Option<lang::program::Observation> {
    let of_one = |number: u8| report.findings.iter().find(|finding| finding.property == number);
    let mut numbers = marks.iter();
    match (numbers.next(), numbers.next()) {
        (Some(one), None) => of_one(one).and_then(|finding| finding.observation).map(Into::into),
        _ => None,
    }
}

/// The two texts as they stand.
#[must_use]
pub fn sources(session: &Session) -> [Source; 2] {
    let source = |source: SourceId, title: String| Source {
        title,
        text: session.text(source),
        edited: session.is_edited(source),
        changes: session
            .library_text(source)
            .filter(|_| session.is_edited(source))
            .map(|before| Rc::new(changes(before, &session.text(source)))),
    };
    let scenario = lang::scenario_name(&session.scenario).unwrap_or_else(|| "scenario".to_owned());
    let kernel = session.kernel_name().unwrap_or_else(|| "kernel".to_owned());
    let kernel = match session.named_kernel().filter(|_| session.on.is_some()) {
        Some(named) => format!("{kernel}, in the place of {named}"),
        None => kernel,
    };
    [source(SourceId::SCENARIO, scenario), source(SourceId::KERNEL, kernel)]
}

/// The names of the scenario as it stands and of its cases.
#[must_use]
pub fn cases(session: &Session) -> Vec<String> {
    let name = |case: lang::CaseName| case.name.unwrap_or_else(|| "as told".to_owned());
    session.cases().into_iter().map(name).collect()
}

/// What to say while the texts have errors, or are too long to be kept.
#[must_use]
pub fn broken(lab: &Lab) -> Option<String> {
    if let Some(sentence) = permalink::too_long(lab.session(), lab.player().trace().len()) {
        return Some(sentence);
    }
    let errors = lab.diagnostics().iter().filter(|found| found.severity == Severity::Error).count();
    let errors = match errors {
        0 => return None,
        _ if lab.read_of_errors() => return None,
        1 => "The text has an error".to_owned(),
        errors => format!("The text has {errors} errors"),
    };
    Some(if lab.stands_in() {
        format!("{errors}. On the stage is one like it that compiles.")
    } else {
        format!("{errors}. The last machine that compiled stays on stage.")
    })
}
