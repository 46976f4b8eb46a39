//! The paths to what has been seen. Each state's parent is known where the state lies.

use super::letters::{Letter, Reader};
use super::{Apart, END, exchange_all, legible};
use crate::width::to_usize;
use crate::{Handle, Symmetric};

/// A path that is being found: where it is kept, the state that it begins at so far, and its actions backwards.
type Open = (usize, u32, Vec<u16>);

impl<H: Handle<System: Symmetric>> Apart<H> {
    /// Finds the paths to everything that has been seen, each state's parent at its owner; and all members tell what they have
    /// passed, and their last values.
    pub(super) fn trace(&mut self) {
        let mut letter = Letter::default();
        self.tell_values(&mut letter);
        letter.passed(&self.all_passed());
        let answers = exchange_all(&self.team, &letter);
        let me = self.me;
        let others = (0..self.heard.len()).filter(|&member| member != me);
        for (from, letter) in others.zip(answers) {
            let mut reader = Reader(&letter);
            let heard = self.hear_values(from, &mut reader).and_then(|()| reader.passed());
            self.passed.add(&legible(&self.team, heard));
        }
        // The paths that are not known yet: backwards, and where each begins as far as it is known.
        let mut open: Vec<Open> = Vec::new();
        for (slot, seen) in self.seen.iter().enumerate() {
            if let (Some(seen), None) = (seen, &self.paths[slot]) {
                open.push((slot, seen.state, seen.action.into_iter().collect()));
            }
        }
        if let (Some(state), None) = (self.ended, &self.paths[END]) {
            open.push((END, state, Vec::new()));
        }
        while open.iter().any(|path| path.1 > 0) {
            let known: usize = open.iter().map(|path| path.2.len()).sum();
            let mut letter = Letter::default();
            for (at, (_, state, path)) in open.iter_mut().enumerate() {
                let before = path.len();
                while let Some(place) = Some(*state)
                    .filter(|&state| state > 0)
                    .and_then(|state| self.log.numbers.binary_search(&state).ok())
                {
                    path.push(self.log.actions[place]);
                    *state = self.log.parents[place];
                }
                if path.len() > before {
                    letter.count(at);
                    letter.number((*state).into());
                    letter.count(path.len() - before);
                    path[before..].iter().for_each(|&action| letter.number(action.into()));
                }
            }
            for letter in exchange_all(&self.team, &letter) {
                let read = extend(&mut open, &mut Reader(&letter));
                legible(&self.team, read);
            }
            if open.iter().map(|path| path.2.len()).sum::<usize>() == known {
                let why = "no process knows how a state was reached; do all have the same levels?";
                self.team.borrow_mut().fail(why);
            }
        }
        for (slot, _, mut path) in open {
            path.reverse();
            self.paths[slot] = Some(path);
        }
    }
}

/// Adds the pieces of paths that another member has found.
fn extend(open: &mut [Open], reader: &mut Reader<'_>) -> Option<()> {
    while !reader.0.is_empty() {
        let (_, state, path) = open.get_mut(to_usize(reader.number()?))?;
        *state = reader.small()?;
        for _ in 0..reader.count()? {
            path.push(reader.action()?);
        }
    }
    Some(())
}
