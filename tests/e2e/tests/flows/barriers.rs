//! No barriers: axe-core finds nothing, in any state of the page, light or dark, wide or narrow.

use e2e::{Bench, Look, Outcome, Visit, flow};

/// The whole page.
const ALL: &str = "html";

/// The bar that sticks to the lower edge covers something at every height but that of the whole page; a reader scrolls.
/// What a state has in common with one before it is not gone through again: `part` is the rest. In the dark only the
/// colours are others, and on a phone they are those of a wide screen.
async fn none(page: &Visit, look: Look, when: &str, part: &str, found: &mut Vec<String>) -> Outcome {
    page.look_at_all(look).await?;
    let mut note = |when: &str, barriers: Vec<String>| {
        found.extend(barriers.into_iter().map(|barrier| format!("{when}: {barrier}")));
    };
    note(when, page.barriers(part, false).await?);
    if !look.hand {
        page.look_at_all(look.dark()).await?;
        note(&format!("{when}, in the dark"), page.barriers(part, true).await?);
    }
    page.look(look).await
}

/// Follows a link to a lesson on a page that stays, and waits for its heading.
async fn lesson(page: &Visit, address: &str) -> Outcome {
    const HEADING: &str = "document.querySelector('.lesson h2')?.textContent";
    page.perform(&format!("window.before = {HEADING}; location.hash = '#{address}'")).await?;
    page.holds(address, &format!("return ![undefined, before].includes({HEADING})")).await
}

/// Goes through the states of the page.
async fn everywhere(page: &Visit, look: Look, found: &mut Vec<String>) -> Outcome {
    page.open("/").await?;
    page.has_opened().await?;
    none(page, look, "a violation", ALL, found).await?;
    page.click("ask-why").await?;
    page.element("why").await?;
    none(page, look, "why", "[data-testid=why]", found).await?;
    page.turn_to("run").await?;
    let select = "const select = document.querySelector('[data-testid=compared-with]'); select.focus();";
    page.holds("something to compare with", &format!("{select} return select.options.length > 1")).await?;
    page.perform(&format!(
        "{select} select.selectedIndex = 1; select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))
    .await?;
    page.element("timeline-compared").await?;
    none(page, look, "beside another run", ".timeline, .compare", found).await?;
    for part in ["next", "change", "code", "verdict", "machine"] {
        // On a wide page all parts are there already.
        if look.hand {
            page.turn_to(part).await?;
            none(page, look, part, "main", found).await?;
        }
    }
    page.perform("document.activeElement.blur()").await?;
    page.press("\u{e011}").await?; // Home
    page.is_at(0).await?;
    none(page, look, "the beginning", ".stage", found).await?;
    page.run::<Option<()>>("document.querySelectorAll('details').forEach(each => { each.open = true })")
        .await?;
    page.turn_to("code").await?;
    page.click("tab-0").await?;
    none(page, look, "everything unfolded", ALL, found).await?;
    dialogs(page, look, found).await?;
    page.turn_to("change").await?;
    page.click("option-init_mm_switch").await?;
    page.verdict_is("safe").await?;
    none(page, look, "safe", ".verdict", found).await?;
    for address in ["tour/lazy-tlb", "tour/barrier", "tour/cost", "tour/after"] {
        if look.hand {
            page.open(&format!("/#{address}")).await?;
        } else {
            lesson(page, address).await?;
        }
        page.counter_when("the moment", |counter| counter.at > 0).await?;
        if address == "tour/barrier" {
            page.click("bet-yes").await?;
            page.element("bet-answer").await?;
        }
        none(page, look, address, ".lesson, .verdict", found).await?;
    }
    page.open("/").await?;
    page.has_opened().await?;
    page.turn_to("cost").await?;
    page.opens_the_costs().await?;
    page.text_when("cost-guesses", "the answer of the costs", |text| text.starts_with("At ")).await?;
    page.perform("document.querySelectorAll('.cost details').forEach(each => { each.open = true })").await?;
    none(page, look, "the costs", "[data-testid=cost]", found).await?;
    // All challenges have the same parts. The cheapest kernel needs the clock, which takes seconds.
    let challenges = ["challenge/fence", "challenge/mask-first", "challenge/cheapest"];
    for address in &challenges[..if look.hand { 1 } else { 3 }] {
        page.open(&format!("/#{address}")).await?;
        page.text_when("judgement", "a judgement", |text| !text.contains("at it")).await?;
        none(page, look, address, ".lesson", found).await?;
    }
    page.open("/#1.broken").await?;
    page.element("notice").await?;
    none(page, look, "a notice", ".notice", found).await?;
    embeds(page, look, found).await
}

/// Each dialog, with all that it unfolds.
async fn dialogs(page: &Visit, look: Look, found: &mut Vec<String>) -> Outcome {
    for (button, dialog) in [
        ("picker", "gallery"),
        ("share", "share-dialog"),
        ("embed", "embed-dialog"),
        ("keys", "help"),
        ("challenges-open", "challenges"),
    ] {
        page.click_top(button).await?;
        page.element(dialog).await?;
        if button == "share" || button == "embed" {
            page.element(if button == "share" { "form-link" } else { "form-frame" }).await?;
            page.perform(
                "document.querySelectorAll('.sharing details').forEach(each => { each.open = true })",
            )
            .await?;
        }
        none(page, look, dialog, "dialog", found).await?;
        page.press("\u{e00c}").await?; // Escape
        page.holds("no dialog", "return !document.querySelector('dialog')").await?;
    }
    Ok(())
}

/// The same in frames of other pages.
async fn embeds(page: &Visit, look: Look, found: &mut Vec<String>) -> Outcome {
    page.open("/?embed").await?;
    page.has_opened().await?;
    none(page, look, "an embed", ALL, found).await?;
    page.open("/?embed&bet&locked&show=switches,verdict,stage,timeline,caption,code").await?;
    page.click("bet-yes").await?;
    page.has_opened().await?;
    none(page, look, "an embed with everything", ALL, found).await
}

fn without_barriers(name: &str, look: Look) {
    flow(name, async |bench: &Bench| {
        let page = bench.visitor(look).await?;
        let mut found = Vec::new();
        everywhere(&page, look, &mut found).await?;
        assert!(found.is_empty(), "{} barriers:\n{}", found.len(), found.join("\n"));
        Ok(())
    });
}

/// In the light and in the dark.
#[test]
fn on_a_wide_screen() {
    without_barriers("barriers_on_a_wide_screen", Look::WIDE);
}

#[test]
fn on_a_phone() {
    without_barriers("barriers_on_a_phone", Look::PHONE);
}
