//! Where two kernels cost the same.
//!
//! One parameter changes: a figure of the costs, or how often a block runs, or how long a CPU sleeps, or how many CPUs
//! there are. What is compared is the time that the scheme costs all CPUs in a second
//! ([`Counters::load`](crate::Counters::load)). The difference has noise, since each run depends on its seed: so it is
//! summed over some seeds, which are the same for both kernels.

use crate::{NoTimedSubject, Settings, TimedRun, TimedSubject};
use experiment::Experiment;
use lang::costs::{Costs, Figure, LEAST_PERIOD, MAX_TIME, Sure, Unit, written};
use lang::workload::{MAX_TIMED_CPUS, Workload};
use std::cmp::Ordering;

/// The value that a sweep varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// A figure of the costs.
    Figure(Figure),
    /// The time from one round of a CPU's block to the next.
    Every(u8),
    /// The time that a CPU sleeps.
    Sleep(u8),
    /// The number of CPUs.
    Cpus,
}

impl Over {
    /// As a text writes it: `c6_exit`, `every 0`, `sleep 1`, `cpus`.
    ///
    /// # Errors
    /// With the names that it accepts.
    pub fn named(text: &str) -> Result<Over, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["cpus"] => return Ok(Over::Cpus),
            [what @ ("every" | "sleep"), cpu] => {
                if let Ok(cpu) = cpu.parse() {
                    return Ok(if what == "every" { Over::Every(cpu) } else { Over::Sleep(cpu) });
                }
            }
            _ => {}
        }
        let figure = Figure::ALL.iter().find(|figure| figure.name() == text);
        figure.map(|&figure| Over::Figure(figure)).ok_or_else(|| {
            let names = Figure::ALL.iter().map(|figure| figure.name());
            let near = lang::nearest(text, names.chain(["every", "sleep", "cpus"]));
            let near = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
            format!("there is no value {text:?}; {near}the values are the figures of the costs (docs/cost.md), `every CPU`, `sleep CPU` and `cpus`")
        })
    }

    /// As a text writes it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Over::Figure(figure) => figure.name().to_owned(),
            Over::Every(cpu) => format!("every {cpu}"),
            Over::Sleep(cpu) => format!("sleep {cpu}"),
            Over::Cpus => "cpus".to_owned(),
        }
    }

    /// What a value of it is a number of, for a workload: "unmaps", if the workload has a word for the rounds of that CPU.
    #[must_use]
    pub fn noun(self, workload: &Workload) -> String {
        match self {
            Over::Figure(figure) => figure.name().to_owned(),
            Over::Every(cpu) => {
                let load = workload.loads.iter().find(|load| load.cpu == cpu);
                load.and_then(|load| load.does.clone()).unwrap_or_else(|| format!("rounds of CPU {cpu}"))
            }
            Over::Sleep(cpu) => format!("sleeps of CPU {cpu}"),
            Over::Cpus => "CPUs".to_owned(),
        }
    }

    /// A value of it in words, as what a reader would change; `noun` is [`Over::noun`].
    #[must_use]
    pub fn value(self, value: u64, noun: &str) -> String {
        match self {
            Over::Figure(figure) => format!("{noun} {}", short(value, figure.unit())),
            Over::Every(_) => {
                let rate = 1_000_000_000_000_u64.checked_div(value).unwrap_or(0);
                format!("{rate} {} a second", if rate == 1 { one(noun) } else { noun.to_owned() })
            }
            Over::Sleep(_) => format!("{noun} of {}", short(value, Unit::Time)),
            Over::Cpus => format!("{value} {}", if value == 1 { one(noun) } else { noun.to_owned() }),
        }
    }
}

/// One of many: the first word of a noun without its `s`.
fn one(noun: &str) -> String {
    let (first, rest) = noun.split_at(noun.find(' ').unwrap_or(noun.len()));
    let hisses = |stem: &&str| ["ss", "sh", "ch", "x"].iter().any(|end| stem.ends_with(end));
    let stem = first.strip_suffix("es").filter(hisses).or_else(|| first.strip_suffix('s'));
    format!("{}{rest}", stem.unwrap_or(first))
}

/// A value with three digits.
fn short(value: u64, unit: Unit) -> String {
    let mut scale = 1;
    while value / scale >= 1000 {
        scale *= 10;
    }
    written(value / scale * scale, unit)
}

/// Two kernels on one workload.
pub struct Sweep<'a> {
    /// The experiments, with the kernels' names.
    pub contestants: [(&'a Experiment, &'a str); 2],
    /// What everything costs.
    pub costs: &'a Costs,
    /// How many CPUs, if not as many as the workload says.
    pub cpus: Option<u8>,
    /// Steps of each run.
    pub steps: u64,
    /// How many seeds, from 1.
    pub seeds: u64,
}

/// What two kernels cost at one value: millionths of a CPU's time, summed over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The value.
    pub value: u64,
    /// What each kernel costs there.
    pub loads: [u64; 2],
}

/// Two loads that differ by less than one part in this many do not say which kernel costs less: chance may decide that. This is a
/// choice of ours (docs/cost.md), which the answers name.
const NOISE: u64 = 20;

impl Point {
    fn order(&self) -> Ordering {
        self.loads[0].cmp(&self.loads[1])
    }

    /// Whether the loads say which kernel costs less.
    fn tells(&self) -> bool {
        let [one, other] = self.loads;
        one.abs_diff(other) > one.max(other) / NOISE
    }

    /// Whether the answer is another one than `now`: there one kernel costs less, by more than chance explains, and here it is
    /// not so that it does too.
    #[must_use]
    pub fn turns(&self, now: &Point) -> bool {
        self.tells() && (!now.tells() || self.order() != now.order())
    }
}

/// The result of a search for the break-even point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakEven {
    /// Where they cost the same: between these two values, if they do so once.
    pub between: Option<(u64, u64)>,
    /// How often the cheaper kernel changes, as far as the points of the first look show.
    pub crossings: usize,
    /// All points that were looked at, ascending.
    pub points: Vec<Point>,
}

/// How many points are looked at first, in equal ratios.
const FIRST: u32 = 7;

/// The precision of the answer: one part in so many.
const EXACT: u64 = 50;

/// The value of a parameter that a workload or costs have now; nothing if they do not have it.
#[must_use]
pub fn now(experiment: &Experiment, costs: &Costs, cpus: Option<u8>, over: Over) -> Option<u64> {
    let said = lang::workload::workload(&experiment.scenario).ok().flatten()?;
    let of = |cpu: u8| said.loads.iter().find(move |load| load.cpu == cpu);
    match over {
        Over::Figure(figure) => Some(costs.amount(figure)),
        Over::Every(cpu) => of(cpu)?.every,
        Over::Sleep(cpu) => of(cpu)?.sleep,
        Over::Cpus => said.cpus.map(|said| cpus.unwrap_or(said.0).into()),
    }
}

/// The points of the first look, ascending.
fn first((from, to): (u64, u64)) -> Vec<u64> {
    let (from, to) = (from.min(to).max(1), to.max(from).max(1));
    let mut values: Vec<u64> = (0..FIRST).map(|n| between(from, to, n, FIRST - 1)).collect();
    values.dedup();
    values
}

/// How often the cheaper kernel changes among the points of the first look; and, if once, the two points between which it does,
/// as near as all points tell, and the value to look at next, if they are not near enough.
fn narrowed(range: (u64, u64), points: &[Point]) -> (usize, Option<(Point, Point)>, Option<u64>) {
    let at = |value: u64| points.iter().find(|point| point.value == value).copied();
    let known: Vec<Point> = first(range).into_iter().filter_map(at).filter(Point::tells).collect();
    let changes: Vec<usize> =
        (1..known.len()).filter(|&n| known[n - 1].order() != known[n].order()).collect();
    let &[place] = &changes[..] else { return (changes.len(), None, None) };
    let (mut low, mut high) = (known[place - 1], known[place]);
    while high.value - low.value > (low.value / EXACT).max(1) {
        let middle = between(low.value, high.value, 1, 2);
        if middle == low.value || middle == high.value {
            break;
        }
        let Some(point) = at(middle) else { return (1, Some((low, high)), Some(middle)) };
        *if point.order() == low.order() { &mut low } else { &mut high } = point;
    }
    (1, Some((low, high)), None)
}

/// The values that are to be looked at next to find where two kernels cost the same, in a range, when some points are known;
/// none if that is all.
#[must_use]
pub fn wanted(range: (u64, u64), points: &[Point]) -> Vec<u64> {
    let missing = |value: &u64| points.iter().all(|point| point.value != *value);
    let first: Vec<u64> = first(range).into_iter().filter(missing).collect();
    if !first.is_empty() { first } else { narrowed(range, points).2.into_iter().collect() }
}

/// Points in the order of their values, put in one by one: the library's sort is as much code as a panel of the page.
#[must_use]
pub fn ascending(points: Vec<Point>) -> Vec<Point> {
    let mut sorted: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        let place = sorted.iter().position(|other| other.value > point.value).unwrap_or(sorted.len());
        sorted.insert(place, point);
    }
    sorted
}

/// What points tell.
#[must_use]
pub fn answer(range: (u64, u64), points: Vec<Point>) -> BreakEven {
    let points = ascending(points);
    let (crossings, bracket, _) = narrowed(range, &points);
    BreakEven { between: bracket.map(|(low, high)| (low.value, high.value)), crossings, points }
}

/// The answer in a sentence, of two kernels by name; `noun` is [`Over::noun`].
#[must_use]
pub fn sentence([one, other]: [&str; 2], (over, noun): (Over, &str), answer: &BreakEven) -> String {
    let (Some(first), Some(last)) = (answer.points.first(), answer.points.last()) else {
        return "Nothing was measured.".to_owned();
    };
    let ends = match over {
        // Rounds a second, which grow as the time between them shrinks.
        Over::Every(_) => [last, first],
        Over::Figure(_) | Over::Sleep(_) | Over::Cpus => [first, last],
    };
    let range = format!("from {} to {}", over.value(ends[0].value, noun), over.value(ends[1].value, noun));
    let cheaper = |point: &Point| if point.order().is_le() { (one, other) } else { (other, one) };
    let Some((low, high)) = answer.between else {
        let Some(telling) = answer.points.iter().find(|point| point.tells()) else {
            return format!(
                "{one} and {other} cost about the same {range}: they are at most {} % apart.",
                100 / NOISE
            );
        };
        let (less, more) = cheaper(telling);
        return match answer.crossings {
            0 if answer.points.iter().all(Point::tells) => format!("{less} costs less than {more} {range}."),
            0 => format!(
                "{less} costs less than {more} {range}, or about as much: they are at most {} % apart.",
                100 / NOISE
            ),
            n => format!(
                "Neither kernel costs less throughout {range}: the cheaper one changes {n} times, or chance decides."
            ),
        };
    };
    let grows = ends[1].value > ends[0].value;
    let telling = |point: &&Point| point.tells();
    let beyond = if grows { answer.points.iter().rfind(telling) } else { answer.points.iter().find(telling) };
    let (less, more) = cheaper(beyond.unwrap_or(ends[1]));
    let at = over.value(if grows { high } else { low }, noun);
    format!("{less} costs less than {more} from {at} on, and more below that (tried {range}).")
}

impl Sweep<'_> {
    /// What both cost at a value.
    ///
    /// # Errors
    /// If one of the kernels does not compile on the workload.
    pub fn point(&self, over: Over, value: u64) -> Result<Point, NoTimedSubject> {
        self.point_with(&[(over, value)], value)
    }

    fn point_with(&self, changes: &[(Over, u64)], value: u64) -> Result<Point, NoTimedSubject> {
        let mut loads = [0; 2];
        for (load, (experiment, _)) in loads.iter_mut().zip(self.contestants) {
            let (subject, costs) = changed(experiment, self.costs, self.cpus, changes)?;
            for seed in 1..=self.seeds {
                let settings = Settings { seed, repeat: subject.repeats, ..Settings::default() };
                let run = TimedRun::new(subject.machine.clone(), &costs, &subject.workload, settings);
                *load += run.to_end(self.steps).0.load();
            }
        }
        Ok(Point { value, loads })
    }

    /// Looks for the value at which the two cost the same.
    ///
    /// # Errors
    /// If one of the kernels does not compile on the workload.
    pub fn break_even(&self, over: Over, range: (u64, u64)) -> Result<BreakEven, NoTimedSubject> {
        let mut points = Vec::new();
        loop {
            let wanted = wanted(range, &points);
            if wanted.is_empty() {
                return Ok(answer(range, points));
            }
            for value in wanted {
                points.push(self.point(over, value)?);
            }
        }
    }

    /// The guessed figures that decide which kernel is the cheaper one at a value: with half of one or twice of it another one is,
    /// by more than chance explains.
    ///
    /// # Errors
    /// If one of the kernels does not compile on the workload.
    pub fn decided_by_guesses(&self, over: Over, value: u64) -> Result<Vec<Figure>, NoTimedSubject> {
        let now = self.point(over, value)?;
        let mut deciding = Vec::new();
        for (figure, others) in guesses(self.costs).filter(|guess| over != Over::Figure(guess.0)) {
            for other in others {
                let point = self.point_with(&[(over, value), (Over::Figure(figure), other)], value)?;
                if point.turns(&now) {
                    deciding.push(figure);
                    break;
                }
            }
        }
        Ok(deciding)
    }
}

/// The figures that nobody says, each with half and twice its value, as far as it may have them.
pub fn guesses(costs: &Costs) -> impl Iterator<Item = (Figure, Vec<u64>)> {
    Figure::ALL.iter().filter_map(|&figure| {
        let given = costs.value(figure);
        let guessed = given.sure == Sure::Guessed && given.amount > 0;
        let twice = given.amount.saturating_mul(2).min(MAX_TIME);
        let values = [given.amount / 2, twice].into_iter().filter(|&value| figure.may_be(value).is_ok());
        guessed.then(|| (figure, values.collect()))
    })
}

/// What runs when some parameters have other values, and the costs that it has then.
///
/// # Errors
/// If the kernel does not compile on the workload, or nothing has such a value: what is said of a run is true of it.
pub fn changed(
    experiment: &Experiment,
    costs: &Costs,
    cpus: Option<u8>,
    changes: &[(Over, u64)],
) -> Result<(TimedSubject, Costs), NoTimedSubject> {
    let (mut costs, mut cpus) = (costs.clone(), cpus);
    for &(over, value) in changes {
        match over {
            Over::Figure(figure) => {
                figure.may_be(value).map_err(NoTimedSubject::Refused)?;
                costs = costs.having(figure, value);
            }
            Over::Cpus => cpus = Some(u8::try_from(value).unwrap_or(u8::MAX)),
            Over::Every(_) | Over::Sleep(_) if value > MAX_TIME => {
                let (name, most) = (over.name(), written(MAX_TIME, Unit::Time));
                return Err(NoTimedSubject::Refused(format!("`{name}` is at most {most}")));
            }
            Over::Every(_) | Over::Sleep(_) => {}
        }
    }
    let mut subject = TimedSubject::new(experiment, &costs, cpus)?;
    for &(over, value) in changes {
        let (Over::Every(cpu) | Over::Sleep(cpu)) = over else { continue };
        let Some(load) = subject.workload.loads.iter_mut().find(|load| load.cpu == cpu) else {
            let why = format!("`{}` changes nothing: the workload has no item `cpu {cpu}`", over.name());
            return Err(NoTimedSubject::Refused(why));
        };
        *(if matches!(over, Over::Every(_)) { &mut load.every } else { &mut load.sleep }) = Some(value);
    }
    Ok((subject, costs))
}

/// From and to which value two kernels are compared if nobody says it: around the value that workload and costs have, where
/// something can run. A scenario has `there` CPUs of its own.
#[must_use]
pub fn around(over: Over, now: u64, there: u8) -> (u64, u64) {
    let least = match over {
        Over::Cpus => return (there.max(2).into(), MAX_TIMED_CPUS.into()),
        Over::Figure(Figure::Speculation | Figure::VcpuRuns) => LEAST_PERIOD,
        _ => 1,
    };
    ((now / 100).max(least), now.saturating_mul(100).clamp(least, MAX_TIME))
}

/// The value at a part of the way from one to another, in equal ratios: `from * (to / from) ^ (n / of)`, rounded.
fn between(from: u64, to: u64, n: u32, of: u32) -> u64 {
    if n == 0 || of == 0 {
        return from;
    }
    if n >= of {
        return to;
    }
    // The largest x with (x / from)^of <= (to / from)^n, found by halving; in floating point it would depend on the machine.
    let reaches = |x: u64| compare_powers((x, from), of, (to, from), n).is_le();
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if reaches(middle) { low = middle } else { high = middle - 1 }
    }
    low
}

/// Whether `(a / b)^m` is less than `(c / d)^n`, by logarithms to the base of two in whole numbers.
fn compare_powers((a, b): (u64, u64), m: u32, (c, d): (u64, u64), n: u32) -> Ordering {
    let left = i128::from(m) * (logarithm(a) - logarithm(b));
    let right = i128::from(n) * (logarithm(c) - logarithm(d));
    left.cmp(&right)
}

/// The logarithm to the base of two, in parts of 2^32, rounded down.
#[must_use]
pub fn logarithm(value: u64) -> i128 {
    let whole = value.max(1).ilog2();
    // The value as 1.something, with 63 bits after the point.
    let mut rest = u128::from(value.max(1)) << (63 - whole);
    let mut log = i128::from(whole);
    for _ in 0..32 {
        rest = (rest * rest) >> 63;
        log <<= 1;
        if rest >> 64 != 0 {
            rest >>= 1;
            log |= 1;
        }
    }
    log
}

#[cfg(test)]
mod tests {
    use super::{Over, Point, answer, between, logarithm, sentence};

    /// What is said of "a" and "b" when they cost that much with 1 CPU, 2 CPUs and so on.
    fn said(loads: &[[u64; 2]]) -> String {
        let points = (1..).zip(loads).map(|(value, &loads)| Point { value, loads }).collect();
        sentence(["a", "b"], (Over::Cpus, "CPUs"), &answer((1, loads.len() as u64), points))
    }

    #[test]
    fn a_difference_that_chance_may_make_is_named() {
        assert_eq!(said(&[[100, 106], [100, 200]]), "a costs less than b from 1 CPU to 2 CPUs.");
        let close = "a costs less than b from 1 CPU to 2 CPUs, or about as much: they are at most 5 % apart.";
        assert_eq!(said(&[[105, 100], [100, 200]]), close, "5 % and less");
        let same = "a and b cost about the same from 1 CPU to 2 CPUs: they are at most 5 % apart.";
        assert_eq!(said(&[[105, 100], [100, 105]]), same);
        assert!(said(&[[106, 100], [100, 106]]).starts_with("a costs less than b from 2 CPUs on"));
    }

    #[test]
    fn a_guess_decides_only_what_chance_can_not() {
        let point = |loads| Point { value: 1, loads };
        assert!(point([100, 200]).turns(&point([200, 100])));
        assert!(!point([100, 104]).turns(&point([104, 100])), "neither difference says anything");
        assert!(
            !point([100, 104]).turns(&point([200, 100])),
            "the other one is not cheaper, but about the same"
        );
        assert!(point([100, 200]).turns(&point([104, 100])), "what was about the same no longer is");
        assert!(!point([100, 200]).turns(&point([100, 150])));
    }

    #[test]
    fn one_round_is_no_rounds() {
        let of = |value, noun| Over::Every(3).value(value, noun);
        assert_eq!(of(1_000_000_000_000, "rounds of CPU 3"), "1 round of CPU 3 a second");
        assert_eq!(of(1_000_000_000, "rounds of CPU 3"), "1000 rounds of CPU 3 a second");
        assert_eq!(of(1_000_000_000, "unmaps"), "1000 unmaps a second");
    }

    #[test]
    fn logarithms_and_ratios_are_whole_numbers() {
        assert_eq!(logarithm(8), 3 << 32);
        assert_eq!(logarithm(3) >> 22, 1623, "1.58496 in parts of 1024");
        let steps: Vec<u64> = (0..=4).map(|n| between(10, 160_000, n, 4)).collect();
        assert_eq!(steps, [10, 112, 1264, 14_226, 160_000]);
        assert_eq!((between(5, 5, 1, 2), between(5, 6, 1, 2)), (5, 5));
    }
}
