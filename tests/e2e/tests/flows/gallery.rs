//! Every scenario of the library: the explorer in the browser finds what the scenario expects.

use e2e::{Outcome, Visit, visit};
use thirtyfour::By;

/// Opens a scenario from the dialog and waits for the verdict on it: the body of a function of the page, after which
/// the dialog's buttons have been named. It is one script, because there are many scenarios.
const OPEN: &str = "
    const frame = () => new Promise(requestAnimationFrame);
    const seen = async look => { for (;;) { const found = look(); if (found) return found; await frame() } };
    const part = id => document.querySelector(`[data-testid=${id}]`);
    part('picker').click();
    const dialog = await seen(() => part('gallery'));
    [...dialog.querySelectorAll('li button')].find(button => button.querySelector('b').textContent === slug).click();
    await seen(() => !part('gallery') && part('picker').innerText.includes(slug));
    await seen(() => part('verdict').dataset.mood !== 'working' && !part('stop-search') && part('findings'));
    return part('verdict').innerText + part('findings').innerText";

async fn verdict_on(page: &Visit, slug: &str) -> Outcome<String> {
    page.run(&format!("const slug = {slug:?}; return (async () => {{ {OPEN} }})()")).await
}

#[test]
fn scenarios_show_what_they_expect() {
    visit("scenarios_show_what_they_expect", "/", async |page| {
        page.has_opened().await?;
        let mut failed = Vec::new();
        // The native tests go through all of them: what the page adds is its worker and its words.
        for scenario in gallery::scenarios().step_by(4) {
            let verdict = verdict_on(page, scenario.slug).await?;
            if !verdict.contains("of the scenario hold") {
                failed.push(format!("{}: {verdict}", scenario.slug));
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n"));
        Ok(())
    });
}

#[test]
fn a_scenario_is_picked_by_hand() {
    visit("a_scenario_is_picked_by_hand", "/", async |page| {
        page.has_opened().await?;
        page.click("picker").await?;
        page.element("gallery").await?;
        let listed: usize =
            page.run("return document.querySelectorAll('[data-testid=gallery] li').length").await?;
        assert_eq!(listed, gallery::scenarios().count());
        let slug = "lazy+return";
        page.click_on(By::XPath(format!("//*[@data-testid='gallery']//button[b='{slug}']"))).await?;
        page.text_when("picker", slug, |text| text.contains(slug)).await?;
        page.holds("that the dialog is gone", "return !document.querySelector('dialog')").await?;
        page.text_when("findings", "what was expected", |text| text.contains("of the scenario hold")).await?;
        Ok(())
    });
}

#[test]
fn a_scenario_is_found_by_words_and_by_lists() {
    visit("a_scenario_is_found_by_words_and_by_lists", "/", async |page| {
        page.has_opened().await?;
        page.click("picker").await?;
        let all = gallery::scenarios().count();
        page.text_when("gallery-count", "all are there", |text| text.contains(&all.to_string())).await?;
        page.holds(
            "that the field has the focus",
            "return document.activeElement.dataset.testid === 'gallery-words'",
        )
        .await?;
        page.types("CVE-2018-18281").await?;
        page.text_when("gallery-count", "two are found", |text| text.starts_with("2 of ")).await?;
        page.types(" locked").await?;
        page.text_when("gallery-count", "one is found", |text| text.starts_with("1 of ")).await?;
        page.types("\u{e007}").await?;
        page.text_when("picker", "it is open", |text| text.contains("mremap+ftruncate+dirty")).await?;
        page.click("picker").await?;
        page.run::<()>("document.querySelector('[data-testid=gallery-system]').focus()").await?;
        page.types("Fuch").await?;
        page.text_when("gallery-count", "those of Zircon", |text| text.starts_with("4 of ")).await?;
        page.holds(
            "that four are shown",
            "return document.querySelectorAll('[data-testid=gallery] li').length === 4",
        )
        .await?;
        page.click("gallery-words").await?;
        page.types("no such word").await?;
        page.text_when("gallery-count", "nothing is found", |text| text.starts_with("No scenario")).await?;
        page.holds(
            "that the list still says what is chosen",
            "const list = document.querySelector('[data-testid=gallery-system]'); \
             return list.selectedOptions[0].textContent === 'Fuchsia (0)'",
        )
        .await?;
        Ok(())
    });
}
