//! The small pictures of the gallery: `web/later/pictures.svg`, a file of the site that the gallery asks for when it is opened. It is
//! made here, from the runs that the explorer finds; `cargo xtask bless` renews it.
//!
//! A scenario's picture is a shortest run to the first violation that it is expected to show, as written or in the first of its cases
//! that shows one. A scenario that shows none has a run by chance. The list's own words for the picture
//! ([`lab::view::catalogue::Entry::pictured`]) say the same.

use experiment::Experiment;
use explore::{Limits, Seeded, Trace};
use lab::view::catalogue::{Catalogue, Entry};
use machine::{Check, Machine, by_name};
use std::path::Path;
use tests::machine;

/// The most steps of a run by chance.
const MOST: usize = 48;

fn shortest(machine: &Machine, property: &str) -> Option<Trace<Machine>> {
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    let (_, schedule) = check.witness(by_name(property)?)?;
    Some(Trace::replay(machine, &schedule).0)
}

fn by_chance(machine: &Machine) -> Trace<Machine> {
    let mut trace = Trace::new(machine);
    trace.run(machine, &mut Seeded::new(0), MOST);
    trace
}

fn picture(entry: &Entry) -> String {
    let text = gallery::scenario(entry.slug).expect("the catalogue names it").text;
    let variants = Experiment::new(text).variants();
    let machine_of = |place: usize| machine(&variants[place].1);
    match entry.pictured() {
        Some((place, row)) => {
            let machine = machine_of(place);
            let trace = shortest(&machine, row.name)
                .unwrap_or_else(|| panic!("{}: {} does not show in variant {place}", entry.slug, row.name));
            figure::small(entry.slug, &machine, &trace, true)
        }
        None => {
            let machine = machine_of(0);
            figure::small(entry.slug, &machine, &by_chance(&machine), false)
        }
    }
}

#[test]
fn the_gallery_has_a_picture_of_each_scenario() {
    let catalogue = Catalogue::of_the_library();
    assert_eq!(catalogue.entries.len(), gallery::scenarios().count());
    let pictures: String = catalogue.entries.iter().map(picture).collect();
    let file = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">\n{pictures}</svg>\n");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    golden::check(root.join("web/later/pictures.svg"), &file);
    // Every colour is one that the page has.
    let colours =
        std::fs::read_to_string(root.join("web/src/ui/parts/tokens.css")).expect("the page's colours");
    for found in file.split("var(").skip(1) {
        let name = found.split(')').next().unwrap_or_default();
        assert!(colours.contains(&format!("{name}: ")), "{name}");
    }
}
