//! One run on two machines: lanes one above the other, and where the runs differ.

use e2e::{Bench, Look, Outcome, Visit, flow, visit};

/// Chooses the other machine by its name in the list.
async fn compare_with(page: &Visit, name: &str) -> Outcome {
    page.holds(
        &format!("{name:?} to choose from"),
        &format!(
            "const select = document.querySelector('[data-testid=compared-with]'); select.focus(); \
             return [...select.options].some(option => option.textContent === {name:?})"
        ),
    )
    .await?;
    page.perform(&format!(
        "const select = document.querySelector('[data-testid=compared-with]'); \
         select.value = [...select.options].find(option => option.textContent === {name:?}).value; \
         select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))
    .await
}

/// Where a part of a diagram stands, counted from the left of the diagram.
const COLUMN: &str = "const left = (id, part) => { const svg = document.querySelector(`[data-testid=${id}] svg`); \
     return Math.round(svg.querySelector(part).getBoundingClientRect().left - svg.getBoundingClientRect().left) };";

#[test]
fn the_fix_parts_from_the_bug_at_a_step_with_a_reason() {
    visit("the_fix_parts_from_the_bug_at_a_step_with_a_reason", "/", async |page| {
        let end = page.has_opened().await?.of;
        assert!(!page.has("timeline-compared").await?);
        compare_with(page, "init mm switch on").await?;
        page.element("timeline-compared").await?;
        let told = page
            .text_when("compare", "where they part", |text| text.contains("The runs differ from here on."))
            .await?;
        assert!(told.contains("can't be taken there") && told.contains("there no violation"), "{told}");
        // Both show the same moment in the same column, and step together.
        let same = format!("{COLUMN} return left('timeline', '.now') === left('timeline-compared', '.now')");
        page.holds("the same column", &same).await?;
        page.click("back").await?;
        page.is_at(end - 1).await?;
        page.holds("the same column", &same).await?;
        let missing: usize = page
            .run("return document.querySelectorAll('[data-testid=timeline-compared] .missing').length")
            .await?;
        assert!(missing > 0);
        // The sentence leads to its step, in front of which the line is.
        page.perform("document.querySelector('[data-testid=compare] .part button').click()").await?;
        let at = page.counter_when("the step where they part", |counter| counter.at < end - 1).await?.at;
        assert!(told.contains(&format!("Step {at} The runs differ from here on.")), "{told}");
        page.holds(
            "the line at its column",
            &format!("{COLUMN} return Math.abs(left('timeline-compared', '.parting') - left('timeline-compared', '.now')) <= 2"),
        )
        .await
    });
}

#[test]
fn the_barrier_makes_no_difference() {
    visit("the_barrier_makes_no_difference", "/", async |page| {
        page.has_opened().await?;
        compare_with(page, "memory barrier on").await?;
        let told = page
            .text_when("compare", "that nothing differs", |text| text.contains("Nothing differs"))
            .await?;
        assert!(told.contains("there the same"), "{told}");
        let missing: usize =
            page.run("return document.querySelectorAll('.missing, .parting').length").await?;
        assert_eq!(missing, 0);
        Ok(())
    });
}

#[test]
fn another_kernel_can_be_compared() {
    visit("another_kernel_can_be_compared", "/", async |page| {
        page.has_opened().await?;
        page.click("picker").await?;
        page.perform(
            "[...document.querySelectorAll('[data-testid=gallery] li button')]\
             .find(button => button.querySelector('b').textContent === 'lazy+munmap').click()",
        )
        .await?;
        page.text_when("picker", "the scenario", |text| text.contains("lazy+munmap")).await?;
        page.has_opened().await?;
        compare_with(page, "linux-4.13").await?;
        let told = page.text_when("compare", "a run there", |text| text.contains("on linux-4.13")).await?;
        assert!(told.contains("The runs differ from here on.") || told.contains("Nothing differs"), "{told}");
        page.element("timeline-compared").await?;
        Ok(())
    });
}

#[test]
fn it_fits_a_phone() {
    flow("a_comparison_fits_a_phone", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        compare_with(&page, "init mm switch on").await?;
        page.element("timeline-compared").await?;
        page.holds(
            "that nothing is wider than the screen",
            "return document.documentElement.scrollWidth <= innerWidth",
        )
        .await
    });
}

#[test]
fn the_comparison_is_in_the_link() {
    visit("the_comparison_is_in_the_link", "/", async |page| {
        page.has_opened().await?;
        let select = "const select = document.querySelector('[data-testid=compared-with]'); select.focus();";
        page.holds("something to compare with", &format!("{select} return select.options.length > 1"))
            .await?;
        page.perform(&format!(
            "{select} select.selectedIndex = 2; select.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ))
        .await?;
        page.element("timeline-compared").await?;
        // What the list has chosen, and what the page says.
        const SHOWN: &str = "const panel = document.querySelector('[data-testid=compare]'); \
             return [panel.querySelector('select').selectedOptions[0].textContent, panel.querySelector('.remarks').textContent]";
        let before: (String, String) = page.run(SHOWN).await?;
        assert!(before.1.contains("step"), "{before:?}");
        page.holds("the comparison in the address", "return /^#[12]\\./.test(location.hash)").await?;
        let link = page.address().await?;
        page.open(&link).await?;
        page.element("timeline-compared").await?;
        assert_eq!(page.run::<(String, String)>(SHOWN).await?, before);
        Ok(())
    });
}

#[test]
fn both_runs_fold_and_keep_their_columns() {
    visit("both_runs_fold_and_keep_their_columns", "/", async |page| {
        page.has_opened().await?;
        compare_with(page, "init mm switch on").await?;
        page.element("timeline-compared").await?;
        page.press("\u{e011}f").await?; // Home, F
        page.is_at(0).await?;
        page.attribute_is("fold", "aria-pressed", "true").await?;
        page.holds(
            "the same folds in both",
            "const folds = id => [...document.querySelectorAll(`[data-testid=${id}] .fold`)] \
                 .map(fold => fold.dataset.fold + fold.querySelector('rect').getAttribute('x')).join(); \
             return folds('timeline') !== '' && folds('timeline') === folds('timeline-compared')",
        )
        .await?;
        // What differs has its own column in both.
        let step: usize = page
            .run("return Number(document.querySelector('[data-testid=compare] .part button').textContent.match(/\\d+/)[0])")
            .await?;
        page.holds(
            "the first difference",
            &format!("return ['timeline', 'timeline-compared'].every(id => document.querySelector(`[data-testid=${{id}}] .column[data-step=\"{step}\"]`))"),
        )
        .await
    });
}
