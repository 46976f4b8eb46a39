//! Sixteen CPUs and five thousand steps: only what can be seen is in the document. How smoothly that plays is reported,
//! by the browser's own account of long tasks and frames; it depends on the machine and is not asserted.

use e2e::{Look, flow};
use explore::{Seeded, Trace};
use link::{Base, Link, View};
use machine::Action;
use std::fmt::Write as _;

const STEPS: usize = 5000;
const CPUS: usize = 16;

/// Sixteen CPUs that all work on a page of their own mm.
fn scenario() -> String {
    let mut text = format!(
        "scenario \"sixteen\" {{\n    use kernel \"bare\"\n    machine {{ cpus {CPUS}; spare 0; }}\n    \
         mm A {{ 0x400000 -> page \"A's data\"; }}\n    setup {{\n"
    );
    for cpu in 0..CPUS {
        let _ = writeln!(text, "        cpu {cpu} {{ run(A); }}");
    }
    text.push_str("    }\n");
    for cpu in 0..CPUS {
        let _ = writeln!(text, "    cpu {cpu} {{ for i in 0 .. 400 {{ store(0x400000, i); }} }}");
    }
    text.push_str("    expect never violation;\n}\n");
    text
}

/// A link to a run of it, chosen at random from a seed, at its beginning.
fn link() -> String {
    let base = Base::Inline { scenario: scenario(), kernel: None, hash: 0 };
    let mut link = Link {
        base,
        options: Vec::new(),
        case: None,
        schedule: Vec::new(),
        cursor: 0,
        view: View::default(),
        digest: 0,
        model: machine::MODEL,
    };
    let opened = link::open(&link).expect("the scenario compiles");
    let mut trace = Trace::new(&opened.machine);
    assert_eq!(trace.run(&opened.machine, &mut Seeded::new(1), STEPS), STEPS);
    link.schedule = trace.schedule().into_iter().map(Action::code).collect();
    link::encode(&link)
}

/// From now on counts frames and tasks of more than 50 milliseconds.
const COUNT: &str = "
    window.count = { long: [], frames: 0, began: performance.now() };
    if (!window.counting) {
        window.counting = true;
        new PerformanceObserver(list => list.getEntries().forEach(task => window.count.long.push(Math.round(task.duration))))
            .observe({ type: 'longtask' });
        const frame = () => { window.count.frames += 1; requestAnimationFrame(frame) };
        requestAnimationFrame(frame);
    }";

const REPORT: &str = "
    const { long, frames, began } = window.count;
    return [frames / (performance.now() - began) * 1000, long.length, Math.max(0, ...long)]";

/// One step, taken apart: what the page computes, and what the browser then has to lay out.
const STEP: &str = "return (async () => {
    const rest = () => new Promise(resolve => setTimeout(resolve));
    let script = 0, layout = 0;
    for (let step = 0; step < 20; step += 1) {
        await new Promise(requestAnimationFrame);
        const began = performance.now();
        document.querySelector('[data-testid=step]').click();
        await rest();
        const drawn = performance.now();
        document.body.getBoundingClientRect();
        script += drawn - began;
        layout += performance.now() - drawn;
    }
    return [script / 20, layout / 20] })()";

#[test]
fn only_what_can_be_seen_is_in_the_document() {
    flow("only_what_can_be_seen_is_in_the_document", async |bench| {
        let page = bench.visitor(Look::DESK).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.run::<Option<()>>(COUNT).await?;
        page.run::<Option<()>>(&format!("location.hash = '#{}'", link())).await?;
        page.counter_when("five thousand steps", |counter| counter.of == STEPS).await?;
        let mut report = String::new();
        let mut note = async |what: &str| -> e2e::Outcome {
            let (frames, tasks, longest): (f64, u32, u32) = page.run(REPORT).await?;
            let _ = writeln!(
                report,
                "{what}: {frames:.0} frames/s, {tasks} tasks over 50 ms, longest {longest} ms"
            );
            page.run::<Option<()>>(COUNT).await?;
            Ok(())
        };
        note("opening").await?;
        let cards: usize = page.run("return document.querySelectorAll('[data-testid^=cpu-]').length").await?;
        assert!(cards >= CPUS, "{cards} CPUs on the stage");
        page.run::<Option<()>>("document.querySelector('[data-testid=trace-list]').open = true").await?;
        page.holds("the list", "return document.querySelectorAll('[data-testid=trace-list] li').length > 0")
            .await?;
        let in_document = "return [document.querySelectorAll('.column').length,
            document.querySelectorAll('[data-testid=trace-list] li').length, document.querySelectorAll('*').length]";
        for moment in [0, 1234, STEPS] {
            let script = format!(
                "const scrub = document.querySelector('[data-testid=scrub]');
                 Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(scrub, {moment});
                 scrub.dispatchEvent(new Event('input', {{ bubbles: true }}))"
            );
            page.run::<Option<()>>(&script).await?;
            page.is_at(moment).await?;
            page.holds(
                "the step in the diagram",
                &format!("return !!document.querySelector('.column:hover, .now') || {moment} === 0"),
            )
            .await?;
            let (columns, sentences, all): (usize, usize, usize) = page.run(in_document).await?;
            assert!(columns > 0 && columns < 300, "{columns} columns at {moment}");
            assert!(sentences > 0 && sentences <= 200, "{sentences} sentences at {moment}");
            assert!(all < 12_000, "{all} elements at {moment}");
        }
        page.run::<Option<()>>("document.querySelector('[data-testid=trace-list]').open = false").await?;
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        page.press("]]]]]").await?;
        note("scrubbing").await?;
        page.click("play").await?;
        page.counter_when("sixty steps", |counter| counter.at >= 60).await?;
        note("playing").await?;
        let (script, layout): (f64, f64) = page.run(STEP).await?;
        let _ = writeln!(report, "a step: {script:.1} ms of script, {layout:.1} ms of layout");
        page.press(" ").await?;
        eprintln!("{CPUS} CPUs, {STEPS} steps\n{report}");
        Ok(())
    });
}
