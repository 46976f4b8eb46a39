//! Only the steps that a violation needs, and the whole run again.

use e2e::{Counter, visit};

#[test]
fn what_is_not_needed_is_left_out_and_comes_back() {
    visit("what_is_not_needed_is_left_out_and_comes_back", "/", async |page| {
        let opened = page.has_opened().await?;
        // A detour: from the beginning of the story, as eager hardware would continue from there.
        page.click("start").await?;
        page.is_at(0).await?;
        page.press("1").await?;
        page.counter_when("one step", |counter| counter.at == 1).await?;
        if page.counter().await?.of > 1 {
            page.press("2").await?;
        }
        page.click("end").await?;
        page.perform("document.querySelector('[data-testid=choose] .run-on').click()").await?;
        page.click("end").await?;
        let whole = page.counter_when("a long run", |counter| counter.of > opened.of).await?;
        page.click("jump-violation").await?;
        let at = page.counter_when("its violation", |counter| counter.at > 0).await?.at;
        let names = "return [...document.querySelectorAll('[data-testid=caption] .violation')].map(e => e.textContent)";
        let shown: Vec<String> = page.run(names).await?;
        assert!(!shown.is_empty());

        page.click("necessary").await?;
        page.attribute_is("necessary", "aria-pressed", "true").await?;
        let needed = page
            .counter_when("a shorter run", |counter| counter.of < whole.of && counter.at == counter.of)
            .await?;
        assert!(needed.of <= at);
        let still: Vec<String> = page.run(names).await?;
        assert_eq!(still, shown, "it ends in the same violation");
        let notice = page.text("notice").await?;
        assert!(notice.starts_with(&format!("{} of the {} steps", needed.of, whole.of)), "{notice}");

        page.click("necessary").await?;
        page.attribute_is("necessary", "aria-pressed", "false").await?;
        page.counter_when("the whole run", |counter| counter == Counter { at, of: whole.of }).await?;
        Ok(())
    });
}
