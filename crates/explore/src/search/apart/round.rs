//! A round: each member expands some of its states, and takes in what the others send.

use super::letters::{Letter, Reached, Reader, Tally, ranks, read_reached, write_reached};
use super::{Apart, Candidate, exchange_all, legible};
use crate::cache::NONE;
use crate::width::{to_u16, to_u32};
use crate::{Factored, Full, Handle, Key, Successors, Symmetric};

impl<H: Handle<System: Symmetric>> Apart<H> {
    /// Expands the next states of the level.
    pub(super) fn round(&mut self, count: u32) {
        let end = self.next + count;
        let first = self.level.partition_point(|state| state.0 < self.next);
        let last = self.level.partition_point(|state| state.0 < end);
        let size = self.heard.len();
        self.sent.suit(self.visited.len());
        let mut letters: Vec<(u64, Letter)> = (0..size).map(|_| Default::default()).collect();
        let mut befores = vec![0_u32; size];
        let (mut tally, mut candidates) = (Tally::default(), Vec::new());
        for at in first..last {
            while self.expand(at, &mut tally, &mut letters, &mut befores, &mut candidates).is_err() {
                self.grow(&mut candidates, &[]);
            }
        }
        tally.bytes = self.memory();
        let mut head = Letter::default();
        self.tell_values(&mut head);
        tally.write(&mut head);
        let letters = letters.into_iter().map(|(count, body)| {
            let mut letter = Letter(head.0.clone());
            letter.number(count);
            letter.0.extend(body.0);
            letter.0
        });
        let answers = self.team.borrow_mut().exchange(letters.collect());
        let me = self.me;
        for (from, letter) in answers.iter().enumerate().filter(|answer| answer.0 != me) {
            let read = self.read(from, letter, &mut tally, &mut candidates);
            legible(&self.team, read);
        }
        self.take_in(candidates);
        self.count(tally);
        self.next = end;
    }

    /// Expands a state of the level. What it leads to goes into the letter to its owner, or to the own candidates.
    fn expand(
        &mut self,
        at: usize,
        tally: &mut Tally,
        letters: &mut [(u64, Letter)],
        befores: &mut [u32],
        candidates: &mut Vec<Candidate>,
    ) -> Result<(), Full> {
        let (number, key) = self.level[at];
        self.successors.clear();
        let shown = self.worker.expand(&self.space, key, &mut self.successors)?;
        let avoid = self.limits.avoid;
        if !self.properties.contains(shown.properties) {
            tally.noted.push((number, None, shown.properties));
        }
        if shown.ended && !shown.properties.intersects(avoid) {
            tally.ended = Some(tally.ended.map_or(number, |before| before.min(number)));
        }
        let Successors { keys, marked } = &mut self.successors;
        for &(place, properties) in marked.iter() {
            if !self.properties.contains(properties) {
                tally.noted.push((number, Some(to_u16(place as usize)), properties));
            }
            if properties.intersects(avoid) {
                keys[place as usize] = NONE;
            }
        }
        tally.transitions += keys.len() as u64 - u64::from(shown.put_off);
        let parts = self.space.parts();
        let mut values = vec![0; parts * keys.len()];
        {
            let (known, layout) = (self.space.values(), self.space.layout());
            for (values, &key) in values.chunks_exact_mut(parts).zip(keys.iter()) {
                if key != NONE {
                    known.unfold(layout, key, values);
                }
            }
        }
        for ((place, &key), values) in keys.iter().enumerate().zip(values.chunks_exact(parts)) {
            // Whatever was sent before was reached before: the owner need not hear of it again.
            if key == NONE || !self.sent.is_new(key) {
                continue;
            }
            let owner = self.owners.of(&self.space, values);
            let reached = (number, to_u16(place));
            if owner == self.me {
                candidates.push(Candidate { reached, key });
                continue;
            }
            let (count, letter) = &mut letters[owner];
            *count += 1;
            letter.number(u64::from(number - befores[owner]));
            befores[owner] = number;
            letter.number(reached.1.into());
            values.iter().for_each(|&value| letter.number(value.into()));
        }
        Ok(())
    }

    /// Tells the values that the others have not been told.
    pub(super) fn tell_values(&mut self, letter: &mut Letter) {
        let values = self.space.values();
        for (part, told) in self.told.iter_mut().enumerate() {
            let count = values.count_of(part);
            letter.number((count - *told).into());
            (*told..count).for_each(|number| letter.bytes(values.get(part, number)));
            *told = count;
        }
    }

    /// Takes in what another member tells of values.
    pub(super) fn hear_values(&mut self, from: usize, reader: &mut Reader<'_>) -> Option<()> {
        for part in 0..self.space.parts() {
            for _ in 0..reader.count()? {
                let number = self.space.adopt(part, reader.bytes()?, &mut self.scratch);
                self.heard[from][part].push(number);
            }
        }
        Some(())
    }

    /// Reads what another member tells of a round.
    fn read(
        &mut self,
        from: usize,
        letter: &[u8],
        tally: &mut Tally,
        candidates: &mut Vec<Candidate>,
    ) -> Option<()> {
        let mut reader = Reader(letter);
        self.hear_values(from, &mut reader)?;
        tally.add(Tally::read(&mut reader)?);
        let mut before = 0_u32;
        let mut values = vec![0; self.space.parts()];
        for _ in 0..reader.count()? {
            before = before.checked_add(reader.small()?)?;
            let reached = (before, reader.action()?);
            for (value, heard) in values.iter_mut().zip(&self.heard[from]) {
                *value = *heard.get(reader.small()? as usize)?;
            }
            let key = self.key_of(&values, candidates);
            candidates.push(Candidate { reached, key });
        }
        reader.0.is_empty().then_some(())
    }

    /// The key of the state whose parts have these values. Other keys may move.
    pub(super) fn key_of(&mut self, values: &[u32], candidates: &mut [Candidate]) -> Key {
        loop {
            match self.space.join(values) {
                Ok(key) => return key,
                Err(Full) => self.grow(candidates, &[]),
            }
        }
    }

    /// Keeps what is new among the candidates, tells the others, and numbers it.
    fn take_in(&mut self, mut candidates: Vec<Candidate>) {
        candidates.sort_unstable_by_key(|candidate| candidate.reached);
        self.add_new(&mut candidates);
        let mine: Vec<Reached> = candidates.iter().map(|candidate| candidate.reached).collect();
        let mut letter = Letter::default();
        write_reached(&mine, &mut letter);
        let others = exchange_all(&self.team, &letter);
        let others: Vec<Vec<Reached>> =
            others.iter().map(|letter| legible(&self.team, read_reached(&mut Reader(letter)))).collect();
        for (rank, Candidate { reached, key }) in ranks(&mine, &others).into_iter().zip(candidates) {
            self.add(self.states + rank, reached, key);
        }
        self.states += to_u32(mine.len() + others.iter().map(Vec::len).sum::<usize>());
    }

    /// Puts candidates into the visited set, and drops those that are not new.
    pub(super) fn add_new(&mut self, candidates: &mut Vec<Candidate>) {
        let mut new = Vec::new();
        let mut canonical = Vec::new();
        let mut at = 0;
        while at < candidates.len() {
            let end = candidates.len().min(at + 64);
            canonical.clear();
            let mut room = Ok(());
            for candidate in &candidates[at..end] {
                let key = match self.limits.symmetry {
                    true => self.worker.canonical(&self.space, candidate.key),
                    false => Ok(candidate.key),
                };
                match key {
                    Ok(key) => canonical.push(key),
                    Err(Full) => room = Err(Full),
                }
            }
            if room.is_err() {
                self.grow(candidates, &[]);
                continue;
            }
            self.visited.insert(&canonical, |place| new.push(at + place));
            at = end;
        }
        let mut new = new.into_iter().peekable();
        let mut place = 0;
        candidates.retain(|_| {
            place += 1;
            new.next_if_eq(&(place - 1)).is_some()
        });
    }

    /// A new state of the next level, with its number.
    pub(super) fn add(&mut self, number: u32, reached: Reached, key: Key) {
        self.log.numbers.push(number);
        self.log.parents.push(reached.0);
        self.log.actions.push(reached.1);
        if !self.space.system().may_go_round().is_empty() {
            self.log.keys.push(key);
        }
        self.deeper.push((number, key));
    }
}
