//! Steps that only one CPU can see are folded, gone past and unfolded.

use e2e::{Outcome, Visit, visit};

/// The first step and the number of steps of each fold in the diagram.
async fn folds(page: &Visit) -> Outcome<Vec<(usize, usize)>> {
    page.run(
        "return [...document.querySelectorAll('[data-testid=timeline] .fold')].map(fold => \
         [Number(fold.dataset.fold), Number(fold.querySelector('text').textContent)])",
    )
    .await
}

#[test]
fn steps_that_one_cpu_alone_can_see_are_folded_and_unfolded() {
    visit("steps_that_one_cpu_alone_can_see_are_folded_and_unfolded", "/", async |page| {
        page.has_opened().await?;
        page.run::<Option<()>>("document.querySelector('[data-testid=trace-list]').open = true").await?;
        page.press("\u{e011}f").await?; // Home, F
        page.is_at(0).await?;
        page.attribute_is("fold", "aria-pressed", "true").await?;
        page.holds("folds", "return document.querySelectorAll('[data-testid=timeline] .fold').length > 2")
            .await?;
        let all = folds(page).await?;
        // A key goes past each of them, and back.
        let (first, steps) = all[all.len() - 1];
        page.run::<Option<()>>(&format!(
            "document.querySelector('[data-testid=timeline] .column[data-step=\"{}\"]').dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))",
            first - 1
        ))
        .await?;
        page.is_at(first - 1).await?;
        page.press("\u{e014}").await?; // Right
        let end = page.counter().await?.of;
        page.is_at((first + steps).min(end)).await?;
        page.press("\u{e012}").await?; // Left
        page.is_at(first - 1).await?;
        // The list says whose steps they are, and opens them.
        let row: String = page.run(&format!("return document.querySelector('[data-testid=trace-list] li.fold[value=\"{first}\"] button').textContent")).await?;
        assert!(row.contains("that only CPU") && row.starts_with(&steps.to_string()), "{row}");
        page.run::<Option<()>>(&format!(
            "document.querySelector('[data-testid=timeline] .fold[data-fold=\"{first}\"]').dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))"
        ))
        .await?;
        page.holds(
            "its steps",
            &format!("return !!document.querySelector('[data-testid=timeline] .mark[data-step=\"{first}\"]') && !!document.querySelector('[data-testid=trace-list] li[data-step=\"{first}\"]')"),
        )
        .await?;
        page.press("\u{e014}").await?;
        page.is_at(first).await?;
        // One key opens all of them.
        page.press("\u{e011}").await?;
        page.is_at(0).await?;
        page.press("f").await?;
        page.attribute_is("fold", "aria-pressed", "false").await?;
        page.holds("no fold", "return !document.querySelector('[data-testid=timeline] .fold')").await
    });
}
