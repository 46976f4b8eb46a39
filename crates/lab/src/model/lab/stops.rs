//! The run goes on to a line that the reader has marked.

use crate::model::lab::{Lab, Notice};
use crate::model::player::PlayerAct;
use crate::model::stops::{self, Arrival};
use lang::source::SourceId;

impl Lab {
    /// Lets the run go on to the next moment at which a CPU comes to one of these lines, each with its text and its number from 1. If
    /// none does in the rest of the run, it begins anew.
    pub(super) fn run_to(&mut self, lines: &[(SourceId, u32)]) {
        self.unveil = false;
        self.player = self.player.after(&PlayerAct::Pause);
        if self.stale() {
            let sentence = "The texts have errors: their lines may not be those of the run on the stage.";
            self.notice = Some(Notice::done(sentence.to_owned()));
            return;
        }
        let cursor = self.player.cursor();
        let arrival = stops::next(&self.player, cursor, lines).or_else(|| stops::first(&self.player, lines));
        let sentence = match arrival {
            Some(arrival) => {
                let anew = if arrival.moment > cursor { "" } else { "From the beginning again: " };
                self.player = self.player.after(&PlayerAct::To(arrival.moment));
                let text = if arrival.source == SourceId::SCENARIO { "scenario" } else { "kernel" };
                let Arrival { cpu, line, moment, .. } = arrival;
                match moment {
                    0 => format!("At the beginning of the run CPU {cpu} is at line {line} of the {text}."),
                    _ => format!("{anew}CPU {cpu} has reached line {line} of the {text}."),
                }
            }
            None => "In this run no CPU reaches a marked line. Another run may reach one.".to_owned(),
        };
        self.notice = Some(Notice::of_run(sentence));
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

    /// The line of the kernel with these words, from 1.
    fn line(lab: &Lab, words: &str) -> u32 {
        let kernel = lab.session().kernel();
        let at = kernel.lines().position(|line| line.contains(words));
        u32::try_from(at.expect("it is in the kernel") + 1).expect("short")
    }

    fn said(lab: &Lab) -> String {
        lab.notice().map(|notice| notice.sentence.clone()).unwrap_or_default()
    }

    #[test]
    fn a_run_goes_on_to_each_moment_at_which_a_cpu_comes_to_the_line() {
        let lab = opened();
        let line = line(&lab, "// CR3 unchanged");
        let mut lab = lab;
        let run = || Act::RunTo(vec![(SourceId::KERNEL, line)]);
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
            lab = lab.after(run());
            let now = lab.player().cursor();
            if now <= before {
                break;
            }
            assert!(said(&lab).contains(&format!("line {line} of the kernel")), "{}", said(&lab));
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
        assert_eq!(lab.player().cursor(), moments[0], "behind the last one it begins anew");
        assert!(said(&lab).starts_with("From the beginning again: CPU"), "{}", said(&lab));
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
        let stopped = lab.after(Act::RunTo(vec![(SourceId::KERNEL, call)]));
        assert!(stopped.player().cursor() > 0 || said(&stopped).contains("no CPU"), "{}", said(&stopped));
        let nowhere = lab.after(Act::RunTo(vec![
            (SourceId::KERNEL, 1),
            (SourceId::KERNEL, 99_999),
            (SourceId::KERNEL, 0),
        ]));
        assert_eq!(nowhere.player().cursor(), 0);
        assert!(said(&nowhere).contains("no CPU reaches"), "{}", said(&nowhere));
        // Further lines than are looked at are no error.
        let many = lab.after(Act::RunTo((1..500).map(|line| (SourceId::SCENARIO, line)).collect()));
        assert!(!said(&many).is_empty());
    }

    #[test]
    fn where_a_cpu_is_at_the_beginning_it_has_come_to() {
        let lab = opened();
        let first = {
            let (machine, state) = (lab.player().machine(), lab.player().state(0));
            let site = &machine.program().sites[state.cpus[1].context().pc as usize];
            assert_eq!(site.source, SourceId::KERNEL);
            site.span.line_column(&lab.session().kernel()).0
        };
        let later = lab.after(Act::Play(PlayerAct::To(9)));
        let there = later.after(Act::RunTo(vec![(SourceId::KERNEL, first)]));
        assert_eq!(there.player().cursor(), 0);
        assert_eq!(
            said(&there),
            format!("At the beginning of the run CPU 1 is at line {first} of the kernel.")
        );
    }

    #[test]
    fn texts_with_errors_have_no_lines_to_stop_at() {
        let lab = opened();
        let kernel = lab.session().kernel().replacen('{', "", 1);
        let lab =
            lab.after(Act::Edit(SourceId::KERNEL, kernel)).after(Act::RunTo(vec![(SourceId::KERNEL, 20)]));
        assert!(said(&lab).starts_with("The texts have errors"), "{}", said(&lab));
    }
}
