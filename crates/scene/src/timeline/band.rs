//! Bands: how long a CPU could walk through a stale pointer, and who owned the frame of a page table.
//!
//! A danger window opens with the step after which a CPU holds a pointer that it could use and should not use. The
//! window closes with the step after which the CPU holds none. In between, nothing but chance protects the data.

use crate::name::{self, Names};
use crate::reference;
use crate::view::{BandView, Tone};
use explore::Step;
use machine::{Action, Event, State, What};
use x86::{Backing, FrameId, Hazard, Owner, Provenance};

/// A danger window that is open.
struct Window {
    from_step: u32,
    /// What could be walked into, as far as it is known, sorted: dangling pointers before those made from garbage.
    targets: Vec<(Provenance, String)>,
}

/// Part of a frame's life.
struct Life {
    frame: FrameId,
    owner: Owner,
    from_step: u32,
    /// Whether a CPU could walk into it.
    exposed: bool,
    /// Whether a CPU walked into it, and wrote.
    hit: bool,
}

/// Bands under way.
pub(super) struct Bands<'a> {
    names: Names<'a>,
    memory: u8,
    open: Vec<Option<Window>>,
    lives: Vec<Life>,
    ended: Vec<(Life, u32)>,
    bands: Vec<BandView>,
}

impl<'a> Bands<'a> {
    pub(super) fn new(names: Names<'a>, first: &State) -> Bands<'a> {
        let lives = (0..).zip(&first.memory.frames).map(|(frame, content)| Life {
            frame,
            owner: content.owner,
            from_step: 0,
            exposed: false,
            hit: false,
        });
        let mut bands = Bands {
            names,
            memory: first.cpus.len() as u8,
            open: first.cpus.iter().map(|_| None).collect(),
            lives: lives.collect(),
            ended: Vec::new(),
            bands: Vec::new(),
        };
        bands.look(0, first);
        bands
    }

    /// Follows a step.
    pub(super) fn step(&mut self, number: u32, step: &Step<Action, Event>, after: &State) {
        for (life, content) in self.lives.iter_mut().zip(&after.memory.frames) {
            if life.owner != content.owner {
                let next = Life {
                    frame: life.frame,
                    owner: content.owner,
                    from_step: number,
                    exposed: false,
                    hit: false,
                };
                self.ended.push((std::mem::replace(life, next), number));
            }
        }
        for event in &step.events {
            if let What::Walk { walked, .. } = &event.what
                && walked.hazards.has(Hazard::ABitCorruption)
                && let Some(frame) = walked.sets_accessed
            {
                self.lives[frame as usize].hit = true;
            }
        }
        self.look(number, after);
    }

    /// Which CPUs are in danger after a step, and of what.
    fn look(&mut self, number: u32, state: &State) {
        for cpu in 0..state.cpus.len() as u8 {
            let strays: Vec<_> = reference::of_cpu(self.names.machine, state, cpu)
                .into_iter()
                .filter(|reference| reference.walkable())
                .collect();
            for stray in strays.iter().filter(|stray| stray.stale()) {
                if let Backing::Frame(frame) = self.names.machine.map().backing(stray.pfn) {
                    self.lives[frame as usize].exposed = true;
                }
            }
            let open = &mut self.open[cpu as usize];
            if strays.is_empty() {
                if let Some(window) = open.take() {
                    self.bands.push(close(self.names, cpu, window, number));
                }
                continue;
            }
            let window = open.get_or_insert(Window { from_step: number, targets: Vec::new() });
            for stray in strays {
                let target = (stray.provenance, self.names.pfn(stray.pfn));
                name::put(&mut window.targets, target);
            }
        }
    }

    /// All of them, after the last step.
    pub(super) fn end(mut self, steps: u32) -> Vec<BandView> {
        for (cpu, window) in (0..).zip(self.open) {
            self.bands.extend(window.map(|window| close(self.names, cpu, window, steps)));
        }
        // Frames that were or became page tables, and had more than one owner.
        let mut frames = Vec::new();
        self.ended.iter().for_each(|ended| name::put(&mut frames, ended.0.frame));
        self.ended.extend(self.lives.into_iter().map(|life| (life, steps)));
        let mut track = 0;
        for frame in frames {
            let lives = self.ended.iter().filter(|ended| ended.0.frame == frame);
            if !lives.clone().any(|ended| matches!(ended.0.owner, Owner::Table { .. })) {
                continue;
            }
            for (life, to_step) in lives {
                let tone = match life {
                    Life { hit: true, .. } => Tone::Corrupt,
                    Life { owner: Owner::Table { .. }, .. } => Tone::Plain,
                    Life { exposed: true, .. } => Tone::Stale,
                    Life { owner: Owner::Free, .. } => Tone::Muted,
                    _ => Tone::Plain,
                };
                self.bands.push(BandView {
                    from_step: life.from_step,
                    to_step: *to_step,
                    lane: self.memory,
                    track,
                    label: format!("{}: {}", self.names.frame(frame), self.names.owner(life.owner)),
                    tone,
                });
            }
            track += 1;
        }
        self.bands
    }
}

fn close(names: Names<'_>, cpu: u8, window: Window, to_step: u32) -> BandView {
    // Garbage leads anywhere. It is named only where nothing that has been freed is.
    let freed = window.targets.iter().any(|target| target.0 == Provenance::Dangling);
    let mut shown: Vec<String> = Vec::new();
    for (_, target) in window.targets.into_iter().filter(|target| !freed || target.0 == Provenance::Dangling)
    {
        if !shown.contains(&target) {
            shown.push(target);
        }
    }
    let more = shown.len().saturating_sub(2);
    if more > 0 {
        shown.truncate(2);
        shown.push(format!("{more} more"));
    }
    BandView {
        from_step: window.from_step,
        to_step,
        lane: cpu,
        track: 0,
        label: format!(
            "{} may {}walk {}",
            name::unit(names.machine, cpu),
            if freed { "still " } else { "" },
            name::list(&shown)
        ),
        tone: if freed { Tone::Stale } else { Tone::Corrupt },
    }
}
