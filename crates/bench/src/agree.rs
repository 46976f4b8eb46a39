//! Compares our search with Spin on every variant of every scenario of the library and of `tests/cases`, and on a text with
//! limits: the same states, transitions and depth, and the same properties seen.
//!
//! The C compiler takes most of the time. So the comparison runs one variant per processor at a time, compiles
//! small models without optimisation, and remembers each agreement. A run that was interrupted continues where it
//! stopped, and a run after a change compares only the models that the change has altered.

use crate::report;
use crate::tool::Order;
use crate::{here, spin};
use bench::counts::Counts;
use experiment::Experiment;
use explore::{Bound, Completeness, Limits, Search};
use machine::{LIMIT, Property};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The page that says how it went, from the root of the repository; and where on the page.
const PAGE: &str = "docs/promela.md";
const HEAD: &str = "\n## Held against our own search\n";

/// Models of more states are compiled with optimisation: it takes the compiler longer, and then them less.
const LARGE: u64 = 100_000;

/// Room in a model where the measured one is not enough.
const ROOMY: u16 = 8;

/// One thing to compare.
struct Variant {
    name: String,
    experiment: Experiment,
}

/// What came of it; an error says how the two differ.
enum Outcome {
    Same(Counts),
    /// It was compared before.
    Known(Counts),
    /// They could not be compared, and why.
    LeftOut(String),
}

/// What has been found the same: sums of models and counts.
struct Known {
    sums: BTreeSet<u64>,
    file: fs::File,
}

impl Known {
    fn open(path: &Path) -> Result<Known, String> {
        let text = fs::read_to_string(path).unwrap_or_default();
        let sums = text.lines().filter_map(|line| u64::from_str_radix(line, 16).ok()).collect();
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(Known { sums, file: file.map_err(|error| format!("{}: {error}", path.display()))? })
    }

    fn add(&mut self, sum: u64) {
        self.sums.insert(sum);
        // If it can't be written, it will be compared again.
        _ = writeln!(self.file, "{sum:016x}");
    }
}

/// Compares all that there is; says what differs, and ends with an error if something does. With `write` the page is
/// told, too.
pub fn run(folder: &Path, write: bool) -> Result<(), String> {
    if let Some(why) = spin::missing() {
        return Err(why);
    }
    let all = variants();
    let folder = folder.join("agree");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let known = Mutex::new(Known::open(&folder.join("same"))?);
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut outcomes: Vec<(usize, Result<Outcome, String>)> = std::thread::scope(|scope| {
        let (all, next, known, folder) = (&all, &next, &known, &folder);
        let worker = |number: usize| {
            let mut mine = Vec::new();
            while let at = next.fetch_add(1, Ordering::Relaxed)
                && let Some(variant) = all.get(at)
            {
                let outcome = compare(&folder.join(number.to_string()), variant, known);
                tell(&variant.name, &outcome);
                mine.push((at, outcome));
            }
            mine
        };
        let threads: Vec<_> = (0..threads).map(|number| scope.spawn(move || worker(number))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    outcomes.sort_by_key(|&(at, _)| at);
    if outcomes.len() < all.len() {
        return Err("a comparison broke off".into());
    }
    let sum = summary(&all, &outcomes);
    println!("{sum}");
    if write {
        let path = report::root().join(PAGE);
        let mut page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        page.truncate(page.find(HEAD).unwrap_or(page.len()));
        page += &format!("{HEAD}\n{sum}\n");
        fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))?;
        eprintln!("written: {PAGE}");
    }
    if outcomes.iter().any(|(_, outcome)| outcome.is_err()) {
        return Err("our search and Spin disagree".into());
    }
    Ok(())
}

/// Texts for what no scenario of the library has: limits of variables, since a text that ends at them proves nothing.
const OWN: [(&str, &str); 1] = [(include_str!("texts/limits.tlb"), include_str!("texts/limits.kernel.tlb"))];

/// Every variant of every scenario of the library and of `tests/cases`, and the texts of our own.
fn variants() -> Vec<Variant> {
    let of = |(slug, experiment): (String, Experiment)| {
        experiment.variants().into_iter().map(move |(case, experiment)| {
            let name = case.name.map_or(slug.clone(), |name| format!("{slug}, {name}"));
            Variant { name, experiment }
        })
    };
    let library = gallery::scenarios().map(|text| (text.slug.to_owned(), Experiment::new(text.text)));
    let own = OWN.map(|(scenario, kernel)| {
        let name = lang::scenario_name(scenario).unwrap_or_default();
        (name, Experiment::new(scenario).with_kernel_text(kernel))
    });
    library.chain(cases()).chain(own).flat_map(of).collect()
}

/// The scenarios of `tests/cases`, each with the kernel beside it.
fn cases() -> Vec<(String, Experiment)> {
    let folder = report::root().join("tests/cases");
    let files = fs::read_dir(&folder).into_iter().flatten().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(".kernel.tlb").map(str::to_owned)).collect();
    names.sort();
    let read = |name: String| {
        let text = |end: &str| fs::read_to_string(folder.join(format!("{name}{end}"))).unwrap_or_default();
        let experiment = Experiment::new(text(".tlb")).with_kernel_text(text(".kernel.tlb"));
        (format!("cases/{name}"), experiment)
    };
    names.into_iter().map(read).collect()
}

fn tell(name: &str, outcome: &Result<Outcome, String>) {
    match outcome {
        Ok(Outcome::Same(counts)) => println!("same       {name}: {} states", counts.states),
        Ok(Outcome::Known(counts)) => println!("as before  {name}: {} states", counts.states),
        Ok(Outcome::LeftOut(why)) => println!("left out   {name}: {why}"),
        Err(how) => println!("DIFFERENT  {name}: {how}"),
    }
}

/// How it went, as a paragraph.
fn summary(all: &[Variant], outcomes: &[(usize, Result<Outcome, String>)]) -> String {
    let (mut same, mut states, mut most) = (0, 0, 0);
    let mut different = Vec::new();
    // By the reason: how many variants, and of which scenarios.
    let mut left_out: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for (at, outcome) in outcomes {
        let name = &all[*at].name;
        match outcome {
            Ok(Outcome::Same(counts) | Outcome::Known(counts)) => {
                same += 1;
                states += counts.states;
                most = most.max(counts.states);
            }
            Ok(Outcome::LeftOut(why)) => {
                let (count, scenarios) = left_out.entry(why.as_str()).or_default();
                *count += 1;
                scenarios.insert(name.split_once(", ").map_or(name.as_str(), |(slug, _)| slug));
            }
            Err(how) => different.push(format!("{name} ({how})")),
        }
    }
    let differ = match different.as_slice() {
        [] => "None differs.".to_owned(),
        names => format!("{} differ: {}.", names.len(), names.join("; ")),
    };
    let mut left: String = match left_out.values().map(|(count, _)| count).sum::<usize>() {
        0 => "None was left out.".to_owned(),
        count => format!("{count} were left out:\n"),
    };
    for (why, (count, scenarios)) in &left_out {
        let names: Vec<String> = scenarios.iter().map(|name| format!("`{name}`")).collect();
        left += &format!("\n- {why}: {count}, of {}", names.join(", "));
    }
    format!(
        "`cargo xtask bench --agree --write` on {}, {}: {same} of {} variants of {} scenarios of the library, of `tests/cases`, and of a text with limits have the \
         same distinct states, transitions and depth by our search and by Spin, and the same properties seen; {} states \
         in all, at most {} in one. {differ} {left}",
        here::date(),
        here::version("spin", "-V").unwrap_or_default(),
        all.len(),
        gallery::scenarios().count(),
        scene::grouped(states),
        scene::grouped(most),
    )
}

fn compare(folder: &Path, variant: &Variant, known: &Mutex<Known>) -> Result<Outcome, String> {
    let machine = &variant.experiment.compile().into_machine()?;
    if let Some(first) = promela::refused(machine).first() {
        return Ok(Outcome::LeftOut(format!("{}, and {}", first.what, first.why)));
    }
    let mut search = Search::new(machine, Limits { symmetry: false, ..Limits::default() });
    let end = search.run_to_end();
    let cut = end == Completeness::Bounded(Bound::System) && search.progress().seen.intersects(LIMIT);
    if end != Completeness::Complete && !cut {
        return Ok(Outcome::LeftOut("our search does not end within its limits".into()));
    }
    let progress = search.progress();
    let ours = Counts {
        states: progress.states.into(),
        transitions: progress.transitions,
        depth: Some(progress.depth.into()),
        found: None,
    };
    let model = promela::export(machine, 0);
    let sum = sum(&format!("{model}{ours}{:?}{}", progress.seen, search.ended()));
    let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
    if lock().sums.contains(&sum) {
        return Ok(Outcome::Known(ours));
    }
    let text = match checked(folder, &model, ours) {
        Err(text) if text.contains("--room") => checked(folder, &promela::export(machine, ROOMY), ours),
        text => text,
    };
    let text = match text {
        Err(text) if text.contains("--room") => {
            return Ok(Outcome::LeftOut("too little room in the model".into()));
        }
        text => text?,
    };
    for property in Property::ALL {
        let seen = text.lines().any(|line| line == format!("tlbscope: seen {}", property.name()));
        if seen != progress.seen.intersects(property.as_set()) {
            let who = if seen { "Spin" } else { "ours" };
            return Err(format!("only {who} has seen {}", property.name()));
        }
    }
    let complete = text.lines().any(|line| line == "tlbscope: seen an execution that is complete");
    if complete != search.ended() {
        return Err("they differ on whether an execution ends".into());
    }
    lock().add(sum);
    Ok(Outcome::Same(ours))
}

/// What Spin says of a model, if it has the same counts.
fn checked(folder: &Path, model: &str, ours: Counts) -> Result<String, String> {
    let level = if ours.states > LARGE { "-O1" } else { "-O0" };
    let pan = spin::make(folder, model, Order::Bfs, false, level)?;
    let (text, _) = pan.output(ours.states)?;
    let theirs = spin::read(&text, Order::Bfs).ok_or(text.clone())?;
    match ours.differs(&theirs) {
        Some(how) => Err(format!("ours and Spin have {how}")),
        None => Ok(text),
    }
}

/// FNV-1a.
fn sum(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
