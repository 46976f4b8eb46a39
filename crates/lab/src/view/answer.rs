//! The answer to a switch or a case: what it has changed, in words.
//!
//! Everything is derived from the two machines: the verdicts before and after, what the run does on the other
//! machine, and whether a CPU has reached a barrier that was not there before.

use crate::model::before::{Before, Switch};
use crate::model::lab::Lab;
use crate::model::player::Player;
use crate::model::verdict;
use explore::System;
use lang::diagnostic::Severity;
use lang::program::{Pc, Program};
use machine::{Property, What};
use protocol::Report;
use scene::{Comparison, Other, compare, grouped};
use std::rc::Rc;

/// What the page says about a switch that the reader has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The switch that was set.
    pub asked: Switch,
    /// The settings that it is about, in words.
    pub settings: String,
    /// Sentences.
    pub sentences: Vec<String>,
}

impl Answer {
    /// What a machine that follows another one answers, as soon as the explorer has spoken of it.
    #[must_use]
    pub fn of(before: &Before, lab: &Lab) -> Option<Answer> {
        if Rc::ptr_eq(before.player.setup(), lab.player().setup()) {
            let (asked, sentences) = (before.asked.clone(), vec![nowhere(before, lab)]);
            return Some(Answer { asked, settings: settings(&before.asked, lab), sentences });
        }
        let (then, now) = (before.player.machine(), lab.player().machine());
        let report = lab.check().report()?;
        let mut sentences = vec![settled(before, then.program(), report, now.program())];
        // The run that the reader chose: the stage follows it, and the notice speaks of it.
        let (ran, trace) = before.player.chosen();
        if !trace.is_empty() {
            sentences.push(followed(&compare(ran, trace, now), trace.len()));
        }
        let parted = trace.schedule() != lab.player().trace().schedule();
        sentences.extend(barriers(then.program(), lab.player(), parted));
        Some(Answer { asked: before.asked.clone(), settings: settings(&before.asked, lab), sentences })
    }
}

/// Why there is no machine of what was chosen: the text had errors before, or has them with this choice.
fn nowhere(before: &Before, lab: &Lab) -> String {
    let of_choice = before.player.setup().session.same_texts(lab.session());
    let mut found = lab.diagnostics().iter();
    match found.find(|found| found.severity == Severity::Error).filter(|_| of_choice) {
        Some(error) => format!(
            "With this choice there is no machine: {}. The stage keeps the last one.",
            error.message.trim_end_matches('.')
        ),
        None => "The text has errors. What you choose here applies as soon as it compiles.".to_owned(),
    }
}

/// What the reader has set, in a few words, the last one first: the rest is as written.
fn settings(asked: &Switch, lab: &Lab) -> String {
    /// So many options are named.
    const MOST: usize = 3;
    let session = lab.session();
    let selection = &session.experiment.selection;
    let case =
        session.cases().into_iter().find(|case| case.case == selection.case).and_then(|case| case.name);
    let mut options = selection.options.clone();
    let last = |(name, _): &(String, String)| matches!(asked, Switch::Option(asked) if asked == name);
    if let Some(last) = options.iter().position(last) {
        options.swap(0, last);
    }
    let options = options.iter().map(|(name, choice)| format!("{} {choice}", name.replace('_', " ")));
    let mut words: Vec<String> = case.into_iter().chain(options).collect();
    if words.is_empty() {
        return "as written".to_owned();
    }
    let more = if words.len() > MOST { ", \u{2026}" } else { "" };
    words.truncate(MOST);
    format!("with {}{more}", words.join(", "))
}

/// What becomes of a run of so many steps.
fn followed(compared: &Comparison, steps: usize) -> String {
    let cannot = (1..).zip(&compared.steps).find_map(|(step, other): (u32, _)| match other {
        Other::Cannot { why, .. } => Some((step, why)),
        _ => None,
    });
    if let Some((step, why)) = cannot {
        return format!("Step {step} of the run of {} can't happen now: {why}.", scene::steps(steps));
    }
    // Of a very long run the beginning is compared.
    let all = match compared.steps.len() {
        some if some < steps => format!("The first {some} of the {steps} steps"),
        1 => "The one step".to_owned(),
        _ => format!("All {steps} steps"),
    };
    match compared.first() {
        Some((step, Other::Differs { there, .. })) => {
            format!(
                "{all} of the run {} here too, but step {step} does something else: {there}",
                happen(steps)
            )
        }
        _ => format!("{all} of the run {} here too.", happen(steps)),
    }
}

fn happen(steps: usize) -> &'static str {
    if steps == 1 { "happens" } else { "happen" }
}

/// The verdict next to the earlier one.
fn settled(before: &Before, then: &Program, report: &Report, now: &Program) -> String {
    let shortest = |report: &Report, program: &Program| {
        verdict::headline(report, program).map(|(property, schedule)| (property, schedule.len()))
    };
    let there = before.report.as_ref().map(|report| shortest(report, then));
    let title = |property: Property| property.title();
    // The headline may be another one only because the case speaks of other properties.
    let was = there.flatten().map(|(was, _)| was);
    let still = was.and_then(|was| Some((was, report.witness(was.as_set())?.1.len())));
    if let Some((was, steps)) = still {
        return format!("Still reachable in {}: {}.", scene::steps(steps), title(was));
    }
    match (there, shortest(report, now)) {
        (Some(Some((was, _))), Some((is, steps))) => {
            format!(
                "No longer reachable: {}. Reachable now, in {}: {}.",
                title(was),
                scene::steps(steps),
                title(is)
            )
        }
        (_, Some((is, steps))) => format!("Reachable now, in {}: {}.", scene::steps(steps), title(is)),
        (Some(Some((was, _))), None) if report.complete() => {
            let states = grouped(report.states.into());
            format!("No longer reachable: {}. There is no violation in all {states} states.", title(was))
        }
        (_, None) if report.complete() => {
            format!("There is no violation in all {} states.", grouped(report.states.into()))
        }
        (_, None) => {
            format!("None found within {} states, which is no proof.", grouped(report.states.into()))
        }
    }
}

/// A place in the texts: which text, and from where to where.
type Site = (u8, u32, u32);

/// The places of the fences among those operations that count.
fn fences(program: &Program, code: &[bool]) -> Vec<Site> {
    let fences = (0..code.len()).filter(|&pc| code[pc] && program.code[pc].effects().barrier);
    fences.map(|pc| place(program, pc)).collect()
}

fn place(program: &Program, pc: usize) -> Site {
    let site = &program.sites[pc];
    (site.source.0, site.span.start, site.span.end)
}

/// For each CPU that may reach a barrier that the earlier text lacked: whether the run on the stage has passed it. It is
/// named where it has `parted` from the run that the reader chose.
fn barriers(then: &Program, player: &Player, parted: bool) -> Vec<String> {
    let (machine, now) = (player.machine(), player.machine().program());
    let all = |program: &Program| fences(program, &vec![true; program.code.len()]);
    let old = all(then);
    // Places in another text can't be compared.
    let new: Vec<Site> = match then.kernel == now.kernel {
        true => {
            let mut new = all(now);
            new.retain(|site| !old.contains(site));
            new
        }
        false if old.is_empty() => all(now),
        false => Vec::new(),
    };
    if new.is_empty() {
        return Vec::new();
    }
    let mut passed = vec![None; usize::from(now.machine.cpus)];
    let mut state = machine.initial();
    for (number, step) in (1..).zip(player.trace().steps()) {
        let cpu = usize::from(step.action.cpu());
        let fenced = step.events.iter().any(|event| event.what == What::Fenced);
        if fenced && new.contains(&place(now, usize::from(state.cpus[cpu].context().pc))) {
            passed[cpu] = passed[cpu].or(Some(number));
        }
        machine.step(&mut state, step.action, &mut ());
    }
    let comes = |entry: Pc| fences(now, &reached(now, entry)).iter().any(|site| new.contains(site));
    let told = now.threads.iter().filter(|thread| comes(thread.entry)).map(|thread| {
        let cpu = thread.cpu;
        let run = if parted { " of the new run" } else { "" };
        match passed[usize::from(cpu)] {
            Some(step) if step <= player.cursor() => {
                format!("CPU {cpu} has passed its barrier, at step {step}{run}.")
            }
            Some(step) => {
                format!("CPU {cpu} has not reached its barrier yet: that happens at step {step}{run}.")
            }
            None => format!("CPU {cpu} has not reached its barrier."),
        }
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { vec!["No CPU reaches the barrier in this scenario.".to_owned()] } else { told }
}

/// Of each operation, whether a thread may reach it.
fn reached(program: &Program, entry: Pc) -> Vec<bool> {
    let (mut found, mut todo) = (vec![false; program.code.len()], vec![usize::from(entry)]);
    while let Some(pc) = todo.pop() {
        if std::mem::replace(&mut found[pc], true) {
            continue;
        }
        todo.extend(program.code[pc].effects().flow.successors(pc));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Answer;
    use crate::model::lab::tests::{act, checked};
    use crate::model::player::PlayerAct;
    use crate::view::texts::broken;
    use crate::{Act, Lab};
    use lang::source::SourceId;

    fn switched(lab: Lab, name: &str, choice: &str) -> Lab {
        checked(act(lab, Act::Option { name: name.to_owned(), choice: choice.to_owned() }))
    }

    fn said(lab: &Lab) -> String {
        let before = lab.before().expect("something was switched");
        Answer::of(before, lab).expect("the check is done").sentences.join(" ")
    }

    #[test]
    fn a_barrier_that_nobody_comes_to_is_said_to_change_nothing() {
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        let steps = lab.player().trace().len();
        let with = switched(lab, "memory_barrier", "on");
        let answer = said(&with);
        assert!(answer.contains(&format!("Still reachable in {steps} steps")), "{answer}");
        assert!(answer.contains(&format!("All {steps} steps of the run happen here too")), "{answer}");
        assert!(answer.contains("No CPU reaches the barrier"), "{answer}");
        let without = said(&switched(with, "memory_barrier", "off"));
        assert!(without.contains("Still reachable") && !without.contains("barrier"), "{without}");
    }

    /// The switch shows what was chosen, and the answer why the stage does not follow.
    #[test]
    fn a_choice_that_becomes_no_machine_says_why() {
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        let chosen = |lab: &Lab| {
            let options = lab.options();
            let option = options.iter().find(|option| option.name == "mine").expect("it is declared");
            option.choices[usize::from(option.chosen)].clone()
        };
        let text =
            lab.session().experiment.scenario.replacen("setup {", "option mine = off \"Mine\"\nsetup {", 1);
        let text = text.replacen("cpu 0 { run(A);", "cpu 0 { run(A); if mine { BUG_ON(true); }", 1);
        let edited = checked(act(lab, Act::Edit(SourceId::SCENARIO, text)));
        assert_eq!(
            (chosen(&edited), edited.diagnostics().len()),
            ("off".to_owned(), 0),
            "{:?}",
            edited.diagnostics()
        );
        let on = act(edited, Act::Option { name: "mine".to_owned(), choice: "on".to_owned() });
        let before = on.before().expect("something was switched");
        let answer = Answer::of(before, &on).expect("it needs no explorer").sentences.join(" ");
        assert!(
            answer.starts_with("With this choice there is no machine: the setup block of cpu 0"),
            "{answer}"
        );
        assert_eq!(chosen(&on), "on");
    }

    #[test]
    fn what_helps_is_said_to_help_and_why_the_run_ends() {
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        let safe = switched(lab, "init_mm_switch", "on");
        let answer = said(&safe);
        assert!(answer.contains("No longer reachable") && answer.contains("can't happen now: "), "{answer}");
        assert!(said(&switched(safe, "init_mm_switch", "off")).contains("Reachable now"));
    }

    /// After a second switch the notice and the answer still speak of one run: that which the reader chose, and not
    /// the one with another end that the first switch has left on the stage.
    #[test]
    fn the_notice_and_the_answer_speak_of_one_run() {
        let step = |sentence: &str| {
            let words = sentence.split_once("Step ").map(|(_, after)| after.split(" can't happen now"));
            words.and_then(|mut words| words.next()).unwrap_or_default().to_owned()
        };
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        let whole = lab.player().trace().len();
        let once = switched(lab, "init_mm_switch", "on");
        let noticed = |lab: &Lab| lab.notice().map(|notice| step(&notice.sentence)).unwrap_or_default();
        assert_ne!(once.player().trace().len(), whole, "the run goes on otherwise");
        let twice = switched(once.clone(), "memory_barrier", "on");
        for lab in [&once, &twice] {
            assert_eq!(noticed(lab), step(&said(lab)));
            assert!(noticed(lab).ends_with(&format!(" of the run of {whole} steps")), "{}", noticed(lab));
        }
        // The run that comes back is told of as it is.
        let back = switched(twice, "init_mm_switch", "off");
        assert_eq!((back.player().trace().len(), back.notice()), (whole, None));
        assert!(said(&back).contains(&format!("All {whole} steps of the run happen here too")));
    }

    #[test]
    fn whether_a_cpu_has_passed_its_barrier_goes_by_the_moment() {
        let lab = act(Lab::open(None).expect("a scenario compiles"), Act::Open("lazy+zap+return".to_owned()));
        let lab = switched(act(checked(lab), Act::Play(PlayerAct::To(usize::MAX))), "memory_barrier", "off");
        let with = switched(lab, "memory_barrier", "on");
        let end = act(with.clone(), Act::Play(PlayerAct::RunOn));
        let end = act(end, Act::Play(PlayerAct::To(usize::MAX)));
        assert!(said(&end).contains("CPU 1 has passed its barrier"), "{}", said(&end));
        let start = act(with, Act::Play(PlayerAct::To(0)));
        assert!(said(&start).contains("CPU 1 has not reached its barrier"), "{}", said(&start));
    }

    #[test]
    fn a_switch_that_waits_until_the_text_compiles_says_so() {
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        let text = lab.session().kernel().to_string();
        let wrong = act(lab, Act::Edit(SourceId::KERNEL, format!("{text} }}")));
        let read = act(wrong, Act::Dismiss);
        assert_eq!(broken(&read), None, "the reader has put it away");
        let waits = switched(read, "memory_barrier", "on");
        assert!(said(&waits).contains("as soon as it compiles"), "{}", said(&waits));
        assert!(broken(&waits).is_some(), "and why is told once more");
        // It was no lie.
        let mended = act(waits, Act::Edit(SourceId::KERNEL, text));
        let options = &mended.player().machine().program().options;
        let barrier = options.iter().find(|option| option.name == "memory_barrier").expect("it has one");
        assert_eq!(barrier.choices[usize::from(barrier.chosen)], "on");
        assert!(mended.before().is_none());
    }

    #[test]
    fn another_text_has_no_before() {
        let with = switched(Lab::open(None).expect("a scenario compiles"), "memory_barrier", "on");
        assert!(with.before().is_some());
        let other = act(with, Act::Open("lazy+munmap".to_owned()));
        assert!(other.before().is_none());
    }
}
