//! A small phone: everything is there, and nothing has to be pushed aside to see it.

use e2e::{Bench, Look, Outcome, Visit, flow};

/// How wide the document is, how wide the screen, and what reaches over its edge.
const WIDTHS: &str = "
    const width = document.documentElement.clientWidth;
    const scrolls = e => e && e !== document.documentElement &&
        (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const beyond = [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e.parentElement))
        .map(e => `${e.tagName} ${e.getAttribute('class')} ${e.getAttribute('data-testid')}`);
    return [document.documentElement.scrollWidth, width, beyond.slice(0, 8)]";

/// The document is no wider than a phone's screen.
async fn fits(page: &Visit, when: &str) -> Outcome {
    fits_in(page, Look::PHONE.width, when).await
}

/// The document is no wider than the screen.
async fn fits_in(page: &Visit, width: u32, when: &str) -> Outcome {
    let (document, screen, beyond): (u32, u32, Vec<String>) = page.run(WIDTHS).await?;
    assert_eq!(screen, width);
    assert!(
        document <= screen,
        "{when}: {document} pixels wide on a screen of {screen}, because of {beyond:#?}"
    );
    Ok(())
}

#[test]
fn every_tablet_is_wide_enough() {
    flow("every_tablet_is_wide_enough", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        for width in [480, 600, 768, 1024] {
            page.look(Look { width, height: 900, ..Look::PHONE }).await?;
            page.open("/").await?;
            page.has_opened().await?;
            let settled = |text: &str| text.starts_with("Of ");
            page.text_when("grid-summary", "that all is settled", settled).await?;
            fits_in(&page, width, "the page").await?;
        }
        Ok(())
    });
}

#[test]
fn a_phone_is_wide_enough() {
    flow("a_phone_is_wide_enough", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/").await?;
        let end = page.has_opened().await?.of;
        fits(&page, "the page").await?;
        // A click reaches its target only if nothing covers it, so these can be reached.
        for part in ["run", "next", "change", "code", "verdict", "machine"] {
            page.click(&format!("part-{part}")).await?;
            fits(&page, part).await?;
        }
        page.click("back").await?;
        page.is_at(end - 1).await?;
        page.click("step").await?;
        page.is_at(end).await?;
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        page.click("jump-violation").await?;
        page.counter_when("a violation", |counter| counter.at > 0).await?;
        fits(&page, "a violation").await?;
        page.click("play").await?;
        page.click("part-change").await?;
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await?;
        fits(&page, "another verdict").await?;
        page.click("option-init_mm_switch").await?;
        page.verdict_is("reachable").await?;
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        page.click("show-me").await?;
        page.text_when("show-me", "that it plays", |text| text == "Pause").await?;
        page.click("show-me").await?;
        // What is shown is on the stage.
        page.attribute_is("part-machine", "aria-current", "true").await?;
        for (button, dialog) in
            [("share", "share-dialog"), ("embed", "embed-dialog"), ("picker", "gallery"), ("keys", "help")]
        {
            page.click_top(button).await?;
            page.element(dialog).await?;
            fits(&page, dialog).await?;
            let inside: bool = page
                .run(
                    "const b = document.querySelector('dialog').getBoundingClientRect(); \
                      return b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight",
                )
                .await?;
            assert!(inside, "{dialog} reaches over the edge");
            page.press("\u{e00c}").await?; // Escape
            page.has_no_dialog().await?;
        }
        page.click_top("theme").await?;
        fits(&page, "another theme").await
    });
}

/// What can be touched, shows, and is less than 44 pixels wide or high, with what reaches over its edge counted.
const SMALL: &str = "
    const shows = e => e.getClientRects().length && getComputedStyle(e).visibility === 'visible';
    const size = e => {
        const box = e.getBoundingClientRect(), more = getComputedStyle(e, '::after');
        const reach = more.content === 'none' || more.position !== 'absolute' ? 0 : -2 * parseFloat(more.top);
        return [box.width + reach, box.height + reach];
    };
    // Links within lines of text, and the texts themselves, may have other sizes; so may numbers and points of a picture.
    const exempt = e => e.closest('.grounds, .term, .gutter, .dots, .editor, .cites li, .foot, .cost table, .even > svg');
    return [...document.querySelectorAll('.page :is(button, select, a[href], input, summary)')]
        .filter(e => shows(e) && !exempt(e) && size(e).some((length, side) => length < (side ? 43.5 : 40)))
        .map(e => `${e.className} ${e.getAttribute('data-testid')} ${e.textContent.slice(0, 20)} ${size(e)}`)";

#[test]
fn thumbs_find_what_they_reach_for() {
    flow("thumbs_find_what_they_reach_for", async |bench: &Bench| {
        let page = bench.visitor(Look { height: 640, ..Look::PHONE }).await?;
        page.open("/").await?;
        page.has_opened().await?;
        for part in ["machine", "run", "next", "change", "code", "verdict"] {
            page.click(&format!("part-{part}")).await?;
            let small: Vec<String> = page.run(SMALL).await?;
            assert!(small.is_empty(), "{part}: {small:#?}");
        }
        // Controls take only the lower part of the first screen.
        let covered: f64 = page
            .run(
                "const height = e => document.querySelector(e).getBoundingClientRect().height; \
                 return (height('.transport') + height('.tabs')) / innerHeight",
            )
            .await?;
        assert!(covered < 0.16, "{covered} of the screen");
        Ok(())
    });
}

/// A new sentence is read from its beginning, wherever the reader has scrolled in the one before.
#[test]
fn each_sentence_shows_its_beginning() {
    flow("each_sentence_shows_its_beginning", async |bench: &Bench| {
        let page = bench.visitor(Look { width: 320, ..Look::PHONE }).await?;
        page.open("/").await?;
        let end = page.has_opened().await?.of;
        let scrolled: f64 = page
            .run("const caption = document.querySelector('.caption'); caption.scrollTop = 999; return caption.scrollTop")
            .await?;
        assert!(scrolled > 8.0, "the last sentence is longer than its place: {scrolled}");
        page.click("back").await?;
        page.is_at(end - 1).await?;
        page.holds("its beginning", "return document.querySelector('.caption').scrollTop === 0").await
    });
}

#[test]
fn a_page_that_is_loaded_anew_shows_the_same_part() {
    flow("a_page_that_is_loaded_anew_shows_the_same_part", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        for address in ["/", "/#tour/walk"] {
            page.open(address).await?;
            page.element("verdict").await?;
            page.attribute_is("part-machine", "aria-current", "true").await?;
            page.click("part-code").await?;
            page.attribute_is("part-code", "aria-current", "true").await?;
            page.reload().await?;
            page.attribute_is("part-code", "aria-current", "true").await?;
            page.element("code").await?;
        }
        // Another visit begins with the machine.
        page.open("/").await?;
        page.attribute_is("part-machine", "aria-current", "true").await
    });
}

#[test]
fn a_round_of_the_costs_on_a_phone() {
    flow("a_round_of_the_costs_on_a_phone", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("part-cost").await?;
        page.opens_the_costs().await?;
        let ran = |text: &str| text.contains("kernels run this workload");
        page.text_when("cost-status", "that all kernels have run", ran).await?;
        fits(&page, "the costs").await?;
        // A number puts its round on the stage. The table scrolls sideways; the number comes into view.
        let number = page
            .browser_element("[data-testid=cost-table] tbody tr:nth-child(2) td:nth-child(6) button")
            .await?;
        page.click_at(&number).await?;
        page.attribute_is("part-machine", "aria-current", "true").await?;
        page.counter_when("the step that is counted", |counter| counter.at > 0).await?;
        fits(&page, "the round").await?;
        // The names of the CPUs are below the verdict and the caption, which stay at the top.
        page.in_view(".stage h3").await?;
        // The clock is below the stage. It says the moment, its words are large enough to read, and the moment is in view.
        page.perform("document.querySelector('.clock').scrollIntoView()").await?;
        let (letters, left, right): (f64, f64, f64) = page
            .run(
                "const box = (e) => document.querySelector(e).getBoundingClientRect();
                 return [box('.clock svg text').height, box('.clock .moment').left, box('.clock .moment').right]",
            )
            .await?;
        assert!(letters > 9.0, "letters of {letters} pixels");
        assert!(left > 0.0 && right < 360.0, "the moment is at {left}");
        let small: Vec<String> = page.run(SMALL).await?;
        assert!(small.is_empty(), "{small:#?}");
        // Steps lead on, and the way back ends at the number.
        let before = page.text("clock-now").await?;
        page.click("step").await?;
        page.text_when("clock-now", "a later moment", |text| text != before).await?;
        page.click("clock-back").await?;
        page.attribute_is("part-cost", "aria-current", "true").await?;
        page.in_view("[data-testid=cost-table] tbody tr:nth-child(2) td:nth-child(6) button").await?;
        let small: Vec<String> = page.run(SMALL).await?;
        assert!(small.is_empty(), "{small:#?}");
        // The points of the picture are a list too, whose links a thumb finds.
        page.text_when("cost-answer", "which of the two is cheaper", |text| text.contains("costs less than"))
            .await?;
        page.perform("document.querySelector('[data-testid=cost-points]').open = true").await?;
        page.holds("the list", "return document.querySelectorAll('[data-testid=cost-points] a').length > 10")
            .await?;
        let small: Vec<String> = page.run(SMALL).await?;
        assert!(small.is_empty(), "{small:#?}");
        fits(&page, "the list of points").await?;
        // Numbers stand close together, but their rows are as high as a thumb.
        let low: Vec<String> = page
            .run(
                "const size = (e) => e.getBoundingClientRect();
                 return [...document.querySelectorAll('[data-testid=cost-table] button')]
                     .filter(e => e.closest('tbody') && size(e).height < 39.5).map(e => e.outerHTML)",
            )
            .await?;
        assert!(low.is_empty(), "{low:#?}");
        // Scrolled sideways, a head may stand half below the names of the kernels, which stay.
        page.perform("document.querySelector('.cost .sideways').scrollLeft = 0").await?;
        assert_eq!(page.barriers("[data-testid=cost]", false).await?, Vec::<String>::new());
        Ok(())
    });
}

#[test]
fn the_parts_have_whole_names() {
    flow("the_parts_have_whole_names", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        for width in [320, 360] {
            page.look(Look { width, ..Look::PHONE }).await?;
            page.open("/").await?;
            page.has_opened().await?;
            let broken: Vec<String> = page
                .run(
                    "const range = document.createRange(); \
                     return [...document.querySelectorAll('.tabs button')].filter(tab => { \
                         range.selectNodeContents(tab); return range.getClientRects().length > 1; \
                     }).map(tab => tab.textContent)",
                )
                .await?;
            assert!(broken.is_empty(), "{width}: {broken:?}");
        }
        Ok(())
    });
}

#[test]
fn an_embed_fits_a_phone() {
    flow("an_embed_fits_a_phone", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/?embed").await?;
        page.has_opened().await?;
        fits(&page, "the embed").await
    });
}

/// What opens a dialog on a phone is in a menu that closes.
#[test]
fn a_dialog_gives_the_keyboard_back_to_the_menu() {
    flow("a_dialog_gives_the_keyboard_back_to_the_menu", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        for (button, dialog) in [("share", "share-dialog"), ("keys", "help")] {
            page.click_top(button).await?;
            page.element(dialog).await?;
            page.press("\u{e00c}").await?; // Escape
            page.has_no_dialog().await?;
            page.holds("the menu's button has it", "return document.activeElement.dataset.testid === 'more'")
                .await?;
        }
        Ok(())
    });
}
