//! Notices of the page cover nothing, and they disappear.

use e2e::{Bench, Look, Outcome, Visit, flow};

const ESCAPE: &str = "\u{e00c}";

/// What of the page lies under the notice: nothing.
const COVERED: &str = "
    const notice = document.querySelector('[data-testid=notice]');
    const box = notice.getBoundingClientRect();
    const over = e => {
        const b = e.getBoundingClientRect();
        return b.right > box.left + 1 && b.left < box.right - 1 && b.bottom > box.top + 1 && b.top < box.bottom - 1;
    };
    const others = ['verdict', 'tour-panel', 'open-in-full', 'picker', 'step-counter', 'scrub'];
    const found = others.map(id => document.querySelector(`[data-testid=${id}]`)).filter(e => e && e.checkVisibility());
    return found.filter(over).map(e => e.dataset.testid)";

async fn gone(page: &Visit) -> Outcome {
    page.holds("no notice", "return !document.querySelector('[data-testid=notice]')").await
}

/// The notice is in view and lies over nothing.
async fn has_its_own_place(page: &Visit, when: &str) -> Outcome {
    page.element("notice").await?;
    let covered: Vec<String> = page.run(COVERED).await?;
    assert!(covered.is_empty(), "{when}: it lies over {covered:?}");
    let shown: bool = page
        .run(
            "const box = document.querySelector('[data-testid=notice]').getBoundingClientRect(); \
             const hit = document.elementFromPoint(box.left + box.width / 3, box.top + box.height / 2); \
             return !!hit && !!hit.closest('[data-testid=notice]')",
        )
        .await?;
    assert!(shown, "{when}: it is not in view");
    Ok(())
}

/// A reader who writes far below the notice's row sees it all the same, and can put it away there.
#[test]
fn a_notice_comes_where_one_writes() {
    flow("a_notice_comes_where_one_writes", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("tab-1").await?;
        page.perform("document.querySelector('[data-testid=code]').scrollIntoView({ block: 'start' })")
            .await?;
        page.holds(
            "the row above the window",
            "return document.querySelector('[data-testid=notices]').getBoundingClientRect().bottom < 0",
        )
        .await?;
        page.perform("document.querySelector('[data-testid=code] [data-testid=save-file]').click()").await?;
        page.text_when("notice", "that it is saved", |text| text.contains("aved")).await?;
        page.holds(
            "the notice in view",
            "const box = document.querySelector('[data-testid=notice]').getBoundingClientRect(); \
             return box.top >= 0 && box.bottom <= innerHeight && document.elementFromPoint(box.left + 20, box.top + box.height / 2)?.closest('[data-testid=notice]') !== null",
        )
        .await?;
        page.click("dismiss").await?;
        gone(&page).await
    });
}

/// What was opened or refused is told also while the text has an error.
#[test]
fn an_error_does_not_hide_what_was_done() {
    flow("an_error_does_not_hide_what_was_done", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.click_behind("scenario").await?;
        page.types(" @@").await?;
        page.text_when("notice", "the error", |text| text.starts_with("The text has")).await?;
        page.click("save-file").await?;
        page.text_when("notice", "both", |text| text.contains("aved") && text.contains("The text has"))
            .await?;
        Ok(())
    });
}

#[test]
fn a_notice_has_its_own_place() {
    flow("a_notice_has_its_own_place", async |bench: &Bench| {
        for (width, height, hand) in
            [(1440, 900, false), (1280, 720, false), (800, 600, false), (360, 640, true)]
        {
            let look = Look { width, height, hand, dark: false };
            let page = bench.visitor(look).await?;
            for address in ["/#1.broken", "/?embed#1.broken"] {
                page.open(address).await?;
                page.has_opened().await?;
                has_its_own_place(&page, &format!("{address} at {width}x{height}")).await?;
            }
            page.open("/#tour/walk").await?;
            page.counter_when("the moment", |counter| counter.at > 0).await?;
            page.click("necessary").await?;
            has_its_own_place(&page, &format!("on the tour at {width}x{height}")).await?;
        }
        Ok(())
    });
}

#[test]
fn a_notice_goes() {
    flow("a_notice_goes", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        // Screen readers announce it: its place is in the document before it is.
        page.attribute_is("notices", "role", "status").await?;
        page.click("necessary").await?;
        page.element("notice").await?;
        page.press(ESCAPE).await?;
        gone(&page).await?;
        page.click("necessary").await?;
        page.element("notice").await?;
        page.click("dismiss").await?;
        gone(&page).await?;
        // It was about the run; after another question it no longer applies.
        page.click("necessary").await?;
        page.element("notice").await?;
        page.click("ask-why").await?;
        gone(&page).await
    });
}

#[test]
fn what_is_said_of_errors_can_be_put_away() {
    flow("what_is_said_of_errors_can_be_put_away", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.perform("document.querySelector('[data-testid=code] .editor textarea, .cm-content').focus()")
            .await?;
        page.press("?").await?;
        page.element("notice").await?;
        page.press(ESCAPE).await?;
        gone(&page).await?;
        // The errors themselves stay listed.
        page.holds("the errors", "return !!document.querySelector('.diagnostics .error')").await
    });
}

/// What an act has caused is told in view, and what the reader touches or writes stays where it is.
#[test]
fn on_a_phone_a_notice_comes_into_view() {
    flow("on_a_phone_a_notice_comes_into_view", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        let top = |what: &str| format!("return document.querySelector('{what}').getBoundingClientRect().top");
        for height in [640, 740] {
            page.look(Look { height, ..Look::PHONE }).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.turn_to("change").await?;
            let switch = "[data-testid=option-init_mm_switch]";
            page.perform(&format!(
                "document.querySelector('{switch}').scrollIntoView({{ block: 'center' }})"
            ))
            .await?;
            page.click("option-init_mm_switch").await?;
            page.verdict_is("safe").await?;
            page.in_view("[data-testid=notice] span").await?;
            page.in_view("[data-testid=answer] li:last-child").await?;
            page.turn_to("code").await?;
            page.click("tab-0").await?;
            page.click_behind("cpus 2").await?;
            let text = "[data-testid=code] .editor";
            page.holds(
                "the editor alone",
                &format!("return document.querySelectorAll('{text}').length === 1 && !!document.querySelector('.cm-content')"),
            )
            .await?;
            let before: f64 = page.run(&top(text)).await?;
            page.types("?").await?;
            page.text_when("notice", "that the text has errors", |text| text.contains("error")).await?;
            // Where the notice's row is out of view, the line above the text says it.
            page.in_view("[data-testid=text-state]").await?;
            let after: f64 = page.run(&top(text)).await?;
            assert!((after - before).abs() < 1.0, "the text moves from {before} to {after}");
        }
        Ok(())
    });
}

/// On a phone, in the part with the texts: a notice is not in the way of the tabs of the texts.
#[test]
fn on_a_phone_a_notice_leaves_the_tabs_free() {
    flow("on_a_phone_a_notice_leaves_the_tabs_free", async |bench: &Bench| {
        for height in [568, 740] {
            let page = bench.visitor(Look { height, ..Look::PHONE }).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.turn_to("code").await?;
            page.click("tab-0").await?;
            page.perform(
                "document.querySelector('[data-testid=code] .editor textarea, .cm-content').focus()",
            )
            .await?;
            page.press("?").await?;
            page.element("notice").await?;
            // The reader scrolls until the tabs are right below the page's own bar.
            page.holds(
                "the tabs of the texts, to be touched",
                "document.activeElement.blur(); \
                 const tab = document.querySelector('[data-testid=tab-1]'); \
                 const top = document.querySelector('.page .verdict').getBoundingClientRect().bottom; \
                 scrollBy(0, tab.getBoundingClientRect().top - top - 4); \
                 const box = tab.getBoundingClientRect(); \
                 const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2); \
                 return Math.abs(box.top - top - 4) < 2 && tab.contains(hit)",
            )
            .await?;
        }
        Ok(())
    });
}
