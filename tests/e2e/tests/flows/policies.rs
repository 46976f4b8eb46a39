//! Every kernel in one table: what is reachable on it, the way to it, and the same choices on it.

use e2e::{Moment, Outcome, Visit, visit};

/// Waits until every kernel has been tried.
async fn is_settled(page: &Visit) -> Outcome<String> {
    let settled = |text: &str| text.starts_with("The scenario runs on");
    page.text_when("policies-summary", "that all kernels have been tried", settled).await
}

/// The script for the row of a kernel.
fn row(kernel: &str) -> String {
    format!(
        "[...document.querySelectorAll('[data-testid=policies] tbody tr')]\
         .find(row => row.querySelector('b').textContent === '{kernel}')"
    )
}

#[test]
fn the_history_is_in_one_table() {
    visit("the_history_is_in_one_table", "/", async |page| {
        page.has_opened().await?;
        let summary = is_settled(page).await?;
        let rows: Vec<(String, String, String)> = page
            .run(
                "return [...document.querySelectorAll('[data-testid=policies] tbody tr')].map(row => { \
                     const cell = row.querySelector('.cell'); \
                     return [row.querySelector('b').textContent, cell.className, cell.href || ''] })",
            )
            .await?;
        assert!(summary.contains(&format!("runs on {} kernels", rows.len())), "{summary}");
        for (kernel, kind) in [
            ("linux-4.13", "safe"),
            ("linux-4.14-rc1", "reachable"),
            ("linux-4.14-rc1, with a barrier", "reachable"),
            ("init_mm switch", "safe"),
            ("linux-6.18", "safe"),
        ] {
            let found = rows.iter().find(|row| row.0 == kernel);
            assert!(found.is_some_and(|row| row.1.contains(kind)), "{kernel}: {found:?}");
        }
        for (kernel, _, link) in &rows {
            let moment = Moment::follow(link)?;
            assert_eq!(moment.link.digest, moment.digest, "{kernel}");
        }
        // The others say why not.
        let refused: Vec<String> = page
            .run("return [...document.querySelectorAll('.refusals dd')].map(why => why.textContent)")
            .await?;
        assert!(!refused.is_empty() && refused.iter().all(|why| why.contains("error")), "{refused:?}");
        Ok(())
    });
}

#[test]
fn a_row_compares_and_opens() {
    visit("a_row_compares_and_opens", "/", async |page| {
        page.has_opened().await?;
        is_settled(page).await?;
        page.perform(&format!("{}.querySelector('button').click()", row("linux-4.14"))).await?;
        page.element("timeline-compared").await?;
        page.text_when("compare", "what is different there", |text| {
            text.contains("The runs differ from here on")
        })
        .await?;
        page.holds(
            "the choice in the list",
            "const list = document.querySelector('[data-testid=compared-with]'); \
             return list.selectedOptions[0].textContent === 'linux-4.14'",
        )
        .await?;
        page.perform(&format!("{}.querySelector('a.cell').click()", row("linux-4.14"))).await?;
        page.verdict_is("safe").await?;
        page.text_when("picker", "the kernel's name", |text| text.ends_with("on linux-4.14")).await?;
        is_settled(page).await?;
        page.holds("the mark on the row", &format!("return {}.className === 'here'", row("linux-4.14"))).await
    });
}
