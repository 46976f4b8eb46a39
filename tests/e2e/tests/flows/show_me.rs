//! "Show me" loads the shortest path to what the verdict speaks of.

use e2e::visit;

#[test]
fn show_me_loads_the_counterexample() {
    visit("show_me_loads_the_counterexample", "/", async |page| {
        let opened = page.has_opened().await?;
        let verdict = page.text("verdict").await?;
        assert!(verdict.contains(&format!("in {} steps", opened.of)), "{opened:?}, but {verdict}");
        // Another run: one that ends after a few steps.
        page.click("start").await?;
        page.is_at(0).await?;
        page.press("2").await?;
        page.counter_when("a run of one step", |counter| counter.at == 1 && counter.of == 1).await?;
        page.click("show-me").await?;
        page.counter_when("the counterexample", |counter| counter == opened).await?;
        page.shows_a_violation().await
    });
}

#[test]
fn the_main_button_always_does_something() {
    visit("the_main_button_always_does_something", "/", async |page| {
        // The page opens with the counterexample: then the button plays it, and stops it.
        let opened = page.has_opened().await?;
        page.text_when("show-me", "that it plays", |text| text == "Play it").await?;
        page.click("show-me").await?;
        page.counter_when("the beginning", |counter| counter.at < opened.of).await?;
        page.text_when("show-me", "that it plays", |text| text == "Pause").await?;
        page.click("show-me").await?;
        page.text_when("show-me", "that it stands", |text| text == "Play it").await?;
        Ok(())
    });
}
