//! Challenges, one of each kind: from the list, and judged by the explorer.

use e2e::{Outcome, Visit, visit};
use thirtyfour::By;

async fn solved(page: &Visit, yes: bool) -> Outcome {
    page.attribute_is("judgement", "data-solved", if yes { "true" } else { "false" }).await
}

#[test]
fn a_kernel_is_broken_by_hand() {
    visit("a_kernel_is_broken_by_hand", "/", async |page| {
        page.has_opened().await?;
        page.click("challenges-open").await?;
        page.click_on(By::XPath("//*[@data-testid='challenges']//a[b='Bit 63']")).await?;
        page.element("challenge-panel").await?;
        page.is_at(0).await?;
        assert!(!page.has("verdict").await?, "the verdict would give it away");
        page.text_when("judgement", "how many steps there may be", |text| text.contains(" of ")).await?;
        solved(page, false).await?;
        // Software's own steps, in order, are enough here: the first choice each time.
        let end = page.text("judgement").await?;
        let allowed: usize =
            end.split_whitespace().nth(2).and_then(|word| word.parse().ok()).unwrap_or_default();
        for step in 1..=allowed {
            page.press("1").await?;
            page.is_at(step).await?;
        }
        page.text_when("judgement", "a judgement", |text| !text.is_empty()).await?;
        // Whether or not that solved it, the page's own solution does.
        page.click("again").await?;
        page.is_at(0).await?;
        page.click("solve").await?;
        page.click("solution").await?;
        solved(page, true).await?;
        // Nothing is left to give up, and something else to go on with.
        assert!(!page.has("solve").await?);
        let before = page.text("challenge-panel").await?;
        page.click("next-challenge").await?;
        page.text_when("challenge-panel", "another challenge", |text| *text != before).await?;
        Ok(())
    });
}

#[test]
fn a_kernel_is_made_safe_with_the_fewest_switches() {
    visit("a_kernel_is_made_safe_with_the_fewest_switches", "/#challenge/cheapest", async |page| {
        page.verdict_is("reachable").await?;
        solved(page, false).await?;
        page.click("option-memory_barrier").await?;
        page.verdict_is("reachable").await?;
        page.click("option-init_mm_switch").await?;
        page.text_when("judgement", "that one would do", |text| text.contains("1 would be enough")).await?;
        solved(page, false).await?;
        page.click("option-memory_barrier").await?;
        solved(page, true).await?;
        page.click("option-lazy_tlb").await?;
        page.text_when("judgement", "that it does not count", |text| text.contains("does not count")).await?;
        solved(page, false).await
    });
}

#[test]
fn a_bug_in_the_text_is_mended() {
    visit("a_bug_in_the_text_is_mended", "/#challenge/free-first", async |page| {
        page.verdict_is("reachable").await?;
        solved(page, false).await?;
        page.click("tab-1").await?;
        page.run::<Option<()>>(
            "const area = document.querySelector('[data-testid=code] textarea');
             const flush = '        flush_tlb_mm_range(m, va, va + PAGE_SIZE);      // tlb_finish_mmu\\n';
             const bug = '        free_table(pt);\\n        free_table(pd);\\n        free_table(pdpt);\\n' + flush;
             const text = area.value.replace(bug, flush + bug.replace(flush, ''));
             Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, text);
             area.dispatchEvent(new Event('input', { bubbles: true }))",
        )
        .await?;
        page.verdict_is("safe").await?;
        solved(page, true).await
    });
}
