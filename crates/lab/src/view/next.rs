//! What to try next: with a verdict, from which step on it was lost, the nearest setting with the opposite verdict, and
//! where in the history of Linux a violation came and went.
//!
//! The last two are read off the settled tables. Nothing is said before whatever could be nearer is settled too.

use crate::model::grid::Cell;
use crate::model::lab::Lab;
use crate::model::lost::MOST_STATES;
use crate::model::session::{Setting, Setup};
use crate::model::settings::{GridAxes, kernels};
use crate::model::verdict::Mood;
use crate::view::grid::{CellKind, CellView, here, words};
use lang::program::Origin;
use std::collections::BTreeMap;

/// Something to try: a sentence that ends with what leads there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The beginning of the sentence, or all of it.
    pub text: String,
    /// What leads there.
    pub way: Way,
}

/// Where a hint leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// To a setting, by what differs from the one on the page.
    Setting(CellView),
    /// To the step from which on the verdict's run was lost, in a few words.
    Lost(String),
}

/// What to try next. Nothing while there is no verdict, and nothing in a challenge, which it would give away.
#[must_use]
pub fn next(lab: &Lab, mood: Mood) -> Vec<Hint> {
    let wanted = match mood {
        Mood::Reachable => CellKind::Safe,
        Mood::Safe => CellKind::Reachable,
        Mood::Working | Mood::Bounded | Mood::Failed => return Vec::new(),
    };
    if lab.stale() || lab.lesson().challenge().is_some() {
        return Vec::new();
    }
    let (setup, known) = (lab.setup(), lab.grid().cells());
    let lost = lost(lab).filter(|_| mood == Mood::Reachable);
    lost.into_iter().chain(nearest(setup, known, wanted)).chain(history(setup, known)).collect()
}

/// From which step on the verdict's run was lost, if the explorer has said so.
fn lost(lab: &Lab) -> Option<Hint> {
    let known = lab.lost().known()?;
    let (from, steps) = (known.from, known.schedule.len());
    let text = scene::lost(explore::Lost { from, settled: known.settled }, steps, MOST_STATES);
    let way = if from == 0 { "Show the beginning".to_owned() } else { format!("Show step {from}") };
    Some(Hint { text, way: Way::Lost(way) })
}

/// The most settings that are as near.
const NEAREST: usize = 3;

/// The settings that differ in the fewest options from the one on the page and have a verdict of another kind.
fn nearest(setup: &Setup, known: &BTreeMap<Setting, Cell>, wanted: CellKind) -> Vec<Hint> {
    let here = here(setup);
    let axes = GridAxes::of(setup);
    // What the programs do is no repair: a scenario in which they do something else is another one.
    let other: Vec<&str> = match wanted {
        CellKind::Safe => setup.options(Origin::Scenario).map(|option| option.name.as_str()).collect(),
        _ => Vec::new(),
    };
    let mut best: (usize, Vec<Setting>) = (usize::MAX, Vec::new());
    let mut open = usize::MAX;
    for setting in axes.settings() {
        let changed = || setting.options.iter().filter(|choice| !here.options.contains(choice));
        if changed().any(|(name, _)| other.contains(&name.as_str())) {
            continue;
        }
        let apart = changed().count();
        match words(known.get(&setting).map(|cell| &cell.verdict)).0 {
            CellKind::Waiting | CellKind::Bounded => open = open.min(apart),
            kind if kind == wanted && apart < best.0 => best = (apart, vec![setting]),
            kind if kind == wanted && apart == best.0 => best.1.push(setting),
            _ => {}
        }
    }
    let (apart, settings) = best;
    if apart == 0 || apart > open {
        return Vec::new();
    }
    let alone = settings.len() == 1;
    // Options that the table leaves as they are were not tried: fewer of them may do.
    let text = match (wanted, apart, axes.fixed.is_empty()) {
        (CellKind::Safe, 1, _) if alone => "One switch makes it safe",
        (CellKind::Safe, 1, _) => "This switch alone makes it safe",
        (CellKind::Safe, _, true) if alone => "The fewest switches that make it safe",
        (CellKind::Safe, ..) => "These switches make it safe",
        (_, 1, _) if alone => "One switch breaks it",
        (_, 1, _) => "This switch alone breaks it",
        (_, _, true) if alone => "The fewest switches that break it",
        _ => "These switches break it",
    };
    let hint = |setting: Setting| {
        let changed = setting.options.iter().filter(|choice| !here.options.contains(choice));
        let changed: Vec<String> =
            changed.map(|(name, choice)| format!("{} {choice}", name.replace('_', " "))).collect();
        Hint { text: text.to_owned(), way: Way::Setting(cell(known, setting, changed.join(", "))) }
    };
    settings.into_iter().take(NEAREST).map(hint).collect()
}

fn cell(known: &BTreeMap<Setting, Cell>, setting: Setting, label: String) -> CellView {
    let known = known.get(&setting);
    let (kind, word, sentence) = words(known.map(|cell| &cell.verdict));
    let link = known.and_then(|cell| cell.link.clone());
    CellView { setting, label, link, kind, word, sentence, here: false, near: true }
}

/// The numbers of a release of Linux, in the order of releases: release candidates come before the release.
type Release = (u32, u32, u32);

/// Which release of Linux a kernel is.
fn release(kernel: &str) -> Option<Release> {
    let (version, candidate) = match kernel.strip_prefix("linux-")?.split_once("-rc") {
        Some((version, candidate)) => (version, candidate.parse().ok()?),
        None => (kernel.strip_prefix("linux-")?, u32::MAX),
    };
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?, candidate))
}

/// Where in the history of Linux a violation first shows, and where it is gone: a hint for each change of the verdict. The
/// table of kernels runs the scenario as written, so nothing is said of a case or of a kernel with other options; nothing
/// of kernels that were edited; and nothing of scenarios about other systems, which only happen to run on Linux.
fn history(setup: &Setup, known: &BTreeMap<Setting, Cell>) -> Vec<Hint> {
    let session = &setup.session;
    let told = session.experiment.selection.case.is_none()
        && setup.options(Origin::Kernel).all(|option| option.chosen == option.default);
    let about_linux = session.cases().iter().any(|case| release(&case.kernel).is_some());
    let mut releases: Vec<(Release, String, Setting, CellKind)> = Vec::new();
    for setting in kernels(setup) {
        let Some((name, at)) = setting.kernel.clone().and_then(|name| release(&name).map(|at| (name, at)))
        else {
            continue;
        };
        match words(known.get(&setting).map(|cell| &cell.verdict)).0 {
            CellKind::Refused => {}
            CellKind::Waiting | CellKind::Bounded => return Vec::new(),
            _ if !told || !about_linux || session.experiment.kernels.own(&name).is_some() => {
                return Vec::new();
            }
            kind => {
                let place = releases.iter().take_while(|other| other.0 < at).count();
                releases.insert(place, (at, name, setting, kind));
            }
        }
    }
    let own = session.kernel_name();
    let mut hints: Vec<Hint> = Vec::new();
    for pair in releases.windows(2) {
        let [(_, before, _, was), (_, kernel, setting, is)] = pair else { continue };
        let text = match (was, is, hints.is_empty()) {
            (CellKind::Safe, CellKind::Reachable, true) => "A violation first shows on".to_owned(),
            (CellKind::Safe, CellKind::Reachable, false) => "It shows again on".to_owned(),
            (CellKind::Reachable, CellKind::Safe, true) => format!("The violation of {before} is gone on"),
            (CellKind::Reachable, CellKind::Safe, false) => "It is gone on".to_owned(),
            _ => continue,
        };
        let here = own.as_ref() == Some(kernel);
        let cell = CellView { here, ..cell(known, setting.clone(), kernel.clone()) };
        hints.push(Hint { text, way: Way::Setting(cell) });
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::{Hint, Way, history, nearest, next, release};
    use crate::model::act::Act;
    use crate::model::grid::Cell;
    use crate::model::jobs::Purpose;
    use crate::model::lab::Lab;
    use crate::model::lab::tests::checked;
    use crate::model::player::PlayerAct;
    use crate::model::session::{Session, Setting, Setup};
    use crate::model::settings::{GridAxes, kernels};
    use crate::model::verdict::Mood;
    use crate::view::grid::CellKind;
    use lang::source::SourceId;
    use protocol::{FromExplorer, Server, ToExplorer, WireCell, from_bytes, to_bytes};
    use std::collections::BTreeMap;

    const SAFE: WireCell = WireCell::Safe { states: 7, saturated: false };
    const BAD: WireCell = WireCell::Reachable { property: 1, steps: 9, shortest: true };

    fn setup_of(slug: &str) -> Setup {
        Session::library(slug).expect("it is in the library").compile().0.expect("it compiles")
    }

    fn setup() -> Setup {
        setup_of(crate::DEFAULT)
    }

    fn known(
        settings: impl IntoIterator<Item = Setting>,
        verdict: impl Fn(&Setting) -> Option<WireCell>,
    ) -> BTreeMap<Setting, Cell> {
        let cell = |setting: Setting| {
            let verdict = verdict(&setting)?;
            Some((setting, Cell { verdict, link: None }))
        };
        settings.into_iter().filter_map(cell).collect()
    }

    fn is(setting: &Setting, option: &str, choice: &str) -> bool {
        setting.options.contains(&(option.to_owned(), choice.to_owned()))
    }

    fn label(hint: &Hint) -> &str {
        match &hint.way {
            Way::Setting(cell) => &cell.label,
            Way::Lost(words) => words,
        }
    }

    #[test]
    fn the_nearest_safe_setting_is_named_once_nothing_nearer_is_open() {
        let setup = setup();
        let settings = GridAxes::of(&setup).settings();
        let safe =
            |setting: &Setting| is(setting, "init_mm_switch", "on") && is(setting, "memory_barrier", "on");
        let all = known(settings.clone(), |setting| Some(if safe(setting) { SAFE } else { BAD }));
        let told = |verdicts: &BTreeMap<Setting, Cell>, wanted| -> Vec<String> {
            let hints = nearest(&setup, verdicts, wanted);
            hints.iter().map(|hint| format!("{}: {}", hint.text, label(hint))).collect()
        };
        let both = "The fewest switches that make it safe: memory barrier on, init mm switch on";
        assert_eq!(told(&all, CellKind::Safe), [both]);
        // Whatever is as near is named too.
        let either =
            |setting: &Setting| is(setting, "init_mm_switch", "on") || is(setting, "lazy_tlb", "off");
        let two = known(settings.clone(), |setting| Some(if either(setting) { SAFE } else { BAD }));
        let alone = "This switch alone makes it safe";
        assert_eq!(
            told(&two, CellKind::Safe),
            [format!("{alone}: lazy tlb off"), format!("{alone}: init mm switch on")]
        );
        let nearer = |setting: &Setting| is(setting, "lazy_tlb", "off");
        let open = known(settings, |setting| match setting {
            setting if safe(setting) => Some(SAFE),
            setting if nearer(setting) => None,
            _ => Some(BAD),
        });
        assert!(told(&open, CellKind::Safe).is_empty(), "a nearer one may be safe too");
        assert!(told(&all, CellKind::Bounded).is_empty());
    }

    /// A switch of the scenario says what programs do. With it off, nothing may go wrong, but nothing is mended either.
    #[test]
    fn what_programs_do_is_no_repair() {
        let session = Session::library(crate::DEFAULT).expect("it is in the library");
        let text = session.text(SourceId::SCENARIO).replacen(
            "mm A",
            "option extra = on \"It loads once more\"\n    mm A",
            1,
        );
        let text = text.replacen("expect", "cpu 2 { if extra { load(0x400000); } }\n    expect", 1);
        let text = text.replacen("machine {", "machine { cpus 3; ", 1).replace(" cpus 2;", "");
        let (setup, found) = session.edited(SourceId::SCENARIO, &text).compile();
        let setup = setup.unwrap_or_else(|| panic!("{found:?} in {text}"));
        let settings = GridAxes::of(&setup).settings();
        let safe = |setting: &Setting| is(setting, "extra", "off") || is(setting, "lazy_tlb", "off");
        assert!(settings.iter().any(|setting| is(setting, "extra", "off")));
        let all = known(settings, |setting| Some(if safe(setting) { SAFE } else { BAD }));
        let labels = |wanted| {
            nearest(&setup, &all, wanted).iter().map(|hint| label(hint).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(labels(CellKind::Safe), ["lazy tlb off"]);
    }

    fn told(setup: &Setup, verdict: impl Fn(&str) -> Option<WireCell>) -> Vec<String> {
        let all = known(kernels(setup), |setting| verdict(setting.kernel.as_deref().unwrap_or_default()));
        history(setup, &all).iter().map(|hint| format!("{} {}", hint.text, label(hint))).collect()
    }

    #[test]
    fn the_history_tells_where_a_violation_came_and_went() {
        let setup = setup_of("lazy+munmap");
        let bad = |kernel: &str| ["linux-4.14-rc1", "linux-6.14"].contains(&kernel);
        let verdict = |kernel: &str| Some(if bad(kernel) { BAD } else { SAFE });
        assert_eq!(
            told(&setup, verdict),
            [
                "A violation first shows on linux-4.14-rc1",
                "It is gone on linux-4.14",
                "It shows again on linux-6.14",
                "It is gone on linux-6.15",
            ]
        );
        let old = |kernel: &str| Some(if kernel == "linux-4.13" { BAD } else { SAFE });
        assert_eq!(told(&setup, old), ["The violation of linux-4.13 is gone on linux-4.14-rc1"]);
        let open = |kernel: &str| if kernel == "linux-4.13" { None } else { verdict(kernel) };
        assert!(told(&setup, open).is_empty(), "it may have shown on 4.13");
        let bounded = |kernel: &str| match kernel {
            "linux-4.20" => Some(WireCell::Bounded { states: 9 }),
            kernel => verdict(kernel),
        };
        assert!(told(&setup, bounded).is_empty(), "what is open is not settled");
    }

    #[test]
    fn the_history_is_that_of_the_scenario_as_written_on_linux_as_it_was() {
        let verdict = |kernel: &str| Some(if kernel == "linux-4.14-rc1" { BAD } else { SAFE });
        let written = Session::library("lazy+munmap").expect("it is in the library");
        let setup = |session: &Session| session.compile().0.expect("it compiles");
        assert!(!told(&setup(&written), verdict).is_empty());
        let case = written.with_setting(&Setting { case: Some(3), ..Setting::default() });
        assert!(told(&setup(&case), verdict).is_empty(), "a case has another history");
        let edited = written.edited(SourceId::KERNEL, &format!("// mine\n{}", written.kernel()));
        assert!(told(&setup(&edited), verdict).is_empty(), "the kernel is the reader's");
        assert!(told(&setup_of("zircon+return"), verdict).is_empty(), "it is about Zircon");
    }

    #[test]
    fn the_step_from_which_it_was_lost_stands_first_and_can_be_shown() {
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        assert!(lab.lost().known().is_none() && next(&lab, Mood::Reachable).is_empty());
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        let request = lab.request(Purpose::Lost).expect("it is asked");
        assert!(server.handle(&to_bytes(&request)).is_empty());
        let mut said = Vec::new();
        while server.busy() {
            said.extend(server.run(100).iter().map(|reply| from_bytes(reply).expect("a message")));
        }
        let told = lab.after(Act::Heard(said));
        let known = told.lost().known().cloned().expect("it is known");
        assert_eq!(*known.schedule, lab.player().trace().schedule());
        assert!(known.settled && known.from < known.schedule.len(), "{known:?}");
        let hints = next(&told, Mood::Reachable);
        assert!(matches!(&hints[..], [Hint { way: Way::Lost(_), .. }]), "{hints:?}");
        assert!(hints[0].text.starts_with("It was lost from "), "{hints:?}");
        assert!(next(&told, Mood::Safe).is_empty());
        // It is shown, whatever run is on the stage.
        let other = told.after(Act::Play(PlayerAct::Load(known.schedule[..3].to_vec(), 3)));
        for lab in [&told, &other] {
            let shown = lab.after(Act::ShowLost);
            assert_eq!(shown.player().cursor(), known.from);
            assert_eq!(shown.player().trace().schedule(), *known.schedule);
        }
        let option = lab.player().machine().program().options.first().expect("it has options").clone();
        let choice = option.choices[usize::from(option.chosen == 0)].clone();
        let switched = told.after(Act::Option { name: option.name, choice });
        assert!(switched.lost().known().is_none() && switched.request(Purpose::Lost).is_none());
    }

    #[test]
    fn a_challenge_is_not_given_away() {
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        let heard = |lab: &Lab| {
            let cells = (0..200).map(|variant| {
                let verdict = if variant % 2 == 0 { SAFE } else { BAD };
                FromExplorer::Cell { job: lab.grid().job(), variant, verdict, shared: false, link: None }
            });
            lab.after(Act::Heard(cells.collect()))
        };
        let lab = heard(&lab);
        assert!(!next(&lab, Mood::Reachable).is_empty() || !next(&lab, Mood::Safe).is_empty());
        assert!(next(&lab, Mood::Working).is_empty() && next(&lab, Mood::Bounded).is_empty());
        for challenge in lab.lesson().challenges.iter() {
            let address = format!("challenge/{}", challenge.slug);
            let lab = heard(&checked(lab.after(Act::Follow(address))));
            assert!(next(&lab, Mood::Reachable).is_empty() && next(&lab, Mood::Safe).is_empty());
        }
    }

    #[test]
    fn releases_are_ordered_by_number() {
        assert!(
            release("linux-4.14-rc1") < release("linux-4.14") && release("linux-4.9") < release("linux-4.13")
        );
        assert_eq!(release("linux-6.12-stable"), None, "a line of its own");
        assert_eq!(release("linux-4.14-rc1, with a barrier"), None);
    }
}
