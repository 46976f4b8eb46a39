//! How far the violation is: told for the moment, for each choice, and along the run.

use e2e::visit;

/// The numbers below the lanes, one for each step of the run.
const ALONG: &str =
    "[...document.querySelectorAll('[data-testid=timeline] .away-bar text')].map(text => text.textContent)";

#[test]
fn each_choice_says_how_far_it_leads() {
    visit("each_choice_says_how_far_it_leads", "/", async |page| {
        let end = page.has_opened().await?.of;
        page.holds("a number for each step", &format!("return {ALONG}.length === {end}")).await?;
        let along: Vec<String> = page.run(&format!("return {ALONG}")).await?;
        let falling: Vec<String> = (0..end).rev().map(|steps| steps.to_string()).collect();
        assert_eq!(along, falling, "the shortest run comes nearer with each step");
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        let away = page.text_when("away", "how far it is", |text| text.contains("steps away")).await?;
        assert!(away.contains(&format!("{end} steps away")), "{away}");
        // The run follows a shortest path.
        let next: String = page
            .run("return document.querySelector('[data-testid=choose] .next .leads').textContent")
            .await?;
        assert_eq!(next, format!("then {} away", end - 1));
        // After a detour the page says the same of the new run.
        page.perform("document.querySelector('[data-testid=choose] .action:not(.next)').click()").await?;
        page.is_at(1).await?;
        page.text_when("away", "how far it is from there", |text| text.contains("away")).await?;
        // If the violation can't be reached, there is no distance to show.
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await?;
        page.holds("no numbers", &format!("return {ALONG}.length === 0")).await?;
        page.text_when("away", "nothing", str::is_empty).await?;
        Ok(())
    });
}

#[test]
fn a_challenge_is_not_given_away() {
    visit("a_challenge_is_not_given_away", "/#challenge/lazy-walk", async |page| {
        page.element("judgement").await?;
        page.holds("every kernel tried", "return !!document.querySelector('.policies .safe, .policies .reachable, .grid .safe, .grid .reachable')").await?;
        page.holds("no numbers", &format!("return {ALONG}.length === 0")).await?;
        page.text_when("away", "nothing", str::is_empty).await?;
        Ok(())
    });
}
