//! A stretch of a timed run to scale: for each CPU a lane, in it what the CPU is at.

use super::time;
use crate::model::timed::Timed;
use cost::Doing;
use protocol::WireTimed;

/// How wide the lanes are, in tenths of a unit of the picture, and how high one is, in units.
pub const WIDTH: u64 = 5_600;
/// See [`WIDTH`].
pub const LANE: usize = 18;
/// As many CPUs are drawn.
pub const MOST: usize = 12;

/// Stretches to choose from, in picoseconds.
pub const STRETCHES: [u64; 4] = [20_000_000, 100_000_000, 500_000_000, 3_000_000_000];

/// Bars narrower than this, in tenths of a unit, are not drawn.
const NARROW: u64 = 2;

/// What happens on a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lanes {
    /// The kernel.
    pub kernel: String,
    /// For each CPU its bars.
    pub lanes: Vec<Vec<Bar>>,
    /// CPUs that are not drawn.
    pub more: usize,
    /// From when to when.
    pub words: String,
    /// What all CPUs do in this stretch, in a sentence.
    pub sentence: String,
}

/// A CPU is at something for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Where it begins, in tenths of a unit.
    pub x: u64,
    /// How long it is, in tenths of a unit.
    pub width: u64,
    /// At what: the place in [`Doing::ALL`].
    pub doing: u8,
    /// What is said of it.
    pub title: String,
}

/// The lanes of both kernels that are compared, for a stretch: it begins shortly before somebody first waits for IPIs.
#[must_use]
pub fn lanes(timed: &Timed, stretch: usize) -> Vec<Lanes> {
    let found: Vec<(&str, &WireTimed)> = timed
        .contest()
        .iter()
        .take(2)
        .enumerate()
        .filter_map(|(place, kernel)| Some((kernel.as_str(), (**timed.lanes(place)?).as_ref().ok()?)))
        .collect();
    let length = STRETCHES[stretch.min(STRETCHES.len() - 1)];
    let waits = |found: &WireTimed| {
        let waits = found
            .strips
            .iter()
            .filter(|strip| strip.1 == Doing::WaitsForOthers as u8 && strip.2 > length / 4);
        waits.map(|strip| strip.2).min()
    };
    let from = found.iter().filter_map(|one| waits(one.1)).min().unwrap_or(0).saturating_sub(length / 4);
    let drawn = |(kernel, found): (&str, &WireTimed)| {
        drawn(kernel, found.rounds.len(), &found.strips, (from, from + length))
    };
    found.into_iter().map(drawn).collect()
}

/// What CPUs do on a kernel, from one time to another: strips of CPU, number of [`Doing`], and the time since when.
pub(super) fn drawn(kernel: &str, cpus: usize, strips: &[(u8, u8, u64)], (from, to): (u64, u64)) -> Lanes {
    let mut lanes = vec![Vec::new(); cpus.min(MOST)];
    let mut waited = [0_u64; Doing::ALL.len()];
    for (cpu, lane) in lanes.iter_mut().enumerate() {
        let of_cpu = || strips.iter().filter(|strip| usize::from(strip.0) == cpu);
        for (strip, next) in of_cpu().zip(of_cpu().skip(1).map(|strip| strip.2).chain([to])) {
            let (begin, end) = (strip.2.max(from), next.min(to));
            let Some(doing) = Doing::ALL.get(usize::from(strip.1)).filter(|_| begin < end) else { continue };
            waited[usize::from(strip.1)] += end - begin;
            let place = |time: u64| (time - from) * WIDTH / (to - from);
            let (x, width) = (place(begin), place(end) - place(begin));
            if width >= NARROW {
                let title = format!("CPU {cpu} {} for {}", doing.name(), time(next.saturating_sub(strip.2)));
                lane.push(Bar { x, width, doing: strip.1, title });
            }
        }
    }
    let told = [Doing::WaitsForOthers, Doing::Handles, Doing::Wakes, Doing::Preempted];
    let mut parts = Vec::new();
    for doing in told {
        let all = waited[doing as usize];
        if all > 0 {
            parts.push(format!("{} {}", doing.name(), time(all)));
        }
    }
    let sentence = match parts.is_empty() {
        true => {
            "No CPU waits for IPIs, handles one, wakes up or is preempted in this stretch of time.".to_owned()
        }
        false => format!("Sum over all CPUs: {}.", parts.join(", ")),
    };
    Lanes {
        kernel: kernel.to_owned(),
        lanes,
        more: cpus.saturating_sub(MOST),
        words: format!("from {} to {}", time(from), time(to)),
        sentence,
    }
}
