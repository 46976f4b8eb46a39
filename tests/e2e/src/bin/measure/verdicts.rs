//! Each scenario of the library, opened in the page, and each of its switches turned once: how long until the verdict
//! is shown.

use e2e::{Bench, Look, Outcome, Visit};

/// Functions that do something and give the time until the verdict on it stands.
const TIMED: &str = "
    const verdict = () => document.querySelector('[data-testid=verdict]').dataset;
    window.until = (act) => new Promise(resolve => {
        const before = verdict().check;
        const look = () => {
            if (verdict().check !== before && verdict().mood !== 'working') {
                observer.disconnect();
                resolve(performance.now() - began);
            }
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-check', 'data-mood'] });
        const began = performance.now();
        act();
    });
    window.settled = async (act) => {
        const began = performance.now();
        const early = await until(act);
        while (document.querySelector('[data-testid=stop-search]')) await drawn();
        return [early, performance.now() - began];
    };
    const drawn = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    window.scenario = async (slug) => {
        document.querySelector('[data-testid=picker]').click();
        await drawn();
        const entries = [...document.querySelectorAll('[data-testid=gallery] li button')];
        const entry = entries.find(entry => entry.querySelector('b').textContent === slug);
        return until(() => entry.click());
    };
    window.switches = async () => {
        const times = [];
        const all = () => [...document.querySelectorAll('.toggles [role=switch]')];
        for (let at = 0; at < all().length; at += 1) {
            times.push(await until(() => all()[at].click()));
        }
        return times;
    }";

/// Lets a page time itself.
pub async fn prepare(page: &Visit) -> Outcome {
    page.open("/").await?;
    page.has_opened().await?;
    page.perform(TIMED).await
}

/// Prints the times, a line for each scenario and round.
pub async fn measure(bench: &Bench, rounds: usize) -> Outcome {
    let page = bench.visitor(Look::WIDE).await?;
    prepare(&page).await?;
    for _ in 0..rounds {
        for scenario in gallery::scenarios() {
            let slug = scenario.slug;
            let time: f64 = page.run(&format!("return scenario('{slug}')")).await?;
            println!("open\t{slug}\t{time:.1}");
            let times: Vec<f64> = page.run("return switches()").await?;
            for time in times {
                println!("switch\t{slug}\t{time:.1}");
            }
        }
    }
    Ok(())
}
