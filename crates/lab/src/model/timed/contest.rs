//! The two kernels that are compared: what their CPUs are at, what both cost over a range of values, and the answer.

use super::{Found, Timed};
use cost::{Over, Point};
use lang::costs::Figure;
use protocol::WireRun;

/// Each point of the picture is a sum over as many seeds.
const SEEDS: u8 = 2;

/// Changes of what a CPU is at that are recorded.
const STRIPS: u32 = 4_000;

impl Timed {
    /// What the CPUs are at on a kernel that is compared.
    #[must_use]
    pub fn lanes(&self, place: usize) -> Option<&Found> {
        self.found.get(&self.lanes_run(place))
    }

    pub(super) fn lanes_run(&self, place: usize) -> WireRun {
        WireRun { strips: STRIPS, ..self.row(&self.contest[place]) }
    }

    /// A run of the picture: on one of the two kernels, with something changed besides.
    pub(super) fn point_run(&self, place: usize, change: Option<(Over, u64)>) -> WireRun {
        let mut changes = self.changes.clone();
        if let Some((over, value)) = change {
            let name = over.name();
            changes.retain(|change| change.0 != name);
            changes.push((name, value));
        }
        WireRun { kernel: self.contest[place].clone(), changes, seeds: SEEDS, strips: 0 }
    }

    /// What both cost with something changed, as far as it is known.
    pub(super) fn point(&self, value: u64, change: Option<(Over, u64)>) -> Option<Point> {
        let load = |place| {
            let found = self.found.get(&self.point_run(place, change))?;
            Some((**found).as_ref().ok()?.load)
        };
        Some(Point { value, loads: [load(0)?, load(1)?] })
    }

    /// The points of the picture that are known, ascending.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        let Some((over, _, range)) = self.range() else { return Vec::new() };
        let mut points: Vec<Point> = Vec::new();
        loop {
            let wanted = cost::wanted(range, &points);
            let known: Vec<Point> =
                wanted.iter().filter_map(|&value| self.point(value, Some((over, value)))).collect();
            if known.is_empty() || known.len() < wanted.len() {
                points.extend(known);
                break;
            }
            points.extend(known);
        }
        cost::ascending(points)
    }

    /// The answer that the picture gives, when it is whole.
    #[must_use]
    pub fn answer(&self) -> Option<cost::BreakEven> {
        let (.., range) = self.range()?;
        let points = self.points();
        (!points.is_empty() && cost::wanted(range, &points).is_empty()).then(|| cost::answer(range, points))
    }

    /// Guesses of which half or twice as much makes the other kernel the cheaper one; nothing until all have been tried.
    #[must_use]
    pub fn deciding(&self) -> Option<Vec<Figure>> {
        let (over, now, _) = self.range()?;
        let here = self.point(now, None)?;
        let order = |point: &Point| point.loads[0].cmp(&point.loads[1]);
        let mut deciding = Vec::new();
        for (figure, others) in cost::guesses(&self.costs()?).filter(|guess| Over::Figure(guess.0) != over) {
            for other in others {
                let point = self.point(other, Some((Over::Figure(figure), other)))?;
                if order(&point) != order(&here) && !deciding.contains(&figure) {
                    deciding.push(figure);
                }
            }
        }
        Some(deciding)
    }

    /// What is still to be run for the picture: what the CPUs are at; the points; what half and twice of each guess leads to.
    pub(super) fn curve_wanted(&self) -> Vec<WireRun> {
        let both = |change| [0, 1].map(|place| self.point_run(place, change));
        let known = |kernel: &String| self.found.get(&self.row(kernel)).is_some_and(|found| found.is_ok());
        if self.contest[0] == self.contest[1] || !self.contest.iter().all(known) {
            return Vec::new();
        }
        let Some((over, _, range)) = self.range() else { return Vec::new() };
        let missing = |run: &WireRun| !self.found.contains_key(run);
        let mut runs: Vec<WireRun> = [0, 1].map(|place| self.lanes_run(place)).into();
        let wanted = cost::wanted(range, &self.points());
        let settled = wanted.is_empty();
        for value in wanted {
            runs.extend(both(Some((over, value))));
        }
        if settled && let Some(costs) = self.costs() {
            runs.extend(both(None));
            for (figure, others) in cost::guesses(&costs).filter(|guess| Over::Figure(guess.0) != over) {
                for other in others {
                    runs.extend(both(Some((Over::Figure(figure), other))));
                }
            }
        }
        runs.retain(missing);
        runs
    }
}
