//! The kernels that are compared: what the CPUs of two of them do, what each kernel costs over a range of values, and the answers.

use super::found::Found;
use super::{MOST_COMPARED, Timed};
use cost::{BreakEven, Over, Point};
use lang::costs::Figure;
use protocol::{WireRun, WireTimed};

/// Changes of what a CPU is at that are recorded.
const STRIPS: u32 = 4_000;

impl Timed {
    /// Puts a kernel in a place among those that are compared, or clears the place. At least two kernels remain.
    pub(super) fn compare(&mut self, place: usize, kernel: &str) {
        let places = self.contest.len();
        if kernel.is_empty() {
            if (2..places).contains(&place) {
                self.contest.remove(place);
            }
        } else if let Some(there) = self.contest.get_mut(place) {
            kernel.clone_into(there);
        } else if places < MOST_COMPARED {
            self.contest.push(kernel.to_owned());
        }
    }

    /// Other kernels take the places of those that do not run on the workload, once that is known: the first ones of the table.
    pub(super) fn replace_idle(&mut self) {
        for place in 0..self.contest.len() {
            if self.runs(place) != Some(false) {
                continue;
            }
            let names = self.names().into_iter().filter(|name| !self.contest.contains(name));
            let found = |name: &String| self.found.get(&self.row(name)).map(|found| found.is_ok());
            // One that is not known yet may be the next.
            let next = names.map(|name| (found(&name), name)).find(|(runs, _)| *runs != Some(false));
            if let Some((Some(true), name)) = next {
                self.contest[place] = name;
            }
        }
    }

    /// What the CPUs are at on a kernel that is compared.
    #[must_use]
    pub fn lanes(&self, place: usize) -> Option<&Found> {
        self.found.get(&self.lanes_run(place))
    }

    pub(super) fn lanes_run(&self, place: usize) -> WireRun {
        WireRun { strips: STRIPS, seeds: 1, ..self.row(&self.contest[place]) }
    }

    /// A run of the picture: on one of the kernels, with a further change if there is one.
    pub(super) fn point_run(&self, place: usize, change: Option<(Over, u64)>) -> WireRun {
        let mut run = self.row(&self.contest[place]);
        if let Some((over, value)) = change {
            let name = over.name();
            // What is as the reader has it is a row of the table.
            if self.offered().contains(&(over, value)) {
                return run;
            }
            run.changes.retain(|change| change.0 != name);
            run.changes.push((name, value));
        }
        run
    }

    /// What one of the kernels costs with a further change, as far as that is known: billionths of all CPUs' time, as in
    /// the table.
    #[must_use]
    pub fn load(&self, place: usize, change: Option<(Over, u64)>) -> Option<u64> {
        let found = self.found.get(&self.point_run(place, change))?;
        let WireTimed { load, rounds, .. } = (**found).as_ref().ok()?;
        Some(load.saturating_mul(1_000) / (rounds.len() as u64).max(1))
    }

    /// What the first kernel and another one cost with a further change, as far as that is known.
    fn point(&self, other: usize, value: u64, change: Option<(Over, u64)>) -> Option<Point> {
        Some(Point { value, loads: [self.load(0, change)?, self.load(other, change)?] })
    }

    /// The points of the picture that are known for both the first kernel and another one, in ascending order.
    #[must_use]
    pub fn points(&self, other: usize) -> Vec<Point> {
        let Some((over, _, range)) = self.range() else { return Vec::new() };
        let mut points: Vec<Point> = Vec::new();
        loop {
            let wanted = cost::wanted(range, &points);
            let known: Vec<Point> =
                wanted.iter().filter_map(|&value| self.point(other, value, Some((over, value)))).collect();
            let whole = !known.is_empty() && known.len() == wanted.len();
            points.extend(known);
            if !whole {
                return cost::ascending(points);
            }
        }
    }

    /// The answer about the first kernel and another one, once the picture is complete.
    #[must_use]
    pub fn answer(&self, other: usize) -> Option<BreakEven> {
        let (.., range) = self.range()?;
        let points = self.points(other);
        (!points.is_empty() && cost::wanted(range, &points).is_empty()).then(|| cost::answer(range, points))
    }

    /// The guesses that decide whether the first kernel or another one is the cheaper one: with half or twice the value the answer
    /// is another one. Nothing until all guesses have been tried.
    #[must_use]
    pub fn deciding(&self, other: usize) -> Option<Vec<Figure>> {
        let (over, now, _) = self.range()?;
        let here = self.point(other, now, None)?;
        let mut deciding = Vec::new();
        for (figure, others) in cost::guesses(&self.costs()?).filter(|guess| Over::Figure(guess.0) != over) {
            for value in others {
                let point = self.point(other, value, Some((Over::Figure(figure), value)))?;
                if point.turns(&here) && !deciding.contains(&figure) {
                    deciding.push(figure);
                }
            }
        }
        Some(deciding)
    }

    /// Whether one of the compared kernels runs on the workload; nothing while that is not known.
    #[must_use]
    pub fn runs(&self, place: usize) -> Option<bool> {
        Some(self.found.get(&self.row(&self.contest[place]))?.is_ok())
    }

    /// What is still to be run for the picture: what the CPUs are at; the points; what half and twice of each guess leads to.
    pub(super) fn curve_wanted(&self) -> Vec<WireRun> {
        let Some((over, _, range)) = self.range() else { return Vec::new() };
        let mut runs: Vec<WireRun> = Vec::new();
        let run = |place| self.runs(place) == Some(true);
        let others = (1..self.contest.len()).filter(|&other| run(0) && run(other));
        let others: Vec<usize> = others.filter(|&other| self.contest[other] != self.contest[0]).collect();
        for place in [0, 1] {
            runs.extend(run(place).then(|| self.lanes_run(place)));
        }
        let mut ask = |run: WireRun| {
            if !runs.contains(&run) {
                runs.push(run);
            }
        };
        let mut settled = true;
        for &other in &others {
            for value in cost::wanted(range, &self.points(other)) {
                settled = false;
                for place in [0, other] {
                    ask(self.point_run(place, Some((over, value))));
                }
            }
        }
        if settled && let (false, Some(costs)) = (others.is_empty(), self.costs()) {
            for (figure, values) in cost::guesses(&costs).filter(|guess| Over::Figure(guess.0) != over) {
                for value in values {
                    for place in [0].into_iter().chain(others.iter().copied()) {
                        ask(self.point_run(place, Some((Over::Figure(figure), value))));
                    }
                }
            }
        }
        runs.retain(|run| !self.found.contains_key(run));
        runs
    }
}
