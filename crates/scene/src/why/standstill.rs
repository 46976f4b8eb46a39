//! Why no CPU can go on: what each waits for, and who left it so.

use super::{Graph, Thing};
use explore::Trace;
use lang::effects::Flow;
use machine::{Blocked, Machine, Standing, State};

impl Graph<'_> {
    /// What a machine rests on that hangs in this state, for its last step.
    pub(super) fn standstill(&self, trace: &Trace<Machine>, after: &State) -> Vec<Thing> {
        let machine = self.names.machine;
        let ends = machine.standstill(after);
        let mut uses = Vec::new();
        for (cpu, standing) in (0..).zip(&ends.cpus) {
            match standing {
                Standing::Ended => {}
                Standing::Round { reads, .. } => uses.extend(reads.iter().map(|&loc| Thing::Memory(loc))),
                Standing::Waits => self.waits(trace, &ends.state, cpu, &mut uses),
            }
        }
        uses
    }

    fn waits(&self, trace: &Trace<Machine>, state: &State, cpu: u8, uses: &mut Vec<Thing>) {
        let machine = self.names.machine;
        let place = machine.next(state, cpu).place;
        let loc = place.and_then(|(place, _)| machine.locate(state, cpu, place).ok());
        let others = || (0..state.cpus.len() as u8).filter(|&other| other != cpu);
        match machine.blocked(state, cpu) {
            Some(Blocked::LockHeld) => {
                let Some(loc) = loc else { return };
                uses.push(Thing::Memory(loc));
                // Whoever took it: if its program has ended, nobody gives the lock back.
                let taken = (self.since(Thing::Memory(loc)) as usize).checked_sub(1);
                let holder = taken.and_then(|at| trace.steps().get(at)).map(|step| step.action.cpu());
                uses.extend(
                    holder.filter(|&holder| machine.next(state, holder).flow == Flow::End).map(Thing::End),
                );
            }
            Some(Blocked::Condition) => uses.extend(loc.map(Thing::Memory)),
            Some(Blocked::IpisNotHandled) => {
                for other in others() {
                    let owes = &state.cpus[usize::from(other)];
                    if owes.pending.iter().any(|ipi| ipi.sender == cpu)
                        || owes.handler.as_ref().is_some_and(|running| running.sender == cpu)
                    {
                        uses.push(Thing::Ipi(other));
                        uses.extend((!owes.irqs_on).then_some(Thing::Irqs(other)));
                    }
                }
            }
            Some(Blocked::BroadcastsNotDone | Blocked::CommandsNotDone) => {
                uses.extend(others().map(Thing::Broadcast));
            }
            Some(
                Blocked::StoreBufferNotEmpty(_)
                | Blocked::StoreBufferFull
                | Blocked::NoFreeFrame
                | Blocked::Ended,
            )
            | None => {}
        }
    }
}
