//! The page tells its story to each reader: the verdict, the run that proves it, and what happens in it.

use e2e::visit;

#[test]
fn opening_the_page_shows_the_bad_walk() {
    visit("opening_the_page_shows_the_bad_walk", "/", async |page| {
        page.has_opened().await?;
        page.shows_a_violation().await?;
        assert!(page.has("stage").await? && page.has("timeline").await?);
        assert!(page.text("cpu-0").await?.contains("CPU 0"));
        Ok(())
    });
}

#[test]
fn playing_goes_from_the_start_to_the_end() {
    visit("playing_goes_from_the_start_to_the_end", "/", async |page| {
        let opened = page.has_opened().await?;
        let last = page.text("caption").await?;
        page.click("start").await?;
        page.is_at(0).await?;
        let first = page.text("caption").await?;
        assert_ne!(first, last);
        page.press("]]]]]").await?;
        page.click("play").await?;
        page.attribute_is("play", "aria-label", "Pause").await?;
        page.counter_when("a moment on the way", |counter| counter.at > 0 && counter.at < counter.of).await?;
        page.text_when("caption", "another sentence", |text| text != first).await?;
        assert_eq!(page.is_at(opened.of).await?, opened);
        page.attribute_is("play", "aria-label", "Play").await?;
        assert_eq!(page.text("caption").await?, last);
        Ok(())
    });
}
