//! Sequence diagrams of runs, drawn by Mermaid as npm has it.

use e2e::{Bench, Look, flow, root, shot};
use serde_json::json;

#[test]
fn mermaid_draws_the_runs_that_we_export() {
    flow("mermaid_draws_the_runs_that_we_export", async |bench: &Bench| {
        let document = bench.document().await?;
        let reader = bench.visitor(Look::WIDE).await?;
        reader.open(&document.address).await?;
        for name in ["walk", "shootdown"] {
            // What `tlbscope export --format mermaid` prints: `crates/export/tests/exports.rs` holds that.
            let text =
                std::fs::read_to_string(root().join(format!("crates/export/tests/golden/{name}.mmd")))?;
            // What stands before the words of an arrow names two lanes.
            let lanes = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
            let arrows = text
                .lines()
                .map(lanes)
                .filter(|lanes| [">>", "-x", "-)"].iter().any(|tip| lanes.contains(tip)))
                .count();
            let drawn: (usize, usize, u32) = reader
                .run(&format!(
                    "return mermaid.render('drawn', {}).then(({{ svg }}) => {{ \
                         const place = document.getElementById('place'); place.innerHTML = svg; \
                         const drawn = place.querySelector('svg'); \
                         return [drawn.querySelectorAll('.messageText').length, drawn.querySelectorAll('text.actor').length, \
                             Math.round(drawn.getBoundingClientRect().height)] }})",
                    json!(text)
                ))
                .await?;
            let (messages, actors, height) = drawn;
            assert!(arrows > 3 && messages == arrows, "{name}: {messages} of {arrows} arrows are drawn");
            assert!(actors >= 4 && height > 300, "{name}: {drawn:?}");
            shot(&format!("mermaid-{name}"), &reader).await?;
        }
        Ok(())
    });
}
