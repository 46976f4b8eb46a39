//! The picture: what kernels cost as one value grows, and where two cost the same. Both scales are logarithmic.

use super::time;
use crate::model::lab::Lab;
use crate::model::timed::Timed;
use cost::{BreakEven, Over};
use lang::costs::{Unit, written};
use scene::count;

/// How wide and high the picture is, and where its field lies in it.
pub const WIDTH: i32 = 460;
/// See [`WIDTH`].
pub const HEIGHT: i32 = 250;
/// Left, top, right and bottom of the field.
pub const FIELD: [i32; 4] = [66, 12, 430, 202];

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What can be chosen to be changed: what it is called, how it is shown, and whether it is chosen.
    pub offered: Vec<(String, String, bool)>,
    /// The kernels.
    pub kernels: Vec<String>,
    /// Places on the horizontal scale, with words.
    pub across: Vec<(i32, String)>,
    /// Places on the vertical scale, with words.
    pub up: Vec<(i32, String)>,
    /// What the horizontal scale is.
    pub scale: String,
    /// The points of each kernel, from the left.
    pub lines: Vec<Vec<Spot>>,
    /// Where the value is now, and what stands there: beyond the edge of the picture, an arrow and the value.
    pub now: (i32, String),
    /// Where the first costs the same as another one.
    pub same: Vec<i32>,
    /// The answer, for each kernel that the first is compared with; and which guesses decide it.
    pub sentences: Vec<(String, String)>,
}

/// A point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// Whether this is the reader's own point, which the table shows too.
    pub own: bool,
    /// What it says.
    pub sentence: String,
    /// What is changed there, and to which value.
    pub change: (String, u64),
    /// The link to the table with this value.
    pub link: String,
}

/// A logarithmic scale.
struct Scale {
    from: i128,
    to: i128,
    first: i32,
    last: i32,
}

impl Scale {
    fn new(from: u64, to: u64, first: i32, last: i32) -> Scale {
        Scale {
            from: cost::logarithm(from),
            to: cost::logarithm(to).max(cost::logarithm(from) + 1),
            first,
            last,
        }
    }

    fn at(&self, value: u64) -> i32 {
        let way = (cost::logarithm(value) - self.from).clamp(0, self.to - self.from);
        let length = i128::from(self.last - self.first);
        self.first + i32::try_from(way * length / (self.to - self.from)).unwrap_or(0)
    }
}

/// Powers of ten in a range; and twice and five times them, if there are less than two.
fn round(from: u64, to: u64) -> Vec<u64> {
    let tens = |times: u64| (0..20).map(move |power| times.saturating_mul(10_u64.saturating_pow(power)));
    let within = move |number: &u64| (from..=to).contains(number);
    let mut ticks: Vec<u64> = tens(1).filter(within).collect();
    if ticks.len() < 2 {
        ticks.extend(tens(2).chain(tens(5)).filter(within));
    }
    ticks
}

impl Chart {
    /// The picture for what is known of costs; nothing while there is no range of values to compare over.
    #[must_use]
    pub fn of(lab: &Lab) -> Option<Chart> {
        let timed = lab.timed();
        let (over, now, (from, to)) = timed.range()?;
        let names = timed.contest();
        let lines: Vec<Vec<(u64, u64)>> =
            (0..names.len()).map(|place| known(timed, place, over, now, (from, to))).collect();
        let rate = matches!(over, Over::Every(_));
        // A rate grows to the right as the time between two rounds shrinks.
        let [left, top, right, bottom] = FIELD;
        let (x, per) = match rate {
            true => (Scale::new(from, to, right, left), 1_000_000_000_000),
            false => (Scale::new(from, to, left, right), 0),
        };
        let loads = || lines.iter().flatten().map(|point| point.1).filter(|load| *load > 0);
        let known = loads().next().is_some();
        let low = loads().min().unwrap_or(1);
        let high = loads().max().unwrap_or(1).max(low * 2);
        let y = Scale::new(low, high, bottom, top);
        let spot = |place: usize, value: u64, load: u64| {
            let change = (over.name(), value);
            let changed = timed.linked().map(|mut linked| {
                linked.changes.retain(|there| there.0 != change.0);
                linked.changes.push(change.clone());
                linked
            });
            Spot {
                x: x.at(value),
                y: y.at(load.max(low)),
                own: value == now,
                sentence: format!("{}: {} costs {}", timed.told(over, value), names[place], percent(load)),
                link: lab.link_with(changed),
                change,
            }
        };
        let line = |(place, points): (usize, &Vec<(u64, u64)>)| {
            let mut spots: Vec<Spot> = Vec::new();
            for &(value, load) in points {
                let spot = spot(place, value, load);
                if rate { spots.insert(0, spot) } else { spots.push(spot) }
            }
            spots
        };
        let across: Vec<(i32, String)> = match rate {
            true => {
                let rates = round(per / to.max(1), per / from.max(1)).into_iter().filter(|rate| *rate > 0);
                rates.map(|rate| (x.at(per / rate), short(rate))).collect()
            }
            false => round(from, to).into_iter().map(|value| (x.at(value), told(over, value))).collect(),
        };
        let answers: Vec<Option<BreakEven>> = (1..names.len()).map(|other| timed.answer(other)).collect();
        let same = answers.iter().flatten().filter_map(|answer| answer.between);
        Some(Chart {
            offered: offered(timed, over),
            kernels: names.to_vec(),
            across,
            // Without points there is no scale yet.
            up: round(low, high)
                .into_iter()
                .filter_map(|load| Some((y.at(load), exact(load)?)))
                .filter(|_| known)
                .collect(),
            scale: title(timed, over),
            lines: lines.iter().enumerate().map(line).collect(),
            now: (x.at(now), here(timed, over, now, (from, to))),
            same: same.map(|(low, high)| x.at(low.midpoint(high))).collect(),
            sentences: answers
                .iter()
                .enumerate()
                .map(|(n, answer)| (told_of(timed, over, n + 1, answer), guesses(timed, now, over, n + 1)))
                .collect(),
        })
    }
}

/// What stands at the present value.
fn here(timed: &Timed, over: Over, now: u64, (from, to): (u64, u64)) -> String {
    let rightwards = (now > to) != matches!(over, Over::Every(_));
    match (from..=to).contains(&now) {
        true => "now".to_owned(),
        false if rightwards => format!("now: {} \u{2192}", timed.told(over, now)),
        false => format!("\u{2190} now: {}", timed.told(over, now)),
    }
}

/// The known points of a kernel in ascending order: value and load. The reader's own point is among them, if it is in the range.
fn known(timed: &Timed, place: usize, over: Over, now: u64, (from, to): (u64, u64)) -> Vec<(u64, u64)> {
    let others = if place == 0 { 1..timed.contest().len() } else { place..place + 1 };
    let mut points: Vec<(u64, u64)> = Vec::new();
    let mut put = |value: u64, load: u64| {
        let at = points.iter().position(|point| point.0 >= value).unwrap_or(points.len());
        if points.get(at).is_none_or(|point| point.0 != value) {
            points.insert(at, (value, load));
        }
    };
    for other in others {
        for point in timed.points(other) {
            put(point.value, point.loads[usize::from(place > 0)]);
        }
    }
    if let Some(load) = timed.load(place, Some((over, now))).filter(|_| (from..=to).contains(&now)) {
        put(now, load);
    }
    points
}

/// The answer about the first kernel and another one, or why there is no answer yet.
fn told_of(timed: &Timed, over: Over, other: usize, answer: &Option<BreakEven>) -> String {
    let names = timed.contest();
    let lacks = |place: usize| timed.runs(place) == Some(false);
    match answer {
        _ if names[0] == names[other] => format!("{} is compared with itself.", names[0]),
        Some(answer) => cost::sentence([&names[0], &names[other]], (over, &timed.noun(over)), answer),
        None if lacks(0) => format!("{} does not run this workload.", names[0]),
        None if lacks(other) => format!("{} does not run this workload.", names[other]),
        None => {
            let points = timed.points(other).len();
            let points = count(points, "point has been computed", "points have been computed");
            format!("{} and {}: {points} so far.", names[0], names[other])
        }
    }
}

/// What can be chosen to be changed.
fn offered(timed: &Timed, chosen: Over) -> Vec<(String, String, bool)> {
    timed.offered().into_iter().map(|(over, _)| (over.name(), title(timed, over), over == chosen)).collect()
}

/// Which guesses decide the answer about another kernel at the value that it has now.
fn guesses(timed: &Timed, now: u64, over: Over, other: usize) -> String {
    let names = timed.contest();
    if names[0] == names[other] || timed.runs(0) == Some(false) || timed.runs(other) == Some(false) {
        return String::new();
    }
    let Some(deciding) = timed.deciding(other) else {
        return "Each guess among the costs is being tried with half and with twice its value.".to_owned();
    };
    let at = timed.told(over, now);
    let names: Vec<&str> = deciding.iter().map(|figure| figure.name()).collect();
    match names.is_empty() {
        true => format!(
            "At {at} no guess decides which kernel is cheaper: with half and with twice the value of each, the answer stays the same."
        ),
        false => format!("At {at} these guesses decide which kernel is cheaper: {}.", names.join(", ")),
    }
}

/// Billionths of all CPUs' time, as percent with the two digits that the table has.
fn percent(load: u64) -> String {
    let hundredths = load / 100_000;
    match (hundredths / 100, hundredths % 100) {
        (0, 0) => "under 0.01 %".to_owned(),
        (whole, 0) => format!("{whole} %"),
        (whole, part) => format!("{whole}.{part:02} %"),
    }
}

/// The same as a place of the scale, which is a power of ten, twice or five times one; nothing where it would be too long for the
/// room beside the field.
fn exact(load: u64) -> Option<String> {
    const PERCENT: u64 = 10_000_000;
    let part = format!("{:07}", load % PERCENT);
    let part = part.trim_end_matches('0');
    match part.len() {
        0 => Some(format!("{} %", load / PERCENT)),
        1..=5 => Some(format!("{}.{part} %", load / PERCENT)),
        _ => None,
    }
}

/// A rate, shortened by thousands.
fn short(rate: u64) -> String {
    match rate {
        0..1_000 => rate.to_string(),
        1_000..1_000_000 => format!("{} k", rate / 1_000),
        _ => format!("{} M", rate / 1_000_000),
    }
}

fn told(over: Over, value: u64) -> String {
    match over {
        Over::Figure(figure) if figure.unit() == Unit::Entries => written(value, Unit::Entries),
        Over::Cpus => value.to_string(),
        _ => time(value),
    }
}

/// What is changed, in words.
fn title(timed: &Timed, over: Over) -> String {
    match over {
        Over::Every(_) => format!("{} a second", timed.noun(over)),
        Over::Sleep(cpu) => format!("how long CPU {cpu} sleeps"),
        Over::Cpus => "number of CPUs".to_owned(),
        Over::Figure(figure) => figure.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{exact, round};

    /// The room beside the field has ten letters of the smallest font.
    #[test]
    fn places_of_the_scale_are_different_and_have_room() {
        for power in 0..9 {
            let low = 10_u64.pow(power);
            let words: Vec<String> = round(low, low * 30).into_iter().filter_map(exact).collect();
            assert!(words.iter().all(|word| word.len() <= 10), "{words:?}");
            assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{words:?}");
            assert!(power < 2 || words.len() > 1, "{words:?}");
        }
        assert_eq!(exact(100_000).as_deref(), Some("0.01 %"));
        assert_eq!(exact(30_000_000).as_deref(), Some("3 %"));
    }
}
