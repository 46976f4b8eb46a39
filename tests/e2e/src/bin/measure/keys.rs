//! How long a key takes to its picture: in the editor, in the longest kernel of the library, while a grid of settings is being
//! settled.

use e2e::{Bench, Look, Outcome};

/// A scenario that runs on a kernel of more than 400 lines, and has switches.
const SCENARIO: &str = include_str!("../../../../../library/scenarios/c6+munmap.tlb");

/// What is typed, letter by letter, behind this.
const BEHIND: &str = "is_lazy = true;";
const TYPED: &str = " // a remark of forty letters, no more";

/// From each key to the moment at which the picture that follows it has been handed over.
const CLOCK: &str = "() => { globalThis.keys = []; addEventListener('keydown', event => requestAnimationFrame(() => { \
    const { port1, port2 } = new MessageChannel(); \
    port1.onmessage = () => keys.push(performance.now() - event.timeStamp); port2.postMessage(0); }), true); }";

/// Prints the times, and how many of the grid's settings were open when the first key came.
pub async fn measure(bench: &Bench, rounds: usize) -> Outcome {
    for _ in 0..rounds {
        let page = bench.visitor(Look::WIDE).await?;
        page.prepare(CLOCK).await?;
        page.open(&format!("/#{}", crate::cancel::link_to(SCENARIO))).await?;
        page.element("verdict").await?;
        page.click("tab-1").await?;
        page.attribute_is("tab-1", "aria-selected", "true").await?;
        page.click_behind(BEHIND).await?;
        page.has_the_editor().await?;
        // A change that compiles: the search and the grid begin anew.
        page.press(" ").await?;
        page.text_when("about", "that it is edited", |text| text.contains("edited")).await?;
        let lines: usize =
            page.run("return document.querySelector('.cm-editor').field.text().split('\\n').length").await?;
        page.perform("keys.length = 0").await?;
        page.types(TYPED).await?;
        page.holds("a picture for each key", &format!("return keys.length >= {}", TYPED.len())).await?;
        let times: Vec<f64> = page.run("return keys").await?;
        for time in times {
            println!("key\t{lines}\t{time:.1}");
        }
    }
    Ok(())
}
