//! What the verdict offers: itself to be copied, and every violation that shows.

use e2e::sixteen::{STEPS, link};
use e2e::{Bench, By, Look, Outcome, Visit, flow, visit, with_field};
use explore::Limits;
use lab::{Act, Lab};
use lang::source::SourceId;
use link::{Base, Link};
use machine::Check;

/// Copies the verdict; what is in the clipboard then.
async fn copied(page: &Visit) -> Outcome<String> {
    page.allow_clipboard().await?;
    page.click("copy-verdict").await?;
    page.text_when("copy-verdict", "that it is copied", |text| text == "Copied").await?;
    let text: String = page.run("return navigator.clipboard.readText()").await?;
    // The button keeps the focus: a reader who uses only keys stays in place.
    let focus: String = page.run("return document.activeElement.dataset.testid").await?;
    assert_eq!(focus, "copy-verdict");
    Ok(text)
}

/// What stands behind some words in a text, up to the end of the line.
fn behind<'a>(text: &'a str, words: &str) -> &'a str {
    text.split_once(words).and_then(|(_, rest)| rest.lines().next()).unwrap_or_default()
}

/// Does what the copied command does, and holds the copied figures against it.
fn checks(text: &str) -> Outcome {
    let opened = link::open(&link::decode(behind(text, "tlbscope check "))?)?;
    assert_eq!(opened.outcome, link::Outcome::Reproduced);
    let mut check = Check::new(&opened.machine, Limits::default());
    check.run_to_end();
    let progress = check.progress();
    let states = scene::grouped(progress.states.into());
    let transitions = scene::grouped(progress.transitions);
    assert!(
        text.contains(&format!("Searched: {states} states (complete), {transitions} transitions")),
        "{text}"
    );
    assert!(
        text.contains(&format!("model version {}", machine::MODEL)) && text.contains("Not modelled: "),
        "{text}"
    );
    Ok(())
}

#[test]
fn the_verdict_is_copied_with_all_it_takes_to_check_it() {
    visit("the_verdict_is_copied_with_all_it_takes_to_check_it", "/", async |page| {
        let opened = page.has_opened().await?;
        let text = copied(page).await?;
        assert!(text.starts_with(&format!("Reachable in {} steps", opened.of)), "{text}");
        checks(&text)?;
        // The link in it shows the counterexample.
        page.open(behind(&text, "See it: ")).await?;
        page.counter_when("the counterexample", |counter| counter == opened).await?;
        page.shows_a_violation().await
    });
}

#[test]
fn a_verdict_of_absence_on_an_edited_text_can_be_checked_too() {
    visit("a_verdict_of_absence_on_an_edited_text_can_be_checked_too", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.perform(&with_field("field().select(0, 0)")).await?;
        page.press("// mine\n").await?;
        page.verdict_is("reachable").await?;
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await?;
        let text = copied(page).await?;
        assert!(text.starts_with("None in all "), "{text}");
        checks(&text)
    });
}

#[test]
fn every_violation_that_shows_has_its_shortest_way() {
    visit("every_violation_that_shows_has_its_shortest_way", "/", async |page| {
        page.has_opened().await?;
        let others: Vec<(String, usize)> = page
            .run(
                "return [...document.querySelectorAll('[data-testid=findings] .others button')].map(button => \
                     [button.childNodes[0].textContent, Number(button.querySelector('small').textContent)])",
            )
            .await?;
        assert!(others.len() > 1);
        for (number, (name, steps)) in others.iter().enumerate() {
            page.perform(&format!(
                "document.querySelectorAll('[data-testid=findings] .others button')[{number}].click()"
            ))
            .await?;
            page.counter_when("its counterexample", |counter| counter.at == *steps && counter.of == *steps)
                .await?;
            page.text_when("caption", "its name", |text| text.contains(name.as_str())).await?;
        }
        Ok(())
    });
}

#[test]
fn a_search_tells_its_rate_and_limit_and_stops_when_told_to() {
    flow("a_search_tells_its_rate_and_limit_and_stops_when_told_to", async |bench: &Bench| {
        for look in [Look { height: 900, ..Look::WIDE }, Look { width: 800, height: 800, ..Look::WIDE }] {
            let page = bench.visitor(look).await?;
            page.open(&format!("/#{}", link())).await?;
            page.counter_when("the run of the link", |counter| counter.of == STEPS).await?;
            page.text_when("verdict", "how far it is, how far it goes, and how fast", |text| {
                text.contains(" of at most ") && text.contains(" states per second")
            })
            .await?;
            page.click("stop-search").await?;
            page.text_when("verdict", "that it was stopped", |text| text.contains("not a verdict")).await?;
            page.click("search-again").await?;
            page.element("stop-search").await?;
        }
        Ok(())
    });
}

/// The verdict's title stays while the rest is scrolled past, and has an edge under which the rest goes.
#[test]
fn the_title_of_the_verdict_stays_over_an_edge() {
    flow("the_title_of_the_verdict_stays_over_an_edge", async |bench: &Bench| {
        for look in [Look { height: 900, ..Look::WIDE }, Look { width: 1280, height: 720, ..Look::WIDE }] {
            let page = bench.visitor(look).await?;
            page.open("/").await?;
            page.has_opened().await?;
            // The sentence is half behind the title.
            page.holds(
                "a sentence that is scrolled past",
                "const box = e => document.querySelector(`[data-testid=verdict] ${e}`).getBoundingClientRect(); \
                 scrollBy(0, box('.sentence').top + box('.sentence').height / 2 - box('.judged').height); \
                 return Math.abs(box('.judged').top) < 1 && box('.sentence').top < box('.judged').bottom",
            )
            .await?;
            let (edge, over): (f64, bool) = page
                .run(
                    "const judged = document.querySelector('[data-testid=verdict] .judged'); \
                     const box = judged.getBoundingClientRect(); \
                     const seen = document.elementFromPoint(box.left + 40, box.bottom - 2); \
                     return [parseFloat(getComputedStyle(judged).borderBottomWidth), judged.contains(seen)]",
                )
                .await?;
            assert!(edge >= 1.0 && over, "{edge}, {over}");
            // What is scrolled to from below stops under the title, however much that says.
            let lab = Lab::open(None).expect("a scenario compiles");
            let text = format!("// mine\n{}", lab.session().text(SourceId::SCENARIO));
            page.open(&format!("/#{}", lab.after(Act::Edit(SourceId::SCENARIO, text)).link())).await?;
            page.verdict_is("reachable").await?;
            page.click("option-init_mm_switch").await?;
            page.verdict_is("safe").await?;
            page.element("about").await?;
            let (title, button): (f64, f64) = page
                .run(
                    "scrollTo(0, document.documentElement.scrollHeight); \
                     const button = document.querySelector('[data-testid=copy-verdict]'); \
                     button.scrollIntoView({ block: 'nearest' }); \
                     const judged = document.querySelector('[data-testid=verdict] .judged'); \
                     return [judged.getBoundingClientRect().bottom, button.getBoundingClientRect().top]",
                )
                .await?;
            assert!(button >= title, "the button begins at {button}, the title ends at {title}");
        }
        Ok(())
    });
}

#[test]
fn a_verdict_says_what_to_try_next() {
    visit("a_verdict_says_what_to_try_next", "/", async |page| {
        page.has_opened().await?;
        page.verdict_is("reachable").await?;
        page.text_when("next", "a switch", |text| text.contains("makes it safe")).await?;
        page.click_on(By::Css("[data-testid=next] .cell.leads")).await?;
        page.verdict_is("safe").await?;
        page.text_when("next", "the way back", |text| text.contains("breaks it")).await?;
        Ok(())
    });
}

/// Of a large search the verdict stands before the shortest run is known, and nothing moves when that comes.
#[test]
fn what_shows_stands_before_the_shortest_run_and_stays_in_place() {
    flow("what_shows_stands_before_the_shortest_run", async |bench: &Bench| {
        let text = include_str!("../../../../crates/bench/scenarios/four-long.tlb");
        let base = Base::Inline { scenario: text.to_owned(), kernel: None, hash: 0 };
        let page = bench.visitor(Look { height: 900, ..Look::WIDE }).await?;
        page.open("/").await?;
        page.has_opened().await?;
        // The reader asks for the run as soon as there is one.
        page.perform(
            "window.early = null; \
             window.places = () => ['h2', '.sentence', '[data-testid=show-me]'].map(part => \
                 document.querySelector(`[data-testid=verdict] ${part}`).getBoundingClientRect().top + scrollY); \
             new MutationObserver(() => { \
                 const verdict = document.querySelector('[data-testid=verdict]'); \
                 const searches = verdict.querySelector('[data-testid=stop-search]'); \
                 if (early || !searches || verdict.dataset.mood !== 'reachable') return; \
                 early = [verdict.innerText, places()]; \
                 verdict.querySelector('[data-testid=show-me]').click(); \
             }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })",
        )
        .await?;
        page.run::<Option<()>>(&format!("location.hash = '#{}'", link::encode(&Link::new(base)))).await?;
        let done = page
            .text_when("verdict", "the shortest run", |text| text.contains("Reachable in 22 steps:"))
            .await?;
        let (early, before): (String, Vec<f64>) = page.run("return early").await?;
        assert!(early.contains(" steps or fewer: ") && early.contains("is still open"), "{early}");
        let title = early.lines().next().unwrap_or_default();
        assert!(!title.is_empty() && done.starts_with(title), "the title: {title}, {done}");
        let after: Vec<f64> = page.run("return places()").await?;
        // The title and the sentence; the shortest run may be told in fewer lines, and what follows moves up by those.
        assert_eq!(before[..2], after[..2]);
        // What the reader has asked for stays on the stage.
        let steps = behind(&early, "Reachable in ").split(' ').next().and_then(|steps| steps.parse().ok());
        page.counter_when("the run that was known", |counter| {
            Some(counter.of) == steps && counter.at == counter.of
        })
        .await?;
        page.shows_a_violation().await
    });
}

/// The verdict says from which step on its run was lost, and leads there.
#[test]
fn the_verdict_leads_to_the_step_from_which_on_it_was_lost() {
    visit("the_verdict_leads_to_the_step_from_which_on_it_was_lost", "/", async |page| {
        let opened = page.has_opened().await?;
        let hint = page
            .text_when("next", "from where on it was lost", |text| text.contains("It was lost from"))
            .await?;
        let step = behind(&hint, "Show step ").split_whitespace().next().and_then(|step| step.parse().ok());
        let step: usize = step.unwrap_or(0);
        assert!(step < opened.of, "{hint}");
        // Further hints come with the settled tables, and with them the button anew.
        page.text_when("policies-summary", "all kernels", |text| text.starts_with("The scenario runs on"))
            .await?;
        page.holds(
            "the keyboard at the button",
            "const button = document.querySelector('[data-testid=show-lost]'); \
             const there = document.activeElement === button; button.focus(); return there",
        )
        .await?;
        page.press("\u{e007}").await?;
        page.counter_when("that step", |counter| counter.at == step && counter.of == opened.of).await?;
        Ok(())
    });
}
