//! Where the explorer works: in a worker, or, where there is none to be had, on the page.

use e2e::{Bench, Look, flow};

#[test]
fn without_a_worker_the_page_does_its_work() {
    flow("without_a_worker_the_page_does_its_work", async |bench: &Bench| {
        let page = bench.visitor(Look::DESK).await?;
        page.prepare("() => { delete globalThis.Worker }").await?;
        page.open("/").await?;
        page.has_opened().await?;
        assert_eq!(page.workers().await?, 0);
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await
    });
}
