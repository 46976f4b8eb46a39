//! What a reader does beside the lines of a text: the run goes on to a marked line, and the text is laid out.

use crate::model::lab::{Lab, Notice};
use crate::model::player::PlayerAct;
use crate::model::stops::Stops;
use lang::source::SourceId;

impl Lab {
    /// Where the reader wants the run to stop.
    #[must_use]
    pub fn stops(&self) -> &Stops {
        &self.stops
    }

    /// Lays a text out. One with errors stays as it is, since the formatter can't know what is meant.
    pub(super) fn lay_out(&mut self, source: SourceId) {
        let before = self.session.text(source);
        let sentence = match lang::format(&before) {
            Ok(text) if text != *before => {
                self.unveil = false;
                return self.turn_to(self.session.edited(source, &text));
            }
            Ok(_) => "The text is laid out already.",
            Err(_) => "A text with errors can\u{2019}t be laid out. The errors are listed below it.",
        };
        self.notice = Some(Notice { warning: false, sentence: sentence.to_owned() });
    }

    pub(super) fn run_to_stop(&mut self) {
        self.unveil = false;
        self.player = self.player.after(&PlayerAct::Pause);
        let told = |sentence: String| Some(Notice { warning: false, sentence });
        if self.stale() {
            self.notice = told(
                "The texts have errors. The run on the stage is one of the texts that compiled last, and their lines may be \
                 others."
                    .to_owned(),
            );
            return;
        }
        if self.stops.is_empty() {
            self.notice = told("No line is marked: a click beside its number marks it.".to_owned());
            return;
        }
        let Some(arrival) = self.stops.next(&self.player) else {
            self.notice = told(
                "In the rest of this run no CPU comes to a marked line. Another run may: choose another action, or check the \
                 scenario."
                    .to_owned(),
            );
            return;
        };
        self.player = self.player.after(&PlayerAct::To(arrival.moment));
        let text = if arrival.source == 0 { "scenario" } else { "kernel" };
        self.notice = told(format!("CPU {} has come to line {} of the {text}.", arrival.cpu, arrival.line));
    }
}

#[cfg(test)]
mod tests {
    use crate::model::player::PlayerAct;
    use crate::{Act, Lab};
    use lang::source::SourceId;

    fn opened() -> Lab {
        Lab::open(None).expect("a scenario compiles").after(Act::Play(PlayerAct::To(0)))
    }

    /// The line of the kernel that begins with these words, from 1.
    fn line(lab: &Lab, words: &str) -> u32 {
        let kernel = lab.session().kernel();
        let at = kernel.lines().position(|line| line.trim_start().starts_with(words));
        u32::try_from(at.expect("it is in the kernel") + 1).expect("short")
    }

    fn said(lab: &Lab) -> String {
        lab.notice().map(|notice| notice.sentence.clone()).unwrap_or_default()
    }

    #[test]
    fn a_run_goes_on_to_each_moment_at_which_a_cpu_comes_to_the_line() {
        let lab = opened();
        let line = line(&lab, "cpumask_clear_cpu(cpu, m.cpumask);");
        let mut lab = lab.after(Act::Stops(SourceId::KERNEL, vec![line]));
        assert_eq!(lab.stops().of(SourceId::KERNEL), [line]);
        let kernel = lab.session().kernel();
        let at_it = |lab: &Lab, moment: usize| -> Vec<u8> {
            let (machine, state) = (lab.player().machine(), lab.player().state(moment));
            let there = |cpu: &usize| {
                let site = &machine.program().sites[state.cpus[*cpu].context().pc as usize];
                site.source == SourceId::KERNEL && site.span.line_column(&kernel).0 == line
            };
            (0..state.cpus.len()).filter(there).map(|cpu| cpu as u8).collect()
        };
        let (mut moments, mut before) = (Vec::new(), 0);
        loop {
            lab = lab.after(Act::RunToStop);
            let now = lab.player().cursor();
            if now == before {
                break;
            }
            assert!(said(&lab).contains(&format!("to line {line} of the kernel")), "{}", said(&lab));
            // Somebody is there who was not there before, and that is so at no moment in between.
            let fresh = |moment: usize| {
                let was = at_it(&lab, moment - 1);
                at_it(&lab, moment).into_iter().any(|cpu| !was.contains(&cpu))
            };
            assert!(fresh(now) && !(before + 1..now).any(fresh), "{before} to {now}");
            moments.push(now);
            before = now;
        }
        assert!(!moments.is_empty(), "a CPU leaves the mask in this run");
        assert!(said(&lab).starts_with("In the rest of this run no CPU comes"), "{}", said(&lab));
    }

    #[test]
    fn a_call_is_a_line_to_stop_at_and_a_line_without_a_statement_is_none() {
        let lab = opened();
        let call = lab.player().machine().program().sites.iter().find_map(|site| {
            let kernel = lab.session().kernel();
            site.callers
                .iter()
                .find(|caller| caller.0 == SourceId::KERNEL)
                .map(|caller| caller.1.line_column(&kernel).0)
        });
        let call = call.expect("the kernel calls a function");
        let stopped = lab.after(Act::Stops(SourceId::KERNEL, vec![call])).after(Act::RunToStop);
        assert!(stopped.player().cursor() > 0 || said(&stopped).contains("no CPU"), "{}", said(&stopped));
        let nowhere = lab.after(Act::Stops(SourceId::KERNEL, vec![1, 99_999])).after(Act::RunToStop);
        assert_eq!(nowhere.player().cursor(), 0);
        assert!(said(&nowhere).contains("no CPU comes"), "{}", said(&nowhere));
        let none = nowhere.after(Act::Stops(SourceId::KERNEL, vec![])).after(Act::RunToStop);
        assert!(said(&none).starts_with("No line is marked"), "{}", said(&none));
    }

    #[test]
    fn a_text_is_laid_out_unless_it_has_errors() {
        let lab = opened();
        let plain = lang::format(&lab.session().kernel()).expect("it has no error");
        let messy = plain.replacen("    ", " \t", 40);
        let lab = lab.after(Act::Edit(SourceId::KERNEL, messy.clone()));
        let tidy = lab.after(Act::Format(SourceId::KERNEL));
        assert_eq!(&*tidy.session().kernel(), plain);
        assert_eq!(said(&tidy.after(Act::Format(SourceId::KERNEL))), "The text is laid out already.");
        let wrong = lab.after(Act::Edit(SourceId::KERNEL, messy.replacen('{', "", 1)));
        let same = wrong.after(Act::Format(SourceId::KERNEL));
        assert_eq!(same.session().kernel(), wrong.session().kernel());
        assert!(said(&same).starts_with("A text with errors"), "{}", said(&same));
    }

    #[test]
    fn texts_with_errors_have_no_lines_to_stop_at() {
        let lab = opened().after(Act::Stops(SourceId::KERNEL, vec![20]));
        let kernel = lab.session().kernel().replacen('{', "", 1);
        let lab = lab.after(Act::Edit(SourceId::KERNEL, kernel)).after(Act::RunToStop);
        assert!(said(&lab).starts_with("The texts have errors."), "{}", said(&lab));
        // Another scenario has other lines.
        assert!(lab.after(Act::Open("lazy+munmap".to_owned())).stops().is_empty());
    }
}
