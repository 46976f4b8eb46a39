//! What to try next: with a verdict, the nearest setting of which the opposite is known, and where in the history of Linux a
//! violation came and went.
//!
//! Both are read off the settled tables. Nothing is said before whatever could be nearer is settled too.

use crate::model::grid::Cell;
use crate::model::lab::Lab;
use crate::model::session::{Setting, Setup};
use crate::model::settings::{GridAxes, kernels};
use crate::model::verdict::Mood;
use crate::view::grid::{CellKind, CellView, here, words};
use std::collections::BTreeMap;

/// Something to try: a sentence that ends with what leads there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The beginning of the sentence.
    pub text: String,
    /// The setting that it leads to, by what differs from the one on the page.
    pub cell: CellView,
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
    nearest(setup, known, wanted).into_iter().chain(history(setup, known)).collect()
}

/// The setting that differs in the fewest options from the one on the page and has a verdict of another kind.
fn nearest(setup: &Setup, known: &BTreeMap<Setting, Cell>, wanted: CellKind) -> Option<Hint> {
    let here = here(setup);
    let mut best: Option<(usize, Setting)> = None;
    let mut open = usize::MAX;
    for setting in GridAxes::of(setup).settings() {
        let apart = setting.options.iter().filter(|choice| !here.options.contains(choice)).count();
        match words(known.get(&setting).map(|cell| &cell.verdict)).0 {
            CellKind::Waiting => open = open.min(apart),
            kind if kind == wanted && best.as_ref().is_none_or(|best| apart < best.0) => {
                best = Some((apart, setting));
            }
            _ => {}
        }
    }
    let (_, setting) = best.filter(|best| best.0 > 0 && best.0 <= open)?;
    let changed = setting.options.iter().filter(|choice| !here.options.contains(choice));
    let changed: Vec<String> =
        changed.map(|(name, choice)| format!("{} {choice}", name.replace('_', " "))).collect();
    let text = match (wanted, changed.len()) {
        (CellKind::Safe, 1) => "One switch makes it safe",
        (CellKind::Safe, _) => "The fewest switches that make it safe",
        (_, 1) => "One switch breaks it",
        _ => "The fewest switches that break it",
    };
    Some(Hint { text: text.to_owned(), cell: cell(known, setting, changed.join(", ")) })
}

fn cell(known: &BTreeMap<Setting, Cell>, setting: Setting, label: String) -> CellView {
    let known = known.get(&setting);
    let (kind, word, sentence) = words(known.map(|cell| &cell.verdict));
    let link = known.and_then(|cell| cell.link.clone());
    CellView { setting, label, link, kind, word, sentence, here: false, near: true }
}

/// A release of Linux by its numbers, so that they can be ordered: release candidates come before the release.
fn release(kernel: &str) -> Option<(u32, u32, u32)> {
    let (version, candidate) = match kernel.strip_prefix("linux-")?.split_once("-rc") {
        Some((version, candidate)) => (version, candidate.parse().ok()?),
        None => (kernel.strip_prefix("linux-")?, u32::MAX),
    };
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?, candidate))
}

/// Where in the history of Linux a violation first shows, and where it is gone: a hint for each change of the verdict.
fn history(setup: &Setup, known: &BTreeMap<Setting, Cell>) -> Vec<Hint> {
    let mut releases: Vec<((u32, u32, u32), Setting, CellKind)> = Vec::new();
    for setting in kernels(setup) {
        let Some(at) = setting.kernel.as_deref().and_then(release) else { continue };
        match words(known.get(&setting).map(|cell| &cell.verdict)).0 {
            CellKind::Refused => {}
            CellKind::Waiting => return Vec::new(),
            kind => {
                let place = releases.iter().take_while(|other| other.0 < at).count();
                releases.insert(place, (at, setting, kind));
            }
        }
    }
    let mut hints = Vec::new();
    for (place, (_, setting, kind)) in releases.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| releases[before].2);
        let text = match (kind, before) {
            (CellKind::Reachable, Some(CellKind::Safe)) if hints.is_empty() => "A violation first shows on",
            (CellKind::Reachable, Some(CellKind::Safe)) => "It shows again on",
            (CellKind::Safe, Some(CellKind::Reachable)) => "It is gone on",
            _ => continue,
        };
        let kernel = setting.kernel.clone().unwrap_or_default();
        hints.push(Hint { text: text.to_owned(), cell: cell(known, setting.clone(), kernel) });
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::{history, nearest, release};
    use crate::model::grid::Cell;
    use crate::model::session::{Session, Setting, Setup};
    use crate::model::settings::{GridAxes, kernels};
    use crate::view::grid::CellKind;
    use protocol::WireCell;
    use std::collections::BTreeMap;

    const SAFE: WireCell = WireCell::Safe { states: 7, saturated: false };
    const BAD: WireCell = WireCell::Reachable { property: 1, steps: 9, shortest: true };

    fn setup() -> Setup {
        let session = Session::library(crate::DEFAULT).expect("it is in the library");
        session.compile().0.expect("it compiles")
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

    #[test]
    fn the_nearest_safe_setting_is_named_once_nothing_nearer_is_open() {
        let setup = setup();
        let settings = GridAxes::of(&setup).settings();
        let safe =
            |setting: &Setting| is(setting, "init_mm_switch", "on") && is(setting, "memory_barrier", "on");
        let all = known(settings.clone(), |setting| Some(if safe(setting) { SAFE } else { BAD }));
        let hint = nearest(&setup, &all, CellKind::Safe).expect("there is one");
        assert_eq!(hint.text, "The fewest switches that make it safe");
        assert_eq!(hint.cell.label, "memory barrier on, init mm switch on");
        let nearer = |setting: &Setting| is(setting, "lazy_tlb", "off");
        let open = known(settings, |setting| match setting {
            setting if safe(setting) => Some(SAFE),
            setting if nearer(setting) => None,
            _ => Some(BAD),
        });
        assert_eq!(nearest(&setup, &open, CellKind::Safe), None, "a nearer one may be safe too");
        assert_eq!(nearest(&setup, &all, CellKind::Bounded), None);
    }

    #[test]
    fn the_history_tells_where_a_violation_came_and_went() {
        let setup = setup();
        let bad = |setting: &Setting| {
            ["linux-4.14-rc1", "linux-6.14"].map(Some).contains(&setting.kernel.as_deref())
        };
        let all = known(kernels(&setup), |setting| Some(if bad(setting) { BAD } else { SAFE }));
        let told: Vec<String> =
            history(&setup, &all).iter().map(|hint| format!("{} {}", hint.text, hint.cell.label)).collect();
        assert_eq!(
            told,
            [
                "A violation first shows on linux-4.14-rc1",
                "It is gone on linux-4.14",
                "It shows again on linux-6.14",
                "It is gone on linux-6.15",
            ]
        );
        let some = known(kernels(&setup), |setting| {
            (setting.kernel.as_deref() != Some("linux-4.13")).then_some(if bad(setting) { BAD } else { SAFE })
        });
        assert!(history(&setup, &some).is_empty(), "it may have shown on 4.13");
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
