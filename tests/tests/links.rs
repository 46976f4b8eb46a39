//! Every link ever published still opens, and shows what it showed: see `tests/links/README.md`.

use explore::{System, Trace};
use lang::Selection;
use link::{Base, Link, Outcome, Replayed, hash_state, hash_texts};
use machine::{Action, MODEL, Machine};
use std::fs;
use std::path::Path;
use tests::{Kernels, machine};

/// Opens a link as the page does.
fn open(link: &Link) -> Result<Outcome, String> {
    let slug_or_text = match &link.base {
        Base::Library { slug, .. } => gallery::scenario(slug).ok_or(format!("no scenario {slug}"))?.text,
        Base::Inline { scenario, .. } => scenario,
    };
    let cases = lang::cases(slug_or_text);
    let case = cases.iter().find(|case| case.case == link.case).ok_or("no such case")?;
    let kernel = case.kernel.clone();
    let instead = link.base.kernel().map(|text| (kernel.clone(), text.to_owned()));
    let kernels = Kernels { instead: instead.into_iter().collect() };
    let selection = Selection { case: link.case, options: link.options.clone() };
    let machine: Machine = machine(slug_or_text, &kernels, &selection)?;
    let schedule: Vec<Action> = link.schedule.iter().filter_map(|&code| Action::from_code(code)).collect();
    assert_eq!(schedule.len(), link.schedule.len(), "every code is an action");
    let (trace, _) = Trace::replay(&machine, &schedule);
    let mut packed = Vec::new();
    machine.pack(trace.last(), &mut packed);
    let mut library: Vec<&str> = Vec::new();
    if matches!(link.base, Base::Library { .. }) {
        library.push(slug_or_text);
    }
    if link.base.kernel().is_none() {
        library.extend(gallery::kernel(&kernel).map(|text| text.text));
    }
    let replayed = Replayed {
        taken: trace.len(),
        digest: hash_state(&packed),
        model: MODEL,
        texts: hash_texts(&library),
    };
    Ok(Outcome::of(link, replayed))
}

#[test]
fn every_published_link_shows_what_it_showed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("links");
    let mut opened = 0;
    for file in fs::read_dir(folder).expect("the corpus is there") {
        let path = file.expect("the corpus can be read").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        for line in fs::read_to_string(&path).expect("it is text").lines() {
            if line.starts_with("//") || line.is_empty() {
                continue;
            }
            let text = line.split(' ').next().unwrap_or_default();
            let link = link::decode(text).unwrap_or_else(|refusal| panic!("{line}: {refusal}"));
            let outcome = open(&link).unwrap_or_else(|message| panic!("{line}: {message}"));
            let expected = match line.rsplit_once(" {") {
                None => "reproduced".to_owned(),
                Some((_, braced)) => braced.trim_end_matches('}').to_owned(),
            };
            let found = match outcome {
                Outcome::Reproduced => "reproduced".to_owned(),
                Outcome::Differs { .. } => "differs".to_owned(),
                Outcome::Stopped { taken, .. } => format!("stops at {taken}"),
            };
            assert_eq!(found, expected, "{line}: {outcome}");
            opened += 1;
        }
    }
    assert!(opened >= 10, "{opened} links");
}
