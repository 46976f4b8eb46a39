//! The whole benchmark, in order: measure, print, and write the page if asked.

use crate::args::Options;
use crate::rounds::{self, Measurements};
use crate::{goals, here, profile, table, wasm};
use bench::subject::{self, Kind, Size, Subject};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The page, from the root of the repository.
const PAGE: &str = "docs/performance.md";

/// Measures what the options ask for.
pub fn run(options: &Options) -> Result<(), String> {
    let folder = work()?;
    let wanted = |subject: &Subject| match &options.only {
        Some(name) => subject.name == name,
        None => subject.size <= options.most,
    };
    let subjects: Vec<Subject> = subject::all().into_iter().filter(wanted).collect();
    if let (Some(name), true) = (&options.only, subjects.is_empty()) {
        return Err(format!("no subject {name:?}"));
    }
    let mut page = head(options);
    let module = wasm::module(&root(), &folder);
    if let Err(why) = &module {
        page += &format!("\nNothing is measured in wasm: {why}.\n");
    }
    print!("{page}");
    let mut all = Vec::new();
    for subject in &subjects {
        let only_bug = matches!(subject.kind, Kind::Toy(_)) && subject.find;
        for find in [false, true] {
            if (find && !subject.find) || (!find && only_bug) {
                continue;
            }
            let times = if subject.size == Size::Large { 1 } else { options.rounds };
            let rounds = rounds::run(&folder, subject, find, times)?;
            let (mut section, mut in_wasm) = (section(&rounds), None);
            if !find && let Ok(module) = &module {
                let native = table::median(rounds.runs[0].used.iter().map(|used| used.wall).collect());
                let ours = (&rounds.runs[0].counts, Duration::from_secs_f64(native));
                let (sentence, ratio) = wasm::measure(&root(), module, subject, ours, times)?;
                section += &format!("\n{sentence}\n");
                in_wasm = Some(ratio);
            }
            print!("{section}");
            page += &section;
            all.push((rounds, in_wasm));
        }
    }
    let long = all.iter().map(|(rounds, _)| rounds).filter(|rounds| goals::counts(rounds));
    let profiled: Vec<Subject> = long.map(|rounds| rounds.subject).collect();
    let end = goals::section(&all) + &profile::section(&folder, &profiled, options.rounds);
    print!("{end}");
    page += &end;
    if options.write {
        let [_, rest] = read();
        write([page, rest])?;
    }
    Ok(())
}

/// Where the part on the page begins.
pub const BROWSER: &str = "\n## In the browser\n";

/// Where the part on keys begins. It is one of several in the part on the page.
pub const WRITING: &str = "\n### Writing\n";

/// Where the part on growth begins, which stands before the page's.
pub const GROWTH: &str = "\n## Growth\n";

/// Where the part on timed runs begins. It stands between the other two.
pub const TIMED: &str = "\n## Timed runs\n";

/// Where the part begins that no bench writes: what was measured by hand. It stands before the page's.
const BY_HAND: &str = "\n## Large searches\n";

/// The document as it stands: the part on the search, and the parts on growth, on timed runs and on the page.
pub fn read() -> [String; 2] {
    let mut text = fs::read_to_string(root().join(PAGE)).unwrap_or_default();
    let heads = [GROWTH, TIMED, BY_HAND, BROWSER];
    let at = heads.iter().find_map(|head| text.find(head)).unwrap_or(text.len());
    let rest = text.split_off(at);
    [text, rest]
}

/// Writes the part on the page.
pub fn write_page(of_page: String) -> Result<(), String> {
    let [mut search, mut rest] = read();
    rest.truncate(rest.find(BROWSER).unwrap_or(rest.len()));
    search += &rest;
    write([search, of_page])
}

/// Writes the part on keys, in its place or before the part on the first visit.
pub fn write_keys(keys: &str) -> Result<(), String> {
    let text = read().concat();
    let at =
        [WRITING, "\n### The first visit\n"].iter().find_map(|head| text.find(head)).unwrap_or(text.len());
    let own = if text[at..].starts_with(WRITING) { 1 } else { 0 };
    let after = text[at + own..].find("\n##").map_or(text.len(), |next| at + own + next);
    let after = if own == 1 { after } else { at };
    write([text[..at].to_owned(), format!("{keys}{}", &text[after..])])
}

/// Writes the part on growth.
pub fn write_growth(growth: String) -> Result<(), String> {
    let [search, rest] = read();
    let after =
        [TIMED, BY_HAND, BROWSER].iter().find_map(|head| rest.find(head)).map_or("", |at| &rest[at..]);
    write([search, growth + after])
}

/// Writes the part on timed runs.
pub fn write_timed(timed: &str) -> Result<(), String> {
    let [search, rest] = read();
    let of_page = [BY_HAND, BROWSER].iter().find_map(|head| rest.find(head)).unwrap_or(rest.len());
    let growth = rest.find(TIMED).unwrap_or(of_page);
    write([search, format!("{}{timed}{}", &rest[..growth], &rest[of_page..])])
}

/// Writes it.
pub fn write(parts: [String; 2]) -> Result<(), String> {
    let path = root().join(PAGE);
    fs::write(&path, parts.concat()).map_err(|error| format!("{}: {error}", path.display()))?;
    eprintln!("written: {PAGE}");
    Ok(())
}

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_owned()
}

/// Where models and Spin's checkers go: beside this program.
pub fn work() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = own.parent().unwrap_or(Path::new(".")).join("bench-models");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

fn head(options: &Options) -> String {
    let versions: Vec<String> =
        [here::version("rustc", "-V"), here::version("gcc", "--version"), here::version("spin", "-V")]
            .into_iter()
            .flatten()
            .collect();
    format!(
        "# Performance\n\n\
         Made by `cargo xtask bench --write` on {}: {}. {}; Stateright 0.31.0.\n\n\
         Each row gives the median of {} runs, with the minimum and the maximum in brackets; a subject that takes minutes \
         was run once. The checkers took turns. Each run is a process of its own, timed from its start to its end. A row \
         is listed only if its checker counted the same distinct states and transitions as ours, and also the same depth \
         where it searches breadth first on one thread. \"Speed-up\" says how many times as fast our search is as the row's \
         checker, by wall time. A depth-first search keeps no frontier and finds no shortest counterexample. Stateright's breadth-first \
         search on two threads finds no shortest counterexample either.\n",
        here::date(),
        here::machine(),
        versions.join("; "),
        options.rounds,
    )
}

fn section(rounds: &Measurements) -> String {
    let ours = &rounds.runs[0].counts;
    let name = rounds.subject.name;
    let what = match rounds.subject.kind {
        Kind::Toy(toy) => format!("The toy model, starting at steps {:?}", toy.starts),
        Kind::Scenario(_) => {
            "A scenario (Stateright drives our own step function, Spin runs the exported model)".into()
        }
    };
    let mut out = if rounds.find {
        let steps = ours.found.map_or("no".into(), scene::grouped);
        format!(
            "\n## {name}, to the first violation\n\n{what}. The nearest violation is {steps} steps away.\n\n"
        )
    } else {
        format!(
            "\n## {name}\n\n{what}: {} distinct states, {} transitions, depth {}.\n\n",
            scene::grouped(ours.states),
            scene::grouped(ours.transitions),
            ours.depth.map_or("-".into(), scene::grouped),
        )
    };
    out += &table::table(rounds);
    out += &format!("\nOther programs kept {:.2} processors busy meanwhile.\n", rounds.others);
    for note in &rounds.notes {
        out += &format!("\n{note}\n");
    }
    out
}
