//! A search of a million states is cancelled for another one: how long the worker takes to begin
//! the new one.

use crate::verdicts::prepare;
use e2e::{Bench, Look, Outcome, Visit};
use link::{Base, Link};

/// The scenario that the benchmark of the search knows as "four".
const FOUR: &str = include_str!("../../../../../crates/bench/scenarios/four.tlb");

/// A small one of the library.
const NEXT: &str = "lazy+exit+andy";

/// A link to the beginning of a scenario.
pub fn link_to(text: &str) -> String {
    link::encode(&Link::new(Base::Inline { scenario: text.to_owned(), kernel: None, hash: 0 }))
}

/// Prints the time until the verdict on the small scenario, with an idle worker and with one at work, and that until
/// the verdict on the large one.
pub async fn measure(bench: &Bench, rounds: usize) -> Outcome {
    let page = bench.visitor(Look::WIDE).await?;
    prepare(&page).await?;
    let large = format!("location.hash = '#{}'", link_to(FOUR));
    let time: f64 = page.run(&format!("return until(() => {{ {large} }})")).await?;
    println!("cancel\twhole\t{time:.1}");
    for _ in 0..rounds.max(5) {
        for kind in ["idle", "busy"] {
            if kind == "busy" {
                page.perform("location.hash = ''").await?;
                page.perform(&large).await?;
                page.holds(
                    "a search under way",
                    "const text = document.querySelector('[data-testid=verdict]').innerText;
                     return text.includes('states explored')",
                )
                .await?;
            }
            let time: f64 = page.run(&format!("return scenario('{NEXT}')")).await?;
            println!("cancel\t{kind}\t{time:.1}");
            settled(&page).await?;
        }
    }
    Ok(())
}

/// Waits until the worker has nothing left to do.
async fn settled(page: &Visit) -> Outcome {
    page.holds("nothing left to do", "return !document.querySelector('[data-testid=grid] .waiting')").await
}
