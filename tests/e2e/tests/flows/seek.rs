//! Words are looked for in the run, by keys and by pointer.

use e2e::{Outcome, Visit, visit};

/// The steps that have a mark above them in the list of sentences, which has to be open.
async fn listed(page: &Visit) -> Outcome<Vec<usize>> {
    page.run("return [...document.querySelectorAll('[data-testid=trace-list] li.hit')].map(li => li.value)")
        .await
}

#[test]
fn words_lead_from_one_step_that_has_them_to_the_next() {
    visit("words_lead_from_one_step_that_has_them_to_the_next", "/", async |page| {
        page.has_opened().await?;
        page.run::<Option<()>>("document.querySelector('[data-testid=trace-list]').open = true").await?;
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        page.perform("document.querySelector('[data-testid=seek]').focus()").await?;
        page.press("cpu 1 walk").await?;
        page.text_when("hits", "how many there are", |text| text.ends_with(" steps")).await?;
        let hits = listed(page).await?;
        assert!(hits.len() > 1 && hits.is_sorted(), "{hits:?}");
        let told = page.text("hits").await?;
        assert_eq!(told, format!("{} steps", hits.len()));
        let marks: usize =
            page.run("return document.querySelectorAll('[data-testid=timeline] .hit').length").await?;
        assert_eq!(marks, hits.len());
        // Enter, and Enter with Shift.
        page.press("\u{e007}").await?;
        page.is_at(hits[0]).await?;
        page.press("\u{e007}").await?;
        page.is_at(hits[1]).await?;
        page.text_when("hits", "which one it is", |text| text == format!("2 of {}", hits.len())).await?;
        page.perform(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey: true, bubbles: true }))",
        )
        .await?;
        page.is_at(hits[0]).await?;
        // The same by pointer, over the end to the beginning.
        page.click("hit-before").await?;
        page.is_at(hits[hits.len() - 1]).await?;
        page.click("hit-next").await?;
        page.is_at(hits[0]).await?;
        page.perform("document.querySelector('[data-testid=seek]').focus()").await?;
        page.press(" nothing-of-the-kind").await?;
        page.text_when("hits", "that there is none", |text| text == "no step").await?;
        page.press("\u{e00c}").await?; // Escape
        page.holds("an empty field", "return document.querySelector('[data-testid=seek]').value === ''")
            .await?;
        page.holds("no marks", "return !document.querySelector('[data-testid=timeline] .hit')").await
    });
}
