//! axe-core: what would prevent a reader from using the page.

use crate::folder::root;
use crate::outcome::{Outcome, fault};
use crate::visit::Visit;
use std::path::PathBuf;

/// The rules that count: WCAG up to 2.2, levels A and AA.
const ALL: &str =
    "{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'] }";
/// The one of them that depends on colours.
const COLOURS: &str = "{ type: 'rule', values: ['color-contrast'] }";

/// Where the set-up put it; `TLBSCOPE_AXE` names another copy.
fn file() -> PathBuf {
    std::env::var_os("TLBSCOPE_AXE")
        .map_or_else(|| root().join(".tools/axe/node_modules/axe-core/axe.min.js"), PathBuf::from)
}

impl Visit {
    /// What axe-core finds in a part of the page as it stands, or only of its colours: a line for each barrier. A selector
    /// tells the part.
    pub async fn barriers(&self, part: &str, colours: bool) -> Outcome<Vec<String>> {
        let rules = if colours { COLOURS } else { ALL };
        let Ok(axe) = std::fs::read_to_string(file()) else {
            return fault("axe-core is missing: `cargo xtask setup --test` installs it");
        };
        if !self.run::<bool>("return typeof axe === 'object'").await? {
            self.run::<Option<()>>(&axe).await?;
        }
        // Colours in the middle of a transition count for nothing: transitions end first. One that is paused never does.
        self.run(&format!(
            "const moving = document.getAnimations().filter(each => each.effect.getComputedTiming().endTime < 1e4 && each.playState === 'running');
             const late = new Promise(done => setTimeout(done, 1e4));
             return Promise.race([late, Promise.allSettled(moving.map(each => each.finished))]).then(() => axe.run({{ include: [{part:?}] }}, {{ runOnly: {rules}, resultTypes: ['violations'] }}))
                 .then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
                     `${{rule.id}}: ${{node.target.join(' ')}}: ${{node.failureSummary.replace(/\\s+/g, ' ')}}`)))"
        ))
        .await
    }
}
