//! Large scenarios: the time until the page says what shows, and until the search is done.

use crate::cancel::link_to;
use crate::verdicts::prepare;
use e2e::{Bench, Look, Outcome};

/// Each with its name.
const LARGE: [(&str, &str); 2] = [
    ("four-long", include_str!("../../../../../crates/bench/scenarios/four-long.tlb")),
    ("grow3", include_str!("../../../../../crates/bench/scenarios/grow3.tlb")),
];

/// Prints the times from the link until the verdict and until the end of the search, for each scenario and round, and the verdict
/// itself to the error output.
pub async fn measure(bench: &Bench, rounds: usize) -> Outcome {
    for (name, text) in LARGE {
        for _ in 0..rounds {
            // Each time in a browser that has searched nothing yet.
            let page = bench.visitor(Look::WIDE).await?;
            prepare(&page).await?;
            page.patience(300).await?;
            let link = link_to(text);
            let (early, whole): (f64, f64) =
                page.run(&format!("return settled(() => {{ location.hash = '#{link}' }})")).await?;
            println!("size\t{name}\t{early:.1}\t{whole:.1}");
            let said: String =
                page.run("return document.querySelector('[data-testid=verdict]').innerText").await?;
            eprintln!("{name}: {}", said.replace('\n', " "));
        }
    }
    Ok(())
}
