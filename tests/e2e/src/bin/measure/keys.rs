//! How long a key takes to its picture: in the editor, in the longest kernel of the library, while a grid of settings is being
//! settled.

use e2e::{Bench, Look, Outcome};

/// A scenario that runs on a kernel of more than 400 lines, and has switches: linux-6.18.
const SCENARIO: &str = include_str!("../../../../../library/scenarios/lazy+return+munmap.tlb");

/// So many lines the kernel has at least.
const LONG: usize = 400;

/// What is typed, letter by letter, behind this.
const BEHIND: &str = "is_lazy = true;";
const TYPED: &str = " // a remark of forty letters, no more";

/// From each key to the moment at which the picture that follows it has been handed over.
/// Beside it, how many settings of the grid were open when the key was pressed.
const CLOCK: &str = "() => { globalThis.keys = []; addEventListener('keydown', event => { \
    const open = document.querySelectorAll('.cell.waiting').length; requestAnimationFrame(() => { \
    const { port1, port2 } = new MessageChannel(); \
    port1.onmessage = () => keys.push([open, performance.now() - event.timeStamp]); port2.postMessage(0); }); }, true); }";

/// Prints for each key the lines of the text, how many of the grid's settings were open when it came, and its time.
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
        assert!(lines > LONG, "the kernel has only {lines} lines");
        page.perform("keys.length = 0").await?;
        page.types(TYPED).await?;
        page.holds("a picture for each key", &format!("return keys.length >= {}", TYPED.len())).await?;
        let times: Vec<(u32, f64)> = page.run("return keys").await?;
        for (open, time) in times {
            println!("key\t{lines}\t{open}\t{time:.1}");
        }
    }
    Ok(())
}
