//! The switches, and what the explorer has to say about each.

use e2e::visit;

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
        page.text_when("notice", "where the run ends now", |text| text.contains("can no longer happen"))
            .await?;
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
        // Case 0 is the scenario as told; the second of the others is the fix.
        page.click("case-2").await?;
        page.attribute_is("case-2", "aria-pressed", "true").await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        page.verdict_is("safe").await?;
        page.click("case-0").await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "false").await?;
        page.verdict_is("reachable").await
    });
}
