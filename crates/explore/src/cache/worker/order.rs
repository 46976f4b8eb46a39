//! Partial-order reduction at one state: postpones steps whose order makes no difference. The prospects of the processes say which ones.

use super::{Found, Missing, Worker, look_up};
use crate::cache::partial_order::Choice;
use crate::cache::successors::NONE;
use crate::cache::values::Values;
use crate::{Factored, Full, Handle, Key, PropertySet, Space, Successors, Symmetric};

impl<H: Handle<System: Symmetric>> Worker<H> {
    /// Asks what processes may do, for the values of their control parts that have been added to the space.
    pub(super) fn ask(&mut self, space: &Space<H>, values: &Values) {
        let layout = space.layout();
        let Some(order) = &self.order else { return };
        for process in &mut self.processes {
            let control = process.control as usize;
            let Some(field) = layout.of(process.control) else { continue };
            for number in process.known()..values.count(&field.source) {
                values.split(&field.source, number, &mut self.other);
                let bytes = values.get(control, self.other[control]);
                space.system().unpack_part(bytes, process.control, &mut self.after);
                let prospect = (order.prospect)(space.system(), &self.after, process.control);
                process.add(self.prospects.place(prospect));
            }
        }
    }

    /// Postpones the steps of a state, which begin at `start`, whose order makes no difference; returns
    /// how many.
    pub(super) fn put_off(&mut self, key: Key, start: usize, out: &mut Successors) -> u32 {
        let Some(order) = self.order else { return 0 };
        let ends = &self.ends;
        let begin = |band: usize| band.checked_sub(1).map_or(start, |before| ends[before].0);
        // An agent that may act at any time may also act in between.
        if (0..ends.len()).any(|band| !ends[band].1 && ends[band].0 > begin(band)) {
            return 0;
        }
        let processes = &self.processes;
        let asleep = self
            .halt
            .as_ref()
            .map_or(0, |(part, _)| self.asleep.get(part.value(key)).copied().unwrap_or_default());
        let moves = |at: usize| ends[processes[at].band].1;
        let choice = self.prospects.choose(processes, key, asleep, moves);
        let followed = |place: usize| match choice {
            Choice::All => true,
            Choice::First(at) => place == begin(processes[at].band),
            Choice::Of(set) => processes.iter().enumerate().any(|(at, process)| {
                set >> at & 1 == 1 && (begin(process.band)..ends[process.band].0).contains(&place)
            }),
        };
        let shown = out.marked.iter().filter(|(place, _)| *place as usize >= start);
        let avoids =
            |shown: &(u32, PropertySet)| shown.1.intersects(order.avoid) && followed(shown.0 as usize);
        if choice == Choice::All || shown.into_iter().any(avoids) {
            return 0;
        }
        let mut count = 0;
        for place in (start..out.len()).filter(|&place| !followed(place)) {
            out.keys[place] = NONE;
            count += 1;
        }
        count
    }

    /// Looks up the actions of a state band by band, and notes where those of each end.
    pub(super) fn look_up_by_band(
        &mut self,
        space: &Space<H>,
        key: Key,
        found: &mut Found,
        out: &mut Successors,
    ) -> Result<(), Full> {
        self.ends.clear();
        let mut moves = false;
        for band in 0..self.controls.len() {
            found.moves = false;
            while let Err(missing) = look_up(&self.controls[..=band], &self.memo, key, found, out) {
                match missing {
                    Missing::Value => self.catch_up(space),
                    Missing::Record(number) => self.learn(space, key, number)?,
                }
            }
            self.ends.push((out.len(), found.moves));
            moves |= found.moves;
        }
        found.moves = moves;
        Ok(())
    }
}
