//! Sixteen CPUs and five thousand steps: only what can be seen is in the document, and a search that is too large for a
//! browser ends in words. How smoothly that plays is for the benchmark to say.

use e2e::sixteen::{CPUS, STEPS, link};
use e2e::{Look, flow};

#[test]
fn only_what_can_be_seen_is_in_the_document() {
    flow("only_what_can_be_seen_is_in_the_document", async |bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.run::<Option<()>>(&format!("location.hash = '#{}'", link())).await?;
        page.counter_when("five thousand steps", |counter| counter.of == STEPS).await?;
        let cards: usize = page.run("return document.querySelectorAll('[data-testid^=cpu-]').length").await?;
        assert!(cards >= CPUS, "{cards} CPUs on the stage");
        page.run::<Option<()>>("document.querySelector('[data-testid=trace-list]').open = true").await?;
        page.holds("the list", "return document.querySelectorAll('[data-testid=trace-list] li').length > 0")
            .await?;
        let in_document = "return [document.querySelectorAll('.column').length,
            document.querySelectorAll('[data-testid=trace-list] li').length, document.querySelectorAll('*').length]";
        for moment in [0, 1234, STEPS] {
            let script = format!(
                "const scrub = document.querySelector('[data-testid=scrub]');
                 Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(scrub, {moment});
                 scrub.dispatchEvent(new Event('input', {{ bubbles: true }}))"
            );
            page.run::<Option<()>>(&script).await?;
            page.is_at(moment).await?;
            page.holds(
                "the step in the diagram",
                &format!("return !!document.querySelector('.column:hover, .now') || {moment} === 0"),
            )
            .await?;
            let (columns, sentences, all): (usize, usize, usize) = page.run(in_document).await?;
            assert!(columns > 0 && columns < 300, "{columns} columns at {moment}");
            assert!(sentences > 0 && sentences <= 200, "{sentences} sentences at {moment}");
            assert!(all < 12_000, "{all} elements at {moment}");
        }
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        page.press("]]]]]").await?;
        page.click("play").await?;
        page.counter_when("ten steps", |counter| counter.at >= 10).await?;
        page.press(" ").await
    });
}

#[test]
fn a_search_that_is_too_large_ends_in_words_and_the_page_goes_on() {
    flow("a_search_that_is_too_large_ends_in_words_and_the_page_goes_on", async |bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open(&format!("/#{}", link())).await?;
        // It is opened in slices; until then the page shows what it begins with.
        page.counter_when("the run of the link", |counter| counter.of == STEPS).await?;
        // Some seconds, or many on a busy machine: that is fine as long as there is progress.
        let mut text = String::new();
        while text.is_empty() || text.starts_with("Checking") {
            text = page.text_when("verdict", "news of the search", |news| news != text).await?;
        }
        assert!(text.starts_with("None found, no proof"), "{text}");
        assert!(text.contains("which is not a proof; the search stopped at its limit of"), "{text}");
        // One step on, and then to something small.
        let counter = page.counter().await?;
        page.click("step").await?;
        page.is_at(counter.at + 1).await?;
        page.click("picker").await?;
        page.element("gallery").await?;
        page.perform("document.querySelector('[data-testid=gallery] li button').click()").await?;
        page.verdict_is("reachable").await
    });
}
