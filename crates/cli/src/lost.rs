//! From which step of a run on it was lost, in words.

use crate::stop::Stop;
use explore::{Forced, PropertySet};
use machine::{Action, Machine, Property};
use std::io::Write;

/// Writes from which step on a run was lost that shows a property, and what that step did. At most `most` states are looked at.
pub fn tell(
    machine: &Machine,
    property: Property,
    schedule: &[Action],
    most: u32,
    out: &mut impl Write,
) -> Result<(), Stop> {
    let Some(asked) = Forced::new(machine, schedule, property.as_set(), most) else { return Ok(()) };
    let known = asked.run_to_end();
    writeln!(out, "          {}", scene::lost(known, schedule.len(), most))?;
    if let Some(step) = scene::last_step(machine, &schedule[..known.from], PropertySet::NONE) {
        writeln!(out, "          Step {}: {}", known.from, step.sentence)?;
    }
    Ok(())
}
