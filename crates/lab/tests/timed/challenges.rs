//! Challenges that the clock judges.

use super::{Page, timed};
use guide::judge::Judgement;
use lab::model::lesson::LessonAct;
use lab::model::timed::TimedAct;
use lab::{Act, Lab};

/// A challenge at its beginning, with all kernels run and judged.
fn challenge(slug: &str) -> Page {
    let mut page = Page { states: 1_000_000, ..Page::new(None) };
    page.does_in_the_table(Act::Follow(format!("challenge/{slug}")));
    assert_eq!(page.lab.lesson().challenge().map(|challenge| challenge.slug), Some(slug));
    page
}

/// What is shown after the offered solution has been opened.
fn solved(page: &mut Page) -> Option<Judgement> {
    page.lab = page.lab.after(Act::Lesson(LessonAct::Solve));
    let link = page.lab.lesson().solution().expect("a solution").to_owned();
    page.does_in_the_table(Act::Follow(link));
    page.lab.judgement()
}

#[test]
fn the_cheapest_safe_kernel_is_judged_by_clock_and_explorer() {
    let waiting = Lab::open(Some("challenge/cheapest-safe")).expect("a scenario compiles");
    assert_eq!(waiting.judgement(), None, "nobody knows yet");
    let mut page = challenge("cheapest-safe");
    assert_eq!(page.lab.judgement(), Some(Judgement::Open));
    let mut stage = |kernel: &str| {
        page.lab = page.lab.after(timed(TimedAct::Stage(kernel.to_owned(), None)));
        page.lab.judgement()
    };
    // The cheapest of all is the one with the bug; IPIs to all that are lazy are safe and dear.
    assert_eq!(stage("linux-4.14-rc1"), Some(Judgement::Open));
    assert!(matches!(stage("linux-4.13"), Some(Judgement::Dear { took: 100.., allowed: 25 })));
    assert_eq!(stage("linux-4.14"), Some(Judgement::Solved));
    assert_eq!(stage("init_mm switch"), Some(Judgement::Solved));
    assert_eq!(solved(&mut page), Some(Judgement::Solved));
    page.does_in_the_table(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 1_000)))));
    assert_eq!(page.lab.judgement(), Some(Judgement::Elsewhere));
}

#[test]
fn the_figure_that_decides_is_judged_by_clock_and_explorer() {
    let mut page = challenge("one-figure");
    assert_eq!(page.lab.judgement(), Some(Judgement::Open));
    let mut judged = |name: &str, value: u64| {
        page.does_in_the_table(timed(TimedAct::Change(None)));
        page.does_in_the_table(timed(TimedAct::Change(Some((name.to_owned(), value)))));
        page.lab.judgement()
    };
    assert_eq!(judged("c1_exit", 1_000_000), Some(Judgement::Open), "half a C1 exit turns nothing");
    assert_eq!(judged("cr3_keep", 601_000), Some(Judgement::Elsewhere), "more than ten times as much");
    assert_eq!(judged("every 0", 1_000_000_000_000), Some(Judgement::Elsewhere), "the workload is fixed");
    assert_eq!(judged("cr3_keep", 600_000), Some(Judgement::Solved));
    page.does_in_the_table(timed(TimedAct::Change(Some(("cr3_flush".to_owned(), 171_000)))));
    assert_eq!(page.lab.judgement(), Some(Judgement::Dear { took: 2, allowed: 1 }));
    page.does_in_the_table(timed(TimedAct::Change(None)));
    assert_eq!(page.lab.judgement(), Some(Judgement::Open));
    assert_eq!(solved(&mut page), Some(Judgement::Solved));
}
