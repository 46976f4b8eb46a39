//! The switches, and what the explorer has to say about each.

use e2e::{Bench, Look, flow, visit};
use thirtyfour::By;

#[test]
fn the_init_mm_switch_makes_it_safe() {
    visit("the_init_mm_switch_makes_it_safe", "/", async |page| {
        let opened = page.has_opened().await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "false").await?;
        page.click("option-init_mm_switch").await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        page.verdict_is("safe").await?;
        let verdict = page.text("verdict").await?;
        assert!(verdict.contains("states") && verdict.contains("init_mm_switch"), "{verdict}");
        assert!(!page.has("show-me").await?, "there is nothing to show");
        page.text_when("notice", "where the run ends now", |text| text.contains("can't happen now")).await?;
        page.click("option-init_mm_switch").await?;
        page.verdict_is("reachable").await?;
        page.counter_when("the whole run again", |counter| counter.of == opened.of).await?;
        Ok(())
    });
}

#[test]
fn a_memory_barrier_is_not_enough() {
    visit("a_memory_barrier_is_not_enough", "/", async |page| {
        page.has_opened().await?;
        page.click("option-memory_barrier").await?;
        // The verdict says what it is about: this is the one on the machine with the barrier.
        page.text_when("verdict", "a verdict on the barrier", |text| text.contains("memory_barrier")).await?;
        page.verdict_is("reachable").await
    });
}

#[test]
fn a_case_sets_the_switches() {
    visit("a_case_sets_the_switches", "/", async |page| {
        page.has_opened().await?;
        // Case 0 is the scenario as written; the second of the others is the fix.
        page.click("case-2").await?;
        page.attribute_is("case-2", "aria-pressed", "true").await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        page.verdict_is("safe").await?;
        page.click("case-0").await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "false").await?;
        page.verdict_is("reachable").await
    });
}

#[test]
fn the_page_answers_whether_a_barrier_helps() {
    visit("the_page_answers_whether_a_barrier_helps", "/", async |page| {
        let opened = page.has_opened().await?;
        // What to try next comes when the search has ended.
        let tried = |text: &str| text.contains("lazy tlb off") && text.contains("It was lost");
        page.text_when("next", "what to try next", tried).await?;
        let switch = page.element("option-memory_barrier").await?;
        switch.scroll_into_view().await?;
        let place = "return document.querySelector('[data-testid=option-memory_barrier]').getBoundingClientRect().top + scrollY";
        let before: f64 = page.run(place).await?;
        page.click_at(&switch).await?;
        let said = page.text_when("answer", "an answer", |text| text.contains("reachable")).await?;
        assert!(said.contains(&format!("Still reachable in {} steps", opened.of)), "{said}");
        assert!(said.contains(&format!("All {} steps of the run happen here too", opened.of)), "{said}");
        assert!(said.contains("No CPU reaches the barrier"), "{said}");
        page.text_when("next", "what to try next", tried).await?;
        // The answer is in view beside the switch, and has not moved the switch.
        let seen: bool = page
            .run(
                "const seen = e => { const b = e.getBoundingClientRect(); \
                     const hit = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2); \
                     return !!hit && e.contains(hit) }; \
                 return [...document.querySelectorAll('[data-testid=answer] li')].every(seen)",
            )
            .await?;
        assert!(seen, "{said}");
        assert_eq!(before, page.run::<f64>(place).await?);
        // At the lower edge of the window the switch stays under the pointer, and the notice tells what is out of view.
        page.look(Look { width: 1280, height: 720, ..Look::WIDE }).await?;
        const EDGE: &str =
            "document.querySelector('[data-testid=option-init_mm_switch]').getBoundingClientRect()";
        let edge: f64 =
            page.run(&format!("scrollBy(0, {EDGE}.bottom - innerHeight + 4); return {EDGE}.top")).await?;
        page.click_at(&page.element("option-init_mm_switch").await?).await?;
        let said =
            page.text_when("answer", "that it helps", |text| text.contains("No longer reachable")).await?;
        page.text_when("notice", "the answer", |text| text.starts_with("No longer reachable")).await?;
        assert_eq!(edge, page.run::<f64>(&format!("return {EDGE}.top")).await?);
        // Both answers name the settings that they are about.
        assert!(said.starts_with("Now, with init mm switch on, memory barrier on:"), "{said}");
        page.holds(
            "the one of then",
            "return document.querySelector('.then').textContent.startsWith('Then, with memory barrier on:')",
        )
        .await
    });
}

/// How far the switches stand below the top of the verdict, whenever a frame is drawn.
const WATCH: &str = "window.places = new Set(); const look = () => { \
    const [verdict, switches] = ['.verdict', '.toggles'].map(area => document.querySelector(area)); \
    if (verdict && switches) places.add(Math.round(switches.getBoundingClientRect().top - verdict.getBoundingClientRect().top)); \
    requestAnimationFrame(look) }; look()";

#[test]
fn the_switches_stay_in_their_place_while_results_come_in() {
    flow("the_switches_stay_in_their_place_while_results_come_in", async |bench: &Bench| {
        for (width, height) in [(1280, 720), (1440, 1000)] {
            let page = bench.visitor(Look { width, height, hand: false, dark: false }).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.perform(WATCH).await?;
            // A long verdict, and one with much to say below it.
            for (scenario, mood) in [("busy+busy", "safe"), ("kvm+unmap", "reachable")] {
                page.click("picker").await?;
                page.click_on(By::XPath(format!("//*[@data-testid='gallery']//button[b='{scenario}']")))
                    .await?;
                page.text_when("picker", "the scenario", |text| text.contains(scenario)).await?;
                page.verdict_is(mood).await?;
                page.text_when("findings", "what is found with it", |text| text.contains("expectation"))
                    .await?;
            }
            let places: Vec<i32> = page.run("return [...places]").await?;
            assert_eq!(
                places.len(),
                1,
                "at {width}x{height} they were {places:?} pixels below the verdict's top"
            );
        }
        Ok(())
    });
}

#[test]
fn whether_a_cpu_has_passed_its_barrier_is_said_and_marked() {
    visit("whether_a_cpu_has_passed_its_barrier_is_said_and_marked", "/", async |page| {
        page.has_opened().await?;
        page.click("picker").await?;
        page.click_on(By::XPath("//*[@data-testid='gallery']//button[b='lazy+zap+return']")).await?;
        page.text_when("picker", "the scenario", |text| text.contains("lazy+zap+return")).await?;
        page.click("option-memory_barrier").await?;
        page.verdict_is("reachable").await?;
        page.click("option-memory_barrier").await?;
        page.verdict_is("safe").await?;
        page.perform("document.activeElement.blur()").await?;
        page.press("\u{e010}").await?; // End
        page.text_when("answer", "where CPU 1 is", |text| {
            text.contains("CPU 1 has passed its barrier, at step")
        })
        .await?;
        page.holds("its mark", "return !!document.querySelector('[data-testid=timeline] .mark.fence')")
            .await?;
        page.perform("document.querySelector('[data-testid=trace-list]').open = true").await?;
        page.holds(
            "its word in the list",
            "return !!document.querySelector('[data-testid=trace-list] li.fence b')",
        )
        .await?;
        page.press("\u{e011}").await?; // Home
        page.text_when("answer", "where CPU 1 is", |text| text.contains("CPU 1 has not reached its barrier"))
            .await?;
        Ok(())
    });
}

#[test]
fn a_switch_and_a_case_that_mean_the_same_are_one() {
    visit("a_switch_and_a_case_that_mean_the_same_are_one", "/", async |page| {
        page.has_opened().await?;
        let shown = "return [...document.querySelectorAll('.toggles [aria-pressed], .toggles [aria-checked]')]\
            .map(e => e.getAttribute('aria-pressed') || e.getAttribute('aria-checked')).join()\
            + [...document.querySelectorAll('.toggles .set')].map(e => e.querySelector('p').textContent).join()";
        page.click("option-memory_barrier").await?;
        page.attribute_is("case-1", "aria-pressed", "true").await?;
        page.attribute_is("case-0", "aria-pressed", "false").await?;
        let by_switch: String = page.run(shown).await?;
        page.click("case-0").await?;
        page.attribute_is("option-memory_barrier", "aria-checked", "false").await?;
        page.click("case-1").await?;
        page.attribute_is("option-memory_barrier", "aria-checked", "true").await?;
        let by_case: String = page.run(shown).await?;
        let plain = |text: String| text.split("Still").next().unwrap_or_default().to_owned();
        assert_eq!(plain(by_switch), plain(by_case));
        page.click("option-memory_barrier").await?;
        page.attribute_is("case-0", "aria-pressed", "true").await
    });
}
