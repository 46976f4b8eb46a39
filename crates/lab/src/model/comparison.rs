//! The same choices on another machine: which other machines there are, and what the run does there.

use crate::model::player::Player;
use crate::model::session::{Session, Setting, Setup};
use crate::model::settings::cases;
use explore::PropertySet;
use lang::diagnostic::Severity;
use lang::program::Origin;
use lang::source::SourceId;
use link::Compared;
use machine::{Property, VIOLATION};
use scene::view::Timeline;
use scene::{Other, compare};
use std::rc::Rc;

/// Another machine for the same scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counterpart {
    /// With another case, and its options.
    Setting(Setting),
    /// With another kernel of the library, by name; or with the kernel that is run as the library has it, in place of the
    /// reader's text.
    Kernel(String),
}

/// A group of machines to choose from: its title, and each with its name.
pub type CounterpartGroup = (&'static str, Vec<(Counterpart, String)>);

/// The other machines that are offered: one option changed, another case, and, if asked for, other kernels that
/// the scenario compiles with. Finding those takes a moment.
#[must_use]
pub fn offered(setup: &Setup, kernels: bool) -> Vec<CounterpartGroup> {
    let options = &setup.machine.program().options;
    let chosen = |index: usize, choice: &str| {
        let set = options.iter().enumerate().filter_map(|(at, option)| {
            let now = option.choices.get(usize::from(option.chosen))?.as_str();
            Some((option.name.clone(), if at == index { choice } else { now }.to_owned()))
        });
        Setting {
            case: setup.session.experiment.selection.case,
            options: set.collect(),
            kernel: setup.session.experiment.selection.kernel.clone(),
        }
    };
    let mut switched = Vec::new();
    // Links number these. A bound does not make another machine, so it gets no number.
    for (index, option) in options.iter().enumerate().filter(|(_, option)| option.origin != Origin::Bound) {
        let others = option.choices.iter().enumerate().filter(|(at, _)| *at != usize::from(option.chosen));
        for (_, choice) in others {
            switched.push((Counterpart::Setting(chosen(index, choice)), format!("{} {choice}", option.name)));
        }
    }
    let names = setup.session.cases();
    let told =
        cases(&setup.session).into_iter().filter(|told| setup.session.with_setting(told) != setup.session);
    let named = |told: Setting| {
        let name = names.iter().find(|case| case.case == told.case).and_then(|case| case.name.clone());
        (Counterpart::Setting(told), name.unwrap_or_else(|| "as written".to_owned()))
    };
    let used = setup.session.kernel_name();
    let others = gallery::kernels().filter(|_| kernels).filter_map(gallery::LibraryText::kernel_name);
    let others = others.filter(|name| Some(*name) != used.as_deref());
    let compiling = others.map(|name| (Counterpart::Kernel(name.to_owned()), name.to_owned()));
    let compiling =
        compiling.filter(|(counterpart, _)| counterpart.session(&setup.session).compile().0.is_some());
    let unedited = Counterpart::unedited(&setup.session).map(|other| {
        let name = used.clone().unwrap_or_default();
        (other, format!("{name} as in the library"))
    });
    let groups = vec![
        ("The kernel unedited", unedited.into_iter().collect()),
        ("One option changed", switched),
        ("Cases", told.map(named).collect()),
        ("Another kernel", compiling.collect()),
    ];
    groups.into_iter().filter(|(_, others)| !others.is_empty()).collect()
}

/// The other settings that are offered, in their order.
fn settings(setup: &Setup) -> impl Iterator<Item = Counterpart> {
    offered(setup, false).into_iter().flat_map(|group| group.1).map(|(counterpart, _)| counterpart)
}

impl Counterpart {
    /// The kernel that is run, as the library has it: there is one if the reader has edited it.
    #[must_use]
    pub fn unedited(session: &Session) -> Option<Counterpart> {
        let name = session.kernel_name().filter(|_| session.is_edited(SourceId::KERNEL))?;
        gallery::kernel(&name).map(|_| Counterpart::Kernel(name))
    }

    /// How a link names it, on a machine that it is offered for.
    #[must_use]
    pub fn compared(&self, setup: &Setup) -> Option<Compared> {
        let setting = match self {
            Counterpart::Kernel(name) => return Some(Compared::Kernel(name.clone())),
            Counterpart::Setting(setting) => setting,
        };
        if setting.options.is_empty() {
            let case = setup.session.cases().into_iter().find(|case| case.case == setting.case)?;
            return Some(Compared::Case(case.name));
        }
        let now = |name: &str| {
            let option = setup.machine.program().options.iter().find(|option| option.name == name)?;
            option.choices.get(usize::from(option.chosen))
        };
        let mut set = setting.options.iter();
        let (name, choice) = set.find(|(name, choice)| now(name) != Some(choice))?.clone();
        Some(Compared::Option { name, choice })
    }

    /// The one that a link names.
    #[must_use]
    pub fn found(setup: &Setup, compared: &Compared) -> Option<Counterpart> {
        match compared {
            Compared::Kernel(name) => {
                setup.session.kernel_text(name).map(|_| Counterpart::Kernel(name.clone()))
            }
            _ => settings(setup).find(|counterpart| counterpart.compared(setup).as_ref() == Some(compared)),
        }
    }

    /// Whether it is the machine on the stage itself: the reader has turned to it, or has taken back what made the
    /// difference.
    #[must_use]
    pub fn is_on_stage(&self, setup: &Setup) -> bool {
        let selection = &setup.session.experiment.selection;
        match self {
            Counterpart::Setting(setting) if !setting.options.is_empty() => {
                (setting.case, &setting.kernel) == (selection.case, &selection.kernel)
                    && self.compared(setup).is_none()
            }
            _ => self.session(&setup.session) == setup.session,
        }
    }

    /// That machine.
    ///
    /// # Errors
    /// A sentence: the text does not compile for it.
    pub fn setup(&self, session: &Session) -> Result<Setup, String> {
        let (setup, diagnostics) = self.session(session).compile();
        setup.ok_or_else(|| {
            let error = diagnostics.iter().find(|found| found.severity == Severity::Error);
            let first = error.map(|error| error.message.as_str()).unwrap_or_default();
            format!("This comparison is not possible: the text does not compile ({first}).")
        })
    }

    /// The session with that machine.
    fn session(&self, session: &Session) -> Session {
        match self {
            Counterpart::Setting(setting) => session.with_setting(setting),
            Counterpart::Kernel(name) if session.kernel_name().as_ref() == Some(name) => {
                session.reset(SourceId::KERNEL)
            }
            Counterpart::Kernel(name) => session.on_kernel(Some(name)),
        }
    }
}

/// The same choices on another machine, as far as it has them: the run that is shown beside the one that is
/// played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedRun {
    /// The machine of the run: `lazy+unmap+andy on linux-4.14 with ...`.
    pub title: String,
    /// Its diagram, in the columns of the run that is played.
    pub timeline: Rc<Timeline>,
    /// Where the two runs part.
    pub split: Rc<Split>,
    /// What the page says about it, in sentences.
    pub remarks: Vec<Remark>,
}

/// Where two runs part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The first step that differs, counted from 1.
    pub first: Option<u32>,
    /// Steps that are left out, with their CPU.
    pub left_out: Vec<(u32, u8)>,
}

/// A sentence on a comparison, and the step that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Which step, if it is about one.
    pub step: Option<u32>,
    /// The sentence.
    pub sentence: String,
}

/// Follows the run of a player on another machine.
///
/// # Errors
/// A sentence: there is no such machine.
pub fn follow(player: &Player, counterpart: &Counterpart) -> Result<ComparedRun, String> {
    let setup = counterpart.setup(&player.setup().session)?;
    let trace = player.trace();
    let compared = compare(player.machine(), trace, &setup.machine);
    let cpu = |step: u32| trace.steps().get(step as usize - 1).map_or(0, |step| step.action.cpu());
    let left_out: Vec<(u32, u8)> = compared.left_out().map(|step| (step, cpu(step))).collect();
    let split = Split { first: compared.first().map(|(step, _)| step), left_out };
    let as_written = Counterpart::unedited(&player.setup().session).as_ref() == Some(counterpart);
    let title = scene::subject(&setup.machine);
    Ok(ComparedRun {
        title: if as_written { format!("{title}, the kernel as in the library") } else { title },
        remarks: remarks(&compared, &split, trace.len()),
        timeline: Rc::new(compared.timeline),
        split: Rc::new(split),
    })
}

fn remarks(compared: &scene::Comparison, split: &Split, steps: usize) -> Vec<Remark> {
    let sentence = |other: &Other| match other {
        Other::Same => String::new(),
        Other::Differs { here, there } => format!("Here: {here} There: {there}"),
        Other::Cannot { what, why } => format!("{what}. On the other machine this cannot happen: {why}."),
    };
    let mut remarks = Vec::new();
    let plain = |sentence: String| Remark { step: None, sentence };
    match compared.first() {
        None if steps == 0 => remarks.push(plain("The run has no steps yet.".to_owned())),
        None => remarks.push(plain(format!(
            "Nothing differs: {} there too, with the same effects.",
            if steps == 1 { "the one step happens".to_owned() } else { format!("all {steps} steps happen") }
        ))),
        Some((step, other)) => {
            remarks.push(Remark {
                step: Some(step),
                sentence: format!("The runs differ from here on. {}", sentence(other)),
            });
        }
    }
    let first = split.left_out.first().map(|(step, _)| *step);
    if let Some(step) = first.filter(|step| Some(*step) != split.first)
        && let Some(other) = compared.steps.get(step as usize - 1)
    {
        let sentence = format!("This is the first step that cannot happen there. {}", sentence(other));
        remarks.push(Remark { step: Some(step), sentence });
    }
    match split.left_out.len() {
        0 => {}
        1 => remarks.push(plain(
            "The other machine leaves this step out and continues with the remaining choices.".to_owned(),
        )),
        some => remarks.push(plain(format!(
            "{some} of {steps} steps can't be taken there. The other machine leaves them out and \
             continues with the remaining choices."
        ))),
    }
    if steps > 0 {
        remarks.push(plain(format!(
            "Here these choices show {}; there {}.",
            shown(compared.here),
            if compared.here.0 & VIOLATION.0 == compared.there.0 & VIOLATION.0 {
                "the same".to_owned()
            } else {
                shown(compared.there)
            }
        )));
        if compared.here.intersects(VIOLATION) && !compared.there.intersects(VIOLATION) {
            remarks.push(plain(
                "Other choices may show a violation there: see the table of all settings.".to_owned(),
            ));
        }
    }
    remarks
}

/// `walk of freed memory and stale access`.
fn shown(properties: PropertySet) -> String {
    let shown = Property::ALL.into_iter().filter(|property| property.as_set().intersects(properties));
    let violations = shown.filter(|property| property.as_set().intersects(VIOLATION));
    let names: Vec<String> = violations.map(|property| property.title().to_owned()).collect();
    match names.split_last() {
        None => "no violation".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Counterpart, follow, offered};
    use crate::model::player::Player;
    use crate::model::session::Session;
    use lang::source::SourceId;
    use std::rc::Rc;

    fn player(slug: &str) -> Player {
        let session = Session::library(slug).expect("it is in the library");
        Player::new(Rc::new(session.compile().0.expect("it compiles")))
    }

    fn named(player: &Player, name: &str) -> Counterpart {
        let groups = offered(player.setup(), false);
        let found = groups.into_iter().flat_map(|group| group.1).find(|other| other.1 == name);
        found.unwrap_or_else(|| panic!("{name} is offered")).0
    }

    #[test]
    fn everything_offered_is_another_machine() {
        for slug in [crate::DEFAULT, "lazy+munmap"] {
            let player = player(slug);
            let groups = offered(player.setup(), true);
            for (counterpart, name) in groups.into_iter().flat_map(|group| group.1) {
                let found =
                    follow(&player, &counterpart).unwrap_or_else(|why| panic!("{slug}, {name}: {why}"));
                assert!(!found.remarks.is_empty() && !found.title.is_empty(), "{name}");
            }
        }
        let kernels =
            |slug: &str| offered(player(slug).setup(), true).into_iter().find(|g| g.0 == "Another kernel");
        assert!(kernels("lazy+munmap").is_some_and(|group| group.1.len() > 3), "the whole history runs it");
        assert!(
            offered(player("lazy+munmap").setup(), false).iter().all(|group| group.0 != "Another kernel")
        );
    }

    #[test]
    fn a_kernel_that_does_not_fit_is_refused_in_words() {
        let refused = follow(&player(crate::DEFAULT), &Counterpart::Kernel("vmalloc".into()));
        assert!(refused.is_err_and(|why| why.starts_with("This comparison is not possible")));
    }

    #[test]
    fn an_edited_kernel_is_compared_with_the_librarys_and_a_link_says_so() {
        let plain = Session::library("lazy+munmap").expect("it is in the library");
        let of = |session: &Session| Player::new(Rc::new(session.compile().0.expect("it compiles")));
        assert_eq!(Counterpart::unedited(&plain), None);
        let kernel = plain.kernel();
        let mine = kernel.replacen("sys kthread() {", "sys kthread() { smp_mb();", 1);
        let edited = plain.edited(SourceId::KERNEL, &mine);
        assert_ne!(edited.kernel(), kernel);
        let player = of(&edited);
        let unedited = Counterpart::unedited(&edited).expect("it is edited");
        assert_eq!(named(&player, "linux-4.14-rc1 as in the library"), unedited);
        let session = unedited.session(&edited);
        assert_eq!((session.kernel(), &session.experiment.scenario), (kernel, &edited.experiment.scenario));
        let followed = follow(&player, &unedited).expect("it compiles");
        assert!(followed.title.ends_with(", the kernel as in the library"), "{}", followed.title);
        // The command line finds the same machine by the same name.
        let compared = unedited.compared(player.setup()).expect("a link can say it");
        assert_eq!(Counterpart::found(player.setup(), &compared), Some(unedited));
        assert_eq!(compared.experiment(&edited.experiment), Some(session.experiment));
    }

    #[test]
    fn where_they_part_is_told() {
        let player = player(crate::DEFAULT);
        let followed = follow(&player, &named(&player, "init_mm_switch on")).expect("it compiles");
        let first = followed.split.first.expect("they part");
        assert_eq!(followed.remarks[0].step, Some(first));
        assert!(
            followed.remarks[0].sentence.contains("Here: ") || followed.remarks[0].sentence.contains("can't")
        );
        assert!(followed.title.contains("init_mm_switch"));
    }
}
