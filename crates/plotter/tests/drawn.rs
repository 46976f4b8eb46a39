//! Pictures as the page asks for them: the same as natively, of every kind, and refusals in words.

use figure::{PictureKind, Theme};
use plotter::Plotter;

/// A link of `tests/links`.
const WALK: &str = "1.MG_0MyAB6VpG3mgFn2sPbGF6eSt1bm1hcCthbmR5GgEGAAEFAP8f_w8ApAEAAAAAACAlGg";

#[test]
fn it_is_what_the_crate_draws() {
    let opened = link::open(&link::decode(WALK).expect("a link")).expect("it opens");
    for what in PictureKind::ALL {
        for (dark, theme) in [(false, Theme::Light), (true, Theme::Dark)] {
            let mut plotter = Plotter::new(WALK).expect("it opens");
            // As the page does it, a few steps at a time.
            while plotter.run(3) {}
            let drawn = plotter.draw(what.name(), dark).expect("there is such a picture");
            assert_eq!(drawn, figure::of_link(&opened, what, theme), "{what:?}, {theme:?}");
        }
    }
}

#[test]
fn how_control_came_to_a_step_is_told_in_lines() {
    let opened = link::open(&link::decode(WALK).expect("a link")).expect("it opens");
    let whole = opened.experiment.whole_kernel().expect("it has a kernel");
    let sources = scene::Sources { scenario: &opened.experiment.scenario, kernel: &whole.text, joints: &[] };
    let mut some = 0;
    for step in 1..=opened.trace.len() as u32 {
        let mut plotter = Plotter::new(WALK).expect("it opens");
        while plotter.run(100) {}
        let told = plotter.control(step).expect("the run is so long");
        let reasons = scene::control(&opened.machine, &opened.trace, step, sources);
        assert_eq!(told.is_some(), reasons.is_some());
        for (line, reason) in told.iter().flat_map(|told| told.lines()).zip(reasons.into_iter().flatten()) {
            assert_eq!(line, format!("{} {} {}", reason.step, reason.on, reason.what));
            some += 1;
        }
    }
    assert!(some > 10, "{some}");
    let plotter = Plotter::new(WALK).expect("it opens");
    assert!(plotter.control(10_000).is_err());
}

#[test]
fn what_can_not_be_drawn_is_refused_in_words() {
    let refused = |link: &str| Plotter::new(link).map(|_| ()).expect_err("it is refused");
    assert!(refused("nothing").ends_with('.'));
    assert!(refused(&WALK[..40]).ends_with('.'));
    let other = Plotter::new(WALK).expect("it opens").draw("film", false);
    assert_eq!(other, Err("There is no picture \"film\".".to_owned()));
}
