//! All settings at once: each cell says what the explorer says of that machine, and leads to it.

use e2e::{Bench, Look, Moment, Outcome, Visit, flow, visit};
use thirtyfour::By;

/// Waits until every cell has its verdict.
async fn is_settled(page: &Visit) -> Outcome<String> {
    page.text_when("grid-summary", "that all is settled", |text| text.starts_with("Of ")).await
}

/// The cells of the table: what each says, its kind, and its link.
async fn cells(page: &Visit) -> Outcome<Vec<(String, String, String)>> {
    page.run(
        "return [...document.querySelectorAll('[data-testid=grid] td .cell')].map(cell => \
             [cell.title, cell.className.replace('cell leads', '').trim(), cell.href || ''])",
    )
    .await
}

const HERE: &str = "document.querySelector('[data-testid=grid] td .cell[aria-current]')";

#[test]
fn every_setting_has_a_verdict_and_a_link() {
    visit("every_setting_has_a_verdict_and_a_link", "/", async |page| {
        let opened = page.has_opened().await?;
        let summary = is_settled(page).await?;
        let cells = cells(page).await?;
        assert!(summary.starts_with(&format!("Of {} settings", cells.len())), "{summary}");
        assert!(cells.iter().any(|cell| cell.1 == "reachable") && cells.iter().any(|cell| cell.1 == "safe"));
        for (said, _, link) in &cells {
            let moment = Moment::follow(link)?;
            assert_eq!(moment.link.digest, moment.digest, "{said}");
        }
        // The page is at the setting that it opened with.
        let here: String = page.run(&format!("return {HERE}.title")).await?;
        assert!(here.contains(&format!("in {} steps", opened.of)), "{here}");
        Ok(())
    });
}

#[test]
fn a_cell_leads_to_its_machine() {
    visit("a_cell_leads_to_its_machine", "/", async |page| {
        page.has_opened().await?;
        is_settled(page).await?;
        page.perform(&format!(
            "const here = {HERE}; window.safe = [...document.querySelectorAll('[data-testid=grid] td .cell.safe')]\
             .find(cell => cell.textContent.includes('init_mm_switch on:')); safe.click()"
        ))
        .await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        page.verdict_is("safe").await?;
        page.holds("the mark on the cell", &format!("return {HERE} === safe")).await?;
        let said: String = page.run("return safe.title").await?;
        let states = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        let verdict = page.text("verdict").await?;
        assert!(states.is_some_and(|states| verdict.contains(states)), "{said} / {verdict}");
        // The results of the other settings stay.
        is_settled(page).await?;
        // And back, by a link in another tab: it opens on the same machine.
        let link: String = page.run("return safe.href").await?;
        page.open(&link).await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        page.text_when("notice", "that it is reproduced", |text| text.starts_with("Reproduced")).await?;
        Ok(())
    });
}

#[test]
fn a_cell_with_a_counterexample_shows_it() {
    visit("a_cell_with_a_counterexample_shows_it", "/", async |page| {
        page.has_opened().await?;
        is_settled(page).await?;
        let steps: usize = page
            .run(
                "const other = [...document.querySelectorAll('[data-testid=grid] td .cell.reachable')]\
                 .find(cell => !cell.hasAttribute('aria-current')); other.click(); \
                 return Number(other.title.match(/in (\\d+) step/)[1])",
            )
            .await?;
        page.counter_when("the counterexample", |counter| counter.at == steps && counter.of == steps).await?;
        page.shows_a_violation().await
    });
}

#[test]
fn another_text_makes_another_grid() {
    visit("another_text_makes_another_grid", "/", async |page| {
        page.has_opened().await?;
        let before = is_settled(page).await?;
        // Leaving the mask is what keeps the flush IPIs away.
        page.click("tab-1").await?;
        page.select("cpumask_clear_cpu(cpu, m.cpumask);          // CR3 unchanged").await?;
        page.press("\u{e003}").await?; // Backspace
        page.verdict_is("safe").await?;
        let after = page
            .text_when("grid-summary", "another summary", |text| text.starts_with("Of ") && text != before)
            .await?;
        assert!(after.contains("reachable in 0"), "{after}");
        Ok(())
    });
}

#[test]
fn on_a_phone_it_is_a_list() {
    flow("on_a_phone_the_grid_is_a_list", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        is_settled(&page).await?;
        page.turn_to("verdict").await?;
        let listed = "return [...document.querySelectorAll('[data-testid=grid] td')].filter(e => e.offsetHeight).length";
        let (near, all): (usize, usize) = (
            page.run(listed).await?,
            page.run("return document.querySelectorAll('[data-testid=grid] td .cell').length").await?,
        );
        assert!(near > 1 && near < all, "{near} of {all} are near");
        page.click("grid-whole").await?;
        page.holds("all of them", &format!("{} === {all}", listed)).await?;
        let (count, below): (usize, usize) = page
            .run(
                "const boxes = [...document.querySelectorAll('[data-testid=grid] td .cell')].map(e => e.getBoundingClientRect()); \
                 return [boxes.length, boxes.filter((box, i) => !i || box.top >= boxes[i - 1].bottom).length]",
            )
            .await?;
        assert!(count > 1);
        assert_eq!(count, below, "each stands below the one before");
        page.holds(
            "names beside the verdicts",
            "return document.querySelector('[data-testid=grid] td .cell .label').offsetWidth > 20",
        )
        .await
    });
}

/// What is above a table becomes higher or lower with each setting, while its other kernels are tried and its run is another one.
#[test]
fn a_cell_that_is_clicked_stays_where_it_is() {
    visit("a_cell_that_is_clicked_stays_where_it_is", "/", async |page| {
        page.has_opened().await?;
        is_settled(page).await?;
        page.perform("document.querySelector('[data-testid=grid]').scrollIntoView({ block: 'center' })")
            .await?;
        page.perform(
            "window.other = [...document.querySelectorAll('[data-testid=grid] td .cell.reachable')]\
             .find(cell => !cell.hasAttribute('aria-current'))",
        )
        .await?;
        let place = "return other.getBoundingClientRect().top";
        page.click_on(By::XPath(
            "(//*[@data-testid='grid']//td//*[contains(@class, 'reachable')][not(@aria-current)])[1]"
                .to_owned(),
        ))
        .await?;
        let clicked: f64 = page.run(place).await?;
        page.holds("the mark on the cell", "return other.hasAttribute('aria-current')").await?;
        is_settled(page).await?;
        page.text_when("policies-summary", "that each kernel was tried", |text| {
            text.starts_with("The scenario ")
        })
        .await?;
        let now: f64 = page.run(place).await?;
        assert!((now - clicked).abs() <= 2.0, "from {clicked} to {now}");
        Ok(())
    });
}
