//! Pictures for articles: a moment, a run or both, as one SVG file that needs nothing else.
//!
//! A picture has a title and a description for those who do not see it, texts that can be selected and searched, and
//! the fonts of whoever reads it. It has no script, no style sheet and no address: so every place that shows pictures
//! shows it, under the strictest policy as well. No meaning depends on colour alone, so it can be printed in grey.
//!
//! Everything is computed in integers, from [`scene`]'s views: the same moment gives the same bytes on every machine
//! and in a browser. What a hostile text can make large is cut or counted; [`MOST_BYTES`] is never passed.
//!
//! ```
//! use explore::{System, Trace};
//! use figure::{DrawnRun, PictureKind, Theme, svg};
//!
//! let experiment = experiment::Experiment::library("lazy+unmap+andy").expect("a scenario of the library");
//! let machine = experiment.compile().machine.expect("it compiles");
//! let trace = Trace::new(&machine);
//! let moment = DrawnRun { machine: &machine, trace: &trace, cursor: 0, case: None, sources: scene::Sources::default() };
//! assert!(svg(&moment, PictureKind::Both, Theme::Light).starts_with("<svg "));
//! ```
#![forbid(unsafe_code)]

mod lanes;
mod measure;
mod palette;
mod pen;
mod small;
mod stage;
mod storyboard;
mod tone;
mod words;

use explore::{Step, System, Trace};
use lang::source::{SourceId, Span};
use machine::{Action, Event, Machine, State};
pub use pen::escaped;
use pen::{Pen, Rect};
use scene::Sources;
use scene::view::{Caption, Change, Scene};
pub use small::{SMALL, small};
use stage::Ipis;
use std::fmt::Write;

/// No picture has more bytes.
pub const MOST_BYTES: usize = 2 << 20;

/// The width of every picture, in pixels. A page may show it in another size.
const WIDTH: i32 = 1000;
/// Around everything.
const MARGIN: i32 = 20;

/// The most characters of the description.
const MOST_DESCRIBED: usize = 3_000;

/// What is drawn of a run.
#[derive(Clone, Copy, Debug)]
pub struct DrawnRun<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// Its run.
    pub trace: &'a Trace<Machine>,
    /// How many steps have been taken at the moment shown; the run's length if there are fewer.
    pub cursor: usize,
    /// The case of the scenario, by its name.
    pub case: Option<&'a str>,
    /// The texts, from which the statements are quoted that CPUs are at.
    pub sources: Sources<'a>,
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// The machine at the moment.
    Stage,
    /// The run as a space-time diagram.
    Timeline,
    /// Both.
    Both,
    /// A cell for each step of the run.
    Storyboard,
}

/// For light or for dark surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light; also for print.
    Light,
    /// Light on dark.
    Dark,
}

/// A picture as SVG.
#[must_use]
pub fn svg(moment: &DrawnRun<'_>, what: PictureKind, theme: Theme) -> String {
    let cursor = moment.cursor.min(moment.trace.len());
    let seen = Seen::at(moment, cursor);
    let title = moment.title(cursor, what);
    let description = moment.description(&seen, cursor, what);
    let palette = match theme {
        Theme::Light => &palette::LIGHT,
        Theme::Dark => &palette::DARK,
    };
    let mut pen = Pen::new(palette, &id(&[&title, &description, &format!("{what:?} {theme:?}")]));
    let bottom = moment.draw(&mut pen, &seen, cursor, what);
    let svg = pen.finish((WIDTH, bottom + MARGIN), &title, &description);
    debug_assert!(svg.len() <= MOST_BYTES, "{} bytes", svg.len());
    svg
}

/// A picture of the moment to which a link leads.
#[must_use]
pub fn of_link(opened: &link::Opened, what: PictureKind, theme: Theme) -> String {
    let link::Opened { experiment, machine, trace, cursor, .. } = opened;
    let (case, whole) = (experiment.case(), experiment.whole_kernel());
    let (kernel, joints) = whole.as_ref().map_or(("", &[][..]), |whole| (&*whole.text, &whole.joints[..]));
    let sources = Sources { scenario: &experiment.scenario, kernel, joints };
    svg(&DrawnRun { machine, trace, cursor: *cursor, case: case.as_deref(), sources }, what, theme)
}

/// What ids begin with: pictures in one page have different ones, unless they are the same picture (FNV-1a).
fn id(texts: &[&str]) -> String {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("tlb{hash:08x}")
}

/// The moment shown: its picture, and the sentence of the step that led there.
struct Seen {
    scene: Scene,
    caption: Option<Caption>,
    ipis: Ipis,
}

impl PictureKind {
    /// All of them.
    pub const ALL: [PictureKind; 4] =
        [PictureKind::Stage, PictureKind::Timeline, PictureKind::Both, PictureKind::Storyboard];

    /// Its name, on the command line and in the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PictureKind::Stage => "stage",
            PictureKind::Timeline => "timeline",
            PictureKind::Both => "both",
            PictureKind::Storyboard => "storyboard",
        }
    }
}

impl Seen {
    fn at(moment: &DrawnRun<'_>, cursor: usize) -> Seen {
        let DrawnRun { machine, trace, .. } = *moment;
        let after = trace.state(machine, cursor);
        let before = cursor.checked_sub(1).map(|earlier| trace.state(machine, earlier));
        let step = cursor.checked_sub(1).and_then(|earlier| trace.steps().get(earlier));
        let told = before.as_ref().zip(step);
        Seen {
            ipis: step.map(ipis).unwrap_or_default(),
            caption: told.map(|(before, step)| scene::caption(machine, before, step, &after)),
            scene: scene::frame(machine, before.as_ref(), step, &after),
        }
    }
}

/// The IPIs that a step sends, and those that it does not send.
fn ipis(step: &Step<Action, Event>) -> Ipis {
    let members = |set: u64| (0..64).filter(|cpu| set >> cpu & 1 == 1).collect();
    let sent = step.events.iter().find_map(|event| match &event.what {
        machine::What::IpiSent { targets, omitted, .. } => {
            Some(Ipis { from: event.cpu, sent: members(*targets), omitted: members(*omitted) })
        }
        _ => None,
    });
    sent.unwrap_or_default()
}

impl DrawnRun<'_> {
    /// What the picture is called.
    fn title(&self, cursor: usize, what: PictureKind) -> String {
        let name = self.name();
        let steps = self.trace.len();
        match what {
            PictureKind::Stage | PictureKind::Both if cursor == 0 => format!("{name}: the beginning"),
            PictureKind::Stage | PictureKind::Both => format!("{name}: step {cursor} of {steps}"),
            PictureKind::Timeline | PictureKind::Storyboard => format!("{name}: a run of {steps} steps"),
        }
    }

    /// The scenario's name, and its case.
    fn name(&self) -> String {
        let name = &self.machine.program().name;
        self.case.map_or_else(|| name.clone(), |case| format!("{name}, case \u{201c}{case}\u{201d}"))
    }

    /// The picture in words, for those who do not see it.
    fn description(&self, seen: &Seen, cursor: usize, what: PictureKind) -> String {
        let mut words = format!("{}; {}.", scene::subject(self.machine), scene::bounds(self.machine, false));
        if what == PictureKind::Storyboard {
            let _ = write!(words, " A cell for each of {} steps.", self.trace.len());
        } else if let Some(caption) = &seen.caption {
            let _ = write!(words, " Step {cursor} of {}: {}", self.trace.len(), caption.sentence);
            if !caption.because.is_empty() {
                let _ = write!(words, " {}", caption.because);
            }
            for name in &caption.violations {
                let _ = write!(words, " Violates {name}.");
            }
        }
        if matches!(what, PictureKind::Stage | PictureKind::Both) {
            describe(&mut words, &seen.scene);
        }
        match words.char_indices().nth(MOST_DESCRIBED) {
            Some((end, _)) => format!("{}\u{2026}", &words[..end]),
            None => words,
        }
    }

    /// Draws the picture; where it ends.
    fn draw(&self, pen: &mut Pen, seen: &Seen, cursor: usize, what: PictureKind) -> i32 {
        let area = Rect::new(MARGIN, MARGIN, WIDTH - 2 * MARGIN, 0);
        let subtitle = format!("on {}; {}", scene::kernel(self.machine), scene::bounds(self.machine, false));
        let steps = self.trace.len();
        let moment = match what {
            PictureKind::Storyboard => format!("{steps} steps"),
            _ => format!("step {cursor} of {steps}"),
        };
        let number = u32::try_from(cursor).unwrap_or(u32::MAX);
        let mut y = words::heading(pen, &self.name(), &subtitle, &moment, area) + 8;
        let (mut staged, mut timed) = (None, None);
        if matches!(what, PictureKind::Stage | PictureKind::Both) {
            let lines = self.statements(&seen.scene);
            y = stage::stage(pen, &seen.scene, &lines, &seen.ipis, Rect { y, ..area }) + 14;
            staged = Some(&seen.scene);
        }
        if what == PictureKind::Storyboard {
            let timeline = scene::timeline(self.machine, self.trace);
            y = storyboard::storyboard(pen, &self.captions(), &timeline, number, Rect { y, ..area }) + 12;
            return words::key(pen, None, Some(&timeline), Rect { y, ..area });
        }
        if let Some(caption) = &seen.caption {
            y = words::caption(pen, number, caption, Rect { y, ..area }) + 14;
        }
        if matches!(what, PictureKind::Timeline | PictureKind::Both) && steps > 0 {
            let timeline = scene::timeline(self.machine, self.trace);
            y = lanes::lanes(pen, &timeline, number, Rect { y, ..area }) + 12;
            timed = Some(timeline);
        }
        words::key(pen, staged, timed.as_ref(), Rect { y, ..area })
    }

    /// The sentences of the steps that a storyboard shows.
    fn captions(&self) -> Vec<Caption> {
        let mut before: State = self.machine.initial();
        let mut captions = Vec::new();
        for step in self.trace.steps().iter().take(storyboard::MOST) {
            let mut after = before.clone();
            self.machine.step(&mut after, step.action, &mut ());
            captions.push(scene::caption(self.machine, &before, step, &after));
            before = after;
        }
        captions
    }

    /// The first line of the statement that each CPU is at.
    fn statements(&self, scene: &Scene) -> Vec<String> {
        let statement = |cpu: &scene::view::CpuView| {
            let span = Span { start: cpu.position.start, end: cpu.position.end };
            let text = self.sources.get(SourceId(cpu.position.source));
            let (start, end) = (span.start as usize, span.end as usize);
            let line = text.get(start..end).unwrap_or_default().lines().next().unwrap_or_default();
            // A picture has no tabs.
            line.trim_end().replace('\t', "    ")
        };
        scene.cpus.iter().map(statement).collect()
    }
}

/// What each CPU holds, and which pages are not what they seem.
fn describe(words: &mut String, scene: &Scene) {
    for cpu in &scene.cpus {
        let _ = write!(words, " {}: {}; {} {}", cpu.name, cpu.mode, cpu.cr3.key, cpu.cr3.value);
        let caches =
            [("paging-structure caches", &cpu.psc), ("TLB", &cpu.tlb), ("store buffer", &cpu.buffer)];
        for (name, rows) in caches {
            let there: Vec<String> = rows
                .iter()
                .filter(|row| row.change != Change::Removed)
                .map(|row| format!("{} is {} {}", row.key, row.value, row.word).trim_end().to_owned())
                .collect();
            if !there.is_empty() {
                let _ = write!(words, "; {name}: {}", there.join(", "));
            }
        }
        words.push('.');
    }
    for tile in &scene.memory.tiles {
        let held: Vec<String> =
            tile.holders.iter().map(|holder| format!("{} {}", holder.name, holder.what)).collect();
        if !held.is_empty() {
            let _ = write!(words, " {} ({}) can be reached from {}.", tile.name, tile.owner, held.join(", "));
        }
    }
}
