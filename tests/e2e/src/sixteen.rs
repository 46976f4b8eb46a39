//! The largest picture that the page promises to draw smoothly: sixteen CPUs on the stage, five thousand steps in the
//! timeline.

use explore::{Seeded, Trace};
use link::{Base, Link};
use machine::Action;
use std::fmt::Write as _;

/// Steps of its run.
pub const STEPS: usize = 5000;
/// Its CPUs.
pub const CPUS: usize = 16;

/// Sixteen CPUs that all work on a page of one mm, no two of them alike.
fn scenario() -> String {
    let mut text = format!(
        "scenario \"sixteen\" {{\n    use kernel \"bare\"\n    machine {{ cpus {CPUS}; spare 0; }}\n    \
         mm A {{ 0x400000 -> page \"A's data\"; }}\n    setup {{\n"
    );
    for cpu in 0..CPUS {
        let _ = writeln!(text, "        cpu {cpu} {{ run(A); }}");
    }
    text.push_str("    }\n");
    for cpu in 0..CPUS {
        let _ = writeln!(text, "    cpu {cpu} {{ for i in 0 .. {} {{ store(0x400000, i); }} }}", 400 + cpu);
    }
    text.push_str("    expect never violation;\n}\n");
    text
}

/// A link to a run of it, chosen at random from a seed, at its beginning.
///
/// # Panics
/// If the scenario has no such run.
#[must_use]
pub fn link() -> String {
    let base = Base::Inline { scenario: scenario(), kernel: None, hash: 0 };
    let mut link = Link::new(base);
    let opened = link::open(&link).expect("the scenario compiles");
    let mut trace = Trace::new(&opened.machine);
    assert_eq!(trace.run(&opened.machine, &mut Seeded::new(1), STEPS), STEPS);
    link.schedule = trace.schedule().into_iter().map(Action::code).collect();
    link::encode(&link)
}
