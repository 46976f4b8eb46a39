//! Every scenario of the library, opened by hand: the explorer in the browser finds what the scenario expects.

use e2e::visit;
use thirtyfour::By;

#[test]
fn every_scenario_shows_what_it_expects() {
    visit("every_scenario_shows_what_it_expects", "/", async |page| {
        page.has_opened().await?;
        let count = gallery::scenarios().count();
        for scenario in gallery::scenarios() {
            page.click("picker").await?;
            let choices: usize =
                page.run("return document.querySelectorAll('[data-testid=gallery] li').length").await?;
            assert_eq!(choices, count);
            let button = format!("//*[@data-testid='gallery']//button[b='{}']", scenario.slug);
            page.click_on(By::XPath(button)).await?;
            page.text_when("picker", scenario.slug, |text| text.contains(scenario.slug)).await?;
            let verdict = page.text_when("verdict", "a verdict", |text| !text.contains("Checking")).await?;
            assert!(verdict.contains("As the scenario expects"), "{}: {verdict}", scenario.slug);
        }
        Ok(())
    });
}
