//! The picture: what two kernels cost as one value grows, and where they cost the same. Both scales are logarithmic.

use super::time;
use crate::model::lab::Lab;
use crate::model::timed::Timed;
use cost::{Over, Point};
use lang::costs::{Unit, written};

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
    /// The two kernels.
    pub kernels: [String; 2],
    /// Places on the horizontal scale, with words.
    pub across: Vec<(i32, String)>,
    /// Places on the vertical scale, with words.
    pub up: Vec<(i32, String)>,
    /// What the horizontal scale is.
    pub scale: String,
    /// The points of each kernel, from the left.
    pub lines: [Vec<Spot>; 2],
    /// Where the value is now.
    pub now: Option<i32>,
    /// Where the two cost the same.
    pub same: Option<i32>,
    /// The answer.
    pub sentence: String,
    /// Which guesses decide it.
    pub guesses: String,
}

/// A point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
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

/// Powers of ten in a range.
fn tens(from: u64, to: u64) -> impl Iterator<Item = u64> {
    (0..20).map(|power| 10_u64.saturating_pow(power)).filter(move |ten| (from..=to).contains(ten))
}

impl Chart {
    /// The picture for what is known of costs; nothing as long as there is nothing to compare.
    #[must_use]
    pub fn of(lab: &Lab) -> Option<Chart> {
        let timed = lab.timed();
        let (over, now, (from, to)) = timed.range()?;
        let points = timed.points();
        points.first()?;
        let rate = matches!(over, Over::Every(_));
        // A rate grows to the right as the time between two rounds shrinks.
        let [left, top, right, bottom] = FIELD;
        let (x, per) = match rate {
            true => (Scale::new(from, to, right, left), 1_000_000_000_000),
            false => (Scale::new(from, to, left, right), 0),
        };
        let loads = || points.iter().flat_map(|point| point.loads).filter(|load| *load > 0);
        let low = loads().min().unwrap_or(1);
        let high = loads().max().unwrap_or(1).max(low * 2);
        let y = Scale::new(low, high, bottom, top);
        let names = timed.contest();
        let spot = |point: &Point, place: usize| {
            let change = (over.name(), point.value);
            let changed = lab.timed().linked().map(|mut linked| {
                linked.changes.retain(|there| there.0 != change.0);
                linked.changes.push(change.clone());
                linked
            });
            Spot {
                x: x.at(point.value),
                y: y.at(point.loads[place].max(low)),
                sentence: format!(
                    "{}: {} costs {} of a CPU",
                    over.value(point.value),
                    names[place],
                    percent(point.loads[place])
                ),
                link: lab.link_with(changed),
                change,
            }
        };
        let line = |place: usize| {
            let mut spots: Vec<Spot> = Vec::new();
            for point in &points {
                let spot = spot(point, place);
                if rate { spots.insert(0, spot) } else { spots.push(spot) }
            }
            spots
        };
        let across: Vec<(i32, String)> = match rate {
            true => {
                tens(per / to.max(1), per / from.max(1)).map(|rate| (x.at(per / rate), short(rate))).collect()
            }
            false => tens(from, to).map(|value| (x.at(value), told(over, value))).collect(),
        };
        let answer = timed.answer();
        let sentence = match &answer {
            Some(answer) => cost::sentence(names, over, answer),
            None => format!("{} points so far.", points.len()),
        };
        let same = answer.and_then(|answer| answer.between).map(|(low, high)| x.at(low.midpoint(high)));
        let up = tens(low, high).map(|load| (y.at(load), percent(load))).collect();
        Some(Chart {
            offered: offered(timed, over),
            kernels: names.map(str::to_owned),
            across,
            up,
            scale: title(over),
            lines: [line(0), line(1)],
            now: Some(x.at(now)),
            same,
            sentence,
            guesses: guesses(timed, now, over),
        })
    }
}

/// What can be chosen to be changed.
fn offered(timed: &Timed, chosen: Over) -> Vec<(String, String, bool)> {
    timed.offered().into_iter().map(|(over, _)| (over.name(), title(over), over == chosen)).collect()
}

/// Which guesses decide the answer at the value that it has now.
fn guesses(timed: &Timed, now: u64, over: Over) -> String {
    let Some(deciding) = timed.deciding() else {
        return "Guesses of the costs are still being tried with half and with twice their values."
            .to_owned();
    };
    let at = over.value(now);
    let names: Vec<&str> = deciding.iter().map(|figure| figure.name()).collect();
    match names.is_empty() {
        true => format!("At {at} no guess decides which is cheaper: half or twice of each leaves it so."),
        false => format!("At {at} guesses decide which is cheaper: {}.", names.join(", ")),
    }
}

/// Millionths of one CPU's time, summed over two seeds, as percent.
fn percent(load: u64) -> String {
    let hundredths = load / 200;
    match hundredths {
        0 => "0.01 %".to_owned(),
        1..100 => format!("0.{hundredths:02} %"),
        _ => format!("{} %", hundredths / 100),
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
fn title(over: Over) -> String {
    match over {
        Over::Every(cpu) => format!("rounds of CPU {cpu} a second"),
        Over::Sleep(cpu) => format!("how long CPU {cpu} sleeps"),
        Over::Cpus => "number of CPUs".to_owned(),
        Over::Figure(figure) => figure.name().to_owned(),
    }
}
