//! The style sheet of what nobody sees at first comes by itself. Where it does not come, the page works.

use e2e::{Bench, Look, flow};

/// A host that does not answer when it is asked for that sheet, until somebody has it answer.
const WITHHOLD: &str = "() => { const append = Element.prototype.append; globalThis.withheld = true;
    Element.prototype.append = function (...all) {
        if (!globalThis.withheld || !String(all[0]?.href).includes('/later-')) return append.apply(this, all);
        globalThis.refused = true; queueMicrotask(() => all[0].onerror());
    } }";

#[test]
fn the_page_opens_without_the_sheet_of_dialogs_and_asks_again() {
    flow("the_page_opens_without_the_sheet_of_dialogs_and_asks_again", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.prepare(WITHHOLD).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.verdict_is("reachable").await?;
        page.holds("that it was refused", "return globalThis.refused === true").await?;
        page.click("picker").await?;
        page.text_when("gallery", "a scenario", |text| text.contains("exit+exec+run")).await?;
        let corner = "return getComputedStyle(document.querySelector('[data-testid=gallery]')).borderRadius";
        assert_ne!(page.run::<String>(corner).await?, "10px", "there is no sheet for it");
        page.perform("globalThis.withheld = false; dispatchEvent(new Event('online'))").await?;
        page.holds("the sheet", &format!("return (() => {{ {corner} }})() === '10px'")).await
    });
}
