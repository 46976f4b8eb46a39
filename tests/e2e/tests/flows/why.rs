//! Why a step could happen: the steps it rests on.

use e2e::visit;

#[test]
fn a_violation_rests_on_earlier_steps_and_each_leads_there() {
    visit("a_violation_rests_on_earlier_steps_and_each_leads_there", "/", async |page| {
        let end = page.has_opened().await?.of;
        assert!(!page.has("why").await?);
        page.click("ask-why").await?;
        page.attribute_is("ask-why", "aria-pressed", "true").await?;
        let told = page.text("why").await?;
        assert!(told.starts_with(&format!("Step {end} rests on")), "{told}");
        let grounds: Vec<usize> = page
            .run("return [...document.querySelectorAll('[data-testid=why] ol li')].map(li => li.value)")
            .await?;
        assert!(!grounds.is_empty() && grounds.is_sorted() && grounds.iter().all(|&step| step < end));
        assert!(grounds.len() < end - 1, "not everything before it matters");
        // In the diagram these are ringed, and everything else fades.
        let (ringed, faded): (usize, usize) = page
            .run(
                "const all = part => document.querySelectorAll(`[data-testid=timeline] ${part}`).length; \
                  return [all('.ring'), all('.mark.faded')]",
            )
            .await?;
        assert!(ringed > grounds.len() && faded > 0, "{ringed} ringed, {faded} faded");

        page.click(&format!("why-{}", grounds[0])).await?;
        page.is_at(grounds[0]).await?;
        page.attribute_is(&format!("why-{}", grounds[0]), "aria-current", "step").await?;
        page.click("why-step").await?;
        page.is_at(end).await?;
        page.press("\u{e00c}").await?; // Escape
        page.holds("no explanation", "return !document.querySelector('[data-testid=why]')").await
    });
}

#[test]
fn another_run_ends_the_explanation() {
    visit("another_run_ends_the_explanation", "/", async |page| {
        page.has_opened().await?;
        page.click("ask-why").await?;
        page.element("why").await?;
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await?;
        page.holds("no explanation", "return !document.querySelector('[data-testid=why]')").await
    });
}

#[test]
fn control_came_here_by_steps_that_lead_there() {
    visit("control_came_here_by_steps_that_lead_there", "/", async |page| {
        page.has_opened().await?;
        let sends = "return [...document.querySelectorAll('[data-testid=timeline] .column title')].findIndex(title => / IPI|invlpg|INVLPG/.test(title.textContent)) + 1";
        let step: usize = page.run(sends).await?;
        assert!(step > 1);
        page.perform(&format!("document.querySelector('[data-testid=timeline] .column[data-step=\"{step}\"]').dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))")).await?;
        page.is_at(step).await?;
        page.press("h").await?;
        page.attribute_is("why-here", "aria-pressed", "true").await?;
        // What knows it is loaded now.
        let begin = format!("Step {step} was reached by");
        page.text_when("why", "how control came here", |text| text.starts_with(&begin)).await?;
        let rows: Vec<usize> = page
            .run("return [...document.querySelectorAll('[data-testid=why] ol li')].map(li => li.value)")
            .await?;
        assert!(!rows.is_empty() && rows.is_sorted() && rows.iter().all(|&row| row < step), "{rows:?}");
        page.click(&format!("why-{}", rows[0])).await?;
        page.is_at(rows[0]).await?;
        // The other question is about the same step.
        page.click("ask-why").await?;
        page.text_when("why", "what it rests on", |text| {
            text.starts_with(&format!("Step {step}: ")) && text.contains(" rests on ")
        })
        .await?;
        page.click("ask-why").await?;
        page.holds("no explanation", "return !document.querySelector('[data-testid=why]')").await
    });
}
