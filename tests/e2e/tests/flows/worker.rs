//! Where the explorer works: in a worker, or, if there can be none, on the page.

use e2e::{Bench, Look, flow};

#[test]
fn without_a_worker_the_page_does_its_work() {
    flow("without_a_worker_the_page_does_its_work", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.prepare("() => { delete globalThis.Worker }").await?;
        page.open("/").await?;
        page.has_opened().await?;
        assert_eq!(page.workers().await?, 0);
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await
    });
}

/// Makes the first worker of a page end when it is asked for the first check, behind the module and the greeting: `how` is
/// what happens to it, as statements about `this`.
fn first_worker(how: &str) -> String {
    format!(
        "() => {{
            const Real = globalThis.Worker;
            let sent = 0;
            globalThis.Worker = class extends Real {{
                postMessage(...message) {{
                    super.postMessage(...message);
                    if (++sent === 3) {{ {how} }}
                }}
            }};
        }}"
    )
}

#[test]
fn a_worker_that_goes_without_a_word_is_missed_and_another_one_does_its_work() {
    flow("a_worker_that_goes_without_a_word", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.prepare(&first_worker("this.terminate()")).await?;
        page.open("/").await?;
        // It may only be slow: the reader is told, and decides.
        page.text_when("silent", "how long", |text| text.contains("has not answered for")).await?;
        page.click("restart").await?;
        page.has_opened().await?;
        assert!(!page.has("silent").await?);
        assert_eq!(page.workers().await?, 1, "the second one; nothing was computed on the page");
        Ok(())
    });
}

#[test]
fn what_a_worker_died_of_is_not_tried_again() {
    flow("what_a_worker_died_of_is_not_tried_again", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        let dies = "this.terminate(); \
            setTimeout(() => this.dispatchEvent(new ErrorEvent('error', { cancelable: true })))";
        page.prepare(&first_worker(dies)).await?;
        page.open("/").await?;
        page.verdict_is("failed").await?;
        page.text_when("verdict", "what happened", |text| text.contains("The explorer died")).await?;
        // Other questions go to another worker.
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await?;
        assert_eq!(page.workers().await?, 1);
        Ok(())
    });
}

#[test]
fn a_page_that_has_died_says_so_and_how_to_go_on() {
    flow("a_page_that_has_died_says_so", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("back").await?;
        let link = page.link_in_address().await?;
        // A browser reports this when the wasm traps.
        page.perform(
            "const error = new WebAssembly.RuntimeError('unreachable'); \
             dispatchEvent(new ErrorEvent('error', { error }))",
        )
        .await?;
        let words = page.text("died").await?;
        assert!(words.contains("TLBscope has stopped") && words.contains("address"), "{words}");
        assert_eq!(page.address().await?, link, "text and run are still there");
        page.browser_element("[data-testid=died] button").await?.click().await?;
        page.verdict_is("reachable").await?;
        page.perform(
            "dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') }))",
        )
        .await?;
        page.browser_element("[data-testid=died] a").await?.click().await?;
        page.has_opened().await?;
        Ok(())
    });
}
