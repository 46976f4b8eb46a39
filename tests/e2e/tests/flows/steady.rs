//! A field in which the reader writes stays where it is on the screen while results come in above it, with a slow
//! worker, in two engines.

use e2e::{Bench, Firefox, Look, flow};

/// Makes the worker slow: a question reaches it after most of a second, and the time between two answers allows a
/// picture.
const LATE: &str = "() => {
    const Real = globalThis.Worker;
    let next = 0;
    globalThis.Worker = class extends Real {
        postMessage(...message) { setTimeout(() => super.postMessage(...message), 700); }
        set onmessage(then) {
            super.onmessage = event => {
                const now = performance.now();
                next = Math.max(next, now) + 40;
                setTimeout(() => then(event), next - now);
            };
        }
    };
}";

/// From now on, notes where the field is on the screen and how far the text in it is scrolled: at each key, after each change of
/// the document, and in each picture. The editor takes the field's place while somebody writes.
const WATCH: &str = "window.places = []; \
    const note = why => { \
        const of = name => document.querySelector(`[data-testid=code] ${name}`); \
        const s = of('.cm-scroller') ?? of('.editor'); \
        const now = [s.getBoundingClientRect().top, s.scrollTop, s.scrollLeft]; \
        places.push([why, ...now]); }; \
    note('begin'); \
    document.addEventListener('keydown', () => note('key')); document.addEventListener('keyup', () => note('key')); \
    new MutationObserver(() => note('change')).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true }); \
    const picture = () => { note('picture'); requestAnimationFrame(picture); }; requestAnimationFrame(picture); \
    return null";

/// How far the field and the text in it have moved since, and when first.
const MOVED: &str = "let far = 0, first = ''; \
    for (const [why, ...now] of places) now.forEach((x, i) => { \
        const d = Math.abs(x - places[0][i + 1]); \
        if (d > 1 && !first) first = why + ' ' + now; \
        far = Math.max(far, d); }); \
    return [far, `${places.length} looks, from ${places[0].slice(1)}, first ${first}`]";

/// Whether the table of kernels is not full yet.
const OPEN: &str = "return !document.querySelector('[data-testid=policies-summary]').textContent.startsWith('The scenario ')";

fn moved([far, told]: [serde_json::Value; 2]) {
    // Heights are no whole numbers, and Firefox scrolls by whole pixels: one of its own accord, and one that we ask for.
    assert!(far.as_f64().is_some_and(|far| far <= 2.0), "the line stays where it is: {far} pixels, {told}");
}

#[test]
fn what_one_writes_in_stays_where_it_is_while_results_come_in() {
    flow("what_one_writes_in_stays_where_it_is", async |bench: &Bench| {
        for (width, height) in [(1440, 1000), (1280, 720)] {
            let page = bench.visitor(Look { width, height, ..Look::WIDE }).await?;
            page.prepare(LATE).await?;
            page.open("/").await?;
            page.click("tab-1").await?;
            page.click_behind("cpumask_clear_cpu(cpu, m.cpumask);").await?;
            assert!(page.run::<bool>(OPEN).await?, "the writer comes before the results");
            page.run::<Option<()>>(WATCH).await?;
            page.types(" // a").await?;
            page.text_when("tab-1", "that it is edited", |text| text.contains("edited")).await?;
            page.press("\u{e007}}").await?;
            page.text_when("diagnostics", "an error", |text| text.contains("error")).await?;
            page.text_when("policies-summary", "that all is settled", |text| {
                text.starts_with("The scenario ")
            })
            .await?;
            moved(page.run(MOVED).await?);
        }
        Ok(())
    });
}

#[test]
fn what_one_writes_in_stays_where_it_is_in_firefox() {
    flow("what_one_writes_in_stays_where_it_is_in_firefox", async |bench: &Bench| {
        let page = Firefox::start(1440, 1000).await?;
        page.prepare(LATE).await?;
        page.open(&format!("{}/", bench.site.origin)).await?;
        page.click("[data-testid=tab-1]").await?;
        page.click_behind("cpumask_clear_cpu(cpu, m.cpumask);").await?;
        assert!(page.run::<bool>(OPEN).await?, "the writer comes before the results");
        page.run::<Option<()>>(WATCH).await?;
        page.types(" // a").await?;
        page.holds(
            "that it is edited",
            "return document.querySelector('[data-testid=tab-1]').textContent.includes('edited')",
        )
        .await?;
        page.press("\u{e007}}").await?;
        page.holds("an error", "return !!document.querySelector('[data-testid=diagnostics] .error')").await?;
        page.holds("that all is settled", &OPEN.replace('!', "")).await?;
        moved(page.run(MOVED).await?);
        Ok(())
    });
}
