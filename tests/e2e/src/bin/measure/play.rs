//! Sixteen CPUs and five thousand steps, played at the highest speed.

use e2e::sixteen::{STEPS, link};
use e2e::{Bench, Look, Outcome};

/// Steps that are looked at.
const WATCHED: usize = 60;

/// From now on notes when each frame began.
const COUNT: &str = "
    window.frames = [];
    const frame = now => { window.frames.push(now); requestAnimationFrame(frame) };
    requestAnimationFrame(frame);
    const counter = document.querySelector('[data-testid=step-counter]');
    window.watched = step => new Promise(resolve => {
        const timer = setInterval(() => {
            if (parseInt(counter.textContent.match(/\\d+/)) >= step) { clearInterval(timer); resolve(null) }
        }, 200);
    })";

/// Frames per second, and the longest time between two of them.
const REPORT: &str = "
    const frames = window.frames;
    const gaps = frames.slice(1).map((now, at) => now - frames[at]);
    return [1000 * gaps.length / (frames.at(-1) - frames[0]), Math.max(...gaps)]";

/// Prints frames per second, the longest frame and task, and what a step takes.
pub async fn measure(bench: &Bench) -> Outcome {
    let page = bench.visitor_traced(Look::WIDE, true).await?;
    page.open("/").await?;
    page.has_opened().await?;
    page.perform(&format!("location.hash = '#{}'", link())).await?;
    page.counter_when("five thousand steps", |counter| counter.of == STEPS).await?;
    // No reader plays a run while waiting for its verdict.
    page.verdict_is("bounded").await?;
    page.press("\u{e011}").await?; // Home
    page.is_at(0).await?;
    page.press("]]]]]").await?;
    page.click("play").await?;
    page.counter_when("a few steps", |counter| counter.at >= 5).await?;
    page.perform(COUNT).await?;
    page.begin_account().await?;
    let first = page.counter().await?;
    // The test does not ask the page for its progress meanwhile: that takes the page time.
    page.run::<Option<()>>(&format!("return watched({})", first.at + WATCHED)).await?;
    let last = page.counter().await?;
    let (frames, longest): (f64, f64) = page.run(REPORT).await?;
    page.press(" ").await?;
    let account = page.account().await?;
    let steps = (last.at - first.at).max(1) as f64;
    println!("play\tframes\t{frames:.1}\t{longest:.1}");
    for (name, tasks) in [("tasks", &account.tasks), ("computing", &account.computing)] {
        let long = tasks.iter().filter(|&&task| task > 50.0).count();
        println!("play\t{name}\t{long}\t{:.1}", tasks.first().copied().unwrap_or_default());
    }
    println!(
        "play\tstep\t{:.1}\t{:.1}\t{:.1}",
        account.script / steps,
        account.layout / steps,
        account.paint / steps
    );
    Ok(())
}
