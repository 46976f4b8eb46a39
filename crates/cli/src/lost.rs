//! From which step of a run on it was lost, in words.

use crate::stop::Stop;
use explore::{Forced, PropertySet};
use machine::{Action, Machine};
use std::io::Write;

/// A game keeps each state that it has looked at: so many at most, whatever a search may look at.
const MOST: u32 = 1_000_000;

/// Writes from which step on a run was lost that shows one of some properties, and what that step did. At most `most` states are
/// looked at, and no more than a million.
pub fn tell(
    machine: &Machine,
    properties: PropertySet,
    schedule: &[Action],
    most: u32,
    out: &mut impl Write,
) -> Result<(), Stop> {
    let most = most.min(MOST);
    let Some(asked) = Forced::new(machine, schedule, properties, most) else { return Ok(()) };
    let known = asked.run_to_end();
    writeln!(out, "          {}", scene::lost(known, schedule.len(), most))?;
    if let Some(step) = scene::last_step(machine, &schedule[..known.from], PropertySet::NONE) {
        writeln!(out, "          Step {}: {}", known.from, step.sentence)?;
    }
    Ok(())
}
