//! A run whose frames are full: a link of 300 characters makes one. The page must compute what to draw of it in
//! bounded time.

use explore::{Seeded, Trace};
use lab::view::run::{RunView, words};
use machine::Machine;
use scene::view::Change;

/// Steps of the run.
const STEPS: usize = 90;

/// So many page frames, each of whose 512 words is written in set-up; then a CPU that counts in another one.
fn full(frames: usize) -> (Machine, Trace<Machine>) {
    let kernel = format!(
        "kernel \"k\" {{
            sys fill() {{ for j in 0 .. {frames} {{ let p = alloc_page(); for i in 0 .. 512 {{ p[i] = 7; }} }} }}
            sys count() {{ let p = alloc_page(); let n = 0; while true {{ n = n + 1; p[0] = n; }} }}
        }}"
    );
    let scenario = "scenario \"s\" { use kernel \"k\" machine { cpus 1; spare 32; tso 0; }
        setup { cpu 0 { fill(); } } cpu 0 { count(); } expect never deadlock; }";
    let compiled = lang::compile(scenario, &[("k", kernel.as_str())], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    let machine = Machine::new(program).expect("it fits");
    let mut trace = Trace::new(&machine);
    assert_eq!(trace.run(&machine, &mut Seeded::new(1), STEPS), STEPS);
    (machine, trace)
}

#[test]
fn places_of_words_are_found_in_as_many_moments_as_there_is_time_for() {
    for (frames, all) in [(1, true), (28, false)] {
        let (machine, trace) = full(frames);
        let view = RunView::new(&machine, &trace);
        assert_eq!(view.captions.len(), STEPS, "each step is told");
        assert_eq!(view.touches.len() == STEPS, all, "{} of {STEPS} moments looked at", view.touches.len());
        assert!(view.touches.len() > 2, "{} of {STEPS} moments looked at", view.touches.len());
        let most = view.slots.tiles.iter().map(|tile| tile.words.len()).max();
        assert_eq!(most, Some(512), "each word of a full frame has one place");
    }
}

#[test]
fn of_a_full_frame_the_first_words_are_drawn_and_those_that_change() {
    let kernel = "kernel \"k\" {
        sys fill() { let p = alloc_page(); for i in 0 .. 512 { p[i] = 7; } f = p; }
        global f: frame = 0;
        sys count() { let n = 0; while true { n = n + 1; f[500] = n; } }
    }";
    let scenario = "scenario \"s\" { use kernel \"k\" machine { cpus 1; spare 2; tso 0; }
        setup { cpu 0 { fill(); } } cpu 0 { count(); } expect never deadlock; }";
    let compiled = lang::compile(scenario, &[("k", kernel)], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    let machine = Machine::new(program).expect("it fits");
    let mut trace = Trace::new(&machine);
    trace.run(&machine, &mut Seeded::new(1), 3);
    let slots = RunView::new(&machine, &trace).slots;
    let (before, step) = (trace.state(&machine, 1), &trace.steps()[1]);
    let scene = scene::frame(&machine, Some(&before), Some(step), &trace.state(&machine, 2));
    let mut tiles = slots.tiles.iter().zip(&scene.memory.tiles);
    let (slots, tile) = tiles.find(|(_, tile)| tile.words.len() == 512).expect("it is full");
    let (drawn, left) = words(slots, tile);
    assert_eq!((drawn.len(), left), (17, 495));
    let last = drawn.last().copied().flatten().expect("it is there");
    assert_ne!(last.change, Change::None, "the word that the step has written: {last:?}");
}
