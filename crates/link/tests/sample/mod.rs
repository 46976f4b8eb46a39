//! Links made from a seed, with every field in every shape.

use explore::Seeded;
use link::{Base, Compared, ComparedAs, Link, Numbered, TimedCosts, TimedTable, View};

/// Some link.
pub fn any(seed: &mut Seeded) -> Link {
    let kernel = maybe(seed).then(|| text(seed));
    let hash = seed.number() as u32;
    let base = if maybe(seed) {
        Base::Library { slug: name(seed), kernel, hash }
    } else {
        Base::Inline { scenario: text(seed), kernel, hash }
    };
    let options = (0..below(seed, 4)).map(|_| (name(seed), name(seed))).collect();
    let schedule = schedule(seed);
    let compared = compared(seed);
    // What version 1 had numbers for has names wherever there are costs.
    let timed = match compared {
        Some(ComparedAs::Numbered(_)) => None,
        _ => maybe(seed).then(|| timed(seed)),
    };
    Link {
        base,
        options,
        case: maybe(seed).then(|| seed.number() as u8),
        cursor: below(seed, schedule.len() as u64 + 1) as u32,
        schedule,
        view: View(seed.number() as u8),
        compared,
        timed,
        digest: seed.number() as u32,
        model: seed.number() as u16,
    }
}

/// What is shown of costs.
fn timed(seed: &mut Seeded) -> TimedTable {
    let costs = match maybe(seed) {
        true => TimedCosts::Library(name(seed)),
        false => TimedCosts::Text(name(seed), text(seed)),
    };
    TimedTable {
        workload: name(seed),
        costs,
        changes: (0..below(seed, 3)).map(|_| (name(seed), seed.number())).collect(),
        contest: [name(seed), name(seed)],
        more: (0..below(seed, 3)).map(|_| name(seed)).collect(),
        over: name(seed),
    }
}

/// A comparison or none, in whichever version there is one.
fn compared(seed: &mut Seeded) -> Option<ComparedAs> {
    let number = seed.number() as u32 >> 10;
    Some(match below(seed, 9) {
        0 => ComparedAs::Numbered(Numbered::Setting(number)),
        1 => ComparedAs::Numbered(Numbered::Kernel(number)),
        2 => ComparedAs::Named(Compared::Option { name: name(seed), choice: name(seed) }),
        3 => ComparedAs::Named(Compared::Case(Some(name(seed)))),
        4 => ComparedAs::Named(Compared::Case(None)),
        5 => ComparedAs::Named(Compared::Kernel(name(seed))),
        _ => return None,
    })
}

fn below(seed: &mut Seeded, end: u64) -> u64 {
    seed.number() % end
}

fn maybe(seed: &mut Seeded) -> bool {
    below(seed, 2) == 0
}

fn name(seed: &mut Seeded) -> String {
    (0..1 + below(seed, 20)).map(|_| char::from(b'a' + below(seed, 26) as u8)).collect()
}

fn text(seed: &mut Seeded) -> String {
    const PARTS: [&str; 8] =
        ["kernel ", "fn f() {", "}\n", "cpu ", "\u{e9}\u{4e2d}", "if ", "\0", "write_cr3("];
    (0..below(seed, 300)).map(|_| PARTS[below(seed, 8) as usize]).collect()
}

fn schedule(seed: &mut Seeded) -> Vec<u32> {
    let length = [0, 1, 25, 300][below(seed, 4) as usize];
    let different = [1, 2, 9, 1_000][below(seed, 4) as usize];
    let bits = below(seed, 33) as u32;
    let codes: Vec<u32> =
        (0..different).map(|_| (seed.number() as u32).checked_shr(bits).unwrap_or(0)).collect();
    (0..length).map(|_| codes[below(seed, different) as usize]).collect()
}
