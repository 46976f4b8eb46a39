//! Files: which texts are opened from some, and what is saved into one.
//!
//! A file may hold several texts, kernels and a scenario, as the command line takes it. What a file has is put on the page
//! as it is, errors too. What is no text at all is refused in a sentence.

use crate::model::session::Session;
use experiment::{Experiment, Kernels};
use lang::Selection;

/// The most bytes of all files that are opened at once: the longest text that the compiler takes.
pub const MOST: usize = lang::MAX_TEXT;

/// A file that a reader gives to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, with its ending.
    pub name: String,
    /// Its bytes.
    pub bytes: Result<Vec<u8>, Unread>,
}

/// Why a file has no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It has more than [`MOST`], so nobody has read it.
    TooLarge,
    /// The browser could not read it.
    Failed,
}

/// What a text of one's own begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Which one of the library's.
    pub slug: &'static str,
    /// What it is called.
    pub name: String,
    /// What it is for: the remark at its beginning.
    pub about: String,
}

/// All that the library has.
#[must_use]
pub fn templates() -> Vec<Template> {
    let about = |text: &str| {
        let remark = text.lines().map_while(|line| line.strip_prefix("//"));
        remark.map(str::trim).collect::<Vec<_>>().join(" ")
    };
    let one = |text: gallery::LibraryText| Template {
        slug: text.slug,
        name: text.slug.replace('-', " "),
        about: about(text.text),
    };
    gallery::templates().map(one).collect()
}

/// What files hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromFiles {
    /// A scenario, kernels, or both: the session that they make, and a sentence for the reader.
    Texts(Box<Session>, String),
    /// A table of costs, and a sentence for the reader.
    Costs(String, String),
}

/// The texts of some files. Kernels without a scenario go under the scenario that is on the `page`: it runs on the last of
/// them.
///
/// # Errors
/// A sentence that names the file, and says why it is not opened.
pub fn opened(files: &[File], page: &Session) -> Result<FromFiles, String> {
    let mut kernels: Vec<(String, String)> = Vec::new();
    let mut scenarios: Vec<(String, String)> = Vec::new();
    for file in files {
        let name = shown(&file.name);
        let refused = |why: &str| Err(format!("{name} was not opened: {why}."));
        let text = match text(file) {
            Ok(text) => text,
            Err(why) => return refused(&why),
        };
        if lang::costs::costs_name(&text).is_some() {
            if files.len() == 1 {
                let sentence = format!(
                    "Opened from {name}: the table of costs. See what kernels cost, and the table among the texts. {BACK}"
                );
                return Ok(FromFiles::Costs(text, sentence));
            }
            return refused("it is a table of costs: open it alone");
        }
        let parts = lang::parts(&text);
        // A text of ours whose head has an error is still the reader's: the compiler says what is wrong.
        if parts.is_empty() && file.name.ends_with(".tlb") && !text.trim().is_empty() {
            scenarios.push((name.clone(), text));
            continue;
        }
        if ["X86", "X86_64"].contains(&text.split_whitespace().next().unwrap_or_default()) {
            return refused(
                "it is a litmus test. The command line makes a scenario of it (tlbscope import FILE), which can be opened here",
            );
        }
        if parts.is_empty() {
            return refused(
                "it has no kernel and no scenario. A kernel begins with `kernel \"name\" {`, a scenario with `scenario \"name\" {`",
            );
        }
        for part in &parts {
            let own = if parts.len() == 1 { &text } else { part.span.of(&text) };
            let own = format!("{}\n", own.trim_matches('\n').trim_end());
            let all = if part.kernel { &mut kernels } else { &mut scenarios };
            if part.kernel && all.iter().any(|(there, _)| *there == part.name) {
                return refused(&format!("there are two kernels with the name {}", shown(&part.name)));
            }
            all.push((part.name.clone(), own));
        }
    }
    let all: usize = kernels.iter().chain(&scenarios).map(|(_, text)| text.len()).sum();
    if all > MOST {
        return Err(format!("The files were not opened: together they have more than {} KiB.", MOST >> 10));
    }
    let names: Vec<String> = kernels.iter().map(|(name, _)| name.clone()).collect();
    let mut own = Kernels::default();
    for (name, text) in kernels {
        // As with an edit: the library's own text is not the reader's.
        if gallery::kernel(&name).is_none_or(|library| library.text != text) {
            own.insert(name, text);
        }
    }
    let mut scenarios = scenarios.into_iter();
    let (session, what) = match (scenarios.next(), names.last()) {
        (Some((name, scenario)), _) => {
            let selection = Selection::default();
            let session = Session::of(Experiment { scenario: scenario.into(), kernels: own, selection });
            (session, format!("the scenario {}", shown(&name)))
        }
        (None, Some(last)) => {
            let mut session = page.clone();
            own.iter()
                .for_each(|(name, text)| session.experiment.kernels.insert(name.to_owned(), text.clone()));
            let name = session.name().map(|name| shown(&name)).unwrap_or_default();
            (session.on_kernel(Some(last)), format!("the scenario {name} stays, and runs on it"))
        }
        (None, None) => return Err("No file was opened.".to_owned()),
    };
    let left: Vec<String> = scenarios.map(|(name, _)| shown(&name)).collect();
    Ok(FromFiles::Texts(Box::new(session), sentence(files, &names, &what, &left)))
}

/// What the page says of what was there.
const BACK: &str = "The browser\u{2019}s Back brings back what was here.";

/// What the page says when a scenario of the library takes the place of texts of the reader's own.
pub(crate) fn left(own: &str) -> String {
    format!("Your text {} has left the page. {BACK}", shown(own))
}

/// What the reader's own texts are called; nothing if the texts are the library's, or a template as it came.
#[must_use]
pub fn own_name(session: &Session) -> Option<String> {
    let Experiment { scenario, kernels, .. } = &session.experiment;
    let own = || kernels.iter().map(|(_, text)| text).chain([scenario]);
    // Blanks stand where the template's other texts were.
    let as_it_came = || gallery::templates().any(|all| own().all(|text| all.text.contains(text.trim())));
    session.own_name().filter(|_| !as_it_came())
}

/// What has been opened, in words.
fn sentence(files: &[File], kernels: &[String], what: &str, left: &[String]) -> String {
    let from: Vec<String> = files.iter().map(|file| shown(&file.name)).collect();
    let kernels: Vec<String> = kernels.iter().map(|name| format!("the kernel {}", shown(name))).collect();
    let all: Vec<String> = kernels.into_iter().chain([what.to_owned()]).collect();
    let left = match left {
        [] => String::new(),
        left => format!(" Only one scenario is on the page at a time. Not opened: {}.", left.join(", ")),
    };
    format!("Opened from {}: {}.{left} {BACK}", from.join(", "), all.join("; "))
}

/// A name that anybody may choose, on one line and not too long.
fn shown(name: &str) -> String {
    lang::legible(name).chars().take(80).collect()
}

/// The text in a file.
fn text(file: &File) -> Result<String, String> {
    let bytes = match &file.bytes {
        Ok(bytes) if bytes.len() <= MOST => bytes,
        Ok(_) | Err(Unread::TooLarge) => {
            return Err(format!("it has more than {} KiB, which is the longest text here", MOST >> 10));
        }
        Err(Unread::Failed) => return Err("the browser could not read it".to_owned()),
    };
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("it is no text (byte {} is not UTF-8)", error.valid_up_to()))?;
    if let Some(at) = text.bytes().position(|byte| byte < b' ' && !b"\t\n\r\x0c".contains(&byte)) {
        return Err(format!("it is no text (byte {at} is a control character)"));
    }
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

/// What is saved: the name of the file, its text, and a sentence for the reader. The kernels that are the reader's own stand
/// before the scenario; those of the library are there for everybody, by their names.
#[must_use]
pub fn saved(session: &Session) -> (String, String, String) {
    let Experiment { scenario, kernels, selection } = &session.experiment;
    let mut all = String::new();
    let mut what = Vec::new();
    for (name, text) in kernels.iter() {
        all += &format!("{}\n\n", text.trim_end());
        what.push(format!("the kernel {}", shown(name)));
    }
    all += &format!("{}\n", scenario.trim_end());
    what.push("the scenario".to_owned());
    let plain = |c: char| if c.is_ascii_alphanumeric() || "+-_.".contains(c) { c } else { '-' };
    let name: String = session.name().unwrap_or_default().chars().map(plain).take(60).collect();
    let name = name.trim_matches(['-', '.']);
    let name = format!("{}.tlb", if name.is_empty() { "scenario" } else { name });
    let chosen = if *selection == Selection::default() {
        ""
    } else {
        " The case and the switches are in the link to this page, and not in the file."
    };
    let sentence = format!("Saved as {name}: {}.{chosen}", what.join(", "));
    (name, all, sentence)
}

#[cfg(test)]
mod tests {
    use super::{File, FromFiles, MOST, Unread, opened, saved, templates};
    use crate::model::session::Session;
    use lang::source::SourceId;

    fn page() -> Session {
        Session::library(crate::DEFAULT).expect("it is in the library")
    }

    fn file(name: &str, text: impl AsRef<[u8]>) -> File {
        File { name: name.to_owned(), bytes: Ok(text.as_ref().to_vec()) }
    }

    fn texts(files: &[File]) -> (Session, String) {
        match opened(files, &page()) {
            Ok(FromFiles::Texts(session, sentence)) => (*session, sentence),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_saved_opens_as_it_was() {
        let plain = page();
        let kernel = plain.edited(SourceId::KERNEL, &format!("// mine\n{}", plain.kernel()));
        let both = kernel
            .edited(SourceId::SCENARIO, &format!("// mine\n{}// the end\n", kernel.experiment.scenario));
        for session in [plain, kernel, both] {
            let (name, text, sentence) = saved(&session);
            assert_eq!(name, "lazy+unmap+andy.tlb");
            assert!(sentence.starts_with("Saved as lazy+unmap+andy.tlb: the "), "{sentence}");
            let (again, _) = texts(&[file(&name, &text)]);
            assert!(again.same_texts(&session), "{text}");
        }
    }

    #[test]
    fn every_template_opens_and_compiles_without_a_word() {
        let mut count = 0;
        for template in gallery::templates() {
            let (session, sentence) = texts(&[file(template.slug, template.text)]);
            let (setup, diagnostics) = session.compile();
            assert!(setup.is_some() && diagnostics.is_empty(), "{}: {diagnostics:#?}", template.slug);
            assert!(sentence.contains(template.slug) && !sentence.contains("Not opened"), "{sentence}");
            for case in session.cases() {
                let (setup, diagnostics) = session.with_case(case.case).compile();
                assert!(setup.is_some() && diagnostics.is_empty(), "{}: {diagnostics:#?}", template.slug);
            }
            let (_, text, _) = saved(&session);
            for part in lang::parts(&text) {
                let own = part.span.of(&text).trim_start();
                assert_eq!(lang::format(own).as_deref().map(str::trim_end), Ok(own.trim_end()));
            }
            count += 1;
        }
        assert!(count > 2);
    }

    #[test]
    fn every_template_says_what_it_is_for() {
        let all = templates();
        assert!(all.len() > 2);
        for template in all {
            let said = &template.about;
            assert!(said.ends_with('.') && (40..300).contains(&said.len()), "{template:?}");
        }
    }

    #[test]
    fn several_files_are_one_experiment_and_a_kernel_alone_goes_under_the_scenario_on_the_page() {
        let template =
            gallery::templates().find(|text| text.slug == "bare-shootdown").expect("it is there").text;
        let at = template.find("\nscenario ").expect("it has one") + 1;
        let (kernel, scenario) = template.split_at(at);
        let (whole, _) = texts(&[file("all.tlb", template)]);
        // With a mark at its beginning and the ends of lines of another system.
        let windows = format!("\u{feff}{}", scenario.replace('\n', "\r\n"));
        let (both, said) = texts(&[file("kernel.tlb", kernel), file("scenario.tlb", windows)]);
        assert!(both.same_texts(&whole), "{both:?}");
        assert!(
            said.contains("kernel.tlb, scenario.tlb: the kernel my kernel; the scenario my shootdown."),
            "{said}"
        );
        let (alone, said) = texts(&[file("kernel.tlb", kernel)]);
        assert_eq!(
            (&alone.experiment.scenario, alone.kernel_name().as_deref()),
            (&page().experiment.scenario, Some("my kernel"))
        );
        assert!(said.contains("the scenario lazy+unmap+andy stays, and runs on it"), "{said}");
    }

    #[test]
    fn what_is_left_out_is_named() {
        let scenario = page().experiment.scenario.to_string();
        let two = format!("{scenario}\n{}", scenario.replacen("lazy+unmap+andy", "again", 1));
        let (session, said) = texts(&[file("two.tlb", two)]);
        assert_eq!(session.name().as_deref(), Some("lazy+unmap+andy"));
        assert!(said.contains("Not opened: again."), "{said}");
    }

    #[test]
    fn what_is_no_text_of_ours_is_refused_by_name() {
        let kernel = "kernel \"k\" { }";
        for (files, why) in [
            (
                vec![file("a.png", b"\x89PNG\r\n")],
                "a.png was not opened: it is no text (byte 0 is not UTF-8).",
            ),
            (
                vec![file("a.bin", b"kernel\0")],
                "a.bin was not opened: it is no text (byte 6 is a control character).",
            ),
            (
                vec![file("notes.txt", "hello")],
                "notes.txt was not opened: it has no kernel and no scenario. A kernel begins with",
            ),
            (
                vec![file("SB.litmus", "X86 SB\n{ x=0; }\n")],
                "SB.litmus was not opened: it is a litmus test. The command line makes a scenario of it",
            ),
            (vec![file("empty.tlb", " \n")], "empty.tlb was not opened: it has no kernel and no scenario."),
            (
                vec![file("long.tlb", vec![b' '; MOST + 1])],
                "long.tlb was not opened: it has more than 256 KiB",
            ),
            (
                vec![File { name: "x".into(), bytes: Err(Unread::TooLarge) }],
                "x was not opened: it has more than 256 KiB",
            ),
            (
                vec![File { name: "x".into(), bytes: Err(Unread::Failed) }],
                "x was not opened: the browser could not read it.",
            ),
            (
                vec![file("a", kernel), file("b", kernel)],
                "b was not opened: there are two kernels with the name k.",
            ),
            (vec![], "No file was opened."),
        ] {
            let said = opened(&files, &page()).expect_err(why);
            assert!(said.starts_with(why), "{said}");
        }
        let half = vec![b' '; MOST / 2];
        let long = |name: &str| {
            file(name, [format!("kernel \"{name}\" {{ }} /*").as_bytes(), &half, b"*/"].concat())
        };
        let said = opened(&[long("a"), long("b")], &page()).expect_err("they are too long");
        assert!(said.contains("together they have more than 256 KiB"), "{said}");
    }

    #[test]
    fn a_text_of_ours_with_errors_is_opened_with_them() {
        let (session, _) = texts(&[file("mine.tlb", "scenari \"x\" { }")]);
        let (setup, diagnostics) = session.compile();
        assert!(setup.is_none() && !diagnostics.is_empty());
        let (session, _) = texts(&[file("mine.tlb", "scenario \"x\" { use kernel")]);
        assert!(session.compile().0.is_none() && session.name().as_deref() == Some("x"));
    }

    #[test]
    fn any_name_gives_a_name_for_a_file() {
        let named = |name: &str| {
            let scenario = format!("scenario \"{name}\" {{ }}");
            saved(&page().edited(SourceId::SCENARIO, &scenario)).0
        };
        assert_eq!(named("two CPUs"), "two-CPUs.tlb");
        assert_eq!(named("../../etc"), "etc.tlb");
        assert_eq!(named("\u{5d0}"), "scenario.tlb");
        assert!(named(&"x".repeat(900)).len() < 70);
    }

    #[test]
    fn a_table_of_costs_is_opened_as_such() {
        let costs = gallery::costs().next().expect("there is one").text;
        let Ok(FromFiles::Costs(text, sentence)) = opened(&[file("mine.tlb", costs)], &page()) else {
            panic!("it is a table of costs");
        };
        assert_eq!(text, costs);
        assert!(sentence.starts_with("Opened from mine.tlb: the table of costs."), "{sentence}");
    }
}
