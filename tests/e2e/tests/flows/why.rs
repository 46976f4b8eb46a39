//! What a step rests on: asked for at the violation, and read backwards.

use e2e::visit;

#[test]
fn a_violation_names_the_steps_it_rests_on() {
    visit("a_violation_names_the_steps_it_rests_on", "/", async |page| {
        let opened = page.has_opened().await?;
        page.click("ask-why").await?;
        let why = page.text("why").await?;
        assert!(why.starts_with(&format!("Step {}", opened.of)) && why.contains("rests on"), "{why}");
        let reasons: Vec<usize> = page
            .run("return [...document.querySelectorAll('[data-testid=why] li')].map(reason => reason.value)")
            .await?;
        assert!(
            !reasons.is_empty() && reasons.iter().all(|&step| (1..opened.of).contains(&step)),
            "{reasons:?}"
        );
        for step in reasons {
            page.click(&format!("why-{step}")).await?;
            page.is_at(step).await?;
        }
        page.click("why-step").await?;
        page.is_at(opened.of).await?;
        page.press(Key::Escape).await?; // Escape
        page.holds("that it is over", "return !document.querySelector('[data-testid=why]')").await
    });
}
