//! Texts that come from files and templates, and those that have been saved.

use super::{Lab, Notice};
use crate::model::files::{self, File, FromFiles};
use crate::model::permalink;
use crate::model::player::Player;
use crate::model::session::Session;
use crate::model::timed::TimedAct;
use std::rc::Rc;

impl Lab {
    /// A text of one's own begins.
    pub(super) fn begin_with(&mut self, slug: &str) {
        let Some(template) = gallery::templates().find(|text| text.slug == slug) else { return };
        let bytes = Ok(template.text.as_bytes().to_vec());
        self.open_files(&[File { name: format!("the template {slug}"), bytes }]);
    }

    /// Opens files. What they do not hold is told, and the page stays as it is.
    pub(super) fn open_files(&mut self, files: &[File]) {
        self.notice = Some(match files::opened(files, &self.session) {
            Ok(FromFiles::Texts(..)) if self.would_lose() => return self.keep_texts(),
            Ok(FromFiles::Costs(text, sentence)) => {
                self.put_on_table(&text);
                Notice::done(sentence)
            }
            Ok(FromFiles::Texts(session, sentence)) => {
                self.put_on_page(*session);
                Notice::done(sentence)
            }
            Err(why) => Notice::warning(why),
        });
    }

    /// Whether nothing brings back the texts that are on the page: no address holds them, and they have not been saved.
    pub(super) fn would_lose(&self) -> bool {
        permalink::too_long(&self.session, 0).is_some()
            && !self.saved.as_ref().is_some_and(|saved| saved.same_texts(&self.session))
    }

    /// Says that the page keeps such texts.
    pub(super) fn keep_texts(&mut self) {
        let why = "The page keeps its text: it is too long for an address, so nothing would bring it back. Save it first.";
        self.notice = Some(Notice::warning(why.to_owned()));
    }

    /// The texts on the page are saved.
    pub(super) fn save(&mut self) {
        self.saved = Some(Rc::new(self.session.clone()));
        self.notice = Some(Notice::done(files::saved(&self.session).2));
    }

    /// Puts texts on the page in place of those that are there, from the beginning of a run. Texts with errors have something
    /// like them on the stage, if there is something.
    fn put_on_page(&mut self, session: Session) {
        let (setup, diagnostics) = session.compile();
        let whole = setup.is_some();
        let like = || session.without_edits().find_map(|less| less.compile().0);
        let player = setup.or_else(like).map(|setup| Player::new(Rc::new(setup)));
        self.diagnostics = Rc::new(diagnostics);
        self.session = session;
        (self.opening, self.counterpart) = (None, None);
        self.arrive(player.unwrap_or_else(|| self.player.clone()));
        (self.unveil, self.stands_in) = (whole, !whole);
        self.lesson.see(true, true);
        self.chapter += 1;
    }

    /// Puts a table of costs in place of the one that is there. The scenario stays, and the lesson with it.
    fn put_on_table(&mut self, text: &str) {
        if !self.timed.is_open() {
            self.timed_by(&TimedAct::Open);
        }
        let before = self.timed.linked();
        self.timed = Rc::new(self.timed.edited(Some(text)));
        self.chapter += u32::from(self.timed.linked() != before);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::comparison::Counterpart;
    use crate::model::files::{File, MOST, own_name, saved};
    use crate::model::lab::tests::checked;
    use crate::model::session::Setting;
    use crate::model::timed::COSTS;
    use crate::model::verdict::Mood;
    use crate::{Act, Lab};
    use lang::source::SourceId;
    use protocol::WireVerdict;

    fn file(text: &str) -> Act {
        Act::Files(vec![File { name: "mine.tlb".to_owned(), bytes: Ok(text.as_bytes().to_vec()) }])
    }

    fn page() -> Lab {
        Lab::open(None).expect("a scenario compiles")
    }

    fn told(lab: &Lab) -> (bool, &str) {
        lab.notice().map_or((false, ""), |notice| (notice.warning, notice.sentence.as_str()))
    }

    #[test]
    fn every_template_is_what_it_says_in_each_of_its_cases() {
        for template in gallery::templates() {
            let lab = page().after(Act::New(template.slug.to_owned()));
            assert!(told(&lab).1.starts_with(&format!("Opened from the template {}: ", template.slug)));
            assert!(!lab.stale() && lab.chapter() == 1 && lab.touched());
            for case in lab.session().cases() {
                let lab = checked(lab.after(Act::Case(case.case)));
                let report = lab.check().report().expect("it is settled");
                assert!(!report.expectations.is_empty(), "{} says what it shows", template.slug);
                for found in &report.expectations {
                    assert_eq!(found.verdict, WireVerdict::Met, "{}, {:?}", template.slug, case.name);
                }
            }
        }
    }

    #[test]
    fn a_file_takes_the_place_of_what_is_there_and_its_run_is_shown() {
        let text = gallery::templates().find(|text| text.slug == "bare-shootdown").expect("it is there").text;
        let wrong = text
            .replace("send_ipis = on", "send_ipis = off")
            .replace("never violation", "sometimes violation");
        let lab = checked(page().after(file(&wrong)));
        assert!(
            told(&lab).1.starts_with("Opened from mine.tlb"),
            "the verdict does not take it away: {:?}",
            lab.notice()
        );
        assert_eq!(crate::view::verdict::VerdictView::of(&lab).mood, Mood::Reachable);
        assert!(!lab.player().trace().is_empty(), "the way to it is on the stage");
        // The same text as a link is the same page.
        let again = Lab::open(Some(&lab.link())).expect("it opens");
        assert!(again.session().same_texts(lab.session()));
    }

    #[test]
    fn what_was_written_in_another_text_does_not_take_the_place_of_a_file() {
        let lab = page();
        let mine = |lab: &Lab| format!("{}// mine\n", lab.session().experiment.scenario);
        let typed =
            |lab: &Lab, text: String| Act::Typed(lab.texts(SourceId::SCENARIO), SourceId::SCENARIO, text);
        let written = lab.after(typed(&lab, mine(&lab)));
        assert_eq!(*written.session().experiment.scenario, *mine(&lab), "it is an edit");
        assert!(written.touched());
        // More of it is on its way.
        let more = typed(&written, mine(&written));
        assert_eq!(*written.after(more.clone()).session().experiment.scenario, *mine(&written));
        let whole = gallery::templates().next().expect("there is one");
        let link = page().after(file(whole.text)).link();
        for other in
            [file(whole.text), Act::New(whole.slug.into()), Act::Follow(link), Act::Reset(SourceId::SCENARIO)]
        {
            let opened = written.after(other);
            assert_eq!(opened.after(more.clone()).session(), opened.session());
        }
        // The other texts are what they were, and are written in.
        let kernel = format!("{}// mine\n", written.session().kernel());
        let typed = Act::Typed(written.texts(SourceId::KERNEL), SourceId::KERNEL, kernel.clone());
        let reset = written.after(Act::Reset(SourceId::SCENARIO)).after(typed);
        assert_eq!(*reset.session().kernel(), *kernel);
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        let lab = page();
        let after = lab.after(file("\u{0}"));
        assert!(told(&after).0 && told(&after).1.contains("is no text"));
        assert_eq!((after.session(), after.chapter()), (lab.session(), lab.chapter()));
    }

    #[test]
    fn a_lesson_ends_when_something_else_is_opened_and_not_when_that_is_refused() {
        let at = |address: &str| checked(page().after(Act::Follow(address.to_owned())));
        let long = |lab: &Lab| {
            Act::Edit(
                SourceId::SCENARIO,
                format!("{}// {}\n", lab.session().experiment.scenario, "x".repeat(MOST)),
            )
        };
        let challenge = at("challenge/mask-first");
        let whole = gallery::templates().next().expect("there is one");
        for refused in [file("\u{0}"), Act::Open("atlantis".into()), Act::Follow("4.broken".into())] {
            let after = challenge.after(refused.clone());
            assert!(after.lesson().challenge().is_some(), "{refused:?}");
            assert!(!after.lesson().wandered() && after.session() == challenge.session(), "{refused:?}");
        }
        // Texts that nothing would bring back stay, and the challenge with them.
        let written = challenge.after(long(&challenge));
        for kept in [file(whole.text), Act::New(whole.slug.into()), Act::Open(crate::DEFAULT.into())] {
            let after = written.after(kept.clone());
            assert!(told(&after).0 && after.lesson().challenge().is_some(), "{kept:?}");
        }
        for opened in [file(whole.text), Act::New(whole.slug.into()), Act::Open(crate::DEFAULT.into())] {
            assert!(challenge.after(opened.clone()).lesson().challenge().is_none(), "{opened:?}");
            // The tour waits.
            let tour = at("tour/walk").after(opened.clone());
            assert!(tour.lesson().wandered() && tour.lesson().moment().is_some(), "{opened:?}");
        }
        // Costs are no other scenario.
        let costs = gallery::costs().find(|text| text.slug == "laptop").expect("it is there").text;
        assert!(challenge.after(file(costs)).lesson().challenge().is_some());
    }

    #[test]
    fn what_is_saved_is_told_until_the_reader_does_something_else() {
        let saved = page().after(Act::Save);
        let told_of = |lab: &Lab| told(lab).1.starts_with("Saved as");
        assert!(told_of(&saved) && told_of(&checked(saved.clone())), "a verdict does not take it away");
        assert!(!told_of(&saved.after(Act::Case(None))));
    }

    #[test]
    fn a_text_with_errors_is_in_the_editor_and_the_stage_says_what_it_shows() {
        let lab = page().after(file("scenario \"x\" { use kernel \"lazy TLB lab\" machin"));
        assert!(lab.stale() && lab.stands_in() && !lab.diagnostics().is_empty());
        assert!(crate::view::texts::broken(&lab).is_some_and(|said| said.contains("The stage shows")));
    }

    #[test]
    fn a_text_that_no_address_holds_is_not_replaced_before_it_is_saved() {
        let lab = page();
        let long = format!("{}// {}\n", lab.session().experiment.scenario, "x".repeat(MOST));
        let lab = lab.after(Act::Edit(SourceId::SCENARIO, long));
        let template = Act::New("bare-shootdown".to_owned());
        let kept = lab.after(template.clone());
        assert!(told(&kept).0 && kept.session() == lab.session(), "{:?}", kept.notice());
        let gone = kept.after(Act::Save).after(template);
        assert!(!told(&gone).0 && gone.session() != lab.session(), "{:?}", gone.notice());
    }

    #[test]
    fn a_text_of_ones_own_does_not_leave_without_a_word() {
        let lab = page();
        let library = lab.after(Act::Open("asid+rollover".to_owned()));
        assert_eq!(
            (library.notice(), own_name(library.session())),
            (None, None),
            "Back is where it always is"
        );
        let template = lab.after(Act::New("bare-shootdown".to_owned()));
        assert!(
            template.session().own_name().is_some() && own_name(template.session()).is_none(),
            "as it came"
        );
        let text = format!("// mine\n{}", template.session().experiment.scenario);
        let mine = template.after(Act::Edit(SourceId::SCENARIO, text));
        assert_eq!(own_name(mine.session()), mine.session().own_name());
        let kernel = format!("// mine\n{}", lab.session().kernel());
        let own = lab.after(Act::Edit(SourceId::KERNEL, kernel)).after(Act::Open("asid+rollover".to_owned()));
        let name = format!(
            "{} on {}",
            lab.session().name().expect("it has one"),
            lab.session().kernel_name().expect("it has one")
        );
        assert!(!told(&own).0 && told(&own).1.contains(&name), "{:?}", own.notice());
    }

    #[test]
    fn what_has_been_saved_is_told_with_its_name() {
        let lab = page().after(Act::Save);
        let name = saved(lab.session()).0;
        assert!(told(&lab).1.starts_with(&format!("Saved as {name}: the scenario.")), "{:?}", lab.notice());
    }

    #[test]
    fn a_file_with_a_table_of_costs_opens_what_kernels_cost() {
        let costs = gallery::costs().find(|text| text.slug == "laptop").expect("it is there").text;
        let lab = page().after(file(costs));
        assert!(lab.timed().is_open() && !told(&lab).0);
        // Back brings back what was there, so there is an entry of the history.
        let mine = costs.replacen("costs \"", "costs \"my ", 1);
        let after = lab.after(file(&mine));
        assert_ne!(after.timed().text(), lab.timed().text());
        assert_eq!(
            (after.chapter(), after.after(Act::Reset(COSTS)).chapter()),
            (lab.chapter() + 1, lab.chapter() + 2)
        );
    }

    #[test]
    fn a_text_that_is_reset_is_one_to_go_back_to() {
        let lab = page();
        let edited = lab.after(Act::Edit(SourceId::KERNEL, format!("// mine\n{}", lab.session().kernel())));
        let reset = edited.after(Act::Reset(SourceId::KERNEL));
        assert_eq!((edited.chapter(), reset.chapter()), (lab.chapter(), lab.chapter() + 1));
        assert_eq!(
            reset.after(Act::Reset(SourceId::KERNEL)).chapter(),
            reset.chapter(),
            "there is nothing to reset"
        );
    }

    #[test]
    fn a_machine_is_not_compared_with_itself() {
        let lab = page();
        let edited = lab.after(Act::Edit(SourceId::KERNEL, format!("// mine\n{}", lab.session().kernel())));
        let unedited = Counterpart::unedited(edited.session()).expect("it is edited");
        let compared = edited.after(Act::Compare(Some(unedited.clone())));
        assert_eq!((compared.counterpart(), compared.compared()), (Some(&unedited), 1));
        let again = compared.after(Act::Compare(Some(unedited)));
        assert_eq!(again.compared(), 2, "asked once more");
        assert_eq!(again.after(Act::Reset(SourceId::KERNEL)).counterpart(), None);
        // The same with a switch, a case and another kernel that the reader turns to.
        let option = lab.player().machine().program().options.first().expect("it has options").clone();
        let other =
            option.choices.iter().find(|choice| **choice != option.choices[usize::from(option.chosen)]);
        let choice = other.expect("it has two choices").clone();
        let turn = Act::Option { name: option.name, choice };
        let there = lab.after(turn.clone());
        let offered = crate::model::comparison::offered(lab.setup(), true);
        let mut tried = 0;
        for (counterpart, _) in offered.into_iter().flat_map(|group| group.1) {
            let compared = lab.after(Act::Compare(Some(counterpart.clone())));
            assert_eq!(compared.counterpart(), Some(&counterpart));
            let turned = match &counterpart {
                Counterpart::Kernel(name) => {
                    compared.after(Act::Setting(Setting { kernel: Some(name.clone()), ..Setting::default() }))
                }
                Counterpart::Setting(setting) if setting.options.is_empty() => {
                    compared.after(Act::Case(setting.case))
                }
                _ => {
                    let turned = compared.after(turn.clone());
                    if compared.counterpart().is_none_or(|other| !other.is_on_stage(there.setup())) {
                        assert_eq!(turned.counterpart(), Some(&counterpart));
                        continue;
                    }
                    turned
                }
            };
            assert_eq!(turned.counterpart(), None, "{counterpart:?}");
            tried += 1;
        }
        assert!(tried > 2, "{tried}");
    }
}
