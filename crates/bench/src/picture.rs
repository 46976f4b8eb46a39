//! Growth curves as a picture: an SVG that says in words what it shows, and needs no colour to be read.

use crate::point::GrowthPoint;
use crate::table::seconds;
use crate::who::Who;
use std::fmt::Write as _;

/// The size of the picture, and its margins: left, right, top, bottom.
const SIZE: [f64; 2] = [840.0, 420.0];
const MARGINS: [f64; 4] = [70.0, 300.0, 40.0, 50.0];

/// The shortest and the longest time that there is room for, in seconds.
const TIMES: [f64; 2] = [0.001, 100.0];

/// How each curve is drawn: its colour, its dashes and its mark. Colours are those of Okabe and Ito.
const LOOKS: [(&str, &str, &str); Who::ALL.len()] = [
    ("#0072b2", "", "●"),
    ("#0072b2", "6 2", "◐"),
    ("#56b4e9", "2 2", "◎"),
    ("#009e73", "8 3", "■"),
    ("#d55e00", "", "▲"),
    ("#d55e00", "6 2", "△"),
    ("#cc79a7", "", "◆"),
    ("#cc79a7", "6 2", "◇"),
    ("#8a6d00", "10 3 2 3", "▼"),
    ("#8a6d00", "4 2", "▽"),
    ("#666666", "4 4", "○"),
    ("#000000", "1 4", "□"),
];

/// The chart of some points: time upwards, by powers of ten; what grows to the right.
#[must_use]
pub fn svg(title: &str, unit: &str, points: &[GrowthPoint]) -> String {
    let [width, height] = SIZE;
    let [left, right, top, bottom] = MARGINS;
    let (least, most) = points
        .iter()
        .fold((u32::MAX, 0), |(least, most), point| (least.min(point.value), most.max(point.value)));
    let across = |value: u32| {
        left + (width - left - right) * f64::from(value - least) / f64::from((most - least).max(1))
    };
    let span = (TIMES[1] / TIMES[0]).log10();
    let up = |time: f64| {
        let share = (time.clamp(TIMES[0], TIMES[1]) / TIMES[0]).log10() / span;
        height - bottom - (height - top - bottom) * share
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"title said\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"said\">{}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"{left}\" y=\"22\" font-weight=\"bold\">{title}</text>\n",
        described(unit, points),
    );
    for power in -3..=2 {
        let time = 10f64.powi(power);
        let y = up(time);
        _ = writeln!(
            out,
            "<path d=\"M{left} {y:.1}H{:.1}\" stroke=\"#cccccc\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            width - right,
            left - 8.0,
            y + 4.0,
            seconds(time),
        );
    }
    for value in least..=most {
        _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value} {}</text>",
            across(value),
            height - bottom + 22.0,
            if value == 1 { "switch" } else { unit },
        );
    }
    for (row, (who, (colour, dashes, mark))) in (0..).zip(Who::ALL.into_iter().zip(LOOKS)) {
        let times = points
            .iter()
            .filter(|point| point.who == who)
            .filter_map(|point| Some((across(point.value), up(point.done.as_ref()?.1.wall.as_secs_f64()))));
        let times: Vec<(f64, f64)> = times.collect();
        let line: Vec<String> = times.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>",
            line.join(" "),
        );
        for (x, y) in &times {
            _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{colour}\">{mark}</text>",
                y + 5.0
            );
        }
        _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{mark} {}</text>",
            width - right + 12.0,
            top + 20.0 + 22.0 * f64::from(row),
            who.name(),
        );
    }
    out + "</svg>\n"
}

/// The same in words.
fn described(unit: &str, points: &[GrowthPoint]) -> String {
    let of = |who: Who| {
        let times = points.iter().filter(|point| point.who == who).map(|point| match &point.done {
            Some((_, used)) => format!("{} {unit}: {}", point.value, seconds(used.wall.as_secs_f64())),
            None => format!("{} {unit}: gave up", point.value),
        });
        format!("{}: {}.", who.name(), times.collect::<Vec<_>>().join(", "))
    };
    Who::ALL.map(of).join(" ")
}

#[cfg(test)]
mod tests {
    use super::svg;
    use crate::child::Used;
    use crate::point::GrowthPoint;
    use crate::who::Who;
    use bench::counts::Counts;
    use bench::grown::States;
    use std::time::Duration;

    #[test]
    fn a_picture_says_what_it_shows() {
        let counts = Counts { states: 1, transitions: 1, depth: None, found: None };
        let used = |millis| Used { wall: Duration::from_millis(millis), cpu: Duration::ZERO, peak: 0 };
        let points = [
            GrowthPoint { who: Who::Ours(States::All, 1), value: 2, done: Some((counts, used(1_500))) },
            GrowthPoint { who: Who::Ours(States::All, 1), value: 3, done: None },
        ];
        let picture = svg("Growth", "cpus", &points);
        assert!(picture.contains("TLBscope, every state: 2 cpus: 1.50 s, 3 cpus: gave up."));
        assert!(picture.contains("role=\"img\"") && picture.contains("<title id=\"title\">Growth</title>"));
        assert_eq!(picture.matches("▲").count(), 2, "one point, and the legend");
    }
}
