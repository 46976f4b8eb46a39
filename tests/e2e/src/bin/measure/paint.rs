//! The first seconds of a first-time visitor.

use e2e::{Bench, Look, Outcome};

/// Notes when the machine is on the stage, and when the first verdict stands.
const WATCH: &str = "() => {
    window.came = {};
    const look = () => {
        const verdict = document.querySelector('[data-testid=verdict]');
        if (document.querySelector('[data-testid=stage]')) came.stage ??= performance.now();
        if (verdict && verdict.dataset.mood !== 'working') { came.verdict ??= performance.now(); observer.disconnect() }
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributeFilter: ['data-mood'] });
}";

/// Prints when the first words, the stage and the verdict were there, counted from the request, for some new visitors.
pub async fn measure(bench: &Bench, rounds: usize) -> Outcome {
    for _ in 0..rounds.max(5) {
        let page = bench.visitor(Look::WIDE).await?;
        page.prepare(WATCH).await?;
        page.open("/").await?;
        page.has_opened().await?;
        let (paint, stage, verdict): (f64, f64, f64) = page
            .run(
                "return [performance.getEntriesByName('first-contentful-paint')[0].startTime, came.stage, came.verdict]",
            )
            .await?;
        println!("paint\t{paint:.1}\t{stage:.1}\t{verdict:.1}");
    }
    Ok(())
}
