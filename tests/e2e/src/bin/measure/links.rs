//! Links that were made to keep a page busy, opened one after the other: the page's longest tasks until all is settled.

use e2e::{Bench, Look, Outcome, Visit};
use std::path::Path;

/// A promise of what became of the link after `#`: resolves when nothing is awaited any more, or after three quarters of a minute.
const OPENED: &str = "return new Promise(done => {
    const began = performance.now(), find = name => document.querySelector(name);
    const look = () => {
        const late = performance.now() - began > 45000;
        const opening = find('[role=progressbar]'), mood = find('[data-testid=verdict]')?.dataset.mood;
        const waiting = mood === 'working' || find('[data-testid=grid] .waiting');
        const quiet = find('[data-testid=died]') || (!opening && mood && !waiting);
        if (!late && !quiet) return setTimeout(look, 250);
        const words = find('[data-testid=died]') ?? find('[data-testid=notice]');
        done([performance.now() - began, late ? 'late' : 'quiet', (words?.textContent ?? '').slice(0, 90)]);
    };
    setTimeout(look, 1500);
})";

/// Prints for each file, which holds the text after `#`: the five longest tasks of the page's thread, by the clock and in
/// time of a processor, and what is said in the end.
pub async fn measure(bench: &Bench, files: &[String]) -> Outcome {
    for file in files {
        let link = std::fs::read_to_string(file)?;
        let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let page = bench.visitor_traced(Look::WIDE, true).await?;
        page.open("/").await?;
        page.has_opened().await?;
        open(&page, &name, link.trim()).await?;
    }
    Ok(())
}

async fn open(page: &Visit, name: &str, link: &str) -> Outcome {
    page.begin_account().await?;
    // The trace identifies the page's thread by its frames.
    page.perform("for (let frame = 0; frame < 9; frame++) requestAnimationFrame(() => {})").await?;
    page.perform(&format!("location.hash = '#{link}'")).await?;
    page.patience(120).await?;
    let (took, how, words): (f64, String, String) = page.run(OPENED).await?;
    let account = page.account().await?;
    let few =
        |tasks: &[f64]| tasks.iter().take(5).map(|task| format!("{task:.0}")).collect::<Vec<_>>().join(" ");
    println!(
        "link\t{name}\t{how} {took:.0}\ttasks {}\tcomputing {}\tscript {:.0} layout {:.0} paint {:.0}\t{words}",
        few(&account.tasks),
        few(&account.computing),
        account.script,
        account.layout,
        account.paint
    );
    Ok(())
}
