//! The texts as they stand, and the remarks about them.

use crate::model::changes::{ChangedLine, changes};
use crate::model::comparison::Counterpart;
use crate::model::lab::Lab;
use crate::model::permalink;
use crate::model::session::Session;
use crate::model::timed::Timed;
use crate::view::timed::table::costs_name;
use lang::diagnostic::{Diagnostic, Severity};
use lang::source::{SourceId, Span};
use std::rc::Rc;
use std::sync::Arc;

/// One of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub title: String,
    /// The text itself.
    pub text: Arc<str>,
    /// Whether it differs from the library's.
    pub edited: bool,
    /// The differences, if the library has a text to return to.
    pub changes: Option<Rc<Vec<ChangedLine>>>,
    /// The kernels that it extends but does not contain, for reading.
    pub extended: Vec<Extended>,
    /// The machine with the library's kernel, if this is the kernel and it is edited.
    pub unedited: Option<Counterpart>,
    /// The library's kernel of the same name, by slug, if this is the kernel.
    pub in_library: Option<&'static str>,
}

impl Source {
    /// How a text is called that is not the library's: the words of a verdict about it are the same (`model/about.rs`).
    #[must_use]
    pub fn written(&self) -> &'static str {
        if self.changes.is_some() { "edited" } else { "own text" }
    }
}

/// A kernel that the one on the page extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extended {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
    /// Where it begins: places in the kernel count from the beginning of the text that extends it.
    pub start: u32,
}

/// The kernels that a session's kernel extends, each with its text, unless that is in the kernel's own.
fn extended(session: &Session) -> Vec<Extended> {
    let text = session.kernel();
    if lang::extended_kernel(&text).is_none() {
        return Vec::new();
    }
    let whole = lang::Whole::new(&text, &session.experiment.kernels);
    let one = |(start, name): &(u32, String)| {
        let text = whole.place(Span { start: *start, end: *start }).1;
        Extended { name: name.clone(), text: text.into(), start: *start }
    };
    whole.joints.iter().map(one).collect()
}

/// The texts as they stand: scenario, kernel, and the table of costs if the reader has opened what things cost.
#[must_use]
pub fn all_sources(session: &Session, timed: &Timed) -> Vec<Source> {
    let mut all = Vec::from(sources(session));
    if timed.is_open() {
        let (text, before) = (timed.text().clone(), timed.preset_text());
        let edited = timed.is_edited();
        all.push(Source {
            title: format!("costs: {}", costs_name(timed.preset())),
            changes: edited.then(|| Rc::new(changes(&before, &text))),
            text,
            edited,
            extended: Vec::new(),
            unedited: None,
            in_library: None,
        });
    }
    all
}

/// Scenario and kernel as they stand.
#[must_use]
pub fn sources(session: &Session) -> [Source; 2] {
    let named = session.kernel_name().and_then(|name| gallery::kernel(&name));
    let source = |source: SourceId, title: String| Source {
        title,
        text: session.text(source),
        edited: is_edited(session, source),
        changes: session
            .library_text(source)
            .filter(|_| is_edited(session, source))
            .map(|before| Rc::new(changes(before, &session.text(source)))),
        extended: if source == SourceId::KERNEL { extended(session) } else { Vec::new() },
        unedited: Counterpart::unedited(session).filter(|_| source == SourceId::KERNEL),
        in_library: named.map(|kernel| kernel.slug).filter(|_| source == SourceId::KERNEL),
    };
    let scenario = session.name().unwrap_or_else(|| "scenario".to_owned());
    let kernel = session.kernel_name().unwrap_or_else(|| "kernel".to_owned());
    let kernel = match session.named_kernel().filter(|_| session.experiment.selection.kernel.is_some()) {
        Some(named) => format!("{kernel}, instead of {named}"),
        None => kernel,
    };
    [source(SourceId::SCENARIO, scenario), source(SourceId::KERNEL, kernel)]
}

/// Whether somebody has edited a text. Nobody has edited that of a workload of the costs.
fn is_edited(session: &Session, source: SourceId) -> bool {
    session.is_edited(source) && !session.is_workloads(source)
}

/// Which text should be in front because of what was written there, by its number: the one with the first error; or else the
/// one that alone is edited.
#[must_use]
pub fn written(sources: &[Source], diagnostics: &[Diagnostic]) -> Option<u8> {
    let error = diagnostics.iter().find(|found| found.severity == Severity::Error);
    match (error, sources[0].edited, sources[1].edited) {
        (Some(error), ..) => Some(error.source.0.min(2)),
        (None, true, false) => Some(0),
        (None, false, true) => Some(1),
        (None, ..) => None,
    }
}

/// The names of the scenario as it stands and of its cases.
#[must_use]
pub fn cases(session: &Session) -> Vec<String> {
    let name = |case: lang::CaseName| case.name.unwrap_or_else(|| "as written".to_owned());
    session.cases().into_iter().map(name).collect()
}

/// What the page says while the texts are too long to be kept.
#[must_use]
pub fn too_long(lab: &Lab) -> Option<String> {
    permalink::too_long(lab.session(), lab.player().trace().len())
}

/// What the page says while the texts have errors.
#[must_use]
pub fn broken(lab: &Lab) -> Option<String> {
    let errors = lab.diagnostics().iter().filter(|found| found.severity == Severity::Error).count();
    let errors = match errors {
        0 => return None,
        _ if lab.read_of_errors() => return None,
        1 => "The text has an error".to_owned(),
        errors => format!("The text has {errors} errors"),
    };
    Some(if lab.stands_in() {
        let (text, stage) = (lab.session(), &lab.setup().session);
        if text.slug == stage.slug {
            format!("{errors}. The stage shows the library\u{2019}s text, which it was made from.")
        } else {
            let name = &lab.player().machine().program().name;
            format!("{errors}. The stage shows another scenario, {name}.")
        }
    } else {
        format!("{errors}. The stage keeps the last machine that compiled.")
    })
}

#[cfg(test)]
mod tests {
    use super::{broken, sources, written};
    use crate::Lab;
    use crate::model::permalink::encode_texts;
    use crate::model::session::Session;
    use lang::source::SourceId;

    /// The page as it opens with other texts.
    fn opened(session: &Session) -> Lab {
        let lab = Lab::open(None).expect("a scenario compiles");
        Lab::open(Some(&encode_texts(session, lab.player(), None))).expect("a scenario compiles")
    }

    fn front(lab: &Lab) -> Option<u8> {
        written(&sources(lab.session()), lab.diagnostics())
    }

    #[test]
    fn what_was_written_comes_to_the_front() {
        let plain = Session::library(crate::DEFAULT).expect("it is in the library");
        assert_eq!(front(&opened(&plain)), None);
        let scenario = plain.edited(SourceId::SCENARIO, &format!("{}// mine\n", plain.experiment.scenario));
        assert_eq!(front(&opened(&scenario)), Some(0));
        let kernel = format!("{}// mine\n", plain.kernel());
        assert_eq!(front(&opened(&plain.edited(SourceId::KERNEL, &kernel))), Some(1));
        assert_eq!(front(&opened(&scenario.edited(SourceId::KERNEL, &kernel))), None);
        let wrong = scenario.edited(SourceId::KERNEL, &kernel.replacen('{', "", 1));
        assert_eq!(front(&opened(&wrong)), Some(1));
    }

    #[test]
    fn what_stands_on_the_stage_in_the_place_of_a_text_with_errors_is_named() {
        let plain = Session::library(crate::DEFAULT).expect("it is in the library");
        let wrong =
            plain.edited(SourceId::SCENARIO, &plain.experiment.scenario.replace("machine {", "machin {"));
        let said = broken(&opened(&wrong)).expect("it has errors");
        assert!(said.contains("the library\u{2019}s text, which it was made from"), "{said}");
        let other = plain.edited(SourceId::SCENARIO, "scenario");
        let said = broken(&opened(&other)).expect("it has errors");
        assert!(said.contains("another scenario, lazy+unmap+andy"), "{said}");
    }

    #[test]
    fn the_lines_of_a_kernel_that_is_extended_are_there_to_be_read() {
        let told = Session::library("lazy+munmap").expect("it is in the library");
        assert!(sources(&told)[1].extended.is_empty());
        let extending = told.on_kernel(Some("linux-4.14-rc1, with a barrier"));
        let [scenario, kernel] = sources(&extending);
        assert!(scenario.extended.is_empty());
        let [base] = &kernel.extended[..] else { panic!("{:?}", kernel.extended) };
        assert_eq!((base.name.as_str(), &*base.text), ("linux-4.14-rc1", &*told.kernel()));
        // Each operation stands in one of the two texts, at its place there.
        let setup = extending.compile().0.expect("it compiles");
        let (mut here, mut there) = (0, 0);
        for site in &setup.machine.program().sites {
            if site.source != SourceId::KERNEL {
                continue;
            }
            if site.span.start < base.start {
                here += 1;
                assert!((site.span.end as usize) <= kernel.text.len());
            } else {
                there += 1;
                let place = (site.span.start - base.start) as usize..(site.span.end - base.start) as usize;
                assert_eq!(base.text.get(place), Some(site.span.of(&setup.kernel)));
            }
        }
        assert!(here > 0 && there > 0, "{here} and {there}");
        // A text that holds both kernels is followed by no further one.
        let both = extending.edited(SourceId::KERNEL, &format!("{}\n{}", kernel.text, base.text));
        assert!(sources(&both)[1].extended.is_empty());
    }
}
