//! The inputs to begin with.

use crate::links::payload_of;
use experiment::Experiment;
use explore::{Seeded, Trace};
use link::{Compared, ComparedAs, Link, Numbered, View};
use protocol::{ToExplorer, WireLimits, WireSelection, WireTexts};
use std::fs;
use std::path::Path;

/// What is in a folder of the corpus, in order of name.
fn files(folder: &str) -> Vec<Vec<u8>> {
    files_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder))
}

fn files_in(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the corpus is there").flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).expect("a file of the corpus")).collect()
}

/// Litmus tests: those of the test suite, and the list of their verdicts, which is none.
#[must_use]
pub fn litmus() -> Vec<Vec<u8>> {
    files_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/litmus"))
}

/// Scenarios, each with the kernel that it names, if it is one of the library's. Some have a kernel that extends that one
/// and declares one of its functions anew.
#[must_use]
pub fn texts() -> Vec<Vec<u8>> {
    let library = gallery::scenarios().enumerate().flat_map(|(number, scenario)| {
        let named = lang::cases(scenario.text).into_iter().next();
        let kernel = named.and_then(|case| gallery::kernel(&case.kernel)).map_or("", |kernel| kernel.text);
        let extending = extending(kernel).filter(|_| number % 3 == 0);
        let with = |kernel: &str| format!("{}\n{kernel}", scenario.text).into_bytes();
        [Some(with(kernel)), extending.map(|kernel| with(&kernel))].into_iter().flatten()
    });
    files("texts").into_iter().chain(library).chain(cases()).collect()
}

/// The scenarios of `tests/cases`, which have the words that no story of the library needs, each with the kernel beside it.
fn cases() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let entries = fs::read_dir(&folder).expect("the cases are there").flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(".kernel.tlb").map(str::to_owned)).collect();
    names.sort();
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a case");
    let one = |name: &String| {
        let (scenario, kernel) = (read(&format!("{name}.tlb")), read(&format!("{name}.kernel.tlb")));
        // The kernel begins at a line that begins with its name.
        let at = kernel.find("kernel \"").unwrap_or_default();
        format!("{scenario}\n{}", &kernel[at..]).into_bytes()
    };
    names.iter().map(one).collect()
}

/// Workloads, each with the kernel that it names and with each table of costs.
#[must_use]
pub fn costs() -> Vec<Vec<u8>> {
    let with_kernel = |workload: gallery::LibraryText| {
        let named = lang::cases(workload.text).into_iter().next();
        let kernel = named.and_then(|case| gallery::kernel(&case.kernel)).map_or("", |kernel| kernel.text);
        format!("{}\n{kernel}", workload.text)
    };
    let of_library = gallery::workloads().map(with_kernel).flat_map(|workload| {
        gallery::costs().map(move |table| format!("{workload}\n{}", table.text).into_bytes())
    });
    files("costs").into_iter().chain(of_library).collect()
}

/// A kernel that extends another one, and has the first of its functions that is long enough to have lines.
fn extending(kernel: &str) -> Option<String> {
    let name = lang::kernel_name(kernel)?;
    let start = ["\n    fn ", "\n    sys "].iter().filter_map(|word| kernel.find(word)).min()?;
    let end = start + kernel[start..].find("\n    }\n")? + "\n    }\n".len();
    Some(format!("kernel \"mine\" extends \"{name}\" {{{}}}\n", &kernel[start..end]))
}

/// Links: texts, and payloads of them after a byte with their version (the target `links`).
#[must_use]
pub fn links() -> Vec<Vec<u8>> {
    let mut links: Vec<String> =
        files("links").iter().map(|link| String::from_utf8_lossy(link).into()).collect();
    for (number, scenario) in gallery::scenarios().enumerate() {
        let experiment = Experiment::new(scenario.text);
        let Ok(machine) = experiment.compile().machine else { continue };
        let mut trace = Trace::new(&machine);
        trace.run(&machine, &mut Seeded::new(number as u64), 5 + 7 * number);
        let moment = link::moment(&experiment, &machine, &trace, number, View::TRACE);
        // Of each kind of comparison some, and some of none: of version 1 and of version 2.
        let option =
            || machine.program().options.first().map(|option| option.name.clone()).unwrap_or_default();
        let compared = match number % 6 {
            0 => None,
            1 => Some(ComparedAs::Named(Compared::Kernel(machine.program().kernel.clone()))),
            2 => Some(ComparedAs::Named(Compared::Option { name: option(), choice: "on".to_owned() })),
            3 => Some(ComparedAs::Named(Compared::Case(None))),
            4 => Some(ComparedAs::Numbered(Numbered::Setting(number as u32))),
            _ => Some(ComparedAs::Numbered(Numbered::Kernel(number as u32))),
        };
        links.push(link::encode(&Link { compared, ..moment }));
    }
    let payloads: Vec<Vec<u8>> = links.iter().filter_map(|link| payload_of(link)).collect();
    links.into_iter().map(|link| format!("#{}", link.trim()).into_bytes()).chain(payloads).collect()
}

/// Messages to the explorer, each after its length in two bytes.
#[must_use]
pub fn messages() -> Vec<Vec<u8>> {
    let limits = WireLimits { states: 2_000, bytes: 8 << 20 };
    let scenario = "scenario \"s\" { use kernel \"k\" machine { cpus 2; } cpu 0 { f(); } cpu 1 { f(); } \
        expect never deadlock; expect always kernel_warning; case \"c\" { expect never violation; } }";
    let kernel = "kernel \"k\" { option o = on \"An option\" global x: int = 0; \
        sys f() { if o { x = x + 1; } WARN_ON_ONCE(x == 2); } }";
    let texts =
        WireTexts { scenario: scenario.to_owned(), kernels: vec![("k".to_owned(), kernel.to_owned())] };
    let options = vec![("o".to_owned(), "off".to_owned())];
    let switched = WireSelection { options: options.clone(), ..Default::default() };
    let check = ToExplorer::Check { job: 1, texts: texts.clone(), selection: switched, limits };
    let variant = WireSelection { kernel: Some("k".to_owned()), case: Some(0), options };
    let variants =
        vec![WireSelection::default(), variant, WireSelection { case: Some(9), ..Default::default() }];
    let grid = ToExplorer::Grid { job: 2, texts: texts.clone(), variants, limits };
    let distances = ToExplorer::Distances {
        job: 3,
        texts,
        selection: WireSelection::default(),
        property: 9,
        schedule: vec![0, 0, 1],
        limits,
    };
    let all = [ToExplorer::hello(), check, grid, distances, ToExplorer::Cancel { job: 2 }];
    let behind_length = |message: &ToExplorer| {
        let bytes = protocol::to_bytes(message);
        [&(bytes.len() as u16).to_le_bytes()[..], &bytes].concat()
    };
    let pieces: Vec<Vec<u8>> = all.iter().map(behind_length).collect();
    let pick = |order: &[usize]| order.iter().flat_map(|&at| pieces[at].clone()).collect();
    vec![pick(&[0, 1]), pick(&[0, 2]), pick(&[0, 3]), pick(&[0, 1, 2, 3, 4]), pick(&[1, 0, 3, 1, 2, 4, 1])]
}
