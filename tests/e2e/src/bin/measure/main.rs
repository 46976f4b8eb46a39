//! Measures the built site in a browser, for the benchmark: `cargo xtask bench --page`.
//!
//! What it finds goes to its output, a line for each figure: words and numbers, with tabs between them. The
//! benchmark makes tables of them. Times are in milliseconds, as the browser's own clock has them.
//!
//! `measure links FILE…` opens the links in some files instead, `measure sizes` only the large scenarios, and
//! `measure keys ROUNDS` only how long a key takes.
#![forbid(unsafe_code)]

mod cancel;
mod keys;
mod links;
mod paint;
mod play;
mod sizes;
mod verdicts;

use e2e::flow;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(files) = args.strip_prefix(&["links".to_owned()]) {
        return flow("measure-links", async |bench| links::measure(bench, files).await);
    }
    if args == ["sizes"] {
        return flow("measure-sizes", async |bench| sizes::measure(bench, 1).await);
    }
    if let Some(rounds) = args.strip_prefix(&["keys".to_owned()]) {
        let rounds = rounds.first().and_then(|word| word.parse().ok()).unwrap_or(1);
        return flow("measure-keys", async |bench| keys::measure(bench, rounds).await);
    }
    let rounds = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(3_usize).max(1);
    flow("measure-paint", async |bench| paint::measure(bench, rounds).await);
    flow("measure-keys", async |bench| keys::measure(bench, rounds).await);
    flow("measure-play", async |bench| play::measure(bench).await);
    flow("measure-verdicts", async |bench| verdicts::measure(bench, rounds).await);
    flow("measure-sizes", async |bench| sizes::measure(bench, rounds).await);
    flow("measure-cancel", async |bench| cancel::measure(bench, rounds).await);
}
