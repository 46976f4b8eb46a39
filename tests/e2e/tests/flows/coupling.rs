//! Everything that belongs to one step is highlighted together, and everything on the stage says
//! which step it comes from.

use e2e::{Outcome, Visit, visit};
use thirtyfour::prelude::*;

/// What is lit: steps in the diagram and in the list, things on the stage, lines of the text.
async fn lit(page: &Visit) -> Outcome<(Vec<String>, Vec<String>, usize, usize)> {
    page.run(
        "const lit = part => [...document.querySelectorAll(`${part} [data-lit]`)]; \
         return [lit('[data-testid=timeline]').map(e => e.dataset.step), lit('[data-testid=trace-list]').map(e => e.dataset.step), \
                 lit('[data-testid=stage]').length, lit('[data-testid=code]').length]",
    )
    .await
}

/// The line that is lit, from 1.
const LINE: &str = "const line = document.querySelector('[data-testid=code] pre > [data-lit]'); \
     return [...line.parentElement.children].indexOf(line) + 1";

#[test]
fn a_step_lights_up_everywhere() {
    visit("a_step_lights_up_everywhere", "/", async |page| {
        let end = page.has_opened().await?.of;
        page.perform("document.querySelector('[data-testid=trace-list]').open = true").await?;
        page.holds("the list", "return document.querySelectorAll('[data-testid=trace-list] li').length > 4")
            .await?;
        // By keyboard: the focus on a sentence. Steps by software that change something are lit in all four places.
        let (mut everywhere, mut last) = (0, None);
        for step in 1..=end {
            page.perform(&format!(
                "document.querySelectorAll('[data-testid=trace-list] li button')[{}].focus()",
                step - 1
            ))
            .await?;
            page.holds("its sentence lit", &format!("return document.querySelector('[data-testid=trace-list] [data-lit]')?.dataset.step === '{step}'")).await?;
            let (marks, sentences, cells, lines) = lit(page).await?;
            assert!(marks.len() > 1 && marks.iter().all(|lit| *lit == step.to_string()), "{step}: {marks:?}");
            assert_eq!(sentences, [step.to_string()]);
            everywhere += usize::from(cells > 0 && lines == 1);
            if lines == 1 {
                last = Some((step, page.run::<usize>(LINE).await?));
            }
        }
        assert!(everywhere > 3, "{everywhere} steps are lit everywhere");
        assert_eq!(page.counter().await?.at, end, "looking changes nothing");

        // By pointer: the other way round, from a line of the text to the last step that was taken there,
        let (step, line) = last.ok_or("no step stands in the text")?;
        let line = page.browser_element(&format!("[data-testid=code] pre > :nth-child({line})")).await?;
        line.scroll_into_view().await?;
        page.point_at(&page.browser_element("[data-testid=picker]").await?).await?;
        page.holds("nothing lit", "return !document.querySelector('[data-lit]')").await?;
        page.point_at(&line).await?;
        page.holds("a step", "return !!document.querySelector('[data-testid=timeline] .mark[data-lit]')")
            .await?;
        assert!(lit(page).await?.0.iter().all(|lit| *lit == step.to_string()), "not step {step}");

        // and from a thing on the stage to its step.
        let walked = page.browser_element("[data-testid=stage] .cache .row.stale").await?;
        walked.scroll_into_view().await?;
        page.point_at(&walked).await?;
        page.holds("one step", "return !!document.querySelector('[data-testid=timeline] .mark[data-lit]')")
            .await?;
        let (marks, ..) = lit(page).await?;
        let step: usize = marks[0].parse()?;
        assert!((1..end).contains(&step));
        // The thing also says which step it comes from.
        walked.click().await?;
        let told = page.text("why").await?;
        assert!(told.starts_with(&format!("Step {step}: CPU 1's page walker")), "{told}");
        page.attribute_is("ask-why", "aria-pressed", "true").await?;
        page.press("\u{e00c}").await?; // Escape
        // A thing that has been so from the beginning says so.
        let set: bool = page
            .run("const plain = [...document.querySelectorAll('[data-testid=stage] .register')][0]; plain.click(); return true")
            .await?;
        assert!(set);
        page.text_when("notice", "that it was there before", |text| text.contains("from the beginning"))
            .await?;
        Ok(())
    });
}

#[test]
fn cpus_have_buttons_of_their_own() {
    visit("cpus_have_buttons_of_their_own", "/", async |page| {
        page.has_opened().await?;
        page.click("start").await?;
        page.is_at(0).await?;
        let before: f64 = page.run(HEIGHT).await?;
        let (on_cards, listed): (Vec<String>, Vec<String>) = page
            .run(
                "const all = e => [...document.querySelectorAll(e)]; \
                 return [all('[data-testid=stage] .can button').map(e => e.title), \
                         all('[data-testid=choose] .action span:not(.arrow)').map(e => e.textContent)]",
            )
            .await?;
        assert_eq!(on_cards, listed, "the same actions in the same order");
        page.click_on(By::Css("[data-testid=cpu-1] .can button:not(.next)")).await?;
        page.counter_when("a run of one step", |counter| counter.at == 1 && counter.of == 1).await?;
        page.click("restore").await?;
        page.counter_when("the earlier run", |counter| counter.of > 1).await?;
        for step in 1..=6 {
            page.press("\u{e014}").await?; // the arrow to the right
            page.counter_when("a step", |counter| counter.at >= step).await?;
            assert_eq!(page.run::<f64>(HEIGHT).await?, before, "cards grow");
        }
        Ok(())
    });
}

/// How high the cards are.
const HEIGHT: &str = "return document.querySelector('.cpus').getBoundingClientRect().height";
