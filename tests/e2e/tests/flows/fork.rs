//! Going back and choosing differently makes another run; the earlier run is not lost.

use e2e::{Counter, visit};
use thirtyfour::By;

#[test]
fn choosing_otherwise_forks_and_the_earlier_run_can_be_restored() {
    visit("choosing_otherwise_forks_and_the_earlier_run_can_be_restored", "/", async |page| {
        let opened = page.has_opened().await?;
        page.click("start").await?;
        for step in 1..=4 {
            page.click("step").await?;
            page.is_at(step).await?;
        }
        assert!(!page.has("restore").await?);
        let caption = page.text("caption").await?;
        page.click_on(By::Css("[data-testid=choose] .action:not(.next)")).await?;
        page.counter_when("the fork", |counter| counter == Counter { at: 5, of: 5 }).await?;
        page.text_when("caption", "the chosen step", |text| text != caption).await?;
        page.click("restore").await?;
        page.counter_when("the earlier run", |counter| counter == Counter { at: 4, of: opened.of }).await?;
        assert_eq!(page.text("caption").await?, caption);
        assert!(!page.has("restore").await?);
        Ok(())
    });
}

#[test]
fn choosing_what_comes_next_anyway_is_no_fork() {
    visit("choosing_what_comes_next_anyway_is_no_fork", "/", async |page| {
        let opened = page.has_opened().await?;
        page.click("start").await?;
        page.is_at(0).await?;
        page.click_on(By::Css("[data-testid=choose] .action.next")).await?;
        page.counter_when("one step on", |counter| counter == Counter { at: 1, of: opened.of }).await?;
        assert!(!page.has("restore").await?);
        Ok(())
    });
}
